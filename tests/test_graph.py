"""The graph: hash-consed, append-only, queried by node; variables, constants, sizes; errors that say what."""

import copy
import gc
import inspect
import pickle
import weakref
from fractions import Fraction

import networkx as nx
import numpy as np
import pytest
import sympy

import symdiff as sd


@pytest.fixture
def g():
    return sd.Graph()


# --- hash-consing -------------------------------------------------------------------------------------------


def test_equal_nodes_are_one_node(g):
    x, y = g.variables("x y")
    assert sd.sin(x * y).same_as(sd.sin(x * y))
    before = len(g)
    for _ in range(3):
        sd.exp(sd.sin(x * y)) + sd.sin(x * y)
    after = len(g)
    sd.exp(sd.sin(x * y)) + sd.sin(x * y)
    assert len(g) == after
    assert after == before + 2


def test_gradients_are_shared_nodes_of_the_same_graph(g):
    x = g.variable("x")
    f = sd.exp(x) * x
    first = sd.grad(f, x)
    n = len(g)
    assert first.graph is g
    assert sd.grad(f, x).same_as(first)
    assert g.build_grad(f, x).same_as(first)
    assert len(g) == n


def test_x_times_x_has_two_edges(g):
    x = g.variable("x")
    y = (x * sd.sin(x)) * x
    assert g.number_of_edges(x.node, y.node) == 1
    z = g.append(g.record(y.node), (x.node, x.node), g.params(y.node))
    assert g.inputs(z) == (x.node, x.node)
    assert g.number_of_edges(x.node, z) == 2
    assert list(g.edges(x.node, keys=True))[-2:] == [(x.node, z, 0), (x.node, z, 1)]
    assert g.consumers(x.node).count(z) == 1


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (1, 1.0),
        (1, True),
        (0, False),
        (0.0, -0.0),
        (1, np.array(1)),
        (np.array(1), np.array(1.0)),
        (2, Fraction(5, 2)),
    ],
)
def test_constants_that_compare_equal_but_differ_are_different_nodes(g, a, b):
    assert not g.constant(a).same_as(g.constant(b))
    assert g.constant(a).same_as(g.constant(a))


def test_nan_is_one_node(g):
    assert g.constant(float("nan")).same_as(g.constant(float("nan")))
    assert g.constant(float("nan")).same_as(g.constant(np.float64("nan")))


def test_names_from_an_array_of_texts(g):
    names = np.array(["x", "y"])
    assert list(g.variables(names)) == list(g.variables("x y"))


def test_arrays_are_copied_and_frozen(g):
    a = np.arange(3.0)
    c = g.constant(a)
    a[0] = 7
    assert c.same_as(g.constant([0.0, 1.0, 2.0]))
    assert sd.evaluate(c + g.variable("x"), {"x": 0}).tolist() == [0, 1, 2]
    with pytest.raises(ValueError, match="read-only"):
        g.params(c.node)[1].value[0] = 1


# --- the queries --------------------------------------------------------------------------------------------


def test_ids_are_dense_and_in_topological_order(g):
    x, A = g.variable("x", "n"), g.variable("A", "n n")
    sd.hessian(sd.sum(sd.log(1 + sd.exp(A @ x))), x)
    assert list(g) == list(range(len(g)))
    assert all(i < n for n in g for i in g.inputs(n))
    assert len(set(zip(g._op, g._inputs, g._params, strict=True))) == len(g)


def test_consumers_mirror_inputs_while_the_graph_grows(g):
    x, y = g.variables("x y")
    for k in range(6):
        f = sd.sin(x * y + k) * x
        sd.grad(f, [x, y])
        for n in g:
            assert g.consumers(n) == tuple(c for c in g if n in g.inputs(c))


@pytest.mark.parametrize("node", [99, -1, "x", None, 0.5])
def test_there_is_no_such_node(g, node):
    g.variable("x")
    for query in (g.operation, g.inputs, g.consumers):
        with pytest.raises(sd.GraphError, match="there is no node"):
            query(node)


