"""Engine "dask": what is computed on the workers of a cluster is what one process computes."""

import logging
import os
import signal
import threading
import time
from types import SimpleNamespace

import numpy as np
import pytest
import scipy.optimize
import scipy.sparse

import symdiff as sd
from symdiff.engines import dask as engine
from symdiff.engines import waiting
from symdiff.lazy import module

from .test_split import IDENTITIES, INTEGERS, LOSSES, ROWS, TRUTHS, VARIABLES, values, variables

dask = pytest.importorskip("dask")
distributed = pytest.importorskip("distributed")
da = pytest.importorskip("dask.array")

ROWED = [k for k, s in {**VARIABLES, **INTEGERS, **TRUTHS}.items() if "n" in s]
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def client():
    cluster = distributed.LocalCluster(
        n_workers=3, threads_per_worker=1, processes=False, dashboard_address=":0", memory_limit=0
    )
    with cluster, distributed.Client(cluster) as client:
        yield client


def in_chunks(given, chunks):
    """The arrays with rows as dask arrays."""
    sizes = {**VARIABLES, **INTEGERS, **TRUTHS}
    axes = {k: list(sizes[k]).index("n") for k in ROWED}
    return {
        k: da.from_array(a, chunks=tuple([chunks if axis == axes[k] else -1 for axis in range(a.ndim)]))
        if k in axes
        else a
        for k, a in given.items()
    }


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("name", LOSSES)
def test_hessians(client, name, dtype):
    make, wrt = LOSSES[name]
    v = variables(dtype)
    f, given, wrt = make(v), values(11, dtype), wrt.split()
    used = {k for k, e in v.items() if e.node in f.graph.ancestors([f.node])} | {*wrt, "X"}
    at = {k: a for k, a in given.items() if k in used}
    H = sd.HessianOperator(f, wrt, at={**in_chunks(at, (3, 1, 5, 2))})
    local = sd.HessianOperator(f, wrt, at=at)
    tolerance = {"rtol": 1e-10, "atol": 1e-9} if dtype == "float64" else {"rtol": 1e-3, "atol": 1e-2}
    np.testing.assert_allclose(H.value, local.value, **tolerance)
    np.testing.assert_allclose(H.gradient, local.gradient, **tolerance)
    V = np.random.default_rng(1).normal(size=(H.shape[0], 3)).astype(dtype)
    np.testing.assert_allclose(H @ V[:, 0], local @ V[:, 0], **tolerance)
    np.testing.assert_allclose(H @ V, local @ V, **tolerance)
    moved = {wrt[0]: at[wrt[0]] / 2}
    np.testing.assert_allclose(H.at(moved) @ V[:, 1], local.at(moved) @ V[:, 1], **tolerance)


@pytest.mark.parametrize("name", ROWS)
def test_outputs_with_rows_stay_there(client, name):
    v = variables()
    outputs = ROWS[name](v)
    fn = sd.function(list(v.values()), outputs)
    given = values(9)
    found = fn(*in_chunks(given, (4, 2, 3)).values())
    listed = [x if isinstance(x, list) else [x] for x in (found, fn(*given.values()), outputs)]
    for a, b, e in zip(*listed, strict=True):
        assert isinstance(a, da.Array) == ("n" in e.shape)
        assert a.dtype == b.dtype
        np.testing.assert_allclose(np.asarray(a), b, rtol=1e-12)


def least_squares(n=40, d=3, seed=0):
    r = np.random.default_rng(seed)
    e = sd.parse("tanh(X @ w) - y", X="n d", y="n", w="d")
    return e, {"X": r.normal(size=(n, d)), "y": r.normal(size=n), "w": r.normal(size=d)}


def cut(at, chunks):
    return {k: da.from_array(a, chunks=(chunks, *a.shape[1:])) if k in "Xy" else a for k, a in at.items()}


