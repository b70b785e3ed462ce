"""`sd.function` on the numpy backend against the reference interpreter: every op, products, loops over rows,
bad input."""

import copy
import itertools
import os
import pickle
import threading
import tracemalloc
from collections import namedtuple

import numpy as np
import pytest

import symdiff as sd
from symdiff.backends import rows, workers
from symdiff.backends.emit import size_of
from symdiff.backends.plan import build_plan
from symdiff.containers import leaves, mirrored, mirroring
from symdiff.errors import InputError
from symdiff.op import FUNCTIONS, OPS
from symdiff.program import build_program

from .test_facets import INTEGER


def agree(outputs, at, rtol=1e-12, atol=1e-13, **options):
    """The results are the reference's, in value, shape and type; once more from the kept buffers."""
    fn = sd.function(list(at), outputs, backend="numpy", **options)
    expected = sd.evaluate(outputs, at)
    for _ in range(2):
        got = fn(*at.values())
        for a, b in zip(got, expected, strict=True):
            np.testing.assert_allclose(a, b, rtol=rtol, atol=atol)
            assert np.shape(a) == np.shape(b)
            assert np.asarray(a).dtype == np.asarray(b).dtype
    return fn


# --- every op -----------------------------------------------------------------------------------------------

ELEMENTWISE = [
    name for name, op in OPS.items() if op.elementwise and op.arity and name not in ("where", "stop_gradient")
]


@pytest.mark.parametrize("name", ELEMENTWISE)
@pytest.mark.parametrize("n", [3, 40_000])
def test_elementwise_ops(name, n):
    op = OPS[name]
    rng = np.random.default_rng(0)
    logical = name.startswith("logical")
    g = sd.Graph()
    names = "xyzwv"[: op.arity]
    dtype = "bool" if logical else "int64" if name in INTEGER else "float64"
    if name in ("polygamma",):
        pytest.skip("its order is an integer")
    xs = [g.variable(k, "n", dtype=dtype) for k in names]
    samples = op.samples if len(op.samples) == op.arity else op.samples * op.arity
    at = {
        k: (rng.integers(0, 2, n) > 0) if logical else rng.uniform(*s, n).astype(dtype)
        for k, s in zip(names, samples, strict=True)
    }
    e = op(*xs)
    outputs = [e] if logical else [e, e * xs[0] + 1, sd.sum(e * 2)]
    agree(outputs, at, rtol=1e-11, atol=1e-11)


SPECIAL = np.array(
    [0.0, -0.0, 1.0, -1.0, 800.0, -800.0, 30.0, -30.0, np.inf, -np.inf, np.nan, 1e-300, -1e-12]
)


@pytest.mark.parametrize(
    "name", ["softplus", "sigmoid", "relu", "exp", "log", "tanh", "sqrt", "abs", "sign", "log1p", "expm1"]
)
@pytest.mark.parametrize("copies", [1, 4000])
def test_special_values(name, copies):
    x = sd.Graph().variable("x", "n")
    with np.errstate(all="ignore"):
        expected = np.asarray(OPS[name].meaning()(SPECIAL))
    got = sd.function([x], OPS[name](x))(np.tile(SPECIAL, copies))
    np.testing.assert_allclose(got[: len(SPECIAL)], expected, rtol=1e-13, atol=1e-307)


@pytest.mark.parametrize("exponent", [2, 3, 4, -1, -2, -3, 0.5, -0.5, 2.0, 1.5, 7, -0.3])
def test_powers(exponent):
    x = sd.Graph().variable("x", "n")
    agree([x**exponent, sd.sum(x**exponent)], {x: np.random.default_rng(0).uniform(0.2, 3, 9000)})


EXPRESSIONS = {
    "where": lambda A, B, x, y: sd.where(x > y[0], sd.exp(x), 0) * 2,
    "where of numbers": lambda A, B, x, y: sd.where(x > 0, 1, 0),
    "softmax": lambda A, B, x, y: sd.softmax(A, axis=0) + sd.log_softmax(A, axis=1),
    "logsumexp": lambda A, B, x, y: sd.logsumexp(A, axis=1) + sd.logsumexp(A),
    "reductions": lambda A, B, x, y: sd.max(A, axis=0) * sd.min(A, axis=(0, 1)) + sd.norm2(A, axis=0),
    "sums": lambda A, B, x, y: sd.sum(A, axis=0) + sd.sum(A.T, axis=1) + sd.sum(A),
    "mean": lambda A, B, x, y: sd.mean(A, axis=0, keepdims=True),
    "transpose": lambda A, B, x, y: A.T,
    "identity": lambda A, B, x, y: A,
    "broadcast": lambda A, B, x, y: sd.broadcast_to(x, ("m", "n")),
    "ones": lambda A, B, x, y: x * 0 + sd.ones_like(A),
    "eye": lambda A, B, x, y: sd.eye("n", graph=A.graph) * x,
    "diag": lambda A, B, x, y: sd.diag(x) @ sd.diag(x),
    "diagonal": lambda A, B, x, y: sd.diagonal(A.T @ A) * sd.trace(A.T @ A),
    "outer": lambda A, B, x, y: sd.outer(x, y) * A.T,
    "matmul": lambda A, B, x, y: A @ B,
    "matmul of transposes": lambda A, B, x, y: B.T @ A.T,
    "gram": lambda A, B, x, y: A.T @ A + A.T @ A,
    "gemv": lambda A, B, x, y: y @ A + A.T @ y,
    "bilinear": lambda A, B, x, y: y @ A @ x,
    "chain": lambda A, B, x, y: (A @ B) @ (A @ B).T @ y,
    "scaled": lambda A, B, x, y: (y[:, None] * A) @ (x[:, None] * B),
    "batched": lambda A, B, x, y: sd.einsum("ij,ij->i", A, A) + sd.einsum("ij,ik->i", A, A),
    "batched matrices": lambda A, B, x, y: sd.einsum("ij,ik->ijk", A, A) @ B,
    "batched vectors": lambda A, B, x, y: sd.einsum("ijk,ik->ij", sd.einsum("ij,ik->ijk", A, A), A),
    "permuted product": lambda A, B, x, y: sd.einsum("ij,kj->ki", A, B.T),
    "three axes": lambda A, B, x, y: sd.einsum(
        "ijk,jkl->il", sd.einsum("ij,ik->ijk", A, A), sd.einsum("jk,kl->jkl", A.T @ A, B)
    ),
    "double sum": lambda A, B, x, y: sd.einsum("ij,ji->", A.T @ A, A.T @ A + 1),
    "hadamard": lambda A, B, x, y: A * A * x * y[:, None] * y[0],
    "kron": lambda A, B, x, y: sd.einsum("ij,kl->ikjl", A, B),
    "reshape": lambda A, B, x, y: A.T.reshape(("m*n",)) * 2,
    "slices": lambda A, B, x, y: A[1:] - A[:-1] + x[::-1],
    "index": lambda A, B, x, y: A[0] * A[-1, 1],
    "take": lambda A, B, x, y: sd.take(A, np.array([0, 0, 1]), axis=1),
    "concat": lambda A, B, x, y: sd.concat([x, y, x]),
    "cumulative": lambda A, B, x, y: sd.cumulative_sum(A, axis=1),
    "sort": lambda A, B, x, y: sd.sort(x) * sd.argmax(x),
    "scalars": lambda A, B, x, y: sd.sin(x[0]) * y[0] ** 2 / 3 - 1,
    "sizes": lambda A, B, x, y: sd.sum(x) / x.graph.size("n") + x.graph.size("m - 1"),
    "negative": lambda A, B, x, y: -x - 2 * (x - 1) + x / 3,
    "number": lambda A, B, x, y: x.graph.constant(2.5) + 0 * x[0],
    "inverse times vector": lambda A, B, x, y: sd.FUNCTIONS["inv"](A.T @ A + sd.eye("n", graph=A.graph)) @ x,
    "inverse times matrix": lambda A, B, x, y: sd.FUNCTIONS["inv"](A.T @ A + sd.eye("n", graph=A.graph)) @ B,
    "nonsymmetric": lambda A, B, x, y: sd.FUNCTIONS["inv"](B @ A + sd.eye("n", graph=A.graph)).T @ x,
    "stop_gradient": lambda A, B, x, y: FUNCTIONS["stop_gradient"](x) * 2,
}


def problem(m, n, p, seed=0):
    g = sd.Graph()
    A, B, x, y = g.variable("A", "m n"), g.variable("B", "n p"), g.variable("x", "n"), g.variable("y", "m")
    r = np.random.default_rng(seed)
    c = 2 / max(m, n) ** 0.5
    at = {
        "A": c * r.normal(size=(m, n)),
        "B": c * r.normal(size=(n, p)),
        "x": r.normal(size=n),
        "y": r.normal(size=m),
    }
    return (A, B, x, y), at


