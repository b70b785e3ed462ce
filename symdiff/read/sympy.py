"""`from_sympy`: a sympy expression -> nodes of a graph. One post-order walk with a table from sympy's
classes to ops.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from .. import shapes
from ..budget import within
from ..constants import Fraction
from ..errors import GraphError, InputError, SymdiffError
from ..expr import Expr
from ..graph import Graph
from ..lazy import module
from ..op import CANONICAL, FUNCTIONS, method, provided
from ..ops.quadrature import integration_variable
from .names import similar

MAX_POWER = 64  # of a matrix


@method("from_sympy")
def from_sympy(expr: Any, graph: Graph | None = None, assume: Mapping[str, Any] | None = None) -> Any:
    """The expression of the same meaning as a sympy expression or matrix (or a list, tuple or dict of them).

    Symbols become scalar variables with their assumptions (positive, nonnegative, nonzero), MatrixSymbols
    matrices, a column keeps its shape (n, 1); symbols in dimensions become sizes. Rationals stay exact. All
    symbols are real. Functions of matrices are matrix functions, as in sympy (``exp(X)`` is `expm`);
    `applyfunc` is elementwise.

    assume  further assumptions by name: ``{"A": "symmetric"}``

    An Integral has a lower and an upper bound, which may be infinite or symbols. Raises InputError that names the class
    for what has no counterpart (undefined functions, I).

    >>> import sympy, symdiff as sd
    >>> x, y = sympy.symbols("x y")
    >>> f = from_sympy(sympy.sin(x)**2/y)
    >>> f.variables
    ('x', 'y')
    """
    if graph is not None and not isinstance(graph, Graph):
        raise InputError(f"from_sympy: graph= expects a symdiff Graph, got {type(graph).__name__}")
    g = Graph() if graph is None else graph
    with g.transaction():
        if isinstance(expr, (list, tuple)):
            roots = [_basic(e) for e in expr]
            return type(expr)(_Reader(g, roots, assume).read(e) for e in roots)
        if isinstance(expr, Mapping):
            roots = [_basic(e) for e in expr.values()]
            return dict(zip(expr, [_Reader(g, roots, assume).read(e) for e in roots], strict=True))
        root = _basic(expr)
        return _Reader(g, [root], assume).read(root)


@method("sympy_refused")
def sympy_refused(e: Expr) -> Exception:
    """The error where sympy asks for an expression of its own: sympy's, and this library's."""
    error = type("SympyError", (module("sympy").SympifyError, GraphError), {"__str__": Exception.__str__})
    return error(f"{e!r} is an expression of symdiff: e.to_sympy() gives sympy's")


def _basic(expr: Any) -> Any:
    sympy = module("sympy")
    if isinstance(expr, sympy.MatrixBase):
        return expr.as_immutable()
    if isinstance(expr, sympy.NDimArray):
        return sympy.ImmutableDenseNDimArray(expr)
    if isinstance(expr, sympy.Basic):
        return expr
    if isinstance(expr, (bool, int, float, Fraction)):
        return sympy.sympify(expr)
    hint = ": sd.parse reads texts" if isinstance(expr, str) else ""
    raise InputError(f"from_sympy: expected a sympy expression, got {type(expr).__name__}{hint}")


class _Reader:
    """One or several sympy expressions on their way into one graph."""

    def __init__(self, g: Graph, roots: Sequence[Any], assume: Mapping[str, Any] | None):
        self.graph, self.assume = g, dict(assume or {})
        self.values: dict[Any, Any] = {}
        self.symbols: dict[str, Any] = {}
        self.sizes: set[Any] = set()
        symbols = self.leaves(roots)
        names = {s.name for s in symbols}
        for name in self.assume:
            if name not in names:
                raise InputError(
                    f"assume: {str(name)[:60]!r} is no symbol of the expression{similar(str(name), names)}"
                )
        for symbol in sorted(symbols - self.sizes, key=lambda s: (s.name, str(s))):  # not in sympy's order of arguments
            self.read(symbol)

    def leaves(self, roots: Sequence[Any]) -> set[Any]:
        """The symbols of the expressions; those of the dimensions of matrices are noted as sizes."""
        found, seen, stack = set(), set(), list(roots)
        while stack:
            node = stack.pop()
            if node in seen:
                continue
            seen.add(node)
            name = type(node).__name__
            if name in ("MatrixSymbol", "Identity", "ZeroMatrix", "OneMatrix"):
                self.sizes.update(*(s.free_symbols for s in node.shape))
            if name == "MatrixSymbol" or getattr(node, "is_Symbol", False):
                found.add(node)
            if getattr(node, "bound_symbols", ()):  # of a sum, an integral, a Lambda: not its variables
                found.update(node.free_symbols)
            elif name != "MatrixSymbol":
                stack.extend(node.args)
        return found

    def read(self, root: Any, bound: Mapping[Any, Any] | None = None) -> Any:
        """The Expr of a node; `bound` gives the values of a Lambda's variables."""
        values = self.values if bound is None else dict(bound)
        stack = [(root, False)]
        while stack:
            node, ready = stack.pop()
            if node in values:
                continue
            build, children = self.plan(node)
            if not ready:
                stack.append((node, True))
                stack.extend((child, False) for child in reversed(children) if child not in values)
                continue
            try:
                values[node] = build(self, node, *[values[c] for c in children])
            except InputError:
                raise
            except SymdiffError as error:
                raise type(error)(f"{error}, in {_shown(node)}") from error
            except (TypeError, ValueError, NotImplementedError) as error:
                raise InputError(f"from_sympy: {_shown(node)}: {error}") from error
        value = values[root]
        return value if isinstance(value, Expr) else self.graph.constant(value)

    def plan(self, node: Any) -> tuple[Callable[..., Any], tuple]:
        """(builder, the children it needs) of a node, by its class."""
        for cls in type(node).__mro__:
            entry = _TABLE.get(cls.__name__)
            if entry is not None:
                children = entry[1](node) if entry[1] is not None else node.args
                return entry[0], tuple(children)
        name, is_function = type(node).__name__, getattr(node, "is_Function", False)
        if is_function and name in CANONICAL and name not in _OTHERS:
            return _function(name), node.args
        is_sympys = is_function and str(type(node).__module__).startswith("sympy.functions")
        closed = _closed_form(node) if is_sympys else None
        if closed is not None:
            return _first_value, (closed,)
        raise self.unknown(node)

    def unknown(self, node: Any) -> InputError:
        """The error for what has no counterpart."""
        name, is_function = type(node).__name__, getattr(node, "is_Function", False)
        hint = similar(name, FUNCTIONS) if is_function else ""
        what = f"the function {name!r}" if is_function else f"sympy's {name}"
        remedy = f"; sd.register_op({name!r}, ...) makes an op that is read for it" if is_function else ""
        return InputError(f"from_sympy: {what} has no counterpart{hint}: {_shown(node)}{remedy}")

    # --- leaves

    def symbol(self, node: Any) -> Any:
        g = self.graph
        if node in self.sizes:
            return g.size(self.size(node))
        if node.is_extended_real is False:
            raise InputError(f"from_sympy: the symbol {node.name!r} is not real; complex values are not supported")
        name = node.name if not hasattr(node, "dummy_index") else f"{node.name}_{node.dummy_index}"
        self.unique(name, node)
        facts = [fact for fact in ("positive", "nonnegative", "nonzero") if getattr(node, "is_" + fact)]
        facts = ["positive"] if "positive" in facts else facts
        if name in g._variables and name not in self.assume:
            return g.variable(name, ())
        return g.variable(name, (), assume=[*facts, *_listed(self.assume.get(name))])

    def matrix_symbol(self, node: Any) -> Any:
        g, name = self.graph, node.name
        self.unique(name, node)
        shape = tuple(self.size(s) for s in node.shape)
        facts = _listed(self.assume.get(name))
        if name in g._variables and g.shape(g._variables[name]) == shape[:1] and shape[1] == 1:
            return FUNCTIONS["expand_dims"](Expr(g, g._variables[name]), 1)
        return g.variable(name, shape, assume=facts)

    def unique(self, name: str, node: Any) -> None:
        if self.symbols.setdefault(name, node) != node:
            raise InputError(f"from_sympy: two different symbols are called {name!r}")

    def size(self, expr: Any) -> Any:
        """A dimension as a size."""
        sympy = module("sympy")
        total: Any = 0
        for term in sympy.Add.make_args(sympy.expand(expr)):
            product: Any = 1
            for factor in sympy.Mul.make_args(term):
                base, power = factor.as_base_exp()
                if base.is_Symbol and power.is_Integer and 0 < power < 10:
                    for _ in range(int(power)):
                        product = shapes.multiply(product, shapes.as_size(base.name))
                elif factor.is_Integer:
                    product = shapes.multiply(product, int(factor))
                else:
                    raise InputError(f"from_sympy: the dimension {_shown(expr)} is not a polynomial of named sizes")
            total = shapes.add(total, product)
        return total

    def lift(self, value: Any) -> Expr:
        return value if isinstance(value, Expr) else self.graph.constant(value)


