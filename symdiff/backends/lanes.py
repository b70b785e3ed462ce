"""The numba kernels that take points to the lanes of the interpreter's buffer and results back.

They are apart from the interpreter: numba names the loops of both by order of compilation, and one compiled into
the other would be mistaken for it.
"""

from typing import Any

import numba
from numba.extending import intrinsic

from .interpreter import kernel


@intrinsic
def _pointer(typing: Any, address: Any) -> Any:  # type: ignore[no-untyped-def]
    """An address as a pointer to float64."""
    pointer = numba.types.CPointer(numba.types.float64)

    def cast(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], context.get_value_type(pointer))

    return pointer(address), cast


@kernel
def take_in(v, lanes, tables, start, count):
    """The first `count` lanes get the points from `start` on.

    tables  a row per input: its address, its width, from one point to the next, the first slot of its entries
    """
    for t in range(tables.shape[0]):
        width, step, first = tables[t, 1], tables[t, 2], tables[t, 3]
        table = numba.carray(_pointer(tables[t, 0]), ((start + count) * width,))
        for i in range(count):
            for j in range(width):
                v[(first + j) * lanes + i] = table[(start + i) * step + j]


@kernel
def take_out(v, lanes, tables, places, start, count):
    """The results of the first `count` lanes become the points from `start` on.

    tables  a row per result: its address, its width, and where the slots of its entries begin in `places`
    """
    for t in range(tables.shape[0]):
        width, first = tables[t, 1], tables[t, 2]
        table = numba.carray(_pointer(tables[t, 0]), ((start + count) * width,))
        for i in range(count):
            for j in range(width):
                table[(start + i) * width + j] = v[places[first + j] * lanes + i]
