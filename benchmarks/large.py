"""Graphs of a hundred thousand nodes to two million: ``python -m benchmarks.large [--record]``.

The graph is the value and the gradient of the scalar recurrence. Each figure is the median of interleaved runs in
processor time, the first ones in a graph made anew, since columns are kept with a graph.
"""

import gc
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import symdiff as sd

from .recurrence import after

NODES_A_STEP = 8
LIMITS = {"evaluate": 1.0, "load": 2.0, "save": 2.0, "draw": 3.0}  # seconds at two million nodes
PER_NODE = 0.6  # microseconds of `function`
REPEATS = 3
POINT = {"a": 0.3, "b": 0.7, "x": 1e-6}
TABLE = Path(__file__).with_name("large.md")


def built(nodes: int) -> list[sd.Expr]:
    wrt = sd.Graph().variables("a b x")
    f = after(sd.sin, nodes // NODES_A_STEP, *wrt)
    return [f, *sd.grad(f, wrt)]


def timed(call: Callable[[], Any]) -> float:
    gc.collect()
    start = time.process_time()
    call()
    return time.process_time() - start


def function_called(outputs: list[sd.Expr]) -> None:
    sd.function(list(POINT), outputs)(*POINT.values())


def per_node(nodes: int, repeats: int) -> tuple[float, float]:
    """Microseconds per node of `function` with its first call: in a new graph, and once more in the same."""
    first, again = [], []
    for _ in range(repeats):
        outputs = built(nodes)
        for times in (first, again):
            times.append(timed(lambda: function_called(outputs)) / len(outputs[0].graph) * 1e6)  # noqa: B023
    return statistics.median(first), statistics.median(again)


def seconds(nodes: int) -> tuple[int, dict[str, float], float]:
    """(nodes of the graph, seconds of each use of it, bytes per node when it is built)"""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        document, picture = Path(folder, "graph.json"), Path(folder, "graph.svg")
        for k in range(REPEATS):
            outputs = built(nodes)
            if k == 0:
                count = len(outputs[0].graph)
                each = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 / count
            for name, call in {
                "evaluate": lambda: sd.evaluate(outputs, POINT),  # noqa: B023
                "save": lambda: sd.save(outputs, document),  # noqa: B023
                "load": lambda: sd.load(document),
                "draw": lambda: sd.draw(outputs, picture),  # noqa: B023
            }.items():
                found.setdefault(name, []).append(timed(call))
    return count, {name: statistics.median(times) for name, times in found.items()}, each


def rows() -> list[str]:
    function_called(built(10_000))  # what is compiled when first met
    sd.evaluate(built(10_000), POINT)
    lines = ["| what | nodes | measured | wanted | |", "|---|---|---|---|---|"]
    count, found, each = seconds(2_000_000)
    lines.append(f"| memory of the graph | {count} | {each:.0f} bytes a node | | |")
    for name, taken in found.items():
        met = "met" if taken <= LIMITS[name] else "missed"
        lines.append(f"| {name} | {count} | {taken:.2f} s | ≤ {LIMITS[name]:.0f} s | {met} |")
    for nodes, repeats in ((160_000, 5), (1_000_000, REPEATS)):
        taken, again = per_node(nodes, repeats)
        met = "met" if taken <= PER_NODE else "missed"
        lines.append(f"| function and first call | {nodes} | {taken:.2f} µs a node | ≤ {PER_NODE} µs | {met} |")
        lines.append(f"| the same in the same graph again | {nodes} | {again:.2f} µs a node | | |")
    return lines


if __name__ == "__main__":
    text = "\n".join(rows())
    print(text)
    if "--record" in sys.argv[1:]:
        command = "`python -m benchmarks.large --record`: processor time, on two cores that others used too."
        TABLE.write_text(f"# Large graphs\n\n{command}\n\n{text}\n", encoding="utf-8")
