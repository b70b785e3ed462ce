"""Zeta functions, and their derivatives by the first argument, by a series of our own: scipy has none."""

import math
from math import inf
from typing import Any

import numpy as np

from ..lazy import module
from ..op import Unknown, elementwise
from .composed import composed, lifted

_TERMS, _CORRECTIONS = 12, 14  # that are summed, and Bernoulli numbers that are used: right to 1e-10 for s > -2

# truncated power series in e are lists of their coefficients


def _product(x: list[Any], y: list[Any]) -> list[Any]:
    return [sum(x[i] * y[k - i] for i in range(k + 1)) for k in range(len(x))]


def _power(a: Any, s: Any, m: int) -> list[Any]:
    """a**-(s + e)"""
    return [a**-s * (-np.log(a)) ** i / math.factorial(i) for i in range(m + 1)]


def _series(m: int, s: Any, q: Any) -> list[Any]:
    """zeta(s + e, q) by Euler and Maclaurin: the sum of (q + k)**-s over k < N, and of a**-s*(a/(s - 1) + 1/2
    + B_2j/(2j)!*s*(s + 1)*...*(s + 2j - 2)/a**(2j - 1)) over j > 0, where a = q + N."""
    a = q + _TERMS
    head = [sum(terms) for terms in zip(*(_power(q + k, s, m) for k in range(_TERMS)), strict=True)]
    tail = [(-1) ** i * a / (s - 1) ** (i + 1) + (0.5 if i == 0 else 0) for i in range(m + 1)]
    rising = [s, np.ones_like(s), *[np.zeros_like(s)] * m][: m + 1]
    numbers = module("scipy.special").bernoulli(2 * _CORRECTIONS)
    for j in range(1, _CORRECTIONS + 1):
        scale = numbers[2 * j] / math.factorial(2 * j) * a ** (1.0 - 2 * j)
        tail = [t + scale * r for t, r in zip(tail, rising, strict=True)]
        for i in (2 * j - 1, 2 * j):
            rising = _product(rising, [s + i, np.ones_like(s), *[np.zeros_like(s)] * m][: m + 1])
    return [h + t for h, t in zip(head, _product(tail, _power(a, s, m)), strict=True)]


def _values(m: Any, s: Any, q: Any) -> Any:
    m, s, q = np.broadcast_arrays(m, np.asarray(s, dtype=float), np.asarray(q, dtype=float))
    result = np.full(s.shape, np.nan)
    known = (s >= -2) & (q > 0)
    with np.errstate(all="ignore"):
        for order in np.unique(m[known]):
            at = known & (m == order)
            result[at] = math.factorial(int(order)) * _series(int(order), s[at], q[at])[-1]
    return result


hurwitz = elementwise(
    "hurwitz", lambda x, q: module("scipy.special").zeta(x, q), lambda x, q: _derivative(1, x, q),
    lambda x, q: -x * hurwitz(x + 1, q), reach=(inf, (-1e5, inf)), names={"sympy": "zeta", "scipy": "zeta"},
    samples=((2, 2), (0.4, 3)), doc="Hurwitz' zeta: the sum of 1/(k + q)**x over k >= 0",
)  # fmt: skip
riemann = elementwise(
    "zeta", lambda x: module("scipy.special").zeta(x), lambda x: _derivative(1, x, 1), samples=(1.4, 4), public=False,
    names={"jax": "", "torch": ""}, doc="Riemann's zeta: the sum of 1/k**x, continued",
)  # fmt: skip
_derivative = elementwise(
    "zeta_derivative", _values, Unknown("the order of a derivative is a whole number"),
    lambda m, s, q: _derivative(m + 1, s, q),
    lambda m, s, q: -s * _derivative(m, s + 1, q) - m * _derivative(m - 1, s + 1, q),
    samples=((1, 1), (1.4, 4), (0.4, 3)), public=False, reach=(100, (-2, 1e4), (0, inf)),
    doc="the m-th derivative of Hurwitz' zeta(s, q) by s, for s >= -2 and q > 0",
)  # fmt: skip


@composed("zeta", "riemann_zeta")
def zeta(x: Any, a: Any = None) -> Any:
    """Riemann's zeta function, or Hurwitz' with a."""
    return riemann(*lifted(x)) if a is None else hurwitz(*lifted(x, a))
