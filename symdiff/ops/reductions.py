"""numpy's reductions with all of their options: a type, an initial value, a mask, entries that are nan."""

from collections.abc import Callable
from inspect import signature
from typing import Any

import numpy as np

from .. import shapes
from ..errors import GraphError, ShapeError
from ..expr import Expr
from ..op import FUNCTIONS
from .composed import composed, lifted
from .contractions import expand_dims, permute_dims
from .layout import reshape
from .piecewise import equal, isnan, logical_and, logical_not, maximum, minimum, where
from .products import broadcast_to
from .quantiles import PLACES, check_method, hats, median, one_array, quantile, shares_of, type_between


def given(value: Any) -> bool:
    """An argument that a caller has set."""
    return value is not None and value is not np._NoValue  # type: ignore[attr-defined]


def without_out(name: str, out: Any) -> None:
    if given(out):
        raise GraphError(f"np.{name}: out= can't be filled by an expression; use the result")


def _accumulated(a: Any, dtype: Any) -> Any:
    return FUNCTIONS["astype"](a, dtype) if given(dtype) else a


def _typed(value: Any, dtype: Any) -> Any:
    """The result in the type that a caller asks for."""
    return FUNCTIONS["astype"](value, dtype) if given(dtype) else value


def _masked(a: Any, mask: Any, value: Any) -> Any:
    """The entries that a mask lets through, the others replaced."""
    (a, mask) = lifted(a, mask)
    return where(broadcast_to(mask, a.shape), a, value)


def _counting(mask: Any, a: Any, axis: Any, keepdims: bool) -> Any:
    """How many entries of a a mask lets through, in the type of their mean."""
    (mask,) = lifted(mask) if isinstance(mask, Expr) else [a.graph.constant(np.asarray(mask))]
    count = FUNCTIONS["sum"](broadcast_to(mask, a.shape), axis, keepdims)
    return FUNCTIONS["astype"](count, a.dtype) if a.dtype == "float32" else count


def _of_scalar(a: Any, axis: Any) -> Any:
    """numpy reduces a scalar along its axis 0, too."""
    return None if not a.ndim and axis in (0, -1) else axis


def along_0(f: Callable[..., Any]) -> Callable[..., Any]:
    """A function of axes, whose axis is the first where none is named: the methods of ufuncs."""

    def along(a: Any, axis: Any = 0, *args: Any, **kwargs: Any) -> Any:
        return f(a, axis, *args, **kwargs)

    along.__name__, along.__doc__ = f.__name__, f"{f.__doc__} Along the first axis where none is named."
    named = signature(f)
    along.__signature__ = named.replace(  # type: ignore[attr-defined]
        parameters=[p.replace(default=0) if p.name == "axis" else p for p in named.parameters.values()]
    )
    return along


def _reduction(name: str, of_two: np.ufunc, *aliases: str) -> None:
    plain, bounded = FUNCTIONS[name], of_two.identity is None  # an extreme of nothing is not defined

    def reduce(
        a: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: Any = False, initial: Any = None,
        where: Any = True, correction: Any = None,
    ) -> Any:  # fmt: skip
        without_out(name, out)
        kept, a, axis = bool(given(keepdims) and keepdims), _accumulated(a, dtype), _of_scalar(a, axis)
        if where is not True:
            neutral = initial if bounded else of_two.identity
            if not given(neutral):
                raise GraphError(f"np.{name}: where= needs initial=, for a mask may let nothing through")
            kind = a.dtype if bounded or a.dtype != "bool" or name in ("any", "all") else "int64"
            a = _masked(_typed(a, kind), where, neutral)
            a = a if a.dtype == kind else FUNCTIONS["astype"](a, kind)
        if given(initial) and any(a.shape[k] == 0 for k in shapes.axes(axis, a.ndim, name)) and bounded:
            sizes: Any = [1 if k in shapes.axes(axis, a.ndim, name) else s for k, s in enumerate(a.shape)]
            a = FUNCTIONS["broadcast_to"](a.graph.constant(initial), tuple(sizes))
        value = _typed(plain(a, axis, kept), dtype)
        if not given(initial):
            return value
        combined = of_two(value, initial)  # in the type of the entries, as numpy's
        return combined if combined.dtype == value.dtype else FUNCTIONS["astype"](combined, value.dtype)

    def short(
        a: Any, axis: Any = None, out: Any = None, keepdims: Any = False, initial: Any = None, where: Any = True
    ) -> Any:
        return reduce(a, axis, None, out, keepdims, initial, where)

    def logical(a: Any, axis: Any = None, out: Any = None, keepdims: Any = False, *, where: Any = True) -> Any:
        return reduce(a, axis, None, out, keepdims, None, where)

    call = reduce if name in ("sum", "prod") else logical if name in ("any", "all") else short
    for made in (reduce, call):
        made.__name__, made.__doc__ = name, f"np.{name}, with numpy's options."
    for spelling in (name, *aliases):
        composed("numpy." + spelling)(call)
    composed(f"numpy.{of_two.__name__}.reduce")(along_0(reduce))


