"""Other people's packages get the verdict of frictionless, but where the standard decides else.

The packages are not part of the repository: DATELINE_FIXTURES names a folder that holds them with
an index.json, a list of objects: `name`, `path` of the descriptor in the folder, `kind`, `expected`
(lists of resource, rowNumber, fieldNumber and type, or null). What is expected of the kind
`standard` is what the standard says; in the others it is what their origin says of frictionless.
"""

import json
import os
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import frictionless
import pytest
from click.testing import CliRunner
from differences import CASES, DESCRIPTOR, DIFFERENCES

from dateline.cli import main

FIXTURES = os.environ.get("DATELINE_FIXTURES")
_DESCRIPTOR_CODES = frozenset(
    "error package-error resource-error schema-error field-error dialect-error "
    "metadata-error".split()
)
_ROW_CODES = frozenset({"primary-key", "foreign-key", "blank-row"})

# Resource, rowNumber, fieldNumber and type, null where an error has none.
Error = tuple[str | None, int | None, int | None, str]


def cases() -> list[Any]:
    """A parameter for each case of the index, or one that says how to get them."""
    if FIXTURES is None:
        reason = "DATELINE_FIXTURES names no folder of packages with an index.json"
        return [pytest.param({}, id="none", marks=pytest.mark.skip(reason=reason))]
    index = json.loads(Path(FIXTURES, "index.json").read_bytes())
    return [pytest.param(case, id=case["name"]) for case in index]


def comparable(errors: Iterable[Error]) -> set[Error]:
    """Errors as both tools can say them."""
    found = list(errors)
    if any(kind in _DESCRIPTOR_CODES for *_, kind in found):
        return {(None, None, None, DESCRIPTOR)}
    # A row's error stands at no field, whatever a tool adds.
    return {
        (resource, row or None, None if kind in _ROW_CODES else field or None, kind)
        for resource, row, field, kind in found
    }


def errors_of(report: Any) -> set[Error]:
    """The errors of a report in frictionless's shape."""
    named = [(None, error) for error in report["errors"]]
    named += [(task["name"], error) for task in report["tasks"] for error in task["errors"]]
    return comparable(
        (name, error.get("rowNumber"), error.get("fieldNumber"), error["type"])
        for name, error in named
    )


def theirs(descriptor: Path) -> set[Error]:
    """The errors that frictionless finds."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        report = frictionless.validate(str(descriptor), type="package", limit_errors=1_000_000)
    return errors_of(report.to_descriptor())


def ours(descriptor: Path) -> set[Error]:
    """The errors that `dateline validate` finds, its exit code being that of its report."""
    result = CliRunner().invoke(main, ["validate", str(descriptor), "--json"])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    report = json.loads(result.stdout)
    assert result.exit_code == (0 if report["valid"] else 1)
    found = errors_of(report)
    assert report["valid"] is (not found)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("case", cases())
def test_the_verdict_is_that_of_frictionless_or_that_of_the_standard(case: Any) -> None:
    descriptor = Path(str(FIXTURES), case["path"])
    found, reference = ours(descriptor), theirs(descriptor)
    if case["kind"] == "standard" and case["expected"] is not None:
        assert found == comparable(map(tuple, case["expected"]))
    different = {kind for *_, kind in found ^ reference}
    if case["name"] not in CASES:
        assert found == reference
    else:
        difference = CASES[case["name"]]
        assert different, "no longer differs: take it out of the table"
        assert different <= set(DIFFERENCES[difference]), difference


def test_every_difference_is_shown_by_a_case() -> None:
    assert sorted(DIFFERENCES) == sorted(set(CASES.values()))


@pytest.mark.skipif(FIXTURES is None, reason="DATELINE_FIXTURES names no folder of packages")
def test_every_case_that_differs_is_in_the_index() -> None:
    assert set(CASES) <= {case.values[0]["name"] for case in cases()}
