"""What numpy's texts show in the end: sums divided by their number as means, variances and deviations, and reduced axes
that are kept. The layout is not asked again: all of them read as the same nodes."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any, NamedTuple

from . import tree
from .extents import axes_of
from .sharing import Formula, restated
from .tree import COLUMNS, SUMS, Tree, mapped, merged, postorder, reduction

HALF = Fraction(1, 2)
NORMS = ("norm2", "norm_fro")


def averaged(formula: Formula) -> Formula:
    """The formula with ``mean(x)`` for ``sum(x)/n``."""
    return restated(formula, lambda t: mapped(t, _averaged)) if formula.marked & SUMS else formula


def with_moments(formula: Formula) -> Formula:
    """The same, with ``var(x)`` and ``std(x)``, and ``mean(x, axis=1, keepdims=True)`` for
    ``mean(x, axis=1)[:, None]``."""
    marked = formula.marked
    if marked & SUMS:
        return restated(formula, lambda t: _kept(mapped(merged(mapped(t, _averaged)), _with_moments)))
    return restated(formula, _kept) if marked & COLUMNS else formula


# --- means ----------------------------------------------------------------------------------------------------


def _averaged(t: Tree) -> Tree:
    """A product with its sums as means, as far as it is divided by the sizes."""
    if t.kind != "product":
        return t
    above, below = list(t.args), list(t.below)
    for k, a in enumerate(above):
        base, times = _power(a)
        total, column = _uncolumned(base)
        left = _divided(below, total.sizes, times) if total.value == "sum" else None
        if total.sizes and left is not None:
            mean = tree.call("mean", *total.args, options=total.options)
            mean.rank, mean.sizes = total.rank, total.sizes
            above[k], below = tree.power(column(mean), times), left
            above[k].rank = a.rank
    return _product(t, above, below)


def _product(t: Tree, above: list[Tree], below: list[Tree]) -> Tree:
    """The product with other factors, of the same rank; itself where they are the same."""
    if [*map(id, above), 0, *map(id, below)] == [*map(id, t.args), 0, *map(id, t.below)]:
        return t
    if len(above) > 1 and above[0].kind == "number" and above[0].value == 1:
        del above[0]
    whole = tree.product(above, below)
    whole.rank = t.rank
    return whole


def _power(t: Tree) -> tuple[Tree, int]:
    """(base, exponent) of a whole power."""
    return (t.args[0], t.value) if t.kind == "power" and type(t.value) is int else (t, 1)


def _uncolumned(t: Tree) -> tuple[Tree, Callable[[Tree], Tree]]:
    """(x, what makes x t) of t = ``x[:, None]``, of others themselves."""
    if t.kind != "index" or not t.value.endswith("None") or t.options:
        return t, lambda x: x
    return t.args[0], lambda x: _indexed(x, t)


def _indexed(x: Tree, t: Tree) -> Tree:
    column = tree.index(x, t.value)
    column.rank = t.rank
    return column


def _divided(below: list[Tree], sizes: tuple, times: int) -> list[Tree] | None:
    """The divisors without these sizes, each so many times; None where they are not among them."""
    for size in sizes:
        for j, b in enumerate(below):
            name, power = _power(b)
            if _is_size(name, size) and power >= times:
                rest = [tree.power(name, power - times)] if power > times else []
                below = [*below[:j], *rest, *below[j + 1 :]]
                break
        else:
            return None
    return below


def _is_size(t: Tree, size: Any) -> bool:
    return t.kind == "name" and t.value == size and t.source is None


# --- variances --------------------------------------------------------------------------------------------------


class Centred(NamedTuple):
    """``x - mean(x)``: x, the options of the mean, and the sizes of its axes."""

    x: Tree
    options: tuple
    sizes: tuple


def _centred(t: Tree) -> Centred | None:
    if t.kind != "add":
        return None
    for j, (sign, a) in enumerate(zip(t.value, t.args, strict=True)):
        mean, _ = _uncolumned(a)
        if sign > 0 or mean.value != "mean":
            continue
        (x,) = mean.args
        last = axes_of(mean, x.rank)[-1:] != (x.rank - 1,)
        others = [(s, b) for k, (s, b) in enumerate(zip(t.value, t.args, strict=True)) if k != j]
        spread = not mean.options or (a is mean) == last
        if spread and (others == [(1, x)] or _is_sum(x, others)):
            return Centred(x, mean.options, mean.sizes)
    return None


def _is_sum(x: Tree, terms: list[tuple[int, Tree]]) -> bool:
    return x.kind == "add" and terms == list(zip(x.value, x.args, strict=True))


def _with_moments(t: Tree) -> Tree:
    """Means of squares and norms of what is centred as variances and deviations."""
    if t.kind == "call" and t.value == "mean":
        base, times = _power(t.args[0])
        found = _centred(base) if times == 2 else None
        return _moment("var", found, t) if found is not None and found.options == t.options else t
    if t.kind == "call" and t.value == "sqrt" and t.args[0].value == "var" and t.args[0].kind == "call":
        (var,) = t.args
        return _same_rank(tree.call("std", *var.args, options=var.options), var)
    return _norms_of_centred(t) if t.kind == "product" else t


def _moment(name: str, found: Centred, t: Tree) -> Tree:
    return _same_rank(tree.call(name, found.x, options=found.options), t)


def _same_rank(t: Tree, like: Tree) -> Tree:
    t.rank = like.rank
    return t


def _norms_of_centred(t: Tree) -> Tree:
    """``norm2(x - mean(x))**2/n`` as ``var(x)``, ``1/(sqrt(n)*norm2(x - mean(x)))`` as ``1/(n*std(x))``: where the
    powers of the sizes do not become longer."""
    for norm, column, found, exponent in _deviations(t):
        rest = [[a for a in side if a is not norm] for side in (t.args, t.below)]
        powers = [_power_of_size(rest, s) for s in found.sizes]
        new = [s + Fraction(exponent, 2) for s in powers]
        if sum(map(_written, new)) > sum(map(_written, powers)):
            continue
        above, below = ([a for a in side if not any(_exponent_of(a, s) for s in found.sizes)] for side in rest)
        inner, _ = _uncolumned(_power(norm)[0])
        times = abs(exponent)
        name, times = ("var", times // 2) if times % 2 == 0 else ("std", times)
        moment = tree.power(column(_moment(name, found, inner)), times)
        moment.rank = norm.rank
        (above if exponent > 0 else below).append(moment)
        for s, power in zip(found.sizes, new, strict=True):
            if power:
                (above if power > 0 else below).insert(0, tree.power(tree.name(s), _number(abs(power))))
        return _with_moments(_product(t, above or [tree.number(1)], below))
    return t


def _deviations(t: Tree) -> Iterator[tuple[Tree, Callable[[Tree], Tree], Centred, int]]:
    """(factor, what puts a vector where its base stands, what is centred, exponent) of the norms in a product."""
    for sign, side in ((1, t.args), (-1, t.below)):
        for a in side:
            base, times = _power(a)
            norm, column = _uncolumned(base)
            if norm.kind == "call" and norm.value in NORMS:
                found = _centred(norm.args[0])
                if found is not None and found.options == norm.options:
                    yield a, column, found, sign * times


def _power_of_size(sides: list[list[Tree]], size: Any) -> Fraction:
    above, below = (sum((_exponent_of(a, size) for a in side), Fraction()) for side in sides)
    return above - below


def _exponent_of(t: Tree, size: Any) -> Fraction:
    """The exponent with which a size is the tree; 0 of others."""
    if t.kind == "call" and t.value == "sqrt":
        return _exponent_of(t.args[0], size) * HALF
    base, times = _power(t)
    return Fraction(times) if _is_size(base, size) else Fraction()


def _written(power: Fraction) -> int:
    """How long a power of a size is."""
    return 0 if not power else 1 if abs(power) == 1 else 2


def _number(e: Fraction) -> Any:
    return int(e) if e.denominator == 1 else e


# --- kept axes --------------------------------------------------------------------------------------------------


def _kept(t: Tree) -> Tree:
    """Reductions that are given their axis back keep it, where they stand nowhere without."""
    if not t.marked & COLUMNS:
        return t
    t = merged(t)
    bare = {id(a) for u in postorder(t) if reduction(u) is None for a in (*u.args, *u.below)}
    return mapped(t, lambda u: _keeping(u, bare))


def _keeping(t: Tree, bare: set[int]) -> Tree:
    x = reduction(t)
    if x is None or id(x) in bare:
        return t
    return _same_rank(tree.call(x.value, *x.args, options=(*x.options, ("keepdims", "True"))), t)
