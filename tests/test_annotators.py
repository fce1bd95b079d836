"""Annotators: pseudonyms that tell nobody who it is, whose annotation is taken."""

import pytest

from dateline.build.formats.annotators import Choice, chosen, pseudonyms
from dateline.build.formats.source import Document


def test_a_pseudonym_is_nobody_elses() -> None:
    found = pseudonyms(["mary", "annotator-1", "7", "user-7", "paul"])
    assert len(set(found.values())) == 5
    assert (found["annotator-1"], found["user-7"]) == ("annotator-1", "user-7")
    assert (found["mary"], found["paul"]) == ("annotator-3", "annotator-4")


def test_a_code_has_a_digit_and_a_name_may_be_of_the_same_letters() -> None:
    found = pseudonyms(["4b22", "fede", "12", "INITIAL_CAS"])
    assert found == {
        "4b22": "4b22",
        "12": "user-12",
        "INITIAL_CAS": "INITIAL_CAS",
        "fede": "annotator-1",
    }


def document(annotator: str | None, *, adjudicated: bool = False) -> Document:
    return Document("d", "Text.", annotator=annotator, is_adjudicated=adjudicated)


MARY, PAUL, CURATED = document("mary"), document("paul"), document(None, adjudicated=True)
AGREED = document("paul", adjudicated=True)


@pytest.mark.parametrize(
    ("group", "choice", "expected"),
    [
        ([MARY, PAUL, CURATED], Choice(annotator="mary"), ["d"]),
        ([MARY, document(None)], Choice(annotator="mary"), ["d"]),
        ([document(None)], Choice(annotator="mary"), ["d"]),
        ([PAUL, CURATED], Choice(annotator="mary"), []),
        ([MARY, AGREED], Choice(each=True), ["d.mary", "d.paul"]),
        ([MARY, PAUL, CURATED], Choice(each=True), ["d.mary", "d.paul"]),
        ([CURATED], Choice(each=True), ["d"]),
        ([MARY, CURATED], Choice(), ["d"]),
    ],
)
def test_what_a_choice_takes(group: list[Document], choice: Choice, expected: list[str]) -> None:
    taken, undecided = chosen(group, choice)
    assert undecided == []
    assert [each.name for each in taken] == expected
    if choice.annotator is not None:
        assert {each.annotator for each in taken} <= {None, choice.annotator}
