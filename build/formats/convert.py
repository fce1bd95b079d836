"""Documents to annotated articles, as a mapping says; what it does not say is counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from dateline.build.formats.fields import Given, given
from dateline.build.formats.items import (
    MEMBERS,
    NAME,
    OWN_SPAN,
    Item,
    add_evidence,
    add_part,
    begun,
    local_id,
    name_of,
    put,
    words_of,
)
from dateline.build.formats.mapping import MappingFile, Rule, every
from dateline.build.formats.prepare import heads, prepared
from dateline.build.formats.source import Document, Link, Mark, Values
from dateline.build.formats.tally import Label, Tally


def converted(document: Document, mapping: MappingFile, tool: str) -> tuple[Item, Tally]:
    """The article of a document whose offsets are code points, and what became of its marks."""
    if document.article is not None:
        return dict(document.article), _own(document.article)
    conversion = _Conversion(prepared(document, mapping), mapping)
    annotation = {"method": document.method, "tool": tool}
    if document.annotator is not None:
        annotation["annotator"] = document.annotator
    article: Item = {
        "version": 1,
        "id": local_id(document.name),
        "source": {"language": "und", **document.about},
        "text": document.text,
        "annotation": annotation,
    }
    return article | conversion.items(), conversion.tally


def _own(article: Mapping[str, Any]) -> Tally:
    """The tally of an article that was read as it is."""
    tally = Tally(documents=1)
    for kind, member in MEMBERS.items():
        count = len(article.get(member) or ())
        if count:
            tally.read["marks", kind] += count
            tally.became[("marks", kind), kind] += count
    return tally


class _Conversion:
    """One document on its way: items by mark, and the tally."""

    def __init__(self, document: Document, mapping: MappingFile) -> None:
        self.text = document.text
        self.document = document
        self.mapping = mapping
        self.tally = Tally(documents=1)
        self.marks = {mark.id: mark for mark in document.marks}
        self.heads: dict[str, str] = {}
        self.begins: defaultdict[str, set[str]] = defaultdict(set)
        self.ends: defaultdict[str, set[str]] = defaultdict(set)
        for link in document.links:
            self.begins[link.source].add(link.label)
            self.ends[link.target].add(link.label)
        self.rules: dict[str, Rule] = {}
        self.made: dict[str, Item] = {}
        self.ids: set[str] = set()
        # Attributes that something has used, by mark; the items that words are part of.
        self.used: defaultdict[str, set[str]] = defaultdict(set)
        self.owners: dict[str, tuple[Item, str]] = {}

    def items(self) -> Item:
        """The members of the article that hold items."""
        for lost in self.document.lost:
            self._skip(("marks", lost.label), lost.reason)
        for mark in self.document.marks:
            self._choose(mark)
        actors = {key for key, rule in self.rules.items() if rule["makes"] == "actor"}
        self.heads = heads(self.document, self.mapping, actors)
        # What gives an actor its name goes before what is called the same.
        for key in sorted(self.rules, key=lambda each: self.heads.get(each, each) != each):
            if self.rules[key]["makes"] != "words":
                self._make(self.marks[key], self.rules[key])
        for link in self.document.links:
            if link.label not in self.mapping.same:
                self._apply(link)
        found: dict[str, list[Item]] = {}
        for key, rule in self.rules.items():
            self._account(self.marks[key])
            if key in self.made and self.heads.get(key, key) == key:
                found.setdefault(MEMBERS[rule["makes"]], []).append(self.made[key])
        return found

    def _seen(self, mark: Mark) -> Values:
        """What rules see of a mark: its attributes, @label and @text."""
        words = words_of(self.text, mark)
        return {**mark.values, "@label": (mark.label,), "@text": (words,)}

    def _choose(self, mark: Mark) -> None:
        label = ("marks", mark.label)
        self.tally.read[label] += 1
        values = {**self._seen(mark), "@linked_as": tuple(sorted(self.ends[mark.id]))}
        rule = next(every(self.mapping.marks, mark.label, values), None)
        missing = set(rule.get("needs", ())) - self.begins[mark.id] if rule else set()
        if rule is None:
            self._skip(label, "the mapping has no rule for it")
        elif "skip" in rule:
            self._skip(label, rule["skip"])
        elif missing:
            self._skip(label, f"it has no {min(missing)}")
        elif rule["makes"] == "actor" and not words_of(self.text, mark):
            self._skip(label, "it has no words, which would name the actor")
        else:
            self.rules[mark.id] = rule

    def _make(self, mark: Mark, rule: Rule) -> None:
        kind, words = rule["makes"], words_of(self.text, mark)
        label = ("marks", mark.label)
        head = self.heads.get(mark.id, mark.id)
        item = self.made.get(head) or begun(kind, self._id(mark))
        if kind == "actor":
            self._name(item, words, label)
        self.made[mark.id] = item
        values = self._seen(mark)
        self._fill(item, given(rule.get("fields", {}), values), mark, label)
        for absent, fields in rule.get("without", {}).items():
            if absent not in self.begins[mark.id]:
                self._fill(item, given(fields, values), mark, label)
        add_evidence(item, self.text, mark, rule.get("span", OWN_SPAN[kind]))
        self.tally.became[label, kind] += 1

    def _id(self, mark: Mark) -> str:
        key = local_id(mark.id)
        while key in self.ids:
            key += "-"
        self.ids.add(key)
        return key

    def _name(self, actor: Item, words: str, label: Label) -> None:
        """The name of an actor; further words match nothing, since they may be a pronoun."""
        if len(words) > NAME:
            self._skip(label, f"words of a name after its first {NAME} characters")
        name = name_of(words)
        others = actor.get("weak_aliases", [])
        if actor.setdefault("name", name) != name and name not in others:
            actor["weak_aliases"] = [*others, name]

    def _fill(self, item: Item, found: Given, mark: Mark, label: Label) -> None:
        """Puts fields into an item; what they used of a mark is accounted for."""
        for name, value in found.fields.items():
            if not put(item, name, value):
                self._skip(label, f"{name} is another already")
        self.used[mark.id] |= found.used
        for attribute, value in found.unknown:
            self.used[mark.id].discard(attribute)
            self._skip(
                label, f"the mapping has no code for {attribute} {value!r}, which is left open"
            )

    def _apply(self, link: Link) -> None:
        label = ("links", link.label)
        self.tally.read[label] += 1
        ways = ((link.source, link.target, "links"), (link.target, link.source, "linked_from"))
        rules = [
            (self.marks[one], self.marks[other], rule)
            for one, other, member in ways
            if one in self.made
            for rule in every(
                self.rules[one].get(member, {}),
                link.label,
                {**self._seen(self.marks[other]), **link.values},
            )
        ]
        for mark, other, rule in rules:
            reason = rule.get("skip") or self._tied(self.made[mark.id], other, rule, link)
            if reason is not None:
                self._skip(label, reason)
            else:
                self.tally.became[label, f"part of {self.rules[mark.id]['makes']}"] += 1
        if not rules:
            begin = self.marks[link.source].label
            no_rule = f"the mapping has no rule for such a link of {begin}"
            skipped = f"{begin}, which it begins at, is skipped"
            self._skip(label, no_rule if link.source in self.made else skipped)

    def _tied(self, item: Item, other: Mark, rule: Rule, link: Link) -> str | None:
        """Ties the other mark to an item; the reason why it cannot be, null where it is."""
        target = self.made.get(other.id, {}).get("id")
        label = ("links", link.label)
        part = item
        if "field" in rule:
            if target is None:
                return f"{other.label}, which it names, makes no item"
            if not put(item, rule["field"], target):
                return f"{rule['field']} is another already"
        if "text" in rule:
            said = Given({rule["text"]: words_of(self.text, other)})
            self._fill(item, said, other, label)
        for member, kind in (("participants", "participant"), ("casualties", "casualty")):
            if kind in rule:
                found = given(rule[kind], {**self._seen(other), **link.values}, target)
                if found.refused is not None:
                    self.used[other.id].add(found.refused[0])
                    return f"its {found.refused[0]} is {found.refused[1]}"
                if kind == "participant" and target is None:
                    return f"{other.label}, which takes part, makes no actor"
                # Two claims of one kind are told apart by their ids alone.
                count = len(item.get(member, ()))
                own = begun(kind, f"{item['id']}.{count + 1}")
                part = {"actor": target} if kind == "participant" else own
                self._fill(part, found, other, label)
                part = add_part(item, member, part)
        add_evidence(part, self.text, other, rule.get("span"))
        self.owners.setdefault(other.id, (item, link.label))
        return None

    def _account(self, mark: Mark) -> None:
        """What nothing has used of a mark stays with its item, or with what its words belong to."""
        label = ("marks", mark.label)
        left = {
            name: values[0] if len(values) == 1 else list(values)
            for name, values in mark.values.items()
            if values and name not in self.used[mark.id]
        }
        if mark.id in self.made:
            if left:
                self.made[mark.id].setdefault("attributes", {}).update(left)
        elif mark.id in self.owners:
            self.tally.became[label, "words"] += 1
            item, role = self.owners[mark.id]
            if left:
                said = {"words": words_of(self.text, mark), **left}
                item.setdefault("attributes", {}).setdefault(role, []).append(said)
        else:
            self._skip(label, "nothing refers to it")
            return
        for name in left:
            self.tally.attributes[label, name] += 1

    def _skip(self, label: Label, reason: str) -> None:
        self.tally.skipped[label, reason] += 1
