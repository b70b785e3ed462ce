"""Problems as `scipy.optimize.minimize` takes them, on one flat vector: objective, constraints, bounds."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy.optimize import Bounds, NonlinearConstraint, OptimizeResult
from scipy.sparse import csr_array

from ..backends import Function, function
from ..errors import InputError
from ..expr import Expr
from ..op import provided
from ..ops.contractions import vecdot
from ..ops.layout import concat, ravel
from ..program import engine_of, node_of
from . import ipopt
from .callbacks import Recorder
from .krylov import AtPoint, HessianOperator
from .sparse import SparseHessian, SparseJacobian

DERIVATIVES = {  # method of minimize -> the derivatives that it takes
    **dict.fromkeys(("nelder-mead", "powell", "cobyla", "cobyqa"), ()),
    **dict.fromkeys(("cg", "bfgs", "l-bfgs-b", "tnc", "slsqp"), ("jac",)),
    **dict.fromkeys(("newton-cg", "trust-ncg", "trust-krylov", "trust-constr"), ("jac", "hessp")),
    **dict.fromkeys(("trust-exact", "dogleg"), ("jac", "hess")),
}
CONSTRAINED = ("slsqp", "cobyla", "cobyqa", "trust-constr")
NAN_KNOWN = ("l-bfgs-b", "tnc")  # take inf for a value, but not nan
BOUNDED = (*CONSTRAINED, "nelder-mead", "powell", "l-bfgs-b", "tnc")


class Constraints:
    """``lb <= c(x) <= ub`` for several expressions, ravelled one after the other, at the data of an operator."""

    def __init__(self, given: Sequence[tuple[Any, Any, Any]], operator: HessianOperator):
        self.operator, form = operator, operator._form
        g, self.given = form.g, list(given)
        self.value = concat([ravel(c) for c, _, _ in self.given], axis=0) if len(given) > 1 else ravel(self.given[0][0])
        inside = set(g.ancestors([self.value.node]))
        read = {x: v for x, v in operator._at.at.items() if x.node in inside or x.node in form.wrt}
        # Jacobians of constraints are sparse matrices of this process: data that lies in chunks elsewhere is read
        self._at = {x: provided("here")(v) if engine_of(v) else v for x, v in read.items()}
        self._names = [x for x in self._at if x.node not in form.wrt]
        self._function: Function | None = None
        sizes = [np.shape(v) for v in self._parts(self.operator._domain.ravel(list(operator._at.values.values())))]
        self.lower, self.upper = (
            np.concatenate([_bound(c[side], shape, k) for k, (c, shape) in enumerate(zip(given, sizes, strict=True))])
            for side in (1, 2)
        )
        self._jacobian: SparseJacobian | None = None
        self._hessian: SparseHessian | None = None

    def _moved(self, x: Any) -> dict[Expr, np.ndarray]:
        domain, form = self.operator._domain, self.operator._form
        return dict(zip(form.xs, domain.parts(domain.vector(x, "to_scipy: x")), strict=True))

    def _parts(self, x: Any) -> list[np.ndarray]:
        if self._function is None:
            inputs = [*self._names, *self.operator._form.xs]
            whole = function(inputs, [c for c, _, _ in self.given])
            self._function = whole.linearised({n.node: self._at[n] for n in self._names})
        return self._function(*self._moved(x).values())

    def fun(self, x: Any) -> np.ndarray:
        """The values at x."""
        return np.concatenate([np.ravel(v) for v in self._parts(x)])

    def jac(self, x: Any) -> csr_array:
        """The Jacobian at x, as a csr matrix."""
        if self._jacobian is None:
            self._jacobian = SparseJacobian(self.value, self.operator._form.xs, self._at)
        return self._jacobian.at(self._moved(x)).tocsr()

    def hess(self, x: Any, v: Any) -> csr_array:
        """The Hessian of ``v @ c`` at x, as a csr matrix."""
        form = self.operator._form
        name = "_multipliers"
        if self._hessian is None:
            while name in form.g._variables:
                name += "_"
            self._v = form.g.variable(name, self.value.shape)
            at = {**self._at, self._v: np.zeros(len(self.lower))}
            self._hessian = SparseHessian(vecdot(self._v, self.value), form.xs, at)
        return self._hessian.at({**self._moved(x), self._v: v}).tocsr()


def _bound(value: Any, shape: tuple[int, ...], k: int) -> np.ndarray:
    value = np.asarray(value, float)
    try:
        return np.broadcast_to(value, shape).ravel()
    except ValueError:
        raise InputError(f"to_scipy: a bound of shape {value.shape} for constraint {k} of shape {shape}") from None


def bounds_of(given: Any, operator: AtPoint, what: str) -> Bounds:
    """scipy's Bounds of ``{name or Expr: (lower, upper)}`` on the flat vector of an operator."""
    form, domain = operator._form, operator._domain
    if not isinstance(given, Mapping):
        raise InputError(f"{what}: bounds is a dict {{name: (lower, upper)}}, got {type(given).__name__}")
    lower, upper = dict.fromkeys(form.wrt, -np.inf), dict.fromkeys(form.wrt, np.inf)
    for key, pair in given.items():
        n = node_of(form.g, key, f"{what}: bounds")
        if n not in form.wrt:
            raise InputError(f"{what}: bounds of {key!r}, which is not among wrt")
        low, high = pair
        lower[n], upper[n] = -np.inf if low is None else low, np.inf if high is None else high
    try:
        shapes = list(zip(form.wrt, domain.shapes, strict=True))
        both = [domain.ravel([np.broadcast_to(side[n], s).astype(float) for n, s in shapes]) for side in (lower, upper)]
    except ValueError as error:
        raise InputError(f"{what}: bounds do not fit their variables: {error}") from None
    return Bounds(*both)


