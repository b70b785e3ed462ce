r"""Syntax trees -> entries in index notation: ``\sum_{j} A_{ij} x_{j}``, of any rank; unit tensors are deltas.

An index runs over the axis at which it stands alone; where it stands alone nowhere, its range is written:
``\sum_{j < n}``. Entries are counted from 0, as in numpy. What has no entries of its own is read from a matrix:
``\left[A^{-1}\right]_{ij}``.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from .. import budget, shapes
from ..errors import GraphError
from ..graph import Graph
from ..op import OPS, SYMBOLS
from ..shapes import Shape, Size
from . import tree
from .extents import Extents, axes_of, indices
from .letters import INDICES, Spellings, size_latex, symbol
from .pieces import (
    ATOM,
    BIG,
    COND,
    HADAMARD,
    LOGIC,
    POWER,
    SUM,
    TERM,
    Piece,
    exponent_text,
    fraction,
    number_piece,
    within,
)  # fmt: skip
from .tree import Tree

LOGICAL = ("&", "|", "^")
RAISED = frozenset((r"\sin", r"\cos", r"\tan", r"\sinh", r"\cosh", r"\tanh", r"\log"))  # \sin^2(x)


class At(NamedTuple):
    """An index: a text and a size that is added to it."""

    base: str
    offset: Size = 0

    def moved(self, by: Size) -> "At":
        return At(self.base, shapes.add(self.offset, by))


class Product:
    """A product before it is written: its sign, the letters that it is summed over, its factors above and below."""

    def __init__(self) -> None:
        self.sign = 1
        self.sums: list[str] = []
        self.above: list[Callable[[], Piece]] = []
        self.below: list[Callable[[], Piece]] = []


class Entries:
    """Entries of trees over one graph; `shown` gives the LaTeX of names."""

    def __init__(self, graph: Graph, lets: Mapping[str, Shape], shown: Spellings):
        self.graph, self.shown, self.extents = graph, shown, Extents(graph, lets)
        in_names = {letter for text in (*shown, *shown.values()) for letter in re.split(r"[\W\d_]+", text)}
        self.free = [i for i in INDICES if i not in in_names]
        self.delta = r"\delta" not in {text.partition("_")[0] for text in shown.values()}
        self.used = 0
        self.ranges: dict[str, Size] = {}
        self.plain: set[str] = set()  # letters that stand alone as an index of an axis of their range
        self.longer: set[str] = set()  # those that stand alone at a longer axis

    def matrix(self, t: Tree) -> Piece:
        """A tree of at most two axes in matrix notation."""
        raise NotImplementedError

    def whole(self, t: Tree) -> Piece:
        """The same where nothing else tells its length."""
        return self.matrix(t)

    def shape(self, t: Tree) -> Shape:
        return self.extents.of(t)

    # --- indices -------------------------------------------------------------------------------------------------

    def letter(self, size: Size) -> str:
        """A free letter for an index of this range."""
        k = self.used
        self.used += 1
        letter = self.free[k] if k < len(self.free) else f"i_{{{k - len(self.free) + 1}}}"
        self.plain.discard(letter)
        self.longer.discard(letter)
        self.ranges[letter] = size
        return letter

    def size(self, size: Size) -> str:
        return size_latex(size, self.shown)

    def position(self, at: At) -> str:
        """``i+1``, ``n-1-i``, ``0``"""
        if not at.base:
            return self.size(at.offset)
        if at.offset == 0:
            return at.base
        offset = self.size(at.offset)
        if at.base.startswith("-"):
            return offset + at.base
        return at.base + (offset if offset.startswith("-") else f"+{offset}")

    def subscript(self, at: Sequence[At], shape: Shape) -> str:
        """Letters side by side, with commas where one is more than a letter: ij, but i+1,j."""
        texts = [self.position(a) for a in at]
        for a, size in zip(at, shape, strict=True):
            if a.offset == 0 and a.base in self.ranges:
                (self.plain if self.ranges[a.base] == size else self.longer).add(a.base)
        return self.side_by_side(texts)

    def side_by_side(self, texts: Sequence[str]) -> str:
        """Letters as they are, with commas where one is longer, or digits would meet: ij, but i+1,j and 0,0."""
        letters = [s in self.ranges or (len(s) == 1 and s.isdigit()) for s in texts]
        apart = not all(letters) or sum(s.isdigit() for s in texts) > 1
        return (",".join if apart else "".join)(texts)

    def binder(self, letter: str) -> str:
        """An index with its range, where that is not that of an axis at which it stands alone."""
        plain = letter in self.plain and letter not in self.longer
        return letter if plain else f"{letter} < {self.size(self.ranges[letter])}"

    def binders(self, letters: Sequence[str], separator: str = " ") -> str:
        texts = [self.binder(i) for i in letters]
        return (separator if all("<" not in s for s in texts) else ", ").join(texts)

    def unit(self, i: At, j: At) -> Piece:
        if i == j:
            return Piece("1", ATOM)
        if not i.base:
            i, j = j, i
        if not self.delta:
            return Piece(f"{self.position(i)} = {self.position(j)}", COND)
        return Piece(rf"\delta_{{{self.side_by_side([self.position(i), self.position(j)])}}}", ATOM)

    def divided(self, i: At, size: Size) -> At:
        return i if size == 1 else At(rf"\lfloor {self.bracketed(i)}/{self.factor(size)} \rfloor")

    def remainder(self, i: At, size: Size) -> At:
        return At(rf"{self.bracketed(i)} \bmod {self.factor(size)}")

    def bracketed(self, i: At) -> str:
        s = self.position(i)
        return s if len(s) == 1 else rf"\left({s}\right)"

    def factor(self, size: Size) -> str:
        s = self.size(size)
        return s if s.isalnum() or s in self.shown.texts else rf"\left({s}\right)"

    def strided(self, parts: Sequence[At], sizes: Sequence[Size]) -> At:
        """n i+j: a position in an array whose axes are merged."""
        result = At("", 0)
        for k, i in enumerate(parts):
            stride = shapes.count(sizes[k + 1 :])
            base = i.base if stride == 1 else f"{self.factor(stride)} {self.bracketed(At(i.base))}" if i.base else ""
            plus = "+" if result.base and base and not base.startswith("-") else ""
            result = At(result.base + plus + base, shapes.add(result.offset, shapes.multiply(stride, i.offset)))
        return result

    def aligned(self, t: Tree, at: Sequence[At]) -> list[At]:
        """The indices of an operand that is broadcast."""
        shape = self.shape(t)
        return [At("", 0) if s == 1 else a for s, a in zip(shape, at[len(at) - len(shape) :], strict=True)]

    # --- sums and products ----------------------------------------------------------------------------------------

    def entry(self, t: Tree, at: Sequence[At] = ()) -> Piece:
        """The entry of a tree at these indices."""
        key = t.value if t.kind == "call" else t.kind
        budget.within("characters", sum(len(i.base) for i in at), "index notation")  # an index may be a choice of many
        if key in ENTRIES:
            return ENTRIES[key](self, t, at)
        return self.product(t, at) if key in FACTORS else self.called(t, at)

    def product(self, t: Tree, at: Sequence[At]) -> Piece:
        start, p = self.used, Product()
        self.collect(t, at, p)
        return self.written(p, start)

    def written(self, p: Product, start: int) -> Piece:
        above, below = [f() for f in p.above], [f() for f in p.below]
        self.used = start
        one = [q for q in above if q.text == "1"]
        if len(above) > len(one):
            above = [q for q in above if q.text != "1"]
        sign = p.sign
        for k, q in enumerate(above):
            if q.strength == SUM and q.text[0] == "-" and q.text[1:].replace(".", "").isdigit():
                sign, above[k] = -sign, Piece(q.text[1:], ATOM)
        front: list[Piece] = []
        if p.sums:
            front = [q for q in above if q.text.replace(".", "").isdigit()][:1]
            above = [q for q in above if q not in front]
        if p.sums:
            body = fraction(above, below)
            inside = within(body, TERM) if body.strength != BIG else body.text
            whole = rf"\sum_{{{self.binders(p.sums)}}} {inside}"
            whole = f"{front[0].text} {whole}" if front and front[0].text != "1" else whole
            result = Piece(whole, BIG)
        else:
            result = fraction(above, below)
        if sign < 0:
            return Piece("-" + within(result, BIG), SUM)
        return result

    def collect(self, t: Tree, at: Sequence[At], p: Product) -> None:
        """The factors of a tree's entry."""
        collector = FACTORS.get(t.value if t.kind == "call" else t.kind)
        if collector is not None:
            collector(self, t, at, p)
        else:
            p.above.append(lambda: self.entry(t, at))

    def summed(self, size: Size, p: Product) -> At:
        i = self.letter(size)
        p.sums.append(i)
        return At(i)

    # --- functions ---------------------------------------------------------------------------------------------------

    def applied(self, function: str, args: Sequence[Piece]) -> Piece:
        """A function and its arguments."""
        text = symbol(function, self.shown)
        texts = [within(a, COND) if function == "logical_not" else within(a, SUM) for a in args]
        if "#" in text:
            text, texts = text.replace("#", args[0].text), texts[1:]
        composed = text.startswith("\\log\\")
        return Piece(rf"{text}\left({', '.join(texts)}\right)", POWER if composed else ATOM)

    def called(self, t: Tree, at: Sequence[At]) -> Piece:
        op = OPS.get(t.value)
        if op is not None and op.elementwise:
            return self.applied(t.value, [self.entry(a, self.aligned(a, at)) for a in t.args])
        return self.of_matrix(t, at)

    def of_matrix(self, t: Tree, at: Sequence[At]) -> Piece:
        """An entry of what is known as a matrix only; of a stack, of one of its matrices."""
        more = max(len(self.shape(a)) for a in t.args) - (1 if t.value in ALONG else 2)
        if more > 0:
            if len(self.shape(t)) < more or t.options not in ((), (("axis", "-1"),)):
                raise GraphError(f"{t.value} of an array of more than two axes has no notation")
            lead, at = at[:more], at[more:]
            t = t.over([self.part(a, lead, self.core(t, a)) for a in t.args], ())
        p = self.whole(t)
        if not at:
            return p
        return Piece(rf"\left[{within(p, SUM)}\right]_{{{self.subscript(at, self.shape(t))}}}", ATOM)

    def core(self, t: Tree, a: Tree) -> int:
        """The axes that a function of matrices takes of an argument; the others are a stack's."""
        if t.value in ALONG:
            return 1
        first = a is t.args[0]
        return 2 if first or len(self.shape(a)) > 1 else 1

    def part(self, t: Tree, lead: Sequence[At], core: int) -> Tree:
        """The matrix, or vector, of a stack at these indices; of fewer axes than that, itself."""
        more = len(self.shape(t)) - core
        return Tree("part", tuple(lead[len(lead) - more :]), [t]) if more > 0 else t

    def family(self, t: Tree, lead: Sequence[At] = ()) -> Piece:
        r"""``\left(a_{ij}\right)_{ij}``: a vector or matrix by its entries."""
        start = self.used
        sizes = self.shape(t)[len(lead) :]
        letters = [self.letter(s) for s in sizes]
        body = self.entry(t, [*lead, *map(At, letters)])
        self.used = start
        return Piece(rf"\left({within(body, SUM)}\right)_{{{self.binders(letters, '')}}}", ATOM)


