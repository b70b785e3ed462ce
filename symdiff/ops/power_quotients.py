"""(x**l - 1)/l, Box and Cox's transformation written out, and its derivatives by l: right also where l is 0.

Of q(u) = (exp(u) - 1)/u and L = log(x) they are L**(k + 1)*q_k(l*L). Formulas show the quotients.
"""

from functools import partial
from typing import Any

import numpy as np

from ..op import FUNCTIONS as F
from ..op import OPS, Op, elementwise

ORDERS = 3


def _power_quotient(k: int, x: Any, l: Any) -> Any:  # noqa: E741
    positive = x > 0
    y = F["log"](F["where"](positive, x, 1))
    rest = (x**l - 1) / l if k == 0 else float("nan")
    return F["where"](positive, y ** (k + 1) * OPS[f"expm1_quotient_{k}"](l * y), rest)


def _values(k: int, x: Any, l: Any) -> Any:  # noqa: E741
    with np.errstate(all="ignore"):
        return _power_quotient(k, np.asarray(x, dtype=np.float64), np.asarray(l, dtype=np.float64))


def _shown(k: int, x: Any, l: Any) -> Any:  # noqa: E741
    """l*p has the derivatives of x**l."""
    if k == 0:
        return (x**l - 1) / l
    return (x**l * F["log"](x) ** k - k * POWER_QUOTIENTS[k - 1](x, l)) / l


def _of_sympy(k: int, s: Any, x: Any, l: Any) -> Any:  # noqa: E741
    return (x**l * s.log(x) ** k - k * _of_sympy(k - 1, s, x, l)) / l if k else (x**l - 1) / l


def _by_l(k: int, x: Any, l: Any) -> Any:  # noqa: E741
    return POWER_QUOTIENTS[k + 1](x, l) if k < ORDERS else _shown(k + 1, x, l)


def _by_x(k: int, x: Any, l: Any) -> Any:  # noqa: E741
    return F["log"](x) ** k * x ** (l - 1) if k else x ** (l - 1)


POWER_QUOTIENTS: list[Op] = []
for _k in range(ORDERS + 1):
    POWER_QUOTIENTS.append(elementwise(
        f"power_quotient_{_k}", partial(_values, _k), partial(_by_x, _k), partial(_by_l, _k), samples=(0.4, 3),
        public=False, doc=f"(x**l - 1)/l, differentiated {_k} times by l", composition=partial(_power_quotient, _k),
        textbook=partial(_shown, _k), names={"sympy": partial(_of_sympy, _k)},
    ))  # fmt: skip
