"""Builds that keep parts give what builds without them give, whatever has changed in between."""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from projects import (
    CACHE,
    COMMAND,
    ENVIRONMENT,
    Json,
    build,
    change_settings,
    digests,
    example_project,
    generated,
    parts,
)
from pyarrow import fs

from dateline.build.batch import BatchSettings
from dateline.build.cache import KEPT_DAYS, digest_of, kept
from dateline.build.mapping import Task, run_task
from dateline.build.parts import PartWriter, check_part
from dateline.build.read import Limits, blocks
from dateline.build.store import new_file
from dateline.cli import main
from dateline.schema import definitions

ARTICLES = Path("examples", "articles")
TEXT = ARTICLES / "texts" / "northline-2024-03-06-tarvel.txt"
WITH_TEXT = ARTICLES / "northline-2024-03-06-tarvel.json"
DAY = 24 * 3600
LONELY = {
    "id": "nobody",
    "name": "nobody",
    "entity_kind": "unnamed_person",
    "actor_type": "unknown",
    "evidence": [{"role": "mention", "start": 0, "end": 3}],
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of several blocks with all their parts in its cache; tests leave it as it is."""
    project = example_project(tmp_path_factory.mktemp("built") / "project")
    generated(project / "more", 24, 6, 9_000_000)
    change_settings(project, lambda s: s["articles"].append("more/*.jsonl"))
    edited(project / WITH_TEXT, lambda data: data["actors"].append(LONELY))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project)
        found = build(project, project / "dist" / "out")
    assert found.code == 0
    (project / "report.json").write_text(json.dumps(found.report), "utf-8")
    assert len(parts(project)) >= 3
    return project


def copied(source: str, target: str) -> None:
    """A file's copy, or a link to a large one, which tests replace and never write to."""
    if Path(source).parent.name == "more":
        os.link(source, target)
    else:
        shutil.copy2(source, target)


@pytest.fixture
def project(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the built project, which is the current folder."""
    copy = shutil.copytree(built, tmp_path / "project", copy_function=copied)
    monkeypatch.chdir(copy)
    return copy


def edited(path: Path, change: Callable[[Json], object]) -> None:
    """Changes the article of a file in place."""
    content = json.loads(path.read_bytes())
    change(content)
    path.write_text(json.dumps(content), "utf-8")


def file_changed(project: Path) -> None:
    edited(project / WITH_TEXT, lambda data: data["annotation"].update(annotator="b"))


def file_added(project: Path) -> None:
    content = json.loads((project / ARTICLES / "radio-sade-2023-11-18.json").read_bytes())
    (project / ARTICLES / "a.json").write_text(json.dumps({**content, "id": "another"}), "utf-8")


def file_repeated(project: Path) -> None:
    shutil.copy(project / WITH_TEXT, project / ARTICLES / "again.json")


def file_removed(project: Path) -> None:
    (project / "more" / "part-00003.jsonl").unlink()


def file_renamed(project: Path) -> None:
    (project / ARTICLES / "radio-sade-2023-11-18.json").rename(project / ARTICLES / "b.json")


def files_swapped(project: Path) -> None:
    one, other = (project / "more" / f"part-0000{n}.jsonl" for n in (1, 4))
    one.rename(project / "aside")
    other.rename(one)
    (project / "aside").rename(other)


def lines_turned(project: Path) -> None:
    path = project / ARTICLES / "bridge.jsonl"
    path.write_bytes(b"".join(reversed(path.read_bytes().splitlines(keepends=True))))


def line_moved(project: Path) -> None:
    path = project / ARTICLES / "bridge.jsonl"
    path.write_bytes(b"\n" + path.read_bytes())


def article_broken(project: Path) -> None:
    edited(project / WITH_TEXT, lambda data: data.pop("source"))


def text_changed(project: Path) -> None:
    (project / TEXT).write_text("Other words.", "utf-8")


def text_longer(project: Path) -> None:
    (project / TEXT).write_text((project / TEXT).read_text("utf-8") + "More.", "utf-8")


def text_removed(project: Path) -> None:
    (project / TEXT).unlink()


def text_linked_outside(project: Path) -> None:
    (project / TEXT).rename(project / "text.txt")
    (project / TEXT).symlink_to(project / "text.txt")


def codebook_value_gone(project: Path) -> None:
    path = project / "examples" / "codebook" / "vocab" / "infrastructure.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if "road_bridge" not in line), "utf-8")


def codebook_value_added(project: Path) -> None:
    with (project / "examples" / "codebook" / "vocab" / "infrastructure.csv").open("a") as file:
        file.write("tower,Tower,A tall structure\n")


def profile_changed(project: Path) -> None:
    change_settings(project, lambda s: s.update(profile="no_verbatim"))


def limits_changed(project: Path) -> None:
    change_settings(project, lambda s: s.update(limits={"nesting": 4}))


def size_limited(project: Path) -> None:
    change_settings(project, lambda s: s.update(limits={"line_bytes": 2000}))


# Changes that are made together, each to other articles.
VALID = [
    (file_changed, file_removed, file_renamed, line_moved),
    (file_added, files_swapped, lines_turned),
    (codebook_value_added, profile_changed),
]
INVALID = [
    *(file_repeated, article_broken, text_changed, text_longer, text_removed),
    *(text_linked_outside, codebook_value_gone, limits_changed, size_limited),
]


def names(changes: tuple[Callable[[Path], None], ...]) -> str:
    return ", ".join(change.__name__ for change in changes)


@pytest.mark.parametrize("changes", [*VALID, *((each,) for each in INVALID)], ids=names)
def test_a_build_after_a_change_is_the_same_with_the_cache_as_without(
    changes: tuple[Callable[[Path], None], ...], project: Path, tmp_path: Path
) -> None:
    before = parts(project)
    for change in changes:
        change(project)
    kept, anew = (build(project, tmp_path / o, *a) for o, a in (("a", ()), ("b", ("--no-cache",))))
    assert kept == anew
    assert kept.code == (0 if changes in VALID else 1)
    assert bool(kept.package) == (changes in VALID)
    assert kept.package != digests(project / "dist" / "out")
    assert before.keys() <= parts(project).keys()


def test_a_build_of_unchanged_files_makes_no_part(project: Path, tmp_path: Path) -> None:
    before = parts(project)
    again = build(project, tmp_path / "out")
    assert again.package == digests(project / "dist" / "out")
    assert again.report == json.loads((project / "report.json").read_bytes())
    assert "actor-orphan" in {issue["rule"] for issue in again.report["issues"]}
    assert parts(project) == before


def test_a_build_goes_by_the_parts_and_not_by_the_files(project: Path, tmp_path: Path) -> None:
    # Sound parts without rows in their place: only who reads no article can miss them.
    files = fs.LocalFileSystem()
    for path in (project / CACHE).glob("*/*.part"):
        with new_file(files, str(path)) as sink:
            PartWriter(sink, str(path)).close({})
    assert build(project, tmp_path / "out").report["counts"]["articles"] == 0


def test_a_file_that_was_changed_makes_one_new_part(project: Path, tmp_path: Path) -> None:
    before = parts(project)
    article_broken(project)
    assert build(project, tmp_path / "out").code == 1
    after = parts(project)
    assert len(after) == len(before) + 1
    assert before.items() < after.items()


def test_a_build_without_the_cache_neither_reads_nor_writes_one(
    project: Path, tmp_path: Path
) -> None:
    shutil.rmtree(project / ".dateline")
    article_broken(project)
    build(project, tmp_path / "out", "--no-cache")
    assert not (project / ".dateline").exists()


def test_a_build_of_articles_alone_keeps_nothing(project: Path, tmp_path: Path) -> None:
    (project / "more" / "broken.json").write_text("{", "utf-8")
    arguments = ["build", "more", "--out", str(tmp_path / "out"), "--jobs", "1"]
    before = sorted((project / CACHE).rglob("*"))
    assert CliRunner().invoke(main, arguments).exit_code == 1
    assert sorted((project / CACHE).rglob("*")) == before
    assert not (project / "more" / ".dateline").exists()


def test_a_text_named_with_escapes_is_looked_at_too(project: Path, tmp_path: Path) -> None:
    path = project / WITH_TEXT
    written = path.read_bytes().replace(b'"text_file"', b'"te\\u0078t\\u005Ffile"')
    assert b'"text_file"' not in written
    path.write_bytes(written.replace(b'"version"', b'"annotator_note": "text", "version"'))
    build(project, tmp_path / "a")
    text_changed(project)
    kept, anew = (build(project, tmp_path / o, *a) for o, a in (("a", ()), ("b", ("--no-cache",))))
    assert kept == anew
    assert "text-hash" in {issue["rule"] for issue in kept.report["issues"]}


def test_why_a_text_cannot_be_read_is_told_as_it_is_now(project: Path, tmp_path: Path) -> None:
    text_removed(project)
    first = build(project, tmp_path / "out")
    (project / TEXT).mkdir()
    second = build(project, tmp_path / "out")
    texts = [
        issue["message"]
        for each in (first, second)
        for issue in each.report["issues"]
        if issue["rule"] == "text-file-missing"
    ]
    assert ["no such file" in text for text in texts] == [True, False]
    assert "is a directory" in texts[1]


# Damage


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 4
    path.write_bytes(content)


def foreign(path: Path) -> None:
    path.write_bytes(b"notes of somebody's\n" * 100)


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def a_link_to_nothing(path: Path) -> None:
    path.unlink()
    path.symlink_to("nowhere")


def not_permitted(path: Path) -> None:
    path.chmod(0)


DAMAGES = [cut, emptied, flipped, foreign, a_folder, a_link_to_nothing]


@pytest.mark.parametrize(
    "damage",
    [
        *DAMAGES,
        pytest.param(
            not_permitted,
            marks=pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything"),
        ),
    ],
    ids=lambda damage: damage.__name__,
)
def test_a_damaged_part_is_made_anew(
    damage: Callable[[Path], None], project: Path, tmp_path: Path
) -> None:
    settings = BatchSettings("quotes", (), Limits())
    (block,) = blocks([project / WITH_TEXT])
    task = Task(0, block, settings, str(tmp_path), digest_of(settings))
    files = fs.LocalFileSystem()
    part = run_task(task)
    # Held open, so that no new file gets its number.
    with Path(part.path).open("rb") as old:
        damage(Path(part.path))
        again = run_task(task)
        inode = os.fstat(old.fileno()).st_ino
    check_part(files, again)
    assert again == replace(part, path=again.path)
    # What cannot be replaced stays; the part serves one build, under another name.
    assert (again.path == part.path) == (damage is not a_folder)
    assert Path(again.path).stat().st_ino != inode


def test_a_build_with_damaged_parts_is_right(project: Path, tmp_path: Path) -> None:
    kept = sorted((project / CACHE).glob("*/*.part"))
    for path, damage in zip(kept, (flipped, a_folder, cut), strict=False):
        damage(path)
    assert build(project, tmp_path / "out").package == digests(project / "dist" / "out")


@pytest.mark.parametrize(
    "place", [".dateline", ".dateline/cache", ".dateline/cache/lock", ".dateline/cache/digest"]
)
@pytest.mark.parametrize("kind", ["file", "folder", "link"])
def test_there_is_no_cache_where_something_else_is_in_its_place(
    place: str, kind: str, tmp_path: Path
) -> None:
    path = tmp_path / place
    path.parent.mkdir(parents=True, exist_ok=True)
    if kind == "folder":
        path.mkdir()
    elif kind == "file":
        path.write_bytes(b"")
    else:
        path.symlink_to("/proc/nowhere")
    with kept(tmp_path, "digest") as folder:
        fits = kind == "file" if path.name == "lock" else kind == "folder"
        assert (folder is not None) == fits
    assert kind == "folder" or path.is_symlink() or path.read_bytes() == b""


def test_a_build_works_without_a_cache_where_none_can_be(project: Path, tmp_path: Path) -> None:
    shutil.rmtree(project / ".dateline")
    (project / ".dateline").write_text("mine")
    assert build(project, tmp_path / "out").package == digests(project / "dist" / "out")
    assert (project / ".dateline").read_text() == "mine"


# Several at once, one after the other


def started(project: Path, *arguments: str | Path) -> "subprocess.Popen[str]":
    """A command in a process of its own, in the project's folder."""
    return subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        cwd=project,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_two_builds_at_once_are_both_right(project: Path, tmp_path: Path) -> None:
    shutil.rmtree(project / CACHE)
    outs = [tmp_path / "one", tmp_path / "two"]
    both = [
        started(project, "build", ".", "--out", out, "--jobs", jobs)
        for out, jobs in zip(outs, ("1", "2"), strict=True)
    ]
    told = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    expected = digests(project / "dist" / "out")
    assert [digests(out) for out in outs] == [expected, expected]
    assert not list((project / CACHE).rglob("*.tmp"))


@pytest.fixture
def faulty(project: Path) -> Path:
    """The project with errors and warnings in several blocks."""
    generated(project / "wrong", 200, 2, 9_000_000, "wrong")
    change_settings(project, lambda s: s["articles"].append("wrong/*.jsonl"))
    change_settings(project, lambda s: s.update(registry=None))
    (project / "more" / "part-00005.jsonl").unlink()
    (project / "more" / "part-00006.jsonl").write_bytes(b'{"id": 1}\n{"id"\n')
    (project / ARTICLES / "empty.jsonl").write_bytes(b"\n")
    return project


def validated(*options: str) -> Json:
    """The report of `dateline validate` on the current folder."""
    result = CliRunner().invoke(main, ["validate", ".", "--jobs", "1", "--json", *options])
    report: Json = json.loads(result.stdout)
    return report


def test_what_is_wrong_with_unchanged_files_is_told_again(faulty: Path, tmp_path: Path) -> None:
    first = validated()
    before = parts(faulty)
    assert validated() == first
    assert parts(faulty) == before
    rules = {issue["rule"] for issue in first["issues"]}
    assert {"json-syntax", "input-empty"} < rules
    kept = build(faulty, tmp_path / "out")
    assert parts(faulty) == before
    assert kept == build(faulty, tmp_path / "out", "--no-cache")
    assert kept.report["issues"] == first["issues"]
    shutil.rmtree(faulty / CACHE)
    assert validated() == first


def test_a_part_is_by_the_definitions_that_the_build_began_with(
    project: Path, tmp_path: Path
) -> None:
    codebook = project / "examples" / "codebook"
    (block,) = blocks([project / ARTICLES / "bridge.jsonl"])

    def task() -> Task:
        settings = BatchSettings("quotes", definitions(codebook), Limits())
        return Task(0, block, settings, str(tmp_path), digest_of(settings))

    began = task()
    before = run_task(began)
    Path(before.path).unlink()
    codebook_value_gone(project)
    assert run_task(began) == before
    changed = run_task(task())
    check_part(fs.LocalFileSystem(), changed)
    assert changed.issues != before.issues
    assert run_task(task()) == changed


# What is not used goes


def aged(path: Path, days: float) -> Path:
    moment = time.time() - days * DAY
    os.utime(path, (moment, moment))
    return path


@pytest.fixture
def unused(tmp_path: Path) -> list[Path]:
    """Entries that no build has used for more than a week, among others of an earlier version."""
    old, folder = tmp_path / CACHE / "old", tmp_path / CACHE / "digest"
    made = [old / "a.part", folder / "b.part", folder / "000001.part.1234abcd.tmp"]
    for path in made:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
        aged(path, KEPT_DAYS + 0.1)
    return [*made, old]


def test_what_was_not_used_for_a_week_is_taken_away(unused: list[Path], tmp_path: Path) -> None:
    young = tmp_path / CACHE / "digest" / "young.part"
    young.write_bytes(b"x")
    aged(young, KEPT_DAYS - 0.1)
    with kept(tmp_path, "digest") as folder:
        assert folder == young.parent
        assert all(path.exists() for path in unused)
    assert [path for path in unused if path.exists()] == []
    assert young.exists()


def test_what_a_build_uses_is_used(project: Path, tmp_path: Path) -> None:
    for path in (project / CACHE).glob("*/*.part"):
        aged(path, 100)
    before = parts(project)
    file_changed(project)
    build(project, tmp_path / "out")
    after = parts(project)
    # All were looked for but the one of the changed file, for which there is a new one.
    assert len(after) == len(before)
    assert len(before.keys() - after.keys()) == 1


def test_nothing_is_taken_away_while_another_build_is_at_work(
    unused: list[Path], tmp_path: Path
) -> None:
    with kept(tmp_path, "digest"):
        with kept(tmp_path, "another"):
            pass
        assert all(path.exists() for path in unused)
    assert not any(path.exists() for path in unused)
