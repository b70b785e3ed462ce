"""Code written for numpy, traced as it is: constructors, arrays that are filled, and branches decided at a point."""

import functools
import math
import threading

import numpy as np
import pytest
import scipy.fft
import scipy.interpolate
import scipy.ndimage
import scipy.optimize
import scipy.signal
import scipy.sparse
import scipy.stats
from scipy.special import wofz

import symdiff as sd
from symdiff.check import check_grad

SPARSE = scipy.sparse.random(4, 3, density=0.6, format="csr", random_state=np.random.default_rng(0))


def filled(x):
    out = np.zeros(3)
    out[0] = 2.0
    out[1:] = x[1:] * x[0]
    out[0] += x[2]
    out *= 2
    return np.exp(out / 10) @ out


def filled_like(x):
    out = np.zeros_like(x)
    out[1:] = x[:-1] ** 2
    out[0] = 3.0
    return out * x


def rows_filled(x):
    table = np.empty((3, 2))
    for i in range(len(x)):
        table[i] = [x[i], x[i] ** 2]
    return np.sum(np.linalg.det(table.T @ table)) + table[1:, 0].sum() + len(table) + table.shape[1]


def right_hand_side(x):
    a, b, c = x
    return np.array([a * b, b - c, 1.0])


CONSTRUCTORS = {
    "array": right_hand_side, "nested": lambda x: np.array([[x[0], 1.0], [x[1], x[2]]]) @ x[:2],
    "array of a tuple": lambda x: np.asarray((x[0], x[2])), "asarray": lambda x: np.asarray(x) ** 2,
    "asarray float": lambda x: np.asarray(x, dtype=float).sum(), "array ndmin": lambda x: np.array(x, ndmin=2),
    "asanyarray": lambda x: np.asanyarray(x) * 2, "filled": filled, "rows filled": rows_filled,
    "rosen": scipy.optimize.rosen, "rosen_der": scipy.optimize.rosen_der, "norm": lambda x: scipy.stats.norm._logpdf(x),
    "filled like": lambda x: filled_like(x), "gamma": lambda x: scipy.stats.gamma._cdf(x, 2.5),
    "r_": lambda x: np.r_[0.0, x, x[0]], "c_": lambda x: np.c_[x, x**2], "full": lambda x: np.full((2, 2), x[0]),
    "iscomplex": lambda x: np.where(np.iscomplex(x), 0.0, x), "iscomplexobj": lambda x: x * (not np.iscomplexobj(x)),
    "sparse": lambda x: SPARSE @ x, "math": lambda x: math.exp(x[0]) * math.sqrt(x[1]) + math.atan2(x[1], x[2]),
    "ones": lambda x: np.ones(3) @ x, "zeros of integers": lambda x: x[np.zeros(2, dtype=int)],
    "zeros that stay numbers": lambda x: x * (np.zeros(3) + 2.0) * float(np.ones(1)[0]),
    "at": lambda x: x.at[1].set(0.0) if isinstance(x, sd.Expr) else x * np.array([1.0, 0.0, 1.0]),
}  # fmt: skip
POINT = np.array([0.7, 1.3, 0.4])


@pytest.mark.parametrize("name", CONSTRUCTORS)
def test_constructors(name):
    fn = CONSTRUCTORS[name]
    before = (np.array, np.zeros, math.exp, np.r_)
    e = sd.trace(fn, x=3)
    assert (np.array, np.zeros, math.exp, np.r_) == before
    wanted = np.asarray(fn(POINT))
    got = sd.evaluate(e, {"x": POINT})
    assert got.shape == wanted.shape
    np.testing.assert_allclose(got, wanted, rtol=1e-13)
    check_grad(e, "x", {"x": POINT})


# --- arrays changed in place: at a point, and without one where nothing has to be decided -----------------------------


def by_a_mask(x):
    y = np.exp(x)
    y[x < 0] = 0.0
    return y * x


def at_positions(x):
    y = np.exp(x)
    y[np.where(x < 0)] = 2.0
    y[np.flatnonzero(x > 1)] += x[0]
    return y * x


def in_copies(x):
    y, z, w = np.abs(x), x.copy(), x**1
    y[x > 0] *= -1
    z[0], w[1] = 5, x[2]
    v = np.array(x)
    v[1:] = v[0]
    return y * x + z * w + v


def the_argument(x):
    x[x <= 0] = 1e-3
    return np.log(x)


def the_same_array(x):
    y = np.asarray(x)
    y[1] = 5.0
    return y + x


