"""Reductions that are not sums (max, min, prod, norms, logsumexp), normalisations (softmax), cumulative sums, sorting."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .. import shapes
from ..errors import ShapeError
from ..expr import Expr
from ..op import FUNCTIONS, OPS, Linear, Networks, Op, Term, Zero, function, inexact, register
from ..shapes import Shape
from .elementwise import SQUARES, divide, exp, log, safe_divide, sqrt
from .layout import flip
from .piecewise import equal, where
from .products import contract, expand_dims, mean, sum

# --- the family ----------------------------------------------------------------------------------------------------


def _without(shape: Shape, axes: Sequence[int]) -> Shape:
    return tuple([s for k, s in enumerate(shape) if k not in axes])


def _reduction(
    name: str, evaluate: Callable[..., Any], slope: Callable[[Expr, Expr], Any] | Zero, dtype: Callable[[str], str], doc: str,
    aliases: tuple[str, ...] = (), **fields: Any,
) -> Any:  # fmt: skip
    """A reduction over axes with dy/dx = slope(x, y spread over the axes), of the shape of x."""

    def terms(k: int, y: Expr, xs: Sequence[Expr], params: tuple) -> list[Term]:
        (x,), (axes,) = xs, params
        labels = tuple(range(x.ndim))
        kept = tuple(i for i in labels if i not in axes)
        return [Term(1, [(slope(x, expand_dims(y, axes)), labels)], kept, labels)]

    op = register(
        Op(
            name, 1, lambda params, s, d: (_without(s[0], params[0]), dtype(d[0])), evaluate,
            slope if isinstance(slope, Zero) else Networks(terms), doc=doc, **fields,
        ),
        public=False,
    )  # fmt: skip

    @function(name, list(aliases))
    def reduce(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
        if not isinstance(x, Expr):
            axes = shapes.axes(axis, np.ndim(x), name)
            value = evaluate(np.asarray(x), axes)
            return np.expand_dims(value, axes) if keepdims else value
        axes = tuple(sorted(shapes.axes(axis, x.ndim, name)))
        if not axes and name not in ("norm2",):
            return x
        if any(x.shape[k] == 0 for k in axes) and name in ("max", "min", "argmax", "argmin"):
            raise ShapeError(f"{name}: axis of size 0 has no {name}")
        y = x.apply(op, (x,), (axes,))
        return expand_dims(y, axes) if keepdims else y

    reduce.__name__, reduce.__doc__ = name, doc
    return reduce


def _keep(dtype: str) -> str:
    return dtype


def _ties(x: Expr, y: Expr) -> Expr:
    """1 at the extreme entries, shared evenly among ties."""
    at = where(equal(x, y), 1, 0)
    gone = [k for k in range(x.ndim) if y.shape[k] != x.shape[k]]
    return at / sum(at, axis=tuple(gone), keepdims=True) if gone else at


max = _reduction("max", lambda x, axes: np.max(x, axis=axes), _ties, _keep, "Largest entry over axes; ties share the gradient evenly.", ("amax",))
min = _reduction("min", lambda x, axes: np.min(x, axis=axes), _ties, _keep, "Smallest entry over axes; ties share the gradient evenly.", ("amin",))
prod = _reduction("prod", lambda x, axes: np.prod(x, axis=axes), lambda x, y: prod_slope(x, y), _keep, "Product over axes.")
logsumexp = _reduction(
    "logsumexp", lambda x, axes: _logsumexp_values(x, axes), lambda x, y: exp(x - y), inexact, "log(sum(exp(x))) over axes, without overflow."
)  # fmt: skip
norm2 = _reduction(
    "norm2", lambda x, axes: np.sqrt(np.sum(np.square(x), axis=axes)), lambda x, y: safe_divide(x, y), inexact,
    "sqrt(sum(x**2)) over axes; its gradient is 0 at 0.", ("norm_fro",), kink=lambda x: norm2(x), samples=((0.3, 2),),
)  # fmt: skip
any_ = _reduction("any", lambda x, axes: np.any(x, axis=axes), Zero("logic is piecewise constant"), lambda d: "bool", "True where an entry is.")
all_ = _reduction("all", lambda x, axes: np.all(x, axis=axes), Zero("logic is piecewise constant"), lambda d: "bool", "True where all entries are.")


def _norm_squared(y: Expr) -> Expr:
    (x,), (axes,) = y.inputs, y.graph._params[y.node]
    labels = range(x.ndim)
    return contract([(x, labels), (x, labels)], [k for k in labels if k not in axes])


SQUARES[OPS["norm2"]] = _norm_squared


def prod_slope(x: Expr, y: Expr) -> Expr:
    """Product of the other entries: y/x, and by the product of the rest where an entry is 0."""
    gone = tuple(k for k in range(x.ndim) if y.shape[k] != x.shape[k])
    zero = equal(x, 0)
    rest = prod(where(zero, 1, x), axis=gone, keepdims=True)
    zeros = sum(where(zero, 1, 0), axis=gone, keepdims=True)
    return where(zero, where(equal(zeros, 1), rest, 0), divide(y, x))


def _logsumexp_values(x: Any, axes: tuple[int, ...]) -> Any:
    top = np.max(x, axis=axes, keepdims=True)
    top = np.where(np.isfinite(top), top, 0.0)
    with np.errstate(divide="ignore"):
        return np.squeeze(np.log(np.sum(np.exp(x - top), axis=axes, keepdims=True)) + top, axes)


# --- positions -------------------------------------------------------------------------------------------------------


def _argument(name: str, evaluate: Any) -> Any:
    op = register(
        Op(name, 1, lambda params, s, d: (_without(s[0], params), "int64"), evaluate, Zero("positions are piecewise constant"), doc="position along an axis"),
        public=False,
    )  # fmt: skip

    @function(name)
    def position(x: Any, axis: int | None = None) -> Any:
        if not isinstance(x, Expr):
            return evaluate(x, axis)
        if axis is None:
            x, axis = x.ravel(), 0
        return x.apply(op, (x,), (shapes.axis(axis, x.ndim, name),))

    position.__name__, position.__doc__ = name, f"Position of the {name[3:]}imum along an axis (of the flattened x by default)."
    return position


argmax = _argument("argmax", lambda x, axis: np.argmax(x, axis=axis))
argmin = _argument("argmin", lambda x, axis: np.argmin(x, axis=axis))

# --- softmax ---------------------------------------------------------------------------------------------------------


def _axis_of(name: str) -> Callable[..., Any]:
    def normalise(x: Any, axis: int = -1) -> tuple:
        return (x,), (shapes.axis(axis, np.ndim(x) if not isinstance(x, Expr) else x.ndim, name),)

    return normalise


def _softmax_values(x: Any, axis: int) -> Any:
    e = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return e / np.sum(e, axis=axis, keepdims=True)


def _softmax_terms(k: int, y: Expr, xs: Sequence[Expr], params: tuple) -> list[Term]:
    labels = tuple(range(y.ndim))
    other = tuple("j" if i == params[0] else i for i in labels)
    return [Term(1, [(y, labels)], labels, labels), Term(-1, [(y, labels), (y, other)], labels, other)]


def _log_softmax_terms(k: int, y: Expr, xs: Sequence[Expr], params: tuple) -> list[Term]:
    labels = tuple(range(y.ndim))
    other = tuple("j" if i == params[0] else i for i in labels)
    return [Term(1, [], labels, labels), Term(-1, [(softmax(xs[0], params[0]), other)], labels, other)]


softmax = register(
    Op(
        "softmax", 1, lambda params, s, d: (s[0], inexact(d[0])), _softmax_values, Networks(_softmax_terms),
        normalise=_axis_of("softmax"), doc="exp(x)/sum(exp(x)) along an axis, the last by default",
    )
)  # fmt: skip
log_softmax = register(
    Op(
        "log_softmax", 1, lambda params, s, d: (s[0], inexact(d[0])),
        lambda x, axis: x - np.expand_dims(_logsumexp_values(np.asarray(x), (axis,)), axis), Networks(_log_softmax_terms),
        normalise=_axis_of("log_softmax"), doc="x - logsumexp(x) along an axis, the last by default",
    )
)  # fmt: skip

# --- cumulative sums and sorting -----------------------------------------------------------------------------------------

cumsum_op = register(
    Op(
        "cumulative_sum", 1, lambda params, s, d: (s[0], d[0]), lambda x, axis: np.cumsum(x, axis=axis),
        Linear(
            lambda xs, params, lead: xs[0].apply(cumsum_op, xs, (params[0] + lead,)),
            lambda k, ct, xs, params, lead: flip(flip(ct, params[0] + lead).apply(cumsum_op, (flip(ct, params[0] + lead),), (params[0] + lead,)), params[0] + lead),
        ),
        doc="running sums along an axis",
    ),
    public=False,
)  # fmt: skip


@function("cumulative_sum", ["cumsum"])
def cumulative_sum(x: Any, axis: int | None = None) -> Any:
    """Running sums along an axis (of the flattened x by default)."""
    if not isinstance(x, Expr):
        return np.cumsum(x, axis=axis)
    if axis is None:
        x, axis = x.ravel(), 0
    return x.apply(cumsum_op, (x,), (shapes.axis(axis, x.ndim, "cumulative_sum"),))


@function("cumulative_prod", ["cumprod"])
def cumulative_prod(x: Any, axis: int = 0) -> Any:
    """Running products along an axis of positive entries, by logarithms."""
    return exp(cumulative_sum(log(x), axis))


argsort_op = register(
    Op("argsort", 1, lambda params, s, d: (s[0], "int64"), lambda x, axis: np.argsort(x, axis=axis, kind="stable"), Zero("positions are piecewise constant"),
       normalise=_axis_of("argsort"), doc="the positions that sort x along an axis")
)  # fmt: skip


@function("sort")
def sort(x: Any, axis: int = -1) -> Any:
    """x sorted along an axis; the gradient goes to the entries' places."""
    if not isinstance(x, Expr):
        return np.sort(x, axis=axis)
    if x.ndim != 1:
        raise ShapeError(f"sort: expected a vector, got shape {shapes.text(x.shape)}")
    return FUNCTIONS["take"](x, argsort_op(x), axis=0)


