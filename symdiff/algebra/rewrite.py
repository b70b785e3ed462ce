"""Rewrite rules as data: a rule is two expressions over wildcards, a level, and at most one guard.

Rules are matched on forms (the normal form of `normal.py`), so that order, grouping and like terms do not matter: one
rule ``exp(x)/(1 + exp(x)) -> sigmoid(x)`` finds every spelling. `Fold` is the named exception for what is no pattern.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from .. import constants
from ..expr import Expr
from ..patterns import PATTERNS, Rule
from ..shapes import Shape
from .forms import CALL, EXP, LEAF, SUM, Atom, Factor, Form, Mono
from .normal import Normal
from .normalize import Lowered
from .powers import power
from .products import Network

Binding = dict[int, Form]  # wildcard's node -> what it stands for
KINDS = 2**12  # of sets of functions that are kept in mind


@dataclass(frozen=True, eq=False)
class Fold:
    """The named exception: ``apply(lowered, form)`` gives an equal form, or None where it does not fire; one of the
    functions it looks for is a factor of the form. `examples` are expressions' texts (text, shapes) on which it does.
    """

    name: str
    statement: str
    looks_for: tuple[Any, ...]
    apply: Callable[[Lowered, Form], Form | None]
    examples: tuple[tuple[str, dict[str, str]], ...] = ()
    level: str = "real"
    needs: frozenset = frozenset()

    def fits(self, f: Factor) -> bool:
        return True


class Ruleset:
    """Rules in order, indexed by what they look for. Each application goes into the log of the formula."""

    def __init__(self, name: str, *rules: Rule | Fold):
        self.name, self.rules = name, list(rules)
        names = [r.name for r in rules]
        twice = [n for n, k in Counter(names).items() if k > 1]
        if twice:
            raise ValueError(f"ruleset {name!r}: two rules are called {twice[0]!r}")
        self._index: tuple[Index, Index] | None = None
        self.near = lru_cache(KINDS)(self._near)

    def __add__(self, other: "Ruleset") -> "Ruleset":
        return Ruleset(f"{self.name}+{other.name}", *self.rules, *other.rules)

    def __iter__(self):
        return iter(self.rules)

    def index(self) -> tuple["Index", "Index"]:
        """{what is looked for: the rules that look for it}, of the rules for a single term, and of all."""
        if self._index is None:
            lowered = Lowered(PATTERNS)
            self._index = {}, {}
            for rule in self.rules:
                found = rule if isinstance(rule, Fold) else (Network if rule.matrices else _Pattern)(rule, lowered)
                single = not isinstance(found, _Pattern) or len(found.terms) == 1
                for anchor in found.looks_for if isinstance(found, Fold) else [found.anchor]:
                    for index in self._index if single else self._index[1:]:
                        index.setdefault(anchor, []).append(found)
        return self._index

    def _near(self, single: bool, present: frozenset) -> "Index":
        """The rules for a single term, or all, that can fit where these functions are, by what they look for."""
        index = self.index()[not single]
        found = {anchor: [rule for rule in index.get(anchor, ()) if rule.needs <= present] for anchor in present}
        return {anchor: rules for anchor, rules in found.items() if rules}

    def apply(self, low: Lowered, form: Form) -> Form:
        """The form after every rule that fires at its top; at most a few rounds."""
        for _ in range(8):
            better = self._once(low, form)
            if better is None or better is form:
                return form
            form = better
        return form

    def _once(self, low: Lowered, form: Form) -> Form | None:
        terms = list(form.terms)
        factors = terms[0].factors if len(terms) == 1 else [f for m in terms for f in m.factors]
        near = self.near(len(terms) == 1, frozenset([f[0].anchor for f in factors]))
        tried: set[Any] = set()
        for f in factors if near else ():
            for rule in near.get(f[0].anchor, ()):
                if rule in tried or not rule.fits(f):
                    continue
                tried.add(rule)
                result = rule.apply(low, form)
                if result is not None and result is not form:
                    low.log.append((rule.name, form, result))
                    return result
        return None


class _Pattern:
    """A rule with both sides in normal form."""

    def __init__(self, rule: Rule, lowered: Lowered):
        self.rule = rule
        self.lhs = lowered.of(rule.lhs.node)
        self.rhs = lowered.of(rule.rhs.node) if isinstance(rule.rhs, Expr) else lowered.normal.number(rule.rhs)
        self.terms = sorted(self.lhs.terms.items(), key=lambda mc: -sum(a.kind != LEAF for a, _, _ in mc[0].factors))
        lead = self.terms[0][0]
        factor = max(lead.factors, key=lambda f: (f[0].kind == CALL, f[0].kind == SUM, f[0].kind == EXP))
        self.anchor = factor[0].anchor
        if self.anchor is None:
            raise ValueError(f"rule {rule.name!r}: nothing to look for on the left")
        self.name, self.exponent = rule.name, factor[2]
        self.inner = _inner(factor)
        self.outlines = [None if _is_wildcard(p) else _outline(p) for p in _inside(factor)]
        self.roles = [_role(f) for f in lead.factors if f[0].kind != LEAF]
        self.needs = {a.anchor for m in self.lhs.terms for a, _, _ in m.factors if a.kind != LEAF}

    def apply(self, low: Lowered, form: Form) -> Form | None:
        """The form with one occurrence rewritten; None where there is none."""
        (lead, c0), *others = self.terms
        for m, c in form.terms.items():
            if len(m.factors) < len(lead.factors):
                continue
            if len(self.roles) > 1:
                roles = [_role(f) for f in m.factors]
                if any(roles.count(r) < self.roles.count(r) for r in self.roles):
                    continue
            for binding, labels, rest in _match_product(low, lead, m):
                if not self._guard(low, binding):
                    continue
                ratio = c if c0 == 1 else constants.divide(c, c0)
                gone = {m}
                for other, d in others:
                    partner = self._partner(low, form, other, d * ratio, binding, labels, rest, m, gone)
                    if partner is None:
                        break
                    gone.add(partner)
                else:
                    return self._replaced(low, form, m, gone, ratio, binding, labels, rest)
        return None

    def fits(self, f: Factor) -> bool:
        """This factor of a form may be what is looked for."""
        if self.inner is not None and _inner(f) != self.inner:
            return False
        x, e = f[2], self.exponent
        if not (type(e) is Form or type(x) is Form or (x >= e if e > 0 else x <= e)):
            return False
        return all(
            p is None or (len(t.terms) == len(p[0]) and _outline(t) == p)
            for p, t in zip(self.outlines, _inside(f), strict=False)
        )

    def _guard(self, low: Lowered, binding: Binding) -> bool:
        if self.rule.when is None:
            return True
        fact, x = self.rule.when
        return low.is_fact(fact, binding[x.node])

    def _partner(
        self,
        low: Lowered,
        form: Form,
        other: Mono,
        d: Any,
        binding: Binding,
        labels: tuple,
        rest: list,
        m: Mono,
        gone: set[Mono],
    ) -> Mono | None:
        """The term that the pattern's further term, times what is left over of the first, is."""
        part = substituted(low, {other: 1}, binding, _shape_at(m, labels))
        product = _times_rest(low.normal, part, labels, rest, m)
        if len(product.terms) != 1:
            return None
        ((n, k),) = product.terms.items()
        if n in gone or n not in form.terms:
            return None
        have = form.terms[n]
        return n if have == d * k or (isinstance(have, float) and abs(have - d * k) <= 1e-15 * abs(have)) else None

    def _replaced(
        self,
        low: Lowered,
        form: Form,
        m: Mono,
        gone: set[Mono],
        ratio: Any,
        binding: Binding,
        labels: tuple,
        rest: list,
    ) -> Form:
        normal = low.normal
        made = _times_rest(normal, substituted(low, self.rhs.terms, binding, _shape_at(m, labels)), labels, rest, m)
        terms = []
        for n, c in form.terms.items():
            if n is m:
                terms.append((ratio, made))
            elif n not in gone:
                terms.append((c, normal.form({n: 1}, form.shape)))
        return normal.add(terms, form.shape)


