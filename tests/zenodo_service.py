"""The interface of InvenioRDM for drafts, files, records and versions, in its documented order."""

from __future__ import annotations

import copy
import hashlib
import re
import time
from typing import Any
from urllib.parse import urlencode

from service import Asked, Refused, Said, Service

Json = dict[str, Any]

TOKEN = "zenodo-token-to-hide"
FORM = "application/vnd.inveniordm.v1+json"
LICENCES = {"cc-by-4.0", "cc0-1.0", "cc-by-sa-4.0"}
ROLES = {"contactperson", "datacollector", "datacurator", "editor", "rightsholder", "other"}
# How long a search does not know what was changed, in seconds; and its longest page.
LATE = 0.4
PAGE = 2


class Zenodo(Service):
    """Records by id; a record is a draft until it is published."""

    def __init__(self) -> None:
        super().__init__()
        self.records: dict[str, Json] = {}
        self.files: dict[str, dict[str, Json]] = {}
        one = r"/api/records/([a-z0-9-]+)"
        file = rf"{one}/draft/files/([^/]+)"
        self.routes = [
            ("GET", r"/api/user/records", self.search),
            ("POST", r"/api/records", self.create),
            ("GET", one, self.read),
            ("GET", rf"{one}/files", self.list_files),
            ("GET", rf"{one}/files/([^/]+)/content", self.content),
            ("POST", rf"{one}/versions", self.new_version),
            ("GET", rf"{one}/draft", self.read_draft),
            ("PUT", rf"{one}/draft", self.update),
            ("POST", rf"{one}/draft/actions/publish", self.publish),
            ("GET", rf"{one}/draft/files", self.list_draft_files),
            ("POST", rf"{one}/draft/files", self.start_files),
            ("PUT", rf"{file}/content", self.send),
            ("GET", rf"{file}/content", self.draft_content),
            ("POST", rf"{file}/commit", self.commit),
            ("DELETE", file, self.delete_file),
        ]

    def answer(self, asked: Asked) -> Said:
        """As any service; requests of unnamed programs and without the token are refused."""
        if not asked.headers.get("user-agent", "").startswith("dateline/"):
            return Said(403, {"message": "Forbidden"})
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            message = "The server could not verify that you are authorized to access the URL"
            return Said(401, {"status": 401, "message": message})
        said = super().answer(asked)
        content = said.content
        if isinstance(content, dict) and "parent" in content and FORM not in _accept(asked):
            # The form of the former interface.
            return Said(said.status, {"id": content["id"], "conceptrecid": content["parent"]["id"]})
        return said

    def create(self, asked: Asked) -> Said:
        number = str(len(self.records) * 2 + 2)
        parent = str(int(number) - 1)
        record = {"id": number, "parent": {"id": parent}, "versions": {"index": 1}}
        return Said(201, self._saved({**record, "is_published": False}, asked.values))

    def _saved(self, record: Json, given: Json) -> Json:
        assert given["files"] == {"enabled": True}
        record = {**record, "metadata": given["metadata"], "pids": {}, "changed": time.monotonic()}
        self.records[record["id"]] = record
        self.files.setdefault(record["id"], {})
        return {**record, "errors": _faults(record["metadata"])}

    def read(self, asked: Asked) -> Said:
        (number,) = asked.parts
        latest = self._latest(number)
        if latest is not None:
            return Said(302, {}, {"Location": f"/api/records/{latest['id']}"})
        return Said(200, self._record(number, published=True))

    def _latest(self, parent: str) -> Json | None:
        own = [r for r in self.records.values() if r["parent"]["id"] == parent]
        published = [r for r in own if r["is_published"]]
        return max(published, key=lambda r: int(r["versions"]["index"]), default=None)

    def read_draft(self, asked: Asked) -> Said:
        return Said(200, self._record(asked.parts[0], published=False))

    def update(self, asked: Asked) -> Said:
        return Said(200, self._saved(self._record(asked.parts[0], published=False), asked.values))

    def _record(self, number: str, *, published: bool) -> Json:
        found = self.records.get(number)
        if found is None or found["is_published"] is not published:
            raise Refused(
                404, {"status": 404, "message": "The persistent identifier is not there."}
            )
        return found

    def new_version(self, asked: Asked) -> Said:
        latest = self._record(asked.parts[0], published=True)
        parent = latest["parent"]["id"]
        for each in self.records.values():
            if each["parent"]["id"] == parent and not each["is_published"]:
                return Said(201, each)
        number = str(max(map(int, self.records)) + 2)
        draft = copy.deepcopy({**latest, "id": number, "is_published": False, "pids": {}})
        draft["versions"]["index"] += 1
        for replaced in ("version", "publication_date"):
            draft["metadata"].pop(replaced, None)
        draft["changed"] = time.monotonic()
        self.records[number], self.files[number] = draft, {}
        return Said(201, draft)

    def search(self, asked: Asked) -> Said:
        match = re.fullmatch(r'(metadata\.title|parent\.id):"(.*)"', asked.query["q"])
        if match is None or asked.query.get("allversions") != "true":
            raise Refused(400, {"status": 400, "message": "Invalid querystring parameters."})
        outer, inner = match[1].split(".")
        wanted = match[2].replace('\\"', '"').replace("\\\\", "\\")
        known = [r for r in self.records.values() if time.monotonic() - r["changed"] > LATE]
        found = [r for r in known if wanted in r[outer].get(inner, "")]
        page = int(asked.query.get("page", 1))
        links = {}
        if len(found) > page * PAGE:
            query = urlencode({**asked.query, "page": page + 1})
            links["next"] = f"{self.base}/api/user/records?{query}"
        hits = {"hits": found[(page - 1) * PAGE : page * PAGE], "total": len(found)}
        return Said(200, {"hits": hits, "links": links})

    def list_files(self, asked: Asked) -> Said:
        return self._listed(self._record(asked.parts[0], published=True))

    def list_draft_files(self, asked: Asked) -> Said:
        return self._listed(self._record(asked.parts[0], published=False))

    def _listed(self, record: Json) -> Said:
        entries = [
            {key: value for key, value in each.items() if key != "bytes"}
            for each in self.files[record["id"]].values()
        ]
        return Said(200, {"enabled": True, "entries": entries})

    def start_files(self, asked: Asked) -> Said:
        files = self.files[self._record(asked.parts[0], published=False)["id"]]
        for each in asked.values:
            if each["key"] in files:
                message = f"File with key {each['key']} already exists."
                raise Refused(400, {"status": 400, "message": message})
            files[each["key"]] = {"key": each["key"], "status": "pending"}
        return Said(201, self._listed(self.records[asked.parts[0]]).content)

    def _file(self, asked: Asked) -> Json:
        files = self.files[self._record(asked.parts[0], published=False)["id"]]
        if asked.parts[1] not in files:
            raise Refused(404, {"status": 404, "message": "File with that key does not exist."})
        return files[asked.parts[1]]

    def send(self, asked: Asked) -> Said:
        file = self._file(asked)
        if asked.broken:
            raise Refused(400, {"message": "broken off"})
        if file["status"] != "pending" or not asked.body:
            raise Refused(400, {"status": 400, "message": "File content cannot be set."})
        if asked.headers["content-type"] != "application/octet-stream":
            raise Refused(415, {"status": 415, "message": "Invalid 'Content-Type' header."})
        file["bytes"] = asked.body
        return Said(200, {"key": file["key"], "status": "pending"})

    def commit(self, asked: Asked) -> Said:
        file = self._file(asked)
        if "bytes" not in file or file["status"] != "pending":
            raise Refused(400, {"status": 400, "message": "Transfer is not complete."})
        digest = hashlib.md5(file["bytes"], usedforsecurity=False).hexdigest()
        file |= {"status": "completed", "checksum": f"md5:{digest}", "size": len(file["bytes"])}
        return Said(200, {key: value for key, value in file.items() if key != "bytes"})

    def delete_file(self, asked: Asked) -> Said:
        file = self._file(asked)
        del self.files[asked.parts[0]][file["key"]]
        return Said(204)

    def content(self, asked: Asked) -> Said:
        return self._content(self._record(asked.parts[0], published=True), asked.parts[1])

    def draft_content(self, asked: Asked) -> Said:
        return self._content(self._record(asked.parts[0], published=False), asked.parts[1])

    def _content(self, record: Json, key: str) -> Said:
        file = self.files[record["id"]].get(key)
        if file is None or file["status"] != "completed":
            raise Refused(404, {"status": 404, "message": "File with that key does not exist."})
        return Said(200, file["bytes"])

    def publish(self, asked: Asked) -> Said:
        draft = self._record(asked.parts[0], published=False)
        files = self.files[draft["id"]]
        errors = _faults(draft["metadata"])
        if not files:
            message = "Missing uploaded files. To disable files for this record please mark it."
            errors.append({"field": "files.enabled", "messages": [message]})
        if any(each["status"] != "completed" for each in files.values()):
            message = "One or more files have not completed their transfer, please wait."
            errors.append({"field": "files.enabled", "messages": [message]})
        if errors:
            content = {"status": 400, "message": "A validation error occurred.", "errors": errors}
            raise Refused(400, content)
        doi = {"identifier": f"10.5072/zenodo.{draft['id']}", "provider": "datacite"}
        draft |= {"is_published": True, "pids": {"doi": doi}, "changed": time.monotonic()}
        return Said(202, draft)


def _accept(asked: Asked) -> str:
    return asked.headers.get("accept", "")


def _faults(metadata: Json) -> list[Json]:
    """What is missing in metadata, or is in no vocabulary."""
    found = [
        {"field": f"metadata.{key}", "messages": ["Missing data for required field."]}
        for key in ("title", "creators", "resource_type", "publication_date")
        if not metadata.get(key)
    ]
    for each in [*metadata.get("creators", ()), *metadata.get("contributors", ())]:
        agent = each["person_or_org"]
        name = "family_name" if agent["type"] == "personal" else "name"
        if not agent.get(name):
            found.append({"field": f"metadata.creators.{name}", "messages": ["Missing."]})
    for each in metadata.get("contributors", ()):
        if each.get("role", {}).get("id") not in ROLES:
            found.append({"field": "metadata.contributors.role", "messages": ["Invalid value."]})
    for each in metadata.get("rights", ()):
        if "id" in each and each["id"] not in LICENCES:
            found.append({"field": "metadata.rights", "messages": ["Invalid value."]})
    return found
