"""While a function is traced: functions of numpy and scipy that are linear along the last axis of one argument, as the
product with their matrix. Those of Fourier's kind are pairs of real parts.
"""

import importlib
import inspect
import sys
from collections.abc import Callable, Iterator
from functools import cache, wraps
from typing import Any

import numpy as np

from ..budget import within
from ..errors import GraphError
from ..expr import Expr
from .complex_numbers import Complex

LINEAR = {  # modules: functions that are linear along the last axis, and the argument in which they are
    "numpy.fft": {"a": "fft ifft rfft irfft hfft ihfft"},
    "scipy.fft": {"x": "fft ifft rfft irfft dct idct dst idst"},
    "scipy.signal": {"x": "lfilter filtfilt sosfilt sosfiltfilt savgol_filter hilbert", "data": "detrend"},
    "scipy.ndimage": {
        "input": "gaussian_filter1d uniform_filter1d convolve1d correlate1d gaussian_filter uniform_filter",
    },
}  # fmt: skip
SERIES = {  # modules of numpy.polynomial: the sum of a series
    "polynomial": "polyval", "chebyshev": "chebval", "legendre": "legval", "laguerre": "lagval",
    "hermite": "hermval", "hermite_e": "hermeval",
}  # fmt: skip
SPLINES = ("CubicSpline", "make_interp_spline", "interp1d")


def replacements(traced: Callable[[Any], bool]) -> Iterator[tuple[Any, str, Any]]:
    """(module, name, what stands there while functions are traced) of the modules that are loaded."""
    for path, arguments in LINEAR.items():
        module = sys.modules.get(path) if path != "numpy.fft" else importlib.import_module(path)
        for argument, names in arguments.items() if module else ():
            for name in names.split():
                yield module, name, _linear(getattr(module, name), f"{path}.{name}", argument, traced)
    polynomials, signal = sys.modules["numpy.polynomial.polynomial"], sys.modules.get("scipy.signal")
    yield polynomials, "polyfit", _of_first(polynomials.polyfit, _fitted, traced)
    for path, name in SERIES.items():
        module = sys.modules["numpy.polynomial." + path]
        yield module, name, _series(getattr(module, name), f"{path}.{name}")
    for name in ("convolve", "fftconvolve", "oaconvolve") if signal else ():
        yield signal, name, _of_first(getattr(signal, name), _convolved, traced)
    interpolate = sys.modules.get("scipy.interpolate")
    for name in SPLINES if interpolate else ():
        yield interpolate, name, _spline(getattr(interpolate, name), f"scipy.interpolate.{name}")


@cache
def _series(original: Any, shown: str) -> Any:
    """The sum of coefficients that are expressions times the polynomials."""

    @wraps(original)
    def of(x: Any, c: Any, *args: Any, **kwargs: Any) -> Any:
        if not isinstance(c, Expr) or c.ndim != 1:
            return original(x, c, *args, **kwargs)
        terms = [c[k] * original(x, unit) for k, unit in enumerate(np.eye(_shape(c, shown)[0]))]
        return sum(terms[1:], terms[0])

    return of


@cache
def _of_first(original: Any, ours: Callable[..., Any], traced: Callable[[Any], bool]) -> Any:
    """Our function, where one of the two first arguments has expressions."""

    @wraps(original)
    def call(x: Any, y: Any, *args: Any, **kwargs: Any) -> Any:
        return (ours if traced(x) or traced(y) else original)(x, y, *args, **kwargs)

    return call


def _fitted(x: Any, y: Any, deg: int) -> Any:
    return np.polyfit(x, y, deg)[::-1]


def _convolved(a: Any, b: Any, mode: str = "full", **_: Any) -> Any:
    """Of vectors; "same" is as long as the first."""
    convolve: Callable[..., Any] = np.convolve
    if mode != "same":
        return convolve(a, b, mode)
    start = (np.shape(b)[0] - 1) // 2
    return convolve(a, b)[start : start + np.shape(a)[0]]


@cache
def _spline(original: Any, shown: str) -> Any:
    """A spline through values y that are expressions: the sum of y times the splines through unit vectors."""

    @wraps(original)
    def through(x: Any, y: Any, *args: Any, **kwargs: Any) -> Any:
        if not isinstance(y, Expr):
            return original(x, y, *args, **kwargs)
        if y.ndim != 1:
            raise GraphError(f"{shown}: values that are expressions are a vector")
        units = original(x, np.eye(_shape(y, shown)[0]), *args, **{**kwargs, "axis": 0})

        def at(places: Any, *order: Any) -> Any:
            if isinstance(places, Expr):
                raise GraphError(f"{shown}: through expressions it is known at numbers; np.interp is at both")
            return units(places, *order) @ y

        return at

    return through


@cache
def _linear(original: Any, shown: str, argument: str, traced: Callable[[Any], bool]) -> Any:
    signature = inspect.signature(original)

    @wraps(original)
    def call(*args: Any, **kwargs: Any) -> Any:
        given = signature.bind(*args, **kwargs).arguments
        x = given.get(argument)
        if not isinstance(x, (Expr, Complex)):
            return original(*args, **kwargs)
        shape, others = _shape(x, shown), {k: v for k, v in given.items() if k != argument}
        if any(map(traced, others.values())) or others.get("axis", -1) not in (-1, len(shape) - 1):
            raise GraphError(f"{shown}: of an expression it is known along the last axis, with numbers beside it")
        if "axis" not in signature.parameters and len(shape) > 1:
            raise GraphError(f"{shown}: of an expression it is known for vectors")
        others.pop("axis", None)
        parts = [(x, 1.0)] if isinstance(x, Expr) else [(x.real, 1.0), (x.imag, 1j)]
        rows = [np.stack([original(**{argument: e, **others}) for e in unit * np.eye(shape[-1])]) for _, unit in parts]
        of_parts = [[part @ np.real(M), part @ np.imag(M)] for (part, _), M in zip(parts, rows, strict=True)]
        real, imag = (sum(found[1:], found[0]) for found in zip(*of_parts, strict=True))
        return Complex(real, imag) if any(map(np.iscomplexobj, rows)) else real

    return call


def _shape(x: Any, shown: str) -> tuple[int, ...]:
    shape = np.shape(x.real) if isinstance(x, Complex) else x.shape
    if not shape or isinstance(shape[-1], str):
        raise GraphError(f"{shown}: the last axis needs a length that is a number, not the shape {shape}")
    within("entries", shape[-1] ** 2, shown)
    return shape
