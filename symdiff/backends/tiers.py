"""Two ways to run the same program: the one that is there at once, and compiled loops, made beside its calls."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

PATIENCE = 0.1  # seconds that calls take before loops are compiled: about what compiling takes
TRIALS = 5  # runs of the loops in which they must be faster once


class Tiers:
    """Runs what is there at once; once its calls took some time, makes the other in a thread; keeps the faster.

    make  the other way to run, or None where there is none
    """

    def __init__(self, first: Any, make: Callable[[], Any]):
        self.run, self._make = first, make
        self._other: Any = None
        self._best, self._spent, self._trials = float("inf"), 0.0, TRIALS
        self._maker: threading.Thread | None = None

    def __call__(
        self, arrays: Sequence[Any], out: Sequence[Any] | None = None, bar: Any = None, prepared: dict | None = None
    ) -> list[Any]:
        if not self._trials:
            return self.run(arrays, out, bar, prepared)
        if self._spent > PATIENCE and self._maker is None:
            self.begin()
        run = self.run if self._other is None else self._other
        start = time.perf_counter()
        results = run(arrays, out, bar, prepared)
        self._note(run, time.perf_counter() - start)
        return results

    def begin(self) -> None:
        """Make the other way beside the calls; Python waits for it at its end."""
        self._maker = threading.Thread(target=self._made, name="symdiff-compiler")
        self._maker.start()

    def wait(self) -> None:
        """Until the other way is made."""
        if self._maker is None:
            self.begin()
        assert self._maker is not None
        self._maker.join()

    def _made(self) -> None:
        made = None
        try:
            made = self._make()
        finally:  # what can't be made is not tried again
            self._trials = 0 if made is None else TRIALS
            self._other = made

    def _note(self, run: Any, seconds: float) -> None:
        if run is self.run:
            self._best, self._spent = min(self._best, seconds), self._spent + seconds
        elif seconds < self._best:
            self.run, self._other, self._trials = run, None, 0
        else:
            self._trials -= 1
            if not self._trials:
                self._other = None

    @property
    def text(self) -> str:
        return self.run.text

    @property
    def source(self) -> Any:
        return self.run.source

    def profile(self, arrays: Sequence[Any], prepared: dict | None = None) -> Any:
        return self.run.profile(arrays, prepared)
