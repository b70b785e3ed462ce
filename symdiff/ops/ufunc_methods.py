"""The methods of numpy's ufuncs of two operands: reduce, accumulate, reduceat, outer."""

from collections.abc import Callable
from typing import Any

import numpy as np

from .. import shapes
from ..budget import within
from ..errors import ShapeError
from ..expr import Expr
from ..op import FUNCTIONS, expose
from .composed import composed
from .layout import concat, getitem, reshape
from .reductions import along_0, given, without_out


def _entries(name: str, a: Any, axis: Any, dtype: Any) -> tuple[list[Any], int]:
    """The slices of one entry along an axis, and the axis."""
    k = shapes.axis(axis, a.ndim, name)
    if not isinstance(a.shape[k], int):
        raise ShapeError(f"np.{name}: the axis has the named size {a.shape[k]!r}; its number must be known")
    a = FUNCTIONS["astype"](a, dtype) if given(dtype) else a
    count = within("nodes", a.shape[k], name)
    return [getitem(a, (*(slice(None),) * k, slice(i, i + 1))) for i in range(count)], k


def _accumulate(name: str, combine: Callable[..., Any]) -> Callable[..., Any]:
    def accumulate(array: Any, axis: int = 0, dtype: Any = None, out: Any = None) -> Any:
        """The function of what the entries before gave and of an entry, along an axis."""
        without_out(f"{name}.accumulate", out)
        parts, k = _entries(f"{name}.accumulate", array, axis, dtype)
        for i in range(1, len(parts)):
            parts[i] = combine(parts[i - 1], parts[i])
        return concat(parts, axis=k)

    return accumulate


def _reduce(name: str, combine: Callable[..., Any], identity: Any) -> Callable[..., Any]:
    def reduce(
        array: Any, axis: Any = 0, dtype: Any = None, out: Any = None, keepdims: bool = False, initial: Any = None
    ) -> Any:
        """The last of what accumulate gives; over several axes one after the other."""
        without_out(f"{name}.reduce", out)
        axes = shapes.axes(axis, array.ndim, f"{name}.reduce") if not isinstance(axis, int) else (axis,)
        if len(axes) != 1:
            array, axes = _joined(array, axes), (-1,)
        parts, k = _entries(f"{name}.reduce", array, axes[0], dtype)
        first = [] if not given(initial) else [array.lift(initial)]
        if not parts and not first:
            first = [array.lift(np.asarray(identity, array.dtype))]
        total, *rest = [*first, *parts]
        for part in rest:
            total = combine(total, part)
        return total if keepdims else FUNCTIONS["squeeze"](total, k)

    return reduce


def _joined(a: Any, axes: tuple[int, ...]) -> Any:
    """Several axes as one, the last."""
    a = FUNCTIONS["moveaxis"](a, axes, tuple(range(a.ndim - len(axes), a.ndim)))
    return reshape(a, (*a.shape[: a.ndim - len(axes)], -1))


def _reduceat(name: str) -> Callable[..., Any]:
    reduce = FUNCTIONS[f"numpy.{name}.reduce"]

    def reduceat(array: Any, indices: Any, axis: int = 0, dtype: Any = None, out: Any = None) -> Any:
        """The reductions of the slices that begin at positions."""
        without_out(f"{name}.reduceat", out)
        k, starts = shapes.axis(axis, array.ndim, f"{name}.reduceat"), np.asarray(indices).tolist()
        within("nodes", len(starts), f"{name}.reduceat")
        lead, ends = (slice(None),) * k, [*starts[1:], None]
        a = FUNCTIONS["astype"](array, dtype) if given(dtype) else array
        bounds = [(i, j if j is None or j > i else i + 1) for i, j in zip(starts, ends, strict=True)]
        return concat([reduce(getitem(a, (*lead, slice(i, j))), axis=k, keepdims=True) for i, j in bounds], axis=k)

    return reduceat


def _outer(name: str, combine: Callable[..., Any]) -> Callable[..., Any]:
    def outer(x: Any, y: Any) -> Any:
        """The function of all pairs of entries."""
        x, y = (i if isinstance(i, Expr) else np.asarray(i) for i in (x, y))
        return combine(x[(..., *(None,) * y.ndim)], y)

    return outer


# of neighbours in memory numpy's vector instructions take the entries in another order than it says
_NUMPYS_OWN_ORDER = {("power", "reduce"), ("arctan2", "reduce")}


def _methods(ufunc: np.ufunc) -> None:
    name = ufunc.__name__
    combine = FUNCTIONS.get("numpy." + name) or FUNCTIONS[name]
    made = {
        "reduce": _reduce(name, combine, ufunc.identity), "accumulate": _accumulate(name, combine),
        "outer": _outer(name, combine),
    }  # fmt: skip
    for method, function in made.items():
        if (name, method) not in _NUMPYS_OWN_ORDER:
            _enter(f"{name}.{method}", function)
    if f"numpy.{name}.reduce" in FUNCTIONS:
        _enter(f"{name}.reduceat", _reduceat(name))


def _enter(called: str, function: Callable[..., Any]) -> None:
    function.__name__ = called
    if f"numpy.{called}" not in FUNCTIONS:
        (expose if called.endswith("outer") else _composed)(f"numpy.{called}", function)


def _composed(name: str, function: Callable[..., Any]) -> None:
    composed(name)(function)


composed("numpy.logaddexp.reduce")(along_0(FUNCTIONS["logsumexp"]))
_NAMES = {name: u for name, u in vars(np).items() if isinstance(u, np.ufunc)}
_OF_TWO = [u for u in _NAMES.values() if u.nin == 2 and u.nout == 1 and u.signature is None and u.__name__ in FUNCTIONS]
for _ufunc in dict.fromkeys(_OF_TWO):
    _methods(_ufunc)
for _name, _ufunc in _NAMES.items():  # np.mod is np.remainder
    for _method in ("reduce", "accumulate", "reduceat", "outer"):
        _own = FUNCTIONS.get(f"numpy.{_ufunc.__name__}.{_method}")
        if _own is not None and _name != _ufunc.__name__:
            expose(f"numpy.{_name}.{_method}", _own)


def _unbuffered(name: str, update: str) -> None:
    def at(a: Any, indices: Any, b: Any) -> None:
        """Changes entries of an expression that a traced function has made; one that stands twice is changed twice."""
        a[...] = getattr(a.at[indices], update)(b)

    composed(f"numpy.{name}.at")(at)


for _name, _update in (
    ("add", "add"), ("subtract", "subtract"), ("multiply", "multiply"), ("divide", "divide"), ("maximum", "max"),
    ("minimum", "min"),
):  # fmt: skip
    _unbuffered(_name, _update)
