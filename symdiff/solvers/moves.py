"""Where entries come from and go to: the linear ops that move entries, as arrays of positions."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from ..op import Op
from ..ops.layout import numpy_index

Shape = tuple[int, ...]


class Move(NamedTuple):
    """An op that moves the entries of an operand.

    source  for each entry of the result the entry of the operand that it is, -1 for none; or None
    target  for each entry of the operand the entry of the result to which it is added, -1 for none; or None
    """

    source: np.ndarray | None
    target: np.ndarray | None


READS = ("reshape", "getitem", "take", "take_along_axis", "astype")  # each entry of the result is one of the operand's
WRITES = ("concat", "tril", "triu")  # each entry of the operand goes to at most one place
ADDS = {"scatter_add": "take", "scatter_add_along_axis": "take_along_axis"}  # several may go to one: transposes


def moves(op: Op, params: tuple, shapes: Sequence[Shape], result: Shape, k: int, index: Any = None) -> Move | None:
    """How the entries of operand k move; None for ops that compute. `index`: the positions, where they are operands."""
    name = op.name
    if name in ADDS:
        entries = np.arange(_count(result)).reshape(result)
        if name == "scatter_add":
            return Move(None, np.take(entries, index, axis=params[0]).reshape(shapes[0]))
        whole = np.broadcast_to(index, shapes[0])
        return Move(None, np.take_along_axis(entries, whole, axis=params[0]))
    if name == "place":
        return Move(None, _entries(result)[numpy_index(params[0])])
    if name in WRITES:
        arrays = [np.zeros(s, np.int64) for s in shapes]
        arrays[k] = _entries(shapes[k]) + 1
        source = (op.meaning()(*arrays, *params) - 1).ravel()
        target = np.full(_count(shapes[k]), -1)
        found = np.flatnonzero(source >= 0)
        target[source[found]] = found
        return Move(None, target.reshape(shapes[k]))
    if name not in READS:
        return None
    if name == "astype":
        return Move(_entries(result), None)
    operands = [_entries(shapes[0])] + ([index] if name.startswith("take") else [])
    return Move(np.asarray(op.meaning()(*operands, *params)).reshape(result), None)


def _entries(shape: Shape) -> np.ndarray:
    return np.arange(_count(shape)).reshape(shape)


def _count(shape: Shape) -> int:
    return int(np.prod(shape, dtype=np.int64))
