"""The two bilinear pillars: `add`, the n-ary linear combination, and `contract`, the one product.

contract: ``y[out] = sum over the other labels of prod factor[labels]``. Transpose, sum, broadcast, diagonal, trace,
outer, matmul, Hadamard are its label patterns. A unit tensor is never an operand: it is a repeated output label
(``diag(v)`` is ``v[i] -> ii``); a tensor of ones is an output label that no factor carries. After Laue, Mitterreiter,
Giesen, "A Simple and Efficient Tensor Calculus", AAAI 2020.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from .. import constants, shapes, validity
from ..errors import ShapeError
from ..expr import Expr, graph_of
from ..facets import rows_broadcast, rows_labelled
from ..graph import CONSTANT, SPECIAL, Graph
from ..op import FUNCTIONS, SCALAR_PRODUCT, Networks, Op, Term, expose, function, promoted, register
from ..shapes import Shape, Size
from ..unfolding import Unfolding

Labels = tuple[int, ...]

# --- the records -----------------------------------------------------------------------------------------------


def _add_infer(params: tuple, operands: Sequence[Shape], dtypes: Sequence[str]) -> tuple[Shape, str]:
    dtype = promoted(dtypes)
    if dtype in ("bool", "int", "int32", "int64"):
        dtype = promoted([dtype, *(constants.dtype(*constants.canonical(c)) for c in params)])
    return shapes.broadcast(*operands, op="add"), dtype


def _add_evaluate(*args: Any) -> Any:
    xs, coefficients = args[: len(args) // 2], args[len(args) // 2 :]
    counts, total = constants.count_type(xs), None
    for x, c in zip(xs, coefficients, strict=True):
        x = np.asarray(x).astype(counts) if np.asarray(x).dtype == bool else x  # booleans count
        term = x if c == 1 else -x if c == -1 else np.multiply(x, constants.evaluate(*constants.canonical(c)))
        total = term if total is None else total + term
    return total


def _add_terms(k: int, y: Expr, xs: Sequence[Expr], params: tuple) -> list[Term]:
    return [Term(params[k], (), *broadcast_labels(y.shape, xs[k].shape))]


def _contract_infer(params: tuple, operands: Sequence[Shape], dtypes: Sequence[str]) -> tuple[Shape, str]:
    labels, out, free = params
    sizes = dict(free)
    for k, (shape, letters) in enumerate(zip(operands, labels, strict=True)):
        if len(shape) != len(letters):
            raise ShapeError(f"contract: operand {k} has shape {shapes.text(shape)}, but {len(letters)} label(s)")
        for size, letter in zip(shape, letters, strict=True):
            if sizes.setdefault(letter, size) != size:
                raise ShapeError(
                    f"product: shapes {' and '.join(map(shapes.text, operands))} do not fit together "
                    f"({sizes[letter]} against {size})"
                )
    dtype = promoted(dtypes) if dtypes else "float"
    counted = dtype == "bool" and (len(labels) != 1 or not set(labels[0]) <= set(out))  # a sum of truth values counts
    return tuple([sizes[letter] for letter in out]), "int" if counted else dtype


@lru_cache(maxsize=4096)
def einsum_text(params: tuple) -> str:
    labels, out, _ = params
    letters = lambda ls: "".join(chr(97 + i) if i < 26 else chr(65 + i - 26) for i in ls)  # noqa: E731
    return ",".join(map(letters, labels)) + "->" + letters(out)


def contract_values(xs: Sequence[Any], labels: Sequence[Labels], out: Labels, sizes: Mapping[int, int]) -> Any:
    """The value of a contraction by numpy: the reference meaning."""
    unique = list(dict.fromkeys(out))
    carried = {i for ls in labels for i in ls}
    core = tuple(i for i in unique if i in carried)
    if len(xs) == 2 and labels == ((), ()):
        value = xs[0] * xs[1]
    elif xs:
        xs = [np.asarray(x) for x in xs]
        counted = len(xs) > 1 or not set(labels[0]) <= set(out)
        xs = [x.astype(constants.count_type(xs)) if x.dtype == bool and counted else x for x in xs]
        value = np.einsum(einsum_text((tuple(labels), core, ())), *xs, optimize=len(xs) > 2)
    else:
        value = np.ones(())
    if core == out:
        return value
    full = np.broadcast_to(
        np.asarray(value)[tuple(slice(None) if i in carried else None for i in unique)], [sizes[i] for i in unique]
    )
    if len(unique) == len(out):
        return full.copy()
    result = np.zeros([sizes[i] for i in out], dtype=full.dtype)
    view = np.einsum(einsum_text(((tuple(out),), tuple(unique), ())), result)  # a writeable view of the diagonal
    view[...] = full
    return result


def _contract_evaluate(*args: Any) -> Any:
    *xs, labels, out, free = args
    sizes = {i: s for ls, x in zip(labels, xs, strict=True) for i, s in zip(ls, np.shape(x), strict=True)}
    return contract_values(xs, labels, out, sizes | dict(free))


def _contract_terms(k: int, y: Expr, xs: Sequence[Expr], params: tuple) -> list[Term]:
    labels, out, _ = params
    return [Term(1, [(x, ls) for j, (x, ls) in enumerate(zip(xs, labels, strict=True)) if j != k], out, labels[k])]


_COUNTS = ("bool", "int32", "int64")
PLUS, MINUS = (1, 1), (1, -1)  # the parameters of most sums, kept once

ADD = register(
    Op("add", None, _add_infer, _add_evaluate, Networks(_add_terms), fast=True, special=2, plain=PLUS,
       doc="c0*x0 + c1*x1 + ..., exact coefficients", rows=rows_broadcast, sparse="symdiff.sparse:added"),
    public=False,
)  # fmt: skip
CONTRACT = register(
    Op("contract", None, _contract_infer, _contract_evaluate, Networks(_contract_terms), sized=True,
       plain=SCALAR_PRODUCT, doc="the labelled product of factors", rows=rows_labelled, valid=validity.labels,
       sparse="symdiff.sparse:product"),
    public=False,
)  # fmt: skip

# --- add -------------------------------------------------------------------------------------------------------


def _is_number(g: Graph, n: int) -> bool:
    """A constant that sums and products take as a coefficient: a Python number other than pi and e."""
    if g._op[n] is not CONSTANT:
        return False
    kind, value = g._params[n]
    return kind in ("int", "fraction", "float") and value not in constants.NAMED


def scaled(g: Graph, coefficient: Any, node: int) -> int:
    """The node ``coefficient * node``."""
    if coefficient == 1:
        return node
    op = g._op[node]
    if op is ADD and len(g._inputs[node]) == 1:
        return scaled(g, constants.exact(coefficient * g._params[node][0]), g._inputs[node][0])
    if _is_number(g, node):
        return g.append(CONSTANT, (), constants.canonical(constants.exact(coefficient * g._params[node][1])))
    if coefficient == 0:
        return full(g, 0, g._shape[node])
    return g.append(ADD, (node,), constants.coefficients(coefficient))


def combination(g: Graph, terms: Sequence[tuple[Any, int]]) -> int:
    """The node ``sum of c*n`` over the terms (c, n): equal nodes merged, numbers folded, zeros dropped."""
    if len(terms) == 1:
        return scaled(g, *terms[0])
    op_of, shape_of, kind = g._op, g._shape, g._kind
    if len(terms) == 2:  # the common case: two different terms of one shape, none of them a number
        (c, n), (d, m) = terms
        if n != m and c and d and shape_of[n] == shape_of[m] and not (kind[n] | kind[m]) & SPECIAL:
            return g.append(ADD, (n, m), (c, d) if type(c) is int is type(d) else constants.coefficients(c, d))
    shape: Shape | None = None
    total: dict[int, Any] = {}
    number: Any = 0
    place = None  # where the number stands among the terms
    for c, n in terms:
        if not kind[n] and n not in total:  # a scalar that is no number and no multiple
            total[n] = c
            continue
        if shape_of[n]:
            shape = shapes.broadcast(shape or (), shape_of[n], op="add")
        if c == 0:
            continue
        op = op_of[n]
        if op is ADD and len(g._inputs[n]) == 1:
            c, n = constants.exact(c * g._params[n][0]), g._inputs[n][0]
        elif _is_number(g, n):
            number = number + c * g._params[n][1]
            place = len(total) if place is None else place
            continue
        total[n] = constants.exact(total[n] + c) if n in total else c
    items = [(n, c) for n, c in total.items() if c != 0]
    number = constants.exact(number)
    if number != 0:
        items.insert(place or 0, (g.append(CONSTANT, (), constants.canonical(number)), 1))
    if not items:
        return full(g, 0, shape or ())
    have = shapes.broadcast(*(shape_of[n] for n, _ in items), op="add")
    if shape and have != shape:
        items = [(broadcast_to(Expr(g, items[0][0]), shape).node, items[0][1]), *items[1:]]
    if len(items) == 1:
        return scaled(g, items[0][1], items[0][0])
    return g.append(ADD, tuple([n for n, _ in items]), constants.coefficients(*[c for _, c in items]))


def _as_number(value: Any) -> Any:
    """The exact coefficient that a Python or numpy scalar stands for, or None."""
    if type(value) in (int, float) or isinstance(value, (constants.Fraction, np.integer, np.floating, float)):
        value = constants.canonical(value)[1]
        return value if value - value == 0 and value not in constants.NAMED else None
    return None


def _counted(x: Expr, number: Any) -> Expr:
    """x as numpy takes it beside a number: a float makes integers floats, any number makes truth values numbers."""
    dtype = x.graph._dtype[x.node]
    if dtype in _COUNTS and (isinstance(number, float) or dtype == "bool"):
        return FUNCTIONS["astype"](x, "float64" if isinstance(number, float) else "int64")
    return x


def _typed(g: Graph, n: int, operands: Sequence[int]) -> Expr:
    """A node of the user's; where terms cancelled to a plain number, it has the type of the operands."""
    dtype = promoted(g._dtype[i] for i in operands) if g._dtype[n] in ("int", "float") else ""
    return FUNCTIONS["astype"](Expr(g, n), dtype) if dtype in ("float32", "int32", "int64") else Expr(g, n)