Index = dict[Any, list[_Pattern | Network | Fold]]


def _inside(f: Factor) -> Sequence[Form]:
    """The forms inside a factor that a pattern's are matched with."""
    atom, _, e = f
    return (e,) if atom.kind == EXP else (atom.args,) if atom.kind == SUM else atom.args


def _is_wildcard(form: Form) -> bool:
    """A number times a wildcard, which any form matches."""
    if len(form.terms) != 1:
        return False
    ((m, _),) = form.terms.items()
    return len(m.factors) == 1 and m.factors[0][0].kind == LEAF and m.factors[0][2] == 1


def _outline(form: Form) -> tuple[list, list]:
    """(coefficients, exponents): what a form has in common with a pattern that it matches as a whole."""
    exponents = [e for m in form.terms for _, _, e in m.factors if not isinstance(e, Form)]
    return sorted(form.terms.values()), sorted(exponents)


def _role(f: Factor) -> tuple[Any, int]:
    """What a factor is looked up by, and the side of the fraction line on which it stands."""
    return f[0].anchor, 0 if isinstance(f[2], Form) else 1 if f[2] > 0 else -1


def _inner(f: Factor) -> Any:
    """The function that is the one argument of a function or the exponent of e: softplus of exp(softplus(x))."""
    atom, _, e = f
    form = e if atom.kind == EXP else atom.args[0] if atom.kind == CALL and atom.args else None
    if form is None or len(form.terms) != 1:
        return None
    ((m, _),) = form.terms.items()
    return m.factors[0][0].anchor if len(m.factors) == 1 else None


