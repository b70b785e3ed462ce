"""Linear ops that move entries: reshape, index and place, take and scatter, concat, triangles. Each names its
transpose."""

import builtins
from collections.abc import Sequence
from typing import Any

import numpy as np

from .. import shapes, validity
from ..constants import as_dtype
from ..errors import ShapeError
from ..expr import Expr, Operands, graph_of
from ..facets import (
    ELEMENTWISE,
    added_scattered,
    every,
    keeps,
    rows_indexed,
    rows_kept,
    rows_placed,
    rows_reshaped,
    rows_scattered,
    rows_taken,
)  # fmt: skip
from ..op import FUNCTIONS, Linear, Op, function, is_float, promoted, register
from ..shapes import Shape, Size
from .contractions import expand_dims, squeeze
from .products import broadcast_to, contract, unit

# --- reshape ------------------------------------------------------------------------------------------------

reshape_op = register(
    Op(
        "reshape", 1, lambda params, s, d: (_reshaped(s[0], params[0]), d[0]),
        lambda x, shape: np.reshape(x, shape),
        Linear(
            lambda xs, params, lead: reshape(xs[0], (*xs[0].shape[:lead], *params[0])),
            lambda k, ct, xs, params, lead: reshape(ct, (*ct.shape[:lead], *xs[0].shape)),
        ),
        sized=True, views=True, doc="the same entries in another shape", facts=keeps(*ELEMENTWISE),
        finite=True, rows=rows_reshaped, moves="reads", valid=validity.new_shape,
    ),
    public=False,
)  # fmt: skip


def _reshaped(old: Shape, new: Shape) -> Shape:
    if shapes.count(old) != shapes.count(new):
        raise ShapeError(f"reshape: shape {shapes.text(old)} has not as many entries as {shapes.text(new)}")
    return new


@function("reshape")
def reshape(x: Any, shape: Any, *, copy: bool | None = None) -> Any:
    """The entries of x in another shape; one -1 is worked out."""
    if not isinstance(x, Expr):
        return np.reshape(x, shape)
    given = shape.replace(",", " ").split() if isinstance(shape, str) else shape
    items = given if isinstance(given, (tuple, list)) else (given,)
    unknown = [k for k, s in enumerate(items) if not isinstance(s, Expr) and s in (-1, "-1")]
    if len(unknown) > 1:
        raise ShapeError(f"reshape: only one size can be unknown in {shape!r}")
    known = [
        shapes.as_size(int(s) if isinstance(s, str) and s.isdecimal() else s)
        for k, s in enumerate(items)
        if k not in unknown
    ]
    if unknown:
        known.insert(unknown[0], shapes.divide(shapes.count(x.shape), shapes.count(known)))
    new = tuple(known)
    if new == x.shape:
        return x
    if [s for s in new if s != 1] == [s for s in x.shape if s != 1]:  # only axes of size 1 come or go
        flat = squeeze(x)
        return expand_dims(flat, [k for k, s in enumerate(new) if s == 1]) if flat.shape != new else flat
    if x.op is reshape_op:
        return reshape(x.inputs[0], new)
    if x.op.name == "contract" and not x.inputs and x.ndim == 2 and x.graph._params[x.node][1] == (0, 0):
        for k in range(1, len(new)):  # eye(m*n) as (m, n, m, n) is a unit tensor again
            if new[:k] == new[k:] and shapes.count(new[:k]) == x.shape[0]:
                return Expr(x.graph, unit(x.graph, new[:k]))
    return x.apply(reshape_op, (x,), (new,))


@function("ravel", ["flatten"])
def ravel(x: Any) -> Any:
    """All entries as a vector, last axis fastest."""
    return reshape(x, (-1,))


# --- index and place ----------------------------------------------------------------------------------------
# params: one entry per axis: None (all), a size (that entry; the axis goes), (start, stop, step) with bounds
# >= 0


