"""A part gives back what went in, its evidence by bucket, and tells when it is damaged."""

from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pytest
from corpus import MAYOR, SAID, SHELLING, article, checked, claim, supported
from pyarrow import fs

from dateline.build.assemble.columns import raw_schemas
from dateline.build.assemble.ids import PAIRS
from dateline.build.batch import BatchResult
from dateline.build.issues import Cell, Issue, Place, Source
from dateline.build.parts import (
    BUCKETED,
    BUCKETS,
    Damaged,
    Part,
    PartWriter,
    check_part,
    read_part,
    rows_of,
)
from dateline.build.store import new_file
from dateline.schema import load_codebook

FILES = fs.LocalFileSystem()
SCHEMAS = raw_schemas(load_codebook())
ISSUES = [
    Issue(
        "count-total",
        "expected “9”, got 8",
        (Place("a.jsonl", 3, 7, "/incidents/0"), Place("b.json", row=4)),
        "warning",
        Cell("casualties", 4, "count_best", 9, "8"),
        (Source("a-1", 4, 9, "nine"), Source("a-2")),
        3,
        ("inc_aaaa", "k"),
    ),
    Issue("json-syntax", "expected a value, got }", cell=Cell("articles")),
]
TEXTS = {"0:texts/a.txt": "0" * 64, "1:texts/b.txt": None}


def batch(*numbers: int) -> BatchResult:
    """What the map function makes of articles of these numbers, which have rows in all tables."""
    words = ("Two shells", "hit", "market", "Orra", "Monday", "mayor", "said", "Soldiers", "road")
    spans = [{"role": "mention", "quote": word} for word in words]
    participant = {"actor": "mayor", "role": "witness"}
    incident = {**SHELLING, "participants": [participant], "casualties": [claim()]}
    members: dict[str, Any] = {"actors": [{**MAYOR, "evidence": spans}], "statements": [SAID]}
    made = [article(f"a-{n}", incidents=[incident], **members) for n in numbers]
    return checked(*map(supported, made))


BATCHES = [batch(*range(9)), BatchResult({}, ISSUES, {"articles_read": 5}), batch(9)]


@pytest.fixture(scope="module")
def part(tmp_path_factory: pytest.TempPathFactory) -> Part:
    """The part of BATCHES; tests leave it as it is."""
    path = str(tmp_path_factory.mktemp("part") / "a.part")
    with new_file(FILES, path) as sink:
        writer = PartWriter(sink, path)
        for each in BATCHES:
            writer.add(each)
        return writer.close(TEXTS)


def rows(part: Part, name: str) -> pa.Table:
    """All rows of a table in a part; evidence bucket after bucket."""
    every = [section for each in part.buckets for section in each]
    sections = every if name == BUCKETED else part.tables.get(name, [])
    found = rows_of(FILES, part.path, sections, SCHEMAS[name])
    return pa.Table.from_batches(found, SCHEMAS[name])


def test_a_part_that_is_read_is_the_one_that_was_written(part: Part) -> None:
    found = read_part(FILES, part.path)
    assert found == part
    assert found.issues == [issue for each in BATCHES for issue in each.issues]
    # Equal issues may differ in their ids.
    assert [i.ids for i in found.issues] == [i.ids for each in BATCHES for i in each.issues]
    assert found.counts["articles_read"] == 15
    assert found.texts == TEXTS
    check_part(FILES, found)


@pytest.mark.parametrize("name", [name for name in SCHEMAS if name != BUCKETED])
def test_a_table_of_a_part_has_the_rows_that_went_in(name: str, part: Part) -> None:
    expected = [each.tables[name] for each in BATCHES if name in each.tables]
    assert sum(each.num_rows for each in expected) >= 10
    assert rows(part, name).equals(pa.concat_tables([SCHEMAS[name].empty_table(), *expected]))


