"""An import of documents: annotators chosen, offsets settled, articles made and written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path

import orjson

from dateline.build.formats.annotators import Choice, chosen, pseudonyms, renamed
from dateline.build.formats.convert import converted
from dateline.build.formats.items import Item
from dateline.build.formats.mapping import MappingFile
from dateline.build.formats.metadata import Metadata
from dateline.build.formats.naming import file_name, free, published, told_apart
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
    """Articles by the file that they go to, what became of all else, and what was wrong.

    `without_row` are documents that a table of documents lacks, none where there is no table.
    """

    articles: Mapping[str, Sequence[Item]]
    tally: Tally
    report: Report
    without_row: tuple[str, ...] = ()


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
    files = {each.file: published(each, names) for each in documents}
    known, lacking = _described(told_apart(renamed(documents, names), files), wanted)
    single, repeated = _of_one_text(known)
    taken, undecided = chosen(single, _choice(wanted.choice, names))
    problems += repeated
    problems += [Issue("import-annotators", text, (Place(form.name),)) for text in undecided]
    tally, ids = Tally(), set[str]()
    tool = f"dateline {version('dateline')} import {form.name}"
    articles: defaultdict[str, list[Item]] = defaultdict(list)
    for number, document in enumerate(taken, 1):
        progress("convert", number, len(taken))
        made = settled(document, wanted.unit)
        if made.undecided:
            problems.append(_undecided(document, made.undecided))
            continue
        article, counts = converted(made.document, wanted.mapping, tool)
        counts.units[made.unit] += 1
        counts.shifts.update(label for label, _ in made.shifts)
        tally += counts
        articles[files[document.file]].append({**article, "id": free(article["id"], ids)})
    return Imported(articles, tally, Report.of(problems, {"documents": tally.documents}), lacking)


def _choice(choice: Choice, names: Mapping[str, str]) -> Choice:
    """The choice with the pseudonym of the annotator whom it names; UsageError for an unknown."""
    if choice.annotator is None:
        return choice
    name = names.get(choice.annotator, choice.annotator)
    if name not in names.values():
        known = ", ".join(sorted(names.values()))
        expected = f"one of the annotators, {known}" if known else "no annotator: none is named"
        raise UsageError(f"expected {expected}; got {name}")
    return replace(choice, annotator=name)


def _described(
    documents: Sequence[Document], wanted: Wanted
) -> tuple[list[Document], tuple[str, ...]]:
    """The documents with what is known of their source, and the names that the table lacks."""
    rows = wanted.metadata.rows
    found = []
    lacking: dict[str, None] = {}
    for each in documents:
        # A table may name a file, as a source may do.
        row = rows.get(each.name.removesuffix(".txt"))
        if row is None and rows:
            lacking[each.name] = None
        found.append(replace(each, about={**each.about, **wanted.about, **(row or {})}))
    return found, tuple(lacking)


def _of_one_text(documents: Sequence[Document]) -> tuple[list[Document], list[Issue]]:
    """The documents whose text is the first of their name, and an issue for each other one."""
    seen: dict[str, str] = {}
    found: list[Document] = []
    repeated: list[Issue] = []
    for each in documents:
        if seen.setdefault(each.name, each.text) == each.text:
            found.append(each)
        else:
            message = (
                f"{each.name}: expected one text of each name, got another one; import its file "
                "on its own, or give it another name"
            )
            repeated.append(Issue("import-document-repeated", message, (Place(each.file),)))
    return found, repeated


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
        suffix = "json" if len(items) == 1 else "jsonl"
        path = folder / f"{file_name(file, root, used)}.{suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_lines(items))
        written.append(path)
    return written


def _lines(items: Sequence[Item]) -> bytes:
    """One article to be read by people, several one a line."""
    form = orjson.OPT_APPEND_NEWLINE | (orjson.OPT_INDENT_2 if len(items) == 1 else 0)
    return b"".join(orjson.dumps(item, option=form) for item in items)
