"""How leaves and functions are written: one table from op names to syntax trees, shared by all writers."""

from collections.abc import Callable, Sequence
from typing import Any

from .. import shapes
from ..algebra.forms import Atom
from ..algebra.normalize import HALF
from ..constants import NAMED, Array
from ..graph import BOUND, CONSTANT, VARIABLE, Graph
from ..op import OPS, Op
from ..ops.along import scatter_along_op, take_along_op
from ..ops.elementwise import divide_op
from ..ops.layout import cast_op, concat_op, getitem_op, place_op, reshape_op, scatter_add_op, take_op
from ..ops.order import (
    all_op,
    any_op,
    argmax_op,
    argmin_op,
    argsort,
    log_softmax,
    logsumexp_op,
    max_op,
    min_op,
    prod_op,
    softmax,
)
from ..ops.piecewise import unit_step
from ..ops.scan import cumprod_op, cumsum_op, recurrence_op
from ..ops.triangles import tril, triu
from ..ops.vectors import CROSS
from ..shapes import Size
from . import tree
from .tree import MASKS, STEPS, Tree

Notation = Callable[[Any, Atom, Sequence[Tree]], Tree]
NOTATION: dict[str, Notation] = {}


def writes(*functions: Op | str) -> Callable[[Notation], Notation]:
    """Decorator: how these functions of forms are written: ops, and what formulas alone know."""

    def enter(f: Notation) -> Notation:
        names = [function.name if isinstance(function, Op) else function for function in functions]
        NOTATION.update(dict.fromkeys(names, f))
        return f

    return enter


def leaf_tree(g: Graph, n: int, names: dict[int, str]) -> Tree:
    """A variable, a named node, or a constant that stays as it is."""
    t = _leaf(g, n, names)
    t.rank = len(g._shape[n])
    return t


def _leaf(g: Graph, n: int, names: dict[int, str]) -> Tree:
    op, params, boolean = g._op[n], g._params[n], g._dtype[n] == "bool"
    if n in names:
        return tree.name(names[n], n, boolean)
    if op in (VARIABLE, BOUND):
        return tree.name(params[0], n, boolean)
    if op is CONSTANT:
        kind, value = params
        if kind == "array":
            return array_tree(value, n)
        if kind == "bool":
            return tree.name(str(value), n)
        if value in NAMED:
            return tree.name(NAMED[value], n)
        if kind == "-0.0":
            return tree.number(-0.0)
        if value != value:
            return tree.name("nan", n)
        return tree.negative(tree.name("inf", n)) if value < 0 else tree.name("inf", n)
    return tree.name(f"t{n}", n)


MAX_WRITTEN = 64  # entries of an array that is written out


def array_tree(array: Array, n: int) -> Tree:
    """A short array is written out, a long one shortened as numpy does: its first entry, its last one and its shape."""
    value = array.value
    if not value.size and value.shape != (0,):
        return Tree("call", "zeros", [Tree("tuple", None, [tree.number(s) for s in value.shape])], source=n)
    if value.size <= MAX_WRITTEN:
        return Tree("call", "array", [_nested(value.tolist())], source=n)
    first, last = value.flat[0].item(), value.flat[-1].item()
    return Tree("name", f"array([{first!r}, ..., {last!r}], shape={value.shape})", source=n)


def _nested(value: Any) -> Tree:
    if isinstance(value, list):
        return Tree("tuple", "[]", [_nested(v) for v in value])
    if isinstance(value, bool):
        return tree.name(str(value))
    return tree.number(value)


def size_tree(size: Size) -> Tree:
    """A size as an arithmetic expression of its names."""
    if isinstance(size, int):
        return tree.number(size)
    terms = []
    for names, c in shapes.terms(size):
        factors = [tree.name(s) for s in names]
        if abs(c) != 1 or not factors:
            factors.insert(0, tree.number(abs(c)))
        terms.append((1 if c > 0 else -1, tree.product(factors)))
    return tree.add(terms)


