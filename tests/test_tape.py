"""The tape backend: special values, long sums, slots, lanes, threads, sizes, and programs of small arrays."""

import itertools
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import symdiff as sd
from symdiff.backends import lowering, opcodes, points, tape
from symdiff.op import OPS, Partials, Unknown
from symdiff.program import build_program, interpret

EDGES = np.array(
    [
        -np.inf,
        -800.0,
        -2.0,
        -1.0,
        -0.5,
        -1e-300,
        -0.0,
        0.0,
        1e-17,
        0.5,
        1.0,
        2.0,
        2.5,
        40.0,
        800.0,
        1e7,
        1e300,
        np.inf,
        np.nan,
    ]
)


def program_of(inputs, outputs):
    return build_program(outputs[0].graph, [x.node for x in inputs], [e.node for e in outputs])


def agree(found, wanted, rtol=1e-13):
    for f, w in zip(found, wanted, strict=True):
        assert (f.shape, f.dtype) == (w.shape, w.dtype)
        np.testing.assert_allclose(
            f, w, rtol=rtol, atol=1e-13 * max(1.0, np.max(np.abs(w[np.isfinite(w)]), initial=0))
        )


def check(inputs, outputs, *arrays, rtol=1e-13):
    """One point, and the same point on lanes."""
    program = program_of(inputs, outputs)
    arrays = [np.asarray(a, dtype=x.dtype) for a, x in zip(arrays, inputs, strict=True)]
    fn, wanted = tape.compile(program), interpret(program, arrays)
    agree(fn(arrays), wanted, rtol)
    agree(fn(arrays), wanted, rtol)  # on a buffer that was used
    many = fn.map([np.stack([a] * 3) for a in arrays])
    agree([m[1] for m in many], wanted, rtol)
    return fn


# --- opcodes ------------------------------------------------------------------------------------------------


def by_values_alone(op):
    """In some operand: scipy may search, at infinities for minutes."""
    return isinstance(op.derivative, Partials) and any(isinstance(f, Unknown) for f in op.derivative.of)


ELEMENTWISE = [
    name for name, op in OPS.items()
    if op.elementwise and (op in lowering.DIRECT or op in lowering.RECIPES) and not by_values_alone(op)
]  # fmt: skip


@pytest.mark.filterwarnings("ignore:Exception ignored in. 'scipy:pytest.PytestUnraisableExceptionWarning")  # hyp0f1
@pytest.mark.parametrize("name", ELEMENTWISE)
def test_special_values(name):
    """nan, infinities, signed zeros and kinks, as scalars, in vectors and on lanes."""
    op = OPS[name]
    points = np.array(list(itertools.product(EDGES if op.arity < 3 else EDGES[::3], repeat=op.arity)))
    if name.startswith("logical"):
        points = np.nan_to_num(points)
    g = sd.Graph()
    xs = g.variables([f"x{k}" for k in range(op.arity)])
    vs = g.variables([f"v{k}" for k in range(op.arity)], "n")
    y, z = op(*xs), op(*vs)
    columns = list(points.T.copy())
    scalar, vector = tape.compile(program_of(xs, [y])), program_of(vs, [z])
    wanted = interpret(vector, columns)
    agree(tape.compile(vector)(columns), wanted, 1e-12)
    agree(scalar.map(columns), wanted, 1e-12)
    each = np.array([scalar(list(p))[0] for p in points])
    agree([each], wanted, 1e-12)


def test_large_angles():
    x = sd.Graph().variable("x", "n")
    check([x], [sd.sin(x), sd.cos(x)], np.array([1e5, -9.9e5, 1.1e6, 1e15, 3.0]), rtol=1e-11)


def test_every_opcode_has_words_and_a_name():
    assert (
        len(opcodes.WORDS)
        == len(opcodes.READS)
        == len(opcodes.NAMES)
        == len(set(opcodes.NAMES))
    )
    assert opcodes.NAMES[opcodes.SINCOS] == "sincos"
    assert opcodes.NAMES[opcodes.KEEP] == "keep"


# --- scalar programs ----------------------------------------------------------------------------------------


def recurrence(steps):
    g = sd.Graph()
    x, a0 = g.variables("x a0")
    a, b = a0, x
    for _ in range(steps):
        a, b = b, sd.sin(b) * x + a
    return x, a0, b


