"""The jax and torch backends: types, pure functions for the library's own transformations, rows sharded over
devices."""

import contextlib
import importlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import symdiff as sd
from symdiff.lazy import module
from symdiff.program import build_program, interpret

LIBRARIES = ("jax", "torch")


def backend(name):
    pytest.importorskip(name)
    return importlib.import_module(f"symdiff.backends.{name}")


def logistic(dtype="float64"):
    """A logistic regression: value, gradient and Hessian-vector product, by X, y, w, v."""
    g = sd.Graph()
    X, y, w = (
        g.variable("X", "n d", dtype=dtype),
        g.variable("y", "n", dtype=dtype),
        g.variable("w", "d", dtype=dtype),
    )
    v = g.variable("v", "d", dtype=dtype)
    f = sd.sum(sd.softplus(-y * (X @ w))) + 0.5 * (w @ w)
    return build_program(
        g, [X.node, y.node, w.node, v.node], [f.node, sd.grad(f, w).node, sd.hvp(f, w, v).node]
    )


def data(n=16, d=3, dtype="float64"):
    rng = np.random.default_rng(0)
    return [rng.normal(size=s).astype(dtype) for s in ((n, d), (n,), (d,), (d,))]


@pytest.mark.parametrize("name", LIBRARIES)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_types_are_kept(name, dtype):
    """Single precision stays single, also in the arithmetic; several sizes run on one callable."""
    b, program = backend(name), logistic(dtype)
    fn = b.compile(program)
    for n in (16, 5, 0):
        arrays = data(n, dtype=dtype)
        for found, wanted in zip(fn(arrays), interpret(program, arrays), strict=True):
            assert found.dtype == wanted.dtype == dtype
            np.testing.assert_allclose(
                found,
                wanted,
                rtol=3e-5 if dtype == "float32" else 1e-12,
                atol=1e-5 if dtype == "float32" else 1e-13,
            )
    with pytest.raises(sd.InputError, match="shape"):
        fn([np.ones((3, 2)), np.ones(3), np.ones(3), np.ones(3)])


@pytest.mark.parametrize("name", LIBRARIES)
def test_results_are_arrays_of_their_own(name):
    fn = backend(name).compile(logistic())
    arrays = data()
    first, second = fn(arrays), fn(arrays)
    first[1][...] = 0
    assert np.all(second[1] != 0)
    assert "softplus" not in fn.source or fn.source.startswith(f"# {name}: X, y, w, v")


@pytest.mark.parametrize("name", LIBRARIES)
@pytest.mark.parametrize("n", [1, 4])
@pytest.mark.parametrize(
    "layout",
    [lambda a: np.array(a, order="F"), lambda a: a[::-1].copy()[::-1], lambda a: np.repeat(a, 2, axis=0)[::2],
     lambda a: np.broadcast_to(a[:1], a.shape)],
)  # fmt: skip
def test_inputs_of_any_layout(name, n, layout):
    program = logistic()
    arrays = [layout(a) for a in data(n)]
    for found, wanted in zip(backend(name).compile(program)(arrays), interpret(program, arrays), strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-12)


@pytest.mark.parametrize("name", LIBRARIES)
def test_integers_and_truth_values(name):
    g = sd.Graph()
    i, c = g.variable("i", "n", dtype="int64"), g.variable("c", "n", dtype="bool")
    outputs = [
        sd.sqrt(i),
        i / 3,
        i * 2 + 1,
        sd.sum(c),
        sd.where(c, i, 0),
        c & (i > 1),
        sd.astype(c, "float64") @ i,
        sd.sin(i) / i,
        i**-1,
        2 ** (1 + i),
        2.0 ** (1 - 0.5 * i),
        i**c,
        i // (i - 1),
        sd.where(i - 1, i, 5),
        sd.where(sd.sum(c), i, 5),
    ]
    program = build_program(g, [i.node, c.node], [e.node for e in outputs])
    arrays = [np.array([1, 2, 3]), np.array([True, False, True])]
    for found, wanted in zip(backend(name).compile(program)(arrays), interpret(program, arrays), strict=True):
        assert found.dtype == wanted.dtype
        np.testing.assert_allclose(found, wanted, rtol=1e-14)


