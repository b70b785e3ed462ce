"""`simplify`: the expression that a formula's text would parse to, built in the same graph."""

import math
import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from . import constants, shapes
from .algebra.normalize import Lowered
from .errors import InputError
from .expr import Expr, exact_entries
from .graph import VARIABLE, Graph
from .invariants import check_graph, stage
from .occurrence import met
from .op import FUNCTIONS, OPS, SYMBOLS, method
from .ops import elementwise
from .ops.contractions import eye, matmul, permute_dims
from .ops.elementwise import divide
from .ops.guard import guarded_as, guards, unguarded
from .ops.layout import astype, getitem, pad, reshape, size_of
from .ops.piecewise import is_choice, where
from .ops.products import add, multiply, subtract
from .write.layout import Layout
from .write.sharing import Formula, first_formula, written
from .write.tree import Tree, is_same, postorder

ROUNDS = 6  # what is simple in one text may meet something simpler when it is read

_COMMA = re.compile(r", (?![^(]*\))")  # between the entries of an index, not within min(m, n)


@method("simplify")
def simplify(e: Expr) -> Expr:
    """The expression of the print form: like terms collected, rules applied, common factors taken out.

    ``simplify(parse(str(e), graph=e.graph))`` is the same node; ``str(simplify(e))`` is ``str(e)`` unless the text,
    when it is read, meets what is simpler still. An expression that is too large to be written out, of more than 20000
    nodes, is returned as it is.

    >>> import symdiff as sd
    >>> print(simplify(sd.parse("sin(x)**2 + cos(x)**2 + x/x")))
    2
    """
    if not isinstance(e, Expr):
        raise InputError(f"simplify: expected an expression, got {type(e).__name__}; sd.parse(text) reads one")
    if guards(e):  # which formulas show beside the value
        return guarded_as(e, simplify(unguarded(e)))
    with e.graph.transaction():
        return _simplest(e)


def _simplest(e: Expr) -> Expr:
    node, _ = _rounds(e)
    return Expr(e.graph, node)


def _rounds(e: Expr, written: Formula | None = None) -> tuple[int, Formula | None]:
    """(node, formula) of the form that its own formula builds; of what a formula built, that is `written`."""
    formulas: dict[int, Formula] = {}
    node, before = e.node, written
    while node not in formulas:
        f = first_formula(Expr(e.graph, node))
        if f is None:
            return e.node, None
        if len(formulas) == ROUNDS or (before is not None and is_same(f.whole, before.whole)):
            return node, f
        formulas[node] = before = f
        node = _typed(rebuilt(e.graph, f), e.dtype).node
    passed = list(formulas)
    circle = passed[passed.index(node) :]  # of forms that lead to one another, the shortest
    least = min(formulas[n].cost for n in circle)
    shortest = [n for n in circle if formulas[n].cost == least]
    node = shortest[0] if len(shortest) == 1 else min(shortest, key=lambda n: repr(formulas[n]))
    return node, formulas[node]


@method("reread")
def reread(e: Expr, f: Formula, layout: Layout) -> Formula:
    """The formula that is the formula of its own text, from the first one of an expression on, found in a graph of its
    own; long listings, formulas of named terms, and texts that no reader knows stay."""
    if len(f.statements) > 1 or e.graph.names or not _is_read(f.body) or _settled(e, f, layout):
        return f
    own, there, back = Graph(), dict[int, int](), dict[int, int]()
    for n in f.sources:
        there[n] = _copied(e.graph, n, own)
        back[there[n]] = n
    known = f.sourced(there)
    _, better = _rounds(Expr(own, _typed(rebuilt(own, known), e.dtype).node), known)
    if better is None or len(better.statements) > 1:
        return f
    return better.sourced({n: back[n] if n in back else _copied(own, n, e.graph) for n in better.sources})


