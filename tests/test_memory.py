"""A memory limit holds for every statement that can keep to it, and grows for one that cannot."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from dateline.build.rules.memory import run

# Lists of all groups at once: what DuckDB cannot put on the disk.
GREEDY = """
CREATE TABLE numbers AS SELECT i, hash(i)::VARCHAR AS k FROM range(400_000) AS r(i);
CREATE TABLE groups AS SELECT k, list(i) AS members FROM numbers GROUP BY k;
SELECT count(*), sum(len(members)) FROM groups;
"""


@pytest.fixture
def db(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(
        config={"memory_limit": "20MB", "threads": "2", "temp_directory": str(tmp_path)}
    ) as db:
        yield db


def limit(db: duckdb.DuckDBPyConnection) -> object:
    return db.execute("SELECT current_setting('memory_limit')").fetchall()


def test_the_limit_stays_where_it_suffices(db: duckdb.DuckDBPyConnection) -> None:
    before = limit(db)
    assert run(db, "CREATE TABLE few AS FROM range(9); SELECT count(*) FROM few").fetchall() == [
        (9,)
    ]
    assert limit(db) == before


def test_the_limit_grows_where_a_statement_needs_more(db: duckdb.DuckDBPyConnection) -> None:
    before = limit(db)
    assert run(db, GREEDY).fetchall() == [(400_000, 400_000)]
    assert limit(db) != before


def test_the_limit_stays_below_what_the_machine_has(
    db: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dateline.build.rules.memory._SHARE", 0.0)
    with pytest.raises(duckdb.OutOfMemoryException):
        run(db, GREEDY)
