"""Shapes of syntax trees, by numpy's rules, and what a written subscript says."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .. import shapes
from ..errors import GraphError
from ..graph import Graph
from ..op import OPS
from ..shapes import Shape, Size
from .tree import Tree, postorder

RESULTS = {name: (op, k) for op in OPS.values() for k, name in enumerate(op.results)}  # svd_U: the first one of svd
WHOLE = frozenset(["norm_fro", "trace"])


def bound(text: str, size: Size) -> Size:
    """A written position, counted from the front: ``-1`` is ``n - 1``."""
    position = int(text) if text.lstrip("-").isdigit() else shapes.as_size(text)
    return shapes.add(size, position) if isinstance(position, int) and position < 0 else position


def indices(subscript: str, shape: Shape) -> list[Any]:
    """The items of ``1:, 0, None, ::-1``: (start, length, step), a position, or None for a new axis; all axes."""
    items: list[Any] = []
    sizes = iter(shape)
    for text in subscript.split(", "):
        if text == "None":
            items.append(None)
            continue
        size = next(sizes)
        if ":" not in text:
            items.append(bound(text, size))
            continue
        first, last, by = (*text.split(":"), "")[:3]
        step = int(by or 1)
        start: Size = bound(first, size) if first else 0 if step > 0 else shapes.add(size, -1)
        stop: Size = bound(last, size) if last else size if step > 0 else -1
        items.append((start, _length(start, stop, step), step))
    return items + [(0, size, 1) for size in sizes]


def _length(start: Size, stop: Size, step: int) -> Size:
    whole = shapes.subtract(stop, start) if step > 0 else shapes.subtract(start, stop)
    if isinstance(whole, int):
        return max(0, -(-whole // abs(step)))
    return whole if abs(step) == 1 else shapes.divide(whole, abs(step))


def axes_of(t: Tree, rank: int) -> tuple[int, ...]:
    """The axes that a reduction runs over."""
    text = dict(t.options).get("axis")
    if text is None:
        return tuple(range(rank))
    return tuple(int(k) % rank for k in text.strip("(),").split(",") if k.strip())


def size_of(t: Tree) -> Size:
    """A size as it is written."""
    match t.kind:
        case "number":
            return t.value
        case "name":
            return shapes.as_size(t.value)
        case "product":
            return shapes.count(map(size_of, t.args))
        case "negative":
            return shapes.multiply(-1, size_of(t.args[0]))
    total: Size = 0
    for sign, a in zip(t.value, t.args, strict=True):
        total = shapes.add(total, shapes.multiply(sign, size_of(a)))
    return total


def sizes_in(t: Tree) -> Shape:
    """A shape as it is written: a size, or a tuple of sizes."""
    return tuple(map(size_of, t.args)) if t.kind == "tuple" else (size_of(t),)


def is_scalar(shape: Shape) -> bool:
    return all(s == 1 for s in shape)


def is_unit_vector(t: Tree) -> bool:
    """``eye(n)[k]``"""
    return t.kind == "index" and t.args[0].value == "eye" and ":" not in t.value and "," not in t.value


class Extents:
    """Shapes of trees over one graph; `lets` gives those of shared terms by name."""

    def __init__(self, graph: Graph, lets: Mapping[str, Shape]):
        self.graph, self.lets = graph, lets
        self.found: dict[int, tuple[Tree, Shape]] = {}

    def of(self, t: Tree) -> Shape:
        found = self.found.get(id(t))
        if found is None:
            found = self.found[id(t)] = (t, self._of(t))
        return found[1]

    def told(self, t: Tree) -> bool:
        """Its parts tell its length: names and unit matrices do, vectors of ones and unit vectors do not."""
        known: dict[int, bool] = {}
        for u in postorder(t):
            arrays = [known[id(a)] for a in (*u.args, *u.below) if not is_scalar(self.of(a))]
            if u.kind == "name" or u.value in ("eye", "zeros"):
                known[id(u)] = True
            elif u.kind == "matmul" or u.value in ("outer", "kron"):
                known[id(u)] = all(arrays)
            else:
                known[id(u)] = any(arrays) and not is_unit_vector(u)
        return known[id(t)] or is_scalar(self.of(t))

    def broadcast(self, trees: Sequence[Tree]) -> Shape:
        return shapes.broadcast(*map(self.of, trees))

    def _of(self, t: Tree) -> Shape:
        match t.kind:
            case "name":
                return self.graph._shape[t.source] if t.source is not None else self.lets.get(t.value, ())  # type: ignore[return-value]
            case "number" | "tuple":
                return ()
            case "matmul":
                return self._matmul(t.args)
            case "T":
                return self.of(t.args[0])[::-1]
            case "part":
                return self.of(t.args[0])[len(t.value) :]
            case "index":
                items = indices(t.value, self.of(t.args[0]))
                return tuple(1 if i is None else i[1] for i in items if i is None or isinstance(i, tuple))
            case "call":
                return SHAPES[t.value](self, t) if t.value in SHAPES else self._call(t)
        return self.broadcast((*t.args, *t.below))

    def _matmul(self, args: Sequence[Tree]) -> Shape:
        shape = self.of(args[0])
        for a in args[1:]:
            other = self.of(a)
            shape = shape[:-1] + (other[:-2] + other[-1:] if len(other) > 1 else ())
        return shape

    def _call(self, t: Tree) -> Shape:
        name, first = t.value, self.of(t.args[0])
        op, k = RESULTS.get(name, (OPS.get(name), None))
        if name in ("sum", "mean") or (op is not None and op.axes == "over"):
            gone = axes_of(t, len(first))
            return tuple(s for k, s in enumerate(first) if k not in gone)
        if name in WHOLE:
            return ()
        if op is None:
            raise GraphError(f"the shape of {name} is not known")
        if op.elementwise:
            return self.broadcast(t.args)
        shape, _ = op.infer((), [self.of(a) for a in t.args], ["float64"] * len(t.args))
        return shape if k is None else shape[k]  # type: ignore[return-value]


def _einsum(x: Extents, t: Tree) -> Shape:
    inputs, out = t.args[0].value[1:-1].split("->")
    known: dict[str, Size] = {}
    for labels, a in zip(inputs.split(","), t.args[1:], strict=True):
        known.update(zip(labels, x.of(a), strict=True))
    return tuple(known[i] for i in out)


def _block(x: Extents, t: Tree) -> Shape:
    rows = [[x.of(c) for c in row.args] for row in t.args[0].args]
    rank = max(len(s) for row in rows for s in row)
    head = rows[0][0][: rank - 2] if rank > 2 else ()
    wide: Size = 0
    for s in rows[0]:
        wide = shapes.add(wide, s[-1] if s else 1)
    high: Size = 0
    for row in rows:
        high = shapes.add(high, row[0][-2] if len(row[0]) > 1 else 1)
    return (*head, high, wide) if rank > 1 else (wide,)


def parts_of(t: Tree) -> tuple[tuple[Tree, ...], int]:
    """The arrays that concat joins, and along which axis."""
    return t.args[0].args, int(dict(t.options).get("axis", 0))


def _concat(x: Extents, t: Tree) -> Shape:
    parts, axis = parts_of(t)
    total: Size = 0
    for a in parts:
        total = shapes.add(total, x.of(a)[axis])
    first = x.of(parts[0])
    return (*first[:axis], total, *first[axis + 1 :])


def _listed(x: Extents, t: Tree) -> Shape:
    def of(row: Tree) -> Shape:
        return (len(row.args), *(of(row.args[0]) if row.args else ())) if row.kind == "tuple" else x.of(row)

    inner, axis = of(t.args[0]), int(dict(t.options).get("axis", 0))
    return inner and (*inner[1 : axis + 1], inner[0], *inner[axis + 1 :])


def _pad(x: Extents, t: Tree) -> Shape:
    sizes = []
    for s, w in zip(x.of(t.args[0]), t.args[1].args, strict=True):
        sizes.append(shapes.add(s, shapes.add(*map(size_of, w.args))))
    return tuple(sizes)


def _replaced(x: Extents, t: Tree, axis: int, by: Shape, count: int = 1) -> Shape:
    shape = x.of(t.args[0])
    axis %= len(shape)
    return (*shape[:axis], *by, *shape[axis + count :])


def _taken_along(x: Extents, t: Tree) -> Shape:
    axis = int(dict(t.options).get("axis", -1))
    return _replaced(x, t, axis, (x.of(t.args[1])[axis],))


SHAPES: dict[str, Callable[[Extents, Tree], Shape]] = {
    "eye": lambda x, t: (size_of(t.args[0]),) * 2,
    "ones": lambda x, t: sizes_in(t.args[0]),
    "zeros": lambda x, t: sizes_in(t.args[0]),
    "reshape": lambda x, t: sizes_in(t.args[1]),
    "outer": lambda x, t: x.of(t.args[0]) + x.of(t.args[1]),
    "diag": lambda x, t: x.of(t.args[0]) * 2,
    "diagonal": lambda x, t: x.of(t.args[0])[:1],
    "kron": lambda x, t: tuple(map(shapes.multiply, x.of(t.args[0]), x.of(t.args[1]))),
    "einsum": _einsum, "cross": lambda x, t: x.broadcast(t.args),
    "block": _block, "concat": _concat, "stack": _listed, "array": _listed, "pad": _pad,
    "astype": lambda x, t: x.of(t.args[0]),
    "take": lambda x, t: _replaced(x, t, int(dict(t.options)["axis"]), x.of(t.args[1])),
    "scatter_add": lambda x, t: _replaced(
        x, t, int(dict(t.options).get("axis", 0)), (size_of(t.args[2]),), len(x.of(t.args[1]))
    ),
    "take_along_axis": _taken_along,
    "scatter_add_along_axis": lambda x, t: _replaced(x, t, int(dict(t.options).get("axis", -1)), (size_of(t.args[2]),)),
}  # fmt: skip
