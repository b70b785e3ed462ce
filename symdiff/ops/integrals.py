"""Zeta and exponential integrals, hypergeometric and incomplete elliptic functions, Owen's T, Voigt's profile."""

from math import inf
from typing import Any

import numpy as np

from ..errors import GraphError
from ..expr import Expr
from ..lazy import module
from ..op import Unknown, elementwise
from .composed import composed, lifted
from .elementwise import exp, exponent, sin, sqrt
from .special import ellipe, ellipk, erf, exp1, lambertw


def _parameter(name: str, operand: int = 0) -> Unknown:
    return Unknown(f"the derivative of {name} by its parameters is not known; a parameter of int64 needs none", operand)


def _expn_values(n: Any, x: Any) -> Any:
    """scipy's; for n <= 0 by E_n = (exp(-x) - n*E_(n+1))/x, whose terms are positive."""
    n, x = np.broadcast_arrays(np.asarray(n), np.asarray(x, dtype=float))
    value = module("scipy.special").expn(np.maximum(n, 0), x)
    for k in range(-1, int(np.min(n, initial=0)) - 1, -1):
        value = np.where(n <= k, (np.exp(-x) - k * value) / x, value)
    return value


_expn = elementwise(
    "expn",
    _expn_values,
    _parameter("expn"),
    lambda n, x: -expn(n - 1, x),
    reach=(5e3, inf),
    names={"sympy": "expint"},
    samples=((2, 2), (0.3, 2)),
    public=False,
    doc="the exponential integral of order n: that of exp(-x*t)/t**n from 1",
)


@composed("expn", "expint")
def expn(order: Any, x: Any) -> Any:
    """The exponential integral of an order, that of exp(-x*t)/t**order from 1; exp1 at order 1."""
    return exp1(x) if exponent(order) == 1 and isinstance(x, Expr) else _expn(*lifted(order, x))


# --- hypergeometric ---------------------------------------------------------------------------------------------------

hyp0f1 = elementwise(
    "hyp0f1",
    "scipy.special:hyp0f1",
    _parameter("hyp0f1"),
    lambda b, x: hyp0f1(b + 1, x) / b,
    names={"sympy": lambda s, b, x: s.hyper([], [b], x)},
    samples=((1, 2), (-2, 2)),
    doc="the confluent hypergeometric limit function",
)
hyp1f1 = elementwise(
    "hyp1f1",
    "scipy.special:hyp1f1",
    _parameter("hyp1f1"),
    _parameter("hyp1f1", 1),
    lambda a, b, x: a / b * hyp1f1(a + 1, b + 1, x),
    names={"sympy": lambda s, a, b, x: s.hyper([a], [b], x)},
    reach=(1e5, 1e5, 1e9),
    samples=((1, 2), (1, 2), (-2, 2)),
    doc="Kummer's confluent hypergeometric function",
)
hyp2f1 = elementwise(
    "hyp2f1",
    "scipy.special:hyp2f1",
    _parameter("hyp2f1"),
    _parameter("hyp2f1", 1),
    _parameter("hyp2f1", 2),
    lambda a, b, c, x: a * b / c * hyp2f1(a + 1, b + 1, c + 1, x),
    names={"sympy": lambda s, a, b, c, x: s.hyper([a, b], [c], x)},
    samples=((1, 2), (1, 2), (2, 3), (-0.6, 0.6)),
    reach=(1e9, 1e9, 1e9, inf),
    doc="Gauss' hypergeometric function",
)
hyperu = elementwise(
    "hyperu",
    "scipy.special:hyperu",
    _parameter("hyperu"),
    _parameter("hyperu", 1),
    lambda a, b, x: -a * hyperu(a + 1, b + 1, x),
    reach=(1e5, 1e5, inf),
    samples=((1, 2), (1, 2), (0.4, 2)),
    doc="Tricomi's confluent hypergeometric function",
)

# --- elliptic ---------------------------------------------------------------------------------------------------------


def _root(phi: Any, m: Any) -> Any:
    return sqrt(1 - m * sin(phi) ** 2)


