"""Every op of the registry on every backend: lowered and equal to the reference interpreter, or listed as
unsupported.

The expressions are those of test_ops and test_linalg.
"""

import functools
import zlib
from typing import Any, NamedTuple

import numpy as np
import pytest

import symdiff as sd
from symdiff.backends.jax import wide_types
from symdiff.lazy import MissingPackage, module
from symdiff.op import OPS, Zero, is_float
from symdiff.program import build_program, interpret

from . import test_ops
from .matrix_expressions import EXPRESSIONS, build

BACKENDS = ("tape", "jax", "torch")
RTOL = {"tape": 2e-11, "jax": 2e-11, "torch": 2e-9}  # torch's digamma has nine digits
SIGNS = ("svd_U(X) by", "svd_Vt(X) by")
LEAVES = {"variable", "constant", "size", "project", "bound", "each"}  # `each` needs an op of the user: in test_krylov


class Case(NamedTuple):
    """Outputs of one graph and a point: the value of an expression, and its gradients where it has some."""

    graph: Any
    inputs: list[int]
    outputs: list[int]
    arrays: list[np.ndarray]


def case(y: Any, values: dict[Any, Any], derivative: bool = True) -> Case:
    g = y.graph
    named = {g.variable(k) if isinstance(k, str) else k: np.asarray(v) for k, v in values.items()}
    wrt = [x for x in named if is_float(x.dtype)]
    outputs = [y]
    if derivative and wrt and is_float(y.dtype):
        outputs += sd.vjp(y, wrt, g.constant(np.ones(())) if not y.shape else sd.full_like(y, 0.75))
    return Case(g, [x.node for x in named], [e.node for e in outputs], list(named.values()))


@functools.cache
def cases() -> dict[str, Case]:
    """All rows, by a name."""
    found: dict[str, Case] = {}
    for parameters in test_ops.CASES:
        name, row = parameters.values
        rng = np.random.default_rng(zlib.crc32(parameters.id.encode()))  # whatever other rows there are
        xs = test_ops.variables(row)
        y = row.build(*xs)
        values = dict(zip(xs, test_ops.sampled(row, test_ops.BINDINGS[0], rng).values(), strict=True))
        found[parameters.id] = case(y, values, not isinstance(OPS[name].derivative, Zero))
    for parameters in EXPRESSIONS:
        text, declared, wrt = getattr(parameters, "values", parameters)
        found[f"{text} by {wrt}"] = case(*build(text, declared))
    found["integral"] = case(sd.parse("integral(exp(-t*x)*sin(t), t, 0, x)"), {"x": 0.7})
    seen = {c.graph.operation(n) for c in found.values() for n in c.graph.ancestors(c.outputs)}
    rng = np.random.default_rng(0)
    for name in sorted(set(OPS) - seen - LEAVES):  # the rest: functions of one well-conditioned matrix
        op = OPS[name]
        if op.elementwise:
            g = sd.Graph()
            xs = [g.variable(f"x{k}", 3) for k in range(len(op.samples))]
            found[name] = case(op(*xs), {x: rng.uniform(*s, 3) for x, s in zip(xs, op.samples, strict=True)}, False)
            continue
        X = sd.Graph().variable("X", (3, 3))
        y = X.apply(op, (X,) * (op.arity or 1), ())
        y = y[0] if op.results else y
        a = rng.uniform(0.1, 0.9, (3, 3))
        found[name] = case(y, {X: a @ a.T + np.diag([1.0, 2.0, 3.0])}, derivative=False)
    return found


def uses(c: Case) -> set[str]:
    program = build_program(c.graph, c.inputs, c.outputs)
    return {i.op.name for i in program.instructions}


def backend(name: str) -> Any:
    try:
        module(name) if name != "tape" else None
        return module(f"symdiff.backends.{name}")
    except (MissingPackage, ImportError):
        pytest.skip(f"{name} is not installed")


@pytest.mark.parametrize(
    ("name", "row"),
    [
        pytest.param(
            name,
            row,
            id=f"{row}-{name}",  # to compile for jax takes 0.1 s
            marks=pytest.mark.long if name == "jax" and test_ops.in_further_shapes(row) else (),
        )
        for row in cases()
        for name in BACKENDS
    ],
)
def test_agrees_with_the_reference(name, row):
    b, c = backend(name), cases()[row]
    if name == "torch" and row.startswith(SIGNS):
        pytest.skip("the signs of single vectors are the choice of LAPACK's routine, and torch takes another")
    if name == "jax" and not row.endswith("-0"):  # to compile the gradient of one row of each op is enough
        c = c._replace(outputs=c.outputs[:1])
    program = build_program(c.graph, c.inputs, c.outputs)
    wanted = interpret(program, c.arrays)
    found = b.compile(program)(c.arrays)
    for w, f in zip(wanted, found, strict=True):
        assert isinstance(f, np.ndarray | np.generic)
        assert f.shape == w.shape
        assert f.dtype == w.dtype or "matrix_rank" in row  # numpy's is an integer
        rtol = RTOL[name] * (10 if row.startswith("rgamma_") else 1)  # products of digammas
        np.testing.assert_allclose(f, w, rtol=rtol, atol=1e-12, err_msg=row)


