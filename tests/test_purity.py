"""Printing is pure: a text depends on the expression alone, not on what its graph held, printed or declared before."""

import copy
import itertools
import os
import pickle
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import symdiff as sd
from benchmarks.scalar_formulas import FORMULAS

SHAPES = dict.fromkeys("xyzab", "") | dict.fromkeys("uvw", "n") | dict.fromkeys("ABS", "n n") | {"p": "m", "C": "m n"}

POOL = [  # (expression, what is done to it, by which variable)
    ("z*(y - x)", None, ""),
    ("(x - y)**3", None, ""),
    ("(x - y)**3", "grad", "x"),
    ("x*y", None, ""),
    ("y*x", "grad", "y"),
    ("y + x", None, ""),
    ("sin(x)/x", "grad", "x"),
    ("sin(x)/x", "hessian", "x"),
    ("cos(y - x)*sin(x - y)", None, ""),
    ("abs(x - y)*sin(y - x)", "grad", "x"),
    ("exp(a*x)*sin(b*x)", None, ""),
    ("exp(a*x)*sin(b*x)", "grad", "x"),
    ("log(x)*x*y", "grad", "x"),
    ("x**2*y*a", "hessian", "x"),
    ("(x**2 - y)/(y - x**2 + a)", "grad", "y"),
    ("sin(x*y)*cos(y*x)", "hessian", "x"),
    ("a/(b - a*x)", "hessian", "x"),
    ("x*(1 - x/a)*y", "hessian", "x"),
    ("where(x > y, x*y, y - x)", "grad", "x"),
    ("maximum(x - y, y - x)", "grad", "x"),
    ("inv(B) @ inv(A)", None, ""),
    ("inv(A.T) @ B", None, ""),
    ("inv((A @ B).T)", None, ""),
    ("logdet(A.T)", None, ""),
    ("logdet(A)*trace(B.T @ A)", "grad", "A"),
    ("u @ inv(A) @ v", "grad", "A"),
    ("exp(A.T)*B", None, ""),
    ("sum(exp(A)*B.T)", "grad", "A"),
    ("trace(expm(A.T) @ B)", None, ""),
    ("prod(u)", "hessian", "u"),
    ("v @ u + u @ w", "grad", "u"),
    ("sum(w*sin(u - v))", "grad", "v"),
    ("norm2(A @ u - v)", "hessian", "u"),
    ("logsumexp(C @ u - p)", "hessian", "u"),
    ("sum(log(1 + exp(-v*(A @ u))))", "grad", "u"),
    ("softmax(u) @ v", "grad", "u"),
    ("(v @ w)*(w @ u)", "grad", "w"),
    ("cumprod(u) @ v", "grad", "u"),
    ("S @ A + A @ S", None, ""),
    ("A.T @ B + B.T @ A", None, ""),
    ("kron(A, B) @ kron(B, A)", None, ""),
]


def build(entry, graph):
    text, kind, wrt = entry
    names = [name for name in SHAPES if name in "".join(c if c.isalnum() else " " for c in text).split()]
    for name in names:
        graph.variable(name, SHAPES[name], assume="symmetric" if name == "S" else ())
    e = sd.parse(text, graph=graph)
    return e if kind is None else getattr(sd, kind)(e, wrt)


def texts(e):
    """All that is written of an expression."""
    return str(e), e.latex(), e.index_notation(), e.to_python(), str(sd.simplify(e))


def alone(entry):
    return texts(build(entry, sd.Graph()))


def check_pairs(pairs):
    """The second of each pair has the text that it has in a graph of its own."""
    known = {}
    for first, second in pairs:
        g = sd.Graph()
        texts(build(first, g))
        if second not in known:
            known[second] = alone(second)
        assert texts(build(second, g)) == known[second], f"after {first}"


def test_a_text_does_not_depend_on_what_was_printed_before():
    check_pairs([p for k, p in enumerate(itertools.permutations(POOL, 2)) if k % 13 == 0])


@pytest.mark.long
def test_no_text_depends_on_what_was_printed_before():
    check_pairs(itertools.permutations(POOL, 2))


@pytest.mark.parametrize("entry", POOL, ids=str)
def test_a_text_does_not_depend_on_the_order_of_declarations(entry):
    for names in (sorted(SHAPES), sorted(SHAPES, reverse=True)):
        g = sd.Graph()
        for name in names:
            g.variable(name, SHAPES[name], assume="symmetric" if name == "S" else ())
        assert texts(build(entry, g)) == alone(entry)


@pytest.mark.parametrize("f", ["expm", "sinm", "logm"])
def test_directions_stand_as_they_were_taken(f):
    def second(names):
        g = sd.Graph()
        at = {name: g.variable(name, (2, 2)) for name in names}
        first = sd.sum(sd.grad(sd.sum(getattr(sd.linalg, f)(at["X"])), "X") * at["V"])
        return str(sd.grad(sd.sum(sd.grad(first, "X") * at["W"]), "X"))

    assert len({second(names) for names in itertools.permutations("XVW")}) == 1