def test_operation_inputs_params_shape_dtype(g):
    A, x = g.variable("A", "m n"), g.variable("x", "n", dtype="float32")
    y = A @ x
    n = y.node
    assert (g.operation(n), g.inputs(n)) == ("contract", (A.node, x.node))
    assert (g.shape(n), g.dtype(n)) == (("m",), "float64")
    assert g.record(n).name == "contract"
    assert g.params(A.node)[0] == "A"
    assert g.ancestors([n]) == [A.node, x.node, n]


def test_a_sum_of_many_terms_is_viewed_in_linear_time(g):
    x = g.variable("x")
    terms = [sd.sin(k * x) for k in range(1, 5000)]
    total = sd.add(*terms)
    assert len(g.inputs(total.node)) == 4999
    assert g.number_of_edges() == sum(1 for _ in g.edges(keys=True))
    assert [k for _, _, k in g.in_edges(total.node, keys=True)] == list(range(4999))


# --- variables ----------------------------------------------------------------------------------------------


def test_a_variable_is_the_same_when_asked_for_again(g):
    x = g.variable("x", "n d")
    assert g.variable("x").same_as(x)
    assert g.variable("x", ("n", "d")).same_as(x)
    assert g.variable_names() == ("x",)
    for options in ({"shape": "n"}, {"dtype": "float32"}, {"assume": "positive"}, {"shape": ()}):
        with pytest.raises(sd.GraphError, match="'x' exists with shape \\(n, d\\)"):
            g.variable("x", **options)
    assert len(g) == 1


@pytest.mark.parametrize(
    ("spec", "shape"),
    [
        (None, ()),
        ((), ()),
        (5, (5,)),
        ("n", ("n",)),
        ("n d", ("n", "d")),
        ("n, 3", ("n", 3)),
        (("n", 3), ("n", 3)),
    ],
)
def test_shapes(g, spec, shape):
    x = g.variable("x", spec)
    assert x.shape == shape
    assert x.ndim == len(shape)


@pytest.mark.parametrize("dtype", ["float64", "float32", "int64", "int32", "bool"])
def test_types(g, dtype):
    x = g.variable("x", dtype=dtype)
    assert x.dtype == dtype
    assert g.variable("x", dtype=getattr(sd, dtype)).same_as(x)
    assert g.variable("x", dtype=np.dtype(dtype)).same_as(x)


@pytest.mark.parametrize(
    "fact", ["symmetric", "spd", "invertible", "orthogonal", "diagonal", "positive", "nonnegative", "nonzero"]
)
def test_assumptions(g, fact):
    A = g.variable("A", "n n", assume=fact)
    assert g.params(A.node)[3] == (fact,)
    assert g.variable("A", assume=[fact]).same_as(A)


BAD_NAMES = [
    "",
    "1x",
    "a b",
    "a.b",
    "a-b",
    "lambda",
    "None",
    "__class__",
    "x" * 201,
    "a\0",
    "x\n",
    "ⅹ",
    "а",
    "ο",
    "e\u0301",
]


@pytest.mark.parametrize("name", [*BAD_NAMES, 3, None], ids=ascii)
def test_bad_names(g, name):
    with pytest.raises(sd.InputError, match="name"):
        g.variable(name)
    assert len(g) == 0


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"shape": -1}, sd.ShapeError),
        ({"shape": "n-"}, sd.ShapeError),
        ({"shape": 2.5}, sd.ShapeError),
        ({"shape": float("nan")}, sd.ShapeError),
        ({"shape": ("n", None)}, sd.ShapeError),
        ({"dtype": "complex128"}, sd.InputError),
        ({"dtype": "object"}, sd.InputError),
        ({"dtype": complex}, sd.InputError),
        ({"dtype": "a text"}, sd.InputError),
        ({"shape": "-3"}, sd.ShapeError),
        ({"shape": "2-3"}, sd.ShapeError),
        ({"shape": "nan"}, sd.ShapeError),
        ({"assume": "wild"}, sd.InputError),
        ({"assume": "symmetric"}, sd.ShapeError),
        ({"assume": "spd", "shape": "m n"}, sd.ShapeError),
    ],
)
def test_bad_variables(g, options, error):
    with pytest.raises(error):
        g.variable("x", **options)
    assert len(g) == 0


@pytest.mark.parametrize(
    "value", [1j, np.array([1j]), "1", None, [[1], [1, 2]], object(), 2**4097]
)
def test_bad_constants(g, value):
    with pytest.raises(sd.InputError):
        g.constant(value)
    assert len(g) == 0


