"""Syntax trees of formulas: what a writer sets as text, LaTeX or source. Each knows how many operations it shows.

kinds    value              args
name     the text           ()                      a variable, a size, a named term; `options`: BOOLEAN or none
number   the number         ()
call     the function       trees                   `options`: ((keyword, text), ...)
product  None               trees, `below`: trees   elementwise a*b/c
matmul   None               trees                   a @ b @ c
add      signs (+1, -1)     trees
negative None               (tree,)
power    the exponent       (tree,) or (tree, tree) a number, or None and a second tree
T        None               (tree,)                 transpose
index    the subscript      (tree,)                 x[1:], v[:, None]
compare  the operator       (tree, tree)
tuple    None               trees
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache, reduce
from typing import Any

import numpy as np

from ..constants import in_pi
from ..errors import GraphError
from ..op import OPS
from ..ops.order import log_softmax, softmax
from ..ops.piecewise import sign as sign_op

# what is in a tree: conditions and sigmoids; sums over axes of known sizes; x[:, None]; unit steps that are conditions
MASKS, SUMS, COLUMNS, STEPS = 1, 2, 4, 8
BOOLEAN = (("dtype", "bool"),)  # options of a name that stands for truth values
MADE_OF = {"diag", "diagonal", "outer", "kron", "stack"}  # of truth values truth values
KEEPDIMS = {"sum", "mean", "var", "std"} | {n for n, op in OPS.items() if op.fold and hasattr(np, n)}  # numpy's do
SUBTRACTING = {op.name for op in (sign_op, softmax, log_softmax)}  # what numpy can't do with truth values


class Tree:
    """An immutable node; `cost` counts operators, calls, transposes and subscripts below and here."""

    __slots__ = ("args", "below", "boolean", "cost", "kind", "marked", "options", "rank", "sizes", "source", "value")
    kind: str
    args: tuple["Tree", ...]
    below: tuple["Tree", ...]
    boolean: bool  # numpy's value of the tree is of truth values
    cost: float
    rank: int
    sizes: tuple[Any, ...]  # of a sum: those of the axes that it runs over
    marked: int  # MASKS and SUMS: the last passes change it

    def __init__(
        self,
        kind: str,
        value: Any = None,
        args: Sequence["Tree"] = (),
        below: Sequence["Tree"] = (),
        options: tuple = (),
        source: Any = None,
    ):
        self.kind, self.value, self.options = kind, value, options
        self.source = source  # the graph node that the tree stands for, where one does
        self.sizes = ()
        if kind == "name" or kind == "number":
            self.args = self.below = ()
            self.rank, self.cost = 0, 0
            self.boolean = options == BOOLEAN
            self.marked = MASKS if self.boolean else 0
            return
        if kind != "product":
            args = [a if a.kind != "product" or a.args else closed(a) for a in args]
        self.args, self.below = tuple(args), tuple(below)
        rank, marked = 0, 0  # how many axes it has: the layout sets it right
        cost: float = self._own()
        for a in self.args + self.below if below else self.args:
            cost += a.cost
            rank = a.rank if a.rank > rank else rank
            marked |= a.marked
        if kind == "call" and value == "sigmoid":
            marked |= MASKS
        elif kind == "index" and value.endswith("None"):
            marked |= COLUMNS
        may_be = marked & MASKS or kind == "call" or kind == "compare"
        self.boolean = bool(may_be) and self._of_truth()
        self.cost, self.rank, self.marked = cost, rank, marked | MASKS if self.boolean else marked

    def _of_truth(self) -> bool:
        kind, value = self.kind, self.value
        if kind == "compare" or (kind == "call" and value in OPS and OPS[value].boolean):
            return True
        keeps = kind in ("product", "T", "index", "tuple") or (kind == "call" and _keeps_truth(value))
        return keeps and not self.below and all(a.boolean for a in self.args)

    def _own(self) -> float:
        args, kind = self.args, self.kind
        if kind == "product" or kind == "matmul":  # a sum in parentheses reads a little longer
            own: float = len(args) - 1 + len(self.below) if args else len(self.below)
            for a in args:
                if a.kind == "add":
                    own += 0.02
            return own
        if kind == "add":
            return len(args) - 1 + (self.value[0] < 0 and args[0].kind != "number")
        if kind == "power":
            plain = self.value is None or isinstance(self.value, int) or float(self.value) * 64 % 1 == 0
            return 1 if plain else 2
        if kind == "negative":
            return 0 if args[0].kind == "number" else 1
        return 0 if kind == "tuple" or (kind == "index" and reduction(self) is not None) else 1

    def over(self, args: Sequence["Tree"], below: Sequence["Tree"]) -> "Tree":
        """The same operation on other trees; itself where they are the same."""
        if all(a is b for a, b in zip((*args, *below), (*self.args, *self.below), strict=True)):
            return self
        t = Tree(self.kind, self.value, args, below, self.options, self.source)
        t.rank, t.sizes = self.rank, self.sizes
        t.marked |= self.marked & (SUMS | STEPS if t.sizes else STEPS)
        return t

    def of(self, source: int) -> "Tree":
        """The same leaf, of another node."""
        t = Tree(self.kind, self.value, self.args, self.below, self.options, source)
        t.rank, t.sizes, t.marked = self.rank, self.sizes, self.marked
        return t

    def __repr__(self) -> str:
        inside = ", ".join(map(repr, self.args)) + (" / " + ", ".join(map(repr, self.below)) if self.below else "")
        return f"{self.kind}({'' if self.value is None else self.value}{': ' if inside else ''}{inside})"


def postorder(body: Tree) -> Iterator[Tree]:
    """Every node of a tree once, those below first, without recursion."""
    seen: set[int] = set()
    stack: list[tuple[Tree, bool]] = [(body, False)]
    while stack:
        t, ready = stack.pop()
        if id(t) in seen:
            continue
        if not ready:
            stack.append((t, True))
            stack += [(a, False) for a in (*t.args, *t.below)]
            continue
        seen.add(id(t))
        yield t


def is_same(one: Tree, other: Tree) -> bool:
    """Two trees say the same of the same nodes."""
    stack, met = [(one, other)], set[tuple[int, int]]()
    while stack:
        a, b = stack.pop()
        if a is b or (id(a), id(b)) in met:
            continue
        met.add((id(a), id(b)))
        own = (a.kind, a.value, a.options, a.source, len(a.args), len(a.below))
        if own != (b.kind, b.value, b.options, b.source, len(b.args), len(b.below)):
            return False
        stack += zip((*a.args, *a.below), (*b.args, *b.below), strict=True)
    return True


def mapped(body: Tree, change: Callable[[Tree], Tree]) -> Tree:
    """The tree with every node changed, those below first."""
    made: dict[int, Tree] = {}
    for t in postorder(body):
        made[id(t)] = change(t.over([made[id(a)] for a in t.args], [made[id(b)] for b in t.below]))
    return made[id(body)]


def merged(body: Tree) -> Tree:
    """The tree with equal parts as one object."""
    known: dict[tuple, Tree] = {}
    one: dict[int, Tree] = {}
    for t in postorder(body):
        args, below = [one[id(a)] for a in t.args], [one[id(b)] for b in t.below]
        what = (t.kind, type(t.value), t.value, t.options, t.source, t.rank, t.sizes)
        key = (*what, *map(id, args), None, *map(id, below))
        one[id(t)] = known.setdefault(key, t.over(args, below))
    return one[id(body)]


def closed(t: Tree) -> Tree:
    """A tree that stands as an operand: a bare denominator gets its 1."""
    if t.kind != "product" or t.args:
        return t
    whole = Tree("product", t.value, [number(1)], t.below)
    whole.rank = t.rank
    return whole


def name(text: str, source: Any = None, boolean: bool = False) -> Tree:
    return Tree("name", text, options=BOOLEAN if boolean else (), source=source)


def number(value: Any) -> Tree:
    return Tree("number", value)


def with_pi(t: Tree, pi: str) -> Tree:
    """A number; multiples of pi as such, under this name."""
    multiple = in_pi(t.value)
    if multiple is None:
        return t
    a, b = multiple
    above = [name(pi)] if abs(a) == 1 else [number(abs(a)), name(pi)]
    value = product(above, [number(b)] if b > 1 else [])
    return value if a > 0 else negative(value)


def call(function: str, *args: Tree, options: tuple = ()) -> Tree:
    if _of_numbers(function) and all(a.boolean for a in args):
        args = (chosen(args[0]), *args[1:])
    return Tree("call", function, args, options=options)


@cache
def _keeps_truth(function: str) -> bool:
    """Of truth values numpy's value is of truth values."""
    op = OPS.get(function)
    if op is not None and op.axes == "over":
        return op.infer(((0,),), ((2,),), ("bool",))[1] == "bool"
    return function in MADE_OF or (op is not None and bool(op.moves))


