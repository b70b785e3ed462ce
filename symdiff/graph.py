"""`Graph`: the append-only, hash-consed DAG of an expression, which *is* a `networkx.MultiDiGraph`.

Storage is columns indexed by node id; what networkx reads are views over them. Ids are dense ints in creation
order, hence a topological order. The graph knows nothing of derivatives, formulas or values.
"""

import keyword
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import islice
from threading import RLock
from typing import TYPE_CHECKING, Any, NoReturn

import networkx as nx
import numpy as np

from . import constants, shapes
from .adjacency import Attributes, Consumers, Operands, refused
from .budget import within
from .columns import Columns
from .errors import GraphError, InputError, ShapeError
from .lazy import cached_property
from .op import SCALAR_PRODUCT, Op, provided, register
from .shapes import Shape, Size

if TYPE_CHECKING:
    from .expr import Expr

MAX_NAME = 200
_F64 = sys.intern("float64")
_LOOKALIKES = frozenset("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧονυ")  # Greek letters that read as Latin ones

ASSUMPTIONS = (
    "symmetric", "spd", "invertible", "orthogonal", "diagonal", "positive", "nonnegative", "nonzero",
    "unit01", "pm1", "simplex", "onehot", "distinct", "sparse",
)  # fmt: skip
_OF_SQUARES = frozenset(("symmetric", "spd", "orthogonal", "diagonal", "invertible"))

VARIABLE = register(
    Op("variable", 0, lambda params, s, d: (params[1], params[2]), None, doc="a named input"), public=False
)
CONSTANT = register(
    Op(
        "constant", 0,
        lambda params, s, d: (params[1].value.shape if params[0] == "array" else (), constants.dtype(*params)),
        constants.evaluate, doc="an exact number or an array", special=1,
    ),
    public=False,
)  # fmt: skip
BOUND = register(
    Op("bound", 0, lambda params, s, d: ((), "float64"), None, doc="the variable of an integral",
       valid=lambda params, shapes: len(params) == 1 and isinstance(params[0], str) and params[0].isidentifier()),
    public=False,
)  # fmt: skip
SIZE = register(
    Op("size", 0, lambda params, s, d: ((), "int"), None, doc="the value of a named size"), public=False
)


def check_name(name: object) -> str:
    """A variable's name: an identifier of ASCII and unmistakable Greek letters, no keyword, at most 200 characters."""
    if not isinstance(name, str):
        raise InputError(f"a name is a text, not {type(name).__name__}")
    shown = name[:40] + "..." if len(name) > 40 else name
    if not name or len(name) > MAX_NAME:
        raise InputError(f"a name has 1 to {MAX_NAME} characters, {shown!r} has {len(name)}")
    if not name.isidentifier() or keyword.iskeyword(name):
        raise InputError(f"{shown!r} is not a name: use letters, digits and _, not a Python keyword")
    if name.startswith("__"):
        raise InputError(f"{shown!r} is not a name: two leading underscores are reserved")
    for ch in () if name.isascii() else name:
        plain = ch.isascii() or ("GREEK" in unicodedata.name(ch, "") and ch not in _LOOKALIKES)
        if not plain or unicodedata.normalize("NFKC", ch) != ch:
            raise InputError(
                f"the character {ch!r} ({unicodedata.name(ch, 'unnamed')}) in the name {shown!r} can be mistaken: "
                "use ASCII or Greek letters"
            )
    return sys.intern(str(name))


def _shape_and_type(op: Op, params: tuple, operands: tuple[Shape, ...], dtypes: tuple[str, ...]) -> tuple[Shape, str]:
    """The shape rule of an op, of as many axes as arrays have."""
    shape, dtype = op.infer(params, operands, dtypes)
    if shape:
        within("axes", len(shape), op.name)
    return shape, dtype


_infer = lru_cache(maxsize=2**14)(_shape_and_type)  # most nodes of a graph repeat a few patterns


SPECIAL = 1  # sums and products take the node apart: a number, a scaled node, a mask or a quotient
WIDE = 2  # the node is no scalar of float64
MANY = 1000  # nodes from which on a slice is found in columns


