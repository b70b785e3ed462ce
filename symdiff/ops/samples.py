"""numpy's functions of samples: interpolation, convolution, differences, moments, composed of ops."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from .. import shapes
from ..budget import within
from ..errors import GraphError, ShapeError
from ..expr import Expr
from ..graph import CONSTANT
from .composed import composed, lifted, split
from .contractions import diagonal, matmul, matrix_transpose, mean, permute_dims, sum
from .elementwise import sqrt
from .layout import concat, getitem, pad, stack, take
from .piecewise import greater, greater_equal, less, where


def _count(x: Any, axis: int, name: str) -> int:
    """The number of entries along an axis, which must be known."""
    n = x.shape[axis]
    if not isinstance(n, int) or not n:
        raise ShapeError(f"{name}: axis {axis} of shape {shapes.text(x.shape)} must have a known number of entries")
    return n


def _plain(x: Any) -> Any:
    """Arrays and constants as numpy's."""
    if isinstance(x, Expr) and x.op is CONSTANT and x.ndim:
        return x.graph._params[x.node][1].value
    return x if isinstance(x, Expr) else np.asarray(x)


def _cut(x: Any, axis: int, start: int | None, stop: int | None) -> Any:
    return getitem(x, (*(slice(None),) * axis, slice(start, stop)))


@composed("interp")
def interp(x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None) -> Any:
    """The function through the points (xp, fp), xp increasing, linear between them, at x; `left` and `right` beyond."""
    x, xp, fp = _plain(x), _plain(xp), _plain(fp)
    _count(xp, 0, "interp")
    if xp.ndim != 1 or xp.shape != fp.shape:
        raise ShapeError(f"interp: points of shapes {shapes.text(xp.shape)} and {shapes.text(fp.shape)}")
    inside = fp[0]
    if xp.shape[0] > 1:
        k = sum(greater_equal(x[..., None], xp[1:-1]), axis=-1, dtype="int64")
        slope = (fp[1:] - fp[:-1]) / (xp[1:] - xp[:-1])
        inside = take(fp, k) + (x - take(xp, k)) * take(slope, k)
    beyond = where(greater(x, xp[-1]), fp[-1] if right is None else right, inside)
    return where(less(x, xp[0]), fp[0] if left is None else left, beyond)


@composed("convolve")
def convolve(a: Any, v: Any, mode: str = "full") -> Any:
    """The sums of products of two vectors moved along each other; one of them has a known number of entries."""
    a, v = _plain(a), _plain(v)
    if a.ndim != 1 or v.ndim != 1 or mode not in ("full", "same", "valid"):
        raise ShapeError(f"convolve: mode {mode!r} of shapes {shapes.text(a.shape)} and {shapes.text(v.shape)}")
    n, m = a.shape[0], v.shape[0]
    if not isinstance(m, int) or (isinstance(n, int) and n < m):
        a, v, n, m = v, a, m, n
    m = within("nodes", _count(v, 0, "convolve"), "convolve")
    full = v[0] * pad(a, [(0, m - 1)])
    for k in range(1, m):
        full = full + v[k] * pad(a, [(k, m - 1 - k)])
    first = {"full": 0, "same": (m - 1) // 2, "valid": m - 1}[mode]
    last = {"full": 0, "same": m // 2, "valid": m - 1}[mode]
    return _cut(full, 0, first, -last or None)


@composed("gradient")
def gradient(f: Any, *spacing: Any, axis: Any = None) -> Any:
    """Differences between neighbours: central ones inside, one-sided ones at the edges; for each axis."""
    axes = shapes.axes(axis, f.ndim, "gradient")
    steps = spacing * len(axes) if len(spacing) == 1 else spacing or (1,) * len(axes)
    if len(steps) != len(axes) or any(np.ndim(h) for h in steps if not isinstance(h, Expr)):
        raise GraphError(f"gradient: one number for the spacing along each of {len(axes)} axes, not {spacing!r}")
    found = []
    for k, h in zip(axes, steps, strict=True):
        inner = (_cut(f, k, 2, None) - _cut(f, k, None, -2)) / (2 * h)
        first = (_cut(f, k, 1, 2) - _cut(f, k, 0, 1)) / h
        last = (_cut(f, k, -1, None) - _cut(f, k, -2, -1)) / h
        found.append(concat([first, inner, last], axis=k))
    return found[0] if len(found) == 1 else tuple(found)


@composed("vander")
def vander(x: Any, N: int | None = None, increasing: bool = False) -> Any:
    """The powers of x as columns, the highest first."""
    n = within("nodes", _count(x, 0, "vander") if N is None else N, "vander")
    columns = [x**k for k in range(n)]
    return stack(columns if increasing else columns[::-1], axis=-1)


@composed("cov")
def cov(x: Any, y: Any = None, rowvar: bool = True, bias: bool = False, ddof: int | None = None) -> Any:
    """The covariances of variables, the rows of x (its columns without `rowvar`); of a vector, its variance."""
    rows = x if rowvar or x.ndim == 1 else permute_dims(x)
    if y is not None:
        rows = concat([a[None] if a.ndim == 1 else a for a in lifted(rows, y)], axis=0)
    less_by = (0 if bias else 1) if ddof is None else ddof
    d = rows - mean(rows, axis=-1, keepdims=True)
    product = sum(d * d) if rows.ndim == 1 else matmul(d, matrix_transpose(d))
    return product / (rows.graph.size(rows.shape[-1]) - less_by)


@composed("corrcoef")
def corrcoef(x: Any, y: Any = None, rowvar: bool = True) -> Any:
    """The correlations of variables: their covariances over the products of their standard deviations."""
    c = cov(x, y, rowvar)
    if c.ndim == 0:
        return c / c
    d = sqrt(diagonal(c))
    return c / d / d[:, None]


@composed("numpy.piecewise")
def _numpy_piecewise(x: Any, condlist: Sequence[Any], funclist: Sequence[Any]) -> Any:
    """Functions or numbers chosen by conditions, the last of those that hold; one more is for where none holds."""
    conditions = list(condlist) if isinstance(condlist, (list, tuple)) else [condlist]
    pieces: list[Callable[..., Any] | Any] = list(funclist)
    if len(pieces) not in (len(conditions), len(conditions) + 1):
        raise GraphError(f"piecewise: {len(conditions)} condition(s) and {len(pieces)} function(s)")
    value = pieces.pop() if len(pieces) > len(conditions) else 0
    value = value(x) if callable(value) else value
    for condition, piece in zip(conditions, pieces, strict=True):
        value = where(condition, piece(x) if callable(piece) else piece, value)
    return value


@composed("array_split")
def array_split(x: Any, indices_or_sections: Any, axis: int = 0) -> list:
    """Parts along an axis, as equal as they can be, or cut at positions."""
    parts, k = indices_or_sections, shapes.axis(axis, x.ndim, "array_split")
    if not isinstance(parts, int) or not isinstance(x.shape[k], int):
        return split(x, parts, k)
    size, longer = divmod(x.shape[k], within("nodes", parts, "array_split"))
    cuts = np.cumsum([0] + [size + 1] * longer + [size] * (parts - longer)).tolist()
    return [_cut(x, k, a, b) for a, b in pairwise(cuts)]
