"""The sweeps: one pass over a slice of the graph, reverse for cotangents and forward for tangents.

Every rule is asked once for dy/dx; contributions are summed once per node; with `lead` further axes in front a sweep
carries a Jacobian. What is made of the sweeps is in `calculus`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from . import shapes
from .budget import limit
from .errors import GradientError, SymdiffError
from .expr import Expr, Operands
from .graph import VARIABLE, WIDE, Graph
from .invariants import check_graph, stage
from .occurrence import MANY, Factors, dependants, plain_product, slice_between
from .op import (
    SCALAR_PRODUCT,
    STABLE,
    Action,
    Custom,
    Linear,
    Networks,
    Op,
    Partials,
    Results,
    Term,
    Unknown,
    Zero,
    is_float,
    op_named,
)
from .ops.control import each_op, project_op
from .ops.matrix_functions import commuted
from .ops.piecewise import masked_sum, masked_where_untaken, where_op
from .ops.products import (
    ADD,
    CONTRACT,
    PLUS,
    broadcast_labels,
    combination,
    full,
    is_expansion,
    is_structured,
    product,
    scalar_product,
)
from .shapes import Shape
from .stable import SWEEPS, stable

Contribution = tuple[Any, int]  # (coefficient, node)
Table = list[list[Contribution] | None]  # the book's grad table: the contributions to each node's cotangent
APART = 32  # contributions that go on one by one: through `t = t @ t` ten times they would become a thousand

# --- the pieces of a sweep --------------------------------------------------------------------------------------------


def terms_of(g: Graph, n: int, k: int) -> list[Term] | Linear | Action | Custom | None:
    """dy/dx_k of node n as terms, or the linear, action or custom form that stands for it; None where it is zero."""
    op = g._op[n]
    rule = op.derivative
    if type(rule) is Partials:
        partial = rule.of[k]
        if isinstance(partial, Zero):
            return None
        xs = Operands(g, g._inputs[n])
        p = partial(*xs)
        p = p if isinstance(p, Expr) else xs[k].lift(p)
        if p.shape != (y := g._shape[n]) and shapes.broadcast(p.shape, y, op=f"the derivative of {op.name}") != y:
            raise GradientError(f"{op.name}: its derivative has shape {shapes.text(p.shape)}, not {shapes.text(y)}")
        out, labels = broadcast_labels(g._shape[n], g._shape[g._inputs[n][k]])
        shift = len(out) - p.ndim
        at = [i + shift if s == g._shape[n][i + shift] else ("p", i) for i, s in enumerate(p.shape)]
        return [Term(1, ((p, at),), out, labels)]
    if type(rule) is Networks:
        if op is project_op:
            return _projection_terms(g, n)
        return list(rule.terms(k, Expr(g, n), Operands(g, g._inputs[n]), g._params[n]))
    if type(rule) is Zero:
        return None
    if type(rule) is Linear:
        return rule if rule.wrt is None or k in rule.wrt else None
    if type(rule) is Action or type(rule) is Custom:
        return rule
    raise GradientError(
        f"no derivative is known for {op.name} (node {n}, shape {shapes.text(g._shape[n])}): "
        "register one with sd.register_op(name, evaluate, partials or vjp=...)"
    )


def _projection_terms(g: Graph, n: int) -> list[Term]:
    """The derivative of one result of an op with several, by that op's operand."""
    (parent,), (result,) = g._inputs[n], g._params[n]
    op = g._op[parent]
    if not isinstance(op.derivative, Networks):
        raise GradientError(f"no derivative is known for {op.name} (node {parent}): register one with sd.register_op")
    ys = tuple(Expr(g, g.append(project_op, (parent,), (k,))) for k in range(len(g._shape[parent])))
    xs = Operands(g, g._inputs[parent])
    return list(op.derivative.terms(result, ys, xs, g._params[parent]))


