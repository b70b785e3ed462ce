"""Products found within longer products, whatever their labels: the left sides of rules over matrices."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from .. import constants
from ..patterns import Rule
from ..unfolding import Unfolding
from .forms import CALL, Atom, Factor, Form, Mono
from .matrices import inverse
from .normal import Normal
from .normalize import Lowered
from .powers import operands

At = Mapping[int, int]  # label of a pattern -> that of the product
NOWHERE: frozenset[int] = frozenset()


def joined(at: At, labels: Sequence[int], others: Sequence[int]) -> dict[int, int] | None:
    """`at` with these labels at the others; None where one of them is elsewhere."""
    found = dict(at)
    for i, j in zip(labels, others, strict=True):
        if found.setdefault(i, j) != j:
            return None
    return found


def located(
    factors: Sequence[Factor], at: At, m: Mono, used: frozenset[int] = NOWHERE
) -> Iterator[tuple[dict[int, int], frozenset[int]]]:
    """(labels, positions) of the ways in which these factors are among those of m that are not used."""
    if not factors:
        yield dict(at), used
        return
    k = next((k for k, f in enumerate(factors) if not at.keys().isdisjoint(f[1])), 0)
    atom, labels, e = factors[k]
    for j, (other, ls, f) in enumerate(m.factors):
        if j in used or other is not atom or isinstance(f, Form) or f != e:
            continue
        for turned in (ls, ls[::-1]) if atom.symmetric else (ls,):
            further = joined(at, labels, turned)
            if further is not None:
                yield from located([*factors[:k], *factors[k + 1 :]], further, m, used | {j})


def placed(normal: Normal, form: Form, labels: Sequence[int]) -> tuple[Any, list[Factor]]:
    """(c, factors) of a form that stands at these labels in a product."""
    if len(form.terms) != 1:
        c, atom = normal.paren(form)
        return c, [(atom, tuple(labels), 1)]
    ((m, c),) = form.terms.items()
    at = Unfolding(normal.fresh).inside(m.out, labels)
    return c, [(a, tuple([at[i] for i in ls]), e) for a, ls, e in m.factors]


def is_inside(m: Mono, used: frozenset[int], at: At, ends: Sequence[int]) -> bool:
    """What is summed over in the pattern, all labels but the ends, is summed over there alone, label by label."""
    inner = [j for i, j in at.items() if i not in ends]
    outer = {i for k, (_, ls, _) in enumerate(m.factors) if k not in used for i in ls}
    return len(set(inner)) == len(inner) and outer.union(m.out, (at[i] for i in ends)).isdisjoint(inner)


def fitted(normal: Normal, p: Atom, atom: Atom, bound: Mapping[Atom, Form]) -> dict[Atom, Form] | None:
    """What wildcards stand for where the pattern's function p is this one."""
    found = dict(bound)
    pairs: list[tuple[Atom, Form]] = [(p, normal.of_atom(atom))]
    for q, form in pairs:
        if len(form.shape) != len(q.shape) or found.setdefault(q, form) is not form:
            return None
        if q.kind == CALL:
            a = lone_atom(form)
            if a is None or (a.kind, a.op, a.params) != (CALL, q.op, q.params):
                return None
            for x, y in zip(q.args, a.args, strict=True):
                inner = lone_atom(x)
                if inner is not None:
                    pairs.append((inner, y))
                elif x.number is None or x.number != y.number:
                    return None
    return found


def lone_atom(form: Form) -> Atom | None:
    """The atom that the form is."""
    if len(form.terms) != 1:
        return None
    ((m, c),) = form.terms.items()
    if c != 1 or m.free or len(m.factors) != 1:
        return None
    ((atom, labels, e),) = m.factors
    return atom if e == 1 and labels == m.out == tuple(range(len(labels))) else None


def instance(normal: Normal, p: Atom, bound: Mapping[Atom, Form]) -> Form:
    """What the pattern's atom stands for; its wildcards are bound."""
    if p in bound:
        return bound[p]
    args = [instance(normal, a, bound) for a in inside(p)]
    if p.op == "inv":
        return inverse(normal, args[0])
    if p.op == "sym" and normal.is_symmetric(args[0]):
        return args[0]
    sizes = {i: j for x, arg in zip(p.args, args, strict=True) for i, j in zip(x.shape, arg.shape, strict=True)}
    return normal.call(p.op, args, p.params, tuple(sizes[i] for i in p.shape), symmetric=p.symmetric)


def wildcards(p: Atom) -> set[Atom]:
    """The wildcards that a pattern's atom is made of."""
    return {w for a in inside(p) for w in wildcards(a)} if p.kind == CALL else {p}


