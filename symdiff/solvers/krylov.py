"""Hessians and Jacobians as scipy `LinearOperator`s: nothing of size n x n is made.

At a point, every node that does not depend on the vector is evaluated once; a product runs only the others.
Several or matrix-shaped variables are ravelled, one after the other, into the one flat vector that scipy
knows.
"""

from collections.abc import Container, Mapping, Sequence
from math import prod
from typing import Any

import numpy as np
from scipy.sparse.linalg import LinearOperator

from .. import shapes
from ..backends import Function, Linearisation, kept
from ..calculus import build_grad, resolve_wrt
from ..containers import matched, mirrored
from ..errors import GradientError, InputError, ShapeError
from ..expr import Expr
from ..graph import VARIABLE, Graph
from ..ops.products import combination, full
from ..program import as_array, build_program, label, node_of
from ..sweeps import forward_sweep, reverse_sweep

COLUMNS = "_columns"  # the size of the leading axis of a product with many vectors at once


class Layout:
    """The flat vector of several arrays: where each begins, and back."""

    def __init__(self, arrays: Sequence[Any], structure: Any = ()):
        self.structure = structure
        self.shapes = [np.shape(a) for a in arrays]
        stops = np.cumsum([prod(s) for s in self.shapes]).tolist()
        self.spans = list(zip([0, *stops], stops, strict=False))
        self.size = stops[-1]
        self.dtype = np.result_type(*[np.asarray(a).dtype for a in arrays])

    def parts(self, flat: np.ndarray) -> list[np.ndarray]:
        """The arrays of a flat vector; of a matrix whose rows are such vectors, arrays with that leading
        axis."""
        lead = flat.shape[:-1]
        return [flat[..., a:b].reshape(lead + s) for (a, b), s in zip(self.spans, self.shapes, strict=True)]

    def ravel(self, arrays: Sequence[Any], lead: tuple[int, ...] = ()) -> np.ndarray:
        """The flat vector of arrays; rows of them when the arrays have the leading axes `lead`."""
        flat = [np.reshape(a, (*lead, prod(s))) for a, s in zip(arrays, self.shapes, strict=True)]
        return flat[0] if len(flat) == 1 else np.concatenate(flat, axis=-1)

    def vector(self, x: Any, what: str) -> np.ndarray:
        """A flat vector from what a caller gives; InputError when it is none of this size."""
        v = np.asarray(x)
        if v.dtype.kind not in "fiub":
            raise InputError(f"{what} has the type {v.dtype}: a real vector of {self.size} entries is needed")
        if v.shape not in ((self.size,), (self.size, 1)):
            raise InputError(f"{what} has shape {v.shape}, expected ({self.size},)")
        return v.reshape(-1).astype(self.dtype, copy=False)


class Products:
    """A map that is linear in moving variables, at fixed others: made with `lead` = 0, or 1 for many vectors
    at once."""

    def __init__(
        self,
        g: Graph,
        fixed: Sequence[int],
        moving: Sequence[Expr],
        outputs: Sequence[Expr],
        also: Sequence[int] = (),
    ):
        program = build_program(g, [*fixed, *(v.node for v in moving)], [e.node for e in outputs])
        self.outputs = list(outputs)
        self.linearisation = Linearisation(program, fixed, also=also)

    def at(self, point: Mapping[int, Any]) -> tuple[list[Any], Function]:
        also, frontier = self.linearisation.evaluate(point)
        return also, self.linearisation.at(point, self.outputs, frontier)


def directions(g: Graph, like: Sequence[Expr], lead: tuple, taken: Container[int]) -> list[Expr]:
    """Variables of the shapes of expressions with the axes `lead` in front; none of the nodes `taken`."""
    result = []
    for x in like:
        name = ("_V_" if lead else "_v_") + (g._params[x.node][0] if x.op is VARIABLE else str(x.node))
        shape = (*lead, *x.shape)
        while (n := g._variables.get(name)) is not None and (
            n in taken or (g._shape[n], g._dtype[n]) != (shape, x.dtype)
        ):
            name += "_"
        result.append(g.variable(name, shape, dtype=x.dtype))
    return result


def pushed(
    g: Graph, ys: Sequence[Expr], xs: Sequence[Expr], tangents: Sequence[Expr], lead: tuple = ()
) -> list[Expr]:
    """The tangents of ys for tangents of xs."""
    seeds = {x.node: t.node for x, t in zip(xs, tangents, strict=True)}
    found = forward_sweep(g, [y.node for y in ys], seeds, len(lead))
    return [_total(g, found.get(y.node), (*lead, *y.shape)) for y in ys]


