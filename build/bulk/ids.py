"""Ids of many rows at once: the digests one by one, their base32 by column."""

from __future__ import annotations

from array import array
from hashlib import sha256
from sys import byteorder

import pyarrow as pa
import pyarrow.compute as pc

from dateline.build.assemble.ids import ALPHABET

_CHARACTERS = ALPHABET.encode().ljust(256)
# Forty bits become eight bytes of five: each step halves the lanes of the word. The bits that stay
# in the lower half of a lane, and how far the others move.
_STEPS = ((0xFFFFF, 12), (0x3FF_0000_03FF, 6), (0x1F_001F_001F_001F, 3))


def ids_of(prefix: str, names: pa.Array) -> pa.Array:
    """The ids of what they are made of, joined, as `make_id` gives them; null for null."""
    known = names.drop_null()
    digests = [sha256(name).digest() for name in known.cast(pa.binary()).to_pylist()]
    halves = [_base32(bits) for bits in _first_bits(b"".join(digests))]
    ids = pc.binary_join_element_wise(f"{prefix}_", *halves, "")
    if not names.null_count:
        return ids
    rows = pc.subtract(pc.cumulative_sum(names.is_valid().cast(pa.int32())), 1)
    return ids.take(pc.if_else(names.is_valid(), rows, pa.scalar(None, pa.int32())))


def _first_bits(digests: bytes) -> tuple[pa.Array, pa.Array]:
    """The first forty bits of each digest of 32 bytes as a number, and the next forty."""
    first, second = array("Q", digests)[::4], array("H", digests)[4::16]
    if byteorder == "little":
        first.byteswap()
        second.byteswap()
    first, second = _numbers(first, pa.uint64()), _numbers(second, pa.uint16()).cast(pa.uint64())
    rest = pc.shift_left(pc.bit_wise_and(first, _word(0xFF_FFFF)), _word(16))
    return pc.shift_right(first, _word(24)), pc.bit_wise_or(rest, second)


def _base32(bits: pa.Array) -> pa.Array:
    """The eight characters of each number of forty bits."""
    for mask, shift in _STEPS:
        low = pc.bit_wise_and(bits, _word(mask))
        bits = pc.bit_wise_or(low, pc.shift_left(pc.bit_wise_xor(bits, low), _word(shift)))
    words = array("Q", bits.buffers()[1].to_pybytes()[: 8 * len(bits)])
    if byteorder == "little":
        words.byteswap()
    characters = pa.py_buffer(words.tobytes().translate(_CHARACTERS))
    return pa.Array.from_buffers(pa.binary(8), len(words), [None, characters]).cast(pa.string())


def _numbers(values: array[int], kind: pa.DataType) -> pa.Array:
    return pa.Array.from_buffers(kind, len(values), [None, pa.py_buffer(values)])


def _word(value: int) -> pa.Scalar:
    return pa.scalar(value, pa.uint64())
