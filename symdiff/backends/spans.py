"""Opcodes that work on blocks: elementary functions over axes, products, gathers and scatters.

With lanes every entry is a vector of so many points that lie side by side; the innermost loop then runs over them.
"""

from ..kernels import Floats, Longs, call, kernel
from .opcodes import COUNT, FMA, OUTER


@kernel()
def map_over(table: Longs, v: Floats, layout: Longs, lanes: int, at: int, o: int, a: int, b: int, c: int) -> int:
    """``out = f(a, b, c)``: the loop of f runs over the last axis."""
    loop = table[COUNT + layout[at]]
    outer = layout[at + OUTER]
    n4 = layout[at + 5]
    p, q, r, s = at + 6, at + 11, at + 16, at + 21
    inner, io, ia, ib, ic = n4, layout[p + 4], layout[q + 4], layout[r + 4], layout[s + 4]
    if lanes != 1:
        outer *= n4
        inner, io, ia, ib, ic = lanes, 1, 1, 1, 1
    k1, k2, k3, k4 = 0, 0, 0, 0
    while outer > 0:
        call(loop, inner, v[o * lanes :], io, v[a * lanes :], ia, v[b * lanes :], ib, v[c * lanes :], ic)
        outer -= 1
        if outer == 0:
            break
        if lanes != 1:
            k4 += 1
            o, a, b, c = o + layout[p + 4], a + layout[q + 4], b + layout[r + 4], c + layout[s + 4]
            if k4 < n4:
                continue
            k4 = 0
            o, a = o - n4 * layout[p + 4], a - n4 * layout[q + 4]
            b, c = b - n4 * layout[r + 4], c - n4 * layout[s + 4]
        k3 += 1
        o, a, b, c = o + layout[p + 3], a + layout[q + 3], b + layout[r + 3], c + layout[s + 3]
        n = layout[at + 4]
        if k3 < n:
            continue
        k3 = 0
        k2 += 1
        o, a = o + layout[p + 2] - n * layout[p + 3], a + layout[q + 2] - n * layout[q + 3]
        b, c = b + layout[r + 2] - n * layout[r + 3], c + layout[s + 2] - n * layout[s + 3]
        n = layout[at + 3]
        if k2 < n:
            continue
        k2 = 0
        k1 += 1
        o, a = o + layout[p + 1] - n * layout[p + 2], a + layout[q + 1] - n * layout[q + 2]
        b, c = b + layout[r + 1] - n * layout[r + 2], c + layout[s + 1] - n * layout[s + 2]
        n = layout[at + 2]
        if k1 < n:
            continue
        k1 = 0
        o, a = o + layout[p] - n * layout[p + 1], a + layout[q] - n * layout[q + 1]
        b, c = b + layout[r] - n * layout[r + 1], c + layout[s] - n * layout[s + 1]
    return 0


@kernel(flags=("reassoc", "contract"))
def _dot(v: Floats, n: int, o: int, a: int, sa: int, b: int, sb: int) -> int:
    """``v[o] += sum of v[a + i*sa]*v[b + i*sb]``."""
    total = 0.0
    if sa == 1 and sb == 1:
        for i in range(n):
            total += v[a + i] * v[b + i]
    else:
        for i in range(n):
            total += v[a + i * sa] * v[b + i * sb]
    v[o] = v[o] + total
    return 0


@kernel()
def contract(table: Longs, v: Floats, layout: Longs, lanes: int, at: int, o: int, a: int, b: int, c: int) -> int:
    """``out += a*b`` over axes; the row's number is how many entries of out are made zero first."""
    add_product = table[COUNT + FMA]
    n0, n1, n2, n3, n4 = layout[at + 1], layout[at + 2], layout[at + 3], layout[at + 4], layout[at + 5]
    p, q, r = at + 6, at + 11, at + 16
    o4, a4, b4 = layout[p + 4], layout[q + 4], layout[r + 4]
    for i in range(layout[at] * lanes):
        v[o * lanes + i] = 0.0
    for i0 in range(n0):
        for i1 in range(n1):
            for i2 in range(n2):
                for i3 in range(n3):
                    oo = o + i0 * layout[p] + i1 * layout[p + 1] + i2 * layout[p + 2] + i3 * layout[p + 3]
                    aa = a + i0 * layout[q] + i1 * layout[q + 1] + i2 * layout[q + 2] + i3 * layout[q + 3]
                    bb = b + i0 * layout[r] + i1 * layout[r + 1] + i2 * layout[r + 2] + i3 * layout[r + 3]
                    if lanes != 1:
                        for i4 in range(n4):
                            to = (oo + i4 * o4) * lanes
                            x, y = (aa + i4 * a4) * lanes, (bb + i4 * b4) * lanes
                            call(add_product, lanes, v[to:], 1, v[to:], 1, v[x:], 1, v[y:], 1)
                    elif o4 == 0:
                        _dot(v, n4, oo, aa, a4, bb, b4)
                    elif a4 == 0:
                        call(add_product, n4, v[oo:], o4, v[oo:], o4, v[aa:], a4, v[bb:], b4)
                    else:
                        call(add_product, n4, v[oo:], o4, v[oo:], o4, v[bb:], b4, v[aa:], a4)
    return 0


@kernel()
def gather(table: Longs, v: Floats, layout: Longs, lanes: int, at: int, o: int, a: int, b: int, c: int) -> int:
    """``out[k] = a[place[k]]``: the row is the number of places, then the places."""
    for k in range(layout[at]):
        to, place = (o + k) * lanes, (a + layout[at + 1 + k]) * lanes
        for i in range(lanes):
            v[to + i] = v[place + i]
    return 0


@kernel()
def scatter(table: Longs, v: Floats, layout: Longs, lanes: int, at: int, o: int, a: int, b: int, c: int) -> int:
    """``out[place[k]] += a[k]``."""
    for k in range(layout[at]):
        to, place = (o + layout[at + 1 + k]) * lanes, (a + k) * lanes
        for i in range(lanes):
            v[to + i] += v[place + i]
    return 0
