"""The error function, its complement and the normal distribution as formulas, within 4 ulp."""

import math

from .elementary import exp_of_sum, formula
from .ir import Value, absolute, copysign, where

_HIGH_BITS = -(1 << 27)  # of a float: what they hold has an exact square
_INVERSE_ROOT = 0.7071067811865476  # 1/sqrt(2)
_SERIES = 0.75  # below it erf is a series
_ZERO = 30.0  # erfc(30) < 1e-390

# erf(x)/x in x**2
_ERF = tuple(2 / math.sqrt(math.pi) * (-1) ** n / (math.factorial(n) * (2 * n + 1)) for n in range(16))
# (1 + 2*x)*exp(x**2)*erfc(x) in (x - 4)/(x + 4), by interpolation at the nodes of Chebyshev
_ERFCX = (
    1.2329951186255526, -0.13962111684056228, 0.015379652102619974, 0.06809705425466839,
    -0.10103906603631811, 0.09373283499911264, -0.06633036581186058, 0.037167515526338006,
    -0.01619773406293477, 0.005031970069102256, -0.0007577732435942576, -0.0001992571524726518,
    0.00015062142608651945, -2.4397731143023292e-05, -1.1221135665965907e-05, 5.70657829924074e-06,
    2.9173425573089733e-07, -8.210647933297337e-07, 7.771943241086912e-08, 1.0631817593818149e-07,
    -2.0725802488181963e-08, -1.2338731403798444e-08, 3.2323973445082033e-09, 9.297625263709659e-10,
    -2.764120233734578e-10,
)  # fmt: skip


def polynomial(x: Value, coefficients: tuple[float, ...]) -> Value:
    """c[0] + c[1]*x + ..., even and odd powers apart."""
    square, sums = x * x, []
    for part in (coefficients[::2], coefficients[1::2]):
        total: Value | float = part[-1]
        for c in part[-2::-1]:
            total = total * square + c
        sums.append(total)
    return sums[0] + x * sums[1]


def _tail(x: Value, scale: float) -> Value:
    """erfc(sqrt(scale)*x) for x >= 0 and scale 1 or 1/2: exp(-x**2) is of the exact square, in two parts."""
    x = where(x > _ZERO / scale, _ZERO / scale, x)
    high = (x.bits & _HIGH_BITS).float
    e = exp_of_sum(-scale * (high * high), -scale * ((x - high) * (x + high)))
    z = x if scale == 1.0 else x * _INVERSE_ROOT
    return e * polynomial((z - 4.0) / (z + 4.0), _ERFCX) / (1.0 + 2.0 * z)


@formula()
def erf(x: Value) -> Value:
    y = absolute(x)
    near = x * polynomial(x * x, _ERF)
    return where(y < _SERIES, near, copysign(1.0 - _tail(y, 1.0), x))


@formula()
def erfc(x: Value) -> Value:
    tail = _tail(absolute(x), 1.0)
    return where(x < 0.0, 2.0 - tail, tail)


@formula()
def ndtr(x: Value) -> Value:
    tail = 0.5 * _tail(absolute(x), 0.5)
    return where(x > 0.0, 1.0 - tail, tail)
