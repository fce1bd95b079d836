"""brat: every kind of line, every trap of its files, against bioc where both read the same."""

import warnings
from pathlib import Path

import pytest
from imports import run, sample, valid, words, written

from dateline.build.formats.brat import FORMAT
from dateline.build.formats.source import Document

TEXT = "Orra, Tuesday. “Three died,” said Col. Idris 👍 of the army.\r\nThe army, he said,\nlied.\n"
OPTIONS = {"annotators": "names"}


def at(words: str, text: str = TEXT, times: int = 1) -> tuple[int, int]:
    """Where words stand in a text, for the n-th time, in code points."""
    start = -1
    for _ in range(times):
        start = text.index(words, start + 1)
    return start, start + len(words)


def spans(*lines: tuple[str, str, str]) -> str:
    """T lines of (id, label, words)."""
    found = []
    for key, label, said in lines:
        start, end = at(said)
        found.append(f"{key}\t{label} {start} {end}\t{' '.join(said.split())}\n")
    return "".join(found)


ATTRIBUTION = spans(
    ("T1", "Source", "Col. Idris"),
    ("T2", "Cue", "said"),
    ("T3", "Content", "Three died"),
    ("T4", "Attribution", "said"),
)


def read(folder: Path) -> Document:
    files = FORMAT.find([folder])
    (found,) = [each for path in files for each in FORMAT.read(path, files, OPTIONS)]
    assert isinstance(found, Document), found
    return found


def test_an_attribution_becomes_a_statement_with_its_speaker(tmp_path: Path) -> None:
    ann = ATTRIBUTION + "E1\tAttribution:T4 Source:T1 Cue:T2 Content:T3\n"
    source = written(tmp_path / "src", {"a.txt": TEXT, "a.ann": ann})
    found = run("brat", source, tmp_path / "into")
    (statement,) = found.article["statements"]
    (actor,) = found.article["actors"]
    assert actor["name"] == "Col. Idris"
    assert statement["speaker"] == actor["id"]
    assert words(found.article, statement, "content") == ["Three died"]
    # The trigger stands where the cue does: its words are evidence once.
    assert words(found.article, statement, "cue") == ["said"]
    assert found.article["annotation"]["method"] == "import"
    valid(tmp_path / "into")


def test_an_event_may_speak_of_what_is_declared_later(tmp_path: Path) -> None:
    ann = "E1\tAttribution:T4 Source:T1 Content:T3 \n" + ATTRIBUTION
    document = read(written(tmp_path, {"a.txt": TEXT, "a.ann": ann}))
    assert [(link.label, link.source, link.target) for link in document.links] == [
        ("Source", "E1", "T1"),
        ("Content", "E1", "T3"),
    ]


def test_an_event_without_arguments_is_listed(tmp_path: Path) -> None:
    source = written(
        tmp_path / "src", {"a.txt": TEXT, "a.ann": ATTRIBUTION + "E1\tAttribution:T4 \n"}
    )
    found = run("brat", source, tmp_path / "into")
    assert found.values["marks"]["Attribution"]["skipped"] == {"it has no Content": 1}
    assert "statements" not in found.article


def test_a_statement_without_a_source_is_implicit(tmp_path: Path) -> None:
    ann = ATTRIBUTION + "E1\tAttribution:T4 Cue:T2 Content:T3\n"
    found = run("brat", written(tmp_path / "s", {"a.txt": TEXT, "a.ann": ann}), tmp_path / "into")
    (statement,) = found.article["statements"]
    assert statement["anonymity"] == "implicit"
    assert "speaker" not in statement


def test_pieces_of_one_span_stay_together(tmp_path: Path) -> None:
    (a, b), (c, d) = at("Three"), at("died")
    ann = (
        f"T1\tContent {a} {b};{c} {d}\tThree died\n"
        + spans(("T2", "Attribution", "said"))
        + "E1\tAttribution:T2 Content:T1\n"
    )
    found = run("brat", written(tmp_path / "s", {"a.txt": TEXT, "a.ann": ann}), tmp_path / "into")
    (statement,) = found.article["statements"]
    parts = [
        (e.get("part", 0), e["quote"]) for e in statement["evidence"] if e["role"] == "content"
    ]
    assert parts == [(0, "Three"), (1, "died")]