class Graph(nx.MultiDiGraph):
    """An append-only, hash-consed DAG of operations: equal nodes are one node, gradients are nodes of the same graph.

    An edge runs from an input to its consumer; its key is the argument position, so ``x*x`` has two edges. Every
    read-only networkx algorithm runs on the live graph; networkx's own mutators raise GraphError, and functions that
    build a changed copy (reverse, relabel, compose) give an ordinary ``MultiDiGraph``.

    Threads: `parse`, `trace`, `from_sympy`, `simplify` and all derivatives take turns on a graph, and may be called
    from several. Operators and functions of expressions append nodes without a lock, which would cost a tenth of their
    time: in one graph they are for one thread at a time, or within ``with g.transaction():``. Two threads that append
    at once are noticed: one of them gets a GraphError, and the graph takes no more nodes. What `symdiff.function` made
    of it runs in many.

    >>> import symdiff as sd
    >>> g = sd.Graph()
    >>> x, y = g.variables("x y")
    >>> z = (x + y)*x
    >>> g.operation(z.node), g.inputs(z.node), g.consumers(x.node)
    ('contract', (2, 0), (2, 3))
    """

    expression: Any = None  # the Expr class, entered by the floor above

    def __init__(self) -> None:
        self.graph: Any = {}  # networkx's constructor would make dicts in place of the views below
        self.__networkx_cache__ = None  # networkx would keep conversions for its backends past an append
        self._op: list[Op] = []
        self._inputs: list[tuple[int, ...]] = []
        self._params: list[tuple] = []
        self._shape: list[Shape] = []
        self._dtype: list[str] = []
        self._kind = bytearray()  # SPECIAL and WIDE
        self._ids: defaultdict[Op, dict[tuple, int]] = defaultdict(dict)
        self._variables: dict[str, int] = {}
        self.names: dict[int, str] = {}  # node -> the name that formulas stop at
        self.terms: dict[str, int] = {}  # the same, by name
        self._namings: list[tuple[int, str | None]] = []  # (node, the name that it had before) in the order of naming
        self._turn = RLock()  # of the thread that appends many nodes
        self.memo: dict[str, dict] = {}  # caches of upper floors, by their name; never saved

    def __len__(self) -> int:
        return len(self._op)

    # --- mirrors of the columns, made when first asked for -----------------------------------------------------

    @cached_property
    def _columns(self) -> Columns:
        return Columns(self._op, self._inputs)

    @cached_property
    def _node(self) -> Attributes:  # this and the next three are what networkx reads
        return Attributes(self._inputs, self._op, self._params, self._shape, self._dtype, self.names)

    @cached_property
    def _succ(self) -> Consumers:
        return Consumers(self._inputs)

    @cached_property
    def _adj(self) -> Consumers:
        return self._succ

    @cached_property
    def _pred(self) -> Operands:
        return Operands(self._inputs)

    # --- building ----------------------------------------------------------------------------------------------

    def append(self, op: Op, inputs: tuple[int, ...], params: tuple = ()) -> int:
        """The node ``op(*inputs, **params)``: the one that exists, or a new one. Nothing is appended on an error."""
        if params == op.plain:
            params = op.plain
        if op.fast or params is SCALAR_PRODUCT:
            kind = self._kind
            for i in inputs:
                if kind[i] & WIDE:
                    break
            else:
                return self.append_scalar(op, inputs, params)
        known, key = self._ids[op], inputs if params is op.plain else (inputs, params)  # as `_key` makes it
        n = known.get(key)
        if n is not None:
            return n
        shape, dtype = self._inferred(op, inputs, params)
        flags = _kind(op, inputs, shape, dtype)
        n = known[key] = len(self._op)
        self._op.append(op)
        self._inputs.append(inputs)
        self._params.append(params)
        self._shape.append(shape)
        self._dtype.append(dtype)
        self._kind.append(flags)
        if len(self._kind) != n + 1:
            self._met()
        return n

    def append_scalar(self, op: Op, inputs: tuple[int, ...], params: tuple = ()) -> int:
        """`append` where the operands are scalars of float64 and so is the result: there is nothing to infer."""
        n = len(self._op)
        known = self._ids[op].setdefault(inputs if params is op.plain else (inputs, params), n)
        if known != n:
            return known
        self._op.append(op)
        self._inputs.append(inputs)
        self._params.append(params)
        self._shape.append(())
        self._dtype.append(_F64)
        self._kind.append(len(inputs) < op.special)
        if len(self._kind) != n + 1:
            self._met()
        return n

    def append_scalars(
        self, pairs: Sequence[tuple[Op, tuple]], kinds: np.ndarray, inputs: list[tuple[int, ...]]
    ) -> bool:
        """`append_scalar` of many new nodes; the kind of each is the place of its op and parameters in `pairs`. False
        where one is not new; the graph is then of no use."""
        start, count, chosen = len(self._op), len(inputs), kinds.tolist()
        params = [pairs[k][1] for k in chosen]
        tables: dict[tuple[Op, bool], list[int]] = {}
        for k, (op, given) in enumerate(pairs):
            tables.setdefault((op, given is op.plain), []).append(k)
        group, are_new = np.zeros(len(pairs), np.int32), True
        for t, members in enumerate(tables.values()):
            group[members] = t
        groups = group[kinds]
        for t, (op, is_plain) in enumerate(tables):
            nodes = np.flatnonzero(groups == t)
            keys: Iterable = map(inputs.__getitem__, nodes.tolist())
            keys = keys if is_plain else zip(keys, map(params.__getitem__, nodes.tolist()), strict=True)
            known = self._ids[op]
            before = len(known)
            known.update(zip(keys, (nodes + start).tolist(), strict=True))
            are_new &= len(known) == before + nodes.size
        special = np.array([op.special for op, _ in pairs], np.int64)
        self._kind += (np.fromiter(map(len, inputs), np.int64, count) < special[kinds]).tobytes()
        self._op += [pairs[k][0] for k in chosen]
        self._inputs += inputs
        self._params += params
        self._shape += [()] * count
        self._dtype += [_F64] * count
        return are_new

    def _inferred(self, op: Op, inputs: tuple[int, ...], params: tuple) -> tuple[Shape, str]:
        if not inputs:
            return _shape_and_type(op, params, (), ())
        return _infer(op, params, tuple([self._shape[i] for i in inputs]), tuple([self._dtype[i] for i in inputs]))

    def variable(self, name: str, shape: Any = None, dtype: Any = None, assume: Any = ()) -> "Expr":
        """The input called `name`; the same Expr when called again with the same or no shape.

        shape   ``"n d"``, ``("n", 3)``, ``5`` or ``()`` (a scalar, the default)
        dtype   "float64" (the default), "float32", "int64", "int32" or "bool", or numpy's or Python's type
        assume  one or several of "symmetric", "spd", "positive", "nonzero", "invertible", ..., and "sparse": its values
                are matrices of scipy.sparse, and products with it take time for what is stored

        Raises GraphError when the name is taken, by a variable of another shape, dtype or assumptions or by a
        named term.

        >>> import symdiff as sd
        >>> A = sd.Graph().variable("A", "n n", assume="symmetric")
        >>> A.T.same_as(A)
        True
        """
        known = self._variables.get(name) if isinstance(name, str) else None
        facts = () if type(assume) is tuple and not assume else _assumptions(assume)
        dtype = dtype if dtype is None else constants.as_dtype(dtype, f"variable {name!r}")
        if known is not None:
            _, old_shape, old_dtype, old_facts = self._params[known]
            wanted = old_shape if shape is None else shapes.as_shape(shape)
            dtype = old_dtype if dtype is None else dtype
            if wanted != old_shape or dtype != old_dtype or (assume and facts != old_facts):
                raise GraphError(
                    f"the variable {name!r} exists with shape {shapes.text(old_shape)}, {old_dtype}"
                    f"{', ' + ' '.join(old_facts) if old_facts else ''}; it can't be declared again as "
                    f"{shapes.text(wanted)}, {dtype}{', ' + ' '.join(facts) if facts else ''}"
                )
            return self.expression(self, known)
        if "scipy.sparse" in sys.modules:
            provided("scipy_products")()
        name = check_name(name)
        if name in self.terms:
            raise GraphError(f"{name!r} is the name of a term of this graph; call the variable something else")
        sizes = () if shape is None else shapes.as_shape(shape)
        dtype = "float64" if dtype is None else dtype
        if not _OF_SQUARES.isdisjoint(facts) and (len(sizes) < 2 or sizes[-1] != sizes[-2]):
            raise ShapeError(
                f"variable {name!r}: {' '.join(facts)} needs a square matrix, not shape {shapes.text(sizes)}"
            )
        if "sparse" in facts and len(sizes) != 2:
            raise ShapeError(f"variable {name!r}: a sparse one is a matrix, not of shape {shapes.text(sizes)}")
        n = self.append(VARIABLE, (), (name, sizes, sys.intern(dtype), facts))
        self._variables[name] = n
        return self.expression(self, n)

    def variables(self, names: str | Sequence[str], shape: Any = None, **options: Any) -> "tuple[Expr, ...]":
        """Several variables of one shape: ``x, y = g.variables("x y", "n")``."""
        items = names.replace(",", " ").split() if isinstance(names, str) else names
        if not isinstance(items, Iterable):
            raise InputError(f"variables: names are one text or a list of texts, not {type(names).__name__}")
        return tuple(self.variable(name, shape, **options) for name in items)

    def constant(self, value: Any) -> "Expr":
        """A constant: Python numbers stay exact, arrays are copied."""
        return self.expression(self, self.append(CONSTANT, (), constants.canonical(value)))

    def size(self, size: Size | None = None, weight: Any = None) -> Any:
        """The value of a size as a scalar expression; without one networkx's ``size``, the number of edges."""
        if size is None:
            return super().size(weight)
        size = shapes.as_size(size) if not isinstance(size, int) else size
        if isinstance(size, int):
            return self.constant(size)
        return self.expression(self, self.append(SIZE, (), (size,)))

    def has_size(self, text: str) -> bool:
        """A text is a size of a variable, or made of such sizes: ``x.shape[0]``, ``x.size``."""
        known = {name for n in self._variables.values() for size in self._shape[n] for name in shapes.names_of(size)}
        try:
            return known.issuperset(shapes.names_of(shapes.as_size(text))) and not text.isdecimal()
        except ShapeError:
            return False

    def transaction(self, keep: bool = True) -> "Transaction":
        """Within this block an error leaves the graph as it was: nodes appended since are taken back; without `keep`
        they are in any case. Threads take turns.

        >>> g = Graph()
        >>> with g.transaction():
        ...     x = g.variable("x")
        ...     g.variable("1x")
        Traceback (most recent call last):
        symdiff.errors.InputError: '1x' is not a name: use letters, digits and _, not a Python keyword
        >>> len(g)
        0
        """
        return Transaction(self, keep)

    def give_name(self, n: int, name: str) -> None:
        """Formulas stop at node n and show this name, which nothing else in the graph has."""
        old = self.names.get(n)
        if old is not None:
            del self.terms[old]
        self._namings.append((n, old))
        self.names[n], self.terms[name] = name, n

    def _unname(self, namings: int) -> None:
        """Take back what was named since there were so many namings."""
        while len(self._namings) > namings:
            n, old = self._namings.pop()
            del self.terms[self.names.pop(n)]
            if old is not None:
                self.names[n], self.terms[old] = old, n
        self.memo.clear()

    def _truncate(self, length: int) -> None:
        for op, inputs, params in zip(self._op[length:], self._inputs[length:], self._params[length:], strict=True):
            del self._ids[op][_key(op, inputs, params)]
        for mirror in ("_columns", "_node", "_succ", "_pred"):
            if mirror in self.__dict__:
                self.__dict__[mirror].truncate(length)
        for column in (self._op, self._inputs, self._params, self._shape, self._dtype, self._kind):
            del column[length:]  # type: ignore[attr-defined]
        while self._variables and next(reversed(self._variables.values())) >= length:
            self._variables.popitem()
        self.memo.clear()

    # --- the book's three queries, and the other columns ---------------------------------------------------------

    def operation(self, n: int) -> str:
        """The name of the op that computes node n."""
        return self._op[self._known(n)].name

    def inputs(self, n: int) -> tuple[int, ...]:
        """The nodes that are the operands of n, in order."""
        return self._inputs[self._known(n)]

    def consumers(self, n: int) -> tuple[int, ...]:
        """The nodes of which n is an operand, each once, in creation order."""
        return tuple(self._succ[self._known(n)])

    def _known(self, n: int) -> int:
        if n not in self:
            raise GraphError(f"there is no node {n!r} in this graph of {len(self._op)} nodes")
        return n

    def params(self, n: int) -> tuple:
        """The static parameters of node n."""
        return self._params[n]

    def shape(self, n: int) -> Shape:
        return self._shape[n]

    def dtype(self, n: int) -> str:
        """The type of node n; "int" and "float" are the weak types of Python numbers."""
        return self._dtype[n]

    def record(self, n: int) -> Op:
        """The op record of node n."""
        return self._op[n]

    def variable_names(self) -> tuple[str, ...]:
        return tuple(self._variables)

    def sizes(self) -> dict[str, tuple[str, int] | None]:
        """{name of a size: (the last variable that has an axis of it, the axis)}; only new variables are looked at."""
        known = self.cache("sizes")
        places, new = known.setdefault("places", {}), len(self._variables) - known.get("seen", 0)
        for name, n in [*islice(reversed(self._variables.items()), new)][::-1]:
            for k, size in enumerate(self._shape[n]):
                for s in shapes.names_of(size):
                    places[s] = (name, k) if s == size else places.get(s)
        known["seen"] = len(self._variables)
        return places

    def named(self, name: str) -> int | None:
        """The node of a variable, or of a term that was given this name; None where there is none."""
        n = self._variables.get(name)
        return n if n is not None else self.terms.get(name)

    def ancestors(self, nodes: Iterable[int]) -> list[int]:
        """The nodes from which `nodes` are computed, themselves included, in creation order."""
        seen = set(nodes)
        stack = list(seen)
        inputs = self._inputs
        while stack:
            if len(seen) > MANY:
                return self.columns().slice((), sorted(seen)).tolist()
            for i in inputs[stack.pop()]:
                if i not in seen:
                    seen.add(i)
                    stack.append(i)
        return sorted(seen)

    def columns(self) -> Columns:
        """Ops and operands as typed arrays."""
        if len(self._columns) < len(self._op):
            self._columns.extend()
        return self._columns

    def cache(self, name: str) -> dict:
        """A cache of an upper floor, kept with the graph and never saved."""
        return self.memo.setdefault(name, {})

    def build_grad(self, y: Any, wrt: Any) -> Any:
        """Append the gradient of `y` to this graph and return it, mirroring `wrt` (see `symdiff.grad`)."""
        return provided("build_grad")(self, y, wrt)

    # --- being a networkx graph ------------------------------------------------------------------------------------

    @property  # type: ignore[misc]
    def __class__(self):  # functions that build `G.__class__()` get an ordinary graph
        return nx.MultiDiGraph

    def __repr__(self) -> str:
        return f"<symdiff graph: {len(self._op)} nodes, variables {', '.join(list(self._variables)[:12]) or 'none'}>"

    __str__ = __repr__

    def __bool__(self) -> bool:
        return True

    @property
    def frozen(self) -> bool:
        """True after ``nx.freeze(g)``: then nothing is appended any more."""
        return "append" in self.__dict__

    @frozen.setter
    def frozen(self, value: bool) -> None:
        if not value and self.frozen:
            raise GraphError("a graph stays frozen; copy.deepcopy(g) gives one that grows")
        if value:
            self.__dict__["append"] = self.__dict__["append_scalar"] = self._find

    def _find(self, op: Op, inputs: tuple[int, ...], params: tuple = ()) -> int:
        n = self._ids[op].get(_key(op, inputs, params))
        if n is None:
            raise GraphError(f"{op.name}: the graph is frozen (nx.freeze); copy.deepcopy(g) gives one that grows")
        return n

    def _met(self, *args: Any) -> NoReturn:
        """Another thread appended a node while this one did: which is which is not known, so nothing follows."""
        self.__dict__["append"] = self.__dict__["append_scalar"] = self._met
        raise GraphError(
            "two threads appended to this graph at once, it can't be used any more: a graph is for one thread at a "
            "time, or threads take turns in `with graph.transaction():`"
        )

    def number_of_edges(self, u: Any = None, v: Any = None) -> int:
        return sum(map(len, self._inputs)) if u is None else super().number_of_edges(u, v)

    def __reduce_ex__(self, protocol: Any):
        return _rebuild, (self._lists(),)

    def __deepcopy__(self, memo: dict) -> "Graph":
        return _rebuild(self._lists())

    def _lists(self) -> tuple:
        return (
            *[list(column) for column in (self._op, self._inputs, self._params, self._shape, self._dtype)],
            *[dict(table) for table in (self.names, self._variables, self.graph)],
        )


