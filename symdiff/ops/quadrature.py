"""Definite integrals: an op of the integrand, its variable, the bounds and what else the integrand is made of.

Derivatives follow from Leibniz' rule. Values are sums over the nodes of a double-exponential rule (Takahasi, Mori
1974), expressions of the bounds that take the place of an integral when a program is built.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from functools import reduce
from typing import Any

import numpy as np

from .. import shapes
from ..errors import GraphError, ShapeError
from ..expr import Expr
from ..graph import BOUND, CONSTANT, SIZE, VARIABLE, Graph, check_name
from ..op import FUNCTIONS, Networks, Op, Term, function, provided, register
from ..shapes import Shape
from .products import ADD, CONTRACT

STEP, ENDS = 1 / 32, 4.0  # the step of the rule, and where its weights are below 1e-30
_U = np.arange(-ENDS, ENDS + STEP / 2, STEP)
_V = np.pi / 2 * np.sinh(_U)
_SPEED = STEP * np.pi / 2 * np.cosh(_U)  # dv
_MOST = 2  # integrals within each other


# --- the op: its operands are (integrand, variable, lower bound, upper bound, *terms of the integrand without it) ---


def _no_value(*xs: Any) -> Any:
    raise GraphError("the variable of an integral has no value of its own")


def _infer(params: tuple, operands: Sequence[Shape], dtypes: Sequence[str]) -> tuple[Shape, str]:
    if len(operands) < 4 or any(operands):
        raise ShapeError("integral: the integrand, its variable and the bounds are scalars; integrate entry by entry")
    return (), "float64"


def _leibniz(k: int, y: Expr, xs: Sequence[Expr], params: tuple) -> list[Term]:
    """d/dp of the integral of f from a to b: f(b) db/dp - f(a) da/dp + the integral of df/dp."""
    f, t, a, b = xs[0], xs[1], xs[2], xs[3]
    if k < 2:
        return []
    if k < 4:
        return [Term(1 if k == 3 else -1, [(replaced(f, {t.node: xs[k]}), "")], "", "")]
    return [Term(1, [(_node(_partial(f, xs[k], xs[4:]), t, a, b), "")], "", "")]


def _partial(f: Expr, x: Expr, terms: Sequence[Expr]) -> Expr:
    """df/dx, in which the other terms stand still: also those that depend on x, by which the sweep goes on itself."""
    g = f.graph
    order = g.ancestors([e.node for e in terms])
    moving = _moving(g, order, [x.node])
    still = {e.node: integration_variable(g, f"held{e.node}") for e in terms if e.node in moving and e.node != x.node}
    slope = provided("diff")(replaced(f, still), x)
    return replaced(slope, {held.node: Expr(g, n) for n, held in still.items()})


def _rule(f: Expr, t: Expr, a: Expr, b: Expr, put: Mapping[int, Expr]) -> Expr:
    """The integral as a sum over the nodes of the rule; bounds, and what is put in the place of terms of the integrand,
    may have axes."""
    column = FUNCTIONS["expand_dims"]
    low, high, sign = _infinite(a), _infinite(b), 1
    if low > 0 or high < 0:
        a, b, low, high, sign = b, a, high, low, -1
    if not low and not high:
        nodes, weights = _between(column(a, -1), column(b, -1))
    elif low and high:  # t = sinh(v)
        nodes, weights = f.graph.constant(np.sinh(_V)), np.cosh(_V) * _SPEED
    else:  # t = b - exp(v), a + exp(v)
        nodes, weights = column(b, -1) - np.exp(_V) if low else column(a, -1) + np.exp(_V), np.exp(_V) * _SPEED
    rows = {n: column(x, -1) if x.shape else x for n, x in put.items()}
    values = FUNCTIONS["broadcast_to"](replaced(f, {t.node: nodes} | rows), _shape(nodes, *rows.values()))
    if low or high:  # far out inf*0 is 0
        values = FUNCTIONS["where"](FUNCTIONS["isnan"](values), 0, values)
    return FUNCTIONS["sum"](values * weights, axis=-1) * sign


def _shape(*xs: Expr) -> Shape:
    return shapes.broadcast(*[x.shape for x in xs], op="integral")


INTEGRAL = register(
    Op("integral", None, _infer, _no_value, Networks(_leibniz),
        composition=lambda f, t, a, b, *terms: _rule(f, t, a, b, {}),
        doc="the integral of a scalar expression over one of its terms, between bounds"),
    public=False,
)  # fmt: skip


def _between(a: Expr, b: Expr) -> tuple[Expr, Expr]:
    """t = (a + b)/2 + (b - a)/2*tanh(v), as a distance from the nearer end: what is singular there stays exact."""
    near, width = 1 / (1 + np.exp(2 * np.abs(_V))), FUNCTIONS["subtract"](b, a)
    nodes = FUNCTIONS["concat"]([a + width * near[_U < 0], b - width * near[_U >= 0]], axis=-1)
    return nodes, width * (_SPEED / (2 * np.cosh(_V) ** 2))


def _infinite(e: Expr) -> int:
    """1 and -1 where it is inf and -inf, else 0."""
    g, n = e.graph, e.node
    sign = 1
    while g._op[n] is ADD and len(g._inputs[n]) == 1:
        sign, n = sign * (1 if g._params[n][0] > 0 else -1), g._inputs[n][0]
    is_inf = g._op[n] is CONSTANT and not g._shape[n] and g._params[n][1] in (math.inf, -math.inf)
    return sign * (1 if g._params[n][1] > 0 else -1) if is_inf else 0


# --- what is under an integral --------------------------------------------------------------------------------------


def integration_variable(g: Graph, name: str) -> Expr:
    """The variable of an integral: within it, this name means nothing else."""
    return Expr(g, g.append(BOUND, (), (check_name(name),)))


def _free(g: Graph, n: int) -> tuple[int, ...]:
    """The operands of a node that are no integrand and variable."""
    return g._inputs[n][2:] if g._op[n] is INTEGRAL else g._inputs[n]


def _moving(g: Graph, order: Sequence[int], on: Collection[int]) -> set[int]:
    """Those of the nodes that depend on some."""
    found = set(on)
    for n in order:
        if not found.isdisjoint(_free(g, n)):
            found.add(n)
    return found


def _node(f: Expr, t: Expr, a: Expr, b: Expr) -> Expr:
    """The integral, with the largest terms of the integrand without its variable that are no numbers."""
    g = f.graph
    order = g.ancestors([f.node])
    moving = _moving(g, order, [t.node])
    unknown = _moving(g, order, [n for n in order if g._op[n] in (VARIABLE, BOUND, SIZE)])
    used = [i for n in order if n in moving for i in _free(g, n)] if f.node in moving else [f.node]
    terms = [Expr(g, i) for i in dict.fromkeys(used) if i in unknown and i not in moving]
    return f.apply(INTEGRAL, (f, t, a, b, *terms), ())


def replaced(f: Expr, put: Mapping[int, Expr]) -> Expr:
    """f with expressions in the place of nodes, which may have axes that f has not."""
    g = f.graph
    made = dict(put)
    for n in g.ancestors([f.node]):
        if n not in put and not made.keys().isdisjoint(_free(g, n)):
            made[n] = _anew(g, n, {i: made[i] for i in g._inputs[n] if i in made})
    return made.get(f.node, f)


def _anew(g: Graph, n: int, made: Mapping[int, Expr]) -> Expr:
    """Node n, of scalars, with others in the place of some operands."""
    op, xs = g._op[n], [made.get(i, Expr(g, i)) for i in g._inputs[n]]
    has_axes = any(x.shape for x in xs)
    if op is INTEGRAL:
        f, t, a, b = Expr(g, g._inputs[n][0]), Expr(g, g._inputs[n][1]), xs[2], xs[3]
        put = {i: made[i] for i in g._inputs[n][4:] if i in made}
        return _rule(f, t, a, b, put) if has_axes else _node(replaced(f, put), t, a, b)
    if has_axes and op is ADD:
        return reduce(FUNCTIONS["add"], [c * x for c, x in zip(g._params[n], xs, strict=True)])
    if has_axes and op is CONTRACT:
        return reduce(FUNCTIONS["multiply"], xs)
    if has_axes and not op.elementwise:
        raise GraphError(f"integral: an integrand is made of functions of numbers, and {op.name} is none")
    return xs[0].apply(op, xs, g._params[n])


def as_sums(e: Expr) -> Expr:
    """The expression with its integrals as the sums that they are computed by."""
    g, made = e.graph, dict[int, int]()
    for n in g.ancestors([e.node]) if INTEGRAL in g._ids else ():
        if g._op[n] is INTEGRAL:
            made[n] = INTEGRAL.composition(*Expr(g, n).inputs).node  # type: ignore[misc]
        elif not made.keys().isdisjoint(g._inputs[n]):
            made[n] = g.append(g._op[n], tuple([made.get(i, i) for i in g._inputs[n]]), g._params[n])
    return Expr(g, made.get(e.node, e.node))


def _depth(f: Expr) -> int:
    """How many integrals stand within each other."""
    g, depth = f.graph, dict[int, int]()
    for n in g.ancestors([f.node]):
        depth[n] = (g._op[n] is INTEGRAL) + max([depth[i] for i in g._inputs[n]], default=0)
    return depth[f.node]


@function("integral")
def integral(f: Any, t: Any, a: Any, b: Any) -> Any:
    """The integral of f over the variable t from a to b, which may be infinite: all are scalars, and f is made of
    functions of numbers. Derivatives follow from Leibniz' rule; values are those of a double-exponential rule, to about
    1e-13 where f is smooth between the bounds (it may be singular at them).

    Raises ShapeError for arrays, GraphError for more than two integrals within each other.

    >>> import symdiff as sd
    >>> x, t = sd.Graph().variables("x t")
    >>> y = integral(sd.exp(-x*t), t, 0, x)
    >>> print(y.diff(x))
    exp(-x**2) - integral(t*exp(-x*t), t, 0, x)
    """
    if not isinstance(t, Expr) or t.op not in (VARIABLE, BOUND):
        raise GraphError(f"integral: the second argument is the variable over which to integrate, not {t!r}")
    f, a, b = (x if isinstance(x, Expr) else t.lift(x) for x in (f, a, b))
    if any(x.shape for x in (f, t, a, b)):
        raise ShapeError("integral: the integrand, its variable and the bounds are scalars; integrate entry by entry")
    if _depth(f) >= _MOST:
        raise GraphError(f"integral: at most {_MOST} integrals stand within each other")
    if _infinite(a) == _infinite(b) != 0:
        raise GraphError(f"integral: both bounds are {'' if _infinite(a) > 0 else '-'}inf")
    bound = integration_variable(t.graph, t.graph._params[t.node][0])
    return _node(replaced(f, {t.node: bound}), bound, a, b)
