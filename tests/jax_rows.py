"""Run by tests/test_jax_rows.py in processes of their own: rows over 8 devices, or over two processes.

    python -m tests.jax_rows [process address]
"""

import os
import pickle
import re
import sys

ALONE = __name__ == "__main__"  # not collected by pytest, whose arguments and devices are its own
PROCESS, ADDRESS = (int(sys.argv[1]), sys.argv[2]) if ALONE and len(sys.argv) > 1 else (None, None)
if ALONE:
    DEVICES = 8 if PROCESS is None else 2
    os.environ["XLA_FLAGS"] = f"--xla_force_host_platform_device_count={DEVICES} --xla_backend_optimization_level=0"
    os.environ["JAX_PLATFORMS"] = "cpu"

import jax  # noqa: E402

if PROCESS is not None:
    jax.config.update("jax_cpu_collectives_implementation", "gloo")
    jax.distributed.initialize(ADDRESS, num_processes=2, process_id=PROCESS)

import numpy as np  # noqa: E402
import pytest  # noqa: E402
import scipy.sparse.linalg  # noqa: E402
from jax.sharding import NamedSharding, PartitionSpec  # noqa: E402

import symdiff as sd  # noqa: E402

from .test_split import IDENTITIES, INTEGERS, LOSSES, ROWS, TRUTHS, VARIABLES, values, variables  # noqa: E402

MESH = jax.make_mesh((jax.device_count(),), ("rows",))
SIZES = {**VARIABLES, **INTEGERS, **TRUTHS}


def laid(given):
    """The arrays with rows over the devices; one of them stays with this process."""
    found = dict(given)
    for k, a in given.items():
        if "n" in SIZES[k] and k != "mask":
            spec = PartitionSpec(*["rows" if size == "n" else None for size in SIZES[k]])
            jax.config.update("jax_enable_x64", True)
            found[k] = jax.make_array_from_callback(a.shape, NamedSharding(MESH, spec), lambda at, a=a: a[at])
            jax.config.update("jax_enable_x64", False)
    return found


def check_loss(name, dtype):
    make, wrt = LOSSES[name]
    v, wrt = variables(dtype), wrt.split()
    f, given = make(v), values(16, dtype)
    inside = f.graph.ancestors([f.node])
    at = {k: a for k, a in given.items() if k in wrt or k == "X" or v[k].node in inside}
    H, local = sd.HessianOperator(f, wrt, at=laid(at)), sd.HessianOperator(f, wrt, at=at)
    V = np.random.default_rng(1).normal(size=(H.shape[0], 3)).astype(dtype)
    tolerance = {"rtol": 1e-10, "atol": 1e-9} if dtype == "float64" else {"rtol": 1e-3, "atol": 1e-2}
    np.testing.assert_allclose(H.value, local.value, **tolerance, err_msg=name)
    again = pickle.loads(pickle.dumps(H)) @ V if jax.process_count() == 1 else H @ V
    for a, b in ((H.gradient, local.gradient), (H @ V[:, 0], local @ V[:, 0]), (H @ V, local @ V), (again, local @ V)):
        np.testing.assert_allclose(a, b, **tolerance, err_msg=name)
    return H


def check_rows(name):
    v = variables()
    outputs = ROWS[name](v)
    fn, given = sd.function(list(v.values()), outputs), values(16)
    found = fn(*laid(given).values())
    listed = [x if isinstance(x, list) else [x] for x in (found, fn(*given.values()), outputs)]
    for a, b, e in zip(*listed, strict=True):
        assert isinstance(a, jax.Array) == ("n" in e.shape), name
        assert a.dtype == b.dtype, name
        if not isinstance(a, jax.Array) or a.is_fully_addressable:
            np.testing.assert_allclose(np.asarray(a), b, rtol=1e-12, err_msg=name)
        else:
            for part in a.addressable_shards:
                np.testing.assert_allclose(part.data, b[part.index], rtol=1e-12, err_msg=name)


