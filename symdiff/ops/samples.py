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
from ..op import FUNCTIONS
from .composed import composed, lifted, split
from .contractions import diagonal, matmul, matrix_transpose, mean, moveaxis, permute_dims, sum
from .elementwise import sqrt
from .layout import concat, getitem, pad, reshape, stack, take
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
    a, v = (reshape(x, (1,)) if not x.ndim else x for x in (_plain(a), _plain(v)))
    if a.ndim != 1 or v.ndim != 1 or mode not in ("full", "same", "valid"):
        raise ShapeError(f"convolve: mode {mode!r} of shapes {shapes.text(a.shape)} and {shapes.text(v.shape)}")
    n, m = a.shape[0], v.shape[0]
    if not isinstance(m, int) or (isinstance(n, int) and n < m):
        a, v, n, m = v, a, m, n
    m = within("nodes", 4 * _count(v, 0, "convolve"), "convolve") // 4
    full = v[0] * pad(a, [(0, m - 1)])
    for k in range(1, m):
        full = full + v[k] * pad(a, [(k, m - 1 - k)])
    first = {"full": 0, "same": (m - 1) // 2, "valid": m - 1}[mode]
    last = {"full": 0, "same": m // 2, "valid": m - 1}[mode]
    return _cut(full, 0, first, -last or None)


@composed("trapezoid", "trapz")
def trapezoid(y: Any, x: Any = None, dx: Any = 1.0, axis: int = -1) -> Any:
    """The integral of samples by the trapezoidal rule along an axis."""
    y = lifted(y)[0] if isinstance(y, Expr) else lifted(y, x)[0] if isinstance(x, Expr) else lifted(y, dx)[0]
    k, width = shapes.axis(axis, y.ndim, "trapezoid"), dx
    if x is not None:
        x = x if isinstance(x, Expr) else np.asarray(x)
        width = x[1:] - x[:-1] if x.ndim == 1 else _cut(x, k, 1, None) - _cut(x, k, None, -1)
        width = reshape(width, tuple(-1 if j == k else 1 for j in range(y.ndim))) if x.ndim == 1 else width
    return sum(width * (_cut(y, k, 1, None) + _cut(y, k, None, -1)) / 2, axis=k)


@composed("ediff1d")
def ediff1d(x: Any) -> Any:
    """Differences of neighbours of the flattened x."""
    flat = reshape(x, (-1,))
    return flat[1:] - flat[:-1]


@composed("linspace")
def linspace(
    start: Any, stop: Any, num: int = 50, endpoint: bool = True, retstep: bool = False, dtype: Any = None,
    axis: int = 0, *, device: Any = None,
) -> Any:  # fmt: skip
    """`num` equally spaced values from start to stop, along a new axis."""
    start, stop = lifted(start, stop)
    step = (stop - start) / (num - 1 if endpoint else num)
    shares = np.linspace(0, 1, num, endpoint).reshape(-1, *(1,) * (stop - start).ndim)
    values = moveaxis(start + (stop - start) * shares, 0, axis)
    values = values if dtype is None else values.astype(dtype)
    return (values, step) if retstep else values


@composed("logspace")
def logspace(
    start: Any, stop: Any, num: int = 50, endpoint: bool = True, base: Any = 10.0, dtype: Any = None, axis: int = 0
) -> Any:
    """Powers of the base with equally spaced exponents."""
    values = base ** linspace(*lifted(start, stop), num, endpoint, axis=axis)
    return values if dtype is None else values.astype(dtype)


@composed("geomspace")
def geomspace(start: Any, stop: Any, num: int = 50, endpoint: bool = True, dtype: Any = None, axis: int = 0) -> Any:
    """`num` values from start to stop with equal quotients."""
    start, stop = lifted(start, stop)
    quotient = stop / start
    shares = np.linspace(0, 1, num, endpoint).reshape(-1, *(1,) * quotient.ndim)
    values = moveaxis(start * quotient**shares, 0, axis)
    return values if dtype is None else values.astype(dtype)


@composed("gradient")
def gradient(f: Any, *spacing: Any, axis: Any = None, edge_order: int = 1) -> Any:
    """Differences between neighbours: central ones inside, one-sided ones at the edges; for each axis. The spacing is
    one number for each axis, or the places of the samples along it."""
    axes = shapes.axes(axis, f.ndim, "gradient")
    steps = spacing * len(axes) if len(spacing) == 1 else spacing or (1.0,) * len(axes)
    if len(steps) != len(axes):
        raise GraphError(f"gradient: a spacing for each of {len(axes)} axes, not {spacing!r}")
    kind = f.dtype if f.dtype.startswith("float") else float
    found = [_slopes(f, k, h if isinstance(h, Expr) else np.asarray(h, dtype=kind), edge_order)
             for k, h in zip(axes, steps, strict=True)]  # fmt: skip
    return found[0] if len(found) == 1 else tuple(found)


def _slopes(f: Any, k: int, h: Any, edge_order: int) -> Any:
    """The differences along one axis: with the gaps d between places, those of the parabola through three samples."""
    if h.ndim:
        d = reshape(h[1:] - h[:-1], tuple(-1 if j == k else 1 for j in range(f.ndim)))
        before, after = _cut(d, k, None, -1), _cut(d, k, 1, None)
        left, middle, right = _cut(f, k, None, -2), _cut(f, k, 1, -1), _cut(f, k, 2, None)
        steps = before**2 * (right - middle) + after**2 * (middle - left)
        inner = steps / (before * after * (before + after))
        (d1, d2), (e1, e2) = (
            (_cut(d, k, 0, 1), _cut(d, k, 1, 2)), (_cut(d, k, -1, None), _cut(d, k, -2, -1))
        )  # fmt: skip
    else:
        inner, d1, d2, e1, e2 = (_cut(f, k, 2, None) - _cut(f, k, None, -2)) / (2 * h), h, h, h, h
    a, b = _cut(f, k, 0, 1), _cut(f, k, 1, 2)
    z, y = _cut(f, k, -1, None), _cut(f, k, -2, -1)
    first, last = (b - a) / d1, (z - y) / e1
    if edge_order == 2:  # the slope of the parabola at its end
        first = first + (first - (_cut(f, k, 2, 3) - b) / d2) * d1 / (d1 + d2)
        last = last + (last - (y - _cut(f, k, -3, -2)) / e2) * e1 / (e1 + e2)
    return concat([first, inner, last], axis=k)


@composed("vander")
def vander(x: Any, N: int | None = None, increasing: bool = False) -> Any:
    """The powers of x as columns, the highest first."""
    n = within("nodes", 2 * (_count(x, 0, "vander") if N is None else N), "vander") // 2
    columns = [x**k for k in range(n)]
    return stack(columns if increasing else columns[::-1], axis=-1)


@composed("cov")
def cov(
    x: Any, y: Any = None, rowvar: bool = True, bias: bool = False, ddof: int | None = None, fweights: Any = None,
    aweights: Any = None, *, dtype: Any = None,
) -> Any:  # fmt: skip
    """The covariances of variables, the rows of x (its columns without `rowvar`); of a vector, its variance.
    Observations may have weights, numbers of times or of importance."""
    wanted = np.float64 if dtype is None else dtype  # which numpy computes in
    x, y = (None if e is None else FUNCTIONS["astype"](e, wanted) for e in (x, y))
    rows = x if rowvar or x.ndim == 1 else permute_dims(x)
    if y is not None:
        y = y if rowvar or y.ndim == 1 else permute_dims(y)
        rows = concat([a[None] if a.ndim == 1 else a for a in lifted(rows, y)], axis=0)
    rows = rows[0] if rows.ndim == 2 and rows.shape[0] == 1 else rows[None] if not rows.ndim else rows
    less_by = (0 if bias else 1) if ddof is None else ddof
    if fweights is not None or aweights is not None:
        return _weighted_cov(rows, fweights, aweights, less_by)
    d = rows - mean(rows, axis=-1, keepdims=True)
    product = sum(d * d) if rows.ndim == 1 else matmul(d, matrix_transpose(d))
    return product / (rows.graph.size(rows.shape[-1]) - less_by)


def _weighted_cov(rows: Any, counts: Any, importance: Any, less_by: int) -> Any:
    counts, importance_of = (
        e if isinstance(e, Expr) else np.asarray(1.0 if e is None else e) for e in (counts, importance)
    )
    w = counts * importance_of
    total = np.sum(w)
    squares = 0.0 if less_by == 0 else less_by * (np.sum(w * importance_of) / total)
    d = rows - sum(rows * w, axis=-1, keepdims=True) / total
    product = sum(d * w * d) if rows.ndim == 1 else matmul(d * w, matrix_transpose(d))
    return product / (total - (squares if importance is not None else less_by))


@composed("logn")
def logn(n: Any, x: Any) -> Any:
    """np.emath.logn: the logarithm of positive numbers to the base n."""
    n, x = lifted(n, x)
    return FUNCTIONS["log"](x) / FUNCTIONS["log"](n)


@composed("kaiser")
def kaiser(N: int, beta: Any) -> Any:
    """np.kaiser: the window of N points, i0(beta*sqrt(1 - t**2))/i0(beta) with t from -1 to 1."""
    if N == 1:
        return beta * 0 + np.ones(1)
    t = (np.arange(N) - (N - 1) / 2) / ((N - 1) / 2)
    return FUNCTIONS["i0"](beta * np.sqrt(1 - t**2)) / FUNCTIONS["i0"](beta)


@composed("corrcoef")
def corrcoef(x: Any, y: Any = None, rowvar: bool = True, *, dtype: Any = None) -> Any:
    """The correlations of variables: their covariances over the products of their standard deviations."""
    c = cov(x, y, rowvar, dtype=dtype)
    if c.ndim == 0:
        return c / c
    d = sqrt(diagonal(c))
    return c / d / d[:, None]


@composed("numpy.piecewise")
def _numpy_piecewise(x: Any, condlist: Sequence[Any], funclist: Sequence[Any], *args: Any, **kw: Any) -> Any:
    """Functions or numbers chosen by conditions, the last of those that hold; one more is for where none holds."""
    conditions = list(condlist) if isinstance(condlist, (list, tuple)) else [condlist]
    pieces: list[Callable[..., Any] | Any] = list(funclist)
    if len(pieces) not in (len(conditions), len(conditions) + 1):
        raise GraphError(f"piecewise: {len(conditions)} condition(s) and {len(pieces)} function(s)")
    value = pieces.pop() if len(pieces) > len(conditions) else 0
    value = value(x, *args, **kw) if callable(value) else value
    for condition, piece in zip(conditions, pieces, strict=True):
        value = where(condition, piece(x, *args, **kw) if callable(piece) else piece, value)
    return FUNCTIONS["astype"](value, x.dtype)  # numpy fills an array of this type


@composed("array_split")
def array_split(x: Any, indices_or_sections: Any, axis: int = 0) -> list:
    """Parts along an axis, as equal as they can be, or cut at positions."""
    parts, k = indices_or_sections, shapes.axis(axis, x.ndim, "array_split")
    if not isinstance(parts, int) or not isinstance(x.shape[k], int):
        return split(x, parts, k)
    size, longer = divmod(x.shape[k], within("nodes", parts, "array_split"))
    cuts = np.cumsum([0] + [size + 1] * longer + [size] * (parts - longer)).tolist()
    return [_cut(x, k, a, b) for a, b in pairwise(cuts)]
