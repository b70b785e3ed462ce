"""Arithmetic quotients and powers, exponentials and logarithms, trigonometric and hyperbolic functions.

One record each: meaning, one partial per operand, domain. The sweeps derive jvp and vjp from the partials.
"""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from math import inf
from typing import Any

import numpy as np

from .. import constants, shapes
from ..errors import GraphError, InputError
from ..expr import Expr, graph_of
from ..facets import ELEMENTWISE, Facts, always, every, keeps
from ..graph import CONSTANT, Graph
from ..op import FUNCTIONS, OPS, Op, Zero, elementwise, expose, function, inexact, is_float, promoted
from . import products
from .products import ABSORB, MASKS, contract, product, scale, scaled

PI = float(np.pi)

# --- quotients and powers -----------------------------------------------------------------------------------

divide_op = elementwise(
    "divide", np.divide,
    lambda x, y: 1 / y,
    lambda x, y: -x / y.inputs[0] if y.op is sqrt else -(x / y) / y,  # y**2 might overflow
    domain=lambda x, y: FUNCTIONS["not_equal"](y, 0), samples=((-2, 2), (0.4, 2)), special=3, public=False,
    doc="x/y",
    facts=every("positive", "nonnegative"), names={"sympy": lambda s, x, y: x / y, "jax": "true_divide"},
)  # fmt: skip


def _power_infer(params: tuple, operands: Sequence[shapes.Shape], dtypes: Sequence[str]) -> tuple[shapes.Shape, str]:
    dtype = promoted(dtypes)  # of integers that have a type an integer, as numpy's
    return shapes.broadcast(*operands, op="pow"), dtype if dtype in ("int32", "int64") else inexact(dtype)


pow_op = elementwise(
    "pow", lambda x, y: np.power(float(x) if type(x) is type(y) is int else x, y),
    lambda x, y: _power_partial(x, y),
    lambda x, y: OPS["xlogy"](x**y, x),
    domain=lambda x, y: _power_domain(x, y), samples=((0.3, 2), (-2, 2)), public=False, doc="x**y",
    facts=lambda g, n, of: _power_facts(g, n, of), infer=_power_infer,
    names={"numpy": "power", "libm": "pow", "sympy": lambda s, x, y: x**y},
)  # fmt: skip

safe_divide = elementwise(
    "safe_divide", lambda x, y: safe_quotient(x, y),
    lambda x, y: safe_divide(1, y),
    lambda x, y: -safe_divide(safe_divide(x, y), y),
    samples=((-2, 2), (0.4, 2)), public=False, doc="x/y, and 0 where y is 0: the derivative of a norm at 0",
    facts=every("nonnegative"), composition=lambda x, y: _quotient_or_0(x, y),
    names={"sympy": lambda s, x, y: s.Piecewise((0, s.Eq(y, 0)), (x / y, True))},
)  # fmt: skip


def _quotient_or_0(x: Any, y: Any) -> Any:
    where, zero = FUNCTIONS["where"], FUNCTIONS["equal"](y, 0)
    return where(zero, 0, x / where(zero, 1, y))


safe_multiply = elementwise(
    "safe_multiply", lambda x, y: np.where(np.equal(x, 0), 0, np.multiply(x, y)),
    lambda x, y: y, lambda x, y: safe_multiply(x, 1),
    result="same", public=False, special=3, doc="x*y, and 0 where x is 0: the derivative of x**0 at 0",
    composition=lambda x, y: FUNCTIONS["where"](FUNCTIONS["not_equal"](x, 0), x * y, 0),
)  # fmt: skip