class ScipyProblem:
    """A scalar as `scipy.optimize.minimize` takes it, on the flat vector of `wrt`; made by `to_scipy`.

    fun(x), jac(x), hessp(x, p)   value, gradient, Hessian-vector product
    hess(x)                       the Hessian as a LinearOperator, which trust-constr and Newton-CG take as it is
    hess_sparse(x)                the Hessian as a csr matrix
    x0                            the flat starting point
    constraints                   None, or `fun`, `jac`, `hess(x, v)`, `lower` and `upper` of all of them
    bounds                        None, or scipy's Bounds
    unravel(x)                    the arrays of a flat vector, mirroring `wrt`
    arguments(method)             the keywords of ``minimize`` for one of its methods
    ipopt(**options)              a minimum by Ipopt
    at({...})                     the problem with other data or from another start
    recorder(bar=True)            a callback that keeps, or shows, iterations, f, |gradient| and products

    Calls at one x evaluate the nodes that depend on x alone once, whichever comes first.
    """

    def __init__(self, operator: HessianOperator, constraints: Sequence[Any] = (), bounds: Any = None):
        self._operator, self._given = operator, (list(constraints), bounds)
        self.x0 = operator._domain.ravel(list(operator._at.values.values())).astype(float)
        self.unravel, self.ravel = operator.unravel, operator.ravel
        self.constraints = Constraints(self._given[0], operator) if self._given[0] else None
        self.bounds = None if bounds is None else bounds_of(bounds, operator, "to_scipy")
        self._sparse: SparseHessian | None = None

    def __repr__(self) -> str:
        count = 0 if self.constraints is None else len(self.constraints.lower)
        return f"<scipy problem of {len(self.x0)} numbers" + (f", {count} constraints>" if count else ">")

    @property
    def counts(self) -> dict[str, int]:
        """How many points were evaluated and how many vectors multiplied."""
        return self._operator.counts

    def at(self, values: Mapping[Any, Any]) -> "ScipyProblem":
        """The problem with other data, or another starting point; values that are not given stay as they are."""
        return type(self)(self._operator.at(values), *self._given)

    def parts(self, x: Any) -> dict[Expr, np.ndarray]:
        """{variable: its array} of a flat vector."""
        form, domain = self._operator._form, self._operator._domain
        return dict(zip(form.xs, domain.parts(domain.vector(x, "to_scipy: x")), strict=True))

    def hess(self, x: Any) -> HessianOperator:
        """The Hessian at x."""
        values = {e.node: part.copy() for e, part in self.parts(x).items()}
        return self._operator._moved(self._operator._at.data.at(values, HessianOperator.first))

    def hess_sparse(self, x: Any) -> csr_array:
        """The Hessian at x, as a csr matrix."""
        if self._sparse is None:
            self._sparse = SparseHessian(self._operator._form.y, self._operator._form.xs, self._operator._at.at)
        return self._sparse.at(self.parts(x)).tocsr()

    def fun(self, x: Any) -> float:
        """The value at x; inf where it is nan, so that a solver takes the step back and goes on."""
        value = self._value(x)
        return np.inf if np.isnan(value) else value

    def _value(self, x: Any) -> float:
        return float(self.hess(x).value)

    def jac(self, x: Any) -> np.ndarray:
        """The gradient at x."""
        return self.hess(x).gradient.astype(float)

    def hessp(self, x: Any, p: Any) -> np.ndarray:
        """The Hessian at x times p."""
        return self.hess(x) @ np.asarray(p)

    def recorder(self, bar: bool = False) -> Recorder:
        """A callback for `minimize` that keeps what happens; with `bar`, it shows it too."""
        return Recorder(self, bar)

    def arguments(self, method: str) -> dict[str, Any]:
        """``minimize(**arguments(method))``: with the derivatives, constraints and bounds that the method takes, in the
        form it takes.

        InputError for a method that scipy does not name (one of your own takes `fun`, `jac`, `hess` and `hessp`), or
        that takes no constraints or bounds where the problem has some.
        """
        if not isinstance(method, str) or method.lower() not in DERIVATIVES:
            raise InputError(
                f"arguments: {method!r} is no method of scipy.optimize.minimize by name ({', '.join(DERIVATIVES)}); "
                "give one of your own the problem's fun, jac, hess and hessp"
            )
        kind = method.lower()
        whole: dict[str, Any] = {
            "jac": self.jac, "hessp": self.hessp, "hess": lambda x: self.hess(x) @ np.eye(len(self.x0))
        }  # fmt: skip
        chosen: dict[str, Any] = {name: whole[name] for name in DERIVATIVES[kind]}
        if self.bounds is not None:
            chosen["bounds"] = self.bounds
            self._check(kind, "bounds", BOUNDED)
        if self.constraints is not None:
            self._check(kind, "constraints", CONSTRAINED)
            chosen["constraints"] = self._in_form(kind, self.constraints)
        value = self._value if kind in NAN_KNOWN else self.fun
        return {"fun": value, "x0": self.x0, "method": method, **chosen}

    def _check(self, kind: str, what: str, methods: Sequence[str]) -> None:
        if kind not in methods:
            raise InputError(f"arguments: {kind} takes no {what}; these do: {', '.join(methods)}")

    @staticmethod
    def _in_form(kind: str, c: Constraints) -> list[NonlinearConstraint]:
        """The constraints as a method takes them: but trust-constr, equations apart, with whole Jacobians."""
        if kind == "trust-constr":
            return [NonlinearConstraint(c.fun, c.lower, c.upper, jac=c.jac, hess=c.hess)]
        equal = c.lower == c.upper

        def part(chosen: np.ndarray) -> NonlinearConstraint:
            jac = {"jac": lambda x: c.jac(x)[chosen].toarray()} if kind == "slsqp" else {}
            return NonlinearConstraint(lambda x: c.fun(x)[chosen], c.lower[chosen], c.upper[chosen], **jac)

        return [part(np.flatnonzero(some)) for some in (equal, ~equal) if some.any()]

    def ipopt(self, **options: Any) -> OptimizeResult:
        """A local minimum by Ipopt with these options, where ipyopt is installed (``symdiff[nlp]``)."""
        return ipopt.solve(self, **options)


