"""`Expr.to_sympy`: nodes -> a sympy expression. Vectors become columns; arrays of more than two axes have no
counterpart.

Most ops have the name of sympy's class (or an alias has); the exceptions are tables. Products are contracted
pairwise into MatMul, Transpose, Trace, HadamardProduct and DiagMatrix.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from functools import partial
from typing import Any

import numpy as np

from .. import shapes
from ..errors import InputError, SymdiffError
from ..expr import Expr
from ..graph import BOUND, CONSTANT, SIZE, VARIABLE, Graph
from ..lazy import module
from ..op import Op, method
from ..ops.control import project_op, shown_as, stop_gradient
from ..ops.layout import cast_op, concat_op, getitem_op, reshape_op
from ..ops.linalg import det_op, inv, solve
from ..ops.order import norm2_op
from ..ops.piecewise import offset
from ..ops.products import ADD, CONTRACT
from ..ops.quadrature import INTEGRAL
from ..shapes import Shape, Size

MAX_ENTRIES = 10_000  # of a constant matrix
MAX_DEPTH = 500  # functions inside functions: sympy's time grows with its square, and its constructors recurse
MAX_ORDER = 100  # of polynomials and factorials that sympy may write out
MAX_MULTIPLIED = 8  # functions inside functions in a product whose factors sympy may compare
MAX_HYPER = 8  # hypergeometric functions inside one another: each takes twice the time of the one within
MAX_WALKED = 2_000  # functions in the trees that sympy's classes of matrices and extremes walk when they are made
MAX_EVALUATED = 4  # functions inside functions that sympy may simplify: cosh asks its argument three times

_CONSTANTS = {math.pi: "pi", math.e: "E", np.euler_gamma: "EulerGamma", math.inf: "oo", -math.inf: "-oo"}


@method("to_sympy")
def to_sympy(e: Expr) -> Any:
    """The sympy expression of the same meaning.

    A variable of shape (n,) becomes ``MatrixSymbol(name, n, 1)``, a named size a positive integer Symbol.
    Elementwise functions of matrices are ``applyfunc``. A scalar product is a Trace.

    Raises InputError that names the op and the shape where sympy has no counterpart (more than two axes,
    sort, svd, ...), where more than 500 functions are nested, and where matrices or extremes stand in trees that
    sympy would walk for long.

    >>> import symdiff as sd
    >>> print(to_sympy(sd.parse("trace(A @ B.T) + x**2/3", A="m n", B="m n")))
    x**2/3 + Trace(A*B.T)
    """
    g, depth = e.graph, dict[int, int]()
    for n in g.ancestors([e.node]):
        flat = g._op[n] in (ADD, CONTRACT)  # sympy's sums and products hold all terms and factors
        depth[n] = (not flat) + max([depth[i] for i in g._inputs[n]], default=0)
    try:
        if depth[e.node] > MAX_DEPTH:
            raise RecursionError
        return _Writer(e, depth).write(e.node)
    except RecursionError:
        raise InputError(f"to_sympy: {depth[e.node]} functions are nested, too deeply for sympy") from None


class _Writer:
    """The nodes of one expression on their way to sympy."""

    def __init__(self, e: Expr, depth: Mapping[int, int]):
        self.graph, self.sympy, self.depth = e.graph, module("sympy"), depth
        self.values: dict[int, Any] = {}
        self.hyper: dict[int, int] = {}
        self.tree: dict[int, int] = {}  # functions within a node, written out
        self.arrays: set[int] = set()  # nodes that are made of arrays
        self.walked = 0

    def write(self, root: int) -> Any:
        g = self.graph
        for n in g.ancestors([root]):
            self.tree[n] = 1 + sum([self.tree[i] for i in g._inputs[n]])
            if g._shape[n] or not self.arrays.isdisjoint(g._inputs[n]):
                self.arrays.add(n)
            if not isinstance(g._shape[n], tuple) or any(isinstance(s, tuple) for s in g._shape[n]):
                continue  # an op with several results: its projections speak
            try:
                self.values[n] = self.node(n)
            except (TypeError, ValueError, LookupError, AttributeError, ArithmeticError, NotImplementedError) as error:
                if isinstance(error, SymdiffError):
                    raise
                raise self.refused(n, f"sympy: {error or type(error).__name__}") from error
            slow = isinstance(self.values[n], self.sympy.hyper)
            self.hyper[n] = slow + max([self.hyper.get(i, 0) for i in g._inputs[n]], default=0)
            if self.hyper[n] > MAX_HYPER:
                raise RecursionError
            self.walk(n)
        return self.values[root]

    def walk(self, n: int) -> None:
        """Count what sympy has walked to make a node; InputError where that is too much."""
        s = self.sympy
        if n in self.arrays or isinstance(self.values[n], s.Max | s.Min):
            self.walked += self.tree[n]
        if self.walked > MAX_WALKED:
            raise self.refused(n, f"sympy would walk trees of more than {MAX_WALKED} functions")

    def node(self, n: int) -> Any:
        g = self.graph
        op, inputs, params, shape = g._op[n], g._inputs[n], g._params[n], g._shape[n]
        if len(shape) > 2:
            raise self.refused(n, "sympy's matrices have two axes")
        xs = [self.values[i] for i in inputs if i in self.values]
        if op in _STRUCTURE:
            plain = shape or self.depth[n] <= MAX_MULTIPLIED or any(g._shape[i] for i in inputs)
            with nullcontext() if plain else self.sympy.evaluate(False):
                return _STRUCTURE[op](self, n, xs, params)
        if len(xs) < len(inputs):
            raise self.refused(n, "it is one of several results")
        f = self.scalar_function(op)
        if f is None or not op.elementwise:
            raise self.refused(n, "it has no counterpart")
        is_long = any(getattr(x, "is_Integer", False) and abs(x) > MAX_ORDER for x in xs)
        if is_long and all(getattr(x, "is_number", False) for x in xs):
            return self.number(n, inputs)
        is_deep = self.depth[n] > MAX_EVALUATED
        if is_deep and not shape and op.name == "where":  # a choice as it stands: sympy would solve its conditions
            if xs[0].has(self.sympy.Piecewise):
                raise RecursionError
            return self.sympy.Piecewise((xs[1], xs[0]), (xs[2], True), evaluate=False)
        with self.sympy.evaluate(False) if is_long or is_deep else nullcontext():
            return self.applied(n, f, xs) if shape else f(*xs)

    def number(self, n: int, inputs: Sequence[int]) -> Any:
        """A function of numbers so large that sympy would write them out: its double."""
        g = self.graph
        with np.errstate(all="ignore"):
            value = g._op[n].meaning()(*[float(self.values[i]) for i in inputs], *g._params[n])
        return self.sympy.sympify(float(value))

    def refused(self, n: int, why: str) -> InputError:
        g = self.graph
        return InputError(f"to_sympy: node {n}, {g.operation(n)} of shape {shapes.text(g._shape[n])}: {why}")

    # --- sizes and shapes

    def size(self, size: Size) -> Any:
        if isinstance(size, int):
            return self.sympy.Integer(size)
        total = self.sympy.Integer(0)
        for names, c in shapes._polynomial(size):
            total += c * self.sympy.Mul(
                *[self.sympy.Symbol(name, integer=True, positive=True) for name in names]
            )
        return total

    def matrix_shape(self, shape: Shape) -> tuple[Any, Any]:
        """The shape in sympy: a vector is a column."""
        rows, columns = (*shape, 1) if len(shape) == 1 else shape
        return self.size(rows), self.size(columns)

    def stretched(self, x: Any, old: Shape, new: Shape) -> Any:
        """An operand in the shape that numpy's broadcasting gives it."""
        s = self.sympy
        if not new or old == new:
            return x
        if not old:
            return x * s.OneMatrix(*self.matrix_shape(new))
        if len(new) == 1:  # (1,) -> (n,)
            return s.MatMul(s.OneMatrix(self.size(new[0]), 1), x)
        x, old = (x.T, (1, *old)) if len(old) == 1 else (x, old)
        if old[0] != new[0]:
            x = s.MatMul(s.OneMatrix(self.size(new[0]), 1), x)
        if old[1] != new[1]:
            x = s.MatMul(x, s.OneMatrix(1, self.size(new[1])))
        return x

    # --- elementwise

    def scalar_function(self, op: Op) -> Callable[..., Any] | None:
        """sympy's function of scalars for an op: that which its record names, one of its name or an alias, or its
        composition."""
        spelled = op.names.get("sympy")
        if callable(spelled):
            return partial(spelled, self.sympy)
        for name in (spelled,) if spelled else () if op.foreign else (op.name, *op.aliases):
            f = getattr(self.sympy, name, None)
            if spelled or isinstance(f, self.sympy.FunctionClass):
                return f
        same = op.elementwise and op is not offset  # which formulas show as 0
        for written in filter(None, (op.textbook, op.composition) if same else ()):
            xs = Graph().variables(" ".join(f"x{k}" for k in range(op.arity or 1)))
            try:
                formula, symbols = written(*xs).to_sympy(), [x.to_sympy() for x in xs]
            except InputError:  # it is made of what sympy has not
                continue
            return lambda *given: formula.xreplace(dict(zip(symbols, given, strict=True)))
        return self.sympy.Function(op.name) if op.foreign and op.elementwise else None

    def applied(self, n: int, f: Callable[..., Any], xs: Sequence[Any]) -> Any:
        """An elementwise op on matrices."""
        s, g = self.sympy, self.graph
        shape, inputs = g._shape[n], g._inputs[n]
        matrices = [k for k, i in enumerate(inputs) if g._shape[i]]
        if g.operation(n) == "divide" and len(matrices) == 2:
            a, b = (self.stretched(x, g._shape[i], shape) for x, i in zip(xs, inputs, strict=True))
            return s.HadamardProduct(a, s.HadamardPower(b, -1))
        if g.operation(n) == "divide" and matrices == [0]:
            return xs[0] / xs[1]
        if g.operation(n) == "pow" and matrices == [0]:
            return s.HadamardPower(xs[0], xs[1])
        d = s.Dummy("d")
        bodies, bases = list(xs), {}
        for k in matrices:  # functions of one matrix are composed
            base, bodies[k] = (xs[k].expr, xs[k].function(d)) if hasattr(xs[k], "function") else (xs[k], d)
            bases[base] = g._shape[inputs[k]]
        if len(bases) > 1:
            raise self.refused(n, "sympy applies functions to one matrix, elementwise")
        ((base, old),) = bases.items()
        return self.stretched(base.applyfunc(s.Lambda(d, f(*bodies))), old, shape)

    # --- products

    def contract(self, n: int, xs: Sequence[Any], params: tuple) -> Any:
        g = self.graph
        labels, out, free = params
        if any(len(ls) > 2 for ls in labels):
            raise self.refused(n, "a factor has more than two axes")
        sizes: dict[int, Size] = dict(free)
        for i, ls in zip(g._inputs[n], labels, strict=True):
            sizes.update(zip(ls, g._shape[i], strict=True))
        return _Product(self, n, sizes, out).build(list(zip(xs, labels, strict=True)))


