"""Long chains and large sharing: nothing recurses, everything is linear in nodes, a node stays small."""

import copy
import gc
import pickle
import sys
import tracemalloc

import numpy as np
import pytest

import symdiff as sd
from symdiff.storage import load, save
from symdiff.write.search import Search

DEEP = 10_000  # steps of a recurrence: 30 000 nodes, 80 000 with its gradient


def recurrence(steps):
    """b after ``a, b = b, sin(b)*x + a``, as the benchmarks have it."""
    g = sd.Graph()
    x = g.variable("x")
    a, b = x, x
    for _ in range(steps):
        a, b = b, sd.sin(b) * x + a
    return b


def recurrence_values(steps, x):
    """(b, db/dx) by the same recurrence in floating point, forward."""
    a, b, da, db = x, x, 1.0, 1.0
    for _ in range(steps):
        a, b, da, db = b, np.sin(b) * x + a, db, np.cos(b) * db * x + np.sin(b) + da
    return b, db


@pytest.fixture(scope="module")
def deep():
    f = recurrence(DEEP)
    return f, sd.grad(f, "x")


@pytest.fixture(autouse=True)
def low_recursion_limit():
    """Whatever walked a chain by recursion would fail at once; and nothing may raise the limit."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(400)
    yield
    assert sys.getrecursionlimit() == 400
    sys.setrecursionlimit(limit)


def test_a_chain_builds_differentiates_and_evaluates(deep):
    f, slope = deep
    assert len(f.graph) > 7 * DEEP
    value, derivative = sd.evaluate([f, slope], {"x": 1e-5})
    expected = recurrence_values(DEEP, 1e-5)
    assert value == pytest.approx(expected[0], rel=1e-9)
    assert derivative == pytest.approx(expected[1], rel=1e-9)


def test_a_chain_is_saved_and_loaded(deep, tmp_path):
    f, slope = deep
    save({"f": f, "slope": slope}, tmp_path / "deep.json")
    kept = load(tmp_path / "deep.json")
    g, h = f.graph, kept["f"].graph
    assert (h._op, h._inputs, h._params, h._shape, h._dtype) == (
        g._op,
        g._inputs,
        g._params,
        g._shape,
        g._dtype,
    )
    assert (kept["f"].node, kept["slope"].node) == (f.node, slope.node)
    assert (tmp_path / "deep.json").stat().st_size < 40 * len(g)


def test_a_chain_is_pickled_and_copied(deep):
    f, slope = deep
    for other, again in (pickle.loads(pickle.dumps((f, slope))), copy.deepcopy((f, slope))):
        assert other.graph is again.graph
        assert other.graph is not f.graph
        assert other.graph._inputs == f.graph._inputs
        assert sd.grad(other, "x").node == slope.node  # still hash-consed


def test_a_chain_has_a_second_derivative():
    f = recurrence(DEEP // 10)
    first = sd.grad(f, "x")
    n = len(f.graph)
    second = sd.grad(first, "x")
    assert len(f.graph) < 5 * n
    at, eps = 1e-4, 1e-8
    low, high = (recurrence_values(DEEP // 10, at + e)[1] for e in (-eps, eps))
    assert sd.evaluate(second, {"x": at}) == pytest.approx((high - low) / (2 * eps), rel=1e-5)


def test_a_chain_is_drawn_and_read_by_networkx(deep):
    f, slope = deep
    assert len(sd.draw([f, slope]).svg) < 200_000
    assert sum(1 for _ in f.graph.edges) == f.graph.number_of_edges()


def test_formulas_of_a_chain_are_bounded(deep):
    assert len(repr(deep[1])) < 2000
    assert len(repr(deep[0].graph)) < 200


@pytest.mark.parametrize("build", ["scalars", "arrays"])
def test_nodes_grow_linearly_with_steps(build):
    def nodes(steps):
        if build == "scalars":
            f = recurrence(steps)
        else:
            g = sd.Graph()
            A, x = g.variable("A", "n n"), g.variable("x", "n")
            h = x
            for _ in range(steps):
                h = sd.tanh(A @ h) + x
            f = sd.sum(h)
        primal = len(f.graph)
        sd.grad(f, "x")
        return primal, len(f.graph)

    one, two, four = nodes(50), nodes(100), nodes(200)
    growth = [(u - t) / (t - s) for s, t, u in zip(one, two, four, strict=True)]
    assert growth == pytest.approx([2, 2], rel=0.01)


def test_memory_per_node():
    recurrence(10)  # what loads late is loaded
    gc.collect()
    tracemalloc.start()
    try:
        f = recurrence(3_000)
        sd.grad(f, "x")
        built = tracemalloc.get_traced_memory()[0] / len(f.graph)
        f.graph.consumers(0)
        indexed = tracemalloc.get_traced_memory()[0] / len(f.graph)
    finally:
        tracemalloc.stop()
    assert built <= 400
    assert indexed <= 700


def test_sharing_is_kept_by_three_derivatives():
    """The tree of z has 2**60 leaves; its third derivative has a few thousand nodes."""
    x = sd.Graph().variable("x")
    z = x
    for _ in range(60):
        z = sd.sin(z) * z
    for _ in range(3):
        z = sd.grad(z, x)
    assert len(z.graph) < 20_000
    assert np.isfinite(sd.evaluate(z, {"x": 0.3}))


def test_a_wide_sum():
    g = sd.Graph()
    xs = g.variables([f"x{k}" for k in range(5000)])
    f = sd.add(*(x * x for x in xs))
    slopes = sd.grad(f, list(xs))
    assert len(g) < 5 * len(xs)
    assert g.number_of_edges() == sum(1 for _ in g.edges)
    assert sd.evaluate(slopes[17], dict.fromkeys(xs, 2.0)) == 4


@pytest.mark.parametrize("nodes", [10**5, pytest.param(10**6, marks=pytest.mark.long)])
def test_a_million_nodes(nodes, tmp_path):
    """Built, differentiated, evaluated, shown and saved; the loaded graph is the saved one."""
    steps = nodes * 17 // 100
    f = recurrence(steps)
    sd.grad(f, "x")
    assert len(f.graph) > nodes
    assert sd.evaluate(f, {"x": 1e-6}) == pytest.approx(recurrence_values(steps, 1e-6)[0], rel=1e-9)
    assert len(repr(f)) < 2000
    save(f, tmp_path / "million.json")
    kept = load(tmp_path / "million.json")
    assert len(kept.graph) == len(f.graph)
    assert kept.graph._inputs == f.graph._inputs


def test_what_is_too_large_to_be_written_is_simplified_to_itself(deep):
    f, slope = deep
    nodes = len(f.graph)
    assert sd.simplify(slope) == slope
    assert len(f.graph) == nodes


def test_products_of_many_factors_are_written_in_bounded_time(monkeypatch):
    """The Hessian of a small program, whose terms have ten factors and more: counted in pairs of factors tried."""
    tried = []
    combine = Search.combine
    monkeypatch.setattr(Search, "combine", lambda self, *sets: (tried.append(1), combine(self, *sets))[1])
    f = sd.parse(
        """
        P = (2 + tanh(X))**-2
        m = mean(P - sum(P, axis=1)[:, None], axis=0)
        S = sigmoid(X)
        Q = S - sum(S, axis=1)[:, None]
        sum(tanh((Q @ outer(m, m))/2/(1.2 + tanh(S))))
        """,
        X="n d",
    )
    assert len(str(sd.hessian(f, "X"))) < 10_000
    assert len(tried) < 40_000
