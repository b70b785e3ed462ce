"""Krylov operators against dense Hessians, scipy's solvers, and the scipy problem."""

import copy
import functools
import pickle

import numpy as np
import pytest
import scipy.optimize
import scipy.sparse.linalg as sla

import symdiff as sd
from symdiff.errors import GradientError, InputError, ShapeError
from symdiff.solvers.problems import to_scipy


def logistic(n=40, d=6, seed=0):
    g = sd.Graph()
    X, y, w, lam = g.variable("X", "n d"), g.variable("y", "n"), g.variable("w", "d"), g.variable("lam")
    f = sd.sum(sd.softplus(-y * (X @ w))) + lam / 2 * (w @ w)
    r = np.random.default_rng(seed)
    at = {"X": r.normal(size=(n, d)), "y": np.sign(r.normal(size=n)), "w": 0.1 * r.normal(size=d), "lam": 0.5}
    return f, at


def factorisation(seed=1):
    g = sd.Graph()
    U, V, T = g.variable("U", "m k"), g.variable("V", "n k"), g.variable("T", "m n")
    R = T - U @ V.T
    f = sd.sum(R * R) + sd.sum(sd.exp(U)) / 10
    r = np.random.default_rng(seed)
    return f, {"U": r.normal(size=(4, 2)), "V": r.normal(size=(3, 2)), "T": r.normal(size=(4, 3))}


def dense(f, at, names):
    """The Hessian by central differences of a gradient by central differences of f: independent of our
    derivatives."""
    sizes = [np.size(at[k]) for k in names]

    def value(flat):
        parts = np.split(flat, np.cumsum(sizes)[:-1])
        return float(
            sd.evaluate(
                f, {**at, **{k: p.reshape(np.shape(at[k])) for k, p in zip(names, parts, strict=True)}}
            )
        )

    x, h = np.concatenate([np.ravel(at[k]) for k in names]), 1e-4
    n, E = len(x), np.eye(len(x)) * h
    H = np.empty((n, n))
    for i in range(n):
        for j in range(n):
            a, b = E[i], E[j]
            H[i, j] = (value(x + a + b) - value(x + a - b) - value(x - a + b) + value(x - a - b)) / (
                4 * h * h
            )
    return H


@pytest.mark.parametrize(
    ("problem", "wrt"),
    [
        (logistic, ["w"]),
        (logistic, ["w", "lam"]),
        (factorisation, ["U"]),
        (factorisation, ["U", "V"]),
        (factorisation, ["V", "T", "U"]),
    ],
)
def test_products_are_those_of_the_dense_hessian(problem, wrt):
    f, at = problem()
    H = sd.HessianOperator(f, wrt, at=at)
    D = dense(f, at, wrt)
    r = np.random.default_rng(3)
    v, V = r.normal(size=H.shape[0]), r.normal(size=(H.shape[0], 3))
    np.testing.assert_allclose(H @ v, D @ v, rtol=2e-5, atol=2e-5)
    np.testing.assert_allclose(H @ V, D @ V, rtol=2e-5, atol=2e-5)
    columns = np.stack([H @ V[:, k] for k in range(3)], axis=1)
    np.testing.assert_allclose(H @ V, columns, rtol=1e-13, atol=1e-12)
    assert (H @ V[:, :0]).shape == (H.shape[0], 0)


def test_it_is_a_self_adjoint_operator_of_known_type():
    f, at = logistic()
    H = sd.HessianOperator(f, "w", at=at)
    assert isinstance(H, sla.LinearOperator)
    assert H.dtype == np.float64
    assert H.T is H and H.H is H  # noqa: PT018
    v = np.arange(6.0)
    np.testing.assert_array_equal(H.rmatvec(v), H.matvec(v))
    np.testing.assert_allclose((2 * H + sla.aslinearoperator(np.eye(6))) @ v, 2 * (H @ v) + v)
    assert H.matvec(v[:, None]).shape == (6, 1)


def test_value_and_gradient_and_another_point():
    f, at = logistic()
    H = sd.HessianOperator(f, "w", at=at)
    value, gradient = sd.evaluate([f, sd.grad(f, "w")], at)
    np.testing.assert_allclose(H.value, value, rtol=1e-14)
    np.testing.assert_allclose(H.gradient, gradient, rtol=1e-12)
    G = H.at({"w": at["w"] + 1})
    np.testing.assert_allclose(G.gradient, sd.evaluate(sd.grad(f, "w"), {**at, "w": at["w"] + 1}), rtol=1e-12)
    np.testing.assert_allclose(H.gradient, gradient, rtol=1e-12)
    other, at2 = logistic(n=9, seed=5)
    del other
    np.testing.assert_allclose(H.at(at2).gradient, sd.evaluate(sd.grad(f, "w"), at2), rtol=1e-12)


