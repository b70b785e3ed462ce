"""Compiled loops: the backend "compiled" against the reference interpreter, also where its loops would not pay."""

import os
import pickle
import subprocess
import sys

import numpy as np
import pytest

import symdiff as sd
from benchmarks.array_programs import AFTERWARDS, PROGRAMS, NumpyWithErf
from symdiff import machine
from symdiff.backends import compiled, tiers, workers
from symdiff.backends.loops import nests, running
from symdiff.program import build_program, interpret

from .test_backend_ops import SIGNS, cases
from .test_ops import in_further_shapes

pytestmark = pytest.mark.skipif(bool(machine.unavailable()), reason="no machine code")


@pytest.fixture
def always(monkeypatch):
    """Loops for all steps that can be in one, shared by threads however short they are."""
    monkeypatch.setattr(nests, "_pays", lambda nest: True)
    monkeypatch.setattr(nests, "LONG", 3)
    monkeypatch.setattr(running, "SHARED", 1)


def function(inputs, outputs, **options):
    return sd.function(inputs, outputs, backend="compiled", **options)


def loops(fn):
    """The nests of the last call."""
    return fn._run._last.source.nests


def agree(found, wanted, rtol=1e-12, least=1e-300):
    """Relative to the largest entry."""
    assert len(found) == len(wanted)
    for f, w in zip(found, wanted, strict=True):
        assert np.shape(f) == np.shape(w)
        assert f.dtype == w.dtype
        finite = np.abs(w[np.isfinite(w)]) if w.dtype != bool else np.ones(1)
        np.testing.assert_allclose(f, w, rtol=rtol, atol=rtol * max([least, *finite.ravel()]), equal_nan=True)


# --- single ops -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "row", [pytest.param(row, marks=pytest.mark.long if in_further_shapes(row) else ()) for row in cases()]
)
def test_each_op_and_its_gradient(row, always):
    c = cases()[row]
    program = build_program(c.graph, c.inputs, c.outputs)
    found = compiled.compile(program)(c.arrays)
    if not row.startswith(SIGNS):
        agree(found, [np.asarray(w) for w in interpret(program, c.arrays)], rtol=1e-11, least=1e-3)


# --- array programs ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("name", [*PROGRAMS, *AFTERWARDS])
def test_array_programs(name, dtype, always):
    p = (PROGRAMS | AFTERWARDS)[name]
    arrays = [a.astype(dtype) for a in p.smallest(np.random.default_rng(0))]
    g = sd.Graph()
    xs = [g.variable(f"x{k}", a.shape, dtype) for k, a in enumerate(arrays)]
    f = p.f(NumpyWithErf(), *xs)
    outputs = [f, *sd.grad(f, xs[: p.wrt])]
    fn = function(xs, outputs)
    agree(fn(*arrays), sd.evaluate(outputs, dict(zip(xs, arrays, strict=True))), 1e-13 if dtype == "float64" else 2e-5)
    assert loops(fn)


ONE = [
    np.exp, np.tanh, np.sin, np.square, np.abs, lambda x: 1 / (1 + x * x), lambda x: np.sqrt(1 + x * x), lambda x: x**3,
]  # fmt: skip
TWO = [
    np.add, np.subtract, np.multiply, np.maximum, lambda x, y: x / (1 + y * y), lambda x, y: np.where(x < y, x, 2 * y),
]  # fmt: skip
FOLD = [np.sum, np.mean, np.max, np.min]


