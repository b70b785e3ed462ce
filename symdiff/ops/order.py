"""Reductions that are not sums (max, min, prod, norms, logsumexp), normalisations (softmax), sorting,
statistics."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import permutations
from typing import Any

import numpy as np

from .. import shapes, validity
from ..errors import ShapeError
from ..expr import Expr
from ..facets import ELEMENTWISE, keeps, maps
from ..graph import CONSTANT
from ..op import FUNCTIONS, OPS, STABLE, Networks, Op, Term, Zero, expose, function, inexact, register
from ..shapes import Shape
from .along import take_along_axis
from .contractions import expand_dims, mean, permute_dims, sum
from .elementwise import SQUARES, exp, log, safe_divide, sigmoid, softplus, sqrt
from .layout import reshape, take
from .piecewise import abs, equal, where
from .products import ADD, CONTRACT, contract
from .scan import accumulated, prod_of_others

# --- the family ---------------------------------------------------------------------------------------------


def _without(shape: Shape, axes: Sequence[int]) -> Shape:
    return tuple([s for k, s in enumerate(shape) if k not in axes])


def _reduction(
    name: str, evaluate: Callable[..., Any], slope: Callable[[Expr, Expr, tuple[int, ...]], Any] | Zero,
    dtype: Callable[[str], str], doc: str, aliases: tuple[str, ...] = (), public: bool = True, **fields: Any,
) -> Callable[..., Any]:  # fmt: skip
    """A reduction over axes with dy/dx = slope(x, y spread over the axes, axes), of the shape of x."""

    def terms(k: int, y: Expr, xs: Sequence[Expr], params: tuple) -> list[Term]:
        (x,), (axes,) = xs, params
        labels = tuple(range(x.ndim))
        kept = tuple(i for i in labels if i not in axes)
        spread = expand_dims(y, axes)
        return [Term(1, [(slope(x, spread, axes), labels)], kept, labels)]  # type: ignore[operator]

    op = register(
        Op(
            name, 1, lambda params, s, d: (_without(s[0], params[0]), dtype(d[0])), evaluate,
            slope if isinstance(slope, Zero) else Networks(terms), doc=doc,
            axes="over", valid=validity.axes, **fields,
        ),
        public=False,
    )  # fmt: skip

    def reduce(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
        if not isinstance(x, Expr):
            axes = shapes.axes(axis, np.ndim(x), name)
            value = evaluate(np.asarray(x), axes)
            return np.expand_dims(value, axes) if keepdims else value
        axes = tuple(sorted(shapes.axes(axis, x.ndim, name)))
        if not axes and (name in ("max", "min", "prod") or dtype(x.dtype) == x.dtype == "bool"):
            return x
        if any(x.shape[k] == 0 for k in axes) and name in ("max", "min"):
            raise ShapeError(f"{name}: axis of size 0 has no {name}")
        y = x.apply(op, (x,), (axes,))
        return expand_dims(y, axes) if keepdims else y

    reduce.__name__, reduce.__doc__ = name, doc
    if public:
        expose(name, reduce, aliases)
    return reduce


def _keep(dtype: str) -> str:
    return dtype


def _flag(dtype: str) -> str:
    return "bool"


def _ties(x: Expr, y: Expr, axes: tuple[int, ...]) -> Expr:
    """1 at the extreme entries, shared evenly among ties."""
    at = equal(x, y)
    return where(at, 1 / sum(where(at, 1, 0), axis=axes, keepdims=True), 0)


def _tie_kink(name: str) -> Callable[..., Expr]:
    def kink(x: Expr, axes: tuple[int, ...]) -> Expr:
        """0 where several entries are extreme."""
        at = equal(x, FUNCTIONS[name](x, axis=axes, keepdims=True))
        return where(sum(at, axis=axes) > 1, 0, 1)

    return kink


def _prod_slope(x: Expr, y: Expr, axes: tuple[int, ...]) -> Expr:
    """Product of the other entries, right with any number of zeros."""
    kept = tuple(k for k in range(x.ndim) if k not in axes)
    moved = permute_dims(x, kept + axes)
    others = reshape(moved, (*(x.shape[k] for k in kept), shapes.count(x.shape[k] for k in axes)))
    others = others.apply(prod_of_others, (others,), ())
    back = sorted(range(x.ndim), key=(kept + axes).__getitem__)
    return permute_dims(reshape(others, moved.shape), tuple(back))


def _floating(x: Any) -> np.ndarray:
    x = np.asarray(x)
    return x if x.dtype.kind == "f" else x.astype(np.float64)


def _logsumexp_values(x: Any, axes: tuple[int, ...]) -> Any:
    x = _floating(x)
    top = np.max(x, axis=axes, keepdims=True, initial=-np.inf)
    top = np.where(np.isfinite(top), top, np.zeros_like(top))
    with np.errstate(divide="ignore"):
        return np.squeeze(np.log(np.sum(np.exp(x - top), axis=axes, keepdims=True)) + top, axes)


def _norm2_values(x: Any, axes: tuple[int, ...]) -> Any:
    """sqrt(sum(x**2)); where squares are out of range, of entries over the largest."""
    x = _floating(x)
    with np.errstate(over="ignore", under="ignore"):
        y = np.sqrt(np.sum(np.square(x), axis=axes))
        usual = (y > np.sqrt(np.finfo(x.dtype).tiny) / np.finfo(x.dtype).eps) & (y < np.inf)
        if usual.all():
            return y
        top = np.max(np.abs(x), axis=axes, keepdims=True, initial=0)
        top = np.where(np.isfinite(top) & (top > 0), top, np.ones_like(top))
        return np.where(usual, y, np.squeeze(top, axes) * np.sqrt(np.sum(np.square(x / top), axis=axes)))


def _some_entry(params: tuple, operands: Sequence[Shape], values: Sequence[Any]) -> list[tuple]:
    """There is one: an extreme of nothing is not defined."""
    return [(0, 1, operands[0][k]) for k in params[0]]


_LOGIC = Zero("logic is piecewise constant")
max = _reduction(
    "max", lambda x, axes: np.max(x, axis=axes), _ties, _keep,
    "Largest entry over axes; ties share the gradient evenly.", ("amax",), kink=_tie_kink("max"), bounds=_some_entry,
    facts=keeps(*ELEMENTWISE), finite=True, latex=r"\max", fold=("maximum", -np.inf),
)  # fmt: skip
min = _reduction(
    "min", lambda x, axes: np.min(x, axis=axes), _ties, _keep,
    "Smallest entry over axes; ties share the gradient evenly.", ("amin",), kink=_tie_kink("min"), bounds=_some_entry,
    facts=keeps(*ELEMENTWISE), finite=True, latex=r"\min", fold=("minimum", np.inf),
)  # fmt: skip
_prod = _reduction(
    "prod", lambda x, axes: np.prod(x, axis=axes), _prod_slope, accumulated, "Product over axes.", public=False,
    facts=keeps(*ELEMENTWISE), fold=("multiply", 1), latex=r"\prod",
)  # fmt: skip


@function("prod")
def prod(x: Any, axis: Any = None, keepdims: bool = False, *, dtype: Any = None) -> Any:
    """Product over axes, in a number type where one is given."""
    return _prod(x if dtype is None else FUNCTIONS["astype"](x, dtype), axis, keepdims)


logsumexp = _reduction(
    "logsumexp", _logsumexp_values, lambda x, y, axes: exp(x - y), inexact,
    "log(sum(exp(x))) over axes, without overflow.", fold=("logaddexp", -np.inf),
)  # fmt: skip
norm2 = _reduction(
    "norm2", _norm2_values, lambda x, y, axes: safe_divide(x, y), inexact,
    "sqrt(sum(x**2)) over axes; its gradient is 0 at 0.", ("norm_fro",),
    kink=lambda x, axes: norm2(x, axis=axes), samples=((0.3, 2),),
    image="[0, inf)", facts=maps(nonzero="positive"), composition=lambda x, axes: sqrt(sum(x * x, axis=axes)),
    names={"numpy": "linalg.norm"},
    fold=("hypot", 0),
)  # fmt: skip
any_ = _reduction("any", lambda x, axes: np.any(x, axis=axes), _LOGIC, _flag, "True where an entry is.", boolean=True,
    fold=("logical_or", False), latex=r"\bigvee",
)  # fmt: skip
all_ = _reduction("all", lambda x, axes: np.all(x, axis=axes), _LOGIC, _flag, "True where all entries are.",
    boolean=True, fold=("logical_and", True), latex=r"\bigwedge",
)  # fmt: skip


def _norm_squared(y: Expr) -> Expr:
    (x,), (axes,) = y.inputs, y.graph.params(y.node)
    labels = range(x.ndim)
    return contract([(x, labels), (x, labels)], [k for k in labels if k not in axes])


any_op, all_op, max_op, min_op, prod_op, logsumexp_op, norm2_op = (
    OPS[name] for name in ("any", "all", "max", "min", "prod", "logsumexp", "norm2")
)
SQUARES[norm2_op] = _norm_squared

# --- positions ----------------------------------------------------------------------------------------------


def _argument(name: str, evaluate: Any) -> Any:
    op = register(
        Op(
            name, 1, lambda params, s, d: (_without(s[0], params), "int64"), evaluate,
            Zero("positions are piecewise constant"), doc="position along an axis",
            image="[0, inf)", integral=True, axes="over", valid=validity.axis,
            bounds=lambda params, s, values: [(0, 1, s[0][params[0]])],
            kink=lambda x, axis: _tie_kink(name[3:])(x, (axis,)),
        ),
        public=False,
    )  # fmt: skip

    def position(x: Any, axis: int | None = None, keepdims: bool = False) -> Any:
        if not isinstance(x, Expr):
            return evaluate(x, axis, keepdims=keepdims)
        if keepdims:
            return expand_dims(position(x, axis), tuple(range(x.ndim)) if axis is None or not x.ndim else axis)
        if axis is None or (not x.ndim and axis in (0, -1)):
            x, axis = x.ravel(), 0
        k = shapes.axis(axis, x.ndim, name)
        if x.shape[k] == 0:
            raise ShapeError(f"{name}: axis of size 0 has no {name[3:]}")
        return x.apply(op, (x,), (k,))

    position.__name__ = name
    position.__doc__ = (
        f"Position of the {name[3:]}imum along an axis (of the flattened x by default); the first of ties."
    )
    expose(name, position)
    return position


argmax = _argument("argmax", np.argmax)
argmin = _argument("argmin", np.argmin)
argmax_op, argmin_op = OPS["argmax"], OPS["argmin"]

# --- softmax ------------------------------------------------------------------------------------------------


def _axis_of(name: str) -> Callable[..., Any]:
    def normalise(x: Any, axis: int = -1) -> tuple:
        return (x,), (shapes.axis(axis, x.ndim if isinstance(x, Expr) else np.ndim(x), name),)

    return normalise


def _softmax_values(x: Any, axis: int) -> Any:
    x = _floating(x)
    e = np.exp(x - np.max(x, axis=axis, keepdims=True, initial=-np.inf))
    return e / np.sum(e, axis=axis, keepdims=True)


def _log_softmax_values(x: Any, axis: int) -> Any:
    x = _floating(x)
    z = x - np.max(x, axis=axis, keepdims=True, initial=-np.inf)  # a large x would round off logsumexp
    return z - np.log(np.sum(np.exp(z), axis=axis, keepdims=True))


def _pairs(ndim: int, axis: int) -> tuple[tuple, tuple]:
    """Labels of y, and of x with another label at the axis."""
    labels = tuple(range(ndim))
    return labels, tuple("j" if i == axis else i for i in labels)


def _softmax_terms(k: int, y: Expr, xs: Sequence[Expr], params: tuple) -> list[Term]:
    labels, other = _pairs(y.ndim, params[0])
    return [Term(1, [(y, labels)], labels, labels), Term(-1, [(y, labels), (y, other)], labels, other)]


def _log_softmax_terms(k: int, y: Expr, xs: Sequence[Expr], params: tuple) -> list[Term]:
    labels, other = _pairs(y.ndim, params[0])
    return [Term(1, [], labels, labels), Term(-1, [(softmax(xs[0], params[0]), other)], labels, other)]


def _shifted(x: Expr, axis: int) -> Expr:
    """x - max(x): its logsumexp is small, which that of a large x would round off."""
    return x - FUNCTIONS["stop_gradient"](max(x, axis, keepdims=True))


softmax = register(
    Op(
        "softmax", 1, lambda params, s, d: (s[0], inexact(d[0])), _softmax_values, Networks(_softmax_terms),
        normalise=_axis_of("softmax"), doc="exp(x)/sum(exp(x)) along an axis, the last by default",
        image="(0, 1]", finite=True, axes="along", valid=validity.axis,
        composition=lambda x, axis: exp(log_softmax(x, axis)),
    )
)  # fmt: skip
log_softmax = register(
    Op(
        "log_softmax", 1, lambda params, s, d: (s[0], inexact(d[0])), _log_softmax_values,
        Networks(_log_softmax_terms),
        normalise=_axis_of("log_softmax"), doc="x - logsumexp(x) along an axis, the last by default",
        image="(-inf, 0]", axes="along", valid=validity.axis,
        composition=lambda x, axis: _shifted(x, axis) - logsumexp(_shifted(x, axis), axis, keepdims=True),
    )
)  # fmt: skip

def _stable_log(x: Expr) -> Expr | None:
    """log(1 + exp(u)) = softplus(u), log(sigmoid(u)) = -softplus(-u), log(1 - sigmoid(u)) = -softplus(u),
    log(softmax(u)) = log_softmax(u), log(sum(exp(u))) = logsumexp(u): without overflow, and with short derivatives."""
    g, op = x.graph, x.op
    if op is sigmoid:
        return -softplus(-x.inputs[0])
    if op is softmax:
        return log_softmax(x.inputs[0], g._params[x.node][0])
    if op is ADD and len(x.inputs) == 2:
        for (c, e), (d, f) in permutations(zip(g._params[x.node], x.inputs, strict=True)):
            if c == 1 and e.op is CONSTANT and g._params[e.node] == ("int", 1):
                if d == 1 and f.op is exp:
                    return softplus(f.inputs[0])
                if d == -1 and f.op is sigmoid:
                    return -softplus(f.inputs[0])
    if op is CONTRACT and len(x.inputs) == 1 and x.inputs[0].op is exp:
        (labels,), out, free = g._params[x.node]
        kept = tuple(i for i in labels if i in out)
        if len(set(labels)) == len(labels) and kept == out and not free and len(out) < len(labels):
            return logsumexp(x.inputs[0].inputs[0], axis=tuple(k for k, i in enumerate(labels) if i not in out))
    return None


STABLE[log] = _stable_log


# --- sorting ------------------------------------------------------------------------------------------------

def _sorting(x: Any, axis: int = -1, *, descending: bool = False, stable: bool = True) -> tuple:
    (x,), params = _axis_of("argsort")(x, axis)
    return (-(x if isinstance(x, Expr) else np.asarray(x)) if descending else x,), params


argsort = register(
    Op(
        "argsort", 1, lambda params, s, d: (s[0], "int64"),
        lambda x, axis: np.argsort(x, axis=axis, kind="stable"),
        Zero("positions are piecewise constant"), normalise=_sorting,
        doc="the positions that sort x along an axis, the last by default; those of ties in order",
        image="[0, inf)", integral=True, axes="along", valid=validity.axis,
        kink=lambda x, axis: FUNCTIONS["diff"](sort(x, axis), axis=axis),
    )
)  # fmt: skip


@function("sort")
def sort(x: Any, axis: int | None = -1, *, descending: bool = False, stable: bool = True) -> Any:
    """x sorted along an axis (flattened for None); the gradient goes back to the entries' places."""
    if not isinstance(x, Expr):
        return -np.sort(-np.asarray(x), axis=axis) if descending else np.sort(x, axis=axis)
    if axis is None:
        x, axis = x.ravel(), 0
    k = shapes.axis(axis, x.ndim, "sort")
    order = argsort(x, k, descending=descending)
    return take(x, order, axis=0) if x.ndim == 1 else take_along_axis(x, order, k)


