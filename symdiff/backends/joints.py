"""Arrays that are put together of others, one after the other: concat along the first axis, and what it joins."""

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from ..graph import Graph
from ..op import OPS
from ..ops.products import CONTRACT
from ..program import Program
from .views import View, contiguous

CONCAT, RESHAPE = OPS["concat"], OPS["reshape"]


class Joints(NamedTuple):
    """parts   {concat: the nodes whose entries it has, one after the other}
    within  what only such an array is made of: its entries are written where they belong in the whole"""

    parts: dict[int, list[int]]
    within: set[int]


def joints(program: Program, nodes: list[int]) -> Joints:
    """Of these nodes of a program, in creation order: those that hold arrays."""
    g, parts, within = program.graph, dict[int, list[int]](), set[int]()
    joining = [n for n in nodes if _keeps_order(g, n) and g._op[n] is CONCAT]
    if not joining:
        return Joints(parts, within)
    _, operands = g.columns().operands_of(program.nodes)
    uses = np.bincount(operands, minlength=len(g))
    uses[[*program.outputs, *program.inputs]] += 1
    given, met = set(program.inputs), Counter[int]()
    for n in reversed(joining):
        if n in within:
            continue
        found, stack = [], [*reversed(g._inputs[n])]
        while stack:
            m = stack.pop()
            if m in given or not _keeps_order(g, m) or (g._op[m] is CONCAT and uses[m] > 1):
                found.append(m)
                continue
            stack += reversed(g._inputs[m])
            met[m] += 1
            if met[m] == uses[m]:
                within.add(m)
        parts[n] = found
    return Joints(parts, within)


def _keeps_order(g: Graph, n: int) -> bool:
    """The entries of the node are those of its operands in their order."""
    op, params = g._op[n], g._params[n]
    if op is CONTRACT and len(g._inputs[n]) == 1:  # with axes of size 1 more
        (labels,), out, free = params
        ones = dict(free)
        return all(size == 1 for size in ones.values()) and tuple([i for i in out if i not in ones]) == labels
    return op is RESHAPE or (op is CONCAT and params[0] == 0)


def whole(low: Any, n: int, parts: Sequence[int]) -> View:
    """One array of all parts: numbers are in it from the start, scalars are written into it where they can be."""
    constants, shape, at = low.program.constants, low.shape(n), 0
    is_given = any(m in constants for m in parts)
    values, x = np.zeros(math.prod(shape)), low.new(math.prod(shape), is_given)
    for m in parts:
        size = math.prod(low.shape(m))
        if m in constants:
            values[at : at + size] = np.ravel(constants[m])
        elif not low.is_plain[m] or not _moved(low, low.scalars[m], x, at):
            part = low.view(m)
            low.map("copy", part, out=View(x, at, part.shape, contiguous(part.shape)))
        at += size
    if is_given:
        low.constants.append((x, values))
    return View(x, 0, shape, contiguous(shape))


def _moved(low: Any, r: int, x: int, at: int) -> bool:
    """The scalar r is an entry of variable x from now on, unless it is one of another or views were made of it."""
    own = low.variable[r], low.offset[r]
    if r in low.seen or low.references.get(own, r) != r:
        return False
    low.references.pop(own, None)
    low.variable[r], low.offset[r] = x, at
    low.references[x, at] = r
    low.seen.add(r)
    return True
