"""Comparisons, logic, choice, and functions with kinks: abs, sign, minimum, maximum, relu, clip.

Conventions at kinks: ties of minimum and maximum split evenly; abs'(0) = relu'(0) = 0; the branch that `where` does not
take contributes exactly 0.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from .. import shapes
from ..errors import ShapeError
from ..expr import Expr
from ..graph import CONSTANT, Graph
from ..op import Networks, Op, Term, Zero, elementwise, expose, function, promote, register
from ..shapes import Shape
from .elementwise import SQUARES
from .products import ABSORB, broadcast_labels, contract, multiply, scale

_FLAT = Zero("a comparison is piecewise constant")


def _comparison(name: str, evaluate: Any, *aliases: str) -> Op:
    return elementwise(name, evaluate, _FLAT, result="bool", arity=2, kink=lambda x, y: x - y, aliases=aliases)


equal = _comparison("equal", np.equal, "Eq")
not_equal = _comparison("not_equal", np.not_equal, "Ne")
less = _comparison("less", np.less, "Lt")
less_equal = _comparison("less_equal", np.less_equal, "Le")
greater = _comparison("greater", np.greater, "Gt")
greater_equal = _comparison("greater_equal", np.greater_equal, "Ge")

_LOGIC = Zero("logic is piecewise constant")
logical_and = elementwise("logical_and", np.logical_and, _LOGIC, result="bool", arity=2, aliases=("And", "bitwise_and"))
logical_or = elementwise("logical_or", np.logical_or, _LOGIC, result="bool", arity=2, aliases=("Or", "bitwise_or"))
logical_xor = elementwise("logical_xor", np.logical_xor, _LOGIC, result="bool", arity=2, aliases=("Xor", "bitwise_xor"))
logical_not = elementwise("logical_not", np.logical_not, _LOGIC, result="bool", aliases=("Not", "invert"))
isnan = elementwise("isnan", np.isnan, _LOGIC, result="bool")
isfinite = elementwise("isfinite", np.isfinite, _LOGIC, result="bool")

# --- choice ------------------------------------------------------------------------------------------------------


def _where_infer(params: tuple, operands: Sequence[Shape], dtypes: Sequence[str]) -> tuple[Shape, str]:
    return shapes.broadcast(*operands, op="where"), promote(dtypes[1], dtypes[2])


def _where_terms(k: int, y: Expr, xs: Sequence[Expr], params: tuple) -> list[Term]:
    if k == 0:
        return []
    condition = xs[0]
    mask = _where_op(condition, 1, 0) if k == 1 else _where_op(condition, 0, 1)
    out, labels = broadcast_labels(y.shape, xs[k].shape)
    at = [i if i >= 0 else ("c", i) for i in broadcast_labels(y.shape, condition.shape)[1]]
    return [Term(1, [(mask, at)], out, labels)]


_where_op = register(
    Op(
        "where", 3, _where_infer, np.where, Networks(_where_terms), elementwise=True,
        samples=((-1, 1), (-2, 2), (-2, 2)), doc="where(c, a, b): a where c is true, else b",
    ),
    public=False,
)  # fmt: skip


@function("where", ["select_where"])
def where(condition: Any, x: Any, y: Any) -> Any:
    """x where the condition is true, else y. The branch not taken contributes exactly 0 to a gradient.

    >>> import symdiff as sd
    >>> x = sd.Graph().variable("x")
    >>> f = where(x > 0, sd.sqrt(x), 0)
    >>> sd.evaluate(f.diff(x), {"x": -1.0}).item()
    0.0
    """
    if isinstance(condition, Expr) and condition.dtype != "bool":
        condition = not_equal(condition, 0)
    if isinstance(x, Expr) and isinstance(y, Expr) and x == y and (not isinstance(condition, Expr) or not condition.shape):
        return x
    return _where_op(condition, x, y)


def _absorb_where(g: Graph, n: int, labels: tuple, m: int, other: tuple, out: tuple) -> int | None:
    """other * where(c, a, 0) = where(c, other*a, 0): a masked value stays masked, also against inf and nan."""
    condition, a, b = g._inputs[n]
    if labels != out or not set(other) <= set(out) or len(set(other)) < len(other):
        return None
    for k, (branch, zero) in enumerate(((a, b), (b, a))):
        if g._op[zero] is CONSTANT and g._params[zero] == ("int", 0):
            if g._dtype[m] == "bool":
                return None
            rest = Expr(g, branch) if g._shape[branch] == g._shape[n] or not g._shape[branch] else None
            if rest is None:
                return None
            value = Expr(g, m)
            if other != out:
                if other != tuple(i for i in out if i in other):
                    return None
                from_shape = tuple([s if i in other else 1 for i, s in zip(out, g._shape[n], strict=True)])
                value = _aligned(value, other, out, from_shape)
            taken = multiply(value, rest)
            pair = (taken.node, zero) if k == 0 else (zero, taken.node)
            return g.append(_where_op, (condition, *pair))
    return None


def _aligned(value: Expr, other: tuple, out: tuple, shape: Shape) -> Expr:
    new = [i if i in other else ("one", i) for i in out]
    return contract([(value, other)], new, {("one", i): 1 for i in out if i not in other})


_others = dict(ABSORB)
ABSORB.clear()
ABSORB.update({_where_op: _absorb_where, **_others})  # masks come before quotients: 0/nan is nan


@function("piecewise", ["Piecewise", "select"])
def piecewise(*pairs: Any) -> Any:
    """sympy's Piecewise: ``piecewise((value, condition), ..., (value, True))``; nan where no condition holds."""
    if not pairs or any(not isinstance(p, (tuple, list)) or len(p) != 2 for p in pairs):
        raise ShapeError("piecewise: expected pairs (value, condition)")
    result: Any = None
    for value, condition in reversed(pairs):
        if condition is True or (isinstance(condition, Expr) and condition.op is CONSTANT and condition.graph._params[condition.node] == ("bool", True)):
            result = value
        else:
            result = where(condition, value, float("nan") if result is None else result)
    return result


