"""The page on versions says what the rules of compatibility say, and shows what `diff` prints."""

import json
import re
from pathlib import Path

from click.testing import CliRunner
from diffs import ID, NAME, package, table

from dateline.cli import main
from dateline.schema import load_compatibility, read_json

PAGE = (Path(__file__).parents[1] / "docs" / "versioning.md").read_text("utf-8")
RULES = load_compatibility()


def test_the_table_of_levels_is_that_of_the_rules() -> None:
    lines = ["| rule | exact | by-name | or |", "|---|---|---|---|"]
    for name, rule in RULES.items():
        other = rule.get("unless")
        told = f"{other['exact']} where {other['when']}" if other else ""
        lines.append(
            f"| [{name}](#{name.lower()}) | {rule['exact']} | {rule['by-name']} | {told} |"
        )
    assert "\n".join(lines) in PAGE


def test_the_sections_are_what_explain_says() -> None:
    printed = [
        CliRunner().invoke(main, ["explain", name, "--format", "markdown"]).stdout.rstrip("\n")
        for name in RULES
    ]
    assert PAGE.endswith("\n\n".join(printed) + "\n")


def test_every_option_is_explained() -> None:
    options = set(re.findall(r"--[a-z-]+", CliRunner().invoke(main, ["diff", "--help"]).stdout))
    assert sorted(each for each in options - {"--help"} if f"`{each}" not in PAGE) == []


def test_the_promises_are_those_of_the_setting() -> None:
    setting = read_json("project.schema.json")["properties"]["compat"]
    assert all(f"`{name}`" in PAGE for name in setting["enum"])


def test_a_package_says_the_promise_of_its_project_unless_it_is_the_usual(tmp_path: Path) -> None:
    project = tmp_path / "project"
    assert CliRunner().invoke(main, ["init", str(project)]).exit_code == 0
    file = project / "datapackage.json"
    settings = json.loads(file.read_bytes())
    said = []
    for compat in ("exact", "by-name"):
        settings["dateline"]["compat"] = compat
        file.write_text(json.dumps(settings), "utf-8")
        out = tmp_path / compat
        command = ["build", str(project), "--out", str(out), "--jobs", "1"]
        assert CliRunner().invoke(main, command).exit_code == 0
        said.append(json.loads((out / "datapackage.json").read_bytes()).get("dateline:compat"))
    assert said == [None, "by-name"]


def test_the_example_prints_what_the_page_shows(tmp_path: Path) -> None:
    rows = [["1", "Orra"], ["2", "Sade"]]
    old = package(tmp_path / "old", table(ID, NAME, name="towns", rows=rows), name="towns")
    longer = table(ID, NAME, {"name": "since", "type": "year"}, name="towns", rows=[])
    longer["rows"] = [["1", "Orra", ""], ["2", "Sade Town", "1911"], ["3", "Keld", "1870"]]
    new = package(tmp_path / "new", longer, name="towns", version="1.1.0")
    result = CliRunner().invoke(main, ["diff", str(old), str(new)])
    assert result.exit_code == 0
    (shown,) = re.findall(r"<!-- diff -->\n```text\n(.*?)```", PAGE, re.DOTALL)
    assert result.stdout == shown
    as_json = json.loads(CliRunner().invoke(main, ["diff", str(old), str(new), "--json"]).stdout)
    heads = re.findall(r"^\| (`.+?) \|", PAGE.partition("## JSON")[2], re.MULTILINE)
    documented = {name for head in heads for name in re.findall(r"`(\w+)`", head)}
    assert set(as_json) <= documented
    assert set(as_json["changes"][0]) | set(as_json["tables"][0]) <= documented
    assert set(as_json["tables"][0]["columns"][0]) <= documented
