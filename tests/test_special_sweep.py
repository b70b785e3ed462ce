"""Every call of `special_sweep`: right, or refused by an error of ours, mostly that which says that a derivative
is not known. A share of the calls every day, all among the long tests.
"""

from collections import Counter

import pytest

from . import special_sweep
from .sweeping import WAYS, swept

CALLS = special_sweep.cases()
RIGHT = {"direct": 0.96, "traced": 0.99, "parsed": 0.99}  # of the calls whose derivatives are known


def counted(calls, way):
    found = Counter()
    for _, result in swept(calls, way):
        unknown = result.kind == "refused" and "GradientError" in result.detail and "not known" in result.detail
        found["unknown" if unknown else result.kind] += 1
    return found


@pytest.mark.parametrize("way", WAYS)
def test_a_share_of_the_calls(way):
    found = counted(CALLS[list(WAYS).index(way) :: 61], way)
    assert found["right"] > 40


@pytest.mark.long
@pytest.mark.parametrize("way", WAYS)
def test_every_call(way):
    found = counted(CALLS, way)
    print(way, dict(found))
    assert found["right"] >= RIGHT[way] * (found["right"] + found["refused"])
    assert found["right"] > 3000
