"""Linear maps as ops: values, derivatives of any order, stacks, sparse entries, against their matrices."""

import numpy as np
import pytest
import scipy.sparse as sp
from scipy.sparse.linalg import LinearOperator, aslinearoperator

import symdiff as sd
from symdiff.op import op_named
from symdiff.ops.linear_maps import _MET, MATRICES

K = sp.random(6, 4, 0.4, random_state=0, format="csr")


@pytest.fixture
def named(register):
    """Names are free again after the test."""
    yield
    MATRICES.clear()
    _MET.clear()


FORMS = {
    "functions": lambda n: sd.register_linear_op(n, lambda x: K @ x, lambda y: K.T @ y, shape=(6, 4)),
    "sparse matrix": lambda n: sd.register_linear_op(n, K),
    "sparse array": lambda n: sd.register_linear_op(n, sp.csc_array(K)),
    "LinearOperator": lambda n: sd.register_linear_op(n, aslinearoperator(K)),
    "with many columns": lambda n: sd.register_linear_op(
        n, lambda x: K @ x, lambda y: K.T @ y, shape=(6, 4), matmat=lambda X: K @ X, rmatmat=lambda Y: K.T @ Y
    ),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_a_linear_map(form, named):
    op, D = FORMS[form]("mapped"), K.toarray()
    x = sd.Graph().variable("x", 4)
    at = {x: np.arange(1.0, 5)}
    np.testing.assert_allclose(sd.evaluate(op(x), at), D @ at[x])
    for mode in ("forward", "reverse"):
        np.testing.assert_allclose(sd.evaluate(sd.jacobian(op(x), x, mode), at), D)
    f = sd.sum(sd.exp(op(x) / 10))
    E = np.exp(D @ at[x] / 10)
    np.testing.assert_allclose(sd.evaluate(sd.grad(f, x), at), D.T @ E / 10)
    H = sd.HessianOperator(f, x, at)
    exact = D.T @ np.diag(E) @ D / 100
    np.testing.assert_allclose(H @ np.eye(4), exact)
    np.testing.assert_allclose(H @ np.ones(4), exact @ np.ones(4))
    third = np.einsum("ni,nj,nk,n->ijk", D, D, D, E) / 1000
    np.testing.assert_allclose(sd.evaluate(sd.jacobian(sd.hessian(f, x), x), at), third)
    S = sd.SparseHessian(f, x, at)
    np.testing.assert_allclose(S.tocsr().toarray(), exact)
    J = sd.SparseJacobian(sd.sin(op(x**2)), x, at)
    np.testing.assert_allclose(J.tocsr().toarray(), np.diag(np.cos(D @ at[x] ** 2)) @ D @ np.diag(2 * at[x]))
    if form.startswith("sparse"):
        assert S.products == J.products == 0
        np.testing.assert_array_equal(sd.sparsity(op(x**2), x).toarray(), D != 0)
        np.testing.assert_array_equal(J.pattern.toarray(), D != 0)
    stack = x.graph.variable("X", (3, 4))
    X = np.random.default_rng(0).normal(size=(3, 4))
    np.testing.assert_allclose(sd.evaluate(op(stack), {stack: X}), X @ D.T)


def test_printed_parsed_saved(named, tmp_path):
    sd.register_linear_op("radon", lambda x: 2 * x, lambda y: 2 * y, shape=("m", "n"))
    f = sd.parse("norm2(radon(x) - b)**2", x="n", b="m")
    g = sd.grad(f, "x")
    assert str(g) == "2*radon_T(radon(x) - b)"
    assert str(sd.parse(str(g), x="n", b="m")) == str(g)
    sd.save(g, tmp_path / "g.json")
    np.testing.assert_allclose(sd.evaluate(sd.load(tmp_path / "g.json"), {"x": [1.0], "b": [1.0]}), [4.0])


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: sd.register_linear_op("exp", K), sd.InputError, "taken"),
        (lambda: sd.register_linear_op("half_known", lambda x: x), sd.InputError, "rmatvec and shape"),
        (lambda: sd.register_linear_op("no_map", 3), sd.InputError, "matvec is a function"),
        (lambda: sd.register_linear_op("narrow", K)(sd.Graph().variable("x", 5)), sd.ShapeError, "size 4"),
        (lambda: op_named("never_registered"), sd.GradientError, "register it before loading"),
    ],
)
def test_errors(make, error, message, named):
    with pytest.raises(error, match=message):
        make()