_reduction("sum", np.add)
_reduction("prod", np.multiply)
_reduction("max", np.maximum, "amax")
_reduction("min", np.minimum, "amin")
_reduction("any", np.logical_or)
_reduction("all", np.logical_and)


@composed("numpy.mean")
def _mean(
    a: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: Any = False, *, where: Any = True
) -> Any:
    """np.mean, of the entries that a mask lets through."""
    without_out("mean", out)
    kept, a = bool(given(keepdims) and keepdims), _accumulated(a, dtype)
    if where is True:
        return _typed(FUNCTIONS["mean"](a, axis, kept), dtype)
    total = FUNCTIONS["sum"](_masked(a, where, 0), axis, kept)
    return _typed(total / _counting(where, a, axis, kept), dtype)


def _spread(name: str) -> None:
    plain = FUNCTIONS[name]

    def spread(
        a: Any, axis: Any = None, dtype: Any = None, out: Any = None, ddof: Any = 0, keepdims: Any = False, *,
        where: Any = True, mean: Any = None, correction: Any = None,
    ) -> Any:  # fmt: skip
        without_out(name, out)
        if given(dtype) and np.dtype(dtype).kind != "f":
            raise GraphError(f"np.{name}: dtype={dtype!r} rounds the mean; sd.astype(result, dtype) does it after")
        kept, a = bool(given(keepdims) and keepdims), _accumulated(a, dtype)
        less = correction if given(correction) else ddof
        if where is True and not given(mean):
            return plain(a, axis, kept, less)
        middle = mean if given(mean) else _mean(a, axis, keepdims=True, where=where)
        rest = _masked(a - middle, where, 0)
        count = _counting(where, rest, axis, kept) - less
        if name == "std":  # whose slope at equal entries is 0
            return FUNCTIONS["norm2"](rest, axis, kept) / FUNCTIONS["sqrt"](count)
        return FUNCTIONS["sum"](rest**2, axis, kept) / count

    spread.__name__, spread.__doc__ = name, f"np.{name}, of the entries that a mask lets through."
    composed("numpy." + name)(spread)


_spread("var")
_spread("std")

# --- entries that are nan -----------------------------------------------------------------------------------------


def _of_numbers(name: str) -> None:
    """The reduction of the entries that are no nan."""
    reduce = FUNCTIONS["numpy." + name]

    def of_numbers(a: Any, axis: Any = None, *args: Any, where: Any = True, **kwargs: Any) -> Any:
        if not a.dtype.startswith("float"):
            return reduce(a, axis, *args, where=where, **kwargs)
        mask = logical_not(isnan(a))
        return reduce(a, axis, *args, where=mask if where is True else logical_and(mask, where), **kwargs)

    of_numbers.__name__, of_numbers.__doc__ = "nan" + name, f"np.{name} of the entries that are no nan."
    of_numbers.__signature__ = signature(reduce)  # type: ignore[attr-defined]
    composed("nan" + name)(of_numbers)


for _name in ("sum", "prod", "mean", "var", "std"):
    _of_numbers(_name)


def _extreme_number(name: str, beyond: float) -> None:
    """The extreme of the entries that are no nan; nan where all are."""
    extreme, choice = FUNCTIONS[name], where

    def of_numbers(
        a: Any, axis: Any = None, out: Any = None, keepdims: Any = False, initial: Any = None, where: Any = True
    ) -> Any:
        without_out("nan" + name, out)
        if given(initial) or where is not True or not a.dtype.startswith("float"):
            within = a if not a.dtype.startswith("float") else choice(isnan(a), beyond, a)
            return FUNCTIONS["numpy." + name](within, axis, None, keepdims, initial, where)
        missing, kept = isnan(a), bool(given(keepdims) and keepdims)
        found = extreme(choice(missing, beyond, a), axis, kept)
        return choice(FUNCTIONS["all"](missing, axis, kept), float("nan"), found)

    of_numbers.__name__, of_numbers.__doc__ = "nan" + name, f"np.{name} of the entries that are no nan."
    composed("nan" + name)(of_numbers)

    @composed("nanarg" + name)
    def position(a: Any, axis: Any = None, out: Any = None, *, keepdims: Any = False) -> Any:
        """The position of the extreme of the entries that are no nan."""
        without_out("nanarg" + name, out)
        return FUNCTIONS["arg" + name](where(isnan(a), beyond, a), axis, bool(given(keepdims) and keepdims))


_extreme_number("max", -np.inf)
_extreme_number("min", np.inf)