def test_recurrence():
    """sin and cos are computed together, products are fused into sums, and slots are shared."""
    x, a0, b = recurrence(300)
    fn = check([x, a0], [b, *sd.grad(b, [x, a0])], 0.3, 0.2, rtol=1e-10)
    words = [line.split()[0] for line in fn.source.splitlines()]
    assert words.count("sincos") == 300
    assert words.count("sin") == words.count("cos") == 0
    assert words.count("fma") >= 590
    (stream,) = fn._streams.values()
    assert stream._alone.length < 2 * 300 + 20


def test_slots_are_shared_along_a_chain():
    x = sd.Graph().variable("x")
    y = x
    for _ in range(1000):
        y = sd.exp(-y) + 0.5
    fn = check([x], [y], 0.1)
    assert next(iter(fn._streams.values()))._alone.length < 10


@pytest.mark.parametrize("seed", range(12))
def test_random_scalar_programs(seed):
    """Sums with signs and coefficients, products of several factors, shared and dead ends, outputs that are
    inputs."""
    rng = np.random.default_rng(seed)
    g = sd.Graph()
    xs = list(g.variables("a b c d"))
    nodes = [*xs, g.constant(0.5)]
    for _ in range(150):
        kind = rng.integers(6)
        pick = lambda: nodes[rng.integers(max(0, len(nodes) - 25), len(nodes))]  # noqa: E731
        if kind == 0:
            nodes.append(sd.sin(pick()) if rng.integers(2) else sd.cos(pick()))
        elif kind == 1:
            nodes.append(sd.tanh(pick() * pick()))
        elif kind == 2:
            nodes.append(pick() - pick() * pick() * 0.5)
        elif kind == 3:
            terms = [
                int(rng.integers(-2, 3)) * pick() * (pick() if rng.integers(2) else 1)
                for _ in range(rng.integers(2, 7))
            ]
            nodes.append(sd.tanh(sum(terms[1:], terms[0])))
        elif kind == 4:
            nodes.append(sd.where(pick() > pick(), pick(), sd.maximum(pick(), -pick())))
        else:
            nodes.append(pick() / (1 + pick() ** 2))
    y = sd.tanh(nodes[-1] + nodes[-2])
    outputs = [y, *sd.grad(y, xs), nodes[60], xs[1], g.constant(3.5)]
    point = rng.normal(size=4)
    check(xs, outputs, *point, rtol=1e-9)
    array = sd.stack([sd.stack([outputs[k] for k in rng.integers(0, len(outputs), 4)]) for _ in range(3)])
    check(xs, [array, y, sd.sum(array @ array.T), nodes[60]], *point, rtol=1e-9)


JOINED = {  # arrays put together of what s(scalars), v (a vector) and numbers give
    "numbers alone": lambda s, v: [sd.stack([s[0] * 0 + 1, s[0] * 0 + 2])],
    "inputs": lambda s, v: [sd.stack([s[0], s[1], s[0]])],
    "an entry twice": lambda s, v: [sd.stack([s[0] * s[1], s[1], s[0] * s[1]])],
    "in two arrays": lambda s, v: [sd.stack([s[0] * s[1], s[1]]), sd.stack([s[1] + 1, s[0] * s[1]])],
    "one array twice": lambda s, v: [(y := sd.stack([s[0] * s[1], s[1]])), sd.stack([y, y])],
    "entries of a vector": lambda s, v: [sd.stack([v[1], v[0] * v[2], v[1]])],
    "beside vectors": lambda s, v: [sd.concat([v, sd.stack([s[0] * s[1], s[1] * 2]), 2 * v])],
    "columns": lambda s, v: [sd.stack([sd.stack([s[0] * s[1], s[1]]), sd.stack([s[0], s[0] + s[1]])], axis=1)],
    "read again": lambda s, v: [(y := sd.stack([s[0] * s[1], s[1] + 1])), y[0] * y[1], y @ y],
    "read before it is whole": lambda s, v: [
        sd.stack([(a := s[0] * s[1]), (b := sd.sin(a) + a * s[1] - a * a), a * b + b + s[0]])
    ],
    "a term of long sums": lambda s, v: [
        sd.stack([(a := s[0] * s[1]), sd.add(a, s[0], s[1] * 2, sd.exp(a)), sd.add(s[0], sd.cos(a), a, s[1])])
    ],
    "sine and cosine": lambda s, v: [sd.stack([sd.sin(s[0]), sd.cos(s[0])]), sd.sin(s[0])],
    "by numpy": lambda s, v: [sd.stack([sd.special.jv(1.5, s[0] * s[1]), s[0] * s[1], sd.special.jv(0.5, s[1])])],
    "one entry": lambda s, v: [sd.stack([s[0] * s[1]]), sd.stack([sd.stack([s[0] * s[1]])]) * 2],
    "a Jacobian": lambda s, v: [sd.jacobian(sd.stack([v[0] * v[1], sd.sin(v[2]) * v[0], v[1] - v[2]]), v)],
    "a Hessian": lambda s, v: [sd.hessian(v[0] * v[1] * v[2] + sd.exp(v[0] * v[2]), v)],
}


