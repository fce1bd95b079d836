"""`dateline build` on each kind of broken input: its own error, its exit code, and no package."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zstandard
from click.testing import CliRunner, Result

from dateline.cli import main

BASE = json.loads((Path(__file__).parent / "bad" / "base.json").read_text("utf-8"))
TEXT: str = BASE["text"]

Input = Callable[[Path], object]


def build(*arguments: str | Path) -> Result:
    """The result of `dateline build`; an exception is raised, so that no traceback hides."""
    command = ["build", *map(str, arguments), "--jobs", "1"]
    result = CliRunner().invoke(main, command)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def article(identifier: str = "orra-market", **members: Any) -> bytes:
    """The valid article with members added, replaced, or left out where they are null."""
    changed = {**BASE, "id": identifier, **members}
    return json.dumps({key: value for key, value in changed.items() if value is not None}).encode()


def mention(**evidence: Any) -> list[Any]:
    """The actors of the article, the first with this evidence alone."""
    first, *others = BASE["actors"]
    return [{**first, "evidence": [{"role": "mention", **evidence}]}, *others]


def file(name: str, content: bytes) -> Input:
    """Writes one file of the input."""
    return lambda folder: (folder / name).write_bytes(content)


def council(identifier: str, actor_type: str) -> bytes:
    """The article with one more actor, who has the same key in every article."""
    actor = {
        "id": "council",
        "key": "orra-council",
        "name": "Council of Orra",
        "entity_kind": "organization",
        "actor_type": actor_type,
        "evidence": [{"role": "mention", "quote": "Orra"}],
    }
    return article(identifier, actors=[*BASE["actors"], actor])


def long_line(folder: Path) -> None:
    with (folder / "a.jsonl").open("wb") as lines:
        lines.write(b'{"version": 1, "text": "')
        for _ in range(100):
            lines.write(b"x" * 1_000_000)
        lines.write(b'"}\n' + article() + b"\n")


def link_outside(folder: Path) -> None:
    (folder / "a.txt").symlink_to(Path(__file__))
    (folder / "a.json").write_bytes(article(text=None, text_file="a.txt"))


BROKEN: dict[str, tuple[str, Input]] = {
    "not JSON": ("json-syntax", file("a.json", b"Two shells hit the market.")),
    "JSON cut short": ("json-syntax", file("a.json", article()[:-20])),
    "a key twice": ("json-duplicate-key", file("a.json", b'{"id": "x", ' + article()[1:])),
    "NaN": ("json-syntax", file("a.json", article().replace(b"64.1", b"NaN"))),
    "half a surrogate pair": (
        "json-encoding",
        file("a.json", article().replace(b"Two", b"\\ud83d")),
    ),
    "Latin-1": ("json-encoding", file("a.json", article().replace(b"army", b"arm\xe9e"))),
    "UTF-16": ("json-encoding", file("a.json", article().decode().encode("utf-16"))),
    "a gzip file cut short": (
        "input-unreadable",
        file("a.json.gz", gzip.compress(article(), mtime=0)[:-20]),
    ),
    "a Zstandard file cut short": (
        "input-unreadable",
        file("a.json.zst", zstandard.compress(article())[:-20]),
    ),
    "a gzip file that is none": ("input-unreadable", file("a.json.gz", article())),
    "an empty file": ("input-empty", file("a.json", b"")),
    "an empty folder": ("input-empty", lambda folder: None),
    "no text_file": ("text-file-missing", file("a.json", article(text=None, text_file="a.txt"))),
    "a text_file outside": (
        "text-file-outside",
        file("a.json", article(text=None, text_file="../../a.txt")),
    ),
    "a text_file behind a link that leads outside": ("text-file-outside", link_outside),
    "another text than the annotated one": (
        "text-hash",
        file("a.json", article(text_sha256="0" * 64)),
    ),
    "an offset beyond the text": (
        "evidence-outside-text",
        file("a.json", article(actors=mention(start=len(TEXT), end=len(TEXT) + 1))),
    ),
    "a quote that stands twice": (
        "evidence-quote-repeated",
        file("a.json", article(actors=mention(quote="said"))),
    ),
    "an unknown actor": (
        "statement-speaker-unknown",
        file("a.json", article(statements=[{**BASE["statements"][0], "speaker": "major"}])),
    ),
    "one id for two articles": (
        "article-id-repeated",
        file("a.jsonl", article() + b"\n" + article() + b"\n"),
    ),
    "two articles that disagree under one key": (
        "merge-conflict",
        file("a.jsonl", council("a", "government") + b"\n" + council("b", "legislature") + b"\n"),
    ),
    "200 levels": ("json-nesting", file("a.json", b'{"attributes": ' + b"[" * 200 + b"]" * 200)),
    "100,000 levels": ("json-nesting", file("a.json", b"[" * 100_000)),
    "a line of 100 MB": ("input-too-large", long_line),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_broken_data_give_their_own_error_and_no_package(kind: str, tmp_path: Path) -> None:
    rule, write = BROKEN[kind]
    data, out = tmp_path / "data", tmp_path / "out"
    data.mkdir()
    write(data)
    result = build(data, "--out", out, "--json")
    report = json.loads(result.stdout)
    assert {i["rule"] for i in report["issues"] if i["severity"] == "error"} == {rule}
    assert (result.exit_code, report["valid"]) == (1, False)
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_the_base_of_all_these_builds(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(article())
    result = build(tmp_path / "a.json", "--out", tmp_path / "out")
    assert result.exit_code == 0
    # The one warning: articles alone have no title and licence.
    assert result.stdout.startswith(f"{tmp_path / 'a.json'}  project-missing  warning: ")
    assert (tmp_path / "out" / "datapackage.json").is_file()


def own_voice() -> list[Any]:
    """The incident of the article without what refers to statements."""
    incident = BASE["incidents"][0]
    told = [{"role": "count", "quote": "three people"}]
    claim = {"harm_type": "killed", "victim_category": "all", "count": 3, "evidence": told}
    hurt = {"actor": "dead", "role": "victim", "evidence": [{"role": "role", "quote": "killed"}]}
    return [{**incident, "participants": [hurt], "casualties": [claim]}]


@pytest.mark.parametrize(
    "left_out",
    [
        {"statements": None, "incidents": own_voice()},
        {"statements": None, "incidents": None},
        {"statements": None, "incidents": None, "actors": None},
    ],
    ids=["no statements", "actors alone", "nothing annotated"],
)
def test_tables_may_be_empty(left_out: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(article(**left_out))
    result = build(tmp_path / "a.json", "--out", tmp_path / "out")
    assert result.exit_code == 0, result.stdout


def test_an_article_beside_a_broken_one_is_checked_too(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"{")
    (tmp_path / "b.json").write_bytes(article(version=2))
    result = build(tmp_path, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "json-syntax" in result.stdout
    assert "wrong-version" in result.stdout


def test_an_unknown_key_does_not_hide_what_else_is_wrong(tmp_path: Path) -> None:
    data = json.loads(article())
    data["statements"][0]["speakr"] = "mayor"
    data["statements"][0]["key"] = ["a~b/c"]
    data["a~b/c"] = 1
    data["statements"][0]["speaker"] = "mayer"
    (tmp_path / "a.json").write_text(json.dumps(data), "utf-8")
    result = build(tmp_path / "a.json", "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "unknown-key" in result.stdout
    assert "statement-speaker-unknown" in result.stdout


def test_a_path_that_does_not_exist_is_no_fault_of_the_data(tmp_path: Path) -> None:
    result = build(tmp_path / "missing", "--out", tmp_path / "out")
    assert (result.exit_code, result.stdout) == (3, "")
    assert f"{tmp_path / 'missing'}: no such file or folder" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_somebody_else_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(article())
    out = tmp_path / "out"
    out.mkdir()
    (out / "thesis.txt").write_text("years of work")
    result = build(tmp_path / "a.json", "--out", out)
    assert result.exit_code == 2
    assert "expected an empty folder or a package of this tool, got other files" in result.stderr
    assert snapshot(out) == {"thesis.txt": b"years of work"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.json", "out"]


def test_a_file_in_the_place_of_the_output_stays(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(article())
    result = build(tmp_path / "a.json", "--out", tmp_path / "a.json")
    assert result.exit_code == 2
    assert (tmp_path / "a.json").read_bytes() == article()


def snapshot(folder: Path) -> dict[str, bytes]:
    """All files below a folder by their path in it."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.mark.parametrize("kind", ["not JSON", "two articles that disagree under one key"])
def test_a_failed_build_leaves_the_older_package_as_it_was(kind: str, tmp_path: Path) -> None:
    data, out = tmp_path / "data", tmp_path / "out"
    data.mkdir()
    (data / "sound.json").write_bytes(article("sound"))
    assert build(data, "--out", out).exit_code == 0
    before = snapshot(out)
    BROKEN[kind][1](data)
    result = build(data, "--out", out)
    assert result.exit_code == 1
    assert result.stdout.endswith(f"nothing was written; {out} is as it was\n")
    assert snapshot(out) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "out"]
