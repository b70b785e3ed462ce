"""Comparisons, logic, choice, and functions with kinks: abs, sign, minimum, maximum, relu, clip.

Conventions at kinks: ties of minimum and maximum split evenly; abs'(0) = relu'(0) = 0; the branch that
`where` does not take contributes exactly 0.
"""

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from math import inf, nan
from typing import Any

import numpy as np

from .. import shapes
from ..errors import ShapeError
from ..expr import Expr
from ..facets import ELEMENTWISE, every, keeps, maps
from ..graph import CONSTANT, Graph
from ..op import FUNCTIONS, Networks, Op, Term, Zero, elementwise, expose, function, promoted, register
from ..shapes import Shape
from .contractions import expand_dims
from .elementwise import SQUARES
from .products import (
    ABSORB,
    ADD,
    CONTRACT,
    MASKS,
    broadcast_labels,
    broadcast_to,
    combination,
    contract,
    is_wrapper,
    multiply,
    product,
    scale,
    scaled,
)  # fmt: skip

_DEEP = 16  # choices within choices whose masks are looked through
_FLAT = Zero("a comparison is piecewise constant")


def _comparison(name: str, evaluate: Any, symbol: str, negation: str, latex: str, alias: str, **names: str) -> Op:
    above, below = (int(evaluate(sign, 0)) for sign in (1, -1))
    return elementwise(
        name, evaluate, _FLAT, result="bool", arity=2, kink=lambda x, y: x - y, aliases=(alias,),
        symbol=symbol, negation=negation, latex=latex, names={"sympy": alias, **names}, doc=f"true where x {symbol} y",
        commutes=symbol in ("==", "!="), pieces=((above, None), (below, None)),
    )  # fmt: skip


equal = _comparison("equal", np.equal, "==", "not_equal", "=", "Eq", torch="eq")
not_equal = _comparison("not_equal", np.not_equal, "!=", "equal", r"\ne", "Ne", torch="ne")
less = _comparison("less", np.less, "<", "greater_equal", "<", "Lt")
less_equal = _comparison("less_equal", np.less_equal, "<=", "greater", r"\le", "Le")
greater = _comparison("greater", np.greater, ">", "less_equal", ">", "Gt")
greater_equal = _comparison("greater_equal", np.greater_equal, ">=", "less", r"\ge", "Ge")

_LOGIC = Zero("logic is piecewise constant")


def _connective(name: str, evaluate: Any, symbol: str, latex: str, sympy: str, doc: str) -> Op:
    return elementwise(
        name, evaluate, _LOGIC, result="bool", arity=2, aliases=(sympy,),
        symbol=symbol, latex=latex, names={"sympy": sympy}, doc=doc, commutes=True,
    )  # fmt: skip


logical_and = _connective("logical_and", np.logical_and, "&", r"\wedge", "And", "true where both are")
logical_or = _connective("logical_or", np.logical_or, "|", r"\vee", "Or", "true where one or both are")
logical_xor = _connective("logical_xor", np.logical_xor, "^", r"\oplus", "Xor", "true where one of them is")
logical_not = elementwise(
    "logical_not", np.logical_not, _LOGIC, result="bool", aliases=("Not",), names={"sympy": "Not"},
    doc="true where x is false",
)
isnan = elementwise("isnan", np.isnan, _LOGIC, result="bool", doc="true where x is nan")
isfinite = elementwise("isfinite", np.isfinite, _LOGIC, result="bool", doc="true where x is neither nan nor infinite")

# --- choice -------------------------------------------------------------------------------------------------


def _where_infer(params: tuple, operands: Sequence[Shape], dtypes: Sequence[str]) -> tuple[Shape, str]:
    return shapes.broadcast(*operands, op="where"), promoted(("bool", *dtypes[1:]))  # of numbers alone numpy's types


def _where_terms(k: int, y: Expr, xs: Sequence[Expr], params: tuple) -> list[Term]:
    if k == 0:
        return []
    condition = xs[0]
    mask = where_op(condition, 1, 0) if k == 1 else where_op(condition, 0, 1)
    out, labels = broadcast_labels(y.shape, xs[k].shape)
    at = [i if i >= 0 else ("c", i) for i in broadcast_labels(y.shape, condition.shape)[1]]
    return [Term(1, [(mask, at)], out, labels)]