for _name in (
    "add_node", "add_nodes_from", "remove_node", "remove_nodes_from", "add_edge", "add_edges_from", "new_edge_key",
    "add_weighted_edges_from", "remove_edge", "remove_edges_from", "clear", "clear_edges", "update",
):  # fmt: skip
    setattr(Graph, _name, refused(f"Graph.{_name}"))
for _name in (
    "edges", "out_edges", "in_edges", "degree", "in_degree", "out_degree",
):  # fmt: skip
    # networkx would keep these views, which refer to the graph, in the graph
    setattr(Graph, _name, property(getattr(nx.MultiDiGraph, _name).func))


def _key(op: Op, inputs: tuple[int, ...], params: tuple) -> tuple:
    """What equal nodes of an op have in common; of most nodes, the operands alone."""
    return inputs if params == op.plain else (inputs, params)


def _kind(op: Op, inputs: tuple[int, ...], shape: Any, dtype: str) -> int:
    return (len(inputs) < op.special) | (WIDE if shape or dtype is not _F64 else 0)


class Transaction:
    """A block of a thread that has its turn on a graph; see `Graph.transaction`."""

    __slots__ = ("graph", "keep", "length", "memo", "namings")

    def __init__(self, graph: Graph, keep: bool):
        self.graph, self.keep = graph, keep

    def __enter__(self) -> None:
        g = self.graph
        g._turn.acquire()
        self.length, self.namings, self.memo = len(g._op), len(g._namings), g.memo
        if not self.keep:  # what is found of nodes that go
            g.memo = {}

    def __exit__(self, error: type[BaseException] | None, *_: Any) -> None:
        g = self.graph
        try:
            if (error is not None or not self.keep) and not g.frozen:
                if len(g._namings) > self.namings:
                    g._unname(self.namings)
                if len(g._op) > self.length:
                    g._truncate(self.length)
        finally:
            g.memo = self.memo
            g._turn.release()


