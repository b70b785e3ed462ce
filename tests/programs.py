"""Random well-typed programs over the public functions, each built twice: as an expression and as numpy's value.

A program is grown in a pool of (expression, value): a move takes some of them and adds one. Values are kept moderate,
so that results can be compared, by moving operands into the interval where a function is smooth.
"""

import random
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import scipy.linalg
import scipy.special

import symdiff as sd
from symdiff.op import FUNCTIONS, OPS

SIZES = {"n": (0, 1, 2, 3), "m": (1, 2, 3), "d": (2, 3)}


@dataclass
class Program:
    """An expression, the values of its variables, and its value by numpy."""

    seed: int
    e: Any
    at: dict[str, np.ndarray]
    value: Any
    smooth: bool
    moves: list[str] = field(default_factory=list)

    @property
    def given(self) -> dict[str, np.ndarray]:
        return {v: self.at[v] for v in self.e.variables}


def into(x: Any, low: float, high: float) -> Any:
    """Entries moved into an interval."""
    tanh = sd.tanh if isinstance(x, sd.Expr) else np.tanh
    return low + (high - low) * (1 + tanh(x / 3)) / 2


REAL = {  # functions of one variable: name -> (numpy's, interval)
    "sin": (np.sin, -3, 3), "cos": (np.cos, -3, 3), "tan": (np.tan, -1, 1), "exp": (np.exp, -3, 2),
    "log": (np.log, 0.2, 3), "log1p": (np.log1p, -0.5, 3), "expm1": (np.expm1, -2, 2), "sqrt": (np.sqrt, 0.2, 3),
    "tanh": (np.tanh, -3, 3), "sinh": (np.sinh, -2, 2), "cosh": (np.cosh, -2, 2), "atan": (np.arctan, -3, 3),
    "asin": (np.arcsin, -0.8, 0.8), "acos": (np.arccos, -0.8, 0.8), "asinh": (np.arcsinh, -3, 3),
    "sigmoid": (scipy.special.expit, -4, 4), "softplus": (lambda x: np.logaddexp(0, x), -4, 4), "abs": (np.abs, -2, 2),
    "square": (np.square, -2, 2), "reciprocal": (np.reciprocal, 0.3, 2), "negative": (np.negative, -2, 2),
    "erf": (scipy.special.erf, -2, 2), "erfc": (scipy.special.erfc, -2, 2), "gammaln": (scipy.special.gammaln, 0.5, 4),
    "digamma": (scipy.special.digamma, 0.5, 4), "j0": (scipy.special.j0, 0.2, 4), "i0": (scipy.special.i0, -2, 2),
    "relu": (lambda x: np.maximum(x, 0), 0.1, 2), "sinc": (np.sinc, 0.2, 2), "cbrt": (np.cbrt, 0.2, 3),
    "log2": (np.log2, 0.2, 3), "exp2": (np.exp2, -2, 2), "xlogx": (lambda x: scipy.special.xlogy(x, x), 0.2, 2),
}  # fmt: skip
STEPS = {"floor": np.floor, "ceil": np.ceil, "sign": np.sign, "round": np.round, "trunc": np.trunc}
PAIRS = {  # functions of two
    "add": (np.add, (-3, 3), (-3, 3)), "subtract": (np.subtract, (-3, 3), (-3, 3)),
    "multiply": (np.multiply, (-2, 2), (-2, 2)), "divide": (np.divide, (-2, 2), (0.4, 2)),
    "maximum": (np.maximum, (-2, 2), (-2, 2)), "minimum": (np.minimum, (-2, 2), (-2, 2)),
    "hypot": (np.hypot, (0.3, 2), (0.3, 2)), "atan2": (np.arctan2, (0.3, 2), (0.3, 2)),
    "logaddexp": (np.logaddexp, (-2, 2), (-2, 2)), "pow": (np.power, (0.3, 2), (-2, 2)),
    "xlogy": (scipy.special.xlogy, (0.2, 2), (0.3, 2)), "remainder": (np.remainder, (0.1, 0.9), (1.1, 2)),
    "copysign": (np.copysign, (0.3, 2), (0.3, 2)), "beta": (scipy.special.beta, (0.5, 3), (0.5, 3)),
}  # fmt: skip
COMPARE = {"less": np.less, "greater_equal": np.greater_equal, "equal": np.equal, "not_equal": np.not_equal}
REDUCE = {  # along axes
    "sum": np.sum, "mean": np.mean, "prod": np.prod, "max": np.max, "min": np.min, "norm2": None, "var": np.var,
    "logsumexp": scipy.special.logsumexp,
}  # fmt: skip
ALONG = {
    "cumulative_sum": np.cumsum, "softmax": scipy.special.softmax, "log_softmax": scipy.special.log_softmax,
    "sort": np.sort, "flip": np.flip,
}  # fmt: skip
SQUARE = {  # of a matrix that is well conditioned
    "inv": np.linalg.inv, "det": np.linalg.det, "trace": np.trace, "expm": scipy.linalg.expm, "diag": np.diag,
    "matrix_transpose": np.transpose, "tril": np.tril, "triu": np.triu,
    "logdet": lambda x: np.linalg.slogdet(x)[1], "svdvals": lambda x: np.linalg.svd(x)[1],
}  # fmt: skip
INDICES = [
    0, -1, slice(None, None, -1), slice(1, None), slice(None, -1), None, (..., 0), (slice(None), None), slice(-1, None),
]  # fmt: skip


