"""Newton's method on a cluster: two worker processes hold the rows, and one of them is killed on the way.

    python examples/cluster.py [rows]

The loss is a sum over rows, so each worker computes its part: a product with the Hessian sends one vector
to a worker and brings one back. The rows of a worker that dies are made again elsewhere, and the solve goes
on.
"""

import logging
import os
import signal
import sys

import dask.array as da
import numpy as np
from distributed import Client, LocalCluster
from scipy.sparse.linalg import cg
from tqdm import tqdm

import symdiff as sd

FEATURES = 50


def rows(block_info=None):
    """A chunk of the data, made by its worker; of your own data, `da.from_zarr` reads chunks."""
    (start, stop), (_, width) = block_info[None]["array-location"]
    r = np.random.default_rng(start)
    data = r.normal(size=(stop - start, width))
    data[:, -1] = np.sign(data[:, 0] - data[:, 1] + r.normal(size=stop - start))
    return data


def kill_a_worker(client):
    address, pid = next(iter(client.run(os.getpid).items()))
    os.kill(pid, signal.SIGKILL)
    print(f"killed the worker {address}")


def newton(H, w, after=None):
    """The minimum from w on, where H is; `after` is called in the middle of the second step."""
    for k in range(12):
        with tqdm(desc=f"step {k}, |gradient| {np.linalg.norm(H.gradient):.0e}", unit="product") as bar:

            def told(x, k=k, bar=bar):
                bar.update()
                if k == 1 and bar.n == 3 and after is not None:
                    after()

            step, _ = cg(H, -H.gradient, rtol=1e-8, callback=told)
        w = w + step
        H = H.at({"w": w})
        if np.linalg.norm(H.gradient) < 1e-9 * H.value:
            break
    return H, w


def main(count=100_000):
    f = sd.parse("sum(log(1 + exp(-y*(X @ w)))) + w @ w/2", X="n d", y="n", w="d")
    chunks = (-(-count // 8), FEATURES + 1)
    data = da.map_blocks(rows, chunks=da.core.normalize_chunks(chunks, (count, FEATURES + 1)), dtype=float)
    w = np.zeros(FEATURES)
    quiet = {"dashboard_address": ":0", "silence_logs": logging.CRITICAL}
    with LocalCluster(n_workers=2, threads_per_worker=1, **quiet) as cluster, Client(cluster) as client:
        H = sd.HessianOperator(f, "w", at={"X": data[:, :-1], "y": data[:, -1], "w": w})
        print(H.split("n"))
        H, found = newton(H, w, after=lambda: kill_a_worker(client))
        print(f"on the cluster: f = {H.value:.6f}, {H.counts['products']} products")
        held = data.compute()
    H, expected = newton(sd.HessianOperator(f, "w", at={"X": held[:, :-1], "y": held[:, -1], "w": w}), w)
    print(f"in one process: f = {H.value:.6f}, {H.counts['products']} products")
    print(f"the same minimum: {np.abs(found - expected).max() < 1e-8}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
