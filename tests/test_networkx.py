"""A live gradient graph is a networkx graph: every algorithm gives what it gives on an ordinary copy."""

import copy
import json
import pickle
import sys
from collections import deque

import networkx as nx
import numpy as np
import pytest

import symdiff as sd


def scalar_gradient():
    g = sd.Graph()
    x, y = g.variables("x y")
    f = sd.exp(x * y) * x**2 + sd.sin(y) * sd.sin(y)
    g.build_grad(f, [x, y])
    return g, f.node


def matrix_hessian():
    g = sd.Graph()
    A, x, b = g.variable("A", "m n"), g.variable("x", "n"), g.variable("b", "m")
    f = sd.sum(sd.log(1 + sd.exp(A @ x - b))) + 0.5 * x @ x + sd.sum(g.constant([1.0, 2.0]))
    sd.name(f, "loss")
    sd.hessian(f, x)
    return g, f.node


GRAPHS = {f.__name__: f for f in (scalar_gradient, matrix_hessian)}


@pytest.fixture(params=GRAPHS)
def live(request):
    """(graph, an ordinary copy, the output)."""
    g, output = GRAPHS[request.param]()
    copy = nx.MultiDiGraph()
    for n in range(len(g)):  # built from the queries of the graph, not through networkx's reading of it
        attributes = {"op": g.operation(n), "shape": g.shape(n), "dtype": g.dtype(n)}
        attributes |= {"params": g.params(n)} if g.params(n) else {}
        attributes |= {"name": g.names[n]} if n in g.names else {}
        copy.add_node(n, **attributes)
    for n in range(len(g)):
        for k, i in enumerate(g.inputs(n)):
            copy.add_edge(i, n, k)
    return g, copy, output


def pairs(G):
    return list(zip(list(G)[:12], list(G)[3:15], strict=True))