def grown(rng, xs):
    """A scalar of arrays by random steps: entries, slices, joins, sums and extremes along axes, spread again."""
    pool = list(xs)
    for _ in range(10):
        x = pool[rng.integers(len(pool))]
        move = rng.integers(6)
        if move == 0:
            pool.append(ONE[rng.integers(len(ONE))](x * 0.5))
        elif move == 1:
            others = [y for y in pool if y.shape == x.shape or 1 in (*x.shape, *y.shape)]
            pool.append(TWO[rng.integers(len(TWO))](x, others[rng.integers(len(others))]))
        elif move == 2:
            axis = int(rng.integers(x.ndim))
            folded = FOLD[rng.integers(len(FOLD))](x, axis=axis, keepdims=True)
            pool.append(x * folded if rng.integers(2) else x - folded)
        elif move == 3 and x.shape[-1] > 2:
            inner = x[..., 1:-1] * 2 - x[..., :-2] + x[..., 2:]
            pool.append(np.concatenate([x[..., :1], inner, -x[..., -1:]], axis=-1))
        elif move == 4:
            pool.append(x[..., ::-1] * x)
        elif x.ndim > 1 and x.shape[0] > 1:
            pool.append(x - np.concatenate([x[1:], x[:1]], axis=0))
    return sum(np.sum(y * y) for y in pool[len(xs) :])


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("seed", range(60))
def test_random_programs(seed, dtype, always):
    rng = np.random.default_rng(seed)
    shape = tuple(int(k) for k in rng.choice([1, 2, 3, 5, 8, 9, 17, 33], rng.integers(1, 4)))
    shapes = [shape, shape, tuple(1 if rng.integers(2) else k for k in shape)]
    arrays = [(0.5 * rng.standard_normal(s)).astype(dtype) for s in shapes]
    g = sd.Graph()
    xs = [g.variable(f"x{k}", a.shape, dtype) for k, a in enumerate(arrays)]
    f = grown(rng, xs)
    outputs = [f, *sd.grad(f, xs)]
    wanted = sd.evaluate(outputs, dict(zip(xs, arrays, strict=True)))
    agree(function(xs, outputs, threads=2)(*arrays), wanted, 1e-11 if dtype == "float64" else 1e-3, least=1.0)


# --- values, memory, sizes --------------------------------------------------------------------------------------------

SPECIAL = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 5e-324, -1e-310, 1e308, -1e308, 1.0, -1.0, 710.0, -750.0])


@pytest.mark.parametrize("f", [
    lambda x: sd.exp(x) + x, lambda x: sd.tanh(x) * 2, lambda x: sd.where(x > 0, sd.log(x), 0.0),
    lambda x: sd.abs(x) + 1,
    lambda x: sd.max(x) + x, lambda x: sd.min(x) * x, lambda x: sd.sigmoid(x) + sd.softplus(x),
    lambda x: sd.maximum(x, 0.5) + sd.minimum(x, 2), lambda x: x**3 + x**-2, lambda x: sd.sqrt(x) + sd.sign(x),
    lambda x: sd.isnan(x), lambda x: sd.sum(sd.where(sd.abs(x) < 800, x, 0.0)), lambda x: sd.expm1(x) + sd.log1p(x),
    lambda x: np.concatenate([x, x[::-1]]) * 2, lambda x: sd.logsumexp(x) + x, lambda x: sd.softmax(x) * 2,
])  # fmt: skip
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_special_values(f, dtype, always):
    with np.errstate(over="ignore"):
        whole = SPECIAL.astype(dtype)
    for at in (whole, whole[[0, 1, 9, 10]], whole[[4, 9]], whole[[2, 9]]):
        x = sd.Graph().variable("x", at.shape, dtype)
        y = f(x)
        with np.errstate(all="ignore"):
            wanted = sd.evaluate(y, {x: at})
        np.testing.assert_allclose(function(x, y)(at), wanted, rtol=1e-5 if dtype == "float32" else 1e-14)


def pairs(n="n", m=3):
    g = sd.Graph()
    x, w = g.variable("x", (n, m)), g.variable("w", m)
    f = sd.sum(sd.tanh(x * w) ** 2, axis=1)
    return x, w, [f, *sd.grad(sd.sum(f), [x, w])]


@pytest.mark.parametrize("shape", [(70, 5), (9, 40), (19, 12), (3, 4, 17)])
@pytest.mark.parametrize("name", ["max", "min", "sum", "mean", "logsumexp", "softmax", "log_softmax", "norm2"])
def test_reductions_along_rows_are_loops(name, shape, always, rng):
    x = sd.Graph().variable("x", shape)
    y, array = getattr(sd, name)(x, axis=-1), rng.normal(size=shape)
    fn = function([x], [y, sd.exp(y)])
    agree(fn(array), sd.evaluate([y, sd.exp(y)], {"x": array}), 1e-14)
    assert not [line for line in fn.source.splitlines() if "op_" in line or "reduce" in line]


@pytest.mark.parametrize("n", [0, 1, 2, 7, 8, 9, 2049])
def test_sizes(n, always):
    x, w, outputs = pairs()
    fn = function([x, w], outputs)
    a, b = np.random.default_rng(n).standard_normal((n, 3)), np.array([1.0, -0.5, 2.0])
    agree(fn(a, b), sd.evaluate(outputs, {x: a, w: b}), least=1.0)


def misaligned(a):
    """The same numbers, one byte off."""
    raw = np.empty(a.nbytes + 1, np.int8)[1:].view(a.dtype).reshape(a.shape)
    raw[...] = a
    return raw


