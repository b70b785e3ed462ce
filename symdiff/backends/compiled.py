"""Backend "compiled": numpy's, with the steps that would pass over arrays several times as compiled loops."""

from ..program import Program
from . import workers
from .numpy import Compiled


def compile(program: Program, threads: int | None = None, fixed: int = 0) -> Compiled:
    """The callable of a program; loops are compiled at the first call with arrays of their sizes.

    threads  that share rows; by default one per core
    fixed    so many inputs, the last ones, are the same for many calls
    """
    options = {"stream": None, "memory_limit": None, "loops": "compiled"}
    return Compiled(program, {"threads": workers.count(threads), "fixed": fixed, **options})
