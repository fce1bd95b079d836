"""Several annotators of one text: whose annotation is taken, and under which name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from dateline.build.formats.source import Document

# Names that tell nobody who it is: short codes, `user-4`, models.
_OPAQUE = re.compile(
    r"[0-9a-f]{4,}|[0-9]+|annotator[-_]?[0-9]+|user[-_]?[0-9]+|model:.+|INITIAL_CAS"
)


@dataclass(frozen=True)
class Choice:
    """Whose annotation is taken: one annotator's, what was adjudicated, or each as an article.

    With none of them a text may have one annotator only.
    """

    annotator: str | None = None
    adjudicated: bool = False
    each: bool = False


def pseudonyms(names: Iterable[str]) -> dict[str, str]:
    """A pseudonym for each annotator, by name: opaque names stay, others are numbered, sorted."""
    unique = sorted(set(names))
    personal = [name for name in unique if not _OPAQUE.fullmatch(name)]
    opaque = {name: f"user-{name}" if name.isdecimal() else name for name in unique}
    return opaque | {name: f"annotator-{n}" for n, name in enumerate(personal, 1)}


def renamed(documents: Iterable[Document], names: dict[str, str]) -> list[Document]:
    """The documents with pseudonyms for their annotators."""
    return [
        replace(each, annotator=names[each.annotator]) if each.annotator is not None else each
        for each in documents
    ]


def chosen(documents: Iterable[Document], choice: Choice) -> tuple[list[Document], list[str]]:
    """The documents that are taken, and for each text that cannot be decided why.

    Documents without an annotator only carry what was lost of their text. Those of one name are of
    one text; where several are taken, each has its annotator after its name.
    """
    by_name: defaultdict[str, list[Document]] = defaultdict(list)
    for document in documents:
        by_name[document.name].append(document)
    taken: list[Document] = []
    undecided: list[str] = []
    for name, group in by_name.items():
        found = _of(group, choice)
        if not found and choice.adjudicated:
            undecided.append(f"{name}: expected an adjudicated annotation, got none; leave it out")
        elif len(found) > 1 and not choice.each:
            who = ", ".join(sorted({each.annotator or "nobody named" for each in found}))
            undecided.append(
                f"{name}: expected one annotator, got {len(found)} ({who}); choose one with "
                "--annotator NAME, what they agreed on with --adjudicated, or take each as an "
                "article of its own with --each-annotator"
            )
        elif len(found) > 1:
            taken += [
                replace(each, name=f"{name}.{each.annotator or n}")
                for n, each in enumerate(found, 1)
            ]
        else:
            taken += found
    return taken, undecided


def _of(group: list[Document], choice: Choice) -> list[Document]:
    if choice.adjudicated:
        return [each for each in group if each.is_adjudicated]
    if choice.annotator is not None:
        return [each for each in group if each.annotator in (None, choice.annotator)]
    return [each for each in group if not each.is_adjudicated] or group
