"""numpy's functions on expressions: ``f(Expr)``, evaluated, is ``f(array)``; and code written over ``xp``
runs with xp=symdiff.
"""

import numpy as np
import pytest

import symdiff as sd

RNG = np.random.default_rng(7)
POINT = {
    "x": RNG.uniform(0.2, 0.9, 4),
    "y": RNG.uniform(1.1, 1.9, 4),
    "A": RNG.uniform(0.2, 0.9, (3, 4)),
    "B": RNG.uniform(0.2, 0.9, (4, 3)),
    "S": RNG.uniform(0.2, 0.9, (4, 4)) + 3 * np.eye(4),
    "T": RNG.uniform(0.2, 0.9, (2, 3, 4)),
    "s": np.array(0.6),
    "r": np.array(1.7),
}

UNARY = [
    "sin", "cos", "tan", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "arcsinh", "arctanh", "asin",
    "acos", "atan", "asinh", "atanh", "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sqrt",
    "cbrt", "square", "reciprocal", "negative", "positive", "absolute", "abs", "fabs", "sign", "floor",
    "ceil", "trunc", "rint", "fix", "deg2rad", "rad2deg", "radians", "degrees", "sinc", "isnan", "isfinite",
    "isinf", "logical_not", "conj", "real", "i0",
]  # fmt: skip
ABOVE_ONE = ["arccosh", "acosh"]
BINARY = [
    "add", "subtract", "multiply", "divide", "true_divide", "floor_divide", "power", "pow", "float_power",
    "remainder", "mod", "fmod", "arctan2", "atan2", "hypot", "logaddexp", "logaddexp2", "maximum", "minimum",
    "fmax", "fmin", "greater", "greater_equal", "less", "less_equal", "equal", "not_equal", "copysign",
    "heaviside",
]  # fmt: skip
REDUCTIONS = [
    "sum", "mean", "prod", "max", "min", "amax", "amin", "var", "std", "any", "all", "argmax", "argmin",
    "cumsum", "cumprod", "cumulative_sum", "cumulative_prod", "ptp", "nansum", "count_nonzero", "median",
]  # fmt: skip

