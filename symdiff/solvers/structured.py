"""Jacobians and Hessians as they are stored: the cores that are kept, and the unit tensors around them.

A term of a derivative is a product of cores at disjoint axes; an axis of the rows and one of the columns may be
tied by a unit tensor, and an axis that no core has is one of ones. Only `todense` forms the whole array.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from scipy.sparse.linalg import LinearOperator

from .. import constants, shapes
from ..backends import Function, function
from ..errors import InputError, ShapeError
from ..expr import Expr
from ..graph import CONSTANT, VARIABLE, Graph
from ..networks import components
from ..op import method
from ..ops.products import ADD, CONTRACT, broadcast_to, combination, contract, contract_values, is_wrapper, scale
from ..program import as_array, label, node_of

Labels = tuple[int, ...]
Factors = list[tuple[int, Labels]]


KINDS = ("dense", "block diagonal", "kronecker", "outer", "diagonal", "identity")  # in the order of a sum


@dataclass(frozen=True)
class Term:
    """``y[out] = product of cores[labels]``: a label that repeats in `out` is a unit tensor."""

    cores: tuple[Expr, ...]
    labels: tuple[Labels, ...]
    out: Labels
    rows: int

    @property
    def kind(self) -> str:
        r, c = self.out[: self.rows], self.out[self.rows :]
        tied = set(r) & set(c)
        carried = {i for ls in self.labels for i in ls}
        if r == c and len(tied) == len(r):
            return "diagonal" if carried else "identity"
        if tied & carried:
            return "block diagonal"
        both = [not (set(ls).isdisjoint(r) or set(ls).isdisjoint(c)) for ls in self.labels]
        if tied or (any(both) and len(both) > 1):
            return "kronecker"
        return "dense" if any(both) else "outer"


class Structure:
    """What is kept of a derivative; made by `structure`.

    kind   "zero", or the kinds of its terms joined by " + "
    core   the expression that is kept; a tuple of them where there are several
    terms  each with its kind, cores, and the labels that say which axes they have
    """

    def __init__(self, e: Expr, rows: int):
        self.expr, self.rows = e, rows
        self.terms = _merged(_term(e, coefficient, n, rows) for coefficient, n in _summands(e))
        g = e.graph
        self._inputs = [n for n in g.ancestors([c.node for c in self.cores]) if g._op[n] is VARIABLE]
        self._functions: dict[tuple[int, ...], Function] = {}  # by the variables that are given

    @property
    def kind(self) -> str:
        return " + ".join(t.kind for t in self.terms) or "zero"

    @property
    def cores(self) -> tuple[Expr, ...]:
        return tuple(core for t in self.terms for core in t.cores)

    @property
    def core(self) -> Any:
        return self.cores[0] if len(self.cores) == 1 else self.cores

    def __repr__(self) -> str:
        return f"<structure: {self.kind}, shape {shapes.text(self.expr.shape)}>"

    def __str__(self) -> str:
        return "\n".join(f"{t.kind}: {', '.join(map(str, t.cores))}" for t in self.terms) or "zero"

    def evaluate(self, values: Mapping[Any, Any]) -> "StructuredArray":
        """The numbers that are kept, at ``{name or Expr: value}``; sizes of unit tensors follow from the shapes.

        Raises InputError for a missing, unknown or misshapen value, or a size that no value shows.
        """
        g = self.expr.graph
        given = {n: as_array(v, g, n) for n, v in ((node_of(g, k, "evaluate"), v) for k, v in values.items())}
        missing = [label(g, n) for n in self._inputs if n not in given]
        if missing:
            raise InputError(f"evaluate: missing value(s) for {', '.join(missing)}")
        known: dict[str, int] = {}
        for n, array in given.items():
            shapes.bind(g._shape[n], array.shape, known, f"the input {label(g, n)!r}")
        shape = tuple([shapes.resolve(s, known) for s in self.expr.shape])
        arrays: Sequence[Any] = []
        if self.cores:
            key = tuple(given)
            if key not in self._functions:
                self._functions[key] = function([Expr(g, n) for n in key], list(self.cores))
            arrays = self._functions[key](*given.values())
        return StructuredArray(self.terms, [np.asarray(a) for a in arrays], shape, self.rows)


@method("structure")
def structure(e: Expr, rows: int | None = None) -> Structure:
    """What a Jacobian or Hessian keeps: diagonal, Kronecker product, outer product, dense, or a sum of such terms.

    e     the derivative: an operator from its last axes to its first
    rows  how many axes come first; by default half of them

    Raises ShapeError where an odd number of axes has no half.

    >>> import numpy as np, symdiff as sd
    >>> f = sd.parse("norm_fro(T - U @ V.T)**2", T="m n", U="m k", V="n k")
    >>> kept = structure(sd.hessian(f, "U"))
    >>> print(kept)
    kronecker: 2*V.T @ V
    >>> H = kept.evaluate({"T": np.ones((4, 3)), "U": np.ones((4, 1)), "V": np.ones((3, 1))})
    >>> H.core, H @ [1.0, 2.0, 3.0, 4.0]
    (array([[6.]]), array([ 6., 12., 18., 24.]))
    """
    if not isinstance(e, Expr):
        raise InputError(f"structure: expected an expression, got {type(e).__name__}")
    if rows is None:
        if e.ndim % 2:
            raise ShapeError(f"structure: shape {shapes.text(e.shape)} has no half: say how many axes are `rows`")
        rows = e.ndim // 2
    if not 0 <= rows <= e.ndim:
        raise ShapeError(f"structure: rows={rows} of the {e.ndim} axes of shape {shapes.text(e.shape)}")
    return Structure(e, rows)


# --- terms ---------------------------------------------------------------------------------------------------


def _summands(e: Expr) -> list[tuple[Any, int]]:
    """(coefficient, node) of the terms of a sum, sums within it taken apart; those of value 0 left out."""
    g, found = e.graph, []
    stack: list[tuple[Any, int]] = [(1, e.node)]
    while stack:
        coefficient, n = stack.pop()
        if g._op[n] is ADD:
            for c, i in reversed(list(zip(g._params[n], g._inputs[n], strict=True))):
                i = i if g._shape[i] == e.shape else broadcast_to(Expr(g, i), e.shape).node
                stack.append((constants.exact(coefficient * c), i))
        else:
            found.append((coefficient, n))
    return found


def _term(e: Expr, coefficient: Any, n: int, rows: int) -> Term | None:
    """The term of a node that is no sum; None where it is 0."""
    g = e.graph
    coefficient, factors, out = _network(g, coefficient, n)
    numbers = [Expr(g, m) for m, ls in factors if not ls]
    if coefficient == 0 or any(x.op is CONSTANT and g._params[x.node][1] == 0 for x in numbers):
        return None
    place: dict[int, int] = {}
    out = tuple([place.setdefault(i, len(place)) for i in out])
    groups = components(factors)
    if out[:rows] == out[rows:] and len(set(out[:rows])) == rows:  # on a diagonal all are one core
        groups = [[f for group in groups for f in group]]
    kept: list[tuple[Labels, Factors]] = []
    scalars: Factors = []
    for group in groups:
        labels = tuple(sorted({place[i] for _, ls in group for i in ls if i in place}))
        if labels:
            kept.append((labels, group))
        else:
            scalars += group
    kept = sorted(kept, key=lambda item: item[0]) or [((), [])]
    kept[0] = (kept[0][0], [*scalars, *kept[0][1]])
    back = {k: i for i, k in place.items()}
    cores = []
    for k, (labels, group) in enumerate(kept):
        product = [(Expr(g, m), ls) for m, ls in group]
        core = contract(product, [back[i] for i in labels]) if group else g.constant(1)
        cores.append(scale(coefficient, core) if k == 0 else core)
    return Term(tuple(cores), tuple([labels for labels, _ in kept]), out, rows)


def _network(g: Graph, coefficient: Any, n: int) -> tuple[Any, Factors, Labels]:
    """(coefficient, factors, output labels) of a node: what is wrapped in unit tensors is taken apart."""
    rank = tuple(range(len(g._shape[n])))
    if g._op[n] is not CONTRACT:
        return coefficient, [(n, rank)], rank
    labels, out, _ = g._params[n]
    factors = list(zip(g._inputs[n], labels, strict=True))
    while is_wrapper((labels, out, ())) and factors:
        ((m, at),) = factors
        if g._op[m] is ADD and len(g._inputs[m]) == 1:
            coefficient, factors = constants.exact(coefficient * g._params[m][0]), [(g._inputs[m][0], at)]
        elif g._op[m] is CONTRACT and len(set(g._params[m][1])) == len(g._params[m][1]):
            inner, inner_out, _ = g._params[m]
            to = dict(zip(inner_out, at, strict=True))
            fresh = 1 + max((*out, *at), default=0)
            moved = [tuple([to.setdefault(k, fresh + k) for k in ls]) for ls in inner]
            factors = list(zip(g._inputs[m], moved, strict=True))
            break
        else:
            break
    return coefficient, factors, out


def _merged(found: Any) -> tuple[Term, ...]:
    """Terms of one pattern with one core each are one term."""
    terms: dict[Any, Term] = {}
    for k, t in enumerate(t for t in found if t is not None):
        key = (t.out, t.labels) if len(t.cores) == 1 else k
        if key in terms:
            g = t.cores[0].graph
            total = combination(g, [(1, terms[key].cores[0].node), (1, t.cores[0].node)])
            terms[key] = Term((Expr(g, total),), t.labels, t.out, t.rows)
        else:
            terms[key] = t
    return tuple(sorted(terms.values(), key=lambda t: KINDS.index(t.kind)))


# --- arrays --------------------------------------------------------------------------------------------------


class StructuredArray(LinearOperator):
    """The numbers of a `Structure`: a scipy LinearOperator from the ravelled columns to the ravelled rows.

    core          the array that is kept; a tuple of them where there are several
    array_shape   the shape of the derivative; `shape` is that of the matrix with its axes ravelled
    """

    def __init__(self, terms: Sequence[Term], arrays: Sequence[np.ndarray], shape: tuple[int, ...], rows: int):
        self.terms, self.arrays, self.array_shape, self.rows = tuple(terms), [*arrays], shape, rows
        dtype = np.result_type(*arrays) if arrays else np.dtype(float)
        super().__init__(dtype, (prod(shape[:rows]), prod(shape[rows:])))

    @property
    def core(self) -> Any:
        return self.arrays[0] if len(self.arrays) == 1 else tuple(self.arrays)

    def _each(self) -> Any:
        """(cores, their labels, labels of rows, labels of columns, sizes) of every term."""
        k = 0
        for t in self.terms:
            cores = self.arrays[k : k + len(t.cores)]
            k += len(t.cores)
            yield cores, list(t.labels), t.out, dict(zip(t.out, self.array_shape, strict=True))

    def todense(self) -> np.ndarray:
        """The whole array, of shape `array_shape`."""
        total = np.zeros(self.array_shape, self.dtype)
        for cores, labels, out, sizes in self._each():
            total += contract_values(cores, labels, out, sizes)
        return total

    def _apply(self, x: np.ndarray, adjoint: bool) -> np.ndarray:
        """The map, or its adjoint, on the columns of a matrix."""
        shape, rows, width = self.array_shape, self.rows, x.shape[1]
        source, target = (shape[:rows], shape[rows:]) if adjoint else (shape[rows:], shape[:rows])
        x = x.reshape(*source, width)
        total = np.zeros((*target, width), np.result_type(self.dtype, x))
        for cores, labels, out, sizes in self._each():
            start, end = (out[:rows], out[rows:]) if adjoint else (out[rows:], out[:rows])
            column = len(out)
            at = (*end, column)
            value = contract_values([*cores, x], [*labels, (*start, column)], at, sizes | {column: width})
            total += value
        return total.reshape(prod(target), width)

    def _matmat(self, X: Any) -> np.ndarray:
        return self._apply(np.asarray(X), False)

    def _rmatmat(self, X: Any) -> np.ndarray:
        return self._apply(np.asarray(X), True)

    def _matvec(self, x: Any) -> np.ndarray:
        return self._apply(np.asarray(x).reshape(-1, 1), False).ravel()

    def _rmatvec(self, x: Any) -> np.ndarray:
        return self._apply(np.asarray(x).reshape(-1, 1), True).ravel()

    def _adjoint(self) -> "StructuredArray":
        rows = len(self.array_shape) - self.rows
        turned = [Term(t.cores, t.labels, (*t.out[self.rows :], *t.out[: self.rows]), rows) for t in self.terms]
        shape = (*self.array_shape[self.rows :], *self.array_shape[: self.rows])
        return StructuredArray(turned, self.arrays, shape, rows)

    _transpose = _adjoint
