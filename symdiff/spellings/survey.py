"""What can happen at the nodes of a program: which ops are within reach of a node, whether its factors leave the range,
and where its terms can cancel. Rows that cannot fit are not tried.
"""

from functools import reduce
from operator import or_

import numpy as np

from .. import machine
from ..graph import CONSTANT, Graph
from ..kernels import Bytes, Ints, Longs, kernel
from ..op import Op
from ..ops.elementwise import divide_op, pow_op, safe_multiply
from ..ops.elementwise import log as log_op
from ..ops.layout import getitem_op
from ..ops.products import ADD, CONTRACT, SCALAR_PRODUCT
from ..ops.special import xlogy
from .cancellations import value_of
from .expansions import SQRT
from .leading import Nodes
from .overflow import BOUNDED as BOUNDED_SEEDS
from .overflow import HIGH
from .overflow import SEEDS as OF_RANGE
from .quotients import LESS_ONE, OF_OP

FEW = 96  # new nodes up to which nothing is foreseen
BITS = 44  # of a mask that stand for ops, some for several
# within reach: powers of exponents that are no numbers, sums of exponentials, exponentials, others that leave the
# range, two of these, sums
VARIABLE_POWER, SUM_OF_EXP, BOUNDED, OTHER, TWO, TERMS = (1 << k for k in range(BITS, BITS + 6))
# of the node: a factor is 0 at 0, it is a number, it can be 1 at 0, it is a sum, one along axes, an exponential is
# below, factors leave the range before the whole, terms can cancel at a point (or an argument be 1, or a quotient 0/0),
# terms of several variables can cancel
ZERO, IS_NUMBER, CAN_BE_ONE, IS_SUM, ADDS_UP, EXP_BELOW, OVERFLOWS, CANCELS, MIXES = (
    1 << k for k in range(BITS + 6, BITS + 15)
)
WITHIN = (1 << BITS + 6) - 1
SEEDS = BOUNDED | OTHER
FORESEEN = CANCELS | MIXES
ANYTHING = (1 << BITS + 15) - (1 << BITS)  # but ops
OUT, PASSING, FACTORS, SUMS, OVER, OF_LOG = range(6)  # how a node is reached through
THROUGH = {
    ADD: SUMS, CONTRACT: FACTORS, pow_op: FACTORS, divide_op: OVER, log_op: OF_LOG, SQRT: PASSING, getitem_op: PASSING,
    xlogy: PASSING, safe_multiply: PASSING,
}  # fmt: skip

_asked: dict[Op, int] = {}
_bits: dict[Op, int] = {CONSTANT: IS_NUMBER, ADD: IS_SUM}  # what the mask of a node says of its op
_OTHERS = OF_RANGE.keys() - {*BOUNDED_SEEDS, pow_op}
for _ops, _flag in ((OF_OP, ZERO), (LESS_ONE, CAN_BE_ONE), (BOUNDED_SEEDS, BOUNDED), (_OTHERS, OTHER)):
    for _op in _ops:
        _bits[_op] = _bits.get(_op, 0) | _flag


def bit(op: Op) -> int:
    """What stands in masks for an op within reach."""
    if op not in _asked:
        _asked[op] = 1 << len(_asked) % BITS
        _bits[op] = _bits.get(op, 0) | _asked[op]
    return _asked[op]


def _mask(g: Graph, n: int, masks: list[int]) -> int:
    """What can happen at a node of a graph whose masks were found, and which ops are within its reach."""
    for m in range(len(masks), n + 1):
        operands = g._inputs[m]
        masks.append(0)
        _reach.function(m, m + 1, {m: 0, m + 1: len(operands)}, operands, {m: _own(g, m)}, {m: _kind(g, m)}, masks)
        masks[m] |= FORESEEN
    return masks[n]


def is_through(op: Op) -> bool:
    """What is within reach of an operand is within reach of the node."""
    return THROUGH.get(op, OF_LOG) != OF_LOG


