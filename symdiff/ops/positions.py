"""Positions along an axis as functions of labels, and where two of them are the same."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from .. import shapes
from ..errors import SymdiffError
from ..expr import Expr
from ..op import FUNCTIONS
from ..shapes import Size
from .products import contract

Label = int


class Undecided(SymdiffError):
    """Whether positions meet depends on sizes or arrays that are not known yet."""


class Line(NamedTuple):
    """``start + step*label``."""

    label: Label
    start: Size
    step: int

    @property
    def labels(self) -> tuple[Label, ...]:
        return (self.label,)


class At(NamedTuple):
    """One entry."""

    entry: Size

    @property
    def labels(self) -> tuple[Label, ...]:
        return ()


class Table(NamedTuple):
    """``values[labels]``: an array of integers, or an expression."""

    values: Any
    labels: tuple[Label, ...]

    def same_as(self, other: "Table") -> bool:
        a, b = self.values, other.values
        if isinstance(a, Expr) or isinstance(b, Expr):
            return self.labels == other.labels and isinstance(a, Expr) and isinstance(b, Expr) and a.same_as(b)
        return self.labels == other.labels and bool(np.array_equal(a, b))


Position = Line | At | Table
Sizes = Mapping[Label, Size]


def composed(p: Position, to: Mapping[Label, Position], sizes: Sizes) -> Position:
    """A position with other positions in place of some of its labels."""
    if isinstance(p, At) or not any(i in to for i in p.labels):
        return p
    if isinstance(p, Line):
        return _on_line(p, to[p.label])
    table = p
    for k in reversed(range(len(p.labels))):
        if p.labels[k] in to:
            table = _in_table(table, k, to[p.labels[k]], sizes)
    return _merged(table)


def _on_line(p: Line, q: Position) -> Position:
    if isinstance(q, Table):
        return Table(q.values * p.step + _number(p.start, q.values), q.labels)
    start = shapes.add(p.start, shapes.multiply(p.step, q.start if isinstance(q, Line) else q.entry))
    return Line(q.label, start, p.step * q.step) if isinstance(q, Line) else At(start)


def _number(size: Size, like: Any) -> Any:
    if isinstance(size, int):
        return size
    if not isinstance(like, Expr):
        raise Undecided("a named size beside an array of positions")
    return like.graph.size(size)


def _in_table(p: Table, k: int, q: Position, sizes: Sizes) -> Table:
    """A table along whose axis k another position is read."""
    before, after = p.labels[:k], p.labels[k + 1 :]
    rest = (slice(None),) * k
    if isinstance(q, At):
        index: Any = q.entry if isinstance(q.entry, int) else _number(q.entry, p.values)
        return Table(p.values[(*rest, index)], (*before, *after))
    if isinstance(q, Line):
        return Table(sliced(p.values, k, q, sizes[q.label]), (*before, q.label, *after))
    return Table(FUNCTIONS["take"](p.values, q.values, axis=k), (*before, *q.labels, *after))


def sliced(values: Any, axis: int, p: Line, size: Size) -> Any:
    """``values[start + step*label]`` along an axis, for all of the label's values."""
    stop = shapes.add(p.start, shapes.multiply(p.step, size))
    if p.start == 0 and p.step == 1 and stop == values.shape[axis]:
        return values
    if isinstance(stop, int) and stop < 0:
        bound: Any = None
    else:
        bound = stop
    return values[(*(slice(None),) * axis, slice(p.start, bound, p.step))]


def _merged(p: Table) -> Table:
    """A table with each label once."""
    if len(set(p.labels)) == len(p.labels):
        return p
    own = tuple(dict.fromkeys(p.labels))
    if isinstance(p.values, Expr):
        return Table(contract([(p.values, p.labels)], own), own)
    number = {i: k for k, i in enumerate(own)}
    return Table(np.einsum(p.values, [number[i] for i in p.labels], list(range(len(own)))), own)


def as_table(p: Position, sizes: Sizes) -> Table:
    """The same position as an array, where its sizes are numbers."""
    if isinstance(p, Table):
        return p
    if isinstance(p, At):
        if not isinstance(p.entry, int):
            raise Undecided("a named entry")
        return Table(np.asarray(p.entry), ())
    size = sizes[p.label]
    if not isinstance(size, int) or not isinstance(p.start, int):
        raise Undecided("positions along a named axis")
    return Table(p.start + p.step * np.arange(size), (p.label,))


# --- where two positions are the same -------------------------------------------------------------------------------


class Solution(NamedTuple):
    """Positions in place of labels, the sizes of new labels, and a condition (values, labels) that is left."""

    to: dict[Label, Position]
    sizes: dict[Label, Size]
    condition: tuple[Expr, tuple[Label, ...]] | None = None


def solved(p: Position, q: Position, axis: Size, sizes: Sizes, fresh: Callable[[], Label]) -> Solution | None:
    """Where two positions on an axis of this size meet; None where they never do. Raises Undecided."""
    same = p.same_as(q) if isinstance(p, Table) and isinstance(q, Table) else type(p) is type(q) and p == q
    if same:
        return Solution({}, {})
    for a, b in ((p, q), (q, p)):  # a label that runs over the whole axis is the other position
        if isinstance(a, Line) and a.label not in b.labels and (a.start, a.step, sizes[a.label]) == (0, 1, axis):
            return Solution({a.label: counted(b, axis)}, {})
    if isinstance(p, Table) or isinstance(q, Table):
        return _tables(counted(p, axis), counted(q, axis), sizes, fresh)
    if isinstance(p, At) and isinstance(q, At):
        return None if _difference(p.entry, q.entry) else Solution({}, {})
    if isinstance(p, Line) and isinstance(q, Line) and p.label == q.label:
        if p.step != q.step:
            raise Undecided("two steps along one label")
        return None if _difference(p.start, q.start) else Solution({}, {})
    return _lines(p, q, sizes, fresh)  # type: ignore[arg-type]


