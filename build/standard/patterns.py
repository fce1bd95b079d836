"""Whether text is like a `pattern`: the whole of it, in linear time or within a time bound.

RE2 takes no longer for hostile patterns, so it goes first. Look-around and back-references it has
not: for those a backtracking engine runs under a clock, and gives up for good where it is late.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
import regex

# Of a second, for one value.
SECONDS = 0.5

# These mean more characters beyond ASCII, and some control characters, to one engine than to RE2.
_CLASSES = re.compile(r"\\[dDwWsSbB]|\(\?[a-z]*i")
# RE2 reads these otherwise than Python, which refuses them or takes them as they are.
_RE2_ONLY = re.compile(r"\{,|\[:|\\[QECzXx]")
_ODD = r"[\x0b\x1c-\x1f]"


class TooSlow(Exception):
    """A pattern that takes longer on one value than anybody should wait."""


@dataclass(frozen=True)
class Pattern:
    """A pattern: as written, whether RE2 takes it, and where it may decide beyond plain ASCII."""

    written: str
    linear: bool
    everywhere: bool

    @property
    def whole(self) -> str:
        """The pattern for RE2, from the start to the end of a value."""
        return rf"\A(?:{self.written})\z"


def compiled(written: str) -> Pattern:
    """A pattern ready for use; ValueError where no engine takes it."""
    everywhere = _CLASSES.search(written) is None
    if _RE2_ONLY.search(written) is None and _re2(written, pa.array([""])) is not None:
        return Pattern(written, True, everywhere)
    try:
        regex.compile(written)
    except regex.error as error:
        raise ValueError(str(error)) from None
    return Pattern(written, False, everywhere)


def surely(pattern: Pattern, column: pa.Array) -> pa.Array | None:
    """Which values are like the pattern; false says nothing, null stands for null or nothing."""
    if not pattern.linear:
        return None
    like = pc.match_substring_regex(column, pattern.whole)
    if pattern.everywhere:
        return like
    odd = pc.match_substring_regex(column, _ODD)
    return pc.and_(like, pc.and_not(pc.string_is_ascii(column), odd))


def matcher(pattern: Pattern) -> Callable[[str], bool]:
    """A function that says of one text whether it is like the pattern; it raises TooSlow.

    Once it has been late it raises at once.
    """
    backtracking = None if pattern.linear and pattern.everywhere else regex.compile(pattern.written)
    late = False

    def like(text: str) -> bool:
        nonlocal late
        if pattern.linear and (pattern.everywhere or (text.isascii() and not _odd(text))):
            return bool(pc.match_substring_regex(pa.array([text]), pattern.whole)[0].as_py())
        if late or backtracking is None:
            raise TooSlow
        try:
            return backtracking.fullmatch(text, timeout=SECONDS) is not None
        except TimeoutError:
            late = True
            raise TooSlow from None

    return like


def _odd(text: str) -> bool:
    return re.search(_ODD, text) is not None


def _re2(written: str, column: pa.Array) -> pa.Array | None:
    try:
        return pc.match_substring_regex(column, rf"\A(?:{written})\z")
    except pa.ArrowInvalid:
        return None
