"""numpy's reductions with all of their options: a type, an initial value, a mask, entries that are nan."""

from collections.abc import Callable
from typing import Any

import numpy as np

from .. import shapes
from ..budget import within
from ..errors import GraphError, ShapeError
from ..expr import Expr
from ..op import FUNCTIONS
from .composed import composed, lifted
from .contractions import expand_dims, permute_dims
from .elementwise import divide, logaddexp
from .layout import concat, getitem, reshape
from .piecewise import fmax, fmin, isnan, logical_and, logical_not, logical_or, logical_xor, maximum, minimum, where
from .planar import hypot
from .products import broadcast_to, subtract
from .quantiles import quantile


def given(value: Any) -> bool:
    """An argument that a caller has set."""
    return value is not None and value is not np._NoValue  # type: ignore[attr-defined]


def without_out(name: str, out: Any) -> None:
    if given(out):
        raise GraphError(f"np.{name}: out= can't be filled by an expression; use the result")


def _accumulated(a: Any, dtype: Any) -> Any:
    return FUNCTIONS["astype"](a, dtype) if given(dtype) else a


def _masked(a: Any, mask: Any, value: Any) -> Any:
    """The entries that a mask lets through, the others replaced."""
    (a, mask) = lifted(a, mask)
    return where(broadcast_to(mask, a.shape), a, value)


def _counting(mask: Any, shape: shapes.Shape, axis: Any, keepdims: bool, graph: Any) -> Any:
    """How many entries a mask lets through."""
    (mask,) = lifted(mask) if isinstance(mask, Expr) else [graph.constant(np.asarray(mask))]
    return FUNCTIONS["sum"](broadcast_to(mask, shape), axis, keepdims)


def _reduction(name: str, of_two: np.ufunc, *aliases: str) -> None:
    plain, bounded = FUNCTIONS[name], of_two.identity is None  # an extreme of nothing is not defined

    def reduce(
        a: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: Any = False, initial: Any = None,
        where: Any = True, correction: Any = None,
    ) -> Any:  # fmt: skip
        without_out(name, out)
        kept, a = bool(given(keepdims) and keepdims), _accumulated(a, dtype)
        if where is not True:
            neutral = initial if bounded else of_two.identity
            if not given(neutral):
                raise GraphError(f"np.{name}: where= needs initial=, for a mask may let nothing through")
            a = _masked(a, where, neutral)
        if given(initial) and any(a.shape[k] == 0 for k in shapes.axes(axis, a.ndim, name)) and bounded:
            sizes: Any = [1 if k in shapes.axes(axis, a.ndim, name) else s for k, s in enumerate(a.shape)]
            a = FUNCTIONS["broadcast_to"](a.graph.constant(initial), tuple(sizes))
        value = plain(a, axis, kept)
        return of_two(value, initial) if given(initial) else value

    def short(
        a: Any, axis: Any = None, out: Any = None, keepdims: Any = False, initial: Any = None, where: Any = True
    ) -> Any:
        return reduce(a, axis, None, out, keepdims, initial, where)

    def logical(a: Any, axis: Any = None, out: Any = None, keepdims: Any = False, *, where: Any = True) -> Any:
        return reduce(a, axis, None, out, keepdims, None, where)

    call = reduce if name in ("sum", "prod") else logical if name in ("any", "all") else short
    call.__name__, call.__doc__ = name, f"np.{name}, with numpy's options."
    for spelling in (name, f"{of_two.__name__}.reduce", *aliases):
        composed("numpy." + spelling)(call)


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
        return FUNCTIONS["mean"](a, axis, kept)
    total = FUNCTIONS["sum"](_masked(a, where, 0), axis, kept)
    return total / _counting(where, a.shape, axis, kept, total.graph)


def _spread(name: str) -> None:
    plain = FUNCTIONS[name]

    def spread(
        a: Any, axis: Any = None, dtype: Any = None, out: Any = None, ddof: Any = 0, keepdims: Any = False, *,
        where: Any = True, mean: Any = None, correction: Any = None,
    ) -> Any:  # fmt: skip
        without_out(name, out)
        kept, a = bool(given(keepdims) and keepdims), _accumulated(a, dtype)
        less = correction if given(correction) else ddof
        if where is True and not given(mean):
            return plain(a, axis, kept, less)
        middle = mean if given(mean) else _mean(a, axis, keepdims=True, where=where)
        rest = _masked(a - middle, where, 0)
        count = _counting(where, a.shape, axis, kept, rest.graph) - less
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

    def of_numbers(a: Any, axis: Any = None, *args: Any, **kwargs: Any) -> Any:
        return reduce(a, axis, *args, **kwargs, where=logical_not(isnan(a)))

    of_numbers.__name__, of_numbers.__doc__ = "nan" + name, f"np.{name} of the entries that are no nan."
    composed("nan" + name)(of_numbers)


for _name in ("sum", "prod", "mean", "var", "std"):
    _of_numbers(_name)


