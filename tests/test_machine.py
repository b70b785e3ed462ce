"""Machine code: kernels do what their Python does, formulas are accurate, code is kept, and numpy serves without it."""

import math
import os
import subprocess
import sys
from pathlib import Path

import mpmath
import numpy as np
import pytest

import symdiff as sd
from symdiff import kernels, machine
from symdiff.backends import elementary, formulas, opcodes, tape
from symdiff.kernels import Bytes, Floats, Ints, Longs, Words, kernel
from symdiff.op import OPS
from symdiff.program import build_program

SCALE, SHIFT = 3, 0.5


@kernel()
def twice(x: int) -> int:
    return 2 * x


@kernel()
def everything(n: int, a: Ints, b: Longs, c: Bytes, d: Words, v: Floats, out: Longs) -> int:
    """Each statement and operator once."""
    m, total = 0, 0.0
    for i in range(n):
        if a[i] < 0 or (b[i] > 2 and not c[i] == 7):  # noqa: SIM201
            out[m], m = (a[i] * SCALE if a[i] != 1 else -b[i]), m + 1
            if m >= 40:
                break
        elif a[i] in (0, SCALE):
            continue
        else:
            out[m] = twice(d[i]) + max(a[i], c[i]) - min(b[i], 3)
            m += 1
        total += v[i] * 2 + SHIFT
        v[i] = -total / 4.0
    for i in range(1, n, 2):
        a[i - 1], a[i] = a[i], a[i - 1]
    k = n
    while k > 1 and 0 <= k < 1000:
        k //= 2
        if k == 3:
            k = k - 1
        d[k] = (d[k] << 1) | (k & 5) ^ (k % 3) | (b[k] >> 1 & 1)
    c[0] = 1 if total > 1.0 else 0
    return m + (1 if k <= 1 else 0)


def arguments(seed, n=50):
    rng = np.random.default_rng(seed)
    return [
        n, rng.integers(-3, 4, n).astype(np.int32), rng.integers(-5, 6, n), rng.integers(0, 9, n).astype(np.uint8),
        rng.integers(0, 2**30, n).astype(np.uint32), rng.normal(size=n), np.zeros(n, np.int64),
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(5))
def test_a_kernel_does_what_its_python_does(seed):
    compiled, plain = arguments(seed), arguments(seed)
    assert everything(*compiled) == everything.plain(*plain)
    for found, wanted in zip(compiled, plain, strict=True):
        np.testing.assert_array_equal(found, wanted)


@pytest.mark.parametrize("wrong", [np.zeros(50), np.zeros(100, np.int32)[::2], np.zeros(50, np.int64)])
def test_a_kernel_refuses_other_arrays(wrong):
    given = arguments(0)
    given[1] = wrong
    with pytest.raises(TypeError, match="contiguous array of int32"):
        everything(*given)


@kernel()
def beyond(n: int) -> int:
    return [n][0]


@kernel()
def unnamed(n: int) -> int:
    return n + opcodes  # noqa: RUF100


@pytest.mark.parametrize("made", [beyond, unnamed])
def test_what_kernels_do_not_have_is_named(made):
    with pytest.raises(TypeError, match=f"{made.__name__}: "):
        made(3)


# --- accuracy -----------------------------------------------------------------------------------------------------

ULPS = {
    "exp": 1.5, "expm1": 2, "log": 1.5, "log1p": 2, "sigmoid": 2.5, "softplus": 2, "tanh": 2.5, "sin": 2, "cos": 2,
    "exp2": 2, "log2": 2, "tan": 2, "asin": 2, "acos": 2, "atan": 2, "sinh": 2, "cosh": 2, "asinh": 2, "acosh": 2,
    "atanh": 2, "erf": 2, "erfc": 4, "ndtr": 4,
}  # fmt: skip
ORACLE = {
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)), "softplus": lambda x: mpmath.log1p(mpmath.exp(x)),
    "exp2": lambda x: mpmath.mpf(2) ** x, "log2": lambda x: mpmath.log(x) / mpmath.log(2), "ndtr": mpmath.ncdf,
}  # fmt: skip


