"""Engine "dask": chunks of dask arrays, on the workers of a `distributed.Client`.

A shard is one future per worker. A pass is one task per shard, with the moving values as its argument; what the shards
give is put together by a tree of tasks. Whatever a shard is made of (chunks, whole values of the point) is in the
arguments of tasks, so that dask makes it anew where a worker is lost.
"""

import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from .. import shapes
from ..errors import EngineError, GradientError, InputError
from ..graph import Graph
from ..lazy import cached_property, module
from ..ops.sparse import is_sparse
from ..program import as_array, label
from ..sparse import stores
from ..splitting import Split, row_axis
from .chunks import Chunk, Kernels, Shard, Values, folded
from .stages import Placed, axis_of
from .waiting import Waiting

FAN = 8  # parts that one task puts together, and that come back to the caller
HELD = 0.5  # of the workers' memory that data may take; beyond it, chunks are read anew in each pass


# --- on the workers -------------------------------------------------------------------------------------------------


class Form(NamedTuple):
    """What a chunk's part of an input was declared to be; as a matrix of scipy.sparse where that is allowed."""

    name: str
    shape: tuple[int, ...]
    dtype: np.dtype
    stored: bool


Forms = Mapping[int, Form]  # {node: of its part of a chunk}


def checked(values: Values, forms: Forms) -> dict[int, Any]:
    """The arrays of a chunk, which are what dask was told that they are."""
    for n, a in values.items():
        name, shape, dtype, stored = forms[n]
        if type(a) not in (np.ndarray, np.memmap) and not (stored and is_sparse(a)):
            remedy = ": declare the input with assume='sparse'" if is_sparse(a) else ", not an array of numpy"
            raise InputError(f"a chunk of {name!r} is a {type(a).__name__}{remedy}")
        found = a.dtype
        if np.shape(a) != shape or found.kind != dtype.kind:
            raise InputError(f"a chunk of {name!r} is of shape {np.shape(a)}, {found}, declared as {shape}, {dtype}")
    return dict(values)


def shard_of(nodes: Sequence[int], chunks: Sequence[tuple[Sequence[Any], Forms]], keep: bool) -> Shard:
    return Shard([Chunk(checked(dict(zip(nodes, arrays, strict=True)), forms)) for arrays, forms in chunks])


def shard_of_recipes(nodes: Sequence[int], recipes: Sequence["Recipe"], keep: bool) -> Shard:
    if not keep:
        return Shard([Chunk({}, recipe) for recipe in recipes])
    with ThreadPoolExecutor(_threads()) as pool:
        return Shard([Chunk(dict(values)) for values in pool.map(Recipe.__call__, recipes)])


class Recipe:
    """How a chunk's arrays are read: part of a dask graph, which dask takes for no work of its own."""

    def __init__(self, nodes: Sequence[int], graph: dict, keys: Sequence[Any], forms: Forms):
        self.nodes, self.graph, self.keys, self.forms = nodes, graph, keys, forms

    def __call__(self) -> Values:
        arrays = module("dask", "dask").get(self.graph, self.keys)
        return checked(dict(zip(self.nodes, arrays, strict=True)), self.forms)


def bound(shard: Shard, values: Sequence[Values], known: Mapping[str, int]) -> Shard:
    return shard.with_values(values, known)


class Packed:
    """Kernels that are unpacked where they run: a worker that reads a message with an op that it lacks ends."""

    def __init__(self, message: bytes):
        self.message = message

    @cached_property
    def kernels(self) -> Kernels:
        try:
            return module("distributed.protocol.pickle", "dask").loads(self.message)
        except GradientError as error:
            raise EngineError(f"a worker lacks an op: {error}, as by client.run(register)") from None

    def __reduce__(self) -> tuple:
        return Packed, (self.message,)


def passed(packed: Packed, shard: Shard, k: int, moving: Sequence[Values], known: Mapping[str, int]) -> Shard:
    return packed.kernels.run(k, shard, moving, known, _threads(), True)


def passed_totals(
    packed: Packed, shard: Shard, k: int, moving: Sequence[Values], known: Mapping[str, int]
) -> Sequence[Any]:
    return packed.kernels.run(k, shard, moving, known, _threads(), False).totals


def totals_of(shard: Shard) -> Sequence[Any]:
    return shard.totals


def rows_of(shard: Shard, n: int, j: int) -> Any:
    chunk = shard.chunks[j]
    return chunk.values[n] if n in chunk.values or chunk.load is None else chunk.load()[n]