M = np.random.default_rng(7).normal(size=(5, 4))
CUSTOM = LinearOperator(M.shape, matvec=lambda u: M @ u, rmatvec=lambda z: M.T @ z, dtype=float)
OPERATORS = {
    "custom": CUSTOM, "of an array": aslinearoperator(M), "of a sparse matrix": aslinearoperator(sp.csr_array(M)),
    "sum": CUSTOM + 0 * CUSTOM, "multiple": 1 * CUSTOM, "turned": aslinearoperator(M.T.copy()).T, "adjoint": CUSTOM.H.H,
}  # fmt: skip
PRODUCTS = {  # with a LinearOperator L or a sparse matrix
    "L @ x": lambda L, x, z, X: L @ x, "L.dot(x)": lambda L, x, z, X: L.dot(x), "L @ X": lambda L, x, z, X: L @ X,
    "L.T @ z": lambda L, x, z, X: L.T @ z, "z @ L": lambda L, x, z, X: z @ L,
    "X.T @ L.T": lambda L, x, z, X: X.T @ L.T, "L.T @ (L @ x)": lambda L, x, z, X: L.T @ (L @ x),
}  # fmt: skip
OF_OPERATORS = {
    "L*x": lambda L, x, z, X: L * x, "L(x)": lambda L, x, z, X: L(x), "matvec": lambda L, x, z, X: L.matvec(x),
    "rmatvec": lambda L, x, z, X: L.rmatvec(z), "matmat": lambda L, x, z, X: L.matmat(X),
    "L.H @ z": lambda L, x, z, X: L.H @ z, "(L.T @ L) @ x": lambda L, x, z, X: (L.T @ L) @ x,
}  # fmt: skip
OF_MATRICES = {
    "multiply": lambda K, x, z, X: K.multiply(x), "K + E": lambda K, x, z, X: K + sd.outer(z, x),
    "E - K": lambda K, x, z, X: sd.outer(z, x) - K, "s*K": lambda K, x, z, X: sd.sum(x) * K,
    "K*s": lambda K, x, z, X: K * sd.sum(x), "K/s": lambda K, x, z, X: K / sd.sum(x),
}  # fmt: skip
ARRAYS = {
    "L*x": lambda x, z, X: M @ x, "L(x)": lambda x, z, X: M @ x, "matvec": lambda x, z, X: M @ x,
    "rmatvec": lambda x, z, X: M.T @ z, "matmat": lambda x, z, X: M @ X, "L.H @ z": lambda x, z, X: M.T @ z,
    "(L.T @ L) @ x": lambda x, z, X: M.T @ (M @ x), "multiply": lambda x, z, X: M * x,
    "K + E": lambda x, z, X: M + np.outer(z, x), "E - K": lambda x, z, X: np.outer(z, x) - M,
    "s*K": lambda x, z, X: x.sum() * M, "K*s": lambda x, z, X: x.sum() * M, "K/s": lambda x, z, X: M / x.sum(),
}  # fmt: skip


def as_arrays(name, make):
    return ARRAYS.get(name, lambda x, z, X: make(M, x, z, X))


def check_product(L, make, wanted):
    """Value and gradient, against complex steps."""
    rng, g = np.random.default_rng(0), sd.Graph()
    data = {"x": rng.normal(size=4), "z": rng.normal(size=5), "X": rng.normal(size=(4, 3))}
    e = make(L, *(g.variable(k, v.shape) for k, v in data.items()))
    inside = set(g.ancestors([e.node]))
    given = {k: v for k, v in data.items() if g._variables[k] in inside}
    np.testing.assert_allclose(sd.evaluate(e, given), wanted(*data.values()), rtol=1e-12)
    for name, a in given.items():
        found = sd.evaluate(sd.grad(sd.sum(sd.sin(e)), name), given)
        for k in range(0, a.size, 3):
            moved = a.astype(complex)
            moved.flat[k] += 1e-30j
            step = np.sum(np.sin(wanted(*{**data, name: moved}.values()))).imag / 1e-30
            np.testing.assert_allclose(found.flat[k], step, rtol=1e-10)


@pytest.mark.parametrize("kind", OPERATORS)
@pytest.mark.parametrize("name", [*PRODUCTS, *OF_OPERATORS])
def test_a_linear_operator_times_expressions(kind, name, named):
    make = {**PRODUCTS, **OF_OPERATORS}[name]
    check_product(OPERATORS[kind], make, as_arrays(name, make))


@pytest.mark.parametrize("form", ["csr", "csc", "coo", "dia", "lil", "dok", "bsr"])
@pytest.mark.parametrize("name", [*PRODUCTS, *OF_MATRICES])
def test_a_sparse_matrix_times_expressions(form, name, named):
    make = {**PRODUCTS, **OF_MATRICES}[name]
    check_product(getattr(sp, f"{form}_array")(M), make, as_arrays(name, make))


def test_star_of_a_sparse_matrix_and_of_a_sparse_array():
    x = sd.Graph().variable("x", 4)
    at = {"x": np.arange(4.0)}
    np.testing.assert_allclose(sd.evaluate(sp.csr_matrix(M) * x, at), M @ at["x"])
    np.testing.assert_allclose(sd.evaluate(sp.csr_array(M) * x, at), M * at["x"])


def test_met_operators_have_one_op_each_and_their_derivatives_all_orders(named):
    x = sd.Graph().variable("x", 4)
    assert (CUSTOM @ x).same_as(CUSTOM @ x)
    f = sd.sum(sd.exp(CUSTOM @ x))
    at = {x: np.full(4, 0.3)}
    H = M.T @ np.diag(np.exp(M @ at[x])) @ M
    np.testing.assert_allclose(sd.evaluate(sd.hessian(f, x), at), H)
    np.testing.assert_allclose(sd.HessianOperator(f, x, at) @ np.eye(4), H)
    np.testing.assert_allclose(sd.SparseHessian(f, x, at).tocsr().toarray(), H)
    np.testing.assert_allclose(CUSTOM @ at[x], M @ at[x])  # numbers go scipy's way


def test_complex_operators_and_those_without_a_transpose_are_refused(named):
    x = sd.Graph().variable("x", 4)
    with pytest.raises(sd.InputError, match="complex"):
        LinearOperator((5, 4), matvec=lambda u: 1j * (M @ u), dtype=complex) @ x
    with pytest.raises(sd.InputError, match=r"becomes? dense"):
        sp.eye_array(10_000) + sd.sum(x)
