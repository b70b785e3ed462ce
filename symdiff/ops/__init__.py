"""The op records by theme; importing this package fills the registry."""

from . import (
    composed,
    control,
    elementwise,
    factorisation,
    layout,
    linalg,
    matrix_functions,
    order,
    piecewise,
    products,
    singular,
    special,
    spectral,
)  # fmt: skip

__all__ = [
    "composed", "control", "elementwise", "factorisation", "layout", "linalg", "matrix_functions", "order",
    "piecewise", "products", "singular", "special", "spectral",
]  # fmt: skip
