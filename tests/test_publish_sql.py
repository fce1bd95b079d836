"""Releases in databases: each type read back equal, keys, comments, a version whole or not."""

import datetime as dt
import json
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import adbc_driver_manager
import adbc_driver_postgresql.dbapi
import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import servers
from click.testing import CliRunner, Result
from releases import change_descriptor, files, publish, publish_killed, release, small, summed

from dateline.build.issues import RemoteFailure
from dateline.build.package import descriptor, write_descriptor
from dateline.build.targets.fetch import fetched
from dateline.build.write import write_table
from dateline.cli import main
from dateline.schema import TABLES, Codebook, load_codebook
from dateline.schema.arrow import arrow_schema
from dateline.schema.tables import read_table

KINDS = ["postgresql", "sqlite", "duckdb"]
FIELDS: list[dict[str, Any]] = [
    {"name": "thing_id", "type": "string", "constraints": {"required": True}},
    {"name": "small", "type": "integer", "dateline:arrow": "int16"},
    {"name": "usual", "type": "integer"},
    {"name": "big", "type": "integer", "dateline:arrow": "int64"},
    {"name": "single", "type": "number", "dateline:arrow": "float32"},
    {"name": "double", "type": "number"},
    {"name": "flag", "type": "boolean"},
    {"name": "day", "type": "date"},
    {"name": "moment", "type": "datetime"},
    {"name": "labels", "type": "array"},
    {
        "name": "select",
        "type": "string",
        "description": "It's a \"name\" that SQL has too; x = '1'.",
    },
    {"name": "parent_thing_id", "type": "string"},
]
UTC = dt.UTC
ROWS: list[tuple[Any, ...]] = [
    ("t0", *[None] * 11),
    (
        *("t1", -(2**15), -(2**31), -(2**63), 0.1, 0.1 + 0.2, True, dt.date(1, 1, 1)),
        *(dt.datetime(1969, 12, 31, 23, 59, 59, 999999, UTC), [], "NULL", "t1"),
    ),
    (
        *("t2", 2**15 - 1, 2**31 - 1, 2**63 - 1, -3.4028235e38, 5e-324, False),
        *(dt.date(9999, 12, 31), dt.datetime(9999, 12, 31, 23, 59, 59, 1, UTC)),
        *(["a", 'b " , \\ {} NULL', "", "é\n"], 'it\'s \\N "q" é 🜁\r\n;--', "t3"),
    ),
    (
        *("t3", 0, 0, 0, -0.0, 1.7976931348623157e308, None, dt.date(2024, 2, 29)),
        *(dt.datetime(2024, 3, 31, 1, 30, tzinfo=UTC), ["NULL"], "  ", None),
    ),
]


@pytest.fixture(scope="module")
def package(example_package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example's tables, which take less time than all of its files."""
    return small(example_package, tmp_path_factory.mktemp("small"))


@pytest.fixture(params=KINDS)
def dest(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database, or a folder for database files."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgresql"))
    return f"{request.param}:{tmp_path / 'published'}"


@pytest.fixture
def name(tmp_path: Path) -> str:
    """A dataset of the test's own, since all of them share a database server."""
    return f"{tmp_path.parent.name}.{tmp_path.name}".replace("_", "-")


