"""`trace`: a Python function written with numpy, run once on expressions; of a matrix, the sum of its
diagonal.
"""

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ..constants import DTYPES
from ..errors import GraphError, InputError, SymdiffError
from ..expr import Expr
from ..graph import Graph
from ..op import FUNCTIONS, Op
from ..ops.guard import guarded
from ..program import as_array
from ..shapes import as_shape
from .points import Point, deciding
from .redirected import plain, redirected
from .remedies import is_of_a_named_size, library_refused, named_size_refused


def trace(
    fn: Any, /, *args: Any, graph: Graph | None = None, assume: Mapping[str, Any] | None = None,
    at: Mapping[str, Any] | None = None, shapes: Mapping[str, Any] | None = None, **named: Any,
) -> Any:  # fmt: skip
    """Run a Python function on variables named as its parameters, and return what it returns, as expressions.

    fn      written with operators, numpy functions, or an array namespace ``xp`` (this module is one)
    graph   where the nodes go (a new graph by default)
    assume  ``{"A": "symmetric"}``
    at      ``{"x": value}``: a point, whose values give the shapes too
    shapes  a dictionary of further shapes, for parameters called graph, assume, at or shapes
    named   shapes by parameter: ``"n d"``, ``("n", 3)``, ``5`` or ``()``; scalars by default

    A parameter that has a default and neither shape nor value keeps its default. Numbers and arrays that `fn` returns
    become constants; a tuple, list or dict is mirrored. The function runs once: its loops are unrolled. What depends on
    values (``if x > 0``, ``while``, ``max(x, y)``, ``range(int(n))``, ``x[x > 0]``) is decided at the point, and the
    result keeps the conditions, ``e.guards``: evaluating it where one of them does not hold is an InputError.

    Within, numpy's constructors know expressions: ``np.array([x, y])``, ``out = np.zeros(3); out[0] = x``.

    Of an expression or an array, ``trace(A)`` is the sum of the diagonal, as numpy's and the array API's.

    Raises InputError for a shape without a parameter and for what is no expression in the result, GraphError
    where the function asks for a number (``float(x)``, or ``if x > 0`` without a point), with the place.

    >>> import numpy as np, symdiff as sd
    >>> f = sd.trace(lambda A, x: np.sum(np.exp(A @ x)), A="m n", x="n")
    >>> f.shape, f.variables
    ((), ('A', 'x'))
    >>> f = sd.trace(lambda x: x**2 if x > 0 else -x, at={"x": 2.0})
    >>> print(f.guards[0], sd.evaluate(f.diff("x"), {"x": 3.0}))
    x > 0 6.0
    """
    given = {**named, **(shapes or {})}
    if not callable(fn) or isinstance(fn, Op):
        if given or at or graph is not None or assume is not None or isinstance(fn, (Op, str)):
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
        values = {name: np.asarray(value) for name, value in (at or {}).items()}
        declared = {name: value.shape for name, value in values.items()} | given
        types = {
            name: values[name].dtype.name for name, value in (at or {}).items()
            if isinstance(value, (np.ndarray, np.generic, bool)) and values[name].dtype.name in DTYPES
        }  # fmt: skip
        positional, keywords = _variables(fn, g, dict(assume or {}), declared, types)
        nodes = {g._variables[name]: value for name, value in values.items()}
        point = Point(g, {n: as_array(value, g, n) for n, value in nodes.items()}) if values else None
        try:
            with redirected(g, fn), deciding(point):
                result = plain(fn(*positional, **keywords))
        except SymdiffError as error:
            error.add_note(f"while tracing {_name(fn)}{_place(fn, error)}")
            raise
        except (TypeError, ValueError, AttributeError) as error:
            remedy = named_size_refused(error) if is_of_a_named_size(error, declared) else _remedy(error)
            if remedy is None:
                raise
            raise GraphError(f"{_name(fn)} can't be traced{_place(fn, error)}: {remedy}") from error
        return _mirrored(result, g, _name(fn), point)


def _remedy(error: Exception) -> str | None:
    """What to do about an error of Python's or numpy's that came from an expression or a named size."""
    message = str(error)
    if "'str' object has no attribute" in message or "must be a NumPy dtype" in message:  # the type of an expression
        return library_refused(error)
    if "array element" in message and isinstance(error.__cause__, SymdiffError):
        return (
            "an array of numpy holds no expressions: start from np.zeros(n) or np.empty(n) inside the traced function, "
            "or write np.stack([...])"
        )
    return message if "symbolic" in message or "Expr" in message else None


def _variables(
    fn: Callable[..., Any], g: Graph, assume: dict[str, Any], shapes: Mapping[str, Any], types: Mapping[str, str]
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
                        extra, as_shape(left.pop(extra)), types.get(extra), assume.get(extra, ())
                    )
                    known.add(extra)
            continue
        if name not in left and p.default is not p.empty:
            if p.kind is not p.KEYWORD_ONLY:
                positional.append(p.default)
            continue
        variable = g.variable(name, as_shape(left.pop(name, ())), types.get(name), assume.get(name, ()))
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


def _mirrored(result: Any, g: Graph, name: str, point: Point | None) -> Any:
    """What the function returned, with an expression of this graph at every leaf."""
    result = plain(result)
    if isinstance(result, Expr):
        if result.graph is not g:
            raise GraphError(
                f"trace: {name} returns an expression of another graph: pass graph=e.graph to trace"
            )
        return _conditioned(result, g, point)
    if isinstance(result, Mapping):
        return {key: _mirrored(value, g, name, point) for key, value in result.items()}
    if isinstance(result, (tuple, list)):
        items = [_mirrored(value, g, name, point) for value in result]
        return type(result)(*items) if hasattr(result, "_fields") else type(result)(items)
    if isinstance(result, np.ndarray) and result.dtype == object:
        stacked = FUNCTIONS["stack"](result.tolist())
        return _conditioned(stacked if isinstance(stacked, Expr) else g.constant(stacked), g, point)
    if isinstance(result, (bool, int, float, np.generic, np.ndarray)) or hasattr(result, "numerator"):
        return _conditioned(g.constant(result), g, point)
    raise InputError(
        f"trace: {name} returns {type(result).__name__}, and no expression, number, tuple, list or dict"
    )


def _conditioned(e: Expr, g: Graph, point: Point | None) -> Expr:
    """An expression under the conditions that were decided on the way to it."""
    decided = point.decided if point is not None else {}
    return guarded(e, [Expr(g, n) for n in decided], list(decided.values()))


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