@pytest.mark.parametrize("name", LIBRARIES)
def test_values_that_are_no_numbers(name):
    x = sd.Graph().variable("x", "n")
    outputs = [sd.sign(x), sd.abs(x), sd.heaviside(x, 0.5), sd.relu(x), sd.maximum(x, 0), sd.grad(sd.sum(sd.abs(x)), x)]
    outputs += [sd.rel_entr(x, 2), sd.rel_entr(x, 0), sd.max(x), sd.sort(x)]
    at = np.array([np.nan, np.inf, -np.inf, 0.0, -2.0])
    for e in outputs:
        program = build_program(x.graph, [x.node], [e.node])
        for found, wanted in zip(backend(name).compile(program)([at]), interpret(program, [at]), strict=True):
            np.testing.assert_array_equal(found, wanted, err_msg=str(e))


CALLED_BACK = ["lambertw(x)", "x*ellipk(x/3)", "fresnels(x)**2", "sum(logm(outer(x, x) + eye(n)))", "sum(jv(2, x))"]


@pytest.mark.parametrize("name", LIBRARIES)
@pytest.mark.parametrize("text", CALLED_BACK)
def test_what_the_library_lacks_is_called_back(name, text):
    """By its numpy meaning, with the derivatives of our own calculus, under the library's transformations."""
    b = backend(name)
    e = sd.sum(sd.parse(text, x="n"))
    x = e.graph.variable("x")
    at = np.array([0.3, 0.9, 1.7])
    slope, ones = sd.grad(e, x), np.ones(3)
    wanted = [sd.evaluate(y, {x: at}) for y in (e, slope)]
    program = build_program(e.graph, [x.node], [e.node, slope.node])
    for found, value in zip(b.compile(program)([at]), wanted, strict=True):
        np.testing.assert_allclose(found, value, rtol=1e-9)
    pure = b.compile(build_program(e.graph, [x.node], [e.node])).pure
    if name == "jax":
        jax = module("jax")
        with jax.enable_x64(True):
            found = jax.jit(jax.grad(lambda x: pure(x)[0]))(at)
            second = jax.grad(lambda x: jax.grad(lambda x: pure(x)[0])(x) @ ones)(at)
        hv = sd.evaluate(sd.hvp(e, x, "v"), {x: at, "v": ones})
        np.testing.assert_allclose(second, hv, rtol=1e-8, atol=1e-10)
    else:
        torch = module("torch")
        t = torch.tensor(at, requires_grad=True)
        (found,) = torch.autograd.grad(pure(t)[0], t)
    np.testing.assert_allclose(found, wanted[1], rtol=1e-9)


def test_pure_function_of_jax_arrays():
    """The user's own jit, vmap and grad run on it; the configuration is left alone."""
    jax = pytest.importorskip("jax")
    from symdiff.backends import jax as b  # noqa: PLC0415

    before = jax.config.jax_enable_x64
    program = logistic("float32")
    pure = b.compile(program).pure
    X, y, w, v = data(dtype="float32")
    value, gradient, _ = jax.jit(pure)(X, y, w, v)
    assert value.dtype == gradient.dtype == np.float32
    np.testing.assert_allclose(jax.grad(lambda w: pure(X, y, w, v)[0])(w), gradient, rtol=1e-4, atol=1e-5)
    many = jax.vmap(pure, (None, None, 0, None))(X, y, np.stack([w, 2 * w]), v)
    np.testing.assert_allclose(many[1][0], gradient, rtol=1e-4, atol=1e-5)
    b.compile(logistic())(data())
    assert jax.config.jax_enable_x64 == before


def test_pure_function_of_torch_tensors():
    torch = pytest.importorskip("torch")
    from symdiff.backends import torch as b  # noqa: PLC0415

    pure = b.compile(logistic()).pure
    X, y, w, v = map(torch.tensor, data())
    w.requires_grad_()
    value, gradient, product = pure(X, y, w, v)
    torch.testing.assert_close(torch.autograd.grad(value, w, retain_graph=True)[0], gradient)
    torch.testing.assert_close(torch.autograd.grad(gradient @ v, w)[0], product)


