"""What a worker has and does: chunks of rows, and the programs of a split's rounds that it runs on each of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from itertools import repeat
from typing import Any

import numpy as np

from ..backends import numpy as numpy_backend
from ..facets import fold_of
from ..op import FOREIGN
from ..program import Program, told
from ..splitting import Split

Values = Mapping[int, Any]  # {node: array}
SHARE = 8  # of the bytes of arrays that shards share with others


@dataclass
class Chunk:
    """Some rows: what is known of them.

    values    {node: array}
    load      reads the arrays of the data anew, where they are not kept
    prepared  {round: what depends on fixed inputs alone}
    """

    values: dict[int, Any]
    load: Callable[[], Values] | None = None
    prepared: dict[int, dict] = field(default_factory=dict)

    def __reduce__(self) -> tuple:
        return Chunk, (self.values, self.load)


@dataclass(frozen=True)
class Shard:
    """The chunks of one worker, with the whole values and sizes that they were sent.

    totals  what the last round folds, over these chunks
    """

    chunks: Sequence[Chunk]
    values: Values = field(default_factory=dict)
    known: Mapping[str, int] = field(default_factory=dict)
    totals: Sequence[Any] = ()

    def __sizeof__(self) -> int:
        arrays = [a for c in self.chunks for a in c.values.values()]
        return 1000 + sum(a.nbytes for a in arrays if isinstance(a, np.ndarray)) // SHARE

    def with_values(self, values: Sequence[Values], known: Mapping[str, int]) -> "Shard":
        """With values for the rounds that follow: whole ones, or with rows of their own for each chunk."""
        own = repeat({}) if len(values) == 1 else values
        whole = values[0] if len(values) == 1 else {}
        chunks = [Chunk({**c.values, **rows}, c.load) for c, rows in zip(self.chunks, own, strict=False)]
        return Shard(chunks, {**self.values, **whole}, {**self.known, **known})


class Kernels:
    """The programs of a split's rounds, compiled where they first run."""

    def __init__(self, rounds: Sequence[tuple[Program, tuple[str, ...], tuple[int, ...], int]]):
        self.rounds = rounds  # (program, the functions that fold, kept nodes, number of fixed inputs)
        self._compiled: dict[tuple, Any] = {}

    @classmethod
    def of(cls, split: Split) -> "Kernels":
        passes = [r for r in split.rounds if r.chunk is not None]
        return cls([(r.chunk, tuple(r.folds.values()), r.kept, r.fixed) for r in passes])  # type: ignore[misc]

    def __reduce__(self) -> tuple:
        return Kernels, (self.rounds,)

    def _run_of(self, k: int, known: Mapping[str, int], threads: int) -> Any:
        key = (k, threads, *known.items())
        if key not in self._compiled:
            program, _, _, fixed = self.rounds[k]
            program = replace(program, known=dict(known))
            self._compiled[key] = numpy_backend.compile(program, threads, fixed=fixed, loops=True)
        return self._compiled[key]

    def run(
        self, k: int, shard: Shard, moving: Sequence[Values], known: Mapping[str, int], threads: int, keep: bool
    ) -> Shard:
        """Pass k over a shard.

        moving  values that are not the shard's own: one mapping for all chunks, or one for each
        known   sizes that are not
        keep    the rows that the pass makes are kept
        """
        program, folds, kept, _ = self.rounds[k]
        run, totals, chunks = self._run_of(k, {**shard.known, **known}, threads), None, []
        each = repeat(moving[0]) if len(moving) == 1 else moving
        for chunk, given in zip(shard.chunks, each, strict=False):
            own = chunk.values if chunk.load is None else {**chunk.load(), **chunk.values}
            arrays = [_found(n, given, own, shard.values) for n in program.inputs]
            prepared = chunk.prepared.setdefault(k, {}) if chunk.load is None else {}
            try:
                results = run(arrays, prepared=prepared)
            except FOREIGN as error:
                told(run.program, arrays, error)
            part = results[: len(folds)]
            totals = part if totals is None else folded(folds, totals, part)
            if keep:
                made = {**chunk.values, **dict(zip(kept, results[len(folds) :], strict=True))}
                chunks.append(Chunk(made, chunk.load, chunk.prepared))
        return Shard(chunks if keep else (), shard.values, shard.known, totals or ())


def folded(folds: Sequence[str], *parts: Sequence[Any]) -> list[Any]:
    """Parts put together, in order."""
    return [reduce(fold_of(f), values) for f, values in zip(folds, zip(*parts, strict=True), strict=True)]


def _found(n: int, *places: Values) -> Any:
    return next(place[n] for place in places if n in place)
