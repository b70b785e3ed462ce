"""Recompute or store: a plan that needs less memory, by making values a second time instead of keeping them.

The steps up to the moment of most memory are cut into segments. Of a segment only what later segments read is
kept; when the rest reads its values again, the segment runs once more. With K segments of a chain of N steps,
K + N/K values are alive instead of N, for at most one more run of the first part (Griewank, "Achieving
logarithmic growth of temporal and spatial complexity in reverse automatic differentiation", 1992, in its
simplest form).
"""

from collections.abc import Sequence

from ..errors import InputError
from ..program import Instruction
from .plan import Plan


def lifetimes(plan: Plan, steps: Sequence[Instruction]) -> tuple[int, int]:
    """(most bytes alive at once, the step where that is), inputs and constants not counted."""
    last: dict[int, int] = {}
    for k, step in enumerate(steps):
        last.update(dict.fromkeys(step.inputs, k))
    last.update(dict.fromkeys(plan.outputs, len(steps)))
    made: set[int] = set()
    alive = peak = at = 0
    for k, step in enumerate(steps):
        alive += plan.nbytes(step.node)
        made.add(step.node)
        if alive > peak:
            peak, at = alive, k
        for n in {step.node, *step.inputs}:
            if n in made and last.get(n, k) <= k:
                alive -= plan.nbytes(n)
                made.discard(n)
    return peak, at


def delayed(steps: Sequence[Instruction]) -> list[Instruction]:
    """The steps in an order in which each value is made as late as possible before it is read."""
    level: dict[int, int] = {}
    for step in reversed(steps):
        level.setdefault(step.node, 0)
        for i in step.inputs:
            level[i] = min(level.get(i, 0), level[step.node] - 1)
    return sorted(steps, key=lambda step: level[step.node])


def fit(plan: Plan, limit: int) -> int:
    """Rewrite the steps so that at most `limit` bytes are alive at once; the planned peak. InputError when
    none found."""
    best: tuple[int, Sequence[Instruction], dict[int, int]] | None = None
    for original in (plan.steps, delayed(plan.steps)):
        peak, turn = lifetimes(plan, original)
        count, steps, copies = 1, original, plan.copies
        while True:
            if best is None or peak < best[0]:
                best = peak, steps, copies
            if peak <= limit or count >= turn:
                break
            count = max(count + 1, count * 5 // 4)
            steps, copies = _recomputed(plan, original, turn, count)
            peak, _ = lifetimes(plan, steps)
        if best[0] <= limit:
            break
    assert best is not None
    peak, plan.steps, plan.copies = best  # type: ignore[assignment]
    if peak > limit:
        raise InputError(f"memory_limit={limit}: the least that a plan needs is {peak} bytes")
    return peak


def _recomputed(
    plan: Plan, steps: Sequence[Instruction], turn: int, count: int
) -> tuple[list[Instruction], dict[int, int]]:
    """The steps with the first `turn` of them in `count` segments, each but the last run again when it is
    read late."""
    bounds = [turn * k // count for k in range(count + 1)]
    segment_of = {
        step.node: k for k in range(count - 1) for step in steps[bounds[k] : bounds[k + 1]]
    }  # fmt: skip
    kept = set(plan.outputs)
    late: dict[int, set[int]] = {}  # segment -> its values that are read after the turn
    for step in steps[turn:]:
        for i in step.inputs:
            if i in segment_of and i not in kept:
                late.setdefault(segment_of[i], set()).add(i)
    again: dict[int, int] = {}  # value -> its copy
    copies: dict[int, int] = {}
    result = list(steps[:turn])
    for step in steps[turn:]:
        for i in step.inputs:
            k = segment_of.get(i)
            if k is not None and i not in kept and i not in again:
                result += _again(plan, steps[bounds[k] : bounds[k + 1]], late[k], again, copies, k + 1)
        result.append(step._replace(inputs=tuple([again.get(i, i) for i in step.inputs])))
    return result, copies


def _again(
    plan: Plan, segment: Sequence[Instruction], wanted: set[int], again: dict[int, int], copies: dict[int,
    int], scope: int
) -> list[Instruction]:  # fmt: skip
    """The steps of a segment that make the wanted values, as copies."""
    needed, chosen = set(wanted), []
    for step in reversed(segment):
        if step.node in needed:
            chosen.append(step)
            needed.update(step.inputs)
    inside, result = {s.node for s in segment}, []
    for step in reversed(chosen):
        copy = plan.fresh(plan.shape[step.node], plan.dtype[step.node])
        result.append(
            step._replace(
                node=copy, inputs=tuple([again[i] if i in again and i in inside else i for i in step.inputs])
            )
        )
        again[step.node] = copy
        copies[copy] = scope
    return result
