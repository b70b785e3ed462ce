"""`to_python`: a source that needs numpy and scipy alone and means the expression; what its check finds."""

import builtins
import subprocess
import sys

import numpy as np
import pytest

import symdiff as sd

from .matrix_expressions import EXPRESSIONS, build

SIZES = {"m": 4, "n": 3, "k": 2}
SHAPES = {
    "s": "", "t": "", "x": "n", "y": "n", "b": "m", "A": "m n", "B": "n n", "C": "n n",
    "S": "n n", "T": "m n k",
}  # fmt: skip
ASSUME = {"S": "spd", "t": "positive", "y": "positive"}


def importing(name, *args):
    if name.partition(".")[0] not in ("numpy", "scipy"):
        raise ImportError(f"the source imports {name}")
    return builtins.__import__(name, *args)


def loaded(source, name="formula"):
    """The names of a source that sees the builtins, numpy and scipy."""
    names = {"__name__": name, "__builtins__": {**vars(builtins), "__import__": importing}}
    exec(compile(source, "<formula>", "exec"), names)
    return names


def called(e, at, **options):
    f = loaded(e.to_python(**options))["f"]
    taken = f.__code__.co_varnames[: f.__code__.co_argcount]
    with np.errstate(all="ignore"):
        return f(**{v: at[v] for v in taken})


def agree(e, at):
    want = sd.evaluate(e, {v: at[v] for v in e.graph.variable_names() if v in at})
    got = called(e, at)
    assert np.shape(got) == want.shape
    assert np.asarray(got).dtype.kind == np.dtype(e.dtype).kind
    finite = np.abs(want[np.isfinite(want)])
    np.testing.assert_allclose(got, want, rtol=1e-8, atol=1e-8 * max(1, np.max(finite, initial=0)))


def point(seed=0):
    rng = np.random.default_rng(seed)
    at = {v: rng.standard_normal(tuple(SIZES[s] for s in shape.split())) for v, shape in SHAPES.items()}
    at["S"] = at["S"] @ at["S"].T + np.eye(3)
    at["t"], at["y"] = np.abs(at["t"]) + 0.3, np.abs(at["y"]) + 0.3
    return at | SIZES


VALUES = [
    "2",
    "pi*s",
    "s + t/3",
    "exp(-s**2)/2",
    "t**s",
    "t**0.5",
    "s**-3",
    "(1/3)*s",
    "n*s",
    "sum(ones(n))*m",
    "sqrt(t)*abs(s)",
    "sigmoid(s)",
    "softplus(x)",
    "relu(A)",
    "logsumexp(x)",
    "logsumexp(A, axis=1)",
    "softmax(A)",
    "log_softmax(A, axis=0)",
    "sum(softmax(x)*y)",
    "sec(t)",
    "csc(t)",
    "cot(t)",
    "sech(t)",
    "csch(t)",
    "coth(t)",
    "asec(1 + t)",
    "acsc(1 + t)",
    "acot(t)",
    "asech(0.5 + 0*t)",
    "acsch(t)",
    "acoth(1 + t)",
    "asin(s/9)",
    "acos(s/9)",
    "atan(s)",
    "asinh(s)",
    "acosh(1 + t)",
    "atanh(s/9)",
    "atan2(x, y)",
    "hypot(x, y)",
    "log2(t) + log10(t) + log1p(t) + expm1(s) + exp2(s) + cbrt(t)",
    "floor(3*x) + ceil(x) + trunc(2*x)",
    "sign(x)*round(4*x)",
    "heaviside(s, 1/2)",
    "maximum(x, y) - minimum(x, y)",
    "where(x > y, x, y)",
    "where(s > 0, s, t**2)",
    "(x > 0)*x + (x <= 0)*y",
    "(x > 0) - (y > 1)",
    "x > y",
    "(x > 0) & (y > 0)",
    "where(~(x > 0), y, 1)",
    "isnan(x)",
    "max(A)",
    "max(A, axis=0)",
    "min(A, axis=1)",
    "prod(x)",
    "any(x > 0)",
    "argmax(x)",
    "argmax(A, axis=1)",
    "argsort(x)",
    "sort(x)",
    "sort(A)",
    "cumsum(x)",
    "cumsum(A, axis=0)",
    "cumprod(x)",
    "A[1:, 0]",
    "x[::-1]",
    "x[n - 1]*x[1:]",
    "T[0]",
    "T[:, :, 1]",
    "concat(x, b)",
    "block([[B, C], [C, B]])",
    "concat([T, T], axis=1)",
    "stack([x, y])",
    "pad(x, ((1, 2),))",
    "reshape(A, (n, m))",
    "ravel(A)",
    "take(x, [2, 0, 0])",
    "A.T @ b",
    "x @ B @ y",
    "outer(x, y)*B",
    "x[:, None]*B*y",
    "trace(B @ C)",
    "diag(x) + eye(n)",
    "diag(B)",
    "kron(B, C)",
    "einsum('ijk,ij->k', T, A)",
    "einsum('ijk,jl->ilk', T, B)",
    "T*T + 1",
    "sum(T, axis=2)",
    "tril(B) - triu(C, 1)",
    "inv(S)",
    "solve(S, x)",
    "det(B) + logdet(S)",
    "slogdet(B)[0]",
    "cholesky(S) @ x",
    "eigvalsh(B)",
    "eigvecs(S)",
    "svdvals(A)",
    "svd_U(A) @ svd_Vt(A)",
    "qr_Q(A) @ qr_R(A)",
    "pinv(A)",
    "lstsq(A, b)",
    "expm(B)",
    "logm(S)",
    "sqrtm(S)",
    "sinm(B) + cosm(B)",
    "norm2(x) + norm_fro(A) + norm_nuc(A) + norm_spec(A)",
    "norm1(x) + norm_inf(x)",
    "matrix_power(B, 3)",
    "matrix_rank(A)*s",
    "erf(s) + erfc(s) + erfinv(s/9)",
    "gamma(t)*digamma(t) + gammaln(t)",
    "polygamma(1, t)",
    "beta(t, 2)",
    "jv(1, t) + yv(0, t)",
    "iv(1, t) + kv(1, t)",
    "spherical_jn(1, t)",
    "sinc(s)",
    "Si(t) + Ci(t) + Shi(t) + Chi(t)",
    "fresnels(t) + fresnelc(t)",
    "expi(t) + exp1(t)",
    "lambertw(t)",
    "ellipk(0.3 + 0*t)",
    "ndtr(s)*log_ndtr(s)",
    "xlogy(s, t)",
    "entr(y)",
    "dawsn(s)",
    "var(x) + std(A)",
    "stop_gradient(x)*x",
    "astype(x > 0, 'float64')",
    "mean(A, axis=0)",
    "yv(10**7, y)",  # beyond the reach of scipy's loops
    "polygamma(400, t) + polygamma(1, x)",
    "hyp1f1(2, 3, -y*10**9)",
]


