"""The last pass over a syntax tree: masks that must hold back inf and nan, and sigmoid' as the textbook writes it."""

from collections.abc import Sequence
from functools import reduce

from ..op import OPS
from . import tree
from .tree import MASKS, STEPS, Tree, merged, postorder

# spellings of sums and products that are finite where their arguments are; of an op, its record says so
ENDLESS = {"inf", "nan", "np.inf", "np.nan"}  # the names of numbers that are not finite
FINITE = {"sum", "mean", "outer", "diag", "trace", "diagonal", "eye", "ones", "zeros"}


def guarded(body: Tree) -> Tree:
    """``(x > 0)*log(x)`` as ``where(x > 0, log(x), 0)``, the slope of sqrt(maximum(x, 0)) under ``x >= 0``, and
    ``sigmoid(z)*sigmoid(-z)`` as ``sigmoid(z)*(1 - sigmoid(z))``."""
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
            steps = [_step(a) for a in new.args]
            plain = [a for a, u in zip(t.args, steps, strict=False) if not a.boolean and u is None]
            risky = t.below or not all(finite[id(a)] for a in plain)
            conditions = [a if u is None else _reached(u) for a, u in zip(new.args, steps, strict=True)
                          if a.boolean or u is not None]  # fmt: skip
            if conditions and risky and new.kind == "product":
                new = _under(conditions, [a for a in new.args if not a.boolean], new.below, t.rank)
        elif t.kind == "negative" and t.args[0].kind == "product" and new.args[0].kind == "call":
            condition, rest, zero = new.args[0].args
            new = new.args[0].over([condition, tree.negative(rest), zero], ())
        rebuilt[id(t)] = new
    return rebuilt[id(body)]


def _under(conditions: list[Tree], above: list[Tree], below: Sequence[Tree], rank: int) -> Tree:
    """The product where all conditions hold, else 0."""
    minus = len(above) > 1 and above[0].kind == "number" and above[0].value == -1
    rest = tree.product(above[minus:], below)
    different = {id(c): c for c in merged(Tree("tuple", None, conditions)).args}
    whole = reduce(lambda a, b: Tree("compare", "&", [a, b]), different.values())
    t = tree.call("where", whole, tree.negative(rest) if minus else rest, tree.number(0))
    t.rank = rank
    return t


def _step(t: Tree) -> Tree | None:
    """x of a unit step that is a condition, or of its power."""
    t = t.args[0] if t.kind == "power" else t
    return t.args[0] if t.kind == "call" and t.value == "heaviside" and t.marked & STEPS else None


def _reached(t: Tree) -> Tree:
    """t >= 0; x - y >= 0 as x >= y."""
    terms = list(zip(t.value, t.args, strict=True)) if t.kind == "add" else [(1, t)]
    above = [(1, a) for sign, a in terms if sign > 0 and (a.kind != "number" or a is terms[0][1])]
    below = [(1 if sign < 0 else -1, a) for sign, a in terms if (1, a) not in above]
    sides = [tree.add(side) if side else tree.number(0) for side in (above, below)]
    return Tree("compare", ">=", sides)


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
