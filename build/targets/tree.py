"""A target and a source that holds files by path: what a folder and an object store share."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from dateline.build.issues import RemoteFailure
from dateline.build.read import Limits
from dateline.build.standard.paths import Allowance, Refused, check_path, copied
from dateline.build.standard.source import DESCRIPTOR
from dateline.build.sums import SIGNATURES, SUMS, digest, parsed
from dateline.build.targets.bounds import within
from dateline.build.targets.layout import LATEST, POINTER, file_items, pointer_of, pointer_to
from dateline.build.targets.target import Item, Progress, Release, State
from dateline.build.versions import is_newer


class Tree(Protocol):
    """Files by path below one place. Every method raises RemoteFailure or OSError."""

    def shown(self, path: str) -> str:
        """A path as messages name it; the empty one is the place itself."""

    def has(self, path: str) -> bool:
        """Whether there is a file."""

    def read(self, path: str) -> Iterator[bytes] | None:
        """The bytes of a file in pieces; null where there is none."""

    def create(self, path: str, file: Path, sent: Callable[[int], None]) -> None:
        """Creates a file that appears whole, or leaves the one that is there as it is."""

    def tidy(self, path: str) -> None:
        """Removes what killed runs left half-written below a folder."""

    def change(self, path: str, changed: Callable[[bytes | None], bytes | None]) -> bool:
        """Puts what `changed` makes of a small file in its place, where that is not null.

        Nobody else has changed the file in between. Whether it was changed.
        """


class TreeTarget:
    """The target of a tree: a version is the folder `NAME/vVERSION`."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree

    def shown(self, release: Release) -> str:
        """The folder of the version."""
        return self._tree.shown(_folder(release))

    def items(self, release: Release) -> Sequence[Item]:
        """The files of the release."""
        return file_items(release)

    def state(self, release: Release) -> State:
        """What is there, by the sums and the descriptor."""
        claim = self._tree.read(f"{_folder(release)}/{SUMS}")
        if claim is None:
            return "absent"
        file = release.folder / SUMS
        if self._digest(SUMS, claim, file.stat().st_size) != digest(file):
            raise RemoteFailure(
                f"{self.shown(release)}: holds another release under this version; a published "
                "version never changes: release the data under a new one"
            )
        return "complete" if self._tree.has(f"{_folder(release)}/{DESCRIPTOR}") else "begun"

    def held(self, release: Release, item: Item) -> str | None:
        """The digest of what is read back of a file."""
        pieces = self._tree.read(f"{_folder(release)}/{item.path}")
        return None if pieces is None else self._digest(item.path, pieces, item.bytes)

    def put(self, release: Release, item: Item, progress: Progress) -> None:
        """Creates a file."""

        def sent(count: int) -> None:
            progress(item.path, count, item.bytes)

        self._tree.create(f"{_folder(release)}/{item.path}", item.file, sent)

    def point(self, release: Release) -> str | None:
        """Moves `latest.json` to a newer version."""
        path = f"{release.name}/{LATEST}"

        def moved(content: bytes | None) -> bytes | None:
            place = self._tree.shown(path)
            newest = None if content is None else pointer_of(content, place).version
            if newest is not None and not is_newer(release.version, newest):
                return None
            return pointer_to(release, f"v{release.version}").content

        self._tree.tidy(_folder(release))
        return self._tree.shown(path) if self._tree.change(path, moved) else None

    def _digest(self, path: str, pieces: Iterator[bytes], size: int) -> str:
        """The digest of a file; of one that is longer than `size` another."""
        found = hashlib.sha256()
        with _in_time(self._tree.shown(path)):
            for piece in within(pieces, size):
                found.update(piece)
        return found.hexdigest()


def fetched_from(tree: Tree, into: Path) -> Path:
    """The version in a tree, or its newest by `latest.json`, copied into an empty folder.

    RemoteFailure where there is none, where it is not whole, or not as its sums say.
    """
    base, expected = _version(tree)
    sums_path = base + SUMS
    allowance = Allowance(Limits().unpacked_bytes)
    try:
        text = _copied(tree, sums_path, into / SUMS, allowance)
        if expected not in (None, text):
            raise RemoteFailure(f"{tree.shown(sums_path)}: expected what {LATEST} says, got other")
        sums = parsed((into / SUMS).read_text("utf-8", "replace"))
        if DESCRIPTOR not in sums:
            raise RemoteFailure(f"{tree.shown(sums_path)}: expected {DESCRIPTOR}, got none")
        for name, sha256 in sums.items():
            check_path(name)
            if _copied(tree, base + name, into / name, allowance) != sha256:
                raise RemoteFailure(
                    f"{tree.shown(base + name)}: expected the bytes that {SUMS} says, got others"
                )
        for name in SIGNATURES:
            if tree.has(base + name):
                _copied(tree, base + name, into / name, allowance)
    except Refused as refused:
        raise RemoteFailure(f"{tree.shown(base)}: {refused.message}") from None
    return into


def _version(tree: Tree) -> tuple[str, str | None]:
    """The path of the version to fetch, with its slash, and the digest of its sums if known."""
    if tree.has(DESCRIPTOR):
        return "", None
    pieces = tree.read(LATEST)
    if pieces is None:
        raise RemoteFailure(
            f"{tree.shown('')}: expected a published version or {LATEST}, got neither"
        )
    with _in_time(tree.shown(LATEST)):
        content = b"".join(within(pieces, POINTER))
    found = pointer_of(content, tree.shown(LATEST))
    check_path(found.path)
    return f"{found.path}/", found.sha256


def _copied(tree: Tree, path: str, target: Path, allowance: Allowance) -> str:
    """The digest of a file that is copied."""
    pieces = tree.read(path)
    if pieces is None:
        raise RemoteFailure(f"{tree.shown(path)}: expected a file, got none")
    found = hashlib.sha256()
    taken = within(pieces, Limits().unpacked_bytes)

    def read(_size: int) -> bytes:
        piece = next(taken, b"")
        found.update(piece)
        return piece

    target.parent.mkdir(parents=True, exist_ok=True)
    with _in_time(tree.shown(path)):
        copied(read, target, allowance)
    return found.hexdigest()


def _folder(release: Release) -> str:
    return f"{release.name}/v{release.version}"


@contextmanager
def _in_time(place: str) -> Iterator[None]:
    """Tells in one line that a file does not come in time."""
    try:
        yield
    except TimeoutError as error:
        raise RemoteFailure(f"{place}: {error.strerror}; try again") from None
