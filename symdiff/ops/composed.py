"""Functions of numpy, of the array API and of scipy.special that are a line of other ops, and numpy's own
argument names.

An entry ``"numpy.f"`` is what ``np.f`` of an expression means where numpy's arguments differ from the array
API's.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import wraps
from itertools import pairwise
from typing import Any

import numpy as np

from .. import shapes
from ..budget import within
from ..errors import ShapeError
from ..expr import Expr, graph_of
from ..graph import Graph
from ..lazy import module
from ..op import CANONICAL, FUNCTIONS, expose
from .contractions import (
    diag,
    einsum,
    expand_dims,
    matmul,
    mean,
    moveaxis,
    permute_dims,
    sum,
)
from .contractions import diagonal as diagonals
from .elementwise import exp2, log2, sqrt
from .layout import concat, getitem, pad, reshape
from .order import max, min
from .piecewise import isfinite, isnan, logical_not, maximum, minimum, not_equal, where
from .products import broadcast_to, full
from .scan import cumulative_sum
from .vectors import crossed


def composed(name: str, *aliases: str) -> Callable[[Callable], Callable]:
    """Decorator: a public function of expressions; of numbers and arrays it is numpy's of the same name."""

    def enter(f: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(f)
        def call(*args: Any, **kwargs: Any) -> Any:
            if not _symbolic(args) and not _symbolic(tuple(kwargs.values())):
                for owner in ("numpy.linalg" if name.startswith("linalg.") else "numpy", "scipy.special"):
                    plain = getattr(module(owner), name.rpartition(".")[2], None)
                    if plain is not None:
                        return plain(*args, **kwargs)
            return f(*args, **kwargs)

        call.__module__ = __name__  # also of a function that is public already: its errors are those of this name
        expose(name, call, aliases)
        return call

    return enter


def _symbolic(value: Any) -> bool:
    return isinstance(value, Expr) or (isinstance(value, (tuple, list)) and any(_symbolic(v) for v in value))


def lifted(*xs: Any) -> list[Any]:
    if not any(isinstance(x, Expr) for x in xs):
        return [np.asarray(x) for x in xs]
    first = Expr(graph_of(*xs), 0)
    return [first.lift(x) for x in xs]


# --- elementwise ----------------------------------------------------------------------------------------------


@composed("isinf")
def isinf(x: Any) -> Any:
    """True where x is inf or -inf."""
    return logical_not(isfinite(x)) & logical_not(isnan(x))


@composed("logaddexp2")
def logaddexp2(x: Any, y: Any) -> Any:
    """log2(2**x + 2**y)."""
    x, y = lifted(x, y)
    top = maximum(x, y)
    return top + log2(exp2(x - top) + exp2(y - top))


@composed("conj", "conjugate", "real", "copy")
def conj(x: Any) -> Any:
    """x: every expression is real."""
    return x


@composed("imag")
def imag(x: Any) -> Any:
    """Zeros: every expression is real."""
    return FUNCTIONS["zeros_like"](x)


@composed("polyval")
def polyval(p: Sequence[Any], x: Any) -> Any:
    """``p[0]*x**(n-1) + ... + p[n-1]`` by Horner's scheme, highest power first."""
    coefficients = list(p)
    result = coefficients[0] if coefficients else 0
    for c in coefficients[1:]:
        result = result * x + c
    return result


@composed("swish", "silu")
def swish(x: Any) -> Any:
    """x*sigmoid(x)."""
    return x * FUNCTIONS["sigmoid"](x)


@composed("gelu")
def gelu(x: Any) -> Any:
    """x*Phi(x) with the normal distribution function Phi."""
    return x * FUNCTIONS["ndtr"](x)


@composed("leaky_relu")
def leaky_relu(x: Any, negative_slope: float = 0.01) -> Any:
    """x where it is positive, else negative_slope*x."""
    return where(x > 0, x, negative_slope * x)


@composed("elu")
def elu(x: Any) -> Any:
    """x where it is positive, else exp(x) - 1."""
    return where(x > 0, x, FUNCTIONS["expm1"](x))


@composed("log_sigmoid", "log_expit", "logsigmoid")
def log_sigmoid(x: Any) -> Any:
    """log(sigmoid(x)), without overflow."""
    return -FUNCTIONS["softplus"](-x)


@composed("kl_div")
def kl_div(x: Any, y: Any) -> Any:
    """x*log(x/y) - x + y."""
    return FUNCTIONS["rel_entr"](x, y) - x + y


@composed("huber")
def huber(delta: Any, r: Any) -> Any:
    """r**2/2 where |r| <= delta, else delta*(|r| - delta/2)."""
    return where(abs(r) <= delta, r**2 / 2, delta * (abs(r) - delta / 2))


@composed("pseudo_huber")
def pseudo_huber(delta: Any, r: Any) -> Any:
    """delta**2*(sqrt(1 + (r/delta)**2) - 1)."""
    return delta**2 * (sqrt(1 + (r / delta) ** 2) - 1)


@composed("boxcox")
def boxcox(x: Any, lmbda: Any) -> Any:
    """(x**lmbda - 1)/lmbda, and its limit log(x) at 0."""
    logarithm = FUNCTIONS["log"](lmbda.lift(x) if isinstance(lmbda, Expr) else x)
    return logarithm * FUNCTIONS["exprel"](lmbda * logarithm)


@composed("boxcox1p")
def boxcox1p(x: Any, lmbda: Any) -> Any:
    """boxcox(1 + x, lmbda), accurate near x = 0."""
    logarithm = FUNCTIONS["log1p"](lmbda.lift(x) if isinstance(lmbda, Expr) else x)
    return logarithm * FUNCTIONS["exprel"](lmbda * logarithm)


@composed("exp10")
def exp10(x: Any) -> Any:
    """10**x."""
    return FUNCTIONS["pow"](10, x)


@composed("powm1")
def powm1(x: Any, y: Any) -> Any:
    """x**y - 1, accurate near x = 1 and y = 0."""
    return FUNCTIONS["expm1"](y * FUNCTIONS["log"](x))


@composed("cosm1")
def cosm1(x: Any) -> Any:
    """cos(x) - 1, accurate near 0."""
    return -2 * FUNCTIONS["sin"](x / 2) ** 2


@composed("inv_boxcox")
def inv_boxcox(y: Any, lmbda: Any) -> Any:
    """(1 + lmbda*y)**(1/lmbda), the inverse of boxcox; exp(y) at 0."""
    return FUNCTIONS["exp"](_inner(y, lmbda))


@composed("inv_boxcox1p")
def inv_boxcox1p(y: Any, lmbda: Any) -> Any:
    """inv_boxcox(y, lmbda) - 1, accurate near y = 0."""
    return FUNCTIONS["expm1"](_inner(y, lmbda))


def _inner(y: Any, lmbda: Any) -> Any:
    """log(1 + lmbda*y)/lmbda: y over expm1(u)/u, where u = log(1 + lmbda*y)."""
    return y / FUNCTIONS["exprel"](FUNCTIONS["log1p"](lmbda * y))


@composed("radian")
def radian(d: Any, m: Any, s: Any) -> Any:
    """Degrees, minutes and seconds as an angle."""
    return FUNCTIONS["deg2rad"](d + m / 60 + s / 3600)


@composed("cotdg")
def cotdg(x: Any) -> Any:
    """cot of an angle in degrees."""
    return FUNCTIONS["cot"](FUNCTIONS["deg2rad"](x))


@composed("root")
def root(x: Any, degree: Any) -> Any:
    """x**(1/degree)."""
    if isinstance(degree, int):
        return FUNCTIONS["sqrt"](x) if degree == 2 else FUNCTIONS["pow"](x, Fraction(1, degree))
    return x ** (1 / degree)


# --- reductions and statistics --------------------------------------------------------------------------------


@composed("ptp")
def ptp(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Largest minus smallest entry."""
    return max(x, axis, keepdims) - min(x, axis, keepdims)


@composed("count_nonzero")
def count_nonzero(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """How many entries are not 0."""
    return sum(not_equal(x, 0), axis, keepdims, dtype="int64")


@composed("average")
def average(x: Any, axis: Any = None, weights: Any = None) -> Any:
    """Weighted mean; weights have the shape of x, or of its axis."""
    if weights is None:
        return mean(x, axis)
    x, weights = lifted(x, weights)
    if weights.shape != x.shape:
        k = shapes.axis(axis, x.ndim, "average")
        weights = broadcast_to(
            reshape(weights, tuple(s if i == k else 1 for i, s in enumerate(x.shape))), x.shape
        )
    return sum(x * weights, axis) / sum(weights, axis)


@composed("numpy.clip")
def _numpy_clip(a: Any, a_min: Any = None, a_max: Any = None, min: Any = None, max: Any = None) -> Any:
    """np.clip, with its older argument names."""
    low, high = min if a_min is None else a_min, max if a_max is None else a_max
    if low is not None:
        a = maximum(a, low)
    return a if high is None else minimum(a, high)


# --- layout ---------------------------------------------------------------------------------------------------


@composed("atleast_1d")
def atleast_1d(x: Any) -> Any:
    """x, a scalar as a vector of one entry."""
    return x if x.ndim else expand_dims(x, 0)


@composed("atleast_2d")
def atleast_2d(x: Any) -> Any:
    """x, a scalar or vector as a matrix of one row."""
    return x if x.ndim > 1 else expand_dims(atleast_1d(x), 0)


@composed("atleast_3d")
def atleast_3d(x: Any) -> Any:
    """x with three axes: a vector is their middle one, a matrix their first two."""
    return x if x.ndim > 2 else expand_dims(atleast_2d(x), -1)


@composed("append")
def append(arr: Any, values: Any, axis: int | None = None) -> Any:
    """Entries joined at the end; flattened without an axis."""
    arr, values = lifted(*(x if isinstance(x, Expr) else np.asarray(x) for x in (arr, values)))
    if axis is None:
        arr, values, axis = reshape(arr, (-1,)), reshape(values, (-1,)), 0
    return concat(arr, values, axis=axis)


@composed("column_stack")
def column_stack(arrays: Sequence[Any]) -> Any:
    """Vectors as the columns of a matrix."""
    return concat([expand_dims(atleast_1d(x), 1) if x.ndim < 2 else x for x in lifted(*arrays)], axis=1)


@composed("fliplr")
def fliplr(x: Any) -> Any:
    """Columns reversed."""
    return FUNCTIONS["flip"](x, 1)


@composed("flipud")
def flipud(x: Any) -> Any:
    """Rows reversed."""
    return FUNCTIONS["flip"](x, 0)


@composed("rot90")
def rot90(x: Any, k: int = 1) -> Any:
    """A matrix turned by k right angles."""
    for _ in range(k % 4):
        x = flipud(permute_dims(x, (1, 0, *range(2, x.ndim))))
    return x


@composed("split")
def split(x: Any, indices_or_sections: Any, axis: int = 0) -> list:
    """Parts along an axis: equal ones, or cut at positions."""
    k = shapes.axis(axis, x.ndim, "split")
    cuts = indices_or_sections
    if isinstance(cuts, int):
        part = shapes.divide(x.shape[k], within("nodes", cuts, "split"))
        cuts = [shapes.multiply(part, i) for i in range(1, cuts)]
    bounds = [None, *cuts, None]
    return [getitem(x, (*(slice(None),) * k, slice(a, b))) for a, b in pairwise(bounds)]


@composed("numpy.select")
def _numpy_select(condlist: Sequence[Any], choicelist: Sequence[Any], default: Any = 0) -> Any:
    """np.select: the choice of the first condition that holds."""
    result = default
    for condition, choice in reversed(list(zip(condlist, choicelist, strict=True))):
        result = where(condition, choice, result)
    return result


def arange(
    start: Any, stop: Any = None, step: Any = 1, *, graph: Graph | None = None, dtype: Any = None, device: Any = None
) -> Any:
    """start, start + step, ... below stop; one named size gives 0, 1, ..., n - 1."""
    if stop is None and isinstance(start, str):
        return cumulative_sum(Expr(g := graph or Graph(), full(g, 1, (start,)))) - 1
    return np.arange(start, dtype=dtype) if stop is None else np.arange(start, stop, step, dtype=dtype)


expose("arange", arange)


@composed("shape")
def shape(x: Any) -> Any:
    """The sizes of the axes."""
    return x.shape


@composed("ndim")
def ndim(x: Any) -> Any:
    """The number of axes."""
    return x.ndim


@composed("size")
def size(x: Any, axis: int | None = None) -> Any:
    """The number of entries, or of those along an axis."""
    return x.size if axis is None else x.shape[axis]


# --- diagonals with an offset ---------------------------------------------------------------------------------


def _offset_diagonal(x: Expr, k: int) -> Expr:
    """The k-th diagonal of each matrix of a stack: of the largest square block that begins with it."""
    if k:
        x = getitem(x, (..., slice(None), slice(k, None)) if k > 0 else (..., slice(-k, None), slice(None)))
    rows, columns = x.shape[-2:]
    if rows != columns:
        if not isinstance(rows, int) or not isinstance(columns, int):
            raise ShapeError(f"diagonal: shape {shapes.text(x.shape)} needs known sizes, or to be square with offset 0")
        n = rows if rows < columns else columns
        x = getitem(x, (..., slice(0, n), slice(0, n)))
    return diagonals(x)


@composed("linalg.diagonal")
def linalg_diagonal(x: Any, offset: int = 0) -> Any:
    """The diagonal of each matrix of a stack, `offset` above the main one."""
    return _offset_diagonal(x, offset)


@composed("linalg.trace")
def linalg_trace(x: Any, offset: int = 0, dtype: Any = None) -> Any:
    """The sum of the diagonal of each matrix of a stack."""
    return sum(_offset_diagonal(x if dtype is None else FUNCTIONS["astype"](x, dtype), offset), axis=-1)


@composed("numpy.diagonal")
def _numpy_diagonal(a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """np.diagonal: of the first two axes."""
    if a.ndim < 2:
        raise ShapeError(f"diagonal: expected a matrix, got shape {shapes.text(a.shape)}")
    return _offset_diagonal(moveaxis(a, (axis1, axis2), (-2, -1)), offset)


@composed("numpy.trace")
def _numpy_trace(
    a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1, dtype: Any = None, out: None = None
) -> Any:
    """np.trace: of the first two axes."""
    a = a if dtype is None else FUNCTIONS["astype"](a, dtype)
    if a.ndim < 2 or (a.ndim == 2 and not offset and a.shape[0] == a.shape[1]):
        return FUNCTIONS["trace"](a)
    return sum(_numpy_diagonal(a, offset, axis1, axis2), axis=-1)


@composed("numpy.diag")
def _numpy_diag(v: Any, k: int = 0) -> Any:
    """np.diag: a matrix with x on its k-th diagonal, or the k-th diagonal of a matrix."""
    if v.ndim == 2:
        return _offset_diagonal(v, k)
    if not k:
        return diag(v)
    return pad(diag(v), ((0, k), (k, 0)) if k > 0 else ((-k, 0), (0, -k)))


# --- products -------------------------------------------------------------------------------------------------


@composed("cross", "linalg.cross")
def cross(a: Any, b: Any, axis: int = -1) -> Any:
    """The cross product of vectors of three entries along an axis, the last by default."""
    a, b = (moveaxis(x, axis, -1) for x in lifted(a, b))
    if a.shape[-1:] != (3,) or b.shape[-1:] != (3,):
        raise ShapeError(f"cross: shapes {shapes.text(a.shape)} and {shapes.text(b.shape)}: three entries are needed")
    return moveaxis(crossed(a, b), -1, axis)


@composed("matvec")
def matvec(a: Any, x: Any) -> Any:
    """A @ x for stacks of matrices and of vectors."""
    a, x = lifted(a, x)
    return matmul(a, x) if x.ndim == 1 else matmul(a, expand_dims(x, -1))[..., 0]


@composed("vecmat")
def vecmat(x: Any, a: Any) -> Any:
    """x @ A for stacks of vectors and of matrices."""
    x, a = lifted(x, a)
    return matmul(x, a) if x.ndim == 1 else matmul(expand_dims(x, -2), a)[..., 0, :]


@composed("numpy.einsum")
def _numpy_einsum(spec: str, *operands: Any, optimize: Any = None) -> Any:
    """np.einsum; the order of products is chosen at evaluation."""
    return einsum(spec, *operands)


@composed("linalg.matmul")
def _linalg_matmul(a: Any, b: Any) -> Any:
    """np.linalg.matmul: A @ B."""
    return matmul(a, b)


@composed("dstack")
def dstack(arrays: Sequence[Any]) -> Any:
    """Arrays joined along their third axis."""
    return concat([atleast_3d(x) for x in lifted(*arrays)], axis=2)


for _name in ("outer", "tensordot", "vecdot", "matrix_transpose"):
    if "linalg." + _name not in CANONICAL:
        expose("linalg." + _name, FUNCTIONS[_name])
