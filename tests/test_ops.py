"""One table over the registry: every op has a row (made from its record, or written here) and passes every
check.

Values are compared with mpmath or numpy, partials with mpmath's derivatives, both sweeps with differences of
the values (to second order) and with each other by <ct, J t> = <J' ct, t>.
"""

import builtins
import itertools
from collections.abc import Callable
from functools import cache, partial
from typing import Any, NamedTuple

import mpmath as mp
import numpy as np
import pytest

import symdiff as sd
from symdiff.check import check_grad
from symdiff.errors import GraphError
from symdiff.op import FUNCTIONS, OPS, Zero, is_float
from symdiff.shapes import as_shape, resolve

from . import matrix_expressions
from .test_scipy_special import SWEPT
from .test_special_functions import BY_PARAMETER, NEW

LEAVES = {"variable", "constant", "size", *NEW, *BY_PARAMETER, *SWEPT}  # and those of a table of their own
REGISTRY = {name: op for name, op in OPS.items() if name not in LEAVES}
BINDINGS = ({"m": 2, "n": 3, "p": 2}, {"m": 4, "n": 1, "p": 3}, {"m": 3, "n": 3, "p": 1})


class Operand(NamedTuple):
    shape: str = "n"
    low: float = -2.0
    high: float = 2.0
    dtype: str = "float64"


class Row(NamedTuple):
    """An expression of variables, and numpy's function of the same meaning where there is one."""

    build: Callable[..., Any]
    operands: tuple[Operand, ...]
    numpy: Callable[..., Any] | None = None


def row(build: Any, *operands: Any, **fields: Any) -> Row:
    return Row(build, tuple(o if isinstance(o, Operand) else Operand(o) for o in operands), **fields)


def variables(r: Row, sizes: dict[str, int] | None = None, single: bool = False) -> list[Any]:
    """The operands as variables of one graph; with `sizes` their shapes are numbers."""
    g = sd.Graph()
    found = []
    for k, o in enumerate(r.operands):
        shape = as_shape(o.shape)
        if sizes is not None:
            shape = tuple(resolve(s, sizes) for s in shape)
        dtype = "float32" if single and o.dtype == "float64" else o.dtype
        found.append(g.variable(f"x{k}", shape, dtype=dtype))
    return found


def sampled(r: Row, sizes: dict[str, int], rng: np.random.Generator) -> dict[str, np.ndarray]:
    values = {}
    for k, o in enumerate(r.operands):
        shape = tuple(resolve(s, sizes) for s in as_shape(o.shape))
        if o.dtype == "float64":
            values[f"x{k}"] = rng.uniform(o.low, o.high, shape)
        else:
            values[f"x{k}"] = rng.integers(int(o.low), int(o.high) + 1, shape).astype(o.dtype)
    return values


def inputs(xs: list[Any]) -> list[Any]:
    return [x for x in xs if is_float(x.dtype)]


# --- rows ---------------------------------------------------------------------------------------------------

SHAPES = {1: [("",), ("n",), ("n 1",)], 2: [("", ""), ("n", "n"), ("", "n"), ("n 1", "m"), ("m n", "")]}
FLAGS = Operand("n", 0, 1, "bool")


def flags(shape: str) -> Operand:
    return Operand(shape, 0, 1, "bool")


def record_rows(name: str) -> list[Row]:
    """Rows made from an elementwise record: its samples, with operands that broadcast."""
    op = OPS[name]
    return [
        row(op, *(Operand(shape, *interval) for shape, interval in zip(layout, op.samples, strict=True)))
        for layout in SHAPES[op.arity]
    ]


def apply(name: str, params: tuple) -> Callable[..., Any]:
    """The op itself with given parameters, where the public function would choose another."""
    return lambda *xs: xs[0].apply(OPS[name], xs, params)


