"""numpy.linalg's norms of matrices and of stacks of them, condition numbers, and systems of tensors."""

from collections.abc import Sequence
from operator import index
from typing import Any

import numpy as np

from .. import shapes
from ..errors import GraphError, ShapeError
from ..expr import Expr
from ..op import FUNCTIONS
from .composed import composed, lifted
from .contractions import expand_dims, matrix_transpose, moveaxis, sum
from .layout import reshape
from .linalg import inv, solve
from .order import max, min, norm, norm2, vector_norm
from .rearranged import known_numbers
from .singular import svdvals
from .triangles import tril, triu

_OF_SINGULAR = {2: max, -2: min, "nuc": sum}  # the norms that are functions of the singular values


def _floating(x: Any) -> Any:
    """Norms are floats."""
    return x if x.dtype.startswith("float") else FUNCTIONS["astype"](x, "float64")


@composed("numpy.linalg.norm")
def _norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    """numpy.linalg.norm, also of stacks of matrices."""
    x = _floating(x)
    axes = tuple(range(x.ndim)) if axis is None else axis if isinstance(axis, (tuple, list)) else (axis,)
    if len(axes) != 2 or ord not in _OF_SINGULAR or (x.ndim == 2 and ord != -2):
        return norm(x, ord, axis, keepdims)
    at = shapes.axes(tuple(axes), x.ndim, "norm")
    value = _OF_SINGULAR[ord](svdvals(moveaxis(x, at, (-2, -1))), axis=-1)
    return expand_dims(value, tuple(sorted(at))) if keepdims else value


@composed("linalg.matrix_norm", "matrix_norm")
def matrix_norm(x: Any, /, *, keepdims: bool = False, ord: Any = "fro") -> Any:
    """A norm of each matrix of a stack: "fro", "nuc", 1, -1, 2, -2, inf, -inf."""
    return _norm(x, ord, (-2, -1), keepdims) if ord != "fro" else norm2(x, axis=(-2, -1), keepdims=keepdims)


@composed("numpy.linalg.vector_norm")
def _vector_norm(x: Any, /, *, axis: Any = None, keepdims: bool = False, ord: Any = 2) -> Any:
    """numpy.linalg.vector_norm."""
    return vector_norm(_floating(x), axis, keepdims, ord)


@composed("numpy.linalg.cond")
def _cond(x: Any, p: Any = None) -> Any:
    """numpy.linalg.cond: the norm of x times that of its inverse; of singular values the quotient of the extremes."""
    p = float(known_numbers(p, "cond")) if isinstance(p, Expr) else p
    if p in (None, 2, -2):
        s = svdvals(x)
        return s[..., 0] / s[..., -1] if p != -2 else s[..., -1] / s[..., 0]
    return _norm(x, p, (-2, -1)) * _norm(inv(x), p, (-2, -1))


def _read(a: Any, triangle: str) -> Any:
    """The symmetric matrix of which one triangle is given."""
    if triangle.upper() not in ("L", "U"):
        raise GraphError(f"UPLO is 'L' or 'U', not {triangle!r}")
    half, rest = (tril(a), tril(a, -1)) if triangle.upper() == "L" else (triu(a), triu(a, 1))
    return half + matrix_transpose(rest)


@composed("numpy.linalg.eigh")
def _eigh(a: Any, UPLO: Any = None) -> Any:
    """numpy.linalg.eigh: of the symmetric part, or of the matrix that a triangle gives."""
    return FUNCTIONS["linalg.eigh"](a if UPLO is None else _read(a, UPLO))


@composed("numpy.linalg.eigvalsh")
def _eigvalsh(a: Any, UPLO: Any = None) -> Any:
    """numpy.linalg.eigvalsh: of the symmetric part, or of the matrix that a triangle gives."""
    return FUNCTIONS["eigvalsh"](a if UPLO is None else _read(a, UPLO))


@composed("numpy.linalg.matrix_power")
def _matrix_power(a: Any, n: int) -> Any:
    """numpy.linalg.matrix_power."""
    return FUNCTIONS["matrix_power"](a, index(n))


@composed("numpy.linalg.svd")
def _svd(a: Any, full_matrices: bool = True, compute_uv: bool = True, hermitian: bool = False) -> Any:
    """numpy.linalg.svd; of symmetric matrices the singular values alone, which are the sizes of the eigenvalues."""
    if not hermitian:
        return FUNCTIONS["linalg.svd"](a, full_matrices, compute_uv)
    if compute_uv:
        raise GraphError("svd: the vectors of hermitian=True have numpy's own signs: use np.linalg.eigh(A)")
    return -FUNCTIONS["sort"](-abs(_eigvalsh(a, "L")), axis=-1)


