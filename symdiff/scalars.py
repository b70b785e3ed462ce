"""Which nodes of a document are scalars on scalars, that no shape rule has to see: checked as arrays."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import chain

import numpy as np

from .op import SCALAR_PRODUCT, Op
from .ops.products import ADD, CONTRACT

SHORTEST = 64  # nodes of a run that is worth it


def scalar_runs(
    inputs: Sequence[Sequence[int]], op: Sequence[int], params: Sequence[int], declared: np.ndarray,
    ops: Sequence[Op], parameters: Sequence[tuple],
) -> list[tuple[int, int]]:  # fmt: skip
    """(first, last) of long runs of nodes that `Graph.append_scalar` would take, if all nodes before them are what they
    are declared to be.

    op, params     per node: the place of its op in `ops`, of its parameters in `parameters`
    declared       per node: it is said to be a scalar of float64
    """
    size, edges = len(inputs), list(chain.from_iterable(inputs))
    if not edges or min(edges) < 0 or max(edges) >= size:
        return []
    counts, operands = np.fromiter(map(len, inputs), np.int64, size), np.array(edges)
    owners = np.repeat(np.arange(size), counts)
    taken = declared.copy()
    taken[owners[(operands >= owners) | ~declared[operands]]] = False
    pairs, kind = np.unique(np.array(op) * len(parameters) + np.array(params), return_inverse=True)
    known = [_operands(ops[k // len(parameters)], parameters[k % len(parameters)]) for k in pairs.tolist()]
    taken &= np.array(known)[kind] == counts
    ends = np.flatnonzero(np.diff(taken, prepend=False, append=False)).tolist()
    return [(a, b) for a, b in zip(ends[::2], ends[1::2], strict=True) if b - a >= SHORTEST]


def _operands(op: Op, params: tuple) -> int:
    """How many operands it takes; -1 where a shape rule must see them."""
    if op is ADD:
        return len(params) if params and all(type(c) in (int, float, Fraction) for c in params) else -1
    if op is CONTRACT:
        return 2 if params == SCALAR_PRODUCT else -1
    return op.arity if op.fast and op.arity and params == op.plain else -1
