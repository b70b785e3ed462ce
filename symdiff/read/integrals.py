"""Integrals of sympy as weighted sums of the integrand at the nodes of a double-exponential rule (Takahasi, Mori 1974).

The nodes are expressions of the bounds, so that derivatives by bounds and by parameters are those of the integral
(Leibniz' rule, in the variable of the rule): each is the same sum of the derivative's values.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from .. import shapes
from ..errors import InputError
from ..expr import Expr
from ..lazy import module
from ..op import FUNCTIONS

STEP, ENDS = 1 / 32, 4.0  # the step of the rule, and where its weights are below 1e-30
_U = np.arange(-ENDS, ENDS + STEP / 2, STEP)
_V = np.pi / 2 * np.sinh(_U)
_SPEED = STEP * np.pi / 2 * np.cosh(_U)  # dv
_MOST = 2  # integrals within each other

Rule = tuple[Expr, Any]  # (nodes, weights)


def _between(a: Expr, b: Expr) -> Rule:
    """t = (a + b)/2 + (b - a)/2*tanh(v), as a distance from the nearer end: what is singular there stays exact."""
    near, width = 1 / (1 + np.exp(2 * np.abs(_V))), FUNCTIONS["subtract"](b, a)
    nodes = FUNCTIONS["concat"]([a + width * near[_U < 0], b - width * near[_U >= 0]], axis=-1)
    return nodes, width * (_SPEED / (2 * np.cosh(_V) ** 2))


def _beyond(a: Expr, sign: int) -> Rule:
    """t = a + exp(v), or a - exp(v)."""
    distance = np.exp(_V)
    return a + sign * distance, distance * _SPEED


def _everywhere(a: Expr) -> Rule:
    """t = sinh(v)."""
    return a.lift(np.sinh(_V)), np.cosh(_V) * _SPEED


def _rule(a: Any, b: Any, read: Callable[[Any], Expr]) -> Rule:
    """The rule between two bounds of sympy's, the lower one first where one of them is infinite."""
    low = read(module("sympy").Integer(0) if a.is_infinite else a)
    column = FUNCTIONS["expand_dims"]
    if not a.is_infinite and not b.is_infinite:
        return _between(column(low, -1), column(read(b), -1))
    if a.is_infinite and b.is_infinite:
        return _everywhere(low)
    finite = column(read(b) if a.is_infinite else low, -1)
    return _beyond(finite, -1 if a.is_infinite else 1)


def _within(read: Callable[..., Expr], bound: dict[Any, Expr], e: Any) -> Expr:
    return read(e, bound)


def quadrature(integrand: Any, limits: Sequence[Any], read: Callable[..., Expr], shown: str) -> Expr:
    """The integral over limits (symbol, lower, upper), the innermost first; `read` reads an expression of sympy's,
    given the values of bound symbols."""
    if len(limits) > _MOST or any(len(limit) != 3 for limit in limits):
        what = f"at most {_MOST} integrals within each other" if len(limits) > _MOST else "a lower and an upper bound"
        raise InputError(f"from_sympy: {shown}: an integral needs {what}; or integrate first: .doit()")
    bound: dict[Any, Expr] = {}
    weights = []
    sign = 1
    for symbol, a, b in reversed(limits):
        if a.is_infinite and b.is_infinite and a == b:
            raise InputError(f"from_sympy: {shown}: both bounds are {a}")
        if (a.is_infinite and a.is_extended_positive) or (b.is_infinite and b.is_extended_negative):
            a, b, sign = b, a, -sign
        nodes, weight = _rule(a, b, partial(_within, read, bound))
        bound = {s: FUNCTIONS["expand_dims"](e, -1) for s, e in bound.items()} | {symbol: nodes}
        weights.append((weight, a.is_infinite or b.is_infinite))
    value = read(integrand, bound)
    shape = shapes.broadcast(value.shape, *(e.shape for e in bound.values()), op="Integral")
    value = FUNCTIONS["broadcast_to"](value, shape)
    for weight, infinite in reversed(weights):
        if infinite:  # far out inf*0 is 0
            value = FUNCTIONS["where"](FUNCTIONS["isnan"](value), 0, value)
        value = FUNCTIONS["sum"](value * weight, axis=-1)
    return value * sign if sign < 0 else value
