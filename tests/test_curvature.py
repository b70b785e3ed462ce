"""Gauss-Newton, sums of operators, diagonals, traces, determinants, blocks, preconditioners, by dense matrices."""

import pickle

import numpy as np
import pytest
import scipy.sparse
import scipy.sparse.linalg as sla

import symdiff as sd


def network(hidden=4, classes=3, batch=5, seed=0):
    g = sd.Graph()
    X, T = g.variable("X", "b i"), g.variable("T", "b o")
    W1, c1, W2 = g.variable("W1", "i h"), g.variable("c1", "h"), g.variable("W2", "h o")
    z = sd.tanh(X @ W1 + c1) @ W2
    loss = sd.sum(sd.logsumexp(z, axis=1)) - sd.sum(T * z)
    r = np.random.default_rng(seed)
    at = {
        "X": r.normal(size=(batch, 6)), "T": np.eye(classes)[r.integers(0, classes, batch)],
        "W1": r.normal(size=(6, hidden)), "c1": r.normal(size=hidden), "W2": r.normal(size=(hidden, classes)),
    }  # fmt: skip
    return loss, z, ["W1", "c1", "W2"], at


def gauss_newton(loss, z, wrt, at):
    """J' M J from dense derivatives."""
    J = [sd.evaluate(sd.jacobian(z, w), at) for w in wrt]
    n = sd.evaluate(z, at).size
    J = np.hstack([j.reshape(n, -1) for j in J])
    return J.T @ sd.evaluate(sd.hessian(loss, z), at).reshape(n, n) @ J


