"""Faults: writers that are killed, full disks, threads and forks, interrupts, and ops of users that misbehave."""

import contextlib
import os
import resource
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

import symdiff as sd

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals, forks and limits of POSIX")


def run(code, *arguments, **options):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)], capture_output=True, text=True, check=False,
        env=environment, **options,
    )  # fmt: skip


# --- files ------------------------------------------------------------------------------------------------------

KILLED = """
import os, signal, sys
import symdiff as sd
path, at = sys.argv[1], int(sys.argv[2])
calls = 0
def counted(call):
    def counting(*args, **kwargs):
        global calls
        if calls == at:
            os.kill(os.getpid(), signal.SIGKILL)
        calls += 1
        return call(*args, **kwargs)
    return counting
e = sd.parse("x + y*z")
for name in ("open", "fsync", "chmod", "stat", "replace", "close", "fdopen", "unlink"):
    setattr(os, name, counted(getattr(os, name)))
sd.save(e, path)
print("done")
"""


def test_a_writer_killed_between_any_two_calls_leaves_a_whole_file(tmp_path):
    path, seen = tmp_path / "f.json", set()
    for at in range(30):
        sd.save(sd.parse("sin(x)"), path)
        done = run(KILLED, path, at)
        seen.add(str(sd.load(path)))
        if done.returncode == 0:
            break
        assert done.returncode == -signal.SIGKILL
    assert done.stdout == "done\n"
    assert seen == {"sin(x)", "x + y*z"}


def test_a_full_disk_and_a_folder_without_permission(tmp_path):
    path = tmp_path / "f.json"
    sd.save(sd.parse("sin(x)"), path)
    code = """
import resource, signal, sys
import symdiff as sd
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
try:
    sd.save(sd.parse("x + y*z"), sys.argv[1])
except sd.InputError as error:
    print(error)
"""
    assert "can't be written" in run(code, path).stdout
    assert str(sd.load(path)) == "sin(x)"
    assert os.listdir(tmp_path) == ["f.json"]
    for missing in (tmp_path / "no" / "f.json", "/proc/f.json", "/dev/null/f.json"):
        with pytest.raises(sd.InputError):
            sd.save(sd.parse("x"), missing)


def test_a_memory_limit_is_an_error_not_a_crash():
    code = """
import resource
import symdiff as sd
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
for text in ("sum(outer(ones(10**6), ones(10**6)) * x)", "sum(exp(x*ones((10**5, 10**5))))"):
    try:
        sd.evaluate(sd.parse(text), {"x": 1.0})
    except MemoryError:
        pass
print(sd.evaluate(sd.parse("x + 1"), {"x": 1.0}))
"""
    limit = resource.getrlimit(resource.RLIMIT_AS)
    assert run(code, timeout=60).stdout == "2.0\n"
    assert resource.getrlimit(resource.RLIMIT_AS) == limit


# --- threads, forks, interrupts -----------------------------------------------------------------------------------


def together(call, count=4):
    """The results of a call in several threads at once; what fails in one fails here."""
    results, errors, ready = [None] * count, [], threading.Barrier(count)

    def work(k):
        ready.wait()
        try:
            results[k] = call(k)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(count)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert errors == []
    return results


def test_threads_read_and_differentiate_in_one_graph():
    g, interval = sd.Graph(), sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        def work(k):
            made = []
            for i in range(12):
                e = sd.parse(f"sum(sin(A @ x + {k})**2) + exp(-x @ x/{i + 1})", graph=g, A="n n", x="n")
                sd.jacobian(sd.grad(e, "x"), "x", ("forward", "reverse")[i % 2])
                sd.hessian(e, "A" if i < 2 else "x")
                made.append((k, i, sd.simplify(sd.grad(e, "x")), e))
            return made

        found = [row for rows in together(work) for row in rows]
    finally:
        sys.setswitchinterval(interval)
    assert len({len(c) for c in (g._op, g._inputs, g._params, g._shape, g._dtype, g._kind)}) == 1
    assert all(i < n for n in g for i in g._inputs[n])
    A, x = np.array([[1.0, 2.0], [0.5, -1.0]]), np.array([0.3, -0.2])
    for k, i, grad, e in found:
        again = sd.parse(f"sum(sin(A @ x + {k})**2) + exp(-x @ x/{i + 1})", A="n n", x="n")
        assert sd.evaluate(e, {"A": A, "x": x}) == sd.evaluate(again, {"A": A, "x": x})
        np.testing.assert_allclose(
            sd.evaluate(grad, {"A": A, "x": x}), sd.evaluate(sd.grad(again, "x"), {"A": A, "x": x}), rtol=1e-12
        )