# --- statistics and norms --------------------------------------------------------------------------------------------


@function("var")
def var(x: Any, axis: Any = None, keepdims: bool = False, correction: float = 0) -> Any:
    """Variance over axes, divided by N - correction."""
    if not isinstance(x, Expr):
        return np.var(x, axis=axis, keepdims=keepdims, ddof=correction)
    centred = x - mean(x, axis, keepdims=True)
    number = shapes.count(x.shape[k] for k in shapes.axes(axis, x.ndim, "var"))
    number = shapes.add(number, -correction) if isinstance(correction, int) else number
    total = sum(centred**2, axis, keepdims)
    return total / (number if isinstance(number, int) else x.graph.size(number))


@function("std")
def std(x: Any, axis: Any = None, keepdims: bool = False, correction: float = 0) -> Any:
    """Standard deviation over axes."""
    return sqrt(var(x, axis, keepdims, correction))


@function("norm1")
def norm1(x: Any) -> Any:
    """Sum of absolute values of all entries."""
    return sum(FUNCTIONS["abs"](x))


@function("norm_inf")
def norm_inf(x: Any) -> Any:
    """Largest absolute value of all entries."""
    return max(FUNCTIONS["abs"](x))


@function("norm", ["linalg.norm", "vector_norm", "linalg.vector_norm"])
def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    """numpy.linalg.norm: 2 or "fro" by default, 1, inf, "nuc", or p for vectors; a matrix takes 2 as the spectral norm."""
    if not isinstance(x, Expr):
        return np.linalg.norm(x, ord, axis, keepdims)
    whole = axis is None
    if ord is None or ord == "fro" or (ord == 2 and (x.ndim == 1 or not whole)):
        return norm2(x, axis, keepdims)
    if whole and x.ndim == 2:
        named = {2: "norm_spec", "nuc": "norm_nuc"}.get(ord)
        if named:
            return FUNCTIONS[named](x)
        if ord in (1, -1, np.inf, -np.inf):
            lines = sum(FUNCTIONS["abs"](x), axis=0 if abs_int(ord) else 1)
            return max(lines) if ord > 0 else min(lines)
    size = FUNCTIONS["abs"](x)
    if ord == np.inf:
        return max(size, axis, keepdims)
    if ord == -np.inf:
        return min(size, axis, keepdims)
    if ord == 1:
        return sum(size, axis, keepdims)
    if ord == 0:
        return sum(where(equal(x, 0), 0, 1), axis, keepdims)
    if isinstance(ord, (int, float)):
        return sum(size**ord, axis, keepdims) ** (1 / ord)
    raise ShapeError(f"norm: ord={ord!r} is not known for shape {shapes.text(x.shape)}")


def abs_int(ord: float) -> bool:
    return ord in (1, -1)
