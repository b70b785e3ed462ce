"""From columns of instructions to the stream that the interpreter runs: sums accumulated, pairs fused, slots
assigned.

An operand is a *reference*: a number that stands for (variable, offset). A variable is a run of entries of
the buffer that lives from its first writing to its last mention; slots are taken again when their variable is
dead, so that the working set stays in cache.

Columns of instructions are plain arrays, one entry per instruction, which can be filled in bulk:

    codes    int32  opcode of the interpreter, or SUM or PRODUCT, which have any number of operands
    outs     int32  the reference that is written, -1 for none
    starts   int32  where its operands begin in `refs`; one more than there are instructions
    layouts  int32  where its row of the layout begins, 0 for scalars

and one entry per operand: `refs` (int32, references) and `coefficients` (int32, of a sum: ONE, MINUS_ONE or the
reference of a constant; 0 elsewhere).
"""

from typing import NamedTuple

import numpy as np

from ..kernels import Bytes, Ints, Longs, Words, kernel
from .opcodes import (
    ADD,
    COPY,
    COS,
    END,
    EXTERNAL,
    FMA,
    FMS,
    MUL,
    NEG,
    READS,
    SIN,
    SINCOS,
    SUB,
    WORDS,
)  # fmt: skip

# what the columns have besides the interpreter's opcodes
SUM = 1000  # c0*x0 + c1*x1 + ...
PRODUCT = 1001  # x0*x1*...
ONE, MINUS_ONE = 0, 1  # coefficients that are no references

_LONGEST = 6  # words of an instruction: opcode, out, a, b, c, layout


class Rows(NamedTuple):
    """Instructions of the interpreter on references: three operands each, ``operands[3*t:3*t + 3]``."""

    ops: np.ndarray
    outs: np.ndarray
    operands: np.ndarray
    layouts: np.ndarray


def flatten(codes, outs, starts, refs, coefficients, layouts, kept, variable, n_variables) -> Rows:
    """The rows that compute columns of instructions.

    A sum of three or more operands is accumulated as they appear; a product that one sum alone uses becomes a
    fused multiply-add there; sin and cos of one angle are computed together. ``refs[starts[i]:starts[i +
    1]]`` are the operands of instruction i, `coefficients` those of a sum, aligned with them; `kept` are
    variables of results and `variable` gives the one of each reference.
    """
    n, most = codes.size, 2 * codes.size + refs.size + 1
    uses, writes = np.zeros((2, n_variables), np.int32)
    uses += 2 * np.bincount(kept, minlength=n_variables).astype(np.int32)
    defined, fused = np.empty(refs.size, np.int32), np.zeros(n, np.uint8)
    _find_pairs(
        n, codes, outs, starts, refs, coefficients, variable, uses, writes,
        np.full(n_variables, -1, np.int32), defined, fused,
    )  # fmt: skip
    rows = Rows(*(np.zeros(k * most, np.int32) for k in (1, 1, 3, 1)))
    sine, cosine = np.zeros((2, variable.size), np.int32)  # one more than the instruction; pages that no angle is on
    head, tail = np.full(n + 1, -1, np.int32), np.empty(n + 1, np.int32)  # are never touched
    following, owner = np.empty((2, refs.size), np.int32)
    count = _write_rows(
        n, codes, outs, starts, refs, coefficients, layouts, defined, fused, sine, cosine, head, tail, following, owner,
        *rows,
    )  # fmt: skip
    return Rows(*(column[: k * count] for column, k in zip(rows, (1, 1, 3, 1), strict=True)))


@kernel()
def _is_pair(d: int, r: int, codes: Ints, starts: Ints, uses: Ints, writes: Ints) -> int:
    """Instruction d is a product of two whose variable r is written once and used once."""
    if d < 0 or codes[d] != PRODUCT or starts[d + 1] - starts[d] != 2:
        return 0
    return 1 if uses[r] == 1 and writes[r] == 1 else 0


@kernel()
def _find_pairs(
    n: int, codes: Ints, outs: Ints, starts: Ints, refs: Ints, coefficients: Ints, variable: Ints, uses: Ints,
    writes: Ints, written: Ints, defined: Ints, fused: Bytes,
) -> int:  # fmt: skip
    """Which instruction gives each operand, and the products that are computed where they are added."""
    for i in range(n):
        for j in range(starts[i], starts[i + 1]):
            uses[variable[refs[j]]] += 1
            defined[j] = written[variable[refs[j]]]
        if outs[i] >= 0:
            written[variable[outs[i]]] = i
            writes[variable[outs[i]]] += 1
    for i in range(n):
        if codes[i] != SUM:
            continue
        first, count = starts[i], starts[i + 1] - starts[i]
        for j in range(first, first + count):
            d, c = defined[j], coefficients[j]
            if c > MINUS_ONE or not _is_pair(d, variable[refs[j]], codes, starts, uses, writes):
                continue
            if j > first:
                fused[d] = 1
            elif count == 2 and coefficients[j + 1] == ONE:
                e = defined[j + 1]
                if not _is_pair(e, variable[refs[j + 1]], codes, starts, uses, writes):
                    refs[j], refs[j + 1] = refs[j + 1], refs[j]
                    defined[j], defined[j + 1] = e, d
                    coefficients[j], coefficients[j + 1] = ONE, c
                    fused[d] = 1
                    break
    return 0


