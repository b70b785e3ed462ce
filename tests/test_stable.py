"""Right at every point: derivatives where the textbook's formula overflows, cancels or is inf * 0, against mpmath."""

from itertools import combinations, product

import mpmath as mp
import numpy as np
import pytest

import symdiff as sd

mp.mp.dps = 50


def value(text, path, at, **shapes):
    """The derivative of a text by the variables of `path`, one after the other, at a point."""
    e = sd.parse(text, **shapes)
    for name in path:
        e = e.diff(name)
    return sd.evaluate(e, at)


POINTS = [  # (text, by, point, the value to 17 digits)
    ("1/x", "xxx", {"x": 1e40}, -6e-160),
    ("1/(1 + x**2)", "xx", {"x": 1e40}, 6e-160),
    ("1/(1 + x**2)", "x", {"x": 1e100}, -2e-300),
    ("x*log(x)", "xx", {"x": 1e200}, 1e-200),
    ("A/r**12 - B/r**6", "rr", {"A": 1.6e-134, "B": 1e-77, "r": 3.8e-10},
     156 * mp.mpf(1.6e-134) / mp.mpf(3.8e-10) ** 14 - 42 * mp.mpf(1e-77) / mp.mpf(3.8e-10) ** 8),
    ("x/y", "yy", {"x": 1e-200, "y": 1e-150}, 2e250),
    ("x/y", "xy", {"x": 1e-200, "y": 1e140}, -1e-280),
    ("tanh(x)", "x", {"x": 20.0}, mp.sech(20) ** 2),
    ("tanh(x)", "xxx", {"x": 20.0}, mp.diff(mp.tanh, 20, 3)),
    ("coth(x)", "x", {"x": 20.0}, -(mp.csch(20) ** 2)),
    ("sigmoid(x)", "x", {"x": 40.0}, mp.exp(-40) / (1 + mp.exp(-40)) ** 2),
    ("sigmoid(x)", "xx", {"x": 700.0}, -mp.exp(-700)),
    ("softplus(x)", "xx", {"x": 40.0}, mp.exp(-40) / (1 + mp.exp(-40)) ** 2),
    ("logaddexp(x, y)", "xy", {"x": 1000.0, "y": 1000.0}, -0.25),
    ("hypot(x, y)", "xx", {"x": 1e9, "y": 1.0}, 1 / mp.hypot(1e9, 1) ** 3),
    ("hypot(x, y)", "x", {"x": 1e-200, "y": 1e-200}, mp.sqrt(0.5)),
    ("exp(x)/(1 + exp(x))", "x", {"x": 400.0}, mp.exp(-400)),
    ("log(cosh(x))", "xx", {"x": 300.0}, mp.sech(300) ** 2),
    ("1/(1 + exp(-x))", "x", {"x": -1000.0}, 0),
    ("1/(1 + exp(-x))", "xx", {"x": -1000.0}, 0),
    ("1/(1 + exp(-x))", "xxx", {"x": -700.0}, mp.exp(-700)),
    ("log(1/(1 + exp(-x)))", "x", {"x": -1000.0}, 1),
    ("log(exp(x))", "x", {"x": 1000.0}, 1),
    ("log(exp(x))", "x", {"x": -1000.0}, 1),
    ("log(exp(x) + exp(y))", "x", {"x": 1000.0, "y": 1000.0}, 0.5),
    ("log(exp(x) + exp(y))", "xy", {"x": 1000.0, "y": 1000.0}, -0.25),
    ("exp(x)/(exp(x) + exp(y))", "x", {"x": 1000.0, "y": 999.0}, mp.e / (1 + mp.e) ** 2),
    ("log_ndtr(x)", "x", {"x": -1e5}, mp.mpf("100000.0000099999999980000000010")),
    ("log_ndtr(x)", "x", {"x": -1e9}, mp.mpf("1000000000.000000001")),
    ("log_ndtr(x)", "xx", {"x": -1000.0}, mp.mpf("-0.999999000005999949")),
    ("log_ndtr(x)", "xx", {"x": 50.0}, 0),
    ("log(erfc(x))", "x", {"x": 100.0}, -2 / mp.sqrt(mp.pi) * mp.exp(-10000) / mp.erfc(100)),
    ("boxcox(y, x)", "x", {"x": 1e-9, "y": 2.0}, mp.log(2) ** 2 / 2 + mp.mpf(1e-9) * mp.log(2) ** 3 / 3),
    ("ellipk(x)", "x", {"x": 0.0}, mp.pi / 8),
    ("exprel(x)", "xx", {"x": 1e-9}, mp.mpf(1) / 3 + mp.mpf(1e-9) / 4),
    ("spence(x)", "x", {"x": 1.0}, -1),
    ("rgamma(x)", "x", {"x": 0.0}, 1),
    ("rgamma(x)", "x", {"x": -8.0}, 40320),
    ("1 - tanh(x)**2", "", {"x": 20.0}, mp.sech(20) ** 2),
    ("asinh(x)", "x", {"x": 1e200}, 1e-200),
    ("asinh(x)", "xx", {"x": 1e120}, -1e-240),
    ("acosh(x)", "x", {"x": 1e200}, 1e-200),
    ("sqrt(x**2 + y**2)", "x", {"x": 1e200, "y": 1e200}, mp.sqrt(0.5)),
    ("sqrt(x**2 + y**2)", "x", {"x": 1e-200, "y": 1e-200}, mp.sqrt(0.5)),
    ("sin(x)/x", "xx", {"x": 0.0}, -mp.mpf(1) / 3),
    ("(1 - cos(x))/x**2", "xx", {"x": 1e-9}, -mp.mpf(1) / 12),
    ("expm1(x)/x", "xx", {"x": 1e-9}, mp.mpf(1) / 3 + mp.mpf(1e-9) / 4),
    ("log(1 + x)/x", "x", {"x": 0.0}, -0.5),
    ("where(x == 0, 1, sin(x)/x)", "xx", {"x": 0.0}, -mp.mpf(1) / 3),
    ("where(x != 1, log(x)/(1 - x), -1)", "x", {"x": 1.0}, 0.5),
    ("dawsn(x)", "xx", {"x": 1e6}, mp.mpf("1.000000000003e-18")),
    ("erfcx(x)", "x", {"x": 1e6}, -1 / mp.sqrt(mp.pi) / mp.mpf(1e12)),
    ("digamma(x)", "xx", {"x": -1.5}, mp.polygamma(2, -1.5)),
    ("atan2(y, x)", "x", {"x": 1e200, "y": 1e200}, -5e-201),
    ("atan2(y, x)", "yx", {"x": 3e-100, "y": 4e-100}, 7e-200 / mp.mpf(25e-200) ** 2),
]  # fmt: skip


