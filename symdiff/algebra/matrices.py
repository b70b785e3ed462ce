"""Functions of matrices as forms: inverses of products and diagonal matrices, one orientation of each function."""

from typing import Any

import numpy as np

from .. import constants
from ..expr import Expr
from ..op import Op
from ..ops.factorisation import pinv
from ..ops.linalg import det_op, inv, solve
from .forms import CALL, SUM, Form, Mono
from .merged import reshaped, unmerged
from .normal import Normal
from .normalize import LOWER, Lowered, lowers
from .powers import operands, times_exponent


@lowers(inv)
def _inverse(low: Lowered, n: int, args: list[Form], params: tuple) -> Form:
    (form,) = args
    if len(form.shape) != 2:
        return low.normal.call("inv", args, params, form.shape)
    return inverse(low.normal, form)


@lowers(pinv)
def _pseudo_inverse(low: Lowered, n: int, args: list[Form], params: tuple) -> Form:
    normal, (form,), c = low.normal, args, 1
    if len(form.shape) != 2:
        return normal.call("pinv", args, params, low.graph._shape[n])
    if len(form.terms) == 1:
        ((m, c),) = form.terms.items()
        form = normal.form({m: 1}, form.shape)
    return normal.scale(constants.divide(1, c), normal.oriented("pinv", form, params, low.graph._shape[n]))


def inverse(normal: Normal, form: Form) -> Form:
    """inv of a form: of a scaled one, of an inverse, of a product of square factors, of a diagonal matrix."""
    if len(form.terms) == 1:
        ((m, c),) = form.terms.items()
        if c != 1:
            return normal.scale(constants.divide(1, c), inverse(normal, normal.form({m: 1}, form.shape)))
        if not m.factors and m.out == (0, 0):
            return form
        if len(m.factors) == 1 and m.out == (0, 1) and not m.sums:
            atom, labels, e = m.factors[0]
            if atom.kind == CALL and atom.op == "inv" and e == 1:
                inner = atom.args[0]
                return inner if labels == (0, 1) else normal.transpose(inner)
        if m.out == (0, 0) and not m.sums:
            turned = tuple((a, ls, times_exponent(normal, e, -1)) for a, ls, e in m.factors)
            return normal.form({normal._mono(turned, m.out, m.free): 1}, form.shape)
        scalars = [(a, ls, e) for a, ls, e in m.factors if not ls]
        blocks = square_blocks(normal, m)
        if len(blocks) > 1 or (blocks and scalars):
            chain = [(inverse(normal, x), (k, k + 1)) for k, x in enumerate(reversed(blocks))]
            below = [(normal.of_atom(a, times_exponent(normal, e, -1)), ()) for a, _, e in scalars]
            return normal.product([*chain, *below], (0, len(blocks)), {})
        parts = _kronecker(normal, form)
        if parts is not None:
            inverses = [(inverse(normal, part), at) for part, at in parts]
            r = len(parts)
            product = normal.product(inverses, tuple(range(2 * r)), {})
            return reshaped(normal, product, form.shape)
    sizes = {abs(c) for c in form.terms.values()}
    if len(sizes) == 1 < len(form.terms) and sizes != {1}:  # inv((A + B)/2) = 2*inv(A + B)
        c = constants.divide(1, sizes.pop())
        return normal.scale(c, inverse(normal, normal.scale(c, form)))
    return _beside_unit(normal, form) or normal.oriented("inv", form, (), form.shape)


def _beside_unit(normal: Normal, form: Form) -> Form | None:
    """inv(eye(n) + inv(X) @ Y) = inv(X + Y) @ X, and so with inv(X) behind Y"""
    units = [m for m in form.terms if not m.factors and m.out == (0, 0)]
    if len(units) != 1 or len(form.terms) == 1:
        return None
    for end in (0, 1):
        others, found = [], set()
        for m, c in form.terms.items():
            at = [k for k, f in enumerate(m.factors) if end in f[1]]
            if len(at) != 1 or m.out != (0, 1):
                continue
            atom, labels, e = m.factors[at[0]]
            if atom.op == "inv" and e == 1 and labels[0] != labels[1]:
                i = labels.index(end)
                found.add((atom, i))
                out = tuple([labels[1 - i] if o == end else o for o in m.out])
                others.append((c, normal.product(operands(normal, m, {at[0]}), out, m.sizes)))
        if len(found) == 1 and len(others) == len(form.terms) - 1:
            ((atom, i),) = found
            x = atom.args[0] if i == end else normal.transpose(atom.args[0])
            whole = inverse(normal, normal.add([(form.terms[units[0]], x), *others], form.shape))
            first, second = (whole, x) if end == 0 else (x, whole)
            return normal.product([(first, (0, 1)), (second, (1, 2))], (0, 2), {})
    return None


