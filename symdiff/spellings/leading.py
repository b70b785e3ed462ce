"""Leading terms of all nodes of a graph at once, along paths to a point, in doubles: where terms can cancel.

A node is t**v*(c[0] + c[1]*t**s + ...), of which some coefficients are known. A sum whose first ones add up to 0 can
lose digits there; one of what is not known, too. `cancellations` and `separations` find the same of one node, exactly.
"""

from functools import cache
from itertools import chain
from math import isfinite, sqrt
from typing import Any

import numpy as np

from ..graph import CONSTANT, WIDE, Graph
from ..kernels import Bytes, Floats, Ints, Longs, kernel
from ..op import Op
from ..ops.elementwise import divide_op, pow_op
from ..ops.elementwise import log as log_op
from ..ops.products import ADD, CONTRACT, SCALAR_PRODUCT
from ..patterns import is_elementwise
from . import cancellations
from .cancellations import EXPONENTIALS, LOST, NUMBER, value_of
from .expansions import ONE, SQRT, NoExpansionError, composed, is_function

K = 5  # coefficients
ROOTS = 3  # points at which linear sums in one node vanish that are told apart
NEAR = 1e-9  # numbers that differ by less are one
STEPS = 52  # of binary digits
ATOM, CONST, SUM, PRODUCT, QUOTIENT, POWER, ROOT, UNSEEN, LOG = range(9)  # and functions
ORIGIN, END, AT_ROOT, SCALED = range(4)  # paths: u = t, u = 1/t, u = a + t; each leaf is a power of t of its own
NEVER, NONE, UNKNOWN = -2, -1, 0  # in the place of the number of known coefficients: there is none, or it is not known
FRACTION = 1 << 20  # in the place of a whole number
GOLDEN, LOW = 0x9E3779B1, 2**32 - 1


class Nodes:
    """What the paths ask of the nodes of a graph.

    codes         uint8  what a node does with the leading terms of its operands
    coefficients  per operand, of sums
    values        of constants that are numbers
    wholes        int32  the same as whole numbers
    entries       int32  1 where it depends on its operands entry by entry
    alone         int32  as `cancellations.alone`
    functions     those of codes from LOG on, and their expansions at 0
    """

    def __init__(self, g: Graph):
        self.columns = columns = g.columns()
        self.count, self.starts, self.operands = len(columns), columns.starts, columns.operands
        self.functions = [log_op, *[op for op in columns.records if op not in (log_op, SQRT) and is_function(op)]]
        places = {op: LOG + k for k, op in enumerate(self.functions[: 255 - LOG])}
        self.codes = columns.of_ops(lambda op: places.get(op) or _code(op)).astype(np.uint8)[columns.ops]
        self.shapes = _shapes(g, self.count)
        self.coefficients, self.values = np.ones(self.operands.size), np.zeros(self.count)
        self.wholes = np.full(self.count, FRACTION, np.int32)
        self.entries = columns.of_ops(lambda op: op is ADD or op.elementwise)[columns.ops]
        self._constants(g)
        self._products(g)
        self._sums(g)
        self._powers()
        self.alone = np.empty(self.count, np.int32)
        is_constant = columns.of_ops(lambda op: op is CONSTANT)[columns.ops]
        _alone(self.count, self.starts, self.operands, self.entries, is_constant, self.alone)
        expansions = [_at_zero(op) for op in self.functions]
        self.taylor = np.array([c for c, _ in expansions]).ravel()
        self.known_of = np.array([known for _, known in expansions], np.int32)
        self.known_at_end = self.known_of.copy()
        self.known_at_end[[op in EXPONENTIALS for op in self.functions]] = NEVER

    def _of_code(self, code: int) -> list[int]:
        return np.flatnonzero(self.codes == code).tolist()

    def _constants(self, g: Graph) -> None:
        for n in self._of_code(CONST):
            value = value_of(g, n)
            if value is None:
                self.codes[n] = ATOM
                continue
            self.values[n] = _as_float(value)
            if abs(value) < FRACTION and value == int(value):
                self.wholes[n] = int(value)

    def _products(self, g: Graph) -> None:
        others = [n for n in self._of_code(PRODUCT) if g._params[n] is not SCALAR_PRODUCT]
        self.codes[[n for n in others if not is_elementwise(g._params[n])]] = ATOM
        self.entries[self.codes == PRODUCT] = 1
        self.codes[(self.codes == PRODUCT) & (np.diff(self.starts) < 2)] = ATOM

    def _sums(self, g: Graph) -> None:
        sums = self._of_code(SUM)
        coefficients = list(chain.from_iterable([g._params[n] for n in sums]))
        is_of_sum = np.repeat(self.codes == SUM, np.diff(self.starts))
        try:
            self.coefficients[is_of_sum] = coefficients
        except OverflowError:
            self.coefficients[is_of_sum] = list(map(_as_float, coefficients))

    def _powers(self) -> None:
        """Of exponents that are no numbers; and what has too many operands."""
        at = np.flatnonzero(self.codes == POWER)
        exponents = self.operands[self.starts[at] + 1]
        self.codes[at[self.codes[exponents] != CONST]] = ATOM
        self.codes[np.diff(self.starts) > cancellations.TERMS] = ATOM

    def cancelling(self) -> np.ndarray:
        """Where terms can cancel that are functions of one node."""
        found, state = np.zeros(self.count, np.uint8), _State(self.count)
        sides = (1, -1) if (self.codes == ROOT).any() else (1,)
        self._follow(ORIGIN, state, found)
        roots, of = np.zeros(ROOTS * self.count), np.zeros(self.count, np.int32)
        _roots(self.count, self.starts, self.operands, self.codes, self.coefficients, self.wholes, self.alone,
               state.c, state.known, state.of, roots, of, state.room)  # fmt: skip
        for side in sides:
            if side < 0:
                self._follow(ORIGIN, state, found, side)
            self._follow(END, state, found, side)
            for k in range(min(int(of.max(initial=0)), ROOTS)):
                self._follow(AT_ROOT, state, found, side, roots[k * self.count :])
        return (found != 0) | ((of > ROOTS)[self.alone] & (self.alone != NUMBER))

    def mixing(self) -> np.ndarray:
        """Where terms of several variables can."""
        found, state = np.zeros(self.count, np.uint8), _State(self.count)
        for side in (1, -1):
            self._follow(SCALED, state, found, side)
        return found != 0

    def _follow(self, path: int, state: "_State", found: np.ndarray, side: int = 1, roots: Any = None) -> None:
        known_of = self.known_at_end if path == END else self.known_of
        _follow(
            path, side, self.count, self.starts, self.operands, self.codes, self.coefficients, self.values, self.wholes,
            self.alone, self.shapes, self.taylor, known_of, state.v if roots is None else roots, state.v, state.steps,
            state.c, state.known, state.of, state.room, found,
        )  # fmt: skip


