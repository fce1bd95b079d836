"""MUC-3 and MUC-4: files of messages, and files of answer keys with templates of 25 slots.

A key names words and no offsets: they are searched. The forms of slots are those of the tasks' own
documentation (fill rules of MUC-3 and MUC-4).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from dateline.build.formats.files import decoded, listed
from dateline.build.formats.muc_keys import (
    KEY,
    MESSAGE,
    Template,
    is_muc,
    messages_of,
    templates_in,
    templates_of,
)
from dateline.build.formats.muc_slots import dates
from dateline.build.formats.muc_templates import is_empty, same, taken
from dateline.build.formats.source import Document, Link, Lost, Mark, Option, Unreadable

_DATELINE = re.compile(
    r"\s*(?P<place>[^()\n]+?(?:\([^)]*\))?), (?P<date>\d{1,2} [A-Z]{3} \d{2}) \((?P<source>[^)]+)\)"
)
# Signs of agencies that every reader of a table takes for no value.
_NO_NAMES = {"NA"}


class Muc:
    """The format `muc`."""

    name = "muc"
    meaning = "MUC-3 and MUC-4: files of messages and files of answer keys"
    mapping = "muc"
    options: tuple[Option, ...] = ()

    def find(self, paths: Sequence[Path]) -> list[Path]:
        """Files of messages and files of keys, which are told apart by what is in them."""
        files = (path for path in listed(paths, ("",)) if path.stat().st_size)
        return [path for path in files if is_muc(path.read_bytes())]

    def read(
        self, path: Path, files: Sequence[Path], options: Mapping[str, str]
    ) -> Iterator[Document | Unreadable]:
        """A document of each message with the templates that any of the keys has for it."""
        content = decoded(path).removeprefix("\ufeff")
        if KEY.search(content):
            known = {message for each in files for message in messages_of(each)}
            for message in templates_in(path):
                if message not in known:
                    yield Unreadable(
                        f"expected the text of {message}, got none in these files; name the file "
                        "that holds it too"
                    )
            return
        keys = templates_of(files)
        starts = [match.start() for match in MESSAGE.finditer(content)]
        for start, end in zip(starts, [*starts[1:], len(content)], strict=True):
            header, _, body = content[start:end].partition("\n")
            name = header.split()[0]
            yield _document(name, body.strip("\n"), keys.get(name, []), path)


FORMAT = Muc()


def _document(name: str, text: str, templates: Sequence[Template], path: Path) -> Document:
    found: list[Mark | Link | Lost] = []
    for number, template in enumerate(templates, 1):
        if is_empty(template):
            reason = "the message has no incident of these kinds"
            found.append(Lost("template", reason, template.line))
        else:
            found += taken(template, f"t{number}", text)
    marks = tuple(each for each in found if isinstance(each, Mark))
    links = (*(each for each in found if isinstance(each, Link)), *same(marks))
    lost = tuple(each for each in found if isinstance(each, Lost))
    return Document(name, text, marks, links, lost, str(path), _about(text))


def _about(text: str) -> dict[str, str]:
    """What the first line of a message says: place, day, who reported."""
    found = _DATELINE.match(text)
    if found is None:
        return {"language": "en"}
    about = {"language": "en", "dateline": found["place"].strip()}
    if found["source"] not in _NO_NAMES:
        about["publisher"] = found["source"]
    day = dates(found["date"]).get("DATE_START")
    return {**about, "published_at": day} if day else about
