"""Arrow tables to files: each table as Parquet and as CSV, the vocabularies as CSV.

The bytes depend on the rows, the definitions and the version of pyarrow alone.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from dateline.build.rules import setup
from dateline.schema import TABLES, Codebook, Table, Vocabulary, load_queries, load_rules
from dateline.schema.arrow import arrow_schema
from dateline.schema.tables import Json

Kind = Literal["csv", "parquet", "vocabulary", "rule"]

# Rows of a row group, and of the slices in which a table is written and verified.
SLICE = 122_880
VOCABULARY_PREFIX = "vocab-"
RULE_PREFIX = "rule-"
SETUP = "setup"
_CSV_OPTIONS = pacsv.WriteOptions(include_header=False, eol="\r\n", batch_size=1 << 12)


@dataclass(frozen=True)
class Written:
    """A file of a package: what it holds, its size and its digests.

    `path` is relative to the package, `sha256` is hexadecimal and that of the whole file,
    `content` is the digest of a table's rows: that of its CSV file; empty for what is no table.
    """

    table: str
    kind: Kind
    path: str
    bytes: int
    sha256: str
    rows: int
    content: str


def write_tables(
    tables: Mapping[str, Iterable[pa.Table]],
    codebook: Codebook,
    folder: Path,
    metadata: Mapping[str, str],
) -> list[Written]:
    """What `write_table` gives for each of these tables, in TABLES order."""
    return [
        file
        for name in TABLES
        if name in tables
        for file in write_table(tables[name], codebook.tables[name], folder, metadata)
    ]


def write_table(
    rows: Iterable[pa.Table], table: Table, folder: Path, metadata: Mapping[str, str]
) -> list[Written]:
    """The files `data/<table>.csv` and `data/<table>.parquet` of one table.

    Rows keep their order, in however many tables they come. `metadata` goes into the Parquet
    file's own key-value pairs. Raises ValueError or ArrowInvalid where rows do not fit the schema.
    """
    (folder / "data").mkdir(exist_ok=True)
    schema = arrow_schema(table)
    return _write_table(slices(each.cast(schema) for each in rows), table, folder, metadata)


def write_vocabularies(codebook: Codebook, folder: Path) -> list[Written]:
    """The files `vocab/<name>.csv` of all vocabularies, sorted by name."""
    (folder / "vocab").mkdir(exist_ok=True)
    return [_write_vocabulary(v, folder) for _, v in sorted(codebook.vocabularies.items())]


def write_rules(
    codebook: Codebook, variables: Mapping[str, str | None], folder: Path
) -> list[Written]:
    """The files `rules/<rule>.sql` of the rules over tables, sorted by id, then `rules/setup.sql`.

    Whoever runs the last in the package's folder, with DuckDB, can then run any of the others.
    """
    (folder / "rules").mkdir(exist_ok=True)
    definitions = load_rules()
    queries = {
        rule: f"{_comment(definitions[rule])}{query}" for rule, query in load_queries().items()
    }
    written = [_write_rule(name, query, folder) for name, query in queries.items()]
    return [*written, write_setup(codebook, variables, folder)]


def write_setup(
    codebook: Codebook,
    variables: Mapping[str, str | None],
    folder: Path,
    optional: Iterable[str] = (),
) -> Written:
    """The file `rules/setup.sql` of a package that has the `optional` tables beside the usual."""
    return _write_rule(SETUP, setup(codebook, variables, optional), folder)


def slices(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """The rows in slices of SLICE, each of one chunk: the same in whatever tables they came."""
    waiting: list[pa.Table] = []
    count = 0
    for table in tables:
        waiting.append(table)
        count += table.num_rows
        if count >= SLICE:
            rows = pa.concat_tables(waiting)
            for start in range(0, count - SLICE + 1, SLICE):
                yield rows.slice(start, SLICE).combine_chunks()
            waiting = [rows.slice(count - count % SLICE)]
            count %= SLICE
    if count:
        yield pa.concat_tables(waiting).combine_chunks()


def header(table: Table) -> bytes:
    """The header line of a table's CSV file: bare names, as none of them needs quotes."""
    return (",".join(table.names) + "\r\n").encode()


def csv_body(rows: pa.Table) -> pa.Buffer:
    """The rows as canonical CSV without header.

    That is RFC 4180 in UTF-8 with CRLF; every string in quotes, numbers bare, null empty.
    """
    sink = pa.BufferOutputStream()
    pacsv.write_csv(csv_cells(rows), sink, _CSV_OPTIONS)
    return sink.getvalue()


