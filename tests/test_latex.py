"""LaTeX means what it shows: a reader with a textbook's strict meaning gets the value of the expression."""

import json
import os
import re
import shutil
import subprocess
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import assume, given, settings

import symdiff as sd
from symdiff.op import OPS
from symdiff.shapes import names_of, resolve

from . import random_texts, textbook
from .latex_reader import Refused, read
from .matrix_expressions import EXPRESSIONS, SIZES, build
from .strategies import expressions


def means_what_it_shows(e, at, sizes=SIZES):
    """Both notations, read strictly, have the value of the expression (where its formula has one)."""
    with np.errstate(all="ignore"):
        want = np.asarray(sd.evaluate(e, {v: at[v] for v in e.graph.variable_names() if v in at}), float)
        shown = set(re.findall(r"(?<![.\w])\w+", re.sub("'.*?'", "", str(e))))
        shapes = [e.graph._shape[e.graph.named(v)] for v in e.variables if v in shown]
        known = {s: sizes[s] for shape in (e.shape, *shapes) for size in shape for s in names_of(size)}
        known |= {s: n for s, n in sizes.items() if s in shown}
        known |= {v: at[v] for v in e.variables}
        for text, indexed in ((e.latex(), e.ndim > 2), (e.index_notation(), True)):
            got = read(text, known, want.shape, indexed)
            regular = np.isfinite(got) | ~np.isfinite(want)  # a removable singularity has no value
            size = max(1, np.max(np.abs(want[np.isfinite(want)]), initial=0))
            np.testing.assert_allclose(got[regular], want[regular], rtol=1e-6, atol=1e-7 * size, err_msg=text)


@pytest.mark.parametrize(("text", "declared", "wrt"), EXPRESSIONS)
def test_matrix_expressions_and_their_derivatives(text, declared, wrt):
    e, at = build(text, declared)
    means_what_it_shows(e, at)
    means_what_it_shows(sd.jacobian(e, wrt), at)


DERIVATIONS = [
    row[:4] for table in vars(textbook).values() if isinstance(table, list) for row in table if len(row) == 5
]  # fmt: skip


@pytest.mark.parametrize(("expression", "kind", "wrt", "shapes"), DERIVATIONS)
def test_derivations(expression, kind, wrt, shapes):
    f = sd.parse(expression, assume={"S": "spd"} if "S" in shapes else None, **shapes)
    sizes = SIZES | {"d": 3, "p": 5}
    rng = np.random.default_rng(1)
    at = {v: rng.standard_normal([resolve(s, sizes) for s in f.graph._shape[f.graph.named(v)]]) for v in f.variables}
    if "S" in at:
        at["S"] = at["S"] @ at["S"].T + np.eye(len(at["S"]))
    means_what_it_shows(f, at, sizes)
    means_what_it_shows({"grad": sd.grad, "jacobian": sd.jacobian, "hessian": sd.hessian}[kind](f, wrt), at, sizes)