def index_shape(shape: Shape, index: Sequence[Any]) -> Shape:
    result: list[Size] = []
    for size, i in zip(shape, index, strict=True):
        if i is None:
            result.append(size)
        elif isinstance(i, tuple):
            start, stop, step = i
            if isinstance(size, int) and isinstance(start, int) and isinstance(stop, int):
                result.append(len(range(start, stop, step)))
            else:
                span = shapes.subtract(stop, start)
                result.append(len(range(0, span, step)) if isinstance(span, int) else shapes.multiply(step, span))
    return tuple(result)


def _index_bounds(shape: Shape, index: Sequence[Any]) -> list[tuple[Size, Size, Size]]:
    """What named sizes must satisfy for an index to fit: slices and entries that lie inside their axes."""
    result: list[tuple[Size, Size, Size]] = []
    for size, i in zip(shape, index, strict=True):
        if i is None or isinstance(size, int):  # integers were compared when the index was made
            continue
        if not isinstance(i, tuple):
            result.append((i, shapes.add(i, 1), size))
        elif i[2] > 0:
            result.append((i[0], i[1], size))
        else:
            result.append((shapes.add(i[1], 1), shapes.add(i[0], 1), size))
    return result


def numpy_index(index: Sequence[Any]) -> tuple:
    """The index as numpy reads it, to which -1 is the last entry."""
    return tuple([slice(None) if i is None else _numpy_slice(*i) if isinstance(i, tuple) else i for i in index])


def _numpy_slice(start: int, stop: int, step: int) -> slice:
    return slice(start, stop if stop >= 0 else None, step) if range(start, stop, step) else slice(0)


def _place_values(x: Any, index: Sequence[Any], shape: Sequence[int]) -> Any:
    result = np.zeros(shape, dtype=np.asarray(x).dtype)
    result[numpy_index(index)] = x
    return result


getitem_op = register(
    Op(
        "getitem", 1, lambda params, s, d: (index_shape(s[0], params[0]), d[0]),
        lambda x, index: np.asarray(x)[numpy_index(index)],
        Linear(
            lambda xs, params, lead: xs[0].apply(getitem_op, xs, ((None,) * lead + params[0],)),
            lambda k, ct, xs, params, lead: ct.apply(
                place_op, (ct,), ((None,) * lead + params[0], (*ct.shape[:lead], *xs[0].shape))
            ),
        ),
        sized=True, bounds=lambda params, s, values: _index_bounds(s[0], params[0]),
        views=True, doc="entries and slices of an array", facts=keeps(*ELEMENTWISE), finite=True,
        rows=rows_indexed, moves="reads", valid=validity.index,
    ),
    public=False,
)  # fmt: skip

place_op = register(
    Op(
        "place", 1, lambda params, s, d: (_placed(s[0], *params), d[0]), _place_values,
        Linear(
            lambda xs, params, lead: xs[0].apply(place_op, xs,
                ((None,) * lead + params[0], (*xs[0].shape[:lead], *params[1]))),
            lambda k, ct, xs, params, lead: ct.apply(getitem_op, (ct,), ((None,) * lead + params[0],)),
        ),
        sized=True, bounds=lambda params, s, values: _index_bounds(params[1], params[0]),
        doc="zeros with x put at an index: the transpose of getitem", facts=keeps("nonnegative"), finite=True,
        rows=rows_placed, moves="adds", valid=validity.place,
    ),
    public=False,
)  # fmt: skip


def _placed(x: Shape, index: Sequence[Any], shape: Shape) -> Shape:
    if index_shape(shape, index) != x:
        raise ShapeError(
            f"place: a value of shape {shapes.text(x)} does not fit the index {index!r} of {shapes.text(shape)}"
        )
    return shape


