"""What a benchmark is made of: the problem, its sides, and the targets their ratios are held against."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Size = Mapping[str, Any]


class Unavailable(Exception):
    """A side can't be measured here, with the reason."""


@dataclass(frozen=True)
class Side:
    """How one system computes one quantity.

    prepare   ``prepare(problem)`` does all that is not timed and returns the call that is
    unit      of the number: "s", "s/op", "bytes", ...
    timed     whether the call is timed; else it is called once and returns the number
    repeats   instead of the harness's 11; with 1 the first call is the measurement
    only      the sizes at which this side is measured
    values    ``values(problem, result)`` are the numbers in which the sides of a quantity must agree
    compared  False where a result holds no numbers
    per       the entry of the size by which a time is divided
    """

    peer: str
    quantity: str
    prepare: Callable[[Any], Callable[[], Any]]
    unit: str = "s"
    timed: bool = True
    repeats: int | None = None
    only: Callable[[Size], bool] = lambda size: True
    values: Callable[[Any, Any], Any] = lambda problem, result: result
    compared: bool = True
    per: str = ""

    @property
    def name(self) -> str:
        return f"{self.peer}: {self.quantity}"


@dataclass(frozen=True)
class Target:
    """A promise: ``of / over`` (or `of` alone) is at most, or at least, a limit.

    of, over  names of sides: "symdiff: gradient"
    """

    of: str
    at_most: float | None = None
    over: str = ""
    at_least: float | None = None
    only: Callable[[Size], bool] = lambda size: True

    @property
    def text(self) -> str:
        bound = f"≤ {self.at_most:.3g}" if self.at_most is not None else f"≥ {self.at_least:.3g}"
        return f"{bound} × {self.over}" if self.over else bound

    def met(self, ratio: float) -> bool:
        return ratio <= self.at_most if self.at_most is not None else ratio >= self.at_least  # type: ignore[operator]


@dataclass(frozen=True)
class Benchmark:
    """One problem, measured in one process per size.

    problem   ``problem(**size)`` makes the data that all sides share
    smallest  the size of a quick run, at which no target is judged
    full      the sizes of a full run
    rtol      to which the sides' numbers must agree before anything is timed
    """

    name: str
    title: str
    problem: Callable[..., Any]
    smallest: Size
    full: Sequence[Size]
    sides: Sequence[Side]
    targets: Sequence[Target]
    rtol: float = 1e-7
    note: str = ""
    plot: str = ""  # the entry of the size that is the horizontal axis of its plot
    dtypes: bool = False  # whether the problem takes ``dtype=``

    @property
    def peers(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(s.peer for s in self.sides))


def size_text(size: Size) -> str:
    """
    >>> size_text({"n": 200_000, "d": 200})
    'n=200000, d=200'
    """
    return ", ".join(f"{k}={v}" for k, v in size.items())
