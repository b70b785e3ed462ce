"""Where special functions are compared with mpmath: the points of each operand, and mpmath's function."""

from typing import Any

import mpmath as mp
import numpy as np

from .test_ops import MPMATH
from .test_special_functions import ORACLES as NEWER


def _both(half: Any) -> np.ndarray:
    half = np.unique(half)
    return np.concatenate([-half[::-1], [0.0], half])


NEAR = 1 + np.array([-1e-1, -1e-3, -1e-8, -1e-15, 0, 1e-15, 1e-8, 1e-3, 1e-1])
MIDDLE = np.array([0.2, 0.5, 1.5, 2.0, 2.7, 3.3, 5.0, 8.0, 12.2, 19.5, 26.0, 37.0, 60.3, 100.5, 350.0, 700.0])
SMALL, LARGE = 10.0 ** np.linspace(-12, 0, 13), 10.0 ** np.linspace(3, 6, 7)
HALF = np.concatenate([10.0 ** np.linspace(-290, -14, 12), SMALL, NEAR, MIDDLE, LARGE, 10.0 ** np.linspace(8, 290, 12)])
LINE = _both(HALF)
HALF_FEW = np.concatenate([[1e-60, 1e-30, 1e-9, 1e-4, 1e-2], NEAR[::2], MIDDLE, [1e3, 1e5]])
FEW = _both(HALF_FEW)  # where mpmath is slow far out
UNIT = np.unique(np.concatenate([[1e-200, 1e-30], SMALL[:-1], 1 - SMALL[:-1], np.linspace(0.05, 0.95, 19)]))
INSIDE = np.unique(np.concatenate([-UNIT, [0.0], UNIT]))
SHAPE = np.array([1e-3, 0.1, 0.5, 1.0, 2.5, 7.3, 30.0, 200.0])  # parameters of distributions
SIDE = np.array([1e-30, 1e-9, 1e-3, 0.4, 1.0, 2.5, 7.3, 30.0, 300.0, 1e5])
PROBABILITY = np.array([1e-30, 1e-9, 1e-3, 0.1, 0.4, 0.5, 0.7, 0.9, 0.999, 1 - 1e-9])
ORDERS = [0, 1, 2, 5, 0.5, 1.7]
WHOLE = [0, 1, 2, 5]

