"""The sign of a product put into one of its factors: ``(b - a) @ c`` for ``-(a - b) @ c``."""

from typing import Any

from ..algebra.forms import SUM, Atom, Mono


def turned(normal: Any, m: Mono) -> tuple[Any, Mono] | None:
    """(c, monomial) of the negative, with a difference turned round or a cross product that is taken the other way."""
    for k, (atom, labels, e) in enumerate(m.factors):
        if type(e) is not int or e % 2 == 0 or not _has_negative(atom) or m.stands_twice(atom):
            continue
        other = _negative(normal, atom)
        if other is not None:
            return normal.monomial([*m.factors[:k], (other, labels, e), *m.factors[k + 1 :]], m.out, m.sizes, set())
    return None


def _has_negative(atom: Atom) -> bool:
    """It is a cross product, a difference, or a sum over axes, which may be one of a difference."""
    if atom.kind != SUM:
        return atom.op == "cross"
    if len(atom.args.terms) > 1:
        return len({c > 0 for c in atom.args.terms.values()}) == 2
    return any(m.sums for m in atom.args.terms)


def _negative(normal: Any, atom: Atom) -> Atom | None:
    """The negative of this atom, no longer than it; None where there is none."""
    if atom.op == "cross":
        ((m, _),) = normal.call("cross", atom.args[::-1], (), atom.shape).terms.items()
        return m.factors[0][0]
    if len(atom.args.terms) > 1:
        return normal.wrap(normal.scale(-1, atom.args))
    ((m, c),) = atom.args.terms.items()
    inner = turned(normal, m)
    return None if inner is None else normal.wrap(normal.form({inner[1]: c * inner[0]}, atom.args.shape))