@pytest.mark.parametrize("name", EXPRESSIONS)
@pytest.mark.parametrize("sizes", [(5, 4, 4), (70, 50, 50), (6000, 3, 3), (3, 5000, 3)], ids=str)
def test_expressions_and_their_gradients(name, sizes):
    if sizes[1] == 5000 and name in (
        "eye", "diag", "gram", "kron", "diagonal", "double sum", "three axes", "batched matrices",
        "batched vectors", "inverse times vector", "inverse times matrix", "nonsymmetric",
    ):  # fmt: skip
        pytest.skip("5000 x 5000 matrices")
    if name == "nonsymmetric" and sizes[1] != sizes[2]:
        pytest.skip("not square")
    (A, B, x, y), at = problem(*sizes)
    if name == "nonsymmetric":
        A = B.T
    e = EXPRESSIONS[name](A, B, x, y)
    outputs = [e]
    if e.dtype == "float64" and name not in ("kron", "three axes"):
        total = sd.sum(sd.sin(e)) if e.shape else sd.sin(e)
        outputs += [sd.grad(total, v) for v in (x, A) if v.op.name == "variable"]
    agree(outputs, at, rtol=1e-8, atol=1e-8)


# --- how arrays are given -----------------------------------------------------------------------------------


def logistic(n, d, seed=0):
    g = sd.Graph()
    X, y, w = g.variable("X", "n d"), g.variable("y", "n"), g.variable("w", "d")
    f = sd.sum(sd.softplus(-y * (X @ w))) + w @ w / 200
    r = np.random.default_rng(seed)
    at = {"X": r.normal(size=(n, d)), "y": np.sign(r.normal(size=n)), "w": 0.1 * r.normal(size=d)}
    return f, at


LAYOUTS = {
    "fortran": lambda a: np.asfortranarray(a),
    "reversed": lambda a: a[::-1].copy()[::-1],
    "strided": lambda a: np.repeat(a, 2, axis=0)[::2],
    "list": lambda a: a.tolist(),
    "big endian": lambda a: a.astype(">f8"),
    "float32 values": lambda a: a.astype(np.float32),
    "integers": lambda a: np.round(a * 3).astype(int),
    "stretched": lambda a: np.broadcast_to(a[:1], a.shape),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("n", [7, 30_000])
def test_any_layout_and_safe_type(layout, n):
    f, at = logistic(n, 9)
    at = {k: LAYOUTS[layout](v) for k, v in at.items()}
    fn = sd.function(list(at), [f, sd.grad(f, "w")])
    for a, b in zip(fn(*at.values()), sd.evaluate([f, sd.grad(f, "w")], at), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("n", [7, 30_000])
def test_read_only_inputs_stay_as_they_are(n):
    f, at = logistic(n, 9)
    before = {k: v.copy() for k, v in at.items()}
    for v in at.values():
        v.setflags(write=False)
    fn = sd.function(list(at), [f, sd.grad(f, "w"), f.graph.variable("X") * 2, f.graph.variable("X")])
    _, _, twice, same = fn(*at.values())
    twice += 1
    same += 1  # results never share the memory of an input
    for k, v in at.items():
        np.testing.assert_array_equal(v, before[k])


def test_results_of_two_calls_are_two_arrays():
    x = sd.Graph().variable("x", "n")
    fn = sd.function([x], [sd.exp(x), sd.exp(x), x.graph.constant(np.ones(3)), sd.exp(x)[1:]])
    first = fn(np.zeros(50_000))
    kept = [a.copy() for a in first]
    second = fn(np.ones(50_000))
    for a, b in zip(first, kept, strict=True):
        np.testing.assert_array_equal(a, b)
    for k, a in enumerate([*first, *second]):
        for b in [*first, *second][:k]:
            assert not np.shares_memory(a, b)


@pytest.mark.parametrize("n", [0, 1])
def test_empty_and_single_axes(n):
    f, at = logistic(n, 3)
    agree([f, sd.grad(f, "w"), sd.grad(f, "X"), sd.hessian(f, "w")], at)
    (A, B, _, y), at = problem(4, 3, 2)
    at = {k: v[:n] if k in "Ay" else v for k, v in at.items()}
    agree(
        [A @ B, y @ A, sd.sum(A, axis=0), A.T @ A, sd.softmax(A, axis=1), sd.einsum("ij,ik->ijk", A, A)], at
    )


@pytest.mark.parametrize("n", [40, 50_000])
def test_nan_and_inf_pass_through(n):
    x = sd.Graph().variable("x", "n")
    values = np.zeros(n)
    values[:4] = np.nan, np.inf, -np.inf, -1
    f = sd.where(x > 0, sd.sqrt(x), 0) + sd.relu(x)
    agree([f, sd.grad(sd.sum(f), x)], {x: values})


def test_types():
    g = sd.Graph()
    x, k, b = (
        g.variable("x", "n", dtype="float32"),
        g.variable("k", "n", dtype="int64"),
        g.variable("b", "n", dtype="bool"),
    )
    r = np.random.default_rng(0)
    for n in (5, 20_000):
        at = {x: r.normal(size=n).astype(np.float32), k: r.integers(0, 5, n), b: r.integers(0, 2, n) > 0}
        outputs = [
            x * 2.5 + 1,
            sd.exp(x) @ x,
            x * k,
            k * 2 + 1,
            k @ k,
            sd.where(b, x, 0),
            sd.softplus(x),
            sd.sum(b),
            x**2,
            -x / 3,
            b / (1 + b * b),
            sd.where(b, 1, 2.5),
            (1.0 * b) @ x,
            sd.exp(1.0 * (x > 0)),
        ]
        blocks = [sd.sum(b), sd.sum(1.0 * (k > 2) * x), sd.sum(sd.stop_gradient(x) * x), b.astype("float32") @ x]
        agree(blocks, at, rtol=2e-5, atol=1e-4, stream="n")
        agree([*outputs, sd.sum(b * x), sd.softmax(x)], at, rtol=2e-5, atol=1e-5)


# --- out ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [7, 30_000])
def test_out_is_written(n):
    f, at = logistic(n, 9)
    outputs = {"f": f, "w": sd.grad(f, "w"), "X": sd.grad(f, "X")}
    fn = sd.function(list(at), outputs)
    expected = fn(*at.values())
    out = {k: np.full(np.shape(v), 7.0) for k, v in expected.items()}
    assert fn(*at.values(), out=out) is out
    for k in out:
        np.testing.assert_array_equal(out[k], expected[k])


@pytest.mark.parametrize("n", [7, 30_000])
def test_out_may_be_an_input(n):
    x = sd.Graph().variable("x", "n")
    fn = sd.function([x], [sd.exp(x) + x[::-1], x * x])
    a = np.linspace(0, 1, n)
    expected = [np.exp(a) + a[::-1], a * a]
    b = a.copy()
    other = np.empty(n)
    fn(b, out=[b, other])
    np.testing.assert_allclose(b, expected[0])
    np.testing.assert_allclose(other, expected[1])
    same = np.empty(n)
    with pytest.raises(sd.InputError, match="outputs 0 and 1 overlap"):
        fn(a, out=[same, same])


def test_out_may_be_a_file(tmp_path):
    x = sd.Graph().variable("x", "n")
    mapped = np.memmap(tmp_path / "out", dtype=float, mode="w+", shape=30_000)
    assert sd.function([x], 2 * x)(np.ones(30_000), out=mapped) is mapped
    np.testing.assert_array_equal(mapped, 2.0)


# --- what is refused ----------------------------------------------------------------------------------------

F = np.float64


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda fn, X, w: fn(X), "1 given: w missing"),
        (lambda fn, X, w: fn(X, w, w), "takes 2 input"),
        (lambda fn, X, w: fn(X, v=w), "no input 'v'"),
        (lambda fn, X, w: fn(X, X=w), "given twice"),
        (lambda fn, X, w: fn(X=X), "missing input"),
        (lambda fn, X, w: fn(X.T, w), "shape"),
        (lambda fn, X, w: fn(X[0], w), "shape"),
        (lambda fn, X, w: fn(X, w[:, None]), "shape"),
        (lambda fn, X, w: fn(X + 1j, w), "complex"),
        (lambda fn, X, w: fn(X.astype(str), w), "no number"),
        (lambda fn, X, w: fn(X.astype(object), w), "no number"),
        (lambda fn, X, w: fn([[1, 2], [3]], w), "input 'X'"),
        (lambda fn, X, w: fn(None, w), "no number"),
        (lambda fn, X, w: fn(np.ma.masked_array(X, X > 0), w), "masked"),
        (lambda fn, X, w: fn(sd.Graph().variable("q"), w), "symbolic"),
        (lambda fn, X, w: fn(X, w, out=[np.empty(3), np.empty(3)]), "output 0"),
        (lambda fn, X, w: fn(X, w, out=[np.empty(())]), r"2 value\(s\) are needed, got 1"),
        (lambda fn, X, w: fn(X, w, out=[np.empty(()), np.empty(4)]), "shape"),
        (lambda fn, X, w: fn(X, w, out=[np.empty(()), np.empty(3, np.float32)]), "float32"),
        (lambda fn, X, w: fn(X, w, out=[np.empty(()), np.broadcast_to(0.0, 3)]), "read-only"),
        (lambda fn, X, w: fn.partial(q=1), "no input 'q'"),
        (lambda fn, X, w: fn.partial(X=X)(w[:2]), "shape"),
    ],
)
def test_calls_that_do_not_fit(call, message):
    g = sd.Graph()
    X, w = g.variable("X", "n d"), g.variable("w", "d")
    f = sd.sum(sd.exp(X @ w))
    fn = sd.function([X, w], [f, sd.grad(f, w)])
    with pytest.raises(InputError, match=message):
        call(fn, np.ones((4, 3)), np.ones(3))


