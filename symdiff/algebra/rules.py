"""The rule tables by theme, as `symdiff rules` prints them, and the form of an expression under them."""

from fractions import Fraction
from typing import Any

from ..op import OPS
from ..ops import piecewise
from ..ops.contractions import diagonal, eye, ones
from ..ops.elementwise import (
    acos,
    asin,
    cos,
    cosh,
    coth,
    csch,
    exp,
    expm1,
    log,
    sech,
    sigmoid,
    sin,
    sinh,
    softplus,
    sqrt,
    tan,
    tanh,
)  # fmt: skip
from ..ops.factorisation import cholesky, pinv
from ..ops.linalg import inv, sym_op
from ..ops.piecewise import abs as abs_
from ..ops.piecewise import equal, maximum, minimum, relu, sign, unit_step, where
from ..ops.special import erf, erfc
from ..ops.triangles import tril
from ..patterns import Rule, wild, wild_matrix
from ..spellings import SHOWN
from . import conditions, integrals, matrices, slices, vectors  # noqa: F401  # their ops as forms
from .branches import LOOKED_FOR, agrees, branched
from .forms import CALL, EXP, LEAF, SUM, Factor, Form, Mono, sizes_of
from .joints import beside, turned, unit_placed
from .matrices import COPROJECTOR, PROJECTOR, projected
from .merged import fused
from .normalize import HALF, Lowered, unfolded
from .powers import base_met, operands, power
from .products import exchanged, placed, replaced
from .rewrite import Fold, Ruleset
from .shares import is_share, opened_whole, whole
from .spectra import met
from .updates import met_update

x, y = wild("x y")

STABLE = Ruleset("stable spellings", *SHOWN)

LOGARITHMS = Ruleset(
    "logarithms",
    Rule("log-reciprocal", log(1 / x), -log(x)),
    Rule("log-sqrt", log(sqrt(x)), log(x) / 2),
    Rule("expm1-power", expm1(y * log(x)), x**y - 1),
    Rule("expm1-log", expm1(log(x)), x - 1),
)

SIGMOIDS = Ruleset(
    "sigmoids",
    Rule("sigmoid-sum", sigmoid(x) + sigmoid(-x), 1),
    Rule("sigmoid-squares", sigmoid(x) ** 2 + sigmoid(-x) ** 2, 1 - 2 * sigmoid(x) * sigmoid(-x)),
    Rule("sigmoid-exp", sigmoid(x) * exp(-x), sigmoid(-x)),
    Rule("softplus-difference", softplus(x) - softplus(-x), x),
    Rule("softplus-less-x", softplus(x) - x, softplus(-x)),
    Rule("exp-softplus", exp(softplus(x)), 1 + exp(x)),
)

