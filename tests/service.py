"""A service on loopback: routes over a state, a log of requests, one request to end a run at."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit


@dataclass(frozen=True)
class Asked:
    """A request: `parts` are what the pattern of its route has found in the path."""

    method: str
    path: str
    parts: tuple[str, ...]
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    # Whether the body has ended before its length.
    broken: bool

    @property
    def values(self) -> Any:
        """The JSON values of the body."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Said:
    """An answer; content that is no bytes is sent as JSON."""

    status: int
    content: Any = b""
    headers: dict[str, str] = field(default_factory=dict)


class Refused(Exception):
    """A request that is answered with a status and JSON values."""

    def __init__(self, status: int, content: Any, **headers: str) -> None:
        super().__init__(status)
        self.said = Said(status, content, {k.replace("_", "-"): v for k, v in headers.items()})


Answer = Callable[[Asked], Said]


class Service:
    """What runs at `base`: a subclass has `routes` and the state that they change."""

    base = ""

    def __init__(self) -> None:
        self.routes: list[tuple[str, str, Answer]] = []
        # Every request: method, and path with query.
        self.log: list[tuple[str, str]] = []
        # The request with these words in it changes nothing, and may wait for the test.
        self._stop_at = ""
        self._waits = True
        self.stopped = threading.Event()
        self._going_on = threading.Event()
        self.lock = threading.Lock()
        # What a route has raised: a request that no service takes, or a fault of the route.
        self.faults: list[Exception] = []

    def answer(self, asked: Asked) -> Said:
        """The answer of the route; 404 for what is none of the interface."""
        path = f"{asked.path}?{urlencode(asked.query)}".removesuffix("?")
        self.log.append((asked.method, path))
        if self._stop_at and self._stop_at in f"{asked.method} {path}":
            self._stop_at = ""
            self.stopped.set()
            if self._waits:
                self._going_on.wait(60)
            return Said(503, {"message": "Come back later."})
        for method, pattern, route in self.routes:
            if method == asked.method and (match := re.fullmatch(pattern, asked.path)):
                parts = tuple(unquote(part) for part in match.groups())
                with self.lock:
                    try:
                        return route(Asked(**{**vars(asked), "parts": parts}))
                    except Refused as refused:
                        return refused.said
                    except Exception as error:
                        self.faults.append(error)
                        return Said(500, {"message": repr(error)})
        return Said(404, {"message": f"no route {asked.method} {asked.path}"})

    def changes(self) -> list[str]:
        """The requests that change something, in order."""
        return [f"{method} {path}" for method, path in self.log if method not in ("GET", "HEAD")]

    def stop(self, words: str, *, waits: bool = True) -> None:
        """Refuses the next request with these words in it, once `go_on` is called if it waits."""
        self.stopped.clear()
        self._going_on.clear()
        self._stop_at, self._waits = words, waits

    def go_on(self) -> None:
        """Drops the request that waits."""
        self._going_on.set()


def _handler(service: Service) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # An answer goes out at once: in two parts it would wait for the client.
        wbufsize = -1

        def answered(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            if self.headers.get("Transfer-Encoding") == "chunked":
                body = b"".join(self._chunks())
            else:
                body = self.rfile.read(length)
            url = urlsplit(self.path)
            query = {key: values[-1] for key, values in parse_qs(url.query).items()}
            headers = {key.lower(): value for key, value in self.headers.items()}
            broken = len(body) < length
            said = service.answer(Asked(self.command, url.path, (), query, headers, body, broken))
            content = said.content
            data = content if isinstance(content, bytes) else json.dumps(content).encode()
            try:
                self._send(said, data)
                self.wfile.flush()
            except ConnectionError:
                # The client was killed.
                self.close_connection = True

        def _send(self, said: Said, data: bytes) -> None:
            self.send_response(said.status)
            kind = "octet-stream" if isinstance(said.content, bytes) else "json"
            headers = {"Content-Type": f"application/{kind}", **said.headers}
            for key, value in headers.items():
                self.send_header(key, value)
            if said.status != 204 and "Content-Length" not in headers:
                self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if self.command != "HEAD" and said.status != 204:
                self.wfile.write(data)

        def _chunks(self) -> Iterator[bytes]:
            while size := int(self.rfile.readline(), 16):
                yield self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()

        do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = answered

        def log_message(self, format: str, *args: Any) -> None:
            """The log is that of the service."""

    return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that was killed is no fault."""


@contextmanager
def served(service: Service) -> Iterator[str]:
    """The address at which a service runs."""
    server = _Server(("127.0.0.1", 0), _handler(service))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        service.base = f"http://127.0.0.1:{server.server_address[1]}"
        yield service.base
    finally:
        service.go_on()
        server.shutdown()
        thread.join()
        server.server_close()
    assert service.faults == []
