"""Every call of `numpy_calls`: of expressions it gives numpy's value, shape and type, with derivatives that agree with
differences; updates of entries are those of a copy of the array."""

import inspect
import warnings

import numpy as np
import pytest

import symdiff as sd
from docs import numpy_table
from symdiff.check import check_grad
from symdiff.op import is_float

from .numpy_calls import ARRAYS, CALLS

REFUSED = {  # with the words of the remedy

    "joining: r_": "np.stack", "joining: r_ numbers": "np.stack", "joining: c_": "np.stack",
    "joining: c_ matrices": "np.stack",
}  # fmt: skip


def arguments(call):
    """The arrays that the names of a call's parameters choose."""
    parameters = inspect.signature(call).parameters.values()
    return {p.name: ARRAYS[p.name] for p in parameters if p.default is p.empty}


@pytest.mark.parametrize("name", CALLS)
def test_call(name):
    call = CALLS[name]
    values = arguments(call)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wanted = np.asarray(call(*values.values()))
    g = sd.Graph()
    xs = {k: g.variable(k, v.shape, dtype=v.dtype) for k, v in values.items()}
    if name in REFUSED:
        with pytest.raises(sd.SymdiffError, match=REFUSED[name]):
            call(*xs.values())
        return
    e = call(*xs.values())
    got = sd.evaluate(e, values) if isinstance(e, sd.Expr) else np.asarray(e)
    assert (got.shape, got.dtype) == (wanted.shape, wanted.dtype)
    np.testing.assert_allclose(got, wanted, rtol=1e-12, atol=1e-13)
    if isinstance(e, sd.Expr):
        assert (e.shape, e.dtype) == (wanted.shape, wanted.dtype.name)
        wrt = [x for k, x in xs.items() if x.dtype == "float64" and k in e.variables and x.size]
        if is_float(e.dtype) and wanted.size and wrt:
            check_grad(e, wrt, values, order=1)


def test_most_calls_are_right():
    assert len(REFUSED) < 0.03 * len(CALLS)


def rows(text):
    """{function: its derivative} of the table in the documentation."""
    cells = [line.split("|")[1:3] for line in text.splitlines() if line.startswith("| `np.")]
    return {name.strip(): what.strip() for name, what in cells}


def test_the_table_of_the_documentation_is_of_today():
    """For the functions that this numpy has."""
    written, now = rows(numpy_table.TARGET.read_text()), rows(numpy_table.table())
    assert len(now) > 250
    both = written.keys() & now.keys()
    assert {name: written[name] for name in both} == {name: now[name] for name in both}
    assert sum(what == "gradient" for what in now.values()) > 200


UPDATES = {
    "entry": (lambda x: x.at[1].set(5.0), lambda x: _set(x, 1, 5.0)),
    "last": (lambda x: x.at[-1].set(x[0]), lambda x: _set(x, -1, x[0])),
    "slice": (lambda x: x.at[1:3].set(x[:2]), lambda x: _set(x, slice(1, 3), x[:2])),
    "rows": (lambda A: A.at[0].set(A[1]), lambda A: _set(A, 0, A[1])),
    "column": (lambda A: A.at[:, 1].set(0), lambda A: _set(A, (slice(None), 1), 0)),
    "list": (lambda x: x.at[[0, 2]].set(x[2:]), lambda x: _set(x, [0, 2], x[2:])),
    "twice": (lambda x: x.at[[1, 1]].set(x[:2]), lambda x: _set(x, [1, 1], x[:2])),
    "mask": (lambda x: x.at[np.array([True, False, True, False])].set(7.0), lambda x: _set(x, [0, 2], 7.0)),
    "condition": (lambda x: x.at[x > 0.5].set(0), lambda x: np.where(x > 0.5, 0, x)),
    "add": (lambda x: x.at[[0, 0, 3]].add(x[:3]), lambda x: _add(x, [0, 0, 3], x[:3])),
    "subtract": (lambda A: A.at[1, 2].subtract(A[0, 0]), lambda A: _add(A, (1, 2), -A[0, 0])),
    "multiply": (lambda A: A.at[..., 0].multiply(3), lambda A: _set(A, (..., 0), A[..., 0] * 3)),
    "divide": (lambda x: x.at[2].divide(x[1]), lambda x: _set(x, 2, x[2] / x[1])),
    "power": (lambda x: x.at[:2].power(2), lambda x: _set(x, slice(2), x[:2] ** 2)),
    "min": (lambda x: x.at[1:].min(0.5), lambda x: _set(x, slice(1, None), np.minimum(x[1:], 0.5))),
    "max": (lambda x: x.at[1:].max(0.5), lambda x: _set(x, slice(1, None), np.maximum(x[1:], 0.5))),
    "apply": (lambda x: x.at[0].apply(np.exp), lambda x: _set(x, 0, np.exp(x[0]))),
    "get": (lambda x: x.at[1:].get(), lambda x: x[1:]),
    "symbolic": (lambda x, k: x.at[k].set(9.0), lambda x, k: _set(x, k, 9.0)),
    "symbolic row": (lambda A, k: A.at[k].add(1.0), lambda A, k: _add(A, k, 1.0)),
    "integers": (lambda i: i.at[1].set(2.9), lambda i: _set(i, 1, 2)),
}  # fmt: skip


def _set(x, index, value):
    x = x.copy()
    x[index] = value
    return x


def _add(x, index, value):
    x = x.copy()
    np.add.at(x, index, value)
    return x


@pytest.mark.parametrize("name", UPDATES)
@pytest.mark.parametrize("named", [False, True])
def test_update(name, named):
    update, of_copy = UPDATES[name]
    values = arguments(update)
    shapes = {k: v.shape for k, v in values.items()}
    if named:
        if name in {"list", "twice", "mask", "add", "symbolic row", "get", "last", "symbolic"}:
            return
        shapes = {k: tuple(f"{k}_{axis}" for axis in range(v.ndim)) for k, v in values.items()}
    g = sd.Graph()
    xs = {k: g.variable(k, shapes[k], dtype=v.dtype) for k, v in values.items()}
    if named and name in {"slice", "rows"}:
        return
    y = update(*xs.values())
    np.testing.assert_allclose(sd.evaluate(y, values), of_copy(*values.values()), rtol=1e-15)
    wrt = [x for x in xs.values() if x.dtype == "float64"]
    if wrt and not named:
        check_grad(y, wrt, values, order=2)


def test_updates_that_are_refused():
    x = sd.Graph().variable("x", 4)
    with pytest.raises(sd.GraphError, match="names a place twice"):
        x.at[[0, 0]].multiply(2)
    with pytest.raises(sd.GraphError, match=r"x\.at"):
        x[0] = 1
