"""The op records by theme; importing this package fills the registry."""

from . import (
    along,
    composed,
    contractions,
    control,
    elementwise,
    factorisation,
    layout,
    linalg,
    matrix_functions,
    order,
    piecewise,
    products,
    samples,
    scan,
    singular,
    special,
    spectral,
    triangles,
)  # fmt: skip

__all__ = [
    "along", "composed", "contractions", "control", "elementwise", "factorisation", "layout", "linalg",
    "matrix_functions", "order", "piecewise", "products", "samples", "scan", "singular", "special", "spectral",
    "triangles",
]  # fmt: skip