ROWS: dict[str, list[Row]] = {
    "polygamma": [row(lambda x, k=k: FUNCTIONS["polygamma"](k, x), Operand("n", 0.4, 3)) for k in (0, 1, 2)],
    **{
        name: [row(lambda x, f=name, k=k: FUNCTIONS[f](k, x), Operand("n", 0.3, 2.5)) for k in (0, 1, 3)]
        for name in ("jv", "yv", "iv", "kv", "spherical_jn", "spherical_in")
    },
    "add": [
        row(lambda x, y, z: x + 2 * y - z / 3, "n", "", "m n"),
        row(lambda x: -x, "m n"),
        row(lambda x, y: x - y, "n 1", "m"),
        row(lambda x: x + 1, ""),
    ],
    "contract": [
        row(lambda x, y: x @ y, "m n", "n p", numpy=np.matmul),
        row(lambda x, y: x @ y, "n", "n", numpy=np.matmul),
        row(lambda x, y: x @ y, "p m n", "n", numpy=np.matmul),
        row(lambda x, y: x @ y, "p m n", "p n m", numpy=np.matmul),
        row(lambda x, y: x * y, "n 1", "m", numpy=np.multiply),
        row(lambda x: x * x, "m n", numpy=np.square),
        row(lambda x: x.T, "m n p", numpy=np.transpose),
        row(lambda x: sd.sum(x, axis=1), "m n", numpy=lambda x: x.sum(1)),
        row(lambda x: sd.sum(x, axis=(0, 2), keepdims=True), "m n p",
            numpy=lambda x: x.sum((0, 2), keepdims=True)),
        row(FUNCTIONS["trace"], "n n", numpy=np.trace),
        row(sd.diag, "n", numpy=np.diag),
        row(sd.diag, "n n", numpy=np.diag),
        row(lambda x, y: sd.einsum("ij,ik,i->jk", x, x, y), "m n", "m",
            numpy=lambda x, y: np.einsum("ij,ik,i->jk", x, x, y)),
        row(lambda x, y: sd.einsum("i,j->iij", x, y), "m", "n"),
        row(lambda x, y: sd.broadcast_to(x, y.shape) * y, "n", "m n"),
    ],
    "where": [
        row(lambda c, x, y: sd.where(c, x, y), flags("n"), "n", "n", numpy=np.where),
        row(lambda c, x, y: sd.where(c, x, y), flags("m 1"), "n", "", numpy=np.where),
        row(lambda c, x: sd.where(c, x**2, 0), flags("n"), "m n", numpy=lambda c, x: np.where(c, x**2, 0)),
        row(lambda c, x: sd.where(c, 1, x) * x, flags(""), "n", numpy=lambda c, x: np.where(c, 1, x) * x),
    ],
    "reshape": [
        row(lambda x: sd.reshape(x, (-1,)) * 2, "m n", numpy=lambda x: x.ravel() * 2),
        row(lambda x: sd.reshape(sd.sin(x).T, (-1,)), "m n", numpy=lambda x: np.sin(x).T.ravel()),
        row(lambda x: sd.reshape(x, (x.shape[0], -1)), "m n p", numpy=lambda x: x.reshape(len(x), -1)),
    ],
    "getitem": [
        row(lambda x: x[0], "n", numpy=lambda x: x[0]),
        row(lambda x: x[-1, ..., None], "m n p", numpy=lambda x: x[-1, ..., None]),
        row(lambda x: x[::-1] * x, "n", numpy=lambda x: x[::-1] * x),
        row(lambda x: x[1:] - x[:-1], "n", numpy=np.diff),
        row(lambda x: x[::2, 1:0:-1], "5 3", numpy=lambda x: x[::2, 1:0:-1]),
        row(lambda x: x[:, 0] * x[0], "n n", numpy=lambda x: x[:, 0] * x[0]),
    ],
    "place": [
        row(lambda x: sd.pad(x, ((1, 2), (0, 1))), "m n", numpy=lambda x: np.pad(x, ((1, 2), (0, 1)))),
        row(lambda x: sd.pad(x, 1), "n", numpy=lambda x: np.pad(x, 1)),
        row(apply("place", ((0, (4, -1, -2)), (2, 5))), "3",
            numpy=lambda x: np.array([[x[2], 0, x[1], 0, x[0]], [0] * 5])),
    ],
    "take": [
        row(lambda x: sd.take(x, [2, 0, 2], axis=0), "3 n", numpy=lambda x: x[[2, 0, 2]]),
        row(lambda x: sd.take(x, np.array([[0, 1], [-1, 0]]), axis=1), "m 2",
            numpy=lambda x: x[:, [[0, 1], [-1, 0]]]),
        row(lambda x, i: sd.take(x**2, i, axis=0), "3 p", Operand("n", 0, 2, "int64"),
            numpy=lambda x, i: x[i] ** 2),
        row(lambda x, i: sd.take(x, i), "3", Operand("", 0, 2, "int64"), numpy=lambda x, i: x[i]),
    ],
    "scatter_add": [
        row(apply("scatter_add", (0, 4)), "n m", Operand("n", 0, 3, "int64")),
        row(apply("scatter_add", (1, 4)), "m n p p", Operand("n p", 0, 3, "int64")),
        row(apply("scatter_add", (0, 3)), "", Operand("", 0, 2, "int64")),
    ],
    "concat": [
        row(lambda x, y: sd.concat([x, y, x]), "n", "m", numpy=lambda x, y: np.concatenate([x, y, x])),
        row(lambda x, y: sd.concat([x, y], axis=-1), "p n", "p m",
            numpy=lambda x, y: np.concatenate([x, y], axis=-1)),
        row(lambda x: sd.concat([x, np.ones(2, "float32")]), "n",
            numpy=lambda x: np.concatenate([x, np.ones(2)])),
    ],
    "tril": [row(lambda x, k=k: sd.tril(x, k), "p m n", numpy=lambda x, k=k: np.tril(x, k)) for k in (0, 1,
        -1)],
    "triu": [row(lambda x, k=k: sd.triu(x, k), "m n", numpy=lambda x, k=k: np.triu(x, k)) for k in (0, 1,
        -1)],
    "astype": [
        row(lambda x: sd.astype(x, "float64") ** 2, Operand("n", dtype="float32"), numpy=np.square),
        row(lambda x, y: sd.astype(x, "float64") * y, Operand("n", -3, 3, "int64"), "n", numpy=np.multiply),
    ],
    "softmax": [row(lambda x, a=a: sd.softmax(x, a), "m n") for a in (-1, 0)] + [row(sd.softmax, "p m n"),
        row(sd.softmax, "n")],
    "log_softmax": [row(lambda x, a=a: sd.log_softmax(x, a), "m n") for a in (-1, 0)] + [row(sd.log_softmax,
        "n")],
    "cumulative_sum": [
        row(lambda x: sd.cumulative_sum(x) ** 2, "m n", numpy=lambda x: np.cumsum(x) ** 2),
        row(lambda x: sd.cumulative_sum(x, axis=1), "m n p", numpy=lambda x: np.cumsum(x, 1)),
    ],
    "cumulative_prod": [
        row(lambda x: sd.cumulative_prod(x) * x, "n", numpy=lambda x: np.cumprod(x) * x),
        row(lambda x: sd.cumulative_prod(x, axis=0), "m n", numpy=lambda x: np.cumprod(x, 0)),
    ],
    "linear_recurrence": [
        row(lambda a, b: sd.linear_recurrence(a, b), "n", "m n"),
        row(lambda a, b: sd.linear_recurrence(a, b, axis=0), "m n", "p m n"),
    ],
    "cross": [row(sd.cross, "3", "n 3", numpy=np.cross), row(sd.cross, "n 3", "n 3", numpy=np.cross)],
    "prod_of_others": [row(apply("prod_of_others", ()), "m n"),
        row(apply("prod_of_others", ()), "n", numpy=lambda x: np.prod(x) / x)],
    "take_along_axis": [
        row(lambda x, i: sd.take_along_axis(x, i, 1), "m 3", Operand("m 2", 0, 2, "int64"),
            numpy=lambda x, i: np.take_along_axis(x, i, 1)),
        row(lambda x, i: sd.take_along_axis(x, i[None], 1), "p 3 n", Operand("2 n", 0, 2, "int64"),
            numpy=lambda x, i: np.take_along_axis(x, i[None], 1)),
        row(lambda x: sd.sort(x, axis=0) * x, "m n p", numpy=lambda x: np.sort(x, 0) * x),
    ],
    "scatter_add_along_axis": [
        row(apply("scatter_add_along_axis", (-1, 4)), "m n", Operand("m n", 0, 3, "int64")),
        row(apply("scatter_add_along_axis", (-2, 4)), "p m n", Operand("m n", 0, 3, "int64")),
    ],
    "argsort": [row(sd.argsort, "m n", numpy=np.argsort),
        row(lambda x: sd.argsort(x, 0), "m n", numpy=lambda x: np.argsort(x, 0))],
    "argmax": [row(sd.argmax, "m n", numpy=np.argmax),
        row(lambda x: sd.argmax(x, 1), "m n", numpy=lambda x: np.argmax(x, 1))],
    "argmin": [row(sd.argmin, "m n", numpy=np.argmin),
        row(lambda x: sd.argmin(x, 0), "m n", numpy=lambda x: np.argmin(x, 0))],
    **{
        name: [row(getattr(np, name), Operand("n", -9, 9, "int64"), Operand("m 1", -9, 9, "int64"),
                   numpy=getattr(np, name)),
               row(getattr(np, name), Operand("n", -9, 9, "int32"), Operand("", -9, 9, "int64"),
                   numpy=getattr(np, name))]
        for name in ("bitwise_and", "bitwise_or", "bitwise_xor", "gcd", "lcm")
    },
    **{
        name: [row(getattr(np, name), Operand("n", -9, 9, dtype), Operand("m 1", 0, 5, dtype),
                   numpy=getattr(np, name)) for dtype in ("int64", "int32")]
        for name in ("bitwise_left_shift", "bitwise_right_shift")
    },
    "guard": [
        row(lambda x: FUNCTIONS["guard"](x**2, x > -3), "m n", numpy=np.square),
        row(lambda x, y: FUNCTIONS["guard"](x * y, sd.all(x > -3), y < 3) * y, "n", ""),
    ],
    "bitwise_invert": [row(lambda x: ~x, Operand("n", -9, 9, "int32"), numpy=np.invert)],
    "bitwise_count": [row(np.bitwise_count, Operand("n", -9, 9, "int32"), numpy=np.bitwise_count)],
    "any": [row(lambda c: FUNCTIONS["any"](c, axis=0), flags("m n"), numpy=lambda c: c.any(0))],
    "all": [row(lambda c: FUNCTIONS["all"](c), flags("m n"), numpy=np.all)],
}  # fmt: skip
for _name in ("max", "min", "prod", "logsumexp", "norm2"):
    _f = FUNCTIONS[_name]
    _np = {"logsumexp": np.logaddexp.reduce, "norm2": lambda x, axis=None: np.sqrt((x**2).sum(axis))}.get(
        _name, getattr(np, _name, None)
    )
    ROWS[_name] = [
        row(_f, "n", numpy=_np),
        row(_f, "m n", numpy=lambda x, f=_np: f(x.ravel())),
        row(lambda x, f=_f: f(x, axis=-1), "p m n", numpy=lambda x, f=_np: f(x, axis=-1)),
        row(
            lambda x, f=_f: f(x, axis=0, keepdims=True) * x,
            "m n",
            numpy=lambda x, f=_np: f(x, axis=0)[None] * x,
        ),
        row(
            lambda x, f=_f: f(x, axis=(0, 2)),
            "p m n",
            numpy=lambda x, f=_np: f(np.moveaxis(x, 1, 0).reshape(x.shape[1], -1), axis=1),
        ),
    ]
