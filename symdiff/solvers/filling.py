"""From values of terms to the data of a csr matrix: positions found once, entries that meet added in place."""

from collections.abc import Callable, Sequence
from math import prod
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csr_array

from ..errors import InputError
from ..kernels import Ints, Longs, kernel

MANY = 1 << 12  # places from which a program writes a term into them itself


class Lattice(NamedTuple):
    """Places ``start + strides @ index`` over a domain."""

    start: int
    strides: tuple[int, ...]
    domain: tuple[int, ...]


def reached(data: np.ndarray, at: Any) -> tuple[np.ndarray, Any]:
    """(array, index) for reading and writing the data at some places."""
    if not isinstance(at, Lattice):
        return data, at
    size = data.itemsize
    return np.ndarray(at.domain, data.dtype, data, at.start * size, tuple([s * size for s in at.strides])), ...


class Slot(NamedTuple):
    """Where the values of one term go.

    chosen  which of its entries are taken; None: all
    groups  for each of these the number of its place among `at`; None: each has its own
    at      the places in the data: a slice where they are an arithmetic progression, a lattice where they are so
            along each axis of the domain
    width   how many places
    """

    domain: tuple[int, ...]
    chosen: np.ndarray | None
    groups: np.ndarray | None
    at: Any
    width: int

    @property
    def is_even(self) -> bool:
        """All of its values have a place each, and those are many, in even steps."""
        whole = self.chosen is None and self.groups is None
        return whole and self.width >= MANY and isinstance(self.at, (slice, Lattice))

    def put(self, data: np.ndarray, value: np.ndarray, first: bool) -> None:
        """Add the term's values to the data; where it is the first at its places, write them."""
        if not isinstance(self.at, Lattice) and (value.ndim or self.groups is not None):
            value = (value if value.shape == self.domain else np.broadcast_to(value, self.domain)).reshape(-1)
            value = value if self.chosen is None else value[self.chosen]
            if self.groups is not None:
                value = np.bincount(self.groups, weights=value, minlength=self.width)
        array, at = reached(data, self.at)
        if first:
            array[at] = value
        else:
            array[at] += value


