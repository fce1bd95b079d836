"""What every command prints where, in which form, and with which exit code it ends."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import duckdb
import jsonschema
import polars as pl
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result
from frictionless import Schema

from dateline.build.scaffold import scaffold
from dateline.cli import FORMATS, main
from dateline.schema import LEDGER, TABLES, load_codebook

Run = Callable[..., "subprocess.CompletedProcess[str]"]

COMMANDS = sorted(main.commands)
RULE = "local-id-repeated"


def invoke(*arguments: str | Path) -> Result:
    """The result of one command, run in this process."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A new project, as `dateline init` writes it."""
    scaffold(tmp_path / "news")
    return tmp_path / "news"


@pytest.fixture
def broken(project: Path) -> Path:
    """A project whose one article names a speaker that it does not have."""
    path = project / "articles" / "example.json"
    article = json.loads(path.read_text("utf-8"))
    article["statements"][0]["speaker"] = "mayr"
    path.write_text(json.dumps(article), "utf-8")
    return project


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("option", ["-h", "--help"])
def test_every_command_explains_itself_and_all_its_options(command: str, option: str) -> None:
    result = invoke(command, option)
    assert (result.exit_code, result.stderr) == (0, "")
    own = main.commands[command]
    assert own.help is not None
    assert own.help.partition("\n")[0].rstrip(".") in " ".join(result.stdout.split())
    options = [option for option in own.params if isinstance(option, click.Option)]
    assert [option.name for option in options if not option.help] == []


def test_the_list_of_commands_fits_its_lines() -> None:
    result = invoke("--help")
    assert [name for name in COMMANDS if f"\n  {name} " not in result.stdout] == []
    assert "..." not in result.stdout.partition("Commands:")[2]


def test_the_version_is_that_of_the_package() -> None:
    assert invoke("--version").stdout.split()[-1] == "0.1.0"


REPORT = "counts errors groups issues stats tasks valid waived warnings"
EXPLAINED = "bad good id number remedy severity title why"


