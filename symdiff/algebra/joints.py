"""Arrays in their places: parts of a unit matrix in products, and terms that lie beside each other joined: Jacobians of
what is put together of parts are put together of their Jacobians."""

from typing import Any, NamedTuple

from .. import shapes
from .entries import joined, placed, stacked
from .forms import Form, Mono
from .normalize import Lowered
from .powers import operands
from .products import exchanged


class Place(NamedTuple):
    """A term of a sum that is 0 but from `start` to `stop` along an axis: c times a monomial, by its factor k."""

    start: Any
    stop: Any
    m: Mono
    c: Any
    k: int


def beside(low: Lowered, form: Form) -> Form | None:
    """concat((x, 0)) + concat((0, y)) = concat((x, y))"""
    for axis in range(len(form.shape)) if len(form.terms) > 1 else ():
        found = [p for m, c in form.terms.items() if (p := _place(m, c, axis)) is not None]
        chain = _chain(found, form.shape[axis])
        if len(chain) < 2:
            continue
        segments = {p.start: (p.start, p.stop) for p in chain}
        met = [p for p in found if segments.get(p.start) == (p.start, p.stop)]
        parts = [low.ruled(_part(low, [p for p in met if p.start == start], form, axis)) for start in segments]
        gone = {p.m for p in met}
        others = low.normal.form({m: c for m, c in form.terms.items() if m not in gone}, form.shape)
        return low.normal.add([(1, joined(low.normal, parts, axis)), (1, others)], form.shape)
    return None


def _place(m: Mono, c: Any, axis: int) -> Place | None:
    """The place of a monomial along an axis; None where it has none."""
    i = m.out[axis]
    carriers = [k for k, (_, labels, _) in enumerate(m.factors) if i in labels]
    if len(carriers) != 1 or m.out.count(i) > 1:
        return None
    atom, labels, e = m.factors[carriers[0]]
    if e != 1 or labels.count(i) > 1:
        return None
    if atom.op == "basis":
        _, k = atom.params
        return Place(k, shapes.add(k, 1), m, c, carriers[0])
    cut = atom.params[0][labels.index(i)] if atom.op == "place" else None
    return None if cut is None else Place(cut[0], cut[1], m, c, carriers[0])


def _chain(found: list[Place], size: Any) -> list[Place]:
    """Places that lie beside each other from the first entry to the last; none where they leave something out."""
    chain: list[Place] = []
    at: Any = 0
    while at != size:
        following = next((p for p in found if p.start == at), None)
        if following is None:
            return []
        chain.append(following)
        at = following.stop
    return chain


def _part(low: Lowered, found: list[Place], form: Form, axis: int) -> Form:
    """What stands at one place."""
    normal, terms = low.normal, []
    length = shapes.subtract(found[0].stop, found[0].start)
    shape = (*form.shape[:axis], length, *form.shape[axis + 1 :])
    for p in found:
        atom, labels, _ = p.m.factors[p.k]
        inner = []
        if atom.op == "place":
            index, whole = atom.params
            at = labels.index(p.m.out[axis])
            index, whole = ((*v[:at], x, *v[at + 1 :]) for v, x in ((index, None), (whole, length)))
            inner.append((placed(normal, atom.args[0], index, whole), labels))
        factors = [*inner, *operands(normal, p.m, {p.k})]
        sizes = p.m.sizes | {p.m.out[axis]: length}
        terms.append((p.c, normal.product(factors, p.m.out, sizes) if factors else normal.number(1, shape)))
    return normal.add(terms, shape)


def unit_placed(low: Lowered, form: Form) -> Form | None:
    """eye(m + n)[:, :m] @ A = concat((A, zeros((n, k))))"""
    normal = low.normal
    for m, c in form.terms.items():
        for k, (atom, labels, e) in enumerate(m.factors):
            if atom.op != "place" or e != 1 or len(labels) != 2 or not _is_unit(atom.args[0]):
                continue
            cuts = [axis for axis, i in enumerate(atom.params[0]) if i is not None]
            if len(cuts) != 1:
                continue
            i, j = labels[cuts[0]], labels[1 - cuts[0]]
            met = [q for q, (_, ls, _) in enumerate(m.factors) if j in ls and q != k]
            if j in m.out or not met or i == j:
                continue
            inside = dict.fromkeys(s for q in met for s in m.factors[q][1])
            rest = {s for q, (_, ls, _) in enumerate(m.factors) if q not in met for s in ls}.union(m.out)
            open_ = [s for s in inside if s != j and s in rest]
            if i in open_:
                continue
            factors = [(normal.of_atom(m.factors[q][0], m.factors[q][2]), m.factors[q][1]) for q in met]
            inner = normal.product(factors, (j, *open_), m.sizes)
            shape = (atom.shape[cuts[0]], *(m.sizes[s] for s in open_))
            index = (atom.params[0][cuts[0]], *(None for _ in open_))
            whole = [(placed(normal, inner, index, shape), (i, *open_)), *operands(normal, m, {k, *met})]
            return exchanged(normal, form, m, normal.scale(c, normal.product(whole, m.out, m.sizes)))
    return None


def turned(low: Lowered, form: Form) -> Form | None:
    """The axes of a joint of more than two in another order: the joint of its parts with theirs in this order."""
    normal = low.normal
    for m, c in form.terms.items():
        for k, (atom, labels, e) in enumerate(m.factors):
            order = tuple(i for i in m.out if i in labels)
            if atom.op not in ("stack", "concat") or e != 1 or len(labels) < 3 or order == labels:
                continue
            if sorted(order) != sorted(labels):
                continue
            (axis,) = atom.params
            own = labels if atom.op == "concat" else labels[:axis] + labels[axis + 1 :]
            new = tuple(i for i in order if i in own)
            parts = [normal.relabel(a, own, new, {}) for a in atom.args]
            at = order.index(labels[axis])
            made = joined(normal, parts, at) if atom.op == "concat" else stacked(normal, parts, at)
            whole = normal.product([(made, order), *operands(normal, m, {k})], m.out, m.sizes)
            return exchanged(normal, form, m, normal.scale(c, whole))
    return None


def _is_unit(form: Form) -> bool:
    """It is the unit matrix."""
    return len(form.terms) == 1 and all(c == 1 and not m.factors and m.out == (0, 0) for m, c in form.terms.items())
