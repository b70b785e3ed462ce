"""Forms, the print-level normal form: sums of monomials over atoms. They know no graph ops and no text.

A `Form` is ``{monomial: exact coefficient}``; a `Mono` is a multiset of (atom, labels, exponent) with output labels, so
that squares, quotients, norms and Hadamard powers merge by adding exponents; an `Atom` is a leaf, a function of forms,
a sum in parentheses, a size, or the base of exp. All three are interned, for one formula: equal ones are one object,
and their order is that in which they are met, which is the order the user wrote.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise, repeat
from math import gcd, lcm
from operator import attrgetter, itemgetter
from typing import Any

import numpy as np

from .. import constants
from ..op import OPS
from ..shapes import Shape, Size

Labels = tuple[int, ...]
MAX_LOOKED_AT = 200  # atoms among which one is looked for that may stand twice
LEAF, SIZE, SUM, CALL, EXP, CONDITION = range(6)  # kinds of atoms, in the order in which factors are written


def parity(e: int) -> int:
    """The exponent of what is 1 or -1."""
    return e % 2


def truth(e: int) -> int:
    """The exponent of what is 0 or 1."""
    return min(e, 1)


class Atom:
    """kind: LEAF (args = node id), SIZE (args = text), SUM (args = form), CALL (op, args = forms), EXP: exp's base."""

    __slots__ = ("anchor", "args", "kind", "op", "order", "params", "reduced", "shape", "symmetric")

    def __init__(self, kind: int, op: Any, args: Any, params: Any, shape: Shape, symmetric: bool, order: tuple):
        self.kind, self.op, self.args, self.params = kind, op, args, params
        condition = op in OPS and OPS[op].boolean
        self.shape, self.symmetric, self.order = shape, symmetric, (CONDITION, *order[1:]) if condition else order
        self.reduced = truth if condition or op == "basis" else None  # the exponent that means the same as another
        self.anchor: Any = op if kind == CALL else None  # what rules look it up by: a function, or those in a sum
        if kind == EXP:
            self.anchor = "exp"
        elif kind == SUM:
            inner = {"sum" if a.kind == SUM else a.anchor for m in args.terms for a, _, _ in m.factors} - {None}
            self.anchor = ("sum", *sorted(inner))
            if not inner and len(args.terms) == 1 and args.number is not None:
                self.reduced = parity  # 2**(1/2)*2**(1/2) is a number

    def __repr__(self) -> str:
        return f"Atom({('leaf', 'size', 'sum', 'call', 'exp')[self.kind]} {self.op or self.args})"


class Mono:
    """A product of powers of atoms: ``y[out] = sum over labels not in out of prod atom[labels]**exponent``.

    Labels of `out` are 0, 1, ... by first appearance, the summed ones follow; `free` holds the sizes of output labels
    that no factor carries.
    """

    __slots__ = ("anchored", "factors", "free", "grouped", "order", "out", "parens", "scalar", "sums")

    def __init__(self, factors: tuple, out: Labels, free: tuple, order: int):
        self.factors, self.out, self.free, self.order = factors, out, free, order
        self.scalar = not out  # a product of scalars
        self.sums = False  # it has labels that are summed over
        self.grouped = 0  # how many factors are sums in parentheses
        self.parens = False  # a factor is the power of a sum of several terms
        self.anchored = False  # a factor is more than a leaf: rules may look for it
        for atom, labels, e in factors:
            if atom.anchor is not None:
                self.anchored = True
            if labels:
                self.scalar = False
                self.sums = self.sums or not set(labels).issubset(out)
            if atom.kind == SUM:
                self.grouped += 1
                self.parens = self.parens or (len(atom.args.terms) > 1 and not isinstance(e, Form))

    @property
    def sizes(self) -> dict[int, Size]:
        """{label: size} of all its labels."""
        if self.scalar:
            return {}
        return dict(self.free) | sizes_of(self.factors)

    def stands_twice(self, atom: Atom) -> bool:
        """The atom of a factor is one of another factor too, or stands within it."""
        stack: list[Any] = list(self.factors)
        looked_at = found = 0
        while stack:
            a, _, e = stack.pop()
            looked_at += 1
            found += a is atom
            if found > 1 or looked_at > MAX_LOOKED_AT:
                return True
            inside = (a.args,) if a.kind == SUM else a.args if isinstance(a.args, tuple) else ()
            for form in (*inside, e):
                if isinstance(form, Form):
                    stack += [f for n in form.terms for f in n.factors]
        return False

    def widens(self, atom: Atom) -> bool:
        """It sums over more axes than two, which none of the terms of the atom has, a sum: ``X[:, None] - X``."""
        wide = self.sums and atom.kind == SUM and len(atom.shape) > 2
        return wide and all(m.free for m in atom.args.terms) and not self.stands_twice(atom)

    def __repr__(self) -> str:
        return f"Mono({self.factors} -> {self.out} {self.free or ''})"


