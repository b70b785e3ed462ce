"""Numbers of a function under construction: formulas written on them with Python's operators become instructions of
LLVM.

A `Value` is a float, an integer of as many bits or a truth value, or a vector of such. The same formula makes an opcode
of the interpreter and the body of a loop, on one number or on as many as a register holds.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ..lazy import module

Number = Any  # a Value, or a number that becomes one

_INTEGER_OPS = {"+": "add", "-": "sub", "*": "mul", "&": "and_", "|": "or_", "^": "xor", "<<": "shl", ">>": "ashr"}
_FLOAT_OPS = {"+": "fadd", "-": "fsub", "*": "fmul", "/": "fdiv"}


class Value:
    """An instruction's result. Arithmetic on floats has the flags of its `Body`."""

    __slots__ = ("at", "body")

    def __init__(self, body: "Body", at: Any):
        self.body, self.at = body, at

    @property
    def is_float(self) -> bool:
        return self.at.type == self.body.double

    def _two(self, symbol: str, other: Number, swapped: bool = False) -> "Value":
        body, y = self.body, self.body.like(self, other).at
        left, right = (y, self.at) if swapped else (self.at, y)
        if self.is_float:
            return Value(body, getattr(body.build, _FLOAT_OPS[symbol])(left, right, flags=body.flags))
        return Value(body, getattr(body.build, _INTEGER_OPS[symbol])(left, right))

    def __add__(self, other: Number) -> "Value":
        return self._two("+", other)

    def __radd__(self, other: Number) -> "Value":
        return self._two("+", other, swapped=True)

    def __sub__(self, other: Number) -> "Value":
        return self._two("-", other)

    def __rsub__(self, other: Number) -> "Value":
        return self._two("-", other, swapped=True)

    def __mul__(self, other: Number) -> "Value":
        return self._two("*", other)

    def __rmul__(self, other: Number) -> "Value":
        return self._two("*", other, swapped=True)

    def __truediv__(self, other: Number) -> "Value":
        return self._two("/", other)

    def __rtruediv__(self, other: Number) -> "Value":
        return self._two("/", other, swapped=True)

    def __neg__(self) -> "Value":
        return Value(self.body, self.body.build.fneg(self.at)) if self.is_float else 0 - self

    def __lshift__(self, other: Number) -> "Value":
        return self._two("<<", other)

    def __rshift__(self, other: Number) -> "Value":
        return self._two(">>", other)

    def __and__(self, other: Number) -> "Value":
        return self._two("&", other)

    def __or__(self, other: Number) -> "Value":
        return self._two("|", other)

    def __xor__(self, other: Number) -> "Value":
        return self._two("^", other)

    def _compared(self, symbol: str, other: Number) -> "Value":
        build, y = self.body.build, self.body.like(self, other).at
        if not self.is_float:
            return Value(self.body, build.icmp_signed(symbol, self.at, y))
        compare = build.fcmp_unordered if symbol == "!=" else build.fcmp_ordered  # as IEEE 754 has it
        return Value(self.body, compare(symbol, self.at, y))

    def __lt__(self, other: Number) -> "Value":
        return self._compared("<", other)

    def __le__(self, other: Number) -> "Value":
        return self._compared("<=", other)

    def __gt__(self, other: Number) -> "Value":
        return self._compared(">", other)

    def __ge__(self, other: Number) -> "Value":
        return self._compared(">=", other)

    def __eq__(self, other: Number) -> "Value":  # type: ignore[override]
        return self._compared("==", other)

    def __ne__(self, other: Number) -> "Value":  # type: ignore[override]
        return self._compared("!=", other)

    __hash__ = None  # type: ignore[assignment]

    @property
    def bits(self) -> "Value":
        """The bits of a float, as an integer."""
        return Value(self.body, self.body.build.bitcast(self.at, self.body.long))

    @property
    def float(self) -> "Value":
        """The float of these bits."""
        return Value(self.body, self.body.build.bitcast(self.at, self.body.double))


