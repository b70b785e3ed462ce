"""The numba kernels of the tape: an interpreter over a stream of opcodes, compiled once for all graphs and
kept on disk.

A program is a stream of words ``opcode, out, operands...`` over one buffer of float64. A scalar opcode works
on single entries, a span opcode on strided blocks of up to five axes that a row of `layout` describes. With
lanes every entry is a vector of `lanes` points that lie side by side. Building streams is the work of
`tape.py`.
"""

import hashlib
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
import numpy as np

from . import elementary

# --- opcodes ------------------------------------------------------------------------------------------------

UNARY = (
    "copy", "neg", "square", "cube", "reciprocal", "sqrt", "exp", "log", "sin", "cos", "tanh", "sigmoid",
    "softplus",
    "expm1", "log1p", "abs", "relu", "sign", "logical_not", "isnan", "isfinite", "floor", "ceil", "trunc",
    "round",
    "float32", "tan", "asin", "acos", "atan", "sinh", "cosh", "asinh", "acosh", "atanh", "exp2", "log2",
    "log10", "cbrt",
    "erf", "erfc", "gamma", "gammaln",
)  # fmt: skip
BINARY = (
    "add", "sub", "mul", "div", "maximum", "minimum", "equal", "not_equal", "less", "less_equal",
    "logical_and",
    "logical_or", "logical_xor", "safe_divide", "pow", "atan2", "hypot", "logaddexp", "heaviside", "xlogy",
    "xlog1py",
)  # fmt: skip
TERNARY = ("fma", "fms", "where")
OTHER = ("sincos", "map1", "map2", "map3", "contract", "gather", "scatter", "external", "end", "keep")
OPCODE = {name: k for k, name in enumerate((*UNARY, *BINARY, *TERNARY, *OTHER))}
NAMES = tuple(OPCODE)

(
    COPY, NEG, SQUARE, CUBE, RECIPROCAL, SQRT, EXP, LOG, SIN, COS, TANH, SIGMOID, SOFTPLUS,
    EXPM1, LOG1P, ABS, RELU, SIGN, NOT, ISNAN, ISFINITE, FLOOR, CEIL, TRUNC, ROUND,
    FLOAT32, TAN, ASIN, ACOS, ATAN, SINH, COSH, ASINH, ACOSH, ATANH, EXP2, LOG2, LOG10, CBRT,
    ERF, ERFC, GAMMA, GAMMALN,
    ADD, SUB, MUL, DIV, MAXIMUM, MINIMUM, EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, AND,
    OR, XOR, SAFE_DIVIDE, POW, ATAN2, HYPOT, LOGADDEXP, HEAVISIDE, XLOGY, XLOG1PY,
    FMA, FMS, WHERE,
    SINCOS, MAP1, MAP2, MAP3, CONTRACT, GATHER, SCATTER, EXTERNAL, END, KEEP,
) = range(len(OPCODE))  # fmt: skip

RANK = 5  # axes of a span opcode
OUTER = 1 + 5 * RANK  # where a layout row has the number of its outer iterations: all axes but the last
READS = np.array([1] * len(UNARY) + [2] * len(BINARY) + [3] * len(TERNARY) + [1, 1, 2, 3, 2, 1, 1, 0, 0, 3])
WORDS = np.array([3] * len(UNARY) + [4] * len(BINARY) + [5] * len(TERNARY) + [4, 6, 6, 6, 6, 6, 6, 2, 1, 0])


def _digest() -> str:
    """Of the sources that kernels are compiled from, however they import each other."""
    folder = Path(__file__).parent
    sources = [folder / f"{name}.py" for name in ("elementary", "interpreter", "lanes", "registers")]
    return hashlib.sha256(b"".join(s.read_bytes() for s in sources if s.exists())).hexdigest()


_DIGEST = _digest()


def kernel(function: Callable[..., Any]) -> Any:
    """Compile an entry point when first called, and keep it on disk until one of the sources changes."""
    compiled: Any = numba.njit(error_model="numpy", nogil=True, cache=True)(function)
    # numba looks at the function's own file alone; it imports opcodes and functions from the others
    file: Any = getattr(getattr(compiled, "_cache", None), "_cache_file", None)
    if hasattr(file, "_source_stamp"):
        file._source_stamp = f"{file._source_stamp} {_DIGEST}"
    return compiled


