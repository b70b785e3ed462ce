"""One entry of a step's result: which entries of its operands it needs, and how they become it.

Positions along an axis are affine in one loop's number: so are those that slices, shifts, transposes, broadcasts and
joins read. What an entry needs is a list of `Need`s; entries that lie outside of what is placed or joined are 0.
"""

from collections.abc import Mapping, Sequence
from itertools import product
from math import prod
from typing import Any, NamedTuple

from ...op import Op
from ...ops import LIBRARY, order
from ...ops.elementwise import pow_op
from ...ops.layout import concat_op, getitem_op, place_op
from ...ops.piecewise import where_op
from ...ops.products import ADD, CONTRACT
from ...program import Instruction
from ..formulas import cost, is_inline, spelled
from ..plan import Plan, Shape, Uniform

UNROLLED = 16  # entries of a sum, or parts of a value, that are written out
FEW = 8  # entries of a sum that makes an entry of a product of matrices in loops
THIN = 16  # columns of a product of matrices that loops make as one sum each
NEAR = 4096  # entries of its small matrix: they stay in the nearest cache
EXTREMES = (order.max_op, order.min_op)  # reductions that keep one of two numbers
SMALL_NUMBERS = 1 << 20  # constants that many of which add up exactly


class Index(NamedTuple):
    """A position along an axis: ``offset + step*(number of the loop)``; without a loop (-1), a number."""

    offset: int
    loop: int = -1
    step: int = 0

    def moved(self, offset: int, step: int = 1) -> "Index":
        """``offset + step*self``"""
        return Index(offset + step * self.offset, self.loop, step * self.step)

    def __str__(self) -> str:
        if self.loop < 0:
            return str(self.offset)
        name = LOOPS[self.loop] if self.loop < len(LOOPS) else f"i{self.loop}"
        text = name if self.step == 1 else f"{self.step}*{name}"
        return text + (f" + {self.offset}" if self.offset > 0 else f" - {-self.offset}" if self.offset else "")


LOOPS = "ijklmn"
ORIGIN = Index(0)
Place = tuple[Index, ...]


class Need(NamedTuple):
    """An operand's entry; only there where positions lie within sizes."""

    value: int
    place: Place
    inside: tuple[tuple[Index, int], ...] = ()


# --- steps ------------------------------------------------------------------------------------------------------------


def is_reduction(plan: Plan, step: Instruction) -> bool:
    """It sums, or finds the largest or smallest, over more entries than are written out."""
    return is_fold(step) and prod(sizes_of(plan, step)[i] for i in summed(plan, step)) > UNROLLED


def is_fold(step: Instruction) -> bool:
    """It is a sum of products, or an extreme, of entries of its operands."""
    return step.op is CONTRACT or step.op in EXTREMES


def neutral(op: Op) -> float:
    """What a reduction starts from."""
    return op.fold[1] if op.fold else 0.0


def labels_of(plan: Plan, step: Instruction) -> tuple[tuple[tuple[int, ...], ...], tuple[int, ...]]:
    """Labels of the axes of each operand and of the result."""
    if step.op is CONTRACT:
        return step.params[0], step.params[1]
    axes = range(len(plan.shape[step.inputs[0]]))
    return (tuple(axes),), tuple([k for k in axes if k not in step.params[0]])


def summed(plan: Plan, step: Instruction) -> list[int]:
    """The labels that a result lacks."""
    labels, out = labels_of(plan, step)
    return list(dict.fromkeys(i for ls in labels for i in ls if i not in out))


def sizes_of(plan: Plan, step: Instruction) -> dict[int, int]:
    labels, _ = labels_of(plan, step)
    sizes = dict(step.params[2]) if step.op is CONTRACT else {}
    for n, ls in zip(step.inputs, labels, strict=True):
        sizes.update(zip(ls, plan.shape[n], strict=True))
    return sizes


