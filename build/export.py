"""What the command `export` does: articles in the form of another system."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from dateline.build.commands import Outcome
from dateline.build.engine import Progress
from dateline.build.formats.naming import free
from dateline.build.formats.w3c_items import page_of
from dateline.build.project import load_project
from dateline.build.read import Record, find, records
from dateline.build.staging import staged
from dateline.build.validate import Asked, project_folder
from dateline.build.validate import validate as judged


def export(
    paths: Sequence[str], into: Path, asked: Asked, *, force: bool, progress: Progress
) -> Outcome:
    """Writes valid articles as W3C Web Annotation, NAME.json beside NAME.txt."""
    report = judged(paths, asked, progress)
    if report.errors:
        return Outcome(report, f"nothing was written; {into} is as it was")
    written = 0
    used: set[str] = set()
    with staged(into, force=force) as folder:
        for article, text in _articles(paths):
            written += 1
            # A file, and an address of it that has no scheme before a colon.
            name = free(article["id"].replace("/", "-").replace(":", "-"), used)
            page = page_of(article, f"{name}.txt")
            content = json.dumps(page, ensure_ascii=False, indent=2) + "\n"
            (folder / f"{name}.json").write_text(content, "utf-8")
            if text is not None:
                (folder / f"{name}.txt").write_bytes(text.encode())
    told = f"{written} articles in {into}"
    return Outcome(report, told, {"folder": str(into), "articles": written})


def _files(paths: Sequence[str]) -> Iterator[Path]:
    """The files of articles that paths mean, a project those that it names."""
    for path in paths:
        folder = project_folder(path)
        project = load_project(folder)[0] if folder is not None else None
        yield from find(project.articles if project is not None else [path])


def _articles(paths: Sequence[str]) -> Iterator[tuple[dict[str, Any], str | None]]:
    """Each article with its text, null where that is not distributed."""
    for path in _files(paths):
        for record in records(path):
            assert isinstance(record, Record)
            article = json.loads(record.data)
            name = article.pop("text_file", None)
            text = article.get("text")
            if name is not None:
                text = (record.folder / name).read_bytes().decode()
            yield article, text
