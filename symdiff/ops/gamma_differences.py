"""Differences of gammaln and its derivatives, and quotients of gamma, which do not cancel at large arguments.

From Stirling's series, term by term: (x + a)**-k - x**-k = x**-k*expm1(-k*log1p(a/x)), where x is first raised by
gamma(x + 1) = x*gamma(x). Only derivatives and stable spellings have them; formulas show the differences.
"""

from collections.abc import Callable
from functools import partial
from math import factorial
from typing import Any

import numpy as np

from ..op import FUNCTIONS as F
from ..op import Op, elementwise
from .removable import BERNOULLI

ORDERS = 4
TERMS = 10
LEAST = 10.0  # arguments from which on the series holds
STEPS = 10  # by which smaller ones are raised


def _function(n: int, x: Any) -> Any:
    """The n-th derivative of gammaln."""
    return F["polygamma"](n - 1, x) if n > 1 else F["digamma"](x) if n else F["gammaln"](x)


def _powers(k: int, x: Any, ratio: Any) -> Any:
    """(x + a)**-k - x**-k, of ratio = log1p(a/x)"""
    return F["expm1"](-k * ratio) / x**k


def _stirling(n: int, x: Any, a: Any) -> Any:
    """The n-th derivative of (x - 1/2)*log(x) - x + sum of B[2*k]/(2*k*(2*k - 1))/x**(2*k - 1), differenced."""
    ratio = F["log1p"](a / x)
    if n == 0:
        total = (x - 0.5) * ratio + a * F["log"](x + a) - a
    elif n == 1:
        total = ratio - _powers(1, x, ratio) / 2
    else:
        sign = (-1) ** n
        total = sign * (factorial(n - 2) * _powers(n - 1, x, ratio) + factorial(n - 1) / 2 * _powers(n, x, ratio))
    for k in range(1, TERMS + 1):
        power = 2 * k - 1 + n
        bernoulli = float(BERNOULLI[2 * k]) * factorial(power - 1)  # B[2*k]/(2*k)! times what n derivatives bring
        total = total + (-1) ** n * bernoulli * _powers(power, x, ratio)
    return total


def _step(n: int, x: Any, a: Any) -> Any:
    """The n-th derivative of log(x), differenced: 1/(x + a)**n - 1/x**n = -a/x/(x + a) * (a sum of products)"""
    if n == 0:
        return F["log1p"](a / x)
    u, v = 1 / (x + a), 1 / x
    total = sum([u**i * v ** (n - 1 - i) for i in range(1, n)], v ** (n - 1))
    return (-1) ** n * factorial(n - 1) * a * u * v * total


def _far(x: Any, a: Any) -> Any:
    return (x > LEAST) & (x + a > LEAST)


def _difference(n: int, x: Any, a: Any) -> Any:
    inside, low = (x > 0) & (x + a > 0), F["minimum"](x, x + a) < LEAST
    x, a, here, given = F["where"](inside, x, LEAST), F["where"](inside, a, 1), x, a
    raised = _stirling(n, F["where"](low, x + STEPS, x), a)
    steps = F["where"](low, sum([_step(n, x + k, a) for k in range(1, STEPS)], _step(n, x, a)), 0)
    return F["where"](inside, raised - steps, _function(n, here + given) - _function(n, here))


def _values(f: Callable[..., Any], x: Any, a: Any) -> Any:
    with np.errstate(all="ignore"):
        return f(np.asarray(x, dtype=np.float64), np.asarray(a, dtype=np.float64))


def _by_x(n: int, x: Any, a: Any) -> Any:
    return DIFFERENCES[n + 1](x, a) if n < ORDERS else _function(n + 1, x + a) - _function(n + 1, x)


DIFFERENCES: list[Op] = []
for _n in range(ORDERS + 1):
    DIFFERENCES.append(elementwise(
        f"gammaln_difference_{_n}", partial(_values, partial(_difference, _n)), partial(_by_x, _n),
        partial(lambda n, x, a: _function(n + 1, x + a), _n), samples=(0.4, 3), public=False,
        doc=f"gammaln(x + a) - gammaln(x), differentiated {_n} times by x", composition=partial(_difference, _n),
        textbook=partial(lambda n, x, a: _function(n, x + a) - _function(n, x), _n),
    ))  # fmt: skip


def _quotient(x: Any, a: Any) -> Any:
    """By logarithms where one of them is large; elsewhere the poles of gamma(x + a) are zeros."""
    far = _far(x, a)
    return F["where"](far, F["exp"](-DIFFERENCES[0](x, a)), F["gamma"](x) * F["rgamma"](x + a))


gamma_quotient = elementwise(
    "gamma_quotient", partial(_values, _quotient),
    lambda x, a: -gamma_quotient(x, a) * DIFFERENCES[1](x, a),
    lambda x, a: -gamma_quotient(x, a) * F["digamma"](x + a),
    samples=(0.4, 3), public=False, doc="gamma(x)/gamma(x + a)", composition=_quotient,
    textbook=lambda x, a: F["gamma"](x) / F["gamma"](x + a),
)  # fmt: skip