def _listed(facts: Any) -> list[str]:
    return facts.split() if isinstance(facts, str) else list(facts or ())


def _shown(node: Any) -> str:
    """A node for messages; bounded, as printing a large one takes long."""
    count, stack = 0, [node]
    while stack and count < 50:
        count += 1
        stack.extend(getattr(stack.pop(), "args", ()))
    return str(node)[:120] if count < 50 else type(node).__name__ + "(...)"


# --- builders: (reader, node, *values of the children) -> Expr or number
# --------------------------------------------


def _call(name: str) -> Callable[..., Any]:
    """The op or function of ours with this name, on expressions."""
    return lambda r, node, *xs: FUNCTIONS[name](*map(r.lift, xs))


def _function(name: str) -> Callable[..., Any]:
    def build(r: _Reader, node: Any, *xs: Any) -> Any:
        if any(getattr(a, "is_Matrix", False) for a in node.args):
            other = f"{name}m"  # expm, sqrtm, ...
            if other not in FUNCTIONS:
                raise InputError(
                    f"from_sympy: {name} of a matrix has no counterpart; X.applyfunc({name}) is elementwise"
                )
            return FUNCTIONS[other](*xs)
        return FUNCTIONS[name](*map(r.lift, xs))

    return build


def _number(r: _Reader, node: Any) -> Any:
    if node.is_Integer:
        return int(node)
    if node.is_Rational:
        return Fraction(int(node.p), int(node.q))
    if node.is_real or node.is_infinite or node.is_Float:
        return float(node)
    raise InputError(f"from_sympy: {node} is no real number; complex values are not supported")


