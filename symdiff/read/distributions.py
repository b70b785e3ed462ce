"""scipy's distributions on expressions, while a function is traced: the formulas of scipy's own records, within their
support and for parameters that they allow; ``scipy.stats.gamma.logpdf(x, a, scale=s)``.
"""

import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..errors import GraphError, SymdiffError
from ..expr import Expr
from ..op import FUNCTIONS

# what is asked for -> (value below the support, value above it)
_OUTSIDE = {
    "pdf": (0.0, 0.0), "pmf": (0.0, 0.0), "logpdf": (-np.inf, -np.inf), "logpmf": (-np.inf, -np.inf),
    "cdf": (0.0, 1.0), "logcdf": (-np.inf, 0.0), "sf": (1.0, 0.0), "logsf": (0.0, -np.inf),
}  # fmt: skip

# what is asked for -> what gives the same, where its own formula is a loop over numbers
_ELSE: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "pdf": ("logpdf", np.exp), "pmf": ("logpmf", np.exp), "logpdf": ("pdf", np.log), "cdf": ("logcdf", np.exp),
    "sf": ("logsf", np.exp), "logcdf": ("cdf", np.log), "logsf": ("sf", np.log),
}  # fmt: skip

# formulas for which scipy calls kernels that have no name in public
_LOG_ROOT = np.log(2 * np.pi) / 2
_OWN: dict[str, dict[str, Callable[..., Any]]] = {
    "cauchy": {
        "ppf": lambda q: np.tan(np.pi * (q - 0.5)),
        "isf": lambda q: -np.tan(np.pi * (q - 0.5)),
    },
    "beta": {
        "ppf": lambda q, a, b: FUNCTIONS["betaincinv"](a, b, q),
        "logcdf": lambda x, a, b: np.log(FUNCTIONS["betainc"](a, b, x)),
        "logsf": lambda x, a, b: np.log(FUNCTIONS["betaincc"](a, b, x)),
    },
    "binom": {
        "cdf": lambda k, n, p: FUNCTIONS["bdtr"](np.floor(k), n, p),
        "sf": lambda k, n, p: FUNCTIONS["bdtrc"](np.floor(k), n, p),
    },
    "bernoulli": {"cdf": lambda k, p: 1 - p, "sf": lambda k, p: p},
    "nbinom": {
        "cdf": lambda k, n, p: FUNCTIONS["betainc"](n, np.floor(k) + 1, p),
        "sf": lambda k, n, p: FUNCTIONS["betaincc"](n, np.floor(k) + 1, p),
    },
    "skewnorm": {
        "cdf": lambda x, a: FUNCTIONS["ndtr"](x) - 2 * FUNCTIONS["owens_t"](x, a),
        "sf": lambda x, a: FUNCTIONS["ndtr"](-x) + 2 * FUNCTIONS["owens_t"](x, a),
    },
    "cosine": {
        "cdf": lambda x: (np.pi + x + np.sin(x)) / (2 * np.pi),
        "sf": lambda x: (np.pi - x - np.sin(x)) / (2 * np.pi),
    },
    "betaprime": {
        "ppf": lambda q, a, b: FUNCTIONS["betaincinv"](a, b, q) / FUNCTIONS["betainccinv"](b, a, q),
        "isf": lambda q, a, b: FUNCTIONS["betainccinv"](a, b, q) / FUNCTIONS["betaincinv"](b, a, q),
        "logcdf": lambda x, a, b: np.log(FUNCTIONS["betainc"](a, b, x / (1 + x))),
        "logsf": lambda x, a, b: np.log(FUNCTIONS["betaincc"](a, b, x / (1 + x))),
    },
    "semicircular": {
        "ppf": lambda q: 2 * FUNCTIONS["betaincinv"](1.5, 1.5, q) - 1,
        "isf": lambda q: 1 - 2 * FUNCTIONS["betaincinv"](1.5, 1.5, q),
    },
    "truncnorm": {
        "logpdf": lambda x, a, b: -(x**2) / 2 - _LOG_ROOT - _log_mass(a, b),
        "logcdf": lambda x, a, b: _log_mass(a, x) - _log_mass(a, b),
        "logsf": lambda x, a, b: _log_mass(x, b) - _log_mass(a, b),
    },
    "genextreme": {"logpdf": lambda x, c: _extreme(x, c)},
    "invgauss": {
        "cdf": lambda x, mu: _inverse_gaussian(x, mu, 1.0),
        "sf": lambda x, mu: _inverse_gaussian(x, mu, -1.0),
    },
}