def test_jacobians_and_gauss_newton(client):
    e, at = least_squares()
    J, local = sd.JacobianOperator(e, "w", at=cut(at, 15)), sd.JacobianOperator(e, "w", at=at)
    r = np.random.default_rng(1)
    u, v = r.normal(size=40), r.normal(size=3)
    pairs = [(J.value, local.value), (J @ v, local @ v), (J.T @ u, local.T @ u), (J @ np.eye(3), local @ np.eye(3))]
    for a, b in pairs:
        np.testing.assert_allclose(a, b, rtol=1e-11, atol=1e-12)
    loss = sd.sum(e**2) / 2
    for kind, options in ((sd.GaussNewtonOperator, {"damping": 0.5}), (sd.FisherOperator, {"kind": "empirical"})):
        G, near = (kind(loss, e, "w", at=a, **options) for a in (cut(at, 15), at))
        np.testing.assert_allclose(G @ np.eye(3), near @ np.eye(3), rtol=1e-11, atol=1e-12)
        np.testing.assert_allclose(G.diagonal(), near.diagonal(), rtol=1e-11, atol=1e-12)


def test_sums_are_added_by_a_tree_of_tasks(client, monkeypatch):
    submitted, submit = [], client.submit

    def counted(f, *args, **options):
        submitted.append(f)
        return submit(f, *args, **options)

    monkeypatch.setattr(engine, "FAN", 2)
    monkeypatch.setattr(client, "submit", counted)
    f = sd.parse("sum(log(1 + exp(-y*(X @ w)))) + w @ w/2", X="n d", y="n", w="d")
    rng = np.random.default_rng(3)
    at = {"X": rng.normal(size=(30, 4)), "y": rng.choice([-1.0, 1.0], 30), "w": rng.normal(size=4)}
    cut = {"X": da.from_array(at["X"], chunks=(5, -1)), "y": da.from_array(at["y"], chunks=5), "w": at["w"]}
    H, local = sd.HessianOperator(f, "w", at=cut), sd.HessianOperator(f, "w", at=at)
    np.testing.assert_allclose(H.gradient, local.gradient, rtol=1e-12)
    before = submitted.count(engine.folded)
    np.testing.assert_allclose(H @ at["w"], local @ at["w"], rtol=1e-12)
    assert submitted.count(engine.folded) - before == 2  # three workers: two sums, which are added here


def test_scipy_problems(client):
    f = sd.parse("sum(log(1 + exp(-y * (X @ w)))) + w @ w/2", X="n d", y="n", w="d")
    _, at = least_squares(300, 4)
    at["y"] = np.sign(at["y"])
    problems = [sd.to_scipy(f, "w", at=a) for a in (cut(at, 70), at)]
    for method in ("newton-cg", "trust-krylov", "l-bfgs-b"):
        far, near = (scipy.optimize.minimize(**p.arguments(method), tol=1e-10) for p in problems)
        np.testing.assert_allclose(far.x, near.x, rtol=1e-6, atol=1e-7)


def test_arrays_of_this_process_are_cut_as_the_others_are(client):
    e, at = least_squares()
    local = sd.HessianOperator(sd.sum(e**2), "w", at=at)
    X = da.from_array(at["X"], chunks=(9, 3))
    for x in (X, X.persist(), da.from_array(at["X"].astype("float32"), chunks=(40, 3)).astype(float)):
        H = sd.HessianOperator(sd.sum(e**2), "w", at={**at, "X": x})
        np.testing.assert_allclose(H @ np.eye(3), local @ np.eye(3), rtol=1e-5)


def test_futures_within_tasks(client):
    e, at = least_squares()
    local = sd.HessianOperator(sd.sum(e**2), "w", at=at)
    parts = client.scatter([at["X"][i : i + 10] for i in range(0, 40, 10)])
    for made in (dask.delayed(np.asarray), dask.delayed(lambda a: a + 0.0), lambda future: future):
        X = da.concatenate([da.from_delayed(made(f), (10, 3), float) for f in parts])
        H = sd.HessianOperator(sd.sum(e**2), "w", at={**at, "X": X})
        np.testing.assert_allclose(H @ np.eye(3), local @ np.eye(3))


def test_errors_name_the_node(client):
    """On workers, and in operators here."""
    _, at = least_squares()
    broken = sd.register_op("broken_on_workers", lambda a: a / [] if a.size else a, [lambda a: 2 * a])
    shapes = {"X": "n d", "w": "d"}
    for f, message in (
        (sd.sum(broken(sd.parse("X @ w", **shapes))), r"broken_on_workers \(node \d+\): operands could not"),
        (sd.parse("sum(solve(X[:, :, None]*w, w))", **shapes), r"solve \(node \d+\): Singular matrix"),
        (sd.parse("w @ inv(0*(X.T @ X)) @ w", **shapes), r"\(node \d+\): Singular matrix"),
    ):
        for X in (cut(at, 10)["X"], at["X"]):
            with pytest.raises(sd.InputError, match=message):
                sd.HessianOperator(f, "w", at={"X": X, "w": at["w"]})


