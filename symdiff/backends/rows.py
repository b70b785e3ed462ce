"""Streaming: which steps of a plan run in blocks of rows of one large axis, and in which loops.

A step is local in rows when each row of its result needs the same row of its operands alone; it reduces rows
when it sums them. Loop k runs the local and reducing steps whose other operands are ready after loop k - 1;
everything else runs between the loops, on whole arrays. One axis is one size that occurs at most once in each
shape.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from .. import shapes
from ..errors import InputError
from ..facets import carried_axis
from ..ops.products import CONTRACT
from ..program import Instruction, Program
from .plan import Plan, Uniform, build_plan

BLOCK_BYTES = 1 << 21  # of all arrays that a block of rows touches: two of a level-2 cache, for few blocks
NEAR = 1 << 17  # bytes: a smaller array is still in the cache when the next step reads it
GAIN = 4 << 20  # bytes of memory traffic that must be saved for a loop to pay


@dataclass
class Loop:
    """Steps run block by block over `size` rows.

    reduced   results that are sums over rows       stored  row-wise results that are read after the loop
    sources   row-wise values from before the loop, cut into blocks
    """

    size: int
    steps: list[Instruction] = field(default_factory=list)
    reduced: list[int] = field(default_factory=list)
    stored: list[int] = field(default_factory=list)
    sources: list[int] = field(default_factory=list)
    block: int = 0


def row_axis(shape: Any, size: int) -> int | None:
    """The position of the axis of rows, when there is exactly one."""
    return shape.index(size) if type(shape) is tuple and shape.count(size) == 1 else None


def classify(plan: Plan, step: Instruction, size: int) -> str:
    """ "local", "reduce" or "whole" (it needs whole arrays, or has no rows)."""
    op, n, inputs, params = step
    shape_of = plan.shape
    axes = [row_axis(shape_of[i], size) for i in inputs]
    if all(a is None for a in axes) or any(
        a is None and size in _flat(shape_of[i]) for a, i in zip(axes, inputs, strict=True)
    ):
        return "whole"
    b = row_axis(shape_of[n], size)
    if b is None and size in _flat(shape_of[n]):
        return "whole"
    if op is CONTRACT:
        labels, out, free = params
        rows = {ls[a] for ls, a in zip(labels, axes, strict=True) if a is not None}
        if len(rows) > 1 or len(set(out)) < len(out) or any(s == size for _, s in free):
            return "whole"
        (label,) = rows
        return "local" if b is not None and out[b] == label else "reduce" if b is None else "whole"
    operands = [shape_of[i] for i in inputs]
    carried = {carried_axis(op, params, operands, k, a) for k, a in enumerate(axes) if a is not None}
    return "local" if b is not None and carried == {b} else "whole"


def _flat(shape: Any) -> Sequence[int]:
    return shape if type(shape) is tuple else [s for part in shape for s in part]


def schedule(plan: Plan, size: int) -> list[Instruction | Loop]:
    """The steps and loops in order."""
    kind = {s.node: classify(plan, s, size) for s in plan.steps}
    ready: dict[int, int] = {}  # value -> the loop in which it is made (0: before the first one)
    levels: dict[int, list[Instruction]] = {}
    loops: dict[int, Loop] = {}
    for s in plan.steps:
        n = s.node
        if kind[n] == "whole":
            ready[n] = max([ready.get(i, 0) for i in s.inputs], default=0)
            levels.setdefault(ready[n], []).append(s)
            continue
        k = 1
        for i in s.inputs:
            made = ready.get(i, 0)
            k = max(k, made if kind.get(i) == "local" else made + 1)
        ready[n] = k
        loops.setdefault(k, Loop(size)).steps.append(s)
    # a value that is whole and has to wait for loop k is made after it
    items: list[Instruction | Loop] = [*levels.get(0, [])]
    uses = _readers(plan)
    outputs = set(plan.outputs)
    for k in range(1, max([*loops, *levels, 0]) + 1):
        if k in loops:
            loop = loops[k]
            inside = {s.node for s in loop.steps}
            for s in loop.steps:
                n = s.node
                if kind[n] == "reduce":
                    loop.reduced.append(n)
                elif n in outputs or any(r not in inside for r in uses.get(n, ())):
                    loop.stored.append(n)
            read = dict.fromkeys(i for s in loop.steps for i in s.inputs if i not in inside)
            constants = plan.constants
            loop.sources = [
                i
                for i in read
                if row_axis(plan.shape[i], size) is not None and not isinstance(constants.get(i), Uniform)
            ]
            loop.block = _block(plan, loop)
            items.append(loop)
        items += levels.get(k, [])
    return items


def _readers(plan: Plan) -> dict[int, list[int]]:
    readers: dict[int, list[int]] = {}
    for s in plan.steps:
        for i in s.inputs:
            readers.setdefault(i, []).append(s.node)
    return readers


def _block(plan: Plan, loop: Loop) -> int:
    """Rows per block: all arrays of a block fit the cache together; whole multiples of 64."""
    touched = [*loop.sources, *(s.node for s in loop.steps if s.node not in loop.reduced)]
    per_row = sum(plan.nbytes(n) for n in touched) / max(loop.size, 1)
    rows = int(BLOCK_BYTES / max(per_row, 8.0))
    return max(256, min(rows, 1 << 16)) // 64 * 64


def saved(plan: Plan, loop: Loop) -> int:
    """Bytes of memory traffic that a loop saves: results that never leave the cache, and sources read more
    than once."""
    kept = set(loop.reduced) | set(loop.stored)
    reads: dict[int, int] = {}
    for s in loop.steps:
        for i in dict.fromkeys(s.inputs):
            reads[i] = reads.get(i, 0) + 1
    gain = 0
    for s in loop.steps:
        if plan.nbytes(s.node) < NEAR:
            continue
        if s.node not in kept:
            weight = 4 if s.op.elementwise else 2  # an elementwise op may take several passes
            gain += weight * plan.nbytes(s.node)
        elif s.op.elementwise:
            gain += 2 * plan.nbytes(s.node)
    far = [i for i in loop.sources if plan.nbytes(i) >= NEAR]
    return gain + sum(plan.nbytes(i) * (reads.get(i, 1) - 1) for i in far)


def choose(plan: Plan) -> list[Instruction | Loop]:
    """The schedule of the axis by which most memory traffic is saved, or the plain steps."""
    sizes = {s for n in (step.node for step in plan.steps) for s in _flat(plan.shape[n]) if s >= 2048}
    sizes |= {s for n in plan.inputs for s in _flat(plan.shape[n]) if s >= 2048}
    best: list[Instruction | Loop] = list(plan.steps)
    most = GAIN
    for size in sorted(sizes):
        items = schedule(plan, size)
        gain = sum(saved(plan, item) for item in items if isinstance(item, Loop) and size >= 2 * item.block)
        if gain > most:
            best, most = items, gain
    return [
        step
        for item in best
        for step in (item.steps if isinstance(item, Loop) and _pointless(plan, item) else [item])
    ]


def _pointless(plan: Plan, loop: Loop) -> bool:
    return saved(plan, loop) < GAIN // 4 or loop.size < 2 * loop.block


# --- streaming on request -----------------------------------------------------------------------------------

_MANY = 1_000_003  # rows of a plan that is made only to see whether it streams
_FEW = (11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97)


def check_streams(program: Program, axis: str) -> None:
    """InputError unless one loop over the rows of the named axis computes the outputs, whatever its size."""
    g = program.graph
    named = dict.fromkeys(k for n in program.inputs for s in g._shape[n] for k in shapes.names_of(s))
    if axis not in named:
        raise InputError(
            f"stream={axis!r}: no input has such an axis; the named axes are {', '.join(named) or 'none'}"
        )
    fixed = {s for n in program.inputs for s in g._shape[n] if isinstance(s, int)}
    others = iter([k for k in _FEW if k not in fixed] + list(range(101, 101 + len(named))))
    plan = build_plan(program, {k: _MANY if k == axis else next(others) for k in named} | dict(program.known))
    loops = 0
    for item in schedule(plan, _MANY):
        if isinstance(item, Loop):
            loops += 1
            if loops > 1:
                op = item.steps[0].op.name
                raise InputError(
                    f"stream={axis!r}: {op} needs a sum over all rows and then each row again: two passes"
                )
        elif any(_MANY in _flat(plan.shape[i]) for i in (*item.inputs, item.node)) and not _spreads(
            plan, item
        ):
            raise InputError(f"stream={axis!r}: {item.op.name} needs all rows of that axis at once")


def _spreads(plan: Plan, step: Instruction) -> bool:
    """A value repeated for every row: a view that takes no memory."""
    return (
        step.op is CONTRACT
        and len(set(step.params[1])) == len(step.params[1])
        and not any(_MANY in _flat(plan.shape[i]) for i in step.inputs)
    )


def stream(plan: Plan, size: int) -> list[Instruction | Loop]:
    """The schedule in loops over the axis of this size, when there are blocks enough and no other axis is as
    long."""
    items = schedule(plan, size)
    loops = [item for item in items if isinstance(item, Loop)]
    if len(loops) != 1 or size < 2 * loops[0].block:
        return list(plan.steps)
    return items
