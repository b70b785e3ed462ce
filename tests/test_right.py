"""Right at the points where others overflow, cancel or are undefined: values and two orders against mpmath.

The value is that of the text as it stands, in numbers of so many digits that nothing overflows or cancels; its
derivatives are central differences of it.
"""

from itertools import product

import mpmath as mp
import numpy as np
import pytest

import symdiff as sd
from symdiff.spellings import COMPUTED_ROWS, DERIVED_ROWS, DIFFERENTIATED_ROWS
from symdiff.stable import stable

from .exact import graph_value

DIGITS, STEP = 1600, 90  # differences of second order lose 2*STEP of them, beside what the text cancels
OF_GAMMA = 260, 35
LARGEST = 1e300

POINTS = {  # text in x: points at which the value and two orders are right
    "(exp(2*x) - 1)/(exp(2*x) + 1)": [800.0, -800.0, 1e-09],
    "(exp(x) - exp(-x))/(exp(x) + exp(-x))": [800.0, -800.0, 1e-09],
    "(1 - exp(-2*x))/(1 + exp(-2*x))": [800.0, -800.0],
    "exp(x)/(exp(x) + exp(-x))": [800.0, -800.0],
    "1/(exp(x) - 1)": [800.0, -800.0, 1e-9, 1e-200],
    "exp(x)/(exp(x) - 1)": [800.0, -800.0, 1e-9],
    "exp(x)/(exp(x) - 1)**2": [800.0, -800.0, -700.0, 1e-9],
    "x**3/(exp(x) - 1)": [800.0, -800.0, 1e-9, 0.3],
    "x**2*exp(x)/(exp(x) - 1)**2": [800.0, -800.0, 1e-9, 1e-3, 30.0],
    "x**3*exp(x)/(exp(x) - 1)**2": [800.0, 30.0, 1e-9],
    "x**4*exp(x)/(exp(x) - 1)**2": [800.0, -800.0, 1e-9],
    "x**2/(1 - exp(-x))": [800.0, -800.0, 1e-9],
    "x*exp(-x)/(1 - exp(-x))": [800.0, -800.0, 1e-9],
    "x*exp(x)/(1 + exp(x))": [800.0, -800.0],
    "1/(1 + exp(-x))**2": [-800.0, 800.0],
    "exp(-x)/(1 + exp(-x))**2": [-800.0, 800.0],
    "2/(1 + exp(-2*x)) - 1": [800.0],
    "(1 + exp(x))*exp(-x)": [5.0],
    "log(exp(x) + exp(-x))": [800.0, -800.0, 0.1],
    "log(exp(x) + exp(2*x) + 1)": [-800.0],
    "log(2*exp(x) + 3)": [800.0, -800.0],
    "log(1 + exp(x))": [800.0, -40.0],
    "log(1 + exp(-x))": [-800.0, 40.0],
    "log(1 - exp(-x))": [1e-20, 800.0],
    "log(exp(x) - 1)": [1e-12],
    "log(sinh(x))": [800.0, 1e-09],
    "log(cosh(x))": [800.0, 360.0],
    "log(1/(1 + exp(-x)))": [1000.0],
    "log(1 - 1/(1 + exp(-x)))": [1000.0, -40.0],
    "log(exp(x**2))": [100.0],
    "cosh(x)/sinh(x)": [800.0, 1e-05],
    "1/cosh(x)**2": [800.0, 300.0],
    "sqrt(1 + x**2) - 1": [1e-09, 0.001],
    "x/sqrt(x**2 + 1)": [1e+200, -1e+200, 1e-200],
    "1/sqrt(1 + x**2)": [1e+120, 1e-200],
    "1 - x/sqrt(1 + x**2)": [-3.0],
    "x**3/x**2": [1e+120, 1e-120],
    "x**5*exp(-x)": [700.0],
    "log(x + sqrt(x**2 + 1))": [-10000000000.0, 1e+200, 1e-12],
    "log(x + sqrt(x**2 - 1))": [1e+200],
    "log((1 + x)/(1 - x))": [1e-12, 0.5],
    "log(1 + x) - log(x)": [1e-20],
    "log(x**3)": [1e+150, 1e-150],
    "log(1/x)": [1e-320, 1e+200],
    "log(sqrt(x))": [1e-320, 1e+300],
    "atan(1/x)": [1e-320, 1e-200, -1e-320, 1e+200],
    "asinh(1/x)": [1e-100, 1e+200],
    "asin(1/x)": [1e+100, 1.5],
    "acos(1/x)": [1e+100, 1.5],
    "(1 - cos(x))/x": [2.0],
    "(1 - cos(x))/x**2": [1e-09, 1e-200],
    "sin(x)/x": [1e-09, 0.001],
    "sin(2*x)/x": [1e-9, 1e-3, 2.0],
    "7*sin(3*x)/x": [1e-9],
    "sin(x)**2/x**2": [1e-9, 0.3],
    "(exp(-2*x) - 1)/x": [1e-9, 1e-3, -30.0],
    "(1 - exp(-x**2))/x**2": [1e-5, 1e-9],
    "(1 - cos(3*x))/x**2": [1e-9, 0.4],
    "(cosh(x) - 1)/x**2": [1e-9, 0.4, 30.0],
    "log(1 + x**2)/x**2": [1e-9, 1e-3],
    "tan(x)/x": [1e-9, 1e-3, 0.29, 0.31],
    "sinh(x)/x": [1e-9, 1e-3, 1.1],
    "tanh(x)/x": [1e-9, 1e-3, 0.29, 0.31, 30.0],
    "asin(x)/x": [1e-9, 1e-3, 0.29, 0.31],
    "atan(x)/x": [1e-9, 1e-3, 0.29, 0.31, 1e9],
    "asinh(x)/x": [1e-9, 1e-3, 0.29, 0.31, 1e9],
    "atanh(x)/x": [1e-9, 1e-3, 0.29, 0.31, 0.9],
    "erf(x)/x": [1e-9, 1e-3, 0.49, 0.51, 5.0],
    "x/tanh(x)": [1e-9, 1e-3, 30.0],
    "x/sin(x)": [1e-9, 1e-3, 2.0],
    "x/(exp(x) - 1)": [1e-9, 1e-3, 0.99, 1.01, 30.0, 800.0, -30.0],
    "(exp(x) - 1)/x": [1e-09, 0.001],
    "log(1 + x)/x": [1e-09, 0.001],
    "exp(x) - 1": [1e-20],
    "cosh(x) - 1": [1e-09],
    "1 - cos(x)": [1e-09],
    "1 - tanh(x)**2": [20.0, 300.0],
    "1 - tanh(x)": [20.0, 300.0],
    "1 - 1/(1 + exp(-x))": [40.0, 700.0],
    "tanh(x) - 1": [20.0],
    "exp(x**2)*erfc(x)": [100.0, 3.0],
    "log(erfc(x))": [100.0, -5.0],
    "log(gamma(x))": [100000.0, 200.5],
    "exp(x)/exp(2*x)": [800.0],
    "asinh(sinh(x))": [800.0],
    "log(log(1 + exp(x)))": [800.0],
    "1/(1 + x**2)": [1e+40, 1e+100, 1e-9, 1.5],
    "1/(x**2 + 1)**2": [1e+40, 0.3],
    "x/(1 + x**2)": [1e+40, 1e+160, 1e-200],
    "x**2/(1 + x**2)": [1e+40, 1e+100, 1e+200, 1e-100],
    "log(1 + x**2)": [1e+40, 1e+100, 1e-200],
    "x/(3 + x)": [1e+9, 1e+200, 1e-200],
    "x/(3 + 2*x)": [1e+9, 1e+100],
    "2*x**2/(x**2 + x + 1)": [1e+9, 1e+60],
    "3*x/(3 + x)": [1e-200, 1e+200, 1e+9],
    "log(exp(x)**2)": [1000.0, -1000.0],
    "log(3*exp(2*x))": [1000.0, -1000.0],
    "sqrt(exp(x))": [1000.0, -1400.0],
    "log(1 + cosh(x))": [1000.0, 1e-9],
    "log(sinh(x) + cosh(x))": [1000.0, -1000.0],
    "log1p(-tanh(x))": [20.0, 300.0, 1e-9, -20.0],
    "log1p(-exp(-x))": [1e-9, 800.0],
    "x/sinh(x)": [1e-9, 0.3, 800.0, -800.0],
    "sin(asin(x))": [0.5, 1.0],
    "erfinv(erf(x))": [7.0, -9.0],
    "x*log(x)": [1e+200, 1e-200],
    "sqrt(x**2)": [1e+200, -1e-200],
}
VALUES = {  # text in x: points at which the value is right; its derivatives cancel or overflow
    "log(exp(x) - 1)": [800.0],
    "sqrt(1 + x**2) - x": [1000000000.0, 1000.0],
    "sqrt(x + 1) - sqrt(x)": [1e+20, 1000000000000.0],
    "x - sqrt(x**2 - 1)": [10000000000.0],
    "1/(sqrt(x + 1) - sqrt(x))": [1000000000000.0],
    "(x**4 + x**2)/x**4": [1e+60],
    "x**5*exp(-x)": [1e+100],
    "x**20*exp(-x/10)": [1e+17],
    "1/x - 1/(x + 1)": [1000000000000.0],
    "1/(x - 1) - 1/(x + 1)": [1000000000000.0],
    "(1 - cos(x))/x": [1e-09],
    "log(log(1 + exp(x)))": [-800.0],
}
NEAR = [1e-9, 1e-3, 0.2]
CANCELLING = {  # text in x, whose terms cancel: points at which the value and three orders are right
    **dict.fromkeys([
        "(x - sin(x))/x**3", "(sin(x) - x)/x**3", "(exp(x) - 1 - x)/x**2", "(exp(x) - 1 - x - x**2/2)/x**3",
        "1/x - 1/sin(x)", "1/x**2 - 1/sin(x)**2", "1/x - 1/tan(x)", "1/tanh(x) - 1/x", "1/x - 1/(exp(x) - 1)",
        "(log(1 + x) - x)/x**2", "1/log(1 + x) - 1/x + 1", "(tanh(x) - x)/x**3", "(tan(x) - x)/x**3",
        "(sinh(x) - x)/x**3", "(atan(x) - x)/x**3", "(asin(x) - x)/x**3", "(asinh(x) - x)/x**3",
        "(cos(x) - 1 + x**2/2)/x**4", "(sin(x) - x*cos(x))/x**3", "sin(x)/x**2 - cos(x)/x",
        "(x*cosh(x) - sinh(x))/x**3", "(exp(x) - 1 - x)/(x*(exp(x) - 1))", "(exp(x)*(x - 1) + 1)/x**2",
        "(sqrt(1 + x) - 1)/x", "(sqrt(1 + x) - 1 - x/2)/x**2", "((1 + x)**(1/3) - 1)/x", "(1 - sqrt(1 - x**2))/x**2",
        "(1/sqrt(1 + x) - 1)/x", "(sin(x) - tan(x))/x**3", "log(sin(x)/x)", "log(cos(x))", "log(sinh(x)/x)",
        "log((exp(x) - 1)/x)", "sin(x)/x - 1", "(sin(x)/x - 1)/x**2", "(exp(x) - cos(x))/x", "x*cos(x)/sin(x)",
        "(log(1 + x) - log(1 - x))/x", "(exp(2*x) - exp(x))/x", "(1 - exp(-x)*(1 + x))/x**2",
        "2*(exp(-x) - 1 + x)/x**2", "(1 - (1 - exp(-x))/x)/x", "x/(exp(x) - 1) - 1", "x**2/(1 - cos(x))",
    ], NEAR),
    "(exp(x) - x - 1)/x**2": [-1e-4, 30.0, -30.0], "sin(x)/x**3 - cos(x)/x**2": [2.0, 50.0],
    "(x - sin(x))/x**2": [1e9],
}  # fmt: skip
ELSEWHERE = {  # text in x, which cancels at a point that is not 0: points at which the value and three orders are right
    **dict.fromkeys([
        "1/log(x) - 1/(x - 1)", "log(x)/(x - 1)", "(x - 1)/log(x)", "x*log(x)/(x - 1)", "(sqrt(x) - 1)/(x - 1)",
        "(x**5 - 1)/(x**2 - 1)", "(x*log(x) - x + 1)/(x - 1)**2", "log(x)/(x**2 - 1)", "(exp(x) - e)/(x - 1)",
        "(atan(x) - pi/4)/(x - 1)", "(sin(x) - sin(1))/(x - 1)", "(1/x - 1)/(x - 1)", "sin(pi*x)/(1 - x**2)",
    ], (1 + 1e-9, 1.001)),
    **dict.fromkeys(["sin(x)/(x - pi)", "(1 + cos(x))/(x - pi)**2", "1/sin(x) - 1/(pi - x)"], (np.pi + 1e-7, 3.0)),
    "cos(x)/(x - pi/2)": [np.pi / 2 + 1e-8, 1.5], "(x**(1/3) - 2)/(x - 8)": [8 + 1e-8], "(log(x) - 1)/(x - e)": [2.7],
    "sqrt(x**2 + x**4) - x": [-1e-3, 1e-3], "sqrt(x**2 + x**4) + x": [-1e-3, -1e-9], "sqrt(1 - cos(x))": [1e-9, -1e-9],
    "x - sqrt(x**2 - 1)": [1e8, -1e8, 1e3], "sqrt(x**2 + x) - x": [1e10, 1e5], "x**2/(x + 1) - x": [1e10],
    "1/(x - 1) - 1/(x + 1)": [1e10, 1e5], "x*log(1 + 1/x) - 1": [1e10, 1e4], "1 - x/sqrt(1 + x**2)": [1e6],
    "coth(1/x) - x": [1e5], "x - x**2*sin(1/x)": [1e5], "log(x + 1) - log(x)": [1e10, 1e5], "(x + 1)**4 - x**4": [1e6],
}  # fmt: skip
OVERFLOWING = {  # text in x, whose factors overflow or vanish: points at which the value and two orders are right
    "sinh(x)*exp(-x)": [800.0, 1e-9], "cosh(x)*exp(-x)": [800.0, -40.0], "exp(x)/sinh(x)": [800.0, 1e-9],
    "exp(x)/cosh(x)": [800.0, -800.0], "exp(-x)/cosh(x)": [-800.0], "1/sinh(x)": [800.0, 1e-9],
    "cosh(x) - sinh(x)": [40.0, 800.0, -3.0], "cosh(x) + sinh(x)": [-40.0, 3.0], "sinh(x)/cosh(x)**2": [400.0, 800.0],
    "tanh(x)/cosh(x)": [800.0], "1/(1 + cosh(x))": [800.0, 1e-9], "sinh(x)/(1 + cosh(x))": [800.0, -800.0, 1e-9],
    "1/(cosh(x) - 1)": [800.0, 1e-3], "x/sinh(x)": [800.0, 1e-9, 0.2], "x**2/sinh(x)**2": [1e-9],
    "x/(1 - exp(-x))": [-800.0, 800.0, 1e-9], "log(1 - exp(-x))": [40.0, 1e-9], "log(tanh(x))": [20.0, 1e-9],
    "1 - 1/cosh(x)": [1e-9, 0.3, 800.0], "acosh(1 + x)": [1e-12, 3.0], "acos(1 - x)": [1e-12, 0.5],
}  # fmt: skip
OUT_OF_RANGE = {  # as well: points at which the value is right
    "cosh(x/2)/cosh(x)": [800.0, -800.0], "cosh(x)/cosh(x + 1)": [800.0, -800.0], "sinh(2*x)/sinh(x)": [400.0],
    "exp(x)*sinh(1 - x)": [800.0], "(exp(x) - 1)/sinh(2*x)": [800.0], "1/x - 1/(exp(x) - 1)": [800.0],
    "1/tanh(x) - 1": [20.0], "1/tanh(x)**2 - 1": [20.0], "log(1/tanh(x))": [20.0], "log(2*cosh(x))": [800.0],
    "log(x*sinh(x))": [800.0], "log(1 + tanh(x))": [-20.0, -400.0], "(exp(x) - exp(3))/(exp(x) + exp(3))": [800.0],
    "atanh(tanh(x))": [20.0], "log(x*x)": [1e200, 1e-200], "log(1 + x**2)": [1e200, 1e-9],
    "atan(x + 1) - atan(x)": [1e10, 3.0], "exp(-x)*log(1 + exp(x))": [-800.0, 800.0], "(1 + 1/x)**x": [1e10, 1e5],
    "sqrt(x**2 + (2*x)**2 + (3*x)**2)": [1e200, 1e-200],
 "x**2/sinh(x)**2": [800.0],
}  # fmt: skip
GAMMAS = {  # text in x of gamma: points at which the value and two orders are right
    "gamma(x + 1)/gamma(x)": [0.5, 300.0, 1e10], "gamma(x + 0.5)/gamma(x)": [300.0, 1e6, 1e10, 3.0],
    "gamma(x)/gamma(x + 2.5)": [1e3, 1e6], "gamma(x)*x**2/gamma(x + 2)": [300.0, 1e5],
    "gamma(2*x)/gamma(x)**2": [100.0, 10.0], "gamma(x)*gamma(3.5)/gamma(x + 3.5)": [200.0, 1e5],
    "gammaln(x + 1) - gammaln(x)": [1e10, 3.0], "gammaln(x + 0.5) - gammaln(x)": [1e10, 1e5],
    "digamma(x + 1) - digamma(x)": [1e10, 0.3], "log(gamma(x + 1)/gamma(x))": [300.0], "1/gamma(x)": [1e-5, 200.0],
    "x*gamma(x)": [1e-5, 3.0], "exp(-x)*x**290.5/gamma(291.5)": [300.0],
}  # fmt: skip
TABLES = ((POINTS, 2), (VALUES, 0), (CANCELLING, 3), (ELSEWHERE, 3), (OVERFLOWING, 2), (OUT_OF_RANGE, 0), (GAMMAS, 2))
CASES = [(text, x, orders) for table, orders in TABLES for text, xs in table.items() for x in xs]


