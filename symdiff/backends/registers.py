"""From columns of instructions to the stream that the interpreter runs: sums accumulated, pairs fused, slots
assigned.

An operand is a *reference*: a number that stands for (variable, offset). A variable is a run of entries of
the buffer that lives from its first writing to its last mention; slots are taken again when their variable is
dead, so that the working set stays in cache.
"""

import numpy as np

from .interpreter import (
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
    kernel,
    part,
)  # fmt: skip

# what the columns have besides the interpreter's opcodes
SUM = 1000  # c0*x0 + c1*x1 + ...
PRODUCT = 1001  # x0*x1*...
ONE, MINUS_ONE = 0, 1  # coefficients that are no references

_COLUMNS = 6  # opcode, out, a, b, c, layout


@kernel
def flatten(codes, outs, starts, refs, coefficients, layouts, kept, variable, n_variables):
    """The rows (opcode, out, a, b, c, layout) that compute columns of instructions.

    A sum of three or more operands is accumulated as they appear; a product that one sum alone uses becomes a
    fused multiply-add there; sin and cos of one angle are computed together. ``refs[starts[i]:starts[i +
    1]]`` are the operands of instruction i, `coefficients` those of a sum, aligned with them; `kept` are
    variables of results and `variable` gives the one of each reference.
    """
    n = codes.size
    uses = np.zeros(n_variables, np.int32)
    writes = np.zeros(n_variables, np.int32)
    written = np.full(n_variables, -1, np.int32)  # the last instruction that does
    sine = np.full(variable.size, -1, np.int32)
    cosine = np.full(variable.size, -1, np.int32)
    for x in kept:
        uses[x] += 2
    for i in range(n):
        if outs[i] >= 0:
            written[variable[outs[i]]] = i
            writes[variable[outs[i]]] += 1
        for j in range(starts[i], starts[i + 1]):
            uses[variable[refs[j]]] += 1
        if codes[i] == SIN:
            sine[refs[starts[i]]] = i
        elif codes[i] == COS:
            cosine[refs[starts[i]]] = i

    defined = written[variable[refs]]  # the instruction that gives operand j
    fused = np.zeros(n, np.uint8)  # products that are computed where they are added
    for i in range(n):
        if codes[i] != SUM:
            continue
        first, count = starts[i], starts[i + 1] - starts[i]
        for j in range(first, first + count):
            d = defined[j]
            if (
                d >= 0
                and codes[d] == PRODUCT
                and starts[d + 1] - starts[d] == 2
                and uses[variable[refs[j]]] == 1
                and writes[variable[refs[j]]] == 1
                and (coefficients[j] == ONE or coefficients[j] == MINUS_ONE)
            ):
                if j > first:
                    fused[d] = 1
                elif count == 2 and coefficients[j + 1] == ONE:
                    e = defined[j + 1]
                    if not (
                        e >= 0
                        and codes[e] == PRODUCT
                        and starts[e + 1] - starts[e] == 2
                        and uses[variable[refs[j + 1]]] == 1
                    ):
                        refs[j], refs[j + 1] = refs[j + 1], refs[j]
                        defined[j], defined[j + 1] = e, d
                        coefficients[j], coefficients[j + 1] = coefficients[j + 1], coefficients[j]
                        fused[d] = 1
                        break

    # steps of long sums, in a list for each instruction after which they can run; list 0 runs first of all
    head = np.full(n + 1, -1, np.int32)
    tail = np.full(n + 1, -1, np.int32)
    following = np.full(refs.size, -1, np.int32)
    owner = np.zeros(refs.size, np.int32)
    for i in range(n):
        first, count = starts[i], starts[i + 1] - starts[i]
        if codes[i] != SUM or count < 3:
            continue
        place = defined[first]
        for j in range(first + 1, first + count):
            place = max(place, defined[j])
            owner[j] = i
            if head[place + 1] < 0:
                head[place + 1] = j
            else:
                following[tail[place + 1]] = j
            tail[place + 1] = j

    rows = np.zeros((2 * n + refs.size + 1, _COLUMNS), np.int32)
    m = 0
    for bucket in range(2 * n + 1):
        i = bucket // 2
        if bucket % 2 == 1:  # instruction i itself
            code, out, first, count = codes[i], outs[i], starts[i], starts[i + 1] - starts[i]
            if code == SUM:
                if count == 1:
                    c = coefficients[first]
                    rows[m, 0] = COPY if c == ONE else NEG if c == MINUS_ONE else MUL
                    rows[m, 1], rows[m, 2], rows[m, 3] = out, refs[first], c
                    m += 1
                elif count == 2:
                    m = _step(rows, m, out, first, first + 1, starts, refs, coefficients, defined, fused)
            elif code == PRODUCT:
                if fused[i] == 0:
                    if count == 1:
                        rows[m, 0], rows[m, 1], rows[m, 2] = COPY, out, refs[first]
                        m += 1
                    for j in range(1, count):
                        rows[m, 0], rows[m, 1] = MUL, out
                        rows[m, 2], rows[m, 3] = refs[first] if j == 1 else out, refs[first + j]
                        m += 1
            elif (
                (code == SIN or code == COS)  # noqa: SIM109
                and sine[refs[first]] >= 0
                and cosine[refs[first]] >= 0
            ):
                s, c = sine[refs[first]], cosine[refs[first]]
                if i == min(s, c):
                    rows[m, 0], rows[m, 1], rows[m, 2], rows[m, 3] = SINCOS, outs[s], refs[first], outs[c]
                    m += 1
            else:
                rows[m, 0], rows[m, 1], rows[m, 5] = code, out, layouts[i]
                for j in range(count):
                    rows[m, 2 + j] = refs[first + j]
                m += 1
        else:
            j = head[i]
            while j >= 0:
                k = owner[j]
                m = _step(rows, m, outs[k], starts[k], j, starts, refs, coefficients, defined, fused)
                j = following[j]
    return rows[:m]


