"""What is always true of each representation, checked after every stage when SYMDIFF_CHECK is 1, as in the tests.

Graph -> form -> tree, and graph -> program -> plan or columns: a stage that breaks what the next one relies on is
named, with the node, before the next one makes a wrong result of it.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import Any

import numpy as np

from .errors import StageError
from .op import Results

CHECKED = os.environ.get("SYMDIFF_CHECK") == "1"


def stage(check: Callable[[Any], None], first: bool = False) -> Callable[[Callable], Callable]:
    """Decorator: the result of this stage satisfies the check; with `first`, what it is given first and works on."""

    def enter(run: Callable[..., Any]) -> Callable[..., Any]:
        if not CHECKED:
            return run

        @wraps(run)
        def checked(*args: Any, **kwargs: Any) -> Any:
            result = run(*args, **kwargs)
            if CHECKED:
                check(args[0] if first else result)
            return result

        return checked

    return enter


def ensure(holds: object, what: str) -> None:
    if not holds:
        raise StageError(what)


# --- graph ------------------------------------------------------------------------------------------------------------


def check_graph(g: Any) -> None:
    """Columns of one length; operands before consumers; equal nodes are one; shapes and types are those of the ops."""
    with g._turn:  # of another thread, which may be half through an append
        _check_nodes(g)


def _check_nodes(g: Any) -> None:
    n_nodes = len(g._op)
    columns = {len(c) for c in (g._op, g._inputs, g._params, g._shape, g._dtype, g._kind)}
    ensure(columns == {n_nodes}, f"graph: the columns have {sorted(columns)} entries")
    done = g.cache("checked")
    for n in range(done.get("nodes", 0), n_nodes):
        op, inputs, params = g._op[n], g._inputs[n], g._params[n]
        where = f"graph: node {n}, {op.name}"
        ensure(all(0 <= i < n for i in inputs), f"{where}: the operands {inputs} do not come before it")
        ensure(op.arity in (None, len(inputs)), f"{where}: {len(inputs)} operands, the op takes {op.arity}")
        ensure(g._ids[op].get(inputs if params == op.plain else (inputs, params)) == n, f"{where}: it is there twice")
        inferred = op.infer(params, [g._shape[i] for i in inputs], [g._dtype[i] for i in inputs])
        ensure(inferred == (g._shape[n], g._dtype[n]), f"{where}: {g._shape[n]} {g._dtype[n]}, expected {inferred}")
    done["nodes"] = n_nodes
    ensure(all(g._params[n][0] == name for name, n in g._variables.items()), "graph: a variable under another name")
    ensure(len(set(g.names.values())) == len(g.names), "graph: a name that stands for two nodes")


# --- forms ------------------------------------------------------------------------------------------------------------


def check_form(form: Any) -> None:
    """Coefficients are exact and not 0; labels are numbered as they occur, output labels first; factors are in order,
    each once, and no exponent is 0; every label has one size, and the output labels have the form's shape."""
    for m, c in form.terms.items():
        where = f"form of shape {form.shape}: {m}"
        ensure(c != 0 and not isinstance(c, bool), f"{where}: the coefficient {c!r}")
        seen = list(dict.fromkeys(m.out))
        ensure(seen == list(range(len(seen))), f"{where}: output labels out of order")
        sizes: dict[int, Any] = dict(m.free)
        ensure(sizes.keys() <= set(m.out), f"{where}: a free label that is summed")
        for atom, labels, e in m.factors:
            shape = e.shape if atom.args is None and atom.op is None else atom.shape  # the base of exp has e's
            ensure(len(labels) == len(shape), f"{where}: {atom} has {len(shape)} axes and the labels {labels}")
            ensure(not atom.symmetric or labels[0] <= labels[1], f"{where}: a symmetric factor at {labels}")
            ensure(hasattr(e, "terms") or e != 0, f"{where}: {atom} to the power 0")
            for i, s in zip(labels, shape, strict=True):
                ensure(sizes.setdefault(i, s) == s, f"{where}: label {i} has the sizes {sizes[i]} and {s}")
        ensure(sizes.keys() == set(range(len(sizes))), f"{where}: labels are left out")
        ensure(tuple(sizes[i] for i in m.out) == form.shape, f"{where}: another shape")
        carried = {i for _, labels, _ in m.factors for i in labels}
        ensure({i for i, _ in m.free} == set(m.out) - carried, f"{where}: free labels {m.free}")
        orders = [(a.order, ls) for a, ls, _ in m.factors]
        ensure(orders == sorted(orders), f"{where}: factors out of order")
        places = [(a, ls) for a, ls, e in m.factors if not hasattr(e, "terms")]
        ensure(len(set(places)) == len(places), f"{where}: a factor that is there twice")