def test_a_client_that_is_asynchronous(monkeypatch):
    monkeypatch.setattr(distributed, "get_client", lambda: SimpleNamespace(asynchronous=True))
    e, at = least_squares()
    with pytest.raises(sd.InputError, match="dask's client is asynchronous"):
        sd.HessianOperator(e @ e, "w", at=cut(at, 10))


def test_waits_that_nobody_works_for(client, monkeypatch):
    monkeypatch.setattr(waiting, "PATIENCE", 0.1)
    monkeypatch.setattr(waiting, "ANSWER", 0.1)
    waits = waiting.Waiting(client)
    with pytest.raises(sd.EngineError, match="dask's workers have done nothing for 0 s"):
        waits.gathered([client.submit(int, resources={"nowhere": 1}, pure=False)])
    with pytest.raises(sd.EngineError, match="dask's scheduler has not answered for 0 s"):
        waits.answer(threading.Event().wait)


def test_data_that_memory_has_no_room_for_is_read_anew(client, monkeypatch):
    """Chunks are part of no shard: only what was made of them stays."""
    monkeypatch.setattr("symdiff.engines.dask.HELD", -1.0)
    e, at = least_squares()
    loss = sd.sum(e**2)
    H, local = sd.HessianOperator(loss, "w", at=cut(at, 11)), sd.HessianOperator(loss, "w", at=at)
    np.testing.assert_allclose(H @ np.eye(3), local @ np.eye(3), rtol=1e-11)
    J, near = sd.JacobianOperator(e, "w", at=cut(at, 11)), sd.JacobianOperator(e, "w", at=at)
    np.testing.assert_allclose(J @ np.ones(3), near @ np.ones(3), rtol=1e-11)
    shard = H._at.data.placed.shards.futures[0].result()
    assert all(not c.values and c.load is not None for c in shard.chunks)
    fn = sd.function(list(at), [e, loss])
    for a, b in zip(fn(*cut(at, 11).values()), fn(*at.values()), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12)


def chunked(*chunks):
    return lambda at: {**at, "X": da.from_array(at["X"], chunks=chunks), "y": da.from_array(at["y"], chunks=10)}


def unknown(at):
    X = da.from_array(at["X"], chunks=(10, 3))
    return {**at, "X": X[X[:, 0] > 0], "y": da.from_array(at["y"], chunks=10)}


def empty(at):
    X, y = (da.from_array(at[k], chunks=((0, 40), *at[k].shape[1:])) for k in "Xy")
    return {**at, "X": X, "y": y}


def other_type(at):
    return {**cut(at, 10), "y": da.from_array(at["y"] + 1j, chunks=10)}


BAD = {
    "'X' is cut along 'd' and 'y' along 'n'": chunked(40, 2),
    r"'X' is cut along its axes \[0, 1\]: rechunk": chunked(10, 2),
    r"chunks of 'X' and 'y' along 'n' differ \(15, 15, 10 and 10, 10, 10, 10\)": chunked(15, 3),
    "'X' has chunks of unknown sizes: call its compute_chunk_sizes": unknown,
    "'X' has a chunk without rows": empty,
    "'y' is declared float64 but has the type complex128": other_type,
    r"'w' has shape \(4,\), expected \(d,\) with d = 3": lambda at: {**cut(at, 10), "w": np.zeros(4)},
    r"'y' has shape \(41,\), expected \(n,\) with n = 40": lambda at: {**cut(at, 10), "y": da.zeros(41, chunks=10)},
    "'X' has 1 axes, expected 2": lambda at: {**at, "X": da.zeros(40, chunks=10)},
    r"a chunk of 'y' is of shape \(1,\), float64, declared as \(10,\), float64":
        lambda at: {**cut(at, 10), "y": cut(at, 10)["y"].map_blocks(lambda b: b[:1], meta=np.zeros(0))},
    "a chunk of 'y' is a MaskedArray, not an array of numpy":
        lambda at: {**cut(at, 10), "y": cut(at, 10)["y"].map_blocks(np.ma.masked_array, meta=np.zeros(0))},
    "a chunk of 'X' is a csr_array: declare the input with assume='sparse'":
        lambda at: {**cut(at, 10), "X": cut(at, 10)["X"].map_blocks(scipy.sparse.csr_array, meta=np.zeros((0, 0)))},
    "a chunk of 'y' is of shape .* complex128, declared as .* float64":
        lambda at: {**cut(at, 10), "y": cut(at, 10)["y"].map_blocks(lambda b: b + 1j, meta=np.zeros(0))},
}  # fmt: skip


