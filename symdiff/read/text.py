"""`parse`: text in numpy's syntax -> expression. Python's `ast` against a whitelist; nothing is ever
evaluated.

The tree is walked with a stack of its own, so no text is too deep for it; every error points at the position,
and leaves the graph as it was.
"""

import ast
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from fractions import Fraction
from operator import add, mul, sub
from typing import Any

import numpy as np

from .. import constants
from ..budget import limit, within
from ..containers import leaves
from ..errors import (
    ArgumentError,
    BudgetError,
    InputError,
    ParseBudgetError,
    ParseError,
    ParseShapeError,
    ShapeError,
    SymdiffError,
)
from ..expr import Expr, exact_entries
from ..graph import CONSTANT, Graph, check_name
from ..invariants import check_graph, stage
from ..op import FUNCTIONS, SYMBOLS, shown_signature
from ..shapes import as_shape
from .calls import Call, index_value, is_boolean, is_integer, is_number, operands_of, overloads, typed
from .functions import functions_among, parameters, takes_functions
from .names import (
    CONSTANTS,
    LETTERS,
    METHODS,
    PARTS,
    ROOTS,
    SPELLINGS,
    TYPES,
    check_declared,
    function_named,
    similar,
)
from .remedies import not_offered
from .syntax import REFUSED, checked_text, names_in, syntax_tree, with_conditions

MAX_FACTORIAL = 170  # the largest whose value is a double
_E = constants.canonical(math.e)


@stage(lambda value: check_graph(leaves(value)[0].graph))
def parse(
    text: str, /, graph: Graph | None = None, assume: Mapping[str, Any] | None = None, **shapes: Any
) -> Expr:
    """The expression a text in numpy's syntax stands for: ``A @ x``, ``X.T``, ``x[1:]``, ``where(x > 0, x,
    0)``; a tuple of them for a text of several, ``x*y, x + y`` or ``eigh(A)``.

    text    one expression, after any number of lines ``name = expression``
    graph   where the nodes go (a new graph by default); its variables may be used
    assume  ``{"A": "symmetric", "p": ["positive", "distinct"]}``
    shapes  of the variables: ``"n d"``, ``("n", 3)``, ``5`` or ``()``

    Names that are not declared are scalar variables; the names of sizes stand for their values
    (``sum(x)/n``). Functions go by numpy's, scipy.special's, sympy's and mpmath's names, and ``np.``,
    ``np.linalg.`` or ``linalg.`` may stand before them. ``x**2`` is elementwise, ``@`` the matrix product,
    ``1/3`` an exact fraction. Nothing is evaluated, ever.

    Raises ParseError, which points at the position, for what is not in the language; one that is also a
    ShapeError where shapes do not fit. The graph is then left as it was.

    >>> import symdiff as sd
    >>> f = sd.parse("sum((A @ x - b)**2)/2", A="m n", x="n", b="m")
    >>> f.shape, f.variables
    ((), ('A', 'x', 'b'))
    """
    if graph is not None and not isinstance(graph, Graph):
        raise InputError(f"parse: graph= expects a symdiff Graph, got {type(graph).__name__}")
    if assume is not None and not isinstance(assume, Mapping):
        raise InputError('parse: assume= expects a dictionary such as {"A": "symmetric"}')
    source = with_conditions(checked_text(text))
    statements, pieces = syntax_tree(source)
    g = Graph() if graph is None else graph
    with g.transaction():
        return _Reader(source, statements, pieces, g, dict(assume or {}), shapes).read()


# --- the tree ----------------------------------------------------------------------------------------------

