"""The label patterns of `contract` that have names: matmul, outer, einsum, transpose, sum, trace, diag, eye."""

import string
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .. import shapes
from ..constants import as_dtype
from ..errors import ShapeError
from ..expr import Expr, graph_of
from ..graph import Graph
from ..op import FUNCTIONS, expose, function
from ..shapes import Shape
from .products import broadcast_labels, broadcast_to, contract, full, multiply, unit


def _expr(x: Any, other: Any = None) -> Expr:
    if isinstance(x, Expr):
        return x
    if isinstance(other, Expr):
        return other.lift(x)
    raise TypeError(f"expected a symbolic expression, got {type(x).__name__}")


def _symbolic(*xs: Any) -> bool:
    return any(isinstance(x, Expr) for x in xs)


def _contracted(factors: Sequence[tuple[Expr, Sequence]], out: Sequence, sizes: Any = None) -> Expr:
    """A sum of products; of truth values, as numpy's, whether one of the products is true."""
    if any(x.dtype != "bool" for x, _ in factors):
        return contract(factors, out, sizes)
    counted = [(FUNCTIONS["astype"](x, "int64"), labels) for x, labels in factors]
    return FUNCTIONS["not_equal"](contract(counted, out, sizes), 0)


@function("matmul")
def matmul(x: Any, y: Any) -> Any:
    """x @ y with numpy's rules for vectors, matrices and stacks of matrices."""
    if hasattr(x, "tocoo") or hasattr(y, "tocoo"):
        return FUNCTIONS["sparse_matmul"](x, y)
    if hasattr(x, "matvec") or hasattr(y, "matvec"):
        return FUNCTIONS["operator_matmul"](x, y)
    if not _symbolic(x, y):
        return np.matmul(x, y)
    x, y = _expr(x, y), _expr(y, x)
    a, b = x.shape, y.shape
    if not a or not b:
        raise ShapeError(f"matmul: shapes {shapes.text(a)} and {shapes.text(b)}: a scalar operand; use * instead")
    if a[-1] != b[-2 if len(b) > 1 else 0]:
        raise ShapeError(
            f"matmul: shapes {shapes.text(a)} and {shapes.text(b)} do not fit together "
            f"({a[-1]} against {b[-2 if len(b) > 1 else 0]})"
        )
    left = (["i"] if len(a) > 1 else []) + ["k"]
    right = ["k"] + (["j"] if len(b) > 1 else [])
    batch = shapes.broadcast(a[:-2], b[:-2], op="matmul")
    out, in_a = broadcast_labels(batch, a[:-2])
    in_b = tuple([i if i >= 0 else i - len(a) for i in broadcast_labels(batch, b[:-2])[1]])
    return _contracted(
        [(x, (*in_a, *left)), (y, (*in_b, *right))],
        (*out, *left[:-1], *right[1:]),
        dict(zip(out, batch, strict=True)),
    )


@function("outer")
def outer(x: Any, y: Any) -> Any:
    """x[i]*y[j] of two vectors (flattened, as numpy's)."""
    if not _symbolic(x, y):
        return np.outer(x, y)
    x, y = _expr(x, y), _expr(y, x)
    x, y = (v if v.ndim == 1 else v.ravel() for v in (x, y))
    if x.dtype == y.dtype == "bool":
        return FUNCTIONS["logical_and"](expand_dims(x, 1), expand_dims(y, 0))
    return contract([(x, "i"), (y, "j")], "ij")


@function("dot")
def dot(x: Any, y: Any) -> Any:
    """numpy's dot: inner product of vectors, matrix product, or scaling by a scalar."""
    if not _symbolic(x, y):
        return np.dot(x, y)
    x, y = _expr(x, y), _expr(y, x)
    if not x.shape or not y.shape:
        return multiply(x, y)
    if y.ndim <= 2:
        return matmul(x, y)
    left, right = list(range(x.ndim)), list(range(x.ndim, x.ndim + y.ndim))
    right[-2] = left[-1]
    return _contracted([(x, left), (y, right)], [i for i in (*left[:-1], *right) if i != left[-1]])


@function("vdot")
def vdot(x: Any, y: Any) -> Any:
    """Sum of products of two arrays, flattened."""
    if not _symbolic(x, y):
        return np.vdot(x, y)
    x, y = _expr(x, y), _expr(y, x)
    if x.shape != y.shape and x.size == y.size:
        x, y = x.ravel(), y.ravel()
    if x.shape != y.shape:
        raise ShapeError(f"vdot: shapes {shapes.text(x.shape)} and {shapes.text(y.shape)} differ")
    return _contracted([(x, range(x.ndim)), (y, range(y.ndim))], ())


