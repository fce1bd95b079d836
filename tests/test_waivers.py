"""What a project accepts with a reason: which issues it covers, where it is told, what is wrong."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from dateline.build.check.places import names
from dateline.build.issues import Issue, Place, Report
from dateline.build.waivers import PROPERTY, Waiver, waived, waivers_of
from dateline.cli import REPORTS, main

Json = dict[str, Any]

BAD = Path(__file__).parent / "bad"
REASON = "Both wordings are right; the first reads better."
# The one warning of the project: of the actor `council` of the articles a1 and a2, whose key is
# `orra-council` in both.
RULE = "merge-rewording"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose two articles describe one actor differently, its folder the current one."""
    lines = (BAD / RULE / "articles.jsonl").read_text("utf-8").splitlines()
    (tmp_path / "articles").mkdir()
    for number, line in enumerate(lines, 1):
        article = json.dumps(json.loads(line), indent=1)
        (tmp_path / "articles" / f"{number}.json").write_text(article, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def settings(folder: Path, *waivers: Json, **others: Any) -> None:
    """Writes the project's file with these waivers, each with the reason unless it has one."""
    entries = [{"rule": RULE, "reason": REASON, **waiver} for waiver in waivers]
    content = {
        "name": "orra",
        "version": "0.1.0",
        "title": "Orra",
        "licenses": [{"name": "CC-BY-4.0"}],
        "dateline": {"waivers": entries},
        **others,
    }
    (folder / "datapackage.json").write_text(json.dumps(content, indent=2), "utf-8")


def run(command: str, *options: str) -> Result:
    """The result of one command on the current folder."""
    return CliRunner().invoke(main, [command, ".", "--jobs", "1", *options])


def validated() -> Json:
    """The report on the current folder, warnings counted as failures."""
    result = run("validate", "--strict", "--json")
    report: Json = json.loads(result.stdout)
    assert (result.exit_code == 0) == (not report["issues"])
    return report


def found(report: Json) -> list[str]:
    """The rules of a report's issues."""
    return [issue["rule"] for issue in report["issues"]]


COVERING: dict[str, Json] = {
    "the rule alone": {},
    "a file": {"place": "articles/1.json"},
    "the file of the second place": {"place": "articles/2.json"},
    "a file and a line": {"place": "articles/1.json:24"},
    "a file, a line and a column": {"place": "articles/1.json:24:19"},
    "a pointer": {"place": "articles/1.json#/actors/0/description"},
    "a pointer above": {"place": "articles/2.json#/actors/0"},
    "the whole file by its pointer": {"place": "articles/2.json#"},
    "the key": {"id": "orra-council"},
    "the published id": {"id": "act_pymoohrlhcv2fj3s"},
    "the local id": {"id": "council"},
    "the article": {"id": "a2"},
    "a place and an id": {"place": "articles/1.json", "id": "orra-council"},
}
MISSING: dict[str, Json] = {
    "another file": {"place": "articles/3.json"},
    "a file whose name starts the same": {"place": "articles/1"},
    "another line": {"place": "articles/1.json:2"},
    "a pointer beside it": {"place": "articles/1.json#/actors/0/desc"},
    "a pointer below it": {"place": "articles/1.json#/actors/0/description/0"},
    "another id": {"id": "orra"},
    "the place without the id": {"place": "articles/1.json", "id": "orra"},
    "the id without the place": {"place": "articles/3.json", "id": "orra-council"},
}


@pytest.mark.parametrize("waiver", COVERING.values(), ids=list(COVERING))
def test_a_waiver_covers(waiver: Json, project: Path) -> None:
    settings(project, waiver)
    report = validated()
    assert (found(report), report["valid"], report["stats"]["warnings"]) == ([], True, 0)
    ((rule, reason),) = ((entry["rule"], entry["reason"]) for entry in report["waived"])
    assert (rule, reason) == (RULE, REASON)


@pytest.mark.parametrize("waiver", MISSING.values(), ids=list(MISSING))
def test_a_waiver_passes_by_and_is_reported(waiver: Json, project: Path) -> None:
    settings(project, waiver)
    report = validated()
    assert found(report) == [RULE, "waiver-unused"]
    assert report["waived"] == []
    place = report["issues"][1]["places"][0]
    assert place == {
        "file": "datapackage.json",
        "line": 13,
        "column": 17,
        "pointer": "/dateline/waivers/0/rule",
    }


def test_without_waivers_the_warning_stands(project: Path) -> None:
    settings(project)
    assert found(validated()) == [RULE]


def test_paths_are_those_of_the_project_wherever_the_command_runs(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings(project, {"place": "articles/1.json#/actors"})
    monkeypatch.chdir(project.parent)
    arguments = ["validate", project.name, "--strict", "--jobs", "1"]
    assert CliRunner().invoke(main, arguments).exit_code == 0


def test_the_first_waiver_gives_the_reason_and_no_other_that_covers_it_is_unused(
    project: Path,
) -> None:
    settings(project, {"id": "orra-council", "reason": "One."}, {"reason": "Two."})
    report = validated()
    assert ([entry["reason"] for entry in report["waived"]], found(report)) == (["One."], [])


@pytest.mark.parametrize("form", REPORTS)
def test_every_form_lists_what_is_waived_and_why(form: str, project: Path) -> None:
    settings(project, {})
    result = run("validate", "--strict", "--format", form)
    assert (result.exit_code, result.stderr) == (0, "")
    assert REASON in result.stdout
    assert RULE in result.stdout
    if form == "text":
        assert result.stdout == f"waived: {RULE} at articles/1.json:24:19: {REASON}\n.: valid\n"


def test_after_errors_no_waiver_is_called_unused(project: Path) -> None:
    settings(project, {})
    path = project / "articles" / "2.json"
    path.write_text(path.read_text("utf-8").replace('"organization"', '"organisation"'), "utf-8")
    report = validated()
    assert "waiver-unused" not in found(report)
    assert report["stats"]["errors"] == 1


def test_a_waiver_of_an_error_or_of_no_rule_fails_a_build(project: Path) -> None:
    settings(project, {}, {"rule": "merge-conflict"}, {"rule": "merge-rewordign"})
    result = run("build")
    assert result.exit_code == 1
    first, second, third, last = result.stdout.splitlines()
    assert first.startswith("datapackage.json:17:17  waiver-forbidden  ")
    assert second.startswith("datapackage.json:21:17  waiver-unknown-rule  ")
    assert second.endswith('got "merge-rewordign"; did you mean "merge-rewording"?')
    assert third.startswith("waived: ")
    assert last.startswith("nothing was written")
    assert not (project / "dist").exists()


def built(folder: Path) -> Json:
    """The descriptor of the package that a build of the current folder writes."""
    result = run("build", "--out", "out", "--json")
    assert result.exit_code == 0, result.stdout
    assert [entry["reason"] for entry in json.loads(result.stdout)["waived"]] == [REASON]
    descriptor: Json = json.loads((folder / "out" / "datapackage.json").read_text("utf-8"))
    return descriptor


def test_a_package_says_which_waivers_its_build_applied(project: Path) -> None:
    settings(project, {}, {"id": "nobody"})
    descriptor = built(project)
    assert descriptor[PROPERTY] == [{"rule": RULE, "reason": REASON}]
    assert waivers_of(descriptor) == (Waiver(RULE, REASON),)
    checked = CliRunner().invoke(main, ["validate", "out", "--strict"])
    assert (checked.exit_code, checked.output) == (0, "out: valid\n")


@pytest.mark.parametrize("limit", ["a pointer", "the key", "the article"])
def test_a_limited_waiver_names_the_published_row_it_covered(limit: str, project: Path) -> None:
    settings(project, COVERING[limit])
    entry = {"rule": RULE, "reason": REASON, "id": "act_pymoohrlhcv2fj3s"}
    assert built(project)[PROPERTY] == [entry]


def test_a_package_claims_no_waiver_that_its_build_did_not_apply(project: Path) -> None:
    settings(project, **{PROPERTY: [{"rule": "other-rule", "reason": "None."}]})
    run("build", "--out", "out")
    assert PROPERTY not in json.loads((project / "out" / "datapackage.json").read_text("utf-8"))


@pytest.mark.parametrize(
    "value", [None, "x", 1, {"rule": "a"}, [1], [{"rule": "a"}], [{"rule": 1, "reason": "b"}]]
)
def test_a_strangers_descriptor_without_waivers_of_this_form_has_none(value: Any) -> None:
    assert waivers_of({PROPERTY: value}) == ()
    assert waivers_of({}) == ()


FRIENDLY = Issue("friendly-fire", "m", (Place("a.json", 1),), ids=("par_x", "i1"))
RULES: dict[str, Json] = {
    "friendly-fire": {"severity": "error", "waivable": True},
    "hard": {"severity": "error"},
    RULE: {"severity": "warning"},
}
HERE = Place("datapackage.json", 1, 1)


def test_an_error_is_waived_where_its_rule_allows_it() -> None:
    accepted = waived(Report.of([FRIENDLY]), [Waiver("friendly-fire", REASON, id="i1")], RULES)
    assert (accepted.issues, accepted.waived) == ((), ((FRIENDLY, REASON),))
    refused = waived(Report.of([FRIENDLY]), [Waiver("friendly-fire", REASON, id="i2")], RULES)
    assert (refused.issues, refused.waived) == ((FRIENDLY,), ())


def test_an_error_of_another_rule_is_not_whoever_brings_the_waiver() -> None:
    hard = Issue("hard", "m")
    for where, reported in ((HERE, ["hard", "waiver-forbidden"]), (None, ["hard"])):
        report = waived(Report.of([hard]), [Waiver("hard", REASON, where=where)], RULES)
        assert [issue.rule for issue in report.issues] == reported
        assert report.waived == ()


def test_an_error_under_a_rule_of_warnings_is_not_waived() -> None:
    error = Issue(RULE, "m")
    assert waived(Report.of([error]), [Waiver(RULE, REASON)], RULES).issues == (error,)


def test_a_limited_waiver_does_not_cover_rows_that_are_only_counted() -> None:
    many = Issue(RULE, "m", (Place("a.csv", 2),), "warning", also=7, ids=("i1",))
    assert waived(Report.of([many]), [Waiver(RULE, REASON, id="i1")], RULES).waived == ()
    assert waived(Report.of([many]), [Waiver(RULE, REASON)], RULES).waived == ((many, REASON),)


def test_a_package_that_brings_waivers_is_not_told_that_they_cover_nothing() -> None:
    assert waived(Report(), [Waiver(RULE, REASON)], RULES).issues == ()


def test_an_item_is_called_by_its_names_and_by_those_around_it() -> None:
    article = {
        "id": "a1",
        "incidents": [
            {"id": "i1", "key": "k", "participants": [{"actor": "x", "a/b": {"id": "z"}}]}
        ],
    }
    assert names(article, "/incidents/0/participants/0/actor") == ("i1", "k", "a1")
    assert names(article, "/incidents/0/participants/0/a~1b/id") == ("z", "i1", "k", "a1")
    assert names(article, "/incidents/7/participants") == ("a1",)
    assert names(article, "") == ("a1",)
