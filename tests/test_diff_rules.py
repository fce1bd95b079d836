"""Each rule of compatibility: what it is told of, and what it asks for under both promises."""

import copy
import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from diffs import ID, NAME, Json, package, table

from dateline.build.diff import difference
from dateline.build.diff.bump import at_least, is_enough
from dateline.build.diff.model import Bump
from dateline.schema import load_compatibility

COMPATS = ("exact", "by-name")
ROWS = [["1", "a"], ["2", "b"]]


@dataclass(frozen=True)
class Case:
    """Two packages, of which the second breaks a rule in one place, and what that asks for."""

    rule: str
    levels: tuple[str, str]
    old: list[Json]
    new: list[Json]
    message: str
    members: Json = field(default_factory=dict)


def one(rule: str, levels: str, old: Json, new: Json, message: str, **schema: Any) -> Case:
    """A case of one field beside the key; `schema` is that of the new one alone."""
    first, _, second = levels.partition(" ")
    return Case(
        rule, (first, second or first), [table(ID, old)], [table(ID, new, **schema)], message
    )


def named(name: str, **members: Any) -> Json:
    return {"name": name, **members}


def limited(**constraints: Any) -> Json:
    return {"name": "x", "type": "string", "constraints": constraints}


def ordered(*values: str) -> Json:
    return named("x", type="string", categories=list(values), categoriesOrdered=True)


def numbered(kind: str = "integer", **constraints: Any) -> Json:
    return {"name": "x", "type": kind, "constraints": constraints}


OTHER = table(ID, name="others", rows=[["1"]])
LINKED = table(
    ID,
    named("thing", type="integer"),
    name="links",
    foreignKeys=[{"fields": ["thing"], "reference": {"resource": "things", "fields": ["id"]}}],
)
UNLINKED = table(ID, named("thing", type="integer"), name="links")
LABELLED = {"name": "x", "type": "string", "categories": [{"value": "a", "label": "A"}]}
RELABELLED = {"name": "x", "type": "string", "categories": [{"value": "a", "label": "B"}]}
THINGS = table(ID, NAME, rows=ROWS)

