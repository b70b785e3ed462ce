"""Sparse derivatives against the dense ones: patterns exact, never too small; values; refilled; compressed products."""

import pickle

import numpy as np
import pytest
import scipy.sparse as sp

import symdiff as sd
from symdiff.backends import tape
from symdiff.ops.readings import read_contract
from symdiff.solvers import filling
from symdiff.solvers.colouring import column_colouring, star_colouring

N = 7
RNG = np.random.default_rng(0)
INDEX, OTHER = RNG.integers(0, N, 11), RNG.integers(0, N, 11)
C = RNG.normal(size=(5, N)) * (RNG.random((5, N)) < 0.3)
G, K = sd.Graph(), sd.Graph()
x, A, U, i, v = (
    G.variable("x", N), G.variable("A", ("m", N)), G.variable("U", (4, 5)), G.variable("i", 6, dtype="int64"),
    G.variable("v", 11),
)  # fmt: skip

JACOBIANS = {
    "band": x[1:] * x[:-1] ** 2,
    "wide band": x[3:] * sd.exp(x[:-3]) + x[1:-2],
    "elementwise": sd.exp(x) / (1 + x**2),
    "sum": sd.sum(x**2),
    "weighted sum": v @ x[INDEX] ** 3,
    "product with data": A @ sd.sin(x),
    "product with a sparse constant": C @ sd.sin(x) ** 2,
    "there and back by a sparse constant": C.T @ sd.sin(C @ x),
    "mask": sd.where(np.arange(N) % 2 == 0, x**2, 0),
    "product with a mask": x**2 * (np.arange(N) % 3 == 0),
    "gather": x[INDEX] * sd.cos(x[OTHER]),
    "gather by a variable": sd.take(x, i) ** 2 * x[0],
    "scatter": sd.scatter_add(sd.sin(x[INDEX]) * x[0], OTHER, N),
    "scatter by a variable": sd.scatter_add(sd.sin(x[:6]), i, N) ** 2,
    "scatter and gather": sd.scatter_add(x**2, INDEX[:N] % 4, 4)[np.array([0, 1, 1, 3, 2])] ** 2,
    "along an axis": sd.take_along_axis(sd.outer(x[:3], x), np.array([[0, 2], [1, 1], [5, 6]]), axis=1),
    "where": sd.where(x > 0, sd.sqrt(x), x**2),
    "where of neighbours": sd.where(x[1:] > 0, sd.sqrt(x[1:]), x[:-1]),
    "maximum": sd.maximum(x[1:], x[:-1]),
    "concat": sd.concat([x[:3] ** 2, sd.exp(x), x[2:4] * x[3:5]]),
    "concat and slice": sd.concat([x**2, x[::-1]])[::2] * 3,
    "stack": sd.ravel(sd.stack([x[1:], x[:-1] ** 2], axis=1)) * 2,
    "outer": sd.outer(x, sd.sin(x)),
    "diag": sd.diag(x**2),
    "trace": sd.trace(sd.outer(x, sd.exp(x))),
    "arrow": sd.concat([sd.sum(x)[None], x[1:] * x[0]]),
    "own sum": x * sd.sum(x),
    "norm": x / sd.norm2(x),
    "softmax": sd.softmax(x),
    "logsumexp of rows": sd.logsumexp(sd.outer(x, x), axis=1),
    "tril": sd.tril(sd.outer(x, x)),
    "sum of tril": sd.sum(sd.tril(sd.outer(x, x)) * 2, axis=0),
    "roll": sd.roll(x, 1) * x,
    "flip": sd.flip(x) ** 2,
    "pad": sd.pad(x**2, 2)[1:-1],
    "repeat and tile": sd.repeat(x, 2) * sd.tile(x, 2),
    "kron": sd.kron(x[:2], x[2:]),
    "differences": sd.diff(x**2, n=2) if hasattr(sd, "diff") else x[2:] - 2 * x[1:-1] + x[:-2],
    "cumulative sum": sd.cumulative_sum(x**2),
    "cumulative product": sd.cumulative_prod(x),
    "grid": sd.exp(U[1:-1, 1:-1]) + 4 * U[1:-1, 1:-1] - U[:-2, 1:-1] - U[2:, 1:-1] - U[1:-1, :-2] - U[1:-1, 2:],
    "transposed": sd.matrix_transpose(U) ** 2,
    "rows": U * sd.sum(U, axis=1)[:, None],
    "columns of a product": np.tri(4) @ U**2,
    "softmax of rows": sd.softmax(U, axis=1),
    "max of rows": sd.max(U[:2], axis=0),
    "reshape": sd.reshape(U, (2, 10))[1] ** 2,
    "solve": sd.solve(sd.reshape(sd.pad(x, (0, 2)), (3, 3)) + 9 * np.eye(3), x[:3]),
    "floor": sd.floor(x) * x,
    "constant": sd.floor(x) + 1,
    "cast": sd.astype(sd.astype(x, "float32"), "float64") * x,
}  # fmt: skip

