"""Markers of the sweeps and of formulas: `stop_gradient`, what is shown for another, projections of ops with several
results, and ops that users register."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import numpy as np

from .. import shapes, validity
from ..errors import InputError, ShapeError
from ..expr import Expr
from ..facets import rows_kept
from ..graph import check_name
from ..op import (
    FUNCTIONS,
    OPS,
    Custom,
    Linear,
    Networks,
    Op,
    Partials,
    Zero,
    expose,
    function,
    inexact,
    op_named,
    promoted,
    register,
)
from ..shapes import Shape

stop_gradient = register(
    Op(
        "stop_gradient", 1, lambda params, s, d: (s[0], d[0]), lambda x: x,
        Zero("the gradient is stopped here"),
        elementwise=True, views=True, doc="x, taken as a constant by every derivative",
        facts=lambda g, n, of: of[0], finite=True,
    )
)  # fmt: skip


shown_as = register(
    Op(
        "shown_as", 2, lambda params, s, d: (s[0], d[0]), lambda value, formula: value,
        Linear(lambda xs, params, lead: xs[0], lambda k, ct, xs, params, lead: ct, wrt=(0,)),
        views=True, doc="the first operand, for which formulas show the second, its equal where both are defined",
    ),
    public=False,
)  # fmt: skip


def _project_infer(params: tuple, operands: Sequence[Any], dtypes: Sequence[str]) -> tuple[Shape, str]:
    return operands[0][params[0]], dtypes[0]


def _project_terms(k: int, y: Expr, xs: Sequence[Expr], params: tuple) -> list:
    raise NotImplementedError("the sweeps differentiate a projection through the op it projects")


project_op = register(
    Op("project", 1, _project_infer, lambda x, k: x[k], Networks(_project_terms),
        views=True, doc="one result of an op that has several", valid=validity.result, rows=rows_kept,
        facts=lambda g, n, of: g._op[g._inputs[n][0]].result_facts.get(g._params[n][0], ())), public=False
)  # fmt: skip


@function("project")
def project(x: Expr, k: int) -> Expr:
    """Result k of an op that has several results."""
    return x.apply(project_op, (x,), (k,))


def _checked(name: str, evaluate: Callable[..., Any], infer: Callable[..., tuple[Shape, str]]) -> Callable[..., Any]:
    """The meaning of a user's op: its value has the shape that was promised, is real, and is an array of its own."""

    @wraps(evaluate)
    def meaning(*xs: Any) -> Any:
        value = np.asarray(evaluate(*xs))
        wanted, _ = infer((), [np.shape(x) for x in xs], [np.asarray(x).dtype.name for x in xs])
        if value.shape != wanted or value.dtype.kind not in "fiub":
            raise ShapeError(f"op {name!r}: evaluate gave {value.dtype}{list(value.shape)}, expected {list(wanted)}")
        seen = any(np.may_share_memory(value, x) for x in xs if isinstance(x, np.ndarray))
        return value.copy() if seen else value.astype("float64") if value.dtype.kind in "iub" else value

    return meaning


# --- an op of the user along leading axes ------------------------------------------------------------------------
# params: (name of the op, leading axes of each operand): all the same number, or 0 where all entries share it


def _each_infer(params: tuple, operands: Sequence[Shape], dtypes: Sequence[str]) -> tuple[Shape, str]:
    name, leads = params
    if len(leads) != len(operands):
        raise ShapeError(f"each: {len(operands)} operand(s) and {len(leads)} number(s) of leading axes")
    fronts = {s[:k] for s, k in zip(operands, leads, strict=True) if k}
    if len(fronts) != 1 or any(len(s) < k for s, k in zip(operands, leads, strict=True)):
        raise ShapeError(f"each: the leading axes of {' and '.join(map(shapes.text, operands))} are not the same")
    shape, dtype = op_named(name).infer((), [s[k:] for s, k in zip(operands, leads, strict=True)], dtypes)
    return (*fronts.pop(), *shape), dtype


def _each_values(*args: Any) -> Any:
    *xs, name, leads = args
    xs, op = [np.asarray(x) for x in xs], op_named(name)
    front = next(x.shape[:k] for x, k in zip(xs, leads, strict=True) if k)
    rest, _ = op.infer((), [x.shape[k:] for x, k in zip(xs, leads, strict=True)], [x.dtype.name for x in xs])
    result = np.empty((*front, *rest), np.result_type(np.float32, *xs))
    for at in np.ndindex(*front):
        result[at] = op.meaning()(*[x[at] if k else x for x, k in zip(xs, leads, strict=True)])
    return result


each_op = register(
    Op("each", None, _each_infer, _each_values, Custom(),
        doc="an op of the user, which knows no leading axes, at each entry along such axes: where it is linear",
        valid=validity.each),
    public=False,
)  # fmt: skip


