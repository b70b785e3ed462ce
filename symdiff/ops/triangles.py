"""Lower and upper triangles of matrices."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from .. import validity
from ..expr import Expr
from ..facets import keeps, rows_before
from ..op import Linear, Op, matrix_axes, register


def _triangle(name: str, evaluate: Any) -> Op:
    def lifted(xs: Sequence[Expr], params: tuple, lead: int) -> Expr:
        return xs[0].apply(op, xs, params)

    op = register(
        Op(
            name, 1, lambda params, s, d: (matrix_axes(name, s[0]), d[0]), evaluate,
            Linear(lifted, lambda k, ct, xs, params, lead: ct.apply(op, (ct,), params)),
            normalise=lambda x, k=0: ((x,), (int(k),)),
            doc=f"the matrix with the entries {'above' if name == 'tril' else 'below'} a diagonal set to 0",
            facts=keeps("nonnegative"), finite=True, rows=rows_before(2), moves="places", valid=validity.diagonal,
        )
    )  # fmt: skip
    return op


tril = _triangle("tril", lambda x, k: np.tril(x, k))
triu = _triangle("triu", lambda x, k: np.triu(x, k))
