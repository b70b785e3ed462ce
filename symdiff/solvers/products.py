"""Products with a derivative, in three stages: what depends on the data alone is evaluated once, what depends on the
point once per point, and a product runs only the rest."""

from collections.abc import Callable, Container, Mapping, Sequence
from typing import Any

import numpy as np

from .. import engines, shapes
from ..backends import Linearisation, check_backend, kept, resolved
from ..calculus import build_grad, resolve_wrt
from ..errors import GradientError, InputError
from ..expr import Expr
from ..graph import VARIABLE, Graph
from ..ops.products import combination, full
from ..program import Program, as_array, build_program, engine_of, label, node_of, split
from ..sparse import dense
from ..splitting import Split, split_rows
from ..sweeps import forward_sweep, reverse_sweep
from .layouts import same_bits

COLUMNS = "_columns"  # the size of the leading axis of a product with many vectors at once

Product = Callable[..., list[Any]]  # arrays of the vector -> arrays of the product
Values = tuple[list[Any], Product]  # (values of `also` at a point, the product there)


class Products:
    """A map that is linear in moving variables, at data and a point.

    also  nodes whose values at a point are wanted too
    """

    def __init__(
        self, g: Graph, data: Sequence[int], point: Sequence[int], moving: Sequence[Expr], outputs: Sequence[Expr],
        also: Sequence[int], backend: str, options: Mapping[str, Any],
    ):  # fmt: skip
        self.outputs, self.also, self.data = list(outputs), [Expr(g, n) for n in also], list(data)
        self._stages = [self.data, list(point), [v.node for v in moving]]
        program = build_program(g, [*data, *point, *(v.node for v in moving)], [e.node for e in outputs])
        backend, options = resolved(backend, options, split(program, data)[1] if backend == "auto" else program)
        self.whole = backend == "tape"  # to hand over what is kept of a point would take longer than to make it anew
        if self.whole:
            self._whole = Linearisation(program, data, backend)
            self._computed, head = self.also, build_program(g, [*data, *point], also)
        else:
            self._tail = Linearisation(program, [*data, *point], backend, options, also)
            head = self._tail.head
            self._computed = [Expr(g, n) for n in head.outputs]
        self._head = Linearisation(head, data, backend, options) if self._computed else None

    def joint(self) -> Program:
        """The program of the product, then of `also`."""
        inputs = [n for stage in self._stages for n in stage]
        return build_program(self.outputs[0].graph, inputs, [e.node for e in (*self.outputs, *self.also)])

    def split(self, axis: str) -> Split:
        """How data, point and products are computed in chunks of rows."""
        return split_rows(self.joint(), axis, self._stages)

    def prepared(
        self, data: Mapping[int, Any], placed: engines.Placed | None
    ) -> Callable[[Mapping[int, Any]], Values]:
        """The function point -> (values of `also`, product) at data: nodes of the data alone are evaluated now.

        placed  the data where it lies in chunks elsewhere
        """
        if placed is not None:
            return engines.prepared(self.joint(), self._stages, placed, len(self.outputs))
        values: Any = (lambda *at: []) if self._head is None else self._head.at(data, self._computed)
        if self.whole:
            product = self._whole.at(data, self.outputs)

            def whole(point: Mapping[int, Any]) -> Values:
                at = tuple(point.values())
                return values(*at), lambda *vectors: product(*at, *vectors)

            return whole
        tail, count = self._tail, len(self.also)

        def at(point: Mapping[int, Any]) -> Values:
            found = values(*point.values())
            given = {**data, **point}
            known = given | {e.node: v for e, v in zip(self._computed[count:], found[count:], strict=True)}
            return found[:count], tail.at(given, self.outputs, [known[n] for n in tail.frontier])

        return at


def directions(g: Graph, like: Sequence[Expr], lead: tuple, taken: Container[int]) -> list[Expr]:
    """Variables of the shapes of expressions with the axes `lead` in front; none of the nodes `taken`."""
    result = []
    for x in like:
        name = ("_V_" if lead else "_v_") + (g._params[x.node][0] if x.op is VARIABLE else str(x.node))
        shape = (*lead, *x.shape)
        while (n := g._variables.get(name)) is not None and (
            n in taken or (g._shape[n], g._dtype[n]) != (shape, x.dtype)
        ):
            name += "_"
        result.append(g.variable(name, shape, dtype=x.dtype))
    return result


def pushed(
    g: Graph, ys: Sequence[Expr], xs: Sequence[Expr], tangents: Sequence[Expr], lead: tuple = ()
) -> list[Expr]:
    """The tangents of ys for tangents of xs."""
    seeds = {x.node: t.node for x, t in zip(xs, tangents, strict=True)}
    found = forward_sweep(g, [y.node for y in ys], seeds, len(lead))
    return [_total(g, found.get(y.node), (*lead, *y.shape)) for y in ys]


def pulled(
    g: Graph, ys: Sequence[Expr], xs: Sequence[Expr], cotangents: Sequence[Expr], lead: tuple = ()
) -> list[Expr]:
    """The cotangents of xs for cotangents of ys."""
    seeds = [(y.node, c.node) for y, c in zip(ys, cotangents, strict=True)]
    found = reverse_sweep(g, seeds, [x.node for x in xs], len(lead))
    return [_total(g, found.get(x.node), (*lead, *x.shape)) for x in xs]


def _total(g: Graph, contributions: Any, shape: shapes.Shape) -> Expr:
    return Expr(g, combination(g, contributions) if contributions else full(g, 0, shape))


