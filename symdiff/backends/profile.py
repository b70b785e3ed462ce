"""Where the time of a function goes: seconds, operations and bytes of each line of its source."""

from dataclasses import dataclass
from time import perf_counter

from .emit import Line


@dataclass(frozen=True)
class Profile:
    """The lines of a run on one thread, in order. `print` shows them as a table.

    lines    what was run: text, operations, bytes read and written
    seconds  of each line, all its rounds together
    """

    lines: tuple[Line, ...]
    seconds: tuple[float, ...]

    @property
    def total(self) -> float:
        """Seconds of all lines."""
        return sum(self.seconds)

    def __str__(self) -> str:
        total = self.total or 1e-30
        rows = [f"{'ms':>10} {'share':>6} {'GFLOP/s':>8} {'GB/s':>7}  line"]
        for line, t in zip(self.lines, self.seconds, strict=True):
            rate = [f"{x / t / 1e9:.2f}" if x and t else "" for x in (line.flops, line.nbytes)]
            rows.append(f"{t * 1e3:10.3f} {t / total:6.1%} {rate[0]:>8} {rate[1]:>7}  {line.text}")
        rows.append(f"{self.total * 1e3:10.3f} {'100.0%':>6} {'':>8} {'':>7}  all lines")
        return "\n".join(rows)


class Clock:
    """Adds the time since the last call to the line that just ran."""

    def __init__(self, count: int):
        self.seconds = [0.0] * count
        self._last = perf_counter()

    def start(self) -> None:
        self._last = perf_counter()

    def __call__(self, line: int) -> None:
        now = perf_counter()
        self.seconds[line] += now - self._last
        self._last = perf_counter()