def exact(e, x):
    """The value and three derivatives by central differences in many digits."""
    of_gamma = any("gamma" in e.graph.operation(n) for n in e.graph.ancestors([e.node]))
    digits, step = OF_GAMMA if of_gamma else (DIGITS, STEP)
    with mp.workdps(digits):
        h = abs(mp.mpf(x)) * mp.mpf(10) ** -step

        def f(t):
            return mp.re(graph_value(e.graph, e.node, {e.graph.variable("x").node: t}))

        lowest, low, middle, high, highest = (f(x + k * h) for k in range(-2, 3))
        third = (highest - 2 * high + 2 * low - lowest) / (2 * h**3)
        return [middle, (high - low) / (2 * h), (high - 2 * middle + low) / h**2, third]


@pytest.mark.parametrize(("text", "x", "orders"), CASES)
def test_values_and_derivatives(text, x, orders):
    e = sd.parse(text)
    got = sd.evaluate([e, *(e.diff("x", k) for k in range(1, orders + 1))], {"x": x})
    for order, (own, wanted) in enumerate(zip(got, exact(e, x)[: orders + 1], strict=True)):
        if abs(wanted) > LARGEST:
            assert own * float(mp.sign(wanted)) > LARGEST, order
        else:
            rtol, atol = (1e-9, 1e-180) if "gamma" in text else (2e-12, 1e-300)
            np.testing.assert_allclose(own, float(wanted), rtol=rtol, atol=atol, err_msg=f"order {order}")


