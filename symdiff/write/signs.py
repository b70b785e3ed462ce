"""The sign of a product put into one of its factors: ``(b - a) @ c`` for ``-(a - b) @ c``."""

from typing import Any

from ..algebra.forms import SUM, Atom, Form, Mono

MAX_LOOKED_AT = 200  # atoms among which the factor is looked for: what stands twice keeps its sign


def turned(normal: Any, m: Mono) -> tuple[Any, Mono] | None:
    """(c, monomial) of the negative, with a difference turned round or a cross product that is taken the other way."""
    for k, (atom, labels, e) in enumerate(m.factors):
        if type(e) is not int or e % 2 == 0 or not _has_negative(atom) or _stands_twice(m, k):
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


def _stands_twice(m: Mono, k: int) -> bool:
    """The atom of factor k is one of another factor too, or stands within it."""
    atom: Atom = m.factors[k][0]
    stack: list[Any] = [f for j, f in enumerate(m.factors) if j != k]
    looked_at = 0
    while stack:
        a, _, e = stack.pop()
        looked_at += 1
        if a is atom or looked_at > MAX_LOOKED_AT:
            return True
        inside = (a.args,) if a.kind == SUM else a.args if isinstance(a.args, tuple) else ()
        for form in (*inside, e):
            if isinstance(form, Form):
                stack += [f for n in form.terms for f in n.factors]
    return False
