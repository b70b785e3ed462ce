"""Eigenvalues, eigenvectors and singular values, and the norms made of them.

Symmetric inputs are read as (X + X.T)/2. Eigenvectors and singular vectors have a derivative where their values are
distinct; its factors 1/(wj - wi) are 0 where the values coincide, so that what does not depend on the choice of vectors
(a function of all eigenvalues, a projector, a norm) has the right gradient there too; the records' kinks report the case.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from .. import shapes
from ..errors import ShapeError
from ..expr import Expr
from ..op import FUNCTIONS, Networks, Op, Results, Term, function, inexact, matrix_axes, register
from ..shapes import Shape
from .elementwise import safe_divide
from .linalg import leading, matrix_op, symmetric_values, symmetrised
from .piecewise import equal, where
from .products import contract, expand_dims, matmul

# op -> what it stands for, in ops that numpy knows: for writers and for backends that have no such op
WRITTEN: dict[Op, Callable[[Expr], Expr]] = {}

# --- differences of values ---------------------------------------------------------------------------------------------


def coincide(w: Any, gaps: Any) -> Any:
    """Where gaps between the values w (last axis) are no more than rounding errors: below eps**0.6 of the largest."""
    w = np.asarray(w)
    if w.shape[-1] == 0:
        return np.zeros(np.shape(gaps), bool)
    scale = np.max(np.abs(w), axis=-1)[(..., *(None,) * (np.ndim(gaps) - w.ndim + 1))]
    return np.abs(gaps) <= np.finfo(w.dtype).eps ** 0.6 * scale


def _inverse_gaps_values(w: Any) -> Any:
    gaps = w[..., None, :] - w[..., :, None]
    same = coincide(w, gaps)
    return np.where(same, 0, 1 / np.where(same, 1, gaps))


def _inverse_gaps_terms(k: int, y: Expr, xs: Sequence[Expr], params: tuple) -> list[Term]:
    at = tuple(range(y.ndim - 2))
    square = [(y, (*at, "i", "j")), (y, (*at, "i", "j"))]
    return [Term(-1, square, (*at, "i", "j"), (*at, "j")), Term(1, square, (*at, "i", "j"), (*at, "i"))]


inverse_gaps = register(
    Op(
        "inverse_gaps", 1, lambda params, s, d: ((*s[0], s[0][-1]), inexact(d[0])), _inverse_gaps_values,
        Networks(_inverse_gaps_terms), doc="F[i, j] = 1/(w[j] - w[i]), and 0 where they coincide",
    )
)  # fmt: skip


def _written_gaps(y: Expr) -> Expr:
    (w,) = y.inputs
    gaps = expand_dims(w, w.ndim - 1) - expand_dims(w, w.ndim)
    same = equal(gaps, 0)
    return where(same, 0, 1 / where(same, 1, gaps))


WRITTEN[inverse_gaps] = _written_gaps


def _neighbour_gaps_values(w: Any) -> Any:
    gaps = np.abs(np.diff(w))
    return np.where(coincide(w, gaps), 0, gaps)


neighbour_gaps = register(
    Op(
        "neighbour_gaps", 1, lambda params, s, d: ((*s[0][:-1], shapes.add(s[0][-1], -1)), inexact(d[0])),
        _neighbour_gaps_values, doc="distances between neighbours of sorted values, 0 where they coincide",
    ),
    public=False,
)  # fmt: skip

# --- eigenvalues and eigenvectors of symmetric matrices ------------------------------------------------------------------


def _eigvalsh_terms(k: int, y: Expr, xs: Sequence[Expr], params: tuple) -> list[Term]:
    (x,), at = xs, leading(xs[0])  # dw[k] = q_k' dX q_k
    q = eigvecs(x)
    return [Term(1, [(q, (*at, "a", "k")), (q, (*at, "b", "k"))], (*at, "k"), (*at, "a", "b"))]


eigvalsh = matrix_op(
    "eigvalsh", lambda x: np.linalg.eigvalsh(symmetric_values(x)), lambda s: s[:-1], _eigvalsh_terms, ["linalg.eigvalsh"],
    kink=lambda x: neighbour_gaps(eigvalsh(x)), doc="the eigenvalues of (X + X.T)/2, ascending",
)  # fmt: skip


def _eigvecs_values(x: Any) -> Any:
    q = np.linalg.eigh(symmetric_values(x))[1]
    largest = np.argmax(np.abs(q), axis=-2, keepdims=True)
    return q * np.sign(np.take_along_axis(q, largest, axis=-2))


def _eigvecs_terms(k: int, q: Expr, xs: Sequence[Expr], params: tuple) -> list[Term]:
    (x,), at = xs, leading(xs[0])  # dQ = Q (F * (Q' dX Q)), F[i, j] = 1/(w[j] - w[i])
    factors = [
        (q, (*at, "i", "k")), (inverse_gaps(eigvalsh(x)), (*at, "k", "j")), (q, (*at, "a", "k")), (q, (*at, "b", "j")),
    ]  # fmt: skip
    return symmetrised([Term(1, factors, (*at, "i", "j"), (*at, "a", "b"))])


eigvecs = matrix_op(
    "eigvecs", _eigvecs_values, lambda s: s, _eigvecs_terms, kink=lambda x: neighbour_gaps(eigvalsh(x)),
    doc="orthonormal eigenvectors of (X + X.T)/2 as columns; the largest entry of each (by magnitude) is positive",
)  # fmt: skip


class Eigen(NamedTuple):
    """What numpy calls the results of eigh."""

    eigenvalues: Any
    eigenvectors: Any


@function("eigh", ["linalg.eigh"])
def eigh(x: Any) -> Eigen:
    """(eigvalsh(X), eigvecs(X)): eigenvalues, ascending, and orthonormal eigenvectors of (X + X.T)/2."""
    return Eigen(eigvalsh(x), eigvecs(x))


# --- singular values and vectors -----------------------------------------------------------------------------------------


def _svd_shapes(s: Shape) -> Results:
    *lead, m, n = s
    k = shapes.minimum(m, n)
    return Results(((*lead, m, k), (*lead, k), (*lead, k, n)))


def _svd_terms(result: int, ys: Sequence[Expr], xs: Sequence[Expr], params: tuple) -> list[Term]:
    """ds = diag(M), dU = U (F * (M S + S M')) + (I - U U') dX V inv(S), dV likewise with X', where M = U' dX V and
    F[i, j] = 1/(s[j]**2 - s[i]**2) (Papadopoulo, Lourakis 2000)."""
    (u, s, vt), at = ys, leading(xs[0])
    ab = (*at, "a", "b")
    if result == 1:
        return [Term(1, [(u, (*at, "a", "k")), (vt, (*at, "k", "b"))], (*at, "k"), ab)]
    f, back = inverse_gaps(s * s), safe_divide(1, s)

    def m(i: str, j: str) -> list[tuple[Expr, Sequence]]:
        return [(u, (*at, "a", i)), (vt, (*at, j, "b"))]

    if result == 0:
        rotate = [(u, (*at, "c", "i")), (f, (*at, "i", "j"))]
        cj = (*at, "c", "j")
        return [
            Term(1, [*rotate, *m("i", "j"), (s, (*at, "j"))], cj, ab),
            Term(1, [*rotate, (s, (*at, "i")), *m("j", "i")], cj, ab),
            Term(1, [(vt, (*at, "j", "b")), (back, (*at, "j"))], cj, (*at, "c", "b")),
            Term(-1, [(u, (*at, "c", "i")), *m("i", "j"), (back, (*at, "j"))], cj, ab),
        ]
    rotate = [(vt, (*at, "i", "c")), (f, (*at, "i", "j"))]
    jc = (*at, "j", "c")
    return [
        Term(1, [*rotate, *m("j", "i"), (s, (*at, "j"))], jc, ab),
        Term(1, [*rotate, (s, (*at, "i")), *m("i", "j")], jc, ab),
        Term(1, [(u, (*at, "a", "j")), (back, (*at, "j"))], jc, (*at, "a", "c")),
        Term(-1, [(vt, (*at, "i", "c")), *m("j", "i"), (back, (*at, "j"))], jc, ab),
    ]


svd_op = matrix_op(
    "svd", lambda x: tuple(np.linalg.svd(x, full_matrices=False)), _svd_shapes, _svd_terms, square=False, public=False,
    results=("svd_U", "svdvals", "svd_Vt"), kink=lambda x: neighbour_gaps(svdvals(x)),
    doc="X = U @ diag(s) @ Vt with orthonormal columns of U and rows of Vt, s descending",
)  # fmt: skip


class SVD(NamedTuple):
    """What numpy calls the results of svd."""

    U: Any
    S: Any
    Vh: Any


@function("svd")
def svd(x: Any) -> SVD:
    """(U, s, Vt) with X = U @ diag(s) @ Vt, reduced: U has as many columns as there are singular values."""
    return SVD(*svd_op(x))


@function("linalg.svd")
def _numpy_svd(x: Any, full_matrices: bool = True, compute_uv: bool = True) -> Any:
    """numpy.linalg.svd; of a matrix that is not square, the reduced one only."""
    if not compute_uv:
        return svdvals(x)
    if full_matrices and x.shape[-1] != x.shape[-2]:
        raise ShapeError(f"svd: full_matrices=False is needed for shape {shapes.text(x.shape)}: the full U and Vt are not unique")
    return svd(x)


@function("svdvals", ["linalg.svdvals"])
def svdvals(x: Any) -> Any:
    """The singular values, descending."""
    return svd_op(x)[1]


@function("svd_U")
def svd_u(x: Any) -> Any:
    """The left singular vectors, as columns."""
    return svd_op(x)[0]


@function("svd_Vt")
def svd_vt(x: Any) -> Any:
    """The right singular vectors, as rows."""
    return svd_op(x)[2]


# --- norms made of singular values ---------------------------------------------------------------------------------------


def _polar_values(x: Any) -> Any:
    u, s, vt = np.linalg.svd(x, full_matrices=False)
    if s.shape[-1]:  # the null space does not count: the smallest subgradient of norm_nuc
        u = u * (s > np.finfo(s.dtype).eps * max(x.shape[-2:]) * s[..., :1])[..., None, :]
    return u @ vt


def _polar_terms(k: int, y: Expr, xs: Sequence[Expr], params: tuple) -> list[Term]:
    """dP = U (G * (M - M')) Vt + (I - U U') dX V inv(S) Vt + U inv(S) U' dX (I - V V'), M = U' dX V, G[i, j] = 1/(s[i] + s[j]):
    smooth also where singular values repeat."""
    at = leading(y)
    u, s, vt = svd_op(xs[0])
    g = safe_divide(1, expand_dims(s, s.ndim) + expand_dims(s, s.ndim - 1))
    back = safe_divide(1, s)
    ends = [(u, (*at, "c", "i")), (vt, (*at, "j", "d"))]
    cd, ab = (*at, "c", "d"), (*at, "a", "b")
    left, right = [(u, (*at, "c", "i")), (u, (*at, "a", "i"))], [(vt, (*at, "j", "b")), (vt, (*at, "j", "d"))]
    return [
        Term(1, [*ends, (g, (*at, "i", "j")), (u, (*at, "a", "i")), (vt, (*at, "j", "b"))], cd, ab),
        Term(-1, [*ends, (g, (*at, "i", "j")), (u, (*at, "a", "j")), (vt, (*at, "i", "b"))], cd, ab),
        Term(1, [*right, (back, (*at, "j"))], cd, (*at, "c", "b")),
        Term(-1, [*left, *right, (back, (*at, "j"))], cd, ab),
        Term(1, [*left, (back, (*at, "i"))], cd, (*at, "a", "d")),
        Term(-1, [*left, *right, (back, (*at, "i"))], cd, ab),
    ]


polar = matrix_op(
    "polar", _polar_values, lambda s: s, _polar_terms, square=False, kink=lambda x: svdvals(x)[..., -1],
    doc="the orthonormal factor U @ Vt of X = U @ diag(s) @ Vt",
)  # fmt: skip
WRITTEN[polar] = lambda y: matmul(svd_u(y.inputs[0]), svd_vt(y.inputs[0]))


def _nuclear_terms(k: int, y: Expr, xs: Sequence[Expr], params: tuple) -> list[Term]:
    at = leading(xs[0])
    return [Term(1, [(polar(xs[0]), (*at, "a", "b"))], at, (*at, "a", "b"))]


norm_nuc = matrix_op(
    "norm_nuc", lambda x: np.sum(np.linalg.svd(x, compute_uv=False), axis=-1), lambda s: s[:-2], _nuclear_terms, square=False,
    kink=lambda x: svdvals(x)[..., -1], doc="the nuclear norm: the sum of the singular values",
)  # fmt: skip


def _spectral_norm_terms(k: int, y: Expr, xs: Sequence[Expr], params: tuple) -> list[Term]:
    at = leading(xs[0])
    u, _, vt = svd_op(xs[0])
    return [Term(1, [(u[..., :, 0], (*at, "a")), (vt[..., 0, :], (*at, "b"))], at, (*at, "a", "b"))]


norm_spec = matrix_op(
    "norm_spec", lambda x: np.linalg.norm(x, 2, axis=(-2, -1)), lambda s: s[:-2], _spectral_norm_terms, square=False,
    kink=lambda x: neighbour_gaps(svdvals(x))[..., 0], doc="the spectral norm: the largest singular value",
)  # fmt: skip


@function("cond", ["linalg.cond"])
def cond(x: Any) -> Any:
    """The condition number: the largest singular value over the smallest."""
    s = svdvals(x)
    return s[..., 0] / s[..., -1]
