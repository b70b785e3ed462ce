"""Derivatives of the scaled Bessel functions: far out by their asymptotic series, since the textbook's sums cancel."""

from collections.abc import Callable
from fractions import Fraction
from math import comb, factorial, pi, prod
from typing import Any

from ..op import FUNCTIONS as F
from ..op import OPS
from .elementwise import sqrt
from .piecewise import abs as abs_
from .piecewise import equal, sign, where
from .removable import EVEN, ODD, POSITIVE, Derivatives, family, polynomial

FAR = 25.0
TERMS = 24


def _coefficient(order: int, k: int) -> Fraction:
    """Of x**-k in sqrt(2*x/pi)*exp(x)*kv(order, x); (4*v**2 - 1)*(4*v**2 - 9)*.../(k!*8**k)"""
    return Fraction(prod(4 * order**2 - (2 * j - 1) ** 2 for j in range(1, k + 1)), factorial(k) * 8**k)


def _series(order: int, scale: float, alternating: int) -> Callable[[int, Any], Any]:
    """The n-th derivative of scale*sum(c[k]*x**(-k - 1/2)), continued to negative x as even or odd."""

    def series(n: int, x: Any) -> Any:
        a = where(equal(x, 0), FAR, abs_(x))
        moved = [
            alternating**k * _coefficient(order, k) * prod(-Fraction(1, 2) - k - j for j in range(n))
            for k in range(TERMS)
        ]
        value = scale * polynomial(moved, 1 / a) / sqrt(a) / a**n
        return sign(x) * value if (order + n) % 2 else value

    return series


def _sum(name: str, by_order: str, order: int, shrinks: Any) -> Callable[[int, Any, Derivatives], Any]:
    """The n-th derivative of exp(c*x)*f(v, x), f' = (f(v - 1) + f(v + 1))/(2*s), where `shrinks` gives c and s."""

    def of(k: int, x: Any) -> Any:
        return F[f"{name}{abs(k)}e"](x) if abs(k) < 2 else F[by_order](abs(k), x)

    def step(n: int, x: Any, before: Derivatives) -> Any:
        c, s = shrinks(x)
        total: Any = 0
        for k in range(n + 1):
            inner = sum((comb(k, j) * of(order - k + 2 * j, x) for j in range(1, k + 1)), of(order - k, x))
            total = total + comb(n, k) * c ** (n - k) * inner / (2 * s) ** k
        return total

    return step


for _order, _facets in enumerate(([ODD, EVEN | POSITIVE, ODD], [EVEN, ODD, EVEN])):
    family(
        f"i{_order}e", lambda x, name=f"i{_order}e": OPS[name](x), _sum("i", "ive", _order, lambda x: (-sign(x), 1)),
        _series(_order, 1 / sqrt(2 * pi), -1), lambda x: abs_(x) > FAR, 1.0, (0.3, 2), facets=_facets,
    )  # fmt: skip
    family(
        f"k{_order}e", lambda x, name=f"k{_order}e": OPS[name](x), _sum("k", "kve", _order, lambda x: (1, -1)),
        _series(_order, sqrt(pi / 2), 1), lambda x: x > FAR, 1.0, (0.3, 2), facets=[{}, POSITIVE, {}],
    )  # fmt: skip