def is_hidden(p: Atom) -> bool:
    """A symmetric part is in it, which of a symmetric matrix is the matrix."""
    return p.op == "sym" or any(map(is_hidden, inside(p)))


def inside(p: Atom) -> list[Atom]:
    """The atoms that a pattern's function is of."""
    return [a for x in p.args if (a := lone_atom(x)) is not None] if p.kind == CALL else []


def exchanged(normal: Normal, form: Form, m: Mono, made: Form) -> Form:
    """The form with its term m replaced."""
    terms = [(1, made) if n is m else (d, normal.form({n: 1}, form.shape)) for n, d in form.terms.items()]
    return normal.add(terms, form.shape)


def replaced(normal: Normal, form: Form, m: Mono, c: Any, k: int, made: Form, labels: tuple) -> Form:
    """The form with factor k of its term m, c times, replaced."""
    product = normal.product([(made, labels), *operands(normal, m, {k})], m.out, m.sizes)
    terms = [(d, normal.form({n: 1}, form.shape)) if n is not m else (c, product) for n, d in form.terms.items()]
    return normal.add(terms, form.shape)


class State(NamedTuple):
    """What wildcards and functions of them stand for, where labels are, which factors are used, the number in front."""

    bound: dict[Atom, Form]
    at: dict[int, int]
    used: frozenset[int]
    scale: Any = 1


class Network:
    """A rule over matrices: its left side is a product of wildcards and of functions of wildcards."""

    def __init__(self, rule: Rule, lowered: Lowered):
        self.rule, self.name = rule, rule.name
        ((self.lhs, _),) = lowered.of(rule.lhs.node).terms.items()
        self.rhs = lowered.of(rule.rhs.node)
        # functions bind what they are of
        self.factors = sorted(self.lhs.factors, key=lambda f: (f[0].kind != CALL, is_hidden(f[0])))
        self.anchor = self.factors[0][0].anchor

    needs: frozenset = frozenset()

    def fits(self, f: Factor) -> bool:
        return True

    def apply(self, low: Lowered, form: Form) -> Form | None:
        """The form with one occurrence rewritten; None where there is none."""
        normal = low.normal
        for m, c in form.terms.items():
            for s in self._found(normal, m) if len(m.factors) >= len(self.factors) else ():
                if is_inside(m, s.used, s.at, self.lhs.out):
                    made = self._made(normal, m, s)
                    whole = normal.product([made, *operands(normal, m, s.used)], m.out, m.sizes)
                    return exchanged(normal, form, m, normal.scale(constants.divide(c, s.scale), whole))
        return None

    def _found(self, normal: Normal, m: Mono) -> list[State]:
        states = [State({}, {}, NOWHERE)]
        for f in self.factors:
            states = [t for s in states for t in self._next(normal, m, f, s)]
        return states

    def _next(self, normal: Normal, m: Mono, f: Factor, s: State) -> Iterator[State]:
        known = (s.bound.keys() >= wildcards(f[0]) and f[0].kind != CALL) or is_hidden(f[0])
        return self._product(normal, m, f, s) if known else self._called(normal, m, f, s)

    def _called(self, normal: Normal, m: Mono, f: Factor, s: State) -> Iterator[State]:
        """A function of wildcards, or of functions of them."""
        p, labels, _ = f
        for j, (atom, ls, e) in enumerate(m.factors):
            bound = None if j in s.used or isinstance(e, Form) or e != 1 else fitted(normal, p, atom, s.bound)
            for turned in (ls, ls[::-1]) if atom.symmetric else (ls,):
                at = joined(s.at, labels, turned) if bound is not None else None
                if bound is not None and at is not None:
                    yield State(bound, at, s.used | {j}, s.scale)

    def _product(self, normal: Normal, m: Mono, f: Factor, s: State) -> Iterator[State]:
        """What is known: the factors of what it stands for."""
        atom, labels, _ = f
        c, factors = placed(normal, instance(normal, atom, s.bound), labels)
        for at, used in located(factors, s.at, m, s.used) if factors else ():
            if at.keys() >= set(labels):
                yield State(s.bound, at, used, s.scale * c)

    def _made(self, normal: Normal, m: Mono, s: State) -> tuple[Form, tuple[int, ...]]:
        """(right side, its labels in the product)"""
        ends = tuple(s.at[i] for i in self.lhs.out)
        shape = tuple(m.sizes[i] for i in ends)
        terms = []
        for n, c in self.rhs.terms.items():
            factors = [(instance(normal, a, s.bound), ls) for a, ls, _ in n.factors]
            bare = normal.number(1, shape) if len(set(n.out)) == len(n.out) else normal.unit(shape[0])
            terms.append((c, normal.product(factors, n.out, {}) if factors else bare))
        return normal.add(terms, shape), ends