def to_scipy(
    f: Expr, wrt: Any, at: Mapping[Any, Any], *, constraints: Sequence[tuple[Expr, Any, Any]] = (), bounds: Any = None,
    copy: bool = False, backend: str = "auto", threads: int | None = None,
) -> ScipyProblem:  # fmt: skip
    """The functions `scipy.optimize.minimize` wants of a scalar expression.

    f, wrt, at, copy, backend, threads  as for `HessianOperator`; the values of `wrt` are the starting point
    constraints  ``[(expression, lower, upper), ...]``: expressions of any shape of the same graph; `at` has values for
                 their variables too
    bounds       ``{name or Expr of wrt: (lower, upper)}``, None for none

    Of the methods of `minimize`, Newton-CG, trust-ncg, trust-krylov and trust-constr take products (`hessp`),
    trust-exact and dogleg a whole matrix, trust-constr and Newton-CG an operator (`hess`); `arguments(method)` knows.

    >>> import scipy.optimize, symdiff as sd
    >>> p = to_scipy(sd.parse("sum((x**2 - a)**2)", x="n", a="n"), "x", at={"x": [1.0, 1.0], "a": [4.0, 9.0]})
    >>> found = scipy.optimize.minimize(**p.arguments("trust-krylov"))
    >>> p.unravel(found.x).round(3)
    array([2., 3.])
    """
    for k, item in enumerate(constraints):
        if not isinstance(item, (tuple, list)) or len(item) != 3 or not isinstance(item[0], Expr):
            raise InputError(f"to_scipy: constraint {k} is (expression, lower, upper), not {item!r}")
        if isinstance(f, Expr) and item[0].graph is not f.graph:
            raise InputError(f"to_scipy: constraint {k} belongs to another graph than the objective")
    also = [c for c, _, _ in constraints]
    operator = HessianOperator(f, wrt, at, copy=copy, backend=backend, threads=threads, also=also)
    return ScipyProblem(operator, constraints, bounds)
