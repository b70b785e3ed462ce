"""Colouring: the columns, or rows and columns, of a sparse matrix that few products find, and how to read them off.

Column colouring: columns without a common row share a colour; each product is a sum of such columns. Bidirectional:
dense rows are found by products with the transpose, the rest by columns. Star colouring of a symmetric matrix: no path
of four vertices has two colours, so that each entry is found in one of its two columns.

Source: Gebremedhin, Manne, Pothen, "What color is your Jacobian?", SIAM Review 47 (2005); Coleman, More, "Estimation of
sparse Hessian matrices and graph coloring problems", Mathematical Programming 28 (1984).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from scipy.sparse import csc_array, csr_array

from ..expr import Expr
from ..ops.layout import concat, ravel
from .filling import Filling
from .krylov import JacobianOperator


def greedy(order: Sequence[int], forbidden: Callable[[int, np.ndarray], Any], count: int) -> np.ndarray:
    """Colours of vertices in an order: the least that `forbidden(vertex, colours)` does not hold."""
    colours = np.full(count, -1)
    for v in order:
        taken = set(forbidden(v, colours))
        c = 0
        while c in taken:
            c += 1
        colours[v] = c
    return colours


def column_colouring(pattern: csr_array) -> np.ndarray:
    """Colours of the columns: two that share a row differ. The better of the natural order and largest first."""
    by_column = csc_array(pattern)
    rows, starts, columns, ends = by_column.indices, by_column.indptr, pattern.indices, pattern.indptr

    def forbidden(v: int, colours: np.ndarray) -> Any:
        for r in rows[starts[v] : starts[v + 1]]:
            yield from colours[columns[ends[r] : ends[r + 1]]].tolist()

    n = pattern.shape[1]
    sizes = np.diff(ends)
    weight = np.bincount(np.repeat(np.arange(n), np.diff(starts)), sizes[rows], n) if n else np.zeros(0)
    return _better([range(n), np.argsort(-weight, kind="stable").tolist()], forbidden, n)


def star_colouring(pattern: csr_array) -> np.ndarray:
    """Colours of a symmetric matrix's columns with which each entry is alone in one of its two columns: the better of
    the natural order and that of the degrees."""
    degree = np.diff(pattern.indptr) - (pattern.diagonal() != 0)
    orders = [None, np.argsort(-degree, kind="stable").tolist()]
    return min((greedy_star(pattern, order) for order in orders), key=lambda colours: colours.max(initial=-1))


def greedy_star(pattern: csr_array, order: Sequence[int] | None = None) -> np.ndarray:
    """A star colouring in an order; by default the natural one.

    Vertices w that are adjacent to v differ; so do those two steps away when the way to them has the colour of another
    vertex at v, or the path goes on to one of v's colours (Gebremedhin et al., algorithm 4.1).
    """
    columns, ends = pattern.indices, pattern.indptr
    n = pattern.shape[0]
    around = [columns[ends[v] : ends[v + 1]] for v in range(n)]
    around = [a[a != v].tolist() for v, a in enumerate(around)]

    def forbidden(v: int, colours: np.ndarray) -> Any:
        for w in around[v]:
            if colours[w] >= 0:
                yield colours[w]
                for u in around[w]:  # v - w - u - t with colours c, w's, c, w's is forbidden
                    if u != v and colours[u] >= 0 and any(t != w and colours[t] == colours[w] for t in around[u]):
                        yield colours[u]
            else:  # w gets its colour later: two neighbours of one colour would settle it
                for u in around[w]:
                    if u != v and colours[u] >= 0:
                        yield colours[u]

    return greedy(range(n) if order is None else order, forbidden, n)


def _better(orders: Sequence[Any], forbidden: Callable[[int, np.ndarray], Any], n: int) -> np.ndarray:
    found = [greedy(order, forbidden, n) for order in orders]
    return min(found, key=lambda colours: colours.max(initial=-1))


def dense_rows(pattern: csr_array) -> np.ndarray:
    """The rows, those with most entries first, whose products with the transpose save more columns' colours."""
    sizes = np.diff(pattern.indptr)
    order = np.argsort(-sizes, kind="stable")
    following = np.append(sizes[order], 0)
    cost = np.arange(following.size) + following  # at least as many colours as the widest row that is left has entries
    best = int(np.argmin(cost))
    return order[:best] if cost[best] < cost[0] else order[:0]


