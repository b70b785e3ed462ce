"""Graph nodes -> forms: what each op means in the print-level normal form. An entry per op that is no mere function."""

import math
from collections.abc import Callable, Collection
from fractions import Fraction
from typing import Any

from .. import constants, shapes
from ..expr import Expr
from ..facets import closed, from_values
from ..facts import is_nonnegative, is_nonzero, is_positive, is_symmetric
from ..graph import BOUND, CONSTANT, VARIABLE, Graph
from ..graph import SIZE as SIZE_OP
from ..invariants import check_form, stage
from ..occurrence import is_chain, met
from ..op import OPS, Linear, Op
from ..ops.control import project_op, shown_as, stop_gradient
from ..ops.elementwise import divide_op, exp, pow_op, safe_divide, safe_multiply, sqrt
from ..ops.guard import guard_op
from ..ops.layout import cast_op, reshape_op
from ..ops.linalg import sym_op
from ..ops.order import all_op, any_op, logsumexp_op, max_op, min_op, norm2_op, prod_op
from ..ops.piecewise import logical_not, where_op
from ..ops.products import ADD, CONTRACT
from ..ops.scan import prod_of_others, recurrence_op
from ..ops.special import spherical_jn, xlogy
from ..unfolding import Unfolding
from .forms import (
    CALL,
    CONDITION,
    EXP,
    GROUPED,
    LABELS,
    LEAF,
    SIZE,
    SUM,
    Atom,
    Factor,
    Form,
    Mono,
    asks_whether_finite,
    parity,
    sizes_of,
    truth,
)
from .merged import blocks, of_unmerged, reshaped, unmerged
from .normal import Normal
from .powers import operands, power

Lowering = Callable[["Lowered", int, list[Form], tuple], Form]
LOWER: dict[Op, Lowering] = {}
HALF = Fraction(1, 2)
MAX_SUMS = 64  # sums in a sum of products: of more, none is multiplied out
MAX_TERMS = 400  # sums longer than this are kept as they are: budgets keep printing polynomial


def lowers(*ops: Op) -> Callable[[Lowering], Lowering]:
    """Decorator: the meaning of these ops as forms."""

    def enter(f: Lowering) -> Lowering:
        LOWER.update(dict.fromkeys(ops, f))
        return f

    return enter


