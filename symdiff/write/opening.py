"""Products whose factors are sums: what these are when written as products themselves, so that equal factors meet."""

from typing import Any

from .. import constants
from ..algebra.forms import SIZE, SUM, Atom, Form, Mono
from ..algebra.powers import power


def opened(layout: Any, m: Mono) -> Form | None:
    """The product with sums that are themselves written as products taken apart, so that equal factors meet."""
    normal = layout.normal
    normal.search.step(1 + len(m.factors) // 8)
    for k, (atom, labels, e) in enumerate(m.factors):
        if atom.kind != SUM or type(e) is not int or len(atom.args.terms) < 2:
            continue
        cleared = _cleared(layout, m, k)
        if cleared is not None:
            return _again(layout, cleared)
        best = layout.best(atom.args)
        if best is atom.args or not best.terms:
            continue
        raised = power(normal, best, e)
        if len(raised.terms) != 1 or next(iter(raised.terms)) is next(iter(normal.of_atom(atom, e).terms)):
            continue
        rest = [f for j, f in enumerate(m.factors) if j != k]
        sizes = m.sizes
        ((inner, c),) = raised.terms.items()
        q, mono, shape = normal._joined([(inner, labels)], rest, m.out, sizes)
        if mono is m:
            continue
        form = normal.form({mono: c * q}, shape)
        return _again(layout, form)
    return None


def _cleared(layout: Any, m: Mono, k: int) -> Form | None:
    """A quotient inside a sum that meets its denominator outside:
    ``1/(x**2*(1 + y**2/x**2))`` is ``1/(x**2 + y**2)``."""
    normal = layout.normal
    whole, labels, e = m.factors[k]
    divisors = _divisors(whole.args)
    for j, (atom, ls, f) in enumerate(m.factors) if divisors else ():
        lowest = divisors.get(atom, 0)
        if j == k or isinstance(f, Form) or ls != labels or lowest == 0:
            continue
        left = constants.exact(f + lowest * e)
        if abs(left) > abs(f) or (abs(left) == abs(f) and left < 0):
            continue
        axes = tuple(range(len(labels)))
        other = normal.of_atom(atom, -lowest)
        sizes = dict(enumerate(whole.shape))
        terms = [
            (c, normal.product([(normal.form({t: 1}, whole.shape), axes), (other, axes)], axes, sizes))
            for t, c in whole.args.terms.items()
        ]
        raised = power(normal, normal.add(terms, whole.shape), e)
        if len(raised.terms) != 1:
            continue
        rest = [f for i, f in enumerate(m.factors) if i not in (j, k)] + ([(atom, ls, left)] if left != 0 else [])
        ((n, c),) = raised.terms.items()
        q, mono, shape = normal._joined([(n, labels)], rest, m.out, m.sizes)
        return normal.form({mono: c * q}, shape)
    return None


def _divisors(form: Form) -> dict[Atom, Any]:
    """{atom: exponent} of what terms of a sum are divided by, the lowest exponent of each."""
    found: dict[Atom, Any] = {}
    for t in form.terms:
        for a, at, x in t.factors:
            if not isinstance(x, Form) and x < 0 and at == t.out and a.kind != SIZE:  # sums by their number are means
                found[a] = min(x, found.get(a, x))
    return found


def _again(layout: Any, form: Form) -> Form:
    ruled = layout.lowered.ruled(form)
    form = ruled if len(ruled.terms) == 1 else form
    ((m, c),) = form.terms.items()
    further = opened(layout, m) if m.parens else None
    return form if further is None else layout.normal.scale(c, further)