def _safe_outside(
    g: Graph, n: int, labels: tuple, rest: list[tuple[int, tuple]], out: tuple, after: bool = True
) -> int | None:
    """safe_multiply(x, y) times the other factors is safe_multiply(x, y times them), also where they are inf or nan."""
    x, y = (Expr(g, i) for i in g._inputs[n])
    carried = {i for _, ls in rest for i in ls}
    whole = out if carried == set(out) else labels  # what is summed is a label of its own
    fits = rest and carried <= set(whole) and set(labels) <= set(whole) and len(set(labels)) == len(labels)
    if not fits or any(e.shape not in ((), g._shape[n]) for e in (x, y)):
        return None
    own = (y.node, labels if y.shape else ())
    factors = [*rest, own] if after else [own, *rest]
    inside = product(g, factors, whole, dict(zip(labels, g._shape[n], strict=True)))
    if x.shape and labels != whole:
        aligned = [i if i in labels else ("one", i) for i in whole]
        x = contract([(x, labels)], aligned, {i: 1 for i in aligned if i not in labels})
    made = g.append(safe_multiply, (x.node, scaled(g, *inside)))
    return made if whole == out else product(g, [(made, whole)], out)[1]


MASKS[safe_multiply] = _safe_outside
ABSORB[safe_multiply] = lambda g, n, labels, m, other, out, after: _safe_outside(g, n, labels, [(m, other)], out, after)


def safe_quotient(x: Any, y: Any) -> Any:
    dtype = np.result_type(x, y)
    result = np.zeros(np.broadcast(x, y).shape, dtype if dtype.kind == "f" else np.float64)
    return np.divide(x, y, out=result, where=np.not_equal(y, 0))


SQUARES: dict[Op, Callable[[Expr], Expr]] = {}  # op -> its square without it: norm2(x)**2 = x @ x


def _power_facts(g: Graph, n: int, of: Sequence[Facts]) -> Iterable[str]:
    exponent = g._inputs[n][1]
    if "positive" in of[0]:
        return ["positive"]
    if g._op[exponent] is CONSTANT and g._params[exponent][0] == "int":
        if g._params[exponent][1] % 2 == 0:
            return ["nonnegative"] + (["positive"] if "nonzero" in of[0] else [])
        return of[0] & ELEMENTWISE
    return of[0] & {"nonnegative"}


def _power_domain(x: Any, y: Any) -> Any:
    """x > 0; at 0 for y >= 0; below for whole y."""
    zero, whole = FUNCTIONS["equal"](x, 0), FUNCTIONS["equal"](y, floor(y))
    return (x > 0) | (zero & (y >= 0)) | ((x < 0) & whole)


def exponent(e: Any) -> Any:
    """The exact number that a constant exponent stands for, or None."""
    if isinstance(e, Expr):
        if e.op is not CONSTANT:
            return None
        kind, value = e.graph._params[e.node]
        return constants.exact(value) if kind in ("int", "fraction", "float") else None
    return products._as_number(e)


def _power_partial(x: Expr, y: Expr) -> Any:
    """y*x**(y - 1); 0 where a constant or integer y is 0."""
    c = exponent(y)
    if c in constants.NAMED:  # pi - 1 stays as it is
        return y * pow(x, y - 1)
    if c is None:
        return safe_multiply(y, x ** (y - 1))
    return scale(c, pow(x, constants.exact(c - 1))) if c != 0 else x.graph.constant(0)


@function("pow", ["power", "Pow"])
def pow(x: Any, y: Any) -> Any:
    """x**y, elementwise. ``x**0`` is 1 and ``x**1`` is x, also where x is nan or 0. Of integers an integer, as numpy's;
    a negative exponent, which numpy refuses there, is an InputError, but that a constant one gives floats.

    >>> import symdiff as sd
    >>> x = sd.Graph().variable("x")
    >>> print((x**3).diff(x), (x**-1).diff(x))
    3*x**2 -1/x**2
    """
    if type(y) is int and abs(y) > 1 and type(x) is Expr and not x.graph._kind[x.node] and x.op not in SQUARES:
        return Expr(x.graph, x.graph.append(pow_op, (x.node, x.graph.constant(y).node)))
    if not isinstance(x, Expr) and not isinstance(y, Expr):
        return np.power(x, y)
    x, c = x if isinstance(x, Expr) else y.lift(x), exponent(y)
    if x.dtype == "bool" and (c is not None or (isinstance(y, Expr) and y.dtype == "bool")):
        x = FUNCTIONS["astype"](x, "int64")
    if c is not None:
        if c == 0:
            return FUNCTIONS["ones_like"](x)
        if c == 1:
            return +x
        base = exponent(x)
        if base is not None and _small(base, c):
            return x.graph.constant(constants.exact(Fraction(base) ** int(c)))
        if x.dtype.startswith("int") and isinstance(c, int) and c < 0:
            return divide(1, pow(x, -c))
        if c == 2 and x.op in SQUARES:
            return SQUARES[x.op](x)
        return x.apply(pow_op, (x, c), ())
    return x.apply(pow_op, (x, y), ())


