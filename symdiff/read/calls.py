"""How functions are called in a text: their parameters, values that are no operands, and overloads."""

import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np

from ..budget import within
from ..errors import InputError, ShapeError
from ..expr import Expr
from ..graph import CONSTANT, Graph
from ..op import FUNCTIONS, Op, is_float
from ..ops.contractions import lettered
from ..ops.layout import size_of
from ..ops.piecewise import is_choice
from .names import LISTS, LITERALS, SIZES, STATIC, TYPES

__all__ = ["Call", "index_value", "is_boolean", "is_integer", "is_number", "operands_of", "overloads", "typed"]


def overloads(
    name: str, function: Callable[..., Any], args: list[Any], keywords: dict[str, Any]
) -> Callable[..., Any]:
    """The function meant by a call that Python or sympy spell otherwise: ``max(a, b)`` of two operands,
    ``log(x, base)``.
    """
    if name in ("max", "min") and len(args) > 1 and not keywords and (len(args) > 2 or _is_operand(args)):
        return FUNCTIONS[name + "imum"]
    if name == "concat" and len(args) == 2 and isinstance(args[0], (list, tuple)) and isinstance(args[1], int):
        keywords["axis"] = args.pop()  # numpy's concat((x, y), 1)
    if name == "float" and len(args) == 1 and isinstance(args[0], str):
        number = float(args.pop())  # "inf"
        return lambda: number
    if name in TYPES and name != "bool" and len(args) == 1 and is_number(args[0]):
        number = args.pop()
        return lambda: np.asarray(number, TYPES[name])  # np.float32(2), which keeps its type beside others
    if name == "item" and len(args) > 1:
        place = [static_value(v) for v in args[1:]]
        del args[1:]
        return lambda x: FUNCTIONS["numpy.item"](x, *place)
    if name == "einsum" and args and isinstance(args[0], Expr):
        args[:] = lettered(*args)
    if name in ("reshape", "transpose") and len(args) > 2 and not isinstance(args[1], tuple):
        args[:] = [args[0], tuple(args[1:])]  # x.reshape(n, 3)
    if isinstance(getattr(np, name, None), np.ufunc):
        function = _with_options(getattr(np, name), function, keywords)
    if name in ("log", "ln") and len(args) == 2 and not keywords:
        return lambda x, base: FUNCTIONS["divide"](FUNCTIONS["log"](x), _log(base, x))
    return function


def _with_options(
    ufunc: np.ufunc, function: Callable[..., Any], keywords: dict[str, Any]
) -> Callable[..., Any]:
    """The function of a call with numpy's options of ufuncs: ``np.add(x, y, where=c, out=z)`` is z where c is false."""
    given = keywords.keys() & {"dtype", "where", "out", "casting", "order", "subok"}
    if not given or given & signature_of(function).parameters.keys():
        return function
    dtype, mask, out, *_ = (keywords.pop(name, None) for name in ("dtype", "where", "out", "casting", "order", "subok"))
    if mask is not None and out is None:
        raise InputError(f"{ufunc.__name__}: where= leaves entries without a value: out= gives it")

    def call(*xs: Any) -> Any:
        cast = FUNCTIONS["astype"]
        value = function(*xs) if dtype is None else function(*[cast(x, dtype) for x in map(_first(xs).lift, xs)])
        return value if mask is None else FUNCTIONS["where"](mask, value, out)

    names = ("x", "y", "z")[: ufunc.nin]
    call.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [inspect.Parameter(n, inspect.Parameter.POSITIONAL_ONLY) for n in names]
    )
    return call


def _first(xs: Sequence[Any]) -> Expr:
    return next(x for x in xs if isinstance(x, Expr))


