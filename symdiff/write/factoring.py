"""Common factors of the terms of a sum: ``C @ X @ B + C.T @ X @ B`` is ``(C + C.T) @ X @ B`` where that is shorter.

A factor is told by its atom, exponent and the role of each of its labels (an output axis, or summed). Taking it out of
the terms that have it leaves a sum over the remaining axes, which is factored in turn. It never expands.
"""

from fractions import Fraction
from typing import Any

from ..algebra.forms import CALL, SCALAR, SIZE, SUM, Atom, Factor, Form, Mono
from ..algebra.normalize import expanded
from .tree import Tree

MAX_TRIED = 4
MAX_POWERS = 2  # of one scalar with several, the shortest as they stand
MAX_OPENED, MAX_MULTIPLIED = 12, 40  # terms of a sum that is multiplied out, and of what it gives
MAX_LONGER = 1.8  # what is longer than the best by this factor as it stands has never become the shorter one
Signature = tuple[Atom, Any, tuple]


def factored(layout: Any, form: Form, plain: Tree) -> tuple[Form, Tree]:
    """The form and its tree with the first common factor taken out that is worth it, or those given when none is."""
    best = (form, plain)
    if len(form.terms) > 60:
        return best
    candidates = _candidates(form)
    common = [s for s, monos in candidates if len(monos) == len(form.terms) and s[0].kind != SUM]  # no denominators
    if len(common) > 1 and all(map(SCALAR, form.terms)):
        whole = _all_out(layout, form, common)
        t = layout.form(whole)
        if t.cost < plain.cost:
            return whole, t
    polynomial = _is_polynomial(form)
    for signature, monos in candidates[:MAX_TRIED]:
        if _saves_one(form, signature, monos) or (polynomial and len(monos) < len(form.terms)):
            continue
        layout.budget -= 1
        if layout.budget <= 0:
            break
        other = taken_out(layout, form, signature, monos)
        if other is None or other is form:
            continue
        t = layout.form(other)
        # the user's polynomial stays: a scalar leaves only some of the terms when that saves more than one operation,
        # and so is a matrix formed of vectors alone
        partly = 1.01 if (not signature[2] and len(monos) < len(form.terms)) or _forms_matrix(other) else 0
        if t.cost + partly < best[1].cost:  # what else is common has been taken out of the rest
            return other, t
    return _powers_out(layout, form, best)


def _forms_matrix(form: Form) -> bool:
    """A factor of a matrix product is the sum of a row and a column: ``(S*(r + r[:, None])) @ w``."""
    summed = [f[0] for m in form.terms if m.parens and m.sums for f in m.factors]
    sums = [a.args for a in summed if a.kind == SUM and len(a.shape) == 2]
    return any(len(inner.terms) > 1 and all(n.free and n.factors for n in inner.terms) for inner in sums)


def _powers_out(layout: Any, form: Form, best: tuple[Form, Tree]) -> tuple[Form, Tree]:
    """``exp(a + b) + exp(a)`` is ``(exp(b) + 1)*exp(a)``: one of several powers of a scalar, where that is shorter."""
    found: dict[Atom, dict[Mono, Factor]] = {}
    for m in form.terms:
        for f in m.factors if not m.sums else ():
            if isinstance(f[2], Form) and not f[1]:
                found.setdefault(f[0], {})[m] = f
    tried: list[tuple] = []
    for factors in found.values():
        powers = sorted(dict.fromkeys(f[2] for f in factors.values()), key=lambda e: sum(map(float, e.terms.values())))
        for power in _lowest(layout.normal, powers)[:MAX_TRIED] if len(powers) > 1 else ():
            rest = layout.lowered.ruled(_divided(layout, form, factors, power))
            tried.append((length(layout, rest) + length(layout, power), len(tried), factors, power, rest))
    for _, _, factors, power, rest in sorted(tried)[:MAX_POWERS]:
        layout.budget -= 1
        other = _times_rest(layout, form, factors, power, rest)
        if layout.budget <= 0 or other is form or length(layout, other) > MAX_LONGER * best[1].cost:
            continue
        t = layout.form(other)
        if t.cost < best[1].cost:
            best = other, t
    return best


def _lowest(normal: Any, powers: list[Form]) -> list[Form]:
    """Of powers that a number tells apart the lowest, so that nothing is divided by."""
    low: list[Form] = []
    for e in powers:
        for k, f in enumerate(low):
            step = normal.add_exponents(e, normal.scale(-1, f)).number
            if step is not None:
                low[k] = e if step < 0 else f
                break
        else:
            low.append(e)
    return low


