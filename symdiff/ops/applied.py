"""numpy's functions that call a function of the user's along axes or for every entry, and entries as Python's lists."""

from collections.abc import Callable
from typing import Any

import numpy as np

from .. import shapes
from ..budget import within
from ..errors import ShapeError
from ..expr import Expr
from ..op import FUNCTIONS
from .composed import composed, lifted
from .contractions import expand_dims, moveaxis
from .layout import getitem, ravel, reshape, stack
from .piecewise import equal, logical_not
from .rearranged import known_size


@composed("apply_along_axis")
def apply_along_axis(func1d: Callable[..., Any], axis: int, arr: Any, *args: Any, **kwargs: Any) -> Any:
    """A function of vectors, applied to each line along an axis; its results stand along that axis."""
    k = shapes.axis(axis, arr.ndim, "apply_along_axis")
    lines = moveaxis(arr, k, -1)
    rest = lines.shape[:-1]
    count = shapes.count(rest)
    if not isinstance(count, int):
        raise ShapeError(f"apply_along_axis: shape {shapes.text(arr.shape)} has named sizes, which are no numbers")
    flat = reshape(lines, (count, lines.shape[-1]))
    found = [func1d(getitem(flat, i), *args, **kwargs) for i in range(within("nodes", count, "apply_along_axis"))]
    values = stack([arr.lift(np.asarray(e) if type(e) is int else e) for e in found])
    values = reshape(values, (*rest, *values.shape[1:]))
    new = values.ndim - len(rest)
    return moveaxis(values, tuple(range(len(rest), values.ndim)), tuple(range(k, k + new))) if new else values


@composed("apply_over_axes")
def apply_over_axes(func: Callable[..., Any], a: Any, axes: Any) -> Any:
    """A function of an array and an axis, applied over several axes one after the other; they are kept."""
    for axis in axes if isinstance(axes, (tuple, list)) else (axes,):
        k = shapes.axis(axis, a.ndim, "apply_over_axes")
        value = func(a, k)
        a = value if value.ndim == a.ndim else expand_dims(value, k)
    return a


@composed("vectorized")
def vectorized(function: Callable[..., Any], *args: Any) -> Any:
    """np.vectorize's call: a function of scalars for every entry."""
    arrays = lifted(*args)
    shape = shapes.broadcast(*[a.shape for a in arrays], op="vectorize")
    if not all(isinstance(s, int) for s in shape):
        raise ShapeError(f"vectorize: shape {shapes.text(shape)} has named sizes; write the function on whole arrays")
    flat = [ravel(FUNCTIONS["broadcast_to"](a, shape)) for a in arrays]
    entries = range(within("nodes", known_size(flat[0], 0, "vectorize"), "vectorize"))
    return reshape(stack([flat[0].lift(function(*[a[i] for a in flat])) for i in entries]), shape)


@composed("isin")
def isin(
    element: Any, test_elements: Any, assume_unique: bool = False, invert: bool = False, *, kind: Any = None
) -> Any:
    """Whether each entry is one of others."""
    x, others = lifted(element, test_elements if isinstance(test_elements, Expr) else np.asarray(test_elements))
    found = FUNCTIONS["any"](equal(expand_dims(x, -1), ravel(others)), axis=-1)
    return logical_not(found) if invert else found


@composed("numpy.item")
def item(a: Any, *args: Any) -> Any:
    """An entry, by its position or by its number row by row; as Python has it, in 64 bits."""
    a = FUNCTIONS["astype"](a, {"float32": "float64", "int32": "int64"}.get(a.dtype, a.dtype))
    index = args[0] if len(args) == 1 and isinstance(args[0], tuple) else args
    return ravel(a)[index[0] if index else 0] if len(index) < 2 else a[index]


@composed("numpy.tolist")
def tolist(a: Any) -> Any:
    """The entries as nested lists."""
    return [tolist(a[i]) for i in range(within("nodes", known_size(a, 0, "tolist"), "tolist"))] if a.ndim else item(a)
