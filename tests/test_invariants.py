"""Each check of a representation finds what breaks it; the suite runs them after every stage."""

from dataclasses import replace

import numpy as np
import pytest

import symdiff as sd
from symdiff import invariants
from symdiff.algebra.forms import Form, Mono
from symdiff.algebra.normalize import Lowered
from symdiff.algebra.rules import RULES
from symdiff.backends.lowering import lower
from symdiff.backends.plan import build_plan
from symdiff.errors import StageError
from symdiff.program import build_program

TEXT, SHAPES = "sum(exp(A @ x)*y) + a*b", {"A": "n n", "x": "n", "y": "n"}


def whole_graph():
    g = sd.parse(TEXT, **SHAPES).graph
    g.memo.clear()  # so that all nodes are looked at again
    return g


def changed(column, entry, value):
    g = whole_graph()
    getattr(g, column)[entry] = value
    return g


GRAPHS = [  # a column, an entry, what is put there
    ("_inputs", -1, (10**6, 0)),
    ("_inputs", -1, (0,)),
    ("_shape", -2, ("m",)),
    ("_dtype", -1, "int64"),
    ("_variables", "a", 0),
    ("_dtype", 0, "bool"),
]


@pytest.mark.parametrize(("column", "entry", "value"), GRAPHS)
def test_graphs(column, entry, value):
    invariants.check_graph(whole_graph())
    with pytest.raises(StageError, match="graph"):
        invariants.check_graph(changed(column, entry, value))


def broken_forms():
    e = sd.parse("2*A @ x + (y @ x)*y", **SHAPES)
    form = Lowered(e.graph, RULES).of(e.node)
    product = next(iter(form.terms))
    (a, la, ea), (x, lx, ex) = product.factors
    again = lambda *factors, out=product.out, free=(): Form({Mono(factors, out, free, 0): 1}, form.shape, 0)  # noqa: E731
    invariants.check_form(form)
    yield "coefficient", Form({product: 0}, form.shape, 0)
    yield "out of order", again((x, lx, ex), (a, la, ea))
    yield "to the power 0", again((a, la, 0), (x, lx, ex))
    yield "output labels", again((a, (1, 0), ea), (x, (0,), ex), out=(1,))
    yield "axes and the labels", again((a, (0,), ea), (x, lx, ex))
    yield "left out", again((a, (0, 2), ea), (x, (2,), ex))
    yield "there twice", again((x, (0,), 1), (x, (0,), 1))
    yield "another shape", Form({product: 1}, ("m",), 0)
    yield "free label", again((x, (1,), 1), out=(0,), free=((0, "n"), (1, "n")))


@pytest.mark.parametrize(("message", "form"), list(broken_forms()), ids=lambda v: v if isinstance(v, str) else "")
def test_forms(message, form):
    with pytest.raises(StageError, match=message):
        invariants.check_form(form)


def program():
    e = sd.parse(TEXT, **SHAPES)
    return build_program(e.graph, [e.graph._variables[v] for v in e.variables], [e.node])


def test_programs():
    p = program()
    invariants.check_program(p)
    for broken in (p.nodes[1:], p.nodes[::-1], np.append(p.nodes, p.nodes[-1])):
        with pytest.raises(StageError, match="program"):
            invariants.check_program(replace(p, nodes=broken))


def test_plans():
    known = {"n": 3}
    invariants.check_plan(build_plan(program(), known))
    for column, value in (("shape", (2, 2)), ("steps", [])):
        plan = build_plan(program(), known)
        if column == "steps":
            plan.steps = value
        else:
            plan.shape[plan.inputs[0]] = value
        with pytest.raises(StageError, match="plan"):
            invariants.check_plan(plan)


def test_columns():
    c = lower(program(), {"n": 3})
    invariants.check_columns(c)
    for name, value in (
        ("outs", c.outs[1:]),
        ("refs", c.refs + 1000),
        ("starts", c.starts[::-1]),
        ("offset", c.offset + 1000),
        ("coefficients", np.zeros(0, np.int32)),
    ):
        with pytest.raises(StageError, match="columns"):
            invariants.check_columns(c._replace(**{name: value}))


def test_every_stage_is_checked_in_the_tests():
    assert invariants.CHECKED
    run = invariants.stage(lambda value: invariants.ensure(value > 0, "not positive"))(lambda x: x)
    assert run(1) == 1
    with pytest.raises(StageError, match="not positive"):
        run(-1)
