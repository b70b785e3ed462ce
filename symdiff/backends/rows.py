"""Streaming: which steps of a plan run in blocks of rows of one large axis, and in which loops.

What is local in rows, what is summed, and in which round, `splitting` says: loop k is its round k, of the steps of a
plan at actual sizes; everything else runs between the loops, on whole arrays. One axis is one size that occurs at
most once in each shape.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ..errors import InputError
from ..facets import folding
from ..program import Instruction, Program
from ..splitting import kind_of, round_of, row_axis, split_rows
from .plan import Plan, Uniform

BLOCK_BYTES = 1 << 21  # of all arrays that a block of rows touches: two of a level-2 cache, for few blocks
NEAR = 1 << 17  # bytes: a smaller array is still in the cache when the next step reads it
GAIN = 4 << 20  # bytes of memory traffic that must be saved for a loop to pay


@dataclass
class Loop:
    """Steps run block by block over `size` rows.

    folds     {result that is put together over blocks: numpy's function of two that does it}
    stored  row-wise results that are read after the loop
    sources   row-wise values from before the loop, cut into blocks
    """

    size: int
    steps: list[Instruction] = field(default_factory=list)
    folds: dict[int, str] = field(default_factory=dict)
    stored: list[int] = field(default_factory=list)
    sources: list[int] = field(default_factory=list)
    block: int = 0


def classify(plan: Plan, step: Instruction, size: int) -> str:
    """As `kind_of` says; what it calls spread or mixed runs on whole arrays here."""
    op, n, inputs, params = step
    kind = kind_of(op, params, [plan.shape[i] for i in inputs], plan.shape[n], size)
    return kind if kind in ("rows", "folded") else "whole"


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
        ready[n] = round_of(kind[n], s.inputs, kind, ready)
        if kind[n] == "whole":
            levels.setdefault(ready[n], []).append(s)
        else:
            loops.setdefault(ready[n], Loop(size)).steps.append(s)
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
                if kind[n] == "folded":
                    loop.folds[n] = folding(s.op)
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
    touched = [*loop.sources, *(s.node for s in loop.steps if s.node not in loop.folds)]
    per_row = sum(plan.nbytes(n) for n in touched) / max(loop.size, 1)
    rows = int(BLOCK_BYTES / max(per_row, 8.0))
    return max(256, min(rows, 1 << 16)) // 64 * 64


def saved(plan: Plan, loop: Loop) -> int:
    """Bytes of memory traffic that a loop saves: results that never leave the cache, and sources read more
    than once."""
    kept = {*loop.folds, *loop.stored}
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


def streamed(program: Program, axis: str) -> Program:
    """The program in which one pass over the rows of the named axis computes the outputs, whatever its size; InputError
    where there is none."""
    split = split_rows(program, axis, [program.inputs])
    passes = [r.chunk for r in split.rounds if r.chunk is not None]
    if len(passes) > 1:
        step = passes[1].instructions[0]
        raise InputError(
            f"the axis {axis!r}: {step.op.name} needs what is summed over all rows and then each row again: two passes "
            f"(node {step.node})"
        )
    return split.program


def stream(plan: Plan, size: int) -> list[Instruction | Loop]:
    """The schedule in loops over the axis of this size, when there are blocks enough and no other axis is as
    long."""
    items = schedule(plan, size)
    loops = [item for item in items if isinstance(item, Loop)]
    if len(loops) != 1 or size < 2 * loops[0].block:
        return list(plan.steps)
    return items
