"""Entries and slices of forms: what an index reads of products, stacks, joints and places. It makes them too.

An index has an entry per axis: None (all of it), a size (that entry; the axis goes), or (start, stop, step).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .. import constants, shapes
from ..ops.layout import concat_op, getitem_op, index_shape, place_op
from ..shapes import Shape, Size
from .forms import Atom, Factor, Form, Labels, number_power, positions, sizes_of

Reading = Callable[[Any, Atom, tuple], Form | None]


def row(normal: Any, size: Size, k: Size) -> Form:
    """The vector that is 1 at k and 0 elsewhere."""
    return normal.number(1, (1,)) if size == 1 else normal.call("basis", [], (size, k), (size,))


def read(normal: Any, form: Form, index: Sequence[Any]) -> Form:
    """``form[index]``: of what is no sum of several, the part of it that is meant, else a function."""
    shape = index_shape(form.shape, index)
    if 0 in shape:
        return normal.number(0, shape)
    index = tuple([None if i == (0, s, 1) else i for i, s in zip(index, form.shape, strict=True)])
    if index.count(None) == len(index):
        return form
    axes = tuple(range(len(index)))
    left = [k for k in axes if index[k] is None or isinstance(index[k], tuple)]
    result = dict(zip(left, shape, strict=True))
    keep = normal.carried_axes([form])
    alone = [k for k in keep if form.shape[k] == 1 and k not in left]  # the one entry: a sum
    if len(keep) < len(axes) or alone:
        kept = [k for k in keep if k not in alone]
        small = normal.relabel(normal.dropped(form, keep), keep, kept, {})
        part = read(normal, small, [index[k] for k in kept])
        return normal.relabel(part, [k for k in kept if k in left], left, result)
    if len(form.terms) > 1:
        return normal.call("getitem", [form], (index,), shape)
    ((m, c),) = form.terms.items()
    if c != 1 or not all(f[1] for f in m.factors):  # numbers and scalars stay outside
        scalars = [(normal.of_atom(a, e), ()) for a, ls, e in m.factors if not ls]
        whole = normal.form({normal._canonical([f for f in m.factors if f[1]], m.out, m.sizes): c}, form.shape)
        bare = read(normal, normal.scale(constants.divide(1, c), whole), index)
        return normal.scale(c, normal.product([*scalars, (bare, left)], left, result))
    if not m.factors and m.out == (0, 0) and len(left) == 2 and (cut := _cut(index)) is not None:
        axis, (start, stop, _) = cut  # eye(m + n)[:, :m] is eye(m) above zeros
        unit = normal.unit(shapes.subtract(stop, start))
        return placed(normal, unit, [(start, stop, 1) if k != axis else None for k in (0, 1)], shape)
    atom, labels, e = m.factors[0] if m.factors else (normal.base, (), 0)
    if c != 1 or len(m.factors) != 1 or e != 1 or sorted(labels) != sorted(m.out):
        if len(left) == len(axes):
            return normal.call("getitem", [form], (index,), shape)
        rows = [(row(normal, form.shape[k], index[k]), (k,)) for k in axes if k not in left]
        part = normal.product([(form, axes), *rows], left, dict(enumerate(form.shape)))
        return read(normal, part, [index[k] for k in left])
    if labels != m.out:  # A.T[:, 1:] is A[1:].T
        part = read(normal, normal.of_atom(atom), [index[m.out.index(i)] for i in labels])
        return normal.relabel(part, [i for i in labels if i in left], left, result)
    found = READ[atom.op](normal, atom, index) if atom.op in READ else None
    return normal.call("getitem", [form], (index,), shape) if found is None else found


def _cut(index: Sequence[Any]) -> tuple[int, tuple] | None:
    """(axis, slice) of the one slice in steps of 1 of an index of two axes."""
    cuts = [(k, i) for k, i in enumerate(index) if i is not None]
    return cuts[0] if len(cuts) == 1 and cuts[0][1][2] == 1 else None


def without_positions(
    normal: Any, flat: Sequence[Factor], out: Labels, known: Mapping[int, Size], mentioned: set[int]
) -> tuple[Any, list[Factor], Mapping[int, Size], set[int]]:
    """(coefficient, factors, sizes, labels) of factors with the rows of unit matrices that are summed over taken into
    the others: ``eye(n)[k] @ x`` is ``x[k]``."""
    coefficient: Any = 1
    factors = list(flat)
    while (row := next((f for f in factors if f[0].op == "basis" and f[1][0] not in out), None)) is not None:
        (i,), k = row[1], row[0].params[1]
        known, mentioned = dict(known) | sizes_of(factors), mentioned - {i}
        others = [f for f in factors if f is not row]
        factors = []
        for f in others:
            if i not in f[1]:
                factors.append(f)
                continue
            c, part = _entry(normal, f, i, k)
            coefficient *= c
            factors += part
            mentioned |= {j for j in f[1] if j != i}
    return coefficient, factors, known, mentioned


def unshared(
    normal: Any, form: Form, labels: Sequence[int], out: Sequence[int], operands: Sequence[tuple[Form, Sequence[int]]]
) -> tuple[Form, Sequence[int]]:
    """(form, labels) of a sum in a product without the axes of size 1 that nothing else has."""
    used = [i for _, ls in operands for i in ls]
    left = [i for i, s in zip(labels, form.shape, strict=True) if s != 1 or i in out or used.count(i) > 1]
    if len(left) == len(labels) or not set(out) <= set(used):  # a new axis of the product may be one of them
        return form, labels
    return normal.relabel(form, labels, left, {}), left


def unstretched(
    flat: Sequence[Factor], out: Labels, known: Mapping[int, Size], mentioned: set[int]
) -> tuple[Sequence[Factor], set[int]]:
    """(factors, labels) with axes of size 1 that are summed over, of what hangs together with axes of the product, in
    the place of those of the product that nothing carries: ``(A @ x[:, 0])[:, None]`` is ``A @ x``."""
    carried = [i for _, ls, _ in flat for i in ls]
    free = next((i for i in out if known[i] == 1 and i not in carried), None)
    alone = {i for i in carried if known.get(i) == 1 and i not in out and carried.count(i) == 1}
    if free is None or not alone:
        return flat, mentioned
    reached: set[int] = set()
    grown = set(out)
    while grown - reached:
        reached |= grown
        grown = {i for _, ls, _ in flat if not reached.isdisjoint(ls) for i in ls}
    renamed = dict.fromkeys(alone & reached, free)
    factors = [(a, tuple([renamed.get(i, i) for i in ls]), e) for a, ls, e in flat]
    return factors, mentioned - renamed.keys()


def _entry(normal: Any, factor: Factor, label: int, k: Size) -> tuple[Any, list[Factor]]:
    """(coefficient, factors) of a factor with the axes called `label` read at position k."""
    normal.search.step()
    atom, labels, e = factor
    index = [k if i == label else None for i in labels]
    power: Any
    if atom is normal.base:
        part, power = normal.exp(read(normal, e, index)), 1
    else:
        power = read(normal, e, index) if isinstance(e, Form) and e.shape else e
        part = read(normal, normal.of_atom(atom), index)
    kept = tuple(i for i in labels if i != label)
    if not part.terms and not isinstance(power, Form) and power > 0:
        return 0, []
    if len(part.terms) == 1:
        ((m, c),) = part.terms.items()
        place = positions(m, kept)
        whole = type(power) is int and not m.sums and not any(isinstance(x, Form) for _, _, x in m.factors)
        alone = c == 1 and len(m.factors) == 1 and m.factors[0][2] == 1
        if place is not None and len(set(place.values())) == len(place) and (power == 1 or whole or alone):
            place.update((i, normal.fresh()) for i in m.sizes.keys() - place.keys())
            raised = [x if power == 1 else power if alone else constants.exact(x * power) for _, _, x in m.factors]
            factors = [(a, tuple(place[i] for i in ls), x) for (a, ls, _), x in zip(m.factors, raised, strict=True)]
            return c if power == 1 or alone else number_power(c, power), factors
    return 1, [(normal.wrap(part), kept, power)]


# --- what an index reads of a function ----------------------------------------------------------------------


def _of_getitem(normal: Any, atom: Atom, index: tuple) -> Form | None:
    """``X[:, 0][1:]`` is ``X[1:, 0]``, and ``x[::-1][::-1]`` is x."""
    return read(normal, atom.args[0], shapes.index_of_index(atom.params[0], index))


def _of_stack(normal: Any, atom: Atom, index: tuple) -> Form | None:
    (axis,) = atom.params
    i, rest = index[axis], index[:axis] + index[axis + 1 :]
    chosen = [a if all(j is None for j in rest) else read(normal, a, rest) for a in _chosen(atom.args, i)]
    if i is not None and not isinstance(i, tuple):
        return chosen[0]
    return stacked(normal, chosen, sum(j is None or isinstance(j, tuple) for j in index[:axis]))


def _chosen(parts: Sequence[Form], i: Any) -> Sequence[Form]:
    if i is None:
        return parts
    return [parts[k] for k in range(*i)] if isinstance(i, tuple) else [parts[i]]


def _of_concat(normal: Any, atom: Atom, index: tuple) -> Form | None:
    """A part, or several whole ones."""
    (axis,) = atom.params
    i = index[axis]
    ends: list[Size] = [0]
    for a in atom.args:
        ends.append(shapes.add(ends[-1], a.shape[axis]))
    single = i is not None and not isinstance(i, tuple)
    low, high, step = (0, ends[-1], 1) if i is None else (i, shapes.add(i, 1), 1) if single else _bounds(i)
    if abs(step) != 1:
        return None
    for k, a in enumerate(atom.args):
        last = k == len(atom.args) - 1  # a part may stand there twice
        if _at_most(ends[k], low) and (last or _at_most(high, ends[k + 1])):
            inner = _moved(i, ends[k])
            return read(normal, a, (*index[:axis], inner, *index[axis + 1 :]))
    if low not in ends or high not in ends:
        return None
    turned = None if step == 1 else -1
    parts = atom.args[ends.index(low) : ends.index(high)][::turned]
    read_parts = []
    for a in parts:
        whole = None if step == 1 else (shapes.add(a.shape[axis], -1), -1, -1)
        read_parts.append(read(normal, a, (*index[:axis], whole, *index[axis + 1 :])))
    return joined(normal, read_parts, sum(j is None or isinstance(j, tuple) for j in index[:axis]))


def _of_place(normal: Any, atom: Atom, index: tuple) -> Form | None:
    """Of zeros around x: zeros, a part of x, or x between fewer zeros."""
    inner: list[Any] = []
    around: list[Any] = []
    shape = index_shape(atom.shape, index)
    for i, cut, size in zip(index, atom.params[0], atom.shape, strict=True):
        if cut is None or i is None:
            inner.append(i)
            if i is None or isinstance(i, tuple):
                around.append(cut if i is None else None)
            continue
        start, stop, _ = cut
        single = not isinstance(i, tuple)
        low, high, step = (i, shapes.add(i, 1), 1) if single else _bounds(i)
        if _at_most(high, start) or _at_most(stop, low):
            return normal.number(0, shape)
        if _at_most(start, low) and (stop == size or _at_most(high, stop)):
            inner.append(_moved(i, start))
            around += [] if single else [None]
        elif abs(step) == 1 and _at_most(low, start) and _at_most(stop, high):
            length = shapes.subtract(stop, start)
            inner.append(None if step == 1 else (shapes.add(length, -1), -1, -1))
            first = shapes.subtract(start, low) if step == 1 else shapes.subtract(high, stop)
            around.append((first, shapes.add(first, length), 1))
        else:
            return None
    return placed(normal, read(normal, atom.args[0], inner), around, shape)


def _of_row(normal: Any, atom: Atom, index: tuple) -> Form | None:
    size, k = atom.params
    (i,) = index
    if not isinstance(i, tuple):
        d = shapes.subtract(k, i)
        return normal.number(int(d == 0)) if isinstance(d, int) else None
    low, high, step = _bounds(i)
    if _at_most(high, k) or _at_most(shapes.add(k, 1), low):
        return normal.number(0, index_shape((size,), index))
    if abs(step) != 1 or not (_at_most(low, k) and _at_most(shapes.add(k, 1), high)):
        return None
    after = shapes.subtract(k, low) if step == 1 else shapes.subtract(high, shapes.add(k, 1))
    return row(normal, shapes.subtract(high, low), after)


READ: dict[str, Reading] = {
    getitem_op.name: _of_getitem, concat_op.name: _of_concat, place_op.name: _of_place,
    "stack": _of_stack, "basis": _of_row,
}  # fmt: skip


def _bounds(i: tuple) -> tuple[Size, Size, int]:
    """(first, last + 1, step) of a slice, whichever way it runs."""
    start, stop, step = i
    if step > 0:
        return start, stop, step
    return shapes.add(stop, 1), shapes.add(start, 1), step


def _moved(i: Any, by: Size) -> Any:
    """An entry of an index counted from a later position."""
    if i is None:
        return None
    if not isinstance(i, tuple):
        return shapes.subtract(i, by)
    return shapes.subtract(i[0], by), shapes.subtract(i[1], by), i[2]


def _at_most(a: Size, b: Size) -> bool:
    """a <= b is known. That an index lies within its axis is known besides."""
    d = shapes.subtract(b, a)
    return d >= 0 if isinstance(d, int) else a == 0


# --- stacks, joints, places ---------------------------------------------------------------------------------


def stacked(normal: Any, parts: Sequence[Form], axis: int) -> Form:
    """Forms along a new axis."""
    inner = parts[0].shape
    shape = (*inner[:axis], len(parts), *inner[axis:])
    if len(parts) == 1:
        axes = tuple(k + (k >= axis) for k in range(len(inner)))
        return normal.relabel(parts[0], axes, tuple(range(len(shape))), dict(enumerate(shape)))
    return normal.call("stack", parts, (axis,), shape)


def joined(normal: Any, parts: Sequence[Form], axis: int) -> Form:
    """Forms one after the other along an axis; what is all zeros but one is that one in its place."""
    ends: list[Size] = [0]
    for a in parts:
        ends.append(shapes.add(ends[-1], a.shape[axis]))
    shape = (*parts[0].shape[:axis], ends[-1], *parts[0].shape[axis + 1 :])
    full = [k for k, a in enumerate(parts) if a.terms]
    if not full or ends[-1] == 0:
        return normal.number(0, shape)
    if len(full) == 1:
        k = full[0]
        index = tuple((ends[k], ends[k + 1], 1) if j == axis else None for j in range(len(shape)))
        return placed(normal, parts[k], index, shape)
    parts = [a for a in parts if a.shape[axis] != 0]
    if all(a.shape[axis] == 1 and axis not in normal.carried_axes([a]) for a in parts):
        kept = [k for k in range(len(shape)) if k != axis]  # parts of size 1 along the joined axis are a stack
        if kept or axis == 0:
            return stacked(normal, [normal.dropped(a, kept) for a in parts], axis)
    columns = [_rows_of(a) for a in parts] if axis == 1 == len(shape) - 1 else [()]
    lengths = {tuple([a.shape[0] for a in column]) for column in columns}
    if all(columns) and len(lengths) == 1:  # columns of blocks as rows of them
        return joined(normal, [joined(normal, row, 1) for row in zip(*columns, strict=True)], 0)
    return normal.call("concat", parts, (axis,), shape)


def _rows_of(form: Form) -> Sequence[Form]:
    """The matrices that a matrix has below each other."""
    for m, c in form.terms.items() if len(form.terms) == 1 else ():
        atom, labels, e = m.factors[0] if len(m.factors) == 1 else (None, (), 0)
        if atom is not None and atom.op == "concat" and atom.params == (0,) and c == e == 1 and labels == m.out:
            return atom.args
    return ()


def placed(normal: Any, form: Form, index: Sequence[Any], shape: Shape) -> Form:
    """Zeros of a shape with the form at slices: at single positions, a product with rows of the unit matrix."""
    if not form.terms or 0 in form.shape:
        return normal.number(0, shape)
    index = tuple([None if i == (0, s, 1) else i for i, s in zip(index, shape, strict=True)])
    axes = tuple(range(len(shape)))
    single = [k for k in axes if form.shape[k] == 1 and index[k] is not None]
    if single:
        rows = [(row(normal, shape[k], index[k][0]), (k,)) for k in single]
        kept = tuple(k for k in axes if k not in single)
        small = normal.relabel(form, axes, kept, dict(enumerate(form.shape)))
        small = placed(normal, small, [index[k] for k in kept], tuple([shape[k] for k in kept]))
        return normal.product([(small, kept), *rows], axes, dict(enumerate(shape)))
    if index.count(None) == len(index):
        return form
    return normal.call("place", [form], (index, shape), shape)
