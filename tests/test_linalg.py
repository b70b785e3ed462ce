"""Linear algebra: values against numpy and scipy, derivatives of orders 1 and 2 against central differences
and JAX, repeated eigenvalues and singular values, numpy's own names."""

import numpy as np
import pytest
import scipy.linalg

import symdiff as sd
from symdiff.op import FUNCTIONS, OPS, Op, Zero
from symdiff.ops import factorisation, linalg, matrix_functions, singular, spectral

from .matrix_expressions import EXPRESSIONS, build


def differences(e: sd.Expr, at: dict, x: str, step: float = 1e-5) -> np.ndarray:
    """de/dx by central differences, axes of e first."""
    point = np.asarray(at[x], dtype=float)
    columns = np.zeros((*np.shape(sd.evaluate(e, at)), *point.shape))
    for i in np.ndindex(point.shape):
        d = np.zeros(point.shape)
        d[i] = step
        ahead, behind = sd.evaluate(e, {**at, x: point + d}), sd.evaluate(e, {**at, x: point - d})
        columns[(..., *i)] = (ahead - behind) / (2 * step)
    return columns


def close(found, expected, tolerance: float = 1e-6) -> None:
    scale = max(1.0, float(np.max(np.abs(expected), initial=0)))
    np.testing.assert_allclose(found, expected, rtol=0, atol=tolerance * scale)


def wave(shape: tuple[int, ...]) -> np.ndarray:
    return np.cos(1 + np.arange(int(np.prod(shape)))).reshape(shape)


def variable_like(e: sd.Expr, at: dict, name: str) -> tuple[sd.Expr, dict]:
    """A new variable of the shape of e, and the point with its value."""
    return e.graph.variable(name, e.shape), {**at, name: wave(np.shape(sd.evaluate(e, at)))}


def check_second_order(f: sd.Expr, at: dict, wrt: str) -> None:
    if f.shape:  # a weighted sum of the entries, so that no entry's second derivative cancels
        weights, at = variable_like(f, at, "weights")
        f = sd.sum(f * weights)
    gradient = sd.grad(f, wrt)
    second = differences(gradient, at, wrt)
    close(sd.evaluate(sd.hessian(f, wrt), at), second, 1e-5)
    v, at = variable_like(f.graph.variable(wrt), at, "v")
    close(sd.evaluate(sd.hvp(f, wrt, v), at), np.tensordot(second, at["v"], v.ndim), 1e-5)


@pytest.mark.parametrize(("text", "declared", "wrt"), EXPRESSIONS)
def test_first_order(text, declared, wrt):
    e, at = build(text, declared)
    expected = differences(e, at, wrt)
    for mode in ("reverse", "forward"):
        close(sd.evaluate(sd.jacobian(e, wrt, mode=mode), at), expected)
    # <ct, J t> = <J' ct, t>
    t, at = variable_like(e.graph.variable(wrt), at, "t_")
    ct, at = variable_like(e, at, "ct")
    left = sd.evaluate(sd.sum(ct * sd.jvp(e, {wrt: t})), at)
    right = sd.evaluate(sd.sum(t * sd.vjp(e, wrt, ct)), at)
    assert left == pytest.approx(right, rel=1e-8, abs=1e-8)


@pytest.mark.parametrize(("text", "declared", "wrt"), EXPRESSIONS)
def test_second_order(text, declared, wrt):
    check_second_order(*build(text, declared), wrt)


def test_every_record_is_in_the_table():
    modules = (linalg, factorisation, spectral, singular, matrix_functions)
    records = {e.name for part in modules for e in vars(part).values() if isinstance(e, Op)}
    records |= {f"{f.op.name}_frechet" for f in matrix_functions.FAMILY.values()}
    flat = {name for name in records if isinstance(OPS[name].derivative, Zero | None)}
    met = {"add", "contract"}
    for text, declared, wrt in EXPRESSIONS:
        e, _ = build(text, declared)
        met |= {n.op.name for n in _nodes(sd.hvp(sd.sum(e), wrt))} | {n.op.name for n in _nodes(e)}
    assert records - flat <= met