class _Product:
    """One contraction of scalars, columns and matrices, done pairwise: factors are (sympy value, labels)."""

    def __init__(self, writer: _Writer, n: int, sizes: Mapping[int, Size], out: tuple):
        self.writer, self.s, self.n, self.out = writer, writer.sympy, n, out
        self.sizes = {label: writer.size(size) for label, size in sizes.items()}
        self.scalar = self.s.Integer(1)
        self.factors: list[tuple[Any, tuple]] = []

    def build(self, factors: list[tuple[Any, tuple]]) -> Any:
        for value, labels in factors:
            self.enter(value, labels)
        while True:
            # the label with the fewest factors first, and those that end in a vector: x.T*A*y is (A.T*x).T*y
            summed = [i for i in dict.fromkeys(i for _, ls in self.factors for i in ls) if i not in self.out]
            if not summed:
                break
            self.eliminate(min(summed, key=lambda i: sum(i in ls for _, ls in self.factors)))
        return self.finish()

    def enter(self, value: Any, labels: tuple) -> None:
        """Add a factor; one that carries the same labels as another is multiplied with it entry by entry."""
        s = self.s
        if not labels:
            self.scalar = self.scalar * value
            return
        if len(labels) == 2 and labels[0] == labels[1]:
            i = labels[0]
            if i not in self.out and not any(i in ls for _, ls in self.factors):
                self.factors.append((value, (i, i)))  # a trace, unless a vector comes with it
                return
            value, labels = s.DiagonalOf(value), (i,)
        same = [k for k, (_, ls) in enumerate(self.factors) if len(labels) == 2 and set(ls) == set(labels)]
        if same and (len(same) > 1 or set(labels) & set(self.out)):
            other, ls = self.factors[same[0]]
            value = value if ls == labels else s.Transpose(value).doit(deep=False)
            self.factors[same[0]] = (s.HadamardProduct(other, value), ls)
            return
        self.factors.append((value, tuple(labels)))

    def eliminate(self, i: int) -> None:
        """Sum over a label."""
        s = self.s
        carriers = [k for k, (_, ls) in enumerate(self.factors) if i in ls]
        taken = [self.factors[k] for k in carriers]
        self.factors = [f for k, f in enumerate(self.factors) if k not in carriers]
        vectors = [v for v, ls in taken if len(ls) == 1]
        matrices = [(v, ls) for v, ls in taken if len(ls) == 2]
        if any(ls == (i, i) for _, ls in matrices):
            if len(taken) == 1:
                self.scalar = self.scalar * self.trace(taken[0][0])
                return
            vectors += [s.DiagonalOf(v) for v, ls in matrices if ls == (i, i)]
            matrices = [(v, ls) for v, ls in matrices if ls != (i, i)]
        if not matrices:
            left, *rest = [*vectors, s.OneMatrix(self.sizes[i], 1)] if len(vectors) == 1 else vectors
            inner = self.times(
                s.Transpose(left).doit(deep=False), s.HadamardProduct(*rest) if len(rest) > 1 else rest[0]
            )
            self.scalar = self.scalar * self.trace(inner)
            return
        if len(vectors) > 1:
            vectors = [s.HadamardProduct(*vectors)]
        if len(matrices) > 2:
            raise self.writer.refused(self.n, "more than two matrices share a summed axis")
        toward = [
            (v, ls) if ls[1] == i else (s.Transpose(v).doit(deep=False), ls[::-1]) for v, ls in matrices
        ]  # i is the column
        if len(matrices) == 1:
            right = vectors[0] if vectors else s.OneMatrix(self.sizes[i], 1)
            self.enter(self.times(toward[0][0], right), toward[0][1][:1])
        else:
            (a, (left, _)), (b, (right, _)) = toward
            middle = [s.DiagMatrix(vectors[0])] if vectors else []
            if left == right and left not in self.out and not any(left in ls for _, ls in self.factors):
                self.scalar = self.scalar * self.trace(self.times(a, *middle, s.Transpose(b).doit(deep=False)))
            else:
                self.enter(self.times(a, *middle, s.Transpose(b).doit(deep=False)), (left, right))

    def trace(self, x: Any) -> Any:
        return x.trace() if isinstance(x, self.s.MatrixBase) else self.s.Trace(x)

    def times(self, *xs: Any) -> Any:
        return self.s.MatMul(*xs).doit(deep=False)

    def finish(self) -> Any:
        """The factors that are left carry output labels alone."""
        s, out = self.s, self.out
        if not out:
            return self.scalar
        if not self.factors and all(self.sizes[i] == 1 for i in out):
            return s.ImmutableMatrix([[self.scalar]])
        carried: dict[int, list] = {}
        for v, ls in self.factors:
            if len(ls) == 1:
                carried.setdefault(ls[0], []).append(v)
        vectors = {i: s.HadamardProduct(*vs) if len(vs) > 1 else vs[0] for i, vs in carried.items()}
        matrices = [(v, ls) for v, ls in self.factors if len(ls) == 2]
        if len(out) == 1:
            value = vectors[out[0]] if out[0] in vectors else s.OneMatrix(self.sizes[out[0]], 1)
        elif out[0] == out[1]:
            value = s.DiagMatrix(vectors[out[0]]) if out[0] in vectors else s.Identity(self.sizes[out[0]])
        elif matrices:
            value, ls = matrices[0]
            value = value if ls == out else s.Transpose(value).doit(deep=False)
            if out[0] in vectors:
                value = self.times(s.DiagMatrix(vectors[out[0]]), value)
            if out[1] in vectors:
                value = self.times(value, s.DiagMatrix(vectors[out[1]]))
        elif not vectors:
            value = s.OneMatrix(self.sizes[out[0]], self.sizes[out[1]])
        else:
            columns = [vectors.get(i, s.OneMatrix(self.sizes[i], 1)) for i in out]
            value = self.times(columns[0], s.Transpose(columns[1]).doit(deep=False))
        return value if self.scalar == 1 else self.scalar * value


