"""Regularised logistic regression: every large input should be read once."""

from ..models import LOGISTIC
from ..record import Side, Target
from ..sides import Call, Problem, tensor_benchmark


def one_read(p: Problem) -> Call:
    """One plain read of X, the machine's limit."""
    return p.arrays["X"].sum


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
    )
]
