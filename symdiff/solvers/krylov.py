"""Hessians and Jacobians as scipy `LinearOperator`s: nothing of size n x n is made.

At a point, every node that does not depend on the vector is evaluated once; a product runs only the others. Nodes that
depend on data alone are evaluated once for all points. Several or matrix-shaped variables are ravelled, one after the
other, into the one flat vector that scipy knows.
"""

import reprlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from scipy.sparse import issparse
from scipy.sparse.linalg import LinearOperator, aslinearoperator

from .. import shapes
from ..containers import matched, mirrored
from ..errors import ArgumentError, InputError, ShapeError, SymdiffError
from ..expr import Expr
from ..lazy import module
from ..program import engine_of
from ..splitting import Split
from .layouts import Layout, numbers
from .products import Data, Form, Point


class AtPoint(LinearOperator):
    """A derivative at a point as a linear map: what Hessian and Jacobian operators share."""

    first: str  # the kind of product that comes with the values

    def __init__(
        self, y: Expr, wrt: Any, at: Mapping[Any, Any], *, copy: bool = False, backend: str = "auto",
        threads: int | None = None, also: Sequence[Expr] = (),
    ):  # fmt: skip
        self._begin(Form(type(self).__name__, y, wrt, backend, threads, also), at, copy)

    def _begin(self, form: Form, at: Mapping[Any, Any], copy: bool) -> None:
        self._check(form)
        values = form.given(at, copy)
        self._copy = copy
        self._place(Data(form, values).at(values, self.first))

    def _check(self, form: Form) -> None:
        """The expression is of the kind that is needed."""

    def _place(self, point: Point) -> None:
        raise NotImplementedError

    def _placed(self, point: Point, domain: Layout, target: Layout) -> None:
        self._at, self._domain, self._range = point, domain, target
        self._form: Form = point.data.form
        LinearOperator.__init__(self, domain.dtype, (target.size, domain.size))

    def __reduce__(self) -> tuple:
        form = self._form
        keywords = {"copy": self._copy, "backend": form.backend, "threads": form.options.get("threads")}
        # rows on devices are read: pickle would narrow them to the types of JAX's setting there
        at = {k: np.asarray(v) if engine_of(v) == "jax" else v for k, v in self._at.at.items()}
        return _made_again, (type(self), form.y, form.structure, at, {**keywords, **form.own})

    def __repr__(self) -> str:
        rows, columns = self.shape
        points, products = self.counts.values()
        return f"<{type(self).__name__} of shape ({rows}, {columns}): {points} point(s), {products} product(s) so far>"

    def __add__(self, other: Any) -> Any:
        """A sum with another operator or matrix, which keeps the value and the gradient of this one."""
        if issparse(other) or isinstance(other, np.ndarray):
            other = aslinearoperator(other)
        if not isinstance(other, LinearOperator):
            raise ArgumentError(_no_map(self._form.what, other))
        if other.shape != self.shape:
            raise InputError(f"{self._form.what}: operators of shapes {self.shape} and {other.shape} can't be added")
        return Sum(self, other)

    __radd__ = __add__

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        raise InputError(
            f"{self._form.what} is no array: products are `H @ v`, the whole matrix is `H @ np.eye(n)`; of the methods "
            "of scipy.optimize.minimize trust-constr and Newton-CG take an operator as hess, trust-ncg and "
            "trust-krylov take products (hessp), trust-exact and dogleg a matrix: to_scipy(...).arguments(method) "
            "gives each what it takes"
        )

    @property
    def flags(self) -> Any:
        """What scipy asks of an array before it factorises one."""
        return self.__array__()

    @property
    def counts(self) -> dict[str, int]:
        """How many points were evaluated and how many vectors multiplied, by all operators on this data."""
        return dict(self._at.data.counts)

    def at(self, values: Mapping[Any, Any]) -> Any:
        """The operator at another point; values that are not given stay as they are.

        What depends on data alone is kept unless one of *its* names is given. At the last point, to the last bit,
        nothing is evaluated again.
        """
        form, data, old = self._form, self._at.data, {**self._at.data.values, **self._at.values}
        given = form.given(values, self._copy, old)
        new = {**old, **given}
        if not given.keys().isdisjoint(form.data):
            data = Data(form, new)
        return self._moved(data.at(new, self.first))

    def _moved(self, point: Point) -> Any:
        other = LinearOperator.__new__(type(self))
        other._copy = self._copy
        other._place(point)
        return other

    def split(self, axis: str) -> Split:
        """How data, point and products are computed in chunks of the rows of a named axis: see `function`'s."""
        return self._form.products(self.first).split(axis)  # type: ignore[union-attr]

    def ravel(self, values: Any) -> np.ndarray:
        """One flat vector of arrays that mirror `wrt`."""
        return self._domain.ravel(matched(self._form.structure, values, "ravel"))

    def unravel(self, flat: Any) -> Any:
        """The arrays of a flat vector, mirroring `wrt`."""
        return mirrored(
            self._form.structure, self._domain.parts(self._domain.vector(flat, "unravel: the vector"))
        )

    def dot(self, x: Any) -> Any:
        """The product with a vector, with the columns of a matrix, or with another operator."""
        plain = type(x) is np.ndarray and x.shape == self.shape[1:] and x.dtype == self.dtype
        # scipy's checks take as long as a small product
        return self._matvec(x) if plain else super().dot(_operand(self._form.what, x))

    def __matmul__(self, x: Any) -> Any:
        return self.dot(_factor(self._form.what, x))

    # scipy's own checks give an error that does not say what was given
    def matvec(self, x: Any) -> np.ndarray:
        return super().matvec(self._fitting(x, self.shape[1]))

    def rmatvec(self, x: Any) -> np.ndarray:
        return super().rmatvec(self._fitting(x, self.shape[0]))

    def matmat(self, X: Any) -> np.ndarray:
        return super().matmat(self._fitting(X, self.shape[1], many=True))

    def rmatmat(self, X: Any) -> np.ndarray:
        return super().rmatmat(self._fitting(X, self.shape[0], many=True))

    def _fitting(self, x: Any, size: int, many: bool = False) -> Any:
        shape = np.shape(x if hasattr(x, "shape") else _operand(self._form.what, x))
        if not (len(shape) == 2 and shape[0] == size if many else shape in ((size,), (size, 1))):
            wanted = f"({size},)" + " in each column" * many
            raise InputError(f"{self._form.what}: a vector of shape {shape}, expected {wanted}")
        return x

    def _product(self, kind: str, x: Any, source: Layout, target: Layout) -> np.ndarray:
        if not source.takes(x) and np.iscomplexobj(x):
            parts = [self._product(kind, part, source, target) for part in (np.real(x), np.imag(x))]
            return parts[0] + 1j * parts[1]
        v = source.vector(x, f"{self._form.what}: the vector")
        self._at.data.counts["products"] += 1
        return target.ravel(self._at.product(kind)(*source.parts(v)))  # type: ignore[misc]

    def _products(self, kind: str, X: Any, source: Layout, target: Layout) -> np.ndarray:
        """Of every column of X: by leading axes where the ops know them, else one after the other."""
        if np.iscomplexobj(X):
            parts = [self._products(kind, part, source, target) for part in (np.real(X), np.imag(X))]
            return parts[0] + 1j * parts[1]
        X = numbers(X, f"{self._form.what}: the vectors")
        fn = self._at.product(kind + "*") if X.shape[1] else None
        if fn is None:
            columns = [self._product(kind, X[:, k], source, target) for k in range(X.shape[1])]
            return np.stack(columns, axis=1) if columns else np.empty((target.size, 0), target.dtype)
        self._at.data.counts["products"] += X.shape[1]
        rows = np.ascontiguousarray(X.T, dtype=source.dtype)
        return target.ravel(fn(*source.parts(rows)), (X.shape[1],)).T