def test_however_arrays_lie_in_memory(always, tmp_path):
    x, w, outputs = pairs()
    fn = function([x, w], outputs)
    rng = np.random.default_rng(0)
    big, b = rng.standard_normal((18, 9)), np.array([1.0, -0.5, 2.0])
    read_only = big[:9, :3].copy()
    read_only.flags.writeable = False
    kept = np.memmap(tmp_path / "a", np.float64, "w+", shape=(9, 3))
    kept[...] = big[:9, :3]
    part = big[:9, :3]
    for a in (big[::2, ::3], big[::-2, 2::-1], np.asfortranarray(part), misaligned(part), read_only, kept):
        wanted = sd.evaluate(outputs, {x: np.array(a), w: b})
        agree(fn(a, b[::-1][::-1]), wanted)
        for middle in (misaligned(np.zeros((9, 3))), np.zeros((9, 3), order="F"), np.zeros((9, 6))[:, ::-2]):
            out = [np.full((9, 2), np.nan)[:, 0], middle, np.zeros((3, 5))[:, 2]]
            assert fn(a, b, out=out) is out
            agree(out, wanted)
    a = big[:9, :3].copy()
    wanted = sd.evaluate(outputs, {x: a, w: b})
    agree(fn(a, b, out=[np.empty(9), a, np.empty(3)])[1:], wanted[1:])  # a result over what it is made of


@pytest.mark.parametrize("dtype", ["int64", "bool", "float32"])
def test_inputs_of_other_types(dtype, always):
    g = sd.Graph()
    k, x = g.variable("k", 11, dtype), g.variable("x", 11)
    outputs = [k * x + 1, sd.where(k > 0, x, 0.0), sd.sum(k * x), sd.sum(k), k + k]
    at = {k: np.arange(11).astype(dtype) if dtype != "bool" else np.arange(11) % 3 == 0, x: np.linspace(-1, 1, 11)}
    agree(function([k, x], outputs)(*at.values()), sd.evaluate(outputs, at), 1e-7 if dtype == "float32" else 1e-15)


def test_large_whole_numbers_stay_exact(always):
    k = sd.Graph().variable("k", 5, "int64")
    at = np.array([2**53 + 1, -(2**53) - 1, 1, 0, 2**62])
    np.testing.assert_array_equal(function(k, k + 1)(at), at + 1)


def test_fixed_inputs_threads_and_pickles(always):
    x, w, outputs = pairs(2049)
    a, b = np.random.default_rng(0).standard_normal((2049, 3)), np.array([1.0, -0.5, 2.0])
    wanted = sd.evaluate(outputs, {x: a, w: b})
    for threads in (1, 2, 3):
        fn = function([x, w], outputs, threads=threads)
        agree(fn(a, b), wanted)
        agree(fn.partial(x=a)(b), wanted)
        agree(pickle.loads(pickle.dumps(fn))(a, b), wanted)
    futures = [workers.pool().submit(lambda _: fn(a, b), 0) for _ in range(8)]
    for future in futures:
        agree(future.result(), wanted)
    with pytest.raises(sd.InputError, match="threads"):
        function([x, w], outputs, threads=0)
    with pytest.raises(sd.InputError, match="no option"):
        function([x, w], outputs, stream="n")


# --- what runs --------------------------------------------------------------------------------------------------------


def test_loops_are_chosen_where_they_save_memory_traffic():
    g = sd.Graph()
    u = g.variable("u", 20_000)
    r = u[2:] - 2 * u[1:-1] + u[:-2]
    fn = function(u, sd.grad(sd.sum(r * r), u))
    at = np.random.default_rng(0).standard_normal(20_000)
    agree([fn(at)], [sd.function(u, sd.grad(sd.sum(r * r), u), backend="numpy")(at)])
    (nest,) = loops(fn)
    assert nest.sources == [u.node]
    assert "for i in range(20000):" in fn.source
    table = fn.profile(at)
    assert [line.text.split("(")[0] for line in table.lines] == ["nest_0"]
    assert table.lines[0].nbytes == 2 * at.nbytes
    small = function(u[:9], sd.exp(u[:9]) + 1)
    small(at[:9])
    assert not loops(small)


