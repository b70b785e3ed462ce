"""Structured derivatives: what is kept, its numbers, the linear map, against the dense evaluation."""

from itertools import product

import numpy as np
import pytest
import scipy.sparse.linalg as sla

import symdiff as sd
from symdiff.ops.products import contract

SIZES = {"m": 4, "n": 3, "k": 2}

# expression, declared, by, order, kind, core
TABLE = [
    ("norm_fro(T - U @ V.T)**2", {"T": "m n", "U": "m k", "V": "n k"}, "U", 2, "kronecker", "2*V.T @ V"),
    ("norm_fro(T - U @ V.T)**2", {"T": "m n", "U": "m k", "V": "n k"}, "V", 2, "kronecker", "2*U.T @ U"),
    ("norm_fro(A @ X - B)**2", {"A": "m n", "X": "n k", "B": "m k"}, "X", 2, "kronecker", "2*A.T @ A"),
    ("sum(C*exp(X))", {"C": "m n", "X": "m n"}, "X", 2, "diagonal", "C*exp(X)"),
    ("sum(a*log(x)) + b @ x**3", {"a": "n", "b": "n", "x": "n positive"}, "x", 2, "diagonal", "6*x*b - a/x**2"),
    ("x @ x/2", {"x": "n"}, "x", 2, "identity", "1"),
    ("norm_fro(X)**2", {"X": "m n"}, "X", 2, "identity", "2"),
    ("sum(x)**2", {"x": "n"}, "x", 2, "outer", "2"),
    ("(b @ x)**2", {"x": "n", "b": "n"}, "x", 2, "outer", ("2*b", "b")),
    ("trace(A @ X)**2", {"A": "n m", "X": "m n"}, "X", 2, "outer", ("2*A.T", "A.T")),
    ("x @ A @ x", {"A": "n n", "x": "n"}, "x", 2, "dense", "A + A.T"),
    ("logdet(X)", {"X": "n n"}, "X", 2, "kronecker", ("-inv(X).T", "inv(X)")),
    ("trace(A @ X @ B @ X.T)", {"A": "m m", "B": "n n", "X": "m n"}, "X", 2, "kronecker + kronecker", None),
    ("logsumexp(x)", {"x": "n"}, "x", 2, "outer + diagonal", ("-softmax(x)", "softmax(x)", "softmax(x)")),
    ("sum(log(1 + exp(A @ x))) + sum(x**4)", {"A": "m n", "x": "n"}, "x", 2, "dense + diagonal", None),
    ("norm2(A @ x)**2 + x @ x + (b @ x)**2", {"A": "m n", "x": "n", "b": "n"}, "x", 2,
     "dense + outer + identity", None),
    ("sum(sin(T @ x))", {"T": "m k n", "x": "n"}, "x", 2, "dense", None),
    ("a @ x", {"a": "n", "x": "n"}, "x", 2, "zero", ()),
    ("sin(x)", {"x": "n"}, "x", 1, "diagonal", "cos(x)"),
    ("A @ x", {"A": "m n", "x": "n"}, "x", 1, "dense", "A"),
    ("A @ X", {"A": "m n", "X": "n k"}, "X", 1, "kronecker", "A"),
    ("A @ X @ B", {"A": "m n", "X": "n k", "B": "k n"}, "X", 1, "kronecker", ("A", "B.T")),
    ("X.T", {"X": "m n"}, "X", 1, "kronecker", "1"),
    ("x*sum(x)", {"x": "n"}, "x", 1, "outer + identity", None),
    ("x*(b @ x)", {"x": "n", "b": "n"}, "x", 1, None, None),
    ("softmax(X)", {"X": "m n"}, "X", 1, None, None),
    ("inv(X)", {"X": "b n n spd"}, "X", 1, None, None),
    ("2*x + 1", {"x": ""}, "x", 1, "identity", "2"),
]  # fmt: skip


def built(text, declared, wrt, order, sizes=SIZES):
    words = {v: s.split() for v, s in declared.items()}
    shapes = {v: tuple(w for w in ws if w not in ("positive", "spd")) for v, ws in words.items()}
    e = sd.parse(text, **shapes)
    rng = np.random.default_rng(0)
    at = {v: rng.uniform(0.5, 2, tuple(sizes.get(s, 2) for s in shape)) for v, shape in shapes.items()}
    at = {v: x @ np.swapaxes(x, -1, -2) + np.eye(3) if "spd" in words[v] else x for v, x in at.items()}
    return sd.hessian(e, wrt) if order == 2 else sd.jacobian(e, wrt), at