def wide(name, rng):
    """Numbers of all sizes for which the value is a normal number."""
    x = np.concatenate([rng.uniform(-30, 30, 300), rng.normal(size=200), 10 ** rng.uniform(-300, 2.8, 300)])
    x = np.concatenate([x, -x[:400]])
    if name in ("log", "log2"):
        x = np.concatenate([np.abs(x), 10 ** rng.uniform(-320, 308, 300)])
    if name == "log1p":
        x = np.concatenate([x[x > -1], 10 ** rng.uniform(-320, 308, 300), rng.uniform(-1, 0, 100)])
    if name in ("asin", "acos", "atanh"):
        x = np.concatenate([x[np.abs(x) <= 1], rng.uniform(-1, 1, 500), np.linspace(-1, 1, 9)])
        x = x[np.abs(x) < 1] if name == "atanh" else x
    if name == "acosh":
        x = 1 + np.abs(x)
    if name in ("sin", "cos", "tan"):
        x = np.concatenate([x, rng.uniform(-1e6, 1e6, 300), np.arange(1, 100) * math.pi / 2])
    return x


@pytest.mark.parametrize("name", ULPS)
def test_formulas_are_accurate(name):
    """As opcodes and as vectorised loops, against mpmath."""
    x = wide(name, np.random.default_rng(0))
    g = sd.Graph()
    v, s = g.variable("v", "n"), g.variable("s")
    (vector,) = tape.compile(build_program(g, [v.node], [OPS[name](v).node]))([x])
    one = tape.compile(build_program(g, [s.node], [OPS[name](s).node]))
    single = np.array([one([np.array(a)])[0] for a in x])
    with mpmath.workdps(40):
        exact = [ORACLE.get(name, getattr(mpmath, name, None))(mpmath.mpf(float(a))) for a in x]
        for found in (vector, single):
            for a, y, e in zip(x, found.tolist(), exact, strict=True):
                if abs(e) > 1e-307 and abs(e) < 1.7e308:
                    assert abs(mpmath.mpf(y) - e) <= ULPS[name] * np.spacing(abs(float(e))), (name, a)


@pytest.mark.parametrize("name", ULPS)
def test_formulas_at_special_values(name):
    """Zeros of both signs, the ends, subnormal numbers, and where nothing is defined: numpy's or scipy's values."""
    special = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 5e-324, -1e-310, 1e308, -1e308, 1.0, -1.0, 710.0, -745.0])
    v = sd.Graph().variable("v", "n")
    (found,) = tape.compile(build_program(v.graph, [v.node], [OPS[name](v).node]))([special])
    with np.errstate(all="ignore"):
        wanted = OPS[name].meaning()(special)
    np.testing.assert_allclose(found, wanted, rtol=1e-15, atol=5e-324)
    zero = wanted == 0
    assert not zero[:2].any() or (np.signbit(found) == np.signbit(wanted))[:2].all()


RECORDS = [OPS[name] for name in opcodes.FUNCTIONS if name in OPS]
SCIPYS = [
    op.name for op in RECORDS
    if formulas.is_scipys(op) and not formulas.c_name(op) and op.name not in elementary.FORMULAS
]  # fmt: skip


@pytest.mark.parametrize("name", SCIPYS)
def test_special_functions_are_scipys_to_the_bit(name):
    """By the pointers of scipy, or called back where scipy has none."""
    op = OPS[name]
    rng = np.random.default_rng(0)
    given = [rng.uniform(*s, 50) for s in op.samples * (1 if len(op.samples) == op.arity else op.arity)]
    g = sd.Graph()
    xs = g.variables([f"x{k}" for k in range(op.arity)], "n")
    (found,) = tape.compile(build_program(g, [x.node for x in xs], [op(*xs).node]))(given)
    np.testing.assert_array_equal(found, op.meaning()(*given))
    assert formulas._scipys(op) or name in ("erfcinv", "spherical_jn", "spherical_in", "dawsn"), "scipy has a pointer"


