"""The rules over statements, evidence and articles: the smallest breach, and its nearest neighbour.

Rows are those of the package of `bad/base.json`, changed as in `changed.py`; its statements are
`s1` by the mayor about the claim of three dead, and `s2` by the trader, a direct quote.
"""

from __future__ import annotations

import copy
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from changed import apply, as_json, as_tables
from click.testing import CliRunner
from corpus import MAYOR, SAID, SHELLING, article, checked, claim, problems

from dateline.build.check.counts import Counts
from dateline.build.check.tags import is_language, spdx
from dateline.build.check.tolls import verdict
from dateline.build.rules import failing
from dateline.cli import main
from dateline.schema import TABLES, load_codebook

Json = dict[str, Any]
Rows = dict[str, list[Json]]
Changes = list[Json]

BASE = Path(__file__).parent / "bad" / "base.json"


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """The rows of the base package; ids are the names in it where it has some."""
    out = tmp_path_factory.mktemp("base") / "out"
    result = CliRunner().invoke(main, ["build", str(BASE), "--out", str(out), "--jobs", "1"])
    assert result.exit_code == 0, result.output
    tables = {name: as_json(pq.read_table(out / f"data/{name}.parquet")) for name in TABLES}
    names = _names(tables)
    return {
        name: [
            {k: names.get(v, v) if isinstance(v, str) else v for k, v in r.items()} for r in rows
        ]
        for name, rows in tables.items()
    }


def _names(tables: Rows) -> dict[str, str]:
    """Ids that tell what they are of, in place of the digests."""
    said = {"The mayor blames the army for three deaths.": "stm_mayor"}
    acting = {
        "Army of Sade": "act_army",
        "mayor of Orra": "act_mayor",
        "trader in Orra": "act_trader",
    }
    return {
        tables["articles"][0]["article_id"]: "art_market",
        tables["incidents"][0]["incident_id"]: "inc_market",
        tables["casualties"][0]["casualty_id"]: "cas_market",
        **{r["actor_id"]: acting.get(r["name"], "act_civilian") for r in tables["actors"]},
        **{
            r["statement_id"]: said.get(r["paraphrase"], "stm_trader") for r in tables["statements"]
        },
        **{r["participant_id"]: f"par_{r['role']}" for r in tables["participants"]},
    }


def broken(rows: Rows, changes: Changes, **variables: str | None) -> set[str]:
    """The rules that the rows break once they are changed."""
    found = copy.deepcopy(rows)
    for change in copy.deepcopy(changes):
        apply(found[change["table"]], change)
    tables = as_tables(found)
    return {row.rule for row in failing(tables, load_codebook(), variables)}


def put(table: str, where: Json, **values: Any) -> Json:
    return {"table": table, "where": where, "set": values}


def said(name: str, **values: Any) -> Json:
    return put("statements", {"statement_id": f"stm_{name}"}, **values)


def drop(**where: Any) -> Json:
    return {"table": "evidence", "where": where, "drop": True}


def proof(role: str, **values: Any) -> Json:
    """Evidence of one role changed: that of the mayor's statement, or of what else has the role."""
    statement = {"statement_id": "stm_mayor"} if role in ("source", "cue", "content") else {}
    return put("evidence", {"span_role": role, **statement}, **values)


def one_more(table: str, **values: Any) -> Json:
    return {"table": table, "add": values}


STATEMENT = {
    "article_id": "art_market",
    "speaker_actor_id": "act_mayor",
    "anonymity": "described",
    "attribution_type": "assertion",
    "quote_type": "indirect",
    "speech_act": "assert",
    "polarity": "affirmed",
    "certainty": "unspecified",
    "topic": "incident_account",
    "incident_id": "inc_market",
}
ARTICLE = {
    "article_id": "art_other",
    "article_key": "other",
    "publisher": "Orra Post",
    "published_at": "2024-03-05T00:00:00+00:00",
    "published_precision": "day",
    "language": "en",
    "text_sha256": "a" * 64,
    "text_length": 500,
    "text_normalization": "none",
    "license": "LicenseRef-unknown",
}
OTHER = one_more("articles", **ARTICLE)
HEADLINE = put("articles", {"article_id": "art_market"}, headline="Shells on Orra")


