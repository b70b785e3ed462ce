"""Functions of square matrices: expm, sinm, cosm, logm, sqrtm, and their Frechet derivatives.

The k-th Frechet derivative ``expm_frechet(X, E1, ..., Ek)`` is linear in each E; the derivative by X adds one
more direction, so every order is the same record. It is the corner block of f at a block triangular matrix,
f([[X, E], [0, X]]) = [[f(X), L(X, E)], [0, f(X)]], also where eigenvalues repeat (Higham, Relton 2014).
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from .. import shapes
from ..expr import Expr
from ..facets import always, every, keeps, maps, rows_before, together
from ..lazy import module
from ..op import Action, Op, function, inexact, promoted, register
from ..shapes import Shape
from .contractions import gathered, matmul, matrix_transpose, spread, zeros_like
from .elementwise import divide_op
from .layout import block, getitem
from .linalg import det, fitting_squares, inv
from .piecewise import not_equal
from .products import (
    ADD,
    CONTRACT,
    broadcast_to,
    contract,
    scale,
    unit,
)


class MatrixFunction(NamedTuple):
    """f: its record, that of its Frechet derivatives, their values in directions that commute with X."""

    op: Op
    frechet: Op
    slope: Callable[[Expr], Expr]  # L(X, I) = f'(X), from the node f(X)
    radial: Callable[[Expr], Expr]  # L(X, X) = X f'(X)


FAMILY: dict[Op, MatrixFunction] = {}  # both records -> the function

# --- values -----------------------------------------------------------------------------------------------


def block_triangle(x: Any, directions: Sequence[Any]) -> Any:
    """The block matrix whose corner block under f is the Frechet derivative of f at x in these directions."""
    z = x
    for e in directions:
        copies = z.shape[-1] // max(e.shape[-1], 1)
        corner = np.kron(np.eye(copies, dtype=e.dtype), e)
        z = np.concatenate(
            [np.concatenate([z, corner], axis=-1), np.concatenate([np.zeros_like(z), z], axis=-1)], axis=-2
        )
    return z


def _stacked(f: Callable[[Any], Any], x: Any) -> Any:
    """f of each matrix of a stack."""
    return f(x) if x.ndim == 2 else np.stack([f(m) for m in x.reshape(-1, *x.shape[-2:])]).reshape(x.shape)


def _principal(name: str, on_symmetric: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """logm and sqrtm: by eigenvalues of a symmetric matrix, else scipy's; nan where the value is not real."""

    def of_one(x: Any) -> Any:
        if np.array_equal(x, x.T):
            w, q = np.linalg.eigh(x)
            with np.errstate(all="ignore"):
                return (q * on_symmetric(w)) @ q.T
        value = getattr(module("scipy.linalg"), name)(x)
        if np.iscomplexobj(value):
            real = np.abs(value.imag).max() <= 1e-8 * np.abs(value).max()
            value = value.real if real else np.full(x.shape, np.nan)
        return np.asarray(value, dtype=x.dtype)

    return lambda x: _stacked(of_one, np.asarray(x))


_VALUES: dict[str, Callable[[Any], Any]] = {
    "expm": lambda x: module("scipy.linalg").expm(x),
    "sinm": lambda x: np.imag(module("scipy.linalg").expm(1j * np.asarray(x))),
    "cosm": lambda x: np.real(module("scipy.linalg").expm(1j * np.asarray(x))),
    "logm": _principal("logm", np.log),
    "sqrtm": _principal("sqrtm", np.sqrt),
}


def _log_differences(a: Any, b: Any) -> Any:
    """(log(a) - log(b))/(a - b) without cancellation: 2 atanh(t)/t/(a + b) with t = (a - b)/(a + b)."""
    t = (a - b) / (a + b)
    small = np.abs(t) < 1e-4
    return 2 * np.where(small, 1 + t * t / 3, np.arctanh(t) / np.where(small, 1, t)) / (a + b)


# f -> (f(a) - f(b))/(a - b): the Frechet derivative at a symmetric matrix in one direction (Daleckii, Krein)
_DIFFERENCES: dict[str, Callable[[Any, Any], Any]] = {
    "logm": _log_differences,
    "sqrtm": lambda a, b: 1 / (np.sqrt(a) + np.sqrt(b)),
}