class Form:
    """A sum ``{Mono: coefficient}`` of one shape."""

    __slots__ = ("order", "shape", "terms")

    def __init__(self, terms: dict[Mono, Any], shape: Shape, order: int):
        self.terms, self.shape, self.order = terms, shape, order

    def __repr__(self) -> str:
        return f"Form({self.terms} of shape {self.shape})"

    @property
    def anchored(self) -> bool:
        """There is more in it than leaves: rules may look for it."""
        for m in self.terms:  # noqa: SIM110  asked of every form: any(...) takes twice the time
            if m.anchored:
                return True
        return False

    @property
    def number(self) -> Any:
        """The number that a constant form is, else None."""
        if not self.terms:
            return 0
        if len(self.terms) == 1:
            ((m, c),) = self.terms.items()
            if not m.factors and len(set(m.out)) == len(m.out):
                return c
        return None


Factor = tuple[Atom, Labels, Any]
GROUPED, SCALAR = attrgetter("grouped"), attrgetter("scalar")  # of monomials
LABELS = itemgetter(1)  # of factors


class WrittenOrder:
    """The order in which the user wrote the scalar factors of products, pair by pair: that of the product met first."""

    def __init__(self) -> None:
        self.pairs: set[tuple[Any, Any]] = set()

    def keep(self, factors: Iterable[Factor]) -> None:
        """These factors were written in this order."""
        earlier: list[Any] = []
        for b in map(_identity, factors):
            self.pairs.update([(a, b) for a in earlier if (b, a) not in self.pairs])
            earlier.append(b)

    def sorted(self, factors: Sequence[Factor]) -> list[Factor]:
        """The factors in the user's order, where none is known in that of the atoms; powers of e first."""
        if len(factors) < 2 or not (self.pairs or factors[-1][0].kind == EXP):
            return list(factors)
        result: list[Factor] = []
        placed: list[Any] = []
        for f in factors:
            a = _identity(f)
            before = list(map(self.pairs.__contains__, zip(repeat(a), placed)))
            at = before.index(True) if True in before else len(placed)
            at = 0 if type(a) is Form and a.number is not None else at
            result.insert(at, f)
            placed.insert(at, a)
        return result


def _identity(f: Factor) -> Any:
    """What tells factors apart whatever their exponent: the atom; of a power of e, the exponent."""
    return f[2] if f[0].kind == EXP else f[0]


def sizes_of(factors: Iterable[Factor]) -> dict[int, Size]:
    """{label: size} of factors; the base of exp has the shape of its exponent."""
    sizes: dict[int, Size] = {}
    for atom, labels, e in factors:
        sizes.update(zip(labels, e.shape if atom.kind == EXP else atom.shape, strict=True))
    return sizes


def exponent_key(e: Any) -> tuple:
    return (1, e.order) if isinstance(e, Form) else (0, float(e))


def as_exponent(c: Any) -> Any:
    """A numeric exponent, exact where a short fraction says the same."""
    if isinstance(c, float):
        f = Fraction(c)
        return constants.exact(f) if f.denominator <= 64 else c
    return constants.exact(c)

def positions(m: Mono, labels: Sequence[int]) -> dict[int, int] | None:
    at: dict[int, int] = {}
    for i, j in zip(m.out, labels, strict=True):
        if at.setdefault(i, j) != j:
            return None
    return at


