"""Rules as data, and how their left sides are found among the nodes of a graph.

A rule is two expressions over wildcards, written with ordinary operators. Sums and products match in any order; a
wildcard that stands alone in a product takes what is left of it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from . import constants
from .expr import Expr
from .graph import CONSTANT, VARIABLE, Graph
from .op import FUNCTIONS, SCALAR_PRODUCT, Op
from .ops.elementwise import divide_op, pow_op
from .ops.products import ADD, CONTRACT, combination

LEVELS = ("ieee", "real", "stable")
PATTERNS = Graph()  # wildcards are variables of this ordinary graph
MOST = 8  # factors or terms beyond which nothing is looked for

Row = Callable[[Graph, int], Expr | None]  # what is computed in the place of a node; None where the row does not fit
Bound = dict[int, int]  # wildcard's node -> the node that it stands for


def wild(names: str, assume: str = "") -> Any:
    """Wildcards for rules: ``x, y = wild("x y")``. Elementwise rules hold for arrays as they do for scalars."""
    found = tuple(PATTERNS.variable(name, (), assume=assume) for name in names.split())
    return found if len(found) > 1 else found[0]


def wild_matrix(name: str, shape: str) -> Expr:
    """A wildcard for rules over matrices, which stands for products and sums of them."""
    return PATTERNS.variable(name, shape)


@dataclass(frozen=True, eq=False)
class Rule:
    """``lhs -> rhs``: equal wherever both are defined, and rhs defined wherever lhs is (level "real"), the same
    double for every input (level "ieee"), or nowhere less accurate (level "stable"). `when` names a fact that the
    guard's wildcard must have: ("positive", x)."""

    name: str
    lhs: Expr
    rhs: Any
    level: str = "real"
    when: tuple[str, Expr] | None = None

    def __post_init__(self) -> None:
        if self.level not in LEVELS:
            raise ValueError(f"rule {self.name!r}: the level is one of {LEVELS}")
        bound = set(self.lhs.variables)
        free = set(self.rhs.variables) - bound if isinstance(self.rhs, Expr) else set()
        if free:
            raise ValueError(f"rule {self.name!r}: {', '.join(sorted(free))} on the right is not bound on the left")

    @property
    def matrices(self) -> bool:
        """It is a rule over matrices: their products are found, not their entries."""
        return bool(self.lhs.shape)

    @property
    def needs(self) -> set[Op]:
        """The functions on the left."""
        nodes = PATTERNS.ancestors([self.lhs.node])
        return {PATTERNS.record(n) for n in nodes} - {VARIABLE, CONSTANT, ADD, CONTRACT}


# --- nodes as terms and factors -----------------------------------------------------------------------------


def multiple(g: Graph, n: int) -> tuple[Any, int]:
    """(c, u) of a node c*u."""
    return (g._params[n][0], g._inputs[n][0]) if g._op[n] is ADD and len(g._inputs[n]) == 1 else (1, n)


def number(g: Graph, n: int) -> Any:
    """The exact number that a node is, or None."""
    kind, value = g._params[n] if g._op[n] is CONSTANT else ("", None)
    return value if constants.is_coefficient(kind, value) else None


def factors(g: Graph, n: int) -> list[int]:
    """The factors of an elementwise product; the node itself where it is none."""
    if g._params[n] is SCALAR_PRODUCT and CONTRACT not in [g._op[i] for i in g._inputs[n]]:  # as nearly all are
        return [*g._inputs[n]]
    found: list[int] = []
    stack = [n]
    while stack and len(found) <= MOST:
        m = stack.pop()
        if g._op[m] is CONTRACT and len(g._inputs[m]) > 1 and is_elementwise(g._params[m]):
            stack += reversed(g._inputs[m])
        else:
            found.append(m)
    return [*found, *stack]


Outline = tuple[Op, tuple | None]  # the op of a node and the outlines of its operands; None where they are not known


