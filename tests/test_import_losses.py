"""What each format could lose or put at a wrong place without a word, and does not."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from imports import run, words, written
from test_import_json import SPEAKER, source, task
from test_import_muc import KEY, MESSAGES
from test_import_w3c import QUOTE, annotation, imported

from dateline.build.formats.metadata import load_metadata
from dateline.build.formats.offsets import settled
from dateline.build.formats.source import Document, Mark
from dateline.build.formats.w3c_items import article_of, page_of
from dateline.build.issues import InvalidInput
from dateline.cli import main

BODY = "The army left Orra."


def test_an_annotation_without_an_id_may_have_a_link(tmp_path: Path) -> None:
    said = annotation({"type": "TextQuoteSelector", "exact": "left"}, "statement")
    tie = {"type": "SpecificResource", "purpose": "linking", "value": "speaker"}
    said["body"] = [said["body"], {**tie, "source": said.pop("id")}]
    found = imported([annotation(QUOTE), said], tmp_path)
    assert found.article["statements"][0]["speaker"] == found.article["actors"][0]["id"]


def test_of_several_tags_the_others_are_attributes_and_the_motivation_none(tmp_path: Path) -> None:
    tags = [{"type": "TextualBody", "purpose": "tagging", "value": v} for v in ("actor", "x", "y")]
    found = imported(annotation(QUOTE, body=tags, motivation="tagging"), tmp_path)
    assert found.article["actors"][0]["attributes"] == {"label": ["x", "y"]}


def test_an_exported_article_keeps_what_was_not_taken_out() -> None:
    incidents = [
        {"id": f"i{n}", "casualties": [{"id": f"c{n}.{m}"} for m in range(2)]} for n in range(3)
    ]
    page = page_of({"version": 1, "id": "a", "incidents": incidents}, "a.txt")
    page["items"] = [each for each in page["items"] if "/incidents/0" not in each["id"]][::-1]
    page["items"].insert(0, page["items"].pop())
    assert article_of(page)["incidents"] == incidents[1:]


def test_exported_articles_have_a_file_each_and_come_back_with_their_texts(tmp_path: Path) -> None:
    for number, name in enumerate(("x/a", "x-a", "x:a")):
        article = {
            "version": 1,
            "id": name,
            "source": {"language": "en"},
            "text": f"Text {number}.",
            "annotation": {"method": "import"},
        }
        written(tmp_path / "s", {f"{number}.json": json.dumps(article)})
    arguments = ["export", "w3c", str(tmp_path / "s"), "--into", str(tmp_path / "e"), "--jobs", "1"]
    assert CliRunner().invoke(main, arguments).exit_code == 0
    found = run("w3c", tmp_path / "e", tmp_path / "into")
    texts = {name: article["text"] for name, article in found.articles.items()}
    assert texts == {"x/a": "Text 0.", "x-a": "Text 1.", "x:a": "Text 2."}


def placed(said: str, text: str, to_name: str) -> dict[str, Any]:
    start = text.index(said)
    value = {"start": start, "end": start + len(said), "text": said, "labels": ["SPEAKER"]}
    return {"id": said, "type": "labels", "to_name": to_name, "value": value}


def test_regions_are_of_the_text_that_they_name(tmp_path: Path) -> None:
    title = "Army leaves"
    regions = [
        placed("The army", BODY, "story"),
        placed("Army", title, "text"),
        placed("Orra", BODY, "story"),
    ]
    content = {
        "id": 1,
        "data": {"text": title, "story": BODY},
        "annotations": [{"result": regions}],
    }
    found = run("label-studio", source(tmp_path / "s", content), tmp_path / "into")
    assert found.article["text"] == BODY
    assert [each["name"] for each in found.article["actors"]] == ["The army", "Orra"]
    (skipped,) = [each["skipped"] for each in found.values["marks"].values() if each["skipped"]]
    assert skipped == {"it is of text, another part of the task": 1}


def test_a_task_that_only_a_model_has_annotated_is_an_article(tmp_path: Path) -> None:
    content = task(predictions=[{"model_version": "m1", "result": [SPEAKER]}])
    options = ("--option", "predictions=import")
    found = run("label-studio", source(tmp_path / "s", content), tmp_path / "into", *options)
    assert found.rules == []
    assert found.article["annotation"]["annotator"] == "model:m1"


def test_targets_of_both_kinds_have_their_numbers(tmp_path: Path) -> None:
    key = KEY.replace(
        "17. PHYS TGT: TOTAL NUMBER          -", "17. PHYS TGT: TOTAL NUMBER          3"
    )
    key = key.replace(
        "24. HUM TGT: TOTAL NUMBER           -", "24. HUM TGT: TOTAL NUMBER           4"
    )
    found = run("muc", written(tmp_path / "s", {"m": MESSAGES, "k": key}), tmp_path / "into")
    (incident,) = found.articles["DEV-MUC3-9001"]["incidents"]
    attributes = incident["attributes"]
    assert attributes["PHYS TGT: TOTAL NUMBER"] == "3"
    assert attributes["HUM TGT: TOTAL NUMBER"] == "4"


def test_what_a_slot_says_about_nobody_is_listed(tmp_path: Path) -> None:
    key = KEY.replace(
        "22. HUM TGT: FOREIGN NATION         -", "22. HUM TGT: FOREIGN NATION         CHILE"
    )
    found = run("muc", written(tmp_path / "s", {"m": MESSAGES, "k": key}), tmp_path / "into")
    assert found.values["marks"]["HUM TGT: FOREIGN NATION"]["skipped"] == {
        "it is about nobody whom the template names: 'CHILE'": 1
    }


def test_words_before_a_character_of_two_units_do_not_say_what_comes_after() -> None:
    text = "one 👍 two"
    before, after = Mark("1", "L", ((0, 3),), "one"), Mark("2", "L", ((6, 9),))
    units = ("code-points", "utf-16")
    found = settled(Document("d", text, (before, after), units=units))
    assert found.undecided == units
    checked = Mark("3", "L", ((7, 10),), "two")
    found = settled(Document("d", text, (before, after, checked), units=units))
    assert found.unit == "utf-16"


@pytest.mark.parametrize("columns", ["id,publisher,source", "id,source,publisher"])
def test_a_column_of_the_fields_own_name_goes_before_another(columns: str, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    row = {"id": "a", "publisher": "Herald", "source": "web"}
    path.write_text(f"{columns}\n{','.join(row[each] for each in columns.split(','))}\n", "utf-8")
    found = load_metadata(path)
    assert found.rows == {"a": {"publisher": "Herald"}}
    assert found.unused == ("source",)


def test_a_quotation_mark_swallows_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "t.tsv"
    path.write_text('id\theadline\na\t"Orra" falls\nb\t"We left"\n', "utf-8")
    with pytest.raises(InvalidInput, match="mend its quotation marks"):
        load_metadata(path)


cassis = pytest.importorskip("cassis")


def test_a_type_system_that_has_all_types_goes_before_one_that_lacks_some(tmp_path: Path) -> None:
    from test_import_cas import cas, mapped, xmi

    files = xmi(cas())
    lacking = cassis.TypeSystem().to_xml().encode()
    files = {"a.xmi": files["a.xmi"], "TypeSystem.xml": lacking, "z.xml": files["TypeSystem.xml"]}
    folder = written(tmp_path / "s", files)
    found = run("cas", folder, tmp_path / "into", *mapped(folder))
    assert words(found.article, found.article["statements"][0], "content") == ["“We left Orra.”"]
    reasons = [r for each in found.values["marks"].values() for r in each["skipped"]]
    assert "its type is not in the type system" not in reasons


def test_a_document_of_a_project_has_the_name_of_its_folder(tmp_path: Path) -> None:
    from test_import_cas import as_json, cas, mapped

    made = cas()
    kind = "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData"
    about = made.typesystem.create_type(kind, "uima.tcas.Annotation")
    made.typesystem.create_feature(about, "documentId", "uima.cas.String")
    made.add(about(begin=0, end=1, documentId="mary"))
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("annotation/a.txt/mary.json", as_json(made))
    folder = written(tmp_path / "s", {"p.zip": data.getvalue()})
    found = run("cas", folder, tmp_path / "into", *mapped(folder))
    assert list(found.articles) == ["a.txt"]