def _bound(value: Any, what: str) -> Size | None:
    if value is None:
        return None
    if isinstance(value, Expr):
        if value.op.name == "size":
            return value.graph._params[value.node][0]
        number = size_of(value)
        if number is None:
            raise ShapeError(f"index: {what} must be an integer or a size, got {value!r}")
        return number
    if isinstance(value, str):
        return shapes.as_size(value)
    if hasattr(value, "__index__") and not isinstance(value, (bool, np.bool_)):
        return value.__index__()
    raise ShapeError(f"index: {what} must be an integer, a slice, None or ..., got {value!r}")


def result_size(value: Any, op: str) -> Size:
    """The size of an axis that a caller asks for."""
    size = size_of(value) if isinstance(value, Expr) else shapes.as_size(value)
    if size is None:
        raise ShapeError(f"{op}: the size of an axis is an integer or a named size, got {value!r}")
    return size


def size_of(e: Expr) -> Size | None:
    """The size that a scalar expression of sizes and integers stands for (``n - 1``), or None."""
    g = e.graph
    known: dict[int, Size] = {}
    for n in g.ancestors([e.node]):
        name, params, inputs = g._op[n].name, g._params[n], g._inputs[n]
        if name == "size":
            known[n] = params[0]
        elif name == "constant" and params[0] == "int":
            known[n] = params[1]
        elif name == "add" and all(isinstance(c, int) for c in params):
            total: Size = 0
            for c, i in zip(params, inputs, strict=True):
                if i not in known:
                    return None
                total = shapes.add(total, shapes.multiply(c, known[i]))
            known[n] = total
        elif name == "contract" and all(i in known for i in inputs):
            known[n] = shapes.count(known[i] for i in inputs)
        elif name == "minimum" and all(i in known for i in inputs):
            known[n] = shapes.minimum(*(known[i] for i in inputs))
        else:
            return None
    return known[e.node]


def is_positions(item: Any) -> bool:
    """Part of an index that is an array: a list, an array or an expression with axes."""
    return isinstance(item, list) or (isinstance(item, (np.ndarray, Expr)) and item.ndim > 0)


def is_symbolic(item: Any) -> bool:
    """Part of an index that is an integer known when the expression is evaluated."""
    return isinstance(item, Expr) and not item.ndim and item.dtype.startswith("int") and size_of(item) is None


@function("getitem")
def getitem(x: Any, index: Any) -> Any:
    """``x[index]`` with numpy's integers, slices, None and ``...``, and arrays of positions (see `gather`).

    Integers are checked against known sizes; on a named axis they are taken as lying inside it.
    """
    if not isinstance(x, Expr):
        return x[index]
    items = index if isinstance(index, tuple) else (index,)
    if any(is_positions(i) or is_symbolic(i) for i in items):
        return FUNCTIONS["gather"](x, items)
    if builtins.sum(i is Ellipsis for i in items) > 1:
        raise ShapeError("index: only one ... is possible")
    used = builtins.sum(i is not None and i is not Ellipsis for i in items)
    if used > x.ndim:
        raise ShapeError(f"index: too many indices ({used}) for shape {shapes.text(x.shape)}")
    if Ellipsis not in [i for i in items if i is Ellipsis]:
        items = (*items, Ellipsis)
    at = next(k for k, i in enumerate(items) if i is Ellipsis)
    items = (*items[:at], *(slice(None),) * (x.ndim - used), *items[at + 1 :])
    params: list[Any] = []
    new: list[int] = []
    position = 0
    for item in items:
        if item is None:
            new.append(position)
            position += 1
            continue
        size = x.shape[len(params)]
        if isinstance(item, slice):
            step = 1 if item.step is None else _bound(item.step, "a step")
            if not isinstance(step, int) or step == 0:
                raise ShapeError(f"index: a step must be a nonzero integer, got {item.step!r}")
            start, stop, length = shapes.slice_length(
                size, _bound(item.start, "a start"), _bound(item.stop, "a stop"), step
            )
            params.append(None if length == size and step == 1 else (start, stop, step))
            position += 1
        else:
            k: Any = _bound(item, "an index")
            from_end = shapes.add(size, k)
            k = from_end if (k < 0 if isinstance(k, int) else isinstance(from_end, int)) else k
            beyond = shapes.subtract(k, size)
            if (isinstance(k, int) and k < 0) or (isinstance(beyond, int) and beyond >= 0):
                raise ShapeError(f"index: {item} is out of range for axis {len(params)} of size {size}")
            params.append(k)
    if any(p is not None for p in params):
        x = x.apply(getitem_op, (x,), (tuple(params),))
    return expand_dims(x, new) if new else x


