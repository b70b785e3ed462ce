"""Products whose factors are read where they are needed, so that what is put together of unit tensors is not formed.

A factor is a node with a position (a function of labels) for each of its axes. Sums, products, slices, gathers, and
what puts entries elsewhere pass positions on to their operands; a unit tensor says that two positions are the same,
which replaces one label by another. So the diagonal of a Hessian of slices and gathers is a sum of a few vectors.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from .. import constants, shapes
from ..expr import Expr
from ..graph import CONSTANT, Graph
from ..op import FUNCTIONS, OPS, Op, function, is_float
from ..shapes import Size
from .layout import concat_op, getitem_op, place_op, scatter_add_op, take_op
from .piecewise import where_op
from .positions import (
    At,
    Label,
    Line,
    Position,
    Solution,
    Table,
    Undecided,
    as_table,
    composed,
    counted,
    sliced,
    solved,
)
from .products import ADD, CONTRACT, combination, contract, is_structured

NETWORKS = 400  # that one product becomes; factors that are left then are formed

Factor = tuple[int, tuple[Position, ...]]  # a node and a position for each of its axes


class Network(NamedTuple):
    """``coefficient * product of factors``, summed over the labels that `out` has not.

    todo   factors that may be read further
    done   factors that are read as they are
    masks  (condition, whether it has to hold): where one fails the product is 0, whatever the factors are
    out    where the entries go, along each axis of the result
    labels those that there are; one that no factor has counts
    """

    coefficient: Any
    todo: tuple[Factor, ...]
    done: tuple[Factor, ...]
    masks: tuple[tuple[Factor, bool], ...]
    out: tuple[Position, ...]
    labels: frozenset[Label]


def read_contract(factors: Sequence[tuple[Expr, Sequence]], out: Sequence) -> Expr:
    """`contract` of the same, in which nothing is formed of unit tensors where their positions are known.

    >>> import symdiff as sd
    >>> x = sd.Graph().variable("x", "n")
    >>> print(read_contract([(sd.hessian(sd.sum(x[1:]**3), x), "ii")], "i"))
    concat((zeros(1), 6*x[1:]))
    """
    g = factors[0][0].graph
    return _Reading(g).of([(e.node, tuple(ls)) for e, ls in factors], tuple(out))


@function("contract_entries")
def contract_entries(factors: Sequence[tuple[Expr, Sequence]], out: Sequence) -> Expr:
    """`contract`, and `read_contract` where unit tensors stand under slices, gathers and the like.

    What stands in products alone `contract` itself joins, and what the user wrote stays as it is.
    """
    g = factors[0][0].graph
    units = holds_units(g, [e.node for e, _ in factors])
    moved = any(g._op[n] is not ADD and g._op[n] is not CONTRACT for n in units)
    return read_contract(factors, out) if moved else contract(factors, out)


def holds_units(g: Graph, nodes: Sequence[int]) -> set[int]:
    """The nodes of which unit tensors are a part that a reading finds."""
    found: set[int] = set()
    stack, seen = list(nodes), []
    reached = set(stack)
    while stack:
        n = stack.pop()
        seen.append(n)
        inputs = _parts(g, n)
        stack += [i for i in inputs if i not in reached]
        reached.update(inputs)
    for n in sorted(seen):
        if is_structured(g, n) or any(i in found for i in _parts(g, n)):
            found.add(n)
    return found


def _parts(g: Graph, n: int) -> Sequence[int]:
    """The operands whose entries a node's entries are, or are linear in."""
    op = g._op[n]
    if op is ADD or op is CONTRACT or op is concat_op:
        return g._inputs[n]
    if op is where_op:
        return g._inputs[n][1:]
    return g._inputs[n][:1] if op in READ else ()


