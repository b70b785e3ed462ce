"""Rows of the table of stable spellings on powers and roots: quotients of powers, differences of roots."""

from collections.abc import Iterator
from typing import Any

from .. import constants
from ..expr import Expr
from ..graph import Graph
from ..op import FUNCTIONS
from ..ops.elementwise import divide_op, exp, pow_op, sqrt
from ..ops.planar import hypot
from ..ops.products import ADD, combination
from ..patterns import MOST, factors, number


def powers(g: Graph, n: int) -> Iterator[tuple[int, Any]]:
    """(base, exponent) of the factors of a product of quotients."""
    stack: list[tuple[int, int]] = [(n, 1)]
    while stack:
        m, sign = stack.pop()
        if g._op[m] is divide_op:
            top, bottom = g._inputs[m]
            stack += [(bottom, -sign), (top, sign)]
            continue
        inside = factors(g, m)
        if len(inside) > 1:
            stack += [(i, sign) for i in reversed(inside)]
        elif g._op[m] is pow_op and number(g, g._inputs[m][1]) is not None:
            yield g._inputs[m][0], sign * number(g, g._inputs[m][1])
        else:
            yield m, sign


def one_power(g: Graph, n: int) -> Expr | None:
    """A quotient with a base above and below has one power of it: x**3/x**2 is x."""
    top, bottom = g._inputs[n]
    below = {b for b, e in powers(g, bottom) if e > 0}
    if below.isdisjoint(b for b, e in powers(g, top) if e > 0):
        return None
    total: dict[int, Any] = {}
    for base, e in powers(g, n):
        if number(g, base) is None and g._shape[base] not in ((), g._shape[n]):
            return None
        total[base] = constants.exact(total.get(base, 0) + e)
    return product_of(g, total)


def product_of(g: Graph, total: dict[int, Any], coefficient: Any = 1) -> Expr:
    """The product of the bases to their exponents, those below zero in one denominator."""
    result, below = g.constant(coefficient), g.constant(1)
    for base, e in total.items():
        if e > 0:
            result = result * Expr(g, base) ** e
        elif e < 0:
            below = below * Expr(g, base) ** -e
    return result / below


def scaled_power(g: Graph, n: int) -> Expr | None:
    """y*x**k*exp(a): of (x*exp(a/k))**k, where x**k alone might overflow."""
    inside = factors(g, n)
    at = [m for m in inside if g._op[m] is exp]
    for m in inside:
        if g._op[m] is pow_op and len(at) == 1 and g._shape[m] == g._shape[at[0]] == g._shape[n]:
            base, exponent = g._inputs[m]
            k = number(g, exponent)
            if isinstance(k, int) and k >= 2:
                (a,) = g._inputs[at[0]]
                result = (Expr(g, base) * FUNCTIONS["exp"](Expr(g, a) / k)) ** k
                others = [*inside]  # where a factor may stand twice
                others.remove(m)
                others.remove(at[0])
                for other in others:
                    result = Expr(g, other) * result
                return result
    return None


def difference_of_roots(g: Graph, n: int) -> Expr | None:
    """c*sqrt(u) - c*v as c*(u - v**2)/(sqrt(u) + v), where terms of u - v**2 cancel."""
    terms = list(zip(g._params[n], g._inputs[n], strict=True))
    if len(terms) > MOST:
        return None
    for j, (c, root) in enumerate(terms):
        square = _square(g, root) if c in (1, -1) else None
        for k, term in enumerate(terms) if square else ():
            result = _difference(g, c, root, square, *term) if k != j else None  # type: ignore[arg-type]
            if result is not None:
                left = [t for i, t in enumerate(terms) if i not in (j, k)]
                return Expr(g, combination(g, [*left, (1, result.node)]))
    return None


def _difference(g: Graph, c: int, root: int, square: list[tuple[Any, int]], d: Any, v: int) -> Expr | None:
    """c*root + d*v"""
    value = number(g, v)
    subtracted = constants.exact(-d * value / c) if value is not None else 0
    if (value is None and d != -c) or (value is not None and subtracted <= 0):
        return None
    other, known = g.constant(subtracted) if value is not None else Expr(g, v), _square(g, v)
    squared = known or [(1, (other**2).node)]
    rest = combination(g, [*square, *((-e, m) for e, m in squared)])
    cancels = len(_inputs(g, rest)) < len(square) + len(squared) - 1 or number(g, rest) is not None
    if not cancels:
        return None
    result = c * _over(Expr(g, rest), Expr(g, root) + other)
    positive = value is not None or known is not None
    return result if positive else FUNCTIONS["where"](other > 0, result, c * Expr(g, root) + d * Expr(g, v))


def _inputs(g: Graph, n: int) -> tuple[int, ...]:
    return g._inputs[n] if g._op[n] is ADD else (n,)


def _over(top: Expr, bottom: Expr) -> Expr:
    """top/bottom; of a square, v*(v/bottom), which does not overflow."""
    g, m, c = top.graph, top.node, 1
    if g._op[m] is ADD and len(g._inputs[m]) == 1:
        (c,), (m,) = g._params[m], g._inputs[m]
    if g._op[m] is pow_op and number(g, g._inputs[m][1]) == 2:
        v = Expr(g, g._inputs[m][0])
        return c * (v * (v / bottom))
    return top / bottom


def _square(g: Graph, n: int) -> list[tuple[Any, int]] | None:
    """The terms of the square of a root."""
    if g._op[n] is sqrt:
        (u,) = g._inputs[n]
        return list(zip(g._params[u], g._inputs[u], strict=True)) if g._op[u] is ADD else [(1, u)]
    if g._op[n] is hypot:
        return [(1, (Expr(g, m) ** 2).node) for m in g._inputs[n]]
    return None
