"""The order of nodes and factors: by first occurrence in an expression, whatever else its graph holds.

Node ids tell what was built first, which depends on what was built before; so nothing that a formula shows may ask
them. Sweeps go through a slice in this order and write their products in it, formulas are laid out in it.
"""

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import islice
from typing import Any

from .graph import CONSTANT, SIZE, VARIABLE, Graph
from .ops.elementwise import divide_op, exp, pow_op, safe_multiply, sqrt
from .ops.products import ADD, CONTRACT, SCALAR_PRODUCT, product, scalar_product

MANY = 1000  # nodes from which on a range of ids is looked through as a whole


def met(
    g: Graph, roots: Iterable[int], ends: Callable[[int], bool] | None = None, most: float = math.inf
) -> list[int] | None:
    """`roots` and what they depend on, in the order in which one meets them who reads from left to right, operands
    first; nothing below a node at which it `ends`. None when there are more than so many."""
    inputs = g._inputs
    order: list[int] = []
    seen: set[int] = set()
    stack = list(roots)[::-1]
    while stack and len(seen) <= most:
        n = stack.pop()
        if n < 0:  # its operands have been met
            order.append(~n)
        elif n not in seen:
            seen.add(n)
            operands = inputs[n]
            if operands and (ends is None or not ends(n)):
                stack += (~n, *operands[::-1])
            else:
                order.append(n)
    return order if len(seen) <= most else None


def slice_between(g: Graph, y: Iterable[int], wrt: Collection[int]) -> list[int]:
    """The nodes on a path from `wrt` to `y`, operands first: descendants of wrt among the ancestors of y."""
    inputs, active = g._inputs, set[int]()
    order = met(g, y, most=MANY) or sorted(_ancestors(g, y, min(wrt, default=0)))
    for n in order:
        if n in wrt or not active.isdisjoint(inputs[n]):
            active.add(n)
    return [n for n in order if n in active]


def _ancestors(g: Graph, y: Iterable[int], first: int, most: float = math.inf) -> set[int]:
    """`y` and what it depends on, from the id `first` on; incomplete when it is more than so many."""
    inputs = g._inputs
    seen = {n for n in y if n >= first}
    stack = list(seen)
    while stack and len(seen) <= most:
        for i in inputs[stack.pop()]:
            if i >= first and i not in seen:
                seen.add(i)
                stack.append(i)
    return seen


def dependants(g: Graph, y: Sequence[int], wrt: set[int]) -> tuple[Sequence[int], bytearray]:
    """(nodes, flags): those among which is all that depends on `wrt` up to `y`, operands first, and a flag for each
    id that does.

    What `y` does not depend on gets no cotangent: when they are many, such nodes are not sorted out.
    """
    inputs, first, top = g._inputs, min(wrt, default=0), max(y, default=0)
    flags = bytearray(top + 1)
    for n in wrt:
        if n <= top:
            flags[n] = 1
    nodes: Sequence[int] | None = met(g, y, most=MANY)
    if nodes is None:  # what depends on wrt was created after it
        seen = _ancestors(g, y, first, MANY)
        nodes = range(first, top + 1) if len(seen) > MANY else sorted(seen)
    given = islice(inputs, first, top + 1) if type(nodes) is range else [inputs[n] for n in nodes]
    depends = flags.__getitem__
    for n, operands in zip(nodes, given, strict=True):
        if operands and any(map(depends, operands)):
            flags[n] = 1
    return nodes, flags


# --- the factors of a product -----------------------------------------------------------------------------------------

LEAF, SUM, CALL, EXP, PRODUCT = range(5)  # kinds of factors, in the order in which formulas write them
ONE = "int", 1  # the parameters of the constant 1
KINDS = {VARIABLE: LEAF, CONSTANT: LEAF, SIZE: LEAF, exp: EXP}
PASSED = (ADD, divide_op, pow_op, sqrt)  # what has the kind of its first operand


def unscaled(g: Graph, n: int) -> int:
    """The node without the number that multiplies it."""
    while g._op[n] is ADD and len(g._inputs[n]) == 1:
        (n,) = g._inputs[n]
    return n


def is_product(g: Graph, n: int) -> bool:
    """A product of several scalars."""
    n = unscaled(g, n)
    return g._op[n] is CONTRACT and len(g._inputs[n]) > 1 and not any(map(g._shape.__getitem__, g._inputs[n]))


def is_chain(g: Graph, n: int) -> bool:
    """A product as Python reads ``a*b*c``: only its first factor is a product, or a quotient of one."""
    return all(kind(g, i) != PRODUCT for i in g._inputs[n][1:])


def kind(g: Graph, n: int) -> int:
    """The kind of a factor; of a power that of its base, of a quotient that of its numerator, of p*x**(p - 1) that of
    x."""
    while (found := KINDS.get(op := g._op[n])) is None:
        operands = g._inputs[n]
        if op is CONTRACT:
            return PRODUCT if g._params[n] is SCALAR_PRODUCT or is_product(g, n) else SUM
        if op is ADD and len(operands) > 1:
            return SUM
        if op is safe_multiply or (op is divide_op and g._op[operands[0]] is CONSTANT):
            n = operands[1]
        elif op in PASSED:
            n = operands[0]
        else:
            return CALL
    return found


class Factors:
    """Products of two scalars of a sweep over some nodes, in the order in which a formula has them.

    A cotangent that is a product stands last: so the whole reads as no chain of the user's, and formulas put its
    factors into their own order.
    """

    def __init__(self, nodes: Sequence[int]):
        self.nodes, self.place = nodes, dict[int, int]()

    def product(self, g: Graph, ct: int, m: int, n: int) -> tuple[Any, int]:
        """(coefficient, node) of a cotangent and the factor m, which stands where the node n stood."""
        if g._op[ct] is CONSTANT:  # the seed of a sweep
            return _times_one(g, m) if g._params[ct] == ONE else scalar_product(g, ct, m)
        a = kind(g, ct)
        last = a == PRODUCT
        if not last:
            b = kind(g, m)
            last = b < a or (a == b and self._later(ct, n))
        return scalar_product(g, m, ct) if last else scalar_product(g, ct, m)

    def _later(self, ct: int, n: int) -> bool:
        """The cotangent is a node of the expression, and stands behind n."""
        self.place = self.place or {n: k for k, n in enumerate(self.nodes)}
        here, there = self.place.get(ct), self.place.get(n)
        return here is not None and there is not None and there < here


def _times_one(g: Graph, m: int) -> tuple[Any, int]:
    """(coefficient, node) of 1 times a scalar."""
    op = g._op[m]
    if op is ADD and len(g._inputs[m]) == 1:
        return g._params[m][0], g._inputs[m][0]
    return product(g, ((m, ()),), ()) if op is CONSTANT or op is CONTRACT else (1, m)


def plain_product(g: Graph, ct: int, m: int, n: int) -> tuple[Any, int]:
    return scalar_product(g, ct, m)
