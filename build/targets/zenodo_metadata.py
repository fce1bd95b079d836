"""The metadata of a release in the form of InvenioRDM, which Zenodo runs on."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from dateline.build.issues import InvalidInput
from dateline.build.targets.target import Release

_ORCID = re.compile(r"https?://orcid\.org/(\d{4}-\d{4}-\d{4}-\d{3}[\dX])", re.ASCII)
# Who made the data is a creator, everybody else a contributor of the role named here.
_CREATORS = ("author", "creator", "creators")
_ROLES = {
    "contact": "contactperson",
    "contributor": "other",
    "dataCollector": "datacollector",
    "dataCurator": "datacurator",
    "editor": "editor",
    "maintainer": "datamanager",
    "publisher": "distributor",
    "rightsHolder": "rightsholder",
    "wrangler": "datacurator",
}


def metadata(release: Release) -> dict[str, Any]:
    """The metadata of a record of the release; InvalidInput where they lack what a DOI needs."""
    descriptor = release.descriptor
    people = [each for each in _objects(descriptor, "contributors") if _name(each)]
    makers = [each for each in people if _roles(each) & set(_CREATORS)] or people
    licences = [right for each in _objects(descriptor, "licenses") if (right := _right(each))]
    day = str(descriptor.get("created") or "")[:10]
    title = str(descriptor.get("title") or "")
    lacking = {
        "a title": title,
        "contributors with names": makers,
        "a licence with a name": licences,
        "created, a date": _is_day(day),
    }
    if missing := [what for what, found in lacking.items() if not found]:
        raise InvalidInput(
            f"zenodo: expected {', '.join(missing)} in datapackage.json, got none; add them to "
            "the project and release again"
        )
    found = {
        "resource_type": {"id": "dataset"},
        "title": title,
        "publisher": "Zenodo",
        "publication_date": day,
        "version": release.version,
        "creators": [_agent(each) for each in makers],
        "contributors": [
            {**_agent(each), "role": {"id": _role(each)}} for each in people if each not in makers
        ],
        "rights": licences,
        "subjects": [{"subject": str(word)} for word in _list(descriptor, "keywords")],
        "description": _description(descriptor),
    }
    return {key: value for key, value in found.items() if value}


def _objects(descriptor: Mapping[str, object], key: str) -> list[Mapping[str, Any]]:
    return [each for each in _list(descriptor, key) if isinstance(each, dict)]


def _list(descriptor: Mapping[str, object], key: str) -> list[Any]:
    value = descriptor.get(key)
    return value if isinstance(value, list) else []


def _name(contributor: Mapping[str, Any]) -> str:
    return str(contributor.get("familyName") or contributor.get("title") or "")


def _roles(contributor: Mapping[str, Any]) -> set[str]:
    roles = contributor.get("roles")
    named = roles if isinstance(roles, list) else [contributor.get("role")]
    return {str(each) for each in named if each}


def _role(contributor: Mapping[str, Any]) -> str:
    known = sorted(_ROLES[role] for role in _roles(contributor) if role in _ROLES)
    return known[0] if known else "other"


def _agent(contributor: Mapping[str, Any]) -> dict[str, Any]:
    """A person where the family name is given; else what the title names, as an organisation."""
    if family := contributor.get("familyName"):
        agent = {"type": "personal", "family_name": str(family)}
        if given := contributor.get("givenName"):
            agent["given_name"] = str(given)
    else:
        agent = {"type": "organizational", "name": str(contributor["title"])}
    found: dict[str, Any] = {"person_or_org": agent}
    if orcid := _ORCID.match(str(contributor.get("path") or "")):
        found["person_or_org"] = {
            **agent,
            "identifiers": [{"scheme": "orcid", "identifier": orcid[1]}],
        }
    if organization := contributor.get("organization"):
        found["affiliations"] = [{"name": str(organization)}]
    return found


def _right(licence: Mapping[str, Any]) -> dict[str, Any] | None:
    """The identifier of SPDX in lower case; title and address where the licence has no other."""
    name = str(licence.get("name") or "")
    if name and not name.lower().startswith(("other", "licenseref-")):
        return {"id": name.lower()}
    title, path = licence.get("title"), licence.get("path")
    if not title:
        return None
    return {"title": {"en": str(title)}, **({"link": str(path)} if path else {})}


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _description(descriptor: Mapping[str, object]) -> str:
    """The description as HTML: its paragraphs, and nothing in them that is not text."""
    text = str(descriptor.get("description") or "").strip()
    parts = [html.escape(part.strip(), quote=False) for part in re.split(r"\n\s*\n", text)]
    return "".join(f"<p>{part}</p>" for part in parts if part)