@function("flip")
def flip(x: Any, axis: Any = None) -> Any:
    """Axes reversed."""
    gone = shapes.axes(axis, x.ndim, "flip")
    return getitem(x, tuple(slice(None, None, -1) if k in gone else slice(None) for k in range(x.ndim)))


# --- take and scatter ---------------------------------------------------------------------------------------


def _take_infer(params: tuple, operands: Sequence[Shape], dtypes: Sequence[str]) -> tuple[Shape, str]:
    (axis,), (x, index) = params, operands
    if dtypes[1] not in ("int", "int64", "int32"):
        raise ShapeError(f"take: indices must be integers, got {dtypes[1]}")
    return (*x[:axis], *index, *x[axis + 1 :]), dtypes[0]


def _position_bounds(size: Size, positions: Any) -> list[tuple[Size, Size, Size]]:
    """What a named size must satisfy for constant positions along its axis; negative ones count from the end."""
    if positions is None or not np.size(positions):
        return []
    low, high = int(np.min(positions)), int(np.max(positions))
    below: list[tuple[Size, Size, Size]] = [(shapes.add(size, low), size, size)] if low < 0 else []
    return below + ([(high, high + 1, size)] if high >= 0 else [])


def _scattered(x: Shape, positions: Shape, axis: int, size: Size) -> Shape:
    if x[axis : axis + len(positions)] != positions:
        raise ShapeError(
            f"scatter_add: positions of shape {shapes.text(positions)} at axis {axis} of shape {shapes.text(x)}"
        )
    return *x[:axis], size, *x[axis + len(positions) :]


def _scatter_values(x: Any, index: Any, axis: int, size: int) -> Any:
    index, x = np.asarray(index), np.asarray(x)
    moved = np.moveaxis(x.reshape(*x.shape[:axis], index.size, *x.shape[axis + index.ndim :]), axis, 0)
    result = np.zeros((size, *moved.shape[1:]), dtype=x.dtype)
    np.add.at(result, index.ravel(), moved)
    return np.moveaxis(result, 0, axis)


take_op = register(
    Op(
        "take", 2, _take_infer, lambda x, index, axis: np.take(x, index, axis=axis),
        Linear(
            lambda xs, params, lead: xs[0].apply(take_op, xs, (params[0] + lead,)),
            lambda k, ct, xs, params, lead: ct.apply(scatter_add_op, (ct, xs[1]),
                (params[0] + lead, xs[0].shape[params[0]])),
            wrt=(0,),
        ),
        sized=True, bounds=lambda params, s, values: _position_bounds(s[0][params[0]], values[1]),
        doc="entries at integer positions along an axis", facts=keeps(*ELEMENTWISE), finite=True,
        rows=rows_taken, moves="reads", valid=validity.axis,
    ),
    public=False,
)  # fmt: skip

scatter_add_op = register(
    Op(
        "scatter_add", 2,
        lambda params, s, d: (_scattered(s[0], s[1], *params), d[0]), _scatter_values,
        Linear(
            lambda xs, params, lead: xs[0].apply(scatter_add_op, xs, (params[0] + lead, params[1])),
            lambda k, ct, xs, params, lead: ct.apply(take_op, (ct, xs[1]), (params[0] + lead,)),
            wrt=(0,),
        ),
        sized=True, bounds=lambda params, s, values: _position_bounds(params[1], values[1]),
        doc="zeros with entries added at integer positions along an axis: the transpose of take",
        facts=keeps("nonnegative"), rows=rows_scattered, adds=added_scattered, moves="adds",
        valid=validity.new_axis_size,
    ),
    public=False,
)  # fmt: skip


