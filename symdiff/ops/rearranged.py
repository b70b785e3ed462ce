"""numpy's functions that put entries elsewhere, with numpy's arguments: joining, cutting, padding, choosing, orders.

Where the positions are known numbers, numpy itself moves the positions, and the entries are taken from there.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .. import shapes
from ..budget import within
from ..constants import as_dtype
from ..containers import leaves
from ..errors import GraphError, ShapeError
from ..expr import Expr, graph_of
from ..op import FUNCTIONS, provided
from .composed import composed, lifted, split
from .contractions import matmul, meshgrid, moveaxis, permute_dims
from .layout import concat, getitem, pad, ravel, reshape, stack, take
from .order import argsort, max, min, sort
from .piecewise import equal, maximum, minimum, not_equal, where
from .products import broadcast_to, full
from .quantiles import median
from .reductions import given, without_out

# --- known positions --------------------------------------------------------------------------------------------


def known_size(x: Any, axis: int, name: str) -> int:
    """The number of entries along an axis, which must be a number."""
    n = x.shape[axis]
    if not isinstance(n, int):
        raise ShapeError(f"{name}: axis {axis} has the named size {n!r}; its number of entries must be known")
    return n


def known_numbers(value: Any, name: str) -> np.ndarray:
    """Positions or counts, which must be numbers."""
    if isinstance(value, Expr):
        if value.op.name == "constant":
            number = value.graph._params[value.node][1]
            return np.asarray(number.value if value.ndim else number)
        known = provided("mask")(value) if value.dtype == "bool" or value.dtype.startswith("int") else None
        if known is None:
            raise GraphError(
                f"{name}: positions and counts decide the shape of the result: numbers are needed, not {value!r}; "
                "sd.where(condition, x, y) keeps the shape, and sd.trace(fn, at={name: value}) decides at a point"
            )
        return known
    return np.asarray(value)


def _positions(value: Any, name: str) -> np.ndarray:
    """Positions, of which there may be none."""
    found = known_numbers(value, name)
    return found if found.size else found.astype(int)


@composed("nonzero")
def nonzero(a: Any) -> tuple[np.ndarray, ...]:
    """The positions of the entries that are not 0, along each axis: decided at the point of a trace."""
    return np.nonzero(known_numbers(a if a.dtype == "bool" else not_equal(a, 0), "nonzero"))


@composed("argwhere")
def argwhere(a: Any) -> np.ndarray:
    """The same as rows of one array."""
    return np.transpose(nonzero(a))


@composed("flatnonzero")
def flatnonzero(a: Any) -> np.ndarray:
    """The same of the flattened array."""
    return nonzero(ravel(a))[0]


@composed("numpy.where")
def _where(condition: Any, x: Any = None, y: Any = None) -> Any:
    """np.where: a choice, or the positions at which a condition holds."""
    if x is None and y is None:
        return nonzero(condition)
    if x is None or y is None:
        raise ShapeError("np.where: either x and y or neither is given: np.where(condition, x, y)")
    return _own_type(where(condition, x, y))


def _own_type(value: Any) -> Any:
    """A choice of Python's whole numbers is of numpy's integers."""
    weak = isinstance(value, Expr) and value.ndim and value.graph.dtype(value.node) == "int"
    return FUNCTIONS["astype"](value, "int64") if weak else value


def _line(x: Any, axis: int | None, name: str) -> tuple[Any, int]:
    """(x, its axis), flattened where there is none; a scalar has its axis 0, too."""
    return (ravel(x), 0) if axis is None or (not x.ndim and axis in (0, -1)) else (x, shapes.axis(axis, x.ndim, name))


@composed("numpy.repeat")
def repeat(a: Any, repeats: Any, axis: int | None = None) -> Any:
    """np.repeat: each entry along an axis several times, or so many times each."""
    if isinstance(repeats, (int, np.integer)):
        return FUNCTIONS["repeat"](a, int(repeats), axis)
    x, k = _line(a, axis, "repeat")
    counts = known_numbers(repeats, "repeat")
    within("entries", int(np.sum(counts)), "repeat")
    return take(x, np.repeat(np.arange(known_size(x, k, "repeat")), counts), k)


@composed("delete")
def delete(arr: Any, obj: Any, axis: int | None = None) -> Any:
    """The entries without those at positions, or in a slice."""
    x, k = _line(arr, axis, "delete")
    gone = obj if isinstance(obj, slice) else _positions(obj, "delete")
    return take(x, np.delete(np.arange(known_size(x, k, "delete")), gone), k)


@composed("insert")
def insert(arr: Any, obj: Any, values: Any, axis: int | None = None) -> Any:
    """The entries with others put in front of positions."""
    arr, new = lifted(arr, values)
    x, k = _line(arr, axis, "insert")
    n = known_size(x, k, "insert")
    at = np.arange(n)[obj] if isinstance(obj, slice) else known_numbers(obj, "insert")
    at = np.flatnonzero(at) if at.dtype.kind == "b" else at
    new = reshape(new, (1,) * (x.ndim - new.ndim) + new.shape)
    new = moveaxis(new, 0, k) if at.ndim == 0 else new
    m = new.shape[k] if at.size == 1 else at.size
    new = FUNCTIONS["astype"](broadcast_to(new, (*x.shape[:k], m, *x.shape[k + 1 :])), x.dtype)
    places = np.insert(np.arange(n), int(at.item()) if at.size == 1 else at, n + np.arange(m))
    return take(concat([x, new], axis=k), places, k)


@composed("resize")
def resize(a: Any, new_shape: Any) -> Any:
    """The entries, again from the first where they are too few, in another shape."""
    shape = (new_shape,) if isinstance(new_shape, int) else tuple(new_shape)
    flat = ravel(a)
    within("entries", int(np.prod(shape)), "resize")
    return take(flat, np.resize(np.arange(known_size(flat, 0, "resize")), shape))


@composed("compress")
def compress(condition: Any, a: Any, axis: int | None = None, out: Any = None) -> Any:
    """The entries along an axis at which a condition (truth values) holds."""
    without_out("compress", out)
    x, k = _line(a, axis, "compress")
    return take(x, np.flatnonzero(known_numbers(condition, "compress")), k)


@composed("extract")
def extract(condition: Any, arr: Any) -> Any:
    """The entries of the flattened array at which a condition (truth values) holds."""
    return compress(known_numbers(condition, "extract").ravel(), ravel(arr))


@composed("choose")
def choose(a: Any, choices: Sequence[Any], out: Any = None, mode: str = "raise") -> Any:
    """``choices[a]``, elementwise."""
    without_out("choose", out)
    n, index = len(choices), a if isinstance(a, Expr) else np.asarray(a)
    if mode != "raise":
        index = index % n if mode == "wrap" else minimum(maximum(index, 0), n - 1)
    result = choices[n - 1]
    for k in range(n - 1):
        result = where(equal(index, k), choices[k], result)
    return _own_type(result)


@composed("numpy.take")
def _take(a: Any, indices: Any, axis: int | None = None, out: Any = None, mode: str = "raise") -> Any:
    """np.take: entries at positions, which may be wrapped around or clipped."""
    without_out("take", out)
    a, index = a if isinstance(a, Expr) else indices.lift(a), indices
    index = index if isinstance(index, Expr) else _positions(index, "take")
    x, k = _line(a, axis, "take")
    if mode != "raise":
        n, index = known_size(x, k, "take"), index if isinstance(index, Expr) else np.asarray(index)
        index = index % n if mode == "wrap" else minimum(maximum(index, 0), n - 1)
    return take(x, index, k)


@composed("numpy.take_along_axis")
def _take_along_axis(arr: Any, indices: Any, axis: int | None = -1) -> Any:
    """np.take_along_axis: the index and the array are stretched over each other's other axes; the index over the first
    of them by the op itself."""
    x, index = lifted(arr, indices if isinstance(indices, Expr) else np.asarray(indices))
    x, k = _line(x, axis, "take_along_axis")
    if x.ndim == index.ndim and 1 in (*x.shape, *index.shape):
        rest = [(s, 1) if j == k else (s, t) for j, (s, t) in enumerate(zip(x.shape, index.shape, strict=True))]
        whole = [shapes.broadcast((s,), (t,), op="take_along_axis")[0] for s, t in rest]
        lead = next((j for j, s in enumerate(index.shape[:k]) if s != 1), k)
        index = broadcast_to(index, (*index.shape[:lead], *whole[lead:k], index.shape[k], *whole[k + 1 :]))
        x = broadcast_to(x, (*whole[:k], x.shape[k], *whole[k + 1 :]))
    return FUNCTIONS["take_along_axis"](x, index, k)


@composed("numpy.sort")
def _sort(a: Any, axis: int | None = -1, kind: Any = None, order: Any = None, *, stable: Any = None) -> Any:
    """np.sort; all kinds give the same."""
    return sort(a, axis)


@composed("numpy.argsort")
def _argsort(a: Any, axis: int | None = -1, kind: Any = None, order: Any = None, *, stable: Any = None) -> Any:
    """np.argsort, ties in order."""
    return argsort(*_line(a, axis, "argsort"))


@composed("partition")
def partition(a: Any, kth: Any, axis: int | None = -1, kind: str = "introselect", order: Any = None) -> Any:
    """A partition around the kth entries: the whole line sorted."""
    return sort(a, axis)


@composed("argpartition")
def argpartition(a: Any, kth: Any, axis: int | None = -1, kind: str = "introselect", order: Any = None) -> Any:
    """The positions of a partition: those that sort the whole line."""
    return _argsort(a, axis)


# --- orders -----------------------------------------------------------------------------------------------------


@composed("numpy.reshape")
def _reshape(a: Any, /, shape: Any = None, order: str = "C", *, newshape: Any = None, copy: Any = None) -> Any:
    """np.reshape, also with the first axis fastest (order "F")."""
    wanted = newshape if shape is None else shape
    wanted = tuple(wanted.tolist()) if isinstance(wanted, np.ndarray) and wanted.ndim else wanted
    if order != "F":
        return reshape(a, wanted)
    sizes = wanted if isinstance(wanted, (tuple, list)) else (wanted,)
    return permute_dims(reshape(permute_dims(a), tuple(sizes)[::-1]))


@composed("numpy.ravel", "numpy.flatten")
def _ravel(a: Any, order: str = "C") -> Any:
    """np.ravel, also with the first axis fastest (order "F")."""
    return ravel(permute_dims(a) if order == "F" else a)


@composed("numpy.copy")
def _copy(a: Any, order: str = "K", subok: bool = False) -> Any:
    """np.copy: the expression itself, which never changes."""
    return a


@composed("rollaxis")
def rollaxis(a: Any, axis: int, start: int = 0) -> Any:
    """An axis moved to stand in front of another."""
    k = shapes.axis(axis, a.ndim, "rollaxis")
    start += a.ndim if start < 0 else 0
    return moveaxis(a, k, start - 1 if k < start else start)


@composed("numpy.rot90")
def _rot90(m: Any, k: int = 1, axes: Sequence[int] = (0, 1)) -> Any:
    """np.rot90: turned by k right angles in a plane of two axes."""
    return moveaxis(FUNCTIONS["rot90"](moveaxis(m, tuple(axes), (0, 1)), k), (0, 1), tuple(axes))


def _each(name: str) -> None:
    one = FUNCTIONS[name]

    def each(*arys: Any) -> Any:
        return one(arys[0]) if len(arys) == 1 else tuple(one(x) for x in lifted(*arys))

    each.__name__, each.__doc__ = name, f"np.{name} of one or several."
    composed("numpy." + name)(each)


for _name in ("atleast_1d", "atleast_2d", "atleast_3d"):
    _each(_name)


@composed("numpy.broadcast_arrays")
def _broadcast_arrays(*args: Any, subok: bool = False) -> tuple:
    """np.broadcast_arrays: the arrays stretched to their common shape."""
    arrays = lifted(*args)
    shape = shapes.broadcast(*[tuple(a.shape) for a in arrays], op="broadcast_arrays")
    return tuple(broadcast_to(a, shape) for a in arrays)


@composed("numpy.meshgrid")
def _meshgrid(*xi: Any, copy: bool = True, sparse: bool = False, indexing: str = "xy") -> tuple:
    """np.meshgrid, also of axes of size 1 that broadcast."""
    if not sparse:
        return tuple(meshgrid(*[ravel(x) if isinstance(x, Expr) else np.ravel(x) for x in xi], indexing=indexing))
    order = [1, 0, *range(2, len(xi))] if indexing == "xy" and len(xi) > 1 else list(range(len(xi)))
    return tuple(
        reshape(x, tuple(-1 if order[j] == k else 1 for j in range(len(xi)))) for k, x in enumerate(lifted(*xi))
    )


@composed("numpy.unstack")
def _unstack(x: Any, /, *, axis: int = 0) -> tuple:
    """np.unstack: the entries along an axis."""
    k = shapes.axis(axis, x.ndim, "unstack")
    n = within("nodes", known_size(x, k, "unstack"), "unstack")
    return tuple(getitem(x, (*(slice(None),) * k, i)) for i in range(n))


# --- joining and cutting ------------------------------------------------------------------------------------------


def _cast(arrays: Sequence[Any], dtype: Any) -> list[Any]:
    found = lifted(*arrays)
    return [FUNCTIONS["astype"](x, dtype) for x in found] if given(dtype) else found


@composed("numpy.concatenate", "numpy.concat")
def _concatenate(
    arrays: Sequence[Any], /, axis: int | None = 0, out: Any = None, *, dtype: Any = None, casting: Any = None
) -> Any:
    """np.concatenate."""
    without_out("concatenate", out)
    return concat(_cast(arrays, dtype), axis=axis)


@composed("numpy.stack")
def _stack(arrays: Sequence[Any], axis: int = 0, out: Any = None, *, dtype: Any = None, casting: Any = None) -> Any:
    """np.stack."""
    without_out("stack", out)
    return stack(_cast(arrays, dtype), axis)


@composed("numpy.block")
def _numpy_block(arrays: Any) -> Any:
    """np.block: of rows of blocks a matrix, also of vectors and scalars."""
    if not isinstance(arrays, (tuple, list)):
        return arrays
    nested = isinstance(arrays[0], (tuple, list))
    least = FUNCTIONS["atleast_2d" if nested else "atleast_1d"]
    first = next(b for b in leaves(arrays) if isinstance(b, Expr))
    part = lambda b: least(first.lift(b if isinstance(b, Expr) else np.asarray(b)))  # noqa: E731
    rows = [concat([part(b) for b in row], axis=-1) if nested else part(row) for row in arrays]
    return concat(rows, axis=-2 if nested else -1)


def _stacked(name: str) -> None:
    plain = FUNCTIONS[name]

    def stacked(tup: Sequence[Any], *, dtype: Any = None, casting: Any = None) -> Any:
        return plain(_cast(tup, dtype))

    stacked.__name__, stacked.__doc__ = name, f"np.{name}."
    composed("numpy." + name)(stacked)


for _name in ("vstack", "hstack"):
    _stacked(_name)
composed("row_stack")(FUNCTIONS["numpy.vstack"])


@composed("fftshift")
def fftshift(x: Any, axes: Any = None) -> Any:
    """np.fft.fftshift: the halves of the axes exchanged."""
    return _shifted(x, axes, lambda n: n // 2)


@composed("ifftshift")
def ifftshift(x: Any, axes: Any = None) -> Any:
    """np.fft.ifftshift: the halves exchanged back."""
    return _shifted(x, axes, lambda n: -(n // 2))


def _shifted(x: Any, axes: Any, steps: Callable[[int], int]) -> Any:
    at = shapes.axes(axes, x.ndim, "fftshift")
    return FUNCTIONS["roll"](x, tuple([steps(known_size(x, k, "fftshift")) for k in at]), at)


@composed("sliding_window_view")
def sliding_window_view(
    x: Any, window_shape: Any, axis: Any = None, *, subok: bool = False, writeable: bool = False
) -> Any:
    """np.lib.stride_tricks.sliding_window_view: the windows along axes, which stand behind all axes."""
    widths = window_shape if isinstance(window_shape, (tuple, list)) else (window_shape,)
    axes = range(x.ndim) if axis is None else axis if isinstance(axis, (tuple, list)) else (axis,)
    if len(widths) != len(tuple(axes)):
        raise ShapeError(f"sliding_window_view: {len(widths)} sizes of windows for {len(tuple(axes))} axes")
    for k, width in zip([shapes.axis(k, x.ndim, "sliding_window_view") for k in axes], widths, strict=True):
        count = known_size(x, k, "sliding_window_view") - width + 1
        if count < 1 or width < 0:
            raise ShapeError(f"sliding_window_view: a window of {width} does not fit into an axis of {x.shape[k]}")
        x = moveaxis(take(x, np.add.outer(np.arange(count), np.arange(width)), k), k + 1, -1)
    return x


@composed("lexsort")
def lexsort(keys: Any, axis: int = -1) -> Any:
    """np.lexsort: the order by the last key, then by the one before, ..."""
    rows = [keys[i] for i in range(known_size(keys, 0, "lexsort"))] if isinstance(keys, Expr) else lifted(*keys)
    order = FUNCTIONS["numpy.argsort"](rows[0], axis)
    for key in rows[1:]:
        along = FUNCTIONS["take_along_axis"]
        order = along(order, FUNCTIONS["numpy.argsort"](along(key, order, axis), axis), axis)
    return order


def _cutting(name: str, axis: int) -> None:
    def cut(ary: Any, indices_or_sections: Any) -> list:
        if ary.ndim <= (axis if name != "hsplit" else 0):
            raise ShapeError(f"{name}: shape {shapes.text(ary.shape)} has too few axes")
        return split(ary, indices_or_sections, axis if ary.ndim > 1 else 0)

    cut.__name__, cut.__doc__ = name, f"Parts along axis {axis}."
    composed(name)(cut)


for _name, _axis in (("hsplit", 1), ("vsplit", 0), ("dsplit", 2)):
    _cutting(_name, _axis)


@composed("diagflat")
def diagflat(v: Any, k: int = 0) -> Any:
    """A matrix with the entries on a diagonal."""
    return FUNCTIONS["numpy.diag"](ravel(v), k)


@composed("diff", "numpy.diff")
def _diff(a: Any, n: int = 1, axis: int = -1, prepend: Any = None, append: Any = None) -> Any:
    """np.diff, of the entries between others in front and behind."""
    k = shapes.axis(axis, a.ndim, "diff")
    ends = [end if end is None or end is np._NoValue else _edge(a, end, k) for end in (prepend, append)]  # type: ignore[attr-defined]
    front, back = ends
    parts = [e for e in (front, a, back) if given(e)]
    a = concat(parts, axis=k) if len(parts) > 1 else a
    lead = (slice(None),) * k
    for _ in range(within("nodes", 3 * n, "diff") // 3):
        after, before = getitem(a, (*lead, slice(1, None))), getitem(a, (*lead, slice(None, -1)))
        a = FUNCTIONS["logical_xor"](after, before) if a.dtype == "bool" else after - before
    return a


def _edge(a: Any, value: Any, k: int) -> Any:
    """A value of as many axes as a, of its sizes but along axis k."""
    (value,) = lifted(value) if isinstance(value, Expr) else [a.lift(np.asarray(value))]
    return value if value.ndim else broadcast_to(value, (*a.shape[:k], 1, *a.shape[k + 1 :]))


@composed("numpy.ediff1d")
def _ediff1d(ary: Any, to_end: Any = None, to_begin: Any = None) -> Any:
    """np.ediff1d: differences of neighbours between given ends."""
    inner = _diff(ravel(ary))
    ends = [
        None if e is None else ravel(inner.lift(np.asarray(e) if not isinstance(e, Expr) else e))
        for e in (to_begin, to_end)
    ]
    parts = [e for e in (ends[0], inner, ends[1]) if e is not None]
    return concat(parts, axis=0) if len(parts) > 1 else inner


# --- padding ------------------------------------------------------------------------------------------------------

_BY_POSITION = ("edge", "reflect", "symmetric", "wrap")  # entries of x stand again around it
_LINEAR = ("linear_ramp", "mean")  # what stands around is linear in x
_EXTREMES = {"maximum": max, "minimum": min, "median": median}


def _pairs(value: Any, ndim: int, what: str) -> list[tuple[Any, Any]]:
    """(before, after) for each axis, from numpy's spellings."""
    if isinstance(value, dict):
        found = {shapes.axis(k, ndim, "pad"): v if isinstance(v, tuple) else (v, v) for k, v in value.items()}
        return [found.get(k, (0, 0)) for k in range(ndim)]
    if isinstance(value, (tuple, list)) and leaves(value) and any(isinstance(v, Expr) for v in leaves(value)):
        value = stack([stack(list(v)) if isinstance(v, (tuple, list)) else v for v in value])
    if isinstance(value, Expr) and value.op.name != "constant":
        pairs = broadcast_to(value, (ndim, 2))
        return [(pairs[k, 0], pairs[k, 1]) for k in range(ndim)]
    try:
        value = known_numbers(value, what)
        return [tuple(pair) for pair in np.broadcast_to(np.asarray(value), (ndim, 2)).tolist()]
    except ValueError:
        raise ShapeError(f"pad: {what} {value!r} does not fit {ndim} axes") from None


