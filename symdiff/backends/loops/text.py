"""A nest as readable text: its loops, what is made in them, what is read and written."""

from collections.abc import Callable

from ...facets import folding
from ...ops.layout import concat_op, getitem_op, place_op
from ...ops.products import ADD, CONTRACT
from ...program import Instruction
from ..plan import Uniform
from .entries import LOOPS, Place, needs
from .nests import Nest, Root, is_array, needs_of


def described(nest: Nest, name: Callable[[int], str] | None = None) -> str:
    """The nest as text that says all that its code depends on."""
    lines, depth = [], 0
    name = name or _numbered(nest)
    for k, size in enumerate((*nest.rows,)):
        lines.append("    " * depth + f"for {LOOPS[k]} in range({size}):")
        depth += 1
    inner = LOOPS[len(nest.rows)]
    for stage in nest.stages:
        lines.append("    " * depth + f"for {inner} in range({nest.inner}):")
        lines += ["    " * (depth + 1) + line for line in _statements(nest, stage, name)]
    heads = [
        f"# {verb} {', '.join(f'{name(n)}: {nest.plan.dtype[n]}{list(nest.plan.shape[n])}' for n in values)}"
        for verb, values in (("reads", nest.sources), ("writes", nest.stored), ("keeps", nest.kept))
        if values
    ]
    return "\n".join([*heads, *lines]) + "\n"


def _numbered(nest: Nest) -> Callable[[int], str]:
    """Names by first occurrence, so that equal nests have equal texts."""
    numbers: dict[int, int] = {}
    for n in (*nest.sources, *nest.stored):
        numbers.setdefault(n, len(numbers))
    return lambda n: f"v{numbers.setdefault(n, len(numbers))}"


def _statements(nest: Nest, stage: list[Root], name: Callable[[int], str]) -> list[str]:
    """What a stage makes at each entry: first its steps in order, each at its places."""
    wanted: dict[int, dict[Place, None]] = {}

    def want(n: int, place: Place) -> None:
        if n in nest.virtual:
            wanted.setdefault(n, {})[place] = None

    own = {root.node for root in stage if root.kind == "map"}
    for root in stage:
        for need in needs_of(nest.plan, nest.steps[root.node], root):
            want(need.value, need.place)
    lines: list[str] = []
    position = {n: k for k, n in enumerate(nest.steps)}
    done: list[str] = []
    pending = sorted(wanted, key=position.__getitem__)
    while pending:
        n = pending.pop()
        for place in wanted[n]:
            done.append(f"{_entry(name, n, place)} = {_formula(nest, nest.steps[n], place, name)}")
            for need in needs(nest.plan, nest.steps[n], place):
                if need.value in nest.virtual and need.value not in wanted:
                    pending.append(need.value)
                want(need.value, need.place)
        pending.sort(key=position.__getitem__)
    lines += reversed(done)
    for root in stage:
        step = nest.steps[root.node]
        if root.node in own:
            lines.append(f"{_entry(name, root.node, root.place)} = {_formula(nest, step, root.place, name)}")
            continue
        found = [_operand(nest, name, need.value, need.place) for need in needs_of(nest.plan, step, root)]
        target = _entry(name, root.node, root.place)
        if step.op is CONTRACT:
            lines.append(f"{target} += {_products(found, len(step.inputs))}")
        else:
            lines.append(f"{target} = {folding(step.op)}({', '.join([target, *found])})")
    return lines


def _entry(name: Callable[[int], str], n: int, place: Place) -> str:
    return f"{name(n)}[{', '.join(map(str, place))}]" if place else name(n)


def _operand(nest: Nest, name: Callable[[int], str], n: int, place: Place) -> str:
    if not is_array(nest.plan, n):
        constant = nest.plan.constants[n]
        return repr(constant.value if isinstance(constant, Uniform) else constant)
    return _entry(name, n, place)


def _products(found: list[str], each: int) -> str:
    return " + ".join("*".join(found[k : k + each]) for k in range(0, len(found), each))


def _formula(nest: Nest, step: Instruction, place: Place, name: Callable[[int], str]) -> str:
    needed = needs(nest.plan, step, place)
    found = [_operand(nest, name, need.value, need.place) for need in needed]
    if step.op is CONTRACT:
        return _products(found, len(step.inputs))
    if step.op is ADD:
        return " + ".join(x if c == 1 else f"{c}*{x}" for x, c in zip(found, step.params, strict=True))
    if step.op in (place_op, concat_op, getitem_op):
        cases = []
        for x, need in zip(found, needed, strict=True):
            conditions = " and ".join(f"0 <= {at} < {size}" for at, size in need.inside)
            cases.append(f"{x} if {conditions} else " if conditions else x)
        return "".join(cases) + ("0" if needed[-1].inside else "")
    return f"{step.op.name}({', '.join(found)})"
