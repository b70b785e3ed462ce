"""Special functions under scipy.special's names, sympy's and mpmath's as aliases."""

from fractions import Fraction
from math import inf
from typing import Any

import numpy as np

from ..facets import every, keeps
from ..graph import Graph
from ..lazy import module
from ..op import FUNCTIONS, OPS, Op, Unknown, elementwise, function
from .elementwise import cos, cosh, exp, exponent, floor, log, log1p, safe_divide, sin, sinh, sqrt, tanh
from .piecewise import abs, equal, not_equal, where
from .products import ABSORB


def _pi(x: Any) -> Any:
    return x.graph.constant(float(np.pi))


def _positive(x: Any) -> Any:
    return x > 0


def _nonzero(x: Any) -> Any:
    return not_equal(x, 0)


def _off_poles(x: Any) -> Any:
    """All but 0, -1, -2, ..."""
    return (x > 0) | not_equal(x, floor(x))


def _scipy(name: str, *xs: Any) -> Any:
    return getattr(module("scipy.special"), name)(*xs)


# --- error functions ----------------------------------------------------------------------------------------

erf = elementwise(
    "erf", "scipy.special:erf", lambda x: 2 / sqrt(_pi(x)) * exp(-(x**2)), doc="error function",
    parity="odd", limits=(-1, 0, 1), image="(-1, 1)", finite=True, monotone="strictly increasing",
    inverse="erfinv", complement=("erfc", 1), names={"libm": "erf"},
)  # fmt: skip
erfc = elementwise(
    "erfc", "scipy.special:erfc", lambda x: -2 / sqrt(_pi(x)) * exp(-(x**2)), doc="1 - erf(x)",
    limits=(2, 1, 0), image="(0, 2)", finite=True, monotone="strictly decreasing",
    inverse="erfcinv", complement=("erf", 1), names={"libm": "erfc"},
)  # fmt: skip
erfi = elementwise(
    "erfi", "scipy.special:erfi", lambda x: 2 / sqrt(_pi(x)) * exp(x**2), doc="-i*erf(i*x)",
    parity="odd", limits=(-inf, 0, inf), monotone="strictly increasing",
)  # fmt: skip
erfcx = elementwise(
    "erfcx", "scipy.special:erfcx", lambda x: OPS["erfcx_1"](x), doc="exp(x**2)*erfc(x)",
    limits=(inf, 1, 0), image="(0, inf)", monotone="strictly decreasing",
    names={"sympy": lambda s, x: s.exp(x**2) * s.erfc(x)},
)  # fmt: skip
log_cosh = elementwise(
    "log_cosh", lambda x: _log_cosh_values(x), lambda x: tanh(x), public=False, doc="log(cosh(x)), without overflow",
    parity="even", limits=(inf, 0, inf), image="[0, inf)", finite=True,
    names={"sympy": lambda s, x: s.log(s.cosh(x))}, composition=lambda x: _log_cosh(x),
    textbook=lambda x: log(cosh(x)),
)  # fmt: skip


def _log_cosh_values(x: Any) -> Any:
    a = np.abs(x)
    return np.where(a < 1, np.log1p(2 * np.sinh(np.minimum(a, 1) / 2) ** 2), a + np.log1p(np.exp(-2 * a)) - np.log(2))


def _log_cosh(x: Any) -> Any:
    """log1p(2*sinh(x/2)**2) near 0, abs(x) + log1p(exp(-2*abs(x))) - log(2) elsewhere"""
    a = abs(x)
    near = log1p(2 * sinh(FUNCTIONS["minimum"](a, 1) / 2) ** 2)
    return where(a < 1, near, a + log1p(exp(-2 * a)) - float(np.log(2)))


log_erfc = elementwise(
    "log_erfc", lambda x: _log_erfc_values(x), lambda x: OPS["log_erfc_1"](x), public=False,
    doc="log(erfc(x)), without underflow", limits=(float(np.log(2)), 0, -float("inf")), monotone="strictly decreasing",
    names={"sympy": lambda s, x: s.log(s.erfc(x))}, composition=lambda x: _log_erfc(x),
    textbook=lambda x: log(erfc(x)),
)  # fmt: skip