def _threads() -> int:
    return module("distributed", "dask").get_worker().state.nthreads


# --- on the caller's side -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shards:
    """futures: one per worker; chunks: which ones each has, by their position."""

    futures: Sequence[Any]
    chunks: Sequence[Sequence[int]]
    lengths: Sequence[int]  # rows of each chunk

    def moved(self, futures: Sequence[Any]) -> "Shards":
        return Shards(futures, self.chunks, self.lengths)


def placed(g: Graph, values: Values) -> Placed:
    """The data on the workers of the client, whatever it is cut along."""
    engine = _engine()
    arrays = {n: _fitting(g, n, v) for n, v in values.items() if _is_dask(v)}
    axis = axis_of(g, {n: a.numblocks for n, a in arrays.items()})
    own = {n: as_array(v, g, n) for n, v in values.items() if n not in arrays}
    rows = {n: a for n in values if (a := row_axis(g._shape[n], axis)) is not None}
    first = next(n for n in arrays if n in rows)
    chunks = arrays[first].chunks[rows[first]]
    if 0 in chunks:
        raise InputError(f"the input {label(g, first)!r} has a chunk without rows: rechunk it")
    known: dict[str, int] = {}
    for n, a in {**arrays, **own}.items():
        shapes.bind(g._shape[n], a.shape, known, f"the input {label(g, n)!r}")
        if n in rows and n in arrays and a.chunks[rows[n]] != chunks:
            raise InputError(
                f"the chunks of {label(g, first)!r} and {label(g, n)!r} along {axis!r} differ "
                f"({_few(chunks)} and {_few(a.chunks[rows[n]])}): rechunk one as the other is"
            )
    da = module("dask.array", "dask")
    for n in rows.keys() & own.keys():
        cut = [chunks if a == rows[n] else -1 for a in range(own[n].ndim)]
        arrays[n] = da.from_array(own.pop(n), chunks=tuple(cut))
    whole = own | {n: as_array(engine.gathered(arrays.pop(n)), g, n) for n in list(arrays) if n not in rows}
    names = {n: label(g, n) for n in arrays}
    stored = [n for n in arrays if stores(g, [n])]
    return Placed(engine, axis, engine.place(arrays, rows, names, stored), whole, known)


def here(array: Any) -> Any:
    """By the workers of the client; by dask's own threads where there is none."""
    distributed = sys.modules.get("distributed")
    try:
        client = distributed.get_client() if distributed is not None else None
    except ValueError:
        client = None
    if client is None:
        return np.asarray(array)
    waits = Waiting(client)
    with waits.told():
        return waits.watched(array.compute)


def _is_dask(value: Any) -> bool:
    return type(value).__module__.startswith("dask.array")


def _fitting(g: Graph, n: int, array: Any) -> Any:
    """A dask array of the declared type."""
    what, target = f"the input {label(g, n)!r}", np.dtype(g._dtype[n])
    if any(size != size for size in array.shape):
        raise InputError(f"{what} has chunks of unknown sizes: call its compute_chunk_sizes() first")
    if array.dtype.kind not in "fiub" or (target.kind in "ib" and not np.can_cast(array.dtype, target)):
        raise InputError(f"{what} is declared {target} but has the type {array.dtype}")
    return array if array.dtype == target else array.astype(target)


def _even(lengths: Sequence[int], threads: Mapping[str, int]) -> list[str]:
    """The worker of each chunk: runs of rows in proportion to threads."""
    total, names = max(1, sum(lengths)), list(threads)
    ends = [t / sum(threads.values()) * total for t in accumulate(threads.values())]
    middles = [stop - length / 2 for length, stop in zip(lengths, accumulate(lengths), strict=True)]
    return [names[next((i for i, end in enumerate(ends) if m <= end), -1)] for m in middles]


def _few(chunks: Sequence[int]) -> str:
    return f"{', '.join(map(str, chunks[:4]))}{', ...' if len(chunks) > 4 else ''}"


def _engine() -> "Dask":
    """The engine of the client that is at hand, made once."""
    try:
        client = module("distributed", "dask").get_client()
    except ValueError:
        raise InputError(
            "dask arrays are computed by a distributed.Client: make one first, as in Client('tcp://address:8786'), "
            "or Client() on this machine"
        ) from None
    if client.asynchronous:
        raise InputError("dask's client is asynchronous, but results are waited for here: make one that is not")
    if client not in _engines:
        _engines[client] = Dask(client)
    return _engines[client]


