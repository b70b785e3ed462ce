"""Diagram -> SVG text: boxes with their labels, values and gradients on the wires, a legend."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise

from .colours import GRADIENT, INK, MUTED, PAPER, VALUE, fill_of, stroke_of, wire_of
from .diagram import Box, Diagram, shortened
from .placing import Extent, Placed, place

MARGIN = 22.0
LABEL, SMALL = 14.0, 11.0  # font sizes
PORT = 13.0  # between the wires that arrive at a box
STUB = 18.0  # of an output, and of a wire without a label
_SANS = "'DejaVu Sans', 'Segoe UI', Helvetica, Arial, sans-serif"
_SERIF = "'STIX Two Text', 'DejaVu Serif', Georgia, 'Times New Roman', serif"
_NARROW, _WIDE = frozenset("ijltfrI.,:;|'![]() "), frozenset("mwMW@ΣΠ⊙⊗√→×÷…∂")


def text_width(text: str, size: float) -> float:
    """The width of a text, estimated from above over the usual sans-serif fonts."""
    return size * sum(
        0.42 if ch in _NARROW else 0.95 if ch in _WIDE else 0.72 if ch.isupper() else 0.64 for ch in text
    )


class Shape:
    """The size of a box's outline and the room around it."""

    def __init__(self, box: Box, arrivals: int, coefficient: float, valued: bool, consumed: bool):
        self.box, self.valued = box, valued
        self.ends = box.output is not None and not consumed  # an output with an arrow of its own
        self.above = shortened(", ".join(t for t in (box.name, box.output if consumed else "") if t), 24)
        widest = max(text_width(line, LABEL) for line in box.lines)
        self.round = box.kind == "op" and widest <= 22
        self.height = {"variable": 30.0, "constant": 24.0, "op": 34.0}.get(
            box.kind, 18.0 * len(box.lines) + 16
        )
        self.port = min(PORT + 3 * (coefficient > 0), 150 / max(arrivals, 1))
        self.height = max(self.height, self.port * (arrivals - 1) + 20)
        self.width = 34.0 if self.round else max(widest + (22 if box.kind != "constant" else 12), 30)
        self.round = self.round and self.height <= 34
        self.stub = max(text_width(box.value, SMALL), text_width(box.gradient, SMALL)) + 12
        if box.value == box.gradient == "":
            self.stub = STUB if self.ends else 0.0
        self.caption = text_width(box.output or "", LABEL) + 12 if self.ends else 0.0
        self.lead = coefficient + 15 if coefficient else 6.0
        labels = 2 * (SMALL + 6) if box.gradient else 2 * (SMALL + 4) if box.value else 0.0
        self.room = max(self.height + (2 * (SMALL + 5) if self.above else 0), labels)

    def extent(self) -> Extent:
        half, above = self.width / 2, text_width(self.above, SMALL) / 2
        return Extent(max(half + self.lead, above), max(half + self.stub + self.caption, above), self.room)


def svg_text(diagram: Diagram) -> str:
    """The SVG text of a diagram."""
    return "\n".join(_lines(diagram)) + "\n"


def arranged(diagram: Diagram) -> tuple[list[Shape], Placed, list[float]]:
    """Shapes, their places, and the height of the port at which each arrow arrives."""
    arriving: dict[int, list[int]] = defaultdict(list)
    for k, arrow in enumerate(diagram.arrows):
        arriving[arrow.target].append(k)
    consumed = {arrow.source for arrow in diagram.arrows}
    coefficient = [0.0] * len(diagram.boxes)  # the widest on a wire to a box
    for arrow in diagram.arrows:
        if arrow.label:
            coefficient[arrow.target] = max(coefficient[arrow.target], text_width(arrow.label, SMALL))
    shapes = [
        Shape(box, len(arriving[b]), coefficient[b], diagram.valued, b in consumed)
        for b, box in enumerate(diagram.boxes)
    ]
    extents = [shape.extent() for shape in shapes]
    pairs = [(arrow.source, arrow.target) for arrow in diagram.arrows]
    ports = [0.0] * len(pairs)
    placed = place(extents, pairs, ports)
    for b, arrows in arriving.items():
        if b not in diagram.ordered:  # the wire that comes from above arrives above
            arrows.sort(key=lambda k: (placed.wires[k][-3][1], k))
        for rank, k in enumerate(arrows):
            ports[k] = (rank - (len(arrows) - 1) / 2) * shapes[b].port
    return shapes, place(extents, pairs, ports), ports