def _small(base: Any, c: Any) -> bool:
    """base**c is exact and has at most 1000 bits."""
    if isinstance(base, float) or not isinstance(c, int) or (base == 0 and c < 0):
        return False
    bits = max(Fraction(base).numerator.bit_length(), Fraction(base).denominator.bit_length())
    return bits * abs(c) <= 1000


@function("divide", ["true_divide", "div"])
def divide(x: Any, y: Any) -> Any:
    """x/y, elementwise; division by a number scales exactly."""
    if type(y) is Expr and not y.graph._kind[y.node]:  # a scalar that is no number
        g = y.graph
        x = g.constant(x) if type(x) is int else x
        if type(x) is Expr and x.graph is g and not (x.op is products.ADD and len(x.inputs) == 1):
            return Expr(g, g.append(divide_op, (x.node, y.node)))
    if not isinstance(x, Expr) and not isinstance(y, Expr):
        return np.divide(x, y)
    c = exponent(y)
    if c is not None and c != 0 and c not in constants.NAMED:
        a = exponent(x)
        if a is not None and isinstance(x, Expr):
            return x.graph.constant(constants.divide(a, c))
        return (
            scale(1 / c if isinstance(c, float) else Fraction(1) / c, x)
            if isinstance(x, Expr)
            else y.lift(x / c)
        )
    g = graph_of(x, y)
    x, y = Expr(g, 0).lift(x), Expr(g, 0).lift(y)
    if x.op is products.ADD and len(x.inputs) == 1:  # (c*u)/y = c*(u/y)
        return scale(g._params[x.node][0], divide(x.inputs[0], y))
    return x.apply(divide_op, (x, y), ())


def _absorb_divide(g: Graph, n: int, labels: tuple, m: int, other: tuple, out: tuple, after: bool) -> int | None:
    """other * (1/b/c) = other / b / c and other * (a/b/c) = other/c * (a/b), when nothing is summed and no divisor is
    stretched over a larger other: in this order nothing overflows on the way."""
    if other != out or labels != out[len(out) - len(labels) :]:
        return None
    divisors: list[int] = []
    a, shape = n, g._shape[n]
    while g._op[a] is divide_op and len(divisors) < 4:
        a, b = g._inputs[a]
        divisors.append(b)
    if labels != out and any(g._shape[b] != shape for b in divisors):
        return None
    if g._params[a] not in UNITS:
        return _shared_quotient(g, n, m, after) if labels == out and len(divisors) > 1 else None
    for b in reversed(divisors):
        m = g.append(divide_op, (m, b))
    return scaled(g, g._params[a][1], m)


UNITS = ("int", 1), ("int", -1)


def _shared_quotient(g: Graph, n: int, m: int, after: bool) -> int:
    """m * (a/b/c) = m/c * (a/b), down to a single quotient."""
    inner, b = g._inputs[n]
    while g._op[inner] is divide_op and g._shape[inner] == g._shape[m]:
        m = g.append(divide_op, (m, b))
        n, (inner, b) = inner, g._inputs[inner]
    axes = tuple(range(len(g._shape[n])))
    return g.append(products.CONTRACT, (m, n) if after else (n, m), ((axes, axes), axes, ()))


ABSORB[divide_op] = _absorb_divide