CALLS = {
    "sum axis": lambda A: np.sum(A, axis=0),
    "sum keepdims": lambda A: np.sum(A, axis=(0, 1), keepdims=True),
    "sum negative axis": lambda T: np.sum(T, axis=(-1, 0)),
    "sum of a list": lambda x, y: np.sum([x, y]) if isinstance(x, np.ndarray) else np.sum(np.stack([x, y])),
    "mean axis": lambda A: np.mean(A, axis=1, keepdims=True),
    "var ddof": lambda A: np.var(A, axis=0, ddof=1),
    "std ddof": lambda x: np.std(x, ddof=1),
    "std correction": lambda x: np.std(x, correction=1),
    "prod axis": lambda A: np.prod(A, axis=1),
    "max axis": lambda A: np.max(A, axis=1),
    "max keepdims": lambda A: np.max(A, axis=1, keepdims=True),
    "any": lambda A: np.any(A > 0.5, axis=0),
    "all": lambda A: np.all(A > 0.5),
    "argmax": lambda A: np.argmax(A, axis=1),
    "cumsum axis": lambda A: np.cumsum(A, axis=1),
    "average": lambda x: np.average(x),
    "average weights": lambda x, y: np.average(x, weights=y),
    "add.reduce": lambda A: np.add.reduce(A),
    "add.reduce axis": lambda A: np.add.reduce(A, axis=1),
    "add.reduce dtype": lambda A: np.add.reduce(A, axis=1, dtype=float),
    "logical_and.reduce": lambda A: np.logical_and.reduce(A > 0.3),
    "logical_or.reduce": lambda A: np.logical_or.reduce(A > 0.8, axis=1),
    "sum dtype": lambda A: np.sum(A > 0.5, axis=0, dtype=float) / 7,
    "method sum dtype": lambda A: (A > 0.5).sum(dtype=float) * A.prod(dtype=float),
    "cumsum dtype": lambda A: np.cumsum(A > 0.5, axis=1, dtype=float),
    "cumulative_sum initial": lambda A: np.cumulative_sum(A, axis=1, include_initial=True),
    "cumulative_prod initial": lambda x: np.cumulative_prod(x, include_initial=True),
    "argmax keepdims": lambda A: np.argmax(A, axis=1, keepdims=True) + np.argmax(A, keepdims=True),
    "roll along axes": lambda A: np.roll(A, (1, -2), axis=(0, 1)) + np.roll(A, 1, axis=(0, 1)),
    "astype copy": lambda A: A.astype(float, copy=False),
    "reshape copy": lambda A: np.reshape(A, (4, 3), copy=True),
    "linspace endpoint": lambda s, r: np.linspace(s, r, 5, endpoint=False),
    "cross axis": lambda B, A: np.cross(B[:3].T, A[:, :3], axis=0),
    "cholesky upper": lambda S: np.linalg.cholesky(S @ S.T, upper=True),
    "qr reduced": lambda S: np.linalg.qr(S, mode="reduced").R,
    "multiply.reduce": lambda x: np.multiply.reduce(x),
    "maximum.reduce": lambda A: np.maximum.reduce(A, axis=1),
    "logaddexp.reduce": lambda A: np.logaddexp.reduce(A, axis=1),
    "multiply.outer": lambda x, y: np.multiply.outer(x, y),
    "add.outer": lambda x, y: np.add.outer(x, y),
    "subtract.outer": lambda x, y: np.subtract.outer(x, y),
    "add.accumulate": lambda x: np.add.accumulate(x),
    "matmul": lambda A, B: np.matmul(A, B),
    "matmul stack": lambda T, B: T @ B,
    "array @ Expr": lambda B: POINT["A"] @ B,
    "Expr @ array": lambda A: A @ POINT["B"],
    "array * Expr": lambda x: POINT["y"] * x,
    "array - Expr": lambda x: POINT["y"] - x,
    "array / Expr": lambda x: POINT["y"] / x,
    "array ** Expr": lambda x: POINT["y"] ** x,
    "numpy scalar * Expr": lambda x: np.float64(2.5) * x,
    "numpy integer + Expr": lambda x: np.int64(2) + x,
    "numpy scalar ** Expr": lambda x: np.float64(2.5) ** x,
    "array > Expr": lambda x: POINT["y"] / 2 > x,
    "dot": lambda A, x: np.dot(A, x),
    "dot vectors": lambda x, y: np.dot(x, y),
    "vdot": lambda A, B: np.vdot(A, B.T),
    "inner": lambda A, x: np.inner(A, x),
    "outer": lambda x, y: np.outer(x, y),
    "outer of matrices": lambda A, x: np.outer(A, x),
    "tensordot": lambda A, B: np.tensordot(A, B, axes=1),
    "tensordot axes": lambda T, A: np.tensordot(T, A, axes=([1, 2], [0, 1])),
    "kron": lambda A, B: np.kron(A, B),
    "cross": lambda A: np.cross(A[0, :3], A[1, :3]),
    "einsum": lambda A, x: np.einsum("ij,j->i", A, x),
    "einsum implicit": lambda A, B: np.einsum("ij,jk", A, B),
    "einsum trace": lambda S: np.einsum("ii", S),
    "einsum diagonal": lambda S: np.einsum("ii->i", S),
    "einsum three": lambda A, B, S: np.einsum("ij,jk,lj->il", A, B, S),
    "einsum ellipsis": lambda T, B: np.einsum("...ij,jk->...ik", T, B),
    "einsum optimize": lambda A, B: np.einsum("ij,jk->ik", A, B, optimize=True),
    "trace": lambda S: np.trace(S),
    "diagonal": lambda S: np.diagonal(S),
    "diag": lambda x: np.diag(x),
    "diag of matrix": lambda S: np.diag(S),
    "diag k": lambda x: np.diag(x, 1),
    "diag of matrix k": lambda A: np.diag(A, 1),
    "trace offset": lambda S: np.trace(S, 1),
    "tril": lambda S: np.tril(S),
    "triu k": lambda S: np.triu(S, k=1),
    "transpose": lambda A: np.transpose(A),
    "transpose axes": lambda T: np.transpose(T, (2, 0, 1)),
    "T": lambda A: A.T,
    "mT": lambda T: T.mT,
    "swapaxes": lambda T: np.swapaxes(T, 0, 2),
    "moveaxis": lambda T: np.moveaxis(T, 0, -1),
    "permute_dims": lambda T: np.permute_dims(T, (1, 0, 2)),
    "matrix_transpose": lambda T: np.matrix_transpose(T),
    "reshape": lambda A: np.reshape(A, (2, 6)),
    "reshape -1": lambda A: np.reshape(A, -1),
    "reshape method": lambda A: A.reshape(6, 2),
    "ravel": lambda A: np.ravel(A),
    "squeeze": lambda A: np.squeeze(A[:, None]),
    "expand_dims": lambda x: np.expand_dims(x, 1),
    "newaxis": lambda x: x[:, np.newaxis],
    "atleast_1d": lambda s: np.atleast_1d(s),
    "atleast_2d": lambda x: np.atleast_2d(x),
    "broadcast_to": lambda x: np.broadcast_to(x, (3, 4)),
    "concatenate": lambda A, B: np.concatenate([A, B.T]),
    "concatenate axis": lambda A, B: np.concatenate((A, B.T), axis=1),
    "concat": lambda x, y: np.concat([x, y]),
    "concatenate with array": lambda x: np.concatenate([x, np.ones(2)]),
    "concatenate flat": lambda A, x: np.concatenate([A, x], axis=None),
    "append": lambda x: np.append(x, 1.0),
    "stack": lambda x, y: np.stack([x, y]),
    "stack axis": lambda x, y: np.stack([x, y], axis=-1),
    "vstack": lambda x, A: np.vstack([x, A]),
    "hstack": lambda x, y: np.hstack([x, y]),
    "column_stack": lambda x, y: np.column_stack([x, y]),
    "block": lambda S: np.block([[S, S], [S, S]]),
    "tile": lambda x: np.tile(x, 3),
    "repeat": lambda x: np.repeat(x, 2),
    "roll": lambda x: np.roll(x, 1),
    "flip": lambda A: np.flip(A, axis=1),
    "fliplr": lambda A: np.fliplr(A),
    "flipud": lambda A: np.flipud(A),
    "rot90": lambda A: np.rot90(A),
    "diff": lambda x: np.diff(x),
    "diff twice": lambda A: np.diff(A, n=2, axis=1),
    "gradient": lambda x: np.ediff1d(x),
    "pad": lambda x: np.pad(x, (1, 2)),
    "take": lambda x: np.take(x, [0, 2]),
    "index array": lambda x: x[np.array([2, 0, 0])],
    "slice": lambda A: A[1:, ::2],
    "negative index": lambda A: A[-1, ..., -1],
    "split": lambda x: np.split(x, 2)[1],
    "where": lambda x, y: np.where(x > 0.5, x, y),
    "where number": lambda x: np.where(x > 0.5, x, 0.0),
    "select": lambda x: np.select([x > 0.7, x > 0.4], [x, x**2], 0.0),
    "clip": lambda x: np.clip(x, 0.4, 0.6),
    "clip None": lambda x: np.clip(x, None, 0.6),
    "clip names": lambda x: np.clip(x, a_min=0.4, a_max=0.6),
    "maximum number": lambda x: np.maximum(x, 0.5),
    "interp of logic": lambda x: np.logical_and(x > 0.3, ~(x > 0.6)),
    "xor": lambda x: np.logical_xor(x > 0.3, x > 0.6),
    "bitwise": lambda x: (x > 0.3) & (x < 0.6) | (x > 0.8),
    "isclose": lambda x: np.isclose(x, POINT["x"]),
    "sort": lambda x: np.sort(x),
    "argsort": lambda x: np.argsort(x),
    "nan_to_num": lambda x: np.nan_to_num(x),
    "zeros_like": lambda A: np.zeros_like(A),
    "ones_like": lambda A: np.ones_like(A) * A,
    "full_like": lambda A: np.full_like(A, 3.0),
    "copy": lambda x: np.copy(x),
    "polyval": lambda s: np.polyval([1.0, 2.0, 3.0], s),
    "norm": lambda x: np.linalg.norm(x),
    "norm of matrix": lambda A: np.linalg.norm(A),
    "norm 1": lambda x: np.linalg.norm(x, 1),
    "norm inf": lambda x: np.linalg.norm(x, np.inf),
    "norm 3": lambda x: np.linalg.norm(x, 3),
    "norm axis": lambda A: np.linalg.norm(A, axis=1),
    "norm matrix 1": lambda A: np.linalg.norm(A, 1),
    "norm matrix inf": lambda A: np.linalg.norm(A, np.inf),
    "norm spectral": lambda A: np.linalg.norm(A, 2),
    "norm nuclear": lambda A: np.linalg.norm(A, "nuc"),
    "vector_norm": lambda A: np.linalg.vector_norm(A, axis=1),
    "matrix_norm": lambda A: np.linalg.matrix_norm(A),
    "inv": lambda S: np.linalg.inv(S),
    "pinv": lambda A: np.linalg.pinv(A),
    "det": lambda S: np.linalg.det(S),
    "slogdet": lambda S: np.linalg.slogdet(S)[1],
    "slogdet name": lambda S: np.linalg.slogdet(S).logabsdet,
    "solve": lambda S, x: np.linalg.solve(S, x),
    "solve matrix": lambda S, B: np.linalg.solve(S, B),
    "cholesky": lambda S: np.linalg.cholesky(S @ S.T),
    "eigvalsh": lambda S: np.linalg.eigvalsh(S + S.T),
    "eigh": lambda S: np.linalg.eigh(S + S.T)[0],
    "svd": lambda A: np.linalg.svd(A, compute_uv=False),
    "svdvals": lambda A: np.linalg.svdvals(A),
    "qr": lambda S: abs(np.linalg.qr(S)[1]),
    "matrix_power": lambda S: np.linalg.matrix_power(S, 3),
    "matrix_power negative": lambda S: np.linalg.matrix_power(S, -2),
    "multi_dot": lambda A, B: np.linalg.multi_dot([A, B, A]),
    "linalg.trace": lambda S: np.linalg.trace(S),
    "linalg.diagonal": lambda S: np.linalg.diagonal(S),
    "linalg.outer": lambda x, y: np.linalg.outer(x, y),
    "linalg.matmul": lambda A, B: np.linalg.matmul(A, B),
    "linalg.cross": lambda A: np.linalg.cross(A[:, 0], A[:, 1]),
    "vecdot": lambda A, x: np.vecdot(A, x),
    "matvec": lambda A, x: np.matvec(A, x),
    "vecmat": lambda B, x: np.vecmat(x, B),
    "shape": lambda A: A.sum() * np.shape(A)[0],
    "ndim": lambda A: A.sum() * np.ndim(A),
    "size": lambda A: A.sum() * np.size(A),
    "round": lambda x: np.round(x),
    "round decimals": lambda x: np.round(x, 1),
    "round to tens": lambda x: np.round(1e3 * x, -2),
    "round builtin": lambda s: np.round(s, 1) if isinstance(s, np.ndarray) else round(s, 1),
    "list * Expr": lambda x: [1, 2, 3, 4] * x,
    "Expr + tuple": lambda x: x + (1, 2, 3, 4),  # noqa: RUF005
    "list of Exprs": lambda x, s: x - [s, 1, s, 2],
    "Expr @ list": lambda A: A @ [1, 2, 3, 4],
    "einsum lists": lambda A, x: np.einsum(A, [0, 1], x, [1]),
    "einsum lists out": lambda T, x: np.einsum(T, [..., 2], x, [2], [...]),
    "meshgrid": lambda x, s: np.stack(np.meshgrid(x, x[:2])),
    "meshgrid ij": lambda x: np.stack(np.meshgrid(x, x[:2], x[1:3], indexing="ij")),
    "full_like dtype": lambda x: np.full_like(x, 2.0, dtype=np.float64) * x,
    "index lists": lambda A: A[[0, 1, -1], [1, 2, 0]],
    "index list after slice": lambda A: A[:, [0, 0, 3]],
    "index list before slice": lambda A: A[[2, 0], 1:],
    "index mask": lambda x: x[np.array([True, False, True, True])],
    "index mask of a matrix": lambda S: S[np.eye(4) > 0],
    "index mask of rows": lambda S: S[np.array([True, False, True, False]), 2:],
    "index ix": lambda S: S[np.ix_([0, 3], [1, 2, 2])],
    "index triu": lambda S: S[np.triu_indices(4)],
    "index apart": lambda T: T[[0, 1], :, [2, 3]],
    "index integer and list": lambda T: T[1, :, [2, 3]],
    "index integer beside list": lambda T: T[:, 1, [2, 3, 0]],
    "index matrix": lambda T: T[:, [[0, 1], [2, 2]], 1:],
    "index list and newaxis": lambda x: x[[0, 2], None],
    "index newaxis between": lambda S: S[[0, 2], None, [1, 1]],
    "index ellipsis and list": lambda T: T[..., [0, 3]],
    "index empty list": lambda A: A[[]],
    "method sum": lambda A: A.sum(axis=1),
    "method mean": lambda A: A.mean(axis=1),
    "method max": lambda A: A.max(axis=1),
    "method dot": lambda A, x: A.dot(x),
    "method var": lambda x: x.var(),
    "method std": lambda x: x.std(),
    "method clip": lambda x: x.clip(0.4, 0.6),
    "method cumsum": lambda x: x.cumsum(),
    "method squeeze": lambda A: A[:1].squeeze(),
    "method swapaxes": lambda A: A.swapaxes(0, 1),
    "method argmax": lambda x: x.argmax(),
    "method repeat": lambda x: x.repeat(2),
    "method take": lambda x: x.take([1, 2]),
    "method round": lambda x: x.round(),
    "method diagonal": lambda S: S.diagonal(),
    "method astype": lambda x: x.astype(np.float64),
    "method all": lambda x: (x > 0.5).all(),
    "method any": lambda x: (x > 0.5).any(),
    "divmod": lambda x, y: divmod(y, x)[0],
    "abs": lambda x: abs(-x),
    "pos": lambda x: +x,
    "iteration": lambda x: sum(v**2 for v in x),
    "len": lambda x: len(x) * x,
}