def add(*xs: Any) -> Any:
    """x0 + x1 + ... with numpy broadcasting.

    >>> import symdiff as sd
    >>> x, y = sd.Graph().variables("x y")
    >>> print(add(x, y, x))
    2*x + y
    """
    return _pair(*xs, PLUS) if len(xs) == 2 else _combine(xs, (1,) * len(xs))


def _pair(x: Any, y: Any, signs: tuple[int, int]) -> Any:
    """x + y or x - y."""
    if type(x) is Expr and type(y) is Expr and x.graph is y.graph:
        g, n, m = x.graph, x.node, y.node
        kind = g._kind[n] | g._kind[m]
        if n != m and not kind:
            return Expr(g, g.append_scalar(ADD, (n, m), signs))
        if signs is PLUS and g._dtype[n] == g._dtype[m] == "bool":
            return FUNCTIONS["logical_or"](x, y)
        if n != m and not kind & SPECIAL and g._shape[n] == g._shape[m]:
            return Expr(g, g.append(ADD, (n, m), signs))
        return _typed(g, combination(g, ((1, n), (signs[1], m))), (n, m))
    if type(y) is int and y and type(x) is Expr and not x.graph._kind[x.node]:
        return Expr(x.graph, x.graph.append(ADD, (x.node, x.graph.constant(signs[1] * y).node), PLUS))
    if type(x) is int and x and type(y) is Expr and not y.graph._kind[y.node]:
        return Expr(y.graph, y.graph.append(ADD, (y.graph.constant(x).node, y.node), signs))
    return _combine((x, y), signs)