LIMITS = {  # text in x: a point at which it is 0/0, and its limit there
    "log(x)/(x - 1)": (1.0, 1.0), "(x**3 - 1)/(x - 1)": (1.0, 3.0), "sin(x)/(x - pi)": (np.pi, -1.0),
    "1/log(x) - 1/(x - 1)": (1.0, 0.5), "(sqrt(x) - 2)/(x - 4)": (4.0, 0.25), "(1 + cos(x))/(x - pi)**2": (np.pi, 0.5),
}  # fmt: skip


@pytest.mark.parametrize("text", LIMITS)
def test_a_removable_point_has_its_limit(text):
    at, limit = LIMITS[text]
    assert sd.evaluate(sd.parse(text), {"x": at}) == pytest.approx(limit, rel=1e-15)


SUMS = {  # text of vectors x and c of three: its meaning
    "(-log(exp(x)/sum(exp(x))))[1]": lambda x, c: mp.log(sum(map(mp.exp, x))) - x[1],
    "sum(c*log(exp(x)/sum(exp(x))))": lambda x, c: mp.fdot(c, x) - sum(c) * mp.log(sum(map(mp.exp, x))),
    "log(1 + sum(exp(x)))": lambda x, c: mp.log(1 + sum(map(mp.exp, x))),
    "log(exp(x[0]) + sum(exp(x)))": lambda x, c: mp.log(mp.exp(x[0]) + sum(map(mp.exp, x))),
    "log(c @ exp(x))": lambda x, c: mp.log(mp.fdot(c, map(mp.exp, x))),
    "log10(sum(c*exp(x)))": lambda x, c: mp.log10(mp.fdot(c, map(mp.exp, x))),
    "log2(mean(exp(-x)))": lambda x, c: mp.log(sum(mp.exp(-a) for a in x) / 3, 2),
    "exp(x[1])/(1 + sum(exp(x)))": lambda x, c: mp.exp(x[1]) / (1 + sum(map(mp.exp, x))),
    "sum(c*exp(x))/sum(exp(x))": lambda x, c: mp.fdot(c, map(mp.exp, x)) / sum(map(mp.exp, x)),
    "log(exp(x)[0]/sum(exp(x)))": lambda x, c: x[0] - mp.log(sum(map(mp.exp, x))),
    "exp(x[0])/(exp(x[0]) + exp(x[1]) + exp(x[2]))": lambda x, c: mp.exp(x[0]) / sum(map(mp.exp, x)),
    "sqrt(sum(exp(2*x)))/exp(x[0])": lambda x, c: mp.sqrt(sum(mp.exp(2 * a) for a in x)) / mp.exp(x[0]),
    "exp(x[0])/sqrt(sum(exp(2*x)))": lambda x, c: mp.exp(x[0]) / mp.sqrt(sum(mp.exp(2 * a) for a in x)),
    "log(sqrt(sum(exp(x))))": lambda x, c: mp.log(sum(map(mp.exp, x))) / 2,
    "log((c @ exp(x))**3)": lambda x, c: 3 * mp.log(mp.fdot(c, map(mp.exp, x))),
    "sum(softmax(x)*log(softmax(x)))": lambda x, c: sum(
        mp.exp(a) * (a - mp.log(sum(map(mp.exp, x)))) for a in x) / sum(map(mp.exp, x)),
}  # fmt: skip
WEIGHTS = [1.0, 2.0, 3.0]