def number_power(n: Any, c: int) -> Any:
    """n**c, exact for moderate exponents; inf beyond the doubles."""
    if abs(c) <= 512 and not isinstance(n, float):
        return constants.exact(Fraction(n) ** c)
    with np.errstate(all="ignore"):
        return constants.exact(float(np.power(constants.as_float(n), float(c))))


def number_root(d: Any, c: Any) -> Any:
    """d**c when it is exact, else None."""
    if d == 1:
        return 1
    if isinstance(d, float):
        return d**c if d > 0 or isinstance(c, int) else None
    if isinstance(c, int):
        return number_power(d, c)
    if d > 0 and type(c) is Fraction:
        f = Fraction(d)
        top, bottom = (round(v ** (1 / c.denominator)) for v in (f.numerator, f.denominator))
        if top**c.denominator == f.numerator and bottom**c.denominator == f.denominator:
            return number_power(Fraction(top, bottom), c.numerator)
    return None


def content(coefficients: Iterable[Any]) -> Any:
    """The number to take out of a sum: the greatest common divisor, negative when all are; 1 for general floats."""
    values = list(coefficients)
    sign = -1 if max(values, default=0) < 0 else 1
    kinds = {*map(type, values)}
    if kinds <= {int}:
        return sign * gcd(*values)
    if not kinds <= {int, Fraction}:
        size = abs(values[0])
        return sign * size if all(abs(c) == size for c in values) else sign
    top, bottom = gcd(*[c.numerator for c in values]), lcm(*[c.denominator for c in values])
    return constants.exact(Fraction(sign * top, bottom))


def refined_labels(factors: Sequence[Factor], number: Mapping[int, int], summed: Sequence[int]) -> list[int]:
    """The summed labels in an order that does not depend on their names: colour refinement, ties split one by one."""
    colour: dict[int, Any] = dict(number)
    start = len(number)
    for i in summed:
        colour[i] = start
    atoms = [(a.order, exponent_key(e), a.symmetric) for a, _, e in factors]
    count = 1
    while True:
        seen: dict[int, list] = {i: [] for i in summed}
        for (order, exponent, symmetric), (_, ls, _) in zip(atoms, factors, strict=True):
            shades = tuple([colour[i] for i in ls])
            if symmetric:
                signature = (order, exponent, tuple(sorted(shades)), -1)
                for i in seen.keys() & ls:
                    seen[i].append((*signature, colour[ls[0] if ls[1] == i else ls[1]]))
            else:
                for k, i in enumerate(ls):
                    if i in seen:
                        seen[i].append((order, exponent, shades, k, 0))
        keys = {i: (colour[i], sorted(seen[i])) for i in summed}
        ranked = sorted(summed, key=keys.__getitem__)
        shade, previous, shades_used = start - 1, None, 0
        for i in ranked:
            if keys[i] != previous:
                shade += 1
                shades_used += 1
                previous = keys[i]
            colour[i] = shade
        if shades_used == len(summed):
            return ranked
        if shades_used == count:  # nothing more is told apart: split the first tie
            for a, b in pairwise(ranked):
                if colour[a] == colour[b]:
                    for i in ranked[ranked.index(b) :]:
                        colour[i] += 1
                    shades_used += 1
                    break
        count = shades_used


def asks_whether_finite(condition: Form) -> bool:
    """The condition is about inf or nan, so that what it masks may be one."""
    stack, seen = [condition], {condition}
    while stack:
        atoms = [atom for m in stack.pop().terms for atom, *_ in m.factors]
        if any(atom.op in ("isfinite", "isnan") for atom in atoms):
            return True
        new = {arg for atom in atoms if atom.op in OPS for arg in atom.args if isinstance(arg, Form)} - seen
        seen |= new
        stack += new
    return False


def lone_transpose(form: Form) -> bool:
    """It is the transpose of a matrix that is no product."""
    ((m, _), *others) = form.terms.items() if form.terms else [(None, 0)]
    return not others and m is not None and len(m.factors) == 1 and m.factors[0][1] == (1, 0) == m.out[::-1]