@function("vecdot")
def vecdot(x: Any, y: Any, axis: int = -1) -> Any:
    """Sum of products along an axis, which both have."""
    if not _symbolic(x, y):
        return np.vecdot(x, y, axis=axis)  # type: ignore[call-overload]
    x, y = _expr(x, y), _expr(y, x)
    sizes = [v.shape[shapes.axis(axis, v.ndim, "vecdot")] for v in (x, y)]
    if sizes[0] != sizes[1]:
        raise ShapeError(
            f"vecdot: shapes {shapes.text(x.shape)} and {shapes.text(y.shape)} do not fit together "
            f"({sizes[0]} against {sizes[1]})"
        )
    if axis < 0:
        return sum(multiply(x, y), axis=axis)
    return sum(multiply(moveaxis(x, axis, -1), moveaxis(y, axis, -1)), axis=-1)


@function("inner")
def inner(x: Any, y: Any) -> Any:
    """Sum of products over the last axes."""
    if not _symbolic(x, y):
        return np.inner(x, y)
    x, y = _expr(x, y), _expr(y, x)
    if not x.shape or not y.shape:
        return multiply(x, y)
    left = tuple(range(x.ndim))
    right = (*range(x.ndim, x.ndim + y.ndim - 1), x.ndim - 1)
    return _contracted([(x, left), (y, right)], (*left[:-1], *right[:-1]))


@function("tensordot")
def tensordot(x: Any, y: Any, axes: Any = 2) -> Any:
    """numpy's tensordot: contract `axes` of x with those of y."""
    if not _symbolic(x, y):
        return np.tensordot(x, y, axes)
    x, y = _expr(x, y), _expr(y, x)
    if isinstance(axes, int):
        if not 0 <= axes <= min(x.ndim, y.ndim):
            raise ShapeError(f"tensordot: {axes} axes of shapes {shapes.text(x.shape)} and {shapes.text(y.shape)}")
        axes = (range(x.ndim - axes, x.ndim), range(axes))
    xs, ys = ((a,) if isinstance(a, int) else tuple(a) for a in axes)
    left, right = list(range(x.ndim)), list(range(x.ndim, x.ndim + y.ndim))
    for i, j in zip(shapes.axes(xs, x.ndim, "tensordot"), shapes.axes(ys, y.ndim, "tensordot"), strict=True):
        right[j] = left[i]
    out = [i for i in left if i not in right] + [j for j in right if j not in left]
    return _contracted([(x, left), (y, right)], out)


def _unstretched(xs: Sequence[Expr], labels: Sequence[list]) -> tuple[list[Expr], list[list]]:
    """The operands of einsum without the axes of size 1 whose label another operand has longer."""
    longer = {i for x, ls in zip(xs, labels, strict=True) for i, s in zip(ls, x.shape, strict=True) if s != 1}
    found, kept = [], []
    for x, ls in zip(xs, labels, strict=True):
        gone = [k for k, (i, s) in enumerate(zip(ls, x.shape, strict=True)) if s == 1 and i in longer]
        found.append(squeeze(x, tuple(gone)) if gone else x)
        kept.append([i for k, i in enumerate(ls) if k not in gone])
    return found, kept