def _log_erfc_values(x: Any) -> Any:
    far = _scipy("log_ndtr", -np.sqrt(2) * np.asarray(x)) + np.log(2)
    return np.where(np.less(x, 0.5), np.log1p(-_scipy("erf", np.minimum(x, 0.5))), far)


def _log_erfc(x: Any) -> Any:
    """log1p(-erf(x)) near 0 and left of it, log_ndtr(-sqrt(2)*x) + log(2) elsewhere"""
    near = log1p(-erf(FUNCTIONS["minimum"](x, 0.5)))
    return where(x < 0.5, near, log_ndtr(-float(np.sqrt(2)) * x) + float(np.log(2)))


erfinv = elementwise(
    "erfinv", "scipy.special:erfinv", lambda x: sqrt(_pi(x)) / 2 * exp(erfinv(x) ** 2),
    domain=lambda x: abs(x) < 1, samples=(-0.8, 0.8), doc="inverse of erf",
    parity="odd", limits=(None, 0, None), monotone="strictly increasing", inverse="erf",
    latex=r"\operatorname{erf}^{-1}",
)  # fmt: skip
erfcinv = elementwise(
    "erfcinv", "scipy.special:erfcinv", lambda x: -sqrt(_pi(x)) / 2 * exp(erfcinv(x) ** 2),
    domain=lambda x: (x > 0) & (x < 2), samples=(0.2, 1.8), doc="inverse of erfc",
    limits=(None, inf, None), monotone="strictly decreasing", inverse="erfc",
    names={"sympy": lambda s, x: s.erfinv(1 - x)},
    composition=lambda x: ndtri(x / 2) / -float(np.sqrt(2)),
    latex=r"\operatorname{erfc}^{-1}",
)  # fmt: skip
dawsn = elementwise(
    "dawsn", "scipy.special:dawsn", lambda x: OPS["dawsn_1"](x), doc="Dawson's integral",
    parity="odd", limits=(0, 0, 0), image="[-1, 1]", finite=True, facts=keeps("positive", "nonzero"),
    names={"sympy": lambda s, x: s.sqrt(s.pi) / 2 * s.exp(-(x**2)) * s.erfi(x)}, latex=r"\operatorname{D}",
)  # fmt: skip
ndtr = elementwise(
    "ndtr",
    "scipy.special:ndtr",
    lambda x: exp(-(x**2) / 2) / sqrt(2 * _pi(x)),
    doc="the normal distribution function",
    limits=(0, Fraction(1, 2), 1), image="(0, 1)", finite=True, monotone="strictly increasing", inverse="ndtri",
    names={"sympy": lambda s, x: s.erfc(-x / s.sqrt(2)) / 2}, latex=r"\Phi",
)  # fmt: skip
log_ndtr = elementwise(
    "log_ndtr", "scipy.special:log_ndtr", lambda x: OPS["log_ndtr_1"](x),
    doc="log(ndtr(x)), accurate for negative x",
    limits=(-inf, -float(np.log(2)), 0), image="(-inf, 0)", monotone="strictly increasing",
    names={"sympy": lambda s, x: s.log(s.erfc(-x / s.sqrt(2)) / 2)}, latex=r"\log\Phi",
)  # fmt: skip
ndtri = elementwise(
    "ndtri", "scipy.special:ndtri", lambda x: sqrt(2 * _pi(x)) * exp(ndtri(x) ** 2 / 2),
    domain=lambda x: (x > 0) & (x < 1), samples=(0.1, 0.9), doc="inverse of ndtr",
    limits=(None, -inf, None), monotone="strictly increasing", inverse="ndtr",
    names={"sympy": lambda s, x: s.sqrt(2) * s.erfinv(2 * x - 1)}, latex=r"\Phi^{-1}",
)  # fmt: skip

# --- gamma and its relatives --------------------------------------------------------------------------------



def _by_order(name: str) -> Unknown:
    return Unknown(f"the derivative by the order of {name} is not known; an order of the type int64 needs none")




def _sign_of_gamma(x: Any) -> Any:
    """1 for x > 0, and in turn -1, 1, -1, ... between the poles below."""
    return where(x > 0, 1, 1 - 2 * FUNCTIONS["remainder"](floor(x), 2))


def _from_logarithm(x: Any) -> Any:
    return where((x < 0) & equal(x, floor(x)), float(np.nan), _sign_of_gamma(x) * exp(gammaln(x)))


