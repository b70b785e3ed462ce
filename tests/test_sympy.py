"""sympy in and out: values against sympy's numbers, derivatives against sympy's, round trips, and clear
refusals.
"""

from contextlib import nullcontext

import numpy as np
import pytest
import sympy as sp

import symdiff as sd
from symdiff.op import OPS

from .test_facets import INTEGER
from .test_scipy_special import SWEPT

x, y = sp.symbols("x y", real=True)
p, q = sp.symbols("p q", positive=True)
n, m = sp.symbols("n m", integer=True, positive=True)
A, B, C = sp.MatrixSymbol("A", n, n), sp.MatrixSymbol("B", n, m), sp.MatrixSymbol("C", m, n)
v, w = sp.MatrixSymbol("v", n, 1), sp.MatrixSymbol("w", m, 1)
F = sp.MatrixSymbol("F", 3, 3)

SCALARS = [
    sp.sin(x) ** 2 / y + x / 3,
    x * sp.exp(-x * y),
    sp.Rational(2, 7) * x**3 - sp.pi * y + sp.E,
    sp.sqrt(p) * sp.log(q) / (1 + p),
    1 / sp.sqrt(p + q),
    p ** sp.Rational(-2, 3),
    p**q,
    2**x,
    sp.tan(x) + sp.cot(y) + sp.sec(x) + sp.csc(y),
    sp.asin(x) + sp.acos(x) + sp.atan(y) + sp.acot(y),
    sp.asec(1 + p) + sp.acsc(1 + q),
    sp.sinh(x) * sp.cosh(y) - sp.tanh(x) + sp.coth(y) + sp.sech(x) + sp.csch(y),
    sp.asinh(x) + sp.acosh(1 + p) + sp.atanh(x) + sp.acoth(1 + q) + sp.asech(x) + sp.acsch(y),
    sp.atan2(x, y),
    sp.Abs(x - y) * sp.sign(y),
    sp.Max(x, y, sp.Rational(1, 2)) + sp.Min(x, y),
    sp.Piecewise((x**2, x < y), (sp.sin(y), x < 10), (x, True)),
    sp.Piecewise((x, (x > 0) & (y > 0)), (y, sp.Or(x > 1, sp.Not(y < 0)))),
    sp.Piecewise((1, sp.Ne(x, y)), (0, True)) * x,
    sp.Heaviside(x - y) * x,
    sp.floor(3 * x) + sp.ceiling(3 * y) + sp.frac(5 * x) + sp.Mod(7 * x, 2),
    sp.erf(x) + sp.erfc(y) + sp.erfi(x) + sp.erfinv(x),
    sp.erf2(x, y),
    sp.gamma(p) + sp.loggamma(q) + sp.digamma(p) + sp.polygamma(2, q),
    sp.beta(p, q),
    sp.factorial(p) + sp.binomial(q, p),
    sp.Si(x) + sp.Ci(p) + sp.Shi(x) + sp.Chi(p),
    sp.Ei(p) + sp.expint(1, q) + sp.li(1 + p),
    sp.fresnels(x) + sp.fresnelc(y),
    sp.besselj(0, x) + sp.besselj(1, x) + sp.bessely(0, p) + sp.besseli(1, x) + sp.besselk(0, p),
    sp.LambertW(p),
    sp.elliptic_k(x / 2) + sp.elliptic_e(x / 2),
    sp.sinc(x),
    sp.re(x) + sp.conjugate(y),
    sp.Derivative(sp.sin(x) * y**2, x, y),
    sp.exp(x + sp.log(2)) + sp.EulerGamma * sp.GoldenRatio * x + sp.Catalan,
    sp.Float("0.1") * x + sp.Integer(10) ** 30 * y,
]
POINT = {x: 0.3, y: 0.45, p: 0.7, q: 1.3}

ROWS, COLUMNS = 3, 2
RNG = np.random.default_rng(3)
MATRICES = {
    "A": RNG.normal(size=(ROWS, ROWS)) + 3 * np.eye(ROWS), "B": RNG.uniform(0.2, 1, (ROWS, COLUMNS)),
    "C": RNG.uniform(0.2, 1, (COLUMNS, ROWS)), "v": RNG.uniform(0.2, 1, (ROWS, 1)),
    "w": RNG.uniform(0.2, 1, (COLUMNS, 1)),
    "z": np.array([0.3, 0.4]), "F": RNG.normal(size=(3, 3)), "x": np.array(0.3), "y": np.array(0.45),
}  # fmt: skip