@pytest.mark.parametrize("copy", [False, True])
def test_the_point_is_copied_and_data_where_it_is_asked_for(copy):
    """Changing the point's array afterwards moves nothing; data is used where it lies."""
    f, at = logistic()
    given = {k: np.array(v) for k, v in at.items()}
    H = sd.HessianOperator(f, "w", at=given, copy=copy)
    before, slope = H @ np.ones(6), H.gradient
    for array in (*given.values(), H.gradient) if copy else (given["w"], H.gradient):
        array += 5
    np.testing.assert_array_equal(H.gradient, slope)
    np.testing.assert_array_equal(H @ np.ones(6), before)
    np.testing.assert_allclose((H @ np.eye(6)) @ np.ones(6), before, rtol=1e-12)
    shared = [np.shares_memory(given[k], v) for x, v in H._at.at.items() for k in given if str(x) == k]
    assert sum(shared) == (0 if copy else 3)


def test_data_changed_in_place_counts_once_its_name_is_given():
    f, at = logistic()
    given = {k: np.array(v) for k, v in at.items()}
    H = sd.HessianOperator(f, "w", at=given)
    given["X"] *= 2
    np.testing.assert_allclose(
        H.at({"X": given["X"]}).gradient, sd.HessianOperator(f, "w", at=given).gradient, rtol=1e-12
    )


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda H: pickle.loads(pickle.dumps(H))])
def test_a_copy_is_the_same_map(copied):
    f, at = logistic()
    H = sd.HessianOperator(f, "w", at=at)
    other = copied(H)
    np.testing.assert_array_equal(other @ np.eye(6), H @ np.eye(6))
    np.testing.assert_array_equal(other.at({"w": at["w"] + 1}).gradient, H.at({"w": at["w"] + 1}).gradient)


def test_krylov_solvers_take_it():
    f, at = logistic()
    H = sd.HessianOperator(f, "w", at=at)
    D = H @ np.eye(6)
    np.testing.assert_allclose(D, D.T, atol=1e-12)
    for solver in (sla.cg, sla.minres):
        x, info = solver(H, H.gradient, rtol=1e-12)
        assert info == 0
        np.testing.assert_allclose(D @ x, H.gradient, atol=1e-8)
    np.testing.assert_allclose(sla.eigsh(H, k=2)[0], np.linalg.eigvalsh(D)[-2:], rtol=1e-10)
    start = np.random.default_rng(0).normal(size=(6, 1))
    top = sla.lobpcg(H, start, tol=1e-9, maxiter=200)[0]
    np.testing.assert_allclose(top, np.linalg.eigvalsh(D)[-1:], rtol=1e-6)


@pytest.mark.parametrize("method", ["Newton-CG", "trust-ncg", "trust-krylov", "trust-constr"])
def test_scipy_minimises_with_it(method):
    f, at = logistic()
    p = to_scipy(f, {"weights": "w"}, at)
    found = scipy.optimize.minimize(p.fun, p.x0, jac=p.jac, hessp=p.hessp, method=method)
    assert np.linalg.norm(p.jac(found.x)) < 1e-3 * np.linalg.norm(p.jac(p.x0))
    assert set(p.unravel(found.x)) == {"weights"}
    np.testing.assert_allclose(p.hess(found.x) @ np.ones(6), p.hessp(found.x, np.ones(6)))


def test_structure_of_wrt_is_mirrored():
    f, at = factorisation()
    H = sd.HessianOperator(f, ("U", "V"), at=at)
    U, V = H.unravel(np.arange(14.0))
    assert U.shape == (4, 2) and V.shape == (3, 2)  # noqa: PT018
    np.testing.assert_array_equal(H.ravel((U, V)), np.arange(14.0))


def test_a_user_variable_of_the_direction_s_name_is_left_alone():
    g = sd.Graph()
    x, v = g.variable("x", 3), g.variable("_v_x", 3)
    f = sd.sum(x**2 * v)
    H = sd.HessianOperator(f, "x", at={"x": np.ones(3), "_v_x": np.array([1.0, 2, 3])})
    np.testing.assert_allclose(H @ np.ones(3), [2, 4, 6])