part: Any = numba.njit(error_model="numpy", nogil=True)  # compiled into them
# a part that has one caller: not optimised twice
written_out: Any = numba.njit(error_model="numpy", nogil=True, inline="always")
summing: Any = numba.njit(error_model="numpy", nogil=True, fastmath={"reassoc", "contract"})


# --- the elementary functions on numbers --------------------------------------------------------------------


@part
def _copy(x: float) -> float:
    return x


@part
def _neg(x: float) -> float:
    return -x


@part
def _square(x: float) -> float:
    return x * x


@part
def _cube(x: float) -> float:
    return x * x * x


@part
def _reciprocal(x: float) -> float:
    return 1.0 / x


@part
def _sqrt(x: float) -> float:
    return math.sqrt(x)


@part
def _abs(x: float) -> float:
    return abs(x)


@part
def _relu(x: float) -> float:
    return 0.0 if x < 0.0 else x


@part
def _sin(x: float) -> float:
    return elementary.sincos(x)[0]


@part
def _cos(x: float) -> float:
    return elementary.sincos(x)[1]


@part
def unary(op: int, x: float) -> float:
    """The rarer functions of one operand, by opcode."""
    if op == SIGN:
        return 1.0 if x > 0 else -1.0 if x < 0 else x * 0.0 if x == x else x
    if op == NOT:
        return 1.0 if x == 0 else 0.0
    if op == ISNAN:
        return 1.0 if x != x else 0.0
    if op == ISFINITE:
        return 1.0 if abs(x) < math.inf else 0.0
    if op == FLOOR:
        return np.floor(x)
    if op == CEIL:
        return np.ceil(x)
    if op == TRUNC:
        return np.trunc(x)
    if op == ROUND:
        return np.rint(x)
    if op == FLOAT32:
        return np.float64(np.float32(x))
    if op == TAN:
        return math.tan(x)
    if op == ASIN:
        return math.asin(x)
    if op == ACOS:
        return math.acos(x)
    if op == ATAN:
        return math.atan(x)
    if op == SINH:
        return math.sinh(x)
    if op == COSH:
        return math.cosh(x)
    if op == ASINH:
        return math.asinh(x)
    if op == ACOSH:
        return math.acosh(x)
    if op == ATANH:
        return math.atanh(x)
    if op == EXP2:
        return np.exp2(x)
    if op == LOG2:
        return np.log2(x)
    if op == LOG10:
        return math.log10(x)
    if op == CBRT:
        return np.cbrt(x)
    if op == ERF:
        return math.erf(x)
    if op == ERFC:
        return math.erfc(x)
    if op == GAMMA:
        return math.gamma(x)
    return math.lgamma(x) if x > -math.inf else x  # GAMMALN


@part
def _maximum(x: float, y: float) -> float:
    return x if x > y or x != x else y


@part
def _minimum(x: float, y: float) -> float:
    return x if x < y or x != x else y


@part
def _add(x: float, y: float) -> float:
    return x + y


@part
def _sub(x: float, y: float) -> float:
    return x - y


@part
def _mul(x: float, y: float) -> float:
    return x * y


@part
def _div(x: float, y: float) -> float:
    return x / y


@part
def binary(op: int, x: float, y: float) -> float:
    """The rarer functions of two operands, by opcode."""
    if op == EQUAL:
        return 1.0 if x == y else 0.0
    if op == NOT_EQUAL:
        return 1.0 if x != y else 0.0
    if op == LESS:
        return 1.0 if x < y else 0.0
    if op == LESS_EQUAL:
        return 1.0 if x <= y else 0.0
    if op == AND:
        return 1.0 if x != 0 and y != 0 else 0.0
    if op == OR:
        return 1.0 if x != 0 or y != 0 else 0.0
    if op == XOR:
        return 1.0 if (x != 0) != (y != 0) else 0.0
    if op == SAFE_DIVIDE:
        return 0.0 if y == 0 else x / y
    if op == POW:
        return x**y
    if op == ATAN2:
        return math.atan2(x, y)
    if op == HYPOT:
        return math.hypot(x, y)
    if op == LOGADDEXP:
        if x == y:
            return x + 0.6931471805599453
        d = x - y
        return (x if d > 0 else y) + elementary.log1p(elementary.exp(-abs(d))) if d == d else d
    if op == HEAVISIDE:
        return 1.0 if x > 0 else 0.0 if x < 0 else y if x == x else x
    if op == XLOGY:
        return 0.0 if x == 0 and y == y else x * elementary.log(y)
    return 0.0 if x == 0 and y == y else x * elementary.log1p(y)  # XLOG1PY


