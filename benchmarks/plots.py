"""Plots of benchmark results as SVG; the same results give the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from measured import Row

# Ids from a salt of their own instead of a random one; text stays text.
STYLE = {"svg.hashsalt": "dateline", "svg.fonttype": "none", "font.size": 9}
# The clock and matplotlib's version are left out.
METADATA = {"Date": None, "Creator": None}
COLOUR = "#2f5d8a"
WIDTH = 7.0


@mpl.rc_context(STYLE)
def bars(path: Path, values: Sequence[tuple[str, float]], axis: str) -> None:
    """Horizontal bars from the first on top, each with its value."""
    figure = Figure(figsize=(WIDTH, 0.6 + 0.34 * len(values)), layout="constrained")
    plot = figure.subplots()
    drawn = plot.barh([label for label, _ in values], [v for _, v in values], color=COLOUR)
    plot.bar_label(drawn, labels=[f"{value:,.4g}" for _, value in values], padding=3)
    plot.invert_yaxis()
    plot.margins(x=0.12)
    plot.set_xlabel(axis)
    _save(figure, [plot], path)


@mpl.rc_context(STYLE)
def growth(path: Path, rows: Sequence[Row]) -> None:
    """Seconds and memory over the number of articles, side by side."""
    figure = Figure(figsize=(WIDTH, 2.8), layout="constrained")
    time, memory = figure.subplots(1, 2)
    articles = [one["articles"] for one in rows]
    time.plot(articles, [one["median_seconds"] for one in rows], "o-", color=COLOUR)
    time.set_ylabel("seconds")
    time.set_yscale("log")
    peaks = [one["peak_bytes"] / 1e6 for one in rows]
    memory.plot(articles, peaks, "o-", color=COLOUR)
    memory.set_ylabel("peak memory, MB")
    memory.set_ylim(0, max(peaks) * 1.15)
    for plot in (time, memory):
        plot.set_xscale("log")
        plot.set_xticks(articles, [f"{count:,}" for count in articles])
        plot.minorticks_off()
        plot.set_xlabel("articles")
    _save(figure, [time, memory], path)


def _save(figure: Figure, plots: Sequence[Axes], path: Path) -> None:
    for plot in plots:
        plot.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, format="svg", metadata=METADATA)
