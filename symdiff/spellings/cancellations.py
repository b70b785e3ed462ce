"""The row of the table of stable spellings for sums whose terms cancel at a point: x - sin(x), 1/x - 1/tan(x).

Of a function of one variable u the leading terms say whether it is one; near the point it is computed by its Laurent
series, c[0]*u**v + c[1]*u**(v + 1) + ...
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache
from math import isfinite
from typing import Any, NamedTuple

import numpy as np

from ..expr import Expr
from ..graph import CONSTANT, Graph
from ..occurrence import met
from ..op import FUNCTIONS, Op
from ..ops.products import ADD, CONTRACT
from ..ops.removable import polynomial
from ..patterns import is_elementwise, number
from . import expansions
from .expansions import DIVIDE, LENGTH, ONE, POW, SQRT, Laurent, NoExpansionError, is_function

FAR = 2.0  # the nearest singularity is so many times as far as the series is used
ALIKE = 1.25  # it is used where its terms fall at least so fast
DIGITS = 2.0**-58
TERMS = 32  # of a sum or product at most
NUMBER = -1
NODES = 64  # of a sum whose series is looked for
LOST = 1e-9  # sums smaller than this part of their terms have cancelled


class Leading(NamedTuple):
    """c*u**v, what a function is where u is small; u is -1 in a number."""

    u: int
    v: int | Fraction
    c: float


def cancelling(g: Graph, n: int) -> Expr | None:
    """A sum whose terms cancel at u = 0, or the logarithm of what is 1 there, by its series near that point."""
    if len({_alone(g)[i] for i in g._inputs[n]} - {NUMBER}) != 1 or met(g, [n], most=NODES) is None:
        return None  # as in nearly all sums; the series of large ones take long
    if not (_sum_cancels(g, n) if g._op[n] is ADD else _argument_is_one(g, n)):
        return None
    (u, *_), s = _leading(g, n) or (-1,), series(g, n)
    return None if s is None or u < 0 else FUNCTIONS["where"](*_near(Expr(g, u), s), Expr(g, n))


def _alone(g: Graph) -> list[int]:
    """The one node, of no other, that each node depends on: itself where these are several."""
    alone: list[int] = g.cache("stable").setdefault("alone", [])
    for n in range(len(alone), len(g._inputs)):
        found = {alone[i] for i in g._inputs[n]} - {NUMBER}
        alone.append(found.pop() if len(found) == 1 else NUMBER if g._op[n] is CONSTANT else n)
    return alone


def _sum_cancels(g: Graph, n: int) -> bool:
    terms: list[Leading] = []
    u = -1
    for m in g._inputs[n]:
        t = _leading(g, m)
        if t is None or -1 < u != t.u > -1:
            return False
        u = max(u, t.u)
        terms.append(t)
    return u >= 0 and _lost(g._params[n], terms)


def _argument_is_one(g: Graph, n: int) -> bool:
    argument = _leading(g, g._inputs[n][0])
    return argument is not None and argument.u >= 0 and argument.v == 0 and abs(argument.c - 1) < LOST


def _lost(coefficients: Sequence[Any], terms: Sequence[Leading]) -> bool:
    least = min(t.v for t in terms)
    first = [float(c) * t.c for c, t in zip(coefficients, terms, strict=True) if t.v == least]
    return abs(sum(first)) <= LOST * max(map(abs, first))


# --- near the point -----------------------------------------------------------------------------------------


def _near(u: Expr, s: Laurent) -> tuple[Expr, Expr]:
    """(where the series is used, its value)"""
    c = [x / s.c[0] for x in s.c]  # the quotient of integers is rounded once
    own = [abs(x) ** (1 / k) for k, x in enumerate(c) if k and x]
    late = [abs(x) ** (1 / k) for k, x in enumerate(c) if k > LENGTH // 3 and x]
    radius = 1 / max(ALIKE * max(own), FAR * max(late, default=0)) if own else 1.0
    last = max(k for k, x in enumerate(c) if abs(x) * radius**k > DIGITS)
    kept = [x * (s.c[0] / ONE) for x in c[: last + 1]]
    even = not any(kept[1::2])
    value = polynomial(kept[::2], u**2) if even and last else polynomial(kept, u)
    value = u.lift(value)
    return abs(u) < radius, value * u**s.v if s.v >= 0 else value / u**-s.v


def series(g: Graph, n: int) -> Laurent | None:
    """The Laurent series of a node, None where there is none."""
    known: dict[int, Laurent | None] = g.cache("stable").setdefault("series", {})
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
                known[m] = _series(g, m, known)
            except (NoExpansionError, OverflowError, ZeroDivisionError):
                known[m] = None
    return known[n]


def _series(g: Graph, n: int, known: dict[int, Laurent | None]) -> Laurent | None:
    op, value = g._op[n], number(g, n)
    zeros = (0,) * (LENGTH - 1)
    if value is not None:
        return expansions.trimmed(0, (expansions.fixed(value), *zeros))
    operands = [known.get(i) for i in _parts(g, n)]
    if not operands:
        return Laurent(1, (ONE, *zeros))
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
        return expansions.raised(a, number(g, g._inputs[n][1]) if op is POW else expansions.HALF)  # type: ignore[arg-type]
    if _formula(op):
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
    formula = _formula(op) if operands and is_function(op) else None
    return (formula(*Expr(g, n).inputs).node,) if formula else operands


@cache
def _formula(op: Op) -> Callable[..., Any] | None:
    return op.textbook or (op.composition if not isfinite(_value(op, 0.0)) else None)


def _value(op: Op, at: float) -> float:
    with np.errstate(all="ignore"):
        return float(op.meaning()(at))


# --- leading terms ------------------------------------------------------------------------------------------


def _operands(g: Graph, n: int) -> tuple[int, ...]:
    """What the expansion of a node depends on; nothing of a leaf."""
    op, inputs, shape = g._op[n], g._inputs[n], g._shape[n]
    if _alone(g)[n] == n:
        return ()
    if any(g._shape[i] != shape and number(g, i) is None for i in inputs) or len(inputs) > TERMS:
        return ()
    if op is POW:
        return inputs[:1] if number(g, inputs[1]) is not None else ()
    if op is ADD or op is DIVIDE or op is SQRT or is_function(op):
        return inputs
    return inputs if op is CONTRACT and len(inputs) > 1 and is_elementwise(g._params[n]) else ()


def _leading(g: Graph, n: int) -> Leading | None:
    """The leading term of a node as a function of the one node u that it depends on; None of more than one."""
    known: dict[int, Leading | None] = g.cache("stable").setdefault("leading", {})
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
            known[m] = _first(g, m, operands, known)
    return known[n]


def _first(g: Graph, n: int, operands: Sequence[int], known: dict[int, Leading | None]) -> Leading | None:
    value = number(g, n)
    if value is not None:
        return Leading(-1, 0, float(value)) if value else None
    if not operands:
        return Leading(n, 1, 1.0)
    terms = [known.get(i) for i in operands]
    if None in terms:
        return None
    if len({t.u for t in terms if t.u >= 0}) > 1:  # type: ignore[union-attr]
        _opaque(g).add(n)
        return Leading(n, 1, 1.0)
    try:
        return _combined(g, n, terms)  # type: ignore[arg-type]
    except (OverflowError, ZeroDivisionError, TypeError):  # powers of floats
        return None


def _combined(g: Graph, n: int, terms: Sequence[Leading]) -> Leading | None:
    op, u = g._op[n], max(t.u for t in terms)
    a, b = terms[0], terms[-1]
    if op is ADD:
        if _lost(g._params[n], terms) and len(terms) > 1:
            return _of_series(g, n, u)
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
        e = number(g, g._inputs[n][1]) if op is POW else expansions.HALF
        c = a.c ** float(e)
        return Leading(u, a.v * Fraction(e), c) if isinstance(c, float) and c else None
    return _of_function(g, n, op, a)


def _of_function(g: Graph, n: int, op: Op, w: Leading) -> Leading | None:
    if w.v < 0:
        return None
    value = _value(op, w.c if w.v == 0 else 0.0)
    if isfinite(value) and abs(value) > LOST:
        return Leading(w.u, 0, value)
    return _of_series(g, n, w.u) if w.u >= 0 else None


def _of_series(g: Graph, n: int, u: int) -> Leading | None:
    s = series(g, n)
    return None if s is None else Leading(u, s.v, s.c[0] / ONE)