class _Reading:
    """One product: its labels, their sizes, and the networks that its factors become."""

    def __init__(self, g: Graph):
        self.g = g
        self.sizes: dict[Label, Size] = {}

    def fresh(self, size: Size = 0) -> Label:
        label = len(self.sizes)
        self.sizes[label] = size
        return label

    def of(self, factors: Sequence[tuple[int, tuple]], out: tuple) -> Expr:
        g, at = self.g, {}
        for n, letters in factors:
            for i, size in zip(letters, g._shape[n], strict=True):
                if i not in at:
                    at[i] = Line(self.fresh(size), 0, 1)
        shape = [self.sizes[at[i].label] for i in out]
        self.units = holds_units(g, [n for n, _ in factors])
        start = tuple([(n, tuple([at[i] for i in letters])) for n, letters in factors])
        found: list[Network] = []
        stack = [Network(1, start, (), (), tuple([at[i] for i in out]), frozenset(self.sizes))]
        while stack:
            network = stack.pop()
            if not network.todo:
                found.append(network)
                continue
            parts = self._read(network) if len(stack) + len(found) < NETWORKS else None
            if parts is None:  # the factor is read as it is
                *todo, factor = network.todo
                parts = [network._replace(todo=tuple(todo), done=(*network.done, factor))]
            stack += parts
        return self._summed(found, shape)

    def _read(self, network: Network) -> list[Network] | None:
        """The networks that come of reading the last factor further; None where it is read as it is."""
        *todo, (n, positions) = network.todo
        labels = [i for p in positions for i in p.labels]
        if n not in self.units and len(set(labels)) == len(labels):
            return None
        rule = READ.get(self.g._op[n])
        try:
            return None if rule is None else rule(self, network._replace(todo=tuple(todo)), n, positions)
        except Undecided:
            return None

    def with_factors(self, network: Network, factors: Sequence[Factor], coefficient: Any = 1) -> Network:
        c = network.coefficient if coefficient == 1 else constants.exact(network.coefficient * coefficient)
        return network._replace(coefficient=c, todo=(*network.todo, *factors))

    def where_same(self, network: Network, pairs: Sequence[tuple[Position, Position, Size]]) -> Network | None:
        """The network where positions are the same; None where they never are."""
        left = list(pairs)
        network = network._replace(labels=network.labels.union(*[p.labels for p, *_ in left]))
        for k in range(len(left)):
            p, q, axis = left[k]
            solution = solved(p, q, axis, self.sizes, self.fresh)
            if solution is None:
                return None
            self.sizes |= solution.sizes
            left = [(self._at(a, solution), self._at(b, solution), s) for a, b, s in left]
            network = self._moved(network, solution)
        return network

    def _at(self, p: Position, solution: Solution) -> Position:
        return composed(p, solution.to, self.sizes)

    def _moved(self, network: Network, solution: Solution) -> Network:
        moved = lambda f: (f[0], tuple([self._at(p, solution) for p in f[1]]))  # noqa: E731
        done = tuple([moved(f) for f in network.done])
        if solution.condition is not None:
            condition, labels = solution.condition
            done = (*done, (condition.node, tuple([Line(i, 0, 1) for i in labels])))
        return network._replace(
            todo=tuple([moved(f) for f in network.todo]), done=done,
            masks=tuple([(moved(f), holds) for f, holds in network.masks]),
            out=tuple([self._at(p, solution) for p in network.out]),
            labels=network.labels.difference(solution.to).union(*[p.labels for p in solution.to.values()]),
        )  # fmt: skip

    # --- the end: values at labels, put where they go ------------------------------------------------------------

    def _summed(self, networks: Sequence[Network], shape: Sequence[Size]) -> Expr:
        g = self.g
        groups: dict[Any, tuple[Sequence[Position], list[Expr]]] = {}
        for network in networks:
            same = [i for p in network.out for i in p.labels]
            number = {i: k for k, i in enumerate(dict.fromkeys(same))}
            key = tuple([_placement(p, number, self.sizes) for p in network.out])
            groups.setdefault(key, (network.out, []))[1].append(self._value(network, tuple(number)))
        found = [
            (1, self._put(Expr(g, combination(g, [(1, v.node) for v in values])), out, shape).node)
            for out, values in groups.values()
        ]
        if found:
            return Expr(g, combination(g, found))
        return FUNCTIONS["broadcast_to"](g.constant(0), tuple(shape))

    def _value(self, network: Network, labels: tuple[Label, ...]) -> Expr:
        """The value of a network at labels; all others are summed."""
        g = self.g
        factors = [self._leaf(n, positions) for n, positions in network.done]
        masks: list[tuple[Expr, tuple[Label, ...], bool]] = []
        masks += [(*self._leaf(*f), holds) for f, holds in network.masks]
        counted = [(e if e.dtype != "bool" else FUNCTIONS["astype"](e, "float64"), ls) for e, ls in factors]
        carried = dict.fromkeys(i for ls in [*(ls for _, ls in counted), *(ls for _, ls, _ in masks)] for i in ls)
        whole = tuple(dict.fromkeys((*labels, *carried))) if masks else labels
        sizes = {i: self.sizes[i] for i in whole}
        value = contract(counted, whole, sizes) if counted else FUNCTIONS["broadcast_to"](
            g.constant(1), tuple(sizes.values())
        )  # fmt: skip
        for condition, ls, holds in masks:
            at = contract([(condition, ls)], [i for i in whole if i in ls])
            at = FUNCTIONS["reshape"](at, tuple([sizes[i] if i in ls else 1 for i in whole]))
            value = FUNCTIONS["where"](at, *((value, 0) if holds else (0, value)))
        value = contract([(value, whole)], labels) if masks else value
        c = network.coefficient
        for i in network.labels.difference(labels, carried):
            size = self.sizes[i]
            if isinstance(size, int):
                c = constants.exact(c * size)
            else:
                value = value * g.size(size)
        return Expr(g, combination(g, [(c, value.node)]))

    def _leaf(self, n: int, positions: Sequence[Position]) -> tuple[Expr, tuple[Label, ...]]:
        """(entries of a node at positions, the labels of their axes)."""
        e, rest = Expr(self.g, n), list(positions)
        for k in reversed(range(len(rest))):
            p = rest[k]
            if isinstance(p, At):
                e = e[(*(slice(None),) * k, p.entry if isinstance(p.entry, int) else self.g.size(p.entry))]
                del rest[k]
        tables = [k for k, p in enumerate(rest) if isinstance(p, Table)]
        seen = {i for k in tables for i in rest[k].labels}
        joint = [k for k, p in enumerate(rest) if k in tables or seen.intersection(p.labels)]
        lines = [p.label for p in (rest[k] for k in joint) if isinstance(p, Line)]
        known = all(isinstance(s, int) for s in (*[e.shape[k] for k in joint], *[self.sizes[i] for i in lines]))
        if len(joint) > 1 and known:
            e, rest = self._gathered(e, rest, joint)
        for k in reversed(range(len(rest))):
            p = rest[k]
            if isinstance(p, Line):
                e = sliced(e, k, p, self.sizes[p.label])
            elif isinstance(p, Table):
                e = FUNCTIONS["take"](e, p.values, axis=k)
        labels = tuple([i for p in rest for i in p.labels])
        own = tuple(dict.fromkeys(labels))
        return (e, own) if own == labels else (contract([(e, labels)], own), own)

    def _gathered(self, e: Expr, rest: list[Position], joint: list[int]) -> tuple[Expr, list[Position]]:
        """Axes whose positions share labels, read together: one axis of pairs in place of a product of axes."""
        labels = tuple(dict.fromkeys(i for k in joint for i in rest[k].labels))
        front = [*joint, *(k for k in range(len(rest)) if k not in joint)]
        e = FUNCTIONS["permute_dims"](e, front) if front != sorted(front) else e
        flat: Any = 0
        for at, k in enumerate(joint):
            p = as_table(counted(rest[k], e.shape[at]), self.sizes)
            order = sorted(range(len(p.labels)), key=[labels.index(i) for i in p.labels].__getitem__)
            values = FUNCTIONS["permute_dims"](p.values, order) if len(order) > 1 else p.values
            shape = tuple([self.sizes[i] if i in p.labels else 1 for i in labels])
            flat = flat * e.shape[at] + FUNCTIONS["reshape"](values, shape)
        e = FUNCTIONS["reshape"](e, (shapes.count(e.shape[: len(joint)]), *e.shape[len(joint) :]))
        e = FUNCTIONS["take"](e, flat, axis=0)
        return e, [*[Line(i, 0, 1) for i in labels], *[p for k, p in enumerate(rest) if k not in joint]]

    def _put(self, value: Expr, out: Sequence[Position], shape: Sequence[Size]) -> Expr:
        """Entries put where they go along each axis of the result."""
        labels = [i for p in out for i in p.labels]
        own = list(dict.fromkeys(labels))
        if labels != own:
            value = contract([(value, own)], labels)
        for axis, (p, size) in enumerate(zip(out, shape, strict=True)):
            whole = (*value.shape[:axis], size, *value.shape[axis + len(p.labels) :])
            before, after = (None,) * axis, (None,) * (len(whole) - axis - 1)
            if isinstance(p, Table):
                value = value.apply(scatter_add_op, (value, value.lift(p.values)), (axis, size))
            elif isinstance(p, At):
                value = value.apply(place_op, (value,), ((*before, p.entry, *after), whole))
            elif (p.start, p.step, self.sizes[p.label]) != (0, 1, size):
                stop = shapes.add(p.start, shapes.multiply(p.step, self.sizes[p.label]))
                span = (p.start, max(stop, -1) if isinstance(stop, int) else stop, p.step)
                value = value.apply(place_op, (value,), ((*before, span, *after), whole))
        return value


