"""The `Op` record, its derivative forms, and the two registries (records by name, public functions by name).

An op is one row of mathematics: name, result shape, meaning, derivative, domain, notation. Rules are written on
expressions; this file knows nothing of graphs (the first operand that is an `Operand` builds the node).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache, partial, reduce, wraps
from inspect import Parameter, Signature, signature
from types import FunctionType
from typing import Any, NamedTuple

import numpy as np

from . import shapes
from .errors import ArgumentError, GradientError, GraphError, MatrixError, ShapeError, SymdiffError
from .lazy import module, resolve
from .shapes import Shape, Size

Labels = tuple[Any, ...]


SCALAR_PRODUCT = (((), ()), (), ())  # the parameters of a contract of two scalars


class Operand:
    """What can be an op's operand: knows its graph and applies an op to arguments by appending a node there."""

    __slots__ = ()

    def apply(self, op: "Op", args: Sequence[Any], params: tuple) -> Any:
        raise NotImplementedError

    def unary(self, op: "Op") -> Any:
        """``op(self)`` for an elementwise op of one operand."""
        raise NotImplementedError


class Results(tuple):
    """The shape of a node with several results: a tuple of shapes."""

    __slots__ = ()


# --- derivative forms ------------------------------------------------------------------------------------------


class Term(NamedTuple):
    """One term of dy/dx as a labelled network: ``coefficient * product(factors)`` at y's and x's labels.

    ``dy[p]/dx[q] = sum over labels of delta(p = y labels) delta(q = x labels) prod factor[labels]``: a label on both
    sides is a unit tensor. For inv: ``Term(-1, [(Y, "ia"), (Y, "bj")], "ij", "ab")``.
    """

    coefficient: Any
    factors: Sequence[tuple[Any, Sequence]]
    y: Sequence
    x: Sequence


@dataclass(frozen=True, eq=False)
class Zero:
    """Zero almost everywhere, with the reason."""

    reason: str


@dataclass(frozen=True, eq=False)
class Unknown:
    """A partial that is not known, with the reason; an operand of integers needs none."""

    reason: str
    operand: int = 0

    def __call__(self, *xs: Any) -> Any:
        if is_float(xs[self.operand].dtype):
            raise GradientError(self.reason)
        return 0


@dataclass(frozen=True, eq=False)
class Partials:
    """Elementwise: one expression per operand, each a function of all operands (or `Zero`, or `Unknown`)."""

    of: tuple[Callable[..., Any] | Zero, ...]


@dataclass(frozen=True, eq=False)
class Networks:
    """``terms(k, y, xs, params)``: dy/dx_k as a list of `Term`; for a projection of several results, y is the tuple
    of all of them and `result` says which one is differentiated."""

    terms: Callable[..., Iterable[Term]]


@dataclass(frozen=True, eq=False)
class Linear:
    """Linear in the operands `wrt`. ``apply(xs, params, lead)`` is the op on tensors with `lead` further axes in
    front; ``transpose(k, ct, xs, params, lead)`` takes a cotangent back to operand k."""

    apply: Callable[..., Any]
    transpose: Callable[..., Any]
    wrt: tuple[int, ...] | None = None


@dataclass(frozen=True, eq=False)
class Action:
    """dy/dx_k as a linear map known by what it does, where a network would be larger than the map's work (expm).
    ``apply(k, t, y, xs, params, lead)`` takes a tangent of operand k with `lead` further axes in front to that of y,
    ``transpose(k, ct, y, xs, params, lead)`` a cotangent of y back."""

    apply: Callable[..., Any]
    transpose: Callable[..., Any]


@dataclass(frozen=True, eq=False)
class Custom:
    """The escape: ``vjp(ct, y, *xs)`` gives a tuple with one entry per operand (None: no flow), and
    ``jvp(tangents, y, *xs)`` the tangent of y. Either may be missing; it is then derived from the other by
    transposition."""

    vjp: Callable[..., Any] | None = None
    jvp: Callable[..., Any] | None = None


Derivative = Partials | Networks | Linear | Action | Zero | Custom | None


