"""Form -> syntax tree: the shortest way to write a sum of labelled products with numpy's rank-2 operations.

A term's factors are combined by dynamic programming over connected subsets, both orientations kept; the cost counts
the operations shown, and a little for every matrix that is formed on the way. Sums are factored first (`factoring`).
"""

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from .. import constants, shapes
from ..algebra.forms import CALL, EXP, LEAF, SIZE, SUM, Atom, Form, Mono, content, sizes_of
from ..algebra.normalize import Lowered
from ..graph import CONSTANT
from ..networks import components
from ..op import OPS
from . import tree
from .factoring import MAX_LONGER, distributed, factored, length, over_common_denominator
from .formed import met_in
from .notation import call_tree, leaf_tree, size_tree
from .opening import cleared_denominators, opened
from .powers import by_power, powers_together
from .search import Search, outer
from .signs import turned
from .tree import Tree, closed

LETTERS = "ijklmnopqrstuvwxyzabcdefghIJKLMNOPQRSTUVWXYZABCDEFGH"
MAX_DENOMINATORS = 2
MAX_NESTED = 50  # sums within sums that are factored


class Layout:
    """Trees of forms over one graph, memoised."""

    def __init__(self, lowered: Lowered, names: dict[int, str]):
        self.lowered, self.graph, self.normal, self.names = lowered, lowered.graph, lowered.normal, names
        self.forms: dict[tuple[Form, bool], Tree] = {}
        self.atoms: dict[tuple[Atom, bool], Tree] = {}
        self.powers: dict[tuple[Atom, Any, bool], tuple[Tree, bool]] = {}
        self.better: dict[Form, Form] = {}  # a sum -> the form in which it is written
        self.opens: dict[Mono, Form | None] = {}
        self.lengths: dict[Form, int] = {}  # of forms as they stand
        self.below: dict[Form, dict[Atom, Any]] = {}  # what terms of forms are divided by
        self.busy: set[Form] = set()  # sums being written: a candidate that leads back to one is not pursued
        self.denominators = 0  # sums over one denominator being tried, one within the other
        self.budget = 400  # factorings that may still be tried
        self.combinations = 20_000  # pairs of factors that may still be tried by dynamic programming
        self.joined: dict[tuple, Tree] = {}
        self.formed: frozenset[Mono] = frozenset()  # products that stand in the sum being written, and within others

    # --- sums ----------------------------------------------------------------------------------------------------

    def form(self, form: Form, flip: bool = False) -> Tree:
        """The tree of a form; `flip` writes its transpose."""
        key = (form, flip)
        t = self.forms.get(key)
        if t is None and not form.shape:
            t = self.forms[key] = self.ranked(self.sum(form), 0)
        elif t is None:
            turned = self.normal.transpose(form) if len(form.shape) == 2 else form
            shown, other = (turned, form) if flip else (form, turned)
            t = self.forms[key] = self.sum(shown)
            if turned is not form:  # (X @ B + B @ X).T; where nothing is saved, of the one that was met first
                u = self.sum(other)
                if u.cost + 1 < t.cost + 0.1 * (other.order < shown.order):
                    t = self.forms[key] = tree.transposed(u)
            t.rank = len(form.shape)
        return t

    def sum(self, form: Form) -> Tree:
        if 1 in form.shape and len(form.terms) > 1:
            keep = self.normal.carried_axes([form])
            kept = [k for k, s in enumerate(form.shape) if s != 1 or k in keep]
            if kept and len(kept) < len(form.shape):  # (x - 1)[:, None]
                return self.among(self.form(self.normal.dropped(form, kept)), kept, range(len(form.shape)))
        if len(form.terms) < 2 or self.budget <= 0 or form in self.busy or len(self.busy) > MAX_NESTED:
            return self.terms(form)
        if not form.anchored:
            atoms = [f[0] for m in form.terms for f in m.factors]
            if len(set(atoms)) == len(atoms):  # 1 + 2*x: there is nothing to take out
                return self.terms(form)
        self.busy.add(form)
        try:
            return self.shortest(form)
        finally:
            self.busy.discard(form)

    def shortest(self, form: Form) -> Tree:
        """The cheapest of: the terms as they are, a common factor outside, everything over one denominator."""
        apart = {m: o for m in form.terms if m.parens and (o := opened(self, m)) is not None}
        if apart:
            terms = [(c, apart.get(m) or self.normal.form({m: 1}, form.shape)) for m, c in form.terms.items()]
            whole = self.normal.add(terms, form.shape)
            if whole is not form:
                return self.chosen("opened products", form, whole, self.form(whole))
        best, t = factored(self, form, self.terms(form))
        over, u, choice = best, t, "common factors"
        out = distributed(self, form) if self.denominators < MAX_DENOMINATORS else None
        if out is not None and length(self, out) <= MAX_LONGER * u.cost:
            self.budget -= 1
            depth, self.denominators = self.denominators, MAX_DENOMINATORS  # what is multiplied out stays so
            v = self.form(out)
            self.denominators = depth
            if v.cost < u.cost:
                best, t, over, u, choice = out, v, out, v, "multiplied out"
        if self.denominators < MAX_DENOMINATORS:
            self.denominators += 1
            over, u = over_common_denominator(self, form, t)
            self.denominators -= 1
        if u is not t:
            best, choice = over, "one denominator"
        is_same = best is form and self.denominators < MAX_DENOMINATORS and self.budget > 0
        cleared = cleared_denominators(self, form) if is_same else None
        if cleared is not None and cleared is not form:
            self.budget -= 1
            v = self.form(cleared)
            if v.cost < u.cost:
                best, u, choice = cleared, v, "denominators cleared"
        ruled = self.lowered.ruled(best)  # what has met in new products may be simpler still
        if ruled is not best and ruled is not form:
            v = self.form(ruled)
            if v.cost <= u.cost:
                best, u = ruled, v
        return self.chosen(choice, form, best, u)

    def chosen(self, choice: str, form: Form, better: Form, t: Tree) -> Tree:
        """The tree of a sum that is written as another form."""
        if better is not form:
            self.lowered.log.append((choice, form, better))
        self.better[form] = better
        return t

    def best(self, form: Form) -> Form:
        """The form with the common factors taken out with which it is written."""
        self.form(form)
        while form in self.better and self.better[form] is not form:
            form = self.better[form]
        return form

    def terms(self, form: Form) -> Tree:
        """The terms one after the other, their common content outside where that is shorter."""
        if not form.terms:
            return self.filled(0, form.shape)
        if len(form.terms) == 1:
            ((m, c),) = form.terms.items()
            other = turned(self.normal, m) if c < 0 and m.anchored else None
            return self.mono(m, c) if other is None else self.mono(other[1], -c * other[0])
        c = abs(content(form.terms.values()))
        plain = self.signed(form, 1)
        if c != 1:
            inner = self.signed(form, c)
            outside = _scaled(c, inner)
            alike = all(abs(d) == c for d in form.terms.values())  # 6*(1 + x), but 4*x**3 - 12*x
            if outside.cost < plain.cost - 0.02 or (alike and outside.cost <= plain.cost + 0.05):
                return outside
        return plain

    def signed(self, form: Form, divisor: Any) -> Tree:
        """The terms with their signs; what one term is, and another holds, is formed in both."""
        outside, self.formed = self.formed, self.formed | met_in(self.normal, form)
        try:
            return self._signed(form, divisor)
        finally:
            self.formed = outside

    def _signed(self, form: Form, divisor: Any) -> Tree:
        spread = self.spread(form)
        terms = []
        for (m, c), stretched in zip(by_power(list(form.terms.items())), spread, strict=True):
            c = c if divisor == 1 else constants.divide(c, divisor)
            terms.append((1 if c > 0 else -1, self.mono(m, abs(c), stretched)))
        return tree.add(terms)

    def spread(self, form: Form) -> list[bool]:
        """For each term whether numpy's broadcasting may stretch it: the other terms must carry the axes it lacks."""
        rank = len(form.shape)
        if not rank:
            return [True] * len(form.terms)
        axes = []
        for m in form.terms:
            free = {i for i, _ in m.free}
            axes.append({k for k, i in enumerate(m.out) if i not in free or m.out.count(i) > 1})
        whole = set().union(*axes)
        if whole == set(range(rank)):
            return [True] * len(axes)
        first = next((k for k, c in enumerate(form.terms.values()) if c > 0), 0)  # as it is written
        return [k != first for k in range(len(axes))]

    def filled(self, c: Any, shape: shapes.Shape) -> Tree:
        if not shape:
            return tree.number(c)
        f = "zeros" if c == 0 else "ones"
        sizes = [size_tree(s) for s in shape]
        base = self.ranked(tree.call(f, sizes[0] if len(sizes) == 1 else Tree("tuple", None, sizes)), len(shape))
        return base if c in (0, 1) else _scaled(c, base)

    def ranked(self, t: Tree, rank: int) -> Tree:
        t.rank = rank
        return t

    # --- products --------------------------------------------------------------------------------------------------

    def mono(self, m: Mono, c: Any, spread: bool = False) -> Tree:
        """The tree of c times a monomial; with `spread`, axes that no factor carries are left to broadcasting."""
        self.normal.search.step(1 + len(m.factors) ** 2 // 64)  # the factors are put in order
        apart = opened(self, m) if m.parens else None
        if apart is not None and not apart.terms:
            return self.filled(0, apart.shape)
        if apart is not None:
            ((m, d),) = apart.terms.items()
            c = c * d
            other = turned(self.normal, m) if c < 0 else None
            m, c = (m, c) if other is None else (other[1], -c * other[0])
        if m.scalar:
            if c == 1 and len(m.factors) == 1:
                ((atom, _, e),) = m.factors
                t, up = self.powered(atom, e, False)
                if up:
                    t.rank = 0
                    return t
            return self.assembled(*self.sides(m.factors, c)) if m.factors else tree.number(c)
        if spread and len(m.out) > 2 and m.free:
            sizes = m.sizes
            return self.stretched(self.normal.form({m: c}, tuple([sizes[i] for i in m.out])))
        single = {i for i, s in m.free if s == 1 and m.out.count(i) == 1}
        rest = set(m.out) - single
        carried = any(not rest.isdisjoint(ls) for _, ls, _ in m.factors)
        if single and not spread and (carried or (m.factors and not rest)):  # v[None]
            kept = [k for k, i in enumerate(m.out) if i not in single]
            shape = tuple([m.sizes[i] for i in m.out])
            t = self.form(self.normal.scale(c, self.normal.dropped(self.normal.form({m: 1}, shape), kept)))
            return self.among(t, kept, range(len(shape)))
        if not m.factors and len(set(m.out)) == len(m.out):
            return tree.number(c) if spread or not m.out else self.filled(c, tuple(s for _, s in m.free))
        listed = self.listed(m, c) if len(m.factors) > 1 and m.out == (0,) else None
        if listed is not None:
            return listed
        c, scalars, below = self.sides([f for f in m.factors if not f[1]], c)
        groups = components([f for f in m.factors if f[1]])
        inside = set(m.out)
        for group in groups:
            if all(inside.isdisjoint(ls) for _, ls, _ in group):  # a closed part is a scalar
                scalars.append(self.component(group, ()))
        groups = [g for g in groups if any(not inside.isdisjoint(ls) for _, ls, _ in g)]
        return self.assembled(c, scalars, below, self.core(m, groups, spread))

    def listed(self, m: Mono, c: Any) -> Tree | None:
        """``stack([x, 0])``, not ``x*eye(2)[0]``, of at most three entries."""
        at = [f for f in m.factors if f[1] == (0,)]
        if len(at) != 1 or at[0][0].op != "basis" or any(ls not in ((), (0,)) for _, ls, _ in m.factors):
            return None
        size, k = at[0][0].params
        if not isinstance(size, int) or size > 3:
            return None
        normal = self.normal
        q, mono = normal.monomial([f for f in m.factors if f is not at[0]], (), {}, set())
        entry, zero = normal.form({mono: c * q}, ()), normal.number(0)
        whole = normal.call("stack", [entry if j == k else zero for j in range(size)], (0,), (size,))
        ((n, _),) = whole.terms.items()
        return self.atom(n.factors[0][0])

    def sides(self, factors: Sequence[Any], c: Any) -> tuple[Any, list[Tree], list[Tree]]:
        """(number, trees above the line, trees below it) of c times scalar factors."""
        above: list[Tree] = []
        below: list[Tree] = []
        for atom, _, e in self.normal.written.sorted(factors):
            t, up = self.powered(atom, e, False)
            if type(c) is Fraction and atom.kind == SUM and e == 1 and len(atom.args.terms) > 1:
                # (1 + x + x**2/2), not (2 + 2*x + x**2)/2
                inner = self.form(self.normal.scale(abs(c), atom.args))
                if inner.cost < t.cost + 0.98 + (c.numerator != 1):
                    t, c = inner, 1 if c > 0 else -1
            (above if up else below).append(t)
        if [e for _, _, e in factors].count(1) < len(factors) - 1:
            above, below = powers_together(self.graph, above, below)
        return c, above, below

    def assembled(self, c: Any, scalars: Sequence[Tree], below: Sequence[Tree], core: Tree | None = None) -> Tree:
        """c * scalars * core / below, with the number in front or its denominator behind."""
        if core is None and len(scalars) == 1 and scalars[0].kind == "matmul":
            scalars, core = [], scalars[0]
        rank = core.rank if core is not None else 0
        negative, c = c < 0, abs(c)
        down = list(below)
        up = list(scalars) if core is None else [*scalars, core]
        if type(c) is Fraction:
            if c.denominator != 1:
                down.insert(0, tree.number(c.denominator))
            c = c.numerator
        if c != 1 or not up:
            up.insert(0, tree.number(c))
        if core is not None and core.kind == "product" and len(up) > 1:
            t = Tree("product", None, [*up[:-1], *core.args], [*core.below, *down])
            if len(t.args) > 1 and any(a.kind == "number" and a.value == 1 for a in core.args):
                rest = [a for a in t.args if not (a.kind == "number" and a.value == 1)]
                t = Tree("product", None, rest or [tree.number(1)], t.below)
        elif core is not None and core.kind == "matmul" and len(up) + len(down) > 1:
            t = Tree("product", "scaled", up, down)
        else:
            t = tree.product(up, down)
        t.rank = rank
        return tree.negative(t) if negative else t

    def powered(self, atom: Atom, e: Any, flip: bool) -> tuple[Tree, bool]:
        """(tree, above): an atom's power, and whether it stands above the fraction line."""
        key = (atom, e, flip)
        found = self.powers.get(key)
        if found is None:
            found = self.powers[key] = self._powered(atom, e, flip)
        return found

    def _powered(self, atom: Atom, e: Any, flip: bool) -> tuple[Tree, bool]:
        if type(e) is int and atom.kind != CALL and atom.kind != SUM:
            return tree.power(self.atom(atom, flip), abs(e)), e > 0
        if atom.kind == EXP:
            if e.number == 1:
                return leaf_tree(self.graph, self.graph.append(CONSTANT, (), ("float", math.e)), self.names), True
            return tree.call("exp", self.form(e, flip)), True
        if isinstance(e, Form):
            lead = next(iter(e.terms.values()), 1)
            if len(e.terms) == 1 and lead < 0:
                return tree.power(self.atom(atom, flip), self.form(self.normal.scale(-1, e), flip)), False
            return tree.power(self.atom(atom, flip), self.form(e, flip)), True
        up = e > 0
        e = abs(e)
        if atom.kind == SUM and not isinstance(e, int):
            norm = self.norm(atom)
            if norm is not None and (e * 2) % 1 == 0:
                return tree.power(norm, int(e * 2)), up
        t = self.atom(atom, flip)
        if t.kind == "power" and t.args[0].kind == "call" and t.args[0].value == "norm2" and (e * 2) % 1 == 0:
            return tree.power(t.args[0], int(e * 2)), up
        return tree.power(t, e), up

    def norm(self, atom: Atom) -> Tree | None:
        """norm2(v) where the atom is the sum of the squares of v, norm2(X, axis=1) where it is that of each row."""
        form = atom.args
        if len(form.terms) != 1 or len(form.shape) > 1:
            return None
        ((m, c),) = form.terms.items()
        labels = sorted({i for _, ls, _ in m.factors for i in ls})
        if c != 1 or not 1 + len(form.shape) <= len(labels) <= 2 or not set(m.out) <= set(labels):
            return None
        if any(isinstance(e, Form) or not isinstance(e, int) or e % 2 or not ls for _, ls, e in m.factors):
            return None
        half = [(a, ls, e // 2) for a, ls, e in m.factors]
        known = sizes_of(half)
        _, root = self.normal.monomial(half, tuple(labels), known, set())
        if root.sums or root.free:
            return None
        inner = self.normal._single(1, root, tuple(known[i] for i in labels))
        if not form.shape:
            t = tree.call("norm2" if len(labels) == 1 else "norm_fro", self.form(inner))
        else:
            t, u = (
                tree.call("norm2", self.form(inner, flip), options=(("axis", str(axis)),))
                for flip, axis in ((False, 1), (True, 0))
            )
            t = u if u.cost < t.cost else t
        return self.ranked(t, len(form.shape))

    def atom(self, atom: Atom, flip: bool = False) -> Tree:
        key = (atom, flip and not atom.symmetric)
        t = self.atoms.get(key)
        if t is None:
            t = self.atoms[key] = self._atom(atom, key[1])
            t.rank = len(atom.shape)
        return t

    def _atom(self, atom: Atom, flip: bool) -> Tree:
        if atom.kind == SUM:
            t = self.form(atom.args)
            if flip:
                other = self.form(atom.args, True)
                return other if other.cost <= t.cost + 1 else tree.transposed(t)
            return t
        if flip:
            t = self.atom(atom)
            if atom.kind == CALL and all(len(a.shape) == 2 for a in atom.args) and self.is_elementwise(atom):
                other = call_tree(self, atom, [self.form(a, True) for a in atom.args])
                if other.cost < t.cost + 1:
                    return other
            return tree.transposed(t)
        if atom.kind == LEAF:
            return leaf_tree(self.graph, atom.args, self.names)
        if atom.kind == SIZE:
            return size_tree(atom.args)
        return call_tree(self, atom, self.arguments(atom))

    def arguments(self, atom: Atom) -> list[Tree]:
        """The arguments of a function; those of an elementwise one are stretched by broadcasting."""
        if len(atom.args) < 2 or not self.is_elementwise(atom):
            return [self.form(a) for a in atom.args]
        return [self.stretched(a) for a in atom.args]

    def stretched(self, form: Form) -> Tree:
        """A form as an operand whose axes on which it doesn't depend are left to broadcasting."""
        keep = self.normal.carried_axes([form])
        if len(keep) == len(form.shape):
            return self.form(form)
        t = self.form(self.normal.dropped(form, keep))
        return self.among(t, keep, range(keep[0], len(form.shape))) if keep else t

    def among(self, t: Tree, kept: Sequence[int], axes: Sequence[int]) -> Tree:
        """A tree whose axes are those `kept` among these, with axes of size 1 for the others."""
        at = [":" if k in kept else "None" for k in axes]
        while at and at[-1] == ":":
            at.pop()
        return self.ranked(tree.index(t, ", ".join(at)), len(axes)) if at else t

    def is_elementwise(self, atom: Atom) -> bool:
        return atom.op in OPS and OPS[atom.op].elementwise

    # --- the labelled core of a product ------------------------------------------------------------------------------

    def core(self, m: Mono, groups: Sequence[Sequence[Any]], spread: bool) -> Tree | None:
        """The tree of the open groups of factors with the output pattern of m; None when there is nothing to write."""
        out = m.out
        carried = {i for g in groups for _, ls, _ in g for i in ls}
        distinct = list(dict.fromkeys(out))
        if not out:
            return None
        if len(distinct) == len(out) and carried >= set(out):
            if len(out) == 1:
                return self.component(groups[0], out)
            if len(out) == 2:
                if len(groups) == 1:
                    t = self.component(groups[0], out)
                    if t is not None:
                        return t
                elif len(groups) == 2:
                    a, b = sorted(groups, key=lambda g: 0 if any(0 in ls for _, ls, _ in g) else 1)
                    return self.ranked(outer(self.component(a, (0,)), self.component(b, (1,))), 2)
            return self.einsum(m, groups)
        if len(out) == 1:
            return None if spread else self.filled(1, (m.free[0][1],))
        if len(out) == 2 and out == (0, 0):
            if not groups:
                return self.ranked(tree.call("eye", size_tree(m.free[0][1])), 2)
            return self.ranked(tree.call("diag", self.component(groups[0], (0,))), 2)
        if len(out) == 2:
            if not groups:
                return None if spread else self.filled(1, tuple(s for _, s in m.free))
            (i,) = carried & set(out)
            v = self.component(groups[0], (i,))
            if spread:
                return v if i == out[1] else tree.index(v, ":, None")
            ones = self.filled(1, (m.free[0][1],))
            return self.ranked(outer(*((v, ones) if i == out[0] else (ones, v))), 2)
        if not groups and len(distinct) == len(out):
            return None if spread else self.filled(1, tuple(s for _, s in m.free))
        return self.einsum(m, groups)

    def letters(self, count: int) -> str:
        """The letters of an einsum; what needs more is written in statements."""
        if count > len(LETTERS):
            self.normal.search.give_up()
        return LETTERS

    def einsum(self, m: Mono, groups: Sequence[Sequence[Any]]) -> Tree:
        """One einsum over rank-2 groups; unit tensors are eye operands, axes of ones are ones."""
        letters = self.letters(len(m.sizes))
        place: dict[int, str] = {}
        operands: list[tuple[str, Tree]] = []
        extra: list[tuple[str, Tree]] = []
        sizes = m.sizes
        for k, i in enumerate(m.out):
            if i in place:
                extra.append((place[i] + letters[k], tree.call("eye", size_tree(sizes[i]))))
            else:
                place[i] = letters[k]
        used = len(m.out)
        for group in groups:
            for labels, t in self.rank_two(group, set(m.out)):
                for i in labels:
                    if i not in place:
                        place[i] = letters[used]
                        used += 1
                operands.append(("".join(place[i] for i in labels), closed(t)))
        covered = "".join(s for s, _ in (*operands, *extra))
        for i in dict.fromkeys(m.out):
            if place[i] not in covered:
                operands.append((place[i], self.filled(1, (sizes[i],))))
        everything = [*operands, *extra]
        if all(s == letters[: len(m.out)] for s, _ in everything):  # X*Y of any rank
            return self.ranked(tree.product([t for _, t in everything]), len(m.out))
        spec = ",".join(s for s, _ in everything) + "->" + letters[: len(m.out)]
        return self.ranked(tree.einsum(spec, [t for _, t in everything]), len(m.out))

    def closed(self, group: Sequence[Any], t: Tree) -> Tree:
        """A scalar, summed last or term by term where that is not longer: ``sum(A @ y)``, not ``sum(A, axis=0) @ y``;
        ``x @ y + trace(X)``, not ``trace(outer(x, y) + X)``."""
        for k, (atom, labels, e) in enumerate(group):
            if len(labels) != 2:
                continue
            rest = [f for j, f in enumerate(group) if j != k]
            lone = [i for i in labels if not any(i in ls for _, ls, _ in rest)]
            if rest and len(lone) == 1:
                u = tree.total(self.component(group, (lone[0],)), (sizes_of(group)[lone[0]],), 0)
                if u.cost <= t.cost:
                    t = u
            if atom.kind == SUM and e == 1 and 1 < len(atom.args.terms) <= 4:
                known = sizes_of(group)
                parts = []
                for m, c in atom.args.terms.items():
                    labelled = self.normal._canonical([f for f in m.factors if f[1]], m.out, m.sizes)
                    q, mono, _ = self.normal._joined([(labelled, labels)], rest, (), known)
                    part = self.lowered.ruled(self.normal.form({mono: q}, ()))
                    scalars = [(self.normal.of_atom(a, x), ()) for a, ls, x in m.factors if not ls]
                    parts.append((c, self.normal.product([(part, ()), *scalars], (), {})))
                u = self.form(self.normal.add(parts, ()))
                if u.cost <= t.cost:
                    t = u
        return self.ranked(t, 0)

    def rank_two(self, group: Sequence[Any], out: set[int]) -> list[tuple[tuple[int, ...], Tree]]:
        """A component of more than two open labels as operands of rank at most two where they can be joined."""
        sets = [frozenset([k]) for k in range(len(group))]
        search = Search(self, group, out)
        joined = True
        while joined:
            joined = False
            for a in range(len(sets)):
                for b in range(a + 1, len(sets)):
                    union = search.joined(sets[a], sets[b])
                    if union is not None and union[1]:
                        sets = [s for k, s in enumerate(sets) if k not in (a, b)] + [union[0]]
                        joined = True
                        break
                if joined:
                    break
        result = []
        for s in sorted(sets, key=min):
            best = search.best[s]
            if best:
                order = min(best, key=lambda o: (best[o][0], o))
                result.append((order, best[order][1]))
            else:
                ((atom, labels, e),) = [group[k] for k in s]
                t, up = self.powered(atom, e, False)
                result.append((labels, t if up else tree.product([], [t])))
        return result

    def component(self, group: Sequence[Any], order: tuple[int, ...]) -> Tree:
        """The cheapest tree of a connected group of factors, its open labels in this order."""
        key = (tuple(group), order, self.formed)
        if key not in self.joined:
            self.joined[key] = self._component(group, order)
        return self.joined[key]

    def _component(self, group: Sequence[Any], order: tuple[int, ...]) -> Tree:
        search = Search(self, group, set(order))
        best = search.run()
        if order in best:
            t = best[order][1]
            return t if order else self.closed(group, t)
        letters = self.letters(len({i for _, labels, _ in group for i in labels}))
        place = {i: letters[k] for k, i in enumerate(order)}
        operands = []
        for labels, t in self.rank_two(group, set(order)):
            for i in labels:
                place.setdefault(i, letters[len(place)])
            operands.append(("".join(place[i] for i in labels), closed(t)))
        spec = ",".join(s for s, _ in operands) + "->" + "".join(place[i] for i in order)
        return tree.einsum(spec, [t for _, t in operands])


def _scaled(c: Any, t: Tree) -> Tree:
    if type(c) is Fraction:
        above = [t] if c.numerator == 1 else [tree.number(c.numerator), t]
        return tree.product(above, [tree.number(c.denominator)])
    return tree.product([tree.number(c), t])
