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
_OTHER = (
    "a machine of the cluster has no dateline, or another version of it, of Python or of a "
    "library than this process; install the same on all"
)


@contextmanager
def cluster(scheduler: str | None, jobs: int) -> Iterator[Workers]:
    """The workers of the cluster at an address, or of a new one of `jobs` processes here.

    Raises EnvironmentFailure where the libraries are not installed, nobody answers in the time
    that Dask's own settings give, or a worker has other code than this process.
    """
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        message = "--engine dask: Dask is not installed; pip install 'dateline[dask]'"
        raise EnvironmentFailure(message) from None
    with ExitStack() as stack:
        stack.enter_context(_unlogged())
        address: Any = scheduler
        if scheduler is None:
            local = LocalCluster(
                n_workers=jobs,
                threads_per_worker=1,
                dashboard_address=None,
                silence_logs=logging.CRITICAL,
            )
            address = stack.enter_context(local)
        try:
            client = stack.enter_context(Client(address, timeout=_seconds()))
            client.wait_for_workers(1, timeout=_seconds())
        except (OSError, ValueError) as error:
            message = f"{scheduler}: no Dask scheduler with workers answers: {error}"
            raise EnvironmentFailure(message) from None
        _refuse_others(client)
        yield stack.enter_context(_Cluster(client))


@contextmanager
def _unlogged() -> Iterator[None]:
    """No words of Dask's own: what ends a run is told in one line, what does not is none."""
    # What its tasks left behind is told of when they are collected, long after the run.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


def _seconds() -> float:
    """How long Dask is set to wait for somebody to answer."""
    import dask
    from dask.utils import parse_timedelta

    return float(parse_timedelta(dask.config.get("distributed.comm.timeouts.connect")))


def _refuse_others(client: Client) -> None:
    # A worker that dies meanwhile gives an OSError: others go on without it.
    found = client.run(code_digest, on_error="return").values()
    if any(each != code_digest() and not isinstance(each, OSError) for each in found):
        raise EnvironmentFailure(_OTHER)


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
        def submit(item: A) -> Any:
            return self._client.submit(
                run, code_digest(), function, item, pure=False, retries=RETRIES
            )

        width = 2 * max(1, sum(self._client.nthreads().values()))
        for _, future in windowed(submit, items, width):
            result: B = self._result(future)
            future.release()
            yield result

    def _result(self, future: Any) -> Any:
        from distributed import CancelledError, KilledWorker

        try:
            return self._waited_for(future)
        except KilledWorker:
            message = "workers of the cluster died again and again, perhaps for lack of memory"
        except CancelledError:
            message = "the cluster's scheduler has gone or has given up the work; start it again"
        except (ImportError, AttributeError, RuntimeError):
            # What a scheduler says to functions that it does not know.
            message = _OTHER
        raise EnvironmentFailure(message)

    def _waited_for(self, future: Any) -> Any:
        """The result of a task; EnvironmentFailure where nobody is left to give it."""
        while True:
            try:
                return future.result(timeout=_seconds())
            except TimeoutError:
                if future.status == "error":
                    # The task's own.
                    raise
                if not self._client.nthreads():
                    raise EnvironmentFailure("the cluster has no workers any more") from None

    def renew(self) -> None:
        """Nothing: what a cluster's workers hold is the cluster's to say."""

    def beside(self, function: Callable[..., B], *arguments: Any) -> Future[B]:
        return self._here.submit(function, *arguments)


def run(code: str, function: Callable[[A], B], item: A) -> B:
    """What a function gives on a worker that has the same code as the one who asks.

    Raises EnvironmentFailure where it has not: its bytes might be others.
    """
    if code_digest() != code:
        raise EnvironmentFailure(_OTHER)
    return function(item)
