r"""Syntax trees of at most two axes in matrix notation, which knows no broadcasting.

A vector is a column, juxtaposition a product of conformable factors, sums and Hadamard products have operands of equal
shapes. What the tree leaves to broadcasting is written out, ``A - \mathbf{1} x^{\top}``; what matrix notation has no
sign for, by its entries: ``\left(x_{i+1}\right)_{i}``.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from .. import shapes
from ..errors import GraphError
from ..graph import Graph
from ..op import OPS
from ..shapes import Shape, Size
from . import tree
from .extents import axes_of, indices, is_scalar, is_unit_vector, parts_of, size_of, sizes_in
from .index import ENTRIES, FACTORS, Entries, Product, added, cases, compared, raised, subscriptable
from .letters import Spellings, symbol
from .parts import PARTS
from .pieces import (
    ATOM,
    BIG,
    COND,
    HADAMARD,
    POWER,
    SCALARS,
    SUM,
    TERM,
    Piece,
    exponent_text,
    fraction,
    marked,
    number_piece,
    transpose,
    within,
)  # fmt: skip
from .reductions import REDUCTIONS
from .tree import Tree, number
from .vectors import crossed

ONES, ODOT, OSLASH = r"\mathbf{1}", r" \odot ", r" \oslash "
ENTRIES |= PARTS | REDUCTIONS


class Latex(Entries):
    """Trees of at most two axes in matrix notation."""

    sized = False  # vectors of ones say their length: nothing else would

    def __init__(self, graph: Graph, lets: Mapping[str, Shape], shown: Spellings):
        super().__init__(graph, lets, shown)
        self.made: dict[tuple[int, bool, int], tuple[Tree, Piece]] = {}  # by tree, and by what its letters depend on

    @contextmanager
    def measured(self) -> Iterator[None]:
        """Within blocks, whose sizes nothing else tells."""
        outer, self.sized = self.sized, True
        yield
        self.sized = outer

    def matrix(self, t: Tree) -> Piece:
        key = id(t), self.sized, self.used
        if key not in self.made:
            self.made[key] = t, self.set(t)
        return self.made[key][1]

    def set(self, t: Tree) -> Piece:
        rank = len(self.shape(t))
        if rank > 2:
            raise GraphError("an array of more than two axes has no matrix notation")
        if rank == 0 and t.kind in ("add", "product", "power", "compare"):
            return OF_SCALARS[t.kind](self, t)
        if t.kind != "part" and t.value != "mean" and any(len(self.shape(a)) > 2 for a in t.args):
            return self.by_entries(t)
        maker = MATRICES.get(t.value if t.kind == "call" else t.kind)
        found = maker(self, t) if maker is not None else None
        if found is not None:
            return found
        elementwise = t.value in OPS and OPS[t.value].elementwise and t.value != "where"
        if not (elementwise and rank) and (t.value if t.kind == "call" else t.kind) in ENTRIES | FACTORS:
            return self.by_entries(t)
        if elementwise:
            return self.elementwise(t)
        if t.options:
            raise GraphError(f"{t.value} has no notation in LaTeX")
        return self.applied(t.value, [self.matrix(a) for a in t.args])

    def by_entries(self, t: Tree) -> Piece:
        return self.family(t) if self.shape(t) else self.entry(t)

    def whole(self, t: Tree) -> Piece:
        """A tree whose length only its own parts tell."""
        if self.extents.told(t):
            return self.matrix(t)
        with self.measured():
            return self.matrix(t)

    def at(self, t: Tree, place: int) -> str:
        return within(self.matrix(t), place)

    # --- what is broadcast ------------------------------------------------------------------------------------------

    def lifted(self, t: Tree, shape: Shape) -> Piece:
        """A tree in this shape: what is broadcast is multiplied by vectors of ones."""
        own = self.shape(t)
        if (t.kind == "number" and t.value == 0) or own == shape or is_scalar(shape):
            return self.matrix(t)
        rows, cols = (*shape, 1)[:2]
        if is_scalar(own):
            sides = [self.ones(rows)] * (rows != 1) + [self.ones(cols) + r"^{\top}"] * (cols != 1)
            value = self.matrix(t)
            front = [] if value.text == "1" else [within(value, SCALARS)]
            return Piece(" ".join([*front, *sides]), TERM)
        if len(own) == 2 and own[1] == 1 != cols:
            return Piece(rf"{self.at(t, TERM)} {self.ones(cols)}^{{\top}}", TERM)
        if len(shape) == 2 and (len(own) == 1 or own[0] == 1):
            row = self.row(t)
            return row if rows == 1 else Piece(f"{self.ones(rows)} {within(row, TERM)}", TERM)
        return self.matrix(t)

    def ones(self, size: Size) -> str:
        return rf"{ONES}_{{{self.size(size)}}}" if self.sized else ONES

    def row(self, t: Tree) -> Piece:
        """A vector, or an array of one row, as a row."""
        return self.matrix(t) if len(self.shape(t)) == 2 else transpose(self.matrix(t))

    def column(self, t: Tree) -> Piece:
        """A vector, or an array of one row or column, as a column."""
        shape = self.shape(t)
        if len(shape) == 2 and shape[0] == 1 != shape[1]:
            return self.matrix(t.args[0]) if t.kind == "index" and t.value == "None" else transpose(self.matrix(t))
        return self.matrix(t)

    def elementwise(self, t: Tree) -> Piece:
        if not t.args:
            return self.applied(t.value, [])
        shape = self.shape(t)
        by_order = "#" in symbol(t.value, self.shown)
        return self.applied(
            t.value, [self.matrix(a) if by_order and not k else self.lifted(a, shape) for k, a in enumerate(t.args)]
        )

    # --- products -----------------------------------------------------------------------------------------------

    def hadamard(self, above: Sequence[Piece], below: Sequence[Piece]) -> Piece:
        """a * b / c entry by entry."""
        if not below and len(above) == 1:
            return above[0]
        text = ODOT.join(within(p, TERM) for p in above)
        if below:
            under = ODOT.join(within(p, TERM) for p in below)
            text += OSLASH + (under if len(below) == 1 else rf"\left({under}\right)")
        return Piece(text, HADAMARD)

    def scaled(self, above: Sequence[Piece], below: Sequence[Piece], core: Piece) -> Piece:
        """Scalars before an array."""
        if not above and not below:
            return core
        minus = [p for p in above if p.strength == SUM and p.text[0] == "-" and p.text[1:].replace(".", "").isdigit()]
        above = [Piece(p.text[1:], ATOM) if p in minus else p for p in above]
        above = [p for p in above if p.text != "1"]
        if below:
            front = fraction(above, below).text
        else:
            front = " ".join(within(p, SCALARS) for p in above)
        text = f"{front} {core.text if core.strength in (HADAMARD, TERM, BIG) else within(core, TERM)}".strip()
        strength = min(core.strength, TERM)
        if core.strength < HADAMARD:
            strength = TERM
        return Piece("-" + text, SUM) if len(minus) % 2 else Piece(text, strength)

    def product(self, t: Tree, at: Sequence = ()) -> Piece:
        if at or not self.shape(t) or t.kind != "product":
            return super().product(t, at)
        return self.array_product(t)

    def array_product(self, t: Tree) -> Piece:
        """Scalars stand before; vectors that scale the rows or columns of a matrix are diagonal matrices."""
        shape = self.shape(t)
        sides = []
        for trees in (t.args, t.below):
            scalars = [a for a in trees if is_scalar(self.shape(a))]
            sides.append((scalars, [a for a in trees if not is_scalar(self.shape(a))]))
        (above, up), (below, down) = sides
        if not up and not down:
            return _scalar_product(self, t)
        core = self.arrays(up, down, shape)
        return self.scaled([self.matrix(a) for a in above], [self.matrix(b) for b in below], core)

    def arrays(self, up: Sequence[Tree], down: Sequence[Tree], shape: Shape) -> Piece:
        if len(shape) == 1 or 1 in shape:
            above = [self.lifted(a, shape) for a in up or (number(1),)]
            return self.hadamard(above, [self.lifted(b, shape) for b in down])
        kind = {id(a): self.role(a, shape) for a in (*up, *down)}
        (full, rows, cols), (under, rows_under, cols_under) = (
            [[a for a in side if kind[id(a)] == role] for role in ("full", "row", "column")] for side in (up, down)
        )
        left = self.vector(cols, cols_under)
        right = self.vector(rows, rows_under)
        if not full:
            row = within(transpose(right), TERM) if right else ONES + r"^{\top}"
            outer = Piece(f"{within(left, TERM) if left else ONES} {row}", TERM)
            return self.hadamard([outer], [self.matrix(b) for b in under])
        middle = self.hadamard([self.matrix(a) for a in full], [self.matrix(b) for b in under])
        if left is None and right is None:
            return middle
        before = [self.diagonal(cols, cols_under)] if left else []
        behind = [self.diagonal(rows, rows_under)] if right else []
        return Piece(" ".join([*before, within(middle, TERM), *behind]), TERM)

    def role(self, t: Tree, shape: Shape) -> str:
        own = self.shape(t)
        if own == shape:
            return "full"
        return "column" if len(own) == 2 and own[1] == 1 else "row"

    def vector(self, above: Sequence[Tree], below: Sequence[Tree]) -> Piece | None:
        if not above and not below:
            return None
        ones = [Piece(ONES, ATOM)] * (not above)
        return self.hadamard([self.column(a) for a in above] or ones, [self.column(b) for b in below])

    def diagonal(self, above: Sequence[Tree], below: Sequence[Tree]) -> str:
        """diag(x / y), or the inverse of diag(y)."""
        if above:
            return rf"\operatorname{{diag}}\left({within(self.vector(above, below), SUM)}\right)"  # type: ignore[arg-type]
        inner = self.hadamard([self.column(b) for b in below], [])
        return rf"\operatorname{{diag}}\left({within(inner, SUM)}\right)^{{-1}}"


# --- matrix notation of each kind of tree ---------------------------------------------------------------------


def _sum_of(x: Latex, t: Tree) -> Piece:
    shape = x.shape(t)
    return added(t, [x.lifted(a, shape) for a in t.args])


def _chain(x: Latex, t: Tree) -> Piece:
    """Factors side by side; a vector before something else is a row."""
    first, *rest = t.args
    whole, shape, row = x.matrix(first), x.shape(first), False
    for a in rest:
        own, p = x.shape(a), x.matrix(a)
        if a.kind == "product" and p.strength == TERM and any(is_scalar(x.shape(b)) for b in (*a.args, *a.below)):
            p = Piece(within(p, POWER), POWER)
        if len(shape) == 1 and not row:
            whole = transpose(whole)
        whole = Piece(f"{within(whole, TERM)} {within(p, TERM)}", TERM)
        row = len(shape) == 1 and len(own) == 2
        shape = shape[:-1] + own[1:]
    return transpose(whole) if row else whole


def _array_power(x: Latex, t: Tree) -> Piece:
    base, shape = t.args[0], x.shape(t)
    lifted = x.lifted(base, shape)
    if len(t.args) > 1:
        e = t.args[1]
        p = x.matrix(e) if is_scalar(x.shape(e)) else x.lifted(e, shape)
        exponent = within(p, ATOM)
    else:
        exponent = exponent_text(t.value)
    return Piece(rf"{within(lifted, ATOM)}^{{\odot {exponent}}}", POWER)


def _general_power(x: Latex, t: Tree) -> Piece:
    return _array_power(x, t) if x.shape(t) else _scalar_power(x, t)


def _transposed(x: Latex, t: Tree) -> Piece:
    inner = t.args[0]
    return transpose(x.matrix(inner)) if len(x.shape(inner)) == 2 else x.matrix(inner)


def _root(x: Latex, t: Tree) -> Piece:
    p = x.matrix(t.args[0])
    if len(x.shape(t)) < 2:
        return Piece(rf"\sqrt{{{within(p, SUM)}}}", POWER)
    return Piece(rf"{within(p, ATOM)}^{{\odot 1/2}}", POWER)


def _cube_root(x: Latex, t: Tree) -> Piece | None:
    return Piece(rf"\sqrt[3]{{{x.at(t.args[0], SUM)}}}", POWER) if len(x.shape(t)) < 2 else None


def _exp(x: Latex, t: Tree) -> Piece:
    p = x.matrix(t.args[0])
    if not x.shape(t):
        return Piece(rf"e^{{{within(p, SUM)}}}", POWER)
    return Piece(rf"\exp\left({within(p, SUM)}\right)", ATOM)


def _exp2(x: Latex, t: Tree) -> Piece | None:
    return Piece(rf"2^{{{x.at(t.args[0], SUM)}}}", POWER) if not x.shape(t) else None


def _around(left: str, right: str) -> Callable[[Latex, Tree], Piece]:
    return lambda x, t: Piece(f"{left}{x.at(t.args[0], SUM)}{right}", ATOM)


def _norm(kind: str) -> Callable[[Latex, Tree], Piece | None]:
    def made(x: Latex, t: Tree) -> Piece | None:
        if t.options or len(x.shape(t.args[0])) > 2 or (x.shape(t) and not is_scalar(x.shape(t))):
            return _row_norms(x, t)
        return Piece(rf"\left\lVert {within(x.whole(t.args[0]), SUM)} \right\rVert_{{{kind}}}", ATOM)

    return made


def _row_norms(x: Latex, t: Tree) -> Piece | None:
    """Of each row or column the root of the sum of its squares."""
    if not t.options or len(x.shape(t.args[0])) > 2:
        return None
    squares = tree.power(t.args[0], 2)
    squares.rank = 2
    return Piece(rf"\sqrt{{{within(_total(x, t.over([squares], ())), SUM)}}}", POWER)  # type: ignore[arg-type]


def _total(x: Latex, t: Tree) -> Piece | None:
    """Sums by vectors of ones, squares as norms."""
    inner = t.args[0]
    shape = x.shape(inner)
    gone = axes_of(t, len(shape))
    if len(shape) > 2:
        return None
    if len(gone) == len(shape):
        if inner.kind == "power" and inner.value == 2:
            norm = "F" if len(shape) == 2 else "2"
            return Piece(rf"\left\lVert {x.at(inner.args[0], SUM)} \right\rVert_{{{norm}}}^{{2}}", POWER)
        text = rf"{ONES}^{{\top}} {within(x.whole(inner), TERM)}" + (f" {ONES}" if len(shape) == 2 else "")
        if is_scalar(shape):
            return x.matrix(inner)
        if len(shape) == 2 and 1 in shape:
            text = rf"{ONES}^{{\top}} {within(x.column(inner), TERM)}"
        return Piece(text, TERM)
    if shape[gone[0]] == 1:
        return x.column(inner)
    p = x.matrix(inner)
    if gone == (0,):
        return Piece(rf"{within(transpose(p), TERM)} {ONES}", TERM)
    return Piece(rf"{within(p, TERM)} {ONES}", TERM)


def _mean(x: Latex, t: Tree) -> Piece | None:
    """\\bar{x} of a name, else the sum divided by the number."""
    inner = t.args[0]
    shape = x.shape(inner)
    gone = axes_of(t, len(shape))
    if len(gone) == len(shape) and inner.kind == "name" and f"{inner.value}_bar" not in x.shown:
        text = x.shown[inner.value]
        if "_" not in text and "{" not in text:
            return Piece(rf"\bar{{{text}}}", ATOM)
    if len(shape) > 2:
        return None
    below = Piece(x.size(shapes.count(shape[k] for k in gone)), SUM)
    whole = _total(x, t)
    if whole is None:
        return None
    if len(gone) == len(shape):
        return fraction([whole], [below])
    return x.scaled([], [below], whole)


def _inverse(x: Latex, t: Tree) -> Piece:
    return inverted(x, t.args[0])


def inverted(x: Latex, t: Tree) -> Piece:
    return marked(x.matrix(t), "-1")


def _solution(x: Latex, t: Tree) -> Piece:
    return Piece(f"{within(inverted(x, t.args[0]), TERM)} {x.at(t.args[1], TERM)}", TERM)


def _least_squares(x: Latex, t: Tree) -> Piece:
    return Piece(f"{x.at(t.args[0], ATOM)}^{{+}} {x.at(t.args[1], TERM)}", TERM)


def _raised_to(exponent: str) -> Callable[[Latex, Tree], Piece]:
    return lambda x, t: Piece(rf"{x.at(t.args[0], ATOM)}^{{{exponent}}}", POWER)


def _outer(x: Latex, t: Tree) -> Piece:
    a, b = t.args
    return Piece(f"{x.at(a, TERM)} {within(transpose(x.matrix(b)), TERM)}", TERM)


def _kron(x: Latex, t: Tree) -> Piece:
    return Piece(r" \otimes ".join(within(x.whole(a), TERM) for a in t.args), HADAMARD)


def _ones(x: Latex, t: Tree) -> Piece:
    shape = sizes_in(t.args[0])
    if len(shape) == 1:
        return Piece(x.ones(shape[0]), ATOM)
    return Piece(rf"{x.ones(shape[0])} {x.ones(shape[1])}^{{\top}}", TERM)


def _zeros(x: Latex, t: Tree) -> Piece:
    shape = sizes_in(t.args[0])
    if is_scalar(shape):
        return Piece("0", ATOM)
    sizes = r" \times ".join(map(x.size, shape))
    return Piece(rf"\mathbf{{0}}_{{{sizes}}}", ATOM)


def _softmax(x: Latex, t: Tree) -> Piece | None:
    rank = len(x.shape(t))
    axis = int(dict(t.options).get("axis", -1)) % rank
    if x.shape(t)[axis] == 1:
        with x.measured():
            return x.lifted(number(int(t.value == "softmax")), x.shape(t))
    name = r"\operatorname{softmax}" if t.value == "softmax" else r"\log \operatorname{softmax}"
    p = x.matrix(t.args[0])
    if axis == rank - 1:
        return Piece(rf"{name}\left({within(p, SUM)}\right)", ATOM if t.value == "softmax" else POWER)
    return transpose(Piece(rf"{name}\left({within(transpose(p), SUM)}\right)", ATOM if t.value == "softmax" else POWER))


def _extreme(x: Latex, t: Tree) -> Piece | None:
    if len(axes_of(t, len(x.shape(t.args[0])))) < len(x.shape(t.args[0])) or len(x.shape(t.args[0])) > 2:
        return None
    return x.applied(t.value, [x.whole(t.args[0])])


def _blocks(x: Latex, rows: Sequence[Sequence[Piece]]) -> Piece:
    body = r" \\ ".join(" & ".join(within(c, SUM) for c in row) for row in rows)
    return Piece(rf"\begin{{pmatrix}} {body} \end{{pmatrix}}", ATOM)


def _block(x: Latex, t: Tree) -> Piece | None:
    rows = [r.args if r.kind == "tuple" else (r,) for r in t.args[0].args]
    if any(len(x.shape(c)) > 2 for row in rows for c in row):
        return None
    with x.measured():
        return _blocks(x, [[x.row(c) if len(x.shape(c)) == 1 else x.matrix(c) for c in row] for row in rows])


def _concat(x: Latex, t: Tree) -> Piece | None:
    parts, axis = parts_of(t)
    with x.measured():
        pieces = [x.matrix(a) for a in parts]
    return _blocks(x, [pieces] if axis == 1 else [[p] for p in pieces])


def _stack(x: Latex, t: Tree) -> Piece | None:
    """A list of numbers is a column, a list of vectors the matrix of these rows, or columns."""
    rows, axis = t.args[0].args, int(dict(t.options).get("axis", 0))
    if not rows or len(x.shape(t)) > 2:
        return None
    with x.measured():
        if all(r.kind == "tuple" for r in rows):
            return _blocks(x, [[x.matrix(c) for c in r.args] for r in rows])
        if axis == 1:
            return _blocks(x, [[x.column(r) for r in rows]])
        return _blocks(x, [[x.row(r) if x.shape(r) else x.matrix(r)] for r in rows])


def _reshape(x: Latex, t: Tree) -> Piece | None:
    """A list in the shape of a matrix is the matrix; the entries of a matrix row by row are a vector."""
    inner, shape, old = t.args[0], x.shape(t), x.shape(t.args[0])
    entries = inner.args[0].args if inner.kind == "call" and inner.value in ("stack", "array") else ()
    listed = len(shape) == 2 and shapes.count(shape) == len(entries) and not inner.options
    if listed and not any(e.kind == "tuple" or x.shape(e) for e in entries):
        width = int(shape[1])
        with x.measured():
            cells = [x.matrix(c) for c in entries]
        return _blocks(x, [cells[k : k + width] for k in range(0, len(cells), width)])
    if len(old) == 2 and len(shape) == 1:
        columns = x.matrix(inner.args[0]) if inner.kind == "T" else transpose(x.matrix(inner))
        return Piece(rf"\operatorname{{vec}}\left({within(columns, SUM)}\right)", ATOM)
    if is_scalar(old) or (len(old) == 1 and shape in ((*old, 1), (*old, 1, 1))):
        return x.matrix(inner)
    if len(old) == 1 and shape == (1, *old):
        return transpose(x.matrix(inner))
    return None


def _part(x: Latex, t: Tree) -> Piece:
    return x.family(t.args[0], t.value) if x.shape(t) else x.entry(t)


def _indexed(x: Latex, t: Tree) -> Piece | None:
    inner, shape, old = t.args[0], x.shape(t), x.shape(t.args[0])
    items = indices(t.value, old)
    if len(old) > 2:
        return x.by_entries(t)
    same = all(i is None or i[1:] == (s, 1) if isinstance(i, tuple) else s == 1 for i, s in _with_sizes(items, old))
    if same:  # new axes, and axes of size 1 that go
        if is_scalar(shape):
            return x.matrix(inner)
        if len(shape) == 2 and shape[0] == 1:
            return x.row(inner)
        return x.column(inner) if 1 in old or len(old) == 1 else x.matrix(inner)
    if None in items:
        return None
    if is_unit_vector(t):
        k = x.size(items[0])  # type: ignore[arg-type]
        return Piece(rf"\left[{x.matrix(inner).text}\right]_{{:,{k}}}" if x.sized else f"e_{{{k}}}", ATOM)
    if not shape:
        return x.entry(t)
    text = ",".join(_slice(x, i, s) for i, s in zip(items, old, strict=True))
    base = x.whole(inner)
    whole = subscriptable(base.text) if inner.kind == "name" else rf"\left[{within(base, SUM)}\right]"
    p = Piece(f"{whole}_{{{text}}}", ATOM)
    if len(old) == 2 and not isinstance(items[0], tuple):  # a row of a matrix is a vector
        return transpose(p)
    return p


def _with_sizes(items: Sequence, old: Shape) -> list:
    sizes = iter(old)
    return [(i, 1 if i is None else next(sizes)) for i in items]


def _slice(x: Latex, item: object, size: object) -> str:
    if not isinstance(item, tuple):
        return x.size(item)  # type: ignore[arg-type]
    start, length, step = item
    stop = shapes.add(start, shapes.multiply(step, length))
    first = "" if start == (0 if step > 0 else shapes.add(size, -1)) else x.size(start)  # type: ignore[arg-type]
    last = "" if stop == (size if step > 0 else -1) else x.size(stop)
    return f"{first}:{last}" + (f":{step}" if step != 1 else "")


def _negative(x: Latex, t: Tree) -> Piece:
    return Piece("-" + within(x.matrix(t.args[0]), HADAMARD), SUM)


def _comparison(x: Latex, t: Tree) -> Piece:
    shape = x.shape(t)
    return compared(t, [x.lifted(a, shape) for a in t.args])


def _not(x: Latex, t: Tree) -> Piece:
    return Piece(rf"\neg {x.at(t.args[0], ATOM)}", COND)


def _scalar_power(x: Latex, t: Tree) -> Piece:
    e = x.at(t.args[1], SUM) if len(t.args) > 1 else exponent_text(t.value)
    base = t.args[0]
    return raised(x, base, x.matrix(base), e)


def _scalar_product(x: Latex, t: Tree) -> Piece:
    p = Product()
    p.above = [lambda a=a: x.matrix(a) for a in t.args]  # type: ignore[misc]
    p.below = [lambda b=b: x.matrix(b) for b in t.below]  # type: ignore[misc]
    return x.written(p, x.used)


def _cases(x: Latex, t: Tree) -> Piece | None:
    """Conditions on scalars."""
    c, a, b = t.args
    if not is_scalar(x.shape(c)):
        return None
    shape = x.shape(t)
    return cases([(x.lifted(a, shape), x.matrix(c).text), (x.lifted(b, shape), "")])


def _logdet(x: Latex, t: Tree) -> Piece:
    return Piece(rf"\log\left|\det\left({x.at(t.args[0], SUM)}\right)\right|", POWER)


OF_SCALARS: dict[str, Callable[[Latex, Tree], Piece]] = {
    "add": _sum_of, "power": _scalar_power, "compare": _comparison, "product": _scalar_product,
}  # fmt: skip
MATRICES: dict[str, Callable[[Latex, Tree], Piece | None]] = {
    "name": lambda x, t: Piece(x.shown[t.value], ATOM) if x.shape(t) else x.entry(t),
    "number": lambda x, t: number_piece(t.value),
    "add": _sum_of, "product": lambda x, t: x.array_product(t), "matmul": _chain, "negative": _negative,
    "power": _array_power, "pow": _general_power, "T": _transposed, "index": _indexed, "part": _part,
    "compare": _comparison,
    "logical_not": _not, "where": _cases, "cross": crossed, "integral": lambda x, t: x.entry(t),
    "sqrt": _root, "cbrt": _cube_root, "exp": _exp, "exp2": _exp2, "abs": _around(r"\left|", r"\right|"),
    "floor": _around(r"\left\lfloor ", r" \right\rfloor"), "ceil": _around(r"\left\lceil ", r" \right\rceil"),
    "stop_gradient": lambda x, t: x.matrix(t.args[0]),
    "norm2": _norm("2"), "norm_fro": _norm("F"), "norm_nuc": _norm("*"), "norm_spec": _norm("2"),
    "inv": _inverse, "solve": _solution, "pinv": _raised_to("+"), "lstsq": _least_squares, "sqrtm": _raised_to("1/2"),
    "expm": lambda x, t: Piece(rf"e^{{{x.at(t.args[0], SUM)}}}", POWER),
    "outer": _outer, "kron": _kron, "eye": lambda x, t: Piece(rf"I_{{{x.size(size_of(t.args[0]))}}}", ATOM),
    "ones": _ones, "zeros": _zeros, "sum": _total, "mean": _mean, "softmax": _softmax, "log_softmax": _softmax,
    "max": _extreme, "min": _extreme, "logsumexp": _extreme, "argmax": _extreme, "argmin": _extreme,
    "block": _block, "concat": _concat, "stack": _stack, "array": _stack, "reshape": _reshape, "logdet": _logdet,
    "signdet": lambda x, t: Piece(rf"\operatorname{{sgn}}\left(\det\left({x.at(t.args[0], SUM)}\right)\right)", ATOM),
    "trace": lambda x, t: Piece(rf"\operatorname{{tr}}\left({x.at(t.args[0], SUM)}\right)", ATOM),
    "diag": lambda x, t: Piece(rf"\operatorname{{diag}}\left({x.at(t.args[0], SUM)}\right)", ATOM),
    "diagonal": lambda x, t: Piece(rf"\operatorname{{diag}}\left({x.at(t.args[0], SUM)}\right)", ATOM),
    "tril": lambda x, t: None if len(t.args) > 1 else x.applied("tril", [x.matrix(t.args[0])]),
    "triu": lambda x, t: None if len(t.args) > 1 else x.applied("triu", [x.matrix(t.args[0])]),
}  # fmt: skip
