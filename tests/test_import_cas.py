"""UIMA CAS by way of dkpro-cassis: layers, slots, relations, units, projects, what it refuses."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from imports import run, sample, valid, words, written

cassis = pytest.importorskip("cassis")

TEXT = "👍 Idris: “We left Orra.” The army said so."
MAPPING = {
    "version": 1,
    "marks": {
        "Statement": {
            "makes": "statement",
            "fields": {"quote_type": {"from": "kind", "values": {"direct": "direct"}}},
            "links": {"speaker": {"field": "speaker", "span": "source"}},
        },
        "Name": {"makes": "actor"},
    },
    "same": ["alias"],
}


def cas() -> Any:
    """A CAS with a statement, two names, a slot and a relation between the names."""
    types = cassis.TypeSystem()
    annotation = "uima.tcas.Annotation"
    name = types.create_type("custom.Name", annotation)
    statement = types.create_type("custom.Statement", annotation)
    types.create_feature(statement, "kind", "uima.cas.String")
    types.create_feature(statement, "note", "uima.cas.String")
    link = types.create_type("custom.Link", "uima.cas.TOP")
    types.create_feature(link, "role", "uima.cas.String")
    types.create_feature(link, "target", annotation)
    types.create_feature(statement, "links", "uima.cas.FSArray", elementType="custom.Link")
    relation = types.create_type("custom.Relation", annotation)
    types.create_feature(relation, "Governor", annotation)
    types.create_feature(relation, "Dependent", annotation)
    types.create_feature(relation, "value", "uima.cas.String")
    found = cassis.Cas(types)
    found.sofa_string = TEXT
    found.sofa_mime = "text/plain"

    def span(layer: Any, said: str, **features: Any) -> Any:
        start = TEXT.index(said)
        made = layer(begin=start, end=start + len(said), **features)
        found.add(made)
        return made

    idris, army = span(name, "Idris"), span(name, "The army")
    array = types.get_type("uima.cas.FSArray")
    slots = array(elements=[link(role="speaker", target=idris)])
    span(statement, "“We left Orra.”", kind="direct", note=" ", links=slots)
    span(relation, "The army", Governor=idris, Dependent=army, value="alias")
    return found


def xmi(found: Any) -> dict[str, bytes]:
    return {"a.xmi": found.to_xmi().encode(), "TypeSystem.xml": found.typesystem.to_xml().encode()}


def as_json(found: Any) -> bytes:
    return str(found.to_json()).encode()


def mapped(folder: Path) -> tuple[str, str]:
    path = folder.parent / "mapping.json"
    path.write_text(json.dumps(MAPPING), "utf-8")
    return "--mapping", str(path)


@pytest.mark.parametrize("kind", ["xmi", "json"])
def test_layers_slots_and_relations(kind: str, tmp_path: Path) -> None:
    files = xmi(cas()) if kind == "xmi" else {"a.json": as_json(cas())}
    folder = written(tmp_path / "s", files)
    found = run("cas", folder, tmp_path / "into", *mapped(folder))
    assert found.code == 0
    (statement,) = found.article["statements"]
    assert statement["quote_type"] == "direct"
    # UTF-16 in the file, code points here: the words say so.
    assert words(found.article, statement, "content") == ["“We left Orra.”"]
    (actor,) = found.article["actors"]
    assert statement["speaker"] == actor["id"]
    assert (actor["name"], actor["weak_aliases"]) == ("Idris", ["The army"])
    # A blank stands for what is not set.
    assert "attributes" not in statement
    valid(tmp_path / "into")


def test_a_project_has_annotators_and_a_curation(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        for name, content in xmi(cas()).items():
            archive.writestr(name, content)
    folder = tmp_path / "s"
    folder.mkdir()
    with zipfile.ZipFile(folder / "project.zip", "w") as archive:
        archive.writestr("exportedproject.json", "{}")
        archive.writestr("source/a.txt", TEXT)
        archive.writestr("annotation/a.txt/INITIAL_CAS.zip", inner.getvalue())
        archive.writestr("annotation/a.txt/mary.zip", inner.getvalue())
        archive.writestr("annotation/a.txt/paul.json", as_json(cas()))
        archive.writestr("annotation_ser/a.txt/mary.ser", b"\xac\xed")
        archive.writestr("curation/a.txt/CURATION_USER.zip", inner.getvalue())
    options = mapped(folder)
    assert run("cas", folder, tmp_path / "a", *options).rules == ["import-annotators"]
    each = run("cas", folder, tmp_path / "b", *options, "--each-annotator")
    assert sorted(each.articles) == ["a.txt.annotator-1", "a.txt.annotator-2"]
    agreed = run("cas", folder, tmp_path / "c", *options, "--adjudicated")
    assert agreed.article["id"] == "a.txt"
    assert "annotator" not in agreed.article["annotation"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda files: files.pop("TypeSystem.xml"), "expected the type system beside the XMI"),
        (
            lambda files: files.update({"a.xmi": files["a.xmi"].replace(b"kind=", b"sort=")}),
            "put the type system of the same export beside it",
        ),
        (
            lambda files: files.update({"a.xmi": b"<!DOCTYPE x>" + files["a.xmi"]}),
            "without a document type",
        ),
        (
            lambda files: files.update({"a.json": b'{"_context": {}, "_views": {}}'}),
            "expected CAS JSON 0.4",
        ),
        (lambda files: files.update({"a.json": b"{"}), "expected JSON"),
        (lambda files: files.update({"a.zip": b"PK"}), "got a damaged one"),
    ],
)
def test_what_cannot_be_read_is_told_and_the_rest_goes_on(
    change: Any, expected: str, tmp_path: Path
) -> None:
    files: dict[str, str | bytes] = dict(xmi(cas()))
    change(files)
    folder = written(tmp_path / "s", {**files, "b/good.json": as_json(cas())})
    found = run("cas", folder, tmp_path / "into", *mapped(folder))
    (issue,) = found.values["issues"]
    assert issue["rule"] == "import-unreadable"
    assert expected in issue["message"]
    assert "good" in found.articles


def test_an_offset_inside_of_a_character_is_no_span(tmp_path: Path) -> None:
    files = xmi(cas())
    begin = f'begin="{TEXT.index("Idris") + 1}"'.encode()
    assert begin in files["a.xmi"]
    moved = files["a.xmi"].replace(begin, b'begin="1"', 1)
    folder = written(tmp_path / "s", {**files, "a.xmi": moved})
    found = run("cas", folder, tmp_path / "into", *mapped(folder))
    assert found.values["marks"]["Name"]["skipped"]["its offsets are no span of the text"] == 1


def test_the_sample_of_redewiedergabe(tmp_path: Path) -> None:
    found = run("cas", sample("cas-xmi-redewiedergabe"), tmp_path / "into")
    assert found.code == 0
    marks = found.values["marks"]
    assert marks["Stwr"]["became"] == {"statement": 15}
    assert marks["Speaker"]["became"] == {"actor": 9}
    assert found.values["links"]["cue"]["became"] == {"part of statement": 16}
    valid(tmp_path / "into")


@pytest.mark.parametrize(
    ("folder", "articles", "problems"),
    [("cas-fixtures", 12, 1), ("inception-relations-xmi", 1, 0), ("inception-tsv3", 7, 0)],
)
def test_samples_of_layers(folder: str, articles: int, problems: int, tmp_path: Path) -> None:
    found = run("cas", sample(folder), tmp_path / "into", "--each-annotator")
    assert (len(found.articles), len(found.rules)) == (articles, problems)
