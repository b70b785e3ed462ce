"""Jacobians and Hessians as scipy's csr matrices: formulas of the entries, evaluated over the data and added in place.

Where a derivative is no sum of such formulas, its columns are found by compressed products (`colouring`).
"""

from collections.abc import Container, Mapping, Sequence
from typing import Any

import numpy as np
from scipy.sparse import csr_array, issparse

from .. import shapes
from ..backends import Linearisation, at_hand, check_backend, is_small, kept, resolved
from ..calculus import build_grad, resolve_wrt
from ..containers import leaves
from ..errors import InputError, ShapeError
from ..expr import Expr
from ..graph import CONSTANT, VARIABLE
from ..op import is_float
from ..ops.layout import concat, reshape
from ..ops.products import broadcast_to
from ..ops.sparse import is_sparse
from ..program import Program, as_array, build_program, evaluate, label, node_of
from ..sparse import dense
from .colouring import Compressed
from .filling import Distinct, Filling, Joined, Placed
from .instances import count, instance, integers, sizes_of
from .patterns import pattern_of
from .triplets import Entries, NotSparse, Triplets

LIGHT = 4  # times the numbers of a point, that data may have which moves with it
SHORT = 125  # work a node up to which the tape takes less time than numpy takes to be called
FEW_POSITIONS = 1 << 13  # up to which positions are constants of the formulas, which short programs read at once
MANY = 200  # instructions up to which loops that write into the data are compiled at once
DENSITY = 40  # entries of terms per variable and result, above which the pattern is found to compare with


