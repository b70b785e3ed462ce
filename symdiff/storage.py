"""Keeping: `save` and `load`, a versioned JSON document of columns, without code, checked when loaded.

The document's fields, in this order: ``format`` and ``version``; ``ops`` (names), ``op`` (per node: its
place in ops); ``inputs`` (per node: ids of earlier nodes); ``parameters``, ``params``; ``shapes``,
``shape``; ``dtypes``, ``dtype`` (each a list of the distinct values and a place per node); ``arrays``
(dtype, shape, base64 of little-endian bytes); ``variables`` (the nodes that are known by name);
``names`` ([node, name] pairs); ``object`` (what was saved); ``digest`` (SHA-256 of the fields before
it).
"""

import base64
import binascii
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from itertools import chain
from operator import itemgetter
from typing import Any

import numpy as np

from . import constants, shapes
from .columns import numbered, numbered_integers
from .digits import Rows
from .documents import FORMAT, VERSION, Refused, compact, parsed, text_of
from .errors import InputError
from .expr import Expr
from .files import path_text, read_bytes, write_atomically
from .graph import CONSTANT, SIZE, VARIABLE, Graph, check_name
from .op import OPS, Op, Results
from .ops.control import project_op
from .ops.products import ADD
from .scalars import scalar_runs, tuples

MAX_BYTES, MAX_NODES = 2**30, 10**7
_MAX_DEPTH = 32  # of nested parameters, and of the lists and dicts that hold expressions
_MAX_TEXT = 10_000
_MAX_DIGITS = 2500  # of an integer: those of the budget of bits, and of a fraction of two
_SAFE = 2**53  # integers beyond it are texts: other JSON readers hold numbers as doubles

# --- saving -------------------------------------------------------------------------------------------------


def save(obj: Any, path: Any) -> None:
    """Write expressions with their whole graph to a JSON document without code.

    obj   an Expr, a Graph, or a list, tuple or dict of them, all of one graph; nested too; keys of dicts are
          texts, integers or expressions
    path  where to; an existing file is replaced atomically

    Constants are kept exactly, nodes keep their ids; networkx's attributes of a graph (``g.graph``) are not
    saved. Raises InputError when something can't be saved or written; the old file is then still there.

    >>> import os, tempfile, symdiff as sd
    >>> x, y = sd.Graph().variables("x y")
    >>> f = sd.exp(x*y)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = os.path.join(folder, "f.json")
    ...     sd.save({"f": f, "slope": sd.grad(f, x)}, path)
    ...     kept = sd.load(path)
    >>> sorted(kept), kept["f"].node == f.node
    (['f', 'slope'], True)
    """
    graphs: list[Graph] = []
    structure = _structure(obj, graphs, 0)
    if not graphs:
        raise InputError("save: there is no expression or graph to save")
    if any(g is not graphs[0] for g in graphs):
        raise InputError(
            "save: the expressions belong to different graphs; save each graph in a file of its own"
        )
    write_atomically(path, text_of(_document(graphs[0], structure)))


def _structure(obj: Any, graphs: list[Graph], depth: int) -> Any:
    """What was saved, in JSON (``{"expr": 7}``, ``{"dict": [["f", ...]]}``); its graphs go to `graphs`."""
    if depth > _MAX_DEPTH:
        raise InputError(f"save: lists and dicts nested more than {_MAX_DEPTH} deep")
    if isinstance(obj, Expr):
        graphs.append(obj.graph)
        return {"expr": obj.node}
    if isinstance(obj, Graph):
        graphs.append(obj)
        return {"graph": True}
    if isinstance(obj, Mapping):
        return {"dict": [[_key(k, graphs), _structure(v, graphs, depth + 1)] for k, v in obj.items()]}
    if isinstance(obj, (list, tuple)):
        return {
            "list" if isinstance(obj, list) else "tuple": [
                _structure(item, graphs, depth + 1) for item in obj
            ]
        }
    raise InputError(
        f"save: expected an Expr, a Graph, or a list, tuple or dict of them, got {type(obj).__name__}"
    )


def _key(key: Any, graphs: list[Graph]) -> Any:
    if isinstance(key, Expr):
        return _structure(key, graphs, 0)
    if isinstance(key, str) and len(key) <= _MAX_TEXT:
        return key
    if type(key) is int and abs(key) < _SAFE:
        return key
    raise InputError(
        f"save: a key of a dict is a text, an integer or an expression, not {type(key).__name__}"
    )