def terms(plan: Plan, step: Instruction, at: Mapping[int, Index]) -> list[list[Need]]:
    """What a fold combines: products of entries, at the positions of its labels; those that have none
    are written out."""
    labels, _ = labels_of(plan, step)
    sizes = sizes_of(plan, step)
    free = [i for i in dict.fromkeys(i for ls in labels for i in ls) if i not in at]
    found = []
    for numbers in product(*[range(sizes[i]) for i in free]):
        where = {**at, **{i: Index(k) for i, k in zip(free, numbers, strict=True)}}
        found.append([Need(n, tuple([where[i] for i in ls])) for n, ls in zip(step.inputs, labels, strict=True)])
    return found


def needs(plan: Plan, step: Instruction, place: Place) -> list[Need]:
    """What an entry of a step's result is made of, in the order in which `kind` takes it."""
    op, _, inputs, params = step
    if is_fold(step):
        _, out = labels_of(plan, step)
        return [need for term in terms(plan, step, dict(zip(out, place, strict=True))) for need in term]
    if op is getitem_op:
        return [Need(inputs[0], _indexed(params[0], place))]
    if op is place_op:
        return [_placed(plan, step, place)]
    if op is concat_op:
        return _joined(plan, step, place)
    return [Need(i, _spread(plan.shape[i], place)) for i in inputs]


def _spread(shape: Shape, place: Place) -> Place:
    """The operand's entry, where shapes are broadcast."""
    aligned = place[len(place) - len(shape) :]
    return tuple([ORIGIN if s == 1 else i for s, i in zip(shape, aligned, strict=True)])


def _indexed(index: Sequence[Any], place: Place) -> Place:
    rest = iter(place)
    return tuple([
        next(rest) if i is None else next(rest).moved(i[0], i[2]) if isinstance(i, tuple) else Index(i) for i in index
    ])  # fmt: skip


def _placed(plan: Plan, step: Instruction, place: Place) -> Need:
    """Positions are those in the result, less where the operand begins."""
    found, inside, sizes = [], [], iter(plan.shape[step.inputs[0]])
    for i, at in zip(step.params[0], place, strict=True):
        if isinstance(i, int):
            inside.append((at.moved(-i), 1))
            continue
        size = next(sizes)
        found.append(at if i is None else at.moved(-i[0]))
        if i is not None:
            inside.append((found[-1], size))
    return Need(step.inputs[0], tuple(found), tuple(inside))


def _joined(plan: Plan, step: Instruction, place: Place) -> list[Need]:
    (axis,), found, start = step.params, [], 0
    for n in step.inputs:
        at, size = place[axis].moved(-start), plan.shape[n][axis]
        found.append(Need(n, (*place[:axis], at, *place[axis + 1 :]), ((at, size),)))
        start += size
    return found


# --- which steps loops can have -----------------------------------------------------------------------------------


def fuses(plan: Plan, step: Instruction, exact: set[int]) -> bool:
    """A loop can make its entries; `exact` has the values so far that are small whole numbers or truth values."""
    op, n, inputs, params = step
    if type(plan.shape[n]) is not tuple or not all(type(plan.shape[i]) is tuple for i in inputs):
        return False
    if 0 in plan.shape[n] or any(0 in plan.shape[i] for i in inputs) or not inputs:
        return False
    if not all(_is_number(plan, i, exact) for i in inputs):
        return False
    if not _is_float(plan.dtype[n]):
        if not (plan.dtype[n] == "bool" or _stays_small(plan, step, exact)):
            return False
        exact.add(n)
    if op is CONTRACT:
        return _is_plain_product(plan, step)
    if op is getitem_op or op is concat_op:
        return True
    if op is place_op:
        return all(not isinstance(i, tuple) or i[2] == 1 for i in params[0])
    if op is ADD:
        return True
    if op in EXTREMES:
        return _is_float(plan.dtype[n])
    if not op.elementwise or params:
        return False
    if op is pow_op:
        return is_power(plan.constants.get(inputs[1]))
    return op.name in LIBRARY and op.normalise is None and is_inline(spelled(op.name))


def _is_float(dtype: str) -> bool:
    return dtype in ("float64", "float32", "float")


