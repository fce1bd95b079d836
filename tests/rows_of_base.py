"""Changes to the published rows of `tests/bad/base.json`, which go by names, for tests of rules.

A case is a rule, changes that break it, and the nearest changes that do not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from changed import Row

from dateline.schema import load_codebook

Tables = dict[str, list[Row]]
Change = Callable[[Tables], None]
Cases = dict[str, tuple[str, list[Change], list[Change]]]

WHERE: dict[str, tuple[str, str, str]] = {
    "army": ("actors", "name", "Army of Sade"),
    "mayor": ("actors", "name", "mayor of Orra"),
    "trader": ("actors", "name", "trader in Orra"),
    "dead": ("actors", "name", "people killed at the market of Orra"),
    "shelling": ("incidents", "title", "Shells on the market of Orra"),
    "initiator": ("participants", "role", "initiator"),
    "victim": ("participants", "role", "victim"),
    "toll": ("casualties", "harm_type", "killed"),
    "said": ("statements", "topic", "incident_account"),
    "fled": ("statements", "paraphrase", "A trader tells of the flight."),
    "blamed": ("statements", "paraphrase", "The mayor blames the army for three deaths."),
    "article": ("articles", "article_key", "orra-market"),
}


def row(tables: Tables, name: str) -> Row:
    table, column, value = WHERE[name]
    return next(row for row in tables[table] if row[column] == value)


def resolved(tables: Tables, values: Mapping[str, Any]) -> Row:
    """The values, `@name` replaced by the primary key of that row."""
    return {
        column: key_of(tables, value[1:]) if str(value).startswith("@") else value
        for column, value in values.items()
    }


def key_of(tables: Tables, name: str) -> Any:
    table = WHERE[name][0]
    return row(tables, name)[load_codebook().tables[table].primary_key]


def put(name: str, /, **values: Any) -> Change:
    """Sets columns of a row."""
    return lambda tables: row(tables, name).update(resolved(tables, values))


def add(key: str, like: str, /, **values: Any) -> Change:
    """Adds a row like another one, with a key of its own."""

    def change(tables: Tables) -> None:
        table = WHERE[like][0]
        column = load_codebook().tables[table].primary_key
        tables[table].append({**row(tables, like), **resolved(tables, values), column: key})

    return change


def drop(table: str) -> Change:
    """Takes all rows of a table away."""
    return lambda tables: tables[table].clear()


def by_import(tables: Tables) -> None:
    for evidence in tables["evidence"]:
        evidence["method"] = "import"


def exactly(count: int, **values: Any) -> Row:
    return dict.fromkeys(("count_low", "count_best", "count_high"), count) | values


def counts(low: int | None, best: int | None, high: int | None, quantifier: str) -> Row:
    return {"count_low": low, "count_best": best, "count_high": high, "quantifier": quantifier}


SECOND_ARTICLE = add("art_second", "article", article_key="orra-second", publisher="Sade Times")
