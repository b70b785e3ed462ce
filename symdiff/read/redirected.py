"""While a function is traced, and in its thread alone, numpy's constructors know expressions: ``np.array([x, y])``,
``np.asarray(x)``, ``np.r_[x, 1]``, ``out = np.zeros(3); out[0] = x``, ``math.exp(x)``.
"""

import inspect
import math
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np

from ..constants import DTYPES
from ..errors import GraphError, InputError
from ..expr import Expr
from ..graph import Graph
from ..op import FUNCTIONS, method
from . import complex_numbers, distributions, interpolation, libraries, linear_functions
from .products import scipy_products

# --- arrays that are filled -----------------------------------------------------------------------------------------


class Cells:
    """An array that a traced function fills: numpy's own while its entries are numbers, an expression from the first
    that is assigned an expression on."""

    __slots__ = ("value",)
    __array_priority__ = 2000
    defers = False  # expressions leave operators to it
    __hash__ = None  # type: ignore[assignment]
    __class__ = property(lambda self: np.ndarray)  # type: ignore[assignment]  # what isinstance asks

    def __init__(self, value: Any):
        self.value = value

    def __setitem__(self, index: Any, value: Any) -> None:
        value = plain(value)
        if isinstance(self.value, np.ndarray) and not holds_expressions(value) and not holds_expressions(index):
            self.value[index] = value
            return
        value = joined(value) if isinstance(value, (list, tuple)) else value
        first = next(e for e in (self.value, value, index) if isinstance(e, Expr))
        self.value = first.lift(self.value).at[plain(index)].set(value)

    def __getitem__(self, index: Any) -> Any:
        index = plain(index)
        if isinstance(self.value, np.ndarray) and _symbolic(index):  # numbers, looked up at expressions
            among = index if isinstance(index, tuple) else (index,)
            return next(e for e in among if isinstance(e, Expr)).lift(self.value)[index]
        value = self.value[index]
        is_view = isinstance(value, np.ndarray) and value.ndim and np.may_share_memory(value, self.value)
        return Part(self, index) if is_view else value

    def __getattr__(self, name: str) -> Any:
        return getattr(object.__getattribute__(self, "value"), name)

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        return self.value.__array__(*args, **kwargs)

    def __array_ufunc__(self, ufunc: Any, how: str, *inputs: Any, **kwargs: Any) -> Any:
        """Also np.divide(x, y, out=z, where=c): where the condition holds, z is filled."""
        out, mask = kwargs.pop("out", (None,))[0], plain(kwargs.pop("where", True))
        if out is None:
            return getattr(ufunc, how)(*plain(inputs), **kwargs, **({} if mask is True else {"where": mask}))
        value = getattr(ufunc, how)(*plain(inputs), **kwargs)
        out[...] = value if mask is True else FUNCTIONS["where"](*_lifted(mask, value, plain(out)))
        return out

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        return func(*plain(args), **{name: plain(value) for name, value in kwargs.items()})

    def copy(self) -> "Cells":
        """Another array that may be filled."""
        return Cells(self.value.copy())

    __copy__ = copy

    def __deepcopy__(self, memo: Any) -> "Cells":
        return self.copy()

    def __len__(self) -> int:
        return len(self.value)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.value)

    def __bool__(self) -> bool:
        return bool(self.value)

    def __repr__(self) -> str:
        return repr(self.value)


class Part(Cells):
    """A part of an array that is filled, as numpy's basic indices give it: what is assigned to it is assigned there."""

    __slots__ = ("index", "whole")

    def __init__(self, whole: Cells, index: Any):
        self.whole, self.index = whole, index

    @property
    def value(self) -> Any:  # type: ignore[override]
        return self.whole.value[self.index]

    @value.setter
    def value(self, value: Any) -> None:
        self.whole[self.index] = value