def _add(r: _Reader, node: Any, *xs: Any) -> Any:
    return FUNCTIONS["add"](*map(r.lift, xs))


def _product(r: _Reader, node: Any, *xs: Any) -> Any:
    result = r.lift(xs[0])
    for x in xs[1:]:
        result = FUNCTIONS["multiply"](result, r.lift(x))
    return result


def _power(r: _Reader, node: Any, base: Any, power: Any) -> Any:
    if getattr(node.base, "is_Matrix", False):
        return _matrix_power(r, node, base, power)
    base = r.lift(base)
    if not isinstance(power, Expr) and power == -1:
        return FUNCTIONS["divide"](1, base)
    if isinstance(power, Fraction) and abs(power) == Fraction(1, 2):
        root = FUNCTIONS["sqrt"](base)
        return root if power > 0 else FUNCTIONS["divide"](1, root)
    return FUNCTIONS["pow"](base, power)


def _matrix_power(r: _Reader, node: Any, base: Any, power: Any) -> Any:
    if not isinstance(power, int) or abs(power) > MAX_POWER:
        raise InputError(f"from_sympy: a matrix power needs an integer of at most {MAX_POWER}: {_shown(node)}")
    if power == 0:
        return FUNCTIONS["eye"](base.shape[0], graph=r.graph)
    base = FUNCTIONS["inv"](base) if power < 0 else base
    result = base
    for _ in range(abs(power) - 1):
        result = FUNCTIONS["matmul"](result, base)
    return result


def _matrix_product(r: _Reader, node: Any, *xs: Any) -> Any:
    scalars = [x for a, x in zip(node.args, xs, strict=True) if not a.is_Matrix]
    matrices = [x for a, x in zip(node.args, xs, strict=True) if a.is_Matrix]
    result = matrices[0]
    for x in matrices[1:]:
        result = FUNCTIONS["matmul"](result, x)
    return _product(r, node, *scalars, result)


