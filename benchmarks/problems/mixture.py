"""ADBench's Gaussian mixture."""

from ..models import MIXTURE
from ..sides import tensor_benchmark

BENCHMARKS = [
    tensor_benchmark(
        "mixture",
        "Gaussian mixture (ADBench)",
        MIXTURE,
        {"n": 20, "d": 3, "K": 4},
        [{"n": 1000, "d": 10, "K": 25}, {"n": 10_000, "d": 20, "K": 50}],
        gradient=[("jax", 1.0), ("torch", 0.6)],
    )
]