def outline(g: Graph, n: int) -> Outline:
    """The ops of a node, of its operands and of theirs; a product within products is its factors."""
    ops, inputs = g._op, g._inputs
    found: list[Outline] = []
    operands = factors(g, n) if ops[n] is CONTRACT and len(inputs[n]) > 1 else inputs[n]
    for i in operands if len(operands) <= MOST else ():
        below = factors(g, i) if ops[i] is CONTRACT and len(inputs[i]) > 1 else inputs[i]
        known = tuple([(ops[j], None if inputs[j] else ()) for j in below]) if len(below) <= MOST else None
        found.append((ops[i], known))
    return ops[n], tuple(found) if len(operands) <= MOST else None


def can_match(tree: Outline, p: int) -> bool:
    """A node of this outline may match the pattern's node p, as far as ops and numbers of terms say."""
    op, operands = tree
    wanted, q = PATTERNS._op[p], PATTERNS._inputs[p]
    if wanted is VARIABLE or (wanted is ADD and len(q) == 1):
        return True
    if wanted is CONTRACT:
        is_product = op is CONTRACT and operands != () and (operands is None or len(operands) > 1)
        have = operands if is_product else (tree,)
        return have is None or all(any(can_match(one, f) for one in have) for f in _wanted(p))
    if op is not wanted or operands is None:
        return op is wanted
    if wanted is ADD:
        numbers = [i < 0 for _, i in terms(PATTERNS, p)]
        fits = [
            [one[0] is CONSTANT if is_number else can_match(one, i) for one in operands]
            for i, is_number in zip(q, numbers, strict=True)
        ]
        return len(operands) == len(numbers) and all(map(any, fits)) and all(map(any, zip(*fits, strict=True)))
    return len(operands) == len(q) and all(map(can_match, operands, q))


def is_elementwise(params: tuple) -> bool:
    if params is SCALAR_PRODUCT:
        return True
    labels, out, free = params
    return not free and len(set(out)) == len(out) and all(ls == out[len(out) - len(ls) :] for ls in labels)


# --- matching -----------------------------------------------------------------------------------------------


def matches(g: Graph, n: int, p: int, bound: Bound) -> Iterator[Bound]:
    """The wildcards' nodes under which the pattern's node p is the node n."""
    q = PATTERNS
    op = q._op[p]
    if op is VARIABLE:
        if bound.get(p, n) == n:
            yield {**bound, p: n}
    elif op is CONTRACT:
        yield from _products(g, factors(g, n), _wanted(p), bound)
    elif op is ADD and len(q._inputs[p]) == 1:
        yield from _multiples(g, n, p, bound)
    elif g._op[n] is not op:
        return
    elif op is ADD:
        yield from (found for ratio, found in sums(g, n, p, bound) if ratio == 1)
    elif q._params[p] == g._params[n]:
        pairs = sorted(zip(q._inputs[p], g._inputs[n], strict=True), key=lambda pair: _size(pair[0]))
        yield from _all(g, pairs, bound)


def _all(g: Graph, pairs: Sequence[tuple[int, int]], bound: Bound) -> Iterator[Bound]:
    if not pairs:
        yield bound
        return
    (p, n), *others = pairs
    for found in matches(g, n, p, bound):
        yield from _all(g, others, found)


@cache
def _size(p: int) -> int:
    """What is large is looked for first."""
    return -len(PATTERNS.ancestors([p]))


@cache
def _wanted(p: int) -> list[Any]:
    """The factors of a product in a left side; the terms of a sum."""
    if PATTERNS._op[p] is CONTRACT:
        return sorted(factors(PATTERNS, p), key=_size)
    return sorted(terms(PATTERNS, p), key=lambda t: _size(t[1]) if t[1] >= 0 else 0)


def _multiples(g: Graph, n: int, p: int, bound: Bound) -> Iterator[Bound]:
    (c,), (inner,) = PATTERNS._params[p], PATTERNS._inputs[p]
    d, base = multiple(g, n)
    if inner in bound:
        e, known = multiple(g, bound[inner])
        if known == base and d == c * e:
            yield bound
    elif c == d:
        yield from matches(g, base, inner, bound)


