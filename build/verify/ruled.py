"""The rules over tables, asked of a package's Parquet: published rows and the words behind them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import duckdb

from dateline.build.issues import Issue, Place, Source
from dateline.build.rules import CONFIG, Failing, failing, table_of
from dateline.build.verify.broken import record_lines
from dateline.build.verify.opened import Opened
from dateline.schema import TABLES, Codebook, load_codebook
from dateline.schema.vocabulary import read_vocabularies

# Of one row: a message needs some of the words it rests on, not all mentions in all articles.
_SOURCES = 3


def rule_issues(package: Opened) -> list[Issue]:
    """The rows of a sound package that break a rule over tables, at their lines of the CSV.

    Their sources are the pieces of evidence of the row, those of the column at fault first.
    """
    variables = {
        "created": package.content.get("created"),
        "estimate_rule": package.content.get("dateline:estimate_rule"),
        "profile": package.content.get("dateline:profile"),
    }
    files = {pair.table.name: pair.parquet.path for pair in package.pairs}
    paths = {name: package.folder / files[name] for name in TABLES}
    rows = failing(paths, _codebook(package), variables)
    if not rows:
        return []
    with duckdb.connect(config={**CONFIG}) as db:
        places = _places(db, package, paths, rows)
        return [
            Issue(
                row.rule,
                f"{row.field or row.id}: {row.message}",
                tuple(places[key] for key in (row.id, row.other) if key is not None),
                row.severity,
                sources=_sources(db, paths, row),
            )
            for row in rows
        ]


def _codebook(package: Opened) -> Codebook:
    """The built-in tables with the vocabularies of the package, own values included."""
    builtin = load_codebook()
    own = read_vocabularies(package.folder / "vocab")
    return replace(builtin, vocabularies={**builtin.vocabularies, **own})


def _places(
    db: duckdb.DuckDBPyConnection,
    package: Opened,
    paths: Mapping[str, Path],
    rows: Iterable[Failing],
) -> dict[str, Place]:
    """Where the rows of these primary keys stand in the CSV files."""
    keys: dict[str, set[str]] = {}
    for key in (key for row in rows for key in (row.id, row.other) if key is not None):
        keys.setdefault(table_of(key), set()).add(key)
    places: dict[str, Place] = {}
    for pair in package.pairs:
        name, table = pair.table.name, pair.table
        if name not in keys:
            continue
        found = db.execute(
            f"SELECT {table.primary_key}, file_row_number FROM read_parquet(?, "
            f"file_row_number = true) WHERE {table.primary_key} IN (SELECT unnest(?))",
            [str(paths[name]), sorted(keys[name])],
        ).fetchall()
        lines = record_lines(package.folder / pair.csv.path, {row for _, row in found})
        for key, row in found:
            places[key] = Place(pair.csv.path, lines.get(row, 0), pointer=key, row=row + 1)
    return places


def _sources(
    db: duckdb.DuckDBPyConnection, paths: Mapping[str, Path], row: Failing
) -> tuple[Source, ...]:
    column = load_codebook().tables[row.table].primary_key
    if row.table in ("articles", "evidence"):
        return ()
    found = db.execute(
        f'SELECT a.article_key, e.start, e."end", e.exact FROM read_parquet(?) AS e '
        f"JOIN read_parquet(?) AS a USING (article_id) WHERE e.{column} = ? "
        "ORDER BY e.field IS NOT DISTINCT FROM ? DESC, article_key, start LIMIT ?",
        [str(paths["evidence"]), str(paths["articles"]), row.id, row.field, _SOURCES],
    ).fetchall()
    return tuple(Source(*source) for source in found)
