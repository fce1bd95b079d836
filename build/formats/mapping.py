"""Mappings: files that say what the labels of a format mean, checked against their schema."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from dateline.build.formats.files import decoded, parsed
from dateline.build.formats.source import Unreadable, Values
from dateline.build.issues import InvalidInput, Place, did_you_mean, shown
from dateline.schema import FOLDER, load_codebook, read_json

_SHIPPED = FOLDER / "mappings"
_REMEDY = "; `dateline import --describe` prints a mapping to begin with"
Rule = Mapping[str, Any]


@dataclass(frozen=True)
class MappingFile:
    """What a mapping says: rules of marks by label, and how marks and links are tied first.

    `no_ids` are values that tie nothing.
    """

    marks: Mapping[str, Sequence[Rule]]
    same: frozenset[str] = frozenset()
    joins: tuple[Rule, ...] = ()
    unite: Mapping[str, str] = field(default_factory=dict)
    no_ids: frozenset[str] = frozenset()


def shipped() -> list[str]:
    """The names of the mappings that come with the product."""
    return sorted(path.stem for path in _SHIPPED.glob("*.json"))


def load_mapping(source: str | Path) -> MappingFile:
    """The mapping of a file, or a shipped one by its name.

    Raises InvalidInput where the file is no JSON or does not keep to the schema.
    """
    path = source if isinstance(source, Path) else _SHIPPED / f"{source}.json"
    try:
        content = parsed(decoded(path))
    except Unreadable as error:
        raise InvalidInput(f"{Place(str(path), error.line)}: {error}") from None
    validator = Draft202012Validator(read_json("mapping.schema.json"))
    fault = best_match(validator.iter_errors(content))
    if fault is not None:
        pointer = "".join(f"/{part}" for part in fault.absolute_path)
        message = _worded(fault)
        raise InvalidInput(f"{path}: {pointer or 'the whole'}: {message}")
    known = load_codebook(None).vocabularies
    for name in _vocabularies(content["marks"]):
        if name not in known:
            raise InvalidInput(f"{path}: label_of: {_one_of(sorted(known), name)}")
    marks = {label: _listed(rules) for label, rules in content["marks"].items()}
    return MappingFile(
        marks,
        frozenset(content.get("same", ())),
        tuple(content.get("joins", ())),
        content.get("unite", {}),
        frozenset(content.get("no_ids", ())),
    )


def _worded(error: Any) -> str:
    """What the schema expected, what came, the remedy."""
    given, kind, limit = error.instance, error.validator, error.validator_value
    if not isinstance(given, dict) and kind == "oneOf":
        return f"expected object, got {shown(given)}{_REMEDY}"
    known = error.schema.get("properties", {})
    if kind in ("additionalProperties", "oneOf") and not given.keys() <= known.keys():
        return _one_of(known, next(key for key in given if key not in known))
    if kind == "enum":
        return _one_of([each for each in limit if each is not None], given)
    if kind == "oneOf":
        # A rule of marks: the only place of the schema where one thing excludes another.
        return f"expected either makes or skip, got {'both' if 'skip' in given else 'neither'}"
    if kind in ("type", "const"):
        expected = " or ".join(limit) if isinstance(limit, list) else limit
        return f"expected {expected}, got {shown(given)}{_REMEDY}"
    if kind == "pattern":
        return f"expected the name of a field, such as location.country_code; got {shown(given)}"
    return f"{error.message[:200]}{_REMEDY}"


def _one_of(known: Iterable[str], given: object) -> str:
    hint = did_you_mean(given, known) if isinstance(given, str) else ""
    return f"expected one of {', '.join(known)}; got {shown(given)}{hint}"


def _vocabularies(content: Any) -> Iterator[str]:
    """The vocabularies that a part of a mapping names."""
    parts = content.items() if isinstance(content, dict) else enumerate(content)
    for name, each in parts:
        if name == "label_of" and isinstance(each, str):
            yield each
        elif isinstance(each, dict | list):
            yield from _vocabularies(each)


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
