"""Problems for scipy's solvers: against known answers, dense derivatives and scipy without them."""

import os
import sys
from pathlib import Path

import numpy as np
import pytest
import scipy.integrate
import scipy.optimize
from scipy.optimize import minimize

import symdiff as sd
from symdiff.solvers.problems import BOUNDED, CONSTRAINED, DERIVATIVES

EXAMPLES = Path(__file__).parents[1] / "examples"


def hs71():
    """Hock and Schittkowski's problem 71: the minimum is 17.0140173."""
    x = sd.Graph().variable("x", 4)
    return sd.to_scipy(
        x[0] * x[3] * sd.sum(x[:3]) + x[2], x, {x: [1.0, 5.0, 5.0, 1.0]},
        constraints=[(x[0] * x[1] * x[2] * x[3], 25, np.inf), (sd.sum(x**2)[None], 40, 40)],
        bounds={"x": (1, 5)},
    )  # fmt: skip


@pytest.mark.parametrize("method", ["SLSQP", "trust-constr", "COBYQA"])
def test_constraints_and_bounds(method):
    p = hs71()
    found = minimize(**p.arguments(method))
    assert found.fun == pytest.approx(17.0140173, abs=2e-3)
    assert repr(p) == "<scipy problem of 4 numbers, 2 constraints>"


def test_derivatives_of_constraints():
    p, rng = hs71(), np.random.default_rng(0)
    x, v, c = rng.uniform(1, 5, 4), rng.normal(size=2), p.constraints
    step = 1e-6 * np.eye(4)
    J = np.stack([(c.fun(x + e) - c.fun(x - e)) / 2e-6 for e in step], axis=1)
    np.testing.assert_allclose(c.jac(x).toarray(), J, rtol=1e-7)
    H = np.stack([(c.jac(x + e) - c.jac(x - e)).T @ v / 2e-6 for e in step])
    np.testing.assert_allclose(c.hess(x, v).toarray(), H, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(p.hess_sparse(x).toarray(), p.hess(x) @ np.eye(4), rtol=1e-13)


def test_ipopt_where_it_is_installed():
    pytest.importorskip("ipyopt")
    found = hs71().ipopt(tol=1e-9)
    assert found.success
    assert found.fun == pytest.approx(17.0140173, abs=1e-6)
    x = sd.Graph().variable("x", "n")
    free = sd.to_scipy(sd.sum((x**2 - 2) ** 2) + sd.sum((x[1:] - x[:-1]) ** 2), x, {x: np.ones(5)}).ipopt()
    np.testing.assert_allclose(free.x, np.sqrt(2) * np.ones(5), atol=1e-6)


@pytest.mark.parametrize("method", list(DERIVATIVES))
def test_each_method_takes_what_it_can(method):
    """Bounds and constraints go where scipy takes them, and are an error of our own elsewhere."""
    p = hs71()
    if method not in CONSTRAINED:
        with pytest.raises(sd.InputError, match=r"takes no (bounds|constraints)"):
            p.arguments(method)
    else:
        assert {"bounds", "constraints"} <= p.arguments(method).keys()
    x = sd.Graph().variable("x", 2)
    q = sd.to_scipy(sd.sum((x - 3) ** 2), x, {x: np.ones(2)}, bounds={x: (None, 2)})
    if method in BOUNDED:
        np.testing.assert_allclose(minimize(**q.arguments(method)).x, 2, atol=1e-3)


@pytest.mark.parametrize("method", ["trust-exact", "dogleg", "trust-ncg", "trust-krylov"])
def test_methods_that_take_no_operator_say_what_they_take(method):
    x = sd.Graph().variable("x", 3)
    p = sd.to_scipy(sd.sum(sd.cosh(x - 1)), x, {x: np.zeros(3)})
    with pytest.raises(sd.InputError, match=r"trust-exact and dogleg a matrix.*arguments"):
        minimize(p.fun, p.x0, jac=p.jac, hess=p.hess, method=method)
    np.testing.assert_allclose(minimize(**p.arguments(method)).x, 1, atol=1e-3)


def test_other_data_and_warm_starts():
    g = sd.Graph()
    w, y, lam = g.variable("w", "d"), g.variable("y", "d"), g.variable("lam")
    p = sd.to_scipy(sd.sum((w - y) ** 2) / 2 + lam * sd.sum(w**4), w, {w: np.zeros(3), y: np.ones(3), lam: 0.0},
        constraints=[(y * w, -np.inf, 10)])  # fmt: skip
    last = None
    for value in (1.0, 0.1, 0.0):
        q = p.at({lam: value} if last is None else {lam: value, w: last})
        assert last is None or np.array_equal(q.x0, last)
        last = minimize(**q.arguments("trust-constr"), options={"gtol": 1e-9}).x
        np.testing.assert_allclose(last + 4 * value * last**3, 1, atol=1e-4)
    doubled = p.at({y: 2 * np.ones(3)})
    np.testing.assert_allclose(doubled.constraints.fun(np.ones(3)), 2)
    np.testing.assert_allclose(doubled.jac(np.zeros(3)), -2)


@pytest.mark.parametrize(
    "method", ["Newton-CG", "trust-ncg", "trust-krylov", "trust-exact", "trust-constr", "BFGS", "TNC"]
)
def test_steps_to_nan_are_taken_back(method):
    """The logarithm of a negative number is nan: the step is rejected, not the run."""
    x = sd.Graph().variable("x", 3)
    p = sd.to_scipy(sd.sum(x - sd.log(x)), x, {x: np.array([3.0, 0.1, 8.0])})
    found = minimize(**p.arguments(method))
    assert found.success
    np.testing.assert_allclose(found.x, 1, atol=1e-3)


def test_residuals_without_unknowns_and_singular_hessians():
    g = sd.Graph()
    x, b = g.variable("x", 3), g.variable("b", 2)
    p = sd.to_least_squares([x**2 - 1, b], x, {x: 2 * np.ones(3), b: np.ones(2)})
    np.testing.assert_allclose(p.jac(p.x0), np.vstack([4 * np.eye(3), np.zeros((2, 3))]))
    np.testing.assert_allclose(scipy.optimize.least_squares(**p.arguments()).x, 1)
    saddle = sd.to_scipy(x[0] * x[1] + x[2] ** 4, x, {x: np.array([0.1, 0.2, 0.0])}, bounds={x: (-1, 1)})
    found = minimize(**saddle.arguments("trust-constr"))
    assert found.fun == pytest.approx(-1, abs=1e-3)
    H = sd.HessianOperator(x[2] ** 4, x, {x: np.zeros(3)})
    for kind in ("jacobi", "block"):
        np.testing.assert_array_equal(H.preconditioner(kind) @ np.ones(3), np.ones(3))


@pytest.mark.parametrize("method", ["BFGS", "Newton-CG", "trust-krylov", "trust-constr", "TNC", "SLSQP"])
def test_a_recorder_keeps_the_iterations(method):
    x = sd.Graph().variable("x", "n")
    f = sd.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)
    p = sd.to_scipy(f, x, {x: np.zeros(5)})
    recorder = p.recorder()
    found = minimize(**p.arguments(method), callback=recorder)
    assert len(recorder.iterations) >= 3
    assert recorder.column("f")[-1] == pytest.approx(found.fun, abs=1e-6)
    assert recorder.iterations[-1]["products"] == p.counts["products"] or method == "trust-constr"
    assert recorder.column("gradient")[-1] < recorder.column("gradient")[0]


