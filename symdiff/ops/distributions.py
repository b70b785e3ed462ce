"""Incomplete gamma and beta functions, and the distribution functions that are made of them.

Their derivatives by the parameters have no closed form; they are integrals of the density times a logarithm, which a
Gauss-Legendre rule takes over the smaller tail, in a variable in which both tails fall exponentially.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from ..budget import within
from ..errors import InputError
from ..expr import Expr
from ..lazy import module
from ..op import OPS, Op, Unknown, elementwise
from .composed import composed, lifted
from .elementwise import exp, floor, log, log1p, safe_multiply, sqrt
from .piecewise import sign, where
from .special import betaln, digamma, gamma, gammaln

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(160)
_SPREAD = 45.0  # beyond so many units of a tail's length nothing is left in double precision


def _integral(f: Any, low: Any, high: Any) -> Any:
    """The integral of f between arrays of bounds."""
    half = (high - low)[..., None] / 2
    return np.sum(half * _WEIGHTS * f((high + low)[..., None] / 2 + half * _NODES), axis=-1)


# --- gamma --------------------------------------------------------------------------------------------------------


def gamma_density(a: Any, x: Any) -> Any:
    """x**(a - 1)*exp(-x)/gamma(a); stable spellings see to what overflows."""
    return x ** (a - 1) * exp(-x) / gamma(a)


def times_log(density: Any, slope: Any) -> Any:
    """Their product, and 0 where the density is."""
    return OPS["shown_as"](safe_multiply(density, slope), density * slope)


def _gammainc_by_a_values(a: Any, x: Any) -> Any:
    """The integral of (u - digamma(a))*exp(a*u - exp(u))/gamma(a) over u = log(t) up to log(x)."""
    special = module("scipy.special")
    a, x = (np.asarray(v, dtype=float) for v in np.broadcast_arrays(a, x))
    with np.errstate(divide="ignore"):
        end = np.log(x)
    scale, middle = _SPREAD / a + 9.5 / np.sqrt(a), np.log(a)

    def slope(u: Any) -> Any:
        density = np.exp(a[..., None] * u - np.exp(u) - special.gammaln(a)[..., None])
        return (u - special.digamma(a)[..., None]) * density

    lower = x < a
    peak = np.maximum(x, a)
    top = np.log(peak + 9 * np.sqrt(peak) + _SPREAD)
    finite = np.isfinite(end)
    low = np.where(lower, np.minimum(end, middle) - scale, end)
    high = np.where(lower, end, top)
    value = _integral(slope, np.where(finite, low, 0.0), np.where(finite, high, 0.0))
    return np.where(lower, value, -value)


gammainc_by_a = elementwise(
    "gammainc_by_a",
    _gammainc_by_a_values,
    Unknown("the second derivative of gammainc by its parameter is not known"),
    lambda a, x: times_log(gamma_density(a, x), log(x) - digamma(a)),
    domain=lambda a, x: (a > 0) & (x >= 0),
    samples=((0.4, 3), (0.3, 3)),
    doc="the derivative of gammainc(a, x) by a",
)
gammainc = elementwise(
    "gammainc",
    "scipy.special:gammainc",
    lambda a, x: gammainc_by_a(a, x),
    gamma_density,
    domain=lambda a, x: (a > 0) & (x >= 0),
    names={"sympy": lambda s, a, x: s.lowergamma(a, x) / s.gamma(a)},
    samples=((0.4, 3), (0.3, 3)),
    image="[0, 1]",
    doc="the regularised incomplete gamma function: the integral of t**(a - 1)*exp(-t)/gamma(a) up to x",
)
gammaincc = elementwise(
    "gammaincc",
    "scipy.special:gammaincc",
    lambda a, x: -gammainc_by_a(a, x),
    lambda a, x: -gamma_density(a, x),
    domain=lambda a, x: (a > 0) & (x >= 0),
    names={"sympy": lambda s, a, x: s.uppergamma(a, x) / s.gamma(a)},
    samples=((0.4, 3), (0.3, 3)),
    image="[0, 1]",
    doc="1 - gammainc(a, x)",
)

# --- beta ---------------------------------------------------------------------------------------------------------


def beta_density(a: Any, b: Any, x: Any) -> Any:
    """x**(a - 1)*(1 - x)**(b - 1)/beta(a, b)"""
    return x ** (a - 1) * (1 - x) ** (b - 1) * exp(-betaln(a, b))


def _end_of_tail(start: Any, b: Any) -> Any:
    """The v with b*log(1 + exp(v)) larger than at the start by the spread, and by b, which the other factor may win."""
    with np.errstate(over="ignore"):
        return np.log(np.expm1(np.logaddexp(0, start) + (_SPREAD + b) / b))


def _beta_slope(a: Any, b: Any, end: Any) -> Any:
    """The integral of (log(t) - digamma(a) + digamma(a + b))*t**a*(1 - t)**b/beta(a, b) over v = logit(t) up to end."""
    special = module("scipy.special")
    middle = np.log(a / b)
    shift = (special.digamma(a) - special.digamma(a + b))[..., None]

    def slope(v: Any) -> Any:
        log_t, log_s = -np.logaddexp(0, -v), -np.logaddexp(0, v)
        return (log_t - shift) * np.exp(a[..., None] * log_t + b[..., None] * log_s - special.betaln(a, b)[..., None])

    lower, finite = end < middle, np.isfinite(end)
    low = np.where(lower, -_end_of_tail(-np.minimum(end, middle), a), end)
    high = np.where(lower, end, _end_of_tail(np.maximum(end, middle), b))
    value = _integral(slope, np.where(finite, low, 0.0), np.where(finite, high, 0.0))
    return np.where(lower, value, -value)


def _betainc_slope_values(by_b: bool) -> Callable[..., Any]:
    """By b that of 1 - betainc(b, a, 1 - x), where logit(1 - x) = -logit(x)."""

    def values(a: Any, b: Any, x: Any) -> Any:
        a, b, x = (np.asarray(v, dtype=float) for v in np.broadcast_arrays(a, b, x))
        with np.errstate(divide="ignore"):
            end = module("scipy.special").logit(x)
        return -_beta_slope(b, a, -end) if by_b else _beta_slope(a, b, end)

    return values


def _beta_parameter(p: str, by_x: Callable[..., Any]) -> Op:
    reason = "the second derivative of betainc by its parameters is not known"
    return elementwise(
        f"betainc_by_{p}", _betainc_slope_values(p == "b"), Unknown(reason), Unknown(reason, 1),
        lambda a, b, x: times_log(beta_density(a, b, x), by_x(a, b, x)),
        samples=((0.4, 3), (0.4, 3), (0.2, 0.8)), doc=f"the derivative of betainc(a, b, x) by {p}",
    )  # fmt: skip


betainc_by_a = _beta_parameter("a", lambda a, b, x: log(x) + OPS["gammaln_difference_1"](a, b))
betainc_by_b = _beta_parameter("b", lambda a, b, x: log1p(-x) + OPS["gammaln_difference_1"](b, a))
betainc = elementwise(
    "betainc",
    "scipy.special:betainc",
    lambda a, b, x: betainc_by_a(a, b, x),
    lambda a, b, x: betainc_by_b(a, b, x),
    beta_density,
    samples=((0.4, 3), (0.4, 3), (0.2, 0.8)),
    image="[0, 1]",
    names={"sympy": lambda s, a, b, x: s.betainc_regularized(a, b, 0, x)},
    doc="the regularised incomplete beta function: the integral of t**(a - 1)*(1 - t)**(b - 1)/beta(a, b) up to x",
)
betaincc = elementwise(
    "betaincc",
    "scipy.special:betaincc",
    lambda a, b, x: -betainc_by_a(a, b, x),
    lambda a, b, x: -betainc_by_b(a, b, x),
    lambda a, b, x: -beta_density(a, b, x),
    samples=((0.4, 3), (0.4, 3), (0.2, 0.8)),
    image="[0, 1]",
    names={"sympy": lambda s, a, b, x: s.betainc_regularized(a, b, x, 1)},
    doc="1 - betainc(a, b, x)",
)


def _student_by_df(df: Any, t: Any) -> Any:
    """That of 1/2 + sign(t)*betainc(1/2, df/2, w)/2, w = t**2/(df + t**2), in the tails by 1 - w."""
    half, w, tail = df * 0 + 0.5, t**2 / (df + t**2), df / (df + t**2)
    slope = where(w < 0.5, betainc_by_b(half, df / 2, w), -betainc_by_a(df / 2, half, tail))
    return sign(t) * slope / 4 - t * student_density(df, t) / (2 * df)


def _density_by_df(df: Any, t: Any) -> Any:
    """The derivative of log(student_density) by df."""
    gammas = OPS["gammaln_difference_1"](df / 2, df * 0 + 0.5)
    return ((df + 1) / df * t**2 / (df + t**2) - log1p(t**2 / df) + gammas - 1 / df) / 2


student_by_df = elementwise(
    "stdtr_by_df", lambda df, t: _student_values(df, t),
    Unknown("the second derivative of stdtr by the degrees of freedom is not known"),
    lambda df, t: student_density(df, t) * _density_by_df(df, t),
    samples=((1, 5), (0.3, 2)), public=False, composition=_student_by_df,
    doc="the derivative of stdtr(df, t) by df",
)  # fmt: skip


def _student_values(df: Any, t: Any) -> Any:
    with np.errstate(all="ignore"):
        return _student_by_df(np.asarray(df, dtype=float), np.asarray(t, dtype=float))


def student_density(df: Any, t: Any) -> Any:
    """(1 + t**2/df)**(-(df + 1)/2)/(sqrt(df)*beta(df/2, 1/2))"""
    return exp(-(df + 1) / 2 * log1p(t**2 / df) - betaln(df / 2, df * 0 + 0.5)) / sqrt(df)


stdtr = elementwise(
    "stdtr",
    "scipy.special:stdtr",
    student_by_df,
    student_density,
    samples=((1, 5), (0.3, 2)),
    image="[0, 1]",
    doc="Student's distribution function",
)

# --- distributions ------------------------------------------------------------------------------------------------


@composed("chdtr")
def chdtr(v: Any, x: Any) -> Any:
    """The distribution function of chi-squared with v degrees of freedom."""
    return gammainc(*lifted(v / 2, x / 2))


@composed("chdtrc")
def chdtrc(v: Any, x: Any) -> Any:
    """1 - chdtr(v, x)."""
    return gammaincc(*lifted(v / 2, x / 2))


@composed("gdtr")
def gdtr(a: Any, b: Any, x: Any) -> Any:
    """The distribution function of gamma with rate a and shape b."""
    return gammainc(*lifted(b, a * x))


@composed("gdtrc")
def gdtrc(a: Any, b: Any, x: Any) -> Any:
    """1 - gdtr(a, b, x)."""
    return gammaincc(*lifted(b, a * x))


@composed("pdtr")
def pdtr(successes: Any, rate: Any) -> Any:
    """Poisson's distribution function: at most so many at this rate."""
    successes, rate = lifted(successes, rate)
    return gammaincc(floor(successes) + 1, rate)