ALONG = {"argsort"}  # functions of the entries along one axis

# --- entries: those that are no products ---------------------------------------------------------------------------

EntryMaker = Callable[[Entries, Tree, Sequence[At]], Piece]


def _name(x: Entries, t: Tree, at: Sequence[At]) -> Piece:
    if t.value in ("True", "False"):
        return Piece("1" if t.value == "True" else "0", ATOM)
    if t.source is not None and t.value in ("e", "inf", "nan", "pi") and t.value not in x.graph._variables:
        return {"e": Piece("e", ATOM), "inf": Piece(r"\infty", ATOM), "pi": Piece(r"\pi", ATOM)}.get(
            t.value, Piece(r"\mathrm{nan}", ATOM)
        )
    if t.source is None and t.value not in x.shown:
        return Piece(x.size(shapes.as_size(t.value)), ATOM)
    text = x.shown[t.value]
    if not at:
        return Piece(text, ATOM)
    sub = x.subscript(at, x.shape(t))
    digits = sub[: len(sub) - len(sub.lstrip("0123456789"))]
    if digits and any(f"{t.value}{j}{digits}" in x.shown for j in ("_", "")):
        return Piece(rf"\left[{text}\right]_{{{sub}}}", ATOM)
    return Piece(f"{subscriptable(text)}_{{{sub}}}", ATOM)