@composed("numpy.linalg.matrix_rank")
def _matrix_rank(A: Any, tol: Any = None, hermitian: bool = False, *, rtol: Any = None) -> Any:
    """numpy.linalg.matrix_rank: how many singular values are above tol, or rtol times the largest."""
    if A.ndim < 2:
        return FUNCTIONS["astype"](FUNCTIONS["any"](A), "int64")
    if tol is None and rtol is None:
        return FUNCTIONS["matrix_rank"](A)
    s = svdvals(A)
    least = max(s, axis=-1, keepdims=True) * _column(rtol) if tol is None else _column(tol)
    return sum(s > least, axis=-1)


@composed("numpy.linalg.pinv")
def _pinv(a: Any, rcond: Any = None, hermitian: bool = False, *, rtol: Any = np._NoValue) -> Any:  # type: ignore[attr-defined]
    """numpy.linalg.pinv: without the singular values that are below rcond times the largest."""
    cut = rcond if rtol is np._NoValue or rtol is None else rtol  # type: ignore[attr-defined]
    a = _read(a, "L") if hermitian else a
    if cut is None:
        return FUNCTIONS["pinv"](a)
    u, s, vt = FUNCTIONS["svd"](a)
    kept = s > max(s, axis=-1, keepdims=True) * _column(cut)
    turned = matrix_transpose(vt) * FUNCTIONS["where"](kept, 1 / FUNCTIONS["where"](kept, s, 1), 0)[..., None, :]
    return FUNCTIONS["matmul"](turned, matrix_transpose(u))


def _column(least: Any) -> Any:
    """A bound for each matrix of a stack, beside its singular values."""
    return least[..., None] if isinstance(least, Expr) else np.asarray(least)[..., None]


@composed("numpy.linalg.qr")
def _qr(a: Any, mode: str = "reduced") -> Any:
    """numpy.linalg.qr: both factors, or R alone (mode "r")."""
    return FUNCTIONS["linalg.qr"](a).R if mode == "r" else FUNCTIONS["linalg.qr"](a, mode)


@composed("linalg.tensorsolve", "tensorsolve")
def tensorsolve(a: Any, b: Any, axes: Sequence[int] | None = None) -> Any:
    """The x with ``tensordot(a, x, x.ndim) = b``."""
    a, b = lifted(a, b)
    if axes is not None:
        a = moveaxis(a, tuple(axes), tuple(range(-len(axes), 0)))
    rest = a.shape[b.ndim :]
    if a.shape[: b.ndim] != b.shape or shapes.count(rest) != shapes.count(b.shape):
        raise ShapeError(f"tensorsolve: shapes {shapes.text(a.shape)} and {shapes.text(b.shape)} do not fit together")
    n = shapes.count(b.shape)
    return reshape(solve(reshape(a, (n, n)), reshape(b, (n,))), rest)


@composed("linalg.tensorinv", "tensorinv")
def tensorinv(a: Any, ind: int = 2) -> Any:
    """The inverse of the matrix that a tensor is of its first `ind` axes and the others."""
    first, rest = a.shape[:ind], a.shape[ind:]
    return reshape(inv(reshape(a, (shapes.count(first), shapes.count(rest)))), (*rest, *first))


@composed("numpy.kron")
def _kron(a: Any, b: Any) -> Any:
    """np.kron, of arrays of any numbers of axes."""
    a, b = lifted(a, b)
    n = np.maximum(a.ndim, b.ndim)
    a, b = (reshape(x, (1,) * int(n - x.ndim) + x.shape) for x in (a, b))
    return FUNCTIONS["kron"](a, b) if n else a * b


@composed("numpy.cross", "numpy.linalg.cross")
def _cross(a: Any, b: Any, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: Any = None) -> Any:
    """np.cross: of vectors of three entries (or two, the third is 0) along axes, broadcast."""
    if axis is not None:
        axisa = axisb = axisc = axis
    a, b = lifted(a, b)
    a, b = moveaxis(a, axisa, -1), moveaxis(b, axisb, -1)
    if any(x.shape[-1] not in (2, 3) for x in (a, b)):
        raise ShapeError(f"cross: shapes {shapes.text(a.shape)} and {shapes.text(b.shape)}: three entries are needed")
    if a.shape[-1] == b.shape[-1] == 2:
        return a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    a, b = (_third(x) for x in (a, b))
    c = FUNCTIONS["cross"](a, b)
    return moveaxis(c, -1, axisc)


def _third(x: Expr) -> Any:
    """A vector of three entries; the third of two is 0."""
    return x if x.shape[-1] == 3 else FUNCTIONS["pad"](x, [(0, 0)] * (x.ndim - 1) + [(0, 1)])
