r"""Formula -> LaTeX: in matrix notation up to two axes, beyond in index notation."""

from contextlib import suppress

from .. import shapes
from ..errors import BudgetError
from ..expr import Expr
from ..op import method
from ..ops.guard import guards
from ..shapes import Shape
from .index import At, subscriptable
from .letters import spellings
from .matrix import Latex
from .means import averaged
from .pieces import COND, SUM, within
from .sharing import Formula, bounded_formula
from .text import unwritten
from .tree import Tree, postorder

MAX_NOTEBOOK_NODES = 400


def _writer(e: Expr, f: Formula) -> Latex:
    """The writer of a formula, which knows the shapes of its shared terms and how its names are spelt."""
    g, names, sizes = e.graph, {label for label, _ in f.lets}, set[str]()
    for body in (*(t for _, t in f.lets), f.body):
        for t in postorder(body):
            if t.kind == "name" and t.source is None and t.value not in names and t.value.isidentifier():
                sizes.add(t.value)
            elif t.kind == "name" and t.source is not None:
                names.add(t.value)
                sizes.update(s for size in g._shape[t.source] for s in shapes.names_of(size))  # type: ignore[arg-type]
    sizes.update(s for size in e.shape for s in shapes.names_of(size))
    known: dict[str, Shape] = {}
    writer = Latex(g, known, spellings(names, sizes))
    for label, t in f.lets:
        known[label] = writer.shape(t)
    return writer


def _entries(writer: Latex, label: str, t: Tree) -> tuple[str, str]:
    """(left side, right side) of a definition in index notation."""
    writer.used = 0
    letters = [writer.letter(s) for s in writer.shape(t)]
    right = within(writer.entry(t, [At(i) for i in letters]), COND if t.boolean else SUM)
    left = writer.shown.get(label, "")
    return f"{subscriptable(left)}_{{{writer.binders(letters, '')}}}" if letters else left, right


def _written(e: Expr, f: Formula, indexed: bool) -> str:
    """The body, and the definitions of its shared terms behind it."""
    writer, lines = _writer(e, f), []
    for label, t in (*f.lets, ("", f.body)):
        if indexed or len(writer.shape(t)) > 2:
            lines.append(_entries(writer, label, t))
        else:
            piece = writer.whole(t) if label else writer.matrix(t)
            lines.append((writer.shown.get(label, ""), within(piece, COND if t.boolean else SUM)))
    *definitions, (_, body) = lines
    lets: list[tuple[str, str]] = []
    for (label, _), line in zip(reversed(f.lets), reversed(definitions), strict=True):
        rest = [body, *[right for _, right in lets]]
        if any(writer.shown.get(label, "") in text for text in rest):  # what vanishes takes its terms with it
            lets.insert(0, line)
    held = [_written(c, averaged(known), False) for c in guards(e) if (known := bounded_formula(c)) is not None]
    body += r" \quad \text{valid where } " + r",\; ".join(held) if held else ""
    where = r",\; ".join(f"{left} = {right}" for left, right in lets)
    return rf"{body},\quad \text{{where }} {where}" if lets else body


@method("latex")
def latex(e: Expr) -> str:
    f = bounded_formula(e)
    with suppress(BudgetError):
        if f is not None:
            return _written(e, averaged(f), False)
    shown = unwritten(e).replace("_", r"\_")
    return rf"\text{{{shown}}}"


@method("index_notation")
def index_notation(e: Expr) -> str:
    r"""
    >>> import symdiff as sd
    >>> print(sd.grad(sd.parse("x @ A @ x", x="n", A="n n"), "x").index_notation())
    \sum_{j} \left(A_{ij} + A_{ji}\right) x_{j}
    """
    f = bounded_formula(e)
    if f is None:
        raise BudgetError(f"index notation: {unwritten(e)[1:-1]}")
    return _written(e, f, True)


@method("repr_latex")
def repr_latex(e: Expr) -> str | None:
    """For notebooks; None, so that the text is shown, above a budget of nodes."""
    if bounded_formula(e, MAX_NOTEBOOK_NODES) is None:
        return None
    return f"$\\displaystyle {latex(e)}$"
