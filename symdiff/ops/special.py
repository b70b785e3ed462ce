"""Special functions under scipy.special's names, sympy's and mpmath's as aliases."""

from typing import Any

import numpy as np

from ..lazy import module
from ..op import FUNCTIONS, Zero, elementwise, function
from .elementwise import cos, exp, log, safe_divide, sin, sqrt

_TWO_OVER_SQRT_PI = float(2 / np.sqrt(np.pi))
_SQRT_2PI = float(np.sqrt(2 * np.pi))

# --- error functions -----------------------------------------------------------------------------------------------

erf = elementwise("erf", "scipy.special:erf", lambda x: 2 / sqrt(_pi(x)) * exp(-(x**2)))
erfc = elementwise("erfc", "scipy.special:erfc", lambda x: -2 / sqrt(_pi(x)) * exp(-(x**2)))
erfi = elementwise("erfi", "scipy.special:erfi", lambda x: 2 / sqrt(_pi(x)) * exp(x**2))
erfcx = elementwise("erfcx", "scipy.special:erfcx", lambda x: 2 * x * erfcx(x) - 2 / sqrt(_pi(x)))
erfinv = elementwise("erfinv", "scipy.special:erfinv", lambda x: sqrt(_pi(x)) / 2 * exp(erfinv(x) ** 2), domain=lambda x: FUNCTIONS["abs"](x) < 1, samples=(-0.8, 0.8))
erfcinv = elementwise("erfcinv", "scipy.special:erfcinv", lambda x: -sqrt(_pi(x)) / 2 * exp(erfcinv(x) ** 2), domain=lambda x: (x > 0) & (x < 2), samples=(0.2, 1.8))
dawsn = elementwise("dawsn", "scipy.special:dawsn", lambda x: 1 - 2 * x * dawsn(x))
ndtr = elementwise("ndtr", "scipy.special:ndtr", lambda x: exp(-(x**2) / 2) / sqrt(2 * _pi(x)), doc="the normal distribution function")
log_ndtr = elementwise("log_ndtr", "scipy.special:log_ndtr", lambda x: exp(-(x**2) / 2 - log_ndtr(x)) / sqrt(2 * _pi(x)))
ndtri = elementwise("ndtri", "scipy.special:ndtri", lambda x: sqrt(2 * _pi(x)) * exp(ndtri(x) ** 2 / 2), domain=lambda x: (x > 0) & (x < 1), samples=(0.1, 0.9))


def _pi(x: Any) -> Any:
    return x.graph.constant(float(np.pi))


# --- gamma and its relatives ---------------------------------------------------------------------------------------

gamma = elementwise("gamma", "scipy.special:gamma", lambda x: gamma(x) * digamma(x), samples=(0.4, 3))
gammaln = elementwise("gammaln", "scipy.special:gammaln", lambda x: digamma(x), samples=(0.4, 3), aliases=("loggamma", "lgamma"))
digamma = elementwise("digamma", "scipy.special:digamma", lambda x: polygamma(1, x), samples=(0.4, 3), aliases=("psi",))
polygamma = elementwise(
    "polygamma", "scipy.special:polygamma", Zero("the order is an integer"), lambda n, x: polygamma(n + 1, x), samples=((1, 1), (0.4, 3)),
)  # fmt: skip
betaln = elementwise(
    "betaln", "scipy.special:betaln", lambda a, b: digamma(a) - digamma(a + b), lambda a, b: digamma(b) - digamma(a + b), samples=(0.4, 3)
)  # fmt: skip
beta = elementwise(
    "beta", "scipy.special:beta", lambda a, b: beta(a, b) * (digamma(a) - digamma(a + b)), lambda a, b: beta(a, b) * (digamma(b) - digamma(a + b)), samples=(0.4, 3)
)  # fmt: skip

# --- entropies -------------------------------------------------------------------------------------------------------

xlogy = elementwise("xlogy", "scipy.special:xlogy", lambda x, y: log(y), lambda x, y: x / y, domain=lambda x, y: y > 0, samples=((-2, 2), (0.3, 2)), doc="x*log(y), and 0 where x is 0")
xlog1py = elementwise("xlog1py", "scipy.special:xlog1py", lambda x, y: FUNCTIONS["log1p"](y), lambda x, y: x / (1 + y), domain=lambda x, y: y > -1, samples=((-2, 2), (-0.5, 2)))
entr = elementwise("entr", "scipy.special:entr", lambda x: -log(x) - 1, domain=lambda x: x > 0, samples=(0.3, 2), doc="-x*log(x)")
rel_entr = elementwise("rel_entr", "scipy.special:rel_entr", lambda x, y: log(x / y) + 1, lambda x, y: -x / y, domain=lambda x, y: (x > 0) & (y > 0), samples=(0.3, 2), doc="x*log(x/y)")

