"""Formulas: as short as sympy's simplified ones? how long do they take? do identities print at once?"""

import ast
import json
from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

import symdiff as sd

from ..peers import sympy
from ..record import Benchmark, Side, Target, Unavailable
from ..scalar_formulas import FORMULAS
from ..sides import Call
from ..timing import seconds

# --- three hundred scalar derivatives ---------------------------------------------------------

POINTS = ({"x": 0.37, "a": 1.27, "b": 1.83, "y": 1.41}, {"x": 0.71, "a": 1.62, "b": 1.15, "y": 1.33})


def operations(text: str) -> int:
    """Operators and calls in a formula; signs and quotients of numbers are numbers.

    >>> operations("(1 - x*y)*exp(-x*y)"), operations("x**(-3/2)"), operations("where(x > 0, 1, 2*x)")
    (6, 1, 3)
    """
    number: set[ast.AST] = set()
    total = 0
    for node in reversed(list(ast.walk(ast.parse(text)))):
        operands = (
            [node.left, node.right]
            if isinstance(node, ast.BinOp)
            else [node.operand]
            if isinstance(node, ast.UnaryOp)
            else None
        )
        if isinstance(node, ast.Constant) or (operands and number.issuperset(operands)):
            number.add(node)
        elif operands or isinstance(node, (ast.Call, ast.IfExp)):
            total += 1
        elif isinstance(node, ast.Compare):
            total += len(node.ops)
        elif isinstance(node, ast.BoolOp):
            total += len(node.values) - 1
    return total


