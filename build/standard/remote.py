"""Files fetched from addresses, where the user allows it."""

from __future__ import annotations

import hashlib
import http.client
import urllib.error
from pathlib import Path
from typing import IO
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
)

from dateline.build.issues import shown
from dateline.build.standard.paths import Allowance, Refused, copied, is_url

_SECONDS = 30


class _Redirects(HTTPRedirectHandler):
    """Follows to http and https only: the library follows to ftp too."""

    def redirect_request(
        self,
        req: Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> Request | None:
        if not is_url(newurl):
            message = f"expected http or https, got a redirect to {shown(newurl)}"
            raise Refused("scheme-error", f"{message}; name the file's own address")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def fetch(url: str, spill: Path, allowance: Allowance) -> Path:
    """The file in `spill` that holds what stands at an address; Refused where it is not had.

    Each address is fetched once. A server that is silent for 30 seconds is given up.
    """
    target = spill / f"fetched-{hashlib.sha256(url.encode()).hexdigest()}"
    if target.exists():
        return target
    try:
        with _opener().open(Request(url), timeout=_SECONDS) as answer:
            copied(answer.read, target, allowance)
            rest = answer.length
    except urllib.error.HTTPError as error:
        error.close()
        raise _absent(url, f"the answer {error.code} {error.reason}") from None
    except urllib.error.URLError as error:
        raise _absent(url, str(error.reason)) from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise _absent(url, str(error) or type(error).__name__) from None
    if rest:
        target.unlink()
        raise _absent(url, f"an answer that ends {rest:,} bytes early")
    return target


def _absent(url: str, got: str) -> Refused:
    message = f"expected a file at {shown(url)}, got {got}; check the address and the network"
    return Refused("scheme-error", message)


def _opener() -> OpenerDirector:
    opener = OpenerDirector()
    for handler in (
        ProxyHandler(),
        HTTPHandler(),
        HTTPSHandler(),
        _Redirects(),
        HTTPDefaultErrorHandler(),
        HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener
