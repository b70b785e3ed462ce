"""Which nodes of a document are scalars on scalars, that no shape rule has to see: checked as arrays."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np

from .digits import Rows
from .op import SCALAR_PRODUCT, Op
from .ops.products import ADD, CONTRACT

SHORTEST = 64  # nodes of a run that is worth it


def scalar_runs(
    inputs: Rows, declared: np.ndarray, pairs: Sequence[tuple[Op, tuple]], kinds: np.ndarray
) -> list[tuple[int, int]]:
    """(first, last) of long runs of nodes that `Graph.append_scalar` would take, if all nodes before them are what they
    are declared to be.

    declared       per node: it is said to be a scalar of float64
    pairs, kinds   ops with their parameters, and per node the place of its own
    """
    counts, operands = np.diff(inputs.starts), inputs.numbers
    owners = np.repeat(np.arange(counts.size), counts)
    is_scalar = (operands >= 0) & (operands < owners)
    is_scalar[is_scalar] = declared[operands[is_scalar]]
    taken = declared.copy()
    taken[owners[~is_scalar]] = False
    taken &= np.array([_operands(*pair) for pair in pairs], np.int64)[kinds] == counts
    ends = np.flatnonzero(np.diff(taken, prepend=False, append=False)).tolist()
    return [(a, b) for a, b in zip(ends[::2], ends[1::2], strict=True) if b - a >= SHORTEST]


def _operands(op: Op, params: tuple) -> int:
    """How many operands it takes; -1 where a shape rule must see them."""
    if op is ADD:
        return len(params) if params and all(type(c) in (int, float, Fraction) for c in params) else -1
    if op is CONTRACT:
        return 2 if params == SCALAR_PRODUCT else -1
    return op.arity if op.fast and op.arity and params == op.plain else -1


def tuples(rows: Rows, first: int, last: int) -> list[tuple[int, ...]]:
    """Rows `first` to `last` as tuples, those of one length at once."""
    starts = rows.starts[first : last + 1]
    counts, made = np.diff(starts), np.empty(last - first, object)
    for count in np.flatnonzero(np.bincount(counts)).tolist():
        alike = np.flatnonzero(counts == count)
        entries: Iterator[int] = iter(rows.numbers[starts[alike][:, None] + np.arange(count)].ravel().tolist())
        found = zip(*[entries] * count, strict=True) if count else iter([()] * alike.size)
        made[alike] = np.fromiter(found, object, alike.size)
    return made.tolist()