def _settled(e: Expr, f: Formula, layout: Layout) -> bool:
    """What the text builds has its form: arrays stand there in the order in which they have been met, nothing is
    turned that another reader would meet as it stands, and it is written as the same tree."""
    g, low = e.graph, layout.lowered
    if g.frozen or any(t.kind == "T" and t.args[0].kind != "name" for t in postorder(f.whole)):
        return False
    with g.transaction(keep=False):
        n = _typed(rebuilt(g, f), e.dtype).node
        form = low.of(n)
        return _in_order(low, met(g, [n]) or []) and is_same(written(layout, n, form), f.whole)


def _in_order(low: Lowered, nodes: list[int]) -> bool:
    """Arrays of each kind stand among these nodes in the order in which they have been met."""
    forms = [low.forms[n] for n in nodes if n in low.forms]
    atoms = dict.fromkeys(a for form in forms for m in form.terms for a, _, _ in m.factors if a.shape)
    last: dict[int, int] = {}
    for a in atoms:
        kind, *_, place = a.order
        if place < last.get(kind, 0):
            return False
        last[kind] = place
    return True


def _is_read(body: Tree) -> bool:
    """All its functions are registered: those of other ops are known to their graph alone."""
    called = {t.value for t in postorder(body) if t.kind == "call" and t.source is None}
    return called - FUNCTIONS.keys() <= OPS.keys()


def _copied(g: Graph, n: int, other: Graph) -> int:
    """A leaf in another graph."""
    return other.variable(*g._params[n]).node if g._op[n] is VARIABLE else other.append(g._op[n], (), g._params[n])


def _typed(e: Expr, dtype: str) -> Expr:
    """The expression in the type of what it stands for: x/x is 1 in the type of x. A count stays one of integers,
    as its text reads: ``sum(where(c, 1, 0))`` is ``sum(c)``."""
    counted = e.dtype == "int64" and dtype == "float64" and not is_choice(e)
    return e if e.dtype == dtype or counted else astype(e, dtype)


@stage(check_graph, first=True)
def rebuilt(g: Graph, formula: Formula) -> Expr:
    """The nodes of a formula: its shared terms first."""
    terms: dict[str, Any] = {}
    for name, t in formula.lets:
        terms[name] = build(g, t, terms)
    return first_expr(g, build(g, formula.body, terms))


def first_expr(g: Graph, value: Any) -> Expr:
    return value if isinstance(value, Expr) else g.constant(value)


def build(g: Graph, body: Tree, terms: Mapping[str, Any]) -> Any:
    """The value of a tree: an Expr, a number, or a tuple of sizes."""
    values: dict[int, Any] = {}
    for t in postorder(body):
        values[id(t)] = BUILDERS[t.kind](g, t, [values[id(a)] for a in t.args], [values[id(b)] for b in t.below], terms)
    return values[id(body)]


Builder = Callable[[Graph, Tree, list[Any], list[Any], Mapping[str, Any]], Any]


def _name(g: Graph, t: Tree, args: list, below: list, terms: Mapping[str, Any]) -> Any:
    if t.value in terms:
        return terms[t.value]
    if isinstance(t.source, int):
        endless = g._params[t.source] == ("float", -math.inf)  # whose sign stands before the name
        return math.inf if endless else Expr(g, t.source)
    if t.value[:1] in "'\"":
        return t.value[1:-1]
    return g.size(t.value)


def _call(g: Graph, t: Tree, args: list, below: list, terms: Mapping[str, Any]) -> Any:
    if isinstance(t.source, int):  # an array written out
        return Expr(g, t.source)
    named = {k: _literal(v) for k, v in t.options}
    if t.value in ("ones", "zeros"):
        shape = _sizes(args[0])
        return FUNCTIONS[t.value](shape if isinstance(shape, tuple) else (shape,), graph=g)
    if t.value == "eye":
        return eye(_sizes(args[0]), graph=g)
    if t.value.startswith("scatter_add"):
        return FUNCTIONS[t.value](*args[:2], _sizes(args[2]), **named)
    if t.value == "reshape":
        sizes = _sizes(args[1])
        return reshape(args[0], sizes if isinstance(sizes, tuple) else (sizes,))
    if t.value == "pad":
        return pad(args[0], _sizes(args[1]))
    if not any(isinstance(a, (Expr, list, tuple)) for a in args):
        args = [g.constant(a) if isinstance(a, (int, float, Fraction)) else a for a in args]
    return (FUNCTIONS.get(t.value) or OPS[t.value])(*args, **named)


