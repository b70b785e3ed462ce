"""Integrals as forms."""

from .. import constants
from ..ops.quadrature import INTEGRAL
from .forms import Form
from .normalize import Lowered, lowers


@lowers(INTEGRAL)
def _integral(low: Lowered, n: int, args: list[Form], params: tuple) -> Form:
    """Linear in the integrand: a number stands before it."""
    f, *rest = args[:4]
    c = next(iter(f.terms.values())) if len(f.terms) == 1 and f.number is None else 1
    inner = low.function(INTEGRAL.name, [low.normal.scale(constants.divide(1, c), f), *rest], (), ())
    return low.normal.scale(c, inner)
