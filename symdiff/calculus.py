"""`build_grad`, the forward sweep, and what is made of them: grad, jacobian, hessian, hvp, vjp, jvp.

The algorithm is that of Goodfellow, Bengio, Courville, *Deep Learning*, section 6.5: prune to the slice between `wrt`
and the output, keep a grad table, sweep in reverse creation order, sum each node's contributions once; every result is
a node of the same graph. A Jacobian is one sweep whose seed, a unit tensor, carries extra leading axes.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from . import shapes
from .budget import limit
from .containers import leaves, matched, mirrored
from .entrywise import MOST, entries_read, scalars_joined
from .errors import GradientError, InputError, ShapeError
from .expr import Expr
from .graph import CONSTANT, VARIABLE, Graph, check_name
from .occurrence import met
from .op import FUNCTIONS, Op, Partials, is_float, method, promote, provided
from .ops.piecewise import is_choice
from .ops.products import ADD, CONTRACT, combination, full, is_structured, unit
from .shapes import Shape
from .sweeps import Contribution, forward_sweep, reverse_sweep

# --- wrt: what to differentiate by, and results that mirror it -----------------------------------------------------


def resolve_wrt(g: Graph, wrt: Any) -> list[Expr]:
    """The expressions that `wrt` (Expr, name, or list, tuple, dict of them) names in the graph."""
    found = []
    for item in leaves(wrt):
        if isinstance(item, str):
            node = g.named(item)
            if node is None:
                raise InputError(
                    f"there is no variable {item!r} in the graph; it has {', '.join(g._variables) or 'none'}"
                )
            item = Expr(g, node)
        if not isinstance(item, Expr):
            raise InputError(f"wrt: expected an expression or a name, got {type(item).__name__}")
        if item.graph is not g:
            raise InputError(f"wrt: {item!r} belongs to another graph")
        if not is_float(g._dtype[item.node]):
            raise GradientError(
                f"no derivative by {item!r}: it has the type {item.dtype}; declare it as float64 to differentiate by it"
            )
        found.append(item)
    return found


# --- the public calls ----------------------------------------------------------------------------------------------


def _result(g: Graph, contributions: list[Contribution] | None, shape: Shape, dtype: str) -> Expr:
    """The sum of the contributions as floats of this type, also where it is made of truth values or integers alone."""
    n = combination(g, contributions) if contributions else full(g, 0, shape)
    own = g._dtype[n]
    if own == dtype or (own in ("int", "float") and (dtype == "float64" or _holds_unit(g, n))):
        return Expr(g, n)
    return FUNCTIONS["astype"](Expr(g, n), dtype)


def _holds_unit(g: Graph, n: int) -> bool:
    """A unit tensor, or a sum with one: it has no type of its own, and a cast would hide what it is."""
    return is_structured(g, n) or (g._op[n] is ADD and any(is_structured(g, i) for i in g._inputs[n]))


def _check_output(y: Any, what: str) -> Expr:
    if not isinstance(y, Expr):
        raise InputError(f"{what}: expected an expression, got {type(y).__name__}; sd.parse(text) reads one")
    if not is_float(y.graph._dtype[y.node]) and y.graph._dtype[y.node] != "int" and not is_choice(y):
        raise GradientError(f"{what}: {y!r} has the type {y.dtype}, which has no derivative")
    return y


@method("build_grad")
def build_grad(g: Graph, y: Any, wrt: Any) -> Any:
    if isinstance(y, str):
        y = Expr(g, g._variables[y]) if y in g._variables else y
    y = _check_output(y, "build_grad")
    if y.graph is not g:
        raise InputError(f"build_grad: {y!r} belongs to another graph")
    targets = resolve_wrt(g, wrt)
    nodes = list(dict.fromkeys(t.node for t in targets))
    with g.transaction():
        if y.shape:
            return mirrored(wrt, _jacobians(y, targets, "auto"))
        seed = g.append(CONSTANT, (), ("int", 1))
        results = reverse_sweep(g, [(y.node, seed)], nodes, 0)
        return mirrored(wrt, [_result(g, results.get(t.node), t.shape, t.dtype) for t in targets])


def grad(y: Expr, wrt: Any) -> Any:
    """The gradient of y by `wrt`, as nodes appended to the graph of y.

    y    a scalar expression; of another shape, the Jacobian is returned
    wrt  an Expr (a variable or an interior node), a name, or a list, tuple or dict of them; the result mirrors it

    ``derivative.shape == y.shape + wrt.shape``; a variable that y does not depend on has the gradient 0. Raises
    GradientError for integer and boolean variables and for ops without a known derivative.

    Source: Goodfellow, Bengio, Courville, *Deep Learning*, algorithms 6.5 and 6.6.

    >>> import symdiff as sd
    >>> f = sd.parse("norm2(A @ x - b)**2", A="m n", x="n", b="m")
    >>> print(sd.grad(f, "x"))
    2*A.T @ (A @ x - b)
    """
    return build_grad(_check_output(y, "grad").graph, y, wrt)


def value_and_grad(y: Expr, wrt: Any) -> tuple[Expr, Any]:
    """(y, grad(y, wrt)): both share their nodes, so evaluating both costs little more than one."""
    return y, grad(y, wrt)


def vjp(y: Any, wrt: Any, cotangent: Any) -> Any:
    """The cotangents at `wrt` for a cotangent of y: ``ct' dy/dx``, of the shape of each `wrt`.

    y          an Expr, or a list, tuple or dict of them, for several outputs at once
    cotangent  mirrors y: expressions, arrays or names of variables, which are made where there are none

    Raises ShapeError for a cotangent of another shape than y.

    >>> import symdiff as sd
    >>> y = sd.parse("sin(A @ x)", A="m n", x="n")
    >>> print(sd.vjp(y, "x", "ct"))
    A.T @ (ct*cos(A @ x))
    """
    ys = _outputs(y, "vjp")
    g = ys[0].graph
    cotangents = matched(y, cotangent, "vjp: cotangent")
    targets = resolve_wrt(g, wrt)
    with g.transaction():
        seeds = [(e.node, _of_shape(e, ct, "vjp: the cotangent").node) for e, ct in zip(ys, cotangents, strict=True)]
        results = reverse_sweep(g, seeds, [t.node for t in targets], 0)
        return mirrored(wrt, [_result(g, results.get(t.node), t.shape, t.dtype) for t in targets])


def jvp(y: Any, tangents: Mapping[Any, Any]) -> Any:
    """The tangent of y (an Expr, or a list, tuple or dict) for tangents ``{variable or name: tangent}``: ``dy/dx t``.

    A tangent is an expression, an array, or the name of a variable, which is made where there is none. Raises
    ShapeError for a tangent of another shape than its variable.

    >>> import symdiff as sd
    >>> f = sd.parse("X @ Y", X="m n", Y="n p"); dX = f.graph.variable("dX", "m n")
    >>> print(sd.jvp(f, {"X": dX}))
    dX @ Y
    """
    outputs = _outputs(y, "jvp")
    g = outputs[0].graph
    if not isinstance(tangents, Mapping):
        raise InputError(f"jvp: the tangents are a dict {{variable or name: tangent}}, not {type(tangents).__name__}")
    with g.transaction():
        seeds = _tangents(g, tangents, "jvp")
        results = forward_sweep(g, [e.node for e in outputs], seeds, 0)
        return mirrored(y, [_result(g, results.get(e.node), e.shape, e.dtype) for e in outputs])


def _outputs(y: Any, what: str) -> list[Expr]:
    ys = [_check_output(e, what) for e in leaves(y)]
    if not ys:
        raise InputError(f"{what}: there is no expression to differentiate")
    for e in ys:
        if e.graph is not ys[0].graph:
            raise InputError(f"{what}: the expressions belong to different graphs")
    return ys


def _of_shape(x: Expr, value: Any, what: str) -> Expr:
    """A given value as an expression of the shape of x; a text is the name of a variable."""
    g = x.graph
    if isinstance(value, str):
        node = g.named(value)
        value = g.variable(value, x.shape, dtype=x.dtype) if node is None else Expr(g, node)
    value = x.lift(value)
    if value.shape != x.shape:
        raise ShapeError(f"{what} of {x!r} has shape {shapes.text(value.shape)}, not {shapes.text(x.shape)}")
    return value


def _tangents(g: Graph, tangents: Mapping[Any, Any], what: str) -> dict[int, int]:
    """{variable: tangent}, as nodes."""
    seeds: dict[int, int] = {}
    for x, t in zip(resolve_wrt(g, list(tangents)), tangents.values(), strict=True):
        if x.node in seeds:
            raise InputError(f"{what}: the tangent of {x!r} is given twice")
        seeds[x.node] = _of_shape(x, t, f"{what}: the tangent").node
    return seeds


def _rows(ys: Sequence[Expr], xs: Sequence[Expr], mode: str = "auto") -> list[list[Expr]]:
    """dy/dx of each y, by each x; many scalars by few go forward."""
    if mode != "auto" or len(xs) >= len(ys) or any(e.shape for e in (*ys, *xs)):
        return [_jacobians(y, xs, mode) for y in ys]
    columns = [_forward_jacobians(ys, x) for x in xs]
    return [[column[k] for column in columns] for k in range(len(ys))]


def _entrywise(y: Expr, x: Expr) -> Expr | None:
    """The Jacobian of scalars that a vector is put together of, by the entries that they read one by one, or None."""
    g, shape = y.graph, y.shape + x.shape
    if y.ndim != 1 or x.ndim != 1:
        return None
    columns, count = x.shape[0], shapes.count(shape)
    if not isinstance(columns, int) or not isinstance(count, int) or count > MOST:
        return None
    parts = scalars_joined(y)
    read = entries_read(g, [e.node for e in parts], x.node) if parts else None
    if not parts or not read:
        return None
    rows = _rows(parts, [Expr(g, n) for n in read.values()])
    if all(e.op is CONSTANT for row in rows for e in row):  # the sweep keeps it as unit tensors
        return None
    place = {k: j for j, k in enumerate(read)}
    return FUNCTIONS["stack"]([[row[place[k]] if k in place else 0 for k in range(columns)] for row in rows])


def _jacobians(y: Expr, xs: Sequence[Expr], mode: str) -> list[Expr]:
    """dy/dx of each x: entry by entry, by a forward sweep, or by one reverse sweep for all that are left."""
    g, found, left = y.graph, dict[int, Expr](), list[Expr]()
    for x in xs:
        by_entry = _entrywise(y, x) if mode == "auto" else None
        if by_entry is not None:
            found[x.node] = by_entry
        elif mode == "forward" or (mode == "auto" and _smaller(x.shape, y.shape)):
            found[x.node] = _forward_jacobians([y], x)[0]
        else:
            left.append(x)
    results = reverse_sweep(g, [(y.node, unit(g, y.shape))], [x.node for x in left], y.ndim) if left else {}
    for x in left:
        found[x.node] = _result(g, results.get(x.node), y.shape + x.shape, promote(y.dtype, x.dtype))
    return [found[x.node] for x in xs]


def _forward_jacobians(ys: Sequence[Expr], x: Expr) -> list[Expr]:
    """dy/dx of each y, by one forward sweep."""
    g, lead = x.graph, x.ndim
    results = forward_sweep(g, [y.node for y in ys], {x.node: unit(g, x.shape)}, lead)
    found = [_result(g, results.get(y.node), x.shape + y.shape, promote(y.dtype, x.dtype)) for y in ys]
    return [_permuted(e, (*range(lead, lead + y.ndim), *range(lead))) for y, e in zip(ys, found, strict=True)]


def _permuted(e: Expr, order: Sequence[int]) -> Expr:
    """permute_dims, taken into the terms of a sum so that unit tensors stay visible."""
    g = e.graph
    if list(order) == sorted(order):
        return e
    if e.op is ADD:
        parts = [(c, _permuted(t, order).node) for c, t in zip(g._params[e.node], e.inputs, strict=True)]
        return Expr(g, combination(g, parts))
    return FUNCTIONS["permute_dims"](e, tuple(order))


def _smaller(a: Shape, b: Shape) -> bool:
    """a has surely fewer entries than b."""
    size_a, size_b = shapes.count(a), shapes.count(b)
    if isinstance(size_a, int) and isinstance(size_b, int):
        return size_a < size_b
    return len(a) < len(b) or (len(a) == len(b) and isinstance(size_a, int) and isinstance(size_b, str))


def jacobian(y: Any, wrt: Any, mode: str = "auto") -> Any:
    """dy/dx of any shapes: ``jacobian.shape == y.shape + x.shape``, by one sweep, no loop over rows.

    mode  "reverse" (leading axes of y), "forward" (of x), or "auto": the smaller side

    Source: Laue, Mitterreiter, Giesen, "A Simple and Efficient Tensor Calculus", AAAI 2020.

    >>> import symdiff as sd
    >>> y = sd.parse("A @ sin(x)", A="m n", x="n")
    >>> print(sd.jacobian(y, "x"))
    A*cos(x)
    """
    if mode not in ("auto", "reverse", "forward"):
        raise InputError(f"jacobian: mode is 'auto', 'reverse' or 'forward', not {mode!r}")
    ys = _outputs(y, "jacobian")
    g = ys[0].graph
    with g.transaction():
        return mirrored(y, [mirrored(wrt, row) for row in _rows(ys, resolve_wrt(g, wrt), mode)])


def hessian(y: Expr, wrt: Any) -> Any:
    """The second derivative: ``hessian.shape == y.shape + x.shape + x.shape``; for several wrt, blocks as in JAX.

    >>> import symdiff as sd
    >>> f = sd.parse("x @ A @ x", x="n", A="n n")
    >>> print(sd.hessian(f, "x"))
    A + A.T
    """
    with _check_output(y, "hessian").graph.transaction():
        first = grad(y, wrt)
        targets = resolve_wrt(y.graph, wrt)
        return mirrored(wrt, [mirrored(wrt, _jacobians(gx, targets, "reverse")) for gx in leaves(first)])


def hvp(y: Expr, wrt: Any, v: Any = None) -> Any:
    """The Hessian of a scalar y times v, by a forward sweep over the gradient; nothing of size n x n is made.

    v  mirrors wrt, or is a dict {variable or name: vector}: expressions, arrays or names of variables, which are
       made where there are none; None makes variables called ``v_<name>``

    >>> import symdiff as sd
    >>> f = sd.parse("logsumexp(x)", x="n")
    >>> print(sd.hvp(f, "x"))
    t0 = softmax(x)
    (v_x - v_x @ t0)*t0
    """
    y = _check_output(y, "hvp")
    g = y.graph
    if y.shape:
        raise ShapeError(f"hvp: expected a scalar, got shape {shapes.text(y.shape)}")
    with g.transaction():
        return _hvp(y, wrt, v)


def _hvp(y: Expr, wrt: Any, v: Any) -> Any:
    g = y.graph
    targets = resolve_wrt(g, wrt)
    gradients = leaves(build_grad(g, y, wrt))
    given: Mapping[Any, Any]
    if v is None:
        given = {t: f"v_{g._params[t.node][0] if t.op is VARIABLE else t.node}" for t in targets}
    elif isinstance(v, Mapping) and not isinstance(wrt, Mapping):
        given = v
    else:
        given = dict(zip(targets, matched(wrt, v, "hvp: v"), strict=True))
    seeds = _tangents(g, given, "hvp")
    missing = [t for t in targets if t.node not in seeds]
    if missing or len(seeds) > len({t.node for t in targets}):
        raise InputError(f"hvp: v has no vector for {missing[0]!r}" if missing else "hvp: v has more vectors than wrt")
    results = forward_sweep(g, [e.node for e in gradients], seeds, 0)
    return mirrored(wrt, [_result(g, results.get(t.node), t.shape, t.dtype) for t in gradients])


@method("diff")
def diff(y: Expr, x: Any, n: int = 1) -> Expr:
    if not isinstance(n, int) or isinstance(n, bool) or n < 0:
        raise InputError(f"diff: the order is an integer >= 0, got {n!r}")
    for order in range(n):
        y = grad(_shortened(y) if order > 1 else y, x)
    return y


def _shortened(y: Expr) -> Expr:
    """A derivative from which the next one starts: each is about twice as long as the one before unless like terms
    meet. Only smooth scalar functions are rewritten, which are what their formulas say wherever these are defined."""
    g = y.graph
    nodes = met(g, [y.node], most=limit("nodes"))
    if nodes is None or any(g._shape[n] or not _is_smooth(g._op[n]) for n in nodes):
        return y
    short = provided("simplify")(y)
    return short if len(met(g, [short.node]) or []) < len(nodes) else y


def _is_smooth(op: Op) -> bool:
    """Its derivatives are those of the function that formulas show, at every point of its domain."""
    return op in (ADD, CONTRACT, VARIABLE, CONSTANT) or (
        isinstance(op.derivative, Partials) and op.kink is None and op.textbook is None and not op.foreign
    )


def name(e: Expr, label: str) -> Expr:
    """Give a term a name: formulas of other expressions stop at it. Returns e.

    Wherever variables go by name (``wrt``, values, text), the term does too. Raises InputError where the name is taken.

    >>> import symdiff as sd
    >>> x, w = sd.Graph().variables("x w")
    >>> z = sd.name(w*x, "z")
    >>> print(sd.exp(z).diff(w))
    x*exp(z)
    """
    if not isinstance(e, Expr):
        raise InputError(f"name: expected an expression, got {type(e).__name__}")
    taken = e.graph.named(check_name(label))
    if taken not in (None, e.node):
        what = "a variable" if e.graph._op[taken] is VARIABLE else "another term"
        raise InputError(f"name: {label!r} is the name of {what} of this graph already")
    if taken is None:
        e.graph.give_name(e.node, label)
    return e