def by_masks_of_its_own(x):
    out = np.zeros(x.shape)
    small = np.less_equal(x, 0.5)
    out[small] = x[small] ** 2
    out[~small] = 3 * x[~small]
    return out


def rows_and_columns(x):
    y = np.outer(x, x)
    y[x < 0] = 0.0
    y[:, x > 1] = 7
    y[1, 2] += x[0]
    y[np.diag_indices(3)] = x
    return y


def positions(x):
    return np.argwhere(x > 0).ravel() * 1.0 + x[np.nonzero(x > 0)] + np.extract(x > 0, x**2)


def integers(x):
    y = np.arange(3) + (x > 0)
    y[0] = 7.9
    return y * x


IN_PLACE = {  # the function, whether a condition has to be decided at a point
    "a mask": (by_a_mask, False), "positions": (at_positions, True), "copies": (in_copies, True),
    "the argument": (the_argument, False), "the same array": (the_same_array, False),
    "masks of its own": (by_masks_of_its_own, True), "rows and columns": (rows_and_columns, True),
    "nonzero": (positions, True), "integers": (integers, False),
}  # fmt: skip


@pytest.mark.parametrize("name", IN_PLACE)
def test_arrays_changed_in_place(name):
    fn, decides = IN_PLACE[name]
    point = np.array([-0.7, 1.3, 0.4])
    e = sd.trace(fn, at={"x": point})
    np.testing.assert_allclose(sd.evaluate(e, {"x": point}), fn(point.copy()), rtol=1e-13)
    assert bool(e.guards) == decides
    check_grad(e, "x", {"x": point})
    if decides:
        with pytest.raises(sd.SymdiffError, match=r"sd\.trace\(fn, at="):
            sd.trace(fn, x=3)
    else:
        np.testing.assert_allclose(sd.evaluate(sd.trace(fn, x=3), {"x": point}), fn(point.copy()), rtol=1e-13)


def a_view_is_changed(x):
    y = x + 0
    tail = y[1:]
    tail[0] = 3.0
    return y


def what_a_view_shows_is_changed(x):
    y = x * 2
    tail = y[1:]
    y[1] = 3.0
    return tail


@pytest.mark.parametrize("fn", [a_view_is_changed, what_a_view_shows_is_changed])
def test_arrays_that_share_entries_are_not_changed(fn):
    with pytest.raises(sd.GraphError, match=r"shares its entries .* y = x\.at\[index\]\.set"):
        sd.trace(fn, x=3)


def test_nothing_is_changed_outside_of_a_trace():
    x = sd.Graph().variable("x", 3)
    with pytest.raises(sd.GraphError, match=r"in place: y = x\.at\[index\]\.set"):
        x[0] = 1.0
    with pytest.raises(sd.GraphError, match=r"one condition with one value.*sd\.where"):
        x.at[x > 0].set(np.ones(2))


def test_named_sizes_have_constructors():
    e = sd.trace(lambda x: (np.zeros(x.shape) + np.ones(x.shape[0]) * np.arange(x.shape[0])) @ x, x="n")
    np.testing.assert_allclose(sd.evaluate(e, {"x": POINT}), np.arange(3) @ POINT)


def test_constructors_are_restored_after_an_error_and_in_other_threads_are_numpys():
    before = np.array
    with pytest.raises(sd.GraphError, match=r"sd\.trace"):
        sd.trace(lambda x: 1 if x > 0 else 2)
    assert np.array is before
    seen = []

    def fn(x):
        thread = threading.Thread(target=lambda: seen.append(type(np.zeros(3))))
        thread.start()
        thread.join()
        seen.append(sd.trace(lambda y: np.array([y, 1.0]))[0])
        return np.array([x, x])

    assert sd.trace(fn).shape == (2,)
    assert seen[0] is np.ndarray
    assert np.array is before


# --- branches -----------------------------------------------------------------------------------------------------


def newton(x, tol=1e-12):
    y = x
    while abs(y * y - x) > tol:
        y = (y + x / y) / 2
    return y


def series(x, n):
    total = 0
    for k in range(int(n)):
        total = total + x**k / math.factorial(k)
    return total


def profile(x, sigma):
    sigma = max(1e-15, sigma)
    if np.any(x > 2):
        raise ValueError("too large")
    return np.sum(np.exp(-((x / sigma) ** 2)))