def _inverse_gaussian(x: Any, mu: Any, sign: float) -> Any:
    """ndtr((x/mu - 1)/sqrt(x)) + exp(2/mu)*ndtr(-(x/mu + 1)/sqrt(x)), and what is left of 1."""
    root = np.sqrt(x)
    tail = np.exp(2 / mu + FUNCTIONS["log_ndtr"](-(x / mu + 1) / root))
    return FUNCTIONS["ndtr"](sign * (x / mu - 1) / root) + sign * tail


def _log_mass(a: Any, b: Any) -> Any:
    """log(ndtr(b) - ndtr(a)), of the tails on the side on which they are small."""
    left = FUNCTIONS["where"](a > 0, -b, a)
    right = FUNCTIONS["where"](a > 0, -a, b)
    top = FUNCTIONS["log_ndtr"](right)
    return top + np.log(-np.expm1(FUNCTIONS["log_ndtr"](left) - top))


def _extreme(x: Any, c: Any) -> Any:
    """-exp(y) + y - log(1 - c*x), where y = log(1 - c*x)/c, and -x for c = 0."""
    inner = FUNCTIONS["log1p"](-c * x)
    y = FUNCTIONS["where"](np.equal(c, 0), -x, inner / FUNCTIONS["where"](np.equal(c, 0), 1.0, c))
    return -np.exp(y) + y - inner


def _symbolic(*values: Any) -> bool:
    return any(isinstance(v, Expr) for v in values)


def chosen(condition: Any, x: Any, y: Any) -> Any:
    """np.where, without a choice where the condition is one truth."""
    if _symbolic(condition):
        return FUNCTIONS["where"](condition, x, y)
    if np.all(condition):
        return x
    return np.where(condition, x, y) if np.any(condition) else y


def _formula(law: Any, what: str, args: Sequence[Any]) -> Any:
    """A function of the standard distribution: its own formula, or that of its logarithm."""
    other, of = _ELSE.get(what, ("", np.exp))
    own = _OWN.get(law.name, {})
    if what not in own and other and (other in own or (_counted(law, what) and not _inherited(law, other))):
        return of(_formula(law, other, args))
    if what not in own and _counted(law, what):
        raise GraphError(f"scipy.stats.{law.name}.{what} has no formula: it is computed by a loop over numbers")
    try:
        with np.errstate(all="ignore"):
            return own[what](*args) if what in own else getattr(law, "_" + what)(*args)
    except (SymdiffError, TypeError, ValueError) as error:
        if what in ("pdf", "pmf") and not _inherited(law, other):  # a kernel without a name in public
            return of(_formula(law, other, args))
        raise GraphError(f"scipy.stats.{law.name}.{what} has no formula for expressions: {error}") from error


def _inherited(law: Any, what: str) -> bool:
    """The method is the one of all distributions."""
    owner = next((c for c in type(law).__mro__ if "_" + what in vars(c)), None)
    return owner is None or owner.__name__ in ("rv_continuous", "rv_discrete", "rv_generic")


def _counted(law: Any, what: str) -> bool:
    """The method differentiates, integrates or searches by numbers."""
    source = {"logpdf": "pdf", "logpmf": "pmf", "logcdf": "cdf", "sf": "cdf", "logsf": "sf", "isf": "ppf"}
    while _inherited(law, what) and what in source:
        what = source[what]
    return _inherited(law, what)


