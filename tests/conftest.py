"""What all tests share: a random generator seeded from the test's name, so that each test is alone
reproducible; ops that a test registers."""

import zlib

import numpy as np
import pytest

import symdiff as sd
from symdiff.op import CANONICAL, FUNCTIONS, OPS


@pytest.fixture
def rng(request):
    seed = zlib.crc32(request.node.nodeid.rpartition("/")[2].encode())
    print(f"seed {seed}")
    return np.random.default_rng(seed)


@pytest.fixture
def register():
    """sd.register_op, undone after the test."""
    known = {id(t): set(t) for t in (OPS, FUNCTIONS, CANONICAL)}
    yield sd.register_op
    for table in (OPS, FUNCTIONS, CANONICAL):
        for name in set(table) - known[id(table)]:
            del table[name]
