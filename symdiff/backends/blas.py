"""Products of matrices that BLAS does faster in another way than one call: the source calls them by name."""

import numpy as np


def rowdots(block: np.ndarray, vector: np.ndarray, out: np.ndarray) -> None:
    """``out = block @ vector`` for rows that come from memory.

    BLAS's product reads several rows at a time: from memory that is half as fast as one row after the other.
    """
    (np.vecdot if block.flags.c_contiguous else np.matmul)(block, vector, out=out)


def gram(x: np.ndarray, c: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """``x' diag(c) x``; weights of one sign are split in two, and BLAS computes one half of the result."""
    for sign in (1, -1):
        if (sign * c >= 0).all():
            part = x * np.sqrt(sign * c)[:, None]
            half = np.matmul(part.T, part, out=out)
            return half if sign > 0 else np.negative(half, out=half)
    return np.matmul(x.T, x * c[:, None], out=out)