def chain(length: int) -> Changes:
    """Statements of which each is inside the one before, the first inside the mayor's."""
    names = ["stm_mayor", *(f"stm_nested{n}" for n in range(1, length + 1))]
    return [
        one_more("statements", **STATEMENT, statement_id=name, parent_statement_id=parent)
        for parent, name in pairwise(names)
    ]


def imported(**values: Any) -> Json:
    return put("evidence", {"part": 0}, method="import", **values)


# Changes that break a rule, and the nearest that do not.
CASES: dict[str, list[tuple[Changes, Changes]]] = {
    "incident-text-copied": [
        (
            [
                said("trader", quote_text="We ran for the river and then to the hills"),
                put("incidents", {}, title="“WE RAN for the river; and then…” to"),
            ],
            [
                said("trader", quote_text="We ran for the river and then to the hills"),
                put("incidents", {}, title="We ran for the river and then"),
            ],
        ),
        (
            [
                put("evidence", {"span_role": "trigger"}, exact="a b c d e f gg hh ii"),
                put("incidents", {}, summary="So: b c d e f gg hh ii."),
            ],
            [
                put("evidence", {"span_role": "trigger"}, exact="a b c d e f gg hh ii"),
                put("incidents", {}, summary="So: b c d e f gg hh jj ii."),
            ],
        ),
    ],
    "statement-parent-elsewhere": [
        (
            [OTHER, said("trader", article_id="art_other", parent_statement_id="stm_mayor")],
            [said("trader", parent_statement_id="stm_mayor")],
        )
    ],
    "statement-parent-cycle": [
        (
            [said("mayor", parent_statement_id="stm_mayor")],
            [said("trader", parent_statement_id="stm_mayor")],
        ),
        (
            [*chain(3), said("mayor", parent_statement_id="stm_nested3")],
            chain(3),
        ),
    ],
    "statement-nesting": [(chain(6), chain(5))],
    "statement-outside-parent": [
        (
            [
                said("trader", parent_statement_id="stm_mayor"),
                put("evidence", {"statement_id": "stm_trader"}, start=0, end=73),
            ],
            [
                said("trader", parent_statement_id="stm_mayor"),
                put("evidence", {"statement_id": "stm_trader"}, start=0, end=72),
            ],
        )
    ],
    "quote-indirect-quoted": [
        ([said("mayor", quote_text="Two shells")], [said("mayor", quote_text=None)]),
        ([said("trader", quote_type="indirect")], [said("trader", quote_type="mixed")]),
    ],
    "statement-speaker-addressed": [
        (
            [said("mayor", addressee_actor_id="act_mayor")],
            [said("mayor", addressee_actor_id="act_trader")],
        )
    ],
    "statement-speaker-targeted": [
        (
            [said("mayor", target_actor_id="act_mayor")],
            [said("mayor", target_actor_id="act_army")],
        )
    ],
    "statement-on-own-behalf": [
        (
            [said("mayor", on_behalf_of_actor_id="act_mayor")],
            [said("mayor", on_behalf_of_actor_id="act_army")],
        )
    ],
    "statement-anonymity": [
        ([said("mayor", anonymity="named")], [said("mayor", anonymity="role_named")]),
        (
            [said("mayor", speaker_actor_id="act_army", anonymity="described")],
            [said("mayor", speaker_actor_id="act_army", anonymity="named")],
        ),
    ],
    "statement-implicit-source": [
        (
            [said("mayor", anonymity="implicit")],
            [said("mayor", anonymity="implicit"), drop(span_role="source")],
        )
    ],
    "statement-source-missing": [
        (
            [drop(statement_id="stm_mayor", span_role="source")],
            [
                drop(statement_id="stm_mayor", span_role="source"),
                said("mayor", anonymity="implicit"),
            ],
        )
    ],
    "statement-said-late": [
        ([said("mayor", said_on="2024-03-06")], [said("mayor", said_on="2024-03-05")])
    ],
    "statement-said-early-hint": [
        ([said("mayor", said_on="2024-03-03")], [said("mayor", said_on="2024-03-04")]),
        (
            [said("mayor", said_on="2024-03-03", topic="casualties")],
            [said("mayor", said_on="2024-03-03", topic="diplomacy")],
        ),
    ],
    "statement-responsibility-alone": [
        (
            [said("mayor", speech_act="claim_responsibility")],
            [said("mayor", speech_act="claim_responsibility", polarity="negated")],
        ),
        (
            [said("mayor", speech_act="claim_responsibility", on_behalf_of_actor_id="act_army")],
            [
                said("mayor", speech_act="claim_responsibility", on_behalf_of_actor_id="act_army"),
                put(
                    "participants",
                    {"actor_id": "act_army"},
                    attribution_basis="claimed_or_admitted",
                    attributed_by_actor_id="act_army",
                ),
            ],
        ),
        (
            [said("mayor", speech_act="claim_responsibility")],
            [
                said("mayor", speech_act="claim_responsibility"),
                put("actors", {"actor_id": "act_mayor"}, parent_actor_id="act_army"),
                put("participants", {"actor_id": "act_army"}, role="claimant"),
            ],
        ),
    ],
    "statement-accused-missing": [
        (
            [said("mayor", speech_act="accuse")],
            [said("mayor", speech_act="accuse", target_actor_id="act_army")],
        ),
        (
            [said("mayor", speech_act="accuse")],
            [said("mayor", speech_act="accuse", incident_id=None)],
        ),
    ],
    "statement-contradiction": [
        (
            [
                one_more(
                    "statements", **{**STATEMENT, "speech_act": "deny"}, statement_id="stm_deny"
                )
            ],
            [
                one_more(
                    "statements",
                    **{**STATEMENT, "speech_act": "deny", "topic": "responsibility"},
                    statement_id="stm_deny",
                )
            ],
        )
    ],
    "statement-incident-elsewhere": [
        (
            [OTHER, said("trader", article_id="art_other")],
            [
                OTHER,
                said("trader", article_id="art_other"),
                put("evidence", {"span_role": "count"}, article_id="art_other"),
            ],
        )
    ],
    "evidence-subject": [
        ([proof("trigger", actor_id="act_army")], [proof("trigger", annotator_id="a2")]),
        ([proof("trigger", incident_id=None)], [proof("trigger", start=1)]),
    ],
    "evidence-field-unknown": [
        ([proof("trigger", field="place")], [proof("trigger", field="place_name")]),
        ([proof("cue", field="count_best")], [proof("cue", field="cue_text")]),
    ],
    "evidence-outside-text": [
        ([proof("trigger", start=127, end=129)], [proof("trigger", start=126, end=128)]),
        ([proof("trigger", start=7, end=7)], [proof("trigger", start=7, end=8)]),
    ],
    "evidence-parts": [
        ([proof("trigger", part=1)], [proof("trigger", part=0)]),
        (
            [
                proof("trigger", span_role="content", field=None, start=5, end=9),
                proof("place", span_role="content", field=None, start=8, end=12, part=1),
            ],
            [
                proof("trigger", span_role="content", field=None, start=5, end=8),
                proof("place", span_role="content", field=None, start=8, end=12, part=1),
            ],
        ),
    ],
    "evidence-hash": [
        ([proof("trigger", exact="hot")], [proof("trigger", exact="hit")]),
        # Several spaces of the text may be one here, so that no digest fits.
        ([proof("trigger", exact="hut")], [proof("trigger", exact="h t")]),
    ],
    "evidence-missing": [
        ([drop(span_role="trigger")], [proof("trigger", span_role="other")]),
        ([drop(span_role="place")], [proof("place", field="country_code")]),
        (
            [drop(span_role="date")],
            [drop(span_role="date"), put("incidents", {}, date_precision="unknown")],
        ),
        ([drop(span_role="role")], [proof("role", field=None)]),
        (
            [proof("count", span_role="other")],
            [
                proof("count", span_role="other"),
                put("casualties", {}, quantifier="none_stated"),
            ],
        ),
        ([drop(statement_id="stm_mayor", span_role="cue")], [proof("cue", start=0)]),
        ([drop(actor_id="act_mayor")], [put("evidence", {"actor_id": "act_mayor"}, field="name")]),
        # Nothing but a parent, of a registry.
        (
            [drop(actor_id="act_army")],
            [
                drop(actor_id="act_army"),
                put("participants", {"actor_id": "act_army"}, actor_id="act_trader"),
                put("actors", {"actor_id": "act_mayor"}, parent_actor_id="act_army"),
            ],
        ),
    ],
    "evidence-missing-hint": [
        ([drop(span_role="trigger"), imported()], [imported()]),
        ([drop(actor_id="act_mayor"), imported()], [drop(actor_id="act_mayor")]),
    ],
    "evidence-article": [
        ([OTHER, proof("cue", article_id="art_other")], [OTHER]),
        (
            [OTHER, proof("count", article_id="art_other")],
            [OTHER, proof("place", article_id="art_other")],
        ),
    ],
    "confidence-without-model": [
        ([proof("cue", confidence=0.5)], [proof("cue", confidence=0.5, method="model_reviewed")])
    ],
    "evidence-model-unreviewed": [
        ([proof("cue", method="model")], [proof("cue", method="model_reviewed")])
    ],
    "article-retrieved-early": [
        (
            [put("articles", {}, retrieved_at="2024-03-03T23:59:59+00:00")],
            [put("articles", {}, retrieved_at="2024-03-04T00:00:00+00:00")],
        )
    ],
    "article-syndication-cycle": [
        (
            [
                one_more("articles", **ARTICLE, syndicated_from_article_id="art_market"),
                put(
                    "articles", {"article_id": "art_market"}, syndicated_from_article_id="art_other"
                ),
            ],
            [one_more("articles", **ARTICLE, syndicated_from_article_id="art_market")],
        )
    ],
    "article-duplicate-hint": [
        (
            [HEADLINE, one_more("articles", **ARTICLE, headline="Shells on Orra")],
            [HEADLINE, one_more("articles", **ARTICLE, headline="Shells on Tarn")],
        ),
        (
            [HEADLINE, one_more("articles", **ARTICLE, headline="Shells on Orra")],
            [
                HEADLINE,
                one_more(
                    "articles",
                    **ARTICLE,
                    headline="Shells on Orra",
                    syndicated_from_article_id="art_market",
                ),
            ],
        ),
    ],
    "quote-too-long": [
        ([said("trader", quote_text="w " * 25 + "w")], [said("trader", quote_text="w " * 24 + "w")])
    ],
    "quotes-too-long": [
        (
            [said("mayor", quote_text="w " * 50), said("trader", quote_text="v " * 49 + "v v")],
            [said("mayor", quote_text="w " * 49), said("trader", quote_text="v " * 49 + "v")],
        ),
        (
            [said("mayor", quote_text="w " * 80), said("trader", quote_text="w " * 30)],
            [
                said("mayor", quote_text="w " * 80),
                said("trader", quote_text="w " * 30, parent_statement_id="stm_mayor"),
            ],
        ),
    ],
    "verbatim-published": [
        ([proof("trigger", exact="hit")], [proof("trigger", exact=None)]),
    ],
}