SHAPES = {
    "s": "", "t": "", "x": "n", "y": "n", "z": "m", "A": "m n", "B": "n n", "C": "n n", "X": "m n", "S": "n n",
    "T": "m n k", "U": "k n n", "v": "m*n", "row": "1 n", "col": "n 1", "theta_hat": "n", "x_1": "", "e1": "",
    "idx": "k", "g": "3", "h": "3", "R": "3 3",
}  # fmt: skip
# what numpy broadcasts
BROADCAST = """
    inv(B + 1/n); (A + 1) @ x; X - t*(X @ x)[:, None]; A - mean(A, axis=0); A - mean(A, axis=1, keepdims=True);
    x + 1; 2 - x; s*x + t; A + x; A + z[:, None]; A*x + s; A/x; x/A; 1/A; s/x; A*z[:, None]/x; z[:, None]*x;
    z[:, None] + x; z[:, None]/x; (A*x) @ (A*x).T; outer(z, x)/(1 + A); exp(A) + x; maximum(A, 0); maximum(A, x);
    minimum(x, s); maximum(x, 1); hypot(A, x); x**s; x**y; A**x; x**(y - 1); x > s; (x > 0)*y; (A > x)*A;
    where(A > 0, A, x); where(x > 0, x, s); where(s > 0, x, 1); A + row; A*row; B*col; col*row; col + row; row + 1;
    col - s; (A + x)**2; sqrt(A**2 + x**2); A - sum(A); x - mean(x);
    (A - mean(A, axis=0))/sqrt(mean((A - mean(A, axis=0))**2, axis=0) + s**2); log(1 + exp(-x)); 1 - tanh(A @ x)**2;
    softmax(A, axis=0)*x; abs(A - x); floor(A + x); sum(A*x + s); sum((A - x)**2, axis=1);
    A/norm2(A, axis=1)[:, None]; T + x[:, None]; T*A[:, :, None] + 1; where(T > 0, T, s); (x > 0) & (y > s);
    ~(x > s)
"""
PRODUCTS = """
    kron(B, C).T @ v0; kron(B, C) + kron(C, B); kron(B, C) @ kron(C, B); kron(x, y); 2*kron(B, C);
    kron(B, C)*kron(C, B); (x @ y)*x; (x @ B @ x)*B @ x; x @ B; x @ B @ C; (x @ B @ C) @ y; B @ x @ y;
    (x @ y)*(y @ B @ y); outer(x, y) @ B; (x @ y)*eye(n); x @ y/(x @ x); B @ x/(x @ x); B*C @ x; (B*C) @ x;
    B @ (C*x); (x*y) @ B @ (x*y); diag(x) @ B; B @ diag(1/x); diag(B); diag(diag(B)); trace(B)*B; trace(B @ C.T);
    -(B @ x); B - -C; -2*x/3; x*(y @ y)/s; inv(B).T @ x; inv(B.T); solve(B, x); solve(B.T, C); inv(B) @ inv(C).T;
    pinv(A) @ z; pinv(A).T; expm(B) @ x; expm(t*B).T; sqrtm(S) @ x; det(B)*inv(B); logdet(B)*x; matrix_power(B, 3);
    norm2(x)**3*x; norm_fro(A)**2; x @ x; sum(A**2); norm_nuc(A)*s; sum(A @ x); sum(A, axis=0) @ x;
    sum(A, axis=1)*z; mean(x)*x; mean(A); s*mean(A, axis=0); max(x)*min(A); max(A, axis=0)*x; prod(x)*s; prod(x)/x;
    logsumexp(x)*x; logsumexp(A, axis=1); log_softmax(x) @ y; exp(log_softmax(A)); cumsum(x); cumprod(x)[::-1]*s;
    cumsum(A, axis=1) @ x; argmax(A, axis=1)*z; sin(s)**2/s; (s + t)**2/(s*t); s**(t + 1); 2**s;
    exp(-s**2/2)/sqrt(2*pi); s**0.5; (s*t)**1.5; e**x; x.T @ B.T @ B @ x
"""
# vectors of three entries
CROSSED = """
    cross(g, h); 2*cross(g, h) - s*g; cross(g + h, s*h - g); norm2(cross(g, h))*cross(g, h); R @ cross(g, R @ h);
    cross(R, g); cross(g, R) @ h; cross(R, R @ R); R + s*cross(eye(3), g); cross(g, cross(g, h)); cross(g, h)*g + h;
    outer(cross(g, h), g); cross(g, h) @ g; cross(eye(3), g) @ cross(eye(3), h); norm2(cross(R, g))**2;
    cross(R, g, axis=0)
"""
# indices, joints, reshapes
PARTS = """
    x[0]*x[1:]; x[-1]; x[::-1]; x[1:] - x[:-1]; norm2(x[1:] - x[:-1])**2; A[0]; A[:, 1]; A[1:, 0]; A[1:]; A[0, 1];
    (A @ x)[0]; (A @ x)[1:]; eye(n)[0]; eye(n)[:, :2]; x[0]*eye(n)[0]; A[:, ::-1]; A[:2].T @ z[:2]; x[None];
    x[:, None]; row[0]; col[:, 0]; row @ x; B @ col; T[0]; T[:, 0]; T[1:] + 1; T[:, :, 0] @ x;
    theta_hat[1]*theta_hat; x_1*x[1]; concat((x, y)); concat((x, [s])); concat((zeros(1), x))*2; stack([x, y]);
    stack([x, y], axis=1) @ [s, t]; [s, t]; [[s, t], [1, 2]]; block([[B, C], [C, B]]);
    block([[B, zeros((n, n))], [eye(n), C]]); concat((A, A), axis=1); concat((T, T)); A.ravel(); reshape(A, (n, m));
    reshape(v, (m, n)) @ x; reshape(T, (m, n*k)); reshape(A.ravel(), (m, n)); reshape(T, m*n*k); v @ A.ravel();
    tril(B); triu(B, 1); tril(B, -1) @ x; pad(x, (1, 2)); pad(A, ((1, 0), (0, 1))); x[idx]; A[:, idx]; A.T[idx];
    eye(n)[:, 1]; diff(x); roll(x, 1); flip(A, axis=0); outer(x, y)[0]; T[0, 1, 1]*x; einsum('mnk,n->mk', T, x);
    einsum('mnk,n->k', T, x); transpose(T, (2, 0, 1)); sum(T, axis=0); sum(T)*s; mean(T); inv(U + eye(n)); det(U);
    solve(U + 3*eye(n), x); softmax(T); e1*x + e1
"""
# whose length nothing beside them tells
UNTOLD = """
    kron((s*eye(m)[0][:, None] - z[:, None]*x) @ solve(S, y), x);
    sum(exp(s*eye(n)[0])); (s*eye(m)[0])[1:]; kron(eye(m)[0], y); kron(ones(m), y); kron(x, s*ones(m)); eye(n)[0]*s;
    max(s*eye(n)[0]); norm2(exp(s*eye(n)[0])); concat((s*eye(n)[0] + 1, y)); sum(A == max(A, axis=1, keepdims=True));
    (max(A.T, axis=1, keepdims=True) - A.T)[0]; mean(exp(s*eye(m)[1])); sum(exp(outer(eye(n)[0], x)))
"""


