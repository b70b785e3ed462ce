"""Random well-typed texts of all ranks: a grammar of numpy's expressions, a template for each way to make a shape.

``{n k}`` in a template is a text of that shape, ``{}`` a scalar, ``{=}`` one of the shape that the template makes, one
with a + before its shape has positive entries, ``{S}`` is positive definite. a, b and c are sizes of any kind.
"""

import random
import re

import numpy as np

import symdiff as sd

Shape = tuple[str, ...]

SIZES = {"m": 4, "n": 3, "k": 2}
SHAPES = {
    "s": "", "t": "", "x": "n", "y": "n", "z": "m", "w": "k", "A": "m n", "B": "n n", "C": "n n", "S": "n n",
    "W": "n k", "T": "m n k", "U": "k n n", "g": "3", "h": "3", "R": "3 3",
}  # fmt: skip
POSITIVE = {"s", "x"}
LENGTHS = {"p": "m - 1", "q": "n + k", "r": "m*n"}  # sizes that are made of others
LEAVES = {("p",): "z[1:]", ("q",): "concat((x, w))", ("r",): "A.ravel()", ("S",): "S"}

EVERYWHERE = """
    {=} + {=} | {=} - {=} | {=}*{=} | {=} + {} | {}*{=} | {} - {=} | {=}/{+=} | -{=} | {=}**2 | {+=}**{} | {+=}**-0.5
    {=}/({}**2 + 1) | sin({=}) | cos({=}) | exp(-{=}**2) | tanh({=}) | sigmoid({=}) | softplus({=}) | relu({=})
    abs({=})
    log({+=}) | sqrt({+=}) | erf({=}) | gammaln({+=}) | digamma({+=}) | atan({=}) | ndtr({=}) | cbrt({+=}) | log1p({+=})
    where({=} > 0, {=}, {=}) | maximum({=}, {=}) | maximum({=}, 0) | minimum({=}, {}) | ({=} > {=})*{=} | 2*{=} | {=}/3
    hypot({=}, {+=}) | log({+=})/{} | 1/(1 + exp({=})) | ({=} >= {})*{=} | sign({=})*{=} | clip({=}, -1, {+}) | {=} - 1
    where(({=} > 0) & ({=} < {}), {=}, 0) | {=}**3/6 | logaddexp({=}, {=}) | jv(1, {=}) | {+=}**{=} | exp({}) - {=}
"""
OF_SHAPE = {
    "": """
        {a} @ {a} | sum({a}) | sum({a b}) | mean({a}) | mean({a b}) | trace({a a}) | trace({a b} @ {b a}) | norm2({a})
        norm_fro({a b})**2 | norm_fro({a b}) | logsumexp({a}) | {a} @ {a b} @ {b} | det({a a}) | logdet({S}) | {a}[0]
        {a b}[0, 1] | {a}[-1] | max({a}) | min({a b}) | prod({a}) | sum({a b}*{b}) | sum({m n k})
        cross({3}, {3}) @ {3}
        norm2(cross({3}, {3}))**2 | norm_nuc({a b}) | {n} @ inv({S}) @ {n} | var({a}) | sum({a b}**2)
        {m n k}[0, 1, 1]
        einsum('a,a', {a}, {a}) | sum({q}*{q}) | norm2({p})**2 | {r} @ A.ravel() | {n} @ solve({S}, {n}) | std({a})
    """,
    "a": """
        {a b} @ {b} | {b a}.T @ {b} | {b} @ {b a} | softmax({a}) | log_softmax({a}) | sum({a b}, axis=1)
        sum({b a}, axis=0)
        mean({a b}, axis=1) | diagonal({a a}) | {b a}[0] | {a b}[:, 1] | {a b}[:, -1] | {a}[::-1] | cumsum({a})
        {a} - mean({a}) | {a}/norm2({a}) | max({a b}, axis=1) | logsumexp({a b}, axis=1) | roll({a}, 1)
        {a}/sum({+a})
        ({a b} @ {b})*{a} | prod({a b}, axis=1) | (1 - {a}**2)*{a} | einsum('ab,b->a', {a b}, {b})
        norm2({a b}, axis=1)
        ones(a)*{} | eye(a)[0]*{} | {a b} @ {b c} @ {c} | {a b}[:, ::-1] @ {b} | ({a} > 0)*{a} | {a} @ {a a}
        outer({a}, {b})[:, 0]
    """,
    "n": """
        solve({S}, {n}) | inv({S}) @ {n} | expm({n n}/9) @ {n} | einsum('mnk,k->mn', {m n k}, {k})[0]
        {m n k}[0, :, 1]
        pinv(A) @ {m} | eigvalsh({S}) | sum({m n k}, axis=(0, 2)) | {q}[:n] | {k n n}[0] @ {n} | cholesky({S}) @ {n}
    """,
    "p": "{m}[1:] | {m}[:-1] | diff({m}) | {m}[1:] - {m}[:-1] | {m a}[1:] @ {a} | ({m a} @ {a})[1:]",
    "q": "concat(({n}, {k})) | concat(({n}, {}*{k})) | concat(({a n}[0], {k a} @ {a}))",
    "r": "{m n}.ravel() | reshape({m n}, m*n) | kron({m}, {n}) | kron({m a}, {n b}) @ kron({a}, {b})",
    "3": """
        cross({3}, {3}) | {}*cross({3}, {3}) - {3} | R @ {3} | {3 3} @ {3} | cross(R, {3})[0] | [{}, {}, {}]
        stack([{}, {}, 1])
    """,
    "a b": """
        {a c} @ {c b} | {b a}.T | outer({a}, {b}) | {a b}*{b} | {a}[:, None]*{a b} | {a b} + {b}
        {a b} - {a}[:, None]
        {a b}/{+b} | {a b} - mean({a b}, axis=0) | {a b} - mean({a b}, axis=1, keepdims=True) | softmax({a b})
        {a b}[::-1]
        softmax({a b}, axis=0) | diag({a}) @ {a b} | {a b} @ diag({b}) | {a}[:, None] - {b}
        {a b}/norm2({a b}, axis=1)[:, None]
        outer({a}, {b})/(1 + {+a b}) | log_softmax({a b}) | cumsum({a b}, axis=1) | {a b} @ ({b}[:, None]*{b b})
        tril({a b})
        {a}[:, None]*{b} | exp({a}[:, None] + {b}) | ({a b} - {b})**2 | max({a b}, axis=1, keepdims=True) - {a b}
        roll({a b}, 1, axis=0)
    """,
    "a a": """
        diag({a}) | eye(a) + {a a} | eye(a)*{} | {a a} + {a a}.T | ({a a} @ {a a}).T | eye(a) - outer({a}, {a})
        triu({a a})
        matrix_power({a a}, 2) | {a a} + {} | outer({a}, {a}) - diag({a}) | {a b} @ {a b}.T | ({a}[:, None] - {a})**2
    """,
    "n n": """
        inv({S}) | inv({S}).T @ {n n} | {S} | solve({S}, {n n}) | expm({n n}/9) | sum({k n n}, axis=0)
        inv({S} + 1/n)
        {m n}.T @ {m n} | cholesky({S}) | {k n n}[1] | sqrtm({S})
    """,
    "k n": "einsum('mnk,m->kn', {m n k}, {m}) | {m n k}[0].T | {k n n}[:, 0]",
    "q q": "block([[{n n}, {n k}], [{k n}, {k k}]]) | block([[{n n}, zeros((n, k))], [{k n}, eye(k)]])",
    "S": "S | B @ B.T + eye(n) | S + eye(n)/m | S + outer(x, x) | 2*S | A.T @ A + S | diag({+n}) + S",
    "m n k": """
        {m n k}*{k} | {m n k}*{n}[:, None] | {m n k} + {n k} | {m}[:, None, None]*{m n k}
        {m n k} - mean({m n k}, axis=0)
        {m n}[:, :, None]*{k} | {m n k}[::-1] | {m n k} @ {k k} | transpose({m n k}, (0, 1, 2)) | softmax({m n k})
    """,
    "k n n": "{k n n} @ {n n} | {k}[:, None, None]*S | {n n} @ {k n n} | {k n n} + eye(n) | inv({k n n} + 9*eye(n))",
}  # fmt: skip
TOP = [(), (), ("n",), ("m",), ("m", "n"), ("n", "n"), ("k", "n"), ("n", "k"), ("m", "n", "k"), ("k", "n", "n"), ("3",),
       ("p",), ("q",), ("r",), ("q", "q")]  # fmt: skip