def _products(g: Graph, have: list[int], wanted: Sequence[int], bound: Bound) -> Iterator[Bound]:
    """The ways in which the pattern's factors are the factors that are there."""
    if len(have) > MOST:
        return
    at = next((k for k, q in enumerate(wanted) if bound.get(q) in have), 0)
    p, others = wanted[at], [*wanted[:at], *wanted[at + 1 :]]
    if PATTERNS._op[p] is VARIABLE and not others:
        whole = _product_of(g, have)
        if bound.get(p, whole) == whole:
            yield {**bound, p: whole}
        return
    for k, n in enumerate(have):
        rest = have[:k] + have[k + 1 :]
        for found in matches(g, n, p, bound):
            if others:
                yield from _products(g, rest, others, found)
            elif not rest:
                yield found


def _product_of(g: Graph, nodes: Sequence[int]) -> int:
    result = Expr(g, min(nodes)) if nodes else g.constant(1)
    for n in sorted(nodes)[1:]:
        result = result * Expr(g, n)
    return result.node


def terms(g: Graph, n: int) -> list[tuple[Any, int]]:
    """The terms (c, u) of a sum; a number is that number times nothing (-1)."""
    found = []
    for c, m in zip(g._params[n], g._inputs[n], strict=True):
        value = number(g, m)
        found.append((c, m) if value is None else (constants.exact(c * value), -1))
    return found


def sums(g: Graph, n: int, p: int, bound: Bound) -> Iterator[tuple[Any, Bound]]:
    """(ratio, the wildcards' nodes) under which the sum n is the ratio times the pattern's sum p."""
    wanted = _wanted(p)
    if len(g._inputs[n]) == len(wanted) <= MOST:
        yield from _terms(g, terms(g, n), wanted, None, bound)


def _terms(g: Graph, have: list, wanted: Sequence, ratio: Any, bound: Bound) -> Iterator[tuple[Any, Bound]]:
    if not wanted:
        yield ratio, bound
        return
    (c, p), *others = wanted
    for k, (d, n) in enumerate(have):
        if (p < 0) == (n < 0) and (ratio is None or d == ratio * c):
            for found in [bound] if p < 0 else matches(g, n, p, bound):
                yield from _terms(g, have[:k] + have[k + 1 :], others, constants.divide(d, c), found)


# --- the right side -----------------------------------------------------------------------------------------


def instance(g: Graph, rhs: Any, bound: Bound) -> Expr:
    """The expression over wildcards as nodes of the graph."""
    if not isinstance(rhs, Expr):
        return g.constant(rhs)
    made: dict[int, Expr] = {}
    q = PATTERNS
    for p in q.ancestors([rhs.node]):
        op, operands = q._op[p], [made[i] for i in q._inputs[p]]
        if op is VARIABLE:
            made[p] = Expr(g, bound[p])
        elif op is CONSTANT:
            made[p] = Expr(g, g.append(CONSTANT, (), q._params[p]))
        elif op is ADD:
            made[p] = Expr(g, combination(g, [(c, e.node) for c, e in zip(q._params[p], operands, strict=True)]))
        elif op is CONTRACT:
            made[p] = operands[0]
            for e in operands[1:]:
                made[p] = made[p] * e
        elif op in (divide_op, pow_op):
            made[p] = FUNCTIONS[op.name](*operands)
        else:
            made[p] = operands[0].apply(op, operands, q._params[p])
    return made[rhs.node]


def applied(rule: Rule, g: Graph, n: int) -> Expr | None:
    """What the rule makes of the node, or None."""
    lhs = rule.lhs.node
    if PATTERNS._op[lhs] is ADD:
        ratio, bound = next(sums(g, n, lhs, {}), (1, None))
    else:
        ratio, bound = 1, next(matches(g, n, lhs, {}), None)
    return None if bound is None else ratio * instance(g, rule.rhs, bound)
