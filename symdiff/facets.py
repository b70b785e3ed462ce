"""What records say of values: intervals, and facts that pass from operands to results.

A rule of facts is ``(graph, node, facts of the operands) -> facts``; facts.py applies it. Elementwise facts (positive,
nonnegative, nonzero) are of every entry; matrix facts (symmetric, psd, spd, invertible, orthogonal, diagonal) are of
the last two axes.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from math import inf, pi
from typing import Any, NamedTuple

import numpy as np

from . import shapes
from .op import Op

Facts = frozenset[str]
Rule = Callable[[Any, int, Sequence[Facts]], Iterable[str]]

ELEMENTWISE: Facts = frozenset({"positive", "nonnegative", "nonzero"})
IMPLIED = {
    "positive": ("nonnegative", "nonzero"),
    "unit01": ("positive", "nonnegative", "nonzero"),
    "pm1": ("nonzero",),
    "simplex": ("nonnegative",),
    "onehot": ("simplex", "nonnegative"),
    "spd": ("psd", "symmetric", "invertible"),
    "psd": ("symmetric",),
    "diagonal": ("symmetric",),
    "orthogonal": ("invertible",),
}


def closed(given: Iterable[str]) -> Facts:
    """The facts and what they imply."""
    return frozenset(given).union(*(IMPLIED.get(f, ()) for f in given))


# --- rules --------------------------------------------------------------------------------------------------


def always(*result: str) -> Rule:
    return lambda g, n, of: result


def keeps(*kept: str) -> Rule:
    """The facts of the first operand that survive."""
    keep = frozenset(kept)
    return lambda g, n, of: of[0] & keep


def every(*kept: str) -> Rule:
    """The facts that all operands have in common."""
    keep = frozenset(kept)
    return lambda g, n, of: keep.intersection(*of)


def maps(**images: str) -> Rule:
    """fact of the first operand -> facts of the result."""
    return lambda g, n, of: [f for given, image in images.items() if given in of[0] for f in image.split()]


def together(*rules: Rule) -> Rule:
    return lambda g, n, of: [f for rule in rules for f in rule(g, n, of)]


def definiteness(signs: Iterable[str]) -> list[str]:
    """Of a symmetric matrix whose eigenvalues have these elementwise facts."""
    image = {"positive": "spd", "nonnegative": "psd", "nonzero": "invertible"}
    return [image[f] for f in signs if f in image]


# --- what follows from values -------------------------------------------------------------------------------


class Interval(NamedTuple):
    """The numbers between two; an end may belong to them."""

    low: float
    high: float
    with_low: bool
    with_high: bool


_ENDS = {"inf": inf, "-inf": -inf, "pi": pi, "-pi": -pi, "pi/2": pi / 2, "-pi/2": -pi / 2}


@cache
def interval(text: str) -> Interval:
    """
    >>> interval("(0, inf)")
    Interval(low=0.0, high=inf, with_low=False, with_high=False)
    """
    low, high = (end.strip() for end in text[1:-1].split(","))
    ends = [_ENDS[end] if end in _ENDS else float(end) for end in (low, high)]
    return Interval(ends[0], ends[1], text[0] == "[", text[-1] == "]")


@cache
def from_values(op: Op) -> tuple[Facts, Facts]:
    """(facts that every value has, elementwise facts that it keeps of its operand), from its image, its value at 0 and
    how it grows."""
    values, at_zero = interval(op.image), op.limits[1]
    positive = values.low > 0 or (values.low == 0 and not values.with_low)
    has = {"positive"} if positive else {"nonnegative"} if values.low == 0 else set()
    has |= {"nonzero"} if values.high < 0 or (values.high == 0 and not values.with_high) else set()
    kept: set[str] = set()
    if op.arity == 1 and at_zero is not None and op.monotone.endswith("increasing"):
        kept |= {"nonnegative"} if at_zero >= 0 else set()
        kept |= ELEMENTWISE if at_zero == 0 and op.monotone.startswith("strictly") else set()
    return closed(has), frozenset(kept)


# --- reductions ---------------------------------------------------------------------------------------------


def folding(op: Op) -> str:
    """numpy's name of what a reduction does to two numbers, and to its values over parts of an axis."""
    return op.fold[0] if op.fold else "add"


@cache
def fold_of(name: str, library: Any = np) -> Callable[[Any, Any], Any]:
    """The function itself; of two norms, one inf and the other nan, nan, where hypot has inf."""
    f = getattr(library, name)
    if name != "hypot":
        return f
    return lambda x, y: library.where(library.isnan(x + y), x + y, f(x, y))


# --- rows ---------------------------------------------------------------------------------------------------
# (params, shapes of the operands, k, axis) -> the axis of the result on which row i needs row i of operand k alone