BRANCHES = {
    "if": (lambda x: x**2 if x > 0 else -x, {"x": 1.5}, {"x": -1.5}, 1),
    "else": (lambda x: x**2 if x > 0 else -3 * x, {"x": -1.5}, {"x": 1.5}, 1),
    "while": (newton, {"x": 2.0}, {"x": 900.0}, 6),
    "range": (series, {"x": 0.3, "n": 5}, {"x": 0.3, "n": 6}, 1),
    "max": (profile, {"x": np.array([0.1, 0.4]), "sigma": 0.3}, {"x": np.array([0.1, 3.0]), "sigma": 0.3}, 2),
    "sorted": (
        lambda x, y, z: sorted([x, y, z])[1] ** 2, {"x": 1.0, "y": 3.0, "z": 2.0}, {"x": 9.0, "y": 3.0, "z": 2.0}, 3,
    ),
    "mask": (lambda x: np.sum(x[x > 0] ** 3), {"x": np.array([1.0, -2.0, 3.0])}, {"x": np.array([1.0, 2.0, 3.0])}, 1),
    "equal": (lambda x: 1.0 if x == 0 else np.sin(x) / x, {"x": 0.5}, {"x": 0.0}, 1),
    "and": (lambda x: x if x > 0 and x < 1 else x**2, {"x": 0.5}, {"x": 1.5}, 2),
    "chain": (lambda x: x if 0 < x < 1 else x**2, {"x": 1.5}, {"x": 0.5}, 2),
    "all": (lambda x: np.sum(np.sqrt(x)) if np.all(x > 0) else 0 * x.sum(), {"x": np.ones(2)}, {"x": -np.ones(2)}, 1),
    "number": (lambda x: x * 2 if x else x, {"x": 3.0}, {"x": 0.0}, 1),
    "abs": (lambda x: x if abs(x) < 1e-8 else 1 / x, {"x": 0.5}, {"x": 1e-9}, 1),
    "int": (lambda x: x ** int(x), {"x": 2.5}, {"x": 3.5}, 1),
}  # fmt: skip


@pytest.mark.parametrize("name", BRANCHES)
def test_branches_are_decided_at_the_point_and_kept(name, tmp_path):
    fn, at, beyond, conditions = BRANCHES[name]
    e = sd.trace(fn, at=at)
    assert len(e.guards) == conditions
    np.testing.assert_allclose(sd.evaluate(e, at), fn(**at), rtol=1e-14)
    check_grad(e, list(at) if name != "range" else ["x"], at, order=1)
    by = {"sorted": "z"}.get(name, "x")
    for expression in (e, sd.grad(e, by), sd.simplify(e), _loaded(e, tmp_path)):
        assert {str(c) for c in expression.guards} == {str(c) for c in e.guards}
        with pytest.raises(sd.InputError, match=r"does not hold here.*\(line \d+ of test_traced_code.py\)"):
            sd.evaluate(expression, beyond)
    for condition in e.guards:
        assert sd.evaluate(condition, at)


def _loaded(e, path):
    sd.save(e, path / "e.json")
    return sd.load(path / "e.json")


@pytest.mark.parametrize("backend", ["numpy", "tape", "jax", "torch"])
def test_every_backend_checks(backend):
    pytest.importorskip(backend) if backend in ("jax", "torch") else None
    e = sd.trace(lambda x: np.sum(x[x > 0] ** 3), at={"x": np.array([1.0, -2.0, 3.0])})
    f = sd.function(["x"], [e, sd.grad(e, "x")], backend=backend)
    value, slope = f(np.array([1.0, -5.0, 2.0]))
    np.testing.assert_allclose(value, 9.0)
    np.testing.assert_allclose(slope, [3.0, 0.0, 12.0])
    with pytest.raises(sd.InputError, match="does not hold"):
        f(np.array([1.0, 5.0, 2.0]))


def test_operators_check():
    e = sd.trace(lambda x: np.sum(x**4) if x[0] > 0 else x.sum(), at={"x": POINT})
    H = sd.HessianOperator(e, "x", at={"x": POINT})
    np.testing.assert_allclose(H @ np.ones(3), 12 * POINT**2)
    with pytest.raises(sd.InputError, match="does not hold"):
        sd.HessianOperator(e, "x", at={"x": -POINT}) @ np.ones(3)