# --- leaves and structure: (writer, node, values of the inputs, parameters) -> sympy
# ----------------------------------


def _variable(w: _Writer, n: int, xs: Sequence[Any], params: tuple) -> Any:
    name, shape, _, facts = params
    if shape:
        return w.sympy.MatrixSymbol(name, *w.matrix_shape(shape))
    known = {fact: True for fact in ("positive", "nonnegative", "nonzero") if fact in facts}
    return w.sympy.Symbol(name, **(known or {"real": True} if known else {}))


def _constant(w: _Writer, n: int, xs: Sequence[Any], params: tuple) -> Any:
    s, (kind, value) = w.sympy, params
    if kind == "bool":
        return s.true if value else s.false
    if kind == "int":
        return s.Integer(value)
    if kind == "fraction":
        return s.Rational(value.numerator, value.denominator)
    if kind in ("float", "-0.0"):
        if value != value:
            return s.nan
        name = _CONSTANTS.get(value)
        return (-s.oo if name == "-oo" else getattr(s, name)) if name else s.Float(value)
    array = value.value
    if array.size > MAX_ENTRIES:
        raise w.refused(n, f"a constant array of more than {MAX_ENTRIES} entries")
    return (
        s.ImmutableMatrix(array.reshape(len(array), -1).tolist()) if array.ndim else s.sympify(array.item())
    )