def _frechet_values(name: str) -> Callable[..., Any]:
    def evaluate(*operands: Any) -> Any:
        first = np.asarray(operands[0])
        if len(operands) == 2 and name in _DIFFERENCES and first.ndim == 2 and np.array_equal(first, first.T):
            w, q = np.linalg.eigh(first)
            with np.errstate(all="ignore"):
                factors = _DIFFERENCES[name](w[:, None], w)
            return q @ (factors * (q.T @ operands[1] @ q)) @ q.T
        x, *directions = np.broadcast_arrays(*operands)
        n = x.shape[-1]
        return _VALUES[name](block_triangle(x, directions))[..., :n, -n:]

    return evaluate


# --- Frechet derivatives ----------------------------------------------------------------------------------


def _identity_multiple(e: Expr) -> Expr | None:
    """c where e = c*I for each matrix of the stack e, by its labels; else None."""
    if e.op is not CONTRACT:
        return None
    labels, out, free = e.graph._params[e.node]
    i = out[-1]
    if len(labels) > 1 or out[-2] != i or i in out[:-2] or any(i in ls for ls in labels):
        return None
    factors = list(zip(e.inputs, labels, strict=True))
    if not factors:
        factors = [(e.graph.constant(1), ())]
    return contract(factors, out[:-2], dict(free))


def _unscaled(e: Expr) -> tuple[Expr, bool]:
    """(the matrix that scalars stand before, whether it is transposed)"""
    turned = False
    while e.op in (ADD, CONTRACT, divide_op):
        labels, out = e.graph._params[e.node][:2] if e.op is CONTRACT else ([(0, 1)], (0, 1))
        arrays = [k for k, i in enumerate(e.inputs) if i.shape]
        if len(arrays) != 1 or (e.op is ADD and len(e.inputs) > 1) or len(set(out)) < 2:
            break
        (k,) = arrays
        if k >= len(labels) or labels[k] not in (out, out[::-1]):
            break
        turned ^= labels[k] != out
        e = e.inputs[k]
    return e, turned


def _commutes(x: Expr, e: Expr) -> bool:
    """Both are one matrix times scalars."""
    (a, s), (b, t) = _unscaled(x), _unscaled(e)
    return a.same_as(b) and s == t


def frechet(f: MatrixFunction, x: Expr, directions: Sequence[Expr]) -> Expr:
    """The Frechet derivative of f at x; in directions I, X and A it is f'(X), X f'(X) and
    A f'(X) for x = t*A."""
    if len(directions) == 1 and x.ndim == 2:
        (e,) = directions
        if e.op is ADD and len(e.inputs) == 1:
            (c,) = e.graph._params[e.node]
            return scale(c, frechet(f, x, e.inputs))
        if e.same_as(x):
            return f.radial(f.op(x))
        if _commutes(x, e):
            return matmul(e, f.slope(f.op(x)))
        c = _identity_multiple(e)
        if c is not None:
            at = tuple(range(c.ndim))
            return contract([(c, at), (f.slope(f.op(x)), "ij")], (*at, "i", "j"))
    return x.apply(f.frechet, (x, *directions), ())


def commuted(product: Expr) -> Expr:
    """``trace(A @ f'(X) @ E)`` for a product that is ``trace(A @ L(X, E))``, with A = c*X; else the product itself."""
    if product.op is not CONTRACT:
        return product
    labels, out, free = product.graph._params[product.node]
    factors = list(zip(product.inputs, labels, strict=True))
    for derivative, at in factors:
        if derivative.op not in FAMILY or len(derivative.inputs) != 2 or len(at) != 2:
            continue
        (x, e), (i, j) = derivative.inputs, at
        others = [f for f in factors if f[0] is not derivative]
        arrays = [f for f in others if f[1]]
        if len(arrays) != 1:
            continue
        (a, s), (b, t), f = _unscaled(x), _unscaled(arrays[0][0]), FAMILY[derivative.op]
        if a.same_as(b) and arrays[0][1] == ((j, i) if s == t else (i, j)):
            return contract([*others, (f.slope(f.op(x)), (i, "k")), (e, ("k", j))], out, dict(free))
    return product


