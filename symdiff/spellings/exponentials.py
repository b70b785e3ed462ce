"""Rows of the table of stable spellings that no pattern of few wildcards says: sums and quotients of exponentials.

A row is ``(graph, node) -> expression``, or None where it does not fit.
"""

from typing import Any

from .. import constants
from ..expr import Expr
from ..graph import CONSTANT, SIZE, Graph
from ..ops import order
from ..ops.elementwise import divide_op, exp, expm1, log, pow_op
from ..ops.order import logsumexp
from ..ops.products import ADD, CONTRACT, combination
from ..patterns import MOST, factors, number
from .radicals import product

Exponentials = list[tuple[Any, int]]  # (c, b) of each term c*exp(b); b is -1 in a number


def exponentials(g: Graph, n: int) -> Exponentials | None:
    """A sum of at least one exponential, numbers and nothing else."""
    op = g._op[n]
    if op is expm1:
        return [(1, g._inputs[n][0]), (-1, -1)]
    if op is exp:
        return [(1, g._inputs[n][0])]
    if op is not ADD or len(g._inputs[n]) > MOST:
        return None
    found: Exponentials = []
    for c, m in zip(g._params[n], g._inputs[n], strict=True):
        value = number(g, m)
        inner = exponentials(g, m) if value is None and g._op[m] in (exp, expm1) else [(value, -1)]
        if not inner or inner[0][0] is None:
            return None
        found += [(constants.exact(c * d), b) for d, b in inner]
    return found if any(b >= 0 for _, b in found) else None


def quotient(g: Graph, n: int) -> Expr | None:
    """y*exp(a)/(c1*exp(b1) + c2*exp(b2) + ...)**k: over the sum of c*exp(b - a)."""
    top, bottom = g._inputs[n]
    base, power = bottom, 1
    if g._op[bottom] is pow_op:
        base, exponent = g._inputs[bottom]
        power = number(g, exponent)
    if not isinstance(power, int) or power < 1:
        return None
    terms = exponentials(g, base) if g._op[base] in (ADD, expm1) else None
    if terms is None:
        return None
    inside = factors(g, top)
    for k, m in enumerate(inside):
        if g._op[m] is exp:
            rest = inside[:k] + inside[k + 1 :]
            y = product(g, rest)
            (a,) = g._inputs[m]
            result = y / _moved(g, terms, a)
            return result / (Expr(g, base) ** (power - 1)) if power > 1 else result
    return None


def _moved(g: Graph, terms: Exponentials, a: int) -> Expr:
    """The sum of c*exp(b - a)."""
    moved = [(c, _shifted_exp(g, b, a)) for c, b in terms]
    numbers = [c for c, m in moved if number(g, m) == 1]
    others = [(c, m) for c, m in moved if number(g, m) != 1]
    if len(others) == 1 and len(numbers) == 1 and others[0][0] == -numbers[0]:
        return others[0][0] * expm1(Expr(g, g._inputs[others[0][1]][0]))
    return Expr(g, combination(g, moved))


def _shifted_exp(g: Graph, b: int, a: int) -> int:
    """exp(b - a); b is -1 in a number."""
    difference = combination(g, [(-1, a)] if b < 0 else [(1, b), (-1, a)])
    return g.constant(1).node if number(g, difference) == 0 else exp(Expr(g, difference)).node


# --- along axes ---------------------------------------------------------------------------------------------


def summed(g: Graph, n: int) -> tuple[int, tuple[int, ...], bool] | None:
    """(exp(x), axes, with axes of size 1) of a node that is the sum of exp(x) along axes."""
    widened = None
    if g._op[n] is CONTRACT and len(g._inputs[n]) == 1 and g._params[n][2]:  # axes of size 1 put back
        (labels,), out, free = g._params[n]
        if any(size != 1 for _, size in free) or tuple(i for i in out if i in labels) != labels:
            return None
        widened = tuple(k for k, i in enumerate(out) if i not in labels)
        (n,) = g._inputs[n]
    if g._op[n] is not CONTRACT or len(g._inputs[n]) != 1 or g._op[g._inputs[n][0]] is not exp:
        return None
    (labels,), out, free = g._params[n]
    axes = tuple(k for k, i in enumerate(labels) if i not in out)
    in_order = len(set(labels)) == len(labels) and tuple(i for i in labels if i in out) == out
    if free or not in_order or not axes or widened not in (None, axes):
        return None
    return g._inputs[n][0], axes, widened is not None


def softmax(g: Graph, n: int) -> Expr | None:
    """y*exp(x)/sum(exp(x)) along one axis, or sum(y*exp(x))/sum(exp(x)) of a vector."""
    top, bottom = g._inputs[n]
    found = summed(g, bottom)
    if found is None or len(found[1]) != 1:
        return None
    e, (axis,), kept = found
    if not kept and g._shape[bottom]:
        return None
    s = order.softmax(Expr(g, g._inputs[e][0]), axis=axis)
    rest = factors(g, top)
    if e in rest and g._shape[e] == g._shape[n]:
        rest.remove(e)
        return product(g, rest) * s
    if g._op[top] is CONTRACT and g._inputs[top].count(e) == 1 and not g._shape[bottom]:
        moved = tuple([s.node if i == e else i for i in g._inputs[top]])
        return Expr(g, g.append(CONTRACT, moved, g._params[top]))
    return None


def log_of_axis(g: Graph, n: int) -> Expr | None:
    """log(sum(exp(x))) along axes, also over a size."""
    (m,) = g._inputs[n]
    if g._op[m] is divide_op and g._op[g._inputs[m][1]] in (SIZE, CONSTANT):
        inner, size = g._inputs[m]
        result = _logsumexp(g, inner)
        return None if result is None else result - log(Expr(g, size))
    if g._op[m] is ADD and len(g._inputs[m]) == 1 and g._params[m][0] > 0 and g._op[g._inputs[m][0]] is exp:
        return Expr(g, g._inputs[g._inputs[m][0]][0]) + log(g.constant(g._params[m][0]))
    if g._op[m] is ADD and len(g._inputs[m]) == 1 and g._params[m][0] > 0:
        result = _logsumexp(g, g._inputs[m][0])
        return None if result is None else result + log(g.constant(g._params[m][0]))
    return _logsumexp(g, m)


def _logsumexp(g: Graph, m: int) -> Expr | None:
    found = summed(g, m)
    if found is None:
        return None
    e, axes, kept = found
    return logsumexp(Expr(g, g._inputs[e][0]), axis=axes, keepdims=kept)