def _rebuild(columns: tuple) -> Graph:
    g = Graph()
    op, inputs, params, shape, dtype, *tables = columns
    g._op += op
    g._inputs += inputs
    g._params += [op.plain if params == op.plain else params for op, params in zip(op, params, strict=True)]
    g._shape += shape
    g._dtype += map(sys.intern, dtype)  # types of scalars are compared by identity
    for table, kept in zip((g.names, g._variables, g.graph), tables, strict=True):
        table.update(kept)
    g.terms.update({name: n for n, name in g.names.items()})
    g._kind = bytearray(map(_kind, g._op, g._inputs, g._shape, g._dtype))
    for n, (op, inputs, params) in enumerate(zip(g._op, g._inputs, g._params, strict=True)):
        g._ids[op][_key(op, inputs, params)] = n
    return g


def _assumptions(assume: Any) -> tuple[str, ...]:
    if not isinstance(assume, (str, tuple, list, set, frozenset, type(None))):
        raise InputError(f"an assumption is a text or several texts, not {type(assume).__name__}")
    facts = assume.replace(",", " ").split() if isinstance(assume, str) else list(assume or ())
    for fact in facts:
        if fact not in ASSUMPTIONS:
            raise InputError(f"unknown assumption {fact!r}: use one of {', '.join(ASSUMPTIONS)}")
    return tuple(sorted(set(facts)))
