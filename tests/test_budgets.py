"""Short texts that ask for much: printed as statements, read within a budget that the error names, or computed."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import symdiff as sd
from symdiff import budget
from symdiff.algebra import entries


def squared(times):
    t = sd.Graph().variable("t", "n n")
    for _ in range(times):
        t = t @ t
    return t


def nested(function, times, **shapes):
    return sd.parse(f"{function}(" * times + "v" + ")" * times, **shapes)


LONG = {  # expressions whose whole formula would be long: the largest value that is compared
    "Horner's scheme": lambda: sd.grad(sd.parse(f"polyval([{', '.join(['1'] * 35)}], x)"), "x"),
    "a product of sums": lambda: sd.grad(sd.parse("*".join(f"(x + {k})" for k in range(1, 41))), "x"),
    "a product of many sums": lambda: sd.parse("*".join(f"(x + {k})" for k in range(1, 200))),
    "a power of a matrix": lambda: sd.parse("matrix_power(X/2, 1000)", X="n n"),
    "squares of squares": lambda: squared(10),
    "squares of squares, summed": lambda: sd.sum(squared(12)),
    "softmax of softmax": lambda: sd.grad(sd.sum(nested("softmax", 30, v="n") ** 2), "v"),
    "continued fraction": lambda: sd.grad(sd.parse("1/(1 + " * 30 + "x" + ")" * 30), "x"),
    "functions of functions": lambda: sd.grad(sd.sum(nested("tanh", 80, v="n")), "v"),
    "matrix functions of matrix functions": lambda: sd.sum(nested("expm", 40, v="n n")),
    "roots of roots": lambda: sd.grad(sd.parse("sqrt(1 + " * 30 + "x" + ")" * 30), "x"),
    "sums of sums": lambda: sd.parse("(a + " * 40 + "x*y" + ")*(x - y)" * 40),
    "a tower": lambda: sd.grad(sd.parse("(1 + " * 20 + "x" + ")**x" * 20), "x"),
}


@pytest.mark.parametrize("name", LONG)
def test_long_formulas_are_statements(name):
    e = LONG[name]()
    text = str(e)
    assert len(text) < 40_000
    assert str(e) == text  # what is known by now changes nothing
    if text.startswith("<"):
        return
    rng = np.random.default_rng(3)
    g = e.graph
    at = {v: rng.uniform(0.1, 0.4, [3] * len(g.shape(g._variables[v]))) for v in e.variables}
    again = sd.parse(text, graph=g)
    np.testing.assert_allclose(sd.evaluate(again, at), sd.evaluate(e, at), rtol=1e-9, atol=1e-29)
    for written in (e.latex(), e.to_python(), repr(e)):
        assert len(written) < 80_000
    np.testing.assert_allclose(sd.evaluate(sd.simplify(e), at), sd.evaluate(e, at), rtol=1e-9, atol=1e-29)


def test_what_takes_too_long_to_search_is_given_up():
    e = squared(10)
    with sd.budgets(search=0):
        assert str(e).startswith("<contract")
    with sd.budgets(listed=3):
        assert str(sd.exp(e)).startswith("<exp")
    with sd.budgets(search=0), pytest.raises(sd.BudgetError, match="index notation"):
        e.index_notation()


def test_entries_that_are_read_count_as_search(monkeypatch):
    """Each line reads the entries of the one before twice."""
    read, entry = [], entries._entry
    monkeypatch.setattr(entries, "_entry", lambda *given: (read.append(1), entry(*given))[1])
    lines = ["a = r", *["a = concat([a[1:], a[:1]])*a"] * 24, "a"]
    assert str(sd.parse("\n".join(lines), r=6))
    assert 0 < len(read) < 10_000  # as many as the budget of a search, for each way to cut the formula


@pytest.mark.parametrize("text", ["*".join(f"norm(v - {k}*w)" for k in range(1, 7)), "sum((v*w - v)**2)*sum(exp(v)*w)"])
def test_a_search_that_gives_up_changes_no_derivative(text):
    rng = np.random.default_rng(5)
    at = {"v": rng.normal(size=3), "w": rng.normal(size=3)}
    wanted = sd.evaluate(sd.hessian(sd.parse(text, v="n", w="n"), "v"), at)
    with sd.budgets(search=0):
        found = sd.evaluate(sd.hessian(sd.parse(text, v="n", w="n"), "v"), at)
    np.testing.assert_allclose(found, wanted, rtol=1e-12)


BIG = [  # a text, and the budget that it meets
    ("split(ones(10**6), 10**6)[0]", "nodes"), ("array_split(v, 10**6)[0]", "nodes"), ("diff(v, 10**6)", "nodes"),
    ("vander(v, 100000)", "nodes"), ("polyval(ones(10**6), x)", "nodes"), ("vstack(ones(10**6))", "nodes"),
    ("hstack(ones(10**6))", "nodes"), ("column_stack(ones(10**6))", "nodes"),
    ("convolve(ones(10**6), v)", "nodes"), ("select(ones(10**6), ones(10**6))", "nodes"),
    ("multi_dot(ones((10**6, 3)))", "nodes"), ("gather(v, zeros(10**6))", "nodes"),
    (" + ".join(f"sum(split(ones({k}), {k})[0])" for k in range(5000, 5004)), "nodes"),
    ("\n".join(["a0 = w", *(f"a{k} = outer(a{k - 1}, a{k - 1})" for k in range(1, 30)), "a29"]), "factors"),
    ("v[" + "None, " * 40 + "]", "axes"), ("einsum('i->" + "i" * 40 + "', v)", "axes"),
    ("reshape(v, (" + "1, " * 40 + "-1))", "axes"), ("ones((" + "1, " * 40 + "))", "axes"),
    ("(2**4000*x)*(2**4000*x)", "bits"), ("2**100000", "bits"), ("x*10**1300", "bits"), ("1/3**3000", "bits"),
    ("x**(10**7)", "exponent"), ("repeat(v, 10**7)", "entries"), ("matrix_power(outer(v, v), 10**9)", "entries"),
    ("multigammaln(x, 10**9)", "nodes"), ("multigammaln(10**300, 7000)*x", "nodes"),
    ("(" * 200 + "x" + ")" * 200, "brackets"), ("x" * 300_000, "characters"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "name"), BIG)
def test_budgets_are_named(text, name):
    g = sd.Graph()
    with pytest.raises(sd.BudgetError) as caught:
        sd.parse(text, graph=g, v=2_000_000, **({"w": "n"} if "a0 = w" in text else {}))
    assert isinstance(caught.value, sd.ParseError)
    assert f"budgets({name}=" in str(caught.value)
    assert len(str(caught.value)) < 600
    assert len(g) == 0


def test_derivatives_of_high_order_by_recurrence_are_within_the_budget():
    x = sd.Graph().variable("x")
    for function in (sd.special.jvp, sd.special.yvp, sd.special.ivp, sd.special.kvp):
        with pytest.raises(sd.BudgetError, match="nodes"):
            function(1, x, 10**9)


def test_a_block_of_one_array_is_that_array():
    """As numpy has it, whatever its size: no entry becomes a node."""
    g = sd.Graph()
    assert sd.parse("block(ones(10**6))", graph=g).same_as(sd.ones(10**6, graph=g))
    assert len(g) < 5


def test_a_budget_can_be_raised():
    v = sd.Graph().variable("v", 30_000)
    with pytest.raises(sd.BudgetError, match="SYMDIFF_MAX_NODES"):
        sd.split(v, 30_000)
    with sd.budgets(nodes=30_000):
        assert len(sd.split(v, 30_000)) == 30_000
    with pytest.raises(sd.BudgetError):
        sd.split(v, 30_000)
    with sd.budgets(axes=40):
        assert v[(None,) * 35].ndim == 36


def test_the_environment_raises_a_budget():
    def run(**given):
        code = "import symdiff as sd; print(sd.parse('v[' + 'None, '*35 + ']', v='n').ndim)"
        return subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=False,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent), **given},
        )  # fmt: skip

    assert "SYMDIFF_MAX_AXES" in run().stderr
    assert run(SYMDIFF_MAX_AXES="40").stdout == "36\n"
    assert "expected a whole number, got 'many'" in run(SYMDIFF_MAX_AXES="many").stderr


@pytest.mark.parametrize("figures", [{"node": 3}, {"nodes": -1}, {"nodes": 1.5}, {"nodes": "9"}, {"nodes": True}])
def test_figures_that_are_none(figures):
    with pytest.raises(sd.InputError), sd.budgets(**figures):
        pass


def test_every_budget_is_described():
    assert all(f"``{name}``" in sd.budgets.__doc__ for name in budget.FIGURES)


def test_a_graph_of_any_size_may_be_built():
    x = sd.Graph().variable("x")
    e = x
    for _ in range(30_000):
        e = sd.sin(e)
    assert len(e.graph) == 30_001
    assert str(e).startswith("<sin")


BEYOND = [  # what has no number of its own, or one beyond the doubles, and its value
    ("1/0", np.inf), ("-1/0", -np.inf), ("(x - x)/(x - x)", np.nan), ("0/0", np.nan), ("1/(x - x)", np.inf),
    ("sqrt(10**400)*x", np.inf), ("exp10(1000000)*x", np.inf), ("10**400*x/10**399", 10), ("exp(10**400)", np.inf),
    ("-(10**400)*x", -np.inf), ("x/10**400", 0.0), ("2**0.5**-4000*x", np.inf), ("0*x", 0.0),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), BEYOND)
def test_numbers_beyond_all_doubles(text, value):
    e = sd.parse(text)
    at = dict.fromkeys(e.variables, 1.0)
    np.testing.assert_equal(sd.evaluate(e, at), value)
    written = str(e), e.latex(), e.to_python(), repr(e)
    assert all(len(w) < 50_000 for w in written)
    s = sd.simplify(e)
    assert isinstance(s, sd.Expr)
    if not np.isfinite(value):
        assert not np.isfinite(sd.evaluate(s, dict.fromkeys(s.variables, 1.0))) or "400" in text


def typed():
    g = sd.Graph()
    x, y, v = g.variable("x"), g.variable("y"), g.variable("v", "n")
    c, positive, nothing = g.variable("c", dtype="bool"), x > 0, x * 0
    return {
        "or": sd.logical_or(positive, nothing + 1), "or False": sd.logical_or(positive, False),
        "and": sd.logical_and(positive, nothing == 0), "and 0": sd.logical_and(positive, nothing),
        "xor": sd.logical_xor(nothing, positive), "xor True": sd.logical_xor(positive, True),
        "xor 3": sd.logical_xor(positive, nothing + 3), "not": sd.logical_not(nothing > 0),
        "numbers": sd.logical_or(positive, y), "names": c & (nothing == 0), "array": sd.logical_or(v > 0, nothing),
        "both": sd.logical_and(nothing + 1, nothing == 0), "mask": sd.where(sd.logical_or(positive, nothing), y, 0),
        "slice": v[-2:][::-2], "last": v[-7:][5::-2], "turned": v[::-1][:4][::3], "inner": v[-6:-1][::2],
        "no rows": g.constant(np.zeros((0, 2))) * x, "no columns": g.constant(np.zeros((2, 0))) + x,
        "nothing": g.constant(np.zeros((3, 0, 2))) + x, "empty": g.constant(np.zeros(0)) * x,
    }  # fmt: skip


@pytest.mark.parametrize("name", typed())
def test_texts_read_back(name):
    e = typed()[name]
    again = sd.parse(str(e), graph=e.graph)
    for x in (-1.0, 0.0, 2.0):
        at = {"x": x, "y": 3.0, "v": np.arange(9.0) - 4, "c": True}
        found, wanted = (sd.evaluate(f, {v: at[v] for v in f.variables}) for f in (again, e))
        np.testing.assert_array_equal(np.asarray(found, float), np.asarray(wanted, float))
        assert np.shape(found) == np.shape(wanted)


def test_a_long_array_is_shortened_and_says_so():
    x = sd.Graph().variable("x")
    e = x * np.arange(100.0).reshape(10, 10)
    assert str(e) == "x*array([0.0, ..., 99.0], shape=(10, 10))"
    with pytest.raises(sd.ParseError, match="entries that the text leaves out"):
        sd.parse(str(e))
    assert "array" in e.latex()
    assert "(" not in e.latex()


def test_letters_beyond_the_alphabet():
    v = sd.Graph().variable("v", "n")
    J = sd.jacobian(v[(None,) * 25], "v")
    assert J.shape == (*(1,) * 25, "n", "n")
    again = sd.parse(str(J), v="n")
    assert again.shape == J.shape
    assert "I" in str(J)
    assert isinstance(J.index_notation(), str)
    assert isinstance(J.latex(), str)


def test_positions_within_positions():
    """Each padding by reflection chooses among the entries of the one within."""
    e = sd.parse("pad(" * 40 + "r" + ", 1, mode='reflect')" * 40, r=6)
    with pytest.raises(sd.BudgetError, match="index notation: more than 200000 characters"):
        e.index_notation()
    assert len(e.latex()) < 1000
    np.testing.assert_array_equal(sd.evaluate(e, {"r": np.arange(6.0)}).shape, (86,))


@pytest.mark.parametrize("text", ["fmax(" * 80 + "x" + ", y)" * 80, "elu(" * 80 + "x" + ")" * 80])
def test_a_shortest_form_that_is_alone_is_not_written_out(text):
    """Its tree shares its parts: written out it would have 2**80."""
    e = sd.parse(text)
    at = dict.fromkeys(e.variables, 0.5)
    assert sd.evaluate(sd.simplify(e), at) == pytest.approx(sd.evaluate(e, at))