def call_tree(layout: Any, atom: Atom, args: Sequence[Tree]) -> Tree:
    """The tree of a function of forms."""
    special = NOTATION.get(atom.op)
    if special is not None:
        return special(layout, atom, args)
    if atom.op in OPS and OPS[atom.op].symbol:
        return Tree("compare", OPS[atom.op].symbol, args)
    return tree.call(atom.op, *args, *map(_literal, atom.params or ()))


def _literal(value: Any) -> Tree:
    if isinstance(value, tuple):
        return Tree("tuple", None, list(map(_literal, value)))
    return tree.number(value) if isinstance(value, (int, float)) else tree.name(repr(value))


@writes(divide_op)
def _quotient(layout: Any, atom: Atom, args: Sequence[Tree]) -> Tree:
    return tree.product(args[:1], args[1:])


@writes(unit_step)
def _step(layout: Any, atom: Atom, args: Sequence[Tree]) -> Tree:
    t = tree.call("heaviside", args[0], tree.number(0.5))
    t.marked |= STEPS | MASKS
    return t


@writes("heaviside")
def _heaviside(layout: Any, atom: Atom, args: Sequence[Tree]) -> Tree:
    """The half at the tie is written as a decimal, as exponents are."""
    return tree.call("heaviside", args[0], tree.number(0.5) if args[1].value == HALF else args[1])


@writes("column projector")
def _projector(layout: Any, atom: Atom, args: Sequence[Tree]) -> Tree:
    return tree.matmul([args[0], tree.call("pinv", args[0])])


@writes("row projector")
def _coprojector(layout: Any, atom: Atom, args: Sequence[Tree]) -> Tree:
    return tree.matmul([tree.call("pinv", args[0]), args[0]])


@writes(CROSS)
def _crossed(layout: Any, atom: Atom, args: Sequence[Tree]) -> Tree:
    """Vectors are broadcast, as long as they have three entries."""
    last = len(atom.shape) - 1
    wide = [last in layout.normal.carried_axes([a]) for a in atom.args]
    return tree.call("cross", *(layout.stretched(a) if w else t for a, t, w in zip(atom.args, args, wide, strict=True)))


@writes("stack")
def _stack(layout: Any, atom: Atom, args: Sequence[Tree]) -> Tree:
    (axis,) = atom.params
    return _stacked(args, axis)


def _stacked(parts: Sequence[Tree], axis: int = 0) -> Tree:
    """stack([a, b]), and stack([[x, y], [1, 2]]) of parts that are lists."""
    if not axis and all(a.kind == "call" and a.value in ("stack", "array") and not a.options for a in parts):
        parts = [a.args[0] for a in parts]
    return tree.call("stack", Tree("tuple", "[]", parts), options=(("axis", str(axis)),) if axis else ())


# --- reductions and normalisations --------------------------------------------------------------------------


@writes("sum", max_op, min_op, prod_op, logsumexp_op, any_op, all_op)
def _reduction(layout: Any, atom: Atom, args: Sequence[Tree]) -> Tree:
    (axes,) = atom.params
    rank = len(atom.args[0].shape)
    if len(axes) == rank:
        return tree.call(atom.op, *args)
    return tree.call(atom.op, *args, options=(("axis", str(axes[0] if len(axes) == 1 else axes)),))


@writes(softmax, log_softmax, argsort)
def _last_axis(layout: Any, atom: Atom, args: Sequence[Tree]) -> Tree:
    (axis,) = atom.params
    rank = len(atom.args[0].shape)
    return tree.call(atom.op, *args, options=() if axis == rank - 1 else (("axis", str(axis)),))


@writes(argmax_op, argmin_op, cumsum_op, cumprod_op)
def _one_axis(layout: Any, atom: Atom, args: Sequence[Tree]) -> Tree:
    (axis,) = atom.params
    rank = len(atom.args[0].shape)
    return tree.call(atom.op, *args, options=() if rank == 1 else (("axis", str(axis)),))


