"""Arrays without entries, and positions that do not fit: numpy's value where it has one, else an error of our own."""

import numpy as np
import pytest
import scipy.special

import symdiff as sd

VALUES = {  # text -> numpy's value at x (n entries) and A (n rows and columns)
    "softmax(x)": lambda x, A: scipy.special.softmax(x) if len(x) else x,
    "log_softmax(x)": lambda x, A: scipy.special.log_softmax(x) if len(x) else x,
    "softmax(A, axis=0)": lambda x, A: scipy.special.softmax(A, axis=0) if len(x) else A,
    "sum(x)": lambda x, A: np.sum(x), "prod(x)": lambda x, A: np.prod(x), "any(x > 0)": lambda x, A: np.any(x > 0),
    "all(x > 0)": lambda x, A: np.all(x > 0), "sort(x)": lambda x, A: np.sort(x),
    "x @ x": lambda x, A: x @ x, "outer(x, x)": lambda x, A: np.outer(x, x),
    "concat([x, x])": lambda x, A: np.concatenate([x, x]), "x[::-1]": lambda x, A: x[::-1],
    "argsort(x)": lambda x, A: np.argsort(x), "cumulative_sum(x)": lambda x, A: np.cumsum(x),
    "norm2(x)": lambda x, A: np.linalg.norm(x), "trace(A)": lambda x, A: np.trace(A),
    "det(A)": lambda x, A: np.linalg.det(A),
    "inv(A)": lambda x, A: np.linalg.inv(A), "solve(A, x)": lambda x, A: np.linalg.solve(A, x),
    "eigvalsh(A)": lambda x, A: np.linalg.eigvalsh(A), "svdvals(A)": lambda x, A: np.linalg.svd(A)[1],
    "repeat(x, 2)": lambda x, A: np.repeat(x, 2), "repeat(x, 0)": lambda x, A: np.repeat(x, 0),
    "tile(x, 2)": lambda x, A: np.tile(x, 2), "pad(x, 1)": lambda x, A: np.pad(x, 1),
    "diag(x)": lambda x, A: np.diag(x),
    "triu(A)": lambda x, A: np.triu(A), "kron(x, x)": lambda x, A: np.kron(x, x), "x[:, None]": lambda x, A: x[:, None],
}  # fmt: skip


@pytest.mark.parametrize("n", [0, 1, 2])
@pytest.mark.parametrize("text", VALUES)
def test_values(text, n):
    e = sd.parse(text, x="n", A="n n")
    x, A = np.arange(n) + 0.5, 2 * np.eye(n) + 0.1
    at = {k: v for k, v in {"x": x, "A": A}.items() if k in e.variables}
    wanted = VALUES[text](x, A)
    for found in (sd.evaluate(e, at), sd.function(list(at), e, backend="numpy")(*at.values())):
        assert np.shape(found) == np.shape(wanted)
        np.testing.assert_allclose(found, wanted, atol=1e-14)
    if e.dtype == "float64":
        y = sd.sum(e) if e.ndim else e
        assert np.shape(sd.evaluate(sd.grad(y, list(at)), at)[0]) == np.shape(next(iter(at.values())))


UNDEFINED = [
    ("argmin(x)", {"x": []}), ("argmax(x)", {"x": []}), ("max(x)", {"x": []}), ("min(x)", {"x": []}),
    ("argmax(A, axis=1)", {"A": np.zeros((0, 0))}), ("x[0]", {"x": []}), ("x[3]", {"x": [1.0, 2.0]}),
    ("x[1:4]", {"x": [1.0, 2.0]}), ("take(x, array([0, 5]))", {"x": [1.0, 2.0]}),
    ("scatter_add(x, array([0, 5]), 3)", {"x": [1.0, 2.0]}), ("roll(x, 3)", {"x": [1.0, 2.0]}),
    ("x + z", {"x": [1.0], "z": [1.0, 2.0]}),
]  # fmt: skip


@pytest.mark.parametrize("backend", ["numpy", "tape", "auto"])
@pytest.mark.parametrize(("text", "at"), UNDEFINED)
def test_errors_are_our_own(text, at, backend):
    def called():
        e = sd.parse(text, x=2 if "scatter" in text else "n", z="n", A="n n")
        return sd.function(list(at), e, backend=backend)(*map(np.asarray, at.values()))

    with pytest.raises(sd.InputError):
        called()


@pytest.mark.parametrize("backend", ["numpy", "tape", "auto"])
def test_positions_that_vary(backend):
    g = sd.Graph()
    x, k = g.variable("x", 3), g.variable("k", 2, dtype="int64")
    for e in (sd.take(x, k), sd.scatter_add(x[:2], k, 3)):
        f = sd.function([x, k], e, backend=backend)
        with pytest.raises(sd.InputError, match="7"):
            f(np.arange(3.0), np.array([0, 7]))


def test_positions_fit_the_entries():
    with pytest.raises(sd.ShapeError, match="positions of shape"):
        sd.parse("scatter_add(x, array([0]), 3)", x=2)
