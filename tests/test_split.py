"""Programs split along an axis of rows: computed chunk by chunk they are what they are as a whole."""

from dataclasses import replace
from functools import reduce

import numpy as np
import pytest

import symdiff as sd
from symdiff import InputError
from symdiff.facets import fold_of
from symdiff.program import build_program, interpret
from symdiff.splitting import split_rows

VARIABLES = {"X": ("n", "d"), "y": "n", "w": "d", "W": ("d", 3), "b": (), "v": "d", "E": (5, 2), "Z": ("k", "n")}
INTEGERS, TRUTHS = {"labels": "n", "at": "n"}, {"mask": "n"}


def variables(dtype="float64"):
    g = sd.Graph()
    vs = {name: g.variable(name, shape, dtype=dtype) for name, shape in VARIABLES.items()}
    vs |= {name: g.variable(name, shape, dtype="int64") for name, shape in INTEGERS.items()}
    return vs | {name: g.variable(name, shape, dtype="bool") for name, shape in TRUTHS.items()}


def values(n, dtype="float64", seed=0):
    r = np.random.default_rng(seed)
    sizes = {"n": n, "d": 4, "k": 3}
    found = {
        name: r.normal(size=[sizes.get(s, s) for s in ([shape] if isinstance(shape, str) else shape)]).astype(dtype)
        for name, shape in VARIABLES.items()
    }
    found |= {"labels": r.integers(0, 3, n), "at": r.integers(0, 5, n), "mask": r.random(n) < 0.6}
    return found


def concat(*xs):
    return sd.concat(xs, axis=0)


def cross_entropy(v):
    return -sd.sum(sd.where(v["labels"][:, None] == np.arange(3), sd.log_softmax(v["X"] @ v["W"], axis=-1), 0.0))


def of_matrices(T):
    return [sd.slogdet(T)[1], sd.svdvals(T), sd.qr(T)[1], sd.matrix_norm(T, ord=2), sd.sum(sd.slogdet(T)[0])]