SHARDED = """
import jax, numpy as np
from jax.sharding import Mesh, NamedSharding, PartitionSpec
import symdiff as sd
from symdiff.backends.jax import compile
from symdiff.lazy import module
from symdiff.program import build_program, interpret

jax.config.update("jax_enable_x64", True)
g = sd.Graph()
X, y, w, v = g.variable("X", "n d"), g.variable("y", "n"), g.variable("w", "d"), g.variable("v", "d")
f = sd.sum(sd.softplus(-y * (X @ w)))
program = build_program(g, [X.node, y.node, w.node, v.node], [sd.hvp(f, w, v).node])
rng = np.random.default_rng(0)
arrays = [rng.normal(size=s) for s in ((64, 5), (64,), (5,), (5,))]

mesh = Mesh(np.array(jax.devices()), ("rows",))
rows, whole = NamedSharding(mesh, PartitionSpec("rows")), NamedSharding(mesh, PartitionSpec())
placed = [jax.device_put(a, s) for a, s in zip(arrays, (rows, rows, whole, whole))]
compiled = jax.jit(compile(program).pure, out_shardings=[whole]).lower(*placed).compile()
text = compiled.as_text()
starts = text.count(" all-reduce(") + text.count(" all-reduce-start(")
error = np.abs(np.asarray(compiled(*placed)[0]) - interpret(program, arrays)[0]).max()
print(len(jax.devices()), starts, text.count("all-gather("), error < 1e-12)
"""


def test_rows_are_sharded_over_devices():
    """A Hessian-vector product whose rows lie on eight devices: the same numbers, one all-reduce."""
    pytest.importorskip("jax")
    root = Path(sd.__file__).parents[1]
    environment = {
        **os.environ,
        "XLA_FLAGS": "--xla_force_host_platform_device_count=8",
        "JAX_PLATFORMS": "cpu",
        "PYTHONPATH": str(root),
    }
    run = subprocess.run(
        [sys.executable, "-c", SHARDED],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    assert run.stdout.split() == ["8", "1", "0", "True"]


@pytest.mark.parametrize("name", LIBRARIES)
def test_as_a_backend_of_function(name):
    """`function` takes names, mirrors its outputs, and hands out the pure function."""
    pytest.importorskip(name)
    f = sd.parse("sum(sin(X) @ w)", X="n d", w="d")
    arguments = np.ones((3, 2)), np.array([1.0, 2.0])
    fn = sd.function(["X", "w"], {"value": f, "slope": sd.grad(f, "w")}, backend=name)
    wanted = sd.function(["X", "w"], [f, sd.grad(f, "w")], backend="numpy")(*arguments)
    found = fn(*arguments)
    np.testing.assert_allclose(found["value"], wanted[0])
    np.testing.assert_allclose(found["slope"], wanted[1])
    assert (
        len(
            fn.pure(
                *map(importlib.import_module("torch").tensor if name == "torch" else np.asarray, arguments)
            )
        )
        == 2
    )
    with pytest.raises(sd.InputError, match="no pure function"):
        _ = sd.function(["X", "w"], f, backend="numpy").pure


def native(name, a):
    """An array of the library's own."""
    library = pytest.importorskip(name)
    return library.device_put(a) if name == "jax" else library.tensor(a)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("name", LIBRARIES)
def test_own_arrays_give_own_results(name, dtype):
    """Arrays of the library give results of the library, of the declared types, that share no memory."""
    backend(name)
    g = sd.Graph()
    x, k = g.variable("x", "n", dtype=dtype), g.variable("k", dtype="int64")
    outputs = {"sum": sd.sum(x * x), "same": x, "part": x[1:], "count": k + 1, "one": sd.ones(2, graph=g)}
    f = sd.function([x, k], outputs, backend=name)
    a = np.arange(4, dtype=dtype)
    plain = f(a, 2)
    context = importlib.import_module("jax").enable_x64(True) if name == "jax" else contextlib.nullcontext()
    with context:
        given = native(name, a)
        found = f(given, 2)
        assert {k: type(v) for k, v in found.items()} == dict.fromkeys(plain, type(found["sum"]))
        assert isinstance(given, type(found["same"]))
        for key, value in plain.items():
            assert str(found[key].dtype).removeprefix("torch.") == str(value.dtype)
            np.testing.assert_array_equal(np.asarray(found[key]), value)
        if name == "torch":
            given[:] = 7
            np.testing.assert_array_equal(found["same"].numpy(), a)
        out = {k: np.empty_like(v) for k, v in plain.items()}
        f(native(name, a), 2, out=out)
        np.testing.assert_array_equal(out["part"], a[1:])


def test_long_programs_are_those_of_the_reference(monkeypatch):
    """With XLA's other emitters, which a program of this length would not ask for."""
    compiler = backend("jax")
    monkeypatch.setattr(compiler, "LONG", 0)
    program, arrays = logistic(), data()
    for found, wanted in zip(compiler.compile(program)(arrays), interpret(program, arrays), strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-12)