CASES = [
    Case("FIELD_REMOVED", ("major",) * 2, [table(ID, NAME)], [table(ID)], "is gone"),
    one("FIELD_RENAMED", "major", NAME, {**NAME, "name": "title"}, "was called name"),
    Case(
        "FIELD_ADDED",
        ("major", "minor"),
        [table(ID)],
        [table(ID, NAME)],
        "is new, last, may be null",
    ),
    Case(
        "FIELD_ADDED",
        ("major", "major"),
        [table(ID)],
        [table(ID, {**NAME, "constraints": {"required": True}})],
        "is new, last, never null",
    ),
    Case(
        "FIELD_ADDED",
        ("major", "major"),
        [table(ID)],
        [table(NAME, ID)],
        "is new, between others, may be null",
    ),
    Case(
        "FIELD_ORDER",
        ("major", "patch"),
        [table(ID, NAME)],
        [table(NAME, ID)],
        "fields stand in another order, from id on",
    ),
    one("TYPE_NARROWED", "major", numbered("number"), numbered(), "number became integer"),
    one("TYPE_NARROWED", "major", named("x", type="string"), numbered(), "string became integer"),
    one(
        "TYPE_NARROWED",
        "major",
        named("x", type="string"),
        named("x", type="string", format="email"),
        "string became string (email)",
    ),
    one(
        "TYPE_NARROWED",
        "major",
        named("x", type="number"),
        named("x", type="number", decimalChar=","),
        'decimalChar was ".", is ","',
    ),
    one("TYPE_WIDENED", "major", numbered(), numbered("number"), "integer became number"),
    one("TYPE_WIDENED", "major", numbered(), named("x", type="string"), "integer became string"),
    one(
        "TYPE_WIDENED",
        "major",
        named("x", type="string", format="uri"),
        named("x", type="string"),
        "string (uri) became string",
    ),
    one(
        "NULLABILITY_LOOSENED",
        "major",
        limited(required=True),
        limited(),
        "was required, may be null",
    ),
    one(
        "NULLABILITY_TIGHTENED",
        "major",
        limited(),
        limited(required=True),
        "might be null, is required",
    ),
    one("ENUM_VALUE_ADDED", "minor", limited(enum=["a"]), limited(enum=["a", "b"]), "may be b too"),
    one(
        "ENUM_VALUE_REMOVED",
        "major",
        limited(enum=["a", "b"]),
        limited(enum=["a"]),
        "may not be b any more",
    ),
    one(
        "CONSTRAINT_TIGHTENED",
        "major",
        numbered(maximum=200),
        numbered(maximum=100),
        "maximum was 200, is 100",
    ),
    one(
        "CONSTRAINT_TIGHTENED",
        "major",
        named("x", type="date", constraints={"minimum": "2020-01-01"}),
        named("x", type="date", constraints={"minimum": "2021-01-01"}),
        'minimum was "2020-01-01", is "2021-01-01"',
    ),
    one(
        "CONSTRAINT_TIGHTENED",
        "major",
        limited(),
        limited(enum=["a"]),
        "its values have become a closed list",
    ),
    one(
        "CONSTRAINT_TIGHTENED",
        "major",
        limited(pattern="a+"),
        limited(pattern="a*"),
        'pattern was "a+", is "a*"',
    ),
    one(
        "CONSTRAINT_TIGHTENED",
        "major",
        limited(),
        limited(),
        "unique was none, is true",
        uniqueKeys=[["x"]],
    ),
    one(
        "CONSTRAINT_LOOSENED",
        "minor",
        limited(maxLength=3),
        limited(maxLength=4),
        "maxLength was 3, is 4",
    ),
    one(
        "CONSTRAINT_LOOSENED",
        "minor",
        limited(unique=True),
        limited(unique=False),
        "unique was true, is none",
    ),
    one(
        "PK_CHANGED",
        "major",
        NAME,
        NAME,
        "primary key was id, is id, name",
        primaryKey=["id", "name"],
    ),
    Case(
        "FK_ADDED",
        ("minor",) * 2,
        [table(ID), UNLINKED],
        [table(ID), LINKED],
        "refers to things.id",
    ),
    Case(
        "FK_REMOVED",
        ("major",) * 2,
        [table(ID), LINKED],
        [table(ID), UNLINKED],
        "refers to things.id no longer",
    ),
    Case("RESOURCE_REMOVED", ("major",) * 2, [table(ID), OTHER], [table(ID)], "is gone"),
    Case("RESOURCE_ADDED", ("minor",) * 2, [table(ID)], [table(ID), OTHER], "is new"),
    Case(
        "RESOURCE_FORM",
        ("major",) * 2,
        [THINGS],
        [table(ID, NAME, rows=ROWS, resource={"path": "other.csv"})],
        "path was things.csv, is other.csv",
    ),
    Case(
        "RESOURCE_FORM",
        ("major",) * 2,
        [THINGS],
        [table(ID, NAME, rows=ROWS, resource={"dialect": {"delimiter": ";"}})],
        "delimiter was ',', is ';'",
    ),
    one(
        "RESOURCE_FORM",
        "major",
        NAME,
        {**NAME, "missingValues": ["", "-"]},
        'null was written "", is written "" or "-"',
    ),
    one(
        "RESOURCE_FORM",
        "major",
        NAME,
        NAME,
        "fieldsMatch was exact, is subset",
        fieldsMatch="subset",
    ),
    one(
        "TYPE_NARROWED",
        "major",
        named("x", type="array", arrayItem={"type": "string"}),
        named("x", type="array", arrayItem={"type": "integer"}),
        "arrayItem was an object, is an object",
    ),
    one(
        "UNITS_OR_MEANING",
        "patch",
        ordered("a", "b"),
        ordered("b", "a"),
        "the order of its values was a, b, is b, a; a person decides",
    ),
    one(
        "UNITS_OR_MEANING",
        "patch",
        NAME,
        NAME,
        'title was none, is "Things"; a person decides',
        title="Things",
    ),
    one(
        "UNITS_OR_MEANING",
        "patch",
        {**NAME, "dateline:unit": "km"},
        {**NAME, "dateline:unit": "mi"},
        'dateline:unit was "km", is "mi"; a person decides',
    ),
    one(
        "UNITS_OR_MEANING",
        "patch",
        LABELLED,
        RELABELLED,
        'label of a was "A", is "B"; a person decides',
    ),
    Case(
        "ROWS_ADDED",
        ("minor",) * 2,
        [THINGS],
        [table(ID, NAME, rows=[*ROWS, ["3", ""]])],
        "1 row added",
    ),
    Case(
        "ROWS_REMOVED", ("patch",) * 2, [THINGS], [table(ID, NAME, rows=ROWS[:1])], "1 row removed"
    ),
    Case(
        "ROWS_REMOVED",
        ("major",) * 2,
        [THINGS, LINKED],
        [table(ID, NAME, rows=ROWS[:1]), LINKED],
        "1 row removed; other tables refer to it",
    ),
    Case(
        "VALUES_CHANGED",
        ("patch",) * 2,
        [THINGS],
        [table(ID, NAME, rows=[ROWS[0], ["2", ""]])],
        "1 row changed, in name",
    ),
    Case(
        "METADATA_CHANGED",
        ("patch",) * 2,
        [table(ID)],
        [table(ID)],
        'title was none, is "New"',
        {"title": "New"},
    ),
    Case(
        "METADATA_CHANGED",
        ("major",) * 2,
        [table(ID)],
        [table(ID)],
        "name was small, is large",
        {"name": "large"},
    ),
]
NAMES = [f"{case.rule}-{case.message}" for case in CASES]


