"""Loops over arrays of numbers, written in a small part of Python and compiled by LLVM: ``@kernel``.

A kernel is a function of arrays and integers. Its parameters are annotated with what they hold (`Bytes`, `Words`,
`Ints`, `Longs`, `Floats`, or `int`), its variables are integers of 64 bits or floats, and it has assignments, `if`,
`while`, ``for ... in range(...)``, `break`, `continue`, `return` of a number, arithmetic, comparisons, ``in (a, b)``,
`and`, `or`, `not`, `min`, `max`, `sqrt` of a float, calls of other kernels and names of module-level numbers. An array
is read and written at one index, which is not checked; ``a[k:]`` is what is passed of it from k on. Arrays that a
kernel is given do not overlap.
``//`` and ``%`` are those of numbers that are not negative. ``call(address, ...)`` calls a compiled function,
``floats(address)`` is the array of floats there.

Where there is no machine code, the Python function runs as it is.
"""

import ast
import ctypes
import inspect
import textwrap
from collections.abc import Callable
from typing import Annotated, Any, NamedTuple

import numpy as np

from . import machine
from .lazy import module


class _Cells(NamedTuple):
    """What an array holds: its dtype, and whether a number is made longer with its sign."""

    dtype: str
    bits: int
    signed: bool = True


Bytes = Annotated[Any, _Cells("uint8", 8, False)]
Words = Annotated[Any, _Cells("uint32", 32, False)]
Ints = Annotated[Any, _Cells("int32", 32)]
Longs = Annotated[Any, _Cells("int64", 64)]
_FLOATS = _Cells("float64", 0)
Floats = Annotated[Any, _FLOATS]


def cells(annotation: Any) -> _Cells | None:
    """What an annotated parameter holds; None for an integer."""
    return annotation.__metadata__[0] if hasattr(annotation, "__metadata__") else None


class Kernel:
    """A compiled function of arrays and integers; LLVM sees it when it is first called.

    flags  of its arithmetic on floats, LLVM's: "reassoc", "contract"
    """

    def __init__(self, function: Callable[..., Any], flags: tuple[str, ...] = (), level: int = 1):
        self.function, self.flags, self.level = function, flags, level
        self.__doc__, self.__name__ = function.__doc__, function.__name__
        self.key = f"{function.__module__}.{function.__name__}"
        self.parameters = {k: cells(v) for k, v in function.__annotations__.items() if k != "return"}
        self._dtypes = [c and np.dtype(c.dtype) for c in self.parameters.values()]
        self._call: Callable[..., int] | None = None

    def __call__(self, *arguments: Any) -> Any:
        if self._call is None:
            if machine.unavailable():
                return self.plain(*arguments)
            (address,) = machine.functions(self.key, [self.key], self.module, self.level)
            types = [ctypes.c_void_p if c else ctypes.c_int64 for c in self._dtypes]
            self._call = ctypes.CFUNCTYPE(ctypes.c_int64, *types)(address)
        return self._call(*map(_passed, arguments, self._dtypes))

    def plain(self, *arguments: Any) -> Any:
        """The Python function on arrays whose entries are Python's numbers."""
        return self.function(*[memoryview(x) if c else x for x, c in zip(arguments, self._dtypes, strict=True)])

    def module(self) -> Any:
        made = module("llvmlite.ir").Module(self.key)
        self.define(made).linkage = ""
        return made

    def define(self, into: Any) -> Any:
        """This kernel as a function of a module under construction (`llvmlite.ir.Module`)."""
        if self.key in into.globals:
            return into.globals[self.key]
        return _Translation(self, into).function


def _passed(argument: Any, dtype: np.dtype | None) -> int:
    """What stands for an argument: an array is where it lies."""
    if dtype is None or type(argument) is int:
        return argument
    if argument.dtype != dtype or not argument.flags.c_contiguous:
        raise TypeError(f"a contiguous array of {dtype} is needed, got {argument.dtype}")
    return argument.__array_interface__["data"][0]


def call(address: int, *arguments: Any) -> None:
    """In a kernel: the compiled function at an address is called."""
    raise machine.NoMachineCode("call: there is no compiled function")


def floats(address: int) -> Any:
    """In a kernel: the array of floats at an address."""
    return (ctypes.c_double * (2**40)).from_address(address)