# --- statistics and norms -----------------------------------------------------------------------------------


@function("var")
def var(x: Any, axis: Any = None, keepdims: bool = False, correction: float = 0) -> Any:
    """Variance over axes, divided by N - correction."""
    if not isinstance(x, Expr):
        return np.var(x, axis=axis, keepdims=keepdims, ddof=correction)
    return sum((x - mean(x, axis, keepdims=True)) ** 2, axis, keepdims) / _freedom(x, axis, correction)


def _freedom(x: Expr, axis: Any, correction: float) -> Expr:
    """N - correction."""
    return x.graph.size(shapes.count(x.shape[k] for k in shapes.axes(axis, x.ndim, "var"))) - correction


@function("std")
def std(x: Any, axis: Any = None, keepdims: bool = False, correction: float = 0) -> Any:
    """Standard deviation over axes: the root of `var`; its gradient is 0 where all entries are equal."""
    if not isinstance(x, Expr):
        return np.std(x, axis=axis, keepdims=keepdims, ddof=correction)
    return norm2(x - mean(x, axis, keepdims=True), axis, keepdims) / sqrt(_freedom(x, axis, correction))


@function("norm1")
def norm1(x: Any) -> Any:
    """Sum of absolute values of all entries."""
    return sum(abs(x))


@function("norm_inf")
def norm_inf(x: Any) -> Any:
    """Largest absolute value of all entries."""
    return max(abs(x))


