"""Normalisations and norms as the sums, extremes and elementwise steps that they are made of."""

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np

from ...op import OPS, Op
from ...ops import order
from ...ops.products import ADD, CONTRACT
from ...program import Instruction
from ..plan import Plan
from .entries import is_thin, sizes_of, widest_of


class _Steps:
    """Steps appended to a list, and the values that they make."""

    def __init__(self, plan: Plan, dtype: str):
        self.plan, self.dtype = plan, dtype
        self.steps: list[Instruction] = []

    def constant(self, value: float) -> int:
        n = self.plan.fresh((), "float")
        self.plan.constants[n] = value
        return n

    def elementwise(self, name: str, *inputs: int, n: int | None = None, dtype: str = "") -> int:
        shape = np.broadcast_shapes(*[self.plan.shape[i] for i in inputs])
        return self._made(Instruction(OPS[name], self._value(n, shape, dtype), inputs, ()))

    def add(self, coefficients: tuple, *inputs: int, n: int | None = None) -> int:
        shape = np.broadcast_shapes(*[self.plan.shape[i] for i in inputs])
        return self._made(Instruction(ADD, self._value(n, shape), inputs, coefficients))

    def total(self, x: int, axes: tuple[int, ...], y: int | None = None, n: int | None = None) -> int:
        """The sum of x, or of x*y, over axes."""
        labels = tuple(range(len(self.plan.shape[x])))
        out = tuple([i for i in labels if i not in axes])
        inputs = (x,) if y is None else (x, y)
        shape = tuple([self.plan.shape[x][i] for i in out])
        return self._made(Instruction(CONTRACT, self._value(n, shape), inputs, ((labels,) * len(inputs), out, ())))

    def top(self, x: int, axes: tuple[int, ...]) -> int:
        shape = tuple([s for k, s in enumerate(self.plan.shape[x]) if k not in axes])
        return self._made(Instruction(OPS["max"], self._value(None, shape), (x,), (axes,)))

    def spread(self, x: int, axes: tuple[int, ...], rank: int) -> int:
        """The value with axes of size 1."""
        kept = tuple([k for k in range(rank) if k not in axes])
        sizes = iter(self.plan.shape[x])
        shape = tuple([1 if k in axes else next(sizes) for k in range(rank)])
        params = ((kept,), tuple(range(rank)), tuple([(k, 1) for k in axes]))
        return self._made(Instruction(CONTRACT, self._value(None, shape), (x,), params))

    def _value(self, n: int | None, shape: tuple[int, ...], dtype: str = "") -> int:
        return self.plan.fresh(shape, dtype or self.dtype) if n is None else n

    def _made(self, step: Instruction) -> int:
        self.steps.append(step)
        return step.node


def _shifted(b: _Steps, x: int, axes: tuple[int, ...], finite: bool) -> tuple[int, int, int]:
    """x less its largest entries, those, and the sums of exp of the difference; axes of the last two are of size 1."""
    rank = len(b.plan.shape[x])
    top = b.top(x, axes)
    if finite:
        top = b.elementwise("where", b.elementwise("isfinite", top, dtype="bool"), top, b.constant(0.0))
    top = b.spread(top, axes, rank)
    shift = b.add((1, -1), x, top)
    return shift, top, b.spread(b.total(b.elementwise("exp", shift), axes), axes, rank)


def _softmax(b: _Steps, n: int, x: int, axis: int) -> None:
    shift, _, total = _shifted(b, x, (axis,), False)
    b.elementwise("divide", b.elementwise("exp", shift), total, n=n)


def _log_softmax(b: _Steps, n: int, x: int, axis: int) -> None:
    shift, _, total = _shifted(b, x, (axis,), False)
    b.add((1, -1), shift, b.elementwise("log", total), n=n)


def _logsumexp(b: _Steps, n: int, x: int, axes: tuple[int, ...]) -> None:
    _, top, total = _shifted(b, x, axes, True)
    b.total(b.add((1, 1), b.elementwise("log", total), top), axes, n=n)  # over axes of size 1


def _norm2(b: _Steps, n: int, x: int, axes: tuple[int, ...]) -> None:
    b.elementwise("sqrt", b.total(x, axes, x), n=n)


PRIMITIVES: dict[Op, Callable[..., Any]] = {
    order.softmax: _softmax, order.log_softmax: _log_softmax, order.logsumexp_op: _logsumexp, order.norm2_op: _norm2,
}  # fmt: skip


def decomposed(plan: Plan) -> list[Instruction]:
    """The steps, those that have parts as their parts."""
    steps: list[Instruction] = []
    for step in plan.steps:
        make, dtype = PRIMITIVES.get(step.op), plan.dtype[step.node]
        floating = dtype in ("float64", "float32") and all(plan.dtype[i] == dtype for i in step.inputs)
        if make is None or not floating or not prod(plan.shape[step.inputs[0]]):
            steps.append(step)
            continue
        b = _Steps(plan, dtype)
        make(b, step.node, step.inputs[0], *step.params)
        steps += _once(b.steps)
    return steps


def laid_out(plan: Plan, products: list[Instruction]) -> set[int]:
    """Factors of thin and of low products get the axis of the inner loop last: the values that are so made."""
    found = set()
    for step in products:
        labels, out, free = step.params
        sizes = sizes_of(plan, step)
        if is_thin(plan, step):
            widest = widest_of(labels, sizes)
            k, inner = int(labels[0] == widest), [i for i in widest if sizes[i] > 1][-1]
        else:
            inner = out[-1]
            k = int(inner in labels[1])
        own, x = labels[k], step.inputs[k]
        if inner not in own or own[-1] == inner:
            continue
        turned = (*[i for i in own if i != inner], inner)
        n = plan.fresh(tuple([sizes[i] for i in turned]), plan.dtype[x])
        found.add(n)
        at = plan.steps.index(step)
        inputs, own_labels = list(step.inputs), list(labels)
        inputs[k], own_labels[k] = n, turned
        plan.steps[at : at + 1] = [
            Instruction(CONTRACT, n, (x,), ((own,), turned, ())),
            step._replace(inputs=tuple(inputs), params=(tuple(own_labels), out, free)),
        ]
    return found


def _once(steps: list[Instruction]) -> list[Instruction]:
    """The steps, equal ones once."""
    seen: dict[tuple, int] = {}
    same: dict[int, int] = {}
    kept = []
    for step in steps:
        inputs = tuple([same.get(i, i) for i in step.inputs])
        key = step.op, inputs, step.params
        if seen.setdefault(key, step.node) != step.node:
            same[step.node] = seen[key]
        else:
            kept.append(step._replace(inputs=inputs))
    return kept
