"""What networkx reads of a graph: the attributes of its nodes and their rows of neighbours, as mappings over the
columns. None of them refers to the graph itself, so a graph is freed at once."""

from collections.abc import ItemsView, Iterator, Mapping
from copy import deepcopy
from functools import lru_cache
from numbers import Integral
from typing import Any

from .errors import GraphError
from .op import Op

NARROW = 32  # operands up to which a row of them is made anew when asked for


def refused(name: str) -> Any:
    """A method that is refused because the graph is append-only."""

    def method(self: Any, *args: Any, **kwargs: Any) -> None:
        raise GraphError(
            f"{name}: a symdiff graph is append-only; nx.MultiDiGraph(g) gives an ordinary copy that you may change"
        )

    method.__name__ = name.rpartition(".")[2]
    method.__doc__ = "Refused: the graph is append-only."
    return method


class Frozen(dict):
    """A dict that others read and may not write: attributes of a node or an edge, keys of edges, a row of neighbours.
    Its copies are ordinary dicts."""

    __slots__ = ()

    __setitem__ = __delitem__ = __ior__ = refused("setting an attribute")  # type: ignore[assignment]
    update = setdefault = pop = popitem = clear = __setitem__  # type: ignore[assignment]

    def copy(self) -> dict:
        return dict(self)

    def __deepcopy__(self, memo: dict) -> dict:
        return deepcopy(dict(self), memo)

    def __reduce__(self):
        return dict, (dict(self),)


_EDGE = Frozen()
_put, _take = dict.__setitem__, dict.__delitem__  # how the rows themselves grow and shrink


@lru_cache(maxsize=4096)
def _keys(positions: tuple[int, ...]) -> Frozen:
    """The edges from an operand at these positions: {position: {}}"""
    return Frozen(dict.fromkeys(positions, _EDGE))


_FIRST, _SECOND, _BOTH = _keys((0,)), _keys((1,)), _keys((0, 1))


def _operands(inputs: tuple[int, ...]) -> dict[int, Frozen]:
    """operand -> {argument position: {}}"""
    if len(inputs) == 1:
        return {inputs[0]: _FIRST}
    if len(inputs) == 2:
        x, y = inputs
        return {x: _BOTH} if x == y else {x: _FIRST, y: _SECOND}
    found: dict[int, list[int]] = {}
    for k, i in enumerate(inputs):
        found.setdefault(i, []).append(k)
    return {i: _keys(tuple(positions)) for i, positions in found.items()}


class _Rows(Mapping):
    """A mapping from the ids of nodes; `inputs` is the graph's column, which grows."""

    __slots__ = ("inputs",)

    def __init__(self, inputs: list[tuple[int, ...]]):
        self.inputs = inputs

    def __len__(self) -> int:
        return len(self.inputs)

    def __iter__(self) -> Iterator[int]:
        return iter(range(len(self.inputs)))

    def __contains__(self, n: object) -> bool:
        return 0 <= _node(n) < len(self.inputs)

    def __getitem__(self, n: Any) -> Any:
        node = n if type(n) is int else _node(n)
        if not 0 <= node < len(self.inputs):
            raise KeyError(n)
        return self.row(node)

    def row(self, n: int) -> Any:
        raise NotImplementedError


def _node(n: Any) -> int:
    """The id that equals n as a key of a dict would (numpy's integers, 1.0), or -1."""
    if type(n) is int:
        return n
    return int(n) if isinstance(n, (Integral, float)) and n == n // 1 else -1


class Attributes(_Rows):
    """node -> what it is; nodes of one kind share a row."""

    __slots__ = ("dtype", "names", "op", "params", "rows", "shape", "shared")

    def __init__(
        self, inputs: list, op: list[Op], params: list[tuple], shape: list, dtype: list[str], names: Mapping[int, str]
    ):  # fmt: skip
        super().__init__(inputs)
        self.op, self.params, self.shape, self.dtype, self.names = op, params, shape, dtype, names
        self.rows: list[Frozen] = []  # of nodes as if they had no name
        self.shared: dict[tuple, Frozen] = {}

    def row(self, n: int) -> Frozen:
        if len(self.rows) <= n:
            self.extend()
        return Frozen(self.rows[n], name=self.names[n]) if n in self.names else self.rows[n]

    def items(self) -> ItemsView:
        return ItemsView(self) if self.names else _Items(self)

    def extend(self) -> None:
        shared, start = self.shared, len(self.rows)
        columns = (column[start:] for column in (self.op, self.params, self.shape, self.dtype))
        for op, params, shape, dtype in zip(*columns, strict=True):
            if params is not op.plain:
                self.rows.append(_attributes(op, params, shape, dtype))
                continue
            kind = (op, shape, dtype)
            if kind not in shared:
                shared[kind] = _attributes(op, params, shape, dtype)
            self.rows.append(shared[kind])

    def truncate(self, length: int) -> None:
        """Forget the nodes from `length` on."""
        del self.rows[length:]


def _attributes(op: Op, params: tuple, shape: Any, dtype: str) -> Frozen:
    kept = {"params": params} if params else {}
    return Frozen({"op": op.name, "shape": shape, "dtype": dtype}, **kept)


class Consumers(_Rows):
    """node -> {consumer: {argument position: {}}}; indexed when first asked for, and on as the graph grows."""

    __slots__ = ("rows",)

    def __init__(self, inputs: list[tuple[int, ...]]):
        super().__init__(inputs)
        self.rows: list[Frozen] = []

    def __getitem__(self, n: Any) -> Frozen:
        rows = self.rows
        if len(rows) < len(self.inputs):
            self.extend()
        node = n if type(n) is int else _node(n)
        if not 0 <= node < len(rows):
            raise KeyError(n)
        return rows[node]

    def items(self) -> ItemsView:
        return _Items(self)

    def extend(self) -> None:
        rows, inputs = self.rows, self.inputs
        for c in range(len(rows), len(inputs)):
            rows.append(Frozen())
            for i, keys in _operands(inputs[c]).items():
                _put(rows[i], c, keys)

    def truncate(self, length: int) -> None:
        """Forget the nodes from `length` on, whose operands are still known."""
        for c in range(len(self.rows) - 1, length - 1, -1):
            for i in set(self.inputs[c]):
                _take(self.rows[i], c)
        del self.rows[length:]


class _Items(ItemsView):
    _mapping: Attributes | Consumers

    def __iter__(self) -> Iterator[tuple[int, Frozen]]:
        self._mapping.extend()
        return enumerate(self._mapping.rows)


class Operands(_Rows):
    """node -> {operand: {argument position: {}}}; long rows are kept."""

    __slots__ = ("long",)

    def __init__(self, inputs: list[tuple[int, ...]]):
        super().__init__(inputs)
        self.long: dict[int, Frozen] = {}

    def row(self, n: int) -> Frozen:
        inputs = self.inputs[n]
        if len(inputs) <= NARROW:
            return Frozen(_operands(inputs))
        if n not in self.long:
            self.long[n] = Frozen(_operands(inputs))
        return self.long[n]

    def truncate(self, length: int) -> None:
        """Forget the nodes from `length` on."""
        self.long = {n: row for n, row in self.long.items() if n < length}
