"""Form -> index notation in LaTeX: ``\\sum_{j} A_{ij} x_{j}``, for tensors of any rank. A unit tensor is a delta."""

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from .. import shapes
from ..errors import InputError
from ..expr import Expr
from ..forms import EXP, LEAF, SIZE, SUM, Atom, Form, Mono, sizes_of
from ..op import OPS, method
from ..rules import form_of
from .letters import COMPARE, KNOWN, identifier, subscriptable
from .notation import COMPARISONS, leaf_tree, size_tree
from .sharing import MAX_NODES, bounded_formula

LETTERS = "ijklmnpqrstuvabcdefgh"


class _Writer:
    def __init__(self, e: Expr):
        self.graph = e.graph
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
        for atom, labels, e in sorted(m.factors, key=lambda f: (bool(f[1]), -len(f[1]))):
            text, up = self.factor(atom, [place[i] for i in labels], e)
            (above if up else below).append(text)
        self.used = start
        above += deltas
        if isinstance(c, Fraction):
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

    def factor(self, atom: Atom, at: Sequence[str], e: Any) -> tuple[str, bool]:
        if atom.kind == EXP:
            return rf"e^{{{self.form(e, at)}}}", True
        if atom.kind == SUM and not isinstance(e, Form) and abs(e) == Fraction(1, 2):
            return rf"\sqrt{{{self.form(atom.args, at)}}}", e > 0
        base = self.atom(atom, at)
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

    def atom(self, atom: Atom, at: Sequence[str]) -> str:
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
        name = KNOWN.get(atom.op) or rf"\operatorname{{{atom.op.replace('_', chr(92) + '_')}}}"
        if atom.op in COMPARISONS:
            sign = COMPARE.get(COMPARISONS[atom.op], COMPARISONS[atom.op])
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
    writer = _Writer(e)
    _, form = form_of(e)
    at = [writer.letter() for _ in e.shape]
    return writer.form(form, at)