# --- integrals -------------------------------------------------------------------------------------------------------

Si = elementwise("Si", lambda x: _sici(x)[0], lambda x: safe_divide(sin(x), x), samples=(0.3, 3), aliases=("si",), doc="integral of sin(t)/t from 0 to x")
Ci = elementwise("Ci", lambda x: _sici(x)[1], lambda x: cos(x) / x, domain=lambda x: x > 0, samples=(0.3, 3), aliases=("ci",), doc="cosine integral")
Shi = elementwise("Shi", lambda x: _shichi(x)[0], lambda x: safe_divide(FUNCTIONS["sinh"](x), x), samples=(0.3, 3), aliases=("shi",))
Chi = elementwise("Chi", lambda x: _shichi(x)[1], lambda x: FUNCTIONS["cosh"](x) / x, domain=lambda x: x > 0, samples=(0.3, 3), aliases=("chi",))
expi = elementwise("expi", "scipy.special:expi", lambda x: exp(x) / x, samples=(0.3, 2), aliases=("Ei", "ei"), doc="exponential integral Ei")
exp1 = elementwise("exp1", "scipy.special:exp1", lambda x: -exp(-x) / x, domain=lambda x: x > 0, samples=(0.3, 2), aliases=("E1", "e1"))
fresnels = elementwise("fresnels", lambda x: _fresnel(x)[0], lambda x: sin(_pi(x) / 2 * x**2), doc="Fresnel sine integral")
fresnelc = elementwise("fresnelc", lambda x: _fresnel(x)[1], lambda x: cos(_pi(x) / 2 * x**2), doc="Fresnel cosine integral")
spence = elementwise("spence", "scipy.special:spence", lambda x: log(x) / (1 - x), domain=lambda x: x > 0, samples=(1.2, 3), doc="dilogarithm of 1 - x")


def _scipy(name: str, x: Any) -> Any:
    return getattr(module("scipy.special"), name)(x)


def _sici(x: Any) -> Any:
    return _scipy("sici", x)


def _shichi(x: Any) -> Any:
    return _scipy("shichi", x)


def _fresnel(x: Any) -> Any:
    return _scipy("fresnel", x)


# --- Bessel functions ------------------------------------------------------------------------------------------------

j0 = elementwise("j0", "scipy.special:j0", lambda x: -j1(x), samples=(0.3, 3))
j1 = elementwise("j1", "scipy.special:j1", lambda x: j0(x) - j1(x) / x, samples=(0.3, 3))
y0 = elementwise("y0", "scipy.special:y0", lambda x: -y1(x), domain=lambda x: x > 0, samples=(0.3, 3))
y1 = elementwise("y1", "scipy.special:y1", lambda x: y0(x) - y1(x) / x, domain=lambda x: x > 0, samples=(0.3, 3))
i0 = elementwise("i0", "scipy.special:i0", lambda x: i1(x), samples=(0.3, 2))
i1 = elementwise("i1", "scipy.special:i1", lambda x: i0(x) - i1(x) / x, samples=(0.3, 2))
k0 = elementwise("k0", "scipy.special:k0", lambda x: -k1(x), domain=lambda x: x > 0, samples=(0.3, 3))
k1 = elementwise("k1", "scipy.special:k1", lambda x: -k0(x) - k1(x) / x, domain=lambda x: x > 0, samples=(0.3, 3))

# --- others ----------------------------------------------------------------------------------------------------------

lambertw = elementwise("lambertw", lambda x: np.real(_scipy("lambertw", x)), lambda x: exp(-lambertw(x)) / (1 + lambertw(x)), domain=lambda x: x > -float(np.exp(-1)), samples=(0.2, 3), aliases=("LambertW",), doc="the principal real branch of w*exp(w) = x")
ellipk = elementwise("ellipk", "scipy.special:ellipk", lambda m: (ellipe(m) - (1 - m) * ellipk(m)) / (2 * m * (1 - m)), domain=lambda m: m < 1, samples=(0.2, 0.8), aliases=("elliptic_k",), doc="complete elliptic integral of the first kind of the parameter m")
ellipe = elementwise("ellipe", "scipy.special:ellipe", lambda m: (ellipe(m) - ellipk(m)) / (2 * m), domain=lambda m: m < 1, samples=(0.2, 0.8), aliases=("elliptic_e",), doc="complete elliptic integral of the second kind of the parameter m")


@function("factorial")
def factorial(x: Any) -> Any:
    """gamma(x + 1)."""
    return gamma(x + 1)
