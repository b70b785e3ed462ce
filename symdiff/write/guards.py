"""The last pass over a syntax tree: masks that must hold back inf and nan, and sigmoid' as the textbook writes it."""

from ..op import OPS
from . import tree
from .tree import MASKS, Tree, postorder

# spellings of sums and products that are finite where their arguments are; of an op, its record says so
ENDLESS = {"inf", "nan", "np.inf", "np.nan"}  # the names of numbers that are not finite
FINITE = {"sum", "mean", "outer", "diag", "trace", "diagonal", "eye", "ones", "zeros"}


def guarded(body: Tree) -> Tree:
    """``(x > 0)*log(x)`` as ``where(x > 0, log(x), 0)``, and ``sigmoid(z)*sigmoid(-z)`` as
    ``sigmoid(z)*(1 - sigmoid(z))``."""
    if not body.marked & MASKS:
        return body
    rebuilt: dict[int, Tree] = {}
    finite: dict[int, bool] = {}
    for t in postorder(body):
        args, below = [rebuilt[id(a)] for a in t.args], [rebuilt[id(b)] for b in t.below]
        finite[id(t)] = _stays_finite(t) and all(finite[id(a)] for a in t.args)
        new = t.over(args, below)
        if t.kind == "product":
            new = _complement(new)
            risky = t.below or not all(finite[id(a)] for a in t.args if not a.boolean)
            masks = [k for k, a in enumerate(new.args) if a.boolean]
            if masks and risky and new.kind == "product":
                rest = tree.product([a for k, a in enumerate(new.args) if k not in masks], new.below)
                for k in masks:
                    rest = tree.call("where", new.args[k], rest, tree.number(0))
                rest.rank, new = t.rank, rest
        rebuilt[id(t)] = new
    return rebuilt[id(body)]


def _stays_finite(t: Tree) -> bool:
    if t.kind == "name" and isinstance(t.source, int) and t.value in ENDLESS:
        return False
    if t.kind == "power":
        return isinstance(t.value, int)
    if t.kind == "call":
        return t.value in FINITE or (t.value in OPS and OPS[t.value].finite)
    return not t.below


def _complement(t: Tree) -> Tree:
    """sigmoid(-z) beside sigmoid(z) as 1 - sigmoid(z)."""
    calls = [(k, a) for k, a in enumerate(t.args) if a.kind == "call" and a.value == "sigmoid"]
    if len(calls) != 2:
        return t
    (i, first), (j, second) = calls
    plain, turned = (first, second) if first.args[0].cost <= second.args[0].cost else (second, first)
    if not _opposite(plain.args[0], turned.args[0]):
        return t
    other = tree.add([(1, tree.number(1)), (-1, plain)])
    other.rank = plain.rank
    args = [a for k, a in enumerate(t.args) if k not in (i, j)]
    whole = Tree("product", t.value, [*args, plain, other], t.below)
    whole.rank = t.rank
    return whole


def _opposite(t: Tree, u: Tree) -> bool:
    """u is -t, term by term where t is a sum."""
    if t.kind == u.kind == "add":
        signed = [
            sorted((sign * s, repr(a)) for s, a in zip(x.value, x.args, strict=True)) for x, sign in ((t, -1), (u, 1))
        ]
        return signed[0] == signed[1]
    return repr(tree.negative(t)) == repr(u)
