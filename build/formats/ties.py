"""What links say of items, as a mapping says: fields, participants, claims, words."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from dateline.build.formats.conversion import Conversion
from dateline.build.formats.fields import Given, given
from dateline.build.formats.items import (
    Item,
    add_evidence,
    add_part,
    alone,
    begun,
    keep,
    put,
    words_of,
)
from dateline.build.formats.mapping import Rule, every
from dateline.build.formats.source import Link, Mark

_PARTS = {"participant": "participants", "casualty": "casualties"}


class _Refused(Exception):
    """A rule that does not hold for a link after all; the message says why."""


def tie(conversion: Conversion, link: Link) -> None:
    """Adds what a link says to the items at its ends; what it cannot say is counted."""
    label = ("links", link.label)
    conversion.tally.read[label] += 1
    rules = list(_rules(conversion, link))
    used: set[str] = set()
    tied: list[tuple[Item, Mark]] = []
    for mark, other, rule in rules:
        try:
            used |= _apply(conversion, conversion.made[mark.id], other, rule, link)
        except _Refused as reason:
            conversion.skip(label, str(reason))
        else:
            kind = conversion.rules[mark.id]["makes"]
            conversion.tally.became[label, f"part of {kind}"] += 1
            tied.append((conversion.made[mark.id], other))
    for item, other in tied[:1]:
        _keep(conversion, item, other, link, used)
    if not rules:
        begin = conversion.marks[link.source].label
        no_rule = f"the mapping has no rule for such a link of {begin}"
        skipped = f"{begin}, which it begins at, is skipped"
        conversion.skip(label, no_rule if link.source in conversion.made else skipped)


def _keep(
    conversion: Conversion, item: Item, other: Mark, link: Link, used: Collection[str]
) -> None:
    """What nothing has used of the link itself, and the mark does not say, stays with the item."""
    left = {
        name: alone(said)
        for name, said in link.values.items()
        if said and name not in used and other.values.get(name) != said
    }
    if left:
        keep(item, link.label, [{"words": words_of(conversion.text, other), **left}])
    for name in left:
        conversion.tally.attributes[("links", link.label), name] += 1


def _rules(conversion: Conversion, link: Link) -> Iterator[tuple[Mark, Mark, Rule]]:
    """The rules for a link from either end, each with the mark of its item and the other one."""
    ways = ((link.source, link.target, "links"), (link.target, link.source, "linked_from"))
    for one, end, member in ways:
        if one in conversion.made:
            mark, other = conversion.marks[one], conversion.marks[end]
            values = {**conversion.seen(other), **link.values}
            for rule in every(conversion.rules[one].get(member, {}), link.label, values):
                yield mark, other, rule


def _apply(conversion: Conversion, item: Item, other: Mark, rule: Rule, link: Link) -> set[str]:
    """Ties the other mark to an item; which attributes of the link that has used.

    Raises _Refused where it cannot be.
    """
    if "skip" in rule:
        raise _Refused(rule["skip"])
    if "field" in rule:
        _refer(conversion, item, other, rule["field"])
    if "text" in rule:
        said = Given({rule["text"]: words_of(conversion.text, other)})
        conversion.fill(item, said, other, ("links", link.label))
    part = item
    used: set[str] = set()
    for kind in _PARTS:
        if kind in rule:
            part, more = _part(conversion, item, other, kind, rule, link)
            used |= more
    add_evidence(part, conversion.text, other, rule.get("span"))
    conversion.owners.setdefault(other.id, (item, link.label))
    return used


def _refer(conversion: Conversion, item: Item, other: Mark, field: str) -> None:
    if other.id not in conversion.made:
        raise _Refused(f"{other.label}, which it names, makes no item")
    if not put(item, field, conversion.made[other.id]["id"]):
        raise _Refused(f"{field} is another already")


def _part(
    conversion: Conversion, item: Item, other: Mark, kind: str, rule: Rule, link: Link
) -> tuple[Item, set[str]]:
    """The participant or claim for the other mark, and what it has used of the link."""
    is_actor = other.id in conversion.made and conversion.rules[other.id]["makes"] == "actor"
    target = conversion.made[other.id]["id"] if is_actor else None
    found = given(rule[kind], {**conversion.seen(other), **link.values}, target)
    if found.refused is not None:
        attribute, value = found.refused
        conversion.used[other.id].add(attribute)
        raise _Refused(f"its {attribute} is {value}")
    if kind == "participant" and target is None:
        raise _Refused(f"{other.label}, which takes part, makes no actor")
    # Two claims of one kind are told apart by their ids alone.
    count = len(item.get(_PARTS[kind], ())) + 1
    part = {"actor": target} if kind == "participant" else begun(kind, f"{item['id']}.{count}")
    of_link = found.used & link.values.keys()
    found.used -= {name for name in of_link if other.values.get(name) != link.values[name]}
    conversion.fill(part, found, other, ("links", link.label))
    of_link -= {attribute for attribute, _ in found.unknown}
    return add_part(item, _PARTS[kind], part), of_link
