"""Identifiers: opaque, stable, computed from what a row is, never from where it stands."""

from __future__ import annotations

from hashlib import sha256

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
# Two characters for each ten bits: eight look-ups an id instead of sixteen.
PAIRS = [a + b for a in ALPHABET for b in ALPHABET]


def make_id(*parts: str) -> str:
    """The id of a prefix and its parts: `act_` and 16 characters of lower-case base32.

    The first 80 bits of SHA-256 over the parts, UTF-8, joined by NUL (data-model.md
    section 2). The first part is the prefix; callers give null as the empty string.
    """
    return id_of(parts[0], "\0".join(parts))


def id_of(prefix: str, joined: str) -> str:
    """The id of parts that are joined already, the prefix in front."""
    n = int.from_bytes(sha256(joined.encode()).digest()[:10], "big")
    p = PAIRS
    return (
        f"{prefix}_{p[n >> 70]}{p[n >> 60 & 1023]}{p[n >> 50 & 1023]}{p[n >> 40 & 1023]}"
        f"{p[n >> 30 & 1023]}{p[n >> 20 & 1023]}{p[n >> 10 & 1023]}{p[n & 1023]}"
    )


def entity_id(prefix: str, key: str | None, article: str, local: str) -> str:
    """The id of an actor or incident: that of its key, else of its place in its article."""
    if key is not None:
        return make_id(prefix, "key", key)
    return make_id(prefix, "local", article, local)
