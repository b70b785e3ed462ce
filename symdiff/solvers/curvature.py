"""Gauss-Newton and Fisher operators; diagonals, blocks and preconditioners of curvatures."""

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Any

import numpy as np
import scipy.linalg
from scipy.sparse.linalg import LinearOperator

from ..backends import function
from ..calculus import build_grad, hessian, jacobian
from ..containers import leaves
from ..errors import GradientError, InputError, SymdiffError
from ..expr import Expr
from ..op import FUNCTIONS
from ..ops.products import combination
from ..ops.sparse import is_sparse
from ..program import build_program
from . import estimates
from .diagonals import diagonal_of, largest, quadratic_diagonal
from .instances import sizes_of
from .krylov import CurvatureOperator, HessianOperator
from .products import COLUMNS, Form, Products, directions, pulled, pushed
from .sparse import SparseHessian

WIDTH = 64  # products at once, where all columns are needed
ROOM = 4  # a formula may form arrays so many times as large as data and variables


class GaussNewtonForm(Form):
    """Products ``J' M J v``: J of the outputs by the variables, M the Hessian of the loss by the outputs."""

    def __init__(self, what: str, y: Any, of: Any, wrt: Any, backend: str, threads: int | None, damping: float):
        super().__init__(what, y, wrt, backend, threads)
        self.outputs = leaves(of)
        if not self.outputs or not all(isinstance(e, Expr) and e.graph is self.g for e in self.outputs):
            raise InputError(f"{what}: `of` is the outputs of the model, expressions of the loss's graph")
        inside = set(self.g.ancestors([self.y.node]))
        if any(e.node not in inside for e in self.outputs):
            raise InputError(f"{what}: the loss does not depend on all of the outputs `of`")
        self.damping = damping
        self.own = {"of": of, "damping": damping}
        self.middle = self.y  # the scalar whose Hessian by the outputs is M

    def weighted(self, moved: list[Expr], lead: tuple) -> list[Expr]:
        """M times the tangents of the outputs."""
        slopes = build_grad(self.g, self.middle, list(self.outputs))
        return pushed(self.g, slopes, self.outputs, moved, lead)

    def _make(self, kind: str) -> Products:
        g, xs, lead = self.g, self.xs, (COLUMNS,) if kind.endswith("*") else ()
        vs = directions(g, xs, lead, [*self.wrt, *self.data])
        moved = pushed(g, self.outputs, xs, vs, lead)
        results = pulled(g, self.outputs, xs, self.weighted(moved, lead), lead)
        if self.damping:
            results = [
                Expr(g, combination(g, [(1, r.node), (self.damping, v.node)])) for r, v in zip(results, vs, strict=True)
            ]
        also = [] if lead else [self.y.node, *(e.node for e in self.gradients())]
        return Products(g, self.data, self.wrt, vs, results, also, self.backend, self.options)

    def diagonals(self) -> list[Expr]:
        """The diagonal by each variable, as formulas."""
        if len(self.outputs) > 1:
            raise GradientError("the diagonal has a formula for one output")
        (z,) = self.outputs
        middle = hessian(self.middle, z)
        found = [quadratic_diagonal(jacobian(z, x, "reverse"), middle, z.ndim, x.ndim) for x in self.xs]
        return [d + self.damping for d in found] if self.damping else found


class GaussNewtonOperator(CurvatureOperator):
    """The Gauss-Newton matrix of a loss of a model's outputs, as a scipy LinearOperator: ``J' M J + damping*I``.

    loss     a scalar expression that depends on wrt through `of` alone (what does not is left out of the matrix)
    of       the outputs: an interior Expr of the loss, or a list of them
    wrt, at, copy, backend, threads  as for `HessianOperator`, whose attributes it has
    damping  c of a term c*I

    M is the Hessian of the loss by the outputs. It is positive semidefinite where the loss is convex in them, and the
    Hessian itself at a point where the residuals vanish. Raises InputError for outputs that the loss does not have.

    Source: Schraudolph, "Fast curvature matrix-vector products for second-order gradient descent", Neural Computation
    14 (2002).

    >>> import symdiff as sd
    >>> g = sd.Graph(); x, t = g.variable("x", 2), g.variable("t", 2)
    >>> z = x**3
    >>> G = sd.GaussNewtonOperator(sd.sum((z - t)**2)/2, of=z, wrt=x, at={x: [1.0, 2.0], t: [0.0, 0.0]})
    >>> G @ [1.0, 1.0], G.diagonal()
    (array([  9., 144.]), array([  9., 144.]))
    """

    first = "gauss-newton"

    def __init__(
        self, loss: Expr, of: Any, wrt: Any, at: Mapping[Any, Any], *, damping: float = 0.0, copy: bool = False,
        backend: str = "auto", threads: int | None = None,
    ):  # fmt: skip
        form = GaussNewtonForm(type(self).__name__, loss, of, wrt, backend, threads, damping)
        self._begin(form, at, copy)


