"""The table of stable spellings: the same real function, nowhere less accurate, without overflow or cancellation.

Formulas are simplified by those that are `SHOWN`; sweeps differentiate those that are `DERIVED` or `DIFFERENTIATED`;
programs compute `DERIVED` and `COMPUTED`.
"""

import math
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from ..expr import Expr
from ..graph import VARIABLE, Graph
from ..op import OPS, Op
from ..ops.elementwise import (
    acos,
    acosh,
    acot,
    acoth,
    acsc,
    acsch,
    asec,
    asech,
    asin,
    asinh,
    atan,
    atanh,
    cos,
    cosh,
    coth,
    csch,
    divide_op,
    exp,
    expm1,
    log,
    log1p,
    log2,
    log10,
    logaddexp,
    pow_op,
    sech,
    sigmoid,
    sin,
    sinh,
    softplus,
    sqrt,
    tanh,
)  # fmt: skip
from ..ops.piecewise import abs as abs_
from ..ops.piecewise import maximum, minimum, where
from ..ops.planar import atan2, codirection, direction, hypot, imaginary_reciprocal, real_reciprocal
from ..ops.power_quotients import POWER_QUOTIENTS
from ..ops.products import ADD, CONTRACT
from ..ops.slopes import atan_quotient, cos_atan, coth_acosh, csch_acosh, sec_asin, sin_atan, tan_asin
from ..ops.special import (
    beta,
    betaln,
    digamma,
    erf,
    erfc,
    erfcx,
    gamma,
    gammaln,
    log_cosh,
    log_erfc,
    log_ndtr,
    ndtr,
    polygamma,
    xlogy,
)
from ..patterns import Row, Rule, applied, number, wild
from . import cancellations, expansions, exponentials, gammas, magnitudes, quotients, radicals, separations
from .overflow import SEEDS, overflowing
from .survey import CANCELS, EXP_BELOW, MIXES, OVERFLOWS, SUM_OF_EXP, VARIABLE_POWER, ZERO

w, x, y, z = wild("w x y z")

one, pi = x.graph.constant(1), x.graph.constant(math.pi)
power_quotient, log_ndtr_slope = POWER_QUOTIENTS[0], OPS["log_ndtr_1"]


def _stable(name: str, lhs: object, rhs: object) -> Rule:
    return Rule(name, lhs, rhs, "stable")  # type: ignore[arg-type]


def _logs_of_power() -> Iterator[Rule]:
    """Logarithms of x beside x**z, which are 0 with it at x = 0: at each of three in turn."""
    power = x**z
    for k in range(3):
        yield _stable(f"power-times-log-{k}", power * log(x) * y, xlogy(power, x) * y)
        yield _stable(f"power-times-xlogy-{k}", power * xlogy(y, x) * w, xlogy(power, x) * y * w)
        power = xlogy(power, x)