class Formulas:
    """The entries of a derivative at sizes: one function of all terms' values, and where they go."""

    def __init__(
        self, ys: Sequence[Expr], wrt: Sequence[Expr], values: Mapping[Expr, Any], symmetric: bool,
        known: csr_array | None, backend: str, options: Mapping[str, Any],
    ):  # fmt: skip
        g = ys[0].graph
        moving = {x.node for x in wrt}
        variables = [x for x in values if x.node not in moving]
        self._names = [x.node for x in variables]
        size, rows = sum(count(x.shape) for x in wrt), sum(count(y.shape) for y in ys)
        self.given: dict[Expr, np.ndarray] = {}  # arrays of positions, by their variables

        def positions(at: np.ndarray) -> Expr:
            if at.size <= FEW_POSITIONS:
                return g.constant(at.astype(np.int64))
            array = distinct.one(at)
            if id(array) not in made:
                made[id(array)] = g.variable(f"_positions_{len(made)}", at.shape, "int64")
                self.given[made[id(array)]] = array.astype(np.int64)
            return made[id(array)]

        made: dict[int, Expr] = {}
        distinct = Distinct()

        def index(n: int) -> Any:
            e = Expr(g, n)
            inside = set(g.ancestors([n]))
            return evaluate(e, {x: v for x, v in [*values.items(), *self.given.items()] if x.node in inside})

        triplets = Triplets(g, wrt, index, positions, DENSITY * (rows + size))
        found = triplets.of(ys)
        terms: list[Entries] = []
        places: list[tuple[np.ndarray, np.ndarray]] = []
        start = 0
        for y, of in zip(ys, found, strict=True):
            for t in of:
                own = np.arange(count(y.shape)).reshape(integers(y.shape)) if t.rows is None else t.rows
                terms.append(t._replace(value=t.whole))
                places.append((own + start, t.columns))
            start += count(y.shape)
        self.filling = Filling((rows, size), places, symmetric, known)
        used = [k for k, s in enumerate(self.filling.slots) if s.width]
        fixed = [k for k in used if terms[k].value.op is CONSTANT and not terms[k].value.shape]
        self.moving = [k for k in used if k not in set(fixed)]
        dtype = np.result_type(*[np.dtype(y.dtype if is_float(y.dtype) else "float64") for y in ys])
        self.base = np.zeros(self.filling.count, dtype)
        self.filling.fill(self.base, [evaluate(terms[k].value) for k in fixed], fixed)
        self.first, self.whole = self.filling.first_at(self.moving, fixed)
        self._placed: Placed | None = None
        self.outputs = [terms[k].value for k in self.moving]
        self._values, self._light = {x.node: v for x, v in values.items()}, LIGHT * size
        self._joined: Joined | None = None
        self._loose: dict[int, Any] = {}  # data that moves with the point
        self._ways: dict[tuple[int, ...], Any] = {}
        self._options: Mapping[str, Any] = {}
        if self.outputs:
            data = [*variables, *self.given, *wrt]
            self._program = self._built(data)
            apart = {*self._program.constants, *(x.node for x in self.given)}
            if backend == "auto" and not options and is_small(self._program, SHORT, apart):
                self._backend = at_hand("tape")
                self._join(data, terms)
            else:
                self._backend, self._options = resolved(backend, options, self._program)
                if self._backend in ("numpy", "compiled"):
                    self._place(data, fixed)
                is_short = self._placed is not None and len(self._program.nodes) < MANY
                if is_short and self._options.get("loops"):  # what is prepared for many points, compiled in some 30 ms
                    self._backend, self._options = "compiled", options

    def _built(self, data: Sequence[Expr]) -> Program:
        return build_program(data[0].graph, [x.node for x in data], [e.node for e in self.outputs])

    def _join(self, data: Sequence[Expr], terms: Sequence[Entries]) -> None:
        """All values in one array, which takes one call of the tape, and one or two of numpy."""
        slots, constant = self.filling.slots, np.flatnonzero(self.base)
        values = [broadcast_to(terms[k].value, slots[k].domain) for k in self.moving]
        values += [values[0].lift(self.base[constant])] if constant.size else []
        self.outputs = [concat(*[reshape(v, (-1,)) for v in values])]
        self._program = self._built(data)
        self._joined = self.filling.joined(self.moving, constant)

    def _way(self) -> Any:
        """The function of the loose data and the point, with other data fixed; made once for each loose data."""
        names = tuple(self._loose)
        if names not in self._ways:
            fixed = {n: self._values[n] for n in self._names if n not in self._loose}
            fixed |= {x.node: v for x, v in self.given.items()}
            made = Linearisation(self._program, list(fixed), self._backend, self._options)
            self._ways[names] = made.at(fixed, self.outputs)
        return self._ways[names]

    def _place(self, data: list[Expr], fixed: Sequence[int]) -> None:
        """Terms that are alone at many places which lie evenly are written there by the program itself."""
        direct = self.filling.alone(self.moving)
        if not direct:
            return
        for k in direct:
            slot, at = self.filling.slots[k], self.moving.index(k)
            constant = self.filling.reached(self.base, k)
            value = broadcast_to(self.outputs[at], slot.domain)
            if constant.any():
                value = value + self._data_of(constant, data)
            self.outputs[at] = value
        self._program = self._built(data)
        self._placed = Placed.of(self.filling, self.base, direct, self.moving, fixed)

    def _data_of(self, constant: np.ndarray, data: list[Expr]) -> Expr:
        """A constant array as a number where it is one, else as an input."""
        g, first = data[0].graph, constant.flat[0]
        if (constant == first).all():
            return g.constant(first)
        made = g.variable(f"_constant_{len(self.given)}", constant.shape, str(constant.dtype))
        self.given[made] = np.ascontiguousarray(constant)
        data.insert(0, made)
        return made

    def _values_at(self, point: Sequence[Any]) -> Sequence[Any]:
        return self._way()(*self._loose.values(), *point)

    def renewed(self, changed: Mapping[int, Any]) -> "Formulas":
        """The same with other data of the same sizes and positions.

        Data that is no longer than a few points moves with them from then on: formulas are not split anew.
        """
        other = object.__new__(Formulas)
        other.__dict__.update(self.__dict__)
        other._values = values = {**self._values, **changed}
        if changed.keys() == self._loose.keys():
            other._loose = {n: changed[n] for n in self._loose}
            return other
        names = next(reversed(self._ways), ())  # those that all before moved with the point
        if not changed.keys() <= {*names}:
            light = sum([np.size(v) for v in changed.values()]) <= self._light
            names = tuple([n for n in self._names if n in names or n in changed]) if light else ()
            other._ways = self._ways if light else {}  # shared where what is fixed is the same
        other._loose = {n: values[n] for n in names}
        return other

    def fill(self, point: Sequence[Any], out: np.ndarray | None = None) -> np.ndarray:
        """The data of the matrix at a point."""
        if self._joined is not None:
            return self._joined.data(self._values_at(point)[0], out)
        if self._placed is not None:
            return self._placed.data(lambda views: self._way().into([*self._loose.values(), *point], views), out)
        data = (np.empty_like(self.base) if self.whole else self.base.copy()) if out is None else out
        if out is not None and not self.whole:
            data[:] = self.base
        if self.outputs:
            self.filling.fill(data, self._values_at(point), self.moving, self.first)
        self.filling.mirror(data)
        return data


