"""Traces, diagonals and determinants of symmetric maps that are known by products alone, with error bars.

Sources: Epperly, Tropp, Webber, "XTrace: making the most of every sample in stochastic trace estimation", SIAM J.
Matrix Anal. Appl. 45 (2024); Ubaru, Chen, Saad, "Fast estimation of tr(f(A)) via stochastic Lanczos quadrature", SIAM
J. Matrix Anal. Appl. 38 (2017).
"""

from typing import Any, NamedTuple

import numpy as np
from scipy.linalg import eigh_tridiagonal
from scipy.sparse.linalg import LinearOperator

from ..errors import InputError


class Estimate(NamedTuple):
    """A value with its standard error, and the products that it took."""

    value: Any
    error: Any
    products: int


class _Sketch(NamedTuple):
    """What both estimators need: signs, their images, an orthonormal basis of these and its images."""

    signs: np.ndarray
    images: np.ndarray
    basis: np.ndarray
    factor: np.ndarray  # images = basis @ factor
    moved: np.ndarray  # A @ basis
    left_out: np.ndarray  # column i: the direction of the basis that is sample i's alone


def _sketch(A: LinearOperator, samples: int, seed: int) -> _Sketch:
    n = A.shape[0]
    if not isinstance(samples, int) or samples < 2:
        raise InputError(f"samples is the number of products, at least 2, not {samples!r}")
    count = max(1, min(samples // 2, n))
    signs = np.random.default_rng(seed).choice([-1.0, 1.0], size=(n, count))
    images = A @ signs
    basis, sizes, right = np.linalg.svd(images, full_matrices=False)
    rank = int(np.sum(sizes > 1e-12 * sizes.max(initial=0)))
    basis, factor = basis[:, :rank], sizes[:rank, None] * right[:rank]
    if rank < count:  # the whole range is found, whichever sample is left out
        return _Sketch(signs, images, basis, factor, A @ basis, np.zeros((rank, count)))
    directions = right / sizes[:, None]  # columns of the transposed inverse of the factor
    return _Sketch(signs, images, basis, factor, A @ basis, directions / np.linalg.norm(directions, axis=0))


def trace(A: LinearOperator, samples: int = 40, seed: int = 0) -> Estimate:
    """The trace by XTrace: each sample is measured against the basis that the others made."""
    signs, images, basis, factor, moved, s = _sketch(A, samples, seed)
    inner, W, T = basis.T @ moved, basis.T @ signs, moved.T @ signs
    u = W - s * np.sum(s * W, axis=0)  # the projection of each sample on the basis of the others
    dot = lambda a, b: np.sum(a * b, axis=0)  # noqa: E731
    each = np.trace(inner) - dot(s, inner @ s) + dot(signs, images) - dot(T, u) - dot(u, factor) + dot(u, inner @ u)
    return Estimate(float(each.mean()), _error(each), 2 * signs.shape[1])


def diagonal(A: LinearOperator, samples: int = 40, seed: int = 0) -> Estimate:
    """The diagonal of a symmetric map by XDiag."""
    signs, images, basis, factor, moved, s = _sketch(A, samples, seed)
    shared = np.sum(basis * moved, axis=1)[:, None] - (basis @ s) * (moved @ s)
    rest = images - basis @ (factor - s * np.sum(s * factor, axis=0))
    each = shared + signs * rest
    return Estimate(each.mean(axis=1), _error(each), 2 * signs.shape[1])


def logdet(A: LinearOperator, samples: int = 20, steps: int = 30, seed: int = 0) -> Estimate:
    """log(det(A)) of a positive definite map by Lanczos quadrature: ``samples`` times ``steps`` products.

    InputError where the map is found not to be positive definite.
    """
    n, rng = A.shape[0], np.random.default_rng(seed)
    each = np.array([_quadrature(A, rng.choice([-1.0, 1.0], size=n), min(steps, n)) for _ in range(samples)])
    return Estimate(float(each.mean()), _error(each), samples * min(steps, n))


def _quadrature(A: LinearOperator, z: np.ndarray, steps: int) -> float:
    """``z' log(A) z`` by the Gauss rule of a Lanczos run, orthogonalised in full."""
    basis = np.zeros((steps, z.size))
    diagonal, beside = [], []
    q, size = z / np.linalg.norm(z), z @ z
    for k in range(steps):
        basis[k] = q
        w = A @ q
        diagonal.append(q @ w)
        for _ in range(2):
            w = w - basis[: k + 1].T @ (basis[: k + 1] @ w)
        norm = np.linalg.norm(w)
        if norm < 1e-12 * max(1.0, abs(diagonal[0])):
            break
        beside.append(norm)
        q = w / norm
    values, vectors = eigh_tridiagonal(np.array(diagonal), np.array(beside[: len(diagonal) - 1]))
    if values[0] <= 0:
        raise InputError(f"logdet: the map is not positive definite: it has the Ritz value {values[0]:.3g}")
    return float(size * (vectors[0] ** 2 @ np.log(values)))


def _error(each: np.ndarray) -> Any:
    """The standard error of a mean over the last axis."""
    count = each.shape[-1]
    spread = each.std(axis=-1, ddof=1) / np.sqrt(count) if count > 1 else np.full(each.shape[:-1], np.inf)
    return spread if each.ndim > 1 else float(spread)
