"""Expr -> Formula: the syntax tree of an expression with shared terms named. Long graphs become lists of statements."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from ..algebra.normalize import Lowered
from ..algebra.rules import RULES
from ..expr import Expr
from ..graph import CONSTANT, SIZE, VARIABLE, Graph
from ..occurrence import met
from . import tree
from .guards import guarded
from .layout import Layout
from .tree import Tree

MAX_LISTED = 20_000  # nodes of the largest graph that is written out
MAX_NODES = 400  # a larger graph is written statement by statement
MAX_DEPTH = 40  # nesting of ops within one statement
MAX_STATEMENT = 60  # ops within one statement of a long listing
NAMED_COST = 4  # operations that a shared term has at least to be named


@dataclass(frozen=True)
class Formula:
    """``lets``: (name, tree) in order, each may use the earlier ones; ``body``: the tree of the expression."""

    lets: tuple[tuple[str, Tree], ...]
    body: Tree

    @property
    def cost(self) -> float:
        return self.body.cost + sum(t.cost for _, t in self.lets)


def bounded_formula(e: Expr, limit: int) -> Formula | None:
    """The formula of an expression; None where it has more than `limit` nodes."""
    nodes = _slice(e.graph, e.node, limit)
    return None if nodes is None else _formula(e, nodes)


def formula(e: Expr) -> Formula:
    """The formula of an expression of any size."""
    return _formula(e, _slice(e.graph, e.node, None) or [])


def _formula(e: Expr, nodes: list[int]) -> Formula:
    """The formula of an expression, kept with its graph until names change."""
    kept, names = e.graph.cache("formulas"), e.graph.names
    if kept.get("names") != names:
        kept.clear()
        kept["names"] = dict(names)
    if e.node not in kept:
        kept[e.node] = _made(e, nodes)
    return kept[e.node]


def _made(e: Expr, nodes: list[int]) -> Formula:
    g = e.graph
    cuts = _cuts(g, nodes, e.node) if len(nodes) > MAX_DEPTH else []
    fresh = _names(g, nodes)
    names = {n: next(fresh) for n in cuts}
    called = names | g.names
    stops = called.keys() if cuts else ()
    lowered = Lowered(g, RULES)
    lets = []
    for n in (*cuts, e.node):
        t = guarded(Layout(lowered, called).form(lowered.of(n, stops)))
        if t.boolean and g._dtype[n] != "bool":
            t = tree.chosen(t)
        lets.append((names.get(n, ""), t))
    bound: list[tuple[str, Tree]] = []
    for label, t in lets:
        inner, t = _shared(t, fresh)
        bound += [*inner, (label, t)]
    *statements, (_, body) = bound
    return Formula(tuple(statements), body)


def _names(g: Graph, nodes: list[int]) -> Iterator[str]:
    """Names of terms that nothing in these nodes has."""
    taken = {g._params[n][0] for n in nodes if g._op[n] is VARIABLE} | set(g.names.values())
    taken |= {s for n in nodes for s in g._shape[n] if isinstance(s, str)}
    k = 0
    while True:
        if f"t{k}" not in taken:
            yield f"t{k}"
        k += 1


def _slice(g: Graph, node: int, limit: int | None) -> list[int] | None:
    """The nodes that the formula shows: up to named ones, operands first."""
    return met(g, [node], lambda n: n in g.names and n != node, math.inf if limit is None else limit)


def _cuts(g: Graph, nodes: list[int], root: int) -> list[int]:
    """Nodes to name in advance: none in a small graph; in a long one those that are shared, deep or heavy."""
    depth: dict[int, int] = {}
    weight: dict[int, int] = {}
    uses: dict[int, int] = {}
    leaf = {VARIABLE, CONSTANT, SIZE}
    members = set(nodes)
    for n in nodes:
        for i in g._inputs[n] if n == root or n not in g.names else ():
            uses[i] = uses.get(i, 0) + 1
    large = len(nodes) > MAX_NODES
    cuts = []
    for n in nodes:
        if g._op[n] in leaf or (n in g.names and n != root):
            depth[n] = weight[n] = 0
            continue
        inputs = [i for i in g._inputs[n] if i in members]
        depth[n] = 1 + max([depth[i] for i in inputs], default=0)
        weight[n] = 1 + sum(weight[i] for i in set(inputs))
        if n == root or g._op[n].results:
            continue
        if depth[n] >= MAX_DEPTH or (large and ((uses.get(n, 0) > 1 and weight[n] > 1) or weight[n] >= MAX_STATEMENT)):
            cuts.append(n)
            depth[n] = weight[n] = 0
    return cuts


def _shared(body: Tree, fresh: Iterator[str]) -> tuple[list[tuple[str, Tree]], Tree]:
    """(named subterms, tree): those that occur more than once and are long get a name."""
    if body.cost < 2 * NAMED_COST:
        return [], body
    count: dict[int, int] = {}
    keep: dict[int, Tree] = {}
    stack = [body]
    while stack:
        t = stack.pop()
        key = id(t)
        keep[key] = t
        count[key] = count.get(key, 0) + 1
        if count[key] == 1:
            stack += (*t.args, *t.below)
    if not any(c > 1 and keep[k].cost >= NAMED_COST for k, c in count.items()):
        return [], body
    return _bound(body, count, fresh)


def _bound(body: Tree, count: dict[int, int], fresh: Iterator[str]) -> tuple[list[tuple[str, Tree]], Tree]:
    lets: list[tuple[str, Tree]] = []
    rebuilt: dict[int, Tree] = {}
    order: list[Tree] = []
    seen: set[int] = set()
    stack: list[tuple[Tree, bool]] = [(body, False)]
    while stack:
        t, done = stack.pop()
        if done:
            order.append(t)
        elif id(t) not in seen:
            seen.add(id(t))
            stack.append((t, True))
            stack += [(a, False) for a in reversed((*t.args, *t.below))]
    for t in order:
        new = t.over([rebuilt[id(a)] for a in t.args], [rebuilt[id(b)] for b in t.below])
        uses = count[id(t)] if t is not body and t.kind not in ("tuple", "number", "T") else 1
        if uses > 1 and new.cost >= NAMED_COST and (uses - 1) * (new.cost - 1) >= NAMED_COST:
            name = next(fresh)
            lets.append((name, new))
            new = tree.name(name, boolean=new.boolean)
            new.rank = t.rank
        rebuilt[id(t)] = new
    return lets, rebuilt[id(body)]