SHOWN = (
    _stable("log-exp", log(exp(x)), x),
    _stable("log-sigmoid", sigmoid(x).unary(log), -softplus(-x)),
    _stable("log1p-exp", log1p(exp(x)), softplus(x)),
    _stable("softplus", (1 + exp(x)).unary(log), softplus(x)),
    _stable("log-sigmoid-complement", (1 - sigmoid(x)).unary(log), -softplus(x)),
    _stable("sigmoid-quotient", exp(x) / (1 + exp(x)), sigmoid(x)),
    _stable("sigmoid-reciprocal", 1 / (1 + exp(x)), sigmoid(-x)),
    _stable("sigmoid-complement", 1 - sigmoid(x), sigmoid(-x)),
    _stable("sinh-over-cosh", sinh(x) / cosh(x), tanh(x)),
    _stable("erf-complement", 1 - erf(x), erfc(x)),
)
DERIVED = (
    *SHOWN,
    _stable("tanh-quotient", (exp(x) - exp(-x)) / (exp(x) + exp(-x)), tanh(x)),
    _stable("tanh-of-half", (exp(x) - 1) / (exp(x) + 1), tanh(x / 2)),
    _stable("tanh-of-half-turned", (1 - exp(x)) / (1 + exp(x)), -tanh(x / 2)),
    _stable("atan-reciprocal", atan(1 / x), acot(x)),
    _stable("asin-reciprocal", asin(1 / x), acsc(x)),
    _stable("acos-reciprocal", acos(1 / x), asec(x)),
    _stable("asinh-reciprocal", asinh(1 / x), acsch(x)),
    _stable("acosh-reciprocal", acosh(1 / x), asech(x)),
    _stable("atanh-reciprocal", atanh(1 / x), acoth(x)),
    _stable("asinh", log(x + sqrt(1 + x**2)), asinh(x)),
    _stable("acosh", log(x + sqrt(x**2 - 1)), acosh(x)),
    _stable("atanh", log((1 + x) / (1 - x)), 2 * atanh(x)),
    _stable("log-root", log(sqrt(x)), log(x) / 2),
    _stable("log-reciprocal", log(1 / x), -log(x)),
    _stable("sigmoid-numerator", y * exp(x) / (1 + exp(x)), y * sigmoid(x)),
    _stable("sigmoid-denominator", y / (1 + exp(x)), y * sigmoid(-x)),
    _stable("sigmoid-slope", y * exp(x) / (1 + exp(x)) ** 2, y * sigmoid(x) * sigmoid(-x)),
    _stable("sigmoid-power", y / (1 + exp(x)) ** z, y * sigmoid(-x) ** z),
    _stable("sigmoid-pair", y * exp(x) / (exp(x) + exp(z)), y * sigmoid(x - z)),
    _stable("logaddexp", log(exp(x) + exp(y)), logaddexp(x, y)),
    _stable("tanh-sech-power", y * sinh(x) / cosh(x) ** z, y * tanh(x) * sech(x) ** (z - 1)),
    _stable("tanh-of-half-sinh", y * sinh(x) / (1 + cosh(x)), y * tanh(x / 2)),
    _stable("sech-of-half", y / (1 + cosh(x)), y * sech(x / 2) ** 2 / 2),
    _stable("csch-of-half", y / (cosh(x) - 1), y * csch(x / 2) ** 2 / 2),
    _stable("exponential-of-sum", cosh(x) + sinh(x), exp(x)),
    _stable("exponential-of-difference", cosh(x) - sinh(x), exp(-x)),
    _stable("sinh-exponential", sinh(x) * exp(x) * y, expm1(2 * x) / 2 * y),
    _stable("sinh-exponential-turned", sinh(x) * exp(-x) * y, -expm1(-2 * x) / 2 * y),
    _stable("cosh-exponential", cosh(x) * exp(x) * y, (1 + exp(2 * x)) / 2 * y),
    _stable("cosh-exponential-turned", cosh(x) * exp(-x) * y, (1 + exp(-2 * x)) / 2 * y),
    _stable("exponential-over-cosh", y * exp(x) / cosh(x), 2 * sigmoid(2 * x) * y),
    _stable("exponential-over-cosh-turned", y * exp(-x) / cosh(x), 2 * sigmoid(-2 * x) * y),
    _stable("exponential-over-sinh", y * exp(x) / sinh(x), -2 * y / expm1(-2 * x)),
    _stable("exponential-over-sinh-turned", y * exp(-x) / sinh(x), 2 * y / expm1(2 * x)),
    _stable("sech", y / cosh(x), y * sech(x)),
    _stable("sech-power", y / cosh(x) ** z, y * sech(x) ** z),
    _stable("tanh-numerator", y * sinh(x) / cosh(x), y * tanh(x)),
    _stable("coth", y * cosh(x) / sinh(x), y * coth(x)),
    _stable("log-cosh", log(cosh(x)), log_cosh(x)),
    _stable("log-cosh-and-one", log(1 + cosh(x)), log(2 * one) + 2 * log_cosh(x / 2)),
    _stable("power-of-exponential", exp(x) ** z, exp(z * x)),
    _stable("root-of-exponential", sqrt(exp(x)), exp(x / 2)),
    _stable("gamma-next", x * gamma(x) * y, gamma(1 + x) * y),
    _stable("log-beta", log(beta(x, y)), betaln(x, y)),
    _stable("rgamma", 1 / gamma(x), OPS["rgamma"](x)),
    _stable("log-ndtr", log(ndtr(x)), log_ndtr(x)),
    _stable("log-erfc", log(erfc(x)), log_erfc(x)),
    _stable("log-erf-complement", log(1 - erf(x)), log_erfc(x)),
    _stable("log-logit", log(sigmoid(x) / (1 - sigmoid(x))), x),
    _stable("log-logit-pair", log(sigmoid(x) / sigmoid(-x)), x),
    _stable("tanh-of-pair", (exp(x) - exp(y)) / (exp(x) + exp(y)), tanh((x - y) / 2)),
    _stable("ndtr-complement", 1 - ndtr(x), ndtr(-x)),
    _stable("erfcx-quotient", y * erfc(x) / exp(-(x**2)), y * erfcx(x)),
    _stable("erfcx", erfc(x) * exp(x**2) * y, erfcx(x) * y),
    _stable("exp-log-quotient", log(exp(x) / y), x - log(y)),
    _stable("exp-log-product", log(y * exp(x)), x + log(y)),
    _stable("direction", x / hypot(x, y), direction(x, y)),
    _stable("codirection", y / hypot(x, y), codirection(x, y)),
    _stable("slope", y / sqrt(1 + y**2), sin_atan(y)),
    _stable("slope-denominator", y / sqrt(1 + x**2), y * cos_atan(x)),
    _stable("direction-of-roots", y / sqrt(x**2 + y**2), direction(y, x)),
    _stable("hypot", sqrt(x**2 + y**2), hypot(x, y)),
    _stable("root-of-square", sqrt(x**2), abs_(x)),
    *(_stable(f"{f.inverse}-{f.name}", OPS[f.inverse](f(x)), x)
      for f in OPS.values() if f.inverse and exp not in (f, OPS[f.inverse])),
    _stable("log-over-complement", log(x) / (1 - x), OPS["spence_1"](x)),
    _stable("exponents-subtract", exp(x) / exp(y), exp(x - y)),
    _stable("log-expm1", log(expm1(x)), x + log(-expm1(-x))),
    _stable("acosh-cosh", acosh(cosh(x)), abs_(x)),
)
DIFFERENTIATED = (
    _stable("atan-quotient", atan(y / x), atan_quotient(y, x)),
    _stable("log1p-minus-tanh", log1p(-tanh(x)), log(2 * one) - softplus(2 * x)),
)
COMPUTED = (
    _stable("entropy", x * log(x) * z, xlogy(x, x) * z),
    _stable("relative-entropy", x * log(x / y) * z, xlogy(x, x / y) * z),
    *_logs_of_power(),
    _stable("sech-squared", 1 - tanh(x) ** 2, sech(x) ** 2),
    _stable("tanh-complement", 1 - tanh(x), 2 * sigmoid(-2 * x)),
    _stable("tanh-supplement", 1 + tanh(x), 2 * sigmoid(2 * x)),
    _stable("log-tanh-supplement", log(1 + tanh(x)),
            where(x < -1, log(2 * one) - softplus(-2 * x), log1p(tanh(x)))),
    _stable("ndtr-hazard", y * exp(-(x**2) / 2) / ndtr(x), y * log_ndtr_slope(x) * sqrt(2 * pi)),
    _stable("atan-difference", atan(x) - atan(y), where(x * y > -1, atan2(x - y, 1 + x * y), atan(x) - atan(y))),
    _stable("log-of-shifted", log(x + z) - log(x), where(2 * abs_(z) < x, log1p(z / x), log(x + z) - log(x))),
    _stable("log-of-one-more", log1p(x) - log(x), where(x > 2, log1p(1 / x), log1p(x) - log(x))),
    _stable("log-of-squares", log(x**2 + y**2), 2 * log(hypot(x, y))),
    _stable("log-of-square-and-one", log(1 + x**2), where(abs_(x) < 1, log1p(x**2), 2 * log(hypot(x, one)))),
    _stable("hypot-of-three", sqrt(x**2 + y**2 + z**2), hypot(hypot(x, y), z)),
    _stable("csch-squared", coth(x) ** 2 - 1, csch(x) ** 2),
    _stable("expm1", exp(x) - 1, expm1(x)),
    _stable("tanh-half-sigmoid", sigmoid(x) - one / 2, tanh(x / 2) / 2),
    _stable("sigmoid-difference", sigmoid(-x) * y - sigmoid(x) * y, -y * tanh(x / 2)),
    _stable("versine", 1 - cos(x), 2 * sin(x / 2) ** 2),
    _stable("erfcx-denominator", y * exp(-(x**2)) / erfc(x), y / erfcx(x)),
    _stable("hyperbolic-versine", cosh(x) - 1, 2 * sinh(x / 2) ** 2),
    _stable("sinh", exp(x) - exp(-x), 2 * sinh(x)),
    _stable("cosh", exp(x) + exp(-x), 2 * cosh(x)),
    _stable("softplus-complement", softplus(x) - x, softplus(-x)),
    _stable("log-difference", log(exp(x) - exp(y)),
            x + where(y - x > -1, log(-expm1(y - x)), log1p(-exp(y - x)))),
    _stable("log-one-minus-exp", log(1 - exp(x)), where(x > -1, log(-expm1(x)), log1p(-exp(x)))),
    _stable("log-exp-quotient", log((exp(x) - 1) / y),
            where(x > 1, x + log(-expm1(-x)) - log(y), log(expm1(x) / y))),
    _stable("log-exp-product", log(y * (exp(x) - 1)),
            where(x > 1, x + log(-expm1(-x)) + log(y), log(y * expm1(x)))),
    _stable("log1p-minus-exp", log1p(-exp(x)), where(x > -1, log(-expm1(x)), log1p(-exp(x)))),
    _stable("log1p-minus-tanh", log1p(-tanh(x)),
            where(x > 1, log(2 * one) - softplus(2 * x), log1p(-tanh(x)))),
    _stable("log1p-sigmoid", log1p(-sigmoid(x)), -softplus(x)),
    _stable("csch-power", y / sinh(x) ** z, where(abs_(x) > 1, y * csch(x) ** z, y / sinh(x) ** z)),
    _stable("sech-complement", 1 - sech(x), tanh(x) * tanh(x / 2)),
    _stable("sech-complement-quotient", 1 - 1 / cosh(x), tanh(x) * tanh(x / 2)),
    _stable("log-tanh", log(tanh(x)), where(x > one / 2, log1p(-2 * sigmoid(-2 * x)), log(tanh(x)))),
    _stable("log-coth", log(coth(x)), where(x > one / 2, -log1p(-2 * sigmoid(-2 * x)), log(coth(x)))),
    _stable("coth-less-one", coth(x) - 1, 2 / expm1(2 * x)),
    _stable("tanh-reciprocal-less-one", 1 / tanh(x) - 1, 2 / expm1(2 * x)),
    _stable("tanh-reciprocal-squared-less-one", 1 / tanh(x) ** 2 - 1, csch(x) ** 2),
    _stable("acosh-near-one", acosh(1 + x), 2 * asinh(sqrt(x / 2))),
    _stable("acos-near-one", acos(1 - x), 2 * asin(sqrt(x / 2))),
    _stable("csch-acosh-near-one", csch_acosh(1 + x),
            where(abs_(x) < 1, 1 / sqrt(x * (2 + x)), csch_acosh(1 + x))),
    _stable("coth-acosh-near-one", coth_acosh(1 + x),
            where(abs_(x) < 1, (1 + x) / sqrt(x * (2 + x)), coth_acosh(1 + x))),
    _stable("sec-asin-near-one", sec_asin(1 - x), 1 / sqrt(x * (2 - x))),
    _stable("tan-asin-near-one", tan_asin(1 - x), (1 - x) / sqrt(x * (2 - x))),
    _stable("log-sinh", log(sinh(x)), x + log(-expm1(-2 * x) / 2)),
    _stable("log-log1p-exp", log(softplus(x)), where(x > -30, log(softplus(x)), x - exp(x) / 2)),
    _stable("slope-complement", 1 - sin_atan(x), where(x > 0, cos_atan(x) ** 2 / (1 + sin_atan(x)), 1 - sin_atan(x))),
    _stable("coth-complement", coth_acosh(x) - 1,
            where(x > 0, csch_acosh(x) ** 2 / (coth_acosh(x) + 1), coth_acosh(x) - 1)),
    _stable("square-and-one", imaginary_reciprocal(x, one), 1 / (x**2 + 1)),
    _stable("one-and-square", real_reciprocal(one, x), 1 / (1 + x**2)),
    _stable("square-of-slope", z * x**2 / (1 + x**2), z * sin_atan(x) ** 2),
    _stable("square-of-direction", z * x**2 / (x**2 + y**2), z * direction(x, y) * direction(x, y)),
    _stable("sine-of-slope", 1 - sin_atan(x) ** 2, cos_atan(x) ** 2),
    _stable("log-gamma", log(gamma(x)), where(x > 0, gammaln(x), log(gamma(x)))),
    _stable("tanh-of-expm1", expm1(x) / (exp(x) + 1), tanh(x / 2)),
    _stable("tanh-of-expm1-sigmoid", expm1(x) * sigmoid(-x), tanh(x / 2)),
    _stable("unit-hypot", sqrt(1 + x**2), hypot(x, one)),
    _stable("leg", sqrt(x**2 - y**2), sqrt(abs_(x) - abs_(y)) * sqrt(abs_(x) + abs_(y))),
    _stable("unit-leg", sqrt(x**2 - 1), sqrt(abs_(x) - 1) * sqrt(abs_(x) + 1)),
    _stable("unit-cathetus", sqrt(1 - x**2), sqrt((1 - x) * (1 + x))),
    _stable("exponents-add", exp(x) * exp(y) * z, exp(x + y) * z),
    _stable("abs-of-exponential", abs_(exp(x)), exp(x)),
    _stable("log-square", log(x * x), 2 * log(abs_(x))),
    *(_stable(f"log-power-{k}", log(x**k), k * log(abs_(x) if k % 2 == 0 else x)) for k in (2, 3, 4)),
    _stable("xlogy-of-one", xlogy(one, y), log(y)),
)


