"""Constants: exact numbers and frozen arrays, in a form that hashes and compares as the graph needs."""

import math
from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from numbers import Integral, Rational, Real
from typing import Any

import numpy as np

from .budget import within
from .errors import ArgumentError, InputError

Number = bool | int | Fraction | float
DTYPES = ("float64", "float32", "int64", "int32", "bool")
PLAIN = 1 << 64
NAMED = {math.pi: "pi", math.e: "e"}  # numbers that stay factors of their own, so that formulas keep them exact


def as_dtype(value: Any, what: str) -> str:
    """The name of a number type: "float32", numpy's or Python's type of that name; InputError for others."""
    plain = value is not None and (not isinstance(value, str) or value.isalnum())  # numpy reads other texts as code
    try:
        name = np.dtype(value).name if plain else str(value)
    except (TypeError, ValueError):
        name = str(value)
    if name not in DTYPES:
        raise InputError(f"{what}: the type {name[:40]!r} is none of {', '.join(DTYPES)}")
    return name


class Array:
    """A read-only array as a parameter of a node; equal when type, shape and bytes are."""

    __slots__ = ("_hash", "value")

    def __init__(self, value: np.ndarray):
        value = np.array(value, order="C")
        value.setflags(write=False)
        self.value = value
        self._hash = hash((value.dtype.str, value.shape, value.tobytes()))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Array)
            and self._hash == other._hash
            and self.value.dtype == other.value.dtype
            and self.value.shape == other.value.shape
            and self.value.tobytes() == other.value.tobytes()
        )

    def __repr__(self) -> str:
        return f"Array({self.value.dtype}{list(self.value.shape)})"

    def __reduce__(self):
        return Array, (self.value,)


def bits(value: int | Fraction) -> int:
    """How many bits an exact number has."""
    return max(value.numerator.bit_length(), value.denominator.bit_length())


class Fractions(tuple):
    """Coefficients with a fraction among them, which equals no double: ``x/2`` is another node than ``0.5*x``."""

    __slots__ = ()
    __hash__ = tuple.__hash__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, tuple) and tuple.__eq__(self, other) and [*map(type, self)] == [*map(type, other)]

    def __ne__(self, other: object) -> bool:
        return not self == other


def coefficients(*numbers: Number) -> tuple:
    """The parameters of a sum."""
    return Fractions(numbers) if Fraction in map(type, numbers) else numbers


