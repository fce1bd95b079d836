"""The example package damaged in one way after the other: each is told by the rule that it breaks.

The list and how many there are is printed at the end of a run of the tests.
"""

import os
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from damage import (
    Damage,
    cell,
    constrained,
    flipped,
    linked,
    moved_out,
    of_bytes,
    of_csv,
    of_field,
    of_resource,
    of_rows,
    of_schema,
    row,
    said,
)
from tables import resource

from dateline.build.verify import Checks, verify


def without(content: dict[str, object], key: str) -> None:
    del content[key]


def added(*path: str) -> Damage:
    return lambda package: package.joinpath(*path).write_text("x")


def removed(path: str) -> Damage:
    return lambda package: (package / path).unlink()


def swapped(content: bytes) -> bytes:
    first, second, *others = content.split(b"\r\n")
    return b"\r\n".join([first, others[0], second, *others[1:]])


def in_last_line(text: bytes) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        *others, last, end = content.split(b"\r\n")
        return b"\r\n".join([*others, last + text, end])

    return change


def without_last_cell(content: bytes) -> bytes:
    *others, last, end = content.split(b"\r\n")
    return b"\r\n".join([*others, last.rpartition(b",")[0], end])


def twice(rows: list[dict[str, object]]) -> None:
    rows.insert(1, dict(rows[0]))


def reversed_rows(rows: list[dict[str, object]]) -> None:
    rows.reverse()


def emptied(package: Path) -> None:
    (package / "data/actors.csv").write_bytes(b"")


def fifo(package: Path) -> None:
    (package / "vocab/side.csv").unlink()
    os.mkfifo(package / "vocab/side.csv")


def folder(package: Path) -> None:
    (package / "vocab/side.csv").unlink()
    (package / "vocab/side.csv").mkdir()


