"""`Expr` = (graph, node): operators, numpy protocols, reprs. Operators ask the registry by name, so nothing above is
imported here."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from inspect import signature
from itertools import accumulate, chain
from numbers import Number
from typing import TYPE_CHECKING, Any

import numpy as np

from . import constants, shapes
from .budget import within
from .containers import leaves
from .errors import GraphError, InputError
from .graph import VARIABLE, WIDE, Graph
from .op import FUNCTIONS, Op, Operand, Results, check_call, promote, provided

_NUMBERS = (int, float, complex, Fraction, np.generic)
_OPERANDS = (*_NUMBERS, list, tuple)
_KEPT = ("casting", "order", "subok", "indices")  # of which a result does not depend, or which is an input already


def _foreign(value: Any) -> bool:
    own = hasattr(type(value), "defers")  # its own operators know expressions
    known = any(hasattr(value, known) for known in ("__array__", "free_symbols", "tocoo"))
    return own or not (known or isinstance(value, Number))


def _typed(other: Any, dtype: str) -> Any:
    """A scalar of numpy's beside a narrower type: an array without axes, whose type counts (as numpy's does)."""
    if dtype == "float64" or not isinstance(other, np.generic) or other.dtype.kind not in "if":
        return other
    weak = promote(dtype, "int" if other.dtype.kind == "i" else "float")
    return other if np.result_type(other.dtype, dtype) == weak else np.asarray(other)


def _binary(name: str, theirs: str | None = None) -> Callable[["Expr", Any], "Expr"]:
    """An operator, and what the class of a foreign right operand calls it, which goes first; or a reflected one."""

    def method(self: "Expr", other: Any) -> Any:
        if type(other) not in (Expr, int, float):
            if isinstance(other, str) and self.graph.has_size(other):
                other = self.graph.size(other)
            if theirs and not isinstance(other, (Expr, *_OPERANDS)) and _foreign(other):
                known = [vars(c)[theirs] for c in type(other).__mro__ if theirs in vars(c)]
                result = known[0](other, self) if known else NotImplemented
                if result is not NotImplemented:
                    return result
            other = _typed(other, self.dtype)
            if isinstance(other, (complex, np.complexfloating)):
                return provided("complex")(name, *((self, other) if theirs else (other, self)))
        return FUNCTIONS[name](self, other) if theirs else FUNCTIONS[name](other, self)

    return method


def _unary(name: str) -> Callable[["Expr"], "Expr"]:
    def method(self: "Expr") -> Any:
        return FUNCTIONS[name](self)

    return method


def _equality(name: str) -> Callable[["Expr", Any], "Expr"]:
    def method(self: "Expr", other: Any) -> Any:
        if not isinstance(other, (Expr, *_OPERANDS)) and _foreign(other):
            return NotImplemented
        return Comparison(name, self, other)

    return method


def _array_method(name: str) -> Callable[..., "Expr"]:
    """numpy's method of this name."""

    def method(self: "Expr", *args: Any, **kwargs: Any) -> Any:
        return _numpy_function("numpy." + name if "numpy." + name in FUNCTIONS else name, name, (self, *args), kwargs)

    method.__name__, method.__doc__ = name, f"numpy's method: ``np.{name}`` of this expression."
    return method