PLACE = re.compile(r"\{([^{}]*)\}")
FREE = "abc"


def templates(table: str) -> list[str]:
    return [t.strip() for line in table.strip().splitlines() for t in line.split(" | ")]


GRAMMAR = [(tuple(shape.split()), templates(table)) for shape, table in OF_SHAPE.items()]


def bound_to(pattern: Shape, shape: Shape) -> dict[str, str] | None:
    """What the free sizes of a pattern are at a shape; None where it does not fit."""
    bound: dict[str, str] = {}
    if len(pattern) != len(shape) or ((shape == ("S",)) != (pattern == ("S",))):
        return None
    for size, actual in zip(pattern, shape, strict=True):
        if (bound.setdefault(size, actual) if size in FREE else size) != actual:
            return None
    return bound


class RandomTexts:
    def __init__(self, seed: int):
        self.random = random.Random(seed)

    def leaf(self, shape: Shape, positive: bool) -> str:
        names = [v for v, spec in SHAPES.items() if tuple(spec.split()) == shape and (v in POSITIVE or not positive)]
        if names:
            return self.random.choice(names)
        if positive:
            return f"exp({self.leaf(shape, False)})"
        if shape in LEAVES:
            return LEAVES[shape]
        if len(shape) == 2 and any(tuple(spec.split()) == shape[::-1] for spec in SHAPES.values()):
            return self.leaf(shape[::-1], False) + ".T"
        return f"outer({self.leaf(shape[:1], False)}, {self.leaf(shape[1:], False)})"

    def of(self, shape: Shape, depth: int, positive: bool = False) -> str:
        if depth <= 0:
            return self.leaf(shape, positive)
        if positive:
            kind = self.random.choice(["exp({})", "(1 + ({})**2)", "abs({})"])
            return kind.format(self.of(shape, depth - 1)) if self.random.random() < 0.7 else self.leaf(shape, True)
        ways = [(lines, b) for pattern, lines in GRAMMAR if (b := bound_to(pattern, shape)) is not None]
        if shape != ("S",):
            ways.append((templates(EVERYWHERE), {}))
        lines, bound = self.random.choice(ways)
        sizes = {v: self.random.choice("mnk") for v in FREE} | bound

        def filled(place: re.Match) -> str:
            spec = place[1].lstrip("+")
            inner = shape if spec == "=" else tuple(sizes.get(v, v) for v in spec.split())
            text = self.of(inner, depth - 1 if self.random.random() < 0.8 else 0, place[1].startswith("+"))
            return text if re.fullmatch(r"\w+", text) else f"({text})"

        def size(call: re.Match) -> str:
            return f"{call[1]}({LENGTHS.get(sizes[call[2]], sizes[call[2]])})"

        return PLACE.sub(filled, re.sub(r"\b(eye|ones)\(([abc])\)", size, self.random.choice(lines)))


def random_expression(seed: int) -> tuple[sd.Expr, sd.Expr | None]:
    """An expression of a random text and, where few axes are enough, its derivative by one of its variables."""
    texts, graph = RandomTexts(seed), sd.Graph()
    for v, spec in SHAPES.items():
        graph.variable(v, spec, assume="spd" if v == "S" else None)
    e = sd.parse(texts.of(texts.random.choice(TOP), texts.random.choice([1, 2, 2, 3])), graph=graph)
    names = [v for v in e.variables if e.ndim + len(SHAPES[v].split()) < 4]
    return e, sd.jacobian(e, texts.random.choice(names)) if names else None


def point() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(7)
    at = {v: rng.standard_normal([SIZES.get(s) or int(s) for s in spec.split()]) for v, spec in SHAPES.items()}
    return at | {v: np.abs(at[v]) + 0.2 for v in POSITIVE} | {"S": at["S"] @ at["S"].T + np.eye(3)}
