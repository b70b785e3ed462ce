"""Entries at positions: in numpy's index with arrays, and along an axis, others in each line."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from .. import shapes, validity
from ..errors import ShapeError
from ..expr import Expr
from ..facets import ELEMENTWISE, keeps, rows_aligned
from ..op import Linear, Op, function, provided, register
from ..shapes import Shape, Size
from .contractions import moveaxis, squeeze
from .layout import getitem, is_positions, is_symbolic, reshape, result_size, take

# axes are counted from the end, so that an index serves operands with further axes in front


def _along_infer(params: tuple, operands: Sequence[Shape], dtypes: Sequence[str]) -> tuple[Shape, str]:
    axis, x, index = params[0], operands[0], operands[1]
    k = len(x) + axis
    lead = len(x) - len(index)
    if lead < 0 or x[lead:k] != index[: k - lead] or x[k + 1 :] != index[k - lead + 1 :]:
        raise ShapeError(
            f"take_along_axis: an index of shape {shapes.text(index)} does not fit {shapes.text(x)} "
            f"along axis {axis}"
        )
    size = index[axis] if len(params) == 1 else params[1]
    return (*x[:k], size, *x[k + 1 :]), dtypes[0]


def _full_index(x: np.ndarray, index: Any, axis: int) -> np.ndarray:
    index = np.asarray(index)
    return np.broadcast_to(index, (*x.shape[: x.ndim - index.ndim], *index.shape))


def _scatter_along_values(x: Any, index: Any, axis: int, size: int) -> Any:
    x = np.asarray(x)
    result = np.zeros((*x.shape[: x.ndim + axis], size, *x.shape[x.ndim + axis + 1 :]), dtype=x.dtype)
    at = list(np.indices(x.shape, sparse=True))
    at[axis] = _full_index(x, index, axis)
    np.add.at(result, tuple(at), x)
    return result


take_along_op = register(
    Op(
        "take_along_axis", 2, _along_infer,
        lambda x, index, axis: np.take_along_axis(np.asarray(x), _full_index(np.asarray(x), index, axis),
            axis),
        Linear(
            lambda xs, params, lead: xs[0].apply(take_along_op, xs, params),
            lambda k, ct, xs, params, lead: ct.apply(
                scatter_along_op, (ct, xs[1]), (params[0], xs[0].shape[params[0]])
            ),
            wrt=(0,),
        ),
        doc="entries at integer positions along an axis, other positions in each line",
        facts=keeps(*ELEMENTWISE), finite=True, rows=rows_aligned, moves="reads", valid=validity.axis,
    ),
    public=False,
)  # fmt: skip

scatter_along_op = register(
    Op(
        "scatter_add_along_axis", 2, _along_infer, _scatter_along_values,
        Linear(
            lambda xs, params, lead: xs[0].apply(scatter_along_op, xs, params),
            lambda k, ct, xs, params, lead: ct.apply(take_along_op, (ct, xs[1]), (params[0],)),
            wrt=(0,),
        ),
        sized=True, doc="the transpose of take_along_axis", facts=keeps("nonnegative"),
        rows=rows_aligned, moves="adds", valid=validity.new_axis_size,
    ),
    public=False,
)  # fmt: skip


@function("take_along_axis")
def take_along_axis(x: Any, indices: Any, axis: int = -1) -> Any:
    """Entries of x at integer positions along an axis, with an index of as many axes as x; where the first of them
    have size 1, it is the same for all."""
    if not isinstance(x, Expr) and not isinstance(indices, Expr):
        return np.take_along_axis(x, indices, axis)
    first = x if isinstance(x, Expr) else indices
    x, index = first.lift(x), first.lift(indices)
    if x.ndim != index.ndim or index.graph.dtype(index.node) not in ("int64", "int32"):
        raise ShapeError(
            f"take_along_axis: an index of shape {shapes.text(index.shape)}, {index.dtype}, "
            f"does not fit {shapes.text(x.shape)}"
        )
    at = shapes.axis(axis, x.ndim, "take_along_axis")
    same = next((k for k, s in enumerate(index.shape[:at]) if s != 1), at)
    if same and x.shape[:same] != index.shape[:same]:
        index = squeeze(index, tuple(range(same)))
    return x.apply(take_along_op, (x, index), (at - x.ndim,))


@function("scatter_add_along_axis")
def scatter_add_along_axis(x: Any, indices: Any, size: Size, axis: int = -1) -> Any:
    """Zeros to which the entries of x are added at integer positions of their own along an axis of this size."""
    if not isinstance(x, Expr) and not isinstance(indices, Expr):
        return _scatter_along_values(x, indices, axis, size)  # type: ignore[arg-type]
    first = x if isinstance(x, Expr) else indices
    x, index = first.lift(x), first.lift(indices)
    if index.graph.dtype(index.node) not in ("int64", "int32"):
        raise ShapeError(f"scatter_add_along_axis: indices must be integers, got {index.dtype}")
    at = shapes.axis(axis, x.ndim, "scatter_add_along_axis") - x.ndim
    return x.apply(scatter_along_op, (x, index), (at, result_size(size, "scatter_add_along_axis")))


# --- an index with arrays -------------------------------------------------------------------------------------


@function("gather")
def gather(x: Expr, index: tuple) -> Any:
    """``x[index]`` where parts of the index are arrays of integers, which go together as numpy's do, or of booleans.

    >>> import numpy as np, symdiff as sd
    >>> A = sd.Graph().variable("A", (3, 3))
    >>> A[[0, 1], [1, 2]].shape, A[:, [0, 0]].shape, A[np.eye(3) > 0].shape
    ((2,), (3, 2), (3,))
    """
    if not any(is_positions(i) for i in index):
        return _at_symbolic(x, index)
    items = [part for item in index for part in _as_positions(item)]
    items = [i[None] if isinstance(i, Expr) and not i.ndim and i.op.name != "constant" else i for i in items]
    used = sum(i is not None and i is not Ellipsis for i in items)
    if Ellipsis in [i for i in items if i is Ellipsis]:
        at = next(k for k, i in enumerate(items) if i is Ellipsis)
        items[at : at + 1] = [slice(None)] * (x.ndim - used)
    arrays = [k for k, i in enumerate(items) if is_positions(i)]
    chosen = [k for k, i in enumerate(items) if is_positions(i) or not (i is None or isinstance(i, slice))]
    plain = getitem(x, tuple(slice(None) if k in arrays else i for k, i in enumerate(items)))
    kept = [k for k in range(len(items)) if k in arrays or k not in chosen]  # items that are axes of `plain`
    axes = [kept.index(k) for k in arrays]
    positions = _joined([items[k] for k in arrays], [plain.shape[a] for a in axes])
    if len(axes) > 1:
        plain = moveaxis(plain, axes, tuple(range(len(axes))))
        plain = reshape(plain, (shapes.count(plain.shape[: len(axes)]), *plain.shape[len(axes) :]))
    result = take(plain, positions, axis=0 if len(axes) > 1 else axes[0])
    here = 0 if len(axes) > 1 else axes[0]
    apart = chosen[-1] - chosen[0] >= len(chosen)  # chosen axes that are not neighbours go to the front
    there = 0 if apart else sum(k < chosen[0] for k in kept)
    n = np.ndim(positions) if not isinstance(positions, Expr) else positions.ndim
    return result if here == there else moveaxis(result, tuple(range(here, here + n)), tuple(range(there, there + n)))


def _at_symbolic(x: Expr, items: Sequence[Any]) -> Expr:
    """x at symbolic integers, after the rest of the index."""
    rest = x.ndim - sum(i is not None and i is not Ellipsis for i in items)
    at = next((k for k, i in enumerate(items) if i is Ellipsis), len(items))
    full = [*items[:at], *(slice(None),) * rest, *items[at + 1 :]]
    y = getitem(x, tuple(slice(None) if is_symbolic(i) else i for i in full))
    axes = [i for i in full if i is None or isinstance(i, slice) or is_symbolic(i)]
    for k in reversed(range(len(axes))):
        y = take(y, axes[k], k) if is_symbolic(axes[k]) else y
    return y


def _as_positions(item: Any) -> list[Any]:
    """A part of an index, with boolean arrays as the positions of their true entries."""
    if not is_positions(item):
        return [item]
    if isinstance(item, Expr):
        if item.dtype != "bool":
            return [item]
        item = provided("mask")(item)
        if item is None:
            raise ShapeError(
                "index: how many entries a condition chooses is not known; sd.where keeps the shape, and "
                "sd.trace(fn, at={name: value}) decides it at a point"
            )
    array = np.asarray(item)
    if array.size == 0:
        array = array.astype(np.int64)
    if array.dtype.kind not in "iub":
        raise ShapeError(f"index: positions are integers or booleans, not {array.dtype}")
    return list(np.nonzero(array)) if array.dtype.kind == "b" else [array.astype(np.int64)]


def _joined(arrays: Sequence[Any], sizes: Sequence[Size]) -> Any:
    """The positions in the ravelled axes of these sizes."""
    total = arrays[0]
    if len(arrays) > 1:
        shapes.broadcast(*[tuple(a.shape) for a in arrays], op="index")
        total = 0
        for array, size in zip(arrays, sizes, strict=True):
            if not isinstance(size, int):
                raise ShapeError(f"index: several arrays of positions need axes of known sizes, not {size!r}")
            if not isinstance(array, Expr):
                if array.size and not (-size <= array.min() and array.max() < size):
                    raise ShapeError(f"index: a position is out of range for an axis of size {size}")
                array = array % max(size, 1)
            total = total * size + array
    return total
