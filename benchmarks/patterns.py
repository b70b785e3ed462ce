"""Sixty patterns: what `sparsity` finds beside the nonzeros of dense derivatives at random points, and colours beside
those of the natural star colouring: ``python -m benchmarks.patterns`` writes the table into patterns.md."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sp

import symdiff as sd
from symdiff.solvers.colouring import greedy_star, star_colouring

N = 12
RNG = np.random.default_rng(0)
TO, FROM = RNG.integers(0, N, 20), RNG.integers(0, N, 20)
A = RNG.normal(size=(3, 3))
K = sp.random_array((N, N), density=0.2, rng=np.random.default_rng(1), format="csr")
ODD = np.arange(N) % 2 == 1


def grid(x: Any) -> Any:
    u = sd.pad(sd.reshape(x, (3, 4)), 1)
    return 4 * u[1:-1, 1:-1] - u[:-2, 1:-1] - u[2:, 1:-1] - u[1:-1, :-2] - u[1:-1, 2:]


VECTORS: dict[str, Callable[[Any], Any]] = {  # of a vector of 12
    "identity": lambda x: sd.sin(x),
    "band of 2": lambda x: x[1:] * x[:-1],
    "band of 3": lambda x: x[2:] - 2 * x[1:-1] + x[:-2] ** 2,
    "band of 5": lambda x: sum(x[k : k + 8] ** (k + 1) for k in range(5)),
    "every second": lambda x: x[::2] * x[1::2],
    "backwards": lambda x: x[::-1] * 2 + sd.cos(x),
    "band around": lambda x: x - sd.roll(x, 1) ** 2,
    "band of padding": lambda x: sd.pad(x, 1)[2:] * x - sd.pad(x, 1)[:-2],
    "diff": lambda x: np.diff(x) ** 2,
    "second diff": lambda x: np.diff(x, n=2),
    "cumsum": lambda x: sd.cumsum(sd.exp(x)),
    "cumprod": lambda x: sd.cumprod(x),
    "cumsum from the end": lambda x: sd.cumsum(x[::-1])[::-1],
    "convolution": lambda x: sd.convolve(x, np.array([1.0, -2.0, 3.0])),
    "convolution of the same size": lambda x: sd.convolve(x, np.array([1.0, -2.0, 3.0]), mode="same"),
    "arrow": lambda x: x * x[0],
    "arrow and its row": lambda x: sd.concat(sd.sum(x**2).reshape(1), x[1:] * x[0]),
    "column": lambda x: sd.full(5, 1.0) * x[3],
    "row": lambda x: sd.sum(x * x).reshape(1),
    "row of a part": lambda x: sd.sum(x[3:7] ** 2).reshape(1),
    "grid": grid,
    "grid and its values": lambda x: grid(x) - sd.exp(sd.reshape(x, (3, 4))),
    "rows of a grid": lambda x: sd.sum(sd.reshape(x, (3, 4)) ** 2, axis=1),
    "columns of a grid": lambda x: sd.sum(sd.reshape(x, (3, 4)) ** 2, axis=0),
    "transposed grid": lambda x: sd.reshape(x, (3, 4)).T * 2,
    "outer product": lambda x: sd.outer(x[:4], x[4:9]),
    "gather": lambda x: x[FROM] ** 2,
    "two gathers": lambda x: x[FROM] * x[TO],
    "gather of a gather": lambda x: (x[FROM] ** 2)[TO[:6]],
    "scatter": lambda x: sd.scatter_add(x[FROM], TO, N),
    "edges of a graph": lambda x: sd.scatter_add(sd.sin(x[FROM] - x[TO]), TO, N),
    "scatter of slices": lambda x: sd.scatter_add(x[:6] ** 2, np.arange(6) * 2, N),
    "set entries": lambda x: x.at[2:5].set(x[5:8] ** 2),
    "add to entries": lambda x: x.at[::3].add(sd.sin(x[:4])),
    "where of constants": lambda x: sd.where(ODD, x**2, x[::-1]),
    "where of values": lambda x: sd.where(x > 0, x**2, sd.roll(x, 1)),
    "mask of zeros": lambda x: ODD * x**2,
    "masked row": lambda x: sd.sum(ODD * x**2).reshape(1),
    "maximum": lambda x: sd.maximum(x[1:], x[:-1]),
    "block": lambda x: sd.reshape(sd.reshape(x, (4, 3)) @ A, (-1,)),
    "blocks by einsum": lambda x: sd.einsum("ij,kj->ki", A, sd.reshape(x, (4, 3))),
    "kron with a unit matrix": lambda x: sd.kron(np.eye(3), sd.reshape(x[:4], (2, 2))),
    "kron with ones": lambda x: sd.kron(x[:3], np.ones(2)),
    "kron of parts": lambda x: sd.kron(x[:3], x[3:5]),
    "block diagonal": lambda x: np.kron(np.eye(4), A) @ x,
    "triangle": lambda x: sd.tril(sd.outer(x[:4], x[4:8])),
    "upper triangle of a constant": lambda x: np.triu(np.ones((N, N))) @ x,
    "diagonal": lambda x: sd.diag(sd.outer(x[:4], x[4:8])),
    "diagonal matrix": lambda x: sd.diag(x[:4] ** 2),
    "trace": lambda x: sd.trace(sd.outer(x[:4], x[4:8])).reshape(1),
    "sparse matrix": lambda x: K @ sd.sin(x),
    "turned sparse matrix": lambda x: K.T @ (K @ x) ** 2,
    "concatenation": lambda x: sd.concat(x[:3] ** 2, x[6:] * x[:6]),
    "stack": lambda x: sd.stack([x[:4], x[4:8] * x[:4]], axis=1),
    "repeat": lambda x: sd.repeat(x[:4], 3) * x,
    "tile": lambda x: sd.tile(x[:4], 3) * x,
    "means of windows": lambda x: (x[:-2] + x[1:-1] + x[2:]) / 3,
    "softmax of rows": lambda x: sd.softmax(sd.reshape(x, (3, 4)), axis=1),
    "system of rows": lambda x: sd.solve(A, sd.reshape(x, (4, 3)).T),
    "nothing": lambda x: 0 * x + 1,
    "steps": lambda x: sd.floor(x) + x[0],
    "flipped rows": lambda x: sd.flip(sd.reshape(x, (3, 4)), axis=1) * 2,
}  # fmt: skip


class Row(NamedTuple):
    """A pattern: entries found and true, whether none is missing, colours of its square beside the natural ones."""

    name: str
    found: int
    true: int
    holds: bool
    colours: int
    natural: int

    @property
    def exact(self) -> bool:
        return self.holds and self.found == self.true


def row(name: str, points: int = 12) -> Row:
    """What is found of one pattern, and of the Hessian of the sum of its squares."""
    x = sd.Graph().variable("x", N)
    y = VECTORS[name](x)
    found = sd.sparsity(y, x).toarray()
    rng, true = np.random.default_rng(2), np.zeros_like(found)
    J = sd.function(x, sd.jacobian(y, x))
    for _ in range(points):
        true |= J(rng.normal(size=N)).reshape(found.shape) != 0
    square = sp.csr_array((found.T.astype(int) @ found) > 0)
    colours, natural = (int(c.max(initial=-1)) + 1 for c in (star_colouring(square), greedy_star(square)))
    return Row(name, int(found.sum()), int(true.sum()), not (true & ~found).any(), colours, natural)


def table(rows: list[Row]) -> str:
    missing = [r.name for r in rows if not r.holds]
    lines = [
        "# Patterns", "",
        f"{sum(r.exact for r in rows)} of {len(rows)} exact; too small: {', '.join(missing) or 'none'}.",
        "", "| pattern | entries found | true | star colours of the square | natural |", "|---|---|---|---|---|",
        *(f"| {r.name} | {r.found} | {r.true} | {r.colours} | {r.natural} |" for r in rows),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    Path(__file__).with_name("patterns.md").write_text(table([row(name) for name in VECTORS]), encoding="utf-8")
