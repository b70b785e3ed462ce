"""A reader of the LaTeX that symdiff writes, with the strict meaning of a textbook. It knows nothing of the writer.

Every value is a matrix: a scalar is 1 x 1, a vector a column. Juxtaposition is the product of conformable factors,
scalars stand anywhere; +, =, the Hadamard signs and comparisons need equal shapes, a literal 0 is the zero of any
shape; a sum runs over the factors that follow it. Nothing is broadcast. ``\\mathbf{1}`` and ``e_{k}`` are columns whose
length follows from what they meet: shapes are unified while the text is read, values are computed afterwards.

In index notation each subscript is bound by a sum, by a family ``(a_{ij})_{ij}``, or is one of the free letters i, j,
k, ... (those that are names left out). An index runs over the axis at which it stands alone, or over what is written:
``\\sum_{j < n}``; entries are counted from 0. An entry outside its array has no value, which an indicator that is 0
holds back. What has no meaning by these rules is refused.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise

import numpy as np
import scipy.linalg
import scipy.special as sp

from symdiff.op import OPS

LEAD = 14  # axes of a value before its rows and columns: one for every index that is bound at the same time
TOKEN = re.compile(
    r"\\(?:begin|end|operatorname|mathrm|mathit|mathbf|mathbb|text)\{[^{}]*\}|\\[a-zA-Z]+|\\.|\d+(?:\.\d+)?|\S"
)
SPACES = {r"\,", r"\;", r"\quad", r"\!"}
GREEK = {
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu", "xi",
    "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega", "Gamma", "Delta", "Theta", "Lambda", "Xi",
    "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega",
}  # fmt: skip
SPELT = {"lambda": "lam λ", "epsilon": "eps ε", "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "theta": "θ",
         "mu": "μ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ", "psi": "ψ", "omega": "ω",
         "Sigma": "Σ", "Omega": "Ω", "Delta": "Δ"}  # fmt: skip
ALPHABET = "ijklmnpqrstuvabcfgh"
RELATIONS = {"<": np.less, ">": np.greater, r"\le": np.less_equal, r"\ge": np.greater_equal, "=": np.equal,
             r"\ne": np.not_equal}  # fmt: skip


def position(f: Callable) -> Callable:
    """argmax and argmin over one of the axes, which stays as one of size 1."""
    return lambda x, axis, keepdims: np.expand_dims(f(x, axis=axis[0]), axis[0])


EXTREMES: dict[str, tuple[Callable, float]] = {
    r"\max": (np.max, -np.inf), r"\min": (np.min, np.inf), r"\operatorname{argmax}": (position(np.argmax), -np.inf),
    r"\operatorname{argmin}": (position(np.argmin), np.inf), r"\bigvee": (np.any, 0.0), r"\bigwedge": (np.all, 1.0),
}  # fmt: skip


class Refused(Exception):
    """A text that means nothing, or too much."""


class Size:
    """The length of an axis, perhaps not known yet."""

    def __init__(self, value: int | None = None, of: tuple["Size", "Size"] | None = None):
        self.value, self.link = value, None
        self.of = of  # the two lengths of which it is the product
        self.fixed = False  # of an index: its range is written, and may be less than that of an axis

    def root(self) -> "Size":
        while self.link is not None:
            self = self.link
        return self

    def get(self) -> int:
        value = self.root().value
        if value is None:
            raise Refused("the length of a vector of ones is open")
        return value


def unify(a: Size, b: Size, what: str = "shapes") -> None:
    a, b = a.root(), b.root()
    if a is b:
        return
    if a.value is None or b.value is None:
        a, b = (a, b) if a.value is None else (b, a)
        a.link = b
        for one, other in (a.of, a.of[::-1]) if a.of and b.value else ():
            if one.root().value is None and other.root().value:
                unify(one, Size(b.value // other.get()), what)
    elif a.value != b.value:
        raise Refused(f"{what} do not fit: {a.value} and {b.value}")


def times(a: Size, b: Size) -> Size:
    known = None not in (a.root().value, b.root().value)
    return Size(a.get() * b.get()) if known else Size(of=(a, b))


@dataclass
class Term:
    rows: Size
    cols: Size
    value: Callable[[], np.ndarray]  # of LEAD + 2 axes
    indicator: bool = False  # a 0 of it holds back what has no value
    raw: np.ndarray | None = None  # of a name: the array as it is given
    number: bool = False  # a literal

    @property
    def scalar(self) -> bool:
        return self.rows.root().value == 1 == self.cols.root().value


def scalar(value: Callable[[], np.ndarray], **more: object) -> Term:
    return Term(Size(1), Size(1), value, **more)


def lifted(matrix: object) -> np.ndarray:
    return np.asarray(matrix, float).reshape((1,) * LEAD + np.shape(matrix))


def together(f: Callable, *terms: Term) -> Term:
    """f entry by entry, of equal shapes."""
    for t in terms[1:]:
        unify(terms[0].rows, t.rows)
        unify(terms[0].cols, t.cols)
    return Term(terms[0].rows, terms[0].cols, lambda: f(*(t.value() for t in terms)))


def held_back(masks: list[Term], rest: Callable[[], np.ndarray]) -> Callable[[], np.ndarray]:
    def value() -> np.ndarray:
        x = rest()
        for m in masks:
            mask = m.value()
            x = np.where(mask == 0, 0.0, mask * x)
        return x

    return value


def product(factors: list[Term]) -> Term:
    scalars = [t for t in factors if t.scalar and not t.indicator]
    masks = [t for t in factors if t.scalar and t.indicator]
    arrays = [t for t in factors if not t.scalar]
    for a, b in pairwise(arrays):
        unify(a.cols, b.rows, "neighbours in a product")

    def value() -> np.ndarray:
        x = reduce(np.matmul, [t.value() for t in arrays]) if arrays else lifted([[1.0]])
        for t in scalars:
            x = x * t.value()
        return x

    rows, cols = (arrays[0].rows, arrays[-1].cols) if arrays else (Size(1), Size(1))
    return Term(rows, cols, held_back(masks, value), indicator=not scalars and not arrays)


def entries(t: Term, size: int) -> None:
    """A vector of so many entries."""
    unify(t.rows, Size(size), "the entries of a vector")
    unify(t.cols, Size(1), "a column")


def hadamard(a: Term, b: Term) -> Term:
    both = together(np.multiply, a, b)
    masks = [t for t in (a, b) if t.indicator]
    rest = [t for t in (a, b) if not t.indicator]
    if masks and rest:
        return Term(a.rows, a.cols, held_back(masks, rest[0].value))
    return Term(both.rows, both.cols, both.value, indicator=bool(masks))


def each(f: Callable[[np.ndarray], object]) -> Callable[[np.ndarray], np.ndarray]:
    """A function of a matrix applied to every one of a stack."""

    def over(x: np.ndarray) -> np.ndarray:
        lead = x.shape[:LEAD]
        made = np.stack([np.atleast_2d(np.asarray(f(m), float)) for m in x.reshape(-1, *x.shape[LEAD:])])
        return made.reshape(*lead, *made.shape[1:])

    return over


ELEMENTWISE: dict[str, Callable] = {
    r"\sin": np.sin, r"\cos": np.cos, r"\tan": np.tan, r"\sinh": np.sinh, r"\cosh": np.cosh, r"\tanh": np.tanh,
    r"\log": np.log, r"\exp": np.exp, r"\arcsin": np.arcsin, r"\arccos": np.arccos, r"\arctan": np.arctan,
    r"\sec": lambda x: 1 / np.cos(x), r"\csc": lambda x: 1 / np.sin(x), r"\cot": lambda x: 1 / np.tan(x),
    r"\coth": lambda x: 1 / np.tanh(x), r"\sigma": sp.expit, r"\Gamma": sp.gamma, r"\psi": sp.digamma, r"\Phi": sp.ndtr,
    "sech": lambda x: 1 / np.cosh(x), "csch": lambda x: 1 / np.sinh(x), "arsinh": np.arcsinh, "arcosh": np.arccosh,
    "artanh": np.arctanh, "arcsec": lambda x: np.arccos(1 / x), "arccsc": lambda x: np.arcsin(1 / x),
    "arccot": lambda x: np.arctan(1 / x), "arsech": lambda x: np.arccosh(1 / x), "arcsch": lambda x: np.arcsinh(1 / x),
    "arcoth": lambda x: np.arctanh(1 / x), "sgn": np.sign, "sigmoid": sp.expit,
    "softplus": lambda x: np.logaddexp(0, x),
    "relu": lambda x: np.maximum(x, 0), "Si": lambda x: sp.sici(x)[0], "Ci": lambda x: sp.sici(x)[1],
    "Shi": lambda x: sp.shichi(x)[0], "Chi": lambda x: sp.shichi(x)[1], "Ei": sp.expi, "K": sp.ellipk, "E": sp.ellipe,
    "S": lambda x: sp.fresnel(x)[0], "C": lambda x: sp.fresnel(x)[1], "W": lambda x: np.real(sp.lambertw(x)),
    "erf": sp.erf, "erfc": sp.erfc, "erfi": sp.erfi, "erfcx": sp.erfcx, "sinc": np.sinc, "spence": sp.spence,
    "entr": sp.entr, "trunc": np.trunc, "round": np.round, "expm1": np.expm1, "log1p": np.log1p, "D": sp.dawsn,
    "deg2rad": np.deg2rad, "rad2deg": np.rad2deg, "isnan": np.isnan, "isfinite": np.isfinite, "gamma": sp.gamma,
    "digamma": sp.digamma, "ndtr": sp.ndtr, "airyai": lambda x: sp.airy(x)[0], "airyaiprime": lambda x: sp.airy(x)[1],
    "airybi": lambda x: sp.airy(x)[2], "airybiprime": lambda x: sp.airy(x)[3],
}  # fmt: skip
OF_TWO: dict[str, Callable] = {
    r"\max": np.maximum, r"\min": np.minimum, "hypot": np.hypot, "logaddexp": np.logaddexp, "arctan2": np.arctan2,
    "B": sp.beta, "xlogy": sp.xlogy, "xlog1py": sp.xlog1py, "KL": sp.rel_entr, "heaviside": np.heaviside,
}  # fmt: skip
OF_ORDER: dict[str, Callable] = {  # J_{1}(x): functions with an order as a subscript
    "J": sp.jv, "Y": sp.yv, "I": sp.iv, "K": sp.kv, r"\mathrm{j}": lambda n, x: sp.spherical_jn(int(n.flat[0]), x),
    r"\mathrm{i}": lambda n, x: sp.spherical_in(int(n.flat[0]), x), "E": lambda n, x: sp.expn(n, x),
    r"\log": lambda b, x: np.log(x) / np.log(b),
}  # fmt: skip


def _softmax(f: Callable) -> Callable:
    return lambda x: f(x, axis=-2 if x.shape[-1] == 1 else -1)


def _eigvecs(x: np.ndarray) -> np.ndarray:
    q = np.linalg.eigh((x + x.T) / 2)[1]
    largest = np.argmax(np.abs(q), axis=0)
    return q * np.sign(q[largest, range(len(q))])


def _frechet(f: Callable) -> Callable:
    def of(x: np.ndarray, e: np.ndarray) -> np.ndarray:
        n = len(x)
        return np.real(f(np.block([[x, e], [np.zeros((n, n)), x]])))[:n, n:]

    return of


def square(r: Size, c: Size) -> tuple[Size, Size]:
    unify(r, c, "the sides of a square matrix")
    return r, c


def column(r: Size, c: Size) -> tuple[Size, Size]:
    return r, Size(1)


def least(r: Size, c: Size) -> Size:
    return Size(min(r.get(), c.get()))


def ones(r: Size, c: Size) -> tuple[Size, Size]:
    return Size(1), Size(1)


MATRIX: dict[str, tuple[Callable, Callable]] = {  # (shape, value of a stack)
    "tr": (lambda r, c: ones(*square(r, c)), each(np.trace)),
    r"\det": (lambda r, c: ones(*square(r, c)), each(np.linalg.det)),
    "rank": (ones, each(np.linalg.matrix_rank)),
    r"\max": (ones, each(np.max)), r"\min": (ones, each(np.min)),
    "logsumexp": (ones, each(sp.logsumexp)),
    "softmax": (lambda r, c: (r, c), _softmax(sp.softmax)),
    r"\log softmax": (lambda r, c: (r, c), _softmax(sp.log_softmax)),
    "vec": (lambda r, c: (Size(r.get() * c.get()), Size(1)), each(lambda x: x.reshape(-1, 1, order="F"))),
    "tril": (lambda r, c: (r, c), each(np.tril)), "triu": (lambda r, c: (r, c), each(np.triu)),
    "sym": (square, each(lambda x: (x + x.T) / 2)),
    "chol": (square, each(lambda x: np.linalg.cholesky((x + x.T) / 2))),
    "eig": (lambda r, c: column(*square(r, c)), each(lambda x: np.linalg.eigvalsh((x + x.T) / 2)[:, None])),
    "eigvecs": (square, each(_eigvecs)),
    "svdvals": (lambda r, c: (least(r, c), Size(1)), each(lambda x: np.linalg.svd(x, compute_uv=False)[:, None])),
    "svd_U": (lambda r, c: (r, least(r, c)), each(lambda x: np.linalg.svd(x, full_matrices=False)[0])),
    "svd_Vt": (lambda r, c: (least(r, c), c), each(lambda x: np.linalg.svd(x, full_matrices=False)[2])),
    "qr_Q": (lambda r, c: (r, least(r, c)), each(lambda x: np.linalg.qr(x)[0])),
    "qr_R": (lambda r, c: (least(r, c), c), each(lambda x: np.linalg.qr(x)[1])),
    "polar": (lambda r, c: (r, c), each(lambda x: scipy.linalg.polar(x)[0])),
    "logm": (square, each(lambda x: np.real(scipy.linalg.logm(x)))),
    "sinm": (square, each(scipy.linalg.sinm)), "cosm": (square, each(scipy.linalg.cosm)),
    "argsort": (lambda r, c: (r, c), each(lambda x: np.argsort(x.reshape(-1), kind="stable").reshape(x.shape))),
    "argmax": (ones, each(np.argmax)), "argmin": (ones, each(np.argmin)),
    "any": (ones, each(np.any)), "all": (ones, each(np.all)),
}  # fmt: skip
OF_MATRICES: dict[str, Callable] = {  # functions of two matrices that give one like the first
    "expm_frechet": _frechet(scipy.linalg.expm), "logm_frechet": _frechet(scipy.linalg.logm),
    "sqrtm_frechet": _frechet(scipy.linalg.sqrtm), "sinm_frechet": _frechet(scipy.linalg.sinm),
    "cosm_frechet": _frechet(scipy.linalg.cosm),
}  # fmt: skip


def ufunc(name: str) -> Callable | None:
    """A function of entries by the name that scipy.special or numpy have for it; those of whole numbers take them."""
    f = next((f for m in (sp, np) if isinstance(f := getattr(m, name, None), np.ufunc)), None)
    if f is not None and name.startswith(("bitwise", "gcd", "lcm")):
        return lambda *xs: f(*(x.astype(int) for x in xs))
    if f is not None and name.startswith("eval_hermite"):
        return lambda n, x: f(n.astype(int), x)
    if f is None and name in OPS and OPS[name].elementwise:  # a name of our own means what its record says
        return OPS[name].meaning()
    return f


TABLES = (ELEMENTWISE, OF_TWO, MATRIX, OF_MATRICES, {"diag"})


def tokens_of(text: str) -> list[str]:
    return [t for t in TOKEN.findall(text) if t not in SPACES]


class Reader:
    def __init__(self, text: str, values: dict[str, object], shapes: dict[str, tuple] | None = None):
        self.tokens, self.at = tokens_of(text), 0
        self.values = {k: np.asarray(v) for k, v in values.items()}
        self.named: dict[str, Term] = {}  # what the text defines
        self.scope: dict[str, tuple[int, Size]] = {}  # bound index -> (its axis, its range)
        self.depth = 0

    # --- tokens -----------------------------------------------------------------------------------------------

    def peek(self, k: int = 0) -> str:
        return self.tokens[self.at + k] if self.at + k < len(self.tokens) else ""

    def take(self, expected: str | None = None) -> str:
        t = self.peek()
        if expected is not None and t != expected:
            raise Refused(f"expected {expected!r}, found {t!r} near {self.around()}")
        self.at += 1
        return t

    def around(self) -> str:
        return " ".join(self.tokens[max(0, self.at - 10) : self.at + 8])

    def given(self, *tokens: str) -> bool:
        if all(self.peek(k) == t for k, t in enumerate(tokens)):
            self.at += len(tokens)
            return True
        return False

    def closing(self, start: int) -> int:
        """The position of the token that closes the bracket or brace at this one."""
        depth = 0
        for k in range(start, len(self.tokens)):
            t = self.tokens[k]
            depth += t in ("{", r"\left") or t.startswith(r"\begin")
            depth -= t in ("}", r"\right") or t.startswith(r"\end")
            if depth == 0:
                return k
        raise Refused("a bracket is not closed")

    # --- names ------------------------------------------------------------------------------------------------

    def candidates(self, base: str) -> list[str]:
        return [s + end for end in ("", "_") for s in (base, *SPELT.get(base, "").split())]

    def base(self) -> str | None:
        """The letters of a name at this place, which are taken; None where there is none."""
        t = self.peek()
        if t in ("e", "I", r"\pi"):  # the constants
            return None
        if re.fullmatch(r"[^\W\d_]", t):
            self.take()
            return t
        if t[1:] in GREEK:
            self.take()
            return t[1:]
        if t.startswith((r"\mathrm{", r"\mathit{")):
            self.take()
            return t[8:-1].replace(r"\_", "_")
        if t in (r"\hat", r"\bar", r"\tilde", r"\dot"):
            start = self.at
            self.take()
            self.take("{")
            inner = self.base()
            if inner is None or self.peek() != "}":
                self.at = start
                return None
            self.take("}")
            return f"{inner}_{t[1:]}"
        return None

    def known(self, names: list[str]) -> str | None:
        found = [n for n in dict.fromkeys(names) if n in self.values or n in self.named]
        found = [n for n in found if not n.endswith("_")] or found
        if len(found) > 1 and found[0] != names[0]:
            raise Refused(f"the same letters stand for {' and '.join(found)}")
        return found[0] if found else None

    def name(self) -> Term | None:
        """The value of a name, with the subscript that belongs to it."""
        start = self.at
        base = self.base()
        if base is None:
            return None
        behind = self.at
        names = []
        if self.peek() == "_" and self.peek(1) == "{":
            end = self.closing(self.at + 1)
            sub = self.subscripted(self.at + 2, end)
            bases = [b for b in self.candidates(base) if not b.endswith("_")]
            names = [f"{b}{j}{s}{end}" for end in ("", "_") for b in bases for s in sub for j in ("_", "")]
        full, plain = self.known(names), self.known(self.candidates(base))
        if full is not None:
            self.at = end + 1
            return self.value_of(full)
        self.at = behind
        if plain is None:
            self.at = start
            return None
        return self.value_of(plain)

    def subscripted(self, start: int, end: int) -> list[str]:
        """The texts that a subscript within a name may stand for."""
        at, self.at = self.at, start
        found = [""]
        while self.at < end:
            t = self.peek()
            if t.isdigit():
                found = [f + self.take() for f in found]
                continue
            base = self.base()
            if base is None:
                found = []
                break
            found = [f + b for f in found for b in self.candidates(base)]
            if self.peek() == "_" and self.peek(1) == "{":
                stop = self.closing(self.at + 1)
                inner = self.subscripted(self.at + 2, stop)
                found = [f"{f}{j}{s}" for f in found for s in inner for j in ("_", "")]
                self.at = stop + 1
        self.at = at
        return found

    def value_of(self, name: str) -> Term:
        if name in self.named:
            return self.named[name]
        raw = self.values[name]
        shape = (*raw.shape, 1, 1)[:2] if raw.ndim <= 2 else (1, 1)
        t = Term(Size(shape[0]), Size(shape[1]), lambda: lifted(raw.reshape(shape)), raw=raw)
        if raw.ndim > 2:
            t.value = self.no_matrix(name)
        return t

    def no_matrix(self, name: str) -> Callable[[], np.ndarray]:
        def value() -> np.ndarray:
            raise Refused(f"{name} has more than two axes")

        return value

    # --- sums and products --------------------------------------------------------------------------------------

    def formula(self, indices: dict[str, int]) -> Term:
        """An expression with these free indices and their ranges, and where-definitions behind it."""
        if r"\text{where }" in self.tokens:
            cut = self.tokens.index(r"\text{where }")
            self.at, end = cut + 1, len(self.tokens)
            while self.at < end:
                self.definition()
                if self.at < end:
                    self.take(",")
            self.tokens, self.at = self.tokens[: cut - 1], 0
        for i, n in indices.items():
            self.bind(i)
            self.limit(i, n)
        return self.condition()

    def definition(self) -> None:
        if self.given("{"):  # {t_{0}}_{ijk} = ...
            label = self.label()
            self.take("}")
            self.take("_")
            letters, with_axes, _ = self.binder()
            self.take("=")
            body = self.condition()
            sizes = [self.scope[i][1] for i in letters]
            axes = [axis for axis, _ in with_axes]
            for i, (_, outer) in zip(letters, with_axes, strict=True):
                self.unbind(i, outer)

            whole = [1] * (LEAD + 2)
            for axis, size in zip(axes, sizes, strict=True):
                whole[axis] = size.get()
            self.values[label] = np.broadcast_to(body.value(), whole).reshape([s.get() for s in sizes])
            return
        label = self.label()
        self.take("=")
        t = self.condition()
        self.named[label] = Term(t.rows, t.cols, t.value)

    def label(self) -> str:
        base = self.base()
        if base is None:
            raise Refused(f"a definition of {self.peek()!r}")
        if self.given("_", "{"):
            while not self.given("}"):
                base += self.take()
        return base

    def sum(self) -> Term:
        sign = -1 if self.given("-") else 1
        terms = [(sign, self.hadamard())]
        while self.peek() in ("+", "-"):
            sign = 1 if self.take() == "+" else -1
            if self.peek() == "-":
                raise Refused("two signs in a row")
            terms.append((sign, self.hadamard()))
        if len(terms) == 1 and sign > 0:
            return terms[0][1]
        return together(lambda *xs: sum(s * x for (s, _), x in zip(terms, xs, strict=True)), *(t for _, t in terms))

    def hadamard(self) -> Term:
        t, before = self.product(), set()
        while self.peek() in (r"\odot", r"\oslash", r"\otimes", r"\times"):
            if self.peek() == r"\times" and t.scalar:  # sizes
                break
            sign = self.take()
            alone = {r"\otimes", r"\times"} & {sign, *before}
            if r"\oslash" in before or (before and alone and before != {sign}) or sign == r"\times" in before:
                raise Refused(f"{sign} behind {before}: the order is open")
            before.add(sign)
            u = self.product()
            if sign == r"\odot":
                t = hadamard(t, u)
            elif sign == r"\oslash":
                t = together(np.divide, t, u)
            elif sign == r"\times":
                for v in (t, u):
                    entries(v, 3)
                t = together(lambda x, y: np.cross(x, y, axis=-2), t, u)
            else:
                t = self.kron(t, u)
        return t

    def kron(self, a: Term, b: Term) -> Term:
        rows, cols = times(a.rows, b.rows), times(a.cols, b.cols)

        def value() -> np.ndarray:
            x, y = full(a), full(b)
            z = x[..., :, None, :, None] * y[..., None, :, None, :]
            return z.reshape(*z.shape[:LEAD], rows.get(), cols.get())

        return Term(rows, cols, value)

    def product(self) -> Term:
        factors = []
        while True:
            if self.given(r"\cdot"):
                if not factors:
                    raise Refused("a product begins with a sign")
                continue
            if self.peek() in (r"\bmod", "/") and factors:
                op = self.take()
                a, b = product(factors), self.factor()
                if b is None or not (a.scalar and b.scalar):
                    raise Refused(f"{op} of what is no number")
                factors = [together(np.mod if op == r"\bmod" else np.divide, a, b)]
                continue
            t = self.factor()
            if t is None:
                break
            if t.number and factors and factors[-1].number and self.tokens[self.at - 2] != r"\cdot":
                raise Refused("two numbers side by side")
            factors.append(t)
        if not factors:
            raise Refused(f"nothing stands before {self.peek()!r} near {self.around()}")
        return product(factors) if len(factors) > 1 else factors[0]

    # --- indices -------------------------------------------------------------------------------------------------

    def bind(self, letter: str) -> tuple[int, tuple | None]:
        if letter in self.values or letter in self.named:
            raise Refused(f"the index {letter} is a name too")
        outer = self.scope.get(letter)
        if outer is not None:
            raise Refused(f"the index {letter} is bound twice")
        axis = self.depth
        self.depth += 1
        if axis >= LEAD:
            raise Refused("too many indices for this reader")
        self.scope[letter] = (axis, Size())
        return axis, outer

    def limit(self, letter: str, n: int) -> None:
        """The range of an index, as it is written."""
        size = self.scope[letter][1]
        size.value, size.fixed = n, True

    def unbind(self, letter: str, outer: tuple | None) -> None:
        del self.scope[letter]
        self.depth -= 1

    def index_value(self, letter: str) -> Term:
        axis, size = self.scope[letter]

        def value() -> np.ndarray:
            n = size.get()
            return np.arange(n, dtype=float).reshape([n if k == axis else 1 for k in range(LEAD + 2)])

        return scalar(value)

    def letters(self) -> list[str]:
        """{ijk}, {i,j} or {i < n, j < m}: the letters that it binds, without their conditions."""
        self.take("{")
        found, depth, fresh = [], 0, True
        end = self.closing(self.at - 1)
        while self.at < end:
            t = self.take()
            depth += t in ("{", r"\left")
            depth -= t in ("}", r"\right")
            if t == "," and depth == 0:
                fresh = True
            elif depth == 0 and fresh and re.fullmatch("[a-z]", t):
                if t in found and self.peek() not in RELATIONS:
                    raise Refused(f"the index {t} twice")
                found += [t] if t not in found else []
                fresh = self.peek() not in RELATIONS
            elif fresh:
                raise Refused(f"{t} is no index")
        self.take("}")
        return found

    def binder(self) -> tuple[list[str], list[tuple[int, tuple | None]], list[Term]]:
        """Binds the letters of {j k}, {j \\le i} or {j < n}; what is a condition on other indices is returned."""
        start = self.at
        letters = self.letters()
        end = self.at
        bound = [self.bind(i) for i in letters]
        conditions = self.ranges(start, end)
        self.at = end
        return letters, bound, conditions

    def ranges(self, start: int, end: int) -> list[Term]:
        self.at = start + 1
        conditions = []
        while self.at < end - 1:
            if self.given(","):
                continue
            letter = self.take()
            if self.peek() in RELATIONS:
                sign = self.take()
                before = self.at
                bound = self.sum()
                free = not any(t in self.scope for t in self.tokens[before : self.at])
                if sign == "<" and free:
                    self.limit(letter, int(bound.value().item()))
                else:
                    conditions.append(together(RELATIONS[sign], self.index_value(letter), bound))
        return conditions

    def over(self, f: Callable, neutral: float) -> Term:
        """A sum, product or extreme over indices of the factors that follow."""
        self.take("_")
        letters, bound, conditions = self.binder()
        body = counted(self.relation() if f in (np.any, np.all) else self.product())
        if not body.scalar:
            raise Refused("a sum over indices of what is no number")
        axes = [axis for axis, _ in bound]
        sizes = [self.scope[i][1] for i in letters]
        for i, (_, outer) in zip(letters, bound, strict=True):
            self.unbind(i, outer)

        def value() -> np.ndarray:
            x = body.value()
            for c in conditions:
                x = np.where(c.value(), x, neutral)
            shape = list(x.shape)
            for axis, size in zip(axes, sizes, strict=True):
                shape[axis] = size.get()
            return f(np.broadcast_to(x, shape), axis=tuple(axes), keepdims=True)

        return scalar(value)

    def family(self, start: int, end: int) -> Term | None:
        """(a_{ij})_{ij}: the matrix, or the column, of these entries; None where the bracket is none."""
        if self.tokens[end + 2 : end + 4] != ["_", "{"]:
            return None
        self.at = end + 3
        letters, bound, conditions = self.binder()
        behind = self.at
        if conditions or len(letters) > 2:
            raise Refused("a family of more than two indices, or with conditions")
        self.at = start + 2
        body = self.condition()
        if self.at != end or not body.scalar:
            raise Refused("a family of what is no number")
        axes = [axis for axis, _ in bound]
        sizes = [self.scope[i][1] for i in letters] + [Size(1)] * (2 - len(letters))
        for i, (_, outer) in zip(letters, bound, strict=True):
            self.unbind(i, outer)
        self.at = behind

        def value() -> np.ndarray:
            x = body.value()
            shape = list(x.shape)
            for axis, size in zip(axes, sizes, strict=False):
                shape[axis] = size.get()
            x = np.broadcast_to(x, shape)[..., 0, 0]
            moved = np.moveaxis(x, axes, range(x.ndim - len(axes), x.ndim))
            for axis in sorted(axes):
                moved = np.expand_dims(moved, axis)
            return moved if len(axes) == 2 else moved[..., None]

        return Term(sizes[0], sizes[1], value)

    def entry(self, t: Term) -> Term:
        """t_{ij}, t_{i+1, 0}, t_{:, 2}"""
        items = self.items()
        if any(isinstance(i, slice) for i in items):
            return self.sliced(t, items)
        raw = t.raw
        if raw is not None:
            sizes = [Size(s) for s in raw.shape]
        else:
            sizes = [t.rows] if t.cols.root().value == 1 and len(items) == 1 else [t.rows, t.cols]
        if len(items) != len(sizes) or not items:
            raise Refused(f"{len(items)} indices of what has {len(sizes)} axes")
        terms = []
        for item, size in zip(items, sizes, strict=True):
            if isinstance(item, str):
                if not self.scope[item][1].fixed:
                    unify(self.scope[item][1], size, "the range of an index")
                item = self.index_value(item)
            terms.append(item)

        def value() -> np.ndarray:
            at = [np.asarray(i.value(), float)[..., 0, 0] for i in terms]
            inside = True
            where = []
            for i, size in zip(at, sizes, strict=True):
                fits = (i >= 0) & (i < size.get()) & (i == np.floor(i))
                inside = inside & fits
                where.append(np.where(fits, i, 0).astype(int))
            if raw is not None:
                x = raw[tuple(where)].astype(float)
            else:
                whole = t.value()
                lead = np.broadcast_shapes(whole.shape[:LEAD], *(i.shape for i in where))
                whole = np.broadcast_to(whole, lead + whole.shape[LEAD:])
                grid = np.indices(lead, sparse=True)
                where = [np.broadcast_to(i, lead) for i in where] + [0] * (2 - len(where))
                x = whole[(*grid, *where)]
            return np.where(inside, x, np.nan)[..., None, None]

        return scalar(value)

    def items(self) -> list:
        """The indices of a subscript: bound letters as texts, other indices as terms, slices."""
        self.take("{")
        end = self.closing(self.at - 1)
        inside = self.tokens[self.at : end]
        joined = "," not in inside and all(t in self.scope or t.isdigit() for t in inside)
        items: list = []
        while self.at < end:
            if self.given(","):
                continue
            if joined or (self.peek() in self.scope and self.peek(1) in (",", "}")):
                t = self.take()
                items.append(t if t in self.scope else scalar(lambda v=float(t): lifted([[v]])))
            else:
                items.append(self.item(end))
        self.take("}")
        return items

    def item(self, end: int) -> object:
        parts: list = [None]
        is_slice = False
        while self.at < end and self.peek() != ",":
            if self.given(":"):
                is_slice = True
                parts.append(None)
            else:
                parts[-1] = self.sum()
        if not is_slice:
            return parts[0]
        numbers = [None if p is None else int(p.value().item()) for p in parts]
        return slice(*numbers) if len(numbers) > 1 else slice(numbers[0])

    def sliced(self, t: Term, items: list) -> Term:
        """Parts of names and matrices: a row of a matrix is a row."""
        numbers = [i if isinstance(i, slice) else int(i.value().item()) for i in items]
        if t.raw is not None and t.raw.ndim > 2:
            part = t.raw[tuple(numbers)]
            shape = (*part.shape, 1, 1)[:2]
            return Term(Size(shape[0]), Size(shape[1]), lambda: lifted(part.reshape(shape)))
        if len(items) == 1:
            if t.cols.root().value != 1:
                raise Refused("one index of a matrix")
            numbers.append(slice(None))
        kept = [i if isinstance(i, slice) else slice(i, i + 1 or None) for i in numbers]
        rows, cols = (Size(len(range(s.get())[i])) for s, i in zip((t.rows, t.cols), kept, strict=True))
        return Term(rows, cols, lambda: t.value()[(..., *kept)])

    # --- factors -------------------------------------------------------------------------------------------------

    def factor(self) -> Term | None:
        start = self.at
        t = self.atom()
        if t is None:
            return None
        indexed = self.tokens[start] in ("{", r"\left") or t.raw is not None or t in self.named.values()
        while self.peek() in ("^", "_"):
            if self.peek() == "^":
                t, indexed = self.raised(t), False
            elif indexed:
                self.take("_")
                t, indexed = self.entry(t), False
            else:
                raise Refused(f"a subscript of what has no entries near {self.around()}")
        return t

    def atom(self) -> Term | None:
        t = self.peek()
        if re.fullmatch(r"\d+(\.\d+)?", t):
            self.take()
            if float(t) == 0:
                return Term(Size(), Size(), lambda: lifted([[0.0]]), number=True)
            return scalar(lambda: lifted([[float(t)]]), number=True)
        if t == "{":
            end = self.closing(self.at)
            self.take()
            inner = self.sum()
            if self.at != end:
                raise Refused("braces around more than an expression")
            self.take("}")
            return inner
        if t == r"\left":
            return self.bracket()
        if t in self.scope:
            self.take()
            return self.index_value(t)
        named = self.name()
        if named is not None:
            return named
        special = {
            r"\frac": self.fraction, r"\binom": self.binomial,
            r"\sqrt": self.root, r"\mathbf{1}": self.ones, r"\mathbf{0}": self.zeros,
            r"\mathbb{1}": self.indicator, r"\begin{pmatrix}": self.pmatrix, r"\begin{cases}": self.cases,
            r"\pi": self.constant(np.pi), r"\infty": self.constant(np.inf), r"\mathrm{nan}": self.constant(np.nan),
            r"\delta": self.delta, r"\epsilon": self.permutation, r"\varepsilon": self.permutation,
            r"\bar": self.mean, "I": self.unit, "e": self.exponential,
            r"\lfloor": self.floor, r"\sum": lambda: self.big(np.sum, 0.0), r"\prod": lambda: self.big(np.prod, 1.0),
        }  # fmt: skip
        if t in EXTREMES and self.peek(1) == "_":
            self.take()
            return self.over(*EXTREMES[t])
        if t == r"\log":
            return self.logarithm()
        if t in special and not (t == "I" and self.orders()):
            return special[t]()
        return self.applied()

    def constant(self, value: float) -> Callable[[], Term]:
        def made() -> Term:
            self.take()
            return scalar(lambda: lifted([[value]]))

        return made

    def floor(self) -> Term:
        self.take()
        t = self.sum()
        self.take(r"\rfloor")
        return together(np.floor, t)

    def big(self, f: Callable, neutral: float) -> Term:
        self.take()
        return self.over(f, neutral)

    def bracket(self) -> Term:
        start, end = self.at, self.closing(self.at)
        self.take()
        left = self.take()
        if left == "(":
            family = self.family(start, end)
            if family is not None:
                return family
            t = self.sum()
            self.take(r"\right")
            self.take(")")
            return Term(t.rows, t.cols, t.value, indicator=t.indicator)
        t = self.sum()
        self.take(r"\right")
        right = self.take()
        if (left, right) == ("[", "]"):
            if self.given("_", "{", r"\times", "}"):
                entries(t, 3)
                return Term(Size(3), Size(3), lambda: np.cross(np.eye(3), np.swapaxes(t.value(), -1, -2)))
            if self.peek() != "_":
                raise Refused("square brackets without a subscript")
            return Term(t.rows, t.cols, t.value)
        if (left, right) == ("|", "|"):
            return together(np.abs, t)
        if left == r"\lfloor":
            return together(np.floor, t)
        if left == r"\lceil":
            return together(np.ceil, t)
        if left == r"\lVert":
            self.take("_")
            self.take("{")
            kind = self.take()
            self.take("}")
            if kind == "2" and t.cols.root().value != 1:
                return scalar(lambda: each(lambda x: np.linalg.norm(x, 2))(t.value()))
            order = {"2": None, "F": "fro", "*": "nuc"}[kind]
            return scalar(lambda: each(lambda x: np.linalg.norm(x, order))(t.value()))
        raise Refused(f"the brackets {left} {right}")

    def braced(self) -> Term:
        self.take("{")
        t = self.sum()
        self.take("}")
        return t

    def fraction(self) -> Term:
        self.take()
        above, below = counted(self.braced()), counted(self.braced())
        if not below.scalar:
            raise Refused("a fraction with an array below")
        value = lambda: above.value() / below.value()  # noqa: E731
        return Term(above.rows, above.cols, held_back([above], value) if above.indicator else value)

    def binomial(self) -> Term:
        self.take()
        return together(sp.binom, self.braced(), self.braced())

    def root(self) -> Term:
        self.take()
        degree = 2
        if self.given("["):
            degree = int(self.take())
            self.take("]")
        t = counted(self.braced())
        if t.cols.root().value != 1:
            raise Refused("the root of a matrix")
        return together(np.sqrt if degree == 2 else np.cbrt, t)

    def ones(self) -> Term:
        self.take()
        size = Size()
        if self.given("_"):
            unify(size, Size(int(self.braced().value().item())))
        return Term(size, Size(1), lambda: lifted(np.ones((size.get(), 1))))

    def zeros(self) -> Term:
        self.take()
        self.take("_")
        self.take("{")
        shape = [int(self.sum().value().item())]
        if self.given(r"\times"):
            shape.append(int(self.sum().value().item()))
        self.take("}")
        rows, cols = (*shape, 1)[:2]
        return Term(Size(rows), Size(cols), lambda: lifted(np.zeros((rows, cols))))

    def unit(self) -> Term:
        self.take()
        self.take("_")
        n = int(self.braced().value().item())
        return Term(Size(n), Size(n), lambda: lifted(np.eye(n)))

    def exponential(self) -> Term:
        self.take()
        if self.given("_"):
            k, size = self.braced(), Size()
            return Term(size, Size(1), lambda: lifted(np.eye(size.get())[:, [int(k.value().item())]]))
        if self.given("^"):
            t = counted(self.braced())
            if t.scalar:
                return together(np.exp, t)
            square(t.rows, t.cols)
            return Term(t.rows, t.cols, lambda: each(scipy.linalg.expm)(t.value()))
        return scalar(lambda: lifted([[np.e]]))

    def delta(self) -> Term:
        self.take()
        self.take("_")
        a, b = [self.index_value(i) if isinstance(i, str) else i for i in self.items()]
        return scalar(lambda: (a.value() == b.value()) * 1.0, indicator=True)

    def permutation(self) -> Term:
        """\\epsilon_{ijk}: the sign of a permutation of 0, 1, 2, else 0."""
        self.take()
        self.take("_")
        indices = self.items()
        for i in indices:
            if isinstance(i, str) and not self.scope[i][1].fixed:
                unify(self.scope[i][1], Size(3), "the range of an index")
        a, b, c = [self.index_value(i) if isinstance(i, str) else i for i in indices]
        return scalar(lambda: (b.value() - a.value()) * (c.value() - b.value()) * (c.value() - a.value()) / 2)

    def mean(self) -> Term:
        self.take()
        t = self.braced()
        if t.raw is None:
            raise Refused("the mean of what is no name")
        return scalar(lambda: lifted([[t.raw.mean()]]))

    def pmatrix(self) -> Term:
        rows, end = [[]], self.closing(self.at)
        self.take()
        while self.at < end:
            if self.given("&"):
                continue
            if self.given("\\\\"):
                rows.append([])
                continue
            rows[-1].append(self.sum())
        self.take()
        for row in rows:
            for t in row[1:]:
                unify(row[0].rows, t.rows, "the blocks of a row")
        for row in rows:
            for t in row:
                counted(t)
        widths = {sum(t.cols.get() for t in row) for row in rows}
        if len(widths) != 1:
            raise Refused("rows of different lengths")
        height = sum(row[0].rows.get() for row in rows)

        def value() -> np.ndarray:
            lines = []
            for row in rows:
                lines.append(joined([full(t) for t in row], -1))
            return joined(lines, -2)

        return Term(Size(height), Size(widths.pop()), value)

    def cases(self) -> Term:
        self.take()
        rows = []
        while not self.given(r"\end{cases}"):
            t = self.sum()
            self.take("&")
            rows.append((t, None if self.given(r"\text{otherwise}") else self.condition()))
            self.given("\\\\")
        for t, c in rows:
            unify(rows[0][0].rows, t.rows)
            unify(rows[0][0].cols, t.cols)
            if c is not None:
                unify(c.rows, Size(1), "a case of an array")
                unify(c.cols, Size(1), "a case of an array")

        def value() -> np.ndarray:
            x = np.nan
            for t, c in reversed(rows):
                x = t.value() if c is None else np.where(c.value(), t.value(), x)
            return x

        return Term(rows[0][0].rows, rows[0][0].cols, value)

    # --- conditions ----------------------------------------------------------------------------------------------

    def indicator(self) -> Term:
        self.take()
        self.take(r"\left")
        self.take("[")
        c = self.condition()
        while self.given(","):
            c = together(np.logical_and, c, self.condition())
        self.take(r"\right")
        self.take("]")
        return Term(c.rows, c.cols, lambda: c.value() * 1.0, indicator=True)

    def condition(self) -> Term:
        t = self.relation()
        signs = set()
        while self.peek() in (r"\wedge", r"\vee", r"\oplus"):
            sign = self.take()
            signs.add(sign)
            if len(signs) > 1:
                raise Refused("and beside or")
            f = {r"\wedge": np.logical_and, r"\vee": np.logical_or, r"\oplus": np.logical_xor}[sign]
            t = together(f, t, self.relation())
        return t

    def relation(self) -> Term:
        if self.given(r"\neg"):
            return together(np.logical_not, self.relation())
        start = self.at
        if self.peek() == r"\left" and self.peek(1) == "(":  # a condition in brackets, or the left side of one
            scope, depth = dict(self.scope), self.depth
            try:
                self.at += 2
                inner = self.condition()
                ends = ("", r"\wedge", r"\vee", r"\oplus", r"\right", ",", "\\\\", r"\end{cases}")
                if self.given(r"\right", ")") and self.peek() in ends:
                    return inner
            except Refused:
                self.scope, self.depth = scope, depth
            self.at = start
        a = self.sum()
        result = None
        while self.peek() in RELATIONS:
            sign = RELATIONS[self.take()]
            b = self.sum()
            one = together(sign, a, b)
            result = one if result is None else together(np.logical_and, result, one)
            a = b
        return a if result is None else result

    # --- powers and functions --------------------------------------------------------------------------------------

    def raised(self, t: Term) -> Term:
        self.take("^")
        self.take("{")
        if self.given(r"\odot"):
            return self.hadamard_power(t)
        turned = Term(t.cols, t.rows, lambda: np.swapaxes(t.value(), -1, -2))
        if self.given(r"\top", "}"):
            return turned
        if self.given("-", r"\top", "}"):
            square(t.rows, t.cols)
            return Term(t.rows, t.cols, lambda: np.linalg.inv(turned.value()))
        if self.given("+", "}"):
            return Term(t.cols, t.rows, lambda: each(np.linalg.pinv)(t.value()))
        e = self.sum()
        self.take("}")
        if not e.scalar and not e.number:
            raise Refused("an array as an exponent")
        if t.scalar:
            return together(np.power, t, e) if e.scalar else together(lambda x: x**0, t)
        square(t.rows, t.cols)
        power = float(e.value().item())
        if power == int(power):
            return Term(t.rows, t.cols, lambda: np.linalg.matrix_power(t.value(), int(power)))
        roots = {0.5: lambda x: np.real(scipy.linalg.sqrtm(x)), -0.5: lambda x: np.linalg.inv(scipy.linalg.sqrtm(x))}
        return Term(t.rows, t.cols, lambda: each(roots[power])(t.value()))

    def hadamard_power(self, t: Term) -> Term:
        sign = -1 if self.given("-") else 1
        e = self.factor()
        if e is None:
            raise Refused("a power without exponent")
        if self.given("/"):
            below = self.factor()
            e = scalar(lambda a=e, b=below: a.value() / b.value())
        self.take("}")
        if sign < 0:
            e = Term(e.rows, e.cols, lambda e=e: -e.value())
        if e.scalar:
            return Term(t.rows, t.cols, lambda: t.value() ** e.value())
        return together(np.power, t, e)

    def arguments(self) -> list[Term]:
        self.take(r"\left")
        self.take("(")
        args = [self.condition()]
        while self.given(","):
            args.append(self.condition())
        self.take(r"\right")
        self.take(")")
        return args

    def logarithm(self) -> Term:
        if self.orders():
            return self.applied()
        self.take()
        power = self.braced() if self.given("^") else None
        if self.peek() == r"\left" and self.peek(1) == "(":
            (t,) = self.arguments()
        else:
            inner = self.factor()
            if inner is None:
                raise Refused("the logarithm of nothing")
            t = inner
        logged = together(np.log, t)
        return together(np.power, logged, power) if power is not None else logged

    def orders(self) -> bool:
        """A letter with an order and arguments: J_{1}(x)."""
        if self.peek(1) != "_" or self.peek(2) != "{":
            return False
        end = self.closing(self.at + 2)
        return self.tokens[end + 1 : end + 3] == [r"\left", "("]

    def applied(self) -> Term | None:
        """A function and its arguments."""
        t = self.peek()
        name = t[14:-1].replace(r"\_", "_") if t.startswith(r"\operatorname{") else t
        if (name in OF_ORDER) and self.orders():
            self.take()
            self.take("_")
            order = self.braced()
            power = self.braced() if self.given("^") else None
            (x,) = self.arguments()
            made = together(OF_ORDER[name], order, x) if order.scalar and x.scalar else Term(
                x.rows, x.cols, lambda: OF_ORDER[name](order.value(), x.value())
            )  # fmt: skip
            return together(np.power, made, power) if power is not None else made
        if not any(name in table for table in TABLES) and ufunc(name) is None:
            return None
        self.take()
        if name == r"\psi" and self.given("^", "{", r"\left", "("):
            n = self.sum()
            self.take(r"\right")
            self.take(")")
            self.take("}")
            (x,) = self.arguments()
            return Term(x.rows, x.cols, lambda: sp.polygamma(int(n.value().item()), x.value()))
        inverse = self.given("^", "{", "-", "1", "}")
        power = self.braced() if self.given("^") else None
        args = self.arguments()
        if inverse:
            f = {r"\Phi": sp.ndtri, "erf": sp.erfinv, "erfc": sp.erfcinv}[name]
            return together(f, *args)
        made = self.evaluated(name, args)
        return together(np.power, made, power) if power is not None else made

    def evaluated(self, name: str, args: list[Term]) -> Term:
        if not any(name in table for table in TABLES):  # scipy's name
            return together(ufunc(name), *args)
        if len(args) == 2 and name in OF_TWO:
            return together(OF_TWO[name], *args)
        if len(args) == 2 and name in OF_MATRICES:
            a, b = args
            unify(a.rows, b.rows)
            pair = lambda: [np.squeeze(full(t), tuple(range(LEAD))) for t in args]  # noqa: E731
            return Term(a.rows, a.cols, lambda: lifted(OF_MATRICES[name](*pair())))
        if len(args) != 1:
            raise Refused(f"{name} of {len(args)} arguments")
        x = counted(args[0])
        if name == "diag":
            if x.cols.root().value == 1:
                return Term(x.rows, x.rows, lambda: each(lambda v: np.diag(v[:, 0]))(x.value()))
            square(x.rows, x.cols)
            return Term(x.rows, Size(1), lambda: each(lambda m: np.diag(m)[:, None])(x.value()))
        if name in ELEMENTWISE:
            return together(ELEMENTWISE[name], x)
        shape, f = MATRIX[name]
        rows, cols = shape(x.rows, x.cols)
        return Term(rows, cols, lambda: f(full(x)))


def counted(t: Term) -> Term:
    """A literal 0 whose shape nothing tells is a number."""
    for size in (t.rows.root(), t.cols.root()) if t.number else ():
        size.value = size.value or 1
    return t


def full(t: Term) -> np.ndarray:
    x = t.value()
    return np.broadcast_to(x, (*x.shape[:LEAD], t.rows.get(), t.cols.get()))


def joined(parts: list[np.ndarray], axis: int) -> np.ndarray:
    lead = np.broadcast_shapes(*(p.shape[:LEAD] for p in parts))
    return np.concatenate([np.broadcast_to(p, lead + p.shape[LEAD:]) for p in parts], axis)


def read(text: str, values: dict[str, object], shape: tuple[int, ...], indexed: bool = False) -> np.ndarray:
    """The value of a formula that has this shape; `indexed`: it is the entry at the first free letters."""
    reader = Reader(text, values)
    letters = [i for i in ALPHABET if not any(i in re.split(r"[\W\d_]+", name) for name in values)]
    t = reader.formula(dict(zip(letters, shape, strict=False)) if indexed else {})
    if reader.at < len(reader.tokens):
        raise Refused(f"left over: {' '.join(reader.tokens[reader.at : reader.at + 12])}")
    if indexed:
        unify(t.rows, Size(1))
        unify(t.cols, Size(1))
        x = np.broadcast_to(t.value(), (*shape, *(1,) * (LEAD + 2 - len(shape))))
        return x.reshape(shape)
    rows, cols = (*shape, 1, 1)[:2]
    unify(t.rows, Size(rows), "rows of the result")
    unify(t.cols, Size(cols), "columns of the result")
    return np.broadcast_to(t.value(), (*(1,) * LEAD, rows, cols)).reshape(shape)
