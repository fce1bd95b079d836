"""OCI registries: an artifact per version, whose layers are the files of the release."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from semver import Version

from dateline.build.issues import InvalidInput, RemoteFailure, UsageError
from dateline.build.read import Limits
from dateline.build.standard.paths import Allowance, Refused, copied, in_folder
from dateline.build.standard.source import DESCRIPTOR
from dateline.build.sums import SUMS, digest, sums
from dateline.build.targets.layout import file_items
from dateline.build.targets.ociclient import Client
from dateline.build.targets.target import Item, Progress, Release, State
from dateline.build.targets.web import Sent, understood
from dateline.build.versions import is_newer, is_version

_LATEST = "latest"
_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
_PREFIX = "org.opencontainers.image."
_TITLE = f"{_PREFIX}title"
# The characters of a tag.
_LONGEST = 128
_KIND = "application/vnd.datapackage"
# The configuration that stands for none.
_EMPTY = b"{}"
_EMPTY_TYPE = "application/vnd.oci.empty.v1+json"
_TYPES = {
    ".parquet": "application/vnd.apache.parquet",
    ".csv": "text/csv",
    ".json": "application/json",
    ".md": "text/markdown",
}
_ADDRESS = re.compile(
    r"oci://(?P<host>[A-Za-z0-9.\[\]:-]+)/(?P<repository>[a-z0-9]+(?:[/._-]+[a-z0-9]+)*)"
    r"(?::(?P<tag>[A-Za-z0-9_][A-Za-z0-9._-]{0,127})|@(?P<digest>sha256:[0-9a-f]{64}))?",
    re.ASCII,
)


@contextmanager
def opened(dest: str) -> Iterator[Oci]:
    """The repository of a registry, `oci://HOST/REPOSITORY`, as a target."""
    address = _parsed(dest)
    if address["tag"] or address["digest"]:
        raise UsageError(f"{dest}: expected oci://HOST/REPOSITORY; the tag is that of the version")
    with _client(address) as client, understood(client.shown):
        yield Oci(client)


def fetched(location: str, into: Path) -> Path:
    """The folder with the release at an address: of a tag, a digest, or of the tag `latest`.

    Every file has the digest that the manifest gives it, and SHA256SUMS names them all.
    """
    address = _parsed(location)
    with _client(address) as client, understood(client.shown):
        wanted = address["digest"] or address["tag"] or _LATEST
        found = client.manifest(wanted)
        if found is None:
            raise RemoteFailure(f"{client.shown}: expected a version {wanted}, got none")
        if address["digest"] and f"sha256:{_hashed(found)}" != wanted:
            raise RemoteFailure(f"{client.shown}: expected {wanted}, got another manifest")
        allowance = Allowance(Limits().unpacked_bytes)
        for path, layer in _layers(found).items():
            _fetch(client, path, layer, into, allowance)
    listed = into / SUMS
    if not listed.exists() or listed.read_text("utf-8") != sums(into):
        raise RemoteFailure(f"{client.shown}: expected {SUMS} over all files of {wanted}, got less")
    return into


class Oci:
    """A repository of a registry: a blob a file, a manifest a version, tags that name them."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def shown(self, release: Release) -> str:
        """The address of the version."""
        return f"{self._client.shown}:{_tag(release.version)}"

    def items(self, release: Release) -> Sequence[Item]:
        """Every file of the release, the sums first, the descriptor last."""
        if len(release.version) > _LONGEST:
            raise InvalidInput(
                f"{release.folder}: expected a version of at most {_LONGEST} characters, as a tag "
                f"has, got {len(release.version)}; publish it elsewhere"
            )
        return file_items(release)

    def state(self, release: Release) -> State:
        """By the tag of the version; its files may be there without it."""
        there = self._manifest(release)
        claim = self.items(release)[0]
        if there is None:
            return "begun" if self._client.has_blob(claim.sha256) else "absent"
        layer = _layers(there).get(SUMS, {})
        if layer.get("digest") != f"sha256:{claim.sha256}":
            raise RemoteFailure(
                f"{self.shown(release)}: expected this release or none, got another one with this "
                "version; a published version never changes: release a higher one"
            )
        return "complete"

    def held(self, release: Release, item: Item) -> str | None:
        """The digest of a blob; of the last item as soon as the version has its tag."""
        if item.path == DESCRIPTOR:
            there = self._manifest(release)
            if there != _content(release, self.items(release)):
                return None if there is None else _hashed(there)
        return self._client.blob_digest(item.sha256, item.bytes)

    def put(self, release: Release, item: Item, progress: Progress) -> None:
        """Sends a blob that is not there; with the last item, the manifest under its tag."""
        if not self._client.has_blob(item.sha256):
            self._client.send_blob(item.sha256, Sent(item, progress) if item.bytes else b"")
        if item.path == DESCRIPTOR:
            self._complete(release)

    def _complete(self, release: Release) -> None:
        if not self._client.has_blob(_hashed(_EMPTY)):
            self._client.send_blob(_hashed(_EMPTY), _EMPTY)
        if self.state(release) == "complete":
            raise RemoteFailure(f"{self.shown(release)}: is published already")
        content = _content(release, self.items(release))
        tag = _tag(release.version)
        self._client.send_manifest(tag, content, _MANIFEST)
        if self._client.manifest(tag) != content:
            raise RemoteFailure(f"{self.shown(release)}: expected the manifest sent, got another")

    def point(self, release: Release) -> str | None:
        """Moves the tag `latest` here, unless it or a tag names one that is not older."""
        known = _version(self._client.manifest(_LATEST))
        if known is not None and not is_newer(release.version, known):
            return None
        if self._newer(release.version):
            return None
        newest: str | None = release.version
        while newest is not None:
            told = newest
            content = self._client.manifest(_tag(told))
            if content is None:
                return None
            self._client.send_manifest(_LATEST, content, _MANIFEST)
            # One that was published meanwhile may have been the latest before this.
            newest = self._newer(told)
        return f"{self._client.shown}:{_LATEST}" if told == release.version else None

    def _newer(self, version: str) -> str | None:
        """The newest version that has a tag, where it is newer than this one."""
        versions = [tag.replace("_", "+") for tag in self._client.tags()]
        newer = [each for each in versions if is_version(each) and is_newer(each, version)]
        return max(newer, key=Version.parse, default=None)

    def _manifest(self, release: Release) -> bytes | None:
        return self._client.manifest(_tag(release.version))