@pytest.mark.parametrize(("text", "by", "at", "wanted"), POINTS)
def test_derivative_at_a_point(text, by, at, wanted):
    np.testing.assert_allclose(value(text, by, at), float(wanted), rtol=2e-12)


MASKED = [  # (text, by, point): in the flat part nothing flows, also against inf
    ("sqrt(maximum(x, 0))", "x", {"x": -1.0}),
    ("sqrt(max(0, x**2 - z**2))", "x", {"x": 1.0, "z": 2.0}),
    ("sqrt(max(0, x**2 - z**2))", "xz", {"x": 1.0, "z": 2.0}),
    ("acos(clip(x, -1, 1))", "x", {"x": 2.0}),
    ("asin(clip(x, -1, 1))", "xx", {"x": -2.0}),
    ("log(maximum(x, 0))", "x", {"x": -2.0}),
    ("log(maximum(x, 0))", "xxx", {"x": -2.0}),
    ("sqrt(-minimum(x, 0))", "xx", {"x": 2.0}),
    ("sqrt(relu(x))", "xx", {"x": -1.0}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "by", "at"), MASKED)
def test_masks_stay_outermost(text, by, at):
    assert value(text, by, at) == 0


@pytest.mark.parametrize("text", ["log(max(x))", "sqrt(-min(-x))", "1/max(x)", "log(max(x, axis=0, keepdims=True))[0]"])
def test_entries_that_are_not_the_extreme_get_nothing(text):
    x = np.array([0.0, -1.0, -2.0])
    g = sd.grad(sd.parse(text, x="n"), "x")
    assert (sd.evaluate(g, {"x": x})[1:] == 0).all()