def _coefficient(w: _Writer, c: Any) -> Any:
    if isinstance(c, float):
        return getattr(w.sympy, _CONSTANTS[c]) if c in _CONSTANTS and abs(c) != math.inf else w.sympy.Float(c)
    return w.sympy.Rational(c.numerator, c.denominator)


def _add(w: _Writer, n: int, xs: Sequence[Any], params: tuple) -> Any:
    g = w.graph
    shape = g._shape[n]
    terms = [
        _coefficient(w, c) * w.stretched(x, g._shape[i], shape)
        for c, x, i in zip(params, xs, g._inputs[n], strict=True)
    ]
    return (
        w.sympy.Add(*terms)
        if not shape
        else w.sympy.MatAdd(*terms).doit(deep=False)
        if len(terms) > 1
        else terms[0]
    )


def _index(w: _Writer, n: int, xs: Sequence[Any], params: tuple) -> Any:
    s, g = w.sympy, w.graph
    (index,) = params
    shape = g._shape[g._inputs[n][0]]
    rows, columns = index if len(index) == 2 else (index[0], 0)
    size_r, size_c = w.matrix_shape(shape)
    if isinstance(rows, (int, str)) and isinstance(columns, (int, str)):
        return xs[0][w.size(rows), w.size(columns)]

    def bounds(part: Any, size: Any) -> tuple:
        if part is None:
            return (0, size, 1)
        if isinstance(part, tuple):
            start, stop, step = part
            if step < 0:
                raise w.refused(n, "a slice runs backwards")
            return (w.size(start), w.size(stop), step)
        return (w.size(part), w.size(part) + 1, 1)

    value = s.MatrixSlice(xs[0], bounds(rows, size_r), bounds(columns, size_c))
    return s.Transpose(value) if isinstance(rows, (int, str)) else value  # a row becomes a column