def _is_number(plan: Plan, n: int, exact: set[int]) -> bool:
    dtype, constant = plan.dtype[n], plan.constants.get(n)
    if _is_float(dtype) or dtype == "bool" or n in exact:
        return True
    value = constant.value if isinstance(constant, Uniform) else constant
    return isinstance(value, (int, float)) and abs(value) <= SMALL_NUMBERS


def _stays_small(plan: Plan, step: Instruction, exact: set[int]) -> bool:
    """Whole numbers that are 0 or 1 or a small constant, or sums of such: exact as floats."""
    return step.op is where_op or (step.op is CONTRACT and len(step.inputs) == 1)


def columns(plan: Plan, step: Instruction) -> list[int]:
    """The labels of a product that its widest operand lacks."""
    labels, out = labels_of(plan, step)
    sizes = sizes_of(plan, step)
    widest = widest_of(labels, sizes)
    return [i for i in out if i not in widest and sizes[i] > 1]


def widest_of(labels: Sequence[Sequence[int]], sizes: Mapping[int, int]) -> Sequence[int]:
    """The labels of the operand that has most of them; of the one with most entries."""
    return max(labels, key=lambda ls: (sum(sizes[i] > 1 for i in ls), prod(sizes[i] for i in ls)))


def is_thin(plan: Plan, step: Instruction) -> bool:
    """A product of many rows and a matrix of few columns, or of both's transposes: memory decides how long it takes."""
    if step.op is not CONTRACT or len(step.inputs) != 2 or not is_reduction(plan, step):
        return False
    labels, out = labels_of(plan, step)
    sizes = sizes_of(plan, step)
    widest, few = widest_of(labels, sizes), columns(plan, step)
    other = labels[1] if labels[0] == widest else labels[0]
    if not few or not set(out) | set(other) <= {*widest, *few} or prod(sizes[i] for i in few) > THIN:
        return False
    inner = [i for i in widest if sizes[i] > 1][-1:]
    return prod(sizes[i] for i in (*inner, *few)) <= NEAR and prod(sizes[i] for i in widest) > 16 * NEAR


def is_low(plan: Plan, step: Instruction) -> bool:
    """A product of two matrices that sums few entries for each of many: it is made where it is read."""
    if step.op is not CONTRACT or len(step.inputs) != 2 or step.params[2]:
        return False
    labels, out = labels_of(plan, step)
    sizes = sizes_of(plan, step)
    few = prod(sizes[i] for i in summed(plan, step)) <= FEW
    return few and bool(out) and sizes[out[-1]] > UNROLLED and set(labels[0]) != set(labels[1])


def _is_plain_product(plan: Plan, step: Instruction) -> bool:
    """One entry after the other, and no product of wide matrices: each label is on the widest operand, or few entries
    are summed."""
    labels, out, free = step.params
    if len(step.inputs) > 2 or len(set(out)) < len(out) or any(len(set(ls)) < len(ls) for ls in labels):
        return False
    gone = summed(plan, step)
    sizes = sizes_of(plan, step)
    wide = [i for i in dict.fromkeys(i for ls in labels for i in ls) if sizes[i] > 1]
    gone = [i for i in gone if sizes[i] > 1]
    if not gone:
        return True
    apart = is_thin(plan, step) or is_low(plan, step)
    return (apart or any(set(wide) <= set(ls) for ls in labels)) and not any(s > 1 for _, s in free)


def is_power(exponent: Any) -> bool:
    """A constant whole or half exponent that products and a root make."""
    exponent = exponent.value if isinstance(exponent, Uniform) else exponent
    return (
        isinstance(exponent, (int, float))
        and abs(exponent) <= 8
        and float(2 * exponent).is_integer()
        and bool(exponent)
    )


def weight(step: Instruction) -> int:
    """What an entry costs, in additions."""
    if step.op is ADD or step.op is CONTRACT:
        return len(step.inputs)
    if step.op in (getitem_op, place_op, concat_op):
        return 0
    return 1 if step.op in EXTREMES or step.op is pow_op else cost(spelled(step.op.name))