@pytest.mark.parametrize("x", [[1000.0, 999.0, 998.5], [-1000.0, -1001.5, -999.0], [0.5, -0.25, 1.0]])
@pytest.mark.parametrize("text", SUMS)
def test_sums_of_exponentials(text, x):
    e = sd.parse(text, x=3, c=3)
    at = {name: {"x": np.array(x), "c": np.array(WEIGHTS)}[name] for name in e.variables}
    value, slope, curvature = sd.evaluate([e, sd.grad(e, "x"), sd.hessian(e, "x")], at)
    with mp.workdps(1200):
        h, point = mp.mpf(10) ** -100, [mp.mpf(a) for a in x]

        def f(*steps):
            return SUMS[text]([a + h * steps.count(k) - h * steps.count(~k) for k, a in enumerate(point)], WEIGHTS)

        slopes = [(f(i) - f(~i)) / (2 * h) for i in range(3)]
        curvatures = [[(f(i, j) - f(i, ~j) - f(~i, j) + f(~i, ~j)) / (4 * h * h) for j in range(3)] for i in range(3)]
        np.testing.assert_allclose(value, float(f()), rtol=2e-12)
        np.testing.assert_allclose(slope, np.array(slopes, dtype=float), rtol=1e-10, atol=1e-13)
        np.testing.assert_allclose(curvature, np.array(curvatures, dtype=float), rtol=1e-10, atol=1e-13)