HESSIANS = {
    "chained Rosenbrock": sd.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2),
    "squares of products": sd.sum((A @ x) ** 2),
    "elementwise": sd.sum(sd.exp(x)),
    "Lagrangian": sd.sum(x**4) + v[: N - 2] @ (x[:-2] * x[1:-1] * x[2:]),
    "sparse constant": sd.sum(sd.sin(C @ x)),
    "gather": sd.sum((x[INDEX] - v) ** 2 * sd.cos(x[0])),
    "arrow": sd.sum(x[1:] * x[0] ** 2),
    "square of a sum": sd.sum(x) ** 2 + sd.sum(x**3),
    "where": sd.sum(sd.where(x > 0, x**3, sd.exp(x))),
    "logsumexp": sd.logsumexp(x),
    "scatter": sd.sum(sd.scatter_add(x[INDEX] * v, OTHER, N) ** 2),
    "linear": sd.sum(3 * x),
    "norm": sd.norm2(x),
    "grid": sd.sum((U[1:, :] - U[:-1, :]) ** 4) + sd.sum((U[:, 1:] - U[:, :-1]) ** 4),
    "logdet": sd.logdet(sd.diag(x**2 + 1) + 0.1 * sd.outer(x, x)),
    "cumulative": sd.sum(sd.cumulative_sum(x**2) ** 2),
}  # fmt: skip


def values(*es, seed=1):
    rng = np.random.default_rng(seed)
    inside = set(G.ancestors([e.node for e in es]))
    at = {x: rng.normal(size=N), A: rng.normal(size=(3, N)), U: rng.normal(size=(4, 5)), v: rng.normal(size=11)}
    return {k: a for k, a in [*at.items(), (i, np.array([5, 0, 0, 3, 2, 5]))] if k.node in inside}


def dense(y, wrt, at):
    J = sd.evaluate(sd.jacobian(y, wrt), at)
    return J.reshape(-1, np.size(at[wrt]))


@pytest.mark.parametrize("name", JACOBIANS)
def test_jacobians(name):
    y = JACOBIANS[name]
    at = values(y)
    wrt = U if U in at else x
    J = sd.SparseJacobian(y, wrt, at)
    np.testing.assert_allclose(J.tocsr().toarray(), dense(y, wrt, at), atol=1e-12)
    seen = np.zeros(J.shape, bool)
    for seed in range(8):  # what is nonzero at one of several points
        moved = {**values(y, seed=seed), **({i: at[i]} if i in at else {})}
        exact = dense(y, wrt, moved)
        np.testing.assert_allclose(J.at({wrt: moved[wrt], **moved}).tocsr().toarray(), exact, atol=1e-12)
        seen |= exact != 0
    np.testing.assert_array_equal(J.pattern.toarray(), seen)
    if i not in at:
        np.testing.assert_array_equal(sd.sparsity(y, wrt, {"m": 3}).toarray(), seen)
    local = sd.sparsity(y, wrt, local=at).toarray()
    np.testing.assert_array_equal(local, dense(y, wrt, at) != 0)


