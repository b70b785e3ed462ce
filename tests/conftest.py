"""What all tests share: a random generator seeded from the test's name, so that each test is alone
reproducible."""

import zlib

import numpy as np
import pytest


@pytest.fixture
def rng(request):
    seed = zlib.crc32(request.node.nodeid.rpartition("/")[2].encode())
    print(f"seed {seed}")
    return np.random.default_rng(seed)