class Expr(Operand):
    """A node of a graph, with the operators and habits of a numpy array.

    All comparisons are elementwise, ``==`` and ``!=`` too; `same_as` asks for the same node. Expressions are hashable.

    >>> import symdiff as sd
    >>> x, y = sd.Graph().variables("x y")
    >>> f = x*sd.exp(-x*y)
    >>> print(f.diff(x))
    (1 - x*y)*exp(-x*y)
    >>> print(sd.where(x == 0, 1, sd.sin(x)/x))
    where(x == 0, 1, sin(x)/x)
    """

    __slots__ = ("graph", "node")
    __array_priority__ = __pandas_priority__ = 10000  # operators of arrays and of tables of pandas leave it the result

    graph: Graph
    node: int

    def __init__(self, graph: Graph, node: int):
        self.graph = graph
        self.node = node

    # --- what it is --------------------------------------------------------------------------------------------

    @property
    def shape(self) -> shapes.Shape:
        """The sizes of the axes: ints, or texts such as "n" and "n - 1"."""
        return self.graph._shape[self.node]

    @property
    def dtype(self) -> str:
        """The type of its value; a number without a type of its own evaluates as float64."""
        weak = {"int": "float64", "float": "float64"}
        dtype = self.graph._dtype[self.node]
        return weak.get(dtype, dtype)

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.graph._shape[self.node])

    @property
    def size(self) -> shapes.Size:
        """Number of elements: an int, or a text such as "m*n"."""
        return shapes.count(self.shape)

    @property
    def op(self) -> Op:
        """The record of the op that computes it."""
        return self.graph._op[self.node]

    @property
    def inputs(self) -> tuple["Expr", ...]:
        """The operands of the op that computes it, in order."""
        return tuple(Expr(self.graph, i) for i in self.graph._inputs[self.node])

    @property
    def variables(self) -> tuple[str, ...]:
        """The names of the variables it depends on, in the order of their creation."""
        g = self.graph
        return tuple(g._params[n][0] for n in g.ancestors([self.node]) if g._op[n] is VARIABLE)

    # --- building nodes ------------------------------------------------------------------------------------------

    def lift(self, value: Any) -> "Expr":
        """A value as an expression of this graph; what depends on no variable is copied from another graph."""
        if isinstance(value, Expr):
            if value.graph is not self.graph:
                copied = _copied(value, self.graph)
                if copied is not None:
                    return copied
                raise GraphError(
                    f"{value!r} belongs to another graph than {self!r}: build both in one, "
                    "with sd.parse(text, graph=g) or g.variable(name)"
                )
            return value
        if hasattr(value, "free_symbols"):
            return provided("from_sympy")(value, graph=self.graph)
        if isinstance(value, (list, tuple)) and any(isinstance(v, Expr) for v in leaves(value)):
            return self.lift(FUNCTIONS["stack"](value))
        return self.graph.constant(value)

    def unary(self, op: Op) -> "Expr":
        g, n = self.graph, self.node
        return Expr(g, g.append(op, (n,)) if g._kind[n] & WIDE else g.append_scalar(op, (n,)))

    def apply(self, op: Op, args: Sequence[Any], params: tuple) -> Any:
        g = self.graph
        if not g._variables:
            g = graph_of(*args)
            self = Expr(g, 0)
        inputs = tuple([a.node if type(a) is Expr and a.graph is g else self.lift(a).node for a in args])
        n = g.append(op, inputs, params)
        if type(g._shape[n]) is Results:
            project = FUNCTIONS["project"]
            return tuple(project(Expr(g, n), k) for k in range(len(g._shape[n])))
        return Expr(g, n)

    __add__, __radd__ = _binary("add", "__radd__"), _binary("add")
    __sub__, __rsub__ = _binary("subtract", "__rsub__"), _binary("subtract")
    __mul__, __rmul__ = _binary("multiply", "__rmul__"), _binary("multiply")
    __truediv__, __rtruediv__ = _binary("divide", "__rtruediv__"), _binary("divide")
    __floordiv__, __rfloordiv__ = _binary("floor_divide", "__rfloordiv__"), _binary("floor_divide")
    __mod__, __rmod__ = _binary("remainder", "__rmod__"), _binary("remainder")
    __pow__, __rpow__ = _binary("pow", "__rpow__"), _binary("pow")
    __matmul__, __rmatmul__ = _binary("matmul", "__rmatmul__"), _binary("matmul")
    __lt__, __le__ = _binary("less", "__gt__"), _binary("less_equal", "__ge__")
    __gt__, __ge__ = _binary("greater", "__lt__"), _binary("greater_equal", "__le__")
    __and__, __rand__ = _binary("bitwise_and", "__rand__"), _binary("bitwise_and")
    __or__, __ror__ = _binary("bitwise_or", "__ror__"), _binary("bitwise_or")
    __xor__, __rxor__ = _binary("bitwise_xor", "__rxor__"), _binary("bitwise_xor")
    __lshift__, __rlshift__ = _binary("bitwise_left_shift", "__rlshift__"), _binary("bitwise_left_shift")
    __rshift__, __rrshift__ = _binary("bitwise_right_shift", "__rrshift__"), _binary("bitwise_right_shift")
    __neg__, __abs__, __invert__ = _unary("negative"), _unary("abs"), _unary("bitwise_invert")

    def __round__(self, decimals: int | None = None) -> "Expr":
        return FUNCTIONS["numpy.round"](self, 0 if decimals is None else decimals)

    def __pos__(self) -> "Expr":
        return Expr(self.graph, self.node)

    def __getitem__(self, index: Any) -> "Expr":
        return FUNCTIONS["getitem"](self, index)

    def same_as(self, other: object) -> bool:
        """Whether the other is the same node of the same graph.

        >>> import symdiff as sd
        >>> x, y = sd.Graph().variables("x y")
        >>> (x + y).same_as(x + y), (x + y).same_as(x)
        (True, False)
        """
        return isinstance(other, Expr) and self.graph is other.graph and self.node == other.node

    __eq__, __ne__ = _equality("equal"), _equality("not_equal")  # type: ignore[assignment]

    def __hash__(self) -> int:
        return hash((id(self.graph), self.node))

    def __bool__(self) -> bool:
        g = self.graph
        value = _folded(g, self.node)
        value = provided("truth")(self) if value is None else value
        if value is not None:
            return value
        raise GraphError(
            f"{self!r} has no truth value before it is evaluated: sd.trace(fn, at={{name: value}}) decides it at a "
            "point and keeps the condition; use sd.where(condition, a, b) for a choice, "
            "sd.logical_and / & for 'and', sd.logical_or / | for 'or'; a.same_as(b) asks whether two expressions are "
            "one node, any(e.same_as(x) for e in xs) or a set whether x is among them"
        )

    def __float__(self) -> float:
        raise GraphError(
            f"{self!r} is symbolic: sd.evaluate(e, {{name: value}}) gives its number; for math.exp(x) write np.exp(x), "
            "and sd.trace(fn, at={...}) decides at a point what depends on a number"
        )

    __complex__ = __float__  # type: ignore[assignment]

    def __int__(self) -> int:
        number = provided("whole")(self)
        return self.__float__() if number is None else number  # type: ignore[return-value]

    __index__ = __int__

    def __len__(self) -> int:
        if not self.shape:
            raise GraphError(f"{self!r} is a scalar: it has no length and no entries")
        if not isinstance(self.shape[0], int):
            raise GraphError(f"{self!r} has {self.shape[0]} entries: a named size can't be counted or iterated over")
        return self.shape[0]

    def __iter__(self) -> Iterator["Expr"]:
        return (self[k] for k in range(within("nodes", len(self), "the entries of an expression, one by one")))

    def __setitem__(self, index: Any, value: Any) -> None:
        self.node = provided("assigned")(self, index, value)

    # --- methods that numpy arrays have ---------------------------------------------------------------------------

    @property
    def T(self) -> "Expr":
        """The transpose: all axes reversed, as numpy's."""
        return FUNCTIONS["permute_dims"](self)

    @property
    def mT(self) -> "Expr":
        """The matrix transpose: the last two axes exchanged."""
        return FUNCTIONS["matrix_transpose"](self)

    def transpose(self, *axes: Any) -> "Expr":
        """numpy's method: ``np.transpose`` of this expression."""
        axes = axes[0] if len(axes) == 1 and not isinstance(axes[0], int) else axes or None  # type: ignore[assignment]
        return FUNCTIONS["permute_dims"](self, axes)

    def reshape(self, *shape: Any, order: str = "C", copy: bool | None = None) -> "Expr":
        """numpy's method: ``np.reshape`` of this expression."""
        given = shape[0] if len(shape) == 1 and not isinstance(shape[0], (int, str)) else shape
        return FUNCTIONS["reshape"](self, given) if order != "F" else FUNCTIONS["numpy.reshape"](self, given, order)

    def dot(self, other: Any) -> "Expr":
        """numpy's method: ``np.dot`` of this expression."""
        return FUNCTIONS["dot"](self, other)

    def ravel(self, order: str = "C") -> "Expr":
        """All entries as a vector, row by row, or column by column (order "F")."""
        return FUNCTIONS["numpy.ravel"](self, order)

    def flatten(self, order: str = "C") -> "Expr":
        """The same; an array of its own where a traced function changes it in place."""
        return +self.ravel(order)

    def compress(self, condition: Any, axis: int | None = None) -> "Expr":
        """numpy's method: the entries at which a condition (truth values) holds."""
        return FUNCTIONS["compress"](condition, self, axis)

    def copy(self, order: str = "C") -> "Expr":
        """numpy's method: ``np.copy`` of this expression."""
        return +self

    @property
    def device(self) -> str:
        """Where an array would be; an expression is nowhere, and "cpu" is what the array API calls that."""
        return "cpu"

    def to_device(self, device: Any, /, *, stream: Any = None) -> "Expr":
        """The expression itself."""
        return self

    @property
    def at(self) -> Any:
        """Functional updates: ``x.at[1:3].set(0)``, ``x.at[k].add(y)``; see `symdiff.ops.updates`."""
        return FUNCTIONS["at"](self)

    @property
    def guards(self) -> tuple["Expr", ...]:
        """The conditions under which it holds: those that `sd.trace` decided at a point."""
        return FUNCTIONS["guards"](self)

    @property
    def real(self) -> "Expr":
        """The expression itself, which is real."""
        return self

    @property
    def imag(self) -> "Expr":
        """Zeros: every expression is real."""
        return FUNCTIONS["zeros_like"](self)

    @property
    def flat(self) -> "Expr":
        """The entries, row by row."""
        return self.ravel()

    @property
    def itemsize(self) -> int:
        """The bytes of an entry of its value."""
        return np.dtype(self.dtype).itemsize

    @property
    def nbytes(self) -> int:
        """The bytes of its value, where its sizes are numbers."""
        return len(self.ravel()) * self.itemsize

    all = _array_method("all")
    any = _array_method("any")
    argmax = _array_method("argmax")
    argmin = _array_method("argmin")
    argpartition = _array_method("argpartition")
    argsort = _array_method("argsort")
    astype = _array_method("astype")
    choose = _array_method("choose")
    clip = _array_method("clip")
    conj = _array_method("conj")
    conjugate = _array_method("conjugate")
    cumprod = _array_method("cumprod")
    cumsum = _array_method("cumsum")
    diagonal = _array_method("diagonal")
    max = _array_method("max")
    mean = _array_method("mean")
    item = _array_method("item")
    min = _array_method("min")
    nonzero = _array_method("nonzero")
    prod = _array_method("prod")
    ptp = _array_method("ptp")
    repeat = _array_method("repeat")
    round = _array_method("round")
    searchsorted = _array_method("searchsorted")
    squeeze = _array_method("squeeze")
    std = _array_method("std")
    sum = _array_method("sum")
    swapaxes = _array_method("swapaxes")
    take = _array_method("take")
    tolist = _array_method("tolist")
    trace = _array_method("trace")
    var = _array_method("var")

    def __divmod__(self, other: Any) -> tuple["Expr", "Expr"]:
        return self // other, self % other

    def __rdivmod__(self, other: Any) -> tuple["Expr", "Expr"]:
        return other // self, other % self

    # --- calculus and formulas: provided by the floors above --------------------------------------------------------

    def diff(self, x: Any, n: int = 1) -> "Expr":
        """The n-th derivative by x (an Expr or a name); ``derivative.shape == self.shape + n*x.shape``."""
        return provided("diff")(self, x, n)

    def simplify(self) -> "Expr":
        """The expression of the print form: see `symdiff.simplify`."""
        return provided("simplify")(self)

    @property
    def structure(self) -> Any:
        """What a Jacobian or Hessian keeps (diagonal, Kronecker product, outer product): see `symdiff.structure`."""
        return provided("structure")(self)

    def latex(self) -> str:
        """The formula in LaTeX, as a textbook sets it."""
        return provided("latex")(self)

    def index_notation(self) -> str:
        """The formula with indices and sums in LaTeX: ``\\sum_{j} A_{ij} x_{j}``."""
        return provided("index_notation")(self)

    def to_python(self, name: str = "f", check: bool = False) -> str:
        """The source of a self-contained numpy function that computes this expression."""
        return provided("to_python")(self, name, check)

    def to_sympy(self) -> Any:
        """The sympy expression of the same meaning."""
        return provided("to_sympy")(self)

    def _sympy_(self) -> Any:
        """sympy's operators leave the result to the expression's own (``sympy.Symbol("y")*x`` is an Expr)."""
        raise provided("sympy_refused")(self)

    def __str__(self) -> str:
        return provided("text")(self)

    def __repr__(self) -> str:
        return provided("bounded_text")(self)

    def _repr_latex_(self) -> str | None:
        return provided("repr_latex")(self)

    def _repr_svg_(self) -> str | None:
        return provided("repr_svg")(self)

    if not TYPE_CHECKING:  # which is to find missing attributes itself

        def __getattr__(self, name: str) -> Any:
            if name.startswith("_") or not hasattr(np.ndarray, name):
                raise AttributeError(f"an expression has no attribute {name!r}")
            raise provided("attribute_refused")(name)

    def __reduce__(self):
        return Expr, (self.graph, self.node)

    # --- numpy protocols -------------------------------------------------------------------------------------------

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        raise provided("array_refused")(self)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        if any(hasattr(type(x), "defers") for x in (*inputs, *kwargs.get("out", ()))):
            return NotImplemented
        name = ufunc.__name__.removeprefix("_")  # scipy's _zeta and _riemann_zeta
        kwargs = {option: value for option, value in kwargs.items() if option not in _KEPT}
        if kwargs.get("out") is not None or (method == "__call__" and "where" in kwargs):
            raise GraphError(
                f"np.{name}: out= and where= can't be used on symbolic expressions: a = a + x instead of a += x of an "
                "array a, np.where(mask, y, x) instead of where="
            )
        if method == "__call__" and kwargs.get("dtype") is not None:
            dtype, kwargs = kwargs["dtype"], {k: v for k, v in kwargs.items() if k != "dtype"}
            inputs = tuple([FUNCTIONS["astype"](x, dtype) for x in inputs])
        else:
            inputs = tuple([_typed(x, self.dtype) for x in inputs])
        shown = name if method == "__call__" else f"{name}.{method}"
        own = "numpy." + shown if "numpy." + shown in FUNCTIONS else name
        if shown != name and own == name:
            raise GraphError(f"np.{shown} is not available on symbolic expressions")
        if method == "__call__" and getattr(np, name, None) is not ufunc:
            return _numpy_function(name, "scipy.special." + name, inputs, kwargs)
        return _numpy_function(own, "np." + shown, inputs, kwargs)

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        if any(hasattr(t, "defers") for t in types):
            return NotImplemented
        module = func.__module__ or "numpy"
        name = func.__name__
        for prefix in ("numpy.linalg.", "linalg.") if module.startswith("numpy.linalg") else ("numpy.",):
            if prefix + name in FUNCTIONS:
                name = prefix + name
                break
        return _numpy_function(name, f"{module.replace('numpy', 'np')}.{func.__name__}", args, kwargs)

    def __array_namespace__(self, api_version: str | None = None) -> Any:
        return sys.modules["symdiff"]