def test_third_order_of_a_matrix_function():
    e, at = build("trace(A @ expm(X))", {"X": "k k", "A": "k k"})
    h = sd.hessian(e, "X")
    close(sd.evaluate(sd.jacobian(h, "X"), at), differences(h, at, "X"))


# --- values -----------------------------------------------------------------------------------------------

N = np.linalg
GENERAL = np.array([[2.0, -1.0, 0.5], [0.3, 1.5, 0.7], [-0.2, 0.4, 3.0]])
SPD = GENERAL @ GENERAL.T
TALL = np.array([[1.0, 2.0], [0.5, -1.0], [3.0, 0.2]])

VALUES = [
    ("inv", N.inv, GENERAL),
    ("det", N.det, GENERAL),
    ("logdet", lambda x: N.slogdet(x)[1], GENERAL),
    ("signdet", lambda x: N.slogdet(x)[0], -GENERAL),
    ("adj", lambda x: N.det(x) * N.inv(x), GENERAL),
    ("pinv", N.pinv, TALL),
    ("matrix_rank", N.matrix_rank, np.outer(TALL[:, 0], TALL[:, 0])),
    ("cholesky", N.cholesky, SPD),
    ("qr_Q", lambda x: N.qr(x)[0], TALL),
    ("qr_R", lambda x: N.qr(x)[1], TALL.T),
    ("eigvalsh", N.eigvalsh, SPD),
    ("svdvals", lambda x: N.svd(x, compute_uv=False), TALL),
    ("svd_U", lambda x: N.svd(x, full_matrices=False)[0], TALL),
    ("svd_Vt", lambda x: N.svd(x)[2], TALL),
    ("norm_nuc", lambda x: N.norm(x, "nuc"), TALL),
    ("norm_spec", lambda x: N.norm(x, 2), TALL),
    ("polar", lambda x: scipy.linalg.polar(x)[0], TALL),
    ("cond", N.cond, GENERAL),
    ("expm", scipy.linalg.expm, GENERAL),
    ("sinm", scipy.linalg.sinm, GENERAL),
    ("cosm", scipy.linalg.cosm, GENERAL),
    ("sinhm", scipy.linalg.sinhm, GENERAL),
    ("coshm", scipy.linalg.coshm, GENERAL),
    ("logm", scipy.linalg.logm, SPD),
    ("logm", scipy.linalg.logm, GENERAL),
    ("sqrtm", scipy.linalg.sqrtm, SPD),
    ("sqrtm", scipy.linalg.sqrtm, GENERAL),
    ("sym", lambda x: (x + x.T) / 2, GENERAL),
    ("phi", lambda x: np.tril(x) - np.diag(np.diag(x)) / 2, GENERAL),
]


@pytest.mark.parametrize(("name", "reference", "x"), VALUES)
def test_values(name, reference, x):
    function = FUNCTIONS[name]
    for shape in ("m n" if x.shape[0] != x.shape[1] else "n n", x.shape):
        e = function(sd.Graph().variable("X", shape))
        close(sd.evaluate(e, {"X": x}), reference(x), 1e-12) if name != "qr_R" or shape == x.shape else None
    close(function(x), reference(x), 1e-12)  # of an array, an array


def test_frechet_derivative_is_scipys():
    g = sd.Graph()
    y = sd.expm_frechet(g.variable("X", "n n"), g.variable("E", "n n"))
    at = {"X": GENERAL, "E": SPD}
    close(sd.evaluate(y, at), scipy.linalg.expm_frechet(GENERAL, SPD, compute_expm=False), 1e-12)

@pytest.mark.parametrize("name", ["svd", "eigh", "qr", "slogdet"])
def test_several_results_in_single_precision(name):
    X = sd.Graph().variable("X", (4, 4), "float32")
    parts = list(getattr(sd, name)(X))
    x = wave((4, 4)).astype("float32") + np.eye(4, dtype="float32")
    for value in (*sd.evaluate(parts, {X: x}), *sd.function(X, parts, backend="numpy")(x)):
        assert value.dtype == "float32"



