"""Inverses of a unit matrix with an outer product added, where they meet one of its vectors (Sherman and Morrison):
``inv(eye(n) + outer(u, w)) @ u`` is ``u/(1 + w @ u)``."""

from typing import Any, NamedTuple

from ..networks import components
from .forms import Factor, Form, Mono, sizes_of
from .normal import Normal
from .powers import operands, power
from .products import exchanged, is_inside, located


class Update(NamedTuple):
    """``eye(n) + outer(u, w)``: the factors of u and of w, and 1 + w @ u."""

    vectors: tuple[list[Factor], list[Factor]]
    whole: Form


def met_update(low: Any, form: Form) -> Form | None:
    """The form with one such inverse gone."""
    normal = low.normal
    for m, c in form.terms.items():
        for k, (atom, labels, e) in enumerate(m.factors):
            update = _update(normal, atom.args[0]) if atom.op == "inv" and e == 1 and len(labels) == 2 else None
            for turned in (labels, labels[::-1]) if atom.symmetric else (labels,):
                made = None if update is None else _met(normal, m, k, update, turned)
                if made is not None:
                    return exchanged(normal, form, m, normal.scale(c, made))
    return None


def _update(normal: Normal, form: Form) -> Update | None:
    units = [m for m in form.terms if not m.factors and m.out == (0, 0)]
    others = [m for m in form.terms if m.out == (0, 1)]
    if len(form.terms) != 2 or len(units) != 1 or len(others) != 1:
        return None
    ((m,), (one,)) = others, units
    parts = sorted(components([f for f in m.factors if f[1]]), key=lambda part: any(1 in ls for _, ls, _ in part))
    if len(parts) != 2 or any(0 in ls for _, ls, _ in parts[1]) or any(1 in ls for _, ls, _ in parts[0]):
        return None
    scalars = [(normal.of_atom(a, e), ()) for a, ls, e in m.factors if not ls]
    vectors = [(_vector(normal, part, i), (0,)) for i, part in enumerate(parts)]
    dot = normal.product([*vectors, *scalars], (), {0: form.shape[0]})
    whole = normal.add([(form.terms[one], normal.number(1)), (form.terms[m], dot)], ())
    return Update((parts[0], parts[1]), whole)


def _vector(normal: Normal, part: list[Factor], i: int) -> Form:
    sizes = sizes_of(part)
    c, mono = normal.monomial(part, (i,), sizes, set())
    return normal.form({mono: c}, (sizes[i],))


def _met(normal: Normal, m: Mono, k: int, update: Update, labels: tuple) -> Form | None:
    """The product without factor k, the inverse at these labels, where u stands to its right or w to its left."""
    for i, part in enumerate(update.vectors):
        far, near = labels if i == 0 else labels[::-1]
        for at, used in located(part, {i: near}, m, frozenset([k])):
            inner = {j: x for j, x in at.items() if j != i}
            if near not in m.out and is_inside(m, used, {**inner, i: near, -1: far}, (-1,)):
                vector = [(_vector(normal, part, i), (far,)), (power(normal, update.whole, -1), ())]
                return normal.product([*vector, *operands(normal, m, used)], m.out, m.sizes)
    return None
