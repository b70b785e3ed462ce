"""ADBench's LSTM, unrolled: thousands of instructions on small arrays, where the cost of a call dominates."""

from ..models import LSTM
from ..sides import tensor_benchmark

BENCHMARKS = [
    tensor_benchmark(
        "lstm",
        "LSTM unrolled (ADBench)",
        LSTM,
        {"layers": 2, "width": 3, "steps": 3},
        [{"layers": 2, "width": 14, "steps": 31}],
        gradient=[("jax", 0.5)],
        first=1 / 200,
        first_repeats=1,
        note="JAX's first gradient is one run: its compilation takes minutes.",
    )
]