def test_a_recorder_shows_and_plots(capsys):
    pyplot = pytest.importorskip("matplotlib.pyplot")
    pyplot.switch_backend("agg")
    x = sd.Graph().variable("x", 2)
    p = sd.to_scipy(sd.sum(sd.exp(x) - x), x, {x: np.ones(2)})
    recorder = p.recorder(bar=True)
    minimize(**p.arguments("BFGS"), callback=recorder)
    assert "gradient=" in capsys.readouterr().err
    figure, axes = pyplot.subplots()
    assert len(recorder.plot(axes).lines) == 2
    pyplot.close(figure)


# --- equations -------------------------------------------------------------------------------------------------


def bratu(m):
    u = sd.Graph().variable("u", (m, m))
    w = sd.pad(u, 1)
    laplacian = 4 * u - w[:-2, 1:-1] - w[2:, 1:-1] - w[1:-1, :-2] - w[1:-1, 2:]
    return sd.to_root((m + 1) ** 2 * laplacian - 5 * sd.exp(u), u, {u: np.zeros((m, m))})


@pytest.mark.parametrize("method", ["hybr", "lm", "krylov", "df-sane"])
def test_roots_by_scipy(method):
    x = sd.Graph().variable("x", 3)
    p = sd.to_root(x**3 + sd.roll(x, 1) / 4 - 2, x, {x: np.ones(3)})
    found = scipy.optimize.root(**p.arguments(method))
    np.testing.assert_allclose(p.fun(found.x), 0, atol=1e-4)
    assert p.jacobian == "dense"


