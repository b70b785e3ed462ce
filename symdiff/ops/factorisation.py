"""Factorisations cholesky and qr, the pseudo-inverse and least squares."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from .. import shapes
from ..errors import GraphError, ShapeError
from ..expr import Expr
from ..facets import always, keeps
from ..op import FUNCTIONS, Networks, Op, Results, Term, Zero, function, matrix_axes, register
from ..shapes import Shape, Size
from .contractions import matmul, matrix_transpose
from .linalg import inv, leading, matrix_op, symmetric_values, symmetrised, system_shape
from .products import contract, full, unit
from .triangles import tril, triu

# --- pseudo-inverse and least squares ---------------------------------------------------------------------


def _pinv_terms(k: int, p: Expr, xs: Sequence[Expr], params: tuple) -> list[Term]:
    """dP = -P dX P + P P' dX' (I - X P) + (I - P X) dX' P' P, at constant rank (Golub, Pereyra 1973)."""
    (x,), at = xs, leading(p)
    ij, ab = (*at, "i", "j"), (*at, "a", "b")
    left = [(p, (*at, "i", "k")), (p, (*at, "b", "k"))]  # P P'
    right = [(p, (*at, "k", "a")), (p, (*at, "k", "j"))]  # P' P
    return [
        Term(-1, [(p, (*at, "i", "a")), (p, (*at, "b", "j"))], ij, ab),
        Term(1, left, ij, (*at, "j", "b")),
        Term(-1, [*left, (x, (*at, "a", "l")), (p, (*at, "l", "j"))], ij, ab),
        Term(1, right, ij, (*at, "a", "i")),
        Term(-1, [(p, (*at, "i", "l")), (x, (*at, "l", "b")), *right], ij, ab),
    ]


pinv = matrix_op(
    "pinv", np.linalg.pinv, lambda s: (*s[:-2], s[-1], s[-2]), _pinv_terms, ["linalg.pinv", "pseudo_inverse"],
    transposes=True, square=False, doc="the Moore-Penrose inverse; its derivative is that at constant rank",
    facts=keeps("spd", "psd", "symmetric", "diagonal"),
)  # fmt: skip


def _lstsq_terms(k: int, y: Expr, xs: Sequence[Expr], params: tuple) -> list[Term]:
    """dx = P (db - dA x) + P P' dA' (b - A x) + (I - P A) dA' P' x, where P = pinv(A); of full column rank P A = I."""
    a, b = xs
    p = pinv(a)
    c = ("c",) * (b.ndim - 1)
    if k == 1:
        return [Term(1, [(p, "ip")], ("i", *c), ("p", *c))]
    rest = b - matmul(a, y)
    terms = [
        Term(-1, [(p, "ip"), (y, ("q", *c))], ("i", *c), "pq"),
        Term(1, [(p, "ik"), (p, "qk"), (rest, ("p", *c))], ("i", *c), "pq"),
    ]
    m, n = a.shape
    if isinstance(m, int) and isinstance(n, int) and m >= n:
        return terms
    back = [(p, "kp"), (y, ("k", *c))]
    kernel = [(p, "il"), (a, "lq"), *back]
    return [*terms, Term(1, back, ("q", *c), "pq"), Term(-1, kernel, ("i", *c), "pq")]


def _lstsq_infer(params: tuple, operands: Sequence[Shape], dtypes: Sequence[str]) -> tuple[Shape, str]:
    if len(operands[0]) != 2 or len(operands[1]) > 2:
        given = " and ".join(map(shapes.text, operands))
        raise ShapeError(f"lstsq: expected a matrix and a vector or matrix, got {given}")
    return system_shape("lstsq", operands, dtypes, square=False)


lstsq = register(
    Op(
        "lstsq", 2, _lstsq_infer, lambda a, b: np.linalg.lstsq(a, b, rcond=None)[0], Networks(_lstsq_terms),
        names={"numpy": "linalg.lstsq[0]"},
        doc="the x of least norm that minimises norm2(a @ x - b), for a of full rank",
    )
)  # fmt: skip


class LeastSquares(NamedTuple):
    """What numpy's lstsq returns."""

    x: Any
    residuals: Any
    rank: Any
    singular_values: Any


@function("linalg.lstsq")
def _numpy_lstsq(a: Any, b: Any, rcond: Any = None) -> LeastSquares:
    """numpy.linalg.lstsq: the solution, the sums of squared residuals, the rank and the singular values."""
    x = lstsq(a, b)
    rest = b - matmul(a, x)
    squares = FUNCTIONS["sum"](rest * rest, axis=0, keepdims=rest.ndim == 1)
    rows, columns = a.shape
    if isinstance(rows, int) and isinstance(columns, int) and rows <= columns:  # nothing is left
        squares = np.zeros(0)
    return LeastSquares(x, squares, FUNCTIONS["astype"](matrix_rank(a), "int32"), FUNCTIONS["svdvals"](a))


matrix_rank = matrix_op(
    "matrix_rank", np.linalg.matrix_rank, lambda s: s[:-2], Zero("the rank is piecewise constant"),
    ["linalg.matrix_rank"], square=False, result="int64", doc="the number of nonzero singular values",
    image="[0, inf)", integral=True, latex=r"\operatorname{rank}",
)  # fmt: skip