def operands_of(g: Graph, n: int) -> tuple[int, ...]:
    """The nodes a derivative flows to from n: its inputs; for a projection, those of the op it projects."""
    return g._inputs[g._inputs[n][0]] if g._op[n] is project_op else g._inputs[n]


def _along(
    g: Graph, term: Term, node: int, lead: int, at: Sequence, to: Sequence, shape: Shape, place: int
) -> Contribution:
    """A term applied to a cotangent or tangent `node` with `lead` more axes in front, at labels `at`, giving `to`; it
    takes this place among the factors."""
    front = tuple([("lead", i) for i in range(lead)])
    factors: list[tuple[int, tuple]] = []
    sizes = dict(zip(to, shape, strict=True))
    for e, labels in term.factors:
        factors.append((e.node, tuple(labels)))
        for i, s in zip(labels, e.shape, strict=True):
            sizes[i] = s
    for i, s in zip((*front, *at), g._shape[node], strict=True):
        sizes[i] = s
    factors.insert(place, (node, (*front, *at)))
    coefficient, result = product(g, factors, (*front, *to), sizes)
    return coefficient * term.coefficient, result


# --- the reverse sweep ----------------------------------------------------------------------------------------------


@stage(check_graph, first=True)
def reverse_sweep(
    g: Graph, seeds: Sequence[tuple[int, int]], wrt: Sequence[int], lead: int
) -> dict[int, list[Contribution]]:
    """{node of wrt: its contributions} for cotangent seeds (node, cotangent node) with `lead` leading axes."""
    targets = set(wrt)
    spelled = _spelled(g, [y for y, _ in seeds], targets)
    seeds = [(y, ct) for y, (_, ct) in zip(spelled, seeds, strict=True)]
    results: dict[int, list[Contribution]] = {}
    nodes, active = dependants(g, [y for y, _ in seeds], targets)
    table: Table = [None] * len(active)
    times = Factors(nodes).product if len(nodes) <= MANY else plain_product
    for y, ct in reversed(seeds):
        _contribute(table, y, (1, ct))
    op_of, inputs_of, shape_of, params_of, kind = g._op, g._inputs, g._shape, g._params, g._kind
    for n in reversed(nodes):
        contributions = table[n]
        if contributions is None:
            continue
        table[n] = None
        scalar = lead == 0 and not kind[n] & WIDE
        if len(contributions) == 1 and contributions[0][0]:
            summed = contributions
        elif scalar and len(contributions) == 2 and _plain_pair(g, contributions):
            (d, m), (c, k) = contributions  # the last consumer came first
            summed = [(1, g.append_scalar(ADD, (k, m), PLUS if c == d == 1 else (c, d)))]
        else:
            summed = collect(g, contributions, lead, bool(inputs_of[n]))
            if not summed:
                continue
        if n in targets:
            results[n] = summed
        operands = inputs_of[n]
        if scalar:  # what most nodes are: no labels are needed
            c, ct = summed[0]
            if params_of[n] is SCALAR_PRODUCT:
                a, b = operands  # both written out: a loop over them costs 6 % of the whole sweep
                if active[a]:
                    given = times(g, ct, b, b)
                    given = given if c == 1 else (c * given[0], given[1])
                    entry = table[a]
                    if entry is None:
                        table[a] = [given]
                    else:
                        entry.append(given)
                if active[b]:
                    given = times(g, ct, a, a)
                    given = given if c == 1 else (c * given[0], given[1])
                    entry = table[b]
                    if entry is None:
                        table[b] = [given]
                    else:
                        entry.append(given)
                continue
            if _scalar_step(g, n, summed[0], active, table, times):
                continue
        if op_of[n] is project_op:
            operands = operands_of(g, n)
        xs = Operands(g, inputs_of[n])
        for k, i in enumerate(operands):
            if active[i] and type(shape_of[i]) is not Results:
                _propagate(g, n, k, i, xs, summed, lead, table)
    return results


def _contribute(table: Table, i: int, contribution: Contribution) -> None:
    entry = table[i]
    if entry is None:
        table[i] = [contribution]
    else:
        entry.append(contribution)


