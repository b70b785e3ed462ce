"""Rows of the table of stable spellings on products and quotients whose factors overflow or vanish before the whole.

cosh, sinh, expm1, gamma, erfc and powers are exp(m)*r as exponentials are; where one of them is out of range, or the
whole comes out as 0, inf or nan, it is computed as exp(m)*r, and its logarithm as m + log(r).
"""

from functools import reduce
from math import inf

from ..errors import ShapeError
from ..expr import Expr
from ..facets import interval
from ..graph import Graph
from ..op import FUNCTIONS as F
from ..ops.elementwise import cosh, csch, divide_op, exp, expm1, log, pow_op, sech, sinh, softplus
from ..ops.gamma_differences import DIFFERENCES, gamma_quotient
from ..ops.products import ADD, CONTRACT
from ..ops.special import erfc, gamma
from ..patterns import number
from .magnitudes import EXPONENTIALS, RULES, Magnitude, magnitude, region_of

SAFE = 350  # of exponents: neither exp(SAFE) nor its square overflows
HIGH = 16  # exponents of powers that are likely to overflow
SMALLEST, LARGEST = 1e-290, 1e290


def _operand(g: Graph, n: int) -> Expr:
    return Expr(g, g._inputs[n][0])


def _cosh(g: Graph, n: int) -> Magnitude:
    m = abs(_operand(g, n))
    return Magnitude(m, (1 + F["exp"](-2 * m)) / 2)


def _sinh(g: Graph, n: int) -> Magnitude:
    m = abs(_operand(g, n))
    return Magnitude(m, F["sign"](_operand(g, n)) * F["expm1"](-2 * m) / -2)


def _expm1(g: Graph, n: int) -> Magnitude:
    x = _operand(g, n)
    return Magnitude(F["maximum"](x, 0), F["where"](x > 0, -F["expm1"](-x), F["expm1"](x)))


def _sech(g: Graph, n: int) -> Magnitude:
    m = abs(_operand(g, n))
    return Magnitude(-m, 2 / (1 + F["exp"](-2 * m)))


def _csch(g: Graph, n: int) -> Magnitude:
    m = abs(_operand(g, n))
    return Magnitude(-m, -2 * F["sign"](_operand(g, n)) / F["expm1"](-2 * m))


def _gamma_quotient(g: Graph, n: int) -> Magnitude:
    x, a = Expr(g, n).inputs
    return Magnitude(-DIFFERENCES[0](x, a), F["where"]((x > 0) & (x + a > 0), 1, g.constant(float("nan"))))


def _gamma(g: Graph, n: int) -> Magnitude:
    return Magnitude(F["gammaln"](_operand(g, n)), F["where"](_operand(g, n) > 0, 1, g.constant(float("nan"))))


def _erfc(g: Graph, n: int) -> Magnitude:
    x = _operand(g, n)
    return Magnitude(F["where"](x > 0, -(x**2), 0), F["where"](x > 0, F["erfcx"](x), F["erfc"](x)))


def _power(g: Graph, n: int) -> Magnitude | None:
    base, exponent = g._inputs[n]
    k = number(g, exponent)
    if number(g, base) is not None or (k is not None and abs(k) < HIGH):
        return None
    return Magnitude(Expr(g, exponent) * F["log"](Expr(g, base)), g.constant(1))


def _softplus(g: Graph, n: int) -> Magnitude:
    x = _operand(g, n)
    return Magnitude(F["minimum"](x, 0), F["where"](x > -30, F["softplus"](x) * F["exp"](-F["minimum"](x, 0)), 1))


SEEDS = {
    **EXPONENTIALS, cosh: _cosh, sinh: _sinh, expm1: _expm1, gamma: _gamma, erfc: _erfc, pow_op: _power, sech: _sech,
    csch: _csch, softplus: _softplus, gamma_quotient: _gamma_quotient,
}  # fmt: skip


def _only_vanishes(g: Graph, n: int) -> bool:
    """A product of factors that are bounded, or below the line bounded away from 0, such as the slopes of a chain of
    tanh: where it underflows it is 0."""
    seen, stack = {(n, 1)}, [(n, 1)]
    while stack:
        m, sign = stack.pop()
        op, operands = g._op[m], g._inputs[m]
        if op is CONTRACT or (op is ADD and len(operands) == 1):
            parts = [(i, sign) for i in operands]
        elif op is divide_op:
            parts = [(operands[0], sign), (operands[1], -sign)]
        elif op is pow_op and number(g, operands[1]) is not None:
            parts = [(operands[0], sign if number(g, operands[1]) > 0 else -sign)]
        elif op in SEEDS:
            values, parts = interval(op.image), []
            if values.high == inf if sign > 0 else values.low <= 0:
                return False
        elif op in RULES:
            return False
        else:
            parts = []
        stack += [part for part in parts if part not in seen]
        seen.update(parts)
    return True


BOUNDED = (exp, expm1)  # their sums have rows of their own, and long programs of them would pay for each twice


def overflowing(g: Graph, n: int) -> Expr | None:
    """A product or quotient of several such factors, or the logarithm of one: exp(m)*r where it is out of range."""
    of_log = g._op[n] is log
    whole = g._inputs[n][0] if of_log else n
    region = region_of(g, whole, SEEDS)
    found = [(g._op[m], SEEDS[g._op[m]](g, m)) for m in region if g._op[m] in SEEDS]
    seeds = [s for _, s in found if s is not None]
    if len(seeds) < (1 if of_log else 2) or (of_log and any(op in BOUNDED for op, _ in found)):
        return None
    of_exponentials = ADD in [g._op[m] for m in region] and all(op in BOUNDED for op, s in found if s is not None)
    if of_exponentials or (not of_log and _only_vanishes(g, n)):
        return None
    if any(s.exponent.shape not in ((), g._shape[n]) for s in seeds):
        return None
    try:
        total = magnitude(g, whole, SEEDS)
    except ShapeError:  # factors that are stretched
        return None
    if total is None or total.exponent.shape != g._shape[n]:
        return None
    m, r = total.exponent, total.rest
    e, raw = Expr(g, whole), Expr(g, n)
    size = reduce(F["maximum"], [abs(s.exponent) for s in seeds])
    usual = (size < SAFE) & (abs(e) > SMALLEST) & (abs(e) < LARGEST)
    other = m + F["log"](r) if of_log else F["exp"](m) * r
    return F["where"](usual | F["isnan"](other), raw, other)