def _jax_polygamma(n: Any, x: Any) -> Any:
    """jax's begins at order 1."""
    jsp, jnp = module("jax.scipy.special", "jax"), module("jax.numpy", "jax")
    return jnp.where(jnp.asarray(n) == 0, jsp.digamma(x), jsp.polygamma(jnp.maximum(n, 1), x))


gamma = elementwise(
    "gamma", "scipy.special:gamma", lambda x: gamma(x) * digamma(x), domain=_off_poles, samples=(0.4, 3),
    facts=every("positive"), latex=r"\Gamma", composition=lambda x: _from_logarithm(x), names={"libm": "tgamma"},
    doc="the gamma function: (x - 1)! at whole x",
)  # fmt: skip
gammaln = elementwise(
    "gammaln", "scipy.special:gammaln", lambda x: digamma(x),
    domain=_off_poles, samples=(0.4, 3), aliases=("loggamma", "lgamma"), doc="log(abs(gamma(x)))",
    latex=r"\log\Gamma", names={"sympy": lambda s, x: s.log(s.Abs(s.gamma(x)))},
)  # fmt: skip
digamma = elementwise(
    "digamma", "scipy.special:digamma", lambda x: polygamma(1, x),
    domain=_off_poles, samples=(0.4, 3), aliases=("psi",), doc="derivative of gammaln",
    latex=r"\psi", names={"sympy": lambda s, x: s.polygamma(0, x)},
)  # fmt: skip
polygamma = elementwise(
    "polygamma", lambda n, x: _polygamma_values(n, x), _by_order("polygamma"), lambda n, x: polygamma(n + 1, x),
    samples=((1, 1), (0.4, 3)), reach=(300, inf), doc="n-th derivative of digamma",
    names={
        "torch": lambda torch, n, x: torch.special.polygamma(int(n), x),
        "jax": lambda jnp, n, x: _jax_polygamma(n, x),
    },
    latex=r"\psi^{\left(#\right)}",
)  # fmt: skip
betaln = elementwise(
    "betaln", "scipy.special:betaln",
    lambda a, b: _slope_of_betaln(a, b),
    lambda a, b: _slope_of_betaln(b, a),
    samples=(0.4, 3), commutes=True, doc="log(abs(beta(a, b)))",
    names={"sympy": lambda s, x, y: s.log(s.Abs(s.beta(x, y)))},
    composition=lambda a, b: gammaln(a) + gammaln(b) - gammaln(a + b),
    latex=r"\log\operatorname{B}",
)  # fmt: skip
beta = elementwise(
    "beta", "scipy.special:beta",
    lambda a, b: beta(a, b) * _slope_of_betaln(a, b),
    lambda a, b: beta(a, b) * _slope_of_betaln(b, a),
    samples=(0.4, 3), commutes=True, doc="gamma(a)*gamma(b)/gamma(a + b)",
    facts=every("positive"), composition=lambda a, b: _sign_of_gamma(a) * _sign_of_gamma(b) * _sign_of_gamma(a + b)
    * exp(betaln(a, b)),
    latex=r"\operatorname{B}",
)  # fmt: skip


def _slope_of_betaln(a: Any, b: Any) -> Any:
    """digamma(a) - digamma(a + b)"""
    return -OPS["gammaln_difference_1"](a, b)


def _polygamma_values(n: Any, x: Any) -> Any:
    """scipy's; by reflection for x < 0: (-1)**n*psi_n(1 - x) - psi_n(x) is the n-th derivative of pi*cot(pi*x)."""
    value = _scipy("polygamma", n, np.abs(x))  # whose loop takes a step per unit below 0
    x, order = np.broadcast_arrays(x, n)
    for k in np.unique(order[x < 0]):
        below = (x < 0) & (order == k)
        slopes = np.polynomial.Polynomial([0.0, np.pi])  # of pi*cot, as polynomials in cot: cot' = -pi*(1 + cot**2)
        for _ in range(int(k)):
            slopes = slopes.deriv() * np.polynomial.Polynomial([-np.pi, 0.0, -np.pi])
        y = x[below]
        turned = np.tan(np.pi * (y - np.round(y)))
        value = np.array(value)
        value[below] = (-1) ** int(k) * _scipy("polygamma", k, 1 - y) - slopes(1 / turned)
    return value