class Lowered:
    """The forms of the nodes of one expression, memoised; formulas stop at nodes that have a name, and at those in
    `stops`. Atoms and terms stand in the order in which they are met: the tables are those of one formula, so that it
    depends on no other."""

    def __init__(self, graph: Graph, rules: Any = None):
        self.graph = graph
        self.normal = Normal()
        self.rules = rules
        self.forms: dict[int, Form] = {}
        self.leaves: dict[int, Form] = {}
        self.better: dict[Form, Form] = {}  # a form -> it under the rules
        self.under: dict[tuple, Form] = {}  # a form and conditions -> it where they hold
        self.log: list[tuple[str, Form, Form]] = []  # (a rule or a choice, the form before, the form after)
        self.multiples: dict[int, list[tuple[int, Any]]] = {}  # node -> named nodes that are a number times it
        for n in graph.names:
            if graph._op[n] is ADD and len(graph._inputs[n]) == 1:
                self.multiples.setdefault(graph._inputs[n][0], []).append((n, graph._params[n][0]))

    def of(self, node: int, stops: Collection[int] = (), order: list[int] | None = None) -> Form:
        """The form of a node; the node itself is written out also when it has a name. `stops` hold those with names,
        `order` what is met on the way down to them, where that is known.
        Of a result in another floating type, such as a derivative in that of its variable, the type is not shown."""
        g = self.graph
        if g._op[node].name == "astype" and node not in g.names and g._dtype[node].startswith("float"):
            (node,), order = g._inputs[node], None
        stop = stops or g.names
        forms = self.forms if not stops and node not in g.names else {}
        if order is None:
            order = met(g, [node], (lambda n: n != node and (n in forms or n in stop)) if forms or stop else None)
        for n in (order or [])[:-1]:
            if n not in forms:
                scaled = self.scaled_leaf(n, node) if self.multiples and n not in stop else None
                forms[n] = self.leaf(n) if n in stop else scaled or self.lower(n, forms)
        return self.lower(node, forms) if node not in forms else forms[node]

    def scaled_leaf(self, n: int, root: int) -> Form | None:
        """h/c where h is the name of c*n: sweeps carry the number apart from the node."""
        for named, c in self.multiples.get(n, ()):
            if named != root:
                return self.normal.scale(constants.divide(1, c), self.leaf(named))
        return None

    def named(self, op: str, args: list[Form]) -> Form | None:
        """The leaf of a named node that is this function of these forms: h where h = tanh(a) has a name."""
        g = self.graph
        for n in g.names:
            if g._op[n].name == op and [self.leaf(i) if i in g.names else self.of(i) for i in g._inputs[n]] == args:
                return self.leaf(n)
        return None

    def leaf(self, n: int) -> Form:
        form = self.leaves.get(n)
        if form is None:
            form = self.leaves[n] = self._leaf(n)
        return form

    def _leaf(self, n: int) -> Form:
        g = self.graph
        shape = g._shape[n]
        label = g.names.get(n) or (g._params[n][0] if g._op[n] in (VARIABLE, BOUND) else "")
        symmetric = len(shape) == 2 and shape[0] == shape[1] and is_symmetric(g, n)
        assumed = closed(g._params[n][3]) if g._op[n] is VARIABLE and g._params[n][3] else ()
        powers = parity if "pm1" in assumed else truth if g._dtype[n] == "bool" or "onehot" in assumed else None
        return self.normal.leaf(n, shape, symmetric, label, powers, "simplex" if "simplex" in assumed else None)

    @stage(check_form)
    def lower(self, n: int, forms: dict[int, Form]) -> Form:
        g = self.graph
        op = g._op[n]
        args = list(map(forms.__getitem__, g._inputs[n]))
        if op.textbook is not None:  # formulas show what it stands for
            return self.nested(op.textbook(*Expr(g, n).inputs, *g._params[n]).node, forms)
        rule = LOWER.get(op)
        if rule is not None:
            form = rule(self, n, args, g._params[n])
        else:
            form = self.function(op.name, args, g._params[n], g._shape[n])
        return self.ruled(form)

    def nested(self, node: int, forms: dict[int, Form]) -> Form:
        """The form of a node that was made for the formula alone."""
        for n in met(self.graph, [node], forms.__contains__) or []:
            if n not in forms:
                forms[n] = self.lower(n, forms)
        return forms[node]

    @stage(check_form)
    def ruled(self, form: Form) -> Form:
        """The form after the rules that fire at its top."""
        better = self.better.get(form)
        if better is None:
            settled = self.rules is None or not form.anchored
            better = self.better[form] = form if settled else self.rules.apply(self, form)
        return better

    def closed_ruled(self, form: Form) -> Form:
        """A product with its closed parts under the rules: ``trace(B @ inv(B))*A`` is ``n*A``."""
        normal = self.normal
        for m, c in form.terms.items() if len(form.terms) == 1 else ():
            for k, (atom, labels, e) in enumerate(m.factors):
                if atom.kind == SUM and not labels and len(atom.args.terms) == 1:
                    better = expanded(normal, self.ruled(atom.args))
                    if better is not atom.args:
                        whole = [(power(normal, better, e), ()), *operands(normal, m, {k})]
                        made = normal.product(whole, m.out, m.sizes)
                        return self.closed_ruled(normal.scale(c, made))
        return form

    def function(self, op: str, args: list[Form], params: Any, shape: shapes.Shape) -> Form:
        """A function of forms; even and odd ones take the sign out of their argument."""
        normal = self.normal
        record = _record(op)
        signed = bool(record.parity and args[0].terms)
        if signed and (all(c < 0 for c in args[0].terms.values()) or self._sign_met(op, args[0])):
            turned = self.function(op, [normal.scale(-1, args[0])], params, shape)
            return turned if record.parity == "even" else normal.scale(-1, turned)
        if isinstance(record.limits[1], (int, Fraction)) and not args[0].terms:
            return normal.number(record.limits[1], shape)
        negative_order = record.order_sign and args[0].number is not None and args[0].number < 0
        if negative_order and args[0].number % 1 == 0:
            sign = record.order_sign ** int(args[0].number)
            return normal.scale(sign, self.function(op, [normal.scale(-1, args[0]), args[1]], params, shape))
        if record.negation and all(a.number is not None for a in args):
            return normal.number(int(record.meaning()(*(a.number for a in args))), shape)
        if record.elementwise and shape:
            inner = of_unmerged(normal, [normal.broadcast(a, shape) for a in args])
            if inner is not None:
                return reshaped(normal, self.function(op, inner, params, inner[0].shape), shape)
        if record.transposes and len(args) == 1 and len(shape) == 2:
            return normal.oriented(op, args[0], params, shape)
        rule = record.derivative
        if isinstance(rule, Linear) and not any(args[k].terms for k in rule.wrt or range(len(args))):
            return normal.number(0, shape)
        return normal.call(op, args, params, shape, record.elementwise)

    def _sign_met(self, op: str, form: Form) -> bool:
        """The function of the negative has been met already, and that of the form has not."""
        known = self.normal._atoms
        return (CALL, op, (form,), ()) not in known and (CALL, op, (self.normal.scale(-1, form),), ()) in known

    def constant(self, params: tuple) -> Form:
        """The form of a constant node's parameters."""
        kind, value = params
        if constants.is_coefficient(kind, value):
            return self.times(constants.exact(value), self.normal.number(1))
        if value == math.e:
            return self.normal.exp(self.normal.number(1))
        return self.leaf(self.graph.append(CONSTANT, (), params))

    def times(self, c: Any, form: Form) -> Form:
        """c times a form; of a multiple of pi, pi is a factor of its own."""
        multiple = constants.in_pi(c)
        if multiple is None:
            return self.normal.scale(c, form)
        axes = tuple(range(len(form.shape)))
        pi = self.constant(("float", math.pi))
        product = self.normal.product([(pi, ()), (form, axes)], axes, dict(enumerate(form.shape)))
        return self.normal.scale(Fraction(*multiple), product)

    def is_nonnegative(self, form: Form) -> bool:
        return self.is_fact("nonnegative", form)

    def _holds_of_call(self, fact: str, atom: Atom) -> bool:
        has, keeps = from_values(_record(atom.op))
        return fact in has or (fact in keeps and self.is_fact(fact, atom.args[0]))

    def is_fact(self, fact: str, form: Form) -> bool:
        """A fact of every entry of a form that its leaves settle: "positive", "nonnegative", "nonzero"."""
        ask = {"positive": is_positive, "nonnegative": is_nonnegative, "nonzero": is_nonzero}[fact]
        for m, c in form.terms.items():
            if c < 0 and fact != "nonzero":
                return False
            if len(form.terms) > 1 and fact == "nonzero":
                return self.is_fact("positive", form)
            for a, _, e in m.factors:
                even = isinstance(e, int) and e % 2 == 0 and fact == "nonnegative"
                known = a.kind in (SIZE, EXP) or even or (a.kind == LEAF and ask(self.graph, a.args))
                known = known or (a.kind == SUM and self.is_fact(fact, a.args))
                known = known or (a.kind == CALL and self._holds_of_call(fact, a))
                if not known:
                    return False
        return bool(form.terms)


