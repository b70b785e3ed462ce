"""Elementary functions as formulas on the values of `ir`: exp, log, sin, cos, tanh and relatives in arithmetic
that LLVM vectorises, 1 to 4 ns per value in a loop, within 2 ulp of libm.

Argument reductions are exact (split constants), polynomials are Taylor's in even-odd form, special values are selects
and not branches. `FORMULAS` has what an op is on numbers; what it lacks is a function of the C library.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

from .ir import Value, absolute, ceil, copysign, floor, round_even, single, sqrt, trunc, where

# 1.5 * 2**52: adding it rounds to an integer, whose bits are then the lowest ones
_ROUND = 6755399441055744.0
_ROUND_BITS = 0x4338000000000000
_LOG2E = 1.4426950408889634
_LN2 = 0.6931471805599453
_LN2_HIGH = float.fromhex("0x1.62e42fee00000p-1")  # 33 bits: products with exponents are exact
_LN2_LOW = float.fromhex("0x1.a39ef35793c76p-33")
_SQRT_HALF_BITS = 0x3FE6A09E667F3BCD
_TWO_OVER_PI = 0.6366197723675814
_PI_2 = (  # pi/2 in pieces of 33 bits: exact products up to 2**20 quarter turns
    float.fromhex("0x1.921fb54400000p+0"), float.fromhex("0x1.0b4611a600000p-34"),
    float.fromhex("0x1.3198a2e037073p-69")
)  # fmt: skip
LARGE_ANGLE = 1.0e6
_INVERSE_FACTORIAL = tuple(1.0 / math.factorial(k) for k in range(20))



class Formula(NamedTuple):
    """What an op is on numbers."""

    of: Callable[..., Value]
    cost: int  # in additions
    flags: tuple[str, ...] = ()  # LLVM's for its arithmetic


FORMULAS: dict[str, Formula] = {}
ANALYTIC = 20  # what most of them cost
ANALYSIS = ("contract",)  # products may be added without rounding in the functions of analysis


def formula(cost: int = ANALYTIC, flags: tuple[str, ...] = ANALYSIS) -> Callable[[Callable], Callable[..., Value]]:
    def enter(f: Callable[..., Value]) -> Callable[..., Value]:
        FORMULAS[f.__name__.rstrip("_")] = Formula(f, cost, flags)
        return f

    return enter


arithmetic, division = formula(1, ()), formula(6, ())


def flags(name: str) -> tuple[str, ...]:
    """LLVM's for the arithmetic of a formula; of others none."""
    return FORMULAS[name].flags if name in FORMULAS else ()


# --- exp and log ----------------------------------------------------------------------------------------------


def _expm1_core(r: Value) -> Value:
    """exp(r) - 1 for abs(r) <= log(2)/2: r + r**2*(1/2! + r/3! + ... + r**11/13!), in pairs."""
    c = _INVERSE_FACTORIAL
    z = r * r
    z2 = z * z
    low = (c[2] + r * c[3]) + z * (c[4] + r * c[5])
    middle = (c[6] + r * c[7]) + z * (c[8] + r * c[9])
    high = (c[10] + r * c[11]) + z * (c[12] + r * c[13])
    return r + z * (low + z2 * (middle + z2 * high))


def _reduced(x: Value) -> tuple[Value, Value, Value, Value]:
    """(k, r, 2**(k//2), 2**(k - k//2)) with x = k*log(2) + r: k reaches beyond the exponents of normal numbers."""
    shifted = x * _LOG2E + _ROUND
    n = shifted - _ROUND
    r = (x - n * _LN2_HIGH) - n * _LN2_LOW
    return (shifted.bits - _ROUND_BITS, r, *_halves(shifted.bits - _ROUND_BITS))


def _halves(k: Value) -> tuple[Value, Value]:
    """(2**(k//2), 2**(k - k//2))"""
    half = k >> 1
    return ((half + 1023) << 52).float, ((k - half + 1023) << 52).float


def exp_of_sum(x: Value, low: Value | float = 0.0, factor: float = 1.0) -> Value:
    """factor*exp(x + low) for a power of 2 and a low part that is small."""
    x = where(x > 712.0, 712.0, x)
    x = where(x < -746.0, -746.0, x)
    _, r, scale, rest = _reduced(x)
    r = r if isinstance(low, float) else r + low
    return (1.0 + _expm1_core(r)) * scale * (rest if factor == 1.0 else rest * factor)


@formula()
def exp(x: Value) -> Value:
    return exp_of_sum(x)


@formula()
def exp2(x: Value) -> Value:
    x = where(x > 1025.0, 1025.0, x)
    x = where(x < -1080.0, -1080.0, x)
    shifted = x + _ROUND
    scale, rest = _halves(shifted.bits - _ROUND_BITS)
    return (1.0 + _expm1_core((x - (shifted - _ROUND)) * _LN2)) * scale * rest