def csv_cells(rows: pa.Table) -> pa.Table:
    """The rows with those columns as strings that Arrow's CSV writer would write otherwise.

    Lists are JSON text, instants are `YYYY-MM-DDTHH:MM:SS[.ffffff]Z`.
    """
    columns = [_cells(column) for column in rows.columns]
    return pa.table(columns, names=rows.column_names)


def published_schema(table: Table) -> Json:
    """The Table Schema as a package says it: fields name the resource of their vocabulary."""
    fields = [_published_field(field.descriptor) for field in table.fields]
    return {**table.descriptor, "fields": fields}


def _published_field(descriptor: Json) -> Json:
    names = ("dateline:vocabulary", "dateline:codes")
    linked = {n: VOCABULARY_PREFIX + descriptor[n] for n in names if n in descriptor}
    return {**descriptor, **linked}


def _cells(column: pa.ChunkedArray) -> pa.ChunkedArray | pa.Array:
    if pa.types.is_list(column.type):
        lists = column.to_pylist()
        return pa.array([v if v is None else orjson.dumps(v).decode() for v in lists], pa.string())
    if pa.types.is_timestamp(column.type):
        text = pc.replace_substring(column.cast(pa.string()), " ", "T", max_replacements=1)
        return pc.replace_substring(text, ".000000Z", "Z")
    return column


class _Hashed(io.BufferedWriter):
    """A new file that digests what is written to it."""

    def __init__(self, path: Path) -> None:
        super().__init__(io.FileIO(path, "x"))
        self.digest = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes | memoryview | pa.Buffer) -> int:
        view = memoryview(data)
        self.digest.update(view)
        self.size += view.nbytes
        return super().write(view)


def _write_table(
    data: Iterable[pa.Table], table: Table, folder: Path, metadata: Mapping[str, str]
) -> list[Written]:
    count = 0
    paths = {"csv": f"data/{table.name}.csv", "parquet": f"data/{table.name}.parquet"}
    with (
        _Hashed(folder / paths["csv"]) as text,
        _Hashed(folder / paths["parquet"]) as binary,
    ):
        text.write(header(table))
        with _parquet_writer(binary, table) as parquet:
            for rows in data:
                parquet.write_table(rows, row_group_size=SLICE)
                pacsv.write_csv(csv_cells(rows), text, _CSV_OPTIONS)
                count += rows.num_rows
            parquet.add_key_value_metadata({**metadata, **_schema_metadata(table)})
    digest = "sha256:" + text.digest.hexdigest()
    return [
        _written(table.name, "csv", paths["csv"], text, count, digest),
        _written(table.name, "parquet", paths["parquet"], binary, count, digest),
    ]


def _write_vocabulary(vocabulary: Vocabulary, folder: Path) -> Written:
    path = f"vocab/{vocabulary.name}.csv"
    with _Hashed(folder / path) as file:
        file.write(vocabulary.csv)
    return _written(vocabulary.name, "vocabulary", path, file, len(vocabulary.rows), "")


def _comment(rule: Json) -> str:
    return f"-- {rule['id']} ({rule['severity']}): {rule['title']}\n-- {rule['why']}\n"


def _write_rule(name: str, query: str, folder: Path) -> Written:
    path = f"rules/{name}.sql"
    with _Hashed(folder / path) as file:
        file.write(query.encode())
    return _written(name, "rule", path, file, 0, "")


def _written(table: str, kind: Kind, path: str, file: _Hashed, rows: int, content: str) -> Written:
    return Written(table, kind, path, file.size, file.digest.hexdigest(), rows, content)


def _parquet_writer(file: _Hashed, table: Table) -> pq.ParquetWriter:
    schema = arrow_schema(table)
    return pq.ParquetWriter(
        file,
        schema,
        version="2.6",
        data_page_version="1.0",
        compression="zstd",
        compression_level=3,
        use_dictionary=_repeating(table),
        write_statistics=True,
        write_page_index=True,
        write_page_checksum=True,
        sorting_columns=[pq.SortingColumn(schema.get_field_index(table.primary_key))],
        store_schema=True,
    )


def _repeating(table: Table) -> list[str]:
    """The columns whose values repeat, so that Parquet keeps each once a row group.

    Codes, references and integers; not keys, digests and free text, of which few are equal.
    """
    references = {key.field for key in table.foreign_keys}
    return [
        field.name
        for field in table.fields
        if not field.descriptor.get("constraints", {}).get("unique")
        and (
            field.name in references
            or field.vocabulary is not None
            or "dateline:codes" in field.descriptor
            or field.type == "integer"
        )
    ]


def _schema_metadata(table: Table) -> dict[str, str]:
    resource = {"name": table.name, "title": table.title, "schema": published_schema(table)}
    return {"datapackage.resource": orjson.dumps(resource).decode()}
