"""Form -> index notation in LaTeX: ``\\sum_{j} A_{ij} x_{j}``, for tensors of any rank. A unit tensor is a delta."""

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from .. import shapes
from ..algebra.forms import EXP, LEAF, SIZE, SUM, Atom, Form, Mono, WrittenOrder, sizes_of
from ..algebra.normalize import Lowered
from ..algebra.rules import RULES
from ..budget import limit
from ..errors import BudgetError, InputError
from ..expr import Expr
from ..op import OPS, method
from .letters import KNOWN, identifier, subscriptable
from .notation import leaf_tree, size_tree
from .sharing import MAX_NODES, bounded_formula

LETTERS = "ijklmnpqrstuvabcdefgh"


# functions along axes: the sign that binds their letters, what stands before and around the entry
BINDING = {
    "max": r"\max_{{{0}}} {1}", "min": r"\min_{{{0}}} {1}", "prod": r"\prod_{{{0}}} {1}",
    "logsumexp": r"\log \sum_{{{0}}} e^{{{1}}}",
    "cumulative_sum": r"\sum_{{{0} \le {2}}} {1}", "cumulative_prod": r"\prod_{{{0} \le {2}}} {1}",
}  # fmt: skip


class _Writer:
    def __init__(self, e: Expr, order: WrittenOrder):
        self.graph, self.order = e.graph, order
        self.used = 0

    def letter(self) -> str:
        k = self.used
        self.used += 1
        return LETTERS[k] if k < len(LETTERS) else f"i_{{{k - len(LETTERS) + 1}}}"

    def form(self, form: Form, at: Sequence[str]) -> str:
        text = ""
        for k, (m, c) in enumerate(sorted(form.terms.items(), key=lambda mc: mc[1] < 0 and len(form.terms) > 1)):
            text += ("-" if c < 0 else "") if not k else (" - " if c < 0 else " + ")
            text += self.mono(m, abs(c), at)
        return text or "0"

    def mono(self, m: Mono, c: Any, at: Sequence[str]) -> str:
        place: dict[int, str] = {}
        deltas = []
        for i, letter in zip(m.out, at, strict=True):
            if i in place:
                deltas.append(rf"\delta_{{{_joined([place[i], letter])}}}")
            place.setdefault(i, letter)
        start = self.used
        summed = []
        for i in sizes_of(m.factors):
            if i not in place:
                place[i] = self.letter()
                summed.append(place[i])
        above: list[str] = []
        below: list[str] = []
        scalars = self.order.sorted([f for f in m.factors if not f[1]])
        factors = [*scalars, *sorted((f for f in m.factors if f[1]), key=lambda f: -len(f[1]))]
        alone = len(factors) + len(deltas) == 1 and c == 1 and not summed
        for atom, labels, e in factors:
            text, up = self.factor(atom, [place[i] for i in labels], e, alone)
            (above if up else below).append(text)
        self.used = start
        above += deltas
        if type(c) is Fraction:
            below.insert(0, str(c.denominator))
            c = c.numerator
        sign = rf"\sum_{{{' '.join(sorted(summed))}}} " if summed else ""
        front = ""
        if c != 1 or not above:
            if summed and not below:
                front = f"{c} "
            else:
                above.insert(0, str(c))
        body = " ".join(above)
        if below:
            body = rf"\frac{{{body}}}{{{' '.join(below)}}}"
        return front + sign + body

    def factor(self, atom: Atom, at: Sequence[str], e: Any, alone: bool) -> tuple[str, bool]:
        if atom.kind == EXP:
            return rf"e^{{{self.form(e, at)}}}", True
        if atom.kind == SUM and not isinstance(e, Form) and abs(e) == Fraction(1, 2):
            return rf"\sqrt{{{self.form(atom.args, at)}}}", e > 0
        base = self.atom(atom, at, alone and e == 1)
        if isinstance(e, Form):
            return f"{base}^{{{self.form(e, at if e.shape else ())}}}", True
        if e < 0:
            return self.raised(base, -e), False
        return self.raised(base, e), True

    def raised(self, base: str, e: Any) -> str:
        if e == 1:
            return base
        if e == Fraction(1, 2):
            return rf"\sqrt{{{base}}}"
        return f"{base}^{{{e}}}"

    def atom(self, atom: Atom, at: Sequence[str], alone: bool) -> str:
        sub = _joined(at)
        below = f"_{{{sub}}}" if sub else ""
        if atom.kind == LEAF:
            t = leaf_tree(self.graph, atom.args, self.graph.names)
            name = identifier(t.value) if t.kind == "name" else str(t.value)
            return subscriptable(name) + below if below else name
        if atom.kind == SIZE:
            return str(size_tree(atom.args).value or atom.args)
        if atom.kind == SUM:
            return rf"\left({self.form(atom.args, at)}\right)"
        if atom.op in ("getitem", "basis", "place"):
            return self.shifted(atom, at)
        if atom.op == "reshape":
            inner = _reshaped(at, atom.args[0].shape, atom.shape)
            if inner is not None:
                return self.enclosed(self.form(atom.args[0], inner), alone or len(atom.args[0].terms) == 1)
        if atom.op in ("softmax", "log_softmax"):
            return self.normalised(atom, at, alone)
        if atom.op in BINDING:
            return self.bound(atom, at, alone)
        name = KNOWN.get(atom.op) or rf"\operatorname{{{atom.op.replace('_', chr(92) + '_')}}}"
        if atom.op in OPS and OPS[atom.op].symbol:
            sign = OPS[atom.op].latex
            return rf"\left[{f' {sign} '.join(self.form(a, at) for a in atom.args)}\right]"
        if atom.op in OPS and OPS[atom.op].elementwise:
            return rf"{name}\left({', '.join(self.form(a, at) for a in atom.args)}\right)"
        if atom.op == "inv" and len(atom.args[0].terms) == 1:
            inner = [self.letter() for _ in range(2)]
            self.used -= 2
            plain = self.form(atom.args[0], inner)
            if plain.endswith(f"_{{{''.join(inner)}}}") and " " not in plain:
                inverse = f"{plain.rpartition('_')[0]}^{{-1}}"
                return subscriptable(inverse) + below
        inner_at = []
        start = self.used
        for a in atom.args:
            inner_at.append([self.letter() for _ in a.shape])
        inside = ", ".join(self.form(a, letters) for a, letters in zip(atom.args, inner_at, strict=True))
        self.used = start
        return rf"\left[{name}\left({inside}\right)\right]{below}" if below else rf"{name}\left({inside}\right)"

    def enclosed(self, text: str, alone: bool) -> str:
        return text if alone else rf"\left({text}\right)"

    def bound(self, atom: Atom, at: Sequence[str], alone: bool) -> str:
        """A function along axes with letters of its own for them: ``\\max_{j} A_{ij}``."""
        (inner,), (axes,) = atom.args, atom.params
        running = isinstance(axes, int)
        axes = (axes % len(inner.shape),) if running else axes
        start, outer = self.used, iter(at)
        letters, own, upto = [], [], ""
        for k in range(len(inner.shape)):
            if running and k in axes:
                upto = next(outer)
            letters.append(self.letter() if k in axes else next(outer))
            own += [letters[-1]] * (k in axes)
        text = self.form(inner, letters)
        self.used = start
        several = len(inner.terms) > 1 and atom.op != "logsumexp"
        return self.enclosed(BINDING[atom.op].format(" ".join(own), self.enclosed(text, not several), upto), alone)

    def normalised(self, atom: Atom, at: Sequence[str], alone: bool) -> str:
        """exp(x_i)/sum_j exp(x_j) along an axis, and its logarithm."""
        (inner,), (axis,) = atom.args, atom.params
        other = [*at]
        other[axis] = self.letter()
        total = rf"\sum_{{{other[axis]}}} e^{{{self.form(inner, other)}}}"
        self.used -= 1
        if atom.op == "softmax":
            return rf"\frac{{e^{{{self.form(inner, at)}}}}}{{{total}}}"
        return self.enclosed(rf"{self.form(inner, at)} - \log {total}", alone)

    def shifted(self, atom: Atom, at: Sequence[str]) -> str:
        """x[1:] is x_{i+1}, a row of the unit matrix a delta, and zeros around x a condition on the index."""
        if atom.op == "basis":
            return rf"\delta_{{{_joined([*at, str(atom.params[1])])}}}"
        index, letters, inner, inside = atom.params[0], iter(at), [], []
        for k, i in enumerate(index):
            if i is None:
                inner.append(next(letters))
            elif not isinstance(i, tuple):
                inner.append(str(i))
            elif atom.op == "getitem":
                inner.append(_moved(next(letters), i[0], i[2]))
            else:
                start, stop, step = i
                letter = next(letters)
                back = shapes.multiply(-1, start)
                inner.append(f"({letter}-{start})/{step}" if step != 1 else _moved(letter, back, 1))
                last = atom.params[1][k]
                inside += [rf"{start} \le {letter}"] * (start != 0) + [f"{letter} < {stop}"] * (stop != last)
        text = self.form(atom.args[0], inner)
        if len(atom.args[0].terms) > 1:
            text = rf"\left({text}\right)"
        mask = rf"\left[{', '.join(inside)}\right]" if inside else ""
        return mask if mask and text == "1" else f"{text} {mask}".rstrip()


