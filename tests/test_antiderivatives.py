"""dF/dx = f for a thousand textbook antiderivatives, special functions among them."""

import numpy as np
import pytest

import symdiff as sd

from .antiderivatives import INNER, rows

ROWS = rows()
POINTS = (0.2, 0.5, 0.8)


def check(found):
    g = sd.Graph()
    for F, f in found:
        slope, plain = sd.parse(F, graph=g).diff("x"), sd.parse(f, graph=g)
        for x in POINTS:
            got, wanted = (float(v) for v in sd.evaluate([slope, plain], {"x": x}))
            assert got == pytest.approx(wanted, rel=1e-9, abs=1e-9), (F, f, x)
            assert np.isfinite(wanted)


@pytest.mark.parametrize("share", range(4))
def test_without_substitution(share):
    check(ROWS[: len(ROWS) // len(INNER)][share::4])


@pytest.mark.long
@pytest.mark.parametrize("inner", range(1, len(INNER)))
def test_with_a_substitution(inner):
    each = len(ROWS) // len(INNER)
    check(ROWS[inner * each : (inner + 1) * each])


def test_there_are_a_thousand():
    assert len(ROWS) >= 1000
