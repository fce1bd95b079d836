"""Every rule that the code names is defined, completely, and no other is."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from dateline.build.check.references import REFERENCES, rule_of
from dateline.cli import main
from dateline.schema import FOLDER, load_compatibility, load_queries, load_rules

BUILD = Path(__file__).parents[1] / "build"
RULES = load_rules()
KEBAB = re.compile(r"[a-z]+(-[a-z0-9]+)+")
KEYS = ["id", "number", "severity", "title", "why", "remedy", "bad", "good"]
# `waivable` marks an error that a waiver may accept, `code` names frictionless's word for a rule.
OPTIONAL = {"code", "waivable"}
# Words of the code that look like a rule's id: formats, encodings, another tool's code, keys of
# citations.
OTHER_WORDS = {
    "cff-version",
    "date-released",
    "family-names",
    "find-principals",
    "given-names",
    "license-url",
    "ssh-keygen",
    "aria-label",
    "by-name",
    "cell-error",
    "data-error",
    "data-head",
    "date-time",
    "json-schema",
    "row-error",
    "system-out",
    "table-schema",
    "utf-16",
    "utf-16-be",
    "utf-16-le",
    "utf-8",
    "utf-8-sig",
    "code-points",
    "code-points-inclusive",
    "label-studio",
    "odc-by",
    "utf-16-inclusive",
}


def words(path: Path) -> Iterator[str]:
    """The strings of a source file that look like a rule's id."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        value = node.value if isinstance(node, ast.Constant) else None
        if isinstance(value, str) and KEBAB.fullmatch(value):
            yield value


def named() -> set[str]:
    """The ids of the rules that the build steps name, those made of a reference's name too."""
    sources = (path for path in BUILD.rglob("*.py") if "templates" not in path.parts)
    found = {word for path in sources for word in words(path)} - OTHER_WORDS
    found |= load_queries().keys()
    return found | {rule_of(table, member) for table in REFERENCES for member in REFERENCES[table]}


def test_every_rule_of_the_code_is_defined_and_no_other() -> None:
    assert sorted(named() - RULES.keys()) == []
    assert sorted(RULES.keys() - named()) == []


def test_definitions_are_sorted_and_each_id_is_there_once() -> None:
    every: list[str] = []
    for file in (FOLDER / "rules").glob("*.json"):
        ids = [rule["id"] for rule in json.loads(file.read_text("utf-8"))]
        assert ids == sorted(ids), file.name
        every += ids
    assert len(every) == len(set(every))


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_a_definition_is_complete(rule: dict[str, Any]) -> None:
    assert [key for key in rule if key not in OPTIONAL] == KEYS
    assert KEBAB.fullmatch(rule["id"])
    assert rule["severity"] in ("error", "warning")
    assert rule["number"] is None or 1 <= rule["number"] <= 74
    for key in ("title", "why", "remedy"):
        assert re.fullmatch(r"\S.{10,}\.", rule[key]), key
    for key in ("bad", "good"):
        assert rule[key], key
    assert rule["bad"] != rule["good"]


@pytest.mark.parametrize("rule", RULES)
def test_explain_says_all_about_a_rule(rule: str) -> None:
    result = CliRunner().invoke(main, ["explain", rule])
    assert result.exit_code == 0
    definition = RULES[rule]
    assert result.stdout.startswith(f"{rule} ({definition['severity']})\n{definition['title']}\n")
    assert all(definition[key] in result.stdout for key in ("why", "remedy"))
    as_json = CliRunner().invoke(main, ["explain", rule, "--json"])
    assert json.loads(as_json.stdout) == definition


def test_explain_without_a_rule_lists_all() -> None:
    result = CliRunner().invoke(main, ["explain"])
    assert result.exit_code == 0
    listed = [line.split()[0] for line in result.stdout.splitlines()]
    assert listed == [*RULES, *load_compatibility()]


@pytest.mark.parametrize("rule", load_compatibility())
def test_explain_says_what_a_change_asks_of_a_version(rule: str) -> None:
    definition = load_compatibility()[rule]
    result = CliRunner().invoke(main, ["explain", rule])
    assert result.stdout.startswith(f"{rule} ({definition['exact']}")
    assert all(definition[key] in result.stdout for key in ("title", "why", "remedy", "bad"))
    assert json.loads(CliRunner().invoke(main, ["explain", rule, "--json"]).stdout) == definition


def test_explain_suggests_the_nearest_rule_for_a_typo() -> None:
    result = CliRunner().invoke(main, ["explain", "statement-speaker-unknwon"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert 'did you mean "statement-speaker-unknown"?' in result.stderr
