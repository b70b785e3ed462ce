"""A nest as a callable on arrays: compiled, its rows shared by the threads, their sums added in order."""

import ctypes
import hashlib
from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np

from ... import machine
from ...facets import fold_of, folding
from ...ops.products import CONTRACT
from .. import formulas, workers
from ..plan import STRONG
from .code import CHUNK, Writer
from .entries import neutral
from .memory import Layout, targets
from .nests import Nest
from .text import described

_code: dict[str, Callable[[int, int, int], None]] = {}  # functions by the digest of their nest's text
LAYOUTS = 4  # ways in which results lie in memory that are compiled for
SHARED = 8_000_000  # additions and bytes from which threads share a nest: it takes half a millisecond


class Runner:
    """``runner(*sources, *results)`` writes the results: arrays of the types and shapes of the plan."""

    def __init__(self, nest: Nest, threads: int):
        self.nest, plan = nest, nest.plan
        self.units = prod(nest.rows) if nest.rows else nest.inner  # what the threads share
        unit = 1 if nest.rows else CHUNK
        work = nest.flops + sum(map(plan.nbytes, (*nest.sources, *nest.stored)))
        count = max(1, min(threads, self.units // unit)) if work >= SHARED else 1
        self.bounds = [self.units * t // (count * unit) * unit for t in range(count)] + [self.units]
        order, kinds = targets(nest), {root.node: root.kind for root in nest.roots}
        self.added = [n for n in nest.stored if kinds[n] == "sum"]
        self.op = {n: nest.steps[n].op for n in self.added}
        self.dtype = {n: np.dtype(STRONG.get(plan.dtype[n], plan.dtype[n])) for n in (*nest.sources, *nest.stored)}
        self.parts = {n: tuple([plan.shape[n][k] for k in order[n]]) for n in self.added}
        self.axes = {n: np.argsort(order[n]) for n in self.added}
        self.run = _compiled(nest)
        self.strided: dict[Layout, Callable[[int, int, int], None]] = {}

    def __call__(self, *arrays: Any) -> None:
        nest, bounds = self.nest, self.bounds
        if workers.is_worker():
            bounds = [0, self.units]
        given = dict(zip((*nest.sources, *nest.stored), arrays, strict=True))
        layout = self._layout(given)
        run, apart = (self._run_at(layout), {n for n, _ in layout}) if layout else (self.run, set())
        memory = {
            n: a if n in apart else np.require(a, self.dtype[n], ["C", "A"])
            for n, a in given.items() if n not in self.op
        }  # fmt: skip
        sums = [{n: self._started(n) for n in self.added} for _ in bounds[1:]]
        tables = [
            np.array([(part[n] if n in part else memory[n]).ctypes.data for n in given], np.int64) for part in sums
        ]  # fmt: skip

        def share(t: int) -> None:
            run(bounds[t], bounds[t + 1], tables[t].ctypes.data)

        others = [workers.pool().submit(share, t) for t in range(1, len(tables))]
        share(0)
        for other in others:
            other.result()
        for n in self.added:
            total = sums[0][n]
            for part in sums[1:]:
                total[...] = fold_of(folding(self.op[n]))(total, part[n])
            given[n][...] = total.transpose(self.axes[n])
        for n in nest.stored:
            if n in memory and memory[n] is not given[n]:
                given[n][...] = memory[n]

    def _layout(self, given: dict[int, Any]) -> Layout:
        """How results lie in memory that are neither one after the other nor to be copied there."""
        found = []
        for n in self.nest.stored:
            a = given[n]
            apart = n not in self.op and not a.flags.c_contiguous
            fits = apart and a.flags.aligned and a.dtype == self.dtype[n]
            if fits and not any(step % a.itemsize for step in a.strides):
                found.append((n, tuple([step // a.itemsize for step in a.strides])))
        return tuple(found) if tuple(found) in self.strided or len(self.strided) < LAYOUTS else ()

    def _run_at(self, layout: Layout) -> Callable[[int, int, int], None]:
        if layout not in self.strided:
            self.strided[layout] = _compiled(self.nest, layout)
        return self.strided[layout]

    def _started(self, n: int) -> np.ndarray:
        """Where rows add their parts."""
        exact = self.op[n] is CONTRACT and self.dtype[n] == np.float32
        return np.full(self.parts[n], neutral(self.op[n]), np.float64 if exact else self.dtype[n])


def _compiled(nest: Nest, layout: Layout = ()) -> Callable[[int, int, int], None]:
    """The function of a nest; of equal nests, one."""
    places = [(nest.stored.index(n), steps) for n, steps in layout]
    key = hashlib.sha256(f"{described(nest)}{places or ''}".encode()).hexdigest()
    if key not in _code:
        for n in nest.virtual | {root.node for root in nest.roots}:
            formulas.needs(formulas.spelled(nest.steps[n].op.name))
        name = f"nest_{key[:32]}"
        (address,) = machine.functions(f"nest {key}", [name], lambda: Writer(nest, name, layout).write(), level=1)
        _code[key] = ctypes.CFUNCTYPE(None, ctypes.c_int64, ctypes.c_int64, ctypes.c_void_p)(address)
    return _code[key]
