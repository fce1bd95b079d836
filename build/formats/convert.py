"""Documents to annotated articles, as a mapping says; what it does not say is counted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dateline.build.formats.conversion import Conversion
from dateline.build.formats.fields import given
from dateline.build.formats.items import (
    MEMBERS,
    NAME,
    OWN_SPAN,
    Item,
    add_evidence,
    begun,
    local_id,
    name_of,
    words_of,
)
from dateline.build.formats.mapping import MappingFile, Rule, every
from dateline.build.formats.prepare import heads, prepared
from dateline.build.formats.source import Document, Link, Mark, Values
from dateline.build.formats.tally import Label, Tally
from dateline.build.formats.ties import tie

_NO_RULE: Rule = {"skip": "the mapping has no rule for it"}


def converted(document: Document, mapping: MappingFile, tool: str) -> tuple[Item, Tally]:
    """The article of a document whose offsets are code points, and what became of its marks."""
    if document.article is not None:
        return dict(document.article), _own(document.article)
    conversion = Conversion(prepared(document, mapping), mapping)
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
    return article | _items(conversion), conversion.tally


def _own(article: Mapping[str, Any]) -> Tally:
    """The tally of an article that was read as it is."""
    tally = Tally(documents=1)
    for kind, member in MEMBERS.items():
        count = len(article.get(member) or ())
        if count:
            tally.read["marks", kind] += count
            tally.became[("marks", kind), kind] += count
    return tally


def _items(conversion: Conversion) -> Item:
    """The members of the article that hold items."""
    document = conversion.document
    for lost in document.lost:
        conversion.skip(("marks", lost.label), lost.reason)
    for mark in document.marks:
        _choose(conversion, mark)
    first = _make_all(conversion)
    for link in document.links:
        (_call_one if link.label in conversion.mapping.same else tie)(conversion, link)
    found: dict[str, list[Item]] = {}
    for key, rule in conversion.rules.items():
        conversion.account(conversion.marks[key])
        if key in conversion.made and first.get(key, key) == key:
            found.setdefault(MEMBERS[rule["makes"]], []).append(conversion.made[key])
    return found


def _choose(conversion: Conversion, mark: Mark) -> None:
    """Finds the rule of a mark; one of which nothing is made is counted."""
    label = ("marks", mark.label)
    conversion.tally.read[label] += 1
    ends = tuple(sorted(conversion.ends[mark.id]))
    values = {**conversion.seen(mark), "@linked_as": ends}
    rule = next(every(conversion.mapping.marks, mark.label, values), _NO_RULE)
    reason = _reason(conversion, mark, rule, values)
    if reason is None:
        conversion.rules[mark.id] = rule
    else:
        conversion.skip(label, reason)


def _reason(conversion: Conversion, mark: Mark, rule: Rule, values: Values) -> str | None:
    """Why a rule makes nothing of a mark, null where it does."""
    if "skip" in rule:
        return str(rule["skip"])
    missing = set(rule.get("needs", ())) - conversion.begins[mark.id]
    if missing:
        return f"it has no {min(missing)}"
    if rule["makes"] == "actor" and not words_of(conversion.text, mark):
        return "it has no words, which would name the actor"
    refused = given(rule.get("fields", {}), values).refused
    return None if refused is None else f"its {refused[0]} is {refused[1]}"


def _make_all(conversion: Conversion) -> dict[str, str]:
    """Makes the items; by actor that others are called the same as, the first of them."""
    rules = conversion.rules
    actors = {key for key, rule in rules.items() if rule["makes"] == "actor"}
    first = heads(conversion.document, conversion.mapping, actors)
    ids: set[str] = set()
    # What gives an actor its name goes before what is called the same.
    for key in sorted(rules, key=lambda each: first.get(each, each) != each):
        if rules[key]["makes"] != "words":
            mark = conversion.marks[key]
            item = conversion.made.get(first.get(key, key))
            conversion.made[key] = item or begun(rules[key]["makes"], _id(mark, ids))
            _make(conversion, mark, rules[key])
    return first


def _call_one(conversion: Conversion, link: Link) -> None:
    """Counts a link between marks of one actor, which were made one."""
    label = ("links", link.label)
    conversion.tally.read[label] += 1
    rules = [conversion.rules.get(end, {}) for end in (link.source, link.target)]
    if all(rule.get("makes") == "actor" for rule in rules):
        conversion.tally.became[label, "one actor"] += 1
    else:
        conversion.skip(label, "it ties marks that are not both actors")


def _id(mark: Mark, ids: set[str]) -> str:
    key = local_id(mark.id)
    while key in ids:
        key += "-"
    ids.add(key)
    return key


def _make(conversion: Conversion, mark: Mark, rule: Rule) -> None:
    """Adds what a mark itself says to its item: name, fields, words."""
    kind, label = rule["makes"], ("marks", mark.label)
    item, values = conversion.made[mark.id], conversion.seen(mark)
    if kind == "actor":
        _name(conversion, item, words_of(conversion.text, mark), label)
    conversion.fill(item, given(rule.get("fields", {}), values), mark, label)
    for absent, fields in rule.get("without", {}).items():
        if absent not in conversion.begins[mark.id]:
            conversion.fill(item, given(fields, values), mark, label)
    add_evidence(item, conversion.text, mark, rule.get("span", OWN_SPAN[kind]))
    conversion.tally.became[label, kind] += 1


def _name(conversion: Conversion, actor: Item, words: str, label: Label) -> None:
    """The name of an actor; further words match nothing, since they may be a pronoun."""
    if len(words) > NAME:
        conversion.skip(label, f"words of a name after its first {NAME} characters")
    name = name_of(words)
    others = actor.get("weak_aliases", [])
    if actor.setdefault("name", name) != name and name not in others:
        actor["weak_aliases"] = [*others, name]