# --- the record ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Op:
    """One kind of operation. Records are compared by identity and called like functions.

    name        array-API name, else scipy.special's
    arity       number of operands, None for any
    infer       ``(params, shapes, dtypes) -> (shape, dtype)``; raises ShapeError
    evaluate    the meaning: ``(*arrays, *params) -> array``, a callable or a lazy ``"module:function"``
    derivative  one of the forms above; None means that no rule is known
    domain      ``(*xs) -> boolean expression``: where the op is defined
    kink        ``(*xs) -> expression`` whose zeros are the points without a derivative
    samples     one interval per operand, inside the domain and off the kinks
    normalise   ``(*args, **kwargs) -> (operands, params)`` for ops that take parameters
    valid       ``(params, shapes) -> bool``: these are parameters that it can have; None means that it has none
    bounds      ``(params, shapes, constants) -> [(low, high, size)]``: what must be ``0 <= low <= high <= size`` when
                named sizes are known; the constants are the operands' values, None where they vary

    Facets: what else is known of it, each proved numerically by the test that walks the registry. Those of functions
    of one variable speak of the last operand.

    parity       "even": f(-x) = f(x), "odd": f(-x) = -f(x)
    limits       the values at -inf, 0 and inf; None where there is none
    image        the interval of its finite values, "(0, inf)" or "[-1, 1]"
    integral     its values are whole numbers
    finite       its values are finite wherever its operands are
    monotone     "increasing", "strictly increasing", "decreasing", "strictly decreasing" on its domain
    inverse      the name of a left inverse: inverse(f(x)) = x on its domain
    complement   (name, c): f(x) + g(x) = c
    pieces       ((c, k), (c, k)): c times operand k, or c where k is None, above and below its kink: x or x - y
    commutes     f(x, y) = f(y, x)
    transposes   f(X.T) = f(X).T
    order_sign   s of a function of an integer order: f(-n, x) = s**n * f(n, x)
    facts        ``(graph, node, facts of the operands) -> facts`` beside those that follow from the other facets
    rows         ``(params, shapes, k, axis) -> axis of the result``: row i of the result along it needs, of operand k,
                 row i along `axis` alone; None where it mixes that axis
    adds         ``(params, shapes, k, axis) -> bool``: operands cut along this axis of operand k, and others like it,
                 give summands of the result
    axes         "over": params[0] are the axes that it reduces; "along": the axis on which it works
    fold         (name, neutral): a reduction by that function of two numbers, from that number
    running      entry i along params[0] depends on the entries up to i
    moves        "reads": each entry of the result is one of the first operand's; "places": each of an operand's goes to
                 at most one place, elsewhere is 0; "adds": each has its place, where several may meet
    boolean      its values are truth values
    symmetrises  it reads (X + X.T)/2 of its operand
    reach        how far the library is asked, an interval or the largest magnitude per operand: beyond, where its loops
                 do not end or its arrays are too short, the value is nan
    negation     the name of the op whose truth is the opposite
    symbol       the operator by which texts write it: "<", "&"
    latex        its symbol in LaTeX, # for its first operand, an order
    names        {library: name} where it is not the record's own (numpy, scipy, sympy, jax, torch, libm), "sici[1]" for
                 one of several results, "" where the library has none, or ``(library, *operands, *params) -> value``
    composition  ``(*operands, *params) -> expression`` of simpler ops, for targets that lack it
    textbook     the same as formulas show it, where they show that instead of the name
    sparse       ``(values, params) -> value`` where some operands are matrices of scipy.sparse, None where there is no
                 better way than their arrays; a callable or a lazy ``"module:function"``
    """

    name: str
    arity: int | None
    infer: Callable[..., tuple[Shape, str]]
    evaluate: Any
    derivative: Derivative = None
    domain: Callable[..., Any] | None = None
    kink: Callable[..., Any] | None = None
    samples: tuple[tuple[float, float], ...] = ((-2.0, 2.0),)
    normalise: Callable[..., tuple[Sequence[Any], tuple]] | None = None
    bounds: Callable[..., Sequence[tuple[Size, Size, Size]]] | None = None
    doc: str = ""
    aliases: tuple[str, ...] = ()
    elementwise: bool = False
    fast: bool = False  # scalars of float64 give a scalar of float64
    results: tuple[str, ...] = ()  # names of the results of an op that has several
    result_facts: Mapping[int, tuple[str, ...]] = field(default_factory=dict)  # of each of them
    valid: Callable[[tuple, Sequence[Shape]], bool] | None = None
    sized: bool = False  # every text in the parameters is a size
    views: bool = False  # its value may share memory with its operand
    special: int = 0  # sums and products look inside it when it has fewer operands than so many
    plain: tuple = ()  # the parameters that most of its nodes have
    foreign: bool = False  # a user's: what libraries have by its name is something else
    parity: str = ""
    limits: tuple[float | None, float | None, float | None] = (None, None, None)
    image: str = "(-inf, inf)"
    integral: bool = False
    finite: bool = False
    monotone: str = ""
    inverse: str = ""
    complement: tuple[str, float] | None = None
    pieces: tuple[tuple[int, int | None], tuple[int, int | None]] | None = None
    commutes: bool = False
    transposes: bool = False
    order_sign: int = 0
    facts: Callable[..., Iterable[str]] | None = None
    rows: Callable[..., int | None] | None = None
    adds: Callable[..., bool] | None = None
    axes: str = ""
    fold: tuple[str, float] | None = None
    running: bool = False
    moves: str = ""
    boolean: bool = False
    symmetrises: bool = False
    reach: tuple[float | tuple[float, float], ...] = ()
    negation: str = ""
    symbol: str = ""
    latex: str = ""
    names: Mapping[str, Any] = field(default_factory=dict)
    composition: Callable[..., Any] | None = None
    textbook: Callable[..., Any] | None = None
    sparse: Any = None

    def __repr__(self) -> str:
        return f"<op {self.name}>"

    @property
    def __name__(self) -> str:
        return self.name

    @property
    def signature(self) -> Signature:
        """The parameters of a call."""
        if self.normalise is not None:
            return signature(self.normalise).replace(return_annotation=Signature.empty)
        if self.arity is None:
            return Signature([Parameter("xs", Parameter.VAR_POSITIONAL)])
        return Signature([Parameter(name, Parameter.POSITIONAL_ONLY) for name in self._operand_names()])

    def _operand_names(self) -> Sequence[str]:
        """The names that a partial or the meaning gives to the operands."""
        partials = self.derivative.of if isinstance(self.derivative, Partials) else ()
        for f in (*partials, self.evaluate):
            parameters = signature(f).parameters.values() if isinstance(f, FunctionType) else ()
            names = [p.name for p in parameters if p.kind is not Parameter.VAR_POSITIONAL]
            if len(names) == len(parameters) == self.arity:
                return names
        arity = self.arity or 0
        return [f"x{k}" for k in range(arity)] if arity > 4 else "xyzw"[:arity]

    def __reduce__(self):
        return op_named, (self.name,)

    def __deepcopy__(self, memo: dict) -> "Op":
        return self

    def meaning(self) -> Callable[..., Any]:
        """The numpy function this op stands for."""
        f = resolve(self.evaluate)
        return within_reach(f, self.reach) if self.reach else f

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self.fast and len(args) == 1 == self.arity and not kwargs and isinstance(args[0], Operand):
            stable = STABLE[self](args[0]) if self in STABLE else None
            return args[0].unary(self) if stable is None else stable
        try:
            if self.normalise is not None:
                operands, params = self.normalise(*args, **kwargs)
            else:
                if kwargs:
                    raise GraphError(f"{self.name}() takes no keyword arguments ({', '.join(kwargs)})")
                operands, params = args, ()
            if self.arity is not None and len(operands) != self.arity:
                raise GraphError(f"{self.name}() takes {self.arity} operand(s), {len(operands)} given")
            for operand in operands:
                if isinstance(operand, Operand):
                    return operand.apply(self, operands, params)
            numbers = [float(x) if isinstance(x, Fraction) else np.asarray(x) for x in operands]
            return self.meaning()(*numbers, *params)
        except FOREIGN as error:
            refuse(self.name, self.signature, args, kwargs, error)
            raise


