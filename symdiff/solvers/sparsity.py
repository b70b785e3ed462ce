"""`sparsity`: which entries of a derivative can be nonzero."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from ..calculus import resolve_wrt
from ..containers import leaves
from ..errors import InputError
from ..expr import Expr
from .instances import instance
from .patterns import pattern_of
from .sparse import SparseJacobian


def sparsity(
    y: Any, wrt: Any, sizes: Mapping[str, int] | None = None, local: Mapping[Any, Any] | None = None
) -> csr_array:
    """The entries of dy/dwrt that can be nonzero: a boolean csr matrix, rows the entries of y, columns those of wrt.

    y      an expression of any shape, or a list of them, ravelled one after the other
    wrt    an Expr or a name, or a list, tuple or dict of them, ravelled one after the other
    sizes  the named sizes, ``{"n": 20}``
    local  values ``{name or Expr: value}`` of all variables: the entries that are nonzero at this point alone

    Never too small. Positions that are variables are known at a point alone: without `local` their axis is taken as
    dense, with a warning. Time and memory grow with the entries found. Raises InputError for a size that is not known.

    >>> import symdiff as sd
    >>> x = sd.Graph().variable("x", "n")
    >>> sparsity(x[1:]*x[:-1], x, {"n": 4}).toarray().astype(int)
    array([[1, 1, 0, 0],
           [0, 1, 1, 0],
           [0, 0, 1, 1]])
    """
    ys = leaves(y)
    if not ys or not all(isinstance(e, Expr) and e.graph is ys[0].graph for e in ys):
        raise InputError(f"sparsity: expected expressions of one graph, got {type(y).__name__}")
    xs = resolve_wrt(ys[0].graph, wrt)
    if not xs:
        raise InputError("sparsity: wrt names no variable")
    if local is not None:
        found = SparseJacobian(ys, xs, local).tocsr()
        found.eliminate_zeros()
        return csr_array((np.ones(found.nnz, bool), found.indices, found.indptr), shape=found.shape)
    copies, _ = instance([*ys, *xs], dict(sizes or {}))
    return pattern_of(copies[: len(ys)], copies[len(ys) :], {})