def test_opcodes_come_from_records():
    """A formula, a name in the C library, scipy or a composition: what has one of them is no call of numpy."""
    assert {"safe_multiply", "real_reciprocal", "sec", "rad2deg", "digamma", "erfcx", "asinh"} <= set(opcodes.OPCODE)
    assert all(machine.symbol(op.names["libm"]) for op in RECORDS if "libm" in op.names)
    g = sd.Graph()
    x, y = g.variables("x y")
    outputs = [op(*(x, y)[: op.arity]) for op in RECORDS if op.arity in (1, 2)]
    fn = sd.function([x, y], outputs, backend="tape")
    assert "external" not in fn.source
    with np.errstate(all="ignore"):
        for found, wanted in zip(fn(0.3, 0.6), sd.evaluate(outputs, {x: 0.3, y: 0.6}), strict=True):
            np.testing.assert_allclose(found, wanted, rtol=2e-14)


def test_opcodes_have_words_and_loops():
    """Every function runs as an opcode and over a span."""
    for name in opcodes.FUNCTIONS:
        assert opcodes.WORDS[opcodes.OPCODE[name]] == 2 + opcodes.READS[opcodes.OPCODE[name]]
    interpreter = tape.TABLES
    everything = [k for k in range(opcodes.COUNT) if opcodes.WORDS[k]]
    interpreter.need(everything, False, range(len(opcodes.FUNCTIONS)))
    interpreter.need(everything, True)
    assert all(interpreter.point[everything])
    assert all(interpreter.lanes[everything])


# --- processes --------------------------------------------------------------------------------------------------------

PROGRAM = """
import sys, warnings, numpy as np, symdiff as sd
g = sd.Graph()
x, a0 = g.variables("x a0")
a, b = a0, x
for _ in range(100):
    a, b = b, sd.sin(b) * x + a
fn = sd.function([x, a0], [b, *sd.grad(b, [x, a0])])
print(fn.backend, *map(repr, map(float, fn(0.3, 0.2))), *({m.partition(".")[0] for m in sys.modules} & {"numba"}))
"""


def run(code, **environment):
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ, **environment}
    )
    return done.stdout.strip(), done.stderr


def test_code_is_kept_and_made_anew_when_damaged(tmp_path):
    first = run(PROGRAM, SYMDIFF_CACHE=str(tmp_path / "kept"))
    (folder,) = (tmp_path / "kept").iterdir()
    files = sorted(folder.iterdir())
    assert first[0].startswith("tape ")
    assert len(files) > 3
    times = [f.stat().st_mtime_ns for f in files]
    assert run(PROGRAM, SYMDIFF_CACHE=str(tmp_path / "kept")) == first
    assert [f.stat().st_mtime_ns for f in files] == times
    for k, f in enumerate(files):
        f.write_bytes(b"" if k % 2 else f.read_bytes()[:-9])
    assert run(PROGRAM, SYMDIFF_CACHE=str(tmp_path / "kept")) == first
    assert all(f.stat().st_mtime_ns != t for f, t in zip(files, times, strict=True))


def test_no_folder_is_needed(tmp_path):
    (tmp_path / "file").write_text("")
    assert run(PROGRAM, SYMDIFF_CACHE=str(tmp_path / "file")) == run(PROGRAM)
    assert machine.unavailable() or run(PROGRAM)[1] == ""


FORBIDDEN = "import ctypes\nassert ctypes.CDLL(None).prctl(65, 1, 0, 0, 0) == 0\n"  # no memory becomes executable


