"""Diagonals of derivatives from their formulas: rows and columns get the same labels before anything is formed."""

from collections.abc import Mapping
from typing import Any

from .. import constants, shapes
from ..expr import Expr
from ..graph import Graph
from ..ops.products import ADD, CONTRACT, combination, product
from ..program import Program

Labels = tuple[int, ...]


def diagonal_of(e: Expr, rows: int) -> Expr:
    """The entries of a derivative at equal rows and columns: of shape ``e.shape[:rows]``.

    ``diagonal(X.T @ diag(c) @ X)`` is ``(X**2).T @ c``: no matrix is formed.
    """
    g, found = e.graph, []
    for coefficient, n in _terms(e):
        c, m = _of_product(g, n, rows)
        found.append((constants.exact(coefficient * c), m))
    return Expr(g, combination(g, found))


def _of_product(g: Graph, n: int, rows: int) -> tuple[Any, int]:
    rank = len(g._shape[n])
    if g._op[n] is not CONTRACT:
        own = [*range(rows), *range(rank - rows)]
        return product(g, [(n, own)], range(rows))
    factors, out, free = _opened(g, n)
    same: dict[Any, Any] = {}

    def root(i: Any) -> Any:
        while i in same:
            i = same[i]
        return i

    for a, b in zip(out[:rows], out[rows:], strict=True):
        if root(a) != root(b):
            same[root(b)] = root(a)
    sizes = {root(i): s for i, s in free.items()}
    return product(g, [(m, [root(i) for i in ls]) for m, ls in factors], [root(i) for i in out[:rows]], sizes)


def _opened(g: Graph, n: int) -> tuple[list[tuple[int, Labels]], Labels, dict[int, Any]]:
    """The factors of a product, with those of the products that only stand in a wrapper."""
    labels, out, free = g._params[n]
    factors, sizes = list(zip(g._inputs[n], labels, strict=True)), dict(free)
    fresh = 1 + max([*out, *(i for ls in labels for i in ls), *sizes], default=0)
    while len(factors) == 1 and g._op[factors[0][0]] is CONTRACT:
        ((m, at),) = factors
        inner, inner_out, inner_free = g._params[m]
        if len(set(inner_out)) < len(inner_out):
            break
        to = dict(zip(inner_out, at, strict=True))
        for ls in (*inner, tuple(i for i, _ in inner_free)):
            for i in ls:
                if i not in to:
                    to[i], fresh = fresh, fresh + 1
        factors = [(k, tuple([to[i] for i in ls])) for k, ls in zip(g._inputs[m], inner, strict=True)]
        sizes |= {to[i]: s for i, s in inner_free}
    return factors, out, sizes


def largest(program: Program, known: Mapping[str, int]) -> int:
    """The entries of the largest array that a program computes."""
    g = program.graph
    sizes = [shapes.resolve(shapes.count(g._shape[i.node]), known) for i in program.instructions]
    return max(sizes, default=0)


def quadratic_diagonal(J: Expr, middle: Expr, outputs: int, rows: int) -> Expr:
    """The diagonal of ``J' M J``: J has the axes of the outputs, then those of the variable. Term by term, so that the
    unit tensors in each join its labels."""
    g = J.graph
    out, other = [("o", k) for k in range(outputs)], [("p", k) for k in range(outputs)]
    own = [("x", k) for k in range(rows)]
    found = []
    for a, left in _terms(J):
        for b, between in _terms(middle):
            for c, right in _terms(J):
                factors = [(left, (*out, *own)), (between, (*out, *other)), (right, (*other, *own))]
                d, n = product(g, factors, own)
                found.append((constants.exact(a * b * c * d), n))
    return Expr(g, combination(g, found))


def _terms(e: Expr) -> list[tuple[Any, int]]:
    """(coefficient, node) of the terms of a sum, sums within it taken apart."""
    g, found = e.graph, []
    stack: list[tuple[Any, int]] = [(1, e.node)]
    while stack:
        coefficient, n = stack.pop()
        if g._op[n] is ADD and all(g._shape[i] == e.shape for i in g._inputs[n]):
            stack += [(constants.exact(coefficient * c), i) for c, i in zip(g._params[n], g._inputs[n], strict=True)]
        else:
            found.append((coefficient, n))
    return found
