"""A repository of an OCI registry: blobs, manifests and tags, with the credentials of Docker."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import requests
from oras.auth import get_auth_backend
from oras.auth.utils import parse_auth_header
from oras.container import Container
from oras.provider import Registry
from requests.auth import AuthBase

from dateline.build.issues import RemoteFailure
from dateline.build.targets.http import Session, hashed, pieces
from dateline.build.targets.web import LOOPBACK, Sent, cause, said_by

_ACCEPTED = "application/vnd.oci.image.manifest.v1+json"
# As a user and password of the registry; without them, what `docker login` has stored.
_USER, _PASSWORD = "ORAS_USER", "ORAS_PASS"


def _answer(registry: Registry, *arguments: Any, **options: Any) -> requests.Response:
    """The answer to a request; where a token is not accepted, to another with a new one.

    The library's own way would wait for minutes before it tells of a failure.
    """
    once: Callable[..., requests.Response] = Registry.do_request.__wrapped__
    answer = once(registry, *arguments, **options)
    if answer.status_code == 401 and getattr(registry.auth, "token", None):
        # It is old, or was given for less than this request asks.
        registry.auth.token = None
        answer = once(registry, *arguments, **options)
    return answer


class _Auth(AuthBase):
    """The credentials of one host, which no other is sent. Nor does a `.netrc` replace them.

    `header` goes to the host with each request; `giver` is the host that gives tokens for it.
    """

    def __init__(self, host: str) -> None:
        self._host = host
        self.header: str | None = None
        self.giver = host

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        given = request.headers.get("Authorization", "")
        place = urlsplit(str(request.url)).netloc
        if place != self._host:
            # The password goes to where tokens are given, a token goes nowhere else.
            if place != self.giver or str(given).startswith("Bearer"):
                request.headers.pop("Authorization", None)
        elif self.header is not None:
            request.headers["Authorization"] = self.header
        return request


class Client:
    """A repository, asked over TLS; over plain HTTP on this machine alone, as Docker does."""

    def __init__(self, host: str, repository: str) -> None:
        logging.getLogger("oras.logger").disabled = True
        plain = urlsplit(f"//{host}").hostname in LOOPBACK
        self.shown = f"oci://{host}/{repository}"
        self._base = f"{'http' if plain else 'https'}://{host}/v2/{repository}/"
        self._registry = Registry(hostname=host, insecure=plain)
        self._registry.session = Session()
        self._registry.auth.session = self._registry.session
        self._registry.session.auth = self._auth = _Auth(host)
        self._authenticate(host, urljoin(self._base, "/v2/"))

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self._registry.session.close()

    def _authenticate(self, host: str, root: str) -> None:
        """Takes the way of the registry: a password in the clear is not sent to any other host."""
        try:
            answer = self._registry.session.get(root)
        except requests.RequestException as error:
            raise self._unreached(error) from None
        asked = answer.headers.get("WWW-Authenticate", "")
        if answer.status_code != 401 or not asked.lower().startswith(("basic", "bearer")):
            return
        way = "basic" if asked.lower().startswith("basic") else "token"
        realm = parse_auth_header(asked).realm if way == "token" else None
        self._auth.giver = urlsplit(realm or "").netloc or host
        registry = self._registry
        registry.auth = get_auth_backend(way, registry.session, registry.prefix == "http")
        user, password = os.environ.get(_USER), os.environ.get(_PASSWORD)
        if user and password:
            registry.auth.set_basic_auth(user, password)
        else:
            self._load(host)
        if way == "basic":
            if not hasattr(registry.auth, "_basic_auth"):
                raise RemoteFailure(
                    f"{self.shown}: expected a user and password, got none; use `docker login` or "
                    f"the variables {_USER} and {_PASSWORD}"
                )
            # With every request, so that none is sent twice.
            self._auth.header = registry.auth.get_auth_header()["Authorization"]

    def _load(self, host: str) -> None:
        try:
            self._registry.auth.load_configs(Container("any", registry=host))
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            raise RemoteFailure(
                f"{self.shown}: expected what `docker login` has stored, got a damaged file; log "
                f"in again or use the variables {_USER} and {_PASSWORD}"
            ) from None

    def has_blob(self, sha256: str) -> bool:
        """Whether a blob is there."""
        return self._ask("HEAD", f"blobs/sha256:{sha256}", absent=True) is not None

    def send_blob(self, sha256: str, content: Sent | bytes) -> None:
        """Creates a blob, which the registry takes where it has this digest."""
        begun = self._ask("POST", "blobs/uploads/")
        assert begun is not None
        place = urljoin(begun.url, begun.headers.get("Location", ""))
        mark = "&" if "?" in place else "?"
        address = f"{place}{mark}{urlencode({'digest': f'sha256:{sha256}'})}"
        headers = {"Content-Type": "application/octet-stream"}
        self._ask("PUT", address, data=content, headers=headers)

    def blob_digest(self, sha256: str, size: int) -> str | None:
        """The digest of the bytes that are there under a digest; null where none are.

        It is another one where they are more than `size`.
        """
        answer = self._ask("GET", f"blobs/sha256:{sha256}", absent=True, stream=True)
        if answer is None:
            return None
        with self._reading():
            return hashed(answer, size)

    @contextmanager
    def blob(self, digest: str, size: int) -> Iterator[Callable[[int], bytes]]:
        """What reads a blob of a size piece by piece, empty at its end."""
        answer = self._ask("GET", f"blobs/{digest}", stream=True)
        assert answer is not None
        read = pieces(answer, size)
        with answer, self._reading():
            yield lambda _: next(read, b"")

    def manifest(self, reference: str) -> bytes | None:
        """The bytes of the manifest of a tag or a digest; null where there is none."""
        headers = {"Accept": _ACCEPTED}
        answer = self._ask("GET", f"manifests/{reference}", absent=True, headers=headers)
        return None if answer is None else answer.content

    def send_manifest(self, tag: str, content: bytes, media_type: str) -> None:
        """Makes a tag name a manifest."""
        headers = {"Content-Type": media_type}
        self._ask("PUT", f"manifests/{tag}", data=content, headers=headers)

    def tags(self) -> list[str]:
        """The tags of the repository."""
        found: list[str] = []
        address: str | None = "tags/list"
        while address is not None:
            answer = self._ask("GET", address, absent=True)
            if answer is None:
                break
            found += answer.json().get("tags") or []
            address = answer.links.get("next", {}).get("url")
        return found

    def _ask(
        self,
        method: str,
        path: str,
        *,
        absent: bool = False,
        headers: Mapping[str, str] | None = None,
        data: Sent | bytes | None = None,
        stream: bool = False,
    ) -> requests.Response | None:
        """The answer to a request; null for 404 where `absent` says that this is an answer."""
        address = urljoin(self._base, path)
        try:
            answer = _answer(
                self._registry,
                address,
                method,
                data=data,
                headers=dict(headers or {}),
                stream=stream,
            )
        except requests.RequestException as error:
            raise self._unreached(error) from None
        except ValueError:
            # What the library has for a registry whose questions it cannot answer.
            raise self._refused(method, "401") from None
        if answer.ok:
            return answer
        if absent and answer.status_code == 404:
            return None
        got = f"{answer.status_code} {answer.reason}{said_by(answer)}"
        raise self._refused(method, got)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except requests.RequestException as error:
            raise self._unreached(error) from None

    def _unreached(self, error: requests.RequestException) -> RemoteFailure:
        return RemoteFailure(
            f"{self.shown}: expected an answer, got none ({cause(error)}); check the address and "
            "the network, then repeat the command: it goes on where it stopped"
        )

    def _refused(self, method: str, got: str) -> RemoteFailure:
        if got.startswith(("401", "403")):
            return RemoteFailure(
                f"{self.shown}: expected credentials that may use the repository, got {got}; use "
                f"`docker login` or the variables {_USER} and {_PASSWORD}"
            )
        return RemoteFailure(f"{self.shown}: expected success for {method}, got {got}")
