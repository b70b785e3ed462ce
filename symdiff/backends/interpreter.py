"""The interpreter of the tape: a function per opcode, each of which goes on to that of the next instruction.

An opcode's function gets the place in the stream, the buffer, the layout rows, the number of lanes and the table of
functions; it does its work and jumps to the next one through the table, without a loop around them and without a word
on the stack. They are compiled when a program first has them, in families of a few milliseconds, so that nothing waits
for what it does not use. There are two tables: for one point, and for lanes; the second half of both has the loops of
elementary functions, which are one for spans and lanes.
"""

import ctypes
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from .. import machine
from ..lazy import LOCK, module
from . import spans
from .elementary import ANALYSIS, far_sincos, flags, is_near, near_sincos
from .formulas import apply, is_inline, needs
from .ir import Body, Value
from .opcodes import COUNT, FIRST_SPAN, NAMES, NUMBERED, OPCODE, READS, WORDS

# what nearly every program has, compiled together
FAMILIES = (
    ("end", "external"),
    ("copy", "neg", "square", "cube", "reciprocal", "sqrt", "abs", "add", "sub", "mul", "div", "fma", "fms"),
    ("where", "maximum", "minimum", "relu", "equal", "less", "less_equal", "logical_and", "logical_or", "logical_not"),
    ("sin", "cos", "sincos"),
)  # fmt: skip
_FAMILY = {name: family for family in FAMILIES for name in family}
_SPANS = {
    "map1": spans.map_over, "map2": spans.map_over, "map3": spans.map_over, "contract": spans.contract,
    "gather": spans.gather, "scatter": spans.scatter,
}  # fmt: skip


class Tables:
    """The functions of opcodes by number, then the loops; one table for a point and one for lanes."""

    def __init__(self) -> None:
        self.point = np.zeros(2 * COUNT, np.int64)
        self.lanes = np.zeros(2 * COUNT, np.int64)
        self.addresses = {False: self.point.ctypes.data, True: self.lanes.ctypes.data}
        self._enter: Callable[..., int] | None = None

    def need(self, opcodes: Iterable[int], on_lanes: bool, loops: Iterable[int] = ()) -> None:
        """These opcodes can be run afterwards."""
        with LOCK:
            loops = {*loops}
            for k in opcodes:
                if NAMES[k] == "contract":
                    loops.add(OPCODE["fma"])
                if k >= FIRST_SPAN or not on_lanes:
                    self._need(k, self.lanes if on_lanes else self.point)
                else:
                    loops.add(k)
                    self._need_lanes(k)
            for k in loops:
                if not self.point[COUNT + k]:
                    self._enter_loop(k)

    def _need(self, k: int, table: np.ndarray) -> None:
        if not self.point[k]:
            family = _FAMILY.get(NAMES[k], (NAMES[k],))
            addresses = _compiled(family, "opcode", _opcode)
            self.point[[OPCODE[name] for name in family]] = addresses
        if not table[k]:
            table[k] = self.point[k]

    def _need_lanes(self, k: int) -> None:
        """A function of lanes calls the loop; there is one for each number of operands."""
        if not self.lanes[k]:
            arities = ("1", "2", "3", "sincos")
            found = _compiled(arities, "lanes", _on_lanes)
            for j in range(FIRST_SPAN):
                self.lanes[j] = found[3 if NAMES[j] == "sincos" else READS[j] - 1]

    def _enter_loop(self, k: int) -> None:
        name = NAMES[k]
        (address,) = _compiled([name], "loop", _loop)
        self.point[COUNT + k] = self.lanes[COUNT + k] = address

    def run(self) -> Callable[..., int]:
        """``address -> address``: of five numbers (the addresses of the stream, of the buffer and of the layout, the
        lanes, and the address of the table), and of the external instruction or of the end that it meets."""
        if self._enter is None:
            with LOCK:
                (address,) = _compiled(["begin"], "enter", _entry)
                self._enter = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_void_p)(address)
        return self._enter


TABLES = Tables()


# --- functions of LLVM -----------------------------------------------------------------------------------------------


def _compiled(names: Sequence[str], kind: str, make: Callable[[Any, str], None]) -> list[int]:
    """The addresses of functions of a kind, ``opcode.sin`` for example, compiled together."""

    for name in names if kind in ("opcode", "loop") else ():
        needs(name)

    def build() -> Any:
        made = module("llvmlite.ir").Module()
        for name in names:
            make(made, name)
        return made

    return machine.functions(f"{kind} {' '.join(names)} {NUMBERED}", [f"{kind}.{name}" for name in names], build)