# name -> function of (graph, output); each is run on the live graph and on the copy
ALGORITHMS = {
    # --- directed acyclic graphs
    "topological_sort": lambda G, y: nx.topological_sort(G),
    "lexicographical_topological_sort": lambda G, y: nx.lexicographical_topological_sort(G),
    "topological_generations": lambda G, y: nx.topological_generations(G),
    "is_directed_acyclic_graph": lambda G, y: nx.is_directed_acyclic_graph(G),
    "ancestors": lambda G, y: nx.ancestors(G, y),
    "descendants": lambda G, y: nx.descendants(G, 0),
    "dag_longest_path": lambda G, y: nx.dag_longest_path(G),
    "dag_longest_path_length": lambda G, y: nx.dag_longest_path_length(G),
    "transitive_closure_dag": lambda G, y: nx.transitive_closure_dag(G),
    "transitive_reduction": lambda G, y: nx.transitive_reduction(nx.DiGraph(G)),
    "lowest_common_ancestor": lambda G, y: [nx.lowest_common_ancestor(G, a, b) for a, b in pairs(G)],
    "immediate_dominators": lambda G, y: nx.immediate_dominators(G, 0),
    "dominance_frontiers": lambda G, y: nx.dominance_frontiers(G, 0),
    "dag_to_branching": lambda G, y: nx.dag_to_branching(nx.DiGraph(G.subgraph(range(9)))).order(),
    "antichains": lambda G, y: list(zip(range(50), nx.antichains(nx.DiGraph(G)), strict=False)),
    "v_structures": lambda G, y: nx.dag.v_structures(nx.DiGraph(G)),
    # --- connectivity and paths
    "weakly_connected_components": lambda G, y: nx.weakly_connected_components(G),
    "strongly_connected_components": lambda G, y: nx.strongly_connected_components(G),
    "condensation": lambda G, y: nx.condensation(G),
    "has_path": lambda G, y: [nx.has_path(G, a, y) for a in G],
    "shortest_path": lambda G, y: nx.shortest_path(G, 0, y),
    "all_shortest_paths": lambda G, y: nx.all_shortest_paths(G, 0, y),
    "all_simple_paths": lambda G, y: nx.all_simple_paths(G, 0, y),
    "single_source_shortest_path_length": lambda G, y: nx.single_source_shortest_path_length(G, 0),
    "single_source_dijkstra": lambda G, y: nx.single_source_dijkstra(G, 0),
    "bellman_ford": lambda G, y: nx.single_source_bellman_ford(G, 0),
    "floyd_warshall_numpy": lambda G, y: nx.floyd_warshall_numpy(G),
    "minimum_cut": lambda G, y: nx.minimum_node_cut(nx.Graph(G), 0, y),
    # --- traversal
    "bfs_edges": lambda G, y: nx.bfs_edges(G, 0),
    "bfs_layers": lambda G, y: nx.bfs_layers(G, [0]),
    "bfs_tree": lambda G, y: nx.bfs_tree(G, y, reverse=True),
    "dfs_tree": lambda G, y: nx.dfs_tree(G, 0),
    "dfs_preorder_nodes": lambda G, y: nx.dfs_preorder_nodes(G, 0),
    "dfs_postorder_nodes": lambda G, y: nx.dfs_postorder_nodes(G, 0),
    "edge_dfs": lambda G, y: nx.edge_dfs(G, 0),
    # --- measures
    "pagerank": lambda G, y: nx.pagerank(G),
    "degree_centrality": lambda G, y: nx.degree_centrality(G),
    "in_degree_centrality": lambda G, y: nx.in_degree_centrality(G),
    "betweenness_centrality": lambda G, y: nx.betweenness_centrality(G),
    "closeness_centrality": lambda G, y: nx.closeness_centrality(G),
    "harmonic_centrality": lambda G, y: nx.harmonic_centrality(G),
    "density": lambda G, y: nx.density(G),
    "degree_histogram": lambda G, y: nx.degree_histogram(G),
    "flow_hierarchy": lambda G, y: nx.flow_hierarchy(G),
    "core_number": lambda G, y: nx.core_number(nx.Graph(G)),
    "in_degree": lambda G, y: dict(G.in_degree()),
    "out_degree": lambda G, y: dict(G.out_degree()),
    "degree": lambda G, y: dict(G.degree),
    "size": lambda G, y: (G.size(), G.size(weight=None), G.order(), G.number_of_nodes(), G.number_of_edges()),
    "number_of_edges": lambda G, y: [G.number_of_edges(a, b) for a in G for b in G],
    "isolates": lambda G, y: nx.isolates(G),
    "is_isomorphic": lambda G, y: nx.is_isomorphic(G, nx.MultiDiGraph(G)),
    "check_planarity": lambda G, y: nx.check_planarity(nx.Graph(G))[0],
    "greedy_color": lambda G, y: nx.greedy_color(G),
    # --- matrices and documents
    "adjacency_matrix": lambda G, y: nx.adjacency_matrix(G).toarray(),
    "incidence_matrix": lambda G, y: nx.incidence_matrix(G, oriented=True).toarray(),
    "laplacian_matrix": lambda G, y: nx.laplacian_matrix(nx.Graph(G)).toarray(),
    "to_numpy_array": lambda G, y: nx.to_numpy_array(G),
    "to_dict_of_dicts": lambda G, y: nx.to_dict_of_dicts(G),
    "to_dict_of_lists": lambda G, y: nx.to_dict_of_lists(G),
    "to_edgelist": lambda G, y: list(nx.to_edgelist(G)),
    "node_link_data": lambda G, y: nx.node_link_data(G, edges="edges"),
    "adjacency_data": lambda G, y: nx.adjacency_data(G),
    "cytoscape_data": lambda G, y: nx.cytoscape_data(G),
    "generate_network_text": lambda G, y: nx.generate_network_text(G),
    "generate_adjlist": lambda G, y: nx.generate_adjlist(G),
    "generate_edgelist": lambda G, y: nx.generate_edgelist(G),
    "get_node_attributes": lambda G, y: nx.get_node_attributes(G, "op"),
    # --- other graphs made of it
    "subgraph": lambda G, y: G.subgraph([0, 1, 2, 3, y]),
    "subgraph of a subgraph": lambda G, y: G.subgraph(range(9)).subgraph([2, 3]),
    "edge_subgraph": lambda G, y: G.edge_subgraph(list(G.edges(keys=True))[:5]),
    "subgraph_view": lambda G, y: nx.subgraph_view(G, filter_node=lambda n: n > 2),
    "restricted_view": lambda G, y: nx.restricted_view(G, [0], []),
    "copy of a subgraph": lambda G, y: G.subgraph([0, 1, 2, 3]).copy(),
    "reverse": lambda G, y: G.reverse(),
    "reverse view": lambda G, y: nx.reverse_view(G),
    "copy": lambda G, y: G.copy(),
    "copy as view": lambda G, y: G.copy(as_view=True),
    "to_undirected": lambda G, y: G.to_undirected(),
    "to_undirected view": lambda G, y: G.to_undirected(as_view=True),
    "to_directed": lambda G, y: G.to_directed(),
    "DiGraph": lambda G, y: nx.DiGraph(G),
    "Graph": lambda G, y: nx.Graph(G),
    "MultiGraph": lambda G, y: nx.MultiGraph(G),
    "line_graph": lambda G, y: nx.line_graph(G),
    "relabel_nodes": lambda G, y: nx.relabel_nodes(G, {0: "a"}),
    "convert_node_labels_to_integers": lambda G, y: nx.convert_node_labels_to_integers(G, 5),
    "compose": lambda G, y: nx.compose(G, nx.MultiDiGraph([(0, "new")])),
    "disjoint_union": lambda G, y: nx.disjoint_union(G, G),
    "union": lambda G, y: nx.union(G, G, rename=("a", "b")),
    "intersection": lambda G, y: nx.intersection(G, G),
    "difference": lambda G, y: nx.difference(G, G),
    "complement": lambda G, y: nx.complement(nx.DiGraph(G)),
    "transitive_closure": lambda G, y: nx.transitive_closure(G),
    "ego_graph": lambda G, y: nx.ego_graph(G, 0),
    "contracted_nodes": lambda G, y: nx.contracted_nodes(G, 0, 1),
    "create_empty_copy": lambda G, y: nx.create_empty_copy(G),
    "class of the graph": lambda G, y: G.__class__([(0, 1), (0, 1)]),
    # --- reading it directly
    "nodes": lambda G, y: (list(G), list(G.nodes), list(G.nodes(data=True)), list(G.nodes.data("shape"))),
    "edges": lambda G, y: (list(G.edges), list(G.edges(keys=True, data=True)), list(G.out_edges(0))),
    "in_edges": lambda G, y: sorted(G.in_edges(keys=True)),
    "neighbours": lambda G, y: [(list(G.successors(n)), list(G.predecessors(n))) for n in G],
    "items": lambda G, y: (G[0], G.adj[0], G.succ[0], G.pred[y], G.nodes[y], dict(G.adjacency())),
    "has_edge": lambda G, y: [G.has_edge(a, b, k) for a in G for b in G for k in (0, 1, None)],
    "get_edge_data": lambda G, y: [G.get_edge_data(a, b) for a in G for b in G],
    "contains": lambda G, y: [n in G for n in (0, y, len(G), -1, 1.0, 0.5, True, np.int64(1), "x", [0])],
    "membership of edges": lambda G, y: [e in G.edges for e in ((0, y), (0, y, 0), (y, 0), ("a", 0))],
    "nbunch_iter": lambda G, y: list(G.nbunch_iter([0, "a", 1])),
    "equal graphs": lambda G, y: nx.utils.graphs_equal(G, nx.MultiDiGraph(G)),
}  # fmt: skip


