"""The op records by theme; importing this package fills the registry."""

from ..op import OPS
from . import (
    along,
    bessel,
    composed,
    conditions,
    contractions,
    control,
    counting,
    distributions,
    elementwise,
    factorisation,
    gammas,
    guard,
    integers,
    integrals,
    layout,
    linalg,
    matrix_functions,
    norms,
    order,
    orthogonal,
    percentiles,
    piecewise,
    planar,
    polynomials,
    products,
    quantiles,
    readings,
    rearranged,
    reductions,
    removable,
    samples,
    scan,
    singular,
    slopes,
    sparse,
    special,
    spectral,
    triangles,
    updates,
)  # fmt: skip

LIBRARY = tuple(OPS)  # the records that the library brings, which are what their names say

__all__ = [
    "LIBRARY", "along", "bessel", "composed", "conditions", "contractions", "control", "counting",
    "distributions", "elementwise", "factorisation", "gammas", "guard", "integers", "integrals", "layout",
    "linalg", "matrix_functions", "norms", "order", "orthogonal", "percentiles", "piecewise", "planar", "polynomials",
    "products", "quantiles", "readings", "rearranged", "reductions", "removable", "samples", "scan", "singular",
    "slopes", "sparse", "special", "spectral", "triangles", "updates",
]  # fmt: skip