def asked(address: str, query: str) -> list[tuple[Any, ...]]:
    """The rows that a database of PostgreSQL gives."""
    with (
        adbc_driver_postgresql.dbapi.connect(address, autocommit=True) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute(query)
        rows: list[tuple[Any, ...]] = cursor.fetchall() if cursor.description else []
        return rows


def there(dest: str, name: str) -> list[str]:
    """What is seen of a dataset: schemas of a database, files of a folder."""
    if not dest.startswith("postgresql:"):
        return sorted(files(Path(dest.partition(":")[2])))
    plain = name.replace("-", "_").replace(".", "_")
    query = f"SELECT nspname FROM pg_namespace WHERE nspname LIKE '{plain}%' ORDER BY 1"
    return [row[0] for row in asked(dest, query)]


def published(name: str, kind: str, *versions: str) -> list[str]:
    """What is seen of a dataset with these versions."""
    if kind == "postgresql":
        plain = name.replace("-", "_").replace(".", "_")
        return [plain, *(f"{plain}_v{version.replace('.', '_')}" for version in versions)]
    found = [f"{name}/{name}-{version}.{kind}" for version in versions]
    return sorted([*found, f"{name}/latest.json"])


def things(folder: Path, name: str, rows: list[tuple[Any, ...]]) -> Path:
    """A release of one table with a column of each type."""
    schema = folder / "things.json"
    folder.mkdir()
    content = {
        "title": "Things",
        "description": "A row is a thing.",
        "primaryKey": ["thing_id"],
        "fields": [{"title": f["name"], "description": "It is null.", **f} for f in FIELDS],
        "foreignKeys": [{"fields": ["parent_thing_id"], "reference": {"fields": ["thing_id"]}}],
    }
    schema.write_text(json.dumps(content))
    table = read_table(schema, {})
    types = arrow_schema(table)
    columns = zip(zip(*rows, strict=True), types, strict=True)
    values = pa.table([pa.array(c, field.type) for c, field in columns], schema=types)
    out = folder / f"{name}-1.0.0"
    out.mkdir()
    written = write_table([values], table, out, {})
    about = {"name": name, "version": "1.0.0", "title": "Things of all types"}
    found = descriptor(written, Codebook({"things": table}, {}), about, "2024-01-01T00:00:00Z")
    assert write_descriptor(found, out) == []
    return summed(out)


def stored(dest: str, name: str, table: str) -> pa.Table:
    """The rows of a version of a table of things as a database gives them, SQLite's as text."""
    plain = name.replace("-", "_").replace(".", "_")
    kind, _, folder = dest.partition(":")
    file = Path(folder) / name / f"{name}-1.0.0.{kind}"
    if kind == "postgresql":
        with (
            adbc_driver_postgresql.dbapi.connect(dest) as connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(f'SELECT * FROM "{plain}_v1_0_0"."{table}" ORDER BY 1')
            return cursor.fetch_arrow_table()
    if kind == "duckdb":
        with duckdb.connect(str(file), read_only=True) as connection:
            return connection.sql(f'SELECT * FROM "{table}" ORDER BY 1').to_arrow_table()
    with closing(sqlite3.connect(file)) as connection:
        found = connection.execute(f'SELECT * FROM "{table}" ORDER BY 1')
        names = [column[0] for column in found.description]
        return pa.table([pa.array(c) for c in zip(*found.fetchall(), strict=True)], names=names)


def as_text(value: Any) -> Any:
    """A value as SQLite has it."""
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if isinstance(value, dt.datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, dt.date) else value


def test_every_type_is_read_back_equal(tmp_path: Path, dest: str, name: str) -> None:
    folder = things(tmp_path / "releases", name, ROWS)
    assert publish(folder, dest).latest is not None
    expected = pq.read_table(folder / "data" / "things.parquet")
    found = stored(dest, name, "things")
    if dest.startswith("sqlite:"):
        rows = [{k: as_text(v) for k, v in row.items()} for row in expected.to_pylist()]
        assert found.to_pylist() == rows
    else:
        assert found.cast(expected.schema).equals(expected)


def test_a_row_that_refers_to_none_is_refused(tmp_path: Path, name: str, postgresql: str) -> None:
    folder = things(tmp_path / "releases", name, [("t0", *[None] * 10, "t9")])
    for dest in (postgresql, f"sqlite:{tmp_path / 'published'}"):
        with pytest.raises(RemoteFailure, match=r"violates foreign key|refers to none of things"):
            publish(folder, dest)
        assert there(dest, name) == []


def test_rows_that_are_not_as_promised_are_not_published(
    package: Path, tmp_path: Path, dest: str, name: str
) -> None:
    folder = release(package, tmp_path, name=name)

    def change(found: dict[str, Any]) -> None:
        for each in found["resources"][4:6]:
            each["dateline:content"] = "sha256:" + "0" * 64

    change_descriptor(folder, change)
    with pytest.raises(RemoteFailure, match=r"actors: expected the digest 0{12}… .* got \w+"):
        publish(summed(folder), dest)
    assert there(dest, name) == []


def test_a_version_is_published_once_and_whole(
    package: Path, tmp_path: Path, dest: str, name: str
) -> None:
    folder = release(package, tmp_path / "a", name=name)
    publish_killed(folder, dest, 0.3)
    kind = dest.partition(":")[0]
    if kind == "postgresql":
        assert there(dest, name) == []
    else:
        assert [path for path in there(dest, name) if ".tmp/" not in path] == []
    done = publish(folder, dest)
    assert [item.path for item in done.sent] == [*TABLES, "datapackage"]
    assert there(dest, name) == published(name, kind, "0.1.0")
    with pytest.raises(RemoteFailure, match="is published already; a published version never"):
        publish(folder, dest)
    with pytest.raises(RemoteFailure, match="is there and holds something else"):
        publish(release(package, tmp_path / "b", title="Another", name=name), dest)


def test_the_pointer_that_a_kill_left_behind_is_moved(
    package: Path, tmp_path: Path, dest: str, name: str
) -> None:
    folder = release(package, tmp_path, name=name)
    publish_killed(folder, dest, 1.0)
    assert len(there(dest, name)) == 1
    assert publish(folder, dest).sent == ()
    assert there(dest, name) == published(name, dest.partition(":")[0], "0.1.0")


def test_the_latest_is_the_newest_version_not_the_last(
    package: Path, tmp_path: Path, dest: str, name: str
) -> None:
    versions = ("0.9.0", "0.10.0", "0.9.1")
    latest = [publish(release(package, tmp_path, v, name=name), dest).latest for v in versions]
    assert [each is not None for each in latest] == [True, True, False]
    assert there(dest, name) == published(name, dest.partition(":")[0], *sorted(versions))
    if dest.startswith("postgresql:"):
        views = published(name, "postgresql")[0]
        ((version, rows),) = asked(
            dest,
            f"SELECT version, (SELECT count(*) FROM {views}.actors) FROM {views}.datapackage",
        )
        assert (version, rows) == ("0.10.0", pq.read_metadata(package / ACTORS).num_rows)
    else:
        pointer = json.loads((Path(dest.partition(":")[2]) / name / "latest.json").read_bytes())
        assert pointer["path"].startswith(f"{name}-0.10.0.")


ACTORS = "data/actors.parquet"


def invoke(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["publish", *map(str, arguments)])


def test_the_command_publishes_after_a_dry_run_that_writes_nothing(
    example_package: Path, tmp_path: Path, dest: str, name: str
) -> None:
    folder = release(example_package, tmp_path, name=name)
    plan = json.loads(invoke(folder, dest, "--dry-run", "--json").stdout)
    assert [item["path"] for item in plan["sent"]] == [*TABLES, "datapackage"]
    assert there(dest, name) == []
    result = invoke(folder, dest)
    assert result.exit_code == 0, result.output
    assert "(8 items, " in result.stdout
    again = invoke(folder, dest)
    assert (again.exit_code, again.stdout, again.stderr.count("\n")) == (5, "", 1)
    assert servers.PASSWORD not in result.output + again.output + json.dumps(plan)


def test_postgresql_has_keys_comments_and_the_descriptor(
    package: Path, tmp_path: Path, name: str, postgresql: str
) -> None:
    folder = release(package, tmp_path, name=name)
    publish(folder, postgresql)
    views, schema = published(name, "postgresql", "0.1.0")
    query = "SELECT contype, count(*) FROM pg_constraint c JOIN pg_namespace n "
    query += f"ON n.oid = connamespace WHERE nspname = '{schema}' GROUP BY 1"
    counts = {str(kind).strip("b'"): count for kind, count in asked(postgresql, query)}
    tables = load_codebook().tables.values()
    assert (counts["p"], counts["f"]) == (7, sum(len(table.foreign_keys) for table in tables))
    assert counts["u"] > 0
    with pytest.raises(adbc_driver_manager.Error, match="duplicate key"):
        asked(postgresql, f"INSERT INTO {schema}.actors SELECT * FROM {schema}.actors")
    actors = next(table for table in tables if table.name == "actors")
    comment = (
        f"col_description('{schema}.actors'::regclass, 1), obj_description('{schema}.actors'::"
    )
    ((column, table),) = asked(postgresql, f"SELECT {comment}regclass)")
    assert column == actors.fields[0].descriptor["description"]
    assert table == f"{actors.title}. {actors.description}"
    ((text,),) = asked(postgresql, f"SELECT descriptor FROM {views}.datapackage")
    assert text.encode() == (folder / "datapackage.json").read_bytes()


def test_of_two_at_once_one_has_the_version(
    package: Path, tmp_path: Path, dest: str, name: str
) -> None:
    folders = [release(package, tmp_path / t, title=t, name=name) for t in ("One", "Two")]
    ends: dict[str, str] = {}

    def run(folder: Path) -> None:
        try:
            publish(folder, dest)
            ends[folder.parent.name] = "published"
        except RemoteFailure as error:
            ends[folder.parent.name] = str(error)

    threads = [threading.Thread(target=run, args=(folder,)) for folder in folders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(end == "published" for end in ends.values()) == [False, True], ends
    assert there(dest, name) == published(name, dest.partition(":")[0], "0.1.0")


def test_what_others_have_made_is_left_alone(
    package: Path, tmp_path: Path, name: str, postgresql: str
) -> None:
    folder = release(package, tmp_path, name=name)
    views, schema = published(name, "postgresql", "0.1.0")
    asked(postgresql, f"CREATE SCHEMA {schema}")
    with pytest.raises(RemoteFailure, match="is there and holds something else"):
        publish(folder, postgresql)
    asked(postgresql, f"DROP SCHEMA {schema}")
    asked(postgresql, f"CREATE SCHEMA {views}")
    with pytest.raises(RemoteFailure, match="expected views of the newest version, got something"):
        publish(folder, postgresql)
    assert asked(postgresql, f"SELECT 1 FROM pg_views WHERE schemaname = '{views}'") == []


def test_views_of_others_keep_the_latest_until_they_are_gone(
    package: Path, tmp_path: Path, name: str, postgresql: str
) -> None:
    folders = [release(package, tmp_path, version, name=name) for version in ("0.1.0", "0.2.0")]
    publish(folders[0], postgresql)
    views, _ = published(name, "postgresql", "0.1.0")
    asked(postgresql, f"CREATE VIEW {views}_of_others AS SELECT * FROM {views}.actors")
    with pytest.raises(RemoteFailure, match="because other objects depend on it"):
        publish(folders[1], postgresql)
    latest = f"SELECT version FROM {views}.datapackage"
    assert asked(postgresql, latest) == [("0.1.0",)]
    asked(postgresql, f"DROP VIEW {views}_of_others")
    done = publish(folders[1], postgresql)
    assert (done.sent, asked(postgresql, latest)) == ((), [("0.2.0",)])


@pytest.mark.parametrize("kind", ["sqlite", "duckdb"])
def test_a_file_of_others_is_left_alone(
    package: Path, tmp_path: Path, name: str, kind: str
) -> None:
    folder = release(package, tmp_path, name=name)
    file = tmp_path / "published" / name / f"{name}-0.1.0.{kind}"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"of others")
    with pytest.raises(RemoteFailure, match="is there and holds something else"):
        publish(folder, f"{kind}:{tmp_path / 'published'}")
    assert file.read_bytes() == b"of others"


def test_a_folder_has_files_of_one_kind(package: Path, tmp_path: Path, name: str) -> None:
    folder = release(package, tmp_path, name=name)
    publish(folder, f"sqlite:{tmp_path / 'published'}")
    with pytest.raises(RemoteFailure, match=r"expected a pointer to a .duckdb file, got one to"):
        publish(folder, f"duckdb:{tmp_path / 'published'}")


def test_nothing_is_fetched_from_a_database(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="expected a place to fetch from"):
        fetched(f"duckdb:{tmp_path}", tmp_path / "into")


@pytest.fixture
def addresses(postgresql: str) -> dict[str, str]:
    """Addresses of a database with something wrong, by what that is."""
    port = postgresql.rpartition(":")[2].partition("/")[0]
    return {
        "password": postgresql,
        "no password": postgresql,
        "server": postgresql.replace(port, "1"),
        "database": postgresql.replace("/postgres", "/a-database"),
        "percent": postgresql.replace("tests@", "a-wrong%zz@"),
        "port": postgresql.replace(port, "port"),
        "shown": postgresql.replace("@", ":a-wrong-secret@"),
        "shown behind": f"{postgresql}?password=a-wrong-secret",
    }


@pytest.mark.parametrize(
    ("wrong", "code", "message"),
    [
        ("password", 5, "the database refused user and password; check them, or PGPASSWORD"),
        ("no password", 5, "expected a password in PGPASSWORD or in ~/.pgpass, got none"),
        ("server", 5, "cannot be reached; check host, port and the network"),
        ("database", 5, "expected a database that exists, got another"),
        ("percent", 5, "expected postgresql://USER@HOST:PORT/DATABASE, got an address that"),
        ("port", 5, "expected postgresql://USER@HOST:PORT/DATABASE, got an address that"),
        ("shown", 2, "expected an address without a password, got one with it; give it as PGPA"),
        ("shown behind", 2, "expected an address without a password, got one with it"),
    ],
)
def test_what_a_server_refuses_is_one_line_without_a_secret(
    example_package: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    addresses: dict[str, str],
    wrong: str,
    code: int,
    message: str,
) -> None:
    if wrong == "password":
        monkeypatch.setenv("PGPASSWORD", "a-wrong-secret")
    elif wrong == "no password":
        monkeypatch.delenv("PGPASSWORD")
    result = invoke(release(example_package, tmp_path), addresses[wrong])
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (code, "", 1)
    assert message in result.stderr
    for secret in (servers.PASSWORD, "a-wrong", "secret", "tests"):
        assert secret not in result.stderr