def _operand(what: str, x: Any) -> Any:
    """What a map multiplies: a number, vectors, or another map."""
    try:
        listed = np.asarray(x) if not hasattr(x, "shape") else x
        refused = isinstance(listed, np.ndarray) and (listed.ndim > 2 or listed.dtype.kind not in "fiubc")
    except ValueError:  # lists of several lengths
        refused = True
    if refused:
        raise InputError(f"{what}: a product with {reprlib.repr(x)}: a vector or the columns of a matrix is needed")
    return x


def _factor(what: str, x: Any) -> Any:
    """What stands on the right of ``@``."""
    if np.isscalar(x):
        raise InputError(f"{what}: a product with {reprlib.repr(x)}: a multiple is written with *")
    return x


def _no_map(what: str, x: Any) -> str:
    return (
        f"{what}: {reprlib.repr(x)} can't be combined with it: a multiple is c*H, a product H @ v, and a sum takes "
        "another operator or matrix (H + c*scipy.sparse.eye_array(n))"
    )


def _combined(name: str) -> Callable[[AtPoint, Any], Any]:
    """scipy's operator, with an error of its own for what is no operand."""
    inherited = getattr(LinearOperator, name)

    def method(self: AtPoint, other: Any) -> Any:
        try:
            result = inherited(self, other)
        except SymdiffError:
            raise
        except (TypeError, ValueError, AttributeError) as error:
            raise ArgumentError(_no_map(self._form.what, other)) from error
        if result is NotImplemented:
            raise ArgumentError(_no_map(self._form.what, other))
        return result

    return method