@pytest.mark.parametrize(
    ("command", "keys"),
    [
        ("validate news", REPORT),
        ("build news --jobs 1", f"{REPORT} package tables"),
        ("schema", " ".join((*TABLES, LEDGER))),
        ("schema actors", "fields foreignKeys primaryKey"),
        ("explain", "rules compatibility"),
        (f"explain {RULE}", EXPLAINED),
        ("init other", "files next project"),
    ],
)
def test_json_is_one_object_and_nothing_else(
    command: str, keys: str, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project.parent)
    result = invoke(*command.split(), "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    assert set(json.loads(result.stdout)) == set(keys.split())


def test_json_of_invalid_data_lists_every_issue_with_its_place(broken: Path) -> None:
    result = invoke("validate", broken, "--json")
    report = json.loads(result.stdout)
    assert (result.exit_code, report["valid"]) == (1, False)
    (issue,) = report["issues"]
    assert issue["rule"] == "statement-speaker-unknown"
    (place,) = issue["places"]
    assert place["file"].endswith("news/articles/example.json")
    assert place["pointer"] == "/statements/0/speaker"
    assert {"line", "column"} < set(place)


def test_a_problem_is_told_on_stdout_with_what_to_do(broken: Path) -> None:
    result = invoke("validate", broken)
    (line,) = result.stdout.splitlines()
    assert line.endswith(
        "  statement-speaker-unknown  /statements/0/speaker: expected the id of an actor of this "
        'article, got "mayr"; did you mean "mayor"?'
    )
    assert result.stderr == (
        "1 error; `dateline explain statement-speaker-unknown` says more about a rule\n"
    )


def test_quiet_says_nothing_on_stderr(broken: Path) -> None:
    loud, quiet = invoke("validate", broken), invoke("validate", broken, "--quiet")
    assert (quiet.exit_code, quiet.stdout) == (loud.exit_code, loud.stdout)
    assert (bool(loud.stderr), quiet.stderr) == (True, "")


@pytest.mark.parametrize("form", FORMATS)
def test_schema_answers_in_every_form_for_all_tables_and_for_one(form: str) -> None:
    everything, one = (
        invoke("schema", "--format", form),
        invoke("schema", "actors", "--format", form),
    )
    assert (everything.exit_code, one.exit_code) == (0, 0)
    assert [name for name in TABLES if name not in everything.stdout] == []
    assert "actor_id" in one.stdout or form == "json-schema"
    assert "casualty_id" not in one.stdout


def test_the_sql_makes_the_tables_with_the_types_of_the_parquet_files(
    example_package: Path,
) -> None:
    # Without the example's own column, which the built-in schema does not have.
    own = "EXCLUDE infrastructure_affected"
    with duckdb.connect() as db:
        db.execute(invoke("schema", "--format", "sql").stdout)
        for name in TABLES:
            path = example_package / "data" / f"{name}.parquet"
            columns = f"* {own}" if name == "incidents" else "*"
            made = db.sql(f'DESCRIBE "{name}"').fetchall()
            read = db.sql(f"DESCRIBE SELECT {columns} FROM '{path}'").fetchall()
            assert [row[:2] for row in made] == [row[:2] for row in read]


def test_the_sql_refuses_a_row_that_breaks_a_key() -> None:
    with duckdb.connect() as db:
        db.execute(invoke("schema", "--format", "sql").stdout)
        with pytest.raises(duckdb.ConstraintException, match="foreign key"):
            db.execute("INSERT INTO participants VALUES ('p', 'i', 'a', 'r', 's', 'b', "
                       "NULL, NULL, NULL, NULL, true)")  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_frictionless_takes_the_table_schema(name: str) -> None:
    descriptor = json.loads(invoke("schema", name, "--format", "table-schema").stdout)
    schema = Schema.from_descriptor(descriptor)
    assert tuple(schema.field_names) == load_codebook().tables[name].names
    assert schema.primary_key == descriptor["primaryKey"]
    assert len(schema.foreign_keys) == len(descriptor.get("foreignKeys", []))


def test_the_json_schema_is_valid_and_takes_an_article(project: Path) -> None:
    schema = json.loads(invoke("schema", "--format", "json-schema").stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    article = json.loads((project / "articles" / "example.json").read_text("utf-8"))
    jsonschema.validate(article, schema, jsonschema.Draft202012Validator)


@pytest.mark.parametrize("name", TABLES)
def test_the_arrow_form_is_the_schema_of_the_parquet_file(name: str, example_package: Path) -> None:
    project = Path(__file__).parents[1]
    told = invoke("schema", name, "--format", "arrow", "--project", project).stdout.splitlines()
    schema = pq.read_schema(example_package / "data" / f"{name}.parquet")
    real = [f"{f.name}: {f.type}{'' if f.nullable else ' not null'}" for f in schema]
    # Parquet has a name of its own for the values of a list.
    real = [line.replace("list<element:", "list<item:") for line in real]
    assert [line.strip() for line in told] == [name, *real]
    assert pl.read_parquet(example_package / "data" / f"{name}.parquet").columns == schema.names


def test_the_codebook_of_a_project_shows_in_its_schema() -> None:
    project = Path(__file__).parents[1]
    assert "infrastructure_affected" in invoke("schema", "incidents", "--project", project).stdout
    assert "infrastructure_affected" not in invoke("schema", "incidents").stdout


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["schema", "incident"], 2, 'got incident; did you mean "incidents"?'),
        (["schema", "--project", "nowhere"], 3, "nowhere/datapackage.json: no such file"),
        (["explain", "statement-speakr-unknown"], 2, 'did you mean "statement-speaker-unknown"?'),
        (["explain", "xyz"], 2, "no rule is called xyz"),
        (["bild"], 2, "Did you mean 'build'?"),
        (["validate"], 2, "Missing argument 'PATH...'"),
        (["validate", "--jobs", "0", "x"], 2, "0 is not in the range"),
        (["build"], 2, "start a project with `dateline init`"),
        (["build", "nowhere.json"], 3, "nowhere.json: no such file or folder"),
        (["validate", "nowhere"], 3, "nowhere: no such file or folder"),
        (["init"], 2, "Missing argument 'DIR'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_and_missing_files_have_codes_of_their_own(
    arguments: list[str],
    code: int,
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    result = invoke(*arguments)
    assert (result.exit_code, result.stdout) == (code, "")
    assert message in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_no_command_at_all_shows_the_help() -> None:
    result = invoke()
    assert result.exit_code == 2
    assert "Commands:" in result.output


def test_a_build_of_invalid_data_ends_with_1_and_writes_nothing(broken: Path) -> None:
    result = invoke("build", broken, "--jobs", "1")
    assert result.exit_code == 1
    assert "statement-speaker-unknown" in result.stdout
    assert not (broken / "dist").exists()


def test_strict_fails_on_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scaffold(tmp_path / "a")
    article = tmp_path / "a" / "articles" / "example.json"
    monkeypatch.chdir(tmp_path)
    result = invoke("build", article, "--out", "out", "--jobs", "1")
    assert (result.exit_code, "project-missing" in result.stdout) == (0, True)
    for name in ("one", "two"):
        _with_title(tmp_path, name)
    assert invoke("validate", "one.json", "two.json").exit_code == 0
    strict = invoke("validate", "one.json", "two.json", "--strict")
    assert strict.exit_code == 1
    assert "warning: " in strict.stdout


def _with_title(folder: Path, name: str) -> None:
    """Writes the example as another article on the incident `x`, under a title of its own."""
    source = folder / "a" / "articles"
    article = json.loads((source / "example.json").read_text("utf-8"))
    article |= {"id": name, "text": (source / "example.txt").read_text("utf-8")}
    del article["text_file"]
    article["incidents"][0] |= {"key": "x", "title": f"Shells, {name}"}
    (folder / f"{name}.json").write_text(json.dumps(article), "utf-8")


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["schema"], ["explain"], ["validate", "news"], ["build", "news"], ["schema", "x"]],
    ids=" ".join,
)
def test_piped_output_holds_no_control_codes(arguments: list[str], run: Run, broken: Path) -> None:
    result = run(*arguments, cwd=broken.parent)
    assert "\x1b" not in result.stdout + result.stderr
    assert "\r" not in result.stdout + result.stderr
    assert "Traceback" not in result.stderr


def test_a_reader_that_stops_reading_is_no_error_message(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "dateline", "schema"]
    run = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert run.stderr == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_ends_with_3() -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "dateline", "schema"]
        run = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    assert run.returncode == 3
    assert run.stderr == b"Error: input or output: No space left on device\n"
