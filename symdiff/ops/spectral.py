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
from ..expr import Expr
from ..op import FUNCTIONS, Networks, Op, Results, Term, function, inexact, matrix_axes, register
from ..shapes import Shape
from .elementwise import safe_divide
from .linalg import leading, matrix_op, symmetric_values, symmetrised
from .piecewise import equal, where
from .products import contract, expand_dims

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