@composed("numpy.pad")
def _pad(
    array: Any, pad_width: Any, mode: str = "constant", *, constant_values: Any = 0, end_values: Any = 0,
    stat_length: Any = None, reflect_type: str = "even",
) -> Any:  # fmt: skip
    """np.pad in its modes: constant, edge, reflect, symmetric, wrap, linear_ramp, mean, maximum, minimum, median."""
    if not array.ndim:
        return array
    widths = _pairs(pad_width, array.ndim, "a width")
    if any(not isinstance(w, int) or w < 0 for pair in widths for w in pair):
        raise ShapeError(f"pad: widths are whole numbers >= 0, not {pad_width!r}")
    plain_zero = isinstance(constant_values, (int, float)) and constant_values == 0
    if mode == "constant" and plain_zero:
        return pad(array, widths)
    option = {"constant": constant_values, "linear_ramp": end_values}.get(mode, stat_length)
    settings = _pairs(option, array.ndim, "an option")
    for k, (width, setting) in enumerate(zip(widths, settings, strict=True)):
        array = _padded(array, k, width, mode, setting, reflect_type) if any(width) else array
    return array


def _padded(x: Any, k: int, width: tuple, mode: str, setting: tuple, reflect_type: str) -> Any:
    """x padded along one axis."""
    if mode == "constant":
        parts = [_block(x, k, w, value) for w, value in zip(width, setting, strict=True)]
        return concat([parts[0], x, parts[1]], axis=k)
    n = known_size(x, k, "pad")
    within("entries", n * (n + sum(width)) if mode in _LINEAR or reflect_type == "odd" else n + sum(width), "pad")
    if mode in _EXTREMES:
        lines = [
            getitem(x, (*(slice(None),) * k, part)) for part in (slice(0, setting[0]), slice(-(setting[1] or n), None))
        ]
        around = [_rounded(_EXTREMES[mode](line, axis=k, keepdims=True), x, mode) for line in lines]
        parts = [broadcast_to(e, (*x.shape[:k], w, *x.shape[k + 1 :])) for e, w in zip(around, width, strict=True)]
        return concat([parts[0], x, parts[1]], axis=k)
    if mode in _BY_POSITION and reflect_type == "even":
        return take(x, np.pad(np.arange(n), width, mode), k)  # type: ignore[call-overload]
    if mode in _LINEAR and not x.dtype.startswith("float"):
        return _rounded(_padded(FUNCTIONS["astype"](x, "float64"), k, width, mode, setting, reflect_type), x, mode)
    if mode not in (*_LINEAR, *_BY_POSITION):
        raise GraphError(
            f"pad: the mode {mode!r} is none of constant, {', '.join((*_BY_POSITION, *_LINEAR, *_EXTREMES))}"
        )
    options: dict[str, Any] = {"reflect_type": reflect_type} if mode in ("reflect", "symmetric") else {}
    options |= {"stat_length": setting if setting[0] is not None else None} if mode == "mean" else {}
    rows = np.pad(np.eye(n), (width, (0, 0)), mode, **options)  # type: ignore[call-overload]
    y = moveaxis(matmul(x.lift(rows.astype(x.dtype)), _columns(x, k)), 0, 0)
    if mode == "linear_ramp":
        for side, end in enumerate(setting):
            one = (1 - side, side)
            ends = np.pad(np.zeros(n), width, mode, end_values=one)  # type: ignore[call-overload]
            y = y + (end * x.lift(ends.astype(x.dtype)))[:, None]
    rest = tuple(s for j, s in enumerate(x.shape) if j != k)
    return moveaxis(reshape(y, (n + sum(width), *rest)), 0, k)


