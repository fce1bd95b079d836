"""Fields of items from the attributes of marks, as a mapping says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from dateline.build.formats.mapping import Rule, holds
from dateline.build.formats.source import Values
from dateline.schema import Codebook, load_codebook


@dataclass
class Given:
    """The fields that values give an item; which attributes were `used`; values without a rule.

    `refused` has the attribute and a value that says that there is no such item.
    """

    fields: dict[str, Any] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    unknown: list[tuple[str, str]] = field(default_factory=list)
    refused: tuple[str, str] | None = None


def given(rules: Rule, values: Values, target: str | None = None) -> Given:
    """The fields that these rules give for the attributes of a mark, or of a link and its ends.

    `target` is the id of the item at the other end of a link.
    """
    result = Given()
    for name, rule in rules.items():
        if not isinstance(rule, dict):
            result.fields[name] = rule
        elif holds(rule, values):
            _give(result, name, rule, values, target)
    return result


def _give(result: Given, name: str, rule: Rule, values: Values, target: str | None) -> None:
    source = rule["from"]
    if source == "@target":
        if target is not None:
            result.fields[name] = target
        return
    if _types().get(name) == "array":
        if values.get(source):
            result.used.add(source)
            result.fields[name] = list(dict.fromkeys(values[source]))
        return
    for value in values.get(source, ())[:1]:
        result.used.add(source)
        coded, is_known = _coded(rule, value)
        if not is_known:
            result.unknown.append((source, value))
        elif coded is None:
            result.refused = (source, value)
        else:
            result.fields[name] = _typed(name, coded)


def _coded(rule: Rule, value: str) -> tuple[Any, bool]:
    if "values" in rule:
        return rule["values"].get(value), value in rule["values"]
    if "label_of" in rule:
        codes = _codes(rule["label_of"])
        return codes.get(value.casefold()), value.casefold() in codes
    return value, True


@cache
def _codes(vocabulary: str) -> Mapping[str, str]:
    """The codes of a vocabulary by label and by themselves, without case."""
    found = load_codebook(None).vocabularies[vocabulary]
    labels = found.column("label")
    names = {value: value for value in found.values}
    return {key.casefold(): value for value in names for key in (labels[value], value)}


@cache
def _types() -> Mapping[str, str]:
    book: Codebook = load_codebook(None)
    return {f.name: f.type for table in book.tables.values() for f in table.fields}


def _typed(name: str, value: Any) -> Any:
    """A value as the field has it: a number or a truth value of the words for one."""
    kind = _types().get(name.rpartition(".")[2])
    if not isinstance(value, str):
        return value
    if kind == "integer" and value.lstrip("-").isdecimal():
        return int(value)
    if kind == "number":
        try:
            return float(value)
        except ValueError:
            return value
    if kind == "boolean" and value in ("true", "false"):
        return value == "true"
    return value