where_op = register(
    Op(
        "where", 3, _where_infer, np.where, Networks(_where_terms), elementwise=True, special=4,
        samples=((-1, 1), (-2, 2), (-2, 2)), doc="where(c, a, b): a where c is true, else b",
        facts=lambda g, n, of: ELEMENTWISE.intersection(*of[1:]), finite=True,
        names={"sympy": lambda s, c, a, b: s.Piecewise((a, c), (b, True))},
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
    if (
        isinstance(x, Expr)
        and x.same_as(y)
        and (not isinstance(condition, Expr) or not condition.shape)
    ):
        return x
    return where_op(condition, x, y)


def is_choice(e: Expr) -> bool:
    """A choice between numbers, or a sum of such: of integers where its numbers are, the type that a text leaves
    open."""
    g, n = e.graph, e.node
    terms = g._inputs[n] if g._op[n] is ADD else (n,)
    return all(g._op[i] is where_op or g._op[i] is CONSTANT for i in terms) and e.op is not CONSTANT


def _zero_branch(g: Graph, n: int) -> int | None:
    """The operand of a choice that is the number 0."""
    for k in (2, 1):
        branch = g._inputs[n][k]
        if g._op[branch] is CONSTANT and g._params[branch] in (("int", 0), ("float", 0.0)):
            return k
    return None


def _absorb_where(g: Graph, n: int, labels: tuple, m: int, other: tuple, out: tuple, after: bool) -> int | None:
    """other * where(c, a, 0) = where(c, other*a, 0): a masked value stays masked, also against inf and
    nan."""
    zero = _zero_branch(g, n)
    if zero is None or g._dtype[m] == "bool" or not set(other) <= set(out) or len(set(other)) < len(other):
        return None
    condition, branch = g._inputs[n][0], g._inputs[n][3 - zero]
    if labels != out and (labels or other != out):
        return None
    if g._shape[n] not in (g._shape[branch], g._shape[condition]) and g._shape[branch]:
        return None
    value = Expr(g, m)
    if other != out:
        if other != tuple(i for i in out if i in other):
            return None
        value = _aligned(value, other, out)
    inside = multiply(value, Expr(g, branch)) if after else multiply(Expr(g, branch), value)
    return _choice(g, condition, inside.node, g._inputs[n][zero], zero)


def _within_mask(g: Graph, n: int) -> tuple[Expr, int] | None:
    """(condition, a) of a scalar where(condition, a, 0)."""
    at = _zero_branch(g, n) if g._op[n] is where_op and not g._shape[n] else None
    if at is None:
        return None
    condition = Expr(g, g._inputs[n][0])
    return condition if at == 2 else logical_not(condition), g._inputs[n][3 - at]


def _choice(g: Graph, condition: int, taken: int, zero: int, at: int) -> int:
    """The choice between a node and the number 0, which is operand `at`; of three within one another, two."""
    inner = _within_mask(g, taken)
    if inner is not None and _within_mask(g, inner[1]) is not None and not g._shape[condition]:
        own = Expr(g, condition) if at == 2 else logical_not(Expr(g, condition))
        return g.append(where_op, (logical_and(own, inner[0]).node, inner[1], zero))
    return g.append(where_op, (condition, taken, zero) if at == 2 else (condition, zero, taken))


def _aligned(value: Expr, other: tuple, out: tuple) -> Expr:
    new = [i if i in other else ("one", i) for i in out]
    return contract([(value, other)], new, {("one", i): 1 for i in out if i not in other})


def _mask_outside(g: Graph, n: int, labels: tuple, rest: list[tuple[int, tuple]], out: tuple) -> int | None:
    """where(c, a, 0) times the other factors is where(c, a times them, 0), if no label of the condition is
    summed.

    Not for the plain elementwise product of two, which `_absorb_where` takes; nor for a mask of a's own shape
    where no factor has all axes of the result: the product would grow.
    """
    at = _zero_branch(g, n)
    aligned = len(rest) == 1 and labels in (out, rest[0][1])
    if at is None or (aligned and {*labels} == {*out} >= {*rest[0][1]}):
        return None
    condition, value, shape = g._inputs[n][0], g._inputs[n][3 - at], g._shape[n]
    own = labels[len(shape) - len(g._shape[condition]) :]
    kept = [i for i, s in zip(own, g._shape[condition], strict=True) if s != 1]
    grows = labels and len(kept) == len(labels) and not any({*out} <= {*ls} for ls in (labels, *(ls for _, ls in rest)))
    alone = not rest and not any(s == 1 and i not in out for i, s in zip(labels, shape, strict=True))
    if alone or not set(kept) <= set(out) or grows:
        return None
    if g._shape[value]:
        value = broadcast_to(Expr(g, value), shape).node
    inside = product(
        g, [(value, labels if g._shape[value] else ()), *rest], out, dict(zip(labels, shape, strict=True))
    )
    mask = Expr(g, condition)
    if len(kept) < len(own):  # the entry of an axis of size 1
        mask = mask[tuple([0 if s == 1 else slice(None) for s in mask.shape])]
    mask = contract([(mask, kept)], [i for i in out if i in kept])
    if kept:
        mask = _aligned(mask, tuple(i for i in out if i in kept), out)
    return _choice(g, mask.node, scaled(g, *inside), g._inputs[n][at], at)


MASKS[where_op] = _mask_outside


def _mask_within(g: Graph, n: int) -> tuple[int, list[tuple]] | None:
    """(choice against 0, relabellings around it, outermost last) that a node is, or None."""
    wrappers: list[tuple] = []
    while g._op[n] is CONTRACT and len(g._inputs[n]) == 1 and is_wrapper(g._params[n]):
        wrappers.insert(0, g._params[n])
        (n,) = g._inputs[n]
    return (n, wrappers) if g._op[n] is where_op and _zero_branch(g, n) is not None else None


def _relabelled(g: Graph, n: int, shape: Shape, wrappers: Sequence[tuple]) -> int:
    n = broadcast_to(Expr(g, n), shape).node
    for params in wrappers:
        n = g.append(CONTRACT, (n,), params)
    return n


def _under_common_masks(g: Graph, terms: Sequence[tuple[Any, int]]) -> int:
    """The sum of terms (c, n), masked by all masks that its terms have in common, each a choice within choices."""
    whole = combination(g, terms)
    if whole == terms[0][1]:
        return whole
    common: dict[tuple[int, int], int] | None = None
    for _, n in terms:
        found: dict[tuple[int, int], int] = {}
        while g._op[n] is where_op and len(found) < _DEEP and (at := _zero_branch(g, n)) is not None:
            condition = g._inputs[n][0]
            if g._shape[condition] in ((), g._shape[whole]):
                found[condition, at] = g._inputs[n][at]
            n = g._inputs[n][3 - at]
        common = found if common is None else {k: zero for k, zero in common.items() if k in found}
    for (condition, at), zero in (common or {}).items():
        whole = _choice(g, condition, whole, zero, at)
    return whole


def masked_sum(g: Graph, terms: Sequence[tuple[Any, int]]) -> int | None:
    """The sum of terms (c, n) that all are masked, masked again where none of them counts; None for other
    terms.

    A zero that hides an inf or nan must stay outermost: where(c, a, 0) + where(c, b, 0) is
    where(c, a + b, 0), and with two conditions where(c | d, where(c, a, 0) + where(d, b, 0), 0).
    """
    found = []
    for _, n in terms:
        mask = _mask_within(g, n)
        if mask is None:
            return None
        found.append(mask)
    groups: dict[tuple[int, int], list[tuple[Any, int]]] = {}
    for (c, _), (n, wrappers) in zip(terms, found, strict=True):
        at, shape = _zero_branch(g, n) or 0, g._shape[n]
        condition, value = g._inputs[n][0], g._inputs[n][3 - at]
        if wrappers and g._shape[condition]:  # a scalar condition needs no relabelling
            condition = _relabelled(g, condition, shape, wrappers)
        if wrappers:
            value = _relabelled(g, value, shape, wrappers)
        groups.setdefault((condition, at), []).append((c, value))
    zero = g.append(CONSTANT, (), ("int", 0))
    parts = [
        (1, _choice(g, condition, _under_common_masks(g, same), zero, at)) for (condition, at), same in groups.items()
    ]
    if len(parts) == 1:
        return parts[0][1]
    if any((condition, 3 - at) in groups for condition, at in groups):  # one of the two always counts
        return _under_common_masks(g, parts)
    conditions = [Expr(g, c) if at == 2 else logical_not(Expr(g, c)) for c, at in groups]
    return _choice(g, reduce(logical_or, conditions).node, combination(g, parts), zero, 2)


def masked_where_untaken(g: Graph, n: int, k: int, m: int) -> int:
    """m, a cotangent of operand k of the choice n, as 0 where that operand is stretched and no entry takes
    it."""
    shape, x = g._shape[n], g._shape[g._inputs[n][k]]
    if x == shape:
        return m
    condition = broadcast_to(Expr(g, g._inputs[n][0]), shape)
    shift = len(shape) - len(x)
    stretched = [i for i in range(shift, len(shape)) if x[i - shift] != shape[i]]
    takes = condition if k == 1 else logical_not(condition)
    takes = expand_dims(FUNCTIONS["any"](takes, axis=(*range(shift), *stretched)), [i - shift for i in stretched])
    return _choice(g, takes.node, m, g.append(CONSTANT, (), ("int", 0)), 2)


ABSORB[where_op] = _absorb_where


@function("piecewise", ["Piecewise", "select"])
def piecewise(*pairs: Any) -> Any:
    """sympy's Piecewise: ``piecewise((value, condition), ..., (value, True))``; nan where no condition
    holds."""
    if not pairs or any(not isinstance(p, (tuple, list)) or len(p) != 2 for p in pairs):
        raise ShapeError("piecewise: expected pairs (value, condition)")
    result: Any = None
    for value, condition in reversed(pairs):
        if condition is True or (
            isinstance(condition, Expr)
            and condition.op is CONSTANT
            and condition.graph._params[condition.node] == ("bool", True)
        ):
            result = value
        else:
            result = where(condition, value, float("nan") if result is None else result)
    return result


# --- kinks --------------------------------------------------------------------------------------------------

sign = elementwise(
    "sign", np.sign, Zero("piecewise constant"),
    kink=lambda x: x, samples=(0.3, 2), result="same", aliases=("sgn",), doc="-1, 0 or 1: the sign of x",
    parity="odd", limits=(-1, 0, 1), image="[-1, 1]", integral=True, finite=True, monotone="increasing",
    facts=keeps("positive", "nonzero"), pieces=((1, None), (-1, None)),
    names={"torch": ""},  # of nan it is 0 there
    composition=lambda x: where(x > 0, 1, where(x < 0, -1, x)),
    latex=r"\operatorname{sgn}",
)  # fmt: skip
abs = elementwise(
    "abs", np.abs, lambda x: sign(x),
    kink=lambda x: x, samples=(0.3, 2), result="same", aliases=("Abs", "absolute"), doc="absolute value",
    parity="even", limits=(inf, 0, inf), image="[0, inf)", finite=True, facts=maps(nonzero="positive"),
    pieces=((1, 0), (-1, 0)), names={"numpy": "abs", "sympy": "Abs"},
)  # fmt: skip
offset = elementwise(
    "offset", lambda x: np.where(np.isfinite(x), x, 0), Zero("it cancels in what it shifts"),
    result="same", public=False, doc="x where it is finite, else 0: what is taken from exponents and given back",
    parity="odd", finite=True, composition=lambda x: where(isfinite(x), x, 0), textbook=lambda x: 0 * x,
)  # fmt: skip
SQUARES[abs] = lambda y: y.inputs[0] ** 2
relu = elementwise(
    "relu", lambda x: np.maximum(x, 0), lambda x: where(x > 0, 1.0, 0),
    kink=lambda x: x, samples=(0.3, 2), result="same", aliases=("Relu",), doc="max(x, 0)",
    limits=(0, 0, inf), image="[0, inf)", finite=True, monotone="increasing", facts=keeps("positive"),
    pieces=((1, 0), (0, None)),
    composition=lambda x: maximum(x, 0), names={"sympy": lambda s, x: s.Max(x, 0), "jax": "", "torch": "relu"},
)  # fmt: skip
_half = Fraction(1, 2)


def _chosen(condition: Expr, x: Expr, y: Expr) -> Expr:
    """1 where the condition holds, 1/2 at ties, else 0: a mask, outermost."""
    return where(condition, where(equal(x, y), _half, 1), 0)


_maximum = elementwise(
    "maximum", np.maximum,
    lambda x, y: _chosen(x >= y, x, y),
    lambda x, y: _chosen(y >= x, x, y),
    kink=lambda x, y: x - y, samples=((-2, 0.4), (0.6, 2)), result="same", public=False,
    doc="the larger; ties split evenly",
    finite=True, facts=lambda g, n, of: (of[0] | of[1]) & {"positive", "nonnegative"}, latex=r"\max",
    names={"sympy": "Max"}, commutes=True, pieces=((1, 0), (1, 1)),
)  # fmt: skip
_minimum = elementwise(
    "minimum", np.minimum,
    lambda x, y: _chosen(y >= x, x, y),
    lambda x, y: _chosen(x >= y, x, y),
    kink=lambda x, y: x - y, samples=((-2, 0.4), (0.6, 2)), result="same", public=False,
    doc="the smaller; ties split evenly",
    finite=True, facts=every("positive", "nonnegative", "nonzero"), latex=r"\min", names={"sympy": "Min"},
    commutes=True, pieces=((1, 1), (1, 0)),
)  # fmt: skip
heaviside = elementwise(
    "heaviside", np.heaviside, Zero("piecewise constant"), lambda x, h: where(equal(x, 0), 1.0, 0), kink=lambda x, h: x,
    samples=((0.3, 2), (0, 1)), public=False,
    doc="0, h or 1 for negative, zero or positive x",
    finite=True, facts=lambda g, n, of: (of[0] & {"positive"}) | (of[1] & {"nonnegative"}),
    names={"sympy": "Heaviside", "torch": ""}, pieces=((1, None), (0, None)),
    composition=lambda x, h: where(less(x, 0), 0, where(equal(x, 0), h, where(isnan(x), x, 1))),
)  # fmt: skip

dirac_delta = elementwise(
    "dirac_delta", lambda k, x: np.where(x == 0, np.where(k == 0, inf, nan), np.where(np.isnan(x), x, 0.0)),
    Zero("an order is a whole number"), lambda k, x: dirac_delta(k + 1, x), samples=((0, 0), (0.3, 2)),
    kink=lambda k, x: x, doc="the k-th derivative of Dirac's delta: 0 but at 0",
    composition=lambda k, x: where(equal(x, 0), where(equal(k, 0), inf, nan), where(isnan(x), x, 0)),
    names={"sympy": lambda s, k, x: s.DiracDelta(x, k)},
)  # fmt: skip

unit_step = elementwise(
    "unit_step", lambda x: np.heaviside(x, 0.5), Zero("piecewise constant"), kink=lambda x: x, public=False,
    doc="0, 1/2 or 1 for negative, zero or positive x: in formulas, a condition that holds back inf and nan",
    finite=True, image="[0, 1]", monotone="increasing", limits=(0, _half, 1), composition=lambda x: heaviside(x, _half),
    pieces=((1, None), (0, None)),
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
expose("maximum", maximum, ["Max"])
expose("minimum", minimum, ["Min"])


def _passing_nan(name: str, choose: Any) -> Any:
    def passing(x: Any, y: Any) -> Any:
        """Of two operands, elementwise; of a nan and a number the number."""
        return where(isnan(y), x, where(isnan(x), y, choose(x, y)))

    passing.__name__ = name
    expose(name, passing)
    return passing


fmax, fmin = _passing_nan("fmax", maximum), _passing_nan("fmin", minimum)


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
def nan_to_num(x: Any, copy: bool = True, nan: Any = 0.0, posinf: Any = None, neginf: Any = None) -> Any:
    """x with nan replaced, and inf and -inf: by the largest and smallest number of its type if not told."""
    if not isinstance(x, Expr):
        return np.nan_to_num(x, copy, nan, posinf, neginf)
    if not x.dtype.startswith("float"):
        return x
    most = float(np.finfo(x.dtype).max)
    high, low = most if posinf is None else posinf, -most if neginf is None else neginf
    replaced = where(isnan(x), nan, where(x > 0, high, low))
    return where(isfinite(x), x, FUNCTIONS["astype"](replaced, x.dtype))
