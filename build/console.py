"""Progress on a terminal: bars on stderr, only for work longer than a second."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

DELAY = 1.0


@contextmanager
def progress(*, quiet: bool) -> Iterator[Callable[[str, int, int], None]]:
    """A function that is told a step's name, how much is done and how much there is.

    It shows a bar where stderr is a terminal and the work takes longer than DELAY seconds.
    """
    if quiet or not sys.stderr.isatty():
        yield lambda step, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description:10}"), BarColumn(), MofNCompleteColumn())
    bars = Progress(*columns, console=Console(stderr=True), transient=True)
    tasks = {}
    begun = time.monotonic()

    def told(step: str, done: int, total: int) -> None:
        if step not in tasks:
            tasks[step] = bars.add_task(step, total=total)
        bars.update(tasks[step], completed=done, total=total)
        if not bars.live.is_started and time.monotonic() - begun > DELAY:
            bars.start()

    try:
        yield told
    finally:
        bars.stop()
