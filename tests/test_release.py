"""Releases: what they hold, what the gate refuses, what the ledger remembers."""

import json
import random
import re
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import duckdb
import frictionless
import pyarrow.parquet as pq
import pytest
import yaml
from click.testing import CliRunner
from datasets import NAME, Dataset, article, ids, ledger, tree, validate
from projects import COMMAND, ENVIRONMENT

from dateline.build.assemble.ids import make_id
from dateline.build.release.citation import citation, citation_file
from dateline.build.release.gate import granted
from dateline.build.staging import clean_all
from dateline.cli import REASONS, main
from dateline.schema import TABLES, load_codebook, load_compatibility

Json = dict[str, Any]
KILLS = 6
PAGE = (Path(__file__).parents[1] / "docs" / "releasing.md").read_text("utf-8")
# What any report has.
REPORT = "valid counts groups issues waived stats warnings errors tasks".split()
MARKET = "Shells on the market of Ambry"


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    """A project of one article, version 1.0.0."""
    return Dataset(tmp_path / "project")


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """A project of two articles with its release 1.0.0; tests leave it as it is."""
    made = Dataset(tmp_path_factory.mktemp("two") / "project")
    made.put(article(1))
    made.released("1.0.0")
    return made


@pytest.fixture
def copied(two: Dataset, tmp_path: Path) -> Dataset:
    """A copy of it to change."""
    return two.copied(tmp_path / "project")


def named(key: str) -> Any:
    """Gives the army of an article a key, so that its id is that of the key."""

    def change(content: Json) -> None:
        content["actors"][0]["key"] = key

    return change


def elsewhere(content: Json) -> None:
    """Another country for the army."""
    content["actors"][0]["country_code"] = "NOR"


def reworded(content: Json) -> None:
    """Another cue, another paraphrase, and the army on another side."""
    content["statements"][1]["cue_text"] = "a trader said"
    content["statements"][1]["paraphrase"] = "A trader tells how people fled."
    content["incidents"][0]["participants"][0]["side"] = "b"


def of(rows: list[Json], **values: object) -> list[Json]:
    """The rows that have these values."""
    return [row for row in rows if values.items() <= row.items()]


# What a release holds


def test_the_first_release_is_whole(two: Dataset) -> None:
    release = two.folder / "releases" / f"{NAME}-1.0.0"
    assert sorted(path.name for path in release.parent.iterdir()) == [
        f"{NAME}-1.0.0",
        f"{NAME}-1.0.0.zip",
        f"{NAME}-1.0.0.zip.sha256",
    ]
    assert ledger(release) == []
    for folder, sums in ((release, "SHA256SUMS"), (release.parent, f"{NAME}-1.0.0.zip.sha256")):
        command = ["sha256sum", "--check", "--strict", "--quiet", sums]
        subprocess.run(command, cwd=folder, check=True)
    for path in (release, release / "datapackage.json", release.parent / f"{NAME}-1.0.0.zip"):
        result = validate(path)
        assert (result.exit_code, result.stdout) == (0, f"{path}: valid\n")
    report = frictionless.validate(str(release / "datapackage.json"))
    assert report.valid, report.flatten(["name", "message"])


def test_the_rules_of_a_release_know_its_ledger(two: Dataset, monkeypatch: Any) -> None:
    monkeypatch.chdir(two.folder / "releases" / f"{NAME}-1.0.0")
    with duckdb.connect() as db:
        db.execute(Path("rules/setup.sql").read_text("utf-8"))
        assert db.execute(Path("rules/change-id-returns.sql").read_text("utf-8")).fetchall() == []
        assert "data/changes.parquet" in Path("rules/setup.sql").read_text("utf-8")


