"""The text of a file as UTF-8, whatever its encoding, piece by piece and with give back."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import BinaryIO

_PIECE = 1 << 20
_UTF8 = {"utf-8", "utf-8-sig", "ascii"}


class Unreadable(Exception):
    """Text that is no table from here on.

    `rule` is what it breaks; `line` counts from 0 from where reading began, null where not known.
    """

    def __init__(self, rule: str, words: str, line: int | None = None) -> None:
        super().__init__(words)
        self.rule = rule
        self.line = line


class Text:
    """Bytes of UTF-8 that are taken from the front and can be given back to it."""

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        """`file` is read in `encoding`; Unreadable where nobody knows that name."""
        try:
            name = codecs.lookup(encoding).name
        except (LookupError, ValueError):
            words = f"expected a known encoding, got {encoding}; name one in the descriptor"
            raise Unreadable("encoding-error", words) from None
        self._pieces = _plain(file) if name in _UTF8 else _recoded(file, name)
        self._held = b""
        self._at = 0
        self.marked = self.take(3) == codecs.BOM_UTF8
        if not self.marked:
            self._at = 0

    def take(self, count: int) -> bytes:
        """The next `count` bytes, fewer only at the end."""
        self._fill(count)
        taken = self._held[self._at : self._at + count]
        self._at += len(taken)
        return taken

    def line(self, limit: int) -> bytes:
        """The next line with its line feed, empty at the end, cut after `limit` bytes."""
        searched = 0
        while (end := self._held.find(b"\n", self._at + searched)) < 0:
            searched = len(self._held) - self._at
            if searched > limit or not self._fill(searched + 1):
                return self.take(limit)
        return self.take(min(end + 1 - self._at, limit))

    def give_back(self, data: bytes) -> None:
        """Put bytes before those that are next."""
        self._held = data + self._held[self._at :]
        self._at = 0

    def _fill(self, count: int) -> bool:
        """Hold at least `count` bytes; false where the file has no more."""
        missing = count - (len(self._held) - self._at)
        if missing <= 0:
            return True
        parts = [self._held[self._at :]]
        while missing > 0 and (piece := next(self._pieces, b"")):
            parts.append(piece)
            missing -= len(piece)
        self._held, self._at = b"".join(parts), 0
        return missing <= 0


def _plain(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(_PIECE):
        yield piece


def _recoded(file: BinaryIO, encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = 0
    while True:
        piece = file.read(_PIECE)
        try:
            text = decoder.decode(piece, final=not piece)
        except UnicodeError as error:
            good = piece[: getattr(error, "start", 0)].decode(encoding, "ignore")
            raise Unreadable("encoding-error", not_in(encoding, error), lines + good.count("\n")) from None
        if text:
            lines += text.count("\n")
            yield text.encode("utf-8", "surrogatepass")
        if not piece:
            return


def not_in(encoding: str, error: UnicodeError) -> str:
    """What to say of bytes that are not text in an encoding."""
    at = error.object[error.start : error.start + 1] if isinstance(error, UnicodeDecodeError) else b""
    got = f"the byte 0x{at.hex()}" if at else "bytes that are not"
    return (
        f"expected text in {encoding}, got {got}; save the file as UTF-8, "
        'or name its encoding in the descriptor, as in "encoding": "cp1252"'
    )
