"""Engine "jax": rows of arrays that a `NamedSharding` lays over devices, of one process or of several.

A pass is one compiled function: every device runs the chunk's program on its rows, and the sums, laid in one vector,
are added by one all-reduce; what is folded otherwise is gathered. Over several processes each of them runs the same
solver on the same numbers.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from functools import cache, reduce
from math import prod
from typing import Any

import numpy as np

from .. import shapes
from ..backends.jax import Jax, wide_types
from ..backends.named import pure_function
from ..errors import EngineError, InputError, SymdiffError
from ..facets import fold_of
from ..graph import Graph
from ..lazy import module
from ..program import as_array, engine_of, label
from ..splitting import Round, Split, row_axis
from .stages import Placed, Values, axis_of

WIDE = {"int": "float64", "float": "float64"}  # the types of results that are numbers


def placed(g: Graph, values: Values) -> Placed:
    """The data on its devices, whatever it is cut along."""
    arrays = {n: v for n, v in values.items() if engine_of(v) == "jax"}
    for n, v in arrays.items():
        if not hasattr(v.sharding, "spec"):
            kind = type(v.sharding).__name__
            raise InputError(f"the input {label(g, n)!r} is laid out by a {kind}: use a NamedSharding")
    parts = {
        n: [s // p for s, p in zip(v.shape, v.sharding.shard_shape(v.shape), strict=True)] for n, v in arrays.items()
    }
    axis = axis_of(g, parts)
    rows = {n: a for n in values if (a := row_axis(g._shape[n], axis)) is not None}
    first = next(n for n in arrays if n in rows)
    engine = _engine(arrays[first].sharding.mesh, arrays[first].sharding.spec[rows[first]])
    own = {n: as_array(v, g, n) for n, v in values.items() if n not in arrays}
    known: dict[str, int] = {}
    for n, a in {**arrays, **own}.items():
        shapes.bind(g._shape[n], a.shape, known, f"the input {label(g, n)!r}")
    for n, a in rows.items():
        if n in arrays and not arrays[n].sharding.is_equivalent_to(engine.along(a, arrays[n].ndim), arrays[n].ndim):
            raise InputError(
                f"the rows of {label(g, first)!r} and {label(g, n)!r} lie on different devices: "
                f"{arrays[first].sharding.spec} and {arrays[n].sharding.spec}"
            )
    there = {n: _of_type(g, n, arrays[n]) if n in arrays else engine.laid(own[n], a) for n, a in rows.items()}
    return Placed(engine, axis, Shards(there, {}, {}), {n: a for n, a in own.items() if n not in rows}, known)


def here(array: Any) -> np.ndarray:
    with told():
        if array.is_fully_addressable:
            return np.array(array)
        return module("jax.experimental.multihost_utils", "jax").process_allgather(array, tiled=True)


def _of_type(g: Graph, n: int, array: Any) -> Any:
    """The array in the declared type; InputError where that may change its numbers."""
    dtype = g._dtype[n]
    if array.dtype == dtype:
        return array
    counts = dtype[:3] in ("int", "boo")
    if array.dtype.kind == "c" or (counts and not np.can_cast(array.dtype, dtype)):
        raise InputError(f"the input {label(g, n)!r} is declared {dtype} but has the type {array.dtype}")
    with wide_types(), told():
        return array.astype(dtype)


@dataclass(frozen=True)
class Shards:
    """rows: global arrays in parts; whole: arrays that every device has."""

    rows: Values
    whole: Values
    known: Mapping[str, int]


class Passes:
    """The passes of a split as functions compiled over the devices."""

    def __init__(self, split: Split, engine: "Devices"):
        self.split, self.engine = split, engine
        self.rounds: list[Round] = [r for r in split.rounds if r.chunk is not None]
        self._compiled: dict[tuple, Callable[..., Any]] = {}

    def compiled(self, k: int, known: Mapping[str, int]) -> Callable[..., Any]:
        """``f(*inputs) -> (vectors of what is folded, one for each kind, kept rows)``"""
        key = (k, *known.items())
        if key not in self._compiled:
            self._compiled[key] = self._compile(self.rounds[k], known)
        return self._compiled[key]

    def _compile(self, r: Round, known: Mapping[str, int]) -> Callable[..., Any]:
        jax, jnp = module("jax", "jax"), module("jax.numpy", "jax")
        g, rows, engine = self.split.program.graph, self.split.rows, self.engine
        pure = pure_function(replace(r.chunk, known=dict(known)), Jax())  # type: ignore

        def local(*arrays: Any) -> tuple[list[Any], list[Any]]:
            results = pure(*arrays)
            vectors = [
                over_devices(fold, jnp.concatenate([jnp.ravel(results[i]).astype(dtype) for i in at]))
                for (fold, dtype), at in self.kinds(r)
            ]
            kept = zip(r.kept, results[len(r.folds) :], strict=True)
            return vectors, [jnp.asarray(a, WIDE.get(g._dtype[n])) for n, a in kept]

        def over_devices(fold: str, part: Any) -> Any:
            if fold == "add":
                return jax.lax.psum(part, engine.names)
            return reduce(fold_of(fold, jnp), jax.lax.all_gather(part, engine.names))

        def spec(n: int) -> Any:
            return engine.along(rows[n], len(g._shape[n])).spec if n in rows else engine.spec()

        inputs = tuple(spec(n) for n in r.chunk.inputs)  # type: ignore[union-attr]
        outputs = [engine.spec() for _ in self.kinds(r)], [spec(n) for n in r.kept]
        mapped = jax.shard_map(local, mesh=engine.mesh, in_specs=inputs, out_specs=outputs, check_vma=False)
        return jax.jit(mapped)

    def kinds(self, r: Round) -> list[tuple[tuple[str, str], list[int]]]:
        """((fold, type), positions) of what is folded."""
        g, found = self.split.program.graph, dict[tuple[str, str], list[int]]()
        for i, (n, fold) in enumerate(r.folds.items()):
            dtype = {"int": "int64", "float": "float64"}.get(g._dtype[n], g._dtype[n])
            found.setdefault((fold, dtype), []).append(i)
        return list(found.items())


class Devices:
    """The engine of some axes of a mesh."""

    def __init__(self, mesh: Any, names: Any):
        self.mesh, self.names = mesh, names

    def spec(self, *parts: Any) -> Any:
        return module("jax.sharding", "jax").PartitionSpec(*parts)

    def along(self, axis: int, ndim: int) -> Any:
        """The sharding of an array along one of its axes."""
        parts = [self.names if a == axis else None for a in range(ndim)]
        return module("jax.sharding", "jax").NamedSharding(self.mesh, self.spec(*parts))

    def laid(self, array: np.ndarray, axis: int) -> Any:
        """An array of this process over the devices, which has all rows in every process."""
        with wide_types():
            return module("jax", "jax").make_array_from_callback(
                array.shape, self.along(axis, array.ndim), lambda at: array[at]
            )

    def _everywhere(self, array: Any) -> Any:
        array, sharding = np.asarray(array), module("jax.sharding", "jax").NamedSharding(self.mesh, self.spec())
        return module("jax", "jax").make_array_from_callback(array.shape, sharding, lambda at: array[at])

    # --- what `stages.Engine` asks ---

    def kernels(self, split: Split) -> Passes:
        return Passes(split, self)

    def bind(self, shards: Shards, values: Values, known: Mapping[str, int]) -> Shards:
        with wide_types():
            there = {n: v if hasattr(v, "sharding") else self._everywhere(v) for n, v in values.items()}
        return Shards(shards.rows, {**shards.whole, **there}, {**shards.known, **known})

    def run(
        self, kernels: Passes, k: int, shards: Shards, moving: Values, known: Mapping[str, int], keep: bool
    ) -> tuple[Sequence[Any], Shards]:
        r, known = kernels.rounds[k], {**shards.known, **known}
        given = {**shards.rows, **shards.whole, **moving}
        arrays = [given[n] for n in r.chunk.inputs]  # type: ignore[union-attr]
        g = kernels.split.program.graph
        wide = any(g._dtype[n] not in ("float32", "bool", "int32") for n in (*r.chunk.inputs, *r.folds, *r.kept))  # type: ignore
        with wide_types() if wide else nullcontext(), told():
            arrays = [a if hasattr(a, "sharding") else self._everywhere(a) for a in arrays]
            vectors, kept = kernels.compiled(k, known)(*arrays)
            totals = self._separate(kernels, r, known, [np.asarray(v.addressable_data(0)) for v in vectors])
        made = dict(zip(r.kept, kept, strict=True)) if keep else {}
        return totals, replace(shards, rows={**shards.rows, **made})

    @staticmethod
    def _separate(kernels: Passes, r: Round, known: Mapping[str, int], vectors: Sequence[np.ndarray]) -> list[Any]:
        """What is folded, of the vectors that hold it."""
        g, nodes, totals = kernels.split.program.graph, list(r.folds), {}
        for (_, at), vector in zip(kernels.kinds(r), vectors, strict=True):
            start = 0
            for i in at:
                shape = tuple([shapes.resolve(s, known) for s in g._shape[nodes[i]]])
                totals[i] = vector[start : start + prod(shape)].reshape(shape)
                start += prod(shape)
        return [totals[i] for i in range(len(nodes))]

    def rows(self, shards: Shards, n: int, axis: int) -> Any:
        return shards.rows[n]

    def gathered(self, value: Any) -> Any:
        return here(value) if hasattr(value, "sharding") else value

    def cut(self, values: Values, rows: Mapping[int, int]) -> Values:
        return {n: self.laid(a, rows[n]) if n in rows else a for n, a in values.items()}


@contextmanager
def told() -> Iterator[None]:
    """Errors of JAX's while it runs (arrays that were deleted, a process that is gone) become one of ours."""
    try:
        yield
    except SymdiffError:
        raise
    except RuntimeError as error:
        raise EngineError(f"jax could not run this: {error}") from error


@cache
def _engine(mesh: Any, names: Any) -> Devices:
    return Devices(mesh, names)
