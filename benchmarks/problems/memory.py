"""A chain of many layers, its gradient with all of its memory and with a tenth of it."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

import symdiff as sd

from ..record import Benchmark, Side, Target
from ..sides import Call


class Chain(NamedTuple):
    """``z = sin(z)*x``, so many times, of a vector."""

    layers: int
    x: np.ndarray


def chain(layers: int, n: int) -> Chain:
    return Chain(layers, np.random.default_rng(0).uniform(size=n))


ALL = 1 << 50  # bytes: no limit, but a planned peak


def gradient(p: Chain, limit: int = ALL) -> Any:
    x = z = sd.Graph().variable("x", "n")
    for _ in range(p.layers):
        z = sd.sin(z) * x
    f = sd.function([x], sd.grad(sd.sum(z), x), backend="numpy", memory_limit=limit)
    f(p.x)
    return f


def limited(p: Chain) -> Any:
    """With a tenth of the memory that it would take."""
    return gradient(p, (gradient(p).planned_peak or 0) // 10)


def call_of(made: Callable[[Chain], Any]) -> Callable[[Chain], Call]:
    def prepared(p: Chain) -> Call:
        f = made(p)
        return lambda: f(p.x)

    return prepared


def peak_of(made: Callable[[Chain], Any]) -> Callable[[Chain], Call]:
    return lambda p: lambda: made(p).planned_peak


BENCHMARKS = [
    Benchmark(
        "memory",
        "gradient of a chain of layers with a tenth of its memory",
        chain,
        smallest={"layers": 300, "n": 100},
        full=[{"layers": 10_000, "n": 4000}],
        sides=[
            Side("symdiff", "gradient", call_of(gradient)),
            Side("symdiff limited", "gradient", call_of(limited)),
            Side("symdiff", "planned peak", peak_of(gradient), unit="bytes", timed=False),
            Side("symdiff limited", "planned peak", peak_of(limited), unit="bytes", timed=False),
        ],
        targets=[
            Target("symdiff limited: gradient", 2.0, "symdiff: gradient"),
            Target("symdiff limited: planned peak", 1 / 10, "symdiff: planned peak"),
        ],
        note="the peak is of intermediate results, as planned; with all of the memory nothing is computed twice.",
    )
]
