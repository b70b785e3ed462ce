"""Functional updates, ``x.at[index].set(value)``: the expression with some of its entries replaced or changed."""

from collections.abc import Callable
from typing import Any

import numpy as np

from .. import shapes
from ..errors import ArgumentError, GraphError
from ..expr import Expr
from ..op import FUNCTIONS, function, provided
from .layout import concat, getitem, getitem_op, place_op, reshape, scatter_add, take
from .piecewise import equal, maximum, minimum, where
from .products import broadcast_to, full


class At:
    """``x.at``: its index chooses the entries that are updated."""

    __slots__ = ("x",)

    def __init__(self, x: Expr):
        self.x = x

    def __getitem__(self, index: Any) -> "Update":
        return Update(self.x, index)


class Update:
    """Entries of an expression, to be updated; each method gives a new expression.

    >>> import symdiff as sd
    >>> x = sd.Graph().variable("x", 4)
    >>> y = x.at[1:3].set(0).at[0].add(10).at[-1].multiply(2)
    >>> sd.evaluate(y, {"x": [1.0, 2.0, 3.0, 4.0]})
    array([11.,  0.,  0.,  8.])
    """

    __slots__ = ("index", "x")

    def __init__(self, x: Expr, index: Any):
        self.x, self.index = x, index

    @property
    def _shape(self) -> tuple[int, ...]:
        return self.x.shape  # type: ignore[return-value]  # where its sizes are numbers

    def get(self) -> Any:
        """The entries themselves."""
        return getitem(self.x, self.index)

    def set(self, value: Any) -> Any:
        """The entries replaced; of places that are named twice the last value stays."""
        x, index = self.x, self.index
        if index is Ellipsis or (isinstance(index, slice) and index == slice(None)):
            return FUNCTIONS["astype"](broadcast_to(x.lift(value), x.shape), x.dtype)
        if isinstance(index, Expr) and not index.ndim and index.dtype != "bool":
            return self._at_symbolic(value)
        if isinstance(index, Expr) and index.dtype == "bool" and _rank(value) <= x.ndim - index.ndim:
            return where(reshape(index, (*index.shape, *(1,) * (x.ndim - index.ndim))), value, x)
        if any(not isinstance(s, int) for s in x.shape):
            return self._of_named_sizes(value)
        places = self._places()
        new = self._values(value, places.shape)
        source = np.full(int(np.prod(self._shape)), -1)
        source[places.ravel()] = np.arange(places.size)
        kept = np.arange(source.size)
        flat = concat([reshape(x, (-1,)), reshape(new, (-1,))])
        return reshape(take(flat, np.where(source < 0, kept, source.size + source)), x.shape)

    def add(self, value: Any) -> Any:
        """The value added to the entries, as often as they are named."""
        x = self.x
        if isinstance(self.index, Expr) or any(not isinstance(s, int) for s in x.shape):
            return self._once(lambda entries: entries + value)
        places = self._places()
        values = reshape(self._values(value, places.shape), (-1,))
        total = scatter_add(values, places.ravel(), int(np.prod(self._shape)))
        return x + reshape(total, x.shape)

    def subtract(self, value: Any) -> Any:
        """The value subtracted from the entries."""
        return self.add(-value)

    def multiply(self, value: Any) -> Any:
        """The entries times the value."""
        return self._once(lambda entries: entries * value)

    mul = multiply

    def divide(self, value: Any) -> Any:
        """The entries divided by the value."""
        return self._once(lambda entries: entries / value)

    def power(self, value: Any) -> Any:
        """The entries to a power."""
        return self._once(lambda entries: entries**value)

    def min(self, value: Any) -> Any:
        """The smaller of the entries and the value."""
        return self._once(lambda entries: minimum(entries, value))

    def max(self, value: Any) -> Any:
        """The larger of the entries and the value."""
        return self._once(lambda entries: maximum(entries, value))

    def apply(self, function: Callable[[Any], Any]) -> Any:
        """A function of the entries in their place."""
        return self._once(function)

    def _once(self, change: Callable[[Any], Any]) -> Any:
        """Each entry changed once."""
        if not isinstance(self.index, Expr) and all(isinstance(s, int) for s in self.x.shape):
            places = self._places().ravel()
            if len(np.unique(places)) < places.size:
                raise GraphError(
                    "x.at: an index that names a place twice can be set and added to, not changed otherwise"
                )
        if isinstance(self.index, Expr) and self.index.dtype == "bool":
            return where(self.index, change(self.x), self.x)
        return self.set(change(self.get()))

    def _places(self) -> np.ndarray:
        """The chosen entries as positions in the flattened expression."""
        items = self.index if isinstance(self.index, tuple) else (self.index,)
        items = tuple([_decided(i) if isinstance(i, Expr) else i for i in items])
        positions = np.arange(int(np.prod(self._shape))).reshape(self._shape)
        try:
            return positions[items if len(items) > 1 else items[0]]
        except (IndexError, ValueError) as error:
            raise ArgumentError(f"x.at: of an expression of shape {shapes.text(self.x.shape)}: {error}") from error

    def _values(self, value: Any, shape: tuple) -> Any:
        new = (
            value
            if isinstance(value, Expr)
            else self.x.lift(value)
        )
        new = broadcast_to(new, shape)
        return new if new.dtype == self.x.dtype else FUNCTIONS["astype"](new, self.x.dtype)

    def _at_symbolic(self, value: Any) -> Any:
        """The entry at an integer expression along the first axis."""
        x = self.x
        n = x.shape[0]
        steps = FUNCTIONS["arange"](n, graph=x.graph)
        here = equal(x.lift(steps), where(self.index < 0, self.index + x.graph.size(n), self.index))
        return where(reshape(here, (n, *(1,) * (x.ndim - 1))), value, x)

    def _of_named_sizes(self, value: Any) -> Any:
        """By a mask: of integers and slices alone."""
        x, chosen = self.x, self.get()
        index = chosen
        while index.op is not getitem_op and index.inputs:  # below axes that were added
            index = index.inputs[0]
        if index.op is not getitem_op or index.inputs[0].node != x.node:
            raise GraphError("x.at: on named sizes the index is of integers and slices that leave something out")
        (params,) = x.graph.params(index.node)
        new = reshape(self._values(value, chosen.shape), index.shape)
        ones = Expr(x.graph, full(x.graph, 1, index.shape))
        mask = ones.apply(place_op, (ones,), (params, x.shape))
        return where(equal(mask, 1), new.apply(place_op, (new,), (params, x.shape)), x)


def _rank(value: Any) -> int:
    return value.ndim if isinstance(value, Expr) else np.ndim(value)


def _decided(mask: Expr) -> np.ndarray:
    """The truth values of a condition, at the point of a trace."""
    value = provided("mask")(mask) if mask.dtype == "bool" else None
    if value is None:
        raise GraphError(
            "x.at: an index with expressions is one integer, or one condition with one value for all of its entries; "
            "sd.where(condition, values, x) takes values in the shape of x, and sd.trace(fn, at={name: value}) decides "
            "a condition at a point"
        )
    return value


@function("at")
def at(x: Expr) -> At:
    """Functional updates: ``x.at[index].set(value)``, and add, multiply, divide, power, min, max, apply."""
    return At(x)