def _record(op: str) -> Op:
    """The record of a function of forms; one that no op is says nothing."""
    return OPS.get(op, UNKNOWN)


UNKNOWN = Op("a function of forms that is no op", None, lambda *args: ((), ""), None)


# --- leaves -------------------------------------------------------------------------------------------------


@lowers(VARIABLE, BOUND)
def _variable(low: Lowered, n: int, args: list[Form], params: tuple) -> Form:
    return low.leaf(n)


@lowers(CONSTANT)
def _constant(low: Lowered, n: int, args: list[Form], params: tuple) -> Form:
    return low.constant(params)


@lowers(SIZE_OP)
def _size(low: Lowered, n: int, args: list[Form], params: tuple) -> Form:
    return low.normal.size(params[0])


# --- products and powers ------------------------------------------------------------------------------------


@lowers(ADD)
def _add(low: Lowered, n: int, args: list[Form], params: tuple) -> Form:
    g = low.graph
    args = [_integer(low, i, a) for i, a in zip(g._inputs[n], args, strict=True)]
    terms = [(c, a) if type(c) is int else (1, low.times(c, a)) for c, a in zip(params, args, strict=True)]
    return expanded(low.normal, low.normal.add(terms, g._shape[n]))


def _integer(low: Lowered, n: int, form: Form) -> Form:
    """The integers that a sum takes as float64, because of a coefficient beside them: ``0.5*k``."""
    g = low.graph
    if g._op[n].name != "astype" or g._dtype[n] != "float64" or not g._dtype[g._inputs[n][0]].startswith("int"):
        return form
    for m, c in form.terms.items() if len(form.terms) == 1 else ():
        atom, labels, e = m.factors[0] if len(m.factors) == 1 else (low.normal.base, (), 0)
        if c == e == 1 and labels == m.out and atom.op == "astype":
            return atom.args[0]
    return form


