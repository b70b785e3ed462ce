"""Linear algebra: inverse, determinant, linear systems, and products of matrices.

Each rule states dy/dX in terms of the atoms themselves (``inv(X)``, ``det(X)``), so formulas are printed from
them. Leading axes are stacks of matrices, as in numpy.linalg. At evaluation a singular matrix raises numpy's
LinAlgError.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import permutations, product
from typing import Any, NamedTuple

import numpy as np

from .. import shapes
from ..errors import ShapeError
from ..expr import Expr
from ..facets import always, keeps, maps, rows_before, together
from ..op import (
    FUNCTIONS,
    OPS,
    Action,
    Linear,
    Networks,
    Op,
    Results,
    Term,
    Zero,
    function,
    inexact,
    matrix_axes,
    promoted,
    register,
)
from ..shapes import Shape
from .contractions import gathered, is_symmetric_variable, matmul, matrix_transpose, spread
from .layout import reshape
from .minors import cofactor_values
from .piecewise import not_equal
from .products import ADD, CONTRACT, broadcast_labels, contract, unit
from .triangles import tril, triu

# --- the family -------------------------------------------------------------------------------------------


def leading(x: Expr) -> tuple[int, ...]:
    """Labels of the leading axes of a stack."""
    return tuple(range(x.ndim - 2))


def matrix_op(
    name: str,
    evaluate: Any,
    shape_of: Callable[[Shape], Shape | Results],
    terms: Callable[..., list[Term]] | Zero,
    aliases: Sequence[str] = (),
    square: bool = True,
    result: str = "",
    **fields: Any,
) -> Op:
    """Register an op of one (stack of) matrices; `shape_of` gives the shape of the result."""

    def infer(params: tuple, operands: Sequence[Shape], dtypes: Sequence[str]) -> tuple[Any, str]:
        return shape_of(matrix_axes(name, operands[0], square)), result or inexact(promoted(dtypes))

    derivative = terms if isinstance(terms, Zero) else Networks(terms)
    public = fields.pop("public", True)
    fields.setdefault("rows", rows_before(2))
    return register(Op(name, 1, infer, evaluate, derivative, aliases=tuple(aliases), **fields), public)


def fitting_squares(name: str, operands: Sequence[Shape]) -> Shape:
    """The shape of stacks of square matrices of one size, broadcast."""
    for shape in operands:
        matrix_axes(name, shape, square=True)
        if shape[-2:] != operands[0][-2:]:
            raise ShapeError(f"{name}: shapes {' and '.join(map(shapes.text, operands))} do not fit together")
    return shapes.broadcast(*operands, op=name)


sym_op = register(
    Op(
        "sym", 1, lambda params, s, d: (matrix_axes("sym", s[0], True), inexact(d[0])),
        lambda x: symmetric_values(x),
        Linear(
            lambda xs, params, lead: xs[0].apply(sym_op, xs, ()),
            lambda k, ct, xs, params, lead: ct.apply(sym_op, (ct,), ()),
        ),
        doc="the symmetric part (X + X.T)/2", rows=rows_before(2), transposes=True,
        composition=lambda x: (x + matrix_transpose(x)) / 2,
        facts=together(always("symmetric"), keeps("psd", "spd", "positive", "nonnegative")),
    ),
    public=False,
)  # fmt: skip


@function("sym")
def sym(x: Any) -> Any:
    """The symmetric part ``(X + X.T)/2``; a variable assumed symmetric is its own.

    >>> import symdiff as sd
    >>> X = sd.Graph().variable("X", "n n", assume="symmetric")
    >>> sym(X).same_as(X)
    True
    """
    return x if isinstance(x, Expr) and is_symmetric_variable(x) else sym_op(x)


@function("vec")
def vec(x: Any) -> Any:
    """The columns of a matrix one below the other; ``ravel`` has the rows.

    >>> import symdiff as sd
    >>> print(sd.parse("kron(B.T, A) @ vec(X) - vec(A @ X @ B)", A="m n", X="n k", B="k m"))
    zeros(m*m)
    """
    if x.ndim > 2:
        raise ShapeError(f"vec: a matrix or a vector is needed, not an array of {x.ndim} axes")
    return reshape(matrix_transpose(x) if x.ndim == 2 else x, (-1,))


def symmetric_values(x: Any) -> Any:
    """(X + X.T)/2 of arrays: how a symmetric input is read."""
    return (x + np.swapaxes(x, -1, -2)) / 2


def symmetrised(terms: Sequence[Term]) -> list[Term]:
    """The terms of ``y((X + X.T)/2)`` from those by a symmetric matrix whose last two x labels are a, b."""
    result = []
    for term in terms:
        *lead, a, b = term.x
        half = term._replace(coefficient=Fraction(term.coefficient) / 2)
        result += [half, half._replace(x=(*lead, b, a))]
    return result


# --- inverse and determinant ------------------------------------------------------------------------------


def _inv_terms(k: int, y: Expr, xs: Sequence[Expr], params: tuple) -> list[Term]:
    at = leading(y)  # d inv(X) = -inv(X) dX inv(X)
    return [Term(-1, [(y, (*at, "i", "a")), (y, (*at, "b", "j"))], (*at, "i", "j"), (*at, "a", "b"))]


inv = matrix_op(
    "inv", np.linalg.inv, lambda s: s, _inv_terms, ["linalg.inv", "inverse", "Inverse"], transposes=True,
    domain=lambda x: not_equal(det(x), 0), doc="the inverse of a square matrix",
    facts=together(always("invertible"), keeps("spd", "symmetric", "orthogonal", "diagonal")),
)  # fmt: skip


def _well_conditioned_inverse(x: Any) -> Any:
    try:
        back = np.linalg.inv(x)
    except np.linalg.LinAlgError:
        return None
    condition = np.linalg.norm(x, axis=(-2, -1)) * np.linalg.norm(back, axis=(-2, -1))
    return back if np.all(condition < ILL) else None


def _cofactors(x: Any, *directions: Any) -> Any:
    """C = det(X)*inv(X).T and dC = tr(C.T E) inv(X).T - inv(X).T E.T C; near a singular matrix and in several
    directions by minors."""
    with np.errstate(all="ignore"):
        back = _well_conditioned_inverse(x) if len(directions) < 2 else None
        if back is None:
            return cofactor_values(np, x, *directions)
        turned = np.swapaxes(back, -1, -2)
        c = np.linalg.det(x)[..., None, None] * turned
        for e in directions:
            slope = (c * e).sum((-2, -1), keepdims=True) * turned
            c = slope - turned @ np.swapaxes(e, -1, -2) @ c
        return c


ILL = 1e8  # from this condition number on an inverse has lost half of its digits


def _textbook_cofactors(x: Expr, *directions: Expr) -> Expr:
    """det(X)*inv(X).T and its derivatives: dC = tr(C.T E) inv(X).T - inv(X).T E.T C, by the rule of products."""
    turned = matrix_transpose(inv(x))
    if not directions:
        at = leading(x)
        return contract([(det_op(x), at), (turned, (*at, "i", "j"))], (*at, "i", "j"))
    *others, e = directions
    total: Any = 0
    for chosen in product((True, False), repeat=len(others)):
        inside = [d for d, one in zip(others, chosen, strict=True) if one]
        c = cofactor_slope(x, *inside)
        slope = _slope_of_inverse(turned, [d for d, one in zip(others, chosen, strict=True) if not one])
        trace = FUNCTIONS["sum"](c * e, axis=(-2, -1), keepdims=True)
        total = total + trace * slope - matmul(matmul(slope, matrix_transpose(e)), c)
    return total


def _slope_of_inverse(turned: Expr, directions: Sequence[Expr]) -> Expr:
    """The derivative of inv(X).T: the sum of (-1)**k * inv(X).T E1.T inv(X).T ... over the orders of the directions."""
    total: Any = 0
    for order in permutations(directions):
        term = turned
        for e in order:
            term = -matmul(matmul(term, matrix_transpose(e)), turned)
        total = total + term
    return total


def cofactor_slope(x: Expr, *directions: Expr) -> Expr:
    return x.apply(cofactors_frechet, (x, *directions), ()) if directions else cofactors(x)


def _cofactor_tangent(k: int, t: Expr, y: Expr, xs: Sequence[Expr], params: tuple, lead: int) -> Expr:
    x, *directions = xs
    t = spread(t, lead, y.ndim)
    return cofactor_slope(x, *([*directions, t] if k == 0 else [*directions[: k - 1], t, *directions[k:]]))


def _cofactor_cotangent(k: int, ct: Expr, y: Expr, xs: Sequence[Expr], params: tuple, lead: int) -> Expr:
    """It is symmetric: that of det in the directions E1, ..., Ek and the cotangent, by E1."""
    return gathered(_cofactor_tangent(k, ct, y, xs, params, lead), lead, xs[k].shape)


_COFACTOR_SLOPE = Action(_cofactor_tangent, _cofactor_cotangent)

cofactors = register(
    Op(
        "cofactors", 1, lambda params, s, d: (matrix_axes("cofactors", s[0], True), inexact(promoted(d))),
        _cofactors, _COFACTOR_SLOPE, transposes=True, rows=rows_before(2),
        doc="the matrix of cofactors: det(X)*inv(X).T, and its limit at a singular matrix",
        composition=_textbook_cofactors, textbook=_textbook_cofactors, names={"sympy": lambda s, x: x.adjugate().T},
    ),
    public=False,
)  # fmt: skip
cofactors_frechet = register(
    Op(
        "cofactors_frechet", None, lambda params, s, d: (fitting_squares("cofactors", s), inexact(promoted(d))),
        _cofactors, _COFACTOR_SLOPE, rows=rows_before(2),
        doc="the derivative of the matrix of cofactors of X in directions E1, ..., Ek, also where X is singular",
        composition=_textbook_cofactors, textbook=_textbook_cofactors,
    ),
    public=False,
)  # fmt: skip


@function("adj", ["adjugate", "Adjugate"])
def adj(x: Any) -> Any:
    """The adjugate, ``det(X)*inv(X)``; of a singular matrix its limit."""
    return matrix_transpose(cofactors(x))


def _det_terms(k: int, y: Expr, xs: Sequence[Expr], params: tuple) -> list[Term]:
    at = leading(xs[0])  # d det(X) = tr(adj(X) dX)
    return [Term(1, [(cofactors(xs[0]), (*at, "a", "b"))], at, (*at, "a", "b"))]


det_op = matrix_op(
    "det", np.linalg.det, lambda s: s[:-2], _det_terms, public=False, doc="the determinant of a square matrix",
    facts=maps(spd="positive", psd="nonnegative", invertible="nonzero"), latex=r"\det",
)


@function("det", ["linalg.det", "Determinant", "Det"])
def det(x: Any) -> Any:
    """The determinant of a square matrix; of a diagonal one the product of its entries.

    ``det(eye(n) + outer(u, v))`` is ``1 + u @ v``: the matrix determinant lemma.
    """
    if isinstance(x, Expr) and x.ndim == 2:
        v = diagonal_of(x)
        if v is not None:
            return FUNCTIONS["prod"](v)
        pair = unit_plus_outer(x)
        if pair is not None:
            return 1 + matmul(*pair)
    return det_op(x)


def diagonal_of(x: Expr) -> Expr | None:
    """v where x is ``diag(v)`` of a vector."""
    g = x.graph
    if x.op is CONTRACT and g._params[x.node][1] == (0, 0) and len(x.inputs) == 1 and x.inputs[0].ndim == 1:
        return x.inputs[0]
    return None


def unit_plus_outer(x: Expr) -> tuple[Expr, Expr] | None:
    """(u, v) where x is ``eye(n) + outer(u, v)``."""
    g = x.graph
    if x.op is not ADD or len(x.inputs) != 2 or g._params[x.node] != (1, 1):
        return None
    for one, other in (x.inputs, x.inputs[::-1]):
        if one.op is not CONTRACT or other.op is not CONTRACT:
            continue
        if not one.inputs and g._params[one.node][1] == (0, 0):
            labels, out, free = g._params[other.node]
            if labels == ((0,), (1,)) and out == (0, 1) and not free:
                return other.inputs  # type: ignore[return-value]
    return None


def _slogdet_terms(k: int, ys: Sequence[Expr], xs: Sequence[Expr], params: tuple) -> list[Term]:
    if k == 0:
        return []  # the sign is piecewise constant
    at = leading(xs[0])  # d log|det(X)| = tr(inv(X) dX)
    return [Term(1, [(inv(xs[0]), (*at, "b", "a"))], at, (*at, "a", "b"))]


class SignLogDet(NamedTuple):
    """What numpy calls the results of slogdet."""

    sign: Any
    logabsdet: Any


slogdet_op = matrix_op(
    "slogdet", lambda x: tuple(np.linalg.slogdet(x)), lambda s: Results((s[:-2], s[:-2])), _slogdet_terms,
    public=False, results=("signdet", "logdet"), result_facts={0: ("nonzero",)}, domain=lambda x: not_equal(det(x), 0),
    doc="sign and logarithm of the absolute value of the determinant",
)  # fmt: skip


@function("slogdet", ["linalg.slogdet"])
def slogdet(x: Any) -> SignLogDet:
    """(sign, log(abs(det(X)))): the determinant without overflow."""
    return SignLogDet(*slogdet_op(x))


@function("logdet", ["logabsdet", "linalg.logdet"])
def logdet(x: Any) -> Any:
    """log(abs(det(X))), without overflow.

    >>> import symdiff as sd
    >>> X = sd.Graph().variable("X", "n n")
    >>> print(sd.grad(logdet(X), X))
    inv(X).T
    """
    return slogdet_op(x)[1]


@function("signdet")
def signdet(x: Any) -> Any:
    """The sign of the determinant."""
    return slogdet_op(x)[0]


# --- linear systems ---------------------------------------------------------------------------------------


def _system_shapes(name: str, operands: Sequence[Shape], square: bool = True) -> tuple[Shape, Shape]:
    """(leading axes, last axes) of the solution of A x = b: b is a vector, or a stack of matrices."""
    a, b = operands
    matrix_axes(name, a, square)
    vector = len(b) == 1
    if not b or b[-1 if vector else -2] != a[-2]:
        raise ShapeError(f"{name}: shapes {shapes.text(a)} and {shapes.text(b)} do not fit together")
    lead = shapes.broadcast(a[:-2], () if vector else b[:-2], op=name)
    return lead, (a[-1],) if vector else (a[-1], b[-1])


def _system_labels(y: Expr, a: Expr, b: Expr) -> tuple[tuple, tuple, tuple, tuple]:
    """Labels of leading axes (of y, of a, of b) and of the columns of b."""
    columns = () if b.ndim == 1 else ("c",)
    lead = y.shape[: y.ndim - 1 - len(columns)]
    out, in_a = broadcast_labels(lead, a.shape[:-2])
    in_b = broadcast_labels(lead, () if b.ndim == 1 else b.shape[:-2])[1]
    return out, in_a, tuple([i if i >= 0 else i - len(lead) for i in in_b]), columns


def system_shape(
    name: str, operands: Sequence[Shape], dtypes: Sequence[str], square: bool = True
) -> tuple[Shape, str]:
    """Shape and type of the solution of A x = b."""
    lead, last = _system_shapes(name, operands, square)
    return (*lead, *last), inexact(promoted(dtypes))


def _solve_terms(k: int, y: Expr, xs: Sequence[Expr], params: tuple) -> list[Term]:
    a, b = xs
    out, in_a, in_b, c = _system_labels(y, a, b)
    if k == 1:  # dx = inv(A) db
        return [Term(1, [(inv(a), (*in_a, "i", "p"))], (*out, "i", *c), (*in_b, "p", *c))]
    # dx = -inv(A) dA x
    return [Term(-1, [(inv(a), (*in_a, "i", "p")), (y, (*out, "q", *c))], (*out, "i", *c), (*in_a, "p", "q"))]


solve = register(
    Op(
        "solve", 2, lambda params, s, d: system_shape("solve", s, d), np.linalg.solve, Networks(_solve_terms),
        domain=lambda a, b: not_equal(det(a), 0), aliases=("linalg.solve",),
        doc="the z with x @ z = y; y is a vector or has columns", sparse="symdiff.sparse:solved",
        rows=lambda params, s, k, axis: None if len(s[1]) == 1 and k else rows_before(2)(params, s, k, axis),
    )
)  # fmt: skip


def _half(a: Any, lower: bool) -> Any:
    """The triangle of a matrix that is read; a Cholesky factor is one already."""
    triangular = isinstance(a, Expr) and lower and a.op is OPS["cholesky"]
    return a if triangular else tril(a) if lower else triu(a)


@function("solve_triangular")
def solve_triangular(a: Any, b: Any, trans: int | str = 0, lower: bool = False, unit_diagonal: bool = False) -> Any:
    """The x with A @ x = b (with A.T where `trans` is 1 or "T"), where only the upper (or lower) triangle of A is read,
    and its diagonal taken as ones where that is asked for."""
    half = _half(a, lower)
    if unit_diagonal:
        half = _half(tril(a, -1) if lower else triu(a, 1), lower) + np.eye(*a.shape[-2:])
    return solve(matrix_transpose(half) if trans in (1, 2, "T", "C") else half, b)


@function("cho_factor")
def cho_factor(a: Any, lower: bool = False) -> tuple:
    """scipy's pair (factor, lower): the triangle of ``A = U.T @ U``, or of ``A = L @ L.T``, with the flag."""
    factor = FUNCTIONS["cholesky"](a)
    return factor if lower else matrix_transpose(factor), lower


