"""Dynamic programming over the connected factors of a product: the cheapest numpy operations, in both orientations."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ..algebra.forms import SUM, sizes_of
from ..op import OPS
from . import formed, tree
from .tree import Tree, closed

MAX_DP = 7  # factors of a component that the dynamic programme takes; more are combined greedily
FORMED = 0.5  # what a product costs that is formed anyway
Way = tuple[tuple, float, Callable[..., Tree], tuple]  # order of the labels, added cost, and how the tree is made
Best = dict[tuple[int, ...], tuple[float, Tree, tuple]]  # order of the open labels -> (cost, tree, sort key)


class Search:
    """Dynamic programming over connected subsets of the factors of one component."""

    def __init__(self, layout: Any, group: Sequence[Any], out: set[int]):
        self.layout, self.group, self.out = layout, group, out
        self.where: dict[int, set[int]] = {}
        for k, (_, labels, _) in enumerate(group):
            for i in labels:
                self.where.setdefault(i, set()).add(k)
        self.best: dict[frozenset[int], Best] = {}
        self.tried: dict[tuple[frozenset[int], frozenset[int]], tuple[frozenset[int], bool] | None] = {}
        for k in range(len(group)):
            self.best[frozenset([k])] = self.single(k)

    def is_open(self, i: int, subset: frozenset[int]) -> bool:
        return i in self.out or not self.where[i] <= subset

    def run(self) -> Best:
        n = len(self.group)
        full = frozenset(range(n))
        if n == 1:
            return self.best[full]
        if n > MAX_DP or self.layout.combinations <= 0:
            return self.greedy(full)
        by_size: list[list[frozenset[int]]] = [[], [s for s, b in self.best.items() if b]]
        for size in range(2, n + 1):
            found: dict[frozenset[int], Best] = {}
            for small in range(1, size // 2 + 1):
                for a in by_size[small]:
                    for b in by_size[size - small]:
                        if a.isdisjoint(b) and (small < size - small or min(a) < min(b)):
                            self.combine(a, b, found)
            self.best.update(found)
            by_size.append(list(found))
        return self.best.get(full, {})

    def greedy(self, full: frozenset[int]) -> Best:
        sets = list(self.best)
        while len(sets) > 1:
            candidates = self.candidates(sets, True)
            if not candidates or candidates[0][0]:
                candidates = self.candidates(sets, False)
            if not candidates:
                return {}
            _, _, x, y, union_set = candidates[0]
            sets = [s for k, s in enumerate(sets) if k not in (x, y)] + [union_set]
        return self.best[full]

    def candidates(self, sets: Sequence[frozenset[int]], connected: bool) -> list[tuple]:
        """The pairs of subsets that can be joined, the best first: (whether no label is closed, cost, x, y, union)."""
        has = [{i for k in s for i in self.group[k][1] if self.is_open(i, s)} for s in sets]
        found = []
        self.layout.normal.search.step(len(sets) ** 2 // 64)
        for x in range(len(sets)):
            for y in range(x + 1, len(sets)):
                if connected and has[x].isdisjoint(has[y]):
                    continue
                union = self.joined(sets[x], sets[y])
                if union is not None:
                    best = self.best[union[0]]
                    found.append((not union[1], min(c for c, _, _ in best.values()), x, y, union[0]))
        return sorted(found, key=lambda t: t[:4])

    def joined(self, a: frozenset[int], b: frozenset[int]) -> tuple[frozenset[int], bool] | None:
        """(union, whether the join closes a label or keeps the rank) when two subsets can be written as one operand."""
        if (a, b) not in self.tried:
            self.tried[a, b] = self._joined(a, b)
        return self.tried[a, b]

    def _joined(self, a: frozenset[int], b: frozenset[int]) -> tuple[frozenset[int], bool] | None:
        found: dict[frozenset[int], Best] = {}
        self.combine(a, b, found)
        if not found:
            return None
        ((union, best),) = found.items()
        self.best.setdefault(union, {}).update(best)
        rank = len(next(iter(best)))
        before = max(len(next(iter(self.best[s]))) for s in (a, b))
        return union, rank <= before

    def single(self, k: int) -> Best:
        """One factor: its power, its diagonal or trace, its sums over labels that nothing else has."""
        atom, labels, e = self.group[k]
        subset = frozenset([k])
        if len(labels) > 2:
            return self.summed(k)
        layout, key = self.layout, atom.order
        kept = [i for i in labels if self.is_open(i, subset)]
        if len(labels) == 2 and labels[0] == labels[1]:
            t, up = layout.powered(atom, e, False)
            t = t if up else tree.product([], [t])
            t = tree.call("diagonal" if kept else "trace", t)
            if kept and atom.kind == SUM and e == 1:  # diagonal(A) - x, not diagonal(A - diag(x))
                u = layout.form(layout.normal.relabel(atom.args, (0, 0), (0,), {}))
                t = u if u.cost < t.cost else t
            t.rank = len(set(kept))
            return {tuple(dict.fromkeys(kept)): (t.cost, t, key)}
        if len(kept) == len(labels):
            result: Best = {}
            for order, flip in ((labels, False), (labels[::-1], True)):
                if order in result:
                    continue
                t, up = layout.powered(atom, e, flip and len(labels) == 2)
                t = t if up else Tree("product", None, [], [t])
                result[order] = (t.cost, t, key)
            return result
        if not kept and all(size == 1 for size in sizes_of(self.group[k : k + 1]).values()):
            t, up = layout.powered(atom, e, False)
            t = tree.alone(t if up else tree.product([], [t]), range(len(labels)))
            t.rank = 0
            return {(): (t.cost, t, key)}
        if len(labels) == 1:
            if e == 2:  # x @ x
                v = layout.atom(atom)
                t = tree.matmul([v, v]) if v.cost == 0 else tree.power(_norm(v), 2)
            else:
                t, up = layout.powered(atom, e, False)
                t = tree.total(t if up else tree.product([], [t]), self.sizes_at(labels), 0)
            t.rank = 0
            return {(): (t.cost, t, key)}
        t, up = layout.powered(atom, e, False)
        t = t if up else tree.product([], [t])
        if not kept:
            t = tree.total(t, self.sizes_at(labels), 0)
            return {(): (t.cost, t, key)}
        axis = 1 - labels.index(kept[0])
        sizes = self.sizes_at((labels[axis],))
        t = tree.alone(t, [axis]) if sizes == (1,) else tree.total(t, sizes, 1, [axis])
        t.rank = 1
        return {(kept[0],): (t.cost, t, (SUM, key[1]))}

    def summed(self, k: int) -> Best:
        """A factor of many axes, summed down to at most two of them."""
        atom, labels, e = self.group[k]
        kept = tuple(i for i in labels if self.is_open(i, frozenset([k])))
        if len(kept) > 2 or len(kept) == len(labels) or len(set(labels)) < len(labels):
            return {}
        t, up = self.layout.powered(atom, e, False)
        gone = tuple(j for j, i in enumerate(labels) if i not in kept)
        t = t if up else tree.product([], [t])
        sizes = self.sizes_at(labels[j] for j in gone)
        if kept and all(size == 1 for size in sizes):
            t = tree.alone(t, gone)
            t.rank = len(kept)
            return {kept: (t.cost, t, (SUM, atom.order[1]))}
        t = tree.total(t, sizes, len(kept), gone if kept else ())
        key = SUM, atom.order[1]
        turned = {kept[::-1]: (t.cost + 1, tree.transposed(t), key)} if len(kept) == 2 else {}
        return turned | {kept: (t.cost, t, key)}

    def sizes_at(self, labels: Iterable[int]) -> tuple:
        """Sizes of labels; the base of exp has those of its exponent."""
        sizes = sizes_of(self.group)
        return tuple(sizes[i] for i in labels)

    def combine(self, a: frozenset[int], b: frozenset[int], found: dict[frozenset[int], Best]) -> None:
        union = a | b
        self.layout.combinations -= 1
        self.layout.normal.search.step()
        for left, right in ((a, b), (b, a)):
            for p, (cost_p, t, key_p) in self.best[left].items():
                for q, (cost_q, u, key_q) in self.best[right].items():
                    for order, cost, make, args in self.pairs(p, t, q, u, key_p, key_q, union, left):
                        total = cost_p + cost_q + cost
                        best = found.setdefault(union, {})
                        if order not in best or total < best[order][0] - 1e-9:
                            made = make(*args)
                            made.cost, made.rank = max(made.cost, total), len(order)
                            key = min(key_p, key_q)
                            # a product that was summed over stands behind plain factors: y*(X @ w)
                            best[order] = (total, made, key if made.kind == "product" else (SUM, key[1]))
        if union in found:
            best = found[union]
            for order in list(best) if self.layout.formed else ():
                if len(order) == 2 and self.is_formed(union, order):
                    best[order] = (FORMED, *best[order][1:])
            for order, (cost, t, key) in list(best.items()):  # (A @ B).T
                turned = order[::-1]
                if len(order) == 2 and (turned not in best or cost + 1 < best[turned][0] - 1e-9):
                    best[turned] = (cost + 1, tree.transposed(t), key)

    def is_formed(self, subset: frozenset[int], order: tuple[int, ...]) -> bool:
        """The product of these factors stands elsewhere in the sum."""
        factors = [self.group[k] for k in sorted(subset)]
        held = {f[0] for f in factors}
        if not any(len(m.factors) == len(factors) and held == {f[0] for f in m.factors} for m in self.layout.formed):
            return False
        return formed.of(self.layout.normal, factors, order) in self.layout.formed

    def pairs(
        self,
        p: tuple,
        t: Tree,
        q: tuple,
        u: Tree,
        key_p: tuple,
        key_q: tuple,
        union: frozenset[int],
        left: frozenset[int],
    ) -> list[Way]:
        """The ways to write p[t] times q[u] with one numpy operation."""
        shared = set(p) & set(q)
        if not shared:
            if len(p) == len(q) == 1:  # for a product with a matrix of both axes
                made = outer(t, u)
                return [((p[0], q[0]), made.cost - t.cost - u.cost + 0.05, _made, (made,))]
            return []
        gone = {i for i in shared if not self.is_open(i, union)}
        rest = (set(p) | set(q)) - gone
        if len(rest) > 2:
            return []
        result: list[Way] = []
        if not gone:
            if set(q) <= set(p) and (len(p) > len(q) or key_p <= key_q):
                under = _is_denominator(t) or _is_denominator(u)  # whose line has been counted
                if q == p or q == p[-1:]:
                    weight = 1 + (len(p) == 2) * (0.03 if q == p else 0.1) - under
                    result.append((p, weight, _times, (t, u, key_p, key_q)))
                elif q == p[:1]:
                    column = _column(u)
                    weight = 1.1 + column.cost - u.cost - under
                    result.append((p, weight, _rows_times, (t, column, key_p)))
            return result
        if len(gone) == 1:
            (k,) = gone
            if len(p) == len(q) == 1 and t.cost and t.cost == u.cost and repr(t) == repr(u):  # (A @ x) @ (A @ x)
                result.append(((), 2 - u.cost, _square, (t,)))
            if shared == {k}:
                if p[-1] == k and q[0] == k:
                    if len(p) == 1 and len(q) == 2:
                        return result  # vectors are columns: A.T @ v, not v @ A
                    if len(p) == 1 and _chained(t) and not _chained(u):
                        return result  # x @ (A @ y), not (A @ y) @ x
                    order = p[:-1] + q[1:]
                    # a product of two matrices costs memory and time, an outer product formed to be multiplied more
                    weight = 1.0 + 0.6 * (len(order) == 2) + 0.3 * (_is_outer(t) + _is_outer(u))
                    if len(order) == 1:  # (B*c).T @ v forms a matrix where B.T @ (c*v) forms none
                        weight += 0.7 * _is_composite(t if len(p) == 2 else u)
                    if len(p) == 2 and len(q) == 1:
                        solved = self.solved(left, t, u)
                        if solved is not None:
                            result.append((order, solved.cost - t.cost - u.cost, _made, (solved,)))
                    result.append((order, weight, _matmul, (t, u, len(p) == 1)))
            elif len(p) == 2 and p == q:
                weight = 2.04 + 0.7 * (_is_composite(t) + _is_composite(u))
                sizes = self.sizes_at((k,))
                args = (t, u, key_p, key_q, sizes, 1, [p.index(k)])
                result.append((tuple(i for i in p if i != k), weight, _sum_times, args))
            return result
        if len(p) == 2 and len(q) == 2:
            if p == q[::-1]:
                result.append(((), 2.02, _trace, (t, u)))
            elif p == q:
                result.append(((), 2.03, _sum_times, (t, u, key_p, key_q, self.sizes_at(p), 0)))
        return result

    def solved(self, left: frozenset[int], t: Tree, u: Tree) -> Tree | None:
        """solve(X, u) for inv(X) @ u."""
        if len(left) == 1:
            inner = t.args[0] if t.kind == "T" else t
            if inner.kind == "call" and inner.value == "inv":
                x = inner.args[0]
                return tree.call("solve", tree.transposed(x) if t.kind == "T" else x, closed(u))
        return None


def _made(t: Tree) -> Tree:
    return t


def outer(t: Tree, u: Tree) -> Tree:
    """``outer(t, u)``; of the entries of a column, the column times a row."""
    if t.options == tree.ALONE and t.value == ":, 0":
        row = u.args[0] if u.options == tree.ALONE and u.value == "0" else closed(u)
        return Tree("product", None, [t.args[0], row])
    return tree.call("outer", closed(t), closed(u))


def _rows_times(t: Tree, column: Tree, key: tuple) -> Tree:
    """u[:, None]*t"""
    return _times(column, closed(t), (), key)


def _sum_times(t: Tree, u: Tree, key_t: tuple, key_u: tuple, *over: Any) -> Tree:
    return tree.total(_times(t, u, key_t, key_u), *over)


def _trace(t: Tree, u: Tree) -> Tree:
    return tree.call("trace", _matmul(t, u, False))


def _square(v: Tree) -> Tree:
    """v @ v of a vector that is no mere name."""
    return tree.power(_norm(closed(v)), 2)


def _norm(v: Tree) -> Tree:
    t = tree.call("norm2", v)
    t.rank = 0
    return t


def _is_outer(t: Tree) -> bool:
    """An outer product, or a sum with one."""
    return (t.kind == "call" and t.value == "outer") or (t.kind == "add" and any(_is_outer(a) for a in t.args))


def _is_composite(t: Tree) -> bool:
    """A matrix that is formed by a product."""
    if t.kind == "T":
        return _is_composite(t.args[0])
    return t.kind in ("product", "matmul") or (t.kind == "call" and t.value == "outer")


def _is_denominator(t: Tree) -> bool:
    """A line with nothing above it."""
    return t.kind == "product" and not t.args


def _chained(t: Tree) -> bool:
    return t.kind == "matmul"


def _column(t: Tree) -> Tree:
    """A vector as a column; of a reciprocal, the column below the line."""
    if t.kind == "product" and not t.args:
        return Tree("product", None, [], [_column(tree.product(t.below))])
    return _kept(t) or tree.index(t, ":, None")


def _kept(t: Tree) -> Tree | None:
    """The column of what is made of scalars and of reductions along its axis, which keep it at no cost; None of
    others."""
    if not t.rank:
        return t
    called = t.kind == "call" and not t.options and t.value in OPS and OPS[t.value].elementwise
    if not called and t.kind not in ("add", "product", "power", "negative"):
        column = tree.index(t, ":, None")
        return column if tree.reduction(column) is not None else None
    args, below = ([a for x in side if (a := _kept(x)) is not None] for side in (t.args, t.below))
    if len(args) < len(t.args) or len(below) < len(t.below):
        return None
    column = t.over(args, below)
    column.rank = 2
    return column


def _times(t: Tree, u: Tree, key_t: tuple, key_u: tuple) -> Tree:
    """t*u elementwise, the factors in the order of their keys."""
    first, second = (t, u) if key_t <= key_u else (u, t)
    above: list[Tree] = []
    below: list[Tree] = []
    for x in (first, second):
        if x.kind == "product":
            above += x.args
            below += x.below
        else:
            above.append(x)
    above = [x for x in above if not (x.kind == "number" and x.value == 1)]
    return Tree("product", None, above, below)


def _matmul(t: Tree, u: Tree, dot: bool) -> Tree:
    t, u = closed(t), closed(u)
    left = list(t.args) if t.kind == "matmul" and not dot else [t]
    right = list(u.args) if u.kind == "matmul" and not (dot and _chained(t)) else [u]
    return tree.matmul([*left, *right])
