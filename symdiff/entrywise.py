"""Vectors that are put together of scalars, vectors that are read entry by entry: the Jacobian of such is one of
scalars, put together."""

from collections.abc import Sequence

from .expr import Expr
from .graph import Graph
from .occurrence import slice_between
from .ops.layout import concat_op, getitem_op
from .ops.products import CONTRACT
from .patterns import multiple

MOST = 1 << 13  # entries of a Jacobian that is put together of scalars


def scalars_joined(y: Expr) -> list[Expr] | None:
    """The scalars that a vector is put together of, or None."""
    g = y.graph
    if y.op is not concat_op or y.ndim != 1:
        return None
    found: list[Expr] = []
    for i in g._inputs[y.node]:
        c, n = multiple(g, i)
        factors = g._inputs[n]
        if g._op[n] is not CONTRACT or g._shape[n] != (1,) or len(factors) > 1 or any(g._shape[m] for m in factors):
            return None
        found.append(c * Expr(g, factors[0]) if factors else g.constant(c))
    return found


def entries_read(g: Graph, outputs: Sequence[int], x: int) -> dict[int, int] | None:
    """{position: node} of the entries of the vector x that outputs depend on, where that is all that reads it."""
    found: dict[int, int] = {}
    for n in slice_between(g, outputs, {x}):
        if x in g._inputs[n]:
            if g._op[n] is not getitem_op or not isinstance(g._params[n][0][0], int):
                return None
            found[g._params[n][0][0]] = n
    return found