@composed("nanquantile")
def nanquantile(
    a: Any, q: Any, axis: Any = None, out: Any = None, overwrite_input: bool = False, method: str = "linear",
    keepdims: Any = False, *, weights: Any = None,
) -> Any:  # fmt: skip
    """np.quantile of the entries that are no nan."""
    without_out("nanquantile", out)
    kept = bool(given(keepdims) and keepdims)
    if weights is not None:
        bad = isnan(a)
        w = broadcast_to(*lifted(weights), a.shape) if np.shape(weights) != a.shape else weights
        return quantile(where(bad, np.inf, a), q, axis, method=method, keepdims=kept, weights=where(bad, 0, w))
    check_method("nanquantile", method)
    q = one_array(q)
    a = a if a.dtype == type_between(a.dtype, q) else FUNCTIONS["astype"](a, "float64")
    axes = shapes.axes(axis, a.ndim, "nanquantile")
    rest = [k for k in range(a.ndim) if k not in axes]
    size = shapes.count(a.shape[k] for k in axes)
    lines = reshape(permute_dims(a, (*rest, *axes)), (*(a.shape[k] for k in rest), size))
    ordered, count = FUNCTIONS["sort"](lines, -1), FUNCTIONS["sum"](logical_not(isnan(lines)), -1)
    if isinstance(q, Expr):
        value = hats(where(isnan(ordered), 0, ordered), count, PLACES[method](q[(..., *(None,) * len(rest))], count))
        value = where(equal(count, 0), np.nan, value)
        return expand_dims(value, tuple(k + q.ndim for k in axes)) if kept else value
    shares, parts = np.asarray(q, dtype=float), []
    for share in shares.ravel():
        place = minimum(maximum(PLACES[method](float(share), count), 0), maximum(count - 1, 0))
        place = FUNCTIONS["astype"](place, a.dtype) if a.dtype == "float32" else place
        floor = maximum(FUNCTIONS["floor"](place), 0)
        low = FUNCTIONS["astype"](floor, "int64")
        high = minimum(low + 1, maximum(count - 1, 0))
        lower, upper = (FUNCTIONS["take_along_axis"](ordered, expand_dims(i, -1), -1)[..., 0] for i in (low, high))
        value = lower + where(place > floor, (upper - lower) * (place - floor), 0)
        parts.append(expand_dims(value, axes) if kept else value)
    return reshape(FUNCTIONS["stack"](parts), (*shares.shape, *parts[0].shape)) if shares.ndim else parts[0]


@composed("nanpercentile")
def nanpercentile(
    a: Any, q: Any, axis: Any = None, out: Any = None, overwrite_input: bool = False, method: str = "linear",
    keepdims: Any = False, *, weights: Any = None,
) -> Any:  # fmt: skip
    """np.percentile of the entries that are no nan."""
    return nanquantile(a, shares_of(q), axis, out, overwrite_input, method, keepdims, weights=weights)


@composed("nanmedian")
def nanmedian(a: Any, axis: Any = None, out: Any = None, overwrite_input: bool = False, keepdims: Any = False) -> Any:
    """np.median of the entries that are no nan."""
    if not a.dtype.startswith("float") or not all(a.shape):
        return median(a, axis, keepdims=bool(given(keepdims) and keepdims))
    return nanquantile(a, 0.5, axis, out, keepdims=keepdims)


def _without_nan(a: Any, value: int) -> Any:
    return where(isnan(a), value, a) if a.dtype.startswith("float") else a


def _accumulation(name: str, of_two: np.ufunc) -> None:
    running = FUNCTIONS[name]

    def accumulate(a: Any, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
        without_out(name, out)
        if not a.ndim:  # as a vector of one entry
            a, axis = expand_dims(a, 0), 0
        return _typed(running(a, axis, dtype=dtype if given(dtype) else None), dtype)

    accumulate.__name__, accumulate.__doc__ = name, f"np.{name}, with numpy's arguments."
    composed("numpy." + name)(accumulate)


    composed(f"numpy.{of_two.__name__}.accumulate")(along_0(accumulate))


_accumulation("cumsum", np.add)
_accumulation("cumprod", np.multiply)


@composed("nancumsum")
def nancumsum(a: Any, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
    """Running sums in which nan counts as 0."""
    return FUNCTIONS["numpy.cumsum"](_without_nan(a, 0), axis, dtype, out)


@composed("nancumprod")
def nancumprod(a: Any, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
    """Running products in which nan counts as 1."""
    return FUNCTIONS["numpy.cumprod"](_without_nan(a, 1), axis, dtype, out)


@composed("numpy.average")
def _average(a: Any, axis: Any = None, weights: Any = None, returned: bool = False, *, keepdims: Any = False) -> Any:
    """np.average: the weighted mean, with the sum of the weights where it is asked for."""
    kept = bool(given(keepdims) and keepdims)
    a, w = lifted(a, np.ones(()) if weights is None else weights)
    if weights is None:
        value = FUNCTIONS["mean"](a, axis, kept)
        if not returned:
            return value
    elif w.shape != a.shape:
        axes = shapes.axes(axis, a.ndim, "average")
        if w.ndim != len(axes):
            raise ShapeError(f"average: weights of shape {shapes.text(w.shape)} along axis {axis!r}")
        w = reshape(w, tuple(s if k in axes else 1 for k, s in enumerate(a.shape)))
    w = broadcast_to(w, a.shape)
    total = FUNCTIONS["sum"](w, axis, kept)
    value = value if weights is None else FUNCTIONS["sum"](a * w, axis, kept) / total
    return (value, total) if returned else value