# name -> (scalar or array of variables, names of what it is differentiated by)
LOSSES = {
    "logistic": (lambda v: sd.sum(sd.softplus(-v["y"] * (v["X"] @ v["w"]))) + v["b"] * v["w"] @ v["w"], "w b"),
    "a mean": (lambda v: sd.mean((v["X"] @ v["w"] - v["y"]) ** 2), "w"),
    "a mask": (lambda v: sd.sum(sd.where(v["mask"], sd.log(sd.abs(v["y"])) * (v["X"] @ v["w"]) ** 3, 0.0)), "w"),
    "classes": (cross_entropy, "W"),
    "two layers": (lambda v: sd.sum((sd.tanh(v["X"] @ v["W"]) @ v["W"].T - v["X"]) ** 2), "W"),
    "looked up": (lambda v: sd.sum(sd.take(v["w"] ** 3, v["labels"]) * v["y"]), "w"),
    "mixture": (lambda v: sd.sum(sd.logsumexp(v["X"] @ v["W"] - v["y"][:, None] ** 2, axis=1)), "W"),
    "centred": (lambda v: sd.sum(sd.exp((v["X"] - sd.mean(v["X"], axis=0)) @ v["w"] / 5)), "w"),
    "scaled by a sum": (lambda v: sd.sum(v["y"] * sd.tanh(v["X"] @ v["w"] / sd.sum((v["X"] @ v["w"]) ** 2))), "w"),
    "rows as columns": (lambda v: sd.sum(sd.sin(v["Z"] * (v["X"] @ v["w"]))), "w"),
    "of data alone": (lambda v: sd.exp(-v["w"] @ (v["X"].T @ v["X"]) @ v["w"] / 99), "w"),
    "features": (lambda v: sd.sum(sd.sin(sd.concat([v["X"], v["X"] ** 2], axis=1) @ concat(v["w"], v["v"])) ** 2), "w"),
    "rows of a table": (lambda v: sd.sum((sd.sum(sd.take(v["E"], v["at"], axis=0) ** 3, axis=1) - v["y"]) ** 2), "E"),
    "a logarithm of a sum": (lambda v: sd.log(sd.sum(sd.exp(v["X"] @ v["w"]))), "w"),
    "extremes": (lambda v: sd.max((v["X"] @ v["w"]) ** 2) - sd.sum(sd.min(v["X"] * v["w"], axis=0) ** 3), "w"),
    "norms": (lambda v: sd.norm2(v["X"] @ v["w"]) * sd.norm(v["X"] * v["w"], 1) + sd.norm_inf(v["w"] * v["X"]), "w"),
    "moments": (lambda v: sd.std(v["X"] @ v["w"], correction=1) + sd.var(v["X"] * v["w"]) ** 2, "w"),
    "a softmax along rows": (
        lambda v: sd.softmax(v["X"] @ v["w"]) @ v["y"] + v["y"] @ sd.log_softmax(v["X"] @ v["w"]), "w"),
    "how many, whether": (
        lambda v: sd.where(sd.any(v["mask"]) & ~sd.all(v["mask"]), sd.sum(v["w"] ** 3), 0)
        * sd.count_nonzero(v["X"] @ v["w"] > 0) * sd.max(v["labels"]), "w"),
    "products of sums": (
        lambda v: sd.einsum("ia,ja->", v["X"] * v["w"], sd.sin(v["X"] * v["w"]))
        + sd.sum(sd.outer(v["X"] @ v["w"], sd.exp(v["X"] @ v["w"] / 5))), "w"),
    "no rows at all": (lambda v: v["b"] ** 2 * sd.sum(v["w"]) + 0 * sd.sum(v["y"]), "w b"),
}  # fmt: skip
ROWS = {
    "predictions": lambda v: sd.sigmoid(v["X"] @ v["w"]),
    "a copy": lambda v: v["X"],
    "one for every row": lambda v: v["b"] + 0 * v["y"],
    "standardised": lambda v: (v["X"] - sd.mean(v["X"], axis=0)) / sd.sqrt(sd.mean(v["X"] ** 2, axis=0)),
    "residuals and their sum": lambda v: [v["X"] @ v["w"] - v["y"], sd.sum(v["y"] * v["w"][0])],
    "transposed": lambda v: v["X"].T * v["y"],
    "outer": lambda v: v["X"][:, :, None] * v["w"],
    "looked up": lambda v: sd.take(v["E"], v["at"], axis=0),
    "probabilities": lambda v: sd.softmax(v["X"] @ v["w"]),
    "numbers": lambda v: [sd.broadcast_to(v["y"].graph.constant(1), ("n",)), sd.where(v["mask"], 1, 0)],
    "of each matrix": lambda v: of_matrices(sd.tanh(v["X"] @ v["W"])[:, :, None] / 5 + np.eye(3)),
    "products of sums": lambda v: [
        sd.einsum("ia,ja,j->a", v["X"], sd.tanh(v["X"]), v["y"]), sd.einsum("i,ja->ja", v["y"], v["X"])],
    "reductions": lambda v: [
        sd.prod(v["X"], axis=0), sd.any(v["mask"]), sd.all(v["X"] > -9, axis=0), sd.max(v["labels"]), sd.min(v["y"]),
        sd.logsumexp(v["X"]), sd.norm2(v["X"], axis=0), sd.std(v["X"], axis=0), sd.max(v["mask"])],
}  # fmt: skip

IDENTITIES = {  # of residuals e with -y in them: operators whose products are the vector, or minus it
    "Hessian": lambda e, at: sd.HessianOperator(sd.sum(e**2) / 2, "y", at=at),
    "Jacobian": lambda e, at: sd.JacobianOperator(-e, "y", at=at),
    "minus the Jacobian": lambda e, at: sd.JacobianOperator(e, "y", at=at),
    "Gauss-Newton": lambda e, at: sd.GaussNewtonOperator(sd.sum(e**2) / 2, e, "y", at=at),
}