def _placement(p: Position, number: dict[Label, int], sizes: dict[Label, Size]) -> Any:
    """What tells placements apart: positions with labels by number."""
    own = tuple([(number[i], sizes[i]) for i in p.labels])
    if isinstance(p, Table):
        return own, p.values.node if isinstance(p.values, Expr) else (p.values.shape, p.values.tobytes())
    return own, p[1:] if isinstance(p, Line) else p


# --- how ops pass positions on ---------------------------------------------------------------------------------------

Rule = Callable[[_Reading, Network, int, tuple[Position, ...]], list[Network] | None]


def _of_sum(r: _Reading, network: Network, n: int, positions: tuple[Position, ...]) -> list[Network]:
    g, found = r.g, []
    for c, i in zip(g._params[n], g._inputs[n], strict=True):
        found.append(r.with_factors(network, [(i, _broadcast(g, n, i, positions))], c))
    return found


def _broadcast(g: Graph, n: int, i: int, positions: tuple[Position, ...]) -> tuple[Position, ...]:
    """The positions in an operand of an elementwise op."""
    own = positions[len(positions) - len(g._shape[i]) :]
    return tuple([
        At(0) if s == 1 and w != 1 else p
        for p, s, w in zip(own, g._shape[i], g._shape[n][len(positions) - len(own) :], strict=True)
    ])  # fmt: skip