ellipkinc = elementwise(
    "ellipkinc",
    "scipy.special:ellipkinc",
    lambda phi, m: 1 / _root(phi, m),
    lambda phi, m: (
        (ellipeinc(phi, m) / m - sin(2 * phi) / (2 * _root(phi, m))) / (2 * (1 - m)) - ellipkinc(phi, m) / (2 * m)
    ),
    samples=((0.3, 1.2), (0.2, 0.8)),
    aliases=("elliptic_f",),
    doc="the incomplete elliptic integral of the first kind of an angle and a parameter",
)
ellipeinc = elementwise(
    "ellipeinc",
    "scipy.special:ellipeinc",
    _root,
    lambda phi, m: (ellipeinc(phi, m) - ellipkinc(phi, m)) / (2 * m),
    names={"sympy": "elliptic_e"},
    samples=((0.3, 1.2), (0.2, 0.8)),
    doc="the incomplete elliptic integral of the second kind",
)


def _elliptic_pi_values(n: Any, m: Any) -> Any:
    """RF(0, 1 - m, 1) + n/3*RJ(0, 1 - m, 1, 1 - n), Carlson's integrals."""
    special = module("scipy.special")
    return special.elliprf(0.0, 1 - m, 1.0) + n / 3 * special.elliprj(0.0, 1 - m, 1.0, 1 - n)


elliptic_pi = elementwise(
    "elliptic_pi",
    _elliptic_pi_values,
    lambda n, m: (ellipe(m) + (m - n) / n * ellipk(m) + (n**2 - m) / n * elliptic_pi(n, m)) / (2 * (m - n) * (n - 1)),
    lambda n, m: (ellipe(m) / (m - 1) + elliptic_pi(n, m)) / (2 * (n - m)),
    samples=((0.1, 0.3), (0.5, 0.8)),
    doc="the complete elliptic integral of the third kind",
)

# --- others -----------------------------------------------------------------------------------------------------------


_BRANCH = 1e-4  # of exp(1)*x + 1, below which scipy's own values are of few digits


def _lower_branch(x: Any) -> Any:
    """scipy's; beside -1/e the series in p = -sqrt(2*(e*x + 1)), e in two parts."""
    x = np.asarray(x, dtype=float)
    inside = (x >= -np.exp(-1)) & (x < 0)
    rest = np.maximum((x + np.exp(-1)) * np.e - 1.2428753672788363e-17 * np.e, 0)
    p = -np.sqrt(2 * rest)
    near = -1 + p * (1 + p * (-1 / 3 + p * (11 / 72 + p * (-43 / 540 + p * 769 / 17280))))
    far = np.real(module("scipy.special").lambertw(np.where(inside & (rest > _BRANCH), x, -0.2), -1))
    return np.where(inside, np.where(rest > _BRANCH, far, near), np.nan)


lambertwm1 = elementwise(
    "lambertwm1",
    _lower_branch,
    lambda x: exp(-lambertwm1(x)) / (1 + lambertwm1(x)),
    names={"sympy": lambda s, x: s.LambertW(x, -1)},
    samples=(-0.3, -0.1),
    doc="the lower real branch of w*exp(w) = x, for -1/e <= x < 0",
)


@composed("special.lambertw")
def lambertw_of_branch(z: Any, k: int = 0, tol: float = 1e-8) -> Any:
    """A real branch of Lambert's W: the principal one, or for k = -1 the lower one."""
    if k not in (0, -1):
        raise GraphError(f"lambertw: the branch k = {k!r} is complex; real ones are 0 and -1")
    return (lambertw if k == 0 else lambertwm1)(*lifted(z))


owens_t = elementwise(
    "owens_t",
    "scipy.special:owens_t",
    lambda h, a: -erf(a * h / sqrt(h.lift(2))) * exp(-(h**2) / 2) / sqrt(8 * h.lift(float(np.pi))),
    lambda h, a: exp(-(h**2) * (1 + a**2) / 2) / (2 * a.lift(float(np.pi)) * (1 + a**2)),
    samples=((0.3, 2), (0.3, 2)),
    doc="Owen's T",
)
