"""Rows of the table of stable spellings on quotients that are 0/0 at 0: sin(2*x)/x is 2*q(2*x), q(u) = sin(u)/u."""

from typing import Any, NamedTuple

from .. import constants
from ..expr import Expr
from ..graph import Graph
from ..op import OPS, Op
from ..ops.elementwise import cos, cosh, exp, expm1, log, log1p, sinh
from ..ops.products import ADD, combination
from ..patterns import number
from .radicals import powers, product_of

OF_OP = {op: OPS[f"{name}_quotient_0"] for name, op in OPS.items() if f"{name}_quotient_0" in OPS}  # f(u)/u
VERSINE, HYPERBOLIC_VERSINE = OPS["versine_quotient_0"], OPS["cosh_versine_quotient_0"]
LESS_ONE = {exp: (1, OF_OP[expm1], 1), cos: (-1, VERSINE, 2), cosh: (1, HYPERBOLIC_VERSINE, 2)}  # sign, quotient, power
OVERFLOWING = (OF_OP[sinh], HYPERBOLIC_VERSINE)
RECIPROCALS = {q: OPS[f"{op.name}_reciprocal_0"] for op, q in OF_OP.items() if f"{op.name}_reciprocal_0" in OPS}


class Zero(NamedTuple):
    """coefficient * quotient(u) * u**power: what is 0 where u is."""

    coefficient: Any
    quotient: Op
    u: int
    power: int


def zero_of(g: Graph, n: int) -> Zero | None:
    """The node as a function that is 0 at 0 of a node u."""
    op = g._op[n]
    if op in OF_OP:
        return Zero(1, OF_OP[op], g._inputs[n][0], 1)
    if op is log and g._op[g._inputs[n][0]] is ADD:
        u = _less_one(g, g._inputs[n][0])
        return None if u is None else Zero(1, OF_OP[log1p], u, 1)
    if op is ADD and len(g._inputs[n]) == 2:
        for (a, m), (b, one) in (_terms(g, n), _terms(g, n)[::-1]):
            value = number(g, one)
            if g._op[m] in LESS_ONE and value is not None and a + b * value == 0:
                sign, quotient, power = LESS_ONE[g._op[m]]
                return Zero(a * sign, quotient, g._inputs[m][0], power)
    return None


def _terms(g: Graph, n: int) -> list[tuple[Any, int]]:
    return list(zip(g._params[n], g._inputs[n], strict=True))


def _less_one(g: Graph, n: int) -> int | None:
    """u of the sum 1 + u"""
    terms = _terms(g, n)
    rest = [(c, m) for c, m in terms if number(g, m) is None]
    ones = [c * number(g, m) for c, m in terms if number(g, m) is not None]
    return combination(g, rest) if rest and ones == [1] else None


def factorised(g: Graph, n: int, e: int = 1) -> tuple[Any, dict[int, Any]]:
    """(coefficient, {base: exponent}) of a product of quotients and whole powers."""
    coefficient: Any = 1
    total: dict[int, Any] = {}
    stack = [(n, e)]
    while stack:
        m, e = stack.pop()
        for base, k in powers(g, m):
            value, k = number(g, base), k * e
            if value is not None and isinstance(k, int) and (value != 0 or k >= 0):  # x/0 stays
                coefficient = coefficient * constants.exact(value) ** k if k >= 0 else coefficient / value**-k
            elif g._op[base] is ADD and len(g._inputs[base]) == 1 and isinstance(k, int):
                (c,) = g._params[base]
                coefficient = coefficient * c**k
                stack.append((g._inputs[base][0], k))
            else:
                total[base] = total.get(base, 0) + k
    return coefficient, total


def removable(g: Graph, n: int) -> Expr | None:
    """A quotient in which f(u) stands against u, f(0) = 0, by q(u) = f(u)/u."""
    coefficient, total = factorised(g, n)
    for base, e in list(total.items()):
        zero = zero_of(g, base) if isinstance(e, int) and e else None
        if zero is None or g._shape[base] != g._shape[n]:
            continue
        q = zero.quotient(Expr(g, zero.u))
        c, inside = factorised(g, zero.u)
        moved = {b: total.get(b, 0) + zero.power * e * k for b, k in inside.items()}
        cancels = all(total.get(b, 0) * e < 0 <= moved[b] * e for b in inside)
        if inside and cancels and (e > 0 or zero.quotient not in OVERFLOWING):
            scale = coefficient * (zero.coefficient * c**zero.power) ** e
            left = product_of(g, {b: k for b, k in (total | moved).items() if b != base}, constants.exact(scale))
            reciprocal = RECIPROCALS.get(zero.quotient) if e < 0 else None
            return left * (reciprocal(*q.inputs) ** -e if reciprocal else q**e)
    return None