@pytest.mark.parametrize("by", ["x", "xx", "xxx"])
@pytest.mark.parametrize("p", [0.0, 1.0, 2.0, 3.0])
def test_powers_with_a_variable_exponent_at_zero(by, p):
    k = len(by)
    wanted = float(mp.ff(p, k)) if p == k else 0.0
    assert value("x**p", by, {"x": 0.0, "p": p}) == wanted


@pytest.mark.parametrize("by", ["p", "pp", "ppp", "xp", "px"])
def test_powers_by_the_exponent_at_zero(by):
    assert value("x**p", by, {"x": 0.0, "p": 4.0}) == 0


def test_exponents_that_are_data():
    e = sd.parse("c @ v**k", c="n", v="n", k="n")
    at = {"c": np.ones(3), "v": np.array([0.0, 0.0, 2.0]), "k": np.array([0.0, 1.0, 2.0])}
    np.testing.assert_array_equal(sd.evaluate(sd.grad(e, "v"), at), [0, 1, 4])
    np.testing.assert_array_equal(sd.evaluate(sd.hessian(e, "v"), at), np.diag([0, 0, 2]))


TEXTBOOK = [
    ("x/y", "y", "-x/y**2"), ("tanh(x)", "x", "1 - tanh(x)**2"), ("sigmoid(x)", "x", "sigmoid(x)*(1 - sigmoid(x))"),
    ("x**p", "x", "p*x**(p - 1)"), ("maximum(x, y)", "x", "heaviside(x - y, 0.5)"),
    ("hypot(x, y)", "x", "x/hypot(x, y)"),
    ("hypot(x, y)", "xx", "y**2/hypot(x, y)**3"), ("atan2(x, y)", "x", "y/(y**2 + x**2)"),
    ("a*x/(b + x)", "x", "a*b/(b + x)**2"),
    ("log2(x)", "x", "1/(x*log(2))"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "by", "shown"), TEXTBOOK)
def test_formulas_stay_the_textbooks(text, by, shown):
    e = sd.parse(text)
    for name in by:
        e = e.diff(name)
    assert str(e) == shown


SINGULAR = [
    np.outer([1.0, 2, 3], [1, 0, 2]) + np.outer([0, 1, 1], [1, 1, 1]), np.outer([1.0, 2], [3, 4]), np.zeros((2, 2)),
]


@pytest.mark.parametrize("x", SINGULAR)
def test_the_gradient_of_det_is_the_adjugate_also_at_a_singular_matrix(x):
    cofactors = np.array([
        [(-1) ** (i + j) * np.linalg.det(np.delete(np.delete(x, i, 0), j, 1)) for j in range(len(x))]
        for i in range(len(x))
    ])  # fmt: skip
    X = sd.Graph().variable("X", "n n")
    np.testing.assert_allclose(sd.evaluate(sd.grad(sd.det(X), X), {X: x}), cofactors, atol=1e-13)
    np.testing.assert_allclose(sd.evaluate(sd.linalg.det(X) + sd.adj(X), {X: x}), cofactors.T, atol=1e-13)
    assert str(sd.grad(sd.det(X), X)) == "det(X)*inv(X).T"