def expanded(normal: Normal, form: Form, depth: int = 2) -> Form:
    """The sum with a factor ``(a + b)`` of a term multiplied out, where fewer terms remain: also where a trace of a
    sum has but one. What is multiplied out is so again, to this depth."""
    if not 0 < sum(map(GROUPED, form.terms)) <= MAX_SUMS or len(form.terms) > MAX_TERMS:
        return form
    for m, c in list(form.terms.items()):
        if not m.grouped:
            continue
        factors = unfolded(normal, m)
        for k, (atom, labels, e) in enumerate(factors):
            if atom.kind == SUM and e == 1 and 1 < len(atom.args.terms) <= 8 and m in form.terms:
                rest = [f for j, f in enumerate(factors) if j != k]
                sizes = dict(m.free) | sizes_of(factors)
                parts = []
                normal.search.step()
                for inner, d in atom.args.terms.items():
                    q, mono, shape = normal._joined([(inner, labels)], rest, m.out, sizes)
                    part = normal._single(1, mono, shape)
                    parts.append((c * d * q, expanded(normal, part, depth - 1) if depth > 1 else part))
                others = normal.form({x: y for x, y in form.terms.items() if x is not m}, form.shape)
                total = normal.add([(1, others), *parts], form.shape)
                if len(total.terms) < len(form.terms) or len(total.terms) == 1 or m.widens(atom):
                    return expanded(normal, total, depth)
    return form


def unfolded(normal: Normal, m: Mono) -> list[Any]:
    """The factors of a monomial with the closed products among them taken apart."""
    result: list[Any] = []
    for atom, labels, e in m.factors:
        closed = atom.kind == SUM and e == 1 and len(atom.args.terms) == 1
        inner = next(iter(atom.args.terms.items())) if closed else None
        if inner is None or labels or inner[1] != 1:
            result.append((atom, labels, e))
        else:
            at = Unfolding(normal.fresh).inside((), ())
            result += [(a, tuple([at[i] for i in ls]), x) for a, ls, x in inner[0].factors]
    return result


@lowers(CONTRACT)
def _contract(low: Lowered, n: int, args: list[Form], params: tuple) -> Form:
    labels, out, free = params
    if not out and len(args) > 1 and is_chain(low.graph, n):
        factors = (f for form in args for f in _scalar_factors(low.normal, form) if f[0].order[0] != CONDITION)
        low.normal.written.keep(factors)  # conditions stand last
    form = low.normal.product(list(zip(args, labels, strict=True)), out, dict(free))
    if any(labels):
        form = low.closed_ruled(form)
    return expanded(low.normal, form) if any(m.sums for m in form.terms) else form


