"""One article's structure: is it JSON, and does it keep to the JSON Schema; if not, where and why.

What is valid is found out fast; what is not is worded after the reference implementation.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import orjson

from dateline.build.check.places import place
from dateline.build.check.syntax import is_plain, no_object, read_json, too_deep
from dateline.build.check.wording import Problem, findings
from dateline.build.issues import Issue
from dateline.build.read import Limits, Record
from dateline.schema import Codebook

if TYPE_CHECKING:
    import jsonschema


class StructureCheck:
    """Reads records and checks them against a JSON Schema; build it once a process."""

    def __init__(
        self,
        codebook: Codebook,
        nesting: int = Limits.nesting,
        schema: dict[str, Any] | None = None,
        *,
        by_reference: bool = False,
    ) -> None:
        """`schema` takes the place of the annotated article's, for other objects of a project.

        With `by_reference`, what is found valid fast is judged by the reference too.
        """
        self._schema = schema or codebook.article_schema
        self._by_reference_too = by_reference
        self._nesting = nesting
        self._fast = jsonschema_rs.Draft202012Validator(self._schema, validate_formats=True)

    def parse(self, record: Record) -> tuple[dict[str, Any] | None, list[Issue]]:
        """The object of a record, null where it has issues, and all of these."""
        data, line, issues = read_json(record, self._nesting)
        if issues:
            return None, issues
        is_valid = isinstance(data, dict) and self._fast.is_valid(data)
        if is_valid and self._by_reference_too:
            is_valid = self._reference.is_valid(data)
        # Where the schema holds, only attributes are of any depth.
        if not is_valid or b'"attributes"' in line:
            issues = too_deep(record, data, self._nesting)
        if issues or is_valid:
            return (None, issues) if issues else (data, [])
        if not isinstance(data, dict):
            return None, [no_object(record, data)]
        return None, self._explained(data, record)

    def accept(self, record: Record) -> tuple[dict[str, Any], bytes] | None:
        """An object that keeps to the schema, and its JSON on one line; null where it may not.

        The levels of nesting inside attributes are not counted.
        """
        try:
            value = orjson.loads(record.data)
            is_valid = isinstance(value, dict) and self._fast.is_valid(value)
            line = orjson.dumps(value) if is_valid else b""
        except (orjson.JSONDecodeError, orjson.JSONEncodeError):
            return None
        if not is_valid or not is_plain(record.data, line):
            return None
        # One of two that are equal is let go, so that its memory is used again.
        return value, (record.data if line == record.data else line)

    def _explained(self, data: dict[str, Any], record: Record) -> list[Issue]:
        problems = list(self._by_reference(data))
        # Some the reference lets through: a line break after what a pattern asks for.
        known = {problem.path for problem in problems}
        problems += [problem for problem in self._by_fast(data) if problem.path not in known]
        return sorted(place(findings(problems), record), key=lambda issue: issue.places)

    def _by_reference(self, data: dict[str, Any]) -> Iterator[Problem]:
        from jsonschema.exceptions import best_match

        for error in self._reference.iter_errors(data):
            cause = best_match([error]) or error
            yield Problem(
                str(cause.validator),
                cause.validator_value,
                cause.instance,
                tuple(cause.absolute_path),
                cause.schema if isinstance(cause.schema, dict) else {},
                self._columns.get(id(cause.schema), ""),
            )

    def _by_fast(self, data: dict[str, Any]) -> Iterator[Problem]:
        for error in self._fast.iter_errors(data):
            schema = self._at(error.schema_path[:-1])
            keyword = error.kind.name
            yield Problem(
                keyword,
                schema.get(keyword),
                error.instance,
                tuple(error.instance_path),
                schema,
                self._columns.get(id(schema), ""),
            )

    def _at(self, path: list[str | int]) -> dict[str, Any]:
        schema: Any = self._schema
        for part in path:
            schema = schema[part]
        return schema if isinstance(schema, dict) else {}

    @cached_property
    def _reference(self) -> jsonschema.Draft202012Validator:
        # Here: it takes a while to import, and valid articles never need it.
        import jsonschema

        return jsonschema.Draft202012Validator(
            self._schema, format_checker=jsonschema.FormatChecker()
        )

    @cached_property
    def _columns(self) -> dict[int, str]:
        return {id(schema): name for name, schema in self._schema["$defs"].items() if "." in name}
