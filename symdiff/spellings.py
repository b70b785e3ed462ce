"""The table of stable spellings: the same real function, nowhere less accurate, without overflow or cancellation.

Formulas are simplified by those that are `SHOWN`; sweeps differentiate those that are `DERIVED`; programs compute all.
"""

from .op import FUNCTIONS as F
from .op import OPS
from .patterns import Rule, wild

x, y, z = wild("x y z")

exp, log, log1p, expm1, sqrt = (F[n] for n in ("exp", "log", "log1p", "expm1", "sqrt"))
sin, cos, sinh, cosh, tanh, coth = (F[n] for n in ("sin", "cos", "sinh", "cosh", "tanh", "coth"))
sech, csch, sigmoid, softplus, hypot = (F[n] for n in ("sech", "csch", "sigmoid", "softplus", "hypot"))
erf, erfc, erfcx, ndtr, log_ndtr = (F[n] for n in ("erf", "erfc", "erfcx", "ndtr", "log_ndtr"))
abs_, atanh, xlogy = (F[n] for n in ("abs", "atanh", "xlogy"))
direction, codirection = OPS["direction"], OPS["codirection"]


def _stable(name: str, lhs: object, rhs: object) -> Rule:
    return Rule(name, lhs, rhs, "stable")  # type: ignore[arg-type]