CALLS |= {
    "interp": lambda x: np.interp(2 * x - 0.5, [0.0, 0.5, 1.2], [1.0, 3.0, 2.0]),
    "interp beyond": lambda x: np.interp(x, [0.4, 0.6], [0.0, 1.0], left=-7.0, right=9.0),
    "interp by variables": lambda s, x, y: np.interp(s, np.cumsum(x), y) + np.interp([0.3, 0.6], [0, 0.2, 0.4, 1], y),
    "convolve": lambda x, y: np.convolve(x, y) + np.convolve([1.0, 2.0, 3.0, 4.0], x),
    "convolve same": lambda x: np.convolve(x, [1.0, 2.0, 1.0], "same") + np.convolve(x, [1.0, 3.0], mode="same"),
    "convolve valid": lambda x: np.convolve([1.0, 2.0], x, "valid"),
    "gradient": lambda x: np.gradient(x, 0.5),
    "gradient axes": lambda A: np.gradient(A, 0.1, 0.2)[0] + np.gradient(A)[1] + np.gradient(A, axis=1),
    "vander": lambda x: np.vander(x, 3) @ np.vander(x, 3, increasing=True).T,
    "cov": lambda A: np.cov(A) + np.cov(A[:, :3], rowvar=False) + np.cov(A, bias=True),
    "cov of two": lambda x, y: np.cov(x, y) * np.cov(x),
    "corrcoef": lambda A: np.corrcoef(A),
    "quantile": lambda A: np.quantile(A, [0.25, 0.7, 1], axis=0),
    "quantile keepdims": lambda A: np.quantile(A, 0.4, axis=1, keepdims=True) + np.percentile(A, 30, keepdims=True),
    "percentile": lambda x: np.percentile(x, [0, 50, 90]),
    "piecewise": lambda x: np.piecewise(x, [x < 0.5, x < 0.3], [np.sin, 3.0, lambda t: t**2]),
    "array_split": lambda x: np.array_split(x, 3)[0] * np.array_split(x, [1, 3])[1],
}
REFUSED = {
    "interp of other points": (lambda x: np.interp(x, [0.0, 1.0], [1.0]), sd.ShapeError, r"shapes \(2,\) and \(1,\)"),
    "convolve of matrices": (lambda A: np.convolve(A, A), sd.ShapeError, "convolve"),
    "quantile of no share": (lambda x: np.quantile(x, 2), sd.GraphError, "between 0 and 1"),
    "piecewise of too many": (lambda x: np.piecewise(x, [x > 0], [1, 2, 3]), sd.GraphError, "3 function"),
    "where with one argument": (lambda x: np.where(x > 0), sd.GraphError, "keeps the shape, and"),
    "negative pad": (lambda x: np.pad(x, -1), sd.ShapeError, "numbers >= 0"),
    "pad of more axes": (lambda x: np.pad(x, [(1, 1), (2, 2)]), sd.ShapeError, "does not fit 1 axes"),
    "tensordot of more axes": (lambda A: np.tensordot(A, A, axes=3), sd.ShapeError, "3 axes of shapes"),
    "complete qr": (lambda S: np.linalg.qr(S[:, :1], mode="complete"), sd.GraphError, "'reduced', not 'complete'"),
    "unknown function": (lambda x: np.roots(x), sd.GradientError, "np.roots is not offered .* complex numbers"),
    "scatter at floats": (lambda x: sd.scatter_add(x, x, 4), sd.ShapeError, "integers"),
    "scatter of no size": (lambda x, s: sd.scatter_add(x, [0, 1, 2, 3], s), sd.ShapeError, "size of an axis"),
    "arity": (lambda x: sd.sin(x, x), sd.GraphError, "takes 1 operand"),
    "keyword": (lambda x: sd.softmax(x, axes=0), sd.GraphError, r"softmax\(x, axis=-1\)"),
    "condition as index": (lambda x: x[x > 0.5], sd.ShapeError, "sd.where"),
    "floats as index": (lambda x: x[[0.5]], sd.ShapeError, "integers or booleans"),
    "position too large": (lambda A: A[[0, 3], [0, 0]], sd.ShapeError, "out of range"),
    "too many indices": (lambda x: x[[0], [0]], sd.ShapeError, "too many"),
    "positions do not fit": (lambda A: A[[0, 1], [0, 1, 2]], sd.ShapeError, "fit"),
    "mask does not fit": (lambda x: x[np.array([True] * 9)], sd.ShapeError, "out of range"),
    "einsum of a number": (lambda x: sd.einsum(x, 3), sd.ShapeError, "subscript text"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name):
    fn, error, message = REFUSED[name]
    with pytest.raises(error, match=message):
        sd.trace(fn, **{k: np.shape(v) for k, v in values(fn).items()})


def test_documentation_of_ops():
    """help(sd.softmax) tells of the function, help(Op) of the record."""
    assert sd.softmax.__doc__.startswith("softmax(x, axis=-1)\n\nexp(x)/sum(exp(x))")
    assert "Also called arcsin" in sd.asin.__doc__
    assert "derivative" in type(sd.sin).__doc__


def values(fn):
    return {name: POINT[name] for name in fn.__code__.co_varnames[: fn.__code__.co_argcount]}


def check(fn):
    point = values(fn)
    e = sd.trace(fn, **{name: np.shape(v) for name, v in point.items()})
    expected = np.asarray(fn(**point))
    got = sd.evaluate(e, {name: v for name, v in point.items() if name in e.graph.variable_names()})
    assert got.shape == expected.shape == e.shape
    np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-14)
    assert (got.dtype == bool) == (expected.dtype == bool)