def _delegated(name: str) -> Callable[..., Any]:
    def method(self: Cells, *args: Any) -> Any:
        return getattr(self.value, name)(*plain(args))

    return method


def _in_place(name: str) -> Callable[..., Any]:
    def method(self: Cells, other: Any) -> Cells:
        self.value = getattr(self.value, name)(plain(other))
        return self

    return method


for _name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "divmod", "pow", "matmul", "and", "or", "xor"):
    setattr(Cells, f"__{_name}__", _delegated(f"__{_name}__"))
    setattr(Cells, f"__r{_name}__", _delegated(f"__r{_name}__"))
    setattr(Cells, f"__i{_name}__", _in_place(f"__{_name}__"))
for _name in ("neg", "pos", "abs", "invert", "lt", "le", "gt", "ge", "eq", "ne", "float", "int", "index"):
    setattr(Cells, f"__{_name}__", _delegated(f"__{_name}__"))


def _symbolic(index: Any) -> bool:
    return any(isinstance(i, Expr) for i in (index if isinstance(index, tuple) else (index,)))


def _lifted(*values: Any) -> list[Any]:
    first = next((v for v in values if isinstance(v, Expr)), None)
    return [first.lift(v) if first is not None else v for v in values]


def plain(value: Any) -> Any:
    """A value with the arrays that are filled as what they are now."""
    if isinstance(value, Cells):
        return value.value
    return type(value)(plain(v) for v in value) if type(value) in (tuple, list) else value


def holds_expressions(value: Any) -> bool:
    """An expression, or a list that has one."""
    value = value.value if isinstance(value, Cells) else value
    return isinstance(value, Expr) or (isinstance(value, (list, tuple)) and any(map(holds_expressions, value)))


def joined(value: Any, dtype: Any = None, ndmin: int = 0) -> Any:
    """One expression of nested lists of expressions, in a number type and with axes in front where asked for."""
    e = FUNCTIONS["stack"](plain(value))
    if dtype is not None:
        if np.dtype(dtype).name not in DTYPES:
            raise GraphError(f"np.array: expressions have no type {np.dtype(dtype).name}")
        e = e if e.dtype == np.dtype(dtype).name else FUNCTIONS["astype"](e, dtype)
    return e[(None,) * (ndmin - e.ndim)] if e.ndim < ndmin else e


# --- what is redirected ---------------------------------------------------------------------------------------------


def _constructor(original: Any, copies: bool, has_axis: bool) -> Any:
    def construct(a: Any, dtype: Any = None, *args: Any, ndmin: int = 0, **kwargs: Any) -> Any:
        if tracing() and holds_expressions(a):
            ndmin = ndmin or has_axis
            same = isinstance(a, Expr) and not (copies and kwargs.get("copy", True) is True)
            made = joined(a, dtype, ndmin)
            return a if same and made.node == a.node else +made
        made = original(plain(a), dtype, *args, **({"ndmin": ndmin} if ndmin else {}), **kwargs)
        filled = copies and tracing() and made.dtype.kind == "f" and not _within_a_library()
        return Cells(made) if filled else made

    return construct


def _named(shape: Any) -> bool:
    return isinstance(shape, str) or (isinstance(shape, (tuple, list)) and any(isinstance(s, str) for s in shape))


def _filled(original: Any, name: str) -> Any:
    def fill(shape: Any, *args: Any, **kwargs: Any) -> Any:
        g = tracing()
        if g is None or _within_a_library():
            return original(shape, *args, **kwargs)
        value = args[0] if name == "full" and args else kwargs.get("fill_value")
        if _named(shape) or isinstance(value, Expr):
            dtype = {"dtype": kwargs["dtype"]} if kwargs.get("dtype") is not None else {}
            wanted = (shape,) if isinstance(shape, str) else shape
            if name == "full":
                return Cells(FUNCTIONS["full"](wanted, value, **dtype))
            return Cells(FUNCTIONS["ones" if name == "ones" else "zeros"](wanted, graph=g, **dtype))
        array = original(shape, *args, **kwargs)
        return Cells(np.zeros_like(array) if name == "empty" else array) if array.dtype.kind == "f" else array

    return fill


