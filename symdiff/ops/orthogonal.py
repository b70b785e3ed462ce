"""Orthogonal polynomials of whole degree, by scipy's names eval_legendre and so on, and by sympy's."""

from collections.abc import Callable
from inspect import signature
from math import inf
from typing import Any

import numpy as np

from ..lazy import module
from ..op import FUNCTIONS, Op, Unknown, elementwise
from .composed import composed, lifted
from .elementwise import exponent
from .piecewise import equal, where


def _family(name: str, doc: str, slope: Callable[..., Any], *aliases: str, parameters: int = 0) -> Op:
    """Polynomials p_n(parameters, x) whose derivative is slope(n, parameters, x), 0 at degree 0."""
    fixed = [
        Unknown(f"the derivative of {name} by its {'degree' if k == 0 else 'parameters'} is not known", k)
        for k in range(1 + parameters)
    ]

    def by_x(n: Any, *rest: Any) -> Any:
        if exponent(n) == 0:
            return 0
        return slope(n, *rest) if exponent(n) is not None else where(equal(n, 0), 0, slope(n, *rest))

    def values(n: Any, *rest: Any) -> Any:
        n = np.asarray(n)
        whole = np.all(n == np.floor(n))  # of a fraction scipy's is hypergeometric
        return getattr(module("scipy.special"), name)(n.astype(np.int64) if whole else n, *rest)

    by_x.__signature__ = signature(slope)  # type: ignore[attr-defined]
    samples = ((3, 3), *((0.6, 1.4),) * parameters, (-0.8, 0.8))
    reach = (1e5, *(1e5,) * parameters, inf)  # scipy's recurrence takes a step for each degree
    return elementwise(
        name, values, *fixed, by_x, samples=samples, aliases=aliases, doc=doc, reach=reach, names={"scipy": name}
    )


eval_legendre = _family(
    "eval_legendre", "Legendre polynomial of degree n", lambda n, x: eval_gegenbauer(n - 1, 1.5, x), "legendre"
)
eval_chebyt = _family(
    "eval_chebyt", "Chebyshev polynomial of the first kind of degree n",
    lambda n, x: n * eval_chebyu(n - 1, x), "chebyshevt"
)
eval_chebyu = _family(
    "eval_chebyu", "Chebyshev polynomial of the second kind of degree n",
    lambda n, x: 2 * eval_gegenbauer(n - 1, 2.0, x), "chebyshevu"
)
eval_hermite = _family(
    "eval_hermite", "Hermite polynomial of the physicists of degree n",
    lambda n, x: 2 * n * eval_hermite(n - 1, x), "hermite"
)
eval_hermitenorm = _family(
    "eval_hermitenorm", "Hermite polynomial of the statisticians of degree n",
    lambda n, x: n * eval_hermitenorm(n - 1, x), "hermite_prob"
)
eval_laguerre = _family(
    "eval_laguerre", "Laguerre polynomial of degree n", lambda n, x: -eval_genlaguerre(n - 1, 1.0, x), "laguerre"
)
eval_genlaguerre = _family(
    "eval_genlaguerre", "generalised Laguerre polynomial of degree n and parameter a",
    lambda n, a, x: -eval_genlaguerre(n - 1, a + 1, x), "assoc_laguerre", parameters=1
)
eval_gegenbauer = _family(
    "eval_gegenbauer", "Gegenbauer polynomial of degree n and parameter a",
    lambda n, a, x: 2 * a * eval_gegenbauer(n - 1, a + 1, x), "gegenbauer", parameters=1
)
eval_jacobi = _family(
    "eval_jacobi", "Jacobi polynomial of degree n and parameters a, b",
    lambda n, a, b, x: (n + a + b + 1) / 2 * eval_jacobi(n - 1, a + 1, b + 1, x), "jacobi", parameters=2
)


@composed("eval_chebyc")
def eval_chebyc(n: Any, x: Any) -> Any:
    """Chebyshev polynomial of the first kind on [-2, 2]."""
    n, x = lifted(n, x)
    return 2 * eval_chebyt(n, x / 2)


@composed("eval_chebys")
def eval_chebys(n: Any, x: Any) -> Any:
    """Chebyshev polynomial of the second kind on [-2, 2]."""
    n, x = lifted(n, x)
    return eval_chebyu(n, x / 2)


def _shifted(name: str) -> None:
    """The polynomial on [0, 1]."""

    def of(n: Any, x: Any) -> Any:
        n, x = lifted(n, x)
        return FUNCTIONS[f"eval_{name}"](n, 2 * x - 1)

    of.__doc__ = f"eval_{name}(n, 2*x - 1)."
    composed(f"eval_sh_{name}")(of)


for _name in ("legendre", "chebyt", "chebyu"):
    _shifted(_name)


@composed("eval_sh_jacobi")
def eval_sh_jacobi(n: Any, p: Any, q: Any, x: Any) -> Any:
    """Jacobi polynomial on [0, 1], with leading coefficient 1."""
    n, p, q, x = lifted(n, p, q, x)
    return eval_jacobi(n, p - q, q - 1, 2 * x - 1) / FUNCTIONS["binom"](2 * n + p - 1, n)