def _distinct(column: list, encode: Callable[[Any], Any]) -> tuple[list, np.ndarray]:
    """(the distinct values of a column as JSON, the place of each node's value among them)"""
    objects, places = numbered(column)
    encoded = list(map(encode, objects))
    by_text: dict[str, int] = {}  # 1, 1.0, True: equal, not their texts
    merged = [by_text.setdefault(compact(value), len(by_text)) for value in encoded]
    kept = dict(zip(reversed(merged), reversed(encoded), strict=True))
    return [kept[k] for k in range(len(kept))], np.array(merged, np.int32)[places]


def _document(g: Graph, structure: Any) -> dict[str, Any]:
    """The fields; columns of numbers as arrays."""
    arrays: list[Any] = []
    seen: dict[constants.Array, int] = {}
    ops, op = _distinct(g._op, lambda op: op.name)
    parameters, params = _distinct(g._params, lambda params: _encode(params, arrays, seen))
    (dims, shape), (dtypes, dtype) = _distinct(g._shape, _encode_shape), _distinct(g._dtype, str)
    columns = g.columns()
    return {
        "format": FORMAT, "version": VERSION, "ops": ops, "op": op, "inputs": Rows(columns.starts, columns.operands),
        "parameters": parameters, "params": params, "shapes": dims, "shape": shape, "dtypes": dtypes, "dtype": dtype,
        "arrays": arrays, "variables": list(g._variables.values()), "object": structure,
        "names": [[n, label] for n, label in sorted(g.names.items())],
    }  # fmt: skip


def _encode(value: Any, arrays: list, seen: dict[constants.Array, int]) -> Any:
    """A parameter in JSON; ``{"float": "0.1"}``, ``{"fraction": "1/3"}``... where JSON has no exact form."""
    kind = type(value)
    if value is None or kind is bool or kind is str:
        return value
    if kind is int:
        return value if -_SAFE < value < _SAFE else {"int": str(value)}
    if kind is float:
        return {"float": repr(value)}
    if kind is Fraction:
        return {"fraction": f"{value.numerator}/{value.denominator}"}
    if issubclass(kind, tuple):
        return [_encode(item, arrays, seen) for item in value]
    if kind is constants.Array:
        k = seen.setdefault(value, len(arrays))
        if k == len(arrays):
            a = value.value
            data = np.ascontiguousarray(a, a.dtype.newbyteorder("<")).tobytes()
            arrays.append(
                {"dtype": a.dtype.name, "shape": list(a.shape), "data": base64.b64encode(data).decode()}
            )
        return {"array": k}
    raise InputError(f"save: a parameter of the type {kind.__name__} has no form without code")


def _encode_shape(shape: Any) -> Any:
    return {"results": [list(s) for s in shape]} if type(shape) is Results else list(shape)


# --- loading ------------------------------------------------------------------------------------------------


def load(path: Any, *, max_bytes: int = MAX_BYTES, max_nodes: int = MAX_NODES) -> Any:
    """Read what `save` wrote: the same Expr, Graph, list, tuple or dict, on a graph equal node for node.

    max_bytes, max_nodes  the largest document that is read

    Everything is checked before anything is returned: fields and types, that inputs come before consumers,
    ops and their arity, and that shapes and types follow from the ops. Nothing in the document is executed.
    Raises InputError that names the file and the reason: missing, damaged, foreign, newer, too large.
    """
    name = path_text(path)
    data = read_bytes(name, max_bytes)
    try:
        return _Reading(parsed(data), max_nodes).result()
    except Refused as reason:
        raise InputError(f"{name}: {reason}") from reason.__cause__


def _expect(condition: bool, what: str) -> None:
    if not condition:
        raise Refused(f"damaged: {what}")


def _list(value: Any, what: str) -> list:
    _expect(type(value) is list, f"{what} is not a list")
    return value