@function("cho_solve")
def cho_solve(factor: Any, b: Any) -> Any:
    """The x with ``A @ x = b`` for the Cholesky factor L of ``A = L @ L.T``, or for scipy's pair (factor, lower), whose
    other triangle is not read."""
    factor, lower = factor if isinstance(factor, (tuple, list)) else (factor, True)
    half = _half(factor, bool(lower))
    turned = matrix_transpose(half)
    return solve(turned, solve(half, b)) if lower else solve(half, solve(turned, b))


# --- products of matrices ---------------------------------------------------------------------------------


@function("matrix_power", ["linalg.matrix_power"])
def matrix_power(x: Any, k: int) -> Any:
    """``X @ X @ ... @ X``, k times; ``inv(X)`` for negative k."""
    if not isinstance(x, Expr):
        return np.linalg.matrix_power(x, k)
    matrix_axes("matrix_power", x.shape, square=True)
    if not isinstance(k, int) or isinstance(k, bool):
        raise ShapeError(f"matrix_power: the exponent is an integer, not {k!r}")
    if k < 0:
        return matrix_power(inv(x), -k)
    if k == 0:
        one = FUNCTIONS["broadcast_to"](Expr(x.graph, unit(x.graph, (x.shape[-1],))), x.shape)
        return one if one.dtype == x.dtype else FUNCTIONS["astype"](one, x.dtype)
    result = x
    if k <= 8:  # the node that X @ X @ X is
        for _ in range(k - 1):
            result = matmul(result, x)
        return result
    for bit in bin(k)[3:]:
        result = matmul(result, result)
        if bit == "1":
            result = matmul(result, x)
    return result


@function("multi_dot", ["linalg.multi_dot"])
def multi_dot(arrays: Sequence[Any]) -> Any:
    """``A @ B @ C @ ...`` as one product; the order of multiplication is chosen at evaluation."""
    if not any(isinstance(a, Expr) for a in arrays):
        return np.linalg.multi_dot(arrays)
    first = next(a for a in arrays if isinstance(a, Expr))
    xs = [first.lift(a) for a in arrays]
    labels = [(k, k + 1) if x.ndim == 2 else (k + 1,) if k == 0 else (k,) for k, x in enumerate(xs)]
    ends = [i for i, x in ((0, xs[0]), (len(xs), xs[-1])) if x.ndim == 2]
    if any(x.ndim not in (1, 2) or (x.ndim == 1 and 0 < k < len(xs) - 1) for k, x in enumerate(xs)):
        given = " and ".join(shapes.text(x.shape) for x in xs)
        raise ShapeError(f"multi_dot: shapes {given} are no chain of matrices")
    return contract(list(zip(xs, labels, strict=True)), ends)