_engines: WeakKeyDictionary[Any, "Dask"] = WeakKeyDictionary()


class Dask:
    """The engine of a client."""

    def __init__(self, client: Any):
        self.client, self.waits = client, Waiting(client)
        with self.waits.told():
            self._workers()
            _check_versions(self.waits.answer(partial(client.get_versions, packages=["symdiff"]))["workers"])

    # --- data ---

    def place(
        self, arrays: Mapping[int, Any], axes: Mapping[int, int], names: Mapping[int, str], stored: Collection[int]
    ) -> Shards:
        """Chunks where their futures lie; or shared out evenly, and read anew in each pass where memory has no room."""
        dask, distributed = module("dask", "dask"), module("distributed", "dask")
        lengths = next(a.chunks[axes[n]] for n, a in arrays.items())
        keys = list(zip(*[dask.core.flatten(a.__dask_keys__()) for a in arrays.values()], strict=True))
        forms: list[Forms] = [
            {n: Form(names[n], tuple([c[j] if k == axes[n] else sum(c) for k, c in enumerate(a.chunks)]), a.dtype,
                     n in stored) for n, a in arrays.items()} for j in range(len(lengths))
        ]  # fmt: skip
        graph = {k: task for a in arrays.values() for k, task in dict(a.__dask_graph__()).items()}
        with self.waits.told():
            workers = self._workers()
            if distributed.futures_of(list(arrays.values())) or _reads_futures(graph):
                futures = self._futures(list(arrays.values()))
                homes = self._holders([[futures[k] for k in ks] for ks in keys], list(workers))
                parts: Sequence[Any] = [([futures[k] for k in ks], form) for ks, form in zip(keys, forms, strict=True)]
                make: Callable[..., Shard] = shard_of
                keep = True
            else:
                homes = _even(lengths, {w: said["nthreads"] for w, said in workers.items()})
                cull = module("dask.optimization", "dask").cull
                parts = [Recipe(list(arrays), cull(graph, list(ks))[0], list(ks), form)
                         for ks, form in zip(keys, forms, strict=True)]  # fmt: skip
                room = sum(said["memory_limit"] or float("inf") for said in workers.values())
                make, keep = shard_of_recipes, sum(a.nbytes for a in arrays.values()) <= HELD * room
            groups = {w: [j for j, home in enumerate(homes) if home == w] for w in dict.fromkeys(homes)}
            shards = [
                self.client.submit(
                    make, list(arrays), [parts[j] for j in js], keep, workers=[w], allow_other_workers=True, pure=False
                )
                for w, js in groups.items()
            ]
            self.waits.until(shards, self._settle)
            self._settle(shards)
            return Shards(shards, list(groups.values()), lengths)

    def _workers(self) -> dict[str, Any]:
        """The workers; where there are none, those that come for a task."""
        workers = self._there()
        if not workers:
            self.waits.until([self.client.submit(int, pure=False)])
            workers = self._there()
        return workers

    def _there(self) -> dict[str, Any]:
        return self.waits.answer(partial(self.client.scheduler_info, n_workers=-1))["workers"]

    def _futures(self, arrays: Sequence[Any]) -> dict[Any, Any]:
        """{key: future}; what follows from futures is computed beside them."""
        found = {k: f for a in self.client.persist(arrays) for k, f in dict(a.__dask_graph__()).items()}
        self.waits.until(list(found.values()))
        return found

    def _holders(self, chunks: Sequence[Sequence[Any]], workers: Sequence[str]) -> list[str]:
        """The worker that has most arrays of each chunk."""
        where = self.waits.answer(partial(self.client.who_has, [f for futures in chunks for f in futures]))
        having = [[w for f in futures for w in where.get(f.key) or where.get(str(f.key)) or ()] for futures in chunks]
        return [max(ws, key=ws.count) if ws else workers[0] for ws in having]

    def _settle(self, futures: Sequence[Any]) -> None:
        """Where a shard was made is where it stays, but dask, which waits for a worker that it was told of, would wait
        for ever where all workers have died and others came."""
        free: dict[Any, list[str]] = {f.key: [] for f in futures}
        self.waits.answer(partial(self.client.sync, self.client.scheduler.set_restrictions, worker=free))

    # --- what `stages.Engine` asks ---

    def kernels(self, split: Split) -> "Programs":
        return Programs(self.client, Kernels.of(split))

    def bind(self, shards: Shards, values: Values, known: Mapping[str, int]) -> Shards:
        with self.waits.told():
            parts = self._parts(shards, values)
            return shards.moved(self._map(bound, shards.futures, parts, [known] * len(parts)))

    def run(
        self, kernels: "Programs", k: int, shards: Shards, moving: Values, known: Mapping[str, int], keep: bool
    ) -> tuple[Sequence[Any], Shards]:
        with self.waits.told():
            count, (_, folds, *_) = len(shards.futures), kernels.own.rounds[k]
            there, parts = kernels.there(), self._parts(shards, moving)
            work = ([there] * count, shards.futures, [k] * count, parts, [known] * count)
            if not keep:
                return self._total(folds, self._map(passed_totals, *work)), shards
            kept = self._map(passed, *work)
            return self._total(folds, self._map(totals_of, kept)), shards.moved(kept)

    def rows(self, shards: Shards, n: int, axis: int) -> Any:
        """A dask array, whose chunks lie with the workers."""
        with self.waits.told():
            shard_of_chunk = zip(shards.futures, shards.chunks, strict=True)
            places = sorted((j, at, f) for f, js in shard_of_chunk for at, j in enumerate(js))
            futures = [self.client.submit(rows_of, f, n, at, pure=False) for _, at, f in places]
            shapes = self.waits.gathered([self.client.submit(_form, f, pure=False) for f in futures])
        da, delayed = module("dask.array", "dask"), module("dask", "dask").delayed
        return da.concatenate(
            [da.from_delayed(delayed(f), *form) for f, form in zip(futures, shapes, strict=True)], axis=axis
        )

    def gathered(self, value: Any) -> Any:
        if isinstance(value, Cut):
            return value.array.copy()
        with self.waits.told():
            return self.waits.watched(value.compute) if _is_dask(value) else value

    def cut(self, values: Values, rows: Mapping[int, int]) -> Values:
        return {n: Cut(a, rows[n]) if n in rows else a for n, a in values.items()}

    def _parts(self, shards: Shards, moving: Values) -> list[list[Values]]:
        """What each shard is sent: once, or rows for each of its chunks."""
        rows = {n: a for n, a in moving.items() if isinstance(a, Cut)}
        if not rows:
            return [[moving]] * len(shards.futures)
        stops = list(accumulate(shards.lengths))
        return [
            [{**moving, **{n: a.part(stops[j] - shards.lengths[j], stops[j]) for n, a in rows.items()}} for j in js]
            for js in shards.chunks
        ]

    def _map(self, f: Callable[..., Any], *iterables: Sequence[Any]) -> list[Any]:
        return self.client.map(f, *iterables, pure=False)

    def _total(self, folds: Sequence[str], parts: Sequence[Any]) -> list[Any]:
        while len(parts) > FAN:
            groups = [parts[i : i + FAN] for i in range(0, len(parts), FAN)]
            parts = [self.client.submit(folded, folds, *group, pure=False) for group in groups]
        return folded(folds, *self.waits.gathered(parts))


