"""What a numpy, scipy or sympy user types: values, shapes and types are numpy's, bit for bit where it computes so."""

import decimal
import itertools
import operator

import mpmath as mp
import numpy as np
import pytest
import scipy.linalg
import scipy.sparse
import scipy.special
import sympy

import symdiff as sd

INF, NAN = np.inf, np.nan
DTYPES = ("float64", "float32", "int64", "int32", "bool")


def same(expression, value, at, exact=True):
    """The expression has numpy's value, shape and type, and says so before it is evaluated."""
    got, wanted = sd.evaluate(expression, at), np.asarray(value)
    assert (got.shape, got.dtype) == (wanted.shape, wanted.dtype)
    assert (expression.shape, expression.dtype) == (wanted.shape, wanted.dtype.name)
    if exact:
        np.testing.assert_array_equal(got, wanted)
    else:
        np.testing.assert_allclose(got, wanted, rtol=1e-13, atol=1e-13)


def variable(value, name="x", g=None):
    value = np.asarray(value)
    return (g or sd.Graph()).variable(name, value.shape, dtype=value.dtype)


def compare(fn, *values, exact=True):
    """fn of variables, evaluated, is fn of arrays."""
    g, arrays = sd.Graph(), [np.asarray(v) for v in values]
    xs = [variable(v, f"x{k}", g) for k, v in enumerate(arrays)]
    with np.errstate(all="ignore"):
        same(fn(*xs), fn(*arrays), dict(zip(xs, arrays, strict=True)), exact)


# --- quotients, remainders, bits ------------------------------------------------------------------------------

EDGES = [1.0, -1.0, 0.1, -0.1, 5.0, 7.0, 0.0, -0.0, 0.3, 1e30, 1e-30, INF, -INF, NAN]


@pytest.mark.parametrize("name", ["remainder", "floor_divide", "fmod", "mod"])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_remainders_are_numpys_bit_for_bit(name, dtype):
    x, y = np.array(list(itertools.product(EDGES, EDGES))).T.astype(dtype)
    compare(getattr(np, name), x, y)
    compare(lambda x: getattr(np, name)(x, y), x)
    compare(lambda y: getattr(np, name)(x, y), y)


@pytest.mark.parametrize("name", ["remainder", "floor_divide", "fmod"])
def test_remainders_of_integers(name):
    x, y = np.array(list(itertools.product([-7, -1, 0, 3, 8], repeat=2))).T
    compare(getattr(np, name), x, y)
    compare(lambda x: divmod(x, 3)[1], x)


