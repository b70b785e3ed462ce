"""Forty ways of being large cost what they hold: counted in calls of functions, Python's and C's, never timed."""

import sys

import pytest

from benchmarks.growth import QUADRATIC, WAYS
from symdiff import invariants

LIMIT = 2.3  # of a doubling


def calls_of(way, n):
    prepared, count = way.prepare(n), 0

    def profile(frame, event, argument):
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(profile)
    try:
        way.work(prepared)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("name", WAYS)
def test_work_grows_with_what_there_is(name, monkeypatch):
    monkeypatch.setattr(invariants, "CHECKED", False)  # each look at a graph as a whole would be counted
    WAYS[name].work(WAYS[name].prepare(10))  # what loads late is there
    few, many = (calls_of(WAYS[name], n) for n in (150, 300))
    if many > LIMIT * few:  # between the two another backend was chosen: the next doubling says
        few, many = many, calls_of(WAYS[name], 600)
    assert many <= LIMIT * few


def test_there_are_forty_ways():
    assert len(WAYS) >= 40
    assert all(QUADRATIC.values())
