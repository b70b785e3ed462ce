"""Program -> columns of interpreter instructions over strided views of one buffer.

A value is a `View` of a variable: transposes, slices, broadcasts and reshapes of contiguous values cost no
instruction. What has no opcode (linear algebra, rare special functions) becomes an external instruction:
numpy evaluates the op's own meaning on the views.
"""

import math
import struct
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from .. import shapes
from ..errors import InputError
from ..lazy import module
from ..op import OPS, Op, Results
from ..ops.products import ADD, CONTRACT
from ..program import Program, label
from .interpreter import OPCODE, RANK
from .registers import PRODUCT, SUM

Strides = tuple[int, ...]
Shape = tuple[int, ...]

# ops that are one opcode on their operands in order
DIRECT: dict[Op, int] = {
    OPS[name]: OPCODE[opcode]
    for name, opcode in [
        *((name, name) for name in OPCODE if name in OPS and name not in ("add", "contract", "pow")),
        ("divide", "div"),
    ]
} | {ADD: SUM, CONTRACT: PRODUCT}  # fmt: skip

# op -> function(lowering, views, params, node) -> View
Recipe = Callable[["Lowering", Sequence["View"], tuple, int], "View"]
RECIPES: dict[Op, Recipe] = {}


class View(NamedTuple):
    """Entries of a variable: where they start, and how far the next one along each axis is."""

    variable: int
    offset: int
    shape: Shape
    strides: Strides

    def broadcast(self, shape: Shape) -> Strides:
        """Strides that read the view as an array of a larger shape."""
        lead = len(shape) - len(self.shape)
        return (0,) * lead + tuple(
            s if n == m else 0 for n, m, s in zip(self.shape, shape[lead:], self.strides, strict=True)
        )

    def is_contiguous(self) -> bool:
        return all(
            n == 1 or s == t for n, s, t in zip(self.shape, self.strides, contiguous(self.shape), strict=True)
        )


class External(NamedTuple):
    """An instruction that numpy evaluates: the op's meaning on views, with the types that the operands
    have."""

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


class _Unfit(Exception):
    """An instruction that has more axes than the interpreter's loops."""


def contiguous(shape: Shape) -> Strides:
    strides, step = [], 1
    for n in reversed(shape):
        strides.append(step)
        step *= n
    return tuple(reversed(strides))


def lower(program: Program, known: Mapping[str, int]) -> Columns:
    """The columns of a program whose named sizes are known."""
    return Lowering(program, known).columns()