RANGES: dict[str, list[Any]] = {
    **{name: [LINE] for name in [
        "erf", "erfc", "erfi", "erfcx", "log_erfc", "dawsn", "ndtr", "log_ndtr", "gamma", "gammaln", "digamma",
        "rgamma", "entr", "sinc", "Si", "Ci", "Shi", "Chi", "expi", "exp1", "spence", "lambertw", "ellipk", "ellipe",
        "ndtri_exp", "wrightomega",
    ]},
    **{name: [FEW] for name in [
        "j0", "j1", "i0", "i1", "i0e", "i1e", "fresnels", "fresnelc", "airyai",
        "airybi", "airyaiprime", "airybiprime",
    ]},
    **{name: [HALF_FEW[2:]] for name in ["y0", "y1", "k0", "k1", "k0e", "k1e"]},
    **{name: [FEW[abs(FEW) < 100]] for name in ["ber", "bei"]},
    **{name: [HALF_FEW[[3, 4, 7, 10, 13, 16]]] for name in ["ker", "kei"]},
    "erfinv": [INSIDE],
    **{name: [UNIT] for name in ["ndtri", "ellipkm1"]},
    "erfcinv": [np.concatenate([UNIT, 2 - UNIT[5:]])], "lambertwm1": [-UNIT * np.exp(-1)],
    **{name: [SIDE, SIDE] for name in ["betaln", "beta", "xlogy", "xlog1py", "rel_entr", "binom", "poch", "elliprc"]},
    **{name: [ORDERS, HALF_FEW] for name in ["jv", "iv", "ive", "struve", "modstruve"]},
    "yv": [[0, 1, 2, 0.5, 1.7], HALF_FEW[3:]],
    **{name: [[0, 1, 0.5, 1.7], HALF_FEW[[4, 8, 11, 13, 16, 20, 25]]] for name in ["kv", "kve"]},
    **{name: [WHOLE, HALF_FEW] for name in [
        "spherical_jn", "spherical_in", "spherical_yn", "spherical_kn", "expn",
    ]},
    "polygamma": [[0, 1, 2, 5], np.concatenate([[-26.4, -8.2, -2.7, -1.5, -0.3], HALF_FEW[2:-2]])],
    "hurwitz": [[1.5, 2, 5, 20], SIDE],
    "gammainc": [SHAPE, SIDE], "gammaincc": [SHAPE[1::2], SIDE[2:-1]],
    "betainc": [SHAPE[[1, 2, 4, 6]], SHAPE[[1, 2, 4, 6]], PROBABILITY],
    "betaincc": [SHAPE[[1, 4]], SHAPE[[1, 4, 6]], PROBABILITY[2:]],
    "stdtr": [SHAPE[2:], _both(SIDE[:-1])],
    **{name: [SHAPE[2:6], PROBABILITY[2:-2]] for name in ["stdtrit"]},
    **{name: [_both([1e-8, 1e-3, 0.4, 1.2, 1.5]), np.concatenate([-SIDE, PROBABILITY])]
       for name in ["ellipkinc", "ellipeinc"]},
    "elliptic_pi": [[-30, -1, 1e-3, 0.4, 0.9], [-30, -1, 1e-9, 0.1, 0.7]],
    "hyp0f1": [[0.7, 2, 5.5], FEW], "hyp1f1": [[0.7, 2], [1.3, 3], _both(HALF_FEW[HALF_FEW < 600])],
    "hyp2f1": [[0.7, 2], [1.3], [2.5, 4], INSIDE], "hyperu": [[0.7, 2], [1.3], HALF_FEW[HALF_FEW < 600]],
    "owens_t": [_both([1e-3, 0.4, 2.5]), [-1, 1e-3, 0.4, 2.5]],
    **{name: [_both([1e-9, 1e-3, 0.4, 2.5, 30, 1e5])[[*range(6), *range(7, 13)]], *[[1e-3, 0.4, 2.5, 30]] * 2]
       for name in ["voigt_profile", "voigt_dispersion"]},
    **{name: [[1e-9, 0.4, 1, 30]] * 3 for name in ["elliprf", "elliprg"]},
}  # fmt: skip

SATURATED = {  # 1 and something as small as doubles are
    "erf", "erfc", "ndtr", "log_ndtr", "log_erfc", "wrightomega", "gammainc", "gammaincc", "betainc", "betaincc",
    "stdtr",
}  # fmt: skip
ORACLES = MPMATH | {name: f for name, (f, *_) in NEWER.items()} | {
    "gammaln": lambda x: mp.re(mp.loggamma(x)), "hurwitz": mp.zeta,
    "spence": lambda x: mp.polylog(2, 1 - x),
}  # fmt: skip
BEYOND = {  # what is not within the bound, and why
    "beta": "the mixed derivative beside 0, where terms of 1/a**2 cancel down to zeta(2)*2",
    "binom": "second derivatives where binom overflows are nan, not inf",
    "poch": "second derivatives where poch overflows are nan, not inf; z and m beside 0",
    "ive": "the second derivative beyond 1e4 is a difference of neighbouring orders",
    "spherical_yn": "the second derivative where the function overflows is nan, not -inf",
    "ellipkinc": "by m beside m*sin(phi)**2 = 0, where the integrals are subtracted",
    "ellipeinc": "as ellipkinc",
    "elliptic_pi": "by m and n beside n = m",
    "hyp2f1": "scipy's own values", "hyperu": "scipy's own values",
}  # fmt: skip
