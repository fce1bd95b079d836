"""Workers of a Dask cluster: one that runs already, or one that is started on this machine."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from dateline.build.cache import code_digest
from dateline.build.issues import EnvironmentFailure
from dateline.build.workers import RETRIES, Mapper, Workers, windowed

if TYPE_CHECKING:
    from distributed import Client

A = TypeVar("A")
B = TypeVar("B")
_SECONDS = 30


@contextmanager
def cluster(scheduler: str | None, jobs: int) -> Iterator[Workers]:
    """The workers of the cluster at an address, or of a new one of `jobs` processes here.

    Raises EnvironmentFailure where the libraries are not installed or nobody answers.
    """
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        message = "--engine dask: Dask is not installed; pip install 'dateline[dask]'"
        raise EnvironmentFailure(message) from None
    with ExitStack() as stack:
        address: Any = scheduler
        if scheduler is None:
            address = stack.enter_context(
                LocalCluster(
                    n_workers=jobs,
                    threads_per_worker=1,
                    dashboard_address=None,
                    silence_logs=logging.ERROR,
                )
            )
        try:
            client = stack.enter_context(Client(address, timeout=_SECONDS))
            client.wait_for_workers(1, timeout=_SECONDS)
        except (OSError, ValueError) as error:
            message = f"{scheduler}: no Dask scheduler with workers answers: {error}"
            raise EnvironmentFailure(message) from None
        yield stack.enter_context(_Cluster(client))


class _Cluster:
    """Workers of a cluster; what a worker that died had not done is given to another."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._here = ThreadPoolExecutor(1)

    @property
    def mapper(self) -> Mapper:
        return self.map

    @property
    def near(self) -> Mapper:
        return map

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        self._here.shutdown(cancel_futures=True)

    def map(self, function: Callable[[A], B], items: Iterable[A]) -> Iterator[B]:
        from distributed import CancelledError, KilledWorker

        def submit(item: A) -> Any:
            return self._client.submit(
                run, code_digest(), function, item, pure=False, retries=RETRIES
            )

        width = 2 * max(1, sum(self._client.nthreads().values()))
        for _, future in windowed(submit, items, width):
            try:
                result: B = future.result()
            except (KilledWorker, CancelledError) as error:
                message = f"workers of the cluster died again and again: {error}"
                raise EnvironmentFailure(message) from None
            future.release()
            yield result

    def beside(self, function: Callable[..., B], *arguments: Any) -> Future[B]:
        return self._here.submit(function, *arguments)


def run(code: str, function: Callable[[A], B], item: A) -> B:
    """What a function gives on a worker that has the same code as the one who asks.

    Raises EnvironmentFailure where it has not: its bytes might be others.
    """
    if code_digest() != code:
        raise EnvironmentFailure(
            "a worker of the cluster has another version of dateline, of Python or of a library "
            "than this process; install the same on all"
        )
    return function(item)
