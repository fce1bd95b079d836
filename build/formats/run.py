"""An import of documents: annotators chosen, offsets settled, articles made and written."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path

import orjson

from dateline.build.formats.annotators import Choice, chosen, pseudonyms, renamed
from dateline.build.formats.convert import converted
from dateline.build.formats.items import Item, local_id
from dateline.build.formats.mapping import MappingFile
from dateline.build.formats.metadata import Metadata
from dateline.build.formats.offsets import settled
from dateline.build.formats.reading import Progress
from dateline.build.formats.source import Document, Format
from dateline.build.formats.tally import Tally
from dateline.build.issues import Issue, Place, Report, UsageError


@dataclass(frozen=True)
class Wanted:
    """What an import is asked for, beside its format and files."""

    mapping: MappingFile
    metadata: Metadata = field(default_factory=lambda: Metadata({}))
    about: Mapping[str, str] = field(default_factory=dict)
    choice: Choice = field(default_factory=Choice)
    unit: str | None = None


@dataclass(frozen=True)
class Imported:
    """Articles by the file that they go to, what became of all else, and what was wrong."""

    articles: Mapping[str, Sequence[Item]]
    tally: Tally
    report: Report


def imported(
    form: Format,
    documents: Sequence[Document],
    wanted: Wanted,
    issues: Iterable[Issue],
    progress: Progress,
) -> Imported:
    """The articles of these documents, as a mapping says."""
    problems = list(issues)
    names = pseudonyms(each.annotator for each in documents if each.annotator is not None)
    choice = wanted.choice
    if choice.annotator is not None:
        choice = replace(choice, annotator=names.get(choice.annotator, choice.annotator))
        if choice.annotator not in names.values():
            known = ", ".join(sorted(names.values())) or "nobody named"
            raise UsageError(f"expected one of the annotators, {known}; got {choice.annotator}")
    told_apart, repeated = _told_apart(renamed(documents, names))
    taken, undecided = chosen(told_apart, choice)
    problems += [Issue("import-document-repeated", text, (place,)) for text, place in repeated]
    problems += [Issue("import-annotators", text, (Place(form.name),)) for text in undecided]
    tally = Tally()
    tool = f"dateline {version('dateline')} import {form.name}"
    articles: defaultdict[str, list[Item]] = defaultdict(list)
    for number, document in enumerate(taken, 1):
        progress("convert", number, len(taken))
        made = settled(document, wanted.unit)
        if made.undecided:
            problems.append(_undecided(document, made.undecided))
            continue
        tally.units[made.unit] += 1
        tally.shifts.update(label for label, _ in made.shifts)
        facts = {**document.about, **wanted.about, **wanted.metadata.rows.get(_base(document), {})}
        article, counts = converted(replace(made.document, about=facts), wanted.mapping, tool)
        tally += counts
        articles[document.file].append(article)
    return Imported(articles, tally, Report.of(problems, {"documents": tally.documents}))


def _base(document: Document) -> str:
    """The name that a table of documents has: that of the text, without the annotator's."""
    suffix = f".{document.annotator}"
    return document.name.removesuffix(suffix)


def _told_apart(documents: Sequence[Document]) -> tuple[list[Document], list[tuple[str, Place]]]:
    """Documents of one name and another text get the name of their file before their own."""
    texts: defaultdict[str, set[str]] = defaultdict(set)
    for each in documents:
        texts[each.name].add(each.text)
    root = Path(os.path.commonpath([each.file for each in documents])) if documents else Path()
    found = [
        replace(each, name=f"{_inner(each.file, root)}/{each.name}")
        if len(texts[each.name]) > 1
        else each
        for each in documents
    ]
    seen: dict[str, str] = {}
    repeated = []
    for each in found:
        text = seen.setdefault(each.name, each.text)
        if text != each.text:
            message = (
                f"{each.name}: expected one text of each name, got another one; import its file "
                "on its own, or give it another name"
            )
            repeated.append((message, Place(each.file)))
    return [each for each in found if seen[each.name] == each.text], repeated


def _inner(file: str, root: Path) -> str:
    """The path of a file below a folder, without its suffix; its name where it is that folder."""
    path = Path(file)
    inner = path.relative_to(root) if path != root else Path(path.name)
    return inner.with_suffix("").as_posix()


def _undecided(document: Document, units: Sequence[str]) -> Issue:
    message = (
        f"{document.name}: expected offsets whose unit shows, got a text in which "
        f"{' and '.join(units)} differ and no words to check them against; say which it is with "
        "--unit"
    )
    return Issue("import-unit-unknown", message, (Place(document.file),))


def write(articles: Mapping[str, Sequence[Item]], root: Path, folder: Path) -> list[Path]:
    """The files of the articles: one a file of the source, lines where it has several articles."""
    written = []
    used: set[str] = set()
    for file, items in articles.items():
        source = Path(file)
        inner = source.relative_to(root) if source.is_relative_to(root) else Path(source.name)
        stem = local_id(str(inner.with_suffix("")))
        name = stem
        number = 1
        while name in used:
            number += 1
            name = f"{stem}-{number}"
        used.add(name)
        path = folder / f"{name}.{'json' if len(items) == 1 else 'jsonl'}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_lines(items))
        written.append(path)
    return written


def _lines(items: Sequence[Item]) -> bytes:
    """One article to be read by people, several one a line."""
    form = orjson.OPT_APPEND_NEWLINE | (orjson.OPT_INDENT_2 if len(items) == 1 else 0)
    return b"".join(orjson.dumps(item, option=form) for item in items)