REGISTERED = {  # every op of numbers, moved into the samples of its record; its value is its own meaning
    name: op for name, op in sorted(OPS.items())
    if op.elementwise and not (op.boolean or op.integral or op.foreign) and len(op.samples) == op.arity
}  # fmt: skip


class Grower:
    """The pool of one program."""

    def __init__(self, rng: random.Random):
        self.rng, self.g = rng, sd.Graph()
        self.sizes = {name: rng.choice(values) for name, values in SIZES.items()}
        self.pool: list[tuple[Any, Any]] = []
        self.at: dict[str, np.ndarray] = {}
        self.moves: list[str] = []
        self.smooth = True
        for name in ("x", "y", "z", "w")[: rng.randint(1, 4)]:
            self.variable(name)

    def variable(self, name: str) -> None:
        rng = self.rng
        dtype = rng.choice(["float64"] * 6 + ["float32", "int64", "int32", "bool"])
        shape = tuple(rng.choice([*SIZES, "n", 1, 2, 3]) for _ in range(rng.choice([0, 0, 1, 1, 1, 2, 2, 3])))
        numbers = tuple(self.sizes[s] if isinstance(s, str) else s for s in shape)
        draw = np.random.default_rng(rng.getrandbits(32))
        value = draw.integers(-3, 4, numbers) if dtype[0] in "ib" else draw.integers(-200, 201, numbers) / 100
        value = np.asarray(value % 2 == 0 if dtype == "bool" else value).astype(dtype)
        square = len(shape) == 2 and shape[0] == shape[1] and dtype == "float64"
        assume = rng.choice(["", "", "symmetric", "spd", "diagonal"]) if square else ""
        if assume:
            value = {"symmetric": value + value.T, "spd": value @ value.T + np.eye(numbers[0]),
                     "diagonal": np.diag(np.diag(value))}[assume]  # fmt: skip
        self.at[name] = value
        self.pool.append((self.g.variable(name, shape, dtype, assume=assume or ()), value))

    def step(self) -> None:
        """One more entry of the pool; nothing where the move does not apply."""
        rng = self.rng
        (e, v) = rng.choice(self.pool)
        moves = [self.real, self.registered, self.pair, self.pair, self.power, self.choice, self.constant, self.cast]
        if e.ndim:
            moves += [self.reduction, self.reduction, self.running, self.index, self.shape, self.joint, self.product]
        if e.ndim == 2:
            moves += [self.matrix, self.product]
        made = rng.choice(moves)(e, v)
        if made is not None and made[0].ndim <= 4:
            self.moves.append(made[2] if len(made) > 2 else "")
            self.pool.append(made[:2])

    def floating(self, e: Any, v: Any) -> bool:
        return e.dtype == "float64"

    def real(self, e: Any, v: Any) -> Any:
        if not self.floating(e, v):
            return None
        if self.rng.random() < 0.1:
            name, f = self.rng.choice(sorted(STEPS.items()))
            self.smooth = False
            return FUNCTIONS[name](e), f(v), name
        name, (f, low, high) = self.rng.choice(sorted(REAL.items(), key=lambda kv: kv[0]))
        self.smooth = self.smooth and name != "abs"
        if name not in FUNCTIONS:
            return None
        return FUNCTIONS[name](into(e, low, high)), f(into(v, low, high)), name

    def registered(self, e: Any, v: Any) -> Any:
        """Any op of the registry; an operand whose interval is a point is that number."""
        name, op = self.rng.choice([*REGISTERED.items()])
        if not self.floating(e, v):
            return None
        near = [p for p in self.pool if _fits(p[1], v) and self.floating(*p)]
        pairs = [(e, v), *(self.rng.choice(near) for _ in op.samples[1:])]
        moved = [
            (low, low) if low == high else (into(f, low, high), into(w, low, high))
            for (f, w), (low, high) in zip(pairs, op.samples, strict=True)
        ]
        try:
            np.broadcast_shapes(*(np.shape(w) for _, w in moved))
        except ValueError:
            return None
        return op(*[f for f, _ in moved]), op.meaning()(*[w for _, w in moved]), name

    def pair(self, e: Any, v: Any) -> Any:
        partners = [p for p in self.pool if _fits(p[1], v)]
        f, w = self.rng.choice(partners)
        name, (function, a, b) = self.rng.choice(sorted(PAIRS.items(), key=lambda kv: kv[0]))
        if not (self.floating(e, v) and self.floating(f, w)):
            known = ("add", "multiply") if "bool" in (e.dtype, f.dtype) else ("add", "subtract", "multiply", "maximum")
            if name not in known:
                return None
            self.smooth = self.smooth and name != "maximum"
            return FUNCTIONS[name](e, f), function(v, w), name
        self.smooth = self.smooth and name not in ("maximum", "minimum")
        return FUNCTIONS[name](into(e, *a), into(f, *b)), function(into(v, *a), into(w, *b)), name

    def power(self, e: Any, v: Any) -> Any:
        c = self.rng.choice([0, 1, 2, 3, -1, -2, 0.5, 1.5])
        return (into(e, 0.3, 2) ** c, into(v, 0.3, 2) ** c, f"**{c}") if self.floating(e, v) else None

    def choice(self, e: Any, v: Any) -> Any:
        f, w = self.rng.choice([p for p in self.pool if _fits(p[1], v)])
        name, compare = self.rng.choice(sorted(COMPARE.items()))
        self.smooth = False
        if self.rng.random() < 0.3:
            return FUNCTIONS[name](e, f), compare(v, w), name
        if e.dtype != f.dtype:
            return None
        return sd.where(FUNCTIONS[name](e, f), e, f), np.where(compare(v, w), v, w), "where"

    def constant(self, e: Any, v: Any) -> Any:
        if e.dtype == "bool":
            return None
        c, d = self.rng.randint(-3, 3), self.rng.choice([0, 1, 2, -1])
        if e.dtype == "float64" and self.rng.random() < 0.5:
            d = 0.25
        return e * c + d, v * c + d, "constant"

    def cast(self, e: Any, v: Any) -> Any:
        if e.dtype != "float64":
            return sd.astype(e, "float64"), v.astype("float64"), "astype"
        self.smooth = False
        return sd.astype(sd.astype(e, "float32"), "float64"), v.astype("float32").astype("float64"), "float32"

    def reduction(self, e: Any, v: Any) -> Any:
        axis, keep = self.rng.choice([None, 0, -1]), self.rng.random() < 0.3
        if e.dtype == "bool":
            name = self.rng.choice(["any", "all", "sum"])
            return FUNCTIONS[name](e, axis=axis, keepdims=keep), getattr(np, name)(v, axis=axis, keepdims=keep), name
        name, f = self.rng.choice(sorted(REDUCE.items(), key=lambda kv: kv[0]))
        if not self.floating(e, v) and name not in ("sum", "max", "min"):
            return None
        if v.size == 0 and name in ("max", "min", "logsumexp", "mean", "var"):
            return None
        self.smooth = self.smooth and name not in ("max", "min")
        e, v = (into(e, 0.3, 2), into(v, 0.3, 2)) if self.floating(e, v) else (e, v)
        if name == "norm2":
            return sd.norm2(e), np.sqrt(np.sum(v * v)), name
        if name == "var" and axis is None and keep:
            return None
        return FUNCTIONS[name](e, axis=axis, keepdims=keep), f(v, axis=axis, keepdims=keep), name

    def running(self, e: Any, v: Any) -> Any:
        name, f = self.rng.choice(sorted(ALONG.items(), key=lambda kv: kv[0]))
        if not self.floating(e, v) or 0 in v.shape:
            return None
        self.smooth = self.smooth and name != "sort"
        axis = self.rng.choice([0, -1])
        return FUNCTIONS[name](e, axis=axis), f(v, axis=axis), name

    def index(self, e: Any, v: Any) -> Any:
        i = self.rng.choice(INDICES)
        needs = 1 if i is not None else 0
        if any(s < needs for s in v.shape):
            return None
        return e[i], v[i], f"[{i}]"

    def shape(self, e: Any, v: Any) -> Any:
        kind = self.rng.randrange(4)
        if kind == 0:
            return e.T, v.T, "T"
        if kind == 1:
            return e.ravel(), v.ravel(), "ravel"
        if kind == 2:
            return sd.expand_dims(e, -1), np.expand_dims(v, -1), "expand_dims"
        if e.ndim == 1 and v.size > 1:
            return sd.roll(e, 1), np.roll(v, 1), "roll"
        return e[None], v[None], "None"

    def joint(self, e: Any, v: Any) -> Any:
        same = [p for p in self.pool if p[0].shape == e.shape and p[0].dtype == e.dtype]
        parts = [self.rng.choice(same) for _ in range(self.rng.randint(1, 3))] + [(e, v)]
        self.rng.shuffle(parts)
        name, f = self.rng.choice([("concat", np.concatenate), ("stack", np.stack)])
        axis = self.rng.choice([0, -1])
        return FUNCTIONS[name]([p for p, _ in parts], axis=axis), f([w for _, w in parts], axis=axis), name

    def product(self, e: Any, v: Any) -> Any:
        if not self.floating(e, v):
            return None
        if self.rng.random() < 0.3 and e.ndim == 1:
            f, w = self.rng.choice([p for p in self.pool if p[0].ndim == 1 and p[0].dtype == "float64"])
            return sd.outer(e, f), np.outer(v, w), "outer"
        fits = [p for p in self.pool if p[0].dtype == "float64" and 0 < p[0].ndim <= 2 and e.ndim <= 2
                and p[0].shape[-2 if p[0].ndim == 2 else 0] == e.shape[-1]]  # fmt: skip
        if not fits:
            return (e @ e.T, v @ v.T, "gram") if e.ndim == 2 else None
        f, w = self.rng.choice(fits)
        e, v, f, w = into(e, -1, 1), into(v, -1, 1), into(f, -1, 1), into(w, -1, 1)
        return e @ f, v @ w, "matmul"

    def matrix(self, e: Any, v: Any) -> Any:
        if not self.floating(e, v) or e.shape[0] != e.shape[1] or not v.size:
            return None
        n = v.shape[0]
        a, b = into(e, -0.3, 0.3) + 2 * sd.eye(e.shape[0], graph=self.g), into(v, -0.3, 0.3) + 2 * np.eye(n)
        kind = self.rng.random()
        if kind < 0.2:
            fits = [p for p in self.pool if p[0].ndim == 1 and p[0].shape[0] == e.shape[0] and p[0].dtype == "float64"]
            if fits:
                f, w = self.rng.choice(fits)
                return sd.solve(a, f), np.linalg.solve(b, w), "solve"
        if kind < 0.4:
            s, t = a + a.T, b + b.T
            return sd.eigvalsh(s), np.linalg.eigvalsh(t), "eigvalsh"
        if kind < 0.5:
            return sd.cholesky(a @ a.T), np.linalg.cholesky(b @ b.T), "cholesky"
        name, f = self.rng.choice(sorted(SQUARE.items(), key=lambda kv: kv[0]))
        self.smooth = self.smooth and name not in ("svdvals",)
        return FUNCTIONS[name](a), f(b), name


def _fits(a: Any, b: Any) -> bool:
    try:
        np.broadcast_shapes(a.shape, b.shape)
    except ValueError:
        return False
    return True


def program(seed: int, steps: int = 7) -> Program:
    """The program of a seed."""
    rng = random.Random(seed)
    grower = Grower(rng)
    with np.errstate(all="ignore"):
        for _ in range(rng.randint(2, steps)):
            try:
                grower.step()
            except sd.ShapeError:  # sizes that are equal by chance have other names
                continue
    e, value = grower.pool[-1]
    return Program(seed, e, grower.at, value, grower.smooth, grower.moves)
