"""While a function is traced, complex numbers on the way to real ones, as pairs of expressions: ``abs(1/(a + 1j*w))``,
``np.real(wofz(x + 1j*y))``.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from ..errors import InputError
from ..expr import Expr
from ..op import FUNCTIONS


class Complex:
    """x + i*y. What is known of it are arithmetic and the functions below; results of programs are real."""

    __slots__ = ("x", "y")
    __array_priority__ = 3000
    __hash__ = None  # type: ignore[assignment]
    defers = True  # expressions leave operators to it

    def __init__(self, x: Any, y: Any):
        self.x, self.y = x, y  # which may be of fewer axes

    @property
    def real(self) -> Any:
        return self._parts()[0]

    @property
    def imag(self) -> Any:
        return self._parts()[1]

    def _parts(self) -> Any:
        """Both, in the shape of the number."""
        same = np.shape(self.x) == np.shape(self.y)
        return (self.x, self.y) if same else np.broadcast_arrays(self.x, self.y)

    def __array_ufunc__(self, ufunc: np.ufunc, how: str, *inputs: Any, **kwargs: Any) -> Any:
        name = ufunc.__name__.removeprefix("_")
        return called(name if how == "__call__" else f"{name}.{how}", *inputs, **kwargs)

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        return called(func.__name__, *args, **kwargs)

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        raise _refused("an array of them")

    def __getattr__(self, name: str) -> Any:
        if name in _OF_PARTS or name == "conjugate":
            return lambda *args, **kwargs: called(name, self, *args, **kwargs)
        raise AttributeError(f"a complex number of expressions has no {name!r}")

    def __getitem__(self, index: Any) -> "Complex":
        return Complex(self.real[index], self.imag[index])

    def __abs__(self) -> Any:
        return called("absolute", self)

    def __neg__(self) -> Any:
        return Complex(-self.x, -self.y)

    def __bool__(self, other: Any = None) -> bool:
        raise _refused("their order or truth")

    __float__ = __int__ = __complex__ = __bool__  # type: ignore[assignment]
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __bool__  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"{self.x} + 1j*({self.y})"


def _refused(what: str) -> InputError:
    return InputError(f"complex values are not supported: split into real and imaginary parts; {what} is not known")


def _pair(z: Any) -> Complex:
    if isinstance(z, Complex):
        return z
    return Complex(z, 0) if isinstance(z, Expr) else Complex(np.real(z), np.imag(z))


def called(name: str, *operands: Any, **options: Any) -> Any:
    """A function of numpy or scipy, or an operator, by its name."""
    if name in _OF_PARTS and isinstance(operands[0], Complex):
        z = operands[0]
        return Complex(*[getattr(np, name)(part, *operands[1:], **options) for part in z._parts()])
    if name not in _FUNCTIONS or options:
        raise _refused(f"np.{name} of complex numbers")
    return _FUNCTIONS[name](*map(_pair, operands))


# --- what is known ---------------------------------------------------------------------------------------------------


def _product(a: Complex, b: Complex) -> Complex:
    return Complex(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x)


def _quotient(a: Complex, b: Complex) -> Complex:
    if isinstance(b.y, (int, float)) and b.y == 0:
        return Complex(a.x / b.x, a.y / b.x)
    size = b.x**2 + b.y**2
    return Complex((a.x * b.x + a.y * b.y) / size, (a.y * b.x - a.x * b.y) / size)


def _power(a: Complex, b: Complex) -> Complex:
    n = b.x
    if isinstance(n, Expr) or not isinstance(b.y, (int, float, np.number)) or b.y or n != int(n) or abs(n) > 16:
        raise _refused("a power of them that is no small whole number")
    result = _pair(1)
    for _ in range(abs(int(n))):
        result = _product(result, a)
    return result if n >= 0 else _quotient(_pair(1), result)


def _exponential(z: Complex) -> Complex:
    size = np.exp(z.x)
    return Complex(size * np.cos(z.y), size * np.sin(z.y))


def _root(z: Complex) -> Complex:
    """The principal one."""
    size = FUNCTIONS["hypot"](z.x, z.y)
    sign = FUNCTIONS["where"](z.y < 0, -1, 1)
    return Complex(np.sqrt((size + z.x) / 2), sign * np.sqrt((size - z.x) / 2))


def _faddeeva(z: Complex) -> Complex:
    """Voigt's profile and its conjugate with deviation 1/sqrt(2), for y > 0: w(x + iy) = sqrt(pi)*(V + iD)."""
    deviation, scale = 0.5**0.5, np.pi**0.5
    return Complex(
        scale * FUNCTIONS["voigt_profile"](z.x, deviation, z.y),
        scale * FUNCTIONS["voigt_dispersion"](z.x, deviation, z.y),
    )  # fmt: skip


_OF_PARTS = {"sum", "mean", "cumsum", "ravel", "reshape", "transpose", "squeeze", "take", "diff"}  # linear, real
_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "add": lambda a, b: Complex(a.x + b.x, a.y + b.y),
    "subtract": lambda a, b: Complex(a.x - b.x, a.y - b.y),
    "multiply": _product, "divide": _quotient, "true_divide": _quotient, "pow": _power, "power": _power,
    "negative": lambda z: -z, "positive": lambda z: z, "square": lambda z: _product(z, z),
    "conjugate": lambda z: Complex(z.x, -z.y), "conj": lambda z: Complex(z.x, -z.y),
    "real": lambda z: z.real, "imag": lambda z: z.imag,
    "absolute": lambda z: FUNCTIONS["hypot"](z.x, z.y), "abs": lambda z: FUNCTIONS["hypot"](z.x, z.y),
    "angle": lambda z: np.arctan2(z.y, z.x),
    "exp": _exponential, "sqrt": _root, "wofz": _faddeeva,
    "log": lambda z: Complex(np.log(FUNCTIONS["hypot"](z.x, z.y)), np.arctan2(z.y, z.x)),
    "reciprocal": lambda z: _quotient(_pair(1), z),
}  # fmt: skip


def _operator(name: str, reflected: bool) -> Callable[[Complex, Any], Any]:
    return lambda self, other: called(name, *((other, self) if reflected else (self, other)))


for _name, _of in (("add", "add"), ("sub", "subtract"), ("mul", "multiply"), ("truediv", "divide"), ("pow", "pow")):
    setattr(Complex, f"__{_name}__", _operator(_of, False))
    setattr(Complex, f"__r{_name}__", _operator(_of, True))
