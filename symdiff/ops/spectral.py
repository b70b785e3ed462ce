"""Eigenvalues and eigenvectors of symmetric matrices, and functions of them.

Inputs are read as (X + X.T)/2. Single eigenvalues and eigenvectors have a derivative where the values are
distinct; its factors 1/(wj - wi) are 0 where values coincide, which the records' kinks report. What does not
depend on the choice of vectors is right there too: functions of all eigenvalues alike to second order, and to
first order matrices ``(Q*h(w)) @ Q.T`` and projectors.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from .. import shapes
from ..expr import Expr
from ..facets import always, definiteness, maps, rows_before
from ..graph import Graph
from ..op import (
    FUNCTIONS,
    Action,
    Networks,
    Op,
    Term,
    Zero,
    function,
    inexact,
    matrix_axes,
    promoted,
    provided,
    register,
)
from .contractions import diagonal, expand_dims, matmul, matrix_transpose
from .linalg import leading, matrix_op, symmetric_values, symmetrised
from .piecewise import equal, where
from .products import ABSORB, CONTRACT, contract, multiply

# --- differences of values --------------------------------------------------------------------------------


def coincide(w: Any, gaps: Any) -> Any:
    """Where gaps between the values w (last axis) are rounding errors: within eps**0.6 of the largest."""
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
        rows=rows_before(1), composition=lambda w: _inverted(w), textbook=lambda w: _textbook_gaps(w),
    )
)  # fmt: skip


def _inverted(w: Expr) -> Expr:
    same = _same(w, _gaps(w))
    return where(same, 0, 1 / where(same, 1, _gaps(w)))


def _gaps(w: Expr) -> Expr:
    """w[j] - w[i]"""
    return expand_dims(w, w.ndim - 1) - expand_dims(w, w.ndim)


def _same(w: Expr, gaps: Expr) -> Expr:
    """`coincide` as an expression."""
    largest = FUNCTIONS["max"](abs(w), axis=-1, keepdims=True)
    scale = largest if gaps.ndim == w.ndim else expand_dims(largest, w.ndim)
    return abs(gaps) <= float(np.finfo(w.dtype).eps ** 0.6) * scale


def _textbook_gaps(w: Expr) -> Expr:
    gaps = expand_dims(w, w.ndim - 1) - expand_dims(w, w.ndim)
    same = equal(gaps, 0)
    return where(same, 0, 1 / where(same, 1, gaps))


def _neighbour_gaps_values(w: Any) -> Any:
    gaps = np.abs(np.diff(w))
    return np.where(coincide(w, gaps), 0, gaps)


def _steps(w: Expr) -> Expr:
    steps = abs(w[..., 1:] - w[..., :-1])
    return where(_same(w, steps), 0, steps)


neighbour_gaps = register(
    Op(
        "neighbour_gaps", 1, lambda params, s, d: ((*s[0][:-1], shapes.add(s[0][-1], -1)), inexact(d[0])),
        _neighbour_gaps_values, doc="distances between neighbours of sorted values, 0 where they coincide",
        image="[0, inf)", rows=rows_before(1), composition=lambda w: _steps(w),
    ),
    public=False,
)  # fmt: skip

# --- eigenvalues and eigenvectors of symmetric matrices ---------------------------------------------------


def _between(q: Expr, x: Expr, c: Expr) -> Expr:
    """Q diag(c) Q', the matrix whose eigenvalues are c."""
    at = leading(q)
    if eigvalsh(x).node in q.graph.ancestors([c.node]):
        return spectral(x, q, c)
    return contract([(q, (*at, "a", "k")), (q, (*at, "b", "k")), (c, (*at, "k"))], (*at, "a", "b"))


def _eigvalsh_tangent(k: int, t: Expr, y: Expr, xs: Sequence[Expr], params: tuple, lead: int) -> Expr:
    """dw[k] = q_k' dX q_k"""
    q, at = eigvecs(xs[0]), leading(xs[0])
    front = tuple([("lead", i) for i in range(lead)])
    factors = [(q, (*at, "a", "k")), (q, (*at, "b", "k")), (t, (*front, *at, "a", "b"))]
    return contract(factors, (*front, *at, "k"))