class Lowering:
    def __init__(self, program: Program, known: Mapping[str, int]):
        self.program, self.known, self.graph = program, known, program.graph
        self.codes: list[int] = []
        self.outs: list[int] = []
        self.starts: list[int] = [0]
        self.refs: list[int] = []
        self.coefficients: list[int] = []
        self.layouts: list[int] = []
        self.variable: list[int] = []  # of each reference
        self.offset: list[int] = []
        self.sizes: list[int] = []  # of each variable
        self.given: list[int] = []
        self.constants: list[tuple[int, np.ndarray]] = []
        self.externals: list[External] = []
        self._references: dict[tuple[int, int], int] = {}
        self._numbers: dict[bytes, int] = {}
        self.layout: list[int] = [0] + [1] * RANK + [0] * (4 * RANK) + [1]  # the row of one entry
        self._rows: dict[tuple[int, ...], int] = {}
        self._maps: dict[tuple, int] = {}
        self.one, self.minus_one = self.number(1.0), self.number(-1.0)
        self.scalars: dict[int, int] = {}  # node -> reference
        self.views: dict[int, Any] = {}  # node -> View, or a list of them for an op with several results
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
        r = self._references.get(key)
        if r is None:
            r = self._references[key] = len(self.variable)
            self.variable.append(variable)
            self.offset.append(offset)
        return r

    def fresh(self) -> int:
        """The reference of a new scalar."""
        self.sizes.append(1)
        self.variable.append(len(self.sizes) - 1)
        self.offset.append(0)
        r = self._references[len(self.sizes) - 1, 0] = len(self.variable) - 1
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
        self.refs += operands
        self.coefficients += [0] * len(operands)
        self.starts.append(len(self.refs))
        self.layouts.append(layout)

    def row(self, number: int, dims: Sequence[tuple[int, ...]]) -> int:
        """Where the layout row of some axes is: ``(size, stride of out, of a, ...)`` each, the innermost
        last."""
        if len(dims) > RANK:
            raise _Unfit
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
        if not shape:
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
        while (
            len(parts) > 2
        ):  # the pair that the path names first; its product keeps the labels that others need
            first, second = self._cheapest(parts, core, sizes)
            pair = [parts[first], parts[second]]
            parts = [p for k, p in enumerate(parts) if k not in (first, second)]
            needed = {i for p in parts for i in p[1]} | set(core)
            kept = [i for i in dict.fromkeys((*pair[0][1], *pair[1][1])) if i in needed]
            parts.append((self._pair(pair, kept, sizes, None), dict.fromkeys(kept)))
            parts[-1] = joined(parts[-1][0], kept)
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
        program, g = self.program, self.graph
        inputs = []
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
        self._find_sums()
        scalars, shape_of = self.scalars, g._shape
        codes, outs, refs, coefficients, starts, layouts = (
            self.codes, self.outs, self.refs, self.coefficients, self.starts, self.layouts
        )  # fmt: skip
        variable, offset, sizes = self.variable, self.offset, self.sizes
        special = bool(self._waiting)
        for op, n, operands, params in program.instructions:
            code = DIRECT.get(op)
            if code is not None and not shape_of[n]:
                try:
                    found = [scalars[i] for i in operands]
                except KeyError:
                    found = []
                if found:  # scalars only: straight into the columns
                    refs += found
                    if code == SUM:
                        coefficients += [
                            0 if c == 1 else 1 if c == -1 else self.number(float(c)) for c in params
                        ]
                    else:
                        coefficients += [0] * len(found)
                    r = len(variable)
                    variable.append(len(sizes))
                    offset.append(0)
                    sizes.append(1)
                    scalars[n] = r
                    codes.append(code)
                    outs.append(r)
                    starts.append(len(refs))
                    layouts.append(0)
                    continue
            self._instruction(op, n, operands, shapes.resolve_all(params, self.known) if op.sized else params)
            if special and n in self._waiting:
                for s in self._waiting[n]:
                    s.advance(self)
        outputs = [self.view(n) for n in program.outputs]
        ints = lambda x: np.array(x, dtype=np.int32)  # noqa: E731
        flags = np.zeros(len(sizes), np.uint8)
        pinned = flags.copy()
        flags[self.given] = 1
        pinned[[x for x, _ in self.constants] + [v.variable for v in outputs]] = 1
        return Columns(
            ints(codes), ints(outs), ints(starts), ints(refs), ints(coefficients), ints(layouts),
            ints(variable),
            ints(offset), np.array(sizes, np.int64), flags, pinned,
            np.array(self.layout, np.int64).view(np.uint64),
            inputs, outputs, self.constants, self.externals,
        )  # fmt: skip

    def _instruction(self, op: Op, n: int, operands: tuple[int, ...], params: tuple) -> None:
        if n in self._delayed:
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
            except _Unfit:
                for column, length in (
                    (self.codes, mark[0]), (self.outs, mark[0]), (self.layouts, mark[0]),
                    (self.starts, mark[0] + 1),
                    (self.refs, mark[1]), (self.coefficients, mark[1]),
                ):  # fmt: skip
                    del column[length:]
        if op.name == "project":
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

    def _find_sums(self) -> None:
        g, program = self.graph, self.program
        array_sums = [
            i for i in program.instructions if i.op is ADD and g._shape[i.node] and len(i.inputs) > 1
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
                if (
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
        self.done = 0
        self.out: View | None = None

    def ready(self, lowering: Lowering, k: int) -> bool:
        made = self.products.get(self.terms[k])
        needed = made.inputs if made is not None else (self.terms[k],)
        return all(i in lowering.views or i in lowering.scalars for i in needed)

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
        self.out = to = lowering.blank(self.shape)
        x, c = lowering.view(self.terms[0]), self.coefficients[0]
        second = self.coefficients[1]
        if c == 1 and self.terms[1] not in self.products:
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
            lowering.map("mul", x, lowering.literal(float(c)), out=to)
        self.done = 1

    def _add(self, lowering: Lowering, k: int) -> None:
        term, c, to = self.terms[k], self.coefficients[k], self.out
        assert to is not None
        made = self.products.get(term)
        if made is not None:
            labels, out, _ = made.params
            factors = [(lowering.view(i), ls) for i, ls in zip(made.inputs, labels, strict=True)]
            lowering.contract(factors, out, _label_sizes(factors, ()), into=to)
        elif c in (1, -1):
            lowering.map("add" if c == 1 else "sub", to, lowering.view(term), out=to)
        else:
            lowering.map("fma", to, lowering.literal(float(c)), lowering.view(term), out=to)


_OPCODE_OF = {code: name for name, code in OPCODE.items()}


def joined(x: View, labels: Sequence) -> tuple[View, dict[Any, int]]:
    """The view with {label: stride}; a label that repeats walks along the diagonal."""
    at: dict[Any, int] = {}
    for i, s in zip(labels, x.strides, strict=True):
        at[i] = at.get(i, 0) + s
    return x, at


def merged(dims: Sequence[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Axes (size, strides...) without those of size 1, neighbours joined where every operand walks through
    both alike."""
    result: list[tuple[int, ...]] = []
    for dim in dims:
        n = dim[0]
        if n == 1:
            continue
        if result and all(s == t * n for s, t in zip(result[-1][1:], dim[1:], strict=True)):
            result[-1] = (result[-1][0] * n, *dim[1:])
        else:
            result.append(dim)
    return result or [(1, *(0 for _ in dims[0][1:]))] if dims else [(1, 0, 0, 0, 0)]


def _suits(dim: tuple[int, ...]) -> bool:
    """The axis is a good innermost loop of a product: a dot of contiguous rows, or a contiguous update."""
    _, o, a, b = dim
    return (o == 0 and a == 1 and b == 1) or (o == 1 and (a, b) in ((0, 1), (1, 0), (1, 1)))


def _is_core(params: tuple) -> bool:
    labels, out, _ = params
    return len(set(out)) == len(out) and set(out) <= {i for ls in labels for i in ls}


def _label_sizes(factors: Sequence[tuple[View, Sequence]], free: Sequence[tuple[Any, int]]) -> dict[Any, int]:
    return {i: n for v, ls in factors for i, n in zip(ls, v.shape, strict=True)} | dict(free)


# --- recipes ------------------------------------------------------------------------------------------------


def _recipe(*names: str) -> Callable[[Recipe], Recipe]:
    def enter(f: Recipe) -> Recipe:
        for name in names:
            RECIPES[OPS[name]] = f
        return f

    return enter


@_recipe("add")
def _add_recipe(low: Lowering, xs: Sequence[View], params: tuple, n: int) -> View:
    """Of one term, or of scalars of which some are entries of arrays."""
    (x, c) = (xs[0], params[0])
    y = x if c == 1 else low.map("neg", x) if c == -1 else low.map("mul", x, low.literal(float(c)))
    for x, c in zip(xs[1:], params[1:], strict=True):
        y = (
            low.map("add" if c == 1 else "sub", y, x)
            if c in (1, -1)
            else low.map("fma", y, low.literal(float(c)), x)
        )
    return y


@_recipe("contract")
def _contract_recipe(low: Lowering, xs: Sequence[View], params: tuple, n: int) -> View:
    labels, out, free = params
    factors = list(zip(xs, labels, strict=True))
    return low.contract(factors, out, _label_sizes(factors, free))


@_recipe("stop_gradient")
def _same(low: Lowering, xs: Sequence[View], params: tuple, n: int) -> View:
    return xs[0]


@_recipe("pow")
def _power(low: Lowering, xs: Sequence[View], params: tuple, n: int) -> View:
    exponent = low.program.constants.get(low.graph._inputs[n][1])
    chain = {
        2: ("square",),
        3: ("cube",),
        4: ("square", "square"),
        -1: ("reciprocal",),
        -2: ("square", "reciprocal"),
    }
    if exponent is None or np.ndim(exponent) or exponent not in chain:
        return low.map("pow", *xs)
    x = xs[0]
    for opcode in chain[exponent]:
        x = low.map(opcode, x)
    return x


def _composed(*opcodes: str) -> Recipe:
    def recipe(low: Lowering, xs: Sequence[View], params: tuple, n: int) -> View:
        x = xs[0]
        for opcode in opcodes:
            x = low.map(opcode, x)
        return x

    return recipe


for _name, *_opcodes in (
    ("sec", "cos", "reciprocal"), ("csc", "sin", "reciprocal"), ("cot", "tan", "reciprocal"),
    ("sech", "cosh", "reciprocal"), ("csch", "sinh", "reciprocal"), ("coth", "tanh", "reciprocal"),
    ("asec", "reciprocal", "acos"), ("acsc", "reciprocal", "asin"), ("acot", "reciprocal", "atan"),
    ("asech", "reciprocal", "acosh"), ("acsch", "reciprocal", "asinh"), ("acoth", "reciprocal", "atanh"),
):  # fmt: skip
    _recipe(_name)(_composed(*_opcodes))


@_recipe("greater")
def _greater(low: Lowering, xs: Sequence[View], params: tuple, n: int) -> View:
    return low.map("less", xs[1], xs[0])


@_recipe("greater_equal")
def _greater_equal(low: Lowering, xs: Sequence[View], params: tuple, n: int) -> View:
    return low.map("less_equal", xs[1], xs[0])


@_recipe("deg2rad", "rad2deg")
def _degrees(low: Lowering, xs: Sequence[View], params: tuple, n: int) -> View:
    factor = math.pi / 180 if low.graph._op[n].name == "deg2rad" else 180 / math.pi
    return low.map("mul", xs[0], low.literal(factor))


@_recipe("astype")
def _astype(low: Lowering, xs: Sequence[View], params: tuple, n: int) -> View:
    if params[0] == "bool":
        return low.map("not_equal", xs[0], low.literal(0.0))
    source = low.graph._dtype[low.graph._inputs[n][0]]
    if params[0] in ("int64", "int32"):
        return low.map("trunc", xs[0]) if source.startswith("float") else xs[0]
    return low.map("float32", xs[0]) if params[0] == "float32" else xs[0]


# layout


@_recipe("reshape")
def _reshape(low: Lowering, xs: Sequence[View], params: tuple, n: int) -> View:
    shape = low.shape(n)
    return low.packed(xs[0])._replace(shape=shape, strides=contiguous(shape))


def _indexed(x: View, index: Sequence[Any]) -> View:
    offset, shape, strides = x.offset, [], []
    for i, size, stride in zip(index, x.shape, x.strides, strict=True):
        if isinstance(i, int):
            if not 0 <= i < size:
                raise InputError(f"index {i} is out of range for an axis of size {size}")
            offset += i * stride
            continue
        places = range(size) if i is None else range(*i)
        if len(places):
            offset += places[0] * stride
        shape.append(len(places))
        strides.append(stride * (1 if i is None else i[2]))
    return View(x.variable, offset, tuple(shape), tuple(strides))


@_recipe("getitem")
def _getitem(low: Lowering, xs: Sequence[View], params: tuple, n: int) -> View:
    return _indexed(xs[0], params[0])


@_recipe("place")
def _place(low: Lowering, xs: Sequence[View], params: tuple, n: int) -> View:
    result = low.filled(0.0, low.shape(n))
    low.map("copy", xs[0], out=_indexed(result, params[0]))
    return result


@_recipe("concat")
def _concat(low: Lowering, xs: Sequence[View], params: tuple, n: int) -> View:
    axis, start = params[0], 0
    result = low.blank(low.shape(n))
    for x in xs:
        low.map("copy", x, out=result._replace(offset=start * result.strides[axis], shape=x.shape))
        start += x.shape[axis]
    return result


@_recipe("take")
def _take(low: Lowering, xs: Sequence[View], params: tuple, n: int) -> View:
    return _moved(low, xs[0], params[0], n, "gather")


@_recipe("scatter_add")
def _scatter_add(low: Lowering, xs: Sequence[View], params: tuple, n: int) -> View:
    return _moved(low, xs[0], params[0], n, "scatter")


def _moved(low: Lowering, x: View, axis: int, n: int, opcode: str) -> View:
    """Entries at constant places; places that are computed are left to numpy, which checks them."""
    index = low.program.constants.get(low.graph._inputs[n][1])
    shape = low.shape(n)
    if index is None or np.asarray(index).dtype.kind != "i":
        raise _Unfit
    long = x.shape if opcode == "gather" else shape
    if np.size(index) and not (-long[axis] <= np.min(index) and np.max(index) < long[axis]):
        raise InputError(f"take: an index is out of range for an axis of size {long[axis]}")
    places = np.take(
        np.arange(math.prod(long)).reshape(long), np.asarray(index) % max(long[axis], 1), axis=axis
    ).ravel()
    at = len(low.layout)
    low.layout += [places.size, *places.tolist()]
    result = low.filled(0.0, shape) if opcode == "scatter" else low.blank(shape)
    low.emit(
        OPCODE[opcode], low.ref(result.variable), [low.ref(low.packed(x).variable, low.packed(x).offset)], at
    )
    return result


@_recipe("tril", "triu")
def _triangle(low: Lowering, xs: Sequence[View], params: tuple, n: int) -> View:
    x = xs[0]
    mask = low.graph._op[n].meaning()(np.ones(x.shape[-2:]), *params)
    return low.map("where", low.array(mask), x, low.literal(0.0))


# reductions: accumulated in place into a view that stands still along the axes


def _reduced(low: Lowering, opcode: str, start: float, x: View, axes: Sequence[int]) -> View:
    shape = tuple([n for k, n in enumerate(x.shape) if k not in axes])
    result = low.filled(start, shape)
    strides = iter(result.strides)
    steps = tuple([0 if k in axes else next(strides) for k in range(len(x.shape))])
    still = result._replace(shape=x.shape, strides=steps)
    low.map(opcode, still, x, out=still)
    return result


def _spread(x: View, axes: Sequence[int], shape: Shape) -> View:
    """The result of a reduction, read along the axes again."""
    strides = iter(x.strides)
    return x._replace(
        shape=shape, strides=tuple([0 if k in axes else next(strides) for k in range(len(shape))])
    )


_START = {
    "max": ("maximum", -math.inf),
    "min": ("minimum", math.inf),
    "prod": ("mul", 1.0),
    "any": ("logical_or", 0.0),
    "all": ("logical_and", 1.0),
}


@_recipe(*_START)
def _reduction(low: Lowering, xs: Sequence[View], params: tuple, n: int) -> View:
    name = low.graph._op[n].name
    if name in ("max", "min"):
        _check_not_empty(low, name, xs[0], params[0], n)
    return _reduced(low, *_START[name], xs[0], params[0])


def _check_not_empty(low: Lowering, name: str, x: View, axes: Sequence[int], n: int) -> None:
    if any(x.shape[k] == 0 for k in axes):
        raise InputError(f"{label(low.graph, n)}: {name} over an axis of size 0")


def _total(low: Lowering, x: View, axes: Sequence[int]) -> View:
    letters = tuple(range(len(x.shape)))
    return low.contract([(x, letters)], [k for k in letters if k not in axes], dict(enumerate(x.shape)))


def _shifted(low: Lowering, x: View, axes: Sequence[int], finite: bool) -> tuple[View, View, View]:
    """(top, exp(x - top), its sum) over the axes."""
    top = _reduced(low, "maximum", -math.inf, x, axes)
    if finite:
        top = low.map("where", low.map("isfinite", top), top, low.literal(0.0))
    e = low.map("exp", low.map("sub", x, _spread(top, axes, x.shape)))
    return top, e, _total(low, e, axes)


@_recipe("logsumexp")
def _logsumexp(low: Lowering, xs: Sequence[View], params: tuple, n: int) -> View:
    _check_not_empty(low, "logsumexp", xs[0], params[0], n)
    top, _, total = _shifted(low, xs[0], params[0], finite=True)
    return low.map("add", low.map("log", total), top)


@_recipe("softmax")
def _softmax(low: Lowering, xs: Sequence[View], params: tuple, n: int) -> View:
    axes = (params[0],)
    _check_not_empty(low, "softmax", xs[0], axes, n)
    _, e, total = _shifted(low, xs[0], axes, finite=False)
    return low.map("div", e, _spread(total, axes, xs[0].shape))


@_recipe("log_softmax")
def _log_softmax(low: Lowering, xs: Sequence[View], params: tuple, n: int) -> View:
    axes = (params[0],)
    _check_not_empty(low, "log_softmax", xs[0], axes, n)
    top, _, total = _shifted(low, xs[0], axes, finite=True)
    return low.map("sub", xs[0], _spread(low.map("add", low.map("log", total), top), axes, xs[0].shape))


@_recipe("norm2")
def _norm2(low: Lowering, xs: Sequence[View], params: tuple, n: int) -> View:
    return low.map("sqrt", _total(low, low.map("square", xs[0]), params[0]))


@_recipe("cumulative_sum")
def _cumulative_sum(low: Lowering, xs: Sequence[View], params: tuple, n: int) -> View:
    """out[k] = out[k - 1] + x[k]: the loops run forward, so the entry before is there."""
    result, axis = low.copy(xs[0]), params[0]
    if result.shape[axis] > 1:
        step = result.strides[axis]
        shape = tuple([m - (k == axis) for k, m in enumerate(result.shape)])
        before = result._replace(shape=shape)
        after = before._replace(offset=step)
        low.map("add", before, after, out=after)
    return result
