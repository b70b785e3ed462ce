"""Parameters that an op can have: what a document says of a node is checked before the node is made.

Each function asks whether the parameters are such as the op's constructor makes for operands of these shapes.
"""

from collections.abc import Sequence
from typing import Any

from . import shapes
from .constants import DTYPES
from .shapes import Shape

MAX_LABELS = 52  # letters of numpy's einsum


def whole(value: Any) -> bool:
    return type(value) is int


def size(value: Any) -> bool:
    """A size as it is kept: a natural number, or the canonical text of a polynomial."""
    if whole(value):
        return value >= 0
    if type(value) is not str or len(value) > 200:
        return False
    try:
        return shapes.as_size(value) == value
    except ValueError:
        return False


def shape(value: Any) -> bool:
    return type(value) is tuple and all(map(size, value))


def _in(axis: Any, rank: int) -> bool:
    return whole(axis) and -rank <= axis < rank


def axis(params: tuple, operands: Sequence[Shape]) -> bool:
    """One axis of the first operand."""
    return len(params) == 1 and _in(params[0], len(operands[0]))


def axes(params: tuple, operands: Sequence[Shape]) -> bool:
    """Several axes of the operand, in order."""
    (found,) = params
    known = type(found) is tuple and all(whole(k) and 0 <= k < len(operands[0]) for k in found)
    return known and list(found) == sorted(set(found))


def new_axis_size(params: tuple, operands: Sequence[Shape]) -> bool:
    """The axis at which the first operand's entries are put, and the size of the result there."""
    k, n = params
    return _in(k, len(operands[0]) or 1) and size(n)


def diagonal(params: tuple, operands: Sequence[Shape]) -> bool:
    """The number of a diagonal."""
    return len(params) == 1 and whole(params[0])


def dtype(params: tuple, operands: Sequence[Shape]) -> bool:
    return len(params) == 1 and type(params[0]) is str and params[0] in DTYPES


def new_shape(params: tuple, operands: Sequence[Shape]) -> bool:
    return len(params) == 1 and shape(params[0])


def result(params: tuple, operands: Sequence[Any]) -> bool:
    """The number of one of several results."""
    (k,) = params
    return type(operands[0]) is not tuple and whole(k) and 0 <= k < len(operands[0])


def index(params: tuple, operands: Sequence[Shape]) -> bool:
    """An entry per axis."""
    return len(params) == 1 and _fits(params[0], operands[0])


def place(params: tuple, operands: Sequence[Shape]) -> bool:
    """An index into a shape."""
    at, into = params
    return shape(into) and _fits(at, into)


def _fits(at: Any, into: Shape) -> bool:
    same = type(at) is tuple and len(at) == len(into)
    return same and all(i is None or _inside(i, n) for i, n in zip(at, into, strict=True))


def _inside(i: Any, n: shapes.Size) -> bool:
    """A position, or (start, stop, step), that lies inside an axis, as far as its size is known."""
    if type(i) is not tuple:
        return size(i) and (type(i) is not int or type(n) is not int or i < n)
    if len(i) != 3 or not whole(i[2]) or i[2] == 0:
        return False
    start, stop, step = i
    low, high = (start, stop) if step > 0 else (stop, start)
    if not (size(start) or (start == -1 and whole(start))) or not (size(stop) or (stop == -1 and whole(stop))):
        return False
    known = [v for v in (low, high) if type(v) is int]
    if type(n) is int and len(known) < 2:
        return False
    ordered = len(known) < 2 or low <= high
    return ordered and all((0 if step > 0 else -1) <= v and (type(n) is not int or v <= n) for v in known)


def labels(params: tuple, operands: Sequence[Shape]) -> bool:
    """The labels of a contraction: of each operand, of the result, and the sizes of those that no operand has."""
    of, out, free = params
    rows = type(of) is tuple and len(of) == len(operands) and all(type(ls) is tuple for ls in (*of, out))
    if not rows or type(free) is not tuple or not all(type(f) is tuple and len(f) == 2 for f in free):
        return False
    every = [i for ls in (*of, out) for i in ls]
    if not all(whole(i) and 0 <= i < MAX_LABELS for i in every):
        return False
    carried = {i for ls in of for i in ls}
    return [i for i, _ in free] == sorted(set(out) - carried) and all(size(n) for _, n in free)


def each(params: tuple, operands: Sequence[Shape]) -> bool:
    """The name of an op and how many leading axes of each operand it runs over."""
    name, leads = params
    named = type(name) is str and type(leads) is tuple and len(leads) == len(operands)
    return named and all(whole(k) and 0 <= k <= len(s) for k, s in zip(leads, operands, strict=True))
