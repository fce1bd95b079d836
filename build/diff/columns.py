"""Values of two columns compared, null being equal to null, and as canonical text."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from dateline.build.write import csv_cells


def texts(column: pa.Array) -> pa.Array:
    """The values as canonical CSV text, null for null."""
    if pa.types.is_string(column.type):
        return column
    cells = csv_cells(pa.table({"cells": column})).column("cells")
    return cells.combine_chunks().cast(pa.string())


def differing(old: pa.Array, new: pa.Array) -> pa.Array | None:
    """Where two columns of one length differ, null where they do not at all."""
    if old.type != new.type:
        old, new = texts(old), texts(new)
    if old.equals(new):
        return None
    mask = _lists(old, new) if pa.types.is_list(old.type) else _values(old, new)
    return mask if pc.any(mask, min_count=0).as_py() else None


def _values(old: pa.Array, new: pa.Array) -> pa.Array:
    unequal = pc.not_equal(old, new)
    if pa.types.is_floating(old.type):
        unequal = pc.and_not(unequal, pc.and_(pc.is_nan(old), pc.is_nan(new)))
    if not old.null_count and not new.null_count:
        return unequal
    return pc.or_(unequal.fill_null(False), pc.xor(old.is_null(), new.is_null()))


def _lists(old: pa.Array, new: pa.Array) -> pa.Array:
    """The same of lists: of those that are equally long, the items are compared."""
    mask = _values(pc.list_value_length(old), pc.list_value_length(new))
    alike = pc.indices_nonzero(pc.and_not(old.is_valid(), mask))
    one, other = old.take(alike), new.take(alike)
    items = _values(one.flatten(), other.flatten())
    rows = pc.unique(alike.take(pc.list_parent_indices(one).filter(items)))
    return pc.or_(mask, pc.is_in(pa.arange(0, len(old)).cast(rows.type), rows))