class Compressed:
    """A sparse derivative from compressed products: the same face as `sparse.Formulas`."""

    def __init__(
        self, ys: Sequence[Expr], wrt: Sequence[Expr], values: Mapping[Expr, Any], pattern: csr_array, symmetric: bool,
        backend: str, options: Mapping[str, Any],
    ):  # fmt: skip
        rows, columns = pattern.shape
        if symmetric:
            pattern = csr_array(pattern.multiply(pattern.T))  # both are large enough, so is what they share
        pattern.sort_indices()
        r = np.repeat(np.arange(rows), np.diff(pattern.indptr))
        self.wrt = list(wrt)
        dense = np.zeros(0, np.int64) if symmetric else dense_rows(pattern)
        rest = csr_array(pattern.astype(np.int8))
        rest.data[np.isin(r, dense)] = 0
        rest.eliminate_zeros()
        colours = star_colouring(pattern) if symmetric else column_colouring(rest)
        number = int(colours.max(initial=-1)) + 1
        self.products = number + dense.size
        c = pattern.indices
        if symmetric:
            lower = r >= c
            r, c = r[lower], c[lower]
        self.filling = Filling((rows, columns), [(r.astype(np.int64), c.astype(np.int64))], symmetric)
        if symmetric:  # an entry that is not alone in its row's colour is so in the other's
            both = np.repeat(np.arange(rows), np.diff(pattern.indptr)) * number + colours[pattern.indices]
            alone = np.bincount(both, minlength=rows * max(number, 1))[r * number + colours[c]] == 1
            r, c = np.where(alone, r, c), np.where(alone, c, r)
        self.seeds = np.zeros((columns, number))
        self.seeds[np.arange(columns), colours] = 1
        self.back = np.zeros((rows, dense.size))
        self.back[dense, np.arange(dense.size)] = 1
        place = np.full(rows, -1)
        place[dense] = np.arange(dense.size)
        self.by_rows = np.flatnonzero(place[r] >= 0)
        self.at_rows = c[self.by_rows], place[r[self.by_rows]]
        self.by_columns = np.flatnonzero(place[r] < 0)
        self.at_columns = r[self.by_columns], colours[c[self.by_columns]]
        whole = concat([ravel(y) for y in ys], axis=0) if len(ys) > 1 or ys[0].ndim != 1 else ys[0]
        self.operator = JacobianOperator(whole, self.wrt, values, backend=backend, **options)

    def renewed(self, data: Mapping[int, Any]) -> "Compressed":
        """The same with other data."""
        other = object.__new__(Compressed)
        other.__dict__.update(self.__dict__)
        other.operator = self.operator.at({Expr(self.wrt[0].graph, n): v for n, v in data.items()})
        return other

    def fill(self, point: Sequence[Any], out: np.ndarray | None = None) -> np.ndarray:
        """The data of the matrix at a point."""
        J = self.operator.at(dict(zip(self.wrt, point, strict=True)))
        values = np.empty(self.by_columns.size + self.by_rows.size, J.dtype)
        if self.by_columns.size:
            values[self.by_columns] = (J @ self.seeds)[self.at_columns]
        if self.by_rows.size:
            values[self.by_rows] = (J.T @ self.back)[self.at_rows]
        data = np.zeros(self.filling.count, J.dtype) if out is None else out
        data[:] = 0
        self.filling.fill(data, [values], [0])
        self.filling.mirror(data)
        return data
