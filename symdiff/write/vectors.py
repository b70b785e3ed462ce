r"""Cross products in LaTeX: ``a \times b``, ``\left[a\right]_{\times}`` of what is crossed with unit vectors."""

from collections.abc import Sequence
from typing import Any

from .index import FACTORS, At, Entries, Product
from .pieces import ATOM, HADAMARD, POWER, SUM, TERM, Piece
from .tree import Tree


def crossed(x: Any, t: Tree) -> Piece | None:
    r"""Rows that are crossed with one vector are multiplied by its matrix: the entries of ``cross(R, a)`` are those of
    ``R \left[a\right]_{\times}``."""
    a, b = t.args
    ranks = len(x.shape(a)), len(x.shape(b))
    if ranks == (1, 1):
        return Piece(rf"{x.at(a, POWER)} \times {x.at(b, POWER)}", HADAMARD)
    if 1 not in ranks:
        return None
    rows, vector = (a, b) if ranks == (2, 1) else (b, a)
    text = rf"\left[{x.at(vector, SUM)}\right]_{{\times}}"
    unit = rows.kind == "call" and rows.value == "eye"
    p = Piece(text, ATOM) if unit else Piece(f"{x.at(rows, TERM)} {text}", TERM)
    return p if rows is a else Piece("-" + p.text, SUM)


def _crossed(x: Entries, t: Tree, at: Sequence[At], p: Product) -> None:
    r"""``\sum_{j k} \epsilon_{ijk} a_{j} b_{k}``"""
    symbol = r"\varepsilon" if r"\epsilon" in x.shown.values() else r"\epsilon"
    *lead, i = at
    inner = [x.summed(3, p) for _ in t.args]
    p.above.append(
        lambda: Piece(rf"{symbol}_{{{x.side_by_side([x.position(k) for k in (i, *inner)])}}}", ATOM)
    )
    for a, k in zip(t.args, inner, strict=True):
        x.collect(a, x.aligned(a, [*lead, k]), p)


FACTORS["cross"] = _crossed
