"""Fields of items from the attributes of marks, as a mapping says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from math import isfinite
from typing import Any

from dateline.build.formats.mapping import Rule, holds
from dateline.build.formats.source import Values
from dateline.schema import Codebook, load_codebook

# As many digits as JSON's integers are sure to keep.
_INTEGER = re.compile(r"-?[0-9]{1,18}")


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
    said = tuple(dict.fromkeys(values.get(source, ())))
    is_list = _types().get(name) == "array"
    if is_list or len(said) == 1:
        # What says more than a field takes stays as it is.
        result.used.add(source)
    found = [
        _typed(name, coded)
        for value in (said if is_list else said[:1])
        if (coded := _coded(result, rule, value)) is not None
    ]
    if found:
        result.fields[name] = found if is_list else found[0]


def _coded(result: Given, rule: Rule, value: str) -> Any:
    """The code of a value, null where it has none, which is noted."""
    if "values" in rule:
        codes, key = rule["values"], value
    elif "label_of" in rule:
        codes, key = _codes(rule["label_of"]), value.casefold()
    else:
        return value
    if key not in codes:
        result.unknown.append((rule["from"], value))
    elif codes[key] is None:
        result.refused = (rule["from"], value)
    return codes.get(key)


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
    if kind == "integer" and _INTEGER.fullmatch(value):
        return int(value)
    if kind == "number":
        with suppress(ValueError):
            return float(value) if isfinite(float(value)) else value
    if kind == "boolean" and value in ("true", "false"):
        return value == "true"
    return value
