"""What is computed, and what is differentiated, in place of a node: the table of stable spellings on a graph.

A rule is looked for once per node, at nodes of its op with an operand of the op that it names; what depends on such a
node is appended anew. Nothing that others share is taken apart, and a graph without the ops of the rules is not looked
through.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import lru_cache, partial
from itertools import islice
from typing import Any

import numpy as np

from . import constants
from .expr import Expr
from .graph import CONSTANT, MANY, VARIABLE, Graph
from .op import FUNCTIONS, OPS, Op
from .ops.products import ADD, CONTRACT
from .ops.quadrature import INTEGRAL
from .ops.vectors import CROSS
from .patterns import MOST, PATTERNS, Outline, Row, Rule, applied, can_match, factors, number, outline
from .spellings import (
    COMPUTED,
    COMPUTED_ROWS,
    DERIVED,
    DERIVED_ROWS,
    DIFFERENTIATED,
    DIFFERENTIATED_ROWS,
    Spelling,
)
from .spellings.survey import CANCELS, FEW, alike, bit, foresee, is_through, seen

TableRow = tuple[set[Op], int, Row, int | None]  # (ops that must be there, the mask of a node, the row, its left side)
LEAST = (CONTRACT, VARIABLE, CONSTANT)  # what tells least about a left side
ROUNDS = 8  # of rules that meet the result of another
REACH = 64  # nodes of a left side at most
COMPOSED = 512  # nodes of a composition at most
KINDS = 2**14  # of nodes and graphs that are kept in mind
WEAK = ("int", "float")  # types of Python's numbers
ANY = -1  # the mask of all that can happen
LONG = 4 * MANY  # nodes of programs in which what fits nearly every sum is not looked for


class Table:
    """Rules by the op of the node and the op of an operand; None: whatever the operands are."""

    def __init__(self, name: str, rules: Sequence[Rule], rows: Sequence[Spelling], composed: Sequence[Op] = ()):
        self.name = name
        self.rows: dict[Op, dict[Op | None, list[TableRow]]] = {}
        self.asked: dict[Op, int] = {}  # the bits of masks that the rows of a root ask for
        self.live = lru_cache(KINDS)(self._live)
        self.near = lru_cache(KINDS)(self._near)
        self.fitting = lru_cache(KINDS)(self._fitting)
        for rule in rules:
            root = PATTERNS.record(rule.lhs.node)
            inside = [PATTERNS.record(i) for i in _operands(PATTERNS, rule.lhs.node)]
            anchor = max(inside, key=lambda op: 0 if op in LEAST else 1 if op is ADD else 2)
            self.enter(root, anchor, rule.needs, partial(applied, rule), rule.lhs.node, _near_root(rule.lhs.node))
        for _, root, anchors, ops, row, _, can in rows:
            sides = [given.lhs.node for given in getattr(row, "args", ()) if isinstance(given, Rule)]
            for op in anchors:
                needs = {root, op, *ops} - {ADD, CONTRACT, VARIABLE}
                self.enter(root, op, needs, row, sides[0] if sides else None, {*ops} - {ADD, CONTRACT}, can)
        for op in composed:
            self.enter(op, None, set(), _composed)
        self.foresees = any(can & CANCELS for can in self.asked.values())

    def enter(
        self, root: Op, anchor: Op | None, needs: set[Op], row: Row, lhs: int | None = None, near: Iterable[Op] = (),
        can: int = 0,
    ) -> None:  # fmt: skip
        """`near` are ops that are within reach of a node, `can` what can happen at it."""
        for op in near:
            can |= bit(op)
        self.rows.setdefault(root, {}).setdefault(anchor, []).append((needs, can, row, lhs))
        self.asked[root] = self.asked.get(root, 0) | can

    def _live(self, present: frozenset[Op]) -> list[tuple[Op, set[Op | None]]]:
        """The rules that can fit where there are these ops: (op of a node, ops of an operand)."""
        found = []
        for root in [op for op in self.rows if op in present]:
            anchors = {op for op, rows in self.rows[root].items() if any(needs <= present for needs, *_ in rows)}
            if anchors:
                found.append((root, anchors))
        return found

    def at(self, g: Graph, n: int) -> int | None:
        """The node in the place of n, or None; rules are tried at a node once."""
        if g._op[n] not in self.rows:
            return None
        state = self.state(g)
        if n in state.idle:
            return None
        m = state.found.get(n)
        if m is None:
            rows = state.waiting.pop(n, None)
            m = self.tried(g, n, self.rows_at(g, n) if rows is None else rows)
            if m is None:
                state.idle.add(n)
            else:
                state.found[n] = m
        return m

    def tried(self, g: Graph, n: int, rows: Sequence[Row]) -> int | None:
        """What the first row that fits makes of n."""
        if not rows:
            return None
        settled = _settled(g)
        done = settled.get(n, frozenset())
        tried: set[Row] = set(done)
        for row in rows:
            if row is _composed or row not in tried:
                tried.add(row)
                before = len(g._op)
                y = _made(row, g, n)
                if y is not None and g._dtype[y.node] in WEAK:
                    y = _as_node(y, Expr(g, n))
                if len(g._op) > before:
                    made = done | {row} | ({g._op[n]} if row is _composed else set())
                    settled.update(dict.fromkeys(range(before, len(g._op)), made))
                if y is None or y.node == n or g._op[y.node] in done:
                    continue
                if y.shape == g._shape[n] and y.dtype == Expr(g, n).dtype:
                    self.state(g).spent.setdefault(n, set()).add(row)
                    return y.node
        return None

    def again(self, g: Graph, n: int, times: int) -> int | None:
        """The node in the place of n where it stands within what took its place so many times: by the other rules."""
        state = self.state(g)
        if (n, times) not in state.again:
            fitting = self.rows_at(g, n) if g._op[n] in self.rows else ()
            rows = [row for row in fitting if row not in state.spent.get(n, ())]
            state.again[n, times] = self.tried(g, n, rows)
        return state.again[n, times]

    def rows_at(self, g: Graph, n: int) -> Sequence[Row]:
        """The rows that can fit, by the ops of the node, of its operands and of theirs, and by its mask: few kinds in
        any graph."""
        ops, operands = g._op, g._inputs[n]
        kinds = tuple([ops[i] for i in operands]) if len(operands) <= MOST else None
        if kinds is not None and not self.near(ops[n], kinds, ANY):
            return ()
        has = seen(g, n) & self.asked[ops[n]]
        return self.fitting(outline(g, n), has) if kinds is None or self.near(ops[n], kinds, has) else ()

    def _near(self, op: Op, operands: tuple[Op, ...], has: int) -> bool:
        """Some row can fit, as far as the ops of the operands and the mask say."""
        hides = op is CONTRACT and CONTRACT in operands  # products within products are their factors
        return hides or bool(self._fitting((op, tuple([(i, None) for i in operands])), has))

    def _fitting(self, tree: Outline, has: int) -> Sequence[Row]:
        return list(dict.fromkeys(row for _, can, row, _ in self._rows_of(tree) if not can & ~has))

    def _rows_of(self, tree: Outline) -> list[TableRow]:
        op, operands = tree
        by_anchor = self.rows[op]
        met = by_anchor if operands is None else dict.fromkeys([operand[0] for operand in operands])
        anchors = [*met, None] if None in by_anchor else list(met)
        rows = [row for anchor in anchors for row in by_anchor.get(anchor, ())]
        return [row for row in rows if row[-1] is None or can_match(tree, row[-1])]

    def state(self, g: Graph) -> "State":
        kept = g.cache("stable")
        return kept.get(self.name) or kept.setdefault(self.name, State())

    def looked_at(self, g: Graph) -> "State":
        """What is known of all nodes; only new ones are looked at."""
        state = self.state(g)
        if state.size == len(g._op):
            return state
        if self.foresees and len(g._op) - state.size > FEW:
            foresee(g)
        state.size, present = len(g._op), frozenset(g._ids)
        for root, anchors in self.live(present):
            nodes = g._ids[root]
            new = len(nodes) - state.looked.get(root, 0)
            if new:
                state.looked[root] = len(nodes)
                self.look(g, state, _candidates(g, root, new, anchors))
        return state

    def looked_at_slice(self, g: Graph, order: Sequence[int]) -> "State":
        """The same of these nodes alone: a part of a graph that is much larger."""
        state, ops = self.state(g), g._op
        self.look(g, state, [n for n in order if ops[n] in self.rows and n not in state.waiting])
        return state

    def look(self, g: Graph, state: "State", nodes: Sequence[int]) -> None:
        for n in nodes:
            rows = () if n in state.idle or n in state.found else self.rows_at(g, n)
            if rows:
                state.waiting[n] = rows

    def found(self, g: Graph, order: Sequence[int]) -> dict[int, int]:
        """{node: the node in its place}, of all of these nodes, which were looked at, that a rule fits."""
        state = self.state(g)
        for n in [n for n in order if n in state.waiting]:
            self.at(g, n)
        return state.found

    def fits(self, g: Graph) -> bool:
        """Some rule may fit some node of the graph."""
        return self.looked_at(g).alive


class State:
    """What a table knows of the nodes of a graph."""

    __slots__ = ("again", "found", "idle", "looked", "size", "spent", "waiting")

    def __init__(self) -> None:
        self.size = 0  # of the graph when it was looked at
        self.looked: dict[Op, int] = {}  # how many nodes of each op were looked at
        self.waiting: dict[int, Sequence[Row]] = {}  # nodes at which no rule was tried yet, and the rules that can fit
        self.found: dict[int, int] = {}  # {node: the node in its place}
        self.idle: set[int] = set()  # nodes that no rule fits
        self.spent: dict[int, set[Row]] = {}  # the rules that made what took the place of a node
        self.again: dict[tuple[int, int], int | None] = {}  # the same where it was replaced so many times before

    @property
    def alive(self) -> bool:
        """Some rule fits or may fit."""
        return bool(self.found or self.waiting)


def _made(row: Row, g: Graph, n: int) -> Expr | None:
    """What a row makes of a node; None also where numbers of it are beyond the doubles."""
    try:
        return row(g, n)
    except OverflowError:
        return None


def _as_node(y: Expr, like: Expr) -> Expr:
    """A number, or what is made of numbers, in the place of a node."""
    value = number(y.graph, y.node)
    y = y if value is None else y.graph.constant(float(value))
    y = y if y.dtype == like.dtype else FUNCTIONS["astype"](y, like.dtype)
    return y if y.shape or not like.shape else FUNCTIONS["broadcast_to"](y, like.shape)


def _near_root(n: int) -> set[Op]:
    """The functions of a left side that are within reach of its root."""
    found: set[Op] = set()
    stack = [*_operands(PATTERNS, n)]  # whose own ops an outline tells
    while stack:
        m = stack.pop()
        if is_through(PATTERNS.record(m)):
            stack += PATTERNS._inputs[m]
            found.update(map(PATTERNS.record, PATTERNS._inputs[m]))
    return found - {VARIABLE, CONSTANT, ADD, CONTRACT}


def _candidates(g: Graph, root: Op, count: int, live: set[Op | None]) -> list[int]:
    """The last nodes of an op, so many, that have an operand of these ops; a product within a product may hide one."""
    ops, inputs, seen = g._op, g._inputs, {*live, CONTRACT} if root is CONTRACT else live
    if count > MANY:
        columns = g.columns()
        nodes = columns.of_op(root, count)
        return (nodes if None in live else columns.with_operand(nodes, seen)).tolist()
    last = islice(reversed(g._ids[root].values()), count)
    return [n for n in last if None in live or not seen.isdisjoint([ops[i] for i in inputs[n]])]


def _composed(g: Graph, n: int) -> Expr:
    """What an op that only derivatives have is made of."""
    return g._op[n].composition(*Expr(g, n).inputs)  # type: ignore[misc]


def _operands(g: Graph, n: int) -> Iterable[int]:
    return factors(g, n) if g._op[n] is CONTRACT and len(g._inputs[n]) > 1 else g._inputs[n]


PRIVATE = [op for op in OPS.values() if op.textbook and op.elementwise and op.composition]
SPELLED_OUT = (CROSS, INTEGRAL)  # as a call they are dearer, or have no value
PROGRAMS, LONG_PROGRAMS = (
    Table(name, (*DERIVED, *COMPUTED), rows, (*PRIVATE, *SPELLED_OUT))
    for name, rows in (
        ("programs", (*DERIVED_ROWS, *COMPUTED_ROWS)),
        ("long programs", (*DERIVED_ROWS, *[row for row in COMPUTED_ROWS if not row.anywhere])),
    )
)
SWEEPS = Table("sweeps", (*DERIVED, *DIFFERENTIATED), (*DERIVED_ROWS, *DIFFERENTIATED_ROWS))


FILLING = ("equal", "not_equal")


def _filled(g: Graph, n: int) -> Expr | None:
    """where(u == a, k, f) is f, where that is k at u = a: the limit that the user filled in."""
    condition, *branches = g._inputs[n]
    if g._op[condition].name not in FILLING:  # a branch is an equation
        return None
    filled, f = branches if g._op[condition].name == "equal" else branches[::-1]
    u, a = g._inputs[condition]
    u, a = (u, a) if number(g, a) is not None else (a, u)
    point, wanted = number(g, a), number(g, filled)
    if point is None or wanted is None or g._shape[f] != g._shape[n]:
        return None
    values = _values_at(g, f, u, float(point))
    if np.isnan(values.get(f, 0)).any():  # 0/0, which another spelling is not
        spelled = stable(g, [u], [f])[0]
        value = _values_at(g, spelled, u, float(point)).get(spelled, np.nan)
    else:  # exp(-1/u**2) is no limit of a series
        value = values.get(f, np.nan) if all(np.isfinite(v).all() for v in values.values()) else np.nan
    return Expr(g, f) if np.all(np.abs(value - float(wanted)) <= 1e-14 * abs(float(wanted))) else None


def _values_at(g: Graph, n: int, u: int, point: float) -> dict[int, Any]:
    """The values of what node n, which depends on u alone, is made of, where every entry of u is the point; empty for
    others."""
    values: dict[int, Any] = {u: np.full((1,) * len(g._shape[u]), point)}
    try:
        with np.errstate(all="ignore"):
            for k in _slice(g, {u}, [n]):
                if g._op[k] is CONSTANT:
                    values[k] = constants.evaluate(*g._params[k])
                elif k != u:
                    values[k] = g._op[k].meaning()(*[values[i] for i in g._inputs[k]], *g._params[k])
        return values
    except (KeyError, TypeError, ValueError):  # other variables, named sizes
        return {}


for _table in (PROGRAMS, LONG_PROGRAMS, SWEEPS):
    for _name in FILLING:
        _table.enter(OPS["where"], OPS[_name], set(), _filled)


def stable(g: Graph, inputs: Collection[int], outputs: Sequence[int], table: Table = PROGRAMS) -> Sequence[int]:
    """The nodes that stand for `outputs`, computed from `inputs`, in stable spelling; `outputs` where no rule fits.

    Which table a program has depends on its own length, not on what else is in the graph.
    """
    with g._turn:
        given, is_part = set(inputs), False
        if outputs and table is PROGRAMS and len(g._op) > LONG:
            is_part = g.columns().slice(given, outputs).size <= LONG
            table = PROGRAMS if is_part else LONG_PROGRAMS
        for _ in range(ROUNDS):
            better = _once(g, given, outputs, table, is_part)
            if better == outputs:
                break
            outputs = better
        return outputs


def _once(g: Graph, given: set[int], outputs: Sequence[int], table: Table, is_part: bool) -> Sequence[int]:
    if not is_part and not table.looked_at(g).alive:
        return outputs
    order = _slice(g, given, outputs)
    if is_part and not table.looked_at_slice(g, order).alive:
        return outputs
    found = table.found(g, order)
    if found.keys().isdisjoint(order):
        return outputs
    interior = {n for n in given if g._inputs[n]}
    made: dict[int, int] = {}
    holds = _holds(g)
    kept = dict([holds[n] for n in order if n in holds])
    for n in order:
        if n not in given:
            k = table.again(g, n, kept[n]) if n in kept else found.get(n)  # the whole before its parts
            whole = k is not None and not (interior and _passes(g, n, k, interior))
            m = _transplanted(g, k, n, made, kept.get(n, 0)) if whole else _renewed(g, n, made)  # type: ignore[arg-type]
            for _ in range(ROUNDS if m != n else 0):
                k = None if m in kept else table.at(g, m)
                if k is None or (interior and _passes(g, m, k, interior)):
                    break
                if k > m:
                    inside = _within(g, k, min(m, n).__gt__, COMPOSED)
                    holds.update((k, (i, 1)) for i in (n, m) if i in inside)
                m = k
            if m != n:
                made[n] = m
    return [made.get(n, n) for n in outputs]


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


def _settled(g: Graph) -> dict[int, frozenset[Row | Op]]:
    """The rows that made a node, and are not tried at it again, and the ops whose compositions it is part of, which
    no row makes of it again."""
    return g.cache("stable").setdefault("settled", {})


def _holds(g: Graph) -> dict[int, tuple[int, int]]:
    """{what took the place of a node: (the node, which stands within it, how often it was replaced)}: rules that hold
    on one side of a point."""
    return g.cache("stable").setdefault("holds", {})


def _renewed(g: Graph, n: int, made: dict[int, int]) -> int:
    """The node n on operands in stable spelling."""
    operands = g._inputs[n]
    if made.keys().isdisjoint(operands):
        return n
    m = g.append(g._op[n], tuple([made.get(i, i) for i in operands]), g._params[n])
    alike(g, m, n)
    settled, holds = _settled(g), _holds(g)
    if n in settled:
        settled.setdefault(m, settled[n])
    if n in holds:
        inner, times = holds[n]
        holds.setdefault(m, (made.get(inner, inner), times))
    return m


def _transplanted(g: Graph, k: int, n: int, made: dict[int, int], times: int) -> int:
    """The node k, made in the place of n, on operands in stable spelling."""
    if k < n:
        return made.get(k, k)
    within = sorted(_within(g, k, lambda i: i < n))
    before = len(made)  # of nodes before n alone
    for i in within:
        m = _renewed(g, i, made)
        if m != i:
            made[i] = m
    m = made.get(k, k)
    if n in within:
        _holds(g)[m] = made.get(n, n), times + 1
    while len(made) > before:
        made.popitem()
    return m


def _passes(g: Graph, n: int, m: int, interior: set[int]) -> bool:
    """A given node stands within what the left side at n covers, and m does not depend on it."""
    leaves = {m} if m < n else {i for k in _within(g, m, lambda i: i < n) for i in g._inputs[k] if i < n}
    covered = _within(g, n, leaves.__contains__)
    return len(covered) > REACH or not interior.isdisjoint(covered[1:])


def _within(g: Graph, n: int, stop: Callable[[int], Any], most: int = REACH) -> list[int]:
    """n and what it depends on, down to where to stop."""
    seen, stack = {n: None}, [n]
    while stack and len(seen) <= most:
        for i in g._inputs[stack.pop()]:
            if i not in seen and not stop(i):
                seen[i] = None
                stack.append(i)
    return list(seen)
