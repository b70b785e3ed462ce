"""Linear systems of a plan: ``inv(A) @ b`` and `solve(A, b)` with one A share one LU factorisation.

An inverse that is read by products with vectors and matrices alone is never made. The factors of a fixed A
are made once for many runs.
"""

from collections.abc import Container
from typing import Any, NamedTuple

import numpy as np

from ..lazy import module
from ..op import OPS, Op, Results
from ..ops.control import project_op
from ..ops.products import CONTRACT
from ..program import Instruction
from .plan import Plan, drop_unused


def _factored(a: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """LU factors in one array, and the row exchanges."""
    lu, pivots, info = module("scipy.linalg.lapack").dgetrf(a)
    if info > 0:
        raise np.linalg.LinAlgError("Singular matrix")
    return lu, pivots


def _solved(lu: np.ndarray, pivots: np.ndarray, b: np.ndarray, transposed: int) -> np.ndarray:
    if not b.size:
        return np.zeros(b.shape)
    return module("scipy.linalg.lapack").dgetrs(lu, pivots, b, trans=transposed)[0].reshape(b.shape)


def _internal(*args: Any) -> Any:
    raise NotImplementedError("made by the plan, after shapes are known")


FACTOR = Op("lu_factor", 1, _internal, _factored, doc="LU factors and row exchanges of a matrix")
SOLVE = Op(
    "lu_solve", 3, _internal, _solved, doc="the x with A @ x = b, or A.T @ x = b, from the factors of A"
)


class System(NamedTuple):
    """A step that is a solution x of A @ x = b (or of A.T @ x = b)."""

    step: Instruction
    matrix: int
    right: int
    transposed: bool
    turned: tuple[bool, bool]  # b has its equations last; x has its unknowns last


def factor(plan: Plan, fixed: Container[int]) -> None:
    """Solutions with one matrix from its factors, where there are several or the matrix is fixed."""
    inv, solve = OPS.get("inv"), OPS.get("solve")
    inverse_of = {s.node: s.inputs[0] for s in plan.steps if s.op is inv and _is_plain(plan, s.inputs[0])}
    systems: dict[int, System] = {}
    explicit = {inverse_of[n] for n in plan.outputs if n in inverse_of}
    for step in plan.steps:
        found = None
        if step.op is solve and _is_plain(plan, step.inputs[0]) and len(plan.shape[step.inputs[1]]) <= 2:
            found = System(step, step.inputs[0], step.inputs[1], False, (False, False))
        elif step.op is CONTRACT and len(step.inputs) == 2 and any(i in inverse_of for i in step.inputs):
            found = _product(step, inverse_of)
        if found is not None and plan.dtype[found.right] == "float64" and found.right not in plan.constants:
            systems[step.node] = found
        else:
            explicit.update(inverse_of[i] for i in step.inputs if i in inverse_of)
    uses: dict[int, int] = {}
    for s in systems.values():
        uses[s.matrix] = uses.get(s.matrix, 0) + 1
    constant = {*plan.constants} | _unchanging(plan, fixed)
    inverted = set(inverse_of.values())
    chosen = {a for a, k in uses.items() if a not in explicit and (k > 1 or a in constant or a in inverted)}
    if not chosen:
        return
    steps: list[Instruction] = []
    factors: dict[int, tuple[int, int]] = {}
    for step in plan.steps:
        system = systems.get(step.node)
        if system is None or system.matrix not in chosen:
            steps.append(step)
            continue
        if system.matrix not in factors:
            factors[system.matrix] = _factor(plan, system.matrix, steps)
        _solve(plan, system, factors[system.matrix], steps)
    plan.steps = steps
    drop_unused(plan)


def _is_plain(plan: Plan, a: int) -> bool:
    return len(plan.shape[a]) == 2 and plan.dtype[a] == "float64" and plan.shape[a][0] > 0


def _unchanging(plan: Plan, fixed: Container[int]) -> set[int]:
    """Values that depend on the fixed inputs alone."""
    same = {n for n in plan.inputs if n in fixed}
    for s in plan.steps:
        if s.inputs and all(i in same or i in plan.constants for i in s.inputs):
            same.add(s.node)
    return same


def _product(step: Instruction, inverse_of: dict[int, int]) -> System | None:
    """The system that a product with an inverse solves."""
    labels, out, free = step.params
    if free or step.inputs[0] == step.inputs[1]:
        return None
    for a, b in ((0, 1), (1, 0)):
        if step.inputs[a] not in inverse_of or len(labels[a]) != 2 or len(labels[b]) not in (1, 2):
            continue
        i, j = labels[a]
        shared = [k for k in (i, j) if k in labels[b] and k not in out]
        if i == j or len(shared) != 1 or len(set(labels[b])) < len(labels[b]):
            continue
        summed, unknown = shared[0], i if shared[0] == j else j
        rest = [k for k in labels[b] if k != summed]
        if unknown in rest or sorted(out) != sorted([unknown, *rest]):
            continue
        turned = (len(rest) == 1 and labels[b][0] != summed, len(rest) == 1 and out[0] != unknown)
        return System(step, inverse_of[step.inputs[a]], step.inputs[b], summed == i, turned)
    return None


def _factor(plan: Plan, a: int, steps: list[Instruction]) -> tuple[int, int]:
    n = plan.shape[a][0]
    both = plan.fresh(Results([(n, n), (n,)]), "float64")
    lu, pivots = plan.fresh((n, n), "float64"), plan.fresh((n,), "int64")
    steps.append(Instruction(FACTOR, both, (a,), ()))
    steps += [Instruction(project_op, lu, (both,), (0,)), Instruction(project_op, pivots, (both,), (1,))]
    return lu, pivots


def _solve(plan: Plan, system: System, factors: tuple[int, int], steps: list[Instruction]) -> None:
    turn = (((0, 1),), (1, 0), ())
    right, out, shape = system.right, system.step.node, plan.shape
    if system.turned[0]:
        turned = plan.fresh(shape[right][::-1], "float64")
        steps.append(Instruction(CONTRACT, turned, (right,), turn))
        right = turned
    x = plan.fresh(shape[right], "float64") if system.turned[1] else out
    steps.append(Instruction(SOLVE, x, (*factors, right), (int(system.transposed),)))
    if x != out:
        steps.append(Instruction(CONTRACT, out, (x,), turn))