def minor(x, places):
    """The derivative of det by the entries at these places: what is left of it without their rows and columns."""
    rows, columns = [i for i, _ in places], [j for _, j in places]
    if len(set(rows)) < len(rows) or len(set(columns)) < len(columns):
        return 0.0
    swaps = sum(a > b for o in (rows, columns) for a, b in combinations(o, 2))
    left = np.delete(np.delete(x, rows, 0), columns, 1)
    return (-1) ** (swaps + sum(rows) + sum(columns)) * (np.linalg.det(left) if left.size else 1.0)


def minors(x, order):
    """Derivatives of det by all entries, `order` times."""
    n = len(x)
    places = list(product(range(n), repeat=2))
    values = [minor(x, chosen) for chosen in product(places, repeat=order)]
    return np.reshape(values, (n, n) * order)


RANKS = [(4, 4), (4, 3), (4, 2), (4, 0), (3, 1), (2, 1), (1, 0)]


@pytest.mark.parametrize(("n", "rank"), RANKS)
def test_derivatives_of_polynomials_of_the_entries_at_singular_matrices(n, rank):
    rng = np.random.default_rng(n + 10 * rank)
    at = {"X": rng.standard_normal((n, rank)) @ rng.standard_normal((rank, n))}
    X, V = sd.Graph().variable("X", (n, n)), rng.standard_normal((n, n))
    first, second, third = (minors(at["X"], k) for k in (1, 2, 3))
    det, adj, closed = sd.linalg.det(X), sd.adj(X), {"atol": 1e-12, "rtol": 1e-11}
    along = np.einsum("ijkl,kl->ij", second, V)
    for e, wanted in [
        (sd.hessian(det, X), second),
        (sd.hvp(det, X, V), along),
        (sd.grad(sd.trace(adj), X), np.einsum("iikl->kl", second)),
        (sd.jacobian(adj, X), np.swapaxes(second, 0, 1)),
        (sd.hessian(sd.trace(adj), X), np.einsum("iiklmp->klmp", third)),
        (sd.grad(sd.sum(sd.hvp(det, X, V) * V), X), np.einsum("ijklmp,ij,kl->mp", third, V, V)),
        (sd.hessian(det**2, X), 2 * (np.multiply.outer(first, first) + np.linalg.det(at["X"]) * second)),
        (sd.grad(sd.det(X @ X.T), X), 2 * np.linalg.det(at["X"]) * first),
    ]:
        np.testing.assert_allclose(sd.evaluate(e, {"X": at["X"]}), wanted, **closed)


@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_derivatives_at_singular_matrices_on_other_backends(backend):
    pytest.importorskip(backend)
    x = np.outer([1.0, 2, 3], [1, 0, 2])
    X = sd.Graph().variable("X", (3, 3))
    e = [sd.hessian(sd.det(X), X), sd.hessian(sd.trace(sd.adj(X)), X)]
    for got, wanted in zip(sd.function(X, e, backend=backend)(x), sd.evaluate(e, {X: x}), strict=True):
        np.testing.assert_allclose(np.asarray(got), wanted, atol=1e-13)


def test_singular_values_that_underflow():
    """second derivatives of det(diag(1e-200, 1e-200)) are +-1"""
    X = sd.Graph().variable("X", (2, 2))
    np.testing.assert_allclose(sd.evaluate(sd.hessian(sd.det(X), X), {X: 1e-200 * np.eye(2)})[0, 0], [[0, 0], [0, 1]])


def test_stacks_of_singular_matrices():
    rng = np.random.default_rng(1)
    x = rng.standard_normal((2, 3, 1)) @ rng.standard_normal((2, 1, 3))
    X = sd.Graph().variable("X", "m n n")
    wanted = [np.einsum("iikl->kl", minors(m, 2)) for m in x]
    e = sd.sum(sd.einsum("mii->m", sd.adj(X)))
    np.testing.assert_allclose(sd.evaluate(sd.grad(e, X), {X: x}), wanted, atol=1e-13)
    H = sd.evaluate(sd.hessian(e, X), {X: x})
    for k, m in enumerate(x):
        np.testing.assert_allclose(H[k, :, :, k], np.einsum("iiklmp->klmp", minors(m, 3)), atol=1e-13)
    assert not H[0, :, :, 1].any()


