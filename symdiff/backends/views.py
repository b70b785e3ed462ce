"""Strided views of the interpreter's buffer: what transposes, slices and broadcasts become without an
instruction."""

from collections.abc import Sequence
from typing import Any, NamedTuple

Strides = tuple[int, ...]
Shape = tuple[int, ...]


class View(NamedTuple):
    """Entries of a variable: where they start, and how far the next one along each axis is."""

    variable: int
    offset: int
    shape: Shape
    strides: Strides

    def broadcast(self, shape: Shape) -> Strides:
        """Strides that read the view as an array of a larger shape."""
        lead = len(shape) - len(self.shape)
        return (0,) * lead + tuple(
            s if n == m else 0 for n, m, s in zip(self.shape, shape[lead:], self.strides, strict=True)
        )

    def is_contiguous(self) -> bool:
        return all(
            n == 1 or s == t for n, s, t in zip(self.shape, self.strides, contiguous(self.shape), strict=True)
        )


class Unfit(Exception):
    """An instruction that has more axes than the interpreter's loops."""


def contiguous(shape: Shape) -> Strides:
    strides, step = [], 1
    for n in reversed(shape):
        strides.append(step)
        step *= n
    return tuple(reversed(strides))


def joined(x: View, labels: Sequence) -> tuple[View, dict[Any, int]]:
    """The view with {label: stride}; a label that repeats walks along the diagonal."""
    at: dict[Any, int] = {}
    for i, s in zip(labels, x.strides, strict=True):
        at[i] = at.get(i, 0) + s
    return x, at


def merged(dims: Sequence[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Axes (size, strides...) without those of size 1, neighbours joined where every operand walks through
    both alike."""
    result: list[tuple[int, ...]] = []
    for dim in dims:
        n = dim[0]
        if n == 1:
            continue
        if result and all(s == t * n for s, t in zip(result[-1][1:], dim[1:], strict=True)):
            result[-1] = (result[-1][0] * n, *dim[1:])
        else:
            result.append(dim)
    return result or [(1, *(0 for _ in dims[0][1:]))] if dims else [(1, 0, 0, 0, 0)]