class Formulas:
    """Some of the formulas, and the texts of their derivatives by each system."""

    def __init__(self, count: int):
        self.formulas = [FORMULAS[k * len(FORMULAS) // count] for k in range(count)]
        self.texts: dict[str, list[str]] = {}


def symdiff_texts(p: Formulas) -> Call:
    def texts() -> list[str]:
        p.texts["symdiff"] = [str(sd.parse(f).diff("x")) for f in p.formulas]
        return p.texts["symdiff"]

    return texts


def sympy_texts(p: Formulas) -> Call:
    names = {n: sympy.Symbol(n, real=True) for n in POINTS[0]}

    def texts() -> list[str]:
        sympy.core.cache.clear_cache()
        derivatives = [
            sympy.simplify(sympy.diff(sympy.parse_expr(f, local_dict=names), names["x"])) for f in p.formulas
        ]
        p.texts["sympy"] = [str(d) for d in derivatives]
        return derivatives

    return texts


def symdiff_numbers(p: Formulas, texts: Iterable[str]) -> Any:
    """The values of the texts, read again."""
    values = []
    for e in map(sd.parse, texts):
        given = set(e.graph.variable_names())
        values.append(
            np.array(
                [sd.evaluate(e, {k: v for k, v in at.items() if k in given}) for at in POINTS], dtype=float
            )
        )
    return values


def sympy_numbers(p: Formulas, derivatives: Iterable[Any]) -> Any:
    def value(d: Any, at: dict[str, float]) -> float:
        return float(d.evalf(subs={s: at[s.name] for s in d.free_symbols}))

    return [np.array([value(d, at) for at in POINTS]) for d in derivatives]


def share_as_short(p: Formulas) -> Call:
    def share() -> float:
        counts = [[operations(t) for t in p.texts[system]] for system in ("symdiff", "sympy")]
        return sum(ours <= theirs for ours, theirs in zip(*counts, strict=True)) / len(p.formulas)

    return share


# --- identities -------------------------------------------------------------------------------


class Identities:
    """The times in which derivatives of identities are made and printed."""

    def __init__(self, count: int, path: str = "../shared/identities/identities.json"):
        known = Path(path)
        entries = json.loads(known.read_text(encoding="utf-8")) if known.exists() else []
        self.entries = [entries[k * len(entries) // count] for k in range(min(count, len(entries)))]

    @cached_property
    def times(self) -> list[float]:
        """The median time of each that works."""
        if not self.entries:
            raise Unavailable("the table of identities is not here")
        return [t for t in map(derivation_time, self.entries) if t is not None]


def derivation_time(entry: dict[str, Any], repeats: int = 5) -> float | None:
    """The median time of an identity's derivatives; None when they fail."""
    try:
        return median(seconds(lambda: derived(entry)) for _ in range(repeats))
    except sd.SymdiffError:
        return None


def derived(entry: dict[str, Any]) -> list[str]:
    """The texts of an identity's gradient (or Jacobian) and, where it is a scalar, of its Hessian."""
    shapes = {k: tuple(s) for k, s in entry["shapes"].items()}
    e = sd.parse(entry["expr"], assume=entry.get("assume"), **shapes)
    wrt = entry["wrt"] if isinstance(entry["wrt"], list) else [entry["wrt"]]
    return [
        str(d) for x in wrt for d in ((sd.grad(e, x), sd.hessian(e, x)) if not e.shape else (sd.grad(e, x),))
    ]


def over_identities(statistic: Callable[[Identities], float]) -> Callable[[Identities], Call]:
    return lambda p: lambda: statistic(p)


# --- the Hessian of a network, in print -------------------------------------------------------


def network(layers: int) -> int:
    return layers


def hessian_text(layers: int) -> Call:
    """A tanh network's squared error, differentiated twice by its first weight matrix."""

    def text() -> str:
        g = sd.Graph()
        value, size = g.variable("x", "d0"), [f"d{k}" for k in range(layers + 1)]
        weights = [g.variable(f"W{k + 1}", (size[k + 1], size[k])) for k in range(layers)]
        for w in weights:
            value = sd.tanh(w @ value)
        return str(sd.hessian(sd.sum((value - g.variable("y", size[-1])) ** 2), weights[0]))

    return text


BENCHMARKS = [
    Benchmark(
        "formulas",
        "derivatives of scalar formulas, printed",
        Formulas,
        smallest={"count": 12},
        full=[{"count": 300}],
        sides=[
            Side("symdiff", "texts", symdiff_texts, values=symdiff_numbers),
            Side("sympy", "texts", sympy_texts, values=sympy_numbers, repeats=3),
            Side(
                "symdiff",
                "share with no more operations than sympy's",
                share_as_short,
                unit="of 1",
                timed=False,
            ),
        ],
        targets=[
            Target("symdiff: texts", 1 / 50, "sympy: texts"),
            Target("symdiff: share with no more operations than sympy's", at_least=0.8),
        ],
        note="sympy: simplify(diff(f)), its cache emptied before each run.",
    ),
    Benchmark(
        "identities",
        "identities of matrix calculus, printed",
        Identities,
        smallest={"count": 10},
        full=[{"count": 147}],
        sides=[
            Side("symdiff", "median time", over_identities(lambda p: median(p.times)), timed=False),
            Side("symdiff", "longest time", over_identities(lambda p: max(p.times)), timed=False),
            Side(
                "symdiff",
                "share that works",
                over_identities(lambda p: len(p.times) / len(p.entries)),
                unit="of 1",
                timed=False,
            ),
        ],
        targets=[
            Target("symdiff: median time", 0.005),
            Target("symdiff: longest time", 0.3),
            Target("symdiff: share that works", at_least=1.0),
        ],
        note="each parsed, differentiated (scalars twice), simplified and printed; seconds.",
    ),
    Benchmark(
        "network_formula",
        "Hessian of a tanh network in its first weights, printed",
        network,
        smallest={"layers": 2},
        full=[{"layers": 3}],
        sides=[
            Side("symdiff", "text", hessian_text, compared=False),
            Side(
                "symdiff",
                "lines",
                lambda p: lambda: len(hessian_text(p)().splitlines()),
                unit="lines",
                timed=False,
            ),
        ],
        targets=[Target("symdiff: text", 2.0), Target("symdiff: lines", 100)],
    ),
]
