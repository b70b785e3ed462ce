"""Derivatives of high order: no longer than the book's formula, and their value against sympy's."""

import ast

import numpy as np
import pytest
import sympy

import symdiff as sd

ORDERS = [
    ("1/x", 8, "40320/x**9"),
    ("log(1 + x)", 20, "-121645100408832000/(1 + x)**20"),
    ("log(a + b*x)", 8, "-5040*b**8/(a + b*x)**8"),
    ("sqrt(1 + x)", 20, "-8200794532637891559375/(1048576*(1 + x)**(39/2))"),
    ("sqrt(x)", 9, "2027025/(512*x**(17/2))"),
    ("(1 + x)**(1/3)", 10, "-2504902400/(59049*(1 + x)**(29/3))"),
    ("(1 + x)**a", 5, "a*(a - 1)*(a - 2)*(a - 3)*(a - 4)*(1 + x)**(a - 5)"),
    ("(a*x + b)**7", 5, "2520*a**5*(a*x + b)**2"),
    ("1/(1 - x)", 10, "3628800/(1 - x)**11"),
    ("x/(1 + x)", 6, "-720/(1 + x)**7"),
    ("exp(a*x)", 9, "a**9*exp(a*x)"),
    ("2**x", 6, "2**x*log(2)**6"),
    ("x**2*exp(x)", 8, "(x**2 + 16*x + 56)*exp(x)"),
    ("exp(x)*sin(x)", 8, "16*exp(x)*sin(x)"),
    ("sin(a*x)", 9, "a**9*cos(a*x)"),
    ("sin(x)**2", 8, "-128*cos(2*x)"),
    ("x**2*log(x)", 8, "-240/x**6"),
    ("log(x)/x", 8, "144*(280*log(x) - 761)/x**9"),
    ("exp(-x**2)", 6, "8*(8*x**6 - 60*x**4 + 90*x**2 - 15)*exp(-x**2)"),
    (
        "exp(-x**2)",
        12,
        "64*(64*x**12 - 2112*x**10 + 23760*x**8 - 110880*x**6 + 207900*x**4 - 124740*x**2 + 10395)*exp(-x**2)",
    ),
    ("1/(1 + x**2)", 10, "3628800*(11*x**10 - 165*x**8 + 462*x**6 - 330*x**4 + 55*x**2 - 1)/(1 + x**2)**11"),
    ("1/(x**2 + a**2)", 6, "720*(7*x**6 - 35*x**4*a**2 + 21*x**2*a**4 - a**6)/(x**2 + a**2)**7"),
    ("atan(x)", 6, "-240*x*(3*x**4 - 10*x**2 + 3)/(1 + x**2)**6"),
    ("log(1 + x**2)", 6, "-240*(x**6 - 15*x**4 + 15*x**2 - 1)/(1 + x**2)**6"),
    ("asin(x)", 8, "315*x*(16*x**6 + 168*x**4 + 210*x**2 + 35)/(1 - x**2)**(15/2)"),
    ("sqrt(1 + x**2)", 8, "315*(64*x**6 - 240*x**4 + 120*x**2 - 5)/(1 + x**2)**(15/2)"),
    ("tanh(x)", 5, "16 - 136*tanh(x)**2 + 240*tanh(x)**4 - 120*tanh(x)**6"),
    ("1/cos(x)", 6, "(720*tan(x)**6 + 1320*tan(x)**4 + 662*tan(x)**2 + 61)/cos(x)"),
]


def operations(text):
    kinds = (ast.BinOp, ast.UnaryOp, ast.Call)
    return sum(isinstance(node, kinds) for node in ast.walk(ast.parse(text)))


@pytest.mark.parametrize(("text", "n", "book"), ORDERS)
def test_high_orders_are_as_short_as_the_books(text, n, book):
    d = sd.parse(text).diff("x", n)
    assert operations(str(d)) <= operations(book), str(d)
    at = {"x": 0.3, "a": 1.7, "b": 0.6}
    want = float(sympy.sympify(text).diff("x", n).evalf(30, subs=at))
    for e in (d, sd.parse(str(d))):
        got = sd.evaluate(e, {v: at[v] for v in e.variables})
        np.testing.assert_allclose(float(got), want, rtol=1e-9)


def test_a_text_that_is_too_long_says_which_budget_it_is_over():
    x = sd.Graph().variable("x")
    e = x
    for _ in range(60):
        e = sd.sin(e) + x
    with sd.budgets(listed=100):
        assert str(e).endswith("a text of it would be too long; sd.budgets(listed=...) raises the budget of 100>")
        assert "sd.budgets" in e.latex()
        with pytest.raises(sd.SymdiffError, match=r"add of 121 nodes.*listed"):
            e.index_notation()
    assert "t0 = " in str(e)