def subscriptable(text: str) -> str:
    """Braces around what has a subscript already: ``{W_{2}}_{ij}``."""
    return f"{{{text}}}" if text.endswith("}") and "_{" in text else text


def _add(x: Entries, t: Tree, at: Sequence[At]) -> Piece:
    return added(t, [x.entry(a, x.aligned(a, at)) for a in t.args])


def added(t: Tree, pieces: Sequence[Piece]) -> Piece:
    text = ""
    for k, (sign, p) in enumerate(zip(t.value, pieces, strict=True)):
        bare = p.strength == SUM and sign > 0 and not (k and p.text[0] == "-")
        text += ("-" if sign < 0 else "") if not k else (" - " if sign < 0 else " + ")
        text += p.text if bare else within(p, HADAMARD)
    return Piece(text, SUM)


def _negative(x: Entries, t: Tree, at: Sequence[At]) -> Piece:
    return Piece("-" + within(x.entry(t.args[0], at), HADAMARD), SUM)


def _power(x: Entries, t: Tree, at: Sequence[At]) -> Piece:
    base = t.args[0]
    inner = x.aligned(base, at)
    e = within(x.entry(t.args[1], x.aligned(t.args[1], at)), SUM) if len(t.args) > 1 else exponent_text(t.value)
    return raised(x, base, x.entry(base, inner), e)


