"""Which nodes of a program are one opcode on scalars, read from the columns of its graph."""

from collections.abc import Container, Mapping
from itertools import repeat
from operator import is_

import numpy as np

from ..graph import WIDE, Graph
from ..op import SCALAR_PRODUCT, Op
from ..ops.products import CONTRACT


def scalar_opcodes(g: Graph, nodes: np.ndarray, direct: Mapping[Op, int], recipes: Container[Op]) -> np.ndarray:
    """int32: the opcode of each node whose value and operands are scalars, if it is one; -1 of others."""
    columns, is_wide = g.columns(), (_kinds(g)[nodes] & WIDE) != 0
    ops = columns.ops[nodes]
    found = columns.of_ops(lambda op: direct.get(op, -1))[ops]
    products = np.flatnonzero((found == direct[CONTRACT]) & ~is_wide)
    params = map(g._params.__getitem__, nodes[products].tolist())
    is_plain = np.fromiter(map(is_, params, repeat(SCALAR_PRODUCT)), bool, products.size)
    taken = columns.of_ops(lambda op: op.fast)[ops] != 0
    taken &= ~is_wide
    taken[products[is_plain]] = True
    for k in np.flatnonzero(~taken & (found >= 0)).tolist():
        op, shape = g._op[nodes[k]], g._shape[nodes[k]]
        taken[k] = op.elementwise and op not in recipes and shape == ()
    return np.where(taken, found, -1)


def wide(g: Graph, nodes: np.ndarray) -> list[int]:
    """Those of the nodes that are no scalars of float64."""
    return nodes[(_kinds(g)[nodes] & WIDE) != 0].tolist()


def _kinds(g: Graph) -> np.ndarray:
    return np.frombuffer(bytes(g._kind), np.uint8)  # copied: one that is read in place can't grow