@kernel()
def _write_rows(
    n: int, codes: Ints, outs: Ints, starts: Ints, refs: Ints, coefficients: Ints, layouts: Ints, defined: Ints,
    fused: Bytes, sine: Ints, cosine: Ints, head: Ints, tail: Ints, following: Ints, owner: Ints,
    ops: Ints, targets: Ints, operands: Ints, places: Ints,
) -> int:  # fmt: skip
    """The rows; returns how many. Steps of long sums stand in a list for each instruction after which they can run;
    list 0 runs first of all."""
    for i in range(n):
        first, count = starts[i], starts[i + 1] - starts[i]
        if codes[i] == SIN:
            sine[refs[first]] = i + 1
        elif codes[i] == COS:
            cosine[refs[first]] = i + 1
        if codes[i] != SUM or count < 3:
            continue
        place = defined[first]
        for j in range(first + 1, first + count):
            place = max(place, defined[j])
            owner[j], following[j] = i, -1
            if head[place + 1] < 0:
                head[place + 1] = j
            else:
                following[tail[place + 1]] = j
            tail[place + 1] = j
    m = 0
    for i in range(n + 1):
        j = head[i]
        while j >= 0:
            k = owner[j]
            m = _step(m, outs[k], starts[k], j, starts, refs, coefficients, defined, fused, ops, targets, operands)
            j = following[j]
        if i == n:
            break
        code, out, first, count = codes[i], outs[i], starts[i], starts[i + 1] - starts[i]
        if code == SUM:
            if count == 1:
                c = coefficients[first]
                ops[m] = COPY if c == ONE else NEG if c == MINUS_ONE else MUL
                targets[m], operands[3 * m], operands[3 * m + 1] = out, refs[first], c
                m += 1
            elif count == 2:
                m = _step(m, out, first, first + 1, starts, refs, coefficients, defined, fused, ops, targets, operands)
        elif code == PRODUCT:
            if fused[i] == 0:
                if count == 1:
                    ops[m], targets[m], operands[3 * m] = COPY, out, refs[first]
                    m += 1
                for k in range(1, count):
                    ops[m], targets[m] = MUL, out
                    operands[3 * m], operands[3 * m + 1] = refs[first] if k == 1 else out, refs[first + k]
                    m += 1
        elif code in (SIN, COS) and sine[refs[first]] > 0 and cosine[refs[first]] > 0:
            s, c = sine[refs[first]] - 1, cosine[refs[first]] - 1
            if i == min(s, c):
                ops[m], targets[m], operands[3 * m], operands[3 * m + 1] = SINCOS, outs[s], refs[first], outs[c]
                m += 1
        else:
            ops[m], targets[m], places[m] = code, out, layouts[i]
            for k in range(count):
                operands[3 * m + k] = refs[first + k]
            m += 1
    return m


@kernel()
def _step(
    m: int, out: int, first: int, j: int, starts: Ints, refs: Ints, coefficients: Ints, defined: Ints, fused: Bytes,
    ops: Ints, targets: Ints, operands: Ints,
) -> int:  # fmt: skip
    """Rows that add operand j of a sum to what is there: operand `first` if j is the next one, else `out`."""
    so_far = out
    c, d = coefficients[j], defined[j]
    is_fused = d >= 0 and fused[d] != 0
    if j == first + 1:
        so_far = refs[first]
        b = coefficients[first]
        if b == MINUS_ONE and c == ONE and not is_fused:  # -x + y
            ops[m], targets[m], operands[3 * m], operands[3 * m + 1] = SUB, out, refs[j], so_far
            return m + 1
        if b != ONE:
            ops[m] = NEG if b == MINUS_ONE else MUL
            targets[m], operands[3 * m], operands[3 * m + 1] = out, so_far, b
            so_far = out
            m += 1
    targets[m], operands[3 * m] = out, so_far
    if is_fused:
        ops[m] = FMA if c == ONE else FMS
        operands[3 * m + 1], operands[3 * m + 2] = refs[starts[d]], refs[starts[d] + 1]
    elif c in (ONE, MINUS_ONE):
        ops[m] = ADD if c == ONE else SUB
        operands[3 * m + 1] = refs[j]
    else:
        ops[m], operands[3 * m + 1], operands[3 * m + 2] = FMA, c, refs[j]
    return m + 1


