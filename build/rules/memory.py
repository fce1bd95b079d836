"""SQL under a memory limit that grows only where a statement needs more.

What DuckDB can put on the disk it puts there; some steps of some statements it cannot.
"""

from __future__ import annotations

import os
from typing import Any

import duckdb

# By how much the limit grows, and the share of this machine's memory that it stays below.
_GROWTH, _SHARE = 1.25, 0.8
_BYTES = {"bytes": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40}


def run(db: duckdb.DuckDBPyConnection, script: str) -> duckdb.DuckDBPyConnection:
    """The connection after the statements of a script, with the result of the last.

    Raises OutOfMemoryException where a statement needs more memory than this machine has to give.
    """
    for statement in db.extract_statements(script):
        _patiently(db, statement)
    return db


def _patiently(db: duckdb.DuckDBPyConnection, statement: Any) -> None:
    while True:
        try:
            db.execute(statement)
        except duckdb.OutOfMemoryException:
            if not _grown(db):
                raise
        else:
            return


def _grown(db: duckdb.DuckDBPyConnection) -> bool:
    """Whether the limit could be raised."""
    limit = round(_limit(db) * _GROWTH)
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    if limit > _SHARE * machine:
        return False
    db.execute(f"SET memory_limit = '{limit}B'")
    return True


def _limit(db: duckdb.DuckDBPyConnection) -> float:
    ((text,),) = db.execute("SELECT current_setting('memory_limit')").fetchall()
    number, unit = text.split()
    return float(number) * _BYTES[unit]