def _plain_pair(g: Graph, contributions: list[Contribution]) -> bool:
    """Two contributions that make one sum as they are: different nodes, scalars, no numbers, no masks."""
    (c, n), (d, m) = contributions
    return bool(n != m and c and d and not g._kind[n] | g._kind[m])


def _scalar_step(
    g: Graph, n: int, cotangent: Contribution, active: Sequence[int], table: Table, times: Callable[..., Contribution]
) -> bool:
    """The step of a scalar node whose operands are scalars; False for others."""
    op, operands, kind = g._op[n], g._inputs[n], g._kind
    for i in operands:
        if kind[i] & WIDE and (active[i] or g._shape[i]):
            return False
    c, ct = cotangent
    if op is ADD:
        for i, d in zip(operands, g._params[n], strict=True):
            if active[i]:
                _contribute(table, i, cotangent if d == 1 else (c * d, ct))
        return True
    if type(op.derivative) is not Partials:
        return False
    if len(operands) == 1:
        if not active[operands[0]]:
            return True
        slope = _op_of_partial(op)
        if slope is not None:
            d, m = times(g, ct, g.append_scalar(slope, operands), n)
            _contribute(table, operands[0], (c * d, m))
            return True
    xs = [Expr(g, i) for i in operands]
    for i, partial in zip(operands, op.derivative.of, strict=True):
        if active[i] and not isinstance(partial, Zero):
            p = partial(*xs)
            if type(p) is Expr:
                d, m = times(g, ct, p.node, n)
                _contribute(table, i, (c * d, m))
            else:
                _contribute(table, i, (c * p, ct))
    return True


@lru_cache(maxsize=1024)
def _op_of_partial(op: Op) -> Op | None:
    """The op that is the derivative of an op of one operand, as cos is sin's: a node of it needs no expressions."""
    partial = op.derivative.of[0]  # type: ignore[union-attr]
    x = Graph().variable("x")
    try:
        p = None if isinstance(partial, Zero | Unknown) else partial(x)
    except SymdiffError:  # one of your own may hold a node of your graph
        return None
    if type(p) is not Expr or p.graph is not x.graph or p.graph._inputs[p.node] != (x.node,):
        return None
    slope = p.graph._op[p.node]
    return slope if slope.fast and slope is not ADD and slope not in STABLE else None


def _propagate(
    g: Graph, n: int, k: int, i: int, xs: Operands, summed: list[Contribution], lead: int, table: Table
) -> None:
    """Take the cotangents of n back to its operand k, the node i."""
    rule = terms_of(g, n, k) if is_float(g._dtype[i]) else None
    if rule is None:
        return
    entry = table[i] = table[i] or []
    if isinstance(rule, Linear):
        for c, ct in summed:
            entry.append((c, rule.transpose(k, Expr(g, ct), xs, g._params[n], lead).node))
    elif isinstance(rule, Action):
        for c, ct in summed:
            entry.append((c, rule.transpose(k, Expr(g, ct), Expr(g, n), xs, g._params[n], lead).node))
    elif isinstance(rule, Custom):
        entry += _custom_vjp(g, n, k, rule, summed, lead)
    else:
        for c, ct in summed:
            for term in rule:
                d, m = _along(g, term, ct, lead, term.y, term.x, g._shape[i], k if g._op[n] is CONTRACT else 0)
                if g._shape[i] == () != g._shape[n] and g._op[n] is CONTRACT:
                    m = commuted(Expr(g, m)).node  # the slope of f(t*A) by t
                if g._op[n] is where_op and g._inputs[i] and not is_structured(g, m):
                    m = masked_where_untaken(g, n, k, m)
                entry.append((c * d, m))


