"""Indices, places and joints of arrays as forms: positions are taken into products, slices stay functions."""

from typing import Any

from .. import shapes
from ..ops.layout import concat_op, getitem_op, place_op
from .entries import joined, placed, read, row
from .forms import Form
from .merged import reshaped
from .normal import Normal
from .normalize import Lowered, lowers


@lowers(place_op)
def _place(low: Lowered, n: int, args: list[Form], params: tuple) -> Form:
    """Zeros with x at an index: at positions and in steps, a product with rows of the unit matrix."""
    index, shape = params
    (form,), normal = args, low.normal
    rows = []  # of unit matrices: the positions
    labels: list[int] = []  # the result's axes that x has
    slices: list[Any] = []
    for k, (i, s) in enumerate(zip(index, shape, strict=True)):
        if i is not None and not isinstance(i, tuple):
            rows.append((row(normal, s, i), (k,)))
        else:
            form, (start, stop) = _forwards(normal, form, len(labels), *(i or (0, s, 1)))
            labels.append(k)
            slices.append((start, stop, 1))
    form = placed(normal, form, slices, tuple(shape[k] for k in labels))
    return normal.product([(form, tuple(labels)), *rows], tuple(range(len(shape))), dict(enumerate(shape)))


def _forwards(normal: Normal, form: Form, axis: int, start: Any, stop: Any, step: int) -> tuple[Form, tuple]:
    """(form, (start, stop)) to be placed in steps of 1: a form that is placed backwards is turned, and one that is
    placed in larger steps gets zeros between its entries."""
    length: Any = form.shape[axis]
    if step < 0:
        turned = [(shapes.add(s, -1), -1, -1) if k == axis else None for k, s in enumerate(form.shape)]
        form = read(normal, form, turned)
        last = start if step == -1 else start + step * (length - 1)
        start, stop, step = (shapes.add(stop, 1) if step == -1 else last), shapes.add(start, 1), -step
    if step == 1:
        return form, (start, stop)
    rank = len(form.shape)
    before, after = tuple(range(axis + 1)), tuple(range(axis + 1, rank))
    spread = [(form, (*before, *after)), (row(normal, step, 0), (rank,))]
    spaced = normal.product(spread, (*before, rank, *after), {})
    shape = (*form.shape[:axis], length * step, *form.shape[axis + 1 :])
    long = reshaped(normal, spaced, shape)
    return read(normal, long, [(0, stop - start, 1) if k == axis else None for k in range(rank)]), (start, stop)


@lowers(getitem_op)
def _getitem(low: Lowered, n: int, args: list[Form], params: tuple) -> Form:
    """Integer positions are taken into products; slices stay."""
    (form,), (index,), normal = args, params, low.normal
    shape = low.graph._shape[n]
    single = [k for k, i in enumerate(index) if isinstance(i, tuple) and i[2] == 1 and shapes.subtract(i[1], i[0]) == 1]
    if single:  # x[k:k + 1] is x[k] with an axis of size 1
        form = _getitem(low, n, args, (tuple(i[0] if k in single else i for k, i in enumerate(index)),))
        axes = [k for k, i in enumerate(index) if i is None or isinstance(i, tuple)]  # result's, by operand's axis
        rest = tuple(axes.index(k) for k in axes if k not in single)
        return normal.relabel(form, rest, tuple(range(len(shape))), dict(enumerate(shape)))
    return read(normal, form, index)


@lowers(concat_op)
def _concat(low: Lowered, n: int, args: list[Form], params: tuple) -> Form:
    return joined(low.normal, args, params[0])
