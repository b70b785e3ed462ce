"""Graph slice -> linear `Program`: the one input of all backends, and the reference interpreter that defines
its meaning."""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from types import MappingProxyType
from typing import Any, NamedTuple, NoReturn

import numpy as np

from . import constants, shapes
from .containers import leaves, mirrored
from .errors import InputError, MatrixError, SymdiffError
from .expr import Expr
from .graph import CONSTANT, MANY, SIZE, VARIABLE, Graph
from .invariants import check_program, stage
from .lazy import cached_property
from .op import FOREIGN, Op, provided
from .ops.control import shown_as
from .ops.products import ADD, CONTRACT
from .ops.sparse import is_sparse
from .sparse import applied, canonical, with_data
from .stable import stable


class Instruction(NamedTuple):
    """``node = op(*inputs, *params)``; inputs are node ids. Sizes in `params` may be symbolic until
    `resolved`."""

    op: Op
    node: int
    inputs: tuple[int, ...]
    params: tuple


ENTRIES = 1 << 18  # of an array for which a run is planned
LISTED = 200  # lines of a program that are printed from either end


@dataclass(frozen=True, eq=False, repr=False)
class Program:
    """The nodes that compute `outputs` from `inputs`, in order, with the constants set apart.

    inputs        node ids whose values are given, in calling order
    outputs       node ids whose values are wanted
    nodes         the nodes that are computed, operands before consumers
    constants     {node: numpy value}; size leaves are in `sizes`
    known         sizes that are given and need no input to show them
    bounds        [(node, low, high, size)]: parts of named axes that lie inside them
    """

    graph: Graph
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    nodes: np.ndarray
    constants: Mapping[int, Any]
    sizes: Mapping[int, str]
    known: Mapping[str, int] = field(default_factory=dict)
    bounds: tuple[tuple[int, shapes.Size, shapes.Size, shapes.Size], ...] = ()

    @cached_property
    def instructions(self) -> tuple[Instruction, ...]:
        """One per computed node."""
        return tuple(map(self.instruction, self.nodes.tolist()))

    def instruction(self, n: int) -> Instruction:
        """What computes node n."""
        g = self.graph
        if g._op[n] is shown_as:  # formulas show another
            axes = tuple(range(len(g._shape[n])))
            return Instruction(CONTRACT, n, g._inputs[n][:1], ((axes,), axes, ()))
        return Instruction(g._op[n], n, g._inputs[n], g._params[n])

    @cached_property
    def last_use(self) -> Mapping[int, int]:
        """{node: index of the last instruction that reads it}, outputs excluded"""
        last = {i: k for k, step in enumerate(self.instructions) for i in step.inputs}
        outputs = set(self.outputs)
        return {n: k for n, k in last.items() if n not in outputs}

    def __repr__(self) -> str:
        names = ", ".join(label(self.graph, n) for n in self.inputs) or "nothing"
        return f"<program: {names} -> {len(self.outputs)} output(s), {len(self.nodes)} instructions>"

    def __str__(self) -> str:
        """One instruction a line, with shapes; of long programs the beginning and the end."""
        g, between = self.graph, len(self.instructions) - 2 * LISTED
        short = {n: label(g, n).replace("node ", "t") for n in self.inputs}
        for n, value in self.constants.items():
            short[n] = str(value) if np.ndim(value) == 0 else f"constant{list(value.shape)}"
        short.update(self.sizes)
        lines = [f"input {short[n]}: {g._dtype[n]} {shapes.text(g._shape[n])}" for n in self.inputs]
        listed = self.instructions if between <= 0 else self.instructions[:LISTED] + self.instructions[-LISTED:]
        for k, (op, n, inputs, params) in enumerate(listed):
            if between > 0 and k == LISTED:
                lines.append(f"    ... {between} lines ...")
            operands = [short.get(i, f"t{i}") for i in inputs]
            shape = shapes.text(g._shape[n]) if type(g._shape[n]) is tuple else "several results"
            lines.append(f"t{n} = {instruction_text(op, operands, params)}  # {shape}")
        return "\n".join([*lines, f"return {', '.join(short.get(n, f't{n}') for n in self.outputs)}"])

    def resolved(self, known: Mapping[str, int]) -> tuple[Instruction, ...]:
        """The instructions with every symbolic size in their parameters made a number."""
        return tuple(
            i._replace(params=shapes.resolve_all(i.params, known)) if i.op.sized else i
            for i in self.instructions
        )

    def bind(self, arrays: Sequence[Any]) -> dict[str, int]:
        """The values of the named sizes, from the inputs' arrays; InputError where a shape does not fit."""
        known: dict[str, int] = dict(self.known)
        g = self.graph
        for n, array in zip(self.inputs, arrays, strict=True):
            shapes.bind(g._shape[n], np.shape(array), known, f"the input {label(g, n)!r}")
        left = [
            (size, number) for n, array in zip(self.inputs, arrays, strict=True)
            for size, number in zip(g._shape[n], np.shape(array), strict=True)
            if not isinstance(size, int) and size not in known
        ]  # fmt: skip
        while any(shapes.solve(size, number, known) for size, number in left):
            pass
        for n, array in zip(self.inputs, arrays, strict=True):
            try:
                expected = tuple(shapes.resolve(s, known) for s in g._shape[n])
            except InputError as error:
                given, wanted = np.shape(array), shapes.text(g._shape[n])
                raise InputError(f"the input {label(g, n)!r} has shape {given}, expected {wanted}: {error}") from None
            if expected != np.shape(array):
                raise InputError(
                    f"the input {label(g, n)!r} has shape {np.shape(array)}, expected {expected}"
                )
        for n, *sizes in self.bounds:
            low, high, size = (shapes.resolve(s, known) for s in sizes)
            if not 0 <= low <= high <= size:
                names = dict.fromkeys(name for s in sizes for name in shapes.names_of(s))
                given = " and ".join(f"{name} = {known[name]}" for name in names)
                raise InputError(
                    f"{g.operation(n)} (node {n}): the entries from {sizes[0]} up to {sizes[1]} do not lie in an axis "
                    f"of size {sizes[2]}, with {given}"
                )
        return known