def _shape_at(m: Mono, labels: tuple) -> Shape:
    sizes = m.sizes
    return tuple(sizes[i] for i in labels)


def _times_rest(normal: Normal, form: Form, labels: tuple, rest: list, m: Mono) -> Form:
    """The replacement at `labels` times the factors of m that the pattern left over."""
    sizes = m.sizes
    if not rest and labels == m.out:
        return form
    shape = tuple(sizes[i] for i in m.out)
    if len(form.terms) == 1:
        ((n, c),) = form.terms.items()
        q, mono, _ = normal._joined([(n, labels)], rest, m.out, sizes)
        return normal._single(c * q, mono, shape)
    if not form.terms:
        return normal.form({}, shape)
    c, atom = normal.paren(form)
    q, mono = normal.monomial([*rest, (atom, labels, 1)], m.out, sizes, set(labels))
    return normal._single(c * q, mono, shape)


def _match_product(low: Lowered, pattern: Mono, m: Mono) -> Iterable[tuple[Binding, tuple, list]]:
    """(binding, labels, factors left over) of the ways in which the factors of `pattern` are among those of m."""
    wanted = sorted(pattern.factors, key=lambda f: f[0].kind == LEAF)
    results: list[tuple[Binding, tuple | None, list]] = [({}, None, list(m.factors))]
    for atom, _, e in wanted:
        following = []
        for binding, labels, left in results:
            for k, (a, ls, x) in enumerate(left):
                if labels is not None and ls != labels:
                    continue
                if atom.kind == LEAF:
                    known = binding.get(atom.args)
                    target = a.args if a.kind == SUM else low.normal.of_atom(a)
                    if (known is not None and known is not target) or isinstance(x, Form) or isinstance(e, Form):
                        continue
                    bound: Binding | None = {**binding, atom.args: target}
                elif atom.kind != a.kind or atom.op != a.op:
                    continue
                else:
                    bound = _match_atom(low, atom, e, a, x, binding)
                if bound is None:
                    continue
                if atom.kind == EXP:
                    following.append((bound, ls, left[:k] + left[k + 1 :]))
                    continue
                if isinstance(x, Form) or isinstance(e, Form) or x * e < 0 or abs(x) < abs(e) or (x - e) % 1:
                    continue
                rest = left[:k] + ([(a, ls, x - e)] if x != e else []) + left[k + 1 :]
                following.append((bound, ls, rest))
        results = following
        if not results:
            return []
    return [(b, ls if ls is not None else (), left) for b, ls, left in results]


