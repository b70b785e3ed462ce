"""Sums that meet the sum by which they are divided, or themselves: ``X/sum(X, axis=1)[:, None]`` summed along its rows
is 1, and ``sum(X, axis=1)*sum(X, axis=1)`` a square."""

from collections.abc import Iterable
from typing import Any

from .forms import SUM, Factor, Form


def divided(normal: Any, factors: list[Factor], out: Iterable[int]) -> tuple[list[Factor], set[int]]:
    """(factors, labels that are gone) of a product with such sums, which hang together by labels that nothing else has,
    cancelled."""
    for divisor in factors:
        atom, labels, e = divisor
        if atom.kind != SUM or not labels or isinstance(e, Form) or e >= 0 or len(atom.args.terms) != 1:
            continue
        ((m, c),) = atom.args.terms.items()
        if not m.sums or c != 1 or len(set(m.out)) < len(m.out):
            continue
        ends = {*out, *labels}
        alike = {i for a, ls, x in factors if (a, x) == (m.factors[0][0], m.factors[0][2]) for i in ls}
        for start in sorted(alike - ends):
            part = _hanging(factors, start, ends)
            if {i for _, ls, _ in part for i in ls} & ends == set(labels) and normal._canonical(part, labels, {}) is m:
                raised = normal.add_exponents(e, 1)
                rest = [f for f in factors if f not in part and f is not divisor]
                left, gone = divided(normal, rest + ([(atom, labels, raised)] if raised else []), out)
                return left, gone | ({i for _, ls, _ in part for i in ls} - ends)
    return factors, set()


def met(normal: Any, factors: list[Factor], out: Iterable[int]) -> tuple[list[Factor], set[int]]:
    """(factors, labels that are gone) of a product with such sums made one."""
    factors, gone = squared(normal, factors, out)
    if any(f[0].kind == SUM and f[1] for f in factors):
        factors, more = divided(normal, factors, out)
        gone |= more
    return factors, gone


def squared(normal: Any, factors: list[Factor], out: Iterable[int]) -> tuple[list[Factor], set[int]]:
    """The factors of a product with equal parts, which hang together by summed labels, as powers of one."""
    ends = set(out)
    gone: set[int] = set()
    if len({(a, e) for a, _, e in factors}) == len(factors):  # nothing stands twice
        return factors, gone
    if len({(a, e) for a, _, e in factors}) == len(factors):  # nothing stands twice
        return factors, gone
    met_at: dict[tuple, list[list[Factor]]] = {}
    left = {i for _, ls, _ in factors for i in ls} - ends if ends else set()
    while left:
        part = _hanging(factors, min(left), ends)
        inside = {i for _, ls, _ in part for i in ls}
        left -= inside
        labels = tuple(sorted(inside & ends))
        if labels:
            met_at.setdefault((labels, frozenset([(a, e) for a, _, e in part])), []).append(part)
    parts: dict[tuple, list[list[Factor]]] = {}
    for (labels, _), similar in met_at.items():
        for part in similar if len(similar) > 1 else ():
            parts.setdefault((labels, normal._canonical(part, labels, {})), []).append(part)
    for (labels, m), alike in parts.items():
        if len(alike) > 1:
            gone |= {i for part in alike for _, ls, _ in part for i in ls} - ends
            factors = [f for f in factors if not any(f in part for part in alike)]
            sizes = m.sizes
            whole = normal.wrap(normal.form({m: 1}, tuple([sizes[i] for i in m.out])))
            factors.append((whole, labels, len(alike)))
    return factors, gone


def _hanging(factors: list[Factor], start: int, ends: set[int]) -> list[Factor]:
    """The factors that a label connects by labels that are no ends."""
    members: set[int] = set()
    grown = {start}
    while grown - members:
        members |= grown
        grown = {i for _, ls, _ in factors if not members.isdisjoint(ls) for i in ls} - ends
    return [f for f in factors if not members.isdisjoint(f[1])]
