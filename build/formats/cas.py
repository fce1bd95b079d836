"""UIMA CAS: XMI with its type system, CAS JSON, and project archives of INCEpTION and WebAnno.

dkpro-cassis reads them, and turns their UTF-16 code units into code points. A feature structure is
a mark of the short name of its type; a feature that refers to another is a link.
"""

from __future__ import annotations

import io
import json
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any
from zipfile import BadZipFile, ZipFile

from dateline.build.formats.cas_structures import language_of, name_of, taken
from dateline.build.formats.files import Unpacker, language, listed
from dateline.build.formats.source import Document, Lost, Option, Unreadable
from dateline.build.issues import EnvironmentFailure

_TYPES = b"typeSystemDescription"
_PLACES = (".", "..", "resources", "../resources", "typesystems", "../typesystems")
_UNKNOWN = re.compile(r"Type with name \[([^\]]+)\] not found")
_UNMAPPED = re.compile(r"Not mapping external offset \[(\d+)\]")


class Cas:
    """The format `cas`."""

    name = "cas"
    meaning = "UIMA CAS: .xmi with its type system, CAS .json, or a project .zip of INCEpTION"
    mapping = "cas"
    options: tuple[Option, ...] = ()

    def find(self, paths: Sequence[Path]) -> list[Path]:
        """Files of CAS, and project archives."""
        return listed(paths, (".xmi", ".json", ".zip"))

    def read(
        self, path: Path, files: Sequence[Path], options: Mapping[str, str]
    ) -> Iterator[Document | Unreadable]:
        """The document of a file; of a project those of each annotator and the curated ones."""
        if path.suffix == ".zip":
            yield from _project(path)
            return
        systems = () if path.suffix == ".json" else tuple(_systems(path))
        yield _document(path.read_bytes(), path.suffix, systems, path, path.stem)


FORMAT = Cas()


def _systems_in(folder: Path) -> tuple[bytes, ...]:
    """The type systems in a folder, those of the usual name first."""
    files = sorted(folder.glob("*.xml"), key=lambda each: (each.stem != "TypeSystem", each.name))
    found = (each.read_bytes() for each in files)
    return tuple(data for data in found if _TYPES in data[:2000])


def _systems(path: Path) -> Iterator[bytes]:
    for place in _PLACES:
        yield from _systems_in((path.parent / place).resolve())


def _project(path: Path) -> Iterator[Document | Unreadable]:
    """`annotation/DOC/USER.*` and `curation/DOC/CURATION_USER.*`; Java's own form is never read."""
    try:
        archive = ZipFile(path)
    except BadZipFile:
        yield Unreadable("expected a project archive, got a damaged one; export it again")
        return
    unpacker = Unpacker()
    with archive:
        for name in sorted(archive.namelist()):
            parts = PurePosixPath(name).parts
            if len(parts) != 3 or parts[0] not in ("annotation", "curation"):
                continue
            user, suffix = PurePosixPath(parts[2]).stem, PurePosixPath(parts[2]).suffix
            if user == "INITIAL_CAS" or suffix not in (".zip", ".xmi", ".json"):
                continue
            is_adjudicated = parts[0] == "curation"
            for data, kind, systems in _files(unpacker, unpacker.read(archive, name), suffix):
                document = PurePosixPath(parts[1]).name
                annotator = None if is_adjudicated else user
                yield _document(
                    data, kind, systems, path, document, annotator, is_adjudicated=is_adjudicated
                )


def _files(
    unpacker: Unpacker, data: bytes, suffix: str
) -> Iterator[tuple[bytes, str, tuple[bytes, ...]]]:
    """The CAS of one entry of a project, which is an archive of it and its type system mostly."""
    if suffix != ".zip":
        yield data, suffix, ()
        return
    with ZipFile(io.BytesIO(data)) as inner:
        content = {name: unpacker.read(inner, name) for name in sorted(inner.namelist())}
    systems = tuple(each for each in content.values() if _TYPES in each[:2000])
    for name, each in content.items():
        kind = PurePosixPath(name).suffix
        if kind in (".xmi", ".json"):
            yield each, kind, systems


def _document(
    data: bytes,
    kind: str,
    systems: Iterable[bytes],
    path: Path,
    name: str,
    annotator: str | None = None,
    *,
    is_adjudicated: bool = False,
) -> Document | Unreadable:
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        try:
            cas = _json(data) if kind == ".json" else _xmi(data, systems)
        except Unreadable as error:
            return error
    unmapped = {int(n) for each in told for n in _UNMAPPED.findall(str(each.message))}
    text = cas.sofa_string
    if not text:
        return Unreadable("expected a text in the first view, got none; export with the text")
    structures = list(cas.select_all_fs())
    marks, links, lost = taken(structures, text, unmapped)
    lost += [
        Lost(name.rpartition(".")[2], "its type is not in the type system")
        for each in told
        for name in _UNKNOWN.findall(str(each.message))
    ]
    about = {"language": language(language_of(structures))}
    return Document(
        name_of(structures) or name,
        text,
        tuple(marks),
        tuple(links),
        tuple(lost),
        str(path),
        about,
        annotator=annotator,
        is_adjudicated=is_adjudicated,
    )


def _cassis() -> Any:
    try:
        import cassis
    except ImportError:
        raise EnvironmentFailure(
            "the format cas needs dkpro-cassis; install it with `pip install 'dateline[cas]'`"
        ) from None
    return cassis


def _json(data: bytes) -> Any:
    try:
        content = json.loads(data)
    except ValueError as error:
        raise Unreadable(f"expected JSON, got {error}; export again") from None
    if not isinstance(content, dict) or "%FEATURE_STRUCTURES" not in content:
        raise Unreadable(
            "expected CAS JSON 0.4 with %FEATURE_STRUCTURES, got another JSON; export as "
            "`UIMA CAS JSON 0.4`"
        )
    return _loaded(lambda: _cassis().load_cas_from_json(io.BytesIO(data)))


def _xmi(data: bytes, systems: Iterable[bytes]) -> Any:
    """The CAS with the first type system that has all its types and features."""
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise Unreadable("expected XMI without a document type, got one, which nothing needs")
    reason = Unreadable(
        "expected the type system beside the XMI, got none; export it with the project"
    )
    for system in systems:
        if b"<!DOCTYPE" in system or b"<!ENTITY" in system:
            continue
        # Types that it lacks are told of as warnings; features that it lacks end the reading.
        for is_lenient in (False, True):
            try:
                return _loaded(partial(_load_xmi, data, system, is_lenient))
            except Unreadable as error:
                reason = error
    raise reason


def _load_xmi(data: bytes, system: bytes, is_lenient: bool) -> Any:
    cassis = _cassis()
    types = cassis.load_typesystem(io.BytesIO(system))
    return cassis.load_cas_from_xmi(io.BytesIO(data), types, lenient=is_lenient)


def _loaded(load: Any) -> Any:
    try:
        return load()
    except EnvironmentFailure:
        raise
    except Exception as error:
        # cassis raises what it happens to meet: TypeError for a feature, KeyError for a reference.
        words = str(error)[:200] or type(error).__name__
        raise Unreadable(
            f"expected types and features of its type system, got {words}; put the type system of "
            "the same export beside it"
        ) from None
