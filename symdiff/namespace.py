"""symdiff as an array namespace: constants, types, `asarray`, and the parts `sd.linalg` and `sd.special`.

With these, code written over ``xp`` (the array API standard) runs with ``xp=symdiff``. No function is defined
here that the registry has.
"""

import math
from collections.abc import Collection
from typing import Any

import numpy as np

from . import shapes
from .constants import DTYPES
from .errors import GraphError
from .expr import Expr
from .lazy import module
from .op import CANONICAL, FUNCTIONS

CONSTANTS = {"pi": math.pi, "e": math.e, "inf": math.inf, "nan": math.nan, "newaxis": None}
TYPES = {name: np.dtype(name) for name in DTYPES}  # equal to their names, which is what `Expr.dtype` gives



class Namespace:
    """A part of the namespace: the registry's functions that these modules have under the same names."""

    def __init__(self, name: str, *modules: str, more: Collection[str] = ()):
        self._name, self._modules, self._more = name, modules, more

    def __getattr__(self, attribute: str) -> Any:
        if not self._has(attribute):
            raise AttributeError(f"symdiff.{self._name} has no function {attribute!r}")
        return FUNCTIONS.get(f"{self._name}.{attribute}") or FUNCTIONS[attribute]

    def _has(self, attribute: str) -> bool:
        known = attribute in FUNCTIONS or f"{self._name}.{attribute}" in FUNCTIONS
        if attribute.startswith("_") or not known:
            return False
        return attribute in self._more or any(_means(module(name), attribute) for name in self._modules)

    def __dir__(self) -> list[str]:
        return sorted({name for name in map(_last, FUNCTIONS) if self._has(name)})

    def __repr__(self) -> str:
        return f"<symdiff.{self._name}: {', '.join(dir(self))}>"


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def _means(library: Any, name: str) -> bool:
    """What the library has under this name is the function that we have; not so scipy's legendre, which makes the
    polynomial that our alias evaluates as its eval_legendre does."""
    theirs = getattr(library, name, None)
    own = getattr(library, CANONICAL.get(name, name), theirs)
    return callable(theirs) and (isinstance(theirs, np.ufunc) or own is theirs)


linalg = Namespace("linalg", "numpy.linalg", "scipy.linalg", more=("kron", "logdet"))
special = Namespace("special", "scipy.special", more=("assoc_laguerre",))


def asarray(obj: Any, /, *, dtype: Any = None, device: Any = None, copy: Any = None) -> Any:
    """An expression as it is, nested lists that hold expressions as one, anything else as a numpy array.

    >>> import symdiff as sd
    >>> x, y = sd.Graph().variables("x y")
    >>> sd.asarray([[x, y], [y, 1]]).shape
    (2, 2)
    """
    array = FUNCTIONS["stack"](obj)
    return array if dtype is None else FUNCTIONS["astype"](array, dtype)


def empty(shape: Any, *, dtype: Any = None, device: Any = None) -> Any:
    """Zeros; an expression can't be filled in place: see `sd.stack` and `sd.where`."""
    return FUNCTIONS["zeros"](shape, dtype=dtype)


def isdtype(dtype: Any, kind: Any) -> bool:
    """Whether a type is of a kind: "bool", "integral", "real floating", "numeric", or a type."""
    kinds = kind if isinstance(kind, tuple) else (kind,)
    return any(
        np.isdtype(np.dtype(dtype), k if isinstance(k, str) and k not in TYPES else np.dtype(k))
        for k in kinds
    )


def result_type(*values: Any) -> str:
    """The type of a result of these expressions, arrays and types."""
    found = [v.dtype if isinstance(v, Expr) else v for v in values]
    return np.result_type(*found).name


def finfo(dtype: Any) -> Any:
    """numpy's description of a floating type (of an expression or array: of its type)."""
    return np.finfo(result_type(dtype))


def iinfo(dtype: Any) -> Any:
    """numpy's description of an integer type."""
    return np.iinfo(result_type(dtype))


def broadcast_shapes(*given: Any) -> tuple:
    """The shape to which tensors of these shapes are stretched together."""
    return shapes.broadcast(*[shapes.as_shape(shape) for shape in given], op="broadcast_shapes")


def can_cast(from_: Any, to: Any, /) -> bool:
    """Whether a type (or the type of an expression or array) is held by another without loss."""
    return np.can_cast(result_type(from_), np.dtype(to))


def unstack(x: Any, /, *, axis: int = 0) -> tuple:
    """The entries along an axis, as a tuple."""
    n = x.shape[axis]
    if not isinstance(n, int):
        raise GraphError(f"unstack: the axis has the symbolic size {n!r}")
    first = FUNCTIONS["moveaxis"](x, axis, 0)
    return tuple(first[k] for k in range(n))


def broadcast_arrays(*arrays: Any) -> list:
    """The arrays stretched to their common shape."""
    total = arrays[0]
    for x in arrays[1:]:
        total = total + x
    return [FUNCTIONS["broadcast_to"](x, total.shape) for x in arrays]