@pytest.mark.parametrize(
    ("dtype", "value"),
    [
        ("int64", [1.5]),
        ("int64", [np.nan]),
        ("int64", [np.inf]),
        ("int32", [2**40]),
        ("bool", [2]),
        ("int64", [1e30]),
    ],
)
def test_values_that_their_type_cannot_hold(dtype, value):
    k = sd.Graph().variable("k", "n", dtype=dtype)
    with pytest.raises(InputError, match="'k'"):
        sd.function([k], sd.where(k > 0, 1.0, 0.0) if dtype != "bool" else k)(value)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda f: sd.function(["X"], f), "missing value"),
        (lambda f: sd.function(["X", "q"], f), "no variable"),
        (lambda f: sd.function(["X", "X", "w"], f), "twice"),
        (lambda f: sd.function(["X", "w"], [f, 3]), "expected an expression"),
        (lambda f: sd.function(["X", "w"], []), "no outputs"),
        (lambda f: sd.function(["X", "w", 3], f), "name or an expression"),
        (lambda f: sd.function(["X", "w"], [f, sd.Graph().variable("z")]), "different graphs"),
        (lambda f: sd.function(["X", sd.Graph().variable("w")], f), "another graph"),
        (lambda f: sd.function(["X", "w"], f, backend="fortran"), "no backend"),
    ],
)
def test_functions_that_do_not_fit(make, message):
    g = sd.Graph()
    f = sd.sum(sd.exp(g.variable("X", "n d") @ g.variable("w", "d")))
    with pytest.raises(InputError, match=message):
        make(f)


# --- names, structures, threads -----------------------------------------------------------------------------


def test_names_that_the_source_uses_itself():
    g = sd.Graph()
    names = ["np", "b0", "r0", "t3", "i", "m", "work", "run", "x_", "x", "loop", "lo", "w1", "s5", "results"]
    xs = [g.variable(k, "n") for k in names]
    f = sum((sd.sin(x) * (k + 1) for k, x in enumerate(xs)), start=0 * xs[0])
    r = np.random.default_rng(0)
    for n in (3, 60_000):
        agree([f, sd.sum(f), sd.grad(sd.sum(f), xs[1])], {x: r.normal(size=n) for x in xs})


def test_results_mirror_outputs():
    x = sd.Graph().variable("x", "n")
    a = np.ones(2)
    assert float(sd.function(x, sd.sum(x))(a)) == 2
    assert isinstance(sd.function([x], sd.sum(x))(a), np.float64)
    assert set(sd.function([x], {"p": x, "q": 2 * x})(a)) == {"p", "q"}
    assert isinstance(sd.function([x], (x,))(a), tuple)
    np.testing.assert_array_equal(sd.function([x], [x], backend="numpy")(x=[1, 2])[0], [1.0, 2.0])
    for backend in ("numpy", "tape"):
        nested = sd.function([x], {"f": sd.sum(x), "rest": [(3 * x,), sd.max(x)]}, backend=backend)(a)
        assert (nested["f"], nested["rest"][1], nested["rest"][0][0].tolist()) == (2, 1, [3, 3])


Pair = namedtuple("Pair", "first second")


@pytest.mark.parametrize(
    "structure",
    [
        0, [0], [], (0,), [[0, 0], [0, 0]], [[0], 0, [[0, 0], []]], {"a": 0, "b": [0, (0, 0)]}, Pair(0, [0, 0]),
        (Pair(0, 0), 0),
    ],
    ids=repr,
)
def test_mirroring_is_the_inverse_of_leaves(structure):
    """Leaves come back where they were, in containers of the same kinds."""
    numbers = itertools.count(1)

    def numbered(item):
        if isinstance(item, dict):
            return {k: numbered(v) for k, v in item.items()}
        if isinstance(item, Pair):
            return Pair(*map(numbered, item))
        return type(item)(map(numbered, item)) if isinstance(item, (list, tuple)) else next(numbers)

    wanted = numbered(structure)
    found = mirroring(structure)(leaves(wanted))
    assert found == wanted == mirrored(structure, leaves(wanted))
    assert repr(found) == repr(wanted)


def test_out_mirrors_outputs():
    x = sd.Graph().variable("x", "n")
    fn = sd.function([x], {"p": 2 * x, "q": [3 * x]})
    out = {"q": [np.zeros(2)], "p": np.zeros(2)}
    assert fn([1.0, 1.0], out=out) is out
    assert (out["p"].tolist(), out["q"][0].tolist()) == ([2, 2], [3, 3])
    for wrong in ([np.zeros(2)] * 2, {"p": np.zeros(2)}, {"p": np.zeros(2), "q": np.zeros(2)}):
        with pytest.raises(InputError, match="out"):
            fn([1.0, 1.0], out=wrong)


def test_interior_nodes_can_be_inputs():
    g = sd.Graph()
    X, w = g.variable("X", "n d"), g.variable("w", "d")
    z = X @ w
    f = sd.sum(sd.exp(z))
    assert float(sd.function([z], f)(np.zeros(5))) == 5


@pytest.mark.parametrize("n", [7, 40_000])
def test_partial_is_the_function_with_inputs_fixed(n):
    f, at = logistic(n, 6)
    v = f.graph.variable("v", "d")
    outputs = [sd.hvp(f, "w", v), sd.grad(f, "w"), f]
    at["v"] = np.random.default_rng(1).normal(size=6)
    fn = sd.function(list(at), outputs)
    expected = fn(*at.values())
    for fixed in (["X"], ["X", "y", "w"], ["v"], ["w", "y"], list(at)):
        rest = [k for k in at if k not in fixed]
        got = fn.partial(**{k: at[k] for k in fixed})(*[at[k] for k in rest])
        for a, b in zip(got, expected, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-10)
    twice = fn.partial(X=at["X"]).partial(w=at["w"], v=at["v"])
    np.testing.assert_allclose(twice(at["y"])[0], expected[0], rtol=1e-10)


@pytest.mark.parametrize("fixed", ["w", "X", "y"])
def test_what_is_fixed_needs_sizes_that_only_the_rest_shows(fixed):
    g = sd.Graph()
    X, y, w = g.variable("X", "n d"), g.variable("y", "n"), g.variable("w", "d")
    outputs = [sd.mean(y) * w, sd.exp(w) * g.size("n"), sd.broadcast_to(sd.tanh(w), ("n", "d")) + X, sd.mean(X)]
    at = {"X": np.arange(6.0).reshape(3, 2), "y": np.arange(3.0), "w": np.ones(2)}
    part = sd.function(list(at), outputs, backend="numpy").partial(**{fixed: at[fixed]})
    for a, b in zip(part(*[v for k, v in at.items() if k != fixed]), sd.evaluate(outputs, at), strict=True):
        np.testing.assert_allclose(a, b)


@pytest.mark.parametrize("backend", ["numpy", "tape"])
@pytest.mark.parametrize("copied", [copy.deepcopy, lambda fn: pickle.loads(pickle.dumps(fn))])
def test_a_copy_gives_the_same(backend, copied):
    f, at = logistic(50, 3)
    outputs = {"value": f, "slopes": [sd.grad(f, "w"), sd.mean(f.graph.variable("X"))]}
    fn = sd.function(list(at), outputs, backend=backend)
    part = fn.partial(X=at["X"], w=at["w"])
    for made, given in ((fn, list(at.values())), (part, [at[k] for k in part.names])):
        found, wanted = copied(made)(*given), made(*given)
        assert found["value"] == wanted["value"]
        for a, b in zip(found["slopes"], wanted["slopes"], strict=True):
            np.testing.assert_array_equal(a, b)