def test_newton_krylov():
    p = bratu(12)
    assert p.jacobian == "sparse"
    plain, seen = p.newton_krylov(tol=1e-9), []
    assert plain.success
    assert np.abs(p.fun(plain.x)).max() < 1e-9
    inverse = scipy.sparse.linalg.splu(p.sparse(p.x0).tocsc())
    M = scipy.sparse.linalg.LinearOperator((144, 144), inverse.solve)
    fast = p.newton_krylov(inner_M=M, tol=1e-9, callback=lambda x, r: seen.append(r))
    np.testing.assert_allclose(fast.x, plain.x, atol=1e-9)
    assert fast.nprod < plain.nprod / 4
    assert len(seen) == fast.nit
    assert seen == sorted(seen, reverse=True)
    again = p.newton_krylov(plain.x, inner_M=lambda x: M)
    assert again.nit == 0


def test_newton_rejects_steps_to_nan_and_says_when_it_fails():
    x = sd.Graph().variable("x", 1)
    found = sd.to_root(sd.log(x), x, {x: [3.0]}).newton_krylov()  # the whole step goes to negative x
    assert found.success
    assert found.x == pytest.approx(1)
    never = sd.to_root(x**2 + 1, x, {x: [3.0]}).newton_krylov()
    assert not never.success
    assert never.message in ("no step decreases |F|", "maxiter steps were made")


# --- differential equations --------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["RK45", "DOP853", "Radau", "BDF", "LSODA"])
def test_differential_equations(method):
    g = sd.Graph()
    t, y, z, k = g.variable("t"), g.variable("y"), g.variable("z"), g.variable("k")
    p = sd.to_ode([-k * y + sd.sin(t), y - z], "t", [y, z], {y: 1.0, z: 0.0, k: 2.0})
    found = scipy.integrate.solve_ivp(t_span=(0, 1), rtol=1e-8, atol=1e-9, **p.arguments(method))
    exact = np.exp(-2) * 1.2 + (2 * np.sin(1) - np.cos(1)) / 5
    assert found.y[0, -1] == pytest.approx(exact, abs=1e-6)
    np.testing.assert_allclose(p.jac(0.3, [1.0, 2.0]), [[-2, 0], [1, -1]])


def test_a_stiff_equation_on_a_grid_is_sparse():
    m = 60
    u = sd.Graph().variable("u", m)
    w = sd.pad(u, 1)
    p = sd.to_ode(m**2 * (w[2:] - 2 * u + w[:-2]) - u**3, None, u, {u: np.sin(np.pi * np.arange(1, m + 1) / (m + 1))})
    assert p.jacobian == "sparse"
    assert p.jac(0, p.x0).nnz == 3 * m - 2
    found = scipy.integrate.solve_ivp(t_span=(0, 0.1), rtol=1e-6, atol=1e-9, **p.arguments("BDF"))
    reference = scipy.integrate.solve_ivp(p.fun, (0, 0.1), p.x0, method="Radau", rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found.y[:, -1], reference.y[:, -1], rtol=1e-3)


# --- least squares -------------------------------------------------------------------------------------------------


def exponential():
    t = np.linspace(0, 1, 20)
    at = {"a": 1.0, "b": 1.0, "t": t, "y": 3 * np.exp(-2 * t) + 0.01 * np.cos(50 * t)}
    return sd.parse("a*exp(-b*t) - y", t="n", y="n"), at


@pytest.mark.parametrize("jacobian", ["dense", "sparse", "operator"])
@pytest.mark.parametrize("method", ["trf", "dogbox", "lm"])
def test_least_squares(jacobian, method):
    r, at = exponential()
    p = sd.to_least_squares(r, ["a", "b"], at, jacobian=jacobian)
    found = scipy.optimize.least_squares(**p.arguments(method), xtol=1e-12, gtol=1e-12)
    model = lambda t, a, b: a * np.exp(-b * t)  # noqa: E731
    best, covariance = scipy.optimize.curve_fit(model, at["t"], at["y"], [1, 1], xtol=1e-12)
    np.testing.assert_allclose(found.x, best, rtol=1e-6)
    np.testing.assert_allclose(p.covariance(found.x), covariance, rtol=1e-4)


def test_blocks_weights_and_bounds():
    g = sd.Graph()
    w, X, y = g.variable("w", "d"), g.variable("X", "n d"), g.variable("y", "n")
    rng = np.random.default_rng(0)
    at = {w: np.zeros(3), X: rng.normal(size=(9, 3)), y: rng.normal(size=9)}
    weights = rng.uniform(1, 2, 9)
    p = sd.to_least_squares([X @ w - y, w], w, at, weights=[weights, 0.5], bounds={w: (-0.1, 0.1)})
    assert p.operator(p.x0).shape == (12, 3)
    exact = np.linalg.solve(at[X].T * weights @ at[X] + 0.5 * np.eye(3), at[X].T @ (weights * at[y]))
    free = sd.to_least_squares([X @ w - y, w], w, at, weights=[weights, 0.5])
    np.testing.assert_allclose(scipy.optimize.least_squares(**free.arguments()).x, exact, rtol=1e-6)
    assert np.abs(scipy.optimize.least_squares(**p.arguments()).x).max() <= 0.1