@pytest.mark.parametrize("shape", [(2, 4), (4, 2), (3, 3)])
@pytest.mark.parametrize("declared", ["m n", None])
def test_lstsq_of_any_full_rank(shape, declared):
    rng = np.random.default_rng(0)
    at = {"A": rng.standard_normal(shape), "b": rng.standard_normal(shape[0]), "w": rng.standard_normal(shape[1])}
    sizes = {"A": declared, "b": "m", "w": "n"} if declared else {k: v.shape for k, v in at.items()}
    f, same = sd.parse("w @ lstsq(A, b)", **sizes), sd.parse("w @ pinv(A) @ b", **sizes)
    np.testing.assert_allclose(
        sd.evaluate(sd.grad(f, "A"), at), sd.evaluate(sd.grad(same, "A"), at), rtol=1e-10, atol=1e-12
    )


TWICE = [
    lambda x, y: np.exp(y) * x**3 * x**3,
    lambda x, y: x**2 * np.exp(y) * y * y * x**2,
    lambda x, y: np.exp(y) * (1 - np.tanh(x) ** 2) * (1 - np.tanh(x) ** 2),
]


@pytest.mark.parametrize("f", TWICE)
def test_factors_that_stand_twice_stay(f):
    e = f(*sd.Graph().variables("x y"))
    np.testing.assert_allclose(sd.evaluate(e, {"x": 0.7, "y": 0.9}), f(0.7, 0.9), rtol=1e-14)


@pytest.mark.parametrize("text", ["a/(1 + b*exp(-y*x))", "exp(x)/(exp(x) + 1)**2*tanh(x)", "x**3/(exp(x) - 1)"])
def test_a_second_sweep_appends_nothing(text):
    e = sd.parse(text)
    for _ in range(3):
        first = e.diff("x")
        size = len(e.graph)
        assert first.same_as(e.diff("x"))
        assert len(e.graph) == size
        e = first


def test_a_wildcard_that_stands_for_a_product_is_found_again():
    """sigmoid(-x)*y - sigmoid(x)*y with y = sigmoid(x)*sigmoid(-x) is -y*tanh(x/2), about -x/8 near 0."""
    x = sd.Graph().variable("x")
    second = sd.sigmoid(x).diff(x).diff(x)
    assert float(sd.function(x, second)(-1e-17)) == pytest.approx(1.25e-18, rel=1e-14)


def test_factors_of_other_shapes_are_no_product_of_magnitudes():
    """Found by random programs: factors that stand along the first axis are not stretched as numpy does."""
    x = sd.Graph().variable("x", "n")
    t = sd.tanh(x) ** 2
    y = sd.sum(sd.tanh(sd.stack([t, t, abs(2 * sd.tanh(x / 3))], axis=1)))
    at = np.array([0.3, -0.2, 0.7, 1.1])
    H = sd.evaluate(sd.hessian(y, x), {"x": at})
    h = 1e-6
    for k in range(4):
        up, down = (sd.evaluate(sd.grad(y, x), {"x": at + s * h * np.eye(4)[k]}) for s in (1, -1))
        np.testing.assert_allclose(H[k], (up - down) / (2 * h), atol=1e-7)


def test_a_power_whose_base_is_stretched():
    """Found by random programs: its derivatives are computed as they stand."""
    g = sd.Graph()
    x, y = g.variable("x", "n"), g.variable("y", "m")
    e = sd.pow(1.15 + 0.85 * sd.tanh(x / 3)[0], 2 * sd.tanh(y / 3))
    u = g.variable("u", "m")
    at = {"x": np.array([0.3]), "y": np.array([0.7]), "u": np.array([1.5])}
    for v in "xy":
        d, h = sd.vjp(e, v, u), 1e-6
        up, down = (sd.evaluate(e, {k: at[k] + (s * h if k == v else 0) for k in "xy"}) for s in (1, -1))
        given = {k: at[k] for k in d.variables}
        np.testing.assert_allclose(sd.evaluate(d, given), 1.5 * (up - down) / (2 * h), rtol=1e-6)