def intervals(reach: tuple) -> list[tuple[float, float]]:
    """The interval of each operand."""
    return [r if isinstance(r, tuple) else (-r, r) for r in reach]


@cache
def within_reach(f: Callable[..., Any], reach: tuple) -> Callable[..., Any]:
    """f where the operands are no larger than that, else nan."""

    def values(*xs: Any) -> Any:
        near = [(low <= np.asarray(x)) & (x <= high) for x, (low, high) in zip(xs, intervals(reach), strict=True)]
        inside = np.logical_and.reduce(np.broadcast_arrays(*near))
        if inside.all():
            return f(*xs)
        return np.where(inside, f(*[np.where(inside, x, 1) for x in xs]), np.nan)

    return values


class _Signature:
    """``inspect.signature(sd.softmax)``; the class itself has none of its own."""

    def __get__(self, op: Op | None, cls: type) -> Signature:
        if op is None:
            raise AttributeError("__signature__")
        return op.signature


class _Description:
    """The documentation of the class, and of each op its own: ``help(sd.softmax)``."""

    def __init__(self, record: str):
        self.record = record

    def __get__(self, op: Op | None, cls: type) -> str:
        if op is None:
            return self.record
        names = [name for name, stands_for in CANONICAL.items() if stands_for == op.name != name]
        also = f"\nAlso called {', '.join(names)}." if names else ""
        return f"{op.name}{shown_signature(op.signature)}\n\n{op.doc}{also}"