SEVERAL = {  # text, which cancels: a point at which the value and two orders by all its variables are right
    "y*(x - sin(x))/x**3": {"x": 1e-3, "y": 2.0}, "(exp(a*x) - 1 - a*x)/x**2": {"x": 1e-5, "a": 2.0},
    "(a*x - sin(a*x))/x**3": {"x": 1e-3, "a": 2.0}, "(1 - exp(-k*x))/k": {"k": 1e-9, "x": 2.0},
    "(1 - cos(a*x))/x**2": {"x": 3.0, "a": 1e-7}, "(1 - exp(-k*t))/(k*t) - exp(-k*t)": {"k": 1e-5, "t": 2.0},
    "b*(exp(x/b) - 1 - x/b)": {"b": 1e6, "x": 2.0}, "g/k**2*(k*t - 1 + exp(-k*t))": {"g": 9.8, "k": 1e-5, "t": 2.0},
    "x**3/(exp(x/t) - 1)": {"x": 1e-3, "t": 2.0}, "(cosh(k*h) - 1)/k**2": {"k": 1e-6, "h": 2.0},
}  # fmt: skip


@pytest.mark.parametrize("text", SEVERAL)
def test_sums_of_several_variables(text):
    e, at = sd.parse(text), SEVERAL[text]
    orders = [k for k in product(range(3), repeat=len(at)) if sum(k) <= 2]

    def derivative(order):
        d = e
        for name, k in zip(at, order, strict=True):
            d = d.diff(name, k) if k else d
        return d

    got = sd.evaluate([derivative(k) for k in orders], at)
    with mp.workdps(OF_GAMMA[0]):
        h = {name: abs(mp.mpf(x)) * mp.mpf(10) ** -OF_GAMMA[1] for name, x in at.items()}
        nodes = {name: e.graph.variable(name).node for name in at}
        stencils = [{0: 1}, {1: mp.mpf(1) / 2, -1: -mp.mpf(1) / 2}, {1: 1, 0: -2, -1: 1}]
        for own, order in zip(got, orders, strict=True):
            wanted = mp.mpf(0)
            for steps in product(*[stencils[k].items() for k in order]):
                point = {nodes[v]: mp.mpf(at[v]) + h[v] * j for v, (j, _) in zip(at, steps, strict=True)}
                wanted += mp.fprod(w for _, w in steps) * graph_value(e.graph, e.node, point)
            wanted /= mp.fprod(h[v] ** k for v, k in zip(at, order, strict=True))
            np.testing.assert_allclose(own, float(wanted), rtol=2e-12, atol=1e-150, err_msg=str(order))


