"""Files come in blocks: each article once, in order, on its line, wherever a file is cut."""

import codecs
import gzip
import os
import tempfile
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dateline.build.issues import EnvironmentFailure, Issue
from dateline.build.read import Limits, Record, block_records, blocks, label, records

LIMITS = Limits(line_bytes=60)
# An article, one longer than the limit, a blank line, and ends of lines; `\x0b` is a blank too.
LINES = st.one_of(
    st.sampled_from(
        [b"", b" ", b"\t", b"\x0b", b'{"a": 1}', b'{"\xc3\xa9": "\xe2\x80\xa8"}', b"{"]
    ),
    st.integers(0, 100).map(lambda size: b'"%s"' % (b"x" * size)),
)


@st.composite
def contents(draw: st.DrawFn) -> bytes:
    """A file of lines, with or without a byte order mark and a last end of line."""
    end = draw(st.sampled_from([b"\n", b"\r\n"]))
    lines = draw(st.lists(LINES, max_size=30))
    mark = draw(st.sampled_from([b"", codecs.BOM_UTF8]))
    return mark + end.join(lines) + draw(st.sampled_from([b"", end]))


def written(folder: Path, files: list[tuple[bytes, str]]) -> list[Path]:
    """Files of these bytes and endings, in the order of their names."""
    paths = []
    for number, (content, ending) in enumerate(files):
        paths.append(folder / f"{number:03}.{ending}")
        paths[-1].write_bytes(gzip.compress(content) if ending.endswith("gz") else content)
    return paths


def read_whole(paths: list[Path]) -> list[Record | Issue]:
    return [item for path in paths for item in records(path, LIMITS)]


def read_in_blocks(paths: list[Path], size: int) -> list[Record | Issue]:
    return [item for block in blocks(paths, size) for item in block_records(block, LIMITS)]


UTF_16 = '{"a": 1}\n{"a": 2}\n{"a": 3}\n'.encode("utf-16")
UTF_32 = '{"a": 1}\n{"a": 2}\n'.encode("utf-32-be")


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.tuples(contents(), st.sampled_from(["jsonl", "jsonl", "JSONL", "json", "jsonl.gz"])),
        max_size=4,
    ),
    st.integers(1, 200),
)
@example([(UTF_16, "jsonl"), (UTF_32, "jsonl"), (b"1\n" * 30, "jsonl")], 4)
@example([(b" \r\n" * 40, "jsonl"), (codecs.BOM_UTF8 + b"\n" * 40, "jsonl")], 4)
@example([(b'"' + b"x" * 500 + b'"\n1\n', "jsonl"), (b"\n" * 60 + b"1", "jsonl")], 3)
def test_blocks_give_what_the_whole_files_give(files: list[tuple[bytes, str]], size: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        paths = written(Path(folder), files)
        assert read_in_blocks(paths, size) == read_whole(paths)
        assert sum(block.files for block in blocks(paths, size)) == len(paths)


def test_each_article_of_a_file_in_parts_is_on_its_line(tmp_path: Path) -> None:
    lines = [b"" if n % 7 == 3 else b'{"id": %d}' % n for n in range(1, 2001)]
    (path,) = written(tmp_path, [(b"\r\n".join(lines), "jsonl")])
    assert len(list(blocks([path], 500))) > 40
    found = read_in_blocks([path], 500)
    expected = [(n, line) for n, line in enumerate(lines, 1) if line]
    assert [(r.line, r.data) for r in found if isinstance(r, Record)] == expected
    assert len(found) == len(expected)


def test_a_part_is_of_about_the_size_asked_for_and_ends_where_a_line_does(tmp_path: Path) -> None:
    content = b"".join(b'{"id": %d}\n' % n for n in range(5000))
    (path,) = written(tmp_path, [(content, "jsonl")])
    pieces = [piece for block in blocks([path], 1000) for piece in block.pieces]
    assert pieces[-1].end is None
    for one, next_one in pairwise(pieces):
        assert one.end == next_one.start
        assert content[: one.end].endswith(b"\n")
        assert 900 < one.end - one.start <= 1000
    assert 1000 < len(content) - pieces[-1].start <= 2000


def test_small_files_share_a_block(tmp_path: Path) -> None:
    paths = written(tmp_path, [(b'{"id": 1}\n', "jsonl")] * 100)
    (block,) = blocks(paths)
    assert [piece.label for piece in block.pieces] == [label(path) for path in paths]
    assert block.files == 100


def test_a_block_holds_a_thousand_files_at_most(tmp_path: Path) -> None:
    paths = written(tmp_path, [(b"1", "json")] * 2500)
    assert [len(block.pieces) for block in blocks(paths)] == [1000, 1000, 500]


@pytest.mark.parametrize("name", ["000a.jsonl", "200a.jsonl", "399a.jsonl"])
def test_a_file_more_leaves_most_other_blocks_as_they_were(name: str, tmp_path: Path) -> None:
    paths = written(tmp_path, [(b'{"id": %d}\n' % n, "jsonl") for n in range(400)])
    before = Counter(blocks(paths, 100))
    assert len(before) > 20
    (tmp_path / name).write_bytes(b'{"id": 1}\n')
    after = Counter(blocks(sorted([*paths, tmp_path / name]), 100))
    assert 1 <= (after - before).total() <= 8
    assert (before - after).total() <= 8


def test_a_file_that_has_gone_is_a_failure_of_the_environment(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFailure, match=r"gone\.jsonl: cannot be read: No such file"):
        list(blocks([tmp_path / "gone.jsonl"]))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_is_not_permitted_is_a_failure_of_the_environment(tmp_path: Path) -> None:
    (path,) = written(tmp_path, [(b"1\n" * 100, "jsonl")])
    path.chmod(0)
    with pytest.raises(EnvironmentFailure, match="cannot be read: Permission denied"):
        list(blocks([path], 10))


def test_a_packed_file_counts_for_more_than_its_own_bytes(tmp_path: Path) -> None:
    paths = written(tmp_path, [(b"{}\n", "jsonl.gz")] * 16)
    counts = [len(block.pieces) for block in blocks(paths, 4 * 8 * paths[0].stat().st_size)]
    assert sum(counts) == 16
    assert max(counts) <= 4