@function("scatter_add")
def scatter_add(x: Any, index: Any, size: Size, axis: int = 0) -> Any:
    """Zeros to which the entries of x are added at integer positions along an axis of this size.

    >>> import numpy as np
    >>> scatter_add(np.array([1.0, 2.0, 5.0]), np.array([0, 2, 0]), 4)
    array([6., 0., 2., 0.])
    """
    if not isinstance(x, Expr) and not isinstance(index, Expr):
        return _scatter_values(x, index, axis, size)  # type: ignore[arg-type]
    first = x if isinstance(x, Expr) else index
    x, index = first.lift(x), first.lift(index if isinstance(index, Expr) else np.asarray(index))
    if index.graph.dtype(index.node) not in ("int", "int64", "int32"):
        raise ShapeError(f"scatter_add: indices must be integers, got {index.dtype}")
    at = shapes.axis(axis, x.ndim - index.ndim + 1, "scatter_add")
    return x.apply(scatter_add_op, (x, index), (at, result_size(size, "scatter_add")))


@function("take")
def take(x: Any, indices: Any, axis: int | None = None) -> Any:
    """Entries of x at integer positions (an array or an integer variable) along an axis."""
    if not isinstance(x, Expr) and not isinstance(indices, Expr):
        return np.take(x, indices, axis=axis)
    x = x if isinstance(x, Expr) else indices.lift(x)
    if axis is None:
        x, axis = ravel(x), 0
    index = x.lift(indices if isinstance(indices, Expr) else np.asarray(indices))
    index = astype(index, "int64") if index.dtype == "bool" else index
    size = x.shape[shapes.axis(axis, x.ndim, "take")]
    if index.op.name == "constant" and isinstance(size, int):
        value = index.graph._params[index.node][1]
        values = np.asarray(value.value if index.ndim else value)
        if values.dtype.kind == "i" and values.size and not (-size <= values.min() and values.max() < size):
            raise ShapeError(f"take: an index is out of range for axis {axis} of size {size}")
        if values.dtype.kind == "i" and values.size and values.min() < 0:
            index = x.lift(values % size)
    return x.apply(take_op, (x, index), (shapes.axis(axis, x.ndim, "take"),))


# --- concat -------------------------------------------------------------------------------------------------


def _concat_infer(params: tuple, operands: Sequence[Shape], dtypes: Sequence[str]) -> tuple[Shape, str]:
    (axis,), first = params, operands[0]
    total: Size = 0
    for shape in operands:
        if len(shape) != len(first) or shape[:axis] != first[:axis] or shape[axis + 1 :] != first[axis + 1 :]:
            raise ShapeError(
                f"concat: shapes {' and '.join(map(shapes.text, operands))} do not fit along axis {axis}"
            )
        total = shapes.add(total, shape[axis])
    return (*first[:axis], total, *first[axis + 1 :]), promoted(dtypes)


def _concat_part(k: int, ct: Expr, xs: Operands, params: tuple, lead: int) -> Expr:
    axis = params[0]
    ends = xs.ends(axis)
    index = tuple((ends[k], ends[k + 1], 1) if j == axis + lead else None for j in range(ct.ndim))
    return ct.apply(getitem_op, (ct,), (index,))


concat_op = register(
    Op(
        "concat", None, _concat_infer,
        lambda *args: np.concatenate([np.asarray(x) for x in args[:-1]], axis=args[-1]),
        Linear(lambda xs, params, lead: xs[0].apply(concat_op, xs, (params[0] + lead,)), _concat_part),
        doc="arrays joined along an axis", facts=every(*ELEMENTWISE), finite=True, axes="along", moves="places",
        names={"numpy": "concatenate"}, valid=validity.axis,
    ),
    public=False,
)  # fmt: skip