def test_several_variables(g):
    x, y = g.variables("x, y", "n")
    assert (x.shape, y.shape) == (("n",), ("n",))
    assert g.variables(["u", "v"]) == (g.variable("u"), g.variable("v"))


def test_sizes(g):
    assert g.size("n").shape == ()
    assert g.size("n - 1 + 1").same_as(g.size("n"))
    assert g.size(3).same_as(g.constant(3))
    x = g.variable("x", "n")
    assert sd.evaluate(g.size("2*n") * sd.sum(x), {"x": np.ones(3)}) == 18


# --- errors leave the graph as it was -----------------------------------------------------------------------


def test_two_graphs_do_not_mix(g):
    x, y = g.variable("x"), sd.Graph().variable("y")
    for combine in (
        lambda: x + y,
        lambda: sd.sin(x) * y,
        lambda: sd.where(x > 0, x, y),
        lambda: sd.hypot(x, y),
    ):
        n = len(g)
        with pytest.raises(sd.SymdiffError, match="graph"):
            combine()
        assert len(g) <= n + 2


def test_a_failing_op_appends_nothing(g):
    x, A = g.variable("x", "n"), g.variable("A", "m k")
    n = len(g)
    for bad in (lambda: A @ x, lambda: A + x, lambda: sd.trace(A), lambda: sd.where(x > 0, x, A)):
        with pytest.raises(sd.ShapeError):
            bad()
    assert [g.operation(k) for k in range(n, len(g))] in ([], ["constant", "greater"])


def test_no_truth_value_no_number_no_array(g):
    x = g.variable("x")
    for use in (
        lambda: bool(x > 0),
        lambda: float(x),
        lambda: int(x),
        lambda: np.asarray(x),
        lambda: [1, 2][x],
    ):
        with pytest.raises(sd.GraphError):
            use()
    assert len({x, x + 0, x + 1}) == 2


# --- append-only --------------------------------------------------------------------------------------------

MUTATORS = {
    "add_node": lambda g: g.add_node("a"),
    "add_nodes_from": lambda g: g.add_nodes_from([1]),
    "add_edge": lambda g: g.add_edge(0, 1),
    "add_edges_from": lambda g: g.add_edges_from([(0, 1)]),
    "add_weighted_edges_from": lambda g: g.add_weighted_edges_from([(0, 1, 2)]),
    "remove_node": lambda g: g.remove_node(0),
    "remove_nodes_from": lambda g: g.remove_nodes_from([0]),
    "remove_edge": lambda g: g.remove_edge(0, 1),
    "remove_edges_from": lambda g: g.remove_edges_from([(0, 1)]),
    "new_edge_key": lambda g: g.new_edge_key(0, 1),
    "update": lambda g: g.update([(0, 1)]),
    "clear": lambda g: g.clear(),
    "clear_edges": lambda g: g.clear_edges(),
    "a node's attribute": lambda g: g.nodes[0].__setitem__("x", 1),
    "del of an attribute": lambda g: g.nodes[0].__delitem__("op"),
    "pop of an attribute": lambda g: g.nodes[0].pop("op"),
    "update of attributes": lambda g: g.nodes[0].update(x=1),
    "setdefault": lambda g: g.nodes[0].setdefault("x", 1),
    "clear of attributes": lambda g: g.nodes[0].clear(),
    "an edge's attribute": lambda g: g.edges[0, 2, 0].__setitem__("weight", 1),
    "nx.set_node_attributes": lambda g: nx.set_node_attributes(g, 1, "x"),
    "nx.set_edge_attributes": lambda g: nx.set_edge_attributes(g, 1, "weight"),
    "nx.add_path": lambda g: nx.add_path(g, [0, 1]),
    "nx.relabel_nodes in place": lambda g: nx.relabel_nodes(g, {0: "a"}, copy=False),
    "nx.contracted_nodes in place": lambda g: nx.contracted_nodes(g, 0, 1, copy=False),
}


