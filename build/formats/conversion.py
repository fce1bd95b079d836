"""A document on its way to an article: which rules hold, the items made so far, what is left."""

from __future__ import annotations

from collections import defaultdict

from dateline.build.formats.fields import Given
from dateline.build.formats.items import Item, alone, keep, put, words_of
from dateline.build.formats.mapping import MappingFile, Rule
from dateline.build.formats.source import Document, Mark, Values
from dateline.build.formats.tally import Label, Tally


class Conversion:
    """One document, by id of a mark: its rule, the item that it has become, its links' labels.

    `used` are the attributes that something has used; `owners` the items that words are part of,
    with the label of the link that says so.
    """

    def __init__(self, document: Document, mapping: MappingFile) -> None:
        self.text = document.text
        self.document = document
        self.mapping = mapping
        self.tally = Tally(documents=1)
        self.marks = {mark.id: mark for mark in document.marks}
        self.rules: dict[str, Rule] = {}
        self.made: dict[str, Item] = {}
        self.used: defaultdict[str, set[str]] = defaultdict(set)
        self.owners: dict[str, tuple[Item, str]] = {}
        self.begins: defaultdict[str, set[str]] = defaultdict(set)
        self.ends: defaultdict[str, set[str]] = defaultdict(set)
        for link in document.links:
            self.begins[link.source].add(link.label)
            self.ends[link.target].add(link.label)

    def seen(self, mark: Mark) -> Values:
        """What rules see of a mark: its attributes, @label and @text."""
        words = words_of(self.text, mark)
        return {**mark.values, "@label": (mark.label,), "@text": (words,)}

    def skip(self, label: Label, reason: str) -> None:
        """Counts something that is no part of the article, and why."""
        self.tally.skipped[label, reason] += 1

    def fill(self, item: Item, found: Given, mark: Mark, label: Label) -> None:
        """Puts fields into an item; what they used of a mark is accounted for."""
        for name, value in found.fields.items():
            if not put(item, name, value):
                self.skip(label, f"{name} is another already")
        self.used[mark.id] |= found.used
        for attribute, value in found.unknown:
            self.used[mark.id].discard(attribute)
            no_code = f"the mapping has no code for {attribute} {value!r}, which is left open"
            self.skip(label, no_code)

    def account(self, mark: Mark) -> None:
        """What nothing has used of a mark stays with its item, or with what its words belong to."""
        label = ("marks", mark.label)
        left = {
            name: values
            for name, values in mark.values.items()
            if values and name not in self.used[mark.id]
        }
        if mark.id in self.made:
            for name, values in left.items():
                keep(self.made[mark.id], name, values)
        elif mark.id in self.owners:
            self.tally.became[label, "words"] += 1
            item, role = self.owners[mark.id]
            if left:
                said = {name: alone(values) for name, values in left.items()}
                keep(item, role, [{"words": words_of(self.text, mark), **said}])
        else:
            self.skip(label, "nothing refers to it")
            return
        for name in left:
            self.tally.attributes[label, name] += 1