def raised(x: Entries, base: Tree, p: Piece, exponent: str) -> Piece:
    """A scalar's power, with the exponent at the name of a function that has it there."""
    name = symbol(base.value, x.shown) if base.kind == "call" else ""
    if name in RAISED and exponent.isdigit():
        return Piece(f"{name}^{{{exponent}}}{p.text.removeprefix(name)}", POWER)
    return Piece(f"{within(p, ATOM)}^{{{exponent}}}", POWER)


def _compare(x: Entries, t: Tree, at: Sequence[At]) -> Piece:
    return compared(t, [x.entry(a, x.aligned(a, at)) for a in t.args])


def compared(t: Tree, pieces: Sequence[Piece]) -> Piece:
    sign = SYMBOLS[t.value].latex
    logical = t.value in LOGICAL
    return Piece(f" {sign} ".join(within(p, COND if logical else SUM) for p in pieces), LOGIC if logical else COND)


def _floored(x: Entries, t: Tree, at: Sequence[At]) -> Piece:
    a, b = (within(x.entry(u, x.aligned(u, at)), SUM) for u in t.args)
    return Piece(rf"\left\lfloor \frac{{{a}}}{{{b}}} \right\rfloor", ATOM)


def _binomial(x: Entries, t: Tree, at: Sequence[At]) -> Piece:
    a, b = (within(x.entry(u, x.aligned(u, at)), SUM) for u in t.args)
    return Piece(rf"\binom{{{a}}}{{{b}}}", POWER)


def _where(x: Entries, t: Tree, at: Sequence[At]) -> Piece:
    c, a, b = (x.entry(arg, x.aligned(arg, at)) for arg in t.args)
    text = rf"\begin{{cases}} {within(a, SUM)} & {c.text} \\ {within(b, SUM)} & \text{{otherwise}} \end{{cases}}"
    return Piece(text, POWER)


def _integral(x: Entries, t: Tree, at: Sequence[At]) -> Piece:
    f, variable, low, high = (x.entry(arg, ()) for arg in t.args)
    text = rf"\int_{{{within(low, SUM)}}}^{{{within(high, SUM)}}} {within(f, TERM)} \, \mathrm{{d}}{variable.text}"
    return Piece(text, BIG)


def _index(x: Entries, t: Tree, at: Sequence[At]) -> Piece:
    return x.entry(t.args[0], _read(x, t, at))


def _read(x: Entries, t: Tree, at: Sequence[At]) -> list[At]:
    """Where an index reads: x[1:] at i is x at i+1."""
    letters, inner = iter(at), []
    for item in indices(t.value, x.shape(t.args[0])):
        if item is None:
            next(letters)
        elif isinstance(item, tuple):
            inner.append(_stepped(x, next(letters), item))
        else:
            inner.append(At("", item))
    return inner