def _scalar_factors(normal: Normal, form: Form) -> list[Factor]:
    """The factors of a scalar, of which a sum over axes is one."""
    if len(form.terms) > 1:
        return [(normal.paren(form)[1], (), 1)]
    factors: list[Factor] = []
    for m in form.terms:
        if not any(map(LABELS, m.factors)):
            return list(m.factors)
        factors += [f for f in m.factors if not f[1]]
        summed = [f for f in m.factors if f[1]]
        factors.append((normal.wrap(normal.form({normal._canonical(summed, (), {}): 1}, ())), (), 1))
    return factors


@lowers(divide_op, safe_divide)
def _divide(low: Lowered, n: int, args: list[Form], params: tuple) -> Form:
    if not args[1].terms:  # x/0 is not for us to settle
        return low.normal.call("divide", args, (), low.graph._shape[n], True)
    return _hadamard(low, n, [args[0], power(low.normal, args[1], -1)])


def _hadamard(low: Lowered, n: int, args: list[Form]) -> Form:
    shape = low.graph._shape[n]
    if not shape:
        return low.normal.product([(form, ()) for form in args], (), {})
    axes = tuple(range(len(shape)))
    labels = [shapes.stretched_labels(shape, form.shape) for form in args]
    sizes = dict(enumerate(shape)) | {i: 1 for ls in labels for i in ls if i < 0}
    return low.normal.product(list(zip(args, labels, strict=True)), axes, sizes)


@lowers(safe_multiply)
def _safe_multiply(low: Lowered, n: int, args: list[Form], params: tuple) -> Form:
    return _hadamard(low, n, args)


@lowers(pow_op)
def _pow(low: Lowered, n: int, args: list[Form], params: tuple) -> Form:
    g, normal = low.graph, low.normal
    base, exponent = args
    c = exponent.number
    if c is not None:
        return power(normal, base, c, low.is_nonnegative)
    if exponent.shape and exponent.shape != base.shape:
        return normal.call("pow", args, (), g._shape[n], True)
    if base.number is not None or len(base.terms) != 1:
        return normal.call("pow", args, (), g._shape[n], True) if exponent.shape else power(normal, base, exponent)
    return power(normal, base, exponent)


@lowers(sqrt)
def _sqrt(low: Lowered, n: int, args: list[Form], params: tuple) -> Form:
    return power(low.normal, args[0], HALF, low.is_nonnegative)


@lowers(exp)
def _exp(low: Lowered, n: int, args: list[Form], params: tuple) -> Form:
    inner = of_unmerged(low.normal, args) if args[0].shape else None
    return low.normal.exp(args[0]) if inner is None else reshaped(low.normal, low.normal.exp(inner[0]), args[0].shape)


@lowers(reshape_op)
def _reshape(low: Lowered, n: int, args: list[Form], params: tuple) -> Form:
    return reshaped(low.normal, args[0], low.graph._shape[n])


@lowers(norm2_op)
def _norm2(low: Lowered, n: int, args: list[Form], params: tuple) -> Form:
    (form,), (axes,) = args, params
    labels = tuple(range(len(form.shape)))
    kept = tuple(k for k in labels if k not in axes)
    squares = low.normal.product([(power(low.normal, form, 2), labels)], kept, dict(enumerate(form.shape)))
    return power(low.normal, low.ruled(squares), HALF, low.is_nonnegative)


# --- choice -------------------------------------------------------------------------------------------------


@lowers(guard_op)
def _guard(low: Lowered, n: int, args: list[Form], params: tuple) -> Form:
    """The value: its conditions are shown beside the formula."""
    return args[0]