@function("vector_norm", ["linalg.vector_norm"])
def vector_norm(x: Any, axis: Any = None, keepdims: bool = False, ord: Any = 2) -> Any:
    """The norm of the entries over axes (all by default): 2, 1, inf, -inf, 0 (entries that are not 0) or
    p."""
    if not isinstance(x, Expr):
        return np.linalg.vector_norm(x, axis=axis, keepdims=keepdims, ord=ord)
    if not isinstance(ord, (int, float)):
        raise ShapeError(f"vector_norm: ord={ord!r} is not known")
    if ord == 2:
        return norm2(x, axis, keepdims)
    if ord == 0:
        return FUNCTIONS["astype"](sum(where(equal(x, 0), 0, 1), axis, keepdims), inexact(x.dtype))
    size = abs(x)
    if ord == np.inf:
        return max(size, axis, keepdims)
    if ord == -np.inf:
        return min(size, axis, keepdims)
    if ord == 1:
        return sum(size, axis, keepdims)
    return sum(size**ord, axis, keepdims) ** (Fraction(1, ord) if isinstance(ord, int) else 1 / ord)


@function("norm", ["linalg.norm"])
def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    """numpy.linalg.norm: 2 or "fro" by default; p for vectors; 1, -1, inf, -inf, 2 and "nuc" for matrices."""
    if not isinstance(x, Expr):
        return np.linalg.norm(x, ord, axis, keepdims)
    axes = shapes.axes(axis, x.ndim, "norm")
    if ord is None or (ord == "fro" and len(axes) == 2):
        return norm2(x, axis, keepdims)
    if len(axes) == 1:
        return vector_norm(x, axis, keepdims, ord)
    if len(axes) == 2 and not isinstance(ord, Expr) and ord in (1, -1, np.inf, -np.inf):
        first, second = axes if ord in (1, -1) else axes[::-1]
        lines = sum(abs(x), axis=first, keepdims=True)
        y = (max if ord > 0 else min)(lines, axis=second, keepdims=True)
        return y if keepdims else reshape(y, _without(x.shape, axes))
    if x.ndim == len(axes) == 2 and ord in (2, "nuc"):
        y = FUNCTIONS["norm_spec" if ord == 2 else "norm_nuc"](x)
        return expand_dims(y, (0, 1)) if keepdims else y
    raise ShapeError(f"norm: ord={ord!r} is not known for shape {shapes.text(x.shape)} and axis={axis!r}")