@function("safe_divide")
def quotient_or_zero(x: Any, y: Any) -> Any:
    """x/y, and 0 where y is 0. The op of that name is for derivatives whose x is 0 there too.

    >>> import symdiff as sd
    >>> print(sd.parse("safe_divide(x, x)"))
    where(x != 0, 1, 0)
    """
    if not isinstance(x, Expr) and not isinstance(y, Expr):
        return safe_quotient(x, y)
    return FUNCTIONS["where"](FUNCTIONS["equal"](y, 0), 0, divide(x, y))


@function("negative", ["neg"])
def negative(x: Any) -> Any:
    """-x."""
    return scale(-1, x)


@function("positive")
def positive(x: Any) -> Any:
    """+x, which is x."""
    return x


@function("reciprocal")
def reciprocal(x: Any) -> Any:
    """1/x."""
    return divide(1, x)


@function("square")
def square(x: Any) -> Any:
    """x**2."""
    return x**2


exp = elementwise(
    "exp", np.exp, lambda x: exp(x), doc="e**x", aliases=("Exp",),
    limits=(0, 1, inf), image="(0, inf)", monotone="strictly increasing", inverse="log", latex=r"\exp",
)  # fmt: skip
exp2 = elementwise(
    "exp2", np.exp2, lambda x: float(np.log(2)) * exp2(x), doc="2**x",
    limits=(0, 1, inf), image="(0, inf)", monotone="strictly increasing", inverse="log2",
    composition=lambda x: pow(x.lift(2), x), names={"libm": "exp2"},
)  # fmt: skip
expm1 = elementwise(
    "expm1", np.expm1, lambda x: exp(x), doc="e**x - 1, accurate near 0",
    limits=(-1, 0, inf), image="(-1, inf)", monotone="strictly increasing", inverse="log1p",
    names={"sympy": lambda s, x: s.exp(x) - 1},
)  # fmt: skip
log = elementwise(
    "log", np.log, lambda x: 1 / x,
    domain=lambda x: x > 0, samples=(0.2, 4), doc="natural logarithm", aliases=("ln",),
    limits=(None, -inf, inf), monotone="strictly increasing", inverse="exp", latex=r"\log",
)  # fmt: skip
log2 = elementwise(
    "log2", np.log2, lambda x: 1 / log(x.lift(2)) / x,
    domain=lambda x: x > 0, samples=(0.2, 4), doc="logarithm to base 2",
    limits=(None, -inf, inf), monotone="strictly increasing", inverse="exp2",
    composition=lambda x: log(x) / log(x.lift(2)), names={"libm": "log2"}, latex=r"\log_{2}",
)  # fmt: skip
log10 = elementwise(
    "log10", np.log10, lambda x: 1 / log(x.lift(10)) / x,
    domain=lambda x: x > 0, samples=(0.2, 4), doc="logarithm to base 10",
    limits=(None, -inf, inf), monotone="strictly increasing", composition=lambda x: log(x) / log(x.lift(10)),
    names={"libm": "log10"}, latex=r"\log_{10}",
)  # fmt: skip
log1p = elementwise(
    "log1p", np.log1p, lambda x: 1 / (1 + x),
    domain=lambda x: x > -1, samples=(-0.7, 3), doc="log(1 + x), accurate near 0",
    limits=(None, 0, inf), monotone="strictly increasing", inverse="expm1",
    names={"sympy": lambda s, x: s.log(1 + x)},
)  # fmt: skip
sqrt = elementwise(
    "sqrt", np.sqrt, lambda x: 1 / (2 * sqrt(x)),
    domain=lambda x: x >= 0, samples=(0.2, 4), doc="square root; derivative inf at 0",
    limits=(None, 0, inf), image="[0, inf)", monotone="strictly increasing", names={"sympy": lambda s, x: s.sqrt(x)},
)  # fmt: skip
SQUARES[sqrt] = lambda y: y.inputs[0]
cbrt = elementwise(
    "cbrt", np.cbrt, lambda x: cbrt(x) ** -2 / 3,
    kink=lambda x: x, samples=(0.2, 4), doc="real cube root",
    parity="odd", limits=(-inf, 0, inf), finite=True, monotone="strictly increasing",
    names={"libm": "cbrt"},
    composition=lambda x: FUNCTIONS["sign"](x) * pow(abs(x), Fraction(1, 3)),
)  # fmt: skip


