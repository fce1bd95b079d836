"""The text of a file as UTF-8, whatever its encoding, piece by piece and with give back."""

from __future__ import annotations

import codecs
import io
from typing import Any

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

    def __init__(self, file: io.BufferedIOBase, encoding: str) -> None:
        """`file` is read in `encoding`; Unreadable where nobody knows that name."""
        try:
            name = codecs.lookup(encoding).name
        except (LookupError, ValueError):
            words = f"expected a known encoding, got {encoding}; name one in the descriptor"
            raise Unreadable("encoding-error", words) from None
        self._file = file if name in _UTF8 else io.BufferedReader(_Recoded(file, name), _PIECE)
        self._held = b""
        start = bytes(self.take(3))
        self.marked = start == codecs.BOM_UTF8
        if not self.marked:
            self.give_back(start)

    def take(self, count: int) -> bytearray:
        """The next `count` bytes, fewer only at the end."""
        # Filled in place: a block is large, and copying it takes as long as reading it.
        taken = bytearray(count)
        size = min(len(self._held), count)
        taken[:size] = self._held[:size]
        self._held = self._held[size:]
        with memoryview(taken) as room:
            while size < count and (more := self._file.readinto(room[size:])):
                size += more
        del taken[size:]
        return taken

    def line(self, limit: int) -> bytes:
        """The next line with its line feed, empty at the end, cut after `limit` bytes."""
        searched = 0
        while (end := self._held.find(b"\n", searched)) < 0 and len(self._held) < limit:
            searched = len(self._held)
            more = self._file.read(_PIECE)
            if not more:
                break
            self._held += more
        size = min(end + 1 if end >= 0 else len(self._held), limit)
        line, self._held = self._held[:size], self._held[size:]
        return line

    def give_back(self, data: bytes) -> None:
        """Put bytes before those that are next."""
        self._held = data + self._held


class _Recoded(io.RawIOBase):
    """A file of another encoding, read as UTF-8."""

    def __init__(self, file: io.BufferedIOBase, encoding: str) -> None:
        self._file = file
        self._encoding = encoding
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._lines = 0
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, room: Any) -> int:
        with memoryview(room) as view:
            while not self._left:
                piece = self._file.read(_PIECE)
                self._left = self._utf8(piece)
                if not piece:
                    break
            size = min(len(view), len(self._left))
            view[:size] = self._left[:size]
        self._left = self._left[size:]
        return size

    def _utf8(self, piece: bytes) -> bytes:
        try:
            text = self._decoder.decode(piece, final=not piece)
        except UnicodeError as error:
            before = piece[: getattr(error, "start", 0)].decode(self._encoding, "ignore")
            line = self._lines + before.count("\n")
            raise Unreadable("encoding-error", not_in(self._encoding, error), line) from None
        self._lines += text.count("\n")
        return text.encode("utf-8", "replace")


def not_in(encoding: str, error: UnicodeError) -> str:
    """What to say of bytes that are not text in an encoding."""
    got = "bytes that are not"
    if isinstance(error, UnicodeDecodeError):
        got = f"the byte 0x{error.object[error.start]:02x}"
    return (
        f"expected text in {encoding}, got {got}; save the file as UTF-8, "
        'or name its encoding in the descriptor, as in "encoding": "cp1252"'
    )