@pytest.mark.parametrize("joined", ["Three died", "Threedied"])
def test_pieces_are_joined_by_a_blank_or_by_nothing(joined: str, tmp_path: Path) -> None:
    (a, b), (c, d) = at("Three"), at("died")
    ann = f"T1\tSource {a} {b};{c} {d}\t{joined}\n"
    found = run("brat", written(tmp_path / "s", {"a.txt": TEXT, "a.ann": ann}), tmp_path / "into")
    assert found.values["shifted"] == {}
    assert [e["quote"] for e in found.article["actors"][0]["evidence"]] == ["Three", "died"]


@pytest.mark.parametrize(
    ("unit", "count"),
    [
        ("code-points", len),
        ("newlines", lambda text: len(text.replace("\r\n", "\n"))),
        ("utf-16", lambda text: len(text.encode("utf-16-le")) // 2),
    ],
)
def test_the_unit_is_found_by_the_words(unit: str, count: object, tmp_path: Path) -> None:
    assert callable(count)
    lines = []
    for number, said in enumerate(("Orra", "army.", "lied"), 1):
        start, end = at(said)
        lines.append(f"T{number}\tSource {count(TEXT[:start])} {count(TEXT[:end])}\t{said}\n")
    source = written(tmp_path / "s", {"a.txt": TEXT, "a.ann": "".join(lines)})
    found = run("brat", source, tmp_path / "into")
    assert found.values["offsets"] == {unit: 1}
    assert [a["name"] for a in found.article["actors"]] == ["Orra", "army.", "lied"]
    assert found.article["text"] == TEXT


def test_a_span_that_has_drifted_stands_where_its_words_do(tmp_path: Path) -> None:
    start, end = at("Col. Idris")
    ann = f"T1\tSource {start - 3} {end - 3}\tCol. Idris\n" + spans(("T2", "Source", "Orra"))
    found = run("brat", written(tmp_path / "s", {"a.txt": TEXT, "a.ann": ann}), tmp_path / "into")
    assert found.values["shifted"] == {"Source": 1}
    assert found.article["actors"][0]["evidence"][0]["start"] == start


def test_a_span_whose_words_are_nowhere_near_is_listed(tmp_path: Path) -> None:
    ann = "T1\tSource 0 4\tNobody at all\n" + spans(("T2", "Source", "Orra"))
    found = run("brat", written(tmp_path / "s", {"a.txt": TEXT, "a.ann": ann}), tmp_path / "into")
    assert found.values["marks"]["Source"]["skipped"] == {
        "the text at its offsets, and near them, is not 'Nobody at all'": 1
    }
    # Its words still name somebody who may speak.
    assert [a["name"] for a in found.article["actors"]] == ["Nobody at all", "Orra"]
    assert "evidence" not in found.article["actors"][0]


def test_a_newline_inside_of_a_span_goes_on_with_its_record(tmp_path: Path) -> None:
    start, end = at("he said,\nlied")
    ann = f"T1\tSource {start} {end}\the said,\nlied\n" + spans(("T2", "Source", "Orra"))
    document = read(written(tmp_path, {"a.txt": TEXT, "a.ann": ann}))
    assert [mark.quote for mark in document.marks] == ["he said,\nlied", "Orra"]
    assert document.lost == ()


def test_a_broken_line_after_a_span_is_no_part_of_it(tmp_path: Path) -> None:
    ann = spans(("T1", "Source", "Orra")) + "T2 Source 0 4 Orra\n"
    document = read(written(tmp_path, {"a.txt": TEXT, "a.ann": ann}))
    assert [mark.quote for mark in document.marks] == ["Orra"]
    assert [lost.reason for lost in document.lost] == [
        "not the form of a line T: 'T2 Source 0 4 Orra'"
    ]


def test_a_line_separator_of_unicode_ends_no_line(tmp_path: Path) -> None:
    text = "One\u2028two\x85three\x0cfour\n"
    ann = (
        "T1\tSource 0 7\tOne\u2028two\nT2\tSource 4 13\ttwo\x85three\n"
        "T3\tSource 8 18\tthree\x0cfour\n"
    )
    found = run("brat", written(tmp_path / "s", {"a.txt": text, "a.ann": ann}), tmp_path / "into")
    assert [words(found.article, a, "mention") for a in found.article["actors"]] == [
        ["One\u2028two"],
        ["two\x85three"],
        ["three\x0cfour"],
    ]
    assert found.values["marks"]["Source"]["skipped"] == {}
    assert found.values["shifted"] == {}


def test_a_note_may_hold_a_line_separator_of_unicode(tmp_path: Path) -> None:
    ann = spans(("T1", "Source", "Orra")) + "#1\tAnnotatorNotes T1\tone\u2028two\x85three\n"
    document = read(written(tmp_path, {"a.txt": TEXT, "a.ann": ann}))
    assert document.marks[0].values == {"AnnotatorNotes": ("one\u2028two\x85three",)}
    assert document.lost == ()


def test_numbers_of_repeated_roles_are_left_out(tmp_path: Path) -> None:
    ann = ATTRIBUTION + (
        "E1\tAttribution:T4 Source:T1 Content:T3 Content2:T2\nE2\tAttribution:T4 Evidence1:T1\n"
    )
    labels = [link.label for link in read(written(tmp_path, {"a.txt": TEXT, "a.ann": ann})).links]
    assert labels == ["Source", "Content", "Content", "Evidence1"]


def test_attributes_references_notes_and_ties_are_kept(tmp_path: Path) -> None:
    ann = ATTRIBUTION + (
        "E1\tAttribution:T4 Source:T1 Content:T3\n"
        "A1\tNegated E1\nM1\tConfidence E1 High\n"
        "N1\tReference T1 Wikidata:Q1:2\tIdris\n"
        "#1\tAnnotatorNotes T1\tperhaps\ta colonel\n"
        "R1\tRank Arg1:T1 Arg2:T2\t\n*\tAlias T1 T3 T2\n*\tAlias T2 T3\n"
    )
    document = read(written(tmp_path, {"a.txt": TEXT, "a.ann": ann}))
    by_id = {mark.id: mark for mark in document.marks}
    assert by_id["E1"].values == {"Negated": ("true",), "Confidence": ("High",)}
    assert by_id["T1"].values == {
        "Reference": ("Wikidata:Q1:2",),
        "AnnotatorNotes": ("perhaps\ta colonel",),
    }
    assert [(e.label, e.source, e.target) for e in document.links] == [
        ("Rank", "T1", "T2"),
        ("Source", "E1", "T1"),
        ("Content", "E1", "T3"),
        ("Alias", "T1", "T3"),
        ("Alias", "T1", "T2"),
        ("Alias", "T2", "T3"),
    ]
    assert document.lost == ()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("X1\tSomething", "X is no kind of line: 'X1\\tSomething'"),
        ("no tab at all", "expected an id and a tab: 'no tab at all'"),
        ("T1\tSource 0 4\tOrra", "T1 is there already: 'T1\\tSource 0 4\\tOrra'"),
        ("T9\tSource zero 4\tOrra", "not the form of a line T: 'T9\\tSource zero 4\\tOrra'"),
        ("R1\tRank Arg1:T1", "not the form of a line R: 'R1\\tRank Arg1:T1'"),
        ("E9\tAttribution", "not the form of a line E: 'E9\\tAttribution'"),
        ("E9\tAttribution:T77", "its trigger T77 is not there"),
        ("R1\tRank Arg1:T1 Arg2:T77", "it ties T1 to T77, not both are there"),
        ("A1\tNegated E77", "it is about E77, which is not there"),
    ],
)
def test_what_cannot_be_read_is_listed_and_the_rest_goes_on(
    line: str, reason: str, tmp_path: Path
) -> None:
    ann = f"#9\tAnnotatorNotes T1\tfirst\n{line}\n" + spans(("T1", "Source", "Orra"))
    if line.startswith("T1"):
        ann = spans(("T1", "Source", "Orra")) + line + "\n"
    document = read(written(tmp_path, {"a.txt": TEXT, "a.ann": ann}))
    assert [lost.reason for lost in document.lost] == [reason]
    assert [mark.id for mark in document.marks] == ["T1"]


