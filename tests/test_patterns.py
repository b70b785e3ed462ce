"""Patterns and colours of the table in benchmarks/patterns.md."""

import pytest

from benchmarks.patterns import VECTORS, row


@pytest.fixture(scope="module")
def rows():
    return [row(name) for name in VECTORS]


def test_patterns_are_never_too_small_and_seldom_too_large(rows):
    assert len(rows) >= 60
    assert [r.name for r in rows if not r.holds] == []
    assert len([r for r in rows if r.exact]) >= 0.95 * len(rows)


def test_no_more_colours_than_the_natural_star_colouring(rows):
    assert [r.name for r in rows if r.colours > r.natural] == []
