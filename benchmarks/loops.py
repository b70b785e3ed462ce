"""Array programs against JAX: ``python -m benchmarks.loops [float32] [names]``; its output is `loops.md`.

Gradients and linearised Hessian-vector products of `array_programs`, interleaved in one process; JAX is jitted, its
inputs are on the device. symdiff is called as users call it: loops are compiled beside the first calls, which are not
timed.
First calls are those of the backend "compiled", which waits, with nothing kept; JAX's are trace, compile and run.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from math import exp, log
from typing import Any

import numpy as np

import symdiff as sd

from .array_programs import AFTERWARDS, PROGRAMS, ArrayProgram, NumpyWithErf
from .peers import Namespace, jax
from .timing import first, interleaved

ROUNDS = 15
SETTLED = 1.0  # seconds of calls before they are timed

Call = Callable[[], Any]


class Sides:
    """The calls of one program on both sides, and how long their first ones took."""

    def __init__(self, p: ArrayProgram, dtype: str):
        rng = np.random.default_rng(0)
        self.p, self.arrays = p, [a.astype(dtype) for a in p.make(rng)]
        self.vectors = [rng.standard_normal(a.shape).astype(dtype) for a in self.arrays[: p.wrt]]
        g = sd.Graph()
        self.inputs = [g.variable(f"x{k}", a.shape, dtype) for k, a in enumerate(self.arrays)]
        self.directions = [g.variable(f"v{k}", v.shape, dtype) for k, v in enumerate(self.vectors)]
        self.value = p.f(NumpyWithErf(), *self.inputs)

    def gradient(self, backend: str = "auto") -> Call:
        f = sd.function(self.inputs, sd.grad(self.value, self.inputs[: self.p.wrt]), backend=backend)
        return lambda: f(*self.arrays)

    def product(self) -> Call:
        wrt = self.inputs[: self.p.wrt]
        f = sd.function([*self.inputs, *self.directions], sd.hvp(self.value, wrt, self.directions))
        linear = f.partial(**{f"x{k}": a for k, a in enumerate(self.arrays)})
        return lambda: linear(*self.vectors)

    def _jax(self) -> tuple[Callable[..., Any], list[Any]]:
        xp = Namespace("jax.numpy", "jax.scipy.special")
        wrt = tuple(range(self.p.wrt))
        return jax.grad(lambda *a: self.p.f(xp, *a), wrt), [jax.device_put(a) for a in self.arrays]

    def jax_gradient(self) -> Call:
        f, given = self._jax()
        compiled = jax.jit(f)
        return lambda: jax.block_until_ready(compiled(*given))

    def jax_product(self) -> Call:
        f, given = self._jax()
        moving, rest = given[: self.p.wrt], given[self.p.wrt :]
        _, linear = jax.linearize(lambda *a: f(*a, *rest), *moving)
        compiled, vectors = jax.jit(lambda linear, *v: linear(*v)), [jax.device_put(v) for v in self.vectors]
        return lambda: jax.block_until_ready(compiled(linear, *vectors))


def settled(call: Call) -> Call:
    """The call once what runs beside it is done."""
    start = time.perf_counter()
    while time.perf_counter() - start < SETTLED:
        call()
    return call


def largest_error(found: Sequence[Any], wanted: Sequence[Any]) -> float:
    """Relative to the largest entry."""
    pairs = zip(found, map(np.asarray, wanted), strict=True)
    return max(float(np.max(np.abs(f - w)) / max(np.max(np.abs(w)), 1e-300)) for f, w in pairs)


def measured(name: str, p: ArrayProgram, dtype: str) -> list[Any]:
    """[name, ms of the gradient, ratio to JAX, ms of the product, ratio, ms of the first call, ratio, error]"""
    sides = Sides(p, dtype)
    _, ours = first(lambda: sides.gradient("compiled")())
    theirs_first, theirs = first(lambda: sides.jax_gradient()())
    calls = {
        "g": sides.gradient(), "jax g": sides.jax_gradient(), "h": sides.product(), "jax h": sides.jax_product(),
    }  # fmt: skip
    error = max(largest_error(calls["g"](), theirs_first), largest_error(calls["h"](), calls["jax h"]()))
    times = interleaved({k: settled(call) for k, call in calls.items()}, dict.fromkeys(calls, ROUNDS))
    g, jax_g, h, jax_h = (times[k].median * 1e3 for k in calls)
    return [name, g, g / jax_g, h, h / jax_h, ours * 1e3, ours / theirs, error]


def mean(ratios: Sequence[float]) -> float:
    return exp(sum(map(log, ratios)) / len(ratios))


def table(rows: Sequence[Sequence[Any]]) -> list[str]:
    lines = [
        "| program | gradient, ms | to JAX | Hv, ms | to JAX | first call, ms | to JAX | largest difference |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, *cells in rows:
        lines.append(f"| {name} | " + " | ".join(f"{c:.3g}" for c in cells[:-1]) + f" | {cells[-1]:.0e} |")
    means = [mean([row[k] for row in rows]) for k in (2, 4, 6)]
    worst = [max(row[k] for row in rows) for k in (2, 4, 6)]
    for what, (g, h, f) in (("geometric mean", means), ("worst", worst)):
        lines.append(f"| **{what}** | | {g:.2f} | | {h:.2f} | | {f:.2f} | |")
    return lines


def main(arguments: Sequence[str]) -> None:
    os.environ["SYMDIFF_CACHE"] = tempfile.mkdtemp()
    jax.config.update("jax_enable_x64", True)
    dtypes = [a for a in arguments if a in ("float64", "float32")] or ["float64"]
    wanted = [a for a in arguments if a not in dtypes]
    for dtype in dtypes:
        for title, programs in (("to tune on", PROGRAMS), ("written afterwards", AFTERWARDS)):
            chosen = {k: p for k, p in programs.items() if not wanted or k in wanted or title.split()[-1] in wanted}
            if chosen:
                print(f"\n## {dtype}, {title}\n")
                print("\n".join(table([measured(k, p, dtype) for k, p in chosen.items()])), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