class SparseJacobian:
    """The Jacobian of expressions at a point, as a csr matrix: rows are the entries of y, columns those of wrt.

    y        an expression of any shape, or a list of them, ravelled one after the other
    wrt      an Expr or a name, or a list, tuple or dict of them, ravelled one after the other
    at       {name or Expr: value} for every variable of y
    pattern  a csr matrix whose entries are all stored; by default those that can be nonzero
    copy, backend, threads  as for `HessianOperator`

    tocsr()    the matrix; its data is an array of its own, its pattern is shared
    at({...})  at another point, on the same pattern; ``out=matrix`` writes into a matrix made before
    pattern    where entries are stored, as booleans
    products   products that one evaluation takes: 0 where the entries have formulas of their own
    function   the function of the point's arrays to the stored entries

    Array code (elementwise operations, slices, gathers, scatters, sums) has one formula for each way from a variable
    to a result; other derivatives are found by compressed products. Raises InputError for missing, unknown or misshapen
    values, and where `pattern` lacks an entry.

    Source of compressed products: Gebremedhin, Manne, Pothen, "What color is your Jacobian?", SIAM Review 47 (2005).

    >>> import numpy as np, symdiff as sd
    >>> x = sd.Graph().variable("x", "n")
    >>> J = sd.SparseJacobian(x[1:]*x[:-1], x, at={x: [1.0, 2.0, 3.0]})
    >>> J.tocsr().toarray(), J.products
    (array([[2., 1., 0.],
           [0., 3., 2.]]), 0)
    """

    symmetric = False

    def __init__(
        self, y: Any, wrt: Any, at: Mapping[Any, Any], *, pattern: Any = None, copy: bool = False,
        backend: str = "auto", threads: int | None = None,
    ):  # fmt: skip
        what = type(self).__name__
        ys = leaves(y)
        if not ys or not all(isinstance(e, Expr) and e.graph is ys[0].graph for e in ys):
            raise InputError(f"{what}: expected expressions of one graph, got {type(y).__name__}")
        self._y, self._structure, self._backend, self._threads = y, wrt, backend, threads
        self._copy, self._known, self._ys, g = copy, _csr(pattern, what), ys, ys[0].graph
        self._xs = resolve_wrt(g, wrt)
        self._nodes = [x.node for x in self._xs]
        self._moving = {*self._nodes}
        if not self._xs or len(self._moving) < len(self._xs):
            raise InputError(f"{what}: wrt names {'a variable twice' if self._xs else 'no variable'}")
        self._check(what)
        inside = g.ancestors([e.node for e in ys])
        needed = {*(n for n in inside if g._op[n] is VARIABLE), *self._moving}
        self._values = self._given(at, needed)
        missing = [label(g, n) for n in sorted(needed) if n not in self._values]
        if missing:
            raise InputError(f"{what}: `at` has no value for {', '.join(missing)}")
        check_backend(what, backend, {} if threads is None else {"threads": threads})
        self._prepare()
        self._data: np.ndarray | None = None  # until the matrix is asked for

    def _check(self, what: str) -> None:
        """The expressions are of the kind that is needed."""

    def _given(self, at: Any, needed: Container[int]) -> dict[int, Any]:
        """{node: array} of what `at` names among the needed."""
        g, what = self._ys[0].graph, type(self).__name__
        if type(at) is not dict and not isinstance(at, Mapping):
            raise InputError(f"{what}: `at` is a dict {{name: value}}, got {type(at).__name__}")
        found, moving = dict[int, Any](), self._moving
        for key, value in at.items():
            n = key.node if type(key) is Expr and key.graph is g else node_of(g, key, what)
            if n in needed:
                a = as_array(value, g, n)
                if n in moving:
                    a = kept(a if type(a) is np.ndarray else dense(a, what))
                elif self._copy:
                    a = kept(a)
                found[n] = a
        return found

    def _prepare(self) -> None:
        """The formulas of the entries, or the compressed products, at the sizes of the values."""
        g, values = self._ys[0].graph, self._values
        sizes = sizes_of(g, {n: v for n, v in values.items() if g._op[n] is VARIABLE})
        matrices = {n: v for n, v in values.items() if is_sparse(v)}
        ys, copy = instance([*self._ys, *(x for x in self._xs)], sizes, matrices)
        ys, wrt = ys[: len(self._ys)], ys[len(self._ys) :]
        self._inside = {n: copy[n] for n in values if n in copy}
        here = {e: _array(values[n]) for n, e in self._inside.items()}
        options = {} if self._threads is None else {"threads": self._threads}
        results = self._results(ys, wrt)
        try:
            self._formulas: Any = Formulas(results, wrt, here, self.symmetric, self._known, self._backend, options)
            self.products = 0
        except NotSparse as reason:
            pattern = pattern_of(results, wrt, here) if self._known is None else self._known.astype(bool)
            self._formulas = Compressed(results, wrt, here, pattern, self.symmetric, self._backend, options)
            self.products, self.reason = self._formulas.products, str(reason)

    def _results(self, ys: Sequence[Expr], wrt: Sequence[Expr]) -> list[Expr]:
        """The expressions whose Jacobian it is."""
        return list(ys)

    def _filled(self, out: np.ndarray | None = None) -> np.ndarray:
        return self._formulas.fill([self._values[n] for n in self._nodes], out)

    def __repr__(self) -> str:
        rows, columns = self.shape
        return f"<{type(self).__name__} of shape ({rows}, {columns}), {self._formulas.filling.count} entries stored>"

    def __reduce__(self) -> tuple:
        g = self._ys[0].graph
        at = {Expr(g, n): v for n, v in self._values.items()}
        keywords = {
            "pattern": self._known, "copy": self._copy, "backend": self._backend, "threads": self._threads
        }  # fmt: skip
        return _made_again, (type(self), self._y, self._structure, at, keywords)

    @property
    def shape(self) -> tuple[int, int]:
        return self._formulas.filling.shape

    @property
    def pattern(self) -> csr_array:
        """Where entries are stored."""
        return self._formulas.filling.matrix(np.ones(self._formulas.filling.count, bool))

    @property
    def function(self) -> Any:
        """The function of the arrays of wrt, in order, to the stored entries."""
        return lambda *point: self._formulas.fill([np.asarray(p) for p in point])

    def tocsr(self) -> csr_array:
        """The matrix at the point."""
        if self._data is None:
            self._data = self._filled()
        return self._formulas.filling.matrix(self._data)

    def at(self, values: Mapping[Any, Any], out: csr_array | None = None) -> Any:
        """The derivative at another point; values that are not given stay as they are.

        out  a matrix that this derivative gave: its data is overwritten and used

        Positions and sizes are found once; where an array of integers or of another shape is given, anew.
        """
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__)
        old, moving, found = self._values, self._moving, self._given(values, self._values)
        other._values, data, again = {**old, **found}, {}, False
        for n, a in found.items():
            before = old[n]
            if n not in moving:
                data[self._inside[n].node] = _array(a)
                again = again or not is_float(self._ys[0].graph._dtype[n])
            if before.shape != a.shape or type(before) is not type(a) or type(a) is not np.ndarray:
                again = again or not _alike(before, a)
        if again:
            other._prepare()
        elif data:
            other._formulas = self._formulas.renewed(data)
        other._data = None if out is None else other._filled(out.data)
        return other


