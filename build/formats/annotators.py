"""Several annotators of one text: whose annotation is taken, and under which name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import count

from dateline.build.formats.source import Document

# Names that tell nobody who it is: short codes, `user-4`, models.
_OPAQUE = re.compile(
    r"(?=.*[0-9])[0-9a-f]{4,}|[0-9]+|annotator[-_]?[0-9]+|user[-_]?[0-9]+|model:.+|INITIAL_CAS"
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
    opaque = {name: name for name in unique if _OPAQUE.fullmatch(name)}
    numbers = {name: f"user-{name}" for name in opaque if name.isdecimal()}
    taken = {*opaque, *numbers.values()}
    # No name that somebody else has.
    free = (name for number in count(1) if (name := f"annotator-{number}") not in taken)
    others = [name for name in unique if name not in opaque or numbers.get(name) in opaque]
    return opaque | numbers | dict(zip(others, free, strict=False))


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
            reason = "expected an adjudicated annotation, got none; import it without --adjudicated"
            undecided.append(f"{name}: {reason}")
        elif len(found) > 1 and not choice.each:
            undecided.append(f"{name}: {_several(found)}")
        elif len(found) > 1:
            taken += [
                replace(each, name=f"{name}.{each.annotator or n}")
                for n, each in enumerate(found, 1)
            ]
        else:
            taken += found
    return taken, undecided


def _several(found: list[Document]) -> str:
    names = sorted({each.annotator for each in found if each.annotator is not None})
    each = "or take each as an article of its own with --each-annotator"
    if not names:
        return (
            f"expected one annotation, got {len(found)} of nobody named; import the file of one "
            f"alone, {each}"
        )
    return (
        f"expected one annotator, got {len(found)} ({', '.join(names)}); choose one with "
        f"--annotator NAME, what they agreed on with --adjudicated, {each}"
    )


def _of(group: list[Document], choice: Choice) -> list[Document]:
    if choice.adjudicated:
        return [each for each in group if each.is_adjudicated]
    made = [each for each in group if not each.is_adjudicated or each.annotator is not None]
    if choice.annotator is not None:
        own = [each for each in made if each.annotator == choice.annotator]
        return own or [each for each in made if each.annotator is None]
    if choice.each:
        return made or group
    return [each for each in group if not each.is_adjudicated] or group
