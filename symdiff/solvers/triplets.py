"""A Jacobian as terms of one formula each: values over a domain, and the row and column where each is added.

The forward sweep of entries. Of a node n, a term says ``dn[row(d)]/dx[column(d)] += value[d]``: the value is an
expression, rows and columns are arrays of positions, found once. Elementwise ops multiply values by partials; slices
and gathers read values and columns; place, concat and scatter move rows alone; a sum leaves values and columns as they
are. So the derivatives of array code are its own formulas, one for each way from a variable to the result, and no
colouring is needed.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from math import prod
from typing import Any, NamedTuple

import numpy as np

from ..errors import SymdiffError
from ..expr import Expr
from ..graph import CONSTANT, Graph
from ..op import FUNCTIONS, Linear, Results, Term, is_float
from ..ops.layout import reshape, take
from ..ops.linear_maps import MATRICES
from ..ops.piecewise import where_op
from ..ops.products import ADD, broadcast_to, combination, contract, scale
from ..sweeps import operands_of, slice_between, terms_of
from .filling import Distinct
from .instances import count, integers
from .moves import Move, moves
from .patterns import choice


class NotSparse(SymdiffError):
    """A derivative that is no sum of few formulas over data; says at which op."""


class Entries(NamedTuple):
    """``dn[rows]/dx[columns] += coefficient*value``, over a domain: axes in front of their own, then those of `rows`.

    value        an expression that broadcasts to the domain
    rows         entries of the node; None: the node's own, in order
    columns      entries of the flat vector, of the domain's shape
    coefficient  a number beside the value: terms that differ in sign alone share their work
    """

    value: Expr
    rows: np.ndarray | None
    columns: np.ndarray
    coefficient: Any = 1

    @property
    def whole(self) -> Expr:
        """The value with its coefficient."""
        return self.value if self.coefficient == 1 else scale(self.coefficient, self.value)


Labels = tuple[Any, ...]
Positions = Callable[[np.ndarray], Expr]  # an array of positions -> the variable that stands for it


class Triplets:
    """The terms of dy/dx. `index` gives the values of nodes of integers, `budget` how many entries all may have."""

    def __init__(
        self, g: Graph, wrt: Sequence[Expr], index: Callable[[int], Any], positions: Positions, budget: int
    ):  # fmt: skip
        self.g, self.index, self._positions, self.budget = g, cache(index), positions, budget
        self._placed: dict[int, tuple[np.ndarray, Expr]] = {}  # arrays of positions, and what stands for them
        self.wrt = {x.node: x for x in wrt}
        self.table: dict[int, list[Entries]] = {}
        self.distinct = Distinct()
        self._zeros: dict[int, bool] = {}  # of constants
        self._read_there: dict[Any, tuple[np.ndarray, Expr]] = {}  # the rows, and what `_factors_at` made for them
        self._lists: dict[Any, tuple[np.ndarray | None, Any]] = {}  # the rows, and what `_listing` made for them
        start, one = 0, g.constant(1)
        for x in wrt:
            width = count(x.shape)
            self.table[x.node] = [Entries(one, None, np.arange(start, start + width).reshape(integers(x.shape)))]
            start += width
        self.size = start

    def of(self, ys: Sequence[Expr]) -> list[list[Entries]]:
        """The terms of each y; NotSparse where an op's derivative is of another kind, or there are too many."""
        g = self.g
        for n in slice_between(g, [y.node for y in ys], list(self.wrt)):
            if n in self.table or type(g._shape[n]) is Results or not is_float(g._dtype[n]):
                continue
            found = self._of(n)
            self._affordable(sum(t.columns.size for t in found))
            self.table[n] = self._merged(found, integers(g._shape[n]))
        return [self.table.get(y.node, []) for y in ys]

    def _of(self, n: int) -> list[Entries]:
        g, found = self.g, []
        for k, i in enumerate(operands_of(g, n)):
            if not self.table.get(i):
                continue
            rule = terms_of(g, n, k)
            if rule is None:
                continue
            if isinstance(rule, Linear):
                move = self._move(n, k)
                found += [self._moved(n, i, t, move) for t in self.table[i]]
            elif isinstance(rule, list):
                found += [self._times(n, k, i, t, term) for t in self.table[i] for term in rule]
            else:
                raise NotSparse(f"{g._op[n].name} (node {n}) has a derivative that is known by what it does alone")
        return [t for t in found if t is not None and t.columns.size]

    def positions(self, at: np.ndarray) -> Expr:
        if id(at) not in self._placed:
            self._placed[id(at)] = at, self._positions(at)
        return self._placed[id(at)][1]

    # --- products with partials ------------------------------------------------------------------------------

    def _times(self, n: int, k: int, i: int, t: Entries, term: Term) -> Entries | None:
        """A term of the derivative of n by operand k applied to entries of the operand, the node i."""
        g = self.g
        chosen = choice(g, n, k)
        masked = g._op[n] is where_op and k > 0 and chosen is None
        coefficient, factors = term.coefficient, []
        for e, ls in [] if masked else term.factors if chosen is None else [(chosen, term.y)]:
            while e.op is ADD and len(g._inputs[e.node]) == 1 and e.shape == g._shape[g._inputs[e.node][0]]:
                coefficient, e = coefficient * g._params[e.node][0], Expr(g, g._inputs[e.node][0])
            factors.append((e, tuple(ls)))
        if any(e.op is CONSTANT and not e.shape and g._params[e.node][1] == 0 for e, _ in factors):
            return None
        y, x, shape = tuple(term.y), tuple(term.x), g._shape[n]
        sizes = dict(zip((*y, *x), (*shape, *g._shape[i]), strict=True))
        if any(self._has_zeros(e) for e, _ in factors):
            return self._listed(t, coefficient, factors, y, x, sizes)
        if t.rows is None:
            t = self._aligned(t, coefficient, factors, y, x, sizes)
        else:
            t = self._scattered(t, coefficient, factors, y, x, sizes)
        if masked:  # what is not taken contributes 0, also where it is inf or nan
            condition = Expr(g, g._inputs[n][0])
            whole = condition if condition.shape == shape else broadcast_to(condition, shape)
            here = whole if t.rows is None else take(reshape(whole, (-1,)), self.positions(t.rows))
            value = FUNCTIONS["where"](here, *((t.value, 0) if k == 1 else (0, t.value)))
            t = t._replace(value=value)
        return t

    def _aligned(
        self, t: Entries, coefficient: Any, factors: list, y: Labels, x: Labels, sizes: dict[Any, int]
    ) -> Entries:
        """Where the entries are the operand's own: the labels that are summed become axes in front."""
        front = tuple([("front", k) for k in range(t.columns.ndim - len(x))])
        sizes |= dict(zip(front, t.columns.shape, strict=False))
        own = tuple(dict.fromkeys(y))
        summed = tuple([i for i in dict.fromkeys(x) if i not in own])
        domain = (*front, *summed, *own)
        labels = (*front, *x)
        number, value = self._product([(t.value, labels[len(labels) - t.value.ndim :]), *factors], domain)
        columns = _spread(t.columns, labels, domain, sizes)
        rows = None if len(own) == len(y) else _flat(y, own, sizes)  # a unit tensor: the rows on the diagonal
        return Entries(value, rows, columns, coefficient * t.coefficient * number)

    def _scattered(
        self, t: Entries, coefficient: Any, factors: list, y: Labels, x: Labels, sizes: dict[Any, int]
    ) -> Entries:
        """Where the entries are at rows of their own: the other factors are read there."""
        rows = t.rows
        assert rows is not None
        if len(set(x)) < len(x):
            raise NotSparse("a diagonal is read of what was put together")
        spread = tuple([i for i in dict.fromkeys(y) if i not in x])  # axes of the result that the operand has not
        at = dict(zip(x, _unravelled(rows, [sizes[i] for i in x]), strict=True))
        front = t.columns.ndim - rows.ndim
        shape = (*t.columns.shape[:front], *[sizes[i] for i in spread], *rows.shape)
        value, wide = t.value, len(spread)
        if wide and value.ndim > rows.ndim:
            value = reshape(value, (*value.shape[: value.ndim - rows.ndim], *(1,) * wide, *value.shape[-rows.ndim :]))
        if factors:
            key = id(rows), x, spread, *sizes.items(), *[(e.node, ls) for e, ls in factors]
            if key not in self._read_there:
                self._read_there[key] = rows, self._factors_at(factors, rows, at, x, spread, sizes)
            value = value * self._read_there[key][1]
        self._affordable(prod(shape))
        coefficient = coefficient * t.coefficient
        if y == x:
            return Entries(value, rows, t.columns, coefficient)
        columns = t.columns.reshape((*t.columns.shape[:front], *(1,) * wide, *rows.shape))
        new = np.zeros((*[sizes[i] for i in spread], *rows.shape), np.int64)
        for i in y:
            along = [-1 if j == i else 1 for j in spread] + [1] * rows.ndim
            new = new * sizes[i] + (at[i] if i in at else np.arange(sizes[i]).reshape(along))
        return Entries(value, new, np.broadcast_to(columns, shape), coefficient)

    def _factors_at(
        self, factors: list, rows: np.ndarray, at: Mapping[Any, np.ndarray], x: Labels, spread: Labels,
        sizes: dict[Any, int],
    ) -> Expr:  # fmt: skip
        """The product of factors, read where entries of an operand with labels x are: at `rows`, `at` along each axis.
        The axes that the operand has not are in front."""
        carried = {i for _, ls in factors for i in ls}
        known = tuple([i for i in dict.fromkeys(x) if i in carried])
        other = contract(factors, (*[i for i in spread if i in carried], *known))
        if known:
            flat = reshape(other, (*other.shape[: other.ndim - len(known)], -1))
            picked = rows if known == x else np.ravel_multi_index([at[i] for i in known], [sizes[i] for i in known])
            other = take(flat, self.positions(picked), axis=flat.ndim - 1)
        else:
            other = reshape(other, (*other.shape, *(1,) * rows.ndim))
        own = iter(other.shape)
        front = [next(own) if i in carried else 1 for i in spread]
        return reshape(other, (*front, *own))

    def _has_zeros(self, e: Expr) -> bool:
        if e.op is not CONSTANT or not e.shape:
            return False
        if e.node not in self._zeros:
            self._zeros[e.node] = not self.g._params[e.node][1].value.all()
        return self._zeros[e.node]

    def _listed(
        self, t: Entries, coefficient: Any, factors: list, y: Labels, x: Labels, sizes: dict[Any, int]
    ) -> Entries | None:
        """Where constant arrays have zeros: what is not zero is listed by its labels."""
        key = id(t.rows), y, x, *sizes.items(), *[(e.node, ls) for e, ls in factors]
        if key not in self._lists:
            self._lists[key] = t.rows, self._listing(t.rows, factors, y, x, sizes)
        listing = self._lists[key][1]
        if listing is None:
            return None
        each, target, other = listing
        found = self._chosen(t, each, target, len(x) if t.rows is None else t.rows.ndim)
        return found._replace(value=found.value * other, coefficient=coefficient * t.coefficient)

    def _listing(
        self, rows: np.ndarray | None, factors: list, y: Labels, x: Labels, sizes: dict[Any, int]
    ) -> tuple[np.ndarray, np.ndarray, Any] | None:
        """(which of the entries at these rows of the operand, again for each of its places; the places; times what)."""
        own = {*y, *x}
        inner = [(e, ls) for e, ls in factors if not own.issuperset(ls)]
        if inner:  # sums over other labels are made first
            kept = tuple(dict.fromkeys(i for _, ls in inner for i in ls if i in own))
            factors = [*((e, ls) for e, ls in factors if own.issuperset(ls)), (contract(inner, kept), kept)]
        domain = tuple(dict.fromkeys((*y, *x)))
        nonzero = np.ones([sizes[i] for i in domain], bool)
        for e, ls in factors:
            if self._has_zeros(e):
                nonzero &= _spread(self.g._params[e.node][1].value != 0, ls, domain, sizes)
        at = dict(zip(domain, np.nonzero(nonzero), strict=True))
        flat = lambda labels: np.ravel_multi_index([at[i] for i in labels], [sizes[i] for i in labels])  # noqa: E731
        source = flat(x) if x else np.zeros(next(iter(at.values())).size, np.int64)
        target = flat(y) if y else np.zeros(source.size, np.int64)
        width = count(tuple([sizes[i] for i in x]))
        each, listed = self._joined(np.arange(width) if rows is None else rows, source, width)
        if not each.size:
            return None
        other: Any = 1
        for e, ls in factors:
            other = other * (take(reshape(e, (-1,)), self.positions(flat(ls)[listed])) if ls else e)
        return each, target[listed], other

    def _joined(self, rows: np.ndarray, source: np.ndarray, width: int) -> tuple[np.ndarray, np.ndarray]:
        """All pairs (place in `rows`, place in `source`) with the same entry of an operand that has so many."""
        order = np.argsort(source, kind="stable")
        times = np.bincount(source, minlength=width)
        start = np.cumsum(times) - times
        flat = rows.ravel()
        many = times[flat]
        self._affordable(int(many.sum()))
        each = np.repeat(np.arange(flat.size), many)
        within = np.arange(each.size) - np.repeat(np.cumsum(many) - many, many)
        return each, order[start[flat[each]] + within]

    def _affordable(self, entries: int) -> None:
        if entries > self.budget:
            raise NotSparse("the terms of a derivative overlap too often")

    def _product(self, factors: list, domain: Labels) -> tuple[Any, Expr]:
        """(number, the rest at the labels of the domain, of size 1 along those that no factor carries) of a product."""
        numbers = [e for e, ls in factors if not ls]
        factors = [(e, ls) for e, ls in factors if ls or e.op is not CONSTANT]
        number = 1
        for e in numbers:
            if e.op is CONSTANT:
                number = number * self.g._params[e.node][1]
        fit = []
        for e, ls in factors:  # axes of size 1 stand for all
            shape = e.shape
            kept = [k for k, s in enumerate(shape) if s != 1]
            if len(kept) < len(shape):
                e, ls = reshape(e, tuple([shape[k] for k in kept])), tuple([ls[k] for k in kept])
            fit.append((e, ls))
        carried = {i for _, ls in fit for i in ls}
        while domain and domain[0] not in carried:
            domain = domain[1:]
        if len(fit) == 1 and fit[0][1] == domain:
            return number, fit[0][0]
        out = [i if i in carried else ("one", k) for k, i in enumerate(domain)]
        value = contract(fit, out, {i: 1 for i in out if i not in carried}) if fit else self.g.constant(1)
        return number, value

    # --- movements ---------------------------------------------------------------------------------------------

    def _move(self, n: int, k: int) -> Move | None:
        """How a node moves the entries of its operand k, where it is no matrix or change of type."""
        g, op = self.g, self.g._op[n]
        if op.name == "astype" or op.name in MATRICES:
            return None
        operands = g._inputs[n]
        index = self.index(operands[1]) if op.moves and op.arity == 2 else None
        move = moves(op, g._params[n], [integers(g._shape[j]) for j in operands], integers(g._shape[n]), k, index)
        if move is None:
            raise NotSparse(f"{op.name} (node {n}) mixes entries")
        return move

    def _moved(self, n: int, i: int, t: Entries, move: Move | None) -> Entries | None:
        g, name = self.g, self.g._op[n].name
        if move is None:
            return t if name == "astype" else self._by_matrix(t, MATRICES[name].tocoo(), name, i)
        if move.source is not None:
            return self._read(t, move.source, n, i)
        target = move.target.ravel() if t.rows is None else move.target.ravel()[t.rows]  # type: ignore[union-attr]
        if t.rows is None:
            target = target.reshape(integers(g._shape[i]))
        return self._kept(t, target, target >= 0, len(g._shape[i]))

    def _by_matrix(self, t: Entries, matrix: Any, name: str, i: int) -> Entries | None:
        """A sparse matrix times entries of a vector: all pairs of an entry and one of the matrix in its column."""
        shape = integers(self.g._shape[i])
        if len(shape) != 1:
            raise NotSparse(f"{name} of a stack of vectors")
        rows = np.arange(shape[0]) if t.rows is None else t.rows
        each, listed = self._joined(rows, matrix.col.astype(np.int64), shape[0])
        if not each.size:
            return None
        found = self._chosen(t, each, matrix.row.astype(np.int64)[listed], rows.ndim)
        return found._replace(value=found.value * self.g.constant(matrix.data[listed].astype(float)))

    def _read(self, t: Entries, source: np.ndarray, n: int, i: int) -> Entries | None:
        """Entries of the operand where the result reads them."""
        g = self.g
        if t.rows is None:
            front = t.columns.shape[: t.columns.ndim - len(g._shape[i])]
            columns = t.columns.reshape(*front, -1)[..., source.ravel()].reshape((*front, *source.shape))
            if not t.value.shape:
                return t._replace(columns=columns)
            value = self._whole(t, len(g._shape[i]))
            own = value.shape[: value.ndim - len(g._shape[i])]
            if g._op[n].name == "getitem":
                value = Expr(g, g.append(g._op[n], (value.node,), ((None,) * len(own) + g._params[n][0],)))
            elif g._op[n].name == "reshape":
                value = reshape(value, (*own, *source.shape))
            elif g._op[n].name == "take":
                value = take(value, Expr(g, g._inputs[n][1]), axis=g._params[n][0] + len(own))
            else:
                flat = take(reshape(value, (*own, -1)), self.positions(source.ravel()), axis=len(own))
                value = reshape(flat, (*own, *source.shape))
            return t._replace(value=value, columns=columns)
        source, width = source.ravel(), count(g._shape[i])
        times = np.bincount(source, minlength=width)[t.rows]
        if times.max(initial=0) <= 1:
            reached = np.zeros(width, np.int64)
            reached[source] = np.arange(source.size)
            return self._kept(t, reached[t.rows], times > 0, t.rows.ndim)
        each, listed = self._joined(t.rows, source, width)
        return self._chosen(t, each, listed, t.rows.ndim)

    def _kept(self, t: Entries, rows: np.ndarray, kept: np.ndarray, rank: int) -> Entries | None:
        """Entries moved to rows; those that are not kept are gone. The last `rank` axes of the domain are those of
        the rows."""
        if kept.all():
            return t._replace(rows=rows)
        if not kept.any():
            return None
        chosen = np.flatnonzero(kept)
        return self._chosen(t, chosen, rows.ravel()[chosen], rank)

    def _chosen(self, t: Entries, chosen: np.ndarray, rows: np.ndarray, rank: int) -> Entries:
        """Some entries of the domain, by their number within its last axes, at these rows."""
        front = t.columns.shape[: t.columns.ndim - rank]
        columns = t.columns.reshape(*front, -1)[..., chosen]
        if not t.value.shape:
            return t._replace(rows=rows, columns=columns)
        value = self._whole(t, rank)
        own = value.shape[: value.ndim - rank]
        value = take(reshape(value, (*own, -1)), self.positions(chosen), axis=len(own))
        return t._replace(value=value, rows=rows, columns=columns)

    def _whole(self, t: Entries, rank: int) -> Expr:
        """The value with its last axes whole; those in front may be of size 1."""
        shape = t.columns.shape[t.columns.ndim - rank :]
        own = t.value.shape[: max(t.value.ndim - rank, 0)]
        return t.value if t.value.shape == (*own, *shape) else broadcast_to(t.value, (*own, *shape))

    # --- sums --------------------------------------------------------------------------------------------------

    def _plain(self, t: Entries, shape: tuple[int, ...]) -> Entries:
        """Rows that are all of the node's, in order, are its own; others have one axis."""
        if t.rows is None:
            return t
        flat, rank = t.rows.ravel(), t.rows.ndim
        ordered = flat.size == count(shape) and flat.size > 0 and flat[0] == 0 and bool(np.all(np.diff(flat) == 1))
        own = shape if ordered else (flat.size,)
        if t.rows.shape == own and not ordered:
            return t
        front = t.columns.shape[: t.columns.ndim - rank]
        value = t.value
        if value.shape:
            value = self._whole(t, rank)
            value = reshape(value, (*value.shape[: value.ndim - rank], *own))
        rows = None if ordered else flat
        return t._replace(value=value, rows=rows, columns=t.columns.reshape((*front, *own)))

    def _summed(self, t: Entries, rank: int) -> Entries:
        """Axes in front along which the columns are the same are summed."""
        value, columns, coefficient = t.value, t.columns, t.coefficient
        for axis in reversed(range(columns.ndim - rank)):
            size, first = columns.shape[axis], columns.take([0], axis)
            if size > 1 and not np.array_equal(np.broadcast_to(first, columns.shape), columns):
                continue
            own = axis - (columns.ndim - value.ndim)
            if own >= 0 and value.shape[own] == size:
                value = FUNCTIONS["sum"](value, axis=own)
            else:
                value = value if own < 0 else reshape(value, (*value.shape[:own], *value.shape[own + 1 :]))
                coefficient = coefficient * size
            columns = first.reshape((*columns.shape[:axis], *columns.shape[axis + 1 :]))
        return Entries(value, t.rows, columns, coefficient)

    def _merged(self, found: Sequence[Entries], shape: tuple[int, ...]) -> list[Entries]:
        """Terms of one domain, with one array of rows and one of columns, are one term."""
        groups: dict[Any, list[Entries]] = {}
        for t in found:
            t = self._plain(t, shape)
            t = self._summed(t, len(shape) if t.rows is None else 1)
            rows = None if t.rows is None else self.distinct.one(t.rows)
            t = t._replace(rows=rows, columns=self.distinct.one(t.columns))
            groups.setdefault((id(t.rows), id(t.columns)), []).append(t)
        return [ts[0] if len(ts) == 1 else self._sum(ts) for ts in groups.values()]

    def _sum(self, ts: Sequence[Entries]) -> Entries:
        """Terms at the same rows and columns as one, with the coefficient that all share, or the first sign."""
        first = ts[0].coefficient
        alike = all(abs(t.coefficient) == abs(first) for t in ts)
        sign = 1 if first > 0 else -1
        signed = [((1 if t.coefficient == first else -1) if alike else sign * t.coefficient, t.value.node) for t in ts]
        value = Expr(self.g, combination(self.g, signed))
        return ts[0]._replace(value=value, coefficient=first if alike else sign)


