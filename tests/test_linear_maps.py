"""Linear maps as ops: values, derivatives of any order, stacks, sparse entries, against their matrices."""

import numpy as np
import pytest
import scipy.sparse as sp
import scipy.sparse.linalg as sla

import symdiff as sd
from symdiff.op import op_named
from symdiff.ops.linear_maps import MATRICES

K = sp.random(6, 4, 0.4, random_state=0, format="csr")


@pytest.fixture
def named(register):
    """Names are free again after the test."""
    yield
    MATRICES.clear()


FORMS = {
    "functions": lambda n: sd.register_linear_op(n, lambda x: K @ x, lambda y: K.T @ y, shape=(6, 4)),
    "sparse matrix": lambda n: sd.register_linear_op(n, K),
    "sparse array": lambda n: sd.register_linear_op(n, sp.csc_array(K)),
    "LinearOperator": lambda n: sd.register_linear_op(n, sla.aslinearoperator(K)),
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