def _log_of_sum(x: Any, y: Any) -> Any:
    largest = FUNCTIONS["maximum"](x, y)
    return FUNCTIONS["where"](x == y, largest + float(np.log(2)), largest + softplus(-abs(x - y)))


logaddexp = elementwise(
    "logaddexp", np.logaddexp, lambda x, y: sigmoid(x - y), lambda x, y: sigmoid(y - x),
    doc="log(exp(x) + exp(y)), without overflow",
    finite=True, commutes=True, composition=lambda x, y: _log_of_sum(x, y),
    names={"sympy": lambda s, x, y: s.log(s.exp(x) + s.exp(y))},
)  # fmt: skip

# --- neural -------------------------------------------------------------------------------------------------

sigmoid = elementwise(
    "sigmoid", "scipy.special:expit", lambda x: sigmoid(x) * sigmoid(-x), doc="1/(1 + exp(-x))",
    aliases=("expit", "logistic"),
    limits=(0, Fraction(1, 2), 1), image="(0, 1)", finite=True, monotone="strictly increasing",
    latex=r"\sigma", composition=lambda x: exp(-softplus(-x)),
    names={"sympy": lambda s, x: 1 / (1 + s.exp(-x)), "scipy": "expit", "jax": "expit"},
)  # fmt: skip
softplus = elementwise(
    "softplus", lambda x: np.logaddexp(0, x), lambda x: sigmoid(x), doc="log(1 + exp(x)), without overflow",
    limits=(0, float(np.log(2)), inf), image="(0, inf)", finite=True, monotone="strictly increasing",
    composition=lambda x: FUNCTIONS["maximum"](x, 0) + log1p(exp(-abs(x))),
    names={"sympy": lambda s, x: s.log(1 + s.exp(x)), "jax": "", "torch": ""},
)  # fmt: skip

# --- trigonometric ------------------------------------------------------------------------------------------

sin = elementwise(
    "sin", np.sin, lambda x: cos(x),
    parity="odd", limits=(None, 0, None), image="[-1, 1]", finite=True, latex=r"\sin", doc="sine",
)  # fmt: skip
cos = elementwise(
    "cos", np.cos, lambda x: -sin(x),
    parity="even", limits=(None, 1, None), image="[-1, 1]", finite=True, latex=r"\cos", doc="cosine",
)  # fmt: skip
tan = elementwise(
    "tan", np.tan, lambda x: 1 + tan(x) ** 2,
    samples=(-1.2, 1.2), domain=lambda x: FUNCTIONS["not_equal"](cos(x), 0), doc="tangent",
    parity="odd", limits=(None, 0, None), latex=r"\tan", names={"libm": "tan"},
)  # fmt: skip
sec = elementwise(
    "sec", lambda x: 1 / np.cos(x), lambda x: sec(x) * tan(x),
    samples=(-1.2, 1.2), domain=lambda x: FUNCTIONS["not_equal"](cos(x), 0), doc="secant, 1/cos(x)",
    parity="even", limits=(None, 1, None), latex=r"\sec", facts=always("nonzero"), composition=lambda x: 1 / cos(x),
)  # fmt: skip
csc = elementwise(
    "csc", lambda x: 1 / np.sin(x), lambda x: -csc(x) * cot(x),
    samples=(0.3, 2.8), domain=lambda x: FUNCTIONS["not_equal"](sin(x), 0), doc="cosecant, 1/sin(x)",
    parity="odd", latex=r"\csc", facts=always("nonzero"), composition=lambda x: 1 / sin(x),
)  # fmt: skip
cot = elementwise(
    "cot", lambda x: 1 / np.tan(x), lambda x: -1 - cot(x) ** 2,
    samples=(0.3, 2.8), domain=lambda x: FUNCTIONS["not_equal"](sin(x), 0), doc="cotangent, 1/tan(x)",
    parity="odd", latex=r"\cot", composition=lambda x: 1 / tan(x),
)  # fmt: skip