TEXTS = [
    *POINTS, *SEVERAL, *VALUES, *CANCELLING, *ELSEWHERE, *OVERFLOWING, *OUT_OF_RANGE, *GAMMAS, *SUMS,
    "sum(exp(v)*w)/sum(exp(v))", "exp(v)/sum(exp(v))", "log(exp(v)/sum(exp(v)))",
    "log(sum(exp(v)))", "log(mean(exp(u)))", "log(2*sum(exp(v)))", "log(softmax(v))", "x*exp(x)/expm1(x)",
    "polygamma(1, x + 1) - polygamma(1, x)", "x**y*exp(-z)", "y*exp(-z)/x**y", "y*(x**z - 1)/z",
    "x**2*y/(x*z)", "y*x - y*sin(x)", "x*y/(x + y)", "sqrt(sum(v**2))", "xlogy(x**y, x)*(y*log(x) + 1)",
    "x*y*(x**2 + y**2)**-3.5",
    "x*(1/x)", "x*(log(x) + 1)", "1/sinh(x)", "1/(1 + x**2)", "x/(x + y)", "log(x/y)",
]  # fmt: skip


@pytest.fixture(scope="module")
def spelled():
    """The graphs of the texts with what is computed for them."""
    graphs = []
    for text in TEXTS:
        e = sd.parse(text, u="n", v=3, w=3, x=3 if text in SUMS else (), c=3)
        stable(e.graph, [], [e.node])
        graphs.append(e.graph)
    return graphs


