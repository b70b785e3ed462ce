"""Kelvin's functions, integrals of Airy, Bessel and Struve functions, parabolic cylinder functions."""

from collections.abc import Callable, Sequence
from math import inf
from typing import Any

from ..budget import within
from ..lazy import module
from ..op import FUNCTIONS, OPS, Op, Unknown, elementwise
from .bessel import airyai, airybi, modstruve, struve
from .composed import composed, lifted
from .elementwise import exp, sqrt
from .piecewise import equal, maximum, where
from .special import i0, j0, jv, k0, y0


def part(name: str, k: int) -> Callable[..., Any]:
    """The values of one of the results of a function of scipy."""

    def values(*xs: Any) -> Any:
        return getattr(module("scipy.special"), name)(*xs)[k]

    return values


# --- Kelvin: w = ber + i*bei solves x*w'' + w' = i*x*w --------------------------------------------------------------


def _over(slope: Op, x: Any, at_zero: float) -> Any:
    """slope(x)/x, and its limit at 0."""
    return where(equal(x, 0), at_zero, slope(x) / where(equal(x, 0), 1.0, x))


_EVEN: dict[str, Any] = {"samples": (0.3, 3), "parity": "even"}
_RIGHT: dict[str, Any] = {"samples": (0.3, 3), "domain": lambda x: x >= 0}
ber = elementwise("ber", "scipy.special:ber", lambda x: berp(x), doc="Kelvin's function ber", **_EVEN)
bei = elementwise("bei", "scipy.special:bei", lambda x: beip(x), doc="Kelvin's function bei", **_EVEN)
berp = elementwise(
    "berp", "scipy.special:berp", lambda x: -bei(x) - _over(berp, x, 0.0),
    samples=(0.3, 3), parity="odd", doc="the derivative of ber",
)  # fmt: skip
beip = elementwise(
    "beip", "scipy.special:beip", lambda x: ber(x) - _over(beip, x, 0.5),
    samples=(0.3, 3), parity="odd", doc="the derivative of bei",
)  # fmt: skip
ker = elementwise("ker", "scipy.special:ker", lambda x: kerp(x), doc="Kelvin's function ker", **_RIGHT)
kei = elementwise("kei", "scipy.special:kei", lambda x: keip(x), doc="Kelvin's function kei", **_RIGHT)
kerp = elementwise(
    "kerp", "scipy.special:kerp", lambda x: -kei(x) - kerp(x) / x, doc="the derivative of ker", **_RIGHT
)
keip = elementwise("keip", "scipy.special:keip", lambda x: ker(x) - keip(x) / x, doc="the derivative of kei", **_RIGHT)

# --- integrals: from 0 to x, and of f(t)/t --------------------------------------------------------------------------


_POSITIVE = {"image": "[0, inf)"}


def _results(name: str, *slopes: Callable[[Any], Any], facets: Sequence[dict[str, Any]] = ()) -> None:
    """The results of a function of scipy, of these derivatives: ops of their own, and a function that gives all."""
    ops = [
        elementwise(
            f"{name}_{k}", part(name, k), slope, samples=(0.3, 3), public=False, names={"scipy": f"{name}[{k}]"},
            doc=f"result {k} of scipy's {name}", **(facets[k] if facets else {}),
        )
        for k, slope in enumerate(slopes)
    ]  # fmt: skip

    def of(x: Any) -> tuple:
        return tuple([op(x) for op in ops])

    of.__doc__ = f"The {len(ops)} results of scipy.special.{name}."
    composed(name)(of)


_results("itj0y0", lambda x: j0(x), lambda x: y0(x), facets=({"parity": "odd"}, {}))
_results("iti0k0", lambda x: i0(x), lambda x: k0(x), facets=({"parity": "odd"}, _POSITIVE))
_results("it2j0y0", lambda x: (1 - j0(x)) / x, lambda x: -y0(x) / x, facets=({"parity": "even", **_POSITIVE}, {}))
_results(
    "it2i0k0", lambda x: (i0(x) - 1) / x, lambda x: -k0(x) / x, facets=({"parity": "even", **_POSITIVE}, _POSITIVE)
)
_results("itairy", lambda x: airyai(x), lambda x: airybi(x), lambda x: airyai(-x), lambda x: airybi(-x))


def _of_struve(name: str, slope: Callable[[Any], Any], doc: str, **facets: Any) -> Op:
    return elementwise(name, f"scipy.special:{name}", slope, samples=(0.3, 3), doc=doc, **facets)


itstruve0 = _of_struve(
    "itstruve0", lambda x: struve(x.lift(0), x), "the integral of Struve's H of order 0 up to x", parity="even"
)
itmodstruve0 = _of_struve(
    "itmodstruve0", lambda x: modstruve(x.lift(0), x), "that of Struve's L of order 0 up to x", parity="even",
    **_POSITIVE,
)  # fmt: skip
it2struve0 = _of_struve(
    "it2struve0", lambda x: -struve(x.lift(0), x) / x, "that of struve(0, t)/t from x on", **_POSITIVE
)
besselpoly = elementwise(
    "besselpoly", "scipy.special:besselpoly",
    lambda a, power, order: (jv(order, 2 * a) - (power + 1) * besselpoly(a, power, order)) / a,
    Unknown("the derivative of besselpoly by the power is not known", 1),
    Unknown("the derivative of besselpoly by the order is not known", 2),
    samples=((0.4, 2), (1, 1), (1, 1)), doc="the integral of x**power*jv(order, 2*a*x) over 0 <= x <= 1",
)  # fmt: skip

# --- parabolic cylinder: D'' = (x**2/4 - v - 1/2)*D, W'' = (a - x**2/4)*W -------------------------------------------


