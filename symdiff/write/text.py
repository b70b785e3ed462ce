"""Syntax tree -> numpy-like text that parses back, with shared subterms named where that is shorter."""

import math
from fractions import Fraction
from typing import Any

from .. import shapes
from ..budget import limit
from ..constants import in_pi
from ..expr import Expr
from ..occurrence import met
from ..op import method
from ..ops.guard import guards
from .hidden import unhidden
from .means import with_moments
from .sharing import Formula, bounded_formula
from .tree import Tree

# binding strength: a child is put in parentheses when it binds less than its place asks for
COMPARE, SUM, TERM, SIGN, POWER, ATOM = range(6)
_STRENGTH = {"compare": COMPARE, "add": SUM, "product": TERM, "matmul": TERM, "negative": SIGN, "power": POWER}
MAX_REPR = 200


def text_of(t: Tree) -> str:
    """The text of a syntax tree."""
    return _text(t, COMPARE)


def _strength(t: Tree) -> int:
    value = t.value
    if t.kind != "number" or (type(value) is int and value >= 0):
        return _STRENGTH.get(t.kind, ATOM)
    if value < 0 or (isinstance(value, float) and math.copysign(1, value) < 0):
        return SIGN
    return TERM if type(value) is Fraction or in_pi(value) not in (None, (1, 1)) else ATOM


def _text(t: Tree, place: int) -> str:
    if t.kind == "name":
        return t.value
    s = _bare(t)
    return f"({s})" if _strength(t) < place else s


def _number(value: Any) -> str:
    """A number; multiples of pi as such, for pi is a double in every product."""
    multiple = in_pi(value)
    if multiple is None:
        return repr(value) if isinstance(value, float) else str(value)
    a, b = multiple
    return {1: "", -1: "-"}.get(a, f"{a}*") + "pi" + (f"/{b}" if b > 1 else "")


def _bare(t: Tree) -> str:
    kind, args = t.kind, t.args
    if kind == "name":
        return t.value
    if kind == "number":
        return _number(t.value)
    if kind == "call":
        given = [_text(a, COMPARE) for a in args]
        given += [f"{k}={v}" for k, v in t.options]
        return f"{t.value}({', '.join(given)})"
    if kind == "add":
        parts = []
        for k, (sign, a) in enumerate(zip(t.value, args, strict=True)):
            sign_text = (" - " if sign < 0 else " + ") if k else ("-" if sign < 0 else "")
            parts.append(sign_text + _text(a, TERM))
        return "".join(parts)
    if kind == "product":
        return _product(t)
    if kind == "matmul":
        return " @ ".join(_text(a, SIGN) for a in args)
    if kind == "negative":
        return "-" + _text(args[0], TERM)
    if kind == "power":
        base = _text(args[0], ATOM)
        exponent = t.args[1] if len(t.args) > 1 else None
        return f"{base}**{_text(exponent, POWER) if exponent is not None else _exponent(t.value)}"
    if kind == "T":
        return _text(args[0], ATOM) + ".T"
    if kind == "index":
        return f"{_text(args[0], ATOM)}[{t.value}]"
    if kind == "compare":
        return f" {t.value} ".join(_text(a, SUM) for a in args)
    if kind == "tuple":
        inside = ", ".join(_text(a, COMPARE) for a in args)
        return f"[{inside}]" if t.value == "[]" else f"({inside}{',' if len(args) == 1 else ''})"
    raise AssertionError(kind)


def _exponent(e: Any) -> str:
    if isinstance(e, int):
        return str(e)
    if float(e) * 64 % 1 == 0:
        return str(float(e))
    s = _number(e)
    return f"({s})" if "/" in s or "*" in s else s


def _product(t: Tree) -> str:
    """a*b/c; a matrix product may only stand last, and bare only behind scalars."""
    parts = []
    for k, a in enumerate(t.args):
        if a.kind == "matmul":
            bare = k == len(t.args) - 1 and t.value == "scaled"
            parts.append(_bare(a) if bare else f"({_bare(a)})")
        elif a.kind == "compare":
            parts.append(f"({_bare(a)})")
        else:
            parts.append(_text(a, SIGN if k else TERM))
    text = "*".join(parts)
    plain = [b.kind == "number" and in_pi(b.value) is None for b in t.below]
    below = [_number(b.value) if p else _text(b, POWER) for b, p in zip(t.below, plain, strict=True)]
    if len(below) == 1:
        text += "/" + below[0]
    elif below:
        text += f"/({'*'.join(below)})"
    return text


def lines_of(f: Formula) -> str:
    """A formula with its shared terms: lines ``name = expression`` before the last one."""
    return "\n".join([*(f"{name} = {text_of(t)}" for name, t in f.lets), text_of(f.body)])


@method("text")
def text(e: Expr) -> str:
    f = bounded_formula(e)
    return lines_of(unhidden(e.graph, with_moments(f))) + where_valid(e) if f is not None else unwritten(e)


def where_valid(e: Expr) -> str:
    """The last line of a text that holds under conditions: ``valid where x > 0, y != 1``."""
    conditions = [bounded_text(c) for c in guards(e)]
    return f"\nvalid where {', '.join(conditions)}" if conditions else ""


def summary(e: Expr) -> str:
    """What stands for an expression that is too long to be written out."""
    names = e.variables
    shown = ", ".join(names[:6]) + (", ..." if len(names) > 6 else "")
    nodes = len(met(e.graph, [e.node]) or [])
    return f"<{e.op.name} of {nodes} nodes, shape {shapes.text(e.shape)}, of {shown or 'no variables'}>"


def unwritten(e: Expr) -> str:
    """The summary with the budget that a text of it would be over."""
    over = "search" if met(e.graph, [e.node], most=limit("listed")) else "listed"
    budget = f"sd.budgets({over}=...) raises the budget of {limit(over)}"
    return f"{summary(e)[:-1]}: a text of it would be too long; {budget}>"


@method("bounded_text")
def bounded_text(e: Expr) -> str:
    """For `repr`: one bounded line."""
    f = bounded_formula(e, 60)
    if f is None:
        return summary(e)
    s = lines_of(unhidden(e.graph, with_moments(f))).replace("\n", "; ") + where_valid(e).replace("\n", " ")
    return s if len(s) <= MAX_REPR else s[: MAX_REPR - 4] + " ..."