def _candidates(form: Form) -> list[tuple[Signature, list[Mono]]]:
    """Factors that at least two terms have, the most frequent and heaviest first."""
    atoms = [f[0] for m in form.terms for f in m.factors]
    if len(set(atoms)) == len(atoms):
        return []
    found: dict[Signature, list[Mono]] = {}
    for m in form.terms:
        for signature in dict.fromkeys(_signature(m, f) for f in m.factors):
            found.setdefault(signature, []).append(m)
    shared = [(s, ms) for s, ms in found.items() if len(ms) > 1]
    # prefer what more terms share, then factors with an output axis (the ends of chains)
    return sorted(shared, key=lambda sm: (-len(sm[1]), -sum(r[0] == "out" for r in sm[0][2]), sm[0][0].order))


def _is_polynomial(form: Form) -> bool:
    """A polynomial in one variable or function, which nobody nests."""
    atoms = {f[0] for m in form.terms for f in m.factors}
    return len(atoms) == 1 and all(type(e) is int and e > 0 for m in form.terms for _, _, e in m.factors)


def _saves_one(form: Form, signature: Signature, monos: list[Mono]) -> bool:
    """``x*y + x*z + 1`` as ``x*(y + z) + 1`` saves one operation, for which the user's polynomial is not changed."""
    atom, kind, roles = signature
    if roles or len(monos) > 2 or len(monos) == len(form.terms) or isinstance(kind, Form):
        return False
    if any(m.anchored or abs(form.terms[m]) != 1 for m in monos):
        return False
    (first, second) = monos
    common = {a for a, _, _ in first.factors} & {a for a, _, _ in second.factors}
    return len(common) == 1 and any(abs(e) == 1 for m in monos for a, _, e in m.factors if a is atom)


def _is_root(atom: Atom, e: Any) -> bool:
    """The root of a size, above or below the line: ``sqrt(n)*x - sum(x)/sqrt(n)`` is ``sqrt(n)*(x - mean(x))``."""
    return atom.kind == SIZE and type(e) is Fraction


def _common_power(factors: list[Factor]) -> Any:
    exponents = [e for _, _, e in factors]
    return max(exponents) if _is_root(factors[0][0], exponents[0]) else min(exponents, key=abs)


def _signature(m: Mono, f: Any) -> Signature:
    atom, labels, e = f
    kind = e if isinstance(e, Form) else (1 if e > 0 or _is_root(atom, e) else -1)
    if not labels:
        return atom, kind, ()
    places = [tuple(k for k, o in enumerate(m.out) if o == i) for i in labels]
    # labels that are equal within the factor are one role: trace(A) and sum(A) have no factor in common
    roles = tuple([("out", at) if at else ("sum", labels.index(i)) for i, at in zip(labels, places, strict=True)])
    return atom, kind, roles


def taken_out(layout: Any, form: Form, signature: Signature, monos: list[Mono]) -> Form | None:
    """The form with the factor taken out of these terms; None where the rest would have more than two axes."""
    normal = layout.normal
    atom, kind, _ = signature
    if all(m.scalar for m in monos):
        return _scalar_out(layout, form, signature, monos)
    pattern = monos[0].out
    if not signature[2] and any(m.out != pattern for m in monos):
        return _scalar_out(layout, form, signature, monos)
    group = [m for m in monos if m.out == pattern]
    if len(group) < 2:
        return None
    picked = []
    for m in group:
        f = next(f for f in m.factors if _signature(m, f) == signature)
        picked.append((m, f))
    if isinstance(kind, Form):
        power: Any = kind
    else:
        power = _common_power([f for _, f in picked])
    rests = []
    for m, (a, labels, e) in picked:
        rest = [f for f in m.factors if f is not next(g for g in m.factors if g == (a, labels, e))]
        left = normal.add_exponents(e, normal.scale(-1, power) if isinstance(power, Form) else -power)
        if not (left.number == 0 if isinstance(left, Form) else left == 0):
            rest.append((a, labels, left))
        rests.append((m, labels, rest))
    carried = [{i for _, ls, _ in rest for i in ls} for _, _, rest in rests]
    held = set(rests[0][1])
    out_labels = list(dict.fromkeys(pattern))
    kept = [i for i in out_labels if i not in held or any(i in c for c in carried)]
    positions = [k for k, i in enumerate(rests[0][1]) if i not in out_labels]
    # a label summed within the factor alone, in every term, stays a sum over the factor
    through = [k for k in positions if any(labels[k] in c for (_, labels, _), c in zip(rests, carried, strict=True))]
    if len({rests[0][1][k] for k in through}) < len(through) or len(kept) + len(through) > 2:
        return None
    terms = []
    shape: tuple = ()
    for m, labels, rest in rests:
        sizes = m.sizes
        out = (*kept, *(labels[k] for k in through))
        if len(set(out)) < len(out):
            return None
        mentioned = {i for a, ls, _ in rest for i in ls}
        c, mono = normal.monomial(rest, out, sizes, mentioned)
        shape = tuple(sizes[i] for i in out)
        terms.append((form.terms[m] * c, normal._single(1, mono, shape)))
    inner = layout.best(normal.add(terms, shape))
    ends = rests[0][1]
    sizes = monos[0].sizes
    factor = normal.of_atom(atom, power)
    at = (*kept, *(ends[k] for k in through))
    if len(inner.terms) > 1:
        c, whole = normal.paren(inner)
        inner_factor = [(whole, at, 1)]
        one = c
    else:
        inner_factor, one = [], 1
    joined = [(m, ends) for m in factor.terms]
    if not inner_factor:
        joined += [(m, at) for m in inner.terms]
        one = next(iter(inner.terms.values()), 0)
    if not inner.terms:
        rest_terms = {m: c for m, c in form.terms.items() if m not in group}
        return normal.form(rest_terms, form.shape)
    q, mono, _ = normal._joined(joined, inner_factor, pattern, sizes)
    result: dict[Mono, Any] = {}
    for m, c in form.terms.items():
        if m is group[0]:
            result[mono] = result.get(mono, 0) + one * q
        elif m not in group:
            result[m] = result.get(m, 0) + c
    return normal.form(result, form.shape)


