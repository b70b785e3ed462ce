"""Columns of a graph as typed arrays: they follow it, slices and programs read from them are those of the lists."""

import json
from itertools import pairwise

import numpy as np
import pytest

import symdiff as sd
from symdiff import backends, columns, digits, machine, program, stable
from symdiff.backends import lowering
from symdiff.containers import leaves
from symdiff.program import build_program

on_the_tape = pytest.mark.skipif(bool(machine.unavailable()), reason="numpy evaluates what the tape would")


def seeds(few, many):
    """The first few in each run, the others in the long one."""
    return [pytest.param(k, marks=() if k < few else pytest.mark.long) for k in range(many)]


STEPS = [
    lambda a, b, c: sd.sin(a) * b + c,
    lambda a, b, c: sd.cos(a) - b,
    lambda a, b, c: sd.add(a / 3, -b, 0.25 * c, sd.tanh(a)),
    lambda a, b, c: sd.exp(-(a**2)),
    lambda a, b, c: a * b * c / (1 + b**2),
    lambda a, b, c: sd.maximum(a, sd.sin(b)) + 7 * c,
    lambda a, b, c: sd.where(a > b, c, sd.sqrt(abs(a))),
]


def scalar_dag(count, seed=0, inputs=5, steps=STEPS):
    """(inputs, outputs) of a random program of scalars, with coefficients and sums of several terms."""
    rng = np.random.default_rng(seed)
    xs = sd.Graph().variables([f"x{k}" for k in range(inputs)])
    values = list(xs)
    for _ in range(count):
        operands = [values[k] for k in rng.integers(max(0, len(values) - 30), len(values), 3)]
        values.append(steps[rng.integers(len(steps))](*operands) / 2)
    return list(xs), values[-3:]


def as_lists(c):
    operands = c.operands.tolist()
    starts = c.starts.tolist()
    return [c.records[k] for k in c.ops], [tuple(operands[i:j]) for i, j in pairwise(starts)]


def test_columns_are_the_graph_as_it_grows_and_is_taken_back():
    g = sd.Graph()
    xs, ys = g.variables("x y z"), []

    def check():
        assert as_lists(g.columns()) == (g._op, g._inputs)

    check()
    for k in range(40):
        ys.append(sd.sin(k * xs[k % 3]) * xs[0] + sd.add(*xs, *ys[-3:]))
        check()
    for bad in ("q + (x", "x + sin(y*z + 41*x) @ y"):
        with pytest.raises(sd.ParseError):
            sd.parse(bad, graph=g)
        check()
    sd.cos(xs[1] * 99)
    check()


def test_a_graph_without_nodes_has_empty_columns():
    assert as_lists(sd.Graph().columns()) == ([], [])


def walked(g, given, outputs):
    seen, stack = set(outputs), list(outputs)
    while stack:
        n = stack.pop()
        if n not in given:
            new = set(g.inputs(n)) - seen
            seen |= new
            stack += new
    return sorted(seen - set(given))


@pytest.mark.parametrize("seed", range(5))
def test_slices_are_what_a_walk_finds(seed, monkeypatch):
    xs, ys = scalar_dag(150, seed)
    g = xs[0].graph
    rng = np.random.default_rng(seed)
    kernels = [columns._mark, columns._mark.plain]  # machine code, and the same in Python
    for mark in kernels:
        monkeypatch.setattr(columns, "_mark", mark)
        for _ in range(10):
            given, outputs = rng.integers(len(g), size=4).tolist(), rng.integers(len(g), size=3).tolist()
            assert g.columns().slice(given, outputs).tolist() == walked(g, given, outputs)
        assert g.columns().slice([len(g)], tuple(y.node for y in ys)).tolist() == walked(g, [], [y.node for y in ys])


@pytest.mark.parametrize("seed", range(5))
def test_rules_are_looked_for_at_the_same_nodes_in_columns_and_lists(seed, monkeypatch):
    xs, ys = scalar_dag(200, seed)
    sd.grad(ys[0], xs)
    g = xs[0].graph
    tried = [(root, live) for root in set(g._op) for live in ({stable.ADD}, {g._op[-1], stable.CONTRACT}, {None})]
    found = lambda: [  # noqa: E731
        sorted(stable._candidates(g, root, count, live)) for root, live in tried for count in (len(g._ids[root]), 3)
    ]
    listed = found()
    assert any(0 < len(nodes) < len(g._ids[root]) for nodes, (root, _) in zip(listed[::2], tried, strict=True))
    monkeypatch.setattr(stable, "MANY", 0)
    assert listed == found()


