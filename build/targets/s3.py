"""An S3-compatible object store as a target: `s3://BUCKET/PREFIX`.

Endpoint, region and keys are those of the environment (`AWS_*`) or of the files in `~/.aws`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import obstore
from obstore.exceptions import (
    AlreadyExistsError,
    BaseError,
    PermissionDeniedError,
    PreconditionError,
    UnauthenticatedError,
)

from dateline.build.issues import RemoteFailure, UsageError
from dateline.build.targets.aws import store_of
from dateline.build.targets.bounds import within
from dateline.build.targets.layout import POINTER
from dateline.build.targets.target import Target
from dateline.build.targets.tree import TreeTarget, fetched_from

# A file up to this size is sent at once, a larger one in parts of it, two at a time.
PART = 8 << 20
# The largest object that a store copies at once.
COPIED = 5 << 30
_TRIES = 5
_SENDING = ".sending"
_WRONG = (AlreadyExistsError, PreconditionError)
_REFUSED = (PermissionDeniedError, UnauthenticatedError)


@contextmanager
def opened(dest: str) -> Iterator[Target]:
    """The target of a bucket, with the prefix below which versions lie."""
    yield TreeTarget(_tree(dest))


def fetched(location: str, into: Path) -> Path:
    """The version at an address, or the newest of one with `latest.json`."""
    return fetched_from(_tree(location), into)


class S3Tree:
    """The objects below a prefix."""

    def __init__(self, bucket: str, prefix: str) -> None:
        """The bucket has to be there; `prefix` is empty or ends with a slash."""
        self._bucket, self._prefix = bucket, prefix
        self._store = store_of(bucket)

    def shown(self, path: str) -> str:
        """The address of an object."""
        return f"s3://{self._bucket}/{self._prefix}{path}".rstrip("/")

    def has(self, path: str) -> bool:
        """Whether there is an object."""
        with self._failures():
            try:
                obstore.head(self._store, self._prefix + path)
            except FileNotFoundError:
                # A bucket that is missing is told by what is read, not by a head without a body.
                return self._get(path) is not None
        return True

    def read(self, path: str) -> Iterator[bytes] | None:
        """The bytes of an object in pieces; null where there is none."""
        with self._failures():
            found = self._get(path)
        return None if found is None else self._pieces(found)

    def create(self, path: str, file: Path, sent: Callable[[int], None]) -> None:
        """Creates an object, or leaves the one that is there as it is."""
        size = file.stat().st_size
        key = self._prefix + path
        with self._failures():
            try:
                if size <= PART:
                    obstore.put(self._store, key, file.read_bytes(), mode="create")
                    sent(size)
                else:
                    self._create_large(key, file, size, sent)
            except AlreadyExistsError:
                return

    def tidy(self, path: str) -> None:
        """Deletes what killed runs left of large files below a path."""
        with self._failures():
            for found in obstore.list(self._store, self._prefix + path):
                left = [each["path"] for each in found if each["path"].endswith(_SENDING)]
                if left:
                    obstore.delete(self._store, left)

    def change(self, path: str, changed: Callable[[bytes | None], bytes | None]) -> bool:
        """Puts what `changed` makes of an object in its place, as long as it is the one read."""
        key = self._prefix + path
        with self._failures():
            for _ in range(_TRIES):
                found = self._get(path)
                content = changed(None if found is None else self._small(found))
                if content is None:
                    return False
                tag = None if found is None else found.meta["e_tag"]
                mode: obstore.PutMode = "create" if tag is None else {"e_tag": tag}
                try:
                    obstore.put(self._store, key, content, mode=mode)
                except _WRONG:
                    continue
                return True
        raise RemoteFailure(f"{self.shown(path)}: others change it all the time; try again")

    def _create_large(self, key: str, file: Path, size: int, sent: Callable[[int], None]) -> None:
        """Sends parts to an object beside it and copies that: a copy can have the condition."""
        aside = key if size > COPIED else f"{key}{_SENDING}"
        with file.open("rb") as source:
            pieces = _pieces(source, sent)
            obstore.put(self._store, aside, pieces, chunk_size=PART, max_concurrency=2)
        if aside != key:
            try:
                obstore.copy(self._store, aside, key, overwrite=False)
            except FileNotFoundError:
                # Another run has sent the same file, and has taken it away: it is read back.
                return
            finally:
                obstore.delete(self._store, aside)

    def _get(self, path: str) -> obstore.GetResult | None:
        try:
            return obstore.get(self._store, self._prefix + path)
        except FileNotFoundError as error:
            if _code(error) == "NoSuchBucket":
                raise
            return None

    def _small(self, found: obstore.GetResult) -> bytes:
        try:
            return b"".join(within(self._pieces(found), POINTER))
        except TimeoutError as error:
            raise RemoteFailure(f"{self.shown('')}: {error.strerror}; try again") from None

    def _pieces(self, found: obstore.GetResult) -> Iterator[bytes]:
        with self._failures():
            for piece in found.stream(min_chunk_size=1):
                yield bytes(piece)

    @contextmanager
    def _failures(self) -> Iterator[None]:
        """Words for what the store refuses: those of the library would show what was signed."""
        try:
            yield
        except (BaseError, FileNotFoundError) as error:
            raise RemoteFailure(f"{self.shown('')}: {_words(error, self._bucket)}") from None


def _tree(dest: str) -> S3Tree:
    found = re.fullmatch(r"(?i:s3)://([a-z0-9][a-z0-9._-]*)((?:/[\w=+-][\w=+.-]*)*)/?", dest)
    if found is None:
        raise UsageError(
            "expected s3://BUCKET/PREFIX of letters, digits and /_.=+-, got another address; "
            "endpoint and keys are taken from the environment (AWS_ENDPOINT_URL, "
            "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY) or from ~/.aws"
        )
    return S3Tree(found[1], f"{found[2]}/".removeprefix("/"))


def _pieces(source: BinaryIO, sent: Callable[[int], None]) -> Iterator[bytes]:
    while piece := source.read(PART):
        yield piece
        sent(source.tell())


def _code(error: BaseException) -> str:
    found = re.search(r"<Code>(\w+)</Code>", str(error))
    return found[1] if found else ""


def _words(error: BaseException, bucket: str) -> str:
    code, text = _code(error), str(error)
    named = f" ({code})" if code else ""
    if code == "NoSuchBucket":
        return f"expected the bucket {bucket}, got none; create it first"
    if isinstance(error, FileNotFoundError):
        return "expected an S3 store with this bucket, got the answer 404; check AWS_ENDPOINT_URL"
    if "169.254." in text or "credential" in text.lower():
        return "expected keys in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or ~/.aws, got none"
    if isinstance(error, _REFUSED):
        return f"the store refused the keys, or what they may do{named}; check AWS_ACCESS_KEY_ID"
    if status := re.search(r"status code: (\d{3})", text):
        return f"the store answered {status[1]}{named}; try again, or check AWS_ENDPOINT_URL"
    return "cannot be reached; check AWS_ENDPOINT_URL, AWS_REGION and the network"
