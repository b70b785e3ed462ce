"""What ops that are not one opcode are made of: instructions of the interpreter on views.

A recipe is ``function(lowering, views of the operands, params, node) -> view``; the lowering provides `map`,
`contract`, `literal` and the like.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..constants import as_float
from ..errors import InputError
from ..op import OPS, Op
from ..ops.control import stop_gradient
from ..ops.elementwise import pow_op
from ..ops.layout import cast_op, concat_op, getitem_op, place_op, reshape_op, scatter_add_op, take_op
from ..ops.order import log_softmax, logsumexp_op, norm2_op, softmax
from ..ops.piecewise import greater, greater_equal
from ..ops.products import ADD, CONTRACT
from ..ops.scan import cumsum_op
from ..ops.triangles import tril, triu
from ..program import label
from .formulas import POWERS, spelled
from .opcodes import OPCODE
from .views import Shape, Unfit, View, contiguous

Recipe = Callable[[Any, Sequence[View], tuple, int], View]
RECIPES: dict[Op, Recipe] = {}


def label_sizes(factors: Sequence[tuple[View, Sequence]], free: Sequence[tuple[Any, int]]) -> dict[Any, int]:
    return {i: n for v, ls in factors for i, n in zip(ls, v.shape, strict=True)} | dict(free)


def _recipe(*ops: Op) -> Callable[[Recipe], Recipe]:
    def enter(f: Recipe) -> Recipe:
        RECIPES.update(dict.fromkeys(ops, f))
        return f

    return enter


@_recipe(ADD)
def _add_recipe(low: Any, xs: Sequence[View], params: tuple, n: int) -> View:
    """Of one term, or of scalars of which some are entries of arrays."""
    (x, c) = (xs[0], params[0])
    y = x if c == 1 else low.map("neg", x) if c == -1 else low.map("mul", x, low.literal(as_float(c)))
    for x, c in zip(xs[1:], params[1:], strict=True):
        y = (
            low.map("add" if c == 1 else "sub", y, x)
            if c in (1, -1)
            else low.map("fma", y, low.literal(as_float(c)), x)
        )
    return y


@_recipe(CONTRACT)
def _contract_recipe(low: Any, xs: Sequence[View], params: tuple, n: int) -> View:
    labels, out, free = params
    factors = list(zip(xs, labels, strict=True))
    return low.contract(factors, out, label_sizes(factors, free))


@_recipe(stop_gradient)
def _same(low: Any, xs: Sequence[View], params: tuple, n: int) -> View:
    return xs[0]


@_recipe(pow_op)
def _power(low: Any, xs: Sequence[View], params: tuple, n: int) -> View:
    exponent = low.program.constants.get(low.graph._inputs[n][1])
    if exponent is None or np.ndim(exponent) or exponent not in POWERS:
        return low.map("pow", *xs)
    x = xs[0]
    for opcode in POWERS[exponent]:
        x = low.map(opcode, x)
    return x


@_recipe(greater)
def _greater(low: Any, xs: Sequence[View], params: tuple, n: int) -> View:
    return low.map("less", xs[1], xs[0])


@_recipe(greater_equal)
def _greater_equal(low: Any, xs: Sequence[View], params: tuple, n: int) -> View:
    return low.map("less_equal", xs[1], xs[0])


@_recipe(cast_op)
def _astype(low: Any, xs: Sequence[View], params: tuple, n: int) -> View:
    if params[0] == "bool":
        return low.map("not_equal", xs[0], low.literal(0.0))
    source = low.graph._dtype[low.graph._inputs[n][0]]
    if params[0] in ("int64", "int32"):
        return low.map("trunc", xs[0]) if source.startswith("float") else xs[0]
    return low.map("float32", xs[0]) if params[0] == "float32" else xs[0]


# layout


@_recipe(reshape_op)
def _reshape(low: Any, xs: Sequence[View], params: tuple, n: int) -> View:
    shape = low.shape(n)
    return low.packed(xs[0])._replace(shape=shape, strides=contiguous(shape))


def indexed(x: View, index: Sequence[Any]) -> View:
    """What an index of numbers and slices sees of a view."""
    offset, shape, strides = x.offset, [], []
    for i, size, stride in zip(index, x.shape, x.strides, strict=True):
        if isinstance(i, int):
            if not 0 <= i < size:
                raise InputError(f"index {i} is out of range for an axis of size {size}")
            offset += i * stride
            continue
        places = range(size) if i is None else range(*i)
        if len(places):
            offset += places[0] * stride
        shape.append(len(places))
        strides.append(stride * (1 if i is None else i[2]))
    return View(x.variable, offset, tuple(shape), tuple(strides))


@_recipe(getitem_op)
def _getitem(low: Any, xs: Sequence[View], params: tuple, n: int) -> View:
    return indexed(xs[0], params[0])


@_recipe(place_op)
def _place(low: Any, xs: Sequence[View], params: tuple, n: int) -> View:
    result = low.filled(0.0, low.shape(n))
    low.map("copy", xs[0], out=indexed(result, params[0]))
    return result


@_recipe(concat_op)
def _concat(low: Any, xs: Sequence[View], params: tuple, n: int) -> View:
    axis, start = params[0], 0
    result = low.blank(low.shape(n))
    for x in xs:
        low.map("copy", x, out=result._replace(offset=start * result.strides[axis], shape=x.shape))
        start += x.shape[axis]
    return result


@_recipe(take_op)
def _take(low: Any, xs: Sequence[View], params: tuple, n: int) -> View:
    return _moved(low, xs[0], params[0], n, "gather")


@_recipe(scatter_add_op)
def _scatter_add(low: Any, xs: Sequence[View], params: tuple, n: int) -> View:
    return _moved(low, xs[0], params[0], n, "scatter")


def _moved(low: Any, x: View, axis: int, n: int, opcode: str) -> View:
    """Entries at constant places; places that are computed are left to numpy, which checks them."""
    index = low.program.constants.get(low.graph._inputs[n][1])
    shape = low.shape(n)
    if index is None or np.asarray(index).dtype.kind != "i":
        raise Unfit
    long = x.shape if opcode == "gather" else shape
    if np.size(index) and not (-long[axis] <= np.min(index) and np.max(index) < long[axis]):
        raise InputError(f"take: an index is out of range for an axis of size {long[axis]}")
    places = np.take(
        np.arange(math.prod(long)).reshape(long), np.asarray(index) % max(long[axis], 1), axis=axis
    ).ravel()
    at = len(low.layout)
    low.layout += [places.size, *places.tolist()]
    result = low.filled(0.0, shape) if opcode == "scatter" else low.blank(shape)
    low.emit(
        OPCODE[opcode], low.ref(result.variable), [low.ref(low.packed(x).variable, low.packed(x).offset)], at
    )
    return result


@_recipe(tril, triu)
def _triangle(low: Any, xs: Sequence[View], params: tuple, n: int) -> View:
    x = xs[0]
    mask = low.graph._op[n].meaning()(np.ones(x.shape[-2:]), *params)
    return low.map("where", low.array(mask), x, low.literal(0.0))


# reductions: accumulated in place into a view that stands still along the axes


def _reduced(low: Any, opcode: str, start: float, x: View, axes: Sequence[int]) -> View:
    shape = tuple([n for k, n in enumerate(x.shape) if k not in axes])
    result = low.filled(start, shape)
    strides = iter(result.strides)
    steps = tuple([0 if k in axes else next(strides) for k in range(len(x.shape))])
    still = result._replace(shape=x.shape, strides=steps)
    low.map(opcode, still, x, out=still)
    return result


def _spread(x: View, axes: Sequence[int], shape: Shape) -> View:
    """The result of a reduction, read along the axes again."""
    strides = iter(x.strides)
    return x._replace(
        shape=shape, strides=tuple([0 if k in axes else next(strides) for k in range(len(shape))])
    )


def _folded(low: Any, xs: Sequence[View], params: tuple, n: int) -> View:
    op = low.graph._op[n]
    function, neutral = op.fold
    if op.bounds is not None:
        _check_not_empty(low, op.name, xs[0], params[0], n)
    return _reduced(low, spelled(function), float(neutral), xs[0], params[0])


def _check_not_empty(low: Any, name: str, x: View, axes: Sequence[int], n: int) -> None:
    if any(x.shape[k] == 0 for k in axes):
        raise InputError(f"{label(low.graph, n)}: {name} over an axis of size 0")


def _total(low: Any, x: View, axes: Sequence[int]) -> View:
    letters = tuple(range(len(x.shape)))
    return low.contract([(x, letters)], [k for k in letters if k not in axes], dict(enumerate(x.shape)))


def _shifted(low: Any, x: View, axes: Sequence[int], finite: bool) -> tuple[View, View, View]:
    """(top, exp(x - top), its sum) over the axes."""
    top = _reduced(low, "maximum", -math.inf, x, axes)
    if finite:
        top = low.map("where", low.map("isfinite", top), top, low.literal(0.0))
    e = low.map("exp", low.map("sub", x, _spread(top, axes, x.shape)))
    return top, e, _total(low, e, axes)


@_recipe(logsumexp_op)
def _logsumexp(low: Any, xs: Sequence[View], params: tuple, n: int) -> View:
    _check_not_empty(low, "logsumexp", xs[0], params[0], n)
    top, _, total = _shifted(low, xs[0], params[0], finite=True)
    return low.map("add", low.map("log", total), top)


@_recipe(softmax)
def _softmax(low: Any, xs: Sequence[View], params: tuple, n: int) -> View:
    axes = (params[0],)
    _check_not_empty(low, "softmax", xs[0], axes, n)
    _, e, total = _shifted(low, xs[0], axes, finite=False)
    return low.map("div", e, _spread(total, axes, xs[0].shape))


@_recipe(log_softmax)
def _log_softmax(low: Any, xs: Sequence[View], params: tuple, n: int) -> View:
    axes = (params[0],)
    _check_not_empty(low, "log_softmax", xs[0], axes, n)
    top, _, total = _shifted(low, xs[0], axes, finite=True)
    from_top = low.map("sub", xs[0], _spread(top, axes, xs[0].shape))  # their differences outlast a large top
    return low.map("sub", from_top, _spread(low.map("log", total), axes, xs[0].shape))


@_recipe(norm2_op)
def _norm2(low: Any, xs: Sequence[View], params: tuple, n: int) -> View:
    """Of entries over the largest, so that no square is out of range."""
    x, axes = xs[0], params[0]
    top = _reduced(low, "maximum", 0.0, low.map("abs", x), axes)
    for usual in (low.map("isfinite", top), top):  # 1 for inf, nan and 0
        top = low.map("where", usual, top, low.literal(1.0))
    squares = low.map("square", low.map("div", x, _spread(top, axes, x.shape)))
    return low.map("mul", top, low.map("sqrt", _total(low, squares, axes)))


@_recipe(cumsum_op)
def _cumulative_sum(low: Any, xs: Sequence[View], params: tuple, n: int) -> View:
    """out[k] = out[k - 1] + x[k]: the loops run forward, so the entry before is there."""
    result, axis = low.copy(xs[0]), params[0]
    if result.shape[axis] > 1:
        step = result.strides[axis]
        shape = tuple([m - (k == axis) for k, m in enumerate(result.shape)])
        before = result._replace(shape=shape)
        after = before._replace(offset=step)
        low.map("add", before, after, out=after)
    return result


RECIPES |= {op: _folded for op in OPS.values() if op.fold is not None and op not in RECIPES}
