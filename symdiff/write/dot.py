"""Diagram -> DOT text, for Graphviz and what reads its language."""

from collections.abc import Iterator

from .colours import fill_of, stroke_of
from .diagram import Box, Diagram

_SHAPES = {"variable": "box", "constant": "plaintext", "op": "ellipse", "group": "box3d"}


def dot_text(diagram: Diagram) -> str:
    """The DOT text of a diagram."""
    return "\n".join(_lines(diagram)) + "\n"


def _lines(diagram: Diagram) -> Iterator[str]:
    yield "digraph symdiff {"
    yield "  rankdir=LR;"
    yield '  node [fontname="DejaVu Sans,Helvetica,sans-serif", fontsize=11, style="filled,rounded"];'
    yield '  edge [fontname="DejaVu Sans,Helvetica,sans-serif", fontsize=9, arrowsize=0.6];'
    for k, box in enumerate(diagram.boxes):
        yield f"  n{k} [{_attributes(box)}];"
    for arrow in diagram.arrows:
        box = diagram.boxes[arrow.source]
        label = "\n".join(text for text in (arrow.label, box.value, box.gradient) if text)
        yield f"  n{arrow.source} -> n{arrow.target}" + (f" [label={quoted(label)}];" if label else ";")
    for k, box in enumerate(diagram.boxes):
        if box.output is not None:
            label = "\n".join(text for text in (box.value, box.gradient) if text)
            yield f"  o{k} [shape=plaintext, style={quoted('')}, label={quoted(box.output)}];"
            yield f"  n{k} -> o{k}" + (f" [label={quoted(label)}];" if label else ";")
    yield "}"


def _attributes(box: Box) -> str:
    label = "\n".join(([box.name] if box.name else []) + box.lines)
    return (
        f"label={quoted(label)}, shape={_SHAPES[box.kind]}, tooltip={quoted(box.title)}, "
        f'fillcolor="{fill_of(box)}", color="{stroke_of(box)}"'
    )


def quoted(text: str) -> str:
    r"""A text as a DOT string.

    >>> print(quoted('a "b" \\ c'))
    "a \"b\" \\ c"
    """
    clean = "".join(ch if ch.isprintable() or ch == "\n" else "?" for ch in text)
    return '"' + clean.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
