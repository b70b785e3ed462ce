"""Entries at integer positions along an axis, others in each line: `take_along_axis` and its transpose."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from .. import shapes
from ..errors import ShapeError
from ..expr import Expr
from ..op import Linear, Op, function, register
from ..shapes import Shape, Size

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
        sized=True, doc="the transpose of take_along_axis",
    ),
    public=False,
)  # fmt: skip


@function("take_along_axis")
def take_along_axis(x: Any, indices: Any, axis: int = -1) -> Any:
    """Entries of x at integer positions along an axis, with an index of as many axes as x."""
    if not isinstance(x, Expr) and not isinstance(indices, Expr):
        return np.take_along_axis(x, indices, axis)
    first = x if isinstance(x, Expr) else indices
    x, index = first.lift(x), first.lift(indices)
    if x.ndim != index.ndim or index.graph.dtype(index.node) not in ("int64", "int32"):
        raise ShapeError(
            f"take_along_axis: an index of shape {shapes.text(index.shape)}, {index.dtype}, "
            f"does not fit {shapes.text(x.shape)}"
        )
    return x.apply(take_along_op, (x, index), (shapes.axis(axis, x.ndim, "take_along_axis") - x.ndim,))


@function("scatter_add_along_axis")
def scatter_add_along_axis(x: Any, indices: Any, size: Size, axis: int = -1) -> Any:
    """Zeros to which the entries of x are added at integer positions of their own along an axis of this size."""
    if not isinstance(x, Expr) and not isinstance(indices, Expr):
        return _scatter_along_values(x, indices, axis, size)  # type: ignore[arg-type]
    first = x if isinstance(x, Expr) else indices
    x, index = first.lift(x), first.lift(indices)
    return x.apply(scatter_along_op, (x, index), (shapes.axis(axis, x.ndim, "scatter_add_along_axis") - x.ndim, size))
