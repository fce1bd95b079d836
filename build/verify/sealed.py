"""What seals a release: the digests of all its files, and the signature of these digests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from dateline.build.issues import InvalidInput, Issue, Place, shown
from dateline.build.read import Limits
from dateline.build.signing import SIGNATURE, fault, signature_in
from dateline.build.standard.model import Package
from dateline.build.standard.paths import Allowance, Refused, is_url
from dateline.build.standard.source import is_zip, top_of
from dateline.build.standard.unzip import archive, digest, unpack
from dateline.build.sums import SIGNATURES, SUFFIX, SUMS, digests, lines, parsed
from dateline.build.sums import digest as digest_of

_AGAIN = "fetch the release again"
_NO_DIGEST = "no digest, as it is a link or no file at all"


@dataclass(frozen=True)
class _Sealed:
    """A release: a folder with its sums and signature, and the digests of its other files."""

    folder: Path
    files: Mapping[str, str]

    @property
    def seals(self) -> list[str]:
        """Which of the sums and signatures there are."""
        return [name for name in (SUMS, *SIGNATURES) if (self.folder / name).is_file()]


def archive_issues(path: str) -> list[Issue]:
    """Where a .zip is not the one whose digest stands beside it, `FILE.sha256`; none without."""
    local, beside = Path(path), Path(path + SUFFIX)
    if is_url(path) or local.suffix.lower() != ".zip" or not beside.is_file():
        return []
    expected = lines({local.name: digest_of(local)})
    if beside.read_bytes() == expected.encode():
        return []
    message = f"expected the line {shown(expected.strip(), 400)}, got another; {_AGAIN}"
    return [Issue("release-sums", message, (Place(str(beside), 1), Place(path)))]


def seal_issues(
    path: Path, package: Package, signers: Path | None, limits: Limits, spill: Path
) -> list[Issue]:
    """Files of a release that differ from its sums, and a signature that is not of `signers`.

    Nothing is wrong with a package without sums as long as nobody asks for a signature (null). What
    is unpacked of a .zip goes into `spill`, an empty folder.
    """
    try:
        sealed = _sealed(path, package, limits, spill)
    except Refused as refused:
        return [Issue(refused.rule, refused.message, (Place(path.name),))]
    issues = list(_wrong_files(sealed)) if sealed.seals else []
    if signers is not None:
        issues += _wrong_signature(sealed, package, signers)
    return issues


def sums_issues(folder: Path) -> list[Issue]:
    """Files below a folder that differ from its sums; none where there are no sums."""
    sealed = _Sealed(folder, _files(folder))
    return list(_wrong_files(sealed)) if sealed.seals else []


def signed_files(package: Package) -> set[str]:
    """The files in a package's folder that its sums name, and those that seal them."""
    sums = package.folder / SUMS
    if not sums.is_file():
        return set()
    try:
        named = parsed(sums.read_bytes().decode())
    except (UnicodeDecodeError, InvalidInput):
        named = {}
    return {*named, SUMS, *SIGNATURES}


def has_signature(path: str) -> bool:
    """Whether a folder, the descriptor in one, or a .zip holds a signature of a release's sums."""
    local = Path(path)
    if is_url(path) or not local.exists():
        return False
    folder = local if local.is_dir() else local.parent
    if local.is_file() and is_zip(local):
        try:
            with archive(local) as opened:
                names = [name.removeprefix(top_of(opened)) for name in opened.members]
        except Refused:
            return False
        return signature_in(names) is not None
    return any((folder / name).is_file() for name in SIGNATURES)


def _sealed(path: Path, package: Package, limits: Limits, spill: Path) -> _Sealed:
    if not path.is_file() or not is_zip(path):
        folder = package.folder
        return _Sealed(folder, _files(folder) if (folder / SUMS).is_file() else {})
    allowance = Allowance(limits.unpacked_bytes)
    found: dict[str, str] = {}
    with archive(path) as opened:
        top = top_of(opened)
        for name in opened.members:
            short = name.removeprefix(top)
            if short in (SUMS, *SIGNATURES):
                unpack(opened, name, spill / short, allowance)
            else:
                found[short] = digest(opened, name, allowance)
    return _Sealed(spill, found)


def _files(folder: Path) -> dict[str, str]:
    """The digest of each file below a folder; of a link, or what is no file, that it has none."""
    odd = (p for p in folder.rglob("*") if p.is_symlink() or not (p.is_file() or p.is_dir()))
    named = (path.relative_to(folder).as_posix() for path in odd)
    return dict.fromkeys(named, _NO_DIGEST) | digests(folder)


def _wrong_files(sealed: _Sealed) -> Iterator[Issue]:
    rule = "release-sums"
    signatures = [name for name in SIGNATURES if name in sealed.seals]
    if len(signatures) > 1:
        message = f"expected one signature, got {' and '.join(signatures)}; {_AGAIN}"
        yield Issue(rule, message, (Place(signatures[-1]),))
    if SUMS not in sealed.seals:
        message = f"expected {SUMS}, which {signatures[0]} is for, got no such file; {_AGAIN}"
        yield Issue(rule, message, (Place(signatures[0]),))
        return
    try:
        text = (sealed.folder / SUMS).read_bytes().decode()
        said = parsed(text)
    except UnicodeDecodeError:
        yield Issue(rule, f"expected text in UTF-8, got other bytes; {_AGAIN}", (Place(SUMS),))
        return
    except InvalidInput as error:
        place, _, message = str(error).partition(": ")
        line = int(place.rpartition(":")[2])
        yield Issue(rule, message, (Place(SUMS, line),))
        return
    for line, (name, expected) in enumerate(said.items(), 1):
        got = sealed.files.get(name)
        if got != expected:
            other = "no such file" if got is None else f"one with {got}"
            message = f"expected {name} with the digest {expected}, got {other}; {_AGAIN}"
            yield Issue(rule, message, (Place(SUMS, line), Place(name)))
    for name in sorted(sealed.files.keys() - said.keys()):
        message = f"expected a line for each file, got none for {name}; {_AGAIN}"
        yield Issue(rule, message, (Place(SUMS), Place(name)))
    if sealed.files == said and text != lines(said):
        yield Issue(rule, f"expected lines sorted by path, got others; {_AGAIN}", (Place(SUMS),))


def _wrong_signature(sealed: _Sealed, package: Package, signers: Path) -> Iterator[Issue]:
    kind = signature_in(sealed.seals) if SUMS in sealed.seals else None
    if kind is None:
        message = (
            f"expected {SUMS} with a signature ({' or '.join(SIGNATURES)}), got none; ask who "
            "published it for one"
        )
        yield Issue("release-unsigned", message, (Place(package.file),))
        return
    comment = f"{package.descriptor.get('name')} {package.descriptor.get('version')}"
    if wrong := fault(sealed.folder, kind, signers, comment):
        message = f"{wrong}; trust nothing in this release until you know why"
        yield Issue("release-signature", message, (Place(SIGNATURE[kind]),))
