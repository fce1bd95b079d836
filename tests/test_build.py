"""`dateline build` from end to end: what it makes of the example, for whom, what it promises."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from corpus import SHELLING, article, claim, only
from frictionless import validate
from reference_estimate import Claim, estimate
from tables import files, resealed

from dateline.build.assemble.ids import entity_id
from dateline.cli import main
from dateline.schema import TABLES

Json = dict[str, Any]
Rows = dict[str, list[Json]]

ROOT = Path(__file__).parents[1]
SEED = ROOT.parent / "shared" / "seed"
EXPECTED: Json = json.loads((ROOT / "tests" / "example_expected.json").read_text("utf-8"))
KILLED = ("killed_low", "killed_best", "killed_high")


def tables_of(package: Path) -> Rows:
    """The rows of a package's Parquet files by table."""
    return {
        name: pq.read_table(package / "data" / f"{name}.parquet").to_pylist() for name in TABLES
    }


def digests(package: Path) -> dict[str, str]:
    """The SHA-256 of each file of a package."""
    return {path: hashlib.sha256(data).hexdigest() for path, data in files(package)}


def build(*arguments: str | Path) -> Json:
    """What a build in this process says it made."""
    command = ["build", *map(str, arguments), "--jobs", "1", "--json"]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 0, result.output
    answer: Json = json.loads(result.stdout)
    return answer


# What the tables say


@pytest.fixture(scope="module")
def example(example_package: Path) -> Rows:
    """The tables of the built example."""
    return tables_of(example_package)


def test_the_example_has_the_rows_that_are_expected(example: Rows) -> None:
    assert {name: len(rows) for name, rows in example.items()} == EXPECTED["counts"]


@pytest.mark.parametrize("name", EXPECTED["incidents"])
def test_an_incident_of_the_example_is_as_expected(name: str, example: Rows) -> None:
    key, _, local = name.partition(" ")
    incident = entity_id("inc", None if local else key, key, local)
    row = only(example["incidents"], incident_id=incident)
    expected = {**EXPECTED["incidents"][name]}
    assert [row[column] for column in KILLED] == expected.pop("killed")
    assert {column: row[column] for column in expected} == expected


def test_the_estimates_of_the_example_are_those_of_the_plain_reference(example: Rows) -> None:
    articles = {row["article_id"]: row for row in example["articles"]}
    for incident in example["incidents"]:
        claims = [
            claim_of(row, articles[row["article_id"]])
            for row in example["casualties"]
            if row["incident_id"] == incident["incident_id"]
        ]
        killed = tuple(incident[name] for name in (*KILLED, "estimate_rule"))
        assert killed == estimate(claims, "most_recent_reliable")


def claim_of(row: Json, source: Json) -> Claim:
    """A published claim as the reference reads it."""
    return Claim(
        people=equal_sets().get(row["victim_set"]) or row["victim_set"],
        claimant=row["claimant_actor_id"] or source["publisher"],
        article=row["article_id"],
        as_of=row["as_of"],
        counts=(row["count_low"], row["count_best"], row["count_high"]),
        is_all=(row["victim_category"], row["demographic"], row["occupation"])
        == ("all", "any", "any"),
        covers=row["covers_set"],
        stance=row["stance"],
        harm=row["harm_type"],
        is_subset=row["subset_of_casualty_id"] is not None,
        is_copy=source["syndicated_from_article_id"] is not None,
    )


def equal_sets() -> dict[str, str]:
    """The victim sets of the example that the registry calls equal to another one."""
    lines = (ROOT / "examples" / "registry" / "incidents.jsonl").read_text("utf-8").splitlines()
    pairs = [
        pair for line in lines for pair in json.loads(line).get("victim_sets", {}).get("equal", ())
    ]
    return dict(pairs)


# Who can read it


def test_frictionless_finds_the_example_valid(example_package: Path) -> None:
    report = validate(str(example_package / "datapackage.json"))
    assert report.valid
    checked = {task.name for task in report.tasks}
    assert {*TABLES, *(f"{name}-parquet" for name in TABLES)} <= checked