def in_chunks(split, given, bounds):
    """The outputs of a split program: each stage, each round, chunk by chunk."""
    given = dict(zip(split.program.inputs, given, strict=True))
    known = split.program.bind(list(given.values()))
    whole = {n: a for n, a in given.items() if n not in split.rows}
    whole |= {n: np.asarray(known[size]) for n, size in split.program.sizes.items() if size in known}
    chunks = [
        {n: np.take(a, range(lo, hi), split.rows[n]) for n, a in given.items() if n in split.rows}
        for lo, hi in zip([0, *bounds], [*bounds, known[split.axis]], strict=True)
    ]
    for r in split.rounds:
        if r.chunk is not None:
            chunk = replace(r.chunk, known={k: size for k, size in known.items() if k != split.axis})
            parts = [interpret(chunk, [c[n] if n in c else whole[n] for n in chunk.inputs]) for c in chunks]
            whole |= {n: reduce(fold_of(f), [p[k] for p in parts]) for k, (n, f) in enumerate(r.folds.items())}
            for c, p in zip(chunks, parts, strict=True):
                c.update(zip(r.kept, p[len(r.folds) :], strict=True))
        if r.whole is not None:
            made = interpret(replace(r.whole, known=known), [whole[n] for n in r.whole.inputs])
            whole |= zip(r.whole.outputs, made, strict=True)
    rows = {n: np.concatenate([c[n] for c in chunks], split.rows[n]) for n in chunks[0]}
    return [rows[n] if n in rows else whole[n] for n in split.program.outputs]


def stages(g, wrt, moving):
    """Data, point, vectors."""
    last = {*wrt, *(v.node for v in moving)}
    return [[n for n in g._variables.values() if n not in last], wrt, [v.node for v in moving]]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("name", LOSSES)
def test_losses_and_their_products(name, dtype):
    make, wrt = LOSSES[name]
    v = variables(dtype)
    f, g = make(v), v["X"].graph
    xs = [v[k] for k in wrt.split()]
    gradients = sd.grad(f, xs)
    moving = [g.variable(f"_{k}", v[k].shape, dtype=dtype) for k in wrt.split()]
    outputs = [f, *gradients, *sd.hvp(f, xs, moving)]
    given = values(11, dtype)
    at = {**{v[k]: a for k, a in given.items()}, **dict(zip(moving, [given[k] / 3 for k in wrt.split()], strict=True))}
    parts = stages(g, [x.node for x in xs], moving)
    program = build_program(g, [n for part in parts for n in part], [e.node for e in outputs])
    split = split_rows(program, "n", parts)
    found = in_chunks(split, [at[sd.Expr(g, n)] for n in program.inputs], [3, 4, 9])
    tolerance = 1e-10 if dtype == "float64" else 2e-4
    for a, e in zip(found, outputs, strict=True):
        wanted = sd.evaluate(e, at)
        assert a.dtype == wanted.dtype
        np.testing.assert_allclose(a, wanted, rtol=tolerance, atol=tolerance * 10)
    assert str(split).startswith("along n: ")


@pytest.mark.parametrize("name", ROWS)
def test_outputs_with_rows(name):
    v = variables()
    outputs = ROWS[name](v)
    fn = sd.function(list(v.values()), outputs)
    given = list(values(9).values())
    found = in_chunks(fn.split("n"), given, [2, 7])
    for a, b in zip(found, outputs if isinstance(outputs, list) else [outputs], strict=True):
        np.testing.assert_allclose(a, sd.evaluate(b, dict(zip(v, given, strict=True))), rtol=1e-12)


