"""Where the values of a nest are: vectors of entries and numbers of a row, read from memory and written there."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from ...lazy import module
from ...ops.products import CONTRACT
from ..ir import Body, Value
from ..plan import STRONG
from .entries import Index, Place
from .nests import Nest

REGISTER = 64  # bytes of a vector
Key = tuple[int, Place]
Layout = tuple[tuple[int, tuple[int, ...]], ...]  # entries from one to the next along each axis of stored values


class Span(NamedTuple):
    """Where a body stands: the number of its first entry, which of its entries are new, and what lanes may read."""

    first: Any
    new: Any = None
    last: Any = None  # of a part shorter than a vector: its last entry


def targets(nest: Nest) -> dict[int, tuple[int, ...]]:
    """{stored value: the order of its axes in memory}: that of the inner loop is last where rows add to it."""
    found = {}
    for root in nest.roots:
        if root.node in nest.stored:
            axes = list(range(len(root.place)))
            if root.kind == "sum":
                axes.sort(key=lambda k: root.place[k].loop == len(nest.rows))
            found[root.node] = tuple(axes)
    return found


def strides(shape: Sequence[int], order: Sequence[int] | None = None) -> list[int]:
    """Entries from one position along an axis to the next."""
    found, size = [0] * len(shape), 1
    for k in reversed(range(len(shape)) if order is None else order):
        found[k], size = size, size * shape[k]
    return found


class Memory:
    """The function of a nest under construction: its bodies of one number and of a vector, the loops around, the
    addresses of its values."""

    def __init__(self, nest: Nest, name: str, layout: Layout = ()):
        self.nest, self.plan = nest, nest.plan
        self.layout = dict(layout)
        self.inner = len(nest.rows)  # the number of the inner loop
        self.ir = ir = module("llvmlite.ir")
        self.module = ir.Module()
        self.long = ir.IntType(64)
        kind = ir.FunctionType(ir.VoidType(), [self.long, self.long, self.long.as_pointer()])
        self.function = ir.Function(self.module, kind, name)
        self.row = {64: Body(self.function)}
        self.build = self.row[64].build
        used = {self.plan.dtype[n] for root in nest.roots for n in (root.node, *nest.steps[root.node].inputs)}
        widest = 4 if used <= {"float32", "bool"} else 8
        self.lanes = max(2, min(REGISTER // widest, 1 << (nest.inner.bit_length() - 1)))
        self.row[32] = Body(self.function, bits=32, build=self.build)
        self.wide = {bits: Body(self.function, width=self.lanes, bits=bits, build=self.build) for bits in (64, 32)}
        self.position = {n: k for k, n in enumerate(nest.steps)}
        self.stage_of = {root.node: k for k, stage in enumerate(nest.stages) for root in stage}
        self.kind = {root.node: root.kind for root in nest.roots}
        self.order = targets(nest)
        self.base: dict[int, Any] = {}  # value -> where it begins
        self.buffered: set[int] = set()  # values of a row that are kept beside the loops
        self.loops: dict[int, Any] = {}  # numbers of the loops

    def number(self, value: int) -> Any:
        return self.ir.Constant(self.long, value)

    def memory(self, n: int) -> Any:
        """The type of a value's entries in memory."""
        kinds = {"float64": self.ir.DoubleType(), "float32": self.ir.FloatType(), "bool": self.ir.IntType(8)}
        dtype = self.plan.dtype[n]
        if n in self.order and self.kind[n] == "sum" and dtype == "float32":
            return kinds["float64" if self.nest.steps[n].op is CONTRACT else dtype]
        return kinds.get(STRONG.get(dtype, dtype), self.long)

    def position_of(self, at: Index) -> Any:
        """A position along an axis, of the row."""
        build, value = self.build, self.number(at.offset)
        return value if at.loop < 0 else build.add(value, build.mul(self.loops[at.loop], self.number(at.step)))

    def _spread(self, value: Any, kind: Any) -> Any:
        """A vector of one number."""
        ir, build = self.ir, self.build
        one = build.insert_element(ir.Constant(kind, ir.Undefined), value, ir.Constant(ir.IntType(32), 0))
        return build.shuffle_vector(
            one,
            ir.Constant(kind, ir.Undefined),
            ir.Constant(ir.VectorType(ir.IntType(32), self.lanes), [0] * self.lanes),
        )

    def _is_wide(self, place: Place) -> bool:
        return any(at.loop == self.inner for at in place)

    def _cast(self, value: Value, bits: int, bodies: dict[int, Body]) -> Value:
        body = bodies[bits]
        if value.body is body:
            return value
        convert = self.build.fpext if bits == 64 else self.build.fptrunc
        return Value(body, convert(value.at, body.double))

    def _address(self, n: int, place: Place) -> tuple[Any, int]:
        """(where a value's entries of this row begin, entries from one to the next of the inner loop)"""
        build = self.build
        if n in self.buffered:  # parts of a row, one after the other
            parts = sorted({root.place for root in self.nest.roots if root.node == n})
            return build.gep(self.base[n], [self.number(parts.index(place) * self.nest.inner)]), 1
        along, constant, offset = 0, 0, None
        steps = self.layout.get(n) or strides(self.plan.shape[n], self.order.get(n))
        for at, step in zip(place, steps, strict=True):
            constant += at.offset * step
            if at.loop == self.inner:
                along += at.step * step
            elif at.loop >= 0:
                moved = build.mul(self.loops[at.loop], self.number(at.step * step))
                offset = moved if offset is None else build.add(offset, moved)
        total = self.number(constant) if offset is None else build.add(offset, self.number(constant))
        return build.gep(self.base[n], [total]), along

    def _lanes(self, begin: Any, span: Span, along: int) -> list[Any]:
        """The address of each lane's entry."""
        build = self.build
        if span.last is None:
            first = build.gep(begin, [build.mul(span.first, self.number(along))])
            return [build.gep(first, [self.number(k * along)]) for k in range(self.lanes)]
        found = []
        for k in range(self.lanes):
            at = build.add(span.first, self.number(k))
            at = build.select(build.icmp_signed("<", at, span.last), at, span.last)
            found.append(build.gep(begin, [build.mul(at, self.number(along))]))
        return found

    def _load(self, n: int, place: Place, span: Span | None) -> Value:
        build, kind = self.build, self.memory(n)
        begin, along = self._address(n, place)
        if span is None:
            return self._read(build.load(begin), kind, self.row)
        if along == 1 and span.last is None:
            vector = self.ir.VectorType(kind, self.lanes)
            at = build.bitcast(build.gep(begin, [span.first]), vector.as_pointer())
            loaded = build.load(at)
            loaded.align = _size(kind)
            return self._read(loaded, kind, self.wide)
        result = self.ir.Constant(self.ir.VectorType(kind, self.lanes), self.ir.Undefined)
        for k, at in enumerate(self._lanes(begin, span, along)):
            entry = build.load(at)
            result = build.insert_element(result, entry, self.ir.Constant(self.ir.IntType(32), k))
        return self._read(result, kind, self.wide)

    def _read(self, loaded: Any, kind: Any, bodies: dict[int, Body]) -> Value:
        """What was in memory, as floats."""
        bits = 32 if kind == self.ir.FloatType() else 64
        body = bodies[bits]
        if kind in (self.ir.FloatType(), self.ir.DoubleType()):
            return Value(body, loaded)
        convert = self.build.uitofp if kind == self.ir.IntType(8) else self.build.sitofp
        return Value(body, convert(loaded, body.double))

    def _store(self, n: int, place: Place, value: Value, span: Span | None) -> None:
        build, kind = self.build, self.memory(n)
        stored = self._written(value, kind, self.row if span is None else self.wide)
        begin, along = self._address(n, place)
        if span is None:
            build.store(stored, begin)
        elif along == 1 and span.last is None:
            build.store(
                stored, build.bitcast(build.gep(begin, [span.first]), stored.type.as_pointer()), align=_size(kind)
            )
        else:
            # an entry that several lanes stand for is last written by its own
            for k, at in reversed(list(enumerate(self._lanes(begin, span, along)))):
                entry = build.extract_element(stored, self.ir.Constant(self.ir.IntType(32), k))
                build.store(entry, at)

    def _written(self, value: Value, kind: Any, bodies: dict[int, Body]) -> Any:
        """A value as it is in memory."""
        build, wide = self.build, lambda t: bodies[64].wide(t)
        if kind == self.ir.IntType(8):
            return build.zext((value != 0.0).at, wide(kind))
        if kind == self.long:
            return build.fptosi(value.at, wide(kind))
        return self._cast(value, 64 if kind == self.ir.DoubleType() else 32, bodies).at


def _size(kind: Any) -> int:
    """Bytes of a number."""
    return {"double": 8, "float": 4, "i8": 1}.get(str(kind), 8)