def test_threads_share_a_function():
    f = sd.parse("sum(log(1 + exp(A @ x)))", A="n d", x="d")
    both = sd.function(["A", "x"], [f, sd.grad(f, "x")])
    A = np.arange(12.0).reshape(4, 3) / 7
    wanted = [both(A, np.full(3, k / 3)) for k in range(4)]
    for _ in range(20):
        for got, want in zip(together(lambda k: both(A, np.full(3, k / 3))), wanted, strict=True):
            np.testing.assert_array_equal(got[1], want[1])


def test_a_fork_goes_on():
    code = """
import os
import numpy as np
import symdiff as sd
f = sd.parse("sum(exp(A @ x))", A="n d", x="d")
g = sd.function(["A", "x"], sd.grad(f, "x"))
A, x = np.ones((300, 5)), np.zeros(5)
before = g(A, x)
child = os.fork()
same = np.array_equal(g(A, x), before) and str(sd.grad(f, "x")) == "A.T @ exp(A @ x)"
if child == 0:
    os._exit(0 if same else 1)
print(same, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    assert run(code, timeout=120).stdout == "True 0\n"


@pytest.mark.parametrize("after", [1, 3, 10, 30, 100, 300])
def test_an_interrupt_leaves_the_graph_sound(after):
    """KeyboardInterrupt after so many nodes: what was being made is taken back, and all goes on."""
    g = sd.Graph()
    e = sd.parse("sum(softmax(A @ tanh(A @ x))*log(1 + exp(x)))", graph=g, A="n n", x="n")
    append, calls = sd.Graph.append, 0

    def interrupted(self, *args):
        nonlocal calls
        calls += 1
        if calls == after:
            raise KeyboardInterrupt
        return append(self, *args)

    with pytest.MonkeyPatch.context() as patch, contextlib.suppress(KeyboardInterrupt):
        patch.setattr(sd.Graph, "append", interrupted)
        sd.hessian(e, "x")
    assert len({len(c) for c in (g._op, g._inputs, g._params, g._shape, g._dtype, g._kind)}) == 1
    assert all(i < n for n in g for i in g._inputs[n])
    assert sum(len(table) for table in g._ids.values()) == len(g)
    at = {"A": np.eye(2), "x": np.array([0.1, 0.2])}
    again = sd.parse("sum(softmax(A @ tanh(A @ x))*log(1 + exp(x)))", A="n n", x="n")
    np.testing.assert_array_equal(sd.evaluate(sd.hessian(e, "x"), at), sd.evaluate(sd.hessian(again, "x"), at))


# --- ops of users ---------------------------------------------------------------------------------------------------


def raising(x):
    raise RuntimeError("the sensor is off")


def changing(x):
    x = np.asarray(x)
    x[...] = 7.0
    return x * 2


MISBEHAVING = {
    "raises": (raising, RuntimeError, "sensor"),
    "shape": (lambda x: np.zeros(np.size(x) + 1), sd.ShapeError, "shape"),
    "complex": (lambda x: np.asarray(x) * 1j, sd.ShapeError, "complex"),
    "text": (lambda x: np.array(["a"] * np.size(x)), sd.SymdiffError, "evaluate gave"),
    "nothing": (lambda x: None, sd.SymdiffError, "evaluate gave"),
}


@pytest.mark.parametrize("name", MISBEHAVING)
def test_ops_that_misbehave(name):
    meaning, error, says = MISBEHAVING[name]
    op = sd.register_op(f"fault_{name}", meaning, lambda x: 2 * x)
    x = sd.Graph().variable("x", "n")
    e = sd.sum(op(x)) * 2
    for call in (lambda: sd.evaluate(e, {"x": [1.0, 2.0]}), lambda: sd.function([x], e)(np.array([1.0, 2.0]))):
        with pytest.raises(error, match=says):
            call()
    assert np.all(np.isfinite(sd.evaluate(sd.grad(e, x), {"x": [1.0, 2.0]})))


def test_an_op_that_gives_nan_or_changes_its_input():
    x = sd.Graph().variable("x", "n")
    nan = sd.register_op("fault_nan", lambda x: np.asarray(x) * np.nan, lambda x: 1)
    assert np.isnan(sd.evaluate(sd.sum(nan(x)), {"x": [1.0, 2.0]}))
    change = sd.register_op("fault_change", changing, lambda x: 1)
    given = np.array([1.0, 2.0])
    with contextlib.suppress(ValueError, sd.SymdiffError):
        sd.evaluate(sd.sum(change(x)), {"x": given})