def plain(value):
    """A result as what can be compared."""
    if isinstance(value, nx.Graph):
        assert type(value) is not sd.Graph
        nodes = sorted(map(repr, value.nodes(data=True)))
        return (value.is_directed(), value.is_multigraph(), nodes, sorted(map(repr, edges_of(value))))
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, (dict, str, tuple, frozenset, int, float)):
        return repr(value)
    if hasattr(value, "__iter__"):
        return [plain(v) for v in value]
    return repr(value)


def edges_of(G):
    for u, v, *rest in G.edges(keys=True, data=True) if G.is_multigraph() else G.edges(data=True):
        yield (*((u, v) if G.is_directed() else sorted((u, v), key=str)), *map(repr, rest))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("name", ALGORITHMS)
def test_the_live_graph_gives_what_an_ordinary_copy_gives(name, live):
    g, copy, y = live
    nodes = len(g)
    assert plain(ALGORITHMS[name](g, y)) == plain(ALGORITHMS[name](copy, y))
    assert len(g) == nodes


def test_at_least_25_algorithms_are_compared():
    assert len(ALGORITHMS) >= 25


def test_an_ordinary_copy_is_equal_and_may_be_changed(live):
    g, copy, y = live
    mine = nx.MultiDiGraph(g)
    assert type(mine) is nx.MultiDiGraph
    assert nx.utils.graphs_equal(mine, copy)
    mine.add_edge(y, "new")
    mine.nodes[0]["colour"] = "red"
    nx.set_edge_attributes(mine, 1.0, "weight")
    assert "colour" not in g.nodes[0]
    assert "weight" not in g.edges[next(iter(g.edges))]
    assert "new" not in g