class Form:
    """What does not depend on data or point: an expression, its variables, and the products' nodes, made once."""

    def __init__(
        self, what: str, y: Any, wrt: Any, backend: str = "auto", threads: int | None = None, also: Sequence[Expr] = ()
    ):
        if not isinstance(y, Expr):
            raise InputError(
                f"{what}: expected an expression, got {type(y).__name__}; sd.parse(text) reads one"
            )
        self.what, self.y, self.structure, self.g = what, y, wrt, y.graph
        self.backend, self.options = backend, {} if threads is None else {"threads": threads}
        check_backend(what, backend, self.options)
        self.xs = resolve_wrt(y.graph, wrt)
        self.wrt = [x.node for x in self.xs]
        if not self.xs or len(set(self.wrt)) < len(self.wrt):
            raise InputError(f"{what}: wrt names {'a variable twice' if self.xs else 'no variable'}")
        self.also = list(also)
        self.own: dict[str, Any] = {"also": self.also} if also else {}  # what an operator of its kind is made with
        inside = self.g.ancestors([y.node, *(e.node for e in also)])
        self.data = [n for n in inside if self.g._op[n] is VARIABLE and n not in self.wrt]
        self._made: dict[str, Any] = {}

    def given(self, at: Any, copy: bool, old: Mapping[int, Any] | None = None) -> dict[int, Any]:
        """{node: array} of what `at` names; InputError where a value is missing that is not in the old ones.

        Data stays where it lies, unless a copy is asked for; arrays of the point are copied, for solvers write into
        theirs.
        """
        if not isinstance(at, Mapping):
            raise InputError(f"{self.what}: `at` is a dict {{name: value}}, got {type(at).__name__}")
        found = {node_of(self.g, key, self.what): value for key, value in at.items()}
        needed = [*self.wrt, *self.data]
        missing = [label(self.g, n) for n in needed if n not in found and (old is None or n not in old)]
        if missing:
            raise InputError(f"{self.what}: `at` has no value for {', '.join(missing)}")
        elsewhere = {n: v for n, v in found.items() if n in self.data and engine_of(v)}
        arrays = {n: as_array(v, self.g, n) for n, v in found.items() if n in needed and n not in elsewhere}
        arrays |= {n: dense(arrays[n], self.what) for n in self.wrt if n in arrays}
        return {n: kept(a) if copy or n in self.wrt else a for n, a in arrays.items()} | elsewhere

    def gradients(self) -> list[Expr]:
        if "gradients" not in self._made:
            self._made["gradients"] = build_grad(self.g, self.y, list(self.xs))
        return self._made["gradients"]

    def products(self, kind: str) -> Products | None:
        """The products of a kind ("hessian", "jvp", "vjp"; with "*": of many vectors at once), None where an
        op can't."""
        if kind not in self._made:
            try:
                self._made[kind] = self._make(kind)
            except GradientError:  # an op that is registered with a vjp alone knows no leading axes
                if not kind.endswith("*"):
                    raise
                self._made[kind] = None
        return self._made[kind]

    def _make(self, kind: str) -> Products:
        g, xs, lead = self.g, self.xs, (COLUMNS,) if kind.endswith("*") else ()
        name, taken = kind.rstrip("*"), [*self.wrt, *self.data]
        also = [] if lead else [self.y.node]
        if name == "hessian":
            grads = self.gradients()
            vs = directions(g, xs, lead, taken)
            outputs = pushed(g, grads, xs, vs, lead)
            also += [] if lead else [e.node for e in grads]
        elif name == "jvp":
            vs = directions(g, xs, lead, taken)
            outputs = pushed(g, [self.y], xs, vs, lead)
        else:
            vs, also = directions(g, [self.y], lead, taken), []
            outputs = pulled(g, [self.y], xs, vs, lead)
        return Products(g, self.data, self.wrt, vs, outputs, also, self.backend, self.options)


class Data:
    """The variables that stay while the point moves, what depends on them alone, and the last point.

    counts  {"points": evaluated, "products": with one vector each} of all operators on this data
    """

    def __init__(self, form: Form, values: Mapping[int, Any]):
        self.form, self.values = form, {n: values[n] for n in form.data}
        self.counts = {"points": 0, "products": 0}
        self.placed = engines.place(form.g, self.values) if any(map(engine_of, self.values.values())) else None
        self._prepared: dict[str, Any] = {}
        self._last: Point | None = None  # one object: threads see a point with its own values

    def at(self, values: Mapping[int, Any], kind: str) -> "Point":
        """The point with these values; the last one where they are the same to the last bit."""
        last, new = self._last, {n: values[n] for n in self.form.wrt}
        if last is None or not same_bits(list(last.values.values()), list(new.values())):
            self._last = last = Point(self, new, kind)
        return last

    def evaluate(self, kind: str, point: Mapping[int, Any]) -> Values | None:
        """(values, product) of a kind at a point."""
        if kind not in self._prepared:
            products = self.form.products(kind)
            self._prepared[kind] = None if products is None else products.prepared(self.values, self.placed)
        return None if self._prepared[kind] is None else self._prepared[kind](point)


class Point:
    """A point with data: the values there, and the products as they are asked for.

    also  the values that come with the products of the first kind
    """

    def __init__(self, data: Data, values: dict[int, Any], kind: str):
        self.data, self.values = data, values
        data.counts["points"] += 1
        self.also, product = data.evaluate(kind, values)  # type: ignore[misc]
        self._products: dict[str, Product | None] = {kind: product}

    def product(self, kind: str) -> Product | None:
        """The product of a kind; None for many vectors at once where an op can't."""
        if kind not in self._products:
            found = self.data.evaluate(kind, self.values)
            self._products[kind] = None if found is None else found[1]
        return self._products[kind]

    @property
    def at(self) -> dict[Expr, np.ndarray]:
        """{variable: value} of data and point."""
        return {Expr(self.data.form.g, n): v for n, v in {**self.data.values, **self.values}.items()}
