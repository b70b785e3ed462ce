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


A, B, ROWS_OF = np.arange(1.0, 9).reshape(2, 4), np.arange(1.0, 17).reshape(4, 4) / 7, np.array([1, 0, 3, 3])
UNTAKEN = {
    "slices": lambda x: sd.where(x[1:] > 0, sd.sqrt(x[1:]), x[:-1]),
    "a matrix in front": lambda x: A @ sd.where(x > 0, sd.sqrt(x), 0),
    "a matrix in front, two branches": lambda x: A @ sd.where(x > 0, sd.log(x), x**2),
    "a matrix within": lambda x: sd.where(B @ x > 1.5, sd.log(B @ x - 1.5), x),
    "a matrix on both sides": lambda x: B @ sd.where(B @ x > 1.5, sd.sqrt(B @ x - 1.5), 0),
    "a gather": lambda x: sd.where(x[ROWS_OF] > 0, sd.log(x[ROWS_OF]), x),
    "a flip": lambda x: sd.where(x[::-1] > 0, x[::-1] ** 1.5, x),
    "differences": lambda x: sd.where(np.diff(x) > 0, sd.sqrt(np.diff(x)), 0),
    "running sums": lambda x: sd.where(sd.cumsum(x) > 0, sd.sqrt(sd.cumsum(x)), 0),
    "a reshape": lambda x: sd.where(x.reshape(2, 2) > 0, sd.sqrt(x.reshape(2, 2)), x.reshape(2, 2)),
    "an outer product": lambda x: sd.where(x[:, None] * x > 0, sd.sqrt(x[:, None] * x), x),
    "rows": lambda x: sd.where(x[:, None] > 0, sd.sqrt(x[:, None]) * x, x),
    "sums of rows": lambda x: sd.sum(sd.where(x[:, None] > 0, sd.sqrt(x[:, None]) * B, x), axis=0),
    "a join": lambda x: sd.where(sd.concat([x[2:], x[:2]]) > 0, sd.log(sd.concat([x[2:], x[:2]])), 1),
    "one within another": lambda x: sd.where(x[1:] > 0, sd.where(x[:-1] > 0, sd.sqrt(x[:-1]), 1) * sd.log(x[1:]), 0),
    "a product of two": lambda x: sd.where(x[1:] > 0, sd.sqrt(x[1:]), 0) * sd.where(x[:-1] < 0, sd.sqrt(-x[:-1]), 0),
    "a sum of two": lambda x: sd.where(x[1:] > 0, sd.sqrt(x[1:]), 0) + sd.where(x[:-1] < 0, sd.log(-x[:-1]), 0),
    "a chain": lambda x: sd.sin(sd.where(x[1:] > 0, sd.sqrt(x[1:]), 0)) * x[:-1],
}


@pytest.mark.parametrize("mode", ["forward", "reverse"])
@pytest.mark.parametrize("name", UNTAKEN)
def test_jacobians_where_a_branch_is_not_taken(name: str, mode: str):
    """Against central differences, at a point where the branch not taken is nan."""
    x, at, h = sd.Graph().variable("x", 4), np.array([-1.0, 2, -3, 4]), 1e-6
    y = UNTAKEN[name](x)
    J = sd.jacobian(y, x, mode)
    wanted = [(sd.evaluate(y, {x: at + e}) - sd.evaluate(y, {x: at - e})) / (2 * h) for e in h * np.eye(4)]
    with np.errstate(all="ignore"):
        for e in (J, sd.simplify(J)):
            np.testing.assert_allclose(sd.evaluate(e, {x: at}), np.stack(wanted, -1), atol=1e-7)
