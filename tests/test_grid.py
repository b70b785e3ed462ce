"""Partials of elementwise ops over the double range against mpmath's numbers, which are committed."""

import numpy as np
import pytest

from symdiff.op import OPS

from .grid import TABLE, committed, exact, names, order, ours, tolerance, worst
from .special_ranges import BEYOND


@pytest.mark.long
@pytest.mark.parametrize("name", names())
def test_the_partials_are_right_over_the_double_range(name):
    """Those that are not are listed with the reason, and only those."""
    op = OPS[name]
    assert (worst(op, committed(name), ours).error <= tolerance(op)) != (name in BEYOND)


@pytest.mark.long
@pytest.mark.parametrize("name", ["tanh", "hypot", "exp1", "spherical_kn"])
def test_the_committed_numbers_are_mpmaths(name):
    known, again = committed(name), exact(OPS[name])
    np.testing.assert_array_equal(known.points, again.points)
    for p in known.values:
        np.testing.assert_allclose(again.values[p], known.values[p], rtol=1e-15)


def test_the_committed_table_has_every_function():
    listed = TABLE.read_text(encoding="utf-8")
    assert all(f"| {name} | {order(OPS[name])} |" in listed for name in names())
