"""Diagonals of derivatives from their formulas: rows and columns get the same labels before anything is formed."""

from collections.abc import Mapping

from .. import shapes
from ..expr import Expr
from ..ops.readings import read_contract
from ..program import Program


def diagonal_of(e: Expr, rows: int) -> Expr:
    """The entries of a derivative at equal rows and columns: of shape ``e.shape[:rows]``.

    ``diagonal(X.T @ diag(c) @ X)`` is ``(X**2).T @ c``: no matrix is formed.
    """
    own = [*range(rows)]
    return read_contract([(e, [*own, *own])], own)


def largest(program: Program, known: Mapping[str, int]) -> int:
    """The entries of the largest array that a program computes."""
    g = program.graph
    sizes = [shapes.resolve(shapes.count(g._shape[i.node]), known) for i in program.instructions]
    return max(sizes, default=0)


def quadratic_diagonal(J: Expr, middle: Expr, outputs: int, rows: int) -> Expr:
    """The diagonal of ``J' M J``: J has the axes of the outputs, then those of the variable."""
    out, other = [("o", k) for k in range(outputs)], [("p", k) for k in range(outputs)]
    own = [("x", k) for k in range(rows)]
    return read_contract([(J, (*out, *own)), (middle, (*out, *other)), (J, (*other, *own))], own)
