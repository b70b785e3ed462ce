"""Every facet of every record, proved on numbers: one walk over the registry."""

import importlib

import mpmath as mp
import numpy as np
import pytest
import sympy

import symdiff as sd
from symdiff.facets import carried_axis, interval
from symdiff.facts import facts
from symdiff.op import OPS, Results, Unknown
from symdiff.program import build_program, interpret
from symdiff.solvers.moves import moves

from .test_facts import holds
from .test_ops import CASES, FIRST_SHAPES, in_matrix_expressions, sampled, variables

LARGE = np.finfo(float).max
EXTREME = np.array([LARGE, 1e300, 1e18, 1e6, 709.0, 40.0, 6.5, 2.0, 1.0, 0.75, 0.1, 1e-6, 1e-18, 1e-300, 5e-324])
LINE = np.concatenate([-EXTREME, [0.0], EXTREME[::-1], np.linspace(-3, 3, 61)])


def of_floats(op):
    try:
        op.infer((), ((),) * op.arity, ("float64",) * op.arity)
    except sd.GraphError:
        return False
    return True


REAL = [name for name, op in OPS.items() if op.elementwise and op.arity and of_floats(op)]
INTEGER = [name for name, op in OPS.items() if op.elementwise and op.arity and not of_floats(op)]
ONE = [name for name in REAL if OPS[name].arity == 1]
OF_ORDER = [name for name, op in OPS.items() if op.order_sign]
EPS = np.finfo(float).eps


def having(facet: str, names: list[str] | None = None) -> list[str]:
    default = type(OPS["exp"]).__dataclass_fields__[facet].default
    return [n for n in names or OPS if getattr(OPS[n], facet) not in (default, None, {})]


def values(op, x):
    with np.errstate(all="ignore"):
        return np.asarray(op.meaning()(x), dtype=float)


def inside(op, x):
    """The points of x in the domain."""
    if op.domain is None:
        return x
    v = sd.Graph().variable("v", "n")
    return x[sd.evaluate(op.domain(v), {"v": x})]


def line(op):
    return np.unique(inside(op, LINE))


def moderate(op):
    """Points at which rounding hides nothing."""
    return inside(op, np.unique(np.concatenate([np.linspace(*i, 21) for i in op.samples[-1:]])))


@pytest.mark.parametrize("name", having("parity", ONE))
def test_parity(name):
    op = OPS[name]
    x = moderate(op)
    x = x[np.isin(-x, inside(op, -x))]
    x = np.concatenate([x, EXTREME[4:-3]])
    x = np.intersect1d(inside(op, x), -inside(op, -x))
    assert x.size > 5
    sign = {"odd": -1, "even": 1}[op.parity]
    np.testing.assert_allclose(values(op, -x), sign * values(op, x), rtol=1e-14)


@pytest.mark.parametrize("name", ONE)
def test_parity_is_stated_where_there_is_one(name):
    op = OPS[name]
    x = np.array([0.3, 0.7, 0.9, 1.3, 1.9])
    x = np.intersect1d(inside(op, x), -inside(op, -x))
    if op.parity or x.size < 2 or op.name in ("stop_gradient", "isnan", "isfinite", "logical_not"):
        return
    y, turned = values(op, x), values(op, -x)
    assert not np.allclose(turned, y, rtol=1e-9)
    assert not np.allclose(turned, -y, rtol=1e-9)


@pytest.mark.parametrize("name", [n for n in ONE if OPS[n].limits != (None, None, None)])
def test_limits(name):
    op = OPS[name]
    for x, limit in zip((-np.inf, 0.0, np.inf), op.limits, strict=True):
        if limit is not None:
            found = values(op, np.array([x]))
            np.testing.assert_allclose(found, [float(limit)], rtol=2e-16, atol=2e-16, err_msg=str(x))


@pytest.mark.parametrize("name", having("image", ONE))
def test_image(name):
    op = OPS[name]
    y, where = values(op, line(op)), interval(op.image)
    y = y[np.isfinite(y)]
    assert y.size > 10
    assert np.all((y >= where.low) & (y <= where.high))
    y = values(op, moderate(op))  # open ends are not reached where nothing is rounded
    assert where.with_low or np.all(y > where.low)
    assert where.with_high or np.all(y < where.high)