@pytest.mark.parametrize("name", HESSIANS)
def test_hessians(name):
    f = HESSIANS[name]
    at = values(f)
    wrt = U if U in at else x
    H = sd.SparseHessian(f, wrt, at)
    M = H.tocsr()
    assert (M != M.T).nnz == 0
    seen = np.zeros(H.shape, bool)
    for seed in range(4):
        moved = values(f, seed=seed)
        exact = sd.evaluate(sd.hessian(f, wrt), moved).reshape(H.shape)
        np.testing.assert_allclose(H.at(moved).tocsr().toarray(), exact, rtol=1e-10, atol=1e-10)
        seen |= exact != 0
    np.testing.assert_array_equal(H.pattern.toarray(), seen)
    operator = sd.HessianOperator(f, wrt, at)
    b = np.arange(1.0, H.shape[0] + 1)
    np.testing.assert_allclose(M @ b, operator @ b, rtol=1e-9, atol=1e-9)


def test_most_need_no_product():
    """Formulas of entries: only what mixes entries by its work alone is found by products."""
    found = {k: sd.SparseJacobian(y, U if U in values(y) else x, values(y)) for k, y in JACOBIANS.items()}
    compressed = [name for name, J in found.items() if J.products]
    assert compressed == ["cumulative sum", "cumulative product"]


def test_named_sizes_any_number_of_variables_and_rows():
    g = sd.Graph()
    p, q, data = g.variable("p", "n"), g.variable("q", "n k"), g.variable("data", "n")
    ys = [p[1:] * q[:-1, 0], sd.sum(q * p[:, None], axis=0), data * p]
    rng = np.random.default_rng(3)
    at = {p: rng.normal(size=5), q: rng.normal(size=(5, 2)), data: rng.normal(size=5)}
    J = sd.SparseJacobian(ys, {"first": p, "second": q}, at)
    exact = np.vstack([np.hstack([dense(y, w, at) for w in (p, q)]) for y in ys])
    np.testing.assert_allclose(J.tocsr().toarray(), exact)
    np.testing.assert_array_equal(J.pattern.toarray(), exact != 0)
    np.testing.assert_array_equal(sd.sparsity(ys, [p, q], {"n": 5, "k": 2}).toarray(), exact != 0)
    wider = {p: rng.normal(size=6), q: rng.normal(size=(6, 2)), data: rng.normal(size=6)}
    assert J.at(wider).shape == (5 + 2 + 6, 18)
    changed = J.at({data: 2 * at[data]}).tocsr().toarray()
    np.testing.assert_allclose(changed[6:, :5], np.diag(2 * at[data]))


def test_a_matrix_is_refilled_in_place():
    f = HESSIANS["chained Rosenbrock"]
    H = sd.SparseHessian(f, x, values(f))
    M = H.tocsr()
    kept = M.data
    moved = values(f, seed=9)
    assert H.at(moved, out=M).tocsr().data is kept or np.shares_memory(H.at(moved, out=M).tocsr().data, kept)
    np.testing.assert_allclose(M.toarray(), sd.evaluate(sd.hessian(f, x), moved), rtol=1e-12)
    np.testing.assert_allclose(H.function(moved[x]), M.data, rtol=1e-15)


def test_formulas_are_compiled_once_for_the_data_that_moves(monkeypatch):
    made = []
    compiled = tape.compile
    monkeypatch.setattr(tape, "compile", lambda *given, **options: made.append(1) or compiled(*given, **options))
    g = sd.Graph()
    x, m, c = g.variable("x", "n"), g.variable("m", "n - 1"), g.variable("c", "n - 1")
    point = np.array([1.0, 2.0, 3.0])
    H = sd.SparseHessian((m / c) @ (x[1:] * x[:-1] ** 2), x, at={x: point, m: [1.0, 1.0], c: [1.0, 1.0]})
    for k in range(1, 5):
        a, b = k, 2.0
        given = {x: point * k, m: [3 * a, 3 * b], c: [3.0, 3.0]}
        H = H.at(given if k % 2 else dict(reversed(given.items())))
        dense = [[4 * k * a, 2 * k * a, 0], [2 * k * a, 6 * k * b, 4 * k * b], [0, 4 * k * b, 0]]
        np.testing.assert_allclose(H.tocsr().toarray(), dense)
    assert len(made) == 1