def _of_product(r: _Reading, network: Network, n: int, positions: tuple[Position, ...]) -> list[Network]:
    g = r.g
    labels, out, free = g._params[n]
    at: dict[int, Position] = {}
    pairs = []
    sizes = dict(free)
    for i, ls in zip(g._inputs[n], labels, strict=True):
        sizes |= dict(zip(ls, g._shape[i], strict=True))
    for i, p in zip(out, positions, strict=True):
        if i in at:
            pairs.append((p, at[i], sizes[i]))
        at[i] = p
    for i in sizes:
        if i not in at:
            at[i] = Line(r.fresh(sizes[i]), 0, 1)
    factors = [(i, tuple([at[k] for k in ls])) for i, ls in zip(g._inputs[n], labels, strict=True)]
    numbers = [i for i, ls in factors if not ls and g._op[i] is CONSTANT and _is_exact(g, i)]
    c: Any = 1
    for i in numbers:
        c = c * g._params[i][1]
    left = [f for f in factors if f[0] not in numbers]
    summed = [at[i].labels for i in sizes if i not in out]
    network = network._replace(labels=network.labels.union(*summed))
    return _listed(r.where_same(r.with_factors(network, left, c), pairs))


def _is_exact(g: Graph, i: int) -> bool:
    kind, value = g._params[i]
    return kind in ("int", "fraction", "float") and value not in constants.NAMED