class Body:
    """Where instructions are appended: a function of a module.

    flags  of LLVM for arithmetic on floats: "contract", "reassoc"
    width  how many numbers a value has       bits  of a number
    build  where instructions go, if another body has begun the function
    """

    def __init__(self, function: Any, flags: Sequence[str] = (), width: int = 1, bits: int = 64, build: Any = None):
        ir = self.ir = module("llvmlite.ir")
        self.function, self.flags, self.width = function, tuple(flags), width
        self.element = ir.DoubleType() if bits == 64 else ir.FloatType()
        self.double, self.long, self.bit = map(self.wide, (self.element, ir.IntType(bits), ir.IntType(1)))
        self.suffix = f"v{width}f{bits}" if width > 1 else f"f{bits}"
        self.build = ir.IRBuilder(function.append_basic_block()) if build is None else build

    def wide(self, element: Any) -> Any:
        return self.ir.VectorType(element, self.width) if self.width > 1 else element

    def like(self, x: Value, y: Number) -> Value:
        """A number as a value of x's type."""
        return y if isinstance(y, Value) else Value(self, self._constant(x.at.type, y))

    def number(self, value: float) -> Value:
        return Value(self, self._constant(self.double, float(value)))

    def _constant(self, kind: Any, value: Any) -> Any:
        return self.ir.Constant(kind, [value] * self.width if self.width > 1 else value)

    def long_number(self, value: int) -> Any:
        return self.ir.Constant(self.long, value)

    def call(self, name: str, xs: Sequence[Value], *rest: Any) -> Value:
        """A function of floats by its name: an intrinsic of LLVM (``llvm.floor.f64``) or one that the linker knows,
        called lane by lane."""
        if self.width == 1 or name.startswith("llvm."):
            return Value(self, self._called(name, self.double, [x.at for x in xs], rest))
        result, build = self.ir.Constant(self.double, self.ir.Undefined), self.build
        for lane in range(self.width):
            at = self.ir.Constant(self.ir.IntType(32), lane)
            entries = [build.extract_element(x.at, at) for x in xs]
            result = build.insert_element(result, self._called(name, self.element, entries, rest), at)
        return Value(self, result)

    def _called(self, name: str, kind: Any, xs: Sequence[Any], rest: Sequence[Any]) -> Any:
        found = self.function.module.globals.get(name)
        if found is None:
            kind = self.ir.FunctionType(kind, [x.type for x in (*xs, *rest)])
            found = self.ir.Function(self.function.module, kind, name)
            found.attributes.add("nounwind")
        return self.build.call(found, [*xs, *rest])

    @contextmanager
    def flagged(self, flags: Sequence[str]) -> Iterator[None]:
        """Arithmetic meanwhile has these flags."""
        before, self.flags = self.flags, tuple(flags)
        yield
        self.flags = before

    # --- the parts of loops -----------------------------------------------------------------------------------

    def block(self) -> Any:
        return self.function.append_basic_block()

    def load(self, pointer: Any, index: Any) -> Value:
        return Value(self, self.build.load(self.build.gep(pointer, [index])))

    def store(self, value: Value, pointer: Any, index: Any) -> None:
        self.build.store(value.at, self.build.gep(pointer, [index]))

    def count(self, n: Any, inside: Callable[[Any], None]) -> None:
        """``for i in range(n): inside(i)``."""
        build, loop, after = self.build, self.block(), self.block()
        before = build.block
        build.cbranch(build.icmp_signed(">", n, self.long_number(0)), loop, after)
        build.position_at_end(loop)
        i = build.phi(self.long)
        i.add_incoming(self.long_number(0), before)
        inside(i)
        following = build.add(i, self.long_number(1), flags=("nuw", "nsw"))
        i.add_incoming(following, build.block)
        build.cbranch(build.icmp_signed("<", following, n), loop, after)
        build.position_at_end(after)

    def choose(self, condition: Value, *branches: Callable[[], Sequence[Value]]) -> list[Value]:
        """What one of two branches gives, the first where the condition holds, in every lane; the other is not run."""
        build, blocks, after = self.build, (self.block(), self.block()), self.block()
        build.cbranch(self._everywhere(condition.at), *blocks)
        found = []
        for block, branch in zip(blocks, branches, strict=True):
            build.position_at_end(block)
            found.append((branch(), build.block))
            build.branch(after)
        build.position_at_end(after)
        results = []
        for k, value in enumerate(found[0][0]):
            phi = build.phi(value.at.type)
            for values, block in found:
                phi.add_incoming(values[k].at, block)
            results.append(Value(self, phi))
        return results

    def _everywhere(self, condition: Any) -> Any:
        if self.width == 1:
            return condition
        bits = self.ir.IntType(self.width)
        return self.build.icmp_signed("==", self.build.bitcast(condition, bits), self.ir.Constant(bits, -1))


# --- functions of values ----------------------------------------------------------------------------------------------


def where(condition: Value, x: Number, y: Number) -> Value:
    """x where the condition holds, else y; both are computed."""
    body = condition.body
    x = x if isinstance(x, Value) else body.like(y, x) if isinstance(y, Value) else body.number(x)
    y = body.like(x, y)
    return Value(body, body.build.select(condition.at, x.at, y.at))


def intrinsic(name: str) -> Callable[..., Value]:
    """One of LLVM's functions of floats, by its name there."""

    def call(*xs: Value) -> Value:
        return xs[0].body.call(f"llvm.{name}.{xs[0].body.suffix}", xs)

    return call


sqrt, absolute, copysign = intrinsic("sqrt"), intrinsic("fabs"), intrinsic("copysign")
floor, ceil, trunc, round_even = intrinsic("floor"), intrinsic("ceil"), intrinsic("trunc"), intrinsic("rint")


def single(x: Value) -> Value:
    """The nearest number of float32."""
    body = x.body
    short = body.build.fptrunc(x.at, body.wide(body.ir.FloatType()))
    return Value(body, body.build.fpext(short, body.double))
