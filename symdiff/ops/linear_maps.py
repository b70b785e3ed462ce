"""Linear maps of the user as ops: known by their products, or by a sparse matrix."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .. import shapes
from ..errors import InputError, ShapeError
from ..expr import Expr
from ..graph import check_name
from ..op import FUNCTIONS, OPS, Linear, Op, expose, inexact
from ..shapes import Shape

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
