"""The labels of a table against the fields of its schema, and which column is whose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dateline.build.issues import did_you_mean, shown
from dateline.build.standard.blocks import Head
from dateline.build.standard.model import Dialect, Field, Schema


@dataclass(frozen=True)
class Wrong:
    """A broken rule of the header: in a label's column (from 0) or of a field, -1 for neither."""

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
    labels: tuple[str, ...], schema: Schema | None, dialect: Dialect, blank: bool = False
) -> Header:
    """The labels compared with the schema; without labels the fields stand in their order.

    `blank` says that there is a line for them, and nothing on it.
    """
    if schema is None:
        return Header(labels, tuple(_untyped(label) for label in labels), ())
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
    for name in names[len(labels) :]:
        wrong.append(_missing(name, labels))
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
    if not label:
        yield Wrong("blank-label", at, name, label, f"expected the label {name}, got none")
    elif label in labels[:at]:
        words = f"expected the label {name}, got {shown(label)} a second time"
        yield Wrong("duplicate-label", at, name, label, words)
    elif label != name:
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
        return words
    return f"{words}; rename the column{did_you_mean(label, names).replace('; did', ': did')}"


def _folded(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _extra(at: int, label: str, names: list[str]) -> Wrong:
    words = f"expected {len(names)} columns, got another one with the label {shown(label)}"
    return Wrong("extra-label", at, "", label, f"{words}; remove it, or add a field to the schema")


def _missing(name: str, labels: tuple[str, ...]) -> Wrong:
    words = f"expected a column with the label {name}, got none"
    near = did_you_mean(name, labels)
    return Wrong("missing-label", -1, name, "", words + near.replace("you mean", "it become"))


def _by_name(labels: tuple[str, ...], schema: Schema) -> Header:
    fields = {field.name: field for field in schema.fields}
    names, match = list(fields), schema.fields_match
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
    for name, field in fields.items():
        needed = field.required or name in schema.primary_key
        if name not in labels and (match not in ("superset", "partial") or needed):
            wrong.append(_missing(name, labels))
    columns = [fields.get(label) or _untyped(label) for label in labels]
    ambiguous = any(item.rule == "duplicate-label" for item in wrong)
    return Header(labels, tuple(columns), tuple(wrong), hopeless=ambiguous)
