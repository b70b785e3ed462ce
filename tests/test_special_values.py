"""The table of special values, by every way to a derivative; and what constants are in the graph."""

import numpy as np
import pytest

import symdiff as sd

from .special_values import TABLE, Special

ROWS = [pytest.param(s, id=f"{theme}-{s.name}") for theme, rows in TABLE.items() for s in rows]


def same(got: np.ndarray, wanted: object) -> None:
    wanted = np.broadcast_to(np.asarray(wanted, dtype=float), got.shape)
    np.testing.assert_allclose(got, wanted, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("s", ROWS)
def test_special_value(s: Special):
    at = np.asarray(s.at, dtype=float)
    x = sd.Graph().variable("x", at.shape)
    y = s.f(x)
    assert y.shape == ()
    with np.errstate(all="ignore"):
        same(sd.evaluate(y, {x: at}), s.value)
        if s.derivative is None:
            return
        first = sd.grad(y, x)
        ways = {
            "grad": first,
            "vjp": sd.vjp(y, x, 1),
            "reverse": sd.jacobian(y, x, mode="reverse"),
            "forward": sd.jacobian(y, x, mode="forward"),
        }
        for name, e in ways.items():
            print(name)
            same(sd.evaluate(e, {x: at}), s.derivative)
        for k in range(at.size):
            unit = np.zeros(at.shape)
            unit.flat[k] = 1
            same(
                sd.evaluate(sd.jvp(y, {x: unit if at.shape else 1}), {x: at}),
                np.asarray(s.derivative, dtype=float).flat[k],
            )
        if s.second is None:
            return
        same(sd.evaluate(sd.hessian(y, x), {x: at}), s.second)
        same(sd.evaluate(sd.jacobian(first, x, mode="forward"), {x: at}), s.second)
        for k in range(at.size):
            unit = np.zeros(at.shape)
            unit.flat[k] = 1
            row = np.asarray(s.second, dtype=float)[k] if at.shape else s.second
            same(sd.evaluate(sd.hvp(y, x, unit if at.shape else 1), {x: at}), row)