@cache
def _of_numbers(function: str) -> bool:
    """A function that truth values have to be made numbers for."""
    op = OPS.get(function)
    if function in SUBTRACTING:
        return True
    if op is None or not op.elementwise:
        return False
    try:
        op.infer((), [()] * (op.arity or 1), ["bool"] * (op.arity or 1))
    except GraphError:
        return True
    return False


def chosen(mask: Tree) -> Tree:
    """where(x > 0, 1, 0): the numbers 0 and 1."""
    if mask.kind == "product":
        rank, mask = mask.rank, reduce(lambda a, b: Tree("compare", "&", [a, b]), mask.args)
        mask.rank = rank
    t = Tree("call", "where", [mask, number(1), number(0)])
    t.rank = mask.rank
    return t


def told(t: Tree) -> Tree:
    """The truth values of the numbers 0 and 1."""
    mask = Tree("compare", "!=", [t, number(0)])
    mask.rank = t.rank
    return mask


def total(t: Tree, sizes: tuple[Any, ...], rank: int, axes: Sequence[int] = ()) -> Tree:
    """The sum of a tree over axes of these sizes, or over all."""
    options = (("axis", str(axes[0] if len(axes) == 1 else tuple(axes))),) if axes else ()
    whole = call("sum", t, options=options)
    whole.rank, whole.sizes = rank, sizes
    whole.marked |= SUMS
    return whole


