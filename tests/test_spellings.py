"""Every row of the table of stable spellings against mpmath: the same function, nowhere less accurate."""

from collections import Counter
from math import inf

import numpy as np
import pytest

import symdiff as sd
from benchmarks.programs import PROGRAMS
from symdiff.patterns import PATTERNS, applied
from symdiff.program import build_program
from symdiff.spellings import COMPUTED, DERIVED, leading
from symdiff.stable import LONG, stable

from .spellings import TABLE, errors, shown
from .test_right import CASES, SEVERAL

RULES = (*DERIVED, *COMPUTED)


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.name)
def test_no_spelling_is_less_accurate(rule):
    before, after, excess, where = errors(rule)
    assert excess < 4e-15, where
    assert after < 1e-11 or after <= before


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.name)
def test_the_committed_table_has_the_row(rule):
    assert f"| {rule.name} | `{shown(rule.lhs)}` | `{shown(rule.rhs)}` |" in TABLE.read_text(encoding="utf-8")


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.name)
def test_each_is_found_on_nodes(rule):
    for shape in ((), ("n",)):
        g, made = sd.Graph(), {}
        for n in PATTERNS.ancestors([rule.lhs.node]):
            op, params = PATTERNS.record(n), PATTERNS.params(n)
            inputs = tuple(made[i] for i in PATTERNS.inputs(n))
            if op.name == "variable":
                made[n] = g.variable(params[0], shape).node
            elif op.name == "contract":
                made[n] = (sd.Expr(g, inputs[0]) * sd.Expr(g, inputs[1])).node
            else:
                made[n] = g.append(op, inputs, params)
        assert applied(rule, g, made[rule.lhs.node]) is not None
        assert stable(g, [], [made[rule.lhs.node]]) != [made[rule.lhs.node]]


def test_what_no_rule_names_is_left_alone():
    g = sd.Graph()
    x, y = g.variables("x y")
    e = sd.sin(x) * y + x**2 / (2 + y**2)
    d = e.diff(x)
    before = len(g)
    assert stable(g, [x.node, y.node], [d.node]) == [d.node]
    assert len(g) == before


def test_sharing_stays():
    """Forty steps that share their operand twice: as many instructions for each more."""
    sizes = []
    for steps in (10, 20):
        x = y = sd.Graph().variable("x")
        for _ in range(steps):
            y = sd.exp(y) / (1 + sd.exp(y)) + 1 / (1 + sd.exp(-y))
        sizes.append(len(build_program(y.graph, [x.node], [y.node]).instructions))
    assert sizes[1] <= 2 * sizes[0] + 2


def test_a_given_interior_node_is_kept():
    g = sd.Graph()
    x = g.variable("x")
    h = sd.exp(x)
    y = h / (1 + h)
    assert sd.evaluate(y, {h: 3.0}) == 0.75
    np.testing.assert_allclose(sd.evaluate(sd.grad(y, h), {h: 3.0}), 1 / 16)
    np.testing.assert_allclose(sd.evaluate(sd.jvp(y, {h: 1.0}), {h: 3.0}), 1 / 16)


def test_named_terms_are_shown():
    x = sd.Graph().variable("x")
    s = sd.name(sd.exp(x), "s")
    assert "s" in str(sd.grad(s / (1 + s), x))


def discounts(k):
    """A quotient of sums of k exponentials that are there one by one, and its gradient."""
    x, y = sd.Graph().variables("x y")
    terms = [sd.exp(j * x - y / j) for j in range(1, k + 1)]
    f = (1 - terms[-1]) / sd.add(*terms)
    return [x, y], [f, *sd.grad(f, [x, y])]


def test_what_rules_made_is_left_alone():
    """The second look at what the first one made finds nothing, also where several rules took turns."""
    for k in (2, 3, 4):
        given, outputs = discounts(k)
        g, nodes = given[0].graph, [e.node for e in given]
        first = stable(g, nodes, [e.node for e in outputs])
        before = len(g)
        assert stable(g, nodes, first) == first
        assert len(g) == before


@pytest.mark.parametrize("text", [
    "gamma(x + a)/gamma(x)", "gamma(x + 1)/x/gamma(a)", "gammaln(x + a) - gammaln(x)", "digamma(x + a) - digamma(a)",
    "gamma(x + 2)/(x*gamma(x + a)*gamma(a))", "exprel(exprel(x))", "boxcox(boxcox(x, a), a)", "log(gamma(x)/gamma(a))",
])  # fmt: skip
def test_spellings_come_to_an_end(text):
    """What a composition of a function is made of is not taken for the function again."""
    e = sd.parse(text)
    g = e.graph
    given = [g.named(v) for v in e.variables]
    first = stable(g, given, [e.node])
    before = len(g)
    assert stable(g, given, first) == first
    assert len(g) == before
    assert len(build_program(g, given, [e.node]).nodes) < 300


