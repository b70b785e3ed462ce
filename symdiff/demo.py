"""``symdiff demo``: logistic regression on real data, from the formula to the minimum.

The data: Breast Cancer Wisconsin (Diagnostic), W. Wolberg, O. Mangasarian, N. Street, W. Street (1995), UCI
Machine Learning Repository, doi:10.24432/C5DW2B, CC BY 4.0; shipped as ``data/breast_cancer.csv``.
"""

import sys
import time
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

import click
import networkx as nx
import numpy as np
import scipy.optimize
import scipy.sparse.linalg
from scipy.special import expit
from tqdm import tqdm

import symdiff as sd

FUNCTION = "sum(log(1 + exp(-y*(X @ w)))) + lam/2*(w @ w)"
SHAPES: dict[str, Any] = {"X": "n d", "y": "n", "w": "d"}
FACTS = {"y": "pm1"}  # y is 1 or -1, so y**2 is 1
TOLERANCE = 1e-8


def breast_cancer() -> tuple[np.ndarray, np.ndarray]:
    """The data: 30 features of 569 tumours, standardised, and +1 for benign, -1 for malignant ones.

    >>> X, y = breast_cancer()
    >>> X.shape, int((y > 0).sum())
    ((569, 30), 357)
    """
    with resources.files("symdiff").joinpath("data/breast_cancer.csv").open(encoding="utf-8") as file:
        table = np.loadtxt((line for line in file if line[0].isdigit()), delimiter=",")
    X, benign = table[:, :-1], table[:, -1]
    return (X - X.mean(axis=0)) / X.std(axis=0), 2 * benign - 1


class Step(NamedTuple):
    """One iteration of Newton's method: where it stands, and how it got there."""

    w: np.ndarray
    value: float
    slope: float  # the norm of the gradient
    products: int  # Hessian-vector products that CG took
    length: float  # the part of Newton's step that was taken


def newton_cg(H: "sd.HessianOperator", w: np.ndarray, tolerance: float) -> Iterator[Step]:
    """Newton's method; each step solves ``H p = -gradient`` by conjugate gradients, with products H v alone.

    Source: Nocedal, Wright, *Numerical Optimization*, algorithm 7.1 (line search Newton-CG).
    """
    H, slope = H.at({"w": w}), np.inf
    yield Step(w, H.value, slope := float(np.linalg.norm(H.gradient)), 0, 0.0)
    while slope > tolerance:
        counted = _Counter()
        p, _ = scipy.sparse.linalg.cg(H, -H.gradient, rtol=min(0.1, slope), callback=counted)
        length, descent = 1.0, float(H.gradient @ p)
        following = H.at({"w": w + p})
        while following.value > H.value + 1e-4 * length * descent + 1e-13 * abs(H.value) and length > 1e-9:
            length /= 2
            following = H.at({"w": w + length * p})
        w, H = w + length * p, following
        yield Step(w, H.value, slope := float(np.linalg.norm(H.gradient)), counted.calls, length)


class _Counter:
    calls = 0

    def __call__(self, _: object) -> None:
        self.calls += 1


def by_scipy(X: np.ndarray, y: np.ndarray, lam: float) -> np.ndarray:
    """The minimum as scipy finds it from derivatives written by hand: nothing of symdiff is in it."""

    def value_and_gradient(w: np.ndarray) -> tuple[float, np.ndarray]:
        margin = y * (X @ w)
        return np.logaddexp(0, -margin).sum() + lam / 2 * w @ w, lam * w - X.T @ (y * expit(-margin))

    def hessian(w: np.ndarray) -> np.ndarray:
        s = expit(X @ w)
        return X.T @ ((s * (1 - s))[:, None] * X) + lam * np.eye(len(w))

    start = np.zeros(X.shape[1])
    found = scipy.optimize.minimize(
        value_and_gradient, start, jac=True, hess=hessian, method="trust-exact", options={"gtol": TOLERANCE}
    )
    return found.x


# --- what is printed ----------------------------------------------------------------------------------------


def _section(title: str) -> None:
    click.echo("\n" + click.style(title, fg="cyan", bold=True))


def _fact(label: str, text: str) -> None:
    click.echo(click.style(f"  {label:<13}", dim=True) + text.replace("\n", "\n" + 15 * " "))


