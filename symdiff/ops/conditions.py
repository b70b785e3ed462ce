"""numpy's questions about numbers: close, equal, infinite, real, negative; and the parts of a number."""

from typing import Any

import numpy as np

from .. import shapes
from ..errors import ShapeError
from ..expr import Expr
from ..graph import CONSTANT
from ..op import FUNCTIONS, Op, Zero, elementwise, inexact, promoted, register
from .composed import composed, lifted
from .elementwise import pow, round, trunc
from .piecewise import abs, equal, isfinite, isnan, where

signbit = elementwise(
    "signbit", np.signbit, Zero("piecewise constant"), result="bool", kink=lambda x: x, samples=(0.3, 2),
    doc="True for negative numbers and -0.0",
)  # fmt: skip

nextafter = elementwise(
    "nextafter", np.nextafter, lambda x, y: 1, Zero("a step of one unit in the last place"),
    samples=((0.3, 0.8), (1, 2)), finite=True, doc="the next number after x in the direction of y",
)  # fmt: skip


def _everywhere(x: Any, value: bool) -> Any:
    """A truth value in the shape of x."""
    return FUNCTIONS["full_like"](x, value, dtype="bool")


def _floats(*xs: Any, dtype: str = "bool") -> list[Expr]:
    """Operands in the floating type of a result."""
    operands = lifted(*xs)
    wanted = inexact(promoted([dtype, *(x.graph._dtype[x.node] for x in operands)]))
    return [x if x.dtype == wanted or x.op is CONSTANT else FUNCTIONS["astype"](x, wanted) for x in operands]


@composed("copysign")
def copysign(x: Any, y: Any) -> Any:
    """|x| with the sign of y, also of -0.0."""
    x, y = _floats(x, y)
    return where(signbit(y), -abs(x), abs(x))


@composed("fabs")
def fabs(x: Any) -> Any:
    """|x|, of integers a float."""
    return abs(*_floats(x))


@composed("rint")
def rint(x: Any) -> Any:
    """x rounded to whole numbers, of integers a float."""
    return round(*_floats(x))


@composed("float_power")
def float_power(x: Any, y: Any) -> Any:
    """x**y in float64."""
    return pow(*_floats(x, y, dtype="float64"))


@composed("isposinf")
def isposinf(x: Any, out: Any = None) -> Any:
    """True where x is inf."""
    return equal(x, np.inf)


@composed("isneginf")
def isneginf(x: Any, out: Any = None) -> Any:
    """True where x is -inf."""
    return equal(x, -np.inf)


@composed("iscomplex")
def iscomplex(x: Any) -> Any:
    """False: every expression is real."""
    return _everywhere(x, False)


@composed("isreal")
def isreal(x: Any) -> Any:
    """True: every expression is real."""
    return _everywhere(x, True)


@composed("iscomplexobj")
def iscomplexobj(x: Any) -> bool:
    """False: every expression is real."""
    return False


@composed("isrealobj")
def isrealobj(x: Any) -> bool:
    """True: every expression is real."""
    return True


@composed("real_if_close")
def real_if_close(a: Any, tol: float = 100) -> Any:
    """a: every expression is real."""
    return a


@composed("numpy.result_type")
def _result_type(*arrays_and_dtypes: Any) -> Any:
    """np.result_type of expressions, arrays and types."""
    return np.result_type(*[np.dtype(x.dtype) if isinstance(x, Expr) else x for x in arrays_and_dtypes])


@composed("angle")
def angle(z: Any, deg: bool = False) -> Any:
    """0 of numbers >= 0, pi (or 180 degrees) of negative ones."""
    return where(signbit(z), 180.0 if deg else np.pi, where(isnan(z), z, 0.0))


@composed("modf")
def modf(x: Any) -> tuple:
    """(the fraction, the whole part), both with the sign of x."""
    return FUNCTIONS["fmod"](x, 1.0), trunc(x)


_exponent = register(
    Op(
        "binary_exponent", 1, lambda params, s, d: (s[0], "int32"), lambda x: np.frexp(x)[1],
        Zero("an exponent is piecewise constant"), elementwise=True, integral=True, samples=((1.1, 1.9),),
        parity="even",
        doc="the e with x = m*2**e, 1/2 <= abs(m) < 1",
    ),
    public=False,
)  # fmt: skip
_mantissa = elementwise(
    "mantissa", lambda x: np.frexp(x)[0], lambda x: FUNCTIONS["exp2"](-_exponent(x)), samples=(1.1, 1.9), public=False,
    parity="odd", image="(-1, 1)", doc="the m with x = m*2**e, 1/2 <= abs(m) < 1",
)  # fmt: skip
elementwise(
    "spacing", np.spacing, Zero("it is piecewise constant"), samples=(1.1, 1.9), parity="odd",
    doc="the distance from x to the next number in its type, away from 0",
)  # fmt: skip


@composed("frexp")
def frexp(x: Any) -> tuple:
    """(m, e) with x = m*2**e and 1/2 <= abs(m) < 1."""
    x = FUNCTIONS["astype"](x, "float64") if x.dtype.startswith("int") else x
    e = _exponent(x)
    return _mantissa(x), e


@composed("ldexp")
def ldexp(x1: Any, x2: Any) -> Any:
    """x1 * 2**x2."""
    return x1 * FUNCTIONS["exp2"](x2)


@composed("isclose")
def isclose(a: Any, b: Any, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False) -> Any:
    """|a - b| <= atol + rtol*|b|; infinite ones where they are equal, nan where that is asked for."""
    a, b = lifted(a, b)
    close = where(isfinite(b), abs(a - b) <= atol + rtol * abs(b), equal(a, b))
    return close | (isnan(a) & isnan(b)) if equal_nan else close


@composed("allclose")
def allclose(a: Any, b: Any, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False) -> Any:
    """Whether all entries are close."""
    return FUNCTIONS["all"](isclose(a, b, rtol, atol, equal_nan))


@composed("array_equal")
def array_equal(a1: Any, a2: Any, equal_nan: bool = False) -> Any:
    """Whether two arrays have the same shape and entries."""
    a1, a2 = lifted(a1, a2)
    if a1.shape != a2.shape:
        return False
    same = equal(a1, a2)
    return FUNCTIONS["all"](same | (isnan(a1) & isnan(a2)) if equal_nan else same)


@composed("array_equiv")
def array_equiv(a1: Any, a2: Any) -> Any:
    """Whether two arrays have the same entries where they are stretched to a common shape."""
    a1, a2 = lifted(a1, a2)
    try:
        shapes.broadcast(a1.shape, a2.shape, op="array_equiv")
    except ShapeError:
        return False
    return FUNCTIONS["all"](equal(a1, a2))


@composed("numpy.interp")
def _interp(x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None, period: Any = None) -> Any:
    """np.interp, also of a periodic function."""
    if period is None:
        return FUNCTIONS["interp"](x, xp, fp, left, right)
    if isinstance(xp, Expr):
        xp, fp = lifted(xp, fp)
        order = FUNCTIONS["argsort"](xp % period)
        at, values = FUNCTIONS["take"](xp % period, order), FUNCTIONS["take"](fp, order)
    else:
        places = np.asarray(xp, dtype=float) % period
        order = np.argsort(places)
        at, values = places[order], FUNCTIONS["take"](fp, order) if isinstance(fp, Expr) else np.asarray(fp)[order]
    join = FUNCTIONS["concat"]
    at = join([at[-1:] - period, at, at[:1] + period])
    return FUNCTIONS["interp"](x % period, at, join([values[-1:], values, values[:1]]))
