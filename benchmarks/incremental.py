"""`dateline build` a second time, after a few of many files have changed.

    python benchmarks/incremental.py --articles 100000 --files 1000 --changed 10 --jobs 2

In each run a project without a cache is built, some of its files are changed, and it is built
again with the cache and with `--no-cache`. The last two have to be the same, byte by byte.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from random import Random

from corpus import write_corpus
from measured import Row, Run, build, conclude, parser, row

PROJECT = {
    "name": "benchmark",
    "title": "Benchmark",
    "version": "1.0.0",
    "licenses": [{"name": "CC0-1.0", "path": "https://creativecommons.org/publicdomain/zero/1.0/"}],
    "contributors": [{"title": "Nobody", "roles": ["author"]}],
    "dateline": {"articles": ["articles/*.jsonl"]},
}


def change(file: Path, run: int) -> None:
    """Changes an article of a file: its annotator, to one that no earlier run has named."""
    first, rest = file.read_text("utf-8").split("\n", 1)
    document = json.loads(first)
    document["annotation"]["annotator"] = f"changed-{run}"
    file.write_text(f"{json.dumps(document, ensure_ascii=False)}\n{rest}", "utf-8")


def differing(one: Path, other: Path) -> list[str]:
    """The files, by their paths in the package, that are not the same in two packages."""
    first, second = digests(one), digests(other)
    return sorted(name for name in first | second if first.get(name) != second.get(name))


def digests(package: Path) -> dict[str, bytes]:
    """Path in the package -> digest of each of its files."""
    found = {}
    for path in package.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                name = path.relative_to(package).as_posix()
                found[name] = hashlib.file_digest(file, "sha256").digest()
    return found


def measure(folder: Path, given: argparse.Namespace) -> list[Row]:
    """A row for the first build, the second, and the second without the cache."""
    project = folder / "project"
    write_corpus(
        given.articles, project / "articles", given.seed, -(-given.articles // given.files)
    )
    (project / "datapackage.json").write_text(json.dumps(PROJECT), "utf-8")
    files = sorted((project / "articles").iterdir())
    made: dict[str, list[Run]] = defaultdict(list)
    for run in range(given.runs):
        shutil.rmtree(project / ".dateline", ignore_errors=True)
        made["first"].append(once(project, folder / "first", given.jobs))
        for file in Random(f"{given.seed}/{run}").sample(files, given.changed):
            change(file, run)
        made["second"].append(once(project, folder / "second", given.jobs))
        made["second, no cache"].append(once(project, folder / "full", given.jobs, "--no-cache"))
        if differ := differing(folder / "second", folder / "full"):
            sys.exit(f"expected the same bytes with and without the cache, got others in {differ}")
        if not differing(folder / "first", folder / "second"):
            sys.exit("expected other bytes after a change, got the same")
    rows = [row(what, each, articles=given.articles) for what, each in made.items()]
    first = rows[0]["median_seconds"]
    return [one | {"ratio": round(one["median_seconds"] / first, 3)} for one in rows]


def once(project: Path, out: Path, jobs: int, *options: str) -> Run:
    """One build of the project, whose cache lies in it."""
    shutil.rmtree(out, ignore_errors=True)
    return build(project, out, "--jobs", str(jobs), *options, cwd=project)


def main() -> None:
    options = parser(__doc__)
    options.add_argument("--articles", type=int, default=100_000)
    options.add_argument("--files", type=int, default=1000)
    options.add_argument("--changed", type=int, default=10)
    options.add_argument("--jobs", type=int, default=2)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="dateline-benchmark-") as folder:
        rows = measure(Path(folder), given)
    conclude(given, rows)


if __name__ == "__main__":
    main()
