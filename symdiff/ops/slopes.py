"""What the derivatives of inverse functions are made of: the sides of right triangles, as functions of their slope.

Each of a pair has a derivative of one product of both, so nothing cancels or overflows, whatever the order.
"""

from math import inf
from typing import Any

import numpy as np

from ..op import FUNCTIONS, elementwise
from .elementwise import atan, log, sin, sqrt
from .planar import hypot, imaginary_reciprocal, real_reciprocal

cos_atan = elementwise(
    "cos_atan", lambda x: 1 / np.hypot(x, 1), lambda x: -sin_atan(x) * cos_atan(x) ** 2,
    public=False, doc="1/sqrt(1 + x**2)", parity="even", limits=(0, 1, 0), image="(0, 1]", finite=True,
    composition=lambda x: 1 / hypot(x, 1),
    textbook=lambda x: 1 / sqrt(1 + x**2),
)  # fmt: skip
sin_atan = elementwise(
    "sin_atan", lambda x: _sin_atan(x), lambda x: cos_atan(x) ** 3,
    public=False, doc="x/sqrt(1 + x**2)", parity="odd", limits=(-1, 0, 1), image="(-1, 1)", finite=True,
    monotone="strictly increasing", composition=lambda x: sin(atan(x)),
    textbook=lambda x: x / sqrt(1 + x**2),
)  # fmt: skip
csch_acosh = elementwise(
    "csch_acosh", lambda x: 1 / (np.sqrt(np.abs(x) - 1) * np.sqrt(np.abs(x) + 1)),
    lambda x: -coth_acosh(x) * csch_acosh(x) ** 2,
    public=False, doc="1/sqrt(x**2 - 1)", domain=lambda x: abs(x) > 1, samples=(1.2, 3),
    parity="even", limits=(0, None, 0), image="(0, inf)",
    composition=lambda x: 1 / (sqrt(abs(x) - 1) * sqrt(abs(x) + 1)),
    textbook=lambda x: 1 / sqrt(x**2 - 1),
)  # fmt: skip
coth_acosh = elementwise(
    "coth_acosh", lambda x: x / np.sqrt(np.abs(x) - 1) / np.sqrt(np.abs(x) + 1), lambda x: -(csch_acosh(x) ** 3),
    public=False, doc="x/sqrt(x**2 - 1)", domain=lambda x: abs(x) > 1, samples=(1.2, 3), parity="odd",
    composition=lambda x: x / sqrt(abs(x) - 1) / sqrt(abs(x) + 1),
    textbook=lambda x: x / sqrt(x**2 - 1),
)  # fmt: skip
sec_asin = elementwise(
    "sec_asin", lambda x: 1 / np.sqrt((1 - x) * (1 + x)), lambda x: tan_asin(x) * sec_asin(x) ** 2,
    public=False, doc="1/sqrt(1 - x**2)", domain=lambda x: abs(x) < 1, samples=(-0.8, 0.8),
    parity="even", limits=(None, 1, None), image="[1, inf)", composition=lambda x: 1 / sqrt((1 - x) * (1 + x)),
    textbook=lambda x: 1 / sqrt(1 - x**2),
)  # fmt: skip
tan_asin = elementwise(
    "tan_asin", lambda x: x / np.sqrt((1 - x) * (1 + x)), lambda x: sec_asin(x) ** 3,
    public=False, doc="x/sqrt(1 - x**2)", domain=lambda x: abs(x) < 1, samples=(-0.8, 0.8),
    parity="odd", limits=(None, 0, None), monotone="strictly increasing",
    composition=lambda x: x / sqrt((1 - x) * (1 + x)),
    textbook=lambda x: x / sqrt(1 - x**2),
)  # fmt: skip
atan_quotient = elementwise(
    "atan_quotient", lambda y, x: np.arctan(y / x), lambda y, x: real_reciprocal(x, y),
    lambda y, x: -imaginary_reciprocal(x, y), public=False, doc="atan(y/x)",
    kink=lambda y, x: x, samples=(0.3, 2), image="[-pi/2, pi/2]", composition=lambda y, x: atan(y / x),
    textbook=lambda y, x: atan(y / x),
)  # fmt: skip
log_ratio = elementwise(
    "log_ratio", lambda x, y: np.log(x / y), lambda x, y: 1 / x, lambda x, y: -1 / y,
    domain=lambda x, y: x * y > 0, samples=(0.3, 2), public=False, doc="log(x/y)",
    composition=lambda x, y: log(x / y), textbook=lambda x, y: log(x / y),
)  # fmt: skip
for _name, _sum in (("share", lambda u, w: u + w), ("coshare", lambda u, w: w + u)):  # as the user's sum is written
    elementwise(
        _name, lambda u, w: u / (u + w),
        lambda u, w, s=_sum: w / s(u, w) / s(u, w), lambda u, w, s=_sum: -u / s(u, w) / s(u, w),
        domain=lambda u, w: FUNCTIONS["not_equal"](u + w, 0), samples=(0.3, 2), public=False, doc="u/(u + w)",
        composition=lambda u, w, s=_sum: u / s(u, w), textbook=lambda u, w, s=_sum: u / s(u, w),
    )  # fmt: skip
parallel = elementwise(
    "parallel", lambda u, w: u * (w / (u + w)), lambda u, w: (w / (u + w)) ** 2, lambda u, w: (u / (u + w)) ** 2,
    domain=lambda u, w: FUNCTIONS["not_equal"](u + w, 0), samples=(0.3, 2), public=False, commutes=True,
    doc="u*w/(u + w), of two resistances side by side", composition=lambda u, w: u * (w / (u + w)),
    textbook=lambda u, w: u * w / (u + w),
)  # fmt: skip


def _sin_atan(x: Any) -> Any:
    with np.errstate(invalid="ignore"):
        return np.where(np.abs(x) == inf, np.sign(x), x / np.hypot(x, 1))

