"""Problems as scipy's solvers take them, on one flat vector."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..errors import InputError
from ..expr import Expr
from .krylov import HessianOperator

DERIVATIVES = {  # method of minimize -> the derivatives that it takes
    **dict.fromkeys(("nelder-mead", "powell", "cobyla", "cobyqa"), ()),
    **dict.fromkeys(("cg", "bfgs", "l-bfgs-b", "tnc", "slsqp"), ("jac",)),
    **dict.fromkeys(("newton-cg", "trust-ncg", "trust-krylov", "trust-constr"), ("jac", "hessp")),
    **dict.fromkeys(("trust-exact", "dogleg"), ("jac", "hess")),
}


class ScipyProblem:
    """A scalar as `scipy.optimize.minimize` takes it, on the flat vector of `wrt`; made by `to_scipy`.

    fun(x), jac(x), hessp(x, p)   value, gradient, Hessian-vector product
    hess(x)                       the Hessian as a LinearOperator, which of scipy's methods trust-constr alone takes
    x0                            the flat starting point
    unravel(x)                    the arrays of a flat vector, mirroring `wrt`
    arguments(method)             the keywords of ``minimize`` for one of its methods

    Calls at one x evaluate the nodes that depend on x alone once, whichever comes first.
    """

    def __init__(self, operator: HessianOperator):
        self._operator = operator
        self.x0 = operator._domain.ravel(list(operator._at.values.values())).astype(float)
        self.unravel, self.ravel = operator.unravel, operator.ravel

    def __repr__(self) -> str:
        return f"<scipy problem of {len(self.x0)} numbers>"

    @property
    def counts(self) -> dict[str, int]:
        """How many points were evaluated and how many vectors multiplied."""
        return self._operator.counts

    def at(self, values: Mapping[Any, Any]) -> "ScipyProblem":
        """The problem with other data, or another starting point; values that are not given stay as they are."""
        return type(self)(self._operator.at(values))

    def hess(self, x: Any) -> HessianOperator:
        """The Hessian at x."""
        form, data, domain = self._operator._form, self._operator._at.data, self._operator._domain
        parts = domain.parts(domain.vector(x, "to_scipy: x"))
        values = {n: part.copy() for n, part in zip(form.wrt, parts, strict=True)}
        return self._operator._moved(data.at(values, HessianOperator.first))

    def fun(self, x: Any) -> float:
        """The value at x."""
        return float(self.hess(x).value)

    def jac(self, x: Any) -> np.ndarray:
        """The gradient at x."""
        return self.hess(x).gradient.astype(float)

    def hessp(self, x: Any, p: Any) -> np.ndarray:
        """The Hessian at x times p."""
        return self.hess(x) @ np.asarray(p)

    def arguments(self, method: str) -> dict[str, Any]:
        """``minimize(**arguments(method))``: with the derivatives that the method takes, in the form it takes.

        InputError for a method that scipy does not name: one of your own takes `fun`, `jac`, `hess` and `hessp`.
        """
        if not isinstance(method, str) or method.lower() not in DERIVATIVES:
            raise InputError(
                f"arguments: {method!r} is no method of scipy.optimize.minimize by name ({', '.join(DERIVATIVES)}); "
                "give one of your own the problem's fun, jac, hess and hessp"
            )
        whole = {"jac": self.jac, "hessp": self.hessp, "hess": lambda x: self.hess(x) @ np.eye(len(self.x0))}
        chosen = {name: whole[name] for name in DERIVATIVES[method.lower()]}
        return {"fun": self.fun, "x0": self.x0, "method": method, **chosen}


def to_scipy(
    f: Expr, wrt: Any, at: Mapping[Any, Any], *, copy: bool = False, backend: str = "auto", threads: int | None = None
) -> ScipyProblem:
    """The functions `scipy.optimize.minimize` wants of a scalar expression.

    f, wrt, at, copy, backend, threads  as for `HessianOperator`; the values of `wrt` are the starting point

    Of the methods of `minimize`, Newton-CG, trust-ncg, trust-krylov and trust-constr take products (`hessp`),
    trust-exact and dogleg a whole matrix, trust-constr alone an operator (`hess`); `arguments(method)` knows.

    >>> import scipy.optimize, symdiff as sd
    >>> p = to_scipy(sd.parse("sum((x**2 - a)**2)", x="n", a="n"), "x", at={"x": [1.0, 1.0], "a": [4.0, 9.0]})
    >>> found = scipy.optimize.minimize(**p.arguments("trust-krylov"))
    >>> p.unravel(found.x).round(3)
    array([2., 3.])
    """
    return ScipyProblem(HessianOperator(f, wrt, at, copy=copy, backend=backend, threads=threads))
