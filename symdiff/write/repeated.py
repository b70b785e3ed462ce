"""Work that a formula repeats gets a name: what sources compute once."""

from collections import Counter
from collections.abc import Iterator

from . import tree
from .sharing import Formula
from .tree import Tree, postorder

FREE = {"eye", "ones", "zeros", "array", "stack"}  # calls that are as short as a name
SHORT = {"name", "number", "tuple", "index", "T"}


def computed_once(f: Formula, names: Iterator[str]) -> Formula:
    """The formula with products and function values that stand in it more than once as shared terms."""
    statements = [*f.lets, ("", f.body)]
    number, uses = _numbered([t for _, t in statements])
    made: dict[int, Tree] = {}
    lets: list[tuple[str, Tree]] = []
    for label, body in statements:
        for t in postorder(body):
            k = number[id(t)]
            if k not in made:
                new = t.over([made[number[id(a)]] for a in t.args], [made[number[id(b)]] for b in t.below])
                if uses[k] > 1 and _is_work(t):
                    lets.append((next(names), new))
                    new = tree.name(lets[-1][0], boolean=new.boolean)
                    new.rank = t.rank
                made[k] = new
        lets.append((label, made[number[id(body)]]))
    *rest, (_, last) = lets
    return Formula(tuple(rest), last)


def _is_work(t: Tree) -> bool:
    """Products and functions; of the sums and powers of scalars, the longer ones."""
    if t.kind in SHORT or (t.kind == "call" and t.value in FREE):
        return False
    return t.kind in ("matmul", "call") or t.rank > 0 or t.cost >= 2


def _numbered(bodies: list[Tree]) -> tuple[dict[int, int], Counter[int]]:
    """{id of a tree: its number}, the same for trees that are written alike, and how often each is an operand."""
    numbers: dict[tuple, int] = {}
    number: dict[int, int] = {}
    uses: Counter[int] = Counter()
    for body in bodies:
        for t in postorder(body):
            args, below = ([number[id(a)] for a in side] for side in (t.args, t.below))
            source = t.source if t.kind == "name" else None
            key = (t.kind, type(t.value), t.value, t.options, source, *args, "/", *below)
            new = key not in numbers
            number[id(t)] = numbers.setdefault(key, len(numbers))
            uses.update([*args, *below] if new else [])
    return number, uses
