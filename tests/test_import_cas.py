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


def test_annotations_of_another_view_are_listed(tmp_path: Path) -> None:
    made = cas()
    other = made.create_view("translation")
    other.sofa_string = "Nous sommes partis."
    kind = made.typesystem.get_type("custom.Name")
    other.add(kind(begin=0, end=4))
    folder = written(tmp_path / "s", xmi(made))
    found = run("cas", folder, tmp_path / "into", *mapped(folder))
    assert found.values["marks"]["Name"]["skipped"] == {"it is of another view than the first": 1}


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
        (lambda files: files.update({"a.json": b'{"%FEATURE_STRUCTURES": []}'}), "with %TYPES"),
        (lambda files: files.update({"a.json": b"\xe4"}), "expected UTF-8"),
        (lambda files: files.update({"a.xmi": b"#FORMAT=WebAnno TSV 3.3"}), "got no XML"),
        (lambda files: files.update({"a.xmi": files["a.xmi"][:-9]}), "export both again"),
        (lambda files: files.update({"TypeSystem.xml": b""}), "expected the type system beside"),
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


def test_a_sound_offset_inside_of_json_is_kept_and_a_broken_one_is_not(tmp_path: Path) -> None:
    content = json.loads(as_json(cas()))
    for each in content["%FEATURE_STRUCTURES"]:
        if each["%TYPE"] == "custom.Name":
            # UTF-16 units: 1 is inside of the first character, 99 beyond the text.
            each["begin" if each["begin"] < 10 else "end"] = 1 if each["begin"] < 10 else 99
    folder = written(tmp_path / "s", {"a.json": json.dumps(content)})
    found = run("cas", folder, tmp_path / "into", *mapped(folder))
    assert found.values["marks"]["Name"]["skipped"]["its offsets are no span of the text"] == 2
    assert words(found.article, found.article["statements"][0], "content") == ["“We left Orra.”"]


@pytest.mark.parametrize("is_by_id", [True, False])
def test_feature_structures_are_a_list_or_have_their_ids_as_keys(
    is_by_id: bool, tmp_path: Path
) -> None:
    content = json.loads(as_json(cas()))
    if is_by_id:
        structures = content["%FEATURE_STRUCTURES"]
        content["%FEATURE_STRUCTURES"] = {str(each.pop("%ID")): each for each in structures}
    folder = written(tmp_path / "s", {"a.json": json.dumps(content)})
    found = run("cas", folder, tmp_path / "into", *mapped(folder))
    assert found.code == 0
    assert [a["name"] for a in found.article["actors"]] == ["Idris"]


def test_line_ends_of_the_text_count(tmp_path: Path) -> None:
    text = "One\nand two.\tThree."
    types = cassis.TypeSystem()
    name = types.create_type("custom.Name", "uima.tcas.Annotation")
    made = cassis.Cas(types)
    made.sofa_string, made.sofa_mime = text, "text/plain"
    made.add(name(begin=8, end=11))
    folder = written(tmp_path / "s", xmi(made))
    assert b"&#10;" in (folder / "a.xmi").read_bytes()
    found = run("cas", folder, tmp_path / "into", *mapped(folder))
    assert found.article["text"] == text
    assert [a["name"] for a in found.article["actors"]] == ["two"]


def test_a_chain_leads_from_one_mark_to_the_next(tmp_path: Path) -> None:
    types = cassis.TypeSystem()
    link = types.create_type("custom.CoreferenceLink", "uima.tcas.Annotation")
    types.create_feature(link, "next", "custom.CoreferenceLink")
    chain = types.create_type("custom.CoreferenceChain", "uima.cas.AnnotationBase")
    types.create_feature(chain, "first", "custom.CoreferenceLink")
    made = cassis.Cas(types)
    made.sofa_string, made.sofa_mime = "Idris left. He ran. They won.", "text/plain"
    second, other = link(begin=12, end=14), link(begin=20, end=24)
    first = link(begin=0, end=5, next=second)
    made.add_all([first, second, other, chain(first=first), chain(first=other)])
    folder = written(tmp_path / "s", xmi(made))
    marks = {"CoreferenceLink": {"makes": "actor"}, "CoreferenceChain": {"skip": "the whole"}}
    path = tmp_path / "m.json"
    path.write_text(json.dumps({"version": 1, "marks": marks, "same": ["next"]}), "utf-8")
    found = run("cas", folder, tmp_path / "into", "--mapping", str(path))
    assert [(a["name"], a.get("weak_aliases")) for a in found.article["actors"]] == [
        ("Idris", ["He"]),
        ("They", None),
    ]
    assert found.values["marks"]["CoreferenceChain"]["skipped"] == {"the whole": 2}


