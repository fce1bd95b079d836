"""The rows of a table in the order of their keys: with their types, or as canonical text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dateline.build.diff.merge import Rows
from dateline.build.issues import EnvironmentFailure, InvalidInput, Issue
from dateline.build.standard.collected import Collected
from dateline.build.standard.delimited import judge_delimited
from dateline.build.standard.model import Resource
from dateline.build.standard.parquet import judge_parquet, row_batches, rows_at_once
from dateline.build.standard.read import KeySink, Read, Run, Settings

_AT_ONCE = 1 << 16
_WORKERS = 2
_MEMORY = "768MB"
# Problems of a table under which its rows can still be told from each other.
_BEARABLE = {"blank-row"}
# Bytes of a table that is sorted without a database.
_HELD = 32 << 20
_KEY = "key"
# What stands before the number of a row that is equal to others.
_NUMBERED, _DIGITS = "\x1e", 12


@dataclass(frozen=True)
class Sorted:
    """A table whose rows come in the order of their keys; `columns` are the names of theirs.

    `rows` reads them, from the beginning each time.
    """

    columns: tuple[str, ...]
    rows: Callable[[], Iterator[Rows]]


def typed(path: str, resource: Resource, key: str) -> Sorted | None:
    """The rows of a Parquet file that is in the order of a key of text; null where it is none.

    `path` is how the package was named. InvalidInput where the file cannot be read.
    """
    if resource.kind != "parquet" or len(resource.files) != 1:
        return None
    local = resource.files[0].local
    with _unreadable(path, resource), pq.ParquetFile(local) as file:
        schema = file.schema_arrow
    if key not in schema.names or not pa.types.is_string(schema.field(key).type):
        return None

    def rows() -> Iterator[Rows]:
        # All of it is read in order, from the disk: reading ahead only takes time and memory.
        with _unreadable(path, resource), pq.ParquetFile(local, pre_buffer=False) as file:
            for batch in row_batches(file, rows_at_once(file, _AT_ONCE)):
                yield Rows(batch.column(key), batch)

    return Sorted(tuple(schema.names), rows)


@contextmanager
def _unreadable(path: str, resource: Resource) -> Iterator[None]:
    """InvalidInput where the Parquet file of a resource is damaged."""
    try:
        yield
    except pa.ArrowInvalid as error:
        words = str(error).partition("\n")[0]
        raise InvalidInput(
            f"{path}: {resource.name}: expected a Parquet file that can be read, got {words}; "
            "fetch it again"
        ) from None


@contextmanager
def _failures(what: str) -> Iterator[None]:
    """EnvironmentFailure where memory or the disk do not suffice."""
    try:
        yield
    except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
        raise EnvironmentFailure(f"{what}: {error}") from error


class Texts:
    """Tables as canonical text: small ones in memory, others in DuckDB, which spills them.

    A context manager that drops them at its end.
    """

    def __init__(self, spill: Path, held: int = _HELD) -> None:
        """`spill` is a folder for what memory does not hold: tables of more than `held` bytes."""
        self._spill, self._most = spill, held
        self._database: duckdb.DuckDBPyConnection | None = None
        self._count = 0
        self._created: set[str] = set()

    def __enter__(self) -> Texts:
        return self

    def __exit__(self, *failure: object) -> None:
        if self._database is not None:
            self._database.close()

    def sorted(
        self, path: str, resource: Resource, told_by: Sequence[str], *, repeats: bool
    ) -> Sorted:
        """The rows of a resource, told from each other by some columns; one it lacks is null.

        With `repeats` rows may be equal in them, and are numbered. `path` is how the package was
        named. InvalidInput where cells cannot be read.
        """
        names = field_names(resource)
        known = dict(zip(names, range(len(names)), strict=True))
        labels = [_KEY, *(str(at) for at in range(len(names)))]
        held: list[pa.Table] = []
        table = f"t{self._count}"
        self._count += 1

        def sink(first: int, arrays: Sequence[pa.Array]) -> None:
            none = pa.nulls(len(arrays[0]), pa.string())
            parts = [arrays[known[name]] if name in known else none for name in told_by]
            keys = parts[0] if len(parts) == 1 and not repeats else encoded(parts)
            held.append(pa.table([keys, *arrays], labels))
            if sum(each.nbytes for each in held) > self._most:
                self._keep(table, held)

        with _failures(path):
            _read(path, resource, names, sink)
            if table in self._created:
                self._keep(table, held)
                return Sorted(names, lambda: self._kept(table, names, repeats=repeats))
        return Sorted(names, lambda: _in_memory(held, names, repeats=repeats))

    def _keep(self, table: str, held: list[pa.Table]) -> None:
        """Move rows from memory into the database."""
        database = self._connection()
        for batch in held:
            database.register("batch", batch)
            into = f"INSERT INTO {table}" if table in self._created else f"CREATE TABLE {table} AS"
            database.execute(f"{into} SELECT * FROM batch")
            database.unregister("batch")
            self._created.add(table)
        held.clear()

    def _kept(self, table: str, names: Sequence[str], *, repeats: bool) -> Iterator[Rows]:
        number = f"row_number() OVER (PARTITION BY {_KEY})"
        told = f"{_KEY} || '{_NUMBERED}' || printf('%0{_DIGITS}d', {number})" if repeats else _KEY
        query = f"SELECT {told} AS told, * EXCLUDE ({_KEY}) FROM {table} ORDER BY told"
        with _failures(table):
            # A cursor: the rows of two tables are read in turn.
            reader = self._connection().cursor().sql(query).to_arrow_reader(_AT_ONCE)
            for batch in reader:
                arrays = [_plain(column) for column in batch.columns]
                yield Rows(arrays[0], pa.RecordBatch.from_arrays(arrays[1:], list(names)))

    def _connection(self) -> duckdb.DuckDBPyConnection:
        if self._database is None:
            self._database = duckdb.connect(
                config={
                    "memory_limit": _MEMORY,
                    "temp_directory": str(self._spill),
                    "threads": _WORKERS,
                    "preserve_insertion_order": False,
                    "autoload_known_extensions": False,
                    "autoinstall_known_extensions": False,
                }
            )
        return self._database


def _in_memory(held: list[pa.Table], names: Sequence[str], *, repeats: bool) -> Iterator[Rows]:
    if not held:
        return
    rows = pa.concat_tables(held).sort_by(_KEY)
    if repeats:
        groups = (list(group) for _, group in groupby(rows.column(_KEY).to_pylist()))
        numbered = pa.array(
            [
                f"{key}{_NUMBERED}{number:0{_DIGITS}d}"
                for group in groups
                for number, key in enumerate(group, 1)
            ]
        )
        # A number behind a text may put it behind one that begins like it.
        rows = rows.set_column(0, _KEY, numbered).sort_by(_KEY)
    arrays = [_plain(column.combine_chunks()) for column in rows.columns]
    yield Rows(arrays[0], pa.RecordBatch.from_arrays(arrays[1:], list(names)))


def field_names(resource: Resource) -> tuple[str, ...]:
    """The names of a table's columns: its fields, or without a schema its labels."""
    if resource.schema is not None:
        return tuple(dict.fromkeys(field.name for field in resource.schema.fields))
    return _judged(resource, (), lambda first, arrays: None)[0].fields or ()