def _literal(text: str) -> Any:
    if text.lstrip("-").isdigit():
        return int(text)
    if text.startswith("("):
        return tuple(int(k) for k in text.strip("(),").split(",") if k.strip())
    return text


def _sizes(value: Any) -> Any:
    """Sizes from what was built of them."""
    if isinstance(value, tuple):
        return tuple(_sizes(v) for v in value)
    if isinstance(value, Expr):
        return size_of(value)
    return value


def _product(g: Graph, t: Tree, args: list, below: list, terms: Mapping[str, Any]) -> Any:
    masks = [] if t.boolean else [k for k, a in enumerate(t.args) if a.boolean]
    result: Any = None
    for k, a in enumerate(args):
        if k not in masks:
            result = a if result is None else multiply(result, a)
    if below:
        bottom = below[0]
        for b in below[1:]:
            bottom = multiply(bottom, b)
        result = 1 if result is None else result
        if isinstance(result, Expr) or isinstance(bottom, Expr):
            result = divide(result, bottom)
        else:
            result = constants.divide(result, bottom)  # exact
    for k in reversed(masks):  # a mask stays outermost: the branch not taken is exactly 0
        result = where(args[k], 1 if result is None else result, 0)
    return result


def _matmul(g: Graph, t: Tree, args: list, below: list, terms: Mapping[str, Any]) -> Any:
    result = args[0]
    for a in args[1:]:
        result = matmul(result, a)
    return result


def _add(g: Graph, t: Tree, args: list, below: list, terms: Mapping[str, Any]) -> Any:
    result = args[0] if t.value[0] > 0 else -args[0]
    for sign, a in zip(t.value[1:], args[1:], strict=True):
        result = add(result, a) if sign > 0 else subtract(result, a)
    return result


def _index(g: Graph, t: Tree, args: list, below: list, terms: Mapping[str, Any]) -> Any:
    return getitem(first_expr(g, args[0]), tuple(map(_item, _COMMA.split(t.value))))


def _power(g: Graph, t: Tree, args: list, below: list, terms: Mapping[str, Any]) -> Any:
    base, exponent = args[0], args[1] if len(args) > 1 else t.value
    with np.errstate(all="ignore"):  # of numbers: inf and nan are what it is
        value = elementwise.pow(base, exponent)
    told = isinstance(value, Expr) or value == 0 or not math.isfinite(value)
    return value if told else elementwise.pow(g.constant(base), exponent)  # 2**(2/3) stays exact


def _item(text: str) -> Any:
    if text == "None":
        return None
    parts = [None if not p else int(p) if p.lstrip("-").isdigit() else shapes.as_size(p) for p in text.split(":")]
    return slice(*parts) if len(parts) > 1 else parts[0]


BUILDERS: dict[str, Builder] = {
    "name": _name,
    "number": lambda g, t, args, below, terms: t.value,
    "call": _call,
    "product": _product,
    "matmul": _matmul,
    "add": _add,
    "negative": lambda g, t, args, below, terms: -args[0],
    "power": _power,
    "T": lambda g, t, args, below, terms: permute_dims(args[0]),
    "index": _index,
    "compare": lambda g, t, args, below, terms: SYMBOLS[t.value](*args),
    "tuple": lambda g, t, args, below, terms: exact_entries(g, args) if t.value == "[]" else tuple(args),
}
