"""The rules over tables, asked of a package's Parquet: published rows and the words behind them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb

from dateline.build.check.references import SINGULAR
from dateline.build.issues import Cell, Issue, Place, Source
from dateline.build.rules import CONFIG, OPTIONAL, Failing, failing, table_of
from dateline.build.standard.model import Package
from dateline.build.verify.broken import record_lines
from dateline.build.verify.pairs import Pair
from dateline.build.write import VOCABULARY_PREFIX
from dateline.schema import TABLES, Codebook, load_codebook
from dateline.schema.vocabulary import read_vocabulary

# The ledger tells of ids that are in no table, or that should be in none.
_LEDGER = "changes"
# Of one row: a message needs some of the words it rests on, not all mentions in all articles.
_SOURCES = 3


def rule_issues(package: Package, tables: Sequence[Pair]) -> list[Issue]:
    """The rows of a sound package that break a rule over tables, at their lines of the CSV.

    Their sources are the pieces of evidence of the row, those of the column at fault first.
    """
    variables = {
        "allow_model_rows": "true" if package.descriptor.get("dateline:allow_model_rows") else None,
        "created": package.descriptor.get("created"),
        "estimate_rule": package.descriptor.get("dateline:estimate_rule"),
        "profile": package.descriptor.get("dateline:profile"),
    }
    asked = [pair for pair in tables if pair.table.name in TABLES or _is_optional(pair)]
    paths = {pair.table.name: pair.parquet.files[0].local for pair in asked}
    rows = failing(paths, _codebook(package, asked), variables)
    if not rows:
        return []
    with duckdb.connect(config={**CONFIG}) as db:
        places = _places(db, asked, rows)
        return [
            Issue(
                row.rule,
                f"{row.field or row.id}: {row.message}",
                tuple(places[key][1] for key in (row.id, row.other) if key is not None),
                row.severity,
                Cell(places[row.id][0], places[row.id][1].row + 1, row.field or ""),
                _sources(db, paths, row),
                ids=(row.id,),
            )
            for row in rows
        ]


def _is_ledger(pair: Pair) -> bool:
    return pair.table.name == _LEDGER


def _is_optional(pair: Pair) -> bool:
    columns = OPTIONAL.get(pair.table.name)
    return columns is not None and set(columns) <= set(pair.table.names)


def _codebook(package: Package, tables: Iterable[Pair]) -> Codebook:
    """The built-in tables with the columns and vocabularies of the package, its own included."""
    builtin = load_codebook()
    described = dict(builtin.tables)
    for pair in (pair for pair in tables if pair.table.name in described):
        table = described[pair.table.name]
        extra = (field for field in pair.table.fields if field.name not in table.by_name)
        fields = (*table.fields, *(replace(field, custom=True) for field in extra))
        described[table.name] = replace(table, fields=fields)
    own = {
        resource.name.removeprefix(VOCABULARY_PREFIX): read_vocabulary(resource.files[0].local)
        for resource in package.resources
        if resource.name.startswith(VOCABULARY_PREFIX)
    }
    return Codebook(described, {**builtin.vocabularies, **own})


def _places(
    db: duckdb.DuckDBPyConnection, tables: Sequence[Pair], rows: Iterable[Failing]
) -> dict[str, tuple[str, Place]]:
    """The resource and the place in its CSV of each primary key; the ledger's where it is gone."""
    keys: dict[str, set[str]] = {}
    for key in (key for row in rows for key in (row.id, row.other) if key is not None):
        keys.setdefault(table_of(key), set()).add(key)
    places: dict[str, tuple[str, Place]] = {}
    for pair in sorted(tables, key=_is_ledger):
        wanted, column = keys.get(pair.table.name, set()), pair.table.primary_key
        if _is_ledger(pair):
            wanted, column = set().union(*keys.values()) - places.keys(), "row_id"
        if not wanted:
            continue
        found = db.execute(
            f"SELECT {column}, min(file_row_number) FROM read_parquet(?, "
            f"file_row_number = true) WHERE {column} IN (SELECT unnest(?)) GROUP BY ALL",
            [str(pair.parquet.files[0].local), sorted(wanted)],
        ).fetchall()
        file = pair.csv.files[0]
        lines = record_lines(file.local, {row for _, row in found})
        for key, row in found:
            place = Place(file.path, lines.get(row, 0), pointer=key, row=row + 1)
            places[key] = pair.csv.name, place
    return places


def _sources(
    db: duckdb.DuckDBPyConnection, paths: Mapping[str, Path], row: Failing
) -> tuple[Source, ...]:
    if row.table in ("articles", "evidence"):
        return ()
    column = f"{SINGULAR[row.table]}_id"
    found = db.execute(
        f'SELECT a.article_key, e.start, e."end", e.exact FROM read_parquet(?) AS e '
        f"JOIN read_parquet(?) AS a USING (article_id) WHERE e.{column} = ? "
        "ORDER BY e.field IS NOT DISTINCT FROM ? DESC, article_key, start LIMIT ?",
        [str(paths["evidence"]), str(paths["articles"]), row.id, row.field, _SOURCES],
    ).fetchall()
    return tuple(Source(*source) for source in found)