@pytest.mark.parametrize("name", UNARY)
def test_unary(name):
    f = getattr(np, name)
    check(lambda x: f(x))


@pytest.mark.parametrize("name", ABOVE_ONE)
def test_unary_above_one(name):
    f = getattr(np, name)
    check(lambda y: f(y))


@pytest.mark.parametrize("name", BINARY)
def test_binary(name):
    f = getattr(np, name)
    check(lambda x, y: f(x, y))
    check(lambda A, y: f(y, A))
    check(lambda x: f(x, 1.5))
    check(lambda x: f(POINT["y"], x))


@pytest.mark.parametrize("name", REDUCTIONS)
def test_reductions(name):
    f = getattr(np, name)
    check(lambda x: f(x))
    if name not in ("nansum", "ptp", "count_nonzero"):
        check(lambda A: f(A, axis=1))


@pytest.mark.parametrize("name", CALLS)
def test_call(name):
    check(CALLS[name])


COUNTS = [  # truth values and integers beside numbers
    lambda b: b * 1.0,
    lambda b: 1.0 * b - 0.5,
    lambda b: np.exp(b * 1.0),
    lambda b: np.exp(-(b * 1) * 2.5),
    lambda b: np.sum(1.0 * b) / 2,
    lambda b, k: (b * 1.0) @ (k * 1.0),
    lambda k: k * 4.0,
    lambda k: k + 1.0,
    lambda k: 2.5 - k,
    lambda k: (k + 1.0) * k,
    lambda k: (k > 0) * 1.0 * k,
    lambda k: np.float64(2) * k + np.float64(1),
]