def _joined(w: _Writer, n: int, xs: Sequence[Any], params: tuple) -> Any:
    s = w.sympy
    parts = [s.ImmutableMatrix([[x[0, 0]]]) if x.shape == (1, 1) else x for x in xs]
    if all(isinstance(x, s.MatrixBase) for x in parts):
        return s.ImmutableMatrix((s.Matrix.hstack if params[0] else s.Matrix.vstack)(*parts))
    return s.BlockMatrix([parts] if params[0] else [[x] for x in parts])


def _reshaped(w: _Writer, n: int, xs: Sequence[Any], params: tuple) -> Any:
    if not isinstance(xs[0], w.sympy.MatrixBase):
        raise w.refused(n, "a reshape of a matrix that is not written out")
    return xs[0].reshape(*w.matrix_shape(params[0]))


def _norm(w: _Writer, n: int, xs: Sequence[Any], params: tuple) -> Any:
    g, s = w.graph, w.sympy
    if len(params[0]) != len(g._shape[g._inputs[n][0]]):
        raise w.refused(n, "a norm along one axis")
    return s.sqrt(s.Trace(s.MatMul(s.Transpose(xs[0]).doit(deep=False), xs[0]))) if params[0] else s.Abs(xs[0])


def _matrix(f: Callable[..., Any]) -> Callable[..., Any]:
    return lambda w, n, xs, params: f(w.sympy, *xs)