MATRIX_EXPRESSIONS = [
    A * B,
    2 * A * B - x * B,
    A + A.T + sp.Identity(n),
    v.T * A * v,
    sp.Trace(A * A.T),
    sp.Trace(A) * A,
    sp.Determinant(A),
    sp.log(sp.Determinant(A.T * A)),
    A.inverse() * v,
    (A.T * A).I * v,
    A**3,
    A**-2,
    A**0 * v,
    sp.HadamardProduct(B, C.T),
    sp.HadamardPower(B, 2),
    sp.HadamardPower(B, sp.Rational(1, 2)),
    sp.KroneckerProduct(A, B),
    sp.ZeroMatrix(n, m) + B,
    sp.OneMatrix(n, m) * C,
    B.applyfunc(sp.sin),
    B.applyfunc(sp.Lambda(x, x**2 + y)),
    (A * B).applyfunc(sp.exp) * w,
    A[0, 1] * x + A[n - 1, 0],
    A[1:, :2],
    sp.DiagMatrix(v) * B,
    sp.DiagonalOf(A),
    sp.BlockMatrix([[A, B], [C, sp.Identity(m)]]),
    sp.Matrix([[x, y], [1, sp.sin(x)]]),
    sp.Matrix([x, y, x * y]),
    sp.Matrix([[x, y, 1]]) * sp.Matrix([[1, 2, 3], [4, 5, 6], [7, 8, x]]),
    n * sp.Trace(A) / (n + 1),
    sp.Trace(F * sp.Matrix([[1, 2, 3], [4, 5, 6], [7, 8, 10]])),
    sp.Adjoint(B) * v,
]

TEXTS = [
    "A @ v", "v @ A @ v", "trace(A @ A.T)", "A * A", "A*v", "A + v", "v[:, None]*B", "sum(A, axis=0)",
    "sum(A, axis=1)", "sum(A)",
    "sum(B*B)", "outer(v, w)", "diag(v)", "diag(v) @ B", "eye(n) + A", "exp(B)", "B/(B + 1)", "B**2",
    "B**0.5", "norm2(v)", "norm_fro(B)",
    "inv(A) @ v", "logdet(A)", "det(A)", "solve(A, v)", "A[0, 1]", "A[0]", "A[:, 1]", "v[1:]", "v[0]",
    "B[1:, :1]", "relu(v - 0.5)",
    "sum(v)/n", "mean(B)", "maximum(v, 0.5)", "where(B > 0.5, B, 0)", "einsum('ij,j,jk->ik', A, v, A)",
    "einsum('ii->i', A)",
    "einsum('ii,i->', A, v)", "einsum('ij,ij,j->i', A, A, v)", "sum(v*v*v)", "sum(sin(A @ v))",
    "slogdet(A)[1]", "slogdet(A)[0]",
    "ones((n, m))", "zeros((n, 2))", "(v @ v)*A", "array([[1, 2], [3, 4.5]]) @ z", "concat(v, w)",
    "concat((B, A), axis=1)", "x*A - y*eye(n)",
    "sum(softplus(-v*(B @ w)))", "B.T @ A @ B", "trace(B @ C)", "A[n-1, 0]", "pi*v", "v/x", "x/v", "v**x",
    "2**v", "v - w[0]", "inv(A.T @ A)",
    "sum(exp(A @ v)*v)", "stop_gradient(v)*v", "v*B[:, 0]", "sum(A*outer(v, v))", "hypot(v, 2)",
]  # fmt: skip
SHAPES = {"A": "n n", "B": "n m", "C": "m n", "v": "n", "w": "m", "x": (), "y": (), "z": 2}


def _diagonal(e):
    """sympy's DiagonalOf cannot be evaluated."""
    size = e.arg.shape[0]
    return sp.MatMul(sp.HadamardProduct(e.arg, sp.Identity(size)), sp.OneMatrix(size, 1))


def _joined(e):
    rows, columns = e.blockshape
    parts = [[e.blocks[i, j].doit().as_explicit() for j in range(columns)] for i in range(rows)]
    return sp.ImmutableMatrix(sp.Matrix.vstack(*[sp.Matrix.hstack(*row) for row in parts]))


