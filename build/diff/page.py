"""A difference as one HTML page that needs nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.etree.ElementTree import Element, tostring

from dateline.build.diff.bump import is_refused
from dateline.build.diff.model import Change, ColumnDiff, Difference, TableDiff
from dateline.build.diff.shifts import shifts
from dateline.build.diff.text import bump_told, counts_told, ordered, shift_told
from dateline.build.diff.values import key_missing, level
from dateline.build.issues import printable
from dateline.schema import load_compatibility

_STYLE = Path(__file__).parent / "page.css"
Part = Element | str


def as_page(found: Difference) -> str:
    """The difference as an HTML page: the bump, its reasons, then every table that differs.

    It loads nothing, runs no script, and follows the reader's light or dark colours.
    """
    title = f"{_release(found, 0)} → {_release(found, 1)}"
    style = Element("style")
    style.text = _STYLE.read_text("utf-8")
    head = _tag(
        "head",
        _tag("meta", charset="utf-8"),
        _tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        _tag("title", f"What changed: {title}"),
        style,
    )
    differing = [table for table in found.tables if table.added or table.removed or table.changed]
    same = [table for table in found.tables if table not in differing]
    main = _tag(
        "main",
        _tag("h1", title),
        _tag("p", _arrows(bump_told(found)), class_=_weight(found)),
        *_contents(differing),
        *_reasons(found),
        *(part for table in differing for part in _table(table)),
        *_unchanged(same),
    )
    page = _tag("html", head, _tag("body", main), lang="en")
    return "<!DOCTYPE html>\n" + tostring(page, "unicode", "html") + "\n"


def _tag(tag: str, /, *parts: Part, class_: str = "", **attributes: str) -> Element:
    """An element with text and elements in it; everything that could be markup is escaped."""
    named = attributes | ({"class": class_} if class_ else {})
    made = Element(tag, {name: printable(value) for name, value in named.items()})
    for each in parts:
        if isinstance(each, Element):
            made.append(each)
        elif len(made):
            made[-1].tail = (made[-1].tail or "") + printable(each)
        else:
            made.text = (made.text or "") + printable(each)
    return made


def _release(found: Difference, side: int) -> str:
    return " ".join(filter(None, (found.names[side], found.versions[side]))) or "unnamed"


def _arrows(words: str) -> str:
    return words.replace("->", "→")


def _weight(found: Difference) -> str:
    refused = any(map(is_refused, found.changes))
    return "bump " + ("refused" if refused else found.bump.name.lower())


def _anchor(table: TableDiff) -> str:
    return f"table-{table.name}"


def _contents(tables: Sequence[TableDiff]) -> Iterator[Element]:
    if len(tables) > 1:
        links = [_tag("a", each.name, href=f"#{_anchor(each)}") for each in tables]
        yield _tag("nav", _tag("ul", *(_tag("li", each) for each in links)), **_named("Tables"))


def _named(label: str) -> dict[str, str]:
    return {"aria-label": label}


def _reasons(found: Difference) -> Iterator[Element]:
    if found.changes:
        yield _tag("h2", "Reasons for the version")
        rows = [_reason(each) for each in ordered(found)]
        yield _grid("Reasons", ("asks for", "rule", "where", "what"), rows)


def _reason(change: Change) -> list[Part]:
    place = ".".join(filter(None, (change.resource, change.field))) or "package"
    rule = _tag("abbr", change.rule, title=load_compatibility()[change.rule]["title"])
    return [
        _tag("span", level(change), class_=f"level {level(change)}"),
        rule,
        place,
        change.message,
    ]


def _grid(label: str, heads: Sequence[str], rows: Sequence[Sequence[Part]]) -> Element:
    """A table that scrolls by itself where it is wider than the page, by keyboard too."""
    head = _tag("thead", _tag("tr", *(_tag("th", each, scope="col") for each in heads)))
    grid = _tag("table", head, _tag("tbody", *(_row(heads, row) for row in rows)), role="table")
    return _tag("div", grid, class_="grid", tabindex="0", role="region", **_named(label))


def _row(heads: Sequence[str], cells: Sequence[Part]) -> Element:
    """A row, each cell with its heading: on a narrow page it is shown beside it."""
    named = zip(heads, cells, strict=True)
    made = [_tag("td", cell, role="cell", **{"data-head": head}) for head, cell in named]
    return _tag("tr", *made, role="row")


def _table(table: TableDiff) -> Iterator[Element]:
    yield _tag("h2", table.name, id=_anchor(table))
    yield _tag("p", _arrows(counts_told(table)))
    if not table.key:
        yield _tag("p", key_missing(table))
    for word, keys, count in (
        ("Added", table.added_keys, table.added),
        ("Removed", table.removed_keys, table.removed),
    ):
        if keys:
            more = [_tag("li", f"… and {count - len(keys):,} more")] if count > len(keys) else []
            items = [_tag("li", _tag("code", " / ".join(key))) for key in keys]
            yield _tag("h3", word)
            yield _tag("ul", *items, *more)
    if table.changed:
        yield _tag("h3", "Changed")
        rows = [row for column in table.columns for row in _samples(column)]
        label = f"Changed values of {table.name}"
        yield _grid(label, ("column", "rows", "key", "old", "new"), rows)
    if moved := shifts(table):
        yield _tag("h3", "Shares that moved")
        yield _tag("ul", *(_tag("li", _arrows(shift_told(each))) for each in moved))


def _samples(column: ColumnDiff) -> Iterator[list[Part]]:
    for sample in column.samples:
        name, count = _tag("strong", column.name), f"{column.changed:,}"
        key = _tag("code", " / ".join(sample.key))
        yield [name, count, key, _value(sample.old, "del"), _value(sample.new, "ins")]


def _value(value: str | None, tag: str) -> Element:
    return _tag("em", "null", class_="null") if value is None else _tag(tag, value)


def _unchanged(tables: Sequence[TableDiff]) -> Iterator[Element]:
    if tables:
        names = ", ".join(table.name for table in tables)
        yield _tag("h2", "The same rows")
        yield _tag("p", names)
