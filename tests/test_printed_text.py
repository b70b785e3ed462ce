"""The printed text of derivatives, read by plain numpy, has the derivative's value."""

import ast

import numpy as np
import pytest

import symdiff as sd
from symdiff.write import definitions

from .matrix_expressions import EXPRESSIONS, SIZES, build


def least(x, *others, axis=None):
    """Python's min of sizes, numpy's of an array's entries."""
    return min(x, *others) if others else np.min(x, axis=axis)


PLAIN = """
    abs block cos diag diagonal einsum exp eye heaviside kron log max maximum minimum ones outer pad prod reshape
    sign sin sqrt stack sum tanh trace tril triu where zeros
"""
NAMES = {
    **{name: getattr(np, name) for name in PLAIN.split()},
    **{name: f for name, f in vars(definitions).items() if callable(f)},
    "det": np.linalg.det, "inv": np.linalg.inv, "solve": np.linalg.solve, "pinv": np.linalg.pinv,
    "lstsq": lambda a, b: np.linalg.lstsq(a, b)[0], "matrix_rank": np.linalg.matrix_rank,
    "concat": np.concatenate, "min": least,
    "logdet": lambda x: np.linalg.slogdet(x)[1], "signdet": lambda x: np.linalg.slogdet(x)[0],
    "qr_Q": lambda x: np.linalg.qr(x)[0], "qr_R": lambda x: np.linalg.qr(x)[1], "norm2": np.linalg.norm,
    "norm_fro": np.linalg.norm, "pi": np.pi,
}  # fmt: skip


def read(text, values):
    """What numpy makes of a formula: lines ``name = expression``, then the expression."""
    *lets, last = ast.parse(text).body
    scope = {"__builtins__": {}, **NAMES, **SIZES, **values}
    with np.errstate(all="ignore"):
        exec(compile(ast.Module(lets, []), "<formula>", "exec"), scope)
        return eval(compile(ast.Expression(last.value), "<formula>", "eval"), scope)


def check(e, at):
    want = sd.evaluate(e, at)
    got = read(str(e), at)
    assert np.shape(got) == want.shape
    np.testing.assert_allclose(
        np.asarray(got, float), want, rtol=1e-7, atol=1e-7 * max(1, np.max(np.abs(want), initial=0))
    )


@pytest.mark.parametrize(("text", "declared", "wrt"), EXPRESSIONS)
def test_orders_one_and_two_of_matrix_expressions(text, declared, wrt):
    e, at = build(text, declared)
    check(sd.jacobian(e, wrt), at)
    if e.shape:  # of a weighted sum of its entries
        w = e.graph.variable("weights", e.shape)
        at["weights"] = np.random.default_rng(0).standard_normal(sd.evaluate(e, at).shape)
        e = sd.sum(w * e)
    check(sd.hessian(e, wrt), at)


BOOLEANS = [
    "sum(relu(x)) - sum((y > 0)*x)", "sum(relu(x) - relu(y))", "sum(relu(x)*relu(y))", "sum(relu(A @ x))",
    "sum(-relu(A @ relu(x)))",
    "(x > 0) @ (y > 0)*sum(x)", "sum(-(x > y)*x)", 
    "sum(where(x > 0, x, -x) - where(y > 0, x, 2*x))", "sum(relu(outer(x, y)))",
    "sum((outer(x, x) > 0) - (outer(x, y) > 0))*sum(x)", 
    "-max(diagonal(A - outer(x, x)))", "-sum((x > 0)*y)", "-sum((x > 0)*exp(x)*y)/sum(x > y)",
    "sum(x*where(x > y, y, y))", "sum(where((y > 0) & (x > y), x**2, -x))", "sum(where((y > 0) | (x > y), x, -x)**3)",
    "sum(max(outer(x, y), axis=1))", "sum(where((x > 0) & (y > 0), x*y, 0))",
]  # fmt: skip


@pytest.mark.parametrize("text", BOOLEANS)
def test_truth_values_count(text):
    e = sd.parse(text, x="n", y="n", A="n n")
    rng = np.random.default_rng(1)
    at = {"x": rng.standard_normal(3), "y": rng.standard_normal(3), "A": rng.standard_normal((3, 3))}
    at = {v: at[v] for v in e.graph.variable_names()}
    check(e, at)
    check(sd.grad(e, "x"), at)
    check(sd.hessian(e, "x"), at)


LAYOUTS = [
    ("concat([T, T**2], axis=1)", "block([[T, T**2]])"),
    ("concat([T, T], axis=0)", "concat((T, T))"),
    ("concat([U, U], axis=1)", "concat((U, U), axis=1)"),
    ("concat([U, U], axis=2)", "block([[U, U]])"),
    ("block([[T, T], [T, T]])", "block([[T, T], [T, T]])"),
    ("block([[U, U], [U, U]])", "block([[U, U], [U, U]])"),
    ("U*1", "U"),
    ("2*U*exp(U)", "2*U*exp(U)"),
    ("reshape(einsum('ik,jl->ijkl', T, T), (9, 9))", "kron(T, T)"),
    ("reshape(einsum('ik,jl->ijkl', T, T), (3, 3, 9))", "reshape(einsum('ik,jl->ijkl', T, T), (3, 3, 9))"),
]


@pytest.mark.parametrize(("expression", "text"), LAYOUTS)
def test_what_joins_and_shapes_reads_as_numpy(expression, text):
    e = sd.parse(expression, T=(3, 3), U=(2, 3, 3))
    assert str(e) == text
    assert str(sd.parse(text, graph=e.graph)) == text
    rng = np.random.default_rng(2)
    at = {"T": rng.standard_normal((3, 3)), "U": rng.standard_normal((2, 3, 3))}
    check(e, {v: at[v] for v in e.graph.variable_names()})