# --- Fisher information ---------------------------------------------------------------------------------------------

PARTITIONS: dict[str, Callable[[Expr], Any]] = {  # family -> log of the partition function of its natural parameters
    "normal": lambda z: z**2 / 2,
    "bernoulli": FUNCTIONS["softplus"],
    "categorical": lambda z: FUNCTIONS["logsumexp"](z, axis=-1),
    "poisson": FUNCTIONS["exp"],
}


class FisherForm(GaussNewtonForm):
    """Gauss-Newton with the Fisher information of a family, or with the squares of the samples' own slopes, for M."""

    def __init__(
        self, what: str, y: Any, of: Any, wrt: Any, backend: str, threads: int | None, damping: float, family: str,
        kind: str,
    ):  # fmt: skip
        if kind not in ("exact", "empirical"):
            raise InputError(f"{what}: kind is 'exact' or 'empirical', not {kind!r}")
        if family not in PARTITIONS:
            raise InputError(f"{what}: family is one of {', '.join(PARTITIONS)}, not {family!r}")
        super().__init__(what, y, of, wrt, backend, threads, damping)
        if len(self.outputs) > 1 or not self.outputs[0].shape:
            raise InputError(f"{what}: `of` is one array, the natural parameters of each sample along its first axis")
        (z,) = self.outputs
        self.kind = kind
        self.own |= {"family": family, "kind": kind}
        self.middle = FUNCTIONS["sum"](PARTITIONS[family](z))

    def weighted(self, moved: list[Expr], lead: tuple) -> list[Expr]:
        if self.kind == "exact":
            return super().weighted(moved, lead)
        (slope,), (t,) = build_grad(self.g, self.y, list(self.outputs)), moved
        own = tuple(range(len(lead) + 1, t.ndim))
        return [slope * FUNCTIONS["sum"](slope * t, axis=own, keepdims=True)]

    def diagonals(self) -> list[Expr]:
        if self.kind == "empirical":
            raise GradientError("the diagonal of an empirical Fisher matrix is found by products")
        return super().diagonals()


class FisherOperator(CurvatureOperator):
    """The Fisher information of a model's natural parameters, as a scipy LinearOperator: ``J' M J + damping*I``.

    loss     the negative log likelihood, a scalar expression: `value` and `gradient` are its
    of       the natural parameters, an interior Expr of the loss, the samples along its first axis: mean ("normal", of
             variance 1), logit ("bernoulli"), logits along the last axis ("categorical"), log of the rate ("poisson")
    family   one of these
    kind     "exact": M is the information of the family, whatever was observed; "empirical": the sum over the samples
             of the squares of their own gradients
    wrt, at, damping, copy, backend, threads  as for `GaussNewtonOperator`

    Source: Martens, "New insights and perspectives on the natural gradient method", JMLR 21 (2020).

    >>> import symdiff as sd
    >>> g = sd.Graph(); w, y = g.variable("w", 2), g.variable("y", 2)
    >>> F = sd.FisherOperator(sd.sum(sd.exp(w) - y*w), of=w, family="poisson", wrt=w, at={w: [0.0, 1.0], y: [2.0, 3.0]})
    >>> (F @ [1.0, 1.0]).round(3)
    array([1.   , 2.718])
    """

    first = "fisher"

    def __init__(
        self, loss: Expr, of: Any, wrt: Any, at: Mapping[Any, Any], *, family: str = "normal", kind: str = "exact",
        damping: float = 0.0, copy: bool = False, backend: str = "auto", threads: int | None = None,
    ):  # fmt: skip
        form = FisherForm(type(self).__name__, loss, of, wrt, backend, threads, damping, family, kind)
        self._begin(form, at, copy)


# --- diagonals and blocks --------------------------------------------------------------------------------------------


def diagonal(H: CurvatureOperator, samples: int | None, seed: int) -> Any:
    """See `CurvatureOperator.diagonal`."""
    if samples is not None:
        return estimates.diagonal(H, samples, seed)
    for way in (_by_formula, _by_sparse_matrix):
        found = way(H)
        if found is not None:
            return found
    n = H.shape[0]
    result = np.empty(n, H.dtype)
    for start in range(0, n, WIDTH):
        stop = min(start + WIDTH, n)
        columns = np.zeros((n, stop - start), H.dtype)
        columns[np.arange(start, stop), np.arange(stop - start)] = 1
        result[start:stop] = np.diagonal((H @ columns)[start:stop])
    return result


