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


def run(code, *arguments, more=None, **options):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **(more or {})}
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
sd.save(e, path + ".first")  # what loads once
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


class _Switch(int):
    """A node that lets another thread append, when it is looked up."""

    def __hash__(self):
        if self.others:
            self.others.pop()()
        return int.__hash__(self)


@pytest.mark.parametrize("operands", [(), ("n",)], ids=["scalar", "array"])
def test_threads_that_append_at_once_are_refused(operands):
    g = sd.Graph()
    x = g.variable("x", *operands)
    node = _Switch(x.node)
    node.others = [lambda: together(lambda k: sd.cos(x))]
    if operands:  # an array's node is numbered once its key was looked up
        node.others.append(lambda: None)
    with pytest.raises(sd.GraphError, match="two threads appended"):
        g.append(sd.op.OPS["sin"], (node,))
    for call in (lambda: sd.sin(x), lambda: x * 2, lambda: sd.grad(sd.sum(x), x), lambda: sd.parse("x + 1", graph=g)):
        with pytest.raises(sd.SymdiffError, match="two threads appended"):
            call()


def test_threads_that_append_build_the_same_or_are_refused():
    """Without a lock, and in turns."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for taking_turns in (False, True):
            g = sd.Graph()
            x, refused = g.variable("x"), []

            def work(k):
                y = x  # noqa: B023
                try:
                    for i in range(300):
                        with g.transaction() if taking_turns else contextlib.nullcontext():  # noqa: B023
                            y = sd.sin(y) * (k + 2) + i
                except sd.GraphError:
                    refused.append(k)  # noqa: B023
                return y

            made = together(work)
            if not refused:
                for k, y in enumerate(made):
                    z = 0.5
                    for i in range(300):
                        z = np.sin(z) * (k + 2) + i
                    assert sd.evaluate(y, {x: 0.5}) == pytest.approx(z)
            assert not (refused and taking_turns)
    finally:
        sys.setswitchinterval(interval)


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
    "type": (lambda x: np.asarray(x) + "a", sd.InputError, "fault_type|ufunc"),
    "key": (lambda x: {}[1.0], sd.InputError, "fault_key|evaluate"),
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


@pytest.mark.parametrize(
    "text", ["bitwise_count(10**300)", "gcd(10**300, 3)*x", "right_shift(10**300, 3)", "eval_hermitenorm(1/2, 3)"]
)
def test_numbers_that_the_library_does_not_take(text):
    """Our error, which names the op, at whichever stage numpy refuses."""
    e = sd.parse(text, x="n")
    at = {v: np.ones(2) for v in e.variables}
    for call in (lambda: sd.evaluate(e, at), lambda: sd.function(list(at), e)(*at.values())):
        with pytest.raises(sd.InputError, match=str(text.partition("(")[0])):
            call()


def test_an_op_that_gives_nan_or_changes_its_input():
    x = sd.Graph().variable("x", "n")
    nan = sd.register_op("fault_nan", lambda x: np.asarray(x) * np.nan, lambda x: 1)
    assert np.isnan(sd.evaluate(sd.sum(nan(x)), {"x": [1.0, 2.0]}))
    change = sd.register_op("fault_change", changing, lambda x: 1)
    given = np.array([1.0, 2.0])
    with contextlib.suppress(ValueError, sd.SymdiffError):
        sd.evaluate(sd.sum(change(x)), {"x": given})


@pytest.mark.parametrize("name", ["raises", "shape", "nothing", "type"])
def test_derivatives_that_misbehave(name):
    """The error names the op, or is the user's; the graph goes on."""
    partial = {
        "raises": raising, "shape": lambda x: sd.concat([x, x]), "nothing": lambda x: None, "type": lambda x: "text",
    }[name]  # fmt: skip
    op = sd.register_op(f"fault_partial_{name}", lambda x: np.asarray(x) * 2, partial)
    x = sd.Graph().variable("x", "n")
    e = sd.sum(op(x))
    error, says = (RuntimeError, "sensor") if name == "raises" else (sd.SymdiffError, "is no|not a number|derivative")
    with pytest.raises(error, match=says):
        sd.grad(e, x)
    assert sd.evaluate(e, {"x": [1.0, 2.0]}) == 6


# --- workers, kept code, forks within solves -----------------------------------------------------------------------

LARGE = """
import sys
import numpy as np
import symdiff as sd
from symdiff.backends import workers
f = sd.parse("sum(log(1 + exp(A @ x)))", A="n d", x="d")
g = sd.function(["A", "x"], sd.grad(f, "x"), threads=2)
A, x = np.sin(np.arange(1.2e6)).reshape(200_000, 6), np.ones(6)
wanted = A.T @ (1/(1 + np.exp(-A @ x)))
def right():
    return bool(np.allclose(g(A, x), wanted))
"""


@pytest.mark.parametrize("error", ["MemoryError", "SystemExit", "KeyboardInterrupt"])
def test_a_worker_that_dies(error):
    """What fails in a share reaches the caller, who waits for nobody; the next call is right."""
    code = LARGE + f"""
submit = workers.Workers.submit
def dying(self, share, t):
    def die(t):
        raise {error}("dead")
    return submit(self, die, t)
print(right())
workers.Workers.submit = dying
try:
    print(right(), "or no worker was asked")
except BaseException as error:
    print(type(error).__name__)
workers.Workers.submit = submit
print(right())
"""
    done = run(code, timeout=120)
    first, second, third = done.stdout.splitlines()
    assert (first, third) == ("True", "True"), done.stderr
    assert second in (error, "True or no worker was asked")


