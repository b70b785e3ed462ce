"""Lowering by name: a program as a pure function over another library's arrays, op by op.

What `add` and `contract` mean is written once, in the few array functions that all libraries share. Any other op is, in
this order, what the library's file writes for it, the function that its record names (or of its own name), what its
record says it is composed of, or its numpy meaning called back, with a derivative of our own.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Protocol

import numpy as np

from .. import shapes
from ..calculus import jvp, vjp
from ..constants import as_float
from ..expr import Expr
from ..graph import Graph
from ..op import Op
from ..ops.guard import guard_op
from ..ops.integers import floor_divide, fmod, remainder
from ..ops.products import ADD, CONTRACT, einsum_text
from ..program import Instruction, Program, build_program, label

Table = Mapping[Op, Callable[..., Any]]
WHOLE = floor_divide, remainder, fmod  # numpy says what they are by 0


class Arrays(Protocol):
    """The array functions that `add` and `contract` are made of."""

    def einsum(self, text: str, *xs: Any) -> Any: ...
    def permute(self, x: Any, order: Sequence[int]) -> Any: ...
    def broadcast(self, x: Any, shape: Sequence[int]) -> Any: ...
    def sum(self, x: Any, axes: tuple[int, ...]) -> Any: ...
    def where(self, c: Any, x: Any, y: Any) -> Any: ...
    def unit(self, n: int) -> Any:
        """The identity matrix as booleans."""

    def constant(self, value: Any, dtype: str, shape: tuple[int, ...]) -> Any:
        """A constant as an operand: a value without a type follows the other operands."""

    def array(self, x: Any) -> Any:
        """A constant as an array of the library."""

    def scale(self, x: Any, c: int | float) -> Any: ...
    def cast(self, x: Any, dtype: str) -> Any: ...


class Library(Protocol):
    """Another library: its name, its main module, the modules where names are looked up, the ops that its file writes,
    its arrays."""

    name: str
    module: Any
    written: Any
    spaces: Any
    arrays: Any

    def adapted(self, f: Callable[..., Any], op: Op) -> Callable[..., Any]:
        """A function of the library as the meaning of an op of the same name."""

    def called_back(self, call: "Callback") -> Callable[..., Any]:
        """A numpy function as one of the library, with its derivative."""


def pure_function(program: Program, library: Library) -> Callable[..., list[Any]]:
    """``pure(*arrays) -> list of arrays``: the program's instructions by the functions of a library."""
    g, xp = program.graph, library.arrays
    functions = {i.node: lowered(library, g, i) for i in program.instructions if i.op not in (ADD, CONTRACT)}

    def pure(*arrays: Any) -> list[Any]:
        known = program.bind(arrays)
        values: dict[int, Any] = dict(zip(program.inputs, arrays, strict=True))
        for n, value in program.constants.items():
            values[n] = xp.constant(value, g._dtype[n], np.shape(value))
        for n, size in program.sizes.items():
            values[n] = xp.constant(shapes.resolve(size, known), "int", ())
        for op, n, inputs, params in program.resolved(known):
            xs = [values[i] for i in inputs]
            if op is ADD:
                values[n] = _add(xs, params, [g._dtype[i] for i in inputs], xp)
            elif op is CONTRACT:
                xs = [
                    xp.cast(x, "int64") if g._dtype[i] == "bool" and g._dtype[n] != "bool" else x
                    for x, i in zip(xs, inputs, strict=True)
                ]
                values[n] = contract(xp, xs, *params)
            else:
                values[n] = functions[n](*xs, *params)
        return [values[n] for n in program.outputs]

    return pure


def lowered(library: Library, g: Graph, step: Instruction) -> Callable[..., Any]:
    """``f(*operands, *params)``: an instruction in terms of the library."""
    op = step.op
    if op in library.written:
        return library.written[op]
    spelled = op.names.get(library.name, "" if op.foreign else op.name)
    if callable(spelled):
        return library.adapted(partial(spelled, library.module), op)
    found = next((getattr(space, spelled) for space in library.spaces if spelled and hasattr(space, spelled)), None)
    if found is not None:
        return library.adapted(found, op)
    dtypes = tuple(g._dtype[i] for i in step.inputs)
    made: dict[tuple, Callable[..., Any]] = {}

    def apply(*args: Any) -> Any:
        xs, params = args[: len(dtypes)], args[len(dtypes) :]
        key = (tuple(tuple(np.shape(x)) for x in xs), params)
        if key not in made:
            template = Template(op, params, key[0], dtypes)
            composed = template.composed(library) if op.composition else None
            made[key] = composed or library.called_back(Callback(template, library))
        return made[key](*xs)

    return apply


class Template:
    """An op of operands of known shapes, in a graph of its own with a variable for each operand."""

    def __init__(self, op: Op, params: tuple, operands: Sequence[tuple[int, ...]], dtypes: Sequence[str]):
        self.op, self.params, self.graph = op, params, Graph()
        strong = {"int": "float64", "float": "float64"}
        self.operands = [
            self.graph.variable(f"x{k}", shape, dtype=strong.get(dtype, dtype))
            for k, (shape, dtype) in enumerate(zip(operands, dtypes, strict=True))
        ]

    def program(self, outputs: Sequence[Expr], more: Sequence[Expr] = ()) -> Program:
        inputs = [x.node for x in (*self.operands, *more)]
        return build_program(self.graph, inputs, [y.node for y in outputs], as_written=True)

    def composed(self, library: Library) -> Callable[..., Any]:
        """The op by its record's composition."""
        pure = pure_function(self.program([self.op.composition(*self.operands, *self.params)]), library)  # type: ignore
        return lambda *xs: pure(*xs)[0]