@part
def _fma(x: float, y: float, z: float) -> float:
    return x + y * z


@part
def _fms(x: float, y: float, z: float) -> float:
    return x - y * z


@part
def _where(c: float, x: float, y: float) -> float:
    return x if c != 0 else y


# --- loops --------------------------------------------------------------------------------------------------
# Unit strides and held scalars are written out: these are the loops that LLVM vectorises.


def _unary_loop(f: Callable[..., Any]) -> Callable[..., Any]:
    @part
    def loop(v, n, o, so, a, sa):
        one = np.uint64(1)
        if so == one and sa == one:
            for i in range(n):
                v[o + i] = f(v[a + i])
        else:
            for i in range(n):
                v[o + i * so] = f(v[a + i * sa])

    return loop


def _binary_loop(f: Callable[..., Any]) -> Callable[..., Any]:
    @part
    def loop(v, n, o, so, a, sa, b, sb):
        one, zero = np.uint64(1), np.uint64(0)
        if so == one and sa == one and sb == one:
            if a == o:  # accumulated in place
                for i in range(n):
                    v[o + i] = f(v[o + i], v[b + i])
            else:
                for i in range(n):
                    v[o + i] = f(v[a + i], v[b + i])
        elif so == one and sa == one and sb == zero:
            y = v[b]
            if a == o:
                for i in range(n):
                    v[o + i] = f(v[o + i], y)
            else:
                for i in range(n):
                    v[o + i] = f(v[a + i], y)
        elif so == one and sa == zero and sb == one:
            x = v[a]
            for i in range(n):
                v[o + i] = f(x, v[b + i])
        else:
            for i in range(n):
                v[o + i * so] = f(v[a + i * sa], v[b + i * sb])

    return loop


def _ternary_loop(f: Callable[..., Any]) -> Callable[..., Any]:
    @part
    def loop(v, n, o, so, a, sa, b, sb, c, sc):
        one, zero = np.uint64(1), np.uint64(0)
        if so == one and sa == one and sc == one and sb == one:
            if a == o:
                for i in range(n):
                    v[o + i] = f(v[o + i], v[b + i], v[c + i])
            else:
                for i in range(n):
                    v[o + i] = f(v[a + i], v[b + i], v[c + i])
        elif so == one and sa == one and sc == one and sb == zero:
            y = v[b]
            if a == o:
                for i in range(n):
                    v[o + i] = f(v[o + i], y, v[c + i])
            else:
                for i in range(n):
                    v[o + i] = f(v[a + i], y, v[c + i])
        else:
            for i in range(n):
                v[o + i * so] = f(v[a + i * sa], v[b + i * sb], v[c + i * sc])

    return loop


_loop_copy, _loop_neg, _loop_square, _loop_cube = map(_unary_loop, (_copy, _neg, _square, _cube))
_loop_reciprocal, _loop_sqrt, _loop_abs, _loop_relu = map(_unary_loop, (_reciprocal, _sqrt, _abs, _relu))
_loop_exp, _loop_log = _unary_loop(elementary.exp), _unary_loop(elementary.log)
_loop_tanh, _loop_sigmoid = _unary_loop(elementary.tanh), _unary_loop(elementary.sigmoid)
_loop_expm1, _loop_log1p = _unary_loop(elementary.expm1), _unary_loop(elementary.log1p)
_loop_softplus = _unary_loop(elementary.softplus)
_loop_add, _loop_sub, _loop_mul, _loop_div = map(_binary_loop, (_add, _sub, _mul, _div))
_loop_maximum, _loop_minimum = map(_binary_loop, (_maximum, _minimum))
_loop_fma, _loop_fms, _loop_where = map(_ternary_loop, (_fma, _fms, _where))


@part
def _loop_sincos(v, n, o, so, p, sp, a, sa):
    """sin into o and cos into p; one loop that vectorises when no angle is large."""
    near = True
    for i in range(n):
        near = near and abs(v[a + i * sa]) <= elementary.LARGE_ANGLE
    one = np.uint64(1)
    if near and so == one and sp == one and sa == one:
        for i in range(n):
            s, c = elementary.near_sincos(v[a + i])
            v[o + i] = s
            v[p + i] = c
    else:
        for i in range(n):
            s, c = elementary.sincos(v[a + i * sa])
            v[o + i * so] = s
            v[p + i * sp] = c