class Comparison(Expr):
    """``a == b`` or ``a != b``. Its node is made when it is first used as an expression: dicts and sets, which ask for
    equality of keys, append nothing."""

    __slots__ = ("_made", "_name", "_operands")

    def __init__(self, name: str, x: Expr, y: Any):
        if isinstance(y, Expr) and y.graph is not x.graph and x.graph._variables and y.graph._variables:
            x.lift(y)  # the error of mixed graphs
        self._name, self._operands, self._made = name, (x, y), None
        self.graph = graph_of(x, y)

    @property
    def node(self) -> int:  # type: ignore[override]
        """The id in the graph."""
        if self._made is None:
            self._made = FUNCTIONS[self._name](*self._operands).node
        return self._made  # type: ignore[return-value]

    def __bool__(self) -> bool:
        x, y = self._operands
        if x.same_as(y):
            return self._name == "equal"
        return super().__bool__()


def _folded(g: Graph, n: int) -> bool | None:
    """The truth of a scalar constant, or of a comparison of constants; None where it depends on variables."""
    inputs = g._inputs[n]
    if g._shape[n] or any(g._op[i].name != "constant" for i in inputs or (n,)):
        return None
    values = [constants.evaluate(*g.params(i)) for i in inputs or (n,)]
    return bool(g._op[n].meaning()(*values, *g._params[n]) if inputs else values[0])


