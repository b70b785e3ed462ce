"""The sign of a product put into one of its factors: ``(b - a) @ c`` for ``-(a - b) @ c``."""

from typing import Any

from ..algebra.forms import SUM, Atom, Form, Mono

MAX_LOOKED_AT = 200  # atoms among which the factor is looked for: what stands twice keeps its sign


def turned(normal: Any, m: Mono) -> tuple[Any, Mono] | None:
    """(c, monomial) of the negative, with a difference turned round or a cross product that is taken the other way."""
    for k, (atom, labels, e) in enumerate(m.factors):
        if type(e) is not int or e % 2 == 0:
            continue
        if atom.kind == SUM and _is_difference(atom.args) and not _stands_twice(m, k):
            other = normal.wrap(normal.scale(-1, atom.args))
        elif atom.op == "cross" and not _stands_twice(m, k):
            ((inner, _),) = normal.call("cross", atom.args[::-1], (), atom.shape).terms.items()
            other = inner.factors[0][0]
        else:
            continue
        factors = [*m.factors[:k], (other, labels, e), *m.factors[k + 1 :]]
        return normal.monomial(factors, m.out, m.sizes, set())
    return None


def _is_difference(form: Form) -> bool:
    signs = {c > 0 for c in form.terms.values()}
    return len(signs) == 2


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
