"""Where a result is no number: the first term of the formula that is nan though its operands are none."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .expr import Expr
from .graph import CONSTANT, Graph
from .op import Results
from .program import build_program, interpret
from .sparse import is_sparse

LONGEST = 120  # characters of a term that is named


def is_nan(value: Any) -> np.ndarray:
    """Where a value is nan."""
    if is_sparse(value):
        value = value.data
    array = np.asarray(value)
    return np.isnan(array) if array.dtype.kind == "f" else np.zeros(array.shape, dtype=bool)


def first_nan(g: Graph, given: Mapping[int, Any], outputs: Sequence[int]) -> str:
    """A sentence on the first term that is nan, in the order in which the formula was written; "" where none is."""
    nodes = [n for n in g.ancestors(outputs) if n not in given and type(g._shape[n]) is not Results]
    values = dict(zip(nodes, interpret(build_program(g, list(given), nodes), list(given.values())), strict=True))
    values |= given
    for n in nodes:
        wrong = is_nan(values[n])
        if wrong.any() and not any(i in values and is_nan(values[i]).any() for i in g._inputs[n]):
            return _sentence(g, n, wrong, values)
    return next((f"the input {text(g, n)} is nan" for n in given if is_nan(given[n]).any()), "")


def text(g: Graph, n: int) -> str:
    shown = str(Expr(g, n))
    variables = Expr(g, n).variables
    if g._inputs[n] and variables and not any(v in shown for v in variables):  # (x - y)/(x - y) is shown as 1
        shown = f"{g._op[n].name}({', '.join(text(g, i) for i in g._inputs[n])})"
    return shown if len(shown) <= LONGEST else f"{shown[:LONGEST]}..."


def _sentence(g: Graph, n: int, wrong: np.ndarray, values: Mapping[int, Any]) -> str:
    """log(x - 3)[1] is nan: x - 3 is [ 1. -2.]"""
    entry = f"[{', '.join(map(str, np.argwhere(wrong)[0]))}]" if wrong.ndim else ""
    known = [i for i in dict.fromkeys(g._inputs[n]) if i in values and g._op[i] is not CONSTANT]
    operands = [f"{text(g, i)} is {np.array2string(np.asarray(values[i]), threshold=6)}" for i in known]
    shown = text(g, n)
    return f"{f'({shown})' if entry and ' ' in shown else shown}{entry} is nan: {', '.join(operands)}"
