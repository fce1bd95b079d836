"""From rows that fail a check to issues with the places in the files that they come from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

import duckdb

from dateline.build.check.references import SINGULAR
from dateline.build.issues import Issue, Place, Severity, shown
from dateline.build.merge import sql
from dateline.build.merge.checks import Check
from dateline.build.rules import Failing, run, table_of
from dateline.schema import Codebook, Table

# Columns whose member in the annotation has another name or stands deeper.
_MEMBERS = {
    "parent_actor_id": "parent",
    "parent_incident_id": "parent",
    "attributed_by_actor_id": "attributed_by",
    "speaker_actor_id": "speaker",
    "on_behalf_of_actor_id": "on_behalf_of",
    "addressee_actor_id": "addressee",
    "target_actor_id": "target",
    "parent_statement_id": "parent",
    "incident_id": "incident",
    "statement_id": "statement",
    "claimant_actor_id": "claimant",
    "victim_actor_id": "victim_actor",
    "supersedes_casualty_id": "supersedes",
    "subset_of_casualty_id": "subset_of",
    "article_key": "id",
    "actor_key": "key",
    "incident_key": "key",
    "url": "source/url",
    "syndicated_from_article_id": "source/syndicated_from",
    "publisher": "source/publisher",
    "published_at": "source/published_at",
    "retrieved_at": "source/retrieved_at",
    "headline": "source/headline",
}
_IN_LOCATION = frozenset(
    "country_code admin1 admin2 place_name latitude longitude geo_precision geonames_id".split()
)
_KEYS = {"actors": "actor_key", "incidents": "incident_key"}
_WITH_FILE = frozenset({"articles", "actors", "incidents"})


class Origin(NamedTuple):
    """Where a row comes from: its key or null, the place of its item, the value it gives or null.

    `article` is the article's own id, null for an entry of the registry.
    """

    key: str | None
    place: Place
    value: str | None
    article: str | None


class Reporter:
    """Collects the issues of one merge."""

    def __init__(self, db: duckdb.DuckDBPyConnection, codebook: Codebook) -> None:
        """Reads places from the raw tables of `db`."""
        self._db = db
        self._tables = codebook.tables
        self.issues: list[Issue] = []

    def repeated_articles(self) -> None:
        """Reports articles that share one id, with all their places."""
        rows = run(
            self._db,
            "SELECT article_key, list(_file ORDER BY _file, _line), list(_line ORDER BY _file, "
            "_line) FROM articles SEMI JOIN (SELECT article_key FROM articles GROUP BY article_key "
            "HAVING count(*) > 1) USING (article_key) GROUP BY article_key ORDER BY article_key",
        ).fetchall()
        for key, files, lines in rows:
            places = tuple(Place(f, n, 0, "/id") for f, n in zip(files, lines, strict=True))
            message = (
                f"/id: expected each article id once in the corpus, got {shown(key)} "
                f"{len(places)} times; give each article its own id, or drop the copy"
            )
            self.issues.append(Issue("article-id-repeated", message, places))

    def run(self, check: Check) -> None:
        """Reports the rows of one check."""
        table = self._tables[check.table]
        query = check.sql.replace("{key}", table.primary_key)
        found = run(self._db, query)
        names = [column[0] for column in found.description or ()]
        rows = [dict(zip(names, values, strict=True)) for values in found.fetchall()]
        failing = [(row["id"], row["field"], row["message"]) for row in rows]
        self._report(check.rule, table, failing, check.severity)

    def failing(self, rows: Iterable[Failing]) -> None:
        """Reports published rows that break a rule, with the places that they come from."""
        for (rule, name, severity), group in groupby(rows, lambda r: (r.rule, r.table, r.severity)):
            found = list(group)
            table = self._tables[name]
            alone = [(row.id, row.field, row.message) for row in found if row.other is None]
            self._report(rule, table, alone, severity)
            self._report_pairs(table, [(row, row.other) for row in found if row.other is not None])

    def _report_pairs(self, table: Table, pairs: Sequence[tuple[Failing, str]]) -> None:
        """Adds an issue for each row that disagrees with another one, with the places of both."""
        firsts = [(table, row.id, row.field) for row, _ in pairs]
        seconds = []
        for row, key in pairs:
            other = self._tables[table_of(key)]
            # A column of this table is none of another's.
            seconds.append((other, key, row.field if other is table else None))
        wholes = [(other, key, None) for other, key, _ in seconds]
        found = self._all_origins([*firsts, *seconds, *wholes])
        for (row, key), (_, _, field) in zip(pairs, seconds, strict=True):
            origins, second = found[row.id, row.field], found[key, field]
            if all(origin.value is None for origin in second):
                second = found[key, None]
            name = _name(table, origins)
            text = f"{name}: {row.message}" if name else row.message
            places = (*_places(origins), *_places(second))
            self.issues.append(Issue(row.rule, text, places, row.severity))

    def _all_origins(
        self, asked: Iterable[tuple[Table, str, str | None]]
    ) -> dict[tuple[str, str | None], list[Origin]]:
        """The origins of rows for a column or null, with one query for each table and column."""
        keys: dict[tuple[str, str | None], list[str]] = defaultdict(list)
        for table, key, field in asked:
            keys[table.name, field].append(key)
        return {
            (key, field): origins
            for (name, field), wanted in keys.items()
            for key, origins in self._origins(self._tables[name], wanted, field).items()
        }

    def missing(self, table: Table) -> None:
        """Reports rows that lack what their table requires."""
        rows = run(self._db, sql.missing(table)).fetchall()
        failing = [
            (key, None, f"expected {member(table, field)}, got none; add it")
            for key, fields in rows
            for field in fields
        ]
        self._report("field-missing", table, failing)

    def left_open(self, table: Table) -> None:
        """Reports rows with a code that their source leaves open."""
        rows = run(self._db, sql.left_open(table)).fetchall()
        failing = [
            (
                key,
                field,
                f"expected a value for {member(table, field)}, since the project has "
                "require_classified; got unclassified; choose one",
            )
            for key, fields in rows
            for field in fields
        ]
        self._report("unclassified-forbidden", table, failing)

    def _report(
        self,
        rule: str,
        table: Table,
        failing: Sequence[tuple[str, str | None, str]],
        severity: Severity = "error",
    ) -> None:
        """Adds an issue for each primary key, column (or null) and message."""
        by_field: dict[str | None, list[tuple[str, str]]] = defaultdict(list)
        for key, field, message in failing:
            by_field[field].append((key, message))
        for field, rows in by_field.items():
            origins = self._origins(table, [key for key, _ in rows], field)
            for key, message in rows:
                name = _name(table, origins[key])
                text = f"{name}: {message}" if name else message
                self.issues.append(
                    Issue(rule, text, _places(origins[key]), severity, ids=_ids(key, origins[key]))
                )

    def disagreements(self, table: Table, query: str, *, own_words: bool) -> None:
        """Reports rows of one key that differ: an error, or a warning for own words."""
        by_field: dict[str, list[str]] = defaultdict(list)
        for key, fields in run(self._db, query).fetchall():
            for field in fields:
                by_field[field].append(key)
        for field, keys in by_field.items():
            origins = self._origins(table, keys, field)
            self.issues += [_disagreement(table, k, origins[k], field, own_words) for k in keys]

    def _origins(
        self, table: Table, keys: Iterable[str], field: str | None
    ) -> dict[str, list[Origin]]:
        """The raw rows of these primary keys, by key; the registry's first, then as published."""
        key = _KEYS.get(table.name, "NULL")
        value = sql.said(table.by_name[field]) if field else "NULL"
        # Articles and entries of the registry know their own file, other rows their article's.
        file, line = (
            (
                f"coalesce({own}, {outer})"
                for own, outer in (("_file", "_in_file"), ("_line", "_in_line"))
            )
            if table.name in _WITH_FILE
            else ("_in_file", "_in_line")
        )
        rows = self._db.execute(
            f"SELECT {table.primary_key}, {key}, {file}, {line}, coalesce(_pointer, ''), "
            f"({value})::VARCHAR, _in_key FROM raw_{table.name} LEFT JOIN (SELECT "
            "article_id AS _in, article_key AS _in_key, _file AS _in_file, _line AS _in_line "
            "FROM articles) ON _in = _article "
            f"WHERE {table.primary_key} IN (SELECT unnest(?)) ORDER BY _order, _pointer",
            [list(keys)],
        ).fetchall()
        tail = f"/{member(table, field)}" if field else ""
        origins: dict[str, list[Origin]] = defaultdict(list)
        for row, name, in_file, in_line, pointer, said, article in rows:
            place = Place(in_file, in_line, 0, pointer + tail)
            origins[row].append(Origin(name, place, said, article))
        return origins


