"""The CAS of XMI and of CAS JSON, as dkpro-cassis loads it."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from dateline.build.formats.files import parsed, text_of
from dateline.build.formats.source import Unreadable
from dateline.build.issues import EnvironmentFailure

_TYPES = b"typeSystemDescription"
_PLACES = (".", "..", "resources", "../resources", "typesystems", "../typesystems")


def loaded(data: bytes, kind: str, systems: Iterable[bytes]) -> tuple[Any, list[str]]:
    """The CAS of XMI with one of these type systems, or, of the kind `.json`, of CAS JSON.

    With it come the warnings of what the type system lacks. Raises Unreadable where it is none.
    """
    return _json(data) if kind == ".json" else _xmi(data, systems)


def is_system(data: bytes) -> bool:
    """Whether these bytes are a type system."""
    return _TYPES in data[:2000]


def systems_near(path: Path) -> Iterator[bytes]:
    """The type systems in the folders around a file, in each those of the usual name first."""
    for place in _PLACES:
        folder = (path.parent / place).resolve()
        files = sorted(folder.glob("*.xml"), key=lambda each: (each.stem != "TypeSystem", each))
        yield from filter(is_system, (each.read_bytes() for each in files))


def _cassis() -> Any:
    try:
        import cassis
    except ImportError:
        raise EnvironmentFailure(
            "the format cas needs dkpro-cassis; install it with `pip install 'dateline[cas]'`"
        ) from None
    return cassis


def _json(data: bytes) -> tuple[Any, list[str]]:
    content = parsed(text_of(data, "the file"))
    if not isinstance(content, dict) or not {"%TYPES", "%FEATURE_STRUCTURES"} <= content.keys():
        raise Unreadable(
            "expected CAS JSON 0.4 with %TYPES and %FEATURE_STRUCTURES, got another JSON; export "
            "as `UIMA CAS JSON 0.4`"
        )
    return _called(lambda: _cassis().load_cas_from_json(io.BytesIO(data)))


def _xmi(data: bytes, systems: Iterable[bytes]) -> tuple[Any, list[str]]:
    """The CAS with the first type system that has all its types and features."""
    if not data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        raise Unreadable(
            "expected XMI, got no XML; export as `UIMA CAS XMI` or `UIMA CAS JSON 0.4` (TSV has no "
            "reader here)"
        )
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise Unreadable("expected XMI without a document type, got one, which nothing needs")
    reason = Unreadable(
        "expected the type system beside the XMI, got none; export it with the project"
    )
    sound = [each for each in systems if b"<!DOCTYPE" not in each and b"<!ENTITY" not in each]
    # Types that one lacks are told of as warnings, where no other has them all; features that it
    # lacks end the reading.
    for is_lenient in (False, True):
        for system in sound:
            try:
                return _called(partial(_load_xmi, data, system, is_lenient))
            except Unreadable as error:
                reason = error
    raise reason


def _load_xmi(data: bytes, system: bytes, is_lenient: bool) -> Any:
    cassis = _cassis()
    types = cassis.load_typesystem(io.BytesIO(system))
    return cassis.load_cas_from_xmi(io.BytesIO(data), types, lenient=is_lenient)


def _called(load: Callable[[], Any]) -> tuple[Any, list[str]]:
    """What a call gives, and the warnings that come with it."""
    try:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            return load(), [str(each.message) for each in told]
    except EnvironmentFailure:
        raise
    except SyntaxError as error:
        raise Unreadable(
            f"expected XML, in the XMI and in its type system, got {error.msg}; export both again"
        ) from None
    except Exception as error:
        # cassis raises what it happens to meet: TypeError for a feature, KeyError for a reference.
        words = str(error)[:200] or type(error).__name__
        raise Unreadable(
            f"expected types and features of its type system, got {words}; put the type system of "
            "the same export beside it"
        ) from None