def test_a_linearised_product_runs_only_what_depends_on_the_vector():
    f, at = logistic(50, 6)
    v = f.graph.variable("v", "d")
    fn = sd.function(["X", "y", "w", "v"], sd.hvp(f, "w", v)).partial(**at)
    assert not {"sigmoid", "softplus", "exp"} & {i.op.name for i in fn.program.instructions}


@pytest.mark.parametrize(("n", "backend", "rtol"), [(50, "auto", 0), (30_000, "numpy", 0), (30_000, "auto", 1e-11)])
def test_eight_threads_give_the_same_as_one(n, backend, rtol):
    """To the last bit; "auto" may go on with compiled loops in between, which add in another order."""
    f, at = logistic(n, 8)
    fn = sd.function(list(at), [f, sd.grad(f, "w"), sd.softplus(f.graph.variable("X"))], backend)
    points = [{**at, "w": at["w"] * k} for k in range(8)]
    expected = [fn(*p.values()) for p in points]
    got: list = [None] * 8
    start = threading.Barrier(8)

    def call(k):
        start.wait()
        for _ in range(3):
            got[k] = fn(*points[k].values())

    threads = [threading.Thread(target=call, args=(k,)) for k in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    for a, b in zip(got, expected, strict=True):
        for u, v in zip(a, b, strict=True):
            np.testing.assert_allclose(u, v, rtol=rtol, atol=0)


def test_sizes_may_change_from_call_to_call():
    f, _ = logistic(3, 2)
    fn = sd.function(["X", "y", "w"], [f, sd.grad(f, "w")])
    for n, d in [(3, 2), (20_000, 5), (5, 5), (3, 2), (1, 1), (9000, 2)]:
        _, at = logistic(n, d)
        for a, b in zip(fn(*at.values()), sd.evaluate([f, sd.grad(f, "w")], at), strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-10)


# --- streaming ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.parametrize("n", [0, 1, 300, 4096, 20_001])
def test_streaming_gives_the_same(n, threads):
    f, at = logistic(n, 40)
    X = f.graph.variable("X")
    outputs = [f, sd.grad(f, "w"), sd.sigmoid(X @ f.graph.variable("w")), sd.sum(X, axis=0), X.T @ X]
    fn = sd.function(list(at), outputs, stream="n", threads=threads)
    for a, b in zip(fn(*at.values()), sd.evaluate(outputs, at), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-10)
    if n > 4096:
        assert "for i in range(lo, hi" in fn.source


@pytest.mark.parametrize("n", [1, 300, 20_001])
def test_streaming_puts_together_what_is_no_sum(n):
    g, r = sd.Graph(), np.random.default_rng(0)
    X, k = g.variable("X", "n d"), g.variable("k", "n", dtype="int64")
    outputs = [
        sd.logsumexp(X, axis=0), sd.max(X), sd.min(k), sd.any(k > 8), sd.all(X > -3, axis=0), sd.norm2(X), sd.sum(k),
        sd.prod(sd.exp(X / 99), axis=0), sd.max(k > 8),
    ]  # fmt: skip
    at = {"X": r.normal(size=(n, 40)), "k": r.integers(0, 10, n)}
    fn = sd.function(list(at), outputs, stream="n", threads=2)
    for a, b in zip(fn(*at.values()), sd.evaluate(outputs, at), strict=True):
        assert a.dtype == b.dtype
        np.testing.assert_allclose(a, b, rtol=1e-10)
    if n > 300:
        assert "else np.logaddexp(" in fn.source


@pytest.mark.parametrize("d", [256, 320])
def test_another_axis_as_long_as_a_block_of_rows(d):
    """The rows are the second axis, and the last block is a shorter one."""
    g = sd.Graph()
    X, w = g.variable("X", "d n"), g.variable("w", "d")
    y = sd.tanh(X * w[:, None]) * sd.sin(2 * X) + X**3
    outputs = [sd.sum(y), sd.sum(y, axis=0), X @ sd.tanh(w @ X)]
    r = np.random.default_rng(0)
    at = {"X": r.normal(size=(d, 5000)), "w": r.normal(size=d)}
    fn = sd.function(["X", "w"], outputs, stream="n")
    for a, b in zip(fn(*at.values()), sd.evaluate(outputs, at), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-9)
    assert "for i in range(lo, hi" in fn.source


@pytest.mark.parametrize("text", ["nkd,dp->nkp", "nkd,dp->pnk", "nkd,n->dk"])
@pytest.mark.parametrize(("n", "k", "d"), [(60_000, 3, 4), (64 * 64, 64, 64)])
def test_products_of_several_axes_in_blocks_of_rows(text, n, k, d):
    """Two axes become one for BLAS: rows and another one, or two others that together are as long as the rows."""
    g = sd.Graph()
    a, b = (ls.replace("k", "0").replace("d", "1") for ls in text[: text.index("-")].split(","))
    sizes = {"n": "n", "0": k, "1": d, "p": 5}
    T, y = g.variable("T", [sizes[i] for i in a]), g.variable("y", [sizes[i] for i in b])
    e = sd.einsum(text, sd.tanh(T), sd.tanh(y))
    r = np.random.default_rng(0)
    given = [r.normal(size=[{"n": n}.get(s, s) for s in v.shape]) for v in (T, y)]
    outputs = [e * 2, sd.sum(e**2)] if "n" in e.shape else [e]
    fn = sd.function([T, y], outputs, stream="n", threads=2)
    for found, wanted in zip(fn(*given), sd.evaluate(outputs, {T: given[0], y: given[1]}), strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-9)
    assert "for i in range(lo, hi" in fn.source


def test_streaming_reads_a_file_in_constant_memory(tmp_path):
    n, d = 60_000, 64
    X = np.memmap(tmp_path / "X.dat", dtype=np.float64, mode="w+", shape=(n, d))
    X[:] = np.random.default_rng(0).normal(size=(n, d))
    X.flush()
    f, at = logistic(3, d)
    y = np.ones(n)
    fn = sd.function(["X", "y", "w"], [f, sd.grad(f, "w")], stream="n", threads=1)
    mapped = np.memmap(tmp_path / "X.dat", dtype=np.float64, mode="r", shape=(n, d))
    fn(mapped, y, at["w"])
    tracemalloc.start()
    value, slope = fn(mapped, y, at["w"])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < n * 8  # not even one vector over the rows
    z = -np.asarray(X) @ at["w"]
    np.testing.assert_allclose(value, np.logaddexp(0, z).sum() + at["w"] @ at["w"] / 200, rtol=1e-11)
    np.testing.assert_allclose(slope, -(X.T @ (1 / (1 + np.exp(-z)))) + at["w"] / 100, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("backend", ["numpy", "tape"])
def test_what_stays_fixed_is_copied_where_it_is_asked_for(backend):
    y, z = sd.Graph().variables("y z", shape=3)
    fn = sd.function([y, z], sd.sum(y * z), backend=backend)
    a, b = np.ones(3), np.arange(3.0)
    here, copied = fn.partial(y=a), fn.partial(y=a, copy=True)
    assert [np.shares_memory(part._fixed[0], a) for part in (here, copied)] == [True, False]
    a[0] = 5
    assert copied(b + 1) == 6


def test_an_input_may_be_called_copy():
    x, other = sd.Graph().variables("x copy")
    assert sd.function([x, other], x / other).partial(copy=2.0)(6.0) == 3


def test_a_file_that_stays_fixed_is_not_copied(tmp_path):
    f, at = logistic(100, 3)
    X = np.memmap(tmp_path / "X", dtype=float, mode="w+", shape=(100, 3))
    X[...] = at["X"]
    fn = sd.function(list(at), sd.grad(f, "w"), backend="numpy")
    part = fn.partial(X=X, y=at["y"], copy=True)
    assert [np.shares_memory(a, b) for a, b in zip(part._fixed, (X, at["y"]), strict=True)] == [True, False]
    np.testing.assert_allclose(part(at["w"], *list(at.values())[3:]), fn(*at.values()))


def test_progress_is_shown_and_changes_nothing(capsys):
    f, at = logistic(30_000, 40)
    fn = sd.function(list(at), sd.grad(f, "w"), stream="n")
    np.testing.assert_allclose(fn(*at.values(), progress=True), fn(*at.values()), rtol=1e-12)
    assert "30.0k/30.0k" in capsys.readouterr().err


ALONG_COLUMNS = {
    "cumulative_prod": lambda X, y: sd.cumulative_prod(X, axis=1), "cumulative_sum": lambda X, y: sd.cumsum(X, axis=1),
    "concat": lambda X, y: sd.concat([X, X * y[:, None]], axis=1), "stack": lambda X, y: sd.stack([X, -X], axis=1),
    "stack of columns": lambda X, y: sd.stack([X[:, 0], y, X[:, 2]], axis=1), "sort": lambda X, y: sd.sort(X, axis=1),
    "pad": lambda X, y: sd.pad(X, ((0, 0), (1, 2))), "take": lambda X, y: sd.take(X, np.array([3, 0, 3]), axis=1),
    "argsort": lambda X, y: X * sd.argsort(X, axis=1), "flip": lambda X, y: X[:, ::-1],
    "roll": lambda X, y: sd.roll(X, 1, axis=1), "diff": lambda X, y: X[:, 1:] - X[:, :-1],
    "place": lambda X, y: sd.grad(sd.sum(X[:, 1:3] ** 3), X), "reshape": lambda X, y: sd.reshape(X, ("n", 2, 2)),
    "softmax": lambda X, y: sd.softmax(X, axis=1), "repeat": lambda X, y: sd.repeat(X, 2, axis=1),
    "scatter_add": lambda X, y: sd.scatter_add(X, np.array([1, 1, 0, 5]), 6, axis=1),
    "take_along_axis": lambda X, y: sd.take_along_axis(X, sd.argsort(X, axis=1), axis=1),
    "prod": lambda X, y: sd.prod(X, axis=1), "gradient of prod": lambda X, y: sd.grad(sd.sum(sd.prod(X, axis=1)), X),
    "matrices": lambda X, y: sd.inv(sd.reshape(X, ("n", 2, 2)) + 3 * np.eye(2)),
    "norm": lambda X, y: sd.norm(X, axis=1),
    "tril": lambda X, y: sd.tril(sd.reshape(X, ("n", 2, 2))), "argmax": lambda X, y: y * sd.argmax(X, axis=1),
    "gather by rows": lambda X, y: sd.take(np.array([2.0, 5.0, 7.0, 1.0]), sd.argmax(X, axis=1)),
    "transposed": lambda X, y: sd.concat([X.T, X.T], axis=0), "recurrence": lambda X, y: sd.linear_recurrence(X, X),
}  # fmt: skip


@pytest.mark.parametrize("name", ALONG_COLUMNS)
def test_what_goes_along_columns_streams_over_rows(name):
    """Whatever the record says of rows: no row needs another."""
    g = sd.Graph()
    e = ALONG_COLUMNS[name](g.variable("X", ("n", 4)), g.variable("y", "n"))
    outputs = [e, sd.sum(e**2)]
    r = np.random.default_rng(1)
    for n in (2, 140_001):
        at = {"X": r.normal(size=(n, 4)), "y": r.normal(size=n)}
        fn = sd.function(["X", "y"], outputs, stream="n", threads=2)
        for a, b in zip(fn(*at.values()), sd.evaluate(outputs, at), strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-10)
    assert "for i in range(lo, hi" in fn.source


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda X, y: (sd.sum(X), "q"), "no input has such an axis; the named axes are n, d"),
        (lambda X, y: (X / sd.sum(X), "n"), "two passes"),
        (lambda X, y: (sd.softmax(y), "n"), "two passes"),
        (lambda X, y: (sd.cumulative_sum(y), "n"), "all rows"),
        (lambda X, y: (y[1:] - y[:-1], "n"), "all rows"),
        (lambda X, y: (X @ X.T, "n"), "all rows"),
        (lambda X, y: (sd.sort(y), "n"), "all rows"),
    ],
)
def test_streams_that_are_not_valid(make, message):
    g = sd.Graph()
    e, axis = make(g.variable("X", "n d"), g.variable("y", "n"))
    with pytest.raises(InputError, match=message):
        sd.function(["X", "y"], e, stream=axis)


