"""The interface of GitHub for releases: drafts, assets at a host of their own, the latest."""

from __future__ import annotations

import hashlib
from typing import Any

from service import Asked, Refused, Said, Service

Json = dict[str, Any]

TOKEN = "github-token-to-hide"
REPOSITORY = "owner/data"
# The longest page of a list.
PAGE = 2


class GitHub(Service):
    """Releases by id, with their assets; what is published takes no other files."""

    def __init__(self, storage: Storage) -> None:
        super().__init__()
        self.releases: dict[int, Json] = {}
        self.latest: int | None = None
        self.storage = storage
        # Assets that are downloaded, by id; the storage takes them from here.
        storage.github = self
        self.content: dict[int, bytes] = {}
        base = rf"/repos/{REPOSITORY}/releases"
        self.routes = [
            ("GET", base, self.listed),
            ("POST", base, self.create),
            ("GET", rf"{base}/latest", self.read_latest),
            ("GET", rf"{base}/tags/(.+)", self.tagged),
            ("GET", rf"{base}/(\d+)", self.read),
            ("PATCH", rf"{base}/(\d+)", self.change),
            ("GET", rf"{base}/assets/(\d+)", self.asset),
            ("DELETE", rf"{base}/assets/(\d+)", self.delete_asset),
        ]

    def answer(self, asked: Asked) -> Said:
        """As any service; requests without the token are refused."""
        return _refusal(asked) or super().answer(asked)

    def _all(self) -> list[Json]:
        return sorted(self.releases.values(), key=lambda each: -int(each["id"]))

    def listed(self, asked: Asked) -> Said:
        page = int(asked.query.get("page", 1))
        found = self._all()
        headers = {}
        if len(found) > page * PAGE:
            address = f"{self.base}/repos/{REPOSITORY}/releases?per_page=100&page={page + 1}"
            headers["Link"] = f'<{address}>; rel="next"'
        return Said(200, found[(page - 1) * PAGE : page * PAGE], headers)

    def create(self, asked: Asked) -> Said:
        given = asked.values
        published = [each for each in self._all() if not each["draft"]]
        if any(each["tag_name"] == given["tag_name"] for each in published):
            raise _invalid("Release", "tag_name", "already_exists")
        number = len(self.releases) + 1
        uploads = f"{self.storage.base}/repos/{REPOSITORY}/releases/{number}/assets{{?name,label}}"
        self.releases[number] = {
            "id": number,
            "upload_url": uploads,
            "html_url": f"{self.base}/{REPOSITORY}/releases/tag/untagged-{number}",
            "assets": [],
            "draft": False,
            "prerelease": False,
            **given,
        }
        return Said(201, self.releases[number])

    def read(self, asked: Asked) -> Said:
        return Said(200, self._release(int(asked.parts[0])))

    def _release(self, number: int) -> Json:
        if number not in self.releases:
            raise Refused(404, {"message": "Not Found"})
        return self.releases[number]

    def tagged(self, asked: Asked) -> Said:
        found = [each for each in self._all() if each["tag_name"] == asked.parts[0]]
        published = [each for each in found if not each["draft"]]
        if not published:
            raise Refused(404, {"message": "Not Found"})
        return Said(200, published[0])

    def read_latest(self, asked: Asked) -> Said:
        if self.latest is None:
            raise Refused(404, {"message": "Not Found"})
        return Said(200, self.releases[self.latest])

    def change(self, asked: Asked) -> Said:
        release, given = self._release(int(asked.parts[0])), dict(asked.values)
        if release["draft"] and given.get("draft") is False:
            tag = release["tag_name"]
            if any(r["tag_name"] == tag and not r["draft"] for r in self._all()):
                raise _invalid("Release", "tag_name", "already_exists")
            release["html_url"] = f"{self.base}/{REPOSITORY}/releases/tag/{tag}"
        elif given.keys() - {"make_latest", "name", "body"}:
            raise _invalid("Release", "draft", "immutable")
        latest = given.pop("make_latest", "true" if given.get("draft") is False else "false")
        release |= given
        if latest == "true":
            if release["draft"] or release["prerelease"]:
                raise _invalid("Release", "make_latest", "invalid")
            self.latest = release["id"]
        return Said(200, release)

    def asset(self, asked: Asked) -> Said:
        number = int(asked.parts[0])
        if number not in self.content:
            raise Refused(404, {"message": "Not Found"})
        if asked.headers.get("accept") != "application/octet-stream":
            return Said(200, {"id": number})
        return Said(302, b"", {"Location": f"{self.storage.base}/signed/{number}"})

    def delete_asset(self, asked: Asked) -> Said:
        number = int(asked.parts[0])
        for release in self._all():
            for asset in release["assets"]:
                if asset["id"] == number and release["draft"]:
                    release["assets"].remove(asset)
                    return Said(204)
        raise Refused(404, {"message": "Not Found"})


class Storage(Service):
    """The host that takes assets, and the one that gives them, which wants no token."""

    def __init__(self) -> None:
        super().__init__()
        self.github: GitHub
        self.routes = [
            ("POST", rf"/repos/{REPOSITORY}/releases/(\d+)/assets", self.upload),
            ("GET", r"/signed/(\d+)", self.download),
        ]

    def upload(self, asked: Asked) -> Said:
        if refusal := _refusal(asked):
            return refusal
        release = self.github._release(int(asked.parts[0]))
        name = asked.query["name"]
        if not release["draft"]:
            raise Refused(422, {"message": "Cannot upload assets to an immutable release."})
        if any(each["name"] == name for each in release["assets"]):
            raise _invalid("ReleaseAsset", "name", "already_exists")
        if not asked.body or "content-type" not in asked.headers:
            raise Refused(400, {"message": "Bad Content-Length"})
        number = len(self.github.content) + 100
        self.github.content[number] = asked.body
        asset = {"id": number, "name": name, "state": "starter", "size": 0}
        release["assets"].append(asset)
        if not asked.broken:
            digest = hashlib.sha256(asked.body).hexdigest()
            size = len(asked.body)
            asset |= {"state": "uploaded", "size": size, "digest": f"sha256:{digest}"}
        return Said(201, asset)

    def download(self, asked: Asked) -> Said:
        if "authorization" in asked.headers:
            raise Refused(400, {"message": "Only one auth mechanism allowed"})
        return Said(200, self.github.content[int(asked.parts[0])])


def _refusal(asked: Asked) -> Said | None:
    if not asked.headers.get("user-agent"):
        return Said(403, {"message": "Request forbidden by administrative rules."})
    if asked.headers.get("authorization") != f"Bearer {TOKEN}":
        return Said(401, {"message": "Bad credentials", "status": "401"})
    return None


def _invalid(resource: str, field: str, code: str) -> Refused:
    errors = [{"resource": resource, "field": field, "code": code}]
    return Refused(422, {"message": "Validation Failed", "errors": errors})
