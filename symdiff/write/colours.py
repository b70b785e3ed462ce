"""The colours of a diagram, the same in SVG and DOT."""

from .diagram import Box

INK = "#1d2430"
MUTED = "#6b7685"
VALUE = "#15803d"
GRADIENT = "#c81e1e"
PRIMAL_WIRE = "#8a97a8"
DERIVATIVE_WIRE = "#d39a5c"
PAPER = "#ffffff"

_FILLS = {"variable": "#d7e6fb", "constant": "#f1f1ec", "op": "#f3f7fc", "group": "#eaf0f7"}
_STROKES = {"variable": "#2563a8", "constant": "#c9c9bf", "op": "#5b7fa6", "group": "#5b7fa6"}


def fill_of(box: Box) -> str:
    return "#fdeedb" if box.derivative and box.kind != "constant" else _FILLS[box.kind]


def stroke_of(box: Box) -> str:
    return "#c2711f" if box.derivative and box.kind != "constant" else _STROKES[box.kind]


def wire_of(box: Box) -> str:
    return DERIVATIVE_WIRE if box.derivative else PRIMAL_WIRE