@pytest.mark.parametrize("seed", seeds(2, 5))
def test_programs_from_columns_are_those_from_lists(seed, monkeypatch):
    xs, ys = scalar_dag(200, seed)
    ys += sd.grad(ys[0], xs)
    g, given, outputs = xs[0].graph, [x.node for x in xs], [y.node for y in ys]
    listed = build_program(g, given, outputs)
    monkeypatch.setattr(program, "MANY", 5)
    found = build_program(g, given, outputs)
    assert found.instructions == listed.instructions
    assert found.constants == listed.constants
    with pytest.raises(sd.InputError, match=r"missing value\(s\) for x1, x3"):
        build_program(g, [given[0], given[2], given[4]], outputs)


def test_bounds_are_found_in_long_programs(monkeypatch):
    monkeypatch.setattr(program, "MANY", 2)
    x = sd.Graph().variable("x", "n")
    with pytest.raises(sd.InputError, match="do not lie in an axis"):
        sd.evaluate(sd.sum(sd.sin(x[2:5]) * x[2:5]), {"x": np.ones(3)})


@on_the_tape
@pytest.mark.parametrize("seed", seeds(2, 8))
def test_scalars_lowered_at_once_are_those_lowered_one_by_one(seed, monkeypatch):
    xs, ys = scalar_dag(300, seed)
    ys += sd.grad(ys[0], xs)
    at = np.random.default_rng(seed).uniform(0.2, 1.5, len(xs))
    monkeypatch.setattr(lowering, "MANY", 1)
    together = np.array(sd.function(xs, ys, backend="tape")(*at))
    monkeypatch.setattr(lowering, "MANY", 10**9)
    assert np.array_equal(together, sd.function(xs, ys, backend="tape")(*at), equal_nan=True)


@on_the_tape
def test_a_program_of_scalars_is_lowered_at_once(monkeypatch):
    monkeypatch.setattr(lowering.Lowering, "_scalar", None)
    monkeypatch.setattr(lowering.Lowering, "_instruction", None)
    xs, ys = scalar_dag(300, steps=STEPS[:2])
    ys += sd.grad(ys[0], xs)
    assert len(sd.function(xs, ys, backend="tape")(*[0.5] * len(xs))) == len(ys)


@on_the_tape
@pytest.mark.parametrize(
    "make",
    [
        lambda x, y, v: [sd.sum(v) * x, sd.sin(x)],  # a sum over an axis has a scalar for its result
        lambda x, y, v: [sd.where(x > 0, sd.sin(y), x), x * y],
        lambda x, y, v: [v, x * y + 1],
        lambda x, y, v: [x, x, sd.grad(sd.sin(x) * y**3, "x")],
        lambda x, y, v: [v[0] * x + v[1], sd.sqrt(y)],
        lambda x, y, v: [sd.stack([sd.sin(x * k) for k in range(3)]) + v, sd.grad(sd.exp(x * v[1]) * v[1], "v")],
        lambda x, y, v: [sd.add(v, x * y, 2 * v * y, sd.sin(v)), sd.cumprod(v * x)],
        lambda x, y, v: [x.graph.constant(3) * x, x.graph.constant(2.5), sd.astype(x > y, "float64") * x],
    ],
)
def test_scalars_among_arrays(make, monkeypatch):
    monkeypatch.setattr(lowering, "MANY", 1)
    g = sd.Graph()
    x, y, v = g.variable("x"), g.variable("y"), g.variable("v", 3)
    values = [0.3, 0.7, np.array([1.0, 2.0, 4.0])]
    outputs = make(x, y, v)
    found = sd.function([x, y, v], outputs, backend="tape")(*values)
    for a, b in zip(found, sd.evaluate(outputs, dict(zip("xyv", values, strict=True))), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-14)


# --- evaluate ---------------------------------------------------------------------------------------------------


def scalars_of(count):
    xs, ys = scalar_dag(count)
    return {x: 0.3 + 0.1 * k for k, x in enumerate(xs)}, {"values": ys, "slopes": sd.grad(ys[0], xs)}


