"""Writes docs/performance.md and its plots from the JSON files that the benchmarks have written.

    python benchmarks/report.py --results benchmarks/results --out docs/performance.md

The same results give the same bytes. A benchmark without a result has no part in the page.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import plots
from measured import HERE, Row
from sections import SECTIONS, Section, bar_label
from targets import TARGETS, Result

INTRO = """# Performance

Each table is from one command, in which the sides of a ratio run in turn; figures are medians of
its runs. The corpora are generated; [`benchmarks/`](../benchmarks/README.md) says how, and what
each side does. `python benchmarks/report.py` writes this page.
"""


def load(folder: Path) -> list[Result]:
    """The results in a folder, by the names of their files."""
    return [json.loads(file.read_text("utf-8")) for file in sorted(folder.glob("*.json"))]


def page(results: list[Result], folder: str) -> str:
    """The page in Markdown; its plots stand in `folder`, relative to it."""
    parts = [INTRO, machines(results), targets(results)]
    for section in SECTIONS:
        own = [each for each in results if each["benchmark"] == section.benchmark]
        if own:
            parts.append(part(section, own, folder))
    return "\n".join(parts)


def machines(results: list[Result]) -> str:
    """The machines that the results come from, in words; which ran what where there are several."""
    seen: dict[str, list[str]] = {}
    for each in results:
        seen.setdefault(machine(each["machine"]), []).append(each["benchmark"])
    lines = [
        told if len(seen) == 1 else f"* {', '.join(sorted(set(names)))}: {told}"
        for told, names in seen.items()
    ]
    return "\n".join(["## Machine", "", *lines, ""])


def machine(made: Row) -> str:
    """One machine in words."""
    libraries = ", ".join(f"{name} {number}" for name, number in made["libraries"].items())
    return (
        f"{made['cores']} cores, {made['memory_bytes'] / 2**30:.1f} GiB of memory, "
        f"{made['system']}, Python {made['python']}, dateline {made['dateline']}; {libraries}."
    )


def targets(results: list[Result]) -> str:
    """The table of what is asked and what was measured."""
    rows = []
    for target in TARGETS:
        value = target.measured(results)
        asked = f"{'at most' if target.at_most else 'at least'} {target.bound:,g}"
        if value is None:
            rows.append([target.text, asked, "not measured", ""])
        else:
            rows.append(
                [target.text, asked, f"{value:,.4g}", "yes" if target.holds(value) else "no"]
            )
    heads = ["", "asked", "measured", "holds"]
    return "\n".join(["## Targets", "", table(heads, rows), ""])


def part(section: Section, results: list[Result], folder: str) -> str:
    """A section: what was run, plot, table of each result, what it says beside its rows."""
    lines = [f"## {section.title}", "", section.text, ""]
    if section.plotted(results):
        lines += [f"![{section.title}]({folder}/{section.benchmark}.svg)", ""]
    for each in results:
        heads = [head for head, _, _ in section.columns]
        cells = [
            [cell(one.get(key), form) for _, key, form in section.columns] for one in each["rows"]
        ]
        runs = "1 run" if each["runs"] == 1 else f"medians of {each['runs']} runs"
        lines += [f"`{each['command']}`: {runs}", "", table(heads, cells), ""]
        lines += [f"{words}\n" for words in section.facts(each)]
    return "\n".join(lines)


def cell(value: Any, form: str) -> str:
    """A value as the page has it; empty where there is none."""
    if value is None:
        return ""
    return f"{value / 1e6:,.0f}" if form == "MB" else format(value, form)


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table; all columns but the first stand to the right."""
    heads = list(heads)
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def draw(results: list[Result], folder: Path) -> None:
    """Writes the plots of all sections that have results."""
    folder.mkdir(parents=True, exist_ok=True)
    for section in SECTIONS:
        own = [each for each in results if each["benchmark"] == section.benchmark]
        rows = section.plotted(own)
        path = folder / f"{section.benchmark}.svg"
        if rows and section.benchmark == "scaling":
            plots.growth(path, rows)
        elif rows:
            values = [(bar_label(one), one[section.value]) for one in rows]
            plots.bars(path, values, section.axis)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--results", type=Path, default=HERE / "results", metavar="DIR")
    parser.add_argument("--out", type=Path, default=HERE.parent / "docs" / "performance.md")
    given = parser.parse_args()
    results = load(given.results)
    if not results:
        sys.exit(f"{given.results}: expected results of benchmarks, got none; run some with --json")
    folder = given.out.with_suffix("")
    draw(results, folder)
    given.out.write_text(page(results, folder.name), "utf-8")


if __name__ == "__main__":
    main()