@pytest.mark.parametrize("fn", COUNTS)
def test_integers_and_truth_values_beside_numbers(fn):
    """They become floats where numpy makes them floats: nothing overflows, and functions take them."""
    at = {"b": np.array([True, False, True]), "k": np.array([2**62, -3, 0])}
    g = sd.Graph()
    names = fn.__code__.co_varnames[: fn.__code__.co_argcount]
    e = fn(*[g.variable(name, "n", dtype=at[name].dtype) for name in names])
    expected = fn(*[at[name] for name in names])
    inputs = {name: at[name] for name in names}
    assert e.dtype == expected.dtype == "float64"
    for value in (sd.evaluate(e, inputs), sd.function(list(names), e)(**inputs)):
        np.testing.assert_allclose(value, expected, rtol=1e-14)
        assert np.asarray(value).dtype == "float64"


def test_scalars_of_numpy_are_numbers():
    g = sd.Graph()
    u, k = g.variable("u", "n", "float32"), g.variable("k", "n", "int64")
    for e, text, dtype in (
        (np.float32(2) * u, "2*u", "float32"), (u + np.float16(0.5), "u + 0.5", "float32"),
        (np.float32(0.5) * k, "0.5*k", "float64"), (k + np.float32(1), "k + 1", "float64"),
        (np.int8(3) * u, "3*u", "float32"), (u ** np.float32(2), "u**2", "float32"),
    ):  # fmt: skip
        assert (str(e), e.dtype) == (text, dtype)


