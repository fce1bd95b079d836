"""`SHA256SUMS`: the digests of all files of a release, in the form of coreutils."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from dateline.build.issues import InvalidInput

SUMS = "SHA256SUMS"
# Signatures of the sums: of OpenSSH, of minisign.
SIGNATURES = (f"{SUMS}.sig", f"{SUMS}.minisig")
_LINE = re.compile(r"([0-9a-f]{64})  ([^\n\\]+)\n")


def digest(path: Path) -> str:
    """The SHA-256 of a file, hexadecimal. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sums(folder: Path) -> str:
    """The lines of all files below a folder, sorted by path, but for the sums and signatures."""
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*")}
    named = {n: p for n, p in files.items() if p.is_file() and n not in (SUMS, *SIGNATURES)}
    return "".join(f"{digest(named[name])}  {name}\n" for name in sorted(named))


def parsed(text: str) -> dict[str, str]:
    """The digests by path, as the lines say them; InvalidInput where one has another form."""
    found: dict[str, str] = {}
    at = 0
    while at < len(text):
        line = _LINE.match(text, at)
        if line is None or line[2] in found:
            number = text.count("\n", 0, at) + 1
            raise InvalidInput(
                f"{SUMS}:{number}: expected a digest, two spaces and a path, each path once, got "
                "another line; fetch the release again"
            )
        found[line[2]] = line[1]
        at = line.end()
    return found