@formula()
def expm1(x: Value) -> Value:
    x = where(x > 710.0, 710.0, x)
    x = where(x < -40.0, -40.0, x)
    k, r, scale, rest = _reduced(x)
    inverse = ((1023 - where(k > 60, 60, k)) << 52).float
    return copysign((_expm1_core(r) + (1.0 - inverse)) * scale * rest, x)  # 2**k*exp(r) - 1


def _log_near(f: Value, e: Value) -> Value:
    """log(2**e * (1 + f)) for 1 + f in [sqrt(1/2), sqrt(2)]."""
    # log(1 + f) = 2*atanh(s), s = f/(2 + f); 2*s = f - f**2/2 + s*f**2/2 keeps f exact
    s = f / (2.0 + f)
    z = s * s
    z2 = z * z
    low = (2.0 / 3 + z * (2.0 / 5)) + z2 * (2.0 / 7 + z * (2.0 / 9))
    middle = (2.0 / 11 + z * (2.0 / 13)) + z2 * (2.0 / 15 + z * (2.0 / 17))
    high = (2.0 / 19 + z * (2.0 / 21)) + z2 * (2.0 / 23)
    series = z * (low + z2 * z2 * (middle + z2 * z2 * high))
    square = 0.5 * f * f
    return e * _LN2_HIGH - ((square - (s * (square + series) + e * _LN2_LOW)) - f)


def _parts(x: Value) -> tuple[Value, Value]:
    """(f, e) with x = 2**e * (1 + f), 1 + f in [sqrt(1/2), sqrt(2))"""
    tiny = x < 2.2250738585072014e-308
    bits = where(tiny, x * 18014398509481984.0, x).bits  # 2**54
    k = (bits - _SQRT_HALF_BITS) >> 52
    e = (k + _ROUND_BITS).float - _ROUND
    return (bits - (k << 52)).float - 1.0, where(tiny, e - 54.0, e)


def _log_at_ends(x: Value, value: Value) -> Value:
    """A logarithm's value, also where x is no positive number."""
    value = where(x < math.inf, value, x)  # inf and nan
    value = where(x == 0.0, -math.inf, value)
    return where(x < 0.0, math.nan, value)


@formula()
def log(x: Value) -> Value:
    return _log_at_ends(x, _log_near(*_parts(x)))


@formula()
def log2(x: Value) -> Value:
    f, e = _parts(x)
    return _log_at_ends(x, e + _log_near(f, x.body.number(0.0)) * _LOG2E)


@formula()
def log1p(x: Value) -> Value:
    y = 1.0 + x
    lost = (x - (y - 1.0)) / y  # by the rounding of 1 + x
    return copysign(log(y) + where(absolute(lost) < 1.0, lost, 0.0), x)


@formula()
def sigmoid(x: Value) -> Value:
    e = exp(-absolute(x))
    return where(x >= 0.0, 1.0, e) / (1.0 + e)


@formula()
def softplus(x: Value) -> Value:
    u = exp(-absolute(x))
    large = u > 0.4142135623730951  # 1 + u = 2*(1 + (u - 1)/2)
    rest = _log_near(where(large, 0.5 * (u - 1.0), u), where(large, u.body.number(1.0), 0.0))
    return where(x > 0.0, x, 0.0) + rest


@formula()
def tanh(x: Value) -> Value:
    y = absolute(x)
    t = expm1(2.0 * where(y > 20.0, 20.0, y))
    return copysign(t / (t + 2.0), x)


@formula(flags=())
def logaddexp(x: Value, y: Value) -> Value:
    d = x - y
    value = where(d > 0.0, x, y) + log1p(exp(-absolute(d)))
    return where(x == y, x + _LN2, where(d == d, value, d))


@formula(flags=())
def xlogy(x: Value, y: Value) -> Value:
    return where((x == 0.0) & (y == y), 0.0, x * log(y))


@formula(flags=())
def xlog1py(x: Value, y: Value) -> Value:
    return where((x == 0.0) & (y == y), 0.0, x * log1p(y))


# --- sin and cos ----------------------------------------------------------------------------------------------


def is_near(x: Value) -> Value:
    """The angle is one that `near_sincos` takes."""
    return absolute(x) <= LARGE_ANGLE


def turned(x: Value) -> tuple[Value, Value, Value, Value, Value]:
    """(k, r, s, c, e) for abs(x) <= LARGE_ANGLE: x = k*pi/2 + r + e, sin(r) = r + s, cos(r) = 1 - c."""
    shifted = x * _TWO_OVER_PI + _ROUND
    n = shifted - _ROUND
    first = x - n * _PI_2[0]
    second = first - n * _PI_2[1]
    r = second - n * _PI_2[2]
    lost = ((first - second) - n * _PI_2[1]) + ((second - r) - n * _PI_2[2])
    c = _INVERSE_FACTORIAL
    z = r * r
    z2 = z * z
    z4 = z2 * z2
    odd = (c[5] - z * c[7]) + z2 * (c[9] - z * c[11]) + z4 * ((c[13] - z * c[15]) + z2 * c[17])
    even = (c[4] - z * c[6]) + z2 * (c[8] - z * c[10]) + z4 * ((c[12] - z * c[14]) + z2 * c[16])
    return shifted.bits, r, r * z * (z * odd - c[3]), 0.5 * z - z2 * even, lost