@pytest.mark.parametrize(
    ("rule", "bad", "good"),
    [(rule, *case) for rule, cases in CASES.items() for case in cases],
    ids=[f"{rule}-{n}" for rule, cases in CASES.items() for n in range(len(cases))],
)
def test_a_rule_finds_the_breach_and_is_silent_beside_it(
    rule: str, bad: Changes, good: Changes, base: Rows
) -> None:
    assert rule in broken(base, bad, profile="quotes")
    assert rule not in broken(base, good, profile="quotes")


def test_the_base_breaks_none_of_the_rules(base: Rows) -> None:
    assert broken(base, [], profile="quotes", created="2024-05-01T00:00:00Z") == set()


@pytest.mark.parametrize(
    ("created", "after"),
    [
        (None, False),
        ("2024-03-08", False),
        ("2024-03-06", True),
        ("2024-03-08T12:00:00Z", False),
        ("2024-03-08T11:59:58Z", True),
        ("2024-03-08T13:00:00+01:00", False),
        ("2024-03-08T12:00:00+01:00", True),
        ("2024-03-08T11:00:00-01:00", False),
        # What a build gives that was given none: when the newest article was published.
        ("2024-03-05T00:00:00Z", False),
    ],
)
def test_no_article_is_younger_than_the_release(
    created: str | None, after: bool, base: Rows
) -> None:
    retrieved = [put("articles", {}, retrieved_at="2024-03-08T12:00:00+00:00")]
    assert ("article-after-release" in broken(base, retrieved, created=created)) == after


