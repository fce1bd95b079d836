"""What is written is what pyarrow, pandas, Polars and DuckDB read, and the same each time."""

import csv
import datetime as dt
import hashlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tables import KEY_VALUES, arrow_tables, at_once, files, rows

from dateline.build.write import SLICE, write_tables, write_vocabularies
from dateline.schema import TABLES, load_codebook
from dateline.schema.arrow import arrow_schema

BOOK = load_codebook()

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.sampled_from(
    ["", " ", "NA", "null", '"', '""', ",", "\r\n", "\n", "\\", "=1+1", "0", "true", "🏐 צפון"]
)
DATES = st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1))
INSTANTS = st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2100, 1, 1)).map(
    lambda moment: moment.replace(tzinfo=dt.UTC)
)


def whole(bits: int) -> st.SearchStrategy[int]:
    return st.integers(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


VALUES: dict[pa.DataType, st.SearchStrategy[Any]] = {
    pa.string(): TEXT,
    pa.int16(): whole(16),
    pa.int32(): whole(32),
    pa.int64(): whole(64),
    pa.float32(): st.floats(allow_nan=False, allow_infinity=False, width=32),
    pa.float64(): st.floats(allow_nan=False, allow_infinity=False),
    pa.bool_(): st.booleans(),
    pa.date32(): DATES,
    pa.timestamp("us", "UTC"): INSTANTS,
    pa.list_(pa.string()): st.lists(TEXT, max_size=3),
}


@st.composite
def table_of(draw: st.DrawFn, name: str) -> pa.Table:
    """A table of random values that its Arrow schema allows."""
    schema = arrow_schema(BOOK.tables[name])
    size = draw(st.integers(0, 8))
    columns = []
    for field in schema:
        value = VALUES[field.type]
        values = st.lists(
            value | st.none() if field.nullable else value, min_size=size, max_size=size
        )
        columns.append(pa.array(draw(values), field.type))
    return pa.table(columns, schema=schema)


def written(folder: Path, tables: dict[str, pa.Table]) -> Path:
    write_tables(at_once(tables), BOOK, folder, KEY_VALUES)
    return folder / "data"


@given(st.data(), st.sampled_from(TABLES))
@settings(max_examples=60, deadline=None)
def test_both_files_of_any_table_hold_its_rows(data: st.DataObject, name: str) -> None:
    table = data.draw(table_of(name))
    empty = {each: arrow_schema(BOOK.tables[each]).empty_table() for each in TABLES}
    with TemporaryDirectory() as folder:
        out = written(Path(folder), {**empty, name: table})
        assert pq.read_table(out / f"{name}.parquet").equals(table)
        read = read_with_arrow(out / f"{name}.csv", table.schema)
        assert all(map(pa.ChunkedArray.equals, as_bits(table).columns, as_bits(read).columns))
        assert read.num_rows == table.num_rows
        assert read_with_python(out / f"{name}.csv", table.schema) == as_python_reads(table)


def read_with_arrow(path: Path, schema: pa.Schema) -> pa.Table:
    """The table that Arrow reads with the schema's types; empty and unquoted is null."""
    types = {f.name: pa.string() if pa.types.is_list(f.type) else f.type for f in schema}
    read = pacsv.read_csv(
        path,
        parse_options=pacsv.ParseOptions(newlines_in_values=True),
        convert_options=pacsv.ConvertOptions(
            column_types=types,
            null_values=[""],
            true_values=["true"],
            false_values=["false"],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )
    columns = [
        pa.chunked_array([[None if v is None else json.loads(v) for v in c.to_pylist()]], f.type)
        if pa.types.is_list(f.type)
        else c
        for c, f in zip(read.columns, schema, strict=True)
    ]
    return pa.table(columns, names=schema.names)


def as_bits(table: pa.Table) -> pa.Table:
    """The table with floating numbers bit by bit: as numbers, 0.0 would equal -0.0."""
    columns = [
        c.combine_chunks().view(f"int{c.type.bit_width}") if pa.types.is_floating(c.type) else c
        for c in table.columns
    ]
    return pa.table(columns, names=table.column_names)


def read_with_python(path: Path, schema: pa.Schema) -> list[list[object]]:
    """Cells as Python's own csv module and type constructors read them; null and "" are alike."""
    with path.open(encoding="utf-8", newline="") as file:
        header, *records = csv.reader(file)
    assert header == schema.names
    return [[_parsed(c, f.type) for c, f in zip(r, schema, strict=True)] for r in records]


def _parsed(cell: str, kind: pa.DataType) -> object:
    if cell == "" or pa.types.is_string(kind):
        return cell or None
    if pa.types.is_list(kind):
        return json.loads(cell)
    if pa.types.is_timestamp(kind):
        return dt.datetime.fromisoformat(cell)
    if pa.types.is_date(kind):
        return dt.date.fromisoformat(cell)
    if pa.types.is_boolean(kind):
        return {"true": True, "false": False}[cell]
    if pa.types.is_float32(kind):
        return pa.scalar(float(cell), pa.float32()).as_py()
    return float(cell) if pa.types.is_floating(kind) else int(cell)


def as_python_reads(table: pa.Table) -> list[list[object]]:
    return [[None if v == "" else v for v in row.values()] for row in table.to_pylist()]


def test_a_csv_file_is_written_in_one_form_only(tmp_path: Path) -> None:
    text = (written(tmp_path, arrow_tables(rows())) / "articles.csv").read_bytes().decode()
    header, first, second = text.split("\r\n", 2)
    assert header.startswith("article_id,article_key,url,publisher,")
    assert first.startswith(
        '"art_aaaaaa","one","https://a.example/1",,,,,,,,"2024-03-05T12:30:00Z"'
    )
    assert '"Two ""quiet"" days,\r\nthen shots — and a ball 🏐"' in second
    assert '"2024-03-05T12:30:00.120000Z"' in second
    assert second.endswith("\r\n")


def test_a_list_is_json_text_with_its_script_kept(tmp_path: Path) -> None:
    text = (written(tmp_path, arrow_tables(rows())) / "actors.csv").read_text("utf-8")
    record = next(csv.DictReader(io.StringIO(text)))
    assert record["aliases"] == r'["HR","the \"Voice\"","صوت\\"]'
    assert record["weak_aliases"] == "[]"


def test_numbers_dates_and_booleans_are_bare(tmp_path: Path) -> None:
    text = (written(tmp_path, arrow_tables(rows())) / "incidents.csv").read_text("utf-8")
    assert ",2024-03-04,2024-03-04," in text
    assert ",12.25,-0.1," in text
    assert ",1099511627776,,false," in text


def test_the_digests_are_those_of_the_files_and_the_rows(tmp_path: Path) -> None:
    found = write_tables(at_once(arrow_tables(rows())), BOOK, tmp_path, KEY_VALUES)
    assert [file.path for file in found] == [
        f"data/{name}.{kind}" for name in TABLES for kind in ("csv", "parquet")
    ]
    for file in found:
        content = (tmp_path / file.path).read_bytes()
        assert (file.bytes, file.sha256) == (len(content), hashlib.sha256(content).hexdigest())
        assert file.rows == 2
        text = (tmp_path / f"data/{file.table}.csv").read_bytes()
        assert file.content == "sha256:" + hashlib.sha256(text).hexdigest()


def in_single_rows(table: pa.Table) -> pa.Table:
    return pa.concat_tables([table.slice(i, 1) for i in range(table.num_rows)])


def within_a_larger_one(table: pa.Table) -> pa.Table:
    return pa.concat_tables([table, table, table]).combine_chunks().slice(2, 2)


@pytest.mark.parametrize("again", [in_single_rows, within_a_larger_one])
def test_the_bytes_do_not_depend_on_how_a_table_is_chunked(
    again: Callable[[pa.Table], pa.Table], tmp_path: Path
) -> None:
    tables = arrow_tables(rows())
    for name, content in {"a": tables, "b": {n: again(t) for n, t in tables.items()}}.items():
        (tmp_path / name).mkdir()
        written(tmp_path / name, content)
    assert list(files(tmp_path / "a")) == list(files(tmp_path / "b"))


def test_the_bytes_do_not_depend_on_the_process(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[1]);"
        "from tables import write_package; write_package(Path(sys.argv[2]))"
    )
    environment = {"TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONHASHSEED": "1"}
    for name, more in {"a": {}, "b": environment}.items():
        command = [sys.executable, "-c", script, str(Path(__file__).parent), str(tmp_path / name)]
        subprocess.run(command, check=True, env={**os.environ, **more})
    assert list(files(tmp_path / "a")) == list(files(tmp_path / "b"))


def test_many_rows_make_several_row_groups_of_one_size(tmp_path: Path) -> None:
    size = SLICE + 7
    row = arrow_tables(rows())["evidence"].slice(0, 1)
    ids = pa.array([f"evd_{number:08}" for number in range(size)])
    many = pa.concat_tables([row] * size).combine_chunks().set_column(0, row.schema.field(0), ids)
    for name, table in {
        "a": many,
        "b": pa.concat_tables([many.slice(0, 9), many.slice(9)]),
    }.items():
        (tmp_path / name).mkdir()
        written(tmp_path / name, {**arrow_tables(rows()), "evidence": table})
    parquet = pq.ParquetFile(tmp_path / "a/data/evidence.parquet")
    assert [parquet.metadata.row_group(i).num_rows for i in range(2)] == [SLICE, 7]
    assert list(files(tmp_path / "a")) == list(files(tmp_path / "b"))


def test_a_parquet_file_declares_its_order_and_describes_itself(tmp_path: Path) -> None:
    parquet = pq.ParquetFile(written(tmp_path, arrow_tables(rows())) / "incidents.parquet")
    group = parquet.metadata.row_group(0)
    assert group.sorting_columns == (pq.SortingColumn(0),)
    columns = {group.column(i).path_in_schema: group.column(i) for i in range(group.num_columns)}
    assert {column.compression for column in columns.values()} == {"ZSTD"}
    assert all(column.has_column_index and column.has_offset_index for column in columns.values())
    assert "RLE_DICTIONARY" in columns["incident_type"].encodings
    assert "RLE_DICTIONARY" not in columns["title"].encodings
    described = parquet.schema_arrow.field("stage").metadata[b"description"]
    assert described.decode() == BOOK.tables["incidents"].by_name["stage"].descriptor["description"]
    values = parquet.metadata.metadata
    assert set(values) == {
        b"ARROW:schema",
        b"datapackage.resource",
        b"dataset.name",
        b"dataset.version",
    }
    resource = json.loads(values[b"datapackage.resource"])
    assert resource["schema"]["primaryKey"] == ["incident_id"]


@pytest.mark.parametrize("wrong", ["renamed", "reordered", "null", "text"])
def test_a_table_that_does_not_fit_its_schema_is_refused(wrong: str, tmp_path: Path) -> None:
    tables = arrow_tables(rows())
    table = tables["casualties"]
    names = table.column_names
    tables["casualties"] = {
        "renamed": lambda: table.rename_columns(["id", *names[1:]]),
        "reordered": lambda: table.select([*names[1:], names[0]]),
        "null": lambda: table.set_column(1, "incident_id", pa.nulls(2, pa.string())),
        "text": lambda: table.set_column(
            table.schema.get_field_index("count_best"), "count_best", pa.array(["four", "five"])
        ),
    }[wrong]()
    with pytest.raises((ValueError, pa.ArrowInvalid)):
        write_tables(at_once(tables), BOOK, tmp_path, KEY_VALUES)


def test_pandas_reads_types_and_values(tmp_path: Path) -> None:
    out, tables = written(tmp_path, arrow_tables(rows())), arrow_tables(rows())
    frame = pd.read_parquet(out / "articles.parquet")
    assert str(frame["published_at"].dtype) == "datetime64[us, UTC]"
    assert frame["text_length"].dtype == "int32"
    from_csv = pd.read_csv(out / "articles.csv", parse_dates=["published_at", "retrieved_at"])
    assert from_csv["published_at"].tolist() == frame["published_at"].tolist()
    assert from_csv["headline"].tolist()[1] == tables["articles"]["headline"][1].as_py()
    assert from_csv["url"].isna().tolist() == [False, True]


def test_polars_reads_types_and_values(tmp_path: Path) -> None:
    out = written(tmp_path, arrow_tables(rows()))
    frame = pl.read_parquet(out / "actors.parquet")
    assert frame.schema["aliases"] == pl.List(pl.String)
    assert frame["aliases"].to_list() == [["HR", 'the "Voice"', "صوت\\"], None]
    incidents = pl.read_parquet(out / "incidents.parquet")
    assert incidents.schema["date_start"] == pl.Date
    from_csv = pl.read_csv(out / "incidents.csv", schema=incidents.schema)
    assert from_csv.equals(incidents)


def test_duckdb_reads_types_and_values(tmp_path: Path) -> None:
    out = written(tmp_path, arrow_tables(rows()))
    with duckdb.connect() as connection:
        for name in ("articles", "incidents", "evidence"):
            described: dict[str, dict[str, str]] = {}
            for kind, reader in {"parquet": "read_parquet", "csv": "read_csv"}.items():
                path = out / f"{name}.{kind}"
                types = described.get("parquet", {})
                columns = ", ".join(f"'{n}': '{t}'" for n, t in types.items())
                options = f", header = true, columns = {{{columns}}}" if kind == "csv" else ""
                query = f"FROM {reader}('{path}'{options})"
                described[kind] = {
                    row[0]: row[1] for row in connection.execute(f"DESCRIBE {query}").fetchall()
                }
                found = connection.sql(query).to_arrow_table()
                table = arrow_tables(rows())[name]
                assert found.cast(table.schema).to_pylist() == table.to_pylist()
            assert described["csv"] == described["parquet"]


def test_vocabularies_are_written_as_they_are_defined(tmp_path: Path) -> None:
    found = write_vocabularies(BOOK, tmp_path)
    assert [file.table for file in found] == sorted(BOOK.vocabularies)
    for file in found:
        content = (tmp_path / file.path).read_bytes()
        assert content == BOOK.vocabularies[file.table].csv
        assert (file.bytes, file.sha256) == (len(content), hashlib.sha256(content).hexdigest())
        assert file.rows == len(BOOK.vocabularies[file.table].values)