def _unless_number(rule: Rule, g: Graph, n: int) -> Expr | None:
    """The rule where the last operand, a divisor or an exponent, is no number."""
    return None if number(g, g._inputs[n][-1]) is not None else applied(rule, g, n)


def _of_monomial(rule: Rule, g: Graph, n: int) -> Expr | None:
    """The rule where above the line stand exponentials and powers of leaves, which leave the pole as it is."""
    bases = [base for base, e in radicals.powers(g, n) if e > 0]
    return applied(rule, g, n) if all(g._op[base] is exp or not g._inputs[base] for base in bases) else None


class Spelling(NamedTuple):
    """A row that no pattern says: it is looked for at nodes of the op `root` with an operand of one of `anchors`, from
    which the ops that it `needs` are within reach, and at which what it asks for `can` happen; where it may stand
    `anywhere`, not in long programs."""

    name: str
    root: Op
    anchors: tuple[Op, ...]
    needs: tuple[Op, ...]
    row: Row
    anywhere: bool = False
    can: int = 0


bose, bose_slope = OPS["bose_0"], OPS["bose_1"]
BOSE = (
    _stable("bose-slope", y * exp(x) / (exp(x) - 1) ** 2, -y * bose_slope(x)),
    _stable("bose-complement", y * exp(x) / (exp(x) - 1), y * OPS["one_plus_bose"](x)),
    _stable("bose", y / (exp(x) - 1), y * bose(x)),
    _stable("bose-turned", y / (1 - exp(x)), -y * bose(x)),
)
CSCH = _stable("csch", y / sinh(x), y * csch(x))
BOX_COX = _stable("box-cox", y * (x**z - 1) / z, y * power_quotient(x, z))
COMPOUND = _stable("compound", (1 + y) ** x, where(abs_(y) < one / 2, exp(x * log1p(y)), (1 + y) ** x))
LOGARITHMS = (_stable("log1p", log(1 + x), log1p(x)), _stable("log1p-turned", log(1 - x), log1p(-x)))
RECIPROCALS = _stable(
    "difference-of-reciprocals", 1 / x - 1 / y,
    where(2 * minimum(abs_(x), abs_(y)) <= maximum(abs_(x), abs_(y)), 1 / x - 1 / y, (y - x) / x / y),
)  # fmt: skip
ANALYTIC = tuple([op for op in OPS.values() if expansions.is_function(op)])
SUMS = (ADD, CONTRACT, pow_op, sqrt)  # in which sums of exponentials stand
DERIVED_ROWS = (
    Spelling("softmax", divide_op, (CONTRACT,), (exp,), exponentials.softmax),
    Spelling("logsumexp", log, (CONTRACT, divide_op, ADD), (exp,), exponentials.log_of_axis),
    *(Spelling(f"{f.name}-of-sums", f, (*SUMS, divide_op), (exp,), magnitudes.log_of_sums) for f in (log, log2, log10)),
    Spelling("quotient-of-sums", divide_op, (*SUMS, exp), (exp,), magnitudes.quotient_of_sums, False,
             EXP_BELOW | SUM_OF_EXP),
    *(Spelling(f"removable-{f.name}", divide_op, (f, CONTRACT, pow_op, ADD), (f,), quotients.removable, False, ZERO)
      for f in quotients.OF_OP),
    *(Spelling(f"removable-{f.name}-less-one", divide_op, (ADD, CONTRACT, pow_op), (f,), quotients.removable, False,
               ZERO)
      for f in quotients.LESS_ONE),
    Spelling("removable-log", divide_op, (log, CONTRACT, pow_op), (log, ADD), quotients.removable, False, ZERO),
    *(Spelling(rule.name, divide_op, (ADD, pow_op), (exp,), partial(_of_monomial, rule)) for rule in BOSE),
    Spelling("csch", divide_op, (sinh,), (), partial(applied, CSCH)),
    Spelling("gamma-quotient", divide_op, (gamma, CONTRACT, pow_op, ADD), (gamma,), gammas.quotient),
    Spelling("box-cox", divide_op, (ADD, CONTRACT), (pow_op,), partial(_unless_number, BOX_COX), False,
             VARIABLE_POWER),
    Spelling("parallel", divide_op, (CONTRACT,), (ADD,), quotients.parallel),
    Spelling("norm", sqrt, (CONTRACT,), (), radicals.norm),
    Spelling("one-power", divide_op, (pow_op, CONTRACT), (), radicals.one_power),
)
DIFFERENTIATED_ROWS = (
    Spelling("share", divide_op, (ADD,), (), quotients.share),
    Spelling("log-ratio", log, (divide_op,), (), quotients.log_of_quotient),
)
COMPUTED_ROWS = (
    Spelling("reciprocal-of-squares", divide_op, (ADD,), (pow_op,), quotients.over_squares),
    Spelling("exponential-quotient", divide_op, (ADD, expm1, pow_op), (exp,), exponentials.quotient),
    Spelling("quotient-of-itself", divide_op, (VARIABLE, *ANALYTIC, ADD), (), radicals.one_power, True),
    Spelling("balanced-powers", CONTRACT, (pow_op, divide_op), (), radicals.balanced),
    Spelling("power-over-logs", CONTRACT, (pow_op, xlogy), (xlogy,), radicals.power_over_logs),
    Spelling("entropy-and-more", CONTRACT, (ADD,), (log,), radicals.power_over_logs, True),
    Spelling("scaled-power", CONTRACT, (exp,), (pow_op,), radicals.scaled_power),
    Spelling("difference-of-roots", ADD, (sqrt, hypot), (), radicals.difference_of_roots),
    Spelling("compound", pow_op, (ADD,), (), partial(_unless_number, COMPOUND), True),
    Spelling("cancelling-sum", ADD, (*ANALYTIC, CONTRACT, divide_op, pow_op, ADD), (), cancellations.cancelling, True,
             CANCELS),
    Spelling("cancelling-sum-of-several", ADD, (*ANALYTIC, CONTRACT, divide_op, ADD), (), separations.cancelling, True,
             MIXES),
    Spelling("removable-elsewhere", divide_op, (*ANALYTIC, CONTRACT, divide_op, pow_op, ADD), (),
             cancellations.removable, True, CANCELS),
    Spelling("difference-of-reciprocals", ADD, (divide_op,), (), partial(applied, RECIPROCALS), True),
    *(Spelling(rule.name, log, (ADD,), (), partial(applied, rule)) for rule in LOGARITHMS),
    Spelling("logarithm-of-one", log, (*ANALYTIC, CONTRACT, divide_op, pow_op, ADD), (), cancellations.cancelling,
             True, CANCELS),
    *(Spelling(f"{f.name}-difference", ADD, (f,), (), gammas.difference)
      for f in (gammaln, digamma, polygamma)),
    *(Spelling(f"overflow-{root.name}-{f.name}", root, (f, CONTRACT, divide_op, pow_op, ADD), (f,), overflowing, True,
               OVERFLOWS)
      for f in SEEDS if f not in (pow_op, exp) for root in (divide_op, CONTRACT, log)),
    *(Spelling(f"overflow-{root.name}-power", root, (pow_op,), (exp,), overflowing, True, OVERFLOWS)
      for root in (divide_op, CONTRACT)),
)