@writes(recurrence_op)
def _from_last_axis(layout: Any, atom: Atom, args: Sequence[Tree]) -> Tree:
    return tree.call(atom.op, *args, options=_but_last(atom.params[0]))


@writes(take_along_op)
def _take_along(layout: Any, atom: Atom, args: Sequence[Tree]) -> Tree:
    """numpy wants an index of as many axes as the array has: the index of all lines is the same."""
    x, index = args
    more = len(atom.args[0].shape) - len(atom.args[1].shape)
    if more:
        index = tree.index(index, ", ".join(["None"] * more))
    return tree.call(atom.op, x, index, options=_but_last(atom.params[0]))


def _but_last(axis: int) -> tuple:
    return () if axis == -1 else (("axis", str(axis)),)


@writes(tril, triu)
def _triangle(layout: Any, atom: Atom, args: Sequence[Tree]) -> Tree:
    (k,) = atom.params
    return tree.call(atom.op, *args, *([tree.number(k)] if k else []))


# --- layout -------------------------------------------------------------------------------------------------


def subscript(index: Sequence[Any], shape: Sequence[Size]) -> str:
    """numpy's text of an index: ``1:, ::-1, n - 1``."""
    items = []
    for i, s in zip(index, shape, strict=True):
        if i is None:
            items.append(":")
        elif isinstance(i, tuple):
            start, stop, step = i
            first, last = (0, s) if step > 0 else (shapes.add(s, -1), -1)
            items.append(
                ("" if start == first else _from_end(start, s)) + ":" + ("" if stop == last else _from_end(stop, s))
                + ("" if step == 1 else f":{step}")
            )
        else:
            items.append(_from_end(i, s))
    while len(items) > 1 and items[-1] == ":":
        items.pop()
    return ", ".join(items)


def _from_end(bound: Size, size: Size) -> str:
    if isinstance(size, str) and isinstance(bound, str):
        behind = shapes.subtract(bound, size)
        if isinstance(behind, int) and behind < 0:
            return str(behind)
    return str(bound)


@writes(getitem_op)
def _getitem(layout: Any, atom: Atom, args: Sequence[Tree]) -> Tree:
    return tree.index(args[0], subscript(atom.params[0], atom.args[0].shape))


@writes("basis")
def _basis(layout: Any, atom: Atom, args: Sequence[Tree]) -> Tree:
    size, k = atom.params
    return tree.index(tree.call("eye", size_tree(size)), _from_end(k, size))


@writes(place_op)
def _place(layout: Any, atom: Atom, args: Sequence[Tree]) -> Tree:
    """Zeros around x, by concat along its one cut axis, else by pad."""
    index, shape = atom.params
    cut = [k for k, i in enumerate(index) if i is not None]
    if len(cut) == 1:
        (k,) = cut
        start, stop, _ = index[k]
        if len(shape) == 2 and atom.args[0] is layout.normal.unit(shape[1 - k]):  # eye(n)[:, 1:]
            at = (None, index[k]) if k == 0 else (index[k], None)
            rows = tree.index(tree.call("eye", size_tree(shape[k])), subscript(at, (shape[k], shape[k])))
            rest = [s for s in (start, shapes.subtract(shape[k], stop)) if s != 0]
            if rows.cost <= 1 + args[0].cost + sum(_zeros(shape, k, s).cost for s in rest):
                return rows
        before, after = start, shapes.subtract(shape[k], stop)
        parts = [
            t for size, t in (
                (before, _zeros(shape, k, before)), (None, args[0]), (after, _zeros(shape, k, after))
            ) if size != 0
        ]  # fmt: skip
        return _joined(parts, k, len(shape))
    ends = [(0, 0) if i is None else (i[0], shapes.subtract(s, i[1])) for i, s in zip(index, shape, strict=True)]
    widths = [Tree("tuple", None, [size_tree(before), size_tree(after)]) for before, after in ends]
    return tree.call("pad", args[0], Tree("tuple", None, widths))