@pytest.mark.parametrize("name", [*JACOBIANS, *HESSIANS])
def test_programs_write_into_the_data_themselves(name, monkeypatch):
    monkeypatch.setattr(filling, "MANY", 1)
    y = (JACOBIANS | HESSIANS)[name]
    of = sd.SparseJacobian if name in JACOBIANS else sd.SparseHessian
    at = values(y)
    wrt = U if U in at else x
    direct, usual = of(y, wrt, at, backend="numpy"), of(y, wrt, at)
    np.testing.assert_allclose(direct.tocsr().toarray(), usual.tocsr().toarray(), rtol=1e-12)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_loops_write_into_the_data_themselves(dtype):
    n = 6000
    u = sd.Graph().variable("u", n, dtype)
    f = sd.sum((u[1:] - u[:-1] ** 2) ** 2 + sd.cos(u[1:]))
    a = np.linspace(-1, 1, n).astype(dtype)
    H = sd.SparseHessian(f, u, {u: a}, backend="compiled")
    middle = np.zeros(n)
    middle[:-1] += 12 * a[:-1] ** 2 - 4 * a[1:]
    middle[1:] += 2 - np.cos(a[1:])
    wanted = sp.diags_array([-4 * a[:-1], middle, -4 * a[:-1]], offsets=[-1, 0, 1]).tocsr()
    first = H.tocsr().copy()
    for M in (H.tocsr(), H.at({u: 2 * a}).tocsr(), H.at({u: a}, out=first).tocsr()):
        assert M.dtype == dtype
    np.testing.assert_allclose(M.data, wanted.data, rtol=1e-13 if dtype == "float64" else 1e-5, atol=1e-6)


def test_a_pattern_that_is_given_holds_the_entries():
    f = HESSIANS["elementwise"]
    at = values(f)
    wide = sp.csr_array(np.tri(N, k=1) * np.tri(N, k=1).T)
    H = sd.SparseHessian(f, x, at, pattern=wide)
    assert H.tocsr().nnz == wide.nnz
    np.testing.assert_allclose(H.tocsr().toarray(), np.diag(np.exp(at[x])))
    J = sd.SparseJacobian(sd.cumulative_sum(x**2), x, at, pattern=np.tri(N) * sp.csr_array(np.ones((N, N))))
    np.testing.assert_allclose(J.tocsr().toarray(), 2 * at[x] * np.tri(N))
    with pytest.raises(sd.InputError, match=r"entry \(0, 0\) may be nonzero"):
        sd.SparseHessian(f, x, at, pattern=sp.csr_array((N, N)))
    with pytest.raises(sd.InputError, match="shape"):
        sd.SparseHessian(f, x, at, pattern=sp.csr_array((N, 3)))
    with pytest.raises(sd.InputError, match="sparse matrix"):
        sd.SparseHessian(f, x, at, pattern=np.eye(N))


def test_single_precision_pickles_and_masks():
    g = sd.Graph()
    w = g.variable("w", "n", dtype="float32")
    H = sd.SparseHessian(sd.sum(sd.where(w > 0, sd.sqrt(w), w**2)), w, {w: np.array([-1, 4], np.float32)})
    assert H.tocsr().dtype == np.float32
    np.testing.assert_allclose(H.tocsr().toarray(), np.diag([2, -0.25 / 8]), rtol=1e-6)  # no nan from the other branch
    again = pickle.loads(pickle.dumps(H))
    np.testing.assert_array_equal(again.tocsr().toarray(), H.tocsr().toarray())
    assert "2 entries stored" in repr(again)


# --- colouring ---------------------------------------------------------------------------------------------------


def _of(array):
    pattern = sp.csr_array(np.asarray(array) != 0)
    pattern.sort_indices()
    return pattern


PATTERNS = {
    "band": _of(np.eye(12) + np.eye(12, k=1) + np.eye(12, k=-1)),
    "arrow": _of(np.eye(12) + np.outer(np.arange(12) == 0, np.ones(12)) + np.outer(np.ones(12), np.arange(12) == 0)),
    "random": _of(sp.random(15, 15, 0.15, random_state=0).toarray() + np.eye(15)),
    "full": _of(np.ones((6, 6))),
    "empty": _of(np.zeros((4, 4))),
}


