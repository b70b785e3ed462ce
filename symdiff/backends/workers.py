"""The threads that take shares of a program: which there are, on which cores, and BLAS held to one meanwhile."""

import ctypes
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from ..errors import InputError
from ..lazy import module

NAME = "symdiff-rows"


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def count(threads: int | None) -> int:
    """How many threads a caller asks for: by default one per core."""
    if threads is not None and (not isinstance(threads, int) or isinstance(threads, bool) or threads < 1):
        raise InputError(f"threads is a number of threads, at least 1, not {threads!r}")
    return cores() if threads is None else threads


def is_worker() -> bool:
    """The caller is one of the threads itself, which must not wait for the others."""
    return threading.current_thread().name.startswith(NAME)


class _OneBlasThread:
    """BLAS runs on one thread while any loop runs: the threads are the loops' own."""

    def __init__(self) -> None:
        self._lock, self._depth = threading.Lock(), 0
        self._controller: Any = None
        self._limit: Any = None

    def __enter__(self) -> None:
        with self._lock:
            self._depth += 1
            if self._depth == 1:
                if self._controller is None:
                    self._controller = module("threadpoolctl").ThreadpoolController().select(user_api="blas")
                self._limit = self._controller.limit(limits=1)

    def __exit__(self, *error: object) -> None:
        with self._lock:
            self._depth -= 1
            if self._depth == 0:
                self._limit.restore_original_limits()


class Workers:
    """The threads that take shares, kept off the core of the thread that calls.

    Linux often wakes a thread on the core of the one that woke it: for a product of a millisecond, one then waits
    for the other (2.4 ms where 1.4 are right). So the workers are told which core is taken, when that has changed.
    """

    def __init__(self) -> None:
        self._threads: list[int] = []
        self._cores = os.sched_getaffinity(0) if _cpu is not None else set[int]()
        self._taken = -1
        self._executor = ThreadPoolExecutor(cores(), NAME, self._started)

    def _started(self) -> None:
        self._threads.append(threading.get_native_id())
        self._move(self._threads[-1:], self._taken)

    def submit(self, share: Callable[..., Any], t: int) -> "Future[Any]":
        if len(self._cores) > 1:
            core = _cpu()  # type: ignore[misc]
            if core != self._taken:
                self._taken = core
                self._move(self._threads, core)
        return self._executor.submit(share, t)

    def _move(self, threads: Sequence[int], taken: int) -> None:
        if taken in self._cores:
            for thread in threads:
                with suppress(OSError):  # the process may no longer use these cores
                    os.sched_setaffinity(thread, self._cores - {taken})


def _sched_getcpu() -> Callable[[], int] | None:
    """The call that tells on which core a thread runs, where the system has one."""
    if not hasattr(os, "sched_setaffinity"):
        return None
    return getattr(ctypes.CDLL(None), "sched_getcpu", None)


_cpu = _sched_getcpu()
_pool: Workers | None = None
_lock = threading.Lock()
_one_blas_thread = _OneBlasThread()


def pool() -> Workers:
    """The workers of this process, made when first wanted."""
    global _pool
    with _lock:
        if _pool is None:
            _pool = Workers()
        return _pool


def one_blas_thread() -> _OneBlasThread:
    """A context in which BLAS uses the thread that calls it alone."""
    return _one_blas_thread


def _forget() -> None:
    """In a forked child the threads of the parent don't exist."""
    global _pool, _lock, _one_blas_thread
    _pool, _lock, _one_blas_thread = None, threading.Lock(), _OneBlasThread()


if hasattr(os, "register_at_fork"):  # not where processes are never forked
    os.register_at_fork(after_in_child=_forget)
