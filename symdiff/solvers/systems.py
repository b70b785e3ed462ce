"""Systems of equations, least squares and differential equations as scipy's solvers take them, on one flat vector."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from scipy.optimize import OptimizeResult
from scipy.sparse import csr_array
from scipy.sparse.linalg import gmres

from ..backends import function
from ..calculus import resolve_wrt
from ..containers import leaves
from ..errors import InputError, ShapeError
from ..expr import Expr
from ..graph import VARIABLE
from ..op import FUNCTIONS
from ..ops.layout import concat, ravel
from ..program import node_of
from .krylov import JacobianOperator
from .problems import bounds_of
from .sparse import SparseJacobian

KINDS = ("dense", "sparse", "operator")
WIDE, FILLED = 50, 0.25  # columns from which, and the part of entries up to which, a Jacobian is kept sparse


class System:
    """Expressions as one flat vector of a flat vector, at data: what the problems of this file share.

    fun(x), jac(x)   values and Jacobian, in the form `jacobian`: "dense", "sparse" or "operator"
    operator(x)      the Jacobian as a `JacobianOperator`
    sparse(x)        the Jacobian as a csr matrix
    x0, unravel(x)   the starting point, and the arrays of a flat vector, mirroring `wrt`
    """

    def __init__(self, what: str, ys: Sequence[Any], wrt: Any, at: Mapping[Any, Any], jacobian: str = "auto"):
        if not ys or not all(isinstance(y, Expr) and y.graph is ys[0].graph for y in ys):
            raise InputError(f"{what}: expected expressions of one graph")
        if jacobian not in ("auto", *KINDS):
            raise InputError(f"{what}: jacobian is one of {', '.join(('auto', *KINDS))}, not {jacobian!r}")
        self.what = what
        self.value = ys[0] if len(ys) == 1 and ys[0].ndim == 1 else (
            concat([ravel(y) for y in ys], axis=0) if len(ys) > 1 else ravel(ys[0])
        )  # fmt: skip
        self.wrt, self._xs = wrt, resolve_wrt(self.value.graph, wrt)
        g = self.value.graph
        inside = set(g.ancestors([self.value.node]))
        self._operator = JacobianOperator(self.value, wrt, at)
        self.values = {x: v for x, v in self._operator._at.at.items() if x.node in inside or x.node in self._nodes()}
        self.x0 = self._operator._domain.ravel([self.values[x] for x in self._xs]).astype(float)
        data = [x for x in self.values if x.node not in self._nodes()]
        whole = function([*data, *self._xs], self.value)
        self._run = whole.linearised({x.node: self.values[x] for x in data})
        self._sparse: SparseJacobian | None = None
        self._kind = jacobian
        self.ravel, self.unravel = self._operator.ravel, self._operator.unravel

    def _nodes(self) -> set[int]:
        return {x.node for x in self._xs}

    @property
    def jacobian(self) -> str:
        """The form of the Jacobian; by default sparse where that is worth it."""
        if self._kind == "auto":
            J = self._made()
            rows, columns = J.shape
            few = J.pattern.nnz <= FILLED * rows * columns
            self._kind = "sparse" if columns >= WIDE and few and not J.products else "dense"
        return self._kind

    def _parts(self, x: Any) -> dict[Expr, np.ndarray]:
        domain = self._operator._domain
        return dict(zip(self._xs, domain.parts(domain.vector(x, f"{self.what}: x")), strict=True))

    def _made(self) -> SparseJacobian:
        if self._sparse is None:
            self._sparse = SparseJacobian(self.value, self._xs, self.values)
        return self._sparse

    def fun(self, x: Any) -> np.ndarray:
        """The values at x, flat."""
        return np.asarray(self._run(*self._parts(x).values()), float)

    def operator(self, x: Any) -> JacobianOperator:
        """The Jacobian at x as a linear map."""
        return self._operator.at(self._parts(x))

    def sparse(self, x: Any) -> csr_array:
        """The Jacobian at x as a csr matrix."""
        return self._made().at(self._parts(x)).tocsr()

    def jac(self, x: Any) -> Any:
        """The Jacobian at x."""
        kind = self.jacobian
        if kind == "operator":
            return self.operator(x)
        return self.sparse(x) if kind == "sparse" else self.sparse(x).toarray()


class RootProblem(System):
    """``F(z) = 0`` on the flat vector of z; made by `to_root`. Beside what `System` has:

    arguments(method)   the keywords of ``scipy.optimize.root`` for one of its methods
    newton_krylov(...)  Newton's method with exact products in GMRES
    """

    def arguments(self, method: str = "hybr") -> dict[str, Any]:
        """``root(**arguments(method))``: hybr and lm take the whole Jacobian, the others values alone."""
        kind = str(method).lower()
        whole, free = ("hybr", "lm"), ("broyden1", "broyden2", "anderson", "linearmixing", "diagbroyden",
            "excitingmixing", "krylov", "df-sane")  # fmt: skip
        if kind not in (*whole, *free):
            raise InputError(f"arguments: {method!r} is no method of scipy.optimize.root: {', '.join((*whole, *free))}")
        chosen: dict[str, Any] = {"fun": self.fun, "x0": self.x0, "method": method}
        return {**chosen, "jac": lambda x: self.sparse(x).toarray()} if kind in whole else chosen

    def newton_krylov(
        self, x0: Any = None, *, inner_M: Any = None, tol: float = 1e-8, maxiter: int = 50,
        callback: Callable[[np.ndarray, float], Any] | None = None,
    ) -> OptimizeResult:  # fmt: skip
        """A root by Newton's method; each step solves with exact Jacobian-vector products in GMRES.

        inner_M   a preconditioner: a matrix or LinearOperator like the inverse of the Jacobian, or a function of the
                  flat x that gives one
        tol       of the largest |F|
        callback  called with x and the largest |F| after each step

        A step is halved until |F| decreases; one to nan is rejected. Returns scipy's OptimizeResult.

        Source: Eisenstat, Walker, "Choosing the forcing terms in an inexact Newton method", SIAM J. Sci. Comput. 17
        (1996).
        """
        x = self.x0.copy() if x0 is None else self._operator._domain.vector(x0, f"{self.what}: x0").astype(float)
        F = self.fun(x)
        size, eta, before = float(np.linalg.norm(F)), 0.5, self._operator.counts["products"]
        for steps in range(maxiter + 1):
            worst = float(np.max(np.abs(F), initial=0))
            if worst <= tol or steps == maxiter:
                break
            M = inner_M(x) if callable(inner_M) and not hasattr(inner_M, "shape") else inner_M
            step, _ = gmres(self.operator(x), -F, rtol=eta, M=M, restart=min(50, len(x)), maxiter=20)
            length, new = 1.0, self.fun(x + step)
            while not np.linalg.norm(new) <= (1 - 1e-4 * length * (1 - eta)) * size and length > 1e-10:
                length /= 2
                new = self.fun(x + length * step)
            if length <= 1e-10:
                break
            last, size = size, float(np.linalg.norm(new))
            eta = min(0.5, max(0.9 * (size / last) ** 2, 1e-8 if 0.9 * eta**2 <= 0.1 else 0.9 * eta**2))
            x, F = x + length * step, new
            if callback is not None:
                callback(x, float(np.max(np.abs(F), initial=0)))
        done = worst <= tol
        return OptimizeResult(
            x=x, fun=F, success=done, nit=steps, nprod=self._operator.counts["products"] - before,
            message="a root" if done else "no step decreases |F|" if steps < maxiter else "maxiter steps were made",
        )  # fmt: skip


class OdeProblem(System):
    """``y' = rhs(t, y)`` on the flat vector of y; made by `to_ode`.

    fun(t, y), jac(t, y)  right-hand side and Jacobian
    arguments(method)     the keywords of ``scipy.integrate.solve_ivp`` beside the span of time
    """

    def __init__(self, rhs: Any, t: Any, y: Any, at: Mapping[Any, Any], jacobian: str):
        ys = leaves(rhs)
        if not ys or not isinstance(ys[0], Expr):
            raise InputError("to_ode: expected an expression")
        g = ys[0].graph
        self._t = None if t is None else Expr(g, node_of(g, t, "to_ode"))
        if self._t is not None and self._t.op is not VARIABLE:
            raise InputError(f"to_ode: the time {self._t!r} is no variable")
        given: dict[Any, Any] = dict(at)
        if self._t is not None:
            given[self._t] = 0.0
        super().__init__("to_ode", ys, y, given, jacobian)
        if len(self.x0) != self._operator.shape[0]:
            raise ShapeError(f"to_ode: {self._operator.shape[0]} equations for {len(self.x0)} unknowns")
        inside = set(g.ancestors([self.value.node]))
        self._timed = self._t is not None and self._t.node in inside
        if self._timed:
            data = [x for x in self.values if x.node not in self._nodes() and x.node != self._t.node]  # type: ignore[union-attr]
            whole = function([*data, self._t, *self._xs], self.value)
            self._run = whole.linearised({x.node: self.values[x] for x in data})

    def fun(self, t: float, y: Any) -> np.ndarray:  # type: ignore[override]
        """The right-hand side."""
        time = (t,) if self._timed else ()
        return np.asarray(self._run(*time, *self._parts(y).values()), float)

    def jac(self, t: float, y: Any) -> Any:  # type: ignore[override]
        """The Jacobian by y."""
        moved: dict[Any, Any] = self._parts(y)
        if self._timed:
            moved[self._t] = t
        J = self._made().at(moved).tocsr()
        return J if self.jacobian == "sparse" else J.toarray()

    def arguments(self, method: str = "RK45") -> dict[str, Any]:
        """``solve_ivp(t_span=(0, 1), **arguments(method))``: with the Jacobian where the method takes one."""
        explicit, implicit = ("RK23", "RK45", "DOP853"), ("Radau", "BDF", "LSODA")
        if method not in (*explicit, *implicit):
            raise InputError(f"arguments: {method!r} is no method of solve_ivp: {', '.join((*explicit, *implicit))}")
        chosen = {"fun": self.fun, "y0": self.x0, "method": method}
        if method == "LSODA":  # takes dense ones alone
            return {**chosen, "jac": lambda t, y: np.asarray(_full(self.jac(t, y)))}
        return {**chosen, "jac": self.jac} if method in implicit else chosen


def _full(J: Any) -> Any:
    return J.toarray() if hasattr(J, "toarray") else J


class LeastSquaresProblem(System):
    """Least squares of several residuals on the flat vector of wrt; made by `to_least_squares`. Beside `System`:

    arguments(method)  the keywords of ``scipy.optimize.least_squares``
    covariance(x)      of the estimate x: ``inv(J'J) * sum(r**2)/(m - n)``
    """

    def __init__(self, ys: Sequence[Any], wrt: Any, at: Mapping[Any, Any], jacobian: str, bounds: Any):
        super().__init__("to_least_squares", ys, wrt, at, jacobian)
        self.bounds = None if bounds is None else bounds_of(bounds, self._operator, self.what)

    def arguments(self, method: str = "trf") -> dict[str, Any]:
        """``least_squares(**arguments(method))``: lm takes no sparse Jacobian and no bounds."""
        if method not in ("trf", "dogbox", "lm"):
            raise InputError(f"arguments: {method!r} is no method of least_squares: trf, dogbox, lm")
        if method == "lm" and self.bounds is not None:
            raise InputError("arguments: lm takes no bounds; trf and dogbox do")
        chosen: dict[str, Any] = {"fun": self.fun, "x0": self.x0, "method": method}
        if self.bounds is not None:
            chosen["bounds"] = self.bounds
        if method == "lm":
            return {**chosen, "jac": lambda x: self.sparse(x).toarray()}
        return {**chosen, "jac": self.jac} | ({} if self.jacobian == "dense" else {"tr_solver": "lsmr"})

    def covariance(self, x: Any) -> np.ndarray:
        """The covariance of the estimate x; InputError where there are not more residuals than unknowns."""
        r, J = self.fun(x), self.sparse(x).toarray()
        rows, columns = J.shape
        if rows <= columns:
            raise InputError(f"covariance: {rows} residuals for {columns} unknowns leave no degree of freedom")
        _, s, V = np.linalg.svd(J, full_matrices=False)
        small = s <= np.finfo(float).eps * rows * s[0]
        if small.any():
            raise InputError(f"covariance: the Jacobian has rank {int((~small).sum())}, not {columns}")
        return (V.T / s**2) @ V * (r @ r) / (rows - columns)


def to_root(F: Any, z: Any, at: Mapping[Any, Any], *, jacobian: str = "auto") -> RootProblem:
    """The functions that `scipy.optimize.root` wants of equations ``F(z) = 0``.

    F         an expression of any shape, or a list of them
    z         what is sought: an Expr or a name, or a list, tuple or dict of them
    at        {name or Expr: value} for every variable; the values of z are the starting point
    jacobian  "dense", "sparse", "operator", or "auto"

    >>> import scipy.optimize, symdiff as sd
    >>> x = sd.Graph().variable("x", 2)
    >>> p = to_root(sd.stack([x[0]**2 - 2, x[1] - x[0]]), x, at={x: [1.0, 1.0]})
    >>> scipy.optimize.root(**p.arguments("hybr")).x.round(6), p.newton_krylov().x.round(6)
    (array([1.414214, 1.414214]), array([1.414214, 1.414214]))
    """
    problem = RootProblem("to_root", leaves(F), z, at, jacobian)
    rows, columns = problem._operator.shape
    if rows != columns:
        raise ShapeError(f"to_root: {rows} equations for {columns} unknowns")
    return problem


def to_ode(rhs: Any, t: Any, y: Any, at: Mapping[Any, Any], *, jacobian: str = "auto") -> OdeProblem:
    """The functions that `scipy.integrate.solve_ivp` wants of ``y' = rhs(t, y)``.

    rhs       an expression of the shape of y, or a list of them that mirrors y
    t         the time: a variable or its name; None where rhs does not depend on it
    y         the state: an Expr or a name, or a list, tuple or dict of them
    at        {name or Expr: value} for every other variable, and the state at the start
    jacobian  "dense", "sparse", or "auto"

    >>> import scipy.integrate, symdiff as sd
    >>> p = to_ode(sd.parse("-k*y + sin(t)"), "t", "y", at={"y": 1.0, "k": 2.0})
    >>> found = scipy.integrate.solve_ivp(t_span=(0, 1), rtol=1e-8, atol=1e-8, **p.arguments("Radau"))
    >>> found.y[0, -1].round(5)
    np.float64(0.39093)
    """
    return OdeProblem(rhs, t, y, at, jacobian)


def to_least_squares(
    residuals: Any, wrt: Any, at: Mapping[Any, Any], *, weights: Sequence[Any] | None = None, bounds: Any = None,
    jacobian: str = "auto",
) -> LeastSquaresProblem:  # fmt: skip
    """The functions that `scipy.optimize.least_squares` wants of residuals.

    residuals  an expression of any shape, or a list of them
    wrt, at    as for `to_root`
    weights    one for each residual: a number, array or expression that multiplies its square
    bounds     ``{name or Expr of wrt: (lower, upper)}``
    jacobian   "dense", "sparse", "operator", or "auto"

    >>> import numpy as np, scipy.optimize, symdiff as sd
    >>> r = sd.parse("a*exp(-b*t) - y", t="n", y="n")
    >>> t = np.linspace(0, 1, 20)
    >>> p = to_least_squares(r, ["a", "b"], at={"a": 1.0, "b": 1.0, "t": t, "y": 3*np.exp(-2*t)})
    >>> scipy.optimize.least_squares(**p.arguments("trf")).x.round(6)
    array([3., 2.])
    """
    ys = leaves(residuals)
    if weights is not None:
        if len(weights) != len(ys):
            raise InputError(f"to_least_squares: {len(weights)} weight(s) for {len(ys)} residual(s)")
        at = dict(at)
        ys = [_weighted(y, w, at) for y, w in zip(ys, weights, strict=True)]
    return LeastSquaresProblem(ys, wrt, at, jacobian, bounds)


def _weighted(y: Expr, weight: Any, at: dict[Any, Any]) -> Expr:
    """sqrt(weight)*y; an array is a variable of the shape of y, for whose sizes may be names."""
    if isinstance(weight, Expr):
        return FUNCTIONS["sqrt"](weight) * y
    root = np.sqrt(np.asarray(weight, float))
    if not root.ndim:
        return y * float(root)
    name = "_weights"
    while name in y.graph._variables:
        name += "_"
    variable = y.graph.variable(name, y.shape)
    at[variable] = root
    return variable * y
