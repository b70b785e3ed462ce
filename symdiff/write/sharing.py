"""Expr -> Formula: the syntax tree of an expression with shared terms named. Long graphs become lists of statements."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

from ..algebra.forms import Form
from ..algebra.normalize import Lowered
from ..algebra.rules import RULES
from ..budget import limit
from ..expr import Expr
from ..graph import CONSTANT, SIZE, VARIABLE, Graph
from ..occurrence import met
from ..op import OPS, provided
from . import tree
from .grouping import grouped
from .guards import guarded
from .layout import Layout
from .tree import Tree, mapped, merged, postorder

MAX_NODES = 400  # a larger graph is written statement by statement
SAVED = 2  # operations that the name of a shared term saves at least
SAVED_SCALAR = 4  # where all is scalar, of all but its last: short ones read better as they are


class Cutting(NamedTuple):
    """When nodes of a formula become statements of their own."""

    depth: int  # nesting of ops within one statement
    nodes: int  # in a larger graph, what is shared and what is heavy is cut too
    statement: int  # ops within one statement of a long listing


CUTTINGS = (Cutting(40, MAX_NODES, 60), Cutting(12, 0, 12), Cutting(1, 0, 1))  # each after the one before took too long


@dataclass(frozen=True)
class Formula:
    """``lets``: (name, tree) in order, each may use the earlier ones; ``body``: the tree of the expression.
    ``statements``: both before shared terms were named, the body last under the name ""; ``taken``: no names for these;
    ``scalar``: all is scalar.
    """

    lets: tuple[tuple[str, Tree], ...]
    body: Tree
    statements: tuple[tuple[str, Tree], ...] = ()
    taken: frozenset[str] = frozenset()
    scalar: bool = False

    @property
    def marked(self) -> int:
        """What the last passes look for in its trees."""
        found = 0
        for _, t in self.statements:
            found |= t.marked
        return found

    @property
    def sources(self) -> list[int]:
        """The variables and constants in it, each once."""
        trees = (t for _, whole in self.statements for t in postorder(whole))
        return list(dict.fromkeys(t.source for t in trees if isinstance(t.source, int)))

    def sourced(self, at: Mapping[int, int]) -> "Formula":
        """The same formula of variables and constants elsewhere."""

        def change(t: Tree) -> Tree:
            return t if t.source is None else t.of(at[t.source])

        lets = tuple([(name, mapped(t, change)) for name, t in self.lets])
        statements = tuple([(label, mapped(t, change)) for label, t in self.statements])
        return replace(self, lets=lets, body=mapped(self.body, change), statements=statements)

    @property
    def whole(self) -> Tree:
        """The tree of the expression before shared terms were named."""
        return self.statements[-1][1]

    @property
    def cost(self) -> float:
        return self.body.cost + sum(t.cost for _, t in self.lets)


def bounded_formula(e: Expr, most: int | None = None) -> Formula | None:
    """The formula of an expression; None where it has more nodes, or its search takes more steps, than the budget."""
    nodes = _slice(e.graph, e.node, limit("listed") if most is None else most)
    if nodes is None:
        return None
    return _kept(e, nodes)


def formula(e: Expr) -> Formula:
    """The formula of an expression of any size."""
    nodes = _slice(e.graph, e.node, None) or []
    return _kept(e, nodes) or _made(e, nodes, CUTTINGS[-1], Lowered(e.graph, RULES))[0]


def first_formula(e: Expr) -> Formula | None:
    """The formula of an expression as it stands; its text may meet what is simpler when it is read."""
    nodes = _slice(e.graph, e.node, limit("listed"))
    if nodes is None:
        return None
    kept = e.graph.cache("formulas")
    known = kept.get((e.node, limit("search"))) if kept.get("names") == e.graph.names else None
    return known if known is not None and known.scalar else _searched(e, nodes)[0]


def _kept(e: Expr, nodes: list[int]) -> Formula | None:
    """The formula in statements as long as the search allows, kept with its graph until names change; of arrays, the
    one that its own text reads as."""
    kept, names = e.graph.cache("formulas"), e.graph.names
    if kept.get("names") != names:
        kept.clear()
        kept["names"] = dict(names)
    key = e.node, limit("search")
    if key not in kept:
        with e.graph._turn:  # nodes that are built to be read again are taken back
            f, layout = _searched(e, nodes)
            kept[key] = f if f is None or f.scalar else provided("reread")(e, f, layout)
    return kept[key]


def _searched(e: Expr, nodes: list[int]) -> tuple[Formula | None, Layout]:
    for cutting in CUTTINGS:
        lowered = Lowered(e.graph, RULES)
        steps = limit("search") + 4 * len(nodes)
        made = lowered.normal.search.within(steps, partial(_made, e, nodes, cutting, lowered))
        if made is not None:
            return made
    return None, Layout(lowered, {})


def _made(e: Expr, nodes: list[int], cutting: Cutting, lowered: Lowered) -> tuple[Formula, Layout]:
    """The formula, and the layout of its last statement."""
    g = e.graph
    cuts = _cuts(g, nodes, e.node, cutting) if len(nodes) > cutting.depth else []
    taken = _taken(g, nodes)
    fresh = _names(taken)
    names = {n: next(fresh) for n in cuts}
    called = names | g.names
    stops = called.keys() if cuts else ()
    lets = []
    for n in (*cuts, e.node):
        layout = Layout(lowered, called)
        lets.append((names.get(n, ""), written(layout, n, lowered.of(n, stops, None if cuts else nodes))))
    return _named(lets, taken | set(names.values()), not any(map(g._shape.__getitem__, nodes))), layout


def written(layout: Layout, n: int, form: Form) -> Tree:
    """The tree of the form of a node, of numbers or of truth values as the node is."""
    t = guarded(layout.form(form))
    if t.boolean and layout.graph._dtype[n] != "bool":
        return tree.chosen(t)
    counts = t.kind == "call" and t.value == "einsum" and not any(a.value in ("eye", "ones") for a in t.args)
    return tree.told(t) if counts and layout.graph._dtype[n] == "bool" else t


def _named(statements: list[tuple[str, Tree]], taken: frozenset[str], scalar: bool) -> Formula:
    """The formula of these statements, what they share under names that are not taken."""
    fresh = _names(taken)
    bound: list[tuple[str, Tree]] = []
    for label, t in statements:
        inner, t = _shared(t, fresh, scalar)
        bound += [*inner, (label, t)]
    *lets, (_, body) = bound
    return Formula(tuple(lets), body, tuple(statements), taken, scalar)


def restated(f: Formula, change: Callable[[Tree], Tree]) -> Formula:
    """The formula with every statement changed before shared terms are named."""
    return _named([(label, change(t)) for label, t in f.statements], f.taken, f.scalar)


def steps(e: Expr) -> list[tuple[str, Tree, Tree]]:
    """The rules and choices of a formula in their order, each once, with what it changed, before and after, written as
    it stands."""
    lowered = _searched(e, _slice(e.graph, e.node, None) or [])[1].lowered
    plain = Layout(lowered, e.graph.names)
    plain.budget = 0  # nothing is taken out of a sum
    done = dict.fromkeys(lowered.log)
    return [(name, plain.form(before), plain.form(after)) for name, before, after in done]


def _taken(g: Graph, nodes: list[int]) -> frozenset[str]:
    """The names of variables, terms and sizes."""
    taken = {g._params[n][0] for n in nodes if g._op[n] is VARIABLE}.union(g.names.values())
    shaped = filter(None, map(g._shape.__getitem__, nodes))
    return frozenset(taken.union([s for shape in shaped for s in shape if isinstance(s, str)]))


def _names(taken: frozenset[str]) -> Iterator[str]:
    """Names of terms that are not taken."""
    k = 0
    while True:
        if f"t{k}" not in taken:
            yield f"t{k}"
        k += 1


def _slice(g: Graph, node: int, limit: int | None) -> list[int] | None:
    """The nodes that the formula shows: up to named ones, operands first."""
    named = g.names.keys() - {node}
    return met(g, [node], named.__contains__ if named else None, math.inf if limit is None else limit)


def _cuts(g: Graph, nodes: list[int], root: int, cutting: Cutting) -> list[int]:
    """Nodes to name in advance: none in a small graph; in a long one those that are shared, deep or heavy."""
    depth: dict[int, int] = {}
    weight: dict[int, int] = {}
    uses: dict[int, int] = {}
    leaf = {VARIABLE, CONSTANT, SIZE}
    members = set(nodes)
    for n in nodes:
        for i in g._inputs[n] if n == root or n not in g.names else ():
            uses[i] = uses.get(i, 0) + 1
    large = len(nodes) > cutting.nodes
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
        heavy = (uses.get(n, 0) > 1 and weight[n] > 1) or weight[n] >= cutting.statement
        if depth[n] >= cutting.depth or (large and heavy):
            cuts.append(n)
            depth[n] = weight[n] = 0
    return cuts


def _shared(body: Tree, fresh: Iterator[str], scalar: bool) -> tuple[list[tuple[str, Tree]], Tree]:
    """(named subterms, tree): those that occur more than once get a name where that saves operations."""
    if body.cost < 2 * SAVED or (scalar and not _repeats(body)):
        return [], body
    body = grouped(merged(body), lambda t, uses: _pays(t, uses, not t.rank))
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
    if not any(c > 1 and (c - 1) * keep[k].cost >= _least(keep[k]) for k, c in count.items()):
        return [], body
    return _bound(body, count, fresh)


def _repeats(body: Tree) -> bool:
    """Two parts cost the same, as equal ones do, and enough for the name of a scalar."""
    costs: set[float] = set()
    stack = [body]
    while stack:
        t = stack.pop()
        if t.cost in costs:
            return True
        costs.add(t.cost)
        stack += [a for a in (*t.args, *t.below) if a.cost >= SAVED_SCALAR]
    return False


def _pays(t: Tree, uses: int, scalar: bool) -> bool:
    """A term that occurs so often is to be named."""
    if scalar:
        return t.cost >= SAVED_SCALAR <= (uses - 1) * (t.cost - 1)
    return (uses - 1) * t.cost >= _least(t)


def _least(t: Tree) -> int:
    """The operations that the name of a term saves at least: of probabilities, which books call p, one."""
    op = OPS.get(t.value) if t.kind == "call" else None
    return 1 if op is not None and op.axes == "along" and op.image == "(0, 1]" else SAVED


def _bound(body: Tree, count: dict[int, int], fresh: Iterator[str]) -> tuple[list[tuple[str, Tree]], Tree]:
    lets: list[tuple[str, Tree]] = []
    rebuilt: dict[int, Tree] = {}
    scalar: dict[int, bool] = {}
    for t in postorder(body):
        new = _square(t.over([rebuilt[id(a)] for a in t.args], [rebuilt[id(b)] for b in t.below]))
        scalar[id(t)] = not t.rank and all(scalar[id(a)] for a in (*t.args, *t.below))
        plain = t.kind in ("tuple", "number", "T") or t.value in ("eye", "ones", "zeros")
        uses = 1 if t is body or plain else count[id(t)]
        if _pays(new, uses, scalar[id(t)]):
            name = next(fresh)
            lets.append((name, new))
            new = tree.name(name, boolean=new.boolean)
            new.rank = t.rank
        rebuilt[id(t)] = new
    return lets, rebuilt[id(body)]


def _square(t: Tree) -> Tree:
    """``t0 @ t0`` for ``norm2(t0)**2`` of a shared vector."""
    even = t.kind == "power" and type(t.value) is int and t.value % 2 == 0 and t.value > 0
    norm = t.args[0] if even else None
    if norm is None or norm.kind != "call" or norm.value != "norm2" or norm.options:
        return t
    (v,) = norm.args
    if v.kind != "name" or v.rank != 1:
        return t
    square = tree.matmul([v, v])
    square.rank = 0
    return tree.power(square, t.value // 2)
