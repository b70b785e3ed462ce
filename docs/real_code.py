"""Writes docs/real_code.md: functions of packages that were written for numpy, traced as they are.

    python -m docs.real_code [package ...]

Each function is called with numbers at a point; `sd.trace(fn, at=point)` must give the same value, and derivatives that
agree with differences. Packages that are not installed are left out.
"""

import importlib
import inspect
import itertools
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import symdiff as sd

TARGET = Path(__file__).with_suffix(".md")
RIGHT, WRONG, FOREIGN = "right", "wrong", "foreign error"


class Call(NamedTuple):
    """A function of a package."""

    name: str
    fn: Callable[..., Any]


def functions(*modules: str) -> Iterator[Call]:
    """The public functions that modules define."""
    for module in map(importlib.import_module, modules):
        for name, fn in sorted(vars(module).items()):
            if inspect.isfunction(fn) and not name.startswith("_") and fn.__module__ == module.__name__:
                yield Call(f"{module.__name__}.{name}", fn)


def classes(*modules: str) -> Iterator[tuple[str, type]]:
    """The public classes that modules define."""
    for module in map(importlib.import_module, modules):
        for name, cls in sorted(vars(module).items()):
            if inspect.isclass(cls) and not name.startswith("_") and cls.__module__ == module.__name__:
                yield f"{module.__name__}.{name}", cls


def methods(names: str, *modules: str) -> Iterator[Call]:
    """These methods of the classes that can be made without arguments."""
    for name, cls in classes(*modules):
        try:
            instance = cls()
        except Exception:
            continue
        for method in names.split():
            if hasattr(instance, method):
                yield Call(f"{name}.{method}", getattr(instance, method))


def of_astropy() -> Iterator[Call]:
    """The formulas of models, and of their derivatives."""
    for name, cls in classes("astropy.modeling.functional_models", "astropy.modeling.powerlaws"):
        for method in ("evaluate", "fit_deriv"):
            if isinstance(inspect.getattr_static(cls, method, None), staticmethod):
                yield Call(f"{name}.{method}", getattr(cls, method))
    for name, cls in classes("astropy.modeling.physical_models"):
        if isinstance(inspect.getattr_static(cls, "evaluate", None), staticmethod):
            yield Call(f"{name}.evaluate", cls.evaluate)


def of_statsmodels() -> Iterator[Call]:
    """Link functions, likelihoods, and the norms of robust estimates."""
    families = "statsmodels.genmod.families"
    yield from methods("__call__ inverse deriv deriv2 inverse_deriv inverse_deriv2", f"{families}.links")
    yield from methods("loglike_obs deviance resid_dev resid_anscombe", f"{families}.family")
    yield from methods("__call__ deriv", f"{families}.varfuncs")
    yield from methods("rho psi weights psi_deriv", "statsmodels.robust.norms")


PACKAGES: dict[str, Callable[[], Iterator[Call]]] = {
    "lmfit": lambda: functions("lmfit.lineshapes"),
    "astropy": of_astropy,
    "statsmodels": of_statsmodels,
}

# --- a point at which a function has a value ------------------------------------------------------------------------


def points(call: Call) -> Iterator[dict[str, Any]]:
    """Arguments to try: a vector or numbers, small and larger; defaults that are numbers stay."""
    parameters = list(inspect.signature(call.fn).parameters.values())
    needed = [p for p in parameters if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD]
    numbers = {p.name: p.default for p in parameters if type(p.default) is float and np.isfinite(p.default)}
    rng = np.random.default_rng(len(call.name))
    for vectors, (low, high) in itertools.product((1, 2, 0, 99), ((0.2, 0.8), (1.2, 3.0), (20.0, 40.0))):
        yield {p.name: rng.uniform(low, high, 4 if k < vectors else None) for k, p in enumerate(needed)} | numbers


def called(call: Call) -> tuple[dict[str, Any], Any] | None:
    """(point, value) where a function gives real numbers of its arguments; None where it is none of numbers."""
    for point in points(call):
        try:
            value = real(call.fn(**{k: np.copy(v) if np.ndim(v) else v for k, v in point.items()}))
        except Exception:
            continue
        if value.size and np.all(np.isfinite(value)):
            return point, value
    return None


def real(value: Any) -> np.ndarray:
    """A result as one vector of real numbers."""
    if isinstance(value, dict):
        value = list(value.values())
    parts = list(value) if isinstance(value, (tuple, list)) else [value]
    arrays = [np.asarray(p) for p in parts]
    if any(a.dtype.kind not in "fiub" for a in arrays):
        raise TypeError("no real numbers")
    return np.concatenate([a.ravel().astype(float) for a in arrays])


# --- the same, traced -----------------------------------------------------------------------------------------------


