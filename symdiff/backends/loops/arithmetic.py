"""Steps on the values of a nest: one entry, or a vector of them; and what reductions carry along."""

from collections.abc import Sequence
from functools import reduce
from typing import Any

from ...constants import as_float
from ...facets import folding
from ...ops.elementwise import pow_op
from ...ops.layout import concat_op, getitem_op, place_op
from ...ops.products import ADD, CONTRACT
from ...program import Instruction
from .. import formulas
from ..elementary import ANALYTIC, FORMULAS, sqrt
from ..ir import Body, Value, where
from ..plan import Uniform
from .entries import Need, is_fold, neutral
from .memory import Key, Memory
from .nests import Root, is_array, needs_of

NATIVE = {name for name, formula in FORMULAS.items() if formula.cost < ANALYTIC}  # in float32 too


class Arithmetic(Memory):
    """Steps as instructions."""

    scalars: dict[Key, Value]  # values of the row
    splats: dict[Key, Value]  # and vectors of them

    def _operand(self, need: Need, body: Body, values: dict[Key, Value] | None) -> Value:
        n, place = need.value, need.place
        if not is_array(self.plan, n):
            constant = self.plan.constants[n]
            number = constant.value if isinstance(constant, Uniform) else constant
            return body.number(float(number))
        if values is None:
            return self.scalars[n, place]
        key = n, place
        if key not in values:
            if key not in self.splats:
                value = self.scalars[key]
                wide = self.wide[64 if value.body is self.row[64] else 32]
                self.splats[key] = Value(wide, self._spread(value.at, wide.double))
            return self.splats[key]
        return values[key]

    def _term(self, root: Root, values: dict[Key, Value]) -> Value:
        """What a reduction adds for a vector of entries."""
        step = self.nest.steps[root.node]
        found = needs_of(self.plan, step, root)
        bodies = self.wide
        bits = 64 if step.op is CONTRACT else self._bits(step)
        operands = [self._cast(self._operand(need, bodies[64], values), bits, bodies) for need in found]
        return self._folded(step, operands, bodies[bits])

    def _folded(self, step: Instruction, values: Sequence[Value], body: Body) -> Value:
        """The sum of products of so many values each as the step has factors, or the extreme of all."""
        if step.op is not CONTRACT:
            return reduce(FORMULAS[folding(step.op)].of, values)
        each = len(step.inputs)
        total: Value | None = None
        with body.flagged(("contract",) if len(values) > each else ()):
            for k in range(0, len(values), each):
                product = values[k]
                for value in values[k + 1 : k + each]:
                    product = product * value
                total = product if total is None else total + product
        assert total is not None
        return total

    def _bits(self, step: Instruction) -> int:
        """Of the numbers that a step computes with."""
        dtype = self.plan.dtype[step.node]
        dtypes = {self.plan.dtype[i] for i in step.inputs} if dtype in ("bool", "int", "int64") else {dtype}
        return 32 if "float32" in dtypes and "float64" not in dtypes else 64

    def _applied(
        self, step: Instruction, found: Sequence[Need], operands: Sequence[Value], bodies: dict[int, Body]
    ) -> Value:
        """A step on the values that it needs."""
        bits = self._bits(step)
        xs = [self._cast(x, bits, bodies) for x in operands]
        body = bodies[bits]
        op = step.op
        if op in (getitem_op, place_op, concat_op):
            result = body.number(0.0)
            for need, x in zip(found, xs, strict=True):
                result = where(self._inside(need, body), x, result) if need.inside else x
            return result
        if is_fold(step):
            return self._folded(step, xs, body)
        if op is ADD:
            scaled = [x if c == 1 else -x if c == -1 else x * as_float(c) for x, c in zip(xs, step.params, strict=True)]
            return sum(scaled[1:], scaled[0])
        if op is pow_op:
            return power(xs[0], self._constant(step.inputs[1]))
        name = formulas.spelled(op.name)
        xs = xs[::-1] if op.name.startswith("greater") else xs
        if bits == 64 or name in NATIVE:
            return formulas.apply(name, *xs)
        return self._cast(formulas.apply(name, *[self._cast(x, 64, bodies) for x in xs]), 32, bodies)

    def _constant(self, n: int) -> float:
        value = self.plan.constants[n]
        return float(value.value if isinstance(value, Uniform) else value)

    def _inside(self, need: Need, body: Body) -> Value:
        """Its positions are within their axes."""
        build, holds = self.build, None
        for at, size in need.inside:
            position = self.position_of(at)
            one = build.icmp_unsigned("<", position, self.number(size))  # not negative either
            holds = one if holds is None else build.and_(holds, one)
        return Value(body, self._spread(holds, body.bit) if body.width > 1 else holds)

    # --- reductions -------------------------------------------------------------------------------------------------

    def _body_of(self, root: Root) -> Body:
        step = self.nest.steps[root.node]
        return self.wide[64 if step.op is CONTRACT else self._bits(step)]

    def _identity(self, root: Root) -> Value:
        return self._body_of(root).number(neutral(self.nest.steps[root.node].op))

    def _combined(self, root: Root, x: Value, y: Value) -> Value:
        step = self.nest.steps[root.node]
        if step.op is CONTRACT:
            with y.body.flagged(("contract", "reassoc")):
                return x + y
        return FORMULAS[folding(step.op)].of(x, y)

    def _merged(self, root: Root, values: Sequence[Any]) -> Any:
        total, *rest = [Value(self._body_of(root), value) for value in values]
        for value in rest:
            total = self._combined(root, total, value)
        return total.at

    def _across(self, root: Root, vector: Any) -> Value:
        """The lanes of a vector as one number, by halves."""
        ir, build, body, lanes = self.ir, self.build, self._body_of(root), self.lanes
        short = ir.IntType(32)
        value = Value(body, vector)
        while lanes > 1:
            lanes //= 2
            order = [(k + lanes) % self.lanes for k in range(self.lanes)]
            moved = build.shuffle_vector(value.at, value.at, ir.Constant(ir.VectorType(short, self.lanes), order))
            value = self._combined(root, value, Value(body, moved))
        bits = 64 if body is self.wide[64] else 32
        number = Value(self.row[bits], build.extract_element(value.at, ir.Constant(short, 0)))
        return self._cast(number, self._bits(self.nest.steps[root.node]), self.row) if root.kind == "row" else number


def power(x: Value, exponent: float) -> Value:
    """A whole or half power: products, a root, a quotient."""
    whole, half = divmod(abs(exponent), 1)
    result: Value | None = None
    square = x
    for k in range(int(whole).bit_length()):
        if int(whole) >> k & 1:
            result = square if result is None else result * square
        if int(whole) >> (k + 1):
            square = square * square
    if half:
        root = sqrt(x)
        result = root if result is None else result * root
    assert result is not None
    return result if exponent > 0 else 1.0 / result
