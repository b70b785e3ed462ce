"""Where values lie among others: searches, bins, histograms."""

from typing import Any

import numpy as np

from ..errors import GraphError
from ..expr import Expr
from ..op import FUNCTIONS
from .composed import composed, lifted
from .contractions import sum
from .layout import concat, flip, getitem, ravel, scatter_add
from .order import max, min
from .piecewise import greater, greater_equal, less, less_equal, where
from .rearranged import known_numbers, known_size


@composed("searchsorted")
def searchsorted(a: Any, v: Any, side: str = "left", sorter: Any = None) -> Any:
    """How many entries of the sorted a are smaller than v (from the left), or not larger (from the right)."""
    a, v = lifted(a, v)
    a = a if sorter is None else FUNCTIONS["take"](a, sorter)
    beyond = greater_equal if side == "left" else greater
    return known_size(a, 0, "searchsorted") - sum(beyond(a, v[..., None]), axis=-1, dtype="int64")


@composed("digitize")
def digitize(x: Any, bins: Any, right: bool = False) -> Any:
    """The number of the bin of each entry; bins rise, or fall."""
    if isinstance(bins, Expr) and bins.op.name == "constant":
        bins = known_numbers(bins, "digitize")
    falls = not isinstance(bins, Expr) and len(bins) > 1 and bins[0] > bins[-1]
    if falls:
        edges = np.asarray(bins)[::-1]
        return len(edges) - searchsorted(edges, x, side="right" if right else "left")
    return searchsorted(bins, x, side="left" if right else "right")


@composed("bincount")
def bincount(x: Any, weights: Any = None, minlength: int = 0) -> Any:
    """The sum of the weights at each of the numbers 0, 1, ... that x (numbers) has."""
    places = known_numbers(x, "bincount")
    size = int(np.maximum(places.max(initial=-1) + 1, minlength))
    if weights is None:
        return np.bincount(places, minlength=size)
    return scatter_add(FUNCTIONS["astype"](lifted(weights)[0], "float64"), places, size)


def _inside(a: Any, edges: Any) -> Any:
    """Which of the entries of a vector lie in which bin: the last one is closed."""
    left, right = edges[:-1, None], edges[1:, None]
    last = np.arange(known_size(left, 0, "histogram"))[:, None] == left.shape[0] - 1
    return greater_equal(a, left) & (less(a, right) | (less_equal(a, right) & last))


@composed("histogram")
def histogram(a: Any, bins: Any = 10, range: Any = None, density: Any = None, weights: Any = None) -> tuple:
    """(the sums of the weights in each bin, the edges of the bins)"""
    a, w = lifted(a, np.asarray(1) if weights is None else weights)
    a, w = ravel(a), ravel(w) if w.ndim else w
    if isinstance(bins, str):
        raise GraphError(f"histogram: bins are a number or edges, not {bins!r}")
    if np.ndim(bins) or (isinstance(bins, Expr) and bins.ndim):
        edges = bins
    else:
        low, high = (min(a), max(a)) if range is None else range
        edges = FUNCTIONS["linspace"](low, high, int(bins) + 1)
        if isinstance(high, Expr):  # the last edge is the largest number itself, which its bin has
            edges = concat([edges[:-1], high.reshape(1)])
    (edges,) = lifted(edges) if isinstance(edges, Expr) else [a.lift(np.asarray(edges))]
    inside = _inside(a, edges)
    counts = sum(inside, axis=1) if weights is None else sum(where(inside, w, 0), axis=1)
    if density:
        counts = counts / sum(counts) / (edges[1:] - edges[:-1])
    return counts, edges


@composed("histogram_bin_edges")
def histogram_bin_edges(a: Any, bins: Any = 10, range: Any = None, weights: Any = None) -> Any:
    """The edges of the bins of np.histogram."""
    return histogram(a, bins, range)[1]