def test_eigenvectors_have_a_fixed_sign():
    w, q = sd.eigh(sd.Graph().variable("X", "n n"))
    values, vectors = sd.evaluate([w, q], {"X": SPD})
    close((vectors * values) @ vectors.T, SPD, 1e-12)
    assert np.all(vectors[np.argmax(np.abs(vectors), axis=0), np.arange(3)] > 0)


def test_symmetric_inputs_are_read_as_their_symmetric_part():
    x = sd.Graph().variable("X", (3, 3))
    skew = np.array([[0.0, 1, -2], [-1, 0, 3], [2, -3, 0]])
    for f in (sd.cholesky, sd.eigvalsh, sd.eigvecs):
        e = f(x)
        close(sd.evaluate(e, {"X": SPD + skew}), sd.evaluate(e, {"X": SPD}), 1e-12)
        gradient = sd.evaluate(sd.grad(sd.sum(e * wave(SPD.shape[: e.ndim])), x), {"X": SPD})
        close(gradient, gradient.T, 1e-12)


SHOWN = [op for op in OPS.values() if op.textbook and op.name != "offset"]  # which cancels, and is not written


@pytest.mark.parametrize("op", SHOWN, ids=lambda op: op.name)
def test_what_an_op_is_written_as_has_its_value(op):
    g = sd.Graph()
    x, q, s = g.variables("X Q S", "n n")
    c = g.variable("c", "n")
    w, vectors = np.linalg.eigh(SPD)
    others = {"spectral": (x, q, c), "inverse_gaps": (c,), "coinciding": (c,), "polar": (x,), "cofactors": (x,),
              "cofactors_frechet": (x, s, q)}
    operands = (c, c + 1, c + 2)[: op.arity] if op.elementwise else others.get(op.name, (x, s, q))
    e = op(*operands)
    written = op.textbook(*e.inputs)
    assert written.op is not op
    at = {"X": SPD, "Q": vectors, "c": w, "S": GENERAL}
    used = {name: at[name] for name in e.variables}
    close(sd.evaluate(written, used), sd.evaluate(e, used), 1e-10)


# --- repeated eigenvalues and singular values -------------------------------------------------------------

TURN = scipy.linalg.expm(np.array([[0.0, 1, 2], [-1, 0, 0.5], [-2, -0.5, 0]]))
REPEATED = [np.eye(3), np.diag([1.0, 1.0, 2.0]), TURN @ np.diag([1.0, 1.0, 2.0]) @ TURN.T, TURN @ TURN.T]


@pytest.mark.parametrize("x", REPEATED)
@pytest.mark.parametrize(
    ("text", "gradient"),
    [
        ("sum(eigvalsh(X)**3)", lambda x: 3 * x @ x),
        ("logsumexp(eigvalsh(X))", lambda x: scipy.linalg.expm(x) / np.trace(scipy.linalg.expm(x))),
        ("prod(eigvalsh(X))*trace(X)", lambda x: N.det(x) * (np.trace(x) * N.inv(x) + np.eye(3))),
        ("trace(expm(X))", scipy.linalg.expm),
        ("trace(logm(X))", N.inv),
        ("trace(sqrtm(X))", lambda x: N.inv(scipy.linalg.sqrtm(x)) / 2),
        ("norm_nuc(X)", lambda x: np.eye(3)),
        ("norm_fro(X)", lambda x: x / N.norm(x)),
    ],
)
def test_smooth_functions_of_repeated_values(text, gradient, x):
    f = sd.parse(text, X="n n")
    close(sd.evaluate(sd.grad(f, "X"), {"X": x}), gradient(x), 1e-9)
    check_second_order(f, {"X": x}, "X")


