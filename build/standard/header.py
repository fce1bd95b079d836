"""The labels of a table against the fields of its schema, and which column is whose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dateline.build.issues import did_you_mean, shown
from dateline.build.standard.blocks import Head
from dateline.build.standard.model import Dialect, Field, Schema


@dataclass(frozen=True)
class Wrong:
    """A broken rule of the header, in a column (from 0; -1: in none) and of a field ("": of none).

    Columns that are missing stand after the last label.
    """

    rule: str
    column: int
    field: str
    label: str | None
    message: str


@dataclass(frozen=True)
class Header:
    """The labels as read, the fields of the columns in the file's order, and what is wrong.

    `hopeless` says that judging cells by these fields would only repeat it.
    """

    labels: tuple[str, ...]
    fields: tuple[Field, ...]
    wrong: tuple[Wrong, ...]
    hopeless: bool = False


_BLANK = Wrong(
    "blank-header",
    -1,
    "",
    None,
    "expected the labels of the columns, got an empty line; write the names of the fields there",
)


def labels_of(head: Head, dialect: Dialect) -> tuple[str, ...]:
    """The labels of the header's rows, those of several rows joined; empty without a header."""
    labels: list[str] = []
    before: dict[int, str] = {}
    for number in sorted(head.rows):
        for at, cell in enumerate(head.rows[number].cells):
            label = cell.strip()
            if before.get(at) == label:
                continue
            before[at] = label
            if at >= len(labels):
                labels.append(label)
            else:
                labels[at] = dialect.header_join.join([labels[at], label])
    return tuple(labels)


def header(
    labels: tuple[str, ...],
    schema: Schema | None,
    dialect: Dialect,
    blank: bool = False,
    width: int = 0,
) -> Header:
    """The labels compared with the schema; without labels the fields stand in their order.

    `blank` says that there is a line for them, and nothing on it; `width` is the number of columns
    where neither labels nor a schema name them.
    """
    if schema is None and not labels:
        return Header((), tuple(_untyped(f"field{n}") for n in range(1, width + 1)), ())
    if schema is None:
        return Header(labels, _distinct([_untyped(label) for label in labels]), _unnamed(labels))
    if not labels:
        return Header(labels, schema.fields, (_BLANK,) if blank else ())
    other = _other_delimiter(labels, schema, dialect)
    if other is not None:
        return Header(labels, (), (other,), hopeless=True)
    if schema.fields_match == "exact":
        return _by_order(labels, schema)
    return _by_name(labels, schema)


def _untyped(name: str) -> Field:
    return Field(name, "any", "default", frozenset({""}), {"name": name}, "")


def _other_delimiter(labels: tuple[str, ...], schema: Schema, dialect: Dialect) -> Wrong | None:
    """A header that another delimiter would cut into the schema's fields."""
    if len(labels) != 1 or len(schema.fields) < 2:
        return None
    names = {field.name for field in schema.fields}
    for mark in (";", "\t", "|", ","):
        cut = [label.strip().strip('"') for label in labels[0].split(mark)]
        if mark != dialect.delimiter and len(cut) > 1 and len(names & set(cut)) * 2 >= len(names):
            name = "a tab" if mark == "\t" else f'"{mark}"'
            declared = "\\t" if mark == "\t" else mark
            words = (
                f'expected cells with "{dialect.delimiter}" between, got {name} between; save the '
                f'file with "{dialect.delimiter}", or declare "dialect": {{"delimiter": '
                f'"{declared}"}}'
            )
            return Wrong("incorrect-label", 0, schema.fields[0].name, labels[0], words)
    return None


def _by_order(labels: tuple[str, ...], schema: Schema) -> Header:
    wrong: list[Wrong] = []
    fields = list(schema.fields[: len(labels)])
    names = [field.name for field in schema.fields]
    for at, label in enumerate(labels[len(names) :], len(names)):
        wrong.append(_extra(at, label, names))
        fields.append(_untyped(label))
    for at, name in enumerate(names[len(labels) :], len(labels)):
        wrong.append(_missing(at, name, labels, names))
    for at, (label, name) in enumerate(zip(labels, names, strict=False)):
        wrong += _label(at, label, name, labels, names)
    return Header(labels, _distinct(fields), tuple(wrong))


