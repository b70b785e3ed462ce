"""Engines: programs split along an axis of rows, on the chunks of another library's arrays.

An array of dask's in chunks, or of JAX's over several devices, says which engine and which axis.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..errors import InputError
from ..graph import Graph
from ..lazy import module
from ..op import method
from ..program import Program, engine_of
from ..splitting import split_rows
from .stages import Distribution, Placed, State

Values = Mapping[int, Any]


def place(g: Graph, values: Values) -> Placed:
    """The data of an engine: chunks that say which axis, and whole values; arrays of this process that have the axis
    are cut as the others are."""
    kinds = {engine_of(v) for v in values.values()} - {""}
    if len(kinds) > 1:
        raise InputError("arrays of dask and of jax can't be used together")
    (kind,) = kinds
    return module(f"symdiff.engines.{kind}", kind).placed(g, values)


def prepared(
    program: Program, stages: Sequence[Sequence[int]], placed: Placed, outputs: int
) -> Callable[[Values], tuple[list[Any], Callable[..., list[Any]]]]:
    """As `Products.prepared`: the function point -> (values of the outputs behind the first ones, product).

    stages   data, point, vectors
    outputs  so many outputs, the first ones, are the product's
    """
    run = Distribution(split_rows(program, placed.axis, stages), placed.engine)
    data = run.begin(placed).advance(placed.whole)
    gathered, found = placed.engine.gathered, run.split.program.outputs

    def at(point: Values) -> tuple[list[Any], Callable[..., list[Any]]]:
        there = data.advance(placed.engine.cut(point, run.split.rows))

        def product(*vectors: Any) -> list[Any]:
            moving = placed.engine.cut(dict(zip(stages[2], vectors, strict=True)), run.split.rows)
            return _results(there.advance(moving), found[:outputs], gathered)

        return _results(there, found[outputs:], gathered), product

    return at


@method("elsewhere")
def called(program: Program, arrays: Sequence[Any], made: dict[Any, Distribution]) -> list[Any]:
    """The results of a program of which some arrays lie in chunks elsewhere; those with rows stay there.

    made  what was made for earlier calls
    """
    placed = place(program.graph, dict(zip(program.inputs, arrays, strict=True)))
    key = placed.axis, placed.engine
    if key not in made:
        made[key] = Distribution(split_rows(program, placed.axis, [program.inputs]), placed.engine)
    run = made[key]
    return _results(run.begin(placed).advance(placed.whole), run.split.program.outputs, lambda rows: rows)


@method("here")
def here(value: Any) -> Any:
    """An array that lies in chunks elsewhere, as one of this process."""
    kind = engine_of(value)
    return module(f"symdiff.engines.{kind}", kind).here(value)


def _results(state: State, nodes: Sequence[int], gathered: Callable[[Any], Any]) -> list[Any]:
    return [gathered(state.result(n)) for n in nodes]