def test_an_op_with_a_vjp_alone_goes_column_by_column():
    op = sd.register_op("cubed_by_vjp", lambda x: x**3, vjp=lambda ct, y, x: 3 * x**2 * ct, arity=1)
    x = sd.Graph().variable("x", "n")
    H = sd.HessianOperator(sd.sum(op(x)), x, at={x: np.array([1.0, 2.0])})
    np.testing.assert_allclose(H @ np.eye(2), np.diag([6.0, 12.0]))


def test_a_linear_function_has_the_hessian_zero():
    x = sd.Graph().variable("x", "n")
    H = sd.HessianOperator(sd.sum(3 * x), x, at={x: np.ones(4)})
    np.testing.assert_array_equal(H @ np.ones(4), np.zeros(4))
    np.testing.assert_array_equal(H @ np.eye(4), np.zeros((4, 4)))
    np.testing.assert_array_equal(H.gradient, 3 * np.ones(4))


def test_jacobian_operator():
    g = sd.Graph()
    A, x = g.variable("A", "m n"), g.variable("x", "n")
    y = A @ sd.sin(x)
    r = np.random.default_rng(0)
    a, b = r.normal(size=(5, 3)), r.normal(size=3)
    J = sd.JacobianOperator(y, ["x", "A"], at={"A": a, "x": b})
    D = np.hstack([a * np.cos(b), np.kron(np.eye(5), np.sin(b))])
    np.testing.assert_allclose(J @ np.eye(18), D, atol=1e-14)
    np.testing.assert_allclose(J.T @ np.eye(5), D.T, atol=1e-14)
    np.testing.assert_allclose(J.T @ np.arange(5.0), D.T @ np.arange(5.0), atol=1e-13)
    np.testing.assert_allclose(J.value, a @ np.sin(b))
    assert J.at({"x": 2 * b}).value == pytest.approx(a @ np.sin(2 * b))


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda f, at: sd.HessianOperator(f, "w", at={"X": at["X"]}), InputError, "no value for w, y, lam"),
        (lambda f, at: sd.HessianOperator(f, "w", at={**at, "q": 1}), InputError, "no variable"),
        (lambda f, at: sd.HessianOperator(f, "w", at={**at, "w": np.ones(7)}), InputError, "has shape"),
        (lambda f, at: sd.HessianOperator(f, "w", at={**at, "w": 1j * at["w"]}), InputError, "complex"),
        (lambda f, at: sd.HessianOperator(f, ["w", "w"], at=at), InputError, "twice"),
        (lambda f, at: sd.HessianOperator(f, [], at=at), InputError, "no variable"),
        (lambda f, at: sd.HessianOperator(f, "w", at=3), InputError, "dict"),
        (lambda f, at: sd.HessianOperator("w", "w", at=at), InputError, "expression"),
        (lambda f, at: sd.HessianOperator(sd.grad(f, "w"), "w", at=at), ShapeError, "scalar"),
        (lambda f, at: sd.HessianOperator(f, "w", at=at) @ np.full(6, None), InputError, "object"),
        (lambda f, at: sd.HessianOperator(f, "w", at=at) @ np.ones(7), InputError, r"\(7,\), expected \(6,\)"),
        (lambda f, at: sd.HessianOperator(f, "w", at=at) @ np.ones((7, 2)), InputError, r"expected \(6,\)"),
        (lambda f, at: sd.JacobianOperator(f, "w", at=at).T @ np.ones(7), InputError, r"expected \(1,\)"),
        (lambda f, at: sd.HessianOperator(f, "w", at=at) @ np.ones((6, 2, 2)), InputError, "columns of a matrix"),
        (lambda f, at: sd.HessianOperator(f, "w", at=at).matvec(np.ones((6, 1, 1))), InputError, r"\(6, 1, 1\)"),
        (lambda f, at: sd.HessianOperator(f, "w", at=at) @ None, InputError, "None"),
        (lambda f, at: sd.HessianOperator(f, "w", at=at).dot("w"), InputError, "'w'"),
        (lambda f, at: sd.HessianOperator(f, "w", at=at) @ "w", InputError, "'w'"),
        (lambda f, at: sd.HessianOperator(f, "w", at=at) @ 2.0, InputError, r"2\.0: a multiple"),
        (lambda f, at: sd.JacobianOperator(f, "w", at=at).T @ None, InputError, "None"),
        (lambda f, at: np.dot(sd.HessianOperator(f, "w", at=at), np.ones(6)), InputError, "hessp"),
        (lambda f, at: sd.HessianOperator(f, "w", at=at, backend="cuda"), InputError, "no backend 'cuda'"),
        (lambda f, at: sd.HessianOperator(f, "w", at=at, backend="tape", threads=2), InputError, "no option"),
        (lambda f, at: to_scipy(f, "w", at).arguments("newton"), InputError, "no method"),
        (lambda f, at: to_scipy(f, "w", at).arguments(print), InputError, "no method"),
        (
            lambda f, at: sd.HessianOperator(f, f.graph.variable("k", dtype="int64"), at=at),
            GradientError,
            "float64",
        ),
        (lambda f, at: to_scipy(f, "w", at).fun(np.ones(5)), InputError, "shape"),
    ],
)
def test_what_does_not_fit_is_a_clear_error(make, error, message):
    f, at = logistic()
    with pytest.raises(error, match=message):
        make(f, at)