@pytest.mark.parametrize("x", REPEATED)
def test_matrix_functions_by_eigenvectors_at_repeated_values(x):
    for text in (
        "trace(A @ ((eigvecs(X)*exp(eigvalsh(X))) @ eigvecs(X).T))",
        "trace(A @ (eigvecs(X) @ diag(exp(eigvalsh(X))) @ eigvecs(X).T))",
        "trace(A @ (eigvecs(X) @ (exp(eigvalsh(X))[:, None]*eigvecs(X).T)))",
    ):
        f = sd.parse(text, X="n n", A="n n")
        at = {"X": x, "A": SPD}
        close(sd.evaluate(sd.grad(f, "X"), at), scipy.linalg.expm_frechet(x, SPD, compute_expm=False), 1e-9)


def test_projectors_do_not_see_how_a_repeated_value_is_split():
    f = sd.parse("trace(A @ eigvecs(X)[:, :2] @ eigvecs(X)[:, :2].T)", X="n n", A="n n")
    at = {"X": REPEATED[2], "A": SPD}
    gradient = sd.evaluate(sd.grad(f, "X"), at)
    close(gradient, differences(f, at, "X"))


def test_coinciding_values_are_zeros_of_the_kinks():
    g = sd.Graph()
    x = g.variable("X", "n n")
    for node in (sd.eigvecs(x), sd.eigvalsh(x), sd.svd_U(x).inputs[0]):
        gaps = node.op.kink(x)
        assert np.any(sd.evaluate(gaps, {"X": REPEATED[2]}) == 0)
        assert np.all(sd.evaluate(gaps, {"X": SPD}) > 0)


# --- other systems as oracles -----------------------------------------------------------------------------


def _jax_cases(jnp):
    return {
        "logdet(X)": lambda x: jnp.linalg.slogdet(x)[1],
        "sum(cholesky(X)**3)": lambda x: jnp.sum(jnp.linalg.cholesky((x + x.T) / 2) ** 3),
        "sum(qr_R(X)**3)": lambda x: jnp.sum(jnp.linalg.qr(x)[1] ** 3),
        "sum(eigvalsh(X)**3)": lambda x: jnp.sum(jnp.linalg.eigvalsh((x + x.T) / 2) ** 3),
        "norm_nuc(X)": lambda x: jnp.sum(jnp.linalg.svd(x, compute_uv=False)),
    }


@pytest.mark.parametrize("text", list(_jax_cases(None)))
def test_gradients_and_hessians_are_those_of_jax(text):
    jax = pytest.importorskip("jax")
    reference = _jax_cases(jax.numpy)[text]
    x = SPD / 4 + np.diag([0.1, 0.7, 1.5])
    f = sd.parse(text, X="n n")
    with jax.enable_x64(True):
        gradient, hessian = jax.grad(reference)(x), jax.hessian(reference)(x)
    close(sd.evaluate(sd.grad(f, "X"), {"X": x}), np.asarray(gradient), 1e-9)
    close(sd.evaluate(sd.hessian(f, "X"), {"X": x}), np.asarray(hessian), 1e-8)


# --- structure --------------------------------------------------------------------------------------------


def _nodes(e: sd.Expr) -> list[sd.Expr]:
    return [sd.Expr(e.graph, n) for n in e.graph.ancestors([e.node])]


def test_rules_reuse_the_atoms():
    g = sd.Graph()
    x = g.variable("X", "n n")
    assert sd.grad(sd.logdet(x), x).same_as(sd.inv(x).T)
    assert sd.grad(sd.trace(sd.sinm(x)), x).same_as(sd.cosm(x).T)
    assert sd.matrix_power(x, 3).same_as(x @ x @ x)
    a, t = g.variable("A", "n n"), g.variable("t")
    f = sd.trace(sd.expm(t * a))
    assert {n.op.name for n in _nodes(sd.grad(f, t))} == {n.op.name for n in _nodes(f)}
    b = g.variable("b", "n")
    assert sd.jacobian(sd.solve(a, b), b).same_as(sd.inv(a))


