"""Truth values and whole numbers decided at a point while a function is traced, and the conditions they leave."""

import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np

from ..budget import within
from ..errors import GraphError, InputError
from ..expr import Expr
from ..graph import Graph
from ..op import FUNCTIONS, method
from ..program import build_program, interpret

_ACTIVE = threading.local()  # the point of the trace that runs in this thread
_FOREIGN = ("symdiff", "numpy")  # packages whose lines are not the user's


class Point:
    """Values of variables, at which conditions are decided."""

    def __init__(self, g: Graph, values: Mapping[int, Any]):
        self.graph, self.values = g, dict(values)
        self.decided: dict[int, str] = {}  # condition -> where it was decided

    def value(self, e: Expr) -> np.ndarray:
        """The value of an expression at the point."""
        if e.node not in self.values:
            program = build_program(self.graph, list(self.values), [e.node])
            (self.values[e.node],) = interpret(program, list(self.values.values()))
        return np.asarray(self.values[e.node])

    def decide(self, condition: Expr) -> None:
        """Record a condition that holds at the point."""
        if condition.variables:
            within("nodes", len(self.decided) + 1, "trace")
            self.decided.setdefault(condition.node, _place())

    def truth(self, e: Expr) -> bool:
        """The truth of an expression at the point."""
        value = self.value(e)
        if value.size != 1:
            raise GraphError(f"{e!r} has {value.size} entries and not one truth: np.any(c) or np.all(c) has one")
        condition = FUNCTIONS["reshape"](e if e.dtype == "bool" else FUNCTIONS["not_equal"](e, 0), ())
        holds = bool(value.reshape(()))
        self.decide(condition if holds else FUNCTIONS["logical_not"](condition))
        return holds

    def whole(self, e: Expr) -> int:
        """The whole part of a number at the point."""
        value = self.value(e)
        if value.size != 1:
            raise GraphError(f"only an array of one entry is a number, not {e!r}")
        number = int(value.reshape(()))
        part = e if e.dtype.startswith("int") else FUNCTIONS["trunc"](e)
        self.decide(FUNCTIONS["reshape"](FUNCTIONS["equal"](part, number), ()))
        return number

    def mask(self, e: Expr) -> np.ndarray:
        """The truth values of a mask at the point."""
        value = self.value(e)
        self.decide(FUNCTIONS["all"](FUNCTIONS["equal"](e, value)))
        return value


@contextmanager
def deciding(point: Point | None) -> Iterator[None]:
    """What is traced within is decided at a point."""
    before = getattr(_ACTIVE, "point", None)
    _ACTIVE.point = point
    try:
        yield
    finally:
        _ACTIVE.point = before


def _point_of(e: Expr) -> Point | None:
    point = getattr(_ACTIVE, "point", None)
    return point if point is not None and point.graph is e.graph else None


def _decided(e: Expr, what: str) -> Any:
    """The method of the point of a trace, applied; None where no point is given."""
    point = _point_of(e)
    if point is None:
        return None
    try:
        return getattr(point, what)(e)
    except InputError as error:
        raise InputError(f"trace: {e!r} decides how the function goes on: {error}; give it in at=") from None


@method("truth")
def truth(e: Expr) -> bool | None:
    """The truth of an expression at the point of a trace; None outside of one."""
    return _decided(e, "truth")


@method("whole")
def whole(e: Expr) -> int | None:
    """The whole part of an expression at the point of a trace; None outside of one."""
    return _decided(e, "whole")


@method("mask")
def mask(e: Expr) -> np.ndarray | None:
    """The truth values of a mask at the point of a trace; None outside of one."""
    return _decided(e, "mask")


def _place() -> str:
    """The line of the user's code that asks."""
    frame = sys._getframe(1)
    while frame is not None and frame.f_globals.get("__name__", "").partition(".")[0] in _FOREIGN:
        frame = frame.f_back  # type: ignore[assignment]
    return f" (line {frame.f_lineno} of {frame.f_code.co_filename.rpartition('/')[2]})" if frame is not None else ""