def _frechet_tangent(k: int, t: Expr, y: Expr, xs: Sequence[Expr], params: tuple, lead: int) -> Expr:
    x, *directions = xs
    t = spread(t, lead, y.ndim)
    return frechet(
        FAMILY[y.op], x, [*directions, t] if k == 0 else [*directions[: k - 1], t, *directions[k:]]
    )


def _frechet_cotangent(k: int, ct: Expr, y: Expr, xs: Sequence[Expr], params: tuple, lead: int) -> Expr:
    """The transpose of E -> L(X, E, ...) is C -> L(X, C', ...)'."""
    x, *directions = xs
    rest = directions if k == 0 else [*directions[: k - 1], *directions[k:]]
    return gathered(
        matrix_transpose(frechet(FAMILY[y.op], x, [*rest, matrix_transpose(ct)])), lead, xs[k].shape
    )


_ACTION = Action(_frechet_tangent, _frechet_cotangent)


def _matrix_function(
    name: str, slope: Callable[[Expr], Expr], radial: Callable[[Expr], Expr], doc: str, **fields: Any
) -> Op:
    def infer(params: tuple, operands: Sequence[Shape], dtypes: Sequence[str]) -> tuple[Shape, str]:
        return fitting_squares(name, operands), inexact(promoted(dtypes))

    op = register(Op(name, 1, infer, _VALUES[name], _ACTION, doc=doc, rows=rows_before(2), transposes=True, **fields))
    derived = register(
        Op(
            f"{name}_frechet", None, infer, _frechet_values(name), _ACTION,
            doc=f"the Frechet derivative of {name} at X in direction E, or several for higher orders",
            rows=rows_before(2), facts=every("symmetric"), composition=lambda *xs: _of_blocks(op, xs),
            textbook=lambda *xs: _of_blocks(op, xs),
        )
    )  # fmt: skip
    FAMILY[op] = FAMILY[derived] = MatrixFunction(op, derived, slope, radial)
    return op


def _of_blocks(f: Op, operands: Sequence[Expr]) -> Expr:
    """f(block([[X, E], [zeros_like(X), X]]))[:n, n:]"""
    shape = shapes.broadcast(*(e.shape for e in operands), op=f.name)
    z, *directions = (broadcast_to(e, shape) for e in operands)
    n = z.shape[-1]
    for k, e in enumerate(directions):
        for _ in range(k):
            e = block([[e, zeros_like(e)], [zeros_like(e), e]])
        z = block([[z, e], [zeros_like(z), z]])
    return getitem(f(z), (..., slice(None, n), slice(shapes.subtract(z.shape[-1], n), None)))


def _at(y: Expr) -> Expr:
    """The matrix X of a node f(X)."""
    return y.inputs[0]


def _identity(x: Expr) -> Expr:
    return Expr(x.graph, unit(x.graph, x.shape[-1:]))


expm = _matrix_function(
    "expm", lambda y: y, lambda y: matmul(_at(y), y), "the matrix exponential", aliases=("linalg.expm",),
    facts=together(always("invertible"), maps(symmetric="spd")),
)  # fmt: skip
sinm = _matrix_function(
    "sinm", lambda y: cosm(_at(y)), lambda y: matmul(_at(y), cosm(_at(y))), "the matrix sine",
    facts=keeps("symmetric"),
)  # fmt: skip
cosm = _matrix_function(
    "cosm", lambda y: -sinm(_at(y)), lambda y: -matmul(_at(y), sinm(_at(y))), "the matrix cosine",
    facts=keeps("symmetric"),
)  # fmt: skip
logm = _matrix_function(
    "logm", lambda y: inv(_at(y)), lambda y: _identity(_at(y)),
    "the principal matrix logarithm; nan where it is not real", domain=lambda x: not_equal(det(x), 0),
    facts=keeps("symmetric"),
)  # fmt: skip
sqrtm = _matrix_function(
    "sqrtm", lambda y: inv(y) / 2, lambda y: y / 2,
    "the principal matrix square root; nan where it is not real", domain=lambda x: not_equal(det(x), 0),
    facts=keeps("symmetric", "spd", "psd"),
)  # fmt: skip


@function("sinhm")
def sinhm(x: Any) -> Any:
    """The matrix hyperbolic sine."""
    return (expm(x) - expm(-x)) / 2


@function("coshm")
def coshm(x: Any) -> Any:
    """The matrix hyperbolic cosine."""
    return (expm(x) + expm(-x)) / 2