def _filled_like(original: Any) -> Any:
    def fill(a: Any, *args: Any, **kwargs: Any) -> Any:
        """An array to be filled in the shape of an expression, or of an array of numbers."""
        made = original(a, *args, **kwargs)
        of_numbers = isinstance(made, np.ndarray) and made.dtype.kind == "f" and not _within_a_library()
        return Cells(made) if tracing() and (isinstance(a, Expr) or of_numbers) else made

    return fill


def _numbers(original: Any) -> Any:
    def numbers(*args: Any, **kwargs: Any) -> Any:
        """An array of numbers, in which entries may be replaced by expressions."""
        made = original(*args, **kwargs)
        filled = tracing() and isinstance(made, np.ndarray) and made.dtype.kind == "f" and not _within_a_library()
        return Cells(made) if filled else made

    return numbers


def _within_a_library() -> bool:
    """The function that calls what was redirected is no user's: its own arrays stay numpy's."""
    return sys._getframe(2).f_globals.get("__name__", "").partition(".")[0] in _LIBRARIES


def _range(original: Any) -> Any:
    def arange(*args: Any, **kwargs: Any) -> Any:
        g = tracing()
        if g is not None and len(args) == 1 and isinstance(args[0], str):
            return FUNCTIONS["arange"](args[0], graph=g, **kwargs)
        return original(*args, **kwargs)

    return arange


def _of_types(original: Any) -> Any:
    def isdtype(dtype: Any, kind: Any) -> Any:
        """np.isdtype, also of the text that is the type of an expression."""
        return original(np.dtype(dtype) if tracing() and isinstance(dtype, str) else dtype, kind)

    return isdtype


def _of_math(original: Any, name: str) -> Any:
    def function(*args: Any, **kwargs: Any) -> Any:
        if tracing() and any(isinstance(x, Expr) for x in args):
            return FUNCTIONS[name](*args, **kwargs)
        return original(*args, **kwargs)

    return function


def _of_list(original: Any, name: str) -> Any:
    def function(*lists: Any) -> Any:
        """A reduction of Python's of a list of expressions, or of the difference of two."""
        lists = tuple([xs if isinstance(xs, (Expr, np.ndarray)) else list(xs) for xs in map(plain, lists)])
        if not tracing() or not any(map(holds_expressions, lists)):
            return original(*lists)
        arrays = [joined(xs) if holds_expressions(xs) else np.asarray(xs) for xs in lists]
        return FUNCTIONS[name](arrays[0] if len(arrays) == 1 else arrays[0] - arrays[1])

    return function


class _OfFloats(type):
    """What Python's float is in questions about types."""

    def __instancecheck__(cls, x: Any) -> bool:
        return isinstance(x, float)

    def __subclasscheck__(cls, other: Any) -> bool:
        return issubclass(other, float)

    def __eq__(cls, other: Any) -> bool:
        return other is float or other is _Float

    def __hash__(cls) -> int:
        return hash(float)


class _Float(float, metaclass=_OfFloats):
    """Python's float in the module of a traced function: of an expression it is the expression."""

    dtype = np.dtype(float)  # what numpy takes the type for

    def __new__(cls, x: Any = 0.0, /) -> Any:
        x = plain(x)
        if tracing() and isinstance(x, Expr) and not x.ndim:
            return x if x.dtype == "float64" else x.astype("float64")
        return float(x)


def _of_array(original: Any) -> Any:
    def function(*args: Any, **kwargs: Any) -> Any:
        """A function of one array, also of a list of expressions: numpy would make an array of the list."""
        if args and type(args[0]) in (list, tuple) and tracing() and holds_expressions(args[0]):
            return original(joined(args[0]), *args[1:], **kwargs)
        return original(*args, **kwargs)

    return function


