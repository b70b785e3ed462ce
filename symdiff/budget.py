"""Budgets: how much one call makes of a short text or argument. All figures stand here, and an error names its own.

They never limit a graph that its user built. A figure is raised by the environment (``SYMDIFF_MAX_NODES=100000``) or
within ``with sd.budgets(nodes=100_000):``.
"""

import math
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from .errors import BudgetError, InputError

FIGURES = {
    "nodes": 6_000,  # that one call makes of a number or a text
    "axes": 32,  # of an array: what every numpy has
    "factors": 64,  # named sizes in a product that is a size
    "entries": 1_000_000,  # of a constant array, the length of an axis, a repetition, the end of a range
    "bits": 4_096,  # of an exact number
    "characters": 200_000,  # of a text
    "brackets": 90,  # inside brackets in a text
    "exponent": 1_000_000,  # of a power in a text
    "listed": 20_000,  # nodes of the largest graph that is written out
    "search": 5_000,  # steps of the search for the shortest formula; what needs more is written as statements
}


def _figure(name: str, given: str) -> int:
    if not given.isascii() or not given.isdigit():
        raise InputError(f"SYMDIFF_MAX_{name.upper()}: expected a whole number, got {given[:40]!r}")
    return int(given)


def _from_environment() -> dict[str, int]:
    given = {name: os.environ.get(f"SYMDIFF_MAX_{name.upper()}") for name in FIGURES}
    return FIGURES | {name: _figure(name, text) for name, text in given.items() if text is not None}


_CURRENT: ContextVar[dict[str, int]] = ContextVar("budgets")


def limit(name: str) -> int:
    """The figure that holds now."""
    try:
        return _CURRENT.get()[name]
    except LookupError:
        _CURRENT.set(_from_environment())
        return _CURRENT.get()[name]


def within(name: str, amount: Any, what: str) -> Any:
    """The amount; BudgetError where it is more than the budget of that name."""
    if amount > (most := limit(name)):
        raise BudgetError(
            f"{what}: more than {most} {name}, the budget of one call; "
            f"with sd.budgets({name}=...) or SYMDIFF_MAX_{name.upper()} raises it"
        )
    return amount


@contextmanager
def budgets(**figures: int) -> Iterator[None]:
    """Other budgets for the calls within: ``nodes``, ``axes``, ``factors``, ``entries``, ``bits``, ``characters``,
    ``brackets``, ``exponent``, ``listed`` and ``search``.

    Raises InputError for another name or a figure that is no whole number.

    >>> import symdiff as sd
    >>> v = sd.Graph().variable("v", 60)
    >>> with sd.budgets(nodes=40):
    ...     sd.split(v, 60)
    Traceback (most recent call last):
    symdiff.errors.BudgetError: split: more than 40 nodes, the budget of one call; with sd.budgets(nodes=...) or ...
    """
    for name, figure in figures.items():
        if name not in FIGURES:
            raise InputError(f"budgets: no budget is called {name!r}; there are {', '.join(FIGURES)}")
        if type(figure) is not int or figure < 0:
            raise InputError(f"budgets: {name}={figure!r} is no whole number")
    limit("nodes")
    token = _CURRENT.set(_CURRENT.get() | figures)
    try:
        yield
    finally:
        _CURRENT.reset(token)


Made = TypeVar("Made")


class _Exhausted(Exception):
    """A search has taken all its steps."""


class Search:
    """Counts the steps of a search, which is given up after so many, and where it meets another budget."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left: float = math.inf

    def within(self, steps: int, make: Callable[[], Made]) -> Made | None:
        """What is made in so many steps; None where that takes more."""
        before, self.left = self.left, steps
        try:
            return make()
        except (_Exhausted, BudgetError, RecursionError):
            return None
        finally:
            self.left = before

    def give_up(self) -> None:
        raise _Exhausted

    def step(self, steps: int = 1) -> None:
        self.left -= steps
        if self.left < 0:
            raise _Exhausted
