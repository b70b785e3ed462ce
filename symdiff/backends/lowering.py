"""Program -> columns of interpreter instructions over strided views of one buffer.

A value is a `View` of a variable: transposes, slices, broadcasts and reshapes of contiguous values cost no
instruction. What has no opcode (linear algebra, rare special functions) becomes an external instruction:
numpy evaluates the op's own meaning on the views.
"""

import math
import struct
from array import array
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from .. import shapes
from ..constants import as_float
from ..errors import InputError
from ..invariants import check_columns, stage
from ..lazy import module
from ..op import OPS, Op, Results
from ..ops import LIBRARY
from ..ops.control import project_op
from ..ops.elementwise import divide_op, pow_op
from ..ops.products import ADD, CONTRACT, PLUS
from ..program import Program
from .bulk import scalar_opcodes, wide
from .joints import joints, whole
from .opcodes import OPCODE, RANK
from .recipes import RECIPES, indexed, label_sizes
from .registers import MINUS_ONE, PRODUCT, SUM
from .views import Shape, Unfit, View, contiguous, joined, merged

PLACE = OPS["place"]
MANY = 200  # instructions on scalars from which on arrays are quicker than lists
# ops that are one opcode on their operands in order
DIRECT: dict[Op, int] = {OPS[name]: OPCODE[name] for name in LIBRARY if name in OPCODE and name != pow_op.name} | {
    divide_op: OPCODE["div"], ADD: SUM, CONTRACT: PRODUCT
}  # fmt: skip


class External(NamedTuple):
    """An instruction that numpy evaluates: the op's meaning on views, with the operands' types."""

    op: Op
    params: tuple
    operands: tuple[View, ...]
    dtypes: tuple[str, ...]
    results: tuple[View, ...]


class Columns(NamedTuple):
    """The arguments of `registers.flatten` and `registers.assign`, and what calls need."""

    codes: np.ndarray
    outs: np.ndarray
    starts: np.ndarray
    refs: np.ndarray
    coefficients: np.ndarray
    layouts: np.ndarray
    variable: np.ndarray
    offset: np.ndarray
    sizes: np.ndarray
    given: np.ndarray
    pinned: np.ndarray
    layout: np.ndarray
    inputs: list[View]
    outputs: list[View]
    constants: list[tuple[int, np.ndarray]]
    externals: list[External]


def calls_numpy(program: Program) -> bool:
    """Some instruction has no opcode."""
    return any(i.op not in DIRECT and i.op not in RECIPES for i in program.instructions)


@stage(check_columns)
def lower(program: Program, known: Mapping[str, int]) -> Columns:
    """The columns of a program whose named sizes are known."""
    return Lowering(program, known).columns()