def _scalar_out(layout: Any, form: Form, signature: Signature, monos: list[Mono]) -> Form | None:
    """A scalar factor taken out of terms of any patterns: ``e*outer(x, x) - e*eye(n)``."""
    atom, kind, _ = signature
    found = {m: next(f for f in m.factors if f[0] is atom and _signature(m, f) == signature) for m in monos}
    power = kind if isinstance(kind, Form) else _common_power(list(found.values()))
    return _times_rest(layout, form, found, power, _divided(layout, form, found, power))


def _all_out(layout: Any, form: Form, common: list[Signature]) -> Form:
    """What all terms have, taken out at once."""
    rest, outside = form, []
    for signature in common:
        found = _with(rest, signature)
        power = signature[1] if isinstance(signature[1], Form) else _common_power(list(found.values()))
        rest = _divided(layout, rest, found, power)
        outside.append((layout.normal.of_atom(signature[0], power), ()))
    layout.budget -= 1
    return layout.normal.product([*outside, (layout.best(rest), ())], (), {})


def _with(form: Form, signature: Signature) -> dict[Mono, Factor]:
    """The factor of this kind in each term that has one."""
    return {m: f for m in form.terms for f in m.factors if f[0] is signature[0] and _signature(m, f) == signature}


def _divided(layout: Any, form: Form, found: dict[Mono, Factor], power: Any) -> Form:
    """The terms that have a power of a scalar, divided by this power of it."""
    normal, shape, terms = layout.normal, form.shape, []
    for m, f in found.items():
        left = normal.add_exponents(f[2], normal.scale(-1, power) if isinstance(power, Form) else -power)
        if isinstance(left, Form) and _of_logarithms(left):  # exp((1 + log(x))**2 - (1 - log(x))**2) is x**4
            left = layout.best(left)
        gone = left.number == 0 if isinstance(left, Form) else left == 0
        factors = [g if g is not f else (f[0], (), left) for g in m.factors if g is not f or not gone]
        q, mono = normal.monomial(factors, m.out, m.sizes, {i for _, ls, _ in factors for i in ls})
        terms.append((form.terms[m] * q, normal._single(1, mono, shape)))
    return normal.add(terms, shape)


def _of_logarithms(e: Form) -> bool:
    """Logarithms stand in sums in it, which may cancel but for one."""
    return len(e.terms) > 1 and any(a.kind == SUM and "log" in a.anchor for m in e.terms for a, _, _ in m.factors)


def _times_rest(layout: Any, form: Form, found: dict[Mono, Factor], power: Any, rest: Form) -> Form:
    """The form with the terms that have a power of a scalar written as this power times the rest."""
    normal, shape = layout.normal, form.shape
    first, (atom, _, _) = next(iter(found.items()))
    factor, inner = normal.of_atom(atom, power), layout.best(rest)
    axes = tuple(range(len(shape)))
    whole = normal.product([(factor, ()), (inner, axes)], axes, dict(enumerate(shape)))
    # the product stands where the first of the terms stood
    terms = [(1, whole) if m is first else (c, normal.form({m: 1}, shape)) for m, c in form.terms.items()
             if m is first or m not in found]  # fmt: skip
    return normal.add(terms, shape)