@pytest.mark.parametrize("text", ["0**x", "0**(2*x)", "xlogy(x, 0)", "x*0**x"])
def test_what_is_printed_is_defined_where_the_number_is(text):
    slope = sd.parse(text).diff("x")
    printed = sd.parse(str(slope))
    for x in (0.0, 1.0, 2.0):
        wanted = sd.evaluate(slope, {"x": x})
        for same in (printed, sd.simplify(slope)):
            np.testing.assert_equal(sd.evaluate(same, {"x": x} if same.variables else {}), wanted)


NORMS = ["norm(x)", "sqrt(x @ x)", "sqrt(sum(x**2))", "sqrt(sum(x*x))"]


@pytest.mark.parametrize("text", NORMS)
@pytest.mark.parametrize("scale", [1e200, 1e-200, 1.0, 0.0])
def test_squares_of_norms_do_not_leave_the_range(text, scale):
    e = sd.parse(text, x=2)
    outputs, x = [e, sd.grad(e, "x")], scale * np.array([3.0, -4.0])
    for value, slope in (sd.evaluate(outputs, {"x": x}), sd.function(["x"], outputs)(x)):
        np.testing.assert_allclose(value, 5 * scale, rtol=1e-15)
        np.testing.assert_allclose(slope, [0.6, -0.8] if scale else [0, 0], rtol=1e-15)


AT_ZERO = [  # (text, by, point, the limit), where a power of 0 stands against its logarithm
    ("x**p*y", "pp", {"x": 0.0, "p": 1.0, "y": 2.0}, 0), ("x**p*y", "ppp", {"x": 0.0, "p": 2.0, "y": 2.0}, 0),
    ("x**p", "xpp", {"x": 0.0, "p": 2.0}, 0), ("x**n/(k**n + x**n)", "nn", {"x": 0.0, "n": 2.0, "k": 3.0}, 0),
    ("x**n/(k**n + x**n)", "nx", {"x": 0.0, "n": 2.0, "k": 3.0}, 0), ("x**2*log(x)", "", {"x": 0.0}, 0),
    ("x**3*log(x)", "xx", {"x": 0.0}, 0), ("x*log(x)", "x", {"x": 0.0}, -np.inf),
    ("p*log(p/q)", "q", {"p": 0.0, "q": 0.5}, 0), ("p*log(p/q)", "qq", {"p": 0.0, "q": 0.5}, 0),
    ("x*(1/x)", "", {"x": 0.0}, 1), ("exp(x)*exp(-x)", "", {"x": 1000.0}, 1),
]  # fmt: skip


@pytest.mark.parametrize(("text", "by", "at", "wanted"), AT_ZERO)
def test_products_with_logarithms_of_zero(text, by, at, wanted):
    assert value(text, by, at) == wanted


FILLED = [  # (text, by, point, the value): the user's where is the limit of a quotient, or of none
    ("where(x == 1, 1, log(x)/(x - 1))", "x", 1.0, -0.5), ("where(x == 1, 1, log(x)/(x - 1))", "xx", 1.0, 2 / 3),
    ("where(x == 0, 1, x/sinh(x))", "xx", 0.0, -1 / 3), ("where(x == 0, 1, x/sin(x))", "xx", 0.0, 1 / 3),
    ("where(x == 0, 1/6, (x - sin(x))/x**3)", "", 0.0, 1 / 6), ("where(x == 0, 0, exp(-1/x**2))", "xx", 0.0, 0),
    ("where(x == 0, 2, sin(x)/x)", "x", 0.0, 0),
]  # fmt: skip


@pytest.mark.parametrize(("text", "by", "x", "wanted"), FILLED)
def test_a_limit_that_is_filled_in(text, by, x, wanted):
    np.testing.assert_allclose(value(text, by, {"x": x}), wanted, rtol=1e-13)