class Call:
    """A call of a function in a text: which values are operands, which parameters, and what it gives."""

    def __init__(self, name: str, function: Callable[..., Any], graph: Graph, operand: Callable[[Any], Expr]):
        self.name, self.function, self.graph, self.operand = name, function, graph, operand
        self.signature = signature_of(function)

    def bind(self, args: Sequence[Any], keywords: Mapping[str, Any]) -> inspect.BoundArguments:
        """The arguments by the names of parameters; TypeError, in Python's words, where they do not fit."""
        bound = self.signature.bind(*args, **keywords)
        if "graph" in bound.arguments:
            raise TypeError("got too many arguments; a shape is a tuple, (n, 3)")
        return bound

    def result(self, bound: inspect.BoundArguments) -> Any:
        """What the function gives."""
        operands, symbolic = 0, []  # how many; parameters that usually are literals, given as expressions
        static = static_of(self.function)
        for key, value in bound.arguments.items():
            kind = self.signature.parameters[key]
            if key in static:
                value = self.parameter(key, value, kind.annotation)
                symbolic += [key] * isinstance(value, Expr)
                bound.arguments[key] = (value,) if key == "shape" and isinstance(value, str) else value
                operands += isinstance(value, Expr)
            elif kind.kind is kind.VAR_POSITIONAL:
                bound.arguments[key] = tuple([self.argument(key, v) for v in value])
                operands += len(value)
            elif kind.kind is kind.VAR_KEYWORD:
                bound.arguments[key] = {k: self.argument(k, v) for k, v in value.items()}
            elif value is not None:
                bound.arguments[key] = self.argument(key, value)
                operands += 1
        given = {k: v for k, v in bound.arguments.items() if k in symbolic or k not in static}
        if operands and self.function is not FUNCTIONS["stack"] and not any(map(_symbolic, given.values())):
            self.lift_first(bound)
        if "graph" in self.signature.parameters:
            bound.arguments["graph"] = self.graph
        try:
            result = self.function(*bound.args, **bound.kwargs)
        except TypeError as error:  # of an expression where a number is needed
            if not symbolic or isinstance(error, ShapeError):
                raise
            raise InputError(f"{self.name}: {symbolic[0]} {_NEEDS_A_LITERAL}") from error
        if isinstance(result, list) and len({getattr(v, "shape", ()) for v in result}) > 1:
            return tuple(result)
        return result if isinstance(result, (Expr, tuple, slice)) else self.operand(result)

    def parameter(self, key: str, value: Any, annotation: Any) -> Any:
        """A literal or a size; an expression where the function may take one as well."""
        try:
            value = static_value(value)
        except InputError:
            if key in LITERALS or annotation not in (Any, inspect.Parameter.empty) or isinstance(value, slice):
                raise
            return self.argument(key, value)
        if isinstance(value, (int, float)) and abs(value) < math.inf and key not in SIZES:
            within("entries", abs(value), f"{self.name}: {key} is too large")
        return value

    def argument(self, key: str, value: Any) -> Any:
        """A value as an argument: numbers stay numbers; a list is an array, but for functions that join several."""
        if isinstance(value, (list, tuple)) and key in LISTS:
            return type(value)(self.argument(key, v) for v in value)
        plain = is_number(value) or isinstance(value, (bool, str, slice)) or callable(value)
        return value if plain else self.operand(value)

    def lift_first(self, bound: inspect.BoundArguments) -> None:
        """Where all operands are numbers, make the first an expression, so that the call is a node."""
        for key, value in bound.arguments.items():
            if key in static_of(self.function) or value is None:
                continue
            if self.signature.parameters[key].kind is inspect.Parameter.VAR_POSITIONAL:
                bound.arguments[key] = (self.lifted(value[0]), *value[1:])
            else:
                bound.arguments[key] = self.lifted(value)
            return

    def lifted(self, value: Any) -> Any:
        if isinstance(value, (list, tuple)) and value and isinstance(value[0], (list, tuple)):
            return [self.operand(v) for v in value]
        if isinstance(value, (list, tuple)):
            return type(value)([self.operand(value[0]), *value[1:]]) if value else value
        return self.operand(value)


_NEEDS_A_LITERAL = "needs a literal or a size, not an expression"


def index_value(index: Any) -> Any:
    """An index, its constant arrays as arrays."""
    if isinstance(index, tuple):
        return tuple([index_value(i) for i in index])
    known = isinstance(index, Expr) and index.op is CONSTANT and index.graph._params[index.node][0] == "array"
    return index.graph._params[index.node][1].value if known else index


def typed(e: Expr) -> Expr:
    """A choice between numbers, whose type a text does not say, as one of floats."""
    g = e.graph
    chosen = e.dtype == "int64" and is_choice(e)
    if not chosen or any(not is_float(g._dtype[g._variables[v]]) for v in e.variables):
        return e
    return FUNCTIONS["astype"](e, "float64")


def _is_operand(args: list[Any]) -> bool:
    """The second argument is a value to compare with, not an axis: it is an expression, or the first is a
    scalar.
    """
    first, second = args[0], args[1]
    return (
        not isinstance(second, (int, tuple, type(None)))
        or not getattr(first, "shape", True)
        or isinstance(first, (int, float))
    )


def _log(base: Any, x: Any) -> Any:
    return FUNCTIONS["log"](base if hasattr(base, "graph") else x.graph.constant(base))


def static_value(value: Any) -> Any:
    """A value as a parameter: a literal, a size, or a tuple of them."""
    if isinstance(value, (list, tuple)):
        return tuple([static_value(v) for v in value])
    if isinstance(value, Fraction):
        return float(value)
    if isinstance(value, slice) or value is Ellipsis:
        raise InputError("a slice can't stand here")
    if not isinstance(value, Expr):
        return value
    if value.op is CONSTANT:
        kind, number = value.graph._params[value.node]
        if kind in ("int", "float", "bool"):
            return number
        if kind == "array":
            return static_value(number.value.tolist())
    size = size_of(value) if not value.shape else None
    if size is None:
        raise InputError(f"this parameter {_NEEDS_A_LITERAL}")
    return size


@lru_cache(maxsize=1024)
def signature_of(function: Callable[..., Any]) -> inspect.Signature:
    return function.signature if isinstance(function, Op) else inspect.signature(function)


@lru_cache(maxsize=1024)
def static_of(function: Callable[..., Any]) -> frozenset[str]:
    """The parameters of a function that take a literal or a size: by their names, but for operands of an op."""
    parameters = signature_of(function).parameters.values()
    return frozenset([p.name for p in parameters if p.name in STATIC and p.kind is not p.POSITIONAL_ONLY])


@lru_cache(maxsize=1024)
def operands_of(function: Callable[..., Any]) -> int | None:
    """How many operands a function takes that takes nothing else; else None."""
    parameters = signature_of(function).parameters.values()
    plain = all(
        p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)
        and p.default is p.empty
        and p.name not in {*static_of(function), *LISTS, "graph"}
        for p in parameters
    )
    return len(parameters) if plain else None


NUMBERS = frozenset({int, float, Fraction})


def is_number(value: Any) -> bool:
    return type(value) in NUMBERS or isinstance(value, float)


def _symbolic(value: Any) -> bool:
    return isinstance(value, Expr) or (isinstance(value, (list, tuple)) and any(_symbolic(v) for v in value))


def is_integer(value: Any) -> bool:
    return type(value) is int or (isinstance(value, Expr) and value.dtype.startswith("int"))


def is_boolean(value: Any) -> bool:
    return isinstance(value, bool) or (isinstance(value, Expr) and value.dtype == "bool")
