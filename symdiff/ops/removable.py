"""Derivatives of functions whose textbook formula is 0/0 or cancels somewhere: there a series, elsewhere the textbook.

The first three derivatives of such a function are ops of their own, ``ellipk_1`` and so on; formulas show the
textbook's.
A family states two things: how the n-th derivative follows from those before (`step`), and the series.
"""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import partial
from math import comb, factorial, pi
from typing import Any

import numpy as np

from ..expr import Expr
from ..op import FUNCTIONS as F
from ..op import OPS, elementwise
from .elementwise import cos, cosh, coth, csch, exp, expm1, log, log1p, sin, sinh, sqrt, tanh
from .piecewise import abs as abs_
from .piecewise import equal, where
from .special import sine_of_turns

ORDERS = 3
NEGLIGIBLE = 2.0**-58
ROOT_PI = pi**0.5

Derivatives = Sequence[Any]  # f(x), f'(x), ... as far as they are known
Step = Callable[[int, Any, Derivatives], Any]  # (n, x, those before) -> the n-th derivative


def family(
    name: str, base: Any, step: Step, series: Callable[[int, Any], Any], near: Callable[[Any], Any],
    safe: float, samples: tuple[float, float], first: int = 1, facets: Sequence[dict[str, Any]] = (),
    shown: Step | None = None,
) -> None:  # fmt: skip
    """Register the derivatives of a function, of the orders `first` to `ORDERS`.

    near  where the series holds; safe: a point elsewhere; shown: how formulas write the step, where not as computed
    """
    def computed(n: int, x: Any) -> Any:
        inside = near(x)
        y = where(inside, safe, x)
        before = [base(y)] if first else []
        for k in range(first, n + 1):
            before.append(step(k, y, before))
        return where(inside, series(n, where(inside, x, 0)), before[n])

    def written(n: int, x: Any) -> Any:
        before = [base(x)] if first else []
        known = range(first, min(n, ORDERS + 1))
        return (shown or step)(n, x, [*before, *(OPS[f"{name}_{k}"](x) for k in known)])

    each = facets or [{}] * (ORDERS + 1 - first)
    derivatives(name, computed, written, samples, {first + k: given for k, given in enumerate(each)})


def derivatives(
    name: str, computed: Callable[[int, Any], Any], written: Callable[[int, Any], Any], samples: tuple[float, float],
    facets: Mapping[int, dict[str, Any]],
) -> None:  # fmt: skip
    """Register the derivatives of a function as ops, of the orders of `facets`: (n, x) -> value, and -> formula."""
    for n, given in facets.items():
        elementwise(
            f"{name}_{n}", partial(_values, partial(computed, n)), partial(_following, name, written, n),
            samples=samples, public=False, doc=f"the derivative of {name} of order {n}",
            composition=partial(computed, n), textbook=partial(written, n), **given,
        )  # fmt: skip


def _following(name: str, written: Callable[[int, Any], Any], n: int, x: Any) -> Any:
    return OPS[f"{name}_{n + 1}"](x) if n < ORDERS else written(n + 1, x)


def _values(f: Callable[[Any], Any], x: Any) -> Any:
    with np.errstate(all="ignore"):
        x = np.asarray(x)
        return f(x if x.dtype.kind == "f" else x.astype(np.float64))


def polynomial(coefficients: Sequence[Any], x: Any) -> Any:
    """c0 + c1*x + ..., by Horner's rule; in x**2 what is even or odd but for its first term."""
    even, odd = coefficients[::2], coefficients[1::2]
    if len(even) > 1 and not any(odd[1:]):
        rest = polynomial(even, x**2)
        return rest + float(odd[0]) * x if odd[0] else rest
    if len(odd) > 1 and not any(even[1:]):
        rest = polynomial(odd, x**2) * x
        return rest + float(even[0]) if even[0] else rest
    result: Any = float(coefficients[-1])
    for c in reversed(coefficients[:-1]):
        result = result * x + float(c)
    return result


