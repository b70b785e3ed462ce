"""Sparse variables of an instance as their entries: products with them are gathers, products of values, and sums."""

from collections.abc import Sequence
from math import prod
from typing import Any, NamedTuple

import numpy as np

from ..errors import InputError
from ..expr import Expr
from ..graph import Graph
from ..op import Op
from ..ops.along import gather
from ..ops.contractions import permute_dims
from ..ops.layout import reshape, scatter_add, take
from ..ops.products import ADD, CONTRACT, contract

DENSE = 1 << 22  # entries of an array that a stored matrix may become

Labels = tuple[Any, ...]


class Stored(NamedTuple):
    """A matrix with ``values[e]`` at ``rows[e], columns[e]``, each place once."""

    values: Expr
    rows: np.ndarray
    columns: np.ndarray
    shape: tuple[int, int]

    @property
    def keys(self) -> np.ndarray:
        """The places in the flat array."""
        return self.rows * self.shape[1] + self.columns

    @property
    def T(self) -> "Stored":
        return Stored(self.values, self.columns, self.rows, self.shape[::-1])

    def dense(self) -> Expr:
        """The array."""
        if prod(self.shape) > DENSE:
            raise InputError(f"a sparse matrix of shape {self.shape} would become dense: multiply it by vectors first")
        return reshape(scatter_add(self.values, self.keys, prod(self.shape)), self.shape)


def variable(g: Graph, name: str, dtype: str, matrix: Any) -> Stored:
    """The entries of a csr matrix, as a variable of their own."""
    places = matrix.tocoo()
    rows, columns = places.row.astype(np.int64), places.col.astype(np.int64)
    return Stored(g.variable(name, (len(rows),), dtype), rows, columns, matrix.shape)


def array(x: Any) -> Expr:
    """The array of a stored matrix; others are arrays."""
    return x.dense() if isinstance(x, Stored) else x


def entries(x: Any) -> Expr:
    """The values that are stored of a matrix; others are whole."""
    return x.values if isinstance(x, Stored) else x


def applied(g: Graph, op: Op, operands: Sequence[Any], params: tuple) -> Any:
    """An op on expressions and stored matrices."""
    made = None
    if any(isinstance(x, Stored) for x in operands):
        if op is CONTRACT:
            made = _product(g, [(x, tuple(ls)) for x, ls in zip(operands, params[0], strict=True)], *params[1:])
        elif _keeps_zeros(op, operands, params):
            first = next(x for x in operands if isinstance(x, Stored))
            made = first._replace(values=_plain(g, op, [entries(x) for x in operands], params))
    if made is not None:
        return made
    return _plain(g, op, [array(x) for x in operands], params)


def _plain(g: Graph, op: Op, operands: Sequence[Expr], params: tuple) -> Expr:
    return Expr(g, g.append(op, tuple([x.node for x in operands]), params))


def _keeps_zeros(op: Op, operands: Sequence[Any], params: tuple) -> bool:
    """The op is 0 where all stored operands are, which are so at the same places."""
    matrices = [x for x in operands if isinstance(x, Stored)]
    if any(not np.array_equal(x.keys, matrices[0].keys) for x in matrices):
        return False
    if op is ADD:
        return len(matrices) == len(operands)
    if not op.elementwise or params or len(operands) > 1:
        return False
    with np.errstate(all="ignore"):
        return bool(np.array_equal(op.meaning()(np.zeros(1)), [0]))


# --- labelled products ---------------------------------------------------------------------------------------------


def _product(g: Graph, factors: list[tuple[Any, Labels]], out: Labels, free: Any) -> Any:
    """A contraction: one stored matrix after the other is summed over; None where both axes of one stay."""
    if any(len({*ls}) < len(ls) for _, ls in factors):
        return None
    while any(isinstance(x, Stored) for x, _ in factors):
        factors, count = _merged(factors), len(factors)
        if len(factors) == count:
            step = next((s for k in range(count) if (s := _summed(factors, k, out)) is not None), None)
            if step is None:
                return _stays(factors, out)
            factors = step
    return contract(factors, out, dict(free))


def _merged(factors: list[tuple[Any, Labels]]) -> list[tuple[Any, Labels]]:
    """Two stored matrices with the same labels as one, at the places that both have."""
    seen: dict[frozenset, int] = {}
    for k, (x, ls) in enumerate(factors):
        if not isinstance(x, Stored):
            continue
        j = seen.setdefault(frozenset(ls), k)
        if j != k:
            first, labels = factors[j]
            second = x if ls == labels else x.T
            _, a, b = np.intersect1d(first.keys, second.keys, assume_unique=True, return_indices=True)
            both = Stored(take(first.values, a) * take(second.values, b), first.rows[a], first.columns[a], first.shape)
            return [f for m, f in enumerate(factors) if m not in (j, k)] + [(both, labels)]
    return factors


def _summed(factors: list[tuple[Any, Labels]], k: int, out: Labels) -> list[tuple[Any, Labels]] | None:
    """The factors with the stored matrix k and the arrays that meet it summed over a label that nothing else reads."""
    matrix, labels = factors[k]
    if not isinstance(matrix, Stored):
        return None
    held = {*out}.union(*(ls for m, (x, ls) in enumerate(factors) if m != k and isinstance(x, Stored)))
    kept = [i for i in labels if i in held]
    if len(kept) == 2:
        return None
    if not kept and any(labels[0] in ls for m, (_, ls) in enumerate(factors) if m != k):
        kept = [labels[0]]  # what has the first label alone is multiplied after the sum
    gone = [i for i in labels if i not in kept]
    meeting = [m for m, (_, ls) in enumerate(factors) if m != k and any(i in ls for i in gone)]
    own = object()
    parts = [(matrix.values, (own,)), *(_gathered(*factors[m], matrix, labels, own) for m in meeting)]
    rest = tuple(dict.fromkeys(i for _, ls in parts for i in ls if i is not own))
    if not kept:
        made = (contract(parts, rest), rest)
    else:
        at = matrix.rows if kept[0] == labels[0] else matrix.columns
        size = matrix.shape[labels.index(kept[0])]
        made = (scatter_add(contract(parts, (own, *rest)), at, size), (kept[0], *rest))
    return [f for m, f in enumerate(factors) if m != k and m not in meeting] + [made]


def _gathered(x: Expr, labels: Labels, matrix: Stored, names: Labels, own: Any) -> tuple[Expr, Labels]:
    """An array read at the places of a matrix with the given labels: along one axis, instead of those."""
    places = dict(zip(names, (matrix.rows, matrix.columns), strict=True))
    read = [i for i in labels if i in places]
    rest = tuple([i for i in labels if i not in places])
    if not read:
        return x, labels
    turned = permute_dims(x, [labels.index(i) for i in (*read, *rest)]) if labels != (*read, *rest) else x
    return gather(turned, tuple([places[i] for i in read])), (own, *rest)


def _stays(factors: list[tuple[Any, Labels]], out: Labels) -> Stored | None:
    """The product where one matrix is stored and others are read at its places: stored too; None for others."""
    (matrix, labels), *more = [f for f in factors if isinstance(f[0], Stored)]
    others = [f for f in factors if f[0] is not matrix]
    if more or sorted(out) != sorted(labels) or not all({*ls} <= {*labels} for _, ls in others):
        return None
    own = object()
    parts = [(matrix.values, (own,)), *(_gathered(x, ls, matrix, labels, own) for x, ls in others)]
    made = matrix._replace(values=contract(parts, (own,)))
    return made if out == labels else made.T
