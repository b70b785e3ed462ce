"""What an op is on the values of `ir`, found from its record: a formula of `elementary`, the C library's function that
the record names, scipy's function of numbers, or its composition from simpler ops."""

import ctypes
import inspect
import math
from collections.abc import Callable
from functools import cache, reduce
from operator import and_
from typing import Any

import numpy as np

from .. import constants, machine
from ..graph import CONSTANT, VARIABLE, Graph
from ..lazy import module, resolve
from ..op import OPS, Op, intervals
from ..ops import LIBRARY
from ..ops.elementwise import pow_op
from ..ops.products import ADD, CONTRACT
from . import arcs, elementary, erf, ir  # noqa: F401 each adds formulas
from .ir import Value

_CALLBACKS: list[Any] = []  # functions of ctypes that code calls: they must live


def arity(name: str) -> int:
    formula = elementary.FORMULAS.get(name)
    return len(inspect.signature(formula.of).parameters) if formula is not None else OPS[name].arity or 0


def c_name(op: Op) -> str:
    """The function of the C library that the record names, if it is there."""
    name = op.names.get("libm", "")
    return name if name and (machine.unavailable() or machine.symbol(name)) else ""


def is_scipys(op: Op) -> bool:
    return isinstance(op.evaluate, str) and op.evaluate.startswith("scipy.special:")


def functions() -> list[str]:
    """All that can be opcodes, by their number of operands; ops of the user, whose code can't be kept, are none."""
    found = dict.fromkeys(elementary.FORMULAS)
    for op in map(OPS.__getitem__, LIBRARY):
        plain = op.elementwise and op.normalise is None and 0 < (op.arity or 0) <= 3
        if plain and _is_code(op.name):
            found[op.name] = None
    return sorted(found, key=arity)


def _is_code(name: str) -> bool:
    """It is a formula, a function of C or of scipy, or composed of such."""
    op = OPS.get(name)
    if name in elementary.FORMULAS or op is None or is_scipys(op) or c_name(op):
        return True
    return op.elementwise and op.composition is not None and all(map(_is_code, _ops_within(op)))


def apply(name: str, *xs: Value) -> Value:
    """The op of this name on values."""
    body = xs[0].body
    formula = elementary.FORMULAS.get(name)
    if formula is not None:
        with body.flagged(formula.flags):
            return formula.of(*xs)
    op = OPS[name]
    if c_name(op):
        return body.call(c_name(op), xs)
    if is_scipys(op):
        return _of_scipy(op, xs)
    return _composed(op, xs)


def _of_scipy(op: Op, xs: tuple[Value, ...]) -> Value:
    """scipy's function, asked within reach."""
    body, no_dispatch = xs[0].body, xs[0].body.ir.Constant(xs[0].body.ir.IntType(32), 0)
    if not op.reach:
        return body.call(op.evaluate, xs, no_dispatch)
    inside = reduce(and_, [(low <= x) & (x <= high) for x, (low, high) in zip(xs, intervals(op.reach), strict=True)])
    value = body.call(op.evaluate, [ir.where(inside, x, 1.0) for x in xs], no_dispatch)
    return ir.where(inside, value, math.nan)


def _composed(op: Op, xs: tuple[Value, ...]) -> Value:
    """The composition of the record, node by node: no program, for in one it would be spelled as the op again."""
    g, variables, result = _composition(op)
    values, known = dict(zip(variables, xs, strict=True)), dict[int, Any]()
    for n in g.ancestors([result]):
        if g._op[n] is CONSTANT:
            known[n] = constants.evaluate(*g._params[n])
            values[n] = xs[0].body.number(float(known[n]))
        elif n not in values:
            inputs = g._inputs[n]
            values[n] = _instruction(g._op[n], [values[i] for i in inputs], g._params[n], known.get(inputs[-1]))
    return values[result]


@cache
def _composition(op: Op) -> tuple[Graph, list[int], int]:
    """(graph, variables, the node of the composition)"""
    g = Graph()
    variables = g.variables([f"x{k}" for k in range(op.arity or 0)])
    return g, [v.node for v in variables], op.composition(*variables).node  # type: ignore[misc]