def near_sincos(x: Value) -> tuple[Value, Value]:
    """(sin(x), cos(x)) for abs(x) <= LARGE_ANGLE."""
    k, r, s, c, _ = turned(x)
    sine, cosine = copysign(r + s, r), 1.0 - c  # -0.0 too
    swap = (k & 1) != 0
    a, b = where(swap, cosine, sine), where(swap, sine, cosine)
    return where((k & 2) != 0, -a, a), where(((k + 1) & 2) != 0, -b, b)


def far_sincos(x: Value) -> tuple[Value, Value]:
    return x.body.call("sin", [x]), x.body.call("cos", [x])


def _sincos(x: Value) -> list[Value]:
    return x.body.choose(is_near(x), lambda: near_sincos(x), lambda: far_sincos(x))


@formula(60)
def sin(x: Value) -> Value:
    return _sincos(x)[0]


@formula(60)
def cos(x: Value) -> Value:
    return _sincos(x)[1]


# --- arithmetic, without the flags of the functions above -------------------------------------------------------


@arithmetic
def copy(x: Value) -> Value:
    return x


@arithmetic
def neg(x: Value) -> Value:
    return -x


@arithmetic
def square(x: Value) -> Value:
    return x * x


@arithmetic
def cube(x: Value) -> Value:
    return x * x * x


@division
def reciprocal(x: Value) -> Value:
    return 1.0 / x


@arithmetic
def relu(x: Value) -> Value:
    return where(x < 0.0, 0.0, x)


@arithmetic
def sign(x: Value) -> Value:
    return where(x > 0.0, 1.0, where(x < 0.0, -1.0, x * 0.0))


def _truth(condition: Value) -> Value:
    return where(condition, condition.body.number(1.0), 0.0)


@arithmetic
def logical_not(x: Value) -> Value:
    return _truth(x == 0.0)


@arithmetic
def isnan(x: Value) -> Value:
    return _truth(x != x)


@arithmetic
def isfinite(x: Value) -> Value:
    return _truth(absolute(x) < math.inf)


FORMULAS["sqrt"] = Formula(sqrt, 6)
for _name, _f in (("abs", absolute), ("floor", floor), ("ceil", ceil), ("trunc", trunc), ("round", round_even)):
    FORMULAS[_name] = Formula(_f, 1)
FORMULAS["float32"] = Formula(single, 1)


@arithmetic
def add(x: Value, y: Value) -> Value:
    return x + y


@arithmetic
def sub(x: Value, y: Value) -> Value:
    return x - y


@arithmetic
def mul(x: Value, y: Value) -> Value:
    return x * y


@division
def div(x: Value, y: Value) -> Value:
    return x / y


@division
def safe_divide(x: Value, y: Value) -> Value:
    return where(y == 0.0, 0.0, x / y)


@arithmetic
def maximum(x: Value, y: Value) -> Value:
    return where((x > y) | (x != x), x, y)


@arithmetic
def minimum(x: Value, y: Value) -> Value:
    return where((x < y) | (x != x), x, y)


@arithmetic
def equal(x: Value, y: Value) -> Value:
    return _truth(x == y)


@arithmetic
def not_equal(x: Value, y: Value) -> Value:
    return _truth(x != y)


@arithmetic
def less(x: Value, y: Value) -> Value:
    return _truth(x < y)


@arithmetic
def less_equal(x: Value, y: Value) -> Value:
    return _truth(x <= y)


@arithmetic
def logical_and(x: Value, y: Value) -> Value:
    return _truth((x != 0.0) & (y != 0.0))


@arithmetic
def logical_or(x: Value, y: Value) -> Value:
    return _truth((x != 0.0) | (y != 0.0))


@arithmetic
def logical_xor(x: Value, y: Value) -> Value:
    return _truth((x != 0.0) ^ (y != 0.0))


@arithmetic
def heaviside(x: Value, y: Value) -> Value:
    return where(x > 0.0, 1.0, where(x < 0.0, 0.0, where(x == x, y, x)))


@arithmetic
def fma(x: Value, y: Value, z: Value) -> Value:
    return x + y * z


@arithmetic
def fms(x: Value, y: Value, z: Value) -> Value:
    return x - y * z


@arithmetic
def where_(c: Value, x: Value, y: Value) -> Value:
    return where(c != 0.0, x, y)