@pytest.mark.parametrize("name", MUTATORS)
def test_mutators_are_refused_and_say_what_to_do(g, name):
    x, y = g.variables("x y")
    f = x * y
    before = (list(g.nodes(data=True)), list(g.edges(keys=True, data=True)))
    with pytest.raises(sd.GraphError, match=r"append-only.*nx\.MultiDiGraph\(g\)"):
        MUTATORS[name](g)
    assert (list(g.nodes(data=True)), list(g.edges(keys=True, data=True))) == before
    assert sd.evaluate(f, {"x": 2, "y": 3}) == 6


READING = [
    "add_edge_to_adjacency",
    "adjacency",
    "copy",
    "edge_subgraph",
    "edge_dict_factory",
    "get_edge_data",
    "has_edge",
    "has_node",
    "has_predecessor",
    "has_successor",
    "is_directed",
    "is_multigraph",
    "nbunch_iter",
    "neighbors",
    "number_of_nodes",
    "order",
    "predecessors",
    "reverse",
    "subgraph",
    "successors",
    "to_directed",
    "to_directed_class",
    "to_undirected",
    "to_undirected_class",
]


def test_every_method_of_networkx_is_refused_or_known_to_read_only():
    """A mutator that a newer networkx brings shows up here."""
    inherited = {
        name
        for name, method in inspect.getmembers(nx.MultiDiGraph, inspect.isfunction)
        if not name.startswith("_") and getattr(sd.Graph, name) is method
    }
    assert inherited <= set(READING)


def test_a_frozen_graph_grows_no_more(g):
    x = g.variable("x")
    f = sd.sin(x)
    assert not nx.is_frozen(g)
    assert nx.freeze(g) is g
    assert nx.is_frozen(g)
    assert sd.sin(x).same_as(f)  # a node that exists
    with pytest.raises(sd.GraphError, match="frozen"):
        sd.cos(x)
    with pytest.raises(nx.NetworkXError):
        g.add_node(7)
    assert len(g) == 2
    with pytest.raises(sd.GraphError, match="stays frozen"):
        g.frozen = False
    other = sd.Graph()
    other.frozen = False
    assert other.variable("x").node == 0


def test_a_transaction_takes_back_what_an_error_left(g):
    x = g.variable("x")
    columns = [list(c) for c in (g._op, g._inputs, g._params, g._shape, g._dtype)]
    g.consumers(0)

    def fail():
        with g.transaction():
            sd.name(sd.exp(x) * g.variable("y"), "z")
            g.consumers(0)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert [list(c) for c in (g._op, g._inputs, g._params, g._shape, g._dtype)] == columns
    assert (g.variable_names(), g.names, g.consumers(0)) == (("x",), {}, ())
    assert sd.exp(x).node == 1
    e = sd.exp(x)
    with pytest.raises(sd.InputError), g.transaction():
        sd.name(sd.name(e, "e") * 2, "e")
    assert (g.names, str(sd.exp(x) * 2)) == ({}, "2*exp(x)")


def test_without_keep_nothing_stays_of_a_transaction(g):
    x = g.variable("x")
    g.cache("kept")[0] = "known"
    with g.transaction(keep=False):
        assert (sd.exp(x * 2).node, g.cache("kept")) == (2, {})
        sd.name(x + 1, "y")
    assert (len(g), g.names, g.variable_names(), g.cache("kept")) == (1, {}, ("x",), {0: "known"})


def test_a_half_is_no_double(g):
    x, y = g.variables("x y")
    half, double = sd.parse("x/2", graph=g), 0.5 * x
    texts = [str(e) for e in (half, double, half + y / 4, double + 0.25 * y)]
    assert texts == ["x/2", "0.5*x", "x/2 + y/4", "0.5*x + 0.25*y"]
    other = copy.deepcopy(g)
    assert sd.parse("x/2", graph=other).node == sd.parse("x/2", graph=g).node == half.node != double.node


def test_repr_is_bounded(g):
    assert repr(g) == "<symdiff graph: 0 nodes, variables none>"
    g.variables([f"x{k}" for k in range(1000)])
    assert len(repr(g)) < 200
    assert str(g) == repr(g)


