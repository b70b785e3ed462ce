"""The one flat vector that solvers know, of several arrays: where each begins, and back."""

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np
from scipy.sparse import issparse

from ..errors import InputError


class Layout:
    """The flat vector of several arrays, one ravelled after the other."""

    def __init__(self, arrays: Sequence[Any], structure: Any = ()):
        self.structure = structure
        self.shapes = [np.shape(a) for a in arrays]
        stops = np.cumsum([prod(s) for s in self.shapes]).tolist()
        self.spans = list(zip([0, *stops], stops, strict=False))
        self.size = stops[-1]
        self._is_flat = self.shapes == [(self.size,)]
        self.dtype = np.result_type(*[np.asarray(a).dtype for a in arrays])

    def parts(self, flat: np.ndarray) -> list[np.ndarray]:
        """The arrays of a flat vector; of a matrix whose rows are such vectors, arrays with that leading
        axis."""
        if self._is_flat:
            return [flat]
        lead = flat.shape[:-1]
        return [flat[..., a:b].reshape(lead + s) for (a, b), s in zip(self.spans, self.shapes, strict=True)]

    def ravel(self, arrays: Sequence[Any], lead: tuple[int, ...] = ()) -> np.ndarray:
        """The flat vector of arrays; rows of them when the arrays have the leading axes `lead`."""
        if self._is_flat:
            return arrays[0]
        flat = [np.reshape(a, (*lead, prod(s))) for a, s in zip(arrays, self.shapes, strict=True)]
        return flat[0] if len(flat) == 1 else np.concatenate(flat, axis=-1)

    def takes(self, x: Any) -> bool:
        """It is a flat vector already."""
        return type(x) is np.ndarray and x.dtype is self.dtype and x.shape == (self.size,)

    def vector(self, x: Any, what: str) -> np.ndarray:
        """A flat vector from what a caller gives; InputError when it is none of this size."""
        if self.takes(x):
            return x
        v = numbers(x, what)
        if v.shape not in ((self.size,), (self.size, 1)):
            raise InputError(f"{what} has shape {v.shape}, expected ({self.size},)")
        return v.reshape(-1).astype(self.dtype, copy=False)


def numbers(x: Any, what: str) -> np.ndarray:
    """Real numbers from what a caller gives; InputError where it is none."""
    v = x.toarray() if issparse(x) else np.asarray(x)
    if v.dtype.kind not in "fiub":
        raise InputError(f"{what} has the type {v.dtype}: real numbers are needed")
    return v


def same_bits(first: Sequence[np.ndarray], second: Sequence[np.ndarray]) -> bool:
    """The arrays are the same to the last bit: 0.0 and -0.0 are two points, and nan is itself."""
    return all(np.array_equal(_bits(a), _bits(b)) for a, b in zip(first, second, strict=True))


def _bits(a: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(a).reshape(-1).view(f"u{a.itemsize}")