# --- factorisations ---------------------------------------------------------------------------------------


def lower_mask(g: Any, n: Size) -> Expr:
    """1 below the diagonal, 1/2 on it: Phi(M) = mask * M has Phi(M) + Phi(M)' = M for symmetric M."""
    return tril(Expr(g, full(g, 1, (n, n)))) - Expr(g, unit(g, (n,))) / 2


@function("phi")
def phi(x: Any) -> Any:
    """The lower triangle with half the diagonal: ``tril(X) - diag(diag(X))/2``."""
    if not isinstance(x, Expr):
        return np.tril(x) - 0.5 * np.eye(np.shape(x)[-1]) * x
    return tril(x) - contract([(x, "ii")], "ii") / 2


def _cholesky_terms(k: int, y: Expr, xs: Sequence[Expr], params: tuple) -> list[Term]:
    """dL = L Phi(inv(L) dS inv(L)') for S = (X + X')/2 (Murray, arXiv:1602.07527)."""
    at = leading(y)
    back = inv(y)
    factors = [
        (y, (*at, "i", "k")), (lower_mask(y.graph, y.shape[-1]), "kj"),
        (back, (*at, "k", "a")), (back, (*at, "j", "b")),
    ]  # fmt: skip
    return symmetrised([Term(1, factors, (*at, "i", "j"), (*at, "a", "b"))])


cholesky = matrix_op(
    "cholesky", lambda x: np.linalg.cholesky(symmetric_values(x)), lambda s: s, _cholesky_terms,
    ["chol"], doc="the lower triangular L with L @ L.T = (X + X.T)/2",
    facts=always("invertible"), latex=r"\operatorname{chol}", symmetrises=True,
)  # fmt: skip


@function("linalg.cholesky")
def linalg_cholesky(x: Any, /, *, upper: bool = False) -> Any:
    """The lower triangular L with L @ L.T = (X + X.T)/2, or its transpose."""
    factor = cholesky(x)
    return matrix_transpose(factor) if upper else factor


def _qr_values(x: Any) -> tuple[Any, ...]:
    if x.shape[-2] < x.shape[-1]:
        raise ShapeError(f"qr: the matrix of shape {x.shape} is wide: declare its sizes as numbers")
    return tuple(np.linalg.qr(x))


def _qr_terms(k: int, ys: Sequence[Expr], xs: Sequence[Expr], params: tuple) -> list[Term]:
    """dR = U R and dQ = dX inv(R) - Q U, with M = Q' dX inv(R), U = triu(M) + tril(M, -1)'."""
    (q, r), at = ys, leading(xs[0])
    g, n = q.graph, r.shape[-1]
    ones, back = Expr(g, full(g, 1, (n, n))), inv(r)
    ab = (*at, "a", "b")

    def u(i: str, j: str) -> list[list[tuple[Expr, Sequence]]]:
        """U[i, j] as a sum of two networks in dX[a, b]."""
        return [
            [(triu(ones), (i, j)), (q, (*at, "a", i)), (back, (*at, "b", j))],
            [(triu(ones, 1), (i, j)), (q, (*at, "a", j)), (back, (*at, "b", i))],
        ]

    if k == 1:
        return [Term(1, [*factors, (r, (*at, "j", "c"))], (*at, "i", "c"), ab) for factors in u("i", "j")]
    cj = (*at, "c", "j")
    direct = Term(1, [(back, (*at, "b", "j"))], cj, (*at, "c", "b"))
    return [direct, *(Term(-1, [(q, (*at, "c", "i")), *factors], cj, ab) for factors in u("i", "j"))]


qr_op = matrix_op(
    "qr", _qr_values, lambda s: Results((s, (*s[:-2], s[-1], s[-1]))), _qr_terms, square=False, public=False,
    results=("qr_Q", "qr_R"), doc="X = Q @ R: orthonormal columns times an upper triangle",
)  # fmt: skip


class QR(NamedTuple):
    """What numpy calls the results of qr."""

    Q: Any
    R: Any


@function("qr", ["linalg.qr"])
def qr(x: Any, mode: str = "reduced") -> QR:
    """The reduced factorisation X = Q @ R. Named sizes (m, n) are taken as m >= n."""
    if mode != "reduced" and not (mode == "complete" and x.shape[-1] == x.shape[-2]):
        raise GraphError(f"qr: the mode is 'reduced', not {mode!r}")
    if not isinstance(x, Expr):
        return QR(*np.linalg.qr(x))
    *_, m, n = matrix_axes("qr", x.shape)
    if isinstance(m, int) and isinstance(n, int) and m < n:  # the first m columns make Q
        q, _ = qr_op(x[..., :m])
        return QR(q, matmul(matrix_transpose(q), x))
    return QR(*qr_op(x))


@function("qr_Q")
def qr_q(x: Any) -> Any:
    """The orthonormal columns Q of X = Q @ R."""
    return qr(x).Q


@function("qr_R")
def qr_r(x: Any) -> Any:
    """The upper triangle R of X = Q @ R."""
    return qr(x).R