def _combine(xs: Sequence[Any], signs: Sequence[int]) -> Any:
    first = next((x for x in xs if isinstance(x, Expr)), None)
    if first is None:
        return sum(s * np.asarray(x) for s, x in zip(signs, xs, strict=True))
    if not first.graph._variables:
        first = Expr(graph_of(*xs), 0)
    g = first.graph
    lifted = [first.lift(x) for x in xs]
    for number in xs:
        if isinstance(number, (float, np.floating)):
            lifted = [_counted(x, float(number)) for x in lifted]
            break
    nodes = [x.node for x in lifted]
    if signs is PLUS and g._dtype[nodes[0]] == g._dtype[nodes[1]] == "bool":
        return FUNCTIONS["logical_or"](*lifted)
    return _typed(g, combination(g, list(zip(signs, nodes, strict=True))), nodes)


def subtract(x: Any, y: Any) -> Any:
    """x - y."""
    return _pair(x, y, MINUS)


def scale(c: Any, x: Any) -> Any:
    """c*x for a number c, kept exact."""
    if type(c) is int and c not in (0, 1) and type(x) is Expr and not x.graph._kind[x.node]:
        return Expr(x.graph, x.graph.append(ADD, (x.node,), (c,)))
    if not isinstance(x, Expr):
        return np.multiply(c, x)
    number = _as_number(c)
    if number is None:  # pi and e stay factors
        return multiply(c, x)
    return _multiple(number, x)