def _reshaped(at: Sequence[str], old: shapes.Shape, new: shapes.Shape) -> list[str] | None:
    """The letters of the old axes where each axis is kept, or axes are joined to one, or one is split; else None."""
    letters: list[str] = []
    j = k = 0
    while j < len(old) and k < len(new):
        joined, split = _prefix(old[j:], new[k]), _prefix(new[k:], old[j])
        if joined is not None:
            for i in range(joined):
                below = shapes.count(old[j + i + 1 : j + joined])
                text = at[k] if below == 1 else rf"\lfloor {at[k]}/{_factor(below)} \rfloor"
                letters.append(text if i == 0 else rf"{text} \bmod {_factor(old[j + i])}")
            j, k = j + joined, k + 1
        elif split is not None:
            strides = [shapes.count(new[k + i + 1 : k + split]) for i in range(split)]
            parts = zip(at[k:], strides, strict=False)
            letters.append("+".join(a if s == 1 else f"{_factor(s)} {a}" for a, s in parts))
            j, k = j + 1, k + split
        else:
            return None
    return letters if j == len(old) and k == len(new) else None


def _prefix(axes: shapes.Shape, size: shapes.Size) -> int | None:
    """How many of the first axes make up the size."""
    return next((i for i in range(1, len(axes) + 1) if shapes.count(axes[:i]) == size), None)


