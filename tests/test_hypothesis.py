"""Random well-typed expressions: shapes, both sweeps, second order, linearity, and the graph's own laws."""

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import symdiff as sd
from symdiff.check import check_grad

from .strategies import arrays, expressions

LIMITS = settings(
    max_examples=150, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


def close(a, b, rtol=1e-10):
    scale = max(1.0, float(np.max(np.abs(b), initial=0)))
    np.testing.assert_allclose(a, b, rtol=rtol, atol=rtol * scale)


@LIMITS
@given(expressions())
def test_shape_and_type_are_those_of_the_value(sample):
    value = sd.evaluate(sample.expr, sample.at)
    assert value.shape == sample.expr.shape
    assert value.dtype.name == sample.expr.dtype
    assert np.all(np.isfinite(value))


@LIMITS
@given(expressions())
def test_derivatives_agree_with_differences(sample):
    check_grad(sample.expr, sample.wrt, sample.at, order=1, tolerance=1e-5)


@settings(LIMITS, max_examples=60)
@given(expressions(steps=4, scalar=True))
def test_second_order_agrees_with_differences(sample):
    check_grad(sample.expr, sample.wrt, sample.at, order=2, tolerance=1e-4)


@LIMITS
@given(expressions(), st.randoms(use_true_random=False))
def test_sweeps_are_transposes_of_each_other(sample, random):
    """<u, J t> = <J' u, t>, and both are what the Jacobian of either mode gives."""
    rng = np.random.default_rng(random.getrandbits(32))
    y, x = sample.expr, sample.wrt[0]
    u, t = rng.normal(size=y.shape), rng.normal(size=sample.at[x].shape)
    back, forth = sd.evaluate([sd.vjp(y, x, u), sd.jvp(y, {x: t})], sample.at)
    scale = max(1.0, float(np.sum(np.abs(u * forth))), float(np.sum(np.abs(back * t))))
    assert abs(np.sum(u * forth) - np.sum(back * t)) <= 1e-12 * scale
    reverse, forward = sd.evaluate(
        [sd.jacobian(y, x, mode=mode) for mode in ("reverse", "forward")], sample.at
    )
    close(reverse, forward)
    close(np.tensordot(u, reverse, y.ndim), back)


@LIMITS
@given(expressions(scalar=True))
def test_hessians_are_symmetric_and_give_hvp(sample):
    x = sample.wrt[0]
    h = sd.evaluate(sd.hessian(sample.expr, x), sample.at)
    size = sample.at[x].size
    matrix = h.reshape(size, size)
    close(matrix, matrix.T)
    v = np.linspace(-1, 1, size).reshape(sample.at[x].shape)
    close(sd.evaluate(sd.hvp(sample.expr, x, v), sample.at).ravel(), matrix @ v.ravel())


@LIMITS
@given(expressions(scalar=True))
def test_differentiation_is_linear_and_obeys_the_chain_rule(sample):
    y, x = sample.expr, sample.wrt[0]
    base = sd.grad(y, x)
    for other, factor in ((3 * y + 2, 3), (-y, -1), (y / 4, 0.25), (sd.tanh(y), 1 - sd.tanh(y) ** 2)):
        got, wanted = sd.evaluate([sd.grad(other, x), base * factor], sample.at)
        close(got, wanted)


@LIMITS
@given(expressions())
def test_nothing_is_appended_twice(sample):
    g = sample.expr.graph
    first = sd.vjp(sample.expr, sample.wrt, sd.ones_like(sample.expr))
    size = len(g)
    assert sd.vjp(sample.expr, sample.wrt, sd.ones_like(sample.expr)) == first
    assert len(g) == size
    assert all(i < n for n in range(size) for i in g.inputs(n))


@LIMITS
@given(st.data())
def test_arrays_have_the_shape_asked_for(data):
    shape = data.draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
    assert data.draw(arrays(shape)).shape == shape