def _reads_futures(graph: Mapping[Any, Any]) -> bool:
    """Some task reads what is not in the graph: futures."""
    return any(not graph.keys() >= getattr(task, "dependencies", frozenset()) for task in graph.values())


class Programs:
    """The kernels of a split, and where the workers have them."""

    def __init__(self, client: Any, own: Kernels):
        self.client, self.own = client, own
        self._future: Any = None

    def there(self) -> Any:
        """Their future; a client that was restarted has forgotten it."""
        if self._future is None or self._future.cancelled():
            message = module("distributed.protocol.pickle", "dask").dumps(self.own)
            self._future = self.client.submit(Packed, message, pure=False)
        return self._future


@dataclass(frozen=True)
class Cut:
    """An array with rows that lies with the caller: every chunk is sent its part."""

    array: np.ndarray
    axis: int

    @cached_property
    def shape(self) -> tuple[int, ...]:
        return self.array.shape

    def part(self, start: int, stop: int) -> np.ndarray:
        return self.array[(slice(None),) * self.axis + (slice(start, stop),)]


def _form(a: np.ndarray) -> tuple[tuple[int, ...], np.dtype]:
    return a.shape, a.dtype


def _check_versions(workers: Mapping[str, Any]) -> None:
    """EngineError where one does not have this version of symdiff."""
    own = module("symdiff").__version__
    for address, said in workers.items():
        version = said["packages"].get("symdiff") if said else None
        if version != own:
            has = "does not have symdiff" if version is None else f"has symdiff {version}"
            raise EngineError(f"the worker {address} {has}: install symdiff {own} there, as here")