def test_a_profile_without_printed_words_has_none_and_no_limits(base: Rows) -> None:
    long = [said("trader", quote_text="w " * 200)]
    assert "verbatim-published" in broken(base, [], profile="no_verbatim")
    assert not {"quote-too-long", "quotes-too-long"} & broken(base, long, profile="no_verbatim")
    exact = [proof("trigger", exact="hit")]
    assert "verbatim-published" not in broken(base, exact, profile="full")


def test_a_project_may_allow_what_models_made(base: Rows) -> None:
    made = [proof("cue", method="model")]
    assert "evidence-model-unreviewed" not in broken(base, made, allow_model_rows="true")


def test_a_package_says_that_it_holds_what_models_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = json.loads(BASE.read_text("utf-8"))
    data["annotation"] = {"method": "model", "annotator": "model:tagger@2"}
    (tmp_path / "a.json").write_text(json.dumps(data), "utf-8")
    settings = {"articles": "a.json", "allow_model_rows": True}
    project = {"name": "orra", "version": "0.1.0", "dateline": settings}
    (tmp_path / "datapackage.json").write_text(json.dumps(project), "utf-8")
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(main, ["build", ".", "--jobs", "1"]).exit_code == 0
    result = CliRunner().invoke(main, ["validate", "dist/orra-0.1.0", "--strict"])
    assert (result.exit_code, result.output) == (0, "dist/orra-0.1.0: valid\n")


