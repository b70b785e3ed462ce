"""The polylogarithm of real arguments, by series of its own: scipy has none."""

from math import inf
from typing import Any

import numpy as np

from ..expr import Expr
from ..lazy import module
from ..op import FUNCTIONS, Unknown, elementwise
from .composed import composed, lifted
from .elementwise import exponent

_TERMS = 120


def _powers(m: int, s: Any, x: Any) -> Any:
    """Sum of k(k - 1)...(k - m + 1) x^(k - m)/k^s, for |x| <= 1/2."""
    total: Any = 0.0
    for k in range(max(1, m), _TERMS + m):
        total = total + np.prod(np.arange(k, k - m, -1.0)) * float(k) ** -s * x ** (k - m)
    return total


def _near_one(s: Any, x: Any) -> Any:
    """By powers of u = log(x): the sum of zeta(s - k) u^k/k! and gamma(1 - s)(-u)^(s - 1); for whole s > 0 the terms
    that are infinite are u^(s - 1)/(s - 1)! (1 + ... + 1/(s - 1) - log(-u))."""
    special = module("scipy.special")
    u, whole = np.log(x), (s == np.round(s)) & (s > 0)
    total = np.where(whole, 0.0, special.gamma(1 - np.where(whole, 0.5, s)) * (-u) ** (s - 1))
    power = np.ones_like(u)
    for k in range(24):
        pole = whole & (s == k + 1)
        harmonic = sum(1 / j for j in range(1, k + 1))
        at_pole = harmonic * power - special.xlogy(power, -u)
        total = total + np.where(pole, at_pole, special.zeta(np.where(pole, 0.0, s - k)) * power)
        power = power * u / (k + 1)
    return total


def _eta(z: Any) -> Any:
    """The sum of (-1)^(k - 1)/k^z."""
    one = z == 1
    return np.where(one, np.log(2), (1 - 2 ** (1 - z)) * module("scipy.special").zeta(np.where(one, 0.0, z)))


def _negative(s: Any, x: Any) -> Any:
    """-(sum of eta(s - k) u^k/k!), u = log(-x), |u| <= 2."""
    u, total, power = np.log(-x), 0.0, 1.0
    for k in range(_TERMS):
        total = total - _eta(s - k) * power
        power = power * u / (k + 1)
    return total


def _far(s: Any, x: Any) -> Any:
    """Of whole s by that of 1/x, else nan: Li(x) + (-1)^s Li(1/x) is -2 times the sum over k <= s/2 of
    eta(2k) u^(s - 2k)/(s - 2k)!, where u = log(-x)."""
    u, total = np.log(-x), np.where(s % 2 == 1, 1.0, -1.0) * _powers(0, s, 1 / x)
    for k in range(int(np.max(np.where(s == np.round(s), s, 0), initial=0)) // 2 + 1):
        rest = np.maximum(s - 2 * k, 0)
        total = total - np.where(s >= 2 * k, 2 * _eta(2.0 * k) * u**rest / module("scipy.special").gamma(rest + 1), 0)
    return np.where(s == np.round(s), total, np.nan)


_REGIONS = (  # where a formula is used
    (lambda x: np.abs(x) <= 0.5, lambda s, x: _powers(0, s, x)),
    (lambda x: (x > 0.5) & (x <= 1), _near_one),
    (lambda x: (x < -0.5) & (x >= -np.exp(2)), _negative),
    (lambda x: x < -np.exp(2), _far),
)  # fmt: skip


def _values(s: Any, x: Any) -> Any:
    s, x = np.broadcast_arrays(np.asarray(s, dtype=float), np.asarray(x, dtype=float))
    result = np.full(x.shape, np.nan)
    with np.errstate(all="ignore"):
        for inside, formula in _REGIONS:
            at = inside(x)
            result[at] = formula(s[at], x[at]) if at.any() else 0
    return result[()]


def _derivative_values(m: Any, s: Any, x: Any) -> Any:
    """x^m times the m-th derivative is the sum of the Stirling numbers c(m, j) times Li_(s - j)(x)."""
    m, s, x = np.broadcast_arrays(np.asarray(m), np.asarray(s, dtype=float), np.asarray(x, dtype=float))
    result = np.full(x.shape, np.nan)
    for order in np.unique(m):
        stirling = np.poly1d(np.arange(float(order)), r=True).coeffs[::-1]  # of x(x - 1)...(x - order + 1)
        near, far = (m == order) & (np.abs(x) <= 0.5), (m == order) & (np.abs(x) > 0.5)
        with np.errstate(all="ignore"):
            result[near] = _powers(int(order), s[near], x[near]) if near.any() else 0
            parts = [c * _values(s[far] - j, x[far]) for j, c in enumerate(stirling) if c]
            result[far] = np.sum(parts, axis=0) / x[far] ** float(order)
    return result[()]


_ORDER = Unknown("the derivative of polylog by its order is not known; a parameter of int64 needs none")

_polylog = elementwise(
    "polylog", _values, _ORDER, lambda s, x: _derivative(1, s, x), samples=((2, 2), (-0.9, 0.9)), public=False,
    domain=lambda s, x: x < 1, names={"sympy": "polylog"}, reach=(1e4, inf), doc="the sum of x**k/k**s over k >= 1",
)  # fmt: skip
_derivative = elementwise(
    "polylog_derivative", _derivative_values, _ORDER, _ORDER, lambda m, s, x: _derivative(m + 1, s, x),
    samples=((1, 1), (2, 2), (-0.9, 0.9)), public=False, domain=lambda m, s, x: x < 1, reach=(100, 1e4, inf),
    doc="the m-th derivative of polylog(s, x) by x",
)  # fmt: skip


@composed("polylog")
def polylog(s: Any, x: Any) -> Any:
    """The sum of x**k/k**s over k >= 1, for real x <= 1; where x < -exp(2), for whole s alone, else nan.

    >>> import symdiff as sd
    >>> x = sd.Graph().variable("x")
    >>> round(float(sd.evaluate(sd.polylog(2, x), {x: 1.0})*6/sd.pi**2), 12)
    1.0
    """
    if exponent(s) == 1 and isinstance(x, Expr):
        return -FUNCTIONS["log1p"](-x)
    return _polylog(*lifted(s, x))
