"""Three elementwise outputs over one vector: softplus, its derivative and its second derivative."""

from typing import Any, NamedTuple

import numpy as np

import symdiff as sd

from ..peers import jax
from ..record import Benchmark, Side, Target
from ..sides import Call, at_first, jax_call, on_jax, symdiff_call


class Vector(NamedTuple):
    x: np.ndarray


def vector(n: int) -> Vector:
    return Vector(np.random.default_rng(0).normal(size=n))


def symdiff_side(p: Vector, backend: str = "auto") -> Call:
    x = sd.Graph().variable("x", "n")
    f = sd.softplus(x)
    slope = sd.grad(sd.sum(f), x)
    return symdiff_call([x], [f, slope, sd.grad(sd.sum(slope), x)], [p.x], backend)


def jax_side(p: Vector) -> Call:
    slope = jax.grad(jax.nn.softplus)

    def three(x: Any) -> Any:
        return jax.nn.softplus(x), slope(x), jax.grad(slope)(x)

    return jax_call(jax.jit(jax.vmap(three)), [jax.device_put(p.x)])


BENCHMARKS = [
    Benchmark(
        "elementwise",
        "softplus and two derivatives",
        vector,
        smallest={"n": 1000},
        full=[{"n": 1_000_000}],
        sides=[
            Side("symdiff", "outputs", symdiff_side),
            Side("jax", "outputs", jax_side),
            Side("symdiff on jax", "outputs", on_jax(symdiff_side)),
            Side("symdiff", "first outputs", at_first(symdiff_side)),
            Side("jax", "first outputs", at_first(jax_side)),
        ],
        targets=[
            Target("symdiff: outputs", 0.5, "jax: outputs"),
            Target("symdiff on jax: outputs", 1.05, "jax: outputs"),
            Target("symdiff: first outputs", 1 / 2, "jax: first outputs"),
        ],
    )
]