def _instruction(op: Op, xs: list[Value], params: tuple, constant: Any) -> Value:
    """An instruction on scalars; the value of its last operand, if that is a constant."""
    if op is ADD:
        terms = [x if c == 1 else -x if c == -1 else x * constants.as_float(c) for x, c in zip(xs, params, strict=True)]
        return sum(terms[1:], terms[0])
    if op is CONTRACT:
        result = xs[0]
        for x in xs[1:]:
            result = result * x
        return result
    if op is pow_op and constant in POWERS:
        return _chain(POWERS[constant], xs[0])
    return apply(spelled(op.name), *(xs[::-1] if op.name.startswith("greater") else xs))


def _chain(names: tuple[str, ...], x: Value) -> Value:
    for name in names:
        x = apply(name, x)
    return x


# exponents that are products, as opcodes one after the other
POWERS: dict[Any, tuple[str, ...]] = {
    2: ("square",), 3: ("cube",), 4: ("square", "square"), -1: ("reciprocal",), -2: ("square", "reciprocal"),
}  # fmt: skip


def spelled(name: str) -> str:
    return {"divide": "div", "multiply": "mul", "greater": "less", "greater_equal": "less_equal"}.get(name, name)


def is_inline(name: str) -> bool:
    """Its code calls nothing, so that LLVM vectorises a loop of it."""
    op = OPS.get(name)
    if name in elementary.FORMULAS or op is None:
        return True
    return not c_name(op) and _is_code(name) and not is_scipys(op) and all(map(is_inline, _ops_within(op)))


@cache
def cost(name: str) -> int:
    """What an entry takes, in additions; a function of another library as much as one of ours."""
    if name in elementary.FORMULAS:
        return elementary.FORMULAS[name].cost
    op = OPS.get(name)
    if op is None or not op.elementwise or op.composition is None or c_name(op) or is_scipys(op):
        return elementary.ANALYTIC
    return sum(map(cost, _ops_within(op)))


def needs(name: str) -> None:
    """Make known to the linker what the code of this op calls: a function of scipy, or, where scipy has it for arrays
    alone, one that calls back."""
    op = OPS.get(name)
    if op is None or not op.elementwise or name in elementary.FORMULAS or c_name(op):
        return
    if not is_scipys(op):
        for inner in _ops_within(op):
            needs(inner)
    elif not machine.symbol(op.evaluate):
        machine.define(op.evaluate, _scipys(op) or _called_back(op))


@cache
def _ops_within(op: Op) -> tuple[str, ...]:
    g, _, result = _composition(op)
    ops = {g._op[n] for n in g.ancestors([result])} - {VARIABLE, CONSTANT, ADD, CONTRACT}
    return tuple(sorted(spelled(op.name) for op in ops))


def _scipys(op: Op) -> int:
    """The address of the function of float64s that scipy compiled for Cython, 0 if it has none."""
    table = module("scipy.special.cython_special").__pyx_capi__
    name = resolve(op.evaluate).__name__
    wanted = f"double ({'double, ' * (op.arity or 0)}int __pyx_skip_dispatch)".encode()
    pointer, described = ctypes.pythonapi.PyCapsule_GetPointer, ctypes.pythonapi.PyCapsule_GetName
    pointer.restype, pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    described.restype, described.argtypes = ctypes.c_char_p, [ctypes.py_object]
    for key in (name, f"__pyx_fuse_0{name}", f"__pyx_fuse_1{name}"):
        if key in table and described(table[key]) == wanted:
            return pointer(table[key], wanted)
    return 0


def _called_back(op: Op) -> int:
    """The address of a function that calls scipy's ufunc."""
    function: Callable[..., Any] = resolve(op.evaluate)
    kind = ctypes.CFUNCTYPE(ctypes.c_double, *[ctypes.c_double] * (op.arity or 0), ctypes.c_int)

    def call(*xs: float) -> float:
        with np.errstate(all="ignore"):
            return float(function(*xs[:-1]))

    made = kind(call)
    _CALLBACKS.append(made)
    return ctypes.cast(made, ctypes.c_void_p).value or 0