@composed("histogramdd")
def histogramdd(sample: Any, bins: Any = 10, range: Any = None, density: Any = None, weights: Any = None) -> tuple:
    """(the sums of the weights in each box, the edges along each axis) of points, given as rows."""
    points = FUNCTIONS["transpose"](sample) if isinstance(sample, Expr) and sample.ndim > 1 else sample
    columns = lifted(*[points[k] for k in np.arange(len(points) if not isinstance(points, Expr) else points.shape[0])])
    each = list(bins) if isinstance(bins, (tuple, list)) or np.ndim(bins) > 1 else [bins] * len(columns)
    limits = [None] * len(columns) if range is None else range
    edges = [histogram(x, b, r)[1] for x, b, r in zip(columns, each, limits, strict=True)]
    letters = "abcdefgh"[: len(columns)]
    inside = [FUNCTIONS["astype"](_inside(x, e), "float64") for x, e in zip(columns, edges, strict=True)]
    w = [] if weights is None else [weights]
    spec = ",".join([*(c + "z" for c in letters), *["z"] * len(w)]) + "->" + letters
    counts = FUNCTIONS["einsum"](spec, *inside, *w)
    if density:
        counts = counts / sum(counts)
        for k, e in enumerate(edges):
            counts = counts / (e[1:] - e[:-1])[(..., *(None,) * (len(edges) - 1 - k))]
    return counts, tuple(edges)


@composed("histogram2d")
def histogram2d(
    x: Any, y: Any, bins: Any = 10, range: Any = None, density: Any = None, weights: Any = None
) -> tuple:
    """np.histogram2d: (the sums of the weights in each rectangle, the edges along x, along y)."""
    counts, (first, second) = histogramdd([x, y], bins, range, density, weights)
    return counts, first, second


def _of_shape(name: str) -> None:
    def positions(arr: Any, *args: Any, **kwargs: Any) -> Any:
        sizes = [known_size(arr, k, name) for k in np.arange(arr.ndim)]
        return getattr(np, name)(np.broadcast_to(0, sizes), *args, **kwargs)

    positions.__name__, positions.__doc__ = name, f"np.{name}: of the shape alone."
    composed(name)(positions)


for _name in ("diag_indices_from", "tril_indices_from", "triu_indices_from"):
    _of_shape(_name)


@composed("unravel_index")
def unravel_index(indices: Any, shape: Any, order: str = "C") -> tuple:
    """np.unravel_index: positions along the axes from numbers of entries."""
    sizes = shape if isinstance(shape, (tuple, list)) else (shape,)
    found = []
    for n in sizes[::-1] if order == "C" else sizes:
        indices, rest = indices // n, indices % n
        found.append(rest)
    return tuple(found[::-1] if order == "C" else found)


@composed("correlate")
def correlate(a: Any, v: Any, mode: str = "valid") -> Any:
    """The sums of products of two vectors moved along each other, as np.correlate."""
    a, v = lifted(a, v)
    if known_size(a, 0, "correlate") < known_size(v, 0, "correlate"):
        return flip(correlate(v, a, mode))
    return FUNCTIONS["convolve"](a, flip(v), mode)


@composed("unwrap")
def unwrap(p: Any, discont: Any = None, axis: int = -1, *, period: Any = 2 * np.pi) -> Any:
    """Multiples of a period added so that neighbours differ by at most half of it."""
    d, half = FUNCTIONS["numpy.diff"](p, axis=axis), period / 2
    turned = FUNCTIONS["remainder"](d + half, period) - half
    turned = where((turned <= -half) & (d > 0), half, turned)
    step = where(abs(d) < (half if discont is None else discont), 0, turned - d)
    k = axis % p.ndim
    first = getitem(p, (*(slice(None),) * k, slice(0, 1)))
    rest = getitem(p, (*(slice(None),) * k, slice(1, None)))
    return FUNCTIONS["concat"]([first, rest + FUNCTIONS["cumulative_sum"](step, axis=k)], axis=k)