def number(expr, values):
    """sympy's own number of an expression, with dimensions and matrices put in."""
    expr = (
        sp.sympify(expr)
        .replace(lambda e: isinstance(e, sp.DiagonalOf), _diagonal)
        .subs({n: ROWS, m: COLUMNS})
    )
    known = {}
    for symbol in expr.free_symbols:
        value = values[symbol.name]
        known[symbol] = (
            sp.Matrix(np.reshape(value, symbol.shape))
            if getattr(symbol, "is_Matrix", False)
            else sp.Float(float(value))
        )
    expr = expr.subs(known)
    expr = expr.replace(lambda e: isinstance(e, sp.BlockMatrix), _joined)
    expr = expr.replace(lambda e: isinstance(e, sp.MatrixExpr), lambda e: e.doit().as_explicit()).doit()
    if getattr(expr, "is_Matrix", False):
        return np.array(expr.evalf().tolist(), dtype=float)
    return float(sp.N(expr))


def at(e, values):
    g = e.graph
    return {
        name: np.reshape(values[name], np.shape(values[name])[: len(g.shape(g._variables[name]))])
        for name in e.variables
    }


def evaluate(e, values):
    """Our number; sizes that no input shows come from a variable that has them."""
    e.graph.variable("sizes", "n m")
    return sd.evaluate(e, {**at(e, values), "sizes": np.zeros((ROWS, COLUMNS))})