def _match_atom(low: Lowered, p: Atom, pe: Any, a: Atom, ae: Any, binding: Binding) -> Binding | None:
    if p.kind == EXP:
        return _match_form(low, pe, ae, binding)
    if p.kind == SUM:
        return _match_form(low, p.args, a.args, binding)
    if p.kind == CALL:
        if len(p.args) != len(a.args) or (p.params or ()) != (a.params or ()):
            return None
        for x, y in zip(p.args, a.args, strict=True):
            found = _match_form(low, x, y, binding)
            if found is None:
                return None
            binding = found
        return binding
    return None


def _match_form(low: Lowered, p: Form, t: Form, binding: Binding) -> Binding | None:
    """The binding under which the pattern form is the target form, or None."""
    if len(p.terms) == 1:
        ((m, c),) = p.terms.items()
        if len(m.factors) == 1 and m.factors[0][0].kind == LEAF and m.factors[0][2] == 1:
            node = m.factors[0][0].args  # c*wildcard binds everything
            if PATTERNS._op[node].name == "variable":
                value = t if c == 1 else low.normal.scale(constants.divide(1, c), t)
                if node in binding:
                    return binding if binding[node] is value else None
                return {**binding, node: value}
    if len(p.terms) != len(t.terms):
        return None
    states = [(binding, frozenset[Mono]())]
    for m, c in sorted(p.terms.items(), key=lambda mc: len(mc[0].factors)):
        following = []
        for bound, used in states:
            for n, d in t.terms.items():
                if n in used or (d != c):
                    continue
                if not m.factors:
                    if not n.factors and len(set(n.out)) == len(n.out):
                        following.append((bound, used | {n}))
                    continue
                if len(m.factors) != len(n.factors) or n.sums or len(set(n.out)) < len(n.out):
                    continue
                for found, labels, left in _match_product(low, m, n):
                    if left:
                        continue
                    if labels != n.out:  # transposed or repeated: what is bound has the axes of the whole
                        found = {k: low.normal.relabel(v, labels, n.out, n.sizes) for k, v in found.items()}
                    merged = _merged(bound, found)
                    if merged is not None:
                        following.append((merged, used | {n}))
        states = following
        if not states:
            return None
    return states[0][0]


def _merged(a: Binding, b: Binding) -> Binding | None:
    for k, v in b.items():
        if k in a and a[k] is not v:
            return None
    return {**a, **b}


def substituted(low: Lowered, pattern: Mapping[Mono, Any], binding: Binding, shape: Shape) -> Form:
    """The terms of a pattern with its wildcards replaced, of the shape that the match has."""
    normal = low.normal
    axes = tuple(range(len(shape)))
    terms = []
    for m, c in pattern.items():
        factors = []
        for atom, _, e in m.factors:
            if isinstance(e, Form) and atom.kind != EXP:
                e = substituted(low, e.terms, binding, shape)
            if atom.kind == LEAF:
                base = binding[atom.args] if atom.args in binding else low.constant(PATTERNS._params[atom.args])
                factors.append(power(normal, normal.broadcast(base, shape), e))
            elif atom.kind == EXP:
                factors.append(normal.exp(substituted(low, e.terms, binding, shape)))
            elif atom.kind == SUM:
                factors.append(power(normal, substituted(low, atom.args.terms, binding, shape), e))
            else:
                args = [substituted(low, a.terms, binding, shape) for a in atom.args]
                factors.append(power(normal, low.function(atom.op, args, atom.params, shape), e))
        if factors:
            terms.append((c, normal.product([(f, axes) for f in factors], axes, dict(enumerate(shape)))))
        else:
            terms.append((c, normal.number(1, shape)))
    return normal.add(terms, shape)