def instruction_text(op: Op, operands: Sequence[str], params: tuple) -> str:
    if op is ADD:
        terms = [
            x if c == 1 else f"-{x}" if c == -1 else f"{c}*{x}" for c, x in zip(params, operands, strict=True)
        ]
        return " + ".join(terms).replace("+ -", "- ")
    if op is CONTRACT:
        labels, out, _ = params
        letters = lambda ls: "".join(chr(97 + i) if i < 26 else f"({i})" for i in ls)  # noqa: E731
        text = f"{','.join(map(letters, labels))}->{letters(out)}"
        return f"contract({', '.join([repr(text), *operands])})"
    return f"{op.name}({', '.join([*operands, *map(str, params)])})"


def label(g: Graph, n: int) -> str:
    """How messages call a node: its variable's name, its given name, or its number."""
    return g._params[n][0] if g._op[n] is VARIABLE else g.names.get(n, f"node {n}")


@stage(check_program)
def build_program(g: Graph, inputs: Sequence[int], outputs: Sequence[int], as_written: bool = False) -> Program:
    """The program of the slice from `inputs` to `outputs`, in stable spellings unless it is wanted as it is written (a
    composition would be spelled as the op that it stands for). InputError names the missing variables."""
    g = copy.deepcopy(g) if g.frozen else g  # stable spellings are nodes too
    outputs = outputs if as_written else stable(g, inputs, outputs)
    given = set(inputs)
    nodes = _slice(g, given, outputs)
    leaves: list[int] = []
    values: dict[int, Any] = {}
    sizes, missing, bounds = {}, [], []
    for n in _apart(g, nodes):
        op = g._op[n]
        if op.bounds is not None:
            operands = g._inputs[n]
            limits = op.bounds(g._params[n], [g._shape[i] for i in operands], [values.get(i) for i in operands])
            bounds += [(n, *limit) for limit in limits]
            continue
        if op is VARIABLE:
            missing.append(g._params[n][0])
        elif op is CONSTANT:
            values[n] = constants.evaluate(*g._params[n])
        elif op is SIZE:
            sizes[n] = g._params[n][0]
        else:
            continue
        leaves.append(n)
    if missing:
        raise InputError(f"missing value(s) for {', '.join(missing)}")
    computed = np.delete(nodes, np.searchsorted(nodes, leaves))
    return Program(g, tuple(inputs), tuple(outputs), computed, values, sizes, bounds=tuple(bounds))


def _slice(g: Graph, given: set[int], outputs: Sequence[int]) -> np.ndarray:
    """What outputs depend on down to what is given, which is left out, in creation order."""
    marked = bool(g._ids.get(shown_as))
    seen = set(outputs)
    stack = [n for n in seen if n not in given]
    while stack:
        if len(seen) > MANY and not marked:
            return g.columns().slice(given, outputs)
        n = stack.pop()
        for i in _value(g, n) if marked else g._inputs[n]:
            if i not in seen:
                seen.add(i)
                if i not in given:
                    stack.append(i)
    return np.array(sorted(seen - given), np.int64)


def _apart(g: Graph, nodes: np.ndarray) -> list[int]:
    """The nodes that are no instruction, or are one with bounds: few of many."""
    if len(nodes) <= MANY:
        return [n for n in nodes.tolist() if not g._inputs[n] or g._op[n].bounds is not None]
    columns = g.columns()
    is_apart = columns.of_ops(lambda op: op.arity == 0 or op.bounds is not None)
    return nodes[is_apart[columns.ops[nodes]] != 0].tolist()


