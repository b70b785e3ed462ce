"""Elementwise ops as several numpy calls, where numpy has none or a slower one; `b` collects the calls."""

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np

from ..op import Op
from ..ops import elementwise, order, piecewise
from .prims import Arg, Prim


def _softplus(b: Any, n: int, x: Arg) -> None:
    """max(x, 0) + log1p(exp(-|x|))"""
    dtype = b.plan.dtype[n]
    e = b.map("np.exp", b.map("np.negative", b.map("np.abs", x, dtype=dtype), dtype=dtype), dtype=dtype)
    b.map(
        "np.add", b.map("np.log1p", e, dtype=dtype), b.map("np.maximum", x, 0, dtype=dtype), n=n, dtype=dtype
    )


def _sigmoid(b: Any, n: int, x: Arg) -> None:
    """1/(1 + exp(-x)); exp may overflow, the quotient is then 0. Beside softplus, with its exponential e:
    max(e, x >= 0)/(1 + e)"""
    dtype = b.plan.dtype[n]
    shared = b.found("np.exp", b.found("np.negative", b.found("np.abs", x, dtype=dtype), dtype=dtype), dtype=dtype)
    if shared is not None:
        top = b.map("np.maximum", shared, b.map("np.greater_equal", x, 0, dtype="bool"), dtype=dtype)
        b.map("np.divide", top, b.map("np.add", shared, 1, dtype=dtype), n=n, dtype=dtype)
        return
    e = b.map("np.exp", b.map("np.negative", x, dtype=dtype), dtype=dtype)
    b.map("np.divide", 1, b.map("np.add", e, 1, dtype=dtype), n=n, dtype=dtype)


def _relu(b: Any, n: int, x: Arg) -> None:
    b.map("np.maximum", x, 0, n=n, dtype=b.plan.dtype[n])


def _pow(b: Any, n: int, x: Arg, y: Arg) -> bool | None:
    """Small whole and half exponents by products, quotients and roots."""
    dtype, f = b.plan.dtype[n], POWERS.get(y.text) if y.value is None else None
    if f is None or x.value is None:
        return False
    f(lambda name, *args, last=False: b.map(name, *args, n=n if last else None, dtype=dtype), x)
    return None


POWERS: dict[str, Callable[[Callable[..., Arg], Arg], Any]] = {
    "2": lambda m, x: m("np.square", x, last=True),
    "3": lambda m, x: m("np.multiply", m("np.square", x), x, last=True),
    "4": lambda m, x: m("np.square", m("np.square", x), last=True),
    "-1": lambda m, x: m("np.divide", 1, x, last=True),
    "-2": lambda m, x: m("np.divide", 1, m("np.square", x), last=True),
    "-3": lambda m, x: m("np.divide", 1, m("np.multiply", m("np.square", x), x), last=True),
    "0.5": lambda m, x: m("np.sqrt", x, last=True),
    "-0.5": lambda m, x: m("np.divide", 1, m("np.sqrt", x), last=True),
}
POWERS |= {f"{k}.0": f for k, f in POWERS.items() if "." not in k}


def _where(b: Any, n: int, c: Arg, x: Arg, y: Arg) -> None:
    dtype = b.plan.dtype[n]
    text = "np.where({0}, {1}, {2})"
    if x.value is None and y.value is None:
        text += f".astype(np.{dtype})"
    shape = np.broadcast_shapes(*[b.plan.shape[a.value] for a in (c, x, y) if a.value is not None])
    if shape != b.plan.shape[n]:
        text = f"np.broadcast_to({text}, {b.shape_text(b.plan.shape[n])})"
    into = None
    for f, value, zero, call in (
        (taken, x, y, "taken({0}, {1}, {out})"),
        (untaken, y, x, "untaken({0}, {2}, {out})"),
    ):
        known = [b.plan.dtype[a.value] for a in (c, value) if a.value is not None]
        if known == ["bool", dtype] and zero.text in ("0", "0.0"):
            b.names[f.__name__] = f
            into = call
    b.emit(Prim(n, (c, x, y), text, into, flops=prod(b.plan.shape[n])))


def taken(c: np.ndarray, x: np.ndarray, out: np.ndarray) -> None:
    """``out = where(c, x, 0)``: bits that stay or are cleared, so that 0 is 0 also beside inf and nan."""
    bits = out.view(BITS[out.itemsize])
    np.multiply(c.view(np.int8), -1, out=bits)  # -1 has all bits
    np.bitwise_and(bits, np.asarray(x, out.dtype).view(bits.dtype), out=bits)


def untaken(c: np.ndarray, x: np.ndarray, out: np.ndarray) -> None:
    """``out = where(c, 0, x)``"""
    bits = out.view(BITS[out.itemsize])
    np.subtract(c.view(np.int8), 1, out=bits)
    np.bitwise_and(bits, np.asarray(x, out.dtype).view(bits.dtype), out=bits)


BITS = {4: np.int32, 8: np.int64}  # bytes of a number -> the integers of that size


def _shifted(b: Any, x: Arg, axes: tuple[int, ...], finite: bool) -> tuple[Arg, Arg, Arg, Arg]:
    """x less its largest entries, those, exp of the difference, and its sums; the axes are kept."""
    shape = tuple([1 if k in axes else s for k, s in enumerate(b.plan.shape[x.value])])  # type: ignore[index]
    dtype = b.plan.dtype[x.value]  # type: ignore[index]
    axis = repr(axes[0] if len(axes) == 1 else axes)
    top = b.once("np.maximum.reduce({0}, axis=" + axis + ", keepdims=True)", (x,), shape, dtype)
    if finite:
        top = b.once("np.where(np.isfinite({0}), {0}, 0.0)", (top,), shape, dtype)
    shift = b.map("np.subtract", x, top, dtype=dtype)
    e = b.map("np.exp", shift, dtype=dtype)
    return shift, top, e, b.once("np.add.reduce({0}, axis=" + axis + ", keepdims=True)", (e,), shape, dtype)


def _softmax(b: Any, n: int, x: Arg, axis: int) -> None:
    _, _, e, total = _shifted(b, x, (axis,), False)
    b.map("np.divide", e, total, n=n, dtype=b.plan.dtype[n])


def _log_softmax(b: Any, n: int, x: Arg, axis: int) -> None:
    shift, _, _, total = _shifted(b, x, (axis,), False)
    b.map("np.subtract", shift, b.map("np.log", total, dtype=b.plan.dtype[n]), n=n, dtype=b.plan.dtype[n])


def _logsumexp(b: Any, n: int, x: Arg, axes: tuple[int, ...]) -> None:
    _, top, _, total = _shifted(b, x, axes, True)
    kept = b.map("np.add", b.map("np.log", total, dtype=b.plan.dtype[n]), top, dtype=b.plan.dtype[n])
    index = ", ".join("0" if k in axes else ":" for k in range(len(b.plan.shape[x.value])))  # type: ignore[index]
    b.emit(Prim(n, (kept,), f"{{0}}[{index}]", view=True))


SHIFTED: dict[Op, Callable[..., Any]] = {
    order.softmax: _softmax,
    order.log_softmax: _log_softmax,
    order.logsumexp_op: _logsumexp,
}
MAPS: dict[Op, Callable[..., Any]] = {
    elementwise.softplus: _softplus,
    elementwise.sigmoid: _sigmoid,
    elementwise.pow_op: _pow,
    piecewise.relu: _relu,
    piecewise.where_op: _where,
}
