"""Cross products as forms: linear in both vectors, odd in their order, along the last axis."""

from typing import Any, NamedTuple

from .. import constants
from ..ops.vectors import CROSS
from .forms import CALL, SUM, Factor, Form, Mono, sizes_of
from .normal import Normal
from .normalize import Lowered, lowers
from .powers import operands

Operands = list[tuple[Form, tuple]]


@lowers(CROSS)
def _cross(low: Lowered, n: int, args: list[Form], params: tuple) -> Form:
    return crossed(low.normal, *args)


def crossed(normal: Normal, a: Form, b: Form) -> Form:
    """The cross product: what scales a vector stands outside, what is parallel to the other one is gone."""
    if not a.terms or not b.terms:
        return normal.number(0, a.shape)
    (c, outside, p), (d, more, q) = _scaled(normal, a), _scaled(normal, b)
    shorter = _less_parallel(normal, p, q), _less_parallel(normal, q, p)
    if shorter[0] is not p:
        made = crossed(normal, shorter[0], q)
    elif shorter[1] is not q:
        made = crossed(normal, p, shorter[1])
    else:
        sign, (p, q) = _oriented(normal, p, q)
        made = normal.scale(sign, _called(normal, p, q))
    axes = tuple(range(len(a.shape)))
    whole = normal.product([*outside, *more, (made, axes)], axes, dict(enumerate(a.shape))) if outside or more else made
    return normal.scale(c * d, whole)


def _called(normal: Normal, p: Form, q: Form) -> Form:
    """The atom on the axes on which a vector depends, and the last."""
    rank = len(p.shape)
    keep = sorted({*normal.carried_axes([p, q]), rank - 1})
    args = [normal.dropped(x, keep) for x in (p, q)]
    small = normal.call("cross", args, (), args[0].shape)
    return normal.relabel(small, keep, tuple(range(rank)), dict(enumerate(p.shape)))


def _scaled(normal: Normal, form: Form) -> tuple[Any, Operands, Form]:
    """(number, factors that scale vectors as a whole, vectors)"""
    if len(form.terms) > 1:
        c, atom = normal.paren(form)
        return c, [], atom.args
    ((m, c),) = form.terms.items()
    inside = {m.out[-1]} if len(set(m.out)) == len(m.out) else set(m.out)
    grown = inside
    while grown:
        linked = {i for _, ls, _ in m.factors if not inside.isdisjoint(ls) for i in ls if i not in m.out}
        grown = linked - inside
        inside |= grown
    core = [f for f in m.factors if not inside.isdisjoint(f[1])]
    kept = {k for k, f in enumerate(m.factors) if f in core}
    d, mono = normal.monomial(core, m.out, m.sizes, set())
    return c * d, operands(normal, m, kept), normal.form({mono: 1}, form.shape)


def _less_parallel(normal: Normal, p: Form, q: Form) -> Form:
    """p less the multiple of q that leaves fewer terms: a - b beside b is a."""
    for m, c in q.terms.items():
        if m in p.terms:
            less = normal.add([(1, p), (-constants.divide(p.terms[m], c), q)], p.shape)
            if len(less.terms) < len(p.terms):
                return less
    return p


def _oriented(normal: Normal, p: Form, q: Form) -> tuple[int, tuple[Form, Form]]:
    """The order in which two vectors were met first, and its sign."""
    known = normal._atoms
    turned = (CALL, "cross", (q, p), ()) in known and (CALL, "cross", (p, q), ()) not in known
    return (-1, (q, p)) if turned else (1, (p, q))


class _Crossed(NamedTuple):
    """A term that is a scalar times a cross product."""

    mono: Mono
    coefficient: Any
    args: tuple[Form, ...]
    scalars: list[Factor]


def _single(m: Mono, c: Any) -> _Crossed | None:
    found = [f for f in m.factors if f[0].op == "cross" and f[2] == 1 and f[1] == m.out]
    scalars = [f for f in m.factors if not f[1]]
    if len(found) != 1 or len(scalars) + 1 != len(m.factors) or m.free:
        return None
    return _Crossed(m, c, found[0][0].args, scalars)