EXEMPT = {
    "neighbour_gaps": "stands in kinks only: test_linalg",
    "stop_gradient": "its derivative is 0 by definition: test_calculus",
    "offset": "its derivative is 0 by definition: test_right",
    "shown_as": "is its first operand: the Hessian of prod in test_formulas",
    "project": "reads results of ops that have several: their tests",
    "each": "applies an op of the user: test_krylov",
    "integral": "scalars under a variable of their own: test_integrals",
    "bound": "the variable of an integral, of its own: test_integrals",
    "matrix_rank": "an integer, piecewise constant: its value in test_linalg",
}


def rows_of(name: str) -> list[Row]:
    """The rows of an op; none for matrix ops, which have expressions in matrix_expressions."""
    if name in ROWS:
        return ROWS[name]
    return record_rows(name) if OPS[name].elementwise and OPS[name].arity in SHAPES else []


@cache
def in_matrix_expressions() -> set[str]:
    """The ops in the expressions that test_linalg checks, and in their derivatives."""
    found = set()
    for text, declared, wrt in matrix_expressions.EXPRESSIONS:
        e, _ = matrix_expressions.build(text, declared)
        (first,) = sd.vjp(e, [wrt], sd.ones_like(e))
        sd.vjp(first, wrt, sd.ones_like(first))
        found |= {e.graph.operation(n) for n in range(len(e.graph))}
    return found


CASES = [
    pytest.param(name, r, id=f"{name}-{k}")
    for name in REGISTRY if name not in EXEMPT
    for k, r in enumerate(rows_of(name))
]  # fmt: skip


def in_further_shapes(row: str) -> bool:
    """A row of an op of entries after its first: what its shapes change is the same for all of these."""
    name, _, k = row.rpartition("-")
    return k != "0" and name in OPS and OPS[name].elementwise and name not in ROWS


FIRST_SHAPES = [  # all rows in the long run
    pytest.param(*p.values, id=p.id, marks=pytest.mark.long if in_further_shapes(str(p.id)) else ()) for p in CASES
]


@pytest.mark.parametrize("name", REGISTRY)
def test_every_op_has_a_row(name):
    tested = name in EXEMPT or rows_of(name) or name in in_matrix_expressions()
    assert tested, f"the op {name!r} needs a row in test_ops.py, or an expression in matrix_expressions.py"


