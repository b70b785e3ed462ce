"""The derivations of the benchmarks: right, printed, no longer than the books', and LaTeX that means what it shows."""

import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import books

from .test_latex import means_what_it_shows

ROWS = books.derivations()
pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def scores():
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return {row["name"]: books.scored(row) for row in ROWS}


def test_all_are_right_and_read_back(scores):
    assert len(scores) == len(ROWS), "names of derivations are told apart"
    assert not [name for name, (right, printed, _, _) in scores.items() if not (right and printed)]


def test_nearly_all_are_no_longer_than_the_books(scores):
    with_book = [short for _, _, short, _ in scores.values() if short is not None]
    assert sum(with_book) >= 0.92 * len(with_book)


@pytest.mark.parametrize("row", ROWS, ids=[row["name"] for row in ROWS])
def test_latex_means_what_it_shows(row):
    f, d, at = books.derived(row)
    for e in (f, d):
        means_what_it_shows(e, at, books.SIZES)
