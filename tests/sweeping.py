"""What becomes of a call that stands as a text: right, wrong (value, shape, type, gradient, Hv), refused by an error of
this library, or foreign: any other exception. The oracle is numpy, or another namespace of arrays.
"""

import math
import warnings
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
from scipy import special

import symdiff as sd
from symdiff.containers import leaves
from symdiff.op import is_float

from .numpy_sweep import ARRAYS

STEP = 3e-4
Values = dict[str, Any]
Call = Callable[..., Any]


class Outcome(NamedTuple):
    """What became of a call, and the words for it."""

    kind: str
    detail: str = ""


def names_in(text: str) -> list[str]:
    """The arrays that a call takes."""
    code = compile(text, text, "eval")
    inner = [c for c in code.co_consts if hasattr(c, "co_names")]
    return [n for n in ARRAYS if any(n in c.co_names for c in (code, *inner))]


def compiled(text: str, names: list[str], xp: Any = np) -> Call:
    """A call as a function of its arrays."""
    scope: Values = {"np": np, "special": special, "xp": xp}
    exec(f"def call({', '.join(names)}): return {text}", scope)
    return scope["call"]


def oracles(call: Call, values: Values, asarray: Call = np.asarray) -> list[np.ndarray] | None:
    """The leaves of the right result; None where the oracle refuses the call or gives no real numbers."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found = leaves(call(**{k: asarray(v) for k, v in values.items()}))
        except Exception:
            return None
    plain = [_number(leaf) for leaf in found]
    return plain if plain and all(a.dtype.kind in "fib" for a in plain) else None


def _number(leaf: Any) -> np.ndarray:
    """A leaf as an array; Python's whole numbers are counts, which traced have no type of their own."""
    return np.asarray(float(leaf) if type(leaf) is int else leaf)


def _variables(g: sd.Graph, values: Values) -> Values:
    return {k: g.variable(k, v.shape, dtype=v.dtype) for k, v in values.items()}


def direct(text: str, names: list[str], g: sd.Graph, values: Values) -> Any:
    """numpy's functions of expressions."""
    return compiled(text, names)(**_variables(g, values))


def traced(text: str, names: list[str], g: sd.Graph, values: Values) -> Any:
    """A traced function."""
    return sd.trace(compiled(text, names), at=values, graph=g)


def parsed(text: str, names: list[str], g: sd.Graph, values: Values) -> Any:
    """A text."""
    _variables(g, values)
    return sd.parse(text, graph=g)


def namespace(text: str, names: list[str], g: sd.Graph, values: Values) -> Any:
    """This library's functions, as a namespace of the array API."""
    return compiled(text, names, sd)(**_variables(g, values))


COUNTS_ARE_PYTHONS = type(np.count_nonzero(0)) is int  # before numpy 2.4, without an axis


def outcome(text: str, way: Call, oracle: Call, asarray: Call = np.asarray) -> Outcome | None:
    """What became of a call; None where the oracle refuses it."""
    if COUNTS_ARE_PYTHONS and "count_nonzero" in text:
        return None
    names = names_in(text)
    values = {k: ARRAYS[k].copy() for k in names}
    wanted = oracles(oracle, values, asarray)
    if wanted is None:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            made = leaves(way(text, names, sd.Graph(), values))
            got = [sd.evaluate(e, values) if isinstance(e, sd.Expr) else _number(e) for e in made]
            if len(made) == 1 and len({w.shape for w in wanted}) == 1 and got[0].ndim > wanted[0].ndim:
                wanted = [np.stack(wanted)]  # a list in a text is one array, also one of lists
                wanted = [wanted[0].reshape(got[0].shape)] if wanted[0].size == got[0].size else wanted
            finding = _different(got, wanted, made)
            finding = finding or _derivatives(lambda values: oracles(oracle, values, asarray), made, wanted, values)
        except sd.SymdiffError as error:
            return Outcome("refused", f"{type(error).__name__}: {error}")
        except Exception as error:
            return Outcome("foreign", f"{type(error).__name__}: {error}")
    return Outcome("wrong", finding) if finding else Outcome("right")


