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

    def put(self, data: np.ndarray, value: np.ndarray, first: bool) -> None:
        """Add the term's values to the data; where it is the first at its places, write them."""
        if value.ndim or self.groups is not None:
            value = np.broadcast_to(value, self.domain).reshape(-1)
            value = value if self.chosen is None else value[self.chosen]
            if self.groups is not None:
                value = np.bincount(self.groups, weights=value, minlength=self.width)
        if first:
            data[self.at] = value
        else:
            data[self.at] += value


class Distinct:
    """One array object for each content."""

    def __init__(self) -> None:
        self._found: dict[Any, list[np.ndarray]] = {}
        self._seen: dict[int, np.ndarray] = {}  # by identity, of the arrays that are kept alive
        self._alive: list[np.ndarray] = []

    def one(self, a: np.ndarray) -> np.ndarray:
        """The array with the same entries that came first."""
        known = self._seen.get(id(a))
        if known is not None:
            return known
        key = (a.shape, int(a.sum()), int(a.flat[0]), int(a.flat[a.size // 3])) if a.size else a.shape
        alike = self._found.setdefault(key, [])
        known = next((b for b in alike if np.array_equal(a, b)), None)
        if known is None:
            alike.append(a)
            known = a
        self._seen[id(a)] = known
        self._alive.append(a)
        return known


class Filling:
    """The pattern of a matrix, and what puts values into its data."""

    def __init__(
        self, shape: tuple[int, int], places: Sequence[tuple[np.ndarray, np.ndarray]], symmetric: bool,
        known: csr_array | None = None,
    ):  # fmt: skip
        """`places`: for each term the rows and columns over its domain. Of a symmetric matrix only the lower part is
        filled; the upper is its copy."""
        rows, columns = shape
        self.shape, same = shape, Distinct()
        domains, chosen, keys = [], [], []
        for r, c in places:
            lower = np.asarray(r >= c) if symmetric else np.ones(1, bool)
            key = (r * max(columns, 1) + c).reshape(-1)
            domains.append(np.broadcast_shapes(r.shape, c.shape))
            chosen.append(None if lower.all() else np.flatnonzero(lower))
            keys.append(same.one(key if chosen[-1] is None else key[chosen[-1]]))
        each = {id(k): k for k in keys}
        unique, found = _unique(np.concatenate(list(each.values())) if each else np.zeros(0, np.int64), shape)
        mirrored: Any = None
        if symmetric:
            unique, move, mirrored = _with_mirror(unique, rows)
            found = move[found]
        if known is not None:
            unique, move = _within(known, unique, shape)
            found = move[found]
            mirrored = None if mirrored is None else (move[mirrored[0]], move[mirrored[1]])
        r, c = np.divmod(unique, max(columns, 1))
        self.indices = c.astype(np.int32 if max(shape) < 2**31 and unique.size < 2**31 else np.int64)
        self.indptr = np.searchsorted(r, np.arange(rows + 1)).astype(self.indices.dtype)
        self.mirrored = None if mirrored is None or not mirrored[0].size else tuple(map(_progression, mirrored))
        stops = np.cumsum([0, *(k.size for k in each.values())])
        at = {k: _groups(found[a:b]) for k, a, b in zip(each, stops, stops[1:], strict=False)}
        self.slots = [Slot(d, pick, *at[id(k)]) for d, pick, k in zip(domains, chosen, keys, strict=True)]

    @property
    def count(self) -> int:
        """How many entries are stored."""
        return self.indices.size

    def first_at(self, slots: Sequence[int], before: Sequence[int]) -> tuple[list[bool], bool]:
        """(for each of the terms whether none before it has a place of its, whether such terms have all places)."""
        taken, first = np.zeros(self.count, bool), []
        for k in before:
            taken[self.slots[k].at] = True
        for k in slots:
            first.append(not taken[self.slots[k].at].any())
            taken[self.slots[k].at] = True
        upper = 0 if self.mirrored is None else np.count_nonzero(~taken)
        wide = sum(self.slots[k].width for k, alone in zip(slots, first, strict=True) if alone)
        return first, wide + upper == self.count

    def fill(
        self, data: np.ndarray, values: Sequence[Any], slots: Sequence[int], first: Sequence[bool] | None = None
    ) -> None:
        """Add the values of some terms."""
        for k, at in enumerate(slots):
            if self.slots[at].width:
                self.slots[at].put(data, np.asarray(values[k]), first is not None and first[k])

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


def _unique(keys: np.ndarray, shape: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """(sorted keys, the place of each key among them); by scipy's sort, which counts."""
    r, c = np.divmod(keys, max(shape[1], 1))
    found = csr_array((np.ones(keys.size, np.int8), (r, c)), shape=shape)
    found.sum_duplicates()
    unique = np.repeat(np.arange(shape[0]), np.diff(found.indptr)) * max(shape[1], 1) + found.indices
    return unique, np.searchsorted(unique, keys)


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


def _groups(places: np.ndarray) -> tuple[np.ndarray | None, Any, int]:
    """(groups, at, width) of a `Slot`."""
    if places.size < 2 or np.all(places[1:] > places[:-1]):
        return None, _progression(places), places.size
    unique, groups = np.unique(places, return_inverse=True)
    if unique.size < places.size:
        return groups, _progression(unique), unique.size
    return None, places, places.size


def _with_mirror(lower: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray, tuple[np.ndarray, np.ndarray]]:
    """(sorted keys of a lower part and its mirror, the places of the lower ones, (places of the upper, of what they
    mirror)); by scipy's sort, which counts."""
    r, c = np.divmod(lower, max(size, 1))
    off = np.flatnonzero(r != c)
    rows, columns = np.concatenate([r, c[off]]), np.concatenate([c, r[off]])
    both = csr_array((np.arange(1, rows.size + 1), (rows, columns)), shape=(size, size))
    both.sort_indices()
    places = np.empty(rows.size, np.int64)
    places[both.data - 1] = np.arange(rows.size)
    keys = np.repeat(np.arange(size), np.diff(both.indptr)) * max(size, 1) + both.indices
    return keys, places[: lower.size], (places[lower.size :], places[off])
