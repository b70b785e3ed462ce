"""sympy's integrals between bounds: values and derivatives by bounds and parameters beside mpmath's own quadrature."""

import mpmath as mp
import numpy as np
import pytest
import sympy
from sympy import Integral, exp, log, oo, sin, sqrt

import symdiff as sd

X, T, A, B, S = sympy.symbols("x t a b s")
AT = {"x": 0.7, "a": 1.3, "b": 2.1}
INTEGRALS = [
    Integral(exp(-A * T), (T, 0, X)), Integral(sin(A * T) / T, (T, X, B)), Integral(exp(-A * T**2), (T, -oo, oo)),
    Integral(exp(-A * T) * T**X, (T, 0, oo)), Integral(1 / (1 + T**2), (T, -oo, X)), Integral(log(T), (T, 0, X)),
    Integral(1 / sqrt(T), (T, 0, X)), Integral(exp(A * T), (T, B, 0)), Integral(1 / (T**2 + A), (T, oo, X)),
    X * Integral(T**2, (T, 0, X)) + A, Integral(exp(-X * T) * sin(T) / (1 + T), (T, 0, 2)), Integral(1, (T, A, X)),
    Integral(sympy.besselj(0, A * T), (T, 0, X)), Integral(sympy.polylog(2, -T * X), (T, 0, 1)),
    Integral(sqrt(A * T + (1 - A) * T**3 + X / A), (T, 0, 1)), Integral(exp(-A * T) / (A + T), (T, A, A * X)),
    Integral(exp(-T), (T, X, oo)), Integral(exp(-((T - X) ** 2) / 2), (T, -oo, A)),
]  # fmt: skip


@pytest.mark.parametrize("given", INTEGRALS, ids=str)
def test_values_and_derivatives(given):
    e = sd.from_sympy(given)
    assert sd.from_sympy(e.to_sympy(), graph=e.graph).same_as(e)
    assert sd.from_sympy(e.to_sympy()).to_sympy() == e.to_sympy()
    names = list(e.variables)
    assert set(names) == {s.name for s in given.free_symbols}
    with mp.workdps(20):
        right = sympy.lambdify([sympy.Symbol(k) for k in names], given, "mpmath")
        point = [mp.mpf(AT[k]) for k in names]
        at = {k: AT[k] for k in names}
        assert sd.evaluate(e, at) == pytest.approx(float(right(*point)), rel=1e-11)
        for k, name in enumerate(names):
            along = lambda h, k=k: right(*point[:k], point[k] + h, *point[k + 1 :])  # noqa: E731
            h = mp.mpf(10) ** -5
            slope = (8 * (along(h) - along(-h)) - (along(2 * h) - along(-2 * h))) / (12 * h)
            assert sd.evaluate(sd.grad(e, name), at) == pytest.approx(float(slope), rel=1e-9, abs=1e-10)


def test_the_fundamental_theorem():
    """d/dx of the integral of f to x is f(x), and the second derivative is f'(x)."""
    f = exp(-A * T) * sin(T) + T**3
    e = sd.from_sympy(Integral(f, (T, 0, X)))
    plain = sd.from_sympy(f.subs(T, X))
    at = {"x": 0.7, "a": 1.3}
    np.testing.assert_allclose(sd.evaluate(e.diff("x"), at), sd.evaluate(plain, at), rtol=1e-11)
    np.testing.assert_allclose(sd.evaluate(e.diff("x", 2), at), sd.evaluate(plain.diff("x"), at), rtol=1e-10)


def test_integrals_within_each_other():
    e = sd.from_sympy(Integral(A * T * S, (T, 0, S), (S, 0, X)))
    at = {"x": 0.7, "a": 1.3}
    assert sd.evaluate(e, at) == pytest.approx(1.3 * 0.7**4 / 8, rel=1e-12)
    assert sd.evaluate(e.diff("x"), at) == pytest.approx(1.3 * 0.7**3 / 2, rel=1e-11)
    assert sd.evaluate(sd.from_sympy(Integral(exp(-T - S), (T, 0, S), (S, 0, oo))), {}) == pytest.approx(0.5, rel=1e-11)


def test_a_dirac_delta_within_is_done_by_sympy():
    e = sd.from_sympy(Integral(sympy.DiracDelta(T - A) * T**2, (T, -oo, oo)))
    assert sd.evaluate(e, {"a": 1.5}) == 2.25