class Lowering:
    def __init__(self, program: Program, known: Mapping[str, int]):
        self.program, self.known, self.graph = program, known, program.graph
        self.codes, self.outs, self.layouts, self.refs, self.coefficients = (array("i") for _ in range(5))
        self.starts = array("i", [0])
        self.variable, self.offset = array("i"), array("i")  # of each reference
        self.sizes = array("q")  # of each variable
        self.given: list[int] = []
        self.constants: list[tuple[int, np.ndarray]] = []
        self.externals: list[External] = []
        self.references: dict[tuple[int, int], int] = {}
        self._numbers: dict[bytes, int] = {}
        self.layout: list[int] = [0] + [1] * RANK + [0] * (4 * RANK) + [1]  # the row of one entry
        self._rows: dict[tuple[int, ...], int] = {}
        self._maps: dict[tuple, int] = {}
        self.one = self.number(1.0)  # reference 0, and -1 is reference 1: ONE and MINUS_ONE of the registers
        self.number(-1.0)
        self.scalars = array("i", [-1]) * len(program.graph.columns())  # node -> reference
        self.views: dict[int, Any] = {}  # node -> View, or a list of them for an op with several results
        self.seen = set[int]()  # references that stay what they are: views were made of them
        self._waiting: dict[int, list[_Sum]] = {}  # node -> sums that take it as soon as it is there
        self._delayed: set[int] = set()  # products that are accumulated into the one sum that uses them
        self._sums: dict[int, _Sum] = {}

    # --- references -----------------------------------------------------------------------------------------

    def new(self, size: int, given: bool = False) -> int:
        self.sizes.append(size)
        if given:
            self.given.append(len(self.sizes) - 1)
        return len(self.sizes) - 1

    def ref(self, variable: int, offset: int = 0) -> int:
        key = (variable, offset)
        r = self.references.get(key)
        if r is None:
            r = self.references[key] = len(self.variable)
            self.variable.append(variable)
            self.offset.append(offset)
        return r

    def fresh(self) -> int:
        """The reference of a new scalar."""
        self.sizes.append(1)
        self.variable.append(len(self.sizes) - 1)
        self.offset.append(0)
        r = self.references[len(self.sizes) - 1, 0] = len(self.variable) - 1
        return r

    def number(self, value: float) -> int:
        """The reference of a constant."""
        key = struct.pack("d", value)
        r = self._numbers.get(key)
        if r is None:
            x = self.new(1, given=True)
            self.constants.append((x, np.array([value])))
            r = self._numbers[key] = self.ref(x)
        return r

    def scalar(self, r: int) -> View:
        self.seen.add(r)
        return View(self.variable[r], self.offset[r], (), ())

    def literal(self, value: float) -> View:
        return self.scalar(self.number(value))

    def array(self, value: np.ndarray) -> View:
        x = self.new(value.size, given=True)
        self.constants.append((x, np.ravel(value).astype(np.float64)))
        return View(x, 0, value.shape, contiguous(value.shape))

    def shape(self, n: int) -> Shape:
        return tuple([shapes.resolve(s, self.known) for s in self.graph._shape[n]])

    def view(self, n: int) -> Any:
        found = self.views.get(n)
        return self.scalar(self.scalars[n]) if found is None else found

    def blank(self, shape: Shape) -> View:
        """A new variable for an array."""
        return View(self.new(math.prod(shape)), 0, shape, contiguous(shape))

    # --- instructions ---------------------------------------------------------------------------------------

    def emit(self, code: int, out: int, operands: Sequence[int], layout: int = 0) -> None:
        self.codes.append(code)
        self.outs.append(out)
        self.refs.extend(operands)
        self.coefficients.extend([0] * len(operands))
        self.starts.append(len(self.refs))
        self.layouts.append(layout)

    def row(self, number: int, dims: Sequence[tuple[int, ...]]) -> int:
        """Where the layout row of some axes is: ``(size, stride of out, of a, ...)`` each, the innermost
        last."""
        if len(dims) > RANK:
            raise Unfit
        dims = [(1, 0, 0, 0, 0)] * (RANK - len(dims)) + [(*d, *(0,) * (5 - len(d))) for d in dims]
        key = (number, *(d[k] for k in range(5) for d in dims), math.prod([d[0] for d in dims[:-1]]))
        at = self._rows.get(key)
        if at is None:
            at = self._rows[key] = len(self.layout)
            self.layout += key
        return at

    def map(self, opcode: str, *views: View, out: View | None = None) -> View:
        """``out[...] = f(views[...])`` with broadcasting; a new contiguous array unless `out` is given."""
        shape = out.shape if out is not None else views[0].shape
        if out is None and any(v.shape != shape for v in views):
            shape = np.broadcast_shapes(*(v.shape for v in views))
        to = self.blank(shape) if out is None else out
        operands = [self.ref(v.variable, v.offset) for v in views]
        if math.prod(shape) == 1:
            self.emit(OPCODE[opcode], self.ref(to.variable, to.offset), operands)
            return to
        strides = (to.strides, *[v.strides if v.shape == shape else v.broadcast(shape) for v in views])
        key = (opcode, shape, strides)
        row = self._maps.get(key)
        if row is None:
            dims = merged([(n, *[s[k] for s in strides]) for k, n in enumerate(shape)])
            row = self._maps[key] = self.row(OPCODE[opcode], dims)
        self.emit(OPCODE[f"map{len(views)}"], self.ref(to.variable, to.offset), operands, row)
        return to

    def copy(self, x: View) -> View:
        return self.map("copy", x)

    def packed(self, x: View) -> View:
        """The same entries, contiguous."""
        return x if x.is_contiguous() else self.copy(x)

    def filled(self, value: float, shape: Shape) -> View:
        return self.map("copy", self.literal(value), out=self.blank(shape))

    def external(
        self, op: Op, params: tuple, operands: Sequence[View], dtypes: Sequence[str], result: Any
    ) -> Any:
        """numpy evaluates the op; `result` is a shape or a tuple of shapes."""
        several = isinstance(result, Results)
        results = tuple(self.blank(s) for s in (result if several else (result,)))
        for r in results:  # their slots are taken before,
            self.emit(OPCODE["keep"], self.ref(r.variable), ())
        self.emit(OPCODE["external"], -1, (), len(self.externals))
        mentioned = [self.ref(v.variable) for v in operands] + [self.ref(r.variable) for r in results]
        self.seen.update(mentioned)
        for k in range(0, len(mentioned), 3):  # the operands are kept till after, where the results are there
            out = self.ref(results[min(k // 3, len(results) - 1)].variable)
            self.emit(OPCODE["keep"], out, mentioned[k : k + 3])
        for r in results:
            self.emit(OPCODE["keep"], self.ref(r.variable), ())
        self.externals.append(External(op, params, tuple(operands), tuple(dtypes), results))
        return list(results) if several else results[0]

    # --- sums and products ----------------------------------------------------------------------------------

    def contract(
        self,
        factors: Sequence[tuple[View, Sequence]],
        out: Sequence,
        sizes: Mapping[Any, int],
        into: View | None = None,
    ) -> View:
        """``y[out] = sum of prod factor[labels]``; added to `into` when that is given."""
        unique = list(dict.fromkeys(out))
        parts = [joined(v, labels) for v, labels in factors]
        carried = {i for p in parts for i in p[1]}
        core = [i for i in unique if i in carried]
        while len(parts) > 2:
            # the pair that the path names first; its product keeps the labels that others need
            first, second = self._cheapest(parts, core, sizes)
            pair = [parts[first], parts[second]]
            parts = [p for k, p in enumerate(parts) if k not in (first, second)]
            needed = {i for p in parts for i in p[1]} | set(core)
            kept = [i for i in dict.fromkeys((*pair[0][1], *pair[1][1])) if i in needed]
            parts.append(joined(self._pair(pair, kept, sizes, None), kept))
        value = self._pair(parts, core, sizes, into)
        if core == list(out):
            return value
        at = dict(zip(core, value.strides, strict=True))
        if len(unique) == len(out):
            return value._replace(
                shape=tuple([sizes[i] for i in out]), strides=tuple([at.get(i, 0) for i in out])
            )
        result = self.filled(0.0, tuple([sizes[i] for i in out]))
        steps = dict.fromkeys(unique, 0)
        for i, s in zip(out, result.strides, strict=True):
            steps[i] += s
        shape = tuple([sizes[i] for i in unique])
        diagonal = result._replace(shape=shape, strides=tuple(steps.values()))
        self.map(
            "copy", value._replace(shape=shape, strides=tuple([at.get(i, 0) for i in unique])), out=diagonal
        )
        return result

    def _cheapest(
        self, parts: Sequence[tuple[View, dict]], core: Sequence, sizes: Mapping[Any, int]
    ) -> tuple[int, int]:
        if all(set(p[1]) <= set(core) for p in parts):
            return 0, 1
        opt_einsum = module("opt_einsum")
        letter = {
            i: opt_einsum.get_symbol(k) for k, i in enumerate(dict.fromkeys(i for _, at in parts for i in at))
        }
        terms = ["".join([letter[i] for i in at]) for _, at in parts]
        equation = f"{','.join(terms)}->{''.join([letter[i] for i in core])}"
        arguments = [tuple([sizes[i] for i in at]) for _, at in parts]
        path, _ = opt_einsum.contract_path(equation, *arguments, shapes=True, optimize="greedy")
        pair = path[0] if len(path[0]) > 1 else (path[0][0], (path[0][0] + 1) % len(parts))
        return min(pair), max(pair)

    def _pair(
        self, parts: Sequence[tuple[View, dict]], out: Sequence, sizes: Mapping[Any, int], into: View | None
    ) -> View:
        """The product of at most two factors, their labels distinct within each, summed to `out`."""
        labels = [*out, *dict.fromkeys(i for _, at in parts for i in at if i not in out)]
        summed = len(labels) > len(out)
        shape = tuple([sizes[i] for i in out])
        if not parts:
            return self.literal(1.0)
        if not summed and into is None:
            aligned = [v._replace(shape=shape, strides=tuple([at.get(i, 0) for i in out])) for v, at in parts]
            return aligned[0] if len(parts) == 1 else self.map("mul", *aligned)
        (x, a), (y, b) = parts[0], (parts[1] if len(parts) == 2 else (self.literal(1.0), {}))
        to = self.blank(shape) if into is None else into
        steps = dict(zip(out, to.strides, strict=True))
        dims = merged([(sizes[i], steps.get(i, 0), a.get(i, 0), b.get(i, 0)) for i in labels])
        inner = max(range(len(dims)), key=lambda k: (_suits(dims[k]) and dims[k][0] > 2, dims[k][0]))
        dims = [*dims[:inner], *dims[inner + 1 :], dims[inner]]
        row = self.row(math.prod(shape) if into is None else 0, dims)
        self.emit(
            OPCODE["contract"], self.ref(to.variable, to.offset),
            [self.ref(x.variable, x.offset), self.ref(y.variable, y.offset)], row,
        )  # fmt: skip
        return to

    # --- the program ----------------------------------------------------------------------------------------

    def columns(self) -> Columns:
        program, inputs = self.program, []
        for n in program.inputs:
            shape = self.shape(n)
            x = View(self.new(math.prod(shape), given=True), 0, shape, contiguous(shape))
            inputs.append(x)
            if shape:
                self.views[n] = x
            else:
                self.scalars[n] = self.ref(x.variable)
        for n, value in program.constants.items():
            if np.ndim(value):
                self.views[n] = self.array(np.asarray(value))
            else:
                self.scalars[n] = self.number(float(value))
        for n, size in program.sizes.items():
            self.scalars[n] = self.number(float(shapes.resolve(size, self.known)))
        arrays = wide(self.graph, program.nodes)
        self._joints = joints(program, arrays)
        self._find_sums(arrays)
        self._lower_all()
        outputs = [self.view(n) for n in program.outputs]
        flags = np.zeros(len(self.sizes), np.uint8)
        pinned = flags.copy()
        flags[self.given] = 1
        pinned[[x for x, _ in self.constants] + [v.variable for v in outputs]] = 1
        ints = lambda column: np.array(column, np.int32)  # noqa: E731
        return Columns(
            ints(self.codes), ints(self.outs), ints(self.starts), ints(self.refs), ints(self.coefficients),
            ints(self.layouts), ints(self.variable), ints(self.offset), np.array(self.sizes, np.int64), flags, pinned,
            np.array(self.layout, np.int64),
            inputs, outputs, self.constants, self.externals,
        )  # fmt: skip

    def _lower_all(self) -> None:
        """Runs of opcodes on scalars at once, other instructions one by one."""
        nodes, at = self.program.nodes, 0
        opcodes = scalar_opcodes(self.graph, nodes, DIRECT, RECIPES)
        self.is_plain = np.zeros(len(self.graph), np.bool_)
        self.is_plain[nodes[opcodes >= 0]] = True
        others = [*np.flatnonzero(opcodes < 0).tolist(), len(nodes)]
        awaited = [*np.flatnonzero(np.isin(nodes, list(self._waiting))).tolist(), len(nodes)]
        while at < len(nodes):
            stop = min(others[bisect_left(others, at)], awaited[bisect_left(awaited, at)] + 1)
            if stop - at >= MANY:
                self._scalars_at_once(nodes[at:stop], opcodes[at:stop])
            elif stop > at:
                for n, code in zip(nodes[at:stop].tolist(), opcodes[at:stop].tolist(), strict=True):
                    self._scalar(n, code)
            else:
                op, n, operands, params = self.program.instruction(int(nodes[at]))
                self._instruction(op, n, operands, shapes.resolve_all(params, self.known) if op.sized else params)
                stop = at + 1
            for s in self._waiting.get(int(nodes[stop - 1]), ()):
                s.advance(self)
            at = stop

    def _scalar(self, n: int, code: int) -> None:
        """One opcode on scalars."""
        first = len(self.refs)
        operands = [self.scalars[i] for i in self.graph._inputs[n]]
        coefficients = self._coefficients(n, first) if code == SUM else {}
        self.scalars[n] = r = self.fresh()
        self.emit(code, r, operands)
        for j, c in coefficients.items():
            self.coefficients[j] = c

    def _coefficients(self, n: int, first: int) -> dict[int, int]:
        """{place from `first` on: reference} of the coefficients of a sum that are not 1."""
        coefficients = enumerate(self.graph._params[n], first)
        return {j: MINUS_ONE if c == -1 else self.number(as_float(c)) for j, c in coefficients if c != 1}

    def _scalars_at_once(self, nodes: np.ndarray, codes: np.ndarray) -> None:
        """A run of opcodes on scalars, straight into the columns: most of a large program."""
        columns, params, count = self.graph.columns(), self.graph._params, len(nodes)
        starts, operands = columns.operands_of(nodes)
        coefficients = np.zeros(operands.size, np.int32)
        sums = np.flatnonzero(codes == SUM)
        for n, first in zip(nodes[sums].tolist(), starts[sums].tolist(), strict=True):
            if params[n] is not PLUS:
                for j, c in self._coefficients(n, first).items():
                    coefficients[j] = c
        r = len(self.variable)
        reference = np.frombuffer(self.scalars, np.int32)
        reference[nodes] = outs = np.arange(r, r + count)
        zeros = np.zeros(count, np.int32)
        for column, entries in (
            (self.codes, codes), (self.outs, outs), (self.starts, starts[1:] + self.starts[-1]),
            (self.refs, reference[operands]), (self.coefficients, coefficients), (self.layouts, zeros),
            (self.variable, np.arange(len(self.sizes), len(self.sizes) + count)), (self.offset, zeros),
        ):  # fmt: skip
            column.frombytes(entries.astype(np.int32, copy=False).tobytes())
        self.sizes.frombytes(np.ones(count, np.int64).tobytes())

    def _instruction(self, op: Op, n: int, operands: tuple[int, ...], params: tuple) -> None:
        if n in self._delayed or n in self._joints.within:
            return
        if n in self._joints.parts:
            self.views[n] = whole(self, n, self._joints.parts[n])
            return
        if n in self._sums:
            self.views[n] = self._sums[n].finish(self)
            return
        g = self.graph
        several = any(isinstance(self.views.get(i), list) for i in operands)
        mark = len(self.codes), len(self.refs)
        if not several and not isinstance(g._shape[n], Results):
            try:
                views = [self.view(i) for i in operands]
                recipe = RECIPES.get(op)
                if recipe is not None:
                    self._enter(n, recipe(self, views, params, n))
                    return
                if op in DIRECT:
                    self._enter(n, self.map(_OPCODE_OF[DIRECT[op]], *views))
                    return
            except Unfit:
                for column, length in (
                    (self.codes, mark[0]), (self.outs, mark[0]), (self.layouts, mark[0]),
                    (self.starts, mark[0] + 1),
                    (self.refs, mark[1]), (self.coefficients, mark[1]),
                ):  # fmt: skip
                    del column[length:]
        if op is project_op:
            self._enter(n, self.views[operands[0]][params[0]])
            return
        views = [self.view(i) for i in operands]
        shape: Any = g._shape[n]
        shape = (
            Results(tuple(shapes.resolve(s, self.known) for s in r) for r in shape)
            if isinstance(shape, Results)
            else self.shape(n)
        )
        if several:
            raise InputError(f"the tape backend can't run {op.name!r} on an op that has several results")
        result = self.external(op, params, views, [g._dtype[i] for i in operands], shape)
        if isinstance(result, list):
            self.views[n] = result
        else:
            self._enter(n, result)

    def _enter(self, n: int, x: View) -> None:
        if x.shape:
            self.views[n] = x
        else:
            self.scalars[n] = self.ref(x.variable, x.offset)

    # --- accumulation: sums of arrays take their terms as these appear --------------------------------------

    def _find_sums(self, arrays: Sequence[int]) -> None:
        g, program = self.graph, self.program
        array_sums = [
            program.instruction(n) for n in arrays if g._op[n] is ADD and g._shape[n] and len(g._inputs[n]) > 1
        ]
        if not array_sums:
            return
        uses: dict[int, int] = dict.fromkeys(program.outputs, 2)
        by_node = {}
        for i in program.instructions:
            by_node[i.node] = i
            for k in i.inputs:
                uses[k] = uses.get(k, 0) + 1
        for i in array_sums:
            s = self._sums[i.node] = _Sum(i.node, i.inputs, i.params, self.shape(i.node))
            for k, (term, c) in enumerate(zip(i.inputs, i.params, strict=True)):
                made = by_node.get(term)
                if made is not None and made.op is PLACE and uses[term] == 1 and self.shape(term) == s.shape:
                    self._delayed.add(term)
                    s.placed[term] = made
                elif (
                    k and c == 1 and made is not None and made.op is CONTRACT and uses[term] == 1
                    and len(made.inputs) == 2 and self.shape(term) == s.shape and _is_core(made.params)
                ):  # fmt: skip
                    self._delayed.add(term)
                    s.products[term] = made
                self._waiting.setdefault(term, []).append(s)


class _Sum:
    """A sum of arrays under way: ``out`` holds the first `done` terms."""

    def __init__(self, node: int, terms: Sequence[int], coefficients: Sequence[Any], shape: Shape):
        self.node, self.terms, self.coefficients, self.shape = node, terms, coefficients, shape
        self.products: dict[int, Any] = {}
        self.placed: dict[int, Any] = {}  # terms that have entries in some places only
        self.done = 0
        self.out: View | None = None

    def ready(self, lowering: Lowering, k: int) -> bool:
        made = self.products.get(self.terms[k]) or self.placed.get(self.terms[k])
        needed = made.inputs if made is not None else (self.terms[k],)
        return all(i in lowering.views or lowering.scalars[i] >= 0 for i in needed)

    def advance(self, lowering: Lowering) -> None:
        while self.done < len(self.terms) and self.ready(lowering, self.done):
            if self.done == 0:
                if not self.ready(lowering, 1):
                    return
                self._start(lowering)
            else:
                self._add(lowering, self.done)
                self.done += 1

    def finish(self, lowering: Lowering) -> View:
        self.advance(lowering)
        assert self.out is not None
        return self.out

    def _start(self, lowering: Lowering) -> None:
        if self.terms[0] in self.placed:
            self.out = lowering.filled(0.0, self.shape)
            self._add(lowering, 0)
            self.done = 1
            return
        self.out = to = lowering.blank(self.shape)
        x, c = lowering.view(self.terms[0]), self.coefficients[0]
        second = self.coefficients[1]
        if c == 1 and self.terms[1] not in self.products and self.terms[1] not in self.placed:
            y = lowering.view(self.terms[1])
            if second in (1, -1):
                lowering.map("add" if second == 1 else "sub", x, y, out=to)
            else:
                lowering.map("fma", x, lowering.literal(float(second)), y, out=to)
            self.done = 2
            return
        if c == 1:
            lowering.map("copy", x, out=to)
        elif c == -1:
            lowering.map("neg", x, out=to)
        else:
            lowering.map("mul", x, lowering.literal(as_float(c)), out=to)
        self.done = 1

    def _add(self, lowering: Lowering, k: int) -> None:
        term, c, to = self.terms[k], self.coefficients[k], self.out
        assert to is not None
        made = self.products.get(term)
        if made is not None:
            labels, out, _ = made.params
            factors = [(lowering.view(i), ls) for i, ls in zip(made.inputs, labels, strict=True)]
            lowering.contract(factors, out, label_sizes(factors, ()), into=to)
            return
        made = self.placed.get(term)
        if made is not None:
            term, index = made.inputs[0], shapes.resolve_all(made.params, lowering.known)[0]
            to = indexed(to, index)
        if c in (1, -1):
            lowering.map("add" if c == 1 else "sub", to, lowering.view(term), out=to)
        else:
            lowering.map("fma", to, lowering.literal(as_float(c)), lowering.view(term), out=to)


_OPCODE_OF = {code: name for name, code in OPCODE.items()}


def _suits(dim: tuple[int, ...]) -> bool:
    """The axis is a good innermost loop of a product: a dot of contiguous rows, or a contiguous update."""
    _, o, a, b = dim
    return (o == 0 and a == 1 and b == 1) or (o == 1 and (a, b) in ((0, 1), (1, 0), (1, 1)))


def _is_core(params: tuple) -> bool:
    labels, out, _ = params
    return len(set(out)) == len(out) and set(out) <= {i for ls in labels for i in ls}