def seen(g: Graph, n: int) -> int:
    """The mask of a node as a root: what is within reach of its operands is within its own. Where no masks were found,
    whatever the ops of the graph allow."""
    known = g.cache("stable")
    masks = known.get("masks")
    if masks is None:
        ops, found = known.get("present", (0, 0))
        if ops != len(g._ids):
            found = reduce(or_, [_bits.get(op, 0) for op in g._ids], ANYTHING)
            known["present"] = len(g._ids), found
        return found
    found = _mask(g, n, masks)
    if not is_through(g._op[n]):
        for i in g._inputs[n]:
            found |= masks[i] & WITHIN
    return found


def foresee(g: Graph) -> None:
    """Find the masks of all nodes."""
    if not machine.unavailable():
        g.cache("stable")["masks"] = _foreseen(g)


def alike(g: Graph, m: int, n: int) -> None:
    """The node m is the function n in another spelling."""
    masks = g.cache("stable").get("masks")
    if masks is not None:
        _mask(g, max(m, n), masks)
        masks[m] &= masks[n] | ~FORESEEN


def _own(g: Graph, n: int) -> int:
    op = g._op[n]
    return _bits.get(op, 0) | (_of_params(g, n) if op is pow_op or op is CONTRACT else 0)


def _of_params(g: Graph, n: int) -> int:
    """Of products and powers."""
    if g._op[n] is CONTRACT:
        return 0 if g._params[n] is SCALAR_PRODUCT else ADDS_UP
    e = value_of(g, g._inputs[n][1])
    return VARIABLE_POWER | OTHER if e is None else OTHER if abs(e) >= HIGH else 0


def _kind(g: Graph, n: int) -> int:
    return FACTORS if len(g._inputs[n]) == 1 and g._op[n] is ADD else THROUGH.get(g._op[n], OUT)


def _foreseen(g: Graph) -> list[int]:
    """The masks of all nodes."""
    nodes = Nodes(g)
    columns = nodes.columns
    g.cache("stable")["alone"] = nodes.alone.tolist()
    own = np.array([_bits.get(op, 0) for op in columns.records], np.int64)[columns.ops]
    kinds = columns.of_ops(lambda op: THROUGH.get(op, OUT)).astype(np.uint8)[columns.ops]
    kinds[(kinds == SUMS) & (np.diff(columns.starts) == 1)] = FACTORS
    at = [n for op in (pow_op, CONTRACT) for n in g._ids[op].values()]
    own[at] |= np.array([_of_params(g, n) for n in at], np.int64)
    masks = np.empty(nodes.count, np.int64)
    _reach(0, nodes.count, nodes.starts, nodes.operands, own, kinds, masks)
    masks[nodes.cancelling()] |= CANCELS
    masks[nodes.mixing()] |= MIXES
    return masks.tolist()


@kernel()
def _reach(first: int, count: int, starts: Longs, operands: Ints, own: Longs, kinds: Bytes, masks: Longs) -> int:
    for n in range(first, count):
        m, kind, start, below = own[n], kinds[n], starts[n], 0
        if kind != OUT:
            for j in range(start, starts[n + 1]):
                x = masks[operands[j]]
                below = below | x
                if kind != OF_LOG:
                    if m & SEEDS != 0 and x & SEEDS != 0:
                        m = m | TWO
                    m = m | (x & WITHIN)
        if kind == SUMS:
            m = m | TERMS
            if below & IS_NUMBER != 0 and below & CAN_BE_ONE != 0 and starts[n + 1] == start + 2:
                m = m | ZERO
        if kind in (FACTORS, OVER):
            m = m | (below & ZERO)
        if (kind == SUMS or m & ADDS_UP != 0) and m & BOUNDED != 0:
            m = m | SUM_OF_EXP
        if kind == OVER and masks[operands[start + 1]] & BOUNDED != 0:
            m = m | EXP_BELOW
        if m & TWO != 0 and (m & OTHER != 0 or m & TERMS == 0):
            m = m | OVERFLOWS
        if kind == OF_LOG and below & SEEDS != 0 and below & BOUNDED == 0:
            m = m | OVERFLOWS
        if kind == OF_LOG and below & IS_SUM != 0:
            m = m | ZERO
        masks[n] = m
    return 0
