"""Derivatives of elementwise ops over the double range against mpmath: ``python -m tests.grid`` writes the table.

Exact values are those of the derivative's own graph in mpmath's numbers: what is found is overflow, cancellation and
inf * 0, on which `test_ops` says nothing; that the rules are right it says.
"""

import math
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import mpmath as mp
import numpy as np

import symdiff as sd
from symdiff.constants import in_pi
from symdiff.op import OPS, Partials

from .spellings import EPS
from .test_ops import MPMATH

TABLE = Path(__file__).parents[1] / "docs" / "derivatives.md"
WRITTEN_SPECIAL = {"log_erfc", "lambertw", "polygamma", "Si", "Ci", "Shi", "Chi", "fresnels", "fresnelc", "sinc"}
SUBNORMAL = 1e-300
FUNCTIONS = MPMATH | {
    "where": lambda c, x, y: x if c else y, "equal": lambda x, y: x == y, "not_equal": lambda x, y: x != y,
    "less": lambda x, y: x < y, "less_equal": lambda x, y: x <= y, "greater": lambda x, y: x > y,
    "greater_equal": lambda x, y: x >= y, "safe_multiply": lambda x, y: mp.mpf(0) if x == 0 else x * y,
    "safe_divide": lambda x, y: mp.mpf(0) if y == 0 else x / y,
    "xlogy": lambda x, y: mp.mpf(0) if x == 0 else x * mp.log(y),
    "log_ndtr": lambda x: mp.log(mp.erfc(-x / mp.sqrt(2)) / 2), "sinc": lambda x: mp.sincpi(x),
}  # fmt: skip


