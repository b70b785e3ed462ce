"""Callbacks for scipy's solvers: what happens at each iteration, kept or shown."""

from typing import Any

import numpy as np

from ..lazy import module


class Recorder:
    """Iterations of a solver: ``minimize(..., callback=recorder)``; made by a problem's `recorder`.

    iterations  dicts with "iteration", "f", "gradient" (its norm), "points" and "products" (so far)
    column(key) one of these as an array
    plot(axes)  f and the norm of the gradient by iteration, on matplotlib's axes
    """

    def __init__(self, problem: Any, bar: bool = False):
        self.problem = problem
        self.iterations: list[dict[str, float]] = []
        self._bar = module("tqdm").tqdm(unit="iteration") if bar else None

    def __call__(self, intermediate_result: Any) -> None:
        x = getattr(intermediate_result, "x", intermediate_result)
        p = self.problem
        slope = float(np.linalg.norm(p.jac(x)))
        row = {"iteration": len(self.iterations) + 1, "f": p.fun(x), "gradient": slope, **p.counts}
        self.iterations.append(row)
        if self._bar is not None:
            self._bar.set_postfix(f=f"{row['f']:.6g}", gradient=f"{row['gradient']:.1e}", products=row["products"])
            self._bar.update()

    def column(self, key: str) -> np.ndarray:
        """One of the records over the iterations."""
        return np.array([row[key] for row in self.iterations])

    def plot(self, axes: Any) -> Any:
        """The decrease of f above its least value and of the gradient's norm."""
        f = self.column("f")
        axes.semilogy(f - f.min(initial=np.inf), label="f - least f")
        axes.semilogy(self.column("gradient"), label="norm of the gradient")
        axes.set_xlabel("iteration")
        axes.legend()
        return axes