@pytest.mark.parametrize("text", VALUES)
def test_the_source_means_the_expression(text):
    e = sd.parse(text, assume=ASSUME, **SHAPES)
    agree(e, point())
    if e.dtype == "float64":
        for v in e.variables:
            agree(sd.jacobian(e, v), point())


@pytest.mark.parametrize(("text", "declared", "wrt"), EXPRESSIONS)
def test_matrix_expressions_and_their_derivatives(text, declared, wrt):
    e, at = build(text, declared)
    at |= {"m": 4, "n": 3, "k": 2, "b": 2} | at
    agree(e, at)
    agree(sd.jacobian(e, wrt), at)


CHECKED = [
    ("norm2(A @ x - b)**2 + s*sum(log(y))", {}),
    ("logdet(S) + x @ S @ y", {}),
    ("sum(sqrt(x)) + asin(s)", {}),
    ("a @ (P + P.T) @ c", {"a": "n", "c": "n", "P": "n n"}),
    ("sum(Q @ X)", {"Q": "n n", "X": "n n"}),
    ("softmax(A @ x)", {}),
    ("D @ x", {"D": "n n"}),
    ("k_*x[1:] + z", {"z": ("n - 1",), "k_": ""}),
    ("x*p", {"p": "n"}),
    ("cholesky(B)", {}),
    ("svdvals(A)", {}),
    # regular at some sizes only, or in a part of the range
    ("logdet(K @ K.T)", {"K": "d n"}),
    ("logdet(K.T @ K)", {"K": "d n"}),
    ("inv(K @ L)", {"K": "d n", "L": "n d"}),
    ("-logdet(K @ S @ K.T)", {"K": "d n"}),
    ("sum(K/(L @ M) + log(L @ M))", {"K": "d n", "L": "d k", "M": "k n"}),
    ("exp(-t*norm2(10*x)**2)*s", {}),
    ("1/(s + 1e-3)", {}),
    ("log(x[0] + x[1])*sqrt(1 - x[1]**2)", {}),
]


@pytest.mark.parametrize(("text", "more"), CHECKED)
def test_the_check_passes(text, more, capsys):
    further = {"P": "symmetric", "Q": "orthogonal", "D": "diagonal", "p": "pm1"}
    assume = ASSUME | {v: a for v, a in further.items() if v in more}
    e = sd.parse(text, assume=assume, **SHAPES, **more)
    names = loaded(e.to_python("loss", check=True))
    with np.errstate(all="ignore"):
        names["check"]()
        names["check"](seed=3)
    assert capsys.readouterr().out.count("\n") == 2


