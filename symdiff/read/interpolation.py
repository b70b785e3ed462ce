"""scipy's integrals and interpolators of expressions, while a function is traced: ``quad(f, 0, x)`` is an integral, a
spline through data a polynomial that is chosen by where its argument lies.
"""

import inspect
import sys
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

import numpy as np

from ..errors import GraphError, SymdiffError
from ..expr import Expr
from ..graph import Graph
from ..op import FUNCTIONS
from ..ops.quadrature import integration_variable


def replacements(running: Callable[[], Graph | None], plain: Callable[[Any], Any]) -> Iterator[tuple[Any, str, Any]]:
    """(module or class, name, what stands there while functions are traced) of what is loaded of scipy; `running` gives
    the graph of the trace, `plain` what an argument is."""
    if "scipy.integrate" in sys.modules:
        module = sys.modules["scipy.integrate"]
        yield module, "quad", _quad(module.quad, running, plain)
    if "scipy.interpolate" in sys.modules:
        module = sys.modules["scipy.interpolate"]
        pieces = {
            module.PPoly: _own_pieces, module.BSpline: module.PPoly.from_spline, module.interp1d: _of_interp1d,
            module.UnivariateSpline: lambda s: module.PPoly.from_spline(s._eval_args),
        }  # fmt: skip
        for cls, of in pieces.items():
            yield cls, "__call__", _spline(cls.__call__, of, plain)


# --- integrals ------------------------------------------------------------------------------------------------------


def _quad(original: Any, running: Callable[[], Graph | None], plain: Callable[[Any], Any]) -> Any:
    @wraps(original)
    def quad(func: Any, a: Any, b: Any, args: Any = (), *rest: Any, **options: Any) -> Any:
        """The integral, and 0 for its error, where it depends on expressions."""
        g, args = running(), plain(args if isinstance(args, tuple) else (args,))
        a, b = plain(a), plain(b)
        if g is not None and "weight" not in options:
            t = integration_variable(g, _variable(func, g))
            try:
                f = plain(func(t, *args))
            except SymdiffError:  # it asks for the number of its variable
                f = None
            if any(isinstance(e, Expr) and e.variables for e in (f, a, b)) and f is not None:
                return FUNCTIONS["integral"](f, t, a, b), 0.0
        return original(func, a, b, args, *rest, **options)

    return quad


def _variable(func: Any, g: Graph) -> str:
    """The name of a function's first parameter, as no variable is called."""
    try:
        name = next(iter(inspect.signature(func).parameters), "t")
    except (TypeError, ValueError):  # a function of numpy's
        name = "t"
    while name in g._variables:
        name += "_"
    return name.lstrip("_") or "t"


# --- splines --------------------------------------------------------------------------------------------------------


def _spline(original: Any, pieces: Callable[[Any], Any], plain: Callable[[Any], Any]) -> Any:
    @wraps(original)
    def call(self: Any, x: Any, nu: int = 0, *args: Any, **options: Any) -> Any:
        x = plain(x)
        x = FUNCTIONS["stack"](x) if isinstance(x, (list, tuple)) and any(isinstance(e, Expr) for e in x) else x
        if not isinstance(x, Expr):
            return original(self, x, *([nu] if nu else []), *args, **options)
        return _polynomials(pieces(self), x, nu)

    return call


def _polynomials(pieces: Any, x: Expr, nu: int) -> Any:
    """The nu-th derivative of piecewise polynomials of one value: of the piece in which x lies."""
    for _ in range(nu):
        pieces = pieces.derivative()
    c, breaks = pieces.c, pieces.x
    if c.ndim != 2:
        raise GraphError("a spline through arrays: expressions have splines through numbers, one for each component")
    if pieces.extrapolate == "periodic":
        x = breaks[0] + FUNCTIONS["remainder"](x - breaks[0], breaks[-1] - breaks[0])
    last = len(breaks) - 2
    place = FUNCTIONS["numpy.clip"](FUNCTIONS["searchsorted"](breaks, x, "right") - 1, 0, last)
    at = lambda row: FUNCTIONS["take"](x.lift(np.ascontiguousarray(row)), place, 0)  # noqa: E731
    distance, value = x - at(breaks[:-1]), at(c[0])
    for row in c[1:]:
        value = value * distance + at(row)
    if pieces.extrapolate:
        return value
    return FUNCTIONS["where"]((x >= breaks[0]) & (x <= breaks[-1]), value, np.nan)


def _own_pieces(pieces: Any) -> Any:
    return pieces


def _of_interp1d(line: Any) -> Any:
    """The pieces of an interp1d; beyond the data nan, where it does not extrapolate."""
    module = sys.modules["scipy.interpolate"]
    if hasattr(line, "_spline"):
        pieces = module.PPoly.from_spline(line._spline)
    elif line._kind == "linear" and line.y.ndim == 1:
        slopes = np.diff(line.y) / np.diff(line.x)
        pieces = module.PPoly(np.stack([slopes, line.y[:-1]]), line.x)
    else:
        raise GraphError(f"interp1d: of expressions the kind is 'linear' or a spline, not {line._kind!r}")
    pieces.extrapolate = bool(line._extrapolate)
    return pieces