def _custom_vjp(g: Graph, n: int, k: int, rule: Custom, summed: list[Contribution], lead: int) -> list[Contribution]:
    """The cotangents of operand k by a registered vjp; by transposing the jvp where there is none."""
    if g._op[n] is each_op:
        n, rule, lead = *_one_of(g, n, k), lead + max(g._params[n][1])
    if rule.vjp is None:
        t = _seed(g, n, g._inputs[n][k], k)
        w = _pushed(g, n, rule, {k: t})
        if any(g._op[m] is g._op[n] for m in slice_between(g, [w.node], [t.node])):
            raise GradientError(f"the jvp of {g._op[n].name} applies {g._op[n].name}: its transpose needs a vjp")
        return [
            (c * d, m) for c, ct in summed for d, m in reverse_sweep(g, [(w.node, ct)], [t.node], lead).get(t.node, [])
        ]
    result: list[Contribution] = []
    if lead == 0:
        for c, ct in summed:
            v = _pulled(g, n, rule, Expr(g, ct))[k]
            result += [] if v is None else [(c, v.node)]
        return result
    u = _seed(g, n, n, None)  # with leading axes: the vjp is linear in the cotangent
    v = _pulled(g, n, rule, u)[k]
    if v is None:
        return result
    for c, ct in summed:
        got = forward_sweep(g, [v.node], {u.node: ct}, lead, linear=True).get(v.node, [])
        result += [(c * d, m) for d, m in got]
    return result


def _one_of(g: Graph, n: int, k: int) -> tuple[int, Custom]:
    """(a node of the op that `each` applies, its rule): at zeros, for it is linear in what has leading axes."""
    name, leads = g._params[n]
    op = op_named(name)
    if not leads[k] or not isinstance(op.derivative, Custom):
        raise GradientError(f"no derivative of {name} along leading axes is known by operand {k}, which all share")
    ones = [full(g, 0, g._shape[i][front:]) if front else i for i, front in zip(g._inputs[n], leads, strict=True)]
    return g.append(op, tuple(ones)), op.derivative


def _seed(g: Graph, n: int, like: int, k: int | None) -> Expr:
    """A variable of no name that users see, for the cotangent of node n or the tangent of its operand k."""
    what = f"_cotangent_of_{n}" if k is None else f"_tangent_{k}_of_{n}"
    return Expr(g, g.append(VARIABLE, (), (what, g._shape[like], Expr(g, like).dtype, ())))


def _pulled(g: Graph, n: int, rule: Custom, ct: Expr) -> list[Expr | None]:
    """What the vjp of node n gives, one entry per operand, checked."""
    op, xs = g._op[n], [Expr(g, i) for i in g._inputs[n]]
    given = rule.vjp(ct, Expr(g, n), *xs)  # type: ignore[misc]
    given = given if isinstance(given, (tuple, list)) else (given,)
    if len(given) != len(xs):
        raise GradientError(f"the vjp of {op.name} returned {len(given)} cotangent(s) for {len(xs)} operand(s)")
    result = [None if v is None else x.lift(v) for x, v in zip(xs, given, strict=True)]
    for k, (x, v) in enumerate(zip(xs, result, strict=True)):
        if v is not None and v.shape != x.shape:
            raise GradientError(
                f"the vjp of {op.name} returned shape {shapes.text(v.shape)} "
                f"for operand {k} of shape {shapes.text(x.shape)}"
            )
    return result


def _pushed(g: Graph, n: int, rule: Custom, tangents: Mapping[int, Expr]) -> Expr:
    """What the jvp of node n gives for tangents of some operands, checked."""
    xs = [Expr(g, i) for i in g._inputs[n]]
    w = xs[0].lift(rule.jvp(tuple(tangents.get(k) for k in range(len(xs))), Expr(g, n), *xs))  # type: ignore[misc]
    if w.shape != g._shape[n]:
        raise GradientError(
            f"the jvp of {g._op[n].name} returned shape {shapes.text(w.shape)}, not {shapes.text(g._shape[n])}"
        )
    return w