def _types() -> Any:
    """Of an opcode's function: (place in the stream, buffer, layout, lanes, table) -> place in the stream."""
    ir = module("llvmlite.ir")
    long = ir.IntType(64)
    pointers = [t.as_pointer() for t in (ir.IntType(32), ir.DoubleType(), long)]
    return ir.FunctionType(long, [*pointers, long, long.as_pointer()])


class _Instruction(Body):
    """The function of one opcode."""

    def __init__(self, into: Any, name: str):
        ir, kind = module("llvmlite.ir"), _types()
        super().__init__(ir.Function(into, kind, name), flags(name.partition(".")[2]))
        self.kind = kind
        self.stream, self.buffer, self.layout, self.lanes, self.table = self.function.args

    def word(self, k: int) -> Any:
        place = self.build.gep(self.stream, [self.long_number(k)])
        return self.build.zext(self.build.load(place), self.long)

    def go_on(self, words: int) -> None:
        """Jump to the function of the instruction after so many words."""
        following = self.build.gep(self.stream, [self.long_number(words)])
        opcode = self.build.zext(self.build.load(following), self.long)
        address = self.build.load(self.build.gep(self.table, [opcode]))
        self.jump(self.build.inttoptr(address, self.kind.as_pointer()), following)

    def jump(self, target: Any, stream: Any) -> None:
        arguments = [stream, self.buffer, self.layout, self.lanes, self.table]
        self.build.ret(self.build.call(target, arguments, tail="musttail"))

    def operands(self, count: int) -> list[Value]:
        return [self.load(self.buffer, self.word(2 + k)) for k in range(count)]


# of sin and cos: (which of the pair, the word that says where it goes)
_RESULTS = {"sin": ((0, 1),), "cos": ((1, 1),), "sincos": ((1, 3), (0, 1))}


def _opcode(into: Any, name: str) -> None:
    if name in _RESULTS:
        _trigonometric_opcode(into, name)
        return
    at = _Instruction(into, f"opcode.{name}")
    k = OPCODE[name]
    if name in ("end", "external"):
        at.build.ret(at.build.ptrtoint(at.stream, at.long))
        return
    reads, words = int(READS[k]), int(WORDS[k])
    if name in _SPANS:
        operands = [at.word(j) for j in range(1, 5)]
        work = _SPANS[name].define(into)
        at.build.call(work, [at.table, at.buffer, at.layout, at.lanes, at.word(5), *operands])
    else:
        xs = at.operands(reads)
        at.store(apply(name, *xs), at.buffer, at.word(1))
    at.go_on(words)


def _trigonometric_opcode(into: Any, name: str) -> None:
    """Large angles are left to a function of its own, so that this one calls nothing and saves no registers."""
    at, far = _Instruction(into, f"opcode.{name}"), _Instruction(into, f"far.{name}")
    far.function.attributes.add("noinline")
    at.flags = far.flags = ANALYSIS
    for body, pair in ((at, near_sincos), (far, far_sincos)):
        (x,) = body.operands(1)
        if body is at:
            near, other = at.block(), at.block()
            at.build.cbranch(is_near(x).at, near, other)
            at.build.position_at_end(other)
            at.jump(far.function, at.stream)
            at.build.position_at_end(near)
        found = pair(x)
        for k, word in _RESULTS[name]:
            body.store(found[k], body.buffer, body.word(word))
        body.go_on(int(WORDS[OPCODE[name]]))


def _entry(into: Any, name: str) -> None:
    """The first call: its arguments are read from memory, which is quicker than to pass them from Python."""
    ir, kind = module("llvmlite.ir"), _types()
    body = Body(ir.Function(into, ir.FunctionType(kind.return_type, [kind.args[4]]), f"enter.{name}"))
    numbers = [body.load(body.function.args[0], body.long_number(k)).at for k in range(5)]
    build = body.build
    arguments = [x if t == body.long else build.inttoptr(x, t) for x, t in zip(numbers, kind.args, strict=True)]
    opcode = build.zext(build.load(arguments[0]), body.long)
    first = build.load(build.gep(arguments[4], [opcode]))
    build.ret(build.call(build.inttoptr(first, kind.as_pointer()), arguments))


def _on_lanes(into: Any, name: str) -> None:
    """An elementary function of so many operands at all lanes."""
    at = _Instruction(into, f"lanes.{name}")
    reads = 1 if name == "sincos" else int(name)
    opcode = at.build.add(at.word(0), at.long_number(COUNT))
    kind = _loop_type()
    target = at.build.inttoptr(at.build.load(at.build.gep(at.table, [opcode])), kind.as_pointer())
    places = [at.word(k) for k in range(1, 4 if name == "sincos" else 2 + reads)]
    pointers = [at.build.gep(at.buffer, [at.build.mul(p, at.lanes)]) for p in places]
    pointers += [at.buffer] * (4 - len(pointers))
    at.build.call(target, [at.lanes, *[x for p in pointers for x in (p, at.long_number(1))]])
    at.go_on(4 if name == "sincos" else 2 + reads)