_VIEWS = {  # numpy's functions that give a view of an array, or the array itself
    "real", "numpy.ravel", "numpy.reshape", "squeeze", "numpy.squeeze", "numpy.transpose", "transpose", "swapaxes",
    "moveaxis", "rollaxis", "expand_dims", "numpy.expand_dims", "broadcast_to", "atleast_1d", "atleast_2d",
    "atleast_3d", "ravel", "reshape",
}  # fmt: skip


def _numpy_function(name: str, shown: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    function = provided("of_scipy")(name) if shown.startswith("scipy.") else FUNCTIONS.get(name)
    if function is None:
        raise provided("function_refused")(shown)
    try:
        result = function(*args, **kwargs)
    except TypeError:
        check_call(shown, signature(function), args, kwargs)  # an option of numpy's that has no meaning here
        raise
    given = chain.from_iterable(x if isinstance(x, (list, tuple)) else (x,) for x in args)
    copied = isinstance(result, Expr) and name not in _VIEWS and any(result is x for x in given)
    return +result if copied else result


def _copied(e: Expr, g: Graph) -> Expr | None:
    """An expression without variables (``zeros("n")``), copied to another graph; None when it has some."""
    source = e.graph
    nodes = source.ancestors([e.node])
    if any(source._op[n] is VARIABLE for n in nodes):
        return None
    at: dict[int, int] = {}
    for n in nodes:
        at[n] = g.append(source._op[n], tuple([at[i] for i in source._inputs[n]]), source._params[n])
    return Expr(g, at[e.node])


def exact_entries(g: Graph, values: Sequence[Any]) -> list[Any]:
    """The entries of a list; fractions as constants of the graph, for an array would hold them as objects."""
    return [g.constant(v) if isinstance(v, Fraction) else v for v in values]


class Operands(Sequence):
    """The operands of a node as expressions, each made when asked for: a rule for one of n costs no n."""

    def __init__(self, graph: Graph, nodes: tuple[int, ...]):
        self.graph, self.nodes = graph, nodes
        self._ends: dict[int, list[shapes.Size]] = {}

    def __len__(self) -> int:
        return len(self.nodes)

    def __getitem__(self, k: Any) -> Any:
        nodes = self.nodes[k]
        return Operands(self.graph, nodes) if isinstance(k, slice) else Expr(self.graph, nodes)

    def ends(self, axis: int) -> list[shapes.Size]:
        """Where each operand ends along an axis on which they are joined, after the 0 at which the first begins."""
        if axis not in self._ends:
            sizes: Iterator[shapes.Size] = (self.graph._shape[n][axis] for n in self.nodes)
            self._ends[axis] = list(accumulate(chain([0], sizes), shapes.add))
        return self._ends[axis]


def graph_of(*values: Any) -> Graph:
    """The one graph of the expressions among the values: the first that has variables, as constants can be copied."""
    found = None
    for value in values:
        if isinstance(value, Expr):
            if value.graph._variables:
                return value.graph
            found = found or value.graph
    if found is not None:
        return found
    raise InputError("none of the arguments is a symbolic expression")


Graph.expression = Expr