@pytest.mark.parametrize("compat", COMPATS)
@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_a_change_asks_for_the_level_of_its_rule(case: Case, compat: str, tmp_path: Path) -> None:
    promise = {} if compat == "exact" else {"dateline:compat": compat}
    old = package(tmp_path / "old", *_files(case.old), **promise)
    new = package(tmp_path / "new", *_files(case.new), **promise, **case.members)
    (found,) = difference(str(old), str(new)).changes
    level = case.levels[COMPATS.index(compat)]
    assert (found.rule, found.bump, found.message) == (case.rule, Bump[level.upper()], case.message)


@pytest.mark.parametrize(("promised", "bump"), [("exact", Bump.MAJOR), ("by-name", Bump.MINOR)])
def test_readers_go_by_what_the_old_package_promised(
    promised: str, bump: Bump, tmp_path: Path
) -> None:
    later = "by-name" if promised == "exact" else "exact"
    old = package(tmp_path / "old", table(ID), **{"dateline:compat": promised})
    new = package(tmp_path / "new", table(ID, named("x")), **{"dateline:compat": later})
    found = difference(str(old), str(new))
    assert found.compat == promised
    assert {change.rule: change.bump for change in found.changes}["FIELD_ADDED"] is bump


LINK = {"fields": ["x"], "reference": {"resource": "", "fields": ["id"]}}
BOTH = [
    {"fields": ["x", "id"], "reference": {"resource": "things", "fields": ["id", "x"]}},
    {"fields": ["id", "x"], "reference": {"resource": "", "fields": ["x", "id"]}},
]
OTHER_WORDS: dict[str, tuple[Json, Json]] = {
    "limits": (
        table(ID, numbered("number", minimum="1.0")),
        table(ID, numbered("number", minimum=1)),
    ),
    "values": (table(ID, numbered(enum=[1, 2])), table(ID, numbered(enum=["2", "1"]))),
    "labels": (
        table(ID, named("x", type="integer", categories=[{"value": 1}], categoriesOrdered=False)),
        table(ID, named("x", type="integer", categories=[1])),
    ),
    "texts for true": (
        table(ID, named("x", type="boolean", trueValues=["1", "yes"])),
        table(ID, named("x", type="boolean", trueValues=["yes", "1"])),
    ),
    "what has no use": (
        table(ID, named("x", type="string", decimalChar=",")),
        table(ID, named("x", type="string")),
    ),
    "unique": (table(ID, numbered(unique=True)), table(ID, numbered(), uniqueKeys=[["x"]])),
    "unique keys": (
        table(ID, numbered(), uniqueKeys=[["id", "x"]]),
        table(ID, numbered(), uniqueKeys=[["x", "id"]]),
    ),
    "what a key demands": (
        table(ID),
        table({**ID, "constraints": {"required": True, "unique": True}}),
    ),
    "keys": (
        table(ID, numbered(), rows=[["1", "2"]], primaryKey=["id", "x"]),
        table(ID, numbered(), rows=[["1", "2"]], primaryKey=["x", "id"]),
    ),
    "references": (
        table(ID, numbered(), foreignKeys=[LINK]),
        table(
            ID,
            numbered(),
            foreignKeys=[{**LINK, "reference": {"resource": "things", "fields": "id"}}],
        ),
    ),
    "references of several fields": (
        table(ID, numbered(), foreignKeys=BOTH[:1]),
        table(ID, numbered(), foreignKeys=BOTH[1:]),
    ),
    "encodings": (
        table(ID, resource={"encoding": "latin-1"}),
        table(ID, resource={"encoding": "ISO-8859-1"}),
    ),
}


@pytest.mark.parametrize("case", OTHER_WORDS)
def test_the_same_in_other_words_is_no_change(case: str, tmp_path: Path) -> None:
    old, new = (
        package(tmp_path / str(n), *_files([each])) for n, each in enumerate(OTHER_WORDS[case])
    )
    found = difference(str(old), str(new))
    assert found.changes == ()
    assert [each.key == () for each in found.tables] == [False]


