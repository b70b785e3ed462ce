"""Errors planted in facets, one by one: the check of each kind sees them."""

import numpy as np
import pytest

import symdiff as sd
from symdiff.facets import always, from_values, keeps, rows_kept
from symdiff.op import OPS

from . import test_facets
from .test_facets import COMPOSED
from .test_ops import CASES

PLANTED = [  # (op, what its record says wrongly, the check)
    ("expm1", {"parity": "odd"}, "parity"),
    ("cosh", {"parity": "odd"}, "parity"),
    ("tanh", {"parity": ""}, "parity_is_stated_where_there_is_one"),
    ("erfc", {"limits": (2, 0, 0)}, "limits"),
    ("atan", {"limits": (-np.pi / 2, 0, np.pi)}, "limits"),
    ("tanh", {"image": "(0, 1)"}, "image"),
    ("expm1", {"image": "(0, inf)"}, "image"),
    ("exp", {"image": "(-inf, inf)"}, "positive_is_stated_where_it_is"),
    ("abs", {"integral": True}, "integral"),
    ("log", {"finite": True}, "finite"),
    ("divide", {"finite": True}, "finite"),
    ("cos", {"monotone": "increasing"}, "monotone"),
    ("erfc", {"monotone": "strictly increasing"}, "monotone"),
    ("floor", {"monotone": "strictly increasing"}, "monotone"),
    ("sinh", {"inverse": "acosh"}, "inverse"),
    ("erf", {"complement": ("erfc", 2)}, "complement"),
    ("iv", {"order_sign": -1}, "order_sign"),
    ("sec", {"composition": lambda x: 1 / sd.sin(x)}, "composition"),
    ("xlogy", {"composition": lambda x, y: x * sd.log(y)}, "composition_at_special_points"),
    ("sigmoid", {"composition": lambda x: 1 / (1 + sd.exp(-x)) + 1e-9}, "composition"),
    ("ndtr", {"names": {"sympy": lambda s, x: s.erfc(x) / 2}}, "sympy_name"),
    ("tanh", {"names": {"numpy": "sinh"}}, "numpy_and_scipy_names"),
    ("divide", {"commutes": True}, "commutes_where_it_does"),
    ("maximum", {"commutes": False}, "commutes_where_it_does"),
    ("inv", {"transposes": False}, "transposes_is_stated_where_it_is"),
    ("cholesky", {"transposes": True}, "transposes_is_stated_where_it_is"),
    ("cumulative_sum", {"axes": "", "rows": rows_kept}, "rows"),
    ("softmax", {"rows": rows_kept}, "rows"),
    ("concat", {"rows": rows_kept}, "rows"),
    ("sin", {"facts": always("positive")}, "facts_of_entries"),
    ("floor", {"facts": keeps("positive")}, "facts_of_entries"),
    ("minimum", {"facts": keeps("positive")}, "facts_of_entries"),
]  # fmt: skip


def checked(name, check):
    """Run a check of test_facets on an op, on all rows that it has."""
    f, rng = getattr(test_facets, f"test_{check}"), np.random.default_rng(0)
    rows = [p.values for p in (COMPOSED if check == "composition" else CASES) if p.values[0] == name]
    if check in ("composition", "rows"):
        for row in rows:
            f(*row, rng)
    elif check == "facts_of_entries":
        for row in rows:
            for assumed in test_facets.ELEMENTS:
                f(*row, assumed, rng)
    else:
        f(name)


@pytest.mark.parametrize(("name", "wrong", "check"), PLANTED)
def test_a_planted_error_is_seen(name, wrong, check):
    op = OPS[name]
    right = {field: getattr(op, field) for field in wrong}
    if all(right.values()):  # what is not stated is not checked
        checked(name, check)
    try:
        for field, value in wrong.items():
            object.__setattr__(op, field, value)
        from_values.cache_clear()
        with pytest.raises(AssertionError):
            checked(name, check)
    finally:
        for field, value in right.items():
            object.__setattr__(op, field, value)
        from_values.cache_clear()