# Name: what is done, and the rules that it breaks.
MUTATIONS: dict[str, tuple[Damage, str]] = {
    # The descriptor.
    "descriptor: gone": (removed("datapackage.json"), "package-error"),
    "descriptor: cut off": (of_bytes("datapackage.json", lambda b: b[:-40]), "package-error"),
    "descriptor: not UTF-8": (
        of_bytes("datapackage.json", lambda b: b.replace(b"Dateline", b"D\xe1teline", 1)),
        "package-error",
    ),
    "descriptor: a key twice": (
        of_bytes("datapackage.json", lambda b: b.replace(b'"name"', b'"name": "x", "name"', 1)),
        "package-error",
    ),
    "descriptor: no resources": (said(lambda c: without(c, "resources")), "package-error"),
    "descriptor: an empty list of resources": (
        said(lambda c: c.update(resources=[])),
        "package-error",
    ),
    "descriptor: created on no day": (
        said(lambda c: c.update(created="last spring")),
        "package-error",
    ),
    "descriptor: a licence of no name": (said(lambda c: c.update(licenses=[{}])), "package-error"),
    "descriptor: two resources of one name": (
        of_resource("actors-parquet", name="actors"),
        "package-error",
    ),
    "descriptor: a table left out": (
        said(lambda c: c["resources"].remove(resource(c, "evidence-parquet"))),
        "package-descriptor-invalid",
    ),
    "descriptor: no bytes": (of_resource("vocab-side", bytes=None), "package-descriptor-invalid"),
    "descriptor: no hash": (of_resource("vocab-side", hash=None), "package-descriptor-invalid"),
    "descriptor: no number of rows": (
        of_resource("actors", dateline_rows=None),
        "package-descriptor-invalid",
    ),
    "descriptor: no digest of rows": (
        of_resource("actors", dateline_content=None),
        "package-descriptor-invalid",
    ),
    "descriptor: another size": (of_resource("actors", bytes=7), "byte-count"),
    "descriptor: another digest": (
        of_resource("actors", hash="sha256:" + "0" * 64),
        "hash-count",
    ),
    "descriptor: another number of rows": (
        of_resource("actors", dateline_rows=7),
        "package-rows",
    ),
    "descriptor: another digest of rows": (
        of_resource("actors", dateline_content="sha256:" + "0" * 64),
        "package-content",
    ),
    "descriptor: an encoding that is not the file's": (
        of_resource("articles", encoding="utf-16"),
        "encoding-error",
    ),
    "descriptor: another delimiter": (
        of_resource("articles", dialect={"delimiter": ";"}),
        "incorrect-label",
    ),
    # Its schemas.
    "schema: an unknown type": (of_field("actors", "name", type="text"), "field-error"),
    "schema: a narrower type": (
        of_field("actors", "description", type="integer", constraints={}, example=3),
        "type-error package-parquet-schema",
    ),
    "schema: a field twice": (
        of_schema("actors", lambda s: s["fields"].append(s["fields"][1])),
        "field-name-repeated missing-label package-parquet-schema",
    ),
    "schema: a field renamed": (
        of_field("actors", "name", name="label"),
        "incorrect-label package-parquet-schema",
    ),
    "schema: a field less": (
        of_schema("actors", lambda s: s["fields"].pop()),
        "extra-label package-parquet-schema",
    ),
    "schema: a field more": (
        of_schema("actors", lambda s: s["fields"].append({"name": "age", "type": "integer"})),
        "missing-label package-parquet-schema",
    ),
    "schema: a key of no field": (
        of_schema("actors", lambda s: s.update(primaryKey=["actor"])),
        "schema-error",
    ),
    "schema: a reference to no resource": (
        of_schema(
            "statements", lambda s: s["foreignKeys"][0]["reference"].update(resource="towns")
        ),
        "schema-error",
    ),
    "schema: a reference to no field": (
        of_schema("statements", lambda s: s["foreignKeys"][0]["reference"].update(fields=["x"])),
        "schema-error",
    ),
    "schema: unlike its twin's": (
        said(lambda c: resource(c, "actors")["schema"].pop("foreignKeys")),
        "package-descriptor-invalid",
    ),
    "schema: a pattern that is none": (
        constrained("actors", "name", pattern="("),
        "field-error",
    ),
    "schema: a limit of another type": (
        constrained("incidents", "date_start", minimum="soon"),
        "field-error",
    ),
    "schema: unknown match of fields": (
        of_schema("actors", lambda s: s.update(fieldsMatch="roughly")),
        "schema-error",
    ),
    "schema: a value less in a list": (
        constrained("articles", "text_normalization", enum=["nfc"]),
        "constraint-error",
    ),
    "schema: a value more in a list": (
        of_schema("incidents", lambda s: s["fields"][2]["constraints"]["enum"].append("party")),
        "package-vocabulary",
    ),
    # Paths.
    "path: above the package": (of_resource("vocab-side", path="../side.csv"), "path-unsafe"),
    "path: absolute": (of_resource("vocab-side", path="/etc/hostname"), "path-unsafe"),
    "path: hidden": (of_resource("vocab-side", path=".git/side.csv"), "path-unsafe"),
    "path: home": (of_resource("vocab-side", path="~/side.csv"), "path-unsafe"),
    "path: variable": (of_resource("vocab-side", path="$HOME/side.csv"), "path-unsafe"),
    "path: backslash": (of_resource("vocab-side", path="vocab\\side.csv"), "path-unsafe"),
    "path: file address": (
        of_resource("vocab-side", path="file:///etc/hostname"),
        "path-unsafe",
    ),
    "path: remote": (of_resource("vocab-side", path="https://example.org/x.csv"), "scheme-error"),
    "path: a link out of the package": (moved_out("vocab/side.csv"), "path-unsafe"),
    "path: a link to itself": (linked("vocab/side.csv", "side.csv"), "scheme-error"),
    # Files.
    "file: a CSV gone": (removed("data/actors.csv"), "scheme-error"),
    "file: a Parquet gone": (removed("data/actors.parquet"), "scheme-error"),
    "file: a vocabulary gone": (removed("vocab/side.csv"), "scheme-error"),
    "file: a rule gone": (removed("rules/setup.sql"), "scheme-error"),
    "file: a folder in its place": (folder, "scheme-error"),
    "file: a pipe in its place": (fifo, "scheme-error"),
    "file: one more": (added("data", "notes.txt"), "package-extra-file"),
    "file: a bit of a Parquet": (
        flipped("data/evidence.parquet", 0.4),
        "hash-count package-csv-parquet",
    ),
    "file: a bit of a rule": (flipped("rules/setup.sql", 0.5), "hash-count"),
    "file: a letter of a definition": (
        of_bytes("vocab/side.csv", lambda b: b.replace(b"Side A", b"Side Z")),
        "hash-count",
    ),
    "file: a byte less of a Parquet": (
        of_bytes("data/evidence.parquet", lambda b: b[:-1]),
        "byte-count",
    ),
    "file: Parquet cut off and sealed": (
        of_bytes("data/evidence.parquet", lambda b: b[:-100], "evidence-parquet"),
        "source-error",
    ),
    # The form of a CSV, its digest that of the changed file.
    "form: line feeds": (of_csv("actors", lambda b: b.replace(b"\r\n", b"\n")), "package-content"),
    "form: no quotes": (
        of_csv("participants", lambda b: b.replace(b'"', b"")),
        "package-content",
    ),
    "form: a byte order mark": (
        of_csv("actors", lambda b: b"\xef\xbb\xbf" + b),
        "csv-bom package-csv-parquet",
    ),
    "form: semicolons": (
        of_csv("participants", lambda b: b.replace(b",", b";")),
        "incorrect-label",
    ),
    "form: Latin-1": (
        of_csv("actors", lambda b: b.replace(b"Army", b"Arm\xe9e", 1)),
        "encoding-error",
    ),
    "form: a column renamed": (
        of_csv("actors", lambda b: b.replace(b",name,", b",nam,", 1)),
        "incorrect-label",
    ),
    "form: a cell more": (of_csv("participants", in_last_line(b",1")), "extra-cell"),
    "form: a cell less": (
        of_csv("participants", without_last_cell),
        "missing-cell constraint-error",
    ),
    "form: an empty line": (of_csv("participants", lambda b: b + b"\r\n"), "blank-row primary-key"),
    "form: rows swapped": (of_csv("participants", swapped), "package-csv-parquet"),
    "form: the last row gone": (
        of_csv("evidence", lambda b: b[: b[:-2].rindex(b"\r\n") + 2]),
        "package-rows",
    ),
    # Cells of a CSV alone.
    "cell: another value": (cell("casualties", "count_best", b"3"), "package-csv-parquet"),
    "cell: empty text for null": (
        cell("incidents", "summary", b'""', row=1),
        "package-csv-parquet",
    ),
    "cell: null for text": (cell("incidents", "summary", b""), "package-csv-parquet"),
    "cell: a word for a number": (cell("casualties", "count_best", b"two"), "type-error"),
    "cell: a thousands separator": (cell("casualties", "count_best", b'"2,000"'), "type-error"),
    "cell: hexadecimal": (cell("casualties", "count_best", b"0x2"), "type-error"),
    "cell: a day as in a spreadsheet": (
        cell("casualties", "as_of", b"19.04.2024"),
        "type-error",
    ),
    "cell: a truth value as in a spreadsheet": (
        cell("casualties", "covers_set", b"WAHR"),
        "type-error",
    ),
    "cell: N/A for null": (cell("casualties", "count_high", b"N/A"), "type-error"),
    "cell: a list that is none": (cell("actors", "aliases", b'"a; b"'), "type-error"),
    "cell: no value of a list": (
        cell("casualties", "harm_type", b'"kiled"'),
        "constraint-error",
    ),
    "cell: a key null": (
        cell("participants", "participant_id", b""),
        # The evidence refers to it.
        "primary-key constraint-error foreign-key",
    ),
    "cell: required and null": (cell("incidents", "title", b""), "constraint-error"),
    # Rows, in CSV and Parquet alike.
    "row: a key twice": (of_rows("actors", twice), "primary-key unique-error"),
    "row: out of order": (of_rows("articles", reversed_rows), "package-row-order"),
    "row: a reference to no row": (
        row("participants", 0, actor_id="act_zzzzzzzzzzzzzzzz"),
        "foreign-key",
    ),
    "row: a reference to no row of its table": (
        row("casualties", 0, supersedes_casualty_id="cas_zzzzzzzzzzzzzzzz"),
        "foreign-key",
    ),
    "row: no value of a vocabulary": (
        row("incidents", 0, stage="imagined"),
        "constraint-error",
    ),
    "row: below the minimum": (row("casualties", 0, count_low=-1), "constraint-error"),
    "row: above the maximum": (row("incidents", 0, latitude=91.0), "constraint-error"),
    "row: too long": (row("incidents", 0, title="x" * 121), "constraint-error"),
    "row: unlike the pattern": (row("articles", 0, text_sha256="abc"), "constraint-error"),
    "row: a unique value twice": (
        of_rows("articles", lambda rows: rows[1].update(article_key=rows[0]["article_key"])),
        "unique-error",
    ),
}


@pytest.fixture
def package(example_package: Path, tmp_path: Path) -> Path:
    """A copy of the example package to damage."""
    return Path(shutil.copytree(example_package, tmp_path / "package"))


def broken(package: Path) -> set[str]:
    return {issue.rule for issue in verify(package, Checks()).issues}


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_damaged_package_breaks_the_rule_that_it_should(name: str, package: Path) -> None:
    damage, rules = MUTATIONS[name]
    damage(package)
    assert broken(package) == set(rules.split())


def test_the_undamaged_package_is_silent(package: Path) -> None:
    assert broken(package) == set()


def test_the_undamaged_package_is_silent_as_a_zip_too(package: Path, tmp_path: Path) -> None:
    archive = tmp_path / "package.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for path in sorted(package.rglob("*")):
            file.write(path, path.relative_to(package))
    assert broken(archive) == set()


def test_there_are_enough_of_them() -> None:
    assert len(MUTATIONS) >= 60
