"""Sums of exponentials by their magnitude: u = exp(m)*r, where r neither overflows nor vanishes.

Quotients and logarithms of such sums depend on m - m and m + log(r). The shift of a sum, the largest of its exponents,
cancels in the result: it is an `offset`, whose derivative is 0, and which formulas show as 0.
"""

from collections.abc import Callable, Mapping
from functools import reduce
from operator import add
from typing import Any, NamedTuple

from ..expr import Expr
from ..graph import Graph
from ..op import FUNCTIONS, Op
from ..ops.elementwise import divide_op, exp, log, log2, log10, pow_op, sqrt
from ..ops.layout import getitem_op
from ..ops.piecewise import maximum, offset
from ..ops.products import ADD, CONTRACT, broadcast_to, combination, contract
from ..ops.special import xlogy
from ..patterns import MOST, number

BASES = {log2: 2, log10: 10}
REGION = 32  # nodes of a quotient of sums at most
MANY = 4  # exponentials in it at most: each sum takes a maximum and new exponentials, which long programs would pay for


class Magnitude(NamedTuple):
    """exp(exponent)*rest; `shifted` where a sum is in it."""

    exponent: Expr
    rest: Expr
    shifted: bool = False


Seeds = Mapping[Op, Callable[[Graph, int], Magnitude | None]]
EXPONENTIALS: Seeds = {exp: lambda g, n: Magnitude(Expr(g, g._inputs[n][0]), g.constant(1))}


def log_of_sums(g: Graph, n: int) -> Expr | None:
    """log(exp(m)*r) = m + log(r)"""
    found= magnitude(g, g._inputs[n][0])
    if found is None or not found.shifted:
        return None
    value, base = found.exponent + log(found.rest), BASES.get(g._op[n])
    return value / log(g.constant(base)) if base else value


def quotient_of_sums(g: Graph, n: int) -> Expr | None:
    """exp(m)*r/(exp(k)*s) = exp(m - k)*(r/s)"""
    below: dict[int, bool] = g.cache("stable").setdefault("magnitudes", {})
    bottom = g._inputs[n][1]
    if bottom not in below:
        below[bottom] = magnitude(g, bottom) is not None
    if not below[bottom]:
        return None
    found = magnitude(g, n)
    return exp(found.exponent) * found.rest if found and found.shifted else None


def magnitude(g: Graph, n: int, seeds: Seeds | None = None) -> Magnitude | None:
    """The magnitude of a node by those of `seeds`, None where none of them is in it, or many; of exponentials alone,
    sums that may cancel have none."""
    rules, seeds = (RULES, EXPONENTIALS) if seeds is None else (RULES | {ADD: _of_any_sum}, seeds)
    region = region_of(g, n, seeds)
    if not 0 < sum([g._op[m] in seeds for m in region]) <= MANY:
        return None
    known: dict[int, Magnitude] = {}
    for m in sorted(region):
        op = g._op[m]
        found = seeds[op](g, m) if op in seeds else None
        if found is None and op in rules and not known.keys().isdisjoint(g._inputs[m]):
            found = rules[op](g, m, known)
        if found is not None:
            known[m] = found
    return known.get(n)


def region_of(g: Graph, n: int, seeds: Seeds) -> list[int]:
    seen, stack = {n: None}, [n]
    while stack:
        m = stack.pop()
        for i in g._inputs[m] if g._op[m] in RULES and len(g._inputs[m]) <= MOST else ():
            if i not in seen and (g._op[i] in seeds or g._op[i] in RULES):
                seen[i] = None
                stack.append(i)
        if len(seen) > REGION:
            return []
    return list(seen)


Known = dict[int, Magnitude]


def _of_sum(g: Graph, n: int, known: Known) -> Magnitude | None:
    """sum of c*exp(m)*r = exp(k)*(sum of c*exp(m - k)*r), k the largest m, for positive c and r"""
    terms = list(zip(g._params[n], g._inputs[n], strict=True))
    if len(terms) == 1:
        found = known[terms[0][1]]
        return found._replace(rest=terms[0][0] * found.rest)
    if any(c * (1 if number(g, m) is None else number(g, m)) <= 0 for c, m in terms):
        return None
    return _of_any_sum(g, n, known)