def type_system(*without: str) -> bytes:
    """The type system of `cas` without some types."""
    system = cas().typesystem.to_xml().encode()
    for name in without:
        begin = system.index(f"<name>custom.{name}</name>".encode())
        start = system.rindex(b"<typeDescription>", 0, begin)
        end = system.index(b"</typeDescription>", begin) + len(b"</typeDescription>")
        system = system[:start] + system[end:]
    return bytes(system)


def test_a_type_that_the_type_system_lacks_is_listed(tmp_path: Path) -> None:
    files = {**xmi(cas()), "TypeSystem.xml": type_system("Relation")}
    folder = written(tmp_path / "s", files)
    found = run("cas", folder, tmp_path / "into", *mapped(folder))
    assert found.values["marks"]["Relation"]["skipped"] == {"its type is not in the type system": 1}
    assert [a["name"] for a in found.article["actors"]] == ["Idris", "The army"]


def test_what_refers_to_something_of_an_unknown_type_is_told(tmp_path: Path) -> None:
    files = {**xmi(cas()), "TypeSystem.xml": type_system("Name")}
    folder = written(tmp_path / "s", {**files, "b/good.json": as_json(cas())})
    found = run("cas", folder, tmp_path / "into", *mapped(folder))
    (issue,) = found.values["issues"]
    assert "put the type system of the same export beside it" in issue["message"]
    assert list(found.articles) == ["good"]


def speech(*annotations: tuple[str, str, dict[str, str]]) -> Any:
    """A CAS of (type, words, features), as Redewiedergabe has them."""
    types = cassis.TypeSystem()
    made = cassis.Cas(types)
    made.sofa_string = "He said they had left, he added, at once. She agreed. They nodded."
    made.sofa_mime = "text/plain"
    for name in ("Stwr", "Speaker", "IntExpression"):
        layer = types.create_type(f"de.example.{name}", "uima.tcas.Annotation")
        for feature in ("RType", "Medium", "Level", f"{name}ID"):
            types.create_feature(layer, feature, "uima.cas.String")
    for name, said, features in annotations:
        start = made.sofa_string.index(said)
        layer = types.get_type(f"de.example.{name}")
        made.add(layer(begin=start, end=start + len(said), **features))
    return made


def test_ids_in_texts_tie_statements_speakers_and_cues(tmp_path: Path) -> None:
    made = speech(
        ("Stwr", "they had left", {"StwrID": "1", "RType": "indirect", "Medium": "speech"}),
        ("Stwr", "at once", {"StwrID": "1", "RType": " ", "Level": "2"}),
        ("Stwr", "She agreed", {"StwrID": "6", "RType": "reported", "Level": " "}),
        # No number: these are two statements of nobody.
        ("Stwr", "They nodded", {"StwrID": "0", "RType": "reported"}),
        ("Stwr", "nodded", {"StwrID": "0"}),
        ("Speaker", "He", {"SpeakerID": "1 6"}),
        ("Speaker", "They", {"SpeakerID": "0"}),
        ("IntExpression", "said", {"IntExpressionID": "1"}),
    )
    found = run("cas", written(tmp_path / "s", xmi(made)), tmp_path / "into")
    article = found.article
    first, second, third, fourth = article["statements"]
    pieces = [(e["quote"], e.get("part", 0)) for e in first["evidence"] if e["role"] == "content"]
    assert pieces == [("they had left", 0), ("at once", 1)]
    assert words(article, first, "cue") == ["said"]
    assert (first["quote_type"], first["attribution_type"]) == ("indirect", "assertion")
    # What either piece says stays; a blank says nothing.
    cue = [{"words": "said", "IntExpressionID": "1"}]
    assert first["attributes"] == {"StwrID": "1", "Level": "2", "cue": cue}
    assert second["attributes"] == {"StwrID": "6"}
    he = article["actors"][0]
    assert (he["name"], first["speaker"], second["speaker"]) == ("He", he["id"], he["id"])
    assert [each["anonymity"] for each in (third, fourth)] == ["implicit"] * 2
    assert "speaker" not in third


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {"annotation/a.txt/mary.tsv": b"#FORMAT=WebAnno TSV 3.3"},
            "got annotation/a.txt/mary.tsv",
        ),
        ({"annotation/a.txt/mary.zip": b"PK"}, "got annotation/a.txt/mary.zip, which is damaged"),
        ({"annotation_ser/a.txt/mary.ser": b"\xac\xed"}, "an archive of other files"),
        ({"a.xmi": b"<x/>"}, "an archive of other files"),
    ],
)
def test_a_project_that_holds_nothing_to_read_is_told(
    files: dict[str, bytes], expected: str, tmp_path: Path
) -> None:
    folder = written(tmp_path / "s", {"good.json": as_json(cas())})
    with zipfile.ZipFile(folder / "project.zip", "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    found = run("cas", folder, tmp_path / "into", *mapped(folder))
    (issue,) = found.values["issues"]
    assert expected in issue["message"]
    assert "export the project" in issue["message"]
    assert list(found.articles) == ["good"]


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