def test_frictionless_finds_damage_in_the_example(example_package: Path, tmp_path: Path) -> None:
    package = shutil.copytree(example_package, tmp_path / "package")
    incidents, statements = package / "data" / "incidents.csv", package / "data" / "statements.csv"
    text = incidents.read_text("utf-8")
    assert ",2024-03-12," in text
    incidents.write_text(text.replace(",2024-03-12,", ",12 March,", 1), "utf-8", newline="")
    row = pq.read_table(package / "data" / "statements.parquet").to_pylist()[0]
    text = statements.read_text("utf-8")
    statements.write_text(
        text.replace(row["article_id"], "art_" + "a" * 16, 1), "utf-8", newline=""
    )
    # A careful forger adjusts the digests; the cells say it all the same.
    resealed(package, "incidents", "statements")
    parquet = package / "data" / "evidence.parquet"
    data = bytearray(parquet.read_bytes())
    data[len(data) // 2] ^= 1
    parquet.write_bytes(data)
    report = validate(str(package / "datapackage.json"))
    found = {(task.name, error.type) for task in report.tasks for error in task.errors}
    assert {
        ("incidents", "type-error"),
        ("statements", "foreign-key"),
        ("evidence-parquet", "hash-count"),
    } <= found


# The types that a reader finds for each type of a Table Schema, or its dateline:arrow.
POLARS: dict[str, Any] = {
    "string": pl.String,
    "integer": pl.Int32,
    "int16": pl.Int16,
    "int64": pl.Int64,
    "number": pl.Float64,
    "float32": pl.Float32,
    "boolean": pl.Boolean,
    "date": pl.Date,
    "datetime": pl.Datetime("us", "UTC"),
    "array": pl.List(pl.String),
}
DUCKDB = {
    "string": "VARCHAR",
    "integer": "INTEGER",
    "int16": "SMALLINT",
    "int64": "BIGINT",
    "number": "DOUBLE",
    "float32": "FLOAT",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "datetime": "TIMESTAMP WITH TIME ZONE",
    "array": "VARCHAR[]",
}
PANDAS = {
    "string": "string[pyarrow]",
    "integer": "int32[pyarrow]",
    "int16": "int16[pyarrow]",
    "int64": "int64[pyarrow]",
    "number": "double[pyarrow]",
    "float32": "float[pyarrow]",
    "boolean": "bool[pyarrow]",
    "date": "date32[day][pyarrow]",
    "datetime": "timestamp[us, tz=UTC][pyarrow]",
    "array": "list<element: string>[pyarrow]",
}


def documented(package: Path, table: str) -> dict[str, str]:
    """The type of each column as the package's descriptor states it."""
    descriptor = json.loads((package / "datapackage.json").read_bytes())
    resource = only(descriptor["resources"], name=f"{table}-parquet")
    fields = resource["schema"]["fields"]
    return {field["name"]: field.get("dateline:arrow", field["type"]) for field in fields}


def loaded_by_polars(file: Path) -> tuple[int, dict[str, Any]]:
    frame = pl.read_parquet(file)
    return len(frame), dict(frame.schema)


def loaded_by_duckdb(file: Path) -> tuple[int, dict[str, Any]]:
    with duckdb.connect() as db:
        relation = db.read_parquet(str(file))
        names = dict(zip(relation.columns, map(str, relation.types), strict=True))
        return relation.to_arrow_table().num_rows, names


def loaded_by_pandas(file: Path) -> tuple[int, dict[str, Any]]:
    frame = pd.read_parquet(file, dtype_backend="pyarrow")
    return len(frame), {str(name): str(kind) for name, kind in frame.dtypes.items()}


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    ("load", "kinds"),
    [(loaded_by_polars, POLARS), (loaded_by_duckdb, DUCKDB), (loaded_by_pandas, PANDAS)],
    ids=["polars", "duckdb", "pandas"],
)
def test_a_reader_finds_the_documented_types(
    load: Callable[[Path], tuple[int, dict[str, Any]]],
    kinds: dict[str, Any],
    table: str,
    example_package: Path,
) -> None:
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        size, found = load(example_package / "data" / f"{table}.parquet")
    assert warned == []
    assert size == EXPECTED["counts"][table]
    expected = {n: kinds[kind] for n, kind in documented(example_package, table).items()}
    assert found == expected


