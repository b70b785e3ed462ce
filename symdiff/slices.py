"""Indices, places and joints of arrays as forms: positions are taken into products, slices stay functions."""

from typing import Any

from . import shapes
from .forms import Form
from .normal import Normal
from .normalize import Lowered, lowers
from .ops.layout import index_shape


@lowers("place")
def _place(low: Lowered, n: int, args: list[Form], params: tuple) -> Form:
    """Zeros with x at an index: at positions and in steps, a product with rows of the unit matrix."""
    index, shape = params
    (form,), normal = args, low.normal
    single = [k for k, i in enumerate(index) if isinstance(i, tuple) and i[2] == 1 and shapes.subtract(i[1], i[0]) == 1]
    if single:  # a place of size 1 is a position
        axes = [k for k, i in enumerate(index) if i is None or isinstance(i, tuple)]
        for j in reversed([axes.index(k) for k in single]):
            form = normal.at(form, j, 0)
        return _place(low, n, [form], (tuple(i[0] if k in single else i for k, i in enumerate(index)), shape))
    rows = []  # of unit matrices: the positions
    labels: list[int] = []  # the result's axes that x has
    slices: list[Any] = []
    for k, (i, s) in enumerate(zip(index, shape, strict=True)):
        if i is not None and not isinstance(i, tuple):
            rows.append((normal.call("basis", [], (s, i), (s,)), (k,)))
        else:
            form, bounds = _forwards(normal, form, len(labels), *(i or (0, s, 1)))
            labels.append(k)
            slices.append(None if bounds == (0, s) else (*bounds, 1))
    if any(i is not None for i in slices):
        kept = tuple(shape[k] for k in labels)
        form = normal.call("place", [form], (tuple(slices), kept), kept)
    return normal.product([(form, tuple(labels)), *rows], tuple(range(len(shape))), dict(enumerate(shape)))


def _forwards(normal: Normal, form: Form, axis: int, start: Any, stop: Any, step: int) -> tuple[Form, tuple]:
    """(form, (start, stop)) to be placed in steps of 1: a form that is placed backwards is turned, and one that is
    placed in larger steps gets zeros between its entries."""
    length: Any = form.shape[axis]
    if step < 0:
        turned = tuple((shapes.add(s, -1), -1, -1) if k == axis else None for k, s in enumerate(form.shape))
        form = _part(normal, form, turned)
        last = start if step == -1 else start + step * (length - 1)
        start, stop, step = (shapes.add(stop, 1) if step == -1 else last), shapes.add(start, 1), -step
    if step == 1:
        return form, (start, stop)
    rank = len(form.shape)
    before, after = tuple(range(axis + 1)), tuple(range(axis + 1, rank))
    spread = [(form, (*before, *after)), (normal.call("basis", [], (step, 0), (step,)), (rank,))]
    spaced = normal.product(spread, (*before, rank, *after), {})
    shape = (*form.shape[:axis], length * step, *form.shape[axis + 1 :])
    long = normal.call("reshape", [spaced], (shape,), shape)
    cut = tuple((0, stop - start, 1) if k == axis else None for k in range(rank))
    return _part(normal, long, cut), (start, stop)


@lowers("getitem")
def _getitem(low: Lowered, n: int, args: list[Form], params: tuple) -> Form:
    """Integer positions are taken into products; slices stay."""
    (form,), (index,) = args, params
    shape = low.graph._shape[n]
    single = [k for k, i in enumerate(index) if isinstance(i, tuple) and i[2] == 1 and shapes.subtract(i[1], i[0]) == 1]
    if single:  # x[k:k + 1] is x[k] with an axis of size 1
        form = _getitem(low, n, args, (tuple(i[0] if k in single else i for k, i in enumerate(index)),))
        axes = [k for k, i in enumerate(index) if i is None or isinstance(i, tuple)]  # result's, by operand's axis
        rest = tuple(axes.index(k) for k in axes if k not in single)
        return low.normal.relabel(form, rest, tuple(range(len(shape))), dict(enumerate(shape)))
    for axis in reversed(range(len(index))):
        if index[axis] is not None and not isinstance(index[axis], tuple):
            form = low.normal.at(form, axis, index[axis])
    slices = tuple(i for i in index if i is None or isinstance(i, tuple))
    if all(i is None for i in slices):
        return form
    return _part(low.normal, form, slices)


def _part(normal: Normal, form: Form, slices: tuple) -> Form:
    """``form[slices]``; an axis on which the form does not depend is only shorter."""
    shape = index_shape(form.shape, slices)
    keep = normal.carried_axes([form])
    if len(keep) == len(shape):
        return normal.read(form, slices, shape)
    small, inner = normal.dropped(form, keep), tuple([slices[k] for k in keep])
    read = normal.read(small, inner, tuple([shape[k] for k in keep])) if keep else small
    return normal.relabel(read, keep, tuple(range(len(shape))), dict(enumerate(shape)))


@lowers("concat")
def _concat(low: Lowered, n: int, args: list[Form], params: tuple) -> Form:
    """Parts of size 1 along the joined axis are a stack."""
    (axis,), normal = params, low.normal
    if all(a.shape[axis] == 1 and axis not in normal.carried_axes([a]) for a in args):
        kept = [k for k in range(len(args[0].shape)) if k != axis]
        shape = tuple(args[0].shape[k] for k in kept)
        if shape or axis == 0:
            return normal.call("stack", [normal.dropped(a, kept) for a in args], params, low.graph._shape[n])
    return normal.call("concat", args, params, low.graph._shape[n])
