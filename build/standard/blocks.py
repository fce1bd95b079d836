"""A delimited text cut into blocks of whole records, each fit for the fast reader or read exactly.

A block is regular where every cell is either wholly quoted or free of quotes: there pyarrow and
Python's csv reader agree, and the cut before it was at the end of a record. Where one is not, the
csv reader goes on to the end of some record, and the next block begins there.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from dateline.build.standard.model import Dialect
from dateline.build.standard.records import Record, plain, records
from dateline.build.standard.text import Text

SIZE = 8 << 20


@dataclass(frozen=True)
class Block:
    """Whole records of a file: their text, and those that are data where it was read exactly.

    `records` is null where the block is regular; `count` is that of all records read, from 0.
    """

    text: bytes | bytearray
    records: tuple[Record, ...] | None = None
    count: int = 0


@dataclass(frozen=True)
class Head:
    """The records that come before the blocks: the header's rows by their number, and data.

    `last` is the number of the last of them, 0 where there are none.
    """

    rows: dict[int, Record]
    data: tuple[Record, ...]
    text: bytes
    last: int


def head(text: Text, dialect: Dialect) -> Head:
    """The first records of a file, as far as the dialect says something of rows by number."""
    header = dialect.header_rows if dialect.header else ()
    last = max(header, default=0)
    count = max((*header, *dialect.comment_rows), default=0)
    with closing(records(text, dialect, 1)) as found:
        read = list(itertools.islice(found, count))
    kept = [
        record
        for record in read
        if record.number not in dialect.comment_rows and not is_comment(record, dialect)
    ]
    return Head(
        {record.number: record for record in kept if record.number in header},
        tuple(record for record in kept if record.number > last),
        b"".join(record.text for record in read),
        len(read),
    )


def blocks(text: Text, dialect: Dialect, ambiguous: bool, size: int = SIZE) -> Iterator[Block]:
    """The records from where `text` stands, comments left out.

    `ambiguous` says that a blank line is told from empty cells. Raises Unreadable.
    """
    fast = plain(dialect)
    while True:
        data = text.take(size) if fast else bytearray()
        cut = _regular_cut(data, dialect, ambiguous, size)
        if cut:
            text.give_back(bytes(data[cut:]))
            del data[cut:]
            yield Block(data)
            continue
        text.give_back(bytes(data))
        read = _exact(text, dialect, size)
        if not read:
            return
        kept = tuple(record for record in read if not is_comment(record, dialect))
        yield Block(b"".join(record.text for record in read), kept, len(read))


def _regular_cut(data: bytearray, dialect: Dialect, ambiguous: bool, size: int) -> int:
    """Where the last record of a regular block ends, 0 where the block is not regular."""
    if len(data) < size:
        return len(data) if _regular(data, dialect, ambiguous) else 0
    last = data.rfind(b"\n") + 1
    if last and _regular(memoryview(data)[:last], dialect, ambiguous):
        # Were the last line break within a cell, that cell would not be closed.
        return last
    even = _even(data)
    if even in (0, last):
        return 0
    return even if _regular(memoryview(data)[:even], dialect, ambiguous) else 0


def _even(data: bytearray) -> int:
    """Where the last line break with an even number of quotes before it ends, 0 for none."""
    quotes, end = data.count(b'"'), len(data)
    while (at := data.rfind(b"\n", 0, end)) >= 0:
        quotes -= data.count(b'"', at, end)
        if quotes % 2 == 0:
            return at + 1
        end = at
    return 0


def _exact(text: Text, dialect: Dialect, size: int) -> list[Record]:
    """The records of about `size` bytes."""
    read: list[Record] = []
    taken = 0
    with closing(records(text, dialect)) as found:
        for record in found:
            read.append(record)
            taken += len(record.text)
            if taken >= size:
                break
    return read


def is_comment(record: Record, dialect: Dialect) -> bool:
    """Whether a record begins as comments do."""
    first = record.cells[0] if record.cells else ""
    return bool(dialect.comment_char) and first.startswith(str(dialect.comment_char))


def _regular(data: bytearray | memoryview, dialect: Dialect, ambiguous: bool) -> bool:
    if not data:
        return False
    value = one_value(data)
    if ambiguous and pc.match_substring_regex(value, _BLANK)[0].as_py():
        return False
    if not pc.match_substring(value, '"')[0].as_py():
        return True
    cell = re.escape(dialect.delimiter)
    grammar = rf'\A(?:(?:"(?:[^"]|"")*"|[^"\r\n{cell}]*)(?:{cell}|\r\n|\r|\n|\z))*\z'
    return bool(pc.match_substring_regex(value, grammar)[0].as_py())


# A line without a cell; in a quoted cell it does no harm to take it for one.
_BLANK = r"(?:\A|\n)\r?\n|\r\r|\n\r[^\n]|\A\r"


def one_value(data: bytes | bytearray | memoryview) -> pa.Array:
    """A column of one value, the text, which shares its bytes."""
    ends = pa.py_buffer((0).to_bytes(8, "little") + len(data).to_bytes(8, "little"))
    return pa.Array.from_buffers(pa.large_binary(), 1, [None, ends, pa.py_buffer(data)])