@pytest.mark.parametrize("table", TABLES)
def test_pandas_reads_every_table_with_numpy_types_too(table: str, example_package: Path) -> None:
    frame = pd.read_parquet(example_package / "data" / f"{table}.parquet")
    expected = documented(example_package, table)
    assert list(frame.columns) == list(expected)
    families = {"string": "UOT", "array": "O", "datetime": "M", "boolean": "bO", "date": "O"}
    for name, kind in expected.items():
        column = frame[name]
        if column.notna().any():
            assert column.dtype.kind in families.get(kind, "if"), name


# The same bytes


def variant(project: Path) -> Path:
    """The example with its files renamed, listed backwards, and the lines of one turned round."""
    shutil.copytree(ROOT / "examples", project / "examples")
    folder = project / "examples" / "articles"
    names = []
    for number, path in enumerate(sorted(folder.glob("*.json*"), reverse=True)):
        name = f"{number:02}{path.suffix}"
        path.rename(folder / name)
        names.append(f"examples/articles/{name}")
    turned = next(folder.glob("*.jsonl"))
    lines = turned.read_text("utf-8").splitlines(keepends=True)
    turned.write_text("".join(reversed(lines)), "utf-8")
    content = json.loads((ROOT / "datapackage.json").read_bytes())
    content["dateline"]["articles"] = names
    (project / "datapackage.json").write_text(json.dumps(content), "utf-8")
    return project


def test_neither_names_nor_order_of_the_files_change_a_byte(
    example_package: Path, tmp_path: Path
) -> None:
    project = variant(tmp_path / "project")
    build(project, "--out", tmp_path / "out")
    assert digests(tmp_path / "out") == digests(example_package)


def command(*arguments: str | Path) -> list[str]:
    """The command line as a process of its own."""
    return [sys.executable, "-P", "-m", "dateline", "build", *map(str, arguments), "--quiet"]


def environment(**values: str) -> dict[str, str]:
    """This process's environment with these values."""
    return {**os.environ, "PYTHONPATH": str(ROOT / "src"), **values}


ELSEWHERE = environment(
    TZ="Pacific/Kiritimati", LANG="tr_TR.UTF-8", LC_ALL="C", PYTHONHASHSEED="17", PYTHONUTF8="0"
)


def test_neither_the_machine_nor_the_number_of_jobs_changes_a_byte(
    example_package: Path, tmp_path: Path
) -> None:
    arguments = command(ROOT, "--jobs", "2", "--out", tmp_path / "out")
    subprocess.run(arguments, env=ELSEWHERE, umask=0o077, check=True, capture_output=True)
    assert digests(tmp_path / "out") == digests(example_package)


def quoted(role: str, words: str) -> dict[str, str]:
    """Evidence by words alone."""
    return {"role": role, "quote": words}


DEAD = {
    "id": "dead",
    "key": "dead",
    "name": "people at the market",
    "entity_kind": "unnamed_group",
    "actor_type": "civilians",
    "evidence": [{"role": "mention", "quote": "the market"}],
}


