"""`guard`: a value with the conditions under which it holds."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..errors import GuardError, ShapeError
from ..expr import Expr
from ..graph import Graph
from ..op import Linear, Op, function, register
from ..shapes import Shape
from .products import ABSORB, multiply


def _infer(params: tuple, operands: Sequence[Shape], dtypes: Sequence[str]) -> tuple[Shape, str]:
    if any(d != "bool" for d in dtypes[1:]):
        raise ShapeError("guard: the conditions are truth values, such as x > 0")
    return operands[0], dtypes[0]


def _checked(value: Any, *rest: Any) -> Any:
    """The value, where all conditions hold."""
    *conditions, told = rest
    for condition, (text, place) in zip(conditions, told, strict=True):
        if not np.all(condition):
            raise GuardError(
                f"{text} does not hold here, as it did where the expression was made{place}: trace the function again, "
                "with at= at this point"
            )
    return value


def _valid(params: tuple, shapes: Sequence[Shape]) -> bool:
    """A text and a place for each condition."""
    told = params[0] if len(params) == 1 and isinstance(params[0], tuple) else ()
    texts = all(isinstance(t, tuple) and list(map(type, t)) == [str, str] for t in told)
    return texts and len(told) == len(shapes) - 1 > 0


guard_op = register(
    Op(
        "guard", None, _infer, _checked,
        Linear(
            lambda xs, params, lead: xs[0].apply(guard_op, xs, params),
            lambda k, ct, xs, params, lead: ct.apply(guard_op, (ct, *xs[1:]), params),
            wrt=(0,),
        ),
        views=True, valid=_valid, rows=lambda params, shapes, k, axis: None,
        doc="a value with the conditions under which it holds: an InputError where one of them does not",
    ),
    public=False,
)  # fmt: skip


@function("guard")
def guard(value: Any, *conditions: Any) -> Any:
    """The value, which holds under conditions: where one of them does not, evaluating it is an InputError.

    >>> import symdiff as sd
    >>> x = sd.Graph().variable("x")
    >>> y = guard(x**2, x > 0)
    >>> sd.evaluate(y.diff(x), {"x": 3.0}).item()
    6.0
    >>> sd.evaluate(y, {"x": -3.0})
    Traceback (most recent call last):
    symdiff.errors.GuardError: x > 0 does not hold here, as it did where the expression was made: trace the function \
again, with at= at this point
    """
    return guarded(value, conditions, [""] * len(conditions))


def guarded(value: Any, conditions: Sequence[Any], places: Sequence[str]) -> Any:
    """The value under conditions that were decided at places of a program."""
    first = next((e for e in (value, *conditions) if isinstance(e, Expr)), None)
    if first is None:
        return _checked(value, *conditions, [(str(c), p) for c, p in zip(conditions, places, strict=True)])
    if not conditions:
        return value
    told = tuple([(f"{c!r}", place) for c, place in zip(conditions, places, strict=True)])
    return first.apply(guard_op, (value, *conditions), (told,))


def guards(e: Expr) -> tuple[Expr, ...]:
    """The conditions under which an expression holds."""
    return tuple(_conditions(e))


def _conditions(e: Expr) -> dict[Expr, tuple[str, str]]:
    """The conditions, with what is told of each."""
    g = e.graph
    if not g._ids.get(guard_op):
        return {}
    found = [n for n in g.ancestors([e.node]) if g._op[n] is guard_op]
    return {
        Expr(g, i): told for n in found for i, told in zip(g._inputs[n][1:], g._params[n][0], strict=True)
    }


def unguarded(e: Expr) -> Expr:
    """The expression without conditions, which stand beside its formula alone."""
    g = e.graph
    at: dict[int, int] = {}
    for n in g.ancestors([e.node]):
        inputs = tuple([at[i] for i in g._inputs[n]])
        same = g._op[n] is not guard_op and inputs == g._inputs[n]
        at[n] = n if same else inputs[0] if g._op[n] is guard_op else g.append(g._op[n], inputs, g._params[n])
    return Expr(g, at[e.node])


def guarded_as(e: Expr, value: Expr) -> Expr:
    """A value under the conditions of another expression."""
    known = _conditions(e)
    return value.apply(guard_op, (value, *known), (tuple(known.values()),)) if known else value


function("guards")(guards)


def _absorb(g: Graph, n: int, labels: tuple, m: int, other: tuple, out: tuple, after: bool) -> int | None:
    """other * guard(v, c) = guard(other*v, c): the conditions stay outermost in gradients."""
    value, *conditions = g._inputs[n]
    if not (labels == other == out or (not labels and other == out)):
        return None
    first, second = (m, value) if after else (value, m)
    inside = multiply(Expr(g, first), Expr(g, second)).node
    return g.append(guard_op, (inside, *conditions), g._params[n])


ABSORB[guard_op] = _absorb