def as_float(value: Number) -> float:
    """The nearest double; inf beyond them."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def exact(value: Number) -> Number:
    """A coefficient in canonical form: floats that are whole numbers become ints, `Fraction(2)` becomes 2."""
    if type(value) is int:
        if not -PLAIN < value < PLAIN:
            within("bits", bits(value), "an exact number")
        return value
    if isinstance(value, float):
        whole = value.is_integer() and abs(value) < 2**53 and (value or math.copysign(1, value) > 0)
        return int(value) if whole else value
    if isinstance(value, Fraction):
        over, under = value.numerator, value.denominator
        if not (-PLAIN < over < PLAIN and under < PLAIN):
            within("bits", bits(value), "an exact number")
        return over if under == 1 else value
    return int(value) if isinstance(value, bool) else value


def in_pi(value: Any) -> tuple[int, int] | None:
    """(a, b) when a float is exactly the double that ``a*pi/b`` evaluates to, with small whole numbers.

    >>> in_pi(2 * math.pi), in_pi(-math.pi / 6), in_pi(6.28)
    ((2, 1), (-1, 6), None)
    """
    if not isinstance(value, float) or not 1e-3 < abs(value) < 1e4:
        return None
    for b in (1, 2, 3, 4, 6, 8, 12, 180):
        a = round(value / math.pi * b)
        if 0 < abs(a) <= 1000 and math.gcd(a, b) == 1 and a * math.pi / b == value:
            return a, b
    return None


def divide(a: Number, b: Number) -> Number:
    """a/b, exact when both are; inf or nan where b is 0."""
    if b == 0:
        return math.copysign(math.inf, a) if a == a and a != 0 else math.nan
    if type(a) is int and type(b) is int and a % b == 0:
        return a // b
    return a / b if isinstance(a, float) or isinstance(b, float) else exact(Fraction(a, b))


def canonical(value: Any) -> tuple[str, Any]:
    """(kind, value): the parameters of a constant node. The kind tells 1, 1.0, True and -0.0 apart; nan is one object.

    kinds: "bool", "int", "fraction", "float", "-0.0", "array".
    """
    if type(value) is int and -PLAIN < value < PLAIN:
        return "int", value
    if isinstance(value, (bool, np.bool_)):
        return "bool", bool(value)
    if isinstance(value, (int, np.integer)) and not isinstance(value, np.ndarray):
        value = int(value)
        within("bits", value.bit_length(), "an integer")
        return "int", value
    if isinstance(value, (float, np.floating)):  # a scalar of numpy takes the type of what it stands beside
        value = float(value)
        if value == 0 and math.copysign(1, value) < 0:
            return "-0.0", value
        return "float", math.nan if value != value else value
    if isinstance(value, Fraction):
        return ("int", value.numerator) if value.denominator == 1 else ("fraction", value)
    if isinstance(value, (complex, np.complexfloating)):
        raise InputError("complex values are not supported: split into real and imaginary parts")
    if isinstance(value, Integral):
        return "int", int(value)
    if isinstance(value, Rational):
        return canonical(Fraction(int(value.numerator), int(value.denominator)))
    if isinstance(value, Real) and not isinstance(value, np.generic):
        return canonical(float(value))
    if isinstance(value, str):
        said = f"the text {value[:40]!r} is no number"
        raise ArgumentError(f"{said}: sd.parse reads formulas, g.variable makes variables")
    if isinstance(value, Decimal) and value.is_finite():
        return canonical(Fraction(value))
    if hasattr(value, "tocoo"):
        within("entries", math.prod(value.shape), "a sparse matrix that becomes dense; products with vectors do not")
        value = value.toarray()
    if isinstance(value, np.matrix):
        raise InputError("an np.matrix multiplies otherwise than arrays: np.asarray(M), and M @ x for its products")
    try:
        array = np.asarray(value)
    except (ValueError, TypeError, AttributeError) as error:
        raise ArgumentError(_no_number(value)) from error
    if isinstance(value, np.ma.MaskedArray) and np.ma.is_masked(value):
        raise InputError("a masked array has no value where it is masked: m.filled(value), or np.where(mask, x, y)")
    if np.iscomplexobj(array):
        raise InputError("complex values are not supported: split into real and imaginary parts")
    if array.dtype.name not in DTYPES:
        if array.dtype.kind in "iu" and array.dtype.itemsize <= 8:
            array = array.astype(np.int64)
        elif array.dtype.kind == "f" and array.dtype.itemsize < 8:
            array = array.astype(np.float32)
        elif array.dtype.kind == "f":
            array = array.astype(np.float64)
        else:
            dtype = "" if type(value) not in (list, tuple, np.ndarray) else " of " + _KINDS.get(
                array.dtype.kind, f"type {array.dtype}"
            )
            raise ArgumentError(_no_number(value, dtype))
    return "array", Array(array)


_KINDS = {"U": "texts", "S": "bytes", "O": "objects"}


def _no_number(value: Any, dtype: str = "") -> str:
    """Why a value is no constant, and what may be meant."""
    remedies: list[tuple[Any, str]] = [
        (type(None), "a function without return gives it"),
        ((dict, np.void), "one of its values, d[key]"),
        ((set, frozenset), "it has no order; sorted(s) is a list"),
        ((range, Iterator), "list(...) of it"),
        (type, "a type; e.astype(...) converts"),
        ((list, tuple), "equal lengths and numbers alone make an array"),
        (np.ndarray, "a.astype(float) makes numbers of what can be, sd.stack([...]) an array of expressions"),
    ]
    found = [remedy for kind, remedy in remedies if isinstance(value, kind)]
    found += ["a function: call it, f(x)"] * (callable(value) and not found)
    said = "None" if value is None else type(value).__name__ + dtype
    return f"{said} is not a number or an array of numbers" + (f": {found[0]}" if found else "")


def is_coefficient(kind: str, value: Any) -> bool:
    """A constant that products take out as a coefficient: a finite Python number other than pi and e."""
    return kind in ("int", "fraction") or (kind == "float" and value - value == 0 and value not in NAMED)


def dtype(kind: str, value: Any) -> str:
    """The type of a constant node: weak for Python numbers."""
    if kind == "array":
        return value.value.dtype.name
    return {"fraction": "float", "-0.0": "float"}.get(kind, kind)


def evaluate(kind: str, value: Any) -> Any:
    """The numpy value of a constant node."""
    if kind == "array":
        return value.value
    if kind == "fraction" or (kind == "int" and value.bit_length() > 62):
        return as_float(value)
    return value


def count_type(xs: Iterable[Any]) -> Any:
    """The type in which truth values are counted: that of the integer arrays beside them."""
    types = [x.dtype for x in xs if isinstance(x, (np.ndarray, np.generic)) and x.dtype.kind == "i"]
    return np.result_type(*types) if types else np.int64
