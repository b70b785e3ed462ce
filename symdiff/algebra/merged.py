"""Axes that reshape merges and splits, as forms: what was merged is split again, and what is summed along merged axes
is summed along the axes themselves: ``kron(A, B) @ vec(X)`` is ``vec(A @ X @ B.T)``.

A merge is the function "reshape" of a form each of whose axes, or runs of axes, is one axis of the result.
"""

from collections.abc import Sequence
from typing import Any

from .. import shapes
from ..errors import ShapeError
from ..networks import components
from ..shapes import Shape, Size
from .forms import CALL, SUM, Atom, Factor, Form, Mono
from .normal import Normal
from .powers import operands, power

Blocks = list[tuple[tuple[int, ...], tuple[int, ...]]]


def blocks(old: Shape, new: Shape) -> Blocks:
    """The shortest runs of axes, (before, after), that a reshape takes into one another.

    >>> blocks(("m", "n", 2), ("m*n", 2))
    [((0, 1), (0,)), ((2,), (1,))]
    """
    result: Blocks = []
    i = j = 0
    while i < len(old) and j < len(new):
        a, b, start = old[i], new[j], (i, j)
        i, j = i + 1, j + 1
        while a != b:
            if i < len(old) and _divides(a, b):
                a, i = shapes.multiply(a, old[i]), i + 1
            elif j < len(new) and _divides(b, a):
                b, j = shapes.multiply(b, new[j]), j + 1
            else:  # not told apart
                i, j, a, b = len(old), len(new), 1, 1
        result.append((tuple(range(start[0], i)), tuple(range(start[1], j))))
    if result and (i < len(old) or j < len(new)):  # axes of size 1 at the end
        before, after = result.pop()
        result.append((tuple(range(before[0], len(old))), tuple(range(after[0], len(new)))))
    return result


def _divides(part: Size, total: Size) -> bool:
    try:
        shapes.divide(total, part)
    except ShapeError:
        return False
    return True


def groups(atom: Atom) -> list[tuple[int, ...]] | None:
    """For each axis of a merge the axes of its argument; None of other functions."""
    if atom.kind != CALL or atom.op != "reshape":
        return None
    found = blocks(atom.args[0].shape, atom.shape)
    return [before for before, _ in found] if len(found) == len(atom.shape) else None


def reshaped(normal: Normal, form: Form, shape: Shape) -> Form:
    """The form in another shape: scalars stay outside, what was merged is split, and merged once."""
    if shape == form.shape:
        return form
    if not normal.carried_axes([form]):
        axes = tuple(range(len(shape)))
        return normal.relabel(normal.dropped(form, ()), (), axes, dict(enumerate(shape)))
    inner = unmerged(normal, form)
    if inner is not None:
        return reshaped(normal, inner, shape)
    if len(form.terms) > 1:
        return normal.call("reshape", [form], (shape,), shape)
    ((m, c),) = form.terms.items()
    runs = blocks(form.shape, shape)
    parts = components([f for f in m.factors if f[1]])
    if len(parts) > 1 and len(set(m.out)) == len(m.out) and not m.free and all(len(before) == 1 for before, _ in runs):
        return _split_apart(normal, form, shape, runs, parts)
    scalars = [f for f in m.factors if not f[1]]
    bare = normal._mono(tuple(f for f in m.factors if f[1]), m.out, m.free)
    core = normal.call("reshape", [normal.form({bare: 1}, form.shape)], (shape,), shape)
    return _times(normal, c, scalars, core)


def _times(normal: Normal, c: Any, scalars: Sequence[Factor], form: Form) -> Form:
    axes = tuple(range(len(form.shape)))
    operands = [(normal.of_atom(a, e), ()) for a, _, e in scalars]
    return normal.scale(c, normal.product([*operands, (form, axes)], axes, dict(enumerate(form.shape))))


def _split_apart(
    normal: Normal, form: Form, shape: Shape, runs: Blocks, parts: Sequence[Sequence[Factor]]
) -> Form:
    """Axes of a product of parts that have no axis in common, split part by part."""
    ((m, c),) = form.terms.items()
    operands: list[tuple[Form, Sequence[int]]] = [(normal.of_atom(a, e), ()) for a, ls, e in m.factors if not ls]
    for part in parts:
        own = [k for k, i in enumerate(m.out) if any(i in ls for _, ls, _ in part)]
        whole = normal.product([(normal.of_atom(f[0], f[2]), f[1]) for f in part], [m.out[k] for k in own], m.sizes)
        after = [j for k in own for j in runs[k][1]]
        operands.append((reshaped(normal, whole, tuple(shape[j] for j in after)), after))
    return normal.scale(c, normal.product(operands, range(len(shape)), dict(enumerate(shape))))


def unmerged(normal: Normal, form: Form) -> Form | None:
    """The form of which this one is a merge: every axis that all terms merge of the same axes is split. None where
    there is none."""
    split: list[Shape | None] = [None] * len(form.shape)
    for m in form.terms:
        own = _splits(m)
        for k, i in enumerate(m.out):
            if i not in own:
                if not any(i in ls for _, ls, _ in m.factors) and m.out.count(i) == 1:
                    continue  # of equal entries any split will do
                return None if len(form.terms) > 1 else _split(normal, form, [own.get(j) for j in m.out])
            if split[k] not in (None, own[i]):
                return None
            split[k] = own[i]
    return _split(normal, form, split)


def _splits(m: Mono) -> dict[int, Shape]:
    """{label: sizes of the axes that it is a merge of, in all its places}"""
    found: dict[int, Any] = {}
    for atom, labels, e in m.factors:
        runs = None if isinstance(e, Form) else groups(atom)
        for j, i in enumerate(labels):
            sizes = None if runs is None else tuple([atom.args[0].shape[axis] for axis in runs[j]])
            found[i] = sizes if found.setdefault(i, sizes) == sizes else None
    return {i: sizes for i, sizes in found.items() if sizes is not None}