def test_several_batches_in_two_processes_give_the_bytes_of_one(tmp_path: Path) -> None:
    many = [
        article(
            f"a-{number}",
            {"published_at": f"2024-03-{number % 28 + 1:02}", "publisher": f"Wire {number % 7}"},
            text=f"{number % 11} people died as shells hit the market in Orra on Monday.",
            actors=[DEAD],
            incidents=[
                {
                    **SHELLING,
                    "key": f"k-{number % 500}",
                    "participants": [
                        {"actor": "dead", "role": "victim", "evidence": [quoted("role", "died")]}
                    ],
                    "evidence": [
                        {**quoted("trigger", "hit"), "field": "incident_type"},
                        quoted("date", "Monday"),
                        quoted("place", "Orra"),
                    ],
                    "title": f"Title {number if number % 40 == 0 else 1}",
                    "date_start": "2024-03-01",
                    "casualties": [
                        claim(
                            count=number % 11,
                            evidence=[quoted("count", f"{number % 11} people")],
                        )
                    ],
                }
            ],
        )
        for number in range(2100)
    ]
    lines = [json.dumps(data) + "\n" for data in many]
    (tmp_path / "a.jsonl").write_text("".join(lines), "utf-8")
    build(tmp_path / "a.jsonl", "--out", tmp_path / "one")
    (tmp_path / "b.jsonl").write_text("".join(reversed(lines)), "utf-8")
    arguments = command(tmp_path / "b.jsonl", "--jobs", "2", "--out", tmp_path / "two")
    subprocess.run(arguments, env=ELSEWHERE, check=True, capture_output=True)
    assert digests(tmp_path / "one") == digests(tmp_path / "two")


# Killed in the middle

MOMENTS: dict[str, str] = {
    "the folder is there": "",
    "the first table is being written": "data/articles.csv",
    "the last table is being written": "data/evidence.parquet",
    "the package is being verified": "datapackage.json",
}


def siblings(out: Path) -> Iterator[Path]:
    """What a build writes beside its output until it is done."""
    return out.parent.glob(f".{out.name}.*")


def kill_when(out: Path, file: str) -> None:
    """Builds the full profile of the example into `out` and kills the build once it has `file`."""
    arguments = command(ROOT, "--profile", "full", "--jobs", "1", "--out", out)
    process = subprocess.Popen(arguments, env=environment())
    deadline = time.monotonic() + 60
    while not any((folder / file).exists() for folder in siblings(out)):
        assert process.poll() is None, "the build ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.0005)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL


def test_a_killed_build_leaves_the_old_output_and_the_next_one_cleans_up(
    example_package: Path, tmp_path: Path
) -> None:
    out = shutil.copytree(example_package, tmp_path / "out")
    before = digests(out)
    for file in MOMENTS.values():
        kill_when(out, file)
        assert digests(out) == before
        # The next one took away what the one before had left.
        # The package, and what the run needs on the way.
        assert 1 <= len(list(siblings(out))) <= 2
    build(ROOT, "--profile", "full", "--out", out)
    assert list(siblings(out)) == []
    assert digests(out) != before
    assert only(json_of(out)["resources"], name="evidence")["dateline:rows"] == 490


def json_of(package: Path) -> Json:
    """The descriptor of a package."""
    content: Json = json.loads((package / "datapackage.json").read_bytes())
    return content


def test_a_killed_first_build_leaves_no_package(tmp_path: Path) -> None:
    out = tmp_path / "out"
    kill_when(out, "datapackage.json")
    assert not out.exists()


# A real annotated article

SEED_COUNTS = {
    "articles": 1,
    "incidents": 3,
    "actors": 33,
    "statements": 18,
    "participants": 11,
    "casualties": 10,
    "evidence": 124,
}


@pytest.mark.skipif(not SEED.is_dir(), reason="the seed article is not beside this repository")
def test_the_seed_article_becomes_the_tables_that_its_annotation_says(tmp_path: Path) -> None:
    assert build(SEED, "--out", tmp_path / "out")["counts"]["articles"] == 1
    found = tables_of(tmp_path / "out")
    assert {name: len(rows) for name, rows in found.items()} == SEED_COUNTS
    raid = only(found["incidents"], incident_key="jenin-raid-2023-01-26")
    assert [raid[name] for name in KILLED] == [9, 9, 9]
    earlier = [row for row in found["incidents"] if row["date_start"].year == 2022]
    assert [[row[name] for name in KILLED] for row in earlier] == [[1, 1, None]]
    text = next(SEED.glob("*.txt")).read_text("utf-8")
    for row in found["evidence"]:
        words = text[row["start"] : row["end"]]
        assert row["exact_sha256"] == hashlib.sha256(words.encode()).hexdigest()
    roles = Counter(row["span_role"] for row in found["evidence"])
    assert roles["content"] >= len(found["statements"])