@pytest.mark.parametrize("message", BAD)
def test_bad_input(client, message):
    e, at = least_squares()
    for make in (
        lambda a: sd.HessianOperator(sd.sum(e**2), "w", at=a), lambda a: sd.function(list(a), e)(*a.values()),
    ):  # fmt: skip
        with pytest.raises(sd.InputError, match=message):
            make(BAD[message](at))


def test_an_axis_that_cannot_be_split(client):
    f = sd.parse("sum(sort(X @ w)*y)", X="n d", y="n", w="d")
    with pytest.raises(sd.InputError, match=r"argsort needs all rows of that axis at once \(node \d+\)"):
        sd.HessianOperator(f, "w", at=cut(least_squares()[1], 10))
    g = sd.parse("sum(sin(X @ w))", X=(40, 3), w=3)
    with pytest.raises(sd.InputError, match='axis 0 of size 40: declare it with a name, as in X="n d"'):
        sd.HessianOperator(g, "w", at={"X": da.zeros((40, 3), chunks=(10, 3)), "w": np.zeros(3)})


def test_an_error_in_a_chunk_is_told(client):
    def broken(block):
        raise OSError("no such file")

    X = da.zeros((40, 3), chunks=(10, 3)).map_blocks(broken, meta=np.zeros((0, 0)))
    e, at = least_squares()
    with pytest.raises(sd.EngineError, match="OSError: no such file"):
        sd.HessianOperator(sd.sum(e**2), "w", at={**at, "X": X})


def test_there_is_no_client(monkeypatch):
    def get_client():
        raise ValueError("no client")

    monkeypatch.setattr(distributed, "get_client", get_client)
    e, at = least_squares()
    with pytest.raises(sd.InputError, match=r"distributed\.Client: make one first"):
        sd.HessianOperator(e @ e, "w", at=cut(at, 10))


@pytest.mark.parametrize(("version", "said"), [(None, "does not have symdiff"), ("0.0.1", "has symdiff 0.0.1")])
def test_workers_with_another_version(client, monkeypatch, version, said):
    honest = client.get_versions

    def get_versions(**options):
        found = honest(**options)
        next(iter(found["workers"].values()))["packages"]["symdiff"] = version
        return found

    monkeypatch.setattr(client, "get_versions", get_versions)
    with pytest.raises(sd.EngineError, match=f"{said}: install symdiff {sd.__version__} there"):
        module("symdiff.engines.dask").Dask(client)


def own_cluster(**options):
    return distributed.LocalCluster(
        threads_per_worker=1, dashboard_address=":0", memory_limit=0, silence_logs=logging.CRITICAL, **options
    )


def test_a_scheduler_that_is_gone():
    e, at = least_squares()
    with own_cluster(n_workers=1, processes=False) as cluster, distributed.Client(cluster):
        H = sd.HessianOperator(sd.sum(e**2), "w", at=cut(at, 10))
        assert (H @ np.ones(3)).shape == (3,)
        cluster.close()
        with pytest.raises(sd.EngineError, match="scheduler"):
            H @ np.ones(3)


def test_workers_that_are_all_gone(monkeypatch):
    monkeypatch.setattr("symdiff.engines.waiting.PATIENCE", 0.1)
    e, at = least_squares()
    with own_cluster(n_workers=1, processes=False) as cluster, distributed.Client(cluster):
        H = sd.HessianOperator(sd.sum(e**2), "w", at=cut(at, 10))
        cluster.scale(0)
        with pytest.raises(sd.EngineError, match="has had no worker for 0 s"):
            H @ np.ones(3)