def test_numpy_calls_give_symbolic_results():
    g = sd.Graph()
    x, b = g.variable("X", (3, 3)), g.variable("b", 3)
    sign, logdet = np.linalg.slogdet(x)
    assert logdet.same_as(sd.logdet(x))
    assert np.linalg.slogdet(x).sign.same_as(sign)
    assert np.linalg.eigh(x).eigenvectors.same_as(sd.eigvecs(x))
    assert sd.svdvals(x).same_as(np.linalg.svd(x).S)
    assert sd.qr_R(x).same_as(np.linalg.qr(x).R)
    assert np.linalg.solve(x, b).same_as(sd.solve(x, b))
    assert np.linalg.lstsq(x, b)[0].same_as(sd.lstsq(x, b))
    assert np.linalg.matrix_power(x, 2).same_as(x @ x)
    assert np.linalg.multi_dot([x, x, b]).shape == (3,)
    assert np.linalg.norm(x, "nuc").same_as(sd.norm_nuc(x))
    for name in ("inv", "det", "pinv", "cholesky", "eigvalsh", "svdvals", "cond", "matrix_rank"):
        assert getattr(np.linalg, name)(x).graph is g


def test_least_squares_results_are_numpys():
    g = sd.Graph()
    a, b = g.variable("A", "m n"), g.variable("b", "m")
    at = {"A": TALL, "b": np.array([1.0, 2.0, -1.0])}
    expected = np.linalg.lstsq(at["A"], at["b"], rcond=None)
    for found, value in zip(np.linalg.lstsq(a, b), expected, strict=True):
        np.testing.assert_allclose(np.ravel(sd.evaluate(found, at)), np.ravel(value), rtol=1e-10)


# --- bad input --------------------------------------------------------------------------------------------


def test_a_singular_matrix_raises_numpys_own_error():
    g = sd.Graph()
    x, b = g.variable("X", "n n"), g.variable("b", "n")
    for e in (sd.inv(x), sd.solve(x, b), sd.grad(sd.logdet(x), x)):
        at = {"X": np.ones((2, 2)), "b": np.ones(2)}
        with pytest.raises(np.linalg.LinAlgError, match="Singular"):
            sd.evaluate(e, {name: at[name] for name in e.variables})
    with pytest.raises(np.linalg.LinAlgError, match="not positive definite"):
        sd.evaluate(sd.cholesky(x), {"X": -np.eye(2)})


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda a, b: sd.inv(a), r"inv: expected a square matrix, got shape \(m, n\)"),
        (lambda a, b: sd.det(b), r"det: expected a matrix, got shape \(n,\)"),
        (lambda a, b: sd.solve(a @ a.T, b), r"solve: shapes \(m, m\) and \(n,\) do not fit together"),
        (lambda a, b: sd.expm(a), "expm: expected a square matrix"),
        (lambda a, b: sd.cholesky(a), "cholesky: expected a square matrix"),
        (lambda a, b: sd.matrix_power(a.T @ a, 1.5), "the exponent is an integer"),
        (lambda a, b: np.linalg.svd(a), "full_matrices=False"),
        (lambda a, b: sd.multi_dot([a, b, b]), "no chain of matrices"),
        (lambda a, b: sd.expm_frechet(a.T @ a, a @ a.T), r"shapes \(n, n\) and \(m, m\) do not fit"),
    ],
)
def test_shapes_that_do_not_fit(make, message):
    g = sd.Graph()
    with pytest.raises(sd.ShapeError, match=message):
        make(g.variable("A", "m n"), g.variable("b", "n"))


def test_a_logarithm_that_is_not_real_is_nan():
    e = sd.logm(sd.Graph().variable("X", "n n"))
    assert np.all(np.isnan(sd.evaluate(e, {"X": -np.eye(2)})))
    assert np.all(np.isnan(sd.evaluate(e, {"X": np.array([[-1.0, 1.0], [0.0, -2.0]])})))