def _files(resources: list[Json]) -> list[Json]:
    """Copies of the resources, each with a file."""
    return [{**copy.deepcopy(each), "rows": each["rows"] or []} for each in resources]


def test_every_rule_has_a_case() -> None:
    # Of versions `release` judges.
    judged = {rule for rule in load_compatibility() if not rule.startswith("VERSION_")}
    assert {*(case.rule for case in CASES), "ID_REUSED", "ID_VANISHED"} == judged


def with_ledger(example: Path, out: Path, gone: str, rows: list[dict[str, str]]) -> Path:
    """The example without one actor, and with a ledger of these rows."""
    shutil.copytree(example, out)
    path = out / "data" / "actors.parquet"
    actors = pq.read_table(path)
    kept = [row for row in actors.to_pylist() if row["actor_id"] != gone]
    pq.write_table(pa.Table.from_pylist(kept, schema=actors.schema), path)
    names = ("table", "row_id", "change")
    ledger = pa.Table.from_pylist(rows, schema=pa.schema([(name, pa.string()) for name in names]))
    pq.write_table(ledger, out / "data" / "changes.parquet")
    descriptor = json.loads((out / "datapackage.json").read_bytes())
    resource = {"name": "changes-parquet", "path": "data/changes.parquet", "format": "pq"}
    descriptor["resources"].append(resource)
    (out / "datapackage.json").write_text(json.dumps(descriptor), "utf-8")
    return out


def ids_told(old: Path, new: Path) -> list[tuple[str, str, Bump]]:
    changes = difference(str(old), str(new)).changes
    found = [each for each in changes if each.rule.startswith("ID_")]
    return [(each.rule, each.old or each.new, each.bump) for each in found]


def test_an_id_goes_only_where_the_ledger_says_so(example_package: Path, tmp_path: Path) -> None:
    ids = pq.read_table(example_package / "data" / "actors.parquet")["actor_id"].to_pylist()
    rows = [{"table": "actors", "row_id": ids[0], "change": "withdrawn"}]
    told = with_ledger(example_package, tmp_path / "told", ids[0], rows)
    silent = with_ledger(example_package, tmp_path / "silent", ids[0], [])
    assert ids_told(example_package, told) == []
    assert ids_told(example_package, silent) == [("ID_VANISHED", ids[0], Bump.MAJOR)]


def test_an_id_that_is_gone_never_comes_back(example_package: Path, tmp_path: Path) -> None:
    ids = pq.read_table(example_package / "data" / "actors.parquet")["actor_id"].to_pylist()
    rows = [{"table": "actors", "row_id": each, "change": "merged"} for each in ids[:2]]
    old = with_ledger(example_package, tmp_path / "old", ids[1], rows[1:])
    new = with_ledger(example_package, tmp_path / "new", ids[0], rows)
    assert ids_told(old, new) == [("ID_REUSED", ids[1], Bump.MAJOR)]


@pytest.mark.parametrize(
    ("old", "bump", "lowest"),
    [
        ("1.2.3", Bump.MAJOR, "2.0.0"),
        ("1.2.3", Bump.MINOR, "1.3.0"),
        ("1.2.3", Bump.PATCH, "1.2.4"),
        ("1.2.3", Bump.NONE, "1.2.3"),
        ("0.2.3", Bump.MAJOR, "0.3.0"),
        ("0.2.3", Bump.MINOR, "0.2.4"),
        ("0.2.3", Bump.PATCH, "0.2.4"),
        ("2.0.0-rc.1", Bump.MAJOR, "2.0.0"),
        ("2024-03", Bump.MAJOR, None),
        (None, Bump.MAJOR, None),
    ],
)
def test_the_lowest_version_follows_from_the_bump(
    old: str | None, bump: Bump, lowest: str | None
) -> None:
    assert at_least(old, bump) == lowest


def test_a_pre_release_with_changes_is_another_one() -> None:
    given = ("2.0.0-rc.0", "2.0.0-rc.1", "2.0.0-rc.2", "2.0.0")
    found = [is_enough("2.0.0-rc.1", new, Bump.PATCH) for new in given]
    assert found == [False, False, True, True]
    assert is_enough("2.0.0-rc.1", "2.0.0-rc.1", Bump.NONE)


@pytest.mark.parametrize(
    ("old", "new", "enough"),
    [
        ("1.2.3", "1.3.0", True),
        ("1.2.3", "2.0.0", True),
        ("1.2.3", "1.2.9", False),
        ("1.9.0", "1.10.0", True),
        ("1.2.3", "next", None),
    ],
)
def test_a_version_is_enough_from_the_lowest_on(old: str, new: str, enough: bool | None) -> None:
    assert is_enough(old, new, Bump.MINOR) is enough