def _split(normal: Normal, form: Form, split: Sequence[Shape | None]) -> Form | None:
    """The form with axes split into these sizes."""
    if not any(sizes is not None and len(sizes) > 1 for sizes in split):
        return None
    shape = tuple(s for k, sizes in enumerate(split) for s in (sizes or form.shape[k : k + 1]))
    terms = []
    for m, c in form.terms.items():
        parts = {i: tuple(normal.fresh() for _ in split[k] or (0,)) for k, i in enumerate(m.out)}
        operands = []
        for atom, labels, e in m.factors:
            part = normal.of_atom(atom, e)
            runs = groups(atom) or []
            if any(len(run) > 1 and len(parts.get(i, ())) > 1 for i, run in zip(labels, runs, strict=False)):
                if any(len(run) > 1 and len(parts.get(i, ())) < 2 for i, run in zip(labels, runs, strict=True)):
                    return None  # another axis of it stays merged
                part = power(normal, atom.args[0], e)
            operands.append((part, tuple(j for i in labels for j in parts.get(i, (i,)))))
        out = tuple(j for i in m.out for j in parts[i])
        terms.append((c, normal.product(operands, out, dict(zip(out, shape, strict=True)))))
    return normal.add(terms, shape)


def of_unmerged(normal: Normal, args: Sequence[Form]) -> list[Form] | None:
    """The arguments of an elementwise function before they were merged, all alike and of at most two axes; None where
    one was not."""
    if not any(a.op == "reshape" for form in args for m in form.terms for a, _, _ in m.factors):
        return None
    even = [not normal.carried_axes([a]) for a in args]
    inner = [a if flat else unmerged(normal, a) for a, flat in zip(args, even, strict=True)]
    found = {None if a is None else a.shape for a, flat in zip(inner, even, strict=True) if not flat}
    shape = found.pop() if len(found) == 1 else None
    if shape is None or len(shape) > 2:
        return None
    return [
        normal.broadcast(normal.dropped(a, ()), shape) if flat else a
        for a, flat in zip(inner, even, strict=True)
        if a is not None
    ]


def fused(low: Any, form: Form) -> Form | None:
    """The form with the merges of one term that meet at a merged axis made one, or none where it is summed over."""
    normal = low.normal
    if len(form.terms) > 1:
        inner = unmerged(normal, form)
        return None if inner is None or len(inner.shape) > 2 else reshaped(normal, inner, form.shape)
    for m, c in form.terms.items():
        merges = {k: g for k, f in enumerate(m.factors) if (g := _merge(normal, f))}
        for i in dict.fromkeys(i for k in merges for i in m.factors[k][1]):
            there = {k for k, f in enumerate(m.factors) if i in f[1]}
            slots = sum(f[1].count(i) for f in m.factors)
            if there <= merges.keys() and not (i in m.out and slots == 1):
                made = _fused_at(normal, m, sorted(there), {k: merges[k] for k in there})
                if made is not None:
                    return normal.scale(c, low.closed_ruled(made))
    return None


def _distributed(normal: Normal, factors: list[tuple[Form, tuple]], sums: list[int], out: tuple) -> Form:
    """The product of forms with these sums multiplied out."""
    if not sums:
        return normal.product(factors, out, {})
    k, *rest = sums
    form, labels = factors[k]
    parts = []
    for n, c in form.terms.items():
        term = normal.form({n: 1}, form.shape), labels
        parts.append((c, _distributed(normal, [*factors[:k], term, *factors[k + 1 :]], rest, out)))
    return normal.add(parts, parts[0][1].shape)


def _merge(normal: Normal, f: Factor) -> tuple[Form, list[tuple[int, ...]]] | None:
    """(what a factor is a merge of, for each of its axes those of that): also of a sum, ``kron(A, B) + kron(C, D)``."""
    atom, _, e = f
    if atom.kind == SUM and e == 1:
        inner = unmerged(normal, atom.args)
        return None if inner is None else (inner, [before for before, _ in blocks(inner.shape, atom.shape)])
    runs = None if isinstance(e, Form) else groups(atom)
    return None if runs is None else (power(normal, atom.args[0], e), runs)


def _fused_at(normal: Normal, m: Mono, there: list[int], merges: dict[int, tuple]) -> Form | None:
    """The product with these merges made one."""
    parts: dict[int, tuple[int, ...]] = {}  # label -> those of the axes that were merged
    sizes: dict[int, Shape] = {}
    split: list[tuple[Form, tuple[int, ...]]] = []
    for k in there:
        labels = m.factors[k][1]
        inner, runs = merges[k]
        for i, group in zip(labels, runs, strict=True):
            own = tuple([inner.shape[axis] for axis in group])
            if sizes.setdefault(i, own) != own:
                return None
            parts.setdefault(i, tuple(normal.fresh() for _ in group))
        split.append((inner, tuple(j for i in labels for j in parts[i])))
    elsewhere = {i for k, f in enumerate(m.factors) if k not in there for i in f[1]} | set(m.out)
    kept = [i for i in parts if i in elsewhere]
    if not any(len(parts[i]) > 1 and (i not in kept or len(there) > 1) for i in parts):
        return None
    out = tuple(j for i in kept for j in parts[i])
    inside = _distributed(normal, split, [k for k, t in enumerate(there) if m.factors[t][0].kind == SUM], out)
    whole = reshaped(normal, inside, tuple([shapes.count(sizes[i]) for i in kept]))
    rest = operands(normal, m, there)
    return normal.product([(whole, tuple(kept)), *rest], m.out, m.sizes)