# --- checks -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "r"), CASES)
def test_shape_type_and_value(name, r, rng):
    """The shape rule gives the shape of the value, for every binding of the sizes; types are kept."""
    symbolic = r.build(*variables(r))
    assert any(symbolic.graph.operation(n) == name for n in symbolic.graph.ancestors([symbolic.node]))
    for sizes in BINDINGS:
        values = sampled(r, sizes, rng)
        value = sd.evaluate(symbolic, values)
        assert value.shape == tuple(resolve(s, sizes) for s in symbolic.shape)
        assert value.dtype.name == symbolic.dtype
        fixed = sd.evaluate(r.build(*variables(r, sizes)), values)
        np.testing.assert_array_equal(value, fixed)
        if r.numpy is not None:
            np.testing.assert_allclose(value, r.numpy(*values.values()), rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize(("name", "r"), FIRST_SHAPES)
def test_single_precision_is_kept(name, r, rng):
    """Of single-precision operands the value and both derivatives are single."""
    xs = variables(r, single=True)
    wrt, y = inputs(xs), r.build(*xs)
    if not is_float(y.dtype) or not wrt or name == "astype":
        return
    u = y.graph.variable("u", y.shape, dtype="float32")
    ts = [y.graph.variable(f"t{k}", x.shape, dtype="float32") for k, x in enumerate(wrt)]
    derivatives = [*sd.vjp(y, wrt, u), sd.jvp(y, dict(zip(wrt, ts, strict=True)))]
    if isinstance(OPS[name].derivative, Zero):
        derivatives = []
    values = sampled(r, BINDINGS[0], rng)
    for e in (u, *ts):
        values[e] = rng.normal(size=tuple(resolve(s, BINDINGS[0]) for s in e.shape))
    for e, value in zip([y, *derivatives], sd.evaluate([y, *derivatives], values), strict=True):
        assert (e.dtype, value.dtype.name) == ("float32", "float32")


@pytest.mark.parametrize(("name", "r"), FIRST_SHAPES)
def test_derivatives(name, r, rng):
    """Both sweeps agree with differences to second order, with each other, and with the Jacobian of both
    modes."""
    xs = variables(r)
    wrt = inputs(xs)
    y = r.build(*xs)
    if not is_float(y.dtype) or not wrt:
        return
    for sizes in BINDINGS[:2]:
        values = sampled(r, sizes, rng)
        check_grad(y, wrt, values, order=2)
    g = y.graph
    u = g.variable("u", y.shape)
    ts = [g.variable(f"t{k}", x.shape) for k, x in enumerate(wrt)]
    pulled, pushed = sd.vjp(y, wrt, u), sd.jvp(y, dict(zip(wrt, ts, strict=True)))
    left = sd.vdot(u, pushed)
    right = sum((sd.vdot(c, t) for c, t in zip(pulled, ts, strict=True)), start=0)
    jacobians = [sd.jacobian(y, wrt, mode=mode) for mode in ("reverse", "forward")]
    for sizes in BINDINGS:
        values = sampled(r, sizes, rng)
        for e in (u, *ts):
            values[e] = rng.normal(size=tuple(resolve(s, sizes) for s in e.shape))
        a, b = sd.evaluate([left, right], values)
        scale = builtins.max(1.0, float(np.sum(np.abs(sd.evaluate(pushed, values) * values[u]))))
        assert abs(a - b) <= (1e-13 if all(x.dtype == "float64" for x in wrt) else 1e-6) * scale
        for x, t, reverse, forward in zip(wrt, ts, *jacobians, strict=True):
            assert reverse.shape == forward.shape == y.shape + x.shape
            one, two = sd.evaluate([reverse, forward], values)
            np.testing.assert_allclose(one, two, rtol=1e-12, atol=1e-12)
            single = sd.evaluate(sd.jvp(y, {x: t}), values)
            np.testing.assert_allclose(np.tensordot(one, values[t], x.ndim), single, rtol=1e-11, atol=1e-11)


# --- elementwise ops against mpmath -------------------------------------------------------------------------

_sigmoid = lambda x: 1 / (1 + mp.exp(-x))  # noqa: E731
_ndtr = lambda x: mp.erfc(-x / mp.sqrt(2)) / 2  # noqa: E731
MPMATH: dict[str, Callable[..., Any]] = {
    "gammasgn": lambda x: mp.sign(mp.gamma(x)),
    **{n: getattr(mp, n) for n in ["exp", "expm1", "log", "log1p", "sqrt", "hypot", "sin", "cos", "tan",
        "sec", "csc", "cot", "asin", "acos", "atan", "asec", "acsc", "acot", "atan2", "sinh", "cosh", "tanh",
        "sech", "csch", "coth", "asinh", "acosh", "atanh", "asech", "acsch", "acoth", "erf", "erfc", "erfi",
        "erfinv", "gamma", "digamma", "polygamma", "beta", "lambertw", "ellipk", "ellipe", "fresnels",
        "fresnelc", "floor", "ceil", "sign"]},
    "divide": lambda x, y: x / y, "floor_divide": lambda x, y: mp.floor(x / y),
    "log_cosh": lambda x: mp.log(mp.cosh(x)), "log_erfc": lambda x: mp.log(mp.erfc(x)),
    "safe_divide": lambda x, y: x / y, "safe_multiply": lambda x, y: x * y,
    "cos_atan": lambda x: 1 / mp.sqrt(1 + x**2), "sin_atan": lambda x: x / mp.sqrt(1 + x**2),
    "csch_acosh": lambda x: 1 / mp.sqrt(x**2 - 1), "coth_acosh": lambda x: x / mp.sqrt(x**2 - 1),
    "sec_asin": lambda x: 1 / mp.sqrt(1 - x**2), "tan_asin": lambda x: x / mp.sqrt(1 - x**2),
    "atan_quotient": lambda y, x: mp.atan(y / x),
    "direction": lambda x, y: x / mp.hypot(x, y), "codirection": lambda x, y: y / mp.hypot(x, y),
    "real_reciprocal": lambda x, y: x / (x**2 + y**2), "imaginary_reciprocal": lambda x, y: y / (x**2 + y**2),
    "binom": mp.binomial, "poch": mp.rf, "rgamma": mp.rgamma, "remainder": lambda x, y: x - y * mp.floor(x / y),
    "fmod": lambda x, y: x - y * mp.sign(x / y) * mp.floor(abs(x / y)), "pow": lambda x, y: x**y,
    "exp2": lambda x: mp.mpf(2) ** x, "log2": lambda x: mp.log(x, 2), "log10": mp.log10, "cbrt": mp.cbrt,
    "logaddexp": lambda x, y: mp.log(mp.exp(x) + mp.exp(y)), "sigmoid": _sigmoid,
    "softplus": lambda x: mp.log1p(mp.exp(x)),
    "nextafter": lambda x, y: x, "mantissa": lambda x: mp.frexp(x)[0], "dirac_delta": lambda k, x: mp.mpf(0),
    "spacing": lambda x: mp.mpf(2) ** (mp.frexp(x)[1] - 53),
    "sinc": mp.sincpi, "deg2rad": mp.radians, "rad2deg": mp.degrees,
    "trunc": lambda x: mp.sign(x) * mp.floor(abs(x)), "round": mp.nint, "abs": abs,
    "relu": lambda x: max(x, 0),
    "maximum": max, "minimum": min, "heaviside": lambda x, h: mp.mpf(x > 0) if x else h,
    "unit_step": lambda x: mp.mpf(x > 0) if x else mp.mpf(0.5),
    "erfcx": lambda x: mp.exp(x**2) * mp.erfc(x), "erfcinv": lambda x: mp.erfinv(1 - x),
    "dawsn": lambda x: mp.sqrt(mp.pi) / 2 * mp.exp(-(x**2)) * mp.erfi(x), "ndtr": _ndtr,
    "log_ndtr": lambda x: mp.log(_ndtr(x)),
    "ndtri": lambda p: mp.sqrt(2) * mp.erfinv(2 * p - 1), "gammaln": mp.loggamma,
    "betaln": lambda a, b: mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b),
    "xlogy": lambda x, y: x * mp.log(y), "xlog1py": lambda x, y: x * mp.log1p(y),
    "entr": lambda x: -x * mp.log(x),
    "rel_entr": lambda x, y: x * mp.log(x / y), "Si": mp.si, "Ci": mp.ci, "Shi": mp.shi, "Chi": mp.chi,
    "expi": mp.ei, "exp1": mp.e1, "spence": lambda x: mp.polylog(2, 1 - x).real,
    "j0": mp.j0, "j1": mp.j1, "y0": lambda x: mp.bessely(0, x), "y1": lambda x: mp.bessely(1, x),
    "i0": lambda x: mp.besseli(0, x), "i1": lambda x: mp.besseli(1, x),
    "k0": lambda x: mp.besselk(0, x), "k1": lambda x: mp.besselk(1, x),
    "jv": mp.besselj, "yv": mp.bessely, "iv": mp.besseli, "kv": mp.besselk,
    "spherical_jn": lambda n, x: mp.sqrt(mp.pi / (2 * x)) * mp.besselj(n + 0.5, x),
    "spherical_in": lambda n, x: mp.sqrt(mp.pi / (2 * x)) * mp.besseli(n + 0.5, x),
}  # fmt: skip
QUOTIENTS = {
    "sin_quotient": lambda x: mp.sin(x) / x, "expm1_quotient": lambda x: mp.expm1(x) / x,
    "log1p_quotient": lambda x: mp.log1p(x) / x, "versine_quotient": lambda x: (1 - mp.cos(x)) / x**2,
    "rgamma": mp.rgamma, "cosh_versine_quotient": lambda x: (mp.cosh(x) - 1) / x**2,
    "bose": lambda x: 1 / mp.expm1(x), "ellipkm1": lambda p: mp.ellipk(1 - p),
    "expm1_supplement": lambda x: -x / mp.expm1(-x),
    "expm1_reciprocal": lambda x: x / mp.expm1(x), "tanh_reciprocal": lambda x: x / mp.tanh(x),
    "sinh_reciprocal": lambda x: x / mp.sinh(x),
    **{f"i{n}e": lambda x, n=n: mp.besseli(n, x) * mp.exp(-abs(x)) for n in (0, 1)},
    **{f"k{n}e": lambda x, n=n: mp.besselk(n, x) * mp.exp(x) for n in (0, 1)},
    **{f"{f}_quotient": lambda x, f=f: getattr(mp, f)(x) / x
       for f in ("sinh", "tan", "tanh", "asin", "asinh", "atan", "atanh", "erf")},
}  # fmt: skip
SLOPES = {"spence": lambda x: mp.log(x) / (1 - x)}  # known derivatives, where the function itself is slow in mpmath
DERIVED = {  # the derivatives that are ops of their own, erfcx_1 and so on: (function, which derivative of it)
    name: (SLOPES[name[:-2]], int(name[-1]) - 1) if name[:-2] in SLOPES else
    ((MPMATH | QUOTIENTS)[name[:-2]], int(name[-1]))
    for name in OPS if name[:-2] in QUOTIENTS | MPMATH and name[-2] == "_"
}  # fmt: skip
MPMATH |= {name: lambda x, f=f, n=n: mp.diff(f, x, n) for name, (f, n) in DERIVED.items()}
OF_ORDER = {
    "polygamma",
    "jv",
    "yv",
    "iv",
    "kv",
    "spherical_jn",
    "spherical_in",
}  # the first operand is an integer

