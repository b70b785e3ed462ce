"""Linear maps of the user as ops: known by their products, or by a sparse matrix."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .. import shapes
from ..errors import InputError, ShapeError
from ..expr import Expr
from ..graph import check_name
from ..op import FUNCTIONS, OPS, Linear, Op, expose, function, inexact
from ..shapes import Shape
from .contractions import moveaxis

MATRICES: dict[str, Any] = {}  # name of an op -> its matrix, where it is a sparse one


def register_linear_op(
    name: str,
    matvec: Any,
    rmatvec: Callable[[np.ndarray], Any] | None = None,
    *,
    shape: Any = None,
    matmat: Callable[[np.ndarray], Any] | None = None,
    rmatmat: Callable[[np.ndarray], Any] | None = None,
) -> Op:
    """Register a linear map of vectors as an op: derivatives of any order, its transpose is the op ``name_T``.

    name             how it is called in formulas, and in `parse`
    matvec, rmatvec  what it and its transpose do with a vector; or, for `matvec`, a scipy sparse matrix or
                     LinearOperator alone, which knows the rest
    shape            (rows, columns): numbers or names of sizes
    matmat, rmatmat  the same for the columns of a matrix; by default one after the other

    An operand with more axes is a stack of vectors, along its last axis. The entries of a sparse matrix are known to
    `sparsity` and `SparseJacobian`. Raises InputError where the name is taken or something is missing.

    >>> import numpy as np, scipy.sparse, symdiff as sd
    >>> K = register_linear_op("stiffness_of", scipy.sparse.csr_array([[2.0, -1.0], [0.0, 3.0]]))
    >>> u = sd.Graph().variable("u", 2)
    >>> g = sd.grad(sd.sum(K(u)**2), u)
    >>> print(g)
    2*stiffness_of_T(stiffness_of(u))
    >>> sd.evaluate(g, {"u": [1.0, 1.0]})
    array([ 4., 16.])
    """
    matrix = None
    if not callable(matvec) or hasattr(matvec, "shape"):
        given = matvec
        if not hasattr(given, "shape") or len(given.shape) != 2 or not hasattr(given, "T"):
            raise InputError(f"linear op {name!r}: matvec is a function, a sparse matrix or a LinearOperator")
        matrix = given if hasattr(given, "tocsr") else None
        matvec = matmat = given.__matmul__
        rmatvec = rmatmat = given.T.__matmul__
        shape = given.shape if shape is None else shape
    if not callable(rmatvec) or shape is None or len(shapes.as_shape(shape)) != 2:
        raise InputError(f"linear op {name!r}: rmatvec and shape=(rows, columns) are needed")
    rows, columns = shapes.as_shape(shape)
    transposed = name + "_T"
    for spelled in (name, transposed):
        if check_name(spelled) in FUNCTIONS or spelled in OPS:
            raise InputError(f"an op can't be called {spelled!r}: the name is taken")
    forth = _linear_op(name, matvec, matmat, rows, columns, transposed)
    back = _linear_op(transposed, rmatvec, rmatmat, columns, rows, name)
    for op in (forth, back):
        OPS[op.name] = op
        expose(op.name, op)
    if matrix is not None:
        MATRICES[name], MATRICES[transposed] = matrix.tocsr(), matrix.T.tocsr()
    return forth


def _base(L: Any) -> tuple[Any, bool]:
    """(the LinearOperator that this one is, or is the transpose of, whether it is the transpose)"""
    odd = False
    while hasattr(getattr(L, "A", None), "matvec"):
        L, odd = L.A, not odd
    return L, odd


@function("operator_matmul")
def operator_matmul(x: Any, y: Any) -> Any:
    """x @ y where one of the two is a LinearOperator of scipy: a linear map of the user that is named when it is met,
    ``linear_map_1``; of a LinearOperator that is made of a matrix, the product with it.

    >>> import numpy as np, scipy.sparse.linalg, symdiff as sd
    >>> x = sd.Graph().variable("x", 2)
    >>> L = scipy.sparse.linalg.aslinearoperator(np.array([[1.0, 2.0]]))
    >>> print(sd.evaluate(sd.matmul(L, x), {"x": [1.0, 1.0]}))
    [3.]
    """
    if not isinstance(x, Expr) and not isinstance(y, Expr):
        return x @ y
    left = isinstance(y, Expr)
    v: Expr = y if left else x
    L, odd = _base(x if left else y)
    matrix = getattr(L, "A", None)
    if matrix is not None:
        matrix = matrix.T if odd else matrix
        return FUNCTIONS["matmul"](*((matrix, v) if left else (v, matrix)))
    op = _met(L)
    op = OPS[op.name + "_T"] if odd is left else op
    return moveaxis(op(moveaxis(v, 0, -1)), -1, 0) if left and v.ndim > 1 else op(v)


_MET: dict[int, tuple[Any, Op]] = {}  # LinearOperators by their identity, with their ops


def _met(L: Any) -> Op:
    """The op of a LinearOperator."""
    if id(L) not in _MET:
        if np.dtype(L.dtype).kind == "c":
            raise InputError("a complex LinearOperator: split it into real and imaginary parts")
        number = 1 + len(_MET)
        while f"linear_map_{number}" in OPS:
            number += 1
        _MET[id(L)] = L, register_linear_op(f"linear_map_{number}", L)
    return _MET[id(L)][1]


def _linear_op(
    name: str, one: Callable[..., Any], many: Callable[..., Any] | None, rows: shapes.Size, columns: shapes.Size,
    partner: str,
) -> Op:  # fmt: skip
    def infer(params: tuple, operands: Sequence[Shape], dtypes: Sequence[str]) -> tuple[Shape, str]:
        (x,) = operands
        if not x or x[-1] != columns:
            raise ShapeError(f"{name}: an operand of shape {shapes.text(x)}, the last axis must have size {columns}")
        return (*x[:-1], rows), inexact(dtypes[0])

    def evaluate(x: Any) -> np.ndarray:
        x = np.asarray(x)
        if x.ndim == 1:
            return np.array(one(x))
        flat = x.reshape(-1, x.shape[-1])
        if not len(flat):
            return np.empty((*x.shape[:-1], rows))
        found = np.asarray(many(flat.T)).T if many is not None else np.stack([np.asarray(one(v)) for v in flat])
        return np.ascontiguousarray(found).reshape(*x.shape[:-1], found.shape[-1])

    def apply(xs: Sequence[Expr], params: tuple, lead: int) -> Expr:
        return xs[0].apply(OPS[name], xs, ())

    def transpose(k: int, ct: Expr, xs: Sequence[Expr], params: tuple, lead: int) -> Expr:
        return ct.apply(OPS[partner], (ct,), ())

    return Op(name, 1, infer, evaluate, Linear(apply, transpose), doc="a linear map of the user")