MADE = ["reverse", "copy", "copy of a subgraph", "relabel_nodes", "compose", "disjoint_union", "to_directed"]


@pytest.mark.parametrize("name", MADE)
def test_graphs_made_of_it_are_ordinary_and_may_be_changed(name, live):
    g, _, y = live
    made = ALGORITHMS[name](g, y)
    assert type(made) is nx.MultiDiGraph
    some = next(iter(made))
    made.nodes[some]["colour"] = "red"
    made.add_edge(some, "new")
    made.remove_node(some)
    assert "new" in made
    assert 0 in g
    assert pickle.loads(pickle.dumps(made)).order() == made.order()


@pytest.mark.parametrize(
    "make", [nx.reverse_view, lambda g: g.subgraph([0, 1, 2]), lambda g: g.copy(as_view=True)]
)
def test_views_follow_the_graph_and_are_read_only(make):
    g = sd.Graph()
    x = g.variable("x")
    sd.exp(x) + g.constant(2)
    view = make(g)
    before = view.number_of_edges()
    with pytest.raises(nx.NetworkXError):
        view.add_node(7)
    sd.sin(x)
    assert view.number_of_edges() >= before


def test_identity_of_a_graph():
    g, h = sd.Graph(), sd.Graph()
    assert isinstance(g, nx.MultiDiGraph)
    assert isinstance(g, sd.Graph)
    assert type(g) is sd.Graph
    assert not isinstance(nx.MultiDiGraph(g), sd.Graph)
    assert g == g
    assert g != h
    assert len({g, h, g}) == 2
    assert bool(g)
    assert (len(g), list(g), g.is_directed(), g.is_multigraph()) == (0, [], True, True)


def test_missing_nodes_are_missing(live):
    g, copy, _ = live
    for n in (len(g), -1, "x", None, 0.5):
        for look in (lambda G: G.nodes[n], lambda G: G[n], lambda G: G.pred[n]):  # noqa: B023
            for G in (g, copy):
                with pytest.raises(KeyError):
                    look(G)
    with pytest.raises(nx.NodeNotFound):
        nx.shortest_path(g, 0, "nowhere")
    with pytest.raises(nx.NetworkXError):
        g.successors("nowhere")


def test_attributes_of_nodes_are_what_the_queries_say(live):
    g, _, y = live
    assert g.nodes[y]["op"] == g.operation(y)
    assert g.nodes[0]["params"] == g.params(0)
    data = nx.node_link_data(g.subgraph(nx.ancestors(g, 2)), edges="edges")
    assert json.loads(json.dumps(data))["directed"] is True
    changed = g.nodes[0].copy()
    changed["x"] = 1
    assert "x" not in g.nodes[0]


def test_a_conversion_kept_by_networkx_never_goes_stale():
    g = sd.Graph()
    x = g.variable("x")
    assert not getattr(g, "__networkx_cache__", None)
    assert nx.pagerank(g) == {0: 1.0}
    sd.exp(x)
    assert len(nx.pagerank(g)) == 2