def _multiple(c: Any, x: Expr) -> Expr:
    """c*x for a finite number c."""
    x = _counted(x, c)
    return _typed(x.graph, scaled(x.graph, constants.exact(c), x.node), (x.node,))


expose("add", add, ["plus"], checked=False)
expose("subtract", subtract, ["sub"], checked=False)

# --- contract: the smart constructor -----------------------------------------------------------------------------

# op -> function(g, node, labels, other, other labels, out, whether it stands after the other) -> node or None: an
# elementwise factor that takes the other one inside itself, as ct * where(c, g, 0) = where(c, ct*g, 0) and
# a * (1/b) = a/b do; masks are tried first.
ABSORB: dict[Op, Callable[..., int | None]] = {}
# op -> function(g, node, labels, other factors, out) -> node or None: a choice that takes a whole product inside itself
MASKS: dict[Op, Callable[..., int | None]] = {}


@lru_cache(maxsize=65536)
def is_wrapper(params: tuple) -> bool:
    """Nothing but a relabelling of at most one factor: permuted, repeated or free output labels, no sum."""
    labels, out, _ = params
    return len(labels) == 0 or (len(labels) == 1 and set(labels[0]) <= set(out))


@lru_cache(maxsize=65536)
def is_expansion(params: tuple) -> bool:
    """A product without a sum that has more axes than any factor, as outer(a, b): never formed to be multiplied."""
    labels, out, free = params
    if len(labels) < 2 or free or len(set(out)) < len(out):
        return False
    return set().union(*labels) == set(out) and len(out) > max(map(len, labels)) and len(out) > 1


def is_structured(g: Graph, n: int) -> bool:
    """A unit tensor is part of this node: a contract whose output labels repeat."""
    if g._op[n] is not CONTRACT:
        return False
    out = g._params[n][1]
    return len(set(out)) < len(out)


def scalar_product(g: Graph, n: int, m: int) -> tuple[Any, int]:
    """(coefficient, node) of the product of two scalars."""
    kind = g._kind[n] | g._kind[m]
    if not kind:
        return 1, g.append_scalar(CONTRACT, (n, m), SCALAR_PRODUCT)
    if kind & SPECIAL:
        return product(g, ((n, ()), (m, ())), ())
    return 1, g.append(CONTRACT, (n, m), SCALAR_PRODUCT)