def distributed(layout: Any, form: Form) -> Form | None:
    """The sum with every parenthesis of few terms multiplied out; None where no terms meet."""
    normal = layout.normal
    if not any(a.kind == SUM and e in (1, 2) for m in form.terms if m.parens for a, _, e in m.factors):
        return None
    terms: list[tuple[Any, Mono]] = [(c, m) for m, c in form.terms.items()]
    done: list[tuple[Any, Form]] = []
    count = 0
    while terms:
        c, m = terms.pop(0)
        if count + len(terms) > MAX_MULTIPLIED:
            return None
        for k, (atom, labels, e) in enumerate(m.factors):
            small = atom.kind == SUM and e in (1, 2) and 1 < len(atom.args.terms) <= MAX_OPENED
            small = small and not any(n.sums for n in atom.args.terms)
            if small and (labels == m.out or not labels) and not m.sums:
                rest = [f for j, f in enumerate(m.factors) if j != k] + ([(atom, labels, 1)] if e == 2 else [])
                sizes = m.sizes
                for n, d in atom.args.terms.items():
                    q, mono, _ = normal._joined([(n, labels)], rest, m.out, sizes)
                    terms.append((c * d * q, mono))
                break
        else:
            count += 1
            done.append((c, normal._single(1, m, form.shape)))
    total = layout.lowered.ruled(normal.add(done, form.shape))
    return total if len(total.terms) < count and total is not form else None


def over_common_denominator(layout: Any, form: Form, plain: Tree) -> tuple[Form, Tree]:
    """``1 - (x - 1)/(x + 1)`` is ``2/(x + 1)``: an elementwise sum over one denominator, where that is shorter."""
    best = (form, plain)
    normal = layout.normal
    lowest: dict[tuple[Atom, tuple], Any] = {}
    for m in form.terms:
        for atom, labels, e in m.factors:
            if atom.kind == SUM and not isinstance(e, Form) and e < 0 and len(atom.args.terms) <= 4:
                lowest[atom, labels] = min(e, lowest.get((atom, labels), 0))
    if not lowest or len(form.terms) > 6 or any(m.sums or len(set(m.out)) < len(m.out) for m in form.terms):
        return best
    for (atom, labels), e in list(lowest.items())[:MAX_TRIED]:
        if layout.budget <= 0:
            break
        if all((atom, labels, e) in m.factors for m in form.terms):
            continue  # a common factor, which has been tried
        layout.budget -= 1
        top = _numerator(layout, form, atom, labels, e)
        if top is None or len(top.terms) > 8:
            continue
        axes = tuple(range(len(form.shape)))
        if any(i not in axes for i in labels):
            continue
        other = normal.product([(top, axes), (normal.of_atom(atom, e), labels)], axes, dict(enumerate(form.shape)))
        if other is form or len(other.terms) > 1 or length(layout, other) > MAX_LONGER * best[1].cost:
            continue
        t = layout.form(other)
        if t.cost < best[1].cost:
            best = (other, t)
    return best


def length(layout: Any, form: Form) -> int:
    """The operations of a form that is written out as it stands."""
    known = layout.lengths.get(form)
    if known is not None:
        return known
    total = len(form.terms) - 1
    for m, c in form.terms.items():
        total += len(m.factors) - 1 + (abs(c) != 1) if m.factors else 0
        for atom, _, e in m.factors:
            total += 1 + length(layout, e) if isinstance(e, Form) else abs(e) != 1
            if atom.kind == SUM:
                total += length(layout, atom.args)
            elif atom.kind == CALL:
                total += 1 + sum(length(layout, a) for a in atom.args)
    layout.lengths[form] = total
    return total


def _numerator(layout: Any, form: Form, atom: Atom, labels: tuple, lowest: Any) -> Form | None:
    """The form times atom**-lowest, multiplied out; None where the powers do not fit."""
    normal = layout.normal
    parts = []
    for m, c in form.terms.items():
        have = next((e for a, ls, e in m.factors if a is atom and ls == labels), 0)
        times = 3 if isinstance(have, Form) else have - lowest
        if times > 2:
            return None
        rest = [f for f in m.factors if not (f[0] is atom and f[1] == labels)]
        sizes = m.sizes | dict(enumerate(form.shape))
        if times % 1:  # (x/sqrt(s) + 1)*sqrt(s) = x + sqrt(s)
            rest.append((atom, labels, times % 1))
        products = [(c, rest)]
        for _ in range(int(times)):
            products = [
                (d * x, [*fs, *((a, tuple(labels[i] for i in ls), e) for a, ls, e in n.factors)])
                for d, fs in products for n, x in atom.args.terms.items() if not n.sums
            ]  # fmt: skip
            if any(n.sums for n in atom.args.terms):
                return None
        for d, fs in products:
            q, mono = normal.monomial(fs, m.out, sizes, set())
            parts.append((d * q, normal._single(1, mono, form.shape)))
    return layout.lowered.ruled(expanded(normal, normal.add(parts, form.shape)))
