"""Tangent, hyperbolic functions and the inverses of both as formulas, within 2 ulp."""

import math

from .elementary import exp_of_sum, expm1, far_sincos, formula, is_near, log, log1p, turned
from .erf import polynomial
from .ir import Value, absolute, copysign, sqrt, where

_PI_2, _PI_2_LOW = 1.5707963267948966, 6.123233995736766e-17
_PI_4 = 0.7853981633974483
_TAN_PI_8, _TAN_3PI_8 = 0.41421356237309503, 2.414213562373095
_LN2 = 0.6931471805599453
_HIGH_BITS = -(1 << 32)  # of a float: what they hold has an exact square

# (atan(x)/x - 1)/x**2 and (asin(x)/x - 1)/x**2 in x**2, by interpolation at the nodes of Chebyshev
_ATAN = (
    -0.3333333333333333, 0.19999999999999804, -0.14285714285659828, 0.11111111105155447,
    -0.09090908753500877, 0.07692296375032143, -0.06666424885738255, 0.05878928997834775,
    -0.05230454270650244, 0.04551593220626549, -0.034570561981427744, 0.016285756855221028,
)  # fmt: skip
_ASIN = (
    0.16666666666666666, 0.07500000000000118, 0.044642857142551895, 0.03038194447553234,
    0.02237215744350722, 0.017352816540325496, 0.01396378001220357, 0.011566459612121669,
    0.009621842970100282, 0.009319560794767446, 0.0030448799094556773, 0.019554513336123378,
    -0.01924167174674304, 0.02961201126495512,
)  # fmt: skip


@formula(60)
def tan(x: Value) -> Value:
    return x.body.choose(is_near(x), lambda: [_near_tan(x)], lambda: [_quotient(*far_sincos(x))])[0]


def _quotient(x: Value, y: Value) -> Value:
    return x / y


def _near_tan(x: Value) -> Value:
    """(a + a')/(b + b') with what a = r + s and b = 1 - c lose, by rounding and by e: a/b and
    (a' - (a/b)*b')/b more."""
    k, r, s, c, e = turned(x)
    sine, cosine = copysign(r + s, r), 1.0 - c
    lost_sine, lost_cosine = s - (sine - r) + e * cosine, (1.0 - cosine) - c - e * sine
    swap = (k & 1) != 0
    a, b = where(swap, -cosine, sine), where(swap, sine, cosine)
    lost_a, lost_b = where(swap, -lost_cosine, lost_sine), where(swap, lost_sine, lost_cosine)
    q = a / b
    return where(q == 0.0, q, q + (lost_a - q * lost_b) / b)


@formula()
def atan(x: Value) -> Value:
    """atan(a) = pi/4 + atan((a - 1)/(a + 1)) = pi/2 - atan(1/a)"""
    a = absolute(x)
    large, middle = a > _TAN_3PI_8, a > _TAN_PI_8
    above = where(large, -1.0, where(middle, a - 1.0, a))
    below = where(large, a, where(middle, a + 1.0, 1.0))
    t = above / below
    z = t * t
    rest = t + t * (z * polynomial(z, _ATAN))
    turn = where(large, x.body.number(2.0), where(middle, x.body.number(1.0), 0.0))  # quarters of pi
    return copysign(turn * _PI_4 + (rest + turn * (0.5 * _PI_2_LOW)), x)


def _arc(x: Value) -> tuple[Value, Value, Value, Value, Value]:
    """(a < 1/2, s, h, c, r): asin(s) = s + s*r for s = a or sqrt((1 - a)/2) = h + c to twice the precision."""
    a = absolute(x)
    small = a < 0.5
    z = where(small, a * a, 0.5 * (1.0 - a))
    s = where(small, a, sqrt(z))
    h = (s.bits & _HIGH_BITS).float
    c = where(s == 0.0, 0.0, (z - h * h) / (s + h))
    return small, s, h, c, z * polynomial(z, _ASIN)


@formula()
def asin(x: Value) -> Value:
    """asin(a) = pi/2 - 2*asin(sqrt((1 - a)/2))"""
    small, s, h, c, r = _arc(x)
    far = _PI_4 - ((2.0 * s * r - (_PI_2_LOW - 2.0 * c)) - (_PI_4 - 2.0 * h))
    return copysign(where(small, s + s * r, far), x)


@formula()
def acos(x: Value) -> Value:
    small, s, h, c, r = _arc(x)
    near = _PI_2 - (x - (_PI_2_LOW - x * r))
    positive = 2.0 * (h + (r * s + c))
    negative = 2.0 * (_PI_2 - (s + (r * s - _PI_2_LOW)))
    return where(small, near, where(x > 0.0, positive, negative))


@formula()
def sinh(x: Value) -> Value:
    a = absolute(x)
    t = expm1(where(a > 22.0, 22.0, a))
    return copysign(where(a > 22.0, exp_of_sum(a, factor=0.5), 0.5 * (t + t / (t + 1.0))), x)


@formula()
def cosh(x: Value) -> Value:
    half = exp_of_sum(absolute(x), factor=0.5)
    return half + 0.25 / half


@formula()
def asinh(x: Value) -> Value:
    a = absolute(x)
    large = a > 1e8
    b = where(large, 1.0, a)
    near = log1p(b + b * b / (1.0 + sqrt(b * b + 1.0)))
    return copysign(where(large, log(a) + _LN2, near), x)


@formula()
def acosh(x: Value) -> Value:
    large = x > 1e8
    t = where(large, 1.0, x) - 1.0
    value = where(large, log(x) + _LN2, log1p(t + sqrt(2.0 * t + t * t)))
    return where(x >= 1.0, value, math.nan)


@formula()
def atanh(x: Value) -> Value:
    a = absolute(x)
    return copysign(0.5 * log1p(2.0 * a / (1.0 - a)), where(a <= 1.0, x, math.nan))
