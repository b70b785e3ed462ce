"""Laurent series at a point of functions of one variable, to 100 digits: what is left where leading terms cancel.

Coefficients are whole multiples of 2**-BITS. The series of a function follows from its partial, as the record states
it: y = f(w) has k*y[k] = sum of j*w[j]*p[k - j], p = f'(w), where p may depend on y and on other functions of w. Values
at points where they are no whole numbers are mpmath's.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache, lru_cache
from math import isqrt
from operator import mul
from typing import Any, NamedTuple

import numpy as np

from .. import constants
from ..expr import Expr
from ..graph import CONSTANT, VARIABLE, Graph
from ..lazy import module
from ..op import OPS, Op, Partials
from ..ops.products import ADD, CONTRACT
from ..patterns import factors, number

BITS = 512
ONE = 1 << BITS
LEAST = 1 << BITS // 4  # what is smaller has cancelled
ALIKE = 1e-9
LENGTH = 56
CLOSURE = 64  # nodes of a function, its partial and theirs at most
WHOLE = 8  # exponents up to this one are products
DIVIDE, POW, SQRT = OPS["divide"], OPS["pow"], OPS["sqrt"]
HALF = Fraction(1, 2)


class Laurent(NamedTuple):
    """The sum of c[k]*u**(v + k), c[0] not 0."""

    v: int
    c: tuple[int, ...]


class Point(NamedTuple):
    """Where a function of u is expanded: u = a + t, at the ends of the line u = 1/t; to one side with t*side for t,
    t > 0."""

    a: int = 0
    side: int = 0
    is_end: bool = False

    @property
    def variable(self) -> Laurent:
        t, zeros = ONE * (self.side or 1), (0,) * (LENGTH - 1)
        return Laurent(0, (self.a, t, *zeros[1:])) if self.a else Laurent(-1 if self.is_end else 1, (t, *zeros))


ORIGIN, END = Point(), Point(is_end=True)


class NoExpansionError(ArithmeticError):
    """There is none at this point, or it is not known."""


def fixed(value: Any) -> int:
    """A number; a multiple of pi is the exact one."""
    turns = constants.in_pi(value)
    if turns is not None:
        return turns[0] * _of_mpmath("pi") // turns[1]
    if value in constants.NAMED:
        return _of_mpmath(constants.NAMED[value])
    exact = Fraction(value)
    return (exact.numerator << BITS) // exact.denominator


@cache
def _of_mpmath(name: str, at: int | None = None) -> int:
    """A constant, or a function at a point."""
    mp = module("mpmath")
    with mp.workprec(2 * BITS):
        value = getattr(mp, name) if at is None else getattr(mp, name)(mp.mpf(at) / ONE)
        if not mp.isfinite(value) or mp.im(value):
            raise NoExpansionError
        return int(mp.floor(mp.re(value) * ONE))


def trimmed(v: int, c: Sequence[int]) -> Laurent:
    for k, one in enumerate(c):
        if abs(one) > LEAST:
            return Laurent(v + k, tuple(c[k:]))
    raise NoExpansionError


def plus(terms: Sequence[tuple[Any, Laurent]]) -> Laurent:
    v, end = min(s.v for _, s in terms), min(s.v + len(s.c) for _, s in terms)
    total = [0] * (end - v)
    for coefficient, s in terms:
        exact = Fraction(coefficient)
        for k in range(end - s.v):
            total[s.v - v + k] += s.c[k] * exact.numerator // exact.denominator
    return trimmed(v, total)


def times(a: Laurent, b: Laurent) -> Laurent:
    count = min(len(a.c), len(b.c))
    return trimmed(a.v + b.v, [_convolved(a.c, b.c, k) for k in range(count)])


def over(a: Laurent, b: Laurent) -> Laurent:
    q: list[int] = []
    for k in range(min(len(a.c), len(b.c))):
        q.append(_quotient(a.c, b.c, q, k))
    return trimmed(a.v - b.v, q)


def raised(a: Laurent, exponent: Any, one_sided: bool = False) -> Laurent:
    """Powers of rational exponents; roots of even powers of t are those of t > 0."""
    e = Fraction(exponent)
    v = a.v * e
    if v.denominator != 1 or (a.v and e.denominator % 2 == 0 and not one_sided):
        raise NoExpansionError
    y: list[int] = []
    for k in range(len(a.c)):
        y.append(_power(a.c, e, y, k))
    return trimmed(int(v), y)


def _convolved(a: Sequence[int], b: Sequence[int], k: int) -> int:
    return sum(map(mul, a[: k + 1], reversed(b[: k + 1]))) >> BITS


def _quotient(a: Sequence[int], b: Sequence[int], q: Sequence[int], k: int) -> int:
    """Coefficient k of q = a/b from those before."""
    if abs(b[0]) <= LEAST:
        raise NoExpansionError
    return ((a[k] << BITS) - sum(map(mul, q, reversed(b[1 : k + 1])))) // b[0]


def _power(a: Sequence[int], e: Fraction, y: Sequence[int], k: int) -> int:
    """Coefficient k of y = a**e from those before: a*y' = e*a'*y."""
    p, q = e.numerator, e.denominator
    if k == 0:
        return number_power(a[0], e)
    total = sum((p * j - q * (k - j)) * a[j] * y[k - j] for j in range(1, k + 1))
    return total // (q * k * a[0])


def number_power(c: int, e: Fraction) -> int:
    if abs(c) <= LEAST:
        raise NoExpansionError
    if e.denominator == 1:
        return fixed(Fraction(c, ONE) ** int(e)) if abs(e) <= WHOLE * 8 else _refused()
    if abs(c - ONE) < LEAST:
        return ONE
    if c > 0 and e.denominator == 2:
        return number_power(isqrt(c << BITS), Fraction(e.numerator))
    return _of_mpmath("exp", _of_mpmath("log", c) * e.numerator // e.denominator) if c > 0 else _refused()


def _refused() -> int:
    raise NoExpansionError


# --- functions by their partials ----------------------------------------------------------------------------


Step = Callable[[dict[int, list[int]], Sequence[int], int], int]  # (series so far, w, k) -> coefficient k


@lru_cache(maxsize=256)
def _closure(op: Op) -> tuple[int, list[tuple[int, Step]]] | None:
    """(node of op(w), [(node, step)]): the function, its partial, what these are made of, operands first."""
    g = Graph()
    x = g.variable("x")
    root = x.apply(op, [x], ()).node
    needs: dict[int, tuple[int, ...]] = {}
    steps: dict[int, Step] = {}
    pending = [root]
    while pending:
        n = pending.pop()
        if n in needs:
            continue
        if len(needs) > CLOSURE or g._shape[n] != ():
            return None
        made = _step(g, n)
        if made is None:
            return None
        steps[n], needs[n], also = made
        pending += [*needs[n], *also]
    order: list[int] = []
    stack = [*needs]
    while stack:
        n = stack[-1]
        missing = [i for i in needs[n] if i not in order]
        if n in order or not missing:
            stack.pop()
            if n not in order:
                order.append(n)
        elif len(stack) > CLOSURE**2:
            return None
        else:
            stack += missing
    return root, [(n, steps[n]) for n in order]


def _step(g: Graph, n: int) -> tuple[Step, tuple[int, ...], tuple[int, ...]] | None:
    """(the next coefficient, the nodes whose coefficients it takes, those whose earlier ones)"""
    op, operands = g._op[n], g._inputs[n]
    if op is VARIABLE:
        return (lambda s, w, k: w[k]), (), ()
    value = number(g, n)
    if value is not None:
        return (lambda s, w, k: 0 if k else fixed(value)), (), ()
    if op is CONSTANT or (not op.elementwise and op not in (ADD, CONTRACT)):
        return None
    if op is ADD:
        terms = [(Fraction(c), i) for c, i in zip(g._params[n], operands, strict=True)]
        return (lambda s, w, k: sum(c.numerator * s[i][k] // c.denominator for c, i in terms)), operands, ()
    if op is CONTRACT:
        inside = factors(g, n)
        if len(inside) > 2:
            rest = _product(g, inside[1:])
            return (lambda s, w, k: _convolved(s[inside[0]], s[rest], k)), (inside[0], rest), ()
        a, b = inside if len(inside) == 2 else (inside[0], g.constant(1).node)
        return None if a == n else ((lambda s, w, k: _convolved(s[a], s[b], k)), (a, b), ())
    if op is DIVIDE:
        a, b = operands
        return (lambda s, w, k: _quotient(s[a], s[b], s[n], k)), operands, ()
    if op is POW:
        return _power_step(g, n)
    if op is SQRT:
        (a,) = operands
        return (lambda s, w, k: _power(s[a], HALF, s[n], k)), operands, ()
    if op.textbook:
        same = op.textbook(*Expr(g, n).inputs).node
        return (lambda s, w, k: s[same][k]), (same,), ()
    if not is_function(op):
        return None
    (u,) = operands
    p = Expr(g, u).lift(op.derivative.of[0](Expr(g, u))).node  # type: ignore[union-attr, operator]
    return (lambda s, w, k: _integrated(s[u], s[p], k) if k else value_at(op, s[u][0])), (u,), (p,)


def _power_step(g: Graph, n: int) -> tuple[Step, tuple[int, ...], tuple[int, ...]] | None:
    base, exponent = g._inputs[n]
    e = number(g, exponent)
    if e is None:
        return None
    if isinstance(e, int) and 1 < e <= WHOLE:
        rest = (Expr(g, base) ** (e - 1)).node
        return (lambda s, w, k: _convolved(s[base], s[rest], k)), (base, rest), ()
    return (lambda s, w, k: _power(s[base], Fraction(e), s[n], k)), (base,), ()


def _product(g: Graph, nodes: Sequence[int]) -> int:
    result = Expr(g, nodes[0])
    for n in nodes[1:]:
        result = result * Expr(g, n)
    return result.node


def _integrated(u: Sequence[int], p: Sequence[int], k: int) -> int:
    return sum(j * u[j] * p[k - j] for j in range(1, k + 1)) // k >> BITS


def is_function(op: Op) -> bool:
    """Smooth, of one variable, with a partial."""
    rule = op.derivative
    return op.elementwise and op.arity == 1 and type(rule) is Partials and op.kink is None and callable(rule.of[0])


def value_at(op: Op, at: int) -> int:
    """f at a point, by mpmath where it is no whole number."""
    point = next((k for k in (0, 1, -1) if abs(at - k * ONE) < LEAST), None)
    with np.errstate(all="ignore"):
        value = float(op.meaning()(at / ONE if point is None else float(point)))
    if point is not None and value.is_integer():
        return fixed(int(value))
    if not hasattr(module("mpmath"), op.name):
        raise NoExpansionError
    found = _of_mpmath(op.name, at)
    if abs(found / ONE - value) > ALIKE * (1 + abs(value)):  # mpmath means something else by this name
        raise NoExpansionError
    return found


@lru_cache(maxsize=256)
def composed(op: Op, w: tuple[int, ...]) -> tuple[int, ...]:
    """The power series of op(w), w = w[0] + w[1]*u + ..."""
    found = _closure(op)
    if found is None:
        raise NoExpansionError
    root, steps = found
    series: dict[int, list[int]] = {n: [] for n, _ in steps}
    for k in range(len(w)):
        for n, step in steps:
            series[n].append(step(series, w, k))
    return tuple(series[root])
