"""Program -> `Plan`: every size a number, constants folded, chains of products merged and cut into products
of two.

What is left for a backend that calls one library function per instruction. Nothing here depends on numpy's
functions.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from math import prod
from typing import Any, NamedTuple

import numpy as np

from .. import shapes
from ..invariants import check_plan, stage
from ..lazy import module
from ..op import Results
from ..ops.products import ADD, CONTRACT
from ..program import Instruction, Program
from ..unfolding import Unfolding

Shape = tuple[int, ...]
FOLDED = 1 << 21  # entries: a constant result larger than this is computed at every call, not kept
STRONG = {"int": "int64", "float": "float64"}


class Uniform(NamedTuple):
    """A constant tensor with one value everywhere."""

    value: Any
    shape: Shape

    def array(self, dtype: str | None = None) -> np.ndarray:
        return np.broadcast_to(np.asarray(self.value, dtype), self.shape)


@dataclass
class Plan:
    """Instructions on values whose shapes are numbers.

    steps      instructions without sizes to resolve; every contract has one or two factors, or is X' diag(c) X
    shape      {value: its shape}           dtype  {value: its type}
    constants  {value: a Python number, an array, or `Uniform`}
    copies     {value made a second time: the number of that run}
    merged     {value of a loop over rows that has several axes in one: (the axis that holds the rows, entries per
               row), or None where it has no rows}
    """

    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    steps: list[Instruction]
    shape: dict[int, Shape]
    dtype: dict[int, str]
    constants: dict[int, Any]
    count: int  # values so far; those above the graph's nodes are made by the passes
    copies: dict[int, int] = field(default_factory=dict)
    merged: dict[int, tuple[int, int] | None] = field(default_factory=dict)

    def fresh(self, shape: Shape, dtype: str) -> int:
        """A new value."""
        while self.count in self.shape:
            self.count += 1
        self.shape[self.count], self.dtype[self.count] = shape, dtype
        return self.count

    def nbytes(self, n: int) -> int:
        """Bytes of a value; of an op with several results, of all of them."""
        shape: Any = self.shape[n]
        count = prod(shape) if type(shape) is tuple else sum(map(prod, shape))
        return count * np.dtype(STRONG.get(self.dtype[n], self.dtype[n])).itemsize


def build_plan(program: Program, known: Mapping[str, int], fixed: Sequence[int] = ()) -> Plan:
    """The plan of a program at given sizes; of the inputs `fixed` it is known that they stay the same for
    many runs."""
    g = program.graph
    steps = list(program.resolved(known))
    nodes = [*program.inputs, *program.constants, *program.sizes, *(s.node for s in steps)]
    shape = {n: _resolved(g._shape[n], known) for n in nodes}
    dtype = {n: g._dtype[n] for n in nodes}
    constants = {**program.constants, **{n: shapes.resolve(s, known) for n, s in program.sizes.items()}}
    plan = Plan(program.inputs, program.outputs, steps, shape, dtype, constants, len(g._op))
    fold(plan)
    distribute(plan)
    merge(plan)
    cut(plan, fixed)
    accumulate(plan)
    return plan


def hoist(plan: Plan, fixed: Sequence[int]) -> Plan:
    """Take the steps that depend on fixed inputs alone out of a plan: the plan of those, whose outputs the
    other now has as further inputs."""
    same, once, rest = {*fixed, *plan.constants}, [], []
    for step in plan.steps:
        if same.issuperset(step.inputs) and step.inputs:
            once.append(step)
            same.add(step.node)
        else:
            rest.append(step)
    made = {s.node for s in once}
    read = dict.fromkeys(i for s in rest for i in s.inputs if i in made) | dict.fromkeys(
        n for n in plan.outputs if n in made
    )
    plan.steps, plan.inputs = rest, (*plan.inputs, *read)
    return replace(plan, inputs=tuple(fixed), outputs=tuple(read), steps=once)


def _resolved(shape: Any, known: Mapping[str, int]) -> Shape:
    if type(shape) is Results:
        return Results(_resolved(s, known) for s in shape)  # type: ignore[return-value]
    return tuple([shapes.resolve(s, known) for s in shape])


# --- constants ----------------------------------------------------------------------------------------------


@stage(check_plan, first=True)
def fold(plan: Plan) -> None:
    """Evaluate what depends on constants alone."""
    constants, kept = plan.constants, []
    for step in plan.steps:
        if not all(i in constants for i in step.inputs) or type(plan.shape[step.node]) is Results:
            kept.append(step)
            continue
        value = _folded(plan, step)
        if value is None:
            kept.append(step)
        else:
            constants[step.node] = value
    plan.steps = kept


def _folded(plan: Plan, step: Instruction) -> Any:
    op, n, inputs, params = step
    shape, values = plan.shape[n], [plan.constants[i] for i in inputs]
    single = [v.value if isinstance(v, Uniform) else v for v in values]
    uniform = all(np.ndim(v) == 0 for v in single)
    with np.errstate(all="ignore"):
        if op is CONTRACT and uniform and len(set(params[1])) == len(params[1]) and len(values) <= 1:
            summed = (
                prod(
                    s for i, s in zip(params[0][0], plan.shape[inputs[0]], strict=True) if i not in params[1]
                )
                if inputs
                else 1
            )
            return _number(plan, n, single[0] * summed if inputs else 1, shape)
        if uniform and (op.elementwise or op is ADD):
            return _number(plan, n, op.meaning()(*single, *params), shape)
        if prod(shape) > FOLDED:
            return None
        full = [v.array() if isinstance(v, Uniform) else v for v in values]
        value = np.asarray(op.meaning()(*full, *params))
    return value if value.ndim else _number(plan, n, value, shape)


def _number(plan: Plan, n: int, value: Any, shape: Shape) -> Any:
    """A number of the type of node n: Python's for the weak types, so that it takes the type of what it
    meets."""
    value = np.asarray(value)[()]
    dtype = plan.dtype[n]
    value = value.item() if dtype in STRONG else np.dtype(dtype).type(value)
    return Uniform(value, shape) if shape else value


# --- what is read -------------------------------------------------------------------------------------------


def count_uses(plan: Plan) -> dict[int, int]:
    """{value: how many operands it is; an output counts as one more}"""
    uses = dict.fromkeys(plan.shape, 0)
    for step in plan.steps:
        for i in step.inputs:
            uses[i] += 1
    for n in plan.outputs:
        uses[n] += 1
    return uses


def drop_unused(plan: Plan) -> None:
    """Remove the steps that nothing reads."""
    wanted, kept = set(plan.outputs), []
    for step in reversed(plan.steps):
        if step.node in wanted:
            kept.append(step)
            wanted.update(step.inputs)
    plan.steps = kept[::-1]


# --- products -----------------------------------------------------------------------------------------------


@stage(check_plan, first=True)
def distribute(plan: Plan) -> None:
    """The sum of a sum of products as the sum of their sums, where a factor can leave one:
    ``sum_n (a_nk b_k + c_nk d_nk)`` is ``(sum_n a_nk) b_k + sum_n c_nk d_nk``."""
    uses, made = count_uses(plan), {s.node: s for s in plan.steps}
    steps: list[Instruction] = []
    for step in plan.steps:
        op, n, inputs, params = step
        whole = made.get(inputs[0]) if op is CONTRACT and len(inputs) == 1 else None
        if whole is None or not _leaves(plan, params, whole, made, uses):
            steps.append(step)
            continue
        parts = [plan.fresh(plan.shape[n], plan.dtype[n]) for _ in whole.inputs]
        steps += [Instruction(CONTRACT, part, (i,), params) for part, i in zip(parts, whole.inputs, strict=True)]
        steps.append(Instruction(ADD, n, tuple(parts), whole.params))
    plan.steps = steps
    drop_unused(plan)


def _leaves(
    plan: Plan, params: tuple, whole: Instruction, made: Mapping[int, Instruction], uses: Mapping[int, int]
) -> bool:
    """This contraction of a sum that nothing else reads is over axes that a factor of a term does not have."""
    (labels,), out, free = params
    summed = [k for k, i in enumerate(labels) if i not in out]
    if whole.op is not ADD or uses[whole.node] > 1 or not summed or free or len(set(labels)) < len(labels):
        return False
    found = False
    for i in whole.inputs:
        term = made.get(i)
        if term is None or term.op is not CONTRACT or uses[i] > 1 or plan.shape[i] != plan.shape[whole.node]:
            return False
        factors, inner, inner_free = term.params
        if inner_free or len(set(inner)) < len(inner):
            return False
        found = found or any(inner[k] not in ls for ls in factors for k in summed)
    return found


@stage(check_plan, first=True)
def merge(plan: Plan) -> None:
    """Take a product that one product alone reads into that one: the order is then chosen for the whole
    network."""
    uses = count_uses(plan)
    products = {s.node: s for s in plan.steps if _is_product(plan, s)}
    inner: set[int] = set()  # products that are taken into their consumer
    for step in products.values():
        if step.params[2] and len(step.inputs) == 1:
            continue
        inner.update(i for i in step.inputs if i in products and uses[i] == 1 and _is_plain(products[i].params))
    plan.steps = [
        _network(step, products, inner) if step.node in products else step
        for step in plan.steps
        if step.node not in inner
    ]


def _is_product(plan: Plan, step: Instruction) -> bool:
    return step.op is CONTRACT and plan.dtype[step.node] in ("float64", "float32") and any(step.params[0])


def _is_plain(params: tuple) -> bool:
    """A product without repeated or free output labels."""
    _, out, free = params
    return not free and len(set(out)) == len(out)


def _network(step: Instruction, products: Mapping[int, Instruction], inner: Container[int]) -> Instruction:
    """A product with those that are taken into it, in the order in which they stand."""
    op, n, inputs, (labels, out, free) = step
    if not any(i in inner for i in inputs):
        return step
    within = Unfolding.after([*chain.from_iterable(labels), *out])
    factors: list[tuple[int, tuple]] = []
    stack = [*zip(inputs, labels, strict=True)][::-1]
    while stack:
        i, ls = stack.pop()
        if i not in inner:
            factors.append((i, ls))
            continue
        _, _, parts, (inner_labels, inner_out, _) = products[i]
        at = within.inside(inner_out, ls)
        stack += [(part, tuple([at[k] for k in inner])) for part, inner in zip(parts, inner_labels, strict=True)][::-1]
    return Instruction(op, n, tuple([i for i, _ in factors]), (tuple([ls for _, ls in factors]), out, free))


@stage(check_plan, first=True)
def cut(plan: Plan, fixed: Sequence[int] = ()) -> None:
    """Products of more than two factors become products of two, in the order of least work; equal ones become
    one. ``X' diag(c) X`` stays one of three: it is symmetric.

    Fixed factors of the same labels go first: such a product can be made once for many runs.
    """
    same_always = {*fixed, *plan.constants}
    steps: list[Instruction] = []
    seen: dict[tuple, int] = {}
    same: dict[int, int] = {}
    outputs = set(plan.outputs)

    def emit(
        factors: Sequence[tuple[int, tuple]], out: tuple, free: tuple, node: int | None, dtype: str
    ) -> int:
        params = _canonical([ls for _, ls in factors], out, free)
        inputs = tuple([n for n, _ in factors])
        known = seen.get((inputs, params))
        if known is not None and node not in outputs:
            return known
        if node is None:
            sizes = {i: s for n, ls in factors for i, s in zip(ls, plan.shape[n], strict=True)}
            node = plan.fresh(tuple([sizes[i] for i in out]), dtype)
        seen.setdefault((inputs, params), node)
        steps.append(Instruction(CONTRACT, node, inputs, params))
        return node

    for op, n, inputs, params in plan.steps:
        inputs = tuple([same.get(i, i) for i in inputs])
        if op is not CONTRACT or (not any(params[0]) and len(inputs) == 2):
            steps.append(Instruction(op, n, inputs, params))
            continue
        labels, out, free = params
        dtype = plan.dtype[n]
        factors = list(zip(inputs, labels, strict=True))
        carried = {i for ls in labels for i in ls}
        core = tuple([i for i in dict.fromkeys(out) if i in carried])
        if _is_gram(plan, factors, core, dtype):
            (x, a), (y, b), *weights = sorted(factors, key=lambda factor: -len(factor[1]))
            weight, i = weights[0]
            for other, _ in weights[1:]:
                weight = emit([(weight, i), (other, i)], i, (), None, dtype)
            factors = [(x, a), (weight, i), (y, b)]
            if core != out:
                factors = [(emit(factors, core, (), None, dtype), core)]
            made = emit(factors, out, free, n, dtype)
            if made != n:
                same[n] = made
            continue
        if len(factors) > 2:
            for members in _alike(factors, same_always).values():
                product = members[0]
                for member in members[1:]:
                    factors.remove(product)
                    factors.remove(member)
                    product = emit([product, member], product[1], (), None, dtype), product[1]
                    factors.append(product)
        if len(factors) > 2:
            rest = Counter([*chain.from_iterable(ls for _, ls in factors), *core])  # labels that are still read
            for positions in _order(plan, factors, core):
                pair = [factors.pop(k) for k in sorted(positions, reverse=True)][::-1]
                rest.subtract(chain.from_iterable(ls for _, ls in pair))
                widest = sorted(pair, key=lambda factor: -len(factor[1]))
                kept = tuple(dict.fromkeys(i for _, ls in widest for i in ls if rest[i])) if factors else core
                rest.update(kept)
                if factors or core != out:
                    factors.append((emit(pair, kept, (), None, dtype), kept))
                else:
                    factors = pair
        elif len(factors) == 2 and core != out:
            factors = [(emit(factors, core, (), None, dtype), core)]
        made = emit(factors, out, free, n, dtype)
        if made != n:
            same[n] = made
    plan.steps = steps


GRAM = 32  # rows and columns from which the symmetry of a Gram matrix pays


def _is_gram(plan: Plan, factors: Sequence[tuple[int, tuple]], core: tuple, dtype: str) -> bool:
    """``sum_i c_i x_ik x_il``: a matrix twice, and weights of its rows."""
    matrices = [factor for factor in factors if len(factor[1]) == 2]
    if len(matrices) != 2 or len(factors) < 3 or matrices[0][0] != matrices[1][0]:
        return False
    (x, a), (_, b) = matrices
    shared = set(a) & set(b)
    return (
        len(shared) == 1
        and set(core) == set(a) ^ set(b)
        and a.index(*shared) == b.index(*shared)
        and all(set(ls) == shared for n, ls in factors if n != x)
        and all(n not in plan.constants and plan.dtype[n] == dtype for n, _ in factors)
        and min(plan.shape[x]) >= GRAM
    )


@stage(check_plan, first=True)
def accumulate(plan: Plan) -> None:
    """A sum of many arrays becomes a running sum: each is added when it is made, and need not be kept."""
    made = {s.node: k for k, s in enumerate(plan.steps)}
    after: dict[int, list[Instruction]] = {}
    for k, step in enumerate(plan.steps):
        op, n, inputs, params = step
        if (
            op is not ADD
            or len(inputs) < 4
            or not plan.shape[n]
            or plan.dtype[n] not in ("float64", "float32")
        ):
            continue
        full = {i for i in inputs if (plan.shape[i], plan.dtype[i]) == (plan.shape[n], plan.dtype[n])}
        alike = [(made.get(i, -1), c, i) for c, i in zip(params, inputs, strict=True) if i in full]
        if len(alike) < 4:
            continue
        alike.sort(key=lambda term: term[0])
        others = [(c, i) for c, i in zip(params, inputs, strict=True) if i not in full]
        _, coefficient, total = alike[0]
        for j, (at, c, i) in enumerate(alike[1:], 2):
            last = j == len(alike)  # a term may stand twice
            terms = [(coefficient, total), (c, i), *(others if last else [])]
            total = n if last else plan.fresh(plan.shape[n], plan.dtype[n])
            coefficient = 1
            partial = Instruction(ADD, total, tuple([m for _, m in terms]), tuple([d for d, _ in terms]))
            after.setdefault(k if last else at, []).append(partial)
    if after:
        summed = {s.node for steps in after.values() for s in steps}
        steps = after.pop(-1, [])
        for k, step in enumerate(plan.steps):
            steps += [] if step.node in summed else [step]
            steps += after.get(k, [])
        plan.steps = steps


def _alike(
    factors: Sequence[tuple[int, tuple]], fixed: Container[int]
) -> dict[frozenset, list[tuple[int, tuple]]]:
    """Fixed factors by their labels, where there are several."""
    groups: dict[frozenset, list[tuple[int, tuple]]] = {}
    for n, ls in factors:
        if n in fixed and len(set(ls)) == len(ls):
            groups.setdefault(frozenset(ls), []).append((n, ls))
    return {k: members for k, members in groups.items() if len(members) > 1}


def _canonical(labels: Sequence[tuple], out: tuple, free: Sequence[tuple]) -> tuple:
    """The parameters with labels numbered by first appearance, so that equal products have equal ones."""
    number: dict[Any, int] = {}
    parts = tuple([tuple([number.setdefault(i, len(number)) for i in ls]) for ls in labels])
    result = tuple([number.setdefault(i, len(number)) for i in out])
    return parts, result, tuple((number[i], s) for i, s in free if i in number)


def _order(plan: Plan, factors: Sequence[tuple[int, tuple]], out: tuple) -> Sequence[tuple[int, ...]]:
    """Which factors to multiply in turn: positions in a list from which each pair is taken and its product
    appended."""
    shape_of = plan.shape
    if all(set(ls) <= set(out) for _, ls in factors):  # nothing is summed: small factors first
        order = sorted(range(len(factors)), key=lambda k: prod(shape_of[factors[k][0]]))
        names, path = list(range(len(factors))), []
        current = order[0]
        for made, k in enumerate(order[1:], len(factors)):
            pair = (bisect_left(names, current), bisect_left(names, k))  # they ascend
            path.append(pair)
            for at in sorted(pair, reverse=True):
                del names[at]
            current = made
            names.append(current)
        return path
    labels: list[frozenset] = [frozenset(ls) for _, ls in factors]
    sizes: dict[Any, int] = {}
    for n, ls in factors:
        sizes.update(zip(ls, shape_of[n], strict=True))
    if len(factors) <= 4:
        return _cheapest(labels, frozenset(out), sizes)[1]
    return module("opt_einsum.paths").auto(labels, frozenset(out), sizes)


def _cheapest(
    factors: list[frozenset], out: frozenset, sizes: Mapping[Any, int]
) -> tuple[int, list[tuple[int, int]]]:
    """(cost, path) by trying all: multiplications, and entries of what is made in between."""
    best: tuple[int, list[tuple[int, int]]] | None = None
    for a in range(len(factors)):
        for b in range(a + 1, len(factors)):
            rest = [f for k, f in enumerate(factors) if k not in (a, b)]
            union = factors[a] | factors[b]
            made = union & out.union(*rest)
            cost = prod(sizes[i] for i in union)
            path = [(a, b)]
            if rest:
                further, following = _cheapest([*rest, made], out, sizes)
                cost, path = cost + 2 * prod(sizes[i] for i in made) + further, path + following
            if best is None or cost < best[0]:
                best = cost, path
    assert best is not None
    return best
