"""Expressions at given sizes: the same operations in a graph of their own whose axes are all integers."""

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any, cast

import numpy as np

from .. import shapes
from ..errors import InputError
from ..expr import Expr
from ..graph import CONSTANT, SIZE, VARIABLE, Graph
from . import stored


def instance(
    es: Sequence[Expr], sizes: Mapping[str, int], matrices: Mapping[int, Any] | None = None
) -> tuple[list[Expr], dict[int, Expr]]:
    """(the expressions, {node: its copy}) with every named size made a number; InputError where one is not known.

    matrices  {variable: its csr matrix}: each becomes the variable of its entries
    """
    source, g = es[0].graph, Graph()
    copy: dict[int, Any] = {}
    for n in sorted(source.ancestors([e.node for e in es])):
        op, params = source._op[n], source._params[n]
        if matrices and n in matrices:
            copy[n] = stored.variable(g, params[0], params[2], matrices[n])
        elif op is VARIABLE:
            name, shape, dtype, facts = params
            sized = tuple([_number(s, sizes, name) for s in shape])
            copy[n] = g.variable(name, sized, dtype, facts)
        elif op is SIZE:
            copy[n] = g.constant(_number(params[0], sizes, "an expression"))
        elif op is CONSTANT:
            copy[n] = Expr(g, g.append(op, (), params))
        else:
            resolved = shapes.resolve_all(params, sizes) if op.sized else params
            copy[n] = stored.applied(g, op, [copy[i] for i in source._inputs[n]], resolved)
    arrays = [stored.array(copy[e.node]) for e in es]
    return arrays, {n: stored.entries(c) for n, c in copy.items()}


def _number(size: shapes.Size, sizes: Mapping[str, int], what: str) -> int:
    missing = [name for name in shapes.names_of(size) if name not in sizes]
    if missing:
        raise InputError(f"the size {missing[0]!r} of {what} is not known: give it in `sizes`")
    return shapes.resolve(size, sizes)


def integers(shape: shapes.Shape) -> tuple[int, ...]:
    """A shape of an instance: its sizes are numbers."""
    return cast(tuple[int, ...], shape)


def count(shape: shapes.Shape) -> int:
    """How many entries an array of an instance has."""
    return prod(integers(shape))


def sizes_of(g: Graph, values: Mapping[int, Any]) -> dict[str, int]:
    """The named sizes that the shapes of values show."""
    known: dict[str, int] = {}
    for n, value in values.items():
        shapes.bind(g._shape[n], np.shape(value), known, f"the input {g._params[n][0]!r}")
    left = [pair for n, v in values.items() for pair in zip(g._shape[n], np.shape(v), strict=True)]
    while any(shapes.solve(s, number, known) for s, number in left if shapes.names_of(s)):
        pass
    return known
