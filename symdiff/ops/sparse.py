"""Products with constant matrices that scipy.sparse stores."""

from typing import Any

import numpy as np

from ..errors import ShapeError
from ..expr import Expr
from ..op import function
from ..shapes import text
from .contractions import moveaxis, permute_dims
from .layout import scatter_add, take


def is_sparse(value: Any) -> bool:
    """A matrix or array of scipy.sparse."""
    return hasattr(value, "tocoo") and hasattr(value, "nnz")


@function("sparse_matmul")
def sparse_matmul(x: Any, y: Any) -> Any:
    """x @ y where one of the two is a matrix of scipy.sparse: the sum of data*y[column] over the entries of each row.

    >>> import numpy as np, scipy.sparse, symdiff as sd
    >>> x = sd.Graph().variable("x", 3)
    >>> y = sd.matmul(scipy.sparse.eye_array(3, format="csr"), x)
    >>> sd.evaluate(y, {"x": [1.0, 2.0, 3.0]})
    array([1., 2., 3.])
    """
    if is_sparse(y):
        turned = sparse_matmul(y.T, permute_dims(x) if x.ndim < 3 else moveaxis(x, -1, 0))
        return moveaxis(turned, 0, -1)
    matrix, vectors = x.tocoo(), y
    if not isinstance(vectors, Expr):
        return x @ vectors
    if not vectors.ndim or vectors.shape[0] != matrix.shape[1]:
        raise ShapeError(f"matmul: shapes {matrix.shape} and {text(vectors.shape)} do not fit together")
    rows, columns = (np.asarray(i, dtype=np.int64) for i in (matrix.row, matrix.col))
    data = np.asarray(matrix.data).reshape(-1, *(1,) * (vectors.ndim - 1))
    return scatter_add(take(vectors, columns, axis=0) * data, rows, matrix.shape[0])