@pytest.mark.parametrize("name", PATTERNS)
def test_colourings_determine_every_entry(name):
    P = PATTERNS[name]
    colours = column_colouring(P)
    for r in range(P.shape[0]):
        own = colours[P.indices[P.indptr[r] : P.indptr[r + 1]]]
        assert len(set(own)) == len(own)
    S = _of(P.toarray() + P.toarray().T)
    colours, D = star_colouring(S), S.toarray()
    for r, c in zip(*np.nonzero(D), strict=True):
        alone = [sum(colours[k] == colours[b] for k in np.flatnonzero(D[a])) == 1 for a, b in ((r, c), (c, r))]
        assert any(alone)


def test_few_colours():
    assert column_colouring(PATTERNS["band"]).max() + 1 == 3
    assert star_colouring(PATTERNS["band"]).max() + 1 == 3
    assert star_colouring(PATTERNS["arrow"]).max() + 1 == 2


def test_dense_rows_are_found_by_products_with_the_transpose():
    n = 60
    z = sd.Graph().variable("z", n)
    y = sd.concat([sd.cumulative_sum(z**2)[-1:], sd.sum(sd.cumulative_sum(z[:, None] ** 2, axis=1), axis=1)])
    at = {z: np.linspace(1, 2, n)}
    J = sd.SparseJacobian(y, z, at)
    np.testing.assert_allclose(J.tocsr().toarray(), np.vstack([2 * at[z], np.diag(2 * at[z])]))
    assert J.products == 2


# --- what does not fit -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda at: sd.SparseJacobian(x, x, {}), sd.InputError, "no value for x"),
        (lambda at: sd.SparseJacobian("x", x, at), sd.InputError, "expected expressions"),
        (lambda at: sd.SparseJacobian([], x, at), sd.InputError, "expected expressions"),
        (lambda at: sd.SparseJacobian(x, [], at), sd.InputError, "no variable"),
        (lambda at: sd.SparseJacobian(x, [x, x], at), sd.InputError, "twice"),
        (lambda at: sd.SparseJacobian(x, x, 3), sd.InputError, "dict"),
        (lambda at: sd.SparseJacobian(x, x, {x: np.ones(3)}), sd.InputError, "shape"),
        (lambda at: sd.SparseHessian(x, x, at), sd.ShapeError, "scalar"),
        (lambda at: sd.SparseHessian(sd.sum(sd.take(x, i)), i, {**at, i: [0] * 6}), sd.GradientError, "float64"),
        (lambda at: sd.sparsity(A @ x, x), sd.InputError, "size 'm'"),
        (lambda at: sd.sparsity(x, []), sd.InputError, "no variable"),
        (lambda at: sd.sparsity(3, x), sd.InputError, "expected expressions"),
    ],
)
def test_errors(make, error, message):
    with pytest.raises(error, match=message):
        make({x: np.ones(N)})


def test_positions_that_are_not_known_are_taken_as_dense():
    with pytest.warns(UserWarning, match="taken as dense"):
        P = sd.sparsity(sd.take(x**2, i), x)
    np.testing.assert_array_equal(P.toarray(), np.ones((6, N), bool))
    with pytest.warns(UserWarning, match="taken as dense"):
        P = sd.sparsity(sd.scatter_add(U**2, i[:4], 3), U)
    np.testing.assert_array_equal(P.toarray(), np.kron(np.ones((3, 4)), np.eye(5)) > 0)


def test_positions_that_change_are_found_anew():
    y = sd.take(x, i) ** 2
    at = {x: np.arange(1.0, N + 1), i: np.array([0, 1, 2, 3, 4, 5])}
    J = sd.SparseJacobian(y, x, at)
    other = np.array([6, 6, 0, 1, 2, 3])
    want = np.zeros((6, N))
    want[np.arange(6), other] = 2 * at[x][other]
    np.testing.assert_allclose(J.at({i: other}).tocsr().toarray(), want)