def test_a_batch_of_short_rows_is_one_loop():
    z = sd.Graph().variable("z", (200, 10))
    fn = function(z, sd.grad(sd.sum(sd.logsumexp(z, axis=1) * sd.max(z, axis=1)), z))
    at = np.random.default_rng(0).standard_normal((200, 10))
    agree([fn(at)], [sd.evaluate(sd.grad(sd.sum(sd.logsumexp(z, axis=1) * sd.max(z, axis=1)), z), {z: at})])
    assert [nest.inner for nest in loops(fn)] == [200]


def test_products_of_matrices_stay_with_the_library():
    g = sd.Graph()
    x, w = g.variable("x", (500, 40)), g.variable("w", (40, 30))
    f = sd.sum(sd.tanh(x @ w) ** 2)
    fn = function([x, w], sd.grad(f, w))
    rng = np.random.default_rng(0)
    a, b = rng.standard_normal((500, 40)), rng.standard_normal((40, 30))
    agree([fn(a, b)], [sd.evaluate(sd.grad(f, w), {x: a, w: b})])
    assert fn.source.count("np.matmul") == 2
    assert len(loops(fn)) == 1


def test_code_is_kept_by_what_it_says(monkeypatch):
    """Equal loops of other functions are not compiled again."""
    made = []
    monkeypatch.setattr(running, "_code", {})
    real = machine.functions
    monkeypatch.setattr(machine, "functions", lambda key, *rest, **how: made.append(key) or real(key, *rest, **how))
    for name in "ab":
        x = sd.Graph().variable(name, 10_000)
        function(x, sd.exp(x * 2) * 3 + x)(np.ones(10_000))
    assert len(made) == 1


def test_operators(always):
    g = sd.Graph()
    x = g.variable("x", 9)
    f = sd.sum(sd.exp(x[1:] - x[:-1]) * x[1:] ** 2)
    at = {"x": np.linspace(0, 1, 9)}
    v = np.arange(9.0)
    H, wanted = (sd.HessianOperator(f, "x", at=at, backend=b) for b in ("compiled", "numpy"))
    np.testing.assert_allclose(H @ v, wanted @ v, rtol=1e-12)


# --- beside calls -----------------------------------------------------------------------------------------------------


class Way:
    """A way to run that takes the seconds that it is told, by a clock of the test's."""

    def __init__(self, clock, *seconds):
        self.clock, self.seconds, self.calls = clock, list(seconds), 0

    def __call__(self, arrays, out, bar, prepared):
        self.clock[0] += self.seconds[min(self.calls, len(self.seconds) - 1)]
        self.calls += 1
        return [self]