def lettered(*args: Any) -> list[Any]:
    """[subscripts, *operands] of numpy's other spelling, ``einsum(A, [0, 1], x, [1], [0])``."""
    operands, lists, right = list(args[: len(args) // 2 * 2 : 2]), list(args[1::2]), args[2::2][-1:]
    if not lists or not all(isinstance(ls, (list, tuple)) for ls in lists):
        raise ShapeError("einsum: the first argument is a subscript text such as 'ij,j->i'")
    part = lambda ls: "".join("..." if i is Ellipsis else string.ascii_letters[i] for i in ls)  # noqa: E731
    left = ",".join(map(part, lists))
    return [f"{left}->{part(right[0])}" if len(args) % 2 else left, *operands]


@function("einsum")
def einsum(spec: str, *operands: Any) -> Any:
    """numpy's einsum; an output label may repeat (a unit tensor), ``...`` stands for leading axes.

    >>> import symdiff as sd
    >>> v = sd.Graph().variable("v", "n")
    >>> print(einsum("i->ii", v))
    diag(v)
    """
    if not isinstance(spec, str):
        spec, *operands = lettered(spec, *operands)  # type: ignore[assignment]
    if not _symbolic(*operands):
        return np.einsum(spec, *operands)
    spec = spec.replace(" ", "")
    first = Expr(graph_of(*operands), 0)
    xs = [first.lift(x) for x in operands]
    left, arrow, right = spec.partition("->")
    parts = left.split(",")
    if len(parts) != len(xs):
        raise ShapeError(f"einsum: {spec!r} has {len(parts)} operand(s), {len(xs)} given")
    if any(not (p.replace("...", "").isalpha() or p in ("", "...")) for p in (*parts, right)):
        raise ShapeError(f"einsum: {spec!r} is not a subscript text such as 'ij,j->i'")
    depth = max([x.ndim - len(p.replace("...", "")) for p, x in zip(parts, xs, strict=True) if "..." in p], default=0)

    def expand(part: str, ndim: int | None) -> list:
        head, dots, tail = part.partition("...")
        extra = (depth if ndim is None else ndim - len(head) - len(tail)) if dots else 0
        return [*head, *range(depth - extra, depth), *tail]

    labels = [expand(p, x.ndim) for p, x in zip(parts, xs, strict=True)]
    for p, x, ls in zip(parts, xs, labels, strict=True):
        if len(ls) != x.ndim:
            raise ShapeError(f"einsum: {p!r} does not fit an operand of shape {shapes.text(x.shape)}")
    if not arrow:
        letters = [i for ls in labels for i in ls if isinstance(i, str)]
        right = ("..." if depth else "") + "".join(sorted(i for i in set(letters) if letters.count(i) == 1))
    out = expand(right, None)
    carried = {i for ls in labels for i in ls}
    xs, labels = _unstretched(xs, labels)
    if any(i not in carried for i in out):
        raise ShapeError(f"einsum: {spec!r} has an output label that no operand carries")
    return _contracted(list(zip(xs, labels, strict=True)), out)


@function("permute_dims", ["transpose"])
def permute_dims(x: Any, axes: Sequence[int] | None = None) -> Any:
    """The axes of x in another order; reversed by default."""
    if not isinstance(x, Expr):
        return np.transpose(x, axes)
    order = tuple(reversed(range(x.ndim))) if axes is None else shapes.axes(tuple(axes), x.ndim, "permute_dims")
    if len(order) != x.ndim:
        raise ShapeError(f"permute_dims: axes {axes!r} do not fit shape {shapes.text(x.shape)}")
    if order == (1, 0) and is_symmetric_variable(x):
        return x
    return contract([(x, range(x.ndim))], order)


def is_symmetric_variable(x: Expr) -> bool:
    op, params = x.op, x.graph._params[x.node]
    return op.name == "variable" and not {"symmetric", "spd", "diagonal"}.isdisjoint(params[3])


@function("matrix_transpose")
def matrix_transpose(x: Any) -> Any:
    """The last two axes exchanged."""
    if x.ndim < 2:
        raise ShapeError(f"matrix_transpose: expected a matrix, got shape {shapes.text(x.shape)}")
    return permute_dims(x, (*range(x.ndim - 2), x.ndim - 1, x.ndim - 2))


@function("swapaxes")
def swapaxes(x: Any, axis1: int, axis2: int) -> Any:
    """Two axes exchanged."""
    order = list(range(x.ndim))
    i, j = shapes.axis(axis1, x.ndim, "swapaxes"), shapes.axis(axis2, x.ndim, "swapaxes")
    order[i], order[j] = order[j], order[i]
    return permute_dims(x, order)


@function("moveaxis")
def moveaxis(x: Any, source: Any, destination: Any) -> Any:
    """Axes moved to new positions, the others kept in order."""
    source, destination = shapes.axes(source, x.ndim, "moveaxis"), shapes.axes(destination, x.ndim, "moveaxis")
    order = [k for k in range(x.ndim) if k not in source]
    for d, s in sorted(zip(destination, source, strict=True)):
        order.insert(d, s)
    return permute_dims(x, order)


@function("sum")
def sum(x: Any, axis: Any = None, keepdims: bool = False, *, dtype: Any = None) -> Any:
    """Sum over axes, in a number type where one is given; of booleans, the number of true entries."""
    if not isinstance(x, Expr):
        return np.sum(x, axis=axis, keepdims=keepdims, dtype=dtype)
    gone, x = shapes.axes(axis, x.ndim, "sum"), _typed(x, dtype)
    if not gone and x.graph._dtype[x.node] != "bool":
        return x
    if x.graph._dtype[x.node] in ("bool", "int32"):  # numpy's accumulators are of 64 bits
        x = FUNCTIONS["astype"](x, "int64" if dtype is None else dtype)
    kept = [k for k in range(x.ndim) if k not in gone]
    out = [k if k in kept else ("one", k) for k in range(x.ndim)] if keepdims else kept
    return contract([(x, range(x.ndim))], out, {("one", k): 1 for k in gone})


@function("mean")
def mean(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Arithmetic mean over axes."""
    if not isinstance(x, Expr):
        return np.mean(x, axis=axis, keepdims=keepdims)
    number = shapes.count(x.shape[k] for k in shapes.axes(axis, x.ndim, "mean"))
    return sum(x, axis, keepdims) / (number if isinstance(number, int) else x.graph.size(number))


@function("trace", ["tr", "Tr", "Trace"])
def trace(x: Any) -> Any:
    """Sum of the diagonal of a square matrix (of each matrix of a stack)."""
    if not isinstance(x, Expr):
        return np.trace(x, axis1=-2, axis2=-1)
    _square("trace", x)
    x = x if x.graph._dtype[x.node] != "int32" else FUNCTIONS["astype"](x, "int64")
    lead = tuple(range(x.ndim - 2))
    return FUNCTIONS["contract_entries"]([(x, (*lead, "i", "i"))], lead)


@function("diagonal")
def diagonal(x: Any) -> Any:
    """The diagonal of a square matrix (of each matrix of a stack)."""
    if not isinstance(x, Expr):
        return np.diagonal(x, axis1=-2, axis2=-1)
    _square("diagonal", x)
    lead = tuple(range(x.ndim - 2))
    return FUNCTIONS["contract_entries"]([(x, (*lead, "i", "i"))], (*lead, "i"))


@function("diag", ["Diag"])
def diag(x: Any) -> Any:
    """The diagonal matrix of a vector, or the diagonal of a matrix, as numpy's."""
    if not isinstance(x, Expr):
        return np.diag(x)
    if x.ndim == 2:
        return diagonal(x)
    if x.ndim != 1:
        raise ShapeError(f"diag: expected a vector or a matrix, got shape {shapes.text(x.shape)}")
    return contract([(x, "i")], "ii")


def _square(name: str, x: Expr) -> None:
    if x.ndim < 2 or x.shape[-1] != x.shape[-2]:
        raise ShapeError(f"{name}: expected a square matrix, got shape {shapes.text(x.shape)}")


@function("expand_dims")
def expand_dims(x: Any, axis: Any = 0) -> Any:
    """New axes of size 1 at these positions of the result."""
    if not isinstance(x, Expr):
        return np.expand_dims(x, axis)
    new = axis if isinstance(axis, (tuple, list)) else (axis,)
    at = shapes.axes(tuple(new), x.ndim + len(new), "expand_dims")
    old = iter(range(x.ndim))
    out = [("one", k) if k in at else next(old) for k in range(x.ndim + len(new))]
    return contract([(x, range(x.ndim))], out, {("one", k): 1 for k in at})


@function("squeeze")
def squeeze(x: Any, axis: Any = None) -> Any:
    """Axes of size 1 removed."""
    if not isinstance(x, Expr):
        return np.squeeze(x, axis)
    gone = [k for k in range(x.ndim) if x.shape[k] == 1] if axis is None else shapes.axes(axis, x.ndim, "squeeze")
    if any(x.shape[k] != 1 for k in gone):
        raise ShapeError(f"squeeze: axis {axis!r} of shape {shapes.text(x.shape)} has not size 1")
    if x.dtype == "bool":  # a sum would be a number
        return FUNCTIONS["getitem"](x, tuple(0 if k in gone else slice(None) for k in range(x.ndim)))
    return contract([(x, range(x.ndim))], [k for k in range(x.ndim) if k not in gone])


def _creator(value: Any) -> Callable[..., Any]:
    def create(shape: Any, graph: Graph | None = None, *, dtype: Any = None, device: Any = None) -> Any:
        """A tensor of one value; symbolic when `graph` is given or the shape has named sizes."""
        sizes = shapes.as_shape(shape)
        if graph is None and all(isinstance(s, int) for s in sizes):
            return np.full(sizes, value, dtype=float if dtype is None else dtype)
        g = Graph() if graph is None else graph
        return _typed(Expr(g, full(g, value, sizes)), dtype)

    return create


zeros, ones = _creator(0), _creator(1)
expose("zeros", zeros)
expose("ones", ones)


@function("full")
def _full(shape: Any, fill_value: Any, *, dtype: Any = None, device: Any = None) -> Any:
    """A tensor with `fill_value` (a number or a scalar expression) everywhere."""
    if isinstance(fill_value, Expr):
        return _typed(broadcast_to(fill_value, shape), dtype)
    sizes = shapes.as_shape(shape)
    if all(isinstance(s, int) for s in sizes):
        return np.full(sizes, fill_value, dtype)  # type: ignore[arg-type]
    return _typed(multiply(fill_value, ones(sizes)), dtype)


def _typed(e: Expr, dtype: Any) -> Expr:
    """In a number type where one is asked for."""
    return e if dtype is None or as_dtype(dtype, "dtype") == e.dtype else FUNCTIONS["astype"](e, dtype)


def _alike(x: Expr, value: int, dtype: Any) -> Expr:
    """A value in the shape and the type of x; that of float64 is the plain number's."""
    return _typed(Expr(x.graph, full(x.graph, value, x.shape)), x.dtype if dtype is None else dtype)


@function("ones_like")
def ones_like(x: Any, *, dtype: Any = None, device: Any = None) -> Any:
    """Ones of the shape of x."""
    return _alike(x, 1, dtype) if isinstance(x, Expr) else np.ones_like(x, dtype)


@function("zeros_like", ["empty_like"])
def zeros_like(x: Any, *, dtype: Any = None, device: Any = None) -> Any:
    """Zeros of the shape of x."""
    return _alike(x, 0, dtype) if isinstance(x, Expr) else np.zeros_like(x, dtype)


@function("full_like")
def full_like(x: Any, fill_value: Any, *, dtype: Any = None, device: Any = None) -> Any:
    """`fill_value` in the shape of x."""
    if not isinstance(x, Expr) and not isinstance(fill_value, Expr):
        return np.full_like(x, fill_value, dtype)
    return _typed(broadcast_to(x.lift(fill_value), x.shape), x.dtype if dtype is None else dtype)


@function("meshgrid")
def meshgrid(*arrays: Any, indexing: str = "xy") -> list:
    """Vectors as the coordinates of a grid: one tensor for each, of all their axes."""
    if indexing not in ("xy", "ij"):
        raise ShapeError(f"meshgrid: indexing is 'xy' or 'ij', not {indexing!r}")
    if not _symbolic(*arrays):
        return list(np.meshgrid(*arrays, indexing=indexing))  # type: ignore[call-overload]
    first = Expr(graph_of(*arrays), 0)
    xs = [first.lift(x if isinstance(x, Expr) else np.asarray(x)) for x in arrays]
    if any(x.ndim != 1 for x in xs):
        raise ShapeError(f"meshgrid: vectors are needed, not {', '.join(shapes.text(x.shape) for x in xs)}")
    order = [1, 0, *range(2, len(xs))] if indexing == "xy" and len(xs) > 1 else list(range(len(xs)))
    out, sizes = order, {k: x.shape[0] for k, x in enumerate(xs)}
    return [contract([(x, [k])], out, {i: size for i, size in sizes.items() if i != k}) for k, x in enumerate(xs)]


@function("eye", ["identity", "Identity"])
def eye(
    n: Any, columns: Any = None, graph: Graph | None = None, *, k: int = 0, dtype: Any = None, device: Any = None
) -> Any:
    """The identity matrix, or ones on another diagonal k; symbolic when `graph` is given or the size is a name."""
    size = shapes.as_size(n)
    width = size if columns is None else shapes.as_size(columns)
    if isinstance(size, int) and isinstance(width, int) and (graph is None or size != width or k):
        array = np.eye(size, width, k, dtype=float if dtype is None else dtype)
        return array if graph is None else Expr(graph, 0).lift(array)
    if size != width or k:
        raise ShapeError(f"eye: {size} rows, {width} columns, diagonal {k}: with named sizes it is the identity")
    g = Graph() if graph is None else graph
    return _typed(Expr(g, unit(g, (size,))), dtype)


# --- stacks of tangents ---------------------------------------------------------------------------------------


def spread(e: Expr, lead: int, ndim: int) -> Expr:
    """Axes of size 1 after the `lead` axes, so that the rest has `ndim` axes, as other operands have."""
    missing = ndim - (e.ndim - lead)
    return expand_dims(e, tuple(range(lead, lead + missing))) if missing else e


def gathered(e: Expr, lead: int, shape: Shape) -> Expr:
    """The transpose of broadcasting `shape` to e without its `lead` axes: a sum over stretched axes."""
    if e.shape[lead:] == shape:
        return e
    out, inner = broadcast_labels(e.shape[lead:], shape)
    front = tuple([("lead", i) for i in range(lead)])
    return contract([(e, (*front, *out))], (*front, *inner), {i: 1 for i in inner if i < 0})
