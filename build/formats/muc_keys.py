"""Files of MUC messages and of answer keys: which messages there are, the templates of each."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dateline.build.formats.files import decoded
from dateline.build.formats.source import Unreadable

MESSAGE = re.compile(r"^((?:DEV|TST\d)-MUC[34]-\d{4})\b.*$", re.MULTILINE)
KEY = re.compile(r"^0\.\s+MESSAGE: ID\s+(?:DEV|TST\d)-MUC", re.MULTILINE)
# The value begins after the label, in some files a column earlier than in others.
_SLOT = re.compile(r"(\d{1,2})\.\s+([A-Z]+(?: [A-Z]+)*: [A-Z]+(?: [A-Z]+)*)(?:\s{2,}(.*)|\s*)")


@dataclass
class Template:
    """One template of a key: the lines of each slot, from `line` on."""

    line: int
    slots: dict[str, list[str]] = field(default_factory=dict)


def _content(path: Path) -> str:
    """The text of a file; none where it is no UTF-8, which is told when it is read itself."""
    try:
        return decoded(path).removeprefix("\ufeff")
    except Unreadable:
        return ""


def is_muc(data: bytes) -> bool:
    """Whether a file holds messages or keys."""
    text = data.decode("utf-8-sig", errors="replace")
    return bool(MESSAGE.search(text) or KEY.search(text))


def messages_of(path: Path) -> frozenset[str]:
    """The messages that a file holds, none of a key."""
    content = _content(path)
    return frozenset() if KEY.search(content) else frozenset(MESSAGE.findall(content))


def templates_of(files: Sequence[Path]) -> dict[str, list[Template]]:
    """The templates of all keys among these files, by message."""
    found: dict[str, list[Template]] = defaultdict(list)
    for path in files:
        for message, templates in templates_in(path).items():
            found[message] += templates
    return found


def templates_in(path: Path) -> dict[str, list[Template]]:
    """The templates of a key by message, none of a file of messages."""
    content = _content(path)
    found: dict[str, list[Template]] = defaultdict(list)
    if not KEY.search(content):
        return found
    template, slot = Template(0), ""
    for number, line in enumerate(content.split("\n"), 1):
        named = _SLOT.fullmatch(line.rstrip())
        if line.startswith(";") or not line.strip():
            continue
        if named is not None:
            slot, value = named[2], named[3] or ""
            if slot == "MESSAGE: ID":
                template = Template(number)
                found[value.partition(" ")[0] or "an unnamed message"].append(template)
            template.slots[slot] = [value]
        elif slot:
            template.slots[slot].append(line.strip())
    return found