def collect(g: Graph, contributions: list[Contribution], lead: int, interior: bool = True) -> list[Contribution]:
    """Sum contributions: to one node; with leading axes, a few that hold a unit tensor apart, one per pattern.

    At an interior node a sum of masked terms stays masked, for the partials it meets there may be inf or nan.
    In a result with leading axes, terms with factors in common are added before these.
    """
    if len(contributions) == 1:
        return [contributions[0]] if contributions[0][0] != 0 else []
    # the last consumer came first: reversed, the terms stand in the order in which they were written
    contributions = [c for c in reversed(contributions) if c[0] != 0]
    if not contributions:
        return []
    if lead and not interior:
        contributions = _gathered(g, contributions)
    if lead == 0 or (interior and len(contributions) > APART) or not any(_kept_apart(g, n) for _, n in contributions):
        return [(1, _total(g, contributions, interior))]
    groups: dict[Any, list[Contribution]] = {}
    for c, n in contributions:
        groups.setdefault((g._params[n], g._inputs[n][1:]) if _kept_apart(g, n) else None, []).append((c, n))
    result = []
    for key, members in groups.items():
        if key is None or len(members) == 1 or not key[0][0]:
            result.append((1, _total(g, members, interior)) if len(members) > 1 else members[0])
        else:  # diag(u) + diag(v) = diag(u + v), outer(u, w) + outer(v, w) = outer(u + v, w)
            core = _total(g, [(c, g._inputs[n][0]) for c, n in members], interior)
            result.append((1, g.append(CONTRACT, (core, *key[1]), key[0])))
    return result


def _kept_apart(g: Graph, n: int) -> bool:
    """A contribution of a Jacobian sweep that is smaller than its shape: it holds a unit tensor or a passenger."""
    return is_structured(g, n) or (g._op[n] is CONTRACT and is_expansion(g._params[n]))


def _total(g: Graph, contributions: list[Contribution], interior: bool) -> int:
    n = contributions[0][1]
    if interior and (g._op[n] is where_op or (g._op[n] is CONTRACT and len(g._inputs[n]) == 1)):
        masked = masked_sum(g, contributions)
        if masked is not None:
            return masked
    return combination(g, contributions)


def _gathered(g: Graph, contributions: list[Contribution]) -> list[Contribution]:
    """Contributions of a Jacobian with factors in common are added before these: ``K1 x x' + K2 x x'`` is
    ``(K1 + K2) x x'``, where the sum in parentheses has fewer axes than the whole. Pairs are tried within the budget
    of a search; the contributions that are left stay as they are."""
    done: list[Contribution] = []
    left = limit("search")
    for c, n in contributions:
        left -= len(done)
        for k, (d, m) in enumerate(done if left >= 0 else ()):
            whole = _with_common_factors(g, (d, m), (c, n))
            if whole is not None:
                done[k] = whole
                break
        else:
            done.append((c, n))
    return done


def _placed_factors(g: Graph, n: int) -> list[tuple[int, tuple]]:
    """The factors of a contract with their labels told by output position, or as summed."""
    labels, out, _ = g._params[n]
    return [
        (m, tuple([("out", out.index(i)) if i in out else ("sum", i) for i in ls]))
        for m, ls in zip(g._inputs[n], labels, strict=True)
    ]