@function("factorial")
def factorial(x: Any) -> Any:
    """gamma(x + 1)."""
    return gamma(x + 1)


# --- entropies ----------------------------------------------------------------------------------------------

xlogy = elementwise(
    "xlogy", "scipy.special:xlogy", lambda x, y: xlogy(1, y), lambda x, y: safe_divide(x, y),
    domain=lambda x, y: (y > 0) | equal(x, 0), samples=((-2, 2), (0.3, 2)), special=3,
    doc="x*log(y), and 0 where x is 0",
    names={"sympy": lambda s, x, y: s.Piecewise((0, s.Eq(x, 0)), (x * s.log(y), True))},
    composition=lambda x, y: where(equal(x, 0) & equal(y, y), 0, x * log(where(equal(x, 0) & equal(y, y), 1, y))),
)  # fmt: skip


def _relative_entropy(x: Any, y: Any) -> Any:
    inside = (x >= 0) & (y >= 0) & ((y > 0) | equal(x, 0))
    return where(inside | not_equal(x, x) | not_equal(y, y), xlogy(x, x / where(equal(y, 0), 1, y)), inf)


xlog1py = elementwise(
    "xlog1py", "scipy.special:xlog1py", lambda x, y: log1p(y), lambda x, y: safe_divide(x, 1 + y),
    domain=lambda x, y: (y > -1) | equal(x, 0), samples=((-2, 2), (-0.5, 2)),
    doc="x*log1p(y), and 0 where x is 0",
    names={"sympy": lambda s, x, y: s.Piecewise((0, s.Eq(x, 0)), (x * s.log(1 + y), True))},
    composition=lambda x, y: where(equal(x, 0) & equal(y, y), 0, x * log1p(where(equal(x, 0) & equal(y, y), 0, y))),
)  # fmt: skip
entr = elementwise(
    "entr", "scipy.special:entr", lambda x: -log(x) - 1,
    domain=lambda x: x >= 0, samples=(0.3, 2), doc="-x*log(x), and 0 at 0",
    limits=(None, 0, -inf), names={"sympy": lambda s, x: -x * s.log(x)},
    composition=lambda x: where(x < 0, -float(np.inf), -xlogy(abs(x), abs(x))),
)  # fmt: skip
rel_entr = elementwise(
    "rel_entr", "scipy.special:rel_entr", lambda x, y: log(x / y) + 1, lambda x, y: -x / y,
    domain=lambda x, y: ((x > 0) & (y > 0)) | (equal(x, 0) & (y >= 0)), samples=(0.3, 2),
    doc="x*log(x/y), and 0 where x is 0",
    names={"sympy": lambda s, x, y: x * s.log(x / y), "jax": ""}, composition=lambda x, y: _relative_entropy(x, y),
    latex=r"\operatorname{KL}",
)  # fmt: skip



def _absorb_xlogy(g: Graph, n: int, labels: tuple, m: int, other: tuple, out: tuple, _: bool) -> int | None:
    """other * xlogy(1, y) = xlogy(other, y), and so within: 0 where the other is, also against log(0)."""
    logs: list[int] = []
    x = n
    while g._op[x] is xlogy:
        x, y = g._inputs[x]
        logs.append(y)
    if g._params[x] != ("int", 1) or other != out or labels != out[len(out) - len(labels) :]:
        return None
    for y in reversed(logs):
        m = g.append(xlogy, (m, y))
    return m


ABSORB[xlogy] = _absorb_xlogy

# --- Bessel functions ---------------------------------------------------------------------------------------
# the derivatives hold at 0 too: they have no 1/x


def _of_order(name: str, partial: Any, x: tuple[float, float], values: Any = None, **fields: Any) -> Op:
    evaluate = values or f"scipy.special:{name}"
    return elementwise(name, evaluate, _by_order(name), partial, samples=((1, 1), x), **fields)


