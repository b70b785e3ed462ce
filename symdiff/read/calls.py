"""How functions are called in a text: their parameters, values that are no operands, and overloads."""

import inspect
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import Any

from ..errors import InputError
from ..expr import Expr
from ..graph import CONSTANT
from ..op import FUNCTIONS, Op, is_float
from ..ops.layout import size_of
from ..ops.piecewise import is_choice
from .names import LISTS, STATIC

__all__ = ["operands_of", "overloads", "signature_of", "static_of", "static_value", "typed"]


def overloads(
    name: str, function: Callable[..., Any], args: list[Any], keywords: dict[str, Any]
) -> Callable[..., Any]:
    """The function meant by a call that Python or sympy spell otherwise: ``max(a, b)`` of two operands,
    ``log(x, base)``.
    """
    if name in ("max", "min") and len(args) > 1 and not keywords and (len(args) > 2 or _is_operand(args)):
        return FUNCTIONS[name + "imum"]
    if name in ("log", "ln") and len(args) == 2 and not keywords:
        return lambda x, base: FUNCTIONS["divide"](FUNCTIONS["log"](x), _log(base, x))
    return function


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
    if value.op is CONSTANT and value.graph._params[value.node][0] in ("int", "float", "bool"):
        return value.graph._params[value.node][1]
    size = size_of(value) if not value.shape else None
    if size is None:
        raise InputError("this parameter needs a literal or a size, not an expression")
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


def is_integer(value: Any) -> bool:
    return type(value) is int or (isinstance(value, Expr) and value.dtype.startswith("int"))


def is_boolean(value: Any) -> bool:
    return isinstance(value, bool) or (isinstance(value, Expr) and value.dtype == "bool")
