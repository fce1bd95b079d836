"""Which keys a package declares, and the rows that break them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import islice

from dateline.build.issues import Cell, Place, shown
from dateline.build.standard.collected import LISTED, Collected
from dateline.build.standard.keys import Keys
from dateline.build.standard.keyvalues import kind
from dateline.build.standard.model import Field, ForeignKey, Package, Resource, Schema
from dateline.build.standard.read import Read
from dateline.build.standard.spots import Row, rows_at

# Rows that are placed at a time.
_AT_ONCE = 20_000


def key_fields(package: Package) -> dict[str, tuple[str, ...]]:
    """The fields of each resource that some key needs, by name; a label stands for a field."""
    needed: dict[str, set[str]] = {resource.name: set() for resource in package.resources}
    for resource in package.resources:
        if resource.schema is None:
            continue
        for _, names in unique_keys(resource.schema):
            needed[resource.name] |= set(names)
        for key in resource.schema.foreign_keys:
            needed[resource.name] |= set(key.fields)
            needed.setdefault(key.resource or resource.name, set()).update(key.reference)
    return {resource.name: tuple(sorted(needed[resource.name])) for resource in package.resources}


def unique_keys(schema: Schema) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The rule and the fields of every key whose values may stand in one row only."""
    if schema.primary_key:
        yield "primary-key", schema.primary_key
    for field in schema.fields:
        if field.constraints.get("unique"):
            yield "unique-error", (field.name,)
    for names in schema.unique_keys:
        yield "unique-key", names


def judge_keys(
    tables: Sequence[Resource],
    reads: dict[str, Read],
    keys: Keys,
    collected: dict[str, Collected],
    unread: Collection[str],
) -> None:
    """Add the rows that repeat a key or refer to none; `tables` are numbered as in `keys`.

    That the resources named in `unread` cannot be read has been told.
    """
    number = {resource.name: at for at, resource in enumerate(tables)}
    for resource in tables:
        schema, known = resource.schema, reads[resource.name].fields
        if schema is None:
            continue
        for rule, names in unique_keys(schema):
            if _all_in(names, known):
                rows = keys.repeated(number[resource.name], names)
                _add(rule, names, rows, resource, reads, collected[resource.name])
        for key in schema.foreign_keys:
            _foreign(key, resource, tables, reads, keys, collected, unread)


def _all_in(names: Sequence[str], known: Sequence[str] | None) -> bool:
    return bool(names) and known is not None and set(names) <= set(known)


def _by_name(resource: Resource) -> dict[str, Field]:
    """The fields by name, of those that share one the first."""
    fields = resource.schema.fields if resource.schema is not None else ()
    return {field.name: field for field in reversed(fields)}


def _foreign(
    key: ForeignKey,
    resource: Resource,
    tables: Sequence[Resource],
    reads: dict[str, Read],
    keys: Keys,
    collected: dict[str, Collected],
    unread: Collection[str],
) -> None:
    target = key.resource or resource.name
    number = {table.name: at for at, table in enumerate(tables)}
    if not _all_in(key.fields, reads[resource.name].fields) or target in unread:
        return
    if target not in reads:
        words = (
            f"expected the {', '.join(key.reference)} of {target} to compare "
            f"{', '.join(key.fields)} with, got no table; publish {target} as CSV or Parquet"
        )
        place = Place(resource.files[0].path, pointer=key.pointer)
        collected[resource.name].plain("not-checked", words, place, "warning")
        return
    known = reads[target].fields
    # Where the table could not be read, or has no such column by its schema, that has been told.
    if known is None or (
        collected[target].has("missing-label") and not _all_in(key.reference, known)
    ):
        return
    alike = _alike(key, resource, tables[number[target]])
    rows = keys.dangling(number[resource.name], key.fields, number[target], key.reference, alike)
    expected = f"{', '.join(key.reference)} of {target}"
    _add(expected, key.fields, rows, resource, reads, collected[resource.name])


def _alike(key: ForeignKey, resource: Resource, target: Resource) -> bool:
    """Whether the values of a key may be equal to those that it refers to."""
    mine, theirs = _by_name(resource), _by_name(target)
    # A table without a schema holds text, which is compared as such.
    return all(
        t not in theirs or kind(mine[m]) == kind(theirs[t])
        for m, t in zip(key.fields, key.reference, strict=True)
    )


def _add(
    rule: str,
    names: Sequence[str],
    rows: Iterator[tuple[int, ...]],
    resource: Resource,
    reads: dict[str, Read],
    collected: Collected,
) -> None:
    """Add an issue for each row; `rule` is what a foreign key expects where it is no other rule."""
    read = reads[resource.name]
    listed = 0
    while part := list(islice(rows, _AT_ONCE)):
        wanted = {row for found in part for row in found} if listed < LISTED else set()
        columns = [(read.fields or ()).index(name) for name in names]
        placed = rows_at(resource, read, columns, wanted)
        listed += len(part)
        for row, *earlier in part:
            where = placed.get(row) or Row(resource.files[0].path, 0, row + 1)
            again = placed.get(earlier[0]) if earlier else None
            _one(rule, names, columns[0], where, again, collected)


def _one(
    rule: str,
    names: Sequence[str],
    column: int,
    where: Row,
    again: Row | None,
    collected: Collected,
) -> None:
    value, what = ", ".join(map(shown, where.texts)), ", ".join(names)
    unique = rule in ("primary-key", "unique-error", "unique-key")
    if again is not None:
        other = "" if again.file == where.file else f" of {again.file}"
        words = f"{what}: expected it once, got {value} again after row {again.record}{other}"
    else:
        words = f"{what}: expected a value of {rule}, got {value}; add the row or correct it"
    single = len(names) == 1
    field = what if rule == "unique-error" else ""
    place = Place(where.file, where.line, where.column, row=where.row)
    text = where.texts[0] if single and where.texts else None
    cell = Cell(collected.resource, where.record, field, column + 1 if single else 0, text)
    collected.add(rule if unique else "foreign-key", words, place, cell)