# --- over an array namespace
# -------------------------------------------------------------------------------------------


def log_likelihood(X, w, y):
    xp = X.__array_namespace__()
    z = xp.matmul(X, w)
    return -xp.sum(y * xp.log1p(xp.exp(-z)) + (1 - y) * (z + xp.log1p(xp.exp(-z))))


def attention(q, k):
    xp = q.__array_namespace__()
    scores = q @ xp.matrix_transpose(k) / xp.sqrt(xp.asarray(4.0))
    weights = xp.exp(scores - xp.max(scores, axis=-1, keepdims=True))
    return weights / xp.sum(weights, axis=-1, keepdims=True)


def gaussian(x, S):
    xp = x.__array_namespace__()
    d = x.shape[0]
    _, logdet = xp.linalg.slogdet(S)
    return -0.5 * (
        d * xp.log(xp.asarray(2 * xp.pi)) + logdet + xp.vecdot(x, xp.linalg.solve(S, x[:, None])[:, 0])
    )


def mixed(A, x):
    xp = A.__array_namespace__()
    ones = xp.ones_like(x)
    parts = xp.concat([xp.reshape(A, (-1,)), x * ones, xp.zeros((2,), dtype=xp.float64)], axis=0)
    wide = xp.stack([parts, parts**2], axis=0)
    moved = xp.moveaxis(xp.expand_dims(wide, axis=0), 0, 2)
    chosen = xp.where(moved > 0.5, xp.clip(moved, 0.1, 0.8), xp.asarray(xp.e))
    picked = xp.take(xp.squeeze(chosen, axis=2), xp.asarray([0, 3, 1]), axis=1)
    return xp.astype(xp.permute_dims(picked, (1, 0)), xp.float64) + xp.broadcast_to(x[xp.newaxis, :2], (3, 2))


def reductions(T):
    xp = T.__array_namespace__()
    m = xp.mean(T, axis=0)
    v = xp.var(T, axis=0, correction=0)
    norm = xp.linalg.vector_norm(m - xp.min(m), axis=-1)
    return (
        xp.sum(xp.std(m, axis=1) + norm)
        + xp.prod(v + 1)
        + xp.linalg.trace(m @ m.mT)
        + xp.linalg.matrix_norm(m)
    )


def keywords(A):
    """The keywords of the standard, whatever they say."""
    xp = A.__array_namespace__()
    at = {"dtype": A.dtype if isinstance(A, np.ndarray) else xp.float64, "device": A.device}
    made = [
        xp.zeros((3, 4), **at), xp.ones(4, **at), xp.full((3, 1), 2.0, **at), xp.eye(3, 4, k=1, **at),
        xp.zeros_like(A, **at), xp.ones_like(A, **at), xp.full_like(A, 3.0, **at),
        xp.linspace(0, 1, 4, endpoint=False, **at), xp.arange(4, **at),
    ]  # fmt: skip
    total = A.to_device(A.device) * xp.sum(A, axis=0, dtype=xp.float64) + xp.prod(A, dtype=xp.float64)
    for array in made:
        total = total + array
    order = xp.argsort(A, axis=1, stable=True)
    assert A.dtype == xp.float64 != xp.float32
    return xp.take_along_axis(total, order, axis=1) + xp.sort(A, axis=1, stable=True)


@pytest.mark.parametrize(
    ("fn", "point"),
    [
        (log_likelihood, {"X": "A", "w": "x", "y": "A0"}),
        (attention, {"q": "A", "k": "A"}),
        (gaussian, {"x": "x", "S": "S"}),
        (mixed, {"A": "A", "x": "x"}),
        (reductions, {"T": "T"}),
        (keywords, {"A": "A"}),
    ],
    ids=lambda v: getattr(v, "__name__", ""),
)
def test_code_over_a_namespace(fn, point):
    arrays = {p: POINT["A"][:, 0] if name == "A0" else POINT[name] for p, name in point.items()}
    e = sd.trace(fn, **{p: np.shape(a) for p, a in arrays.items()})
    np.testing.assert_allclose(sd.evaluate(e, arrays), fn(**arrays), rtol=1e-12)