def test_workers_that_are_killed():
    """No product is lost: what it held is made again, from the chunks on."""
    e, at = least_squares(400, 3)
    loss = sd.sum(e**2)
    local = sd.HessianOperator(loss, "w", at=at)
    with own_cluster(n_workers=2, processes=True) as cluster, distributed.Client(cluster) as client:
        lacking = sd.register_op("workers_lack_it", lambda x: x**2, lambda x: 2 * x)
        with pytest.raises(sd.EngineError, match="a worker lacks an op: unknown op 'workers_lack_it': register"):
            sd.HessianOperator(sd.sum(lacking(least_squares()[0])), "w", at=cut(at, 100))
        H = sd.HessianOperator(loss, "w", at=cut(at, 100))
        for k in range(6):
            if k in (2, 4):
                for process in list(client.run(os.getpid).values())[: k // 2]:  # one, and later both
                    os.kill(process, signal.SIGKILL)
            v = np.eye(3)[k % 3]
            np.testing.assert_allclose(H @ v, local @ v, rtol=1e-11)
        moved = {"w": at["w"] + 0.1}
        np.testing.assert_allclose(H.at(moved).gradient, local.at(moved).gradient, rtol=1e-11)


def test_what_workers_no_longer_have(client):
    e, at = least_squares()
    predict, X = sd.function(["X", "w"], sd.parse("X @ w", graph=e.graph)), cut(at, 10)["X"]
    np.testing.assert_allclose(np.asarray(predict(X, at["w"])), at["X"] @ at["w"])
    (run,) = predict._prepared.values()
    kept = X.persist()
    client.cancel([run.kernels.there(), kept])
    np.testing.assert_allclose(np.asarray(predict(X, at["w"])), at["X"] @ at["w"])
    with pytest.raises(sd.EngineError, match=r"no longer have this, as after client\.restart\(\)"):
        sd.HessianOperator(sd.sum(e**2), "w", at={**at, "X": kept})
    with pytest.raises(sd.EngineError, match=r"no longer have this, as after client\.restart\(\)"):
        sd.evaluate(sd.sum(e**2), {**at, "X": kept})


@pytest.mark.long
def test_workers_that_are_restarted():
    """A function places its data anew; an operator tells."""
    e, at = least_squares()
    predict, X = sd.function(["X", "w"], sd.parse("X @ w", graph=e.graph)), cut(at, 10)["X"]
    with own_cluster(n_workers=1, processes=True) as cluster, distributed.Client(cluster) as client:
        H = sd.HessianOperator(sd.sum(e**2), "w", at=cut(at, 10))
        np.testing.assert_allclose(np.asarray(predict(X, at["w"])), at["X"] @ at["w"])
        client.restart()
        np.testing.assert_allclose(np.asarray(predict(X, at["w"])), at["X"] @ at["w"])
        with pytest.raises(sd.EngineError, match=r"as after client\.restart\(\)"):
            H @ at["w"]


def slowly(values, block_info=None):
    time.sleep(0.15)
    return values[slice(*block_info[None]["array-location"][0])]


@pytest.mark.long
@pytest.mark.parametrize("kept", [False, True])
@pytest.mark.parametrize("after", [0.2, 0.7, 1.2])
def test_a_worker_killed_while_data_is_placed(kept, after):
    e, at = least_squares(400, 3)
    loss = sd.sum(e**2)
    local = sd.HessianOperator(loss, "w", at=at)
    with own_cluster(n_workers=2, processes=True) as cluster, distributed.Client(cluster) as client:
        rows = {n: a for n, a in at.items() if np.shape(a)[:1] == (400,)}
        slow = {n: da.map_blocks(slowly, a, chunks=((40,) * 10, *[(k,) for k in a.shape[1:]]), dtype=a.dtype)
                for n, a in rows.items()}  # fmt: skip
        slow = dict(zip(slow, client.persist(list(slow.values())), strict=True)) if kept else slow
        process = next(iter(client.run(os.getpid).values()))
        killing = threading.Timer(after, os.kill, (process, signal.SIGKILL))
        killing.start()
        H = sd.HessianOperator(loss, "w", at=at | slow)
        np.testing.assert_allclose(H @ np.ones(3), local @ np.ones(3), rtol=1e-11)
        killing.join()


@pytest.mark.parametrize("wrt", ["u", ("u", "w"), "y", "X"])
def test_points_that_have_rows(client, wrt):
    """They are cut as the data is; what stays of them lies in the chunks."""
    rng = np.random.default_rng(4)
    at = {"X": rng.normal(size=(40, 3)), "y": rng.normal(size=40), "u": rng.normal(size=40), "w": rng.normal(size=3)}
    f = sd.parse("sum((X @ w + u**3 - y)**4) + sum(u**2)", X="n d", y="n", u="n", w="d")
    wrt = list(wrt) if type(wrt) is tuple else wrt
    kept = {k: da.from_array(at[k], chunks=(10, 3)[: at[k].ndim]) for k in ("X", "y") if k not in (wrt, *wrt)}
    local, H = (sd.HessianOperator(f, wrt, at=a) for a in (at, {**at, **kept}))
    v = rng.normal(size=H.shape[0])
    np.testing.assert_allclose(H @ v, local @ v, rtol=1e-10)
    np.testing.assert_allclose(H.gradient, local.gradient, rtol=1e-10)
    moved = {n: a + 0.1 for n, a in at.items() if n in (wrt, *wrt)}
    np.testing.assert_allclose(H.at(moved) @ v, local.at(moved) @ v, rtol=1e-10)


def test_products_that_are_the_vector_itself(client):
    """Its rows are of the last stage, which binds nothing."""
    e, at = sd.parse("X @ w - y", X="n d", y="n", w="d"), least_squares()[1]
    for make in IDENTITIES.values():
        local, far = (make(e, a) for a in (at, cut(at, 15)))
        V = np.random.default_rng(1).normal(size=(40, 2))
        for a, b in ((far @ V, local @ V), (far @ V[:, 0], local @ V[:, 0]), (far.T @ V, local.T @ V)):
            np.testing.assert_allclose(a, b, rtol=1e-12)


def test_arrays_cut_along_the_axis_of_the_variable(client):
    rng = np.random.default_rng(5)
    at = {"X": rng.normal(size=(23, 4)), "y": rng.normal(size=23), "w": rng.normal(size=4)}
    f = sd.parse("sum((X @ w - y)**2)/2", X="n d", y="n", w="d")
    local = sd.HessianOperator(f, "w", at=at)
    H = sd.HessianOperator(f, "w", at={**at, "X": da.from_array(at["X"], chunks=(23, 2))})
    np.testing.assert_allclose(H @ np.ones(4), local @ np.ones(4), rtol=1e-12)


def test_results_that_are_numbers_and_options_of_calls(client):
    e, at = least_squares()
    n = sd.parse("1.0*n", graph=e.graph)
    for f in (n, sd.sum(e * 0) + 1):
        assert sd.function(["X", "y", "w"], [f, sd.sum(e)])(*(cut(at, 10)[k] for k in "Xyw"))[0].dtype == np.float64
    with pytest.raises(sd.InputError, match="check='nan' and out= are for arrays of this process"):
        sd.function(["X", "y", "w"], e, check="nan")(*(cut(at, 10)[k] for k in "Xyw"))


def test_workers_that_come_for_a_task():
    with own_cluster(n_workers=1, processes=False) as cluster, distributed.Client(cluster):
        e, at = least_squares()
        local, loss = sd.HessianOperator(sd.sum(e**2), "w", at=at), sd.sum(e**2)
        sd.HessianOperator(loss, "w", at=cut(at, 10))
        cluster.scale(0)
        threading.Timer(1.0, cluster.scale, (1,)).start()
        np.testing.assert_allclose(
            sd.HessianOperator(loss, "w", at=cut(at, 20)) @ np.ones(3), local @ np.ones(3), rtol=1e-11
        )


def test_constraints_that_are_sums_over_rows(client):
    def found(cut):
        e, at = least_squares()
        norm = sd.parse("sum((X @ w)**2)", graph=e.graph)
        problem = sd.to_scipy(sd.sum(e**2), "w", at=cut(at), constraints=[(norm, 0, 0.5)])
        return scipy.optimize.minimize(**problem.arguments("slsqp")).x

    np.testing.assert_allclose(found(lambda at: cut(at, 10)), found(lambda at: at), rtol=1e-6)