def product(above: Sequence[Tree], below: Sequence[Tree] = ()) -> Tree:
    """a*b/c with nested products taken apart."""
    up: list[Tree] = []
    down: list[Tree] = list(below)
    for t in above:
        if t.kind == "product":
            up += [a for a in t.args if a.kind != "number" or a.value != 1]
            down += t.below
        else:
            up.append(t)
    if not down and len(up) == 1:
        return up[0]
    return Tree("product", None, up or [number(1)], down)


def matmul(args: Sequence[Tree]) -> Tree:
    if all(a.boolean for a in args):  # numpy's product of booleans doesn't count
        args = [_counted(args[0], 1), *args[1:]]
    return Tree("matmul", None, args)


def einsum(spec: str, operands: Sequence[Tree]) -> Tree:
    if all(a.boolean for a in operands):  # nor its sums of them
        operands = [chosen(operands[0]), *operands[1:]]
    return call("einsum", name(repr(spec)), *operands)


def transposed(t: Tree) -> Tree:
    """The transpose; scalars stay outside: ``A.T/2``."""
    if t.kind == "T":
        return t.args[0]
    if t.kind in ("product", "negative") and [a.rank > 0 for a in (*t.args, *t.below)].count(True) == 1:
        args = [transposed(a) if a.rank > 1 else a for a in t.args]
        if any(a.rank > 1 for a in t.args):
            scaled = Tree(t.kind, t.value, args, t.below, t.options)
            scaled.rank = t.rank
            return scaled
    return Tree("T", None, [t])