def _factor(size: shapes.Size) -> str:
    text = str(size)
    return f"({text})" if " " in text or "*" in text else text


def _joined(at: Sequence[str]) -> str:
    """Letters as they are, with commas where one is more than a letter: ij, but i+1,j."""
    return (",".join if any(len(letter) > 1 for letter in at) else "".join)(at)


def _moved(letter: str, start: Any, step: int) -> str:
    if step != 1 or not isinstance(start, int):
        by = {1: "+", -1: "-"}.get(step, f"+{step}" if step > 0 else str(step))
        return f"{start}{by}{letter}" if step < 0 or start else f"{step}{letter}"
    base, sign, offset = re.fullmatch(r"(.*?)(?:([+-])(\d+))?", letter).groups()  # type: ignore[union-attr]
    total = start + (int(sign + offset) if sign else 0)
    return f"{base}{total:+d}" if total else base


@method("index_notation")
def notation_of(e: Expr) -> str:
    """
    >>> import symdiff as sd
    >>> print(sd.grad(sd.parse("x @ A @ x", x="n", A="n n"), "x").index_notation())
    \\sum_{j} A_{ij} x_{j} + \\sum_{j} A_{ji} x_{j}
    """
    if bounded_formula(e, MAX_NODES) is None:
        raise InputError(f"index notation is for expressions of at most {MAX_NODES} nodes; str(e) lists larger ones")
    lowered = Lowered(e.graph, RULES)
    with lowered.normal.search.within(limit("search")):
        form = lowered.of(e.node)
        writer = _Writer(e, lowered.normal.written)
        return writer.form(form, [writer.letter() for _ in e.shape])
    raise BudgetError(f"index notation: node {e.node} is too long for it; str(e) writes it as statements")