def _kronecker(normal: Normal, form: Form) -> list[tuple[Form, tuple[int, int]]] | None:
    """(square matrix, its axes among those that were merged) of a Kronecker product of square matrices, else None."""
    inner = unmerged(normal, form)
    if inner is None or len(inner.terms) != 1 or inner.shape[: len(inner.shape) // 2] * 2 != inner.shape:
        return None
    ((m, c),) = inner.terms.items()
    r = len(inner.shape) // 2
    parts = []
    for k in range(r):
        there = [f for f in m.factors if not {m.out[k], m.out[k + r]}.isdisjoint(f[1])]
        if c != 1 or any(not set(f[1]) <= {m.out[k], m.out[k + r]} for f in there) or not there:
            return None
        labels = (m.out[k], m.out[k + r])
        operands = [(normal.of_atom(a, e), ls) for a, ls, e in there if a is not normal.base]
        parts.append((normal.product(operands, labels, dict(zip(labels, inner.shape[k::r], strict=True))), (k, k + r)))
    return parts if sum(len(f[1]) > 0 for f in m.factors) == len(m.factors) else None


def square_blocks(normal: Normal, m: Mono) -> list[Form]:
    """The square products, none of which is one of square ones, of which a product of matrices A @ B.T @ ... is made;
    none where it is another product."""
    if m.out != (0, 1) or m.free:
        return []
    rest, sizes = [f for f in m.factors if f[1]], m.sizes
    at, start, block, blocks = 0, 0, [], []
    while rest:
        found = [f for f in rest if at in f[1]]
        if len(found) != 1:
            return []
        atom, labels, e = found[0]
        if len(labels) != 2 or e != 1 or labels[0] == labels[1]:
            return []
        rest.remove(found[0])
        block.append((normal.of_atom(atom), labels))
        at = labels[0] if labels[1] == at else labels[1]
        if sizes[at] == sizes[0]:
            blocks.append(normal.product(block, (start, at), {}))
            start, block = at, []
    return blocks if at == 1 and not block else []


def halves(low: Lowered, form: Form) -> Form | None:
    """X*H + X*H.T = X for H = tril(ones((n, n))) - eye(n)/2"""
    normal = low.normal
    for m, c in form.terms.items():
        for k, (atom, labels, e) in enumerate(m.factors):
            both = _with_transpose(atom.args) if atom.kind == SUM and e == 1 else None
            if both is None:
                continue
            rest = operands(normal, m, {k})
            turned = normal.product([(normal.of_atom(atom), labels[::-1]), *rest], m.out, m.sizes)
            ((n, d),) = turned.terms.items()
            if n is not m and form.terms.get(n) == c * d:
                others = normal.form({q: x for q, x in form.terms.items() if q is not m and q is not n}, form.shape)
                once = normal.product([(normal.number(both, atom.shape), labels), *rest], m.out, m.sizes)
                return normal.add([(1, others), (c, once)], form.shape)
    return None


def _with_transpose(form: Form) -> Any:
    """The number c that every entry of X + X.T is, for X = c*(tril(ones((n, n))) - eye(n)/2)."""
    triangles = [m for m in form.terms for a, *_ in m.factors if a.op in ("tril", "triu") and a.args[0].number == 1]
    units = [m for m in form.terms if not m.factors and m.out == (0, 0)]
    if len(triangles) != 1 or len(units) != 1 or len(form.terms) != 2 or len(triangles[0].factors) != 1:
        return None
    c = form.terms[triangles[0]]
    return c if form.terms[units[0]] * -2 == c else None


def _projection(name: str, axis: int, evaluate: Any) -> Op:
    """A symmetric function of a matrix that formulas know, and write as the product that it is; no user's op has its
    name."""
    op = Op(name, 1, lambda params, s, d: ((s[0][axis], s[0][axis]), d[0]), evaluate)
    LOWER[op] = lambda low, n, args, params: low.normal.call(name, args, params, low.graph._shape[n], symmetric=True)
    return op


PROJECTOR = _projection("column projector", 0, lambda x: x @ np.linalg.pinv(x))
COPROJECTOR = _projection("row projector", 1, lambda x: np.linalg.pinv(x) @ x)


def projected(op: Op, x: Expr) -> Expr:
    """A @ pinv(A), or pinv(A) @ A."""
    return Expr(x.graph, x.graph.append(op, (x.node,), ()))


@lowers(det_op)
def _determinant(low: Lowered, n: int, args: list[Form], params: tuple) -> Form:
    """det does not see a transpose; of an inverse, of a diagonal matrix."""
    normal, name = low.normal, low.graph._op[n].name
    (form,) = args
    if len(form.shape) != 2:
        return normal.call(name, args, params, low.graph._shape[n])
    turned = normal.transpose(form)
    if (CALL, name, (form,), params) not in normal._atoms and (CALL, name, (turned,), params) in normal._atoms:
        form = turned
    return normal.call(name, [form], params, ())


@lowers(solve)
def _solve(low: Lowered, n: int, args: list[Form], params: tuple) -> Form:
    """inv inside; solve comes back in print."""
    a, b = args
    if len(a.shape) != 2 or len(b.shape) > 2:
        return low.normal.call("solve", args, params, low.graph._shape[n])
    labels = (1,) if len(b.shape) == 1 else (1, 2)
    return low.normal.product([(inverse(low.normal, a), (0, 1)), (b, labels)], (0, *labels[1:]), {})
