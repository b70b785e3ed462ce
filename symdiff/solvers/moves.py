"""Where entries come from and go to: the linear ops that move entries, as arrays of positions."""

from collections.abc import Sequence
from math import prod
from typing import Any, NamedTuple

import numpy as np

from ..graph import Graph
from ..op import Linear, Op
from ..program import evaluate

Shape = tuple[int, ...]


class Move(NamedTuple):
    """An op that moves the entries of an operand.

    source  for each entry of the result the entry of the operand that it is, -1 for none; or None
    target  for each entry of the operand the entry of the result to which it is added, -1 for none; or None
    """

    source: np.ndarray | None
    target: np.ndarray | None


def moves(op: Op, params: tuple, shapes: Sequence[Shape], result: Shape, k: int, index: Any = None) -> Move | None:
    """How the entries of operand k move; None for ops that compute. `index`: the positions, where they are operands."""
    if op.moves == "reads":
        operands = [_entries(shapes[0]), *([] if index is None else [index])]
        return Move(np.asarray(op.meaning()(*operands, *params)).reshape(result), None)
    if op.moves == "adds":
        return Move(None, _read_back(op, params, shapes, _entries(result), index))
    if op.moves == "places":
        arrays = [np.zeros(s, np.int64) for s in shapes]
        arrays[k] = _entries(shapes[k]) + 1
        source = (op.meaning()(*arrays, *params) - 1).ravel()
        target = np.full(_count(shapes[k]), -1)
        found = np.flatnonzero(source >= 0)
        target[source[found]] = found
        return Move(None, target.reshape(shapes[k]))
    return None


def _read_back(op: Op, params: tuple, shapes: Sequence[Shape], entries: np.ndarray, index: Any) -> np.ndarray:
    """What the transpose of an op reads of the entries of its result."""
    g, rule = Graph(), op.derivative
    assert isinstance(rule, Linear)
    xs = [g.variable("x", shapes[0]), *([] if index is None else [g.constant(np.asarray(index))])]
    return np.asarray(evaluate(rule.transpose(0, g.constant(entries), xs, params, 0), {})).reshape(shapes[0])


def _entries(shape: Shape) -> np.ndarray:
    return np.arange(_count(shape)).reshape(shape)


def _count(shape: Shape) -> int:
    return prod(shape)