def of_floats(op: Any) -> str:
    """The type of an elementwise op's result of floats; "" where it takes none."""
    try:
        return op.infer((), [()] * op.arity, ["float64"] * op.arity)[1]
    except GraphError:
        return ""


TYPES = {name: of_floats(op) for name, op in REGISTRY.items() if op.elementwise}
BOOLEAN = {name for name, dtype in TYPES.items() if dtype == "bool"}
SHOWN_ELSEWHERE = {"where", "stop_gradient", "offset"}
ELEMENTWISE = [name for name, dtype in TYPES.items() if is_float(dtype) and name not in SHOWN_ELSEWHERE]


MPMATH["one_plus_bose"] = lambda x: 1 / -mp.expm1(-x)
MPMATH |= {name: lambda u, w: u / (u + w) for name in ("share", "coshare")}
MPMATH |= {"log_ratio": lambda x, y: mp.log(x / y), "parallel": lambda u, w: u * w / (u + w)}
MPMATH["gamma_quotient"] = lambda x, a: mp.gamma(x) / mp.gamma(x + a)
MPMATH["gammaln_difference_0"] = lambda x, a: mp.loggamma(x + a) - mp.loggamma(x)
for _k in range(1, 5):
    MPMATH[f"gammaln_difference_{_k}"] = lambda x, a, k=_k: mp.psi(k - 1, x + a) - mp.psi(k - 1, x)
for _k in range(4):  # the integral of t**k*exp(u*t) from 0 to 1, u = l*log(x)
    MPMATH[f"power_quotient_{_k}"] = lambda x, p, k=_k: (
        mp.log(x) ** (k + 1) * mp.hyp1f1(k + 1, k + 2, p * mp.log(x)) / (k + 1)
    )


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_elementwise_against_mpmath(name, rng):
    """Value, and derivatives to third order by each operand, at points of `samples`."""
    op = OPS[name]
    oracle, derived = DERIVED.get(name) or (MPMATH[name], 0)
    xs = sd.Graph().variables([f"x{k}" for k in range(op.arity)])
    y = op(1, xs[1]) if name in OF_ORDER else op(*xs)
    orders = [[y, *(y.diff(x, n) for n in (1, 2, 3))] for x in xs]
    for _ in range(3):
        point = [round(float(rng.uniform(*interval)), 3) for interval in op.samples]
        values = dict(zip(xs, point, strict=True))
        for k, derivatives in enumerate(orders):
            if name in OF_ORDER and k == 0:
                continue
            with mp.workdps(25):
                exact = [mp.mpf(v) for v in point]
                along = partial(lambda t, k, exact: oracle(*exact[:k], t, *exact[k + 1 :]), k=k, exact=exact)
                flat = isinstance(op.derivative, Zero)
                wanted = [
                    0.0 if flat and n else float(mp.re(mp.diff(along, exact[k], derived + n))) for n in range(4)
                ]
            got = sd.evaluate(derivatives, values)
            np.testing.assert_allclose(
                got, wanted, rtol=2e-9, atol=1e-11, err_msg=f"{name} by operand {k} at {point}"
            )


