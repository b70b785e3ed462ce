"""Hypothesis strategies: well-typed expressions of scalars and arrays with concrete sizes, and values off
kinks and poles.

An expression is grown inside ranges: every operand's values stay where its op is smooth, so that derivatives
can be compared with differences. A smooth map takes a range into an op's interval of `samples`.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st

import symdiff as sd
from symdiff.op import FUNCTIONS, OPS, Partials, Unknown

SMOOTH = sorted(
    name for name, op in OPS.items()
    if op.elementwise and op.arity == 1 and isinstance(op.derivative, Partials)
    and not isinstance(op.derivative.of[0], Unknown) and name not in {"gamma",
        "erfi", "safe_divide"}
)  # fmt: skip
BINARY = ["add", "subtract", "multiply", "divide", "hypot", "atan2", "logaddexp"]
SIZES = st.integers(1, 3)


@dataclass(frozen=True)
class Sample:
    """An expression with the point at which it is to be looked at."""

    expr: Any
    at: dict[str, np.ndarray]

    @property
    def wrt(self) -> list[str]:
        return list(self.at)


def into(e: Any, low: float, high: float) -> Any:
    """The values of e moved into an interval: low + (high - low)*(1 + tanh(e/3))/2."""
    return low + (high - low) * (1 + sd.tanh(e / 3)) / 2


@st.composite
def shapes(draw: st.DrawFn, rank: int | None = None) -> tuple[int, ...]:
    rank = draw(st.integers(0, 2)) if rank is None else rank
    return tuple(draw(SIZES) for _ in range(rank))


@st.composite
def arrays(draw: st.DrawFn, shape: tuple[int, ...]) -> np.ndarray:
    """Values of moderate size with few digits, so that failures shrink to readable ones."""
    values = draw(
        st.lists(st.integers(-200, 200), min_size=int(np.prod(shape)), max_size=int(np.prod(shape)))
    )
    return np.array(values, dtype=float).reshape(shape) / 100


def _fits(a: tuple, b: tuple) -> bool:
    try:
        np.broadcast_shapes(a, b)
    except ValueError:
        return False
    return True


@st.composite
def expressions(draw: st.DrawFn, steps: int = 8, scalar: bool = False) -> Sample:
    """A shared graph of a few variables and up to `steps` ops; the last node is the expression."""
    g = sd.Graph()
    at: dict[str, np.ndarray] = {}
    pool: list[Any] = []
    for name in ("x", "y", "z")[: draw(st.integers(1, 3))]:
        shape = draw(shapes())
        pool.append(g.variable(name, shape))
        at[name] = draw(arrays(shape))
    for _ in range(draw(st.integers(min(3, steps), steps))):
        a = draw(st.sampled_from(pool))
        moves = ["unary", "unary", "binary", "power", "constant", "where"]
        moves += ["sum", "reshape", "transpose", "slice", "reduce", "softmax"] if a.ndim else ["stack"]
        if a.ndim == 2:
            moves += ["matmul", "trace"] if a.shape[0] == a.shape[1] else ["matmul"]
        move = draw(st.sampled_from(moves))
        if move == "unary":
            op = OPS[draw(st.sampled_from(SMOOTH))]
            e = op(into(a, *op.samples[0]))
        elif move == "binary":
            b = draw(st.sampled_from([p for p in pool if _fits(p.shape, a.shape)]))
            name = draw(st.sampled_from(BINARY))
            e = FUNCTIONS[name](
                into(a, 0.5, 2) if name in BINARY[4:] else a, into(b, 0.5, 2) if name in BINARY[3:] else b
            )
        elif move == "power":
            e = into(a, 0.3, 2) ** draw(st.sampled_from([0, 1, 2, 3, -1, -2, 0.5, 1.5]))
        elif move == "constant":
            e = a * draw(st.integers(-3, 3)) + draw(
                st.sampled_from([0, 1, 0.25, np.arange(1.0, a.shape[-1] + 1) if a.ndim else 2])
            )
        elif move == "where":
            mask = np.resize([True, False, False], a.shape) if a.ndim else np.bool_(draw(st.booleans()))
            e = sd.where(g.constant(mask), a, sd.sin(a))
        elif move == "sum":
            e = sd.sum(a, axis=draw(st.sampled_from([None, 0, -1])), keepdims=draw(st.booleans()))
        elif move == "reshape":
            e = a.reshape(-1)
        elif move == "transpose":
            e = a.T
        elif move == "slice":
            e = a[draw(st.sampled_from([0, -1, slice(None, None, -1), slice(1, None), None]))]
            e = a if 0 in e.shape else e
        elif move == "reduce":
            e = FUNCTIONS[draw(st.sampled_from(["logsumexp", "mean", "prod", "cumulative_sum"]))](
                into(a, -1, 1), axis=-1
            )
        elif move == "softmax":
            e = FUNCTIONS[draw(st.sampled_from(["softmax", "log_softmax"]))](into(a, -2, 2))
        elif move == "stack":
            e = sd.stack([a, a**2])
        elif move == "matmul":
            e = a @ a.T / 4
        else:
            e = FUNCTIONS["trace"](a)
        if e.ndim <= 3:
            pool.append(e)
    last = pool[-1]
    return Sample(sd.sum(last * 1) if scalar else last, at)