def _rounded(values: Any, x: Any, mode: str) -> Any:
    """In the type of x: numpy rounds a mean to the nearest integer, and cuts off what a ramp has behind the point."""
    if values.dtype == x.dtype:
        return values
    return FUNCTIONS["astype"](FUNCTIONS["floor" if mode == "linear_ramp" else "round"](values), x.dtype)


def _columns(x: Any, k: int) -> Any:
    """x as a matrix, axis k its rows."""
    return reshape(moveaxis(x, k, 0), (x.shape[k], shapes.count(s for j, s in enumerate(x.shape) if j != k)))


def _block(x: Any, k: int, width: int, value: Any) -> Any:
    shape = (*x.shape[:k], width, *x.shape[k + 1 :])
    if isinstance(value, Expr):
        return FUNCTIONS["astype"](broadcast_to(value, shape), x.dtype)
    e = Expr(x.graph, full(x.graph, value, shape))
    return e if e.dtype == x.dtype else FUNCTIONS["astype"](e, as_dtype(x.dtype, "pad"))


@composed("numpy.zeros_like", "numpy.empty_like")
def _zeros_like(
    a: Any, dtype: Any = None, order: str = "K", subok: bool = True, shape: Any = None, *, device: Any = None
) -> Any:
    """np.zeros_like, of another shape where one is asked for."""
    return _alike(FUNCTIONS["zeros_like"], a, dtype, shape)


@composed("numpy.ones_like")
def _ones_like(
    a: Any, dtype: Any = None, order: str = "K", subok: bool = True, shape: Any = None, *, device: Any = None
) -> Any:
    """np.ones_like, of another shape where one is asked for."""
    return _alike(FUNCTIONS["ones_like"], a, dtype, shape)


def _alike(like: Any, a: Any, dtype: Any, shape: Any) -> Any:
    value = like(a if shape is None else FUNCTIONS["zeros"](shape, graph=a.graph))
    dtype = a.dtype if dtype is None else as_dtype(dtype, "dtype")
    return value if value.dtype == dtype else FUNCTIONS["astype"](value, dtype)


@composed("numpy.full_like")
def _full_like(a: Any, fill_value: Any, dtype: Any = None, order: str = "K", subok: bool = True, shape: Any = None, *,
               device: Any = None) -> Any:  # fmt: skip
    """np.full_like, of another shape where one is asked for."""
    g = graph_of(a, fill_value)
    base = a if shape is None else FUNCTIONS["zeros"](shape, graph=g)
    return FUNCTIONS["full_like"](base, fill_value, dtype=a.dtype if dtype is None else dtype)