def line(count: int) -> np.ndarray:
    """Points of both signs: 0, tiny, near 1, whole numbers, where exp overflows, huge."""
    near = 1 + np.array([-1e-1, -1e-3, -1e-8, -1e-15, 0, 1e-15, 1e-8, 1e-3, 1e-1])
    middle = np.array([1.5, 2.0, 2.7, 3.3, 5.0, 8.0, 19.5, 37.0, 100.5, 350.0, 700.0])
    wide = 10.0 ** np.linspace(-290, 290, count)
    small = 10.0 ** np.linspace(-12, 6, count // 2)
    half = np.unique(np.concatenate([near, middle, wide, small]))
    return np.concatenate([-half[::-1], [0.0], half])


class Worst(NamedTuple):
    error: float
    order: int
    operand: int
    at: tuple[float, ...]


def graph_value(g: Any, n: int, leaves: dict[int, Any]) -> Any:
    made: dict[int, Any] = {}
    for k in g.ancestors([n]):
        op, xs, params = g.record(k), [made[i] for i in g.inputs(k)], g.params(k)
        if k in leaves:
            made[k] = leaves[k]
        elif op.name == "constant":
            made[k] = exactly(params[1])
        elif op.name == "add":
            made[k] = mp.fsum(exactly(c) * x for c, x in zip(params, xs, strict=True))
        elif op.name == "contract":
            made[k] = mp.fprod(xs)
        else:
            made[k] = FUNCTIONS[op.name](*xs)
    return made[n]


def exactly(c: Any) -> Any:
    """A number of a text, where the double of a multiple of pi stands for it."""
    turns = in_pi(c)
    if turns is not None or c == math.e:
        return turns[0] * mp.pi / turns[1] if turns else +mp.e
    return mp.mpf(c.numerator) / c.denominator if hasattr(c, "numerator") and not isinstance(c, float) else mp.mpf(c)


def is_special(op: Any) -> bool:
    """Of scipy: to second order, where mpmath has its values."""
    return "scipy" in str(op.evaluate) and op.name != "sigmoid"


def points(op: Any) -> list[tuple[float, ...]]:
    xs = line(120) if op.arity == 1 else line(6)[::2]
    if is_special(op) or op.name in WRITTEN_SPECIAL:
        xs = xs[(np.abs(xs) <= 1e5) & ((np.abs(xs) >= 1e-30) | (xs == 0))][::3]
    return list(product(xs, repeat=op.arity))


def worst(name: str, orders: int) -> Worst:
    """The worst excess over what the rounding of the point itself does, of the derivatives up to an order."""
    op = OPS[name]
    found = Worst(0.0, 0, 0, ())
    g = sd.Graph()
    xs = g.variables([f"x{k}" for k in range(op.arity)])
    at = np.array(points(op))
    if op.domain is not None:
        lines = sd.Graph().variables([f"x{k}" for k in range(op.arity)], "n")
        inside = op.domain(*lines)
        seen = set(inside.graph.ancestors([inside.node]))
        used = {x: column for x, column in zip(lines, at.T, strict=True) if x.node in seen}
        at = at[sd.evaluate(inside, used)]
    for k, x in enumerate(xs):
        e = op(*xs)
        if not isinstance(op.derivative, Partials):
            continue
        derivatives = [e := e.diff(x) for _ in range(orders + 1)]
        values = [computed(g, d, xs, at) for d in derivatives[:-1]]
        with mp.workdps(330 if op.arity == 1 and not is_special(op) else 60):
            for p, *got in zip(at, *values, strict=True):
                leaves = {x.node: mp.mpf(float(v)) for x, v in zip(xs, p, strict=True)}
                exact = [valued(g, d.node, leaves) for d in derivatives]
                for order, value in enumerate(got):
                    error = excess(value, exact[order], exact[order + 1], float(p[k]))
                    if error > found.error:
                        found = Worst(error, order + 1, k, tuple(map(float, p)))
    return found


def computed(g: Any, d: Any, xs: Any, at: np.ndarray) -> np.ndarray:
    used = set(g.ancestors([d.node]))
    f = sd.function([x for x in xs if x.node in used], d) if any(x.node in used for x in xs) else None
    if f is None:
        return np.full(len(at), sd.evaluate(d))
    with np.errstate(all="ignore"):
        return np.array([float(f(*[v for x, v in zip(xs, p, strict=True) if x.node in used])) for p in at])


def valued(g: Any, n: int, leaves: dict[int, Any]) -> Any:
    try:
        value = graph_value(g, n, leaves)
        return mp.re(value) if mp.im(value) == 0 and mp.isfinite(value) else None
    except (ZeroDivisionError, ValueError, OverflowError, mp.libmp.NoConvergence):
        return None


def excess(got: float, wanted: Any, following: Any, x: float) -> float:
    """The relative error beyond 8 eps |x f'/f|; 0 where the value is not representable and the limit is right."""
    if wanted is None:
        return 0.0
    if abs(wanted) > mp.mpf(2) ** 1023:
        return 0.0 if got == np.inf * float(mp.sign(wanted)) else 0.0 if abs(wanted) < mp.mpf(2) ** 1024 else np.inf
    if abs(wanted) < SUBNORMAL:
        return 0.0 if abs(got) <= 2 * SUBNORMAL else np.inf
    if not np.isfinite(got):
        return np.inf
    own = float(abs((mp.mpf(got) - wanted) / wanted))
    moved = 8 * EPS * float(min(abs(x * following / wanted), 1e300)) if following is not None else 0.0
    return max(0.0, own - moved)


def names() -> list[str]:
    """The elementary functions of one variable."""
    return [
        n for n, op in OPS.items()
        if op.arity == 1 and op.elementwise and isinstance(op.derivative, Partials) and n in MPMATH
        and not is_special(op) and n not in WRITTEN_SPECIAL and n[-2] != "_"
    ]  # fmt: skip


# below 1e-103 the third derivative is infinite, and terms of both signs are
COARSE = {"asech": 2}


def orders(name: str) -> int:
    return COARSE.get(name, 3)


def table() -> str:
    lines = ["# Derivatives over the double range: the worst relative errors", "",
             "`python -m tests.grid` writes it: to third order (second where it says so) against mpmath,",
             "less what the rounding of the point itself does (8 eps |x f'/f|).", "",
             "| op | orders | worst error | at order | at |", "|---|---|---|---|---|"]  # fmt: skip
    for name in names():
        w = worst(name, orders(name))
        at = ", ".join(f"{v:.3g}" for v in w.at)
        lines.append(f"| {name} | {orders(name)} | {w.error:.0e} | {w.order or ''} | {at} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")
