"""`trace`: a Python function written with numpy, run once on expressions; of a matrix, the sum of its
diagonal.
"""

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ..errors import GraphError, InputError, SymdiffError
from ..expr import Expr
from ..graph import Graph
from ..op import FUNCTIONS, Op
from ..shapes import as_shape
from .remedies import named_size_refused


def trace(
    fn: Any, /, *args: Any, graph: Graph | None = None, assume: Mapping[str, Any] | None = None, **shapes: Any
) -> Any:
    """Run a Python function on variables named as its parameters, and return what it returns, as expressions.

    fn      written with operators, numpy functions, or an array namespace ``xp`` (this module is one)
    graph   where the nodes go (a new graph by default)
    assume  ``{"A": "symmetric"}``
    shapes  by parameter: ``"n d"``, ``("n", 3)``, ``5`` or ``()``; scalars by default

    A parameter that has a default and no shape keeps its default. Numbers and arrays that `fn` returns become
    constants; a tuple, list or dict is mirrored. The function runs once: its loops are unrolled, its ``if``
    can't depend on values.

    Of an expression or an array, ``trace(A)`` is the sum of the diagonal, as numpy's and the array API's.

    Raises InputError for a shape without a parameter and for what is no expression in the result, GraphError
    where the function asks for a number (``float(x)``, ``if x > 0``), with the place.

    >>> import numpy as np, symdiff as sd
    >>> f = sd.trace(lambda A, x: np.sum(np.exp(A @ x)), A="m n", x="n")
    >>> f.shape, f.variables
    ((), ('A', 'x'))
    """
    if not callable(fn) or isinstance(fn, Op):
        if shapes or graph is not None or assume is not None or isinstance(fn, (Op, str)):
            raise InputError(
                f"trace: expected a Python function (or a matrix alone), got {type(fn).__name__}"
            )
        return FUNCTIONS["trace"](fn, *args)
    if args:
        raise InputError("trace: shapes of the function's parameters are given by name: trace(fn, x='n')")
    if graph is not None and not isinstance(graph, Graph):
        raise InputError(f"trace: graph= expects a symdiff Graph, got {type(graph).__name__}")
    g = Graph() if graph is None else graph
    with g.transaction():
        positional, keywords = _variables(fn, g, dict(assume or {}), shapes)
        try:
            result = fn(*positional, **keywords)
        except SymdiffError as error:
            error.add_note(f"while tracing {_name(fn)}{_place(fn, error)}")
            raise
        except (TypeError, ValueError) as error:
            remedy = _remedy(error)
            if remedy is None:
                raise
            raise GraphError(f"{_name(fn)} can't be traced{_place(fn, error)}: {remedy}") from error
        return _mirrored(result, g, _name(fn))


def _remedy(error: Exception) -> str | None:
    """What to do about an error of Python's or numpy's that came from an expression or a named size."""
    message = str(error)
    if "'str' object" in message or "StrDType" in message:
        return named_size_refused(message)
    if "array element" in message and isinstance(error.__cause__, SymdiffError):
        return (
            "an array of numpy holds no expressions: start from np.zeros(n) or np.empty(n) inside the traced function, "
            "or write np.stack([...])"
        )
    return message if "symbolic" in message or "Expr" in message else None


def _variables(
    fn: Callable[..., Any], g: Graph, assume: dict[str, Any], shapes: Mapping[str, Any]
) -> tuple[list, dict]:
    """The arguments of the function: a variable for every parameter that has no default or is given a
    shape.
    """
    try:
        signature = inspect.signature(fn)
    except (TypeError, ValueError):
        raise InputError(
            f"trace: the parameters of {_name(fn)} are not known; wrap it: trace(lambda x: fn(x))"
        ) from None
    positional: list[Any] = []
    keywords: dict[str, Any] = {}
    left = dict(shapes)
    known: set[str] = set()
    for name, p in signature.parameters.items():
        if p.kind is p.VAR_POSITIONAL:
            continue
        if p.kind is p.VAR_KEYWORD:
            for extra in list(left):
                if extra not in signature.parameters:
                    keywords[extra] = g.variable(
                        extra, as_shape(left.pop(extra)), assume=assume.get(extra, ())
                    )
                    known.add(extra)
            continue
        if name not in left and p.default is not p.empty:
            if p.kind is not p.KEYWORD_ONLY:
                positional.append(p.default)
            continue
        variable = g.variable(name, as_shape(left.pop(name, ())), assume=assume.get(name, ()))
        known.add(name)
        if p.kind is p.KEYWORD_ONLY:
            keywords[name] = variable
        else:
            positional.append(variable)
    names = ", ".join(signature.parameters) or "none"
    for what, unknown in (("a shape", left), ("an assumption", set(assume) - known)):
        if unknown:
            raise InputError(
                f"trace: {what} is given for {min(unknown)!r}, but the parameters of {_name(fn)} are {names}"
            )
    return positional, keywords


def _mirrored(result: Any, g: Graph, name: str) -> Any:
    """What the function returned, with an expression of this graph at every leaf."""
    if isinstance(result, Expr):
        if result.graph is not g:
            raise GraphError(
                f"trace: {name} returns an expression of another graph: pass graph=e.graph to trace"
            )
        return result
    if isinstance(result, Mapping):
        return {key: _mirrored(value, g, name) for key, value in result.items()}
    if isinstance(result, (tuple, list)):
        items = [_mirrored(value, g, name) for value in result]
        return type(result)(*items) if hasattr(result, "_fields") else type(result)(items)
    if isinstance(result, np.ndarray) and result.dtype == object:
        stacked = FUNCTIONS["stack"](result.tolist())
        return stacked if isinstance(stacked, Expr) else g.constant(stacked)
    if isinstance(result, (bool, int, float, np.generic, np.ndarray)) or hasattr(result, "numerator"):
        return g.constant(result)
    raise InputError(
        f"trace: {name} returns {type(result).__name__}, and no expression, number, tuple, list or dict"
    )


def _name(fn: Any) -> str:
    return getattr(fn, "__qualname__", None) or type(fn).__name__


def _place(fn: Any, error: BaseException) -> str:
    """The line of the function in which the error arose."""
    code = getattr(inspect.unwrap(fn), "__code__", None)
    trail, place = error.__traceback__, ""
    while trail is not None:
        if trail.tb_frame.f_code is code:
            place = f", line {trail.tb_lineno} of {code.co_filename}"
        trail = trail.tb_next
    return place