# --- what does not fit ---------------------------------------------------------------------------------------------


x3 = sd.Graph().variable("x", 3)
AT = {x3: np.ones(3)}


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: sd.to_scipy(x3 @ x3, x3, AT, constraints=[x3]), sd.InputError, "constraint 0 is"),
        (lambda: sd.to_scipy(x3 @ x3, x3, AT, constraints=[(sd.parse("q"), 0, 1)]), sd.InputError, "another graph"),
        (lambda: sd.to_scipy(x3 @ x3, x3, AT, constraints=[(x3, [0, 1], 1)]), sd.InputError, "bound of shape"),
        (lambda: sd.to_scipy(x3 @ x3, x3, AT, bounds=[(0, 1)]), sd.InputError, "bounds is a dict"),
        (lambda: sd.to_scipy(x3 @ x3, x3, AT, bounds={"x": ([0, 1], 2)}), sd.InputError, "do not fit"),
        (lambda: sd.to_root(x3[:2], x3, AT), sd.ShapeError, "2 equations for 3 unknowns"),
        (lambda: sd.to_root(x3, x3, AT).arguments("newton"), sd.InputError, "no method"),
        (lambda: sd.to_root(x3, x3, AT, jacobian="csc"), sd.InputError, "jacobian is one of"),
        (lambda: sd.to_root(3, x3, AT), sd.InputError, "expected expressions"),
        (lambda: sd.to_ode(x3[:2], None, x3, AT), sd.ShapeError, "2 equations"),
        (lambda: sd.to_ode(x3, None, x3, AT).arguments("Euler"), sd.InputError, "no method"),
        (lambda: sd.to_least_squares(x3, x3, AT, weights=[1, 2]), sd.InputError, "2 weight"),
        (lambda: sd.to_least_squares(x3, x3, AT).arguments("newton"), sd.InputError, "no method"),
        (lambda: sd.to_least_squares(x3, x3, AT).covariance(np.ones(3)), sd.InputError, "degree of freedom"),
        (lambda: sd.to_least_squares(x3, x3, AT, bounds={x3: (0, 1)}).arguments("lm"), sd.InputError, "no bounds"),
        (lambda: sd.to_least_squares(sd.concat([x3[:2] * x3[0], x3[:2]]), x3, AT).covariance(np.ones(3)), sd.InputError,
            "rank 2"),
    ],
)  # fmt: skip
def test_errors(make, error, message):
    with pytest.raises(error, match=message):
        make()


# --- optimal power flow ----------------------------------------------------------------------------------------------

FILES = Path(os.environ.get("SYMDIFF_OPF", Path(__file__).parents[2] / "shared" / "opf"))
COSTS = {"case5_pjm": 1.7552e4, "case14_ieee": 2.1781e3, "case118_ieee": 9.7214e4}  # PGLib-OPF v21.07, Ipopt


@pytest.fixture(scope="module")
def power_flow():
    sys.path.insert(0, str(EXAMPLES))
    try:
        import optimal_power_flow  # noqa: PLC0415

        yield optimal_power_flow
    finally:
        sys.path.remove(str(EXAMPLES))


def test_the_published_cost_of_five_buses(power_flow):
    p = power_flow.problem(power_flow.CASE5)
    found = minimize(**p.arguments("trust-constr"), options={"maxiter": 500})
    assert found.fun == pytest.approx(COSTS["case5_pjm"], rel=2e-5)
    rng = np.random.default_rng(0)
    x = p.x0 + 0.1 * rng.normal(size=len(p.x0))
    step = 1e-6 * np.eye(len(x))
    J = np.stack([(p.constraints.fun(x + e) - p.constraints.fun(x - e)) / 2e-6 for e in step], axis=1)
    np.testing.assert_allclose(p.constraints.jac(x).toarray(), J, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", COSTS)
def test_published_costs_by_ipopt(name, power_flow):
    pytest.importorskip("ipyopt")
    path = FILES / f"pglib_opf_{name}.m"
    if not path.exists():
        pytest.skip("the library's files are not here")
    found = power_flow.problem(power_flow.read(path)).ipopt()
    assert found.success
    assert found.fun == pytest.approx(COSTS[name], rel=2e-5)
