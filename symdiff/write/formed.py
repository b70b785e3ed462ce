"""Products of matrices that are terms of a sum, and parts of other terms: formed once, they are named."""

from collections import Counter
from collections.abc import Sequence

from ..algebra.forms import SCALAR, Factor, Form, Mono, sizes_of
from ..algebra.normal import Normal
from ..networks import components

MAX_TERMS = 4  # of sums that are looked through


def met_in(normal: Normal, form: Form) -> frozenset[Mono]:
    """The products of matrices among the terms of a sum that stand within longer products of it."""
    if not 1 < len(form.terms) <= MAX_TERMS or all(map(SCALAR, form.terms)):
        return frozenset()
    groups = [(m.out, g) for m in form.terms for g in components([f for f in m.factors if f[1]]) if len(g) > 1]
    found: set[Mono] = set()
    for out, short in groups:
        held = _atoms(short)
        if _is_chain(short, out) and any(len(g) > len(short) and held <= _atoms(g) for _, g in groups):
            found.add(of(normal, short, out))
    return frozenset(found)


def of(normal: Normal, factors: Sequence[Factor], order: Sequence[int]) -> Mono:
    """The product of these factors at labels in this order."""
    return normal.monomial(factors, tuple(order), sizes_of(factors), set())[1]


def _atoms(group: Sequence[Factor]) -> Counter:
    return Counter((a, e) for a, _, e in group)


def _is_chain(group: Sequence[Factor], ends: Sequence[int]) -> bool:
    """A product of matrices with these labels at its ends."""
    counts = Counter(i for _, ls, _ in group for i in ls)
    return len(ends) == 2 and all(len(ls) == 2 for _, ls, _ in group) and [counts[i] for i in ends] == [1, 1]
