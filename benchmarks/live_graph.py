"""networkx on a live gradient graph against networkx on an ordinary copy of it: ``python -m
benchmarks.live_graph [--record]``.

The graph has hubs: a variable that every step uses, and the sum of as many terms that is its gradient. Each row is the
ratio of the shortest of interleaved runs in processor time, at most 3 wanted and 2 for topological sorts, and the
exponent of the live time between sizes. On a graph of a million nodes each algorithm runs once, live alone.
"""

import gc
import math
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import networkx as nx

import symdiff as sd

from .recurrence import after

STEPS = (1333, 2666, 5333)  # six nodes a step
MANY = 166_666
LIMITS = {"topological_sort": 2.0, "topological_generations": 2.0, "lexicographical_topological_sort": 2.0}
LIMIT = 3.0
GROWTH = 1.2
TABLE = Path(__file__).with_name("live_graph.md")

ALGORITHMS: dict[str, Callable[[Any, int], Any]] = {
    "topological_sort": lambda G, y: nx.topological_sort(G),
    "topological_generations": lambda G, y: nx.topological_generations(G),
    "lexicographical_topological_sort": lambda G, y: nx.lexicographical_topological_sort(G),
    "is_directed_acyclic_graph": lambda G, y: nx.is_directed_acyclic_graph(G),
    "dag_longest_path": lambda G, y: nx.dag_longest_path(G),
    "ancestors": lambda G, y: nx.ancestors(G, y),
    "descendants": lambda G, y: nx.descendants(G, 0),
    "immediate_dominators": lambda G, y: nx.immediate_dominators(G, 0),
    "bfs_edges": lambda G, y: nx.bfs_edges(G, 0),
    "bfs_layers": lambda G, y: nx.bfs_layers(G, [0]),
    "dfs_preorder_nodes": lambda G, y: nx.dfs_preorder_nodes(G, 0),
    "dfs_edges": lambda G, y: nx.dfs_edges(G, 0),
    "weakly_connected_components": lambda G, y: nx.weakly_connected_components(G),
    "strongly_connected_components": lambda G, y: nx.strongly_connected_components(G),
    "number_of_edges": lambda G, y: G.size(),
    "shortest_path": lambda G, y: nx.shortest_path(G, 0, y),
    "single_source_shortest_path_length": lambda G, y: nx.single_source_shortest_path_length(G, 0),
    "single_source_dijkstra_path_length": lambda G, y: nx.single_source_dijkstra_path_length(G, 0),
    "pagerank": lambda G, y: nx.pagerank(G, max_iter=100),
    "degree_histogram": lambda G, y: nx.degree_histogram(G),
    "in_degree": lambda G, y: dict(G.in_degree()),
    "nodes with attributes": lambda G, y: G.nodes(data=True),
    "edges": lambda G, y: G.edges(keys=True, data=True),
    "in_edges": lambda G, y: G.in_edges(keys=True),
    "neighbours": lambda G, y: [(list(G.successors(n)), list(G.predecessors(n))) for n in G],
    "has_edge": lambda G, y: [G.has_edge(n, c) for n in G for c in G.successors(n)],
    "subgraph": lambda G, y: list(G.subgraph(range(y)).edges),
    "to_scipy_sparse_array": lambda G, y: nx.to_scipy_sparse_array(G).nnz,
    "reverse": lambda G, y: G.reverse().order(),
    "DiGraph": lambda G, y: nx.DiGraph(G).order(),
    "node_link_data": lambda G, y: nx.node_link_data(G, edges="edges"),
}


def with_hubs(steps: int) -> tuple[sd.Graph, int]:
    """(graph of value and gradient of the recurrence, the node of the value)"""
    g = sd.Graph()
    wrt = g.variables("a b x")
    f = after(sd.sin, steps, *wrt)
    g.build_grad(f, wrt)
    return g, f.node


def timed(call: Callable[[], Any]) -> float:
    gc.collect()
    start = time.process_time()
    result = call()
    if isinstance(result, Iterable) and not isinstance(result, dict):
        deque(result, maxlen=0)
    return time.process_time() - start


def rows(repeats: int = 3) -> Iterable[tuple[str, list[float], float, list[float]]]:
    """(algorithm, live seconds at each size and at a million nodes, ratio to a copy at the largest that has one,
    exponents: of the sizes, and from the largest to a million)"""
    gc.disable()  # its passes over a million dicts would be in one side's times or the other's
    graphs = [with_hubs(steps) for steps in STEPS]
    copies = [nx.MultiDiGraph(g) for g, _ in graphs]
    large, top = with_hubs(MANY)
    for name, algorithm in ALGORITHMS.items():
        times: list[float] = []
        for (g, y), copy in zip(graphs, copies, strict=True):
            calls = [(timed(lambda: algorithm(g, y)), timed(lambda: algorithm(copy, y))) for _ in range(repeats)]  # noqa: B023
            live, other = map(min, zip(*calls, strict=True))
            times.append(live)
        times.append(timed(lambda: algorithm(large, top)))  # noqa: B023
        between = math.log(live / times[0]) / math.log(STEPS[-1] / STEPS[0])
        yield name, times, live / other, [between, math.log(times[-1] / live) / math.log(MANY / STEPS[-1])]


def main(record: bool) -> None:
    sizes = " / ".join(str(6 * s) for s in (*STEPS, MANY))
    lines = [f"| algorithm | live, ms at {sizes} nodes | to a copy | exponents | |", "|---|---|---|---|---|"]
    print("\n".join(lines))
    for name, times, ratio, exponents in rows():
        met = "met" if ratio <= LIMITS.get(name, LIMIT) and max(exponents) <= GROWTH else "missed"
        shown = " / ".join(f"{1e3 * t:.1f}" for t in times)
        slopes = " / ".join(f"{e:.2f}" for e in exponents)
        lines.append(f"| {name} | {shown} | {ratio:.2f} | {slopes} | {met} |")
        print(lines[-1], flush=True)
    if record:
        text = "\n".join(lines)
        TABLE.write_text(f"# networkx on the live graph, against an ordinary copy\n\n{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main("--record" in sys.argv[1:])