# --- functions that trace other branches ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", BRANCHES)
def test_other_branches_are_traced_and_kept(name):
    fn, at, beyond, _ = BRANCHES[name]
    if name == "max":  # beyond it, the function raises
        beyond = {"x": np.array([0.1, 0.4]), "sigma": 1e-20}
    traced = []

    @functools.wraps(fn)
    def counted(*values):
        traced.append(values)
        return fn(*values)

    run = sd.function(counted, at=at, guards="retrace")
    for values in (at, beyond, beyond, at, beyond, at):
        np.testing.assert_allclose(run(*[values[n] for n in run.names]), fn(**values), rtol=1e-14)
        np.testing.assert_allclose(run(**values), fn(**values), rtol=1e-14)
    assert len(traced) == len(run.branches) == 2
    with pytest.raises(sd.InputError, match="does not hold"):
        sd.function(fn, at=at)(**beyond)


@pytest.mark.parametrize("backend", ["numpy", "tape", "jax", "torch"])
def test_derivatives_of_branches(backend):
    pytest.importorskip(backend) if backend in ("jax", "torch") else None
    run = sd.function(
        lambda x: np.sum(x**2) if x[0] > 0 else np.sum(-3 * x), lambda e: [e, sd.grad(e, "x")], backend,
        at={"x": np.ones(2)}, guards="retrace",
    )  # fmt: skip
    for _ in range(2):
        np.testing.assert_allclose(run(np.array([1.0, 2.0]))[1], [2.0, 4.0])
        np.testing.assert_allclose(run(np.array([-1.0, 2.0]))[1], [-3.0, -3.0])
        np.testing.assert_allclose(run(np.ones(3))[1], 2 * np.ones(3))  # another shape
    assert len(run.branches) == 3


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sd.function(lambda x: x, at={"x": 1.0}, guards="never"), "'error', 'retrace'"),
        (lambda: sd.function(lambda x: x), "at={name: value}"),
        (lambda: sd.function(lambda x: x, at={"x": 1.0})(1.0, 2.0), "the arguments are x"),
        (lambda: sd.function(lambda x: x, at={"x": 1.0})(y=1.0), "the arguments are x"),
        (lambda: sd.function(lambda x: x, at={"y": 1.0}), "'y'"),
    ],
)
def test_functions_of_branches_refuse(call, message):
    with pytest.raises(sd.InputError, match=message):
        call()


def test_formulas_show_where_they_are_valid():
    e = sd.trace(lambda x: x**2 if x > 0 else -x, at={"x": 1.0})
    assert str(e) == "x**2\nvalid where x > 0"
    assert str(e.diff("x")) == "2*x\nvalid where x > 0"
    assert e.latex() == r"x^{2} \quad \text{valid where } x > 0"
    back = sd.parse(str(e))
    assert str(back) == str(e)
    with pytest.raises(sd.GraphError, match="x > 0"):
        e.to_python()


def test_shapes_come_from_the_values():
    e = sd.trace(lambda x, k, at: x[k] * at, at={"x": np.ones(4), "k": np.array(2)}, shapes={"at": ()})
    assert e.variables == ("x", "k", "at")
    assert not e.guards
    g = e.graph
    assert (g.shape(g.named("x")), g.dtype(g.named("k"))) == ((4,), "int64")