class _Reading:
    """A document being checked and built; the graph is handed out only when all of it stood the checks."""

    def __init__(self, document: Mapping[str, Any], max_nodes: int):
        self.document, self.graph = document, Graph()
        op = document["op"]
        size = len(op if isinstance(op, np.ndarray) else _list(op, 'the field "op"'))
        if size > max_nodes:
            raise Refused(f"{size} nodes are more than {max_nodes}, the limit of this call")
        self.arrays = [
            self._array(k, a) for k, a in enumerate(_list(document["arrays"], 'the field "arrays"'))
        ]
        self._nodes(size)
        self._variables()
        self._names()

    def result(self) -> Any:
        return self._object(self.document["object"], 0)

    def _column(self, field: str, size: int, distinct: list) -> np.ndarray:
        """The places of a column, each in the list of its distinct values."""
        column = self.document[field]
        if not isinstance(column, np.ndarray):
            numbers = _list(column, f'the field "{field}"')
            _expect(set(map(type, numbers)) <= {int}, f'an entry of the field "{field}" is not an integer')
            column = _bounded(numbers, len(distinct))
        _expect(column.size == size, f'the field "{field}" has {column.size} entries for {size} nodes')
        _expect(
            not size or (column.min() >= 0 and column.max() < len(distinct)),
            f'an entry of the field "{field}" is out of range',
        )
        return column

    def _inputs(self, size: int) -> Rows:
        rows = self.document["inputs"]
        if not isinstance(rows, Rows):
            lists = _list(rows, 'the field "inputs"')
            _expect(set(map(type, lists)) <= {list}, 'an entry of the field "inputs" is not a list')
            operands = list(chain.from_iterable(lists))
            _expect(set(map(type, operands)) <= {int}, "an input of a node is not an integer")
            starts = np.cumsum([0, *map(len, lists)])
            rows = Rows(starts, _bounded(operands, size))
        count = rows.starts.size - 1
        _expect(count == size, f'the field "inputs" has {count} entries for {size} nodes')
        return rows

    def _distinct(self, field: str, decode: Callable[[Any], Any]) -> list:
        return [decode(value) for value in _list(self.document[field], f'the field "{field}"')]

    # --- nodes ----------------------------------------------------------------------------------------------

    def _nodes(self, size: int) -> None:
        rows = self._inputs(size)
        ops, parameters = self._distinct("ops", _op), self._distinct("parameters", self._params)
        dims, dtypes = self._distinct("shapes", _shape), self._distinct("dtypes", _dtype)
        columns = [
            (self._column(field, size, distinct), distinct)
            for field, distinct in (("op", ops), ("params", parameters), ("shape", dims), ("dtype", dtypes))
        ]
        (op, _), (params, _), (shape, _), (dtype, _) = columns
        scalar, double = (np.array([x == y for x in xs], bool) for xs, y in ((dims, ()), (dtypes, "float64")))
        kinds, pairs = _pairs_met(op, params)
        given = [(ops[k], parameters[j]) for k, j in pairs]
        plain = [(f, f.plain if p == f.plain else p) for f, p in given]
        declared = scalar[shape] & double[dtype] if size else scalar
        at, multiple = 0, set[int]()  # nodes with several results
        for first, last in (*scalar_runs(rows, declared, given, kinds), (size, size)):
            one_by_one = [map(distinct.__getitem__, column[at:first].tolist()) for column, distinct in columns]
            self._one_by_one(at, zip(tuples(rows, at, first), *one_by_one, strict=True), multiple)
            new = self.graph.append_scalars(plain, kinds[first:last], tuples(rows, first, last))
            _expect(new, f"one of the nodes {first} to {last - 1} repeats another")
            at = last

    def _one_by_one(self, first: int, rows: Iterable[tuple], multiple: set[int]) -> None:
        g, checks, append = self.graph, _CHECKS, self.graph.append
        for n, (inputs, op, params, shape, dtype) in enumerate(rows, first):
            if inputs and not (min(inputs) >= 0 and max(inputs) < n):
                raise Refused(f"damaged: node {n} has an input that is not an earlier node")
            try:
                if op in checks:
                    params = checks[op](g, inputs, params)
                elif op.arity is not None and len(inputs) != op.arity:
                    raise Refused(f"it takes {op.arity} operand(s), not {len(inputs)}")
                if multiple and op is not project_op and not multiple.isdisjoint(inputs):
                    raise Refused("an operand has several results")
                if params is not op.plain and params != op.plain and op not in checks:
                    operands = [g._shape[i] for i in inputs]
                    if op.valid is None or not op.valid(params, operands):
                        raise Refused("it has no such parameters")
                made = append(op, inputs, params)
            except Refused as reason:
                raise Refused(f"damaged: node {n} ({op.name}): {reason}") from reason
            except Exception as error:  # whatever a shape rule raises, its node is none
                raise Refused(
                    f"damaged: node {n} ({op.name}) does not fit its inputs: {str(error)[:200]}"
                ) from error
            if made != n:
                raise Refused(f"damaged: node {n} repeats node {made}")
            have = g._shape[n]
            if type(have) is Results:
                multiple.add(n)
            if have != shape or type(have) is not type(shape) or g._dtype[n] != dtype:
                raise Refused(f"damaged: node {n} ({op.name}) has another shape or type than its op gives")

    def _params(self, value: Any) -> tuple:
        return tuple([self._decode(item, 1) for item in _list(value, 'an entry of the field "parameters"')])

    def _decode(self, value: Any, depth: int) -> Any:
        kind = type(value)
        if value is None or kind is bool:
            return value
        if kind is int:
            _expect(-_SAFE < value < _SAFE, "an integer of more than 53 bits is not written as a text")
            return value
        if kind is str:
            _expect(len(value) <= _MAX_TEXT, f"a text of {len(value)} characters")
            return value
        _expect(depth <= _MAX_DEPTH, f"parameters nested more than {_MAX_DEPTH} deep")
        if kind is list:
            return tuple([self._decode(item, depth + 1) for item in value])
        if kind is not dict or len(value) != 1:
            raise Refused(f"damaged: the parameter {str(value)[:60]} is of no known form")
        ((tag, content),) = value.items()
        if tag == "array":
            _expect(
                type(content) is int and 0 <= content < len(self.arrays),
                "a parameter names an array that is not there",
            )
            return self.arrays[content]
        _expect(
            tag in _NUMBERS and type(content) is str, f"the parameter {str(value)[:60]} is of no known form"
        )
        _expect(len(content) <= _MAX_DIGITS, f"a number of {len(content)} characters")
        try:
            number = _NUMBERS[tag](content)
            exact = _encode(number, [], {}) == value
        except (ValueError, ZeroDivisionError):
            exact = False
        _expect(exact, f"{content[:40]!r} is not the text of a {tag}")
        return number

    def _array(self, k: int, entry: Any) -> constants.Array:
        fields = isinstance(entry, dict) and set(entry) == {"dtype", "shape", "data"}
        _expect(fields, f"array {k} has not the fields dtype, shape and data")
        name, shape, data = entry["dtype"], entry["shape"], entry["data"]
        _expect(name in constants.DTYPES, f"array {k} is of an unknown type")
        _expect(
            type(shape) is list and all(type(s) is int and s >= 0 for s in shape),
            f"array {k} has a shape that is none",
        )
        _expect(type(data) is str, f"array {k} has no text as its data")
        try:
            raw = base64.b64decode(data, validate=True)
            flat = np.frombuffer(raw, np.dtype(name).newbyteorder("<")).astype(name)
            _expect(
                name != "bool" or not raw.strip(b"\0\1"), f"array {k} is of truth values and holds others"
            )
            return constants.Array(flat.reshape(shape))
        except (binascii.Error, ValueError, OverflowError) as error:
            raise Refused(f"damaged: array {k}: {error}") from error

    # --- what hangs on the nodes ----------------------------------------------------------------------------

    def _variables(self) -> None:
        """Variables are known by name, but for those that the sweeps made."""
        known: dict[str, int] = {}
        for entry in _list(self.document["variables"], 'the field "variables"'):
            n = self._node(entry)
            _expect(self.graph._op[n] is VARIABLE, f"node {n} is no variable")
            name = self.graph._params[n][0]
            _expect(name not in known, f"the variable {name} is listed twice")
            known[name] = n
        self.graph._variables = dict(sorted(known.items(), key=itemgetter(1)))  # in the order of their declaration

    def _names(self) -> None:
        for entry in _list(self.document["names"], 'the field "names"'):
            _expect(type(entry) is list and len(entry) == 2, 'an entry of the field "names" is not a pair')
            n, label = self._node(entry[0]), entry[1]
            _expect(n not in self.graph.names, f"node {n} is named twice")
            try:
                name = check_name(label)
            except InputError as error:
                raise Refused(f"damaged: the name of node {n}: {error}") from error
            _expect(self.graph.named(name) is None, f"the name {name} is given twice")
            self.graph.give_name(n, name)

    def _node(self, n: Any) -> int:
        _expect(type(n) is int and 0 <= n < len(self.graph._op), f"there is no node {str(n)[:40]}")
        return n

    def _object(self, value: Any, depth: int) -> Any:
        _expect(depth <= _MAX_DEPTH, f"what was saved is nested more than {_MAX_DEPTH} deep")
        _expect(type(value) is dict and len(value) == 1, 'the field "object" holds something unknown')
        ((tag, content),) = value.items()
        if tag == "expr":
            return Expr(self.graph, self._node(content))
        if tag == "graph" and content is True:
            return self.graph
        _expect(tag in ("list", "tuple", "dict"), 'the field "object" holds something unknown')
        items = _list(content, f'a {tag} in the field "object"')
        if tag == "list":
            return [self._object(item, depth + 1) for item in items]
        if tag == "tuple":
            return tuple([self._object(item, depth + 1) for item in items])
        _expect(
            all(type(item) is list and len(item) == 2 for item in items),
            "an entry of a saved dict is not a pair",
        )
        result = {self._saved_key(key): self._object(item, depth + 1) for key, item in items}
        _expect(len(result) == len(items), "a key of a saved dict is given twice")
        return result

    def _saved_key(self, key: Any) -> Any:
        if type(key) in (str, int):
            return key
        _expect(type(key) is dict and set(key) == {"expr"}, "a key of a saved dict is of no known form")
        return Expr(self.graph, self._node(key["expr"]))