@pytest.mark.parametrize("row", JOINED)
def test_arrays_put_together_of_scalars(row):
    g = sd.Graph()
    s, v = g.variables("a b"), g.variable("v", 3)
    check([*s, v], JOINED[row](s, v), 0.7, -1.3, [0.5, 2.0, -0.25])


def test_entries_are_computed_where_they_belong():
    """No copy of what is one entry of one result, and none of numbers."""
    v = sd.Graph().variable("v", 6)
    y = sd.stack([sd.sin(v[k]) * v[k + 1] for k in range(5)])
    fn = sd.function([v], [y, sd.jacobian(y, v)], backend="tape")
    assert "copy" not in fn.source
    assert "map1" not in fn.source


def test_long_sums_are_accumulated_as_their_terms_appear():
    g = sd.Graph()
    x = g.variable("x")
    total, term = x, x
    terms = []
    for k in range(200):
        term = sd.tanh(term + 0.5)
        terms.append((-1) ** k * term * x)
    total = sd.add(*terms)
    fn = check([x], [total], 0.3)
    assert next(iter(fn._streams.values()))._alone.length < 20


def test_integers_and_booleans():
    g = sd.Graph()
    i, j, c = (
        g.variable("i", dtype="int64"),
        g.variable("j", "n", dtype="int32"),
        g.variable("c", "n", dtype="bool"),
    )
    x = g.variable("x", "n", dtype="float32")
    outputs = [
        i * j + 1,
        c & (j > i),
        sd.where(c, i, j),
        sd.sum(j),
        sd.astype(x, "int64"),
        x * i,
        sd.logical_not(c),
        i / j,
    ]
    check([i, j, c, x], outputs, 7, [2, -3, 9], [True, False, True], [1.5, -2.5, 0.1], rtol=2e-7)
    fn = tape.compile(program_of([i], [i + 1]))
    assert fn([np.int64(2**53 - 1)])[0] == 2**53
    with pytest.raises(sd.InputError, match="2\\*\\*53"):
        fn([np.int64(2**53 + 1)])
    k = g.variable("k", "n", dtype="int64")
    with pytest.raises(sd.InputError, match="the input 'k' has integers beyond"):
        sd.function(k, k + 1, backend="tape")([2**53 + 1])


# --- small arrays -------------------------------------------------------------------------------------------


def lstm(g, steps, width):
    """An unrolled LSTM on rows of x, its loss a sum of squares of the states."""
    W, U, b = (
        g.variable("W", (4 * width, width)),
        g.variable("U", (4 * width, width)),
        g.variable("b", 4 * width),
    )
    x = g.variable("x", (steps, width))
    h = c = sd.zeros(width, graph=g)
    loss = g.constant(0.0)
    for t in range(steps):
        z = W @ x[t] + U @ h + b
        i, f, o, n = (z[k * width : (k + 1) * width] for k in range(4))
        c = sd.sigmoid(f) * c + sd.sigmoid(i) * sd.tanh(n)
        h = sd.sigmoid(o) * sd.tanh(c)
        loss = loss + sd.sum((h - x[t]) ** 2)
    return [W, U, b, x], loss


def test_lstm():
    xs, loss = lstm(sd.Graph(), 6, 5)
    rng = np.random.default_rng(0)
    check(xs, [loss, *sd.grad(loss, xs)], *(rng.normal(size=x.shape) for x in xs))


def test_views_cost_nothing():
    g = sd.Graph()
    A = g.variable("A", (4, 5))
    fn = check(
        [A],
        [A.T[1:4:2, ::-1], sd.reshape(A, (2, 10))[1], A[2, 3], sd.broadcast_to(A[0], (3, 5))],
        np.arange(20.0).reshape(4, 5),
    )
    assert fn.source.splitlines() == ["end"]


