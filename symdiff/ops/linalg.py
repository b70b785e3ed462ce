"""Linear algebra: inverse, determinant, solutions of linear systems, and the factorisations cholesky and qr.

Each rule states dy/dX in terms of the atoms themselves (``inv(X)``, ``det(X)``, the factors), so formulas are printed from
them. Leading axes are stacks of matrices, as in numpy.linalg. At run time a singular matrix raises numpy's LinAlgError.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from .. import shapes
from ..errors import ShapeError
from ..expr import Expr
from ..op import FUNCTIONS, Linear, Networks, Op, Results, Term, Zero, function, inexact, matrix_axes, promoted, register
from ..shapes import Shape, Size
from .layout import tril, triu
from .piecewise import not_equal
from .products import ADD, CONTRACT, broadcast_labels, contract, full, is_symmetric_variable, matmul, matrix_transpose, unit

# --- the family ----------------------------------------------------------------------------------------------------


def leading(x: Expr) -> tuple[int, ...]:
    """Labels of the leading axes of a stack."""
    return tuple(range(x.ndim - 2))


def matrix_op(
    name: str,
    evaluate: Any,
    shape_of: Callable[[Shape], Shape | Results],
    terms: Callable[..., list[Term]] | Zero,
    aliases: Sequence[str] = (),
    square: bool = True,
    **fields: Any,
) -> Op:
    """Register an op of one (stack of) matrices; `shape_of` gives the shape of the result."""

    def infer(params: tuple, operands: Sequence[Shape], dtypes: Sequence[str]) -> tuple[Any, str]:
        return shape_of(matrix_axes(name, operands[0], square)), inexact(promoted(dtypes))

    derivative = terms if isinstance(terms, Zero) else Networks(terms)
    public = fields.pop("public", True)
    return register(Op(name, 1, infer, evaluate, derivative, aliases=tuple(aliases), **fields), public)


_sym_op = register(
    Op(
        "sym", 1, lambda params, s, d: (matrix_axes("sym", s[0], True), inexact(d[0])), lambda x: symmetric_values(x),
        Linear(lambda xs, params, lead: xs[0].apply(_sym_op, xs, ()), lambda k, ct, xs, params, lead: ct.apply(_sym_op, (ct,), ())),
        doc="the symmetric part (X + X.T)/2",
    ),
    public=False,
)  # fmt: skip


@function("sym")
def sym(x: Any) -> Any:
    """The symmetric part ``(X + X.T)/2``; a variable assumed symmetric is its own.

    >>> import symdiff as sd
    >>> X = sd.Graph().variable("X", "n n", assume="symmetric")
    >>> sym(X) == X
    True
    """
    return x if isinstance(x, Expr) and is_symmetric_variable(x) else _sym_op(x)


def symmetric_values(x: Any) -> Any:
    """(X + X.T)/2 of arrays: how a symmetric input is read."""
    return (x + np.swapaxes(x, -1, -2)) / 2


def symmetrised(terms: Sequence[Term]) -> list[Term]:
    """The terms of ``y((X + X.T)/2)`` from those by a symmetric matrix whose last two x labels are a, b."""
    result = []
    for term in terms:
        *lead, a, b = term.x
        result += [term._replace(coefficient=Fraction(term.coefficient) / 2, x=(*lead, i, j)) for i, j in ((a, b), (b, a))]
    return result


# --- inverse and determinant -----------------------------------------------------------------------------------------


def _inv_terms(k: int, y: Expr, xs: Sequence[Expr], params: tuple) -> list[Term]:
    at = leading(y)  # d inv(X) = -inv(X) dX inv(X)
    return [Term(-1, [(y, (*at, "i", "a")), (y, (*at, "b", "j"))], (*at, "i", "j"), (*at, "a", "b"))]


inv = matrix_op(
    "inv", np.linalg.inv, lambda s: s, _inv_terms, ["linalg.inv", "inverse", "Inverse"],
    domain=lambda x: not_equal(det(x), 0), doc="the inverse of a square matrix",
)  # fmt: skip


def _det_terms(k: int, y: Expr, xs: Sequence[Expr], params: tuple) -> list[Term]:
    at = leading(xs[0])  # d det(X) = det(X) tr(inv(X) dX)
    return [Term(1, [(y, at), (inv(xs[0]), (*at, "b", "a"))], at, (*at, "a", "b"))]


det_op = matrix_op(
    "det", np.linalg.det, lambda s: s[:-2], _det_terms, public=False, doc="the determinant of a square matrix"
)


@function("det", ["linalg.det", "Determinant", "Det"])
def det(x: Any) -> Any:
    """The determinant of a square matrix; of a diagonal one the product of its entries.

    ``det(eye(n) + outer(u, v))`` is ``1 + u @ v``: the matrix determinant lemma.
    """
    if isinstance(x, Expr) and x.ndim == 2:
        v = diagonal_of(x)
        if v is not None:
            return FUNCTIONS["prod"](v)
        pair = unit_plus_outer(x)
        if pair is not None:
            return 1 + matmul(*pair)
    return det_op(x)


def diagonal_of(x: Expr) -> Expr | None:
    """v where x is ``diag(v)`` of a vector."""
    g = x.graph
    if x.op is CONTRACT and g._params[x.node][1] == (0, 0) and len(x.inputs) == 1 and x.inputs[0].ndim == 1:
        return x.inputs[0]
    return None


def unit_plus_outer(x: Expr) -> tuple[Expr, Expr] | None:
    """(u, v) where x is ``eye(n) + outer(u, v)``."""
    g = x.graph
    if x.op is not ADD or len(x.inputs) != 2 or g._params[x.node] != (1, 1):
        return None
    for one, other in (x.inputs, x.inputs[::-1]):
        if one.op is CONTRACT and not one.inputs and g._params[one.node][1] == (0, 0) and other.op is CONTRACT:
            labels, out, free = g._params[other.node]
            if labels == ((0,), (1,)) and out == (0, 1) and not free:
                return other.inputs  # type: ignore[return-value]
    return None


def _slogdet_terms(k: int, ys: Sequence[Expr], xs: Sequence[Expr], params: tuple) -> list[Term]:
    if k == 0:
        return []  # the sign is piecewise constant
    at = leading(xs[0])  # d log|det(X)| = tr(inv(X) dX)
    return [Term(1, [(inv(xs[0]), (*at, "b", "a"))], at, (*at, "a", "b"))]


class SignLogDet(NamedTuple):
    """What numpy calls the results of slogdet."""

    sign: Any
    logabsdet: Any


slogdet_op = matrix_op(
    "slogdet", lambda x: tuple(np.linalg.slogdet(x)), lambda s: Results((s[:-2], s[:-2])), _slogdet_terms,
    public=False, results=("signdet", "logdet"), domain=lambda x: not_equal(det(x), 0),
    doc="sign and logarithm of the absolute value of the determinant",
)  # fmt: skip


@function("slogdet", ["linalg.slogdet"])
def slogdet(x: Any) -> SignLogDet:
    """(sign, log(abs(det(X)))): the determinant without overflow."""
    return SignLogDet(*slogdet_op(x))


@function("logdet", ["logabsdet", "linalg.logdet"])
def logdet(x: Any) -> Any:
    """log(abs(det(X))), without overflow.

    >>> import symdiff as sd
    >>> X = sd.Graph().variable("X", "n n")
    >>> print(sd.grad(logdet(X), X))
    inv(X).T
    """
    return slogdet_op(x)[1]


@function("signdet")
def signdet(x: Any) -> Any:
    """The sign of the determinant."""
    return slogdet_op(x)[0]


@function("adj", ["adjugate", "Adjugate"])
def adj(x: Any) -> Any:
    """The adjugate of an invertible matrix, ``det(X)*inv(X)``."""
    if not isinstance(x, Expr):
        return np.linalg.det(x)[..., None, None] * np.linalg.inv(x)
    at = leading(x)
    return contract([(det(x), at), (inv(x), (*at, "i", "j"))], (*at, "i", "j"))


# --- linear systems --------------------------------------------------------------------------------------------------


def _system_shapes(name: str, operands: Sequence[Shape], square: bool = True) -> tuple[Shape, Shape]:
    """(leading axes, last axes) of the solution of A x = b: b is a vector, or a stack of matrices."""
    a, b = operands
    matrix_axes(name, a, square)
    vector = len(b) == 1
    if not b or b[-1 if vector else -2] != a[-2]:
        raise ShapeError(f"{name}: shapes {shapes.text(a)} and {shapes.text(b)} do not fit together")
    lead = shapes.broadcast(a[:-2], () if vector else b[:-2], op=name)
    return lead, (a[-1],) if vector else (a[-1], b[-1])


def _system_labels(y: Expr, a: Expr, b: Expr) -> tuple[tuple, tuple, tuple, tuple]:
    """Labels of leading axes (of y, of a, of b) and of the columns of b."""
    columns = () if b.ndim == 1 else ("c",)
    lead = y.shape[: y.ndim - 1 - len(columns)]
    out, in_a = broadcast_labels(lead, a.shape[:-2])
    in_b = broadcast_labels(lead, () if b.ndim == 1 else b.shape[:-2])[1]
    return out, in_a, tuple([i if i >= 0 else i - len(lead) for i in in_b]), columns


def _system(name: str, operands: Sequence[Shape], dtypes: Sequence[str], square: bool = True) -> tuple[Shape, str]:
    lead, last = _system_shapes(name, operands, square)
    return (*lead, *last), inexact(promoted(dtypes))


def _solve_terms(k: int, y: Expr, xs: Sequence[Expr], params: tuple) -> list[Term]:
    a, b = xs
    out, in_a, in_b, c = _system_labels(y, a, b)
    if k == 1:  # dx = inv(A) db
        return [Term(1, [(inv(a), (*in_a, "i", "p"))], (*out, "i", *c), (*in_b, "p", *c))]
    # dx = -inv(A) dA x
    return [Term(-1, [(inv(a), (*in_a, "i", "p")), (y, (*out, "q", *c))], (*out, "i", *c), (*in_a, "p", "q"))]


solve = register(
    Op(
        "solve", 2, lambda params, s, d: _system("solve", s, d), np.linalg.solve, Networks(_solve_terms),
        domain=lambda a, b: not_equal(det(a), 0), aliases=("linalg.solve",), doc="the x with A @ x = b; b is a vector or has columns",
    )
)  # fmt: skip


@function("solve_triangular")
def solve_triangular(a: Any, b: Any, lower: bool = False) -> Any:
    """The x with A @ x = b, where only the upper (or lower) triangle of A is read."""
    return solve(tril(a) if lower else triu(a), b)


@function("cho_solve")
def cho_solve(factor: Any, b: Any) -> Any:
    """The x with ``A @ x = b`` for the Cholesky factor L of ``A = L @ L.T``."""
    factor = factor[0] if isinstance(factor, tuple) else factor
    return solve(matrix_transpose(factor), solve(factor, b))


# --- pseudo-inverse and least squares --------------------------------------------------------------------------------


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
    "pinv", np.linalg.pinv, lambda s: (*s[:-2], s[-1], s[-2]), _pinv_terms, ["linalg.pinv", "pseudo_inverse"], square=False,
    doc="the Moore-Penrose inverse; its derivative is that at constant rank",
)  # fmt: skip


def _lstsq_terms(k: int, y: Expr, xs: Sequence[Expr], params: tuple) -> list[Term]:
    """dx = P (db - dA x) + P P' dA' (b - A x), where P = pinv(A)."""
    a, b = xs
    p = pinv(a)
    c = ("c",) * (b.ndim - 1)
    if k == 1:
        return [Term(1, [(p, "ip")], ("i", *c), ("p", *c))]
    rest = b - matmul(a, y)
    return [
        Term(-1, [(p, "ip"), (y, ("q", *c))], ("i", *c), "pq"),
        Term(1, [(p, "ik"), (p, "qk"), (rest, ("p", *c))], ("i", *c), "pq"),
    ]


def _lstsq_infer(params: tuple, operands: Sequence[Shape], dtypes: Sequence[str]) -> tuple[Shape, str]:
    if len(operands[0]) != 2 or len(operands[1]) > 2:
        raise ShapeError(f"lstsq: expected a matrix and a vector or matrix, got {' and '.join(map(shapes.text, operands))}")
    return _system("lstsq", operands, dtypes, square=False)


lstsq = register(
    Op(
        "lstsq", 2, _lstsq_infer, lambda a, b: np.linalg.lstsq(a, b, rcond=None)[0], Networks(_lstsq_terms),
        doc="the x that minimises norm2(A @ x - b), for A of full column rank",
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
    return LeastSquares(x, FUNCTIONS["sum"](rest * rest, axis=0), matrix_rank(a), FUNCTIONS["svdvals"](a))


matrix_rank = matrix_op(
    "matrix_rank", np.linalg.matrix_rank, lambda s: s[:-2], Zero("the rank is piecewise constant"), ["linalg.matrix_rank"],
    square=False, doc="the number of nonzero singular values",
)  # fmt: skip

# --- factorisations --------------------------------------------------------------------------------------------------


def lower_mask(g: Any, n: Size) -> Expr:
    """1 below the diagonal, 1/2 on it: Phi(M) = mask * M is the lower triangle whose sum with its transpose is M + M'/2."""
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
    "cholesky", lambda x: np.linalg.cholesky(symmetric_values(x)), lambda s: s, _cholesky_terms, ["linalg.cholesky", "chol"],
    doc="the lower triangular L with L @ L.T = (X + X.T)/2",
)  # fmt: skip


