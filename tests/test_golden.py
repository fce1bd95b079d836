"""Each rule by a small input that breaks it and nothing else, and every word printed about it.

A folder in `tests/bad` has a rule's name; `report.txt` is what `dateline validate .` prints in it.
Where a build gives the right value itself, the folder holds `changes.json` in place of articles:
changes to the tables of a package of `base.json` (or of the folder's own `articles.json`), which
`report.txt` is about.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from changed import changed_package
from click.testing import CliRunner, Result
from test_mutations import MUTATIONS

from dateline.cli import main
from dateline.schema import load_rules

BAD = Path(__file__).parent / "bad"
FOLDERS = sorted(path.name for path in BAD.iterdir() if path.is_dir())
# Rules that validating articles and projects never reports, and who tests them.
ELSEWHERE = {
    "change-cycle": "test_rules_b.py: only a release has a ledger",
    "change-id-returns": "test_rules_b.py: only a release has a ledger",
    "change-target-missing": "test_rules_b.py: only a release has a ledger",
    "affiliation-order": "test_rules_a.py: no package has affiliations yet",
    "affiliation-overlap": "test_rules_a.py: no package has affiliations yet",
    "descriptor-invalid": "test_package.py: found when a package is written",
    "incident-acled-undecided": "test_rules_a.py: only a wrong vocabulary breaks it",
    "release-reasons": "test_release.py: only a release reads them",
    "release-signature": "test_release_sealed.py: it takes keys",
    "release-sums": "test_release_sealed.py: it takes a release",
    "release-unsigned": "test_release_sealed.py: it takes a release",
    "project-missing": "test_broken.py: only a build warns of it",
    "import-annotators": "test_import_brat.py: only an import has them",
    "import-document-repeated": "test_import_json.py: only an import has them",
    "import-unit-unknown": "test_import_json.py: only an import has it",
    "import-unreadable": "test_import_brat.py: only an import has it",
    "package-limit": "test_standard_safety.py: it takes a file as large as the limit",
}
# Whose place is a file that is not there, or not in the folder.
GONE = {"scheme-error"}


Validated = Callable[..., Result]


@pytest.fixture
def validated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Validated:
    """What `dateline validate .` does with the input of a rule's folder."""

    def run(folder: Path, *options: str) -> Result:
        changes = folder / "changes.json"
        if changes.exists():
            own = folder / "articles.json"
            package = changed_package(own if own.exists() else BAD / "base.json", changes, tmp_path)
            monkeypatch.chdir(package)
        else:
            monkeypatch.chdir(folder)
        return CliRunner().invoke(main, ["validate", ".", "--jobs", "1", *options])

    return run


def reported(report: str) -> set[str]:
    """The ids of the rules in a report: the second column of its lines that are not indented."""
    lines = [line for line in report.splitlines() if not line.startswith(" ")]
    return {line.split("  ")[1] for line in lines if "  " in line}


@pytest.mark.parametrize("rule", FOLDERS)
def test_a_bad_input_is_reported_word_by_word(rule: str, validated: Validated) -> None:
    result = validated(BAD / rule)
    assert result.stdout == (BAD / rule / "report.txt").read_text("utf-8")
    assert reported(result.stdout) == {rule}
    assert result.exit_code == (1 if load_rules()[rule]["severity"] == "error" else 0)


@pytest.mark.parametrize("rule", FOLDERS)
def test_every_line_says_where_and_what_is_expected(rule: str) -> None:
    lines = (BAD / rule / "report.txt").read_text("utf-8").splitlines()
    package = (BAD / rule / "changes.json").exists()
    for line in (line for line in lines if "  " in line and not line.startswith(" ")):
        place, _, message = line.split("  ", 2)
        file = place.partition(":")[0]
        assert (
            file.startswith("data/") if package else (BAD / rule / file).is_file() or rule in GONE
        )
        assert "expected " in message
        assert "got" in message


def test_every_rule_has_a_folder_or_is_tested_elsewhere() -> None:
    damaged = {rule for _, rules in MUTATIONS.values() for rule in rules.split()}
    assert load_rules().keys() == {*FOLDERS, *ELSEWHERE, *damaged}


@pytest.mark.parametrize(
    "rule", [rule for rule in FOLDERS if load_rules()[rule]["severity"] == "warning"]
)
def test_a_warning_fails_only_where_it_is_asked_to(rule: str, validated: Validated) -> None:
    assert validated(BAD / rule, "--strict").exit_code == 1


def test_the_base_of_them_all_is_valid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(BAD / "base.json", tmp_path)
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["validate", ".", "--jobs", "1", "--strict"])
    assert (result.exit_code, result.output) == (0, ".: valid\n")


def test_the_package_of_the_base_is_valid(tmp_path: Path) -> None:
    (tmp_path / "none.json").write_text("[]")
    package = changed_package(BAD / "base.json", tmp_path / "none.json", tmp_path)
    result = CliRunner().invoke(main, ["validate", str(package), "--strict"])
    assert (result.exit_code, result.output) == (0, f"{package}: valid\n")
