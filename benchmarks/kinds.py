"""`dateline build` of each kind of corpus: clean, dirty, wrong, shared.

    python benchmarks/kinds.py --articles 20000 --jobs 2

One article in 100 is sound but of a rare form in the dirty corpus, and breaks a rule in the wrong
one, whose build has to end with exit code 1 and an error for each such article. Ratios are to the
clean corpus, whose builds run in turn with the others.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from corpus import KINDS, write_corpus
from measured import Row, Run, build, conclude, parser, row


def one_build(kind: str, folder: Path, jobs: int) -> Run:
    """The build of a corpus; exits where a wrong one is written, or another refused."""
    wrong, out = kind == "wrong", folder / "out"
    options = ("--jobs", str(jobs), "--no-cache", "--json")
    made = build(folder / kind, out, *options, expected=1 if wrong else 0)
    if out.exists() is wrong:
        sys.exit(f"{kind}: expected {'no' if wrong else 'a'} package")
    shutil.rmtree(out, ignore_errors=True)
    return made


def reported(made: Run) -> Row:
    """What a build reports: articles with an error, errors, warnings."""
    issues = json.loads(made.stdout)["issues"]
    errors = [issue for issue in issues if issue["severity"] == "error"]
    places = {(issue["places"][0]["file"], issue["places"][0].get("line")) for issue in errors}
    return {
        "articles_with_errors": len(places),
        "errors": len(errors),
        "warnings": len(issues) - len(errors),
    }


def measure(folder: Path, articles: int, jobs: int, runs: int, seed: int) -> list[Row]:
    """A row for each kind of corpus; the kinds run in turn."""
    for kind in KINDS:
        write_corpus(articles, folder / kind, seed, kind=kind)
    made: dict[str, list[Run]] = defaultdict(list)
    for _ in range(runs):
        for kind in KINDS:
            made[kind].append(one_build(kind, folder, jobs))
    rows = [row(k, each, articles=articles, **reported(each[0])) for k, each in made.items()]
    clean = rows[0]["median_seconds"]
    return [one | {"ratio": round(one["median_seconds"] / clean, 2)} for one in rows]


def main() -> None:
    options = parser(__doc__)
    options.add_argument("--articles", type=int, default=20_000)
    options.add_argument("--jobs", type=int, default=2)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="dateline-benchmark-") as folder:
        rows = measure(Path(folder), given.articles, given.jobs, given.runs, given.seed)
    wrong = next(one for one in rows if one["what"] == "wrong")
    if wrong["articles_with_errors"] != max(1, given.articles // 100):
        sys.exit(f"wrong: expected an error for one article in 100, got {wrong}")
    conclude(given, rows)


if __name__ == "__main__":
    main()