def _with_common_factors(g: Graph, first: Contribution, second: Contribution) -> Contribution | None:
    (c, n), (d, m) = first, second
    for k in (n, m):
        if g._op[k] is not CONTRACT or g._params[k][2] or len(set(g._params[k][1])) < len(g._params[k][1]):
            return None
    left, right = _placed_factors(g, n), _placed_factors(g, m)
    same: dict[Any, Any] = {}  # summed labels of the second that are those of the first
    common = []
    for factor in list(left):
        for other in right:
            pairs = list(zip(factor[1], other[1], strict=False))
            fits = factor[0] == other[0] and all(
                a == b
                if a[0] == "out" or b[0] == "out"
                else same.get(b, a) == a and (b in same or a not in same.values())
                for a, b in pairs
            )
            if fits:
                same |= {b: a for a, b in pairs if b[0] == "sum"}
                common.append(factor)
                left.remove(factor)
                right.remove(other)
                break
    if not common or not left or not right:
        return None
    right = [(k, tuple([same.get(i, ("second", i) if i[0] == "sum" else i) for i in ls])) for k, ls in right]
    shared = {i for _, ls in common for i in ls}
    rank = len(g._shape[n])
    kept = [i for i in dict.fromkeys(i for _, ls in (*left, *right) for i in ls) if i[0] == "out" or i in shared]
    if len(kept) >= rank:
        return None
    sizes = {i: s for k, ls in (*common, *left, *right) for i, s in zip(ls, g._shape[k], strict=True)}
    (a, x), (b, y) = product(g, left, kept, sizes), product(g, right, kept, sizes)
    core = combination(g, [(c * a, x), (d * b, y)])
    return product(g, [*common, (core, tuple(kept))], [("out", k) for k in range(rank)], sizes)


# --- the forward sweep ---------------------------------------------------------------------------------------------


@stage(check_graph, first=True)
def forward_sweep(
    g: Graph, y: Sequence[int], seeds: Mapping[int, int], lead: int, linear: bool = False
) -> dict[int, list[Contribution]]:
    """{node of y: contributions to its tangent} for tangents {node: tangent node} with `lead` leading axes.

    linear  y is linear in the seeds: so are the user's ops on the way, and none is asked for its derivative
    """
    table: dict[int, list[Contribution]] = {x: [(1, t)] for x, t in seeds.items()}
    spelled = y if linear else _spelled(g, y, seeds)
    wanted, results = set(spelled), {}
    for n in slice_between(g, spelled, seeds):
        if n in seeds:
            if n in wanted:
                results[n] = table[n]
            continue
        if type(g._shape[n]) is Results or not is_float(g._dtype[n]):
            continue
        contributions = _scalar_tangents(g, n, table) if lead == 0 and not g._kind[n] & WIDE else None
        operands = operands_of(g, n) if contributions is None else ()
        contributions = contributions or []
        linear_done = False
        for k, i in enumerate(operands):
            tangents = table.get(i)
            if not tangents:
                continue
            rule = terms_of(g, n, k)
            if rule is None:
                continue
            if isinstance(rule, Linear):
                if not linear_done:
                    contributions += _linear_tangent(g, n, rule, table, lead)
                    linear_done = True
            elif isinstance(rule, Action):
                xs = Operands(g, g._inputs[n])
                for c, t in tangents:
                    contributions.append((c, rule.apply(k, Expr(g, t), Expr(g, n), xs, g._params[n], lead).node))
            elif isinstance(rule, Custom):
                contributions += _custom_jvp(g, n, rule, table, lead, linear)
                break
            else:
                for c, t in tangents:
                    for term in rule:
                        place = k if g._op[n] is CONTRACT else len(term.factors)
                        d, m = _along(g, term, t, lead, term.x, term.y, g._shape[n], place)
                        contributions.append((c * d, m))
        if contributions:
            table[n] = collect(g, contributions, lead, n not in wanted)
            if n in wanted:
                results[n] = table[n]
    return {n: results[m] for n, m in zip(y, spelled, strict=True) if m in results}


def _scalar_tangents(g: Graph, n: int, table: Mapping[int, list[Contribution]]) -> list[Contribution] | None:
    """The contributions to the tangent of a scalar node whose operands are scalars; None for others."""
    op, operands, kind = g._op[n], g._inputs[n], g._kind
    is_product = g._params[n] is SCALAR_PRODUCT
    if any(kind[i] & WIDE for i in operands) or not (is_product or op is ADD or type(op.derivative) is Partials):
        return None
    xs, found = Operands(g, operands), []
    for k, i in enumerate(operands):
        if not table.get(i):
            continue
        partial = op.derivative.of[k] if type(op.derivative) is Partials else None
        p: Any = g._params[n][k] if op is ADD else xs[1 - k] if is_product else 0
        if partial is not None and not isinstance(partial, Zero):
            p = partial(*xs)
        q = p.node if type(p) is Expr else -1
        for c, t in table[i]:
            first, second = (t, q) if is_product and k == 0 else (q, t)
            d, m = scalar_product(g, first, second) if q >= 0 else (p, t)
            found.append((c * d, m))
    return found