def _stepped(x: Entries, i: At, item: tuple) -> At:
    start, length, step = item
    if length == 1:
        return At("", start)
    if step == 1:
        return i.moved(start)
    base = i.base if i.base.isalpha() else x.bracketed(At(i.base))
    base = f"-{base}" if step == -1 else f"{step} {base}"
    if not i.base or (step == -1 and i.base.startswith("-")):
        base = i.base[1:]
    return At(base, shapes.add(start, shapes.multiply(step, i.offset)))


def cases(rows: Sequence[tuple[Piece, str]]) -> Piece:
    """Entries that depend on where the index is; the last condition is left out."""
    *first, (last, _) = rows
    if not first:
        return last
    lines = [f"{within(p, SUM)} & {c}" for p, c in first] + [rf"{within(last, SUM)} & \text{{otherwise}}"]
    body = r" \\ ".join(lines)
    return Piece(rf"\begin{{cases}} {body} \end{{cases}}", POWER)


ENTRIES: dict[str, EntryMaker] = {
    "name": _name,
    "number": lambda x, t, at: number_piece(t.value),
    "add": _add, "negative": _negative, "power": _power, "pow": _power, "compare": _compare,
    "where": _where, "index": _index, "integral": _integral,
    "part": lambda x, t, at: x.entry(t.args[0], [*t.value, *at]),
    "sqrt": lambda x, t, at: Piece(rf"\sqrt{{{within(x.entry(t.args[0], at), SUM)}}}", POWER),
    "cbrt": lambda x, t, at: Piece(rf"\sqrt[3]{{{within(x.entry(t.args[0], at), SUM)}}}", POWER),
    "exp2": lambda x, t, at: Piece(rf"2^{{{within(x.entry(t.args[0], at), SUM)}}}", POWER),
    "exp": lambda x, t, at: Piece(rf"e^{{{within(x.entry(t.args[0], at), SUM)}}}", POWER),
    "abs": lambda x, t, at: Piece(rf"\left|{within(x.entry(t.args[0], at), SUM)}\right|", ATOM),
    "floor": lambda x, t, at: Piece(rf"\left\lfloor {within(x.entry(t.args[0], at), SUM)} \right\rfloor", ATOM),
    "ceil": lambda x, t, at: Piece(rf"\left\lceil {within(x.entry(t.args[0], at), SUM)} \right\rceil", ATOM),
    "logical_not": lambda x, t, at: Piece(rf"\neg {within(x.entry(t.args[0], at), ATOM)}", COND),
    "floor_divide": _floored, "binom": _binomial,
    "stop_gradient": lambda x, t, at: x.entry(t.args[0], at),
}  # fmt: skip

# --- factors: what a product is made of -----------------------------------------------------------------------------


def _product(x: Entries, t: Tree, at: Sequence[At], p: Product) -> None:
    for a in t.args:
        x.collect(a, x.aligned(a, at), p)
    for b in t.below:
        place = x.aligned(b, at)
        p.below.append(lambda b=b, place=place: x.entry(b, place))  # type: ignore[misc]


def _chain(x: Entries, t: Tree, at: Sequence[At], p: Product) -> None:
    """``a @ b @ c`` from the left: two operands at a time."""
    *first, last = t.args
    whole = first[0] if len(first) == 1 else Tree("matmul", t.value, first)
    s, u = x.shape(whole), x.shape(last)
    k = x.summed(s[-1], p)
    lead = list(at[: len(s) - 1])
    tail = list(at[len(s) - 1 :])
    x.collect(whole, [*lead, k], p)
    x.collect(last, [k, *tail] if len(u) > 1 else [k], p)


def _einsum(x: Entries, t: Tree, at: Sequence[At], p: Product) -> None:
    inputs, out = t.args[0].value[1:-1].split("->")
    place = dict(zip(out, at, strict=True))
    for labels, a in zip(inputs.split(","), t.args[1:], strict=True):
        for i, s in zip(labels, x.shape(a), strict=True):
            if i not in place:
                place[i] = x.summed(s, p)
    for labels, a in zip(inputs.split(","), t.args[1:], strict=True):
        x.collect(a, [place[i] for i in labels], p)


