"""Rows of the table of stable spellings on quotients that are 0/0 at 0: sin(2*x)/x is 2*q(2*x), q(u) = sin(u)/u."""

from typing import Any, NamedTuple

from .. import constants
from ..expr import Expr
from ..graph import SIZE, Graph
from ..op import OPS, Op
from ..ops.elementwise import cos, cosh, exp, expm1, log, log1p, pow_op, sinh
from ..ops.products import ADD, CONTRACT, combination
from ..patterns import factors, number
from .radicals import base_of_square, powers, product, product_of

OF_OP = {op: OPS[f"{name}_quotient_0"] for name, op in OPS.items() if f"{name}_quotient_0" in OPS}  # f(u)/u
VERSINE, HYPERBOLIC_VERSINE = OPS["versine_quotient_0"], OPS["cosh_versine_quotient_0"]
LESS_ONE = {exp: (1, OF_OP[expm1], 1), cos: (-1, VERSINE, 2), cosh: (1, HYPERBOLIC_VERSINE, 2)}  # sign, quotient, power
OVERFLOWING = (OF_OP[sinh], HYPERBOLIC_VERSINE)
RECIPROCALS = {q: OPS[f"{op.name}_reciprocal_0"] for op, q in OF_OP.items() if f"{op.name}_reciprocal_0" in OPS}
SHARES, PARALLEL = (OPS["share"], OPS["coshare"]), OPS["parallel"]
REAL, IMAGINARY = OPS["real_reciprocal"], OPS["imaginary_reciprocal"]
SUPPLEMENT = OPS["expm1_supplement_0"]  # u*exp(u)/(exp(u) - 1)


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
        if inside and cancels and (e > 0 or zero.quotient in RECIPROCALS or zero.quotient not in OVERFLOWING):
            scale = coefficient * (zero.coefficient * c**zero.power) ** e
            left = {b: k for b, k in (total | moved).items() if b != base}
            power = _below(q, -e, left) if e < 0 and zero.quotient in RECIPROCALS else q**e
            return product_of(g, left, constants.exact(scale)) * power
    return None


def _below(q: Expr, e: int, left: dict[int, Any]) -> Expr:
    """1/q**e by the reciprocal of q; exp(u)*r(u), which does not overflow, takes exponentials off what is left."""
    reciprocal, (u,) = RECIPROCALS[q.op], q.inputs  # type: ignore[index]
    above = next((b for b in left if q.graph._op[b] is exp and q.graph._inputs[b] == (u.node,)), None)
    turned = min(e, left[above]) if above is not None and q.op is OF_OP[expm1] else 0
    if turned < 1:
        return reciprocal(u) ** e
    left[above] -= turned  # type: ignore[index]
    return reciprocal(u) ** (e - turned) * SUPPLEMENT(u) ** turned


# --- a term over its sum ------------------------------------------------------------------------------------


def share(g: Graph, n: int) -> Expr | None:
    """v*u/(u + w) by u/(u + w), whose slopes w/(u + w)**2 and -u/(u + w)**2 do not cancel."""
    top, bottom = g._inputs[n]
    if g._op[bottom] is not ADD or number(g, top) is not None:
        return None
    above = factors(g, top)
    for k, m in enumerate(g._inputs[bottom]):
        if m in above or (g._op[m] is CONTRACT and len(above) > 1):
            rest = _without(above, factors(g, m)) if g._shape[m] == g._shape[n] else None
            if rest is not None:
                return product(g, rest) * _share(g, _terms(g, bottom), k)
    return None


def _share(g: Graph, terms: list[tuple[Any, int]], k: int) -> Expr:
    """Term k of a sum, without its coefficient, over the sum."""
    c, m = terms[k]
    others = Expr(g, combination(g, terms[:k] + terms[k + 1 :]))
    return constants.divide(1, c) * SHARES[min(k, 1)](c * Expr(g, m), others)


def parallel(g: Graph, n: int) -> Expr | None:
    """v*u*w/(u + w) by u*w/(u + w), whose slopes are squares, and whose product does not leave the range."""
    top, bottom = g._inputs[n]
    if g._op[bottom] is not ADD or len(g._inputs[bottom]) != 2 or set(g._params[bottom]) != {1}:
        return None
    u, w = g._inputs[bottom]
    same = g._shape[u] == g._shape[w] == g._shape[n]
    rest = _without(factors(g, top), [*factors(g, u), *factors(g, w)]) if same else None
    return None if rest is None else product(g, rest) * PARALLEL(Expr(g, u), Expr(g, w))


def log_of_quotient(g: Graph, n: int) -> Expr | None:
    """log(x/y) by an op whose slopes are 1/x and -1/y; over a size it is log(x) less a number."""
    x, y = g._inputs[g._inputs[n][0]]
    return None if g._op[y] is SIZE or g._shape[x] != g._shape[y] else OPS["log_ratio"](Expr(g, x), Expr(g, y))


def over_squares(g: Graph, n: int) -> Expr | None:
    """v*x/(x**2 + y**2) by the parts of 1/(x - i*y), which do not leave the range."""
    top, bottom = g._inputs[n]
    pair = _roots(g, bottom) if number(g, top) is None else None
    for part, m in zip((REAL, IMAGINARY), pair or (), strict=False):
        rest = _without(factors(g, top), [m]) if g._shape[m] == g._shape[n] else None
        if rest is not None and number(g, m) is None:
            return product(g, rest) * part(*[Expr(g, k) for k in pair])  # type: ignore[union-attr]
    return None


def _roots(g: Graph, n: int) -> tuple[int, int] | None:
    """x and y of x**2 + y**2, in which 1 is its own root."""
    if g._op[n] is not ADD or g._params[n] != (1, 1) or pow_op not in [g._op[m] for m in g._inputs[n]]:
        return None
    x, y = (m if number(g, m) == 1 else base_of_square(g, m) for m in g._inputs[n])
    return None if x is None or y is None else (x, y)


def _without(have: list[int], some: list[int]) -> list[int] | None:
    """What is left of the factors, None where one is missing."""
    rest = [*have]
    for m in some:
        if m not in rest:
            return None
        rest.remove(m)
    return rest
