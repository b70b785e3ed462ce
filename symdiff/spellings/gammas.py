"""Rows of the table of stable spellings on quotients of gamma and differences of gammaln and its derivatives."""

from collections.abc import Sequence
from itertools import product
from typing import Any, NamedTuple

from .. import constants
from ..expr import Expr
from ..graph import Graph
from ..op import Op
from ..ops.gamma_differences import DIFFERENCES, gamma_quotient
from ..ops.products import ADD, combination
from ..ops.special import digamma, gamma, gammaln, polygamma
from ..patterns import MOST, number
from .radicals import exponents, product_of

STEPS = 16  # of a whole difference of the arguments at most


def quotient(g: Graph, n: int) -> Expr | None:
    """gamma(u)/gamma(v) of arguments that have a term in common: a product where v - u is a whole number."""
    total = exponents(g, n)
    gammas = [(m, e) for m, e in total.items() if g._op[m] is gamma and g._shape[m] == g._shape[n]]
    above, below = ([m for m, e in gammas if e * sign > 0] for sign in (1, -1))
    if not above or not below:
        return None
    u, v, a = _nearest(g, [g._inputs[m][0] for m in above], [g._inputs[m][0] for m in below])
    if _length(g, a) and _length(g, a) >= _length(g, u) + _length(g, v):
        return None
    for m, sign in ((u, -1), (v, 1)):
        node = next(k for k in (*above, *below) if g._inputs[k][0] == m)
        total[node] += sign
    return product_of(g, total) * _of_pair(g, u, a)


def _nearest(g: Graph, us: Sequence[int], vs: Sequence[int]) -> tuple[int, int, int]:
    """(u, v, v - u) of the pair whose difference is shortest."""
    pairs = [(u, v, _less(g, v, u)) for u, v in product(us, vs)]
    return min(pairs, key=lambda p: _length(g, p[2]))


def _less(g: Graph, v: int, u: int) -> int:
    """v - u without what both have"""
    total: dict[int, Any] = {}
    rest = constants.exact(0)
    stack: list[tuple[Any, int]] = [(1, v), (-1, u)]
    while stack:
        c, n = stack.pop()
        value = number(g, n)
        if value is not None:
            rest = constants.exact(rest + c * value)
        elif g._op[n] is ADD and len(g._inputs[n]) <= MOST:
            stack += [(c * d, m) for d, m in zip(g._params[n], g._inputs[n], strict=True)]
        else:
            total[n] = total.get(n, 0) + c
    left = [(constants.exact(c), n) for n, c in sorted(total.items()) if c]
    return combination(g, [*left, (1, g.constant(rest).node)] if rest or not left else left)


def _length(g: Graph, n: int) -> int:
    """How many terms that are no numbers."""
    return sum([number(g, m) is None for m in (g._inputs[n] if g._op[n] is ADD else (n,))])


def _of_pair(g: Graph, u: int, a: int) -> Expr:
    """gamma(u)/gamma(u + a)"""
    steps, x = number(g, a), Expr(g, u)
    if not isinstance(steps, int) or abs(steps) > STEPS:
        return gamma_quotient(x, Expr(g, a))
    low = x if steps >= 0 else x + steps
    rising = g.constant(1)
    for k in range(abs(steps)):
        rising = rising * (low + k)
    return 1 / rising if steps >= 0 else rising


def difference(g: Graph, n: int) -> Expr | None:
    """c*f(v) - c*f(u) of gammaln, digamma, polygamma: their difference as one function."""
    terms = list(zip(g._params[n], g._inputs[n], strict=True))
    if len(terms) > MOST:
        return None
    functions = [_order(g, m) for _, m in terms]
    pairs = [
        (_length(g, _less(g, v.of, u.of)), j, k, u, v)
        for (j, v), (k, u) in product(enumerate(functions), repeat=2)
        if u and v and u.n == v.n and g._shape[u.of] == g._shape[v.of] and terms[j][0] == -terms[k][0]
        and (terms[j][0] > 0 or len(terms) > 2)
    ]  # fmt: skip
    if not pairs:
        return None
    _, j, k, u, v = min(pairs)
    if _length(g, u.of) > _length(g, v.of):  # from a to a + b: (a + b) - b would be rounded
        j, k, u, v = k, j, v, u
    whole = DIFFERENCES[u.n](Expr(g, u.of), Expr(g, _less(g, v.of, u.of)))
    left = [t for i, t in enumerate(terms) if i not in (j, k)]
    return Expr(g, combination(g, [*left, (terms[j][0], whole.node)]))


class Derivative(NamedTuple):
    """The n-th derivative of gammaln, of a node."""

    n: int
    of: int


def _order(g: Graph, n: int) -> Derivative | None:
    op: Op = g._op[n]
    if op is polygamma:
        order = number(g, g._inputs[n][0])
        return Derivative(order + 1, g._inputs[n][1]) if order in range(len(DIFFERENCES) - 1) else None
    return Derivative(int(op is digamma), g._inputs[n][0]) if op is gammaln or op is digamma else None