def _project(w: _Writer, n: int, xs: Sequence[Any], params: tuple) -> Any:
    g, s = w.graph, w.sympy
    (source,) = g._inputs[n]
    if g.operation(source) == "slogdet":
        determinant = s.Determinant(w.values[g._inputs[source][0]])
        return s.sign(determinant) if params[0] == 0 else s.log(s.Abs(determinant))
    raise w.refused(n, f"a result of {g.operation(source)}")


_STRUCTURE: dict[Op, Callable[..., Any]] = {
    VARIABLE: _variable, CONSTANT: _constant, SIZE: lambda w, n, xs, params: w.size(params[0]),
    BOUND: lambda w, n, xs, params: w.sympy.Symbol(params[0]),
    INTEGRAL: lambda w, n, xs, params: w.sympy.Integral(xs[0], (xs[1], xs[2], xs[3])),
    ADD: _add, CONTRACT: lambda w, n, xs, params: w.contract(n, xs, params), getitem_op: _index,
    concat_op: _joined, reshape_op: _reshaped,
    norm2_op: _norm, project_op: _project, stop_gradient: lambda w, n, xs, params: xs[0],
    shown_as: lambda w, n, xs, params: xs[1],
    cast_op: lambda w, n, xs, params: xs[0],
    inv: _matrix(lambda s, x: s.Inverse(x)), det_op: _matrix(lambda s, x: s.Determinant(x)),
    solve: _matrix(lambda s, a, b: s.MatMul(s.Inverse(a), b)),
}  # fmt: skip
