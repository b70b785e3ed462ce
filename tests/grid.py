"""Derivatives of elementwise ops over the double range against mpmath.

``python -m tests.grid values [op ...]`` writes mpmath's numbers (of the ops named, or of all: minutes),
``python -m tests.grid`` the table of the worst errors beside those of JAX and PyTorch.

The numbers are central differences of mpmath's function, with so many digits that nothing overflows or cancels; of each
there is the condition too, the sum of |x f'/f| over the operands: what the rounding of the point itself does.
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
from symdiff.lazy import module
from symdiff.op import OPS, Op, Partials

from .spellings import EPS
from .test_ops import MPMATH, OF_ORDER

TABLE = Path(__file__).parents[1] / "docs" / "derivatives.md"
VALUES = Path(__file__).parent / "grid.npz"
WRITTEN_SPECIAL = {"log_erfc", "lambertw", "polygamma", "Si", "Ci", "Shi", "Chi", "fresnels", "fresnelc", "sinc"}
SUBNORMAL = 1e-300
COARSE = {"asech"}  # below 1e-103 the third derivative is infinite, and terms of both signs are
JUMPS = {"fmod", "remainder", "nextafter", "mantissa", "dirac_delta", "heaviside"}
STEP = 30  # the digits of the steps of differences, relative to the point
SMALLEST = 330  # digits of the smallest double
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
    """Of scipy."""
    return ("scipy" in str(op.evaluate) and op.name != "sigmoid") or op.name in WRITTEN_SPECIAL


def names() -> list[str]:
    """Elementary ops of one or two operands; derivatives that are ops are orders of the function."""
    return [
        n for n, op in OPS.items()
        if op.elementwise and op.arity in (1, 2) and isinstance(op.derivative, Partials) and n in MPMATH
        and n[-2] != "_" and not is_special(op) and n not in JUMPS and n != "gamma_quotient"
    ]  # fmt: skip


def order(op: Op) -> int:
    return 2 if op.name in COARSE else 3


def free(op: Op) -> Sequence[int]:
    """The operands that vary: the order of a Bessel function is 1."""
    return range(op.arity)[op.name in OF_ORDER :]


def all_orders(op: Op) -> list[Orders]:
    """Value and partials up to the order of the op."""
    counts = [range(order(op) + 1) if k in free(op) else (0,) for k in range(op.arity)]
    return [p for p in product(*counts) if sum(p) <= order(op)]


def points(op: Op) -> np.ndarray:
    xs = line(120) if len(free(op)) == 1 else PLANE
    at = np.array(list(product(*[xs if k in free(op) else [1.0] for k in range(op.arity)])))
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
            steps = [(min(abs(x), 1) or 1) * mp.mpf(10) ** -STEP for x in xs]  # also of what oscillates
            near = cache(partial(_near, MPMATH[op.name], xs, steps))
            difference = cache(partial(_difference, near, steps))
            for p in wanted:
                value = difference(p)
                if value is not None:
                    values[p][i] = float(value)
                    following = [difference(_raised(p, k)) for k in free(op)]
                    if value and None not in following:
                        moved = sum(abs(xs[k] * f / value) for k, f in zip(free(op), following, strict=True))
                        conditions[p][i] = float(min(moved, mp.mpf(10) ** 30))
    return Values(at, values, conditions)


def _digits(op: Op, point: Any) -> int:
    """Differences of the last order but one lose those of the steps, and what is small beside 1."""
    exponents = [abs(np.log10(abs(v))) for v in point if v]
    return int(SMALLEST + (order(op) + 1) * (STEP + max(exponents, default=0)))


def _raised(p: Orders, k: int) -> Orders:
    return (*p[:k], p[k] + 1, *p[k + 1 :])


def _near(f: Callable[..., Any], xs: Sequence[Any], steps: Sequence[Any], offsets: Orders) -> Any:
    """f beside the point, None where it is no real number."""
    try:
        value = mp.mpmathify(f(*[x + j * h for x, j, h in zip(xs, offsets, steps, strict=True)]))
        return mp.re(value) if mp.im(value) == 0 and mp.isfinite(value) else None
    except (ZeroDivisionError, ValueError, OverflowError, mp.libmp.NoConvergence):
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
    xs = sd.Graph().variables([f"x{k}" for k in range(op.arity)])
    e = op(*[x if k in free(op) else 1 for k, x in enumerate(xs)])
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
        errors = np.maximum(own - 8 * EPS * np.nan_to_num(condition.astype(np.float64)), 0)
    errors = np.where(np.isfinite(got), errors, np.inf)
    errors = np.where(np.abs(wanted) < SUBNORMAL, np.where(np.abs(got) <= 2 * SUBNORMAL, 0, np.inf), errors)
    errors = np.where(np.isinf(wanted), np.where(got == wanted, 0, np.inf), errors)
    return np.where(np.isnan(wanted), 0, errors)


# --- the table ----------------------------------------------------------------------------------------------

TOLERANCE = 1e-12


def rows() -> Iterator[str]:
    for name in names():
        op, known = OPS[name], committed(name)
        w = worst(op, known, ours) or Worst(0.0, (), ())
        at, orders = ", ".join(f"{v:.3g}" for v in w.at), "".join(map(str, w.orders)) if w.error else ""
        others = " | ".join(_shown(of, op, known) for of in (of_jax, of_torch))
        yield f"| {name} | {order(op)} | {w.error:.0e} | {orders} | {at} | {others} |"


def _shown(of: Any, op: Op, known: Values) -> str:
    try:
        w = worst(op, known, of)
    except (TypeError, ValueError, NotImplementedError, RuntimeError):  # no derivatives there
        return "no derivative"
    return "" if w is None else f"{w.error:.0e}"


def table() -> str:
    lines = ["# Derivatives over the double range: the worst relative errors", "",
             "`python -m tests.grid` writes it: value and all partials of elementary functions to third order (second",
             "where it says so) at 400 points against mpmath's numbers (`tests/grid.npz`), less what the rounding of",
             "the point itself does (8 eps |x f'/f|). inf: nan, or a number where the right one is infinite or 0.",
             "JAX's and PyTorch's are those of their own functions of that name by their own derivatives.", "",
             "| op | order | worst error | of the partial | at | JAX | PyTorch |",
             "|---|---|---|---|---|---|---|"]  # fmt: skip
    return "\n".join([*lines, *rows()]) + "\n"


if __name__ == "__main__":
    if sys.argv[1:2] == ["values"]:
        written(sys.argv[2:] or names())
    else:
        TABLE.write_text(table(), encoding="utf-8")