SMALL = """
import sys
import numpy as np
import symdiff as sd
g = sd.Graph()
x = g.variable("x")
e = x
for k in range(60):
    e = sd.sin(e)*x + sd.exp(-e*e)
f = sd.function([x], [e, sd.grad(e, x)])
print(*map(repr, map(float, f(0.3))))
"""


def damaged(folder, way):
    for path in [p for p in folder.rglob("*") if p.is_file()]:
        data = path.read_bytes()
        path.unlink()
        if way == "bytes":
            path.write_bytes(bytes(len(data)))
        elif way == "cut":
            path.write_bytes(data[: len(data) // 2])
        elif way == "empty":
            path.write_bytes(b"")
        elif way == "folders":
            path.mkdir()
        elif way == "links":
            path.symlink_to("/dev/zero/nothing")


@pytest.mark.parametrize("way", ["bytes", "cut", "empty", "folders", "links", "read-only", "gone"])
def test_kept_code_that_is_damaged(tmp_path, way):
    """Made anew, or done without; never an error, never another value."""
    kept = {"SYMDIFF_CACHE": str(tmp_path / "cache")}
    wanted = run(SMALL, timeout=120, more=kept)
    assert wanted.stdout, wanted.stderr
    if way == "read-only":
        for path in sorted((tmp_path / "cache").rglob("*")):
            path.chmod(0o500 if path.is_dir() else 0o400)
        (tmp_path / "cache").chmod(0o500)
    elif way == "gone":
        kept = {"SYMDIFF_CACHE": "/proc/nowhere/cache"}
    else:
        damaged(tmp_path / "cache", way)
    for _ in range(2):
        found = run(SMALL, timeout=120, more=kept)
        assert (found.stdout, found.stderr) == (wanted.stdout, "")


def test_four_processes_share_kept_code_while_it_is_damaged(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "SYMDIFF_CACHE": str(tmp_path)}
    wanted = run(SMALL, timeout=120, more={"SYMDIFF_CACHE": str(tmp_path)}).stdout
    damaged(tmp_path, "cut")
    processes = [
        subprocess.Popen([sys.executable, "-c", SMALL], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
        for _ in range(4)
    ]
    for process in processes:
        out, error = process.communicate(timeout=200)
        assert (out.decode(), error.decode()) == (wanted, "")


def test_a_fork_in_the_middle_of_a_solve():
    """The callback forks: parent and child go on from the same step to the same solution, and make new functions."""
    code = """
import os
import numpy as np
import symdiff as sd
from scipy.sparse.linalg import cg
f = sd.parse("sum(log(1 + exp(A @ x))) + x @ x", A="n d", x="d")
A = np.sin(np.arange(6000.0)).reshape(300, 20)
H = sd.HessianOperator(f, "x", at={"A": A, "x": np.zeros(20)})
wanted, _ = cg(H, np.ones(20), rtol=1e-12)
steps, child = 0, None
def callback(_):
    global steps, child
    steps += 1
    if steps == 3:
        child = os.fork()
found, _ = cg(H, np.ones(20), rtol=1e-12, callback=callback)
g = sd.function(["A", "x"], sd.grad(f, "x"))
same = np.array_equal(found, wanted) and np.all(np.isfinite(g(A, found)))
if child == 0:
    os._exit(0 if same else 1)
print(bool(same), os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    done = run(code, timeout=120)
    assert done.stdout == "True 0\n", done.stderr


def test_a_fork_while_other_threads_compile_and_compute():
    """No lock that a thread of the parent holds is held for ever in the child."""
    code = """
import os, threading, warnings
import numpy as np
import symdiff as sd
warnings.simplefilter("ignore")
stop = threading.Event()
first = sd.parse("sum(cos(x)**2)", x="n")
sd.function(["x"], sd.grad(first, "x"))(np.ones(3)), str(first)  # what loads once
def work(k):
    while not stop.is_set():
        e = sd.parse(f"sum(log({k + 2} + exp(A @ x)))", A="n d", x="d")
        sd.function(["A", "x"], sd.grad(e, "x"))(np.ones((500, 4)), np.ones(4))
threads = [threading.Thread(target=work, args=(k,)) for k in range(3)]
for t in threads:
    t.start()
codes = []
for k in range(8):
    child = os.fork()
    if child == 0:
        e = sd.parse("sum(sin(x)**2)", x="n")
        value = sd.function(["x"], sd.grad(e, "x"))(np.ones(3))
        os._exit(0 if np.allclose(value, np.sin(2.0)) and "sin" in str(e) else 1)
    codes.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
stop.set()
for t in threads:
    t.join()
print(codes)
"""
    done = run(code, timeout=200)
    assert done.stdout == f"{[0] * 8}\n", done.stderr


def test_a_fork_while_another_thread_traces():
    """The child's numpy is its own again, and it traces."""
    code = """
import os, threading
import numpy as np
import symdiff as sd
inside, go = threading.Event(), threading.Event()
def slow(x):
    inside.set()
    go.wait(60)
    return np.array([x, 2*x]).sum()
thread = threading.Thread(target=lambda: sd.trace(slow, x=()))
original = [np.array]  # names of this module are redirected too
thread.start()
inside.wait(60)
assert np.array is not original[0]
child = os.fork()
if child == 0:
    mine = str(sd.trace(lambda x: np.array([x, x*x]).sum(), x=()))
    os._exit(0 if np.array is original[0] and mine == "sum(stack([x, x**2]))" else 1)
code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
go.set()
thread.join()
print(code, np.array is original[0])
"""
    done = run(code, timeout=120)
    assert done.stdout == "0 True\n", done.stderr