USES = [
    lambda e: str(sd.hessian(e, "x")),
    lambda e: sd.simplify(sd.grad(e, "x")).latex(),
    lambda e: sd.grad(e, "x").index_notation(),
    lambda e: sd.grad(e, "x").to_python(),
    lambda e: sd.evaluate(sd.grad(e, "x"), {"A": np.eye(2), "x": np.ones(2)}),
    lambda e: sd.function(["A", "x"], sd.grad(e, "x"))(np.eye(2), np.ones(2)),
    lambda e: sd.draw(e),
    lambda e: copy.deepcopy(e),
    lambda e: str(sd.hessian(sd.prod(e.graph.variable("x")), "x")),
    lambda e: (list(e.graph.nodes), list(e.graph.edges), e.graph.degree, nx.dag_longest_path(e.graph)),
]


@pytest.mark.parametrize("use", USES)
def test_a_graph_is_freed_at_once(use):
    """No cycle of references runs through a graph: its memory does not wait for the garbage collector."""
    gc.collect()
    gc.disable()
    try:
        e = sd.parse("sum(tanh(A @ x)**2)", A="n n", x="n")
        use(e)
        graph = weakref.ref(e.graph)
        del e
        assert graph() is None
    finally:
        gc.enable()


# --- == and != ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("compared", "meant"),
    [
        (lambda x, y: x == 0, sd.equal), (lambda x, y: x != 0, sd.not_equal),
        (lambda x, y: np.float64(0) == x, sd.equal),
        (lambda x, y: x == y, sd.equal), (lambda x, y: np.equal(x, y), sd.equal),
        (lambda x, y: x == np.float64(0), sd.equal), (lambda x, y: x == Fraction(1, 2), sd.equal),
        (lambda x, y: x == [0, 1], sd.equal), (lambda x, y: np.zeros(2) == x, sd.equal),
        (lambda x, y: x != sympy.Integer(0), sd.not_equal),
    ],
)  # fmt: skip
def test_equality_is_elementwise(compared, meant):
    x, y = sd.Graph().variables("x y")
    e = compared(x, y)
    assert e.dtype == "bool"
    assert e.op is meant
    assert e.inputs[0].same_as(x) or e.inputs[1].same_as(x)


def test_equality_means_the_same_in_traced_code():
    f = sd.trace(lambda x: np.where(x == 0, 1, np.sin(x) / x), x=())
    assert sd.evaluate(f, {"x": 0.0}) == 1
    np.testing.assert_allclose(sd.evaluate(f.diff("x"), {"x": 2.0}), np.cos(2) / 2 - np.sin(2) / 4)
    v = sd.trace(lambda x, y: np.sum((x == y) * x), x=3, y=3)
    assert sd.evaluate(v, {"x": [1.0, 2, 3], "y": [1.0, 0, 3]}) == 4


def test_truth_of_an_equality():
    g = sd.Graph()
    x, y = g.variables("x y")
    assert bool(x == x + 0) is True
    assert bool(x != x + 0) is False
    assert [bool(g.constant(2) == c) for c in (2, 3, g.constant(2))] == [True, False, True]
    assert [bool(g.constant(2) < c) for c in (2, 3)] == [False, True]
    uses = [lambda: bool(x == y), lambda: bool(x == 0), lambda: x in [y], lambda: bool(x != y), lambda: bool(x < x)]
    for use in uses:
        with pytest.raises(sd.GraphError, match="same_as"):
            use()


def test_expressions_are_keys_and_look_ups_append_nothing():
    g = sd.Graph()
    x, y = g.variables("x y")
    table, same = {x: 1, y: 2, x * y: 3}, x + 0
    size = len(g)
    assert [table[e] for e in (g.variable("x"), y, x * y)] == [1, 2, 3]
    assert x * y in {x, y, x * y}
    assert len({x, same, y}) == 2
    assert x == same
    assert len(g) == size
    assert x + 1 not in table


def test_equality_with_what_is_no_number():
    x = sd.Graph().variable("x")
    assert [x == other for other in (None, "x", object(), np)] == [False] * 4
    assert [x != other for other in (None, "x", object(), np)] == [True] * 4
    with pytest.raises(sd.GraphError, match="another graph"):
        _ = x == sd.Graph().variable("x")
    assert (x == sd.ones((), graph=sd.Graph())).graph is x.graph
    assert pickle.loads(pickle.dumps(x == 0)).op is sd.equal