@pytest.mark.parametrize("name", sorted(BOOLEAN))
def test_boolean_ops_against_numpy(name):
    op = OPS[name]
    grid = [-1.0, -0.0, 0.0, 1.0, np.inf, np.nan] if not name.startswith("logical") else [True, False]
    xs = sd.Graph().variables(
        [f"x{k}" for k in range(op.arity)], dtype="float64" if len(grid) > 2 else "bool"
    )
    y = op(*xs)
    for point in itertools.product(grid, repeat=op.arity):
        assert sd.evaluate(y, dict(zip(xs, point, strict=True))) == getattr(np, name)(*point)


GRID = [-3.0, -2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0]


@pytest.mark.parametrize(
    "name", [name for name in REGISTRY if OPS[name].domain is not None and OPS[name].elementwise]
)
def test_domain(name):
    """Outside its domain an op gives nan or inf, or its limit from inside; inside it is finite."""
    op = OPS[name]
    xs = sd.Graph().variables([f"x{k}" for k in range(op.arity)])
    y, inside = op(*xs), op.domain(*xs)
    seen = set()
    for point in itertools.product(GRID, repeat=op.arity):
        value, allowed = sd.evaluate([y, inside], dict(zip(xs, point, strict=True)))
        seen.add(bool(allowed))
        assert np.isfinite(value) or not allowed, point
        assert allowed or not np.isfinite(value), (point, value)
    assert seen == {True, False} or name in {"tan", "sec"}


# --- functions that are composed of ops ---------------------------------------------------------------------

