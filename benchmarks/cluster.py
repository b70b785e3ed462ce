"""Products and solves on dask's workers: ``python -m benchmarks.cluster [--small] [--record]``.

One product with a Hessian, 200000 x 200, on two worker processes of one thread each, beside our own with two threads in
this process, the same product written with dask.array, and an empty round of the scheduler, interleaved; the bytes that
each worker sends and receives for it. Then a solve with data four times a worker's memory limit, from files, and one
while a worker is killed.
"""

import logging
import os
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dask.array as da
import numpy as np
from distributed import Client, LocalCluster, wait
from scipy.sparse.linalg import cg

import symdiff as sd

ROUNDS = 15
TABLE = Path(__file__).with_suffix(".md")
LOSS = "sum(log(1 + exp(-y*(X @ w)))) + w @ w/2"
KB, MB = 1 << 10, 1 << 20


def cluster(**options: Any) -> LocalCluster:
    return LocalCluster(threads_per_worker=1, dashboard_address=":0", silence_logs=logging.CRITICAL, **options)


def loss() -> Any:
    return sd.parse(LOSS, X="n d", y="n", w="d")


def medians(calls: dict[str, Callable[[], Any]], rounds: int) -> dict[str, float]:
    """Seconds of each call, interleaved."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    for k in range(rounds + 2):
        for name, call in calls.items():
            start = time.perf_counter()
            call()
            if k >= 2:
                times[name].append(time.perf_counter() - start)
    return {name: statistics.median(ts) for name, ts in times.items()}


# --- bytes: what a worker's sockets read and write ------------------------------------------------------------------


def count_bytes(dask_worker: Any) -> None:
    from tornado.iostream import IOStream  # noqa: PLC0415

    counts = dask_worker.counted = [0]

    def counting(method: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any) -> Any:
            found = method(*args)
            counts[0] += found or 0
            return found

        return counted

    IOStream.read_from_fd = counting(IOStream.read_from_fd)
    IOStream.write_to_fd = counting(IOStream.write_to_fd)


def counted(dask_worker: Any) -> int:
    return dask_worker.counted[0]


def bytes_of(client: Client, call: Callable[[], Any], times: int) -> float:
    """Bytes per call and worker, heartbeats included."""
    before = client.run(counted)
    for _ in range(times):
        call()
    return max((after - before[w]) / times for w, after in client.run(counted).items())


def empty(k: int) -> int:
    return k


def one_product(n: int, d: int, rounds: int) -> list[str]:
    r = np.random.default_rng(0)
    X, y, w, v = r.normal(size=(n, d)), np.sign(r.normal(size=n)), r.normal(size=d) / 20, r.normal(size=d)
    local = sd.HessianOperator(loss(), "w", at={"X": X, "y": y, "w": w}, threads=2)
    with cluster(n_workers=2) as workers, Client(workers) as client:
        chunks = {"X": da.from_array(X, chunks=(n // 2, d)), "y": da.from_array(y, chunks=n // 2)}
        chunks = dict(zip(chunks, client.persist(list(chunks.values())), strict=True))
        wait(list(chunks.values()))
        H = sd.HessianOperator(loss(), "w", at={**chunks, "w": w})
        s = 1 / (1 + np.exp(-y * (X @ w)))
        c = client.persist(da.from_array(s * (1 - s), chunks=n // 2))
        wait(c)
        calls: dict[str, Callable[[], Any]] = {
            "two threads here": lambda: local @ v,
            "two worker processes": lambda: H @ v,
            "written with dask.array": lambda: (chunks["X"].T @ (c * (chunks["X"] @ v))).compute() + v,
            "an empty round of the scheduler": lambda: client.gather(client.map(empty, range(2), pure=False)),
        }
        for name in list(calls)[1:3]:
            np.testing.assert_allclose(calls[name](), local @ v, rtol=1e-9, atol=1e-7)
        found = medians(calls, rounds)
        client.run(count_bytes)
        size = bytes_of(client, lambda: H @ v, 40)
    ours, here, other, round_trip = (
        found[k] for k in ("two worker processes", "two threads here", "written with dask.array", list(calls)[3])
    )
    allowed, bound = 1.3 * here + round_trip, 2 * 8 * d + 4 * KB
    return [
        *(f"| {n} x {d}, one product: {name} | {1e3 * seconds:.1f} ms | |" for name, seconds in found.items()),
        row("of 1.3 x two threads + an empty round", ours / allowed, 1.0),
        row("of the same with dask.array", ours / other, 0.6),
        f"| bytes per product and worker | {size:.0f} | ≤ 2*8*d + 4 KB = {bound}: {verdict(size <= bound)} |",
    ]


# --- solves ---------------------------------------------------------------------------------------------------------


def newton(H: Any, w: np.ndarray, between: Callable[[int], None] = lambda k: None) -> tuple[Any, np.ndarray]:
    """The minimum; `between` is called with the number of each step, in the middle of it."""
    for k in range(20):
        seen = []

        def told(x: np.ndarray, k: int = k, seen: list = seen) -> None:
            seen.append(1)
            if len(seen) == 2:
                between(k)

        w = w + cg(H, -H.gradient, rtol=1e-9, callback=told)[0]
        H = H.at({"w": w})
        if np.linalg.norm(H.gradient) < 1e-10 * H.value:
            break
    return H, w


def read(path: str, width: int, block_info: Any = None) -> np.ndarray:
    """The rows of a file."""
    (start, stop), _ = block_info[None]["array-location"]
    return np.fromfile(path, count=(stop - start) * width, offset=8 * start * width).reshape(-1, width)


def peak(dask_worker: Any) -> tuple[int, int]:
    """(process, the most memory that it had): the kernel's figure, for getrusage counts its parent's before exec."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return os.getpid(), KB * int(status["VmHWM"].split()[0])


