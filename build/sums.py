"""`SHA256SUMS`: the digests of all files of a release, in the form of coreutils."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from dateline.build.issues import InvalidInput

SUMS = "SHA256SUMS"
# Signatures of the sums: of OpenSSH, of minisign.
SIGNATURES = (f"{SUMS}.sig", f"{SUMS}.minisig")
# What an archive has its digest in, beside it.
SUFFIX = ".sha256"
_LINE = re.compile(r"([0-9a-f]{64})  ([^\n\\]+)\n")


def digest(path: Path) -> str:
    """The SHA-256 of a file, hexadecimal. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sums(folder: Path) -> str:
    """The lines of all files below a folder, sorted by path, but for the sums and signatures."""
    return lines(digests(folder))


def digests(folder: Path) -> dict[str, str]:
    """The digest of every file below a folder by path, but for the sums and signatures.

    Links are none: what they lead to may be outside.
    """
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    named = {path.relative_to(folder).as_posix(): path for path in files}
    return {n: digest(path) for n, path in named.items() if n not in (SUMS, *SIGNATURES)}


def lines(found: Mapping[str, str]) -> str:
    """Digests by path as `SHA256SUMS` has them: a line each, sorted by path."""
    return "".join(f"{found[name]}  {name}\n" for name in sorted(found))


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
