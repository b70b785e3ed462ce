"""Every call of `numpy_sweep`, `numpy_forms` and `array_api_calls`: right, or refused by an error of this library that
names a remedy; never wrong, and never another exception. A share of the calls every day, all among the long tests.
"""

import re
from collections import Counter

import numpy as np
import pytest

from . import array_api_calls, numpy_forms, numpy_sweep
from .sweeping import WAYS, compiled, names_in, namespace, outcome, swept

try:
    import array_api_strict as standard
except ImportError:  # numpy is nearly the same
    standard = np

CALLS = [*numpy_sweep.cases(), *numpy_forms.cases()]
STANDARD = array_api_calls.cases()
RIGHT = {"direct": 0.95, "traced": 0.98, "parsed": 0.97}  # of the calls that numpy itself accepts
REMEDY = re.compile(  # what a message offers instead: a function, a keyword, a way of writing it; or what is wrong
    r"sd\.|np\.|x\.at\[|astype|trace\(|full_matrices|dtype|did you mean|is none of|it is |not part of the language"
    r"|not offered|is no |needs? |must |is not |are |use |declare|out of |known|can't be|differ|expected|is '"
)


def counted(calls, way):
    found = Counter()
    for text, result in swept(calls, way):
        found[result.kind] += 1
        assert result.kind == "right" or REMEDY.search(result.detail), (text, result)
    return found


@pytest.mark.parametrize("way", WAYS)
def test_a_share_of_the_calls(way):
    """Every 61st, another share each way."""
    found = counted(CALLS[list(WAYS).index(way) :: 61], way)
    assert sum(found.values()) > 100


@pytest.mark.long
@pytest.mark.parametrize("way", WAYS)
def test_every_call(way):
    found = counted(CALLS, way)
    print(way, dict(found))
    assert found["right"] >= RIGHT[way] * sum(found.values())


def test_the_array_api_standard():
    """With array-api-strict beside it where that is installed."""
    found = Counter()
    for text in STANDARD:
        names = names_in(text)
        result = outcome(text, namespace, compiled(text, names, standard), standard.asarray)
        if result is None:
            continue
        found[result.kind] += 1
        assert result.kind in ("right", "refused"), (text, result)
    assert found["right"] >= 0.97 * sum(found.values())
    assert sum(found.values()) > 400