def kernel(flags: tuple[str, ...] = (), level: int = 1) -> Callable[[Callable[..., Any]], Kernel]:
    """Decorator: the function is compiled when first called."""
    return lambda function: Kernel(function, flags, level)


class _Translation:
    """One kernel's syntax tree -> instructions of LLVM. Variables are places on the stack, which LLVM makes
    registers."""

    def __init__(self, made: Kernel, into: Any):
        self.kernel, self.ir, self.globals = made, module("llvmlite.ir"), made.function.__globals__
        ir = self.ir
        self.long, self.double, self.bit = ir.IntType(64), ir.DoubleType(), ir.IntType(1)
        self.array = self.double.as_pointer()
        types = [self._cell(c).as_pointer() if c else self.long for c in made.parameters.values()]
        self.function = ir.Function(into, ir.FunctionType(self.long, types), made.key)
        self.function.linkage = "internal"
        self.entry, start = self.function.append_basic_block(), self.function.append_basic_block()
        self.build = ir.IRBuilder(start)
        self.variables: dict[str, Any] = {}  # name -> its place
        self.arrays: dict[str, tuple[Any, _Cells]] = {}
        self.loops: list[tuple[Any, Any]] = []  # where `continue` and `break` go
        for (name, c), argument in zip(made.parameters.items(), self.function.args, strict=True):
            if c:
                argument.add_attribute("noalias")
                self.arrays[name] = argument, c
            else:
                self._assign(name, argument)
        (tree,) = ast.parse(textwrap.dedent(inspect.getsource(made.function))).body
        assert isinstance(tree, ast.FunctionDef)
        self._statements(tree.body)
        if not self.build.block.is_terminated:
            self.build.ret(self._constant(0))
        ir.IRBuilder(self.entry).branch(start)

    def _cell(self, c: _Cells) -> Any:
        return self.ir.IntType(c.bits) if c.bits else self.double

    def _constant(self, value: int | float) -> Any:
        return self.ir.Constant(self.double if isinstance(value, float) else self.long, value)

    def _unknown(self, node: ast.AST) -> TypeError:
        return TypeError(f"{self.kernel.key}: not in the language of kernels: {ast.unparse(node)}")

    # --- statements ---------------------------------------------------------------------------------------------

    def _statements(self, body: list[ast.stmt]) -> None:
        for s in body:
            if self.build.block.is_terminated:
                return
            self._statement(s)

    def _statement(self, s: ast.stmt) -> None:
        match s:
            case ast.Assign(targets, value):
                values = [self._value(v) for v in (value.elts if isinstance(value, ast.Tuple) else [value])]
                for target in targets:
                    places = target.elts if isinstance(target, ast.Tuple) else [target]
                    for place, v in zip(places, values, strict=len(values) > 1):
                        self._store(place, v)
            case ast.AugAssign(target, op, value):
                self._store(target, self._arithmetic(op, self._value(target), self._value(value)))
            case ast.If(test, body, orelse):
                self._branches(test, body, orelse)
            case ast.For(ast.Name(name), ast.Call(ast.Name("range"), bounds), body):
                self._count(name, bounds, body)
            case ast.While(test, body):
                self._repeat(test, body)
            case ast.Break():
                self.build.branch(self.loops[-1][1])
            case ast.Continue():
                self.build.branch(self.loops[-1][0])
            case ast.Return(value) if value is not None:
                self.build.ret(self._value(value))
            case ast.Expr(ast.Constant()):
                pass
            case ast.Expr(value):
                self._value(value)
            case _:
                raise self._unknown(s)

    def _assign(self, name: str, value: Any) -> None:
        if value.type == self.array:
            self.arrays[name] = value, _FLOATS
            return
        place = self.variables.get(name)
        if place is None:
            with self.build.goto_block(self.entry):
                place = self.variables[name] = self.build.alloca(value.type, name=name)
        self.build.store(value, place)

    def _store(self, target: ast.expr, value: Any) -> None:
        match target:
            case ast.Name(name):
                self._assign(name, value)
            case ast.Subscript(ast.Name(name), index):
                array, c = self.arrays[name]
                value = self.build.trunc(value, self._cell(c)) if 0 < c.bits < 64 else value
                self.build.store(value, self.build.gep(array, [self._value(index)]))
            case _:
                raise self._unknown(target)

    def _blocks(self, count: int) -> list[Any]:
        return [self.function.append_basic_block() for _ in range(count)]

    def _in(self, block: Any, body: list[ast.stmt], after: Any) -> None:
        self.build.position_at_end(block)
        self._statements(body)
        if not self.build.block.is_terminated:
            self.build.branch(after)

    def _branches(self, test: ast.expr, body: list[ast.stmt], orelse: list[ast.stmt]) -> None:
        then, otherwise, after = self._blocks(3)
        self._jump(test, then, otherwise)
        self._in(then, body, after)
        self._in(otherwise, orelse, after)
        self.build.position_at_end(after)

    def _repeat(self, test: ast.expr, body: list[ast.stmt]) -> None:
        before, inside, after = self._blocks(3)
        self.build.branch(before)
        self.build.position_at_end(before)
        self._jump(test, inside, after)
        self.loops.append((before, after))
        self._in(inside, body, before)
        self.loops.pop()
        self.build.position_at_end(after)

    def _count(self, name: str, bounds: list[ast.expr], body: list[ast.stmt]) -> None:
        """Over a range; the test stands at the end, so that LLVM finds the loop simple."""
        numbers = [self._value(x) for x in bounds]
        start, stop = numbers[:2] if len(numbers) > 1 else (self._constant(0), numbers[0])
        step = numbers[2] if len(numbers) > 2 else self._constant(1)
        inside, following, after = self._blocks(3)
        with self.build.goto_block(self.entry):
            counter = self.build.alloca(self.long)
        self.build.store(start, counter)
        self.build.cbranch(self.build.icmp_signed("<", start, stop), inside, after)
        self.build.position_at_end(inside)
        self._assign(name, self.build.load(counter))
        self.loops.append((following, after))
        self._in(inside, body, following)
        self.loops.pop()
        self.build.position_at_end(following)
        reached = self.build.add(self.build.load(counter), step, flags=("nsw",))
        self.build.store(reached, counter)
        self.build.cbranch(self.build.icmp_signed("<", reached, stop), inside, after)
        self.build.position_at_end(after)

    # --- conditions: jumps, so that what stands to the right is not looked at in vain ---------------------------------

    def _jump(self, test: ast.expr, then: Any, otherwise: Any) -> None:
        match test:
            case ast.BoolOp(op, values):
                for value in values[:-1]:
                    (following,) = self._blocks(1)
                    both = isinstance(op, ast.And)
                    self._jump(value, following if both else then, otherwise if both else following)
                    self.build.position_at_end(following)
                self._jump(values[-1], then, otherwise)
            case ast.UnaryOp(ast.Not(), operand):
                self._jump(operand, otherwise, then)
            case _:
                self.build.cbranch(self._bit(self._value(test)), then, otherwise)

    def _bit(self, value: Any) -> Any:
        return value if value.type == self.bit else self.build.icmp_signed("!=", value, self._constant(0))

    def _compared(self, left: Any, op: ast.cmpop, right: Any) -> Any:
        left, right = self._alike(left, right)
        sign = _COMPARISONS[type(op)]
        if left.type != self.double:
            return self.build.icmp_signed(sign, left, right)
        return (self.build.fcmp_unordered if sign == "!=" else self.build.fcmp_ordered)(sign, left, right)

    # --- values -------------------------------------------------------------------------------------------------

    def _value(self, e: ast.expr) -> Any:
        match e:
            case ast.Constant(value) if isinstance(value, (int, float)):
                return self._constant(int(value) if isinstance(value, bool) else value)
            case ast.Name(name):
                return self._named(name)
            case ast.Subscript(ast.Name(name), index):
                array, c = self.arrays[name]
                value = self.build.load(self.build.gep(array, [self._value(index)]))
                longer = self.build.sext if c.signed else self.build.zext
                return longer(value, self.long) if 0 < c.bits < 64 else value
            case ast.BinOp(left, op, right):
                return self._arithmetic(op, self._value(left), self._value(right))
            case ast.UnaryOp(ast.USub(), operand):
                value = self._value(operand)
                return self.build.fneg(value) if value.type == self.double else self.build.neg(value)
            case ast.Compare(left, [ast.In()], [ast.Tuple(choices)]):
                x, found = self._value(left), self.ir.Constant(self.bit, 0)
                for choice in choices:
                    found = self.build.or_(found, self._compared(x, ast.Eq(), self._value(choice)))
                return found
            case ast.Compare(left, ops, comparators):
                values = [self._value(x) for x in (left, *comparators)]
                found = self._compared(values[0], ops[0], values[1])
                for comparison, x, y in zip(ops[1:], values[1:], values[2:], strict=False):
                    found = self.build.and_(found, self._compared(x, comparison, y))
                return found
            case ast.IfExp() | ast.BoolOp():
                return self._chosen(e)
            case ast.Call(ast.Name(name), arguments):
                return self._called(name, arguments)
        raise self._unknown(e)

    def _named(self, name: str) -> Any:
        if name in self.variables:
            return self.build.load(self.variables[name])
        value = self.globals.get(name)
        if isinstance(value, (int, float)):
            return self._constant(value)
        raise TypeError(f"{self.kernel.key}: {name} is no number")

    def _chosen(self, e: ast.IfExp | ast.BoolOp) -> Any:
        """One of two values, of which the other is not computed."""
        then, otherwise, after = self._blocks(3)
        if isinstance(e, ast.IfExp):
            self._jump(e.test, then, otherwise)
        else:
            self._jump(e, then, otherwise)
        found = []
        for block, value in ((then, getattr(e, "body", None)), (otherwise, getattr(e, "orelse", None))):
            self.build.position_at_end(block)
            made = self.ir.Constant(self.bit, block is then) if value is None else self._value(value)
            found.append((made, self.build.block))
            self.build.branch(after)
        self.build.position_at_end(after)
        result = self.build.phi(found[0][0].type)
        for made, block in found:
            result.add_incoming(made, block)
        return result

    def _alike(self, left: Any, right: Any) -> tuple[Any, Any]:
        values = [self.build.zext(x, self.long) if x.type == self.bit else x for x in (left, right)]
        if values[0].type != values[1].type:
            values = [x if x.type == self.double else self.build.sitofp(x, self.double) for x in values]
        return values[0], values[1]

    def _arithmetic(self, op: ast.operator, left: Any, right: Any) -> Any:
        left, right = self._alike(left, right)
        name = (_ON_FLOATS if left.type == self.double else _ON_INTEGERS)[type(op)]
        flags = {"flags": self.kernel.flags} if left.type == self.double else {}
        return getattr(self.build, name)(left, right, **flags)

    def _called(self, name: str, arguments: list[ast.expr]) -> Any:
        if name in ("min", "max"):
            x, y = self._alike(*[self._value(a) for a in arguments])
            return self.build.select(self.build.icmp_signed("<" if name == "min" else ">", x, y), x, y)
        passed = [self._passed(a) for a in arguments]
        if name == "sqrt":
            return self.build.call(self.function.module.declare_intrinsic("llvm.sqrt", [self.double]), passed)
        if name == "floats":
            return self.build.inttoptr(passed[0], self.array)
        if name == "call":
            kind = self.ir.FunctionType(self.ir.VoidType(), [x.type for x in passed[1:]])
            return self.build.call(self.build.inttoptr(passed[0], kind.as_pointer()), passed[1:])
        called = self.globals.get(name)
        if not isinstance(called, Kernel):
            raise TypeError(f"{self.kernel.key}: {name} is no kernel")
        return self.build.call(called.define(self.function.module), passed)

    def _passed(self, e: ast.expr) -> Any:
        match e:
            case ast.Name(name) if name in self.arrays:
                return self.arrays[name][0]
            case ast.Subscript(ast.Name(name), ast.Slice(ast.expr() as start)):
                return self.build.gep(self.arrays[name][0], [self._value(start)])
        return self._value(e)


_COMPARISONS: dict[type, str] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip
_ON_INTEGERS: dict[type, str] = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.FloorDiv: "sdiv", ast.Mod: "srem", ast.BitAnd: "and_",
    ast.BitOr: "or_", ast.BitXor: "xor", ast.LShift: "shl", ast.RShift: "ashr",
}  # fmt: skip
_ON_FLOATS: dict[type, str] = {ast.Add: "fadd", ast.Sub: "fsub", ast.Mult: "fmul", ast.Div: "fdiv"}
