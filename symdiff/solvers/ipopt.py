"""The same problem for Ipopt (by ipyopt): sparse Jacobian of the constraints, sparse Hessian of the Lagrangian.

Source: Wachter, Biegler, "On the implementation of an interior-point filter line-search algorithm for large-scale
nonlinear programming", Mathematical Programming 106 (2006).
"""

from typing import Any

import numpy as np
from scipy.optimize import OptimizeResult

from ..lazy import module
from ..ops.products import multiply
from .sparse import SparseHessian

INFINITE = 2e19  # what Ipopt takes for no bound
ENDS = {0: "solved", 1: "solved to an acceptable level", 2: "infeasible", -1: "maximum of iterations"}


class Lagrangian:
    """The Hessian of ``weight*f + multipliers @ c``, as a sparse matrix."""

    def __init__(self, problem: Any):
        form, c = problem._operator._form, problem.constraints
        self._weight = form.g.variable(_free(form.g, "_weight"))
        value, at = multiply(self._weight, form.y), {**problem._operator._at.at, self._weight: 1.0}
        self._multipliers = None
        if c is not None:
            self._multipliers = form.g.variable(_free(form.g, "_multipliers"), c.value.shape)
            value = value + self._multipliers @ c.value
            at[self._multipliers] = np.zeros(len(c.lower))
        self._hessian = SparseHessian(value, form.xs, at)
        lower = self._hessian.pattern.tocoo()
        self.chosen = np.flatnonzero(lower.row >= lower.col)
        self.places = lower.row[self.chosen], lower.col[self.chosen]

    def values(self, parts: Any, weight: float, multipliers: np.ndarray) -> np.ndarray:
        """The entries of the lower triangle."""
        at = {**parts, self._weight: weight}
        if self._multipliers is not None:
            at[self._multipliers] = np.array(multipliers)
        return self._hessian.at(at).tocsr().data[self.chosen]


def _free(g: Any, name: str) -> str:
    while name in g._variables:
        name += "_"
    return name


def solve(problem: Any, **options: Any) -> OptimizeResult:
    """A local minimum by Ipopt with its options (``print_level=0``, ``tol=1e-8``, ...), as scipy's OptimizeResult."""
    ipyopt = module("ipyopt", "nlp")
    c, b, n = problem.constraints, problem.bounds, len(problem.x0)
    lower, upper = (np.full(n, -INFINITE), np.full(n, INFINITE)) if b is None else (b.lb, b.ub)
    hessian = Lagrangian(problem)
    jacobian = None if c is None else c.jac(problem.x0).tocoo()
    empty = np.zeros(0, int)

    def into(out: np.ndarray, value: Any) -> None:
        out[:] = value

    solver = ipyopt.Problem(
        n, np.clip(lower, -INFINITE, INFINITE).astype(float), np.clip(upper, -INFINITE, INFINITE).astype(float),
        0 if c is None else len(c.lower),
        *((np.zeros(0),) * 2 if c is None else (np.clip(s, -INFINITE, INFINITE) for s in (c.lower, c.upper))),
        (empty, empty) if jacobian is None else (jacobian.row, jacobian.col), hessian.places,
        problem.fun, lambda x, out: into(out, problem.jac(x)),
        lambda x, out: None if c is None else into(out, c.fun(x)),
        lambda x, out: None if c is None else into(out, c.jac(x).data),
        lambda x, multipliers, weight, out: into(out, hessian.values(problem.parts(x), weight, multipliers)),
        ipopt_options={"print_level": 0, "sb": "yes", **options},
    )  # fmt: skip
    multipliers = np.zeros(0 if c is None else len(c.lower))
    x, f, status = solver.solve(problem.x0.copy(), mult_g=multipliers)
    return OptimizeResult(
        x=x, fun=f, status=status, success=status in (0, 1), message=ENDS.get(status, f"Ipopt's status {status}"),
        multipliers=multipliers, nit=solver.stats.get("iter_count", -1),
    )  # fmt: skip
