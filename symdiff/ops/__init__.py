"""The op records by theme; importing this package fills the registry."""

from . import control, elementwise, layout, order, piecewise, products, special

__all__ = ["control", "elementwise", "layout", "order", "piecewise", "products", "special"]
