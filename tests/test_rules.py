"""One table over all rules: both sides agree wherever both are defined, each fires on its own left side, none loops."""

import numpy as np
import pytest

import symdiff as sd
from symdiff.algebra.rewrite import Fold, Ruleset
from symdiff.algebra.rules import RULES
from symdiff.op import Op
from symdiff.patterns import PATTERNS, Rule, wild
from symdiff.write.sharing import steps

PLAIN = [r for r in RULES if isinstance(r, Rule) and not r.matrices]
MATRICES = [r for r in RULES if isinstance(r, Rule) and r.matrices]
FOLDS = [r for r in RULES if isinstance(r, Fold)]
SAMPLES = np.concatenate([np.linspace(-3, 3, 41), [0.5, 1.0, 1.5, 2.5, 0.05]])
SPECIAL = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 1e-310, 1e300])


def both_sides(rule, points):
    names = rule.lhs.variables
    grid = np.meshgrid(*[points] * len(names))
    values = {name: v.ravel() for name, v in zip(names, grid, strict=True)}
    if rule.when is not None:
        fact, x = rule.when
        keep = values[x.variables[0]] > 0 if fact == "positive" else values[x.variables[0]] >= 0
        values = {k: v[keep] for k, v in values.items()}
    rhs = rule.rhs if isinstance(rule.rhs, sd.Expr) else PATTERNS.constant(rule.rhs)
    g = sd.Graph()
    for name in names:
        g.variable(name, "points")
    left, right = [], []
    for row in zip(*values.values(), strict=True):
        point = dict(zip(names, row, strict=True))
        left.append(sd.evaluate(rule.lhs, point))
        right.append(sd.evaluate(rhs, {k: v for k, v in point.items() if k in rhs.variables}))
    return np.array(left, float), np.array(right, float)