F = FUNCTIONS
COMPOSED = [
    ("mean",
        [row(lambda x, a=a: F["mean"](x, axis=a), "m n",
        numpy=lambda x, a=a: np.mean(x, axis=a)) for a in (None, 0, (0, 1))]),
    ("var", [
        row(lambda x: F["var"](x), "m n", numpy=np.var),
        row(lambda x: F["var"](x, axis=0, keepdims=True), "m n",
            numpy=lambda x: np.var(x, axis=0, keepdims=True)),
        row(lambda x: F["var"](x, axis=1, correction=1), "m 3", numpy=lambda x: np.var(x, axis=1, ddof=1)),
        row(lambda x: F["var"](x, correction=0.5), "n", numpy=lambda x: np.var(x, ddof=0.5)),
    ]),
    ("std", [row(lambda x: F["std"](x, axis=0), "3 m", numpy=lambda x: np.std(x, axis=0))]),
    ("einsum", [
        row(lambda x, y: F["einsum"]("ij,jk->ki", x, y), "m n", "n p",
            numpy=lambda x, y: np.einsum("ij,jk->ki", x, y)),
        row(lambda x: F["einsum"]("ii->i", x), "n n", numpy=lambda x: np.einsum("ii->i", x)),
        row(lambda x: F["einsum"]("ii", x), "n n", numpy=lambda x: np.einsum("ii", x)),
        row(lambda x, y: F["einsum"]("...i,i->...", x, y), "p m n", "n",
            numpy=lambda x, y: np.einsum("...i,i->...", x, y)),
        row(lambda x, y, z: F["einsum"]("a,ab,b->", x, y, z), "m", "m n", "n",
            numpy=lambda x, y, z: np.einsum("a,ab,b->", x, y, z)),
    ]),
    ("kron", [row(F["kron"], "m n", "2 p", numpy=np.kron), row(F["kron"], "m", "n", numpy=np.kron)]),
    ("tile",
        [row(lambda x, r=r: F["tile"](x, r), "m n", numpy=lambda x, r=r: np.tile(x, r)) for r in (2, (2, 1),
        (2, 1, 3))]),
    ("repeat",
        [row(lambda x, a=a: F["repeat"](x, 2, a), "m n",
        numpy=lambda x, a=a: np.repeat(x, 2, a)) for a in (None, 0, -1)]),
    ("pad", [
        row(lambda x: F["pad"](x, (1, 2)), "m n", numpy=lambda x: np.pad(x, (1, 2))),
        row(lambda x: F["pad"](x, 0), "n", numpy=lambda x: np.pad(x, 0)),
    ]),
    ("roll", [
        row(lambda x: F["roll"](x, 1), "n", numpy=lambda x: np.roll(x, 1)),
        row(lambda x: F["roll"](x, -1, axis=1), "m n", numpy=lambda x: np.roll(x, -1, axis=1)),
        row(lambda x: F["roll"](x, 7), "5", numpy=lambda x: np.roll(x, 7)),
        row(lambda x: F["roll"](x, 2), "2 2", numpy=lambda x: np.roll(x, 2)),
    ]),
    ("flip",
        [row(lambda x, a=a: F["flip"](x, a), "m n", numpy=lambda x, a=a: np.flip(x, a)) for a in (None, 0,
        (0, 1))]),
    ("sort", [
        row(F["sort"], "n", numpy=np.sort),
        row(lambda x: F["sort"](x, axis=None), "m n", numpy=lambda x: np.sort(x, axis=None)),
        row(F["sort"], "p m n", numpy=np.sort),
    ]),
    ("take", [
        row(lambda x: F["take"](x, [1, 0]), "2 2", numpy=lambda x: np.take(x, [1, 0])),
        row(lambda x: F["take"](x, -1, axis=1), "m 3", numpy=lambda x: np.take(x, -1, axis=1)),
    ]),
    ("getitem", [row(lambda x: x[[1, 0, 1]] * 2, "2 n", numpy=lambda x: x[[1, 0, 1]] * 2)]),
    ("stack", [
        row(lambda x, y: F["stack"]([x, y], axis=1), "n", "n", numpy=lambda x, y: np.stack([x, y], axis=1)),
        row(lambda x: F["stack"]([[x, 1], [x**2, 0]]), "", numpy=lambda x: np.array([[x, 1], [x**2, 0]])),
    ]),
    ("vstack", [row(lambda x, y: F["vstack"]([x, y]), "m n", "n", numpy=lambda x, y: np.vstack([x, y]))]),
    ("hstack", [
        row(lambda x, y: F["hstack"]([x, y]), "m n", "m p", numpy=lambda x, y: np.hstack([x, y])),
        row(lambda x, y: F["hstack"]([x, y]), "m", "n", numpy=lambda x, y: np.hstack([x, y])),
    ]),
    ("block",
        [row(lambda x, y: F["block"]([[x, y], [y.T, x.T]]), "m m", "m m",
        numpy=lambda x, y: np.block([[x, y], [y.T, x.T]]))]),
    ("concat",
        [row(lambda x, y: F["concat"]([x, y], axis=None), "m n", "p",
        numpy=lambda x, y: np.concatenate([x, y], axis=None))]),
    ("outer", [row(F["outer"], "m", "n", numpy=np.outer), row(F["outer"], "m n", "p", numpy=np.outer)]),
    ("dot", [
        row(F["dot"], "n", "n", numpy=np.dot), row(F["dot"], "m n", "n", numpy=np.dot),
        row(F["dot"], "", "n", numpy=np.dot),
        row(F["dot"], "p m n", "2 n 2", numpy=np.dot),
    ]),
    ("vdot", [row(F["vdot"], "m n", "m n", numpy=np.vdot)]),
    ("vecdot", [row(F["vecdot"], "m n", "m n", numpy=np.vecdot)]),
    ("inner", [row(F["inner"], "m n", "p n", numpy=np.inner), row(F["inner"], "n", "n", numpy=np.inner)]),
    ("tensordot", [
        row(lambda x, y: F["tensordot"](x, y, 1), "m n", "n p", numpy=lambda x, y: np.tensordot(x, y, 1)),
        row(lambda x, y: F["tensordot"](x, y, ((0, 1), (1, 0))), "m n", "n m",
            numpy=lambda x, y: np.tensordot(x, y, ((0, 1), (1, 0)))),
        row(lambda x, y: F["tensordot"](x, y, 0), "m", "n", numpy=lambda x, y: np.tensordot(x, y, 0)),
    ]),
    ("permute_dims",
        [row(lambda x: F["permute_dims"](x, (2, 0, 1)), "m n p",
        numpy=lambda x: np.transpose(x, (2, 0, 1)))]),
    ("swapaxes", [row(lambda x: F["swapaxes"](x, 0, -1), "m n p", numpy=lambda x: np.swapaxes(x, 0, -1))]),
    ("moveaxis", [
        row(lambda x: F["moveaxis"](x, 0, -1), "m n p", numpy=lambda x: np.moveaxis(x, 0, -1)),
        row(lambda x: F["moveaxis"](x, (0, 2), (1, 0)), "m n p",
            numpy=lambda x: np.moveaxis(x, (0, 2), (1, 0))),
    ]),
    ("expand_dims",
        [row(lambda x: F["expand_dims"](x, (0, 2)), "m n", numpy=lambda x: np.expand_dims(x, (0, 2)))]),
    ("squeeze",
        [row(F["squeeze"], "2 1 3 1", numpy=np.squeeze),
        row(lambda x: F["squeeze"](x, 0), "1 n", numpy=lambda x: np.squeeze(x, 0))]),
    ("broadcast_to",
        [row(lambda x: F["broadcast_to"](x, (4, 3, 2)), "3 1",
        numpy=lambda x: np.broadcast_to(x, (4, 3, 2)))]),
    ("trace",
        [row(F["trace"], "n n", numpy=np.trace),
        row(F["trace"], "p n n", numpy=lambda x: np.trace(x, axis1=1, axis2=2))]),
    ("diagonal", [row(F["diagonal"], "n n", numpy=np.diagonal)]),
    ("matrix_transpose", [row(F["matrix_transpose"], "p m n", numpy=np.matrix_transpose)]),
    ("clip", [
        row(lambda x: F["clip"](x, -1, 0.5), "n", numpy=lambda x: np.clip(x, -1, 0.5)),
        row(lambda x, y: F["clip"](x, min=y), "n", "", numpy=np.maximum),
    ]),
    ("norm", [
        *[row(lambda x, o=o: F["norm"](x, o), "n", numpy=lambda x, o=o: np.linalg.norm(x, o)) for o in (None,
            1, 2, 3, 0.5, np.inf, -np.inf, -1)],
        *[row(lambda x, o=o: F["norm"](x, o), "m n",
            numpy=lambda x, o=o: np.linalg.norm(x, o)) for o in (None, "fro", 1, -1, np.inf, -np.inf)],
        *[row(lambda x, o=o: F["norm"](x, o, axis=-1), "m n",
            numpy=lambda x, o=o: np.linalg.norm(x, o, axis=-1)) for o in (None, 1, 2, np.inf)],
        row(lambda x: F["norm"](x, 1, (0, 2), True), "m n p",
            numpy=lambda x: np.linalg.norm(x, 1, (0, 2), True)),
        row(lambda x: F["norm"](x, np.inf, (0, 2)), "m n p",
            numpy=lambda x: np.linalg.norm(x, np.inf, (0, 2))),
    ]),
    ("vector_norm",
        [row(lambda x, o=o: F["vector_norm"](x, ord=o), "m n",
        numpy=lambda x, o=o: np.linalg.vector_norm(x, ord=o)) for o in (1, 2, 3, 0)]),
    ("norm1", [row(F["norm1"], "m n", numpy=lambda x: np.abs(x).sum())]),
    ("floor_divide", [row(F["floor_divide"], "n", Operand("n", 0.4, 2), numpy=np.floor_divide)]),
    ("remainder",
        [row(F["remainder"], "n", Operand("n", 0.4, 2), numpy=np.remainder),
        row(F["remainder"], "n", Operand("", -2, -1), numpy=np.remainder)]),
    ("reciprocal", [row(F["reciprocal"], Operand("n", 0.3, 2), numpy=np.reciprocal)]),
    ("square", [row(F["square"], "n", numpy=np.square)]),
    ("logit", [row(F["logit"], Operand("n", 0.1, 0.9), numpy=lambda x: np.log(x / (1 - x)))]),
    ("exprel", [row(F["exprel"], "n", numpy=lambda x: np.expm1(x) / x)]),
    ("factorial", [row(F["factorial"], Operand("n", 0.3, 3))]),
    ("sind", [row(F["sind"], "n", numpy=lambda x: np.sin(np.radians(x)))]),
    ("cosd", [row(F["cosd"], "n", numpy=lambda x: np.cos(np.radians(x)))]),
    ("tand", [row(F["tand"], "n", numpy=lambda x: np.tan(np.radians(x)))]),
    ("negative_part", [row(F["negative_part"], "n", numpy=lambda x: np.maximum(-x, 0))]),
    ("nan_to_num", [row(F["nan_to_num"], "n", numpy=np.nan_to_num)]),
    ("piecewise", [row(lambda x: F["piecewise"]((x, x < 0), (x**2, x < 1), (1, True)), "n",
                       numpy=lambda x: np.select([x < 0, x < 1], [x, x**2], 1.0))]),
    ("maximum",
        [row(lambda x, y, z: F["maximum"](x, y, z), "n", "m 1", "",
        numpy=lambda x, y, z: np.maximum(np.maximum(x, y), z))]),
    ("norm_inf", [row(F["norm_inf"], "m n", numpy=lambda x: np.abs(x).max())]),
    ("fmax", [row(F["fmax"], "n", "m 1", numpy=np.fmax)]),
    ("fmin", [row(F["fmin"], "n", "", numpy=np.fmin)]),
    ("heaviside", [row(F["heaviside"], "n", numpy=lambda x: np.heaviside(x, 0.5))]),
]  # fmt: skip
FUNCTION_CASES = [
    pytest.param(name, r, id=f"{name}-{k}") for name, rows in COMPOSED for k, r in enumerate(rows)
]