def product(
    g: Graph, factors: Sequence[tuple[int, Sequence]], out: Sequence, sizes: Mapping[Any, Size] | None = None
) -> tuple[Any, int]:
    """(coefficient, node) of a contraction: numbers and relabellings of the factors are taken out of it.

    factors  (node, labels) pairs; out: the labels of the result; sizes: of labels that no factor carries.
    """
    op_of = g._op
    coefficient: Any = 1
    flat: list[tuple[int, tuple]] = []
    within = Unfolding(object)
    free: dict[Any, Size] = dict(sizes) if sizes else {}
    stack = list(reversed(factors))
    while stack:
        n, labels = stack.pop()
        op = op_of[n]
        if op is CONSTANT:
            kind, value = g._params[n]
            if constants.is_coefficient(kind, value):
                coefficient = constants.exact(coefficient * value)
                continue
        elif op is ADD:
            if len(g._inputs[n]) == 1:
                coefficient = constants.exact(coefficient * g._params[n][0])
                stack.append((g._inputs[n][0], labels))
                continue
        elif op is CONTRACT and (is_wrapper(g._params[n]) or is_expansion(g._params[n])):
            inner, inner_out, inner_free = g._params[n]
            at = within.inside(inner_out, labels)
            for letter, size in inner_free:
                free.setdefault(at[letter], size)
            for m, letters in zip(g._inputs[n], inner, strict=True):
                stack.append((m, tuple([at[i] for i in letters])))
            continue
        flat.append((n, tuple(labels)))
    if not out and not free and all(not ls for _, ls in flat):  # scalars
        if coefficient == 0 or not flat:
            return 0 if coefficient == 0 else coefficient, g.append(CONSTANT, (), ("int", 1))
        if len(flat) == 1:
            return coefficient, flat[0][0]
        ids = tuple([n for n, _ in flat])
        if len(flat) == 2:
            if op_of[ids[0]] in ABSORB or op_of[ids[1]] in ABSORB:
                taken = _absorbed(g, flat, ())
                if taken is not None:
                    return coefficient, taken[0]
            return coefficient, g.append(CONTRACT, ids, SCALAR_PRODUCT)
        return coefficient, _contract(g, flat, (), {}, set())
    flat, out = [(n, within.roots(ls)) for n, ls in flat], within.roots(out)
    for letter, size in list(free.items()):
        free.setdefault(within.root(letter), size)
    carried = {i for _, ls in flat for i in ls}
    if coefficient == 0:
        known = dict(free) | {i: s for n, ls in flat for i, s in zip(ls, g._shape[n], strict=True)}
        return 0, full(g, 1, tuple([known[i] for i in out]))
    # a label that is summed and carried by nobody is a factor: its size
    mentioned = {i for _, labels in factors for i in labels}
    summed = {*within.roots(mentioned)} - carried - set(out)
    for letter in sorted(summed, key=str):
        size = free[letter]
        if isinstance(size, int):
            coefficient = constants.exact(coefficient * size)
        else:
            flat.append((g.size(size).node, ()))
    return coefficient, _contract(g, flat, out, free, carried)


def _contract(g: Graph, flat: list[tuple[int, tuple]], out: tuple, free: Mapping[Any, Size], carried: set) -> int:
    """The node of factors that hold no wrapper: a core of distinct carried labels, and one wrapper around it."""
    core_out = tuple([i for i in dict.fromkeys(out) if i in carried])
    for k, (n, labels) in enumerate(flat):
        if g._op[n] in MASKS:
            masked = MASKS[g._op[n]](g, n, labels, flat[:k] + flat[k + 1 :], core_out)
            if masked is not None:
                flat = [(masked, core_out)]
                break
    if len(flat) == 2 and (g._op[flat[0][0]] in ABSORB or g._op[flat[1][0]] in ABSORB):
        taken = _absorbed(g, flat, core_out)
        if taken is not None:
            flat = [taken]
    if len(flat) == 1 and flat[0][1] == out and len(set(out)) == len(out):
        return flat[0][0]
    if core_out != out and len(flat) == 1 and set(flat[0][1]) <= set(out):
        return g.append(CONTRACT, (flat[0][0],), _numbered(flat, out, free))  # a wrapper
    if not flat:
        return g.append(CONTRACT, (), _numbered(flat, out, free))
    if len(flat) == 1 and flat[0][1] == core_out:
        core = flat[0][0]
    else:
        flat = _with_passengers_apart(g, flat, core_out)
        core = g.append(CONTRACT, tuple([n for n, _ in flat]), _numbered(flat, core_out, {}))
    if core_out == out:
        return core
    wrapped = [(core, core_out)]
    return g.append(CONTRACT, (core,), _numbered(wrapped, out, free))


