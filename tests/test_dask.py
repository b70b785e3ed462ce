"""Engine "dask": what is computed on the workers of a cluster is what one process computes."""

import numpy as np
import pytest
import scipy.optimize

import symdiff as sd

from .test_split import INTEGERS, LOSSES, ROWS, TRUTHS, VARIABLES, values, variables

distributed = pytest.importorskip("distributed")
da = pytest.importorskip("dask.array")

ROWED = [k for k, s in {**VARIABLES, **INTEGERS, **TRUTHS}.items() if "n" in s]
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def client():
    cluster = distributed.LocalCluster(
        n_workers=3, threads_per_worker=1, processes=False, dashboard_address=None, memory_limit=0
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
    for a, b in zip(*[x if isinstance(outputs, list) else [x] for x in (found, fn(*given.values()))], strict=True):
        assert isinstance(a, da.Array) == (np.ndim(b) > 0)
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


def test_scipy_problems(client):
    f = sd.parse("sum(log(1 + exp(-y * (X @ w)))) + w @ w/2", X="n d", y="n", w="d")
    _, at = least_squares(300, 4)
    at["y"] = np.sign(at["y"])
    problems = [sd.to_scipy(f, "w", at=a) for a in (cut(at, 70), at)]
    for method in ("newton-cg", "trust-krylov", "l-bfgs-b"):
        far, near = (scipy.optimize.minimize(**p.arguments(method), tol=1e-10) for p in problems)
        np.testing.assert_allclose(far.x, near.x, rtol=1e-6, atol=1e-7)
