"""Who runs functions: this process, a pool of processes, or a cluster. None of them knows why."""

from __future__ import annotations

import os
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import forkserver, get_context
from multiprocessing.connection import Connection, wait
from threading import Thread
from typing import Any, Protocol, TypeVar

from dateline.build.issues import EnvironmentFailure

A = TypeVar("A")
B = TypeVar("B")
Mapper = Callable[[Callable[[Any], Any], Iterable[Any]], Iterator[Any]]
# How often work is given out again after a worker died.
RETRIES = 2
# The longest path of a folder that leaves room for that of a socket (103 bytes on some systems).
_LONGEST = 103 - len("/pymp-01234567/listener-01234567")
# What is at work or done for each process, so that none waits while the reader does something.
_AHEAD = 4


class Workers(Protocol):
    """Runs functions elsewhere; functions, arguments and results can be pickled."""

    @property
    def mapper(self) -> Mapper:
        """What a function that runs beside the caller may map with."""

    @property
    def near(self) -> Mapper:
        """What maps where the files of this machine are."""

    def map(self, function: Callable[[A], B], items: Iterable[A]) -> Iterator[B]:
        """The results in the order of the items, taken only a few ahead of the reader.

        Raises EnvironmentFailure where workers die again and again.
        """

    def beside(self, function: Callable[..., B], *arguments: Any) -> Future[B]:
        """What a function will give that runs while the caller goes on."""

    def renew(self) -> None:
        """Gives back the memory of what is done; nothing may be at work."""


@contextmanager
def local(jobs: int) -> Iterator[Workers]:
    """Workers of this machine: processes, or for one job threads of this process."""
    workers = _Processes(jobs) if jobs > 1 else _Threads()
    try:
        yield workers
    finally:
        workers.close()


def windowed(submit: Callable[[A], B], items: Iterable[A], width: int) -> Iterator[tuple[A, B]]:
    """Items with what submitting each gave, in order, at most `width` of them not yet taken."""
    waiting: deque[tuple[A, B]] = deque()
    for item in items:
        waiting.append((item, submit(item)))
        if len(waiting) >= width:
            yield waiting.popleft()
    while waiting:
        yield waiting.popleft()


def start_server() -> None:
    """Starts what will start processes: it imports what they need while its caller goes on."""
    if _method() == "forkserver":
        # Imported once, by the server: a worker starts at once and shares the memory.
        forkserver.set_forkserver_preload(["dateline.build.mapping", "dateline.build.evidence"])
        forkserver.ensure_running()


def _method() -> str:
    is_long = len(os.fsencode(tempfile.gettempdir())) > _LONGEST
    return "spawn" if is_long else "forkserver"


class _Threads:
    """Two threads: one reads JSON while the other waits for Arrow, which needs no lock."""

    mapper = map

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(2)
        self.near = self.map

    def map(self, function: Callable[[A], B], items: Iterable[A]) -> Iterator[B]:
        for _, future in windowed(lambda item: self._pool.submit(function, item), items, 3):
            yield future.result()

    def beside(self, function: Callable[..., B], *arguments: Any) -> Future[B]:
        return self._pool.submit(function, *arguments)

    def renew(self) -> None:
        """Nothing: threads share the memory of their process."""

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)


class _Processes:
    """A pool of processes; when one dies, what was not done is given to a new pool."""

    mapper = map

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._made = 0
        self._here = ThreadPoolExecutor(1)
        self.near = self.map
        self._start()

    def renew(self) -> None:
        """New processes in place of those that are there."""
        self._stop()
        self._start()

    def _start(self) -> None:
        start_server()
        context = get_context(_method())
        self._line, self._end = context.Pipe(duplex=False)
        gate, opener = context.Pipe(duplex=False)
        self._pool = ProcessPoolExecutor(
            self._jobs, mp_context=context, initializer=_began, initargs=(self._line, gate)
        )
        self._made += 1
        # None works before all are there: a pool that breaks while it starts one tells of it.
        for _ in range(self._jobs):
            self._submit(os.getpid)
        opener.close()
        gate.close()

    def map(self, function: Callable[[A], B], items: Iterable[A]) -> Iterator[B]:
        def submit(item: A) -> tuple[int, Future[B]]:
            return self._made, self._submit(function, item)

        for item, (made, future) in windowed(submit, items, _AHEAD * self._jobs):
            yield self._result(function, item, made, future)

    def _submit(self, function: Callable[..., B], *arguments: Any) -> Future[B]:
        try:
            return self._pool.submit(function, *arguments)
        except BrokenProcessPool as error:
            future: Future[B] = Future()
            future.set_exception(error)
            return future

    def _result(self, function: Callable[[A], B], item: A, made: int, future: Future[B]) -> B:
        deaths = 0
        with _worker_lost():
            while True:
                try:
                    return future.result()
                except BrokenProcessPool:
                    # A pool that is there no more broke while another item was waited for.
                    if made == self._made:
                        deaths += 1
                        if deaths > RETRIES:
                            raise
                        # Those that live too: a broken pool may wait for one it has just started.
                        self._end.close()
                        self.renew()
                    made, future = self._made, self._submit(function, item)

    def beside(self, function: Callable[..., B], *arguments: Any) -> Future[B]:
        call = (function, arguments)
        made, future = self._made, self._submit(_called, call)
        # Waited for here, since it is given out again where its process dies.
        return self._here.submit(self._result, _called, call, made, future)

    def close(self) -> None:
        # First what may still start a new pool.
        self._here.shutdown()
        self._stop()

    def _stop(self) -> None:
        self._pool.shutdown(cancel_futures=True)
        self._end.close()
        self._line.close()


def _called(call: tuple[Callable[..., B], tuple[Any, ...]]) -> B:
    function, arguments = call
    return function(*arguments)


def _began(line: Connection, gate: Connection) -> None:
    """Waits for the gate, and ends this process when the line is closed, by death perhaps."""

    def watch() -> None:
        wait([line])
        os._exit(1)

    Thread(target=watch, daemon=True).start()
    wait([gate])


@contextmanager
def _worker_lost() -> Iterator[None]:
    """Turn the death of a worker into an EnvironmentFailure that says what may help."""
    try:
        yield
    except BrokenProcessPool:
        message = "a worker process died, perhaps for lack of memory; try again with fewer --jobs"
        raise EnvironmentFailure(message) from None