def _value(g: Graph, n: int) -> tuple[int, ...]:
    """The operands that the value of a node needs: not what formulas show for it."""
    return g._inputs[n][: 1 if g._op[n] is shown_as else None]


def interpret(program: Program, arrays: Sequence[Any]) -> list[Any]:
    """The values of the program's outputs by numpy, one instruction after the other: the meaning all backends
    agree with."""
    known = program.bind(arrays)
    values: dict[int, Any] = dict(zip(program.inputs, arrays, strict=True))
    values.update(program.constants)
    values.update({n: shapes.resolve(s, known) for n, s in program.sizes.items()})
    last_use, dtype_of = program.last_use, program.graph._dtype
    stored = any(map(is_sparse, arrays))
    with np.errstate(all="ignore"):
        for k, (op, n, inputs, params) in enumerate(program.resolved(known)):
            try:
                operands = [values[i] for i in inputs]
                value = applied(op, operands, params) if stored else op.meaning()(*operands, *params)
            except SymdiffError:
                raise
            except np.linalg.LinAlgError as error:
                raise MatrixError(f"{op.name} (node {n}): {error}") from error
            except FOREIGN as error:  # numpy's, of a position beyond its axis, an empty one, a number that is too large
                raise InputError(f"{op.name} (node {n}): {error}") from error
            values[n] = value if dtype_of[n] == "float64" else typed(value, dtype_of[n])
            for i in inputs:
                if last_use.get(i) == k:
                    values.pop(i, None)
    # numbers without a type of their own come out as float64, so that a gradient never is an integer array
    return [
        values[n]
        if stored and is_sparse(values[n])
        else np.asarray(values[n], "float64" if dtype_of[n] in ("int", "float") else None)
        for n in program.outputs
    ]


def told(program: Program, arrays: Sequence[Any], error: Exception) -> NoReturn:
    """Raises an error of a backend's as one of ours: the interpreter's, which names the node."""
    if isinstance(error, SymdiffError):
        raise error
    interpret(program, arrays)
    raise (MatrixError if isinstance(error, np.linalg.LinAlgError) else InputError)(str(error)) from error


def typed(value: Any, dtype: str) -> Any:
    """A value in its declared type: numbers without a type stay Python's, single precision is kept."""
    if dtype in ("int", "float"):
        return value.item() if isinstance(value, (np.ndarray, np.generic)) and value.ndim == 0 else value
    if dtype != "float32" or is_sparse(value):
        return value
    return tuple([np.asarray(v, dtype) for v in value]) if isinstance(value, tuple) else np.asarray(value, dtype)


def split(program: Program, fixed: Sequence[int]) -> tuple[Program, Program]:
    """(head, tail) of a program of which the inputs `fixed` don't change: the head computes, once, every node
    that depends on them alone and that the rest reads; the tail takes the other inputs, then the head's
    outputs.

    The tail's outputs are the program's; one that the head knows already is an input of the tail too.
    """
    g, given = program.graph, set(fixed)
    moving = {n for n in program.inputs if n not in given}
    known = {name for n in given for size in g._shape[n] for name in shapes.names_of(size)} | {*program.known}
    moving |= {n for n, size in program.sizes.items() if not known.issuperset(shapes.names_of(size))}
    for i in program.instructions:
        if not moving.isdisjoint(i.inputs) or (i.op.sized and not known.issuperset(sizes_in(i.params))):
            moving.add(i.node)
    leaves = {*program.constants, *program.sizes}
    frontier = dict.fromkeys(n for n in program.outputs if n not in moving and n not in leaves)
    for i in program.instructions:
        if i.node in moving:
            frontier.update(dict.fromkeys(n for n in i.inputs if n not in moving and n not in leaves))
    head = build_program(g, [n for n in program.inputs if n in given], list(frontier))
    free = [n for n in program.inputs if n not in given]
    return replace(head, known=program.known), build_program(g, [*free, *frontier], program.outputs)


def sizes_in(params: tuple) -> set[str]:
    """The names of the sizes in the parameters of an op that is `sized`."""
    names: set[str] = set()
    stack = [*params]
    while stack:
        p = stack.pop()
        if isinstance(p, tuple):
            stack.extend(p)
        elif isinstance(p, str):
            names.update(shapes.names_of(p))
    return names


def engine_of(value: Any) -> str:
    """The library that holds an array in chunks, elsewhere: "dask", or "jax" for several devices; "" for any other."""
    kind = type(value).__module__
    if kind.startswith("dask.array"):
        return "dask"
    if kind.startswith("jax") and len(getattr(getattr(value, "sharding", None), "device_set", ())) > 1:
        return "" if value.sharding.is_fully_replicated else "jax"
    return ""