def power(t: Tree, exponent: Any) -> Tree:
    if exponent == 1:
        return t
    if t.boolean:
        t = chosen(t)
    if isinstance(exponent, Tree):
        return Tree("power", None, [t, exponent])
    if type(exponent) is not int and exponent * 2 == 1:
        return call("sqrt", t)
    return Tree("power", exponent, [t])


def add(terms: Sequence[tuple[int, Tree]]) -> Tree:
    """Signed terms, a positive one first where there is one."""
    items = list(terms)
    if len(items) == 1:
        sign, t = items[0]
        return t if sign > 0 else negative(t)
    if items[0][0] < 0:
        for k, (sign, _) in enumerate(items):
            if sign > 0:
                items.insert(0, items.pop(k))
                break
    signs, trees = zip(*items, strict=True)
    whole = Tree("add", signs, trees)
    return _arranged(items) if whole.marked & MASKS or whole.rank > 1 else whole


def _arranged(items: list[tuple[int, Tree]]) -> Tree:
    """A sum of truth values, which numpy does not count, and of matrices: ``A + A.T``, not ``A.T + A``."""
    masks = [k for k, (_, t) in enumerate(items) if t.boolean]
    if len(masks) > 1 or (masks and items[masks[0]][0] < 0):
        items[masks[0]] = (items[masks[0]][0], _counted(items[masks[0]][1], 1))
    for k, (sign, t) in enumerate(items):
        for j in range(k + 1, len(items)) if t.kind == "T" else ():
            if items[j][0] == sign and items[j][1] is t.args[0]:
                items[k], items[j] = items[j], items[k]
    signs, trees = zip(*items, strict=True)
    return Tree("add", signs, trees)


def _counted(mask: Tree, c: int) -> Tree:
    """c*(x > 0): the numbers 0 and c."""
    t = Tree("product", None, [number(c), mask])
    t.rank = mask.rank
    return t


def negative(t: Tree) -> Tree:
    if t.kind == "number":
        return number(-t.value)
    if t.kind == "negative":
        return t.args[0]
    if t.boolean:  # numpy has no minus for booleans
        return _counted(t, -1)
    if t.kind == "product" and t.args[0].kind == "number":
        return Tree("product", t.value, [number(-t.args[0].value), *t.args[1:]], t.below)
    if t.kind == "product" and t.args[0].boolean:
        return Tree("product", t.value, [number(-1), *t.args], t.below)
    return Tree("negative", None, [t])


def index(t: Tree, subscript: str) -> Tree:
    if (t.options == ALONE and BACK.get(t.value) == subscript) or _undone(t, subscript):
        return t.args[0]
    return Tree("index", subscript, [t])


def reduction(t: Tree) -> Tree | None:
    """x of ``x[:, None]`` where x is a reduction along the axis that is new: numpy keeps it at no cost."""
    if t.kind != "index" or t.options or not t.value.endswith("None") or t.value.count("None") > 1:
        return None
    (x,), axis = t.args, t.value.count(":")
    return x if x.kind == "call" and x.value in KEEPDIMS and x.options == (("axis", str(axis)),) else None


ALONE = (("size", "1"),)  # options of an index that takes the one entry of an axis
BACK = {":, 0": ":, None", "0": "None"}  # such an index -> the one that undoes it


def alone(t: Tree, axes: Sequence[int]) -> Tree:
    """The one entry along axes of size 1."""
    at = ", ".join("0" if k in axes else ":" for k in range(max(axes) + 1))
    return t.args[0] if _undone(t, at) else Tree("index", at, [t], options=ALONE)


def _undone(t: Tree, subscript: str) -> bool:
    """The entry of an axis that t has just been given."""
    new = t.kind == "index" and "None" in t.value and set(t.value.split(", ")) <= {":", "None"}
    return new and t.value.replace("None", "0") == subscript