class Callback:
    """A numpy meaning for a library that has nothing of the kind, and its derivatives as functions of that library.

    shape, dtype  what its value has
    """

    def __init__(self, template: Template, library: Library):
        self.template, self.library = template, library
        first, *_ = template.operands
        self.y = first.apply(template.op, template.operands, template.params)
        self.shape, self.dtype = self.y.shape, self.y.dtype

    def value(self, *arrays: Any) -> np.ndarray:
        """The meaning, as an array of the promised type."""
        given = [np.asarray(a) for a in arrays]
        return np.asarray(self.template.op.meaning()(*given, *self.template.params), dtype=self.dtype)

    def tangent(self, moving: Sequence[int]) -> Callable[..., Any]:
        """``f(*operands, *tangents of the moving operands)``"""
        xs = [self.template.operands[k] for k in moving]
        ts = [self.template.graph.variable(f"t{k}", x.shape, dtype=x.dtype) for k, x in zip(moving, xs, strict=True)]
        y = jvp(self.y, dict(zip(xs, ts, strict=True)))
        pure = pure_function(self.template.program([y], ts), self.library)
        return lambda *args: pure(*args)[0]

    def cotangents(self, moving: Sequence[int]) -> Callable[..., list[Any]]:
        """``f(*operands, cotangent)``: one for each moving operand."""
        ct = self.template.graph.variable("ct", self.shape, dtype=self.dtype)
        found = vjp(self.y, [self.template.operands[k] for k in moving], ct)
        return pure_function(self.template.program(found, [ct]), self.library)


def with_guards(program: Program) -> tuple[Program, list[tuple]]:
    """(the program with the conditions of its guards behind its outputs, what is told of each): code that is compiled
    can't raise, so that its caller looks at them."""
    guards = [i for i in program.instructions if i.op is guard_op]
    told = [t for i in guards for t in i.params[0]]
    return replace(program, outputs=(*program.outputs, *(n for i in guards for n in i.inputs[1:]))), told


def checked(values: Sequence[Any], told: Sequence[tuple]) -> Sequence[Any]:
    """The outputs, without the conditions behind them, all of which hold."""
    if told:
        guard_op.meaning()(None, *map(np.asarray, values[-len(told) :]), told)
    return values[: len(values) - len(told)]


def _add(xs: Sequence[Any], coefficients: Sequence[Any], dtypes: Sequence[str], xp: Arrays) -> Any:
    total = None
    for x, c, dtype in zip(xs, coefficients, dtypes, strict=True):
        x = xp.cast(x, "int64") if dtype == "bool" else x
        term = (
            x
            if c == 1
            else -x
            if c == -1
            else xp.scale(x, c if isinstance(c, int) and abs(c) < 2**31 else as_float(c))
        )
        total = term if total is None else total + term
    return total


def contract(
    xp: Arrays, xs: Sequence[Any], labels: Sequence[Sequence], out: Sequence, free: Sequence[tuple[Any, int]]
) -> Any:
    """``y[out] = sum of prod x[labels]``: a broadcast product, a plain sum, or an einsum, whichever it is."""
    sizes = {
        i: s for ls, x in zip(labels, xs, strict=True) for i, s in zip(ls, np.shape(x), strict=True)
    } | dict(free)
    unique = list(dict.fromkeys(out))
    carried = {i for ls in labels for i in ls}
    core = [i for i in unique if i in carried]
    distinct = all(len(set(ls)) == len(ls) for ls in labels)
    if not xs:
        value = xp.constant(1, "int", ())
    elif distinct and carried <= set(core):
        value = None
        for x, ls in zip(xs, labels, strict=True):
            x = _aligned(xp, x, ls, core if len(xs) > 1 else [i for i in core if i in ls])
            value = x if value is None else value * x
    elif distinct and len(xs) == 1:
        gone = tuple(k for k, i in enumerate(labels[0]) if i not in core)
        value = _aligned(xp, xp.sum(xs[0], gone), [i for i in labels[0] if i in core], core)
    else:
        text = einsum_text((tuple(map(tuple, labels)), tuple(core), ()))
        value = xp.einsum(text, *xs)
    if core == list(out):
        return value
    value = xp.array(value)[tuple([slice(None) if i in carried else None for i in unique])]
    full = xp.broadcast(value, [sizes[i] for i in unique])
    if len(unique) == len(out):
        return full
    first = {i: k for k, i in reversed(list(enumerate(out)))}
    full = full[tuple([slice(None) if first[i] == k else None for k, i in enumerate(out)])]
    for k, i in enumerate(out):  # a label that repeats: a unit tensor
        if first[i] != k:
            at = [None] * len(out)
            at[first[i]] = at[k] = slice(None)  # type: ignore[call-overload]
            full = xp.where(xp.unit(sizes[i])[tuple(at)], full, 0)
    return full


def _aligned(xp: Arrays, x: Any, labels: Sequence, out: Sequence) -> Any:
    """Axes in the order of `out`, with axes of size 1 for the labels that x has not."""
    here = [i for i in out if i in labels]
    if list(labels) != here:
        x = xp.permute(x, [list(labels).index(i) for i in here])
    if len(here) == len(out):
        return x
    while out and out[0] not in labels:  # leading axes come by broadcasting
        out = out[1:]
    return x[tuple([slice(None) if i in labels else None for i in out])] if len(here) < len(out) else x


def listing(program: Program, library: str) -> str:
    """What the pure function does, one instruction a line."""
    g = program.graph
    lines = [f"# {library}: {', '.join(label(g, n) for n in program.inputs)}"]
    for i in program.instructions:
        operands = ", ".join([f"v{k}" for k in i.inputs] + [repr(p) for p in i.params])
        lines.append(f"v{i.node} = {i.op.name}({operands})")
    return "\n".join([*lines, f"return {', '.join(f'v{n}' for n in program.outputs)}"])
