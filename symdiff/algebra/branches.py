"""What conditions say of the factors beside them and of the branches under them: where x > 0, abs(x) is x and sign(x)
is 1. What functions are on either side of 0 stands in their records (`Op.pieces`)."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from .. import constants
from ..op import OPS, Op
from .forms import CALL, EXP, SUM, Atom, Factor, Form, Mono, content
from .normalize import Lowered
from .powers import operands, power
from .products import exchanged, lone_atom

Signs = Mapping[Form, bool]  # what is not negative -> whether it is positive
Axes = tuple[int, ...]  # those of a form, an atom or a product that are the axes of the condition

ORDERS = tuple(name for name, op in OPS.items() if op.symbol[:1] in ("<", ">"))
CONDITIONS = frozenset((*ORDERS, "logical_and", "unit_step"))
LOOKED_FOR = CONDITIONS | {"where"}


def branched(low: Lowered, form: Form) -> Form | None:
    """(x > 0)*f(abs(x)) = (x > 0)*f(x), (x > 0)*relu(x) = relu(x), where(x > 0, sign(x), y) = where(x > 0, 1, y)"""
    for m, c in form.terms.items():
        for k, (atom, _, _) in enumerate(m.factors):
            made = _told(low, m, k) if atom.op in LOOKED_FOR else None
            if made is not None:
                return exchanged(low.normal, form, m, low.normal.scale(c, made))
    return None


def _told(low: Lowered, m: Mono, k: int) -> Form | None:
    """The product with what its factor k says of itself and of what stands beside it; None where that is nothing."""
    atom, _, e = m.factors[k]
    own = _chosen(low, atom) if atom.op == "where" else _joint(low, atom) if atom.op == "logical_and" else None
    if own is not None:
        return _replaced(low, m, k, own)
    whole = atom.op in CONDITIONS and not isinstance(e, Form) and e > 0
    return _beside(low, m, k, _signs(low, atom)) if whole and _is_beside(m, k) else None


def _signs(low: Lowered, atom: Atom | None, holds: bool = True) -> dict[Form, bool]:
    """What is not negative where a condition holds, or does not."""
    if atom is None:
        return {}
    if atom.op == "logical_and" and holds:
        first, second = (_signs(low, lone_atom(a)) for a in atom.args)
        return {u: first.get(u, False) or second.get(u, False) for u in (*first, *second)}
    if atom.op == "unit_step" and holds:
        return {_direction(low, atom.args[0], 1): False}
    if atom.op not in ORDERS:
        return {}
    x, y = atom.args
    up, strict = (OPS[atom.op].symbol[0] == ">") == holds, (len(OPS[atom.op].symbol) == 1) == holds
    difference = low.normal.add([(1, x), (-1, y)], atom.shape)
    return {_direction(low, difference, 1 if up else -1): strict}


def _direction(low: Lowered, form: Form, sign: int) -> Form:
    """What has the sign of a form, or of its negative."""
    c = abs(content(form.terms.values())) if form.terms else 1
    return low.normal.scale(constants.divide(sign, c), form)


def _replaced(low: Lowered, m: Mono, k: int, made: Form) -> Form:
    """The product with its factor k replaced."""
    _, labels, e = m.factors[k]
    return low.normal.product([(power(low.normal, made, e), labels), *operands(low.normal, m, {k})], m.out, m.sizes)


def _chosen(low: Lowered, atom: Atom) -> Form | None:
    """``where`` with its branches under their condition; None where they stay."""
    condition, *branches = atom.args
    if not any(map(_is_pieced, branches)):
        return None
    known, every = lone_atom(condition), tuple(range(len(atom.shape)))
    new = [_under(low, b, _signs(low, known, b is branches[0]), every) for b in branches]
    return None if new == branches else low.function("where", [condition, *new], (), atom.shape)


def _joint(low: Lowered, atom: Atom) -> Form | None:
    """Two conditions of which one says the other; None where neither does."""
    every = tuple(range(len(atom.shape)))
    for x, y in (atom.args, atom.args[::-1]):
        new = _under(low, x, _signs(low, lone_atom(y)), every)
        if new.number is not None:
            return y if new.number else new
        if new is not x:
            return low.function("logical_and", [new, y], (), atom.shape)
    return None


def _beside(low: Lowered, m: Mono, k: int, signs: Signs) -> Form | None:
    """The product with what stands beside its condition k under it; without the condition where the rest is 0 when it
    does not hold."""
    normal, (condition, axes, times) = low.normal, m.factors[k]
    made, changed = [(normal.of_atom(condition, times), axes)], False
    for j, f in enumerate(m.factors):
        if j == k:
            continue
        atom, labels, e = f
        tied = labels == axes and not isinstance(e, Form)
        halved = condition.op == "unit_step"
        if tied and e > 0 and _vanishes(low, atom, signs, halved):
            return normal.product(operands(normal, m, {k}), m.out, m.sizes)
        if tied and e < 0 and halved and (_vanishes(low, atom, signs, True) or _is_zero_at(low, atom, signs)):
            made[0], changed = (_reached(low, condition.args[0]), axes), True
        new = _factor(low, f, signs, axes, atom.op == "where")  # a choice within a function may be one of the whole
        changed = changed or new is not normal.of_atom(atom, e)
        made.append((new, labels))
    return normal.product(made, m.out, m.sizes) if changed else None


def _reached(low: Lowered, u: Form) -> Form:
    """x >= y of the step of x - y"""
    sides = [low.normal.form({m: abs(c) for m, c in u.terms.items() if c * s > 0}, u.shape) for s in (1, -1)]
    return low.function("greater_equal", sides, (), u.shape)


def _is_beside(m: Mono, k: int) -> bool:
    """Beside the condition stands what it may say something of; not ``where(x == y, 1/2, 1)`` beside one that allows a
    tie, which are to become a unit step."""
    found, halved = False, m.factors[k][0].op == "unit_step"
    for j, (atom, _, e) in enumerate(m.factors):
        found = found or (halved and not isinstance(e, Form) and e < 0)
        if j == k or atom.anchor is None:
            continue
        if atom.op == "where" and m.factors[k][0].op.endswith("_equal"):
            tie = lone_atom(atom.args[0])
            if tie is not None and tie.op == "equal":
                return False
        found = found or _is_piece(atom) or any(map(_is_pieced, _inside(atom, e)))
    return found


def _is_piece(atom: Atom) -> bool:
    return atom.op in OPS and OPS[atom.op].pieces is not None


def _inside(atom: Atom, e: Any) -> Sequence[Form]:
    """The forms that a power of an atom is made of."""
    return (e,) if atom.kind == EXP else (atom.args,) if atom.kind == SUM else atom.args if atom.kind == CALL else ()


def _vanishes(low: Lowered, atom: Atom, signs: Signs, halved: bool) -> bool:
    """The function is 0 where the condition does not hold, also at the tie where this is halved."""
    opposite = {low.normal.scale(-1, u): not strict and not halved for u, strict in signs.items()}
    holds_back = atom.op in CONDITIONS or any(k is not None for _, k in (atom.op in OPS and OPS[atom.op].pieces) or ())
    other = _piece(low, atom, atom.args, opposite) if len(signs) == 1 and holds_back else None
    return other is not None and not other.terms


def _is_zero_at(low: Lowered, atom: Atom, signs: Signs) -> bool:
    """It is what is 0 at the tie: of half of inf and inf, inf remains."""
    u = atom.args if atom.kind == SUM else low.normal.of_atom(atom)
    return any(_direction(low, u, sign) in signs for sign in (1, -1))


def _of_difference(op: Op) -> bool:
    """The pieces of a function depend on the difference of its operands."""
    return op.arity == 2 and op.kink is not None and op.kink(3, 1) == 2


@cache
def agrees(op: Op, side: int) -> bool:
    """What a function of pieces is above (0) or below (1) its kink it is there too."""
    if op.pieces is None or (op.arity == 2 and not _of_difference(op)):
        return False
    c, k = op.pieces[side]
    return bool(op.meaning()(*[0.0] * (op.arity or 1)) == (c if k is None else 0))


def _piece(low: Lowered, atom: Atom, args: Any, signs: Signs) -> Form | None:
    """What a function of pieces is; None where the signs do not tell."""
    op = OPS.get(atom.op) if atom.kind == CALL else None
    if op is None or op.pieces is None:
        return None
    normal, args = low.normal, [low.normal.broadcast(a, atom.shape) for a in args]
    u = normal.add([(1, args[0]), (-1, args[1])], atom.shape) if _of_difference(op) else args[0]
    for side, (c, k) in enumerate(op.pieces):
        strict = signs.get(_direction(low, u, -1 if side else 1))
        if strict or (strict is not None and agrees(op, side)):
            return normal.number(c, atom.shape) if k is None else normal.scale(c, args[k])
    return None


def _under(low: Lowered, form: Form, signs: Signs, axes: Axes, choices: bool = True) -> Form:
    """The form under conditions, whose axes are these of its own; `choices` within it are made too."""
    if not signs:
        return form
    key = form, axes, choices, frozenset(signs.items())
    if key not in low.under:  # what is shared is looked through once
        low.under[key] = _terms_under(low, form, signs, axes, choices) if _is_pieced(form) else form
    return low.under[key]


def _terms_under(low: Lowered, form: Form, signs: Signs, axes: Axes, choices: bool) -> Form:
    normal = low.normal
    terms = []
    for m, c in form.terms.items():
        at = tuple(m.out[k] for k in axes)
        factors = [(_factor(low, f, signs, at, choices), f[1]) for f in m.factors]
        same = all(new is normal.of_atom(f[0], f[2]) for (new, _), f in zip(factors, m.factors, strict=True))
        whole = normal.form({m: 1}, form.shape) if same else low.ruled(normal.product(factors, m.out, m.sizes))
        terms.append((c, whole))
    return low.ruled(normal.add(terms, form.shape))


def _factor(low: Lowered, f: Factor, signs: Signs, axes: Axes, choices: bool) -> Form:
    """A power of an atom within a product, under conditions whose axes are these labels of the product."""
    normal, (atom, labels, e) = low.normal, f
    if not set(axes) <= set(labels) or len(set(labels)) < len(labels):
        return normal.of_atom(atom, e)
    at = tuple(labels.index(i) for i in axes)
    if atom.kind == EXP:
        return normal.exp(_under(low, e, signs, at, choices))
    if atom.kind == SUM:
        inner = _under(low, atom.args, signs, at, choices)
        return normal.of_atom(atom, e) if inner is atom.args else power(normal, inner, e)
    mixed = axes and not (atom.op in OPS and OPS[atom.op].elementwise)
    if atom.kind != CALL or mixed or (atom.op == "where" and not choices):
        return normal.of_atom(atom, e)
    args = [_under(low, a, signs, at, choices) for a in atom.args]
    piece = _piece(low, atom, args, signs) if at == tuple(range(len(atom.shape))) else None
    if piece is None and all(a is b for a, b in zip(args, atom.args, strict=True)):
        return normal.of_atom(atom, e)
    if piece is None and atom.op == "where" and args[0].number is not None:
        piece = args[1] if args[0].number else args[2]
    made = low.ruled(low.function(atom.op, args, atom.params, atom.shape)) if piece is None else piece
    return power(normal, made, e)


def _is_pieced(form: Form) -> bool:
    """There is a function of pieces in it."""
    stack, seen = [form], {form}
    while stack:
        for m in stack.pop().terms:
            if not m.anchored:
                continue
            for atom, _, e in m.factors:
                if _is_piece(atom):
                    return True
                new = {x for x in _inside(atom, e) if isinstance(x, Form)} - seen
                seen |= new
                stack += new
    return False