def _size(label: str, g: sd.Graph, seconds: float) -> None:
    depth = nx.dag_longest_path_length(g)
    click.echo(f"  {label:<30}{len(g):>7}{g.number_of_edges():>8}{depth:>8}{1e3 * seconds:>11.2f} ms")


def run(output: Path, lam: float) -> None:
    """Print the demonstration and write the picture of the gradient graph to `output`."""
    began = time.perf_counter()
    title = click.style(f"symdiff {sd.__version__}", bold=True)
    click.echo(f"{title}: logistic regression, from its formula to its minimum")

    _section("1. The function")
    X, y = breast_cancer()
    tick = time.perf_counter()
    f = sd.parse(FUNCTION, assume=FACTS, **SHAPES)
    seconds = time.perf_counter() - tick
    g = f.graph
    _fact("data", f"X, y: {X.shape[0]} tumours x {X.shape[1]} features, standardised; benign or malignant")
    _fact("", "Breast Cancer Wisconsin, Wolberg, Street, Mangasarian (1995), UCI, CC BY 4.0")
    _fact("f(w)", f"{FUNCTION}   with lam = {lam:g}")

    _section("2. The graph: build_grad appends derivatives to it")
    click.echo(click.style(f"  {'':<30}{'nodes':>7}{'edges':>8}{'depth':>8}{'time':>14}", dim=True))
    _size("f", g, seconds)
    tick = time.perf_counter()
    gradient = g.build_grad(f, "w")
    _size("+ gradient: build_grad(f, w)", g, time.perf_counter() - tick)
    tick = time.perf_counter()
    hessian = g.build_grad(gradient, "w")
    _size("+ Hessian: build_grad again", g, time.perf_counter() - tick)
    tick = time.perf_counter()
    product = sd.hvp(f, "w")
    _size("+ Hessian times v: hvp", g, time.perf_counter() - tick)

    _section("3. The formulas")
    _fact("gradient", str(gradient))
    _fact("Hessian", str(hessian))
    _fact("Hessian @ v", str(product))

    _section("4. Newton's method: conjugate gradients on products H @ v")
    w = np.zeros(X.shape[1])
    H = sd.HessianOperator(f, "w", at={"X": X, "y": y, "w": w, "lam": lam})
    step = _watched(newton_cg(H, w, TOLERANCE))
    click.echo(f"  {np.mean(np.sign(X @ step.w) == y):.1%} of the tumours are classified right")

    _section("5. Checked against scipy, with derivatives written by hand (trust-exact)")
    reference = by_scipy(X, y, lam)
    difference = float(np.abs(step.w - reference).max())
    _fact("max |w - w'|", f"{difference:.1e}   where max |w| = {np.abs(step.w).max():.3f}")
    if not (step.slope < TOLERANCE and difference < 1e-6):
        raise sd.SymdiffError(
            f"the demonstration failed: |gradient| {step.slope:.1e}, off by {difference:.1e}"
        )

    _section("6. The picture")
    sd.draw({"f": f, "gradient": gradient}, output)
    _fact("f, gradient", f"{len(g.ancestors([f.node, gradient.node]))} nodes in {output}")
    click.echo(f"\n{click.style('Done', fg='green', bold=True)} in {time.perf_counter() - began:.1f} s.")


def _watched(steps: Iterator[Step]) -> Step:
    """The last step; each is printed as a line, above a bar that counts the digits the gradient has lost."""
    head = f"  {'step':>4}{'f(w)':>16}{'|gradient|':>14}{'products':>11}{'length':>9}"
    click.echo(click.style(head, dim=True))
    began, start, products = time.perf_counter(), 0.0, 0
    shape = "  {percentage:3.0f}% |{bar:40}| {desc}"
    with tqdm(total=1.0, bar_format=shape, mininterval=0, disable=None) as bar:
        for k, step in enumerate(steps):
            start, products = start or step.slope, products + step.products
            line = f"  {k:>4}{step.value:>16.9f}{step.slope:>14.2e}"
            line += f"{step.products:>11}{step.length:>9.3g}" if k else ""
            bar.write(line, file=sys.stdout)
            bar.n = min(1.0, np.log(start / step.slope) / np.log(start / TOLERANCE))
            bar.set_description_str(
                f"{k} steps, {products} products, {1e3 * (time.perf_counter() - began):.0f} ms"
            )
    return step
