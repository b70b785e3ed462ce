"""Lengths and angles of points (x, y) of the plane, and what their derivatives are made of."""

from math import inf
from typing import Any

import numpy as np

from ..op import FUNCTIONS, elementwise
from .elementwise import safe_divide, safe_quotient, sqrt

hypot = elementwise(
    "hypot", np.hypot, lambda x, y: direction(x, y), lambda x, y: codirection(x, y),
    kink=lambda x, y: hypot(x, y), samples=(0.3, 2), doc="sqrt(x**2 + y**2), without overflow",
    image="[0, inf)", facts=lambda g, n, of: ["positive"] if "nonzero" in of[0] | of[1] else [], commutes=True,
    names={"libm": "hypot", "sympy": lambda s, x, y: s.sqrt(x**2 + y**2)}, composition=lambda x, y: _scaled_norm(x, y),
)  # fmt: skip
direction = elementwise(
    "direction", lambda x, y: safe_quotient(x, np.hypot(x, y)),
    lambda x, y: safe_divide(codirection(x, y) ** 2, hypot(x, y)),  # 1 - direction(x, y)**2 cancels
    lambda x, y: -safe_divide(direction(x, y) * codirection(x, y), hypot(x, y)),
    kink=lambda x, y: hypot(x, y), samples=(0.3, 2), public=False, doc="x/hypot(x, y), and 0 at the origin",
    composition=lambda x, y: safe_divide(x, hypot(x, y)), textbook=lambda x, y: safe_divide(x, hypot(x, y)),
)  # fmt: skip
codirection = elementwise(
    "codirection", lambda x, y: direction(y, x),
    lambda x, y: -safe_divide(direction(x, y) * codirection(x, y), hypot(x, y)),
    lambda x, y: safe_divide(direction(x, y) ** 2, hypot(x, y)),
    kink=lambda x, y: hypot(x, y), samples=(0.3, 2), public=False, doc="y/hypot(x, y), and 0 at the origin",
    composition=lambda x, y: direction(y, x), textbook=lambda x, y: safe_divide(y, hypot(x, y)),
)  # fmt: skip
real_reciprocal = elementwise(
    "real_reciprocal", lambda x, y: x / np.hypot(x, y) / np.hypot(x, y),
    lambda x, y: imaginary_reciprocal(x, y) ** 2 - real_reciprocal(x, y) ** 2,
    lambda x, y: -2 * real_reciprocal(x, y) * imaginary_reciprocal(x, y),
    kink=lambda x, y: hypot(x, y), samples=(0.3, 2), public=False,
    doc="x/(x**2 + y**2), the real part of 1/(x - i*y)",
    composition=lambda x, y: x / hypot(x, y) / hypot(x, y), textbook=lambda x, y: x / (x**2 + y**2),
)  # fmt: skip
imaginary_reciprocal = elementwise(
    "imaginary_reciprocal", lambda x, y: real_reciprocal(y, x),
    lambda x, y: -2 * real_reciprocal(x, y) * imaginary_reciprocal(x, y),
    lambda x, y: real_reciprocal(x, y) ** 2 - imaginary_reciprocal(x, y) ** 2,
    kink=lambda x, y: hypot(x, y), samples=(0.3, 2), public=False,
    doc="y/(x**2 + y**2), the imaginary part of 1/(x - i*y)",
    composition=lambda x, y: real_reciprocal(y, x), textbook=lambda x, y: y / (x**2 + y**2),
)  # fmt: skip
atan2 = elementwise(
    "atan2", np.arctan2, lambda y, x: real_reciprocal(x, y), lambda y, x: -imaginary_reciprocal(x, y),
    kink=lambda y, x: hypot(x, y), samples=(0.3, 2), aliases=("arctan2",),
    doc="the angle of the point (x, y), operands in the order (y, x)",
    image="[-pi, pi]", finite=True, names={"libm": "atan2"}, latex=r"\operatorname{arctan2}",
)  # fmt: skip


def _scaled_norm(x: Any, y: Any) -> Any:
    """m*sqrt((x/m)**2 + (y/m)**2), m = max(abs(x), abs(y))"""
    where, largest = FUNCTIONS["where"], FUNCTIONS["maximum"](abs(x), abs(y))
    scale = where((largest > 0) & (largest < inf), largest, 1)
    infinite = (abs(x) == inf) | (abs(y) == inf)
    return where(infinite, inf, scale * sqrt((x / scale) ** 2 + (y / scale) ** 2))