@pytest.mark.parametrize(
    ("text", "right", "wrong", "message"),
    [
        ("norm2(A @ x - b)**2", "2*A.T @ (A @ x - b)", "3*A.T @ (A @ x - b)", r"by x is .* at entry \(\d,\)"),
        (
            "norm2(A @ x - b)**2",
            "2*np.outer(A @ x - b, x)",
            "2*np.outer(b, x)",
            r"by A is .* at entry \(\d, \d\)",
        ),
        ("sin(s)", "np.cos(s)", "np.cos(2*s)", "by s is"),
        ("sin(x)", "np.diag(np.cos(x))", "np.cos(x)", "by x has the shape"),
        ("x @ x", "2*x", "x*np.nan", "by x is nan"),
    ],
)
def test_the_check_catches_a_wrong_derivative(text, right, wrong, message):
    source = sd.parse(text, **SHAPES).to_python(check=True)
    assert f"return {right}\n" in source
    names = loaded(source.replace(f"return {right}\n", f"return {wrong}\n"))
    with pytest.raises(AssertionError, match=message):
        names["check"]()


ONCE = [  # an expression, by what it is differentiated, and what its source computes once
    ("sum(sigmoid(A @ x))", "x", "sigmoid(A @ x)"),
    ("-logdet(B @ S @ B.T) - (x - B @ y) @ inv(B @ S @ B.T) @ (x - B @ y)", "S", "np.linalg.solve(B, x)"),
    ("norm2(x[1:] - x[:-1])**2", "x", "x[1:] - x[:-1]"),
    ("sum(solve(B, x)*exp(solve(B, x)))", None, "np.linalg.solve(B, x)"),
    ("sum(concat((x, y))*sin(concat((x, y))))", None, "np.concatenate((x, y))"),
    ("x/(1 + exp(s*t + 1)) + y/(2 + exp(s*t + 1))", None, "np.exp(s*t + 1)"),
]


@pytest.mark.parametrize(("text", "wrt", "once"), ONCE)
def test_shared_terms_are_computed_once(text, wrt, once):
    e = sd.parse(text, assume=ASSUME, **SHAPES)
    e = e if wrt is None else sd.grad(e, wrt)
    body = e.to_python().rpartition('"""')[2]
    assert body.count(once) == 1
    agree(e, point())


def test_running_the_module_prints_one_line(tmp_path):
    path = tmp_path / "loss.py"
    path.write_text(sd.parse("logsumexp(A @ x)", A="m n", x="n").to_python("loss", check=True))
    out = subprocess.run([sys.executable, path], capture_output=True, text=True, check=True).stdout
    assert out == "loss: the derivatives by A, x agree with central differences\n"


def test_a_source_without_imports_begins_with_the_function():
    assert sd.parse("2").to_python().startswith("def f():")


def test_the_text_of_a_source():
    e = sd.parse("sum(softplus(A @ x)) + logdet(S)", assume={"S": "spd"}, A="m n", x="n", S="n n")
    assert (
        e.to_python("loss")
        == '''\
import numpy as np


def softplus(x):
    return np.logaddexp(0, x)


def loss(A, x, S):
    """sum(softplus(A @ x)) + logdet(S)

    A: (m, n)
    x: (n,)
    S: (n, n), spd
    returns a scalar
    """
    A = np.asarray(A, dtype=float)
    x = np.asarray(x, dtype=float)
    S = np.asarray(S, dtype=float)
    assert A.ndim == 2, f"A: expected the shape (m, n), got {A.shape}"
    m, n = A.shape
    assert x.shape == (n,), f"x: expected the shape (n,) = {(n,)}, got {x.shape}"
    assert S.shape == (n, n), f"S: expected the shape (n, n) = {(n, n)}, got {S.shape}"
    return np.sum(softplus(A @ x)) + np.linalg.slogdet(S)[1]
'''
    )


def test_shared_and_named_terms_become_variables():
    g = sd.Graph()
    W, x = g.variable("W", "m n"), g.variable("x", "n")
    h = sd.name(sd.tanh(W @ x), "h")
    d = sd.grad(sd.sum(h**2) ** 2 + sd.sum(h), W)
    source = d.to_python()
    assert "    h = np.tanh(W @ x)\n" in source
    agree(d, {"W": np.ones((2, 3)), "x": np.arange(3.0)})
    e = sd.parse("sum(exp(A @ x + c)**2/(1 + exp(A @ x + c)*sin(A @ x + c)))", A="m n", x="n", c="m")
    h = sd.hessian(e, "x")
    assert "    t0 = " in h.to_python()
    at = {"A": np.eye(2, 3), "x": np.arange(3.0), "c": np.ones(2)}
    agree(h, at)