@function("concat", ["concatenate"])
def concat(*arrays: Any, axis: int | None = 0) -> Any:
    """Arrays joined along an axis: ``concat(x, y)`` or ``concat([x, y], axis=1)``."""
    items = arrays[0] if len(arrays) == 1 and isinstance(arrays[0], (tuple, list)) else arrays
    if not items:
        raise ShapeError("concat: nothing to join")
    if not any(isinstance(x, Expr) for x in items):
        return np.concatenate(items, axis=axis)
    first = Expr(graph_of(*items), 0)
    xs = [first.lift(x) for x in items]
    if axis is None:
        xs, axis = [ravel(x) for x in xs], 0
    if any(not x.shape for x in xs):
        raise ShapeError("concat: a scalar can't be joined; use stack")
    return xs[0] if len(xs) == 1 else first.apply(concat_op, xs, (shapes.axis(axis, xs[0].ndim, "concat"),))


@function("stack", ["array", "asarray", "vector"])
def stack(arrays: Any, axis: int = 0) -> Any:
    """Arrays of one shape joined along a new axis; nested lists become an array, an Expr stays what it is."""
    if isinstance(arrays, Expr):
        return arrays
    items = list(arrays) if isinstance(arrays, (tuple, list)) else arrays
    if not isinstance(items, list) or not _any_symbolic(items):
        return np.stack(items, axis=axis) if axis else np.asarray(items)
    items = [stack(x) if isinstance(x, (tuple, list)) else x for x in items]
    xs = [*map(Expr(graph_of(*items), 0).lift, items)]
    if any(x.shape != xs[0].shape for x in xs):
        raise ShapeError(f"stack: shapes {' and '.join(shapes.text(x.shape) for x in xs[:6])} differ")
    at = shapes.axis(axis, xs[0].ndim + 1, "stack")
    parts = {x.node: expand_dims(x, at) for x in {x.node: x for x in xs}.values()}
    return concat([parts[x.node] for x in xs], axis=at)


def _any_symbolic(items: Any) -> bool:
    return any(isinstance(x, Expr) or (isinstance(x, (tuple, list)) and _any_symbolic(x)) for x in items)


@function("vstack")
def vstack(arrays: Any) -> Any:
    """Rows stacked."""
    return concat([FUNCTIONS["atleast_2d"](x) for x in arrays], axis=0)


@function("hstack")
def hstack(arrays: Any) -> Any:
    """Columns (or vectors) joined."""
    parts = [FUNCTIONS["atleast_1d"](x) for x in arrays]
    return concat(parts, axis=0 if parts[0].ndim == 1 else 1)


@function("block")
def block(blocks: Any) -> Any:
    """A matrix from rows of blocks: ``block([[A, B], [C, D]])``."""
    if not _any_symbolic(blocks):
        return np.block(blocks)
    rows = [concat(list(row), axis=-1) if isinstance(row, (tuple, list)) else row for row in blocks]
    return concat(rows, axis=-2 if isinstance(blocks[0], (tuple, list)) else -1)


@function("pad")
def pad(x: Any, pad_width: Any) -> Any:
    """Zeros around x: numpy's ``pad(x, ((before, after), ...))`` with constant 0."""
    if not isinstance(x, Expr):
        return np.pad(x, pad_width)
    given = np.asarray(pad_width)
    if given.dtype.kind != "i" or given.min(initial=0) < 0 or given.shape not in ((), (1,), (2,), (1, 2), (x.ndim, 2)):
        raise ShapeError(f"pad: a width >= 0, or two for each of {x.ndim} axes, not {pad_width!r}")
    widths = np.broadcast_to(given, (x.ndim, 2)).tolist() if x.ndim else []
    shape = tuple(shapes.add(s, a + b) for s, (a, b) in zip(x.shape, widths, strict=True))
    index = tuple((a, shapes.add(a, s), 1) for s, (a, _) in zip(x.shape, widths, strict=True))
    return x.apply(place_op, (x,), (index, shape))