def test_network_with_named_sizes():
    """One callable at several sizes, empty axes included."""
    g = sd.Graph()
    X, W, v, t = g.variable("X", "n d"), g.variable("W", "d k"), g.variable("v", "k"), g.variable("t", "n")
    r = sd.tanh(X @ W) @ v - t
    f = sd.sum(r * r) + sd.logsumexp(W) + sd.norm2(v) + sd.sum(sd.log_softmax(W, 0))
    outputs = [f, *sd.grad(f, [W, v, X]), sd.hvp(f, v)]
    xs = [X, W, v, t, g.variable("v_v", "k")]
    program = program_of(xs, outputs)
    fn = tape.compile(program)
    rng = np.random.default_rng(1)
    for n, d, k in ((3, 2, 4), (1, 1, 1), (0, 2, 3), (3, 2, 4), (17, 5, 2)):
        arrays = [rng.normal(size=s) for s in ((n, d), (d, k), (k,), (n,), (k,))]
        agree(fn(arrays), interpret(program, arrays), 1e-12)
    with pytest.raises(sd.InputError, match="shape"):
        fn([np.ones((3, 2)), np.ones((3, 4)), np.ones(4), np.ones(3), np.ones(4)])


def test_more_sizes_than_are_kept():
    x = sd.Graph().variable("x", "n")
    y = x.graph.variable("y", "n")
    fn = tape.compile(program_of([x, y], [sd.sum(sd.exp(x) * y), x[::-1]]))
    for n in [*range(40), *range(39, -1, -3)]:
        a, b = np.linspace(0, 1, n), np.arange(float(n))
        total, reversed_ = fn([a, b])
        np.testing.assert_allclose(total, np.sum(np.exp(a) * b), rtol=1e-13)
        np.testing.assert_array_equal(reversed_, a[::-1])
        with pytest.raises(sd.InputError, match="shape"):
            fn([a, np.ones(n + 1)])
    assert len(fn._streams) <= tape.MAX_STREAMS >= len(fn._calls)


def test_differences_of_large_entries():
    x = sd.Graph().variable("x", (2, 3))
    check([x], [sd.log_softmax(x, axis=0), sd.log_softmax(x)], 1e15 + np.arange(6.0).reshape(2, 3))


def test_higher_ranks_and_accumulated_products():
    g = sd.Graph()
    A, B, x, y = (
        g.variable("A", "a b c"),
        g.variable("B", "c b d"),
        g.variable("x", "a"),
        g.variable("y", "b"),
    )
    outputs = [
        sd.einsum("abc,cbd->ad", A, B), sd.einsum("abc,cbd,a,b->d", A, B, x, y), sd.einsum("abc->cab", A) * 2,
        sd.outer(x, y) + 2 * sd.outer(sd.sin(x), y) + sd.outer(x, y**2) - sd.sum(A, axis=2),
        sd.einsum("abc,a->abca", A, x),
        sd.einsum("a,b,c,cbd->abcd", x, y, sd.sum(A, axis=(0, 1)), B), sd.sum(A, axis=(0, 2)),
        sd.diag(x) @ sd.sum(A, axis=2),
    ]  # fmt: skip
    rng = np.random.default_rng(2)
    check([A, B, x, y], outputs, *(rng.normal(size=s) for s in ((2, 3, 4), (4, 3, 5), (2,), (3,))))


def test_more_axes_than_loops_are_left_to_numpy():
    x = sd.Graph().variable("x", (2, 3, 2, 3, 2, 3))
    y = sd.sin(sd.permute_dims(x, (4, 1, 2, 3, 0, 5))) + x
    fn = check([x], [y], np.random.default_rng(3).normal(size=x.shape))
    assert fn.source


def test_numpy_evaluates_what_has_no_opcode():
    g = sd.Graph()
    A, b, i = g.variable("A", "n n"), g.variable("b", "n"), g.variable("i", "k", dtype="int64")
    y = sd.solve(A, sd.digamma(b + 3))
    w, q = sd.eigh(A @ A.T)
    rng = np.random.default_rng(4)
    outputs = [y, w, sd.take(b, i), sd.argmax(b), sd.sum(q @ sd.diag(w) @ q.T)]
    check(
        [A, b, i], outputs, rng.normal(size=(3, 3)) + 3 * np.eye(3), rng.uniform(size=3), [2, 0], rtol=1e-10
    )
    fn = tape.compile(program_of([b, i], [sd.take(b, i)]))
    with pytest.raises(IndexError):
        fn([np.ones(3), np.array([5])])


# --- calls --------------------------------------------------------------------------------------------------