class _State:
    """Leading terms: exponents, their steps (0 of one power), K coefficients per node, how many of them are known, in
    which node."""

    def __init__(self, count: int):
        self.v, self.steps, self.c, self.room = np.empty(count), np.empty(count), np.empty(K * count), np.empty(3 * K)
        self.known, self.of = np.empty(count, np.int32), np.empty(count, np.int32)


def _code(op: Op) -> int:
    if op in _CODES:
        return _CODES[op]
    return UNSEEN if op.elementwise and op.textbook else ATOM


_CODES = {CONSTANT: CONST, ADD: SUM, CONTRACT: PRODUCT, divide_op: QUOTIENT, pow_op: POWER, SQRT: ROOT}


def _shapes(g: Graph, count: int) -> np.ndarray:
    """A number for each shape; 0 of scalars."""
    numbers: dict[tuple, int] = {(): 0}
    found = np.zeros(count, np.int32)
    for n in np.flatnonzero(np.frombuffer(bytes(g._kind), np.uint8) & WIDE).tolist():
        found[n] = numbers.setdefault(g._shape[n], len(numbers))
    return found


def _as_float(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf")


@cache
def _at_zero(op: Op) -> tuple[list[float], int]:
    """The first coefficients of a function at 0, and how many are known."""
    zeros = [0.0] * K
    try:
        value = cancellations.function_value(op, 0.0)
    except TypeError:  # a function of parameters too
        return zeros, UNKNOWN
    if not isfinite(value):
        return zeros, UNKNOWN if cancellations.formula_of(op) else NONE
    try:
        c = composed(op, (0, ONE, *[0] * (K - 2)))
    except (NoExpansionError, OverflowError, ZeroDivisionError, TypeError):
        return [value, *zeros[1:]], 1 if abs(value) > LOST else UNKNOWN
    return [float(x / ONE) if abs(x / ONE) > NEAR else 0.0 for x in c], K


# --- kernels ------------------------------------------------------------------------------------------------


@kernel()
def _alone(count: int, starts: Longs, operands: Ints, entries: Ints, constants: Ints, alone: Ints) -> int:
    """The one node, of no other, that each node depends on entry by entry; itself where these are several."""
    for n in range(count):
        found, several = NUMBER, 0
        for j in range(starts[n], starts[n + 1]):
            of = alone[operands[j]]
            if of != NUMBER and of != found:
                several = 1 if found != NUMBER else several
                found = of
        is_number = found == NUMBER and (constants[n] != 0 or starts[n] < starts[n + 1])
        if is_number:
            alone[n] = NUMBER
        elif found != NUMBER and several == 0 and entries[n] != 0:
            alone[n] = found
        else:
            alone[n] = n
    return 0


@kernel()
def _roots(
    count: int, starts: Longs, operands: Ints, codes: Bytes, coefficients: Floats, wholes: Ints, alone: Ints,
    c: Floats, known: Ints, of: Ints, roots: Floats, counts: Ints, room: Floats,
) -> int:  # fmt: skip
    """The points other than 0 at which c*u**e + d and log(u) vanish, of each node u."""
    for n in range(count):
        j = starts[n]
        if codes[n] == LOG and alone[operands[j]] == operands[j]:
            room[2] = 1.0
            _enter(count, operands[j], room, roots, counts)
        if codes[n] == SUM and starts[n + 1] == j + 2:
            a, b = j, j + 1
            if of[operands[a]] < 0:
                a, b = b, a
            u, e = operands[a], 1
            if codes[u] == POWER:
                e = wholes[operands[starts[u] + 1]]
                u = operands[starts[u]]
            is_number = of[operands[b]] < 0 and known[operands[b]] > 0
            if is_number and alone[u] == u and e in (1, 2, 3, 4):
                value = -c[operands[b] * K] * coefficients[b] / coefficients[a]
                sign = 1.0 if value > 0.0 else -1.0
                room[0], room[1] = value * sign, 1.0 / e
                _raise(room)
                room[2] = room[2] * sign
                if value > 0.0 or e in (1, 3):
                    _enter(count, u, room, roots, counts)
                room[2] = -room[2]
                if value > 0.0 and e in (2, 4):
                    _enter(count, u, room, roots, counts)
    return 0


@kernel()
def _enter(count: int, u: int, room: Floats, roots: Floats, counts: Ints) -> int:
    """Among the points of u is room[2]."""
    value = room[2]
    for k in range(min(counts[u], ROOTS)):
        d = roots[k * count + u] - value
        if -NEAR < d < NEAR:
            return 0
    if counts[u] < ROOTS:
        roots[counts[u] * count + u] = value
    counts[u] = counts[u] + 1
    return 0


@kernel()
def _raise(room: Floats) -> int:
    """room[2] = room[0]**room[1] of a positive number, by the binary digits of the exponent."""
    x, e, y = room[0], room[1], 1.0
    if e < 0.0:
        x, e = 1.0 / x, -e
    while e >= 1.0:
        y, e = y * x, e - 1.0
    for _ in range(STEPS):
        x, e = sqrt(x), 2.0 * e
        if e >= 1.0:
            y, e = y * x, e - 1.0
    room[2] = y
    return 0


@kernel()
def _follow(
    path: int, side: int, count: int, starts: Longs, operands: Ints, codes: Bytes, coefficients: Floats,
    values: Floats, wholes: Ints, alone: Ints, shapes: Ints, taylor: Floats, known_of: Ints, roots: Floats,
    v: Floats, steps: Floats, c: Floats, known: Ints, of: Ints, room: Floats, found: Bytes,
) -> int:  # fmt: skip
    """The leading terms of all nodes along a path; `found` where they cancel, or may."""
    for n in range(count):
        code, start, stop = codes[n], starts[n], starts[n + 1]
        for k in range(K):
            c[n * K + k] = 0.0
        v[n], steps[n], of[n], known[n] = 0.0, 0.0 if path == SCALED else 1.0, NUMBER, K
        if code == CONST:
            c[n * K] = values[n]
            if values[n] == 0.0:
                known[n] = NONE
            continue
        atom = 1 if code == ATOM or (path != SCALED and alone[n] == n) else 0
        last = start + 1 if code == POWER else stop
        none, unknown, u = 0, 0, NUMBER
        for j in range(start, last):
            i = operands[j]
            if shapes[i] != shapes[n] and codes[i] != CONST:
                atom = 1
            if known[i] == NONE:
                none = 1
            if known[i] == UNKNOWN:
                unknown = 1
        if none != 0 and path == SCALED:
            atom = 1
        if none != 0 and atom == 0:
            known[n] = NONE
            continue
        for j in range(start, last):
            i = operands[j]
            if of[i] != NUMBER:
                if u != NUMBER and of[i] != u:
                    atom = 1
                u = of[i]
        if atom == 0:
            of[n] = u
            known[n] = UNKNOWN
            if unknown == 0 and code != UNSEEN:
                if code == SUM:
                    _sum(path, n, start, stop, operands, coefficients, v, steps, c, known, of, room, found)
                elif code == PRODUCT:
                    _product(n, start, stop, operands, v, steps, c, known, room)
                elif code == QUOTIENT:
                    _quotient(n, operands[start], operands[start + 1], v, steps, c, known)
                elif code in (POWER, ROOT):
                    room[1] = values[operands[start + 1]] if code == POWER else 0.5
                    whole = wholes[operands[start + 1]] if code == POWER else FRACTION
                    _power(n, operands[start], whole, v, steps, c, known, room)
                elif u != NUMBER:
                    _function(path, n, operands[start], code - LOG, taylor, known_of, v, steps, c, known, room)
            if u != NUMBER:
                if known[n] == UNKNOWN and (code == SUM or (code == QUOTIENT and path == AT_ROOT)):
                    found[n] = 1
                if code == QUOTIENT and path == AT_ROOT and known[n] > 0 and -NEAR < v[n] < NEAR:
                    found[n] = 1 if v[operands[start + 1]] > NEAR else found[n]
                if code == LOG and path == ORIGIN:
                    i = operands[start]
                    d = c[i * K] - 1.0
                    if known[i] == UNKNOWN or (-NEAR < v[i] < NEAR and -NEAR < d < NEAR):
                        found[n] = 1
            is_known = known[n] > UNKNOWN or (known[n] == UNKNOWN and (unknown != 0 or code == UNSEEN or code >= LOG))
            if path == SCALED and not is_known:  # what is left of a sum is something else
                atom = 1
        if atom != 0:
            of[n], known[n], steps[n] = 0 if path == SCALED else n, K, 0.0 if path == SCALED else 1.0
            c[n * K], v[n] = 1.0 * side, 1.0
            if path == END:
                v[n] = -1.0
            elif path == SCALED:
                c[n * K] = 1.0
                v[n] = side * (0.5 + ((n + 1) * GOLDEN & LOW) / (LOW + 1.0))
            elif path == AT_ROOT:
                at = roots[n] if roots[n] != 0.0 or alone[n] == NUMBER else roots[alone[n]]
                c[n * K], c[n * K + 1], v[n] = at, 1.0 * side, 0.0
                if at == 0.0:
                    known[n] = NONE
    return 0


@kernel()
def _sum(
    path: int, n: int, start: int, stop: int, operands: Ints, coefficients: Floats, v: Floats, steps: Floats, c: Floats,
    known: Ints, of: Ints, room: Floats, found: Bytes,
) -> int:  # fmt: skip
    least, step, upto = v[operands[start]], 0.0, K
    for j in range(start, stop):
        i = operands[j]
        least = v[i] if v[i] < least else least
        d = steps[i] - step
        if steps[i] != 0.0 and step != 0.0 and (d > NEAR or -d > NEAR):
            upto = 1
        step = steps[i] if steps[i] != 0.0 else step
    is_one = step == 0.0  # each term is one power
    for j in range(start, stop):
        d = v[operands[j]] - least
        if is_one and d > NEAR:
            step = d if step == 0.0 or d < step else step
    for j in range(start, stop):
        d, r = (v[operands[j]] - least) / (step if step != 0.0 else 1.0), 0
        while r < K and r < d - NEAR:
            r += 1
        is_whole = r - d < NEAR
        if of[operands[j]] != NUMBER or not is_whole:
            upto = min(upto, r + known[operands[j]] if is_whole else r)
    for k in range(upto):
        total, size = 0.0, 0.0
        for j in range(start, stop):
            i, d, r = operands[j], (v[operands[j]] - least) / (step if step != 0.0 else 1.0), 0
            while r < K and r < d - NEAR:
                r += 1
            if r <= k:
                term = coefficients[j] * c[i * K + k - r]
                total = total + term
                size = size + (term if term > 0.0 else -term)
        room[k] = total if total > LOST * size or -total > LOST * size else 0.0
    s = 0
    while s < upto and room[s] == 0.0:
        s += 1
    at_point = path == AT_ROOT and s == 1 and -NEAR < least < NEAR  # the point is known to its rounding
    if stop > start + 1 and s > 0 and not at_point and of[n] != NUMBER:
        found[n] = 1
    if s == upto or room[s] - room[s] != 0.0:
        return 0
    for k in range(s, upto):
        c[n * K + k - s] = room[k]
    v[n], steps[n], known[n] = least + s * step, step, upto - s
    return 0


@kernel()
def _product(
    n: int, start: int, stop: int, operands: Ints, v: Floats, steps: Floats, c: Floats, known: Ints, room: Floats
) -> int:  # fmt: skip
    upto, total, step = K, 0.0, 0.0
    room[0] = 1.0
    for k in range(1, K):
        room[k] = 0.0
    for j in range(start, stop):
        i = operands[j]
        upto, total, d = min(upto, known[i]), total + v[i], steps[i] - step
        if steps[i] != 0.0 and step != 0.0 and (d > NEAR or -d > NEAR):
            upto = 1
        step = steps[i] if steps[i] != 0.0 else step
        for back in range(K):
            k, y = K - 1 - back, 0.0
            for m in range(k + 1):
                y = y + room[m] * c[i * K + k - m]
            room[k] = y
    for k in range(upto):
        c[n * K + k] = room[k]
    v[n], steps[n], known[n] = total, step, upto
    return 0


@kernel()
def _quotient(n: int, a: int, b: int, v: Floats, steps: Floats, c: Floats, known: Ints) -> int:
    upto, d = min(known[a], known[b]), steps[a] - steps[b]
    if steps[a] != 0.0 and steps[b] != 0.0 and (d > NEAR or -d > NEAR):
        upto = 1
    for k in range(upto):
        y = c[a * K + k]
        for m in range(k):
            y = y - c[n * K + m] * c[b * K + k - m]
        c[n * K + k] = y / c[b * K]
    v[n], steps[n], known[n] = v[a] - v[b], steps[a] if steps[a] != 0.0 else steps[b], upto
    return 0


@kernel()
def _power(
    n: int, a: int, whole: int, v: Floats, steps: Floats, c: Floats, known: Ints, room: Floats
) -> int:  # fmt: skip
    """The power of exponent room[1]: a*y' = e*a'*y."""
    e, sign, first = room[1], 1.0, c[a * K]
    if first < 0.0:
        if whole == FRACTION:
            known[n] = NONE
            return 0
        sign, first = -1.0 if whole % 2 != 0 else 1.0, -first
    if e > 512.0 or e < -512.0:
        return 0
    room[0] = first
    _raise(room)
    y = room[2] * sign
    if y == 0.0 or y - y != 0.0:
        known[n] = NONE
        return 0
    c[n * K] = y
    for k in range(1, known[a]):
        y = 0.0
        for j in range(1, k + 1):
            y = y + (e * j - (k - j)) * c[a * K + j] * c[n * K + k - j]
        c[n * K + k] = y / (k * c[a * K])
    v[n], steps[n], known[n] = v[a] * e, steps[a], known[a]
    return 0


@kernel()
def _function(
    path: int, n: int, w: int, f: int, taylor: Floats, known_of: Ints, v: Floats, steps: Floats, c: Floats, known: Ints,
    room: Floats,
) -> int:  # fmt: skip
    """f(w) where w is 0, by its coefficients there."""
    p, have, r = v[w], known_of[f], 0
    if p < -NEAR or have == NEVER or (p > NEAR and have == NONE) or (p < NEAR and path == SCALED):
        known[n] = NONE
        return 0
    if p < NEAR or have == UNKNOWN:
        return 0
    step = steps[w] if steps[w] != 0.0 else p
    p = p / step
    steps[n] = step
    while r < K and r < p - NEAR:
        r += 1
    if r - p > NEAR or r >= K:  # roots of t, high powers: the first term
        s, y = 0, 1.0
        while s < have and taylor[f * K + s] == 0.0:
            s, y = s + 1, y * c[w * K]
        if s < have:
            v[n], known[n] = p * s * step, 1
            c[n * K] = taylor[f * K + s] * y
        return 0
    for k in range(K):  # powers of w in room, their sum behind it
        room[k], room[K + k] = 0.0, 0.0
    room[0] = 1.0
    for s in range(have):
        for k in range(K):
            room[K + k] = room[K + k] + taylor[f * K + s] * room[k]
        for back in range(K):
            k, y = K - 1 - back, 0.0
            for m in range(k - r + 1):
                y = y + room[m] * c[w * K + k - r - m]
            room[k] = y
    upto, s = min(min(r + known[w], have * r), K), 0
    while s < upto and -NEAR < room[K + s] < NEAR:
        s += 1
    if s < upto:
        for k in range(s, upto):
            c[n * K + k - s] = room[K + k]
        v[n], known[n] = s * step, upto - s
    return 0
