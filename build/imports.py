"""What the command `import` does, from paths to an outcome to print."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dateline.build.commands import Outcome
from dateline.build.describe import Answer
from dateline.build.engine import Progress
from dateline.build.formats.annotators import Choice
from dateline.build.formats.describe import described
from dateline.build.formats.mapping import load_mapping
from dateline.build.formats.metadata import Metadata, load_metadata
from dateline.build.formats.reading import format_of, formats, read
from dateline.build.formats.run import Imported, Wanted, imported, write
from dateline.build.formats.tally import Tally, of_label
from dateline.build.issues import InvalidInput
from dateline.build.staging import staged


@dataclass(frozen=True)
class Given:
    """The options of the command as they were given."""

    mapping: Path | None = None
    metadata: Path | None = None
    about: Mapping[str, str] = field(default_factory=dict)
    choice: Choice = field(default_factory=Choice)
    unit: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)


def run(
    name: str, paths: Sequence[Path], into: Path, given: Given, *, force: bool, progress: Progress
) -> Outcome:
    """Writes the articles of these files into a folder; one that cannot be read stops no other."""
    form = format_of(name)
    mapping = load_mapping(given.mapping if given.mapping is not None else form.mapping)
    metadata = load_metadata(given.metadata) if given.metadata is not None else Metadata({})
    documents, issues = read(form, paths, given.options, progress)
    wanted = Wanted(mapping, metadata, given.about, given.choice, given.unit)
    made = imported(form, documents, wanted, issues, progress)
    if not made.articles:
        return Outcome(made.report, f"nothing was written; {into} is as it was")
    root = next((path for path in paths if path.is_dir()), Path())
    with staged(into, force=force) as folder:
        write(made.articles, root, folder)
    return Outcome(made.report, _told(made, metadata, into), _made(made, metadata, into))


def _made(made: Imported, metadata: Metadata, into: Path) -> dict[str, Any]:
    table: dict[str, list[str]] = {}
    if metadata.unused:
        table["metadata_columns_unused"] = list(metadata.unused)
    if made.without_row:
        table["metadata_rows_missing"] = list(made.without_row)
    return {"folder": str(into), **made.tally.values(), **table}


def _told(made: Imported, metadata: Metadata, into: Path) -> str:
    tally = made.tally
    units = ", ".join(f"{unit} ({n})" for unit, n in sorted(tally.units.items()))
    articles = "article" if tally.documents == 1 else "articles"
    lines = [_table(tally), "", f"{tally.documents} {articles}; offsets in {units}"]
    if tally.shifts:
        lines.append(
            f"{sum(tally.shifts.values())} spans had drifted and stand where their words do"
        )
    if metadata.unused:
        lines.append(f"columns of no use in the table of documents: {', '.join(metadata.unused)}")
    if made.without_row:
        missing = len(made.without_row)
        lines.append(f"{missing} not in the table of documents, such as {made.without_row[0]}")
    lines += [f"imported into {into}", f"next: `dateline validate {into}`"]
    return "\n".join(lines)


def _table(tally: Tally) -> str:
    """A line for each label: how often it was read, what it became, what was skipped and why."""
    lines = []
    for label in tally.labels:
        kind = "link " if label[0] == "links" else ""
        became = of_label(tally.became, label)
        told = ", ".join(f"{n} {what}" for what, n in became.items()) or "nothing"
        lines.append(f"{kind}{label[1]}: {tally.read[label]} read; {told}")
        kept = of_label(tally.attributes, label)
        if kept:
            names = ", ".join(f"{name} ({n})" for name, n in kept.items())
            lines.append(f"    kept as attributes: {names}")
        lines += [
            f"    {n} skipped: {reason}" for reason, n in of_label(tally.skipped, label).items()
        ]
    return "\n".join(lines)


def describe(
    name: str, paths: Sequence[Path], options: Mapping[str, str], progress: Progress
) -> Answer:
    """The labels of these files with counts, and a mapping to begin with."""
    documents, issues = read(format_of(name), paths, options, progress)
    unreadable = [f"{issue.places[0]}: {issue.message}" for issue in issues]
    if not documents:
        raise InvalidInput("\n".join(unreadable))
    found = described(documents) | {"unreadable": unreadable}
    lines = [f"{found['documents']} documents"]
    lines += [f"cannot be read: {each}" for each in unreadable]
    for label, about in found["labels"].items():
        lines.append(f"{label}: {about['count']}, such as {about['example']!r}")
        lines += [
            f"    {attribute}: {_few(values)}" for attribute, values in about["attributes"].items()
        ]
        lines += [
            f"    {each['label']} -> {each['to']}: {each['count']}" for each in about["links"]
        ]
    mapping = json.dumps(found["mapping"], ensure_ascii=False, indent=2)
    return Answer("\n".join([*lines, "", "a mapping to begin with:", mapping]), found)


def _few(values: Mapping[str, int]) -> str:
    return ", ".join(f"{value} ({n})" for value, n in Counter(values).most_common(5))


def listed() -> Answer:
    """The formats with what they read and the options that they have."""
    found = formats()
    lines = []
    for name, form in found.items():
        lines.append(f"{name}: {form.meaning}")
        lines += [
            f"    {each.name}={'|'.join(each.values)}: {each.meaning}" for each in form.options
        ]
    values = [
        {
            "name": name,
            "meaning": form.meaning,
            "options": [
                {"name": each.name, "values": list(each.values), "meaning": each.meaning}
                for each in form.options
            ],
        }
        for name, form in found.items()
    ]
    return Answer("\n".join(lines), values)