CHAINS = {  # slopes that only vanish are no mixture of an over- and an underflow
    "tanh and a skip": lambda z, x: sd.tanh(z) + x,
    "sech": lambda z, x: sd.sech(z) * x,
    "quotients of cosh": lambda z, x: x / sd.cosh(z),
    "erfc": lambda z, x: sd.erfc(z) * sd.sech(x) * z,
}


@pytest.mark.parametrize("name", CHAINS)
def test_chains_of_bounded_slopes_stay_as_long_as_they_are(name):
    x = z = sd.Graph().variable("x", "n")
    for _ in range(8):
        z = CHAINS[name](z, x)
    nodes = [z.node, sd.grad(sd.sum(z), x).node]
    written = build_program(x.graph, [x.node], nodes, as_written=True)
    assert len(build_program(x.graph, [x.node], nodes).nodes) <= 1.1 * len(written.nodes)


def test_sums_of_many_exponentials_stay():
    """Up to four share a maximum and do not overflow; more would cost a program more than they are worth."""
    for k, shifted in ((4, True), (5, False)):
        given, outputs = discounts(k)
        program = build_program(given[0].graph, [e.node for e in given], [outputs[0].node])
        assert any(i.op.name == "maximum" for i in program.instructions) is shifted


@pytest.mark.parametrize("name", PROGRAMS)
def test_programs_of_engineers_stay_as_long_as_they_are(name):
    """What guards against overflow costs a program of many exponentials two fifths of its instructions at most."""
    p = PROGRAMS[name]
    xs = sd.Graph().variables([f"x{k}" for k in range(len(p.point))])
    given, wanted = [x.node for x in xs], [y.node for y in p.of(sd, list(xs))]
    written = build_program(xs[0].graph, given, wanted, as_written=True)
    assert len(build_program(xs[0].graph, given, wanted).nodes) <= 1.4 * len(written.nodes)


CANCELLING = ["x - sin(x)", "(1 + x)**y - y", "1/x - 1/y", "1/log(1 + x) - 1/x", "y*(x - sin(x))/x**3", "log(cos(x))",
              "(x**3 - 1)/(x - 1)", "gamma(x)/cosh(800*x)", "log(exp(x) + 1) - x"]  # fmt: skip


@pytest.mark.parametrize("when", ["before", "after", "within a long program before"])
def test_numbers_depend_on_nothing_else_in_the_graph(when):
    """The same nodes are computed alike in a graph of their own and among thousands of others."""
    alone = [sd.parse(text) for text in CANCELLING]
    g = sd.Graph()
    _, y = g.variables("x y")
    many = [sd.parse(text, graph=g) for text in CANCELLING] if when == "after" else []
    z = y
    for k in range(LONG):
        z = z * y + k
    many = many or [sd.parse(text, graph=g) for text in CANCELLING]
    if when.startswith("within"):
        sd.evaluate(sd.add(z, *many), {"x": 0.5, "y": 0.5})
    for small, large in zip(alone, many, strict=True):
        for at in ({"x": 1e-3, "y": 0.25}, {"x": 0.3, "y": -0.7}, {"x": 1 + 1e-7, "y": 3.0}):
            used = {v: at[v] for v in small.variables}
            assert sd.evaluate(large, used) == sd.evaluate(small, used)


# --- what is foreseen -----------------------------------------------------------------------------------------------


FORESEEN = dict.fromkeys([*[text for text, _, _ in CASES], *SEVERAL])


def spelled(text, monkeypatch, few):
    """How often each op stands in the value and in the slopes, where from so many nodes on rows are foreseen."""
    monkeypatch.setattr("symdiff.stable.FEW", few)
    e = sd.parse(text)
    outputs = [e, *[e.diff(name) for name in e.variables]]
    outputs += [d.diff(name) for d in outputs[1:] for name in e.variables]
    inputs = [e.graph._variables[name] for name in e.variables]
    nodes = stable(e.graph, inputs, [d.node for d in outputs])
    return Counter(e.graph._op[n].name for n in e.graph.ancestors(nodes))


@pytest.mark.long
def test_no_row_that_fits_is_passed_over(monkeypatch):
    """Leading terms in doubles say of every sum at which a row is found by exact series that it can cancel."""
    found = [text for text in FORESEEN if spelled(text, monkeypatch, -1) != spelled(text, monkeypatch, inf)]
    assert not found


def test_few_sums_can_cancel():
    """In programs of engineers, where rows would be tried at each."""
    for name, program in PROGRAMS.items():
        x = [*sd.Graph().variables([f"x{k}" for k in range(len(program.point))])]
        sd.jacobian(program.of(sd, x), x)
        nodes = leading.Nodes(x[0].graph)
        sums = nodes.codes == leading.SUM
        assert np.count_nonzero(nodes.cancelling() & sums) <= np.count_nonzero(sums) / 8, name
        assert np.count_nonzero(nodes.mixing() & sums) <= np.count_nonzero(sums) / 3, name