def check_solve():
    """A step of Newton's method, the Jacobian both ways, Gauss-Newton; one all-reduce for a product."""
    H = check_loss("logistic", "float64")
    step, info = scipy.sparse.linalg.cg(H, -H.gradient, rtol=1e-10)
    assert info == 0
    np.testing.assert_allclose(H @ step, -H.gradient, rtol=1e-8, atol=1e-8)
    r = np.random.default_rng(0)
    e = sd.parse("tanh(X @ w) - y", X="n d", y="n", w="d")
    at = {"X": r.normal(size=(16, 3)), "y": r.normal(size=16), "w": r.normal(size=3)}
    u = r.normal(size=16)
    for far, near in (
        [sd.JacobianOperator(e, "w", at=a) for a in (laid(at), at)],
        [sd.GaussNewtonOperator(sd.sum(e**2), e, "w", at=a) for a in (laid(at), at)],
    ):
        np.testing.assert_allclose(far @ np.eye(3), near @ np.eye(3), rtol=1e-11, atol=1e-12)
        if far.shape[0] == 16:
            np.testing.assert_allclose(far.T @ u, near.T @ u, rtol=1e-11, atol=1e-12)
    e = sd.parse("X @ w - y", X="n d", y="n", w="d")
    for name, make in IDENTITIES.items():
        far, near = (make(e, a) for a in (laid(at), at))
        for a, b in ((far @ u, near @ u), (far @ np.eye(16), near @ np.eye(16)), (far.T @ u, near.T @ u)):
            np.testing.assert_allclose(a, b, rtol=1e-12, err_msg=name)
    passes = next(run for run in RUNS if run.split.program.graph is H._form.g)
    k = len(passes.rounds) - 1
    text = passes.lowered[k]
    assert text.count("all-reduce(") + text.count("all-reduce-start(") == 1, text


def bad_input():
    X = np.zeros((16, 8))
    f = sd.parse("sum(exp(X @ w)*y)", X="n d", y="n", w="d")
    both = jax.make_mesh((2, jax.device_count() // 2), ("a", "b"))
    wrong = jax.device_put(X, NamedSharding(MESH, PartitionSpec(None, "rows")))
    two = jax.device_put(X, NamedSharding(both, PartitionSpec("a", "b")))
    y = jax.device_put(np.zeros(16), NamedSharding(MESH, PartitionSpec("rows")))
    other = jax.device_put(np.zeros(16), NamedSharding(both, PartitionSpec("a")))
    right = jax.device_put(X, NamedSharding(MESH, PartitionSpec("rows")))
    for x, z, message in (
        (wrong, y, "cut along 'd' and 'y' along 'n'"), (two, y, "along its axes [0, 1]"),
        (right, other, "lie on different devices"),
    ):  # fmt: skip
        with pytest.raises(sd.InputError, match=re.escape(message)):
            sd.HessianOperator(f, "w", at={"X": x, "y": z, "w": np.zeros(8)})
    right.delete()
    with pytest.raises(sd.EngineError, match="jax could not run this: Array has been deleted"):
        sd.HessianOperator(f, "w", at={"X": right, "y": y, "w": np.zeros(8)})


RUNS = []
if __name__ == "__main__":
    from symdiff.engines import jax as engine

    class Passes(engine.Passes):
        """Keeps the compiled text of each pass."""

        def __init__(self, *args):
            super().__init__(*args)
            self.lowered = {}
            RUNS.append(self)

        def compiled(self, k, known):
            run = super().compiled(k, known)

            def told(*arrays):
                self.lowered[k] = run.lower(*arrays).compile().as_text()
                return run(*arrays)

            return told

    engine.Passes = Passes
    check_solve()
    engine.Passes = Passes.__mro__[1]
    if PROCESS is None:
        losses, rows = LOSSES, ROWS
    else:  # only the way by which sums travel is another
        losses = ("classes", "extremes", "moments", "products of sums")
        rows = ("one for every row", "looked up", "of each matrix", "reductions")
    for name in losses:
        check_loss(name, "float64")
    for name in rows:
        check_rows(name)
    if PROCESS is None:
        check_loss("logistic", "float32")
        bad_input()
    print("all right")