def _allowed(law: Any, args: Sequence[Any], scale: Any) -> Any:
    """Where the parameters are those of a distribution."""
    holds = scale > 0
    if _inherited(law, "argcheck"):
        for a in args:
            holds = holds & (a > 0)
        return holds
    return law._argcheck(*args) & holds


def distribution(law: Any, what: str, discrete: bool, x: Any, args: Sequence[Any], named: dict[str, Any]) -> Any:
    """What a distribution gives of expressions."""
    args, loc, scale = law._parse_args(*args, **named)
    allowed, (low, high) = _allowed(law, args, scale), law._get_support(*args)
    if what in ("ppf", "isf"):
        if discrete:
            raise GraphError(f"scipy.stats.{law.name}.{what} has steps: no formula gives it of expressions")
        ends = (low, high) if what == "ppf" else (high, low)
        inner = _formula(law, what, (x, *args)) * scale + loc
        result = chosen(x == 0, ends[0] * scale + loc, chosen(x == 1, ends[1] * scale + loc, inner))
        return chosen(allowed & (x >= 0) & (x <= 1), result, np.nan)
    y = x - loc if discrete else (x - loc) / scale
    below, above = _OUTSIDE[what]
    inner = _formula(law, what, (y, *args))
    if what in ("pdf", "logpdf"):
        inner = inner / scale if what == "pdf" else inner - np.log(scale)
    if _everywhere(low, -np.inf) and _everywhere(high, np.inf):
        return chosen(allowed, inner, np.nan)
    if below == above:  # a density
        inside = law._support_mask(y, *args)
        inner = chosen(inside & (np.floor(y) == y) if discrete else inside, inner, below)
    else:
        inner = chosen(y < low if discrete else y <= low, below, chosen(y >= high, above, inner))
    return chosen(allowed & ~np.isnan(y), inner, np.nan)


def _everywhere(bound: Any, end: float) -> bool:
    return not _symbolic(bound) and bool(np.all(np.asarray(bound) == end))


# --- what is redirected ---------------------------------------------------------------------------------------------


def _method(original: Any, what: str, discrete: bool) -> Any:
    def of(self: Any, x: Any, *args: Any, **named: Any) -> Any:
        if _symbolic(x, *args, *named.values()):
            return distribution(self, what, discrete, x, args, named)
        return original(self, x, *args, **named)

    return of


def _apply_where(original: Any) -> Any:
    def apply_where(condition: Any, args: Any, f: Any, g: Any = None, /, **options: Any) -> Any:
        given = args if isinstance(args, tuple) else (args,)
        if not _symbolic(condition, *given):
            return original(condition, args, f, g, **options)
        return chosen(condition, f(*given), options.get("fill_value") if g is None else g(*given))

    return apply_where


def _select(original: Any) -> Any:
    def lazyselect(conditions: Any, choices: Any, arrays: Any, default: Any = 0) -> Any:
        if not _symbolic(*conditions, *arrays):
            return original(conditions, choices, arrays, default)
        value = default
        for condition, choice in reversed(list(zip(conditions, choices, strict=True))):
            value = chosen(condition, choice(*arrays), value)
        return value

    return lazyselect


def replacements() -> list[tuple[Any, str, Any]]:
    """(owner, name, what stands there while functions are traced), where scipy's distributions are loaded."""
    base = sys.modules.get("scipy.stats._distn_infrastructure")
    laws = sys.modules.get("scipy.stats._continuous_distns")
    found: list[tuple[Any, str, Any]] = []
    for kind, discrete in (("rv_continuous", False), ("rv_discrete", True)):
        owner: Any = getattr(base, kind, None)
        for what in (*_OUTSIDE, "ppf", "isf"):
            if what in vars(owner or type):
                found.append((owner, what, _method(vars(owner)[what], what, discrete)))
    arrays: Any = getattr(laws, "xpx", None)
    if hasattr(arrays, "apply_where"):
        found.append((arrays, "apply_where", _apply_where(arrays.apply_where)))
    if hasattr(laws, "_lazyselect"):
        found.append((laws, "_lazyselect", _select(laws._lazyselect)))  # type: ignore[union-attr]
    return found
