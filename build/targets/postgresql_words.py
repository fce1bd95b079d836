"""Addresses of PostgreSQL, and what it refuses, in words that show no secret."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

# What ends a connection to a server that has gone.
_LIMITS = {
    "connect_timeout": "5",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "60000",
}


def shown(dest: str) -> str:
    """The database without user, password and options."""
    try:
        parts = urlsplit(dest)
        host, port = parts.hostname or "", f":{parts.port}" if parts.port else ""
    except ValueError:
        return "postgresql:"
    if not host:
        host = parse_qs(parts.query).get("host", [""])[0]
    return f"postgresql://{host}{port}{parts.path}"


def has_password(dest: str) -> bool:
    """Whether an address has a secret in it."""
    try:
        parts = urlsplit(dest)
    except ValueError:
        return False
    secret = {"password", "sslpassword"} & parse_qs(parts.query, True).keys()
    return parts.password is not None or bool(secret)


def limited(dest: str) -> str:
    """The address with what ends a connection, where it does not say so itself."""
    more = "&".join(f"{name}={value}" for name, value in _LIMITS.items() if name not in dest)
    return f"{dest}{'&' if '?' in dest else '?'}{more}"


def no_connection(text: str) -> str:
    """Why there is no connection; words that may show what was given are left out."""
    if "password" in text and "authentication failed" in text:
        return "the database refused user and password; check them, or PGPASSWORD and ~/.pgpass"
    if "no password supplied" in text:
        return "expected a password in PGPASSWORD or in ~/.pgpass, got none"
    if found := re.search(r'FATAL:  (database|role) "', text):
        return f"expected a {found[1]} that exists, got another; check the address"
    if "connection to server" in text or "could not translate host name" in text:
        return "cannot be reached; check host, port and the network"
    return "expected postgresql://USER@HOST:PORT/DATABASE, got an address that cannot be read"


def refusal(error: Exception) -> str:
    """The line of the server's own words that says what is wrong."""
    if "lock timeout" in str(error):
        return "another run, or somebody who reads the newest version, holds it; try again later"
    found = re.search(r"ERROR:  (.+)", str(error))
    return found[1].strip() if found else "the connection was lost, or it ran out of memory"
