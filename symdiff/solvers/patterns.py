"""Which entries of a Jacobian can be nonzero, found from the graph alone.

A forward sweep of patterns: of each node a sparse boolean matrix, its entries by those of the variables. A term of
dy/dx (op.py) says by its labels which entries of y read which of x; ops that move entries say where from; any other op
is taken to mix all axes but those that it keeps apart.
"""

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy.sparse import coo_array, csr_array, eye_array, kron, vstack

from ..expr import Expr
from ..facets import carried_axis, rows_aligned
from ..graph import CONSTANT, Graph
from ..op import Linear, Results, Term, is_float
from ..ops.control import each_op
from ..ops.linear_maps import MATRICES
from ..ops.piecewise import where_op
from ..program import evaluate
from ..sweeps import operands_of, slice_between, terms_of
from .instances import count, integers
from .moves import moves

Labels = tuple[Any, ...]


def pattern_of(ys: Sequence[Expr], wrt: Sequence[Expr], values: Mapping[Expr, Any]) -> csr_array:
    """The pattern of the Jacobian of expressions whose sizes are integers; `values` those of positions."""
    found = _Patterns(ys, wrt, values).patterns
    return csr_array(vstack(found)) if len(found) > 1 else found[0]


class _Patterns:
    """The patterns of nodes, operands before consumers."""

    def __init__(self, ys: Sequence[Expr], wrt: Sequence[Expr], values: Mapping[Expr, Any]):
        self.g, self.values = ys[0].graph, values
        counts = [count(x.shape) for x in wrt]
        self.columns, start = sum(counts), 0
        self.table: dict[int, csr_array] = {}
        for x, width in zip(wrt, counts, strict=True):
            own = eye_array(width, self.columns, k=start, dtype=bool, format="csr")
            self.table[x.node] = csr_array(own)
            start += width
        g = self.g
        for n in slice_between(g, [y.node for y in ys], [x.node for x in wrt]):
            if n not in self.table and type(g._shape[n]) is not Results and is_float(g._dtype[n]):
                self.table[n] = self._of(n)
        empty = [csr_array((count(y.shape), self.columns), dtype=bool) for y in ys]
        self.patterns = [self.table.get(y.node, none) for y, none in zip(ys, empty, strict=True)]

    def _of(self, n: int) -> csr_array:
        g = self.g
        terms: Sequence[Term]
        total = csr_array((count(g._shape[n]), self.columns), dtype=bool)
        for k, i in enumerate(operands_of(g, n)):
            pattern = self.table.get(i)
            if pattern is None or not pattern.nnz:
                continue
            rule = None if g._op[n] is each_op else terms_of(g, n, k)
            if isinstance(rule, list):
                chosen = choice(g, n, k)
                terms = rule if chosen is None else [t._replace(factors=[(chosen, t.y)]) for t in rule]
            elif rule is None and g._op[n] is not each_op:
                continue
            else:
                moved = self._moved(n, k, pattern) if isinstance(rule, Linear) else None
                total = total if moved is None else total + moved
                terms = [self._mixing(n, k, i)] if moved is None else []
            for term in terms:
                total = total + self._by_labels(term, g._shape[n], g._shape[i], pattern)
        return csr_array(total)

    def _by_labels(self, term: Term, y: tuple, x: tuple, pattern: csr_array) -> csr_array:
        """The entries of y that read entries of x: those with the same value of each label that both have."""
        if any(self._is_zero(e) for e, _ in term.factors):
            return csr_array((count(y), self.columns), dtype=bool)
        sizes = dict(zip((*term.y, *term.x), (*y, *x), strict=True))
        own, others = tuple(dict.fromkeys(term.y)), [i for i in dict.fromkeys(term.x) if i not in term.y]
        if list(term.x) == list(term.y) == list(own) and not any(self._is_array(e) for e, _ in term.factors):
            return pattern
        whole = [i for i in others if not any(i in ls for e, ls in term.factors if self._is_array(e))]
        read = self._united(pattern, term.x, [sizes[i] for i in term.x], whole)  # sums take all of such an axis
        left = tuple([i for i in dict.fromkeys(term.x) if i not in whole])
        domain = (*own, *[i for i in left if i not in own])
        rows, columns = _at(term.y, domain, sizes), _at(left, domain, sizes)
        kept = self._kept(term, domain, sizes)
        rows, columns = np.broadcast_to(rows, kept.shape)[kept], np.broadcast_to(columns, kept.shape)[kept]
        if len(own) == len(term.y) and len(domain) == len(own) and kept.all():
            return csr_array(read[columns])
        reads = coo_array((np.ones(rows.size, bool), (rows, columns)), shape=(count(y), read.shape[0]))
        return csr_array(csr_array(reads) @ read)

    def _united(
        self, pattern: csr_array, labels: Sequence[Any], sizes_of: Sequence[int], whole: Sequence[Any]
    ) -> csr_array:
        """The pattern of an operand at its distinct labels without those in `whole`, along which rows are united."""
        own = tuple(dict.fromkeys(labels))
        sizes = dict(zip(labels, sizes_of, strict=True))
        left = [i for i in own if i not in whole]
        if len(own) == len(labels) and not whole:
            return pattern
        source = _at(labels, own, sizes).ravel()
        target = np.broadcast_to(_at(left, own, sizes), [sizes[i] for i in own]).ravel()
        shape = (count(tuple([sizes[i] for i in left])), pattern.shape[0])
        unite = coo_array((np.ones(source.size, bool), (target, source)), shape=shape)
        return csr_array(csr_array(unite) @ pattern)

    def _kept(self, term: Term, domain: Labels, sizes: Mapping[Any, int]) -> np.ndarray:
        """Where no constant array among the factors is 0."""
        kept = np.ones([sizes[i] for i in domain], bool)
        for e, labels in term.factors:
            if self._is_array(e):
                array = self.g._params[e.node][1].value != 0
                inner = [k for k, i in enumerate(labels) if i not in domain]
                outer = [i for i in labels if i in domain]
                array = array.any(axis=tuple(inner)) if inner else array
                number = {i: k for k, i in enumerate(domain)}
                order = sorted(dict.fromkeys(outer), key=number.__getitem__)
                array = np.einsum(array.astype(np.int8), [number[i] for i in outer], [number[i] for i in order]) > 0
                kept &= array.reshape([sizes[i] if i in outer else 1 for i in domain])
        return kept

    def _is_array(self, e: Expr) -> bool:
        return e.op is CONSTANT and e.shape != ()

    def _is_zero(self, e: Expr) -> bool:
        return e.op is CONSTANT and not e.shape and self.g._params[e.node][1] == 0

    def _moved(self, n: int, k: int, pattern: csr_array) -> csr_array | None:
        """The pattern of a node that moves entries; None for one that does not."""
        g, op, params = self.g, self.g._op[n], self.g._params[n]
        operands = g._inputs[n]
        index = None
        if op.moves and op.arity == 2:
            index = self._positions(operands[1])
            if index is None:
                return None
        shapes: list[Any] = [g._shape[i] for i in operands]
        if op.name in MATRICES:
            return self._by_matrix(op.name, integers(g._shape[operands[0]]), pattern)
        move = moves(op, params, shapes, g._shape[n], k, index)  # type: ignore[arg-type]
        if move is None:
            return None
        if move.source is not None:
            return csr_array(pattern[move.source.ravel()])
        target = move.target.ravel()  # type: ignore[union-attr]
        kept = np.flatnonzero(target >= 0)
        shape = (count(g._shape[n]), pattern.shape[0])
        put = coo_array((np.ones(kept.size, bool), (target[kept], kept)), shape=shape)
        return csr_array(csr_array(put) @ pattern)

    def _by_matrix(self, name: str, shape: tuple[int, ...], pattern: csr_array) -> csr_array:
        """A sparse matrix times each of a stack of vectors."""
        reads = csr_array(MATRICES[name]).astype(bool)
        stack = eye_array(count(shape[:-1]), dtype=bool, format="csr")
        return csr_array(csr_array(kron(stack, reads)) @ pattern)

    def _positions(self, n: int) -> Any:
        """The value of a node of positions; None where it depends on what is not known."""
        inside = {i for i in self.g.ancestors([n]) if self.g._op[i].name == "variable"}
        given = {x: v for x, v in self.values.items() if x.node in inside}
        if len(given) < len(inside):
            warnings.warn(
                f"sparsity: the positions in node {n} are not known without values: their axis is taken as dense",
                stacklevel=6,
            )
            return None
        return np.asarray(evaluate(Expr(self.g, n), given))

    def _mixing(self, n: int, k: int, i: int) -> Term:
        """The term of an op that reads all entries of an operand along the axes that it does not keep apart."""
        g, op, params = self.g, self.g._op[n], self.g._params[n]
        x, y = g._shape[i], g._shape[n]
        out: list[Any] = [("y", j) for j in range(len(y))]
        read: list[Any] = [("x", j) for j in range(len(x))]
        factors: list[Any] = []
        if op.running or (op.moves and op.rows is rows_aligned):
            axis, off = params[0] % len(y), len(y) - len(x)
            read = [out[j + off] if j + off != axis else read[j] for j in range(len(x))]
            if op.running:
                factors = [(Expr(g, 0).lift(np.tri(y[axis], x[axis - off])), (out[axis], read[axis - off]))]
        elif op.name in ("take", "scatter_add"):
            axis, wide = params[0], len(y) - len(x) + 1
            if op.name == "take":
                read = [*out[:axis], read[axis], *out[axis + wide :]]
            else:
                read = [*out[:axis], *read[axis : len(x) - (len(y) - axis - 1)], *out[axis + 1 :]]
        else:
            shapes = tuple([g._shape[j] for j in operands_of(g, n)])
            kept = [carried_axis(op, params, shapes, k, j) for j in range(len(x))]
            read = [read[j] if r is None else out[r] for j, r in enumerate(kept)]
        return Term(1, factors, tuple(out), tuple(read))


def choice(g: Graph, n: int, k: int) -> Expr | None:
    """Where a choice by constants takes its operand k: an array of ones and zeros; None for other nodes."""
    if g._op[n] is not where_op or k == 0 or g._op[g._inputs[n][0]] is not CONSTANT:
        return None
    kind, value = g._params[g._inputs[n][0]]
    taken = np.broadcast_to(value.value if kind == "array" else value, g._shape[n]) != (k == 2)  # type: ignore[arg-type]
    return g.constant(taken.astype(float))


def _at(labels: Sequence[Any], domain: Sequence[Any], sizes: Mapping[Any, int]) -> np.ndarray:
    """The flat positions, in an array at labels, over a domain of labels."""
    flat = np.zeros([1] * len(domain), np.int64)
    for i in labels:
        flat = flat * sizes[i] + np.arange(sizes[i]).reshape([-1 if j == i else 1 for j in domain])
    return flat