def trace(H: CurvatureOperator, samples: int | None, seed: int) -> Any:
    """See `CurvatureOperator.trace`."""
    return float(diagonal(H, None, seed).sum()) if samples is None else estimates.trace(H, samples, seed)


def _by_formula(H: CurvatureOperator) -> np.ndarray | None:
    """The diagonal from its formula; None where that forms arrays that are much larger than what is given."""
    form, values = H._form, {**H._at.data.values, **H._at.values}
    if "diagonal" not in form._made:
        form._made["diagonal"] = _formula(form)
    found = form._made["diagonal"]
    if found is None:
        return None
    program = build_program(form.g, list(values), [e.node for e in found])
    room = ROOM * max(prod(np.shape(v)) for v in values.values())
    if not any(map(is_sparse, values.values())) and largest(program, sizes_of(form.g, values)) > room:
        return None
    if "diagonal function" not in form._made:
        form._made["diagonal function"] = function([Expr(form.g, n) for n in values], found)
    ordered = [values[e] for e in form._made["diagonal function"].program.inputs]
    return H._domain.ravel(form._made["diagonal function"](*ordered))


def _formula(form: Form) -> list[Expr] | None:
    try:
        if isinstance(form, GaussNewtonForm):
            return form.diagonals()
        return [diagonal_of(jacobian(g, x, "reverse"), x.ndim) for g, x in zip(form.gradients(), form.xs, strict=True)]
    except SymdiffError:  # an op without leading axes, a sweep that knows no formula: products do it
        return None


def _by_sparse_matrix(H: CurvatureOperator) -> np.ndarray | None:
    """The diagonal of the sparse matrix where its entries have formulas."""
    if not isinstance(H, HessianOperator):
        return None
    form = H._form
    values = {e: v for e, v in H._at.at.items() if e.node in {*form.wrt, *form.data}}
    if "sparse" not in form._made:
        try:
            form._made["sparse"] = SparseHessian(form.y, form.xs, values)
        except SymdiffError:
            form._made["sparse"] = None
    made = form._made["sparse"]
    return None if made is None or made.products else made.at(values).tocsr().diagonal()


def block(H: CurvatureOperator, names: Sequence[Any]) -> Any:
    """See `CurvatureOperator.block`."""
    form, values = H._form, H._at.at
    wrt = list(names)
    if not wrt:
        raise InputError(f"{form.what}: block takes the names of some variables")
    chosen = {e.node for e in Form(form.what, form.y, wrt).xs}
    if not chosen <= set(form.wrt):
        raise InputError(f"{form.what}: block {names!r} is not among the variables of the operator")
    keywords: dict[str, Any] = {"backend": form.backend, "threads": form.options.get("threads"), **form.own}
    return type(H)(form.y, wrt=wrt[0] if len(wrt) == 1 else wrt, at=values, **keywords)


def preconditioner(H: CurvatureOperator, kind: str) -> LinearOperator:
    """See `CurvatureOperator.preconditioner`."""
    if kind == "jacobi":
        scale = np.abs(diagonal(H, None, 0))
        return _inverse(H, lambda v: v / np.where(scale > 0, scale, 1).reshape(-1, *(1,) * (v.ndim - 1)))
    if kind != "block":
        raise InputError(f"{H._form.what}: a preconditioner is 'jacobi' or 'block', not {kind!r}")
    solvers = [(span, _positive(_block_matrix(H, span))) for span in H._domain.spans]

    def solve(v: np.ndarray) -> np.ndarray:
        return np.concatenate([vectors @ ((vectors.T @ v[a:b]).T / w).T for (a, b), (w, vectors) in solvers])

    return _inverse(H, solve)


def _block_matrix(H: CurvatureOperator, span: tuple[int, int]) -> np.ndarray:
    a, b = span
    columns = np.zeros((H.shape[0], b - a), H.dtype)
    columns[np.arange(a, b), np.arange(b - a)] = 1
    return (H @ columns)[a:b]


def _positive(B: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(sizes of the eigenvalues, eigenvectors) of a symmetric matrix; those that are 0 become 1."""
    w, vectors = scipy.linalg.eigh((B + B.T) / 2)
    w = np.abs(w)
    return np.where(w > 1e-14 * w.max(initial=0), w, 1), vectors


def _inverse(H: CurvatureOperator, apply: Callable[[np.ndarray], np.ndarray]) -> LinearOperator:
    return LinearOperator(H.shape, matvec=apply, matmat=apply, rmatvec=apply, rmatmat=apply, dtype=H.dtype)