Rows = Callable[[tuple, Sequence[tuple], int, int], int | None]


def carried_axis(op: Op, params: tuple, operands: Sequence[tuple], k: int, axis: int) -> int | None:
    """What the record says; axes of an elementwise op broadcast."""
    rows = op.rows or OF_AXES.get(op.axes) or (rows_broadcast if op.elementwise else None)
    return None if rows is None else rows(params, operands, k, axis)


def rows_broadcast(params: tuple, operands: Sequence[tuple], k: int, axis: int) -> int | None:
    """Operands are aligned at their last axes."""
    return axis - len(operands[k]) + max(map(len, operands))


def rows_kept(params: tuple, operands: Sequence[tuple], k: int, axis: int) -> int | None:
    """Every axis stays what it is."""
    return axis


def rows_but(where: Callable[[tuple], Sequence[int]]) -> Rows:
    """Every axis but those that the parameters name; these may count from the end."""

    def rows(params: tuple, operands: Sequence[tuple], k: int, axis: int) -> int | None:
        ndim = len(operands[k])
        return None if axis in [a % ndim for a in where(params)] else axis

    return rows


def rows_reduced(where: Callable[[tuple], Sequence[int]]) -> Rows:
    """Every axis but those that the parameters name, which are gone from the result."""

    def rows(params: tuple, operands: Sequence[tuple], k: int, axis: int) -> int | None:
        gone = where(params)
        return None if axis in gone else axis - sum(a < axis for a in gone)

    return rows


def axes_over(params: tuple) -> tuple[int, ...]:
    """The axes that an op reduces whose record says so."""
    return params[0] if isinstance(params[0], tuple) else (params[0],)


OF_AXES = {"along": rows_but(lambda params: params[:1]), "over": rows_reduced(axes_over)}


def rows_before(*core: int) -> Rows:
    """The leading axes of operands whose last `core` axes belong together; these broadcast against each other."""

    def rows(params: tuple, operands: Sequence[tuple], k: int, axis: int) -> int | None:
        leading = [max(len(s) - c, 0) for s, c in zip(operands, core * len(operands), strict=False)]
        return axis - leading[k] + max(leading) if axis < leading[k] else None

    return rows


def rows_aligned(params: tuple, operands: Sequence[tuple], k: int, axis: int) -> int | None:
    """Operands aligned at their last axes; the first parameter, counted from the end, is the axis that is mixed."""
    behind = axis - len(operands[k])
    return None if behind == params[0] else behind + max(map(len, operands))


def rows_reshaped(params: tuple, operands: Sequence[tuple], k: int, axis: int) -> int | None:
    """The axis of the same size with as many entries before it."""
    (old,), (new, *_) = operands, params
    before = shapes.count(old[:axis])
    return next((b for b, s in enumerate(new) if s == old[axis] and shapes.count(new[:b]) == before), None)


def _whole_axes(index: Sequence[Any], shape: Sequence[Any]) -> dict[int, int]:
    """{axis of the whole: axis of the part} for those that an index leaves whole."""
    kept = [a for a, i in enumerate(index) if i is None or isinstance(i, tuple)]
    return {a: b for b, a in enumerate(kept) if index[a] in (None, (0, shape[a], 1))}


def rows_indexed(params: tuple, operands: Sequence[tuple], k: int, axis: int) -> int | None:
    return _whole_axes(params[0], operands[0]).get(axis)


def rows_placed(params: tuple, operands: Sequence[tuple], k: int, axis: int) -> int | None:
    return {b: a for a, b in _whole_axes(*params).items()}.get(axis)


def rows_taken(params: tuple, operands: Sequence[tuple], k: int, axis: int) -> int | None:
    """Of x all axes but the one along which entries are taken; of the index all."""
    at = params[0]
    if k == 1:
        return at + axis
    return None if axis == at else axis if axis < at else axis + len(operands[1]) - 1


def rows_scattered(params: tuple, operands: Sequence[tuple], k: int, axis: int) -> int | None:
    at, behind = params[0], params[0] + len(operands[1])
    if k == 1 or at <= axis < behind:
        return None
    return axis if axis < at else axis - len(operands[1]) + 1


def added_scattered(params: tuple, operands: Sequence[tuple], k: int, axis: int) -> bool:
    """The axes of the positions, in both operands."""
    return k == 1 or params[0] <= axis < params[0] + len(operands[1])


def rows_labelled(params: tuple, operands: Sequence[tuple], k: int, axis: int) -> int | None:
    """Of a labelled product: the axis of the result with the same label, neither of a diagonal nor of a unit tensor."""
    labels, out, _ = params
    label = labels[k][axis]
    once = list(labels[k]).count(label) == list(out).count(label) == 1
    return list(out).index(label) if once else None
