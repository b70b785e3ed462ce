"""Pieces of LaTeX and how strongly they bind: brackets, products, fractions, numbers."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from ..constants import in_pi

# binding strength: a piece is put in parentheses when it binds less than its place asks for
LOGIC, COND, SUM, HADAMARD, BIG, TERM, SCALARS, POWER, ATOM = range(9)  # SCALARS: a product of scalars alone


class Piece(NamedTuple):
    """A text; of one with a superscript, `stem` is what that stands at, and `mark` the superscript."""

    text: str
    strength: int
    stem: str = ""
    mark: str = ""


def within(p: Piece, place: int) -> str:
    """The text of a piece at a place that asks for this strength."""
    if p.strength >= place:
        return p.text
    if p.strength <= COND < place:
        return rf"\mathbb{{1}}\left[{p.text}\right]"
    return rf"\left({p.text}\right)"


def joined(factors: Sequence[Piece]) -> str:
    """Factors side by side; a sum over indices runs to the end, so it may only stand last."""
    text = ""
    for k, p in enumerate(factors):
        s = within(p, BIG if k == len(factors) - 1 else TERM)
        text += (r" \cdot " if s[0].isdigit() else " ") + s if k else s
    return text


def fraction(above: Sequence[Piece], below: Sequence[Piece]) -> Piece:
    if not below:
        if len(above) == 1:
            return above[0]
        plain = all(p.strength >= SCALARS for p in above)
        return Piece(joined(above) or "1", BIG if above and above[-1].strength == BIG else SCALARS if plain else TERM)
    top = joined(above) if len(above) > 1 else within(above[0], SUM) if above else "1"
    return Piece(rf"\frac{{{top}}}{{{joined(below) if len(below) > 1 else within(below[0], SUM)}}}", POWER)


def number_piece(value: Any) -> Piece:
    multiple = in_pi(value)
    if multiple is not None:
        a, b = multiple
        top = (f"{abs(a)} " if abs(a) > 1 else "") + r"\pi"
        strength = POWER if b > 1 else SCALARS if abs(a) > 1 else ATOM
        text = rf"\frac{{{top}}}{{{b}}}" if b > 1 else top
        return Piece("-" + text, SUM) if a < 0 else Piece(text, strength)
    if value < 0:
        return Piece("-" + number_piece(-value).text, SUM)
    if type(value) is Fraction:
        return Piece(rf"\frac{{{value.numerator}}}{{{value.denominator}}}", POWER)
    if isinstance(value, float) and "e" in repr(value):
        mantissa, exponent = repr(value).split("e")
        return Piece(rf"{mantissa} \cdot 10^{{{int(exponent)}}}", SCALARS)
    return Piece(str(value), ATOM)


def exponent_text(e: Any) -> str:
    f = Fraction(e).limit_denominator(64) if isinstance(e, float) else e
    return f"{f.numerator}/{f.denominator}" if type(f) is Fraction and f == e else number_piece(e).text


MARKS = {  # superscripts that meet
    ("", r"\top"): r"\top", (r"\top", r"\top"): "", ("-1", r"\top"): r"-\top", (r"-\top", r"\top"): "-1",
    ("", "-1"): "-1", (r"\top", "-1"): r"-\top", ("-1", "-1"): "", (r"-\top", "-1"): r"\top",
}  # fmt: skip


def marked(p: Piece, mark: str) -> Piece:
    """With a transpose or an inverse as a superscript, which meets one that is there."""
    stem, both = p.stem, MARKS.get((p.mark, mark))
    if both is None or not stem:
        stem, both = within(p, ATOM), mark
    return Piece(f"{stem}^{{{both}}}", POWER, stem, both) if both else Piece(stem, ATOM)


def transpose(p: Piece) -> Piece:
    return marked(p, r"\top")
