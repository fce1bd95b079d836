"""What the services on the web share: requests as one account, failures told in one line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.auth import AuthBase
from urllib3.util import Retry

from dateline.build.issues import EnvironmentFailure, RemoteFailure
from dateline.build.targets.http import Session, hashed
from dateline.build.targets.target import Item, Progress

# Hosts that are asked without TLS, where nobody can listen in.
LOOPBACK = ("localhost", "127.0.0.1", "::1")
# What goes at once has to go within the time to connect.
_CHUNK = 1 << 16


class Sent:
    """The bytes of an item as the body of a request: told as they go, read anew for each try."""

    def __init__(self, item: Item, progress: Progress) -> None:
        self._item = item
        self._progress = progress

    def __len__(self) -> int:
        return self._item.bytes

    def __iter__(self) -> Iterator[bytes]:
        done = 0
        with self._item.file.open("rb") as file:
            while chunk := file.read(_CHUNK):
                yield chunk
                done += len(chunk)
                self._progress(self._item.path, done, self._item.bytes)


class _Bearer(AuthBase):
    """A token in the header. Given as `auth`, it is not replaced by what a `.netrc` says."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


@dataclass(frozen=True)
class Service:
    """A service on the web as one account.

    `name` and `variable` are what messages call the service and where its token comes from; `base`
    is the address that paths are relative to.
    """

    name: str
    variable: str
    base: str
    token: str = field(repr=False)
    session: requests.Session

    def ask(
        self,
        method: str,
        path: str,
        *,
        absent: bool = False,
        headers: Mapping[str, str] | None = None,
        **body: Any,
    ) -> requests.Response | None:
        """The answer to a request; null for 404 where `absent` says that this is an answer.

        RemoteFailure for what is no success.
        """
        address = urljoin(self.base, path)
        self._check(address)
        try:
            answer = self.session.request(
                method,
                address,
                headers=headers,
                auth=_Bearer(self.token),
                **body,
            )
        except requests.RequestException as error:
            raise self._unreached(error) from None
        if answer.ok:
            return answer
        if absent and answer.status_code == 404:
            return None
        raise RemoteFailure(self._refused(method, answer))

    def values(self, method: str, path: str, **body: Any) -> Any:
        """The JSON values of an answer; null where `absent` allows that there are none."""
        answer = self.ask(method, path, **body)
        return None if answer is None else answer.json()

    def pages(self, path: str, **body: Any) -> Iterator[Any]:
        """The JSON values of an answer and of the pages that its `Link` header leads to."""
        address: str | None = path
        while address is not None:
            answer = self.ask("GET", address, **body)
            assert answer is not None
            yield answer.json()
            address = answer.links.get("next", {}).get("url")
            body.pop("params", None)

    def digest(self, path: str, size: int, headers: Mapping[str, str] | None = None) -> str | None:
        """The SHA-256 of the bytes at an address, hexadecimal; null where there are none.

        Of more bytes than `size` it is that of some, which is another.
        """
        answer = self.ask("GET", path, absent=True, headers=headers, stream=True)
        try:
            return None if answer is None else hashed(answer, size)
        except requests.RequestException as error:
            raise self._unreached(error) from None

    def _check(self, address: str) -> None:
        """RemoteFailure for an address of another host, which an answer has led to."""
        base, url = urlsplit(self.base), urlsplit(address)
        host = base.hostname or ""
        uploads = re.sub(r"^api\.", "uploads.", host)
        if url.scheme != base.scheme or url.hostname not in (host, uploads):
            raise RemoteFailure(
                f"{self.name}: expected an address of {host}, got one of another host in an "
                "answer; no token is sent there"
            )

    def _unreached(self, error: requests.RequestException) -> RemoteFailure:
        host = urlsplit(self.base).hostname
        return RemoteFailure(
            f"{self.name}: expected an answer from {host}, got none ({cause(error)}); check the "
            "address and the network, then repeat the command: it goes on where it stopped"
        )

    def _refused(self, method: str, answer: requests.Response) -> str:
        got = f"{answer.status_code} {answer.reason}"
        said = said_by(answer).replace(self.token, "…")
        if answer.status_code == 401 or (answer.status_code == 403 and method != "GET"):
            what = f"{self.name}: expected a token that may publish here in {self.variable}"
            return f"{what}, got {got}{said}; give one with the rights that the documentation names"
        address = answer.url.partition("?")[0]
        hint = "; check the name and what the token may see" if answer.status_code == 404 else ""
        return f"{self.name}: expected success for {method} {address}, got {got}{said}{hint}"


def service(name: str, variable: str, base: str, token: str | None) -> Service:
    """A service with a session that asks again where nothing can happen twice.

    RemoteFailure without a token, EnvironmentFailure for an address that no token is sent to.
    """
    if not token:
        raise RemoteFailure(f"{name}: expected a token in the variable {variable}, got none")
    url = urlsplit(base)
    is_safe = url.scheme == "https" or (url.scheme == "http" and url.hostname in LOOPBACK)
    if not is_safe or "@" in url.netloc:
        raise EnvironmentFailure(f"{name}: expected an address with https:// and a host, got other")
    again = Retry(
        total=4,
        connect=1,
        read=1,
        backoff_factor=0.5,
        status_forcelist=(429, 502, 503, 504),
        raise_on_status=False,
        # A service that asks to come back in hours is one that cannot be had.
        respect_retry_after_header=False,
    )
    return Service(name, variable, base.rstrip("/") + "/", token, Session(again))


@contextmanager
def understood(place: str) -> Iterator[None]:
    """Tells in one line that answers have another form than the interface of the place has."""
    try:
        yield
    except (LookupError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise RemoteFailure(
            f"{place}: expected answers in the form of its interface, got others; check the address"
        ) from error


def said_by(answer: requests.Response) -> str:
    """What the answer says of itself, in brackets, short and on one line; empty for nothing."""
    try:
        content = answer.json()
    except (requests.JSONDecodeError, requests.RequestException, RecursionError):
        return ""
    if not isinstance(content, dict):
        return ""
    errors = content.get("errors") or []
    listed = [_error(each) for each in errors[:3]] if isinstance(errors, list) else []
    told = [str(content.get("message") or content.get("error") or ""), *listed]
    text = " ".join(" ".join(filter(None, told)).split())
    return f" ({text[:300]})" if text else ""


def _error(error: Any) -> str:
    """One error of an answer, in the forms of GitHub, of InvenioRDM and of registries."""
    if not isinstance(error, dict):
        return str(error)
    keys = ("resource", "field", "code", "message", "messages")
    values = [error[key] for key in keys if error.get(key)]
    return ": ".join(" ".join(v) if isinstance(v, list) else str(v) for v in values)


def cause(error: BaseException) -> str:
    """What lies behind an error of the network, in a few words."""
    causes = [each for each in _contexts(error) if isinstance(each, OSError) and each.strerror]
    return str(causes[-1].strerror) if causes else type(error).__name__


def _contexts(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
