"""ADBench's bundle adjustment: the Jacobian blocks of all observations at once.

An observation's residuals depend on its own arguments: the blocks are gradients of the residuals' sums.
"""

from typing import Any

import symdiff as sd

from ..models import REPROJECTION
from ..peers import jax
from ..record import Benchmark, Side, Target
from ..sides import (
    Call,
    Problem,
    at_first,
    jax_call,
    jax_model,
    on_jax,
    problem_of,
    symdiff_call,
    symdiff_model,
    symdiff_value,
)


def symdiff_blocks(p: Problem, backend: str = "auto") -> Call:
    inputs, residuals = symdiff_model(p)
    blocks = [block for r in residuals for block in sd.grad(sd.sum(r), list(p.model.wrt))]
    return symdiff_call(list(inputs.values()), blocks, p.arrays.values(), backend)


def jax_blocks(p: Problem) -> Call:
    f, given, wrt = jax_model(p)

    def blocks(*arguments: Any) -> Any:
        return [jax.grad(lambda *a, k=k: f(*a)[k].sum(), wrt)(*arguments) for k in (0, 1)]

    return jax_call(jax.jit(blocks), given)


BENCHMARKS = [
    Benchmark(
        "reprojection",
        "bundle adjustment blocks (ADBench)",
        problem_of(REPROJECTION),
        smallest={"n": 10},
        full=[{"n": 100_000}],
        sides=[
            Side("symdiff", "Jacobian blocks", symdiff_blocks),
            Side("jax", "Jacobian blocks", jax_blocks),
            Side("symdiff on jax", "Jacobian blocks", on_jax(symdiff_blocks)),
            Side("symdiff", "function", symdiff_value),
            Side("symdiff", "first blocks", at_first(symdiff_blocks)),
            Side("jax", "first blocks", at_first(jax_blocks)),
        ],
        targets=[
            Target("symdiff: Jacobian blocks", 1.0, "jax: Jacobian blocks"),
            Target("symdiff on jax: Jacobian blocks", 1.05, "jax: Jacobian blocks"),
            Target("symdiff: first blocks", 1 / 2, "jax: first blocks"),
        ],
    )
]