def point():
    sizes = SIZES
    rng = np.random.default_rng(7)
    at = {v: rng.standard_normal([resolve(s, sizes) for s in sd.shapes.as_shape(spec)]) for v, spec in SHAPES.items()}
    at["S"] = at["S"] @ at["S"].T + np.eye(3)
    at["idx"] = np.array([2, 0])
    at["v0"] = rng.standard_normal(9)
    for v in ("x", "y", "s", "t", "A"):
        at[v] = np.abs(at[v]) + 0.2
    return at


def parsed(text):
    g = sd.Graph()
    for v, spec in SHAPES.items():
        g.variable(v, spec, dtype="int64" if v == "idx" else "float64")
    g.variable("v0", "n*n")
    return sd.parse(text, graph=g)


TEXTS = [t.strip() for table in (BROADCAST, PRODUCTS, CROSSED, PARTS, UNTOLD) for t in table.split(";")]


@pytest.mark.parametrize("text", TEXTS)
def test_values_and_derivatives(text):
    e, at = parsed(text), point()
    means_what_it_shows(e, at)
    for v in e.variables:
        if e.graph.variable(v).dtype == "float64" and e.dtype == "float64" and e.ndim + e.graph.variable(v).ndim < 5:
            means_what_it_shows(sd.jacobian(e, v), at)


# an offset cancels: formulas show what is left; smirnov asks for whole numbers
ELEMENTWISE = sorted({name for name, op in OPS.items() if op.elementwise} - {"offset", "smirnov", "smirnovi"})
ORDERED = {"jv", "yv", "iv", "kv", "spherical_jn", "spherical_in", "polygamma"}


@pytest.mark.parametrize("name", ELEMENTWISE)
@pytest.mark.parametrize("shape", [(), (3,), pytest.param((2, 3), marks=pytest.mark.long)])
def test_every_function_of_entries(name, shape, rng):
    op = OPS[name]
    for dtype in ("float64", "int64", "bool"):
        g = sd.Graph()
        of = [() if name in ORDERED and not k else shape for k in range(op.arity)]
        try:
            e = op(*[g.variable("xyzwv"[k], of[k], dtype=dtype) for k in range(op.arity)])
        except sd.GraphError:
            continue
        at = {}
        for k, s in enumerate(of):
            real = rng.uniform(*op.samples[min(k, len(op.samples) - 1)], s)
            drawn = {"float64": real, "int64": rng.integers(1, 5, s), "bool": rng.random(s) < 0.5}
            at["xyzwv"[k]] = np.asarray(1.0) if of[k] != shape else drawn[dtype]
        if "where" not in name or dtype != "float64":
            means_what_it_shows(e, at)
        return
    raise AssertionError(f"{name} takes no type")


