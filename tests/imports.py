"""Imports in tests: files written to a folder, the real command, the articles that come out."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from dateline.cli import main

# Where real exports are; what reads them is skipped where they are absent.
SAMPLES = Path(__file__).parents[2] / "shared" / "samples"


@dataclass(frozen=True)
class Import:
    """What one run of the command gave: exit code, JSON values, articles by id, messages."""

    code: int
    values: dict[str, Any]
    articles: dict[str, dict[str, Any]]
    noise: str

    @property
    def article(self) -> dict[str, Any]:
        """The only article."""
        (found,) = self.articles.values()
        return found

    @property
    def rules(self) -> list[str]:
        """The rules of the problems."""
        return [each["rule"] for each in self.values["issues"]]


def written(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """The folder with these files in it."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def run(form: str, source: Path, into: Path, *options: str) -> Import:
    """Imports files with the real command."""
    arguments = ["import", form, str(source), "--into", str(into), "--json", *options]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code in (0, 1), (result.stdout, result.stderr, result.exception)
    articles = {}
    for path in sorted(into.rglob("*.json*")):
        content = path.read_text("utf-8")
        lines = [content] if path.suffix == ".json" else content.split("\n")
        for line in filter(None, lines):
            article = json.loads(line)
            articles[article["id"]] = article
    return Import(result.exit_code, json.loads(result.stdout), articles, result.stderr)


def valid(into: Path) -> None:
    """The imported articles are valid and can be built."""
    result = CliRunner().invoke(main, ["validate", str(into), "--jobs", "1"])
    assert result.exit_code == 0, result.stdout
    arguments = ["build", str(into), "--out", f"{into}-package", "--jobs", "1"]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, (result.stdout, result.stderr)


def words(article: dict[str, Any], item: dict[str, Any], role: str) -> list[str]:
    """The words of an item's evidence of one role, as the offsets give them."""
    text = article["text"]
    return [text[e["start"] : e["end"]] for e in item.get("evidence", ()) if e["role"] == role]


def sample(name: str) -> Path:
    """The folder of a real export; skips where it is absent."""
    if not (SAMPLES / name).exists():
        pytest.skip(f"no samples of {name}")
    return SAMPLES / name