def test_remainders_by_a_number():
    x = np.array([1.0, -1.0, 0.35])
    compare(lambda x: x % 0.1, x)
    compare(lambda x: x // 0.1, x)
    compare(lambda x: 1 % x, x)
    assert sd.evaluate(sd.parse("x % 0.1"), {"x": 1.0}) == 1.0 % 0.1


@pytest.mark.parametrize("backend", ["numpy", "tape", "jax", "torch"])
def test_remainders_in_every_backend(backend):
    pytest.importorskip(backend) if backend in ("jax", "torch") else None
    x, y = sd.Graph().variables("x y")
    f = sd.function([x, y], [x % y, x // y, np.fmod(x, y)], backend=backend)
    for a, b in [(1.0, 0.1), (5.0, INF), (-5.0, INF), (-7.5, 2.0), (7.5, -2.0)]:
        np.testing.assert_allclose(f(a, b), [np.remainder(a, b), np.floor_divide(a, b), np.fmod(a, b)], rtol=1e-15)


BITS = {
    "and": lambda x, y: x & y, "or": lambda x, y: x | y, "xor": lambda x, y: x ^ y, "not": lambda x, y: ~x,
    "and a number": lambda x, y: x & 3, "a number or": lambda x, y: 4 | y, "np.bitwise_or": np.bitwise_or,
    "np.invert": lambda x, y: np.invert(x), "shift left": lambda x, y: x << abs(y % 5), "np.gcd": np.gcd,
    "shift right": lambda x, y: x >> 2, "np.lcm": np.lcm, "bitwise_count": lambda x, y: np.bitwise_count(x) + 0 * y,
}  # fmt: skip


@pytest.mark.parametrize("name", BITS)
@pytest.mark.parametrize("dtype", ["int64", "int32"])
def test_bits_of_integers(name, dtype):
    x, y = np.array([6, -6, 0, 1023, -1], dtype), np.array([3, 5, 12, -7, 2], dtype)
    compare(BITS[name], x, y)


@pytest.mark.parametrize("name", ["and", "or", "xor", "not", "np.bitwise_or", "np.invert"])
def test_bits_of_truth_values_are_logic(name):
    compare(BITS[name], [True, True, False, False], [True, False, True, False])


def test_text_knows_bits_of_integers_and_refuses_those_of_floats():
    g = sd.Graph()
    k = g.variable("k", dtype="int64")
    assert sd.evaluate(sd.parse("(k & 3) | (k << 4) ^ ~k", graph=g), {k: 6}) == (6 & 3) | (6 << 4) ^ ~6
    with pytest.raises(sd.ParseError, match="combines conditions"):
        sd.parse("x & 3")


@pytest.mark.parametrize("fn", [np.sum, np.prod, np.cumsum, np.trace, lambda x: np.add.reduce(x, axis=0)])
def test_small_integers_are_summed_in_64_bits(fn):
    compare(fn, np.full((2, 2), 2**31 - 1, "int32"))


# --- samples with nan, inf ------------------------------------------------------------------------------------

SAMPLES = [[NAN, 1.0, 2.0], [3.0, 1.0, 2.0], [INF, 1.0, -INF], [1.0, INF, INF], [4.0, 3.0, 2.0, 1.0]]
QUANTILES = ["linear", "lower", "higher", "midpoint", "nearest", "inverted_cdf", "averaged_inverted_cdf",
             "closest_observation", "interpolated_inverted_cdf", "hazen", "weibull", "median_unbiased",
             "normal_unbiased"]  # fmt: skip


@pytest.mark.parametrize("x", SAMPLES)
@pytest.mark.parametrize("fn", [np.median, np.nan_to_num, np.isinf, np.isnan, np.nansum, np.isfinite])
def test_samples_with_nan_and_inf(fn, x):
    compare(fn, x)


@pytest.mark.parametrize("method", QUANTILES)
def test_quantiles(method):
    rng = np.random.default_rng(3)
    for x in ([NAN, 1.0, 2.0], rng.normal(size=7), rng.normal(size=(4, 3)), rng.normal(size=10)):
        compare(lambda x: np.quantile(x, [0, 0.1, 0.25, 0.3, 0.5, 0.85, 1], method=method), x, exact=False)
        compare(lambda x: np.percentile(x, 35, axis=-1, method=method, keepdims=True), x, exact=False)


@pytest.mark.parametrize("q", [0.25, [0.25, 0.5], np.float64(0.25), np.float32(0.5), np.array([0.1, 0.9], "float32")])
def test_types_of_quantiles(q):
    """The type of the shares counts, but for a Python number."""
    x = np.array([0.5, 1.5, 2.5], "float32")
    for fn in (np.quantile, np.nanquantile):
        compare(lambda x, fn=fn: fn(x, q), x, exact=False)
    compare(lambda x: np.percentile(x, np.multiply(100, q) if np.ndim(q) else 25), x, exact=False)


def test_median_over_axes():
    x = np.random.default_rng(1).normal(size=(2, 3, 4))
    for axis in (None, 0, -1, (0, 2), (0, 1, 2)):
        compare(lambda x, axis=axis: np.median(x, axis), x, exact=False)
        compare(lambda x, axis=axis: np.median(x, axis=axis, keepdims=True), x, exact=False)


@pytest.mark.parametrize("x", [[INF, -INF, NAN, 2.0], [0.0, -1.0]])
def test_what_replaces_nan_keeps_it_out_of_formulas_and_gradients(x):
    f = lambda x: np.nan_to_num(x, nan=-1.0, posinf=7.0, neginf=8.0)  # noqa: E731
    compare(f, x)
    v = variable(x)
    for e in (f(v), np.nan_to_num(v), np.nansum(v), sd.where(sd.isnan(v), 0, v)):
        np.testing.assert_array_equal(sd.evaluate(sd.simplify(e), {v: x}), sd.evaluate(e, {v: x}))
    slope = np.isfinite(x).astype(float)
    np.testing.assert_array_equal(sd.evaluate(sd.grad(np.sum(f(v)), v), {v: x}), slope)


# --- shapes and types -----------------------------------------------------------------------------------------

STACKED = [(), (3,), (2, 3), (2, 3, 4)]


@pytest.mark.parametrize("shape", STACKED)
@pytest.mark.parametrize("fn", [np.dstack, np.vstack, np.hstack, np.column_stack, np.stack])
def test_stacks(fn, shape):
    x = np.random.default_rng(2).normal(size=shape)
    compare(lambda x: fn([x, 2 * x]), x)
    compare(lambda x: fn((x, np.ones(shape))), x)


@pytest.mark.parametrize("fn", [np.atleast_1d, np.atleast_2d, np.atleast_3d])
@pytest.mark.parametrize("shape", STACKED)
def test_at_least(fn, shape):
    compare(fn, np.random.default_rng(2).normal(size=shape))


@pytest.mark.parametrize(("a", "b"), [((5, 2), (5,)), ((5, 2), (5, 3)), ((2, 5), (2,)), ((3, 3), (3, 2))])
def test_least_squares_has_numpys_results(a, b):
    rng = np.random.default_rng(4)
    a, b = rng.normal(size=a), rng.normal(size=b)
    for k in (0, 1, 3):
        ours = np.linalg.lstsq(variable(a), b)[k]
        wanted = np.linalg.lstsq(a, b)[k]
        assert np.shape(ours) == wanted.shape
        got = sd.evaluate(ours, {"x": a}) if isinstance(ours, sd.Expr) else ours
        np.testing.assert_allclose(got, wanted, rtol=1e-10, atol=1e-12)


def test_products_along_an_axis_need_the_same_size():
    rng = np.random.default_rng(5)
    for a, b, axis in (((3, 4), (4,), -1), ((2, 3), (4, 2, 3), -1), ((3, 4), (3, 4), 0), ((3, 2), (3, 2, 1), 0)):
        compare(lambda x, y, axis=axis: np.vecdot(x, y, axis=axis), rng.normal(size=a), rng.normal(size=b), exact=False)
    with pytest.raises(sd.ShapeError, match=r"vecdot: shapes \(3, 1\) and \(2,\)"):
        np.vecdot(variable(np.ones((3, 1))), np.ones(2))


TYPED = {
    "zeros_like": np.zeros_like, "ones_like": np.ones_like, "empty_like": lambda x: 0 * np.empty_like(x),
    "full_like": lambda x: np.full_like(x, 2), "times 0": lambda x: x * 0, "0 times": lambda x: 0 * x,
    "minus itself": lambda x: x - x, "times 0.0": lambda x: x * 0.0, "power 0": lambda x: x**0,
    "zeros_like dtype": lambda x: np.zeros_like(x, dtype="float32"), "sum": np.sum, "count_nonzero": np.count_nonzero,
    "reshape": lambda x: np.reshape(x[:1], (1, 1)), "entry": lambda x: x[0], "of one": lambda x: x[0].reshape(1),
    "one entry": lambda x: x[:1].reshape(()), "squeeze": lambda x: np.squeeze(x[:1]), "newaxis": lambda x: x[None],
    "stack": lambda x: np.stack([x, x]), "T": lambda x: x.T, "tile": lambda x: np.tile(x, 2), "max": np.max,
    "broadcast": lambda x: np.broadcast_to(x, (2, 3)), "sort": np.sort, "where": lambda x: np.where(x > 0, x, x),
}  # fmt: skip


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", TYPED)
def test_types_are_kept(name, dtype):
    if dtype == "bool" and name in {"minus itself", "power 0"}:  # numpy refuses, or has an int8
        return
    if dtype == "bool" and name in {"times 0", "0 times", "empty_like"}:
        same(TYPED[name](variable([True, False, True])), np.zeros(3, "int64"), {"x": [True, False, True]})
        return
    compare(TYPED[name], np.array([2, 0, 1]).astype(dtype))


@pytest.mark.parametrize("x", [2.0, 0.0])
def test_count_nonzero_of_a_scalar(x):
    same(np.count_nonzero(variable(x)), np.asarray(np.count_nonzero(x)), {"x": x})


# --- scipy and sympy ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lower", [True, False])
def test_the_other_triangle_is_not_read(lower):
    rng = np.random.default_rng(6)
    m, b = rng.normal(size=(3, 3)), rng.normal(size=3)
    c, low = scipy.linalg.cho_factor(m @ m.T + 3 * np.eye(3), lower=lower)  # with garbage in the other triangle
    wanted = scipy.linalg.cho_solve((c, low), b)
    got = sd.evaluate(sd.cho_solve((variable(c), low), b), {"x": c})
    np.testing.assert_allclose(got, wanted, rtol=1e-13)
    text = sd.parse(f"cho_solve((c, {low}), b)", c=(3, 3), b=3)
    np.testing.assert_allclose(sd.evaluate(text, {"c": c, "b": b}), wanted, rtol=1e-13)
    pair = sd.cho_factor(variable(m @ m.T + 3 * np.eye(3)), lower=lower)
    np.testing.assert_allclose(sd.evaluate(sd.cho_solve(pair, b), {"x": m @ m.T + 3 * np.eye(3)}), wanted, rtol=1e-12)
    slope = sd.evaluate(sd.jacobian(sd.cho_solve((variable(c), low), b), "x"), {"x": c})
    assert not np.any(slope[:, *(np.triu_indices(3, 1) if low else np.tril_indices(3, -1))])


@pytest.mark.parametrize("options", [
    {}, {"lower": True}, {"trans": 1}, {"trans": "T", "lower": True}, {"unit_diagonal": True},
    {"unit_diagonal": True, "lower": True, "trans": 1},
])  # fmt: skip
def test_triangular_systems(options):
    rng = np.random.default_rng(7)
    a, b = rng.normal(size=(3, 3)) + 3 * np.eye(3), rng.normal(size=(3, 2))
    got = sd.evaluate(sd.solve_triangular(variable(a), b, **options), {"x": a})
    np.testing.assert_allclose(got, scipy.linalg.solve_triangular(a, b, **options), rtol=1e-12)


FACTORIALS = {
    "binom": (sympy.binomial, mp.binomial), "ff": (sympy.ff, mp.ff), "rf": (sympy.rf, mp.rf),
}  # fmt: skip


@pytest.mark.parametrize("name", FACTORIALS)
@pytest.mark.parametrize("k", [0, 1, 2, 5, 2.3])
@pytest.mark.parametrize("at", [0.5, -1.5, 3.25, 1.25])
def test_quotients_of_gamma_functions(name, k, at):
    of_sympy, of_mpmath = FACTORIALS[name]
    x, e = sympy.Symbol("x"), sd.from_sympy(of_sympy(sympy.Symbol("x"), sympy.sympify(k), evaluate=False))
    assert x.name in e.variables or k == 0
    values = sd.evaluate([e, sd.grad(e, e.graph.variable("x"))], {"x": at})
    wanted = [float(of_mpmath(at, k)), float(mp.diff(lambda t: of_mpmath(t, k), at))]
    np.testing.assert_allclose(values, wanted, rtol=1e-9, atol=1e-12)
    text = sd.parse(f"{name}(x, {k})")
    value = sd.evaluate(text, {"x": at} if text.variables else {})
    np.testing.assert_allclose(value, wanted[0], rtol=1e-12, atol=1e-14)


def test_perm_is_scipys():
    x, k = np.array([0.5, 3.0, 5.5, -1.0, 4.0]), np.array([2.0, 2.0, 1.5, 1.0, 4.0])
    g = sd.Graph()
    a, b = variable(x, "x", g), variable(k, "k", g)
    np.testing.assert_allclose(sd.evaluate(sd.perm(a, b), {a: x, b: k}), scipy.special.perm(x, k), rtol=1e-13)


def test_sparse_products():
    rng = np.random.default_rng(8)
    dense = rng.normal(size=(4, 3)) * (rng.uniform(size=(4, 3)) < 0.5)
    for a in (scipy.sparse.csr_array(dense), scipy.sparse.csc_matrix(dense), scipy.sparse.coo_array(dense)):
        for shape in ((3,), (3, 2)):
            x = rng.normal(size=shape)
            v = variable(x)
            np.testing.assert_allclose(sd.evaluate(sd.matmul(a, v), {v: x}), dense @ x, rtol=1e-14)
            np.testing.assert_allclose(sd.evaluate(v.T @ a.T, {v: x}), x.T @ dense.T, rtol=1e-14)
        y = sd.Graph().variable("y", 3)
        np.testing.assert_allclose(sd.evaluate(sd.jacobian(sd.matmul(a, y), y), {y: np.zeros(3)}), dense)


ROWS = {  # a factor of one column beside exponentials of all
    "a column of a softmax": lambda x: np.log((np.exp(x) / np.exp(x).sum(1, keepdims=True))[:, 1].sum()),
    "a product of one": lambda x: np.log((np.exp(x) / np.exp(x).sum(1, keepdims=True) @ np.exp(x)).sum()),
    "a row of a quotient": lambda x: np.log((np.exp(x) / x[:1])[1].sum()),
    "sums of a quotient": lambda x: np.log((np.exp(x) / x[:, :1] * np.arange(1.0, 10).reshape(3, 3)).sum(0)).sum(),
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_stretched_factors_of_exponentials(name):
    compare(ROWS[name], np.random.default_rng(9).uniform(0.5, 1.5, (3, 3)), exact=False)


# --- errors that name the remedy ------------------------------------------------------------------------------

def _filled(x):
    table = TABLE.copy()
    table[0] = x[0]
    return table


def _counted(x):
    return sum(x[i] for i in range(x.shape[0]))


TABLE = np.zeros(3)
X, N, S = sd.Graph().variable("x", 3), sd.Graph().variable("x", "n"), sd.Graph().variable("S", (3, 3))
HESSIAN = sd.HessianOperator(sd.parse("sum(x**4)", x=3), "x", at={"x": np.ones(3)})
REMEDIES = {
    "an entry of an array": (lambda: sd.trace(_filled, x=3), "inside the traced function.*np.stack|np.stack"),
    "a range of a named size": (lambda: sd.trace(_counted, x="n"), "declare the axis by a number"),
    "the length of a named axis": (lambda: len(N), "named size"),
    "np.eye of a named size": (lambda: sd.trace(lambda x: np.eye(x.shape[0]), x="n"), "declare the axis"),
    "an operator of another size": (
        lambda: sd.HessianOperator(sd.parse("sum(x**4)", x=3), "x", at={"x": np.ones(3)}) @ np.ones(5),
        r"HessianOperator: a vector of shape \(5,\), expected \(3,\)",
    ),
    "a value for a shape": (lambda: sd.trace(lambda x: x, x=np.ones(3)), "is no size"),
    "a function of scipy": (lambda: scipy.linalg.expm(S), "scipy.linalg.expm reads numbers; sd.expm"),
    "another function of scipy": (lambda: scipy.special.logsumexp(X), "sd.logsumexp"),
    "a number": (lambda: float(X[0]), "np.exp"),
    "a sparse diagonal": (lambda: scipy.sparse.diags(X), "store numbers.*sd.diag"),
    "a sparse matrix": (lambda: scipy.sparse.csr_array(S), "store numbers.*sd.diag"),
    "a sparse matrix of triplets": (lambda: scipy.sparse.coo_array((X, ([0, 1, 2], [0, 1, 2]))), "store numbers"),
    "a number for a vector": (lambda: HESSIAN @ 2.0, r"a multiple is written with \*"),
    "a number for an operator": (lambda: HESSIAN + 1.0, "c\\*scipy.sparse.eye_array"),
    "a vector as a divisor": (lambda: HESSIAN / np.ones(3), "a multiple is"),
    "lists of several lengths": (lambda: HESSIAN @ [[1, 2], [3]], "the columns of a matrix is needed"),
    "vectors for a vector": (lambda: HESSIAN.matvec(np.ones((3, 3))), r"expected \(3,\)"),
    "a place that is none": (lambda: X.at[7].set(1.0), r"x.at: .*index 7 is out of bounds"),
    "a text as a place": (lambda: X.at["a"].set(1.0), "x.at: .*integers"),
    "a masked array": (lambda: X + np.ma.array([1.0, 2.0, 3.0], mask=[0, 1, 0]), "m.filled"),
    "numpy's matrix": (lambda: X * np.eye(3).view(np.matrix), "np.asarray"),
    "no names": (lambda: sd.Graph().variables(3), "names are one text"),
    "a slip in a declaration": (lambda: sd.parse("sum(X*W)", X=(2, 2), w=(2, 2)), "did you mean 'W'"),
}


@pytest.mark.parametrize("name", REMEDIES)
def test_errors_name_the_remedy(name):
    call, message = REMEDIES[name]
    with pytest.raises(sd.SymdiffError, match=message):
        call()


NO_NUMBERS = {
    "a text": "2.0", "nothing": None, "a dict": {"a": 1}, "a set": {1, 2}, "ragged lists": [[1, 2], [3]],
    "a complex number": 2j, "objects": np.array([1, "a", None], object), "a function": np.sin, "a type": float,
    "a range of letters": ["a", "b"], "a slice": slice(1), "an ellipsis": ..., "bytes": b"12",
    "a day": np.datetime64("2020-01-01"),
    "fields": np.zeros(3, [("a", float)]), "a list with nothing": [1, None, 2], "a generator": (k for k in ()),
    "complex entries": np.array([1j, 2, 3]), "a graph": sd.Graph(),
}  # fmt: skip
OPERATORS = {
    f: getattr(operator, f) for f in (
        "add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "lt", "le", "gt", "ge",
        "and_", "or_", "xor", "lshift", "rshift",
    )
}  # fmt: skip


@pytest.mark.parametrize("what", NO_NUMBERS)
@pytest.mark.parametrize("name", OPERATORS)
def test_what_is_no_number_is_no_operand(name, what):
    """On either side; what Python's own class does beside a number it does here: a text's %."""
    value = NO_NUMBERS[what]
    with pytest.raises(sd.SymdiffError):
        OPERATORS[name](X, value)
    if name in ("add", "mod") and isinstance(value, (str, bytes)):  # Python asks these alone
        return
    with pytest.raises(sd.SymdiffError):
        OPERATORS[name](value, X)


def test_operands_of_other_classes():
    class Their:
        def __radd__(self, other):
            return "theirs", other

    assert X + Their() == ("theirs", X)
    with pytest.raises(sd.SymdiffError, match="Their is not a number"):
        X - Their()
    assert str(X[0] * decimal.Decimal("0.25")) == "x[0]/4"
    with pytest.raises(sd.GraphError, match="to_sympy"):
        sympy.Symbol("t") == X[0]  # noqa: B015