REFUSED = {
    "no point": (lambda: sd.trace(lambda x: x if x > 0 else -x), "at="),
    "no value": (lambda: sd.trace(lambda x, y: x if y > 0 else -x, at={"x": 1.0}), "give it in at="),
    "many entries": (lambda: sd.trace(lambda x: x if x > 0 else -x, at={"x": np.ones(3)}), "np.any"),
    "a float of several": (lambda: sd.trace(lambda x: float(x), at={"x": np.ones(3)}), "is symbolic"),
    "a complex result": (lambda: sd.trace(lambda x: x * 1j, x=3), "returns Complex"),
    "a complex function": (lambda: sd.trace(lambda x: np.sin(x + 1j).real, x=3), "complex values are not supported"),
    "another axis": (lambda: sd.trace(lambda x: np.fft.fft(x, axis=0).real, x=(2, 3)), "along the last axis"),
    "a named axis": (lambda: sd.trace(lambda x: np.fft.fft(x).real, x="n"), "length that is a number"),
    "a spline at an expression": (
        lambda: sd.trace(lambda x: scipy.interpolate.CubicSpline([0, 1, 2], x)(x[0]), x=3), "known at numbers",
    ),
    "an order": (lambda: sd.trace(lambda x: x * 1j > 2, x=3), "order or truth"),
    "a complex number outside": (lambda: 1j * sd.Graph().variable("x"), "inside sd.trace"),
    "a condition of numbers": (lambda: sd.guard(sd.Graph().variable("x"), 3), "truth values"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name):
    call, message = REFUSED[name]
    with pytest.raises(sd.SymdiffError, match=message):
        call()


# --- named sizes as numbers ---------------------------------------------------------------------------------------

def float_of_its_type(x):
    assert isinstance(1.0, float)
    assert {float: 1}[(1.0).__class__]
    assert issubclass(np.float64, float)
    assert np.zeros(2, dtype=float).dtype == np.arange(2).astype(float).dtype == "float64"
    return float(np.sum(x)) + float("2") * float(x[0] > 0.1)


THROUGH_COMPLEX = {  # real results of complex numbers
    "wofz": lambda x, s: np.real(wofz((x - 0.3 + 1j * s) / 1.3)),
    "dispersion": lambda x, s: wofz((x + 1j * s) / (s * np.sqrt(2))).imag,
    "gain": lambda x, s: np.abs(1 / (s + 1j * x)),
    "powers": lambda x, s: abs((s + 1j * x) ** 2 / (1.7 - 2j * x)) ** 2 + (1 / (x + 1j * s) ** 3).real,
    "angle": lambda x, s: np.angle(np.exp(1j * x * s) + s),
    "sums": lambda x, s: np.sum(np.exp(1j * x) * s).real + np.mean(x * 1j).imag + np.sum(x + 2j).imag,
    "parts": lambda x, s: (x + 1j).imag * s + x,
    "tiny": lambda x, s: np.real(1 / (s * np.exp(x) - 1.0 + 1e-10 * 1j)),
    "root": lambda x, s: np.sqrt(x - 1j * s).real + np.log(1j * s - x).imag,
    "conjugate": lambda x, s: (np.conj(x + 1j * s) * (s + 2j)).imag + ((x + 1j * s).conjugate() - 1j).imag,
    "square": lambda x, s: np.square(x + 2j * s).real - (-(x + 1j) / s).imag + (x + 1j)[0].imag,
}


@pytest.mark.parametrize("name", THROUGH_COMPLEX)
def test_complex_numbers_on_the_way(name):
    at = {"x": np.array([0.3, 1.5, -2.0]), "s": 0.7}
    e = sd.trace(THROUGH_COMPLEX[name], at=at)
    np.testing.assert_allclose(sd.evaluate(e, at), THROUGH_COMPLEX[name](**at), rtol=1e-12)
    check_grad(sd.sum(e), ["x", "s"], at)


def changed_at(x):
    z = np.exp(x)
    np.add.at(z, [0, 0, 2], 1.5)
    np.multiply.at(z, 1, x[0])
    np.maximum.at(z, [3, 4], 2.0)
    np.subtract.at(z, np.array([5, 5]), x[:2])
    return z


KNOTS = np.linspace(0, 1, 6)
LINEAR = {  # functions that are linear in a vector
    "spectrum": lambda x: np.abs(np.fft.fft(x)) ** 2,
    "real part": lambda x: np.fft.rfft(x).real,
    "there and back": lambda x: np.fft.irfft(np.fft.rfft(x) * np.array([1, 0.5, 0.2, 0.0])),
    "inverse": lambda x: np.fft.ifft(np.fft.fft(x) ** 2).real,
    "padded": lambda x: np.abs(np.fft.fft(x, 8)),
    "rows": lambda x: np.abs(np.fft.fft(np.outer(x, x))),
    "recursive filter": lambda x: scipy.signal.lfilter([0.5], [1, -0.5], x),
    "trend": lambda x: scipy.signal.detrend(x),
    "polynomials": lambda x: scipy.signal.savgol_filter(x, 5, 2),
    "envelope": lambda x: np.abs(scipy.signal.hilbert(x)),
    "smoothing": lambda x: scipy.ndimage.gaussian_filter1d(x, 1.0) + scipy.ndimage.uniform_filter(x, 3),
    "cosines": lambda x: scipy.fft.dct(x, norm="ortho"),
    "exact sums": lambda x: math.fsum(x) + math.dist(x, 2 * x + 1) + math.fsum(v * v for v in x),
    "convolutions": lambda x: scipy.signal.convolve(x, [1.0, 2, 1], mode="same") + scipy.signal.fftconvolve(x, x)[2:-3],
    "shorter": lambda x: scipy.signal.convolve(np.ones(3), x, "same") + scipy.signal.convolve(x, np.ones(4), "valid"),
    "spline": lambda x: scipy.interpolate.CubicSpline(KNOTS, x, bc_type="natural")([0.1, 0.5]),
    "slope of a spline": lambda x: scipy.interpolate.CubicSpline(KNOTS, x)(0.37, 1),
    "lines": lambda x: scipy.interpolate.interp1d(KNOTS, x)([0.15, 0.4]),
    "cubics": lambda x: scipy.interpolate.interp1d(KNOTS, x, "cubic")(0.3),
    "basis": lambda x: scipy.interpolate.make_interp_spline(KNOTS, x, k=3)(KNOTS * 0.9),
    "polynomial": lambda x: np.polynomial.polynomial.polyfit(KNOTS, x, 2),
    "at": changed_at,
    "series": lambda x: np.polynomial.chebyshev.chebval(x / 3, x) + np.polynomial.polynomial.polyval(0.3, x),
    "series at numbers": lambda x: np.polynomial.legendre.legval([0.2, 0.3], x) * np.polynomial.hermite.hermval(0.1, x),
    "a table": lambda x: np.array([1.0, 2.0, 4.0, 8.0])[np.searchsorted([0.0, 1.0, 2.0], x)] * x,
    "rows of a table": lambda x: np.eye(4)[1:, np.searchsorted([0.0, 1.0, 2.0], x)] @ x,
    "weights of bins": lambda x: np.histogram(x, bins=3, weights=x**2)[0],
}


@pytest.mark.parametrize("name", LINEAR)
def test_linear_functions(name):
    at = {"x": np.array([0.3, 1.2, -0.7, 2.1, 0.4, 0.9])}
    e = sd.trace(LINEAR[name], at=at)
    np.testing.assert_allclose(sd.evaluate(e, at), LINEAR[name](**at), rtol=1e-12, atol=1e-13)
    check_grad(sd.sum(e), ["x"], at)


def test_float_of_an_expression_is_the_expression():
    at = {"x": np.array([0.3, 1.5])}
    e = sd.trace(float_of_its_type, at=at)
    assert sd.evaluate(e, at) == float_of_its_type(**at)
    assert str(sd.grad(e, "x")) == "ones(2)"
    assert "float" not in globals()


SIZES = {
    "mean": lambda x: x.sum() / x.shape[0],
    "product": lambda x: x.shape[0] * x,
    "size": lambda x: (x - x.sum() / x.size) ** 2 / x.size,
    "power": lambda x: x ** x.shape[0],
    "comparison": lambda x: np.where(x > x.shape[0], x, 0.0),
    "array": lambda x: np.sum(x * np.ones(x.shape[0])),
    "filled": lambda x: _first_alone(x),
    "range": lambda x: x * np.arange(x.shape[0]),
}


def _first_alone(x):
    out = np.zeros(x.shape[0])
    out[0] = x[0]
    return out


@pytest.mark.parametrize("name", SIZES)
def test_named_sizes_are_numbers_beside_expressions(name):
    e = sd.trace(SIZES[name], x="n")
    at = {"x": np.array([0.3, 1.5, 4.0])}
    np.testing.assert_allclose(sd.evaluate(e, at), SIZES[name](**at), rtol=1e-14)
    check_grad(e, ["x"], at, order=1)


COUNTED = {
    "range": lambda x: sum(x[i] for i in range(x.shape[0])),
    "difference": lambda x: x[: x.shape[0] - 1],
    "half": lambda x: x[: x.shape[0] // 2],
    "condition": lambda x: x.sum() if x.shape[0] > 3 else x.prod(),
    "root": lambda x: x.sum() / np.sqrt(x.shape[0]),
    "math": lambda x: x.sum() / math.sqrt(x.shape[0]),
    "float": lambda x: x.sum() / float(x.shape[0]),
    "int": lambda x: x.sum() / int(x.shape[0]),
    "eye": lambda x: x @ np.eye(x.shape[0]),
    "linspace": lambda x: x * np.linspace(0, 1, x.shape[0]),
}


@pytest.mark.parametrize("name", COUNTED)
def test_named_sizes_that_are_counted_with_name_the_remedy(name):
    with pytest.raises(sd.GraphError, match=r"line \d+ of .*declare the axis by a number \(x=3\)"):
        sd.trace(COUNTED[name], x="n")


@pytest.mark.parametrize("values", [np.ones(3), np.ones((2, 2)), [1.0, 2.0], 2.0, sd.Graph().variable("y", 3)])
def test_values_are_no_shapes(values):
    with pytest.raises(sd.ShapeError, match=r"at=\{name: value\}"):
        sd.trace(lambda x: x.sum(), x=values)