def _distinct(fields: list[Field]) -> tuple[Field, ...]:
    """The fields, those of extra labels under a name that no other has."""
    seen: set[str] = set()
    result = []
    for field in fields:
        name, number = field.name, 2
        while name in seen and not field.pointer:
            name, number = f"{field.name}{number}", number + 1
        seen.add(name)
        result.append(field if name == field.name else _untyped(name))
    return tuple(result)


def _label(
    at: int, label: str, name: str, labels: tuple[str, ...], names: list[str]
) -> Iterator[Wrong]:
    if label == name:
        return
    if not label:
        yield Wrong("blank-label", at, name, label, f"expected the label {name}, got none")
    elif label in labels[:at]:
        words = f"expected the label {name}, got {shown(label)} a second time"
        yield Wrong("duplicate-label", at, name, label, words)
    else:
        yield Wrong("incorrect-label", at, name, label, _renamed(label, name, labels, names))


def _renamed(label: str, name: str, labels: tuple[str, ...], names: list[str]) -> str:
    words = f"expected the label {name}, got {shown(label)}"
    if _folded(label) == _folded(name):
        return f"{words}; it differs in case or spaces: write {name}"
    if label in names:
        if sorted(labels) == sorted(names):
            words += (
                '; put the columns in the order of the schema, or declare "fieldsMatch": "equal"'
            )
        elif absent := [other for other in names if other not in labels]:
            words += f"; is the column {absent[0]} missing?"
        return words
    return f"{words}; rename the column{did_you_mean(label, names).replace('; did', ': did')}"


def _folded(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _extra(at: int, label: str, names: list[str]) -> Wrong:
    words = f"expected {len(names)} columns, got another one with the label {shown(label)}"
    return Wrong("extra-label", at, "", label, f"{words}; remove it, or add a field to the schema")


def _missing(at: int, name: str, labels: tuple[str, ...], names: list[str]) -> Wrong:
    words = f"expected a column with the label {name}, got none"
    if name in labels:
        words = f"expected {len(names)} columns, {name} the last of them, got {len(labels)}"
    near = did_you_mean(name, [label for label in labels if label not in names])
    return Wrong("missing-label", at, name, "", words + near.replace("you mean", "it become"))


def _unnamed(labels: tuple[str, ...]) -> tuple[Wrong, ...]:
    """The labels of a table without a schema that name no column, or another one too."""
    wrong = []
    for at, label in enumerate(labels):
        if not label:
            words = f"expected a label of column {at + 1}, got none; name the column"
            wrong.append(Wrong("blank-label", at, "", label, words))
        elif label in labels[:at]:
            words = f"expected each label once, got {shown(label)} again; rename one"
            wrong.append(Wrong("duplicate-label", at, label, label, words))
    return tuple(wrong)


def _by_name(labels: tuple[str, ...], schema: Schema) -> Header:
    fields = {field.name: field for field in reversed(schema.fields)}
    names = list(dict.fromkeys(field.name for field in schema.fields))
    match = schema.fields_match
    wrong = [
        Wrong(
            "duplicate-label",
            at,
            label,
            label,
            f"expected each label once, got {shown(label)} a second time; rename or remove one",
        )
        for at, label in enumerate(labels)
        if label in labels[:at]
    ]
    if match not in ("subset", "partial"):
        unknown = [(at, label) for at, label in enumerate(labels) if label not in fields]
        wrong += [
            Wrong(
                "extra-label",
                at,
                "",
                label,
                f"expected one of the schema's fields, got {shown(label)}; remove the column, or "
                f"add a field{did_you_mean(label, names)}",
            )
            for at, label in unknown
        ]
    if match == "partial" and fields and not set(labels) & set(fields):
        words = "expected a label that is a field of the schema, got none"
        wrong.append(Wrong("unmatched-header", -1, "", None, words))
    absent = [name for name in names if name not in labels]
    if match in ("superset", "partial"):
        absent = [n for n in absent if fields[n].required or n in schema.primary_key]
    wrong += [_missing(at, name, labels, names) for at, name in enumerate(absent, len(labels))]
    columns = [fields.get(label) or _untyped(label) for label in labels]
    ambiguous = any(item.rule == "duplicate-label" for item in wrong)
    return Header(labels, tuple(columns), tuple(wrong), hopeless=ambiguous)