def _extreme_number(name: str, beyond: float) -> None:
    """The extreme of the entries that are no nan; nan where all are."""
    extreme = FUNCTIONS[name]

    def of_numbers(a: Any, axis: Any = None, out: Any = None, keepdims: Any = False) -> Any:
        without_out("nan" + name, out)
        if not a.dtype.startswith("float"):
            return extreme(a, axis, bool(given(keepdims) and keepdims))
        missing, kept = isnan(a), bool(given(keepdims) and keepdims)
        found = extreme(where(missing, beyond, a), axis, kept)
        return where(FUNCTIONS["all"](missing, axis, kept), float("nan"), found)

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
    keepdims: Any = False,
) -> Any:  # fmt: skip
    """np.quantile, by numpy's linear method, of the entries that are no nan."""
    without_out("nanquantile", out)
    kept = bool(given(keepdims) and keepdims)
    if method != "linear":
        raise GraphError(f"nanquantile: the method is 'linear', not {method!r}")
    axes = shapes.axes(axis, a.ndim, "nanquantile")
    rest = [k for k in range(a.ndim) if k not in axes]
    size = shapes.count(a.shape[k] for k in axes)
    lines = reshape(permute_dims(a, (*rest, *axes)), (*(a.shape[k] for k in rest), size))
    ordered, count = FUNCTIONS["sort"](lines, -1), FUNCTIONS["sum"](logical_not(isnan(lines)), -1)
    shares, parts = np.asarray(q, dtype=float), []
    for share in shares.ravel():
        place = float(share) * (count - 1)
        low = FUNCTIONS["astype"](maximum(FUNCTIONS["floor"](place), 0), "int64")
        high = minimum(low + 1, maximum(count - 1, 0))
        lower, upper = (FUNCTIONS["take_along_axis"](ordered, expand_dims(i, -1), -1)[..., 0] for i in (low, high))
        value = lower + where(place > low, (upper - lower) * (place - low), 0)
        parts.append(expand_dims(value, axes) if kept else value)
    return reshape(FUNCTIONS["stack"](parts), (*shares.shape, *parts[0].shape)) if shares.ndim else parts[0]


@composed("nanpercentile")
def nanpercentile(
    a: Any, q: Any, axis: Any = None, out: Any = None, overwrite_input: bool = False, method: str = "linear",
    keepdims: Any = False,
) -> Any:  # fmt: skip
    """np.percentile of the entries that are no nan."""
    return nanquantile(a, np.asarray(q, dtype=float) / 100, axis, out, overwrite_input, method, keepdims)


@composed("nanmedian")
def nanmedian(a: Any, axis: Any = None, out: Any = None, overwrite_input: bool = False, keepdims: Any = False) -> Any:
    """np.median of the entries that are no nan."""
    if not a.dtype.startswith("float"):
        return quantile(a, 0.5, axis, keepdims=bool(given(keepdims) and keepdims))
    return nanquantile(a, 0.5, axis, out, keepdims=keepdims)


@composed("nancumsum")
def nancumsum(a: Any, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
    """Running sums in which nan counts as 0."""
    without_out("nancumsum", out)
    return FUNCTIONS["cumulative_sum"](where(isnan(a), 0, a), axis, dtype=dtype)


@composed("nancumprod")
def nancumprod(a: Any, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
    """Running products in which nan counts as 1."""
    without_out("nancumprod", out)
    return FUNCTIONS["cumulative_prod"](where(isnan(a), 1, a), axis, dtype=dtype)


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


# --- ufuncs along an axis -----------------------------------------------------------------------------------------


def _steps(name: str, combine: Callable[..., Any]) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """(reduce, accumulate) of a function of two operands, one entry after the other."""

    def entries(a: Any, axis: Any, what: str) -> tuple[list[Any], int]:
        k = shapes.axis(axis, a.ndim, f"{name}.{what}")
        if not isinstance(a.shape[k], int):
            raise ShapeError(f"np.{name}.{what}: the axis has the named size {a.shape[k]!r}; its number must be known")
        return [getitem(a, (*(slice(None),) * k, slice(i, i + 1))) for i in range(within("nodes", a.shape[k], name))], k

    def accumulate(a: Any, axis: int = 0, dtype: Any = None, out: Any = None) -> Any:
        """The function of an entry and of what the entries before it gave, along an axis."""
        parts, k = entries(_accumulated(a, dtype), axis, "accumulate")
        for i in range(1, len(parts)):
            parts[i] = combine(parts[i - 1], parts[i])
        return concat(parts, axis=k)

    def reduce(a: Any, axis: Any = 0, dtype: Any = None, out: Any = None, keepdims: bool = False) -> Any:
        """The last of them."""
        parts, k = entries(_accumulated(a, dtype), axis, "reduce")
        total = parts[0]
        for part in parts[1:]:
            total = combine(total, part)
        return total if keepdims else FUNCTIONS["squeeze"](total, k)

    return reduce, accumulate


composed("numpy.logaddexp.reduce")(FUNCTIONS["logsumexp"])
composed("numpy.add.accumulate")(FUNCTIONS["cumulative_sum"])
composed("numpy.multiply.accumulate")(FUNCTIONS["cumulative_prod"])
for _combine in (
    subtract, divide, maximum, minimum, hypot, fmax, fmin, logaddexp, logical_xor, logical_and, logical_or
):  # fmt: skip
    _name = _combine.__name__
    _reduce, _accumulate = _steps(_name, _combine)
    if f"numpy.{_name}.reduce" not in FUNCTIONS:
        composed(f"numpy.{_name}.reduce")(_reduce)
    composed(f"numpy.{_name}.accumulate")(_accumulate)
