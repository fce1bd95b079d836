"""Label Studio, doccano, WikiEvents, RAMS: JSON of several generations, and what it leaves out."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from imports import run, sample, valid, words, written

from dateline.build.formats.files import Unpacker
from dateline.build.formats.source import Unreadable
from dateline.cli import main

TEXT = "👍 The army said: “We left Orra.”\r\nIdris denied it."


def at(said: str) -> tuple[int, int]:
    start = TEXT.index(said)
    return start, start + len(said)


def counted(offset: int, unit: str) -> int:
    """The offset of a code point of TEXT in a unit."""
    before = TEXT[:offset]
    if unit == "utf-16":
        return len(before.encode("utf-16-le")) // 2
    return len(before.replace("\r\n", "\n") if unit == "newlines" else before)


def region(key: str, label: str, said: str, **more: Any) -> dict[str, Any]:
    start, end = at(said)
    value = {"start": start, "end": end, "text": said, "labels": [label]}
    return {
        "id": key,
        "type": "labels",
        "from_name": "label",
        "to_name": "text",
        "value": {**value, **more},
    }


QUOTE = region("-q", "DIRECT-QUOTE", "“We left Orra.”")
SPEAKER = region("s_1", "SPEAKER", "The army")
RELATION = {"type": "relation", "from_id": "-q", "to_id": "s_1", "labels": ["quotee"]}


def task(*results: list[Any], **more: Any) -> dict[str, Any]:
    """A task whose annotators are numbered."""
    annotations = [{"completed_by": n, "result": r} for n, r in enumerate(results, 1)]
    return {"id": 7, "data": {"text": TEXT}, "annotations": annotations, **more}


def source(folder: Path, *tasks: Any) -> Path:
    return written(folder, {"export.json": json.dumps(list(tasks))})


def test_a_region_with_a_relation_is_a_statement_with_its_speaker(tmp_path: Path) -> None:
    folder = source(tmp_path / "s", task([RELATION, QUOTE, SPEAKER]))
    found = run("label-studio", folder, tmp_path / "into")
    (statement,) = found.article["statements"]
    assert statement["quote_type"] == "direct"
    assert words(found.article, statement, "content") == ["“We left Orra.”"]
    assert words(found.article, statement, "source") == ["The army"]
    assert statement["speaker"] == found.article["actors"][0]["id"]
    assert found.article["annotation"]["annotator"] == "user-1"
    valid(tmp_path / "into")


@pytest.mark.parametrize(
    ("unit", "inclusive"),
    [
        ("code-points", False),
        ("utf-16", False),
        ("newlines", False),
        ("code-points", True),
        ("utf-16", True),
    ],
)
def test_three_generations_of_offsets(unit: str, inclusive: bool, tmp_path: Path) -> None:
    results = []
    for number, said in enumerate(("The army", "Idris"), 1):
        start, end = at(said)
        value = {"start": counted(start, unit), "end": counted(end, unit) - inclusive}
        results.append(region(str(number), "SPEAKER", said, **value))
    found = run("label-studio", source(tmp_path / "s", task(results)), tmp_path / "into")
    assert found.values["offsets"] == {f"{unit}-inclusive" if inclusive else unit: 1}
    assert [a["name"] for a in found.article["actors"]] == ["The army", "Idris"]


def test_a_newline_may_be_written_as_a_backslash_and_an_n(tmp_path: Path) -> None:
    said = "Orra.”\r\nIdris"
    folder = source(tmp_path / "s", task([region("1", "SPEAKER", said, text=" Orra.”\\nIdris")]))
    found = run("label-studio", folder, tmp_path / "into")
    assert found.values["shifted"] == {}
    assert words(found.article, found.article["actors"][0], "mention") == [said]


def test_choices_of_a_region_are_its_attributes(tmp_path: Path) -> None:
    choice = {**region("s_1", "", "The army"), "type": "choices", "from_name": "RANK"}
    choice["value"] = {"start": 2, "end": 10, "choices": ["high"]}
    whole = {"type": "choices", "from_name": "topic", "value": {"choices": ["war"]}}
    folder = source(tmp_path / "s", task([choice, SPEAKER, whole]))
    found = run("label-studio", folder, tmp_path / "into")
    assert found.article["actors"][0]["attributes"] == {"RANK": "high"}
    assert found.values["marks"]["topic ['war']"]["skipped"] == {
        "it is a label of the text as a whole": 1
    }


def test_what_models_and_cancelled_annotators_made_is_listed(tmp_path: Path) -> None:
    content = task([QUOTE], [SPEAKER], predictions=[{"model_version": "m1", "result": [SPEAKER]}])
    content["annotations"][1]["was_cancelled"] = True
    made = {**SPEAKER, "id": "p", "origin": "prediction"}
    content["annotations"][0]["result"].append(made)
    folder = source(tmp_path / "s", content)
    found = run("label-studio", folder, tmp_path / "into")
    marks = found.values["marks"]
    assert marks["annotation"]["skipped"] == {"its annotator has cancelled it": 1}
    assert marks["labels"]["skipped"] == {"a model made it, no annotator": 1}
    assert sum(marks["prediction"]["skipped"].values()) == 1
    assert "actors" not in found.article
    options = ("--option", "predictions=import", "--each-annotator")
    both = run("label-studio", folder, tmp_path / "both", *options)
    methods = {
        a["annotation"]["annotator"]: a["annotation"]["method"] for a in both.articles.values()
    }
    assert methods == {"user-1": "import", "model:m1": "model"}


def test_ids_of_regions_are_of_one_annotator(tmp_path: Path) -> None:
    content = task([QUOTE, SPEAKER, RELATION], [QUOTE, SPEAKER, RELATION])
    for number, who in enumerate(("mary@example.org", "paul@example.org")):
        content["annotations"][number]["completed_by"] = {"id": number, "email": who}
    content["annotations"][1]["ground_truth"] = True
    folder = source(tmp_path / "s", content)
    assert run("label-studio", folder, tmp_path / "a").rules == []
    each = run("label-studio", folder, tmp_path / "b", "--each-annotator")
    assert all(len(a["statements"]) == 1 for a in each.articles.values())
    assert "example.org" not in json.dumps([each.articles, each.values])
    agreed = run("label-studio", folder, tmp_path / "c", "--adjudicated")
    assert agreed.article["annotation"]["annotator"] == "annotator-2"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ([{"id": 1, "text": "x", "label": []}], "as of JSON-MIN; export as JSON"),
        (
            [{"id": 1, "data": {"text": "https://example.org/a.txt"}, "annotations": []}],
            "an address",
        ),
        ("no", "expected tasks"),
    ],
)
def test_other_exports_are_refused_with_the_remedy(
    content: Any, expected: str, tmp_path: Path
) -> None:
    folder = written(tmp_path / "s", {"export.json": json.dumps(content)})
    found = run("label-studio", folder, tmp_path / "into")
    assert found.rules == ["import-unreadable"]
    assert expected in found.values["issues"][0]["message"]


def test_version_0_has_completions_whose_ends_are_inclusive(tmp_path: Path) -> None:
    start, end = at("The army")
    result = [region("a", "SPEAKER", "The army", start=start, end=end - 1)]
    content = {"id": 7, "data": {"text": TEXT}, "completions": [{"id": 1, "result": result}]}
    found = run("label-studio", source(tmp_path / "s", content), tmp_path / "into")
    assert found.values["offsets"] == {"code-points-inclusive": 1}
    assert words(found.article, found.article["actors"][0], "mention") == ["The army"]


def test_a_text_that_was_changed_after_its_annotation(tmp_path: Path) -> None:
    # Each drifts by another distance; no unit explains any.
    results = []
    for number, (said, drift) in enumerate((("The army", 3), ("Orra", 9), ("denied", -7))):
        start, end = at(said)
        results.append(region(str(number), "SPEAKER", said, start=start + drift, end=end + drift))
    results.append(region("gone", "SPEAKER", "Idris", text="Somebody else"))
    found = run("label-studio", source(tmp_path / "s", task(results)), tmp_path / "into")
    assert found.values["shifted"] == {"SPEAKER": 3}
    assert found.values["marks"]["SPEAKER"]["skipped"] == {
        "the text at its offsets, and near them, is not 'Somebody else'": 1
    }
    actors = found.article["actors"]
    assert [words(found.article, a, "mention") for a in actors] == [
        ["The army"],
        ["Orra"],
        ["denied"],
        [],
    ]


@pytest.mark.parametrize(
    ("relation", "expected"),
    [
        ({"labels": ["quotee"]}, [("quotee", "DIRECT-QUOTE")]),
        ({"direction": "right", "labels": ["quotee"]}, [("quotee", "DIRECT-QUOTE")]),
        ({"direction": "left", "labels": ["quotee"]}, [("quotee", "SPEAKER")]),
        (
            {"direction": "bi", "labels": ["quotee"]},
            [("quotee", "DIRECT-QUOTE"), ("quotee", "SPEAKER")],
        ),
        ({"labels": []}, [("relation", "DIRECT-QUOTE")]),
        ({}, [("relation", "DIRECT-QUOTE")]),
    ],
)
def test_relations_have_a_direction_and_labels_or_none(
    relation: dict[str, Any], expected: list[tuple[str, str]], tmp_path: Path
) -> None:
    tie = {"type": "relation", "from_id": "-q", "to_id": "s_1", **relation}
    folder = source(tmp_path / "s", task([QUOTE, SPEAKER, tie]))
    arguments = ["import", "label-studio", str(folder), "--describe", "--json"]
    labels = json.loads(CliRunner().invoke(main, arguments).stdout)["labels"]
    found = [(link["label"], label) for label, each in labels.items() for link in each["links"]]
    assert found == expected


def test_labels_may_be_a_text_and_places_may_lack(tmp_path: Path) -> None:
    results = [region("a", "", "The army", labels="SPEAKER")]
    results += [
        region("b", "SPEAKER", "Orra", end=None),
        region("c", "SPEAKER", "Idris", start="0"),
    ]
    found = run("label-studio", source(tmp_path / "s", task(results)), tmp_path / "into")
    assert [each["name"] for each in found.article["actors"]] == ["The army"]
    assert found.values["marks"]["label ['SPEAKER']"]["skipped"] == {
        "it is a label of the text as a whole": 2
    }


def test_words_of_a_region_may_be_a_list(tmp_path: Path) -> None:
    note = {**region("s_1", "", "The army"), "type": "textarea", "from_name": "note"}
    note["value"] = {"start": 2, "end": 10, "text": ["first", "second"]}
    speaker = region("s_1", "SPEAKER", "The army", text=["The army"])
    whole = {"type": "textarea", "from_name": "summary", "value": {"text": ["all of it"]}}
    folder = source(tmp_path / "s", task([speaker, note, whole]))
    found = run("label-studio", folder, tmp_path / "into")
    (actor,) = found.article["actors"]
    assert actor["attributes"] == {"note": ["first", "second"]}
    assert words(found.article, actor, "mention") == ["The army"]
    assert found.values["marks"]["summary ()"]["skipped"] == {
        "it is a label of the text as a whole": 1
    }


def test_regions_of_html_are_found_by_their_words(tmp_path: Path) -> None:
    html = "<p>The <b>army</b> left.</p><p>Idris saw the army.</p>"
    results = []
    for number, (said, start) in enumerate((("Idris", 14), ("army", 4), ("Nobody", 0))):
        value = {
            "start": "/p[1]/text()[1]",
            "end": "/p[1]/text()[1]",
            "globalOffsets": {"start": start, "end": start + len(said)},
            "text": said,
            "hypertextlabels": ["SPEAKER"],
        }
        results.append(
            {"id": str(number), "type": "hypertextlabels", "from_name": "ner", "value": value}
        )
    content = {"id": 7, "data": {"text": html}, "annotations": [{"result": results}]}
    found = run("label-studio", source(tmp_path / "s", content), tmp_path / "into")
    actors = {each["name"]: each for each in found.article["actors"]}
    assert words(found.article, actors["Idris"], "mention") == ["Idris"]
    # These words stand there twice and never: what the page shows at 4 is not known.
    assert "evidence" not in actors["army"]
    assert "evidence" not in actors["Nobody"]
    assert found.values["marks"]["SPEAKER"]["skipped"] == {
        "its words do not stand in the HTML just once": 2
    }


@pytest.mark.parametrize("broken", [[5], [{"result": "abc"}], [{"result": [{"value": [1]}]}]])
def test_a_task_in_another_form_stops_no_other(broken: Any, tmp_path: Path) -> None:
    bad = {"id": 8, "data": {"text": TEXT}, "annotations": broken}
    found = run("label-studio", source(tmp_path / "s", bad, task([SPEAKER])), tmp_path / "into")
    (issue,) = found.values["issues"]
    assert issue["message"].startswith("task 8: expected results as they are exported, got")
    assert list(found.articles) == ["7"]


@pytest.mark.parametrize("name", ["export.txt", "export.json"])
def test_json_may_have_a_byte_order_mark_and_another_suffix(name: str, tmp_path: Path) -> None:
    content = "\ufeff" + json.dumps([task([SPEAKER])], indent=1)
    folder = written(tmp_path / "s", {name: content})
    found = run("label-studio", folder / name, tmp_path / "into")
    assert [each["name"] for each in found.article["actors"]] == ["The army"]


def lines(*records: Any) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


PLAIN = "The army left Orra."


@pytest.mark.parametrize(
    "record",
    [
        {"label": [[0, 8, "ORG"]]},
        {"labels": [[0, 8, "ORG"]], "annotation_approver": None, "meta": {}},
        {"entities": [{"id": 5, "label": "ORG", "start_offset": 0, "end_offset": 8}]},
        {"annotations": [{"label": "ORG", "start_offset": 0, "end_offset": 8, "user": 1}]},
    ],
)
def test_all_shapes_of_doccano(record: dict[str, Any], tmp_path: Path) -> None:
    content = lines({"id": 1, "text": PLAIN, **record})
    found = run("doccano", written(tmp_path / "s", {"a.jsonl": content}), tmp_path / "into")
    assert [a["name"] for a in found.article["actors"]] == ["The army"]
    assert found.article["id"] == "1"
    valid(tmp_path / "into")


def test_doccano_does_not_say_what_it_counts(tmp_path: Path) -> None:
    text = "👨🏻‍🚒 The army left."
    content = lines({"id": 1, "text": text, "label": [[8, 16, "ORG"]]})
    folder = written(tmp_path / "s", {"a.jsonl": content})
    unknown = run("doccano", folder, tmp_path / "a")
    assert unknown.rules == ["import-unit-unknown"]
    assert "--unit" in unknown.values["issues"][0]["message"]
    found = run("doccano", folder, tmp_path / "b", "--unit", "utf-16")
    assert [a["name"] for a in found.article["actors"]] == ["The army"]
    content = lines({"id": 1, "text": text, "label": [[2, 10, "ORG"]]})
    folder = written(tmp_path / "t", {"a.jsonl": content})
    found = run("doccano", folder, tmp_path / "c", "--unit", "graphemes")
    assert [a["name"] for a in found.article["actors"]] == ["The army"]


def test_a_line_end_of_two_characters_is_one_cluster(tmp_path: Path) -> None:
    content = lines({"id": 1, "text": "Orra.\r\nThe army left.", "label": [[6, 14, "ORG"]]})
    folder = written(tmp_path / "s", {"a.jsonl": content})
    assert run("doccano", folder, tmp_path / "a").rules == ["import-unit-unknown"]
    found = run("doccano", folder, tmp_path / "b", "--unit", "graphemes")
    assert [a["name"] for a in found.article["actors"]] == ["The army"]


def test_relations_of_doccano_tie_entities_of_their_line(tmp_path: Path) -> None:
    entities = [
        {"id": 40, "label": "ORG", "start_offset": 0, "end_offset": 8},
        {"id": 41, "label": "GPE", "start_offset": 14, "end_offset": 18},
    ]
    relations = [
        {"id": 9, "from_id": 40, "to_id": 41, "type": "left"},
        {"id": 10, "from_id": 40, "to_id": 99, "type": "left"},
    ]
    content = lines({"id": 1, "text": PLAIN, "entities": entities, "relations": relations})
    found = run("doccano", written(tmp_path / "s", {"a.jsonl": content}), tmp_path / "into")
    assert found.values["links"]["left"]["read"] == 1
    assert found.values["marks"]["left"]["skipped"] == {
        "it ties entities that are not both there": 1
    }


def test_what_doccano_says_of_a_text_is_listed_and_names_nobody(tmp_path: Path) -> None:
    record = {
        "id": 1,
        "text": PLAIN,
        "annotations": [{"label": 12, "start_offset": 0, "end_offset": 8, "user": 3}],
        "annotation_approver": "mary",
        "Comments": ["mary@example.org: perhaps"],
        "desk": "north",
        "meta": {"page": 4},
    }
    found = run("doccano", written(tmp_path / "s", {"a.jsonl": lines(record)}), tmp_path / "into")
    reasons = {label: each["skipped"] for label, each in found.values["marks"].items()}
    assert reasons == {
        "12": {"the mapping has no rule for it": 1},
        "comment": {"comments are no data": 1},
        "desk": {"it is a value of the text as a whole": 1},
        "page": {"it is a value of the text as a whole": 1},
    }
    assert "mary" not in json.dumps([found.articles, found.values["marks"]])


@pytest.mark.parametrize("label", ["war", ["war"], [["war"]]])
def test_labels_of_a_whole_text_are_listed(label: Any, tmp_path: Path) -> None:
    content = lines({"id": 1, "text": PLAIN, "label": label})
    found = run("doccano", written(tmp_path / "s", {"a.jsonl": content}), tmp_path / "into")
    (skipped,) = [each["skipped"] for each in found.values["marks"].values()]
    assert skipped == {"it is a label of the text as a whole": 1}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_of_json_end_in_a_line_feed_alone(end: str, tmp_path: Path) -> None:
    texts = ["The army\u2028left\x85Orra.", "Idris stayed."]
    records = [
        json.dumps({"id": n, "text": text, "label": []}, ensure_ascii=False)
        for n, text in enumerate(texts)
    ]
    content = "\ufeff" + end.join(records)
    found = run("doccano", written(tmp_path / "s", {"a.jsonl": content}), tmp_path / "into")
    assert found.code == 0
    assert [each["text"] for each in found.articles.values()] == texts


def test_half_of_a_character_is_told_with_its_line(tmp_path: Path) -> None:
    broken = '{"id": 2, "text": "half \\ud83d", "label": []}\n'
    content = lines({"id": 1, "text": "👍 " + PLAIN, "label": []}) + broken
    found = run("doccano", written(tmp_path / "s", {"a.jsonl": content}), tmp_path / "into")
    assert list(found.articles) == ["1"]
    (issue,) = found.values["issues"]
    assert issue["places"][0]["line"] == 2
    assert "half of a pair of surrogates" in issue["message"]


def test_what_breaks_json_over_several_lines_is_told_once(tmp_path: Path) -> None:
    whole = json.dumps([{"id": n, "text": PLAIN, "label": []} for n in range(3)], indent=1)
    folder = written(tmp_path / "s", {"a.jsonl": whole[:-20]})
    found = run("doccano", folder, tmp_path / "into")
    (issue,) = found.values["issues"]
    assert issue["places"][0]["line"] == whole[:-20].count("\n") + 1
    assert "expected JSON, which breaks off at column" in issue["message"]


def test_one_text_in_two_files_of_nobody_is_undecided(tmp_path: Path) -> None:
    record = {"id": 1, "text": PLAIN, "label": [[0, 8, "ORG"]]}
    files = {"a.jsonl": lines(record), "b.jsonl": lines({**record, "label": []})}
    folder = written(tmp_path / "s", files)
    undecided = run("doccano", folder, tmp_path / "a")
    assert undecided.rules == ["import-annotators"]
    assert "import the file of one alone" in undecided.values["issues"][0]["message"]
    found = run("doccano", folder, tmp_path / "b", "--each-annotator")
    assert {key: len(each.get("actors", ())) for key, each in found.articles.items()} == {
        "1.1": 1,
        "1.2": 0,
    }


def test_a_project_that_all_annotate_together_has_no_annotator(tmp_path: Path) -> None:
    folder = tmp_path / "s"
    folder.mkdir()
    with zipfile.ZipFile(folder / "export.zip", "w") as archive:
        archive.writestr("all.jsonl", lines({"id": 1, "text": PLAIN, "label": []}))
    found = run("doccano", folder, tmp_path / "into")
    assert "annotator" not in found.article["annotation"]


def test_spans_that_cross_repeat_or_reach_beyond_the_text(tmp_path: Path) -> None:
    labels = [[0, 8, "ORG"], [0, 8, "ORG"], [4, 13, "ORG"], [3, 3, "ORG"], [14, 99, "ORG"]]
    content = lines({"id": 1, "text": PLAIN, "label": labels})
    found = run("doccano", written(tmp_path / "s", {"a.jsonl": content}), tmp_path / "into")
    names = [a["name"] for a in found.article["actors"]]
    assert names == ["The army", "The army", "army left"]
    assert found.values["marks"]["ORG"]["skipped"] == {
        "its offsets are no span of the text": 2,
        "it has no words, which would name the actor": 2,
    }


def test_broken_and_pretty_lines(tmp_path: Path) -> None:
    files = {
        "a.jsonl": lines({"id": 1, "text": PLAIN, "label": []}) + "{oops\n" + lines({"id": 3}),
        "pretty.jsonl": json.dumps([{"id": 4, "text": PLAIN, "label": []}], indent=2),
    }
    found = run("doccano", written(tmp_path / "s", files), tmp_path / "into")
    assert sorted(found.articles) == ["1", "4"]
    assert [each["places"][0]["line"] for each in found.values["issues"]] == [2, 3]


def test_labels_of_several_users_in_one_list_are_told_apart(tmp_path: Path) -> None:
    labels = [
        {"label": "ORG", "start_offset": 0, "end_offset": 8, "user": 1},
        {"label": "PER", "start_offset": 14, "end_offset": 18, "user": 2},
    ]
    content = lines({"id": 1, "text": PLAIN, "annotations": labels})
    folder = written(tmp_path / "s", {"a.jsonl": content})
    assert run("doccano", folder, tmp_path / "a").rules == ["import-annotators"]
    found = run("doccano", folder, tmp_path / "b", "--each-annotator")
    names = {key: [a["name"] for a in each["actors"]] for key, each in found.articles.items()}
    assert names == {"1.user-1": ["The army"], "1.user-2": ["Orra"]}


@pytest.mark.parametrize(
    ("form", "name", "content"),
    [
        ("doccano", "a.zip", b"PK no archive"),
        ("doccano", "a.jsonl", b"\xff\xfe"),
        ("doccano", "a.jsonl", b'{"id": 1, "text": "x", "relations": [5]}\n'),
        ("label-studio", "a.json", b"[" * 100_000),
        ("label-studio", "a.json", b'[{"data": {"text": "x"}, "annotations": [5]}]'),
        ("rams", "a.jsonl", b"5\n"),
        ("w3c", "a.json", b'{"type": "Annotation", "body": 5, "target": 5}'),
    ],
)
def test_whatever_a_file_holds_it_stops_no_other(
    form: str, name: str, content: bytes, tmp_path: Path
) -> None:
    found = run(form, written(tmp_path / "s", {name: content}), tmp_path / "into")
    assert found.rules == ["import-unreadable"]
    assert found.articles == {}


def test_one_name_has_one_text(tmp_path: Path) -> None:
    content = lines({"id": 1, "text": PLAIN, "label": []}, {"id": 1, "text": "Other.", "label": []})
    found = run("doccano", written(tmp_path / "s", {"a.jsonl": content}), tmp_path / "into")
    assert found.rules == ["import-document-repeated"]
    assert [a["text"] for a in found.articles.values()] == [PLAIN]


def test_a_project_of_doccano_has_a_file_a_member(tmp_path: Path) -> None:
    folder = tmp_path / "s"
    folder.mkdir()
    record = {"id": 1, "text": PLAIN, "label": [[0, 8, "ORG"]]}
    with zipfile.ZipFile(folder / "export.zip", "w") as archive:
        archive.writestr("mary.jsonl", lines(record))
        archive.writestr("paul.jsonl", lines({**record, "label": []}))
    assert run("doccano", folder, tmp_path / "a").rules == ["import-annotators"]
    found = run("doccano", folder, tmp_path / "b", "--each-annotator")
    assert sorted(found.articles) == ["1.annotator-1", "1.annotator-2"]


@pytest.mark.parametrize(
    ("form", "name", "method", "size", "said"),
    [
        ("doccano", "all.jsonl", zipfile.ZIP_DEFLATED, (256 << 20) + 1, "at most 268,435,456"),
        ("cas", "annotation/a.txt/mary.json", zipfile.ZIP_DEFLATED, (256 << 20) + 1, "at most"),
        ("doccano", "all.jsonl", zipfile.ZIP_BZIP2, 10, "expected the method deflate"),
    ],
)
def test_a_small_archive_fills_no_memory(
    form: str, name: str, method: int, size: int, said: str, tmp_path: Path
) -> None:
    folder = written(tmp_path / "s", {})
    folder.mkdir()
    with zipfile.ZipFile(folder / "bomb.zip", "w", method) as archive:
        archive.writestr(name, b" " * size)
    assert (folder / "bomb.zip").stat().st_size < 1 << 20
    found = run(form, folder, tmp_path / "into")
    (problem,) = found.values["issues"]
    assert (problem["rule"], said in problem["message"]) == ("import-unreadable", True)


def test_files_of_an_archive_share_a_limit(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a", b"12345")
        archive.writestr("b", b"67890")
    unpacker = Unpacker(limit=9)
    with zipfile.ZipFile(path) as archive:
        assert unpacker.read(archive, "a") == b"12345"
        with pytest.raises(Unreadable, match="b to unpack to at most 4 bytes"):
            unpacker.read(archive, "b")


SENTENCES = [
    [
        [["The", 5, 8], ["army", 9, 13], ["shot", 14, 18], ["Ada", 19, 22], [".", 22, 23]],
        "The army shot Ada.",
    ],
    [[["She", 31, 34], ["died", 35, 39], [".", 39, 40]], "She died."],
]
WIKI = {
    "doc_id": "w1",
    "text": "The army shot Ada.She died.",
    "sentences": SENTENCES,
    "entity_mentions": [
        {"id": "T1", "start": 0, "end": 2, "entity_type": "ORG", "mention_type": "UNK"},
        {"id": "T2", "start": 3, "end": 4, "entity_type": "PER", "mention_type": "NAM"},
        {"id": "T3", "start": 5, "end": 6, "entity_type": "PER", "mention_type": "PRO"},
        {"id": "T4", "start": 6, "end": 7, "entity_type": "VAL", "mention_type": "UNK"},
    ],
    "event_mentions": [
        {
            "id": "E1",
            "event_type": "Conflict.Attack.Unspecified",
            "trigger": {"start": 2, "end": 3},
            "arguments": [
                {"entity_id": "T1", "role": "Attacker"},
                {"entity_id": "T2", "role": "Target"},
            ],
        },
        {
            "id": "E2",
            "event_type": "Life.Die.Unspecified",
            "trigger": {"start": 6, "end": 7},
            "arguments": [{"entity_id": "T3", "role": "Victim"}],
        },
        {
            "id": "E3",
            "event_type": "Movement.Transportation.Unspecified",
            "trigger": {"start": 6, "end": 7},
            "arguments": [],
        },
    ],
}


def test_wikievents_are_incidents_whose_clusters_are_actors(tmp_path: Path) -> None:
    files = {
        "dev.jsonl": lines(WIKI),
        "coref.jsonl": lines({"doc_key": "w1", "clusters": [["T3", "T2"]]}),
    }
    found = run("wikievents", written(tmp_path / "s", files), tmp_path / "into")
    assert found.code == 0
    first, second = found.article["incidents"]
    assert (first["incident_type"], second["incident_type"]) == ("unknown_violence", "unclassified")
    ada = next(a for a in found.article["actors"] if a["name"] == "Ada")
    assert ada["weak_aliases"] == ["She"]
    assert words(found.article, ada, "mention") == ["Ada", "She"]
    assert first["participants"][1]["actor"] == second["participants"][0]["actor"] == ada["id"]
    assert words(found.article, second, "trigger") == ["died"]
    assert found.values["marks"]["Movement.Transportation.Unspecified"]["skipped"] == {
        "an event of a kind that no table has": 1
    }
    valid(tmp_path / "into")


def test_tokens_that_are_not_those_of_the_text_are_refused(tmp_path: Path) -> None:
    content = lines({**WIKI, "text": "Another text, longer than it was."})
    found = run("wikievents", written(tmp_path / "s", {"a.jsonl": content}), tmp_path / "into")
    assert found.rules == ["import-unreadable"]
    assert found.articles == {}


def changed(path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    """WIKI with another value at a place."""
    record: Any = json.loads(json.dumps(WIKI))
    place = record
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return dict(record)


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (("entity_mentions", 0, "end"), 99, "tokens from 0 to 99"),
        (("entity_mentions", 0, "end"), 0, "tokens from 0 to 0"),
        (("entity_mentions", 0, "start"), -1, "tokens from -1 to 2"),
        (("event_mentions", 0, "arguments"), [{"role": "Target"}], "'entity_id'"),
        (("sentences",), 5, "another form"),
    ],
)
def test_a_line_of_wikievents_that_is_none_is_told(
    path: tuple[str | int, ...], value: Any, expected: str, tmp_path: Path
) -> None:
    content = lines({**WIKI, "doc_id": "good"}, changed(path, value))
    found = run("wikievents", written(tmp_path / "s", {"a.jsonl": content}), tmp_path / "into")
    (issue,) = found.values["issues"]
    assert issue["places"][0]["line"] == 2
    assert expected in issue["message"]
    assert list(found.articles) == ["good"]


@pytest.mark.parametrize("clusters", [5, [[]], ["T3"]])
def test_coreference_in_another_form_is_told_where_it_is(clusters: Any, tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "a.jsonl": lines(WIKI),
        "coref.jsonl": lines({"doc_key": "w1", "clusters": clusters}),
        "latin.jsonl": b"\xe4",
    }
    found = run("wikievents", written(tmp_path / "s", files), tmp_path / "into")
    names = [Path(each["places"][0]["file"]).name for each in found.values["issues"]]
    assert names == ["coref.jsonl", "latin.jsonl"]
    assert list(found.articles) == ["w1"]


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("evt_triggers", [[-1, -1, [["x", 1.0]]]], "tokens from -1 to -1"),
        ("evt_triggers", [[1, 0, [["x", 1.0]]]], "tokens from 1 to 0"),
        ("ent_spans", [[0, 9, []]], "tokens from 0 to 9"),
        ("sentences", ["The army"], "sentences as lists of tokens"),
        ("evt_triggers", 5, "another form"),
    ],
)
def test_a_line_of_rams_that_is_none_is_told(
    key: str, value: Any, expected: str, tmp_path: Path
) -> None:
    record = {"doc_key": "r1", "sentences": [["The", "army"]], "ent_spans": []}
    record |= {"evt_triggers": [], "gold_evt_links": []}
    folder = written(tmp_path / "s", {"a.jsonlines": lines(record, {**record, key: value})})
    found = run("rams", folder, tmp_path / "into")
    (issue,) = found.values["issues"]
    assert (issue["places"][0]["line"], expected in issue["message"]) == (2, True)
    assert list(found.articles) == ["r1"]


def test_rams_ends_are_inclusive(tmp_path: Path) -> None:
    record = {
        "doc_key": "r1",
        "language_id": "eng",
        "source_url": "https://example.org/r1",
        "sentences": [["The", "army", "shot", "Ada", "Roe", "."]],
        "evt_triggers": [[2, 2, [["conflict.attack.n/a", 1.0]]]],
        "ent_spans": [
            [0, 1, [["evt001arg01attacker", 1.0]]],
            [3, 4, [["evt001arg02target", 1.0]]],
        ],
        "gold_evt_links": [
            [[2, 2], [0, 1], "evt001arg01attacker"],
            [[2, 2], [3, 4], "evt001arg02target"],
        ],
    }
    folder = written(tmp_path / "s", {"a.jsonlines": lines(record, {"doc_key": "r2"})})
    found = run("rams", folder, tmp_path / "into")
    assert found.article["text"] == "The army shot Ada Roe ."
    assert found.article["source"] == {"language": "en", "url": "https://example.org/r1"}
    assert [a["name"] for a in found.article["actors"]] == ["The army", "Ada Roe"]
    assert words(found.article, found.article["incidents"][0], "trigger") == ["shot"]
    assert found.rules == ["import-unreadable"]
    valid(tmp_path / "into")


@pytest.mark.parametrize(
    ("form", "folder", "articles", "problems"),
    [
        ("label-studio", "label-studio", 4, 0),
        ("doccano", "doccano", 50, 1),
        ("wikievents", "wikievents", 3, 0),
        ("rams", "rams", 5, 0),
    ],
)
def test_the_samples(form: str, folder: str, articles: int, problems: int, tmp_path: Path) -> None:
    found = run(form, sample(folder), tmp_path / "into", "--each-annotator")
    assert (len(found.articles), len(found.rules)) == (articles, problems)
    valid(tmp_path / "into")