TYPES = {name: np.dtype(name) for name in ("float64", "float32", "int64", "int32", "bool")}  # one object each


def as_array(value: Any, g: Graph, n: int) -> np.ndarray:
    """A given value as the array of an input, of the declared type; InputError where that would change its
    numbers."""
    dtype = g._dtype[n]
    if type(value) is np.ndarray and value.dtype is TYPES.get(dtype):
        return value
    if (type(value) is float or type(value) is np.float64) and dtype == "float64":
        return np.asarray(value)
    what = f"the input {label(g, n)!r}"
    if is_sparse(value):
        if g._op[n] is not VARIABLE or "sparse" not in g._params[n][3]:
            raise InputError(f"{what} is a sparse matrix: declare it with assume='sparse', or give value.toarray()")
        matrix = canonical(value)
        data = as_array(matrix.data, g, n)
        return matrix if data is matrix.data else with_data(matrix, data)
    if isinstance(value, Expr):
        raise InputError(f"{what} is given the symbolic {value!r}; a number or an array is needed")
    if isinstance(value, np.ma.MaskedArray):
        raise InputError(f"{what} is a masked array: fill it, or give the mask as an input of its own")
    value = provided("here")(value) if engine_of(value) else value
    try:
        array = np.asarray(float(value) if isinstance(value, (int, Fraction)) and dtype[:5] == "float" else value)
    except (ValueError, TypeError, RuntimeError, OverflowError) as error:
        raise InputError(f"{what}: {error}") from error
    if array.dtype.kind == "c":
        raise InputError(f"{what} is complex: split into real and imaginary parts")
    if array.dtype.kind not in "fiub":
        raise InputError(f"{what} has the type {array.dtype}, which is no number")
    target = np.dtype({"int": "int64", "float": "float64"}.get(dtype, dtype))
    if array.dtype == target:
        return array
    if target.kind in "ib" and not np.can_cast(array.dtype, target):
        with np.errstate(invalid="ignore"):
            cast = array.astype(target)
        if not np.array_equal(cast, array):
            raise InputError(
                f"{what} is declared {dtype} but has values that are none (its type is {array.dtype})"
            )
        return cast
    return array.astype(target)


def evaluate(outputs: Any, values: Mapping[Any, Any] = MappingProxyType({})) -> Any:
    """The numpy values of expressions at given inputs.

    outputs  an Expr, or a list, tuple or dict of them, nested or not; the result mirrors it
    values   {name or Expr: number or array}; an interior Expr may be given too. Named sizes follow from the
             shapes. None are needed where no variable occurs.

    Thousands of scalars and large arrays are computed as `function` would. Raises InputError for a missing, unknown
    or misshapen input.

    >>> import symdiff as sd
    >>> f = sd.parse("x @ x + a", x="n")
    >>> sd.evaluate(f, {"x": [1.0, 2.0], "a": 0.5}).item()
    5.5
    """
    wanted = expressions(outputs, "evaluate")
    if not wanted:
        return outputs
    g = wanted[0].graph
    if not isinstance(values, Mapping):
        raise InputError(f"evaluate: the values are a dictionary {{name: value}}, not {type(values).__name__}")
    given: dict[int, Any] = {}
    for key, value in values.items():
        n = node_of(g, key, "evaluate")
        if n in given:
            raise InputError(f"evaluate: the input {label(g, n)!r} is given twice")
        given[n] = as_array(value, g, n)
    program = build_program(g, list(given), [e.node for e in wanted])
    arrays = list(given.values())
    is_large = len(program.nodes) > MANY or any(a.size > ENTRIES for a in arrays)
    return mirrored(outputs, provided("run")(program, arrays) if is_large else interpret(program, arrays))


def expressions(outputs: Any, what: str) -> list[Expr]:
    """The leaves of what is to be computed: expressions of one graph."""
    wanted = leaves(outputs)
    for e in wanted:
        if not isinstance(e, Expr):
            raise InputError(f"{what}: expected an expression, got {type(e).__name__}")
        if e.graph is not wanted[0].graph:
            raise InputError(f"{what}: the outputs belong to different graphs")
    return wanted


def node_of(g: Graph, key: Any, what: str) -> int:
    """The node that a name or an expression of the graph stands for."""
    if isinstance(key, str):
        node = g.named(key)
        if node is None:
            shown = [name for name in g._variables if name[0] != "_"]
            raise InputError(f"{what}: {key!r} is no variable of this graph; it has {', '.join(shown) or 'none'}")
        return node
    if not isinstance(key, Expr):
        raise InputError(f"{what}: expected a name or an expression, got {type(key).__name__}")
    if key.graph is not g:
        raise InputError(f"{what}: {key!r} belongs to another graph")
    return key.node