def test_a_long_expression_is_a_list_of_statements():
    x = sd.Graph().variable("x")
    e = x
    for _ in range(600):
        e = sd.sin(e) + x
    agree(e, {"x": 0.3})


def test_names_that_are_taken_get_an_underscore():
    g = sd.Graph()
    u, v, n, s, f = g.variable("np", "n"), g.variable("sum", "n"), *g.variables("n softmax f")
    e = u @ v + n * s + f + g.size("n")
    source = e.to_python()
    assert "def f(np_, sum_, n, softmax_, f_):" in source
    assert "    n_, = np_.shape\n" in source
    f = loaded(source)["f"]
    assert f([1.0, 2.0], [3.0, 4.0], 5.0, 6.0, 7.0) == 11 + 30 + 7 + 2


@pytest.mark.parametrize(
    ("at", "message"),
    [
        ({"A": np.ones(3)}, r"A: expected the shape \(m, n\), got \(3,\)"),
        ({"x": np.ones(4)}, r"x: expected the shape \(n,\) = \(3,\), got \(4,\)"),
        ({"s": np.ones(2)}, r"s: expected the shape \(\), got \(2,\)"),
        ({"u": np.ones(3)}, r"u: expected the shape \(4,\), got \(3,\)"),
    ],
)
def test_shapes_are_asserted_by_name(at, message):
    e = sd.parse("s*sum(A @ x) + sum(u)", A="m n", x="n", u="4")
    good = {"A": np.ones((2, 3)), "x": np.ones(3), "s": 1.0, "u": np.ones(4)}
    f = loaded(e.to_python())["f"]
    assert f(**good) == 10
    with pytest.raises(AssertionError, match=message):
        f(**good | at)


def test_types_and_constants():
    rng = np.random.default_rng(0)
    big = rng.standard_normal((10, 10))
    g = sd.Graph()
    x, i, flag = g.variable("x", 10), g.variable("i", 3, dtype="int64"), g.variable("flag", (), dtype="bool")
    y = g.variable("y", 10, dtype="float32")
    e = sd.where(flag, sd.sum((big @ x)[:3] * sd.take(x, i)), sd.sum(y))
    at = {"x": rng.standard_normal(10), "i": np.array([2, 0, 9]), "flag": True, "y": np.ones(10, "float32")}
    agree(e, at)
    agree(sd.grad(e, x), at)


def test_what_can_not_be_written_says_so():
    twice = sd.register_op("twice_as_much", lambda x: 2 * x, lambda x: 2)
    x = sd.Graph().variable("x")
    with pytest.raises(sd.GraphError, match="twice_as_much has no numpy function, so"):
        twice(x).to_python()
    for name in ("np", "1f", "for", "check", None):
        with pytest.raises(sd.InputError, match="can't be the name"):
            x.to_python(name)
    with pytest.raises(sd.InputError, match="no float variable"):
        sd.Graph().constant(2.0).to_python(check=True)


def test_functions_that_are_named_as_their_ops_are_read_back_and_have_a_source():
    """The results of functions that have several, and others that scipy has by another name."""
    g, rng, count = sd.Graph(), np.random.default_rng(1), 0
    variables = dict(zip("xyzwu", g.variables("x y z w u"), strict=True))
    for name, op in sorted(sd.op.OPS.items()):
        if not op.elementwise or not (op.names.get("scipy") or (op.textbook is None and name not in sd.op.FUNCTIONS)):
            continue
        within = dict(zip(variables, op.samples, strict=False))
        e = op(*[low if low == high else variables[v] for v, (low, high) in within.items()])
        at = {v: low + (high - low) * rng.uniform(0.2, 0.8) for v, (low, high) in within.items()}
        given = {v: at[v] for v in e.variables}
        wanted = sd.evaluate(e, given)
        for again in (sd.parse(str(e), graph=g), sd.simplify(e)):
            np.testing.assert_allclose(sd.evaluate(again, given), wanted, rtol=1e-7, err_msg=name)
        if op.names.get("scipy"):
            count += 1
            np.testing.assert_allclose(called(e, at), wanted, rtol=1e-7, err_msg=name)
    assert count > 80
    for text in ("smirnov(2, x)", "poch(x, y)", "ellipkinc(x, y)", "hurwitz(x, y)", "spherical_kn(2, x)"):
        e = sd.parse(text, x=2)
        agree(e, {"x": np.array([0.3, 0.7]), "y": 0.6})