def _vectorized(original: Any) -> Any:
    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        if tracing() and any(isinstance(plain(x), Expr) for x in args) and not kwargs and self.signature is None:
            return FUNCTIONS["vectorized"](self.pyfunc, *plain(args))
        return original(self, *args, **kwargs)

    return call


@cache
def _of_one_array() -> list[tuple[Any, str]]:
    """numpy's functions whose first parameter is one array."""
    found = []
    for owner in (np, np.linalg):
        for name in owner.__all__:
            function = getattr(owner, name, None)
            code = getattr(getattr(function, "__wrapped__", None), "__code__", None)  # numpy's dispatched functions
            if code is not None and code.co_varnames[:1] and code.co_varnames[0] in _ARRAY and name not in _JOINING:
                found.append((owner, name))
    return found


_ARRAY = {"a", "x", "v", "ar", "arr", "ary", "m", "p", "f", "y", "z", "array", "filt"}  # as numpy calls it
_JOINING = {"array", "asarray", "copyto", "block"}  # of arrays, of nested lists of them


class _Joiner:
    """np.r_ and np.c_, which join along the first and the last axis."""

    def __init__(self, original: Any, columns: bool):
        self.original, self.columns = original, columns

    def __getattr__(self, name: str) -> Any:
        return getattr(self.original, name)

    def __getitem__(self, key: Any) -> Any:
        items = key if isinstance(key, tuple) else (key,)
        if not (tracing() and holds_expressions(items)) or any(isinstance(i, str) for i in items):
            return self.original[key]
        parts = [self.original[i] if isinstance(i, slice) else joined(i) if holds_expressions(i) else np.asarray(i)
                 for i in items]  # fmt: skip
        parts = [p if p.ndim else p.reshape(1) for p in parts]
        if self.columns:
            return FUNCTIONS["concat"]([p if p.ndim > 1 else p.reshape(-1, 1) for p in parts], axis=-1)
        return FUNCTIONS["concat"](parts, axis=0)


_CONSTRUCTORS = ("array", "asarray", "asanyarray", "asarray_chkfinite")
_OF_ONE_AXIS = ("ascontiguousarray", "asfortranarray")  # at least
_OF_MATH = [name for name in dir(math) if name in FUNCTIONS and name != "remainder"]  # which is IEEE 754's


def _traced(value: Any) -> bool:
    """Expressions of a trace that runs."""
    return tracing() is not None and holds_expressions(value)


def _replacements() -> list[tuple[Any, str, Any]]:
    """(owner, name, what stands there while functions are traced)"""
    found: list[tuple[Any, str, Any]] = [
        (np, name, _constructor(getattr(np, name), name == "array", name in _OF_ONE_AXIS))
        for name in (*_CONSTRUCTORS, *_OF_ONE_AXIS) if hasattr(np, name)
    ]  # fmt: skip
    found += [(np, name, _filled(getattr(np, name), name)) for name in ("zeros", "ones", "empty", "full")]
    found += [(np, name, _filled_like(getattr(np, name))) for name in ("zeros_like", "empty_like", "ones_like")]
    found += [(np, name, _numbers(getattr(np, name))) for name in ("eye", "identity")]
    taken = {name for _, name, _ in found}
    found += [(owner, n, _of_array(getattr(owner, n))) for owner, n in _of_one_array() if n not in taken]
    found += [(np.vectorize, "__call__", _vectorized(np.vectorize.__call__))]
    found += [(np, "arange", _range(np.arange)), (np, "isdtype", _of_types(np.isdtype))]
    found += [(np, "r_", _Joiner(np.r_, False)), (np, "c_", _Joiner(np.c_, True))]
    found += [(math, name, _of_math(getattr(math, name), name)) for name in _OF_MATH]
    found += [(math, "fsum", _of_list(math.fsum, "sum")), (math, "dist", _of_list(math.dist, "norm2"))]
    scipy_products()
    found += libraries.replacements(_traced, plain)
    found += interpolation.replacements(tracing, plain)
    found += linear_functions.replacements(_traced)
    return found + distributions.replacements()


