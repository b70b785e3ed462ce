"""Writes docs/numpy.md: what every public function of numpy and numpy.linalg means of an expression.

    python -m docs.numpy_table
"""

import functools
import inspect
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import symdiff as sd
from symdiff.op import FUNCTIONS, is_float
from symdiff.read.remedies import INSTEAD
from tests.numpy_calls import ARRAYS, CALLS

TARGET = Path(__file__).with_name("numpy.md")
AT_A_POINT = {"argwhere", "flatnonzero", "nonzero"}
source = functools.cache(inspect.getsource)


def uses(name: str) -> list[Callable[..., Any]]:
    """The tested calls that use a function of numpy's."""
    found = []
    for label, call in CALLS.items():
        plain = label.partition(": ")[2].partition(" ")[0].removeprefix("linalg.")
        if plain == name or f"np.{name}(" in source(call):
            found.append(call)
    return found


def derivative(name: str, path: str) -> str:
    """gradient, zero, or why there is none."""
    known = any(key in FUNCTIONS for key in (f"numpy.{path}", path, f"numpy.{name}", name))
    if not known:
        return next((f"not offered: {why}" for why, names in INSTEAD.items() if name in names.split()), "not offered")
    if name in AT_A_POINT:
        return "zero: positions, decided at the point of `sd.trace(fn, at={...})`"
    for call in uses(name):
        parameters = [p.name for p in inspect.signature(call).parameters.values() if p.default is p.empty]
        g = sd.Graph()
        try:
            e = call(*[g.variable(k, ARRAYS[k].shape, dtype=ARRAYS[k].dtype) for k in parameters])
        except sd.SymdiffError:
            continue
        if isinstance(e, sd.Expr) and parameters:
            return "gradient" if is_float(e.dtype) else "zero: its values are whole numbers or truth values"
    op = FUNCTIONS.get(name)
    return "zero" if type(getattr(op, "derivative", None)).__name__ == "Zero" else "gradient"


def table() -> str:
    rows = []
    for prefix, module in (("", np), ("linalg.", np.linalg)):
        for name in sorted(module.__all__):
            function = getattr(module, name, None)
            if callable(function) and not inspect.isclass(function) and not name.startswith("_"):
                rows.append(f"| `np.{prefix}{name}` | {derivative(name, prefix + name)} |")
    head = (
        "# numpy's functions of expressions\n\nMade by `python -m docs.numpy_table` from numpy's own list of public "
        "functions and from the calls that the tests compare.\nThe names of the array API standard are among them. "
        "*Gradient*: differentiable to any order; *zero*: piecewise constant.\n\n| function | derivative |\n|---|---|\n"
    )
    return head + "\n".join(rows) + "\n"


if __name__ == "__main__":
    TARGET.write_text(table())
    sys.stdout.write(f"{TARGET}\n")
