"""A program that does the same for every row of a named axis, as the program of one row: what a backend runs
at many points."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from .. import shapes
from ..graph import Graph
from ..op import Results
from ..ops.layout import getitem_op, place_op
from ..ops.products import ADD, CONTRACT
from ..program import Instruction, Program, build_program, sizes_in


class Points(NamedTuple):
    """The program of one row.

    inputs, outputs  where the axis of the rows is in each; None for an input that all rows share
    """

    program: Program
    inputs: tuple[int | None, ...]
    outputs: tuple[int, ...]


def of_rows(program: Program) -> Points | None:
    """The program of one row of the first named axis that every result has and no instruction mixes."""
    g = program.graph
    for axis in dict.fromkeys(s for n in program.inputs for s in g._shape[n] if isinstance(s, str)):
        if not program.sizes and axis not in program.known:
            found = _Rows(program, axis).points()
            if found is not None:
                return found
    return None


# (params, axis of the rows) -> the params for one row; None when rows are mixed
def _along(params: tuple, axis: int, rank: int) -> tuple | None:
    at = params[0] % rank
    return (at - (at > axis), *params[1:]) if at != axis else None


def _over(params: tuple, axis: int, rank: int) -> tuple | None:
    axes = params[0]
    if not isinstance(axes, tuple):
        return _along(params, axis, rank)
    return (tuple([k - (k > axis) for k in axes]), *params[1:]) if axis not in axes else None


def _indexed(params: tuple, axis: int, rank: int) -> tuple | None:
    """Of getitem and place: an index, then shapes."""
    index = params[0]
    return tuple([_without(p, axis) for p in params]) if axis < len(index) and index[axis] is None else None


OF_AXES = {"along": _along, "over": _over}


def _without(items: Sequence[Any], k: int) -> tuple:
    return (*items[:k], *items[k + 1 :])


class _Rows:
    """The nodes of one row, in a graph of their own, as the instructions are met."""

    def __init__(self, program: Program, size: str):
        self.program, self.size = program, size
        self.graph = Graph()
        self.node: dict[int, int] = {}  # node -> node of one row
        self.axis: dict[int, int | None] = {}

    def points(self) -> Points | None:
        g, program, rows = self.program.graph, self.program, self.graph
        for n in (*program.inputs, *program.constants, *(i.node for i in program.instructions)):
            shape = g._shape[n]
            if type(shape) is Results or self._mentions(shape) != (self.size in shape) or shape.count(self.size) > 1:
                return None
            self.axis[n] = shape.index(self.size) if self.size in shape else None
        for k, n in enumerate(program.inputs):
            shape = tuple([s for s in g._shape[n] if s != self.size])
            self.node[n] = rows.variable(f"x{k}", shape, g._dtype[n]).node
        for n in program.constants:
            self.node[n] = rows.append(g._op[n], (), g._params[n])
        for i in program.instructions:
            made, shape = self._row(i), tuple([s for s in g._shape[i.node] if s != self.size])
            if made is None or self._sized(rows, made) or rows._shape[made] != shape:
                return None
            self.node[i.node] = made
        axes = [self.axis[n] for n in program.outputs]
        if None in axes:
            return None
        one = build_program(rows, [self.node[n] for n in program.inputs], [self.node[n] for n in program.outputs])
        return Points(one, tuple(self.axis[n] for n in program.inputs), tuple(a for a in axes if a is not None))

    def _sized(self, rows: Graph, n: int) -> bool:
        return rows._op[n].sized and self.size in sizes_in(rows._params[n])

    def _mentions(self, shape: tuple) -> bool:
        return any(self.size in shapes.names_of(s) for s in shape)

    def _row(self, step: Instruction) -> int | None:
        op, n, inputs, params = step
        g, b, rows = self.program.graph, self.axis[n], self.graph
        nodes = tuple([self.node[i] for i in inputs])
        axes = [self.axis[i] for i in inputs]
        if op is CONTRACT:
            return self._product(step, nodes)
        if all(a is None for a in axes):
            return rows.append(op, nodes, params) if b is None else None
        if b is None:
            return None
        if op is ADD or op.elementwise:
            from_end = b - len(g._shape[n])
            aligned = all(
                a - len(g._shape[i]) == from_end if a is not None else len(g._shape[i]) < -from_end
                for a, i in zip(axes, inputs, strict=True)
            )
            return rows.append(op, nodes, params) if aligned else None
        of_one = _indexed if op in (getitem_op, place_op) else OF_AXES.get(op.axes)
        if of_one is None or any(a != axes[0] for a in axes):
            return None
        whole = n if op is place_op else inputs[0]
        own = of_one(params, self.axis[whole], len(g._shape[whole]))  # type: ignore[arg-type]
        return None if own is None else rows.append(op, nodes, own)

    def _product(self, step: Instruction, nodes: tuple[int, ...]) -> int | None:
        """The label of the rows is dropped; it must not be summed."""
        _, n, inputs, (labels, out, free) = step
        found = {ls[a] for ls, i in zip(labels, inputs, strict=True) if (a := self.axis[i]) is not None}
        found |= {label for label, size in free if size == self.size}
        b = self.axis[n]
        if found != (set() if b is None else {out[b]}):
            return None
        number: dict[int, int] = {}
        drop = lambda ls: tuple([number.setdefault(x, len(number)) for x in ls if x not in found])  # noqa: E731
        own = tuple([drop(ls) for ls in labels]), drop(out), tuple([(number[x], s) for x, s in free if x not in found])
        if len(nodes) == 1 and own[0][0] == own[1]:
            return nodes[0]  # it only said in which rows
        if not nodes and not own[1]:
            return self.graph.constant(1.0).node
        return self.graph.append(CONTRACT, nodes, own)
