"""Seeded generator of invented annotated articles, one JSON object a line.

python benchmarks/corpus.py 2000 --kind clean --seed 1 --articles-per-file 200 --out DIR
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

from invented.article import article
from invented.dirt import SOUND, WRONG, dirty_articles
from invented.events import shared_events

# What one article in 100 is made to be.
WAYS = {"dirty": SOUND, "wrong": WRONG}
# In percent, the articles that report an event of several articles, and of how many each.
SHARED = {"shared": (100, (8, 10, 12))}
KINDS = ("clean", *WAYS, *SHARED)


def lines(count: int, seed: int, kind: str = "clean") -> Iterator[str]:
    """The articles as JSON lines, in order of their number; the same for the same arguments."""
    shared = shared_events(count, seed, *SHARED.get(kind, ()))
    dirt = dirty_articles(WAYS[kind], count, seed) if kind in WAYS else {}
    for index in range(count):
        document = article(seed, index, shared.get(index))
        if index in dirt:
            dirt[index](document)
        yield json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"


def write_corpus(
    count: int, out: Path, seed: int = 1, articles_per_file: int = 200, kind: str = "clean"
) -> int:
    """Size in bytes of the corpus, written to `out` as part-00000.jsonl and so on."""
    out.mkdir(parents=True, exist_ok=True)
    source, size = lines(count, seed, kind), 0
    for number, start in enumerate(range(0, count, articles_per_file)):
        part = range(start, min(start + articles_per_file, count))
        block = "".join(next(source) for _ in part).encode()
        (out / f"part-{number:05d}.jsonl").write_bytes(block)
        size += len(block)
    return size


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("count", type=int, metavar="N", help="number of articles")
    parser.add_argument("--kind", choices=KINDS, default="clean")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--articles-per-file", type=int, default=200)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    given = parser.parse_args()
    size = write_corpus(given.count, given.out, given.seed, given.articles_per_file, given.kind)
    print(f"{given.count} articles, {size} bytes in {given.out}")


if __name__ == "__main__":
    main()
