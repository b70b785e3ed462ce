"""Ops and operands of a graph as typed arrays: what is done to hundreds of thousands of nodes at once reads these.

They mirror the graph's own columns, are made when first asked for, and follow as the graph grows.
"""

from collections.abc import Container, Iterable, Sequence
from itertools import chain
from typing import Any

import numpy as np

from .kernels import Bytes, Ints, Longs, kernel
from .op import Op


class Columns:
    """The first `len` nodes of a graph.

    records  ops, in the order in which they were met
    ops      int32  per node: the place of its op in `records`
    starts   int64  per node: where its operands begin in `operands`; one more than there are nodes
    operands int32
    """

    def __init__(self, op: Sequence[Op], inputs: Sequence[tuple[int, ...]]):
        self._op, self._inputs = op, inputs
        self._places = _Places()
        self._ops, self._starts, self._operands = np.empty(0, np.int32), np.zeros(1, np.int64), np.empty(0, np.int32)
        self._length = 0

    def __len__(self) -> int:
        return self._length

    @property
    def records(self) -> list[Op]:
        return list(self._places)

    @property
    def ops(self) -> np.ndarray:
        return self._ops[: self._length]

    @property
    def starts(self) -> np.ndarray:
        return self._starts[: self._length + 1]

    @property
    def operands(self) -> np.ndarray:
        return self._operands[: self._starts[self._length]]

    def extend(self) -> None:
        """Follow the graph."""
        first, last = self._length, len(self._op)
        ops, inputs = (self._op[first:last], self._inputs[first:last]) if first else (self._op, self._inputs)
        places = np.fromiter(map(self._places.__getitem__, ops), np.int32, last - first)
        counts = np.fromiter(map(len, inputs), np.int64, last - first)
        ends = self._starts[first] + counts.cumsum()
        edges = int(ends[-1]) if last > first else int(self._starts[first])
        self._ops = _written(self._ops, first, last, places)
        operands = np.fromiter(chain.from_iterable(inputs), np.int32, edges - int(self._starts[first]))
        self._operands = _written(self._operands, int(self._starts[first]), edges, operands)
        self._starts = _written(self._starts, first + 1, last + 1, ends)
        self._length = last

    def truncate(self, length: int) -> None:
        """Forget the nodes from `length` on."""
        self._length = min(self._length, length)

    def of_ops(self, value: Any) -> np.ndarray:
        """int32: ``value(op)`` of each op in `records`."""
        return np.fromiter(map(value, self._places), np.int32, len(self._places))

    def slice(self, given: Iterable[int], outputs: Sequence[int]) -> np.ndarray:
        """What outputs depend on down to what is given, which is left out, in creation order."""
        top = max(outputs) + 1
        seen = np.zeros(top, np.uint8)
        seen[np.array(outputs)] = WANTED
        seen[np.array([n for n in given if n < top], np.int64)] = GIVEN
        _mark(top, self._starts, self._operands, seen)
        return np.flatnonzero(seen == WANTED)

    def of_op(self, op: Op, count: int) -> np.ndarray:
        """The last nodes of an op, so many."""
        return np.flatnonzero(self.ops == self._places.get(op, -1))[-count:]

    def with_operand(self, nodes: np.ndarray, ops: Container[Op | None]) -> np.ndarray:
        """Those of the nodes of which an operand is of these ops."""
        found = np.empty(nodes.size, np.int64)
        is_one = self.of_ops(ops.__contains__)
        return found[: _find(nodes.size, nodes, self._starts, self._operands, self._ops, is_one, found)]

    def operands_of(self, nodes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(where the operands of each node begin, the operands of all): of a slice, as `starts` and `operands` are
        of the graph."""
        starts = np.zeros(nodes.size + 1, np.int64)
        (self._starts[nodes + 1] - self._starts[nodes]).cumsum(out=starts[1:])
        operands = np.empty(starts[-1], np.int32)
        _gather(nodes.size, nodes, self._starts, self._operands, operands)
        return starts, operands


class _Places(dict[Op, int]):
    """The place of each op, in the order in which they are asked for."""

    def __missing__(self, op: Op) -> int:
        self[op] = len(self)
        return self[op]


def _written(column: np.ndarray, start: int, stop: int, entries: np.ndarray) -> np.ndarray:
    """The column with entries from `start` to `stop`; a longer one where they do not fit."""
    if stop > column.size:
        column = np.concatenate([column[:start], np.empty(max(stop, 2 * column.size) - start, column.dtype)])
    column[start:stop] = entries
    return column


def numbered(column: Sequence[Any]) -> tuple[list[Any], np.ndarray]:
    """(the distinct objects of a column in the order in which they are met, int32: the place of each entry's)"""
    first, places = numbered_integers(np.fromiter(map(id, column), np.int64, len(column)))
    return [column[k] for k in first.tolist()], places


def numbered_integers(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(where each distinct value is met first, int32: the place among these of each value), in the order met."""
    values = np.ascontiguousarray(values, np.int64)
    bits = max(2 * values.size, 2).bit_length()
    first, places = np.empty(values.size, np.int64), np.empty(values.size, np.int32)
    count = _number(values.size, values, bits, np.full(1 << bits, -1, np.int32), first, places)
    return first[:count], places


@kernel()
def _number(n: int, values: Longs, bits: int, table: Ints, first: Longs, places: Ints) -> int:
    """Places by a table of 2**bits entries, half of them free, where a value stands behind those of its hash."""
    count, mask = 0, (1 << bits) - 1
    for i in range(n):
        x = values[i]
        h = ((x ^ (x >> 15)) * MIX & LOW) >> 9 & mask
        while table[h] >= 0 and values[first[table[h]]] != x:
            h = (h + 1) & mask
        if table[h] < 0:
            table[h] = count
            first[count] = i
            count += 1
        places[i] = table[h]
    return count


MIX, LOW = 0x9E3779B1, 2**62 - 1  # the golden ratio, as Knuth multiplies by it; the product is kept positive

WANTED, GIVEN = 1, 2


@kernel()
def _mark(top: int, starts: Longs, operands: Ints, seen: Bytes) -> int:
    """What is wanted for what is wanted is wanted, unless it is given."""
    n = top - 1
    while n >= 0:
        if seen[n] == WANTED:
            for j in range(starts[n], starts[n + 1]):
                if seen[operands[j]] == 0:
                    seen[operands[j]] = WANTED
        n -= 1
    return 0


@kernel()
def _gather(count: int, nodes: Longs, starts: Longs, operands: Ints, gathered: Ints) -> int:
    """The operands of each node, one after the other."""
    m = 0
    for k in range(count):
        for j in range(starts[nodes[k]], starts[nodes[k] + 1]):
            gathered[m] = operands[j]
            m += 1
    return m


@kernel()
def _find(count: int, nodes: Longs, starts: Longs, operands: Ints, ops: Ints, is_one: Ints, found: Longs) -> int:
    """The nodes of which an operand's op is one of those wanted; returns how many."""
    m = 0
    for k in range(count):
        for j in range(starts[nodes[k]], starts[nodes[k] + 1]):
            if is_one[ops[operands[j]]] != 0:
                found[m] = nodes[k]
                m += 1
                break
    return m