def _with_passengers_apart(g: Graph, flat: list[tuple[int, tuple]], out: tuple) -> list[tuple[int, tuple]]:
    """A factor that alone carries an output axis and takes part in no sum stays outside the product of the others:
    ``sum over k of a[i] B[j, k] c[k]`` is ``a[i] (B @ c)[j]``."""
    if len(flat) < 3:
        return flat
    inside = set(out)
    passengers = []
    for k, (_, labels) in enumerate(flat):
        if inside.issuperset(labels):
            others = {i for j, (_, ls) in enumerate(flat) if j != k for i in ls}
            if any(i not in others for i in labels):
                passengers.append(k)
    if len(flat) - len(passengers) == 1 and len(passengers) > 1:  # the largest goes with the one that is left
        passengers.remove(max(passengers, key=lambda k: len(flat[k][1])))
    rest = [f for k, f in enumerate(flat) if k not in passengers]
    if not passengers or len(rest) < 2:
        return flat
    carried = {i for _, ls in rest for i in ls}
    kept = tuple([i for i in out if i in carried])
    core = _contract(g, rest, kept, {}, carried)
    return [(core, kept), *(flat[k] for k in passengers)]


def _absorbed(g: Graph, flat: Sequence[tuple[int, tuple]], out: tuple) -> tuple[int, tuple] | None:
    """(node, labels) of two factors of which one takes the other inside; masks first, then the second factor."""
    order = [k for k in (1, 0) if g._op[flat[k][0]] in ABSORB]
    for k in sorted(order, key=lambda k: g._op[flat[k][0]] not in MASKS):  # masks first: 0/nan is nan
        (n, labels), (m, other) = flat[k], flat[1 - k]
        # a transposed, repeated or spread result keeps its wrapper outside
        target = other if set(out) == set(other) and len(other) == len(out) else out
        taken = ABSORB[g._op[n]](g, n, labels, m, other, target, k == 1)
        if taken is not None:
            return taken, target
    return None


def _numbered(flat: Sequence[tuple[int, tuple]], out: tuple, free: Mapping[Any, Size]) -> tuple:
    """Canonical parameters: labels numbered by first appearance."""
    number: dict[Any, int] = {}
    labels = tuple([tuple([number.setdefault(i, len(number)) for i in ls]) for _, ls in flat])
    carried = len(number)
    result = tuple([number.setdefault(i, len(number)) for i in out])
    extra = tuple((k, free[i]) for i, k in number.items() if k >= carried)
    return labels, result, extra


def contract(factors: Sequence[tuple[Expr, Sequence]], out: Sequence, sizes: Mapping[Any, Size] | None = None) -> Expr:
    """The labelled product of expressions: ``y[out] = sum of prod factor[labels]`` over the labels not in `out`.

    factors  pairs (Expr, labels); labels are any hashable values, one per axis
    out      labels of the result; one that repeats is a unit tensor, one that no factor carries needs `sizes`

    >>> import symdiff as sd
    >>> g = sd.Graph(); A, x = g.variable("A", "m n"), g.variable("x", "n")
    >>> print(contract([(A, "ij"), (x, "j")], "i"))
    A @ x
    """
    g = graph_of(*(e for e, _ in factors))
    letters: dict[Any, int] = {}
    number = lambda ls: tuple([letters.setdefault(i, len(letters)) for i in ls])  # noqa: E731
    flat = [(e.node if e.graph is g else Expr(g, 0).lift(e).node, number(ls)) for e, ls in factors]
    target = number(out)
    known: dict[int, Size] = {letters[i]: s for i, s in (sizes or {}).items() if i in letters}
    for n, ls in flat:
        if len(ls) != len(g._shape[n]):
            raise ShapeError(f"contract: an operand of shape {shapes.text(g._shape[n])} was given {len(ls)} label(s)")
        for i, s in zip(ls, g._shape[n], strict=True):
            if known.setdefault(i, s) != s:
                raise ShapeError(
                    "product: shapes " + " and ".join(shapes.text(g._shape[m]) for m, _ in flat)
                    + f" do not fit together ({known[i]} against {s})"
                )
    return Expr(g, scaled(g, *product(g, flat, target, known)))


