"""Inverses of distribution functions: F(a, q(a, p)) = p, so q' by p is 1/F'(q), and by a it is -F_a(a, q)/F'(q).
Also by a parameter: F(a, x) = p solved for a.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from ..op import OPS, Op, Unknown, elementwise
from .bessel import ive
from .composed import composed, lifted
from .distributions import (
    beta_density,
    betainc_by_a,
    betainc_by_b,
    gamma_density,
    gammainc_by_a,
    student_by_df,
    student_density,
)
from .elementwise import exp, floor, sqrt
from .piecewise import maximum, where
from .special import ndtri


def _inverse(name: str, sign: int, density: Callable[..., Any], *slopes: Callable[..., Any], **fields: Any) -> Op:
    """The inverse of F (sign 1) or 1 - F (sign -1) of this density and these slopes by the parameters."""

    def by(slope: Callable[..., Any]) -> Callable[..., Any]:
        def partial(*xs: Any) -> Any:
            at = (*xs[:-1], op(*xs))
            return -slope(*at) / density(*at)

        return partial

    def last(*xs: Any) -> Any:
        return sign / density(*xs[:-1], op(*xs))

    op = elementwise(name, f"scipy.special:{name}", *map(by, slopes), last, **fields)
    return op


_GAMMA = {"domain": lambda a, p: (a > 0) & (p >= 0) & (p <= 1), "samples": ((0.5, 3), (0.2, 0.8)), "image": "[0, inf)"}
_BETA = {
    "domain": lambda a, b, p: (a > 0) & (b > 0) & (p >= 0) & (p <= 1),
    "samples": ((0.5, 3), (0.5, 3), (0.2, 0.8)), "image": "[0, 1]",
}  # fmt: skip
gammaincinv = _inverse("gammaincinv", 1, gamma_density, gammainc_by_a, doc="the x where gammainc(a, x) is p", **_GAMMA)
gammainccinv = _inverse(
    "gammainccinv", -1, gamma_density, gammainc_by_a, doc="the x where gammaincc(a, x) is p", **_GAMMA
)
betaincinv = _inverse(
    "betaincinv", 1, beta_density, betainc_by_a, betainc_by_b, doc="the x where betainc(a, b, x) is p", **_BETA
)
betainccinv = _inverse(
    "betainccinv", -1, beta_density, betainc_by_a, betainc_by_b, doc="the x where betaincc(a, b, x) is p", **_BETA
)
stdtrit = _inverse(
    "stdtrit", 1, student_density, student_by_df, doc="the t where stdtr(df, t) is p",
    domain=lambda df, p: (df > 0) & (p >= 0) & (p <= 1), samples=((1, 5), (0.2, 0.8)),
)  # fmt: skip
ndtri_exp = elementwise(
    "ndtri_exp", "scipy.special:ndtri_exp",
    lambda y: 1 / OPS["log_ndtr_1"](ndtri_exp(y)),
    domain=lambda y: y <= 0, samples=(-3, -0.2), monotone="strictly increasing", doc="the x where log_ndtr(x) is y",
)  # fmt: skip


@composed("chdtri")
def chdtri(v: Any, p: Any) -> Any:
    """The x where chdtrc(v, x) is p."""
    v, p = lifted(v, p)
    return 2 * gammainccinv(v / 2, p)


@composed("fdtri")
def fdtri(dfn: Any, dfd: Any, p: Any) -> Any:
    """The x where fdtr(dfn, dfd, x) is p."""
    dfn, dfd, p = lifted(dfn, dfd, p)
    z = betaincinv(dfn / 2, dfd / 2, p)
    return dfd * z / (dfn * (1 - z))


@composed("pdtri")
def pdtri(k: Any, y: Any) -> Any:
    """The rate where pdtr(k, rate) is y."""
    k, y = lifted(k, y)
    return where(y < 1, gammainccinv(floor(k) + 1, y), np.nan)


@composed("bdtri")
def bdtri(k: Any, n: Any, y: Any) -> Any:
    """The p where bdtr(k, n, p) is y."""
    k, n, y = lifted(k, n, y)
    return betainccinv(floor(k) + 1, n - floor(k), y)


@composed("nbdtri")
def nbdtri(k: Any, n: Any, y: Any) -> Any:
    """The p where nbdtr(k, n, p) is y."""
    k, n, y = lifted(k, n, y)
    return betaincinv(n, floor(k) + 1, y)


@composed("gdtrix")
def gdtrix(a: Any, b: Any, p: Any) -> Any:
    """The x where gdtr(a, b, x) is p."""
    a, b, p = lifted(a, b, p)
    return gammaincinv(b, p) / a


@composed("gdtria")
def gdtria(p: Any, b: Any, x: Any) -> Any:
    """The a where gdtr(a, b, x) is p."""
    p, b, x = lifted(p, b, x)
    return gammaincinv(b, p) / x


@composed("nrdtrimn")
def nrdtrimn(p: Any, std: Any, x: Any) -> Any:
    """The mean of a normal distribution of this deviation whose distribution function is p at x."""
    p, std, x = lifted(p, std, x)
    return _within(p, x - std * ndtri(p))


@composed("nrdtrisd")
def nrdtrisd(mn: Any, p: Any, x: Any) -> Any:
    """The deviation of a normal distribution of this mean whose distribution function is p at x."""
    mn, p, x = lifted(mn, p, x)
    return _within(p, (x - mn) / ndtri(p))


def _within(p: Any, value: Any) -> Any:
    """A value, where p is a probability between 0 and 1; nan, as scipy has it, also at the ends."""
    return where((p > 0) & (p < 1), value, np.nan)


# --- solved for a parameter -----------------------------------------------------------------------------------------

gdtrib = elementwise(
    "gdtrib", "scipy.special:gdtrib",
    lambda a, p, x: -x * gamma_density(gdtrib(a, p, x), a * x) / gammainc_by_a(gdtrib(a, p, x), a * x),
    lambda a, p, x: 1 / gammainc_by_a(gdtrib(a, p, x), a * x),
    lambda a, p, x: -a * gamma_density(gdtrib(a, p, x), a * x) / gammainc_by_a(gdtrib(a, p, x), a * x),
    samples=((0.5, 2), (0.2, 0.8), (0.5, 2)), doc="the b where gdtr(a, b, x) is p",
)  # fmt: skip
btdtria = elementwise(
    "btdtria", "scipy.special:btdtria",
    lambda p, b, x: 1 / betainc_by_a(btdtria(p, b, x), b, x),
    lambda p, b, x: -betainc_by_b(btdtria(p, b, x), b, x) / betainc_by_a(btdtria(p, b, x), b, x),
    lambda p, b, x: -beta_density(btdtria(p, b, x), b, x) / betainc_by_a(btdtria(p, b, x), b, x),
    samples=((0.2, 0.8), (0.5, 2), (0.2, 0.8)), doc="the a where betainc(a, b, x) is p",
)  # fmt: skip
btdtrib = elementwise(
    "btdtrib", "scipy.special:btdtrib",
    lambda a, p, x: -betainc_by_a(a, btdtrib(a, p, x), x) / betainc_by_b(a, btdtrib(a, p, x), x),
    lambda a, p, x: 1 / betainc_by_b(a, btdtrib(a, p, x), x),
    lambda a, p, x: -beta_density(a, btdtrib(a, p, x), x) / betainc_by_b(a, btdtrib(a, p, x), x),
    samples=((0.5, 2), (0.2, 0.8), (0.2, 0.8)), doc="the b where betainc(a, b, x) is p",
)  # fmt: skip
stdtridf = elementwise(
    "stdtridf", "scipy.special:stdtridf",
    lambda p, t: 1 / student_by_df(stdtridf(p, t), t),
    lambda p, t: -student_density(stdtridf(p, t), t) / student_by_df(stdtridf(p, t), t),
    samples=((0.85, 0.87), (1.5, 1.6)), doc="the degrees of freedom where stdtr(df, t) is p",
)  # fmt: skip


@composed("pdtrik")
def pdtrik(p: Any, m: Any) -> Any:
    """The k where pdtr(k, m) is p."""
    p, m = lifted(p, m)
    return where(p < 1, maximum(gdtrib(1, 1 - p, m) - 1, 0), np.nan)


@composed("chdtriv")
def chdtriv(p: Any, x: Any) -> Any:
    """The degrees of freedom where chdtr(v, x) is p."""
    p, x = lifted(p, x)
    return 2 * gdtrib(1, p, x / 2)


# --- noncentral chi-squared, Tukey's lambda -------------------------------------------------------------------------

chndtr = elementwise(
    "chndtr", "scipy.special:chndtr",
    lambda x, df, nc: _noncentral_density(x, df, nc),
    Unknown("the derivative of chndtr by the degrees of freedom is not known", 1),
    lambda x, df, nc: (chndtr(x, df + 2, nc) - chndtr(x, df, nc)) / 2,
    samples=((0.5, 3), (1, 3), (0.5, 3)), image="[0, 1]", reach=(1e12, 1e12, 1e12),
    doc="the distribution function of noncentral chi-squared",
)  # fmt: skip


def _noncentral_density(x: Any, df: Any, nc: Any) -> Any:
    """exp(-(x + nc)/2)*(x/nc)**(df/4 - 1/2)*iv(df/2 - 1, sqrt(nc*x))/2"""
    order = df / 2 - 1
    return exp(-((sqrt(x) - sqrt(nc)) ** 2) / 2) * (x / nc) ** (order / 2) * ive(order, sqrt(nc * x)) / 2


chndtrix = elementwise(
    "chndtrix", "scipy.special:chndtrix",
    lambda p, df, nc: 1 / _noncentral_density(chndtrix(p, df, nc), df, nc),
    Unknown("the derivative of chndtrix by the degrees of freedom is not known", 1),
    lambda p, df, nc: (p - chndtr(chndtrix(p, df, nc), df + 2, nc)) / (
        2 * _noncentral_density(chndtrix(p, df, nc), df, nc)
    ),
    samples=((0.2, 0.8), (1, 3), (0.5, 3)), image="[0, inf)", reach=(1, 1e12, 1e12),
    doc="the x where chndtr(x, df, nc) is p",
)  # fmt: skip
tklmbda = elementwise(
    "tklmbda", "scipy.special:tklmbda",
    lambda x, lmbda: _tukey_density(tklmbda(x, lmbda), lmbda),
    Unknown("the derivative of tklmbda by its parameter is not known", 1),
    samples=((-0.5, 0.5), (0.3, 1.2)), image="[0, 1]",
    doc="Tukey's lambda distribution function: the inverse of (p**l - (1 - p)**l)/l",
)  # fmt: skip


def _tukey_density(p: Any, lmbda: Any) -> Any:
    """dp/dx where x = (p**l - (1 - p)**l)/l; 0 beyond the support, which is finite for l > 0."""
    return where((p > 0) & (p < 1), 1 / (p ** (lmbda - 1) + (1 - p) ** (lmbda - 1)), 0)