def _unconstrained(resource: Resource) -> Resource:
    """The resource without what its values may be: they are read, not judged."""
    if resource.schema is None:
        return resource
    left_out = ("constraints", "categories")
    fields = [
        replace(field, descriptor={k: v for k, v in field.descriptor.items() if k not in left_out})
        for field in resource.schema.fields
    ]
    return replace(resource, schema=replace(resource.schema, fields=tuple(fields)))


def encoded(parts: Sequence[pa.Array]) -> pa.Array:
    """One text for each row's parts, equal exactly where all parts are."""
    escaped = []
    for part in parts:
        text = pc.replace_substring(part, "\\", "\\\\")
        text = pc.replace_substring(text, "\x1f", "\\_")
        escaped.append(text.fill_null("\\0"))
    return pc.binary_join_element_wise(*escaped, "\x1f")


def _read(path: str, resource: Resource, names: Sequence[str], sink: KeySink) -> None:
    _, issues = _judged(resource, names, sink)
    for issue in issues:
        if issue.severity == "error" and issue.rule not in _BEARABLE:
            raise InvalidInput(
                f"{path}: {resource.name}: {issue.message}; `dateline validate {path}` says more"
            )


def _judged(resource: Resource, names: Sequence[str], sink: KeySink) -> tuple[Read, list[Issue]]:
    collected = Collected(resource.name)
    resource = _unconstrained(resource)
    judge = judge_parquet if resource.kind == "parquet" else judge_delimited
    with ThreadPoolExecutor(_WORKERS) as pool:
        read = judge(Run(resource, names, sink, pool, collected, Settings(nan="NaN")))
    return read, collected.all()


def _plain(column: pa.Array) -> pa.Array:
    return column if pa.types.is_string(column.type) else column.cast(pa.string())
