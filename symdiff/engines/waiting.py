"""Waiting for dask: as long as somebody works, never longer, and what goes wrong meanwhile is an error of ours."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from contextvars import copy_context
from functools import partial
from threading import Thread
from time import monotonic
from typing import Any

from ..errors import EngineError, SymdiffError
from ..lazy import module

PATIENCE = 30.0  # seconds in which no worker does anything, after which a wait is given up
ANSWER = 30.0  # seconds that the scheduler may take for an answer
LOST = "the connection to dask's scheduler is lost"
GIVEN_UP = "dask's workers no longer have this, as after client.restart(), or another client has it: make it anew"


class Waiting:
    """What is waited for on behalf of a client."""

    def __init__(self, client: Any):
        self.client = client

    def gathered(self, futures: Sequence[Any]) -> list[Any]:
        """Their results, here."""
        self.until(futures)
        return self.watched(partial(self.client.gather, list(futures)))

    def until(self, futures: Sequence[Any], meanwhile: Callable[[Sequence[Any]], None] = lambda futures: None) -> None:
        """Until they are there; EngineError where nobody works on them any more. What takes long is done `meanwhile`
        each second."""
        wait, last = module("distributed", "dask").wait, monotonic()
        while True:
            try:
                wait(futures, timeout=1)
                return
            except TimeoutError:
                meanwhile(futures)
                busy = self._busy()
                if any(busy.values()):
                    last = monotonic()
                elif monotonic() - last > PATIENCE:
                    told = "workers have done nothing" if busy else "scheduler has had no worker"
                    raise EngineError(f"dask's {told} for {PATIENCE:.0f} s") from None

    def _busy(self) -> Mapping[str, Any]:
        """{worker: tasks that it has to do}"""
        if self.client.status != "running":
            raise EngineError(LOST)
        return self.answer(self.client.processing)

    def watched(self, call: Callable[[], Any]) -> Any:
        """What a call of dask's gives, however long it takes, while there is a scheduler that answers."""
        result = _started(call)
        while True:
            try:
                return result.result(timeout=1)
            except TimeoutError:
                if result.done():  # its own
                    raise
                self._busy()

    def answer(self, call: Callable[[], Any]) -> Any:
        """What the scheduler says."""
        try:
            return _started(call).result(timeout=ANSWER)
        except TimeoutError:
            raise EngineError(f"dask's scheduler has not answered for {ANSWER:.0f} s") from None

    @contextmanager
    def told(self) -> Iterator[None]:
        """Errors of dask's become one of ours."""
        if self.client.status != "running":
            raise EngineError(f"dask's client is {self.client.status}: the scheduler is gone, or the client was closed")
        try:
            yield
        except SymdiffError:
            raise
        except module("distributed", "dask").CancelledError as error:
            restarted = self.client.status == "running"
            raise EngineError(GIVEN_UP if restarted else LOST) from error
        except Exception as error:
            kind = type(error).__name__
            raise EngineError(f"dask could not run this: {kind}: {error}") from error


def _started(call: Callable[[], Any]) -> Future:
    """The result of a call on a thread of its own, which nobody has to wait for: not even the interpreter's end."""
    result: Future = Future()

    def run() -> None:
        try:
            result.set_result(call())
        except BaseException as error:
            result.set_exception(error)

    Thread(target=copy_context().run, args=(run,), daemon=True).start()  # the client is one of the context
    return result
