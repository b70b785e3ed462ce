"""Regularised logistic regression: every large input should be read once, and nothing of its size be made."""

import statistics
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.optimize

import symdiff as sd

from ..models import LOGISTIC
from ..peers import jax, namespace
from ..record import Benchmark, Side, Target
from ..sides import Call, Problem, problem_of, symdiff_gradient, symdiff_model, tensor_benchmark
from ..timing import seconds

TEXT = "sum(log(1 + exp(-y * (X @ w)))) + 0.005 * w @ w"
OPTIONS = {"xtol": 1e-8}
TIMES = 5


def one_read(p: Problem) -> Call:
    """One plain read of X, the machine's limit."""
    return p.arrays["X"].sum


# --- solved by scipy --------------------------------------------------------------------------


def symdiff_solution(p: Problem) -> Call:
    """From the text to the minimum."""

    def solve() -> Any:
        f = sd.parse(TEXT, **LOGISTIC.shapes)
        problem = sd.to_scipy(f, "w", at=p.arrays)
        return scipy.optimize.minimize(**problem.arguments("Newton-CG"), options=OPTIONS).x

    return solve


def jax_solution(p: Problem) -> Call:
    """With jitted functions, compiled anew as in a new process."""

    def solve() -> Any:
        jax.clear_caches()
        xp = namespace("jax")
        X, y = (jax.device_put(p.arrays[k]) for k in ("X", "y"))

        def f(w: Any, X: Any, y: Any) -> Any:
            return LOGISTIC.function(xp, X=X, y=y, w=w)

        value_and_grad = jax.jit(jax.value_and_grad(f))
        hvp = jax.jit(lambda w, v, X, y: jax.jvp(lambda w: jax.grad(f)(w, X, y), (w,), (v,))[1])
        return scipy.optimize.minimize(
            lambda w: [np.asarray(r) for r in value_and_grad(w, X, y)], p.arrays["w"], jac=True, method="Newton-CG",
            hessp=lambda w, v: np.asarray(hvp(w, v, X, y)), options=OPTIONS,
        ).x  # fmt: skip

    return solve


# --- the operator -----------------------------------------------------------------------------


def beyond_a_gradient(p: Problem) -> Callable[[], float]:
    """Seconds for an operator of a new expression, less those of a gradient of a function that is warm."""

    def measure() -> float:
        gradient = symdiff_gradient(p)
        gradient()
        made, once = [], []
        for _ in range(TIMES):
            inputs, value = symdiff_model(p)
            at = dict(zip(inputs, p.arrays.values(), strict=True))
            made.append(seconds(lambda: sd.HessianOperator(value, "w", at=at)))  # noqa: B023
            once.append(seconds(gradient))
        return statistics.median(made) - statistics.median(once)

    return measure


def share_of_data(p: Problem) -> Callable[[], float]:
    """The most memory that a solution has beside the data, over the data's own."""

    def measure() -> float:
        solve = symdiff_solution(p)
        tracemalloc.start()
        solve()
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return peak / sum(a.nbytes for a in p.arrays.values())

    return measure


BENCHMARKS = [
    tensor_benchmark(
        "logistic",
        "logistic regression",
        LOGISTIC,
        {"n": 400, "d": 20},
        [{"n": 200_000, "d": 200}],
        gradient=[("jax", 0.65)],
        hvp=0.55,
        sides=[Side("numpy", "X.sum()", one_read)],
        targets=[Target("symdiff: Hv", 1.6, "numpy: X.sum()")],
    ),
    Benchmark(
        "logistic_solution",
        "logistic regression by Newton-CG, from the text to the minimum",
        problem_of(LOGISTIC),
        {"n": 400, "d": 20},
        [{"n": 200_000, "d": 200}],
        sides=[
            Side("symdiff", "solution", symdiff_solution, repeats=5),
            Side("jax", "solution", jax_solution, repeats=5),
            Side("symdiff", "operator beyond a gradient", beyond_a_gradient, timed=False),
            Side("symdiff", "memory beside the data", share_of_data, unit="", timed=False),
        ],
        targets=[
            Target("symdiff: solution", 0.5, "jax: solution"),
            Target("symdiff: operator beyond a gradient", 0.1),
            Target("symdiff: memory beside the data", 0.1),
        ],
        rtol=1e-5,
    ),
]
