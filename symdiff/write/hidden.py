"""Names of a text that variables hide: a function or a constant is written with its module, a size by an axis.

With a variable called exp the exponential is ``np.exp(x)``; with one called n, the size of x is ``x.shape[0]``.
"""

import re

import numpy as np

from ..graph import CONSTANT, Graph
from ..op import FUNCTIONS
from . import tree
from .sharing import Formula
from .tree import Tree

CONSTANTS = frozenset({"pi", "e", "inf", "nan"})
_WORD = re.compile(r"[^\W\d]\w*")


def unhidden(g: Graph, f: Formula) -> Formula:
    """The formula as its text must be for `parse`, to which a variable's name means the variable."""
    names = {*g._variables, *g.names.values()}
    axes = {s: f"{v}.shape[{k}]" for v, n in g._variables.items() for k, s in enumerate(g._shape[n]) if s in names}
    taken = {v for v in names if v in FUNCTIONS or v in CONSTANTS or v in axes}
    if not taken:
        return f

    def root(function: str) -> str:
        known = ("np", "numpy") if hasattr(np, function) else ("sd", "symdiff")
        return next((r for r in known if r not in names), known[0])

    def change(t: Tree) -> Tree:
        value = t.value
        if t.kind == "number" and "pi" in taken:
            return tree.with_pi(t, f"{root('pi')}.pi")
        if t.kind == "call" and value in taken:
            value = f"{root(value)}.{value}"
        elif t.kind == "index" or (t.kind == "name" and t.source is None and value[0] not in "'\""):
            value = _WORD.sub(lambda word: axes.get(word[0], word[0]), value)
        elif t.kind == "name" and value in taken and g._op[t.source] is CONSTANT:
            value = f"{root(value)}.{value}"
        if value == t.value:
            return t
        new = Tree(t.kind, value, t.args, t.below, t.options, t.source)
        new.rank = t.rank
        return new

    return Formula(tuple((name, tree.mapped(t, change)) for name, t in f.lets), tree.mapped(f.body, change))