def beyond_memory(limit: int, d: int) -> list[str]:
    """Data of four times a worker's memory limit, in chunks of a fiftieth of it."""
    n = 4 * limit // (8 * (d + 1))
    with tempfile.TemporaryDirectory() as folder:
        path, rows = str(Path(folder, "rows")), limit // 50 // (8 * (d + 1))
        with open(path, "wb") as file:
            r = np.random.default_rng(1)
            for start in range(0, n, rows):
                X = r.normal(size=(min(rows, n - start), d))
                np.column_stack([X, np.sign(X[:, 0] + r.normal(size=len(X)))]).tofile(file)
        with cluster(n_workers=1, memory_limit=limit) as workers, Client(workers) as client:
            whole = da.map_blocks(
                read, path, d + 1, chunks=da.core.normalize_chunks((rows, d + 1), (n, d + 1)), dtype=float
            )
            before = client.run(peak)
            start = time.perf_counter()
            H = sd.HessianOperator(loss(), "w", at={"X": whole[:, :-1], "y": whole[:, -1], "w": np.zeros(d)})
            H, _ = newton(H, np.zeros(d))
            seconds = time.perf_counter() - start
            ((worker, (process, most)),) = client.run(peak).items()
            same = before[worker][0] == process
        slope = np.linalg.norm(H.gradient) / H.value
    return [
        f"| {8 * n * (d + 1) / MB:.0f} MB of data, a worker of {limit / MB:.0f} MB: {H.counts['products']} products, "
        f"{H.counts['points']} points in {seconds:.0f} s | {most / MB:.0f} MB at most | never restarted, "
        f"gradient {slope:.0e} of the value: {verdict(same and most < limit and slope < 1e-8)} |"
    ]


def a_killed_worker(n: int, d: int) -> list[str]:
    r = np.random.default_rng(2)
    X = r.normal(size=(n, d))
    at = {"X": X, "y": np.sign(X[:, 0] + r.normal(size=n)), "w": np.zeros(d)}
    near, wanted = newton(sd.HessianOperator(loss(), "w", at=at), at["w"])
    with cluster(n_workers=2) as workers, Client(workers) as client:

        def kill(k: int) -> None:
            if k in (1, 3):
                os.kill(next(iter(client.run(os.getpid).values())), signal.SIGKILL)

        lazy = {"X": da.from_array(X, chunks=(n // 6, d)), "y": da.from_array(at["y"], chunks=n // 6), "w": at["w"]}
        far, found = newton(sd.HessianOperator(loss(), "w", at=lazy), at["w"], kill)
    gap = float(np.abs(found - wanted).max())
    lost = near.counts["products"] - far.counts["products"]
    return [
        f"| {n} x {d}, Newton-CG, a worker killed twice: products beyond those in one process | {-lost} | "
        f"minimum the same to 1e-8 ({gap:.0e}): {verdict(gap <= 1e-8)} |"
    ]


def row(what: str, ratio: float, target: float) -> str:
    return f"| {what} | {ratio:.2f} | ≤ {target}: {verdict(ratio <= target)} |"


def verdict(met: bool) -> str:
    return "met" if met else "missed"


def main(small: bool, record: bool) -> None:
    lines = ["| work | | target |", "|---|---|---|"]
    for part in (
        lambda: one_product(*(20_000, 20, 3) if small else (200_000, 200, ROUNDS)),
        lambda: a_killed_worker(*(3_000, 10) if small else (60_000, 100)),
        lambda: beyond_memory(400 * MB, 200),
    ):
        lines += part()
        print("\n".join(lines), flush=True)
        if record:
            command = "`python -m benchmarks.cluster --record`, on two cores that nothing else used."
            TABLE.write_text("\n".join(["# Clusters", "", command, "", *lines, ""]), encoding="utf-8")


if __name__ == "__main__":
    main("--small" in sys.argv, "--record" in sys.argv)
