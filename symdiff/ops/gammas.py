"""Quotients of gamma functions: binomial coefficients, rising and falling factorials."""

import math
from collections.abc import Callable
from typing import Any

from ..budget import within
from ..expr import Expr
from ..graph import CONSTANT
from ..op import OPS, Zero, elementwise
from .composed import composed, lifted
from .elementwise import cos, sin
from .piecewise import abs, equal, where
from .special import beta, digamma, gamma, gammaln, sine_of_turns


def _whole(k: Any) -> int | None:
    """A number 0, 1, ..., 20, given as such or as a constant."""
    kind, value = k.graph._params[k.node] if isinstance(k, Expr) and k.op is CONSTANT else ("int", k)
    return value if kind == "int" and type(value) is int and 0 <= value <= 20 else None


def _rising(x: Any, k: int) -> Any:
    """x*(x + 1)*...*(x + k - 1)"""
    y = x**0
    for i in range(k):
        y = y * (x + i)
    return y


_binom = elementwise(
    "binom", "scipy.special:binom",
    lambda x, y: _slope_of_binom(x, y, lambda z: OPS["gammaln_difference_1"](z + 1, y), -1, x + 1),
    lambda x, y: _slope_of_binom(x, y, lambda z: digamma(z + 1) - digamma(y + 1), 1, y + 1),
    samples=((1.2, 3), (0.2, 1)), public=False, latex=r"\operatorname{binom}", names={"sympy": "binomial"},
    doc="gamma(x + 1)/gamma(y + 1)/gamma(x - y + 1)",
)  # fmt: skip
_poch = elementwise(
    "poch", "scipy.special:poch",
    lambda z, m: _slope_of_poch(z, m),
    lambda z, m: _poch(z, m) * digamma(z + m),
    samples=(0.4, 2), public=False, doc="gamma(z + m)/gamma(z)", names={"sympy": "RisingFactorial"},
)  # fmt: skip

def _slope_of_poch(z: Any, m: Any) -> Any:
    """poch*(digamma(z + m) - digamma(z)), and beside z = 0, where terms 1/z cancel, that of z*poch(z + 1, m - 1)."""
    near = (abs(z) < 0.5) & (m > 0.5)
    y, k = where(near, z, 0), where(near, m, 1)
    rest = _poch(y + 1, k - 1) * (1 + y * OPS["gammaln_difference_1"](y + 1, k - 1))
    stable = where(near, rest, _poch(z, m) * OPS["gammaln_difference_1"](where(near, 1, z), m))
    return OPS["shown_as"](stable, _poch(z, m) * (digamma(z + m) - digamma(z)))


def _slope_of_binom(x: Any, y: Any, usual: Callable[[Any], Any], sign: int, at: Any) -> Any:
    """binom times `usual`, at x - y; from y = x + 1 on, where gamma has poles, that of beta(x + 1, y - x) times
    sin(pi*(y - x))/pi, in which digamma(y - x) - digamma(`at`) stands in the place of `usual`."""
    beyond = y - x > 0.5
    z, t = where(beyond, 0, x - y), where(beyond, y - x, 1)
    turned = (digamma(t) - digamma(at)) * sine_of_turns(0, t) + sine_of_turns(1, t)
    stable = where(beyond, sign * beta(x + 1, t) * turned, _binom(x, y) * usual(z))
    return OPS["shown_as"](stable, _binom(x, y) * sign * (digamma(x - y + 1) - digamma(at)))


rgamma = elementwise(
    "rgamma", "scipy.special:rgamma", lambda x: OPS["rgamma_1"](x), samples=(0.4, 3), doc="1/gamma(x)",
    names={"sympy": lambda s, x: 1 / s.gamma(x)},
)  # fmt: skip


@composed("binom", "binomial")
def binom(x: Any, y: Any) -> Any:
    """x over y: a polynomial in x for a whole number y, else by the gamma function."""
    k = _whole(y)
    if k is not None:
        return _rising(x - k + 1, k) / math.factorial(k)
    return _binom(*lifted(x, y))


@composed("poch", "RisingFactorial", "rf")
def poch(z: Any, order: Any, /) -> Any:
    """gamma(z + order)/gamma(z): a polynomial in z for a whole number."""
    k = _whole(order)
    return _poch(*lifted(z, order)) if k is None else _rising(z, k)


@composed("FallingFactorial", "ff")
def falling(x: Any, y: Any) -> Any:
    """gamma(x + 1)/gamma(x - y + 1): x*(x - 1)*...*(x - y + 1) for a whole number y."""
    return poch(x - y + 1, y)


@composed("perm")
def perm(x: Any, y: Any) -> Any:
    """x!/(x - y)! where 0 <= y <= x, else 0, as scipy has it."""
    x, y = lifted(x, y)
    return where((y >= 0) & (x >= y), falling(x, y), 0)


@composed("comb")
def comb(N: Any, k: Any, *, exact: bool = False, repetition: bool = False) -> Any:
    """N over k where 0 <= k <= N, else 0, as scipy has it; with repetition N + k - 1 over k."""
    N, k = lifted(N, k)
    if repetition:
        return where(equal(N, 0) & equal(k, 0), 1, comb(N + k - 1, k))
    return where((k >= 0) & (k <= N), binom(N, k), 0)


@composed("factorial2")
def factorial2(n: Any, exact: bool = False) -> Any:
    """n!! = 2**(n/2)*gamma(n/2 + 1)*(2/pi)**(sin(pi/2*n)**2/2)"""
    (n,) = lifted(n)
    return 2 ** (n / 2) * gamma(n / 2 + 1) * (2 / math.pi) ** (sin(math.pi / 2 * n) ** 2 / 2)


gammasgn = elementwise(
    "gammasgn", "scipy.special:gammasgn", Zero("piecewise constant"), samples=(0.4, 3), doc="the sign of gamma(x)"
)


@composed("diric")
def diric(x: Any, n: int) -> Any:
    """sin(n*x/2)/(n*sin(x/2)), as the sum of cosines that it is: the mean of cos(k*x) over |k| <= (n - 1)/2."""
    n = within("nodes", int(n), "diric")
    total: Any = 1 if n % 2 else 0
    for k in range(n // 2):
        total = total + 2 * cos((k + (1 if n % 2 else 0.5)) * x)
    return total / n


@composed("special.loggamma")
def loggamma(z: Any) -> Any:
    """gammaln(z); nan for negative z, where scipy's loggamma is complex."""
    (z,) = lifted(z)
    return where(z < 0, math.nan, gammaln(z))