TRIGONOMETRY = Ruleset(
    "trigonometry",
    Rule("pythagoras", sin(x) ** 2 + cos(x) ** 2, 1),
    Rule("one-less-sin2", 1 - sin(x) ** 2, cos(x) ** 2),
    Rule("one-less-cos2", 1 - cos(x) ** 2, sin(x) ** 2),
    Rule("hyperbolic-pythagoras", cosh(x) ** 2 - sinh(x) ** 2, 1),
    Rule("one-plus-sinh2", 1 + sinh(x) ** 2, cosh(x) ** 2),
    Rule("cosh2-less-one", cosh(x) ** 2 - 1, sinh(x) ** 2),
    Rule("cosine-of-double", cos(x) ** 2 - sin(x) ** 2, cos(2 * x)),
    Rule("hyperbolic-cosine-of-double", cosh(x) ** 2 + sinh(x) ** 2, cosh(2 * x)),
    Rule("one-plus-cot2", 1 + cos(x) ** 2 / sin(x) ** 2, 1 / sin(x) ** 2),
    Rule("coth2-less-one", cosh(x) ** 2 / sinh(x) ** 2 - 1, 1 / sinh(x) ** 2),
    Rule("one-less-tanh2-over", (1 - tanh(x) ** 2) / tanh(x) ** 2, 1 / sinh(x) ** 2),
    Rule("one-plus-over-sinh2", 1 + 1 / sinh(x) ** 2, 1 / tanh(x) ** 2),
    Rule("cosh-plus-sinh", cosh(x) + sinh(x), exp(x)),
    Rule("cosh-less-sinh", cosh(x) - sinh(x), exp(-x)),
    Rule("sin-over-cos", sin(x) / cos(x), tan(x)),
    Rule("tan-times-cos", tan(x) * cos(x), sin(x)),
    Rule("tanh-times-cosh", tanh(x) * cosh(x), sinh(x)),
    Rule("cosine-of-sum", cos(x) * cos(y) - sin(x) * sin(y), cos(x + y)),
    Rule("cosine-of-difference", cos(x) * cos(y) + sin(x) * sin(y), cos(x - y)),
    Rule("sine-of-sum", sin(x) * cos(y) + cos(x) * sin(y), sin(x + y)),
    Rule("sine-of-difference", sin(x) * cos(y) - cos(x) * sin(y), sin(x - y)),
    Rule("erfc-complement", 1 - erfc(x), erf(x)),
)

INVERSES = Ruleset(
    "inverse functions",
    *(Rule(f"{f.inverse}-{f.name}", OPS[f.inverse](f(x)), x)
      for f in OPS.values() if f.inverse and exp not in (f, OPS[f.inverse])),
    Rule("cos-asin", cos(asin(x)), sqrt(1 - x**2)),
    Rule("sin-acos", sin(acos(x)), sqrt(1 - x**2)),
)  # fmt: skip

SIGNS = Ruleset(
    "signs",
    Rule("sign-times-abs", sign(x) * abs_(x), x),
    Rule("sign-over-abs", sign(x) / abs_(x), 1 / x),
    Rule("over-abs", x / abs_(x), sign(x)),
    Rule("times-sign", x * sign(x), abs_(x)),
    *(Rule(f"{f.name}-positive", f(*(x, y)[: f.arity]), c if k is None else c * (x, y)[k],
           when=("nonnegative" if agrees(f, 0) else "positive", x))
      for f in OPS.values() if f.pieces and f.arity == 1 and f is not unit_step for c, k in f.pieces[:1]),
    Rule("abs-abs", abs_(abs_(x)), abs_(x), level="ieee"),
    Rule("relu-relu", relu(relu(x)), relu(x), level="ieee"),
    Rule("step", (x >= y) * where(equal(x, y), HALF, 1), unit_step(x - y)),
    Rule("step-down", (y >= x) * where(equal(x, y), HALF, 1), unit_step(y - x)),
    Rule("maximum-same", maximum(x, x), x, level="ieee"),
    Rule("minimum-same", minimum(x, x), x, level="ieee"),
)  # fmt: skip

A, S = wild_matrix("A", "m n"), wild_matrix("S", "n n")
unit, units, L = eye("n", graph=S.graph), ones(("n", "n"), graph=S.graph), cholesky(S)
P, Q = projected(PROJECTOR, A), projected(COPROJECTOR, A)

MATRICES = Ruleset(
    "matrices",
    Rule("inverse-times", inv(S) @ S, unit),
    Rule("times-inverse", S @ inv(S), unit),
    # pseudo-inverses and projectors
    Rule("projector", A @ pinv(A), P),
    Rule("coprojector", pinv(A) @ A, Q),
    Rule("projector-times", P @ A, A),
    Rule("pinv-projected", pinv(A) @ P, pinv(A)),
    Rule("times-coprojector", A @ Q, A),
    Rule("projected-pinv", Q @ pinv(A), pinv(A)),
    Rule("projector-squared", P @ P, P),
    Rule("coprojector-squared", Q @ Q, Q),
    # Cholesky factors
    Rule("cholesky-squared", L @ L.T, sym_op(S)),
    Rule("inverse-of-cholesky-squared", inv(L).T @ inv(L), inv(sym_op(S))),
    Rule("inverse-times-cholesky", inv(sym_op(S)) @ L, inv(L).T),
    Rule("inverse-of-cholesky-times", inv(L) @ sym_op(S), L.T),
    Rule("triangles-meet", tril(units) * L.T, unit * L),
    Rule("diagonal-of-triangle", diagonal(tril(units)), diagonal(units)),
)

