"""numpy's functions of polynomials, given by their coefficients, the highest power first."""

from typing import Any

import numpy as np

from ..budget import within
from ..expr import Expr
from ..op import FUNCTIONS
from .composed import composed, lifted
from .layout import concat, pad, ravel
from .rearranged import known_size


def _aligned(a1: Any, a2: Any) -> list[Any]:
    """Two polynomials with as many coefficients."""
    xs = [ravel(x) for x in lifted(a1, a2)]
    n = max(known_size(x, 0, "a polynomial") for x in xs)
    return [pad(x, [(n - x.shape[0], 0)]) for x in xs]


@composed("polyadd")
def polyadd(a1: Any, a2: Any) -> Any:
    """The sum of two polynomials."""
    x, y = _aligned(a1, a2)
    return x + y


@composed("polysub")
def polysub(a1: Any, a2: Any) -> Any:
    """The difference of two polynomials."""
    x, y = _aligned(a1, a2)
    return x - y


@composed("polymul")
def polymul(a1: Any, a2: Any) -> Any:
    """The product of two polynomials."""
    return FUNCTIONS["convolve"](a1, a2)


@composed("polyder")
def polyder(p: Any, m: int = 1) -> Any:
    """The m-th derivative of a polynomial."""
    for _ in range(within("nodes", m, "polyder")):
        p = p[:-1] * np.arange(known_size(p, 0, "polyder") - 1, 0, -1)
    return p


@composed("polyint")
def polyint(p: Any, m: int = 1, k: Any = None) -> Any:
    """The m-th antiderivative of a polynomial, with the constants k."""
    m = within("nodes", m, "polyint")
    if isinstance(k, Expr):
        constants = [FUNCTIONS["broadcast_to"](k, (m,))[i] for i in range(m)]
    else:
        constants = [np.asarray(c) for c in np.broadcast_to(np.asarray(0.0 if k is None else k, dtype=float), (m,))]
    for constant in constants:
        p = concat([p / np.arange(known_size(p, 0, "polyint"), 0.0, -1), ravel(p.lift(constant))], axis=0)
    return p


@composed("poly")
def poly(seq_of_zeros: Any) -> Any:
    """The polynomial that has these zeros."""
    zeros = ravel(seq_of_zeros)
    p: Any = zeros.lift(np.ones(1))
    for i in range(within("nodes", known_size(zeros, 0, "poly"), "poly")):
        p = pad(p, [(0, 1)]) - zeros[i] * pad(p, [(1, 0)])
    return p


@composed("polyfit")
def polyfit(x: Any, y: Any, deg: int, rcond: Any = None, full: bool = False, w: Any = None, cov: bool = False) -> Any:
    """The coefficients of the polynomial of a degree that fits points best, in the sense of least squares."""
    x, y = lifted(x, y)
    powers = FUNCTIONS["vander"](x, int(deg) + 1)
    if w is not None:
        weights = w if isinstance(w, Expr) else np.asarray(w)
        powers, y = powers * weights[:, None], y * (weights if y.ndim == 1 else weights[:, None])
    return FUNCTIONS["lstsq"](powers, y)


@composed("numpy.polyval")
def _polyval(p: Any, x: Any) -> Any:
    """np.polyval, by Horner's scheme."""
    x = x if isinstance(x, Expr) else np.asarray(x)
    result = x * 0
    for c in p:
        result = result * x + c
    return result
