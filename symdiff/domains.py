"""Where derivatives do not exist at a point: kinks, jumps and poles, domains and their ends, singular matrices.

Each op is asked about the values of its operands, in a graph of its own: that of the user stays as it is.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .errors import InputError
from .expr import Expr
from .graph import Graph
from .op import Op, Partials, Unknown, Zero, is_float
from .ops.quadrature import as_sums
from .program import as_array, build_program, evaluate, typed
from .shapes import resolve

NONE = (Zero, Unknown)
OUTSIDE, KINK, STEEP = "outside its domain", "on a kink", "at an end of its domain, where its slope is infinite"
CONVENTION = "defined by convention: its operand is read as the symmetric (X + X.T)/2"


@dataclass(frozen=True, eq=False)
class Finding:
    """A node that has no derivative at a point, or one by convention.

    node    its id in the graph
    op      the name of its op
    value   its value at the point (of an op with several results, the first)
    inputs  the values of its operands
    reason  "on a kink", "outside its domain", or what else it is
    where   the entries of the result concerned, as a boolean array
    """

    node: int
    op: str
    value: np.ndarray
    inputs: tuple[np.ndarray, ...]
    reason: str
    where: np.ndarray

    def __str__(self) -> str:
        count = int(np.count_nonzero(self.where))
        entries = f" in {count} of {self.where.size} entries" if self.where.ndim else ""
        value = np.array2string(self.value, threshold=6)
        return f"node {self.node} ({self.op}) is {self.reason}{entries}, value {value}"


@dataclass(frozen=True)
class DomainReport:
    """What `check_domain` found; true when there is something. `notes` are what is defined by convention."""

    findings: tuple[Finding, ...]
    notes: tuple[Finding, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.findings)

    def __len__(self) -> int:
        return len(self.findings)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __str__(self) -> str:
        found = self.findings or ("every node lies inside its domain and off its kinks",)
        return "\n".join(map(str, (*found, *self.notes)))


def check_domain(expr: Expr, at: Mapping[Any, Any]) -> DomainReport:
    """The nodes of an expression that have no derivative at a point, in the order of evaluation: on a kink or a jump,
    outside their domain or at its end with an infinite slope, matrices that are singular or have equal eigenvalues.

    A node counts as on a kink when it is there to rounding; one whose value `where` does not take, or that is
    multiplied by 0, is listed too. What is not evaluated after a singular matrix is not asked.

    >>> import symdiff as sd
    >>> x = sd.Graph().variable("x")
    >>> report = sd.check_domain(sd.log(x) + sd.abs(x - 1), {x: 1.0})
    >>> bool(report), [(f.op, f.reason) for f in report]
    (True, [('abs', 'on a kink')])
    """
    given = given_nodes(expr, at, "check_domain")
    expr = as_sums(expr)
    g = expr.graph
    arrays = [as_array(value, g, n) for n, value in given.items()]
    program = build_program(g, list(given), [expr.node], as_written=True)
    sizes = program.bind(arrays)
    values: dict[int, Any] = dict(zip(given, arrays, strict=True)) | dict(program.constants)
    values |= {n: resolve(size, sizes) for n, size in program.sizes.items()}
    moving = set(given)
    found: list[Finding] = []
    for op, n, inputs, params in program.resolved(sizes):
        if not moving.isdisjoint(inputs):
            moving.add(n)
        if not all(i in values for i in inputs):
            continue
        xs = [values[i] for i in inputs]
        with np.errstate(all="ignore"):
            try:
                values[n] = typed(op.meaning()(*xs, *params), g._dtype[n])
            except np.linalg.LinAlgError:
                values[n] = np.nan
            found += _findings(op, n, xs, params, values[n], [i in moving for i in inputs])
            if op.domain is not None and np.ndim(values[n]) == 0 and g._shape[n]:
                del values[n]
    notes = [f for f in found if f.reason == CONVENTION]
    return DomainReport(tuple([f for f in found if f.reason != CONVENTION]), tuple(notes))


def given_nodes(expr: Any, at: Any, what: str) -> dict[int, Any]:
    """{node: value} of the keys of `at`, which name variables or are expressions of the graph."""
    if not isinstance(expr, Expr):
        raise InputError(f"{what}: expected an expression, got {type(expr).__name__}")
    if not isinstance(at, Mapping):
        raise InputError(f"{what}: at= is a dictionary {{name: value}}, not {type(at).__name__}")
    g = expr.graph
    found = {}
    for key, value in at.items():
        if isinstance(key, Expr) and key.graph is not g:
            raise InputError(f"{what}: {key!r} belongs to another graph")
        node = key.node if isinstance(key, Expr) else g.named(key)
        if node is None:
            raise InputError(
                f"{what}: {key!r} is no variable of this graph; it has {', '.join(g._variables) or 'none'}"
            )
        found[node] = value
    return found


def _findings(
    op: Op, n: int, operands: Sequence[Any], params: tuple, value: Any, moves: Sequence[bool]
) -> Iterator[Finding]:
    """What is to be said of an op at these values of its operands, of which some depend on the point."""
    if op.domain is None and op.kink is None and not op.symmetrises:
        return
    value = np.asarray(value[0] if isinstance(value, tuple) else value)
    arrays = tuple([np.asarray(x) for x in operands])
    g = Graph()
    xs = [g.variable(f"x{k}", x.shape, dtype=x.dtype.name) for k, x in enumerate(arrays)]
    at = dict(zip(xs, arrays, strict=True))

    def valued(e: Any) -> np.ndarray:
        e = xs[0].lift(e)
        return np.asarray(evaluate(e, {x: a for x, a in at.items() if x.node in set(g.ancestors([e.node]))}))

    inside: Any = True
    if op.domain is not None:
        inside = valued(op.domain(*xs, *params)).astype(bool)
        if not np.all(inside):
            yield Finding(n, op.name, value, arrays, OUTSIDE, ~inside)
    if op.kink is not None:
        sizes = [np.max(np.abs(x), initial=0.0) for x in arrays if is_float(x.dtype.name)]
        near = np.abs(valued(op.kink(*xs, *params))) <= 4 * np.finfo(float).eps * max(sizes, default=0.0)
        if np.any(near):
            yield Finding(n, op.name, value, arrays, KINK, near)
    elif isinstance(op.derivative, Partials) and is_float(value.dtype.name):
        known = [p for p, moving in zip(op.derivative.of, moves, strict=True) if moving and not isinstance(p, NONE)]
        slopes = [valued(p(*xs)) for p in known]  # type: ignore[operator]
        steep = np.logical_or.reduce([np.zeros(value.shape, bool), *[np.isinf(s) for s in slopes]])
        steep = steep & np.isfinite(value) & inside
        if np.any(steep):
            yield Finding(n, op.name, value, arrays, STEEP, steep)
    if op.symmetrises and not np.array_equal(arrays[0], np.swapaxes(arrays[0], -1, -2)):
        yield Finding(n, op.name, value, arrays, CONVENTION, np.asarray(True))