@function("roll")
def roll(x: Any, shift: Any, axis: Any = None) -> Any:
    """Entries moved along an axis or several, around the end."""
    if axis is None:
        return reshape(roll(ravel(x), shift, 0), x.shape)
    if isinstance(axis, (tuple, list)) or isinstance(shift, (tuple, list, np.ndarray)):
        for s, k in np.broadcast(shift, axis):
            x = roll(x, int(s), int(k))
        return x
    k = shapes.axis(axis, x.ndim, "roll")
    if isinstance(x.shape[k], int) and x.shape[k]:
        shift %= x.shape[k]
    if not shift:
        return x
    cut = [slice(None)] * k
    return concat([getitem(x, (*cut, slice(-shift, None))), getitem(x, (*cut, slice(None, -shift)))], axis=k)


@function("tile")
def tile(x: Any, reps: Any) -> Any:
    """x repeated along its axes."""
    counts = list(reps) if isinstance(reps, (tuple, list)) else [reps]
    x = expand_dims(x, tuple(range(len(counts) - x.ndim))) if len(counts) > x.ndim else x
    counts = [1] * (x.ndim - len(counts)) + counts
    old, wide = [], []
    for s, c in zip(x.shape, counts, strict=True):
        old += [1, s]
        wide += [c, s]
    return reshape(
        broadcast_to(reshape(x, tuple(old)), tuple(wide)),
        tuple(shapes.multiply(c, s) for s, c in zip(x.shape, counts, strict=True)),
    )


@function("repeat")
def repeat(x: Any, repeats: int, axis: int | None = None) -> Any:
    """Each entry along an axis several times."""
    if axis is None:
        x, axis = ravel(x), 0
    k = shapes.axis(axis, x.ndim, "repeat")
    wide = (*x.shape[: k + 1], repeats, *x.shape[k + 1 :])
    shape = (*x.shape[:k], shapes.multiply(x.shape[k], repeats), *x.shape[k + 1 :])
    return reshape(broadcast_to(expand_dims(x, k + 1), wide), shape)


@function("kron")
def kron(x: Any, y: Any) -> Any:
    """The Kronecker product of matrices (or vectors)."""
    if not isinstance(x, Expr) and not isinstance(y, Expr):
        return np.kron(x, y)
    g = graph_of(x, y)
    first = Expr(g, 0)
    x, y = first.lift(x), first.lift(y)
    if x.ndim != y.ndim:
        raise ShapeError(
            f"kron: shapes {shapes.text(x.shape)} and {shapes.text(y.shape)} have different ranks"
        )
    left, right = list(range(0, 2 * x.ndim, 2)), list(range(1, 2 * x.ndim, 2))
    shape = tuple(shapes.multiply(a, b) for a, b in zip(x.shape, y.shape, strict=True))
    return reshape(contract([(x, left), (y, right)], range(2 * x.ndim)), shape)


# --- markers ------------------------------------------------------------------------------------------------

cast_op = register(
    Op(
        "astype", 1, lambda params, s, d: (s[0], params[0]), lambda x, dtype: np.asarray(x).astype(dtype),
        Linear(lambda xs, params, lead: astype(xs[0], params[0]),
            lambda k, ct, xs, params, lead: astype(ct, xs[0].dtype)),
        doc="another number type", rows=rows_kept, finite=True, valid=validity.dtype,
        facts=lambda g, n, of: of[0] if is_float(g._params[n][0]) else of[0] & {"nonnegative", "symmetric"},
    ),
    public=False,
)  # fmt: skip


@function("astype")
def astype(x: Any, dtype: Any, *, copy: bool = True, device: Any = None) -> Any:
    """x in another number type."""
    if not isinstance(x, Expr):
        return np.asarray(x).astype(dtype)
    name = as_dtype(dtype, "astype")
    return x if x.graph._dtype[x.node] == name else x.apply(cast_op, (x,), (name,))