def test_single_precision_stays_single():
    w = sd.Graph().variable("w", "n", dtype="float32")
    H = sd.HessianOperator(sd.sum(sd.exp(w)), w, at={w: np.zeros(3, np.float32)})
    assert H.dtype == np.float32
    assert (H @ np.ones(3)).dtype == np.float32
    np.testing.assert_allclose(H @ np.eye(3), np.eye(3))


def test_the_matrix_of_a_system_is_factored_once_per_point():
    g = sd.Graph()
    A, b, x = g.variable("A", "n n"), g.variable("b", "n"), g.variable("x", "n")
    f = sd.sum(sd.solve(A, x * x + b) ** 2)
    r = np.random.default_rng(0)
    a = r.normal(size=(5, 5)) + 4 * np.eye(5)
    H = sd.HessianOperator(f, "x", at={"A": a, "b": r.normal(size=5), "x": r.normal(size=5)})
    np.testing.assert_allclose(
        H @ np.eye(5),
        dense(f, {"A": a, "b": H._at.at[b], "x": H._at.at[x]}, ["x"]),
        rtol=1e-5,
        atol=1e-5,
    )


METHODS = ["Newton-CG", "trust-ncg", "trust-krylov", "trust-constr", "trust-exact", "dogleg", "BFGS"]


@pytest.mark.parametrize("method", METHODS)
def test_arguments_for_each_method_of_minimize(method):
    f, at = logistic()
    p = to_scipy(f, "w", at)
    exact = scipy.optimize.minimize(**p.arguments("trust-exact"), options={"gtol": 1e-10}).x
    np.testing.assert_allclose(scipy.optimize.minimize(**p.arguments(method)).x, exact, atol=1e-3)


# --- ops of the user whose vjp names the op itself or its partner ---------------------------------------------

M = np.random.default_rng(7).normal(size=(3, 4))


@functools.cache
def own_ops():
    """Ops that are maps of their own transposes."""
    doubled = sd.register_op("doubled", lambda u: 2 * u, vjp=lambda ct, y, u: (doubled(ct),), shape=lambda s: s)
    forth = sd.register_op("forth", lambda u: M @ u, vjp=lambda ct, y, u: (back(ct),), shape=lambda s: (3,))
    back = sd.register_op("back", lambda u: M.T @ u, vjp=lambda ct, y, u: (forth(ct),), shape=lambda s: (4,))
    times = sd.register_op(
        "times", lambda u, v: u * v, vjp=lambda ct, y, u, v: (times(ct, v), times(u, ct)), shape=lambda s, t: s
    )
    return {
        "itself": (doubled, lambda z: 2 * z),
        "its partner": (forth, lambda z: M @ z),
        "both": (lambda x: back(sd.sin(forth(x))), lambda z: M.T @ np.sin(M @ z)),
        "bilinear": (lambda x: times(x, sd.sin(x)), lambda z: z * np.sin(z)),
    }