asin = elementwise(
    "asin", np.arcsin, lambda x: OPS["sec_asin"](x),
    domain=lambda x: abs(x) <= 1, samples=(-0.8, 0.8), aliases=("arcsin",), doc="inverse sine, from -pi/2 to pi/2",
    parity="odd", limits=(None, 0, None), image="[-pi/2, pi/2]", monotone="strictly increasing", inverse="sin",
    complement=("acos", PI / 2), latex=r"\arcsin", names={"libm": "asin"},
)  # fmt: skip
acos = elementwise(
    "acos", np.arccos, lambda x: -OPS["sec_asin"](x),
    domain=lambda x: abs(x) <= 1, samples=(-0.8, 0.8), aliases=("arccos",), doc="inverse cosine, from 0 to pi",
    limits=(None, PI / 2, None), image="[0, pi]", monotone="strictly decreasing", inverse="cos",
    complement=("asin", PI / 2), latex=r"\arccos", names={"libm": "acos"},
)  # fmt: skip
atan = elementwise(
    "atan", np.arctan, lambda x: 1 / (1 + x**2), aliases=("arctan",),
    parity="odd", limits=(-PI / 2, 0, PI / 2), image="(-pi/2, pi/2)", finite=True, monotone="strictly increasing",
    inverse="tan", latex=r"\arctan", names={"libm": "atan"}, doc="inverse tangent, from -pi/2 to pi/2",
)  # fmt: skip
asec = elementwise(
    "asec", lambda x: np.arccos(1 / x), lambda x: OPS["csch_acosh"](x) / abs(x),
    domain=lambda x: abs(x) >= 1, samples=(1.2, 3), aliases=("arcsec",), doc="inverse secant, acos(1/x)",
    limits=(PI / 2, None, PI / 2), image="[0, pi]", inverse="sec", complement=("acsc", PI / 2),
    composition=lambda x: acos(1 / x), latex=r"\operatorname{arcsec}",
)  # fmt: skip
acsc = elementwise(
    "acsc", lambda x: np.arcsin(1 / x), lambda x: -OPS["csch_acosh"](x) / abs(x),
    domain=lambda x: abs(x) >= 1, samples=(1.2, 3), aliases=("arccsc",), doc="inverse cosecant, asin(1/x)",
    parity="odd", limits=(0, None, 0), image="[-pi/2, pi/2]", inverse="csc", complement=("asec", PI / 2),
    composition=lambda x: asin(1 / x), latex=r"\operatorname{arccsc}",
)  # fmt: skip
acot = elementwise(
    "acot", lambda x: np.arctan(1 / x), lambda x: -1 / (1 + x**2),
    kink=lambda x: x, samples=(0.3, 2), aliases=("arccot",), doc="inverse cotangent, atan(1/x)",
    parity="odd", limits=(0, None, 0), image="[-pi/2, pi/2]", inverse="cot", composition=lambda x: atan(1 / x),
    latex=r"\operatorname{arccot}",
)  # fmt: skip
deg2rad = elementwise(
    "deg2rad", np.deg2rad, lambda x: PI / 180, aliases=("radians",), doc="degrees as radians, pi/180*x",
    parity="odd", limits=(-inf, 0, inf), finite=True, monotone="strictly increasing", inverse="rad2deg",
    composition=lambda x: x * (PI / 180), names={"sympy": lambda s, x: x * s.pi / 180},
)  # fmt: skip
rad2deg = elementwise(
    "rad2deg", np.rad2deg, lambda x: 180 / PI, aliases=("degrees",), doc="radians as degrees, 180/pi*x",
    parity="odd", limits=(-inf, 0, inf), monotone="strictly increasing", inverse="deg2rad",
    composition=lambda x: x * (180 / PI), names={"sympy": lambda s, x: x * 180 / s.pi},
)  # fmt: skip

# --- hyperbolic ---------------------------------------------------------------------------------------------