def pulled(
    g: Graph, ys: Sequence[Expr], xs: Sequence[Expr], cotangents: Sequence[Expr], lead: tuple = ()
) -> list[Expr]:
    """The cotangents of xs for cotangents of ys."""
    seeds = [(y.node, c.node) for y, c in zip(ys, cotangents, strict=True)]
    found = reverse_sweep(g, seeds, [x.node for x in xs], len(lead))
    return [_total(g, found.get(x.node), (*lead, *x.shape)) for x in xs]


def _total(g: Graph, contributions: Any, shape: shapes.Shape) -> Expr:
    return Expr(g, combination(g, contributions) if contributions else full(g, 0, shape))


class Form:
    """What does not depend on the point: an expression, its variables, and the products' nodes, made once."""

    def __init__(self, what: str, y: Any, wrt: Any):
        if not isinstance(y, Expr):
            raise InputError(
                f"{what}: expected an expression, got {type(y).__name__}; sd.parse(text) reads one"
            )
        self.what, self.y, self.structure, self.g = what, y, wrt, y.graph
        self.xs = resolve_wrt(y.graph, wrt)
        self.wrt = [x.node for x in self.xs]
        if not self.xs or len(set(self.wrt)) < len(self.wrt):
            raise InputError(f"{what}: wrt names {'a variable twice' if self.xs else 'no variable'}")
        inside = self.g.ancestors([y.node])
        self.needed = list(dict.fromkeys([*self.wrt, *(n for n in inside if self.g._op[n] is VARIABLE)]))
        self._made: dict[str, Any] = {}

    def point(self, at: Any, old: Mapping[int, Any] | None = None) -> dict[int, Any]:
        """{node: array} of the variables of the expression, from what is given and, for the rest, from the
        old point."""
        if not isinstance(at, Mapping):
            raise InputError(f"{self.what}: `at` is a dict {{name: value}}, got {type(at).__name__}")
        given = {node_of(self.g, key, self.what): value for key, value in at.items()}
        missing = [label(self.g, n) for n in self.needed if n not in given and (old is None or n not in old)]
        if missing:
            raise InputError(f"{self.what}: `at` has no value for {', '.join(missing)}")
        # the operator stays what it is when the caller changes an array of the point in place
        new = {n: kept(as_array(v, self.g, n)) for n, v in given.items() if n in self.needed}
        return {**(old or {}), **new}

    def gradients(self) -> list[Expr]:
        if "gradients" not in self._made:
            self._made["gradients"] = build_grad(self.g, self.y, list(self.xs))
        return self._made["gradients"]

    def products(self, kind: str) -> Products | None:
        """The products of a kind ("hessian", "jvp", "vjp"; with "*": of many vectors at once), None where an
        op can't."""
        if kind not in self._made:
            try:
                self._made[kind] = self._make(kind)
            except GradientError:  # an op that is registered with a vjp alone knows no leading axes
                if not kind.endswith("*"):
                    raise
                self._made[kind] = None
        return self._made[kind]

    def _make(self, kind: str) -> Products:
        g, lead = self.g, (COLUMNS,) if kind.endswith("*") else ()
        if kind.startswith("hessian"):
            vs, grads = directions(g, self.xs, lead, self.needed), self.gradients()
            also = () if lead else (self.y.node, *(e.node for e in grads))
            return Products(g, self.needed, vs, pushed(g, grads, self.xs, vs, lead), also)
        if kind.startswith("jvp"):
            vs = directions(g, self.xs, lead, self.needed)
            return Products(
                g, self.needed, vs, pushed(g, [self.y], self.xs, vs, lead), () if lead else (self.y.node,)
            )
        us = directions(g, [self.y], lead, self.needed)
        return Products(g, self.needed, us, pulled(g, [self.y], self.xs, us, lead))