def _spelled(g: Graph, y: Sequence[int], wrt: Iterable[int]) -> Sequence[int]:
    """What is differentiated in place of `y`; terms that have a name stay, so that formulas show it."""
    return stable(g, {*wrt, *g.names}.difference(y) | {*wrt}, y, SWEEPS) if SWEEPS.fits(g) else y


def _tangent(g: Graph, i: int, table: Mapping[int, list[Contribution]], lead_shape: Shape) -> Expr:
    have = table.get(i)
    return Expr(g, combination(g, have) if have else full(g, 0, lead_shape + g._shape[i]))


def _lead_shape(g: Graph, table: Mapping[int, list[Contribution]], lead: int) -> Shape:
    return next(g._shape[t][:lead] for entry in table.values() for _, t in entry)


def _linear_tangent(
    g: Graph, n: int, rule: Linear, table: Mapping[int, list[Contribution]], lead: int
) -> list[Contribution]:
    wrt = range(len(g._inputs[n])) if rule.wrt is None else rule.wrt
    front = _lead_shape(g, table, lead)
    xs = [_tangent(g, i, table, front) if k in wrt else Expr(g, i) for k, i in enumerate(g._inputs[n])]
    return [(1, rule.apply(xs, g._params[n], lead).node)]


def _custom_jvp(
    g: Graph, n: int, rule: Custom, table: Mapping[int, list[Contribution]], lead: int, linear: bool
) -> list[Contribution]:
    """The tangent of node n by a registered jvp; by transposing the vjp where there is none."""
    tangents = {k: combination(g, table[i]) for k, i in enumerate(g._inputs[n]) if table.get(i)}
    if g._op[n] is each_op or (linear and lead):
        return [(1, _each_tangent(g, n, tangents, lead))]
    if rule.jvp is None:
        # J t is the cotangent of u in <J' u, t>, and J' u is linear in u
        u = _seed(g, n, n, None)
        given = _pulled(g, n, rule, u)
        seeds = [(v.node, tangents[k]) for k, v in enumerate(given) if v is not None and k in tangents]
        return reverse_sweep(g, seeds, [u.node], lead).get(u.node, []) if seeds else []
    if lead == 0:
        return [(1, _pushed(g, n, rule, {k: Expr(g, t) for k, t in tangents.items()}).node)]
    ts = {k: _seed(g, n, g._inputs[n][k], k) for k in tangents}
    w = _pushed(g, n, rule, ts)
    at = {t.node: tangents[k] for k, t in ts.items()}
    return forward_sweep(g, [w.node], at, lead, linear=True).get(w.node, [])


def _each_tangent(g: Graph, n: int, tangents: Mapping[int, int], lead: int) -> int:
    """The tangent of a node of an op that is linear in the operands that have tangents."""
    inputs, own, moving = g._inputs[n], 0, set(tangents)
    name = g._op[n].name
    if g._op[n] is each_op:
        name, leads = g._params[n]
        own, moving = max(leads), {k for k, front in enumerate(leads) if front}
        if not moving.issuperset(tangents):
            raise GradientError(f"no derivative of {name} along leading axes is known by the operands that all share")
    front = g._shape[next(iter(tangents.values()))][:lead]
    zeros = {k: full(g, 0, front + g._shape[inputs[k]]) for k in moving - set(tangents)}
    operands = tuple([{**tangents, **zeros}.get(k, i) for k, i in enumerate(inputs)])
    return g.append(each_op, operands, (name, tuple([(lead + own) * (k in moving) for k in range(len(inputs))])))
