"""Signatures of `SHA256SUMS`, made and checked by the programs of OpenSSH and minisign.

A signature has one form, byte for byte: nothing in its file can change without being found.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from dateline.build.issues import EnvironmentFailure, UsageError
from dateline.build.sums import SIGNATURES, SUMS

Kind = Literal["ssh", "minisign"]

SIGNATURE: dict[Kind, str] = {"ssh": SIGNATURES[0], "minisign": SIGNATURES[1]}
_PROGRAM: dict[Kind, str] = {"ssh": "ssh-keygen", "minisign": "minisign"}
# What ssh-keygen signs for, so that no signature for something else can stand in.
NAMESPACE = "file"
# Nobody signs it: as a fixed text it can say nothing that is not so.
UNTRUSTED = f"signature of {SUMS}"
_COMMENT = b"untrusted comment:"
_PRIVATE = re.compile(rb"-----BEGIN (?:OPENSSH|RSA|EC|DSA|ENCRYPTED)? ?PRIVATE KEY-----")
_PUBLIC = re.compile(rb"(?:ssh-|ecdsa-|sk-)\S+ \S+")
_BEGIN, _END = b"-----BEGIN SSH SIGNATURE-----\n", b"-----END SSH SIGNATURE-----\n"
_WIDTH = 70
# The magic of a signature and its version, of which OpenSSH lets others pass.
_HEAD = b"SSHSIG\0\0\0\1"
_KEY_BYTES = 4 << 10


def kind_of(key: Path) -> Kind:
    """Whose key a file holds, to sign with: private, or public where an agent has the private one.

    UsageError where it is none, EnvironmentFailure where it cannot be read or its program is
    missing.
    """
    head = _start(key)
    kind: Kind = "minisign" if head.startswith(_COMMENT) else "ssh"
    if kind == "ssh" and not (_PRIVATE.match(head) or _PUBLIC.match(head)):
        raise UsageError(
            f"{key}: expected a key of OpenSSH or a secret key of minisign, got another file; "
            "make one with `ssh-keygen -t ed25519` or `minisign -G`"
        )
    _program(kind)
    return kind


def sign(folder: Path, key: Path, comment: str) -> None:
    """Sign the sums in a folder; `comment` is what a signature of minisign says besides.

    The programs ask for a passphrase themselves, where there is a terminal to answer at.
    EnvironmentFailure where they do not sign.
    """
    kind = kind_of(key)
    name = str(key.absolute())
    if kind == "ssh":
        arguments = ["-Y", "sign", "-q", "-n", NAMESPACE, "-f", name, SUMS]
    else:
        said = ["-c", UNTRUSTED, "-t", comment]
        arguments = ["-S", "-s", name, "-m", SUMS, "-x", SIGNATURE[kind], *said]
    command = [_program(kind), *arguments]
    # They would wait for a pipe that says nothing for ever.
    source = None if os.isatty(0) else subprocess.DEVNULL
    ended = subprocess.run(
        command, cwd=folder, stdin=source, stdout=subprocess.DEVNULL, check=False
    )
    if ended.returncode or not (folder / SIGNATURE[kind]).is_file():
        raise EnvironmentFailure(
            f"{key}: {_PROGRAM[kind]} could not sign with this key; one with a passphrase needs a "
            "terminal or an agent"
        )


def signature_in(names: Sequence[str]) -> Kind | None:
    """Whose signature is among the names of files, null for none."""
    return next((kind for kind, name in SIGNATURE.items() if name in names), None)


def fault(folder: Path, kind: Kind, signers: Path, comment: str) -> str | None:
    """Why the signature of the sums in a folder is not one of those who may sign; null if it is.

    `signers` is a file of allowed signers of OpenSSH, or a public key of minisign. `comment` is
    what a signature of minisign has to say.
    """
    wanted = _kind_of_signers(signers)
    if wanted != kind:
        return (
            f"expected a signature of {_PROGRAM[wanted]}, as {signers.name} is for, got one of "
            f"{_PROGRAM[kind]}"
        )
    content = (folder / SIGNATURE[kind]).read_bytes()
    if not (_is_armoured(content) if kind == "ssh" else _is_minisign(content, comment)):
        return f"expected the form in which {_PROGRAM[kind]} writes a signature, got another"
    is_good = _is_good_ssh if kind == "ssh" else _is_good_minisign
    if not is_good(folder, signers.absolute()):
        return f"expected a signature of {SUMS} by one of {signers.name}, got another"
    return None


def _is_good_ssh(folder: Path, signers: Path) -> bool:
    given = ("-f", str(signers), "-s", SIGNATURE["ssh"])
    found = _run("ssh", ("-Y", "find-principals", *given), folder)
    names = found.stdout.decode("utf-8", "replace").replace(",", "\n").split("\n")
    return found.returncode == 0 and any(
        _run("ssh", ("-Y", "verify", *given, "-I", name, "-n", NAMESPACE), folder).returncode == 0
        for name in filter(None, names)
    )


def _is_good_minisign(folder: Path, signers: Path) -> bool:
    arguments = ("-V", "-q", "-p", str(signers), "-m", SUMS, "-x", SIGNATURE["minisign"])
    return _run("minisign", arguments, folder).returncode == 0


def _run(kind: Kind, arguments: Sequence[str], folder: Path) -> subprocess.CompletedProcess[bytes]:
    with (folder / SUMS).open("rb") as sums:
        return subprocess.run(
            [_program(kind), *arguments], cwd=folder, stdin=sums, capture_output=True, check=False
        )


def _program(kind: Kind) -> str:
    found = shutil.which(_PROGRAM[kind])
    if found is None:
        package = "OpenSSH" if kind == "ssh" else "minisign"
        raise EnvironmentFailure(f"{_PROGRAM[kind]}: not found; install {package}")
    return found


def _kind_of_signers(signers: Path) -> Kind:
    return "minisign" if _start(signers).startswith(_COMMENT) else "ssh"


def _start(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_KEY_BYTES)
    except OSError as error:
        raise EnvironmentFailure(f"{path}: cannot be read: {error.strerror}") from None


def _is_armoured(content: bytes) -> bool:
    """Whether a signature of OpenSSH is written as the program writes it."""
    text = content.removeprefix(_BEGIN).removesuffix(_END).replace(b"\n", b"")
    blob = _decoded(text)
    if blob is None or not blob.startswith(_HEAD):
        return False
    body = b"".join(text[at : at + _WIDTH] + b"\n" for at in range(0, len(text), _WIDTH))
    return content == _BEGIN + body + _END


def _is_minisign(content: bytes, comment: str) -> bool:
    """Whether a signature of minisign is written as `sign` has it written."""
    lines = content.split(b"\n")
    known = (f"untrusted comment: {UNTRUSTED}".encode(), f"trusted comment: {comment}".encode())
    return (
        len(lines) == 5
        and (lines[0], lines[2], lines[4]) == (*known, b"")
        and all(_decoded(line) is not None for line in (lines[1], lines[3]))
    )


def _decoded(text: bytes) -> bytes | None:
    """What base64 in its only form encodes, null for any other."""
    try:
        found = base64.b64decode(text, validate=True)
    except binascii.Error:
        return None
    return found if base64.b64encode(found) == text else None