def _parsed(address: str) -> dict[str, str | None]:
    match = _ADDRESS.fullmatch(address)
    if match is None:
        raise UsageError("expected oci://HOST/REPOSITORY in lower case, got another address")
    return match.groupdict()


def _client(address: dict[str, str | None]) -> Client:
    return Client(str(address["host"]), str(address["repository"]))


def _version(manifest: bytes | None) -> str | None:
    """The version that a manifest says it is of; null where it is of none."""
    found = None if manifest is None else json.loads(manifest)
    version = found.get("annotations", {}).get(f"{_PREFIX}version") if found else None
    return version if is_version(version) else None


def _tag(version: str) -> str:
    """The tag of a version; a tag has no plus sign."""
    return version.replace("+", "_")


def _hashed(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _content(release: Release, items: Sequence[Item]) -> bytes:
    """The manifest of a release: the same bytes for the same release."""
    about = {
        "title": release.descriptor.get("title"),
        "version": release.version,
        "created": release.descriptor.get("created"),
        "description": release.descriptor.get("description"),
        "url": release.descriptor.get("homepage"),
    }
    manifest = {
        "schemaVersion": 2,
        "mediaType": _MANIFEST,
        "artifactType": _KIND,
        "config": {"mediaType": _EMPTY_TYPE, "digest": f"sha256:{_hashed(_EMPTY)}", "size": 2},
        "layers": [_layer(each) for each in items],
        "annotations": {f"{_PREFIX}{key}": str(value) for key, value in about.items() if value},
    }
    return json.dumps(manifest, ensure_ascii=False, indent=1).encode()


def _layer(item: Item) -> dict[str, Any]:
    return {
        "mediaType": _TYPES.get(item.file.suffix, "application/octet-stream"),
        "digest": f"sha256:{item.sha256}",
        "size": item.bytes,
        "annotations": {_TITLE: item.path},
    }


def _layers(manifest: bytes) -> dict[str, dict[str, Any]]:
    """The layers of a manifest by the paths that they are called."""
    return {layer["annotations"][_TITLE]: layer for layer in json.loads(manifest)["layers"]}


def _fetch(
    client: Client, path: str, layer: dict[str, Any], into: Path, allowance: Allowance
) -> None:
    """Writes a layer to the file that it is called, which has its size and digest."""
    try:
        size = int(layer["size"])
        allowance.take(size)
        target = in_folder(into, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        with client.blob(layer["digest"], size) as read:
            copied(read, target, Allowance(size))
    except Refused as refused:
        raise RemoteFailure(f"{client.shown}: {refused.message}") from None
    if f"sha256:{digest(target)}" != layer["digest"]:
        raise RemoteFailure(f"{client.shown}: {path}: expected {layer['digest']}, got other bytes")