def test_the_time_of_a_release_may_come_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1709510400")
    command = ["build", str(BASE), "--out", str(tmp_path / "out"), "--jobs", "1"]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 1
    assert "article-after-release" in result.stdout


# What the words of an article say


def exact(count: int) -> Counts:
    return Counts(count, count, count, "exact")


VERDICTS: list[tuple[str, Counts, str]] = [
    ("seven gunmen", exact(7), "agrees"),
    ("seven gunmen", exact(9), "contradicts"),
    ("the three soldiers", exact(2), "contradicts"),
    ("1,200 people", exact(1200), "agrees"),
    ("1,200 people", exact(1), "contradicts"),
    ("a hundred and five people", exact(105), "agrees"),
    ("three hundred thousand people", exact(300_000), "agrees"),
    ("seven gunmen and two civilians", exact(9), "agrees"),
    ("seven gunmen and two civilians", exact(8), "unclear"),
    ("two brothers and their mother", exact(3), "unclear"),
    ("a man", exact(1), "agrees"),
    ("another by an armed wing", exact(1), "agrees"),
    ("There were no casualties", exact(0), "agrees"),
    ("a dozen people", exact(12), "agrees"),
    ("half a dozen men", exact(6), "agrees"),
    ("a couple of people", exact(2), "agrees"),
    ("at least nine", Counts(9, 9, None, "at_least"), "agrees"),
    ("at least nine", exact(9), "unclear"),
    ("at least nine", Counts(8, 8, None, "at_least"), "contradicts"),
    ("more than seven", Counts(8, None, None, "more_than"), "agrees"),
    ("more than seven", exact(7), "unclear"),
    ("up to 20", Counts(None, None, 20, "at_most"), "agrees"),
    ("fewer than seven", Counts(None, None, 6, "at_most"), "agrees"),
    ("about seven", Counts(None, 7, None, "approximately"), "agrees"),
    ("some 20 people", exact(20), "agrees"),
    ("five to seven people", Counts(5, None, 7, "range"), "agrees"),
    ("between 50 and 60", Counts(50, None, 60, "range"), "agrees"),
    ("five to seven people", exact(5), "unclear"),
    ("dozens of people", Counts(12, None, None, "vague"), "agrees"),
    ("dozens of people", exact(12), "unclear"),
    ("several soldiers", Counts(2, None, None, "vague"), "agrees"),
    ("lethal", Counts(1, 1, None, "at_least"), "unclear"),
    ("any civilian deaths", Counts(None, None, None, "none_stated"), "agrees"),
    # Numbers of other things than people.
    ("a 12-year-old boy", exact(1), "agrees"),
    ("12-member patrol", exact(9), "unclear"),
    ("7 March", exact(9), "unclear"),
    ("three quarters of them", exact(9), "unclear"),
    ("20% of them", exact(9), "unclear"),
    ("two more people", exact(9), "unclear"),
]


