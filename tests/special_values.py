"""(op, point) -> value, first and second derivative, and why: the conventions where calculus alone does not
decide.

`derivative` and `second` are those of the function of one variable; for a vector of a scalar-valued function
they are the gradient and the Hessian; None: not stated.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import mpmath as mp
import numpy as np

import symdiff as sd
from symdiff.op import FUNCTIONS, OPS

INF, NAN = np.inf, np.nan


class Special(NamedTuple):
    name: str
    f: Callable[[Any], Any]
    at: Any
    value: Any
    derivative: Any
    second: Any
    why: str


def _matrix(*rows: Any) -> np.ndarray:
    return np.array(rows, dtype=float)


F = FUNCTIONS
TIES = [
    Special("maximum", lambda x: sd.maximum(x, 1), 1.0, 1, 0.5, 0, "ties split evenly"),
    Special("minimum", lambda x: sd.minimum(x, 1), 1.0, 1, 0.5, 0, "ties split evenly"),
    Special("maximum(x, -x)", lambda x: sd.maximum(x, -x), 0.0, 0, 0, 0, "1/2 of each slope: that of abs"),
    Special("maximum(x, x)", lambda x: sd.maximum(x, x), 0.3, 0.3, 1, 0, "both halves come together"),
    Special("maximum of nan", lambda x: sd.maximum(x, 1), NAN, NAN, 0, 0, "nan is neither larger nor equal"),
    Special("fmax of nan", lambda x: F["fmax"](x, 1), NAN, 1, 0, 0, "the number"),
    Special("fmin of nan", lambda x: F["fmin"](NAN, x), 2.0, 2, 1, 0, "the number"),
    Special("max", F["max"], [1.0, 3.0, 3.0], 3, [0, 0.5, 0.5], np.zeros((3, 3)), "ties split evenly"),
    Special("min", F["min"], [2.0, 2.0, 2.0], 2, [1 / 3] * 3, np.zeros((3, 3)), "ties split evenly"),
    Special(
        "max of infinities",
        F["max"],
        [INF, 1.0, INF],
        INF,
        [0.5, 0, 0.5],
        np.zeros((3, 3)),
        "ties split evenly",
    ),
    Special(
        "max of squares",
        lambda x: F["max"](x**2),
        [-2.0, 2.0],
        4,
        [-2, 2],
        np.diag([1.0, 1.0]),
        "half of each",
    ),
    Special(
        "norm_inf", F["norm_inf"], [-2.0, 2.0, 1.0], 2, [-0.5, 0.5, 0], np.zeros((3, 3)), "ties split evenly"
    ),
    Special(
        "median of a tie",
        lambda x: F["sort"](x)[1],
        [2.0, 1.0, 1.0],
        1,
        [0, 0, 1],
        np.zeros((3, 3)),
        "stable order",
    ),
]
KINKS = [
    Special("abs", sd.abs, 0.0, 0, 0, 0, "the middle of -1 and 1"),
    Special("abs(-0.0)", sd.abs, -0.0, 0, 0, 0, "as at 0"),
    Special("sign", sd.sign, 0.0, 0, 0, 0, "piecewise constant"),
    Special("relu", sd.relu, 0.0, 0, 0, 0, "the side of 0"),
    Special("relu of inf", sd.relu, INF, INF, 1, 0, "the slope of the side"),
    Special("heaviside", F["heaviside"], 0.0, 0.5, 0, 0, "the middle; piecewise constant"),
    Special("clip at a bound", lambda x: sd.clip(x, 0, 1), 1.0, 1, 0.5, 0, "a tie of minimum"),
    Special("clip below", lambda x: sd.clip(x, 0, 1), -1.0, 0, 0, 0, "constant there"),
    Special("clip between equal bounds", lambda x: sd.clip(x, 1, 1), 1.0, 1, 0.25, 0, "two ties"),
    Special("floor", sd.floor, 2.0, 2, 0, 0, "piecewise constant"),
    Special("round to even", sd.round, 2.5, 2, 0, 0, "numpy's rounding"),
    Special("norm2", sd.norm2, [0.0, 0.0], 0, [0, 0], np.zeros((2, 2)), "norm'(0) = 0"),
    Special("std", F["std"], [2.0, 2.0], 0, [0, 0], None, "as norm2: 0 where all entries are equal"),
    Special("norm2 squared", lambda x: sd.norm2(x) ** 2, [0.0, 0.0], 0, [0, 0], 2 * np.eye(2), "x @ x"),
    Special("hypot", lambda x: sd.hypot(x[0], x[1]), [0.0, 0.0], 0, [0, 0], np.zeros((2, 2)), "a norm"),
    Special(
        "hypot without overflow",
        lambda x: sd.hypot(x, 1e200),
        1e200,
        np.sqrt(2) * 1e200,
        np.sqrt(0.5),
        None,
        "numpy's",
    ),
    Special("atan2", lambda x: sd.atan2(x[0], x[1]), [0.0, 0.0], 0, [NAN, NAN], None, "no derivative exists"),
    Special("cbrt", F["cbrt"], 0.0, 0, INF, None, "a vertical tangent"),
]
POWERS = [
    Special("sqrt", sd.sqrt, 0.0, 0, INF, -INF, "a vertical tangent"),
    Special("x**0", lambda x: x**0, 0.0, 1, 0, 0, "a constant"),
    Special("x**0 of nan", lambda x: x**0, NAN, 1, 0, 0, "a constant"),
    Special("x**1", lambda x: x**1, 0.0, 0, 1, 0, "x itself"),
    Special("x**2", lambda x: x**2, 0.0, 0, 0, 2, "a polynomial"),
    Special("x**3", lambda x: x**3, 0.0, 0, 0, 0, "a polynomial"),
    Special("x**3 below 0", lambda x: x**3, -2.0, -8, 12, -12, "a polynomial"),
    Special("x**0.5", lambda x: x**0.5, 0.0, 0, INF, -INF, "sqrt"),
    Special("x**1.5", lambda x: x**1.5, 0.0, 0, 0, INF, "a power"),
    Special("x**-1", lambda x: x**-1, 0.0, INF, -INF, INF, "a pole"),
    Special("2**x", lambda x: 2**x, 0.0, 1, np.log(2), np.log(2) ** 2, "exp(x*log(2))"),
    Special("0**x", lambda x: 0**x, 2.0, 0, 0, None, "0 near there"),
    Special("array exponents", lambda x: sd.sum(x ** np.arange(4)), 0.0, 1, 1, 2,
        "the polynomial 1 + x + x**2 + x**3"),
    Special("array exponents of floats", lambda x: sd.sum(x ** np.arange(4.0)), 0.0, 1, 1, 2,
        "the same polynomial"),
    Special("prod, no zero", F["prod"], [2.0, 3.0, 5.0], 30, [15, 10, 6],
        _matrix([0, 5, 3], [5, 0, 2], [3, 2, 0]), "product rule"),
    Special("prod, one zero", F["prod"], [0.0, 3.0, 5.0], 0, [15, 0, 0],
        _matrix([0, 5, 3], [5, 0, 0], [3, 0, 0]), "product rule"),
    Special("prod, two zeros", F["prod"], [0.0, 0.0, 5.0], 0, [0, 0, 0],
        _matrix([0, 5, 0], [5, 0, 0], [0, 0, 0]), "product rule"),
    Special("running product", lambda x: sd.sum(sd.cumulative_prod(x)), [2.0, 0.0, 3.0], 2, [1, 8, 0],
            _matrix([0, 4, 0], [4, 0, 2], [0, 2, 0]), "product rule"),
]  # fmt: skip
LOGARITHMS = [
    Special("log", sd.log, 0.0, -INF, INF, -INF, "a pole"),
    Special("xlogy in x", lambda x: F["xlogy"](x, 0.0), 0.0, 0, -INF, None, "log(0)"),
    Special("xlogy in y", lambda y: F["xlogy"](0.0, y), 0.0, 0, 0, 0, "0*log(y) is 0 for every y"),
    Special("xlog1py in y", lambda y: F["xlog1py"](0.0, y), -1.0, 0, 0, 0, "0*log1p(y) is 0 for every y"),
    Special("entr", F["entr"], 0.0, 0, INF, -INF, "-log(0) - 1"),
    Special("logsumexp with -inf", F["logsumexp"], [-INF, 0.0], 0, [0, 1], np.zeros((2, 2)), "softmax"),
    Special("logsumexp without overflow", F["logsumexp"], [1000.0, 1000.0], 1000 + np.log(2), [0.5, 0.5],
            _matrix([0.25, -0.25], [-0.25, 0.25]), "softmax"),
    Special("softmax with -inf", lambda x: sd.softmax(x)[1], [-INF, 0.0], 1, [0, 0], np.zeros((2, 2)),
        "exp(-inf) = 0"),
    Special("log_softmax", lambda x: sd.log_softmax(x)[1], [1000.0, -1000.0], -2000, [-1, 1],
        np.zeros((2, 2)), "no overflow"),
    Special("log_softmax far away", lambda x: sd.log_softmax(x)[0], [1e17, 1e17], -np.log(2), [0.5, -0.5],
        None, "the entries' differences count"),
    Special("sigmoid far right", sd.sigmoid, 1000.0, 1, 0, 0, "no overflow"),
    Special("sigmoid far left", sd.sigmoid, -1000.0, 0, 0, 0, "no overflow"),
    Special("softplus far right", sd.softplus, 1000.0, 1000, 1, 0, "no overflow"),
    Special("softplus far left", sd.softplus, -1000.0, 0, 0, 0, "no overflow"),
    Special("logaddexp", lambda x: F["logaddexp"](x, -INF), 3.0, 3, 1, 0, "log(exp(3) + 0)"),
    Special("tanh far right", sd.tanh, 1000.0, 1, 0, 0, "no overflow"),
    Special("expm1 near 0", sd.expm1, 1e-20, 1e-20, 1, 1, "no cancellation"),
]  # fmt: skip
REGULAR = [
    Special("sinc", F["sinc"], 0.0, 1, 0, -(np.pi**2) / 3, "a removable 0/0"),
    Special("Si", F["Si"], 0.0, 0, 1, 0, "a removable 0/0"),
    Special("Shi", F["Shi"], 0.0, 0, 1, 0, "a removable 0/0"),
    Special("exprel", F["exprel"], 0.0, 1, 0.5, 1 / 3, "a removable 0/0"),
    Special("j1", F["j1"], 0.0, 0, 0.5, 0, "x/2 - x**3/16"),
    Special("i1", F["i1"], 0.0, 0, 0.5, 0, "x/2 + x**3/16"),
    Special("jv of order 2", lambda x: F["jv"](2, x), 0.0, 0, 0, 0.25, "x**2/8"),
    Special("ellipk", F["ellipk"], 0.0, np.pi / 2, np.pi / 8, 9 * np.pi / 64, "the formula is 0/0"),
    Special("ellipe", F["ellipe"], 0.0, np.pi / 2, -np.pi / 8, -3 * np.pi / 64, "the formula is 0/0"),
    Special("spence", F["spence"], 1.0, 0, -1, 0.5, "the formula is 0/0"),
    Special("rgamma at a pole of gamma", F["rgamma"], -2.0, 0, 2, 4 * (np.euler_gamma - 1.5), "sin(pi*x)*gamma(1 - x)"),
    Special("boxcox by 0", lambda x: F["boxcox"](2, x), 0.0, np.log(2), np.log(2) ** 2 / 2, np.log(2) ** 3 / 3, "0/0"),
    Special(
        "gamma below 0",
        F["gamma"],
        -0.5,
        -2 * np.sqrt(np.pi),
        float(mp.diff(mp.gamma, -0.5)),
        None,
        "between poles",
    ),
    Special("safe_divide", lambda x: OPS["safe_divide"](1, x), 0.0, 0, 0, 0, "0 by definition"),
]
# the branch that `where` does not take gives exactly 0, whatever it is or its derivatives are
MASKED = [
    Special("sqrt", lambda x: sd.where(x > 0, sd.sqrt(x), 0), -1.0, 0, 0, 0, "untaken nan"),
    Special("log at 0", lambda x: sd.where(x > 0, sd.log(x), 0), 0.0, 0, 0, 0, "untaken inf"),
    Special("1/x", lambda x: sd.where(sd.equal(x, 0), 1, sd.sin(x) / x), 0.0, 1, 0, -1 / 3, "its limit is filled in"),
    Special("1/x the other way", lambda x: sd.where(sd.not_equal(x, 0), sd.sin(x) / x, 1), 0.0, 1, 0, -1 / 3,
        "untaken 0/0"),
    Special("a chain", lambda x: sd.where(x > 0, sd.exp(sd.sqrt(sd.log(x))) ** 2, x**2), -1.0, 1, -2, 2,
        "untaken nan"),
    Special("used outside", lambda x: sd.sin(3 * sd.where(x > 0, sd.log(x), x)) / x, -1.0, np.sin(3.0),
            (3 * -np.cos(3.0) * 1 * 1 - np.sin(-3.0)), None, "untaken nan, then a chain"),
    Special("overflow", lambda x: sd.where(x > 500, 1, sd.exp(x) * sd.exp(-x)), 800.0, 1, 0, 0,
        "untaken inf*0"),
    Special("two masks", lambda x: sd.where(x > 0, sd.where(x > 1, sd.sqrt(x - 1), 0) + x, 0), 0.5, 0.5, 1, 0,
        "nested"),
    Special("a choice within",
        lambda x: sd.where(x > 0, sd.where(x > 1, sd.log(3 - sd.sqrt(x)), sd.exp(sd.sqrt(x))), 0), -1.0, 0, 0, 0,
        "both roots untaken"),
    Special("a choice within, used twice",
        lambda x: sd.where(x > 0, sd.where(x > 7, 1, sd.exp(x + sd.sqrt(x)) + sd.sqrt(x)), 0), -1.0, 0, 0, 0,
        "both roots untaken"),
    Special("a choice within in a vector",
        lambda x: sd.sum(sd.where(x > 0, sd.where(x > 1, sd.log(3 - sd.sqrt(x)), 2 * sd.sqrt(x)), 0)), [-1.0, 0.25], 1,
        [0, 2], np.diag([0, -4]), "both roots untaken"),
    Special("in a vector", lambda x: sd.sum(sd.where(x > 0, sd.sqrt(x), 0)), [-1.0, 4.0], 2, [0, 0.25],
            np.diag([0, -1 / 32]), "untaken nan"),
    Special("in a matrix product", lambda x: sd.sum(_matrix([1, 2], [3, 4]) @ sd.where(x > 0, sd.log(x), 0)),
        [0.0, 2.0],
            6 * np.log(2), [0, 3], np.diag([0, -1.5]), "untaken inf"),
    Special("a broadcast mask", lambda x: sd.sum(sd.where(np.array([[True], [False]]), x, sd.sqrt(x - 2))),
        [1.0, 1.0],
            NAN, None, None, "a taken nan stays nan"),
    Special("scalar in a vector", lambda x: sd.sum(sd.where(np.array([True, True]), x**2, sd.log(x))), 0.0, 0,
        0, 4, "no entry takes it"),
    Special("two conditions, neither true",
        lambda x: sd.where(x > 0, sd.sqrt(x), 0) + sd.where(x > 1, 2 * sd.sqrt(x), 0), -1.0,
            0, 0, 0, "the sum of masks is a mask"),
    Special("two conditions in a vector",
        lambda x: sd.sum(sd.where(x > 0, sd.sqrt(x), 0) - sd.where(x[::-1] > 5, 1, sd.sqrt(x)) * (x > 0)),
            [4.0, 9.0], 1, [1 / 4, 0], np.diag([-1 / 32, 0]), "the sum of masks is a mask"),
    Special("a chain in a vector", lambda x: sd.sum(sd.where(x > 0, sd.exp(sd.sqrt(sd.log(x))) ** 2, x**2)),
        [-1.0, -3.0], 10,
            [-2, -6], 2 * np.eye(2), "untaken nan"),
    Special("three factors", lambda x: sd.where(x > 0, sd.einsum(",,->", sd.log(x), sd.sqrt(x), x), x), -1.0,
        -1, 1, 0, "untaken nan"),
    Special("a transposed mask",
        lambda x: sd.sum(sd.where(x > 0, sd.log(x), 0).T @ sd.where(x > 0, sd.sqrt(x), 0)), [0.0, 1.0], 0,
            [0, 1], None, "untaken inf"),
    Special("an untaken inverse",
        lambda x: sd.where(x > 0, sd.sum(F["inv"](sd.log(x) * np.array([[2, 1], [1, 2]]))), x**2), -1.0, 1,
        -2, 2, "untaken nan"),
    Special("an untaken norm", lambda x: sd.where(x > 0, sd.norm2(sd.log(x) * np.ones(2)), x), -1.0, -1, 1, 0,
        "untaken nan"),
    Special("masked rows",
        lambda x: sd.sum(sd.where((x > 0)[:, None], sd.log(x)[:, None] @ np.ones((1, 2)) @ np.eye(2), 0)),
        [-1.0, 1.0], 0,
            [0, 2], np.diag([0.0, -2.0]), "untaken nan"),
    Special("piecewise", lambda x: F["piecewise"]((sd.log(x), x > 1), (x**2, True)), -1.0, 1, -2, 2,
        "untaken nan"),
    Special("log of a mask", lambda x: sd.where(x > 0, x * sd.log(x), 0), 0.0, 0, 0, 0, "the entropy of 0"),
]  # fmt: skip
CONSTANTS = [
    Special("integers", lambda x: x * 3 / 2 - x, 2.0, 1, 0.5, 0, "exact"),
    Special("thirds", lambda x: x / 3 * 3, 5.0, 5, 1, 0, "exact: 1/3*3 is 1"),
    Special("a big integer", lambda x: x * 2**200 / 2**199, 1.5, 3, 2, 0, "exact"),
    Special(
        "a constant array of integers",
        lambda x: sd.sum(np.array([1, 2]) / x),
        2.0,
        1.5,
        -0.75,
        0.75,
        "true division",
    ),
    Special(
        "integers over an array",
        lambda x: sd.sum(sd.divide(1, x.lift(np.array([2, 4])))) * x,
        1.0,
        0.75,
        0.75,
        0,
        "true division",
    ),
    Special("nan", lambda x: x * 0 + NAN, 1.0, NAN, 0, 0, "a constant"),
    Special("inf", lambda x: x + INF, 1.0, INF, 1, 0, "a constant"),
    Special("-0.0", lambda x: x.lift(-0.0) + 0 * x, 1.0, 0.0, 0, 0, "a constant"),
]
TABLE = {
    "ties": TIES, "kinks": KINKS, "powers": POWERS, "logarithms": LOGARITHMS, "regular": REGULAR,
    "masked": MASKED,
    "constants": CONSTANTS,
}  # fmt: skip