def _bounded(numbers: list[int], limit: int) -> np.ndarray:
    """The numbers as an array, -1 for those that are too small or too large."""
    return np.array([k if 0 <= k < limit else -1 for k in numbers], np.int32)


def _pairs_met(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, list[tuple[int, int]]]:
    """(the number of each pair of entries, the pairs) in the order in which they are met"""
    first, numbers = numbered_integers(a.astype(np.int64) << 32 | b)
    return numbers, list(zip(a[first].tolist(), b[first].tolist(), strict=True))


_NUMBERS: dict[str, Callable[[str], Any]] = {"int": int, "float": float, "fraction": Fraction}


def _op(name: Any) -> Op:
    _expect(type(name) is str, 'an entry of the field "ops" is not a text')
    if name not in OPS:
        raise Refused(
            f"it uses the op {name[:60]!r}, which is not known here: register your own ops before loading"
        )
    return OPS[name]


def _shape(value: Any) -> Any:
    if isinstance(value, dict):
        _expect(set(value) == {"results"}, 'an entry of the field "shapes" is none')
        return Results(_shape(s) for s in _list(value["results"], "a shape"))
    sizes = _list(value, "a shape")
    _expect(
        all(type(s) is int or (type(s) is str and len(s) <= _MAX_TEXT) for s in sizes),
        "a shape holds something that is no size",
    )
    return tuple(sizes)


