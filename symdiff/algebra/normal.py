"""The smart constructors of forms: every sum, product and function of forms is built here, in normal form."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from .. import constants, shapes
from ..budget import Search
from ..shapes import Shape, Size
from ..unfolding import Unfolding
from .entries import unshared, unstretched, without_positions
from .forms import (
    CALL,
    EXP,
    LABELS,
    LEAF,
    SIZE,
    SUM,
    Atom,
    Factor,
    Form,
    Labels,
    Mono,
    WrittenOrder,
    as_exponent,
    content,
    exponent_key,
    lone_transpose,
    number_power,
    positions,
    refined_labels,
    sizes_of,
)  # fmt: skip
from .quotients import met


class Normal:
    """The tables and smart constructors of forms over one graph."""

    def __init__(self) -> None:
        self._atoms: dict[tuple, Atom] = {}
        self._monos: dict[tuple, Mono] = {}
        self._forms: dict[tuple, Form] = {}
        self._fresh, self.search = 1 << 20, Search()  # each new monomial and form is a step of the search
        self.written = WrittenOrder()
        self.unity = self._mono((), (), ())
        self.base = self._atom(EXP, None, None, None, (), False)

    # --- interning ---------------------------------------------------------------------------------------------

    def _atom(self, kind: int, op: Any, args: Any, params: Any, shape: Shape, symmetric: bool, label: str = "") -> Atom:
        key = (kind, op, args, params)
        atom = self._atoms.get(key)
        if atom is None:
            # leaves and sizes come first, scalars by name, all else in the order in which it is met
            order = (kind, bool(shape), label if kind == LEAF and not shape else "", len(self._atoms))
            atom = self._atoms[key] = Atom(kind, op, args, params, shape, symmetric, order)
        return atom

    def _mono(self, factors: tuple, out: Labels, free: tuple) -> Mono:
        key = (factors, out, free)
        mono = self._monos.get(key)
        if mono is None:
            self.search.left -= 1 + len(factors) // 8
            if self.search.left < 0:
                self.search.give_up()
            mono = self._monos[key] = Mono(factors, out, free, len(self._monos))
        return mono

    def form(self, terms: Mapping[Mono, Any], shape: Shape) -> Form:
        """The form of these terms; zero coefficients are dropped."""
        clean = terms if all(terms.values()) else {m: c for m, c in terms.items() if c}
        if len(clean) == 1:
            ((mono, c),) = clean.items()
            return self._term(c, mono, shape)
        if float in map(type, clean.values()):  # 0.5 is no 1/2: each is written as it was met
            clean = {m: constants.exact(c) for m, c in clean.items()}
        key = (shape, frozenset(clean.items()), float in map(type, clean.values()))
        form = self._forms.get(key)
        if form is None:
            self.search.step(1 + len(clean) // 8)
            plain = {*map(type, clean.values())} == {int} and max(map(abs, clean.values())) < 10
            exact = dict(clean) if plain else {m: constants.exact(c) for m, c in clean.items()}
            form = self._forms[key] = Form(exact, shape, len(self._forms))
        return form

    def _term(self, c: Any, mono: Mono, shape: Shape) -> Form:
        """The form of one term; c is not 0."""
        key = (shape, mono, c) if mono.factors or type(c) is not float else (shape, constants.exact(c), mono)
        form = self._forms.get(key)
        if form is None:
            c = c if type(c) is int and -9 < c < 9 else constants.exact(c)  # what nearly all are
            form = self._forms[key] = Form({mono: c}, shape, len(self._forms))
        return form

    # --- leaves ------------------------------------------------------------------------------------------------

    def leaf(
        self, node: int, shape: Shape, symmetric: bool = False, label: str = "", reduced: Any = None, anchor: Any = None
    ) -> Form:
        """A variable or named node; rules look it up by its anchor, powers of it are reduced."""
        atom = self._atom(LEAF, None, node, None, shape, symmetric, label)
        atom.reduced, atom.anchor = reduced, anchor
        return self.of_atom(atom)

    def size(self, size: Size) -> Form:
        """The value of a size: a polynomial in the named sizes."""
        total: dict[Mono, Any] = {}
        for names, c in shapes.terms(size):
            total[self._canonical(self._named(names), (), {})] = c
        return self.form(total, ())

    def _named(self, names: Sequence[str]) -> list[Factor]:
        factors: list[Factor] = []
        for name in names:
            factors = self.times_scalar(factors, self._atom(SIZE, None, name, None, (), False))
        return factors

    def times_scalar(self, factors: list[Factor], atom: Atom) -> list[Factor]:
        """The factors times a scalar one."""
        for k, (a, ls, e) in enumerate(factors):
            if a is atom:
                c, raised = self._settled(atom, self.add_exponents(e, 1))
                if c == 1:
                    return [*factors[:k], *([] if raised is None else [(a, ls, raised)]), *factors[k + 1 :]]
        return [*factors, (atom, (), 1)]

    def number(self, c: Any, shape: Shape = ()) -> Form:
        if c == 0:
            return self.form({}, shape)
        mono = self.unity if not shape else self._mono((), tuple(range(len(shape))), tuple(enumerate(shape)))
        return self.form({mono: c}, shape)

    def unit(self, size: Size) -> Form:
        """The unit matrix."""
        return self.form({self._mono((), (0, 0), ((0, size),)): 1}, (size, size))

    def of_atom(self, atom: Atom, exponent: Any = 1) -> Form:
        """A power of an atom; of the base of exp, exp of the exponent."""
        if atom is self.base and isinstance(exponent, Form):
            return self.exp(exponent)
        labels = tuple(range(len(atom.shape)))
        return self._term(1, self._mono(((atom, labels, exponent),), labels, ()), atom.shape)

    # --- sums --------------------------------------------------------------------------------------------------

    def add(self, terms: Iterable[tuple[Any, Form]], shape: Shape) -> Form:
        """Sum of c*form, broadcast to `shape`; like terms merge in the order they come."""
        total: dict[Mono, Any] = {}
        for c, form in terms:
            if form.shape != shape:
                form = self.broadcast(form, shape)
            if c == 1 and not total:
                total = dict(form.terms)
                continue
            for m, d in form.terms.items():
                total[m] = total[m] + c * d if m in total else c * d
        return self.form(total, shape)

    def scale(self, c: Any, form: Form) -> Form:
        return form if c == 1 else self.form({m: c * d for m, d in form.terms.items()}, form.shape)

    def broadcast(self, form: Form, shape: Shape) -> Form:
        if form.shape == shape:
            return form
        # an axis of size 1 that is stretched is summed away: its one entry
        labels = shapes.stretched_labels(shape, form.shape)
        return self.relabel(form, labels, tuple(range(len(shape))), dict(enumerate(shape)))

    def relabel(self, form: Form, labels: Sequence[int], out: Sequence[int], sizes: Mapping[int, Size]) -> Form:
        """Each term with its axes called `labels`, read off at `out`."""
        total: dict[Mono, Any] = {}
        shape = None
        for m, c in form.terms.items():
            d, n, shape = self._joined([(m, labels)], [], out, sizes)
            total[n] = total.get(n, 0) + c * d
        if shape is None:
            known = dict(zip(labels, form.shape, strict=True)) | dict(sizes)
            shape = tuple(known[i] for i in out)
        return self.form(total, shape)

    def transpose(self, form: Form, order: Sequence[int] | None = None) -> Form:
        rank = len(form.shape)
        order = tuple(reversed(range(rank))) if order is None else tuple(order)
        return self.relabel(form, tuple(range(rank)), order, {})

    # --- products ----------------------------------------------------------------------------------------------

    def product(
        self, operands: Sequence[tuple[Form, Sequence[int]]], out: Sequence[int], sizes: Mapping[int, Size]
    ) -> Form:
        """The contraction of forms at labels: factors flattened, equal ones merged, sums kept whole."""
        if not out and (scalars := self._scalars(operands)) is not None:
            number, factors = scalars
            c, mono = self._scalar(factors)
            return self._single(number * c, mono, ())
        known = dict(sizes)
        for form, labels in operands:
            for i, s in zip(labels, form.shape, strict=True):
                if s != 1 or i not in known:
                    known[i] = s
        shape = tuple(known[i] for i in out)
        if any(not form.terms for form, _ in operands):
            return self.form({}, shape)
        if len(operands) == 1:
            ((form, labels),) = operands
            distinct = len(set(labels)) == len(labels) and set(labels) <= set(out) and len(set(out)) == len(out)
            if len(form.terms) == 1 or distinct:
                return self.relabel(form, labels, out, known)
        coefficient: Any = 1
        whole: list[Factor] = []
        inner: list[tuple[Mono, Sequence[int]]] = []
        pending: dict[tuple[Mono, tuple], int] = {}
        for form, labels in operands:
            if len(form.terms) == 1:
                ((m, c),) = form.terms.items()
                coefficient *= c
                if m.sums:
                    key = (m, tuple(labels))
                    pending[key] = pending.get(key, 0) + 1
                else:
                    inner.append((m, labels))
            else:
                kept = self.carried_axes([form])
                spread = [k for k in range(len(labels)) if k not in kept]  # axes on which no term depends
                if spread and all(labels[k] in out or form.shape[k] == 1 for k in spread):
                    form, labels = self.dropped(form, kept), [labels[k] for k in kept]
                form, labels = unshared(self, form, labels, out, operands) if 1 in form.shape else (form, labels)
                c, atom = self.paren(form)
                coefficient *= c
                whole.append((atom, tuple(labels), 1))
        # a product that occurs more than once, or that divides, stays whole so that u * u**-2 cancels
        there = {(a, ls) for a, ls, _ in whole}
        for m, labels in inner:
            at = positions(m, labels)
            if at is not None:
                there |= {(a, tuple(at[i] for i in ls)) for a, ls, _ in m.factors if a.kind == SUM}
        for (m, labels), times in pending.items():
            known_sum = self._atoms.get((SUM, None, self._bare(m), None))
            if times > 1 or (known_sum is not None and (known_sum, labels) in there):
                whole.append((self.wrap(self._bare(m)), labels, times))
            else:
                inner.append((m, labels))
        c, mono, shape = self._joined(inner, whole, out, known)
        return self._single(coefficient * c, mono, shape)

    def _scalars(self, operands: Sequence[tuple[Form, Sequence[int]]]) -> tuple[Any, list[Factor]] | None:
        """(coefficient, factors) of a product of scalars; None where there is more than that."""
        coefficient: Any = 1
        factors: list[Factor] = []
        for form, labels in operands:
            terms = form.terms
            if labels or not terms:
                return None
            if len(terms) == 1:
                ((m, c),) = terms.items()
                if not m.scalar:
                    return None
                factors += m.factors
            else:
                c, atom = self.paren(form)
                factors.append((atom, (), 1))
            coefficient *= c
        return coefficient, factors

    def _bare(self, m: Mono) -> Form:
        sizes = m.sizes
        return self.form({m: 1}, tuple(sizes[i] for i in m.out))

    def _single(self, c: Any, mono: Mono, shape: Shape) -> Form:
        """The form of one term; a lone sum is spread into its terms."""
        if mono.parens and len(mono.factors) == 1 and not mono.sums:
            ((atom, labels, e),) = mono.factors
            if e == 1 and len(set(mono.out)) == len(mono.out):
                sizes = dict(mono.free) | dict(zip(labels, atom.shape, strict=True))
                return self.scale(c, self.relabel(atom.args, labels, mono.out, sizes))
        return self._term(c, mono, shape) if c else self.form({}, shape)

    def paren(self, form: Form) -> tuple[Any, Atom]:
        """(c, atom) with form = c * atom: a sum with content and sign taken out; the sign met first is kept."""
        c = content(form.terms.values())
        if c != 1:
            form = self.scale(constants.divide(1, c), form)
        if (SUM, None, form, None) not in self._atoms:
            negative = self.scale(-1, form)
            if (SUM, None, negative, None) in self._atoms:
                return -c, self._atoms[SUM, None, negative, None]
        return c, self.wrap(form)

    def wrap(self, form: Form) -> Atom:
        key = (SUM, None, form, None)
        if key in self._atoms:
            return self._atoms[key]
        return self._atom(SUM, None, form, None, form.shape, self.is_symmetric(form))

    def is_symmetric(self, form: Form) -> bool:
        shape = form.shape
        return len(shape) == 2 and shape[0] == shape[1] and self.transpose(form) is form

    def fresh(self) -> int:
        self._fresh += 1
        return self._fresh

    def _joined(
        self,
        monos: Sequence[tuple[Mono, Sequence[int]]],
        factors: Sequence[Factor],
        out: Sequence[int],
        sizes: Mapping[int, Size],
    ) -> tuple[Any, Mono, Shape]:
        """(coefficient, monomial, shape) of monomials at labels times further factors, read off at `out`."""
        if not out and all(m.scalar for m, _ in monos) and not any(map(LABELS, factors)):
            return (*self._scalar([*factors, *[f for m, _ in monos for f in m.factors]]), ())
        within, known = Unfolding(self.fresh), dict(sizes)
        flat: list[Factor] = list(factors)
        mentioned: set[int] = {i for _, labels in monos for i in labels}
        for m, labels in monos:
            at = within.inside(m.out, labels)
            for i, s in m.free:
                known.setdefault(at[i], s)
            flat += [(atom, tuple([at[i] for i in ls]), e) for atom, ls, e in m.factors]
        known.update(sizes_of(flat))
        mentioned.update(i for _, ls, _ in flat for i in ls)
        target = tuple(out)
        if within.same:
            for i in list(known):
                if known[i] != 1 or within.root(i) not in known:
                    known[within.root(i)] = known[i]
            flat = [(a, within.roots(ls), e) for a, ls, e in flat]
            target, mentioned = within.roots(target), {*within.roots(mentioned)}
        return (*self.monomial(flat, target, known, mentioned), tuple([known[i] for i in target]))

    def monomial(
        self, flat: Sequence[Factor], out: Labels, known: Mapping[int, Size], mentioned: set[int]
    ) -> tuple[Any, Mono]:
        """(coefficient, canonical monomial): equal factors merged, closed scalar parts made atoms, labels numbered."""
        if not out and not mentioned and not any(map(LABELS, flat)):
            return self._scalar(flat)
        coefficient: Any = 1
        if any(f[0].op == "basis" for f in flat):
            coefficient, flat, known, mentioned = without_positions(self, flat, out, known, mentioned)
        if 1 in known.values():
            flat, mentioned = unstretched(flat, out, known, mentioned)
        merged: dict[tuple[Atom, Labels], Any] = {}
        for atom, labels, e in flat:
            if atom.symmetric and labels[0] > labels[1]:
                labels = (labels[1], labels[0])
            if atom is self.base and len(labels) > 1:
                e, labels = self._exponent_oriented(e, labels)
            key = (atom, labels)
            if key in merged:
                e = self.add_exponents(merged[key], e)
            merged[key] = e
        factors: list[Factor] = []
        for (atom, labels), e in merged.items():
            c, e = self._settled(atom, e)
            coefficient *= c
            if e is not None:
                factors.append((atom, labels, e))
        target = set(out)
        if len(factors) > 1:
            factors, gone = met(self, factors, target)
            mentioned = mentioned - gone
        carried = {i for _, ls, _ in factors for i in ls}
        for i in sorted(mentioned - carried - target):  # a sum over a label nobody carries: its size
            s = known[i]
            if isinstance(s, int):
                coefficient *= s
            elif len(shapes.terms(s)) == 1:
                ((names, c),) = shapes.terms(s)
                coefficient *= c
                for name in names:
                    factors = self.times_scalar(factors, self._atom(SIZE, None, name, None, (), False))
            else:
                factors = self.times_scalar(factors, self.wrap(self.size(s)))
        factors = self._closed(factors, target)
        return coefficient, self._canonical(factors, out, known)

    def _scalar(self, flat: Sequence[Factor]) -> tuple[Any, Mono]:
        """(coefficient, monomial) of factors without labels."""
        if len(flat) == 1:  # as nearly half of them are
            ((atom, _, e),) = flat
            if type(e) is int and e and atom.reduced is None and atom.kind != SUM:
                return 1, self._mono(tuple(flat), (), ())
        coefficient: Any = 1
        merged: dict[Atom, Factor] = {}
        for f in flat:
            atom = f[0]
            merged[atom] = (atom, (), self.add_exponents(merged[atom][2], f[2])) if atom in merged else f
        factors: list[Factor] = []
        for atom, f in merged.items():
            e = f[2]
            if type(e) is int and e and atom.reduced is None:
                factors.append(f)
                continue
            c, e = self._settled(atom, e)
            coefficient *= c
            if e is not None:
                factors.append((atom, (), e))
        if len(factors) == 1 and factors[0][0].kind == SUM:
            factors = self._unwrapped(factors)
            if any(map(LABELS, factors)):
                return coefficient, self._canonical(factors, (), {})
        if len(factors) == 2:
            if factors[1][0].order < factors[0][0].order:
                factors.reverse()
        elif len(factors) > 2:
            factors.sort(key=_order)
        return coefficient, self._mono(tuple(factors), (), ())

    def _settled(self, atom: Atom, e: Any) -> tuple[Any, Any]:
        """(coefficient, exponent) of a power after equal factors have met; no exponent where nothing is left."""
        c: Any = 1
        if isinstance(e, Form):
            n = e.number
            if n == 0:
                return 1, None
            if atom is not self.base and n is not None:
                e = as_exponent(n)
        elif atom.reduced is not None and isinstance(e, int) and atom.kind != SUM:
            e = atom.reduced(e)
        elif atom.kind == SUM and atom.args.number and (type(e) is int or (type(e) is Fraction and abs(e) > 1)):
            whole = int(e)  # 2**(3/2) is 2*sqrt(2)
            c = number_power(atom.args.number, whole)
            e -= whole
        return c, None if not isinstance(e, Form) and e == 0 else e

    def oriented(self, name: str, form: Form, params: Any, shape: Shape) -> Form:
        """f(X) where f(X.T) = f(X).T, in the orientation that was met first."""
        turned = self.transpose(form)
        if turned is form:
            return self.call(name, [form], params, shape, symmetric=True)
        known = self._atoms
        turned_known = (CALL, name, (form,), params) not in known and (CALL, name, (turned,), params) in known
        if turned_known or lone_transpose(form):
            return self.transpose(self.call(name, [turned], params, shape[::-1]))
        return self.call(name, [form], params, shape)

    def _exponent_oriented(self, e: Form, labels: Labels) -> tuple[Form, Labels]:
        """Of a matrix exponent and its transpose, the one met first; more axes in the order of their labels."""
        if len(labels) == 2:
            turned = self.transpose(e)
            if turned.order < e.order:
                return turned, labels[::-1]
            return e, min(labels, labels[::-1]) if turned is e else labels
        order = sorted(range(len(labels)), key=labels.__getitem__)
        return self.transpose(e, order), tuple(sorted(labels))

    def add_exponents(self, a: Any, b: Any) -> Any:
        if type(a) is type(b) is int:
            return a + b
        if not isinstance(a, Form) and not isinstance(b, Form):
            return constants.exact(a + b)
        shape = a.shape if isinstance(a, Form) else b.shape
        a, b = (x if isinstance(x, Form) else self.number(x, shape) for x in (a, b))
        return self.add([(1, a), (1, b)], shapes.broadcast(a.shape, b.shape))

    def _closed(self, factors: list[Factor], target: set[int]) -> list[Factor]:
        """Parts that hang together by summed labels alone, and are not all, become scalar atoms."""
        if not any(i not in target for _, ls, _ in factors for i in ls):
            return self._unwrapped(factors)
        groups: list[tuple[set[int], list[Factor]]] = []
        for f in factors:
            labels, members = set(f[1]), [f]
            rest = []
            for group in groups:
                if labels and not labels.isdisjoint(group[0]):
                    labels |= group[0]
                    members = group[1] + members
                else:
                    rest.append(group)
            groups = [*rest, (labels, members)]
        if len(groups) == 1:
            return self._unwrapped(factors)
        result: list[Factor] = []
        scalars: dict[Atom, Any] = {}
        for labels, members in groups:
            if not labels:
                for atom, _, e in members:
                    scalars[atom] = self.add_exponents(scalars[atom], e) if atom in scalars else e
            elif labels.isdisjoint(target):
                mono = self._canonical(members, (), {})
                if len(members) == 1 and members[0][0].kind == SUM and members[0][2] == 1 and not members[0][1]:
                    atom = members[0][0]
                else:
                    atom = self.wrap(self.form({mono: 1}, ()))
                scalars[atom] = self.add_exponents(scalars[atom], 1) if atom in scalars else 1
            else:
                result += members
        result += [(a, (), e) for a, e in scalars.items() if isinstance(e, Form) or e != 0]
        return self._unwrapped(result)

    def _unwrapped(self, factors: list[Factor]) -> list[Factor]:
        """A lone wrapped product with exponent 1 is that product again."""
        if len(factors) == 1:
            ((atom, labels, e),) = factors
            if atom.kind == SUM and not isinstance(e, Form) and e == 1 and len(atom.args.terms) == 1:
                ((m, c),) = atom.args.terms.items()
                if c == 1 and len(set(m.out)) == len(m.out) and not m.free:
                    at = Unfolding(self.fresh).inside(m.out, labels)
                    return [(a, tuple([at[i] for i in ls]), x) for a, ls, x in m.factors]
        return factors

    def _canonical(self, factors: Sequence[Factor], out: Labels, known: Mapping[int, Size]) -> Mono:
        number: dict[int, int] = {}
        for i in out:
            number.setdefault(i, len(number))
        summed = list(dict.fromkeys(i for _, ls, _ in factors for i in ls if i not in number))
        if len(summed) == 1:
            number[summed[0]] = len(number)
        elif summed:
            self.search.step(len(summed) ** 2 // 64)
            for i in refined_labels(factors, number, summed):
                number[i] = len(number)
        carried = {i for _, ls, _ in factors for i in ls}
        final = []
        for atom, ls, e in factors:
            labels = tuple([number[i] for i in ls])
            if atom.symmetric and labels[0] > labels[1]:
                labels = (labels[1], labels[0])
            if atom is self.base and len(labels) > 1:
                e, labels = self._exponent_oriented(e, labels)
            final.append((atom, labels, e))
        if len(final) > 1:
            final.sort(key=lambda f: (f[0].order, f[1], exponent_key(f[2])))
        free = tuple(sorted((number[i], known[i]) for i in set(out) - carried))
        return self._mono(tuple(final), tuple(number[i] for i in out), free)

    # --- functions --------------------------------------------------------------------------------------------------

    def exp(self, form: Form) -> Form:
        """exp(form) as the power ``base**form``."""
        if not form.terms:
            return self.number(1, form.shape)
        if not form.shape:
            return self.form({self._mono(((self.base, (), form),), (), ()): 1}, ())
        labels = tuple(range(len(form.shape)))
        keep = self.carried_axes([form])
        small = self.dropped(form, keep)
        factor = (self.base, tuple(labels[k] for k in keep), small)
        free = {k: form.shape[k] for k in labels if k not in keep}
        known = dict(enumerate(form.shape))
        _, mono = self.monomial([factor], labels, known | free, set())
        return self.form({mono: 1}, form.shape)

    def call(
        self,
        op: str,
        args: Sequence[Form],
        params: Any,
        shape: Shape,
        elementwise: bool = False,
        symmetric: bool = False,
    ) -> Form:
        """A function of forms as an atom; elementwise ones forget axes that no argument depends on."""
        if not elementwise or not shape:
            return self.of_atom(self._atom(CALL, op, tuple(args), params, shape, symmetric))
        args = [self.broadcast(a, shape) for a in args]
        keep = self.carried_axes(args)
        small = tuple(self.dropped(a, keep) for a in args)
        inner = tuple(shape[k] for k in keep)
        labels: tuple[int, ...] = keep
        if len(keep) == 2 and (CALL, op, small, params) not in self._atoms:
            turned = tuple(self.transpose(a) for a in small)
            if (CALL, op, turned, params) in self._atoms:
                small, inner, labels = turned, inner[::-1], keep[::-1]
        even = len(keep) == 2 and inner[0] == inner[1] and all(self.transpose(a) is a for a in small)
        atom = self._atom(CALL, op, small, params, inner, even)
        out = tuple(range(len(shape)))
        _, mono = self.monomial([(atom, labels, 1)], out, dict(enumerate(shape)), set())
        return self.form({mono: 1}, shape)

    def carried_axes(self, forms: Sequence[Form]) -> tuple[int, ...]:
        """The axes on which the forms depend."""
        if not any(form.shape for form in forms):
            return ()
        keep = set()
        for form in forms:
            for m in form.terms:
                carried = {i for _, ls, _ in m.factors for i in ls}
                keep |= {k for k, i in enumerate(m.out) if i in carried or m.out.count(i) > 1}
        return tuple(sorted(keep))

    def dropped(self, form: Form, keep: Sequence[int]) -> Form:
        """The form on the axes `keep` alone, on the others of which it does not depend."""
        if len(keep) == len(form.shape):
            return form
        terms: dict[Mono, Any] = {}
        shape = tuple(form.shape[k] for k in keep)
        for m, c in form.terms.items():
            sizes = m.sizes
            mono = self._canonical(m.factors, tuple(m.out[k] for k in keep), sizes)
            terms[mono] = terms.get(mono, 0) + c
        return self.form(terms, shape)


def _order(f: Factor) -> tuple:
    return f[0].order