# --- the loops of elementary functions ------------------------------------------------------------------------------
# Unit strides and held scalars are written out: these are the loops that LLVM vectorises. A result that takes the
# place of its first operand is too, for LLVM would find that they overlap.

# strides of the result and the operands, by their number
_WRITTEN_OUT = {1: ("11",), 2: ("111", "110", "101"), 3: ("1111", "1101")}


def _loop_type() -> Any:
    """``(n, out, its stride, a, its stride, b, ..., c, ...)``"""
    ir = module("llvmlite.ir")
    long, pointer = ir.IntType(64), ir.DoubleType().as_pointer()
    return ir.FunctionType(ir.VoidType(), [long, *[pointer, long] * 4])


def _loop(into: Any, name: str) -> None:
    """``out[i] = f(a[i], b[i], c[i])`` for n strided entries."""
    ir = module("llvmlite.ir")
    body = Body(ir.Function(into, _loop_type(), f"loop.{name}"), flags(name))
    n, *rest = body.function.args
    pointers, strides = rest[::2], rest[1::2]
    build, reads = body.build, int(READS[OPCODE[name]])
    if name in _RESULTS:
        _trigonometric_loop(body, name, n, pointers, strides)
        return

    def pass_over(strides: Sequence[Any], in_place: bool = False) -> None:
        """Strides are values, or the texts "0" and "1"; what is held is read before."""
        operands = [pointers[0] if in_place else pointers[1], *pointers[2 : 1 + reads]]
        walks = list(zip(operands, strides[1:], strict=True))
        held = [body.load(p, body.long_number(0)) if s == "0" else None for p, s in walks]

        def inside(i: Any) -> None:
            xs = [body.load(p, _step(body, i, s)) if h is None else h for (p, s), h in zip(walks, held, strict=True)]
            body.store(apply(name, *xs), pointers[0], _step(body, i, strides[0]))

        body.count(n, inside)
        build.ret_void()

    for pattern in _WRITTEN_OUT[reads] if is_inline(name) else ():
        wanted = [body.long_number(int(k)) for k in pattern]
        fits = _all(body, [build.icmp_signed("==", s, k) for s, k in zip(strides, wanted, strict=False)])
        chosen, otherwise = body.block(), body.block()
        build.cbranch(fits, chosen, otherwise)
        build.position_at_end(chosen)
        if reads > 1 and pattern[1] == "1":
            same, other = body.block(), body.block()
            build.cbranch(build.icmp_unsigned("==", pointers[0], pointers[1]), same, other)
            build.position_at_end(same)
            pass_over(pattern, in_place=True)
            build.position_at_end(other)
        pass_over(pattern)
        build.position_at_end(otherwise)
    pass_over(strides[: 1 + reads])


def _trigonometric_loop(body: Body, name: str, n: Any, pointers: Sequence[Any], strides: Sequence[Any]) -> None:
    """sin into out, or cos, or sin and cos into b: one loop that vectorises when no angle is large."""
    build, results = body.build, _RESULTS[name]
    targets = {1: (pointers[0], strides[0]), 3: (pointers[2], strides[2])}
    near = build.alloca(body.bit)
    build.store(body.ir.Constant(body.bit, 1), near)

    def look(i: Any) -> None:
        x = body.load(pointers[1], _step(body, i, strides[1]))
        build.store(build.and_(build.load(near), is_near(x).at), near)

    def work(strided: bool, pair: Callable[[Value], Sequence[Value]]) -> None:
        def inside(i: Any) -> None:
            x = body.load(pointers[1], _step(body, i, strides[1] if strided else "1"))
            found = pair(x)
            for k, word in results:
                target, stride = targets[word]
                body.store(found[k], target, _step(body, i, stride if strided else "1"))

        body.count(n, inside)
        build.ret_void()

    body.count(n, look)
    ones = [build.icmp_signed("==", s, body.long_number(1)) for s in strides[: 1 + len(results)]]
    chosen, otherwise = body.block(), body.block()
    build.cbranch(_all(body, [build.load(near), *ones]), chosen, otherwise)
    build.position_at_end(chosen)
    work(False, near_sincos)
    build.position_at_end(otherwise)
    work(True, lambda x: body.choose(is_near(x), lambda: near_sincos(x), lambda: far_sincos(x)))


def _step(body: Body, i: Any, stride: Any) -> Any:
    return i if isinstance(stride, str) else body.build.mul(i, stride)


def _all(body: Body, conditions: Sequence[Any]) -> Any:
    found = conditions[0]
    for c in conditions[1:]:
        found = body.build.and_(found, c)
    return found
