"""Programs, texts and documents of fixed seeds, and of one that is new in every run."""

import random

import pytest

from .fuzz import findings, main

RUNS = {"program": range(0, 500, 50), "document": range(0, 300, 50), "text": range(0, 300, 50)}


@pytest.mark.parametrize(("kind", "first"), [(kind, first) for kind, starts in RUNS.items() for first in starts])
def test_fixed_seeds(kind, first):
    assert [f"{seed}: {found}" for seed in range(first, first + 50) for found in findings(kind, seed)] == []


@pytest.mark.parametrize("kind", RUNS)
def test_a_fresh_seed(kind):
    first = random.SystemRandom().randrange(10**6, 10**9)
    print(f"python -m tests.fuzz {kind} {first} ...")
    assert [f"{seed}: {found}" for seed in range(first, first + 10) for found in findings(kind, seed)] == []


def test_the_command(capsys):
    assert main(["program", "3"]) == 0
    assert main(["0.01", "7"]) == 0
    assert "1 program, 1 text, 1 document" in capsys.readouterr().out