@pytest.mark.parametrize("name", ["max", "min"])
def test_an_extreme_of_nothing_is_an_error(name):
    f = sd.parse(f"{name}(A, axis=0)", A="m n")
    assert sd.evaluate(f, {"A": np.zeros((2, 0))}).shape == (0,)
    for call in (lambda A: sd.evaluate(f, {"A": A}), sd.function(["A"], f)):
        with pytest.raises(sd.InputError, match=f"{name}.*size m, with m = 0"):
            call(np.zeros((0, 3)))


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_softplus_and_sigmoid_share_an_exponential(dtype):
    x = sd.Graph().variable("x", "n", dtype)
    y = sd.softplus(x)
    special = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 700, -700, 40, -40, 1e-9], dtype)
    at = np.concatenate([special, np.random.default_rng(0).normal(size=5000).astype(dtype)])
    outputs = [y, sd.sigmoid(x), sd.grad(sd.sum(y**2), x)]
    fn = agree(outputs, {"x": at}, rtol=1e-5 if dtype == "float32" else 1e-13, atol=1e-30)
    assert fn.source.count("np.exp(") == 1


@pytest.mark.parametrize(("rows", "loops"), [(10_000, 0), (100_000, 1)])
def test_arrays_that_fit_the_cache_need_no_loop(rows, loops):
    """A short array is still in the cache when the next step reads it: blocks would only cost calls."""
    g = sd.Graph()
    x = z = g.variable("x", "n")
    for _ in range(40):
        z = sd.tanh(z) + x
    fn = sd.function([x], sd.grad(sd.sum(z), x), backend="numpy")
    fn(np.linspace(-1, 1, rows))
    assert fn.source.count("def rows_") == loops


@pytest.mark.parametrize("signs", ["plus", "minus", "mixed", "nan"])
@pytest.mark.parametrize(
    "text",
    [
        "X.T @ (c[:, None]*X)",
        "X.T @ diag(c*s) @ X",
        "Z @ (c[:, None]*s[:, None]*Z.T)",
        "einsum('ik,i,il->lk', X, c, X)",
    ],
)
@pytest.mark.parametrize("rows", [40, 5000])
def test_weighted_gram_matrices(text, signs, rows):
    """X' diag(c) X: one call, whatever the signs of the weights."""
    r = np.random.default_rng(rows)
    c = {"plus": 1.0, "minus": -1.0, "mixed": r.normal(size=rows), "nan": np.nan}[signs] * r.uniform(size=rows)
    at = {"X": r.normal(size=(rows, 35)), "Z": r.normal(size=(35, rows)), "c": c, "s": r.uniform(size=rows)}
    e = sd.parse(text, X="n d", Z="d n", c="n", s="n")
    given = {k: v for k, v in at.items() if k in text}
    fn = sd.function(list(given), e, backend="numpy")
    wanted = sd.evaluate(e, given)
    np.testing.assert_allclose(fn(*given.values()), wanted, rtol=1e-9, atol=1e-9)
    assert fn.source.count("gram(") == 1


def test_rows_from_memory_are_multiplied_in_turn():
    """The first product that reads a block of long rows goes row by row; later ones find it in the cache."""
    f, at = logistic(40_000, 100)
    fn = sd.function(list(at), sd.grad(f, "w"), threads=2)
    found = fn(*at.values())
    assert fn.source.count("rowdots(X_") == 1
    across = {**at, "X": np.asfortranarray(at["X"])}
    np.testing.assert_allclose(fn(*across.values()), found, rtol=1e-9)
    whole = sd.function(list(at), sd.grad(f, "w"), memory_limit=10**9)
    np.testing.assert_allclose(whole(*at.values()), found, rtol=1e-9)


def test_two_passes_keep_the_rows_in_between():
    """Chosen automatically: a sum over rows, then each row again."""
    g = sd.Graph()
    X, y = g.variable("X", "n d"), g.variable("y", "n")
    z = sd.exp(sd.sin(X @ X.T[:, 0] / 9) * y)
    p = z / sd.sum(z)
    r = np.random.default_rng(0)
    at = {X: r.normal(size=(300_000, 3)), y: r.normal(size=300_000)}
    fn = agree([p, sd.sum(p * sd.log(p)), sd.grad(sd.sum(p * sd.log(p)), y)], at, rtol=1e-9)
    assert fn.source.count("def rows_") >= 2


@pytest.mark.parametrize("threads", [0, -1, 1.5, True])
def test_threads_is_a_number(threads):
    x = sd.Graph().variable("x", "n")
    with pytest.raises(InputError, match="threads"):
        sd.function([x], x, threads=threads)


# --- what it shows of itself --------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [50, 30_000])
def test_profile_lists_every_line(n):
    f, at = logistic(n, 20)
    fn = sd.function(list(at), [f, sd.grad(f, "w")])
    profile = fn.profile(*at.values())
    assert len(profile.lines) == len(profile.seconds) > 5
    assert profile.total > 0
    table = str(profile)
    assert "matmul" in table
    assert "GFLOP/s" in table
    product = next(line for line in profile.lines if "matmul" in line.text)
    assert product.flops == 2 * n * 20
    assert product.nbytes == 8 * (n * 20 + n + 20)