def _dtype(value: Any) -> str:
    _expect(type(value) is str, 'an entry of the field "dtypes" is not a text')
    return value


# --- what the shape rules of ops take for granted -----------------------------------------------------------


def _check_variable(g: Graph, inputs: tuple[int, ...], params: tuple) -> tuple:
    if inputs or len(params) != 4 or params[0] in g._variables:
        raise Refused("not a new variable with a name, a shape, a type and assumptions")
    x = g.variable(*params)
    if not _identical(g._params[x.node], params):
        raise Refused("its parameters are not in canonical form")
    return g._params[x.node]


def _check_constant(g: Graph, inputs: tuple[int, ...], params: tuple) -> tuple:
    if inputs or len(params) != 2 or isinstance(params[1], (str, tuple)) or params[1] is None:
        raise Refused("not a kind and a number")
    kind, value = params
    made = (kind, value) if kind == "array" and type(value) is constants.Array else constants.canonical(value)
    if not _identical(made, params):
        raise Refused(f"its value is not of the kind {str(kind)[:40]!r}")
    return made


def _check_size(g: Graph, inputs: tuple[int, ...], params: tuple) -> tuple:
    if inputs or len(params) != 1 or type(params[0]) is not str or shapes.as_size(params[0]) != params[0]:
        raise Refused("not the name of a size")
    return params


def _check_add(g: Graph, inputs: tuple[int, ...], params: tuple) -> tuple:
    if not inputs or len(params) != len(inputs):
        raise Refused(f"{len(params)} coefficient(s) for {len(inputs)} operand(s)")
    if not all(type(c) in (int, float, Fraction) for c in params):
        raise Refused("a coefficient is not a number")
    return constants.coefficients(*params)


_CHECKS: dict[Op, Callable[[Graph, tuple[int, ...], tuple], tuple]] = {
    VARIABLE: _check_variable, CONSTANT: _check_constant, SIZE: _check_size, ADD: _check_add,
}  # fmt: skip


def _identical(a: tuple, b: tuple) -> bool:
    """Equal and of equal types: 1, 1.0 and True differ, nan is nan."""
    return repr(a) == repr(b) if not any(type(x) is constants.Array for x in chain(a, b)) else a == b