def _places(origins: Sequence[Origin]) -> tuple[Place, ...]:
    """The places that give the value, or all where none gives one."""
    giving = [origin for origin in origins if origin.value is not None]
    return tuple(origin.place for origin in giving or origins)


def _name(table: Table, origins: Sequence[Origin]) -> str:
    """What a message calls a row: its kind and its key, or the place of its item without one."""
    key = origins[0].key
    if key is not None:
        return f"{SINGULAR[table.name]} {shown(key)}"
    return _places(origins)[0].pointer


def _ids(key: str, origins: Sequence[Origin]) -> tuple[str, ...]:
    """What a row is called: its published id, its own key, the ids of its articles."""
    others = [o.key for o in origins] + [o.article for o in origins]
    return (key, *dict.fromkeys(name for name in others if name is not None))


def _disagreement(
    table: Table, key: str, origins: Sequence[Origin], field: str, own_words: bool
) -> Issue:
    first: dict[str, Origin] = {}
    for origin in origins:
        if origin.value is not None and origin.article is not None:
            first.setdefault(origin.value, origin)
    got = " and ".join(f"{shown(v)} in article {o.article}" for v, o in first.items())
    places = tuple(origin.place for origin in first.values())
    name = _name(table, origins)
    if own_words:
        message = f"{name}: expected one {field}, got {got}; the first is published"
        return Issue("merge-rewording", message, places, "warning", ids=_ids(key, origins))
    message = (
        f"{name}: expected one value for {field} under one key, got {got}; correct one of "
        "them, or decide it in the registry"
    )
    return Issue("merge-conflict", message, places, ids=_ids(key, origins))


def member(table: Table, field: str) -> str:
    """The path in an annotated item of the member that gives a column."""
    if table.name == "incidents" and field in _IN_LOCATION:
        return f"location/{field}"
    return _MEMBERS.get(field, field)