def gathered(low: Lowered, form: Form) -> Form | None:
    """cross(u, v) + cross(w, u) = cross(u, v - w)"""
    terms = [t for m, c in form.terms.items() if (t := _single(m, c)) is not None]
    for k, s in enumerate(terms):
        for t in terms[:k]:
            for i in (0, 1):
                for j in (0, 1):
                    if s.args[i] is t.args[j]:
                        return _joined(low.normal, form, t, s, (j, 1 if i == j else -1))
    return None


def _joined(normal: Normal, form: Form, t: _Crossed, s: _Crossed, at: tuple[int, int]) -> Form:
    """Two terms with a vector in common as one; what else they have in common scales it."""
    j, sign = at
    common = [f for f in t.scalars if f in s.scalars]
    parts = []
    for x, arg in ((t, t.args[1 - j]), (s, s.args[1 - j] if sign > 0 else s.args[j])):
        axes = tuple(range(len(arg.shape)))
        scalars = [(normal.of_atom(a, e), ls) for a, ls, e in x.scalars if (a, ls, e) not in common]
        vector = normal.product([*scalars, (arg, axes)], axes, dict(enumerate(arg.shape)))
        parts.append((x.coefficient * (1 if x is t else sign), vector))
    shared, shape = t.args[j], form.shape
    rest = normal.add(parts, shape)
    made = crossed(normal, shared, rest) if j == 0 else crossed(normal, rest, shared)
    axes = tuple(range(len(shape)))
    whole = normal.product(
        [*((normal.of_atom(a, e), ls) for a, ls, e in common), (made, axes)], axes, dict(enumerate(shape))
    ) if common else made  # fmt: skip
    others = [(1, whole) if m is t.mono else (c, normal.form({m: 1}, shape)) for m, c in form.terms.items()
              if m is not s.mono]  # fmt: skip
    return normal.add(others, shape)


def met(low: Lowered, form: Form) -> Form | None:
    """cross(u, v) @ u = 0, w @ cross(eye(3), v) = cross(w, v), and cross(eye(3), v) @ w = cross(v, w)"""
    normal = low.normal
    for m, c in form.terms.items():
        for k, (atom, _, e) in enumerate(m.factors):
            if atom.op != "cross" or e != 1:
                continue
            if _is_orthogonal(normal, m, k):
                made = normal.number(0, form.shape)
            else:
                found = _of_rows(normal, m, k)
                if found is None:
                    continue
                made = normal.scale(c, found)
            terms = [(1, made) if n is m else (d, normal.form({n: 1}, form.shape)) for n, d in form.terms.items()]
            return normal.add(terms, form.shape)
    return None


def _is_orthogonal(normal: Normal, m: Mono, k: int) -> bool:
    """The product sums the entries of a cross product times those of one of its vectors."""
    atom, labels, _ = m.factors[k]
    beside = [f for f in m.factors if labels[-1] in f[1] and f[0] is not atom]
    if labels[-1] in m.out or len(beside) != 1:
        return False
    other, ls, e = beside[0]
    return e == 1 and ls == labels and (other.args if other.kind == SUM else normal.of_atom(other)) in atom.args


def _of_rows(normal: Normal, m: Mono, k: int) -> Form | None:
    """Rows that are summed with a factor, put in the place of unit vectors."""
    atom, labels, _ = m.factors[k]
    units = [j for j, p in enumerate(atom.args) if _is_unit(p)]
    if len(units) != 1 or normal.carried_axes([vector := atom.args[1 - units[0]]]) != (1,):
        return None
    turned = labels[0] in m.out  # the matrix of v is odd
    i, last = labels[::-1] if turned else labels
    beside = [f for j, f in enumerate(m.factors) if j != k and i in f[1]]
    if i in m.out or len(beside) != 1 or last in beside[0][1] or len(beside[0][1]) > 2:
        return None
    other, ls, e = beside[0]
    lead = [j for j in ls if j != i]
    if len(lead) + 1 != len(ls):
        return None
    rows = normal.relabel(normal.of_atom(other, e), ls, [*lead, i], sizes_of(beside))
    vectors = normal.broadcast(normal.dropped(vector, (1,)), rows.shape)
    made = crossed(normal, *((rows, vectors) if (units == [0]) != turned else (vectors, rows)))
    return normal.product([(made, [*lead, last]), *operands(normal, m, {k, m.factors.index(beside[0])})],
                          m.out, m.sizes)  # fmt: skip


def _is_unit(form: Form) -> bool:
    return len(form.terms) == 1 and all(not m.factors and m.out == (0, 0) for m in form.terms)

