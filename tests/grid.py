"""Derivatives of elementwise ops over the double range against mpmath.

``python -m tests.grid values [op ...]`` writes mpmath's numbers (of the ops named, or of all: minutes),
``python -m tests.grid`` the table of the worst errors beside those of JAX and PyTorch.

The numbers are central differences of mpmath's function, with so many digits that nothing overflows or cancels; of each
there is the condition too, the sum of |x f'/f| over the operands, or of |x f'| where f is 0: what the rounding of the
point itself does.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import mpmath as mp
import numpy as np

import symdiff as sd
from symdiff.errors import GradientError
from symdiff.lazy import module
from symdiff.op import OPS, Op, Partials, Unknown

from .special_ranges import ORACLES, RANGES, SATURATED
from .spellings import EPS
from .test_ops import MPMATH

TABLE = Path(__file__).parents[1] / "docs" / "derivatives.md"
VALUES = Path(__file__).parent / "grid.npz"
SUBNORMAL = 1e-300
COARSE = {"asech"}  # below 1e-103 the third derivative is infinite, and terms of both signs are
JUMPS = {"fmod", "remainder", "nextafter", "mantissa", "dirac_delta", "heaviside"}
SLOW_IN_JAX = {  # whose derivatives take XLA minutes to compile
    "betaln", "expi", "exp1", "expn", "gammainc", "betainc", "betaincc", "hyp1f1", "hyp2f1", "poch", "hurwitz",
    "spence",
}  # fmt: skip
STEP = 30  # the digits of the steps of differences, relative to the point
SPECIAL_STEP = 20
SMALLEST = 330  # digits of the smallest double
SPECIAL_SMALLEST = 60  # mpmath's special functions have relative errors, but take long
STENCILS = {
    0: {0: 1}, 1: {-1: -mp.mpf(1) / 2, 1: mp.mpf(1) / 2}, 2: {-1: 1, 0: -2, 1: 1},
    3: {-2: -mp.mpf(1) / 2, -1: 1, 1: -1, 2: mp.mpf(1) / 2}, 4: {-2: 1, -1: -4, 0: 6, 1: -4, 2: 1},
}  # fmt: skip

Orders = tuple[int, ...]  # how often by each operand


class Worst(NamedTuple):
    error: float
    orders: Orders
    at: tuple[float, ...]


class Values(NamedTuple):
    """mpmath's numbers of an op: points (count, operands), {orders: values}, {orders: conditions}."""

    points: np.ndarray
    values: dict[Orders, np.ndarray]
    conditions: dict[Orders, np.ndarray]