def _eigvalsh_cotangent(k: int, ct: Expr, y: Expr, xs: Sequence[Expr], params: tuple, lead: int) -> Expr:
    q, at = eigvecs(xs[0]), leading(xs[0])
    if not lead:
        return _between(q, xs[0], ct)
    front = tuple([("lead", i) for i in range(lead)])
    factors = [(ct, (*front, *at, "k")), (q, (*at, "a", "k")), (q, (*at, "b", "k"))]
    return contract(factors, (*front, *at, "a", "b"))


eigvalsh = register(
    Op(
        "eigvalsh", 1, lambda params, s, d: (matrix_axes("eigvalsh", s[0], True)[:-1], inexact(d[0])),
        lambda x: np.linalg.eigvalsh(symmetric_values(x)), Action(_eigvalsh_tangent, _eigvalsh_cotangent),
        kink=lambda x: neighbour_gaps(eigvalsh(x)), aliases=("linalg.eigvalsh",),
        doc="the eigenvalues of (X + X.T)/2, ascending", facts=maps(spd="positive", psd="nonnegative"),
        rows=rows_before(2), latex=r"\operatorname{eig}", symmetrises=True,
    )
)  # fmt: skip


def _eigvecs_values(x: Any) -> Any:
    q = np.linalg.eigh(symmetric_values(x))[1]
    if not q.size:
        return q
    largest = np.argmax(np.abs(q), axis=-2, keepdims=True)
    return q * np.sign(np.take_along_axis(q, largest, axis=-2))


def _eigvecs_terms(k: int, q: Expr, xs: Sequence[Expr], params: tuple) -> list[Term]:
    (x,), at = xs, leading(xs[0])  # dQ = Q (F * (Q' dX Q)), F[i, j] = 1/(w[j] - w[i])
    factors = [
        (q, (*at, "i", "k")), (inverse_gaps(eigvalsh(x)), (*at, "k", "j")),
        (q, (*at, "a", "k")), (q, (*at, "b", "j")),
    ]  # fmt: skip
    return symmetrised([Term(1, factors, (*at, "i", "j"), (*at, "a", "b"))])


eigvecs = matrix_op(
    "eigvecs", _eigvecs_values, lambda s: s, _eigvecs_terms, kink=lambda x: neighbour_gaps(eigvalsh(x)),
    doc="orthonormal eigenvectors of (X + X.T)/2 as columns; the largest entry of each is positive",
    facts=always("orthogonal"), symmetrises=True,
)  # fmt: skip


class Eigen(NamedTuple):
    """What numpy calls the results of eigh."""

    eigenvalues: Any
    eigenvectors: Any


@function("eigh", ["linalg.eigh"])
def eigh(x: Any) -> Eigen:
    """(eigvalsh(X), eigvecs(X)): eigenvalues, ascending, and orthonormal eigenvectors of (X + X.T)/2."""
    return Eigen(eigvalsh(x), eigvecs(x))


# --- functions of the eigenvalues -------------------------------------------------------------------------


def _spectral_terms(k: int, y: Expr, xs: Sequence[Expr], params: tuple) -> list[Term]:
    """Q diag(dc) Q' + Q (F * (Q' dX Q)) Q', F[i, j] = (c[j] - c[i])/(w[j] - w[i]), its limit at equal w."""
    (x, q, c), at = xs, leading(y)
    ab = (*at, "a", "b")
    if k == 1:
        return []  # what the eigenvectors do is told by X
    if k == 2:
        return [Term(1, [(q, (*at, "a", "k")), (q, (*at, "b", "k"))], ab, (*at, "k"))]
    factors = [
        (q, (*at, "c", "k")), (q, (*at, "d", "l")), (_divided_differences(eigvalsh(x), c), (*at, "k", "l")),
        (q, (*at, "a", "k")), (q, (*at, "b", "l")),
    ]  # fmt: skip
    return symmetrised([Term(1, factors, (*at, "c", "d"), ab)])