def _lines(diagram: Diagram) -> Iterator[str]:
    shapes, placed, _ = arranged(diagram)
    legend = _legend(diagram)
    width = max(placed.width, sum(w for _, w in legend)) + 2 * MARGIN
    height = placed.height + 2 * MARGIN + 30
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(width)} {_n(height)}" width="{_n(width)}" '
        f'height="{_n(height)}" role="img" font-family="{_SANS}" font-size="{_n(LABEL)}" fill="{INK}">'
    )
    yield f"<title>{_text(_summary(diagram))}</title>"
    yield f'<rect width="100%" height="100%" rx="8" fill="{PAPER}"/>'
    yield f'<g transform="translate({_n(MARGIN)} {_n(MARGIN)})">'
    yield '<g fill="none" stroke-width="1.4" stroke-linecap="round">'
    for arrow, points in zip(diagram.arrows, placed.wires, strict=True):
        colour = wire_of(diagram.boxes[arrow.source])
        yield _wire(
            points, shapes[arrow.source], shapes[arrow.target], placed.centres[arrow.target][1], colour
        )
    yield "</g>"
    for arrow, points in zip(diagram.arrows, placed.wires, strict=True):
        if arrow.label:
            (x, _), y = placed.centres[arrow.target], points[-1][1]
            at = x - _half(shapes[arrow.target], y - placed.centres[arrow.target][1]) - 9
            yield _small(arrow.label, at, y - 3.5, MUTED, "end")
    for shape, centre in zip(shapes, placed.centres, strict=True):
        yield from _box(shape, *centre)
    yield "</g>"
    x = MARGIN
    for entry, wide in legend:
        yield f'<g transform="translate({_n(x)} {_n(height - MARGIN)})" font-size="{_n(SMALL)}">{entry}</g>'
        x += wide
    yield "</svg>"


def _half(shape: Shape, y: float) -> float:
    """Half the width of an outline at height y from its centre."""
    half = shape.width / 2
    if shape.round:
        return max(half * half - y * y, 0.0) ** 0.5
    radius = shape.height / 2 if shape.box.kind == "variable" else 8.0
    over = abs(y) - (shape.height / 2 - radius)
    return half if over <= 0 else half - radius + max(radius * radius - over * over, 0.0) ** 0.5


def _wire(
    points: Sequence[tuple[float, float]], source: Shape, target: Shape, centre: float, colour: str
) -> str:
    (x, y), (end, level) = points[0], points[-1]
    start = x + source.width / 2
    stop = end - _half(target, level - centre) - 1
    d = f"M{_n(start)} {_n(y)}H{_n(points[1][0])}"
    for (x0, y0), (x1, y1) in pairwise(points[1:]):
        if y0 == y1:
            d += f"H{_n(stop if (x1, y1) == points[-1] else x1)}"
        else:
            middle = (x0 + x1) / 2
            d += f"C{_n(middle)} {_n(y0)} {_n(middle)} {_n(y1)} {_n(x1)} {_n(y1)}"
    return (
        f'<path d="{d}" stroke="{colour}"/>'
        f'<path d="{_arrowhead(stop, level)}" fill="{colour}" stroke="{colour}" stroke-width="0.6" '
        'stroke-linejoin="round"/>'
    )


def _arrowhead(x: float, y: float) -> str:
    return f"M{_n(x - 6)} {_n(y - 3)}L{_n(x)} {_n(y)}L{_n(x - 6)} {_n(y + 3)}z"


