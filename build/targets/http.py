"""Requests over HTTP whose answers end: by their bytes, by the clock, and at the host asked."""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Iterator
from functools import partial
from http.cookiejar import DefaultCookiePolicy
from importlib.metadata import version
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import Retry
from urllib3.exceptions import HTTPError

from dateline.build.targets.bounds import ANSWER, within

AGENT = f"dateline/{version('dateline')}"
# Seconds to connect and to take a piece of a body; to answer after all of it.
CONNECT, CHANGE = 10, 300
_READING = ("GET", "HEAD")
# Of an answer that is held in memory.
_BYTES = 32 << 20
_CHUNK = 1 << 20


class Session(requests.Session):
    """Requests that know of us, take no cookie, and no password of a `.netrc` where they lead.

    Each is given up after a time; what is not streamed has a bound.
    """

    def __init__(self, again: Retry | int = 0) -> None:
        super().__init__()
        self.headers["User-Agent"] = AGENT
        self.headers["Accept-Encoding"] = "identity"
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        for scheme in ("https://", "http://"):
            self.mount(scheme, _Adapter(max_retries=again))

    def rebuild_auth(
        self, prepared_request: requests.PreparedRequest, response: requests.Response
    ) -> None:
        """Takes the credentials off a request that is redirected to another host."""
        came_from, leads_to = str(response.request.url), str(prepared_request.url)
        if self.should_strip_auth(came_from, leads_to):
            prepared_request.headers.pop("Authorization", None)


class _Adapter(HTTPAdapter):
    def send(
        self, request: requests.PreparedRequest, stream: bool = False, *given: Any, **options: Any
    ) -> requests.Response:
        """The answer, read whole unless it is the one that is streamed."""
        if not given:
            seconds = ANSWER if request.method in _READING else CHANGE
            options["timeout"] = options.get("timeout") or (CONNECT, seconds)
        answer = super().send(request, stream, *given, **options)
        if answer.is_redirect or not answer.ok or not stream:
            # As the library keeps it for `content`, which would be read without a bound.
            answer._content = b"".join(pieces(answer, _BYTES))
            answer._content_consumed = True
            answer.close()
            if len(answer._content) > _BYTES:
                raise requests.ConnectionError(errno.EFBIG, "an answer without an end")
        return answer


def pieces(answer: requests.Response, most: int) -> Iterator[bytes]:
    """The bytes of an answer that is streamed, of more than `most` those that show it.

    requests.ConnectionError where they come too slowly, or end before their length.
    """
    read = partial(answer.raw.read1, _CHUNK, decode_content=True)
    try:
        yield from within(iter(read, b""), most)
    except (HTTPError, TimeoutError) as error:
        raise requests.ConnectionError(error) from error


def hashed(answer: requests.Response, size: int) -> str:
    """The SHA-256 of an answer that is streamed, hexadecimal; another where it is not of `size`."""
    found = hashlib.sha256()
    with answer:
        for piece in pieces(answer, size):
            found.update(piece)
    return found.hexdigest()