sinh = elementwise(
    "sinh", np.sinh, lambda x: cosh(x),
    parity="odd", limits=(-inf, 0, inf), monotone="strictly increasing", inverse="asinh", latex=r"\sinh",
    names={"libm": "sinh"}, doc="hyperbolic sine",
)  # fmt: skip
cosh = elementwise(
    "cosh", np.cosh, lambda x: sinh(x), doc="hyperbolic cosine",
    parity="even", limits=(inf, 1, inf), image="[1, inf)", latex=r"\cosh", names={"libm": "cosh"},
)  # fmt: skip
tanh = elementwise(
    "tanh", np.tanh, lambda x: sech(x) ** 2,  # 1 - tanh(x)**2 cancels
    parity="odd", limits=(-1, 0, 1), image="(-1, 1)", finite=True, monotone="strictly increasing",
    inverse="atanh", latex=r"\tanh", doc="hyperbolic tangent",
)  # fmt: skip
sech = elementwise(
    "sech", lambda x: 1 / np.cosh(x), lambda x: -sech(x) * tanh(x),
    parity="even", limits=(0, 1, 0), image="(0, 1]", finite=True, doc="hyperbolic secant, 1/cosh(x)",
    composition=lambda x: 1 / cosh(x),
)  # fmt: skip
csch = elementwise(
    "csch", lambda x: 1 / np.sinh(x), lambda x: -csch(x) * coth(x),
    samples=(0.3, 2), domain=lambda x: FUNCTIONS["not_equal"](x, 0), doc="hyperbolic cosecant, 1/sinh(x)",
    parity="odd", limits=(0, None, 0), facts=lambda g, n, of: ["nonzero", *(of[0] & {"positive"})],
    composition=lambda x: 1 / sinh(x),
)  # fmt: skip
coth = elementwise(
    "coth", lambda x: 1 / np.tanh(x), lambda x: -(csch(x) ** 2),
    samples=(0.3, 2), domain=lambda x: FUNCTIONS["not_equal"](x, 0), doc="hyperbolic cotangent, 1/tanh(x)",
    parity="odd", limits=(-1, None, 1), facts=lambda g, n, of: ["nonzero", *(of[0] & {"positive"})], latex=r"\coth",
    composition=lambda x: 1 / tanh(x),
)  # fmt: skip

asinh = elementwise(
    "asinh", np.arcsinh, lambda x: OPS["cos_atan"](x), aliases=("arcsinh",),
    parity="odd", limits=(-inf, 0, inf), finite=True, monotone="strictly increasing", inverse="sinh",
    names={"libm": "asinh"}, latex=r"\operatorname{arsinh}", doc="inverse hyperbolic sine",
)  # fmt: skip
acosh = elementwise(
    "acosh", np.arccosh, lambda x: OPS["csch_acosh"](x),
    domain=lambda x: x >= 1, samples=(1.2, 3), aliases=("arccosh",), doc="inverse hyperbolic cosine, not negative",
    limits=(None, None, inf), image="[0, inf)", monotone="strictly increasing", inverse="cosh",
    names={"libm": "acosh"}, latex=r"\operatorname{arcosh}",
)  # fmt: skip
atanh = elementwise(
    "atanh", np.arctanh, lambda x: 1 / (1 - x**2),
    domain=lambda x: abs(x) < 1, samples=(-0.8, 0.8), aliases=("arctanh",), doc="inverse hyperbolic tangent",
    parity="odd", limits=(None, 0, None), monotone="strictly increasing", inverse="tanh", names={"libm": "atanh"},
    latex=r"\operatorname{artanh}",
)  # fmt: skip
asech = elementwise(
    "asech", lambda x: np.arccosh(1 / x), lambda x: -OPS["sec_asin"](x) / x,
    domain=lambda x: (x > 0) & (x <= 1), samples=(0.2, 0.8), aliases=("arcsech",),
    image="[0, inf)", monotone="strictly decreasing", inverse="sech", composition=lambda x: acosh(1 / x),
    latex=r"\operatorname{arsech}", doc="inverse hyperbolic secant, acosh(1/x)",
)  # fmt: skip
acsch = elementwise(
    "acsch", lambda x: np.arcsinh(1 / x), lambda x: -OPS["cos_atan"](x) / abs(x),
    domain=lambda x: FUNCTIONS["not_equal"](x, 0), samples=(0.3, 2), aliases=("arccsch",),
    parity="odd", limits=(0, None, 0), inverse="csch", composition=lambda x: asinh(1 / x),
    latex=r"\operatorname{arcsch}", doc="inverse hyperbolic cosecant, asinh(1/x)",
)  # fmt: skip
acoth = elementwise(
    "acoth", lambda x: np.arctanh(1 / x), lambda x: 1 / (1 - x**2),
    domain=lambda x: abs(x) > 1, samples=(1.2, 3), aliases=("arccoth",), doc="inverse hyperbolic cotangent, atanh(1/x)",
    parity="odd", limits=(0, None, 0), inverse="coth", composition=lambda x: atanh(1 / x),
    latex=r"\operatorname{arcoth}",
)  # fmt: skip

