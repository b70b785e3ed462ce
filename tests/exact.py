"""Nodes of a graph in mpmath's numbers."""

import math
from typing import Any

import mpmath as mp

from symdiff.constants import in_pi

from .test_ops import MPMATH

FUNCTIONS = MPMATH | {
    "where": lambda c, x, y: x if c else y, "equal": lambda x, y: x == y, "not_equal": lambda x, y: x != y,
    "less": lambda x, y: x < y, "less_equal": lambda x, y: x <= y, "greater": lambda x, y: x > y,
    "greater_equal": lambda x, y: x >= y, "safe_multiply": lambda x, y: mp.mpf(0) if x == 0 else x * y,
    "safe_divide": lambda x, y: mp.mpf(0) if y == 0 else x / y,
    "xlogy": lambda x, y: mp.mpf(0) if x == 0 else x * mp.log(y),
    "log_ndtr": lambda x: mp.log(mp.erfc(-x / mp.sqrt(2)) / 2), "sinc": lambda x: mp.sincpi(x),
}  # fmt: skip


def graph_value(g: Any, n: int, leaves: dict[int, Any]) -> Any:
    made: dict[int, Any] = {}
    for k in g.ancestors([n]):
        op, xs, params = g.record(k), [made[i] for i in g.inputs(k)], g.params(k)
        if k in leaves:
            made[k] = leaves[k]
        elif op.name == "constant":
            made[k] = exactly(params[1])
        elif op.name == "add":
            made[k] = mp.fsum(exactly(c) * x for c, x in zip(params, xs, strict=True))
        elif op.name == "contract":
            made[k] = mp.fprod(xs)
        else:
            made[k] = FUNCTIONS[op.name](*xs)
    return made[n]


def exactly(c: Any) -> Any:
    """A number of a text, where the double of a multiple of pi stands for it."""
    turns = in_pi(c)
    if turns is not None or c == math.e:
        return turns[0] * mp.pi / turns[1] if turns else +mp.e
    return mp.mpf(c.numerator) / c.denominator if hasattr(c, "numerator") and not isinstance(c, float) else mp.mpf(c)
