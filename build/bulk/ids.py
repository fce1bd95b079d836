"""Ids of many rows at once: the digests one by one, their base32 by column."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from hashlib import sha256
from sys import byteorder

import pyarrow as pa
import pyarrow.compute as pc

from dateline.build.assemble.ids import PAIRS

# An id has eight pairs of characters, ten bits each: three in the first 64 bits of a digest, five
# in the 64 bits from the third byte on.
_FIRST, _SECOND = (54, 44, 34), (40, 30, 20, 10, 0)
_PAIRS = pa.array(PAIRS, pa.string())


def ids_of(prefix: str, names: pa.Array) -> pa.Array:
    """The ids of what they are made of, joined, as `make_id` gives them; null for null."""
    known = names.drop_null()
    digests = [sha256(name).digest() for name in known.cast(pa.binary()).to_pylist()]
    first = _integers([digest[:8] for digest in digests])
    second = _integers([digest[2:10] for digest in digests])
    pairs = [_pair(first, bits) for bits in _FIRST] + [_pair(second, bits) for bits in _SECOND]
    ids = pc.binary_join_element_wise(f"{prefix}_", *pairs, "")
    if not names.null_count:
        return ids
    rows = pc.subtract(pc.cumulative_sum(names.is_valid().cast(pa.int32())), 1)
    return ids.take(pc.if_else(names.is_valid(), rows, pa.scalar(None, pa.int32())))


def _integers(words: Sequence[bytes]) -> pa.Array:
    """Words of eight bytes, the highest first, as numbers."""
    numbers = array("Q", b"".join(words))
    if byteorder == "little":
        numbers.byteswap()
    return pa.Array.from_buffers(pa.uint64(), len(numbers), [None, pa.py_buffer(numbers)])


def _pair(numbers: pa.Array, bits: int) -> pa.Array:
    """The two characters of the ten bits above the lowest `bits` of each number."""
    shifted = pc.shift_right(numbers, pa.scalar(bits, pa.uint64()))
    return _PAIRS.take(pc.bit_wise_and(shifted, pa.scalar(1023, pa.uint64())))