@pytest.mark.parametrize("row", [*DERIVED_ROWS, *DIFFERENTIATED_ROWS, *COMPUTED_ROWS], ids=lambda r: r.name)
def test_each_row_is_found_in_a_text(row, spelled):
    assert any(
        g.record(n) is row.root and {g.record(i) for i in g.inputs(n)} & {*row.anchors} and row.row(g, n) is not None
        for g in spelled for n in list(g.nodes)
    )  # fmt: skip


@pytest.mark.parametrize("x", [2.0, 1e-3, 1e200])
@pytest.mark.parametrize("power", [0.0, 1e-9, -1e-4, 0.5])
def test_box_cox_written_out(x, power):
    """(x**l - 1)/l and its derivatives: sum of L**(k + 1)*l**k/(k + 1)!, L = log(x)"""
    e = sd.parse("(x**l - 1)/l")
    orders = [("l", 0), ("l", 1), ("l", 2), ("x", 1)]
    got = sd.evaluate([e.diff(name, k) if k else e for name, k in orders], {"x": x, "l": power})
    with mp.workdps(60):
        logarithm, at = mp.log(mp.mpf(x)), mp.mpf(power)
        of_l = [mp.diff(lambda t: mp.expm1(t * logarithm) / t if t else logarithm, at, k) if power else
                logarithm ** (k + 1) / (k + 1) for k in range(3)]  # fmt: skip
        wanted = [*map(float, of_l), float(mp.mpf(x) ** (at - 1))]
    np.testing.assert_allclose(got, wanted, rtol=1e-12)