@pytest.mark.parametrize("name", HESSIANS)
def test_diagonals_as_expressions(name):
    """Of stencils, gathers, scatters and masks no array as large as the matrix is formed."""
    f = HESSIANS[name]
    at = values(f)
    wrt = U if U in at else x
    H = sd.hessian(f, wrt)
    n = wrt.ndim
    exact = sd.evaluate(H, at).reshape(2 * (np.size(at[wrt]),))
    rows = "ij"[:n]
    found = read_contract([(H, rows + rows)], rows)
    np.testing.assert_allclose(sd.evaluate(found, at).ravel(), np.diag(exact), atol=1e-9)
    v = G.variable(f"direction_{n}", wrt.shape)
    product = read_contract([(H, "ijkl"[: 2 * n]), (v, "ijkl"[n : 2 * n])], "ijkl"[:n])
    w = RNG.normal(size=np.size(at[wrt]))
    got = sd.evaluate(product, {**at, v: w.reshape(np.shape(at[wrt]))})
    np.testing.assert_allclose(got.ravel(), exact @ w, atol=1e-9)
    if n == 1:
        np.testing.assert_allclose(sd.evaluate(sd.diagonal(H), at), np.diag(exact), atol=1e-9)
        np.testing.assert_allclose(sd.evaluate(sd.trace(H), at), np.trace(exact), atol=1e-9)
    if name not in ("logdet", "cumulative", "sparse constant"):  # which are dense, or have a dense constant
        inside = G.ancestors([found.node])
        assert max(np.prod([3 if s == "m" else s for s in G._shape[k]], dtype=int) for k in inside) < len(exact) ** 2


@pytest.mark.parametrize("name", JACOBIANS)
@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_squares_of_columns_as_expressions(name, mode):
    """diag(J' diag(w) J): two factors that hold unit tensors, of slices, gathers, joins, reshapes."""
    y = JACOBIANS[name]
    at = values(y)
    wrt = U if U in at else x
    J = sd.jacobian(y, wrt, mode)
    w = G.variable("weights_" + "_".join(map(str, y.shape)), y.shape)
    out, own = tuple(range(y.ndim)), tuple(range(y.ndim, y.ndim + wrt.ndim))
    found = read_contract([(J, (*out, *own)), (w, out), (J, (*out, *own))], own)
    D = sd.evaluate(J, at)
    W = RNG.normal(size=D.shape[: y.ndim])
    exact = (D.reshape(W.size, -1) ** 2 * W.reshape(-1, 1)).sum(axis=0)
    np.testing.assert_allclose(sd.evaluate(found, {**at, w: W}).ravel(), exact, atol=1e-9)


def test_the_diagonal_of_a_chain_is_a_formula():
    y = sd.Graph().variable("y", "n")
    d = sd.diagonal(sd.hessian(sd.sum(100 * (y[1:] - y[:-1] ** 2) ** 2 + (1 - y[:-1]) ** 2), y))
    assert str(d) == "concat((2 - 400*y[1:] + 1200*y[:-1]**2, zeros(1))) + concat((zeros(1), 200*ones(n - 1)))"
    assert sd.evaluate(d, {"y": np.ones(100_000)})[:2].tolist() == [802, 1002]


@pytest.mark.parametrize("known", [False, True])
def test_diagonals_where_positions_count_from_the_end(known):
    g = sd.Graph()
    y, c, j = g.variable("y", 5), g.variable("c", 4), g.variable("j", 4, dtype="int64")
    at = {y: np.arange(1.0, 6) / 3, c: np.arange(4.0), j: np.array([-1, 0, 4, -5])}
    k = at[j] if known else j
    for f in (
        sd.sum(sd.take(y, k) ** 3 * c),
        sd.sum(sd.take(y[1:], k % 4 - 4) ** 2 * sd.take(y, k)),
        sd.sum(sd.scatter_add(sd.take(y, k) * c, k % 5, 5) ** 2),
        sd.sum(y[::2] ** 2 * y[::-2]),
    ):
        H = sd.hessian(f, y)
        here = {e: v for e, v in at.items() if e.node in g.ancestors([f.node])}
        exact = np.diag(sd.evaluate(H, here))
        np.testing.assert_allclose(sd.evaluate(sd.diagonal(H), here), exact)
        np.testing.assert_allclose(sd.evaluate(sd.trace(H), here), exact.sum())
