"""The rules of actors and incidents over published tables: the smallest bad row, and a good one.

Each case is the base package with changes, under ids of its own, so that all of them can be asked
about in one run.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from changed import Row, apply, as_json, as_tables
from click.testing import CliRunner
from corpus import article, claim, merged, only, published, with_claims
from rule_cases_a import (
    CASES,
    DEAD,
    MARKET,
    MAYOR,
    NO_CLAIM,
    Change,
    actor,
    claims,
    incident,
    part,
    plays,
)

from dateline.build.rules import Failing, failing, setup
from dateline.cli import main
from dateline.schema import TABLES, load_codebook, load_queries

BASE = Path(__file__).parent / "bad" / "base.json"
VARIABLES = {"estimate_rule": "range_only", "profile": "quotes", "created": None}
ID = re.compile(r"(art|inc|act|stm|par|cas|evd)_[a-z0-9]+")
NAMES = ("name", "aliases", "weak_aliases")

# Country, latitude, longitude, and what the message of a point outside says to do, else null.
POINTS: list[tuple[str, float, float, str | None]] = [
    ("ISL", 64.1, -21.5, None),
    ("ISL", 66.7, -21.5, None),
    ("ISL", 66.9, -21.5, "correct the point or country_code"),
    ("ISL", 64.1, 21.5, "change the sign of longitude"),
    ("ISL", -64.1, -21.5, "change the sign of latitude"),
    ("ISL", -64.1, 21.5, "change both signs"),
    ("ISL", -21.5, 64.1, "swap latitude and longitude"),
    ("ISL", 21.5, 64.1, "swap them and correct their signs"),
    ("ISL", 10.0, 10.0, "correct the point or country_code"),
    ("FJI", -17.0, 179.9, None),
    ("FJI", -17.0, -179.9, None),
    ("FJI", -17.0, -177.0, "change the sign of longitude"),
    ("TUV", -8.5, -179.95, None),
    ("RUS", 66.0, -170.0, None),
    ("RUS", 55.75, 37.6, None),
    ("RUS", 66.0, -150.0, "change the sign of longitude"),
    ("USA", 52.0, 173.0, None),
    ("USA", 40.7, -74.0, None),
    ("USA", 40.7, 74.0, "change the sign of longitude"),
    ("ATA", -89.0, 120.0, None),
    ("KIR", 1.9, -157.4, None),
    ("XKX", 42.66, 21.17, None),
]
POINT_CASES = [
    [incident(country_code=country, latitude=lat, longitude=lon)] for country, lat, lon, _ in POINTS
]

RAID = incident(incident_type="raid_operation")
AIMED = incident(incident_type="targeted_killing")
GUNMEN = actor(DEAD, actor_type="rebel_group")
UNSURE = actor(DEAD, actor_type="unclassified")
# The ACLED sub-event type; where there is none, whether the reason says so.
ACLED: list[tuple[list[Change], str | None]] = [
    ([], "Shelling/artillery/missile attack"),
    ([RAID], "Attack"),
    ([RAID, GUNMEN], "Armed clash"),
    ([RAID, GUNMEN, plays(DEAD, role="captive"), NO_CLAIM], "Arrests"),
    ([RAID, GUNMEN, plays(DEAD, role="target"), NO_CLAIM], "Armed clash"),
    ([RAID, UNSURE], None),
    ([RAID, UNSURE, claims(victim_category="militant")], "Armed clash"),
    ([RAID, UNSURE, claims(victim_category="civilian")], "Attack"),
    ([RAID, UNSURE, claims(harm_type="captured")], "Arrests"),
    ([RAID, UNSURE, NO_CLAIM], "Looting/property destruction"),
    ([AIMED], "Attack"),
    ([AIMED, GUNMEN], "Armed clash"),
    ([AIMED, part(MAYOR, "target")], "Attack"),
    ([AIMED, GUNMEN, part(MAYOR, "target")], "Attack"),
    ([AIMED, GUNMEN, part(MAYOR, "victim")], None),
    ([AIMED, UNSURE, NO_CLAIM], None),
    ([incident(incident_type="mobilisation")], "Other"),
    ([incident(incident_type="unknown_violence")], None),
    ([incident(incident_type="unclassified")], None),
]

Rows = dict[str, list[Row]]


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """The published rows of the base, by table."""
    out = tmp_path_factory.mktemp("base") / "package"
    result = CliRunner().invoke(main, ["build", str(BASE), "--out", str(out), "--jobs", "1"])
    assert result.exit_code == 0, result.output
    return {name: as_json(pq.read_table(out / f"data/{name}.parquet")) for name in TABLES}


def of_cases(base: Rows, cases: list[list[Change]]) -> dict[str, pa.Table]:
    """The tables of the base with each case's changes, all beside each other.

    Ids of case N end in `xN`; names and divisions are the case's own too.
    """
    every: Rows = defaultdict(list)
    for number, changes in enumerate(cases):
        rows = {name: [dict(row) for row in base[name]] for name in TABLES}
        for change in changes:
            apply(rows[change["table"]], change)
        for name in TABLES:
            every[name] += [_scoped(row, number) for row in rows[name]]
    return as_tables(every)


def _scoped(row: Row, number: int) -> Row:
    word = "X" + "".join("abcdefghij"[int(digit)] for digit in str(number))

    def own(column: str, value: Any) -> Any:
        if isinstance(value, str) and ID.fullmatch(value):
            return f"{value}x{number}"
        # Unnamed people are never taken for the same.
        if column in NAMES and value is not None and row["entity_kind"] != "unnamed_person":
            return f"{value} {word}" if column == "name" else [f"{name} {word}" for name in value]
        if column == "admin1" and row["geo_precision"] == "exact":
            return f"{value or ''} {word}"
        return value

    return {column: own(column, value) for column, value in row.items()}


def by_case(found: list[Failing]) -> dict[int, list[Failing]]:
    """What fails, by the number of the case."""
    cases: dict[int, list[Failing]] = defaultdict(list)
    for each in found:
        cases[int(each.id.rpartition("x")[2])].append(each)
    return cases


@pytest.fixture(scope="session")
def found(base: Rows) -> dict[int, list[Failing]]:
    """What fails in each case: of CASES the bad at even numbers, the good behind; then POINTS."""
    cases = [changes for _, bad, good in CASES for changes in (bad, good)]
    tables = of_cases(base, [*cases, *POINT_CASES])
    return by_case(failing(tables, load_codebook(), VARIABLES))


@pytest.mark.parametrize("number", range(len(CASES)))
def test_the_smallest_bad_row_is_found_and_the_nearest_good_one_is_not(
    number: int, found: dict[int, list[Failing]]
) -> None:
    rule = CASES[number][0]
    assert rule in {each.rule for each in found[2 * number]}
    assert rule not in {each.rule for each in found[2 * number + 1]}


def test_every_rule_of_these_sections_has_a_case() -> None:
    elsewhere = {"affiliation-order", "affiliation-overlap", "incident-acled-undecided"}
    # Of test_rules_b.py and test_rules_c.py.
    elsewhere |= {
        "incident-role-missing",
        "incident-role-missing-hint",
        "incident-text-copied",
        "incident-without-participant",
        "incident-without-participant-hint",
    }
    mine = {
        r
        for r in load_queries()
        if r.startswith(("actor-", "incident-", "affiliation-", "estimate-"))
    }
    earlier = {
        "actor-external-id-repeated",
        "incident-after-publication",
        "incident-date-order",
        "incident-date-precision",
        "incident-point-outside",
    }
    assert mine - elsewhere - earlier <= {rule for rule, _, _ in CASES}


@pytest.mark.parametrize("number", range(len(POINTS)))
def test_a_point_outside_its_country_is_found_and_the_slip_named(
    number: int, found: dict[int, list[Failing]]
) -> None:
    remedy = POINTS[number][3]
    outside = [e for e in found[2 * len(CASES) + number] if e.rule == "incident-point-outside"]
    assert [each.message.rpartition("; ")[2] for each in outside] == [remedy] * (remedy is not None)


def test_the_base_breaks_no_rule(base: Rows) -> None:
    assert failing(as_tables(base), load_codebook(), VARIABLES) == []


def test_each_country_has_a_box() -> None:
    for row in load_codebook().vocabularies["country"].rows:
        south, north = float(row["latitude_min"]), float(row["latitude_max"])
        west, east = float(row["longitude_min"]), float(row["longitude_max"])
        assert -90 <= south < north <= 90, row
        assert -180 <= west <= 180, row
        assert -180 <= east <= 180, row
        assert west != east, row


@pytest.fixture
def consumer(
    base: Rows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> duckdb.DuckDBPyConnection:
    """A connection in the folder of a package of all ACLED cases, nothing run yet."""
    codebook = load_codebook()
    (tmp_path / "data").mkdir()
    for name, table in of_cases(base, [changes for changes, _ in ACLED]).items():
        pq.write_table(table, tmp_path / f"data/{name}.parquet")
    (tmp_path / "vocab").mkdir()
    for name, vocabulary in codebook.vocabularies.items():
        (tmp_path / f"vocab/{name}.csv").write_bytes(vocabulary.csv)
    monkeypatch.chdir(tmp_path)
    return duckdb.connect()


def test_each_incident_has_one_acled_type_or_the_reason_why_not(
    consumer: duckdb.DuckDBPyConnection,
) -> None:
    with consumer as db:
        db.execute(setup(load_codebook(), VARIABLES))
        rows = db.execute("SELECT incident_id, acled, reason FROM acled_types").fetchall()
    types = {int(key.rpartition("x")[2]): (acled, reason) for key, acled, reason in rows}
    assert [types[number][0] for number in range(len(ACLED))] == [value for _, value in ACLED]
    assert all((acled is None) == bool(reason) for acled, reason in types.values())


@pytest.mark.parametrize("cell", ["Grenade|Attack", ""])
def test_a_type_of_several_acled_types_or_none_without_a_reason_is_found(
    cell: str, base: Rows
) -> None:
    codebook = load_codebook()
    types = codebook.vocabularies["incident_type"]
    wrong = tuple(
        {**row, "acled_sub_event_type": cell} if row["value"] == "shelling_missile" else row
        for row in types.rows
    )
    vocabularies = {**codebook.vocabularies, "incident_type": replace(types, rows=wrong)}
    found = failing(as_tables(base), replace(codebook, vocabularies=vocabularies), VARIABLES)
    assert [(each.rule, each.id) for each in found] == [("incident-acled-undecided", MARKET)]


def test_affiliations_are_in_order_and_one_at_a_time(consumer: duckdb.DuckDBPyConnection) -> None:
    terms = [
        ("aff_backward", "act_aaaaaa", "2021-05", "2021-04-30"),
        ("aff_first", "act_bbbbbb", "2019", "2021-03"),
        ("aff_within", "act_bbbbbb", "2020", "2020-06"),
        ("aff_touching", "act_bbbbbb", "2021-03-31", None),
        ("aff_sooner", "act_cccccc", None, "2019-12"),
        ("aff_later", "act_cccccc", "2020-01", None),
    ]
    with consumer as db:
        db.execute(
            "CREATE TEMP TABLE affiliations (aff_id VARCHAR, actor_id VARCHAR, "
            "organization_actor_id VARCHAR, role VARCHAR, on_behalf_of_actor_id VARCHAR, "
            "valid_from VARCHAR, valid_to VARCHAR, article_id VARCHAR)"
        )
        for key, holder, start, end in terms:
            row = [key, holder, "act_org", "minister", None, start, end, None]
            db.execute(f"INSERT INTO affiliations VALUES ({', '.join('?' * len(row))})", row)
        db.execute(setup(load_codebook(), VARIABLES))
        queries = load_queries()
        order = db.execute(queries["affiliation-order"]).fetchall()
        overlap = db.execute(queries["affiliation-overlap"]).fetchall()
    assert [key for key, _, message in order if "aff_backward" in message] == ["act_aaaaaa"]
    assert len(order) == 1
    named = sorted(re.findall(r"aff_\w+", message)[0] for _, _, message in overlap)
    assert named == ["aff_touching", "aff_within"]


def test_a_harm_of_the_projects_own_counts_as_the_broader_one(tmp_path: Path) -> None:
    (tmp_path / "vocab").mkdir()
    with (tmp_path / "vocab" / "harm_type.csv").open("w", newline="") as file:
        csv.writer(file).writerows(
            [("value", "label", "definition", "broader"), ("mined", "Mined", "By a mine", "killed")]
        )
    told = [with_claims(claim(harm_type="mined", victim_set="road"))]
    row = only(published(told, codebook=tmp_path)["incidents"])
    assert (row["killed_best"], row["estimate_rule"]) == (9, "single_claim")
    assert merged([article()], codebook=tmp_path).issues == []
