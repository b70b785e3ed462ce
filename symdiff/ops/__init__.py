"""The op records by theme; importing this package fills the registry."""

from . import composed, control, elementwise, layout, linalg, matrix_functions, order, piecewise, products, special, spectral

__all__ = ["composed", "control", "elementwise", "layout", "linalg", "matrix_functions", "order", "piecewise", "products", "special", "spectral"]