def _condition(r: _Reader, node: Any, *xs: Any) -> Any:
    return tuple(xs)


def _piecewise(r: _Reader, node: Any, *pairs: Any) -> Any:
    made = [
        (r.lift(value), condition if isinstance(condition, bool) else r.lift(condition)) for value, condition in pairs
    ]
    return FUNCTIONS["piecewise"](*made)


def _choice(r: _Reader, node: Any, condition: Any, a: Any, b: Any) -> Any:
    return FUNCTIONS["where"](r.lift(condition), r.lift(a), r.lift(b))


def _nary(name: str) -> Callable[..., Any]:
    def build(r: _Reader, node: Any, *xs: Any) -> Any:
        result = r.lift(xs[0])
        for x in xs[1:]:
            result = FUNCTIONS[name](result, r.lift(x))
        return result

    return build


def _derivative(r: _Reader, node: Any, f: Any, *variables: Any) -> Any:
    for (symbol, count), x in zip(node.variable_count, variables, strict=True):
        if not symbol.is_Symbol or not count.is_Integer:
            raise InputError(f"from_sympy: a derivative by {_shown(symbol)} has no counterpart")
        f = provided("diff")(r.lift(f), r.lift(x), int(count))
    return f


def _element(r: _Reader, node: Any, matrix: Any) -> Any:
    return matrix[r.size(node.args[1]), r.size(node.args[2])]


def _matrix_slice(r: _Reader, node: Any, matrix: Any) -> Any:
    index = []
    for start, stop, step in (node.rowslice, node.colslice):
        first, last = (None if b is None else r.size(module("sympy").sympify(b)) for b in (start, stop))
        index.append(slice(first, last, int(step)))
    return matrix[tuple(index)]


def _applied(r: _Reader, node: Any, matrix: Any) -> Any:
    function = node.function
    (variable,) = function.variables
    return FUNCTIONS["broadcast_to"](r.read(function.expr, {variable: matrix}), matrix.shape)


def _explicit(r: _Reader, node: Any, *entries: Any) -> Any:
    rows, columns = map(int, node.shape)
    if not rows or not columns:
        raise InputError(f"from_sympy: an empty matrix of shape ({rows}, {columns})")
    return FUNCTIONS["reshape"](FUNCTIONS["stack"](list(map(r.lift, entries))), (rows, columns))


def _array(r: _Reader, node: Any, *entries: Any) -> Any:
    if not entries:
        raise InputError("from_sympy: an empty array")
    return FUNCTIONS["reshape"](FUNCTIONS["stack"](list(map(r.lift, entries))), tuple(map(int, node.shape)))


def _blocks(r: _Reader, node: Any, *blocks: Any) -> Any:
    rows, columns = node.blockshape
    return FUNCTIONS["block"]([list(blocks[k * columns : (k + 1) * columns]) for k in range(rows)])


def _full(value: int) -> Callable[..., Any]:
    name = "ones" if value else "zeros"
    return lambda r, node: FUNCTIONS[name](tuple(r.size(s) for s in node.shape), graph=r.graph)


def _vector_diagonal(r: _Reader, node: Any, x: Any) -> Any:
    return FUNCTIONS["diag"](x[:, 0] if x.shape[1:] == (1,) else x)


def _beta(r: _Reader, a: Any, b: Any, x: Any, y: Any) -> Any:
    """The regularised incomplete beta function between two bounds."""
    a, b, x, y = map(r.lift, (a, b, x, y))
    return FUNCTIONS["betainc"](a, b, y) - FUNCTIONS["betainc"](a, b, x)


def _hypergeometric(r: _Reader, node: Any, *xs: Any) -> Any:
    """The three of which scipy has values."""
    name = f"hyp{len(node.ap)}f{len(node.bq)}"
    if name not in FUNCTIONS:
        raise InputError(f"from_sympy: hyper with {len(node.ap)} and {len(node.bq)} parameters has no counterpart")
    return FUNCTIONS[name](*map(r.lift, xs))


def _leaf(node: Any) -> tuple:
    return ()


def _first(node: Any) -> tuple:
    return node.args[:1]