def _imported_by_name(fn: Any) -> list[tuple[Any, str, Any]]:
    """Of what is redirected what stands in the module of a function under a name: from scipy.linalg import solve."""
    replaced = {id(original): getattr(owner, name) for owner, name, original in _ORIGINALS if type(owner) is ModuleType}
    names = getattr(inspect.unwrap(fn), "__globals__", {})
    found = [(names, name, replaced[id(value)]) for name, value in names.items() if id(value) in replaced]
    own = names.get("__name__", _LIBRARIES[0]).partition(".")[0] not in _LIBRARIES and "float" not in names
    return [*found, (names, "float", _Float)] if own else found


_LIBRARIES = ("symdiff", "numpy", "scipy")
_NONE = object()  # where a name is Python's own
_LOCAL, _LOCK = threading.local(), threading.Lock()
_ORIGINALS: list[tuple[Any, str, Any]] = []
_RUNNING = 0


def tracing() -> Graph | None:
    """The graph of the trace that runs in this thread."""
    return getattr(_LOCAL, "graph", None)


@method("complex")
def complex_result(name: str, *operands: Any) -> Any:
    """An operator of an expression and a complex number."""
    if tracing() is None:
        raise InputError(
            "complex values are not supported: split into real and imaginary parts; inside sd.trace they may stand on "
            "the way to real ones"
        )
    return complex_numbers.called(name, *operands)


def changed_nodes() -> set[int]:
    """The nodes that assignments of the trace that runs in this thread have made: arrays of their own."""
    return _LOCAL.changed


def _replace(owner: Any, name: str, replacement: Any) -> None:
    """In a module, a class, or the dictionary of a module's names."""
    names = owner if isinstance(owner, dict) else vars(owner)
    known = name in names or isinstance(owner, dict)
    _ORIGINALS.append((owner, name, names.get(name, _NONE) if known else getattr(owner, name)))
    _put(owner, name, replacement)


def _put(owner: Any, name: str, value: Any) -> None:
    if value is _NONE:
        owner.pop(name, None)
    elif isinstance(owner, dict):
        owner[name] = value
    else:
        setattr(owner, name, value)


@contextmanager
def redirected(g: Graph, fn: Any) -> Iterator[None]:
    """numpy's constructors know expressions while fn runs; they are numpy's own again when the last trace has ended."""
    global _RUNNING
    with _LOCK:
        _RUNNING += 1
        for replacement in _replacements() if _RUNNING == 1 else ():
            _replace(*replacement)
        for replacement in _imported_by_name(fn):
            _replace(*replacement)
    _LOCAL.running = getattr(_LOCAL, "running", 0) + 1
    before, _LOCAL.graph = tracing(), g
    changed, _LOCAL.changed = getattr(_LOCAL, "changed", None), set()
    try:
        yield
    finally:
        _LOCAL.graph, _LOCAL.changed = before, changed
        _LOCAL.running -= 1
        with _LOCK:
            _RUNNING -= 1
            if not _RUNNING:
                _restore()


def _restore() -> None:
    for owner, name, original in reversed(_ORIGINALS):
        _put(owner, name, original)
    _ORIGINALS.clear()


def _forked() -> None:
    """In a child the traces of the thread that forked go on, and no others."""
    global _RUNNING
    _RUNNING = getattr(_LOCAL, "running", 0)
    if not _RUNNING:
        _restore()
    _LOCK.release()


if hasattr(os, "register_at_fork"):  # nobody is between two replacements
    os.register_at_fork(before=_LOCK.acquire, after_in_parent=_LOCK.release, after_in_child=_forked)