def test_files_that_lack_their_other_half_are_told_and_the_rest_is_imported(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "a.txt": TEXT,
        "a.ann": spans(("T1", "Source", "Orra")),
        "empty.txt": TEXT,
        "empty.ann": "",
        "alone.txt": TEXT,
        "orphan.ann": "",
        "latin.txt": "Orr\xe4".encode("latin-1"),
        "latin.ann": "",
    }
    found = run("brat", written(tmp_path / "s", files), tmp_path / "into")
    assert found.code == 1
    assert sorted(found.articles) == ["a", "empty"]
    assert [
        (each["rule"], Path(each["places"][0]["file"]).name) for each in found.values["issues"]
    ] == [
        ("import-unreadable", "alone.txt"),
        ("import-unreadable", "latin.ann"),
        ("import-unreadable", "orphan.ann"),
    ]


def test_one_source_and_one_content_may_belong_to_several_events(tmp_path: Path) -> None:
    ann = ATTRIBUTION + (
        "E1\tAttribution:T4 Source:T1 Cue:T2 Content:T3\nE2\tAttribution:T4 Source:T1 Content:T3\n"
    )
    found = run("brat", written(tmp_path / "s", {"a.txt": TEXT, "a.ann": ann}), tmp_path / "into")
    (actor,) = found.article["actors"]
    first, second = found.article["statements"]
    assert first["id"] != second["id"]
    assert first["speaker"] == second["speaker"] == actor["id"]
    assert [words(found.article, each, "content") for each in (first, second)] == [
        ["Three died"]
    ] * 2
    assert found.values["marks"]["Source"]["became"] == {"actor": 1}


