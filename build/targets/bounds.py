"""Bytes of a place that end: by their number, and by the clock."""

from __future__ import annotations

import errno
import time
from collections.abc import Iterator

# Seconds without what was asked for; bytes in a second below which it counts as not coming.
ANSWER = 60
_SLOWEST = 10_000


def within(pieces: Iterator[bytes], most: int) -> Iterator[bytes]:
    """The pieces of what has at most so many bytes; of more, those that show it.

    TimeoutError where they come too slowly.
    """
    end = time.monotonic() + ANSWER + most / _SLOWEST
    for piece in pieces:
        yield piece
        most -= len(piece)
        if most < 0:
            return
        if time.monotonic() > end:
            raise TimeoutError(errno.ETIMEDOUT, "it comes too slowly")