@pytest.mark.parametrize(
    ("text", "leaves"),
    [
        ("sum(a*X + einsum('nj,jk->nk', Y, B), axis=0)", True),
        ("sum(a*X - b*X*(Y @ y)[:, None], axis=0)", True),
        ("sum(a*X + X, axis=0)", False),
        ("sum(X*Z - X**2*Z, axis=0)", False),
        ("sum(a*X - exp(X), axis=0)", False),
        ("sum(a*X + einsum('nj,jk->nk', Y, B))", True),
    ],
)
def test_a_sum_of_sums_of_products(text, leaves):
    """Where a factor can leave the sum, the terms with all their axes are not made."""
    rng = np.random.default_rng(0)
    shapes = {"a": "k", "b": "k", "X": "n k", "Y": "n j", "Z": "n k", "B": "j k", "y": "j"}
    sizes = {"n": 50, "k": 4, "j": 3}
    e = sd.parse(text, **shapes)
    values = {v: rng.standard_normal([sizes[s] for s in shapes[v].split()]) for v in e.variables}
    fn = sd.function(list(values), e, backend="numpy")
    np.testing.assert_allclose(fn(*values.values()), sd.evaluate(e, values), rtol=1e-12, atol=1e-12)
    plan = build_plan(build_program(e.graph, [e.graph.variable(v).node for v in values], [e.node]), sizes)
    assert all(step.op.name != "add" or plan.shape[step.node] != (50, 4) for step in plan.steps) == leaves


def test_source_before_the_first_call():
    f = sd.parse("x*y + sum(v)", v=3)
    fn = sd.function(["x", "y", "v"], f, backend="numpy")
    assert "x*y" in fn.source
    assert fn(2, 3, [1, 1, 1]) == 9
    with pytest.raises(InputError, match="call the function first"):
        sd.function("v", sd.sum(sd.Graph().variable("v", "n")), backend="numpy").source  # noqa: B018


def test_program_prints():
    f, _ = logistic(3, 2)
    text = str(sd.function(["X", "y", "w"], [f]).program)
    assert "input X: float64 (n, d)" in text
    assert "contract('ab,b->a', X, w)" in text
    x = sd.Graph().variable("x")
    for _ in range(2000):
        x = sd.sin(x)
    assert str(sd.function(["x"], x, backend="numpy").program).count("\n") < 500


# --- recompute or store -------------------------------------------------------------------------------------


def chain(layers, n):
    g = sd.Graph()
    x, w = g.variable("x", n), g.variable("w", n)
    h = x
    for _ in range(layers):
        h = sd.sin(h * w) + sd.cos(h) / 4
    f = sd.sum(h)
    return [f, *sd.grad(f, [x, w])], [np.linspace(0.1, 1, n), np.linspace(-1, 1, n)]


def test_memory_limit_recomputes():
    n, layers = 5000, 200
    outputs, arrays = chain(layers, n)
    stored = 5 * layers * n * 8  # about what keeping every intermediate result takes
    limit = stored // 8
    fn = sd.function(["x", "w"], outputs, backend="numpy", memory_limit=limit)
    expected = sd.function(["x", "w"], outputs, backend="numpy")(*arrays)
    for a, b in zip(fn(*arrays), expected, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-10)
    assert fn.planned_peak <= limit
    kernel = fn._run.kernel(arrays)  # what is really allocated is about what was planned
    assert sum(size_of(forms) for forms in kernel.source.buffers) <= 1.2 * limit


LAYERS = {
    "sin": lambda z, x: sd.sin(z),
    "scaled sin": lambda z, x: 1.01 * sd.sin(z),
    "sin and a factor": lambda z, x: sd.sin(z) * x,
    "tanh and a skip": lambda z, x: sd.tanh(z) + x,
    "sin of a sum": lambda z, x: sd.sin(z + x),
}