class _AtPoint(LinearOperator):
    """A linear map at a point, with the functions of its products as they are needed."""

    def _place(self, form: Form, point: Mapping[int, Any], shape: tuple[int, int], domain: Layout) -> None:
        self._form, self._point, self._domain = form, dict(point), domain
        self._functions: dict[str, Function | None] = {}
        LinearOperator.__init__(self, domain.dtype, shape)

    def __reduce__(self) -> tuple:
        form = self._form
        return type(self), (form.y, form.structure, {Expr(form.g, n): v for n, v in self._point.items()})

    def _function(self, kind: str) -> Function | None:
        if kind not in self._functions:
            products = self._form.products(kind)
            self._functions[kind] = None if products is None else products.at(self._point)[1]
        return self._functions[kind]

    def _product(self, kind: str, x: Any, source: Layout, target: Layout) -> np.ndarray:
        v = source.vector(x, f"{self._form.what}: the vector")
        return target.ravel(self._function(kind)(*source.parts(v)))  # type: ignore[misc]

    def _products(self, kind: str, X: Any, source: Layout, target: Layout) -> np.ndarray:
        """Of every column of X: by leading axes where the ops know them, else one after the other."""
        X = np.asarray(X)
        if X.dtype.kind not in "fiub":
            raise InputError(f"{self._form.what}: the vectors have the type {X.dtype}: real ones are needed")
        fn = self._function(kind + "*") if X.shape[1] else None
        if fn is None:
            columns = [self._product(kind, X[:, k], source, target) for k in range(X.shape[1])]
            return np.stack(columns, axis=1) if columns else np.empty((target.size, 0), target.dtype)
        rows = np.ascontiguousarray(X.T, dtype=source.dtype)
        return target.ravel(fn(*source.parts(rows)), (X.shape[1],)).T


class HessianOperator(_AtPoint):
    """The Hessian of a scalar at a point, as a self-adjoint scipy LinearOperator.

    f    a scalar expression
    wrt  an Expr or a name, or a list, tuple or dict of them; matrices are ravelled, several variables follow
         each other
    at   {name or Expr: value} for every variable of f

    value, gradient   f and its gradient (flat) at the point
    at({...})         the operator at another point; what is not given stays as it is
    unravel(flat)     the arrays of a flat vector, mirroring `wrt`; `ravel` is its inverse

    A product evaluates only the nodes that depend on the vector; several vectors go through at once (`H @
    V`). For `scipy.optimize.minimize` see `to_scipy`. Raises InputError for missing, unknown or misshapen
    values, ShapeError when f is no scalar, GradientError where a derivative is not known.

    Source: Pearlmutter, "Fast exact multiplication by the Hessian", Neural Computation 6 (1994).

    >>> import symdiff as sd
    >>> f = sd.parse("logsumexp(x) + x @ x/2", x="n")
    >>> H = sd.HessianOperator(f, "x", at={"x": [0.0, 0.0]})
    >>> H @ [1.0, -1.0]
    array([ 1.5, -1.5])
    """

    def __init__(self, f: Expr, wrt: Any, at: Mapping[Any, Any]):
        form = Form("HessianOperator", f, wrt)
        if f.shape:
            raise ShapeError(f"HessianOperator: expected a scalar, got shape {shapes.text(f.shape)}")
        self._move(form, form.point(at))

    def _move(self, form: Form, point: Mapping[int, Any]) -> None:
        layout = Layout([point[n] for n in form.wrt], form.structure)
        self._place(form, point, (layout.size, layout.size), layout)
        products = form.products("hessian")
        (self.value, *gradients), self._functions["hessian"] = products.at(point)  # type: ignore[union-attr]
        self._gradient = layout.ravel(gradients)

    @property
    def gradient(self) -> np.ndarray:
        """The gradient at the point, flat: an array of the caller's own."""
        return self._gradient.copy()

    def at(self, values: Mapping[Any, Any]) -> "HessianOperator":
        """The operator at another point; values that are not given stay as they are."""
        other = LinearOperator.__new__(type(self))
        other._move(self._form, self._form.point(values, self._point))
        return other

    def ravel(self, values: Any) -> np.ndarray:
        """One flat vector of arrays that mirror `wrt`."""
        return self._domain.ravel(matched(self._form.structure, values, "ravel"))

    def unravel(self, flat: Any) -> Any:
        """The arrays of a flat vector, mirroring `wrt`."""
        return mirrored(
            self._form.structure, self._domain.parts(self._domain.vector(flat, "unravel: the vector"))
        )

    def _matvec(self, x: Any) -> np.ndarray:
        return self._product("hessian", x, self._domain, self._domain)

    def _matmat(self, X: Any) -> np.ndarray:
        return self._products("hessian", X, self._domain, self._domain)

    def _adjoint(self) -> "HessianOperator":
        return self

    _transpose = _adjoint
    _rmatvec, _rmatmat = _matvec, _matmat


