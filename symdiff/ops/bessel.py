"""Airy functions, scaled Bessel functions, Struve's, and the spherical ones of the second kind."""

from math import inf
from typing import Any

import numpy as np

from ..lazy import module
from ..op import OPS, Unknown, elementwise
from .composed import composed
from .elementwise import exponent
from .gammas import rgamma
from .piecewise import abs, sign, where
from .special import Chi, Ci, Shi, Si, fresnelc, fresnels

BI_FAR = 100.0


def _by_order(name: str) -> Unknown:
    return Unknown(f"the derivative by the order of {name} is not known; an order of the type int64 needs none")


def _of_airy(k: int) -> Any:
    """scipy's; Bi by the scaled one where it is nan for inf."""

    def values(x: Any) -> Any:
        special = module("scipy.special")
        value = special.airy(x)[k]
        if k < 2:
            return value
        with np.errstate(over="ignore"):
            far = np.maximum(x, BI_FAR)
            return np.where(np.less(x, BI_FAR), value, special.airye(far)[k] * np.exp(2 / 3 * far * np.sqrt(far)))

    return values


airyai, airyaiprime, airybi, airybiprime = (
    elementwise(name, _of_airy(k), slope, doc=doc, names={"scipy": f"airy[{k}]"})
    for k, (name, slope, doc) in enumerate([
        ("airyai", lambda x: airyaiprime(x), "Airy's function Ai"),
        ("airyaiprime", lambda x: x * airyai(x), "the derivative of Ai"),
        ("airybi", lambda x: airybiprime(x), "Airy's function Bi"),
        ("airybiprime", lambda x: x * airybi(x), "the derivative of Bi"),
    ])
)  # fmt: skip


@composed("airy")
def airy(x: Any) -> tuple:
    """(Ai, Ai', Bi, Bi')."""
    return airyai(x), airyaiprime(x), airybi(x), airybiprime(x)


@composed("sici")
def sici(x: Any) -> tuple:
    """(Si, Ci)."""
    return Si(x), Ci(x)


@composed("shichi")
def shichi(x: Any) -> tuple:
    """(Shi, Chi)."""
    return Shi(x), Chi(x)


@composed("fresnel")
def fresnel(x: Any) -> tuple:
    """(S, C), Fresnel's integrals."""
    return fresnels(x), fresnelc(x)


# --- scaled: ive = iv*exp(-|x|), kve = kv*exp(x) ----------------------------------------------------------------------

ive = elementwise(
    "ive",
    "scipy.special:ive",
    _by_order("ive"),
    lambda n, x: (ive(n - 1, x) + ive(n + 1, x)) / 2 - sign(x) * ive(n, x),
    names={"sympy": lambda s, n, x: s.besseli(n, x) * s.exp(-s.Abs(x))},
    samples=((1, 1), (0.3, 2)),
    doc="iv(n, x)*exp(-|x|)",
)
kve = elementwise(
    "kve",
    "scipy.special:kve",
    _by_order("kve"),
    lambda n, x: kve(n, x) - (kve(n - 1, x) + kve(n + 1, x)) / 2,
    names={"sympy": lambda s, n, x: s.besselk(n, x) * s.exp(x)},
    samples=((1, 1), (0.3, 2)),
    doc="kv(n, x)*exp(x)",
)
i0e = elementwise(
    "i0e",
    "scipy.special:i0e",
    lambda x: OPS["i0e_1"](x),
    names={"sympy": lambda s, x: s.besseli(0, x) * s.exp(-s.Abs(x))},
    samples=(0.3, 2),
    doc="i0(x)*exp(-|x|)",
    kink=lambda x: x,
    parity="even",
    image="(0, 1]",
)
i1e = elementwise(
    "i1e",
    "scipy.special:i1e",
    lambda x: OPS["i1e_1"](x),
    names={"sympy": lambda s, x: s.besseli(1, x) * s.exp(-s.Abs(x))},
    samples=(0.3, 2),
    parity="odd",
    doc="i1(x)*exp(-|x|)",
)
k0e = elementwise(
    "k0e",
    "scipy.special:k0e",
    lambda x: OPS["k0e_1"](x),
    names={"sympy": lambda s, x: s.besselk(0, x) * s.exp(x)},
    samples=(0.3, 2),
    image="(0, inf)",
    doc="k0(x)*exp(x)",
)
k1e = elementwise(
    "k1e",
    "scipy.special:k1e",
    lambda x: OPS["k1e_1"](x),
    names={"sympy": lambda s, x: s.besselk(1, x) * s.exp(x)},
    samples=(0.3, 2),
    image="(0, inf)",
    doc="k1(x)*exp(x)",
)

