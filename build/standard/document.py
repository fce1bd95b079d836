"""The JSON documents of a package, and issues at their places in them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from stat import S_ISREG

import orjson

from dateline.build.issues import Cell, Finding, Issue, Place, shown
from dateline.build.locate import KEY, NotJson, duplicate_keys, locate, positions_of, values
from dateline.build.read import Limits
from dateline.build.standard.model import Json

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', re.DOTALL)
_RESOURCE = re.compile(r"/resources/(\d+)(?:/|$)")


@dataclass(frozen=True)
class Document:
    """A JSON object with the text it was read from and the name that places show for it.

    `resource` is the resource that it describes, "" for a descriptor of a package.
    """

    label: str
    data: bytes = field(repr=False)
    value: Json = field(repr=False)
    resource: str = ""


@dataclass(frozen=True)
class _Failed(Exception):
    """A document that cannot be used: the rule, the message and the offset in code points."""

    rule: str
    message: str
    text: str = ""
    offset: int = -1


def document(
    path: Path, label: str, rule: str, limits: Limits, resource: str = ""
) -> tuple[Document | None, list[Issue]]:
    """The JSON object of a file; None with its issue, by `rule` unless a limit is passed."""
    try:
        data = _bytes(path, rule, limits.line_bytes)
        value = _object(data, rule, limits.nesting)
    except _Failed as failed:
        place = Place(label)
        if failed.offset >= 0:
            spot = positions_of(failed.text, [failed.offset])[failed.offset]
            place = Place(label, *spot)
        cell = Cell(resource) if resource else None
        return None, [Issue(failed.rule, failed.message, (place,), cell=cell)]
    found = Document(label, data, value, resource)
    return found, _repeated(found, rule)


def _bytes(path: Path, rule: str, limit: int) -> bytes:
    try:
        status = path.stat()
        if not S_ISREG(status.st_mode):
            raise _Failed(rule, "expected a file, got a folder or a special file; name a file")
        if status.st_size > limit:
            message = f"expected at most {limit:,} bytes of JSON, got {status.st_size:,}"
            raise _Failed("package-limit", f"{message}; keep data in files of their own")
        return path.read_bytes()
    except FileNotFoundError:
        message = "expected a file, got nothing there; add it or correct its name"
        raise _Failed(rule, message) from None
    except OSError as error:
        message = f"expected a file that can be read, got: {error.strerror}; correct its path"
        raise _Failed(rule, message) from None


def _object(data: bytes, rule: str, nesting: int) -> Json:
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        message = f"expected UTF-8, got the byte 0x{data[error.start]:02X}; save the file as UTF-8"
        raise _Failed(rule, message, before, len(before)) from None
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        _check_nesting(text, nesting)
        raise _not_json(text, rule, error) from None
    if not _is_flat(value, nesting):
        _check_nesting(text, nesting)
    if not isinstance(value, dict):
        message = f"expected an object in braces, got {shown(value)}; write a descriptor"
        raise _Failed(rule, message, text, 0)
    return value


def _is_flat(value: object, nesting: int) -> bool:
    with suppress(orjson.JSONEncodeError):  # More levels than it writes.
        return b"\n" + b"  " * nesting not in orjson.dumps(value, option=orjson.OPT_INDENT_2)
    return False


def _check_nesting(text: str, nesting: int) -> None:
    level = 0
    for token in _TOKEN.finditer(text):
        level += {"[": 1, "{": 1, "]": -1, "}": -1}.get(token[0], 0)
        if level > nesting:
            message = f"expected at most {nesting} levels of nesting, got more; take some away"
            raise _Failed("package-limit", message, text, token.start())


def _not_json(text: str, rule: str, error: orjson.JSONDecodeError) -> _Failed:
    try:
        for _ in values(text):
            pass
    except NotJson as problem:
        token = text[problem.offset : problem.offset + 1]
        got = shown(token) if token else "the end of the file"
        message = f"expected {problem.expected}, got {got}; correct the JSON there"
        return _Failed(rule, message, text, problem.offset)
    # JSON by its grammar that the library refuses all the same: a number beyond its bounds.
    return _Failed(rule, f"expected JSON, got {error.msg}; correct it there", text, error.pos)


def _repeated(found: Document, rule: str) -> list[Issue]:
    repeated = duplicate_keys(found.data)
    first = locate(found.data, [pointer + KEY for pointer, _, _ in repeated]) if repeated else {}
    message = "expected each key once in an object, got it again; keep one of them"
    return [
        Issue(
            rule,
            message,
            (
                Place(found.label, line, column, pointer),
                Place(found.label, *first[pointer + KEY], pointer),
            ),
            cell=_cell(found, pointer),
        )
        for pointer, line, column in repeated
    ]


def placed(found: Document, findings: Iterable[Finding]) -> list[Issue]:
    """The findings of a document as issues with line and column, in the order given."""
    each = list(dict.fromkeys(findings))
    spots = locate(found.data, [finding.pointer for finding in each]) if each else {}
    return [
        Issue(
            finding.rule,
            finding.message,
            (Place(found.label, *spots[finding.pointer], finding.pointer),),
            finding.severity,
            _cell(found, finding.pointer),
        )
        for finding in each
    ]


def _cell(found: Document, pointer: str) -> Cell | None:
    if found.resource:
        return Cell(found.resource)
    match = _RESOURCE.match(pointer)
    resources = found.value.get("resources")
    if match is None or not isinstance(resources, list):
        return None
    resource = resources[int(match[1])] if int(match[1]) < len(resources) else None
    name = resource.get("name") if isinstance(resource, dict) else None
    return Cell(name) if isinstance(name, str) else None
