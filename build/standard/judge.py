"""One text judged by its field: every constraint that it breaks, in words."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import jsonschema_rs

from dateline.build.issues import did_you_mean, shown
from dateline.build.standard.model import Field
from dateline.build.standard.patterns import Pattern, TooSlow, compiled, matcher
from dateline.build.standard.remedies import remedy
from dateline.build.standard.values import native, reader

_BOUNDS: dict[str, tuple[Callable[[Any, Any], Any], str]] = {
    "minimum": (operator.ge, "at least"),
    "maximum": (operator.le, "at most"),
    "exclusiveMinimum": (operator.gt, "more than"),
    "exclusiveMaximum": (operator.lt, "less than"),
}
_KIND = {
    "integer": "a whole number",
    "date": "a date written YYYY-MM-DD",
    "time": "a time written hh:mm:ss",
    "datetime": "a time written YYYY-MM-DDThh:mm:ss",
    "year": "a year written YYYY",
    "yearmonth": "a month written YYYY-MM",
    "duration": "a duration such as P1DT12H",
    "object": "a JSON object",
    "array": "a JSON array",
    "number": "a number",
    "geojson": "GeoJSON",
    "any": "a value",
}


@dataclass(frozen=True)
class Problem:
    """A rule that a text breaks, what is expected instead, and what to do ("" or "; ...")."""

    rule: str
    expected: str
    remedy: str = ""


Check = Callable[[str, Any], Problem | None]


@dataclass(frozen=True)
class Judge:
    """What is asked of the values of one field that are not null.

    `read` returns the value of a text, null where it is of another type; `problems` are faults of
    the constraints themselves.
    """

    field: Field
    read: Callable[[str], Any]
    checks: tuple[Check, ...]
    pattern: Pattern | None
    problems: tuple[str, ...]

    def problems_of(self, text: str) -> tuple[Problem, ...]:
        """Every rule that a text breaks; none where it is valid."""
        value = self.read(text)
        if value is None:
            return (Problem("type-error", expected_type(self.field), remedy(self.field, text)),)
        return self.problems_of_value(text, value)

    def problems_of_value(self, text: str, value: Any) -> tuple[Problem, ...]:
        """Every constraint that a value of the right type breaks, `text` being how it is shown."""
        found = (check(text, value) for check in self.checks)
        return tuple(problem for problem in found if problem is not None)


def judge(field: Field) -> Judge:
    """The judge of a field, made once for all its cells."""
    read = reader(field)
    faults: list[str] = []
    pattern = _pattern(field, faults)
    checks = [*_lengths(field), *_bounds(field, read, faults), *_sets(field, read)]
    if pattern is not None:
        checks.append(_like(pattern))
    checks += _json_schema(field, faults)
    return Judge(field, read, tuple(checks), pattern, tuple(faults))


def expected_type(field: Field) -> str:
    """What a field's type and format ask for, in words."""
    if field.type in ("date", "time", "datetime") and field.format != "default":
        return f"a {field.type}" if field.format == "any" else f"a {field.type} like {field.format}"
    if field.type == "boolean":
        true = field.descriptor.get("trueValues", ["true", "1"])
        false = field.descriptor.get("falseValues", ["false", "0"])
        return "one of " + ", ".join([*true, *false])
    if field.type == "list":
        item = field.descriptor.get("itemType", "string")
        return f"a list of {item} with {shown(field.descriptor.get('delimiter') or ',')} between"
    if field.type == "string":
        return {"binary": "base64", "default": "text"}.get(field.format, f"a valid {field.format}")
    if field.type == "geopoint":
        return {"array": "[lon, lat]", "object": '{"lon": ..., "lat": ...}'}.get(
            field.format, "lon, lat"
        ) + " within 180 and 90 degrees"
    return _KIND.get(field.type, f"a {field.type}")


def _pattern(field: Field, faults: list[str]) -> Pattern | None:
    written = field.constraints.get("pattern")
    if not isinstance(written, str) or field.type != "string":
        return None
    try:
        return compiled(written)
    except ValueError as error:
        faults.append(f"expected a pattern that can be read, got {shown(written)}: {error}")
        return None