@composed("pdtrc")
def pdtrc(successes: Any, rate: Any) -> Any:
    """1 - pdtr(successes, rate)."""
    successes, rate = lifted(successes, rate)
    return gammainc(floor(successes) + 1, rate)


@composed("bdtr")
def bdtr(successes: Any, trials: Any, p: Any) -> Any:
    """The binomial distribution function: at most so many of these trials."""
    successes, trials, p = lifted(successes, trials, p)
    return betainc(trials - floor(successes), floor(successes) + 1, 1 - p)


@composed("bdtrc")
def bdtrc(successes: Any, trials: Any, p: Any) -> Any:
    """1 - bdtr(successes, trials, p)."""
    successes, trials, p = lifted(successes, trials, p)
    return betainc(floor(successes) + 1, trials - floor(successes), p)


@composed("nbdtr")
def nbdtr(failures: Any, successes: Any, p: Any) -> Any:
    """The negative binomial distribution function."""
    failures, successes, p = lifted(failures, successes, p)
    return betainc(successes, floor(failures) + 1, p)


@composed("nbdtrc")
def nbdtrc(failures: Any, successes: Any, p: Any) -> Any:
    """1 - nbdtr(failures, successes, p)."""
    failures, successes, p = lifted(failures, successes, p)
    return betaincc(successes, floor(failures) + 1, p)