def _qr_values(x: Any) -> tuple[Any, Any]:
    if x.shape[-2] < x.shape[-1]:
        raise ShapeError(f"qr: the matrix of shape {x.shape} is wide; declare its sizes as numbers to factor it")
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
    direct = Term(1, [(back, (*at, "b", "j"))], (*at, "c", "j"), (*at, "c", "b"))
    return [direct, *(Term(-1, [(q, (*at, "c", "i")), *factors], (*at, "c", "j"), ab) for factors in u("i", "j"))]


qr_op = matrix_op(
    "qr", _qr_values, lambda s: Results((s, (*s[:-2], s[-1], s[-1]))), _qr_terms, square=False, public=False,
    results=("qr_Q", "qr_R"), doc="X = Q @ R: orthonormal columns times an upper triangle",
)  # fmt: skip


class QR(NamedTuple):
    """What numpy calls the results of qr."""

    Q: Any
    R: Any


@function("qr", ["linalg.qr"])
def qr(x: Any) -> QR:
    """The reduced factorisation X = Q @ R. Named sizes (m, n) are taken as m >= n."""
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


# --- products of matrices --------------------------------------------------------------------------------------------


@function("matrix_power", ["linalg.matrix_power"])
def matrix_power(x: Any, k: int) -> Any:
    """``X @ X @ ... @ X``, k times; ``inv(X)`` for negative k."""
    if not isinstance(x, Expr):
        return np.linalg.matrix_power(x, k)
    matrix_axes("matrix_power", x.shape, square=True)
    if not isinstance(k, int) or isinstance(k, bool):
        raise ShapeError(f"matrix_power: the exponent is an integer, not {k!r}")
    if k < 0:
        return matrix_power(inv(x), -k)
    if k == 0:
        return FUNCTIONS["broadcast_to"](Expr(x.graph, unit(x.graph, (x.shape[-1],))), x.shape)
    result = x
    if k <= 8:  # the node that X @ X @ X is
        for _ in range(k - 1):
            result = matmul(result, x)
        return result
    for bit in bin(k)[3:]:
        result = matmul(result, result)
        if bit == "1":
            result = matmul(result, x)
    return result


@function("multi_dot", ["linalg.multi_dot"])
def multi_dot(arrays: Sequence[Any]) -> Any:
    """``A @ B @ C @ ...`` as one product; the order of multiplication is chosen at evaluation."""
    if not any(isinstance(a, Expr) for a in arrays):
        return np.linalg.multi_dot(arrays)
    first = next(a for a in arrays if isinstance(a, Expr))
    xs = [first.lift(a) for a in arrays]
    labels = [(k, k + 1) if x.ndim == 2 else (k + 1,) if k == 0 else (k,) for k, x in enumerate(xs)]
    if any(x.ndim not in (1, 2) or (x.ndim == 1 and 0 < k < len(xs) - 1) for k, x in enumerate(xs)):
        raise ShapeError(f"multi_dot: shapes {' and '.join(shapes.text(x.shape) for x in xs)} are no chain of matrices")
    return contract(list(zip(xs, labels, strict=True)), [i for i, x in ((0, xs[0]), (len(xs), xs[-1])) if x.ndim == 2])