def test_evidence_comes_back_whole_in_the_order_of_the_buckets(part: Part) -> None:
    expected = pa.concat_tables(each.tables[BUCKETED] for each in BATCHES if each.tables)
    found = rows(part, BUCKETED)
    key = "evidence_id"
    assert expected.num_rows > 50
    assert found.sort_by(key).equals(expected.sort_by(key))
    buckets = [
        pa.Table.from_batches(rows_of(FILES, part.path, each, SCHEMAS[BUCKETED]))[key].to_pylist()
        for each in part.buckets
        if each
    ]
    assert len(part.buckets) == BUCKETS
    assert len(buckets) > 20
    for one, other in pairwise(buckets):
        assert max(one) < min(other)


def test_a_bucket_holds_the_ids_that_begin_alike_and_no_other_does(part: Part) -> None:
    pairs = sorted(PAIRS)
    for number, sections in enumerate(part.buckets):
        for found in rows_of(FILES, part.path, sections, SCHEMAS[BUCKETED]):
            width = len(pairs) // BUCKETS
            own = set(pairs[number * width : (number + 1) * width])
            assert {each[4:6] for each in found.column("evidence_id").to_pylist()} <= own


def judged(content: bytes | bytearray, path: Path) -> None:
    """Reads and checks a part of these bytes."""
    path.write_bytes(content)
    check_part(FILES, read_part(FILES, str(path)))


def test_a_part_without_rows_is_sound(tmp_path: Path) -> None:
    path = str(tmp_path / "a.part")
    with new_file(FILES, path) as sink:
        PartWriter(sink, path).close({})
    found = read_part(FILES, path)
    assert found.tables == {}
    check_part(FILES, found)


def test_a_part_that_is_cut_anywhere_is_found_damaged(part: Part, tmp_path: Path) -> None:
    content = Path(part.path).read_bytes()
    lengths = {*range(100), *range(len(content) - 100, len(content))}
    for length in lengths | set(Random(1).sample(range(len(content)), 300)):
        with pytest.raises(Damaged, match=r"cut\.part"):
            judged(content[:length], tmp_path / "cut.part")


def test_a_part_that_goes_on_is_found_damaged(part: Part, tmp_path: Path) -> None:
    content = Path(part.path).read_bytes()
    for more in (b"\0", b"\0" * 64, content):
        with pytest.raises(Damaged, match=r"long\.part"):
            judged(content[:-1] + more + b"x", tmp_path / "long.part")


def test_any_byte_that_is_another_is_found(part: Part, tmp_path: Path) -> None:
    content = bytearray(Path(part.path).read_bytes())
    ends = {*range(40), *range(len(content) - 48, len(content))}
    chance = Random(2)
    for at in ends | set(chance.sample(range(len(content)), 400)):
        right = content[at]
        content[at] ^= chance.randrange(1, 256)
        with pytest.raises(Damaged, match=r"flipped\.part"):
            judged(content, tmp_path / "flipped.part")
        content[at] = right
    judged(content, tmp_path / "sound.part")


def test_a_part_that_is_not_kept_has_the_same_rows_and_is_never_taken_for_sound(
    part: Part, tmp_path: Path
) -> None:
    path = str(tmp_path / "passing.part")
    with new_file(FILES, path) as sink:
        writer = PartWriter(sink, path, is_kept=False)
        for each in BATCHES:
            writer.add(each)
        writer.close({})
    found = read_part(FILES, path)
    for name in SCHEMAS:
        assert rows(found, name).equals(rows(part, name))
    with pytest.raises(Damaged, match=r"passing\.part"):
        check_part(FILES, found)


MAGIC = b"dateline part 1\n"
FOREIGN = [b"", b"x", b"\0" * 999, b"{}" * 500, MAGIC, MAGIC + b"\0" * 39 + b"\x30", MAGIC * 20]


@pytest.mark.parametrize("content", FOREIGN)
def test_a_file_that_is_no_part_is_found_damaged(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(Damaged, match=r"foreign\.part"):
        judged(content, tmp_path / "foreign.part")


def test_a_part_that_has_gone_is_an_error_of_the_file_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"gone\.part"):
        read_part(FILES, str(tmp_path / "gone.part"))