def broadcast_labels(y: Shape, x: Shape) -> tuple[Labels, Labels]:
    """Labels (of y, of x) under numpy broadcasting: an axis of size 1 that is stretched has a label of its own."""
    ylabels = tuple(range(len(y)))
    if x == y:
        return ylabels, ylabels
    return ylabels, shapes.stretched_labels(y, x)


def multiply(x: Any, y: Any) -> Any:
    """x*y, elementwise with numpy broadcasting.

    >>> import symdiff as sd
    >>> g = sd.Graph(); X, w = g.variable("X", "n d"), g.variable("w", "d")
    >>> multiply(X, w).shape
    ('n', 'd')
    """
    if type(x) is Expr and type(y) is Expr and x.graph is y.graph:
        g = x.graph
        n, m = x.node, y.node
        if not g._kind[n] | g._kind[m]:
            return Expr(g, g.append_scalar(CONTRACT, (n, m), SCALAR_PRODUCT))
    elif not isinstance(x, Expr):
        if not isinstance(y, Expr):
            return np.multiply(x, y)
        c = _as_number(x)
        if c is not None:
            return _multiple(c, y)
        x = y.lift(x)
    elif not isinstance(y, Expr) or y.graph is not x.graph:
        c = _as_number(y)
        if c is not None:
            return _multiple(c, x)
        if not x.graph._variables:
            x = Expr(graph_of(x, y), 0).lift(x)
        y = x.lift(y)
    g = x.graph
    if g._dtype[x.node] == g._dtype[y.node] == "bool":
        return FUNCTIONS["logical_and"](x, y)
    a, b = g._shape[x.node], g._shape[y.node]
    if not a and not b:
        return Expr(g, scaled(g, *scalar_product(g, x.node, y.node)))
    shape = shapes.broadcast(a, b, op="multiply")
    out, left = broadcast_labels(shape, a)
    right = tuple([i if i >= 0 else i - len(a) for i in broadcast_labels(shape, b)[1]])
    sizes = dict(zip(out, shape, strict=True)) | {i: 1 for i in (*left, *right) if i < 0}
    return Expr(g, scaled(g, *product(g, ((x.node, left), (y.node, right)), out, sizes)))


expose("multiply", multiply, ["mul"], checked=False)


# --- tensors of one value ------------------------------------------------------------------------------------------


@function("broadcast_to")
def broadcast_to(x: Any, shape: Any) -> Any:
    """x stretched to a shape by numpy's rules."""
    if not isinstance(x, Expr):
        return np.broadcast_to(x, shape)
    target = shapes.as_shape(shape)
    if shapes.broadcast(x.shape, target, op="broadcast_to") != target:
        raise ShapeError(f"broadcast_to: shape {shapes.text(x.shape)} does not stretch to {shapes.text(target)}")
    out, labels = broadcast_labels(target, x.shape)
    return contract([(x, labels)], out, dict(zip(out, target, strict=True)) | {i: 1 for i in labels if i < 0})


def full(g: Graph, value: Any, shape: Shape) -> int:
    """The node of a tensor with one value everywhere."""
    if not shape:
        return g.append(CONSTANT, (), constants.canonical(value))
    out = tuple(range(len(shape)))
    sizes = tuple(enumerate(shape))
    if value == 1:
        return g.append(CONTRACT, (), ((), out, sizes))
    return g.append(CONTRACT, (g.append(CONSTANT, (), constants.canonical(value)),), (((),), out, sizes))


def unit(g: Graph, shape: Shape) -> int:
    """The node of the unit tensor of shape ``shape + shape``."""
    if not shape:
        return g.append(CONSTANT, (), ("int", 1))
    labels = tuple(range(len(shape)))
    return g.append(CONTRACT, (), ((), labels + labels, tuple(enumerate(shape))))