CANCEL = tuple([op.name for op in (inv, pinv, PROJECTOR, COPROJECTOR, cholesky)])  # what meets its like in products
SQUARED = {sech.name: (tanh.name, 1), csch.name: (coth.name, -1)}
NEGATIVE = tuple(
    [op.name for op in (piecewise.less_equal, piecewise.greater_equal, piecewise.not_equal, piecewise.logical_not)]
)


# --- folds: what is no pattern --------------------------------------------------------------------------------------


def _lone(form: Form) -> tuple[Mono, Any] | None:
    return next(iter(form.terms.items())) if len(form.terms) == 1 else None


def _lone_call(form: Form, *ops: str) -> Any:
    """The atom of a form that is one call of these ops, with its own labels."""
    lone = _lone(form)
    if lone is None or lone[1] != 1 or len(lone[0].factors) != 1:
        return None
    atom, _, e = lone[0].factors[0]
    return atom if atom.kind == CALL and atom.op in ops and e == 1 and not lone[0].free else None


def _exp_of_log(low: Lowered, form: Form) -> Form | None:
    """exp(c*log(u) + v) = u**c * exp(v)"""
    normal = low.normal
    for m, c in form.terms.items():
        for k, (atom, labels, e) in enumerate(m.factors):
            if atom.kind != EXP:
                continue
            for n, d in e.terms.items():
                u = _of_log(n)
                if u is not None:
                    others = [(y, normal.form({q: 1}, e.shape)) for q, y in e.terms.items() if q is not n]
                    rest = normal.add(others, e.shape)
                    factors = [(power(normal, u, d), labels), (normal.exp(rest), labels)]
                    made = normal.product(factors, labels, dict(zip(labels, e.shape, strict=True)))
                    return replaced(low.normal, form, m, c, k, made, labels)
    return None


def _of_log(m: Mono) -> Form | None:
    """u of a monomial that is log(u)."""
    if len(m.factors) != 1:
        return None
    atom, labels, e = m.factors[0]
    return atom.args[0] if atom.kind == CALL and atom.op == "log" and e == 1 and labels == m.out else None


def _log_of_exp(low: Lowered, form: Form) -> Form | None:
    """log(a*exp(u)) = u + log(a), and log(u**c) = c*log(u) for a single positive or odd power"""
    atom = _lone_call(form, "log")
    if atom is None:
        return None
    inner = _lone(atom.args[0])
    if inner is None:
        return None
    m, c = inner
    normal = low.normal
    for k, (a, labels, e) in enumerate(m.factors):
        if a.kind == EXP and not m.sums and len(m.factors) + (c != 1) > 1:
            sizes = dict(enumerate(atom.shape))
            others = operands(normal, m, {k})
            rest = normal.scale(c, normal.product(others, m.out, sizes)) if others else normal.number(c, atom.shape)
            u = normal.relabel(e, labels, m.out, dict(enumerate(atom.shape)))
            logged = low.ruled(normal.call("log", [rest], (), atom.shape, True))
            return _placed(low, form, normal.add([(1, u), (1, logged)], atom.shape))
    if len(m.factors) == 1 and c == 1 and not m.sums:
        a, labels, e = m.factors[0]
        odd = isinstance(e, int) and e % 2 == 1
        if a.kind != EXP and not isinstance(e, Form) and e != 1 and (odd or isinstance(e, Fraction)):
            base = normal.relabel(normal.of_atom(a), labels, m.out, {})
            logged = low.ruled(normal.call("log", [base], (), atom.shape, True))
            return _placed(low, form, normal.scale(e, logged))
    return None


