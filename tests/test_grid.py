"""Partials of elementwise ops over the double range against mpmath's numbers, which are committed."""

import pytest

from symdiff.op import OPS

from .grid import TABLE, TOLERANCE, committed, exact, names, order, ours, worst


@pytest.mark.long
@pytest.mark.parametrize("name", names())
def test_the_partials_are_right_over_the_double_range(name):
    op = OPS[name]
    assert worst(op, committed(name), ours).error <= TOLERANCE


@pytest.mark.long
@pytest.mark.parametrize("name", ["tanh", "hypot"])
def test_the_committed_numbers_are_mpmaths(name):
    known, again = committed(name), exact(OPS[name])
    assert (known.points == again.points).all()
    assert all((known.values[p] == again.values[p])[known.values[p] == known.values[p]].all() for p in known.values)


def test_the_committed_table_has_every_function():
    listed = TABLE.read_text(encoding="utf-8")
    assert all(f"| {name} | {order(OPS[name])} |" in listed for name in names())