@pytest.mark.parametrize(("seconds", "taken"), [([5.0, 0.01], True), ([0.01], True), ([5.0], False), (None, False)])
def test_loops_take_over_where_they_are_faster(seconds, taken, monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(tiers.time, "perf_counter", lambda: clock[0])
    first, other = Way(clock, 0.06), seconds and Way(clock, *seconds)
    made = []
    run = tiers.Tiers(first, lambda: made.append(1) or other)
    calls = [run(None)[0] for _ in range(2)]
    assert not made  # two calls take less than compiling may
    calls += run(None)
    run.wait()
    calls += [run(None)[0] for _ in range(20)]
    assert made == [1]
    assert calls[:2] == [first] * 2
    assert calls[-1] is (other if taken else first)
    if other and not taken:
        assert other.calls == tiers.TRIALS


def test_what_runs_once_is_not_compiled(monkeypatch):
    monkeypatch.setattr(tiers, "PATIENCE", 0.0)
    x, w, outputs = pairs()
    fn = sd.function([x, w], outputs)
    fn(np.ones((2049, 3)), np.ones(3))
    assert fn._run._last._maker is None


@pytest.mark.parametrize("threads", [None, 1])
def test_a_function_takes_its_loops_over(threads, monkeypatch, tmp_path):
    monkeypatch.setattr(tiers.Tiers, "_note", lambda self, run, seconds: setattr(self, "run", self._other or self.run))
    x, w, outputs = pairs()
    fn = sd.function([x, w], outputs, **({} if threads is None else {"threads": threads}))
    assert fn.backend == "numpy"
    a, b = np.random.default_rng(0).standard_normal((20_049, 3)), np.array([1.0, -0.5, 2.0])
    wanted = sd.evaluate(outputs, {x: a, w: b})
    assert fn(a, b)[0].shape == (20_049,)
    assert "nest_0" not in fn.source
    fn._run._last.wait()
    agree(fn(a, b), wanted)
    agree(fn(a, b), wanted)
    assert "nest_0" in fn.source
    assert "nest_0" in str(fn.profile(a, b))
    out = [np.empty(20_049), np.empty((20_049, 3)), np.empty(3)]
    assert fn(a, b, out=out) is out
    agree(out, wanted)
    agree(pickle.loads(pickle.dumps(fn))(a, b), wanted)
    part = fn.partial(x=a)
    part(b)
    part._run._last.wait()
    agree(part(b), wanted)
    agree(part(b * 2), sd.evaluate(outputs, {x: a, w: b * 2}))


@pytest.mark.parametrize("options", [{"stream": "n"}, {"memory_limit": 1 << 30}])
def test_loops_are_not_for_streams(options):
    x, w, outputs = pairs()
    assert "loops" not in sd.function([x, w], outputs[0], **options).options
    with pytest.raises(sd.InputError, match="loops are not compiled beside"):
        sd.function([x, w], outputs[0], backend="numpy", loops=True, **options)


def test_without_machine_code_numpy_says_so_once():
    code = (
        "import numpy as np, symdiff as sd\nx = sd.Graph().variable('x', 5000)\n"
        "fns = [sd.function(x, sd.exp(x) * 2 + x, backend='compiled') for _ in range(2)]\n"
        "assert all(fn.backend == 'numpy' for fn in fns)\nassert fns[0](np.zeros(5000))[0] == 2\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env={**os.environ, "SYMDIFF_NO_LLVM": "1"},
    )  # fmt: skip
    assert done.stderr.count("numpy evaluates what compiled loops would") == 1


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("text", [
    "X @ W", "W.T @ X.T", "X.T @ Y", "Y.T @ X", "tanh(X @ W) @ W.T", "X @ W * 2 + 1", "exp(0.1*X) @ W", "X.T @ tanh(Y)",
    "(X @ W) * exp(Y)",
])  # fmt: skip
def test_products_with_few_columns(text, dtype, always, rng):
    """Loops make each column as a sum of its own; the small matrix gets the axis of the loop last."""
    given = {"X": (701, 97), "W": (97, 10), "Y": (701, 10)}
    g = sd.Graph()
    for name, shape in given.items():
        g.variable(name, shape, dtype=dtype)
    f = sd.parse(text, graph=g)
    at = {n: rng.normal(size=given[n]).astype(dtype) for n in given}
    outputs = [f, *sd.grad(sd.sum(f**2), list(given))]
    fn = function(list(given), outputs)
    agree(fn(*at.values()), sd.evaluate(outputs, at), 1e-13 if dtype == "float64" else 1e-4)
    assert len(loops(fn)) > 1


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("text", [
    "exp(0.1*(X @ Y.T))", "tanh(Y @ X.T) * 2 + 1", "softmax(X @ Y.T, axis=1)",
    "max(sum(X*X, axis=1)[:, None] - X @ Y.T, axis=1)", "exp(B @ swapaxes(C, 1, 2))", "sin(X @ Y.T) @ Y",
])  # fmt: skip
def test_products_that_sum_few_entries_are_made_where_they_are_read(text, dtype, always, rng):
    given = {"X": (101, 3), "Y": (40, 3), "B": (3, 17, 5), "C": (3, 21, 5)}
    g = sd.Graph()
    for name, shape in given.items():
        g.variable(name, shape, dtype=dtype)
    f = sd.parse(text, graph=g)
    used = sorted(set(text) & set(given))
    at = {n: rng.normal(size=given[n]).astype(dtype) for n in used}
    outputs = [sd.sum(f**2), *sd.grad(sd.sum(f**2), used)]
    fn = function(used, outputs)
    agree(fn(*at.values()), sd.evaluate(outputs, at), 1e-13 if dtype == "float64" else 1e-4)
    assert "matmul" not in fn.source.split("nest_0(")[0]


def test_long_programs_are_many_loops(monkeypatch):
    """Nests have a largest size; equal ones are compiled once; beside calls nothing is compiled that takes long."""
    x = sd.Graph().variable("x", 3000)
    y = x
    for _ in range(600):
        y = sd.exp(-y * y)
    at = np.linspace(0, 1, 3000)
    fn = function(x, y)
    np.testing.assert_allclose(fn(at), sd.evaluate(y, {x: at}), rtol=1e-9)
    found = loops(fn)
    assert all(sum(map(nests.weight, map(nest.steps.get, nest.virtual))) <= nests.FULL for nest in found)
    assert 15 < len(found) < 100
    beside = sd.function(x, y, backend="numpy", loops=True)
    beside(at)
    beside._run._last.wait()
    beside(at)
    assert "nest_0" not in beside.source