def _box(shape: Shape, x: float, y: float) -> Iterator[str]:
    box = shape.box
    fill, stroke = fill_of(box), stroke_of(box)
    thick = 2.4 if box.output is not None else 1.3
    style = f'fill="{fill}" stroke="{stroke}" stroke-width="{thick}"'
    left, top = x - shape.width / 2, y - shape.height / 2
    yield f"<g><title>{_text(box.title)}</title>"
    if shape.round:
        yield f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(shape.width / 2)}" {style}/>'
    else:
        radius = {"variable": shape.height / 2, "constant": 4.0}.get(box.kind, 8.0)
        if box.kind == "group":
            yield _rectangle(
                left + 4, top - 4, shape, radius, f'fill="{PAPER}" stroke="{stroke}" stroke-width="1"'
            )
        yield _rectangle(left, top, shape, radius, style)
    for k, line in enumerate(box.lines):
        level = y + 18.0 * (k - (len(box.lines) - 1) / 2)
        yield _label(line, x, level, box, first=k == 0)
    if shape.above:
        yield _small(shape.above, x, top - 5, stroke, "middle", italic=True)
    end = x + shape.width / 2
    if shape.ends:
        tip = end + shape.stub
        wire = wire_of(box)
        yield f'<path d="M{_n(end)} {_n(y)}H{_n(tip)}" stroke="{wire}" stroke-width="1.4"/>'
        yield f'<path d="{_arrowhead(tip, y)}" fill="{wire}"/>'
        if box.output:
            yield (
                f'<text x="{_n(tip + 5)}" y="{_n(y + 4.5)}" font-family="{_SERIF}" font-style="italic">'
                f"{_text(box.output)}</text>"
            )
    if box.value:
        yield _small(box.value, end + 6, y - 4, VALUE if shape.valued else MUTED, "start")
    if box.gradient:
        yield _small(box.gradient, end + 6, y + SMALL + 1, GRADIENT, "start")
    yield "</g>"


def _rectangle(x: float, y: float, shape: Shape, radius: float, style: str) -> str:
    return (
        f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(shape.width)}" height="{_n(shape.height)}" '
        f'rx="{_n(radius)}" {style}/>'
    )


def _label(line: str, x: float, y: float, box: Box, first: bool) -> str:
    attributes = ""
    if box.kind == "variable":
        attributes = f' font-family="{_SERIF}" font-style="italic" font-size="15"'
    elif box.kind == "constant":
        attributes = ' font-size="12"'
    elif box.kind == "group" and not first:
        attributes = f' font-size="{_n(SMALL)}" fill="{MUTED}"'
    return f'<text x="{_n(x)}" y="{_n(y + 5)}" text-anchor="middle"{attributes}>{_text(line)}</text>'


def _small(text: str, x: float, y: float, colour: str, anchor: str, italic: bool = False) -> str:
    style = f' font-family="{_SERIF}" font-style="italic"' if italic else ""
    return (
        f'<text x="{_n(x)}" y="{_n(y)}" text-anchor="{anchor}" font-size="{_n(SMALL)}" '
        f'fill="{colour}"{style}>'
        f"{_text(text)}</text>"
    )


# --- the legend ---------------------------------------------------------------------------------------------


def _legend(diagram: Diagram) -> list[tuple[str, float]]:
    """The marks that occur in the picture, each with what it means, and its width."""
    kinds = {(box.kind, box.derivative) for box in diagram.boxes}
    entries: list[tuple[str, str]] = []
    samples = {
        ("variable", False): "variable",
        ("constant", False): "constant",
        ("op", False): "operation",
        ("op", True): "derivative",
        ("group", False): "collapsed nodes",
        ("group", True): "collapsed derivative nodes",
    }
    for (kind, derivative), meaning in samples.items():
        if (kind, derivative) in kinds:
            box = Box(kind, [""], derivative)
            radius = {"op": 5, "variable": 5.5}.get(kind, 2)
            mark = (
                f'<rect x="0" y="-9" width="{11 if kind == "op" else 18}" height="11" rx="{radius}" '
                f'fill="{fill_of(box)}" stroke="{stroke_of(box)}"/>'
            )
            entries.append((mark, meaning))
    if diagram.valued:
        entries.append((f'<text x="2" fill="{VALUE}">1.5</text>', "value"))
        if any(box.gradient for box in diagram.boxes):
            entries.append((f'<text x="2" fill="{GRADIENT}">1.5</text>', "gradient"))
    elif any(box.value for box in diagram.boxes):
        entries.append((f'<text x="0" fill="{MUTED}">(n,)</text>', "shape"))
    result = []
    for mark, meaning in entries:
        at = {"shape": 32, "value": 27, "gradient": 27, "operation": 17, "derivative": 17}.get(meaning, 24)
        text = f'<text x="{at}" y="0" fill="{MUTED}">{meaning}</text>'
        result.append((mark + text, at + text_width(meaning, SMALL) + 20))
    return result


def _summary(diagram: Diagram) -> str:
    return f"expression graph: {len(diagram.boxes)} boxes, {len(diagram.arrows)} wires"


def _n(value: float) -> str:
    """A coordinate with one digit after the point, where it has any."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


def _text(text: str) -> str:
    clean = "".join(ch if ch.isprintable() else " " for ch in text)
    return escape(clean, quote=True)
