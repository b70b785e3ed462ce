"""Syntax tree -> LaTeX in matrix notation; what has more than two axes falls back to index notation."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from ..constants import in_pi
from ..expr import Expr
from ..op import SYMBOLS, method
from .index import notation_of
from .letters import KNOWN, identifier, subscriptable
from .sharing import MAX_NODES, bounded_formula
from .text import summary
from .tree import Tree, number, postorder, power, transposed

SUM, TERM, POWER, ATOM = range(4)
ODOT, ONES = r" \odot ", r"\mathbf{1}"
MAX_NOTEBOOK_NODES = 400



def latex_of(t: Tree) -> str:
    """The LaTeX of a syntax tree."""
    return _set(t, SUM)


def _strength(t: Tree) -> int:
    match t.kind:
        case "add" | "negative" | "compare":
            return SUM
        case "product" | "matmul":
            return SUM if _minus(t) else TERM
        case "power" | "T":
            return POWER
        case "index" if _is_column(t):
            return TERM
        case "number":
            plain = _number(t) == r"\pi" or _number(t).replace(".", "").isdigit()
            return SUM if t.value < 0 else ATOM if plain else TERM
        case "call":
            if t.value in ("outer", "solve") or (t.value == "sum" and t.args[0].rank):
                return TERM
            if t.value in ("inv",):
                return POWER
            if t.value == "exp":
                return POWER if t.rank == 0 else ATOM
    return ATOM


def _minus(t: Tree) -> bool:
    """-2*x: its sign stands before everything."""
    return t.kind == "product" and t.args[0].kind == "number" and t.args[0].value < 0


def _set(t: Tree, place: int) -> str:
    s = SETTERS[t.kind](t)
    if _strength(t) >= place:
        return s
    return rf"\mathbb{{1}}\left[{s}\right]" if t.kind == "compare" else rf"\left({s}\right)"


def _number(t: Tree) -> str:
    value = t.value
    multiple = in_pi(value)
    if multiple is not None:
        a, b = multiple
        top = (f"{abs(a)} " if abs(a) > 1 else "") + r"\pi"
        return ("-" if a < 0 else "") + (rf"\frac{{{top}}}{{{b}}}" if b > 1 else top)
    if type(value) is Fraction:
        return rf"{'-' if value < 0 else ''}\frac{{{abs(value.numerator)}}}{{{value.denominator}}}"
    if isinstance(value, float) and "e" in repr(value):
        mantissa, exponent = repr(value).split("e")
        return rf"{mantissa} \cdot 10^{{{int(exponent)}}}"
    return str(value)


def _add(t: Tree) -> str:
    text = ""
    for k, (sign, a) in enumerate(zip(t.value, t.args, strict=True)):
        text += ("-" if sign < 0 else "") if not k else (" - " if sign < 0 else " + ")
        row = t.rank == 2 and a.rank == 1 and not _is_column(a)
        text += rf"\mathbf{{1}} {_set(a, ATOM)}^{{\top}}" if row else _set(a, TERM if sign < 0 else SUM)
    return text


def _product(t: Tree) -> str:
    """Scalars stand side by side, arrays are joined by the Hadamard sign; a fraction where all below are scalars."""
    if _minus(t):
        return "-" + _product(Tree("product", t.value, [number(-t.args[0].value), *t.args[1:]], t.below))
    above = [a for a in t.args if not (a.kind == "number" and a.value == 1)]
    scalars, arrays = [a for a in above if a.rank == 0], [a for a in above if a.rank]
    divided = any(b.rank for b in t.below)  # by the Hadamard division sign: a sum before it needs parentheses
    top = " ".join(_factor(a, len(above) > 1) for a in scalars)
    matrix = any(a.rank == 2 and not _is_column(a) for a in arrays)
    scales = [b for b in t.below if matrix and b.rank and (b.rank == 1 or _is_column(b))]
    masks = _joined_arrays(arrays, scales, len(arrays) > 1 or bool(top) or divided)
    apart = arrays and arrays[0].kind not in ("name", "T", "power") and any(a.kind != "number" for a in scalars)
    space = r" \, " if apart else " "
    whole = f"{top}{space}{masks}" if top and masks else top + masks
    down_scalars = [b for b in t.below if b.rank == 0]
    down_arrays = [b for b in t.below if b.rank and b not in scales]
    if down_arrays:
        bottom = ODOT.join(_factor(b, len(down_arrays) > 1) for b in down_arrays)
        whole = (whole or ONES) + r" \oslash " + _wrapped(bottom, down_arrays)
    if down_scalars:
        bottom = " ".join(_factor(b, len(down_scalars) > 1) for b in down_scalars)
        if arrays and not down_arrays:
            return rf"\frac{{{top or '1'}}}{{{bottom}}} " + _joined_arrays(arrays, scales, True)
        return rf"\frac{{{whole or '1'}}}{{{bottom}}}"
    return whole or "1"


def _joined_arrays(arrays: list[Tree], below: list[Tree], several: bool) -> str:
    """Arrays of one rank by the Hadamard sign; vectors that scale the columns or rows of a matrix, or divide them, as
    diagonal matrices."""
    matrices = [a for a in arrays if a.rank == 2 and not _is_column(a)]
    if not matrices or (len(matrices) == len(arrays) and not below):
        return ODOT.join(_factor(a, several) for a in arrays)
    left, right = (
        _diagonal([a for a in arrays if chosen(a)], [b for b in below if chosen(b)])
        for chosen in (_is_column, lambda a: a.rank == 1 and not _is_column(a))
    )
    middle = _wrapped(ODOT.join(_factor(a, len(matrices) > 1) for a in matrices), matrices) if left or right else ""
    return " ".join(filter(None, (left, middle, right)))


def _diagonal(above: list[Tree], below: list[Tree]) -> str:
    """diag(x / y), or the inverse of diag(y)."""
    xs, ys = ([a.args[0] if _is_column(a) else a for a in side] for side in (above, below))
    if not xs and not ys:
        return ""
    text = ODOT.join(_factor(a, len(xs) + len(ys) > 1) for a in xs or ys)
    if xs and ys:
        text += r" \oslash " + _wrapped(ODOT.join(_factor(b, len(ys) > 1) for b in ys), ys)
    return rf"\operatorname{{diag}}\left({text}\right)" + ("" if xs else "^{-1}")


def _is_column(t: Tree) -> bool:
    return t.kind == "index" and t.value == ":, None"


def _wrapped(text: str, parts: list[Tree]) -> str:
    alone = len(parts) == 1 and (parts[0].kind == "compare" or _strength(parts[0]) >= POWER)
    return text if alone else rf"\left({text}\right)"


def _factor(t: Tree, several: bool) -> str:
    if t.kind == "compare":
        return rf"\mathbb{{1}}\left[{_set(t, SUM)}\right]"
    return _set(t, TERM if several else SUM)


def _matmul(t: Tree) -> str:
    parts = []
    for k, a in enumerate(t.args):
        scaled = a.kind == "product" and len({b.rank for b in a.args}) > 1  # X diag(v) needs no parentheses
        s = _set(a, POWER if a.kind == "product" and not scaled else TERM)
        if k == 0 and t.rank == 0 and a.rank == 1 and len(t.args) > 1:  # x @ y is x'y
            s = f"{_set(a, ATOM)}^{{\\top}}"
        parts.append(s)
    return " ".join(parts)


def _power(t: Tree) -> str:
    base = t.args[0]
    exponent = _set(t.args[1], SUM) if len(t.args) > 1 else _exponent(t.value)
    if base.kind == "call" and base.value in ("sin", "cos", "tan", "sinh", "cosh", "tanh", "log") and base.rank == 0:
        return f"{KNOWN[base.value]}^{{{exponent}}}{_arguments(base)}"
    norm = base.kind == "call" and base.value.startswith("norm")
    mark = r"\odot " if base.rank and not norm else ""
    return f"{_set(base, ATOM)}^{{{mark}{exponent}}}"


def _exponent(e: Any) -> str:
    f = Fraction(e).limit_denominator(64) if isinstance(e, float) else e
    return f"{f.numerator}/{f.denominator}" if type(f) is Fraction and f == e else _number(number(e))


def _transposed(t: Tree) -> str:
    inner = t.args[0]
    if inner.kind == "call" and inner.value == "inv":
        return f"{_set(inner.args[0], ATOM)}^{{-\\top}}"
    return f"{_set(inner, ATOM)}^{{\\top}}"


def _arguments(t: Tree) -> str:
    return rf"\left({', '.join(_set(a, SUM) for a in t.args)}\right)"


def _call(t: Tree) -> str:
    special = CALLS.get(t.value)
    if special is not None:
        return special(t)
    return _plain_call(t)


def _plain_call(t: Tree) -> str:
    name = KNOWN.get(t.value) or r"\operatorname{" + t.value.replace("_", r"\_") + "}"
    axis = f"_{{{'; '.join(v for _, v in t.options)}}}" if t.options else ""
    return f"{name}{axis}{_arguments(t)}"


def _first(t: Tree, place: int = SUM) -> str:
    return _set(t.args[0], place)


def _sum(t: Tree) -> str:
    inner = t.args[0]
    if not t.options and inner.rank == 1:
        return rf"\mathbf{{1}}^{{\top}} {_set(inner, TERM if inner.kind == 'matmul' else POWER)}"
    if t.options == (("axis", "0"),) and inner.rank == 2:
        return rf"{_set(inner, ATOM)}^{{\top}} \mathbf{{1}}"
    if t.options == (("axis", "1"),) and inner.rank == 2:
        return rf"{_set(inner, POWER)} \mathbf{{1}}"
    return rf"\operatorname{{sum}}{_arguments(t)}"


def _row_norms(t: Tree) -> str:
    """Of each row or column the root of the sum of its squares."""
    squares = power(t.args[0], 2)
    squares.rank = 2
    return rf"\sqrt{{{_sum(t.over([squares], ()))}}}"


def _matrix(t: Tree) -> str:
    rows = t.args[0].args
    body = r" \\ ".join(" & ".join(_set(c, SUM) for c in (r.args if r.kind == "tuple" else [r])) for r in rows)
    return rf"\begin{{pmatrix}} {body} \end{{pmatrix}}"


def _listed(t: Tree) -> str:
    """A list of numbers is a column, a list of vectors the matrix of these rows, or columns."""
    rows = t.args[0].args
    deep = any(a.rank > 1 or (a.kind == "tuple" and any(b.kind == "tuple" for b in a.args)) for a in rows)
    if deep or not rows or t.options not in ((), (("axis", "1"),)):
        return _plain_call(t)
    lines = [a if a.kind == "tuple" or not a.rank else transposed(a) for a in rows]
    lines = [Tree("tuple", "[]", rows)] if t.options else lines
    return _matrix(t.over([t.args[0].over(lines, ())], ()))


def _reshaped(t: Tree) -> str:
    """A list in the shape of a matrix is the matrix."""
    inner, shape = t.args
    entries = inner.args[0].args if inner.kind == "call" and inner.value in ("stack", "array") else ()
    sizes = [s.value for s in shape.args]
    if len(sizes) != 2 or set(map(type, sizes)) != {int} or sizes[0] * sizes[1] != len(entries) or inner.options:
        return _plain_call(t)
    rows = [Tree("tuple", "[]", entries[k : k + sizes[1]]) for k in range(0, len(entries), sizes[1])]
    return _matrix(Tree("call", "block", [Tree("tuple", "[]", rows)]))


CALLS: dict[str, Callable[[Tree], str]] = {
    "sqrt": lambda t: rf"\sqrt{{{_first(t)}}}",
    "exp": lambda t: f"e^{{{_first(t)}}}" if t.rank == 0 else rf"\exp{_arguments(t)}",
    "abs": lambda t: rf"\left|{_first(t)}\right|",
    "norm2": lambda t: _row_norms(t) if t.options else rf"\left\lVert {_first(t)} \right\rVert_{{2}}",
    "norm_fro": lambda t: rf"\left\lVert {_first(t)} \right\rVert_{{F}}",
    "norm_nuc": lambda t: rf"\left\lVert {_first(t)} \right\rVert_{{*}}",
    "norm_spec": lambda t: rf"\left\lVert {_first(t)} \right\rVert_{{2}}",
    "floor": lambda t: rf"\left\lfloor {_first(t)} \right\rfloor",
    "ceil": lambda t: rf"\left\lceil {_first(t)} \right\rceil",
    "inv": lambda t: f"{_first(t, ATOM)}^{{-1}}",
    "solve": lambda t: (
        f"{_set(t.args[0].args[0], ATOM)}^{{-\\top}} {_set(t.args[1], POWER)}"
        if t.args[0].kind == "T" else f"{_set(t.args[0], ATOM)}^{{-1}} {_set(t.args[1], POWER)}"
    ),
    "outer": lambda t: f"{_set(t.args[0], POWER)} {_set(t.args[1], ATOM)}^{{\\top}}",
    "kron": lambda t: rf"{_set(t.args[0], POWER)} \otimes {_set(t.args[1], POWER)}",
    "eye": lambda t: rf"I_{{{_first(t)}}}",
    "ones": lambda t: r"\mathbf{1}" if t.args[0].kind != "tuple" else r"\mathbf{1}\mathbf{1}^{\top}",
    "zeros": lambda t: "0",
    "sum": _sum,
    "relu": lambda t: rf"\operatorname{{relu}}{_arguments(t)}",
    "where": lambda t: (
        rf"\begin{{cases}} {_set(t.args[1], SUM)} & {_first(t)} \\ "
        rf"{_set(t.args[2], SUM)} & \text{{otherwise}} \end{{cases}}"
    ),
    "block": _matrix, "stack": _listed, "array": _listed, "reshape": _reshaped,
    "logdet": lambda t: rf"\log\left|\det{_arguments(t)}\right|",
}  # fmt: skip


def _index(t: Tree) -> str:
    if t.value == ":, None":
        return rf"{_set(t.args[0], POWER)} \mathbf{{1}}^{{\top}}"
    if t.args[0].kind == "call" and t.args[0].value == "eye":
        return f"e_{{{t.value}}}"
    return f"{subscriptable(_set(t.args[0], ATOM))}_{{{t.value}}}"


SETTERS: dict[str, Callable[[Tree], str]] = {
    "name": lambda t: identifier(t.value),
    "number": _number,
    "call": _call,
    "product": _product,
    "matmul": _matmul,
    "add": _add,
    "negative": lambda t: "-" + _set(t.args[0], TERM),
    "power": _power,
    "T": _transposed,
    "index": _index,
    "compare": lambda t: f" {SYMBOLS[t.value].latex} ".join(_set(a, SUM) for a in t.args),
    "tuple": lambda t: rf"\left({', '.join(_set(a, SUM) for a in t.args)}\right)",
}


@method("latex")
def latex(e: Expr) -> str:
    f = bounded_formula(e)
    if f is None:
        return rf"\text{{{summary(e).replace('_', chr(92) + '_')}}}"
    if bounded_formula(e, MAX_NODES) is not None and any(
        t.rank > 2 for body in (f.body, *(t for _, t in f.lets)) for t in postorder(body)
    ):
        return notation_of(e)
    lets = [f"{identifier(name)} = {latex_of(t)}" for name, t in f.lets]
    body = latex_of(f.body)
    return body if not lets else body + r",\quad \text{where } " + r",\; ".join(lets)


@method("repr_latex")
def repr_latex(e: Expr) -> str | None:
    """For notebooks; None, so that the text is shown, above a budget of nodes."""
    if bounded_formula(e, MAX_NOTEBOOK_NODES) is None:
        return None
    return f"$\\displaystyle {latex(e)}$"