def test_marks_that_are_no_data_are_listed_with_their_reason(tmp_path: Path) -> None:
    ann = ATTRIBUTION + spans(
        ("T5", "Discuss", "Tuesday"),
        ("T6", "Discard", "lied"),
        ("T7", "Cue", "army"),
        ("T8", "Attribution-no-source", "said"),
    )
    ann += "E1\tAttribution:T4 Cue:T2 Source:T1\nE2\tAttribution-no-source:T8 Content:T3\n"
    files = {"a.txt": TEXT, "a.ann": ann, "annotation.conf": "[entities]\nSource\n"}
    found = run("brat", written(tmp_path / "s", files), tmp_path / "into")
    assert {label: each["skipped"] for label, each in found.values["marks"].items()} == {
        "Attribution": {"it has no Content": 1},
        "Attribution-no-source": {},
        "Content": {},
        # That of the event that is none, and one that nothing speaks of.
        "Cue": {"nothing refers to it": 2},
        "Discard": {"an annotator's mark of what does not count, not data": 1},
        "Discuss": {"an annotator's mark to talk about, not data": 1},
        "Source": {},
    }
    (statement,) = found.article["statements"]
    assert statement["anonymity"] == "implicit"


def test_lines_may_end_in_two_characters(tmp_path: Path) -> None:
    ann = (ATTRIBUTION + "E1\tAttribution:T4 Source:T1 Content:T3\n").replace("\n", "\r\n")
    document = read(written(tmp_path, {"a.txt": TEXT, "a.ann": ann}))
    assert [mark.quote for mark in document.marks] == ["Col. Idris", "said", "Three died", "said"]
    assert [link.target for link in document.links] == ["T1", "T3"]
    assert document.lost == ()


@pytest.mark.parametrize("is_counted", [True, False])
def test_a_byte_order_mark_counts_or_does_not(is_counted: bool, tmp_path: Path) -> None:
    start, end = at("Orra", "\ufeff" + TEXT if is_counted else TEXT)
    files = {"a.txt": "\ufeff" + TEXT, "a.ann": f"\ufeffT1\tSource {start} {end}\tOrra\n"}
    found = run("brat", written(tmp_path / "s", files), tmp_path / "into")
    assert found.values["shifted"] == ({} if is_counted else {"Source": 1})
    (actor,) = found.article["actors"]
    assert words(found.article, actor, "mention") == ["Orra"]
    assert found.article["text"] == "\ufeff" + TEXT


@pytest.mark.parametrize("quote", ["he said, lied", "he said,\\nlied", "he said,\n\nlied"])
def test_a_newline_may_be_a_blank_a_backslash_and_an_n_or_itself(
    quote: str, tmp_path: Path
) -> None:
    text = TEXT.replace("said,\n", "said,\n\n")
    start, end = at("he said,\n\nlied", text)
    files = {"a.txt": text, "a.ann": f"T1\tSource {start} {end}\t{quote}\nT2\tSource 0 4\tOrra\n"}
    found = run("brat", written(tmp_path / "s", files), tmp_path / "into")
    assert found.values["shifted"] == {}
    assert [words(found.article, a, "mention") for a in found.article["actors"]] == [
        ["he said,\n\nlied"],
        ["Orra"],
    ]
    assert found.values["marks"]["Source"]["skipped"] == {}


