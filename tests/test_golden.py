"""Each rule by a small input that breaks it and nothing else, and every word printed about it.

A folder in `tests/bad` has a rule's name; `report.txt` is what `dateline validate .` prints in it.
"""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dateline.cli import main
from dateline.schema import load_rules

BAD = Path(__file__).parent / "bad"
FOLDERS = sorted(path.name for path in BAD.iterdir() if path.is_dir())
# Rules that validating articles and projects never reports, and who tests them.
ELSEWHERE = {
    "descriptor-invalid": "test_package.py: found when a package is written",
    "project-missing": "test_broken.py: only a build warns of it",
}
# Of built packages, by their prefix: test_verify.py damages one for each.
PACKAGE_RULES = "package-"


def validated(folder: Path, monkeypatch: pytest.MonkeyPatch, *options: str) -> Result:
    """What `dateline validate .` does in a folder."""
    monkeypatch.chdir(folder)
    return CliRunner().invoke(main, ["validate", ".", "--jobs", "1", *options])


def reported(report: str) -> set[str]:
    """The ids of the rules in a report: the second column of its lines that are not indented."""
    lines = [line for line in report.splitlines() if not line.startswith(" ")]
    return {line.split("  ")[1] for line in lines if "  " in line}


@pytest.mark.parametrize("rule", FOLDERS)
def test_a_bad_input_is_reported_word_by_word(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    result = validated(BAD / rule, monkeypatch)
    assert result.stdout == (BAD / rule / "report.txt").read_text("utf-8")
    assert reported(result.stdout) == {rule}
    assert result.exit_code == (1 if load_rules()[rule]["severity"] == "error" else 0)


@pytest.mark.parametrize("rule", FOLDERS)
def test_every_line_says_where_and_what_is_expected(rule: str) -> None:
    lines = (BAD / rule / "report.txt").read_text("utf-8").splitlines()
    for line in (line for line in lines if "  " in line and not line.startswith(" ")):
        place, _, message = line.split("  ", 2)
        assert (BAD / rule / place.partition(":")[0]).is_file()
        assert "expected " in message
        assert "got" in message


def test_every_rule_has_a_folder_or_is_tested_elsewhere() -> None:
    rules = {rule for rule in load_rules() if not rule.startswith(PACKAGE_RULES)}
    assert set(FOLDERS) == rules - ELSEWHERE.keys()
    assert ELSEWHERE.keys() <= rules


def test_warnings_fail_only_where_they_are_asked_to(monkeypatch: pytest.MonkeyPatch) -> None:
    warnings = [rule for rule in FOLDERS if load_rules()[rule]["severity"] == "warning"]
    assert warnings
    for rule in warnings:
        assert validated(BAD / rule, monkeypatch).exit_code == 0
        assert validated(BAD / rule, monkeypatch, "--strict").exit_code == 1


def test_the_base_of_them_all_is_valid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(BAD / "base.json", tmp_path)
    result = validated(tmp_path, monkeypatch, "--strict")
    assert (result.exit_code, result.output) == (0, ".: valid\n")
