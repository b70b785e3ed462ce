"""Ufuncs of numpy and scipy where the type of the result is another than the op's: ``np.rint`` of integers is a float,
``expn(2, x)`` of single precision a double.
"""

from collections.abc import Callable
from fractions import Fraction
from functools import cache
from inspect import Parameter, Signature, signature
from typing import Any

import numpy as np

from ..constants import DTYPES
from ..errors import GraphError
from ..expr import Expr, graph_of
from ..lazy import module
from ..op import FUNCTIONS, method
from .composed import composed


def _kind(x: Any) -> Any:
    """The type of an operand, as numpy's rules of promotion take it: of Python's numbers the kind alone."""
    if isinstance(x, Expr):
        weak = {"int": int, "float": float}
        dtype = x.graph._dtype[x.node]
        return weak[dtype] if dtype in weak else np.dtype(dtype)
    if isinstance(x, Fraction):
        return float
    return type(x) if type(x) in (int, float) else np.asarray(x).dtype


def _typed(ufunc: np.ufunc) -> Callable[..., Any]:
    """The function of a ufunc's name, in numpy's types."""
    plain = FUNCTIONS[ufunc.__name__]

    def call(*xs: Any) -> Any:
        if all(isinstance(x, Expr) and x.dtype == "float64" for x in xs):
            return plain(*xs)
        types = ufunc.resolve_dtypes((*map(_kind, xs), *(None,) * ufunc.nout))
        *taken, wanted = (t.name for t in types[: ufunc.nin + 1])
        if wanted not in DTYPES:
            raise GraphError(
                f"np.{ufunc.__name__}: of these operands numpy's result is of the type {wanted}, which expressions "
                "have not; x.astype(int) or x.astype(float) makes numbers of truth values"
            )
        if ufunc is np.divide:  # of truth values a float
            xs = tuple([x.astype(t) if isinstance(x, Expr) else x for x, t in zip(xs, taken, strict=True)])
        value = plain(*xs)
        if any(v.dtype != wanted for v in (value if isinstance(value, tuple) else (value,))):
            cast = FUNCTIONS["astype"]
            value = plain(*[cast(x, t) if isinstance(x, Expr) else x for x, t in zip(xs, taken, strict=True)])
            value = tuple(cast(v, wanted) for v in value) if isinstance(value, tuple) else cast(value, wanted)
        return value

    names = ("x", "y")[: ufunc.nin]
    call.__signature__ = Signature([Parameter(n, Parameter.POSITIONAL_OR_KEYWORD) for n in names])  # type: ignore[attr-defined]
    call.__name__, call.__doc__ = ufunc.__name__, f"np.{ufunc.__name__}, of numpy's type."
    return call


@cache
def of_scipy(name: str) -> Callable[..., Any] | None:
    """A function of scipy.special here: a ufunc in scipy's types, also of lists; None where it is not offered."""
    plain, ufunc = FUNCTIONS.get("special." + name) or FUNCTIONS.get(name), getattr(module("scipy.special"), name, None)
    if plain is None or not isinstance(ufunc, np.ufunc):
        return plain
    cast = FUNCTIONS["astype"]

    def call(*xs: Any, **named: Any) -> Any:
        if named or len(xs) != ufunc.nin or all(isinstance(x, Expr) and x.dtype == "float64" for x in xs):
            return plain(*xs, **named)
        lift = Expr(graph_of(*xs), 0).lift
        xs = tuple([lift(x) if isinstance(x, (list, tuple)) else x for x in xs])
        types = ufunc.resolve_dtypes((*map(_kind, xs), *(None,) * ufunc.nout))
        value = plain(*[cast(x, "float64") if _widened(x, t) else x for x, t in zip(xs, types, strict=False)])
        if (value[0] if isinstance(value, tuple) else value).dtype != types[-1].name:
            value = plain(*[cast(x, t.name) if isinstance(x, Expr) else x for x, t in zip(xs, types, strict=False)])
        return value

    call.__name__, call.__doc__, call.__signature__ = name, plain.__doc__, signature(plain)  # type: ignore[attr-defined]
    return call


def _widened(x: Any, dtype: np.dtype) -> bool:
    return isinstance(x, Expr) and x.dtype == "float32" and dtype.name == "float64"


method("of_scipy")(of_scipy)

_ALSO = {
    np.conjugate: ["numpy.conj"], np.left_shift: ["numpy.bitwise_left_shift"],
    np.right_shift: ["numpy.bitwise_right_shift"], np.power: ["numpy.pow"], np.divide: ["numpy.true_divide"],
}  # fmt: skip
for _ufunc in (
    np.conjugate, np.fabs, np.rint, np.reciprocal, np.square, np.modf, np.copysign, np.float_power, np.ldexp,
    np.logaddexp2, np.floor_divide, np.fmod, np.remainder, np.divmod, np.power, np.left_shift, np.right_shift,
    np.divide,
):  # fmt: skip
    if _ufunc.__name__ in FUNCTIONS:
        composed("numpy." + _ufunc.__name__, *_ALSO.get(_ufunc, ()))(_typed(_ufunc))
