"""numpy's sets of entries: how many there are is decided at the point of a trace, and stays with the result."""

from typing import Any

import numpy as np

from .. import shapes
from ..errors import GraphError
from ..expr import Expr
from ..op import FUNCTIONS
from .composed import composed, lifted
from .layout import concat, getitem, ravel, take
from .order import argsort, sort
from .piecewise import logical_not, not_equal
from .rearranged import known_numbers, known_size


def _apart(ordered: Any, name: str) -> np.ndarray:
    """Which of the sorted entries are not the one before."""
    if not known_size(ordered, 0, name):
        return np.zeros(0, bool)
    return np.concatenate([[True], known_numbers(not_equal(ordered[1:], ordered[:-1]), name)])


def _chosen(x: Any, mask: Any, name: str) -> Any:
    return take(x, np.flatnonzero(known_numbers(mask, name)), 0)


@composed("unique")
def unique(
    ar: Any, return_index: bool = False, return_inverse: bool = False, return_counts: bool = False,
    axis: Any = None, *, equal_nan: bool = True, sorted: bool = True,
) -> Any:  # fmt: skip
    """The entries that differ, sorted, with the positions of the first ones, those of all among them, and how often
    each stands there, where that is asked for."""
    if axis is not None and ar.ndim > 1:
        raise GraphError("unique: of expressions along all axes (axis=None)")
    x = ravel(ar)
    order = argsort(x, 0)
    starts = _apart(sort(x, 0), "unique")
    first = np.flatnonzero(starts)
    found = [take(sort(x, 0), first, 0)]
    if return_index:
        found.append(take(order, first, 0))
    if return_inverse:
        number = np.cumsum(starts) - 1
        found.append(FUNCTIONS["reshape"](take(x.lift(number), argsort(order, 0), 0), ar.shape))
    if return_counts:
        found.append(np.diff(np.append(first, len(starts))))
    return tuple(found) if len(found) > 1 else found[0]


@composed("union1d")
def union1d(ar1: Any, ar2: Any) -> Any:
    """The entries of either, each once, sorted."""
    return unique(concat([ravel(a) for a in lifted(ar1, ar2)], axis=0))


@composed("intersect1d")
def intersect1d(ar1: Any, ar2: Any, assume_unique: bool = False, return_indices: bool = False) -> Any:
    """The entries of both, each once, sorted."""
    if return_indices:
        raise GraphError("intersect1d: return_indices= is not offered for expressions")
    a, b = lifted(ar1, ar2)
    a = unique(a)
    return _chosen(a, FUNCTIONS["isin"](a, b), "intersect1d")


@composed("setdiff1d")
def setdiff1d(ar1: Any, ar2: Any, assume_unique: bool = False) -> Any:
    """The entries of the first that the second has not, each once, sorted."""
    a, b = lifted(ar1, ar2)
    a = ravel(a) if assume_unique else unique(a)
    return _chosen(a, logical_not(FUNCTIONS["isin"](a, b)), "setdiff1d")


@composed("setxor1d")
def setxor1d(ar1: Any, ar2: Any, assume_unique: bool = False) -> Any:
    """The entries of one alone, each once, sorted."""
    return sort(concat([setdiff1d(ar1, ar2), setdiff1d(ar2, ar1)], axis=0), 0)


@composed("trim_zeros")
def trim_zeros(filt: Any, trim: str = "fb", axis: Any = None) -> Any:
    """Without the zeros in front and behind, along each axis."""
    x: Any = filt if isinstance(filt, Expr) else lifted(*filt)
    x = x if isinstance(x, Expr) else FUNCTIONS["stack"](x)
    found = np.argwhere(known_numbers(not_equal(x, 0) if x.dtype != "bool" else x, "trim_zeros"))
    axes = range(x.ndim) if axis is None else shapes.axes(axis, x.ndim, "trim_zeros")
    index: list[Any] = [slice(None)] * x.ndim
    for k in axes:
        places = found[:, k]
        low, high = (places.min(), places.max() + 1) if len(places) else (x.shape[k], x.shape[k])
        index[k] = slice(low if "f" in trim.lower() else None, high if "b" in trim.lower() else None)
    return getitem(x, tuple(index))