def test_descending_order():
    A = np.array([[1.0, 3.0, 2.0, 3.0], [0.0, 0.0, -1.0, 5.0]])
    x = sd.Graph().variable("x", A.shape)
    e = [sd.sort(x, axis=1, descending=True), sd.argsort(x, axis=1, descending=True)]
    for found in (sd.evaluate(e, {x: A}), [sd.sort(A, 1, descending=True), sd.argsort(A, 1, descending=True)]):
        assert found[0].tolist() == [[3, 3, 2, 1], [5, 0, 0, -1]]
        assert found[1].tolist() == [[1, 3, 2, 0], [3, 0, 1, 2]]
    sd.check_grad(sd.sum(e[0][0] * np.arange(4.0)), x, {x: A + 0.1 * np.arange(4)})


def test_the_namespace_is_the_module():
    x = sd.Graph().variable("x", 3)
    assert x.__array_namespace__() is sd
    assert sd.pi == np.pi
    assert sd.newaxis is None
    assert sd.finfo(sd.float64).eps == np.finfo(np.float64).eps
    assert sd.isdtype(x.dtype, "real floating")
    assert not sd.isdtype(x.dtype, ("bool", "integral"))
    assert sd.result_type(x, sd.float32) == "float64"
    assert [e.shape for e in sd.unstack(x)] == [(), (), ()]
    assert sd.asarray(x).same_as(x)
    assert sd.eye(2, 3, dtype=sd.float32).dtype == sd.full(2, 1.0, dtype=sd.float32).dtype == np.float32
    assert sd.zeros_like(x, dtype=sd.float32).dtype == sd.full("n", 2.0, dtype=sd.float32).dtype == "float32"
    assert sd.empty(2, dtype=sd.float32).dtype == np.float32
    assert sd.broadcast_shapes((3, 1), ("n",)) == (3, "n")
    assert sd.can_cast(sd.int32, sd.float64)
    assert x.dtype == sd.float64 != sd.float32
    assert x.dtype in (sd.float32, sd.float64)
    assert sd.ones("n", dtype=sd.float32).dtype == "float32"
    assert isinstance(sd.asarray([1.0, 2.0]), np.ndarray)
    assert (sd.linalg.solve, sd.special.erf) == (sd.solve, sd.erf)
    with pytest.raises(AttributeError, match="no function 'sin'"):
        sd.linalg.sin  # noqa: B018
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        sd.nothing  # noqa: B018


def test_parts_are_whole():
    """Every name that the parts of the namespace list is there."""
    for part in (sd.linalg, sd.special):
        for name in dir(part):
            assert callable(getattr(part, name))
    assert {"solve", "inv", "det", "slogdet", "eigh", "svd", "qr", "cholesky", "norm", "expm"} <= set(
        dir(sd.linalg)
    )
    assert {"erf", "gammaln", "expit", "logsumexp", "softmax", "xlogy", "digamma", "j0"} <= set(
        dir(sd.special)
    )


# --- one graph
# ---------------------------------------------------------------------------------------------------------

PAIRS = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b,
    "power": lambda a, b: a**b,
    "matmul": lambda a, b: a @ b,
    "outer": np.outer,
    "maximum": np.maximum,
    "concat": lambda a, b: np.concatenate([a, b]),
    "stack": lambda a, b: np.stack([a, b]),
    "where": lambda a, b: np.where(a > 0, a, b),
    "einsum": lambda a, b: np.einsum("i,i->", a, b),
    "less": lambda a, b: a < b,
}


@pytest.mark.parametrize("name", PAIRS)
def test_two_graphs_do_not_mix(name):
    a, b = sd.Graph().variable("a", "n"), sd.Graph().variable("b", "n")
    with pytest.raises(sd.GraphError, match="belongs to another graph"):
        PAIRS[name](a, b)


@pytest.mark.parametrize("name", PAIRS)
def test_what_has_no_variables_is_copied(name):
    a, one = sd.Graph().variable("a", "n"), sd.ones("n")
    for e in (PAIRS[name](a, one), PAIRS[name](one, a)):
        assert e.graph is a.graph
    value = np.array([0.5, 2.0])
    np.testing.assert_allclose(sd.evaluate(PAIRS[name](one, a), {"a": value}), PAIRS[name](np.ones(2), value))


def test_symbolic_shapes_make_constants():
    def fn(X):
        xp = X.__array_namespace__()
        return X @ xp.ones(X.shape[1:]) + xp.zeros(X.shape[:1])

    e = sd.trace(fn, X="m n")
    assert e.shape == ("m",)
    np.testing.assert_allclose(sd.evaluate(e, {"X": POINT["A"]}), POINT["A"].sum(axis=1))


# --- what a traced function may do
# -----------------------------------------------------------------------------------


