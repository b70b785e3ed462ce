"""A table of matrix expressions: text, declarations (shape, kind of data), variable to differentiate by.

Orders 1 and 2 of each are checked; a tensor's second order is that of a weighted sum of its entries.
"""

import zlib

import numpy as np

import symdiff as sd

SIZES = {"m": 4, "n": 3, "k": 2, "b": 2}
KINDS = ("invertible", "spd", "near_identity", "small", "positive")

EXPRESSIONS = [
    # inverse and determinant
    ("inv(X)", {"X": "n n invertible"}, "X"),
    ("det(X)", {"X": "n n"}, "X"),
    ("logdet(X)", {"X": "n n invertible"}, "X"),
    ("slogdet(X)[1]**2", {"X": "n n invertible"}, "X"),
    ("adj(X)", {"X": "n n invertible"}, "X"),
    ("trace(inv(X) @ A)", {"X": "n n invertible", "A": "n n"}, "X"),
    ("a @ inv(X) @ c", {"X": "n n invertible", "a": "n", "c": "n"}, "X"),
    ("det(X.T @ X)", {"X": "m n"}, "X"),
    ("logdet(A + X @ X.T)", {"X": "n k", "A": "n n spd"}, "X"),
    ("inv(X @ X.T + A)", {"X": "n k", "A": "n n spd"}, "X"),
    ("logdet(A + t*C)", {"A": "n n spd", "C": "n n", "t": ""}, "t"),
    ("det(X)/trace(X)", {"X": "n n invertible"}, "X"),
    ("matrix_rank(X)*norm_fro(X)", {"X": "m n"}, "X"),
    # linear systems
    ("solve(A, c)", {"A": "n n invertible", "c": "n"}, "A"),
    ("solve(A, c)", {"A": "n n invertible", "c": "n"}, "c"),
    ("solve(A, C)", {"A": "n n invertible", "C": "n k"}, "A"),
    ("solve(A, solve(A, c))", {"A": "n n invertible", "c": "n"}, "A"),
    ("c @ solve(A + A.T, c)", {"A": "n n spd", "c": "n"}, "A"),
    ("solve_triangular(A, c)", {"A": "n n invertible", "c": "n"}, "A"),
    ("cho_solve(cholesky(A), c)", {"A": "n n spd", "c": "n"}, "A"),
    ("pinv(X)", {"X": "m n"}, "X"),
    ("pinv(X)", {"X": "k n"}, "X"),
    ("pinv(X) @ c", {"X": "m n", "c": "m"}, "X"),
    ("lstsq(X, c)", {"X": "m n", "c": "m"}, "X"),
    ("lstsq(X, c)", {"X": "m n", "c": "m"}, "c"),
    # factorisations
    ("cholesky(X)", {"X": "n n spd"}, "X"),
    ("sum(log(diag(cholesky(X))))", {"X": "n n spd"}, "X"),
    ("cholesky(X @ X.T + A)", {"X": "n k", "A": "n n spd"}, "X"),
    ("norm2(solve(cholesky(X), c))**2", {"X": "n n spd", "c": "n"}, "X"),
    ("qr_Q(X)", {"X": "m n"}, "X"),
    ("qr_R(X)", {"X": "m n"}, "X"),
    ("qr_Q(X)", {"X": "n n invertible"}, "X"),
    # eigenvalues
    ("eigvalsh(X)", {"X": "n n"}, "X"),
    ("eigvalsh(sym(X))[n - 1]", {"X": "n n"}, "X"),
    ("eigvecs(X)", {"X": "n n"}, "X"),
    ("eigvecs(sym(X))[:, 0]", {"X": "n n"}, "X"),
    ("sum(eigvalsh(X)**3)", {"X": "n n"}, "X"),
    ("logsumexp(eigvalsh(X))", {"X": "n n"}, "X"),
    ("eigvecs(X) @ diag(exp(eigvalsh(X))) @ eigvecs(X).T", {"X": "n n"}, "X"),
    ("eigvalsh(X.T @ X)", {"X": "m n"}, "X"),
    # singular values
    ("svdvals(X)", {"X": "m n"}, "X"),
    ("svd_U(X)", {"X": "m n"}, "X"),
    ("svd_Vt(X)", {"X": "m n"}, "X"),
    ("svd_U(X)", {"X": "k n"}, "X"),
    ("svd_Vt(X)", {"X": "k n"}, "X"),
    ("svd_U(X)[:, :2] @ diag(svdvals(X)[:2]) @ svd_Vt(X)[:2]", {"X": "m n"}, "X"),
    ("polar(X)", {"X": "m n"}, "X"),
    ("norm_nuc(X)", {"X": "m n"}, "X"),
    ("norm_nuc(A + X)", {"X": "n n", "A": "n n"}, "X"),
    ("norm_spec(X)", {"X": "m n"}, "X"),
    ("cond(X)", {"X": "n n"}, "X"),
    ("norm_fro(A @ X)", {"X": "n k", "A": "m n"}, "X"),
    # functions of matrices
    ("expm(X)", {"X": "n n"}, "X"),
    ("trace(expm(X) @ A)", {"X": "n n", "A": "n n"}, "X"),
    ("expm(t*A) @ c", {"A": "n n", "c": "n", "t": ""}, "t"),
    ("expm_frechet(X, E)", {"X": "n n", "E": "n n"}, "X"),
    ("sinm(X)", {"X": "n n"}, "X"),
    ("cosm(X)", {"X": "n n"}, "X"),
    ("sinhm(X)", {"X": "n n"}, "X"),
    ("trace(coshm(X))", {"X": "n n"}, "X"),
    ("logm(X)", {"X": "n n spd"}, "X"),
    ("logm(X)", {"X": "n n near_identity"}, "X"),
    ("trace(sym(X) @ logm(sym(X)))", {"X": "n n spd"}, "X"),
    ("sqrtm(X)", {"X": "n n spd"}, "X"),
    ("sqrtm(X)", {"X": "n n near_identity"}, "X"),
    ("trace(A + X - 2*sqrtm(A @ X))", {"X": "n n spd", "A": "n n spd"}, "X"),
    # products
    ("matrix_power(X, 3)", {"X": "n n"}, "X"),
    ("matrix_power(X, -2)", {"X": "n n invertible"}, "X"),
    ("multi_dot([A, X, X.T])", {"X": "n k", "A": "k n"}, "X"),
    ("phi(X)", {"X": "n n"}, "X"),
    ("kron(X, A)", {"X": "k k", "A": "k k"}, "X"),
    ("kron(X, X)", {"X": "k k"}, "X"),
    ("det(kron(X, A))", {"X": "k k invertible", "A": "k k"}, "X"),
    ("trace(inv(kron(X, X)))", {"X": "k k invertible"}, "X"),
    ("tril(X) @ triu(X)", {"X": "n n"}, "X"),
    # stacks of matrices
    ("inv(X)", {"X": "b n n invertible"}, "X"),
    ("det(X)", {"X": "b n n"}, "X"),
    ("logdet(X)", {"X": "b n n invertible"}, "X"),
    ("solve(A, X)", {"A": "n n invertible", "X": "b n k"}, "X"),
    ("solve(X, c)", {"X": "b n n invertible", "c": "n"}, "X"),
    ("solve(X, C)", {"X": "b n n invertible", "C": "n k"}, "X"),
    ("cholesky(X)", {"X": "b n n spd"}, "X"),
    ("pinv(X)", {"X": "b m n"}, "X"),
    ("qr_R(X)", {"X": "b m n"}, "X"),
    ("eigvalsh(X)", {"X": "b n n"}, "X"),
    ("eigvecs(X)", {"X": "b n n"}, "X"),
    ("svdvals(X)", {"X": "b m n"}, "X"),
    ("norm_nuc(X)", {"X": "b m n"}, "X"),
    ("expm(X)", {"X": "b n n small"}, "X"),
    ("sqrtm(X)", {"X": "b n n spd"}, "X"),
]  # fmt: skip


def shape_of(spec: str) -> str:
    return " ".join(w for w in spec.split() if w not in KINDS)


def draw(spec: str, rng: np.random.Generator) -> np.ndarray:
    """Data of a declared shape and kind."""
    shape = tuple(SIZES[w] for w in shape_of(spec).split())
    x = rng.standard_normal(shape)
    match spec.split()[-1:]:
        case ["invertible"]:
            return x + 3 * np.eye(shape[-1])
        case ["spd"]:
            return x @ np.swapaxes(x, -1, -2) + 2 * np.eye(shape[-1])
        case ["near_identity"]:
            return 0.3 * x + np.eye(shape[-1])
        case ["small"]:
            return 0.5 * x
        case ["positive"]:
            return np.abs(x) + 0.3
    return x


def build(text: str, declared: dict[str, str]) -> tuple[sd.Expr, dict[str, np.ndarray]]:
    """The expression, and a point that depends on the text alone."""
    rng = np.random.default_rng(zlib.crc32((text + str(declared)).encode()))
    at = {name: draw(spec, rng) for name, spec in declared.items()}
    return sd.parse(text, **{name: shape_of(spec) for name, spec in declared.items()}), at
