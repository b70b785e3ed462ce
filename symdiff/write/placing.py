"""Boxes and arrows -> coordinates: columns from left to right, wires that run level through a column.

Ranks and the order within a column come from `fast_sugiyama` (Sugiyama's method), sizes are ours: a column is
as wide as its widest box, wires bend between columns only, and boxes move up and down until their wires are
straight and nothing overlaps.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from ..lazy import module

Paths = dict[tuple[int, int], list[int]]  # arrow -> the points at which its wire passes columns

GAP = 14.0  # between boxes of a layer
WIRE = 15.0  # the height that a passing wire takes
SWEEPS = 40


class Extent(NamedTuple):
    """The room a box needs: to the left and right of its centre, and its height."""

    left: float
    right: float
    height: float


class Placed(NamedTuple):
    """Centres of boxes; one wire per arrow: points, between which it is level (y equal) or bends."""

    centres: list[tuple[float, float]]
    wires: list[list[tuple[float, float]]]
    width: float
    height: float


def place(extents: Sequence[Extent], arrows: Sequence[tuple[int, int]], ports: Sequence[float]) -> Placed:
    """Coordinates of boxes and of arrows (source, target), which arrive `ports` below the centre."""
    columns, paths = _trunks(len(extents), arrows)
    size = {n: e.height for n, e in enumerate(extents)}
    heights = _heights(columns, paths, size, dict(zip(arrows, ports, strict=True)))
    layer_of = {n: k for k, column in enumerate(columns) for n in column}
    left = [max((extents[n].left for n in column if n < len(extents)), default=0.0) for column in columns]
    right = [max((extents[n].right for n in column if n < len(extents)), default=0.0) for column in columns]
    bends = [0.0] * len(columns)
    for (a, b), between in paths.items():
        for u, v in zip((a, *between), (*between, b), strict=True):
            bends[layer_of[u]] = max(bends[layer_of[u]], abs(heights[u] - heights[v]))
    begin, centre = 0.0, []
    borders: list[tuple[float, float]] = []
    for k in range(len(columns)):
        centre.append(begin + left[k])
        borders.append((begin, begin + left[k] + right[k]))
        begin = borders[k][1] + min(100.0, 26 + 0.22 * bends[k])
    top = min((heights[n] - extents[n].height / 2 for n in range(len(extents))), default=0.0)
    top = min([top, *(y - WIRE / 2 for y in heights.values())])
    centres = [(centre[layer_of[n]], heights[n] - top) for n in range(len(extents))]
    wires = []
    for (a, b), port in zip(arrows, ports, strict=True):
        (x, y), (end, level) = centres[a], centres[b]
        points = [(x, y), (borders[layer_of[a]][1], y)]
        for d in paths[a, b]:
            at = heights[d] - top
            points += [(borders[layer_of[d]][0], at), (borders[layer_of[d]][1], at)]
        points += [(borders[layer_of[b]][0], level + port), (end, level + port)]
        wires.append(points)
    bottom = max([y + e.height / 2 for (_, y), e in zip(centres, extents, strict=True)], default=0.0)
    bottom = max([bottom, *(y + WIRE / 2 for points in wires for _, y in points)])
    return Placed(centres, wires, borders[-1][1] if borders else 0.0, bottom)


def _trunks(boxes: int, arrows: Sequence[tuple[int, int]]) -> tuple[list[list[int]], Paths]:
    """Columns of boxes and wire points from top to bottom, and each arrow's wire points.

    Wires from one box share a trunk, from which they branch in the column before their target.
    """
    columns, _ = _layered(boxes, arrows)
    rank = {n: k for k, column in enumerate(columns) for n in column}
    last: dict[int, int] = {}
    for a, b in arrows:
        last[a] = max(last.get(a, 0), rank[b])
    trunk: dict[int, list[int]] = {}
    count = boxes
    for a in sorted(last):
        length = last[a] - rank[a] - 1
        trunk[a] = list(range(count, count + length))
        count += length
    through = {(a, b): trunk[a][: rank[b] - rank[a] - 1] for a, b in arrows}
    edges = [pair for (a, b), points in through.items() for pair in pairwise((a, *points, b))]
    columns, inner = _layered(count, edges)
    paths: Paths = {}
    for (a, b), points in through.items():
        chain = [a]
        for u, v in pairwise((a, *points, b)):
            chain += [*inner[u, v], v]
        paths[a, b] = chain[1:-1]
    return columns, paths


def _layered(count: int, arrows: Sequence[tuple[int, int]]) -> tuple[list[list[int]], Paths]:
    """Columns of the nodes below `count` and of the points (from `count` on) at which wires pass columns."""
    joined = sorted({n for arrow in arrows for n in arrow})
    number = {n: k for k, n in enumerate(joined)}  # the library numbers wire points from len(joined) on
    edges = [(number[a], number[b]) for a, b in dict.fromkeys(arrows)]
    alone = sorted(set(range(count)) - set(joined))
    paths: Paths = {}
    columns: list[list[int]] = []
    layouts = (
        module("fast_sugiyama").from_edges(edges, vertex_spacing=1, dummy_vertices=True) if edges else []
    )
    for positions, _, _, pieces in sorted(layouts, key=lambda layout: min(n for n, _ in layout[0])):
        name = {n: joined[n] for n, _ in positions if n < len(joined)}
        top = max(y for _, (_, y) in positions)
        for n, (_, y) in sorted(positions, key=lambda item: (item[1][0], item[0])):
            if n not in name:
                name[n], count = count, count + 1
            k = round(top - y)
            columns += [[] for _ in range(k + 1 - len(columns))]
            columns[k].append(name[n])
        after = {u: v for u, v in pieces if u >= len(joined)}
        for u, v in pieces:
            if u < len(joined):
                through = []
                while v >= len(joined):
                    through.append(name[v])
                    v = after[v]
                paths[name[u], name[v]] = through
    if alone:
        columns = columns or [[]]
        columns[0] += alone
    return columns, paths


def _heights(
    columns: Sequence[Sequence[int]],
    paths: Paths,
    size: Mapping[int, float],
    ports: Mapping[tuple[int, int], float],
) -> dict[int, float]:
    """The height of every box and wire point: near the mean of its neighbours, in its column's order."""
    near: dict[int, dict[int, tuple[float, float]]] = defaultdict(dict)  # neighbour -> offset, weight
    for (a, b), between in paths.items():
        for u, v in pairwise((a, *between, b)):
            port = ports[a, b] if v == b else 0.0
            weight = 8.0 if u != a and v != b else 2.0 if between else 1.0  # long wires are kept straight
            near[u][v], near[v][u] = (port, weight), (-port, weight)
    heights: dict[int, float] = {}
    for column in columns:
        middle = sum(size.get(n, WIRE) + GAP for n in column) / 2
        y = -middle
        for n in column:
            y += (size.get(n, WIRE) + GAP) / 2
            heights[n] = y
            y += (size.get(n, WIRE) + GAP) / 2
    for sweep in range(SWEEPS):
        for column in columns if sweep % 2 == 0 else reversed(columns):
            wished = []
            for n in column:
                total = sum(w for _, w in near[n].values())
                pull = sum(w * (heights[m] + offset) for m, (offset, w) in near[n].items())
                wished.append(pull / total if total else heights[n])
            room = [size.get(n, WIRE) + (GAP if n in size else 4.0) for n in column]
            for n, y in zip(column, apart(wished, room), strict=True):
                heights[n] = y
    return heights


def apart(wished: Sequence[float], room: Sequence[float]) -> list[float]:
    """The positions nearest to the wished ones (least squares) that keep order and room: isotonic regression.

    >>> apart([0, 0, 10], [2, 2, 2])
    [-1.0, 1.0, 10.0]
    """
    offsets = [0.0]
    for a, b in pairwise(room):
        offsets.append(offsets[-1] + (a + b) / 2)
    blocks: list[tuple[float, int]] = []  # mean, members
    for y, offset in zip(wished, offsets, strict=False):
        mean, members = float(y - offset), 1
        while blocks and blocks[-1][0] > mean:
            before, count = blocks.pop()
            mean, members = (mean * members + before * count) / (members + count), members + count
        blocks.append((mean, members))
    level = [mean for mean, members in blocks for _ in range(members)]
    return [y + offset for y, offset in zip(level, offsets, strict=False)]
