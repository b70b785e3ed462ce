"""The op records by theme; importing this package fills the registry."""

from ..op import OPS
from . import (
    along,
    composed,
    conditions,
    contractions,
    control,
    counting,
    elementwise,
    factorisation,
    gammas,
    guard,
    integers,
    layout,
    linalg,
    matrix_functions,
    norms,
    order,
    piecewise,
    polynomials,
    products,
    quantiles,
    rearranged,
    reductions,
    removable,
    samples,
    scan,
    singular,
    sparse,
    special,
    spectral,
    triangles,
    updates,
)  # fmt: skip

LIBRARY = tuple(OPS)  # the records that the library brings, which are what their names say

__all__ = [
    "LIBRARY", "along", "composed", "conditions", "contractions", "control", "counting", "elementwise", "factorisation",
    "gammas", "guard", "integers", "layout", "linalg", "matrix_functions", "norms", "order", "piecewise", "polynomials",
    "products", "quantiles", "rearranged", "reductions", "removable", "samples", "scan", "singular", "sparse",
    "special", "spectral", "triangles", "updates",
]  # fmt: skip