def test_what_is_given_and_what_is_annotated_may_have_a_file_each(tmp_path: Path) -> None:
    files = {
        "a.txt": TEXT,
        "a.a1": spans(("T1", "Source", "Col. Idris"), ("T2", "Content", "Three died")),
        "a.a2": spans(("T3", "Attribution", "said")) + "E1\tAttribution:T3 Source:T1 Content:T2\n",
    }
    found = run("brat", written(tmp_path / "s", files), tmp_path / "into")
    (statement,) = found.article["statements"]
    assert statement["speaker"] == "T1"
    assert words(found.article, statement, "content") == ["Three died"]


def test_attributes_may_be_of_relations_and_references_without_words(tmp_path: Path) -> None:
    ann = ATTRIBUTION + (
        "R1\tRank Arg1:T1 Arg2:T2\nA1\tNegated R1\n#T1\tAnnotatorNotes T1\tnoted\n"
        "N1\tReference T1 Wikidata:Q1\n"
    )
    document = read(written(tmp_path, {"a.txt": TEXT, "a.ann": ann}))
    (link,) = document.links
    assert link.values == {"from": ("Arg1",), "to": ("Arg2",), "Negated": ("true",)}
    assert document.marks[0].values == {
        "AnnotatorNotes": ("noted",),
        "Reference": ("Wikidata:Q1",),
    }
    assert document.lost == ()


def test_what_is_said_of_a_trigger_is_said_of_its_event(tmp_path: Path) -> None:
    ann = ATTRIBUTION + (
        "E1\tAttribution:T4 Source:T1 Content:T3\nE2\tAttribution:T2 Content:T3 Cue:T2\n"
        "A1\tNegated T4\nA2\tNegated T2\n"
    )
    document = read(written(tmp_path, {"a.txt": TEXT, "a.ann": ann}))
    # T2 is a trigger and a cue: what is said of it is its own.
    assert {mark.id: mark.values for mark in document.marks if mark.values} == {
        "E1": {"Negated": ("true",)},
        "T2": {"Negated": ("true",)},
    }


@pytest.mark.parametrize("text", ["the army â€˜leftâ€™ orra", "THE ARMY LEFT ORRA", "a\u00a0b\tc "])
def test_texts_are_kept_as_they_are(text: str, tmp_path: Path) -> None:
    ann = f"T1\tSource 0 {len(text)}\t{text}\n"
    found = run("brat", written(tmp_path / "s", {"a.txt": text, "a.ann": ann}), tmp_path / "into")
    assert found.article["text"] == text
    assert words(found.article, found.article["actors"][0], "mention") == [text]


@pytest.mark.parametrize("text", ["", " \n"])
def test_an_empty_text_is_told(text: str, tmp_path: Path) -> None:
    found = run("brat", written(tmp_path / "s", {"a.txt": text, "a.ann": ""}), tmp_path / "into")
    assert found.rules == ["import-unreadable"]
    assert "a: expected a text, got an empty one" in found.values["issues"][0]["message"]
    assert found.articles == {}


def test_names_of_annotators_are_in_no_name_of_a_file(tmp_path: Path) -> None:
    spoken = spans(("T1", "Source", "Orra"))
    ends = {"x/a.txt": TEXT, "x/a_mary.ann": spoken, "x/a_paul.ann": "", "x/b.txt": TEXT}
    source = written(tmp_path / "ends", {**ends, "x/b.mary.ann": spoken})
    run("brat", source, tmp_path / "a", "--each-annotator")
    assert sorted(path.name for path in (tmp_path / "a").rglob("*.json")) == [
        "a_annotator-1.json",
        "a_annotator-2.json",
        "b.annotator-1.json",
    ]
    # The texts differ: an id has the folder too.
    folders = {"mary/a.txt": TEXT, "mary/a.ann": spoken, "paul/a.txt": "Other.", "paul/a.ann": ""}
    source = written(tmp_path / "folders", folders)
    found = run("brat", source, tmp_path / "b", "--option", "annotators=folders")
    assert sorted(found.articles) == ["annotator-1/a/a", "annotator-2/a/a"]
    assert sorted(str(p.relative_to(tmp_path / "b")) for p in (tmp_path / "b").rglob("*.json")) == [
        "annotator-1/a.json",
        "annotator-2/a.json",
    ]


