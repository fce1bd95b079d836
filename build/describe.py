"""What the data and the rules are, for people and for programs: `schema` and `explain`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dateline.build.issues import UsageError, did_you_mean
from dateline.build.project import load_project
from dateline.schema import LEDGER, Field, Table, load_codebook, load_compatibility, load_rules
from dateline.schema.arrow import arrow_schema


@dataclass(frozen=True)
class Answer:
    """An answer as text and as JSON values."""

    text: str
    values: Any


def describe(name: str | None, form: str, project: Path | None) -> Answer:
    """The definition of one table, or of all, in one of the forms of the `schema` command."""
    codebook = load_codebook(_codebook(project))
    known = {**codebook.tables, LEDGER: codebook.ledger}
    if name is not None and name not in known:
        hint = did_you_mean(name, known)
        raise UsageError(f"expected one of {', '.join(known)}, got {name}{hint}")
    tables = [known[name]] if name else list(known.values())
    if form == "json-schema":
        return _json(codebook.article_schema)
    if form == "table-schema":
        schemas = {table.name: table.descriptor for table in tables}
        return _json(schemas[name] if name else schemas)
    written = "\n\n".join(_FORMS[form](table) for table in tables)
    return Answer(written, written)


def _codebook(project: Path | None) -> Path | None:
    if project is None:
        return None
    loaded, issues = load_project(project)
    if loaded is None:
        raise UsageError(issues[0].message)
    return loaded.settings.codebook


def _json(values: Any) -> Answer:
    return Answer(json.dumps(values, ensure_ascii=False, indent=2), values)


def _table(table: Table) -> str:
    rows = [(field.name, kind(field), _notes(field, table)) for field in table.fields]
    widths = [max(len(row[i]) for row in rows) for i in (0, 1)]
    lines = [f"{a:<{widths[0]}}  {b:<{widths[1]}}  {c}".rstrip() for a, b, c in rows]
    return "\n".join([f"{table.name}: {table.title}", *(f"  {line}" for line in lines)])


def kind(field: Field) -> str:
    """The type of a column as people read it: its vocabulary, or its Table Schema type."""
    return f"{field.vocabulary} (vocabulary)" if field.vocabulary else field.type


def _notes(field: Field, table: Table) -> str:
    target = {key.field: f"-> {key.table}.{key.reference}" for key in table.foreign_keys}
    constraints = field.descriptor.get("constraints", {})
    notes = [
        "primary key" if field.name == table.primary_key else "",
        "required" if field.required and field.name != table.primary_key else "",
        "unique" if constraints.get("unique") else "",
        target.get(field.name, ""),
        *(
            f"{name} {constraints[name]}"
            for name in ("minimum", "maximum", "maxLength", "pattern")
            if name in constraints and not constraints.get("pattern", "").startswith(_ID)
        ),
        str(field.descriptor.get("dateline:unit", "")),
    ]
    return ", ".join(note for note in notes if note)


# Patterns of ids say no more than their names.
_ID = ("^art_", "^act_", "^inc_", "^stm_", "^par_", "^cas_", "^evd_", "^chg_", "^(art|")


def _arrow(table: Table) -> str:
    lines = [
        f"  {f.name}: {f.type}{'' if f.nullable else ' not null'}" for f in arrow_schema(table)
    ]
    return "\n".join([table.name, *lines])


# The types of SQL by those of Arrow, as PostgreSQL and DuckDB know them.
SQL_TYPES = {
    "string": "VARCHAR",
    "int16": "SMALLINT",
    "int32": "INTEGER",
    "int64": "BIGINT",
    "float": "REAL",
    "double": "DOUBLE PRECISION",
    "bool": "BOOLEAN",
    "date32[day]": "DATE",
    "timestamp[us, tz=UTC]": "TIMESTAMP WITH TIME ZONE",
    "list<item: string>": "VARCHAR[]",
    "list<element: string>": "VARCHAR[]",
}


def _sql(table: Table) -> str:
    types = {field.name: SQL_TYPES[str(field.type)] for field in arrow_schema(table)}
    lines = [
        f'"{field.name}" {types[field.name]}{" NOT NULL" if field.required else ""}'
        for field in table.fields
    ]
    lines.append(f'PRIMARY KEY ("{table.primary_key}")')
    lines += [
        f'FOREIGN KEY ("{key.field}") REFERENCES "{key.table}" ("{key.reference}")'
        for key in table.foreign_keys
    ]
    return f'CREATE TABLE "{table.name}" (\n  ' + ",\n  ".join(lines) + "\n);"


def markdown(table: Table) -> str:
    """A section of a page: what a table is, and a row for each of its columns."""
    rows = [
        f"| `{field.name}` | {kind(field)} | {'yes' if field.required else ''} | "
        f"{field.descriptor.get('description', '')} |"
        for field in table.fields
    ]
    head = ["| column | type | required | meaning |", "|---|---|---|---|"]
    return "\n".join([f"## {table.name}", "", table.description, "", *head, *rows])


_FORMS: dict[str, Callable[[Table], str]] = {
    "table": _table,
    "arrow": _arrow,
    "sql": _sql,
    "markdown": markdown,
}


def explain(rule: str | None, form: str = "text") -> Answer:
    """What a rule means, with examples; without one, a line for each.

    In the form `markdown`, all that is known of all rules, or of the one. The rules of
    compatibility, which say what a change asks of a version, stand behind those of validity; the
    page of all rules leaves them out.
    """
    rules, changes = load_rules(), load_compatibility()
    if rule is None and form == "markdown":
        page = "\n\n".join(["# Rules", *map(_section, rules.values())])
        return Answer(page, {"rules": list(rules.values())})
    known = {**rules, **changes}
    if rule is None:
        width = max(map(len, known))
        lines = [f"{name:<{width}}  {entry['title']}" for name, entry in known.items()]
        values = {"rules": list(rules.values()), "compatibility": list(changes.values())}
        return Answer("\n".join(lines), values)
    if rule not in known:
        raise UsageError(f"no rule is called {rule}{did_you_mean(rule, known)}")
    entry = known[rule]
    return Answer(_section(entry) if form == "markdown" else "\n".join(_explained(entry)), entry)


def _section(entry: dict[str, Any]) -> str:
    """What is known of one rule, as a section of a page."""
    return "\n".join(
        [
            f"## {entry['id']}",
            "",
            f"{_weight(entry)} {entry['title']} {entry['why']}",
            "",
            f"What to do: {entry['remedy']}",
            "",
            "```text",
            f"bad:  {_example(entry['bad'])}",
            f"good: {_example(entry['good'])}",
            "```",
        ]
    )


def _weight(entry: dict[str, Any]) -> str:
    """How grave it is to break a rule, or how far a version goes up for it, as a sentence."""
    if "exact" in entry:
        return f"{_levels(entry).capitalize()}."
    number = f", {entry['number']} in the data model" if entry["number"] else ""
    return f"{entry['severity'].capitalize()}{number}."


def _levels(entry: dict[str, Any]) -> str:
    told = _level(entry)
    if "unless" in entry:
        told += f"; {_level(entry['unless'])} where {entry['unless']['when']}"
    return told


def _level(entry: dict[str, Any]) -> str:
    exact, by_name = entry["exact"], entry["by-name"]
    return exact if exact == by_name else f"{exact}, under by-name {by_name}"


def _explained(entry: dict[str, Any]) -> Iterable[str]:
    yield f"{entry['id']} ({_levels(entry) if 'exact' in entry else entry['severity']})"
    yield entry["title"]
    yield ""
    yield f"Why: {entry['why']}"
    yield f"What to do: {entry['remedy']}"
    for name in ("bad", "good"):
        yield ""
        yield f"{name}:"
        yield from (f"  {line}" for line in _example(entry[name]).split("\n"))


def _example(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