@pytest.mark.parametrize("order", [0, 1, 2])
def test_dirac_deltas_come_back(order):
    x = sympy.Symbol("x", real=True)
    e = sd.from_sympy(sympy.DiracDelta(x, order))
    assert sd.evaluate(e, {"x": 0.3}) == 0
    g = e.graph
    assert sd.from_sympy(e.to_sympy(), graph=g).same_as(e)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (Integral(T, T), "a lower and an upper bound"), (Integral(T, (T, X)), "a lower and an upper bound"),
        (Integral(T, (T, oo, oo)), "both bounds"),
        (Integral(T * S * X, (T, 0, 1), (S, 0, 1), (X, 0, 1)), "at most 2 integrals"),
    ],
)  # fmt: skip
def test_refused(given, message):
    with pytest.raises(sd.SymdiffError, match=message):
        sd.from_sympy(given)


WRITTEN = [  # a text, its derivative by x, that in LaTeX
    ("integral(exp(-x*t), t, 0, 1)", "-integral(t*exp(-x*t), t, 0, 1)",
     r"-\int_{0}^{1} t e^{-x t} \, \mathrm{d}t"),
    ("integral(exp(-t**2), t, -inf, x)", "exp(-x**2)", r"e^{-x^{2}}"),
    ("integral(sin(t), t, x, x**2)", "2*x*sin(x**2) - sin(x)", r"2 x \sin\left(x^{2}\right) - \sin\left(x\right)"),
    ("integral(integral(s*t*x, t, 0, s), s, 0, 1)", "integral(integral(s*t, t, 0, s), s, 0, 1)",
     r"\int_{0}^{1} \left(\int_{0}^{s} s t \, \mathrm{d}t\right) \, \mathrm{d}s"),
    ("integral(t*norm2(v)*x, t, 0, 1)", "integral(t*norm2(v), t, 0, 1)",
     r"\int_{0}^{1} t \left\lVert v \right\rVert_{2} \, \mathrm{d}t"),
    ("x**2*integral(cos(x + t), t, 0, pi)", "x*(2*integral(cos(x + t), t, 0, pi) - x*integral(sin(x + t), t, 0, pi))",
     None),
]  # fmt: skip
SYMPYS = [  # as sympy writes them
    ("Integral(exp(-x*t), (t, 0, x))", "integral(exp(-x*t), t, 0, x)"),
    ("Integral(s*t*x, (t, 0, s), (s, 0, 1))", "integral(integral(s*t*x, t, 0, s), s, 0, 1)"),
]
AT_TEXTS = {"x": 0.7, "v": np.array([0.3, -1.2])}


@pytest.mark.parametrize(("text", "ours"), SYMPYS)
def test_sympys_texts(text, ours):
    assert str(sd.parse(text)) == ours


@pytest.mark.parametrize(("text", "slope", "latex"), WRITTEN)
def test_formulas(text, slope, latex):
    shapes = {"v": 2} if "v" in text.replace("inv", "") else {}
    e = sd.parse(text, **shapes)
    d = e.diff("x")
    assert str(d) == slope
    assert latex is None or d.latex() == latex
    again = sd.parse(slope, graph=e.graph)
    at = {k: AT_TEXTS[k] for k in d.variables}
    np.testing.assert_allclose(sd.evaluate(again, at), sd.evaluate(d, at), rtol=1e-13)
    sd.check_grad(e, "x", {k: AT_TEXTS[k] for k in e.variables}, order=2)


def test_an_integral_is_a_node_like_any_other(tmp_path):
    """Saved, compiled, written as source, differentiated by a vector, checked for its domain."""
    e = sd.parse("integral(log(t)*exp(-t*sum(v*v)), t, x, 2*x)", v=2)
    at, inputs = AT_TEXTS, ["v", "x"]
    sd.check_grad(e, inputs, at, order=2)
    d = sd.grad(e, "v")
    sd.save(d, tmp_path / "d.json")
    value = sd.evaluate(d, at)
    np.testing.assert_array_equal(sd.evaluate(sd.load(tmp_path / "d.json"), at), value)
    np.testing.assert_allclose(sd.function(inputs, d)(at["v"], at["x"]), value, rtol=1e-13)
    scope = {}
    exec(d.to_python("slope"), scope)
    np.testing.assert_allclose(scope["slope"](at["v"], at["x"]), value, rtol=1e-12)
    assert not sd.check_domain(e, at)
    assert sd.check_domain(e, {**at, "x": -1.0})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("integral(x, 2, 0, 1)", "the variable over which"), ("integral(x, sin(x), 0, 1)", "the variable over which"),
        ("integral(v, t, 0, 1)", "scalars"), ("integral(t, v, 0, 1)", "scalars"),
        ("integral(t, t, inf, inf)", "both bounds"),
    ],
)  # fmt: skip
def test_texts_that_are_refused(text, message):
    with pytest.raises(sd.ParseError, match=message):
        sd.parse(text, v=2)