@pytest.mark.parametrize(("text", "declared", "wrt", "order", "kind", "core"), TABLE)
def test_what_is_kept_is_the_derivative(text, declared, wrt, order, kind, core):
    d, at = built(text, declared, wrt, order)
    kept = sd.structure(d)
    assert str(d.structure) == str(kept)
    if kind is not None:
        assert kept.kind == kind
    if core is not None:
        assert (str(kept.core) if isinstance(kept.core, sd.Expr) else tuple(map(str, kept.core))) == core
    H = kept.evaluate(at)
    want = sd.evaluate(d, at)
    assert H.array_shape == want.shape
    np.testing.assert_allclose(H.todense(), want, rtol=1e-12, atol=1e-12)
    matrix = want.reshape(H.shape)
    rng = np.random.default_rng(1)
    x, X = rng.standard_normal(H.shape[1]), rng.standard_normal((H.shape[1], 5))
    y, Y = rng.standard_normal(H.shape[0]), rng.standard_normal((H.shape[0], 5))
    for got, expected in (
        (H @ x, matrix @ x), (H @ X, matrix @ X), (H.rmatvec(y), matrix.T @ y), (H.T @ Y, matrix.T @ Y),
        (H.H @ y, matrix.T @ y), (H.T.todense().reshape(matrix.T.shape), matrix.T),
        (H.matvec(x[:, None]), (matrix @ x)[:, None]),
    ):  # fmt: skip
        np.testing.assert_allclose(got, expected, rtol=1e-10, atol=1e-10)


def test_the_core_is_all_that_is_stored():
    d, _ = built("norm_fro(T - U @ V.T)**2", {"T": "m n", "U": "m k", "V": "n k"}, "U", 2)
    m, n, k = 10_000, 50, 20
    V = np.random.default_rng(0).standard_normal((n, k))
    H = sd.structure(d).evaluate({"T": np.zeros((m, n)), "U": np.zeros((m, k)), "V": V})
    assert H.shape == (m * k, m * k)
    np.testing.assert_allclose(H.core, 2 * V.T @ V)
    x = np.ones(m * k)
    np.testing.assert_allclose(H @ x, np.tile(2 * V.T @ V @ np.ones(k), m))


def test_scipy_solves_with_it():
    d, at = built("norm2(A @ x)**2 + x @ x", {"A": "m n", "x": "n"}, "x", 2)
    H = sd.structure(d).evaluate(at)
    b = np.arange(3.0)
    step, info = sla.cg(H, b, rtol=1e-12)
    assert info == 0
    np.testing.assert_allclose(H.todense() @ step, b, atol=1e-8)


def test_rows_may_be_told():
    d, at = built("X @ y", {"X": "m n", "y": "n"}, "X", 1)
    with pytest.raises(sd.ShapeError, match="no half"):
        sd.structure(d)
    with pytest.raises(sd.ShapeError, match="rows=4"):
        sd.structure(d, rows=4)
    kept = sd.structure(d, rows=1)
    assert (kept.kind, str(kept.core)) == ("kronecker", "y")
    assert repr(kept) == "<structure: kronecker, shape (m, m, n)>"
    H = kept.evaluate(at)
    np.testing.assert_allclose(H @ at["X"].ravel(), at["X"] @ at["y"])


def test_sizes_may_follow_from_values_that_are_not_kept():
    d, at = built("sum(x[1:]*x[:-1])", {"x": "n"}, "x", 2)
    np.testing.assert_array_equal(sd.structure(d).evaluate(at).todense(), sd.evaluate(d, at))


def test_bad_values_are_errors():
    d, at = built("norm_fro(T - U @ V.T)**2", {"T": "m n", "U": "m k", "V": "n k"}, "U", 2)
    kept = sd.structure(d)
    with pytest.raises(sd.InputError, match=r"missing value.* V"):
        kept.evaluate({"U": at["U"]})
    with pytest.raises(sd.InputError, match="the size 'm' is not known"):
        kept.evaluate({"V": at["V"]})
    with pytest.raises(sd.InputError, match="'W' is no variable"):
        kept.evaluate(at | {"W": 1})
    with pytest.raises(sd.InputError, match="has shape"):
        kept.evaluate(at | {"U": np.ones((4, 5))})
    with pytest.raises(sd.InputError, match="expected an expression"):
        sd.structure(1)


# how the four axes of a tensor may be read: in all ways in which some labels are one, in two orders of the result
READINGS = [
    (word, out)
    for word in map("".join, product("abcd", repeat=4))
    if list(dict.fromkeys(word)) == list("abcd"[: len(set(word))])
    for out in ("", "".join(dict.fromkeys(word)), "".join(dict.fromkeys(word))[::-1])
]


@pytest.mark.parametrize("unit", ["ijij", "ijji", "iijj", "iiii"])
@pytest.mark.parametrize(("word", "out"), READINGS)
def test_unit_tensors_are_read_at_labels_that_turn_out_to_be_one(unit, word, out):
    g = sd.Graph()
    s, n = g.variable("s"), 3
    tensor = contract([(s, "")], unit, {"i": n, "j": n})
    entries = np.zeros((n,) * 4)
    for i, j in np.ndindex(n, n):
        entries[tuple({"i": i, "j": j}[letter] for letter in unit)] = 2.0
    found = sd.evaluate(contract([(tensor, word)], out), {"s": 2.0})
    np.testing.assert_array_equal(found, np.einsum(f"{word}->{out}", entries))
