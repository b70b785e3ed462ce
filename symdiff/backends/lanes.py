"""Points into the lanes of the interpreter's buffer, and results back."""

from ..kernels import Floats, Longs, floats, kernel


@kernel()
def take_in(v: Floats, lanes: int, tables: Longs, n_tables: int, start: int, count: int) -> int:
    """The first `count` lanes get the points from `start` on.

    tables  four numbers per input: its address, its width, from one point to the next, the first slot of its entries
    """
    for t in range(0, 4 * n_tables, 4):
        table, width, step, first = floats(tables[t]), tables[t + 1], tables[t + 2], tables[t + 3]
        for i in range(count):
            for j in range(width):
                v[(first + j) * lanes + i] = table[(start + i) * step + j]
    return 0


@kernel()
def take_out(v: Floats, lanes: int, tables: Longs, n_tables: int, places: Longs, start: int, count: int) -> int:
    """The results of the first `count` lanes become the points from `start` on.

    tables  three numbers per result: its address, its width, and where the slots of its entries begin in `places`
    """
    for t in range(0, 3 * n_tables, 3):
        table, width, first = floats(tables[t]), tables[t + 1], tables[t + 2]
        for i in range(count):
            for j in range(width):
                table[(start + i) * width + j] = v[places[first + j] * lanes + i]
    return 0