@part
def _step(rows, m, out, first, j, starts, refs, coefficients, defined, fused):
    """Rows that add operand j of a sum to what is there: operand `first` if j is the next one, else `out`."""
    so_far = out
    if j == first + 1:
        so_far, c = refs[first], coefficients[first]
        d = defined[j]
        if c == MINUS_ONE and coefficients[j] == ONE and not (d >= 0 and fused[d]):  # -x + y
            rows[m, 0], rows[m, 1], rows[m, 2], rows[m, 3] = SUB, out, refs[j], so_far
            return m + 1
        if c != ONE:
            rows[m, 0] = NEG if c == MINUS_ONE else MUL
            rows[m, 1], rows[m, 2], rows[m, 3] = out, so_far, c
            so_far = out
            m += 1
    c, d = coefficients[j], defined[j]
    rows[m, 1], rows[m, 2] = out, so_far
    if d >= 0 and fused[d]:
        rows[m, 0] = FMA if c == ONE else FMS
        rows[m, 3], rows[m, 4] = refs[starts[d]], refs[starts[d] + 1]
    elif c == ONE or c == MINUS_ONE:  # noqa: SIM109
        rows[m, 0] = ADD if c == ONE else SUB
        rows[m, 3] = refs[j]
    else:
        rows[m, 0], rows[m, 3], rows[m, 4] = FMA, c, refs[j]
    return m + 1


@kernel
def assign(rows, variable, offset, sizes, kinds, n_kinds, pinned, given, in_place):
    """(slot of each variable, stream, length of the buffer).

    variable, offset  of each reference
    sizes, kinds      of each variable; those of one kind have one size and share slots
    pinned            1 for variables that keep their slot to the end: constants and results
    given             1 for variables that have a value before the first row: they come first, in order
    in_place          scalar opcodes may write where an operand dies
    """
    last = np.full(sizes.size, -1, np.int64)
    for t in range(rows.shape[0]):
        op = rows[t, 0]
        if rows[t, 1] >= 0:
            last[variable[rows[t, 1]]] = t
        if op == SINCOS:
            last[variable[rows[t, 3]]] = t
        for k in range(READS[op]):
            if rows[t, 2 + k] >= 0:
                last[variable[rows[t, 2 + k]]] = t
    slot = np.full(sizes.size, -1, np.int64)
    top = np.int64(0)
    for x in range(sizes.size):
        if pinned[x]:
            last[x] = rows.shape[0]
        if given[x]:
            slot[x] = top
            top += sizes[x]
    free = np.full(n_kinds, -1, np.int64)  # stacks of variables whose slots are free
    below = np.full(sizes.size, -1, np.int64)
    stream = np.zeros(rows.shape[0] * _COLUMNS + _COLUMNS, np.uint32)
    w = 0
    writes = np.zeros(2, np.int64)
    for t in range(rows.shape[0]):
        op = rows[t, 0]
        count = READS[op]
        writes[0] = variable[rows[t, 1]] if rows[t, 1] >= 0 else -1
        writes[1] = variable[rows[t, 3]] if op == SINCOS else -1
        early = in_place and op < SINCOS
        for phase in range(2):
            if (phase == 0) == early:
                for k in range(count):
                    if rows[t, 2 + k] >= 0:
                        x = variable[rows[t, 2 + k]]
                        if last[x] == t and x != writes[0] and x != writes[1]:
                            last[x] = -2
                            below[x] = free[kinds[x]]
                            free[kinds[x]] = x
            if phase == 0:
                for k in range(2):
                    x = writes[k]
                    if x >= 0 and slot[x] < 0:
                        kind = kinds[x]
                        if free[kind] >= 0:
                            slot[x] = slot[free[kind]]
                            free[kind] = below[free[kind]]
                        else:
                            slot[x] = top
                            top += sizes[x]
        for k in range(2):
            x = writes[k]
            if x >= 0 and last[x] == t:
                last[x] = -2
                below[x] = free[kinds[x]]
                free[kinds[x]] = x
        length = WORDS[op]
        if length == 0:
            continue
        stream[w] = op
        if op == EXTERNAL:
            stream[w + 1] = rows[t, 5]
        elif op != END:
            stream[w + 1] = slot[variable[rows[t, 1]]] + offset[rows[t, 1]]
            for k in range(count):
                r = rows[t, 2 + k]
                stream[w + 2 + k] = slot[variable[r]] + offset[r]
            if op == SINCOS:
                stream[w + 3] = slot[variable[rows[t, 3]]] + offset[rows[t, 3]]
            if length == _COLUMNS:
                stream[w + 5] = rows[t, 5]
        w += length
    stream[w] = END
    return slot, stream[: w + _COLUMNS], top
