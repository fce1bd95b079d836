"""Paths give the files of articles, and files give each article's bytes with its place."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zstandard

from dateline.build.issues import EnvironmentFailure, Issue
from dateline.build.read import Limits, Record, batches, find, label, records

_LINES = b"".join(b'{"id": "a-%d"}\n' % n for n in range(20000))
_PACK: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "zst": zstandard.ZstdCompressor().compress,
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _write(path: Path, content: bytes = b"{}") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def _names(*patterns: str | Path) -> list[str]:
    return [label(path) for path in find(patterns)]


def _noise(size: int) -> bytes:
    return b'{"noise": "' + os.urandom(size // 2).hex().encode() + b'"}\n'


def _read(path: Path, limits: Limits | None = None) -> tuple[list[Record], list[Issue]]:
    items = list(records(path, limits or Limits()))
    found = [item for item in items if isinstance(item, Record)]
    return found, [item for item in items if isinstance(item, Issue)]


def test_a_folder_gives_the_articles_of_all_its_folders_sorted(here: Path) -> None:
    for name in ("b.json", "a.jsonl", "sub/c.json.gz", "sub/deep/d.jsonl.zst", "E.JSON"):
        _write(here / "in" / name)
    for name in ("datapackage.json", ".hidden.json", ".git/x.json", "notes.txt", "x.json.bak"):
        _write(here / "in" / name)
    expected = ["in/E.JSON", "in/a.jsonl", "in/b.json", "in/sub/c.json.gz"]
    assert _names("in") == [*expected, "in/sub/deep/d.jsonl.zst"]


def test_a_file_that_is_named_in_several_ways_is_read_once(here: Path) -> None:
    file = _write(here / "in" / "a.json")
    (here / "in" / "link.json").symlink_to(file)
    assert _names("in/a.json", file, "./in/../in/a.json", "in", "in/*.json") == ["in/a.json"]


def test_a_link_to_a_folder_is_not_followed(here: Path) -> None:
    _write(here / "elsewhere" / "a.json")
    _write(here / "in" / "b.json")
    (here / "in" / "elsewhere").symlink_to(here / "elsewhere")
    (here / "in" / "loop").symlink_to(here / "in")
    assert _names("in") == _names("in/**/*.json") == _names("in/*") == ["in/b.json"]
    assert _names("in/elsewhere") == ["in/elsewhere/a.json"]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("in/*.json", ["in/a.json"]),
        ("in/**/*.json*", ["in/a.json", "in/b.jsonl", "in/sub/c.json", "in/sub/deep/d.json.gz"]),
        ("in/**/deep/*", ["in/sub/deep/d.json.gz"]),
        ("in/*/[cx].json", ["in/sub/c.json"]),
        ("**/?.json", ["in/a.json", "in/sub/c.json"]),
        ("in/s*", ["in/sub/c.json", "in/sub/deep/d.json.gz"]),
        ("in/nothing*.json", []),
        ("nowhere/*.json", []),
        ("in/[1].json", ["in/[1].json"]),
    ],
)
def test_a_glob_gives_what_it_matches(here: Path, pattern: str, expected: list[str]) -> None:
    for name in ("a.json", "b.jsonl", "sub/c.json", "sub/deep/d.json.gz", "datapackage.json"):
        _write(here / "in" / name)
    if "[1]" in pattern:
        _write(here / "in" / "[1].json")
    assert _names(pattern) == expected
    assert _names(here / pattern) == expected


def test_a_named_path_that_does_not_exist_fails(here: Path) -> None:
    with pytest.raises(EnvironmentFailure, match=r"^in/a\.json: no such file or folder$"):
        find(["in/a.json"])


def test_a_folder_without_articles_gives_nothing(here: Path) -> None:
    (here / "empty").mkdir()
    assert find(["empty"]) == []


def test_a_dangling_link_fails_when_it_is_read(here: Path) -> None:
    (here / "a.json").symlink_to(here / "gone.json")
    (path,) = find(["."])
    with pytest.raises(EnvironmentFailure, match=r"a\.json: cannot be read: No such file"):
        list(records(path))


def test_a_file_outside_of_the_current_folder_is_shown_whole(here: Path, tmp_path: Path) -> None:
    other = _write(tmp_path.parent / f"{tmp_path.name}-other" / "a.json")
    assert label(other) == other.as_posix()
    assert label(here / "x" / ".." / "a.json") == "a.json"


def test_a_json_file_is_one_record(here: Path) -> None:
    path = _write(here / "in" / "a.json", b'\n{\n"id": 1\n}\n')
    assert _read(path) == ([Record("in/a.json", 1, b'\n{\n"id": 1\n}\n', path.parent)], [])


def test_a_jsonl_file_is_a_record_a_line(here: Path) -> None:
    separator = "\u2028".encode()
    content = b"\xef\xbb\xbf{}\r\n\n \t\n" + separator + b"\x0b1\n[2]"
    found, issues = _read(_write(here / "a.jsonl", content))
    assert [(r.line, r.data) for r in found] == [(1, b"{}"), (4, separator + b"\x0b1"), (5, b"[2]")]
    assert issues == []


@pytest.mark.parametrize("packing", ["gz", "zst"])
def test_a_packed_file_of_several_parts_is_read_whole(here: Path, packing: str) -> None:
    parts = [_LINES, b"", b"\n{}\n"]
    content = b"".join(map(_PACK[packing], parts))
    found, issues = _read(_write(here / f"a.jsonl.{packing}", content))
    assert b"".join(record.data + b"\n" for record in found) == _LINES + b"{}\n"
    assert [found[-1].line, issues] == [20002, []]
    found, issues = _read(_write(here / f"a.json.{packing}", _PACK[packing](b'{"id": 1}')))
    assert [record.data for record in found] == [b'{"id": 1}']
    assert issues == []


@pytest.mark.parametrize("packing", ["gz", "zst"])
@pytest.mark.parametrize("cut", [0.1, 0.5, 0.999])
def test_a_packed_file_cut_short_gives_the_records_before_the_cut(
    here: Path, packing: str, cut: float
) -> None:
    lines = [_noise(1000) for _ in range(500)]
    whole = _PACK[packing](b"".join(lines))
    path = _write(here / f"a.jsonl.{packing}", whole[: int(len(whole) * cut)])
    found, issues = _read(path)
    # What stands in a block that is not whole is lost: 128 KiB in Zstandard.
    assert len(found) >= 500 * cut - 150
    assert [record.data + b"\n" for record in found] == lines[: len(found)]
    (issue,) = issues
    assert issue.rule == "input-unreadable"
    assert issue.places[0].line == len(found) + 1
    assert "expected a whole packed file" in issue.message


@pytest.mark.parametrize("packing", ["gz", "zst"])
@pytest.mark.parametrize("kind", ["json", "jsonl"])
def test_a_file_that_is_not_packed_as_its_name_says_is_an_issue(
    here: Path, packing: str, kind: str
) -> None:
    found, issues = _read(_write(here / f"a.{kind}.{packing}", _LINES))
    assert found == []
    assert [issue.rule for issue in issues] == ["input-unreadable"]


@pytest.mark.parametrize("packing", ["gz", "zst"])
def test_waste_after_a_packed_file_is_an_issue_after_its_records(here: Path, packing: str) -> None:
    path = _write(here / f"a.jsonl.{packing}", _PACK[packing](_LINES) + b"waste")
    found, issues = _read(path)
    assert len(found) == 20000
    assert [issue.rule for issue in issues] == ["input-unreadable"]


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("utf-32", "UTF-32"),
        ("utf-32-be", "UTF-32"),
    ],
)
@pytest.mark.parametrize("file", ["a.json", "a.jsonl"])
def test_another_unicode_encoding_is_named(here: Path, codec: str, name: str, file: str) -> None:
    found, issues = _read(_write(here / file, '{"id": "a"}\n{}\n'.encode(codec)))
    assert found == []
    assert [(i.rule, i.message) for i in issues] == [
        ("json-encoding", f"expected UTF-8, got {name}; save the file as UTF-8")
    ]
    assert str(issues[0].places[0]) == f"{file}:1:1"


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b" \r\n\t\n"])
@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.jsonl.gz", "a.jsonl.zst"])
def test_a_file_without_an_article_is_an_issue(here: Path, name: str, content: bytes) -> None:
    pack = _PACK.get(name.rpartition(".")[2], bytes)
    found, issues = _read(_write(here / name, pack(content)))
    assert found == []
    assert [issue.rule for issue in issues] == ["input-empty"]


def test_a_line_beyond_the_limit_is_passed_over_and_the_next_is_read(here: Path) -> None:
    limits = Limits(line_bytes=10)
    path = _write(
        here / "a.jsonl", b"1234567890\n12345678901\n" + b"x" * 5000 + b"\n{}\n123456789\r\n"
    )
    found, issues = _read(path, limits)
    assert [r.data for r in found] == [b"1234567890", b"{}", b"123456789"]
    assert [(i.rule, i.places[0].line) for i in issues] == [
        ("input-too-large", 2),
        ("input-too-large", 3),
    ]
    assert "at most 10 bytes" in issues[0].message


def test_a_json_file_beyond_the_limit_is_an_issue(here: Path) -> None:
    path = _write(here / "a.json", b"12345678901")
    assert [i.rule for i in _read(path, Limits(line_bytes=10))[1]] == ["input-too-large"]
    assert _read(path, Limits(line_bytes=11))[1] == []


_SMALL_MEMORY = """
import resource, sys
from pathlib import Path
from dateline.build.issues import Issue
from dateline.build.read import records
import zstandard
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
items = [i.rule if isinstance(i, Issue) else i.data for i in records(Path(sys.argv[1]))]
print(items, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10)
"""


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.jsonl.zst"])
def test_a_line_of_200_mb_is_never_held(here: Path, name: str) -> None:
    def content() -> Iterator[bytes]:
        yield from (b"[" + b"1," * (1 << 19) for _ in range(200))
        yield b"\n{}\n"

    _stream(here / name, content())
    run = subprocess.run(
        [sys.executable, "-c", _SMALL_MEMORY, name], capture_output=True, check=True, text=True
    )
    items, megabytes = run.stdout.rsplit(" ", 1)
    assert items == "['input-too-large', b'{}']"
    # Twice the 64 MiB limit while its pieces are joined, and the 32 MiB of one Zstandard step.
    assert int(megabytes) < 180


def _stream(path: Path, content: Iterator[bytes]) -> None:
    with path.open("wb") as file:
        if path.suffix == ".gz":
            with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=1) as packed:
                packed.writelines(content)
        elif path.suffix == ".zst":
            with zstandard.ZstdCompressor().stream_writer(file, closefd=False) as packed:
                for piece in content:
                    packed.write(piece)
        else:
            file.writelines(content)


@pytest.mark.parametrize("packing", ["gz", "zst"])
def test_a_packed_file_beyond_its_limit_is_read_up_to_it(here: Path, packing: str) -> None:
    path = _write(here / f"a.jsonl.{packing}", _PACK[packing](_LINES))
    whole = len(_LINES)
    assert _read(path, Limits(unpacked_bytes=whole))[1] == []
    found, issues = _read(path, Limits(unpacked_bytes=whole - 1))
    assert len(found) == 19999
    assert [(i.rule, i.places[0].line) for i in issues] == [("input-too-large", 20000)]


def test_a_plain_file_has_no_limit_of_its_own(here: Path) -> None:
    path = _write(here / "a.jsonl", _LINES)
    assert _read(path, Limits(unpacked_bytes=10))[1] == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_is_not_permitted_fails(here: Path) -> None:
    path = _write(here / "a.json")
    path.chmod(0)
    with pytest.raises(EnvironmentFailure, match=r"^a\.json: cannot be read: Permission denied$"):
        list(records(path))


def test_a_folder_in_place_of_a_file_fails(here: Path) -> None:
    (here / "a.json").mkdir()
    with pytest.raises(EnvironmentFailure, match=r"^a\.json: cannot be read: Is a directory$"):
        list(records(here / "a.json"))


def test_batches_are_full_at_a_number_of_records_or_of_bytes(here: Path) -> None:
    items = [Record("a", n, b"12345", here) for n in range(7)]
    issue = Issue("input-empty", "")
    assert list(batches([*items, issue], records_per_batch=3)) == [
        items[:3],
        items[3:6],
        [items[6], issue],
    ]
    by_bytes = list(batches(items, bytes_per_batch=6))
    assert [len(batch) for batch in by_bytes] == [2, 2, 2, 1]
    assert list(batches([])) == []


def test_a_name_that_is_not_unicode_is_shown_with_escapes(here: Path) -> None:
    name = os.fsdecode(b"caf\xe9.json")
    try:
        _write(here / name)
    except OSError:
        pytest.skip("the file system takes Unicode names only")
    assert json.dumps(_names(".")) == json.dumps(["caf\\udce9.json"])
    assert [record.file for record in _read(here / name)[0]] == ["caf\\udce9.json"]
