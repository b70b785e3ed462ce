"""Jacobi's elliptic functions, Carlson's integrals, the arithmetic-geometric mean."""

from collections.abc import Callable
from math import pi
from typing import Any

from ..op import OPS, Unknown, elementwise
from .composed import composed, lifted
from .kelvin import part

ellipkm1 = elementwise(
    "ellipkm1", "scipy.special:ellipkm1", lambda p: OPS["ellipkm1_1"](p),
    samples=(0.2, 0.8), domain=lambda p: p >= 0, image="[0, inf)", monotone="decreasing",
    names={"sympy": lambda s, p: s.elliptic_k(1 - p)},
    doc="ellipk(1 - p), precise near p = 0",
)  # fmt: skip


@composed("agm")
def agm(a: Any, b: Any) -> Any:
    """The arithmetic-geometric mean of two positive numbers: pi/4*(a + b)/ellipk(((a - b)/(a + b))**2)."""
    a, b = lifted(a, b)
    return pi / 4 * (a + b) / ellipkm1(4 * a * b / (a + b) ** 2)


# --- Jacobi: sn' = cn*dn, cn' = -sn*dn, dn' = -m*sn*cn, am' = dn, all through the amplitude by m ----------------------


def _jacobi(k: int, name: str, slope: Callable[..., Any], doc: str) -> Any:
    """A function of u and m whose derivative by the amplitude is slope(sn, cn, dn, m) and by m at a fixed amplitude
    fixed(sn, cn, dn, m)."""
    return elementwise(
        name, part("ellipj", k), lambda u, m: slope(sn(u, m), cn(u, m), dn(u, m), m) * dn(u, m),
        lambda u, m: slope(sn(u, m), cn(u, m), dn(u, m), m) * _amplitude_by_m(u, m) + _at_fixed(name, u, m),
        samples=((0.3, 1.2), (0.2, 0.8)), doc=doc, names={"scipy": f"ellipj[{k}]"},
    )  # fmt: skip


def _amplitude_by_m(u: Any, m: Any) -> Any:
    """u = F(am, m), so am_m = -F_m/F_am, where F_am = 1/dn."""
    return -dn(u, m) * OPS["ellipkinc"].derivative.of[1](am(u, m), m)  # type: ignore[union-attr,operator]


def _at_fixed(name: str, u: Any, m: Any) -> Any:
    """dn**2 = 1 - m*sn**2"""
    return -sn(u, m) ** 2 / (2 * dn(u, m)) if name == "jacobi_dn" else 0


sn = _jacobi(0, "jacobi_sn", lambda s, c, d, m: c, "Jacobi's elliptic function sn of u and the parameter m")
cn = _jacobi(1, "jacobi_cn", lambda s, c, d, m: -s, "Jacobi's elliptic function cn of u and the parameter m")
dn = _jacobi(2, "jacobi_dn", lambda s, c, d, m: -m * s * c / d, "Jacobi's elliptic function dn")
am = _jacobi(3, "jacobi_am", lambda s, c, d, m: 1, "Jacobi's amplitude of u and the parameter m")


@composed("ellipj")
def ellipj(u: Any, m: Any) -> tuple:
    """(sn, cn, dn, amplitude) of u and the parameter m."""
    u, m = lifted(u, m)
    return sn(u, m), cn(u, m), dn(u, m), am(u, m)


# --- Carlson: RF_x = -RD(y, z, x)/6, homogeneous of degree -1/2 -------------------------------------------------------

_SAMPLES = (0.4, 2.0)


def _unknown(name: str, operands: int) -> list[Unknown]:
    return [Unknown(f"the derivative of {name} is not known", k) for k in range(operands)]


elliprd = elementwise(
    "elliprd", "scipy.special:elliprd", *_unknown("elliprd", 3),
    samples=(_SAMPLES,) * 3, doc="Carlson's integral of the second kind",
)  # fmt: skip
elliprf = elementwise(
    "elliprf", "scipy.special:elliprf",
    lambda x, y, z: -elliprd(y, z, x) / 6, lambda x, y, z: -elliprd(z, x, y) / 6, lambda x, y, z: -elliprd(x, y, z) / 6,
    samples=(_SAMPLES,) * 3, doc="Carlson's symmetric integral of the first kind",
)  # fmt: skip
elliprc = elementwise(
    "elliprc", "scipy.special:elliprc",
    lambda x, y: -elliprd(y, y, x) / 6, lambda x, y: -elliprd(x, y, y) / 3,
    samples=(_SAMPLES,) * 2, doc="Carlson's degenerate integral: elliprf(x, y, y)",
)  # fmt: skip
elliprj = elementwise(
    "elliprj", "scipy.special:elliprj", *_unknown("elliprj", 4),
    samples=(_SAMPLES,) * 4, doc="Carlson's symmetric integral of the third kind",
)  # fmt: skip
elliprg = elementwise(
    "elliprg", "scipy.special:elliprg",
    lambda x, y, z: _rg_slope(x, y, z), lambda x, y, z: _rg_slope(y, z, x), lambda x, y, z: _rg_slope(z, x, y),
    samples=(_SAMPLES,) * 3, doc="Carlson's symmetric integral of the second kind",
)  # fmt: skip


def _rg_slope(x: Any, y: Any, z: Any) -> Any:
    """RG_x = (RF - x*RD(y, z, x)/3)/4: RG is the mean of the root of x*l**2 + y*m**2 + z*n**2 over the sphere."""
    return (elliprf(x, y, z) - x * elliprd(y, z, x) / 3) / 4