def test_inputs_of_any_layout_are_left_alone():
    g = sd.Graph()
    A = g.variable("A", "m n")
    program = program_of([A], [sd.sin(A), A])
    base = np.random.default_rng(5).normal(size=(8, 12))
    for a in (base[::2, ::-3], base.T[:5], np.asfortranarray(base), np.broadcast_to(base[0], (4, 12))):
        before = a.copy()
        found = tape.compile(program)([a])
        agree(found, interpret(program, [a]))
        found[1][...] = 0
        np.testing.assert_array_equal(a, before)


@pytest.mark.parametrize("dtype", ["float64", "float32", "int64"])
def test_results_are_the_callers(dtype):
    """A later call leaves them alone, and what is done to them leaves later calls alone."""
    g = sd.Graph()
    v, s = g.variable("v", (2, 3), dtype), g.variable("s", (), dtype)
    fn = sd.function([v, s], [v * s, v.T, v[0], s * 2, sd.sum(v)], backend="tape")
    first = fn(np.full((2, 3), 2), 3)
    kept = [np.copy(r) for r in first]
    for r in fn(np.full((2, 3), 5), 7)[:3]:
        r[...] = 0
    for found, wanted, again in zip(first, kept, fn(np.full((2, 3), 2), 3), strict=True):
        np.testing.assert_array_equal(found, wanted)
        np.testing.assert_array_equal(again, wanted)
        assert np.isscalar(found) or found.base is None


TAKEN = [0.3, np.float64(0.3), 3, True, np.float32(0.25), np.array(0.3), np.int64(2)]
REFUSED = ["0.3", None, 1j, [0.3], (0.3, 0.2)]


def sums(count):
    """(the same function on the tape, on numpy)"""
    x, y = sd.Graph().variables("x y")
    return [sd.function([x, y], [sd.sin(x * k) + y for k in range(count)], backend=b) for b in ("tape", "numpy")]


@pytest.mark.parametrize("given", [np.ones(3), np.ones(3, "f4"), [1, 2, 3], np.ones(6)[::2], np.arange(3)])
def test_fixed_inputs_are_read_once(given):
    """A partial keeps them in frames of its own; values of any kind and threads go beside each other."""
    f = sd.parse("sum(exp(A @ v))*s + v[0]", A=(3, 3), v=3, s=())
    A = np.random.default_rng(0).normal(size=(3, 3))
    fn = sd.function(["A", "v", "s"], [f, sd.grad(f, "v")], backend="tape")
    fixed, other = fn.partial(A=A, copy=True), fn.partial(A=2 * A)
    A[...] = 0
    for scale, part in ((1, fixed), (2, other), (1, fixed)):
        A = np.random.default_rng(0).normal(size=(3, 3)) * scale
        for s in (0.5, 2, np.float64(1.5)):
            for found, wanted in zip(part(given, s), fn(A, given, s), strict=True):
                np.testing.assert_array_equal(found, wanted)
    with pytest.raises(sd.InputError, match="shape"):
        fixed(np.ones(4), 1.0)
    wanted = fixed(given, 1.0)[1]
    with ThreadPoolExecutor(8) as pool:
        for found in pool.map(lambda _: fixed(given, 1.0)[1], range(64)):
            np.testing.assert_array_equal(found, wanted)


@pytest.mark.parametrize("value", TAKEN, ids=repr)
@pytest.mark.parametrize("count", [1, 3, 40])
def test_numbers_as_arguments(value, count):
    quick, reference = sums(count)
    for found in (quick(value, 0.5), quick(x=value, y=0.5), quick(value, y=0.5)):
        agree(found, reference(value, 0.5))
        assert all(type(r) is np.float64 for r in found)
    for few in ((), (0.3,), (0.3, 0.2, 0.1)):
        with pytest.raises(sd.InputError, match=f"takes 2 input.*{len(few)} given"):
            quick(*few)


@pytest.mark.parametrize("value", REFUSED, ids=repr)
def test_what_is_no_number_is_refused_as_elsewhere(value):
    said = []
    for fn in sums(2):
        with pytest.raises(sd.InputError) as caught:
            fn(value, 0.5)
        said.append(str(caught.value))
    assert said[0] == said[1]


def test_eight_threads_call_one_function():
    x, a0, b = recurrence(200)
    fn = tape.compile(program_of([x, a0], [b, sd.grad(b, x)]))
    points = [[np.array(0.1 + 0.01 * k), np.array(0.2)] for k in range(64)]
    wanted = [fn(p) for p in points]
    with ThreadPoolExecutor(8) as pool:
        for found, w in zip(pool.map(fn, points), wanted, strict=True):
            np.testing.assert_array_equal(found, w)


