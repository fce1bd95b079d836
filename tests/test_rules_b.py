"""Rules on form, participants and casualties: the smallest bad rows are found, the nearest good
ones are not.

Each case is a change to the published tables of `tests/bad/base.json`, of which no rule says
anything.
"""

from __future__ import annotations

import copy
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from cases_casualties import CASUALTIES
from cases_form import FORM
from cases_participants import PARTICIPANTS
from changed import Row, as_json, as_tables
from click.testing import CliRunner
from rows_of_base import SECOND_ARTICLE, Change, Tables, add, put, row

from dateline.build.rules import Failing, failing
from dateline.cli import main
from dateline.schema import TABLES, load_codebook, load_queries
from dateline.schema.tables import make_field

BASE = Path(__file__).parent / "bad" / "base.json"
VARIABLES = {"created": None, "estimate_rule": "range_only", "profile": "quotes"}

CASES = {**FORM, **PARTICIPANTS, **CASUALTIES}


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    """The rows that the base is published as; tests change copies."""
    out = tmp_path_factory.mktemp("base") / "package"
    result = CliRunner().invoke(main, ["build", str(BASE), "--out", str(out), "--jobs", "1"])
    assert result.exit_code == 0, result.output
    return {name: as_json(pq.read_table(out / f"data/{name}.parquet")) for name in TABLES}


def found(base: Tables, *changes: Change, ledger: list[Row] | None = None) -> list[Failing]:
    """What the rules say of the base with these changes, and of a ledger."""
    tables = copy.deepcopy(base)
    for change in changes:
        change(tables)
    asked: dict[str, pa.Table] = as_tables(tables)
    if ledger is not None:
        columns = ("row_id", "change", "merged_into_id")
        texts = {name: pa.array([row.get(name) for row in ledger], pa.string()) for name in columns}
        asked["changes"] = pa.table(texts)
    return failing(asked, load_codebook(), VARIABLES)


def broken(base: Tables, *changes: Change, ledger: list[Row] | None = None) -> set[str]:
    """The rules that are broken then."""
    return {row.rule for row in found(base, *changes, ledger=ledger)}


def test_no_rule_says_anything_of_the_base(base: Tables) -> None:
    assert found(base) == []


@pytest.mark.parametrize("case", CASES)
def test_the_smallest_bad_rows_are_found_and_the_nearest_good_ones_are_not(
    case: str, base: Tables
) -> None:
    rule, bad, good = CASES[case]
    assert rule in broken(base, *bad)
    assert rule not in broken(base, *good)


def test_every_message_says_what_is_expected_and_what_to_do(base: Tables) -> None:
    for rule, bad, _ in CASES.values():
        messages = [row.message for row in found(base, *bad) if row.rule == rule]
        assert all(re.match(r"expected .+ got .+; ", message) for message in messages), messages


MERGED = {"row_id": "act_aaaaaa", "change": "merged", "merged_into_id": "act_bbbbbb"}


def test_an_id_of_the_ledger_does_not_return(base: Tables) -> None:
    gone = {"row_id": row(base, "army")["actor_id"], "change": "withdrawn"}
    (failed,) = found(base, ledger=[gone])
    assert (failed.rule, failed.id) == ("change-id-returns", gone["row_id"])
    assert broken(base, ledger=[{**gone, "change": "updated"}]) == set()
    assert broken(base, ledger=[{**gone, "row_id": "act_aaaaaa"}]) == set()


def test_a_merged_row_lives_on_in_one_that_is_there(base: Tables) -> None:
    assert broken(base, ledger=[MERGED]) == {"change-target-missing"}
    assert broken(base, ledger=[{**MERGED, "merged_into_id": None}]) == {"change-target-missing"}
    onward = {"row_id": "act_bbbbbb", "change": "merged"}
    there = {**onward, "merged_into_id": row(base, "army")["actor_id"]}
    assert broken(base, ledger=[MERGED, there]) == set()
    # What it was merged into has gone since, and it was withdrawn with it.
    gone = [{"row_id": each, "change": "withdrawn"} for each in ("act_aaaaaa", "act_bbbbbb")]
    assert broken(base, ledger=[MERGED, *gone]) == set()
    assert broken(base, ledger=[MERGED, gone[1]]) == {"change-target-missing"}
    nowhere = {**onward, "merged_into_id": "act_cccccc"}
    (failed,) = found(base, ledger=[MERGED, nowhere])
    assert (failed.rule, failed.id) == ("change-target-missing", "act_bbbbbb")


def test_merged_rows_do_not_go_round_in_a_circle(base: Tables) -> None:
    back = {"row_id": "act_bbbbbb", "change": "merged", "merged_into_id": "act_aaaaaa"}
    failed = found(base, ledger=[MERGED, back])
    assert [(row.rule, row.id) for row in failed] == [
        ("change-cycle", "act_aaaaaa"),
        ("change-cycle", "act_bbbbbb"),
    ]


def test_two_publishers_are_two_accounts(base: Tables) -> None:
    fact = {"attribution_basis": "reported_as_fact", "attributed_by_actor_id": None}
    changes = [put("initiator", **fact), add("par_aaaaaa", "initiator", **fact, role="target")]

    def stands_in(article: str) -> Change:
        def change(tables: Tables) -> None:
            like = tables["evidence"][0]
            empty = dict.fromkeys(("incident_id", "actor_id", "statement_id", "casualty_id"))
            ids = {"evidence_id": "evd_aaaaaa", "participant_id": "par_aaaaaa"}
            tables["evidence"].append({**like, **empty, **ids, "article_id": article})

        return change

    here = stands_in(row(base, "article")["article_id"])
    there = [SECOND_ARTICLE, stands_in("art_second")]
    assert "participant-roles-opposed" in broken(base, *changes, here)
    assert "participant-roles-opposed" not in broken(base, *changes, *there)


def test_a_number_of_an_own_column_stands_for_nothing_unless_its_minimum_allows_it(
    base: Tables,
) -> None:
    def asked(**constraints: Any) -> set[str]:
        field = {"name": "altitude", "type": "integer", "constraints": constraints}
        codebook = load_codebook()
        table = codebook.tables["incidents"]
        own = (*table.fields, make_field(field, {}, custom=True))
        tables = {**codebook.tables, "incidents": replace(table, fields=own)}
        rows = as_tables(base)
        rows["incidents"] = rows["incidents"].append_column("altitude", pa.array([-99], pa.int32()))
        found = failing(rows, replace(codebook, tables=tables), VARIABLES)
        return {row.rule for row in found}

    assert asked() == {"number-sentinel"}
    assert asked(minimum=-500) == set()


def test_every_rule_of_these_sections_that_is_a_query_has_a_case() -> None:
    prefixes = ("casualty-", "participant-", "side-", "text-", "list-", "id-", "number-")
    # Held by the tables of other tests: who may attribute a role, and roles without a source.
    elsewhere = {"participant-attribution"}
    queries = {rule for rule in load_queries() if rule.startswith(prefixes)} - elsewhere
    assert queries <= {rule for rule, _, _ in CASES.values()}
