"""Singular values and vectors, the polar factor, and the norms made of singular values.

Single singular values and vectors have a derivative where the values are distinct; the records' kinks report
the other case. The polar factor and the nuclear norm have one wherever no singular value is 0.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from .. import shapes
from ..errors import ShapeError
from ..expr import Expr
from ..facets import maps
from ..op import FUNCTIONS, Results, Term, function
from ..shapes import Shape
from .contractions import expand_dims, matmul
from .elementwise import safe_divide
from .linalg import leading, matrix_op
from .spectral import inverse_gaps, neighbour_gaps

# --- singular values and vectors --------------------------------------------------------------------------


def _svd_shapes(s: Shape) -> Results:
    *lead, m, n = s
    k = shapes.minimum(m, n)
    return Results(((*lead, m, k), (*lead, k), (*lead, k, n)))


def _svd_terms(result: int, ys: Sequence[Expr], xs: Sequence[Expr], params: tuple) -> list[Term]:
    """ds = diag(M), dU = U (F * (M S + S M')) + (I - U U') dX V inv(S), dV likewise with X', for M = U' dX V
    and F[i, j] = 1/(s[j]**2 - s[i]**2) (Papadopoulo, Lourakis 2000)."""
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
    "svd", lambda x: tuple(np.linalg.svd(x, full_matrices=False)), _svd_shapes, _svd_terms,
    square=False, public=False, results=("svd_U", "svdvals", "svd_Vt"),
    result_facts={1: ("nonnegative",)},
    kink=lambda x: neighbour_gaps(svdvals(x)),
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
        raise ShapeError(
            f"svd: full_matrices=False is needed for shape {shapes.text(x.shape)}: "
            "the full U and Vt are not unique"
        )
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


# --- norms made of singular values ------------------------------------------------------------------------


def _polar_values(x: Any) -> Any:
    u, s, vt = np.linalg.svd(x, full_matrices=False)
    if s.shape[-1]:  # the null space does not count: the smallest subgradient of norm_nuc
        u = u * (s > np.finfo(s.dtype).eps * max(x.shape[-2:]) * s[..., :1])[..., None, :]
    return u @ vt


def _polar_terms(k: int, y: Expr, xs: Sequence[Expr], params: tuple) -> list[Term]:
    """dP = U (G * (M - M')) Vt + (I - U U') dX V inv(S) Vt + U inv(S) U' dX (I - V V'), with M = U' dX V and
    G[i, j] = 1/(s[i] + s[j]): smooth also where singular values repeat."""
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
    transposes=True, doc="the orthonormal factor U @ Vt of X = U @ diag(s) @ Vt",
    textbook=lambda x: matmul(svd_u(x), svd_vt(x)),
)  # fmt: skip


def _nuclear_terms(k: int, y: Expr, xs: Sequence[Expr], params: tuple) -> list[Term]:
    at = leading(xs[0])
    return [Term(1, [(polar(xs[0]), (*at, "a", "b"))], at, (*at, "a", "b"))]


norm_nuc = matrix_op(
    "norm_nuc", lambda x: np.sum(np.linalg.svd(x, compute_uv=False), axis=-1), lambda s: s[:-2],
    _nuclear_terms, square=False, kink=lambda x: svdvals(x)[..., -1],
    doc="the nuclear norm: the sum of the singular values",
    composition=lambda x: FUNCTIONS["sum"](svdvals(x), axis=-1),
    image="[0, inf)", facts=maps(nonzero="positive"),
)  # fmt: skip


def _spectral_norm_terms(k: int, y: Expr, xs: Sequence[Expr], params: tuple) -> list[Term]:
    at = leading(xs[0])
    u, _, vt = svd_op(xs[0])
    return [Term(1, [(u[..., :, 0], (*at, "a")), (vt[..., 0, :], (*at, "b"))], at, (*at, "a", "b"))]


norm_spec = matrix_op(
    "norm_spec", lambda x: np.linalg.norm(x, 2, axis=(-2, -1)), lambda s: s[:-2], _spectral_norm_terms,
    square=False, kink=lambda x: neighbour_gaps(svdvals(x))[..., 0],
    doc="the spectral norm: the largest singular value",
    composition=lambda x: FUNCTIONS["max"](svdvals(x), axis=-1),
    image="[0, inf)", facts=maps(nonzero="positive"),
)  # fmt: skip


@function("cond", ["linalg.cond"])
def cond(x: Any) -> Any:
    """The condition number: the largest singular value over the smallest."""
    s = svdvals(x)
    return s[..., 0] / s[..., -1]