@part
def _loop_sin(v, n, o, so, a, sa, phase):
    """sin for phase 0, cos for phase 1."""
    near = True
    for i in range(n):
        near = near and abs(v[a + i * sa]) <= elementary.LARGE_ANGLE
    one = np.uint64(1)
    if near and so == one and sa == one:
        if phase == 0:
            for i in range(n):
                v[o + i] = elementary.near_sincos(v[a + i])[0]
        else:
            for i in range(n):
                v[o + i] = elementary.near_sincos(v[a + i])[1]
    else:
        for i in range(n):
            s, c = elementary.sincos(v[a + i * sa])
            v[o + i * so] = c if phase else s


@written_out
def apply(op, v, n, o, so, a, sa, b, sb, c, sc):
    """``out[i] = f(a[i], b[i], c[i])`` for n strided entries."""
    if op == COPY:
        _loop_copy(v, n, o, so, a, sa)
    elif op == ADD:
        _loop_add(v, n, o, so, a, sa, b, sb)
    elif op == MUL:
        _loop_mul(v, n, o, so, a, sa, b, sb)
    elif op == FMA:
        _loop_fma(v, n, o, so, a, sa, b, sb, c, sc)
    elif op == SUB:
        _loop_sub(v, n, o, so, a, sa, b, sb)
    elif op == FMS:
        _loop_fms(v, n, o, so, a, sa, b, sb, c, sc)
    elif op == DIV:
        _loop_div(v, n, o, so, a, sa, b, sb)
    elif op == WHERE:
        _loop_where(v, n, o, so, a, sa, b, sb, c, sc)
    elif op == NEG:
        _loop_neg(v, n, o, so, a, sa)
    elif op == SQUARE:
        _loop_square(v, n, o, so, a, sa)
    elif op == CUBE:
        _loop_cube(v, n, o, so, a, sa)
    elif op == RECIPROCAL:
        _loop_reciprocal(v, n, o, so, a, sa)
    elif op == SQRT:
        _loop_sqrt(v, n, o, so, a, sa)
    elif op == EXP:
        _loop_exp(v, n, o, so, a, sa)
    elif op == LOG:
        _loop_log(v, n, o, so, a, sa)
    elif op == SIN:
        _loop_sin(v, n, o, so, a, sa, 0)
    elif op == COS:
        _loop_sin(v, n, o, so, a, sa, 1)
    elif op == TANH:
        _loop_tanh(v, n, o, so, a, sa)
    elif op == SIGMOID:
        _loop_sigmoid(v, n, o, so, a, sa)
    elif op == SOFTPLUS:
        _loop_softplus(v, n, o, so, a, sa)
    elif op == EXPM1:
        _loop_expm1(v, n, o, so, a, sa)
    elif op == LOG1P:
        _loop_log1p(v, n, o, so, a, sa)
    elif op == ABS:
        _loop_abs(v, n, o, so, a, sa)
    elif op == RELU:
        _loop_relu(v, n, o, so, a, sa)
    elif op == MAXIMUM:
        _loop_maximum(v, n, o, so, a, sa, b, sb)
    elif op == MINIMUM:
        _loop_minimum(v, n, o, so, a, sa, b, sb)
    elif op < ADD:
        for i in range(n):
            v[o + i * so] = unary(op, v[a + i * sa])
    else:
        for i in range(n):
            v[o + i * so] = binary(op, v[a + i * sa], v[b + i * sb])


# --- span opcodes -------------------------------------------------------------------------------------------
# A layout row: a number, RANK sizes, RANK strides for each of out, a, b, c, and the product of all sizes but
# the last. Negative strides wrap as unsigned numbers do.