@composed("fdtr")
def fdtr(dfn: Any, dfd: Any, x: Any) -> Any:
    """The distribution function of F."""
    dfn, dfd, x = lifted(dfn, dfd, x)
    return betainc(dfn / 2, dfd / 2, dfn * x / (dfn * x + dfd))


@composed("fdtrc")
def fdtrc(dfn: Any, dfd: Any, x: Any) -> Any:
    """1 - fdtr(dfn, dfd, x)."""
    dfn, dfd, x = lifted(dfn, dfd, x)
    return betainc(dfd / 2, dfn / 2, dfd / (dfd + dfn * x))


@composed("multigammaln")
def multigammaln(a: Any, d: int) -> Any:
    """The logarithm of the multivariate gamma function of dimension d."""
    if isinstance(d, Expr) or d != int(d) or d < 1:
        raise InputError(f"multigammaln: the dimension is a number 1, 2, ..., not {d!r}")
    total: Any = d * (d - 1) / 4 * float(np.log(np.pi))
    for j in range(within("nodes", int(d), "multigammaln")):
        total = total + gammaln(a - j / 2)
    return total


@composed("harmonic")
def harmonic(x: Any) -> Any:
    """The harmonic number: digamma(x + 1) + euler_gamma."""
    return digamma(x + 1) + float(np.euler_gamma)
