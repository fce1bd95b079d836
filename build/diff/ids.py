"""Ids that a release must not lose or use again, by the ledger of the new package."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dateline.build.diff.bump import change
from dateline.build.diff.merge import Window
from dateline.build.diff.model import Change
from dateline.build.diff.opening import Side
from dateline.build.diff.tables import Pair
from dateline.schema import TABLES

_GONE = pa.array(["withdrawn", "merged"])


class Ids:
    """Ids by table that the ledger says are gone, and what is told of those of each window.

    Nothing is told where the new package has no ledger.
    """

    def __init__(self, new: Side, compat: str) -> None:
        self._compat = compat
        self._gone: dict[str, pa.Array] | None = None
        if new.ledger is not None and new.ledger.files:
            rows = pq.read_table(new.ledger.files[0].local, columns=["table", "row_id", "change"])
            rows = rows.filter(pc.is_in(rows["change"], _GONE))
            self._gone = {
                name: rows.filter(pc.equal(rows["table"], name))["row_id"].combine_chunks()
                for name in TABLES
            }

    def changes(self, pair: Pair, window: Window) -> Iterator[Change]:
        """Each id of a window that vanished or is used again."""
        if self._gone is None or pair.name not in self._gone or len(pair.key) != 1:
            return
        gone, key = self._gone[pair.name], pair.key[0]
        for rule, rows, bad, words in (
            ("ID_VANISHED", window.removed, False, "is gone, and the ledger does not say why"),
            ("ID_REUSED", window.added, True, "is there again, though the ledger says it is gone"),
        ):
            if not len(rows):
                continue
            ids = rows.rows.column(key)
            wrong = pc.equal(pc.is_in(ids, gone), bad)
            for text in ids.filter(wrong).to_pylist():
                values = (text, None) if rule == "ID_VANISHED" else (None, text)
                yield change(rule, self._compat, (pair.name, key), values, f"{text} {words}")
