"""Stable spellings: what is computed in place of a node, the same real function without overflow and cancellation.

A row is found at nodes of the op that it names, once per node; what depends on such a node is appended anew. Nothing is
taken apart that others share, and a graph without the ops of the rows is not looked through.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from threading import Lock

from .expr import Expr
from .graph import Graph
from .op import OPS, Op

Row = Callable[[Expr], Expr | None]  # a node -> what is computed in its place, None where the row does not fit
ROWS: dict[Op, list[Row]] = {}
ROUNDS = 8  # of rows that meet the result of another

_LOCK = Lock()  # programs of one graph may be built by several threads


def row(*ops: Op) -> Callable[[Row], Row]:
    """Decorator: a row for the nodes of these ops."""

    def enter(f: Row) -> Row:
        for op in ops:
            ROWS.setdefault(op, []).append(f)
        return f

    return enter


def _composed(x: Expr) -> Expr:
    """What an op that only derivatives have is made of."""
    return x.op.composition(*x.inputs)  # type: ignore[misc]


for _name in ("direction", "real_reciprocal", "safe_multiply"):
    row(OPS[_name])(_composed)


def stable(g: Graph, inputs: Iterable[int], outputs: Sequence[int]) -> Sequence[int]:
    """The nodes that stand for `outputs`, computed from `inputs`, in stable spelling; `outputs` where no row fits."""
    with _LOCK:
        found = _found(g)
        if not found:
            return outputs
        given = set(inputs)
        order = _slice(g, given, outputs)
        if found.keys().isdisjoint(order):
            return outputs
        made: dict[int, int] = {}
        for n in order:
            if n not in given:
                m = _spelled(g, _renewed(g, n, made), given)
                if m != n:
                    made[n] = m
        return [made.get(n, n) for n in outputs]


def _found(g: Graph) -> dict[int, int]:
    """{node: the node in its place} of all nodes of the graph that a row fits; only new nodes are looked at."""
    cache = g.cache("stable")
    found, looked = cache.setdefault("found", {}), cache.setdefault("looked", {})
    for op in ROWS:
        nodes = g._ids.get(op)
        new = len(nodes) - looked.get(op, 0) if nodes else 0
        if nodes and new:
            looked[op] = len(nodes)
            for n in list(islice(reversed(nodes.values()), new)):
                m = _by_row(g, n)
                if m is not None:
                    found[n] = m
    return found


def _by_row(g: Graph, n: int) -> int | None:
    x = Expr(g, n)
    for f in ROWS.get(x.op, ()):
        y = f(x)
        if y is not None and y.node != n:
            return y.node
    return None


def _slice(g: Graph, given: set[int], outputs: Sequence[int]) -> list[int]:
    """What outputs depend on down to what is given, in creation order."""
    seen = set(outputs)
    stack = list(seen - given)
    while stack:
        for i in g._inputs[stack.pop()]:
            if i not in seen:
                seen.add(i)
                if i not in given:
                    stack.append(i)
    return sorted(seen)


def _renewed(g: Graph, n: int, made: dict[int, int]) -> int:
    """The node n on operands in stable spelling."""
    operands = g._inputs[n]
    if made.keys().isdisjoint(operands):
        return n
    return g.append(g._op[n], tuple([made.get(i, i) for i in operands]), g._params[n])


def _spelled(g: Graph, n: int, given: set[int]) -> int:
    """The node in the place of n, whose operands are in stable spelling."""
    for _ in range(ROUNDS):
        m = _by_row(g, n) if g._op[n] in ROWS else None
        if m is None:
            return n
        n = m
    return n
