"""The checker is checked: planted wrong rules are caught, right ones pass, and kinks and domains are
reported."""

import numpy as np
import pytest

import symdiff as sd
from symdiff.check import check_domain, check_grad
from symdiff.errors import CheckError, GradientError, InputError, SymdiffError
from symdiff.op import OPS, Linear, Networks, Op, Partials, Term
from symdiff.shapes import broadcast

from . import matrix_expressions


def op(name, arity, evaluate, derivative, infer=None):
    """A record that is in no registry."""
    infer = infer or (lambda params, s, d: (broadcast(*s), "float64"))
    return Op(name, arity, infer, evaluate, derivative, elementwise=isinstance(derivative, Partials))


RIGHT_SIN = op("right_sin", 1, np.sin, Partials((sd.cos,)))
RIGHT_FLIP = op(
    "right_flip",
    1,
    np.flip,
    Linear(lambda xs, p, lead: sd.flip(xs[0], -1), lambda k, ct, xs, p, lead: sd.flip(ct, -1)),
)
WRONG = {
    "2.001 times": op("slightly", 1, np.sin, Partials((lambda x: 1.001 * sd.cos(x),))),
    "wrong sign": op("sign", 1, np.cos, Partials((sd.sin,))),
    "partials exchanged": op("exchanged", 2, np.divide,
        Partials((lambda x, y: -x / y**2, lambda x, y: 1 / y))),
    "a missing term": op("missing", 1, lambda x: x * np.sin(x), Partials((lambda x: x * sd.cos(x),))),
    "right at first order only": op("first", 1, np.square, Partials((lambda x: 2 * sd.stop_gradient(x),))),
    "wrong transpose": op(
        "running", 1, np.cumsum,
        Linear(lambda xs, p, lead: sd.cumulative_sum(xs[0], lead),
            lambda k, ct, xs, p, lead: sd.cumulative_sum(ct, lead)),
    ),
    "wrong forward": op("doubled", 1, lambda x: 2 * x,
        Linear(lambda xs, p, lead: 3 * xs[0], lambda k, ct, xs, p, lead: 2 * ct)),
    "broadcasting ignored": op(
        "stretched", 2, lambda x, y: x + y,
        Networks(lambda k, y, xs, params: [Term(1, [], [0], [0])] if k == 0 else [Term(1 / 3,
            [(xs[1] * 0 + 1, [1])], [0], [1])]),
    ),
    "labels exchanged": op(
        "transposed", 1, lambda x: x @ x,
        Networks(lambda k, y, xs, params: [Term(1, [(xs[0], "bj")], "ab", "aj"),
            Term(1, [(xs[0], "ai")], "ab", "ib")]),
    ),
    "an untaken branch": op("masked", 1, lambda x: np.where(x > 0, x**2, 0), Partials((lambda x: 2 * x,))),
}  # fmt: skip
OPERANDS = {
    "partials exchanged": ("3", "3"),
    "broadcasting ignored": ("3", "1"),
    "labels exchanged": ("3 3",),
}


def applied(record, shapes):
    g = sd.Graph()
    xs = [g.variable(f"x{k}", shape) for k, shape in enumerate(shapes)]
    return xs[0].apply(record, xs, ()), xs


@pytest.mark.parametrize("name", WRONG)
def test_planted_wrong_rules_are_caught(name, rng):
    y, xs = applied(WRONG[name], OPERANDS.get(name, ("3",)))
    at = {x: -rng.uniform(0.5, 2, x.shape) for x in xs}
    with pytest.raises(CheckError) as caught:
        check_grad(y, xs, at)
    assert WRONG[name].name in str(caught.value) or name == "right at first order only"
    assert isinstance(caught.value, AssertionError)
    assert isinstance(caught.value, SymdiffError)


@pytest.mark.parametrize("record", [RIGHT_SIN, RIGHT_FLIP], ids=lambda r: r.name)
def test_right_rules_pass(record, rng):
    y, xs = applied(record, ("3",))
    assert 0 <= check_grad(y, xs, {x: rng.normal(size=3) for x in xs}, order=3) < 1e-9


def test_the_worst_entry_is_named(rng):
    y, (x,) = applied(op("third", 1, np.sin, Partials((lambda x: sd.cos(x) * np.array([1, 1, 2]),))), ("3",))
    with pytest.raises(
        CheckError, match=r"derivative of node \d+ \(third\) by x0 .* at entry \(2,\), differences give"
    ):
        check_grad(y, x, {x: [0.1, 0.2, 0.3]})


def test_a_wrong_rule_deep_inside_is_caught(rng):
    x = sd.Graph().variable("x", 4)
    h = sd.exp(x).apply(WRONG["2.001 times"], (sd.exp(x),), ())
    with pytest.raises(CheckError):
        check_grad(sd.sum(h**2), x, {x: rng.normal(size=4)})


def test_order_says_how_deep(rng):
    y, (x,) = applied(WRONG["right at first order only"], ("3",))
    at = {x: rng.normal(size=3)}
    assert check_grad(y, x, at, order=1) < 1e-9
    with pytest.raises(
        CheckError,
        match=r"(reverse|forward) (reverse|forward) derivative",
    ):
        check_grad(y, x, at, order=2)


