"""Functions written for numpy, traced as they are: value, and derivatives beside differences of the function itself."""

import numpy as np
import pytest

import symdiff as sd

from . import real_fields, real_style

FUNCTIONS = real_style.FUNCTIONS | real_fields.FUNCTIONS
STEP = 1e-4


@pytest.mark.parametrize("fn", FUNCTIONS, ids=lambda f: f.__name__)
def test_traced_as_it_is(fn):
    at = FUNCTIONS[fn]
    e = sd.trace(fn, at=at)
    wanted = np.asarray(fn(**at))
    np.testing.assert_allclose(sd.evaluate(e, at), wanted, rtol=1e-12, atol=1e-14)
    assert (e.shape, e.dtype) == (wanted.shape, wanted.dtype.name)
    rng = np.random.default_rng(0)
    weights = rng.uniform(0.5, 1.5, wanted.shape)
    total = sd.sum(e * weights)
    names = [k for k in at if k in e.variables]
    directions = {k: rng.normal(size=np.shape(at[k])) for k in names}
    got = sum(np.sum(sd.evaluate(q, at) * directions[k]) for k, q in zip(names, sd.grad(total, names), strict=True))
    f = lambda t: np.sum(weights * fn(**{k: v + t * directions.get(k, 0) for k, v in at.items()}))  # noqa: E731
    slope = (8 * (f(STEP) - f(-STEP)) - (f(2 * STEP) - f(-2 * STEP))) / (12 * STEP)
    assert got == pytest.approx(slope, rel=1e-7, abs=1e-7)