@pytest.mark.parametrize(("name", "r"), FUNCTION_CASES)
def test_composed_function(name, r, rng):
    """The value is numpy's, the derivatives agree with differences to second order, for every binding of the
    sizes."""
    xs = variables(r)
    y = r.build(*xs)
    u = y.graph.variable("u", y.shape)
    back, forth = sd.vjp(y, inputs(xs), u), sd.jacobian(y, inputs(xs), mode="forward")
    for sizes in BINDINGS:
        values = sampled(r, sizes, rng)
        value = sd.evaluate(y, values)
        assert value.shape == tuple(resolve(s, sizes) for s in y.shape)
        if r.numpy is not None:
            wanted = r.numpy(*values.values())
            assert value.shape == np.shape(wanted)
            np.testing.assert_allclose(value, wanted, rtol=1e-13, atol=1e-13)
        values[u] = rng.normal(size=value.shape)
        for g, j in zip(sd.evaluate(back, values), sd.evaluate(forth, values), strict=True):
            np.testing.assert_allclose(g, np.tensordot(values[u], j, value.ndim), rtol=1e-11, atol=1e-11)
    check_grad(y, inputs(xs), sampled(r, BINDINGS[0], rng))
    check_grad(
        r.build(*variables(r, BINDINGS[1])),
        [f"x{k}" for k in range(len(xs))],
        sampled(r, BINDINGS[1], rng),
        order=1,
    )


@pytest.mark.parametrize(
    ("name", "r"),
    [c for c in CASES + FUNCTION_CASES if c.values[1].numpy is not None and c.values[0] in FUNCTIONS],
)
def test_functions_of_arrays_are_numpys(name, r, rng):
    """A public function called with plain arrays computes."""
    values = list(sampled(r, BINDINGS[0], rng).values())
    if name in ("place", "prod_of_others", "linear_recurrence", "piecewise"):
        return
    got = r.build(*values)
    assert not isinstance(got, sd.Expr)
    np.testing.assert_allclose(got, r.numpy(*values), rtol=1e-12, atol=1e-12)


# --- integers and booleans ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", [n for n in ELEMENTWISE if n not in OF_ORDER | {"erfinv", "erfcinv", "ndtri"}]
)
def test_integer_operands(name):
    """Of integers an op gives what it gives of the equal floats, in the type that its shape rule says."""
    op = OPS[name]
    whole = (
        [3, 2]
        if name in {"acosh", "asec", "acsc", "acoth"}
        else [1, 2]
        if name not in {"asech", "asin", "acos", "ellipk"}
        else [1, 1]
    )
    if name in {"atanh", "ellipk"}:
        whole = [0, 0]
    for dtype in ("int64", "int32", "bool"):
        xs = sd.Graph().variables([f"x{k}" for k in range(op.arity)], 2, dtype=dtype)
        if dtype == "bool":
            if op.infer((), [()] * op.arity, ["int64"] * op.arity)[1] != "int64":
                with pytest.raises(GraphError, match="astype"):
                    op(*xs)
            continue
        y = op(*xs)
        at = {x: np.array(whole[::-1] if k else whole).astype(dtype) for k, x in enumerate(xs)}
        value = sd.evaluate(y, at)
        assert value.dtype.name == y.dtype
        floats = sd.Graph().variables([f"x{k}" for k in range(op.arity)], 2)
        wanted = sd.evaluate(
            op(*floats), {f: v.astype(float) for f, v in zip(floats, at.values(), strict=True)}
        )
        np.testing.assert_allclose(value, wanted, rtol=1e-14)
        if y.dtype == "float64":  # an integer operand is a constant beside a float one
            z = floats[0].graph.variable("k", 2, dtype=dtype)
            e = op(*([z] * (op.arity - 1)), floats[-1])
            assert sd.jacobian(e, floats[-1]).dtype == "float64"


@pytest.mark.parametrize("dtype", ["int64", "int32", "bool"])
@pytest.mark.parametrize("name",
    ["max", "min", "prod", "sum", "mean", "var", "norm2", "logsumexp", "cumulative_sum", "cumulative_prod",
                                  "softmax", "log_softmax", "sort", "std", "trace", "square", "remainder",
                                  "floor_divide"])  # fmt: skip
def test_integer_arrays(name, dtype):
    """Reductions of integers have numpy's values, in the declared type."""
    if dtype == "bool" and name in {"square", "norm2", "std", "var", "remainder", "floor_divide"}:
        return
    x = sd.Graph().variable("x", "2 2", dtype=dtype)
    at = np.array([[2, 1], [1, 3]]).astype(dtype)
    operands = (2,) if name in {"remainder", "floor_divide"} else ()
    y = FUNCTIONS[name](x, *operands)
    value = sd.evaluate(y, {x: at})
    assert value.dtype.name == y.dtype
    f = sd.Graph().variable("x", "2 2")
    e = FUNCTIONS[name](f, *operands)
    np.testing.assert_allclose(value.astype(float), sd.evaluate(e, {f: at.astype(float)}), rtol=1e-14)