WAYS = {"direct": direct, "traced": traced, "parsed": parsed}


def swept(calls: Iterable[str], way: str) -> Iterator[tuple[str, Outcome]]:
    """(call, what became of it) of the calls that count: right, or refused."""
    for text in calls:
        result = outcome(text, WAYS[way], compiled(text, names_in(text)))
        if result is not None:
            assert result.kind in ("right", "refused"), (text, result)
            yield text, result


def _different(got: list[Any], wanted: list[np.ndarray], made: list[Any]) -> str:
    if len(got) != len(wanted):
        return f"{len(got)} results, not {len(wanted)}"
    for a, b, e in zip(got, wanted, made, strict=True):
        if (a.shape, a.dtype) != (b.shape, b.dtype):
            return f"{a.shape} {a.dtype}, not {b.shape} {b.dtype}"
        if isinstance(e, sd.Expr) and (e.shape, e.dtype) != (b.shape, b.dtype.name):
            return f"said to be {e.shape} {e.dtype}, not {b.shape} {b.dtype}"
        rough = 2e-5 if b.dtype == "float32" else 1e-11
        if not np.allclose(a, b, rtol=rough, atol=rough, equal_nan=True):
            return f"{a!r}, not {b!r}"
    return ""


def _derivatives(right: Call, made: list[Any], wanted: list[np.ndarray], values: Values) -> str:
    """Gradient and Hv of a weighted sum of all entries, beside differences of the right values and of the gradient."""
    used = [e for e, b in zip(made, wanted, strict=True) if isinstance(e, sd.Expr) and is_float(e.dtype) and b.size]
    if not used or not all(np.isfinite(b).all() and b.dtype != "float32" for b in wanted):
        return ""
    names = [k for k, v in values.items() if v.dtype == "float64" and v.size and any(k in e.variables for e in used)]
    if not names or not all(np.isfinite(v).all() for v in values.values()):
        return ""
    rng = np.random.default_rng(3)
    weights = [rng.uniform(0.5, 1.5, b.shape) for b in wanted]
    total = _total(
        sd.sum(e * w) for e, w in zip(made, weights, strict=True) if isinstance(e, sd.Expr) and is_float(e.dtype)
    )
    directions = {k: rng.normal(size=values[k].shape) for k in names}
    along = _total(sd.sum(q * directions[k]) for q, k in zip(sd.grad(total, names), names, strict=True))
    second = _total(sd.sum(q * directions[k]) for q, k in zip(sd.grad(along, names), names, strict=True))

    def moved(t: float) -> Values:
        return {k: np.asarray(v + t * directions[k]) if k in directions else v for k, v in values.items()}

    def value(t: float) -> float:
        found = right(moved(t))
        if found is None:
            return math.nan
        found = [np.reshape(found, wanted[0].shape)] if len(found) != len(wanted) else found
        return float(sum(np.sum(b * w) for b, w in zip(found, weights, strict=True) if b.dtype.kind == "f"))

    def slope(f: Callable[[float], float]) -> float:
        """The derivative along the directions; nan where two steps disagree: at a kink, or where values end."""
        first, second = (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h)) for h in (STEP, STEP / 2))
        first, second = first / (12 * STEP), second / (6 * STEP)
        return first if abs(first - second) <= 1e-6 * max(1, abs(first)) else math.nan

    once, twice = (float(v) for v in sd.evaluate([along, second], values))
    wanted_once = slope(value)
    if abs(once - wanted_once) > 1e-6 * max(1, abs(wanted_once)):
        return f"gradient: {once}, not {wanted_once}"
    wanted_twice = slope(lambda t: float(sd.evaluate(along, moved(t))))
    if math.isfinite(wanted_once) and abs(twice - wanted_twice) > 1e-5 * max(1, abs(wanted_twice)):
        return f"Hv: {twice}, not {wanted_twice}"
    return ""


def _total(terms: Iterable[Any]) -> Any:
    found = list(terms)
    return sum(found[1:], found[0])