def test_trace_mirrors_what_is_returned():
    def fn(A, x, *, lam, scale=2.0):
        return A @ x, {"penalty": lam * np.sum(x**2), "list": [x, 1.5, np.ones(2)]}, scale

    product, rest, scale = sd.trace(fn, A="m n", x="n")
    assert product.shape == ("m",)
    assert rest["penalty"].variables == ("x", "lam")
    assert [e.shape for e in rest["list"]] == [("n",), (), (2,)]
    assert sd.evaluate(scale, {}) == 2.0
    assert product.graph is scale.graph


def test_trace_unrolls_loops():
    def rosenbrock(x):
        return sum(100 * (x[k + 1] - x[k] ** 2) ** 2 + (1 - x[k]) ** 2 for k in range(len(x) - 1))

    f = sd.trace(rosenbrock, x=4)
    at = {"x": POINT["x"]}
    np.testing.assert_allclose(sd.evaluate(f, at), rosenbrock(POINT["x"]))
    from_text = sd.parse("sum(100*(x[1:] - x[:-1]**2)**2 + (1 - x[:-1])**2)", x=4)
    np.testing.assert_allclose(sd.evaluate(sd.grad(f, "x"), at), sd.evaluate(sd.grad(from_text, "x"), at))


def test_trace_into_a_graph_and_with_assumptions():
    g = sd.Graph()
    x = g.variable("x", "n")
    f = sd.trace(lambda A, x: x @ A @ x, graph=g, assume={"A": "spd"}, A="n n", x="n")
    assert f.graph is g
    assert g.variable("A").same_as(g.variable("A").T)
    assert f.variables == ("x", "A")
    assert x.node == 0


def test_trace_of_a_matrix_is_the_sum_of_its_diagonal():
    A = sd.Graph().variable("A", "n n")
    assert sd.trace(A).same_as(sd.trace(A.T))
    assert sd.trace(np.eye(3)) == 3.0


class Model:
    def __call__(self, x, *more, **options):
        return np.tanh(x)


TRACED_BADLY = [
    (lambda x: complex(x), {}, sd.GraphError, "symbolic"),
    (lambda x: float(x), {"x": 3}, sd.GraphError, "symbolic"),
    (lambda x: 1 if x > 0 else 2, {}, sd.GraphError, "truth value"),
    (lambda x: x and 1, {}, sd.GraphError, "truth value"),
    (lambda x: x + "a", {}, TypeError, ""),
    (lambda x: "a", {}, sd.InputError, "returns str"),
    (lambda x: None, {}, sd.InputError, "returns NoneType"),
    (lambda x: x, {"y": "n"}, sd.InputError, "'y'"),
    (lambda x: np.fft.fft(x), {}, sd.GraphError, "the last axis needs a length"),
    (lambda x: np.fft.fft(x), {"x": 3}, sd.InputError, "returns Complex"),
    (lambda x: np.exp(x, out=np.zeros(2, int)), {}, sd.GraphError, "out="),
    (lambda x: x[5], {"x": 3}, sd.ShapeError, "out of range"),
    (lambda x: sd.Graph().variable("z"), {}, sd.GraphError, "another graph"),
    (lambda x: x, {"x": -1}, sd.ShapeError, "size"),
    ("x + 1", {"x": ()}, sd.InputError, "expected a Python function"),
    (max, {}, sd.InputError, "parameters"),
]


@pytest.mark.parametrize(("fn", "shapes", "error", "says"), TRACED_BADLY)
def test_trace_says_what_is_wrong(fn, shapes, error, says):
    g = sd.Graph()
    with pytest.raises(error) as caught:
        sd.trace(fn, graph=g, **shapes)
    assert says in str(caught.value)
    assert len(g) == 0


def test_trace_names_the_line():
    def fn(x):
        y = x**2
        return complex(y)

    with pytest.raises(sd.GraphError) as caught:
        sd.trace(fn)
    assert any("fn" in note and "line" in note for note in caught.value.__notes__)


def test_trace_of_objects():
    assert sd.trace(Model(), x="n").op.name == "tanh"


SLICES = [
    "x[5:3]", "x[n:n-1]", "x[2:-n]", "x[:n+1]", "x[n+2:]", "x[-n:]", "x[-n-2:]", "x[n::-1]", "x[3:5:-1]", "x[:-n]",
    "x[n-1:n-4:-1]", "x[n:]", "x[-2:-5]", "x[-n]", "x[-n+1]", "x[n-1]", "x[-n+1:n-1]", "x[n+3::-1]", "x[2:n+5]",
]  # fmt: skip


@pytest.mark.parametrize("text", SLICES)
def test_bounds_beyond_a_named_axis_are_numpys(text):
    e = sd.parse(text, x="n")
    x = np.arange(6.0)
    assert not any(str(size).startswith("-") for size in e.shape)
    np.testing.assert_array_equal(sd.evaluate(e, {"x": x} if e.variables else {}), eval(text, {"x": x, "n": 6}))


@pytest.mark.parametrize("text", ["x[n]", "x[n+1]", "x[-n-1]", "A[0, m]"])
def test_indices_that_lie_in_no_axis(text):
    with pytest.raises(sd.ShapeError, match="out of range"):
        sd.parse(text, x="n", A="n m")
