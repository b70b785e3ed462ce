"""Orthogonal polynomials of whole degree, by scipy's names eval_legendre and so on, and by sympy's."""

from collections.abc import Callable
from inspect import signature
from typing import Any

import numpy as np

from ..budget import within
from ..lazy import module
from ..op import Op, Unknown, elementwise
from .elementwise import exponent
from .piecewise import where


def _family(name: str, doc: str, slope: Callable[..., Any], *aliases: str, parameters: int = 0) -> Op:
    """Polynomials p_n(parameters, x) whose derivative is slope(n, parameters, x), 0 at degree 0."""
    fixed = [
        Unknown(f"the derivative of {name} by its {'degree' if k == 0 else 'parameters'} is not known", k)
        for k in range(1 + parameters)
    ]

    def by_x(n: Any, *rest: Any) -> Any:
        if exponent(n) == 0:
            return 0
        return slope(n, *rest) if exponent(n) is not None else where(n > 0, slope(n, *rest), 0)

    def values(n: Any, *rest: Any) -> Any:
        n = np.nan_to_num(n, nan=-1, posinf=np.inf)  # scipy's recurrence takes a step for each degree
        within("entries", np.max(np.abs(n), initial=0), f"{name}: the degree")
        return getattr(module("scipy.special"), name)(np.asarray(n).astype(np.int64), *rest)

    by_x.__signature__ = signature(slope)  # type: ignore[attr-defined]
    samples = ((3, 3), *((0.6, 1.4),) * parameters, (-0.8, 0.8))
    return elementwise(name, values, *fixed, by_x, samples=samples, aliases=aliases, doc=doc)


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