def rows_of(count):
    g = sd.Graph()
    X, w, k = g.variable("X", "n d"), g.variable("w", "d"), g.variable("k", "n", dtype="int64")
    f = sd.sum(sd.log1p(sd.exp(X @ w)) * k)
    X = np.random.default_rng(0).normal(size=(count, 40))
    return {"X": X, "w": np.linspace(-1, 1, 40), "k": np.arange(count) % 3}, [f, sd.grad(f, w), sd.hessian(f, w)]


@pytest.mark.parametrize(("make", "count"), [pytest.param(scalars_of, 600, marks=on_the_tape), (rows_of, 8000)])
def test_large_evaluations_are_those_of_the_reference(make, count, monkeypatch):
    values, outputs = make(count)
    wanted = leaves(outputs)
    g = wanted[0].graph
    keys = [key.node if isinstance(key, sd.Expr) else g.named(key) for key in values]
    arrays = [np.asarray(v) for v in values.values()]
    expected = program.interpret(build_program(g, keys, [e.node for e in wanted]), arrays)
    monkeypatch.setattr(program, "interpret", None)
    monkeypatch.setattr(backends, "interpret", None)
    for found, wanted_value in zip(leaves(sd.evaluate(outputs, values)), expected, strict=True):
        assert type(found) is np.ndarray
        assert (found.shape, found.dtype) == (wanted_value.shape, wanted_value.dtype)
        np.testing.assert_allclose(found, wanted_value, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("dtype", ["float32", "int64"])
def test_types_that_the_tape_has_not_are_evaluated_by_the_reference(dtype):
    x = sd.Graph().variable("x", dtype=dtype)
    y = x
    for k in range(1100):
        y = y * 1 + x * (k % 2)
    at = 2**53 if dtype == "int64" else 0.1
    found = sd.evaluate(y, {"x": np.array(at, dtype)})
    assert found == program.interpret(build_program(x.graph, [x.node], [y.node]), [np.array(at, dtype)])[0]
    assert found.dtype == dtype


# --- whole numbers: distinct ones, and as text ---------------------------------------------------------------


@pytest.mark.parametrize("count", [0, 1, 2, 3, 1000])
@pytest.mark.parametrize("largest", [1, 3, 2**50])
def test_distinct_values_are_numbered_in_the_order_in_which_they_are_met(count, largest, monkeypatch):
    values = np.random.default_rng(count).integers(-largest, largest, count)
    by_hand: dict[int, int] = {}
    places = [by_hand.setdefault(v, len(by_hand)) for v in values.tolist()]
    for number in (columns._number, columns._number.plain):
        monkeypatch.setattr(columns, "_number", number)
        first, found = columns.numbered_integers(values)
        assert (found.tolist(), values[first].tolist()) == (places, list(by_hand))


def random_rows(seed, largest):
    rng = np.random.default_rng(seed)
    starts = np.cumsum([0, *rng.integers(0, 4, rng.integers(0, 50))])
    return digits.Rows(starts, rng.integers(0, largest, starts[-1]).astype(np.int32))


@pytest.mark.parametrize("largest", [1, 10, 11, 10**6, 10**9])
@pytest.mark.parametrize("seed", range(8))
def test_whole_numbers_as_text_are_those_of_json(seed, largest, monkeypatch):
    rows = random_rows(seed, largest)
    texts = [json.dumps(x, separators=(",", ":")) for x in (rows.numbers.tolist(), rows.lists())]
    assert [digits.written(rows.numbers), digits.rows_written(rows)] == texts
    if not machine.unavailable():
        assert digits.read(texts[0].encode()).tolist() == rows.numbers.tolist()
        assert digits.rows_read(texts[1].encode()).lists() == rows.lists()
    monkeypatch.setattr(machine, "unavailable", lambda: "tried without")
    assert [digits.written(rows.numbers), digits.rows_written(rows)] == texts
    assert digits.read(texts[0].encode()) is None


BROKEN = "[ ] [1 [1, [1,] [,1] [01] [-1] [+1] [1.0] [1e2] [1]] [[1]] [1],[2] [1][2] [][] [1,,2] [1234567890] 1 {} null"


@pytest.mark.parametrize("text", [*BROKEN.split(), "", "[1 ]", " [1]", "[1, 2]", "[\n]"])
def test_what_is_no_list_of_whole_numbers_is_left_to_json(text):
    assert digits.read(text.encode()) is None
    assert digits.rows_read(f"[[0],{text}]".encode()) is None or text in ("[1],[2]",)