def _sum(x: Entries, t: Tree, at: Sequence[At], p: Product) -> None:
    (inner,), size = t.args, x.shape(t.args[0])
    gone, letters = axes_of(t, len(size)), iter(at)
    inside = [x.summed(s, p) if k in gone else next(letters) for k, s in enumerate(size)]
    x.collect(inner, inside, p)
    if t.value == "mean":
        total = shapes.count(size[k] for k in gone)
        p.below.append(lambda: Piece(x.size(total), TERM if isinstance(total, str) and not total.isalnum() else ATOM))


def _diag(x: Entries, t: Tree, at: Sequence[At], p: Product) -> None:
    i, j = at
    x.collect(t.args[0], [i], p)
    p.above.append(lambda: x.unit(i, j))


def _trace(x: Entries, t: Tree, at: Sequence[At], p: Product) -> None:
    k = x.summed(x.shape(t.args[0])[0], p)
    x.collect(t.args[0], [k, k], p)


def _outer(x: Entries, t: Tree, at: Sequence[At], p: Product) -> None:
    x.collect(t.args[0], at[:1], p)
    x.collect(t.args[1], at[1:], p)


def _kron(x: Entries, t: Tree, at: Sequence[At], p: Product) -> None:
    a, b = t.args
    sizes = x.shape(b)
    x.collect(a, [x.divided(i, s) for i, s in zip(at, sizes, strict=True)], p)
    x.collect(b, [x.remainder(i, s) if s != 1 else At("", 0) for i, s in zip(at, sizes, strict=True)], p)


def _solve(x: Entries, t: Tree, at: Sequence[At], p: Product) -> None:
    a, b = t.args
    if len(x.shape(a)) > 2 or len(x.shape(b)) > 2:
        p.above.append(lambda: x.of_matrix(t, at))
        return
    inverse = tree.call("inv" if t.value == "solve" else "pinv", a.args[0] if a.kind == "T" else a)
    _chain(x, Tree("matmul", None, [tree.transposed(inverse) if a.kind == "T" else inverse, b]), at, p)


def _minus(x: Entries, t: Tree, at: Sequence[At], p: Product) -> None:
    p.sign = -p.sign
    x.collect(t.args[0], at, p)


def _number(x: Entries, t: Tree, at: Sequence[At], p: Product) -> None:
    if t.value < 0:
        p.sign = -p.sign
    p.above.append(lambda: number_piece(abs(t.value)))


def _scattered(x: Entries, t: Tree, at: Sequence[At], p: Product) -> None:
    """The sum of those entries whose position is the index."""
    values, index, axis = *t.args[:2], int(dict(t.options).get("axis", 0))
    own = [x.summed(s, p) for s in x.shape(index)]
    i = at[axis]
    p.above.append(lambda: x.unit(At(within(x.entry(index, own), SUM)), i))
    x.collect(values, [*at[:axis], *own, *at[axis + 1 :]], p)


def _scattered_along(x: Entries, t: Tree, at: Sequence[At], p: Product) -> None:
    values, index, axis = *t.args[:2], int(dict(t.options).get("axis", -1))
    k = x.summed(x.shape(values)[axis], p)
    i, place = at[axis], [*at]
    place[axis] = k
    p.above.append(lambda: x.unit(At(within(x.entry(index, x.aligned(index, place)), SUM)), i))
    x.collect(values, place, p)


Collector = Callable[[Entries, Tree, Sequence[At], Product], None]
FACTORS: dict[str, Collector] = {
    "product": _product, "matmul": _chain, "einsum": _einsum, "sum": _sum, "mean": _sum, "diag": _diag, "trace": _trace,
    "outer": _outer, "kron": _kron, "solve": _solve, "lstsq": _solve, "negative": _minus, "number": _number,
    "scatter_add": _scattered, "scatter_add_along_axis": _scattered_along,
    "T": lambda x, t, at, p: x.collect(t.args[0], at[::-1], p),
    "diagonal": lambda x, t, at, p: x.collect(t.args[0], [at[0], at[0]], p),
    "eye": lambda x, t, at, p: p.above.append(lambda: x.unit(*at)),
    "ones": lambda x, t, at, p: p.above.append(lambda: number_piece(1)),
    "zeros": lambda x, t, at, p: p.above.append(lambda: number_piece(0)),
    "index": lambda x, t, at, p: x.collect(t.args[0], _read(x, t, at), p),
    "part": lambda x, t, at, p: x.collect(t.args[0], [*t.value, *at], p),
}  # fmt: skip
