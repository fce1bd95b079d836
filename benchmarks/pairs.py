"""Two packages whose tables are all large, and differ in few rows.

Of each table the new package lacks one row in 200 of the old one, has as many others, and differs
in one value of one row in 100. The rows keep to the types of their columns, not to the rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

from dateline.build.package import descriptor, write_descriptor
from dateline.build.write import Written, write_table
from dateline.schema import TABLES, Field, Table, load_codebook
from dateline.schema.arrow import arrow_schema

PREFIXES = dict(zip(TABLES, "art inc act stm par cas evd".split(), strict=True))
LETTERS = np.frombuffer(b"abcdefghijklmnopqrstuvwxyz234567", dtype="S1")
WORDS = np.array("the army said it left Orra after the shelling of March".split())
CHANGED, GONE = 100, 200


def ids(table: str, numbers: np.ndarray) -> pa.Array:
    """The ids of rows by their number: 16 characters that look like a digest."""
    mixed = numbers.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    digits = (mixed[:, None] >> np.arange(60, -1, -5, dtype=np.uint64)) & np.uint64(31)
    text = LETTERS[digits].view(f"S{digits.shape[1]}")[:, 0].astype(str)
    return pa.array(np.char.add(PREFIXES[table] + "_", text))


def texts(count: int, words: int, random: np.random.Generator) -> pa.Array:
    """Texts of some invented words each, of which at most a hundred thousand are drawn."""
    drawn = WORDS[random.integers(0, len(WORDS), (min(count, 100_000), words))]
    known = pa.array([" ".join(line) for line in drawn])
    return known.take(pa.array(random.integers(0, len(known), count)))


def column(field: Field, table: Table, count: int, random: np.random.Generator) -> pa.Array:
    """The values of one column by its definition; a third are null where they may be."""
    kind = arrow_schema(table).field(field.name).type
    enum = field.descriptor.get("constraints", {}).get("enum")
    target = {key.field: key.table for key in table.foreign_keys}.get(field.name)
    if target is not None:
        values = ids(target, random.integers(0, count, count))
    elif enum:
        values = pa.array(enum).take(pa.array(random.integers(0, len(enum), count)))
    elif pa.types.is_list(kind):
        items = texts(2 * count, 2, random)
        values = pa.ListArray.from_arrays(
            pa.array(np.arange(0, 2 * count + 1, 2), pa.int32()), items
        )
    elif pa.types.is_string(kind):
        values = texts(count, 12, random)
    elif pa.types.is_boolean(kind):
        values = pa.array(random.integers(0, 2, count).astype(bool))
    elif pa.types.is_floating(kind):
        values = pa.array(random.random(count))
    else:
        values = pa.array(random.integers(0, 20_000, count), pa.int32())
    if pa.types.is_timestamp(kind):
        values = values.cast(pa.int64()).cast(kind)
    elif not pa.types.is_list(kind):
        values = values.cast(kind)
    if field.required:
        return values
    index = np.arange(count, dtype=np.int64)
    return values.take(pa.array(index, mask=random.random(count) < 1 / 3))


def tables(table: Table, count: int, seed: int) -> Iterator[pa.Table]:
    """The rows of a table as they were and as they are."""
    random = np.random.default_rng(seed)
    arrays = {f.name: column(f, table, count, random) for f in table.fields}
    arrays[table.primary_key] = ids(table.name, np.arange(count))
    old = pa.table(list(arrays.values()), schema=arrow_schema(table))
    yield old.sort_by(table.primary_key)
    number = np.arange(count)
    last = table.names[-1]
    values = old.column(last).take(pa.array(np.where(number % CHANGED == 1, number - 1, number)))
    new_ids = ids(table.name, np.where(number % GONE == 0, number + count, number))
    at = [table.names.index(name) for name in (table.primary_key, last)]
    new = old.set_column(at[0], old.schema.field(at[0]), new_ids)
    yield new.set_column(at[1], old.schema.field(at[1]), values).sort_by(table.primary_key)


def packages(folder: Path, count: int) -> tuple[Path, Path]:
    """Two packages of this tool whose seven tables have so many rows each."""
    codebook = load_codebook()
    folders = (folder / "old", folder / "new")
    written: tuple[list[Written], list[Written]] = ([], [])
    for each in folders:
        each.mkdir()
    for seed, name in enumerate(TABLES):
        table = codebook.tables[name]
        for each, files, rows in zip(folders, written, tables(table, count, seed), strict=True):
            files += write_table([rows], table, each, {})
            # The Parquet is compared; the CSV, larger by far, has only to be there.
            (each / f"data/{name}.csv").write_bytes(b"")
    for each, files in zip(folders, written, strict=True):
        facts = {"name": "large", "version": "1.0.0", "dateline:version": "0.1.0"}
        write_descriptor(descriptor(files, codebook, facts, "2024-01-01T00:00:00Z"), each)
    return folders
