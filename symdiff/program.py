"""Graph slice -> linear `Program`: the one input of all backends, and the reference interpreter that defines its meaning."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from . import constants, shapes
from .errors import InputError
from .expr import Expr
from .graph import CONSTANT, SIZE, VARIABLE, Graph
from .op import Op


class Instruction(NamedTuple):
    """``node = op(*inputs, *params)``; inputs are node ids. Sizes in `params` may be symbolic until `resolved`."""

    op: Op
    node: int
    inputs: tuple[int, ...]
    params: tuple


@dataclass(frozen=True, eq=False)
class Program:
    """The nodes that compute `outputs` from `inputs`, in order, with the constants set apart.

    inputs        node ids whose values are given, in calling order
    outputs       node ids whose values are wanted
    instructions  one per computed node, operands before consumers
    constants     {node: numpy value}; size leaves are in `sizes`
    last_use      {node: index of the last instruction that reads it}, outputs excluded
    """

    graph: Graph
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    instructions: tuple[Instruction, ...]
    constants: Mapping[int, Any]
    sizes: Mapping[int, str]
    last_use: Mapping[int, int] = field(default_factory=dict)

    def resolved(self, known: Mapping[str, int]) -> tuple[Instruction, ...]:
        """The instructions with every symbolic size in their parameters made a number."""
        return tuple(
            i._replace(params=shapes.resolve_all(i.params, known)) if i.op.sized else i for i in self.instructions
        )

    def bind(self, arrays: Sequence[Any]) -> dict[str, int]:
        """The values of the named sizes, from the inputs' arrays; InputError where a shape does not fit."""
        known: dict[str, int] = {}
        g = self.graph
        for n, array in zip(self.inputs, arrays, strict=True):
            shapes.bind(g._shape[n], np.shape(array), known, f"the input {label(g, n)!r}")
        for n, array in zip(self.inputs, arrays, strict=True):
            expected = tuple(shapes.resolve(s, known) for s in g._shape[n])
            if expected != np.shape(array):
                raise InputError(f"the input {label(g, n)!r} has shape {np.shape(array)}, expected {expected}")
        return known


def label(g: Graph, n: int) -> str:
    """How messages call a node: its variable's name, its given name, or its number."""
    return g._params[n][0] if g._op[n] is VARIABLE else g.names.get(n, f"node {n}")


def build_program(g: Graph, inputs: Sequence[int], outputs: Sequence[int]) -> Program:
    """The program of the slice from `inputs` to `outputs`. InputError names the variables that are missing."""
    given = set(inputs)
    seen = set(outputs)
    stack = [n for n in seen if n not in given]
    while stack:
        for i in g._inputs[stack.pop()]:
            if i not in seen:
                seen.add(i)
                if i not in given:
                    stack.append(i)
    instructions, values, sizes, last_use, missing = [], {}, {}, {}, []
    for n in sorted(seen - given):
        op = g._op[n]
        if op is VARIABLE:
            missing.append(g._params[n][0])
        elif op is CONSTANT:
            values[n] = constants.evaluate(*g._params[n])
        elif op is SIZE:
            sizes[n] = g._params[n][0]
        else:
            for i in g._inputs[n]:
                last_use[i] = len(instructions)
            instructions.append(Instruction(op, n, g._inputs[n], g._params[n]))
    if missing:
        raise InputError(f"missing value(s) for {', '.join(missing)}")
    for n in outputs:
        last_use.pop(n, None)
    return Program(g, tuple(inputs), tuple(outputs), tuple(instructions), values, sizes, last_use)


def interpret(program: Program, arrays: Sequence[Any]) -> list[Any]:
    """The values of the program's outputs by numpy, one instruction after the other: the meaning all backends agree with."""
    known = program.bind(arrays)
    values: dict[int, Any] = dict(zip(program.inputs, arrays, strict=True))
    values.update(program.constants)
    values.update({n: shapes.resolve(s, known) for n, s in program.sizes.items()})
    last_use = program.last_use
    with np.errstate(all="ignore"):
        for k, (op, n, inputs, params) in enumerate(program.resolved(known)):
            values[n] = op.meaning()(*[values[i] for i in inputs], *params)
            for i in inputs:
                if last_use.get(i) == k:
                    values.pop(i, None)
    return [np.asarray(values[n]) for n in program.outputs]


def as_array(value: Any, g: Graph, n: int) -> np.ndarray:
    """A given value as the array of an input; complex and textual values are refused, its type is made the declared one."""
    what = f"the input {label(g, n)!r}"
    if isinstance(value, Expr):
        raise InputError(f"{what} is given the symbolic {value!r}; a number or an array is needed")
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise InputError(f"{what}: {error}") from error
    if array.dtype.kind == "c":
        raise InputError(f"{what} is complex: split into real and imaginary parts")
    if array.dtype.kind not in "fiub":
        raise InputError(f"{what} has the type {array.dtype}, which is no number")
    dtype = g._dtype[n]
    if array.dtype.name == dtype:
        return array
    if dtype in ("int64", "int32", "bool") and array.dtype.kind == "f":
        if not np.all(array == np.floor(array)):
            raise InputError(f"{what} is declared {dtype} but has values that are no integers")
    return array.astype({"int": "int64", "float": "float64"}.get(dtype, dtype))


def evaluate(outputs: Any, values: Mapping[Any, Any]) -> Any:
    """The numpy values of expressions at given inputs.

    outputs  an Expr, or a list, tuple or dict of them; the result mirrors it
    values   {name or Expr: number or array}; an interior Expr may be given too. Named sizes follow from the shapes.

    Raises InputError for a missing, unknown or misshapen input.

    >>> import symdiff as sd
    >>> f = sd.parse("x @ x + a", x="n")
    >>> sd.evaluate(f, {"x": [1.0, 2.0], "a": 0.5}).item()
    5.5
    """
    leaves = list(outputs.values()) if isinstance(outputs, Mapping) else list(outputs) if isinstance(outputs, (list, tuple)) else [outputs]
    if not leaves:
        return outputs
    for e in leaves:
        if not isinstance(e, Expr):
            raise InputError(f"evaluate: expected an expression, got {type(e).__name__}")
        if e.graph is not leaves[0].graph:
            raise InputError("evaluate: the outputs belong to different graphs")
    g = leaves[0].graph
    given: dict[int, Any] = {}
    for key, value in values.items():
        if isinstance(key, str):
            if key not in g._variables:
                raise InputError(f"{key!r} is no variable of this graph; it has {', '.join(g._variables) or 'none'}")
            n = g._variables[key]
        elif isinstance(key, Expr) and key.graph is g:
            n = key.node
        else:
            raise InputError(f"evaluate: {key!r} is neither a name nor an expression of this graph")
        given[n] = as_array(value, g, n)
    program = build_program(g, list(given), [e.node for e in leaves])
    results = interpret(program, list(given.values()))
    if isinstance(outputs, Mapping):
        return dict(zip(outputs, results, strict=True))
    return type(outputs)(results) if isinstance(outputs, (list, tuple)) else results[0]
