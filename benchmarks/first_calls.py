"""What a user waits for first, and what a small call costs: ``python -m benchmarks.first_calls``.

First calls are in processes of their own, with an empty folder for object code (a fresh machine) and with the same one
again. Small calls are beside what numpy and scipy take for the least that does the same, interleaved.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse.linalg import aslinearoperator

import symdiff as sd

REPEATS = 7
FRESH, LATER = 0.5, 0.15  # seconds that are wanted

FIRST = """
import time
start = time.perf_counter()
import symdiff as sd
imported = time.perf_counter()
x, y = sd.Graph().variables("x y")
f = sd.sin(x) * sd.exp(y) + x / (1 + y**2)
fn = sd.function([x, y], [f, *sd.grad(f, [x, y])])
fn(0.3, 0.2)
print(imported - start, time.perf_counter() - imported)
"""


def first(folder: str) -> tuple[float, float]:
    """(seconds of the import, from there to the first result of a scalar function with its gradient)"""
    environment = {**os.environ, "SYMDIFF_CACHE": folder}
    done = subprocess.run([sys.executable, "-c", FIRST], env=environment, capture_output=True, text=True, check=True)
    imported, called = map(float, done.stdout.split())
    return imported, called


def first_calls() -> None:
    fresh, later, imports = [], [], []
    for _ in range(REPEATS):
        with tempfile.TemporaryDirectory() as folder:
            for found in (fresh, later):
                imported, called = first(str(Path(folder, "kept")))
                found.append(called)
                imports.append(imported)
    print(f"| import | {statistics.median(imports):.2f} s | |")
    print(f"| first scalar function and call, nothing kept | {statistics.median(fresh):.2f} s | ≤ {FRESH} s |")
    print(f"| the same in a later process | {statistics.median(later):.2f} s | ≤ {LATER} s |")


def best(calls: dict[str, Callable[[], Any]], number: int = 2000, rounds: int = 40) -> dict[str, float]:
    """The shortest time of each call in microseconds, interleaved."""
    found = dict.fromkeys(calls, float("inf"))
    for call in calls.values():
        call()
    for _ in range(rounds):
        for name, call in calls.items():
            start = time.perf_counter()
            for _ in range(number):
                call()
            found[name] = min(found[name], (time.perf_counter() - start) / number * 1e6)
    return found


def small_calls() -> None:
    x, y, z = sd.Graph().variables("x y z")
    f = x * sd.sin(y) + z
    one = sd.function([x, y, z], f)
    outputs = [f, *sd.grad(f, [x, y, z])]
    many, nested = sd.function([x, y, z], outputs * 25), sd.function([x, y, z], [outputs] * 25)
    A = np.array([[4.0, 1.0, 0.5], [1.0, 3.0, 0.2], [0.5, 0.2, 2.0]])
    q = sd.parse("x @ A @ x/2 + sum(exp(x))", x=3, A=(3, 3))
    H = sd.HessianOperator(q, "x", at={"A": A, "x": np.ones(3)})
    v, point = np.ones(3), {"x": np.full(3, 0.5)}
    dense = aslinearoperator(A)
    found = best(
        {
            "three numbers to one": lambda: one(0.1, 0.2, 0.3),
            "to 100": lambda: many(0.1, 0.2, 0.3),
            "to 25 lists of 4": lambda: nested(0.1, 0.2, 0.3),
            "H @ v, 3 x 3": lambda: H @ v,
            "scipy's operator of a dense matrix @ v": lambda: dense @ v,
            "H.at": lambda: H.at(point),
            "np.sin of a number": lambda: np.sin(0.2),
        }
    )
    limits = {"three numbers to one": 1.5, "H @ v, 3 x 3": 6.0, "H.at": 20.0}
    for name, taken in found.items():
        print(f"| {name} | {taken:.2f} µs | {f'≤ {limits[name]} µs' if name in limits else ''} |")
    for name in ("to 100", "to 25 lists of 4"):
        each = (found[name] - found["three numbers to one"]) / 100 * 1000
        print(f"| each result, {name} | {each:.0f} ns | ≤ 50 ns |")


if __name__ == "__main__":
    print("| what | time | wanted |\n|---|---|---|")
    first_calls()
    small_calls()
