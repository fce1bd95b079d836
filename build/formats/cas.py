"""UIMA CAS: XMI with its type system, CAS JSON, and project archives of INCEpTION and WebAnno.

dkpro-cassis reads them, and turns their UTF-16 code units into code points. A feature structure is
a mark of the short name of its type; a feature that refers to another is a link.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile

from dateline.build.formats.cas_loading import is_system, loaded, systems_near
from dateline.build.formats.cas_structures import label_of, language_of, name_of, taken
from dateline.build.formats.files import Unpacker, language, listed
from dateline.build.formats.source import Document, Lost, Option, Unreadable

# Java's own form (`annotation_ser`) is never read.
_ENTRY = re.compile(
    r"(?P<stage>annotation|curation)/(?P<document>[^/]+)/(?P<user>[^/]+?)(?P<suffix>\.[^./]*)?"
)
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
        yield _document(path.read_bytes(), path.suffix, systems_near(path), path, path.stem)


FORMAT = Cas()


def _project(path: Path) -> Iterator[Document | Unreadable]:
    """The documents of a project: what its annotators and its curation have made of each."""
    try:
        archive = ZipFile(path)
    except BadZipFile:
        yield Unreadable("expected a project archive, got a damaged one; export it again")
        return
    unpacker = Unpacker()
    with archive:
        entries = [e for e in map(_ENTRY.fullmatch, sorted(archive.namelist())) if e]
        for entry in entries:
            if entry["user"] != "INITIAL_CAS":
                yield from _entry(entry, archive, unpacker, path)
    if not entries:
        yield Unreadable(
            "expected a project with annotation/DOCUMENT/USER.zip, got an archive of other files; "
            "export the project with its annotations"
        )


def _entry(
    entry: re.Match[str], archive: ZipFile, unpacker: Unpacker, path: Path
) -> Iterator[Document | Unreadable]:
    """The documents of one entry, one mostly."""
    try:
        files = list(_files(unpacker, unpacker.read(archive, entry[0]), entry["suffix"]))
    except BadZipFile:
        files = []
    if not files:
        yield Unreadable(
            f"expected XMI or CAS JSON, got {entry[0]}, which is damaged or of another form; "
            "export the project as `UIMA CAS JSON 0.4`"
        )
    for data, kind, systems in files:
        found = _document(data, kind, systems, path, entry["document"])
        yield found if isinstance(found, Unreadable) else _of(entry, found)


def _of(entry: re.Match[str], document: Document) -> Document:
    """The document as its entry of a project says whose it is: its own name may be a user's."""
    named = replace(document, name=entry["document"])
    if entry["stage"] == "curation":
        return replace(named, is_adjudicated=True)
    return replace(named, annotator=entry["user"])


def _files(
    unpacker: Unpacker, data: bytes, suffix: str
) -> Iterator[tuple[bytes, str, tuple[bytes, ...]]]:
    """The CAS of one entry of a project, which is an archive of it and its type system mostly."""
    if suffix in (".xmi", ".json"):
        yield data, suffix, ()
    if suffix != ".zip":
        return
    with ZipFile(io.BytesIO(data)) as inner:
        content = {name: unpacker.read(inner, name) for name in sorted(inner.namelist())}
    systems = tuple(each for each in content.values() if is_system(each))
    for name, each in content.items():
        kind = PurePosixPath(name).suffix
        if kind in (".xmi", ".json"):
            yield each, kind, systems


def _document(
    data: bytes, kind: str, systems: Iterable[bytes], path: Path, name: str
) -> Document | Unreadable:
    try:
        cas, words = loaded(data, kind, systems)
    except Unreadable as error:
        return error
    text = cas.sofa_string
    if not text:
        return Unreadable("expected a text in the first view, got none; export with the text")
    structures = list(cas.select_all_fs())
    marks, links, lost = taken(structures, text, _numbers(words))
    lost += [
        Lost(each.rpartition(".")[2], "its type is not in the type system")
        for said in words
        for each in _UNKNOWN.findall(said)
    ]
    lost += [
        Lost(label_of(each), "it is of another view than the first")
        for view in cas.views[1:]
        for each in view.get_all_fs()
    ]
    about = {"language": language(language_of(structures))}
    name = name_of(structures) or name
    return Document(name, text, tuple(marks), tuple(links), tuple(lost), str(path), about)


def _numbers(words: Sequence[str]) -> set[int]:
    """The offsets that lie inside of a character."""
    return {int(number) for said in words for number in _UNMAPPED.findall(said)}