@pytest.mark.parametrize("layer", LAYERS)
def test_memory_limit_of_chains(layer):
    """Also where every slope is at hand at once, and where a sum collects a term of each layer."""
    x = sd.Graph().variable("x", "n")
    z = x
    for _ in range(200):
        z = LAYERS[layer](z, x)
    outputs, at = [sd.sum(z), sd.grad(sd.sum(z), x)], np.linspace(0, 1, 500)
    stored = 200 * 500 * 8
    fn = sd.function([x], outputs, backend="numpy", memory_limit=stored // 4)
    for got, wanted in zip(fn(at), sd.evaluate(outputs, {x: at}), strict=True):
        np.testing.assert_allclose(got, wanted, rtol=1e-10, atol=1e-10)
    assert fn.planned_peak <= stored // 4


def test_memory_limit_that_no_plan_meets():
    outputs, arrays = chain(50, 1000)
    with pytest.raises(InputError, match="the least that a plan needs is"):
        sd.function(["x", "w"], outputs, backend="numpy", memory_limit=1000)(*arrays)


@pytest.mark.parametrize(
    "options", [{"memory_limit": -1}, {"memory_limit": 1.5}, {"memory_limit": 10, "stream": "n"}]
)
def test_memory_limits_that_are_none(options):
    x = sd.Graph().variable("x", "n")
    with pytest.raises(InputError, match="memory_limit"):
        sd.function([x], x, **options)


def test_a_generous_limit_changes_nothing():
    outputs, arrays = chain(5, 100)
    fn = sd.function(["x", "w"], outputs, backend="numpy", memory_limit=10**9)
    for a, b in zip(fn(*arrays), sd.evaluate(outputs, dict(zip("xw", arrays, strict=True))), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12)
    assert 0 < fn.planned_peak < 10**6


def test_sums_of_many_arrays_are_running_sums():
    g = sd.Graph()
    xs = g.variables([f"x{k}" for k in range(12)], "n")
    b, s = g.variable("b", ("n",)), g.variable("s")
    e = sum(((k - 3) * sd.sin(x) for k, x in enumerate(xs)), start=b * 2 + s) - sd.exp(xs[0]) * 2
    r = np.random.default_rng(0)
    for n in (3, 30_000):
        agree([e, sd.sum(e)], {**{x: r.normal(size=n) for x in (*xs, b)}, s: 0.5})


# --- random programs ----------------------------------------------------------------------------------------


def random_outputs(seed):
    """Expressions on arrays over n, d and both, with sums over either and steps that need all rows."""
    r = np.random.default_rng(seed)
    g = sd.Graph()
    pool = [
        g.variable("X", "n d"),
        g.variable("y", "n"),
        g.variable("w", "d"),
        g.variable("A", "d d"),
        g.variable("s"),
    ]

    def pick(ndim=None):
        found = [e for e in pool if ndim is None or e.ndim == ndim]
        return found[r.integers(len(found))]

    def over_n(e):
        return bool(e.shape) and e.shape[0] == "n"

    moves = [
        lambda: sd.tanh(pick()),
        lambda: sd.sigmoid(pick()) * int(r.integers(-2, 3)),
        lambda: sd.softplus(pick()) - pick(0),
        lambda: pick(1) * pick(0) + 1,
        lambda: sd.where(pick(1) > 0, 0.5, -1),
        lambda: (lambda m: m.T if over_n(m) else m)(pick(2)),
        lambda: (lambda m, v: m * (v[:, None] if over_n(v) and over_n(m) else 2))(pick(2), pick(1)),
        lambda: sd.sum(pick(2), axis=int(r.integers(0, 2))) / 3,
        lambda: sd.mean(pick(1)) + sd.max(pick(1)),
        lambda: (lambda a, b: a @ b if a.shape[-1] == b.shape[0] else sd.tanh(a))(pick(2), pick(2)) / 9,
        lambda: (lambda a, b: a @ b if a.shape[-1] == b.shape[0] else sd.tanh(b))(pick(2), pick(1)) / 9,
        lambda: (lambda a, b: a + 2 * b if a.shape == b.shape else a)(pick(), pick()),
        lambda: (lambda a, b: a * b if a.shape == b.shape else b / 2)(pick(), pick()),
        lambda: sd.softmax(pick(2), axis=int(r.integers(0, 2))),
        lambda: sd.logsumexp(pick(2), axis=int(r.integers(0, 2))),
        lambda: sd.cumulative_sum(pick(1), axis=0) / 50,
        lambda: (lambda v: sd.reshape(sd.outer(v, pick(1)), (-1,))[:3] if not over_n(v) else v[::-1])(
            pick(1)
        ),
        lambda: sd.norm2(pick(2), axis=1) + 1,
        lambda: sd.einsum("ij,ij->j", *([pick(2)] * 2)) / 9,
    ]
    while len(pool) < 18:
        e = moves[r.integers(len(moves))]()
        if e.shape in ((), ("n",), ("d",), ("n", "d"), ("d", "n"), ("d", "d")) and e.dtype == "float64":
            pool.append(e)
    total = sum((sd.sum(sd.tanh(e / 4)) for e in pool[-5:]), start=pick(0))
    outputs = [total, *sd.grad(total, ["X", "w", "y"]), *(pool[k] for k in r.integers(5, len(pool), 3))]
    return outputs


@pytest.mark.parametrize("seed", range(int(os.environ.get("SYMDIFF_SEEDS", "25"))))
@pytest.mark.parametrize("n", [6, 3001])
def test_random_programs(seed, n, monkeypatch):
    """With loops over rows wherever they are possible, in small blocks and several threads."""
    monkeypatch.setattr(rows, "GAIN", 0)
    monkeypatch.setattr(rows, "BLOCK_BYTES", 1 << 14)
    outputs = random_outputs(seed)
    r, d = np.random.default_rng(seed), 7
    at = {
        "X": r.normal(size=(n, d)), "y": r.normal(size=n), "w": r.normal(size=d),
        "A": r.normal(size=(d, d)) / 2, "s": 0.3,
    }  # fmt: skip
    fn = agree(outputs, at, rtol=1e-8, atol=1e-8, threads=3)
    data = {k: at[k] for k in ("X", "y", "A")}
    part = sd.function(list(at), outputs, backend="numpy", threads=1).partial(**data)
    for a, b in zip(part(at["w"], at["s"]), fn(*at.values()), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-8, atol=1e-8)
    if n > 100 and seed < 5:
        limited = sd.function(list(at), outputs, backend="numpy", memory_limit=10**9)
        for a, b in zip(limited(*at.values()), fn(*at.values()), strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-8, atol=1e-8)


# --- linear systems -----------------------------------------------------------------------------------------


def test_systems_with_one_matrix_share_their_factors():
    g = sd.Graph()
    A, b, C = g.variable("A", "n n"), g.variable("b", "n"), g.variable("C", "n k")
    inverse = sd.inv(A)
    r = np.random.default_rng(0)
    at = {A: r.normal(size=(6, 6)) + 4 * np.eye(6), b: r.normal(size=6), C: r.normal(size=(6, 2))}
    outputs = [
        inverse @ b, b @ inverse, inverse @ C, C.T @ inverse, (inverse @ C).T, inverse.T @ C,
        sd.solve(A, b) + b,
        sd.sum(sd.solve(A, C) ** 2), sd.grad(sd.sum(sd.solve(A, b) ** 3), A), b @ inverse @ b,
    ]  # fmt: skip
    fn = agree(outputs, at, rtol=1e-9)
    assert fn.source.count("op_lu_factor(") == 1
    assert "op_inv" not in fn.source
    agree([*outputs, inverse], at, rtol=1e-9)  # here the inverse is wanted itself


def test_the_factors_of_a_fixed_matrix_are_made_once():
    g = sd.Graph()
    A, b = g.variable("A", "n n"), g.variable("b", "n")
    a, v = np.array([[2.0, 1.0], [0.0, 4.0]]), np.array([1.0, 2.0])
    fn = sd.function([A, b], sd.solve(A, b), backend="numpy").partial(A=a)
    np.testing.assert_allclose(fn(v), np.linalg.solve(a, v))
    assert "op_lu_factor" not in fn.source
    assert "op_lu_solve" in fn.source


def test_a_singular_matrix_is_an_error():
    g = sd.Graph()
    A, b = g.variable("A", "n n"), g.variable("b", "n")
    for outputs in ([sd.solve(A, b)], [sd.inv(A) @ b, sd.inv(A).T @ b]):
        with pytest.raises(np.linalg.LinAlgError):
            sd.function([A, b], outputs)(np.ones((2, 2)), np.ones(2))


def test_an_op_whose_meaning_is_a_function_in_loops(register):
    """A loop inside a share of a loop: no thread waits for itself."""
    u = sd.Graph().variable("u", "n")
    inner = sd.function([u], sd.exp(sd.sin(u)) * sd.sigmoid(u) + sd.cos(u), threads=4)
    op = register("looped_inside", lambda x: inner(x), lambda x: x)
    x = sd.Graph().variable("x", "n")
    fn = sd.function([x], sd.sum(sd.tanh(op(sd.sin(x)) * 2)), threads=4)
    a = np.linspace(0, 1, 600_000)
    expected = np.tanh(2 * (np.exp(np.sin(np.sin(a))) / (1 + np.exp(-np.sin(a))) + np.cos(np.sin(a)))).sum()
    np.testing.assert_allclose(fn(a), expected, rtol=1e-11)


@pytest.mark.parametrize("options", [{}, {"threads": 1}, {"memory_limit": 10**8}], ids=str)
@pytest.mark.parametrize("n", [3, 30_000])
def test_ops_whose_value_is_an_operand_s_memory(n, options, register):
    """That memory is not used again before the value has been read."""
    turned = register("turned", lambda x: x[::-1], vjp=lambda ct, y, x: ct[::-1], arity=1, shape=lambda s: s)
    second = register("second", lambda x, y: y, [None, lambda x, y: 1])
    g = sd.Graph()
    x, k = g.variable("x", "n"), g.variable("k", ("n", 2), "int64")
    outputs = []
    for seen in (sd.stop_gradient(sd.sign(x)), turned(sd.tanh(x)), second(x, sd.tanh(x))):
        outputs.append(seen * x + sd.tanh(sd.exp(-x * x)) * sd.sigmoid(x * 2) + seen * sd.sin(x * 3) + seen)
    outputs += [(3 * k + 1).T * (5 * k - 2).T * (k - 1).T, *(sd.grad(sd.sum(e), x) for e in outputs)]
    at = {x: np.linspace(-1, 1, n), k: np.arange(2 * n).reshape(n, 2)}
    for wanted in [*([e] for e in outputs), outputs]:
        found = sd.function([x, k], wanted, backend="numpy", **options)(*at.values())
        for a, b in zip(found, sd.evaluate(wanted, at), strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-12)


def test_no_allocation_in_steady_state():
    n = 400_000
    x = sd.Graph().variable("x", "n")
    s = sd.sigmoid(x)
    fn = sd.function([x], [sd.softplus(x), s, s * (1 - s)], threads=1)
    a = np.linspace(-3, 3, n)
    out = [np.empty(n) for _ in range(3)]
    fn(a, out=out)
    tracemalloc.start()
    fn(a, out=out)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < n  # an eighth of one array


@pytest.mark.parametrize("shape", [(600, 300, 200), (40, 900, 700), (3, 5000, 2000)])
def test_large_products_shared_among_threads(shape):
    m, k, n = shape
    g = sd.Graph()
    A, B = g.variable("A", "m k"), g.variable("B", "n k")
    r = np.random.default_rng(0)
    a, b = r.normal(size=(m, k)), r.normal(size=(n, k))
    for threads in (1, 2, 5):
        fn = sd.function([A, B], [A @ B.T, B @ A.T], threads=threads)
        left, right = fn(a, b)
        np.testing.assert_allclose(left, a @ b.T, rtol=1e-11, atol=1e-11)
        np.testing.assert_allclose(right, b @ a.T, rtol=1e-11, atol=1e-11)
        assert "    matmul(" in fn.source or "loop(" in fn.source


@pytest.mark.parametrize("backend", ["numpy", "tape"])
def test_unknown_options(backend):
    x = sd.Graph().variable("x", "n")
    with pytest.raises(InputError, match="no option 'block'"):
        sd.function(x, 2 * x, backend=backend, block=3)


@pytest.mark.parametrize(
    ("declared", "arrays", "wanted"),
    [
        ({"x": "n + 1"}, {"x": 4}, {"n": 3}),
        ({"x": "m*k", "y": "k"}, {"x": 6, "y": 3}, {"m": 2, "k": 3}),
        ({"x": "n + m", "y": "2*n - 1"}, {"x": 6, "y": 3}, {"n": 2, "m": 4}),
        ({"x": "n - 1"}, {"x": 0}, {"n": 1}),
        ({"x": "2*n"}, {"x": 3}, None),
        ({"x": "n + 1"}, {"x": 0}, None),
        ({"x": "n*m"}, {"x": 6}, None),
        ({"x": "n*n"}, {"x": 4}, None),
        ({"x": "n + m", "y": "n"}, {"x": 1, "y": 3}, None),
    ],
)
def test_sizes_that_are_sums_and_products(declared, arrays, wanted):
    """A named size follows from the arrays also where no axis is it alone."""
    names = sorted({name for size in declared.values() for name in size if name.isalpha()})
    total = " + ".join([*(f"{10**k}*{name}" for k, name in enumerate(names)), *(f"0*sum({x})" for x in declared)])
    e = sd.parse(total, **declared)
    at = {x: np.zeros(size) for x, size in arrays.items()}
    for backend in ("numpy", "tape"):
        fn = sd.function([*at], e, backend=backend)
        if wanted is None:
            with pytest.raises(InputError, match=r"has shape \(\d,\), expected"):
                fn(*at.values())
        else:
            assert fn(*at.values()) == sum(10**k * wanted[name] for k, name in enumerate(names))


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("n", [3, 20_000])
@pytest.mark.parametrize("order", ["C", "F"])
def test_what_a_condition_does_not_take_is_zero(dtype, n, order, rng):
    """Beside inf and nan too, in arrays of every layout, and with a condition that is spread over rows."""
    g = sd.Graph()
    X, Y, c = (
        g.variable("X", "n 3", dtype=dtype), g.variable("Y", "n 3", dtype=dtype), g.variable("c", "n", dtype=dtype)
    )  # fmt: skip
    x, y = (np.asarray(rng.normal(size=(n, 3)).astype(dtype), order=order) for _ in range(2))
    k = rng.normal(size=n).astype(dtype)
    y[0], y[1], y[-1] = np.nan, np.inf, -0.0
    outputs = [
        sd.where(X > 0, Y * 2, 0), sd.where(X > 0, 0, Y), sd.where(X > 0, Y.T.T, 0), sd.where((c > 0)[:, None], Y, 0),
        sd.where(X > 0, c[:, None], 0), sd.where(X > 0, c[0], 0),
    ]  # fmt: skip
    wanted = [
        np.where(x > 0, y * 2, 0), np.where(x > 0, 0, y), np.where(x > 0, y, 0), np.where((k > 0)[:, None], y, 0),
        np.where(x > 0, k[:, None], 0), np.where(x > 0, k[0], 0),
    ]  # fmt: skip
    for each in (outputs, [sd.sum(e[2:], axis=1) for e in outputs]):
        found = sd.function([X, Y, c], each, backend="numpy")(x, y, k)
        for f, w in zip(found, wanted, strict=True):
            w = w if f.ndim == 2 else w[2:].sum(axis=1)
            assert f.dtype == dtype
            np.testing.assert_allclose(f, w, rtol=1e-6)


def test_workers_keep_off_the_core_of_the_caller(monkeypatch):
    """A thread that is woken on the caller's core waits for the caller: the workers may use every other."""
    cores = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
    if workers._cpu is None or len(cores) < 2:
        pytest.skip("one core, or a system that does not tell which")
    pool = workers.Workers()
    for core in sorted(cores)[:2]:
        monkeypatch.setattr(workers, "_cpu", lambda core=core: core)
        assert pool.submit(lambda t: os.sched_getaffinity(0), 0).result() == cores - {core}


SIZES = [
    ("x*sin(y) + 1", {"x": (), "y": ()}, "tape"),
    ("sum(exp(v)*w)", {"v": 3, "w": 3}, "tape"),
    ("A @ v", {"A": (3, 3), "v": 3}, "tape"),
    ("sum(exp(v)*w)", {"v": "n", "w": "n"}, "numpy"),  # who knows how many
    ("v[0]*v[1]", {"v": 50000}, "numpy"),  # all would be copied
    ("exp(-v**2)*w", {"v": 500, "w": 500}, "tape"),
    ("exp(-v**2)*w", {"v": 50000, "w": 50000}, "numpy"),
    ("solve(A, v)", {"A": (3, 3), "v": 3}, "numpy"),  # has no opcode
    ("A @ v", {"A": (30, 30), "v": 30}, "tape"),
    ("A @ v", {"A": (200, 200), "v": 200}, "numpy"),
    ("A @ B", {"A": (5, 5), "B": (5, 5)}, "tape"),
    ("A @ B", {"A": (30, 30), "B": (30, 30)}, "numpy"),  # of each number 30 products: BLAS keeps them in registers
]


@pytest.mark.parametrize(("text", "declared", "backend"), SIZES)
def test_small_programs_run_on_the_tape(text, declared, backend):
    f = sd.parse(text, **declared)
    fn = sd.function(list(declared), f)
    assert fn.backend == backend
    rng = np.random.default_rng(0)
    at = {k: rng.uniform(0.1, 1, [3 if n == "n" else n for n in f.graph.variable(k).shape]) for k in declared}
    np.testing.assert_allclose(fn(*at.values()), sd.evaluate(f, at), rtol=1e-14)


def test_ties_that_are_counted_run_on_the_tape():
    A = sd.Graph().variable("A", (3, 4))
    slope = sd.grad(sd.sum(sd.max(A, axis=1) ** 2), A)
    fn = sd.function([A], [slope, sd.sum(A > 1, axis=0)])
    at = np.array([[1.0, 3, 3, 2], [0, 0, 0, 0], [4, 1, 2, 3]])
    assert fn.backend == "tape"
    for found, wanted in zip(fn(at), sd.evaluate([slope, sd.sum(A > 1, axis=0)], {A: at}), strict=True):
        np.testing.assert_array_equal(found, wanted)
        assert found.dtype == wanted.dtype


def test_sums_over_entries_run_on_the_tape():
    x = sd.Graph().variable("x", 300)
    f = sd.add(*[x[k] * x[k + 1] ** 2 for k in range(299)])
    fn = sd.function([x], [f, sd.grad(f, x)])
    assert fn.backend == "tape"
    at = np.linspace(0.1, 1, 300)
    value, slope = fn(at)
    assert value == pytest.approx(np.sum(at[:-1] * at[1:] ** 2))
    assert slope == pytest.approx(np.append(at[1:] ** 2, 0) + 2 * np.insert(at[:-1], 0, 0) * at)


@pytest.mark.parametrize("dtype", ["float32", "int64", "int32"])
def test_types_that_the_tape_rounds_stay_with_numpy(dtype):
    x = sd.Graph().variable("x", dtype=dtype)
    assert sd.function(x, x * x + 1).backend == "numpy"


@pytest.mark.parametrize("shape", [(3, 4), (300, 200)])
@pytest.mark.parametrize("f", [
    lambda x, y: sd.sum(y * sd.exp(x - sd.max(x, axis=-1, keepdims=True))),
    lambda x, y: sd.sum(y * sd.exp(x - sd.min(x, axis=0, keepdims=True))),
    lambda x, y: sd.sum(sd.max(x * y, axis=0) ** 2),
    lambda x, y: sd.sum(sd.where(x > 0, x, 0.0) / (1 + sd.sum(x > 0, axis=1, keepdims=True)) * y),
    lambda x, y: sd.sum(sd.where(x > y, y / sd.sum(x > 0, axis=0), 0.0) ** 2),
    lambda x, y: sd.sum(sd.where(x > y, 0.0, x * sd.mean(x > 0, axis=1, keepdims=True)) ** 2),
    lambda x, y: sd.sum(sd.sqrt(sd.sum(1.0 * (x > 0), axis=1)) * sd.sum(x * y, axis=1)),
    lambda x, y: sd.sum(x @ (y.T * sd.sum(x > 0, axis=1))) * 0.01,
    lambda x, y: sd.sum(sd.softmax(x) * y / sd.sum(y > 0)),
    lambda x, y: sd.logsumexp(x * sd.sum(x > 0, axis=1, keepdims=True) * 1e-3 + y),
])  # fmt: skip
def test_counts_beside_float32(f, shape, rng):
    """Values of truth values are whole numbers of numpy's: results are of the type of the arrays that they meet."""
    g = sd.Graph()
    x, y = (g.variable(name, shape, dtype="float32") for name in "xy")
    value = f(x, y)
    at = {n: rng.normal(size=shape).astype(np.float32) for n in "xy"}
    agree([value, *sd.grad(value, [x, y])], at, rtol=1e-4, atol=1e-4)


BEYOND = [  # whole numbers and quotients that no double holds
    "10**400*x - 10**400*sin(x)", "(10**200*x)**2 - sin(x)", "1/(10**400*x + 1) - 1", "(x**3 - 10**900)/(x - 10**300)",
    "1/log(10**400*x) - 1/(10**400*x - 1)", "sin(x)/(x - 10**400)", "exp(10**400*x) - 1 - 10**400*x", "x/10**400",
    "1/(1 + " * 12 + "10**300*x" + ")" * 12,
]  # fmt: skip


@pytest.mark.parametrize("text", BEYOND)
@pytest.mark.parametrize("shape", [(), (3,)])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_numbers_beyond_the_doubles(text, shape):
    """They are inf, or a quotient of them a double; nothing stops."""
    g = sd.Graph()
    x = g.variable("x", shape)
    f = sd.sum(sd.parse(text, graph=g))
    outputs = [f, sd.grad(f, x)]
    at = np.full(shape, 1e-3)
    for backend in ("numpy", "tape") if not shape else ("numpy",):
        found = sd.function([x], outputs, backend=backend)(at)
        for value, expected in zip(found, sd.evaluate(outputs, {x: at}), strict=True):
            np.testing.assert_allclose(value, expected, rtol=1e-12)