def power_series(
    coefficient: Callable[[int], Any], terms: int, centre: float = 0, radius: float = 1
) -> Callable[[int, Any], Any]:
    """The n-th derivative of the sum of coefficient(k)*(x - centre)**k, as many terms as count within a radius."""

    def series(n: int, x: Any) -> Any:
        moved = [coefficient(k + n) * Fraction(factorial(k + n), factorial(k)) for k in range(terms)]
        sizes = [abs(c) * radius**k for k, c in enumerate(moved)]
        moved = moved[: 1 + max(k for k, size in enumerate(sizes) if size > NEGLIGIBLE * max(sizes))]
        return polynomial(moved, x - centre if centre else x)

    return series


# --- quotients that are 0/0 at 0 ----------------------------------------------------------------------------


def quotient(f: Callable[[int, Any], Any], power: int = 1) -> Step:
    """The derivatives of q = f/x**p: those of x**p*q are those of f."""

    def step(n: int, x: Any, before: Derivatives) -> Any:
        total = f(n, x)
        for j in range(1, min(power, n) + 1):
            total = total - comb(n, j) * factorial(power) // factorial(power - j) * x ** (power - j) * before[n - j]
        return total / x**power

    return step


def _sin(n: int, x: Any) -> Any:
    turned = cos(x) if n % 2 else sin(x)
    return -turned if n % 4 > 1 else turned


def _expm1(n: int, x: Any) -> Any:
    return exp(x) if n else expm1(x)


def _log1p(n: int, x: Any) -> Any:
    return (-1) ** (n - 1) * factorial(n - 1) / (1 + x) ** n if n else log1p(x)


def _versine(n: int, x: Any) -> Any:
    return -_sin(n + 1, x) if n else 2 * sin(x / 2) ** 2


def _within(radius: float) -> Callable[[Any], Any]:
    return lambda x: abs_(x) < radius


def _alternating(*functions: str) -> Callable[[int, Any], Any]:
    return lambda n, x: F[functions[n % len(functions)]](x)


def _hyperbolic_versine(n: int, x: Any) -> Any:
    return _alternating("cosh", "sinh")(n, x) if n else 2 * sinh(x / 2) ** 2


def _of_slope(f: str, slope: Callable[[Any], Sequence[Any]]) -> Callable[[int, Any], Any]:
    """f and its derivatives, of which `slope` gives the first four."""
    return lambda n, x: slope(x)[n - 1] if n else F[f](x)


def _tangents(sign: int, tan: str, sec: str) -> Callable[[int, Any], Any]:
    """tan and tanh: f' = 1 + s*f**2 = sec**2"""

    def slopes(x: Any) -> Sequence[Any]:
        t, c = F[tan](x), F[sec](x) ** 2
        return c, 2 * sign * t * c, 2 * sign * c * (c + 2 * sign * t**2), 8 * t * c * (2 * c + sign * t**2)

    return _of_slope(tan, slopes)


def _inverse_tangents(sign: int, f: str) -> Callable[[int, Any], Any]:
    """atan and atanh: f' = 1/(1 + s*x**2) = w"""

    def slopes(x: Any) -> Sequence[Any]:
        w = 1 / (1 + sign * x**2)
        return w, -2 * sign * x * w**2, 2 * sign * (3 * sign * x**2 - 1) * w**3, 24 * x * (1 - sign * x**2) * w**4

    return _of_slope(f, slopes)


def _inverse_sines(sign: int, f: str) -> Callable[[int, Any], Any]:
    """asin and asinh: f' = 1/sqrt(1 + s*x**2) = w"""

    def slopes(x: Any) -> Sequence[Any]:
        u = 1 + sign * x**2
        w = 1 / sqrt(u)
        return w, -sign * x * w / u, (2 * x**2 - sign) * w / u**2, 3 * x * (3 - 2 * sign * x**2) * w / u**3

    return _of_slope(f, slopes)


def _erf(n: int, x: Any) -> Any:
    bell = 2 / _root_pi(x) * exp(-(x**2)) if n else 0
    return [F["erf"](x), bell, -2 * x * bell, (4 * x**2 - 2) * bell, (12 * x - 8 * x**3) * bell][n]