def assign(rows: Rows, variable, offset, sizes, kinds, n_kinds, pinned, given, in_place) -> tuple:
    """(slot of each variable, stream, length of the buffer).

    variable, offset  of each reference
    sizes, kinds      of each variable; those of one kind have one size and share slots
    pinned            1 for variables that keep their slot to the end: constants and results
    given             1 for variables that have a value before the first row: they come first, in order
    in_place          scalar opcodes may write where an operand dies
    """
    n, n_variables = rows.ops.size, sizes.size
    last, slot = np.full((2, n_variables), -1, np.int64)
    below = np.empty(n_variables, np.int64)
    stream = np.zeros((n + 1) * _LONGEST, np.uint32)
    ends = np.zeros(2, np.int64)
    _take_slots(
        n, n_variables, int(in_place), *rows, variable, offset, sizes, kinds, pinned, given, READS, WORDS, last, slot,
        np.full(n_kinds, -1, np.int64), below, stream, ends,
    )  # fmt: skip
    words, top = ends.tolist()
    return slot, stream[: words + _LONGEST].copy(), top


@kernel()
def _release(x: int, kinds: Longs, last: Longs, free: Longs, below: Longs) -> int:
    """The slot of variable x is free for the next one of its kind."""
    last[x] = -2
    below[x] = free[kinds[x]]
    free[kinds[x]] = x
    return 0


@kernel()
def _take(x: int, top: int, sizes: Longs, kinds: Longs, slot: Longs, free: Longs, below: Longs) -> int:
    """A slot for variable x, unless it has one; returns how long the buffer is."""
    if slot[x] >= 0:
        return top
    kind = kinds[x]
    if free[kind] >= 0:
        slot[x] = slot[free[kind]]
        free[kind] = below[free[kind]]
        return top
    slot[x] = top
    return top + sizes[x]


@kernel()
def _take_slots(
    n: int, n_variables: int, in_place: int, ops: Ints, outs: Ints, operands: Ints, layouts: Ints, variable: Ints,
    offset: Ints, sizes: Longs, kinds: Longs, pinned: Bytes, given: Bytes, reads: Ints, words: Ints,
    last: Longs, slot: Longs, free: Longs, below: Longs, stream: Words, ends: Longs,
) -> int:  # fmt: skip
    """`free` has, by kind, the variable on top of a stack of those whose slots are free, `below` the next ones."""
    for t in range(n):
        if outs[t] >= 0:
            last[variable[outs[t]]] = t
        if ops[t] == SINCOS:
            last[variable[operands[3 * t + 1]]] = t
        for k in range(3 * t, 3 * t + reads[ops[t]]):
            if operands[k] >= 0:
                last[variable[operands[k]]] = t
    top = 0
    for x in range(n_variables):
        if pinned[x] != 0:
            last[x] = n
        if given[x] != 0:
            slot[x] = top
            top += sizes[x]
    w = 0
    for t in range(n):
        op = ops[t]
        first = variable[outs[t]] if outs[t] >= 0 else -1
        second = variable[operands[3 * t + 1]] if op == SINCOS else -1
        early = in_place != 0 and op < SINCOS
        for phase in range(2):
            if (phase == 0) == early:
                for k in range(3 * t, 3 * t + reads[op]):
                    x = variable[operands[k]] if operands[k] >= 0 else -1
                    if x >= 0 and last[x] == t and x != first and x != second:
                        _release(x, kinds, last, free, below)
            if phase == 0:
                if first >= 0:
                    top = _take(first, top, sizes, kinds, slot, free, below)
                if second >= 0:
                    top = _take(second, top, sizes, kinds, slot, free, below)
        if first >= 0 and last[first] == t:
            _release(first, kinds, last, free, below)
        if second >= 0 and last[second] == t:
            _release(second, kinds, last, free, below)
        length = words[op]
        if length == 0:
            continue
        stream[w] = op
        if op == EXTERNAL:
            stream[w + 1] = layouts[t]
        elif op != END:
            stream[w + 1] = slot[first] + offset[outs[t]]
            for k in range(reads[op]):
                r = operands[3 * t + k]
                stream[w + 2 + k] = slot[variable[r]] + offset[r]
            if op == SINCOS:
                stream[w + 3] = slot[second] + offset[operands[3 * t + 1]]
            if length == _LONGEST:
                stream[w + 5] = layouts[t]
        w += length
    stream[w] = END
    ends[0], ends[1] = w, top
    return 0