jv = _of_order(
    "jv", lambda n, x: (jv(n - 1, x) - jv(n + 1, x)) / 2, (0.3, 3), aliases=("besselj",),
    order_sign=-1, latex="J_{#}", names={"sympy": "besselj"}, doc="Bessel function of the first kind of order n at x",
)  # fmt: skip
yv = _of_order(
    "yv", lambda n, x: (yv(n - 1, x) - yv(n + 1, x)) / 2, (0.3, 3), aliases=("bessely",),
    order_sign=-1, latex="Y_{#}", reach=(1e6, inf), names={"sympy": "bessely"},
    doc="Bessel function of the second kind of order n at x",
)  # fmt: skip
iv = _of_order(
    "iv", lambda n, x: (iv(n - 1, x) + iv(n + 1, x)) / 2, (0.3, 2), aliases=("besseli",),
    order_sign=1, latex="I_{#}", names={"sympy": "besseli"},
    doc="modified Bessel function of the first kind of order n at x",
)  # fmt: skip
kv = _of_order(
    "kv", lambda n, x: -(kv(n - 1, x) + kv(n + 1, x)) / 2, (0.3, 3), aliases=("besselk",),
    order_sign=1, latex="K_{#}", names={"sympy": "besselk"},
    doc="modified Bessel function of the second kind of order n at x",
)  # fmt: skip
def _spherical_values(name: str, sign: int) -> Any:
    """scipy's; x**n/(2*n + 1)!!*(1 -+ x**2/(4*n + 6)) near 0, where its own vanish."""

    def values(n: Any, x: Any) -> Any:
        near = np.abs(x) < 1e-4
        v = np.where(near, x, 0.0)
        first = np.exp2(-np.asarray(n) - 1.0) * np.sqrt(np.pi) * _scipy("rgamma", np.asarray(n) + 1.5) * v**n
        return np.where(near, first * (1 + sign * v**2 / (4 * np.asarray(n) + 6)), _scipy(name, n, x))

    return values


spherical_jn = _of_order(
    "spherical_jn", lambda n, x: _spherical_slope(spherical_jn, -1, n, x), (0.3, 3),
    _spherical_values("spherical_jn", -1), doc="sin(x)/x at order 0",
    latex=r"\mathrm{j}_{#}", reach=(1e5, inf), names={"sympy": "jn"},
)
spherical_in = _of_order(
    "spherical_in", lambda n, x: _spherical_slope(spherical_in, 1, n, x), (0.3, 2),
    _spherical_values("spherical_in", 1), doc="sinh(x)/x at order 0",
    latex=r"\mathrm{i}_{#}"
)


def _spherical_slope(f: Any, sign: int, n: Any, x: Any) -> Any:
    """f_n' = (n f_(n-1) + sign (n + 1) f_(n+1)) / (2n + 1)"""
    if exponent(n) == 0:
        return sign * f(1, x)
    return (n * f(n - 1, x) + sign * (n + 1) * f(n + 1, x)) / (2 * n + 1)