NAN_THERE = {"jax": ("spherical_jn", "spherical_in", "spence-"), "torch": ("spherical_jn", "spherical_in")}
WITH_GRADIENT = [row for row, c in cases().items() if len(c.outputs) > 1]


@pytest.mark.long
@pytest.mark.parametrize("name", ["jax", "torch"])
@pytest.mark.parametrize("row", WITH_GRADIENT)
def test_gradients_are_those_of_the_library(name, row):
    """Our gradient against the library's own calculus on the value that is lowered to it."""
    b, c = backend(name), cases()[row]
    if name == "torch" and row.startswith(SIGNS):
        pytest.skip("the signs of single vectors are the choice of LAPACK's routine, and torch takes another")
    if row.startswith(NAN_THERE[name]):
        pytest.skip(f"{name}'s derivative is nan: it differentiates the branch that is not taken too")
    wanted = interpret(build_program(c.graph, c.inputs, c.outputs), c.arrays)
    options = {"jit": False} if name == "jax" else {}
    pure = b.compile(build_program(c.graph, c.inputs, c.outputs[:1]), **options).pure
    moving = [k for k, n in enumerate(c.inputs) if is_float(c.graph.dtype(n))]
    weight = np.full(wanted[0].shape, 0.75 if wanted[0].shape else 1.0)
    for got, ours in zip(GRADIENTS[name](pure, c.arrays, moving, weight), wanted[1:], strict=True):
        rtol = 2e-8 if row.startswith("rgamma_") else 2e-9  # products of digammas, of which torch's has nine digits
        np.testing.assert_allclose(got, ours, rtol=rtol, atol=1e-10, err_msg=row)


def _by_jax(pure, arrays, moving, weight):
    jax = pytest.importorskip("jax")
    with wide_types():
        xs = [jax.numpy.asarray(a) for a in arrays]

        def value(*ms):
            return pure(*[ms[moving.index(k)] if k in moving else x for k, x in enumerate(xs)])[0]

        try:
            y, back = jax.vjp(value, *[xs[k] for k in moving])
        except NotImplementedError as error:
            pytest.skip(str(error))
        return [np.asarray(r) for r in back(jax.numpy.asarray(weight, y.dtype))]


def _by_torch(pure, arrays, moving, weight):
    torch = pytest.importorskip("torch")
    xs = [torch.tensor(np.array(a)).requires_grad_(k in moving) for k, a in enumerate(arrays)]
    (y,) = pure(*xs)
    if not y.requires_grad:
        pytest.skip("torch has no derivative of this function")
    found = torch.autograd.grad(y, [xs[k] for k in moving], torch.tensor(weight, dtype=y.dtype), allow_unused=True)
    return [np.zeros(arrays[k].shape) if r is None else r.numpy() for k, r in zip(moving, found, strict=True)]


GRADIENTS = {"jax": _by_jax, "torch": _by_torch}


# parts of a named axis: (index, sizes at which it fits, sizes at which it does not)
PARTS = [
    (np.s_[5], [6, 9], [5, 0]),
    (np.s_[-2], [2, 5], [1]),
    (np.s_[3:], [3, 7], [2]),
    (np.s_[:4], [4, 6], [3]),
    (np.s_[-3:], [3, 5], [2]),
    (np.s_[1:-1], [2, 4], [1]),
    (np.s_[4::-1], [5, 7], [4]),
    (np.s_[:1:-1], [2, 5], [1]),
    (np.s_[-2::-1], [1, 2, 5], [0]),
    (np.s_[-2:0:-1], [2, 5], [1]),
    (np.s_[::-1], [0, 3], []),
    ([0, -1, 2], [3, 5], [2]),
    ([-4], [4, 6], [3]),
]


@pytest.mark.parametrize("name", ["reference", "numpy", *BACKENDS])
@pytest.mark.parametrize("part", PARTS, ids=str)
def test_parts_of_a_named_axis_lie_inside(name, part):
    """The value and the gradient are numpy's, or the error says which size does not do: never other entries."""
    index, fitting, short = part
    x = sd.Graph().variable("x", "n")
    outputs = [x[index], sd.grad(sd.sum(x[index] ** 2), x)]

    def values(n):
        at = np.arange(1.0, n + 1)
        if name == "reference":
            return sd.evaluate(outputs, {x: at})
        backend(name)
        return sd.function([x], outputs, backend=name)(at)

    for n in fitting:
        at = np.arange(1.0, n + 1)
        slope = np.zeros(n)
        np.add.at(slope, index, 2 * at[index])
        for got, wanted in zip(values(n), (at[index], slope), strict=True):
            np.testing.assert_array_equal(got, wanted)
    for n in short:
        with pytest.raises(sd.InputError, match=f"with n = {n}"):
            values(n)
