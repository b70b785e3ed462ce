"""Powers of forms: exponents added and multiplied as far as that is right, roots taken where they are exact."""

from collections.abc import Callable, Collection
from fractions import Fraction
from typing import Any

from .. import constants
from .forms import SUM, Factor, Form, Mono, as_exponent, number_power, number_root, sizes_of
from .normal import Normal


def power(normal: Normal, form: Form, exponent: Any, nonnegative: Callable[[Form], bool] = lambda form: False) -> Form:
    """form**exponent, elementwise. Under a fractional exponent, factors that are surely `nonnegative` and even
    powers leave the root: ``sqrt(t**2*y)`` is ``abs(t)*sqrt(y)``."""
    if form.shape:
        axes = isinstance(exponent, Form) and exponent.shape
        keep = normal.carried_axes([form, exponent] if axes else [form])
    if form.shape and len(keep) < len(form.shape):
        inner = normal.dropped(exponent, keep) if axes else exponent
        small = power(normal, normal.dropped(form, keep), inner, nonnegative)
        return normal.relabel(small, keep, tuple(range(len(form.shape))), dict(enumerate(form.shape)))
    c = exponent if not isinstance(exponent, Form) else exponent.number
    if c is not None:
        c = c if type(c) is int else as_exponent(c)
        if c == 1:
            return form
        if c == 0:
            return normal.number(1, form.shape)
        n = form.number
        if n == 1:
            return form
        if n is not None and isinstance(c, int) and (n != 0 or c > 0) and not isinstance(n, float):
            return normal.number(number_power(n, c), form.shape)
        if type(n) is Fraction and n.numerator == 1:
            return power(normal, normal.number(n.denominator, form.shape), -c)
        taken = _power_of_product(normal, form, c, nonnegative)
        if taken is not None:
            return taken
        exponent = c
    if not form.terms:
        return normal.of_atom(normal.wrap(form), exponent)
    lone = next(iter(form.terms)) if len(form.terms) == 1 else None
    if isinstance(exponent, Form) and lone is not None and form.terms[lone] == 1 and len(lone.factors) == 1:
        atom, labels, e = lone.factors[0]
        if e == 1 and labels == lone.out and atom is not normal.base:
            return normal.of_atom(atom, exponent)
    d, atom = normal.paren(form) if len(form.terms) > 1 or form.number is None else (1, normal.wrap(form))
    root = number_root(d, exponent) if not isinstance(exponent, Form) else (1 if d == 1 else None)
    if root is None:
        root, atom = 1, normal.wrap(form)
    return normal.scale(root, normal.of_atom(atom, exponent))


def _power_of_product(normal: Normal, form: Form, c: Any, nonnegative: Callable[[Form], bool]) -> Form | None:
    """The power of a product without sums, factor by factor as far as that is right; None where nothing leaves."""
    if len(form.terms) != 1:
        return None
    ((m, d),) = form.terms.items()
    if m.sums or not m.factors or len(set(m.out)) < len(m.out):
        return None
    outside: list[Factor] = []
    inside: list[Factor] = []
    for atom, labels, e in m.factors:
        if isinstance(c, int) or atom is normal.base or nonnegative(normal.of_atom(atom)):
            outside.append((atom, labels, times_exponent(normal, e, c)))
        elif isinstance(e, int) and e % 2 == 0:
            ((absolute, _),) = normal.call("abs", [normal.of_atom(atom)], (), atom.shape, True).terms.items()
            a, at, _ = absolute.factors[0]
            outside.append((a, tuple(labels[i] for i in at), constants.exact(e * c)))
        else:
            inside.append((atom, labels, e))
    root = number_root(d, c)
    if len(inside) == 1 and root is not None and (inside[0][2] == 1 or type(inside[0][2]) is Fraction):
        atom, labels, e = inside.pop()
        outside.append((atom, labels, constants.exact(e * c)))
    if inside or root is None:
        if not outside:
            return None
        known = dict(enumerate(form.shape))
        rest_labels = tuple(dict.fromkeys(i for _, ls, _ in inside for i in ls))
        q, mono = normal.monomial(inside, rest_labels, sizes_of(inside) | known, set())
        shape = tuple(sizes_of(inside)[i] for i in rest_labels)
        if not inside and type(d) is Fraction and d.numerator == 1:  # sqrt(1/2) is 1/sqrt(2)
            q, d, c = 1, d.denominator, -c
        rest = normal.wrap(normal.form({mono: q if root is not None else q * d}, shape))
        outside.append((rest, rest_labels, c))
        root = 1 if root is None else root
    k, mono = normal.monomial(outside, m.out, m.sizes, set())
    return normal._single(root * k, mono, form.shape)


def operands(normal: Normal, m: Mono, gone: Collection[int]) -> list[tuple[Form, tuple]]:
    """The factors of a monomial as operands of a product, those at the positions `gone` left out."""
    return [(normal.of_atom(a, e), ls) for k, (a, ls, e) in enumerate(m.factors) if k not in gone]


def times_exponent(normal: Normal, e: Any, c: Any) -> Any:
    return normal.scale(c, e) if isinstance(e, Form) else constants.exact(e * c)


def base_met(low: Any, form: Form) -> Form | None:
    """(x/y)**(a - 1)*x/y = (x/y)**a: a power of a product of scalars beside its factors"""
    normal = low.normal
    for m, c in form.terms.items():
        for k, (atom, labels, e) in enumerate(m.factors):
            if atom.kind != SUM or labels or not isinstance(e, Form) or len(atom.args.terms) != 1:
                continue
            ((base, d),) = atom.args.terms.items()
            shift = next((x for n, x in e.terms.items() if not n.factors), 0)
            sign = 1 if shift < 0 else -1
            inside = [(a, x * sign) for a, ls, x in base.factors if not ls and type(x) is int]
            if d != 1 or not shift or shift % 1 or len(inside) < len(base.factors):
                continue
            there = {a: e for a, ls, e in m.factors if not ls and type(e) is int}
            times = min([abs(shift), *(max(there.get(a, 0) // x, 0) for a, x in inside)])
            if times:
                raised = normal.add([(1, e), (sign * times, normal.number(1))], ())
                rest = [(a, ls, x) for j, (a, ls, x) in enumerate(m.factors) if j != k]
                less = [(a, (), -x * times) for a, x in inside]
                q, mono = normal.monomial([*rest, *less, (atom, (), raised)], m.out, m.sizes, set())
                others = normal.form({n: x for n, x in form.terms.items() if n is not m}, form.shape)
                return normal.add([(1, normal._single(c * q, mono, form.shape)), (1, others)], form.shape)
    return None