# --- others -----------------------------------------------------------------------------------------------------------



def _of_second_kind(sign: int, f: Any, n: Any, x: Any) -> Any:
    """f_n' = +-f_(n-1) - (n + 1)/x*f_n, where the last term is the largest near 0; f_0' = -f_1"""
    return -f(1, x) if exponent(n) == 0 else sign * f(n - 1, x) - (n + 1) / x * f(n, x)


spherical_yn = elementwise(
    "spherical_yn",
    lambda n, x: module("scipy.special").spherical_yn(n, x),
    _by_order("spherical_yn"),
    lambda n, x: _of_second_kind(1, spherical_yn, n, x),
    samples=((1, 1), (0.3, 2)),
    reach=(1e5, inf),
    names={"scipy": "spherical_yn", "sympy": "yn"},
    doc="-cos(x)/x at order 0",
)
spherical_kn = elementwise(
    "spherical_kn",
    lambda n, x: module("scipy.special").spherical_kn(n, x),
    _by_order("spherical_kn"),
    lambda n, x: _of_second_kind(-1, spherical_kn, n, x),
    samples=((1, 1), (0.3, 2)),
    names={"scipy": "spherical_kn"},
    doc="pi/2*exp(-x)/x at order 0",
)


def _first_of_struve(v: Any, x: Any) -> Any:
    """(x/2)**v/(sqrt(pi)*gamma(v + 3/2)), by which f_(v-1) -+ f_(v+1) differs from 2*v/x*f_v"""
    return (x / 2) ** v * rgamma(v + 1.5) / float(np.sqrt(np.pi))


def _slope_of_struve(v: Any, x: Any) -> Any:
    """(H_(v-1) - H_(v+1) + first)/2 near 0, where H_v underflows before its slope, H_(v-1) - v/x*H_v elsewhere"""
    if exponent(v) == 0:
        return 2 / float(np.pi) - struve(1, x)
    small = abs(x) < 1
    near = (struve(v - 1, x) - struve(v + 1, x) + _first_of_struve(v, where(small, x, 1))) / 2
    formula = struve(v - 1, x) - v / x * struve(v, x)
    return OPS["shown_as"](where(small, near, formula), formula)


def _slope_of_modstruve(v: Any, x: Any) -> Any:
    """All terms are positive."""
    if exponent(v) == 0:
        return 2 / float(np.pi) + modstruve(1, x)
    stable = (modstruve(v - 1, x) + modstruve(v + 1, x) + _first_of_struve(v, x)) / 2
    return OPS["shown_as"](stable, modstruve(v - 1, x) - v / x * modstruve(v, x))


struve = elementwise(
    "struve",
    "scipy.special:struve",
    _by_order("struve"),
    _slope_of_struve,
    samples=((1, 1), (0.3, 2)),
    reach=(1e6, inf),
    aliases=("struveh",),
    doc="Struve's function H",
)
modstruve = elementwise(
    "modstruve",
    "scipy.special:modstruve",
    _by_order("modstruve"),
    _slope_of_modstruve,
    samples=((1, 1), (0.3, 2)),
    aliases=("struvel",),
    doc="Struve's function L",
)