Op.__signature__ = _Signature()  # type: ignore[attr-defined]
Op.__doc__ = _Description(Op.__doc__)  # type: ignore[assignment, arg-type]


FOREIGN = (TypeError, ValueError, LookupError, AttributeError, ArithmeticError, RecursionError)


def refuse(name: str, parameters: Signature, args: Sequence[Any], kwargs: Mapping[str, Any], error: Exception) -> None:
    """Our error, which is also of the foreign one's kind, in place of the foreign one."""
    if isinstance(error, SymdiffError):
        return
    if isinstance(error, TypeError):
        check_call(name, parameters, args, kwargs)
    kind = MatrixError if isinstance(error, np.linalg.LinAlgError) else ArgumentError
    raise kind(f"{name}: {error or type(error).__name__}") from error


def public(name: str, f: Callable[..., Any]) -> Callable[..., Any]:
    """A function as users call it: its foreign errors are replaced."""
    if f.__module__ == "symdiff":  # it is one already
        return f

    @wraps(f)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return f(*args, **kwargs)
        except FOREIGN as error:
            refuse(name, signature(f), args, kwargs, error)
            raise

    call.__module__, call.__qualname__ = "symdiff", name  # where pickle finds it
    return call


def check_call(name: str, parameters: Signature, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
    """GraphError where a function does not take these arguments."""
    try:
        parameters.bind(*args, **kwargs)
    except TypeError as error:
        raise GraphError(f"{name}(): {error}; it is {name}{shown_signature(parameters)}") from None


def shown_signature(parameters: Signature) -> str:
    """The parameters of a function as a user writes them: ``(x, axis=-1)``."""
    names = [
        ("*" if p.kind is Parameter.VAR_POSITIONAL else "") + p.name
        + ("" if p.default is Parameter.empty else f"={p.default!r}")
        for p in parameters.parameters.values() if p.name != "graph"
    ]  # fmt: skip
    return f"({', '.join(names)})"


# --- registries ------------------------------------------------------------------------------------------------

OPS: dict[str, Op] = {}  # every record by its name
FUNCTIONS: dict[str, Callable[..., Any]] = {}  # every public function by name and alias: what parse and `sd.` offer
CANONICAL: dict[str, str] = {}  # alias -> the name it stands for
SYMBOLS: dict[str, Op] = {}  # the operators of comparisons and logic
STABLE: dict[Op, Callable[[Any], Any]] = {}  # op -> a stabler spelling of it at this operand, or None: log(1 + exp(x))
METHODS: dict[str, Callable[..., Any]] = {}  # what upper floors provide to methods of Graph and Expr
PROVIDERS = {  # the modules that provide them, loaded when first asked
    "build_grad": "symdiff.calculus", "diff": "symdiff.calculus", "simplify": "symdiff.rebuild",
    "text": "symdiff.write.text", "bounded_text": "symdiff.write.text", "reread": "symdiff.rebuild",
    "latex": "symdiff.write.latex", "repr_latex": "symdiff.write.latex", "index_notation": "symdiff.write.latex",
    "to_python": "symdiff.write.python", "to_sympy": "symdiff.write.sympy", "repr_svg": "symdiff.write.picture",
    "from_sympy": "symdiff.read.sympy", "sympy_refused": "symdiff.read.sympy", "array_refused": "symdiff.read.remedies",
    "scipy_products": "symdiff.read.products", "of_scipy": "symdiff.ops.numpy_types",
    "complex": "symdiff.read.redirected", "attribute_refused": "symdiff.read.remedies",
    "function_refused": "symdiff.read.remedies",
    "truth": "symdiff.read.points", "whole": "symdiff.read.points", "mask": "symdiff.read.points",
    "assigned": "symdiff.read.in_place", "structure": "symdiff.solvers.structured", "run": "symdiff.backends",
    "elsewhere": "symdiff.engines", "here": "symdiff.engines",
}  # fmt: skip


def provided(name: str) -> Callable[..., Any]:
    """The function behind a method of Graph or Expr."""
    if name not in METHODS:
        module(PROVIDERS[name])
    return METHODS[name]


def method(name: str) -> Callable[[Callable], Callable]:
    """Decorator: provide the function behind a method of Graph or Expr."""

    def enter(f: Callable[..., Any]) -> Callable[..., Any]:
        METHODS[name] = f
        return f

    return enter


def register(op: Op, public: bool = True) -> Op:
    """Enter a record. Names are taken once."""
    if op.name in OPS:
        raise ValueError(f"an op named {op.name!r} is already registered")
    OPS[op.name] = op
    if op.symbol:
        SYMBOLS[op.symbol] = op
    if public:
        expose(op.name, op, op.aliases)
    return op


def expose(name: str, function: Callable[..., Any], aliases: Iterable[str] = (), checked: bool = True) -> None:
    """Make a function public under its name and aliases: a `checked` one has its foreign errors replaced."""
    function = public(name, function) if checked and isinstance(function, FunctionType) else function
    for key in (name, *aliases):
        if key in FUNCTIONS:
            raise ValueError(f"the name {key!r} is already taken")
        FUNCTIONS[key] = function
        CANONICAL[key] = name


def function(name: str, aliases: Sequence[str] = ()) -> Callable[[Callable], Callable]:
    """Decorator: a public function that is composed of ops."""

    def enter(f: Callable[..., Any]) -> Callable[..., Any]:
        expose(name, f, aliases)
        return f

    return enter


def op_named(name: str) -> Op:
    try:
        return OPS[name]
    except KeyError:
        raise GradientError(f"unknown op {name!r}: register it before loading graphs that use it") from None


# --- dtypes ----------------------------------------------------------------------------------------------------
# 'int' and 'float' are the weak types of Python numbers (NEP 50): they follow the other operand.

_RANK = {"bool": 0, "int": 1, "int32": 2, "int64": 3, "float": 4, "float32": 5, "float64": 6}
_PROMOTED: dict[tuple[str, str], str] = {}


def promote(a: str, b: str) -> str:
    """
    >>> promote("float32", "float"), promote("int64", "float32"), promote("bool", "int")
    ('float32', 'float64', 'int64')
    """
    if a == b:
        return a
    key = (a, b)
    if key not in _PROMOTED:
        low, high = sorted(key, key=_RANK.__getitem__)
        if low in ("int32", "int64") and high in ("float32", "float"):
            high = "float64"
        if low == "bool":
            high = {"int": "int64", "float": "float64"}.get(high, high)
        _PROMOTED[key] = high
    return _PROMOTED[key]


_STRONG_FIRST = {d: k for k, d in enumerate(("bool", "int32", "int64", "float32", "float64", "int", "float"))}


def promoted(dtypes: Iterable[str]) -> str:
    """
    >>> promoted(["bool", "int", "float32"]), promoted(["bool", "int"]), promoted(["int", "float"])
    ('float32', 'int64', 'float')
    """
    kinds = set(dtypes)
    if len(kinds) == 1:
        return kinds.pop()
    return reduce(promote, sorted(kinds, key=_STRONG_FIRST.__getitem__)) if kinds else "bool"


def inexact(dtype: str) -> str:
    """The floating type in which a function of this type is computed."""
    return {"bool": "float64", "int": "float", "int32": "float64", "int64": "float64"}.get(dtype, dtype)


def is_float(dtype: str) -> bool:
    return dtype.startswith("float")


# --- families --------------------------------------------------------------------------------------------------


def _infer_float(name: str) -> Callable[..., tuple[Shape, str]]:
    def infer(params: tuple, operands: Sequence[Shape], dtypes: Sequence[str]) -> tuple[Shape, str]:
        dtype = promoted(dtypes)
        if dtype == "bool":
            raise GraphError(f"{name}: a boolean operand is no number; sd.astype(x, 'float64') makes it one")
        return shapes.broadcast(*operands, op=name), inexact(dtype)

    return infer


def _infer_same(name: str, numbers: bool = False) -> Callable[..., tuple[Shape, str]]:
    def infer(params: tuple, operands: Sequence[Shape], dtypes: Sequence[str]) -> tuple[Shape, str]:
        if numbers and promoted(dtypes) == "bool":
            raise GraphError(f"{name}: a boolean operand is no number; sd.astype(x, 'float64') makes it one")
        return shapes.broadcast(*operands, op=name), promoted(dtypes)

    return infer


def _infer_bool(name: str) -> Callable[..., tuple[Shape, str]]:
    def infer(params: tuple, operands: Sequence[Shape], dtypes: Sequence[str]) -> tuple[Shape, str]:
        return shapes.broadcast(*operands, op=name), "bool"

    return infer


_INFER: dict[str, Callable[[str], Callable[..., tuple[Shape, str]]]] = {
    "float": _infer_float, "same": _infer_same, "number": partial(_infer_same, numbers=True), "bool": _infer_bool,
}  # fmt: skip


def elementwise(
    name: str,
    evaluate: Any,
    *partials: Callable[..., Any] | Zero,
    result: str = "float",
    samples: Sequence[tuple[float, float]] | tuple[float, float] = (-2.0, 2.0),
    arity: int | None = None,
    public: bool = True,
    infer: Callable[..., tuple[Shape, str]] | None = None,
    **fields: Any,
) -> Op:
    """Register an elementwise op: shapes broadcast; one partial per operand, or one `Zero`.

    result: "float" (integers are promoted), "same" (keeps the type), "number" (of numbers alone), "bool".
    """
    derivative: Derivative
    if len(partials) == 1 and isinstance(partials[0], Zero):
        derivative = partials[0]
        arity = arity or 1
    else:
        derivative = Partials(tuple(partials)) if partials else None  # type: ignore[arg-type]
        arity = arity or len(partials)
    if isinstance(samples[0], (int, float)):
        samples = (samples,) * arity  # type: ignore[assignment]
    return register(
        Op(
            name, arity, infer or _INFER[result](name), evaluate, derivative,
            samples=tuple(samples),  # type: ignore[arg-type]
            elementwise=True, fast=result != "bool", boolean=result == "bool",
            **fields,
        ),
        public,
    )  # fmt: skip


def matrix_axes(name: str, shape: Shape, square: bool = False) -> Shape:
    """Check that an operand is a (stack of) matrices."""
    if len(shape) < 2:
        raise ShapeError(f"{name}: expected a matrix, got shape {shapes.text(shape)}")
    if square and shape[-1] != shape[-2]:
        raise ShapeError(f"{name}: expected a square matrix, got shape {shapes.text(shape)}")
    return shape