SHOWN = (
    _stable("log-exp", log(exp(x)), x),
    _stable("log-sigmoid", sigmoid(x).unary(log), -softplus(-x)),
    _stable("log1p-exp", log1p(exp(x)), softplus(x)),
    _stable("sigmoid-quotient", exp(x) / (1 + exp(x)), sigmoid(x)),
    _stable("sigmoid-reciprocal", 1 / (1 + exp(x)), sigmoid(-x)),
    _stable("sigmoid-complement", 1 - sigmoid(x), sigmoid(-x)),
    _stable("sinh-over-cosh", sinh(x) / cosh(x), tanh(x)),
    _stable("erf-complement", 1 - erf(x), erfc(x)),
)
DERIVED = (
    *SHOWN,
    _stable("sigmoid-numerator", y * exp(x) / (1 + exp(x)), y * sigmoid(x)),
    _stable("sigmoid-denominator", y / (1 + exp(x)), y * sigmoid(-x)),
    _stable("sigmoid-slope", y * exp(x) / (1 + exp(x)) ** 2, y * sigmoid(x) * sigmoid(-x)),
    _stable("sigmoid-power", y / (1 + exp(x)) ** z, y * sigmoid(-x) ** z),
    _stable("sigmoid-pair", y * exp(x) / (exp(x) + exp(z)), y * sigmoid(x - z)),
    _stable("logaddexp", log(exp(x) + exp(y)), F["logaddexp"](x, y)),
    _stable("tanh-quotient", (exp(x) - exp(-x)) / (exp(x) + exp(-x)), tanh(x)),
    _stable("tanh-of-half", (exp(x) - 1) / (exp(x) + 1), tanh(x / 2)),
    _stable("tanh-of-half-turned", (1 - exp(x)) / (1 + exp(x)), -tanh(x / 2)),
    _stable("sech", y / cosh(x), y * sech(x)),
    _stable("sech-power", y / cosh(x) ** z, y * sech(x) ** z),
    _stable("tanh-numerator", y * sinh(x) / cosh(x), y * tanh(x)),
    _stable("log-cosh", log(cosh(x)), OPS["log_cosh"](x)),
    _stable("log-ndtr", log(ndtr(x)), log_ndtr(x)),
    _stable("log-erfc", log(erfc(x)), OPS["log_erfc"](x)),
    _stable("erfcx", erfc(x) * exp(x**2) * y, erfcx(x) * y),
    _stable("exp-log-quotient", log(exp(x) / y), x - log(y)),
    _stable("exp-log-product", log(y * exp(x)), x + log(y)),
    _stable("direction", x / hypot(x, y), direction(x, y)),
    _stable("codirection", y / hypot(x, y), codirection(x, y)),
    _stable("direction-of-root", y / sqrt(1 + y**2), direction(y, x.graph.constant(1))),
    _stable("direction-of-roots", y / sqrt(x**2 + y**2), direction(y, x)),
    _stable("hypot", sqrt(x**2 + y**2), hypot(x, y)),
    _stable("root-of-square", sqrt(x**2), abs_(x)),
    _stable("sinc", sin(x) / x, OPS["sin_quotient_0"](x)),
    _stable("expm1-quotient", expm1(x) / x, OPS["expm1_quotient_0"](x)),
    _stable("log1p-quotient", log1p(x) / x, OPS["log1p_quotient_0"](x)),
    _stable("log-over-complement", log(x) / (1 - x), OPS["spence_1"](x)),
    _stable("sinc-numerator", y * sin(x) / x, y * OPS["sin_quotient_0"](x)),
    _stable("expm1-quotient-numerator", y * expm1(x) / x, y * OPS["expm1_quotient_0"](x)),
    _stable("exp-quotient", (exp(x) - 1) / x, OPS["expm1_quotient_0"](x)),
    _stable("log1p-quotient-numerator", y * log1p(x) / x, y * OPS["log1p_quotient_0"](x)),
    _stable("log-quotient", log(1 + x) / x, OPS["log1p_quotient_0"](x)),
    _stable("versine-quotient", (1 - cos(x)) / x**2, OPS["versine_quotient_0"](x)),
)
COMPUTED = (
    _stable("entropy", x * log(x) * z, xlogy(x, x) * z),
    _stable("relative-entropy", x * log(x / y) * z, xlogy(x, x / y) * z),
    _stable("sech-squared", 1 - tanh(x) ** 2, sech(x) ** 2),
    _stable("csch-squared", coth(x) ** 2 - 1, csch(x) ** 2),
    _stable("expm1", exp(x) - 1, expm1(x)),
    _stable("tanh-half-sigmoid", sigmoid(x) - x.graph.constant(1) / 2, tanh(x / 2) / 2),
    _stable("sigmoid-difference", sigmoid(-x) * y - sigmoid(x) * y, -y * tanh(x / 2)),
    _stable("versine", 1 - cos(x), 2 * sin(x / 2) ** 2),
    _stable("erfcx-denominator", y * exp(-(x**2)) / erfc(x), y / erfcx(x)),
    _stable("hyperbolic-versine", cosh(x) - 1, 2 * sinh(x / 2) ** 2),
    _stable("sinh", exp(x) - exp(-x), 2 * sinh(x)),
    _stable("tanh-of-expm1", expm1(x) / (exp(x) + 1), tanh(x / 2)),
    _stable("unit-hypot", sqrt(1 + x**2), hypot(x, x.graph.constant(1))),
    _stable("leg", sqrt(x**2 - y**2), sqrt(abs_(x) - abs_(y)) * sqrt(abs_(x) + abs_(y))),
    _stable("unit-leg", sqrt(x**2 - 1), sqrt(abs_(x) - 1) * sqrt(abs_(x) + 1)),
    _stable("unit-cathetus", sqrt(1 - x**2), sqrt((1 - x) * (1 + x))),
    _stable("exponents-add", exp(x) * exp(y) * z, exp(x + y) * z),
    _stable("exponents-subtract", exp(x) / exp(y), exp(x - y)),
    *(_stable(f"one-power-{k}", x**k / y**k, (x / y) ** k) for k in (2, 3, 4, 6, 12)),
    _stable("difference-of-roots", sqrt(x) - sqrt(y), (x - y) / (sqrt(x) + sqrt(y))),
    _stable("xlogy-of-one", xlogy(x.graph.constant(1), y), log(y)),
    _stable("atanh", log((1 + x) / (1 - x)), 2 * atanh(x)),
)