def _tangent_coefficients(count: int) -> list[Fraction]:
    """Of tan: (2*k + 1)*c[k] is that of 1 + tan**2."""
    c = [Fraction(1)]
    for k in range(1, count):
        c.append(sum((c[j] * c[k - 1 - j] for j in range(k)), Fraction(0)) / (2 * k + 1))
    return c


def _arcsine(sign: int) -> Callable[[int], Fraction]:
    return lambda k: Fraction(comb(2 * k, k) * sign**k, 4**k * (2 * k + 1))


TAN = _tangent_coefficients(40)
EVEN, ODD, POSITIVE = {"parity": "even"}, {"parity": "odd"}, {"image": "[0, inf]"}


def _even(positive: Sequence[int]) -> list[dict[str, Any]]:
    """Facets of the derivatives of an even function, of which some orders are positive."""
    return [(ODD if n % 2 else EVEN) | (POSITIVE if n in positive else {}) for n in range(ORDERS + 1)]



def _odd_quotient(
    f: str, slopes: Callable[[int, Any], Any], coefficient: Callable[[int], Any], radius: float, terms: int,
    samples: tuple[float, float], positive: Sequence[int] = (), safe: float = 1.0,
) -> None:  # fmt: skip
    """The derivatives of f(x)/x for an odd f, of which some orders are positive."""
    series = power_series(lambda k: 0 if k % 2 else coefficient(k // 2), terms, radius=radius)
    family(f"{f}_quotient", None, quotient(slopes), series, _within(radius), safe, samples, 0, _even(positive))


_odd_quotient("sin", _sin, lambda k: Fraction((-1) ** k, factorial(2 * k + 1)), 1, 20, (0.3, 3))
_odd_quotient(
    "sinh", _alternating("sinh", "cosh"), lambda k: Fraction(1, factorial(2 * k + 1)), 1, 20, (0.3, 3), (0, 2),
)  # fmt: skip
_odd_quotient("tan", _tangents(1, "tan", "sec"), lambda k: TAN[k], 0.3, 24, (0.4, 1.3))
_odd_quotient("tanh", _tangents(-1, "tanh", "sech"), lambda k: (-1) ** k * TAN[k], 0.3, 24, (0.4, 3), (0,))
_odd_quotient("atan", _inverse_tangents(1, "atan"), lambda k: Fraction((-1) ** k, 2 * k + 1), 0.3, 36, (0.4, 3), (0,))
_odd_quotient(
    "atanh", _inverse_tangents(-1, "atanh"), lambda k: Fraction(1, 2 * k + 1), 0.3, 36, (0.4, 0.9), (0, 2), 0.5,
)  # fmt: skip
_odd_quotient("asin", _inverse_sines(-1, "asin"), _arcsine(1), 0.3, 36, (0.4, 0.9), (0, 2), 0.5)
_odd_quotient("asinh", _inverse_sines(1, "asinh"), _arcsine(-1), 0.3, 36, (0.4, 3), (0,))
_odd_quotient("erf", _erf, lambda k: (-1) ** k / (factorial(k) * (k + 0.5) * ROOT_PI), 0.5, 30, (0.6, 2), (0,))
family(
    "expm1_quotient", None, quotient(_expm1), power_series(lambda k: Fraction(1, factorial(k + 1)), 20),
    _within(1), 1.0, (-2, 2), 0, [POSITIVE] * 4,
)  # fmt: skip


def _times_x(slopes: Callable[[Any], Sequence[Any]]) -> Step:
    """Of x*r(x), from r and its derivatives."""

    def step(n: int, x: Any, before: Derivatives) -> Any:
        r = slopes(x)
        return x * r[n] + n * r[n - 1] if n else x * r[0]

    return step


def _coth_slopes(x: Any) -> Sequence[Any]:
    c, k = coth(x), csch(x) ** 2
    return c, -k, 2 * k * c, -4 * k * c**2 - 2 * k**2, 8 * k * c**3 + 16 * k**2 * c


def _expm1_slopes(x: Any) -> Sequence[Any]:
    """1/expm1(x) = (coth(x/2) - 1)/2"""
    c, w = coth(x / 2), csch(x / 2) ** 2 / 4
    fifth = -w * c**4 - 22 * w**2 * c**2 - 16 * w**3
    return 1 / expm1(x), -w, w * c, -w * c**2 - 2 * w**2, w * c**3 + 8 * w**2 * c, fifth


def _expm1_slopes_shown(x: Any) -> Sequence[Any]:
    e, d = exp(x), exp(x) - 1
    third, fourth = -e * (e**2 + 4 * e + 1) / d**4, e * (e**3 + 11 * e**2 + 11 * e + 1) / d**5
    fifth = -e * (e**4 + 26 * e**3 + 66 * e**2 + 26 * e + 1) / d**6
    return 1 / d, -e / d**2, e * (e + 1) / d**3, third, fourth, fifth


def _bose(n: int) -> None:
    """The n-th derivative of 1/(exp(x) - 1) as an op: it neither overflows nor cancels."""
    elementwise(
        f"bose_{n}", partial(_values, lambda x: _expm1_slopes(x)[n]),
        lambda x: OPS[f"bose_{n + 1}"](x) if n <= ORDERS else _expm1_slopes_shown(x)[n + 1],
        samples=(0.4, 3), public=False, doc=f"the derivative of 1/(exp(x) - 1) of order {n}",
        domain=lambda x: F["not_equal"](x, 0), composition=lambda x: _expm1_slopes(x)[n],
        textbook=lambda x: _expm1_slopes_shown(x)[n], parity=("odd", "even")[n % 2] if n else "",
    )  # fmt: skip


for _n in range(ORDERS + 2):
    _bose(_n)
elementwise(
    "one_plus_bose", partial(_values, lambda x: -1 / expm1(-x)), lambda x: OPS["bose_1"](x), samples=(0.4, 3),
    public=False, doc="exp(x)/(exp(x) - 1) = 1 + 1/(exp(x) - 1)", domain=lambda x: F["not_equal"](x, 0),
    composition=lambda x: -1 / expm1(-x), textbook=lambda x: exp(x) / (exp(x) - 1),
)  # fmt: skip


def _reciprocal_coefficients(count: int) -> list[Fraction]:
    """Of x/expm1(x): Bernoulli's numbers over k!"""
    b = [Fraction(1)]
    for k in range(1, count):
        b.append(-sum((b[j] / factorial(k - j + 1) for j in range(k)), Fraction(0)))
    return b


BERNOULLI = _reciprocal_coefficients(40)
family(
    "expm1_reciprocal", None, _times_x(_expm1_slopes), power_series(lambda k: BERNOULLI[k], 36),
    _within(1), 1.0, (0.6, 3), 0, [POSITIVE, {}, EVEN | POSITIVE, ODD], _times_x(_expm1_slopes_shown),
)  # fmt: skip


def _stretched(f: str, c: float, n: int, x: Any) -> Any:
    """The n-th derivative of f(c*x)."""
    return c**n * OPS[f"{f}_{n}"](c * x)


def _supplement(n: int, x: Any) -> Any:
    """Of x*exp(x)/(exp(x) - 1) = r(-x), r(x) = x/(exp(x) - 1)."""
    slopes = _expm1_slopes_shown(x)
    return _times_x(lambda x: [exp(x) / (exp(x) - 1), *slopes[1:]])(n, x, ())


derivatives(
    "expm1_supplement", partial(_stretched, "expm1_reciprocal", -1), _supplement, (0.6, 3),
    {0: POSITIVE, 1: POSITIVE, 2: POSITIVE | EVEN, 3: ODD},
)  # fmt: skip
family(
    "tanh_reciprocal", None, _times_x(_coth_slopes),
    power_series(lambda k: 0 if k % 2 else 2**k * BERNOULLI[k], 36, radius=0.5),
    _within(0.5), 1.0, (0.6, 3), 0, _even((0, 2)),
    _times_x(lambda x: [1 / tanh(x), *_coth_slopes(x)[1:]]),
)  # fmt: skip


def _csch_slopes(x: Any) -> Sequence[Any]:
    c, k = coth(x), csch(x)
    return k, -k * c, k * c**2 + k**3, -k * c**3 - 5 * k**3 * c, k * c**4 + 18 * k**3 * c**2 + 5 * k**5


family(
    "sinh_reciprocal", None, _times_x(_csch_slopes),
    power_series(lambda k: 0 if k % 2 else (2 - 2**k) * BERNOULLI[k], 36, radius=0.5),
    _within(0.5), 1.0, (0.6, 3), 0, _even((0,)),
)  # fmt: skip
family(
    "log1p_quotient", None, quotient(_log1p), power_series(lambda k: Fraction((-1) ** k, k + 1), 40, radius=0.25),
    _within(0.25), 1.0, (-0.7, 3), 0, [POSITIVE, {}, POSITIVE, {}],
)  # fmt: skip
family(
    "versine_quotient", None, quotient(_versine, 2),
    power_series(lambda k: 0 if k % 2 else Fraction((-1) ** (k // 2), factorial(k + 2)), 22, radius=2),
    _within(2), 2.0, (0.3, 3), 0, [EVEN | POSITIVE, ODD, EVEN, ODD],
    quotient(lambda n, x: _versine(n, x) if n else 1 - cos(x), 2),
)  # fmt: skip
family(
    "cosh_versine_quotient", None, quotient(_hyperbolic_versine, 2),
    power_series(lambda k: 0 if k % 2 else Fraction(1, factorial(k + 2)), 22, radius=2),
    _within(2), 2.0, (0.3, 3), 0, _even((0, 2)),
    quotient(lambda n, x: _hyperbolic_versine(n, x) if n else cosh(x) - 1, 2),
)  # fmt: skip

# --- special functions --------------------------------------------------------------------------------------


def _spence(n: int, x: Any, before: Derivatives) -> Any:
    """The derivatives of (1 - x)*f' are those of log(x)."""
    logs = log(x) if n == 1 else (-1) ** n * factorial(n - 2) / x ** (n - 1)
    return (logs + (n - 1) * before[n - 1] if n > 1 else logs) / (1 - x)


def _hypergeometric(a: Fraction, b: Fraction, first: Callable[[Any], Any]) -> Step:
    """m*(1 - m)*f'' + (1 - (a + b + 1)*m)*f' - a*b*f = 0, differentiated n - 2 times."""

    def step(n: int, m: Any, before: Derivatives) -> Any:
        if n == 1:
            return first(m)
        k = n - 2
        c: Any = (a + k) * (b + k)
        c = c if isinstance(m, Expr) else float(c)
        return (c * before[k] - (1 + k - int(a + b + 1 + 2 * k) * m) * before[k + 1]) / m / (1 - m)

    return step


def _central(k: int) -> Fraction:
    """(1*3*...*(2*k - 1)/(2*4*...*2*k))**2"""
    return Fraction(comb(2 * k, k), 4**k) ** 2


HALF = Fraction(1, 2)
family(
    "spence", lambda x: OPS["spence"](x), _spence,
    power_series(lambda k: Fraction((-1) ** k, k**2) if k else 0, 40, 1),
    lambda x: abs_(x - 1) < 0.25, 2.0, (1.3, 3), facets=[{}, POSITIVE, {}],
)  # fmt: skip
family(
    "ellipk", lambda m: OPS["ellipk"](m),
    _hypergeometric(HALF, HALF, lambda m: (F["ellipe"](m) - (1 - m) * F["ellipk"](m)) / (2 * m) / (1 - m)),
    power_series(lambda k: pi / 2 * float(_central(k)), 40), _within(0.25), 0.5, (0.3, 0.8), facets=[POSITIVE] * 3,
)  # fmt: skip
family(
    "ellipe", lambda m: OPS["ellipe"](m),
    _hypergeometric(-HALF, HALF, lambda m: (F["ellipe"](m) - F["ellipk"](m)) / (2 * m)),
    power_series(lambda k: -pi / 2 * float(_central(k)) / (2 * k - 1), 40), _within(0.25), 0.5, (0.3, 0.8),
)  # fmt: skip
family(
    "ellipkm1", lambda p: OPS["ellipkm1"](p),
    _hypergeometric(HALF, HALF, lambda p: (F["ellipkm1"](p) - F["ellipe"](1 - p) / p) / (2 * (1 - p))),
    lambda n, p: (-1) ** n * OPS[f"ellipk_{n}"](where(p > 0.5, 1 - p, 0)), lambda p: p > 0.5, 0.25, (0.2, 0.8),
    facets=[{}, POSITIVE, {}],
)  # fmt: skip


def _asymptotic(scale: float, sign: int) -> Callable[[int, Any], Any]:
    """The n-th derivative of scale * sum of sign**k*(2*k - 1)!!/2**k * x**-(2*k + 1)."""

    def series(n: int, x: Any) -> Any:
        odd = [Fraction(factorial(2 * k), factorial(k) * 4**k) * sign**k for k in range(25)]
        moved = [c * Fraction(factorial(2 * k + n), factorial(2 * k)) for k, c in enumerate(odd)]
        u = 1 / where(equal(x, 0), 16, x)
        return (-1) ** n * scale * u ** (n + 1) * polynomial(moved, u * u)

    return series


def _pi(x: Any) -> Any:
    return x.graph.constant(pi) if isinstance(x, Expr) else pi


def _root_pi(x: Any) -> Any:
    return sqrt(_pi(x)) if isinstance(x, Expr) else ROOT_PI


def _erfcx(n: int, x: Any, before: Derivatives) -> Any:
    return 2 * x * before[0] - 2 / _root_pi(x) if n == 1 else 2 * x * before[n - 1] + 2 * (n - 1) * before[n - 2]


def _dawsn(n: int, x: Any, before: Derivatives) -> Any:
    return 1 - 2 * x * before[0] if n == 1 else -2 * x * before[n - 1] - 2 * (n - 1) * before[n - 2]


family(
    "erfcx", lambda x: OPS["erfcx"](x), _erfcx, _asymptotic(1 / ROOT_PI, -1), lambda x: x > 8, 1.0, (-2, 2),
    facets=[{}, POSITIVE, {}],
)  # fmt: skip
family(
    "dawsn", lambda x: OPS["dawsn"](x), _dawsn, _asymptotic(0.5, 1), lambda x: abs_(x) > 8, 1.0, (-2, 2),
    facets=[EVEN, ODD, EVEN],
)  # fmt: skip


def _hazard(n: int, x: Any, before: Derivatives, c: int = 1) -> Any:
    """The derivatives of r where r' = -r*(c*x + r)."""
    moved = [c * x + before[1], *(c + r if k == 0 else r for k, r in enumerate(before[2:]))]
    return -_sum_of(n - 2, lambda i: before[1 + i] * moved[n - 2 - i])


def _log_ndtr(n: int, x: Any, before: Derivatives) -> Any:
    return exp(-(x**2) / 2) / (2**0.5 * ROOT_PI) / F["ndtr"](x) if n == 1 else _hazard(n, x, before)


def _log_ndtr_shown(n: int, x: Any, before: Derivatives) -> Any:
    if n == 1:
        return exp(-(x**2) / 2) / sqrt(2 * x.graph.constant(pi)) / F["ndtr"](x)
    return _hazard(n, x, before)


def _hazard_coefficients(count: int) -> list[int]:
    """Of t**-(2*n + 1) in the second derivative of exp(-t**2/2)/(the integral of it from t) = t + 1/t - 2/t**3 + ..."""
    odd = [factorial(2 * n) // (2**n * factorial(n)) for n in range(count + 1)]  # 1*3*5*...*(2*n - 1)
    a = [0]
    for n in range(1, count + 1):
        a.append(odd[n] - sum(odd[k] * a[n - k] for k in range(1, n)))
    return [(-1) ** (n - 1) * a[n] * 2 * n * (2 * n - 1) for n in range(1, count + 1)]


HAZARD = _hazard_coefficients(16)


def _log_ndtr_left(n: int, x: Any) -> Any:
    """sqrt(2/pi)/erfcx(-x/sqrt(2)), and its derivatives by those of erfcx"""
    z = -x / 2**0.5
    e, c = F["erfcx"](z), (2 / pi) ** 0.5
    if n == 1:
        return c / e
    slope = OPS["erfcx_1"](z) / e / e
    if n == 2:
        return c / 2**0.5 * slope
    near = -c / 2 * (OPS["erfcx_2"](z) / e / e - 2 * slope * (OPS["erfcx_1"](z) / e))
    u = 1 / where(x < -20, -x, 20)
    return where(x < -20, polynomial(HAZARD, u * u) * u**3, near)


family(
    "log_ndtr", lambda x: OPS["log_ndtr"](x), _log_ndtr, _log_ndtr_left, lambda x: x < 0, 1.0, (-2, 2),
    shown=_log_ndtr_shown, facets=[POSITIVE, {}, POSITIVE],
)  # fmt: skip


def _log_erfc(n: int, x: Any) -> Any:
    """r = -2/sqrt(pi)*exp(-x**2)/erfc(x) has r' = -r*(2*x + r)."""
    if n == 1:
        return -2 / _root_pi(x) * exp(-(x**2)) / F["erfc"](x)
    return _hazard(n, x, [None, *(OPS[f"log_erfc_{k}"](x) for k in range(1, n))], 2)


derivatives("log_erfc", partial(_stretched, "log_ndtr", -(2**0.5)), _log_erfc, (-2, 2), {1: {}, 2: {}, 3: {}})


family(
    "sinc", lambda x: OPS["sinc"](x), quotient(sine_of_turns),
    power_series(lambda k: 0 if k % 2 else (-1) ** (k // 2) * pi**k / factorial(k + 1), 24, radius=0.4),
    _within(0.4), 1.0, (0.5, 3), facets=[ODD, EVEN, ODD],
    shown=quotient(lambda n, x: _pi(x) ** (n - 1) * _sin(n, _pi(x) * x)),
)  # fmt: skip


def _over_x(scale: Callable[[Any], Any], f: Callable[[int, Any], Any], n: int, x: Any) -> Any:
    """The n-th derivative of an integral of scale*f/x, where f(k, x) is the k-th derivative over the scale."""
    total = f(n - 1, x)
    for k in range(1, n):
        total = total + comb(n - 1, k) * (-1) ** k * factorial(k) * f(n - 1 - k, x) / x**k
    return scale(x) / x * total


PUNCTURED = {"domain": lambda x: F["not_equal"](x, 0)}
_slopes_of_expi = partial(_over_x, exp, lambda k, x: 1)
derivatives("expi", _slopes_of_expi, _slopes_of_expi, (0.3, 2), dict.fromkeys((1, 2, 3), PUNCTURED))
derivatives(
    "Chi", partial(_over_x, cosh, lambda k, x: tanh(x) if k % 2 else 1),
    partial(_over_x, lambda x: 1, _alternating("cosh", "sinh")), (0.3, 3),
    {n: PUNCTURED | (ODD if n % 2 else EVEN) for n in range(1, ORDERS + 1)},
)  # fmt: skip


def _rgamma(n: int, x: Any, before: Derivatives) -> Any:
    """r' = -digamma*r"""
    return -_sum_of(n - 1, lambda i: _psi(i, x) * before[n - 1 - i])


def _rgamma_left(n: int, x: Any) -> Any:
    """Of sin(pi*x)/pi * gamma(1 - x), which has no poles, nor 0*inf where gamma(1 - x) overflows."""
    y = 1 - x
    gammas = [1]  # over gamma(y)

    def term(j: int, i: int) -> Any:
        return _psi(i, y) * gammas[j - i]

    for j in range(n):
        gammas.append(_sum_of(j, partial(term, j)))
    value = _sum_of(n, lambda i: sine_of_turns(i, x) * (-1) ** (n - i) * gammas[n - i])
    return OPS["safe_multiply"](value, F["gamma"](y))


def _psi(n: int, x: Any) -> Any:
    return F["polygamma"](n, x) if n else F["digamma"](x)


def _sum_of(n: int, term: Callable[[int], Any]) -> Any:
    """The sum of comb(n, i)*term(i), as the product rule has it."""
    total = term(0)
    for i in range(1, n + 1):
        total = total + comb(n, i) * term(i)
    return total


family("rgamma", lambda x: OPS["rgamma"](x), _rgamma, _rgamma_left, lambda x: x < 0.5, 1.0, (0.6, 3))
