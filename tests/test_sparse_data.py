"""Variables that are sparse: values, derivatives, operators and backends, against the same with dense arrays."""

import re

import numpy as np
import pytest
import scipy.sparse as sp

import symdiff as sd

RNG = np.random.default_rng(0)
DATA = {
    "K": sp.random(6, 4, 0.4, random_state=1, format="csr"),
    "M": sp.csr_array(sp.random(4, 4, 0.5, random_state=2) + 3 * sp.eye(4)),
    "N": sp.csr_array(sp.random(4, 4, 0.5, random_state=3) + 2 * sp.eye(4)),
    "u": RNG.normal(size=4), "v": RNG.normal(size=6), "c": RNG.uniform(1, 2, 6), "X": RNG.normal(size=(4, 3)), "a": 0.7,
}  # fmt: skip
SHAPES = {"K": (6, 4), "M": (4, 4), "N": (4, 4), "u": 4, "v": 6, "c": 6, "X": (4, 3), "a": ()}
FORMULAS = [  # (formula, the result is sparse)
    ("K @ u", False), ("K.T @ v", False), ("v @ K", False), ("v @ K @ u", False), ("K @ X", False),
    ("X.T @ K.T", False),
    ("K.T @ (K @ u)", False), ("K.T @ K @ u", False), ("K.T @ (c*(K @ u))", False), ("K.T @ diag(c) @ K", True),
    ("K.T @ diag(c) @ K @ u", False), ("K.T @ K", True), ("M @ N", True), ("M @ N @ M", True), ("K.T", True),
    ("2*K", True), ("a*K", True), ("K/3", True), ("-K", True), ("M + 2*N", True), ("M - N.T", True), ("M*N", True),
    ("M*N.T", True), ("c[:, None]*K", True), ("K*u", True), ("K + 1", False), ("M + X @ X.T", False),
    ("M*(X @ X.T)", True),
    ("sin(K)", True), ("abs(K)", True), ("sqrt(K)", True), ("K**2", True), ("cos(K)", False), ("exp(K)", False),
    ("sum(K)", False), ("sum(K, axis=0)", False), ("sum(K, axis=1)", False), ("sum(K**2)", False), ("sum(M*N)", False),
    ("trace(M)", False), ("diag(M)", False), ("trace(M @ N)", False), ("diag(M @ N)", False), ("mean(K)", False),
    ("norm2(K @ u - v)**2", False), ("sum(abs(K @ u))", False), ("u @ M @ u", False), ("sum((K @ X)**2)", False),
    ("solve(M, u)", False), ("solve(M.T, u)", False), ("solve(M, X)", False), ("u @ inv(M) @ u", False),
    ("det(M)", False),
    ("solve(M + N, u)", False), ("solve(M @ N, u)", False), ("K[1]", False), ("K[:, 2]", False), ("max(K)", False),
    ("outer(u, u)*M", True), ("einsum('ij,ij,i->j', K, K, c)", False), ("einsum('ij,jk,kl->il', K, X, X.T)", False),
    ("einsum('ij,kj->ikj', M, N)", False), ("logsumexp(K @ u)", False), ("where(K > 0, K, 0)", False),
    ("minimum(K, 0)", True),
]  # fmt: skip


def parsed(text: str, assume: bool) -> sd.Expr:
    names = {k for k in re.findall(r"\w+", text) if k in SHAPES}
    facts = dict.fromkeys(names & {*"KMN"}, "sparse") if assume else None
    return sd.parse(text, assume=facts, **{k: SHAPES[k] for k in names})


def stored(e: sd.Expr) -> dict:
    return {k: DATA[k] for k in e.graph._variables}


def arrays(e: sd.Expr) -> dict:
    return {k: v.toarray() if sp.issparse(v) else v for k, v in stored(e).items()}


def same(found, wanted, sparse=None):
    if sparse is not None:
        assert sp.issparse(found) == sparse
    found = found.toarray() if sp.issparse(found) else found
    np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize(("text", "sparse"), FORMULAS)
def test_values_and_derivatives(text, sparse):
    e, d = parsed(text, True), parsed(text, False)
    assert str(e) == str(d)
    wanted = sd.evaluate(d, arrays(d))
    same(sd.evaluate(e, stored(e)), wanted, sparse)
    same(sd.evaluate(e, arrays(e)), wanted, False)  # arrays are taken as they are
    same(sd.function(list(stored(e)), e)(*stored(e).values()), wanted, sparse)
    for backend in ("numpy", "tape"):
        same(sd.function(list(stored(e)), e, backend=backend)(*stored(e).values()), wanted)
    s, t = sd.sum(sd.sin(e)), sd.sum(sd.sin(d))
    with np.errstate(all="ignore"):
        for name in stored(e):
            g = sd.grad(s, name)
            assert str(g) == str(sd.grad(t, name))
            if not sp.issparse(DATA[name]) or "sqrt" not in text:
                same(sd.evaluate(g, stored(e)), sd.evaluate(sd.grad(t, name), arrays(d)))


SCALARS = [
    "norm2(K @ u - v)**2", "sum(log(cosh(K @ u)))", "sum((K @ u)**4)/2 + u @ u", "u @ M @ u", "u @ M.T @ N @ u",
    "sum(c*exp(K @ sin(u)))", "sum(abs(M) @ u**3)", "v @ K @ u**2", "sum((2*M - N) @ u**2)", "u @ (M*N.T) @ u",
    "sum(M*outer(u, u)**2)", "sum(c[:, None]*K*u**2)", "norm2(M @ (N @ (M @ u)))**2", "sum(sqrt(1 + (K.T @ K @ u)**2))",
    "logsumexp(K @ u)", "u @ solve(M, u)", "sum((K @ X @ X.T @ u)**2)", "sum(exp(u[1:]*u[:-1])) + norm2(K @ u)**2",
    "sum(sin(sum(K*u, axis=1)))", "sum(K**2 @ u**2)", "sum(K @ u)**2", "trace(M)*sum(u**3)", "sum(sin(K)*u**2)",
]  # fmt: skip