def line(count: int) -> np.ndarray:
    """Points of both signs: 0, tiny, near 1, whole numbers, where exp overflows, huge."""
    near = 1 + np.array([-1e-1, -1e-3, -1e-8, -1e-15, 0, 1e-15, 1e-8, 1e-3, 1e-1])
    middle = np.array([1.5, 2.0, 2.7, 3.3, 5.0, 8.0, 19.5, 37.0, 100.5, 350.0, 700.0])
    wide = 10.0 ** np.linspace(-290, 290, count)
    small = 10.0 ** np.linspace(-12, 6, count // 2)
    half = np.unique(np.concatenate([near, middle, wide, small]))
    return np.concatenate([-half[::-1], [0.0], half])


SIDE = np.array([1e-80, 1e-30, 1e-9, 1e-3, 0.4, 1.0, 2.5, 30.0, 1e8, 1e60])
PLANE = np.concatenate([-SIDE[::-1], SIDE])


def is_special(op: Op) -> bool:
    return op.name in RANGES


def of_scipy(op: Op) -> bool:
    return "scipy" in str(op.evaluate)


def names() -> list[str]:
    """Elementary ops of one or two operands, and special ones; derivatives that are ops are orders of the function."""
    return [
        n for n, op in OPS.items()
        if is_special(op) or (
            op.elementwise and op.arity in (1, 2) and isinstance(op.derivative, Partials) and n in MPMATH
            and n[-2] != "_" and (not of_scipy(op) or n == "sigmoid") and n not in JUMPS and n != "gamma_quotient"
        )
    ]  # fmt: skip


def order(op: Op) -> int:
    return 2 if op.name in COARSE or is_special(op) else 3


def tolerance(op: Op) -> float:
    return 1e-9 if is_special(op) else 1e-12


def free(op: Op) -> Sequence[int]:
    """The operands by which there are derivatives: not the order of a Bessel function."""
    return [k for k, partial_ in enumerate(op.derivative.of) if not isinstance(partial_, Unknown)]


@cache
def all_orders(op: Op) -> list[Orders]:
    """Value and partials up to the order of the op, as far as they are known."""
    counts = [range(order(op) + 1) if k in free(op) else (0,) for k in range(op.arity)]
    return [p for p in product(*counts) if sum(p) <= order(op) and _known(op, p)]


def _known(op: Op, p: Orders) -> bool:
    xs = sd.Graph().variables([f"x{k}" for k in range(op.arity)])
    e = op(*xs)
    try:
        for x, count in zip(xs, p, strict=True):
            e = e.diff(x, count) if count else e
    except GradientError:
        return False
    return True


def points(op: Op) -> np.ndarray:
    if is_special(op):
        ranges = RANGES[op.name]
    else:
        ranges = [line(120) if op.arity == 1 else PLANE] * op.arity
    at = np.array(list(product(*ranges)), dtype=float)
    if op.name == "pow":
        at = at[at[:, 1] - 1 != at[:, 1]]  # else the slope's exponent is another parity
    for inside in [f for f in (op.domain, op.kink) if f is not None]:
        lines = sd.Graph().variables([f"x{k}" for k in range(op.arity)], "n")
        e = inside(*lines)
        seen = set(e.graph.ancestors([e.node]))
        used = {x: column for x, column in zip(lines, at.T, strict=True) if x.node in seen}
        with np.errstate(all="ignore"):
            at = at[np.broadcast_to(np.asarray(sd.evaluate(e, used)) != 0, len(at))]
    return at


# --- mpmath's numbers ---------------------------------------------------------------------------------------


def exact(op: Op) -> Values:
    at, wanted = points(op), all_orders(op)
    values = {p: np.full(len(at), np.nan) for p in wanted}
    conditions = {p: np.full(len(at), np.nan, np.float32) for p in wanted}
    for i, point in enumerate(at):
        with mp.workdps(_digits(op, point)):
            xs = [mp.mpf(float(v)) for v in point]
            steps = [(min(abs(x), 1) or 1) * mp.mpf(10) ** -_step(op) for x in xs]  # also of what oscillates
            f = ORACLES.get(op.name) or MPMATH[op.name]
            difference, coarse = (
                cache(partial(_difference, cache(partial(_near, f, xs, hs)), hs))
                for hs in (steps, [2 * h for h in steps])
            )
            for p in wanted:
                value = difference(p)
                if value is not None:
                    following = [difference(_raised(p, k)) for k in free(op)]
                    moved = 0
                    if None not in following:
                        moved = sum(abs(xs[k] * f) for k, f in zip(free(op), following, strict=True))
                    if sum(p) and abs(value) < min(max(moved, 1) * mp.mpf(10) ** -STEP, 1):  # 0, or an error of h**2
                        twice = coarse(p)
                        value = 0 if twice is None or abs(twice - value) > abs(value) / 2 else value
                    values[p][i] = float(value)
                    conditions[p][i] = float(min(moved / abs(value) if value else moved, mp.mpf(10) ** 30))
    return Values(at, values, conditions)


def _digits(op: Op, point: Any) -> int:
    """Differences of the last order but one lose those of the steps, and what is small beside 1."""
    exponents = [abs(np.log10(abs(v))) for v in point if v]
    smallest = SPECIAL_SMALLEST if is_special(op) and op.name not in SATURATED else SMALLEST
    return int(smallest + (order(op) + 1) * (_step(op) + max(exponents, default=0)))


def _step(op: Op) -> int:
    return SPECIAL_STEP if is_special(op) else STEP


def _raised(p: Orders, k: int) -> Orders:
    return (*p[:k], p[k] + 1, *p[k + 1 :])


def _near(f: Callable[..., Any], xs: Sequence[Any], steps: Sequence[Any], offsets: Orders) -> Any:
    """f beside the point, None where it is no real number."""
    try:
        value = mp.mpmathify(f(*[x + j * h for x, j, h in zip(xs, offsets, steps, strict=True)]))
        return mp.re(value) if mp.im(value) == 0 and mp.isfinite(value) else None
    except (ZeroDivisionError, ValueError, OverflowError, TypeError, mp.libmp.NoConvergence):
        return None


def _difference(near: Callable[[Orders], Any], steps: Sequence[Any], p: Orders) -> Any:
    total = mp.mpf(0)
    for terms in product(*[STENCILS[k].items() for k in p]):
        value = near(tuple([j for j, _ in terms]))
        if value is None:
            return None
        total += value * mp.fprod([c for _, c in terms])
    return total / mp.fprod([h**k for h, k in zip(steps, p, strict=True)])


def written(chosen: Sequence[str]) -> None:
    """Numbers of these ops into the file, beside those that are there."""
    known = dict(np.load(VALUES)) if VALUES.exists() else {}
    for name in chosen:
        v = exact(OPS[name])
        known = {key: array for key, array in known.items() if key.split("/")[0] != name}
        known[f"{name}/points"] = v.points
        for p in v.values:
            known[f"{name}/{''.join(map(str, p))}"] = v.values[p]
            known[f"{name}/{''.join(map(str, p))}/condition"] = v.conditions[p]
        np.savez_compressed(VALUES, **known)
        print(name, flush=True)


@cache
def _file() -> Any:
    return np.load(VALUES)


def committed(name: str) -> Values:
    op, file = OPS[name], _file()
    keys = {p: f"{name}/{''.join(map(str, p))}" for p in all_orders(op)}
    return Values(
        file[f"{name}/points"], {p: file[k] for p, k in keys.items()},
        {p: file[f"{k}/condition"] for p, k in keys.items()},
    )  # fmt: skip


# --- what is computed ---------------------------------------------------------------------------------------


def ours(op: Op, p: Orders, at: np.ndarray) -> np.ndarray:
    fixed = [k for k in range(op.arity) if k not in free(op)]
    found = np.empty(len(at))
    for given in np.unique(at[:, fixed], axis=0):
        chosen = (at[:, fixed] == given).all(axis=1)
        numbers = {k: int(v) if v == int(v) else float(v) for k, v in zip(fixed, given, strict=True)}
        found[chosen] = _ours(op, p, at[chosen], numbers)
    return found


def _ours(op: Op, p: Orders, at: np.ndarray, given: dict[int, float]) -> np.ndarray:
    xs = sd.Graph().variables([f"x{k}" for k in range(op.arity)])
    e = op(*[given.get(k, x) for k, x in enumerate(xs)])
    for x, count in zip(xs, p, strict=True):
        e = e.diff(x, count) if count else e
    seen = set(e.graph.ancestors([e.node]))
    used = [k for k, x in enumerate(xs) if x.node in seen]
    with np.errstate(all="ignore"):
        if not used:
            return np.full(len(at), float(sd.evaluate(e)))
        f = sd.function([xs[k] for k in used], e)
        return np.array([float(f(*point[used])) for point in at])


def of_jax(op: Op, p: Orders, at: np.ndarray) -> np.ndarray | None:
    jax, backend = module("jax"), module("symdiff.backends.jax")
    f = library_function(backend.Jax(), op)
    with backend.wide_types():
        for k, count in enumerate(p) if f else ():
            for _ in range(count):
                f = jax.grad(f, k)
        return None if f is None else np.asarray(jax.jit(jax.vmap(f))(*map(jax.numpy.asarray, at.T)))


def of_torch(op: Op, p: Orders, at: np.ndarray) -> np.ndarray | None:
    torch, backend = module("torch"), module("symdiff.backends.torch")
    f = library_function(backend.Torch(None, True), op)
    if f is None:
        return None
    xs = [torch.tensor(column.copy(), requires_grad=True) for column in at.T]
    y = f(*xs)
    for k, count in enumerate(p):
        for _ in range(count):
            flat = y.sum() + 0 * xs[k].sum()  # depends on every operand
            (y,) = torch.autograd.grad(flat, xs[k], create_graph=True)
    return y.detach().numpy()


def library_function(library: Any, op: Op) -> Callable[..., Any] | None:
    """The function that a library has for an op, which is not made of ours."""
    if op.name in library.written:
        return library.written[op.name]
    spelled = op.names.get(library.name, op.name)
    if callable(spelled):
        return library.adapted(partial(spelled, library.module), op)
    found = next((getattr(s, spelled) for s in library.spaces if spelled and hasattr(s, spelled)), None)
    return None if found is None else library.adapted(found, op)


def worst(op: Op, known: Values, of: Callable[[Op, Orders, np.ndarray], np.ndarray | None]) -> Worst | None:
    """The largest error beyond what the rounding of the point itself does; None where there is no such function."""
    found = Worst(0.0, (0,) * op.arity, ())
    for p, values in known.values.items():
        got = of(op, p, known.points)
        if got is None:
            return None
        errors = excess(got, values, known.conditions[p])
        k = int(np.argmax(errors))
        if errors[k] > found.error:
            found = Worst(float(errors[k]), p, tuple(map(float, known.points[k])))
    return found


def excess(got: np.ndarray, wanted: np.ndarray, condition: np.ndarray) -> np.ndarray:
    """Relative errors beyond 8 eps |x f'/f|; 0 where mpmath has no number, or a limit is right that no double is."""
    with np.errstate(all="ignore"):
        own = np.abs(got - wanted) / np.abs(wanted)
        rounding = 8 * EPS * np.nan_to_num(condition.astype(np.float64))
        errors = np.maximum(own - rounding, 0)
    errors = np.where(np.isfinite(got), errors, np.inf)
    near_zero = np.abs(got) <= np.where(wanted == 0, rounding, 0) + 2 * SUBNORMAL
    errors = np.where(np.abs(wanted) < SUBNORMAL, np.where(near_zero, 0, np.inf), errors)
    errors = np.where(np.isinf(wanted), np.where(got == wanted, 0, np.inf), errors)
    return np.where(np.isnan(wanted), 0, errors)


# --- the table ----------------------------------------------------------------------------------------------


def rows() -> Iterator[str]:
    for name in names():
        op, known = OPS[name], committed(name)
        w = worst(op, known, ours) or Worst(0.0, (), ())
        at, orders = ", ".join(f"{v:.3g}" for v in w.at), "".join(map(str, w.orders)) if w.error else ""
        others = " | ".join(
            "not run" if of is of_jax and name in SLOW_IN_JAX else _shown(of, op, known) for of in (of_jax, of_torch)
        )
        yield f"| {name} | {order(op)} | {w.error:.0e} | {orders} | {at} | {others} |"


def _shown(of: Any, op: Op, known: Values) -> str:
    try:
        w = worst(op, known, of)
    except (TypeError, ValueError, NotImplementedError, RuntimeError):  # no derivatives there
        return "no derivative"
    return "" if w is None else f"{w.error:.0e}"


def table() -> str:
    lines = ["# Derivatives over the double range: the worst relative errors", "",
             "`python -m tests.grid` writes it: value and all partials of elementary functions to third order at 400",
             "points, of special functions to second order as far as they are known, against mpmath's numbers",
             "(`tests/grid.npz`), less what the rounding of the point itself does (8 eps |x f'/f|). inf: nan, or a",
             "number where the right one is infinite or 0. What is beyond 1e-9 has its reason in",
             "`tests/special_ranges.py`.",
             "JAX's and PyTorch's are those of their own functions of that name by their own derivatives.", "",
             "| op | order | worst error | of the partial | at | JAX | PyTorch |",
             "|---|---|---|---|---|---|---|"]  # fmt: skip
    return "\n".join([*lines, *rows()]) + "\n"


if __name__ == "__main__":
    if sys.argv[1:2] == ["values"]:
        written(sys.argv[2:] or names())
    else:
        TABLE.write_text(table(), encoding="utf-8")
