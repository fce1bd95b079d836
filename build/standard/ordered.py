"""Work done by a pool, taken in the order it was given."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from typing import TypeVar

_In = TypeVar("_In")
_Out = TypeVar("_Out")
# Items under way, so that memory does not follow the number of all.
_AHEAD = 3


def in_order(pool: Executor, work: Callable[[_In], _Out], items: Iterable[_In]) -> Iterator[_Out]:
    """The results of `work` in the order of the items, a few of them under way at a time.

    Where `items` raises, what came before it is yielded first.
    """
    pending: deque[Future[_Out]] = deque()
    failure: Exception | None = None
    source = iter(items)
    while True:
        try:
            item = next(source, None)
        except Exception as error:
            item, failure = None, error
        if item is None:
            break
        pending.append(pool.submit(work, item))
        if len(pending) >= _AHEAD:
            yield pending.popleft().result()
    while pending:
        yield pending.popleft().result()
    if failure is not None:
        raise failure