def _listed(network: Network | None) -> list[Network]:
    return [] if network is None else [network]


def _of_getitem(r: _Reading, network: Network, n: int, positions: tuple[Position, ...]) -> list[Network]:
    whole = [counted(p, s) for p, s in zip(positions, r.g._shape[n], strict=True)]
    rest, read = iter(whole), []
    for i in r.g._params[n][0]:
        if i is None:
            read.append(next(rest))
        elif isinstance(i, tuple):
            p = next(rest)
            line = Line(-1, i[0], i[2])
            read.append(composed(line, {-1: p}, r.sizes))
        else:
            read.append(At(i))
    return [r.with_factors(network, [(r.g._inputs[n][0], tuple(read))])]


def _of_place(r: _Reading, network: Network, n: int, positions: tuple[Position, ...]) -> list[Network]:
    index, shape = r.g._params[n]
    (operand,) = r.g._inputs[n]
    sizes = iter(r.g._shape[operand])
    read: list[Position] = []
    pairs: list[tuple[Position, Position, Size]] = []
    for i, p, size in zip(index, positions, shape, strict=True):
        if i is None:
            read.append(p)
            next(sizes)
        elif isinstance(i, tuple):
            own = r.fresh(next(sizes))
            read.append(Line(own, 0, 1))
            pairs.append((Line(own, i[0], i[2]), p, size))
        else:
            pairs.append((At(i), p, size))
    return _listed(r.where_same(r.with_factors(network, [(operand, tuple(read))]), pairs))


def _of_take(r: _Reading, network: Network, n: int, positions: tuple[Position, ...]) -> list[Network]:
    operand, index = r.g._inputs[n]
    (axis,), rank = r.g._params[n], len(r.g._shape[index])
    own = dict(enumerate(positions[axis : axis + rank]))
    table = Table(_values(r.g, index), tuple([-1 - k for k in range(rank)]))
    read = composed(table, {-1 - k: p for k, p in own.items()}, r.sizes)
    return [r.with_factors(network, [(operand, (*positions[:axis], read, *positions[axis + rank :]))])]


def _values(g: Graph, index: int) -> Any:
    """An array of positions: numbers where they are constant."""
    if g._op[index] is CONSTANT and g._shape[index]:
        return np.asarray(g._params[index][1].value)
    return Expr(g, index)


def _of_scatter(r: _Reading, network: Network, n: int, positions: tuple[Position, ...]) -> list[Network]:
    operand, index = r.g._inputs[n]
    axis, size = r.g._params[n]
    labels = tuple([r.fresh(s) for s in r.g._shape[index]])
    read = (*positions[:axis], *[Line(i, 0, 1) for i in labels], *positions[axis + 1 :])
    network = r.with_factors(network, [(operand, read)])
    return _listed(r.where_same(network, [(Table(_values(r.g, index), labels), positions[axis], size)]))


def _of_concat(r: _Reading, network: Network, n: int, positions: tuple[Position, ...]) -> list[Network]:
    g, (axis,) = r.g, r.g._params[n]
    start: Size = 0
    found = []
    for i in g._inputs[n]:
        own = r.fresh(g._shape[i][axis])
        read = (*positions[:axis], Line(own, 0, 1), *positions[axis + 1 :])
        pair = (Line(own, start, 1), positions[axis], g._shape[n][axis])
        found += _listed(r.where_same(r.with_factors(network, [(i, read)]), [pair]))
        start = shapes.add(start, g._shape[i][axis])
    return found