def _unravelled(rows: np.ndarray, sizes: Sequence[int]) -> tuple[np.ndarray, ...]:
    """The positions along each axis."""
    return (rows,) if len(sizes) == 1 else np.unravel_index(rows, sizes) if sizes else ()


def _spread(a: np.ndarray, labels: Labels, domain: Labels, sizes: Mapping[Any, int]) -> np.ndarray:
    """An array at labels (a repeated one: its diagonal), spread over the domain."""
    if labels == domain:
        return a
    own = tuple(dict.fromkeys(labels))
    if len(own) < len(labels):
        number = {i: k for k, i in enumerate(own)}
        a = np.einsum(a, [number[i] for i in labels], list(range(len(own))))
    a = a.transpose([own.index(i) for i in domain if i in own])
    shape = [sizes[i] if i in own else 1 for i in domain]
    return np.broadcast_to(a.reshape(shape), [sizes[i] for i in domain])


def _flat(labels: Labels, own: Labels, sizes: Mapping[Any, int]) -> np.ndarray:
    """The flat positions, in an array at labels, of the entries at its distinct ones."""
    flat = np.zeros([sizes[i] for i in own], np.int64)
    for i in labels:
        flat = flat * sizes[i] + np.arange(sizes[i]).reshape([-1 if j == i else 1 for j in own])
    return flat
