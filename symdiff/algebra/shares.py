"""Shares of a whole: softmax, however it is written, and rows that sum to one."""

from .forms import CALL, EXP, SUM, Factor, Form, Labels, Mono, as_exponent, sizes_of
from .normalize import Lowered, expanded, unfolded
from .powers import operands, power
from .products import exchanged, replaced


def is_share(low: Lowered, form: Form) -> Form | None:
    """exp(u - logsumexp(u)) = exp(log_softmax(u)) = exp(u)/sum(exp(u)) = softmax(u)"""
    normal = low.normal
    for m, c in form.terms.items():
        for k, (atom, labels, e) in enumerate(m.factors):
            made = (_softmax_of(low, e) or _of_logarithm(low, e)) if atom.kind == EXP and labels else None
            if made is not None:
                return replaced(normal, form, m, c, k, made, labels)
        factors = unfolded(normal, m) if any(map(_is_below, m.factors)) else []
        for j, total in enumerate(factors):
            for k, (_, labels, e) in enumerate(factors) if _is_below(total) else ():
                made = _of_whole(low, e, labels, total) if isinstance(e, Form) and labels else None
                if made is not None:
                    rest = [(normal.of_atom(a, x), ls) for i, (a, ls, x) in enumerate(factors) if i not in (j, k)]
                    whole = normal.product([(made, labels), *rest], m.out, m.sizes | sizes_of(factors))
                    return exchanged(normal, form, m, normal.scale(c, whole))
    return None


def _is_below(f: Factor) -> bool:
    """A product that is summed, below the line."""
    atom, _, e = f
    return atom.kind == SUM and type(e) is int and e < 0 and len(atom.args.terms) == 1


def _of_logarithm(low: Lowered, e: Form) -> Form | None:
    """exp(k*log_softmax(u) + v) = softmax(u)**k*exp(v)"""
    normal = low.normal
    for n, d in e.terms.items():
        atom, labels, power_of_it = n.factors[0] if len(n.factors) == 1 else (normal.base, (), 0)
        if power_of_it == 1 and atom.op == "log_softmax":
            share = power(normal, normal.call("softmax", list(atom.args), atom.params, atom.shape), as_exponent(d))
            others = normal.add([(1, e), (-d, normal.form({n: 1}, e.shape))], e.shape)
            return _times_exp(low, normal.relabel(share, labels, n.out, n.sizes), others)
    return None


def _times_exp(low: Lowered, share: Form, e: Form) -> Form:
    axes = tuple(range(len(e.shape)))
    factors = [(share, axes), (low.normal.exp(e), axes)]
    return low.normal.product(factors, axes, dict(enumerate(e.shape))) if e.terms else share


def _of_whole(low: Lowered, e: Form, labels: Labels, whole: Factor) -> Form | None:
    """exp(u + v)/sum(exp(u)) = softmax(u)*exp(v) where a factor of a product is a sum below the line"""
    normal, (total, ends, times) = low.normal, whole
    ((n, d),) = total.args.terms.items()
    base, own, u = n.factors[0]
    is_sum = len(n.factors) == d == -times == 1 and base.kind == EXP and len(own) == len(labels) == len(n.out) + 1
    if not is_sum or not isinstance(u, Form):
        return None
    for turned, at in ((u, own), (normal.transpose(u), own[::-1])) if len(own) == 2 else ((u, own),):
        axis = next(p for p, i in enumerate(at) if i not in n.out)
        there = {i: labels[p] for p, i in enumerate(at) if p != axis}
        if turned.shape != e.shape or [there[i] for i in n.out] != list(ends):
            continue
        left = normal.add([(1, e), (-1, turned)], e.shape)
        if len(left.terms) < len(e.terms):
            varies = {t: y for t, y in turned.terms.items() if any(t.out[axis] in ls for _, ls, _ in t.factors)}
            return _times_exp(low, normal.call("softmax", [normal.form(varies, e.shape)], (axis,), e.shape), left)
    return None


def whole(low: Lowered, form: Form) -> Form | None:
    """sum(softmax(u)) = 1, along the axis of the softmax, and sum(Y, axis=-1) = 1 of rows on the simplex"""
    normal = low.normal
    for m, c in form.terms.items():
        for k, (atom, labels, e) in enumerate(m.factors):
            if (atom.op != "softmax" and atom.anchor != "simplex") or e != 1 or not labels:
                continue
            axis = (atom.params[0] if atom.params else -1) % len(labels)
            i, rest = labels[axis], labels[:axis] + labels[axis + 1 :]
            if i not in m.out and sum(ls.count(i) for _, ls, _ in m.factors) == 1:
                ones = normal.number(1, atom.shape[:axis] + atom.shape[axis + 1 :])
                left = normal.product([(ones, rest), *operands(normal, m, {k})], m.out, m.sizes)
                return exchanged(low.normal, form, m, normal.scale(c, left))
    return None


def opened_whole(low: Lowered, form: Form) -> Form | None:
    """sum(a*Y + x) = a + sum(x) for Y on the simplex, where fewer factors remain"""
    normal = low.normal
    for m, c in form.terms.items():
        for k, (atom, labels, e) in enumerate(m.factors):
            rest = operands(normal, m, {k})
            if atom.kind != SUM or e != 1 or len(atom.args.terms) < 2 or set(labels) <= set(m.out):
                continue
            parts, gone = [], False
            for n, d in atom.args.terms.items():
                part = normal.product([(normal.form({n: 1}, atom.shape), labels), *rest], m.out, m.sizes)
                parts.append((c * d, low.closed_ruled(low.ruled(part))))
                left = max(map(_wholes, parts[-1][1].terms), default=0)
                gone = gone or left < _wholes(n) + _wholes(m) - 1
            before = sum(len(n.factors) + len(rest) for n in atom.args.terms)
            total = expanded(normal, normal.add(parts, form.shape)) if gone else form
            if gone and sum(len(n.factors) for n in total.terms) < before:
                return exchanged(low.normal, form, m, total)
    return None


def _wholes(m: Mono) -> int:
    """The number of its factors that are made of what sums to one."""
    return sum("softmax" in names or "simplex" in names for a, _, _ in m.factors if (names := a.anchor))


def _softmax_of(low: Lowered, e: Form) -> Form | None:
    normal = low.normal
    for n, d in e.terms.items():
        if d != -1 or len(n.factors) != 1 or n.factors[0][0].kind != CALL or n.factors[0][0].op != "logsumexp":
            continue
        atom, labels, exponent = n.factors[0]
        (axes,) = atom.params
        if exponent != 1 or len(axes) != 1:
            continue
        rest = normal.form({q: y for q, y in e.terms.items() if q is not n}, e.shape)
        inner = atom.args[0]
        free = tuple(k for k, i in enumerate(n.out) if i not in labels)
        if rest is inner and free == axes and labels == tuple(i for i in n.out if i in labels):
            return normal.call("softmax", [inner], axes, e.shape)
        # a transposed exponent: the axes of the softmax follow
        if len(e.shape) == 2 and len(free) == 1 and normal.transpose(rest) is inner and free[0] == 1 - axes[0]:
            return normal.transpose(normal.call("softmax", [inner], axes, inner.shape))
    return None
