"""The page on validating says what the command does: its options, forms, codes and waivers."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from dateline.cli import REPORTS, main
from dateline.schema import load_rules, read_json

ROOT = Path(__file__).parents[1]
BAD = ROOT / "tests" / "bad"
PAGE = (ROOT / "docs" / "validating.md").read_text("utf-8")
# Each block with the name in the comment before it.
BLOCKS = dict(re.findall(r"<!-- (\w+) -->\n```\w+\n(.*?)```", PAGE, re.DOTALL))


def rows(head: str) -> list[str]:
    """The first cells of the table whose head begins with a word, without their backquotes."""
    table = PAGE.partition(f"| {head} |")[2].partition("\n\n")[0]
    return [cell.strip("`") for cell in re.findall(r"^\| (.+?) \|", table, re.MULTILINE)]


def validated(monkeypatch: pytest.MonkeyPatch, folder: Path, form: str) -> Result:
    """What `dateline validate .` prints in a folder."""
    monkeypatch.chdir(folder)
    return CliRunner().invoke(main, ["validate", ".", "--jobs", "1", "--format", form])


@pytest.mark.parametrize("form", ["text", "github", "junit"])
def test_a_report_is_as_shown(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert validated(monkeypatch, BAD / "local-id-repeated", form).stdout == BLOCKS[form]


def test_the_error_of_the_json_is_as_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    report = json.loads(validated(monkeypatch, BAD / "local-id-repeated", "json").stdout)
    assert report["errors"] == [json.loads(BLOCKS["json"])]
    assert sorted(rows("key")[: len(report)]) == sorted(report)


def test_the_result_of_the_sarif_is_as_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    log = json.loads(validated(monkeypatch, BAD / "local-id-repeated", "sarif").stdout)
    (result,) = log["runs"][0]["results"]
    shown: dict[str, Any] = json.loads(BLOCKS["sarif"])
    assert shown.pop("partialFingerprints").keys() == result.pop("partialFingerprints").keys()
    assert result == shown


def test_the_waiver_shown_covers_what_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(BAD / "merge-rewording" / "articles.jsonl", tmp_path)
    (tmp_path / "datapackage.json").write_text(BLOCKS["waivers"], "utf-8")
    assert validated(monkeypatch, tmp_path, "text").stdout == BLOCKS["waived"]


def test_every_option_form_and_key_of_a_waiver_is_explained() -> None:
    options = [o for o in main.commands["validate"].params if isinstance(o, click.Option)]
    assert sorted(rows("option")) == sorted(option.opts[0] for option in options)
    assert re.findall(r"`(\w+)`", PAGE.partition("form of the report:")[2].partition("|")[0]) == [
        *REPORTS
    ]
    waiver = read_json("project.schema.json")["$defs"]["waiver"]["properties"]
    part = PAGE.partition("## Waivers")[2]
    assert re.findall(r"^\| `(\w+)` \|", part, re.MULTILINE) == list(waiver)


def test_the_rules_on_waivers_that_are_named_are_all_there_are() -> None:
    named = set(re.findall(r"`(waiver-[a-z-]+)`", PAGE))
    assert named == {rule for rule in load_rules() if rule.startswith("waiver-")}