def _zeros(shape: Sequence[Size], k: int, size: Size) -> Tree:
    return tree.call("zeros", _shape((*shape[:k], size, *shape[k + 1 :])))


def _shape(shape: Sequence[Size]) -> Tree:
    return size_tree(shape[0]) if len(shape) == 1 else Tree("tuple", None, [size_tree(s) for s in shape])


@writes(reshape_op)
def _reshape(layout: Any, atom: Atom, args: Sequence[Tree]) -> Tree:
    (inner,), (shape,), old = args, atom.params, atom.args[0].shape
    if inner.kind == "call" and inner.value == "outer" and len(shape) == 1:
        return tree.call("kron", *inner.args)
    if len(old) == 4 and shape == (shapes.multiply(old[0], old[1]), shapes.multiply(old[2], old[3])):
        factors = _kronecker(inner)
        if factors is not None:
            return tree.call("kron", *factors)
    return tree.call("reshape", inner, _shape(shape))


def _kronecker(inner: Tree) -> list[Tree] | None:
    """A and B of ``einsum('ik,jl->ijkl', A, B)``, in whatever order and however turned they stand there."""
    if inner.kind != "call" or inner.value != "einsum" or len(inner.args) != 3:
        return None
    sources, out = inner.args[0].value.strip("'").split("->")
    standing = dict(zip(sources.split(","), inner.args[1:], strict=True))
    factors = []
    for pair in (out[::2], out[1::2]):
        if pair in standing:
            factors.append(standing[pair])
        elif pair[::-1] in standing:
            factors.append(tree.transposed(standing[pair[::-1]]))
    return factors if len(factors) == 2 else None


@writes(concat_op)
def _concat(layout: Any, atom: Atom, args: Sequence[Tree]) -> Tree:
    (axis,) = atom.params
    if axis == 0 and all(a.kind == "index" and a.value == "None" for a in args):
        return _stacked([a.args[0] for a in args])
    return _joined(args, axis, len(atom.args[0].shape))


def _joined(parts: Sequence[Tree], axis: int, rank: int) -> Tree:
    """Arrays joined along an axis, as numpy calls it; matrices side by side as rows of blocks."""
    if rank > 1 and axis == rank - 1:
        return tree.call("block", Tree("tuple", "[]", [Tree("tuple", "[]", parts)]))
    if rank > 1 and axis == rank - 2 and any(map(_is_row, parts)):
        rows = [a.args[0].args[0] if _is_row(a) else Tree("tuple", "[]", [a]) for a in parts]
        return tree.call("block", Tree("tuple", "[]", rows))
    return tree.call("concat", Tree("tuple", None, parts), options=(("axis", str(axis)),) if axis else ())


def _is_row(t: Tree) -> bool:
    """``block([[A, B]])``"""
    return t.kind == "call" and t.value == "block" and len(t.args[0].args) == 1


@writes(take_op)
def _take(layout: Any, atom: Atom, args: Sequence[Tree]) -> Tree:
    return tree.call("take", *args, options=(("axis", str(atom.params[0])),))


@writes(scatter_add_op)
def _scatter(layout: Any, atom: Atom, args: Sequence[Tree]) -> Tree:
    axis, size = atom.params
    return tree.call("scatter_add", *args, size_tree(size), options=(("axis", str(axis)),) if axis else ())


@writes(scatter_along_op)
def _scatter_along(layout: Any, atom: Atom, args: Sequence[Tree]) -> Tree:
    axis, size = atom.params
    return tree.call("scatter_add_along_axis", *args, size_tree(size), options=_but_last(axis))


@writes(cast_op)
def _astype(layout: Any, atom: Atom, args: Sequence[Tree]) -> Tree:
    return tree.call("astype", args[0], tree.name(repr(atom.params[0])))
