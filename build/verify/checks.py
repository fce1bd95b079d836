"""How a package is judged."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dateline.build.read import Limits

_LIMITS = Limits()

Over = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]


@dataclass(frozen=True)
class Checks:
    """How a package is judged.

    `rules` asks the rules over tables; `by_reference` leaves nothing to fast proofs; `remote` lets
    files be fetched; `progress` is told how many tables are done and how many there are. `over`
    calls a function for every one of some values and gives the results in their order, as `map`
    does: it may do so in other processes. `signers` is a file of those who may sign a release, as
    OpenSSH or minisign has it; without it (null) no signature is judged.
    """

    rules: bool = True
    by_reference: bool = False
    remote: bool = False
    limits: Limits = _LIMITS
    progress: Callable[[str, int, int], None] | None = None
    over: Over = map
    signers: Path | None = None