@pytest.mark.parametrize("way", ["switch", "forbidden", "missing", "processor"])
def test_numpy_serves_without_machine_code(way):
    before = {
        "switch": "",
        "forbidden": FORBIDDEN,
        "processor": "import platform\nplatform.machine = lambda: 's390x'\n",
        "missing": "import sys\nsys.modules['llvmlite'] = None\n",
    }[way]
    environment = {"SYMDIFF_NO_LLVM": "1"} if way == "switch" else {}
    if way == "forbidden" and subprocess.run([sys.executable, "-c", FORBIDDEN], capture_output=True).returncode:
        pytest.skip("this kernel can't forbid it")
    out, said = run(before + PROGRAM + "sd.function([x, a0], b, backend='tape')(0.1, 0.2)", **environment)
    assert out.startswith("numpy ")
    assert said.count("numpy evaluates what the tape would") == 1
    np.testing.assert_allclose([float(t) for t in out.split()[1:]], [float(t) for t in run(PROGRAM)[0].split()[1:]])


def test_forked_children_compile():
    """Also while other threads of the parent load packages and compile: a fork waits for them."""
    code = PROGRAM + """
import math, os
import itertools, threading
from symdiff import machine
def module(k):
    ir = machine.module("llvmlite.ir")
    made = ir.Module()
    f = ir.Function(made, ir.FunctionType(ir.DoubleType(), [ir.DoubleType()]), name=f"f{k}")
    build, y = ir.IRBuilder(f.append_basic_block()), f.args[0]
    for i in range(100):
        y = build.fadd(build.fmul(y, y), ir.Constant(ir.DoubleType(), i + k))
    build.ret(y)
    return made
names = itertools.count()
def work():
    while True:
        k = next(names)
        machine.functions(f"f{k}", [f"f{k}"], lambda: module(k), keep=False)
for _ in range(3):
    threading.Thread(target=work, daemon=True).start()
for _ in range(5):
    pid = os.fork()
    if pid == 0:
        y = sd.function([x], sd.erfc(x) + sd.tanh(x), backend="tape")(0.5)
        os._exit(0 if abs(float(y) - math.erfc(0.5) - math.tanh(0.5)) < 1e-12 else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
os._exit(0)
"""
    run(code, SYMDIFF_CACHE="/dev/null/nowhere")


def test_kernels_run_as_python_without_machine_code(monkeypatch):
    monkeypatch.setattr(machine, "unavailable", lambda: "none here")
    made = kernels.Kernel(everything.function)
    found, plain = arguments(1), arguments(1)
    assert made(*found) == everything.plain(*plain)
    with pytest.raises(machine.NoMachineCode, match="none here"):
        machine.functions("x", ["x"], lambda: None)


NAMED_LIKE_OPCODES = """
import numpy as np, symdiff as sd
BEFORE = {before}
TAKEN = {{*sd.op.FUNCTIONS, *sd.op.OPS}}
NAMES = [n for n in "cube fms fma sub mul div keep end sincos map1 contract gather".split() if n not in TAKEN]
assert len(NAMES) > 5
def register():
    for k, name in enumerate(NAMES):
        composition = lambda x, k=k: sd.cos(x) + k
        sd.register_op(name, lambda x, k=k: np.cos(x) + k, lambda x: -sd.sin(x), composition=composition)
    sd.register_op("bent", lambda x: np.exp(x) + 1, lambda x: sd.exp(x), names={{"libm": "exp"}})
if BEFORE:
    register()
g = sd.Graph()
x = g.variable("x")
sd.function([x], sd.sin(x)**3, backend="tape")(0.1)
if not BEFORE:
    register()
outputs = [sd.op.OPS[n](x) for n in (*NAMES, "bent")]
found, wanted = sd.function([x], outputs, backend="tape")(0.3), sd.evaluate(outputs, {{x: 0.3}})
np.testing.assert_allclose(found, wanted, rtol=1e-15)
"""


@pytest.mark.parametrize("before", [True, False])
def test_ops_of_the_user_named_like_opcodes(before):
    run(NAMED_LIKE_OPCODES.format(before=before))


def test_code_is_made_anew_where_a_kernel_changed():
    package = Path(machine.__file__).parent
    known = {path for pattern in machine._SOURCES for path in package.glob(pattern)}
    assert {p for p in package.rglob("*.py") if "\n@kernel(" in p.read_text()} <= known