@pytest.mark.parametrize("name", ONE)
def test_positive_is_stated_where_it_is(name):
    """An image that is smaller than what the record says is a fact that formulas miss."""
    op = OPS[name]
    y = values(op, line(op))
    if op.elementwise and np.all(y[np.isfinite(y)] >= 0) and op.infer((), ((),), ("float64",))[1] != "bool":
        assert interval(op.image).low >= 0


@pytest.mark.parametrize("name", having("integral", ONE))
def test_integral(name):
    y = values(OPS[name], LINE)
    np.testing.assert_array_equal(y, np.round(y))


@pytest.mark.parametrize("name", having("finite"))
def test_finite(name):
    op = OPS[name]
    if not op.elementwise:
        assert op.views or op.derivative  # layout: the entries themselves; nothing is computed
        return
    grids = np.meshgrid(*[np.arange(8) if name in INTEGER else LINE] * (op.arity or 1))
    with np.errstate(all="ignore"):
        assert np.all(np.isfinite(np.asarray(op.meaning()(*grids), dtype=float)))


@pytest.mark.parametrize("name", INTEGER)
def test_integers_give_integers(name):
    op = OPS[name]
    assert op.integral
    assert np.asarray(op.meaning()(*np.meshgrid(*[np.arange(8)] * op.arity))).dtype.kind == "i"


@pytest.mark.parametrize("name", having("monotone", ONE))
def test_monotone(name):
    op = OPS[name]
    sign = -1 if op.monotone.endswith("decreasing") else 1
    y = sign * values(op, line(op))
    y = y[np.isfinite(y)]
    assert np.all(np.diff(y) >= -4 * EPS * np.abs(y[1:]))
    if op.monotone.startswith("strictly"):
        assert np.all(np.diff(sign * values(op, moderate(op))) > 0)