def test_each_stage_goes_over_the_chunks_once():
    """A product with the Hessian of a mean over rows reads them once; what depends on data alone is not made again."""
    f = sd.parse("mean(log(1 + exp(-y * (exp(X) @ w))))", X="n d", y="n", w="d")
    g, v = f.graph, f.graph.variable("v", "d")
    names = [g.named(k) for k in "Xyw"]
    outputs = [f.node, sd.grad(f, "w").node, sd.hvp(f, "w", v).node]
    split = split_rows(build_program(g, [*names, v.node], outputs), "n", [names[:2], names[2:], [v.node]])
    assert [split.passes(k) for k in range(3)] == [1, 1, 1]
    exponentials = [r.stage for r in split.rounds if r.chunk and any(i.op.name == "exp" for i in r.chunk.instructions)]
    assert exponentials == [0]
    assert [split.program.sizes[n] for n in split.bound(2)] == ["n"]
    (product,) = split.of_stage(2)
    assert [g._shape[n] for n in product.folds] == [("d",)]


ONE_PASS = [
    "sum(outer(tanh(y), y))", "einsum('ia,ja->', tanh(X), X)", "einsum('i,j,k->', tanh(y), y, tanh(y))",
    "einsum('ia,jb,ab->', X, tanh(X), outer(w, w))",
    "slogdet(tanh(X[:, :, None]*w))[1]", "sum(svdvals(X[:, :, None]*w))",
]  # fmt: skip


@pytest.mark.parametrize("text", ONE_PASS)
def test_one_pass(text, monkeypatch):
    """Sums are made before their products; each row has matrices of its own."""
    monkeypatch.setattr("symdiff.backends.rows.BLOCK_BYTES", 1 << 12)
    given = {k: a for k, a in values(600).items() if k in ("X", "y", "w")}
    e = sd.parse(text, X="n d", y="n", w="d")
    fn, at = sd.function(list(given), e), list(given.values())
    split = fn.split("n")
    assert split.passes(0) + split.passes(1) == 1
    np.testing.assert_allclose(in_chunks(split, at, [2, 207])[0], fn(*at), rtol=1e-9)
    blocks = sd.function(list(given), e, stream="n")
    np.testing.assert_allclose(blocks(*at), fn(*at), rtol=1e-9)
    assert "def rows_" in blocks.source


def test_products_of_all_pairs_of_rows_are_no_sums():
    v = variables()
    e = v["y"] @ sd.exp(sd.outer(v["y"], v["y"])) @ v["y"]
    with pytest.raises(InputError, match="contract needs all rows"):
        sd.function(list(v.values()), e).split("n")


MIXED = {
    "cumulative_sum needs all rows": lambda v: sd.cumulative_sum(v["y"]),
    "sort needs all rows": lambda v: sd.sum(sd.sort(v["y"])),
    "getitem needs all rows": lambda v: v["y"][0],
    "contract needs all rows": lambda v: v["X"] @ v["X"].T,
    "argmax needs all rows": lambda v: sd.argmax(v["y"]),
}  # fmt: skip


@pytest.mark.parametrize("message", MIXED)
def test_what_cannot_be_split_names_the_node(message):
    v = variables()
    e = MIXED[message](v)
    with pytest.raises(InputError, match=rf"'n'.*{message} of that axis at once \(node \d+\)"):
        sd.function(list(v.values()), e).split("n")


def test_axes_that_are_none():
    x = sd.Graph().variable("x", ("n", "n"))
    with pytest.raises(InputError, match=r"'x' of shape \(n, n\) has it more than once"):
        sd.function([x], x).split("n")
    with pytest.raises(InputError, match="'m': no input has such an axis; the named axes are n"):
        sd.function([x], x).split("m")


@pytest.mark.parametrize("values", [(1, np.nan, 2, np.inf), (np.inf, 1, np.nan, 2), (-np.inf, 1, 1, np.nan)])
@pytest.mark.parametrize("text", ["norm2(y)", "std(y)", "max(y)", "logsumexp(y)", "sum(y)", "prod(y)"])
def test_nan_beside_inf_stays_nan(text, values):
    """Also where they lie in different chunks, of which numpy's hypot would make inf."""
    e = sd.parse(text, y="n")
    y = e.graph.named("y")
    split = split_rows(build_program(e.graph, [y], [e.node]), "n", [[y]])
    with np.errstate(all="ignore"):
        assert np.isnan(in_chunks(split, [np.array(values, float)], [2])[0])
