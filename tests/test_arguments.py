"""Arguments of every wrong kind to every public function: a result, or an error of ours; also of what is made."""

import contextlib
import inspect
import pickle
import random

import numpy as np
import pytest

import symdiff as sd


class NoArray:
    def __array__(self, *args, **kwargs):
        raise ValueError("there is no array")


class NoLength:
    def __len__(self):
        return -1


BAD = [
    None, True, 0, 1, -1, 2, 10**6, 10**30, -(10**30), 1.5, float("nan"), float("inf"), 1j, "", "x", "n", "v", "ij->ji",
    "float64", "int8", "symmetric", b"x", [], (), {}, [0], [[0]], [1, 2, 3], (0, -1), [None], ["x"], {"x": 1},
    {"v": [1, 2]}, {"x": "a"}, set(), object(), NoArray(), NoLength(), np.zeros(3), np.zeros((2, 2)), np.array("a"),
    np.array([1j]), np.array([None]), np.array([], int), np.datetime64("2020"), slice(None), ..., lambda *a: a[0],
    lambda: 1, int, range(3), float, sd.sin, np.float32(2), np.int8(3), np.bool_(True), (3,), (10**9, 10**9), (-1,),
    ("n",), "n m", sd.Graph(), np.ma.masked_array([1, 2], [0, 1]), "é", "\0", "__class__", "a" * 10000, 2**63,
    -(2**63) - 1, 1e308, 5e-324, np.array(2**63, "uint64"), [1, "a"], [[1, 2], [3]], memoryview(b"ab"), NotImplemented,
    type, np.array(3.5), np.zeros((0, 2)), [[]],
]  # fmt: skip
WRITERS = {
    "str": str, "repr": repr, "latex": sd.Expr.latex, "index_notation": sd.Expr.index_notation, "simplify": sd.simplify,
    "to_python": sd.Expr.to_python, "to_sympy": sd.Expr.to_sympy, "to_dot": sd.to_dot,
    "grad": lambda e: sd.grad(sd.sum(e), e.variables[0]) if e.variables else None,
    "evaluate": lambda e: sd.evaluate(e, {v: ones(e.graph, v) for v in e.variables}),
}  # fmt: skip
APART = {"register_op", "register_linear_op", "save", "load", "draw", "budgets"}  # they leave something behind
UNCHECKED = {"add", "plus", "subtract", "sub", "multiply", "mul"}  # called by every operator
NAMES = sorted(
    n for n in set(dir(sd)) - APART - UNCHECKED
    if not n.startswith("_") and callable(getattr(sd, n)) and not isinstance(getattr(sd, n), type)
)  # fmt: skip


def ones(g, v):
    n = g._variables[v]
    return np.ones([{"n": 3}.get(s, s) for s in g.shape(n)], g._dtype[n])


def expressions():
    g = sd.Graph()
    shapes = {"x": (), "v": "n", "w": 3, "A": "n n", "S": (3, 3), "T": "n n n", "z": 0, "E": (0, 3), "o": 1}
    x, v, w, A, S, *rest = (g.variable(name, shape) for name, shape in shapes.items())
    b, i, other = g.variable("b", "n", "bool"), g.variable("i", 3, "int64"), sd.Graph().variable("other", "n")
    made = [x * 2, v @ v, A @ v, w[0], S[1:], b & b, x > 0, g.constant(3), g.constant(np.eye(3)), sd.eye(3, graph=g)]
    return [x, v, w, A, S, b, i, *rest, other, *made, g.constant(np.nan), g.constant(np.inf)]


def arguments(rng, f, fits):
    """Positional and named arguments, of which most fit the signature."""
    given = inspect.signature(f).parameters.values()
    places = [p for p in given if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    needed = sum(p.default is p.empty for p in places) or 1
    count = needed if rng.random() < 0.7 else rng.randint(0, len(places) + 1)
    args = [rng.choice(fits if rng.random() < 0.6 else BAD) for _ in range(count)]
    if args and rng.random() < 0.8:
        args[0] = rng.choice(fits)
    named = [p for p in given if p.kind is p.KEYWORD_ONLY or (p in places[count:] and p.kind is not p.POSITIONAL_ONLY)]
    return args, {p.name: rng.choice(BAD + fits) for p in named if rng.random() < 0.25}


def made_by(rng, name):
    """What a call gives, None where it is refused."""
    f = getattr(sd, name)
    args, named = arguments(rng, f, expressions())
    with contextlib.suppress(sd.SymdiffError):
        return f(*args, **named)
    return None


def every_call(rng, name):
    made = made_by(rng, name)
    for e in made if isinstance(made, (list, tuple)) else (made,):
        for write in WRITERS.values() if isinstance(e, sd.Expr) else ():
            with contextlib.suppress(sd.SymdiffError):
                write(e)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("first", range(0, len(NAMES), 40))
@pytest.mark.parametrize("seed", [1, *(pytest.param(k, marks=pytest.mark.long) for k in (2, 3, 5))])
def test_every_public_function(first, seed):
    found = []
    for name in NAMES[first : first + 40]:
        for k in range(2):
            try:
                every_call(random.Random(f"{name} {seed} {k}"), name)
            except Exception as error:
                found.append(f"{name} {seed} {k}: {type(error).__name__}: {str(error)[:100]}")
    assert found == []


def test_the_error_is_of_both_kinds():
    g = sd.Graph()
    v, S = g.variable("v", 3), g.variable("S", (3, 3))
    with pytest.raises(TypeError, match="multi_dot: "):
        sd.linalg.multi_dot(3.0)
    with pytest.raises(sd.GraphError, match=r"exprel\(\): missing a required argument.*; it is exprel\(x\)"):
        sd.exprel()
    with pytest.raises(sd.InputError, match="tensorinv: ") as caught:
        sd.tensorinv(S, [1, 2])
    assert caught.value.__cause__ is not None
    for call in (sd.evaluate, lambda e, at: sd.function(["S"], e)(at["S"])):
        with pytest.raises(np.linalg.LinAlgError, match=r"inv \(node \d+\): Singular") as caught:
            call(sd.inv(S), {"S": np.ones((3, 3))})
        assert isinstance(caught.value, sd.InputError)
    with pytest.raises(sd.InputError):
        sd.linalg.inv(np.ones((3, 3)))
    assert sd.sum(v).shape == ()


def test_a_function_of_two_names_is_checked_by_both():
    for name in ("row_stack", "vstack"):
        with pytest.raises(sd.SymdiffError, match=rf"{name}\(\): missing"):
            getattr(sd, name)()


@pytest.mark.parametrize("name", ["grad", "sum", "sin", "evaluate", "where", "matmul"])
def test_public_functions_are_pickled(name):
    assert pickle.loads(pickle.dumps(getattr(sd, name))) is getattr(sd, name)
