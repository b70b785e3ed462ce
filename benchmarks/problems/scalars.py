"""Scalar graphs evaluated: the recurrence on the tape, at one point and at many; its first gradient."""

import os
from typing import Any

import symdiff as sd

from ..peers import casadi, jax, jnp
from ..record import Benchmark, Side, Size, Target
from ..recurrence import (
    Recurrence,
    after,
    casadi_build,
    casadi_function,
    flat,
    jax_function,
    jax_scan,
    recurrence,
    symdiff_build,
    symdiff_function,
    symdiff_value,
)
from ..sides import Call, at_first, jax_call, on_jax


def short(size: Size) -> bool:
    return size["steps"] <= 1000


def long(size: Size) -> bool:
    return not short(size)


# --- many points ------------------------------------------------------------------------------


def symdiff_batch(p: Recurrence) -> Call:
    """Scalars called with arrays: the tape runs over all points."""
    (a, b, x), f, gradient = symdiff_build(p)()
    call, given = (
        sd.function([a, b, x], [f, *gradient], backend="tape"),
        [p.point[:, k].copy() for k in range(3)],
    )
    return lambda: call.map(*given)


def casadi_map(p: Recurrence) -> Call:
    wrt, f, gradient = casadi_build(p)()
    mapped = casadi.Function("f", [wrt], [f, gradient]).map(len(p.point), "thread", os.cpu_count() or 1)
    point = casadi.DM(p.point.T)
    return lambda: mapped(point)


def jax_vmap(p: Recurrence) -> Call:
    f = jax.value_and_grad(lambda a, b, x: after(jnp.sin, p.steps, a, b, x), (0, 1, 2))
    return jax_call(jax.jit(jax.vmap(f)), [jax.device_put(p.point[:, k]) for k in range(3)])


def mapped_numbers(p: Recurrence, result: Any) -> Any:
    value, slopes = result
    return flat(p, [value.toarray().ravel(), *slopes.toarray()])


BENCHMARKS = [
    Benchmark(
        "tape",
        "recurrence: value and gradient",
        recurrence,
        smallest={"steps": 100},
        full=[{"steps": 1000}, {"steps": 100_000}],
        sides=[
            Side("symdiff", "value and gradient", symdiff_function, values=flat),
            Side("casadi", "value and gradient", casadi_function, values=flat),
            Side("symdiff on jax", "value and gradient", on_jax(symdiff_function), values=flat, only=short),
            Side("jax", "value and gradient", jax_function, values=flat, only=short),
            Side("jax", "value and gradient by scan", jax_scan, values=flat, compared=False),
            Side("symdiff", "function", symdiff_value, compared=False),
        ],
        targets=[
            Target("symdiff: value and gradient", 0.8, "casadi: value and gradient"),
            Target("symdiff: value and gradient", 0.6, "jax: value and gradient"),
            Target("symdiff on jax: value and gradient", 1.05, "jax: value and gradient"),
            Target("symdiff: value and gradient", 0.8, "jax: value and gradient by scan", only=long),
            Target("symdiff: value and gradient", 3.0, "symdiff: function"),
        ],
        note="three ops a step. JAX can't compile the long one unrolled: its own loop, lax.scan, stands in.",
    ),
    Benchmark(
        "batch",
        "recurrence at many points",
        recurrence,
        smallest={"steps": 30, "batch": 50},
        full=[{"steps": 1000, "batch": 1000}],
        sides=[
            Side("symdiff", "value and gradient", symdiff_batch, values=flat),
            Side("casadi", "value and gradient", casadi_map, values=mapped_numbers),
            Side("jax", "value and gradient", jax_vmap, values=flat, only=lambda size: size["steps"] <= 100),
        ],
        targets=[Target("symdiff: value and gradient", 0.3, "casadi: value and gradient")],
        note="CasADi's map runs on threads, one per core. JAX would compile the long one for minutes.",
    ),
    Benchmark(
        "first",
        "time to first gradient of a scalar graph",
        recurrence,
        smallest={"steps": 100},
        full=[{"steps": 1000}, {"steps": 20_000}, {"steps": 333_333}],
        sides=[
            Side("symdiff", "first gradient", at_first(symdiff_function), values=flat),
            Side("casadi", "first gradient", at_first(casadi_function), values=flat),
            Side("jax", "first gradient", at_first(jax_function), values=flat, repeats=1, only=short),
            Side("symdiff", "build and gradient", symdiff_build, compared=False),
        ],
        targets=[
            Target("symdiff: first gradient", 1 / 100, "jax: first gradient"),
            Target("symdiff: first gradient", 0.30, "casadi: first gradient", only=short),
            Target("symdiff: first gradient", 0.32, "casadi: first gradient", only=lambda s: s["steps"] == 20_000),
            Target("symdiff: first gradient", 0.40, "casadi: first gradient", only=lambda s: s["steps"] > 20_000),
            Target("symdiff: first gradient", 1.35, "symdiff: build and gradient"),
        ],
        note="JAX's is one run, of minutes. The tape's interpreter, compiled once per machine, is warm.",
    ),
]
