"""Label Studio: an exported JSON array of tasks, each with the results of its annotators.

Offsets are code points today, were UTF-16 code units before, and of version 0 had inclusive ends;
the file does not say which, but each region repeats its text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from dateline.build.formats.files import decoded, listed, parsed
from dateline.build.formats.label_studio_regions import objects, taken
from dateline.build.formats.source import Document, Lost, Option, Unreadable

UNITS = (
    "code-points",
    "utf-16",
    "newlines",
    "code-points-inclusive",
    "utf-16-inclusive",
)
_PREDICTED = "a model made it; --option predictions=import takes it"
_ADDRESSES = ("http://", "https://", "s3://", "/data/")
_TEXTS = ("text", "content", "article", "body", "html", "ner")


class LabelStudio:
    """The format `label-studio`."""

    name = "label-studio"
    meaning = "Label Studio: the JSON export (not JSON-MIN)"
    mapping = "label-studio"
    options = (
        Option(
            "predictions", ("skip", "import"), "what models predicted: left out, or a document each"
        ),
    )

    def find(self, paths: Sequence[Path]) -> list[Path]:
        """Files of JSON."""
        return listed(paths, (".json",))

    def read(
        self, path: Path, files: Sequence[Path], options: Mapping[str, str]
    ) -> Iterator[Document | Unreadable]:
        """A document of each annotator's result of each task."""
        content = parsed(decoded(path))
        for task in content if isinstance(content, list) else [content]:
            try:
                found = list(_task(task, path, options))
            except (AttributeError, TypeError) as error:
                # One task in another form stops no other.
                words = f"expected results as they are exported, got another form ({error})"
                found = [Unreadable(f"task {task.get('id')}: {words}; export it again")]
            yield from found


FORMAT = LabelStudio()


def _task(task: Any, path: Path, options: Mapping[str, str]) -> Iterator[Document | Unreadable]:
    results = _results(task)
    if results is None:
        yield Unreadable(
            "expected tasks with `data` and `annotations`, got another form, as of JSON-MIN; "
            "export as JSON, which has relations too"
        )
        return
    predictions = [each for each in task.get("predictions") or () if isinstance(each, dict)]
    names = objects([*results, *predictions])
    key = _key(task["data"], names)
    text = task["data"].get(key, "")
    if not text or text.startswith(_ADDRESSES):
        yield Unreadable(
            f"task {task.get('id')}: expected its text in `data`, got none or an address; export "
            "with the text"
        )
        return
    make = partial(_document, task, text, key if key in names else next(iter(names), ""), path)
    yield from _documents(make, results, predictions, options)


def _documents(
    make: Callable[[Any], Document],
    results: Sequence[Any],
    predictions: Sequence[Any],
    options: Mapping[str, str],
) -> Iterator[Document]:
    """What annotators, and models if asked, made of a task; one of nobody where there is none."""
    found = [make(each) for each in results if not each.get("was_cancelled")]
    cancelled = len(results) - len(found)
    lost = [Lost("annotation", "its annotator has cancelled it")] * cancelled
    if options["predictions"] == "skip":
        lost += [Lost("prediction", _PREDICTED)] * len(predictions)
    else:
        found += [_predicted(make(each), each.get("model_version")) for each in predictions]
    first, *others = found or [make({})]
    # What is lost of the task is told once, with the first of its documents.
    yield replace(first, lost=(*lost, *first.lost))
    yield from others


def _predicted(document: Document, model: Any) -> Document:
    return replace(document, annotator=f"model:{model or 'unknown'}", method="model")


def _results(task: Any) -> list[Any] | None:
    if not isinstance(task, dict) or not isinstance(task.get("data"), dict):
        return None
    found = task.get("annotations", task.get("completions"))
    return found if isinstance(found, list) else None


def _key(data: Mapping[str, Any], names: Sequence[str]) -> str:
    """The key of the text that regions are of: of their name, called like one, or the longest."""
    texts = {key: value for key, value in data.items() if isinstance(value, str)}
    longest = sorted(texts, key=lambda key: -len(texts[key]))
    return next((key for key in (*names, *_TEXTS, *longest) if key in texts), "")


def _document(
    task: Mapping[str, Any], text: str, part: str, path: Path, result: Mapping[str, Any]
) -> Document:
    marks, links, lost = taken(result.get("result") or (), text, part)
    return Document(
        name=str(task.get("id", path.stem)),
        text=text,
        marks=tuple(marks),
        links=tuple(links),
        lost=tuple(lost),
        file=str(path),
        units=UNITS,
        annotator=_annotator(result.get("completed_by")),
        is_adjudicated=bool(result.get("ground_truth")),
    )


def _annotator(completed_by: Any) -> str | None:
    """Who it was, as the file says: an e-mail address, or a number."""
    if isinstance(completed_by, dict):
        completed_by = completed_by.get("email") or completed_by.get("id")
    return None if completed_by is None else str(completed_by)