_BINARY: dict[type, str] = {
    ast.Add: "add", ast.Sub: "subtract", ast.Mult: "multiply", ast.Div: "divide", ast.FloorDiv: "floor_divide",
    ast.Mod: "remainder", ast.Pow: "pow", ast.MatMult: "matmul",
}  # fmt: skip
_EXACT: dict[str, Callable[[Any, Any], Any]] = {"add": add, "subtract": sub, "multiply": mul}
_SYMBOLS: dict[type, str] = {
    ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^", ast.LShift: "<<", ast.RShift: ">>", ast.Is: "is",
    ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in", ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=",
    ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip
_BITWISE: dict[type, str] = {
    ast.BitAnd: "bitwise_and", ast.BitOr: "bitwise_or", ast.BitXor: "bitwise_xor",
    ast.LShift: "bitwise_left_shift", ast.RShift: "bitwise_right_shift",
}  # fmt: skip


class _Reader:
    """One text on its way into one graph."""

    def __init__(
        self, source: str, statements: Sequence[ast.stmt], pieces: Mapping[str, ast.expr], g: Graph,
        assume: dict, declared: Mapping[str, Any],
    ):  # fmt: skip
        self.source, self.statements, self.pieces = source, statements, pieces
        self.graph, self.assume = g, assume
        self.before = len(g)
        self.most = self.before + limit("nodes") + 10 * len(source)  # a long text may make as much as it says
        self.starts = [0]
        for line in source.split("\n"):
            self.starts.append(self.starts[-1] + len(line) + 1)
        self.locals: dict[str, Any] = {}
        self.declared, self.found = declared, dict[str, None]()
        self.called: dict[ast.Call, tuple[str, Callable[..., Any]]] = {}
        self.functions: dict[ast.AST, Callable[..., Any]] = {}  # arguments that are functions
        for name, shape in declared.items():
            g.variable(name, as_shape(shape), assume=assume.get(name, ()))
        self.sizes = g.sizes()
        self.names = mentioned = names_in(*statements, *pieces.values()) if assume or declared else set()
        for name in assume:
            if name not in declared and (name not in mentioned or name in self.sizes or name in CONSTANTS):
                raise InputError(
                    f"assume: {str(name)[:60]!r} is no variable of this text{similar(str(name), g._variables)}"
                )

    # --- positions

    def position(self, node: ast.AST) -> int:
        return self.offset(node.lineno, node.col_offset)  # type: ignore[attr-defined]

    def offset(self, number: int, column: int) -> int:
        """Where a line's byte stands in the text."""
        start = self.starts[number - 1]
        line = self.source[start : self.starts[number]]
        return start + len(line.encode()[:column].decode(errors="ignore"))

    def operands(self, node: ast.AST) -> str:
        """``: A and B`` for A @ B or solve(A, B), as they are written."""
        args = [node.left, node.right] if isinstance(node, ast.BinOp) else getattr(node, "args", [])
        args, texts = args[0].elts if len(args) == 1 and isinstance(args[0], ast.List) else args, []
        for side in (a for a in args if not isinstance(a, ast.Constant)):
            if isinstance(side, ast.List) or getattr(side, "id", None) in self.pieces:
                return ""
            end = self.offset(side.end_lineno or side.lineno, side.end_col_offset or side.col_offset)
            text = " ".join(self.source[self.position(side) : end].split())
            texts.append(text if len(text) <= 40 else text[:37] + "...")
        return ": " + " and ".join(texts) if len(texts) > 1 else ""

    def error(self, message: str, node: ast.AST) -> ParseError:
        return ParseError(message, self.source, self.position(node))

    @contextmanager
    def located(self, node: ast.AST) -> Iterator[None]:
        """What goes wrong within this block points at the node."""
        try:
            yield
        except ParseError:
            raise
        except _BUILDING as error:
            raise self.pointing(error, node) from error

    def pointing(self, error: Exception, node: ast.AST) -> ParseError:
        """The error as one that points at the node."""
        if isinstance(error, ShapeError):
            operands = self.operands(node) if " fit " in str(error) else ""
            return ParseShapeError(str(error) + operands, self.source, self.position(node))
        if isinstance(error, BudgetError):
            return ParseBudgetError(str(error), self.source, self.position(node))
        plain = isinstance(error, SymdiffError) and not isinstance(error, ArgumentError)
        return self.error(str(error) if plain else f"this can't be built: {str(error)[:200]}", node)

    # --- statements

    def read(self) -> Any:
        for statement in self.statements[:-1]:
            if not isinstance(statement, ast.Assign):
                what = REFUSED.get(
                    type(statement), "an expression whose value is not used: name it, 'a = ...'"
                )
                raise self.error(f"{what} can't stand here", statement)
            self.assign(statement)
        last = self.statements[-1]
        if isinstance(last, ast.Assign):
            raise self.error("the last line must be the expression itself, without 'name ='; == compares", last)
        if not isinstance(last, ast.Expr):
            raise self.error(f"{REFUSED.get(type(last), 'this statement')} is not part of the language", last)
        if isinstance(last.value, ast.Tuple):
            self.within("nodes", len(last.value.elts), "the values of the text", last)
        value = self.value(last.value)
        with self.located(last):
            check_declared(self.declared, self.names, self.found)
            return self.results(value, last.value)

    def results(self, value: Any, node: ast.AST) -> Any:
        """What a text stands for: an expression, or a tuple of them as the function that is called last gives."""
        if not isinstance(value, tuple) or not value:
            return typed(self.operand(value, node))
        made = [self.results(v, node) for v in value]
        return type(value)(*made) if hasattr(value, "_fields") else tuple(made)

    def assign(self, statement: ast.Assign) -> None:
        if len(statement.targets) > 1:
            raise self.error("one name is given at a time: a = expression", statement)
        target = statement.targets[0]
        names = target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]
        for name in names:
            if not isinstance(name, ast.Name):
                raise self.error("only a plain name can stand before =", name)
            self.check_name(name)
            if name.id in self.graph._variables:
                raise self.error(f"{name.id!r} is a variable already: give the line another name", name)
            if name.id in self.sizes:
                raise self.error(f"{name.id!r} is a size of a declared shape: give the line another name", name)
        value = self.value(statement.value)
        if names == [target]:
            self.locals[target.id] = value  # type: ignore[attr-defined]
            return
        if not isinstance(value, (tuple, list)) or len(value) != len(names):
            raise self.error(f"the right-hand side does not have {len(names)} values", statement.value)
        self.locals.update(zip([name.id for name in names], value, strict=True))  # type: ignore[attr-defined]

    # --- expressions: post-order with a stack

    def value(self, root: ast.expr) -> Any:
        made = self.graph._op
        values: list[Any] = []
        stack: list[Any] = [root]  # nodes, and below its parts (node, how it is built, how many parts)
        node: Any = root
        try:
            while stack:
                node = stack.pop()
                if type(node) is tuple:
                    node, build, count = node
                    operands = values[-count:]
                    del values[-count:]
                    values.append(build(self, node, operands))
                    if len(made) > self.most:
                        within("nodes", len(made) - self.before, "the text")
                    continue
                known = _LANGUAGE.get(type(node))
                if known is None:
                    what = REFUSED.get(type(node), type(node).__name__)
                    raise self.error(f"{what} is not part of the language", node)
                parts, build = known
                children = parts(self, node)
                if children:
                    stack.append((node, build, len(children)))
                    stack += children[::-1]
                else:
                    values.append(build(self, node, []))
        except ParseError:
            raise
        except _BUILDING as error:
            raise self.pointing(error, node) from error
        return values[0]

    def build_lambda(self, node: ast.Lambda, values: list) -> Any:
        if node not in self.functions:
            raise self.error("lambda is not part of the language, but as an argument that is a function", node)
        return self.functions[node]

    def applied(self, node: ast.Lambda, xs: tuple, named: dict) -> Any:
        """The value of a lambda."""
        before = self.locals
        self.locals = before | dict(zip(parameters(node, len(xs) + len(named)), xs, strict=False)) | named
        try:
            return self.value(node.body)
        finally:
            self.locals = before

    def path(self, node: ast.expr) -> list[str] | None:
        """The dotted name of what may be a function."""
        if isinstance(node, ast.Name):
            return None if self.known(node.id) else [node.id]
        return self.qualified(node)

    def name_parts(self, node: ast.Name) -> Sequence[ast.AST]:
        return [self.pieces[node.id]] if node.id in self.pieces else ()

    def attribute_parts(self, node: ast.Attribute) -> Sequence[ast.AST]:
        if node.attr.startswith("_"):
            raise self.error(f"the attribute {node.attr[:60]!r} is not part of the language", node)
        return () if self.qualified(node) is not None else [node.value]

    def qualified(self, node: ast.expr) -> list[str] | None:
        """The path of ``np.linalg.norm`` without its root, or None when the root is a variable or no known
        module.
        """
        path: list[str] = []
        inner: ast.expr = node
        while isinstance(inner, ast.Attribute) and len(path) < 5:
            path.append(inner.attr)
            inner = inner.value
        if not path or not isinstance(inner, ast.Name) or self.known(inner.id) or inner.id not in ROOTS | PARTS:
            return None
        path = [inner.id] * (inner.id in PARTS) + path[::-1]  # linalg.norm
        for part in path[:-1]:
            if part not in PARTS and "numpy." + ".".join(path) not in FUNCTIONS:
                raise self.error(f"{'.'.join([inner.id, *path])[:80]!r} is not known", node)
        if path[-1].startswith("_"):
            raise self.error(f"the attribute {path[-1][:60]!r} is not part of the language", node)
        return path

    def known(self, name: str) -> bool:
        return name in self.locals or name in self.graph._variables or name in self.graph.terms or name in self.sizes

    def check_name(self, node: ast.Name) -> None:
        try:
            check_name(node.id)
        except InputError as error:
            raise self.error(str(error), node) from None

    # --- leaves

    def build_constant(self, node: ast.Constant, _: list) -> Any:
        value = node.value
        if isinstance(value, complex):
            raise self.error("complex numbers are not supported: split into real and imaginary parts", node)
        if isinstance(value, bytes):
            raise self.error("bytes are not part of the language", node)
        if isinstance(value, float) and value - value != 0:
            raise self.error("the number is larger than the largest double, 1.8e308; inf is infinity", node)
        return self.limited(value, node) if isinstance(value, int) else value

    def limited(self, value: Any, node: ast.AST) -> Any:
        """A number, refused when it is exact and has too many digits."""
        is_long = type(value) is int and not -constants.PLAIN < value < constants.PLAIN
        if is_long or type(value) is Fraction:
            self.within("bits", constants.bits(value), "the number is too large", node)
        return value

    def within(self, budget: str, amount: float, what: str, node: ast.AST) -> None:
        if amount > limit(budget):
            with self.located(node):
                within(budget, amount, what)

    def build_name(self, node: ast.Name, values: list) -> Any:
        name, g = node.id, self.graph
        if node in self.functions:
            return self.functions[node]
        if values:  # a piece of a long sum
            return values[0]
        if name in self.locals:
            return self.locals[name]
        if name in g._variables:
            return Expr(g, g._variables[name])
        if name in g.terms:
            return Expr(g, g.terms[name])
        if name in self.sizes:
            return g.size(name)
        if name in ("float", "int", "bool") or (name in CONSTANTS and name not in LETTERS):  # a type: dtype=float
            return self.constant(name) if name in CONSTANTS else name
        if name in ROOTS and name in ("np", "numpy", "jnp", "scipy", "sympy", "mpmath"):
            raise self.error(f"{name!r} is a module and no value", node)
        if name not in LETTERS and function_named([name]) is not None:
            hint = f"call it, {name}(x), or declare a variable of this name: parse(text, {name}=())"
            raise self.error(f"{name!r} is a function and no value: {hint}", node)
        self.found[name] = None
        return g.variable(name, assume=self.assume.get(name, ()))

    # --- operators

    def operand(self, value: Any, node: ast.AST) -> Expr:
        """A value as an expression."""
        if isinstance(value, Expr):
            return value
        if isinstance(value, (bool, int, float, Fraction, np.ndarray, np.generic)):
            return self.graph.constant(value)
        if isinstance(value, (list, tuple)):
            array = FUNCTIONS["stack"](_lists(value))
            return array if isinstance(array, Expr) else self.graph.constant(array)
        shown = {type(None): "None", str: "a text", slice: "a slice", type(Ellipsis): "..."}
        raise self.error(f"{shown.get(type(value), type(value).__name__)} can't be an operand", node)

    def build_unary(self, node: ast.UnaryOp, values: list) -> Any:
        (value,) = values
        if isinstance(node.op, ast.Invert) and isinstance(value, Expr) and is_integer(value):
            return FUNCTIONS["bitwise_invert"](value)
        if isinstance(node.op, (ast.Not, ast.Invert)) and is_boolean(value):
            return not value if isinstance(value, bool) else FUNCTIONS["logical_not"](self.operand(value, node))
        if isinstance(node.op, (ast.Not, ast.Invert)):
            word = "not" if isinstance(node.op, ast.Not) else "~"
            raise self.error(f"'{word}' is for a condition, and this is a number: compare it, x != 0", node)
        if is_number(value):
            return -value if isinstance(node.op, ast.USub) else value
        value = self.operand(value, node)
        return -value if isinstance(node.op, ast.USub) else value

    def build_binary(self, node: ast.BinOp, values: list) -> Any:
        a, b = values
        name = _BINARY.get(type(node.op)) or self.logical(node, values)
        if name == "pow":
            if is_number(b) and abs(b) < math.inf:
                self.within("exponent", abs(b), "the exponent is too large", node)
            if isinstance(a, Expr) and self.graph._params[a.node] == _E and a.op is CONSTANT:
                return FUNCTIONS["exp"](self.operand(b, node))
        if type(a) is not Expr or type(b) is not Expr:
            if is_number(a) and is_number(b):
                number = self.fold(name, a, b, node)
                if number is not None:
                    return number
            a = a if is_number(a) and isinstance(b, Expr) else self.operand(a, node)
            b = b if is_number(b) else self.operand(b, node)
        function = FUNCTIONS[name]
        return getattr(function, "__wrapped__", function)(a, b)  # foreign errors are told of here

    def logical(self, node: ast.BinOp, values: list) -> str:
        """The function of an operator of conditions, or of the bits of integers."""
        symbol = _SYMBOLS[type(node.op)]
        if all(map(is_integer, values)):
            return _BITWISE[type(node.op)]
        if symbol not in SYMBOLS:
            raise self.error(f"the operator {symbol} is not part of the language", node)
        if not all(map(is_boolean, values)):
            hint = "; a power is written **" if symbol == "^" else "; put each comparison in parentheses"
            raise self.error(f"{symbol} combines conditions, and this is a number{hint}", node)
        return SYMBOLS[symbol].name

    def fold(self, name: str, a: Any, b: Any, node: ast.AST) -> Any:
        """The number ``a op b`` where it is exact or a plain double, else None."""
        if name in _EXACT:
            return self.limited(_EXACT[name](a, b), node)
        if name == "divide" and b != 0:
            with self.located(node):
                return constants.divide(a, b)
        if name == "pow" and isinstance(b, int) and not isinstance(a, float) and (a != 0 or b >= 0):
            size = max(abs(a.numerator).bit_length(), a.denominator.bit_length())
            if a not in (0, 1, -1):
                self.within("bits", size * abs(b) // 2, "the power is too large", node)
            with self.located(node):
                return constants.exact(Fraction(a) ** b)
        if name == "matmul":
            raise self.error("@ multiplies matrices and vectors, and these are numbers", node)
        return None

    def build_list(self, node: ast.List, values: list) -> Any:
        if any(v is Ellipsis for v in values):
            raise self.error("... stands for entries that the text leaves out: give the array as a variable", node)
        return exact_entries(self.graph, values)

    def build_boolean(self, node: ast.BoolOp, values: list) -> Any:
        name, word = ("logical_and", "and") if isinstance(node.op, ast.And) else ("logical_or", "or")
        if not all(map(is_boolean, values)):
            raise self.error(f"'{word}' combines conditions, and this is a number: compare it, x != 0", node)
        return self.joined(name, values, node)

    def joined(self, name: str, values: Sequence[Any], node: ast.AST) -> Any:
        result = self.operand(values[0], node)
        for value in values[1:]:
            result = FUNCTIONS[name](result, self.operand(value, node))
        return result

    def build_comparison(self, node: ast.Compare, values: list) -> Any:
        for op in node.ops:
            if _SYMBOLS[type(op)] not in SYMBOLS:
                raise self.error(f"'{_SYMBOLS[type(op)]}' is not part of the language", node)
        results = [
            SYMBOLS[_SYMBOLS[type(op)]](self.operand(a, node), b if is_number(b) else self.operand(b, node))
            for op, a, b in zip(node.ops, values, values[1:], strict=False)
        ]
        return self.joined("logical_and", results, node)

    def build_choice(self, node: ast.IfExp, values: list) -> Any:
        condition, a, b = values
        if isinstance(condition, bool):
            return a if condition else b
        return FUNCTIONS["where"](self.operand(condition, node), self.operand(a, node), self.operand(b, node))

    # --- structure

    def build_subscript(self, node: ast.Subscript, values: list) -> Any:
        value, index = values
        if isinstance(value, tuple):
            k = index_value(index)
            if not isinstance(k, int) or not -len(value) <= k < len(value):
                raise self.error(f"one of the {len(value)} results is chosen by an integer", node)
            return value[k]
        for part in index if isinstance(index, tuple) else (index,):
            if isinstance(part, (str, float, Fraction)):
                raise self.error(
                    f"an index is an integer, a size, a slice, None or ..., not {part!r:.40}", node
                )
        return FUNCTIONS["getitem"](self.operand(value, node), index_value(index))

    def constant(self, name: str) -> Any:
        """A named number; pi and e are nodes, so that they are never folded into a rounded product."""
        value = CONSTANTS[name]
        return self.graph.constant(value) if value in constants.NAMED else value

    def build_attribute(self, node: ast.Attribute, values: list) -> Any:
        path = self.qualified(node)
        if path is not None:
            if node in self.functions:
                return self.functions[node]
            if path[-1] in CONSTANTS or path[-1] in TYPES:
                return self.constant(path[-1]) if path[-1] in CONSTANTS else TYPES[path[-1]]
            if function_named(path) is not None:
                raise self.error(f"{path[-1]!r} is a function and no value: call it", node)
            raise self.error(f"{path[-1][:60]!r} is not known{similar(path[-1], CONSTANTS)}", node)
        if isinstance(values[0], tuple) and node.attr in getattr(values[0], "_fields", ()):
            return getattr(values[0], node.attr)
        if isinstance(values[0], tuple):
            raise self.error(f"several values have no attribute {node.attr[:60]!r}", node)
        value, name = self.operand(values[0], node), node.attr
        if name in ("T", "mT", "real", "imag", "flat"):
            return getattr(value, name)
        if name == "shape":
            return tuple([s if isinstance(s, int) else self.graph.size(s) for s in value.shape])
        if name in ("size", "ndim", "itemsize", "nbytes"):
            number = getattr(value, name)
            return number if isinstance(number, int) else self.graph.size(number)
        known = "there are .T, .mT, .shape and methods such as .sum(axis=0)"
        hint = f"call it, .{name}()" if name in METHODS else known
        raise self.error(f"the attribute {name[:60]!r} is not part of the language: {hint}", node)

    # --- calls

    def call_parts(self, node: ast.Call) -> Sequence[ast.AST]:
        """Find the function before its arguments are built."""
        function = node.func
        front: list[ast.AST] = []
        for keyword in node.keywords:
            if keyword.arg is None:
                raise self.error("unpacked arguments (**) are not part of the language", keyword.value)
            if [k.arg for k in node.keywords].count(keyword.arg) > 1:
                raise self.error(f"the argument {keyword.arg[:60]!r} is given twice", keyword.value)
        if isinstance(function, ast.Name):
            path = [function.id]
            if self.known(function.id):
                raise self.error(
                    f"{function.id!r} is a variable here and no function; a product needs *", node
                )
        elif isinstance(function, ast.Attribute):
            found = self.qualified(function)
            if found is None:
                if function.attr not in METHODS or function_named([function.attr]) is None:
                    raise self.error(
                        f"the method {function.attr[:60]!r} is not part of the language"
                        + similar(function.attr, METHODS),
                        function,
                    )
                path, front = [function.attr], [function.value]
            else:
                path = found
        elif isinstance(function, ast.Call) and self.path(function.func) == ["vectorize"] and len(function.args) == 1:
            path, front = ["vectorized"], [function.args[0]]
        else:
            raise self.error("this is no function that could be called; a product needs *", node)
        entry = function_named(path)
        if entry is None:
            name = path[-1]
            hint = similar(name, [*FUNCTIONS, *SPELLINGS])
            if path == [name] and name in CONSTANTS:
                raise self.error(f"{name!r} is a constant and no function; a product needs *", node)
            why = "" if hint else not_offered(name)
            raise self.error(f"unknown function {name[:60]!r}{hint or why or '; a product needs *'}", node)
        self.called[node] = entry
        if takes_functions(entry[1]):
            self.functions |= functions_among(node, [*front, *node.args], self.path, self.applied)
        return [*front, *node.args, *(k.value for k in node.keywords)]

    def build_call(self, node: ast.Call, values: list) -> Any:
        name, function = self.called[node]
        if not node.keywords and operands_of(function) == len(values) and all(type(v) is Expr for v in values):
            return function(*values)
        count = len(values) - len(node.keywords)
        args, keywords = (
            values[:count],
            {str(k.arg): v for k, v in zip(node.keywords, values[count:], strict=True)},
        )
        if name == "factorial" and args and isinstance(args[0], (int, float)) and args[0] > MAX_FACTORIAL:
            raise self.error(f"factorial: the number is too large (at most {MAX_FACTORIAL})", node)
        call = Call(name, overloads(name, function, args, keywords), self.graph, lambda v: self.operand(v, node))
        try:
            bound = call.bind(args, keywords)
        except TypeError as error:
            raise self.error(f"{name}(): {error}; it is {name}{shown_signature(call.signature)}", node) from None
        return call.result(bound)


_BUILDING = (SymdiffError, TypeError, ValueError, LookupError, AttributeError, ArithmeticError, MemoryError)
_LANGUAGE: dict[type, tuple[Callable[[_Reader, Any], Sequence[ast.AST]], Callable[[_Reader, Any, list], Any]]] = {
    ast.Constant: (lambda reader, node: (), _Reader.build_constant),
    ast.Name: (_Reader.name_parts, _Reader.build_name),
    ast.UnaryOp: (lambda reader, node: (node.operand,), _Reader.build_unary),
    ast.BinOp: (lambda reader, node: (node.left, node.right), _Reader.build_binary),
    ast.BoolOp: (lambda reader, node: node.values, _Reader.build_boolean),
    ast.Compare: (lambda reader, node: (node.left, *node.comparators), _Reader.build_comparison),
    ast.IfExp: (lambda reader, node: (node.test, node.body, node.orelse), _Reader.build_choice),
    ast.Subscript: (lambda reader, node: (node.value, node.slice), _Reader.build_subscript),
    ast.Attribute: (_Reader.attribute_parts, _Reader.build_attribute),
    ast.Call: (_Reader.call_parts, _Reader.build_call), ast.Lambda: (lambda reader, node: (), _Reader.build_lambda),
    ast.Tuple: (lambda reader, node: node.elts, lambda reader, node, values: tuple(values)),
    ast.List: (lambda reader, node: node.elts, _Reader.build_list),
    ast.Slice: (
        lambda reader, node: [p for p in (node.lower, node.upper, node.step) if p is not None],
        lambda reader, node, values: _slice(node, iter(values)),
    ),
}


def _slice(node: ast.Slice, values: Iterator[Any]) -> slice:
    return slice(*(None if part is None else next(values) for part in (node.lower, node.upper, node.step)))


def _lists(value: Any) -> Any:
    """Tuples inside a literal array as lists, fractions as they are."""
    if isinstance(value, (list, tuple)):
        return [_lists(v) for v in value]
    return float(value) if isinstance(value, Fraction) else value