class SparseHessian(SparseJacobian):
    """The Hessian of a scalar at a point, as a csr matrix that is exactly symmetric.

    f        a scalar expression
    wrt, at, pattern, copy, backend, threads  as for `SparseJacobian`, whose attributes it has

    >>> import numpy as np, symdiff as sd
    >>> x = sd.Graph().variable("x", "n")
    >>> H = sd.SparseHessian(sd.sum(x[1:]*x[:-1]**2), x, at={x: [1.0, 2.0, 3.0]})
    >>> H.tocsr().toarray()
    array([[4., 2., 0.],
           [2., 6., 4.],
           [0., 4., 0.]])
    """

    symmetric = True

    def _check(self, what: str) -> None:
        if len(self._ys) > 1 or self._ys[0].shape:
            raise ShapeError(f"{what}: expected a scalar, got shape {shapes.text(self._ys[0].shape)}")

    def _results(self, ys: Sequence[Expr], wrt: Sequence[Expr]) -> list[Expr]:
        return build_grad(ys[0].graph, ys[0], list(wrt))


def _made_again(kind: type, y: Any, wrt: Any, at: Mapping[Any, Any], keywords: Mapping[str, Any]) -> Any:
    return kind(y, wrt, at, **keywords)


def _array(value: Any) -> Any:
    """The entries that a sparse matrix stores; others are whole."""
    return value.data if is_sparse(value) else value


def _alike(one: Any, other: Any) -> bool:
    """Values of one shape, stored at the same places where they are sparse."""
    if one.shape != other.shape or type(one) is type(other) is np.ndarray:
        return one.shape == other.shape
    if is_sparse(one) != is_sparse(other):
        return False
    return not is_sparse(one) or all(np.array_equal(getattr(one, k), getattr(other, k)) for k in ("indptr", "indices"))


def _csr(pattern: Any, what: str) -> csr_array | None:
    if pattern is None:
        return None
    if not issparse(pattern):
        raise InputError(f"{what}: pattern is a sparse matrix, not {type(pattern).__name__}")
    return csr_array(pattern)

