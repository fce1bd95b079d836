"""How a dataset is cited: for programs as `CITATION.cff`, for people as a sentence."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

FILE = "CITATION.cff"
_AUTHORS = frozenset({"author", "creator"})
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:)?(10\.\d{4,9}/\S+)", re.IGNORECASE)
_ORCID = re.compile(r"https?://orcid\.org/\d{4}-\d{4}-\d{4}-\d{3}[\dX]")


def citation_file(metadata: Json, day: str) -> str | None:
    """`CITATION.cff` (Citation File Format 1.2.0), null where the metadata name no author.

    `day` is that of the release.
    """
    authors = [_author(each) for each in _contributors(metadata)]
    if not authors:
        return None
    doi = doi_of(metadata)
    values: Json = {
        "cff-version": "1.2.0",
        "message": "If you use this dataset, please cite it as below.",
        "type": "dataset",
        "title": title_of(metadata),
        "version": metadata["version"],
        "date-released": day,
        "authors": authors,
        "abstract": metadata.get("description"),
        "keywords": metadata.get("keywords"),
        "doi": doi,
        "url": metadata.get("homepage"),
        **_licences(metadata),
    }
    return "".join(_lines({key: value for key, value in values.items() if value}, ""))


def citation(metadata: Json, day: str) -> str:
    """A sentence to cite a dataset with: authors, year, title, version, and where it is."""
    names = ", ".join(filter(None, map(_name, _contributors(metadata))))
    title = f"{title_of(metadata)} (version {metadata['version']}) [Data set]."
    doi = doi_of(metadata)
    place = f"https://doi.org/{doi}" if doi else metadata.get("homepage")
    start = f"{names} ({day[:4]}). {title}" if names else f"{title} {day[:4]}."
    return " ".join(filter(None, [start, place]))


def title_of(metadata: Json) -> str:
    """The title of a dataset, its name where it has none."""
    return str(metadata.get("title") or metadata["name"])


def doi_of(metadata: Json) -> str | None:
    """The DOI of a dataset, null where its id is none."""
    found = _DOI.fullmatch(str(metadata.get("id", "")))
    return found[1] if found else None


def _contributors(metadata: Json) -> list[Json]:
    """Those who have made it; all who are named where none is said to have."""
    every = [each for each in metadata.get("contributors") or () if _name(each)]
    makers = [each for each in every if _roles(each) & _AUTHORS]
    return makers or every


def _roles(contributor: Json) -> set[str]:
    given = [*(contributor.get("roles") or ()), contributor.get("role")]
    return {str(role).lower() for role in given if role}


def _name(contributor: Json) -> str:
    parts = [contributor.get("givenName"), contributor.get("familyName")]
    return str(contributor.get("title") or " ".join(filter(None, parts)))


def _author(contributor: Json) -> Json:
    given, family = contributor.get("givenName"), contributor.get("familyName")
    if not (given or family):
        return {"name": _name(contributor)}
    path = str(contributor.get("path", ""))
    values = {
        "family-names": family,
        "given-names": given,
        "affiliation": contributor.get("organization"),
        "orcid": path if _ORCID.fullmatch(path) else None,
    }
    return {key: value for key, value in values.items() if value}


def _licences(metadata: Json) -> Json:
    """The licences by their SPDX identifiers, or the address of one that has none."""
    # Here: few commands need its list of licences.
    from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

    known = []
    for licence in metadata.get("licenses") or ():
        try:
            known.append(canonicalize_license_expression(licence.get("name", "")))
        except InvalidLicenseExpression:
            return {"license-url": licence["path"]} if "path" in licence else {}
    return {"license": known[0] if len(known) == 1 else known}


def _lines(values: Json, indent: str) -> Iterator[str]:
    """YAML, whose texts are written as in JSON."""
    for key, value in values.items():
        if isinstance(value, list):
            yield f"{indent}{key}:\n"
            for item in value:
                yield from _item(item)
        else:
            yield f"{indent}{key}: {json.dumps(value, ensure_ascii=False)}\n"


def _item(item: Json | str) -> Iterator[str]:
    if isinstance(item, str):
        yield f"  - {json.dumps(item, ensure_ascii=False)}\n"
        return
    first, *others = _lines(item, "    ")
    yield from ("  - " + first.lstrip(), *others)
