"""Products whose factors are sums: what these are when written as products themselves, so that equal factors meet."""

from typing import Any

from .. import constants
from ..algebra.forms import LEAF, SIZE, SUM, Atom, Form, Mono
from ..algebra.matrices import COPROJECTOR, PROJECTOR
from ..algebra.powers import power


def opened(layout: Any, m: Mono) -> Form | None:
    """The product with sums that are themselves written as products taken apart, so that equal factors meet."""
    if m not in layout.opens:
        layout.opens[m] = _opened(layout, m)
    return layout.opens[m]


def _opened(layout: Any, m: Mono) -> Form | None:
    normal = layout.normal
    normal.search.step(1 + len(m.factors) // 8)
    for k, (atom, labels, e) in enumerate(m.factors):
        if atom.kind != SUM or isinstance(e, Form) or len(atom.args.terms) < 2:
            continue
        cleared = _cleared(layout, m, k) or (_of_unit(layout, m, k) if len(labels) == 2 else None)
        if cleared is not None:
            return _again(layout, cleared)
        if type(e) is not int:
            continue
        best = layout.best(atom.args)
        if not best.terms and e > 0:
            return normal.form({}, tuple([m.sizes[i] for i in m.out]))
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
    """A quotient inside a sum that meets its denominator outside: ``1/(x**2*(1 + y**2/x**2))`` is ``1/(x**2 + y**2)``,
    ``a*b*(1 - c/b)`` is ``a*(b - c)``."""
    normal = layout.normal
    whole, labels, e = m.factors[k]
    divisors = _divisors(layout, whole.args)
    for j, (atom, ls, f) in enumerate(m.factors) if divisors else ():
        lowest = divisors.get(atom, 0)
        if j == k or isinstance(f, Form) or ls not in (labels, ()) or lowest == 0:
            continue
        left = constants.exact(f + lowest * e)
        longer = abs(left) > abs(f) or (abs(left) == abs(f) and left < 0)
        gone = left == 0 < f and len(m.factors) > 2
        meets = e == 1 and (gone or (longer and f < 0)) and _shorter_outside(whole.args, atom, lowest, f)
        if (longer or e == 1) and not meets:
            continue
        if type(e) is not int and not layout.lowered.is_fact("positive", normal.of_atom(atom)):
            continue
        inner = _times(normal, whole.args, {atom: -lowest})
        rest = [f for i, f in enumerate(m.factors) if i not in (j, k)] + ([(atom, ls, left)] if left != 0 else [])
        if e == 1 and rest:
            c, a = normal.paren(inner)
            q, mono = normal.monomial([(a, labels, 1), *rest], m.out, m.sizes, set())
            return normal.form({mono: c * q}, tuple(m.sizes[o] for o in m.out))
        raised = power(normal, inner, e)
        if len(raised.terms) != 1:
            continue
        ((n, c),) = raised.terms.items()
        q, mono, shape = normal._joined([(n, labels)], rest, m.out, m.sizes)
        return normal.form({mono: c * q}, shape)
    return None


def _shorter_outside(form: Form, atom: Atom, lowest: Any, f: Any) -> bool:
    """``(1 - x**2/s**2)/s**2`` as ``(s**2 - x**2)/s**4``: the divisions and powers that go are more than what comes."""
    raised = lowest != -1
    change = (f == -1) - (f == 1) if atom.kind == LEAF else 9
    for m, c in form.terms.items():
        below = [e for a, _, e in m.factors if a is atom]
        if below != [lowest]:
            change += 9 if below else raised + (bool(m.factors) or abs(c) != 1)
        else:
            together = any(e == -lowest > 2 for _, _, e in m.factors)  # (s/r)**6 is one power
            change -= 1 + (raised and not together)
    return change < 0


def _of_unit(layout: Any, m: Mono, k: int) -> Form | None:
    """``(eye(n) - P) @ y`` is ``y - P @ y``; of a matrix, where the rest of the sum takes means of it or P is a
    projector."""
    normal = layout.normal
    whole, labels, e = m.factors[k]
    terms = whole.args.terms
    if e != 1 or labels[0] == labels[1] or len(terms) != 2 or not any(map(_is_unit, terms)):
        return None
    others = [f for j, f in enumerate(m.factors) if j != k]
    products = all(_is_unit(n) or _is_projector(n) for n in terms)
    means = any(not n.factors or all(not ls for _, ls, _ in n.factors) for n in terms if not _is_unit(n))
    for at, beside in ((1, 0), (0, 1)):
        i, j = labels[at], labels[beside]
        met = [f for f in others if i in f[1]]
        if i in m.out or len(met) != 1 or met[0][0].kind != LEAF or met[0][2] != 1 or j in met[0][1]:
            continue
        leaf, ls, _ = met[0]
        kept = [o for o in ls if o != i]
        if len(kept) + 1 < len(ls) or len(kept) > (means or products):
            continue
        sizes, rest = m.sizes, [f for f in others if f is not met[0]]
        parts = []
        for n, c in terms.items():
            factors = [(normal.form({n: 1}, whole.shape), labels), (normal.of_atom(leaf), ls)]
            parts.append((c, normal.product(factors, [j, *kept], sizes)))
        c, atom = normal.paren(normal.add(parts, tuple(sizes[o] for o in (j, *kept))))
        q, mono = normal.monomial([(atom, (j, *kept), 1), *rest], m.out, sizes, set())
        return normal.form({mono: c * q}, tuple(sizes[o] for o in m.out))
    return None


def _is_projector(m: Mono) -> bool:
    """A function of a matrix that is written as a product."""
    return len(m.factors) == 1 and m.factors[0][0].op in (PROJECTOR.name, COPROJECTOR.name)


def _is_unit(m: Mono) -> bool:
    return m.out == (0, 0) and not any(ls for _, ls, _ in m.factors)


def _times(normal: Any, form: Form, powers: dict[Atom, Any]) -> Form:
    """A sum times powers, term by term."""
    axes, sizes = tuple(range(len(form.shape))), dict(enumerate(form.shape))
    others = [(normal.of_atom(a, e), axes if a.shape else ()) for a, e in powers.items()]
    parts = [(c, normal.product([(normal.form({t: 1}, form.shape), axes), *others], axes, sizes))
             for t, c in form.terms.items()]  # fmt: skip
    return normal.add(parts, form.shape)


def cleared_denominators(layout: Any, form: Form) -> Form | None:
    """The sum with ``1/(a + b/c)`` as ``c/(a*c + b)`` in every term, so that one denominator is written in one way."""
    normal, terms, found = layout.normal, [], False
    if not any(m.parens for m in form.terms):
        return None
    for m, c in form.terms.items():
        for k, (atom, labels, e) in enumerate(m.factors):
            negative = atom.kind == SUM and type(e) is int and e < 0 and not labels and not m.sums
            divisors = _divisors(layout, atom.args) if negative else {}
            if divisors:
                raised = power(normal, _times(normal, atom.args, {a: -x for a, x in divisors.items()}), e)
                more = [(normal.of_atom(a, x * e), ()) for a, x in divisors.items()]
                rest = [(normal.of_atom(a, x), ls) for j, (a, ls, x) in enumerate(m.factors) if j != k]
                terms.append((c, normal.product([(raised, ()), *more, *rest], m.out, m.sizes)))
                found = True
                break
        else:
            terms.append((c, normal.form({m: 1}, form.shape)))
    return normal.add(terms, form.shape) if found else None


def _divisors(layout: Any, form: Form) -> dict[Atom, Any]:
    """{atom: exponent} of what terms of a sum are divided by, the lowest exponent of each."""
    found: dict[Atom, Any] | None = layout.below.get(form)
    if found is None:
        found = layout.below[form] = {}
        for t in form.terms:
            for a, at, x in t.factors:
                below = not isinstance(x, Form) and x < 0 and at in (t.out, ())
                if below and a.kind != SIZE:  # sums by their number are means
                    found[a] = min(x, found.get(a, x))
    return found


def _again(layout: Any, form: Form) -> Form:
    ruled = layout.lowered.ruled(form)
    form = ruled if len(ruled.terms) == 1 else form
    ((m, c),) = form.terms.items()
    further = opened(layout, m) if m.parens else None
    return form if further is None else layout.normal.scale(c, further)