def test_many_entries_are_compared_along_directions(rng):
    g = sd.Graph()
    A, x = g.variable("A", "20 30"), g.variable("x", 30)
    at = {A: rng.normal(size=(20, 30)), x: rng.normal(size=30)}
    assert check_grad(sd.sum(sd.tanh(A @ x)), [A, x], at) < 1e-8
    tilted = op(
        "tilted", 1, np.copy, Linear(lambda xs, p, lead: xs[0], lambda k, ct, xs, p, lead: 1.001 * ct)
    )
    with pytest.raises(CheckError, match="along random directions"):
        check_grad(A.apply(tilted, (A,), ()) @ x, [A], at)


def test_single_precision_has_its_own_tolerance(rng):
    x = sd.Graph().variable("x", 3, dtype="float32")
    at = {x: rng.normal(size=3)}
    assert 1e-9 < check_grad(sd.sum(sd.sin(x) * x), x, at) < 2e-3
    with pytest.raises(CheckError):
        check_grad(sd.sum(sd.sin(x) * x), x, at, tolerance=1e-9)


def test_the_graph_stays_as_it_was():
    x = sd.Graph().variable("x")
    y = sd.log(x)
    size = len(x.graph)
    check_grad(y, "x", {"x": 2.0})
    check_domain(y, {"x": 2.0})
    assert len(x.graph) == size
    assert x.graph.variable_names() == ("x",)


def test_at_may_name_other_variables_and_interior_nodes(rng):
    g = sd.Graph()
    x, a = g.variables("x a")
    h = sd.sin(x)
    y = a * h**2 + x
    assert check_grad(y, [h, "a"], {"x": 0.3, "a": 2.0}) < 1e-9
    assert check_grad(h**3, h, {h: 0.3}) < 1e-9


def test_nonsense_is_refused():
    x = sd.Graph().variable("x")
    k = x.graph.variable("k", dtype="int64")
    with pytest.raises(InputError, match="order"):
        check_grad(x, x, {x: 1.0}, order=0)
    with pytest.raises(InputError, match="expected an expression"):
        check_grad(3, x, {x: 1.0})
    with pytest.raises(InputError, match="'q'"):
        check_grad(x, x, {"q": 1.0})
    with pytest.raises(InputError, match="another graph"):
        check_domain(x, {sd.Graph().variable("x"): 1.0})
    with pytest.raises(GradientError, match="int64"):
        check_grad(x * k, k, {x: 1.0, k: 2})
    with pytest.raises(InputError, match="missing value"):
        check_grad(x * k, x, {x: 1.0})


def test_a_point_outside_the_domain_fails_with_a_hint():
    x = sd.Graph().variable("x")
    with pytest.raises(CheckError, match="check_domain"):
        check_grad(sd.log(x), x, {x: -1.0})


# --- check_domain -------------------------------------------------------------------------------------------

F = sd.op.FUNCTIONS
ON = "on a kink"
OUT = "outside its domain"
STEEP = "at an end of its domain, where its slope is infinite"
REPORTS = [
    (lambda x: sd.log(x), 1.0, []),
    (lambda x: sd.log(x), 0.0, [("log", OUT)]),
    (lambda x: sd.sqrt(x - 1), 0.5, [("sqrt", OUT)]),
    (lambda x: 1 / (x - 1), 1.0, [("divide", OUT)]),
    (lambda x: x**-2, 0.0, [("pow", OUT)]),
    (lambda x: x**2.5, -1.0, [("pow", OUT)]),
    (lambda x: x**3, -1.0, []),
    (lambda x: sd.maximum(x, 0.3), 0.1 + 0.2, [("maximum", ON)]),
    (lambda x: sd.abs(x), 1e-300, []),
    (lambda x: sd.relu(x), 0.0, [("relu", ON)]),
    (lambda x: sd.maximum(x, 2 * x), 0.0, [("maximum", ON)]),
    (lambda x: sd.where(x > 1, x, x**2), 1.0, [("greater", ON)]),
    (lambda x: sd.floor(3 * x), 1.0, [("floor", ON)]),
    (lambda x: sd.round(x), 2.5, [("round", ON)]),
    (lambda x: sd.round(x), 2.0, []),
    (lambda x: sd.norm2(x), [0.0, 0.0], [("norm2", ON)]),
    (lambda x: F["max"](x), [1.0, 2.0, 2.0], [("max", ON)]),
    (lambda x: F["max"](x), [1.0, 2.0, 3.0], []),
    (lambda x: F["min"](x, axis=1), [[1.0, 1.0], [2.0, 3.0]], [("min", ON)]),
    (lambda x: sd.acos(x), 2.0, [("acos", OUT)]),
    (lambda x: sd.gammaln(x), -2.0, [("gammaln", OUT)]),
    (lambda x: sd.log(sd.abs(x)), 0.0, [("abs", ON), ("log", OUT)]),
    (lambda x: sd.sqrt(x), 0.0, [("sqrt", STEEP)]),
    (lambda x: sd.sqrt(x**2), 0.0, [("sqrt", STEEP)]),
    (lambda x: x**0.5 + x**2, 0.0, [("pow", STEEP)]),
    (lambda x: sd.acos(x) * (x - 1), 1.0, [("acos", STEEP)]),
    (lambda x: sd.xlogy(x, x), 0.0, [("xlogy", STEEP)]),
    (lambda x: sd.where(x > 5, sd.abs(x), 1), 0.0, [("abs", ON)]),
    (lambda x: (x - 1) * sd.sign(x - 1), 1.0, [("sign", ON)]),
    (lambda x: sd.where(x == 1, 2, x), 1.0, [("equal", ON)]),
    (lambda x: sd.sort(x)[0], [1.0, 1.0, 2.0], [("argsort", ON)]),
    (lambda x: sd.median(x), [1.0, 2.0, 2.0], [("argsort", ON)]),
    (lambda x: sd.argmax(x), [2.0, 2.0], [("argmax", ON)]),
    (lambda x: sd.inv(x)[0, 0] + sd.abs(x[0, 0] - 1), np.ones((2, 2)), [("inv", OUT), ("abs", ON)]),
    (lambda x: sd.solve(x, x[0])[0], np.zeros((2, 2)), [("solve", OUT)]),
    (lambda x: sd.sum(sd.eigvalsh(x)), np.eye(2), [("eigvalsh", ON)]),
    (lambda x: sd.logdet(x), np.ones((2, 2)), [("slogdet", OUT)]),
    (lambda x: sd.det(x), np.ones((2, 2)), []),
]