for _name in ("__mul__", "__rmul__", "__rmatmul__", "__sub__", "__truediv__", "__pow__"):
    setattr(AtPoint, _name, _combined(_name))


def _made_again(kind: type[AtPoint], y: Expr, wrt: Any, at: Mapping[Any, Any], keywords: Mapping[str, Any]) -> AtPoint:
    return kind(y, wrt=wrt, at=at, **keywords)


class Sum(LinearOperator):
    """A derivative and another operator, as ``H + c*I``: `value`, `gradient` and the rest are the derivative's."""

    def __init__(self, first: Any, other: LinearOperator):
        self.first, self.other = first, other
        super().__init__(np.result_type(first.dtype, other.dtype), first.shape)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name in ("first", "other"):
            raise AttributeError(name)
        return getattr(self.first, name)

    def at(self, values: Mapping[Any, Any]) -> "Sum":
        """The sum at another point of the derivative."""
        return Sum(self.first.at(values), self.other)

    def _matvec(self, x: Any) -> np.ndarray:
        return self.first @ x + self.other @ x

    _matmat = _matvec

    def _rmatvec(self, x: Any) -> np.ndarray:
        return self.first.H @ x + self.other.H @ x

    _rmatmat = _rmatvec

    def _adjoint(self) -> "Sum":
        return self if self.first.H is self.first and self.other.H is self.other else Sum(self.first.H, self.other.H)


class CurvatureOperator(AtPoint):
    """What Hessians and their approximations share: self-adjoint, with value and gradient of the scalar."""

    def _check(self, form: Form) -> None:
        if form.y.shape:
            raise ShapeError(f"{form.what}: expected a scalar, got shape {shapes.text(form.y.shape)}")

    def _place(self, point: Point) -> None:
        self.value, *gradients = point.also
        layout = Layout(list(point.values.values()), point.data.form.structure)
        self._gradient = layout.ravel(gradients)
        self._placed(point, layout, layout)

    @property
    def gradient(self) -> np.ndarray:
        """The gradient at the point, flat: an array of the caller's own."""
        return self._gradient.copy()

    def _matvec(self, x: Any) -> np.ndarray:
        return self._product(self.first, x, self._domain, self._domain)

    def _matmat(self, X: Any) -> np.ndarray:
        return self._products(self.first, X, self._domain, self._domain)

    def _adjoint(self) -> "CurvatureOperator":
        return self

    _transpose = _adjoint
    _rmatvec, _rmatmat = _matvec, _matmat

    def diagonal(self, samples: int | None = None, seed: int = 0) -> Any:
        """The diagonal: exact, from its formula where no matrix has to be formed, from the sparse matrix, or else by
        as many products as there are variables. With `samples`, an `Estimate` by so many products (XDiag)."""
        return module("symdiff.solvers.curvature").diagonal(self, samples, seed)

    def trace(self, samples: int | None = None, seed: int = 0) -> Any:
        """The sum of the diagonal: exact; with `samples`, an `Estimate` by so many products (XTrace)."""
        return module("symdiff.solvers.curvature").trace(self, samples, seed)

    def logdet(self, samples: int = 20, steps: int = 30, seed: int = 0) -> Any:
        """log(det(H)) of a positive definite map, an `Estimate` by ``samples*steps`` products (Lanczos quadrature)."""
        return module("symdiff.solvers.estimates").logdet(self, samples, steps, seed)

    def block(self, *names: Any) -> Any:
        """The block of some of the variables: the same map by these alone, with the others as data."""
        return module("symdiff.solvers.curvature").block(self, names)

    def preconditioner(self, kind: str = "jacobi") -> LinearOperator:
        """The inverse of the diagonal ("jacobi"), or of the block of each variable ("block"), as an operator.

        Signs are dropped and zeros are 1, so that it is positive definite.
        """
        return module("symdiff.solvers.curvature").preconditioner(self, kind)


