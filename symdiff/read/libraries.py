"""scipy's functions on expressions while a function is traced: `scipy.linalg.cholesky`, `scipy.special.logsumexp`, with
scipy's arguments and defaults, also where they were imported by name into the module of the traced function.

Other functions of scipy ask for numbers, and say what does the same: `remedies`.
"""

import inspect
import sys
from collections.abc import Callable, Iterator
from functools import cache, wraps
from itertools import takewhile
from types import FunctionType
from typing import Any

import numpy as np

from ..errors import GraphError, SymdiffError
from ..expr import Expr
from ..op import CANONICAL, FUNCTIONS, Op
from ..ops.bessel import spherical_kn, spherical_yn
from ..ops.composed import lifted
from ..ops.numpy_types import of_scipy
from ..ops.special import spherical_in, spherical_jn

# options of which the result does not depend
_IGNORED = {"overwrite_a", "overwrite_b", "check_finite", "lapack_driver", "driver", "lwork", "blocksize", "assume_a"}


PARTS = ("linalg", "special", "integrate")  # of scipy
_OWN: dict[str, dict[str, Callable[..., Any]]] = {part: {} for part in PARTS}  # where arguments or defaults differ


def _as_in(part: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorator: scipy's function of this name, with its arguments and defaults."""

    def enter(f: Callable[..., Any]) -> Callable[..., Any]:
        _OWN[part][f.__name__.strip("_")] = f
        return f

    return enter


@_as_in("special")
def _softmax(x: Any, axis: Any = None) -> Any:
    x = _stacked(x)
    return FUNCTIONS["softmax"](x, axis) if isinstance(axis, int) else np.exp(_log_softmax(x, axis))


@_as_in("special")
def _log_softmax(x: Any, axis: Any = None) -> Any:
    x = _stacked(x)
    return x - FUNCTIONS["logsumexp"](x, axis, True)


@_as_in("special")
def _logsumexp(a: Any, axis: Any = None, b: Any = None, keepdims: bool = False, return_sign: bool = False) -> Any:
    a, b = _stacked(a), None if b is None else _stacked(b)
    if b is None:
        value = FUNCTIONS["logsumexp"](a, axis, keepdims)
        return (value, FUNCTIONS["where"](value == -np.inf, 0.0, 1.0)) if return_sign else value
    largest = FUNCTIONS["stop_gradient"](FUNCTIONS["max"](a, axis, True))
    largest = FUNCTIONS["where"](np.isfinite(largest), largest, 0)
    total = FUNCTIONS["sum"](b * np.exp(a - largest), axis, keepdims)
    largest = largest if keepdims else FUNCTIONS["sum"](largest, axis)
    if return_sign:
        return np.log(np.abs(total)) + largest, np.sign(total)
    return np.log(total) + largest


@_as_in("special")
def _factorial(n: Any, exact: bool = False, extend: str = "zero") -> Any:
    if exact or extend != "zero":
        raise GraphError("special.factorial: exact=True and extend= are for whole numbers alone")
    n = _stacked(n)
    return FUNCTIONS["where"](n < 0, 0, FUNCTIONS["factorial"](n))


@_as_in("special")
def _polygamma(n: Any, x: Any) -> Any:
    return FUNCTIONS["polygamma"](n, FUNCTIONS["astype"](x, "float64"))


@_as_in("special")
def _perm(N: Any, k: Any, exact: bool = False) -> Any:
    if exact:
        raise GraphError("special.perm: exact=True is for whole numbers")
    return FUNCTIONS["astype"](FUNCTIONS["perm"](N, k), "float64")


@_as_in("special")
def _assoc_laguerre(x: Any, n: Any, k: Any = 0.0) -> Any:
    return FUNCTIONS["eval_genlaguerre"](n, k, x)


def _spherical(op: Op) -> None:
    def bessel(n: Any, z: Any, derivative: bool = False) -> Any:
        return op.derivative.of[1](*lifted(n, z)) if derivative else op(n, z)  # type: ignore[union-attr, operator]

    bessel.__name__ = op.name
    _as_in("special")(bessel)


for _op in (spherical_jn, spherical_yn, spherical_in, spherical_kn):
    _spherical(_op)


def _stacked(x: Any) -> Any:
    """An array, also of a list of expressions."""
    return FUNCTIONS["stack"](x) if isinstance(x, (list, tuple)) else x


def within_special(name: str) -> Callable[..., Any] | None:
    """The function of a text that has it from scipy.special."""
    return _OWN["special"].get(name) or of_scipy(name)


@_as_in("linalg")
def _cholesky(a: Any, lower: bool = False) -> Any:
    return FUNCTIONS["linalg.cholesky"](a, upper=not lower)


@_as_in("linalg")
def _eigh(a: Any, lower: bool = True, eigvals_only: bool = False) -> Any:
    found = FUNCTIONS["numpy.linalg.eigh"](a, "L" if lower else "U")
    return found[0] if eigvals_only else found


@_as_in("linalg")
def _eigvalsh(a: Any, lower: bool = True) -> Any:
    return _eigh(a, lower, True)


@_as_in("linalg")
def _qr(a: Any, mode: str = "full") -> Any:
    return FUNCTIONS["linalg.qr"](a, {"full": "complete", "economic": "reduced"}.get(mode, mode))


@_as_in("linalg")
def _toeplitz(c: Any, r: Any = None) -> Any:
    """Constant diagonals: the entry at (i, j) depends on i - j."""
    r = c if r is None else r
    steps = np.subtract.outer(np.arange(len(c)), np.arange(len(r)))
    return FUNCTIONS["concat"]([c, r[:0:-1]])[np.where(steps < 0, steps + len(c) + len(r) - 1, steps)]


@_as_in("linalg")
def _circulant(c: Any) -> Any:
    return c[np.subtract.outer(np.arange(len(c)), np.arange(len(c)))]


@_as_in("linalg")
def _block_diag(*arrs: Any) -> Any:
    """Blocks along the diagonal, zeros elsewhere."""
    arrs = tuple([FUNCTIONS["stack"](x) if isinstance(x, (list, tuple)) else x for x in arrs])
    arrs = tuple([x if isinstance(x, Expr) else np.asarray(x) for x in arrs])
    blocks = [x if x.ndim > 1 else x.reshape(1, -1) for x in arrs]
    widths = [b.shape[1] for b in blocks]
    rows = [np.pad(b, ((0, 0), (sum(widths[:k]), sum(widths[k + 1 :])))) for k, b in enumerate(blocks)]
    return FUNCTIONS["concat"](rows, axis=0)


@_as_in("integrate")
def _cumulative_trapezoid(y: Any, x: Any = None, dx: Any = 1.0, axis: int = -1, initial: Any = None) -> Any:
    y = FUNCTIONS["moveaxis"](y, axis, -1)
    steps = dx if x is None else np.diff(x)
    sums = FUNCTIONS["cumulative_sum"]((y[..., 1:] + y[..., :-1]) * steps / 2, axis=-1)
    if initial is not None:
        sums = FUNCTIONS["concat"]([0 * y[..., :1] + initial, sums], axis=-1)
    return FUNCTIONS["moveaxis"](sums, -1, axis)


def _known(part: str, module: Any) -> dict[str, Callable[..., Any]]:
    """What is offered of a part of scipy, by the names there."""
    same = [name for name in module.__all__ if _last(CANONICAL.get(name, name)) == name]  # legendre makes a polynomial
    found = {name: FUNCTIONS.get(f"{part}.{name}") or FUNCTIONS.get(name) for name in same}
    return {name: ours for name, ours in found.items() if ours is not None} | _OWN[part]


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def replacements(traced: Callable[[Any], bool], plain: Callable[[Any], Any]) -> Iterator[tuple[Any, str, Any]]:
    """(module, name, what stands there while functions are traced) of the parts of scipy that are loaded; `traced` says
    whether an argument holds expressions of a running trace, `plain` what it is."""
    for part in PARTS:
        module = sys.modules.get("scipy." + part)
        for name, ours in _known(part, module).items() if module else ():
            original = getattr(module, name, None)
            if isinstance(original, FunctionType):
                yield module, name, _redirected(f"scipy.{part}.{name}", original, ours, traced, plain)
    if "scipy.stats" in sys.modules:
        normal = type(sys.modules["scipy.stats"].multivariate_normal)
        logpdf = _normal_of_covariance(normal.logpdf, traced, plain)
        yield normal, "logpdf", logpdf
        yield normal, "pdf", lambda self, x, *args, **kwargs: np.exp(logpdf(self, x, *args, **kwargs))


def _normal_of_covariance(original: Any, traced: Callable[[Any], bool], plain: Callable[[Any], Any]) -> Any:
    @wraps(original)
    def logpdf(self: Any, x: Any, mean: Any = None, cov: Any = 1, *args: Any, **kwargs: Any) -> Any:
        """-(d*log(2 pi) + log(det(C)) + (x - m) @ C^-1 @ (x - m))/2: scipy's own code asks for the numbers of C."""
        if not traced(cov):
            return original(self, x, mean, cov, *args, **kwargs)
        C = FUNCTIONS["stack"](plain(cov))
        x, mean = plain(x), 0.0 if mean is None else plain(mean)
        d = C.shape[0] if C.ndim else int(np.shape(mean)[0]) if np.ndim(mean) else 1
        C = C * np.eye(d) if C.ndim < 2 else C
        y = x - FUNCTIONS["broadcast_to"](C[0] * 0 + mean, (d,))
        y = y.reshape(-1, 1) if d == 1 and np.ndim(x) == 1 else y
        distance = FUNCTIONS["sum"](y * FUNCTIONS["linalg.solve"](C, FUNCTIONS["matrix_transpose"](y)).T
                                    if y.ndim > 1 else y * FUNCTIONS["linalg.solve"](C, y), axis=-1)  # fmt: skip
        return -(d * np.log(2 * np.pi) + FUNCTIONS["logdet"](C) + distance) / 2

    return logpdf


@cache
def _redirected(
    shown: str, original: Any, ours: Callable[..., Any], traced: Callable[[Any], bool], plain: Callable[[Any], Any]
) -> Any:
    signature = inspect.signature(original)

    @wraps(original)
    def call(*args: Any, **kwargs: Any) -> Any:
        if not any(map(traced, (*args, *kwargs.values()))):
            return original(*plain(args), **kwargs)
        try:
            bound = signature.bind(*plain(args), **kwargs)
            taken = {k: v for k, v in bound.arguments.items() if not _usual(signature.parameters[k], v)}
            several = [v for k, v in taken.items() if signature.parameters[k].kind is inspect.Parameter.VAR_POSITIONAL]
            first = list(takewhile(lambda k: _by_place(signature.parameters[k]) and k in taken, signature.parameters))
            return ours(*several[0]) if several else ours(*[taken.pop(k) for k in first], **taken)
        except SymdiffError:
            raise
        except (TypeError, AttributeError) as error:
            raise GraphError(f"{shown}: not known with these arguments for expressions: {error}") from error

    return call


def _by_place(parameter: inspect.Parameter) -> bool:
    return parameter.kind is not inspect.Parameter.KEYWORD_ONLY


def _usual(parameter: inspect.Parameter, value: Any) -> bool:
    """An option that has its default, or does not change the result."""
    plain_default = not isinstance(value, (Expr, np.ndarray)) and parameter.default is not parameter.empty
    return parameter.name in _IGNORED or (plain_default and value == parameter.default)