def test_texts_for_people_and_programs_say_what_the_project_says(
    two: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = two.folder / "releases" / f"{NAME}-1.0.0"
    monkeypatch.chdir(release)
    readme = (release / "README.md").read_text("utf-8")
    assert readme.startswith("# Hill towns\n")
    assert "A. Coder (2024). Hill towns (version 1.0.0) [Data set]." in readme
    for program in re.findall(r"```python\n(.*?)```", readme, re.DOTALL):
        exec(compile(program, "README.md", "exec"), {})
    for name, table in {**load_codebook().tables, "changes": load_codebook().ledger}.items():
        assert f"### {name}\n" in readme
        assert all(f"| `{field.name}` |" in readme for field in table.fields)
    citation = yaml.safe_load((release / "CITATION.cff").read_text("utf-8"))
    assert citation == {
        "cff-version": "1.2.0",
        "message": "If you use this dataset, please cite it as below.",
        "type": "dataset",
        "title": "Hill towns",
        "version": "1.0.0",
        "date-released": "2024-06-30",
        "authors": [{"name": "A. Coder"}],
        "license": "CC-BY-4.0",
    }
    assert "## [1.0.0] - 2024-06-30\n" in (release / "CHANGELOG.md").read_text("utf-8")


def test_a_citation_names_people_and_what_identifies_the_data() -> None:
    ada = {"givenName": "Ada", "familyName": "Corr: der", "roles": ["creator"]}
    ada |= {"path": "https://orcid.org/0000-0002-1825-0097", "organization": "Orra University"}
    metadata = {
        "name": "towns",
        "version": "1.0.0",
        "id": "https://doi.org/10.1234/towns.1",
        "licenses": [{"name": "own", "path": "https://example.org/licence"}],
        "contributors": [{"title": "Funder", "roles": ["funder"]}, ada],
    }
    found = yaml.safe_load(citation_file(metadata, "2024-06-30") or "")
    assert found["authors"] == [
        {
            "family-names": "Corr: der",
            "given-names": "Ada",
            "affiliation": "Orra University",
            "orcid": ada["path"],
        }
    ]
    assert (found["title"], found["doi"]) == ("towns", "10.1234/towns.1")
    assert found["license-url"] == "https://example.org/licence"
    told = "Ada Corr: der (2024). towns (version 1.0.0) [Data set]. https://doi.org/10.1234/towns.1"
    assert citation(metadata, "2024-06-30") == told
    nobody = {**metadata, "contributors": []}
    assert citation_file(nobody, "2024-06-30") is None
    assert citation(nobody, "2024-06-30").startswith("towns (version 1.0.0) [Data set]. 2024.")


def test_warnings_that_are_not_waived_stop_a_release(dataset: Dataset) -> None:
    del dataset.metadata["licenses"]
    dataset.put(article(1, lambda content: content["actors"][0].update(name="Army of Orra")))
    dataset.set()
    result = dataset.release()
    assert (result.exit_code, "actor-duplicate-hint" in result.stdout) == (1, True)
    assert not (dataset.folder / "releases").exists()


def test_articles_alone_are_not_released(dataset: Dataset) -> None:
    command = Dataset.command(dataset.folder / "articles")
    assert (command.exit_code, "expected a project" in command.stderr) == (2, True)


def test_the_reasons_of_the_command_line_are_those_of_the_vocabulary() -> None:
    assert load_codebook().vocabularies["change_reason"].values == REASONS


# The gate


def test_a_version_has_to_go_up_as_far_as_what_changed(copied: Dataset) -> None:
    copied.put(article(2))
    refused = copied.refused("1.0.1")
    rules = [each["rule"] for each in refused]
    assert rules[0] == "VERSION_TOO_SMALL"
    assert "expected at least 1.1.0 after 1.0.0, got 1.0.1" in refused[0]["message"]
    # Each change that asks for more has a line of its own.
    added = {each["table"] for each in refused if each["rule"] == "ROWS_ADDED"}
    assert added == set(TABLES)
    text = copied.release().stdout
    assert text.count("\nROWS_ADDED  minor: ") == len(TABLES)
    before = (copied.folder / "releases" / f"{NAME}-1.0.0" / "CHANGELOG.md").read_bytes()
    second = copied.released("1.1.0")
    assert {(row["change"], row["field"]) for row in ledger(second)} == {("created", None)}
    changelog = (second / "CHANGELOG.md").read_bytes()
    assert b"## [1.1.0] - 2024-06-30\n\nA minor change from 1.0.0: ROWS_ADDED.\n" in changelog
    assert changelog.endswith(before[before.index(b"## [") :])


@pytest.mark.parametrize(
    ("old", "new", "bump"),
    [
        ("1.2.3", "1.2.4", "PATCH"),
        ("1.2.3", "1.3.0", "MINOR"),
        ("1.2.3", "1.2.9", "PATCH"),
        ("1.2.3", "2.0.0-rc.1", "MAJOR"),
        ("0.2.3", "0.2.4", "MINOR"),
        ("0.2.3", "0.3.0", "MAJOR"),
        ("2.0.0-rc.1", "2.0.0", "MAJOR"),
        ("1.3.0-rc.1", "1.3.0", "MINOR"),
        ("1.2.4-rc.1", "1.2.4", "PATCH"),
        ("1.2.3", "1.2.3", "NONE"),
    ],
)
def test_a_version_gives_so_much(old: str, new: str, bump: str) -> None:
    assert granted(old, new).name == bump


def test_a_version_is_released_once(copied: Dataset) -> None:
    rules = [each["rule"] for each in copied.refused("1.0.0")]
    assert rules == ["VERSION_EXISTS", "VERSION_NOT_NEWER"]
    assert [each["rule"] for each in copied.refused("1.1")] == ["VERSION_NOT_SEMVER"]
    # The archive alone is enough, to refuse and to go on from.
    shutil.rmtree(copied.folder / "releases" / f"{NAME}-1.0.0")
    copied.put(article(0, reworded))
    assert "VERSION_EXISTS" in [each["rule"] for each in copied.refused("1.0.0")]
    assert {row["change"] for row in ledger(copied.released("1.0.1"))} == {"updated"}


def test_the_release_before_may_be_named(two: Dataset, tmp_path: Path) -> None:
    archive = two.folder / "releases" / f"{NAME}-1.0.0.zip"
    other = Dataset(tmp_path / "other")
    assert {each["rule"] for each in other.refused("2.0.0", "--previous", archive)} == {
        "ID_VANISHED"
    }
    place = str(tmp_path / "published" / NAME)
    assert (
        CliRunner().invoke(main, ["publish", str(archive), str(tmp_path / "published")]).exit_code
        == 0
    )
    assert {each["rule"] for each in other.refused("2.0.0", "--previous", place)} == {"ID_VANISHED"}
    result = other.release("--previous", tmp_path / "nothing")
    assert (result.exit_code, "got nothing there" in result.stderr) == (3, True)
    other.metadata["name"] = "hills"
    other.set()
    result = other.release("--previous", archive)
    assert (result.exit_code, "a dataset keeps its name" in result.stderr) == (2, True)
    damaged = shutil.copytree(archive.with_suffix(""), tmp_path / "damaged")
    with (damaged / "README.md").open("a") as file:
        file.write("\n")
    result = other.release("--previous", damaged)
    assert (result.exit_code, "expected README.md with the digest" in result.stderr) == (1, True)
    (damaged / "SHA256SUMS").unlink()
    evidence = damaged / "data" / "evidence.parquet"
    pq.write_table(pq.read_table(evidence).drop_columns(["actor_id"]), evidence)
    other.metadata["name"] = NAME
    other.set()
    result = other.release("--previous", damaged)
    assert (result.exit_code, "the column evidence.actor_id" in result.stderr) == (2, True)
    evidence.write_bytes(b"no table")
    result = other.release("--previous", damaged)
    assert (result.exit_code, "a table cannot be read" in result.stderr) == (1, True)


# Rows that are gone


def test_a_row_that_is_gone_asks_for_a_reason(copied: Dataset) -> None:
    first = copied.folder / "releases" / f"{NAME}-1.0.0"
    incident = ids(first, "incidents")[MARKET]
    copied.drop(1)
    refused = copied.refused("2.0.0")
    assert {each["rule"] for each in refused} == {"ID_VANISHED"}
    assert {each["table"] for each in refused} == {"articles", "incidents", "actors", "statements"}
    lines = [each["line"] for each in refused]
    assert f"{incident},withdrawn,,REASON" in lines
    text = copied.release().stdout
    assert "\n".join(["", *lines, ""]) in text

    # As they are, they are no reasons yet.
    copied.explain(*lines)
    result = copied.release()
    assert (result.exit_code, result.stdout.count("release-reasons")) == (1, 6)
    copied.explain(f"{incident},withdrawn,,privacy")
    second = copied.released("2.0.0", "--reason", "out_of_scope")
    rows = ledger(second)
    assert {row["change"] for row in rows} == {"withdrawn"}
    assert {row["table"] for row in rows} == set(TABLES)
    assert of(rows, row_id=incident)[0]["reason"] == "privacy"
    assert {row["reason"] for row in of(rows, table="actors")} == {"out_of_scope"}
    # Claims and participants are the incident's, whatever else they belong to.
    for table in ("casualties", "participants"):
        assert {row["reason"] for row in of(rows, table=table)} == {"privacy"}
    assert not {row["row_id"] for row in rows} & {*ids(second, "actors").values()}
    changelog = (second / "CHANGELOG.md").read_text("utf-8")
    assert f"- Withdrawn from incidents (privacy): {incident}\n" in changelog

    copied.put(article(1))
    refused = copied.refused("3.0.0")
    assert {each["rule"] for each in refused} == {"ID_REUSED"}
    assert {each["id"] for each in refused} == {row["row_id"] for row in rows}


def test_a_row_with_another_id_is_merged_and_followed(
    copied: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = copied
    dataset.put(article(0, elsewhere))
    first = dataset.released("1.0.1")
    a = ids(first, "actors")["Army of Orra"]
    assert [row["old_value"] for row in of(ledger(first), row_id=a)] == ["ISL"]
    dataset.put(article(0, named("sade-army")))
    b = make_id("act", "key", "sade-army")
    refused = dataset.refused("2.0.0")
    assert [each["line"] for each in refused] == [f"{a},merged,{b},duplicate"]
    dataset.explain(refused[0]["line"])
    second = dataset.released("2.0.0")
    (row,) = of(ledger(second), row_id=a, release="2.0.0")
    assert (row["change"], row["merged_into_id"]) == ("merged", b)
    # What names the army has other ids too, for the same reason.
    (other,) = of(ledger(second), table="participants", change="withdrawn")
    assert other["reason"] == "duplicate"
    assert validate(second).exit_code == 0

    dataset.put(article(0, named("army-of-sade")))
    c = make_id("act", "key", "army-of-sade")
    dataset.explain(refused[0]["line"], f"{b},merged,{c},duplicate")
    third = dataset.released("3.0.0")
    rows = ledger(third)
    assert {row["merged_into_id"] for row in of(rows, row_id=a, change="merged")} == {b, c}
    assert {row["merged_into_id"] for row in of(rows, row_id=b, change="merged")} == {c}
    assert [row for row in rows if row["release"] != "3.0.0"] == ledger(second)
    assert validate(third).exit_code == 0
    (program,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    monkeypatch.chdir(third)
    found: Json = {}
    exec(compile(program, "releasing.md", "exec"), found)
    assert sorted(found["survivors"].fetchall()) == sorted([(a, c), (b, c)])

    dataset.drop(0)
    dataset.explain(f"{c},withdrawn,,privacy")
    fourth = dataset.released("4.0.0", "--reason", "out_of_scope")
    states = {row["row_id"]: row["change"] for row in of(ledger(fourth), release="4.0.0")}
    assert [states[each] for each in (a, b, c)] == ["withdrawn"] * 3
    # Nor are the values published of what was merged into a private row.
    assert {row["old_value"] for row in of(ledger(fourth), row_id=a)} == {None}
    assert validate(fourth).exit_code == 0


def test_values_that_differ_are_told_unless_they_must_not_be(copied: Dataset) -> None:
    dataset = copied
    dataset.put(article(0, reworded))
    first = dataset.released("1.0.1")
    rows = {row["field"]: row for row in ledger(first)}
    sides = {"side", "violence_type"}
    assert rows.keys() == {"cue_text", "paraphrase", *sides}
    cue = rows["cue_text"]
    assert (cue["old_value"], cue["new_value"]) == ("said", "a trader said")
    assert cue["reason"] is None
    statement = cue["row_id"]
    assert {row["change_id"] for row in rows.values()} == {
        make_id("chg", "1.0.1", row["table"], row["row_id"], "updated", field)
        for field, row in rows.items()
    }

    dataset.set(profile="no_verbatim")
    found = ledger(dataset.released("1.0.2"))
    printed = [row for row in found if row["field"] not in {"paraphrase", *sides}]
    assert {row["field"] for row in printed} == {
        *("cue_text", "quote_text", "count_text", "speaker_label")
    }
    assert {(row["old_value"], row["new_value"]) for row in printed} == {(None, None)}
    (told,) = of(found, field="paraphrase")
    assert told["old_value"] == "A trader tells of the flight."

    (other,) = of(found, field="side")
    assert (other["old_value"], other["new_value"]) == ("a", "b")

    dataset.put(article(0))
    army = ids(first, "actors")["Army of Orra"]
    dataset.explain(f"{statement},updated,,privacy", f"{army},updated,,privacy")
    fourth = dataset.released("1.0.3")
    private = of(ledger(fourth), row_id=statement)
    assert {row["release"] for row in private} == {"1.0.1", "1.0.2", "1.0.3"}
    # What belongs to a private row is private too.
    private += of(ledger(fourth), row_id=other["row_id"])
    assert {(row["old_value"], row["new_value"]) for row in private} == {(None, None)}
    assert validate(fourth).exit_code == 0


LINES = {
    "act_aaaaaa,gone,,privacy": 'expected one of withdrawn, merged, updated as change, got "gone"',
    "act_aaaaaa,withdrawn,,REASON": 'as reason, got "REASON"',
    "nobody,withdrawn,,privacy": "expected the id of a row as row_id",
    "act_aaaaaa,merged,inc_aaaaaa,duplicate": "expected another row of the same table",
    "act_aaaaaa,merged,,duplicate": "expected another row of the same table",
    "act_aaaaaa,withdrawn,act_bbbbbb,duplicate": "expected no merged_into_id",
}


def test_a_line_that_cannot_hold_is_told(copied: Dataset) -> None:
    twice = "act_bbbbbb,withdrawn,,privacy", "act_bbbbbb,merged,act_cccccc,duplicate"
    copied.explain(*LINES, *twice)
    result = copied.release("--json")
    issues = json.loads(result.stdout)["issues"]
    assert result.exit_code == 1
    assert {issue["rule"] for issue in issues} == {"release-reasons"}
    assert [issue["places"][0]["line"] for issue in issues] == [*range(2, 8), 9]
    for issue, words in zip(issues, [*LINES.values(), "expected each row once"], strict=True):
        assert words in issue["message"]


def test_a_line_about_no_row_that_is_gone_is_told(copied: Dataset) -> None:
    first = copied.folder / "releases" / f"{NAME}-1.0.0"
    army, other = (ids(first, "actors")[f"Army of {town}"] for town in ("Orra", "Ambry"))
    copied.drop(1)
    copied.explain(
        f"{army},withdrawn,,privacy",
        "act_aaaaaa,withdrawn,,duplicate",
        f"{other},merged,act_bbbbbb,duplicate",
    )
    copied.set("2.0.0")
    issues = json.loads(copied.release("--json").stdout)["issues"]
    assert [issue["message"].split(": ")[1].split(";")[0] for issue in issues] == [
        "expected a row that is gone, got one that is there",
        "expected the id of a row of the release before, got an unknown one",
        "expected a row that is there as merged_into_id, got act_bbbbbb",
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"row_id,change\n", "expected the columns row_id, change, merged_into_id, reason"),
        (b"\xff\xfe", "expected a CSV file in UTF-8"),
        (None, "expected the file that the project names"),
    ],
)
def test_a_file_of_reasons_that_is_none_is_told(
    dataset: Dataset, content: bytes | None, words: str
) -> None:
    dataset.set(changes="why.csv")
    if content is not None:
        (dataset.folder / "why.csv").write_bytes(content)
    before = tree(dataset.folder)
    result = dataset.release()
    assert (result.exit_code, words in result.stderr) == (1, True)
    assert tree(dataset.folder) == before


# The page on releases


def test_the_page_has_every_option_rule_and_key(two: Dataset) -> None:
    options = re.findall(r"--[a-z-]+", CliRunner().invoke(main, ["release", "--help"]).stdout)
    assert sorted(each for each in {*options} - {"--help"} if f"`{each}" not in PAGE) == []
    rules = [rule for rule in load_compatibility() if rule.startswith(("VERSION_", "ID_"))]
    assert sorted(rule for rule in rules if f"| `{rule}` |" not in PAGE) == []
    reasons = load_codebook().vocabularies["change_reason"].values
    assert all(f"`{reason}`" in PAGE for reason in reasons)
    keys = json.loads(two.release("--json").stdout).keys() - {*REPORT}
    assert sorted(key for key in keys if f"`{key}`" not in PAGE) == []


# Killed in the middle


@pytest.mark.slow
def test_a_release_may_be_killed_at_any_moment(copied: Dataset) -> None:
    copied.put(article(2))
    copied.set("1.1.0")
    releases = copied.folder / "releases"
    before = tree(releases)
    command = [*COMMAND, "release", "--jobs", "1", "--quiet"]

    def started() -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            command, cwd=copied.folder, env=ENVIRONMENT, stdout=subprocess.DEVNULL
        )

    began = time.monotonic()
    assert started().wait(120) == 0
    full = time.monotonic() - began
    expected = tree(releases)
    chance = random.Random(6)
    undo = True
    for number in range(KILLS):
        if undo:
            for name in expected.keys() - before.keys():
                (releases / name).unlink()
            shutil.rmtree(releases / f"{NAME}-1.1.0")
        process = started()
        time.sleep(full * (number + chance.random()) / KILLS)
        process.kill()
        process.wait(20)
        # What is hidden is what it was working on; the next run takes it away.
        seen = {n: each for n, each in tree(releases).items() if not n.startswith(".")}
        undo = seen == expected
        assert undo or seen == before
    assert started().wait(120) == (4 if undo else 0)
    assert tree(releases) == expected
    assert not [path for path in releases.iterdir() if path.name.startswith(".")]


def test_what_a_killed_run_had_placed_is_taken_away_again(tmp_path: Path) -> None:
    left = tmp_path / ".towns-1.0.0.0123abcd.tmp"
    (left / "towns-1.0.0").mkdir(parents=True)
    names = ["towns-1.0.0.zip", "towns-1.0.0.zip.sha256", "towns-1.0.0"]
    (left / ".placing").write_text("\n".join(names))
    (left / names[1]).touch()
    (tmp_path / names[0]).touch()
    (tmp_path / "towns-0.9.0.zip").touch()
    clean_all(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["towns-0.9.0.zip"]


def test_what_a_killed_run_had_finished_stays(tmp_path: Path) -> None:
    left = tmp_path / ".towns-1.0.0.0123abcd.tmp"
    left.mkdir()
    names = ["towns-1.0.0.zip", "towns-1.0.0"]
    (left / ".placing").write_text("\n".join(names))
    (tmp_path / names[0]).touch()
    (tmp_path / names[1]).mkdir()
    clean_all(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names)