@pytest.mark.parametrize("seed", [*range(40), *(pytest.param(s, marks=pytest.mark.long) for s in range(40, 1160))])
def test_random_texts_of_all_ranks(seed):
    for e in random_texts.random_expression(seed):
        with suppress(np.linalg.LinAlgError):  # the inverse of a singular matrix has no value
            if e is not None:
                means_what_it_shows(e, random_texts.point(), random_texts.SIZES)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(expressions())
def test_random_expressions(sample):
    assume(not sample.expr.latex().lstrip("-").isdigit())  # a constant array shows its number, not its shape
    means_what_it_shows(sample.expr, sample.at, {})


@settings(max_examples=40, deadline=None, derandomize=True)
@given(expressions())
def test_random_derivatives(sample):
    for v in sample.wrt:
        means_what_it_shows(sd.jacobian(sample.expr, v), sample.at, {})


REFUSED = [  # what only numpy would understand
    r"\left(A + \frac{1}{n}\right)^{-1}", r"x + 1", r"1 - \tanh\left(x\right)^{\odot 2}",
    r"A - \mathbf{1} x^{\top} + s", r"x^{\top} B x x", r"x^{\odot s - 1}", r"B \otimes C^{\top} x + 0",
    r"A_{None}", r"x x", r"x^{2}", r"A x^{\top}",
    r"\begin{cases} x & x > 0 \\ 0 & \text{otherwise} \end{cases}", r"x_{i}", r"\sum_{i} x_{i} + y_{i}",
    r"\sum_{i} x_{i} A_{ij}", r"\frac{x}{y}", r"x \oslash y \odot x", r"\left[B\right]", r"\sqrt{B}", r"A_{0}",
    r"B \odot C \otimes B", r"2 3", r"\begin{pmatrix} x & z \end{pmatrix}", r"\sum_{i} x_{i+1}",
    r"\max\left(A, x\right)", r"x > s", r"\left(x_{i}\right)_{ii}",
]  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_the_reader_refuses_what_a_textbook_would_not_accept(text):
    at = point() | SIZES
    with pytest.raises(Refused):
        read(text, {v: at[v] for v in ("A", "B", "C", "x", "y", "z", "s", "n")}, (3,))


