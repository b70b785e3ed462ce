"""The opcodes of the interpreter: their numbers, and how many words and operands each has.

A program is a stream of words ``opcode, out, operands...`` over one buffer of float64. A scalar opcode works on single
entries; map1 to map3, contract, gather and scatter on strided blocks of up to five axes that a row of the layout
describes. A row is a number, RANK sizes, RANK strides for each of out, a, b, c, and the product of all sizes but the
last. For a map the number is the opcode of the function, for contract how many entries are made zero first; after
gather and scatter it is the number of places, then the places. Strides may be negative.

Before it is a stream, a program is columns, plain arrays that can be filled in bulk (`registers`).
"""

import hashlib

import numpy as np

from .formulas import arity, functions

FUNCTIONS = tuple(functions())
OTHER = {  # opcode -> (words of an instruction, operands)
    "sincos": (4, 1), "map1": (6, 1), "map2": (6, 2), "map3": (6, 3), "contract": (6, 2), "gather": (6, 1),
    "scatter": (6, 1), "external": (2, 0), "end": (1, 0), "keep": (0, 3),
}  # fmt: skip
NAMES = (*FUNCTIONS, *OTHER)
COUNT = len(NAMES)
NUMBERED = hashlib.sha256(" ".join(NAMES).encode()).hexdigest()[:16]  # what code that knows numbers is kept by
OPCODE = {name: k for k, name in enumerate(NAMES)}
READS = np.array([*map(arity, FUNCTIONS), *[reads for _, reads in OTHER.values()]], np.int32)
WORDS = np.array([*[2 + arity(f) for f in FUNCTIONS], *[words for words, _ in OTHER.values()]], np.int32)

ADD, SUB, MUL, NEG, COPY, SIN, COS, FMA, FMS, SINCOS, EXTERNAL, END, KEEP = map(
    OPCODE.__getitem__,
    ("add", "sub", "mul", "neg", "copy", "sin", "cos", "fma", "fms", "sincos", "external", "end", "keep"),
)
FIRST_SPAN = OPCODE["map1"]  # opcodes before are those of scalars

RANK = 5  # axes of a span
OUTER = 1 + 5 * RANK  # where a layout row has the number of its outer iterations: all axes but the last