# class name (or a base class's) -> (builder, the children it needs; None for all arguments)
_TABLE: dict[str, tuple[Callable[..., Any], Callable[[Any], Sequence] | None]] = {
    "Symbol": (lambda r, node: r.symbol(node), _leaf),
    "MatrixSymbol": (lambda r, node: r.matrix_symbol(node), _leaf),
    "Number": (_number, _leaf), "NumberSymbol": (_number, _leaf), "ImaginaryUnit": (_number, _leaf),
    "ComplexInfinity": (_number, _leaf), "NaN": (lambda r, node: float("nan"), _leaf),
    "BooleanTrue": (lambda r, node: True, _leaf),
    "BooleanFalse": (lambda r, node: False, _leaf),
    "Add": (_add, None), "Mul": (_product, None), "Pow": (_power, None),
    # functions whose names mean something else here
    "sinc": (lambda r, node, x: FUNCTIONS["sinc"](r.lift(x) / CONSTANT_PI), None),
    "polygamma": (lambda r, node, n, x: _polygamma(r, n, x), None),
    "frac": (lambda r, node, x: x - FUNCTIONS["floor"](x), None),
    "expint": (_call("expn"), None), "zeta": (_call("zeta"), None),
    "lowergamma": (lambda r, node, a, x: _incomplete(r.lift(a), r.lift(x), "gammainc"), None),
    "uppergamma": (lambda r, node, a, x: _incomplete(r.lift(a), r.lift(x), "gammaincc"), None),
    "Sum": (lambda r, node: _over_range(r, node, "add"), _leaf),
    "Product": (lambda r, node: _over_range(r, node, "multiply"), _leaf),
    "Subs": (lambda r, node: _substituted(r, node), _leaf), "Poly": (lambda r, node: r.read(node.as_expr()), _leaf),
    "besselj": (lambda r, node, n, x: _order(r, n, x, "jv"), None),
    "bessely": (lambda r, node, n, x: _order(r, n, x, "yv"), None),
    "besseli": (lambda r, node, n, x: _order(r, n, x, "iv"), None),
    "besselk": (lambda r, node, n, x: _order(r, n, x, "kv"), None),
    "jn": (lambda r, node, n, x: FUNCTIONS["spherical_jn"](n, r.lift(x)), None),
    "yn": (lambda r, node, n, x: FUNCTIONS["spherical_yn"](n, r.lift(x)), None),
    "betainc": (lambda r, node, a, b, x, y: _beta(r, a, b, x, y) * FUNCTIONS["beta"](*map(r.lift, (a, b))), None),
    "betainc_regularized": (lambda r, node, *xs: _beta(r, *xs), None),
    "elliptic_e": (lambda r, node, *xs: FUNCTIONS["ellipe" if len(xs) == 1 else "ellipeinc"](*map(r.lift, xs)), None),
    "elliptic_pi": (lambda r, node, *xs: _elliptic_pi(*map(r.lift, xs)), None),
    "hyper": (lambda r, node, *xs: _hypergeometric(r, node, *xs), lambda node: (*node.ap, *node.bq, node.argument)),
    "DiracDelta": (lambda r, node, x, k=0: FUNCTIONS["dirac_delta"](k, r.lift(x)), None),
    "Integral": (lambda r, node: _integral(r, node), _leaf), "polylog": (_call("polylog"), None),
    "KroneckerDelta": (
        lambda r, node, i, j: FUNCTIONS["where"](FUNCTIONS["equal"](r.lift(i), r.lift(j)), 1, 0),
        lambda node: node.args[:2],
    ),
    "li": (lambda r, node, x: FUNCTIONS["expi"](FUNCTIONS["log"](r.lift(x))), None),
    "erf2": (lambda r, node, a, b: FUNCTIONS["erf"](r.lift(b)) - FUNCTIONS["erf"](r.lift(a)), None),
    "binomial": (_call("binom"), None), "RisingFactorial": (_call("poch"), None),
    "FallingFactorial": (_call("FallingFactorial"), None),
    "LambertW": (lambda r, node, x, *k: _lambert(r, node, x, *k), None),
    "Heaviside": (lambda r, node, x, *h: FUNCTIONS["heaviside"](r.lift(x), *h), None),
    "arg": (lambda r, node, x: FUNCTIONS["where"](FUNCTIONS["less"](r.lift(x), 0), CONSTANT_PI, 0), None),
    "Rem": (_call("fmod"), None), "marcumq": (lambda r, node, m, a, b: _marcum(*map(r.lift, (m, a, b))), None),
    "assoc_legendre": (lambda r, node, n, m, x: FUNCTIONS["lpmv"](m, n, r.lift(x)), None),
    "erf2inv": (lambda r, node, x, y: FUNCTIONS["erfinv"](FUNCTIONS["erf"](r.lift(x)) + y), None),
    "SingularityFunction": (lambda r, node, x, a, n: _singularity(r.lift(x) - a, n), None),
    "re": (lambda r, node, x: x, None), "im": (lambda r, node, x: 0 * r.lift(x), None),
    "conjugate": (lambda r, node, x: x, None),
    # choices
    "ExprCondPair": (_condition, None), "Piecewise": (_piecewise, None), "ITE": (_choice, None),
    "Min": (_nary("minimum"), None), "Max": (_nary("maximum"), None),
    "Equality": (_call("equal"), None), "Unequality": (_call("not_equal"), None),
    "StrictLessThan": (_call("less"), None), "LessThan": (_call("less_equal"), None),
    "StrictGreaterThan": (_call("greater"), None), "GreaterThan": (_call("greater_equal"), None),
    "And": (_nary("logical_and"), None), "Or": (_nary("logical_or"), None),
    "Xor": (_nary("logical_xor"), None),
    "Not": (_call("logical_not"), None),
    "Derivative": (_derivative, lambda node: (node.expr, *(x for x, _ in node.variable_count))),
    # matrices
    "MatMul": (_matrix_product, None), "MatAdd": (_add, None), "MatPow": (_matrix_power, None),
    "HadamardProduct": (_product, None),
    "HadamardPower": (lambda r, node, x, p: FUNCTIONS["pow"](r.lift(x), p), None),
    "Transpose": (lambda r, node, x: x.T, None), "Adjoint": (lambda r, node, x: x.T, None),
    "Inverse": (_call("inv"), _first), "Determinant": (_call("det"), None), "Trace": (_call("trace"), None),
    "KroneckerProduct": (_nary("kron"), None),
    "Identity": (lambda r, node: FUNCTIONS["eye"](r.size(node.shape[0]), graph=r.graph), _leaf),
    "ZeroMatrix": (_full(0), _leaf), "OneMatrix": (_full(1), _leaf),
    "MatrixElement": (_element, _first), "MatrixSlice": (_matrix_slice, _first),
    "ElementwiseApplyFunction": (_applied, lambda node: (node.expr,)),
    "DiagMatrix": (_vector_diagonal, None),
    "DiagonalMatrix": (lambda r, node, x: FUNCTIONS["diag"](FUNCTIONS["diagonal"](x)), None),
    "DiagonalOf": (lambda r, node, x: FUNCTIONS["diagonal"](x)[:, None], None),
    "DotProduct": (lambda r, node, x, y: FUNCTIONS["vdot"](x.ravel(), y.ravel()), None),
    "BlockMatrix": (_blocks, lambda node: list(node.blocks)),
    "MatrixBase": (_explicit, lambda node: list(node)),
    "NDimArray": (_array, lambda node: [node[node._get_tuple_index(k)] for k in range(len(node))]),
}  # fmt: skip