@pytest.mark.parametrize("name", having("inverse", ONE))
def test_inverse(name):
    op = OPS[name]
    x = inside(op, np.unique(np.concatenate([moderate(op), [-0.9, -0.5, 0.1, 0.5, 0.9, 1.5, 2.5]])))
    np.testing.assert_allclose(values(OPS[op.inverse], values(op, x)), x, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("name", having("complement", ONE))
def test_complement(name):
    op = OPS[name]
    other, total = op.complement
    x = line(op)
    np.testing.assert_allclose(values(op, x) + values(OPS[other], x), total, rtol=1e-14)
    assert OPS[other].complement == (name, total)


@pytest.mark.parametrize("name", having("pieces"))
def test_pieces(name):
    op = OPS[name]
    x = np.random.default_rng(0).uniform(0.1, 3, (9, op.arity)) * [[1, -1][: op.arity]]
    for sign, (c, k) in zip((1, -1), op.pieces, strict=True):
        operands = sign * x.T  # of two, the first has the sign that the difference has
        np.testing.assert_array_equal(op.meaning()(*operands), c if k is None else c * operands[k])


@pytest.mark.parametrize("name", OF_ORDER)
def test_order_sign(name):
    op, x = OPS[name], np.linspace(0.3, 4, 9)
    for n in (1, 2, 3, 4):
        below = op.meaning()(-n, x)
        np.testing.assert_allclose(below, op.order_sign**n * op.meaning()(n, x), rtol=1e-12)


# --- compositions -------------------------------------------------------------------------------------------

COMPOSED = [p for p in CASES if OPS[p.values[0]].composition]
POINTS = np.array([-np.inf, -800.0, -2.5, -1.0, -0.25, 0.0, 1e-9, 0.25, 1.0, 2.5, 800.0, np.inf, np.nan])


DIFFERENCES = {"betaln", "beta"}  # of logarithms that are infinite each


def composed(y):
    """The node by its record's composition."""
    op, g = y.op, y.graph
    return op.composition(*y.inputs, *g.params(y.node))


def as_written(e, at):
    """The value without stable spellings, by which a composition would be the op again."""
    g = e.graph
    inputs = [g.variable(x).node if isinstance(x, str) else x.node for x in at]
    (value,) = interpret(build_program(g, inputs, [e.node], as_written=True), [np.asarray(v) for v in at.values()])
    return value


@pytest.mark.parametrize(("name", "r"), COMPOSED)
def test_composition(name, r, rng):
    y = r.build(*variables(r))
    if y.op.name != name:  # the row is of another spelling
        return
    at = sampled(r, {"m": 2, "n": 3, "p": 2}, rng)
    other = composed(y)
    assert name not in {other.graph.operation(n) for n in other.graph.ancestors([other.node])}
    np.testing.assert_allclose(as_written(other, at), as_written(y, at), rtol=2e-14, atol=1e-15)


@pytest.mark.parametrize("name", [n for n in having("composition") if OPS[n].elementwise])
def test_composition_at_special_points(name):
    """0, infinities and nan too: backends that lack the op compute it so."""
    op = OPS[name]
    g = sd.Graph()
    xs = [g.variable(f"x{k}", "n") for k in range(op.arity)]
    grids = [v.ravel() for v in np.meshgrid(*[POINTS] * op.arity)]
    at = {f"x{k}": v for k, v in enumerate(grids)}
    with np.errstate(all="ignore"):
        found = as_written(op.composition(*xs), at)
        wanted = op.meaning()(*grids)
    keep = np.ones(len(grids[0]), bool) if op.domain is None else sd.evaluate(op.domain(*xs), at)
    if name in DIFFERENCES:
        keep &= np.all(np.isfinite(grids), axis=0) & np.all(np.greater(grids, 0), axis=0)
    np.testing.assert_allclose(found[keep], wanted[keep], rtol=1e-12, atol=1e-15)


def test_compositions_end():
    """What an op is composed of is not composed of the op again."""
    def below(name, seen):
        op = OPS[name]
        if op.composition is None:
            return set()
        g = sd.Graph()
        if op.elementwise:
            y = op.composition(*[g.variable(f"x{k}") for k in range(op.arity)])
        else:
            nodes = [p.values[1].build(*variables(p.values[1])) for p in CASES if p.values[0] == name]
            (y, *_) = [composed(n) for n in nodes if n.op is op] or [g.variable("x")]
        names = {y.graph.operation(n) for n in y.graph.ancestors([y.node])}
        assert not names & seen, (name, names & seen)
        return names

    for name in having("composition"):
        level, seen = {name}, {name}
        while level:
            level = {m for n in level for m in below(n, seen)} - {"variable", "constant", "add", "contract"}
            level = {m for m in level if OPS[m].composition}


# --- names --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [n for n in ONE if "sympy" in OPS[n].names and not OPS[n].boolean])
def test_sympy_name(name):
    op, spelling = OPS[name], OPS[name].names["sympy"]
    x = sympy.Symbol("x", real=True)
    f = spelling(sympy, x) if callable(spelling) else getattr(sympy, spelling)(x)
    for at in moderate(op)[1::5]:
        at = at + 0.0137  # off the steps
        wanted = values(op, np.array([at]))[0]
        np.testing.assert_allclose(float(sympy.N(f.subs(x, sympy.Float(at, 30)), 20)), wanted, rtol=1e-9)


@pytest.mark.parametrize("name", REAL)
def test_numpy_and_scipy_names(name):
    op = OPS[name]
    for library, module in (("numpy", "numpy"), ("scipy", "scipy.special")):
        spelled, _, result = (op.names.get(library, op.name if library == "numpy" else "") or "").partition("[")
        function = getattr(importlib.import_module(module), spelled, None) if spelled else None
        if function is None:
            assert library not in op.names or not spelled
            continue
        xs = [np.linspace(low, high, 7) if low < high else np.full(7, low) for low, high in op.samples]
        xs = [x > 0 for x in xs] if name.startswith("logical") else xs
        found = function(*xs)[int(result[:-1])] if result else function(*xs)
        np.testing.assert_allclose(found, op.meaning()(*xs), rtol=1e-14)


def of_order(op):
    """Some operand has to be a whole number, or scipy has its values alone."""
    partials = getattr(op.derivative, "of", ())
    return any(low == high for low, high in op.samples) or any(isinstance(f, Unknown) for f in partials)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # an order that is no integer
@pytest.mark.parametrize("name", [n for n in REAL + INTEGER if OPS[n].arity == 2 and not of_order(OPS[n])])
def test_commutes_where_it_does(name):
    op = OPS[name]
    xs = [np.linspace(low, high, 7) if low < high else np.full(7, low) for low, high in op.samples]
    xs = [np.round(8 * x).astype(int) for x in xs] if name in INTEGER else [x > 0 for x in xs] if op.boolean else xs
    scipys = op.domain or isinstance(op.evaluate, str) or op.samples[0][0] == op.samples[0][1]  # which inf may stop
    special = name in REAL and not op.boolean and not scipys
    at = np.array([0, 1, np.inf]) if special else xs[0][:1]
    at, other = (v.ravel() for v in np.meshgrid(at, at))
    xs = np.concatenate([xs[0], xs[0], xs[1], at]), np.concatenate([xs[1], xs[1][::-1], xs[0], other])
    with np.errstate(all="ignore"):
        there, back = (np.asarray(op.meaning()(*both), float) for both in (xs, xs[::-1]))
    assert op.commutes == np.allclose(there, back, rtol=1e-13, atol=0, equal_nan=True)


@pytest.mark.parametrize("name", having("transposes"))
def test_transposes(name):
    x = np.array([[2.0, 0.3, -0.4], [0.1, 1.5, 0.2], [0.5, -0.2, 3.0]])
    f = OPS[name].meaning()
    np.testing.assert_allclose(f(x.T), f(x).T, rtol=1e-12)


OF_VECTORS = ("coinciding", "inverse_gaps", "neighbour_gaps")
OF_MATRICES = [n for n, op in OPS.items() if op.arity == 1 and not op.elementwise and not op.results]


@pytest.mark.parametrize("name", [n for n in OF_MATRICES if n not in OF_VECTORS])
def test_transposes_is_stated_where_it_is(name):
    x, f = np.array([[2.0, 0.3, -0.4], [0.1, 1.5, 0.2], [0.5, -0.2, 3.0]]), OPS[name].meaning()
    try:
        turned, back = np.asarray(f(x.T)), np.asarray(f(x)).T
    except TypeError:  # it takes parameters
        return
    assert OPS[name].transposes == (turned.shape == (3, 3) and np.allclose(turned, back))


@pytest.mark.parametrize("name", having("fold"))
@pytest.mark.parametrize("rows", [0, 1, 4])
def test_fold(name, rows, rng):
    op, (function, neutral) = OPS[name], OPS[name].fold
    x = rng.uniform(0.3, 2, (rows, 3)) > 1 if op.boolean else rng.uniform(0.3, 2, (rows, 3))
    of_two, total = getattr(np, function), np.full(3, neutral, x.dtype)
    for row in x:
        total = of_two(total, row)
    if rows or op.bounds is None:
        np.testing.assert_allclose(op.meaning()(x, (0,)), total, rtol=1e-14)
    assert op.axes == "over"


MOVING = [p for p in CASES if any(word in p.values[0] for word in having("moves"))]


@pytest.mark.parametrize(("name", "r"), MOVING)
def test_moves(name, r, rng):
    """What moves entries is linear, and its matrix has ones and zeros."""
    for op, operands, params, value in nodes_with_rows(r, rng):
        if not op.moves:
            continue
        shapes = [np.shape(x) for x in operands]
        index = operands[1] if op.arity == 2 else None
        for k in range(len(operands) if op.arity != 2 else 1):
            move = moves(op, params, shapes, value.shape, k, index)
            one = [rng.normal(size=s) if j == k else np.zeros(s) for j, s in enumerate(shapes)]
            moved = np.zeros(value.size)
            if move.source is not None:
                moved = one[k].ravel()[move.source.ravel()]
            else:
                kept = move.target.ravel() >= 0
                np.add.at(moved, move.target.ravel()[kept], one[k].ravel()[kept])
                if op.moves == "places":
                    assert len(set(move.target.ravel()[kept])) == kept.sum()
            found = op.meaning()(*([one[0], index] if index is not None else one), *params)
            np.testing.assert_allclose(np.ravel(found), moved, rtol=1e-14)


@pytest.mark.parametrize("name", having("running"))
def test_running(name, rng):
    op = OPS[name]
    xs, axis = [rng.uniform(0.5, 2, (5, 3)) for _ in range(op.arity)], -2
    whole = op.meaning()(*xs, axis)
    for upto in range(1, 6):
        np.testing.assert_array_equal(op.meaning()(*[x[:upto] for x in xs], axis), whole[:upto])


# --- rows ---------------------------------------------------------------------------------------------------

SIZES = {"m": 4, "n": 3, "p": 5}


def nodes_with_rows(r, rng):
    """(op, operands' values, params, the value) of every node of a case that says something of rows."""
    y = r.build(*variables(r, SIZES))
    g = y.graph
    at = sampled(r, SIZES, rng)
    program = build_program(g, [g.variable(name).node for name in at], [y.node])
    known = dict(zip(program.inputs, at.values(), strict=True)) | dict(program.constants)
    for op, n, inputs, params in program.instructions:
        operands = [np.asarray(known[i]) if not isinstance(known[i], tuple) else known[i] for i in inputs]
        with np.errstate(all="ignore"):
            known[n] = op.meaning()(*operands, *params)
        if type(g._shape[n]) is not Results and not any(isinstance(x, tuple) for x in operands):
            yield op, operands, params, np.asarray(known[n])


@pytest.mark.parametrize(("name", "r"), CASES)
def test_rows(name, r, rng):
    """Where the record follows an axis into the result, permuted rows give permuted rows, and each row alone gives
    its row."""
    for op, operands, params, value in nodes_with_rows(r, rng):
        shapes = [x.shape for x in operands]
        followed = {
            (k, axis): carried_axis(op, params, shapes, k, axis) for k, s in enumerate(shapes) for axis in range(len(s))
        }
        for b in {b for (k, a), b in followed.items() if b is not None and shapes[k][a] > 1}:
            axes = {k: a for (k, a), c in followed.items() if c == b and shapes[k][a] > 1}
            size = value.shape[b]
            order = rng.permutation(size)
            assert all(shapes[k][a] == size for k, a in axes.items()), op
            moved = [np.take(x, order, axes[k]) if k in axes else x for k, x in enumerate(operands)]
            again = op.meaning()(*moved, *params)
            np.testing.assert_allclose(again, np.take(value, order, b), rtol=1e-12, atol=1e-12, err_msg=op.name)
            if not op.sized:
                cut = [np.take(x, [1], axes[k]) if k in axes else x for k, x in enumerate(operands)]
                alone = op.meaning()(*cut, *params)
                np.testing.assert_allclose(alone, np.take(value, [1], b), rtol=1e-12, atol=1e-12, err_msg=op.name)


def test_what_adds(rng):
    """Summands along the axes of the positions: parts of both operands give parts of the sum."""
    assert having("adds") == ["scatter_add"]
    x, at = rng.normal(size=(2, 4, 3, 5)), rng.integers(0, 6, (4, 3))
    op, params = OPS["scatter_add"], (1, 6)
    whole = op.meaning()(x, at, *params)
    shapes = [x.shape, at.shape]
    flagged = [(k, a) for k, s in enumerate(shapes) for a in range(len(s)) if op.adds(params, shapes, k, a)]
    assert flagged == [(0, 1), (0, 2), (1, 0), (1, 1)]
    for axis, parts in ((0, ([0, 2], [1, 3])), (1, ([0, 2], [1]))):
        cut = [op.meaning()(np.take(x, i, axis + 1), np.take(at, i, axis), *params) for i in parts]
        np.testing.assert_allclose(sum(cut), whole, rtol=1e-12)


# --- facts --------------------------------------------------------------------------------------------------

ELEMENTS = {
    "": lambda x: x, "positive": lambda x: np.abs(x) + 0.01, "nonnegative": lambda x: np.where(x < 0.5, 0, x),
    "nonzero": lambda x: np.where(np.abs(x) < 0.1, 0.3, x),
}  # fmt: skip
MATRICES = {
    "symmetric": lambda a: a + a.T, "spd": lambda a: a @ a.T + 0.1 * np.eye(len(a)),
    "invertible": lambda a: a + 3 * np.eye(len(a)), "orthogonal": lambda a: np.linalg.qr(a)[0],
    "diagonal": lambda a: np.diag(np.diag(a)),
}  # fmt: skip
OF_MATRICES = [
    name for name in sorted(in_matrix_expressions())
    if OPS[name].facts and OPS[name].arity in (None, 1) and not OPS[name].normalise and name != "project"
]  # fmt: skip


def claims(e, at):
    value = sd.evaluate(e, at)
    if np.all(np.isfinite(value)):
        for fact in facts(e.graph, e.node):
            if fact != "diagonal":
                assert holds(fact, value), (str(e), fact, value)


@pytest.mark.parametrize("assumed", list(ELEMENTS))
@pytest.mark.parametrize(("name", "r"), FIRST_SHAPES)
def test_facts_of_entries(name, r, assumed, rng):
    """What is claimed of the entries of an op holds for operands of every kind, wide and narrow."""
    xs = variables(r, SIZES)
    g = sd.Graph()
    assumable = [x.dtype.startswith("float") for x in xs]
    for kinds in ({True, False} if len(xs) > 1 else {True}):
        made = [
            g.variable(f"y{k}{int(kinds)}", x.shape, dtype=x.dtype, assume=assumed if ok and assumed else ())
            for k, (x, ok) in enumerate(zip(xs, assumable if kinds else assumable[:1] + [False] * 9, strict=False))
        ]
        e = r.build(*made)
        for scale in (1, 1e-3, 4):
            drawn = sampled(r, SIZES, rng).values()
            if scale != 1 and (not OPS[name].elementwise or OPS[name].domain or name in ("jv", "yv", "iv", "kv")):
                continue
            at = {}
            for k, (x, v) in enumerate(zip(made, drawn, strict=True)):
                v = v * scale * rng.choice([-1, 1], np.shape(v)) if assumable[k] and scale != 1 else v
                at[x] = ELEMENTS[assumed](v) if assumable[k] and (kinds or k == 0) else v
            with np.errstate(all="ignore"):
                claims(e, at)


@pytest.mark.parametrize("assumed", list(MATRICES))
@pytest.mark.parametrize("name", OF_MATRICES)
def test_facts_of_matrices(name, assumed, rng):
    g = sd.Graph()
    X, op = g.variable("X", (3, 3), assume=assumed), OPS[name]
    rows = [p.values[1] for p in CASES if p.values[0] == name and len(p.values[1].operands) == 1]
    builds = [r.build for r in rows if len(r.operands[0].shape.split()) == 2]
    builds = builds or [lambda x: x.apply(op, (x,) * (op.arity or 2), ())]
    for build in builds:
        try:
            e = build(X)
        except sd.SymdiffError:
            continue
        for _ in range(4):
            with np.errstate(all="ignore"):
                try:
                    claims(e, {"X": MATRICES[assumed](rng.standard_normal((3, 3)))})
                except (sd.InputError, np.linalg.LinAlgError):  # no factorisation of this matrix
                    continue


def F(name):
    return getattr(sd, name)


def quotient(g):
    return sd.safe_divide(g.variable("p", assume="positive"), g.variable("x"))


INTEGERS = [  # what is positive before it is an integer, a step or a choice may be 0 after
    ('sign(k)*2', "k", lambda g: sd.astype(g.variable("p", assume="positive"), "int64"), {"p": 0.5}, 0),
    ("abs(k)", "k", lambda g: F("heaviside")(g.variable("c", assume="nonnegative"), -1), {"c": 0.0}, 1),
    ("sign(k)", "k", lambda g: F("floor")(g.variable("p", assume="positive")), {"p": 0.5}, 0),
    ("sign(k)", "k", lambda g: F("round")(g.variable("p", assume="positive")), {"p": 0.25}, 0),
    ("sign(k)", "k", lambda g: F("trunc")(g.variable("p", assume="positive")), {"p": 0.5}, 0),
    ("abs(k)", "k", lambda g: F("ceil")(g.variable("q", assume="nonzero")), {"q": -1.5}, 1),
    ("abs(k)", "k", lambda g: F("heaviside")(g.variable("q", assume="nonzero"), 1), {"q": -1.5}, 0),
    ("sign(k)", "k", lambda g: sd.astype(g.variable("q", assume="nonzero"), "int32"), {"q": -0.5}, 0),
    ("abs(k)", "k", quotient, {"p": 1.0, "x": -2.0}, 0.5),
    ("sign(k)", "k", quotient, {"p": 1.0, "x": 0.0}, 0),
]  # fmt: skip


@pytest.mark.parametrize(("text", "named", "build", "at", "expected"), INTEGERS)
def test_simplify_with_facts(text, named, build, at, expected):
    g = sd.Graph()
    sd.name(build(g), named)
    e = sd.simplify(sd.parse(text, graph=g))
    assert sd.evaluate(e, at) == expected


def test_mpmath_has_no_part_in_a_record():
    """The oracle is independent."""
    assert not any("mpmath" in str(op.evaluate) for op in OPS.values())
    assert mp.mp.dps >= 15