# --- what reading the live graph costs: counted in calls of functions, Python's and C's ------------------------


def with_hubs(steps):
    """The gradient graph of a recurrence: each step uses x, whose derivative is the sum of as many terms."""
    g = sd.Graph()
    a, b, x = g.variables("a b x")
    for _ in range(steps):
        a, b = b, sd.sin(b) * x + a
    g.build_grad(b, x)
    return g, b.node


def calls_of(algorithm, g, y):
    count = 0

    def profile(frame, event, argument):
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(profile)
    try:
        result = algorithm(g, y)
        if hasattr(result, "__next__"):
            deque(result, maxlen=0)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("name", sorted(ALGORITHMS.keys() - {"all_simple_paths"}))  # of which there are 2**steps
def test_an_algorithm_is_linear_where_it_is_on_a_copy(name):
    algorithm, live, copied = ALGORITHMS[name], [], []
    for steps in (10, 20):
        g, y = with_hubs(steps)
        copied.append(calls_of(algorithm, nx.MultiDiGraph(g), y))
        live.append(calls_of(algorithm, g, y))
    assert live[1] <= 6 * copied[1] + 3 * len(g)  # each access is a call, where a dict's is none
    assert live[1] / live[0] <= 1.25 * max(copied[1] / copied[0], 2)


@pytest.mark.parametrize("name", ["topological_sort", "topological_generations", "dag_longest_path", "in_edges"])
def test_hubs_of_hundreds_are_read_in_linear_time(name):
    g, y = with_hubs(100)
    large, z = with_hubs(400)
    assert calls_of(ALGORITHMS[name], large, z) <= 4.2 * calls_of(ALGORITHMS[name], g, y)


def test_rows_of_hubs_are_kept_and_grow():
    g, _ = with_hubs(100)
    hub = g.variable("x").node
    total = max(g, key=lambda n: len(g.inputs(n)))
    for rows, n in ((g._succ, hub), (g._pred, total)):
        assert len(rows[n]) >= 100
        assert rows[n] is rows[n]
    row, seen = g._succ[hub], len(g.consumers(hub))
    n = sd.exp(g.variable("x")).node
    assert len(g.consumers(hub)) == seen + 1
    assert g._succ[hub] is row
    assert list(g._pred[n]) == [hub]


def test_rows_forget_what_is_taken_back():
    g = sd.Graph()
    x = g.variable("x")
    kept = sd.sin(x)
    before = (list(g[x.node]), g.nodes(data=True)[kept.node], list(g.edges(keys=True)))

    def fails():
        with g.transaction():
            wide = sd.add(*(k * sd.exp(x * k) for k in range(2, 50)))
            assert len(g.pred[wide.node]) == 48
            assert len(g[x.node]) > 1
            g.variable("no name")

    with pytest.raises(sd.InputError, match="is not a name"):
        fails()
    assert (list(g[x.node]), g.nodes(data=True)[kept.node], list(g.edges(keys=True))) == before
    y = sd.cos(x)
    assert g.nodes[y.node]["op"] == "cos"
    assert list(g[x.node]) == [kept.node, y.node]


@pytest.mark.parametrize("part", ["row", "keys", "edge", "node"])
def test_nothing_that_networkx_reads_can_be_written(part):
    g, y = with_hubs(2)
    row = g._succ[0]
    keys = next(iter(row.values()))
    mapping = {"row": row, "keys": keys, "edge": keys[next(iter(keys))], "node": g.nodes[y]}[part]
    for write in (
        lambda m: m.update(a=1), lambda m: m.__setitem__("a", 1), lambda m: m.setdefault("a", 1), lambda m: m.clear(),
        lambda m: m.pop("a"), lambda m: m.popitem(), lambda m: m.__ior__({"a": 1}), lambda m: m.__delitem__("a"),
    ):  # fmt: skip
        with pytest.raises(sd.GraphError, match="append-only"):
            write(mapping)
    for ordinary in (mapping.copy(), copy.deepcopy(mapping), pickle.loads(pickle.dumps(mapping))):
        assert type(ordinary) is dict
        assert ordinary == mapping