_OTHERS = {"partition"}  # numpy's function of this name is another
CONSTANT_PI = 3.141592653589793


def _polygamma(r: _Reader, n: Any, x: Any) -> Any:
    if n == 0:
        return FUNCTIONS["digamma"](r.lift(x))
    return FUNCTIONS["polygamma"](n, r.lift(x))


def _order(r: _Reader, n: Any, x: Any, name: str) -> Any:
    """A Bessel function, by its own name at the orders 0 and 1."""
    return FUNCTIONS[f"{name[0]}{n}"](r.lift(x)) if n in (0, 1) else FUNCTIONS[name](r.lift(n), r.lift(x))


def _incomplete(a: Expr, x: Expr, name: str) -> Any:
    """sympy's incomplete gamma functions are not divided by gamma(a)."""
    return FUNCTIONS["gamma"](a) * FUNCTIONS[name](a, x)


def _marcum(m: Expr, a: Expr, b: Expr) -> Any:
    """Marcum's Q: a noncentral chi-squared tail."""
    return 1 - FUNCTIONS["chndtr"](b**2, 2 * m, a**2)


def _elliptic_pi(n: Expr, z: Expr, m: Any = None) -> Any:
    """The integral of the third kind: the complete one, or that up to z."""
    if m is None:
        return FUNCTIONS["elliptic_pi"](n, z)
    t = integration_variable(z.graph, "t")
    squared = FUNCTIONS["sin"](t) ** 2
    return FUNCTIONS["integral"](1 / ((1 - n * squared) * FUNCTIONS["sqrt"](1 - m * squared)), t, 0, z)


