"""References inside an article: each names an item of the right kind, and each id only one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dateline.build.check.items import Item
from dateline.build.issues import Finding, did_you_mean, shown

# (table, member) -> the table whose local id it names; the rule is `<item>-<member>-unknown`.
REFERENCES: dict[str, dict[str, str]] = {
    "actors": {"parent": "actors"},
    "incidents": {"parent": "incidents"},
    "statements": {
        "speaker": "actors",
        "on_behalf_of": "actors",
        "addressee": "actors",
        "target": "actors",
        "parent": "statements",
        "incident": "incidents",
    },
    "participants": {"actor": "actors", "attributed_by": "actors", "statement": "statements"},
    "casualties": {
        "claimant": "actors",
        "victim_actor": "actors",
        "statement": "statements",
        "supersedes": "casualties",
        "subset_of": "casualties",
    },
}
SINGULAR = {
    "actors": "actor",
    "incidents": "incident",
    "statements": "statement",
    "participants": "participant",
    "casualties": "casualty",
}
_KINDS = {"actors": "an actor", "incidents": "an incident", "casualties": "a casualty claim"}


def rule_of(table: str, member: str) -> str:
    """The id of the rule that a dangling reference breaks."""
    return f"{SINGULAR[table]}-{member.replace('_', '-')}-unknown"


def check_references(items: Sequence[Item]) -> Iterator[Finding]:
    """Findings for ids given twice and for references to nothing, in the order of the items."""
    ids: dict[str, dict[str, str]] = {table: {} for table in REFERENCES}
    keys: dict[tuple[str, str], str] = {}
    for item in items:
        local, key = item.data.get("id"), item.data.get("key")
        if key is not None:
            first = keys.setdefault((item.table, key), item.pointer)
            if first is not item.pointer:
                yield _same_key(item, key, first)
        if local is not None:
            first = ids[item.table].setdefault(local, item.pointer)
            if first is not item.pointer:
                yield _repeated(item, local, first)
    for item in items:
        for member, table in REFERENCES[item.table].items():
            name = item.data.get(member)
            if name is not None and name not in ids[table]:
                yield _unknown(item, member, table, name, ids[table])


def _repeated(item: Item, local: str, first: str) -> Finding:
    singular = SINGULAR[item.table]
    message = (
        f"{item.pointer}/id: expected each {singular} id once in the article, got {shown(local)} "
        f"again, first at {first}; give one of them another id"
    )
    return Finding("local-id-repeated", f"{item.pointer}/id", message, also=(f"{first}/id",))


def _same_key(item: Item, key: str, first: str) -> Finding:
    message = (
        f"{item.pointer}/key: expected each key on one {SINGULAR[item.table]} of the article, got "
        f"{shown(key)} again, first at {first}; make them one, with the evidence of both"
    )
    return Finding("identity-repeated", f"{item.pointer}/key", message, also=(f"{first}/key",))


def _unknown(item: Item, member: str, table: str, name: str, known: dict[str, str]) -> Finding:
    pointer = f"{item.pointer}/{member}"
    kind = _KINDS.get(table, f"a {SINGULAR[table]}")
    message = (
        f"{pointer}: expected the id of {kind} of this article, got {shown(name)}"
        f"{did_you_mean(name, known) or '; add it, or correct the id'}"
    )
    return Finding(rule_of(item.table, member), pointer, message)