# --- kinks -------------------------------------------------------------------------------------------------------

sign = elementwise("sign", np.sign, Zero("piecewise constant"), kink=lambda x: x, samples=(0.3, 2), result="same", aliases=("sgn",))
abs = elementwise("abs", np.abs, lambda x: sign(x), kink=lambda x: x, samples=(0.3, 2), result="same", aliases=("Abs", "absolute", "fabs"))
SQUARES[abs] = lambda y: y.inputs[0] ** 2
relu = elementwise("relu", lambda x: np.maximum(x, 0), lambda x: where(x > 0, 1, 0), kink=lambda x: x, samples=(0.3, 2), result="same", aliases=("Relu",), doc="max(x, 0)")
_half = Fraction(1, 2)
_maximum = elementwise(
    "maximum", np.maximum,
    lambda x, y: where(x > y, 1, where(equal(x, y), _half, 0)),
    lambda x, y: where(y > x, 1, where(equal(x, y), _half, 0)),
    kink=lambda x, y: x - y, samples=((-2, 0.4), (0.6, 2)), result="same", public=False, doc="the larger; ties split evenly",
)  # fmt: skip
_minimum = elementwise(
    "minimum", np.minimum,
    lambda x, y: where(x < y, 1, where(equal(x, y), _half, 0)),
    lambda x, y: where(y < x, 1, where(equal(x, y), _half, 0)),
    kink=lambda x, y: x - y, samples=((-2, 0.4), (0.6, 2)), result="same", public=False, doc="the smaller; ties split evenly",
)  # fmt: skip
heaviside = elementwise(
    "heaviside", np.heaviside, Zero("piecewise constant"), arity=2, kink=lambda x, h: x, samples=((0.3, 2), (0, 1)), public=False,
    doc="0, h or 1 for negative, zero or positive x",
)  # fmt: skip


def _chained(op: Op) -> Any:
    def choose(x: Any, *others: Any) -> Any:
        """Of two or more operands, elementwise."""
        for y in others:
            x = op(x, y)
        return x

    choose.__name__ = op.name
    return choose


maximum, minimum = _chained(_maximum), _chained(_minimum)
expose("maximum", maximum, ["Max", "fmax"])
expose("minimum", minimum, ["Min", "fmin"])


@function("heaviside", ["Heaviside"])
def _heaviside(x: Any, h: Any = _half) -> Any:
    """The unit step; 1/2 at 0 unless told otherwise."""
    return heaviside(x, h)


@function("clip")
def clip(x: Any, min: Any = None, max: Any = None) -> Any:
    """x limited to [min, max]; the gradient passes strictly inside."""
    if min is not None:
        x = maximum(x, min)
    return x if max is None else minimum(x, max)


@function("negative_part")
def negative_part(x: Any) -> Any:
    """max(-x, 0)."""
    return relu(scale(-1, x))


@function("nan_to_num")
def nan_to_num(x: Any, nan: float = 0.0) -> Any:
    """x with nan replaced."""
    return where(isnan(x), nan, x)