@pytest.mark.parametrize("name", ["itself", "its partner", "both", "bilinear"])
def test_a_vjp_may_name_its_own_op(name):
    build, exact = own_ops()[name]
    x = sd.Graph().variable("x", 4)
    y = build(x)
    x0, h = np.arange(1.0, 5), 1e-20
    D = np.stack([exact(x0 + 1j * h * e).imag / h for e in np.eye(4)], axis=1)
    for mode in ("forward", "reverse"):
        np.testing.assert_allclose(sd.evaluate(sd.jacobian(y, x, mode), {x: x0}), D, atol=1e-12)
    J = sd.JacobianOperator(y, x, at={x: x0})
    V = np.random.default_rng(0).normal(size=(4, 3))
    np.testing.assert_allclose(J @ V, D @ V, atol=1e-12)
    np.testing.assert_allclose(J.T @ D, D.T @ D, atol=1e-11)
    f = sd.sum(y**3)
    H = sd.HessianOperator(f, x, at={x: x0})
    slopes = [sd.evaluate(sd.grad(f, x), {x: x0 + d}) for d in (*(1e-5 * np.eye(4)), *(-1e-5 * np.eye(4)))]
    dense = np.stack([(a - b) / 2e-5 for a, b in zip(slopes[:4], slopes[4:], strict=True)])
    np.testing.assert_allclose(H @ np.eye(4), dense, rtol=1e-6, atol=1e-5)
    np.testing.assert_allclose(sd.evaluate(sd.hessian(f, x), {x: x0}), H @ np.eye(4), atol=1e-10)
    largest = np.sort(np.abs(sla.eigsh(H, k=2, return_eigenvectors=False)))
    np.testing.assert_allclose(largest, np.sort(np.abs(np.linalg.eigvalsh(H @ np.eye(4))))[-2:], rtol=1e-8)
    if name != "bilinear":
        third = sd.evaluate(sd.jacobian(sd.hessian(f, x), x), {x: x0})
        np.testing.assert_allclose(third, np.swapaxes(third, 0, 2), atol=1e-9)


def test_what_only_a_jvp_names_has_no_transpose():
    pushed = sd.register_op("pushed_alone", lambda u: 3 * u, jvp=lambda ts, y, u: pushed(ts[0]), shape=lambda s: s)
    x = sd.Graph().variable("x", 4)
    np.testing.assert_allclose(sd.evaluate(sd.jacobian(pushed(x), x, "forward"), {x: np.ones(4)}), 3 * np.eye(4))
    with pytest.raises(GradientError, match="transpose needs a vjp"):
        sd.grad(sd.sum(pushed(x)), x)


# --- complex vectors, points and data ------------------------------------------------------------------------


def test_complex_vectors_go_by_their_parts():
    f, at = logistic()
    H = sd.HessianOperator(f, "w", at=at)
    D, rng = H @ np.eye(6), np.random.default_rng(0)
    b = rng.normal(size=6) + 1j * rng.normal(size=6)
    np.testing.assert_allclose(H @ b, D @ b, rtol=1e-12)
    B = rng.normal(size=(6, 3)) + 1j
    np.testing.assert_allclose(H @ B, D @ B, rtol=1e-12)
    shifted = H + 1j * sla.aslinearoperator(np.eye(6))
    x, info = sla.gmres(shifted, b, rtol=1e-12)
    assert info == 0
    np.testing.assert_allclose((D + 1j * np.eye(6)) @ x, b, atol=1e-8)
    moved = sla.expm_multiply(-1j * H, b, traceA=-1j * np.trace(D))
    w, Q = np.linalg.eigh(D)
    np.testing.assert_allclose(moved, Q @ (np.exp(-1j * w) * (Q.T @ b)), atol=1e-8)
    J = sd.JacobianOperator(sd.grad(f, "w"), "w", at=at)
    np.testing.assert_allclose(J @ b, D @ b, rtol=1e-10)
    np.testing.assert_allclose(J.H @ B, D.T @ B, rtol=1e-10)


def counted(name):
    """An op that counts its evaluations."""
    calls = []

    def evaluate(x):
        calls.append(1)
        return 2.0 * x

    return sd.register_op(name, evaluate, vjp=lambda ct, y, x: (2 * ct,), shape=lambda s: s), calls