@function("each")
def each(*args: Any) -> Any:
    """``each(*operands, name, leads)``: a registered op at each entry along leading axes; `leads` says how many axes
    in front of each operand are such, 0 where all entries share it. Derivatives take the op as linear in the others.

    >>> import numpy as np, symdiff as sd
    >>> each(np.array([[0.0, 0.0], [1.0, 2.0]]), "exp", (1,)).shape
    (2, 2)
    """
    *operands, name, leads = args
    leads = tuple(leads) if isinstance(leads, (tuple, list)) else (leads,)
    first = next((x for x in operands if isinstance(x, Expr)), None)
    return _each_values(*operands, name, leads) if first is None else first.apply(each_op, operands, (name, leads))


def _numbered(partials: Sequence[Any] | None) -> list[tuple[str, Any]]:
    return [(f"partial {k}", f) for k, f in enumerate(partials or ())]


FACETS = frozenset((
    "domain", "kink", "samples", "parity", "limits", "image", "integral", "finite", "monotone", "inverse", "complement",
    "commutes", "transposes", "order_sign", "facts", "rows", "adds", "axes", "fold", "running", "moves", "boolean",
    "negation", "symbol", "latex", "names", "composition", "textbook",
))  # fmt: skip


def register_op(
    name: str,
    evaluate: Callable[..., Any],
    partials: Sequence[Callable[..., Any] | None] | Callable[..., Any] | None = None,
    *,
    vjp: Callable[..., Any] | None = None,
    jvp: Callable[..., Any] | None = None,
    shape: Callable[..., Any] | None = None,
    arity: int | None = None,
    aliases: Sequence[str] = (),
    doc: str = "",
    **facets: Any,
) -> Op:
    """Register an op of your own: differentiable to any order, printable, parsable and evaluable at once, on every
    backend (jax and torch call `evaluate` back unless a name or a composition says what it is there).

    name      how it is called in formulas, and in `parse`
    evaluate  its meaning on numpy arrays
    partials  for an elementwise op: one function per operand, dy/dx as an expression of the operands
              (None: zero almost everywhere)
    vjp       else: ``vjp(ct, y, *xs)`` gives a tuple with the cotangent of each operand (None: no flow)
    jvp       or: ``jvp(tangents, y, *xs)`` gives the tangent of y (a tangent is None where it is zero)
              (of vjp and jvp one is enough: the other sweep and Jacobians follow by transposition)
    shape     ``shape(*operand shapes)``, broadcasting by default
    facets    what else is known of it, each a field of `Op`: parity, limits, image, monotone, facts, rows, latex,
              names, composition, textbook, domain, kink, samples, ...

    Raises InputError when the name is taken, no derivative fits the arity, or a facet is none.

    >>> import numpy as np, symdiff as sd
    >>> cube = register_op("cube_of", lambda x: x**3, lambda x: 3*x**2)
    >>> x = sd.Graph().variable("x")
    >>> print(sd.grad(cube(x), x))
    3*x**2
    """
    aliases = (aliases,) if isinstance(aliases, str) else tuple(aliases)
    for spelled in (name, *aliases):
        if check_name(spelled) in FUNCTIONS or spelled in OPS or (name, *aliases).count(spelled) > 1:
            raise InputError(f"an op can't be called {spelled!r}: the name is taken")
    if callable(partials):
        partials = (partials,)
    if not isinstance(partials, (tuple, list, type(None))):
        raise InputError(f"op {name!r}: the partials are a function or a list of them, not {type(partials).__name__}")
    for what, given in (("evaluate", evaluate), ("vjp", vjp), ("jvp", jvp), ("shape", shape), *_numbered(partials)):
        if not callable(given) and (given is not None or what == "evaluate"):
            raise InputError(f"op {name!r}: {what} is a function, not {type(given).__name__}")
    if partials is not None:
        if arity not in (None, len(partials)):
            raise InputError(f"op {name!r}: {len(partials)} partial(s) given for {arity} operand(s)")
        arity = len(partials)
        derivative: Any = Partials(tuple(p or Zero("registered without a partial") for p in partials))
    elif vjp is not None or jvp is not None:
        derivative = Custom(vjp, jvp)
    else:
        derivative = None

    def infer(params: tuple, operands: Sequence[Shape], dtypes: Sequence[str]) -> tuple[Shape, str]:
        result = shapes.broadcast(*operands, op=name) if shape is None else shapes.as_shape(shape(*operands))
        return result, inexact(promoted(dtypes))

    unknown = sorted(set(facets) - FACETS)
    if unknown:
        raise InputError(f"op {name!r}: there is no facet {unknown[0]!r}; there are {', '.join(sorted(FACETS))}")
    meaning = evaluate if isinstance(evaluate, np.ufunc) else _checked(name, evaluate, infer)
    op = Op(name, arity, infer, meaning, derivative, elementwise=partials is not None, doc=doc, foreign=True, **facets)
    OPS[name] = op
    expose(name, op, aliases)
    return op
