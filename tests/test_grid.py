"""Derivatives of elementary functions over the whole double range: minutes, run by .ci/run."""

import pytest

from .grid import TABLE, names, orders, worst


@pytest.mark.long
@pytest.mark.parametrize("name", names())
def test_the_derivatives_are_right_over_the_double_range(name):
    assert worst(name, orders(name)).error <= 1e-12


def test_the_committed_table_has_every_function():
    listed = TABLE.read_text(encoding="utf-8")
    assert all(f"| {name} | {orders(name)} |" in listed for name in names())
