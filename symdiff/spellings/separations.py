"""The row of the table of stable spellings for sums of several variables that cancel: y*(x - sin(a*x))/x**3.

Each term is a monomial times a function of one node u, such as a*x, of which x is (a*x)/a; where all have one monomial,
the rest is a sum in u alone, and is computed by its Laurent series near u = 0.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from ..expr import Expr
from ..graph import Graph
from ..occurrence import met
from ..op import FUNCTIONS
from ..ops.products import ADD, combination
from .cancellations import NODES, NUMBER, alone, near, sum_cancels
from .expansions import ORIGIN, is_function
from .quotients import factorised
from .radicals import product_of

VARIABLES = 3  # on which the terms depend, at most

Monomial = dict[int, Any]


class Separated(NamedTuple):
    """monomial * rest, where rest depends on u alone"""

    monomial: Monomial
    rest: Expr


def cancelling(g: Graph, n: int) -> Expr | None:
    """A sum of several variables whose terms share a monomial, by the series of the rest."""
    of_terms = [_variables(g)[m] for m in g._inputs[n] if alone(g)[m] != NUMBER]
    if not of_terms or not frozenset.intersection(*of_terms) or not 1 < len(frozenset.union(*of_terms)) <= VARIABLES:
        return None
    order = met(g, [n], most=NODES)
    for u in {} if order is None else _arguments(g, order):
        found = _separated(g, n, order, u)  # type: ignore[arg-type]
        if found is None or g._op[found.rest.node] is not ADD or not sum_cancels(g, found.rest.node, ORIGIN):
            continue
        located = near(g, found.rest.node, ORIGIN)
        if located is not None:
            inside, value, power = located
            scale, factors = factorised(g, u)
            total = {b: found.monomial.get(b, 0) + power * factors.get(b, 0) for b in (factors | found.monomial)}
            return FUNCTIONS["where"](inside, value * product_of(g, total, scale**power), Expr(g, n))
    return None


def _variables(g: Graph) -> list[frozenset[int]]:
    """What each node depends on: leaves, of which more than a few are not told apart."""
    known: list[frozenset[int]] = g.cache("stable").setdefault("variables", [])
    for n in range(len(known), len(g._inputs)):
        found = frozenset().union(*[known[i] for i in g._inputs[n]])
        is_leaf = not g._inputs[n] and alone(g)[n] != NUMBER
        known.append(frozenset((n,)) if is_leaf else found if len(found) <= VARIABLES else frozenset((-1,)))
    return known


def _arguments(g: Graph, order: Sequence[int]) -> dict[int, None]:
    """What functions are applied to."""
    found = [alone(g)[g._inputs[m][0]] for m in order if is_function(g._op[m]) and g._shape[m] == g._shape[order[-1]]]
    return dict.fromkeys([u for u in found if u != NUMBER])


def _separated(g: Graph, n: int, order: Sequence[int], u: int) -> Separated | None:
    scale, inside = factorised(g, u)
    x = next((b for b, e in inside.items() if e in (1, -1)), None)
    if x is None:
        return None
    sign = inside[x]
    others = {b: -e * sign for b, e in inside.items() if b != x}
    of_x = Separated(others, (Expr(g, u) / scale) ** sign)
    known: dict[int, Separated] = {x: of_x}
    for m in order:
        if g._op[m] is ADD and len(g._inputs[m]) > 1 and alone(g)[m] not in (u, NUMBER):
            terms = [_term(g, i, u, known) for i in g._inputs[m]]
            if all(t is not None and t.monomial == terms[0].monomial for t in terms):  # type: ignore[union-attr]
                rests = [t.rest.node for t in terms]  # type: ignore[union-attr]
                total = combination(g, list(zip(g._params[m], rests, strict=True)))
                known[m] = Separated(terms[0].monomial, Expr(g, total))  # type: ignore[union-attr]
    return known.get(n)


def _term(g: Graph, n: int, u: int, known: dict[int, Separated]) -> Separated | None:
    coefficient, total = factorised(g, n)
    monomial: Monomial = {}
    rest = g.constant(coefficient)
    for base, e in total.items():
        if not isinstance(e, int):
            return None
        if base in known:
            rest = rest * known[base].rest ** e
            inside = known[base].monomial
        elif alone(g)[base] in (u, NUMBER):
            rest = rest * Expr(g, base) ** e
            continue
        else:
            inside = {base: 1}
        for b, k in inside.items():
            monomial[b] = monomial.get(b, 0) + k * e
    return Separated({b: k for b, k in monomial.items() if k}, rest)
