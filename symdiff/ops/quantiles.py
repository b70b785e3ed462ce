"""Order statistics: median, quantiles and percentiles of entries, composed of a sort and an interpolation."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .. import shapes
from ..errors import GraphError, ShapeError
from ..expr import Expr
from ..op import FUNCTIONS
from .composed import composed, lifted
from .contractions import expand_dims, permute_dims
from .layout import reshape, stack
from .order import sort
from .piecewise import abs, isnan, maximum, minimum, where
from .products import broadcast_to

# where the share q lies among n sorted entries, counted from 0: numpy's (and Hyndman and Fan's) definitions
PLACES: dict[str, Callable[[Any, Any], Any]] = {
    "linear": lambda q, n: q * (n - 1),
    "lower": lambda q, n: np.floor(q * (n - 1)),
    "higher": lambda q, n: np.ceil(q * (n - 1)),
    "midpoint": lambda q, n: (np.floor(q * (n - 1)) + np.ceil(q * (n - 1))) / 2,
    "nearest": lambda q, n: np.round(q * (n - 1)),
    "inverted_cdf": lambda q, n: np.ceil(q * n) - 1,
    "averaged_inverted_cdf": lambda q, n: np.ceil(q * n) - np.where(q * n % 1 > 0, 1, 0.5),
    "closest_observation": lambda q, n: np.round(q * n) - 1,
    "interpolated_inverted_cdf": lambda q, n: q * n - 1,
    "hazen": lambda q, n: q * n - 0.5,
    "weibull": lambda q, n: q * (n + 1) - 1,
    "median_unbiased": lambda q, n: q * (n + 1 / 3) - 2 / 3,
    "normal_unbiased": lambda q, n: q * (n + 1 / 4) - 5 / 8,
}  # fmt: skip
_ENTRIES = ("lower", "higher", "nearest", "inverted_cdf", "closest_observation")  # whose values are entries


def _ordered(x: Any, axis: Any, name: str) -> tuple[Any, int, tuple]:
    """(the entries sorted along the last axis, their number, the shape of the result with axes kept)"""
    axes = shapes.axes(axis, x.ndim, name)
    kept = [k for k in range(x.ndim) if k not in axes]
    size = shapes.count(x.shape[k] for k in axes)
    lines = reshape(permute_dims(x, (*kept, *axes)), (*(x.shape[k] for k in kept), size))
    n = lines.shape[-1]
    if not isinstance(n, int) or not n:
        raise ShapeError(f"{name}: the number of entries of shape {shapes.text(x.shape)} must be a known number")
    return sort(lines, axis=-1), n, axes


def _at(ordered: Any, n: int, place: float) -> Any:
    """The sorted entries at a place between 0 and n - 1, linear between them; nan where one of them is."""
    place = float(np.clip(place, 0.0, n - 1.0))
    low = int(place)
    value, last = ordered[..., low], ordered[..., n - 1]
    if place > low:
        value = value + (ordered[..., low + 1] - value) * (place - low)
    return where(isnan(last), last, value) if last.dtype.startswith("float") else value


@composed("median")
def median(a: Any, axis: Any = None, out: None = None, overwrite_input: bool = False, keepdims: bool = False) -> Any:
    """The middle entry, or the mean of the two: of all, or along axes."""
    if any(a.shape[k] == 0 for k in shapes.axes(axis, a.ndim, "median")):
        return FUNCTIONS["mean"](a, axis, keepdims)  # nan
    return quantile(a, 0.5, axis, keepdims=keepdims)


@composed("quantile")
def quantile(
    a: Any, q: Any, axis: Any = None, out: None = None, overwrite_input: bool = False, method: str = "linear",
    keepdims: bool = False, *, weights: Any = None,
) -> Any:  # fmt: skip
    """The value below which the share q of the entries lies, between sorted entries by numpy's `method`; of entries
    with weights (method "inverted_cdf") the first that has this share of the weights up to it."""
    check_method("quantile", method)
    if weights is not None:
        return _weighted(a, q, axis, method, keepdims, weights)
    q = one_array(q)
    if isinstance(q, Expr):
        return _symbolic(a, q, axis, method, keepdims)
    shares = np.asarray(q, dtype=float)
    if not ((shares >= 0) & (shares <= 1)).all():
        raise GraphError(f"quantile: shares lie between 0 and 1, not {q!r}")
    if method not in _ENTRIES and a.dtype != type_between(a.dtype, q):
        a = FUNCTIONS["astype"](a, "float64")
    ordered, n, axes = _ordered(a, axis, "quantile")
    parts: Sequence[Any] = [_at(ordered, n, PLACES[method](share, n)) for share in shares.ravel()]
    parts = [expand_dims(p, axes) for p in parts] if keepdims else parts
    return reshape(stack(list(parts)), (*shares.shape, *parts[0].shape)) if shares.ndim else parts[0]


@composed("percentile")
def percentile(
    a: Any, q: Any, axis: Any = None, out: None = None, overwrite_input: bool = False, method: str = "linear",
    keepdims: bool = False, *, weights: Any = None,
) -> Any:  # fmt: skip
    """The value below which q percent of the entries lie."""
    return quantile(a, shares_of(q), axis, method=method, keepdims=keepdims, weights=weights)


def shares_of(percent: Any) -> Any:
    """Shares from percentages."""
    if isinstance(percent, (list, tuple)) and any(isinstance(p, Expr) for p in percent):
        return [p / 100 for p in percent]
    return (percent if type(percent) in (int, float) or isinstance(percent, Expr) else np.asarray(percent)) / 100


def one_array(q: Any) -> Any:
    """Shares, of which some are expressions, as one."""
    return FUNCTIONS["stack"](list(q)) if isinstance(q, (list, tuple)) and any(isinstance(v, Expr) for v in q) else q


def check_method(name: str, method: str) -> None:
    if method not in PLACES:
        raise GraphError(f"{name}: the method {method!r} is none of {', '.join(PLACES)}")


def _symbolic(a: Any, q: Expr, axis: Any, method: str, keepdims: bool) -> Any:
    """At shares that are expressions: the sorted entries under hats, 1 at the place and 0 beyond its neighbours."""
    if method not in _ENTRIES and not a.dtype.startswith("float"):
        a = FUNCTIONS["astype"](a, "float64")
    ordered, n, axes = _ordered(a, axis, "quantile")
    value = hats(ordered, n, PLACES[method](q, n)[(..., *(None,) * (ordered.ndim - 1))])
    value = where(isnan(ordered[..., -1]), ordered[..., -1], value)
    return expand_dims(value, tuple(k + q.ndim for k in axes)) if keepdims else value


def hats(ordered: Any, n: Any, places: Any) -> Any:
    """Sorted entries at places between 0 and n - 1, linear between them."""
    at = minimum(maximum(places, 0), n - 1)[..., None] - np.arange(ordered.shape[-1])
    return FUNCTIONS["sum"](ordered * maximum(1 - abs(at), 0), axis=-1)


def _weighted(a: Any, q: Any, axis: Any, method: str, keepdims: bool, weights: Any) -> Any:
    if method != "inverted_cdf":
        raise GraphError(f"quantile: of entries with weights the method is 'inverted_cdf', not {method!r}")
    axes = shapes.axes(axis, a.ndim, "quantile")
    a, w = lifted(a, weights)
    if w.shape != a.shape:
        w = broadcast_to(reshape(w, tuple(s if k in axes else 1 for k, s in enumerate(a.shape))), a.shape)
    kept = [k for k in range(a.ndim) if k not in axes]
    lines, w = (reshape(permute_dims(x, (*kept, *axes)), (*(a.shape[k] for k in kept), -1)) for x in (a, w))
    order = FUNCTIONS["argsort"](lines, -1)
    lines, w = (FUNCTIONS["take_along_axis"](x, order, -1) for x in (lines, w))
    up_to = FUNCTIONS["cumulative_sum"](w, axis=-1)
    up_to = up_to / up_to[..., -1:]
    parts = []
    for share in np.asarray(q, dtype=float).ravel():
        place = minimum(FUNCTIONS["sum"](up_to < share, axis=-1, keepdims=True), lines.shape[-1] - 1)
        value = FUNCTIONS["take_along_axis"](lines, place, -1)[..., 0]
        parts.append(expand_dims(value, axes) if keepdims else value)
    return reshape(stack(parts), (*np.shape(q), *parts[0].shape)) if np.ndim(q) else parts[0]


def type_between(dtype: str, q: Any) -> str:
    """numpy's type of what lies between entries: that of the shares counts but for a Python number."""
    if not dtype.startswith("float") or isinstance(q, Expr):
        return "float64"
    return np.result_type(np.dtype(dtype), float(q) if type(q) in (int, float) else np.asarray(q)).name
