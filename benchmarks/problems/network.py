"""A two-layer network with softmax cross-entropy: matrix products and what is between them."""

from ..models import NETWORK
from ..sides import tensor_benchmark

BENCHMARKS = [
    tensor_benchmark(
        "network",
        "two-layer network",
        NETWORK,
        {"batch": 16, "inputs": 20, "hidden": 8, "classes": 4},
        [{"batch": 128, "inputs": 784, "hidden": 256, "classes": 10}],
        gradient=[("jax", 1.0)],
        hvp=0.8,
    )
]
