"""Rows of the table of stable spellings on powers and roots: quotients of powers, differences of roots."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from .. import constants
from ..expr import Expr
from ..graph import Graph
from ..op import FUNCTIONS
from ..ops.elementwise import divide_op, exp, log, pow_op, safe_multiply, sqrt
from ..ops.planar import hypot
from ..ops.products import ADD, CONTRACT, combination
from ..ops.special import xlogy
from ..patterns import MOST, factors, number

REACH = 32  # nodes of a sum in which a logarithm is looked for


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


def exponents(g: Graph, n: int) -> dict[int, Any]:
    """{base: exponent} of a product of quotients, equal bases as one."""
    total: dict[int, Any] = {}
    for base, e in powers(g, n):
        total[base] = total.get(base, 0) + e
    return total


def base_of_square(g: Graph, n: int) -> int | None:
    """u of u**2"""
    return g._inputs[n][0] if g._op[n] is pow_op and number(g, g._inputs[n][1]) == 2 else None


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


def product(g: Graph, nodes: list[int]) -> Expr:
    result = g.constant(1)
    for m in nodes:
        result = result * Expr(g, m)
    return result


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
    u = base_of_square(g, m)
    if u is None:
        return top / bottom
    v = Expr(g, u)
    return c * (v * (v / bottom))


def _square(g: Graph, n: int) -> list[tuple[Any, int]] | None:
    """The terms of the square of a root."""
    if g._op[n] is sqrt:
        (u,) = g._inputs[n]
        return list(zip(g._params[u], g._inputs[u], strict=True)) if g._op[u] is ADD else [(1, u)]
    if g._op[n] is hypot:
        return [(1, (Expr(g, m) ** 2).node) for m in g._inputs[n]]
    return None


def norm(g: Graph, n: int) -> Expr | None:
    """sqrt(sum(x**2)) along axes is norm2(x), whose squares do not leave the range."""
    (m,) = g._inputs[n]
    labels, out, free = g._params[m]
    along = labels[0]
    x = _root_of_square(g, g._inputs[m][0]) if len(labels) == 1 else g._inputs[m][0]
    is_square = len(labels) == 1 or (g._inputs[m] == (x, x) and labels[1] == along)
    kept = tuple([i for i in along if i in out])
    if x is None or not is_square or free or out != kept or out == along or len(set(along)) != len(along):
        return None
    return FUNCTIONS["norm2"](Expr(g, x), axis=tuple([k for k, i in enumerate(along) if i not in out]))


def balanced(g: Graph, n: int) -> Expr | None:
    """v*x*y/u**k as v*(x/u)*(y/u)/u**(k - 2), where x and y are in u, or are one: the powers might leave the range."""
    total = exponents(g, n)
    u = next((b for b, e in total.items() if e < -1 and number(g, b) is None), None)
    if u is None or any(g._shape[b] not in ((), g._shape[n]) for b in total):
        return None
    squares = {g._inputs[m][0] for m in _inputs(g, u) if g._op[m] is pow_op}
    above = {b: e for b, e in total.items() if isinstance(e, int) and (e > 1 or (e == 1 and b in squares))}
    if sum(above.values()) < 2 or any(number(g, b) is not None for b in above):
        return None
    result, left = g.constant(1), -total[u]
    for b, e in above.items():
        j = min(e, int(left))
        total[b], left = e - j, left - j
        result = result * (Expr(g, b) / Expr(g, u)) ** j
    total[u] = -constants.exact(left)
    result = product_of(g, {b: e for b, e in total.items() if e > 0}) * result
    for b, e in total.items():
        result = result / Expr(g, b) ** -e if e < 0 else result  # their product might vanish
    return result


def power_over_logs(g: Graph, n: int) -> Expr | None:
    """x**p*(a*log(x) + b) as x**p*a*log(x) + x**p*b, of which the first is 0 at x = 0."""
    inside = factors(g, n)
    sums = [k for k in inside if g._op[k] is ADD and len(g._inputs[k]) > 1 and g._shape[k] == g._shape[n]]
    bases = [x for x in map(partial(_base, g), inside) if x is not None] if sums else []
    for k in sums:
        logs = {g._inputs[m][0] for m in g._inputs[k] if g._op[m] is log}
        if not logs.isdisjoint(inside) or any(_has_log(g, k, x) for x in bases):
            inside.remove(k)
            rest = product(g, inside)
            terms = zip(g._params[k], g._inputs[k], strict=True)
            return Expr(g, combination(g, [(c, (rest * Expr(g, m)).node) for c, m in terms]))
    return None


def _base(g: Graph, n: int) -> int | None:
    """x of x**p, p no number, and of x**p*log(x)"""
    if g._op[n] is xlogy:
        x, y = g._inputs[n]
        return y if _base(g, x) == y else None
    return g._inputs[n][0] if g._op[n] is pow_op and number(g, g._inputs[n][1]) is None else None


def _has_log(g: Graph, n: int, x: int) -> bool:
    """log(x) is in a term, or in a factor of one."""
    seen, stack = {n}, [n]
    while stack and len(seen) <= REACH:
        m = stack.pop()
        if g._op[m] in (log, xlogy) and g._inputs[m][-1] == x:
            return True
        new = {i for i in g._inputs[m] if g._op[m] in (ADD, CONTRACT, divide_op, safe_multiply)} - seen
        seen |= new
        stack += new
    return False


def _root_of_square(g: Graph, n: int) -> int | None:
    """u of u**2 or u*u"""
    inside = factors(g, n)
    if len(inside) == 2:
        return inside[0] if inside[0] == inside[1] else None
    return base_of_square(g, n)
