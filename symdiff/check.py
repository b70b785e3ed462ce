"""Numerical checks of derivatives against differences of the values, on a copy of the graph, which stays as it was."""

import copy
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from .calculus import jvp, resolve_wrt, vjp
from .domains import check_domain, given_nodes
from .errors import CheckError, InputError
from .expr import Expr
from .graph import Graph
from .program import evaluate, label

ENTRIES = 64  # inputs with more entries are compared along random directions
DIRECTIONS = 8


def _copied(expr: Any, at: Mapping[Any, Any], what: str) -> tuple[Graph, Expr, dict[Any, Any]]:
    """The expression and the keys of `at` in a copy of the graph."""
    nodes = given_nodes(expr, at, what)
    g = copy.deepcopy(expr.graph)
    return g, Expr(g, expr.node), {Expr(g, n): value for n, value in nodes.items()}


# --- derivatives --------------------------------------------------------------------------------------------


def check_grad(
    expr: Expr,
    wrt: Any,
    at: Mapping[Any, Any],
    order: int = 2,
    *,
    tolerance: float | None = None,
    seed: int = 0,
) -> float:
    """Compare the reverse and the forward derivatives of an expression with differences of its values.

    expr       an expression of any shape
    wrt        what to differentiate by: an Expr, a name, or a list, tuple or dict of them
    at         {name or Expr: value}, the point; it should lie off the kinks (see `check_domain`)
    order      also check the derivatives of the derivatives, up to this order
    tolerance  the largest error allowed, relative where values exceed 1; by default 5e-7 (2e-3 for float32)

    Returns the largest error. Raises CheckError, an AssertionError, that names the worst entry. Inputs of
    more than 64 entries are compared along random directions.

    >>> import symdiff as sd
    >>> x = sd.Graph().variable("x", 3)
    >>> sd.check_grad(sd.logsumexp(x**2), x, {x: [0.1, 0.2, 0.3]}) < 1e-8
    True
    """
    g, y, values = _copied(expr, at, "check_grad")
    targets = [Expr(g, e.node) for e in resolve_wrt(expr.graph, wrt)]
    if not isinstance(order, int) or isinstance(order, bool) or order < 1:
        raise InputError(f"check_grad: the order is an integer >= 1, got {order!r}")
    values.update(zip(targets, evaluate(targets, values), strict=True))
    rng = np.random.default_rng(seed)
    coarsest = "float32" if "float32" in (y.dtype, *(x.dtype for x in targets)) else "float64"
    precision = float(np.finfo(coarsest).eps)
    bound = precision**0.4 if tolerance is None else tolerance
    worst = 0.0
    level = [(y, "")]
    for _ in range(order):
        following: list[tuple[Expr, str]] = []
        for e, path in level:
            pair = _derivatives(e, targets, values, rng)
            try:
                worst = max(worst, _compare(e, targets, values, pair, path, rng, precision**0.25, bound))
            except CheckError as error:
                for finding in check_domain(expr, at):
                    where = f"node {finding.node} ({finding.op}) is {finding.reason} at this point"
                    raise CheckError(f"{error}; but {where}, choose another") from None
                raise
            following.append((pair.jvp, path + "forward "))
            following += [(ct, path + "reverse ") for ct in pair.vjp]
        level = following
    return worst


class _Pair(NamedTuple):
    """Both derivatives of one expression as nodes, for a cotangent and tangents that are new variables."""

    vjp: list[Expr]
    jvp: Expr
    cotangent: np.ndarray
    tangents: list[np.ndarray]


def _derivatives(y: Expr, targets: Sequence[Expr], values: dict[Any, Any], rng: np.random.Generator) -> _Pair:
    """The derivatives of y at a random cotangent and tangents, whose values are entered in `values`."""

    def seeded(like: Expr, shape: tuple[int, ...]) -> Expr:
        g = like.graph
        seed = g.variable(f"seed{len(g)}", like.shape)
        values[seed] = rng.normal(size=shape)
        return seed

    u = seeded(y, evaluate(y, values).shape)
    ts = [seeded(x, np.shape(values[x])) for x in targets]
    return _Pair(
        vjp(y, targets, u), jvp(y, dict(zip(targets, ts, strict=True))), values[u], [values[t] for t in ts]
    )


def _compare(
    y: Expr, targets: Sequence[Expr], values: Mapping[Any, Any], pair: _Pair, path: str,
    rng: np.random.Generator, step: float, bound: float,
) -> float:  # fmt: skip
    """The largest error of both derivatives of y."""
    reverse = evaluate(pair.vjp, values)
    forward = evaluate(pair.jvp, values)

    def slope(directions: Mapping[Expr, np.ndarray]) -> np.ndarray:
        """(8 (f(h) - f(-h)) - (f(2h) - f(-2h)))/12h: the derivative along a direction, to fourth order."""
        f = {
            k: evaluate(y, {**values, **{x: values[x] + k * step * d for x, d in directions.items()}})
            for k in (-2, -1, 1, 2)
        }
        return (8 * (f[1] - f[-1]) - (f[2] - f[-2])) / (12 * step)

    names = ", ".join(label(x.graph, x.node) for x in targets)
    wanted = slope(dict(zip(targets, pair.tangents, strict=True)))
    worst = _worst(forward, wanted, f"the {path}forward derivative of {_shown(y)} by {names}", bound)
    for x, got in zip(targets, reverse, strict=True):
        what = f"the {path}reverse derivative of {_shown(y)} by {label(x.graph, x.node)}"
        shape, size = np.shape(values[x]), int(np.size(values[x]))
        if size <= ENTRIES:
            directions = np.eye(size).reshape(size, *shape)
            wanted = np.array([np.sum(pair.cotangent * slope({x: d})) for d in directions]).reshape(shape)
        else:
            what += " along random directions"
            directions = rng.normal(size=(DIRECTIONS, *shape)) / np.sqrt(size)
            wanted = np.array([np.sum(pair.cotangent * slope({x: d})) for d in directions])
            got = np.array([np.sum(got * d) for d in directions])
        worst = max(worst, _worst(got, wanted, what, bound))
    return worst


def _shown(e: Expr) -> str:
    return f"node {e.node} ({e.op.name})"


def _worst(got: np.ndarray, wanted: np.ndarray, what: str, bound: float) -> float:
    """The largest error, relative to the largest value where that exceeds 1."""
    if not wanted.size:
        return 0.0
    finite = np.abs(wanted[np.isfinite(wanted)])
    scale = max(1.0, float(finite.max())) if finite.size else 1.0
    difference = np.abs(np.asarray(got, dtype=float) - wanted) / scale
    errors = np.where(np.isfinite(difference), difference, np.inf)
    at = np.unravel_index(int(np.argmax(errors)), errors.shape)
    worst = float(errors[at])
    if worst > bound:
        entry = f" at entry {tuple(map(int, at))}" if at else ""
        hint = "" if np.isfinite(wanted[at]) else "; check_domain tells which node has no value here"
        raise CheckError(
            f"{what} is {got[at]:.9g}{entry}, differences give {wanted[at]:.9g} "
            f"(error {worst:.1e} > {bound:.1e}){hint}"
        )
    return worst
