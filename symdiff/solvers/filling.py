"""From values of terms to the data of a csr matrix: positions found once, entries that meet added in place."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csr_array

from ..errors import InputError


class Slot(NamedTuple):
    """Where the values of one term go.

    chosen  which of its entries are taken; None: all
    groups  for each of these the number of its place among `at`; None: each has its own
    at      the places in the data: a slice where they are an arithmetic progression
    width   how many places
    """

    domain: tuple[int, ...]
    chosen: np.ndarray | None
    groups: np.ndarray | None
    at: Any
    width: int

    def add(self, data: np.ndarray, value: np.ndarray) -> None:
        """Add the term's values to the data."""
        if value.ndim or self.groups is not None:
            value = np.broadcast_to(value, self.domain).reshape(-1)
            value = value if self.chosen is None else value[self.chosen]
            if self.groups is not None:
                value = np.bincount(self.groups, weights=value, minlength=self.width)
        data[self.at] += value


class Filling:
    """The pattern of a matrix, and what puts values into its data."""

    def __init__(
        self, shape: tuple[int, int], keys: Sequence[np.ndarray], symmetric: bool, known: csr_array | None = None
    ):  # fmt: skip
        """`keys`: for each term ``row*columns + column`` over its domain. Of a symmetric matrix only the lower part is
        filled; the upper is its copy."""
        rows, columns = shape
        self.shape, chosen = shape, []
        flat = []
        for key in keys:
            key = key.reshape(-1)
            lower = key // columns >= key % columns if symmetric else np.ones(1, bool)
            chosen.append(None if lower.all() else np.flatnonzero(lower))
            flat.append(key if chosen[-1] is None else key[chosen[-1]])
        whole = np.concatenate(flat) if flat else np.zeros(0, np.int64)
        unique, places = _unique(whole)
        mirrored: Any = None
        if symmetric:
            r, c = np.divmod(unique, columns)
            off = np.flatnonzero(r != c)
            both = np.concatenate([unique, c[off] * columns + r[off]])
            unique, at = _unique(both)
            places, mirrored = at[: at.size - off.size][places], (at[at.size - off.size :], at[off])
        if known is not None:
            unique, move = _within(known, unique, shape)
            places = move[places]
            mirrored = None if mirrored is None else (move[mirrored[0]], move[mirrored[1]])
        r, c = np.divmod(unique, columns) if columns else (unique, unique)
        self.indices = c.astype(np.int32 if max(shape) < 2**31 and unique.size < 2**31 else np.int64)
        self.indptr = np.searchsorted(r, np.arange(rows + 1)).astype(self.indices.dtype)
        self.mirrored = None if mirrored is None or not mirrored[0].size else tuple(map(_progression, mirrored))
        stops = np.cumsum([0, *(k.size for k in flat)])
        self.slots = [
            _slot(key.shape, pick, places[a:b])
            for key, pick, a, b in zip(keys, chosen, stops, stops[1:], strict=False)
        ]

    @property
    def count(self) -> int:
        """How many entries are stored."""
        return self.indices.size

    def fill(self, data: np.ndarray, values: Sequence[Any], slots: Sequence[int]) -> None:
        """Add the values of some terms."""
        for value, k in zip(values, slots, strict=True):
            if self.slots[k].width:
                self.slots[k].add(data, np.asarray(value))

    def mirror(self, data: np.ndarray) -> None:
        """The upper part of a symmetric matrix: the lower."""
        if self.mirrored is not None:
            upper, lower = self.mirrored
            data[upper] = data[lower]

    def matrix(self, data: np.ndarray) -> csr_array:
        """The matrix with this data, which is not copied; its pattern is shared."""
        found = csr_array((data, self.indices, self.indptr), shape=self.shape, copy=False)
        found.has_canonical_format = True
        return found


def _unique(keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(sorted keys, the place of each key among them): runs that are sorted are merged in linear time."""
    order = np.argsort(keys, kind="stable")
    found = keys[order]
    new = np.ones(keys.size, bool)
    new[1:] = found[1:] != found[:-1]
    places = np.empty(keys.size, np.int64)
    places[order] = np.cumsum(new) - 1
    return found[new], places


def _within(known: csr_array, unique: np.ndarray, shape: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """(the keys of a pattern that is given, the place of each own key in it)."""
    if known.shape != shape:
        raise InputError(f"pattern: a matrix of shape {known.shape}, expected {shape}")
    given = known.sorted_indices().tocoo()
    keys = given.row.astype(np.int64) * shape[1] + given.col
    places = np.searchsorted(keys, unique)
    missing = (places >= keys.size) | (keys[np.minimum(places, max(keys.size - 1, 0))] != unique if keys.size else True)
    if np.any(missing):
        r, c = np.divmod(unique[np.flatnonzero(missing)[0]], shape[1])
        raise InputError(f"pattern: the entry ({r}, {c}) may be nonzero and is not in it")
    return keys, places


def _progression(places: np.ndarray) -> Any:
    """A slice where places are an arithmetic progression."""
    if places.size == 1:
        return slice(int(places[0]), int(places[0]) + 1)
    if places.size > 1:
        step = int(places[1] - places[0])
        if step > 0 and np.all(np.diff(places) == step):
            return slice(int(places[0]), int(places[-1]) + 1, step)
    return places


def _slot(domain: tuple[int, ...], chosen: np.ndarray | None, places: np.ndarray) -> Slot:
    unique, groups = np.unique(places, return_inverse=True)
    if unique.size < places.size:
        return Slot(domain, chosen, groups, _progression(unique), unique.size)
    return Slot(domain, chosen, None, _progression(places), places.size)
