"""Entries of what runs along axes: extremes and products, softmax, running sums and recurrences."""

from collections.abc import Sequence

from ..op import OPS
from .extents import axes_of
from .index import At, Entries, EntryMaker
from .letters import symbol
from .pieces import BIG, COND, POWER, SUM, TERM, Piece, within
from .tree import Tree

LONG = 4  # operations of an argument that isn't written twice
RUNNING = {"cumulative_sum": r"\sum", "cumulative_prod": r"\prod"}


def _over(x: Entries, t: Tree, at: Sequence[At]) -> Piece:
    """A maximum, minimum or product over axes."""
    start, size = x.used, x.shape(t.args[0])
    gone, letters = axes_of(t, len(size)), iter(at)
    own = [x.letter(size[k]) for k in gone]
    mine = iter(own)
    body = x.entry(t.args[0], [At(next(mine)) if k in gone else next(letters) for k in range(len(size))])
    x.used = start
    if t.value == "logsumexp":
        return Piece(rf"\log \sum_{{{x.binders(own)}}} e^{{{within(body, SUM)}}}", BIG)
    logical = OPS[t.value].boolean
    inside = within(body, COND if logical else TERM)
    return Piece(rf"{symbol(t.value, x.shown)}_{{{x.binders(own)}}} {inside}", COND if logical else BIG)


def _normalised(x: Entries, t: Tree, at: Sequence[At]) -> Piece:
    """exp(x_i)/sum_j exp(x_j) along an axis, and its logarithm; of what is long, by the function's name."""
    start, (inner,) = x.used, t.args
    if inner.cost >= LONG and not t.options:
        return x.of_matrix(t, at)
    axis = int(dict(t.options).get("axis", -1))
    j = x.letter(x.shape(inner)[axis])
    other = [*at]
    other[axis] = At(j)
    below = within(x.entry(inner, other), SUM)
    x.used = start
    total = rf"\sum_{{{x.binder(j)}}} e^{{{below}}}"
    above = x.entry(inner, at)
    if t.value == "softmax":
        return Piece(rf"\frac{{e^{{{within(above, SUM)}}}}}{{{total}}}", POWER)
    return Piece(rf"{within(above, SUM)} - \log {total}", SUM)


def _running(x: Entries, t: Tree, at: Sequence[At]) -> Piece:
    start, (inner,) = x.used, t.args
    axis = int(dict(t.options).get("axis", 0))
    j = x.letter(x.shape(inner)[axis])
    upto, other = at[axis], [*at]
    other[axis] = At(j)
    body = x.entry(inner, other)
    x.used = start
    ranged = x.binder(j)
    ranged = "" if ranged == j else f"{ranged}, "
    return Piece(rf"{RUNNING[t.value]}_{{{ranged}{j} \le {x.position(upto)}}} {within(body, TERM)}", BIG)


def _recurrence(x: Entries, t: Tree, at: Sequence[At]) -> Piece:
    """s_i = a_i s_(i-1) + b_i is the sum over j <= i of b_j times the product of a_k over j < k <= i."""
    start, (a, b), axis = x.used, t.args, int(dict(t.options).get("axis", -1))
    size = x.shape(b)[axis]
    j, k, upto = x.letter(size), x.letter(size), x.position(at[axis])
    at_j, at_k = [*at], [*at]
    at_j[axis], at_k[axis] = At(j), At(k)
    added, factor = (within(x.entry(u, x.aligned(u, place)), TERM) for u, place in ((b, at_j), (a, at_k)))
    x.used = start
    ranged = "".join(f"{r}, " for r in [x.binder(j)] if r != j), "".join(f"{r}, " for r in [x.binder(k)] if r != k)
    product = rf"\prod_{{{ranged[1]}{k} > {j}, {k} \le {upto}}} {factor}"
    return Piece(rf"\sum_{{{ranged[0]}{j} \le {upto}}} {added} {product}", BIG)


REDUCTIONS: dict[str, EntryMaker] = {
    **{op.name: _over for op in OPS.values() if op.axes == "over" and op.name != "norm2"},
    **{op.name: _running if op.arity == 1 else _recurrence for op in OPS.values() if op.running},
    "softmax": _normalised, "log_softmax": _normalised,
}  # fmt: skip