POLNEAR = {
    "text/a_b.txt": TEXT,
    "attributions/a_b_4b22.ann": spans(("T1", "Source", "Orra")),
    "attributions/a_b_4e07.ann": spans(("T1", "Source", "Col. Idris")),
}


def test_of_several_annotators_one_is_chosen_or_all(tmp_path: Path) -> None:
    source = written(tmp_path / "s", POLNEAR)
    undecided = run("brat", source, tmp_path / "none")
    assert undecided.rules == ["import-annotators"]
    assert undecided.articles == {}
    one = run("brat", source, tmp_path / "one", "--annotator", "4e07")
    assert [a["name"] for a in one.article["actors"]] == ["Col. Idris"]
    assert one.article["annotation"]["annotator"] == "4e07"
    each = run("brat", source, tmp_path / "each", "--each-annotator")
    assert sorted(each.articles) == ["a_b.4b22", "a_b.4e07"]


def test_annotators_may_have_a_folder_each(tmp_path: Path) -> None:
    files = {
        f"{who}/a.{kind}": content
        for who, said in (("mary", "Orra"), ("paul", "army"))
        for kind, content in (("txt", TEXT), ("ann", spans(("T1", "Source", said))))
    }
    options = ("--option", "annotators=folders", "--each-annotator")
    found = run("brat", written(tmp_path / "s", files), tmp_path / "into", *options)
    # Who it was is no one's business: names become numbers.
    assert sorted(found.articles) == ["a.annotator-1", "a.annotator-2"]
    assert "mary" not in str(found.articles)


def test_bioc_reads_the_same_spans_and_relations(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from bioc import brat as oracle
    ann = ATTRIBUTION + (
        "T5\tSource 0 4;6 13\tOrra Tuesday\n"
        "E1\tAttribution:T4 Source:T1 Cue:T2 Content:T3\nR1\tRank Arg1:T1 Arg2:T3\n"
        "A1\tNegated E1\nA2\tConfidence E1 High\n"
    )
    text = TEXT.replace("👍", "x").replace("\r\n", " \n")
    folder = written(tmp_path, {"a.txt": text, "a.ann": ann})
    with (folder / "a.txt").open(newline="") as words_, (folder / "a.ann").open() as lines:
        theirs = oracle.load(words_, lines)
    ours = read(folder)
    by_id = {mark.id: mark for mark in ours.marks}
    for entity in theirs.entities:
        if entity.id in by_id:
            pieces = tuple(sorted((each.begin, each.end) for each in entity.locations))
            assert by_id[entity.id].pieces == pieces
            assert (by_id[entity.id].label, by_id[entity.id].quote) == (entity.type, entity.text)
    assert {entity.id for entity in theirs.entities} - set(by_id) == {"T4"}
    for event in theirs.events:
        arguments = {(link.label, link.target) for link in ours.links if link.source == event.id}
        assert arguments == set(event.arguments.items())
    relations = [
        (link.label, link.source, link.target) for link in ours.links if link.label == "Rank"
    ]
    assert relations == [
        (each.type, *each.arguments.values()) for each in theirs.relations if each.type == "Rank"
    ]


def test_the_sample_of_polnear(tmp_path: Path) -> None:
    folder = sample("brat-polnear")
    options = ("--each-annotator", "--metadata", str(folder / "metadata.tsv"))
    found = run("brat", folder, tmp_path / "into", *options)
    assert found.code == 0
    assert len(found.articles) == 14
    events = sum(
        line.startswith("E")
        for path in folder.rglob("*.ann")
        for line in path.read_text("utf-8").split("\n")
    )
    statements = [s for a in found.articles.values() for s in a.get("statements", ())]
    assert len(statements) == events
    assert all(("speaker" in s) != (s.get("anonymity") == "implicit") for s in statements)
    assert any(e.get("part") for s in statements for e in s["evidence"])
    assert {a["source"]["publisher"] for a in found.articles.values()} == {"breitbart", "politico"}
    assert found.values["shifted"] == {}
    valid(tmp_path / "into")


def test_the_tutorial_of_brat(tmp_path: Path) -> None:
    folder = sample("brat")
    found = run("brat", folder, tmp_path / "into")
    assert found.code == 0
    assert len(found.articles) == 13
    assert found.values["marks"]["Report"]["read"] == 8
    assert found.values["links"]["Org-Arg"]["read"] == 32
