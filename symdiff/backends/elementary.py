"""exp, log, sin, cos, tanh and relatives in arithmetic that LLVM vectorises: 1 to 4 ns per value in a loop,
within 2 ulp of libm.

Argument reductions are exact (split constants), polynomials are Taylor's in even-odd form, special values are
selects and not branches. Everything here is compiled into the kernels of `interpreter.py`; nothing is
compiled on its own.
"""

import math
from typing import Any

import numba
import numpy as np
from numba import types
from numba.extending import intrinsic

fused: Any = numba.njit(error_model="numpy", fastmath={"contract"}, forceinline=True)

_instruction: Any = intrinsic

# 1.5 * 2**52: adding it rounds to an integer, whose bits are then the lowest ones
_ROUND = 6755399441055744.0
_ROUND_BITS = 0x4338000000000000
_LOG2E = 1.4426950408889634
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


@_instruction
def _as_integer(context: Any, x: Any) -> Any:
    """The bits of a float64."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.bitcast(args[0], context.get_value_type(types.int64))

    return types.int64(types.float64), codegen


@_instruction
def _as_float(context: Any, k: Any) -> Any:
    """The float64 of these bits."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.bitcast(args[0], context.get_value_type(types.float64))

    return types.float64(types.int64), codegen


@fused
def _expm1_core(r: float) -> float:
    """exp(r) - 1 for abs(r) <= log(2)/2: r + r**2*(1/2! + r/3! + ... + r**11/13!), in pairs."""
    c = _INVERSE_FACTORIAL
    z = r * r
    z2 = z * z
    low = (c[2] + r * c[3]) + z * (c[4] + r * c[5])
    middle = (c[6] + r * c[7]) + z * (c[8] + r * c[9])
    high = (c[10] + r * c[11]) + z * (c[12] + r * c[13])
    return r + z * (low + z2 * (middle + z2 * high))


@fused
def exp(x: float) -> float:
    x = 710.0 if x > 710.0 else x
    x = -746.0 if x < -746.0 else x
    shifted = x * _LOG2E + _ROUND
    n = shifted - _ROUND
    r = (x - n * _LN2_HIGH) - n * _LN2_LOW
    k = _as_integer(shifted) - np.int64(_ROUND_BITS)
    half = k >> np.int64(1)  # 2**k in two steps: k reaches beyond the exponents of normal numbers
    scale = _as_float((half + np.int64(1023)) << np.int64(52))
    rest = _as_float((k - half + np.int64(1023)) << np.int64(52))
    return (1.0 + _expm1_core(r)) * scale * rest


@fused
def expm1(x: float) -> float:
    y = 710.0 if x > 710.0 else x
    y = -40.0 if y < -40.0 else y
    shifted = y * _LOG2E + _ROUND
    n = shifted - _ROUND
    r = (y - n * _LN2_HIGH) - n * _LN2_LOW
    k = _as_integer(shifted) - np.int64(_ROUND_BITS)
    half = k >> np.int64(1)
    scale = _as_float((half + np.int64(1023)) << np.int64(52))
    rest = _as_float((k - half + np.int64(1023)) << np.int64(52))
    shift = np.int64(60) if k > np.int64(60) else k
    inverse = _as_float((np.int64(1023) - shift) << np.int64(52))
    return (_expm1_core(r) + (1.0 - inverse)) * scale * rest  # 2**k*exp(r) - 1


@fused
def _log_near(f: float, e: float) -> float:
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


@fused
def log(x: float) -> float:
    tiny = x < 2.2250738585072014e-308
    y = x * 18014398509481984.0 if tiny else x  # 2**54
    bits = _as_integer(y)
    k = (bits - np.int64(_SQRT_HALF_BITS)) >> np.int64(52)
    f = _as_float(bits - (k << np.int64(52))) - 1.0  # y = 2**k * (1 + f), 1 + f in [sqrt(1/2), sqrt(2))
    e = _as_float(k + np.int64(_ROUND_BITS)) - _ROUND
    e = e - 54.0 if tiny else e
    value = _log_near(f, e)
    value = value if x < math.inf else x  # inf and nan
    value = -math.inf if x == 0.0 else value
    return math.nan if x < 0.0 else value


@fused
def log1p(x: float) -> float:
    y = 1.0 + x
    lost = (x - (y - 1.0)) / y  # by the rounding of 1 + x
    return log(y) + (lost if abs(lost) < 1.0 else 0.0)


@fused
def sigmoid(x: float) -> float:
    e = exp(-abs(x))
    return (1.0 if x >= 0.0 else e) / (1.0 + e)


@fused
def softplus(x: float) -> float:
    u = exp(-abs(x))
    large = u > 0.4142135623730951  # 1 + u = 2*(1 + (u - 1)/2)
    rest = _log_near(0.5 * (u - 1.0) if large else u, 1.0 if large else 0.0)
    return (x if x > 0.0 else 0.0) + rest


@fused
def tanh(x: float) -> float:
    y = abs(x)
    t = expm1(2.0 * (20.0 if y > 20.0 else y))
    return math.copysign(t / (t + 2.0), x)


@fused
def near_sincos(x: float) -> tuple[float, float]:
    """(sin(x), cos(x)) for abs(x) <= LARGE_ANGLE."""
    shifted = x * _TWO_OVER_PI + _ROUND
    n = shifted - _ROUND
    r = ((x - n * _PI_2[0]) - n * _PI_2[1]) - n * _PI_2[2]
    c = _INVERSE_FACTORIAL
    z = r * r
    z2 = z * z
    z4 = z2 * z2
    odd = (c[5] - z * c[7]) + z2 * (c[9] - z * c[11]) + z4 * ((c[13] - z * c[15]) + z2 * c[17])
    even = (c[4] - z * c[6]) + z2 * (c[8] - z * c[10]) + z4 * ((c[12] - z * c[14]) + z2 * c[16])
    sine = math.copysign(r + r * z * (z * odd - c[3]), r)  # -0.0 too
    cosine = 1.0 - (0.5 * z - z2 * even)
    k = _as_integer(shifted)
    swap = (k & np.int64(1)) != 0
    a = cosine if swap else sine
    b = sine if swap else cosine
    a = -a if (k & np.int64(2)) != 0 else a
    b = -b if ((k + np.int64(1)) & np.int64(2)) != 0 else b
    return a, b


@fused
def sincos(x: float) -> tuple[float, float]:
    if abs(x) <= LARGE_ANGLE:
        return near_sincos(x)
    return math.sin(x), math.cos(x)