def outcome(call: Call, point: dict[str, Any], wanted: np.ndarray) -> tuple[str, str]:
    """(right, wrong, refused or foreign error; what was said)"""
    try:
        result = sd.trace(call.fn, at=point)
        parts = list(result.values()) if isinstance(result, dict) else result
        parts = list(parts) if isinstance(parts, (tuple, list)) else [parts]
        got = real([sd.evaluate(e, {k: point[k] for k in e.variables}) for e in parts])
        if got.shape != wanted.shape or not np.all(np.abs(got - wanted) <= rounding(call, point, wanted)):
            return WRONG, f"value {got[:3]}, not {wanted[:3]}"
        total = sum(sd.sum(sd.astype(e, "float64") * (k + 1.5)) for k, e in enumerate(parts))
        return compared(call, point, total)
    except sd.SymdiffError as error:
        return "refused", str(error)
    except Exception as error:
        return FOREIGN, f"{type(error).__name__}: {error}"


def rounding(call: Call, point: dict[str, Any], wanted: np.ndarray) -> np.ndarray:
    """How far values may be apart: 1e-9, more where the function's own value moves with the last digits of its
    arguments (a difference quotient does).
    """
    rng = np.random.default_rng(2)
    near = [
        {k: v * (1 + rng.uniform(-1, 1, np.shape(v)) * 4 * np.finfo(float).eps) for k, v in point.items()}
        for _ in range(4)
    ]
    moved = [np.abs(real(call.fn(**p)) - wanted) for p in near]
    return 1e-9 * np.abs(wanted) + 1e-12 + np.minimum(np.max(moved, axis=0), 1e-6 * np.abs(wanted))


def compared(call: Call, point: dict[str, Any], total: Any) -> tuple[str, str]:
    """The derivative along a line beside differences of two steps."""

    def value(t: float) -> float:
        moved = {k: v + t * step[k] if k in step else v for k, v in point.items()}
        result = call.fn(**moved)
        parts = list(result.values()) if isinstance(result, dict) else result
        parts = list(parts) if isinstance(parts, (tuple, list)) else [parts]
        return sum(float(np.sum(p)) * (k + 1.5) for k, p in enumerate(parts))

    rng = np.random.default_rng(1)
    step = {k: rng.uniform(0.5, 1.5, np.shape(v)) * (1 + np.max(np.abs(v))) for k, v in point.items()}
    names = list(total.variables) if isinstance(total, sd.Expr) else []
    slopes = sd.evaluate(sd.grad(total, names), {k: point[k] for k in names}) if names else []
    got = sum(float(np.sum(g * step[k])) for k, g in zip(names, slopes, strict=True))
    found = [(value(h) - value(-h)) / (2 * h) for h in (1e-4, 1e-5, 1e-6)]
    spread = 3 * np.ptp(found[1:]) + 1e-7 * abs(value(0.0))
    near = min(abs(got - f) for f in found)
    if np.isfinite(got) and near <= 1e-4 * abs(found[1]) + spread + 1e-9:
        return RIGHT, ""
    return (WRONG, f"derivative {got}, differences {found}") if np.all(np.isfinite(found)) else (RIGHT, "")


def sweep(package: str) -> Iterator[tuple[Call, str, str]]:
    """(call, outcome, what was said) for the functions of a package that have values."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for call in PACKAGES[package]():
            found = called(call)
            if found is not None:
                yield call, *outcome(call, *found)


def table(packages: list[str], told: Callable[[str], Any]) -> str:
    rows, notes = [], []
    for package in packages:
        try:
            importlib.import_module(package)
        except ImportError:
            continue
        counts: Counter[str] = Counter()
        for call, what, said in sweep(package):
            counts[what] += 1
            if what != RIGHT:
                told(f"{what}: {call.name}: {said[:300]}")
                notes.append(f"| `{call.name}` | {what}: {said.splitlines()[0][:150].replace('|', '/')} |")
        total = counts.total()
        cells = " | ".join(str(counts[k]) for k in (RIGHT, "refused", WRONG, FOREIGN))
        rows.append(f"| {package} {version(package)} | {total} | {cells} | {counts[RIGHT] / max(total, 1):.0%} |")
        told(rows[-1])
    return (
        "# Code of others, traced as it is\n\nMade by `python -m docs.real_code`: functions that were written for "
        "numpy, called with numbers and traced by\n"
        "`sd.trace(fn, at=point)`; right are those whose value and derivative agree with the function's own.\n"
        "Where differences are not finite, the value alone is compared.\n\n"
        "| package | functions | right | refused | wrong | foreign errors | right |\n|---|---|---|---|---|---|---|\n"
        + "\n".join(rows) + "\n\n| not right | why |\n|---|---|\n" + "\n".join(notes) + "\n"
    )  # fmt: skip


if __name__ == "__main__":
    TARGET.write_text(table(sys.argv[1:] or list(PACKAGES), lambda line: sys.stdout.write(line + "\n")))
