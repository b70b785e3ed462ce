"""Errors of the stable spellings against mpmath, before and after: ``python -m tests.spellings`` writes the table."""

from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import mpmath as mp
import numpy as np

from symdiff.patterns import PATTERNS, Rule
from symdiff.spellings import COMPUTED, DERIVED

from .test_ops import MPMATH

TABLE = Path(__file__).parents[1] / "docs" / "spellings.md"
SIZES = [0.0, 1e-300, 1e-160, 1e-30, 1e-12, 1e-8, 1e-5, 0.003, 0.1, 0.3, 0.9, 1.0, 1.5, 2.0, 5.0, 19.0, 37.0, 300.0,
         700.0, 1e5, 1e10, 1e40, 1e160, 1e300]  # fmt: skip
LINE = [-a for a in reversed(SIZES[1:])] + SIZES
EXPONENTS = [2.0, 3.0, 0.5]
DIGITS = 660  # 1 - tanh(700)**2 has lost 608 of them
EPS = float(np.finfo(float).eps)

FUNCTIONS = {
    **MPMATH, "xlogy": lambda x, y: mp.mpf(0) if x == 0 else x * mp.log(y),
    "sin_quotient_0": lambda x: mp.sin(x) / x, "log_ndtr": lambda x: mp.log(mp.erfc(-x / mp.sqrt(2)) / 2),
}  # fmt: skip


def walked(e: Any, leaves: dict[str, Any], number: Any, call: Any) -> Any:
    """The value of a pattern, by the given meaning of numbers and of ops."""
    q, made = PATTERNS, {}
    for n in q.ancestors([e.node]) if hasattr(e, "node") else ():
        op, xs, params = q.record(n), [made[i] for i in q.inputs(n)], q.params(n)
        if op.name == "variable":
            made[n] = leaves[params[0]]
        elif op.name == "constant":
            made[n] = number(params[1])
        elif op.name == "add":
            made[n] = sum((number(c) * x for c, x in zip(params, xs, strict=True)), number(0))
        elif op.name == "contract":
            made[n] = xs[0]
            for x in xs[1:]:
                made[n] = made[n] * x
        else:
            made[n] = call(op, xs)
    return made[e.node] if made else number(e)


def exact(e: Any, at: dict[str, float]) -> Any:
    """The value by mpmath, None where there is none."""

    def number(c: Any) -> Any:
        return mp.mpf(c.numerator) / c.denominator if isinstance(c, Fraction) else mp.mpf(c)

    try:
        value = walked(e, {k: mp.mpf(v) for k, v in at.items()}, number, lambda op, xs: FUNCTIONS[op.name](*xs))
        return mp.re(value) if mp.im(value) == 0 and mp.isfinite(value) else None
    except (ZeroDivisionError, ValueError, OverflowError, mp.libmp.NoConvergence):
        return None


def computed(e: Any, at: dict[str, float]) -> float:
    with np.errstate(all="ignore"):
        leaves = {k: np.float64(v) for k, v in at.items()}
        return float(walked(e, leaves, lambda c: np.float64(float(c)), lambda op, xs: op.meaning()(*xs)))


def points(rule: Rule) -> list[dict[str, float]]:
    """A grid over the whole double range; exponents are small numbers."""
    names = rule.lhs.variables
    exponents = {
        PATTERNS.params(PATTERNS.inputs(n)[1])[0] for n in PATTERNS.ancestors([rule.lhs.node])
        if PATTERNS.operation(n) == "pow" and PATTERNS.operation(PATTERNS.inputs(n)[1]) == "variable"
    }  # fmt: skip
    line = LINE if len(names) == 1 else LINE[::2] if len(names) == 2 else LINE[::7]
    lines = [EXPONENTS if v in exponents else line for v in names]
    return [dict(zip(names, p, strict=True)) for p in product(*lines)]


def error(got: float, wanted: Any) -> float:
    """The relative error, inf for what is no number; 0 where both are too small or too large for a double."""
    value = float(wanted) if abs(wanted) < 1e308 else np.inf * float(mp.sign(wanted))
    if got == value or (abs(value) < 1e-300 and abs(got) < 1e-300):
        return 0.0
    if not np.isfinite(got) or value == 0:
        return np.inf
    return float(abs((mp.mpf(got) - wanted) / wanted))


def condition(e: Any, at: dict[str, float], wanted: Any) -> float:
    """What the rounding of the point itself does to the value, in units of it."""
    total = 0.0
    for name, v in at.items():
        moved = exact(e, {**at, name: v * (1 + 1e-9)})
        if v and moved is not None and wanted:
            total += float(abs((moved - wanted) / wanted)) * 1e9
    return total


def errors(rule: Rule) -> tuple[float, float, float, dict[str, float]]:
    """(worst error before, after, worst excess after over what the point's own rounding does, where that is)."""
    before = after = excess = 0.0
    where: dict[str, float] = {}
    with mp.workdps(DIGITS):
        for at in points(rule):
            wanted = exact(rule.lhs, at)
            if wanted is None or abs(wanted) > 1e300:
                continue
            own = error(computed(rule.rhs, at), wanted)
            was = error(computed(rule.lhs, at), wanted)
            before, after = max(before, was), max(after, own)
            if own > 4 * was and own - 8 * EPS * condition(rule.lhs, at, wanted) > excess:
                excess, where = own - 8 * EPS * condition(rule.lhs, at, wanted), at
    return before, after, excess, where


def table() -> str:
    lines = ["# Stable spellings: the worst relative errors over the double range", "",
             "`python -m tests.spellings` writes it: each spelling and what is computed for it, against mpmath.", "",
             "| rule | spelling | computed | error before | error after |", "|---|---|---|---|---|"]  # fmt: skip
    for rule in (*DERIVED, *COMPUTED):
        before, after, _, _ = errors(rule)
        lines.append(f"| {rule.name} | `{shown(rule.lhs)}` | `{shown(rule.rhs)}` | {before:.0e} | {after:.0e} |")
    return "\n".join(lines) + "\n"


def shown(e: Any) -> str:
    """A pattern as it was written."""
    if not hasattr(e, "node"):
        return str(e)
    texts: dict[int, str] = {}
    for n in PATTERNS.ancestors([e.node]):
        texts[n] = written(PATTERNS.operation(n), PATTERNS.params(n), [texts[i] for i in PATTERNS.inputs(n)])
    return texts[e.node]


def written(name: str, params: tuple, xs: list[str]) -> str:
    if name == "variable":
        return params[0]
    if name == "constant":
        return str(params[1])
    if name == "add":
        signed = [{1: x, -1: f"-{x}"}.get(c, f"{c}*{x}") for c, x in zip(params, xs, strict=True)]
        return f"({' + '.join(signed)})".replace("+ -", "- ")
    operator = {"contract": "*", "divide": "/", "pow": "**"}.get(name)
    return f"{name}({', '.join(xs)})" if operator is None else operator.join(xs)


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")
