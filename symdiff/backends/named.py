"""Lowering by name: a program as a pure function over another library's arrays, op by op.

A library is a table {op name: function}; what `add` and `contract` mean is written once, in the few array
functions that all libraries share.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from .. import shapes
from ..errors import InputError
from ..ops.products import ADD, CONTRACT, einsum_text
from ..program import Program, label

Table = Mapping[str, Callable[..., Any]]


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


def pure_function(
    program: Program, library: str, table: Table, unsupported: Mapping[str, str], xp: Arrays
) -> Callable[..., list[Any]]:
    """``pure(*arrays) -> list of arrays``: the program's instructions by the functions of a table.

    Raises InputError when an op is missing there.
    """
    g = program.graph
    functions = {}
    for op in {i.op for i in program.instructions} - {ADD, CONTRACT}:
        if op.name not in table or op.name in unsupported:
            reason = unsupported.get(op.name, "an op of your own; only numpy evaluates it")
            at = next(i.node for i in program.instructions if i.op is op)
            raise InputError(f"the {library} backend has no {op.name!r} ({label(g, at)}): {reason}")
        functions[op] = table[op.name]

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
                values[n] = functions[op](*xs, *params)
        return [values[n] for n in program.outputs]

    return pure


def _add(xs: Sequence[Any], coefficients: Sequence[Any], dtypes: Sequence[str], xp: Arrays) -> Any:
    total = None
    for x, c, dtype in zip(xs, coefficients, dtypes, strict=True):
        x = xp.cast(x, "int64") if dtype == "bool" else x
        term = (
            x
            if c == 1
            else -x
            if c == -1
            else xp.scale(x, c if isinstance(c, int) and abs(c) < 2**31 else float(c))
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
