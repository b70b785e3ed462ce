"""Names of a text that variables hide: a function or a constant is written with its module, a size by an axis.

With a variable called exp the exponential is ``np.exp(x)``; with one called n, the size of x is ``x.shape[0]``.
"""

import re
from itertools import islice

import numpy as np

from ..graph import CONSTANT, Graph
from ..op import FUNCTIONS
from . import tree
from .sharing import Formula
from .tree import Tree

CONSTANTS = frozenset({"pi", "e", "inf", "nan"})
_WORD = re.compile(r"[^\W\d]\w*")


def _hiding(g: Graph) -> set[str]:
    """The names of variables and terms that functions, constants or sizes have too; new ones alone are looked at."""
    known = g.cache("hidden")
    seen = len(FUNCTIONS), len(g._variables), len(g._namings)
    functions, variables, namings = known.get("seen", (seen[0], 0, 0))
    if functions != seen[0]:  # of your own since then
        variables = namings = 0
    new = [*islice(reversed(g._variables), seen[1] - variables), *[g.names.get(n) for n, _ in g._namings[namings:]]]
    found = known.setdefault("found", set())
    found.update([v for v in new if v in FUNCTIONS or v in CONSTANTS])
    known["seen"] = seen
    return {v for v in (*found, *g.sizes()) if g.named(v) is not None}


def unhidden(g: Graph, f: Formula) -> Formula:
    """The formula as its text must be for `parse`, to which a variable's name means the variable."""
    taken = _hiding(g)
    if not taken:
        return f
    axes = {s: f"{place[0]}.shape[{place[1]}]" for s, place in g.sizes().items() if s in taken and place}

    def root(function: str) -> str:
        known = ("np", "numpy") if hasattr(np, function) else ("sd", "symdiff")
        return next((r for r in known if g.named(r) is None), known[0])

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
