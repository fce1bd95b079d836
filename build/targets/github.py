"""GitHub Releases: a draft that takes the files of a release, then is published."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import semver

from dateline.build.issues import RemoteFailure, UsageError
from dateline.build.standard.source import DESCRIPTOR
from dateline.build.sums import SUMS
from dateline.build.targets.assets import assets
from dateline.build.targets.target import Item, Progress, Release, State
from dateline.build.targets.web import Sent, Service, service, understood
from dateline.build.versions import is_newer, is_version

_BASE = "https://api.github.com"
_JSON = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
_BYTES = {**_JSON, "Accept": "application/octet-stream"}
_REPOSITORY = re.compile(r"[A-Za-z0-9._-]+/[A-Za-z0-9._-]+", re.ASCII)
# Of the text of a release, in characters; GitHub takes a little more.
_LONGEST = 120_000
Json = Mapping[str, Any]


@contextmanager
def opened(dest: str) -> Iterator[GitHub]:
    """The releases of a repository, `github:OWNER/REPOSITORY`, as a target."""
    repository = dest.partition(":")[2]
    if not _REPOSITORY.fullmatch(repository):
        raise UsageError("expected github:OWNER/REPOSITORY, got something else after the colon")
    token = os.environ.get("GITHUB_TOKEN") or os.environ.get("GH_TOKEN")
    base = os.environ.get("GITHUB_API_URL") or _BASE
    asked = service("GitHub", "GITHUB_TOKEN or GH_TOKEN", base, token)
    with asked.session, understood("GitHub"):
        yield GitHub(repository, asked)


class GitHub:
    """The releases of a repository; that of a version has the tag vVERSION."""

    def __init__(self, repository: str, service: Service) -> None:
        self._repository = repository
        self._service = service
        self._base = f"repos/{repository}/releases"
        # Of the draft that this run has made: the list may name it later.
        self._made: int | None = None
        self._published = False

    def shown(self, release: Release) -> str:
        """The repository and the tag of the version."""
        return f"github:{self._repository} {_tag(release)}"

    def items(self, release: Release) -> Sequence[Item]:
        """The archive, and what is read beside it."""
        return assets(release)

    def state(self, release: Release) -> State:
        """By the release of the tag: a draft is begun, a published one complete."""
        found = self._found(release)
        if found is None:
            return "absent"
        if found["draft"]:
            return "begun"
        claim = self.items(release)[0]
        asset = _assets(found).get(SUMS)
        if asset is None or self._digest(asset, claim) != claim.sha256:
            raise RemoteFailure(
                f"{self.shown(release)}: expected this release or none, got another one with this "
                "tag; a published version never changes: release a higher one"
            )
        return "complete"

    def held(self, release: Release, item: Item) -> str | None:
        """The digest of a file, read back; of the last one when the release is published."""
        found = self._found(release)
        if found is None or (item.path == DESCRIPTOR and found["draft"]):
            return None
        asset = _assets(found).get(item.path)
        return None if asset is None else self._digest(asset, item)

    def put(self, release: Release, item: Item, progress: Progress) -> None:
        """Sends a file to the draft; after the last one, the draft is published."""
        draft = self._found(release) or self._begun(release)
        if item.path not in _assets(draft):
            self._send(draft, item, progress)
        if item.path == DESCRIPTOR:
            self._publish(release)

    def point(self, release: Release) -> str | None:
        """Makes the release the repository's latest, where it is newer than that."""
        found = self._found(release)
        if found is None or found["draft"] or found["prerelease"]:
            return None
        latest = self._service.values("GET", f"{self._base}/latest", headers=_JSON, absent=True)
        version = str(latest["tag_name"]).removeprefix("v") if latest else ""
        if version == release.version and not self._published:
            return None
        if is_version(version) and is_newer(version, release.version):
            return None
        path = f"{self._base}/{found['id']}"
        self._service.ask("PATCH", path, json={"make_latest": "true"}, headers=_JSON)
        return str(found["html_url"])

    def _found(self, release: Release) -> Json | None:
        """The release of the tag or, where there is none yet, the draft; null for neither.

        The list alone names drafts, which have no tag before they are published.
        """
        if self._made is not None:
            made: Json = self._service.values("GET", f"{self._base}/{self._made}", headers=_JSON)
            return made
        pages = self._service.pages(self._base, params={"per_page": "100"}, headers=_JSON)
        own = [each for page in pages for each in page if each["tag_name"] == _tag(release)]
        published = [each for each in own if not each["draft"]]
        if not published and len(own) > 1:
            raise RemoteFailure(
                f"{self.shown(release)}: expected one draft of this tag, got {len(own)}; delete "
                "all that nobody needs"
            )
        return next(iter([*published, *own]), None)

    def _begun(self, release: Release) -> Json:
        """A new draft, with the entry of the changelog as its text."""
        title = release.descriptor.get("title") or release.name
        about = {
            "tag_name": _tag(release),
            "name": f"{title} {release.version}",
            "body": _text(release),
            "draft": True,
            "prerelease": semver.Version.parse(release.version).prerelease is not None,
        }
        made: Json = self._service.values("POST", self._base, json=about, headers=_JSON)
        self._made = made["id"]
        return made

    def _digest(self, asset: Json, item: Item) -> str | None:
        path = f"{self._base}/assets/{asset['id']}"
        return self._service.digest(path, item.bytes, headers=_BYTES)

    def _send(self, draft: Json, item: Item, progress: Progress) -> None:
        for broken in draft["assets"]:
            if broken["name"] == item.path:
                # An upload that was broken off keeps the name; it holds nothing.
                self._service.ask("DELETE", f"{self._base}/assets/{broken['id']}", headers=_JSON)
        self._service.ask(
            "POST",
            str(draft["upload_url"]).partition("{")[0],
            params={"name": item.path},
            data=Sent(item, progress),
            headers={**_JSON, "Content-Type": "application/octet-stream"},
        )

    def _publish(self, release: Release) -> None:
        """Publishes the draft with all files of the release and no other."""
        draft = self._found(release)
        assert draft is not None
        names = sorted(each["name"] for each in draft["assets"])
        expected = sorted(each.path for each in self.items(release))
        if names != expected:
            raise RemoteFailure(
                f"{self.shown(release)}: expected the files {', '.join(expected)}, got "
                f"{', '.join(names)}; delete the draft and publish again"
            )
        # Which one is the latest is said once the files are known to be right.
        about = {"draft": False, "make_latest": "false"}
        self._service.ask("PATCH", f"{self._base}/{draft['id']}", json=about, headers=_JSON)
        self._published = True


def _tag(release: Release) -> str:
    return f"v{release.version}"


def _assets(release: Json) -> dict[str, Json]:
    """The files of a release that were sent whole."""
    return {each["name"]: each for each in release["assets"] if each["state"] == "uploaded"}


def _text(release: Release) -> str:
    """The first entry of the changelog; the description where there is none."""
    path = release.folder / "CHANGELOG.md"
    parts = re.split(r"^(?=## )", path.read_text("utf-8"), flags=re.M) if path.is_file() else []
    text = parts[1].strip() if len(parts) > 1 else str(release.descriptor.get("description") or "")
    return text[:_LONGEST]
