"""Label Studio: an exported JSON array of tasks, each with the results of its annotators.

Offsets are code points today, were UTF-16 code units before, and of version 0 had inclusive ends;
the file does not say which, but each region repeats its text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from dateline.build.formats.files import decoded, listed
from dateline.build.formats.source import Document, Link, Lost, Mark, Option, Unreadable

UNITS = (
    "code-points",
    "utf-16",
    "newlines",
    "code-points-inclusive",
    "utf-16-inclusive",
)
# Controls that say more about a region.
_MORE = ("choices", "textarea", "rating", "number", "taxonomy", "datetime", "pairwise")
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
        try:
            content = json.loads(decoded(path))
        except ValueError as error:
            yield Unreadable(f"expected JSON, got {error}; export again")
            return
        for task in content if isinstance(content, list) else [content]:
            yield from _task(task, path, options)


FORMAT = LabelStudio()


def _task(task: Any, path: Path, options: Mapping[str, str]) -> Iterator[Document | Unreadable]:
    results = _results(task)
    if results is None:
        yield Unreadable(
            "expected tasks with `data` and `annotations`, got another form, as of JSON-MIN; "
            "export as JSON, which has relations too"
        )
        return
    text = _text(task["data"], results)
    if text is None:
        yield Unreadable(
            f"task {task.get('id')}: expected its text in `data`, got none or an address; export "
            "with the text"
        )
        return
    predictions = [each for each in task.get("predictions") or () if isinstance(each, dict)]
    kept = [each for each in results if not each.get("was_cancelled")]
    lost = [Lost("annotation", "its annotator has cancelled it")] * (len(results) - len(kept))
    if options["predictions"] == "skip":
        reason = "a model made it; --option predictions=import takes it"
        lost += [Lost("prediction", reason)] * len(predictions)
        predictions = []
    # What is lost of the task is told once, with the first of its documents.
    for number, result in enumerate(kept or [{}]):
        yield _document(task, text, result, path, tuple(lost) if number == 0 else ())
    for each in predictions:
        model = str(each.get("model_version") or "unknown")
        found = _document(task, text, each, path, ())
        yield replace(found, annotator=f"model:{model}", method="model")


def _results(task: Any) -> list[Any] | None:
    if not isinstance(task, dict) or not isinstance(task.get("data"), dict):
        return None
    found = task.get("annotations", task.get("completions"))
    return found if isinstance(found, list) else None


def _text(data: Mapping[str, Any], results: Sequence[Any]) -> str | None:
    """The text that regions are of: of the key that is called like it, else the longest one."""
    texts = {key: value for key, value in data.items() if isinstance(value, str)}
    names = {each.get("to_name") for result in results for each in result.get("result") or ()}
    keys = [*(name for name in _TEXTS if name in texts), *(n for n in names if n in texts)]
    keys += sorted(texts, key=lambda key: -len(texts[key]))
    text = texts[keys[0]] if keys else ""
    return None if not text or text.startswith(("http://", "https://", "s3://", "/data/")) else text


def _document(
    task: Mapping[str, Any],
    text: str,
    result: Mapping[str, Any],
    path: Path,
    lost: tuple[Lost, ...],
) -> Document:
    marks: dict[str, Mark] = {}
    links: list[Link] = []
    missing = list(lost)
    items = [item for item in result.get("result") or () if isinstance(item, dict)]
    # Regions first: what says more about one may stand before it.
    for number, item in enumerate(sorted(items, key=lambda each: each.get("type") in _MORE)):
        _take(item, number, marks, links, missing)
    ties = [link for link in links if link.source in marks and link.target in marks]
    missing += [
        Lost(link.label, "it ties regions that are not both there")
        for link in links
        if link not in ties
    ]
    return Document(
        name=str(task.get("id", path.stem)),
        text=text,
        marks=tuple(marks.values()),
        links=tuple(ties),
        lost=tuple(missing),
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


def _take(
    item: Any, number: int, marks: dict[str, Mark], links: list[Link], lost: list[Lost]
) -> None:
    """Takes one item of a result in: a region, more about a region, a tie of two."""
    kind = str(item.get("type"))
    if item.get("origin") == "prediction":
        lost.append(Lost(kind, "a model made it, no annotator"))
        return
    if kind == "relation":
        labels = item.get("labels") or ["relation"]
        ends = (str(item.get("from_id")), str(item.get("to_id")))
        ways = [ends, ends[::-1]] if item.get("direction") == "bi" else [ends]
        ways = [ends[::-1]] if item.get("direction") == "left" else ways
        links += [Link(str(label), *way) for label in labels for way in ways]
        return
    value = item.get("value") or {}
    key = str(item.get("id", f"r{number}"))
    labels = value.get(kind) or value.get("labels") or ()
    span = value.get("globalOffsets") or value
    name = str(item.get("from_name") or kind)
    if "start" not in span or not isinstance(span["start"], int):
        lost.append(Lost(f"{name} {labels}", "it is a label of the text as a whole"))
    elif key in marks or kind in _MORE:
        _add(marks, key, name, kind, value, span)
    else:
        quote = value.get("text")
        quote = quote[0] if isinstance(quote, list) and quote else quote
        if not labels:
            lost.append(Lost(name, "a region without a label"))
            return
        first, *others = [str(each) for each in labels]
        values = {"label": tuple(others)} if others else {}
        pieces = ((span["start"], span["end"]),)
        marks[key] = Mark(key, first, pieces, quote if isinstance(quote, str) else None, values)


def _add(
    marks: dict[str, Mark],
    key: str,
    name: str,
    kind: str,
    value: Mapping[str, Any],
    span: Mapping[str, Any],
) -> None:
    """More about a region: what was chosen or written for it, by the name of its control."""
    said = value.get(kind, value.get("text"))
    found = tuple(map(str, said if isinstance(said, list) else [said]))
    mark = marks.get(key)
    if mark is None:
        mark = Mark(key, name, ((span["start"], span["end"]),), None)
    marks[key] = replace(mark, values={**mark.values, name: found})