j0 = elementwise(
    "j0", "scipy.special:j0", lambda x: -j1(x), samples=(0.3, 3),
    parity="even", limits=(None, 1, None), image="[-1, 1]", finite=True,
    names={"sympy": lambda s, x: s.besselj(0, x), "torch": "bessel_j0"},
    latex="J_{0}", doc="Bessel function of the first kind of order 0",
)  # fmt: skip
j1 = elementwise(
    "j1", "scipy.special:j1", lambda x: (j0(x) - jv(2, x)) / 2, samples=(0.3, 3),
    parity="odd", limits=(None, 0, None), image="[-1, 1]", finite=True,
    names={"sympy": lambda s, x: s.besselj(1, x), "torch": "bessel_j1"},
    latex="J_{1}", doc="Bessel function of the first kind of order 1",
)  # fmt: skip
y0 = elementwise(
    "y0", "scipy.special:y0", lambda x: -y1(x), domain=_positive, samples=(0.3, 3),
    limits=(None, -inf, None), names={"sympy": lambda s, x: s.bessely(0, x), "torch": "bessel_y0"},
    latex="Y_{0}", doc="Bessel function of the second kind of order 0",
)  # fmt: skip
y1 = elementwise(
    "y1", "scipy.special:y1", lambda x: (y0(x) - yv(2, x)) / 2, domain=_positive, samples=(0.3, 3),
    limits=(None, -inf, None), names={"sympy": lambda s, x: s.bessely(1, x), "torch": "bessel_y1"},
    latex="Y_{1}", doc="Bessel function of the second kind of order 1",
)  # fmt: skip
i0 = elementwise(
    "i0", "scipy.special:i0", lambda x: i1(x), samples=(0.3, 2),
    parity="even", limits=(None, 1, None), image="[1, inf)", names={"sympy": lambda s, x: s.besseli(0, x)},
    latex="I_{0}", doc="modified Bessel function of the first kind of order 0",
)  # fmt: skip
i1 = elementwise(
    "i1", "scipy.special:i1", lambda x: (i0(x) + iv(2, x)) / 2, samples=(0.3, 2),
    parity="odd", limits=(None, 0, None), monotone="strictly increasing",
    names={"sympy": lambda s, x: s.besseli(1, x)}, latex="I_{1}",
    doc="modified Bessel function of the first kind of order 1",
)  # fmt: skip
k0 = elementwise(
    "k0", "scipy.special:k0", lambda x: -k1(x), domain=_positive, samples=(0.3, 3),
    limits=(None, inf, 0), image="(0, inf)", monotone="strictly decreasing",
    names={"sympy": lambda s, x: s.besselk(0, x), "torch": "modified_bessel_k0"},
    latex="K_{0}", doc="modified Bessel function of the second kind of order 0",
)  # fmt: skip
k1 = elementwise(
    "k1", "scipy.special:k1", lambda x: -(k0(x) + kv(2, x)) / 2, domain=_positive, samples=(0.3, 3),
    limits=(None, inf, 0), image="(0, inf)", monotone="strictly decreasing",
    names={"sympy": lambda s, x: s.besselk(1, x), "torch": "modified_bessel_k1"},
    latex="K_{1}", doc="modified Bessel function of the second kind of order 1",
)  # fmt: skip

sinc = elementwise(
    "sinc", lambda x: _sinc(np.asarray(x)), lambda x: OPS["sinc_1"](x), doc="sin(pi*x)/(pi*x), 0 at whole numbers",
    parity="even", limits=(None, 1, None), image="[-1, 1]", names={"sympy": lambda s, x: s.sinc(s.pi * x)},
    composition=lambda x: _sinc(x), samples=(0.2, 1.9),
)  # fmt: skip


def sine_of_turns(n: int, x: Any) -> Any:
    """The n-th derivative of sin(pi*x)/pi, of the part of x beside the nearest even number, which is exact."""
    turned = float(np.pi) * (x - 2 * FUNCTIONS["round"](x / 2))
    value = cos(turned) if n % 2 else sin(turned)
    return float(np.pi) ** (n - 1) * (-value if n % 4 > 1 else value)


def _sinc(x: Any) -> Any:
    y = where(equal(x, 0), 1e-20, x)
    return sine_of_turns(0, y) / y

# --- integrals ----------------------------------------------------------------------------------------------