@pytest.mark.parametrize("text", SCALARS)
def test_operators_and_sparse_derivatives(text):
    e, d = parsed(text, True), parsed(text, False)
    at, whole = stored(e), arrays(d)
    wanted = sd.evaluate(sd.hessian(d, "u"), whole)
    H = sd.HessianOperator(e, "u", at)
    same(H @ np.eye(4), wanted)
    same(H.gradient, sd.evaluate(sd.grad(d, "u"), whole))
    same(H.diagonal(), np.diagonal(wanted))
    S = sd.SparseHessian(e, "u", at)
    same(S.tocsr(), wanted)
    moved = {"u": DATA["u"] + 0.3}
    same(S.at(moved).tocsr(), sd.evaluate(sd.hessian(d, "u"), whole | moved))
    for name in {*at} & {*"KMN"}:  # other values at the same places, and at others
        for new in (at[name] * 2.0, at[name] + sp.random(*at[name].shape, 0.3, random_state=8)):
            same(S.at({name: new}).tocsr(), sd.evaluate(sd.hessian(d, "u"), whole | {name: new.toarray()}))
            same(H.at({name: new}) @ np.eye(4), sd.evaluate(sd.hessian(d, "u"), whole | {name: new.toarray()}))
    y, z = sd.grad(e, "u"), sd.grad(d, "u")
    same(sd.JacobianOperator(y, "u", at) @ np.eye(4), wanted)
    same(sd.SparseJacobian(y, "u", at).tocsr(), sd.evaluate(sd.jacobian(z, "u"), whole))


def test_large_matrices_are_never_arrays():
    n = 100_000
    K = sp.diags_array([np.ones(n - 1), -4.0 * np.ones(n), np.ones(n - 1)], offsets=[-1, 0, 1], format="csr")
    e = sd.parse("norm2(K @ u - v)**2/2 + sum(log(cosh(K @ u)))", assume={"K": "sparse"}, K="n n", u="n", v="n")
    u, v = np.linspace(0, 1, n), np.ones(n)
    at = {"K": K, "u": u, "v": v}
    r = K @ u
    same(sd.evaluate(sd.grad(e, "u"), at), K.T @ (r - v + np.tanh(r)))
    wanted = (K.T @ sp.diags_array(1 + 1 / np.cosh(r) ** 2) @ K).tocsr()
    S = sd.SparseHessian(e, "u", at)
    assert S.products == 0
    assert abs(S.tocsr() - wanted).max() < 1e-12
    assert abs(sd.evaluate(sd.hessian(e, "u"), at) - wanted).max() < 1e-12
    H = sd.HessianOperator(e, "u", at)
    same(H @ v, wanted @ v)
    same(H.diagonal(), wanted.diagonal())
    p = sd.to_scipy(e, "u", at)
    same(p.jac(u), K.T @ (r - v + np.tanh(r)))
    d = sd.parse("solve(K, u)", assume={"K": "sparse"}, K="n n", u="n")
    same(K @ sd.evaluate(d, {"K": K, "u": v}), v)
    with pytest.raises(sd.SymdiffError, match=r"dense|vectors first"):
        sd.evaluate(sd.parse("sum(cos(K))", assume={"K": "sparse"}, K="n n"), {"K": K})


def test_formats_types_and_documents(tmp_path):
    e = sd.parse("K @ u - v", assume={"K": "sparse"}, K="m n", u="n", v="m")
    at = stored(e)
    wanted = at["K"] @ at["u"] - at["v"]
    for form in ("csr", "csc", "coo", "lil", "dok", "bsr", "dia"):
        same(sd.evaluate(e, {**at, "K": at["K"].asformat(form)}), wanted)
    twice = sp.coo_array((np.ones(4), ([0, 0, 1, 5], [1, 1, 2, 3])), shape=(6, 4))
    same(sd.evaluate(e, {**at, "K": twice}), twice.toarray() @ at["u"] - at["v"])
    same(sd.evaluate(e, {**at, "K": twice.astype("int64")}), twice.toarray() @ at["u"] - at["v"])
    sd.save(e, tmp_path / "e.json")
    same(sd.evaluate(sd.load(tmp_path / "e.json"), at), wanted)
    g = sd.Graph()
    A, x = g.variable("A", "m n", "float32", assume="sparse"), g.variable("x", "n", "float32")
    found = sd.function([A, x], A @ x)(at["K"].astype("float32"), np.ones(4, "float32"))
    assert found.dtype == np.float32
    for name in ("jax", "torch"):
        pytest.importorskip(name)
        same(sd.function(["K", "u", "v"], e, backend=name)(*at.values()), wanted)


BAD = [
    (lambda: sd.Graph().variable("K", "n", assume="sparse"), "matrix"),
    (lambda: sd.evaluate(sd.parse("K @ u", K="m n", u="n"), {"K": DATA["K"], "u": DATA["u"]}), "assume"),
    (lambda: sd.evaluate(parsed("K @ u", True), {"K": DATA["K"].astype(complex), "u": DATA["u"]}), "complex"),
    (lambda: sd.evaluate(parsed("K @ u", True), {"K": DATA["K"].T, "u": DATA["u"]}), "shape"),
    (lambda: sd.evaluate(parsed("u[0]*u", True), {"u": sp.csr_array(np.ones((1, 4)))}), "sparse"),
]


@pytest.mark.parametrize(("run", "message"), BAD)
def test_refusals(run, message):
    with pytest.raises(sd.SymdiffError, match=message):
        run()
