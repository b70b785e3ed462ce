"""Running sums and products along an axis, and the linear recurrence that differentiates the products.

The derivatives hold for entries of any sign and for zeros, to any order: nothing is divided.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from .. import shapes, validity
from ..errors import ShapeError
from ..expr import Expr
from ..facets import ELEMENTWISE, keeps, rows_aligned, rows_but
from ..op import FUNCTIONS, Action, Custom, Linear, Op, function, promoted, register
from ..shapes import Shape
from .contractions import sum
from .control import shown_as
from .layout import concat, flip, getitem
from .products import broadcast_to, multiply


def accumulated(dtype: str) -> str:
    """The type in which numpy accumulates this one."""
    return {"bool": "int64", "int32": "int64"}.get(dtype, dtype)


def _shifted(x: Expr, axis: int, first: int) -> Expr:
    """The entries moved on by one along an axis (counted from the end), `first` in front, the last one
    gone."""
    k = x.ndim + axis
    if x.shape[k] == 0:
        return x
    edge = (*x.shape[:k], 1, *x.shape[k + 1 :])
    rest = getitem(x, (*(slice(None),) * k, slice(None, -1)))
    return concat([broadcast_to(x.graph.constant(first), edge), rest], axis=k)


# --- linear recurrence --------------------------------------------------------------------------------------


def _recurrence_infer(params: tuple, operands: Sequence[Shape], dtypes: Sequence[str]) -> tuple[Shape, str]:
    a, b = operands
    if len(b) < len(a) or b[len(b) - len(a) :] != a or not a:
        raise ShapeError(
            f"linear_recurrence: shapes {shapes.text(a)} and {shapes.text(b)} do not fit together"
        )
    return b, promoted(dtypes)


def _recurrence_values(a: Any, b: Any, axis: int) -> Any:
    b = np.asarray(b)
    s = np.array(np.moveaxis(b, axis, 0), dtype=np.result_type(a, b))
    a = np.moveaxis(np.broadcast_to(a, b.shape), axis, 0)
    for i in range(1, len(s)):
        s[i] += a[i] * s[i - 1]
    return np.moveaxis(s, 0, axis)


def _recurrence_tangent(k: int, t: Expr, y: Expr, xs: Sequence[Expr], params: tuple, lead: int) -> Expr:
    a, (axis,) = xs[0], params
    return linear_recurrence(a, t if k == 1 else _in_front(t, lead, y.ndim) * _shifted(y, axis, 0), axis)


def _recurrence_cotangent(k: int, ct: Expr, y: Expr, xs: Sequence[Expr], params: tuple, lead: int) -> Expr:
    """l[i] = ct[i] + a[i+1]*l[i+1], the recurrence backwards; for b it is l, for a the sum of l[i]*s[i-1]."""
    a, (axis,) = xs[0], params
    back = flip(linear_recurrence(_shifted(flip(a, axis), axis, 0), flip(ct, axis), axis), axis)
    if k == 1:
        return back
    return sum(back * _shifted(y, axis, 0), axis=tuple(range(lead, lead + y.ndim - a.ndim)))


def _in_front(t: Expr, lead: int, ndim: int) -> Expr:
    """Axes of size 1 after the `lead` ones, so that t broadcasts against a result of `ndim` axes."""
    return getitem(t, (*(slice(None),) * lead, *(None,) * (ndim - (t.ndim - lead))))


recurrence_op = register(
    Op(
        "linear_recurrence", 2, _recurrence_infer, _recurrence_values,
        Action(_recurrence_tangent, _recurrence_cotangent),
        samples=((-1, 1), (-2, 2)), doc="s[i] = a[i]*s[i-1] + b[i] along an axis",
        rows=rows_aligned, running=True, valid=validity.axis,
    ),
    public=False,
)  # fmt: skip


@function("linear_recurrence")
def linear_recurrence(a: Any, b: Any, axis: int = -1) -> Any:
    """``s[i] = a[i]*s[i-1] + b[i]`` along an axis, from ``s[0] = b[0]``; b may have further axes in front.

    >>> import numpy as np
    >>> linear_recurrence(np.array([0.0, 2.0, 3.0]), np.array([1.0, 1.0, 1.0]))
    array([ 1.,  3., 10.])
    """
    first = a if isinstance(a, Expr) else b
    if not isinstance(first, Expr):
        return _recurrence_values(np.asarray(a), np.asarray(b), axis)
    a, b = first.lift(a), first.lift(b)
    return first.apply(recurrence_op, (a, b), (shapes.axis(axis, a.ndim, "linear_recurrence") - a.ndim,))


# --- running sums and products ------------------------------------------------------------------------------

cumsum_op = register(
    Op(
        "cumulative_sum", 1, lambda params, s, d: (s[0], accumulated(d[0])),
        lambda x, axis: np.cumsum(x, axis=axis),
        Linear(
            lambda xs, params, lead: cumulative_sum(xs[0], params[0] + lead),
            lambda k, ct, xs, params, lead: _cumsum_back(ct, params[0] + lead),
        ),
        doc="running sums along an axis", facts=keeps("nonnegative"), axes="along", running=True,
        names={"numpy": "cumsum"}, valid=validity.axis,
    ),
    public=False,
)  # fmt: skip


def _cumsum_back(ct: Expr, axis: int) -> Expr:
    return flip(cumulative_sum(flip(ct, axis), axis), axis)


def _axis_of(x: Expr, axis: int | None, name: str) -> tuple[Expr, int]:
    return (x.ravel(), 0) if axis is None else (x, shapes.axis(axis, x.ndim, name))


def _running(values: Any, axis: int | None, first: int, include_initial: bool) -> Any:
    """Running sums or products, with the empty one in front where it is asked for."""
    if not include_initial:
        return values
    k = shapes.axis(0 if axis is None else axis, values.ndim, "include_initial")
    edge = (*values.shape[:k], 1, *values.shape[k + 1 :])
    if isinstance(values, np.ndarray):
        return np.concatenate([np.full(edge, first, values.dtype), values], axis=k)
    return concat([FUNCTIONS["astype"](broadcast_to(values.graph.constant(first), edge), values.dtype), values], axis=k)


@function("cumulative_sum", ["cumsum"])
def cumulative_sum(x: Any, axis: int | None = None, *, dtype: Any = None, include_initial: bool = False) -> Any:
    """Running sums along an axis (of the flattened x by default)."""
    if not isinstance(x, Expr):
        return _running(np.cumsum(x, axis=axis, dtype=dtype), axis, 0, include_initial)
    x, axis = _axis_of(x if dtype is None else FUNCTIONS["astype"](x, dtype), axis, "cumulative_sum")
    return _running(x.apply(cumsum_op, (x,), (axis,)), axis, 0, include_initial)


def _cumprod_tangent(x: Expr, y: Expr, t: Expr, axis: int) -> Expr:
    """t_y[i] = x[i]*t_y[i-1] + y[i-1]*t[i]"""
    return linear_recurrence(x, _shifted(y, axis, 1) * t, axis)


cumprod_op = register(
    Op(
        "cumulative_prod", 1, lambda params, s, d: (s[0], accumulated(d[0])),
        lambda x, axis: np.cumprod(x, axis=axis),
        Custom(jvp=lambda ts, y, x: _cumprod_tangent(x, y, ts[0], y.graph.params(y.node)[0])),
        doc="running products along an axis", facts=keeps(*ELEMENTWISE), axes="along", running=True,
        names={"numpy": "cumprod"}, valid=validity.axis,
    ),
    public=False,
)  # fmt: skip


@function("cumulative_prod", ["cumprod"])
def cumulative_prod(x: Any, axis: int | None = None, *, dtype: Any = None, include_initial: bool = False) -> Any:
    """Running products along an axis (of the flattened x by default).

    >>> import symdiff as sd
    >>> x = sd.Graph().variable("x", 3)
    >>> sd.evaluate(sd.jacobian(cumulative_prod(x), x), {x: [2.0, 0.0, 5.0]})
    array([[ 1.,  0.,  0.],
           [ 0.,  2.,  0.],
           [ 0., 10.,  0.]])
    """
    if not isinstance(x, Expr):
        return _running(np.cumprod(x, axis=axis, dtype=dtype), axis, 1, include_initial)
    x, axis = _axis_of(x if dtype is None else FUNCTIONS["astype"](x, dtype), axis, "cumulative_prod")
    return _running(x.apply(cumprod_op, (x,), (axis - x.ndim,)), axis, 1, include_initial)


# --- the product of the others ------------------------------------------------------------------------------


def _others_values(x: Any) -> Any:
    x = np.asarray(x)
    before, after = np.ones_like(x), np.ones_like(x)
    np.cumprod(x[..., :-1], axis=-1, out=before[..., 1:])
    np.cumprod(x[..., :0:-1], axis=-1, out=after[..., -2::-1])
    return before * after


def _others_tangent(k: int, t: Expr, y: Expr, xs: Sequence[Expr], params: tuple, lead: int) -> Expr:
    """The product rule on (product of the entries before) * (product of those after); the map is its own transpose."""
    (x,) = xs

    def exclusive(v: Expr, t: Expr) -> tuple[Expr, Expr]:
        running = cumulative_prod(v, -1)
        return _shifted(running, -1, 1), _shifted(_cumprod_tangent(v, running, t, -1), -1, 0)

    before, before_t = exclusive(x, t)
    after, after_t = (flip(e, -1) for e in exclusive(flip(x, -1), flip(t, -1)))
    tangent = multiply(before_t, after) + multiply(before, after_t)
    where_no_entry_is_zero = y * (sum(t / x, axis=-1, keepdims=True) - t / x)
    return tangent.apply(shown_as, (tangent, where_no_entry_is_zero), ())


def _before(x: Expr) -> Expr:
    """The product of the entries before each."""
    return _shifted(cumulative_prod(x, -1), -1, 1)


prod_of_others = register(
    Op(
        "prod_of_others", 1, lambda params, s, d: (s[0], accumulated(d[0])), _others_values,
        Action(_others_tangent, _others_tangent),
        doc="for each entry the product of the others on the last axis: prod(x)/x",
        facts=keeps(*ELEMENTWISE), rows=rows_but(lambda p: (-1,)),
        composition=lambda x: _before(x) * flip(_before(flip(x, -1)), -1),
    ),
    public=False,
)  # fmt: skip