def test_nodes_of_the_data_alone_are_evaluated_once():
    op, calls = counted("of_the_data_alone")
    g = sd.Graph()
    A, x = g.variable("A", 5), g.variable("x", 5)
    f = sd.sum(sd.exp(op(A) * x))
    a, x0 = np.linspace(-1, 1, 5), np.zeros(5)
    H = sd.HessianOperator(f, x, at={A: a, x: x0})
    for k in range(3):
        H = H.at({x: x0 + k})
        np.testing.assert_allclose(H.gradient, 2 * a * np.exp(2 * a * (x0 + k)))
        np.testing.assert_allclose(H @ np.ones(5), 4 * a**2 * np.exp(2 * a * (x0 + k)))
    p = sd.to_scipy(f, x, {A: a, x: x0})
    before = len(calls)
    for k in range(3):
        p.fun(x0 + k), p.jac(x0 + k), p.hessp(x0 + k, x0)
    assert len(calls) == before
    np.testing.assert_allclose(H.at({A: 2 * a, x: x0 + 1}).gradient, 4 * a * np.exp(4 * a))
    np.testing.assert_allclose(p.at({A: 2 * a}).jac(x0 + 1), 4 * a * np.exp(4 * a))


def test_the_last_point_is_kept_to_the_last_bit():
    op, calls = counted("at_each_point")
    x = sd.Graph().variable("x", 2)
    J = sd.JacobianOperator(sd.atan2(op(x), -sd.ones_like(x)), x, at={x: np.ones(2)})
    for value in ([1.0, 0.0], [1.0, -0.0], [np.nan, 1.0]):
        before = len(calls)
        first = J.at({x: np.array(value)})
        assert len(calls) > before
        before = len(calls)
        again = J.at({x: np.array(value)})
        assert len(calls) == before
        np.testing.assert_array_equal(again.value, first.value)
    assert J.at({x: np.array([1.0, 0.0])}).value[1] == -J.at({x: np.array([1.0, -0.0])}).value[1] != 0
    p = sd.to_scipy(sd.sum(sd.atan2(x, -1 + 0 * x)), x, {x: np.zeros(2)})
    assert p.fun(np.zeros(2)) == -p.fun(-np.zeros(2)) != 0


def test_counts_of_points_and_products():
    f, at = logistic()
    p = to_scipy(f, "w", at)
    H = p.hess(p.x0 + 1)
    H @ p.x0, H @ np.eye(6), H.at({"w": p.x0}) @ p.x0
    assert p.counts == H.counts == {"points": 3, "products": 8}


# --- backends -----------------------------------------------------------------------------------------------


def shooting(steps):
    g = sd.Graph()
    q, v, k = g.variables("q v k")
    x, u = q, v
    for _ in range(steps):
        x, u = x + u / 100, u - k * sd.sin(x) / 100
    return (x - 1) ** 2 + u**2 / 2, {"q": 0.3, "v": 0.5, "k": 2.0}


@pytest.mark.parametrize("backend", ["numpy", "tape", "jax", "torch", "auto"])
@pytest.mark.parametrize("problem", [shooting, logistic])
def test_each_backend_has_the_same_products(backend, problem):
    if backend in ("jax", "torch"):
        pytest.importorskip(backend)
    f, at = logistic() if problem is logistic else shooting(12 if backend == "jax" else 60)  # which compiles for long
    wrt = ["w"] if "w" in at else ["q", "v"]
    H, reference = (sd.HessianOperator(f, wrt, at=at, backend=b) for b in (backend, "numpy"))
    n = H.shape[0]
    np.testing.assert_allclose(H @ np.eye(n), reference @ np.eye(n), rtol=1e-9)
    np.testing.assert_allclose(H @ np.ones(n), reference @ np.ones(n), rtol=1e-9)
    np.testing.assert_allclose(H.gradient, reference.gradient, rtol=1e-9)
    moved = {k: np.asarray(at[k]) + 0.5 for k in wrt}
    np.testing.assert_allclose(H.at(moved) @ np.ones(n), reference.at(moved) @ np.ones(n), rtol=1e-9)
    J = sd.JacobianOperator(f, wrt, at=at, backend=backend)
    np.testing.assert_allclose((J.T @ np.ones(1)), H.gradient, rtol=1e-9)
    again = pickle.loads(pickle.dumps(H))
    assert again._form.backend == backend
    np.testing.assert_array_equal(again @ np.ones(n), H @ np.ones(n))


def test_auto_takes_the_tape_for_many_scalars_alone():
    for problem, whole in ((shooting(200), True), (logistic(), False)):
        f, at = problem
        form = sd.HessianOperator(f, list(at)[:1] if whole else "w", at=at)._form
        assert form.products("hessian").whole is whole
