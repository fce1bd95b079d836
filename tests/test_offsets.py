"""Units of offsets: whatever a document counts in, the same words come out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.build.formats.offsets import WINDOW, agrees, settled
from dateline.build.formats.source import Document, Mark
from dateline.build.formats.units import UNITS
from dateline.cli import UNITS as NAMES

# Letters, a combining accent, an astral character, an emoji of several, line ends.
PIECES = ["a", "b c", "é", "e\u0301", "𐍈", "👨🏻‍🚒", "\r\n", "\n", " "]
TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=20).map("".join)


def test_the_command_offers_all_units() -> None:
    assert set(NAMES) == set(UNITS)


@given(TEXTS, st.sampled_from(sorted(UNITS)), st.data())
def test_a_span_in_any_unit_comes_back(text: str, name: str, data: st.DataObject) -> None:
    unit = UNITS[name]
    counter = unit.of(text)
    points = [n for n in range(len(text) + 1) if float(counter.offsets[n]).is_integer()]
    start = data.draw(st.sampled_from(points))
    end = data.draw(st.sampled_from(points))
    begin, stop = int(counter.offsets[start]), int(counter.offsets[end]) - unit.is_inclusive
    found = counter.span(begin, stop)
    if text[start:end].strip("\r"):
        assert found is not None
        # CRLF is one character of one unit: its CR goes with it, or not.
        assert text[slice(*found)].replace("\r", "") == text[start:end].replace("\r", "")
    elif start >= end:
        assert found is None


@pytest.mark.parametrize(
    ("text", "name", "length"),
    [
        ("👨🏻‍🚒 x", "graphemes", 3),
        ("👨🏻‍🚒 x", "code-points", 6),
        ("👨🏻‍🚒 x", "utf-16", 9),
        ("👨🏻‍🚒 x", "bytes", 17),
        ("a\r\nb", "newlines", 3),
        ("", "graphemes", 0),
    ],
)
def test_units_count_as_their_names_say(text: str, name: str, length: int) -> None:
    assert UNITS[name].counted(text)[-1] == length


def test_no_span_lies_inside_of_a_character_or_beyond_the_text() -> None:
    counter = UNITS["utf-16"].of("👍 a")
    assert counter.span(1, 4) is None
    assert counter.span(2, 5) is None
    assert counter.span(3, 3) is None
    assert counter.span(-1, 2) is None
    assert counter.span(2, 4) == (1, 3)


@pytest.mark.parametrize(
    ("pieces", "quote", "expected"),
    [
        ([(0, 3), (4, 7)], "one two", True),
        ([(0, 3), (4, 7)], "onetwo", True),
        ([(0, 7)], " one\\ntwo", True),
        ([(0, 7)], "one  two ", True),
        ([(0, 7)], "one", False),
    ],
)
def test_words_agree_but_for_white_space(
    pieces: list[tuple[int, int]], quote: str, expected: bool
) -> None:
    assert agrees("one\ntwo", pieces, quote) is expected


def document(text: str, *marks: Mark, units: tuple[str, ...] = ("code-points",)) -> Document:
    return Document("d", text, marks, units=units)


@pytest.mark.parametrize("shift", [-WINDOW, -9, -1, 1, 9, WINDOW])
def test_a_drift_within_the_window_is_mended(shift: int) -> None:
    text = "." * 100 + "word" + "." * 100
    found = settled(document(text, Mark("1", "L", ((100 - shift, 104 - shift),), "word")))
    assert found.document.marks[0].pieces == ((100, 104),)
    assert found.shifts == (("L", shift),)


def test_of_two_places_as_near_none_is_chosen() -> None:
    found = settled(document("word....word", Mark("1", "L", ((4, 8),), "word")))
    assert found.document.marks[0].pieces == ()
    assert [lost.label for lost in found.document.lost] == ["L"]


def test_a_unit_that_all_words_agree_with_is_taken_for_those_without_words() -> None:
    text = "👍 one two"
    marks = (Mark("1", "L", ((3, 6),), "one"), Mark("2", "L", ((7, 10),)))
    found = settled(document(text, *marks, units=("code-points", "utf-16")))
    assert (found.unit, [m.pieces for m in found.document.marks]) == (
        "utf-16",
        [((2, 5),), ((6, 9),)],
    )


def test_the_unit_is_of_the_document_and_not_of_a_span() -> None:
    # By itself the first span is right in code points too, at the other of two equal letters.
    text = "👍 aab"
    marks = (Mark("1", "L", ((3, 4),), "a"), Mark("2", "L", ((5, 6),), "b"))
    found = settled(document(text, *marks, units=("code-points", "utf-16")))
    assert (found.unit, found.shifts) == ("utf-16", ())
    assert [m.pieces for m in found.document.marks] == [((2, 3),), ((4, 5),)]


def test_a_span_that_no_unit_explains_does_not_decide() -> None:
    text = "👍 one two three"
    marks = (
        Mark("1", "L", ((3, 6),), "one"),
        Mark("2", "L", ((7, 10),), "two"),
        Mark("3", "L", ((13, 18),), "three"),
    )
    found = settled(document(text, *marks, units=("code-points", "utf-16")))
    assert (found.unit, found.shifts) == ("utf-16", (("L", -2),))


@pytest.mark.parametrize("piece", [(-3, 3), (9, 14), (8, 11), (40, 44)])
def test_a_span_beyond_the_text_goes_where_its_words_are(piece: tuple[int, int]) -> None:
    found = settled(document("the army", Mark("1", "L", (piece,), "army")))
    assert found.document.marks[0].pieces == ((4, 8),)
    assert len(found.shifts) == 1


def test_pieces_beyond_the_text_are_not_put_together() -> None:
    found = settled(document("the army", Mark("1", "L", ((9, 12), (13, 17)), "the army")))
    assert found.document.marks[0].pieces == ()
    assert len(found.document.lost) == 1


def test_units_that_give_the_same_places_need_no_decision() -> None:
    text = "one 👍"
    found = settled(document(text, Mark("1", "L", ((0, 3),)), units=("utf-16", "graphemes")))
    assert found.undecided == ()
