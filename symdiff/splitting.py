"""How a program is split along a named axis: what runs on each chunk of rows, what is summed over the chunks, what
stays with them, and when.

A value is local in rows when each of its rows needs the same row of its operands alone; it is folded when a function of
two numbers (a sum, the larger one) puts together what it is of each chunk; else it is whole, and whoever runs the
program has it. Inputs come in stages (data, a point, a vector), and a node is of the last stage that it depends on.
Within a stage, a round runs all that is local or folded and needs nothing folded of the same round; what is whole
follows between rounds. Streaming (`backends.rows`) and engines (`engines`) follow the same rounds.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from . import shapes
from .errors import InputError
from .expr import Expr
from .facets import axes_over, carried_axis, folding
from .op import Op, Results
from .ops.products import CONTRACT, contract
from .program import Instruction, Program, build_program, instruction_text, label, sizes_in

Moment = tuple[int, int]  # (stage, round): 0 before the first one


def row_axis(shape: Any, size: Any) -> int | None:
    """The position of the axis of rows, when there is exactly one; of several results, when it is the same of all."""
    if type(shape) is Results:
        found = {row_axis(part, size) for part in shape}
        return found.pop() if len(found) == 1 else None
    return shape.index(size) if type(shape) is tuple and shape.count(size) == 1 else None


def has_rows(shape: Any, size: Any) -> bool:
    """Some axis depends on the number of rows."""
    sizes = shape if type(shape) is not Results else [s for part in shape for s in part]
    return any(s == size or (isinstance(s, str) and size in shapes.names_of(s)) for s in sizes)


def kind_of(op: Op, params: tuple, operands: Sequence[Any], result: Any, size: Any) -> str:
    """ "rows", "folded", "whole" (no operand has rows), "spread" (whole, repeated for every row), or "mixed": it needs
    all rows at once."""
    axes, b = [row_axis(s, size) for s in operands], row_axis(result, size)
    if any(a is None and has_rows(s, size) for a, s in zip((*axes, b), (*operands, result), strict=True)):
        return "mixed"
    if op is CONTRACT:
        return _kind_of_product(params, axes, b, size)
    if all(a is None for a in axes):
        return "whole" if b is None else "mixed"
    along = [(k, a) for k, a in enumerate(axes) if a is not None]
    if b is None:
        return "folded" if all(_in_parts(op, params, operands, k, a) for k, a in along) else "mixed"
    return "rows" if {carried_axis(op, params, operands, k, a) for k, a in along} == {b} else "mixed"


def _in_parts(op: Op, params: tuple, operands: Sequence[Any], k: int, axis: int) -> bool:
    """Parts of operand k along this axis give results that are put together."""
    return axis in axes_over(params) if op.fold else op.adds is not None and op.adds(params, operands, k, axis)


def _kind_of_product(params: tuple, axes: Sequence[int | None], b: int | None, size: Any) -> str:
    labels, out, free = params
    rows = {ls[a] for ls, a in zip(labels, axes, strict=True) if a is not None}
    repeated = {label for label, s in free if s == size}
    if not rows:
        return "whole" if b is None else "spread" if out[b] in repeated else "mixed"
    if len(rows) > 1 or len(set(out)) < len(out) or repeated:
        return "mixed"
    return "folded" if b is None else "rows" if {out[b]} == rows else "mixed"


def round_of(kind: str, inputs: Sequence[int], kinds: Mapping[int, str], rounds: Mapping[int, int]) -> int:
    """The round in which a value is made: with the rows that it needs, after what is folded; what is whole, right
    after."""
    if kind not in ("rows", "folded"):
        return max([rounds.get(i, 0) for i in inputs], default=0)
    return max([1, *(rounds.get(i, 0) + (kinds.get(i) != "rows") for i in inputs)])


@dataclass(frozen=True)
class Round:
    """One pass over the chunks, and what follows it.

    chunk   of each chunk, from its rows and whole values: what is folded, then the rows that are read later; None
            before the first pass of a stage
    folds   {the first outputs of `chunk`: numpy's function of two that puts them together over the chunks}
    kept    the others, which stay with the chunks
    fixed   so many inputs of `chunk`, the last ones, are of earlier stages
    whole   what follows from whole values, the folded ones among them; None where nothing does
    """

    stage: int
    chunk: Program | None
    folds: Mapping[int, str]
    kept: tuple[int, ...]
    fixed: int
    whole: Program | None


@dataclass(frozen=True, repr=False)
class Split:
    """A program along an axis of rows; made by `split_rows` and shown by ``print``.

    rows    {input, kept value, or output that has rows: the axis of the rows}
    stages  the inputs that come together
    rounds  in order
    """

    program: Program
    axis: str
    rows: Mapping[int, int]
    stages: tuple[tuple[int, ...], ...]
    rounds: tuple[Round, ...]

    def of_stage(self, stage: int) -> list[Round]:
        return [r for r in self.rounds if r.stage == stage]

    def passes(self, stage: int) -> int:
        """How often a stage goes over the chunks."""
        return sum(r.chunk is not None for r in self.of_stage(stage))

    def bound(self, stage: int) -> tuple[int, ...]:
        """The whole values of earlier stages that the chunks of this one read."""
        programs = [(r.chunk, r.fixed) for r in self.of_stage(stage) if r.chunk is not None]
        read = [n for chunk, fixed in programs for n in chunk.inputs[len(chunk.inputs) - fixed :]]
        return tuple(n for n in dict.fromkeys(read) if n not in self.rows)

    def __repr__(self) -> str:
        return "\n".join(_lines(self))


def split_rows(program: Program, axis: str, stages: Sequence[Sequence[int]] = ()) -> Split:
    """The split of a program along a named axis.

    stages  the inputs in the order in which they come; by default those with rows first

    What needs all rows at once is taken apart into what it is composed of (a softmax: a maximum, a sum). InputError
    names the node that still does.
    """
    return _Splitting(_taken_apart(program, axis), axis, stages).split()


def _taken_apart(program: Program, axis: str) -> Program:
    g = program.graph
    while True:
        made: dict[int, int] = {}
        for op, n, inputs, params in program.instructions:
            xs = tuple([made.get(i, i) for i in inputs])
            is_mixed = kind_of(op, params, [g._shape[i] for i in xs], g._shape[n], axis) == "mixed"
            parts = _parts(op, [Expr(g, i) for i in xs], params, axis) if is_mixed else None
            if parts is not None:
                made[n] = parts.node
            elif xs != inputs:
                made[n] = g.append(op, xs, params)
        if not made:
            return program
        outputs = [made.get(n, n) for n in program.outputs]
        program = replace(build_program(g, program.inputs, outputs, as_written=True), known=program.known)


def _parts(op: Op, operands: Sequence[Expr], params: tuple, axis: str) -> Expr | None:
    if op is CONTRACT:
        return _summed_first(operands, params, axis)
    return None if op.composition is None else op.composition(*operands, *params)


def _summed_first(factors: Sequence[Expr], params: tuple, axis: str) -> Expr | None:
    """A product over rows of several kinds, with the sums over each kind made apart: (sum over i of y[i])*x[j]."""
    labels, out, free = params
    parts = list(zip(factors, labels, strict=True))
    axes = [row_axis(e.shape, axis) for e in factors]
    if any(a is None and has_rows(e.shape, axis) for e, a in zip(factors, axes, strict=True)):
        return None
    rows = dict.fromkeys(ls[a] for ls, a in zip(labels, axes, strict=True) if a is not None)
    summed = [i for i in rows if i not in out]
    if not summed or len(rows) - len(summed) > 1:
        return None
    for i in summed:
        own, parts = [p for p in parts if i in p[1]], [p for p in parts if i not in p[1]]
        read = {*out}.union(*[ls for _, ls in parts])
        kept = tuple(dict.fromkeys(j for _, ls in own for j in ls if j in read))
        parts.append((contract(own, kept), kept))
    return contract(parts, out, dict(free))


class _Splitting:
    """What is known of each node while a program is split: its kind, and the moment at which it is made."""

    def __init__(self, program: Program, axis: str, stages: Sequence[Sequence[int]]):
        self.program, self.axis, self.g = program, axis, program.graph
        self._check_inputs()
        rows = [n for n in program.inputs if row_axis(self.g._shape[n], axis) is not None]
        self.stages = tuple(map(tuple, stages)) or (tuple(rows), tuple(n for n in program.inputs if n not in rows))
        self.kind: dict[int, str] = {n: "rows" if n in rows else "whole" for n in program.inputs}
        self.moment: dict[int, Moment] = {n: (s, 0) for s, part in enumerate(self.stages) for n in part}
        self.light: set[int] = set()  # views, made anew where they are read
        self.named = {  # a size: the stage whose inputs show it
            name: s for s, part in reversed(list(enumerate(self.stages)))
            for n in part for size in self.g._shape[n] for name in shapes.names_of(size)
        }  # fmt: skip
        for n in (*program.constants, *program.sizes):
            self.kind[n], self.moment[n] = "whole", (self._shown(shapes.names_of(program.sizes.get(n, 0))), 0)
        for step in program.instructions:
            self._place(step)

    def _check_inputs(self) -> None:
        g, inputs = self.g, self.program.inputs
        named = dict.fromkeys(k for n in inputs for s in g._shape[n] for k in shapes.names_of(s))
        if self.axis not in named:
            raise InputError(
                f"the axis {self.axis!r}: no input has such an axis; the named axes are {', '.join(named) or 'none'}"
            )
        for n in inputs:
            if has_rows(g._shape[n], self.axis) and row_axis(g._shape[n], self.axis) is None:
                raise InputError(
                    f"the axis {self.axis!r}: the input {label(g, n)!r} of shape {shapes.text(g._shape[n])} has it "
                    "more than once, or within another"
                )

    def _shown(self, names: Iterable[str]) -> int:
        """The stage by which these sizes are known."""
        return max([self.named.get(name, 0) for name in names], default=0)

    def _place(self, step: Instruction) -> None:
        op, n, inputs, params = step
        g = self.g
        kind = kind_of(op, params, [g._shape[i] for i in inputs], g._shape[n], self.axis)
        if kind == "mixed":
            raise InputError(f"the axis {self.axis!r}: {op.name} needs all rows of that axis at once (node {n})")
        stage = max([self.moment[i][0] for i in inputs], default=0)
        stage = max(stage, self._shown(sizes_in(params))) if op.sized else stage
        before = {i: self.moment[i][1] if self.moment[i][0] == stage else 0 for i in inputs}
        light = _is_view(step) and kind in ("rows", "spread") and n not in self.program.outputs
        if light:
            self.light.add(n)
            turn = max(before.values(), default=0)
        else:
            kind = "rows" if kind == "spread" else kind
            turn = round_of(kind, inputs, self.kind, before)
        self.kind[n], self.moment[n] = kind, (stage, turn)

    def split(self) -> Split:
        """Backwards: what a round makes is what later ones, or the outputs, need."""
        needed = dict.fromkeys(self.program.outputs)
        made: dict[Moment, list[int]] = {}
        for step in self.program.instructions:
            if step.node not in self.light:
                made.setdefault(self.moment[step.node], []).append(step.node)
        rounds = [self._round(moment, made[moment], needed) for moment in sorted(made, reverse=True)]
        found = tuple(r for r in reversed(rounds) if r.chunk is not None or r.whole is not None)
        rows = [n for n in self.kind if self.kind[n] == "rows" and n in needed]
        axes = {n: row_axis(self.g._shape[n], self.axis) for n in dict.fromkeys([*rows, *self._given_rows()])}
        return Split(self.program, self.axis, axes, self.stages, found)  # type: ignore[arg-type]

    def _given_rows(self) -> list[int]:
        return [n for n in self.program.inputs if self.kind[n] == "rows"]

    def _round(self, moment: Moment, made: Sequence[int], needed: dict[int, None]) -> Round:
        whole = self._part([n for n in made if self.kind[n] == "whole" and n in needed], moment, needed, ("whole",))
        folds = {n: folding(self.program.instruction(n).op) for n in made if self.kind[n] == "folded" and n in needed}
        kept = tuple(n for n in made if self.kind[n] == "rows" and n in needed)
        chunk = self._part([*folds, *kept], moment, needed, ("rows", "folded"))
        fixed = 0 if chunk is None else sum(self.moment[n][0] < moment[0] for n in chunk.inputs)
        return Round(moment[0], chunk, folds, kept, fixed, whole)

    def _part(
        self, targets: Sequence[int], moment: Moment, needed: dict[int, None], kinds: tuple[str, ...]
    ) -> Program | None:
        """The program of some nodes of a moment, from what is there by then."""
        if not targets:
            return None
        read = sorted(self._read(targets, moment, kinds), key=lambda n: (self.moment[n][0] < moment[0], n))
        if "rows" in kinds and not any(self.kind[n] == "rows" for n in read):
            read.append(self._given_rows()[0])  # it shows how many rows a chunk has
        needed.update(dict.fromkeys(read))
        return build_program(self.g, read, targets, as_written=True)

    def _read(self, targets: Sequence[int], moment: Moment, kinds: tuple[str, ...]) -> Iterator[int]:
        stack, seen = list(targets), set(targets)
        while stack:
            n = stack.pop()
            inside = n in self.light or (self.moment[n] == moment and self.kind[n] in kinds)
            if n in self.program.inputs or not (inside or self._is_leaf(n, kinds)):
                yield n
            elif inside:
                new = [i for i in self.program.instruction(n).inputs if i not in seen]
                seen.update(new)
                stack += new

    def _is_leaf(self, n: int, kinds: tuple[str, ...]) -> bool:
        """A constant, or a size that is the same for every chunk: a part has its own."""
        sizes = self.program.sizes
        return n in self.program.constants or (
            n in sizes and ("whole" in kinds or self.axis not in shapes.names_of(sizes[n]))
        )


def _is_view(step: Instruction) -> bool:
    """A value with its axes in another order, or repeated along new ones: it takes no memory."""
    if step.op is not CONTRACT or len(step.inputs) != 1:
        return False
    (labels,), out, _ = step.params
    return len(set(labels)) == len(labels) and len(set(out)) == len(out) and set(labels) <= set(out)


# --- how it is shown ------------------------------------------------------------------------------------------------


def _lines(split: Split) -> Iterator[str]:
    program, g = split.program, split.program.graph
    given = [n for n in program.inputs if n in split.rows]
    yield f"along {split.axis}: the rows of {_names(program, given)} stay with the chunks"
    for stage, inputs in enumerate(split.stages):
        rounds = split.of_stage(stage)
        if not rounds:
            continue
        whole = [n for n in inputs if n not in split.rows]
        sent = f"; to each chunk go {_names(program, split.bound(stage))}" if split.bound(stage) else ""
        yield f"with {_names(program, whole or inputs)}{sent}"
        for r in rounds:
            if r.chunk is not None:
                yield from (f"  on each chunk  {text}" for text in _steps(r.chunk))
            for f in dict.fromkeys(r.folds.values()):
                parts = _names(program, [n for n in r.folds if r.folds[n] == f])
                yield f"  {'summed' if f == 'add' else f:<14} {parts}"
            if r.kept:
                yield f"  kept in rows   {_names(program, r.kept)}"
            if r.whole is not None:
                yield from (f"  afterwards     {text}" for text in _steps(r.whole))
    shown = ", ".join(f"{_name(program, n)} {shapes.text(g._shape[n])}" for n in program.outputs)
    yield f"returns {shown}"


def _steps(program: Program) -> Iterator[str]:
    for step in program.instructions:
        yield f"t{step.node} = {instruction_text(step.op, [_name(program, i) for i in step.inputs], step.params)}"


def _names(program: Program, nodes: Sequence[int]) -> str:
    g = program.graph
    return ", ".join(f"{_name(program, n)} {shapes.text(g._shape[n])}" for n in nodes) or "nothing"


def _name(program: Program, n: int) -> str:
    if n in program.constants:
        value = program.constants[n]
        return str(value) if not getattr(value, "shape", ()) else f"constant{list(value.shape)}"
    return program.sizes.get(n) or label(program.graph, n).replace("node ", "t")
