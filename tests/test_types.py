"""Types and values of arithmetic are numpy's, for every pair of types: evaluated, simplified, as source."""

from inspect import signature

import numpy as np
import pytest

import symdiff as sd

TYPES = ("bool", "int32", "int64", "float32", "float64")
CALLS = {
    "x + y": lambda x, y: x + y, "x*y": lambda x, y: x * y, "x @ y": lambda x, y: x @ y,
    "2*x + y": lambda x, y: 2 * x + y,
    "x*y*x": lambda x, y: x * y * x, "x + y + x": lambda x, y: x + y + x, "3*x": lambda x, y: 3 * x,
    "x > y": lambda x, y: x > y, "(x > 0)*(y > 0)": lambda x, y: (x > 0) * (y > 0),
    "inner": lambda x, y: np.inner(x, y), "einsum": lambda x, y: np.einsum("i,j->ij", x, y),
    "einsum of three": lambda x, y: np.einsum("i,i,i->", x, y, x), "vdot": lambda x, y: np.vdot(x, y),
    "tensordot": lambda x, y: np.tensordot(x, y, 1),
    "x**(y + 1)": lambda x, y: x ** (y + 1), "x % (y + 1)": lambda x, y: x % (y + 1),
    "x//(y + 2)": lambda x, y: x // (y + 2), "max": np.maximum, "copysign": lambda x, y: np.copysign(x + 1, y + 1),
    "fmax": np.fmax,
    "where(x > 0, 1, 0)": lambda x, y: np.where(x > 0, 1, 0), "where(x > 0, y, 1)": lambda x, y: np.where(x > 0, y, 1),
    "where(x > 0, 0.5, 2)": lambda x, y: np.where(x > 0, 0.5, 2),
    "where + where": lambda x, y: np.where(x > 0, 1, 0) + np.where(y > 1, 2, 3),
    "2**y + x": lambda x, y: 2**y + x, "float_power": np.float_power,
    "1 - x": lambda x, y: 1 - x if x.dtype != "bool" else y, "max of 2": lambda x, y: np.maximum(x, 2),
    "clip": lambda x, y: np.clip(x, 1, 2), "x**2": lambda x, y: x**2 if x.dtype != "bool" else x,
    "x**3": lambda x, y: x**3,
    "(x > 0) + (y > 0)": lambda x, y: (x > 0) + (y > 0), "(x > 0)*y": lambda x, y: (x > 0) * y,
}  # fmt: skip
SUMS = {
    "sum": (sd.sum, np.sum), "prod": (sd.prod, np.prod), "max": (sd.max, np.max),
    "cumsum": (sd.cumulative_sum, np.cumsum),
    "outer": (lambda x: sd.outer(x, x), lambda x: np.outer(x, x)), "mean": (sd.mean, np.mean),
    "sum of products": (lambda x: sd.sum(x * x), lambda x: np.sum(x * x)),
    "sum of a stack": (lambda x: sd.sum(sd.stack([x, x]), axis=0), lambda x: np.sum(np.stack([x, x]), axis=0)),
    "any": (sd.any, np.any), "concat": (lambda x: sd.concat([x, x]), lambda x: np.concatenate([x, x])),
}  # fmt: skip


def alike(e, values, wanted):
    """The value and the type are numpy's, by all ways."""
    at = {v: values[v] for v in e.variables}
    found = sd.evaluate(e, at)
    known = {"float16": "float64", "int8": "int64"}.get(wanted.dtype.name, wanted.dtype.name)  # types that there are
    assert (found.dtype.name, e.dtype) == (known, known)
    made = {}
    exec(e.to_python(), made)
    given = [values[v] for v in signature(made["f"]).parameters]
    simple = sd.simplify(e)
    for value in (
        found, sd.function(list(at), e, backend="numpy")(*at.values()), made["f"](*given),
        sd.evaluate(simple, {v: values[v] for v in simple.variables}),
    ):  # fmt: skip
        np.testing.assert_allclose(np.asarray(value, float), np.asarray(wanted, float), rtol=1e-6)


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("a", TYPES)
@pytest.mark.parametrize("b", TYPES)
def test_pairs(name, a, b):
    g = sd.Graph()
    values = {"x": np.array([0, 1, 1, 2]).astype(a), "y": np.array([1, 0, 1, 3]).astype(b)}
    x, y = g.variable("x", "n", a), g.variable("y", "n", b)
    alike(CALLS[name](x, y), values, np.asarray(CALLS[name](values["x"], values["y"])))


BESIDE = [lambda b: b + True, lambda b: True * b, lambda b: b * False, lambda b: False + b, lambda b: b + np.True_]


@pytest.mark.parametrize("call", BESIDE)
def test_truth_values_beside_true_and_false(call):
    b, at = sd.Graph().variable("b", 2, "bool"), np.array([True, False])
    for e in (call(b), sd.simplify(call(b))):
        found = sd.evaluate(e, {"b": at} if e.variables else {})
        assert (found.dtype, e.dtype) == (bool, "bool")
        np.testing.assert_array_equal(found, call(at))


@pytest.mark.parametrize("name", SUMS)
@pytest.mark.parametrize("a", TYPES)
def test_sums(name, a):
    x, values = sd.Graph().variable("x", "n", a), {"x": np.array([0, 1, 1, 2]).astype(a)}
    symbolic, numpy = SUMS[name]
    alike(symbolic(x), values, np.asarray(numpy(values["x"])))


CASTS = {
    "of a product": lambda x, b: sd.astype(2 * x, "float32"), "and a product": lambda x, b: sd.astype(x, "float32") * 3,
    "of a cast": lambda x, b: sd.astype(sd.astype(x, "float32") / 3, "float64"),
    "of truth values": lambda x, b: sd.astype(b, "float32"), "of a condition": lambda x, b: sd.astype(x > 1, "float32"),
    "to whole numbers": lambda x, b: sd.astype(x * 7, "int32"), "of counts": lambda x, b: sd.astype(b, "int32") + b,
    "within": lambda x, b: sd.astype(x, "float32") - x, "of a sum": lambda x, b: sd.astype(sd.sum(x), "float32"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASTS)
def test_casts_are_kept(name):
    """simplify has the value and the type of the expression; so has the text, but that the floating type of a whole
    result is not shown."""
    g = sd.Graph()
    at = {"x": np.array([1e9 / 3, 0.1, -2.7]), "b": np.array([True, False, True])}
    e = CASTS[name](g.variable("x", 3), g.variable("b", 3, "bool"))
    wanted = sd.evaluate(e, {v: at[v] for v in e.variables})
    for f in (sd.simplify(e), sd.parse(str(e), graph=g)):
        found = sd.evaluate(f, {v: at[v] for v in f.variables}).astype(wanted.dtype)
        np.testing.assert_array_equal(found, wanted)
    assert sd.evaluate(sd.simplify(e), {v: at[v] for v in e.variables}).dtype == wanted.dtype


def test_a_difference_of_truth_values_stays_a_number():
    g = sd.Graph()
    c, d = g.variable("c", 2, "bool"), g.variable("d", 2, "bool")
    assert sd.evaluate(c - d, {"c": [True, False], "d": [True, True]}).tolist() == [0, -1]


def test_sums_of_the_engine_count_their_masks():
    """The derivative of a sum of maxima counts how often x is the larger one."""
    g = sd.Graph()
    x, y = g.variables("x y")
    f = sd.relu(x) + sd.relu(x) * 2 + sd.maximum(x, y) + sd.maximum(x, 0)
    assert sd.evaluate(sd.grad(f, x), {"x": 2.0, "y": 1.0}) == 5
