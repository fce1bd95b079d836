"""What a build knows of evidence, batch by batch, is what the rows of a package say of it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from corpus import SAID, SHELLING, article, checked, merged_tables, told

from dateline.build.assemble.evidence import with_subjects
from dateline.build.assemble.summary import rule_tables, summary
from dateline.build.rules import failing
from dateline.build.rules.script import coded
from dateline.schema import FOLDER, Codebook, load_codebook

ROOT = Path(__file__).parents[1]
Raw = Mapping[str, pa.Table]
VARIABLES = {"estimate_rule": "range_only", "profile": "quotes", "created": None}


def lines(*files: Path) -> list[dict[str, object]]:
    """The articles in these files, one each or one a line."""
    texts = [text for file in files for text in file.read_text("utf-8").split("\n")]
    if any(file.suffix == ".json" for file in files):
        return [json.loads(file.read_text("utf-8")) for file in files]
    return [json.loads(text) for text in texts if text]


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Raw:
    """The raw tables of 300 generated articles."""
    out = tmp_path_factory.mktemp("generated")
    script = str(ROOT / "benchmarks" / "corpus.py")
    subprocess.run([sys.executable, script, "300", "--seed", "7", "--out", str(out)], check=True)
    found = checked(*lines(*sorted(out.glob("*.jsonl"))))
    assert not found.issues
    return found.tables


def by_sql(raw: Raw, codebook: Codebook, name: str) -> list[tuple[object, ...]]:
    """A relation that the script for packages makes of these rows, sorted."""
    with duckdb.connect() as db:
        for table in ("evidence", "statements", "casualties"):
            given = raw[table]
            db.register(f"raw_{table}", with_subjects(given) if table == "evidence" else given)
            rows = coded(codebook.tables[table], codebook, f"raw_{table}")
            db.execute(f"CREATE TEMP TABLE {table} AS {rows}")
        db.execute((FOLDER / "rules" / "_evidence.sql").read_text("utf-8"))
        return db.execute(f"SELECT DISTINCT * FROM {name} ORDER BY ALL").fetchall()


def by_arrow(table: pa.Table, like: str) -> list[tuple[object, ...]]:
    """The rows of a table with the columns that a relation of the script has, sorted."""
    names = {
        "evidence_summary": "id, article_id, by_hand, by_program, unreviewed, has_trigger, "
        "has_date, has_place, has_role, has_count, has_cue, has_content, has_source",
        "annotators": "annotator_id, article_id",
    }
    with duckdb.connect() as db:
        db.register("given", table)
        return db.execute(f"SELECT {names[like]} FROM given ORDER BY ALL").fetchall()


def assert_same(raw: Raw, codebook: Codebook) -> None:
    """The functions of a build and the script of a package say the same of these rows."""
    made = rule_tables(raw["evidence"], raw["statements"], codebook)
    for name in ("evidence_summary", "annotators"):
        found = by_arrow(made[name], name)
        assert found
        assert found == by_sql(raw, codebook, name)


def test_generated_articles_are_summed_up_alike(generated: Raw) -> None:
    assert_same(generated, load_codebook())


@pytest.mark.parametrize("place", ["tests/bad/base.json", "examples/articles"])
def test_articles_by_hand_are_summed_up_alike(place: str) -> None:
    path = ROOT / place
    files = [path] if path.is_file() else sorted(f for f in path.iterdir() if f.suffix == ".json")
    files = files or sorted(path.glob("*.jsonl"))
    codebook = ROOT / "examples" / "codebook" if path.is_dir() else None
    assert_same(checked(*lines(*files), codebook=codebook).tables, load_codebook(codebook))


def test_a_projects_own_codes_count_as_their_broader_ones(tmp_path: Path) -> None:
    (tmp_path / "vocab").mkdir()
    for name, row in {"method": "robot,Robot,By a robot,model", "span_role": "w,W,W,cue"}.items():
        rows = f"value,label,definition,broader\n{row}\n"
        (tmp_path / "vocab" / f"{name}.csv").write_text(rows)
    evidence = [
        {**span, "role": "w"} if span["role"] == "cue" else span for span in SAID["evidence"]
    ]
    one = told(1, statements=[{**SAID, "speaker": "army", "evidence": evidence}])
    two = {**told(2), "annotation": {"method": "robot"}}
    raw = checked(one, two, codebook=tmp_path).tables
    codebook = load_codebook(tmp_path)
    assert_same(raw, codebook)
    rows = summary(raw["evidence"], codebook).to_pylist()
    assert [row["has_cue"] for row in rows if row["id"].startswith("stm")] == [True]
    made = {(row["by_hand"], row["unreviewed"] > 0) for row in rows}
    assert made == {(True, False), (False, True)}


def test_articles_without_evidence_have_nothing_to_sum_up() -> None:
    raw = checked(article()).tables
    made = rule_tables(raw["evidence"], raw["statements"], load_codebook())
    assert {name: table.num_rows for name, table in made.items()} == dict.fromkeys(made, 0)


def worsened(evidence: pa.Table) -> pa.Table:
    """Evidence with rows taken away, made by models or imports, or moved in the text."""
    articles = evidence["article_id"].unique().to_pylist()
    place = {article: number for number, article in enumerate(articles)}
    rows = []
    for number, row in enumerate(evidence.to_pylist()):
        article = place[row["article_id"]]
        if number % 7 == 0 or (article % 5 == 0 and row["subject"] != "statement_id"):
            continue
        if article % 3 == 0:
            row |= {"method": "model" if number % 11 else "manual"}
        if article % 7 == 1:
            row |= {"method": "import"}
        if row["span_role"] == "content" and row["evidence_id"][-1] in "abcd1234":
            row |= {"start": 0, "end": 1}
        rows.append(row)
    return pa.Table.from_pylist(rows, evidence.schema)


def test_a_build_finds_what_its_package_would_be_found_to_break(generated: Raw) -> None:
    codebook = load_codebook()
    raw = {**generated, "evidence": worsened(generated["evidence"])}
    merged = merged_tables(raw, codebook, variables=VARIABLES)
    assert merged.tables
    found = failing(merged.tables, codebook, VARIABLES)
    # An issue of two rows that disagree goes by the places of both.
    in_build = [(issue.rule, *issue.ids[:1]) for issue in merged.issues]
    in_package = [(row.rule, row.id) if row.other is None else (row.rule,) for row in found]
    assert sorted(in_build) == sorted(in_package)
    assert {row.rule for row in found} >= {
        "evidence-missing",
        "evidence-missing-hint",
        "evidence-model-unreviewed",
        "statement-incident-elsewhere",
        "statement-outside-parent",
        "statement-source-missing",
    }


def test_content_inside_of_other_content_is_still_asked_for(generated: Raw) -> None:
    made = rule_tables(generated["evidence"], generated["statements"], load_codebook())
    statements = generated["statements"].to_pylist()
    inner = {row["statement_id"] for row in statements if row["parent_statement_id"]}
    outer = {row["parent_statement_id"] for row in statements} - {None}
    rows = made["asked_evidence"]
    assert set(rows["statement_id"].to_pylist()) == inner | outer
    assert set(rows["span_role"].to_pylist()) == {"content"}
    assert rows.num_rows < pc.sum(pc.equal(generated["evidence"]["span_role"], "content")).as_py()


def test_words_of_one_article_in_the_title_of_another_are_found_where_they_are_published() -> None:
    words = "Gunmen burned four houses near the river at dawn"
    first = article("a-1", incidents=[{**SHELLING, "key": "k", "title": words}])
    parts = [
        {"role": "other", "start": 0, "end": 6, "quote": "Gunmen"},
        {"role": "other", "start": 14, "end": 48, "quote": words[14:], "part": 1},
        {"role": "trigger", "quote": words},
    ]
    incident = {"id": "it", "key": "k", "evidence": parts}
    second = article("a-2", text=f"{words}, villagers said.", incidents=[incident])
    found = checked(first, second, profile="full")
    assert not found.issues
    variables = {**VARIABLES, "profile": "full"}
    merged = merged_tables(found.tables, load_codebook(), variables=variables)
    rules = [issue.rule for issue in merged.issues]
    assert "incident-text-copied" in rules
    assert "evidence-parts" not in rules