@lowers(where_op)
def _where(low: Lowered, n: int, args: list[Form], params: tuple) -> Form:
    condition, a, b = args
    g = low.graph
    if g._op[g._inputs[n][0]] is CONSTANT and not condition.shape:  # a truth value
        condition = low.normal.number(int(bool(constants.evaluate(*g._params[g._inputs[n][0]]))))
    if a is b or condition.number is not None or (a.number is not None and a.number == b.number):
        return low.normal.broadcast(b if condition.number == 0 else a, low.graph._shape[n])
    endless = any(_is_endless(g, i) for i in g._inputs[n][1:])
    if endless or (asks_whether_finite(condition) and (a.number is None or b.number is None)):  # 0*inf is no 0
        return low.function("where", args, (), low.graph._shape[n])
    if not b.terms:
        return _hadamard(low, n, [condition, a])
    if not a.terms:
        return _hadamard(low, n, [_not(low, condition), b])
    if a.number == 1 and _half_tie(low, condition, b):  # the unit step, 1/2 at 0
        ((m, _),) = condition.terms.items()
        x, y = m.factors[0][0].args if m.factors[0][0].op == "greater" else m.factors[0][0].args[::-1]
        args = [low.normal.add([(1, x), (-1, y)], x.shape), low.normal.number(HALF, x.shape)]
        step = low.function("heaviside", args, (), x.shape)
        return low.normal.relabel(step, m.factors[0][1], m.out, dict(m.free))
    if _apart(condition, b):  # where(x > y, a, (x == y)*b) = (x > y)*a + (x == y)*b
        return low.normal.add([(1, _hadamard(low, n, [condition, a])), (1, b)], low.graph._shape[n])
    return low.function("where", args, (), low.graph._shape[n])


def _is_endless(g: Graph, n: int) -> bool:
    """The number inf, -inf or nan."""
    return g._op[n] is CONSTANT and g._params[n][0] == "float" and not math.isfinite(g._params[n][1])


def _apart(condition: Form, b: Form) -> bool:
    """b has a comparison of the same two forms as a factor that excludes the condition: x == y excludes x > y."""
    if len(condition.terms) != 1 or len(b.terms) != 1:
        return False
    (m,), (n,) = condition.terms, b.terms
    if len(m.factors) != 1 or m.factors[0][0].op not in ("greater", "less"):
        return False
    strict, at, _ = m.factors[0]
    same = {strict.args, strict.args[::-1]}
    return any(a.op == "equal" and a.args in same and ls == at and m.out == n.out for a, ls, _ in n.factors)


def _half_tie(low: Lowered, condition: Form, b: Form) -> bool:
    """b is half the indicator of equality that the strict condition leaves out."""
    return _apart(condition, b) and all(c == HALF and len(m.factors) == 1 for m, c in b.terms.items())


def _not(low: Lowered, condition: Form) -> Form:
    inner = of_unmerged(low.normal, [condition])
    if condition.number is not None:
        return low.normal.number(int(not condition.number), condition.shape)
    if inner is not None:
        return reshaped(low.normal, _not(low, inner[0]), condition.shape)
    if len(condition.terms) == 1:
        ((m, c),) = condition.terms.items()
        atom, labels, e = m.factors[0] if m.factors else (low.normal.base, (), 0)
        spread = len(set(m.out)) == len(m.out) and set(labels) <= set(m.out)  # no diagonal, no sum
        if c == e == len(m.factors) == 1 and spread and atom.kind == CALL and _record(atom.op).negation:
            opposite = low.normal.call(_record(atom.op).negation, atom.args, (), atom.shape, True)
            return low.normal.relabel(opposite, labels, m.out, dict(m.free))
    return low.normal.call("logical_not", [condition], (), condition.shape, True)


@lowers(logical_not)
def _logical_not(low: Lowered, n: int, args: list[Form], params: tuple) -> Form:
    return _not(low, args[0])


# --- further ops --------------------------------------------------------------------------------------


@lowers(project_op)
def _project(low: Lowered, n: int, args: list[Form], params: tuple) -> Form:
    """One of several results, under its own name: logdet, svd_U."""
    g = low.graph
    (parent,) = g._inputs[n]
    ((m, _),) = args[0].terms.items()
    atom = m.factors[0][0]
    return low.function(g._op[parent].results[params[0]], list(atom.args), atom.params, g._shape[n])


@lowers(shown_as)
def _shown_as(low: Lowered, n: int, args: list[Form], params: tuple) -> Form:
    return args[1]