@pytest.mark.parametrize("count", [0, 1, 5, 16, 300, 1000])
def test_map_over_points(count):
    """Inputs with an axis in front run over the points, the others are shared."""
    g = sd.Graph()
    p, q, s = g.variable("p", 3), g.variable("q", (2, 3)), g.variable("s")
    r = sd.sin(q @ p) * s + sd.softmax(p)[:2]
    program = program_of([p, q, s], [r, sd.jacobian(r, p), sd.exp(s), sd.sum(sd.digamma(p + 5))])
    fn = tape.compile(program)
    rng = np.random.default_rng(count)
    P, Q, S = rng.uniform(size=(count, 3)), rng.normal(size=(2, 3)), rng.normal(size=count)
    wanted = [interpret(program, [P[k], Q, S[k]]) for k in range(count)]
    for threads in (1, 3):
        found = fn.map([P, Q, S], threads=threads)
        for k, shape in enumerate([(2,), (2, 3), (), ()]):
            assert found[k].shape == (count, *shape)
            if count:
                np.testing.assert_allclose(found[k], np.stack([w[k] for w in wanted]), rtol=1e-12, atol=1e-14)


# expressions that do the same for every row of n, or don't
ROWS = [
    ("x*sin(y) + a", True),
    ("exp(M @ b)/(1 + x)", True),
    ("M[:, 0]*M[:, 1:]", False),  # shapes don't agree
    ("M[:, 0] + M[:, 2]*x", True),
    ("softmax(M, axis=1)", True),
    ("softmax(M, axis=0)", False),
    ("max(M, axis=1)*M.T", True),
    ("cumsum(x)", False),
    ("x - sum(x)", False),
    ("x/n", False),
    ("x[::-1]", False),
    ("outer(x, b)", True),
    ("outer(x, x)", False),
    ("norm2(M, axis=1) + a*b[0]", True),
    ("where(x > 0, y, a) + x", True),
    ("digamma(x + 3)", True),
    ("concat(M, 2*M, axis=1)", True),
    ("concat(x, y)", False),
    ("stack((x, y), axis=1)", True),
    ("diag(x)", False),
    ("M*b + x[:, None]", True),
    ("(M + b)**2", True),
]


@pytest.mark.parametrize(("text", "same"), ROWS)
@pytest.mark.parametrize("count", [0, 1, 700])
def test_rows_of_a_named_axis(text, same, count):
    """What does the same for every row runs as the program of one row, with the numbers of the whole."""
    g = sd.Graph()
    shapes = {"x": "n", "y": "n", "M": ("n", 3), "b": 3, "a": ()}
    inputs = [g.variable(k, s) for k, s in shapes.items()]
    try:
        r = sd.parse(text, g)
    except sd.ShapeError:
        assert not same
        return
    rng = np.random.default_rng(count)
    given = [rng.normal(size=[count if s == "n" else s for s in x.shape]) for x in inputs]
    for e in [r, *(sd.grad(sd.sum(r**2), list(inputs[:3])) if same else [])]:
        program = program_of(inputs, [e])
        rows = points.of_rows(program)
        assert e is not r or (rows is not None) == same
        if same or count:
            agree(tape.compile(program)(given), interpret(program, given), 1e-12)
    if same and r.ndim == 1:
        assert rows is not None
        assert rows.outputs == (0,)


def test_map_refuses_what_does_not_fit():
    g = sd.Graph()
    x, y = g.variables("x y")
    fn = tape.compile(program_of([x, y], [x * y]))
    with pytest.raises(sd.InputError, match="no input has an axis"):
        fn.map([1.0, 2.0])
    with pytest.raises(sd.InputError, match="different numbers"):
        fn.map([np.ones(3), np.ones(4)])
    with pytest.raises(sd.InputError, match="expected 0 axes"):
        fn.map([np.ones((3, 2)), np.ones(3)])
    assert fn.map([np.ones(3), 2.0])[0].tolist() == [2.0, 2.0, 2.0]


def test_reductions_of_nothing_are_refused():
    x = sd.Graph().variable("x", "n")
    with pytest.raises(sd.InputError, match="axis of size n, with n = 0"):
        tape.compile(program_of([x], [sd.max(x)]))([np.ones(0)])
    assert tape.compile(program_of([x], [sd.sum(x)]))([np.ones(0)])[0] == 0
