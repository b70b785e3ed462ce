"""Powers of scalars under one power or root, and polynomials in the order of their powers."""

from itertools import combinations
from typing import Any

from ..algebra.forms import Atom, Mono
from ..facts import is_positive
from ..graph import Graph
from . import tree
from .tree import Tree


def powers_together(g: Graph, above: list[Tree], below: list[Tree]) -> tuple[list[Tree], list[Tree]]:
    """``s**12/r**12`` as ``(s/r)**12``, ``sqrt(2)*sqrt(pi)`` as ``sqrt(2*pi)``: scalars under one power or root."""
    for side in (above, below):
        found = [t for t in side if t.value == "sqrt" and t.kind == "call"] if len(side) > 1 else ()
        if len(found) > 1:
            inside = tree.product([t.args[0] for t in found])
            inside = tree.product(sorted(inside.args, key=lambda t: t.kind != "number"), inside.below)
            side[:] = [tree.call("sqrt", inside), *(t for t in side if t not in found)]
    above = _opposite(g, above)
    for k, t in enumerate(above) if below else ():
        if t.kind == "power" and isinstance(t.value, int) and t.value > 2:
            partner = next((u for u in below if u.kind == "power" and u.value == t.value), None)
            if partner is not None:
                quotient = tree.power(tree.product(t.args[:1], partner.args[:1]), t.value)
                return [*above[:k], quotient, *above[k + 1 :]], [u for u in below if u is not partner]
    return above, below


def _opposite(g: Graph, above: list[Tree]) -> list[Tree]:
    """``K**(a - 1)*L**(1 - a)`` as ``(K/L)**(a - 1)``, where one is known to be positive."""
    powers = [t for t in above if t.kind == "power" and t.value is None and t.args[1].kind == "add"]
    for t, u in combinations(powers, 2):
        known = any(isinstance(x.args[0].source, int) and is_positive(g, x.args[0].source) for x in (t, u))
        if known and _signed(t.args[1], -1) == _signed(u.args[1], 1):
            quotient = tree.power(tree.product(t.args[:1], u.args[:1]), t.args[1])
            return [quotient if x is t else x for x in above if x is not u]
    return above


def _signed(t: Tree, sign: int) -> set[tuple]:
    """What tells the terms of a sum apart, with their signs."""
    return {(sign * s, a.kind, a.value if a.kind == "number" else id(a)) for s, a in zip(t.value, t.args, strict=True)}


def by_power(terms: list[tuple[Mono, Any]]) -> list[tuple[Mono, Any]]:
    """A polynomial in one variable whose powers go up and down, the highest first: ``x**2 + 3*x + 2``."""
    powers: list[Any] = []
    atoms: set[Atom] = set()
    if len(terms) < 3:
        return terms
    for m, _ in terms:
        if len(m.factors) > 1 or m.out:
            return terms
        powers.append(m.factors[0][2] if m.factors else 0)
        atoms.update(a for a, _, _ in m.factors)
    if len(atoms) != 1 or not all(isinstance(e, int) and e >= 0 for e in powers):
        return terms
    if powers in (sorted(powers), sorted(powers, reverse=True)):
        return terms
    return [t for _, t in sorted(zip(powers, terms, strict=True), key=lambda pt: -pt[0])]