class JacobianOperator(_AtPoint):
    """The Jacobian of an expression at a point, as a scipy LinearOperator: `matvec` is a jvp, `rmatvec` a
    vjp.

    y    an expression of any shape, ravelled
    wrt  an Expr or a name, or a list, tuple or dict of them, ravelled one after the other
    at   {name or Expr: value} for every variable of y

    value      y at the point, of its own shape
    at({...})  the operator at another point; what is not given stays as it is

    >>> import symdiff as sd
    >>> y = sd.parse("A @ sin(x)", A="m n", x="n")
    >>> J = sd.JacobianOperator(y, "x", at={"A": [[1.0, 2.0]], "x": [0.0, 0.0]})
    >>> J @ [1.0, 1.0], J.T @ [1.0]
    (array([3.]), array([1., 2.]))
    """

    def __init__(self, y: Expr, wrt: Any, at: Mapping[Any, Any]):
        form = Form("JacobianOperator", y, wrt)
        self._move(form, form.point(at))

    def _move(self, form: Form, point: Mapping[int, Any]) -> None:
        layout = Layout([point[n] for n in form.wrt], form.structure)
        products = form.products("jvp")
        (self.value,), forward = products.at(point)  # type: ignore[union-attr]
        self._range = Layout([self.value])
        self._place(form, point, (self._range.size, layout.size), layout)
        self._functions["jvp"] = forward

    at = HessianOperator.at
    ravel, unravel = HessianOperator.ravel, HessianOperator.unravel

    def _matvec(self, x: Any) -> np.ndarray:
        return self._product("jvp", x, self._domain, self._range)

    def _matmat(self, X: Any) -> np.ndarray:
        return self._products("jvp", X, self._domain, self._range)

    def _rmatvec(self, x: Any) -> np.ndarray:
        return self._product("vjp", x, self._range, self._domain)

    def _rmatmat(self, X: Any) -> np.ndarray:
        return self._products("vjp", X, self._range, self._domain)


class ScipyProblem:
    """A scalar as `scipy.optimize.minimize` takes it, on the flat vector of `wrt`; made by `to_scipy`.

    fun(x), jac(x), hessp(x, p)   value, gradient, Hessian-vector product
    hess(x)                       the Hessian as a LinearOperator
    x0                            the flat starting point
    unravel(x)                    the arrays of a flat vector, mirroring `wrt`
    arguments(method)             the keywords of ``minimize`` for one of its methods

    Calls at one x evaluate the nodes that depend on x alone once, whichever comes first.
    """

    def __init__(self, operator: HessianOperator):
        self.x0 = operator._domain.ravel([operator._point[n] for n in operator._form.wrt]).astype(float)
        self._last = self.x0.copy(), operator  # one object: threads see a point with its own operator
        self.unravel, self.ravel = operator.unravel, operator.ravel

    def __repr__(self) -> str:
        return f"<scipy problem of {len(self.x0)} numbers>"

    def hess(self, x: Any) -> HessianOperator:
        """The Hessian at x."""
        at, last = self._last
        x = last._domain.vector(x, "to_scipy: x")
        if not np.array_equal(x, at):
            parts = [part.copy() for part in last._domain.parts(x)]
            other = LinearOperator.__new__(HessianOperator)
            other._move(last._form, {**last._point, **dict(zip(last._form.wrt, parts, strict=True))})
            self._last = x.copy(), other
            return other
        return last

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
        """``minimize(**arguments(method))``: with the derivatives that the method takes, in the form it takes."""
        kind = method.lower()
        chosen: dict[str, Any] = {"fun": self.fun, "x0": self.x0, "method": method}
        if kind not in ("nelder-mead", "powell", "cobyla", "cobyqa"):
            chosen["jac"] = self.jac
        if kind in ("newton-cg", "trust-ncg", "trust-krylov", "trust-constr"):
            chosen["hessp"] = self.hessp
        if kind in ("trust-exact", "dogleg"):
            chosen["hess"] = lambda x: self.hess(x) @ np.eye(len(self.x0))
        return chosen


def to_scipy(f: Expr, wrt: Any, at: Mapping[Any, Any]) -> ScipyProblem:
    """The functions `scipy.optimize.minimize` wants of a scalar expression.

    f, wrt, at  as for `HessianOperator`; the values of `wrt` are the starting point

    >>> import scipy.optimize, symdiff as sd
    >>> p = to_scipy(sd.parse("sum((x**2 - a)**2)", x="n", a="n"), "x", at={"x": [1.0, 1.0], "a": [4.0, 9.0]})
    >>> found = scipy.optimize.minimize(**p.arguments("trust-krylov"))
    >>> p.unravel(found.x).round(3)
    array([2., 3.])
    """
    return ScipyProblem(HessianOperator(f, wrt, at))
