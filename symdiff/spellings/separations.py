"""The row of the table of stable spellings for sums of several variables that cancel: y*(x - sin(a*x))/x**3.

Each term is a monomial times a function of one node u, such as a*x, of which x is (a*x)/a; where all have one monomial,
the rest is a sum in u alone, and is computed by its Laurent series near u = 0.
"""

from collections.abc import Mapping, Sequence
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
MANY = -1  # in the place of more
FULL = frozenset((MANY,))

Monomial = dict[int, Any]


class Separated(NamedTuple):
    """monomial * rest, where rest depends on u alone"""

    monomial: Monomial
    rest: Expr


def cancelling(g: Graph, n: int) -> Expr | None:
    """A sum of several variables whose terms share a monomial, by the series of the rest."""
    variables, known = _variables(g), alone(g)
    of_terms = [variables[m] for m in g._inputs[n] if known[m] != NUMBER]
    shared = frozenset.intersection(*of_terms) if of_terms else frozenset()
    every = shared.union(*of_terms)
    if not shared or not 1 < len(every) <= VARIABLES or MANY in every:
        return None
    order = met(g, [n], most=NODES)
    for u in {} if order is None else _arguments(g, order):
        if not every - shared <= variables[u]:  # what one monomial has, all have
            continue
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
    of = alone(g)
    for n in range(len(known), len(g._inputs)):
        operands = g._inputs[n]
        found = known[operands[0]] if operands else frozenset(() if of[n] == NUMBER else (n,))
        for i in operands:
            if found is not known[i] and not found >= known[i]:
                found |= known[i]
                if len(found) > VARIABLES or MANY in found:
                    found = FULL
                    break
        known.append(found)
    return known


def _arguments(g: Graph, order: Sequence[int]) -> dict[int, None]:
    """What functions are applied to."""
    of, shape = alone(g), g._shape[order[-1]]
    found = [of[g._inputs[m][0]] for m in order if is_function(g._op[m]) and g._shape[m] == shape]
    return dict.fromkeys([u for u in found if u != NUMBER])


def _separated(g: Graph, n: int, order: Sequence[int], u: int) -> Separated | None:
    scale, inside = factorised(g, u)
    x = next((b for b, e in inside.items() if e in (1, -1)), None)
    if x is None:
        return None
    sign = inside[x]
    monomials: dict[int, Monomial | None] = g.cache("stable").setdefault(("monomials", u), {})
    monomials[x] = {b: -e * sign for b, e in inside.items() if b != x}
    of = alone(g)
    sums = [m for m in order if g._op[m] is ADD and len(g._inputs[m]) > 1 and of[m] not in (u, NUMBER)]
    for m in sums:
        if m not in monomials:
            first, *others = [_monomial(g, i, u, monomials) for i in g._inputs[m]]
            monomials[m] = first if all(other == first for other in others) else None
    if monomials.get(n) is None:
        return None
    rests = {x: (Expr(g, u) / scale) ** sign}
    for m in sums:
        if monomials[m] is not None:
            terms = [_rest(g, i, u, rests).node for i in g._inputs[m]]
            rests[m] = Expr(g, combination(g, list(zip(g._params[m], terms, strict=True))))
    return Separated(monomials[n], rests[n])  # type: ignore[arg-type]


def _monomial(g: Graph, n: int, u: int, known: Mapping[int, Monomial | None]) -> Monomial | None:
    """What a term is beside functions of u; None of powers that are no whole ones."""
    monomial: Monomial = {}
    for base, e in factorised(g, n)[1].items():
        if not isinstance(e, int):
            return None
        inside = known.get(base)
        if inside is None:
            inside = {} if alone(g)[base] in (u, NUMBER) else {base: 1}
        for b, k in inside.items():
            monomial[b] = monomial.get(b, 0) + k * e
    return {b: k for b, k in monomial.items() if k}


def _rest(g: Graph, n: int, u: int, known: Mapping[int, Expr]) -> Expr:
    """The functions of u that a term has."""
    coefficient, total = factorised(g, n)
    rest = g.constant(coefficient)
    for base, e in total.items():
        if base in known or alone(g)[base] in (u, NUMBER):
            rest = rest * known.get(base, Expr(g, base)) ** e
    return rest