@pytest.mark.parametrize("rule", PLAIN, ids=lambda r: r.name)
def test_both_sides_agree(rule):
    points = SAMPLES if len(rule.lhs.variables) == 1 else SAMPLES[::4]
    with np.errstate(all="ignore"):
        left, right = both_sides(rule, points)
    defined = np.isfinite(left)
    assert defined.sum() >= 5
    np.testing.assert_allclose(right[defined], left[defined], rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("rule", [r for r in PLAIN if r.level == "ieee"], ids=lambda r: r.name)
def test_ieee_rules_agree_on_every_input(rule):
    with np.errstate(all="ignore"):
        left, right = both_sides(rule, np.concatenate([SAMPLES, SPECIAL]))
    np.testing.assert_array_equal(left, right)


def applied(e):
    """The rules and choices that made a formula."""
    return {name for name, _, _ in steps(e)}


@pytest.mark.parametrize("rule", PLAIN, ids=lambda r: r.name)
def test_fires_on_its_left_side_for_arrays_too(rule):
    fact = rule.when[0] if rule.when else ""
    assume = {"positive": "positive", "nonnegative": "nonnegative"}.get(fact, "")
    for shape in ((), ("n",)):
        g = sd.Graph()
        e = _copied(rule.lhs, g, shape, assume)
        assert rule.name in applied(e) or str(e) == str(_copied_value(rule.rhs, g, shape, assume))


def _copied_value(value, g, shape, assume):
    return _copied(value, g, shape, assume) if isinstance(value, sd.Expr) else g.constant(value)


def _copied(e, g, shape, assume):
    """The pattern with its wildcards as variables of another graph."""
    made = {}
    for n in e.graph.ancestors([e.node]):
        op, params = e.graph.record(n), e.graph.params(n)
        if op.name == "variable":
            made[n] = g.variable(params[0], shape, assume=assume or params[3])
        elif op.name == "contract":
            made[n] = made[e.graph.inputs(n)[0]] * made[e.graph.inputs(n)[1]]
        else:
            made[n] = sd.Expr(g, g.append(op, tuple(made[i].node for i in e.graph.inputs(n)), params))
    return made[e.node]


@pytest.mark.parametrize("rule", MATRICES, ids=lambda r: r.name)
def test_both_sides_agree_over_matrices(rule):
    rng, sizes = np.random.default_rng(1), {"m": 5, "n": 3}
    for _ in range(3):
        values = {}
        for name in rule.lhs.variables:
            shape = [sizes[s] for s in PATTERNS.variable(name).shape]
            values[name] = rng.normal(size=shape)
            if shape[0] == shape[1]:  # its symmetric part is positive definite, it is not symmetric
                values[name] = values[name] @ values[name].T + np.eye(3) + np.triu(np.ones((3, 3)), 1) / 8
        (axis,) = rule.lhs.shape[-1:]
        w = PATTERNS.variable(f"w{axis}", axis)  # of which the size is known
        given = values | {f"w{axis}": np.ones(sizes[axis])}
        left, apart = (sd.evaluate(e * w, given) for e in (rule.lhs, rule.lhs - rule.rhs))
        assert np.abs(left).max() > 0.1
        np.testing.assert_allclose(apart, 0, atol=1e-9)


@pytest.mark.parametrize("rule", MATRICES, ids=lambda r: r.name)
def test_fires_over_matrices_whatever_stands_beside_them(rule):
    g = sd.Graph()
    e = _over(rule.lhs, g)
    v = g.variable("v", e.shape[-1])
    for each in (e, 3 * (e @ v), e * v, (e + 1) @ v):
        assert rule.name in applied(each)


@pytest.mark.parametrize("rule", MATRICES, ids=lambda r: r.name)
def test_fires_over_transposes(rule):
    g = sd.Graph()
    left, right = (_over(e, g, turned=True) for e in (rule.lhs, rule.rhs))
    assert str(left) == str(right)


def test_a_users_op_is_no_projector():
    op = Op("projector", 1, lambda params, shapes, dtypes: (shapes[0], dtypes[0]), lambda x: x)
    g = sd.Graph()
    A = g.variable("A", "m n")
    assert str(A.apply(op, (A,), ())) == "projector(A)"


def _over(e, g, turned=False):
    """The pattern over variables, or over twice the transposes of variables; projectors are the products they are."""
    made = {}
    for n in e.graph.ancestors([e.node]):
        op, params = e.graph.record(n), e.graph.params(n)
        operands = [made[i] for i in e.graph.inputs(n)]
        if op.name == "variable":
            shape = e.graph.shape(n)
            made[n] = (2 * g.variable("V", shape[::-1])).T if turned else g.variable("V", shape)
        elif op.name in ("column projector", "row projector"):
            (x,) = operands
            made[n] = x @ sd.pinv(x) if op.name == "column projector" else sd.pinv(x) @ x
        else:
            made[n] = sd.Expr(g, g.append(op, tuple(x.node for x in operands), params))
    return made[e.node]


@pytest.mark.parametrize("fold", FOLDS, ids=lambda f: f.name)
def test_folds_fire_and_keep_the_value(fold):
    assert fold.examples
    for text, shapes in fold.examples:
        e = sd.parse(text, **shapes)
        printed = str(e)
        assert fold.name in applied(e)
        rng = np.random.default_rng(0)
        values = {}
        for name in e.variables:
            size = [3] * len(e.graph.variable(name).shape)
            values[name] = rng.uniform(0.5, 2, size) + (3 * np.eye(3) if len(size) == 2 else 0)
        again = sd.parse(printed, graph=e.graph)
        np.testing.assert_allclose(sd.evaluate(again, _used(again, values)), sd.evaluate(e, values), rtol=1e-9)


def _used(e, values):
    return values  # names of the same graph


def test_a_wrong_rule_is_caught():
    x = wild("x")
    wrong = Rule("wrong", sd.sin(x) ** 2, 1 - sd.cos(x))
    left, right = both_sides(wrong, SAMPLES)
    assert not np.allclose(left, right)


def test_rules_are_refused_that_cannot_be_right():
    x, y = wild("x y")
    with pytest.raises(ValueError, match="not bound"):
        Rule("free", sd.sin(x), y)
    with pytest.raises(ValueError, match="level"):
        Rule("level", sd.sin(x), x, level="sometimes")
    rule = Rule("one", sd.sin(sd.asin(x)), x)
    with pytest.raises(ValueError, match="two rules"):
        Ruleset("twice", rule, rule)


def test_a_guard_that_is_not_known_refuses():
    assert str(sd.parse("abs(x)")) == "abs(x)"
    assert str(sd.parse("abs(x)", assume={"x": "positive"})) == "x"
    assert str(sd.parse("abs(x - y)", assume={"x": "positive", "y": "positive"})) == "abs(x - y)"


def test_names_are_unique():
    names = [r.name for r in RULES]
    assert len(set(names)) == len(names)
