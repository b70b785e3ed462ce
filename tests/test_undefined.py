"""`check="nan"` names the first term of the formula that is nan."""

import pickle

import numpy as np
import pytest

import symdiff as sd

WRONG = [  # text, point, by (or "" for the value), what the message begins with
    ("1 + log(x - 3)*y", {"x": 1.0, "y": 2.0}, "", "log(x - 3) is nan: x - 3 is -2."),
    ("sum(sqrt(v))", {"v": np.array([1.0, -4.0])}, "", "sqrt(v)[1] is nan: v is [ 1. -4.]"),
    ("exp(asin(x)) + y", {"x": 1.5, "y": 1.0}, "", "asin(x) is nan: x is 1.5"),
    ("(x - y)/(x - z)*2 + z", {"x": 1.0, "y": 1.0, "z": 1.0}, "", "(x - y)/(x - z) is nan"),
    ("x**p", {"x": -2.0, "p": 0.5}, "", "x**p is nan: x is -2., p is 0.5"),
    ("sqrt(v @ w)", {"v": np.array([1.0, 1.0]), "w": np.array([-1.0, 0.0])}, "", "sqrt(v @ w) is nan"),
    ("x + y", {"x": np.nan, "y": 1.0}, "", "the input x is nan"),
    ("log(x)*y", {"x": -1.0, "y": 1.0}, "y", "log(x) is nan: x is -1."),
]


@pytest.mark.parametrize(("text", "at", "by", "message"), WRONG)
@pytest.mark.parametrize("backend", ["auto", "numpy"])
def test_the_first_term_that_is_nan_is_named(text, at, by, message, backend):
    e = sd.parse(text, **{name: value.shape for name, value in at.items() if isinstance(value, np.ndarray)})
    fn = sd.function(list(at), e.diff(by) if by else e, backend=backend, check="nan")
    for called in (fn, pickle.loads(pickle.dumps(fn))):
        with pytest.raises(sd.UndefinedError) as found, np.errstate(all="ignore"):
            called(*at.values())
        assert str(found.value).startswith(message)


def test_numbers_pass():
    fn = sd.function(["x"], sd.parse("log(x)"), check="nan")
    assert fn(1.0) == 0
    with np.errstate(all="ignore"):
        assert fn(0.0) == -np.inf
    with pytest.raises(sd.InputError, match="check is 'nan' or None, not 'inf'"):
        sd.function(["x"], sd.parse("log(x)"), check="inf")