def _cylinder(name: str, curvature: Callable[[Any, Any], Any], order: float) -> None:
    """A solution of y'' = curvature*y, its derivative, and the function that gives both."""
    reason = Unknown(f"the derivative of {name} by its parameter is not known; a parameter of int64 needs none")
    value = elementwise(
        f"{name}_value", part(name, 0), reason, lambda v, x: slope(v, x), samples=((1, 1), (0.3, 2)), public=False,
        reach=(order, inf), doc=f"scipy's {name}", names={"scipy": f"{name}[0]"},
    )  # fmt: skip
    slope = elementwise(
        f"{name}_slope", part(name, 1), reason, lambda v, x: curvature(v, x) * value(v, x),
        samples=((1, 1), (0.3, 2)), public=False, reach=(order, inf), doc=f"the derivative of scipy's {name}",
        names={"scipy": f"{name}[1]"},
    )  # fmt: skip

    def of(v: Any, x: Any) -> tuple:
        v, x = lifted(v, x)
        return value(v, x), slope(v, x)

    of.__doc__ = f"(scipy.special.{name}'s value, its derivative by x)"
    composed(name)(of)


_cylinder("pbdv", lambda v, x: x**2 / 4 - v - 0.5, 5e4)
_cylinder("pbvv", lambda v, x: x**2 / 4 - v - 0.5, 5e4)
_cylinder("pbwa", lambda a, x: a - x**2 / 4, inf)


# --- scaled, and derivatives of Bessel functions; others ------------------------------------------------------------


def _growth(x: Any) -> Any:
    """The derivative of 2/3*x**1.5, by which Bi is scaled for x > 0."""
    return sqrt(maximum(x, 0))


_results(
    "airye",
    lambda x: OPS["airye_1"](x) + sqrt(x) * OPS["airye_0"](x),
    lambda x: x * OPS["airye_0"](x) + sqrt(x) * OPS["airye_1"](x),
    lambda x: OPS["airye_3"](x) - _growth(x) * OPS["airye_2"](x),
    lambda x: x * OPS["airye_2"](x) - _growth(x) * OPS["airye_3"](x),
    facets=(_POSITIVE, {}, {}, {}),
)


def _derivative_of(name: str, sign: int) -> None:
    """scipy's jvp and the like: the n-th derivative by recurrence over neighbouring orders."""

    def of(v: Any, z: Any, n: int = 1) -> Any:
        v, z = lifted(v, z)
        function, comb = FUNCTIONS[name + "v"], module("scipy.special").comb
        weight = -1 if name == "k" else 1
        return sum(
            weight**n * sign**k * int(comb(n, k, exact=True)) * function(v - n + 2 * k, z)
            for k in range(within("nodes", n, f"{name}vp") + 1)
        ) / 2**n

    of.__doc__ = f"The n-th derivative of {name}v(v, z) by z."
    composed(f"special.{name}vp")(of)


_derivative_of("j", -1)
_derivative_of("y", -1)
_derivative_of("i", 1)
_derivative_of("k", 1)

wrightomega = elementwise(
    "wrightomega", "scipy.special:wrightomega", lambda x: wrightomega(x) / (1 + wrightomega(x)),
    samples=(-2, 2), image="(0, inf)", monotone="strictly increasing", doc="the w where w + log(w) is x",
    names={"sympy": lambda s, x: s.LambertW(s.exp(x))},
)  # fmt: skip
wright_bessel = elementwise(
    "wright_bessel", "scipy.special:wright_bessel",
    Unknown("the derivative of wright_bessel by its parameters is not known", 0),
    Unknown("the derivative of wright_bessel by its parameters is not known", 1),
    lambda a, b, x: wright_bessel(a, a + b, x),
    samples=((0.5, 1.5), (0.5, 1.5), (0.3, 2)), doc="the sum of x**k/(k!*gamma(a*k + b))",
)  # fmt: skip
log_wright_bessel = elementwise(
    "log_wright_bessel", "scipy.special:log_wright_bessel",
    Unknown("the derivative of log_wright_bessel by its parameters is not known", 0),
    Unknown("the derivative of log_wright_bessel by its parameters is not known", 1),
    lambda a, b, x: exp(log_wright_bessel(a, a + b, x) - log_wright_bessel(a, b, x)),
    samples=((0.5, 1.5), (0.5, 1.5), (0.3, 2)), doc="the logarithm of wright_bessel",
)  # fmt: skip
lpmv = elementwise(
    "lpmv", "scipy.special:lpmv",
    Unknown("the derivative of lpmv by its order is not known", 0),
    Unknown("the derivative of lpmv by its degree is not known", 1),
    lambda m, v, x: (v * x * lpmv(m, v, x) - (v + m) * lpmv(m, v - 1, x)) / (x**2 - 1),
    samples=((1, 1), (2, 2), (-0.8, 0.8)), reach=(1e3, 1e3, inf),
    doc="the associated Legendre function of an order and a degree",
)  # fmt: skip
def _of_degrees(name: str, function: str) -> None:
    def of(x: Any) -> Any:
        return FUNCTIONS[function](FUNCTIONS["deg2rad"](x))

    of.__doc__ = f"The {function} of degrees."
    composed(name)(of)


for _name, _function in (("sindg", "sin"), ("cosdg", "cos"), ("tandg", "tan")):
    _of_degrees(_name, _function)


def _named(name: str, function: str) -> None:
    """scipy's other name of a Bessel function; scaled by exp(-|Im x|), of real numbers the function itself."""

    def of(v: Any, x: Any) -> Any:
        return FUNCTIONS[function](*lifted(v, x))

    of.__doc__ = f"{function} of real numbers."
    composed(name)(of)


for _name, _function in (("jn", "jv"), ("yn", "yv"), ("kn", "kv"), ("jve", "jv"), ("yve", "yv")):
    _named(_name, _function)