@pytest.mark.parametrize(("words", "counts", "expected"), VERDICTS)
def test_words_state_counts_or_contradict_them(words: str, counts: Counts, expected: str) -> None:
    assert verdict((words,), counts, "en") == expected


@pytest.mark.parametrize(
    ("words", "language", "expected"),
    [
        ("sieben Männer", "de", "agrees"),
        ("8 Männer", "de", "unclear"),
        ("ein Junge von 8 Jahren", "de", "agrees"),
        ("٧ رجال", "ar", "agrees"),
        ("ثمانية رجال", "ar", "agrees"),
    ],
)
def test_words_of_other_languages_never_contradict(
    words: str, language: str, expected: str
) -> None:
    assert verdict((words,), exact(7), language) == expected


def quoting(kind: str | None, quote: str | None, *contents: str) -> list[str]:
    """The rules that a statement with this content breaks, its pieces told apart by a semicolon."""
    evidence = [{"role": "content", "quote": words} for words in contents]
    given = {**SAID, "quote_type": kind, "quote_text": quote, "evidence": evidence}
    return problems(article(actors=[MAYOR], statements=[given], text="; ".join(contents)))


@pytest.mark.parametrize(
    ("kind", "quote", "contents", "rule"),
    [
        ("direct", "It was late", ["“It was late”"], None),
        ("direct", "It was late", ["It was late”"], "quote-direct-unmarked"),
        ("direct", "It was late, and dark", ['"It was late,"', "«and  dark»"], None),
        ("direct", "It was late and dark", ['"It was late,"', "«and dark»"], "quote-text-differs"),
        ("direct", "We don't know", ["'We don't know'"], None),
        ("direct", None, ["“It was late”"], None),
        ("mixed", "late", ["it was “late”"], None),
        ("mixed", "late … dark", ["it was “late” and “dark”"], None),
        ("mixed", "late dark", ["it was “late” and “dark”"], "quote-text-differs"),
        ("mixed", "il a dit “x” hier", ["que « il a dit “x” hier »"], None),
        ("mixed", "we don't", ["that 'we don't' know"], None),
        ("mixed", None, ["it was late"], "quote-mixed-unmarked"),
        ("indirect", None, ["it was late"], None),
        ("indirect", None, ["it was “late”"], "quote-indirect-marked"),
        ("indirect", None, ["the soldiers' and the mayor's road"], None),
        ("indirect", "late", ["it was late"], "quote-indirect-quoted"),
        (None, "It was late", ["“It was late”"], None),
        (None, "It is late", ["“It was late”"], "quote-text-differs"),
    ],
)
def test_a_quote_is_what_its_type_and_marks_say(
    kind: str | None, quote: str | None, contents: list[str], rule: str | None
) -> None:
    assert quoting(kind, quote, *contents) == ([] if rule is None else [rule])


