"""Entries of arrays that are put together of others: joints, blocks, triangles, entries at given places."""

from collections.abc import Callable, Sequence

from .. import shapes
from ..ops.along import take_along_op
from ..ops.layout import cast_op, concat_op, reshape_op, take_op
from ..ops.triangles import tril, triu
from ..shapes import Shape, Size
from .extents import bound, parts_of, sizes_in
from .index import At, Entries, EntryMaker, cases
from .pieces import ATOM, COND, SUM, TERM, Piece, within
from .tree import Tree


def _pieces(x: Entries, i: At, parts: Sequence[tuple[Callable[[At], Piece], Size]]) -> Piece:
    """Parts one after the other along an axis, each with its length; one among zeros by where it is."""
    if not parts:
        return Piece("0", ATOM)  # of an array without entries
    rows: list[tuple[Piece, str]] = []
    inside: list[list[str]] = []
    start: Size = 0
    for k, (make, length) in enumerate(parts):
        end = shapes.add(start, length)
        if not i.base and all(isinstance(s, int) for s in (i.offset, start, end)) and start <= i.offset < end:  # type: ignore[operator]
            return make(At("", shapes.subtract(i.offset, start)))
        piece = make(At("", 0) if length == 1 else i.moved(shapes.multiply(-1, start)))
        above, below = rf"{x.size(start)} \le {x.position(i)}", f"{x.position(i)} < {x.size(end)}"
        single = f"{x.position(i)} = {x.size(start)}"
        rows.append((piece, single if length == 1 else below))
        inside.append([single] if length == 1 else [above] * (k > 0) + [below] * (k < len(parts) - 1))
        start = end
    shown = [k for k, (piece, _) in enumerate(rows) if piece.text != "0"]
    if len(shown) == 1 < len(rows):
        return masked(rows[shown[0]][0], inside[shown[0]])
    return cases(rows)


def masked(p: Piece, conditions: Sequence[str]) -> Piece:
    """What is 0 but where these conditions hold."""
    mask = r" \wedge ".join(conditions)
    return Piece(mask, COND) if p.text == "1" else Piece(rf"{within(p, TERM)} \mathbb{{1}}\left[{mask}\right]", TERM)


def _concat(x: Entries, t: Tree, at: Sequence[At]) -> Piece:
    parts, axis = parts_of(t)

    def made(a: Tree) -> Callable[[At], Piece]:
        return lambda i: x.entry(a, [*at[:axis], i, *at[axis + 1 :]])

    return _pieces(x, at[axis], [(made(a), x.shape(a)[axis]) for a in parts])


def _block(x: Entries, t: Tree, at: Sequence[At]) -> Piece:
    *lead, i, j = at

    def row(r: Tree) -> Callable[[At], Piece]:
        return lambda i: _pieces(x, j, [(cell(c, i), x.shape(c)[-1] if x.shape(c) else 1) for c in r.args])

    def cell(c: Tree, i: At) -> Callable[[At], Piece]:
        return lambda j: x.entry(c, [*lead, i, j][len(at) - len(x.shape(c)) :])

    heights = [x.shape(r.args[0]) for r in t.args[0].args]
    return _pieces(x, i, [(row(r), s[-2] if len(s) > 1 else 1) for r, s in zip(t.args[0].args, heights, strict=True)])


def _stack(x: Entries, t: Tree, at: Sequence[At]) -> Piece:
    if t.args[0].kind != "tuple":  # array(3.5), whose shape is ()
        return x.entry(t.args[0], at)
    axis = int(dict(t.options).get("axis", 0))
    inner = [*at[:axis], *at[axis + 1 :]]

    def made(a: Tree) -> Callable[[At], Piece]:
        return lambda i: _stack(x, Tree("call", "stack", [a]), inner) if a.kind == "tuple" else x.entry(a, inner)

    return _pieces(x, at[axis], [(made(a), 1) for a in t.args[0].args])


def _pad(x: Entries, t: Tree, at: Sequence[At]) -> Piece:
    inner, inside = [], []
    for i, s, w in zip(at, x.shape(t.args[0]), t.args[1].args, strict=True):
        (before,), (after,) = sizes_in(w.args[0]), sizes_in(w.args[1])
        inner.append(i.moved(shapes.multiply(-1, before)))
        inside += [rf"{x.size(before)} \le {x.position(i)}"] * (before != 0)
        inside += [f"{x.position(i)} < {x.size(shapes.add(before, s))}"] * (after != 0)
    return masked(x.entry(t.args[0], inner), inside)


def _triangle(x: Entries, t: Tree, at: Sequence[At]) -> Piece:
    *_, i, j = at
    k = bound(_signed(t.args[1]), 0) if len(t.args) > 1 else 0
    sign = r"\le" if t.value == "tril" else r"\ge"
    return masked(x.entry(t.args[0], at), [f"{x.position(j)} {sign} {x.position(i.moved(k))}"])


def _signed(t: Tree) -> str:
    return str(-t.args[0].value if t.kind == "negative" else t.value)


def _reshape(x: Entries, t: Tree, at: Sequence[At]) -> Piece:
    (inner, _), new = t.args, x.shape(t)
    return x.entry(inner, _places(x, at, x.shape(inner), new))


def _places(x: Entries, at: Sequence[At], old: Shape, new: Shape) -> list[At]:
    """The indices of the old axes: group by group where some of the old are as many entries as some of the new."""
    found: list[At] = []
    j = k = 0
    while j < len(old):
        for i, n in sorted(
            ((i, n) for i in range(1, len(old) - j + 1) for n in range(len(new) - k + 1)), key=lambda p: p[0] + p[1]
        ):
            if shapes.count(old[j : j + i]) == shapes.count(new[k : k + n]):
                break
        else:
            i, n = len(old) - j, len(new) - k
        sizes = old[j : j + i]
        whole = x.strided(at[k : k + n], new[k : k + n])
        for a in range(i):
            below = shapes.count(sizes[a + 1 :])
            place = whole if sizes[a] != 1 else At("", 0)
            if sizes[a] != 1:
                place = x.divided(place, below)
                place = place if a == 0 else x.remainder(place, sizes[a])
            found.append(place)
        j, k = j + i, k + n
    return found


def _take(x: Entries, t: Tree, at: Sequence[At]) -> Piece:
    (inner, index), axis = t.args, int(dict(t.options)["axis"])
    rank = len(x.shape(index))
    axis %= len(x.shape(inner))
    place = within(x.entry(index, at[axis : axis + rank]), SUM)
    return x.entry(inner, [*at[:axis], At(place), *at[axis + rank :]])


def _take_along(x: Entries, t: Tree, at: Sequence[At]) -> Piece:
    (inner, index), axis = t.args, int(dict(t.options).get("axis", -1))
    place = within(x.entry(index, x.aligned(index, at)), SUM)
    other = [*at]
    other[axis] = At(place)
    return x.entry(inner, other)


def _astype(x: Entries, t: Tree, at: Sequence[At]) -> Piece:
    inner = x.entry(t.args[0], at)
    if t.args[1].value[1:-1].startswith("int") and not t.args[0].boolean:
        return x.applied("trunc", [inner])
    return Piece(within(inner, SUM), max(inner.strength, SUM))


PARTS: dict[str, EntryMaker] = {
    "block": _block, "stack": _stack, "array": _stack, "pad": _pad, concat_op.name: _concat, tril.name: _triangle,
    triu.name: _triangle, reshape_op.name: _reshape, take_op.name: _take, take_along_op.name: _take_along,
    cast_op.name: _astype,
}  # fmt: skip
