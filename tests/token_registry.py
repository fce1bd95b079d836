"""A registry that asks for tokens, as those on the web do, before one that asks for a password."""

from __future__ import annotations

import base64
import re

import requests
import servers
from service import Asked, Said, Service


class TokenRegistry(Service):
    """Passes requests on that have a token for what they do; a token holds for a few of them."""

    def __init__(self, host: str) -> None:
        super().__init__()
        self._host = host
        self._tokens: dict[str, tuple[str, int]] = {}
        self.given = 0
        # Where it says that blobs are to be sent: to itself, or to another host.
        self.uploads = ""
        self.routes = [("GET", "/token", self.token)]
        for method in ("GET", "HEAD", "POST", "PUT"):
            self.routes.append((method, r"/v2/(.*)", self.passed))

    def token(self, asked: Asked) -> Said:
        """A token for a scope, by the user and the password."""
        pair = f"{servers.USER}:{servers.REGISTRY_PASSWORD}".encode()
        if asked.headers.get("authorization") != f"Basic {base64.b64encode(pair).decode()}":
            return Said(401, {"errors": [{"code": "UNAUTHORIZED"}]})
        self.given += 1
        token = f"token-{self.given}"
        self._tokens[token] = (asked.query.get("scope", ""), 20)
        return Said(200, {"token": token})

    def passed(self, asked: Asked) -> Said:
        """The answer of the registry behind; 401 for a request without the right token."""
        name = re.match(r"(.+)/(?:blobs|manifests|tags)/", asked.parts[0])
        wanted = "pull" if asked.method in ("GET", "HEAD") else "pull,push"
        scope = f"repository:{name[1]}:{wanted}" if name else ""
        token = asked.headers.get("authorization", "").removeprefix("Bearer ")
        held, left = self._tokens.get(token, ("", 0))
        if not left or not held.startswith(scope):
            challenge = f'Bearer realm="{self.base}/token",service="tests",scope="{scope}"'
            return Said(401, {}, {"WWW-Authenticate": challenge})
        self._tokens[token] = (held, left - 1)
        kinds = ("content-type", "accept")
        passed = {key: asked.headers[key] for key in kinds if key in asked.headers}
        answer = requests.request(
            asked.method,
            f"http://{self._host}{asked.path}",
            params=asked.query,
            data=asked.body,
            headers=passed,
            auth=(servers.USER, servers.REGISTRY_PASSWORD),
            timeout=10,
        )
        kept = ("Docker-Content-Digest", "Content-Type", "Location", "Link", "Content-Length")
        headers = {key: answer.headers[key] for key in kept if key in answer.headers}
        if asked.method != "HEAD":
            headers.pop("Content-Length", None)
        if "Location" in headers:
            headers["Location"] = headers["Location"].replace(
                f"http://{self._host}", self.uploads or self.base
            )
        return Said(answer.status_code, answer.content, headers)