def _like(pattern: Pattern) -> Check:
    like = matcher(pattern)
    expected = f"text like {pattern.written}"
    slow = "; its pattern takes too long to compare: write it without nested repetition"

    def check(text: str, value: Any) -> Problem | None:
        try:
            return None if like(text) else Problem("constraint-error", expected)
        except TooSlow:
            return Problem("constraint-error", expected, slow)

    return check


def _lengths(field: Field) -> Iterator[Check]:
    for name, compare, words in (
        ("minLength", operator.ge, "at least"),
        ("maxLength", operator.le, "at most"),
    ):
        limit = field.constraints.get(name)
        if isinstance(limit, int) and field.type in ("string", "array", "object", "list"):
            unit = "characters" if field.type == "string" else "items"
            problem = Problem("constraint-error", f"{words} {limit} {unit}")

            def check(
                text: str,
                value: Any,
                limit: int = limit,
                compare: Callable[[int, int], bool] = compare,
                problem: Problem = problem,
            ) -> Problem | None:
                return None if compare(len(value), limit) else problem

            yield check


def _bounds(field: Field, read: Callable[[str], Any], faults: list[str]) -> Iterator[Check]:
    for name, (compare, words) in _BOUNDS.items():
        given = field.constraints.get(name)
        if given is None:
            continue
        limit = native(field, given, read)
        if limit is None:
            faults.append(f"expected {expected_type(field)} as {name}, got {shown(given)}")
            continue
        problem = Problem("constraint-error", f"{words} {given}")
        yield _bound(limit, compare, problem)


def _bound(limit: Any, compare: Callable[[Any, Any], Any], problem: Problem) -> Check:
    def check(text: str, value: Any) -> Problem | None:
        try:
            # What is not equal to itself is no number, and in no range.
            return None if value == value and compare(value, limit) else problem
        except TypeError:
            # A time with a zone is neither before nor after one without.
            return problem

    return check


def _sets(field: Field, read: Callable[[str], Any]) -> Iterator[Check]:
    for name in ("enum", "categories"):
        given = _members(field, name)
        if given is None:
            continue
        allowed = [native(field, value, read) for value in given]
        known = [str(value) for value in given]
        listed = ", ".join(known) if len(known) <= 12 else f"{len(known)} values"
        expected = f"one of {listed}" if known else "no value at all"
        yield _one_of(allowed, known, expected)


def _members(field: Field, name: str) -> list[Any] | None:
    given = field.descriptor.get(name) if name == "categories" else field.constraints.get(name)
    if not isinstance(given, list) or (name == "categories" and field.type not in _CATEGORICAL):
        return None
    labelled = name == "categories"
    return [v.get("value") if labelled and isinstance(v, dict) else v for v in given]


_CATEGORICAL = ("string", "integer")


def _one_of(allowed: list[Any], known: list[str], expected: str) -> Check:
    def check(text: str, value: Any) -> Problem | None:
        if value in allowed:
            return None
        return Problem("constraint-error", expected, did_you_mean(text, known))

    return check


def members(field: Field) -> list[str]:
    """The texts that a field's closed list of values may have in a file; empty without a list."""
    given = [*(_members(field, "enum") or []), *(_members(field, "categories") or [])]
    if field.type == "boolean":
        given += [*field.descriptor.get("trueValues", ["true", "True", "TRUE", "1"])]
        given += [*field.descriptor.get("falseValues", ["false", "False", "FALSE", "0"])]
    return list(dict.fromkeys(str(value) for value in given))


def _json_schema(field: Field, faults: list[str]) -> Iterator[Check]:
    schema = field.constraints.get("jsonSchema")
    if schema is None or field.type not in ("object", "array"):
        return
    try:
        # A stranger's schema: nothing is fetched for it, and no pattern of it runs for long.
        validator = jsonschema_rs.validator_for(
            schema, retriever=_unfetched, pattern_options=jsonschema_rs.FancyRegexOptions(10_000)
        )
    except ValueError as error:
        words = getattr(error, "message", str(error)).partition("\n")[0]
        faults.append(f"expected a JSON Schema as jsonSchema, got one where {words}")
        return

    def check(text: str, value: Any) -> Problem | None:
        error = next(validator.iter_errors(value), None)
        if error is None:
            return None
        return Problem("constraint-error", f"a value of its JSON Schema ({error.message[:80]})")

    yield check


def _unfetched(address: str) -> Any:
    raise ValueError(f"{address} is not part of it")
