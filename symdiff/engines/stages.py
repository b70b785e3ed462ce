"""A split program at data that an engine holds: stage by stage, round by round."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from .. import shapes
from ..backends import numpy as numpy_backend
from ..errors import InputError
from ..expr import Expr
from ..graph import Graph
from ..op import FOREIGN
from ..program import Program, label, told
from ..shapes import NAME
from ..splitting import Split

Values = Mapping[int, Any]


class Engine(Protocol):
    """Map, and a tree of folds: what another library does with chunks of rows. Shards are what it calls its own."""

    def kernels(self, split: Split) -> Any:
        """What `run` takes for the passes of a split."""

    def bind(self, shards: Any, values: Values, known: Mapping[str, int]) -> Any:
        """The shards with whole values, and sizes, that later passes read."""

    def run(
        self, kernels: Any, k: int, shards: Any, moving: Values, known: Mapping[str, int], keep: bool
    ) -> tuple[Sequence[Any], Any]:
        """(what is folded over all chunks, the shards with the rows that were made) of pass k, with values and sizes
        that are not bound."""

    def rows(self, shards: Any, n: int, axis: int) -> Any:
        """The rows of a value, of all chunks: an array of the library."""

    def gathered(self, value: Any) -> Any:
        """An array of this process."""

    def cut(self, values: Values, rows: Mapping[int, int]) -> Values:
        """Values of which those with rows are to be cut as the chunks are."""


@dataclass(frozen=True)
class Placed:
    """Data with rows that an engine holds.

    whole  {input: array} that have no rows
    known  {name: size}
    """

    engine: Any
    axis: str
    shards: Any
    whole: Values
    known: Mapping[str, int]


def axis_of(g: Graph, blocks: Mapping[int, Sequence[int]]) -> str:
    """The named axis along which arrays are cut, from how many parts each has along its axes.

    InputError where it has no name, or one array is cut along another axis or along two.
    """
    found: dict[str, int] = {}
    for n, counts in blocks.items():
        cut = [a for a, count in enumerate(counts) if count > 1]
        if len(counts) != len(g._shape[n]):
            raise InputError(f"the input {label(g, n)!r} has {len(counts)} axes, expected {len(g._shape[n])}")
        if len(cut) > 1:
            raise InputError(f"the input {label(g, n)!r} is cut along its axes {cut}: rechunk it along one, the rows")
        for a in cut:
            size = g._shape[n][a]
            if not isinstance(size, str) or not NAME.match(size):
                raise InputError(
                    f"the input {label(g, n)!r} is cut along axis {a} of size {size}: declare it with a name, "
                    f"as in {label(g, n)}=\"n d\""
                )
            found.setdefault(size, n)
    if len(found) > 1:
        (first, m), (second, n), *_ = found.items()
        raise InputError(f"{label(g, m)!r} is cut along {first!r} and {label(g, n)!r} along {second!r}: rechunk one")
    if found:
        return next(iter(found))
    named = [s for n in blocks for s in g._shape[n] if isinstance(s, str) and NAME.match(s)]
    if not named:
        raise InputError("no axis of the arrays in chunks has a name")
    return named[0]


class Distribution:
    """A split program on an engine, with what runs between the passes."""

    def __init__(self, split: Split, engine: Engine):
        self.split, self.engine = split, engine
        self.kernels = engine.kernels(split)
        self._between: dict[tuple, Any] = {}

    def begin(self, placed: Placed) -> "State":
        """The state before the first stage."""
        return State(self, 0, {}, placed.known, placed.shards)

    def between(self, program: Program, known: Mapping[str, int], values: Values) -> list[Any]:
        """The results of what runs on whole values."""
        key = (id(program), *known.items())
        if key not in self._between:
            self._between[key] = numpy_backend.compile(replace(program, known=dict(known)), threads=None)
        run, arrays = self._between[key], [values[n] for n in program.inputs]
        try:
            return run(arrays)
        except FOREIGN as error:
            told(run.program, arrays, error)


@dataclass(frozen=True)
class State:
    """After some stages: the whole values, and shards with the rows.

    values  {node: array}
    """

    of: Distribution
    stage: int
    values: Values
    known: Mapping[str, int]
    shards: Any
    bound: frozenset[str] = frozenset()  # the sizes that shards have

    def advance(self, given: Values) -> "State":
        """The state after one more stage, with the values of its inputs (those with rows may lie in the shards)."""
        split, engine, program = self.of.split, self.of.engine, self.of.split.program
        known, values, shards = self._sizes(given), {**self.values, **given}, self.shards
        values |= {n: np.asarray(shapes.resolve(s, known)) for n, s in program.sizes.items() if _is_known(s, known)}
        new = {name: size for name, size in known.items() if name not in self.bound and name != split.axis}
        k = sum(split.passes(stage) for stage in range(self.stage))
        for r in split.of_stage(self.stage):
            if r.chunk is not None:
                free = r.chunk.inputs[: len(r.chunk.inputs) - r.fixed]
                moving = {n: values[n] for n in free if n in values}
                totals, shards = engine.run(self.of.kernels, k, shards, moving, new, bool(r.kept))
                values |= zip(r.folds, totals, strict=True)
                k += 1
            if r.whole is not None:
                values |= zip(r.whole.outputs, self.of.between(r.whole, known, values), strict=True)
        if self.stage + 1 < len(split.stages):
            rows = {n: a for n, a in given.items() if n in split.rows}
            later = {n: values[n] for n in split.bound(self.stage + 1)} | rows
            shards, bound = engine.bind(shards, later, new), self.bound.union(new)
        else:
            bound = self.bound
        return State(self.of, self.stage + 1, values, known, shards, bound)

    def result(self, n: int) -> Any:
        """The value of an output: an array, or rows as the engine gives them."""
        split = self.of.split
        if n in split.rows:
            own = self.values.get(n)  # an input that the caller gave, as it was cut
            return self.of.engine.rows(self.shards, n, split.rows[n]) if own is None else own
        constants = split.program.constants
        dtype = Expr(split.program.graph, n).dtype  # of a number, and of a size, that of floats
        return np.asarray(constants[n] if n in constants else self.values[n], dtype)

    def _sizes(self, given: Values) -> dict[str, int]:
        """The named sizes that are known with some more inputs; InputError where a shape does not fit."""
        g, known = self.of.split.program.graph, dict(self.known)
        for n, array in given.items():
            shape = g._shape[n]
            shapes.bind(shape, np.shape(array), known, f"the input {label(g, n)!r}")
            for size, number in zip(shape, np.shape(array), strict=True):
                if not isinstance(size, int) and _is_known(size, known) and shapes.resolve(size, known) != number:
                    raise InputError(f"the input {label(g, n)!r} has shape {np.shape(array)}, expected "
                                     f"{tuple(shapes.resolve(s, known) for s in shape)}")
        return known


def _is_known(size: Any, known: Mapping[str, int]) -> bool:
    return known.keys() >= set(shapes.names_of(size))
