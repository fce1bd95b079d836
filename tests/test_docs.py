"""The documents describe what there is: every column, key and property, with examples that hold."""

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner
from differences import DIFFERENCES
from test_standard_differential import ALLOWED

from dateline.build.check.counts import check_counts, counts_of
from dateline.cli import main
from dateline.schema import TABLES, load_codebook, read_json

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
ANNOTATING = (DOCS / "annotating.md").read_text("utf-8")
PACKAGE = (DOCS / "package.md").read_text("utf-8")
CODEBOOK = load_codebook()
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "examples" / "README.md"]
PAGES += sorted(DOCS.glob("*.md"))

# A block of JSON with the name of its definition, of the article's schema unless another is named.
EXAMPLES = re.findall(r"<!-- (.+?) -->\n```json\n(.*?)```", ANNOTATING, re.DOTALL)


def keys(schema: Any) -> set[str]:
    """Names of all members that a JSON Schema describes, at any depth."""
    if isinstance(schema, dict):
        own = set(schema.get("properties", {}))
        return own.union(*map(keys, schema.values()))
    return set().union(*map(keys, schema)) if isinstance(schema, list) else set()


def test_the_columns_are_those_of_the_schemas() -> None:
    printed = CliRunner().invoke(main, ["schema", "--format", "markdown"]).stdout
    assert (DOCS / "columns.md").read_text("utf-8") == printed


def test_the_rules_are_those_of_their_definitions() -> None:
    printed = CliRunner().invoke(main, ["explain", "--format", "markdown"]).stdout
    assert (DOCS / "rules.md").read_text("utf-8") == printed


@pytest.mark.parametrize("name", TABLES)
def test_every_table_and_column_is_described(name: str) -> None:
    table = CODEBOOK.tables[name]
    assert table.title
    assert table.description.endswith(".")
    texts = {field.name: field.descriptor.get("description", "") for field in table.fields}
    assert [name for name, text in texts.items() if not text.endswith(".")] == []
    assert f"| `{name}` |" in PACKAGE


def test_every_column_that_may_be_null_says_what_null_means() -> None:
    silent = [
        f"{table.name}.{field.name}"
        for table in CODEBOOK.tables.values()
        for field in table.fields
        if not field.required and "null" not in field.descriptor["description"].lower()
    ]
    assert silent == []


@pytest.mark.parametrize("name", sorted(CODEBOOK.vocabularies))
def test_every_value_of_a_vocabulary_is_defined(name: str) -> None:
    vocabulary = CODEBOOK.vocabularies[name]
    undefined = [v for v, text in vocabulary.column("definition").items() if not text]
    assert undefined == []


def test_every_key_of_an_annotation_is_explained() -> None:
    known = keys(CODEBOOK.article_schema)
    assert sorted(key for key in known if f"`{key}`" not in ANNOTATING) == []


def test_every_setting_that_is_explained_exists() -> None:
    settings = set(read_json("project.schema.json")["properties"])
    part = ANNOTATING.partition("## Settings of a project")[2]
    rows = re.findall(r"^\| (`.+?) \|", part, re.MULTILINE)
    explained = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert len(explained) > 4
    assert explained <= settings


@pytest.mark.parametrize(("definition", "text"), EXAMPLES, ids=[name for name, _ in EXAMPLES])
def test_an_example_of_an_annotation_is_valid(definition: str, text: str) -> None:
    schemas = {"registry": CODEBOOK.registry_schema, "codebook": read_json("codebook.schema.json")}
    name, _, part = definition.rpartition(" ")
    schema = schemas.get(name or part, CODEBOOK.article_schema)
    reference = {} if part == "codebook" else {"$ref": f"#/$defs/{part}"}
    jsonschema.validate(json.loads(text), {"$defs": schema["$defs"], **reference})


def test_every_block_of_json_is_an_example() -> None:
    assert len(EXAMPLES) == ANNOTATING.count("```json\n") > 6


COUNTS = re.findall(
    r"^\| (.+?) \| `(\{.*?\})` \| (\d*) ?\| (\d*) ?\| (\d*) ?\|$", ANNOTATING, re.MULTILINE
)


@pytest.mark.parametrize(("words", "text", "low", "best", "high"), COUNTS)
def test_counts_mean_what_the_table_says(
    words: str, text: str, low: str, best: str, high: str
) -> None:
    claim = json.loads(text)
    counts = counts_of(claim)
    assert [str("" if n is None else n) for n in counts[:3]] == [low, best, high]
    assert check_counts(claim, "", counts) == []


def test_the_table_of_counts_has_every_quantifier() -> None:
    shown = {counts_of(json.loads(text)).quantifier for _, text, *_ in COUNTS}
    assert shown == set(CODEBOOK.vocabularies["quantifier"].values)


def test_every_property_of_our_own_is_explained(example_package: Path) -> None:
    text = (example_package / "datapackage.json").read_text("utf-8")
    own = set(re.findall(r'"(dateline:\w+)":', text))
    assert sorted(name for name in own if f"| `{name}` |" not in PACKAGE) == []


def test_the_estimate_rules_are_explained() -> None:
    rules = CODEBOOK.vocabularies["estimate_rule"].values
    assert [rule for rule in rules if f"`{rule}`" not in PACKAGE] == []


def test_the_program_that_verifies_digests_passes(
    example_package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (program,) = re.findall(r"```python\n(.*?)```", PACKAGE, re.DOTALL)
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "dateline-example-0.1.0").symlink_to(example_package)
    monkeypatch.chdir(tmp_path)
    exec(compile(program, "package.md", "exec"), {})


def test_the_id_shown_is_that_of_the_first_article() -> None:
    digest = hashlib.sha256(b"act\0local\0a1\0mayor").digest()
    shown = base64.b32encode(digest).decode().lower()[:16]
    assert f"`act_{shown}`" in PACKAGE


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as they are made of their words."""
    heads = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8"))
    for link in (link for link in links if "://" not in link):
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def differences() -> list[list[str]]:
    """The rows of all tables of the differences, each as its cells."""
    text = (DOCS / "differences.md").read_text("utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    return [[c.strip() for c in re.split(r"(?<!\\)\|", row)[1:-1]] for row in rows]


def test_every_difference_is_one_row_with_what_decides() -> None:
    ids = [cells[0] for cells in differences()]
    assert [each for each in ids if not re.fullmatch(r"`[a-z0-9]+(-[a-z0-9]+)*`", each)] == []
    assert len(ids) == len(set(ids))
    for cells in differences():
        assert (len(cells), all(cells)) == (5, True), cells
        # A page and what it says, or why there is nothing.
        assert re.match(r'[A-Z][^"]+: ".+"|none: .+', cells[4]), cells


def test_every_difference_that_a_test_allows_is_documented() -> None:
    assert {*DIFFERENCES, *ALLOWED} <= {cells[0].strip("`") for cells in differences()}