def _of_any_sum(g: Graph, n: int, known: Known) -> Magnitude | None:
    terms = list(zip(g._params[n], g._inputs[n], strict=True))
    zero = g.constant(0)
    exponents = [known[m].exponent if m in known else zero for _, m in terms]
    if any(e.shape != g._shape[n] and number(g, e.node) is None for e in exponents):
        return None
    shift = offset(reduce(maximum, exponents))
    rests = [known[m].rest if m in known else Expr(g, m) for _, m in terms]
    moved = [(r * exp(e - shift)).node for e, r in zip(exponents, rests, strict=True)]
    return Magnitude(shift, Expr(g, combination(g, [(c, m) for (c, _), m in zip(terms, moved, strict=True)])), True)


def _of_product(g: Graph, n: int, known: Known) -> Magnitude | None:
    """Exponents add; along an axis that is summed the largest is taken out."""
    labels, out, free = g._params[n]
    if free or len(set(out)) != len(out):
        return None
    exponents: list[tuple[Expr, tuple]] = []
    factors: list[tuple[Expr, tuple]] = []
    shifted = False
    for m, ls in zip(g._inputs[n], labels, strict=True):
        found = known.get(m)
        if found is None:
            factors.append((Expr(g, m), ls))
            continue
        shifted = shifted or found.shifted
        exponent, rest = found.exponent, found.rest
        if exponent.shape != g._shape[m] or len(set(ls)) != len(ls):
            return None
        kept = tuple([i for i in ls if i in out])
        if kept != ls:
            largest = offset(FUNCTIONS["max"](exponent, axis=tuple([k for k, i in enumerate(ls) if i not in out])))
            rest = rest * exp(exponent - _aligned(largest, kept, ls))
            exponent, shifted = largest, True
        exponents.append((exponent, kept))
        factors.append((_stretched(rest, g._shape[m]), ls if rest.shape else ()))
    sizes = {i: s for m, ls in zip(g._inputs[n], labels, strict=True) for i, s in zip(ls, g._shape[m], strict=True)}
    total = reduce(add, [_aligned(e, ls, out) for e, ls in exponents])
    return Magnitude(total, contract(factors, out, sizes), shifted)


def _aligned(e: Expr, labels: tuple, out: tuple) -> Expr:
    """With axes of size 1 for the labels that it lacks."""
    ones = {("one", i): 1 for i in out if i not in labels}
    return contract([(e, labels)], [i if i in labels else ("one", i) for i in out], ones)


def _stretched(e: Expr, shape: tuple) -> Expr:
    """The factor with the axes of size 1 along which it is constant at their length; a scalar stays one."""
    return broadcast_to(e, shape) if e.shape and e.shape != shape else e


def _of_quotient(g: Graph, n: int, known: Known) -> Magnitude | None:
    (a, b), zero = g._inputs[n], g.constant(0)
    top, bottom = (known.get(m) or Magnitude(zero, Expr(g, m)) for m in (a, b))
    return Magnitude(top.exponent - bottom.exponent, top.rest / bottom.rest, top.shifted or bottom.shifted)


def _of_power(g: Graph, n: int, known: Known) -> Magnitude | None:
    base, exponent = g._inputs[n]
    k = number(g, exponent)
    if k is None or base not in known:
        return None
    return Magnitude(k * known[base].exponent, known[base].rest ** k, known[base].shifted)


def _of_root(g: Graph, n: int, known: Known) -> Magnitude | None:
    found = known[g._inputs[n][0]]
    return Magnitude(found.exponent / 2, sqrt(found.rest), found.shifted)


def _of_entries(g: Graph, n: int, known: Known) -> Magnitude | None:
    (m,) = g._inputs[n]
    exponent, rest = known[m].exponent, _stretched(known[m].rest, g._shape[m])
    if exponent.shape != g._shape[m]:
        return None
    exponent, rest = (
        Expr(g, g.append(g._op[n], (e.node,), g._params[n])) if e.shape else e for e in (exponent, rest)
    )
    return Magnitude(exponent, rest, known[m].shifted)


def _of_xlogy(g: Graph, n: int, known: Known) -> Magnitude | None:
    x, y = g._inputs[n]
    if x not in known or g._shape[y] != g._shape[n]:
        return None
    return known[x]._replace(rest=known[x].rest * log(Expr(g, y)))


RULES: dict[Any, Any] = {
    ADD: _of_sum, CONTRACT: _of_product, divide_op: _of_quotient, pow_op: _of_power, sqrt: _of_root,
    getitem_op: _of_entries, xlogy: _of_xlogy,
}  # fmt: skip