def test_a_quote_by_hand_is_given_or_withheld_on_purpose() -> None:
    evidence = [{"role": "content", "quote": "“It was late”"}]
    given = {**SAID, "evidence": evidence}
    data = article(actors=[MAYOR], statements=[given], text="“It was late”")
    assert problems(data) == ["quote-text-missing"]
    assert problems(data, profile="no_verbatim") == []
    assert problems({**data, "annotation": {"method": "import"}}) == []


@pytest.mark.parametrize(
    ("title", "copied"),
    [
        ("Two shells hit the market in Orra on", True),
        ("How two SHELLS hit — the market, in Orra on", True),
        ("Two shells hit the market in Orra, then", False),
        ("two_shells hit the market in Orra on Monday", True),
        ("Two shells hit the market in Orra", False),
    ],
)
def test_a_title_takes_no_eight_words_in_a_row(title: str, copied: bool) -> None:
    found = problems(article(incidents=[{**SHELLING, "title": title}]))
    assert found == (["incident-text-copied"] if copied else [])
    found = problems(article(incidents=[{**SHELLING, "summary": title}]))
    assert found == (["incident-text-copied"] if copied else [])


def test_articles_without_text_are_counted_and_their_words_not_judged() -> None:
    evidence = [{"role": "count", "start": 0, "end": 5, "quote": "seven"}]
    told = {**SHELLING, "casualties": [claim(count=9, evidence=evidence)]}
    absent: Json = {"text": None, "text_sha256": "a" * 64, "text_length": 90}
    result = checked(article(incidents=[told], **absent), article("a-2"))
    assert result.issues == []
    assert result.counts["articles_without_text"] == 1
    found = problems(article(incidents=[told], text="seven"))
    assert found == ["casualty-count-words"]


@pytest.mark.parametrize("tag", ["en", "und", "pt-BR", "zh-Hans-CN", "sr-Latn", "mul", "ckb"])
def test_registered_languages_are_known(tag: str) -> None:
    assert is_language(tag)


@pytest.mark.parametrize("tag", ["jp", "xx", "a-b", "en-abcde", "zz"])
def test_unregistered_languages_are_not(tag: str) -> None:
    assert not is_language(tag)


@pytest.mark.parametrize(
    ("licence", "known"),
    [
        ("CC-BY-4.0", "CC-BY-4.0"),
        ("cc-by-4.0", "CC-BY-4.0"),
        ("LicenseRef-proprietary", "LicenseRef-proprietary"),
        ("CC-BY", None),
        ("copyrighted", None),
    ],
)
def test_a_licence_is_known_by_its_spdx_name(licence: str, known: str | None) -> None:
    assert spdx(licence) == known


def test_tables_as_files_break_the_same_rules(base: Rows, tmp_path: Path) -> None:
    tables: dict[str, pa.Table] = as_tables(base)
    for name, table in tables.items():
        pq.write_table(table, tmp_path / f"{name}.parquet")
    paths = {name: tmp_path / f"{name}.parquet" for name in TABLES}
    found = failing(paths, load_codebook(), {"profile": "no_verbatim"})
    assert found == failing(tables, load_codebook(), {"profile": "no_verbatim"})
    assert {row.rule for row in found} == {"verbatim-published"}