def _divided_differences(w: Expr, c: Expr) -> Expr:
    """F[i, j] = (c[j] - c[i])/(w[j] - w[i]); at equal w the limit dc[i]/dw[i] - dc[i]/dw[j] of functions that
    treat all eigenvalues alike (Lewis, Sendov 2001)."""
    n = w.ndim
    gaps = multiply(expand_dims(c, n - 1) - expand_dims(c, n), inverse_gaps(w))
    if w.node not in w.graph.ancestors([c.node]):
        return gaps
    slope = provided("diff")(c, w)
    at = tuple(range(n - 1))
    slope = contract([(slope, (*at, "i", *at, "j"))], (*at, "i", "j"))
    own = diagonal(slope)
    limit = (expand_dims(own, n) + expand_dims(own, n - 1) - slope - matrix_transpose(slope)) / 2
    return gaps + multiply(coinciding(w), limit)


def _coinciding_values(w: Any) -> Any:
    gaps = w[..., None, :] - w[..., :, None]
    return np.asarray(coincide(w, gaps), dtype=np.asarray(w).dtype)


coinciding = register(
    Op(
        "coinciding", 1, lambda params, s, d: ((*s[0], s[0][-1]), inexact(d[0])), _coinciding_values,
        Zero("which values coincide is piecewise constant"), doc="1 where w[i] and w[j] coincide, else 0",
        image="[0, 1]", integral=True, rows=rows_before(1),
        composition=lambda w: where(_same(w, _gaps(w)), 1, 0), textbook=lambda w: _textbook_coinciding(w),
    )
)  # fmt: skip

spectral = register(
    Op(
        "spectral", 3, lambda params, s, d: (s[1], inexact(promoted(d))),
        lambda x, q, c: (q * c[..., None, :]) @ np.swapaxes(q, -1, -2), Networks(_spectral_terms),
        doc="Q @ diag(c) @ Q.T for the eigenvectors Q of X, differentiable also where eigenvalues repeat",
        rows=rows_before(2, 2, 1),
        facts=lambda g, n, of: ["symmetric", *definiteness(of[2])],
        composition=lambda x, q, c: matmul(q * expand_dims(c, c.ndim - 1), matrix_transpose(q)),
        textbook=lambda x, q, c: _textbook_spectral(x, q, c),
    )
)  # fmt: skip


def _textbook_spectral(x: Expr, q: Expr, c: Expr) -> Expr:
    at = leading(x)
    return contract([(q, (*at, "a", "k")), (c, (*at, "k")), (q, (*at, "b", "k"))], (*at, "a", "b"))


def _textbook_coinciding(w: Expr) -> Expr:
    return where(equal(expand_dims(w, w.ndim - 1), expand_dims(w, w.ndim)), 1, 0)


def _absorb_eigenvectors(g: Graph, n: int, labels: tuple, m: int, other: tuple, out: tuple, _: bool) -> int | None:
    """``(Q*c) @ Q.T`` of eigenvectors is one node."""
    if g._op[m] is not CONTRACT or n not in g._inputs[m]:
        return None
    *at, j, k = labels
    inner_labels, inner_out, _ = g._params[m]
    position = g._inputs[m].index(n)
    *inner_at, i, inner_k = inner_labels[position]
    outer = dict(zip(inner_out, other, strict=True))
    rest = [
        (Expr(g, c), ls)
        for p, (c, ls) in enumerate(zip(g._inputs[m], inner_labels, strict=True))
        if p != position
    ]
    column = (*inner_at, inner_k)
    if (
        not rest or len(outer) != len(other) or outer.get(inner_k) != k or outer.get(i) in (None, j, k)
        or [outer.get(a) for a in inner_at] != at or k in out
        or {*out} != {*at, j, outer[i]} or len(out) != len(at) + 2 or list(out[:-2]) != at
        or any(not set(ls) <= set(column) for _, ls in rest)
    ):  # fmt: skip
        return None
    q = Expr(g, n)
    sizes = dict(zip(inner_labels[position], q.shape, strict=True))
    return spectral(q.inputs[0], q, contract(rest, column, sizes)).node


ABSORB[eigvecs] = _absorb_eigenvectors
