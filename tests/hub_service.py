"""The interface of the Hugging Face Hub for one dataset: uploads, commits, tags, files."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

import yaml
from service import Asked, Refused, Said, Service

Json = dict[str, Any]

TOKEN = "hf_token_to_hide"
LICENCES = {"cc-by-4.0", "cc0-1.0", "other"}


class Hub(Service):
    """One repository: commits by id, each with the files it holds; blobs that were sent by LFS."""

    def __init__(self, storage: Storage, repository: str) -> None:
        super().__init__()
        self.storage = storage
        self.commits: dict[str, dict[str, bytes | str]] = {}
        self.main = ""
        self.tags: dict[str, str] = {}
        # Those alone can be committed, by SHA-256.
        self.verified: set[str] = set()
        api, plain = rf"/api/datasets/{repository}", rf"/datasets/{repository}"
        self.repository = repository
        self.routes = [
            ("POST", "/api/repos/create", self.create),
            ("POST", "/api/validate-yaml", self.validate),
            ("GET", rf"{api}/refs", self.refs),
            ("GET", rf"{api}/revision/([^/]+)", self.revision),
            ("GET", rf"{api}/tree/([^/]+)(?:/)?", self.tree),
            ("POST", rf"{api}/preupload/main", self.preupload),
            ("POST", rf"{plain}\.git/info/lfs/objects/batch", self.batch),
            ("POST", rf"{api}/commit/main", self.commit),
            ("POST", rf"{api}/tag/([^/]+)", self.tag),
            ("GET", rf"{plain}/resolve/([^/]+)/(.+)", self.resolve),
            ("POST", r"/verify", self.verify),
        ]

    def answer(self, asked: Asked) -> Said:
        """As any service; requests without the token are refused."""
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            words = "Invalid credentials in Authorization header"
            return Said(401, {"error": words}, {"X-Error-Message": words})
        return super().answer(asked)

    def create(self, asked: Asked) -> Said:
        owner, _, name = self.repository.partition("/")
        assert (asked.values["organization"], asked.values["name"]) == (owner, name)
        assert asked.values["type"] == "dataset"
        url = f"{self.base}/datasets/{self.repository}"
        if self.main:
            words = "You already created this dataset repo"
            raise Refused(409, {"error": words, "url": url})
        self.add({".gitattributes": b"*.parquet filter=lfs diff=lfs merge=lfs -text\n"})
        return Said(200, {"url": url, "name": self.repository})

    def add(self, files: dict[str, bytes | str]) -> None:
        """A commit of these files on the main branch."""
        self.main = hashlib.sha1(repr((files, self.main)).encode()).hexdigest()
        self.commits[self.main] = files

    def _there(self) -> None:
        if not self.main:
            headers = {"X_Error_Code": "RepoNotFound", "X_Error_Message": "Repository not found"}
            raise Refused(404, {"error": "Repository not found"}, **headers)

    def _commit(self, revision: str) -> str:
        self._there()
        found = {"main": self.main, **self.tags}.get(revision, revision)
        if found not in self.commits:
            raise Refused(404, {"error": "Invalid rev id"}, X_Error_Code="RevisionNotFound")
        return found

    def refs(self, asked: Asked) -> Said:
        self._there()
        tags = [
            {"name": tag, "ref": f"refs/tags/{tag}", "targetCommit": commit}
            for tag, commit in self.tags.items()
        ]
        main = {"name": "main", "ref": "refs/heads/main", "targetCommit": self.main}
        return Said(200, {"branches": [main], "converts": [], "tags": tags})

    def revision(self, asked: Asked) -> Said:
        commit = self._commit(asked.parts[0])
        about = {"private": False, "downloads": 0, "likes": 0, "tags": []}
        return Said(200, {"id": self.repository, "sha": commit, **about})

    def tree(self, asked: Asked) -> Said:
        files = self.commits[self._commit(asked.parts[0])]
        assert asked.query["recursive"].lower() == "true"
        found: list[Json] = [{"type": "directory", "path": "data", "oid": "0" * 40, "size": 0}]
        found += [
            {"type": "file", "path": path, "oid": "0" * 40, "size": len(self.content(content))}
            for path, content in files.items()
        ]
        return Said(200, found)

    def content(self, content: bytes | str) -> bytes:
        """The bytes of a file in a commit, which may be in the storage."""
        return self.storage.blobs[content] if isinstance(content, str) else content

    def validate(self, asked: Asked) -> Said:
        _, block, _ = asked.values["content"].split("---\n", 2)
        about = yaml.safe_load(block)
        errors = []
        if about.get("license") not in LICENCES:
            errors.append({"message": '"license" must be one of the list'})
        status = 400 if errors else 200
        return Said(status, {"errors": errors, "warnings": []})

    def preupload(self, asked: Asked) -> Said:
        self._there()
        files = [
            {
                "path": each["path"],
                "uploadMode": "lfs" if each["path"].endswith(".parquet") else "regular",
                "shouldIgnore": False,
                "oid": None,
            }
            for each in asked.values["files"]
        ]
        return Said(200, {"files": files})

    def batch(self, asked: Asked) -> Said:
        given = asked.values
        assert (given["operation"], given["hash_algo"]) == ("upload", "sha256")
        objects = []
        for each in given["objects"]:
            answer = dict(each)
            if each["oid"] not in self.verified:
                upload = {"href": f"{self.storage.base}/storage/{each['oid']}"}
                verify = {"href": f"{self.base}/verify"}
                answer["actions"] = {"upload": upload, "verify": verify}
            objects.append(answer)
        return Said(200, {"transfer": "basic", "objects": objects})

    def verify(self, asked: Asked) -> Said:
        oid, size = asked.values["oid"], asked.values["size"]
        if len(self.storage.blobs.get(oid, b"")) != size:
            raise Refused(404, {"error": "Object not found"})
        self.verified.add(oid)
        return Said(200, {})

    def commit(self, asked: Asked) -> Said:
        header, *lines = [json.loads(line) for line in asked.body.splitlines()]
        assert header["key"] == "header"
        if header["value"].get("parentCommit") != self.main:
            raise Refused(412, {"error": "A commit has happened since."})
        files = dict(self.commits[self.main])
        for line in lines:
            value = line["value"]
            if line["key"] == "file":
                files[value["path"]] = base64.b64decode(value["content"])
            elif line["key"] == "lfsFile":
                if value["oid"] not in self.verified:
                    raise Refused(400, {"error": "LFS pointer to an object that is not there"})
                files[value["path"]] = value["oid"]
            elif value["path"] not in files:
                raise Refused(404, {"error": "A file with this name doesn't exist"})
            else:
                del files[value["path"]]
        self.add(files)
        url = f"{self.base}/datasets/{self.repository}/commit/{self.main}"
        return Said(200, {"success": True, "commitOid": self.main, "commitUrl": url})

    def tag(self, asked: Asked) -> Said:
        commit, name = self._commit(asked.parts[0]), asked.values["tag"]
        if name in self.tags:
            raise Refused(409, {"error": "Tag reference exists already"})
        self.tags[name] = commit
        return Said(200, {})

    def resolve(self, asked: Asked) -> Said:
        revision, path = asked.parts
        content = self.commits[self._commit(revision)].get(path)
        if content is None:
            raise Refused(404, {"error": "Entry not found"}, X_Error_Code="EntryNotFound")
        if isinstance(content, str):
            return Said(302, b"", {"Location": f"{self.storage.base}/storage/{content}"})
        return Said(200, content)


class Storage(Service):
    """The host of large files, by SHA-256, whose addresses are signed: it wants no token."""

    def __init__(self) -> None:
        super().__init__()
        self.blobs: dict[str, bytes] = {}
        one = r"/storage/([0-9a-f]{64})"
        self.routes = [("PUT", one, self.store), ("GET", one, self.stored)]

    def answer(self, asked: Asked) -> Said:
        """As any service; requests with a token are refused."""
        if "authorization" in asked.headers:
            return Said(400, {"error": "Only one auth mechanism allowed"})
        return super().answer(asked)

    def store(self, asked: Asked) -> Said:
        if asked.broken or hashlib.sha256(asked.body).hexdigest() != asked.parts[0]:
            raise Refused(400, {"error": "The Content-SHA256 you specified did not match"})
        self.blobs[asked.parts[0]] = asked.body
        return Said(200)

    def stored(self, asked: Asked) -> Said:
        return Said(200, self.blobs[asked.parts[0]])
