"""Records of delimited text by Python's csv reader: exact for every dialect, and slow."""

from __future__ import annotations

import csv
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from dateline.build.standard.model import Dialect
from dateline.build.standard.text import Text, Unreadable, not_in

# No honest record is longer; a quote that is opened and never closed would take the whole file.
LONGEST = 64 << 20


@dataclass(frozen=True)
class Record:
    """One record: its cells, its number, its text and the line on which it starts, from 0."""

    cells: list[str]
    number: int
    text: bytes
    line: int


def records(text: Text, dialect: Dialect, number: int = 0) -> Generator[Record]:
    """The records from where `text` stands, the first of them with `number`.

    Closing the iterator leaves `text` at the end of the last record. Raises Unreadable where the
    text is none.
    """
    # The module's own limit is 128 KB a cell, for the whole process.
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST))
    lines = _Lines(text)
    try:
        reader = csv.reader(lines, **csv_options(dialect))
        while True:
            line = lines.count
            cells = next(reader, None)
            if cells is None:
                return
            yield Record(cells, number, lines.taken(), line)
            number += 1
    except UnicodeDecodeError as error:
        raise Unreadable("encoding-error", not_in("utf-8", error), lines.count - 1) from None
    except (csv.Error, TypeError) as error:
        words = f"expected delimited text, got {error}"
        raise Unreadable("source-error", words, max(lines.count - 1, 0)) from None
    finally:
        text.give_back(lines.rest())


def plain(dialect: Dialect) -> bool:
    """Whether all that a dialect says of cells is their delimiter."""
    return (
        (dialect.quote_char, dialect.double_quote, dialect.skip_initial_space) == ('"', True, False)
        and not dialect.escape_char
        and not dialect.comment_char
        and len(dialect.delimiter.encode()) == 1
        and dialect.delimiter not in '"\r\n'
    )


def csv_options(dialect: Dialect) -> dict[str, Any]:
    """The arguments of a csv reader for a dialect."""
    quote = dialect.quote_char or None
    return {
        "delimiter": dialect.delimiter,
        "quotechar": quote,
        "quoting": csv.QUOTE_NONE if quote is None else csv.QUOTE_MINIMAL,
        "doublequote": dialect.double_quote,
        "escapechar": dialect.escape_char or None,
        "skipinitialspace": dialect.skip_initial_space,
    }


class _Lines:
    """Lines of text, how many were handed out, and the bytes of those since the last record."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self._next: list[bytes] = []
        self._since: list[bytes] = []
        self._size = 0
        self.count = 0

    def taken(self) -> bytes:
        """The bytes handed out since this was last asked."""
        data = b"".join(self._since)
        self._since, self._size = [], 0
        return data

    def rest(self) -> bytes:
        """The bytes read and not handed out."""
        return b"".join(reversed(self._next))

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if not self._next:
            # A lone carriage return ends a line too.
            self._next = self._text.line(LONGEST + 1).splitlines(keepends=True)[::-1]
        if not self._next:
            raise StopIteration
        line = self._next.pop()
        self._since.append(line)
        self._size += len(line)
        self.count += 1
        if self._size > LONGEST:
            words = f"a record of more than {LONGEST >> 20} MB; is there a quote that never closes?"
            raise csv.Error(words)
        return line.decode()