@written_out
def _map(op, v, lanes, o, a, b, c, layout, at):
    """An elementary function over axes: the innermost loop runs over the last axis, or over the lanes."""
    outer, n4 = layout[at + np.uint64(OUTER)], layout[at + np.uint64(5)]
    p, q, r, s = at + np.uint64(6), at + np.uint64(11), at + np.uint64(16), at + np.uint64(21)
    one = np.uint64(1)
    inner, io, ia, ib, ic = n4, layout[p + 4], layout[q + 4], layout[r + 4], layout[s + 4]
    if lanes != one:
        outer *= n4
        inner, io, ia, ib, ic = lanes, one, one, one, one
    k1 = k2 = k3 = k4 = np.uint64(0)
    while outer > 0:
        apply(op, v, inner, o * lanes, io, a * lanes, ia, b * lanes, ib, c * lanes, ic)
        outer -= one
        if outer == 0:
            break
        if lanes != one:
            k4 += one
            o, a, b, c = o + layout[p + 4], a + layout[q + 4], b + layout[r + 4], c + layout[s + 4]
            if k4 < n4:
                continue
            k4 = np.uint64(0)
            o, a, b, c = (
                o - n4 * layout[p + 4],
                a - n4 * layout[q + 4],
                b - n4 * layout[r + 4],
                c - n4 * layout[s + 4],
            )
        k3 += one
        o, a, b, c = o + layout[p + 3], a + layout[q + 3], b + layout[r + 3], c + layout[s + 3]
        n = layout[at + 4]
        if k3 < n:
            continue
        k3 = np.uint64(0)
        k2 += one
        o, a = o + layout[p + 2] - n * layout[p + 3], a + layout[q + 2] - n * layout[q + 3]
        b, c = b + layout[r + 2] - n * layout[r + 3], c + layout[s + 2] - n * layout[s + 3]
        n = layout[at + 3]
        if k2 < n:
            continue
        k2 = np.uint64(0)
        k1 += one
        o, a = o + layout[p + 1] - n * layout[p + 2], a + layout[q + 1] - n * layout[q + 2]
        b, c = b + layout[r + 1] - n * layout[r + 2], c + layout[s + 1] - n * layout[s + 2]
        n = layout[at + 2]
        if k1 < n:
            continue
        k1 = np.uint64(0)
        o, a = o + layout[p] - n * layout[p + 1], a + layout[q] - n * layout[q + 1]
        b, c = b + layout[r] - n * layout[r + 1], c + layout[s] - n * layout[s + 1]


@summing
def _dot(v, n, a, sa, b, sb):
    one = np.uint64(1)
    total = 0.0
    if sa == one and sb == one:
        for i in range(n):
            total += v[a + i] * v[b + i]
    else:
        for i in range(n):
            total += v[a + i * sa] * v[b + i * sb]
    return total


@part
def _contract(v, lanes, o, a, b, layout, at):
    """``out += a*b`` over axes; the row's number is how many entries of out are made zero first."""
    n0, n1, n2, n3, n4 = layout[at + 1], layout[at + 2], layout[at + 3], layout[at + 4], layout[at + 5]
    p, q, r = at + 6, at + 11, at + 16
    o4, a4, b4 = layout[p + 4], layout[q + 4], layout[r + 4]
    one, zero = np.uint64(1), np.uint64(0)
    for i in range(layout[at] * lanes):
        v[o * lanes + i] = 0.0
    for i0 in range(n0):
        for i1 in range(n1):
            for i2 in range(n2):
                for i3 in range(n3):
                    oo = o + i0 * layout[p] + i1 * layout[p + 1] + i2 * layout[p + 2] + i3 * layout[p + 3]
                    aa = a + i0 * layout[q] + i1 * layout[q + 1] + i2 * layout[q + 2] + i3 * layout[q + 3]
                    bb = b + i0 * layout[r] + i1 * layout[r + 1] + i2 * layout[r + 2] + i3 * layout[r + 3]
                    if lanes != one:
                        for i4 in range(n4):
                            to = (oo + i4 * o4) * lanes
                            _loop_fma(
                                v,
                                lanes,
                                to,
                                one,
                                to,
                                one,
                                (aa + i4 * a4) * lanes,
                                one,
                                (bb + i4 * b4) * lanes,
                                one,
                            )
                    elif o4 == zero:
                        v[oo] += _dot(v, n4, aa, a4, bb, b4)
                    elif a4 == zero:
                        _loop_fma(v, n4, oo, o4, oo, o4, aa, a4, bb, b4)
                    else:
                        _loop_fma(v, n4, oo, o4, oo, o4, bb, b4, aa, a4)


@part
def _gather(v, lanes, o, a, layout, at):
    """``out[k] = a[place[k]]``: the row is the number of places, then the places."""
    for k in range(layout[at]):
        to, place = (o + k) * lanes, (a + layout[at + np.uint64(1) + k]) * lanes
        for i in range(lanes):
            v[to + i] = v[place + i]


@part
def _scatter(v, lanes, o, a, layout, at):
    """``out[place[k]] += a[k]``."""
    for k in range(layout[at]):
        to, place = (o + layout[at + np.uint64(1) + k]) * lanes, (a + k) * lanes
        for i in range(lanes):
            v[to + i] += v[place + i]


