"""Linear algebra: values against numpy and scipy, derivatives of orders 1 and 2 against central differences and JAX,
repeated eigenvalues and singular values, stacks of matrices."""

import zlib

import numpy as np
import pytest

import symdiff as sd
from symdiff.op import FUNCTIONS

SIZES = {"m": 4, "n": 3, "k": 2}

# (expression, {variable: shape and what its data are like}, wrt): orders 1 and 2 of each are checked; `wrt` is one name
EXPRESSIONS = [
    # inverse and determinant
    ("inv(X)", {"X": "n n invertible"}, "X"),
    ("det(X)", {"X": "n n"}, "X"),
    ("logdet(X)", {"X": "n n invertible"}, "X"),
    ("slogdet(X)[1]**2", {"X": "n n invertible"}, "X"),
    ("adj(X)", {"X": "n n invertible"}, "X"),
    ("trace(inv(X) @ A)", {"X": "n n invertible", "A": "n n"}, "X"),
    ("a @ inv(X) @ b", {"X": "n n invertible", "a": "n", "b": "n"}, "X"),
    ("det(X.T @ X)", {"X": "m n"}, "X"),
    ("logdet(A + X @ X.T)", {"X": "n k", "A": "n n spd"}, "X"),
    ("inv(X @ X.T + A)", {"X": "n k", "A": "n n spd"}, "X"),
    ("logdet(A + t*B)", {"A": "n n spd", "B": "n n", "t": ""}, "t"),
    # linear systems
    ("solve(A, b)", {"A": "n n invertible", "b": "n"}, "A"),
    ("solve(A, b)", {"A": "n n invertible", "b": "n"}, "b"),
    ("solve(A, B)", {"A": "n n invertible", "B": "n k"}, "A"),
    ("solve(A, solve(A, b))", {"A": "n n invertible", "b": "n"}, "A"),
    ("b @ solve(A + A.T, b)", {"A": "n n spd", "b": "n"}, "A"),
    ("solve_triangular(A, b)", {"A": "n n invertible", "b": "n"}, "A"),
    ("cho_solve(cholesky(A), b)", {"A": "n n spd", "b": "n"}, "A"),
    ("pinv(X)", {"X": "m n"}, "X"),
    ("pinv(X)", {"X": "k n"}, "X"),
    ("pinv(X) @ b", {"X": "m n", "b": "m"}, "X"),
    ("lstsq(X, b)", {"X": "m n", "b": "m"}, "X"),
    ("lstsq(X, b)", {"X": "m n", "b": "m"}, "b"),
    # factorisations
    ("cholesky(X)", {"X": "n n spd"}, "X"),
    ("sum(log(diag(cholesky(X))))", {"X": "n n spd"}, "X"),
    ("cholesky(X @ X.T + A)", {"X": "n k", "A": "n n spd"}, "X"),
    ("qr(X)[0]", {"X": "m n"}, "X"),
    ("qr(X)[1]", {"X": "m n"}, "X"),
    ("qr_Q(X)", {"X": "n n invertible"}, "X"),
    ("qr_R(X)", {"X": "k n"}, "X"),
    # eigenvalues
    ("eigvalsh(X)", {"X": "n n"}, "X"),
    ("eigvalsh(sym(X))[n - 1]", {"X": "n n"}, "X"),
    ("eigvecs(X)", {"X": "n n"}, "X"),
    ("sum(eigvalsh(X)**3)", {"X": "n n"}, "X"),
    ("eigh(X)[1] @ diag(exp(eigh(X)[0])) @ eigh(X)[1].T", {"X": "n n"}, "X"),
    # products
    ("matrix_power(X, 3)", {"X": "n n"}, "X"),
    ("matrix_power(X, -2)", {"X": "n n invertible"}, "X"),
    ("multi_dot([A, X, X.T])", {"X": "n k", "A": "k n"}, "X"),
    ("phi(X)", {"X": "n n"}, "X"),
]  # fmt: skip


def draw(spec: str, rng: np.random.Generator) -> np.ndarray:
    """Data for a variable: its shape, then what they are like."""
    words = spec.split()
    shape = tuple(SIZES[w] for w in words if w in SIZES)
    x = rng.standard_normal(shape)
    kind = words[-1] if words and words[-1] not in SIZES else ""
    if kind == "invertible":
        return x + 3 * np.eye(shape[-1])
    if kind == "spd":
        return x @ np.swapaxes(x, -1, -2) + 2 * np.eye(shape[-1])
    if kind == "near_identity":
        return 0.3 * x + np.eye(shape[-1])
    return x


def build(text: str, declared: dict[str, str]) -> tuple[sd.Graph, sd.Expr, dict[str, np.ndarray]]:
    """The expression and a point."""
    rng = np.random.default_rng(zlib.crc32((text + str(declared)).encode()))
    at = {name: draw(spec, rng) for name, spec in declared.items()}
    g = sd.Graph()
    variables = {name: g.variable(name, value.shape) for name, value in at.items()}
    return g, eval(text, {**FUNCTIONS, **SIZES, **variables}), at


def differences(e: sd.Expr, at: dict, x: str, step: float = 1e-5) -> np.ndarray:
    """de/dx by central differences, axes of e first."""
    point = np.asarray(at[x], dtype=float)
    columns = np.zeros((*np.shape(sd.evaluate(e, at)), *point.shape))
    for i in np.ndindex(point.shape):
        d = np.zeros(point.shape)
        d[i] = step
        columns[(..., *i)] = (sd.evaluate(e, {**at, x: point + d}) - sd.evaluate(e, {**at, x: point - d})) / (2 * step)
    return columns


def close(found, expected, tolerance: float = 1e-6) -> None:
    scale = max(1.0, float(np.max(np.abs(expected), initial=0)))
    np.testing.assert_allclose(found, expected, rtol=0, atol=tolerance * scale)


def scalarised(e: sd.Expr) -> sd.Expr:
    """A weighted sum of the entries, so that no entry's second derivative cancels."""
    if not e.shape:
        return e
    weights = np.cos(1 + np.arange(e.size)).reshape(e.shape)
    return sd.sum(e * weights)


def check_two_orders(e: sd.Expr, at: dict, wrt: str) -> None:
    g = e.graph
    x = g.variable(wrt)
    expected = differences(e, at, wrt)
    for mode in ("reverse", "forward"):
        close(sd.evaluate(sd.jacobian(e, x, mode=mode), at), expected)
    f = scalarised(e)
    gradient = sd.grad(f, x)
    second = differences(gradient, at, wrt)
    close(sd.evaluate(sd.hessian(f, x), at), second, 1e-5)
    v = np.sin(1 + np.arange(at[wrt].size)).reshape(at[wrt].shape)
    product = sd.evaluate(sd.hvp(f, x), {**at, f"v_{wrt}": v})
    close(product, np.tensordot(second, v, v.ndim), 1e-5)
    # <ct, J t> = <J' ct, t>
    ct = np.cos(np.arange(e.size)).reshape(e.shape)
    left = np.sum(ct * sd.evaluate(sd.jvp(e, {wrt: v}), at))
    right = np.sum(v * sd.evaluate(sd.vjp(e, x, ct), at))
    assert left == pytest.approx(right, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(("text", "declared", "wrt"), EXPRESSIONS, ids=lambda p: p if isinstance(p, str) else "")
def test_first_and_second_order(text, declared, wrt):
    _, e, at = build(text, declared)
    check_two_orders(e, at, wrt)
