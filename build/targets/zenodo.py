"""Zenodo, and other repositories on InvenioRDM: a record with a DOI for each version."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from dateline.build.issues import RemoteFailure, UsageError
from dateline.build.standard.source import DESCRIPTOR
from dateline.build.targets.assets import assets
from dateline.build.targets.target import Item, Progress, Release, State
from dateline.build.targets.web import Sent, Service, service, understood
from dateline.build.targets.zenodo_metadata import metadata
from dateline.build.versions import is_newer, is_version

_BASE = "https://zenodo.org"
# Without it Zenodo answers in the form of its former interface.
_JSON = {"Accept": "application/vnd.inveniordm.v1+json"}
_RECORD = re.compile(r"[a-z0-9-]*", re.ASCII)
Json = Mapping[str, Any]


@contextmanager
def opened(dest: str) -> Iterator[Zenodo]:
    """Zenodo as a target: `zenodo:` for a new record, `zenodo:RECORD` for a version of one."""
    record = dest.partition(":")[2]
    if not _RECORD.fullmatch(record):
        raise UsageError("expected zenodo: or zenodo:RECORD, got something else after the colon")
    base = os.environ.get("ZENODO_URL") or _BASE
    asked = service("Zenodo", "ZENODO_TOKEN", f"{base}/api", os.environ.get("ZENODO_TOKEN"))
    with asked.session, understood("Zenodo"):
        yield Zenodo(record, asked)


class Zenodo:
    """A record and its versions, or one that is still to be made."""

    def __init__(self, record: str, service: Service) -> None:
        self._record = record
        self._service = service
        # What this run has made: the search of the service knows of it later.
        self._made: Json | None = None
        self._latest = record

    def shown(self, release: Release) -> str:
        """The record, and the version of it."""
        return f"zenodo:{self._record} version {release.version}"

    def items(self, release: Release) -> Sequence[Item]:
        """The archive and what is read beside it; the metadata are found to be complete too."""
        metadata(release)
        return assets(release)

    def state(self, release: Release) -> State:
        """By the records of the account: a draft is begun, a published record complete."""
        found = self._found(release)
        if found is None:
            return "absent"
        if not found["is_published"]:
            return "begun"
        claim = self.items(release)[0]
        if self._digest(found, claim) != claim.sha256:
            raise RemoteFailure(
                f"{self.shown(release)}: expected this release or none, got another one with this "
                "version; a published version never changes: release a higher one"
            )
        return "complete"

    def held(self, release: Release, item: Item) -> str | None:
        """The digest of a file, read back; of the last one when the record is published."""
        found = self._found(release)
        if found is None or (item.path == DESCRIPTOR and not found["is_published"]):
            return None
        if self._entries(found).get(item.path) != "completed":
            return None
        return self._digest(found, item)

    def put(self, release: Release, item: Item, progress: Progress) -> None:
        """Sends a file to the draft; after the last one, the draft is published."""
        draft = self._found(release) or self._begun(release)
        if self._entries(draft).get(item.path) != "completed":
            self._send(draft, item, progress)
        if item.path == DESCRIPTOR:
            self._publish(draft, release)

    def point(self, release: Release) -> str | None:
        """The DOI, where this run has published; the last is the newest, as `state` sees to."""
        if self._made is None or not self._made["is_published"]:
            return None
        doi = self._made.get("pids", {}).get("doi", {}).get("identifier")
        return f"https://doi.org/{doi}" if doi else f"zenodo:{self._made['id']}"

    def _found(self, release: Release) -> Json | None:
        """The record or draft of the version; null where there is none."""
        if self._made is not None:
            return self._made
        return self._version(release) if self._record else self._first(release)

    def _first(self, release: Release) -> Json | None:
        """The draft or record that has no earlier version; RemoteFailure where there is one."""
        title = metadata(release)["title"]
        quoted = title.replace("\\", "\\\\").replace('"', '\\"')
        own = [
            each
            for each in self._records(f'metadata.title:"{quoted}"')
            if each["metadata"].get("title") == title
        ]
        for each in own:
            if each["metadata"].get("version") == release.version:
                return each
        if published := next((each for each in own if each["is_published"]), None):
            raise RemoteFailure(
                f"zenodo: expected no record of this title, got {published['id']}; publish to "
                f"zenodo:{published['id']} to make a new version of it"
            )
        return None

    def _version(self, release: Release) -> Json | None:
        """The draft or record among the versions of the record that is named."""
        path = f"records/{self._record}"
        known = self._service.values("GET", path, headers=_JSON, absent=True)
        if known is None:
            raise RemoteFailure(f"{self.shown(release)}: expected a published record, got none")
        # What is named may be the record of all versions, of which no version can be made.
        self._latest, parent = known["id"], known["parent"]["id"]
        own = [
            each
            for each in self._records(f'parent.id:"{parent}"')
            if each["parent"]["id"] == parent
        ]
        versions = [(str(each["metadata"].get("version")), each) for each in own]
        for version, each in versions:
            published = each["is_published"] and is_version(version)
            if published and is_newer(version, release.version):
                raise RemoteFailure(
                    f"{self.shown(release)}: expected no newer version, got {version}; what is "
                    "published last is shown as the newest, so an older version has to come first"
                )
        return next((each for version, each in versions if version == release.version), None)

    def _records(self, query: str) -> list[Json]:
        """The records and drafts of the account, of all versions."""
        asked = {"q": query, "allversions": "true", "size": "100"}
        page = self._service.values("GET", "user/records", params=asked, headers=_JSON)
        found: list[Json] = page["hits"]["hits"]
        while following := page.get("links", {}).get("next"):
            page = self._service.values("GET", following, headers=_JSON)
            found += page["hits"]["hits"]
        return found

    def _begun(self, release: Release) -> Json:
        """A new draft with the metadata of the release."""
        about = {
            "access": {"record": "public", "files": "public"},
            "files": {"enabled": True},
            "metadata": metadata(release),
        }
        if not self._record:
            self._made = self._service.values("POST", "records", json=about, headers=_JSON)
            return self._made
        # Where one has been begun already, that is what the service answers with.
        path = f"records/{self._latest}/versions"
        draft = self._service.values("POST", path, headers=_JSON)
        path = f"records/{draft['id']}/draft"
        self._made = self._service.values("PUT", path, json=about, headers=_JSON)
        return self._made

    def _files(self, record: Json) -> str:
        middle = "" if record["is_published"] else "/draft"
        return f"records/{record['id']}{middle}/files"

    def _entries(self, record: Json) -> dict[str, str]:
        """The files of a record, and whether they are completed."""
        listed = self._service.values("GET", self._files(record), headers=_JSON)
        return {each["key"]: each["status"] for each in listed["entries"]}

    def _digest(self, record: Json, item: Item) -> str | None:
        address = f"{self._files(record)}/{quote(item.path)}/content"
        return self._service.digest(address, item.bytes)

    def _send(self, draft: Json, item: Item, progress: Progress) -> None:
        files = self._files(draft)
        file = f"{files}/{quote(item.path)}"
        if item.path in self._entries(draft):
            # What was broken off cannot be gone on with.
            self._service.ask("DELETE", file)
        self._service.ask("POST", files, json=[{"key": item.path}])
        kind = {"Content-Type": "application/octet-stream"}
        self._service.ask("PUT", f"{file}/content", data=Sent(item, progress), headers=kind)
        self._service.ask("POST", f"{file}/commit")

    def _publish(self, draft: Json, release: Release) -> None:
        """Publishes a draft with all files of the release and no other."""
        there = self._entries(draft)
        expected = {each.path: "completed" for each in self.items(release)}
        if there != expected:
            raise RemoteFailure(
                f"{self.shown(release)}: expected the files {', '.join(sorted(expected))} in the "
                f"draft, got {', '.join(sorted(there))}; discard the draft and publish again"
            )
        path = f"records/{draft['id']}/draft/actions/publish"
        self._made = self._service.values("POST", path, headers=_JSON)