def _placed(low: Lowered, form: Form, made: Form) -> Form:
    """A form that was one call atom, with the atom replaced."""
    (m, _) = _lone(form)  # type: ignore[misc]
    return low.normal.relabel(made, m.factors[0][1], m.out, dict(m.free))


def _log_det(low: Lowered, form: Form) -> Form | None:
    """log(det(X)) = log(abs(det(X))) = logdet(X)"""
    atom = _lone_call(form, "log")
    if atom is None:
        return None
    inner = _lone_call(atom.args[0], "det", "abs")
    if inner is not None and inner.op == "abs":
        inner = _lone_call(inner.args[0], "det")
    return None if inner is None else _placed(low, form, low.normal.call("logdet", inner.args, inner.params, ()))


def _even_abs(low: Lowered, form: Form) -> Form | None:
    """abs(u)**(2*k) = u**(2*k)"""
    for m, c in form.terms.items():
        for k, (atom, labels, e) in enumerate(m.factors):
            if atom.kind == CALL and atom.op == "abs" and isinstance(e, int) and e % 2 == 0:
                return replaced(low.normal, form, m, c, k, power(low.normal, atom.args[0], e), labels)
    return None


def _hyperbolic_squares(low: Lowered, form: Form) -> Form | None:
    """sech(u)**2 = 1 - tanh(u)**2, csch(u)**2 = coth(u)**2 - 1: as the textbook writes derivatives of tanh and coth"""
    normal = low.normal
    for m, c in form.terms.items():
        for k, (atom, labels, e) in enumerate(m.factors):
            if atom.kind == CALL and atom.op in SQUARED and isinstance(e, int) and e >= 2:
                other, sign = SQUARED[atom.op]
                args = list(atom.args)
                square = power(normal, low.named(other, args) or low.function(other, args, (), atom.shape), 2)
                terms = [(sign, normal.number(1, atom.shape)), (-sign, square)]
                whole = power(normal, normal.add(terms, atom.shape), e // 2)
                if e % 2:
                    axes = tuple(range(len(atom.shape)))
                    once = normal.of_atom(atom)
                    whole = normal.product([(whole, axes), (once, axes)], axes, dict(enumerate(atom.shape)))
                return replaced(low.normal, form, m, c, k, whole, labels)
    return None


def _opened(low: Lowered, form: Form) -> Form | None:
    """(eye - A @ B) @ inv(B) = inv(B) - A: a sum beside a function that a rule over matrices looks for, where fewer
    factors remain"""
    normal = low.normal
    for m, c in form.terms.items():
        for k, (atom, labels, e) in enumerate(m.factors):
            if atom.kind != SUM or e != 1 or not 1 < len(atom.args.terms) <= 4 or not _meets(m, k):
                continue
            rest = operands(normal, m, {k})
            parts = []
            for n, d in atom.args.terms.items():
                part = normal.product([(normal.form({n: 1}, atom.shape), labels), *rest], m.out, m.sizes)
                parts.append((c * d, low.closed_ruled(low.ruled(part))))
            before = sum(len(n.factors) for n in atom.args.terms) + len(rest)
            total = normal.add(parts, form.shape)
            if sum(len(n.factors) for n in total.terms) < before:
                return exchanged(low.normal, form, m, total)
    return None


def _squared(low: Lowered, form: Form) -> Form | None:
    """norm2(inv(L) @ x)**2 = x @ inv(S) @ x for L = cholesky(S): squares that are written out, as factors meet"""
    normal = low.normal
    for m, c in form.terms.items():
        for k, (atom, labels, e) in enumerate(m.factors):
            if e != 2 or atom.kind != SUM or len(atom.args.terms) != 1:
                continue
            parts = [placed(normal, atom.args, labels) for _ in range(2)]
            rest = [f for j, f in enumerate(m.factors) if j != k]
            factors = [*rest, *parts[0][1], *parts[1][1]]
            d, mono = normal.monomial(factors, m.out, dict(m.free) | sizes_of(factors), set())
            better = low.ruled(normal.form({mono: c * d * parts[0][0] ** 2}, form.shape))
            if sum(len(n.factors) for n in better.terms) < len(factors):
                return exchanged(low.normal, form, m, better)
    return None


def _meets(m: Mono, k: int) -> bool:
    """Beside factor k of the product, a sum over matrices, there stands a function that may cancel in it."""
    atom, labels, _ = m.factors[k]
    inside = any(a.op in CANCEL for n in atom.args.terms for a, _, _ in n.factors)
    for j, (a, ls, e) in enumerate(m.factors):
        joint = any(i in labels and i not in m.out for i in ls)
        if j != k and joint and e == 1 and (a.op in CANCEL or (inside and a.kind in (LEAF, SUM))):
            return True
    return False


def _piecewise(low: Lowered, form: Form) -> Form | None:
    """a*(x > y) + b*(x <= y) = where(x > y, a, b), and so of any condition and its negation"""
    if not 2 <= len(form.terms) <= 12:
        return None
    factors = []
    for m, c in form.terms.items():
        for k, (atom, labels, e) in enumerate(m.factors):
            if e == 1 and not m.sums and labels == m.out:
                factors.append((m, c, k, atom))
    for n, d, j, other in factors:
        for m, c, k, atom in factors if other.op in NEGATIVE else ():
            if _is_opposite(low, other, atom) and n.out == m.out:
                alike = [t for t in factors if t[3] is atom or t[3] is other]
                if len(alike) > 2:
                    continue
                condition = low.normal.of_atom(atom)
                branches = [_bare(low, _without(low, q, i, form.shape, x)) for q, i, x in ((m, k, c), (n, j, d))]
                chosen = branches[0]
                if branches[0] is not branches[1]:
                    chosen = low.function("where", [condition, *branches], (), form.shape)
                others = {t: y for t, y in form.terms.items() if t is not m and t is not n}
                rest = [(y, low.normal.form({t: 1}, form.shape)) for t, y in others.items()]
                return low.normal.add([(1, chosen), *rest], form.shape)
    return None


def _bare(low: Lowered, form: Form) -> Form:
    """c times a sum is the sum of c times its terms, where nothing else stands beside it."""
    lone = _lone(form)
    return form if lone is None else low.normal._single(lone[1], lone[0], form.shape)


def _proportional(low: Lowered, form: Form) -> Form | None:
    """where(c, 2*(x + y), -x - y) = (x + y)*where(c, 2, -1)"""
    normal = low.normal
    for m, c in form.terms.items():
        for k, (atom, labels, e) in enumerate(m.factors):
            if atom.op != "where" or e != 1:
                continue
            condition, *branches = atom.args
            if any(len(b.terms) < 2 or b.shape != atom.shape for b in branches):
                continue
            (p, first), (q, second) = map(normal.paren, branches)
            if first is second:
                numbers = [normal.number(x, atom.shape) for x in (p, q)]
                chosen = normal.call("where", [condition, *numbers], (), atom.shape, True)
                axes = tuple(range(len(atom.shape)))
                whole = [(first.args, axes), (chosen, axes)]
                made = normal.product(whole, axes, dict(enumerate(atom.shape)))
                return replaced(low.normal, form, m, c, k, made, labels)
    return None


def _any_of(f: Factor) -> tuple[Any, tuple, dict[int, int]] | None:
    """(c, its labels, {the labels kept: those in the product}) of a factor any(c) of one condition."""
    atom, labels, e = f
    lone = _lone(atom.args[0]) if atom.op == "any" and e == 1 else None
    if lone is None or len(lone[0].factors) != 1:
        return None
    kept = [i for axis, i in enumerate(lone[0].out) if axis not in atom.params[0]]
    condition, own, _ = lone[0].factors[0]
    return condition, own, dict(zip(kept, labels, strict=True))


def _same_entries(own: tuple, labels: tuple, kept: dict[int, int]) -> bool:
    return all(kept.get(i, j) == j for i, j in zip(own, labels, strict=True))


def _counted_once(low: Lowered, form: Form) -> Form | None:
    """c*any(c) = c, whatever c is summed over"""
    for m, d in form.terms.items():
        for k, f in enumerate(m.factors):
            found = _any_of(f)
            if found is not None and any(
                a is found[0] and _same_entries(found[1], ls, found[2]) for a, ls, _ in unfolded(low.normal, m)
            ):
                return exchanged(low.normal, form, m, _without(low, m, k, form.shape, d))
    return None


def _always(low: Lowered, form: Form) -> Form | None:
    """any(c) | ~c = 1"""
    for m, d in form.terms.items():
        for k, (atom, _, e) in enumerate(m.factors):
            if atom.op != "logical_or" or e != 1:
                continue
            factors = [f for c in atom.args if (lone := _lone(c)) is not None for f in lone[0].factors]
            for f in factors:
                found = _any_of(f)
                if found is not None and any(
                    (a.op == "logical_not" or (a.op in OPS and OPS[a.op].negation))
                    and _is_opposite(low, a, found[0])
                    and _same_entries(found[1], ls, found[2])
                    for a, ls, _ in factors
                ):
                    return exchanged(low.normal, form, m, _without(low, m, k, form.shape, d))
    return None


def _is_opposite(low: Lowered, other: Any, atom: Any) -> bool:
    """The condition is not the other one."""
    negated = other.op == "logical_not" and other.args == (low.normal.of_atom(atom),)
    return negated or (OPS[other.op].negation == atom.op and atom.args == other.args)


def _without(low: Lowered, m: Mono, k: int, shape: Any, c: Any) -> Form:
    """c times the monomial without its factor k."""
    others = operands(low.normal, m, {k})
    if not others:
        return low.normal.number(c, shape)
    return low.normal.scale(c, low.normal.product(others, m.out, dict(enumerate(shape))))


def _entries(low: Lowered, form: Form) -> Form | None:
    """a*eye(2)[0] + b*eye(2)[1] = stack([a, b]), on an axis of few entries"""
    if len(form.shape) != 1 or not form.terms:
        return None
    (size,) = form.shape
    if not isinstance(size, int) or not 2 <= size <= 8:
        return None
    parts: list[list[tuple[Any, Form]]] = [[] for _ in range(size)]
    for m, c in form.terms.items():
        at = [k for k, (a, labels, _) in enumerate(m.factors) if a.op == "basis" and labels == m.out]
        if len(at) != 1 or m.out != (0,) or any(0 in ls for k, (_, ls, _) in enumerate(m.factors) if k not in at):
            return None
        others = operands(low.normal, m, set(at))
        value = low.normal.product(others, (), sizes_of(m.factors)) if others else low.normal.number(1)
        parts[m.factors[at[0]][0].params[1]].append((c, value))
    if sum(map(bool, parts)) < 2:
        return None
    entries = [low.normal.add(p, ()) for p in parts]
    return low.normal.call("stack", entries, (0,), form.shape)


FOLDS = Ruleset(
    "folds",
    Fold("piecewise", "a*(x > y) + b*(x <= y) -> where(x > y, a, b)", NEGATIVE, _piecewise,
         (("x*(x > y) + y**2*(x <= y)", {}), ("x*isnan(y) + 2*y*logical_not(isnan(y))", {}))),
    Fold("proportional", "where(c, 2*(x + y), -x - y) -> (x + y)*where(c, 2, -1)", ("where",), _proportional,
         (("where(x > 0, 2*(x + y), -x - y)", {}), ("z*where(x > 0, x + y, 3*(x + y))", {"x": "n", "y": "n"}))),
    Fold("branches", "(x > 0)*abs(x) -> (x > 0)*x, (x > 0)*relu(x) -> relu(x)", tuple(sorted(LOOKED_FOR)), branched,
         (("(x > 0)*exp(abs(x) + y)", {}), ("where(x > y, maximum(x, y), sign(y - x + 1))", {"x": "n"}),
          ("(x > 0)*relu(x)**2", {}), ("where((x > y) & (x < 1), sqrt(minimum(x, 1) - minimum(x, y)), 0)", {}))),
    Fold("any-counted", "c*any(c) -> c", ("any",), _counted_once,
         (("sum(x > 0)*any(x > 0)*y", {"x": "n"}),)),
    Fold("any-or-not", "any(c) | ~c -> 1", ("logical_or",), _always,
         (("sum(where(any(x > y) | (x <= y), x, 0))", {"x": "n", "y": "n"}),)),
    Fold("entries", "a*eye(2)[0] + b*eye(2)[1] -> stack([a, b])", ("basis",), _entries,
         (("a*eye(2)[0] + b*eye(2)[1]", {}),)),
    Fold("unit-placed", "eye(m + n)[:, :m] @ A -> concat((A, zeros((n, k))))", ("place",), unit_placed,
         (("eye(m + n)[:, :m] @ A + B", {"A": "m k", "B": "m+n k"}),)),
    Fold("turned-joint", "transpose(stack([A, B]), (1, 0, 2)) -> stack([A, B], axis=1)", ("stack", "concat"), turned,
         (("transpose(stack([A, B]), (1, 0, 2))", {"A": "m n", "B": "m n"}),
          ("transpose(concat((T, U)), (2, 0, 1))", {"T": "m n k", "U": "k n k"}))),
    Fold("placed-beside", "concat((A, 0)) + concat((0, B)) -> concat((A, B))", ("place", "basis"), beside,
         (("concat((A, zeros((n, k)))) + concat((zeros((m, k)), B))", {"A": "m k", "B": "n k"}),
          ("outer(eye(2)[0], x) + outer(eye(2)[1], y)", {"x": "n", "y": "n"}))),
    Fold("softmax", "exp(u - logsumexp(u)), exp(log_softmax(u)), exp(u)/sum(exp(u)) -> softmax(u)",
         ("exp", ("sum", "exp")), is_share,
         (("exp(x - logsumexp(x))", {"x": "n"}), ("exp(y + log_softmax(x))", {"x": "n", "y": "n"}),
          ("y @ exp(x)/sum(exp(x))", {"x": "n", "y": "n"}),
          ("y*(exp(X)/sum(exp(X), axis=0)).T", {"X": "m n", "y": "m"}))),
    Fold("softmax-sum", "sum(softmax(u)) -> 1", ("softmax", "simplex"), whole,
         (("y*sum(softmax(x))", {"x": "n"}), ("sum(softmax(X, axis=1))", {"X": "m n"}),
          ("x*sum(softmax(X, axis=1), axis=1)", {"X": "m n", "x": "m"}))),
    Fold("simplex-opens", "sum(a*Y + x) -> a + sum(x) for rows Y that sum to 1",
         tuple(("sum", *a, *b) for a in (("simplex",), ("softmax",), ("simplex", "softmax")) for b in ((), ("sum",))),
         opened_whole, (("sum((1 - y)*softmax(x) + z)", {"x": "n", "z": "n"}),)),
    Fold("exp-log", "exp(c*log(u) + v) -> u**c*exp(v)", ("exp",), _exp_of_log,
         (("exp(2*log(x))", {}), ("exp(log(x) - y)", {}))),
    Fold("log-product", "log(a*exp(u)) -> u + log(a)", ("log",), _log_of_exp,
         (("log(x*exp(y))", {}), ("log(x**3)", {}))),
    Fold("log-det", "log(det(X)) -> logdet(X)", ("log",), _log_det, (("log(det(X))", {"X": "n n"}),)),
    Fold("hyperbolic-squares", "sech(u)**2 -> 1 - tanh(u)**2, csch(u)**2 -> coth(u)**2 - 1", tuple(SQUARED),
         _hyperbolic_squares, (("sech(x)**2", {}), ("x*csch(x)**3", {}))),
    Fold("base-met", "(x/y)**(a - 1)*x/y -> (x/y)**a", (("sum",),), base_met,
         (("(x/y)**(z - 1)*x/y**2", {}), ("x*(y*x)**(z - 2)*y**3", {}))),
    Fold("even-abs", "abs(u)**(2*k) -> u**(2*k)", ("abs",), _even_abs, (("abs(x)**4", {}),)),
    Fold("spectrum", "eigvecs(X) @ diag(f(eigvalsh(X))) @ eigvecs(X).T -> f(X), eigvecs(X).T @ eigvecs(X) -> eye(n)",
         ("eigvecs", "svd_U", "svd_Vt", "qr_Q", "eigvalsh"), met,
         (("eigvecs(X) @ diag(exp(eigvalsh(X))) @ eigvecs(X).T", {"X": "n n"}),
          ("svd_U(X).T @ svd_U(X) + X", {"X": "n n"}), ("sum(eigvalsh(X + X.T))", {"X": "n n"}))),
    Fold("cross-sum", "cross(u, v) + cross(w, u) -> cross(u, v - w)", ("cross",), vectors.gathered,
         (("cross(x, y) + 2*cross(z, x)", {"x": "3", "y": "3", "z": "3"}),)),
    Fold("cross-met", "cross(u, v) @ u -> 0, cross(eye(3), v) @ w -> cross(v, w)", ("cross",), vectors.met,
         (("x @ cross(x, y) + 1", {"x": "3", "y": "3"}), ("A @ cross(eye(3), x)", {"A": "n 3", "x": "3"}),
          ("cross(x, eye(3)) @ y", {"x": "3", "y": "3"}))),
    Fold("merged-axes", "sum(reshape(X, m*n)) -> sum(X)", ("reshape",), fused,
         (("sum(X.ravel())", {"X": "n n"}), ("trace(kron(X, X) @ kron(X, X))", {"X": "n n"}))),
    Fold("squared", "norm2(inv(cholesky(S)) @ x)**2 -> x @ inv(sym(S)) @ x",
         tuple(("sum", *a) for a in (("cholesky",), ("inv",))), _squared,
         (("norm2(solve(cholesky(S), x))**2", {"S": "n n", "x": "n"}),
          ("norm2(cholesky(S).T @ x)**2", {"S": "n n", "x": "n"}))),
    Fold("rank-one-update", "inv(eye(n) + outer(u, w)) @ u -> u/(1 + w @ u)", ("inv",), met_update,
         (("inv(eye(n) + outer(u, w)) @ u", {"u": "n", "w": "n"}),
          ("solve(2*eye(n) - 3*outer(A @ x, w).T, w)", {"A": "n n", "x": "n", "w": "n"}))),
    Fold("halves", "X*H + X*H.T -> X for H = tril(ones((n, n))) - eye(n)/2", (("sum", tril.name),), matrices.halves,
         (("X*(tril(ones((n, n))) - eye(n)/2) + X*(tril(ones((n, n))) - eye(n)/2).T", {"X": "n n"}),)),
    Fold("inverse-opens", "(eye(n) - X @ Y) @ inv(Y) -> inv(Y) - X", (*CANCEL, *(("sum", a) for a in CANCEL)), _opened,
         (("(eye(n) - X @ Y) @ inv(Y)", {"X": "n n", "Y": "n n"}),
          ("inv(X) @ (X - Y) @ inv(Y)", {"X": "n n", "Y": "n n"}))),
)  # fmt: skip

RULES = STABLE + LOGARITHMS + SIGMOIDS + TRIGONOMETRY + INVERSES + SIGNS + MATRICES + FOLDS