# --- rounding: piecewise constant ---------------------------------------------------------------------------

_HALF = Fraction(1, 2)
_STEPS = Zero("piecewise constant: zero almost everywhere")
floor = elementwise(
    "floor", np.floor, _STEPS, result="same", kink=lambda x: x - round(x), samples=(0.2, 0.8),
    limits=(-inf, 0, inf), integral=True, finite=True, monotone="increasing", doc="the largest whole number <= x",
)  # fmt: skip
ceil = elementwise(
    "ceil", np.ceil, _STEPS,
    result="same", kink=lambda x: x - round(x), samples=(0.2, 0.8), aliases=("ceiling",),
    limits=(-inf, 0, inf), integral=True, finite=True, monotone="increasing", facts=keeps("positive"),
    names={"sympy": "ceiling"}, doc="the smallest whole number >= x",
)  # fmt: skip
trunc = elementwise(
    "trunc", np.trunc, _STEPS,
    result="same", kink=lambda x: x - round(x), samples=(0.2, 0.8), aliases=("fix",),
    parity="odd", limits=(-inf, 0, inf), integral=True, finite=True, monotone="increasing",
    names={"sympy": lambda s, x: s.sign(x) * s.floor(s.Abs(x))}, doc="the whole part: x rounded towards 0",
)  # fmt: skip
round = elementwise(
    "round", np.round, _STEPS, doc="the nearest whole number; halves go to the even one",
    result="same", kink=lambda x: x - floor(x) - _HALF, samples=(0.6, 1.4), aliases=("around",),
    parity="odd", limits=(-inf, 0, inf), integral=True, finite=True, monotone="increasing",
    names={"sympy": lambda s, x: s.floor(x + s.Rational(1, 2))},
)  # fmt: skip


@function("numpy.round", ["numpy.around"])
def _rounded(a: Any, decimals: int = 0) -> Any:
    """np.round: to so many decimals."""
    if not isinstance(decimals, int) or abs(decimals) > 300:
        raise InputError(f"round: decimals is a small integer, got {decimals!r}")
    scale = 10 ** abs(decimals)
    if a.dtype == "bool":
        raise GraphError("round: a boolean operand is no number; sd.astype(x, 'float64') makes it one")
    if not is_float(a.dtype):
        return a if decimals >= 0 else FUNCTIONS["astype"](round(a / scale) * scale, a.dtype)
    return round(a) if not decimals else round(a * scale) / scale if decimals > 0 else round(a / scale) * scale


@function("logit")
def logit(x: Any) -> Any:
    """log(x/(1 - x)), the inverse of sigmoid."""
    return log(x) - log1p(-x)


_degrees = {"sind": sin, "cosd": cos, "tand": tan}


def _in_degrees(f: Any) -> Any:
    def function_of_degrees(x: Any) -> Any:
        """The function of an angle in degrees."""
        return f(deg2rad(x))

    return function_of_degrees


for _name, _f in _degrees.items():
    expose(_name, _in_degrees(_f))
