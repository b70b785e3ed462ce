"""Voigt's profile and dispersion: the real and imaginary part of Faddeeva's w(z), z = (x + i*gamma)/(sqrt(2)*sigma).

Their derivatives by x are those of w, by w' = 2i/sqrt(pi) - 2*z*w near 0 and by the asymptotic series far out, where
that cancels. By gamma they are i times those by x, and by sigma the heat equation has V_sigma = sigma*V_xx.
"""

from collections.abc import Callable, Sequence
from functools import partial
from math import factorial, pi
from typing import Any

import numpy as np

from ..lazy import module
from ..op import OPS, Op, elementwise

ORDERS = 4  # second derivatives by sigma are fourth ones by x
FAR = 6.0  # of abs(z), from which on the series holds
TERMS = 34
NAMES = ("voigt_profile", "voigt_dispersion")
SAMPLES = ((0.2, 1.5), (0.5, 1.5), (0.3, 1))


def _derivative(n: int, z: Any) -> Any:
    """The n-th one of w."""
    far = np.abs(z) > FAR
    near = np.where(far, 1j, z)
    before = [module("scipy.special").wofz(near)]
    for k in range(1, n + 1):  # w^(k) = -2*z*w^(k-1) - 2*(k - 1)*w^(k-2)
        before.append(-2 * near * before[-1] + (2j / np.sqrt(pi) if k == 1 else -2 * (k - 1) * before[-2]))
    return np.where(far, _asymptotic(n, np.where(far, z, FAR)), before[n])


def _asymptotic(n: int, z: Any) -> Any:
    """Of i/sqrt(pi) * sum of (2*k - 1)!!/2**k / z**(2*k + 1)."""
    u = 1 / z
    total = 0.0
    for k in reversed(range(TERMS)):
        odd = factorial(2 * k) / (factorial(k) * 4**k)
        total = total * u * u + odd * factorial(2 * k + n) / factorial(2 * k)
    return 1j / np.sqrt(pi) * (-1) ** n * total * u ** (n + 1)


def _values(n: int, imaginary: bool, x: Any, sigma: Any, gamma: Any) -> Any:
    c = np.sqrt(2) * sigma
    w = _derivative(n, (x + 1j * np.asarray(gamma)) / c) / c**n / (np.sqrt(2 * pi) * sigma)
    return w.imag if imaginary else w.real


def _op(n: int, imaginary: bool) -> Op:
    return OPS[NAMES[imaginary] + (f"_{n}" if n else "")]


def _written(n: int, imaginary: bool, x: Any, sigma: Any, gamma: Any) -> Any:
    """V' = (gamma*L - x*V)/sigma**2 and L' = (1/pi - x*L - gamma*V)/sigma**2, differentiated n - 1 times."""
    v, w = (_by_x(n - 1, part, x, sigma, gamma) for part in (False, True))
    total = -x * w - gamma * v if imaginary else gamma * w - x * v
    if n > 1:
        total = total - (n - 1) * _by_x(n - 2, imaginary, x, sigma, gamma)
    elif imaginary:
        total = 1 / x.lift(pi) + total
    return total / sigma**2


def _by_x(n: int, imaginary: bool, *xs: Any) -> Any:
    return _op(n, imaginary)(*xs) if n <= ORDERS else _written(n, imaginary, *xs)


def _partials(n: int, imaginary: bool) -> Sequence[Callable[[Any, Any, Any], Any]]:
    """Of the n-th derivative by x, by x, sigma and gamma."""

    def by_sigma(x: Any, sigma: Any, gamma: Any) -> Any:
        return sigma * _by_x(n + 2, imaginary, x, sigma, gamma)

    def by_gamma(*xs: Any) -> Any:
        return _by_x(n + 1, False, *xs) if imaginary else -_by_x(n + 1, True, *xs)

    return partial(_by_x, n + 1, imaginary), by_sigma, by_gamma


voigt_profile = elementwise(
    NAMES[0], "scipy.special:voigt_profile", *_partials(0, False), samples=SAMPLES,
    doc="Voigt's profile: a normal density convolved with Cauchy's",
)  # fmt: skip
voigt_dispersion = elementwise(
    NAMES[1], partial(_values, 0, True), *_partials(0, True), samples=SAMPLES,
    doc="the imaginary part whose real part is Voigt's profile",
)  # fmt: skip
for _n in range(1, ORDERS + 1):
    for _imaginary in (False, True):
        elementwise(
            f"{NAMES[_imaginary]}_{_n}", partial(_values, _n, _imaginary), *_partials(_n, _imaginary),
            samples=SAMPLES, public=False, textbook=partial(_written, _n, _imaginary),
            doc=f"the derivative of {NAMES[_imaginary]} by x of order {_n}",
        )  # fmt: skip
