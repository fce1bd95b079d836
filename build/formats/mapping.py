"""Mappings: files that say what the labels of a format mean, checked against their schema."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from dateline.build.formats.source import Values
from dateline.build.issues import InvalidInput, did_you_mean, shown
from dateline.schema import FOLDER, read_json

_SHIPPED = FOLDER / "mappings"
Rule = Mapping[str, Any]


@dataclass(frozen=True)
class MappingFile:
    """What a mapping says: rules of marks by label, and how marks and links are tied first."""

    marks: Mapping[str, Sequence[Rule]]
    same: frozenset[str] = frozenset()
    joins: tuple[Rule, ...] = ()
    unite: Mapping[str, str] = field(default_factory=dict)


def shipped() -> list[str]:
    """The names of the mappings that come with the product."""
    return sorted(path.stem for path in _SHIPPED.glob("*.json"))


def load_mapping(source: str | Path) -> MappingFile:
    """The mapping of a file, or a shipped one by its name.

    Raises InvalidInput where the file is no JSON or does not keep to the schema.
    """
    path = source if isinstance(source, Path) else _SHIPPED / f"{source}.json"
    try:
        content = json.loads(path.read_bytes())
    except ValueError as error:
        raise InvalidInput(f"{path}: expected JSON, got {error}") from None
    validator = Draft202012Validator(read_json("mapping.schema.json"))
    fault = best_match(validator.iter_errors(content))
    if fault is not None:
        pointer = "".join(f"/{part}" for part in fault.absolute_path)
        message = _worded(fault)
        raise InvalidInput(f"{path}: {pointer or 'the whole'}: {message}")
    marks = {label: _listed(rules) for label, rules in content["marks"].items()}
    return MappingFile(
        marks,
        frozenset(content.get("same", ())),
        tuple(content.get("joins", ())),
        content.get("unite", {}),
    )


def _worded(error: Any) -> str:
    if error.validator == "additionalProperties" and isinstance(error.instance, dict):
        known = error.schema.get("properties", {})
        unknown = next(key for key in error.instance if key not in known)
        hint = did_you_mean(unknown, known)
        return f"expected one of {', '.join(known)}; got {shown(unknown)}{hint}"
    return f"{error.message[:200]}; see `dateline import --describe` for a mapping to begin with"


def _listed(rules: Rule | Sequence[Rule]) -> Sequence[Rule]:
    """What may be one rule or several, as several."""
    return [rules] if isinstance(rules, Mapping) else rules


def every(rules: Mapping[str, Any], label: str, values: Values) -> Iterator[Rule]:
    """The rules for a label whose conditions hold: of its name, else of the first pattern."""
    names = [label] if label in rules else [name for name in rules if _is_like(label, name)]
    for name in names[:1]:
        yield from (rule for rule in _listed(rules[name]) if holds(rule, values))


def _is_like(label: str, pattern: str) -> bool:
    return any(fnmatchcase(label, each) for each in pattern.split("|"))


def holds(rule: Rule, values: Values) -> bool:
    """Whether the conditions of a rule hold for these values."""
    wanted = rule.get("where", {})
    return all(set(values.get(name, ())) & set(each) for name, each in wanted.items())
