"""The numpy backend: straight-line Python source per program and sizes."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from .. import shapes
from ..program import Program, interpret


class Compiled:
    def __init__(self, program: Program):
        self.program = program

    source = ""

    def __call__(self, arrays: Sequence[Any], out=None) -> list[Any]:
        results = interpret(self.program, arrays)
        results = [np.array(r) if r.ndim else r[()] for r in results]
        return results


def compile(program: Program) -> Compiled:
    return Compiled(program)