def counted(p: Position, axis: Size) -> Position:
    """A table on an axis of this size whose positions all count from its beginning."""
    if not isinstance(p, Table):
        return p
    if isinstance(p.values, Expr):
        return Table(FUNCTIONS["remainder"](p.values, _number(axis, p.values)), p.labels)
    if p.values.size and p.values.min() < 0:
        return Table(p.values % _number(axis, p.values), p.labels)
    return p


def _difference(a: Size, b: Size) -> int:
    found = shapes.subtract(a, b)
    if not isinstance(found, int):
        raise Undecided(f"whether {a} is {b}")
    return found


def _lines(p: Line | At, q: Line | At, sizes: Sizes, fresh: Callable[[], Label]) -> Solution | None:
    """Of two lines with labels of their own, or a line and an entry: one label is a line of the other."""
    if isinstance(p, At) or (isinstance(q, Line) and abs(p.step) > abs(q.step)):
        p, q = q, p
    assert isinstance(p, Line)
    start = q.start if isinstance(q, Line) else q.entry
    shift, step = shapes.subtract(start, p.start), q.step if isinstance(q, Line) else 0
    if abs(p.step) != 1:
        if step % p.step or not isinstance(shift, int):
            raise Undecided("steps of several sizes")
        if shift % p.step:
            return None
        shift, step = shift // p.step, step // p.step
    else:
        shift, step = shapes.multiply(p.step, shift), p.step * step
    if isinstance(q, At):
        size = sizes[p.label]
        if not isinstance(shift, int) or (shift >= 0 and not isinstance(size, int)):
            raise Undecided("whether an entry is in a slice")
        return Solution({p.label: At(shift)}, {}) if shift >= 0 and shift < size else None  # type: ignore[operator]
    low, high = _range(shift, step, sizes[p.label], sizes[q.label])
    if isinstance(span := shapes.subtract(high, low), int) and span <= 0:
        return None
    if low == 0 and high == sizes[q.label]:
        return Solution({p.label: Line(q.label, shift, step)}, {})
    new = fresh()
    there = shapes.add(shift, shapes.multiply(step, low))
    return Solution({p.label: Line(new, there, step), q.label: Line(new, low, 1)}, {new: span})


def _range(shift: Size, step: int, size: Size, length: Size) -> tuple[Size, Size]:
    """The l from 0 to `length` for which ``shift + step*l`` is from 0 to `size`."""
    if isinstance(shift, int) and isinstance(size, int) and isinstance(length, int):
        if step > 0:
            low, high = -(shift // step), -((shift - size) // step)
        else:
            low, high = (shift - size) // -step + 1, shift // -step + 1
        return max(0, low), min(length, high)
    if step != 1:
        raise Undecided("a range along a named axis")
    if not isinstance(shift, int):
        raise Undecided("a range from a named entry")
    beyond = shapes.subtract(shapes.subtract(size, shift), length)
    if not isinstance(beyond, int):
        raise Undecided("which of two ranges ends first")
    return max(0, -shift), shapes.add(length, min(0, beyond))


def _tables(p: Position, q: Position, sizes: Sizes, fresh: Callable[[], Label]) -> Solution | None:
    """Of arrays of positions: the pairs of places at which they agree, listed where both are known."""
    a, b = as_table(p, sizes), as_table(q, sizes)
    if isinstance(a.values, Expr) or isinstance(b.values, Expr):
        if not set(b.labels) <= set(a.labels):
            a, b = b, a
        if not set(b.labels) <= set(a.labels):
            raise Undecided("arrays of positions that are variables")
        shape = tuple([sizes[i] if i in b.labels else 1 for i in a.labels])
        turned = b.values if isinstance(b.values, Expr) else np.asarray(b.values)
        order = [b.labels.index(i) for i in a.labels if i in b.labels]
        turned = FUNCTIONS["reshape"](FUNCTIONS["permute_dims"](turned, order) if len(order) > 1 else turned, shape)
        first = a.values if isinstance(a.values, Expr) else turned.lift(a.values)
        return Solution({}, {}, (FUNCTIONS["equal"](first, turned), a.labels))
    common = [i for i in a.labels if i in b.labels]
    width = [int(sizes[i]) for i in common]  # type: ignore[arg-type]
    left, right = _keys(a, common, width), _keys(b, common, width)
    ranked = np.argsort(right, kind="stable")
    low, high = np.searchsorted(right[ranked], left), np.searchsorted(right[ranked], left, "right")
    times = high - low
    each = np.repeat(np.arange(left.size), times)
    within = np.arange(each.size) - np.repeat(np.cumsum(times) - times, times)
    other = ranked[np.repeat(low, times) + within]
    if not each.size:
        return None
    new = fresh()
    at = dict(zip(b.labels, np.unravel_index(other, b.values.shape), strict=True)) if b.labels else {}
    at |= dict(zip(a.labels, np.unravel_index(each, a.values.shape), strict=True)) if a.labels else {}
    return Solution({i: Table(np.asarray(v, np.int64), (new,)) for i, v in at.items()}, {new: each.size})


def _keys(t: Table, common: list[Label], width: list[int]) -> np.ndarray:
    """Flat: one integer for the position and the values of the labels that both have."""
    total = t.values.astype(np.int64)
    for i, w in zip(common, width, strict=True):
        along = [-1 if j == i else 1 for j in t.labels]
        total = total * w + np.arange(w).reshape(along)
    return np.asarray(total).reshape(-1)