@lowers(prod_of_others)
def _prod_of_others(low: Lowered, n: int, args: list[Form], params: tuple) -> Form:
    """prod(x)/x along the last axis"""
    shape = args[0].shape
    k = len(shape) - 1
    whole = reduced(low, "prod", args[0], (k,))
    whole = low.normal.relabel(whole, tuple(range(k)), tuple(range(k + 1)), {k: shape[k]})
    return _hadamard(low, n, [whole, power(low.normal, args[0], -1)])


@lowers(any_op, all_op, max_op, min_op, prod_op, logsumexp_op)
def _reduction(low: Lowered, n: int, args: list[Form], params: tuple) -> Form:
    g = low.graph
    form, name = args[0], g._op[n].name
    whole = len(low.normal.carried_axes([form])) == len(form.shape) and unmerged(low.normal, form) is None
    if not whole and name in ("any", "all") and g._dtype[g._inputs[n][0]] != "bool":  # of one number: is it not 0?
        form = low.function("not_equal", [form, low.normal.number(0, form.shape)], (), form.shape)
    return reduced(low, name, form, params[0])


def reduced(low: Lowered, name: str, form: Form, axes: tuple[int, ...]) -> Form:
    """A reduction over axes; over those that were merged as over one that was, of equal entries one of them."""
    normal = low.normal
    left = [k for k in range(len(form.shape)) if k not in axes]
    shape = tuple([form.shape[k] for k in left])
    inner = unmerged(normal, form)
    if inner is not None:
        runs = [before for before, _ in blocks(inner.shape, form.shape)]
        return reshaped(normal, reduced(low, name, inner, tuple(i for k in axes for i in runs[k])), shape)
    keep = normal.carried_axes([form])
    if name in ("prod", "logsumexp") or 0 in form.shape or len(keep) == len(form.shape):
        return low.function(name, [form], (axes,), shape)
    small, rest = normal.dropped(form, keep), [k for k in keep if k not in axes]
    gone = tuple([j for j, k in enumerate(keep) if k in axes])
    if gone:
        small = low.function(name, [small], (gone,), tuple([form.shape[k] for k in rest]))
    return normal.relabel(small, rest, left, dict(enumerate(form.shape)))


@lowers(recurrence_op)
def _linear_recurrence(low: Lowered, n: int, args: list[Form], params: tuple) -> Form:
    is_zero = not all(form.terms for form in args)
    return args[1] if is_zero else low.function("linear_recurrence", args, params, args[1].shape)


@lowers(spherical_jn)
def _spherical_jn(low: Lowered, n: int, args: list[Form], params: tuple) -> Form:
    """j0(x) = sin(x)/x"""
    order, x = args
    if order.number != 0:
        return low.function("spherical_jn", args, params, low.graph._shape[n])
    return _hadamard(low, n, [low.function("sin", [x], (), x.shape), power(low.normal, x, -1)])


@lowers(xlogy)
def _xlogy(low: Lowered, n: int, args: list[Form], params: tuple) -> Form:
    """x*log(y): what it is where x is not 0; xlogy(x, 0) is not nan where x is 0"""
    if not args[1].terms and args[0].number is None:
        return low.function("xlogy", args, params, low.graph._shape[n])
    return _hadamard(low, n, [args[0], low.ruled(low.function("log", [args[1]], (), args[1].shape))])


@lowers(sym_op)
def _sym(low: Lowered, n: int, args: list[Form], params: tuple) -> Form:
    (form,) = args
    if low.normal.is_symmetric(form):
        return form
    return low.normal.call("sym", args, (), form.shape, symmetric=len(form.shape) == 2)


@lowers(cast_op, stop_gradient)
def _marker(low: Lowered, n: int, args: list[Form], params: tuple) -> Form:
    g = low.graph
    untyped = g._dtype[g._inputs[n][0]] in ("bool", "int", "float")
    if g._op[n].name == "astype" and untyped and g._dtype[n] in ("int64", "float64"):
        return args[0]  # 0 and 1, and numbers without a type of their own
    return low.normal.call(g._op[n].name, args, params, g._shape[n], True)