class HessianOperator(CurvatureOperator):
    """The Hessian of a scalar at a point, as a self-adjoint scipy LinearOperator.

    f        a scalar expression
    wrt      an Expr or a name, or a list, tuple or dict of them; matrices are ravelled, several variables follow
             each other
    at       {name or Expr: value} for every variable of f
    copy     data is used where it lies (the values of `wrt` are copied): after a change in place results are undefined
             until its name is given to `.at` again. True: the operator stays what it is
    backend  "numpy", "tape", "jax", "torch", or "auto": the tape for many instructions on scalars and small arrays
    threads  for loops over rows, on numpy
    also     further expressions whose variables `at` has values for

    value, gradient   f and its gradient (flat) at the point
    at({...})         the operator at another point; what is not given stays as it is
    counts            {"points": evaluated, "products": with one vector each}
    diagonal(), trace(), logdet(), block(name), preconditioner(kind)
    H + c*I           keeps value and gradient
    unravel(flat)     the arrays of a flat vector, mirroring `wrt`; `ravel` is its inverse

    A product evaluates only the nodes that depend on the vector; several vectors go through at once (`H @
    V`); complex ones by their real and imaginary parts. For `scipy.optimize.minimize` see `to_scipy`. Raises InputError
    for missing, unknown or misshapen values, ShapeError when f is no scalar, GradientError where a derivative is not
    known.

    Source: Pearlmutter, "Fast exact multiplication by the Hessian", Neural Computation 6 (1994).

    >>> import symdiff as sd
    >>> f = sd.parse("logsumexp(x) + x @ x/2", x="n")
    >>> H = sd.HessianOperator(f, "x", at={"x": [0.0, 0.0]})
    >>> H @ [1.0, -1.0]
    array([ 1.5, -1.5])
    """

    first = "hessian"


class JacobianOperator(AtPoint):
    """The Jacobian of an expression at a point, as a scipy LinearOperator: `matvec` is a jvp, `rmatvec` a
    vjp.

    y    an expression of any shape, ravelled
    wrt  an Expr or a name, or a list, tuple or dict of them, ravelled one after the other
    at   {name or Expr: value} for every variable of y
    copy, backend, threads  as for `HessianOperator`

    value      y at the point, of its own shape
    at({...})  the operator at another point; what is not given stays as it is

    >>> import symdiff as sd
    >>> y = sd.parse("A @ sin(x)", A="m n", x="n")
    >>> J = sd.JacobianOperator(y, "x", at={"A": [[1.0, 2.0]], "x": [0.0, 0.0]})
    >>> J @ [1.0, 1.0], J.T @ [1.0]
    (array([3.]), array([1., 2.]))
    """

    first = "jvp"

    def _place(self, point: Point) -> None:
        (self.value,) = point.also
        self._placed(point, Layout(list(point.values.values()), point.data.form.structure), Layout([self.value]))

    def _matvec(self, x: Any) -> np.ndarray:
        return self._product("jvp", x, self._domain, self._range)

    def _matmat(self, X: Any) -> np.ndarray:
        return self._products("jvp", X, self._domain, self._range)

    def _rmatvec(self, x: Any) -> np.ndarray:
        return self._product("vjp", x, self._range, self._domain)

    def _rmatmat(self, X: Any) -> np.ndarray:
        return self._products("vjp", X, self._range, self._domain)

    def _adjoint(self) -> "TransposedOperator":
        return TransposedOperator(self)

    _transpose = _adjoint


class TransposedOperator(LinearOperator):
    """The transpose of a `JacobianOperator`: its products are the other's `rmatvec`."""

    def __init__(self, of: JacobianOperator):
        self.of = of
        super().__init__(of.dtype, of.shape[::-1])

    def dot(self, x: Any) -> Any:
        return super().dot(_operand(self.of._form.what, x))

    def __matmul__(self, x: Any) -> Any:
        return self.dot(_factor(self.of._form.what, x))

    def _matvec(self, x: Any) -> np.ndarray:
        return self.of.rmatvec(x)

    def _rmatvec(self, x: Any) -> np.ndarray:
        return self.of.matvec(x)

    def _matmat(self, X: Any) -> np.ndarray:
        return self.of.rmatmat(X)

    def _rmatmat(self, X: Any) -> np.ndarray:
        return self.of.matmat(X)

    matvec, rmatvec, matmat, rmatmat = _matvec, _rmatvec, _matmat, _rmatmat  # the other checks what it is given

    def _adjoint(self) -> JacobianOperator:
        return self.of

    _transpose = _adjoint