def _singularity(x: Expr, n: Any) -> Any:
    """Macaulay's bracket <x>^n; a delta and its derivatives below."""
    if not isinstance(n, int):
        raise InputError(f"from_sympy: the exponent of a SingularityFunction is a whole number, not {n}")
    if n < 0:
        return FUNCTIONS["dirac_delta"](-n - 1, x)
    return FUNCTIONS["where"](FUNCTIONS["less"](x, 0), 0, x**n)


def _over_range(r: _Reader, node: Any, combine: str) -> Any:
    """A sum or product over whole numbers, term by term."""
    term, *limits = node.args
    for index, low, high in limits:
        if not (low.is_Integer and high.is_Integer):
            raise InputError(f"from_sympy: {_shown(node)}: the bounds are numbers, or the sum is done first (doit)")
        numbers = range(int(low), int(high) + 1)
        within("nodes", len(numbers), "from_sympy")
        parts = [term.xreplace({index: module("sympy").Integer(k)}) for k in numbers]
        neutral = module("sympy").Integer(combine == "multiply")
        term = (
            (module("sympy").Add if combine == "add" else module("sympy").Mul)(*parts, evaluate=False)
            if parts
            else neutral
        )
    return r.read(term)


def _substituted(r: _Reader, node: Any) -> Any:
    """An expression with values in place of symbols: derivatives are taken before, at numbers by sympy."""
    done = node.doit() if all(v.is_number for v in node.point) else node
    if not done.has(module("sympy").Subs):
        return r.read(done)
    return r.read(node.expr, {s: r.read(v) for s, v in zip(node.variables, node.point, strict=True)})


def _integral(r: _Reader, node: Any) -> Any:
    """An integral between bounds; one of a Dirac delta is done first, by sympy."""
    if node.has(module("sympy").DiracDelta):
        done = node.doit()
        if done.has(module("sympy").Integral):
            raise InputError(f"from_sympy: {_shown(node)}: the integral of the Dirac delta is not known to sympy")
        return r.read(done)
    if any(len(limit) != 3 for limit in node.limits):
        raise InputError(f"from_sympy: {_shown(node)}: it needs a lower and an upper bound; or integrate first")
    bound: dict[Any, Any] = {}
    limits = []
    for symbol, a, b in reversed(node.limits):  # the innermost stands first
        low, high = r.read(a, bound), r.read(b, bound)
        bound = bound | {symbol: integration_variable(r.graph, symbol.name)}
        limits.append((bound[symbol], low, high))
    value = r.read(node.function, bound)
    for limit in reversed(limits):
        value = FUNCTIONS["integral"](value, *limit)
    return value


def _closed_form(node: Any) -> Any:
    """What sympy itself writes a function as, in functions that are read; None where it has nothing simpler."""
    sympy = module("sympy")
    ways = [sympy.expand_func, sympy.hyperexpand, sympy.simplify]
    targets = (sympy.gamma, sympy.polygamma, sympy.zeta, sympy.li, sympy.cos, sympy.Piecewise)
    ways[2:2] = [partial(_rewritten, target=t) for t in targets]
    for way in ways:
        found = way(node)
        if found != node and not found.has(type(node)):
            return found
    return None


def _rewritten(node: Any, target: Any) -> Any:
    return node.rewrite(target)


def _first_value(r: _Reader, node: Any, x: Any) -> Any:
    return x


def _lambert(r: _Reader, node: Any, x: Any, k: Any = 0) -> Any:
    if k not in (0, -1):
        raise InputError(f"from_sympy: {_shown(node)}: LambertW has the real branches 0 and -1")
    return FUNCTIONS["lambertw" if k == 0 else "lambertwm1"](r.lift(x))