@pytest.mark.parametrize("entry", [*POOL[::3], ("prod(u)", "hessian", "u")], ids=str)
def test_copies_have_the_same_texts(entry, tmp_path):
    e = build(entry, sd.Graph())
    sd.save(e, tmp_path / "e.json")
    for other in (copy.deepcopy(e), pickle.loads(pickle.dumps(e)), sd.load(tmp_path / "e.json")):
        assert texts(other) == texts(e)


TURNED = [  # of each sign and orientation one is kept: the other is written by it
    "sin(x - y)*exp(sin(y - x))",
    "tanh(y - x) + 2*tanh(x - y)",
    "cos(x - y)*erf(y - x) + abs(y - x)",
    "(x - y)**3*exp(y - x) + 1/(y - x)",
    "sin(A - B) + 2*sin((B - A).T)",
    "exp(A.T) @ exp(A)",
    "tanh(A)*tanh(A.T @ B) + tanh(B.T @ A)",
    "where(A > 0, A, B) @ where(A.T > 0, A.T, B.T)",
    "inv(A.T) @ B @ inv(A)",
    "expm(A.T) @ expm(A)",
    "logdet(A.T)*A + logdet(A)*B",
    "hypot(x, y) - 2*hypot(y, x)",
    "maximum(x - y, 0) - minimum(y - x, 0)",
    "exp(outer(u, v)) @ exp(outer(v, u))",
]


@pytest.mark.parametrize("text", [*TURNED, *(text for text, kind, _ in POOL if kind is None)])
def test_what_is_turned_keeps_its_value(text):
    e = build((text, None, ""), sd.Graph())
    rng = np.random.default_rng(0)
    at = {name: rng.standard_normal([3] * len(SHAPES[name].split())) for name in e.variables}
    at |= {name: at[name] @ at[name].T + 3 * np.eye(3) for name in "ABS" if name in at}
    at |= {name: value + np.triu(value) for name, value in at.items() if name in "AB"}  # positive, not symmetric
    at |= {"x": np.float64(1.3)} if "log(x)" in text else {}
    for shown in (sd.parse(str(e), graph=e.graph), sd.simplify(e)):
        np.testing.assert_allclose(sd.evaluate(shown, at), sd.evaluate(e, at), rtol=1e-9)


def test_printing_leaves_the_graph_as_it_was():
    g = sd.parse("norm2(A @ x - b)**2", A="m n", x="n", b="m").diff("x").graph
    nodes = len(g)
    assert str(sd.Expr(g, nodes - 1)) == "2*A.T @ (A @ x - b)"
    assert len(g) == nodes


def test_printing_does_not_change_what_is_derived_next():
    e = sd.parse("sin(x)/x")
    quiet = str(e.diff("x").diff("x"))
    spoken = sd.parse("sin(x)/x")
    first = spoken.diff("x")
    texts(first)
    assert str(first.diff("x")) == quiet


def test_a_product_keeps_its_order_beside_the_reverse():
    x, y = sd.Graph().variables("x y")
    assert [str(e) for e in (y * x, x * y, y + x, x + y)] == ["y*x", "x*y", "y + x", "x + y"]


def test_the_hessian_of_a_product_is_short_whatever_became_of_its_graph():
    f = sd.parse("prod(u)", u="n")
    text = str(sd.hessian(f, "u"))
    assert text == str(sd.hessian(copy.deepcopy(f), "u")) == "prod(u)*((1/u)[:, None] - diag(1/u))/u"
    f = sd.parse("prod(u)", u="n")

    def taken_back():
        with f.graph.transaction():
            assert str(sd.hessian(f, "u")) == text
            raise KeyError

    with pytest.raises(KeyError):
        taken_back()
    assert str(sd.hessian(f, "u")) == text


@pytest.mark.parametrize("seed", ["1", "2"])
def test_texts_do_not_depend_on_the_hash_seed(seed):
    program = "from tests.test_purity import POOL, alone\nfor entry in POOL: print(repr(alone(entry)))"
    environment, root = {**os.environ, "PYTHONHASHSEED": seed}, Path(__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", program], env=environment, cwd=root, capture_output=True, check=True)
    assert done.stdout.decode().splitlines() == [repr(alone(entry)) for entry in POOL]


@pytest.mark.parametrize("seed", range(2))
def test_derivatives_of_many_formulas_in_one_graph_print_as_in_one_of_their_own(seed):
    """Twice differentiated in one graph in any order, its variables declared in any order."""

    def texts(formula, graph):
        first = sd.parse(formula, graph=graph).diff("x")
        return str(first), str(sd.simplify(first)), str(first.diff("x"))

    shuffled = random.Random(seed)
    formulas, names = list(FORMULAS), list("xaby")
    shuffled.shuffle(formulas)
    shuffled.shuffle(names)
    g = sd.Graph()
    g.variables(names)
    assert [f for f in formulas if texts(f, g) != texts(f, sd.Graph())] == []