# --- the interpreters ---------------------------------------------------------------------------------------


@part
def _scalars(code, pc, v):
    """Run scalar opcodes from `pc` on; returns where it meets another one."""
    while True:
        op = code[pc]
        o = np.uint64(code[pc + 1])
        a = np.uint64(code[pc + 2])
        if op < ADD:
            x = v[a]
            pc += 3
            if op == COPY:
                v[o] = x
            elif op == NEG:
                v[o] = -x
            elif op == SQUARE:
                v[o] = x * x
            elif op == CUBE:
                v[o] = x * x * x
            elif op == RECIPROCAL:
                v[o] = 1.0 / x
            elif op == SQRT:
                v[o] = math.sqrt(x)
            elif op == EXP:
                v[o] = elementary.exp(x)
            elif op == LOG:
                v[o] = elementary.log(x)
            elif op == SIN:
                v[o] = _sin(x)
            elif op == COS:
                v[o] = _cos(x)
            elif op == TANH:
                v[o] = elementary.tanh(x)
            elif op == SIGMOID:
                v[o] = elementary.sigmoid(x)
            elif op == SOFTPLUS:
                v[o] = elementary.softplus(x)
            elif op == EXPM1:
                v[o] = elementary.expm1(x)
            elif op == LOG1P:
                v[o] = elementary.log1p(x)
            elif op == ABS:
                v[o] = abs(x)
            elif op == RELU:
                v[o] = _relu(x)
            else:
                v[o] = unary(np.int64(op), x)
        elif op == ADD:
            v[o] = v[a] + v[np.uint64(code[pc + 3])]
            pc += 4
        elif op == MUL:
            v[o] = v[a] * v[np.uint64(code[pc + 3])]
            pc += 4
        elif op == FMA:
            v[o] = v[a] + v[np.uint64(code[pc + 3])] * v[np.uint64(code[pc + 4])]
            pc += 5
        elif op == SINCOS:
            s, c = elementary.sincos(v[a])
            v[o] = s
            v[np.uint64(code[pc + 3])] = c
            pc += 4
        elif op == SUB:
            v[o] = v[a] - v[np.uint64(code[pc + 3])]
            pc += 4
        elif op == FMS:
            v[o] = v[a] - v[np.uint64(code[pc + 3])] * v[np.uint64(code[pc + 4])]
            pc += 5
        elif op == DIV:
            v[o] = v[a] / v[np.uint64(code[pc + 3])]
            pc += 4
        elif op == WHERE:
            v[o] = v[np.uint64(code[pc + 3])] if v[a] != 0 else v[np.uint64(code[pc + 4])]
            pc += 5
        elif op == MAXIMUM:
            v[o] = _maximum(v[a], v[np.uint64(code[pc + 3])])
            pc += 4
        elif op == MINIMUM:
            v[o] = _minimum(v[a], v[np.uint64(code[pc + 3])])
            pc += 4
        elif op < FMA:
            v[o] = binary(np.int64(op), v[a], v[np.uint64(code[pc + 3])])
            pc += 4
        else:
            return pc


@kernel
def run(code, pc, layout, v, lanes):
    """Run the stream from `pc` on for `lanes` points at once; returns the place of the external instruction
    or of the end that it meets."""
    one = np.uint64(1)
    while True:
        if lanes == one and code[pc] <= SINCOS:
            pc = _scalars(code, pc, v)
        op = np.int64(code[pc])
        if op >= EXTERNAL:
            return pc
        o, a, b, c = (
            np.uint64(code[pc + 1]),
            np.uint64(code[pc + 2]),
            np.uint64(code[pc + 3]),
            np.uint64(code[pc + 4]),
        )
        at = np.uint64(0)  # the layout of one entry
        if op == SINCOS:
            _loop_sincos(v, lanes, o * lanes, one, b * lanes, one, a * lanes, one)
            pc += 4
            continue
        if op < SINCOS:
            pc += 3 if op < ADD else 4 if op < FMA else 5
        else:
            at = np.uint64(code[pc + 5])
            pc += 6
            if op == CONTRACT:
                _contract(v, lanes, o, a, b, layout, at)
                continue
            if op == GATHER:
                _gather(v, lanes, o, a, layout, at)
                continue
            if op == SCATTER:
                _scatter(v, lanes, o, a, layout, at)
                continue
            op = np.int64(layout[at])
        _map(op, v, lanes, o, a, b, c, layout, at)