@pytest.mark.parametrize("row", range(len(REPORTS)))
def test_check_domain(row):
    f, at, wanted = REPORTS[row]
    x = sd.Graph().variable("x", np.shape(at))
    report = check_domain(f(x), {x: at})
    assert [(found.op, found.reason) for found in report] == wanted
    assert bool(report) == bool(wanted)
    assert len(report) == len(wanted)
    for found in report:
        assert x.graph.operation(found.node) == found.op


@pytest.mark.parametrize("f", [sd.cholesky, sd.eigvalsh, sd.eigvecs])
def test_what_is_read_as_its_symmetric_part_is_a_note(f):
    x = sd.Graph().variable("X", (2, 2))
    report = check_domain(f(x), {x: [[2.0, 1.0], [0.0, 3.0]]})
    assert not report
    assert "read as the symmetric (X + X.T)/2" in str(report.notes[0])
    assert not check_domain(f(x), {x: [[2.0, 1.0], [1.0, 3.0]]}).notes


def test_the_graph_is_neither_copied_nor_changed(monkeypatch):
    x = sd.Graph().variable("x", 3)
    e = sd.sum(sd.log(sd.abs(x)) / sd.sqrt(x))
    size = len(x.graph)
    monkeypatch.delattr("copy.deepcopy")
    assert len(check_domain(e, {x: [0.0, 1.0, 2.0]})) == 4
    assert len(x.graph) == size


def test_findings_say_which_entries():
    x = sd.Graph().variable("x", "n")
    y = sd.log(x)
    (found,) = check_domain(y, {x: [1.0, -1.0, 0.0]})
    assert found.node == y.node
    assert found.where.tolist() == [False, True, True]
    assert found.inputs[0].tolist() == [1, -1, 0]
    assert (
        str(found) == f"node {y.node} (log) is outside its domain in 2 of 3 entries, value [  0.  nan -inf]"
    )
    assert "every node" in str(check_domain(y, {x: [1.0]}))


def test_every_domain_and_kink_can_be_asked(rng):
    """The records' domains and kinks are expressions of their operands, at a point of `samples` neither is
    met."""
    for name, record in OPS.items():
        if not record.elementwise or (record.domain is None and record.kink is None):
            continue
        xs = sd.Graph().variables([f"x{k}" for k in range(record.arity)])
        at = {x: rng.uniform(*interval) for x, interval in zip(xs, record.samples, strict=True)}
        assert not check_domain(record(*xs), at), name


def test_matrix_expressions_are_off_their_kinks():
    for text, declared, _ in matrix_expressions.EXPRESSIONS:
        e, at = matrix_expressions.build(text, declared)
        assert not check_domain(e, at), text


def test_repeated_singular_values_are_a_kink():
    x = sd.Graph().variable("x", "3 3")
    report = check_domain(sd.sum(F["svdvals"](x) ** 3), {x: np.diag([2.0, 2.0, 1.0])})
    assert [(found.op, found.reason) for found in report] == [("svd", ON)]


@pytest.mark.parametrize(("text", "reason"), [("abs(x)", "on a kink"), ("log(x)", "outside its domain")])
def test_a_point_without_a_derivative_is_named(text, reason):
    with pytest.raises(sd.CheckError, match=rf"but node 1 \({text[:-3]}\) is ({reason}) at this point"):
        sd.check_grad(sd.parse(text), "x", {"x": 0.0})
