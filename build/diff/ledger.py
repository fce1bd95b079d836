"""What changed as rows of a ledger: a row created, a row withdrawn, a value updated."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from dateline.build.diff.columns import texts
from dateline.build.diff.merge import Rows, Window
from dateline.build.diff.tables import Pair

_VOCABULARY = "vocab-"
LEDGER_ROWS = pa.schema(
    [
        pa.field("table", pa.string(), nullable=False),
        pa.field("row_id", pa.string(), nullable=False),
        pa.field("change", pa.string(), nullable=False),
        pa.field("field", pa.string()),
        pa.field("old_value", pa.string()),
        pa.field("new_value", pa.string()),
    ]
)


def has_ledger(pair: Pair) -> bool:
    """Whether a ledger tells of the rows of two tables."""
    return len(pair.key) == 1 and not pair.name.startswith(_VOCABULARY)


def window_rows(pair: Pair, window: Window) -> Iterator[pa.Table]:
    """The rows of a ledger of one window of two tables, with the columns of LEDGER_ROWS.

    `change` is `created`, `updated` or `withdrawn`; an `updated` row gives one column's old and new
    value as canonical CSV text, null for null, the others have none. Those created come first, then
    those withdrawn, then the updated by column. A column that one table alone has updates no row.
    """
    table, key = pair.name, pair.key[0]
    for change, rows in (("created", window.added), ("withdrawn", window.removed)):
        if len(rows):
            yield _table(table, _ids(rows, key), change)
    for field, mask in window.changed.items():
        values = [texts(side.rows.column(field).filter(mask)) for side in (window.old, window.new)]
        yield _table(table, _ids(window.new, key).filter(mask), "updated", field, values)


def _ids(rows: Rows, key: str) -> pa.Array:
    return texts(rows.rows.column(key))


def _table(
    table: str,
    ids: pa.Array,
    change: str,
    field: str | None = None,
    values: list[pa.Array] | None = None,
) -> pa.Table:
    count = len(ids)
    same = [pa.repeat(pa.scalar(text, pa.string()), count) for text in (table, change, field)]
    old, new = values or [pa.nulls(count, pa.string())] * 2
    return pa.table([same[0], ids, same[1], same[2], old, new], schema=LEDGER_ROWS)