class Joined(NamedTuple):
    """From the values of all terms, in one array, to the whole data of a matrix.

    source  which value is taken
    place   where it is added; None: there is one for each place, in order
    """

    source: np.ndarray
    place: np.ndarray | None
    size: int

    def data(self, values: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
        """The data of the matrix, written into `out`, where that is given."""
        if self.place is None:
            return values.take(self.source, out=out)
        found = np.bincount(self.place, values.take(self.source), self.size)
        if out is not None:
            out[:] = found
        return found if out is None else out


class Placed(NamedTuple):
    """How the data of a matrix is made where a program writes some terms into it.

    slots     of all terms that move; `direct` are those that are written in place, `others` the rest: (number, first)
    constant  (places that no term is written to, what is there)
    """

    filling: "Filling"
    slots: tuple[int, ...]
    direct: frozenset[int]
    others: tuple[tuple[int, bool], ...]
    constant: tuple[Any, np.ndarray]

    @classmethod
    def of(
        cls, filling: "Filling", base: np.ndarray, direct: Sequence[int], slots: Sequence[int], fixed: Sequence[int]
    ) -> "Placed":
        written = np.zeros(filling.count, bool)
        for k in direct:
            filling.reached(written, k)[...] = True
        if filling.mirrored is not None:
            written[filling.mirrored[0]] = True
        rest = [k for k in slots if k not in direct]
        first, _ = filling.first_at(rest, [*fixed, *direct])
        places = np.flatnonzero(~written)
        at: Any = _progression(places) if 2 * places.size < filling.count else slice(None)
        others = tuple(zip(rest, first, strict=True))
        return cls(filling, tuple(slots), frozenset(direct), others, (at, base[at].copy()))

    def data(self, run: Callable[[list], Sequence[Any]], out: np.ndarray | None) -> np.ndarray:
        """The data of the matrix; `run` gives all values and writes to the arrays that it gets, or None."""
        at, constant = self.constant
        data = np.empty(self.filling.count, constant.dtype) if out is None else out
        data[at] = constant
        views = [self.filling.reached(data, k) if k in self.direct else None for k in self.slots]
        values = dict(zip(self.slots, run(views), strict=True))
        for k, first in self.others:
            self.filling.slots[k].put(data, np.asarray(values[k]), first)
        self.filling.mirror(data)
        return data


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
        self.shape, same = shape, Distinct()
        pairs: dict[tuple[int, int], int] = {}  # the same rows and columns, once
        numbers: list[int] = []
        parts: list[_Part] = []
        for r, c in places:
            pair = id(same.one(r)), id(same.one(c))
            if pair not in pairs:
                pairs[pair] = len(parts)
                parts.append(_Part.of(r, c, symmetric))
            numbers.append(pairs[pair])
        stops = np.cumsum([0, *(p.rows.size for p in parts)])
        found = _sorted(parts, shape, symmetric)
        found = found if known is None else found.within(known, shape)
        self.indices, self.indptr = found.indices, found.indptr
        checked = csr_array((np.ones(self.count, bool), self.indices, self.indptr), shape=shape, copy=False)
        checked.has_canonical_format = True
        self._attributes = {k: v for k, v in vars(checked).items() if k != "data"}
        self.mirrored = tuple(map(_progression, found.mirrored)) if found.mirrored[0].size else None
        slots = [Slot(p.domain, p.chosen, *_groups(found.places[a:b], p.domain if p.chosen is None else None))
                 for p, a, b in zip(parts, stops, stops[1:], strict=False)]  # fmt: skip
        self.slots = [slots[k] for k in numbers]

    @property
    def count(self) -> int:
        """How many entries are stored."""
        return self.indices.size

    def first_at(self, slots: Sequence[int], before: Sequence[int]) -> tuple[list[bool], bool]:
        """(for each of the terms whether none before it has a place of its, whether such terms have all places)."""
        taken, written = np.zeros((2, self.count), bool)
        first = []
        for k in before:
            array, at = reached(taken, self.slots[k].at)
            array[at] = True
        for k in slots:
            array, at = reached(taken, self.slots[k].at)
            first.append(not array[at].any())
            array[at] = True
            array, at = reached(written, self.slots[k].at)
            array[at] |= first[-1]
        if self.mirrored is not None:
            written[self.mirrored[0]] = True
        return first, bool(written.all())

    def alone(self, slots: Sequence[int]) -> list[int]:
        """Those of these terms whose many places lie evenly, and are places of no other of them."""
        times = np.zeros(self.count, np.int16)
        for k in slots:
            array, at = reached(times, self.slots[k].at)
            array[at] += 1
        return [k for k in slots if self.slots[k].is_even and (self.reached(times, k) == 1).all()]

    def reached(self, data: np.ndarray, k: int) -> np.ndarray:
        """The places of a term that lie evenly, over its domain."""
        array, at = reached(data, self.slots[k].at)
        return array[at].reshape(self.slots[k].domain)

    def joined(self, slots: Sequence[int], further: np.ndarray) -> "Joined":
        """Where the values of some terms go, one after the other, and then one for each of these places."""
        numbers, start = np.arange(self.count), 0
        places, sources = [], []
        for s in [self.slots[k] for k in slots]:
            array, at = reached(numbers, s.at)
            own = array[at].reshape(-1)
            places.append(own if s.groups is None else own[s.groups])
            size = prod(s.domain)
            sources.append(start + (np.arange(size) if s.chosen is None else s.chosen))
            start += size
        place, source = (np.concatenate(a) for a in ([*places, further], [*sources, start + np.arange(further.size)]))
        if self.mirrored is not None:
            above = np.full(self.count, -1)
            above[self.mirrored[1]] = numbers[self.mirrored[0]]
            twice = np.flatnonzero(above[place] >= 0)
            place, source = np.concatenate([place, above[place[twice]]]), np.concatenate([source, source[twice]])
        if np.array_equal(np.sort(place), numbers):
            return Joined(source[np.argsort(place)], None, self.count)
        return Joined(source, place, self.count)

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
        found = object.__new__(csr_array)
        found.__dict__.update(self._attributes, data=data)  # a pattern that was checked is not checked again
        return found


class _Part(NamedTuple):
    """Rows and columns over a domain, of which some may be chosen."""

    domain: tuple[int, ...]
    chosen: np.ndarray | None
    rows: np.ndarray
    columns: np.ndarray

    @classmethod
    def of(cls, rows: np.ndarray, columns: np.ndarray, symmetric: bool) -> "_Part":
        domain = np.broadcast_shapes(rows.shape, columns.shape)
        r, c = (np.broadcast_to(a, domain).reshape(-1) for a in (rows, columns))
        lower = r >= c if symmetric else None
        if lower is None or lower.all():
            return cls(domain, None, r, c)
        chosen = np.flatnonzero(lower)
        return cls(domain, chosen, r[chosen], c[chosen])


class _Pattern(NamedTuple):
    """A csr pattern, and where entries are in its data.

    places    of each entry of the terms
    mirrored  (places of the upper part, of what they mirror)
    """

    indices: np.ndarray
    indptr: np.ndarray
    places: np.ndarray
    mirrored: tuple[np.ndarray, np.ndarray]

    def within(self, known: csr_array, shape: tuple[int, int]) -> "_Pattern":
        """The same in a pattern that is given; InputError where it lacks an entry."""
        if known.shape != shape:
            raise InputError(f"pattern: a matrix of shape {known.shape}, expected {shape}")
        given = known.sorted_indices()
        own, keys = (_keys(m.indices, m.indptr, shape) for m in (self, given))
        move = np.searchsorted(keys, own)
        missing = np.ones(own.size, bool)
        inside = np.flatnonzero(move < keys.size)
        missing[inside] = keys[move[inside]] != own[inside]
        if missing.any():
            r, c = np.divmod(own[np.flatnonzero(missing)[0]], shape[1])
            raise InputError(f"pattern: the entry ({r}, {c}) may be nonzero and is not in it")
        upper, lower = self.mirrored
        return _Pattern(given.indices, given.indptr, move[self.places], (move[upper], move[lower]))


def _keys(indices: np.ndarray, indptr: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """The places of entries in the flat array, in order."""
    return np.repeat(np.arange(shape[0]), np.diff(indptr)) * max(shape[1], 1) + indices


def _sorted(parts: Sequence[_Part], shape: tuple[int, int], symmetric: bool) -> _Pattern:
    """The pattern of all parts by two sorts that count; where they are a lower part, with its mirror."""
    size = sum(p.rows.size for p in parts)
    if max(size, *shape) >= 2**31:
        raise InputError(f"a sparse matrix of shape {shape} from {size} entries is too large")
    r, c = (_joined([getattr(p, name) for p in parts]) for name in ("rows", "columns"))
    order = _ordered(r, shape[0], _ordered(c, shape[1], np.arange(size, dtype=np.int32)))
    places, rows, columns = np.empty((3, size), np.int32)
    number = united(r, c, order, places, rows, columns, size)
    rows, columns = rows[:number].copy(), columns[:number].copy()
    ends = np.cumsum(np.bincount(rows, minlength=shape[0]))
    if symmetric:
        return _with_mirror(rows, columns, ends, places)
    none = np.zeros(0, np.int64)
    return _Pattern(columns, np.concatenate([[0], ends]).astype(np.int32), places, (none, none))


def _with_mirror(rows: np.ndarray, columns: np.ndarray, ends: np.ndarray, places: np.ndarray) -> _Pattern:
    """The pattern of a lower part, whose rows have these ends, and its mirror.

    In each row the mirrored entries come after those of the lower part, and in the order of the rows that they
    mirror. So the t-th of all, in row q, has place ``ends[q] + t``.
    """
    size = ends.size
    off = np.flatnonzero(rows != columns).astype(np.int32)
    mirrors = off[_ordered(columns[off], size, np.arange(off.size, dtype=np.int32))]
    q = columns[mirrors]
    upper = ends[q] + np.arange(q.size)
    times = np.bincount(q, minlength=size)
    before = np.cumsum(times) - times  # mirrored entries in the rows above
    lower = np.arange(rows.size) + before[rows]
    indices = np.empty(rows.size + q.size, np.int32)
    indices[lower], indices[upper] = columns, rows[mirrors]
    indptr = np.concatenate([[0], ends + before + times]).astype(np.int32)
    return _Pattern(indices, indptr, lower[places], (upper, lower[mirrors]))


def _joined(arrays: Sequence[np.ndarray]) -> np.ndarray:
    return np.concatenate(arrays or [np.zeros(0)], dtype=np.int32, casting="unsafe")


def _ordered(keys: np.ndarray, size: int, order: np.ndarray) -> np.ndarray:
    """An order sorted by keys below `size`; what has the same key stays as it was."""
    times = np.bincount(keys, minlength=size)
    into = np.empty_like(order)
    counted(keys, np.cumsum(times) - times, order, into, order.size)
    return into


@kernel()
def counted(keys: Ints, start: Longs, order: Ints, into: Ints, count: int) -> int:
    """Put what is in an order into the order of its keys, which begin at `start`."""
    for k in range(count):
        j = order[k]
        into[start[keys[j]]] = j
        start[keys[j]] = start[keys[j]] + 1
    return count


@kernel()
def united(r: Ints, c: Ints, order: Ints, places: Ints, rows: Ints, columns: Ints, count: int) -> int:
    """The place of each entry, those that meet at one, and what is there; how many there are."""
    number = -1
    row = -1
    column = -1
    for k in range(count):
        j = order[k]
        if r[j] != row or c[j] != column:
            row = r[j]
            column = c[j]
            number = number + 1
            rows[number] = row
            columns[number] = column
        places[j] = number
    return number + 1


def _progression(places: np.ndarray) -> Any:
    """A slice where places are an arithmetic progression."""
    if places.size == 1:
        return slice(int(places[0]), int(places[0]) + 1)
    if places.size > 1:
        step = int(places[1] - places[0])
        if step > 0 and np.all(places[1:] - places[:-1] == step):
            return slice(int(places[0]), int(places[-1]) + 1, step)
    return places


def _lattice(places: np.ndarray, domain: tuple[int, ...]) -> Any:
    """A lattice where places are one; else a slice or the places."""
    whole = places.reshape(domain)
    corner = whole[(slice(2),) * whole.ndim]
    first = (0,) * whole.ndim
    start = int(corner[first])
    strides = [int(corner[(*first[:k], 1, *first[k + 1 :])]) - start if n > 1 else 0 for k, n in enumerate(domain)]
    expected = sum(s * np.arange(n).reshape(-1, *(1,) * (whole.ndim - k - 1))
                   for k, (s, n) in enumerate(zip(strides, domain, strict=True)))  # fmt: skip
    return Lattice(start, tuple(strides), domain) if np.array_equal(whole, start + expected) else _progression(places)


def _groups(places: np.ndarray, domain: tuple[int, ...] | None) -> tuple[np.ndarray | None, Any, int]:
    """(groups, at, width) of a `Slot`; `domain` where all of it is taken."""
    distinct = places.size < 2 or np.all(places[1:] > places[:-1])
    if not distinct:
        unique, groups = np.unique(places, return_inverse=True)
        if unique.size < places.size:
            return groups, _progression(unique), unique.size
    if domain is None or len(domain) < 2 or not places.size:
        return None, _progression(places), places.size
    return None, _lattice(places, domain), places.size