def test_gauss_newton():
    loss, z, wrt, at = network()
    G = sd.GaussNewtonOperator(loss, of=z, wrt=wrt, at=at)
    D = gauss_newton(loss, z, wrt, at)
    V = np.random.default_rng(1).normal(size=(len(D), 3))
    np.testing.assert_allclose(G @ V, D @ V, rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(G @ V[:, 0], D @ V[:, 0], rtol=1e-10, atol=1e-10)
    assert np.linalg.eigvalsh(G @ np.eye(len(D)))[0] > -1e-10
    np.testing.assert_allclose(G.diagonal(), np.diag(D), atol=1e-10)
    assert G.trace() == pytest.approx(np.trace(D))
    H = sd.HessianOperator(loss, wrt, at)
    np.testing.assert_allclose(G.gradient, H.gradient, rtol=1e-12)
    assert G.value == pytest.approx(H.value)
    damped = sd.GaussNewtonOperator(loss, of=[z], wrt=wrt, at=at, damping=0.5)
    np.testing.assert_allclose(damped @ V, D @ V + 0.5 * V, rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(damped.diagonal(), np.diag(D) + 0.5, atol=1e-10)
    np.testing.assert_allclose(pickle.loads(pickle.dumps(damped)) @ V, damped @ V)
    moved = {"W1": 2 * at["W1"]}
    np.testing.assert_allclose(G.at(moved) @ V, gauss_newton(loss, z, wrt, {**at, **moved}) @ V, rtol=1e-9, atol=1e-9)


def test_gauss_newton_of_several_outputs():
    g = sd.Graph()
    x = g.variable("x", 4)
    a, b = sd.sin(x), x[1:] * x[:-1]
    loss = sd.sum(a**2) + sd.sum(sd.exp(b)) + a[0] * b[0]
    at = {x: np.linspace(-1, 1, 4)}
    G = sd.GaussNewtonOperator(loss, of=[a, b], wrt=x, at=at)
    J = np.vstack([sd.evaluate(sd.jacobian(z, x), at) for z in (a, b)])
    M = np.block([[sd.evaluate(m, at) for m in row] for row in sd.hessian(loss, [a, b])])
    np.testing.assert_allclose(G @ np.eye(4), J.T @ M @ J, atol=1e-12)
    np.testing.assert_allclose(G.diagonal(), np.diag(J.T @ M @ J), atol=1e-12)


def test_the_diagonal_of_a_gauss_newton_matrix_forms_no_jacobian():
    """784-256-10 with a batch of 128: the Jacobian of the first weights would have 257 million entries."""
    loss, z, wrt, at = network(hidden=256, classes=10, batch=128)
    at = {**at, "X": np.random.default_rng(0).normal(size=(128, 784)) / 28, "W1": np.zeros((784, 256))}
    at["W2"] = at["W2"] / 16
    G = sd.GaussNewtonOperator(loss, of=z, wrt=wrt, at=at)
    d = G.diagonal()
    assert G.counts["products"] == 0
    for k in (0, 5000, 784 * 256, len(d) - 1):
        e = np.zeros(len(d))
        e[k] = 1
        assert d[k] == pytest.approx((G @ e)[k], rel=1e-9, abs=1e-12)


# --- Fisher information ----------------------------------------------------------------------------------------------

FAMILIES = {  # family -> (negative log likelihood by sample, draws of the observations)
    "normal": (lambda z, y: (z - y) ** 2 / 2, lambda z, r, n: z + r.normal(size=(n, *z.shape))),
    "bernoulli": (lambda z, y: sd.softplus(z) - y * z, lambda z, r, n: r.random((n, *z.shape)) < 1 / (1 + np.exp(-z))),
    "poisson": (lambda z, y: sd.exp(z) - y * z, lambda z, r, n: r.poisson(np.exp(z), (n, *z.shape))),
    "categorical": (
        lambda z, y: sd.logsumexp(z, axis=1) - sd.sum(y * z, axis=1),
        lambda z, r, n: (np.exp(z) / np.exp(z).sum(1, keepdims=True)).cumsum(1)[None] > r.random((n, len(z), 1)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("family", FAMILIES)
def test_fisher_information(family):
    """The mean of the squares of slopes over observations that the model draws, and their own sum for one draw."""
    nll, draw = FAMILIES[family]
    g, r = sd.Graph(), np.random.default_rng(0)
    shape = (4, 3) if family == "categorical" else (4,)
    X, w, y = g.variable("X", (4, 2)), g.variable("w", (2, *shape[1:])), g.variable("y", shape)
    z = sd.sin(X @ w)
    loss = sd.sum(nll(z, y))
    at = {X: r.normal(size=(4, 2)), w: r.normal(size=w.shape)}
    at[y] = np.eye(3)[r.integers(0, 3, 4)] if family == "categorical" else r.integers(0, 2, 4).astype(float)
    F = sd.FisherOperator(loss, of=z, family=family, wrt=w, at=at)
    exact, n = F @ np.eye(w.shape[0] * (3 if family == "categorical" else 1)), 40_000
    drawn = draw(sd.evaluate(z, at), r, n).astype(float)
    if family == "categorical":  # the first class at which the cumulated probability passes the draw
        drawn = np.diff(drawn, axis=2, prepend=0)
    J = sd.evaluate(sd.jacobian(z, w), at).reshape(4 * (3 if family == "categorical" else 1), -1)
    mean = sd.evaluate(z, at)
    expected = {
        "normal": mean, "bernoulli": 1 / (1 + np.exp(-mean)), "poisson": np.exp(mean),
        "categorical": np.exp(mean) / np.exp(mean).sum(-1, keepdims=True),
    }[family]  # fmt: skip
    G = (drawn - expected).reshape(n, -1) @ J
    np.testing.assert_allclose(G.T @ G / n, exact, atol=0.05 * np.abs(exact).max())
    np.testing.assert_allclose(F.diagonal(), np.diag(exact), atol=1e-12)
    E = sd.FisherOperator(loss, of=z, family=family, kind="empirical", wrt=w, at=at)
    own = ((at[y] - expected)[..., None] * J.reshape(*shape, -1)).reshape(4, -1, J.shape[1]).sum(axis=1)
    np.testing.assert_allclose(E @ np.eye(J.shape[1]), own.T @ own, atol=1e-10)
    np.testing.assert_allclose(E @ np.ones(J.shape[1]), own.T @ own.sum(axis=1), atol=1e-10)
    np.testing.assert_allclose(E.diagonal(), np.diag(own.T @ own), atol=1e-10)
    np.testing.assert_allclose(F.gradient, -own.sum(axis=0), atol=1e-10)
    again = pickle.loads(pickle.dumps(E))
    np.testing.assert_allclose(again @ np.ones(J.shape[1]), E @ np.ones(J.shape[1]))


# --- sums ------------------------------------------------------------------------------------------------------------


def test_sums_keep_value_and_gradient():
    x = sd.Graph().variable("x", "n")
    H = sd.HessianOperator(sd.sum(sd.exp(x)) + x @ x, x, at={x: np.arange(3.0)})
    eye = sla.aslinearoperator(np.eye(3))
    B = np.arange(9.0).reshape(3, 3)
    for S, D in (
        (H + 2 * eye, 2 * np.eye(3)), (2 * eye + H, 2 * np.eye(3)), (H + B, B),
        (H + scipy.sparse.eye_array(3), np.eye(3)), (H + 1j * eye, 1j * np.eye(3)),
    ):  # fmt: skip
        whole = H @ np.eye(3) + D
        np.testing.assert_allclose(S @ np.eye(3), whole)
        np.testing.assert_allclose(S.H @ np.ones(3), whole.conj().T @ np.ones(3))
    S = H + 2 * eye
    np.testing.assert_array_equal(S.gradient, H.gradient)
    assert S.value == H.value
    step, info = sla.cg(S, -S.gradient, rtol=1e-12)
    assert info == 0
    np.testing.assert_allclose((H @ np.eye(3) + 2 * np.eye(3)) @ step, -H.gradient, atol=1e-9)
    np.testing.assert_allclose(S.at({x: np.zeros(3)}) @ np.ones(3), 5)
    J = sd.JacobianOperator(sd.sin(x), x, at={x: np.zeros(3)})
    np.testing.assert_allclose((J + B).T @ np.ones(3), 1 + B.sum(axis=0))
    with pytest.raises(sd.InputError, match="can't be added"):
        H + sla.aslinearoperator(np.eye(4))


# --- diagonals -------------------------------------------------------------------------------------------------------


def logistic():
    f = sd.parse("sum(log(1 + exp(-y*(X @ w)))) + lam/2*(w @ w)", X="n d", y="n", w="d")
    r = np.random.default_rng(0)
    return f, "w", {"X": r.normal(size=(30, 8)), "y": np.sign(r.normal(size=30)), "w": r.normal(size=8), "lam": 0.3}


def chained(n=50):
    x = sd.Graph().variable("x", "n")
    f = sd.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)
    return f, x, {x: np.linspace(-1, 1, n)}


def factorisation():
    f = sd.parse("norm_fro(T - U @ V.T)**2 + sum(exp(U))", T="m n", U="m k", V="n k")
    r = np.random.default_rng(0)
    return f, ["U", "V"], {"T": r.normal(size=(4, 5)), "U": r.normal(size=(4, 2)), "V": r.normal(size=(5, 2))}


def cumulative():
    x = sd.Graph().variable("x", "n")
    return sd.sum(sd.cumulative_sum(x**2) ** 2), x, {x: np.linspace(1, 2, 20)}


@pytest.mark.parametrize(("problem", "products"), [(logistic, 0), (chained, 0), (factorisation, 0), (cumulative, 20)])
def test_diagonals_are_exact(problem, products):
    f, wrt, at = problem()
    H = sd.HessianOperator(f, wrt, at)
    D = sd.HessianOperator(f, wrt, at) @ np.eye(H.shape[0])
    np.testing.assert_allclose(H.diagonal(), np.diag(D), rtol=1e-10)
    assert H.counts["products"] == products
    assert H.trace() == pytest.approx(np.trace(D))


def test_a_long_stencil_s_diagonal_takes_little_memory():
    f, x, at = chained(20_000)
    d = sd.HessianOperator(f, x, at).diagonal()
    v = at[x]
    exact = np.zeros(len(v))
    exact[:-1] += 1200 * v[:-1] ** 2 - 400 * v[1:] + 2
    exact[1:] += 200
    np.testing.assert_allclose(d, exact)


def spread(n=200, seed=0):
    """A positive definite map with a quickly decreasing spectrum, and its matrix."""
    r = np.random.default_rng(seed)
    Q = np.linalg.qr(r.normal(size=(n, n)))[0]
    A = Q * (1 + 100 * np.exp(-np.arange(n) / 4)) @ Q.T
    x = sd.Graph().variable("x", "n")
    B = x.graph.variable("B", "n n")
    return sd.HessianOperator(x @ B @ x / 2, x, {x: np.zeros(n), B: A}), (A + A.T) / 2


@pytest.mark.parametrize("seed", range(4))
def test_estimates_hold_their_error_bars(seed):
    H, A = spread()
    t = H.trace(samples=80, seed=seed)
    assert abs(t.value - np.trace(A)) < 5 * t.error + 1e-9
    assert t.error < 0.02 * np.trace(A)
    assert t.products == 80
    d = H.diagonal(samples=80, seed=seed)
    assert np.mean(np.abs(d.value - np.diag(A)) < 4 * d.error) > 0.95
    assert np.abs(d.value - np.diag(A)).mean() < 0.1 * np.diag(A).mean()
    det = H.logdet(samples=20, steps=40, seed=seed)
    assert abs(det.value - np.linalg.slogdet(A)[1]) < 5 * det.error
    assert H.trace(samples=80, seed=seed) == t


def test_estimates_of_a_map_of_low_rank_are_exact():
    x = sd.Graph().variable("x", 50)
    B = np.random.default_rng(0).normal(size=(3, 50))
    H = sd.HessianOperator(sd.sum((B @ x) ** 2) / 2, x, {x: np.zeros(50)})
    assert H.trace(samples=20).value == pytest.approx(np.sum(B * B))
    np.testing.assert_allclose(H.diagonal(samples=20).value, np.sum(B * B, axis=0), rtol=1e-6)


def test_an_indefinite_map_has_no_logdet():
    x = sd.Graph().variable("x", 2)
    with pytest.raises(sd.InputError, match="not positive definite"):
        sd.HessianOperator(x[0] * x[1], x, {x: [0.0, 0.0]}).logdet()
    with pytest.raises(sd.InputError, match="at least 2"):
        sd.HessianOperator(x @ x, x, {x: [0.0, 0.0]}).trace(samples=1)


# --- blocks ----------------------------------------------------------------------------------------------------------


def test_blocks():
    f, wrt, at = factorisation()
    H = sd.HessianOperator(f, wrt, at)
    D = H @ np.eye(18)
    np.testing.assert_allclose(H.block("U") @ np.eye(8), D[:8, :8], atol=1e-12)
    np.testing.assert_allclose(H.block("V", "U") @ np.ones(18), np.roll(D @ np.ones(18), 10), atol=1e-10)
    with pytest.raises(sd.InputError, match="not among"):
        H.block("T")
    with pytest.raises(sd.InputError, match="names of some"):
        H.block()


@pytest.mark.parametrize("kind", ["jacobi", "block"])
def test_preconditioners(kind):
    g = sd.Graph()
    x, y, s = g.variable("x", 30), g.variable("y", 10), g.variable("s", 30)
    f = sd.sum(s * x**2) + sd.sum(y) ** 2 + sd.sum(y**2) + (x[:10] @ y) / 10
    scales = 10.0 ** np.linspace(0, 5, 30)
    H = sd.HessianOperator(f, [x, y], {x: np.ones(30), y: np.ones(10), s: scales})
    M, counted = H.preconditioner(kind), []
    b = np.ones(40)
    plain = []
    sla.cg(H, b, rtol=1e-8, callback=lambda v: plain.append(1), maxiter=2000)
    found, info = sla.cg(H, b, M=M, rtol=1e-8, callback=lambda v: counted.append(1))
    assert info == 0
    assert len(counted) < len(plain) / 3
    np.testing.assert_allclose(H @ found, b, atol=1e-5)
    D = H @ np.eye(40)
    if kind == "block":
        whole = np.zeros((40, 40))
        whole[:30, :30], whole[30:, 30:] = D[:30, :30], D[30:, 30:]
    else:
        whole = np.diag(np.diag(D))
    np.testing.assert_allclose(M @ whole, np.eye(40), atol=1e-9)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda H, f: H.preconditioner("ilu"), "'jacobi' or 'block'"),
        (lambda H, f: sd.GaussNewtonOperator(f, of=3, wrt="U", at={}), "outputs of the model"),
        (lambda H, f: sd.GaussNewtonOperator(f, of=[], wrt="U", at={}), "outputs of the model"),
        (lambda H, f: sd.GaussNewtonOperator(f, of=sd.sin(f), wrt="U", at={}), "does not depend"),
        (lambda H, f: sd.FisherOperator(f, of=f, wrt="U", at={}), "one array"),
        (lambda H, f: sd.FisherOperator(f, of=f, wrt="U", at={}, family="gamma"), "family is one of"),
        (lambda H, f: sd.FisherOperator(f, of=f, wrt="U", at={}, kind="mean"), "kind is"),
    ],
)
def test_errors(make, message):
    f, wrt, at = factorisation()
    with pytest.raises(sd.InputError, match=message):
        make(sd.HessianOperator(f, wrt, at), f)


def test_representations():
    f, wrt, at = logistic()
    H = sd.HessianOperator(f, wrt, at)
    H @ np.ones(8)
    assert repr(H) == "<HessianOperator of shape (8, 8): 1 point(s), 1 product(s) so far>"


@pytest.mark.parametrize("line", ["t @ t", "t @ t.T", "t @ A/norm(t)"])
def test_hessians_of_shared_products_of_matrices(line):
    """Each step doubles the terms of the Jacobian of the gradient: they go on as one where they are many."""
    text = "\n".join(["t = A", *[f"t = {line}"] * 9, "trace(t)"])
    f = sd.parse(text, A="n n")
    H = sd.hessian(f, "A")
    assert len(f.graph) < 4000
    a = 0.7 * np.eye(2) + 0.1 * np.arange(4).reshape(2, 2)
    slope, h = sd.function("A", sd.grad(f, "A"), backend="numpy"), 1e-5
    found = sd.evaluate(H, {"A": a})
    for i, j in np.ndindex(2, 2):
        step = np.zeros((2, 2))
        step[i, j] = h
        near = (slope(a + step) - slope(a - step)) / (2 * h)
        np.testing.assert_allclose(found[:, :, i, j], near, rtol=1e-5, atol=1e-6 * abs(found).max())
