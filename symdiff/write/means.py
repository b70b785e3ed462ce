"""Sums over all entries of an axis, divided by their number, as means: what numpy's texts show in the end."""

from . import tree
from .sharing import Formula
from .tree import SUMS, Tree, mapped


def averaged(formula: Formula) -> Formula:
    """The formula with ``mean(x)`` for ``sum(x)/n``. Its layout is not asked again: both read as the same nodes."""
    if not any(t.marked & SUMS for t in (formula.body, *(t for _, t in formula.lets))):
        return formula
    lets = tuple((label, mapped(t, _averaged)) for label, t in formula.lets)
    return Formula(lets, mapped(formula.body, _averaged))


def _averaged(t: Tree) -> Tree:
    """A product with its sums as means, as far as it is divided by the sizes."""
    if t.kind != "product":
        return t
    above, below = list(t.args), list(t.below)
    for k, a in enumerate(above):
        total, times = _power(a)
        left = _divided(below, total.sizes, times)
        if total.sizes and left is not None:
            mean = tree.call("mean", *total.args, options=total.options)
            mean.rank = a.rank
            above[k], below = tree.power(mean, times), left
    if all(a is b for a, b in zip(above, t.args, strict=True)):
        return t
    if len(above) > 1 and above[0].kind == "number" and above[0].value == 1:
        del above[0]
    whole = tree.product(above, below)
    whole.rank = t.rank
    return whole


def _power(t: Tree) -> tuple[Tree, int]:
    """(base, exponent) of a whole power."""
    return (t.args[0], t.value) if t.kind == "power" and type(t.value) is int else (t, 1)


def _divided(below: list[Tree], sizes: tuple, times: int) -> list[Tree] | None:
    """The divisors without these sizes, each so many times; None where they are not among them."""
    for size in sizes:
        for j, b in enumerate(below):
            name, power = _power(b)
            if name.kind == "name" and name.value == size and name.source is None and power >= times:
                rest = [tree.power(name, power - times)] if power > times else []
                below = [*below[:j], *rest, *below[j + 1 :]]
                break
        else:
            return None
    return below