def _of_where(r: _Reading, network: Network, n: int, positions: tuple[Position, ...]) -> list[Network]:
    g = r.g
    condition, *branches = g._inputs[n]
    mask = (condition, _broadcast(g, n, condition, positions))
    found = []
    for i, holds in zip(branches, (True, False), strict=True):
        if g._op[i] is CONSTANT and not g._shape[i] and g._params[i][1] == 0:
            continue
        part = r.with_factors(network, [(i, _broadcast(g, n, i, positions))])
        found.append(part._replace(masks=(*part.masks, (mask, holds))))
    return found


def _of_quotient(r: _Reading, network: Network, n: int, positions: tuple[Position, ...]) -> list[Network]:
    g = r.g
    numerator, denominator = g._inputs[n]
    inverse = FUNCTIONS["divide"](1, Expr(g, denominator)).node
    parts = [(i, _broadcast(g, n, j, positions)) for i, j in ((numerator, numerator), (inverse, denominator))]
    return [r.with_factors(network, parts)]


def _of_cast(r: _Reading, network: Network, n: int, positions: tuple[Position, ...]) -> list[Network] | None:
    (operand,) = r.g._inputs[n]
    same = is_float(r.g._dtype[n]) and is_float(r.g._dtype[operand])
    return [r.with_factors(network, [(operand, positions)])] if same else None


def _of_reshape(r: _Reading, network: Network, n: int, positions: tuple[Position, ...]) -> list[Network]:
    """Axes are the same, are of size 1, or are joined and split."""
    (operand,) = r.g._inputs[n]
    x, y = r.g._shape[operand], r.g._shape[n]
    read: list[Position] = []
    pairs = []
    i = k = 0
    while i < len(x) or k < len(y):
        wide, high = _group(x[i:], y[k:])
        own, there = x[i : i + wide], positions[k : k + high]
        if wide == high == 1:
            read += there
        elif own and own != (1,):
            fresh = [Line(r.fresh(s), 0, 1) for s in own]
            read += fresh
            pairs.append((_flat(fresh, own, r.sizes), _flat(there, y[k : k + high], r.sizes), shapes.count(own)))
        else:
            read += [At(0)] * wide
        i, k = i + wide, k + high
    return _listed(r.where_same(r.with_factors(network, [(operand, tuple(read))]), pairs))


def _group(x: shapes.Shape, y: shapes.Shape) -> tuple[int, int]:
    """How many of the first axes of two shapes have as many entries, the fewest."""
    if x and y and x[0] == y[0]:
        return 1, 1
    if x[:1] == (1,) or y[:1] == (1,):
        return (1, 0) if x[:1] == (1,) else (0, 1)
    i = k = 1
    while (a := shapes.count(x[:i])) != (b := shapes.count(y[:k])):
        if not isinstance(a, int) or not isinstance(b, int):
            raise Undecided("axes of named sizes that are joined")
        i, k = (i + 1, k) if a < b else (i, k + 1)
    return i, k


def _flat(positions: Sequence[Position], shape: shapes.Shape, sizes: dict[Label, Size]) -> Position:
    """The position in axes that are joined."""
    if len(positions) == 1:
        return positions[0]
    if not all(isinstance(s, int) for s in shape):
        raise Undecided("axes of named sizes that are joined")
    whole = np.arange(np.prod(shape, dtype=np.int64)).reshape(shape)  # type: ignore[arg-type]
    table = Table(whole, tuple([-1 - k for k in range(len(shape))]))
    return composed(table, {-1 - k: p for k, p in enumerate(positions)}, sizes)


READ: dict[Op, Rule] = {
    ADD: _of_sum, CONTRACT: _of_product, getitem_op: _of_getitem, place_op: _of_place, take_op: _of_take,
    scatter_add_op: _of_scatter, concat_op: _of_concat, where_op: _of_where, OPS["divide"]: _of_quotient,
    OPS["astype"]: _of_cast, OPS["reshape"]: _of_reshape,
}  # fmt: skip
