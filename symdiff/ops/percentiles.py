"""Inverses of distribution functions: F(a, q(a, p)) = p, so q' by p is 1/F'(q), and by a it is -F_a(a, q)/F'(q)."""

from collections.abc import Callable
from typing import Any

import numpy as np

from ..op import Op, elementwise
from .composed import composed, lifted
from .distributions import beta_density, betainc_by_a, gamma_density, gammainc_by_a, student_by_df, student_density
from .elementwise import exp


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


def _beta_by_b(a: Any, b: Any, x: Any) -> Any:
    return -betainc_by_a(b, a, 1 - x)


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
    "betaincinv", 1, beta_density, betainc_by_a, _beta_by_b, doc="the x where betainc(a, b, x) is p", **_BETA
)
betainccinv = _inverse(
    "betainccinv", -1, beta_density, betainc_by_a, _beta_by_b, doc="the x where betaincc(a, b, x) is p", **_BETA
)
stdtrit = _inverse(
    "stdtrit", 1, student_density, student_by_df, doc="the t where stdtr(df, t) is p",
    domain=lambda df, p: (df > 0) & (p >= 0) & (p <= 1), samples=((1, 5), (0.2, 0.8)),
)  # fmt: skip
ndtri_exp = elementwise(
    "ndtri_exp", "scipy.special:ndtri_exp",
    lambda y: exp(y + ndtri_exp(y) ** 2 / 2) * float(np.sqrt(2 * np.pi)),
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