SPELLED = [
    ("jv(1, s)", r"J_{1}\left(s\right)"),
    ("j1(s)", r"J_{1}\left(s\right)"),
    ("iv(2, s)**2", r"I_{2}\left(s\right)^{2}"),
    ("spherical_jn(2, s)", r"\mathrm{j}_{2}\left(s\right)"),
    ("polygamma(2, s)", r"\psi^{\left(2\right)}\left(s\right)"),
    ("digamma(s)", r"\psi\left(s\right)"),
    ("gammaln(s)", r"\log\Gamma\left(s\right)"),
    ("ndtr(s)", r"\Phi\left(s\right)"),
    ("ndtri(s)", r"\Phi^{-1}\left(s\right)"),
    ("erfinv(s)", r"\operatorname{erf}^{-1}\left(s\right)"),
    ("ellipe(s)", r"\operatorname{E}\left(s\right)"),
    ("expi(s)", r"\operatorname{Ei}\left(s\right)"),
    ("beta(s, t)", r"\operatorname{B}\left(s, t\right)"),
    ("asinh(s)", r"\operatorname{arsinh}\left(s\right)"),
    ("sign(s)", r"\operatorname{sgn}\left(s\right)"),
    ("log10(s)", r"\log_{10}\left(s\right)"),
    ("cbrt(s)", r"\sqrt[3]{s}"),
    ("norm_fro(A)**2", r"\left\lVert A \right\rVert_{F}^{2}"),
    ("sum(A**2)", r"\left\lVert A \right\rVert_{F}^{2}"),
    ("norm2(A @ x)**2", r"\left\lVert A x \right\rVert_{2}^{2}"),
    ("norm_nuc(A)", r"\left\lVert A \right\rVert_{*}"),
    ("sqrtm(B)", r"B^{1/2}"),
    ("expm(t*B)", r"e^{t B}"),
    ("pinv(A)", r"A^{+}"),
    ("inv(B).T", r"B^{-\top}"),
    ("inv(B.T)", r"B^{-\top}"),
    ("mean(x)", r"\bar{x}"),
    ("x - mean(x)", r"x - \bar{x} \mathbf{1}"),
    ("mean(A, axis=0)", r"\frac{1}{m} A^{\top} \mathbf{1}"),
    ("(s > 0)*t", r"t \mathbb{1}\left[s > 0\right]"),
    ("theta_hat", r"\hat{\theta}"),
    ("x_1", r"x_{1}"),
    ("e1", r"\mathrm{e}_{1}"),
    ("theta_hat[0]", r"\hat{\theta}_{0}"),
    ("x_1*x[1]", r"x_{1} \left[x\right]_{1}"),
    ("eye(n)", "I_{n}"),
    ("eye(n)[1]", "e_{1}"),
    ("inv(B + 1/n)", r"\left(B + \frac{1}{n} \mathbf{1} \mathbf{1}^{\top}\right)^{-1}"),
    ("kron(B, C).T @ v0", r"\left(B \otimes C\right)^{\top} v_{0}"),
    ("x**(s - 1)", r"x^{\odot \left(s - 1\right)}"),
    ("(x @ B @ x)*x", r"\left(x^{\top} B x\right) x"),
    ("eye(n)[:, :2]", r"\left[I_{n}\right]_{:,:2}"),
    ("A[0]", r"A_{0,:}^{\top}"),
    ("A.ravel()", r"\operatorname{vec}\left(A^{\top}\right)"),
    ("vec(A)", r"\operatorname{vec}\left(A\right)"),
    ("vec(2*A @ B)", r"2 \operatorname{vec}\left(A B\right)"),
    ("kron(eye(m), B.T)", r"I_{m} \otimes B^{\top}"),
    ("where(s > 0, s, 2)", r"\begin{cases} s & s > 0 \\ 2 & \text{otherwise} \end{cases}"),
    ("X - t*(X @ x)[:, None]", r"X - t X x \mathbf{1}^{\top}"),
    ("1 - tanh(x)**2", r"\mathbf{1} - \tanh\left(x\right)^{\odot 2}"),
    ("logdet(B)", r"\log\left|\det\left(B\right)\right|"),
    ("B + diag(x)", r"B + \operatorname{diag}\left(x\right)"),
    ("cross(g + h, 2*R @ h)", r"2 \left(g + h\right) \times \left(R h\right)"),
    ("cross(eye(3), g)", r"\left[g\right]_{\times}"),
    ("cross(R, g)", r"R \left[g\right]_{\times}"),
    ("trace(B)", r"\operatorname{tr}\left(B\right)"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "latex"), SPELLED)
def test_spelling_is_that_of_print(text, latex):
    assert parsed(text).latex() == latex


def test_names_that_would_look_alike_are_told_apart():
    names = ["lam", "lambda_", "w1", "w_1", "e", "sigma", "n_", "delta", "alpha_bar"]
    g = sd.Graph()
    total = sum(k * g.variable(v) for k, v in enumerate(names, 2)) * sd.sigmoid(g.variable("sigma"))
    at = dict(zip(names, range(1, 10), strict=True))
    assert read(total.latex(), at, ()) == pytest.approx(sd.evaluate(total, at))
    x = g.variable("batch", ("batch_size",))
    assert sd.sum(x * 0 + 1).latex() == r"\mathit{batch}_{\mathit{size}}"


@pytest.mark.skipif("SYMDIFF_KATEX" not in os.environ or shutil.which("node") is None, reason="needs node and katex")
def test_katex_accepts_all_of_it(tmp_path):
    expressions = [*map(parsed, TEXTS), *(parsed(t) for t, _ in SPELLED), *(build(t, d)[0] for t, d, _ in EXPRESSIONS)]
    expressions += [sd.jacobian(e, v) for e in expressions for v in e.variables if e.dtype == "float64" and v != "idx"]
    texts = [t for e in expressions for t in (e.latex(), e.index_notation())]
    (tmp_path / "texts.json").write_text(json.dumps(texts))
    script = """
        const katex = require(process.env.SYMDIFF_KATEX)
        for (const t of JSON.parse(require("fs").readFileSync(process.argv[1]))) {
            try { katex.renderToString(t, {throwOnError: true, strict: "error"}) }
            catch (e) { console.log(t + "\\n" + e.message) }
        }
    """
    out = subprocess.run(["node", "-e", script, tmp_path / "texts.json"], capture_output=True, text=True, check=True)
    assert out.stdout == ""
