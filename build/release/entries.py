"""The entries of a ledger: what differs from the release before, with what people say of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from dateline.build.assemble import VERBATIM
from dateline.build.assemble.ids import ALPHABET
from dateline.build.diff.ledger import LEDGER_ROWS
from dateline.build.release.belonging import BELONGS, inherited, private
from dateline.build.release.reasons import Reason
from dateline.build.rules import literal, run
from dateline.build.versions import version_of
from dateline.schema import LEDGER, TABLES, Codebook
from dateline.schema.arrow import arrow_schema

_FOLDER = Path(__file__).parent
_GIVEN = pa.schema(
    [(name, pa.string()) for name in ("row_id", "change", "merged_into_id", "reason")]
    + [("number", pa.int64())]
)


@dataclass(frozen=True)
class Ask:
    """What a ledger is made of, beside what differs.

    `old` is the folder of the previous release, null for the first one; `new` that of the package.
    `reasons` are the lines of the project, `reason` stands where none is given, null for nowhere.
    """

    old: Path | None
    new: Path
    version: str
    profile: str
    codebook: Codebook
    reasons: Sequence[Reason] = ()
    reason: str | None = None


def lacking(folder: Path, codebook: Codebook) -> str | None:
    """What the tables of a package lack to go on from it, null for nothing.

    Raises ArrowInvalid or OSError where one cannot be read.
    """
    ledger = folder / "data" / f"{LEDGER}.parquet"
    needed = {name: {codebook.tables[name].primary_key, *BELONGS.get(name, ())} for name in TABLES}
    needed["articles"] |= {"text_sha256"}
    needed["evidence"] |= {"start", "end"}
    if ledger.is_file():
        needed[LEDGER] = {*codebook.ledger.names}
    for name, columns in needed.items():
        absent = columns - {*pq.read_schema(folder / "data" / f"{name}.parquet").names}
        if absent:
            return f"{name}.{min(absent)}"
    return None


def prepare(db: duckdb.DuckDBPyConnection) -> None:
    """Makes `delta` in `db`, what differs, without rows yet."""
    _make(db, "delta", LEDGER_ROWS.empty_table())


def add(db: duckdb.DuckDBPyConnection, rows: pa.Table) -> None:
    """Adds rows that say what differs, as `window_rows` of `diff` gives them."""
    db.register("more", rows)
    run(db, "INSERT INTO delta FROM more")
    db.unregister("more")


def settle(db: duckdb.DuckDBPyConnection, ask: Ask) -> None:
    """Makes all that `ledger.sql` and `ledger_rows.sql` make, the view `ledger` last."""
    _sources(db, ask)
    run(db, _script("ledger"))
    for table, parents in BELONGS.items():
        run(db, inherited(ask.codebook, table, parents))
    run(db, _script("ledger_rows"))
    for table, parents in BELONGS.items():
        run(db, private(ask.codebook, table, parents))


def _sources(db: duckdb.DuckDBPyConnection, ask: Ask) -> None:
    """Makes what the scripts ask: tables and ledgers of both releases, reasons, what is hidden."""
    codebook = ask.codebook
    keys = {name: codebook.tables[name].primary_key for name in TABLES}
    for name in TABLES:
        new = _parquet(ask.new, name)
        old = _parquet(ask.old, name) if ask.old else f"(FROM {new} LIMIT 0)"
        run(
            db,
            f"CREATE TEMP VIEW new_{name} AS FROM {new}; CREATE TEMP VIEW old_{name} AS FROM {old}",
        )
    each = (
        f"SELECT '{name}' AS \"table\", {key} AS row_id FROM new_{name}"
        for name, key in keys.items()
    )
    run(db, f"CREATE TEMP VIEW ids AS {' UNION ALL '.join(each)}")
    _make(db, "before", _before(ask))
    given = [{**vars(reason), "number": number} for number, reason in enumerate(ask.reasons)]
    _make(db, "given", pa.Table.from_pylist(given, _GIVEN))
    run(
        db,
        f"SET VARIABLE version = {literal(ask.version)}; "
        f"SET VARIABLE reason = {literal(ask.reason)}::VARCHAR",
    )
    _make(db, "hidden", _hidden(ask.profile))
    _orders(db)
    run(db, _identifier())


def _before(ask: Ask) -> str | pa.Table:
    file = ask.old and ask.old / "data" / f"{LEDGER}.parquet"
    if file is None or not file.is_file():
        return arrow_schema(ask.codebook.ledger).empty_table()
    return f"read_parquet({literal(str(file))})"


def _hidden(profile: str) -> pa.Table:
    """The columns of printed words that a profile does not publish."""
    printed = VERBATIM if profile == "no_verbatim" else {}
    columns = {**printed, **({} if profile == "full" else {"evidence": ("exact",)})}
    rows = [{"table": table, "field": field} for table, each in columns.items() for field in each]
    return pa.Table.from_pylist(rows, pa.schema({"table": pa.string(), "field": pa.string()}))


def _orders(db: duckdb.DuckDBPyConnection) -> None:
    """Makes `orders`: the releases that the ledger knows, the older the smaller the number."""
    names = [name for (name,) in run(db, "SELECT DISTINCT release FROM before").fetchall()]
    known = [(version, name) for name in names if (version := version_of(name)) is not None]
    ordered = [name for _, name in sorted(known)]
    columns = {
        "release": pa.array(ordered, pa.string()),
        "number": pa.array(range(len(ordered)), pa.int64()),
    }
    _make(db, "orders", pa.table(columns))


def _make(db: duckdb.DuckDBPyConnection, name: str, rows: str | pa.Table) -> None:
    """Makes a table of a relation, or of rows."""
    if not isinstance(rows, str):
        db.register("rows_given", rows)
    run(db, f"CREATE TEMP TABLE {name} AS FROM {rows if isinstance(rows, str) else 'rows_given'}")
    if not isinstance(rows, str):
        db.unregister("rows_given")


def _parquet(folder: Path, name: str) -> str:
    return f"read_parquet({literal(str(folder / 'data' / f'{name}.parquet'))})"


def _identifier() -> str:
    """The SQL that makes the function `make_id(joined)`, which gives what `id_of` gives."""
    # Five hexadecimal digits are four characters.
    words = [f"('0x' || substr(h, {at}, 5))::INTEGER" for at in (1, 6, 11, 16)]
    characters = [
        f"substr('{ALPHABET}', 1 + (({word} >> {bits}) & 31), 1)"
        for word in words
        for bits in (15, 10, 5, 0)
    ]
    return (
        "CREATE TEMP MACRO make_id(joined) AS "
        f"(SELECT joined[:3] || '_' || {' || '.join(characters)} FROM (SELECT sha256(joined) AS h))"
    )


def _script(name: str) -> str:
    return (_FOLDER / f"{name}.sql").read_text("utf-8")
