"""Rows of the table of stable spellings for what cancels at a point: x - sin(x) at 0, 1/log(x) - 1/(x - 1) at 1,
sqrt(x**2 + x) - x far out.

Of a function of one variable u the leading terms say whether it is one; near the point it is computed by its Laurent
series, c[0]*t**v + c[1]*t**(v + 1) + ..., t = u - a or 1/u.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache
from math import inf, isfinite
from typing import Any, NamedTuple

import numpy as np

from ..expr import Expr
from ..graph import CONSTANT, Graph
from ..occurrence import met
from ..op import FUNCTIONS, OPS, Op
from ..ops.products import ADD, CONTRACT, SCALAR_PRODUCT
from ..ops.removable import polynomial
from ..patterns import is_elementwise
from . import expansions
from .expansions import (
    DIVIDE,
    END,
    LEAST,
    LENGTH,
    ONE,
    ORIGIN,
    POW,
    SQRT,
    Laurent,
    NoExpansionError,
    Point,
    fixed,
    is_function,
)

FAR = 2.0  # the nearest singularity is so many times as far as the series is used
ALIKE = 1.25  # it is used where its terms fall at least so fast
DIGITS = 2.0**-58
TERMS = 32  # of a sum or product at most
NUMBER = -1
NODES = 80  # of a sum whose series is looked for
ROOTS = 2  # of it at most
WHOLE = (1, 2, 3, 4)  # exponents of powers whose roots are looked for
LEFT = 1 / 32  # a sum of this part of its terms is as it stands
LOG = OPS["log"]
EXPONENTIALS = {OPS["exp"], OPS["expm1"]}  # of 1/u: long programs of discount factors would pay for rates near 0
NUMBERS = ("int", "fraction", "float")
LOST = 1e-9  # sums smaller than this part of their terms have cancelled


class Leading(NamedTuple):
    """c*u**v, what a function is where u is small; u is -1 in a number."""

    u: int
    v: int | Fraction
    c: float


def cancelling(g: Graph, n: int) -> Expr | None:
    """A sum whose terms cancel at a point, or the logarithm of what is 1 at u = 0, by its series near there."""
    order = _within_reach(g, n)
    if order is None:
        return None
    if g._op[n] is not ADD:
        return _by_series(g, n, [ORIGIN] if _argument_is_one(g, n) else [])
    ops = {g._op[m] for m in order}
    points = [ORIGIN, *_roots(g, order), *([END] if ops.isdisjoint(EXPONENTIALS) else [])]
    if SQRT in ops:
        cancels = [p for p in points if any(sum_cancels(g, n, p._replace(side=side)) for side in (1, -1))]
        points = [one for p in cancels for one in _sides(g, n, p)]
    return _by_series(g, n, [p for p in points if sum_cancels(g, n, p)])


def _sides(g: Graph, n: int, point: Point) -> list[Point]:
    """The root of an even power of t is of one sign on each side."""
    both = series(g, n, point) is not None
    return [point] if both else [point._replace(side=side) for side in (1, -1)]


def removable(g: Graph, n: int) -> Expr | None:
    """A quotient that is 0/0 at a point other than 0, such as log(x)/(x - 1), by its series near there."""
    order = _within_reach(g, n)
    return None if order is None else _by_series(g, n, [p for p in _roots(g, order) if _is_removable(g, n, p)])


def value_of(g: Graph, n: int) -> Any:
    """The number that a node is, pi too, or None."""
    kind, value = g._params[n] if g._op[n] is CONSTANT else ("array", None)
    return value if kind in NUMBERS else None


def _within_reach(g: Graph, n: int) -> list[int] | None:
    """What a node of one variable is made of; None of others, as nearly all are, and of large ones, whose series
    take long."""
    of = {*map(alone(g).__getitem__, g._inputs[n])}
    return met(g, [n], most=NODES) if len(of - {NUMBER}) == 1 else None


def _by_series(g: Graph, n: int, points: Sequence[Point]) -> Expr | None:
    result = Expr(g, n)
    for point in points:
        located = near(g, n, point)
        if located is not None:
            inside, value, power = located
            base = _moved(Expr(g, _leading(g, n, point).u), point)  # type: ignore[union-attr]
            whole = value * base**power if power >= 0 else value / base**-power
            result = FUNCTIONS["where"](inside, whole, result)
    return None if result.node == n else result


def _roots(g: Graph, order: Sequence[int]) -> list[Point]:
    """Points other than 0 at which linear sums and logarithms vanish."""
    found: dict[Point, None] = {}
    for m in order:
        if g._op[m] is LOG and _is_variable(g, g._inputs[m][0]):
            found[Point(ONE)] = None
        if g._op[m] is ADD and len(g._inputs[m]) == 2:
            terms = zip(g._params[m], g._inputs[m], strict=True)
            (c, power), (d, k) = sorted(terms, key=lambda term: alone(g)[term[1]] == NUMBER)
            constant = series(g, k, ORIGIN) if alone(g)[k] == NUMBER else None
            u, e = g._inputs[power] if g._op[power] is POW else (power, -1)
            exponent = 1 if e < 0 else value_of(g, e)
            if constant is not None and constant.v == 0 and _is_variable(g, u) and exponent in WHOLE:
                found |= dict.fromkeys(_whole_roots(-constant.c[0] * Fraction(d) // Fraction(c), exponent))
    return list(found)[:ROOTS]


def _whole_roots(value: int, exponent: int) -> list[Point]:
    try:
        root = expansions.number_power(value, Fraction(1, exponent))
    except NoExpansionError:
        return []
    return [Point(root)] if exponent % 2 else [Point(root), Point(-root)]


def _is_variable(g: Graph, n: int) -> bool:
    return alone(g)[n] == n


def alone(g: Graph) -> list[int]:
    """The one node, of no other, that each node depends on entry by entry: itself where these are several."""
    alone: list[int] = g.cache("stable").setdefault("alone", [])
    for n in range(len(alone), len(g._inputs)):
        found = {*map(alone.__getitem__, g._inputs[n])} - {NUMBER}
        is_number = not found and (g._op[n] is CONSTANT or bool(g._inputs[n]))
        is_one = len(found) == 1 and _by_entries(g, n)
        alone.append(NUMBER if is_number else found.pop() if is_one else n)
    return alone


def _by_entries(g: Graph, n: int) -> bool:
    op, params = g._op[n], g._params[n]
    return op is ADD or op.elementwise or params is SCALAR_PRODUCT or (op is CONTRACT and is_elementwise(params))


def sum_cancels(g: Graph, n: int, point: Point) -> bool:
    """Its terms lose more than the rounding of u does: of a power of t - t0 that is one order."""
    terms: list[Leading] = []
    u = -1
    for m in g._inputs[n]:
        t = _leading(g, m, point)
        if t is None or -1 < u != t.u > -1:
            return False
        u = max(u, t.u)
        terms.append(t)
    if u < 0 or not _lost(g._params[n], terms):
        return False
    s = series(g, n, point) if point.a else None
    return not point.a or (s is not None and s.v - min(t.v for t in terms) > (1 if s.v else 0))


def _is_removable(g: Graph, n: int, point: Point) -> bool:
    whole, bottom = (_leading(g, m, point) for m in (n, g._inputs[n][1]))
    return whole is not None and bottom is not None and whole.u == bottom.u and whole.v == 0 and bottom.v > 0


def _argument_is_one(g: Graph, n: int) -> bool:
    argument = _leading(g, g._inputs[n][0], ORIGIN)
    return argument is not None and argument.u >= 0 and argument.v == 0 and abs(argument.c - 1) < LOST


def _lost(coefficients: Sequence[Any], terms: Sequence[Leading]) -> bool:
    least = min(t.v for t in terms)
    first = [float(c) * t.c for c, t in zip(coefficients, terms, strict=True) if t.v == least]
    return abs(sum(first)) <= LOST * max(map(abs, first))


# --- near the point -----------------------------------------------------------------------------------------


def _reach(g: Graph, n: int, s: Laurent, point: Point) -> float:
    """How far from the point a sum is less than LEFT of its terms c*t**w, or a quotient has lost so much."""
    if g._op[n] is DIVIDE:
        return abs(point.a / ONE) * LEFT
    if g._op[n] is not ADD:
        return inf
    terms = [t for m in g._inputs[n] if (t := _leading(g, m, point))]
    w = min(t.v for t in terms)
    if s.v <= w:
        return 0.0
    most = max(abs(float(c) * t.c) for c, t in zip(g._params[n], terms, strict=True) if t.v == w)
    return (LEFT * most / abs(s.c[0] / ONE)) ** (1 / float(s.v - w))


def near(g: Graph, n: int, point: Point) -> tuple[Expr, Expr, int] | None:
    """(where the series is used, its value over the first power, the exponent of that) of t or 1/t"""
    found, s = _leading(g, n, point), series(g, n, point)
    reach = 0.0 if s is None or found is None or found.u < 0 else _reach(g, n, s, point)
    if s is None or reach <= 0:
        return None
    c = [x / s.c[0] if abs(x) > LEAST else 0.0 for x in s.c]  # the quotient of integers is rounded once
    own = [abs(x) ** (1 / k) for k, x in enumerate(c) if k and x]
    late = [abs(x) ** (1 / k) for k, x in enumerate(c) if k > LENGTH // 3 and x]
    radius = min(reach, 1 / max(ALIKE * max(own), FAR * max(late, default=0)) if own else inf)
    last = max(k for k, x in enumerate(c) if abs(x) * radius**k > DIGITS)
    kept = [x * (s.c[0] / ONE) for x in c[: last + 1]]
    base = _moved(Expr(g, found.u), point)  # type: ignore[union-attr]
    t = 1 / base if point.is_end else base
    value = base.lift(polynomial(kept, t))
    size = base if point.side else abs(base)
    inside = size > 1 / radius if point.is_end else size < radius
    if point.side and not point.is_end:
        inside = inside & (base > 0)
    return inside, value, -s.v if point.is_end else s.v


def _moved(u: Expr, point: Point) -> Expr:
    """t or, at the ends, 1/t"""
    moved = u if point.is_end else _less(u, point.a)
    return moved * point.side if point.side else moved


def _less(u: Expr, a: int) -> Expr:
    """u - a, where a, a multiple of pi, may be no double."""
    if not a:
        return u
    high = a / ONE
    low = (a - int(Fraction(high) * ONE)) / ONE
    return u - high - low if abs(low) > abs(high) * 1e-30 else u - high


def series(g: Graph, n: int, point: Point) -> Laurent | None:
    """The Laurent series of a node, None where there is none."""
    known: dict[int, Laurent | None] = g.cache("stable").setdefault(("series", point), {})
    stack = [n]
    while stack:
        m = stack[-1]
        missing = [i for i in _parts(g, m) if i not in known] if m not in known else []
        if missing and len(stack) < expansions.CLOSURE**2:
            stack += missing
            continue
        stack.pop()
        if m not in known:
            try:
                known[m] = _series(g, m, known, point)
            except (NoExpansionError, OverflowError, ZeroDivisionError):
                known[m] = None
    return known[n]


def _series(g: Graph, n: int, known: dict[int, Laurent | None], point: Point) -> Laurent | None:
    op, value = g._op[n], value_of(g, n)
    zeros = (0,) * (LENGTH - 1)
    if value is not None:
        return expansions.trimmed(0, (fixed(value), *zeros))
    operands = [known.get(i) for i in _parts(g, n)]
    if not operands:
        return point.variable
    if None in operands:
        return None
    a, *others = operands
    if op is ADD:
        return expansions.plus([*zip(g._params[n], operands, strict=True)])  # type: ignore[list-item]
    if op is CONTRACT:
        for b in others:
            a = expansions.times(a, b)  # type: ignore[arg-type]
        return a
    if op is DIVIDE:
        return expansions.over(a, others[0])  # type: ignore[arg-type]
    if op is POW or op is SQRT:
        e = value_of(g, g._inputs[n][1]) if op is POW else expansions.HALF
        return expansions.raised(a, e, bool(point.side))  # type: ignore[arg-type]
    if formula_of(op):
        return a
    if a.v < 0:  # type: ignore[union-attr]
        return None
    return expansions.trimmed(0, expansions.composed(op, (0,) * a.v + a.c))  # type: ignore[union-attr]


def _opaque(g: Graph) -> set[int]:
    """Nodes of several variables: to the functions of them they are one."""
    return g.cache("stable").setdefault("opaque", set())


def _parts(g: Graph, n: int) -> tuple[int, ...]:
    """What the series of a node is made of: the formula of what only derivatives have, or has a pole at 0."""
    op, operands = g._op[n], _operands(g, n)
    if n in _opaque(g):
        return ()
    formula = formula_of(op) if operands else None
    return (formula(*Expr(g, n).inputs).node,) if formula else operands


@cache
def formula_of(op: Op) -> Callable[..., Any] | None:
    """What the function is written as: its textbook form, or its composition where it has a pole at 0."""
    return op.textbook or (op.composition if is_function(op) and not isfinite(function_value(op, 0.0)) else None)


def function_value(op: Op, at: float) -> float:
    """f(at) in doubles; inf or nan at a pole."""
    with np.errstate(all="ignore"):
        return float(op.meaning()(np.float64(at)))


# --- leading terms ------------------------------------------------------------------------------------------


def _operands(g: Graph, n: int) -> tuple[int, ...]:
    """What the expansion of a node depends on; nothing of a leaf."""
    op, inputs, shape = g._op[n], g._inputs[n], g._shape[n]
    if alone(g)[n] == n:
        return ()
    if any(g._shape[i] != shape and value_of(g, i) is None for i in inputs) or len(inputs) > TERMS:
        return ()
    if op is POW:
        return inputs[:1] if value_of(g, inputs[1]) is not None else ()
    if op is ADD or op is DIVIDE or op is SQRT or is_function(op) or (op.elementwise and op.textbook):
        return inputs
    return inputs if op is CONTRACT and len(inputs) > 1 and is_elementwise(g._params[n]) else ()


def _leading(g: Graph, n: int, point: Point) -> Leading | None:
    """The leading term of a node as a function of the one node u that it depends on; None of more than one."""
    known: dict[int, Leading | None] = g.cache("stable").setdefault(("leading", point), {})
    stack = [n]
    while stack:
        m = stack[-1]
        operands = _operands(g, m) if m not in known else ()
        missing = next((i for i in operands if i not in known), None)
        if missing is not None and not any(i in known and known[i] is None for i in operands):
            stack.append(missing)
            continue
        stack.pop()
        if m not in known:
            known[m] = _first(g, m, operands, known, point)
    return known[n]


def _first(
    g: Graph, n: int, operands: Sequence[int], known: dict[int, Leading | None], point: Point
) -> Leading | None:
    value = value_of(g, n)
    if value is not None:
        return Leading(-1, 0, float(value)) if value else None
    variable = Leading(n, point.variable.v, point.variable.c[0] / ONE)
    if not operands:
        return variable
    terms = [known.get(i) for i in operands]
    if None in terms:
        return None
    if len({t.u for t in terms if t.u >= 0}) > 1:  # type: ignore[union-attr]
        _opaque(g).add(n)
        return variable
    try:
        return _combined(g, n, terms, point)  # type: ignore[arg-type]
    except (OverflowError, ZeroDivisionError, TypeError):  # powers of floats
        return None


def _combined(g: Graph, n: int, terms: Sequence[Leading], point: Point) -> Leading | None:
    op, u = g._op[n], max(t.u for t in terms)
    a, b = terms[0], terms[-1]
    if op is ADD:
        if _lost(g._params[n], terms) and len(terms) > 1:
            return _of_series(g, n, u, point)
        least = min(t.v for t in terms)
        return Leading(u, least, sum(float(c) * t.c for c, t in zip(g._params[n], terms, strict=True) if t.v == least))
    if op is CONTRACT:
        c = 1.0
        for t in terms:
            c *= t.c
        return Leading(u, sum(t.v for t in terms), c)
    if op is DIVIDE:
        return Leading(u, a.v - b.v, a.c / b.c)
    if op is POW or op is SQRT:
        e = value_of(g, g._inputs[n][1]) if op is POW else expansions.HALF
        c = a.c ** float(e)
        return Leading(u, a.v * Fraction(e), c) if isinstance(c, float) and c else None
    return _of_function(g, n, op, a, point) if is_function(op) else _of_series(g, n, u, point)


def _of_function(g: Graph, n: int, op: Op, w: Leading, point: Point) -> Leading | None:
    if w.v < 0:
        return None
    value = function_value(op, w.c if w.v == 0 else 0.0)
    if isfinite(value) and abs(value) > LOST:
        return Leading(w.u, 0, value)
    return _of_series(g, n, w.u, point) if w.u >= 0 else None


def _of_series(g: Graph, n: int, u: int, point: Point) -> Leading | None:
    s = series(g, n, point)
    return None if s is None else Leading(u, s.v, s.c[0] / ONE)