# --- programs and plans -----------------------------------------------------------------------------------------------


def _check_order(what: str, known: Iterable[int], steps: Sequence[Any], outputs: Iterable[int]) -> None:
    """Every step has its operands from before it, makes one new value, and all outputs are made."""
    have = set(known)
    for step in steps:
        missing = [i for i in step.inputs if i not in have]
        ensure(not missing, f"{what}: {step.op.name} (value {step.node}) reads {missing} before they are there")
        ensure(step.node not in have, f"{what}: value {step.node} ({step.op.name}) is made twice")
        have.add(step.node)
    ensure(have.issuperset(outputs), f"{what}: the outputs {[n for n in outputs if n not in have]} are not made")


def check_program(p: Any) -> None:
    """Operands before consumers, each value once, all outputs; constants have the shape of their node."""
    _check_order("program", (*p.inputs, *p.constants, *p.sizes), p.instructions, p.outputs)
    for n, value in p.constants.items():
        have, shape = getattr(value, "shape", ()), p.graph._shape[n]
        fits = len(have) == len(shape) and all(isinstance(s, str) or h == s for h, s in zip(have, shape, strict=True))
        ensure(fits, f"program: the constant {n} has shape {have}, its node {shape}")


def check_plan(plan: Any) -> None:
    """Operands before consumers, each value once, all outputs; shapes are numbers, and products have one size per
    label."""
    _check_order("plan", (*plan.inputs, *plan.constants), plan.steps, plan.outputs)
    for step in plan.steps:
        where = f"plan: {step.op.name} (value {step.node})"
        for n in (step.node, *step.inputs):
            shape = plan.shape.get(n)
            numbers = type(shape) is Results or (shape is not None and all(type(s) is int for s in shape))
            ensure(numbers and n in plan.dtype, f"{where}: value {n} has the shape {shape}")
        if step.op.name == "contract":
            labels, out, free = step.params
            sizes = dict(free)
            for n, ls in zip((*step.inputs, step.node), (*labels, out), strict=True):
                ensure(len(ls) == len(plan.shape[n]), f"{where}: {len(ls)} labels for value {n}")
                for i, s in zip(ls, plan.shape[n], strict=True):
                    ensure(sizes.setdefault(i, s) == s, f"{where}: label {i} has the sizes {sizes[i]} and {s}")


def check_columns(c: Any) -> None:
    """Each instruction has a code, an output, a layout and a run of references, each with a coefficient; references
    name variables and lie inside them."""
    n = len(c.codes)
    lengths = {len(c.outs), len(c.layouts), len(c.starts) - 1}
    ensure(lengths == {n}, f"columns: {n} instructions, {sorted(lengths)} entries")
    ensure((np.diff(c.starts) >= 0).all(), "columns: runs of references overlap")
    ensure(c.starts[0] == 0 and c.starts[-1] == len(c.refs), "columns: references that belong to no instruction")
    ensure(len(c.coefficients) == len(c.refs), "columns: references without a coefficient")
    ensure(len(c.variable) == len(c.offset), "columns: references without an offset")
    for name, references, least in (("an operand", c.refs, 0), ("an output", c.outs, -1)):  # calls of numpy have none
        there = (references >= least) & (references < len(c.variable))
        ensure(there.all(), f"columns: {name} is no reference, one of {references[~there]}")
    inside = (c.offset >= 0) & (c.offset <= c.sizes[c.variable])
    ensure(inside.all(), f"columns: references to variables {c.variable[~inside]} lie outside them")