Si = elementwise(
    "Si", lambda x: _scipy("sici", x)[0], lambda x: OPS["sin_quotient_0"](x),
    aliases=("si",), doc="integral of sin(t)/t from 0 to x",
    parity="odd", limits=(-float(np.pi) / 2, 0, float(np.pi) / 2), image="[-2, 2]", finite=True,
    facts=keeps("positive", "nonzero"), latex=r"\operatorname{Si}",
    names={"scipy": "sici[0]"},
)  # fmt: skip
Ci = elementwise(
    "Ci", lambda x: _scipy("sici", x)[1], lambda x: cos(x) / x,
    domain=_nonzero, samples=(0.3, 3), aliases=("ci",), doc="cosine integral, even in x",
    parity="even", limits=(None, -inf, 0), latex=r"\operatorname{Ci}",
    names={"scipy": "sici[1]"},
)  # fmt: skip
Shi = elementwise(
    "Shi", lambda x: _scipy("shichi", x)[0], lambda x: OPS["sinh_quotient_0"](x),
    aliases=("shi",), doc="integral of sinh(t)/t from 0 to x",
    parity="odd", limits=(-inf, 0, inf), monotone="strictly increasing", latex=r"\operatorname{Shi}",
    names={"scipy": "shichi[0]"},
)  # fmt: skip
Chi = elementwise(
    "Chi", lambda x: _scipy("shichi", x)[1], lambda x: OPS["Chi_1"](x),
    domain=_nonzero, samples=(0.3, 3), aliases=("chi",), doc="hyperbolic cosine integral, even in x",
    parity="even", limits=(None, -inf, inf), latex=r"\operatorname{Chi}",
    names={"scipy": "shichi[1]"},
)  # fmt: skip
expi = elementwise(
    "expi", "scipy.special:expi", lambda x: OPS["expi_1"](x),
    domain=_nonzero, samples=(0.3, 2), aliases=("Ei", "ei"), doc="exponential integral Ei",
    limits=(0, -inf, inf), names={"sympy": "Ei"}, latex=r"\operatorname{Ei}",
)  # fmt: skip
exp1 = elementwise(
    "exp1", "scipy.special:exp1", lambda x: -exp(-x) / x,
    domain=_positive, samples=(0.3, 2), aliases=("E1", "e1"), doc="exponential integral E1",
    limits=(None, inf, 0), image="(0, inf)", monotone="strictly decreasing",
    names={"sympy": lambda s, x: s.expint(1, x)}, latex=r"\operatorname{E}_{1}",
)  # fmt: skip
fresnels = elementwise(
    "fresnels",
    lambda x: _scipy("fresnel", x)[0],
    lambda x: sin(_pi(x) / 2 * x**2),
    doc="Fresnel sine integral",
    parity="odd", limits=(-0.5, 0, 0.5), image="[-1, 1]", latex=r"\operatorname{S}", names={"scipy": "fresnel[0]"},
)  # fmt: skip
fresnelc = elementwise(
    "fresnelc",
    lambda x: _scipy("fresnel", x)[1],
    lambda x: cos(_pi(x) / 2 * x**2),
    doc="Fresnel cosine integral",
    parity="odd", limits=(-0.5, 0, 0.5), image="[-1, 1]", latex=r"\operatorname{C}", names={"scipy": "fresnel[1]"},
)  # fmt: skip
spence = elementwise(
    "spence", "scipy.special:spence", lambda x: OPS["spence_1"](x),
    domain=lambda x: x >= 0, samples=(1.2, 3), doc="dilogarithm of 1 - x",
    limits=(None, float(np.pi) ** 2 / 6, None), monotone="strictly decreasing",
    names={"sympy": lambda s, x: s.polylog(2, 1 - x)},
)  # fmt: skip

# --- others -------------------------------------------------------------------------------------------------

lambertw = elementwise(
    "lambertw", lambda x: _lambertw_values(x), lambda x: exp(-lambertw(x)) / (1 + lambertw(x)),
    domain=lambda x: x >= -float(np.exp(-1)), samples=(0.2, 3), aliases=("LambertW",),
    doc="the principal real branch of w*exp(w) = x",
    limits=(None, 0, inf), image="[-1, inf)", monotone="strictly increasing", names={"sympy": "LambertW"},
    latex=r"\operatorname{W}",
)  # fmt: skip
ellipk = elementwise(
    "ellipk", "scipy.special:ellipk", lambda x: OPS["ellipk_1"](x),
    domain=lambda m: m < 1, samples=(0.2, 0.8), aliases=("elliptic_k",),
    doc="complete elliptic integral of the first kind of the parameter m",
    limits=(0, float(np.pi) / 2, None), image="(0, inf)", monotone="strictly increasing",
    names={"sympy": "elliptic_k"}, latex=r"\operatorname{K}",
)  # fmt: skip
ellipe = elementwise(
    "ellipe", "scipy.special:ellipe", lambda x: OPS["ellipe_1"](x),
    domain=lambda m: m <= 1, samples=(0.2, 0.8), aliases=("elliptic_e",),
    doc="complete elliptic integral of the second kind of the parameter m",
    limits=(inf, float(np.pi) / 2, None), image="[1, inf)", monotone="strictly decreasing",
    names={"sympy": "elliptic_e"}, latex=r"\operatorname{E}",
)  # fmt: skip


def _lambertw_values(x: Any) -> Any:
    return np.where(np.asarray(x) >= -np.exp(-1), np.real(_scipy("lambertw", x)), np.nan)


@function("exprel")
def exprel(x: Any) -> Any:
    """(exp(x) - 1)/x, and its limit 1 at 0."""
    return OPS["expm1_quotient_0"](x)