@pytest.mark.parametrize("expr", SCALARS, ids=str)
def test_scalars(expr):
    e = sd.from_sympy(expr)
    values = {s.name: v for s, v in POINT.items()}
    point = {name: values[name] for name in e.variables}
    expected = float(sp.N(expr.doit().rewrite(sp.erf).subs(POINT)))
    np.testing.assert_allclose(sd.evaluate(e, point), expected, rtol=1e-12)
    for symbol in sorted(expr.free_symbols, key=str):
        if expr.has(
            sp.floor, sp.ceiling, sp.frac, sp.Mod, sp.re, sp.factorial, sp.binomial, sp.erf2, sp.loggamma
        ):
            continue
        slope = sp.N(expr.doit().diff(symbol).subs(POINT).doit())
        got = sd.evaluate(sd.grad(e, symbol.name), point)
        np.testing.assert_allclose(got, float(sp.re(slope)), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("expr", SCALARS, ids=str)
def test_scalars_round_trip(expr):
    e = sd.from_sympy(expr)
    point = {s.name: v for s, v in POINT.items() if s.name in e.variables}
    back = sd.from_sympy(e.to_sympy(), graph=e.graph)
    np.testing.assert_allclose(sd.evaluate(back, point), sd.evaluate(e, point), rtol=1e-12)


@pytest.mark.parametrize("expr", MATRIX_EXPRESSIONS, ids=str)
def test_matrices(expr):
    e = sd.from_sympy(expr)
    expected = np.asarray(number(expr, MATRICES))
    got = evaluate(e, MATRICES)
    assert got.shape == expected.shape
    np.testing.assert_allclose(got, expected, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("text", TEXTS)
def test_to_sympy(text):
    e = sd.parse(text, **SHAPES)
    expr = e.to_sympy()
    got = np.asarray(number(expr, MATRICES)).ravel()
    expected = evaluate(e, MATRICES)
    np.testing.assert_allclose(got, expected.ravel(), rtol=1e-10, atol=1e-12)
    if len(e.shape) == 1:
        assert tuple(map(str, expr.shape)) == (str(e.shape[0]), "1")
    back = evaluate(sd.from_sympy(expr, graph=e.graph), MATRICES)
    np.testing.assert_allclose(back.ravel(), expected.ravel(), rtol=1e-10, atol=1e-12)


UNKNOWN = {
    # ops whose functions sympy does not have, or cannot evaluate
    "stop_gradient",
}


def elementwise_ops():
    of_integers = {"bitwise_and", "bitwise_or", "bitwise_xor", "bitwise_invert", "bitwise_count", "gcd", "lcm",
                   "bitwise_left_shift", "bitwise_right_shift"}  # fmt: skip
    return sorted(
        name
        for name, op in OPS.items()
        if op.elementwise and op.arity in (1, 2) and not op.foreign and name not in UNKNOWN | of_integers | SWEPT
    )


@pytest.mark.parametrize("name", elementwise_ops())
def test_every_elementwise_op(name):
    """An elementwise op has a counterpart of the same value, or is refused."""
    op = OPS[name]
    g = sd.Graph()
    if name in INTEGER:  # sympy's functions of bits are of numbers alone
        with pytest.raises(sd.InputError, match="no counterpart"):
            op(*[g.variable(v, dtype="int64") for v in "ab"[: op.arity]]).to_sympy()
        return
    xs = g.variables("a b")[: op.arity]
    intervals = (*op.samples, *op.samples)[: op.arity]
    point = {"a": 0.37, "b": 0.61}
    values = {
        v.variables[0]: lo + point[v.variables[0]] * (hi - lo)
        for v, (lo, hi) in zip(xs, intervals, strict=True)
    }
    if name.startswith(("polygamma", "eval_", "spherical_")):  # whole orders
        xs, values = (g.constant(3 if name.startswith("eval_") else 1), xs[1]), {"b": 0.8}
    if name.startswith("logical"):
        values = {k: v > 0.3 for k, v in values.items()}
        xs = [g.variable("c" + k, dtype="bool") for k in values]
        values = {"c" + k: v for k, v in values.items()}
    e = xs[0].apply(op, xs, ())
    try:
        expr = e.to_sympy()
    except sd.InputError:
        return  # few are: the next test
    expected = sd.evaluate(e, {k: v for k, v in values.items() if k in e.variables})
    got = expr.subs({s: sp.sympify(values[s.name]) for s in expr.free_symbols}).doit()
    if got.is_Boolean:
        assert bool(got) == bool(expected)
    elif got.has(sp.core.function.AppliedUndef):
        assert name in str(got)
    else:
        np.testing.assert_allclose(float(sp.N(got)), expected, rtol=1e-9)


def test_most_elementwise_ops_have_a_counterpart():
    g = sd.Graph()
    refused = []
    for name in sorted(set(elementwise_ops()) - set(INTEGER)):
        op = OPS[name]
        xs = g.variables("a b")[: op.arity]
        try:
            expr = xs[0].apply(op, xs, ()).to_sympy()
        except sd.InputError:
            refused.append(name)
        else:
            if expr.has(sp.core.function.AppliedUndef):
                refused.append(name)
    assert len(refused) < len(elementwise_ops()) / 6, refused


def test_numbers_stay_exact():
    z = sp.Symbol("z")
    e = sd.from_sympy(sp.Rational(1, 3) * z + sp.Rational(2, 7))
    assert e.to_sympy() == z / 3 + sp.Rational(2, 7)
    assert sd.from_sympy(sp.Integer(2) ** 100).to_sympy() == 2**100
    assert sd.parse("pi*z").to_sympy() == sp.pi * z


EXPLICIT = [
    sp.Matrix([[x, y], [1, 2]]),
    sp.Matrix([x, y]),
    sp.Matrix([[x, 0, sp.sin(y)]]),
    sp.Matrix([[x]]),
    sp.Matrix([[1, 2], [3, sp.Rational(1, 3)]]),
    sp.hessian(x**2 * y, [x, y]),
    sp.MatrixSymbol("X", 2, 2).as_explicit(),
]


@pytest.mark.parametrize("matrix", EXPLICIT, ids=str)
def test_matrices_that_are_written_out(matrix):
    back = sd.from_sympy(matrix).to_sympy()
    assert isinstance(back, sp.MatrixBase)
    assert str(back) == str(matrix)
    assert sd.parse("[x, y] @ [1, 2]").to_sympy() == sp.Symbol("x") + 2 * sp.Symbol("y")


def test_symbols_keep_their_assumptions():
    e = sd.from_sympy(sp.sqrt(p) + sp.Symbol("r", nonnegative=True) + sp.Symbol("s", nonzero=True) * x)
    facts = {name: e.graph.params(k)[3] for name, k in e.graph._variables.items()}
    assert facts == {"p": ("positive",), "r": ("nonnegative",), "s": ("nonzero",), "x": ()}
    assert e.to_sympy().has(p)
    spd = sd.from_sympy(v.T * A * v, assume={"A": "spd"})
    assert spd.graph.variable("A").same_as(spd.graph.variable("A").T)


def test_the_order_of_variables_is_that_of_their_names():
    assert sd.from_sympy(sp.sin(y) * p + x).graph.variable_names() == ("p", "x", "y")


def test_dimensions_become_sizes():
    e = sd.from_sympy(n * (n + 1) * sp.Trace(sp.MatrixSymbol("X", n + 1, n + 1)))
    g = e.graph
    assert g.shape(g._variables["X"]) == ("n + 1", "n + 1")
    assert e.variables == ("X",)
    big = sd.from_sympy(sp.MatrixSymbol("Y", 2 * n * m, n**2 - 1))
    assert big.shape == ("2*m*n", "n*n - 1")
    assert [s.subs({n: 3, m: 2}) for s in big.to_sympy().shape] == [12, 8]


def test_several_share_a_graph():
    f, h = sd.from_sympy([x + y, sp.sin(x + y)])
    assert f.graph is h.graph
    assert h.inputs[0].same_as(f)
    by_name = sd.from_sympy({"a": x, "b": sp.Matrix([x, y])})
    assert by_name["b"].shape == (2, 1)


def test_sympy_operands():
    g = sd.Graph()
    a = g.variable("x")
    e = a * sp.sin(x) + sp.Rational(1, 3)
    assert e.same_as(a * sd.sin(a) + sd.from_sympy(sp.Rational(1, 3), graph=g))


def test_sympy_operands_on_the_left():
    x = sd.Graph().variable("x")
    y = sp.Symbol("y")
    for e, text in ((y * x, "y*x"), (y - x, "y - x"), (sp.pi / x, "pi/x"), (y**x, "y**x"), (y < x, "x > y")):
        assert isinstance(e, sd.Expr)
        assert (str(e), e.graph) == (text, x.graph)
    with pytest.raises(sp.SympifyError, match="to_sympy"):
        sp.sin(x)


def test_into_a_graph_with_a_vector():
    g = sd.Graph()
    vector = g.variable("v", "n")
    e = sd.from_sympy(A * v, graph=g)
    assert e.shape == ("n", 1)
    assert set(e.variables) == {"A", "v"}
    assert g.shape(vector.node) == ("n",)


def test_matrix_derivatives_that_sympy_gets_wrong():
    """sympy says that the derivative of log(det(X)) is 0."""
    f = sd.from_sympy(sp.log(sp.Determinant(A)))
    got = sd.evaluate(sd.grad(f, "A"), {"A": MATRICES["A"]})
    np.testing.assert_allclose(got, np.linalg.inv(MATRICES["A"]).T, rtol=1e-10)


REFUSED = [
    (sp.Integral(x, x), "Integral"),
    (sp.Sum(x, (x, 1, n)), "Sum"),
    (sp.Function("f")(x), "the function 'f'"),
    (sp.Function("sine")(x), "did you mean 'sin"),
    (sp.I * x, "complex"),
    (sp.zoo + 0 * x, "complex"),
    (sp.Symbol("z", imaginary=True), "not real"),
    (sp.Symbol("a b"), "not a name"),
    (sp.Symbol("x_{1}"), "not a name"),
    (sp.Symbol("x") + sp.Symbol("x", positive=True), "two different symbols"),
    (sp.Symbol("A") * sp.Trace(A), "two different symbols"),
    (sp.LambertW(x, 2), "real branches"),
    (A**x, "integer"),
    (A**1000, "integer"),
    (sp.MatrixSymbol("X", n / 2, n), "dimension"),
    (sp.Interval(0, 1), "Interval"),
    (sp.Matrix(0, 0, []), "empty"),
    (sp.exp(sp.MatrixSymbol("X", n, m)), "square"),
    ("x + 1", "sd.parse"),
    (None, "NoneType"),
    (object(), "object"),
    (sp.sin, "expected a sympy expression"),
]


@pytest.mark.parametrize(("expr", "says"), REFUSED, ids=lambda v: "object()" if type(v) is object else str(v)[:40])
def test_refused(expr, says):
    g = sd.Graph()
    with pytest.raises(sd.SymdiffError) as caught:
        sd.from_sympy(expr, graph=g)
    assert says in str(caught.value)
    assert len(g) == 0


@pytest.mark.parametrize(
    "text",
    [
        "einsum('ijk,k->ij', T, v)",
        "max(v)",
        "sort(v)",
        "reshape(A, (n*n,))",
        "outer(v, v)[:, :, None]",
        "svdvals(A)",
    ],
)
def test_refused_by_the_writer(text):
    e = sd.parse(text, T="n n n", A="n n", v="n")
    with pytest.raises(sd.InputError, match=r"to_sympy: node \d+, \w+ of shape"):
        e.to_sympy()


def test_unknown_assumption():
    with pytest.raises(sd.InputError, match="'Z' is no symbol"):
        sd.from_sympy(x + y, assume={"Z": "positive"})


def test_shared_subexpressions_stay_shared():
    z = x
    for _ in range(40):
        z = sp.sin(z) * z
    e = sd.from_sympy(z)
    assert len(e.graph) < 200


def test_what_is_nested_too_deeply_is_refused_before_sympy_sees_it(monkeypatch):
    monkeypatch.setattr("symdiff.write.sympy._Writer.write", lambda writer, root: pytest.fail("it was begun"))
    g = sd.Graph()
    x = z = g.variable("x")
    for _ in range(2000):
        z = sd.sin(z) * x + z
    for e in (z, z.diff(x)):
        with pytest.raises(sd.InputError, match="2001 functions are nested"):
            e.to_sympy()


def test_deep_sums_and_products():
    symbols = sp.symbols("a0:2000")
    e = sd.from_sympy(sp.Add(*symbols))
    assert len(e.inputs) == 2000
    assert len(e.to_sympy().args) == 2000


DEEP = {  # what sympy's constructors compare again and again, or write out
    "products of nested functions": lambda: sd.grad(sd.parse("i0e(" * 40 + "x" + ")" * 40), "x"),
    "choices in conditions": lambda: sd.parse("elu(" * 40 + "x" + ")" * 40),
    "choices": lambda: sd.parse("".join(f"where(x > {k}, x**{k}, " for k in range(40)) + "0" + ")" * 40),
    "hypergeometric functions": lambda: sd.parse("hyp0f1(" * 40 + "x" + ", y)" * 40),
    "compositions": lambda: sd.parse("trunc(2*" * 40 + "x" + ")" * 40),
    "a power of numbers": lambda: sd.parse("x*pow(10**9, 10**9) + pow(10**300, 1/2) + pow(-10**18, 10**18)"),
    "a factor of numbers": lambda: sd.parse("x*poch(1, 10**6) + x*gamma(10**6)/gamma(10**6 - 1)"),
    "functions with a series at 0": lambda: sd.parse("boxcox1p(" * 6 + "x" + ", y)" * 6),
}  # fmt: skip
WALKED = {  # shared by each use of the one before: trees of 2**30 functions, and those of a few hundred, walked at each
    "extremes": ("x", "maximum({a}*y, {a} + y)"),
    "joints of slices": ("r", "concat([{a}[1:], {a}[:1]])*{a}"),
    "norms": ("v", "A @ {a}/norm(A @ {a})"),
    "norms of matrices": ("A", "A*norm({a})"),
    "sums of counts": ("v", "v*sum(abs({a}) > 0)"),
}  # fmt: skip


@pytest.mark.parametrize("name", DEEP)
def test_what_sympy_would_not_end_at(name):
    """Written as it stands, or refused."""
    refused = name in ("choices in conditions", "hypergeometric functions")
    with pytest.raises(sd.InputError, match="nested, too deeply") if refused else nullcontext():
        assert DEEP[name]().to_sympy() is not None


@pytest.mark.parametrize("name", WALKED)
def test_what_sympy_would_walk_for_long_is_refused(name):
    first, line = WALKED[name]
    lines = [f"a0 = {first}", *(f"a{k + 1} = {line}".replace("{a}", f"a{k}") for k in range(60)), "a60"]
    e = sd.parse("\n".join(lines), **SHAPES, r=6)
    with pytest.raises(sd.InputError, match="walk trees of more than"):
        e.to_sympy()


def test_series_are_not_written():
    """What stands in their stead near 0 is ours alone."""
    x, y = sp.symbols("x y")
    assert sd.parse("exprel(x)").to_sympy() == (sp.exp(x) - 1) / x
    assert sd.parse("boxcox1p(x, y)").to_sympy() == (sp.exp(y * sp.log(1 + x)) - 1) / y

