"""Build and differentiate a scalar graph from Python: per op, with size, in memory, twice, with sharing."""

import tracemalloc
from typing import Any, NamedTuple

import symdiff as sd

from ..record import Benchmark, Side, Size, Target
from ..recurrence import (
    Recurrence,
    casadi_build,
    casadi_numbers,
    jax_build,
    pytensor_build,
    recurrence,
    symdiff_build,
    symdiff_numbers,
)
from ..sides import Call


def short(size: Size) -> bool:
    return size["steps"] <= 1000


NODES = 8  # of a step and its derivatives


class Lengths(NamedTuple):
    """A short and a long recurrence, and one that is differentiated twice."""

    short: Recurrence
    long: Recurrence
    second: Recurrence


def lengths(short: int, long: int, second: int) -> Lengths:
    return Lengths(recurrence(short // NODES), recurrence(long // NODES), recurrence(second))


def bytes_per_node(p: Lengths) -> Call:
    def measured() -> float:
        tracemalloc.start()
        _, f, _ = symdiff_build(p.long)()
        held = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        return held / len(f.graph)

    return measured


def second_order(p: Lengths) -> Call:
    def build() -> Any:
        (_, b, _), f, gradient = symdiff_build(p.second)()
        return f.graph.build_grad(gradient[1], b)

    return build


def sharing(times: int, orders: int) -> tuple[int, int]:
    return times, orders


def shared(p: tuple[int, int]) -> Call:
    times, orders = p

    def build() -> Any:
        x = z = sd.Graph().variable("z")
        for _ in range(times):
            z = sd.sin(z) * z
        for _ in range(orders):
            z = sd.grad(z, x)
        return len(z.graph)

    return build


BENCHMARKS = [
    Benchmark(
        "build",
        "recurrence: build and differentiate from Python",
        recurrence,
        smallest={"steps": 1000, "ops": 3000},
        full=[{"steps": n, "ops": 3 * n} for n in (1000, 10_000, 100_000, 300_000)],
        sides=[
            Side("symdiff", "build", symdiff_build, unit="s/op", per="ops", values=symdiff_numbers),
            Side("casadi", "build", casadi_build, unit="s/op", per="ops", values=casadi_numbers),
            Side("jax", "build", jax_build, unit="s/op", per="ops", only=short, compared=False),
            Side("pytensor", "build", pytensor_build, unit="s/op", per="ops", only=short, compared=False),
        ],
        targets=[
            Target("symdiff: build", 1 / 3, "casadi: build"),
            Target("symdiff: build", 1 / 30, "jax: build"),
            Target("symdiff: build", 1 / 100, "pytensor: build"),
        ],
        plot="ops",
        note="JAX: make_jaxpr(value_and_grad(f)); PyTensor: pytensor.grad.",
    ),
    Benchmark(
        "growth",
        "recurrence: growth with size",
        lengths,
        smallest={"short": 2000, "long": 20_000, "second": 200},
        full=[{"short": 10_000, "long": 1_000_000, "second": 100_000}],
        sides=[
            Side(
                "symdiff",
                "a short one",
                lambda p: symdiff_build(p.short),
                unit="s/node",
                per="short",
                compared=False,
            ),
            Side(
                "symdiff",
                "a long one",
                lambda p: symdiff_build(p.long),
                unit="s/node",
                per="long",
                compared=False,
            ),
            Side("symdiff", "bytes per node", bytes_per_node, unit="bytes", timed=False),
            Side(
                "symdiff",
                "second order",
                second_order,
                unit="s/step",
                per="second",
                compared=False,
                repeats=3,
            ),
        ],
        targets=[
            Target("symdiff: a long one", 1.5, "symdiff: a short one"),
            Target("symdiff: bytes per node", 700),
        ],
    ),
    Benchmark(
        "sharing",
        "z = sin(z)*z, three derivatives",
        sharing,
        smallest={"times": 20, "orders": 2},
        full=[{"times": 60, "orders": 3}],
        sides=[Side("symdiff", "build", shared, compared=False)],
        targets=[Target("symdiff: build", 1.0)],
    ),
]
