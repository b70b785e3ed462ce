"""Formulas beside the books' and sympy's: ``python -m benchmarks.books [--record]`` writes ``books.md``.

Derivations (``derivations.json``: expression, derivative, shapes, the book's formula): right by differences of the
function, printed text read back, no more operations than the book. Scalar functions of physics, chemistry, biology and
finance, two derivatives each: no longer, without blanks, than the shortest of sympy's ``diff``, ``simplify`` and
``factor``. Times are processor time of one run each.
"""

import ast
import json
import signal
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

import symdiff as sd
from symdiff.lazy import module

HERE = Path(__file__).parent
SIZES = {"n": 4, "m": 5, "d": 3, "k": 2, "h": 3, "q": 3}
COUNTED = (ast.BinOp, ast.UnaryOp, ast.Call, ast.Subscript, ast.Compare)
WITHIN = 60  # seconds that sympy has for one formula

SCALARS = """
    V*S/(K + S + S**2/L); S | V*S/(K + S); S | V*S**n/(K**n + S**n); S | exp(2*x + 3*exp(5*x)); x
    log(x + sqrt(x**2 + 1)); x | x**x; x | A*exp(-U/(R*T)); T | c/(l**5*(exp(h/(l*T)) - 1)); l
    1/(exp((U - mu)/(k*T)) + 1); U | R*T/(V - b) - a/V**2; V | sqrt(m**2 + p**2); p | m/sqrt(1 - v**2/c**2); v
    G*M*m/r**2; r | 4*u*((s/r)**12 - (s/r)**6); r | D*(1 - exp(-a*(r - b)))**2; r | q/(4*pi*sqrt(x**2 + a**2)); x
    mu*R**2/(2*(R**2 + z**2)**(3/2)); z | a*cosh(x/a); x | exp(-x**2/(2*s**2))/(s*sqrt(2*pi)); x
    exp(-x**2/(2*s**2))/(s*sqrt(2*pi)); s | x*exp(-x**2/(2*s**2))/s**2; x | v**2*exp(-m*v**2/(2*T)); v
    1/(pi*g*(1 + (x - y)**2/g**2)); x | g/((x - y)**2 + g**2); x | r*N*(1 - N/K); N | K/(1 + exp(-r*(t - s))); t
    a*exp(-b*exp(-c*t)); t | r*N*log(K/N); N | a*N/(1 + a*h*N); N | a*N**2/(1 + a*h*N**2); N | C/(1 + r)**t; r
    C*exp(-r*t); t | a + (b + c*t)*exp(-t/d); t | W**(1 - g)/(1 - g); W | -exp(-a*W)/a; W | P*(1 - (1 + r)**(-n))/r; r
    A*sin(w*t + p)*exp(-g*t); t | F/sqrt((a**2 - w**2)**2 + g**2*w**2); w | V**2*R/(R + r)**2; R
    V*(1 - exp(-t/(R*C))); t | log(x/(1 - x)); x | log(1 + exp(x)); x | 1/tanh(x) - 1/x; x | x/(exp(x) - 1); x
    x*log(x) + (1 - x)*log(1 - x); x | atan(x/a)/a; x | asin(x/a); x | R*T*log(x) + W*(1 - x)**2; x
    a - R*T/n*log(x/y); x | k*A*B/(1 + a*A + b*B)**2; A | b*P/(1 + b*P); P | m*g*l*(1 - cos(a)); a
    v**2*sin(2*a)/g; a | erf(x/(2*sqrt(D*t))); t | exp(-x**2/(4*D*t))/sqrt(4*pi*D*t); t
    exp(-x**2/(4*D*t))/sqrt(4*pi*D*t); x | 1/(1 + (K/L)**n); L | Z*(1 - exp(-r/a))/r; r | exp(-k*r)/r; r
    (a*x**r + (1 - a)*y**r)**(1/r); x | tanh(a*x)/x; x
"""


def scalars() -> list[tuple[str, str]]:
    """(formula, variable)"""
    rows = [row.split(";") for line in SCALARS.strip().splitlines() for row in line.split("|") if row.strip()]
    return [(text.strip(), variable.strip()) for text, variable in rows]


def operations(text: str) -> int:
    """Operators, calls, subscripts, comparisons and transposes; a named shared term counts once."""
    nodes = ast.walk(ast.parse(text))
    return sum(isinstance(n, COUNTED) or (isinstance(n, ast.Attribute) and n.attr == "T") for n in nodes)


# --- derivations --------------------------------------------------------------------------------------------------


def drawn(shape: str, kinds: list[str], rng: np.random.Generator) -> np.ndarray:
    """Random data of these kinds."""
    x = rng.normal(size=[SIZES.get(s) or int(s) for s in shape.split()])
    for kind in kinds:
        if kind == "spd":
            x = x @ x.T + np.eye(len(x))
        elif kind == "symmetric":
            x = (x + x.T) / 2
        elif kind == "invertible":
            x = x + 3 * np.eye(len(x))
        elif kind in ("positive", "simplex", "big"):
            x = np.abs(x) + (5 if kind == "big" else 0.5)
            x = x / x.sum(-1, keepdims=True) if kind == "simplex" else x
        elif kind == "small":
            x = 0.2 * x
    return x


def differences(f: Any, x: np.ndarray, h: float = 1e-3) -> np.ndarray:
    """Central differences of fourth order, of f at x by every entry."""
    columns = []
    for index in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[index] = h
        columns.append((8 * (f(x + step) - f(x - step)) - (f(x + 2 * step) - f(x - 2 * step))) / (12 * h))
    stacked = np.stack(columns, -1)
    return stacked.reshape(stacked.shape[:-1] + x.shape)


def derivations() -> list[dict[str, Any]]:
    return json.loads((HERE / "derivations.json").read_text())


def derived(row: dict[str, Any]) -> tuple[sd.Expr, sd.Expr, dict[str, np.ndarray]]:
    """(function, derivative, data) of a row."""
    rng = np.random.default_rng(3)
    at = {v: drawn(s, row["draw"].get(v, ()), rng) for v, s in row["shapes"].items()}
    f = sd.parse(row["expr"], assume=row["assume"] or None, **{v: s or () for v, s in row["shapes"].items()})
    d = getattr(sd, row["kind"])(f, row["wrt"])
    if row["kind"] == "hvp":
        at["v_" + row["wrt"]] = rng.normal(size=at[row["wrt"]].shape)
    return f, d, at


def of(e: sd.Expr, at: dict[str, np.ndarray], **more: Any) -> np.ndarray:
    return np.asarray(sd.evaluate(e, {v: x for v, x in (at | more).items() if e.graph.named(v) is not None}), float)


def near(a: np.ndarray, b: np.ndarray, tolerance: float) -> bool:
    size = max(1, np.max(np.abs(b), initial=0))
    return a.shape == b.shape and bool(np.max(np.abs(a - b), initial=0) <= tolerance * size)


def scored(row: dict[str, Any]) -> tuple[bool, bool, bool | None, str]:
    """(right, printed, no longer than the book or None, text)"""
    f, d, at = derived(row)
    got, wrt = of(d, at), row["wrt"]
    first = f if row["kind"] in ("grad", "jacobian") else sd.grad(f, wrt)
    want = differences(lambda x: of(first, at, **{wrt: x}), at[wrt])
    if row["kind"] == "hvp":
        want = np.tensordot(want, at["v_" + wrt], at[wrt].ndim)
    text = str(d)
    again = sd.parse(text, graph=d.graph)
    short = operations(text) <= operations(row["book"]) if row["book"] else None
    return near(got, want, 2e-6), near(of(again, at), got, 1e-8), short, text


def derivation_lines() -> Iterator[str]:
    total, books, longer = np.zeros(3, int), 0, []
    rows = derivations()
    for row in rows:
        *marks, text = scored(row)
        total += [bool(m) for m in marks]
        books += row["book"] is not None
        if marks[2] is False:
            longer.append(f"| {row['name']} | `{text}` | `{row['book']}` |".replace("\n", "; "))
    right, printed, short = total
    yield f"{len(rows)} derivations: right {right}, printed {printed}, no longer than the book {short} of {books}"
    yield f"({100 * short / books:.1f} %). Longer are:\n"
    yield "| | printed | book |\n|---|---|---|"
    yield from longer


# --- scalars ------------------------------------------------------------------------------------------------------


def late(*_: Any) -> None:
    raise TimeoutError


def by_sympy(text: str, variable: str, n: int, names: list[str]) -> tuple[str, float]:
    """(the shortest of sympy's formulas, the time that simplify took)"""
    sympy = module("sympy")
    symbols = {v: sympy.Symbol(v, positive=True) for v in names}
    d = sympy.sympify(text, locals=symbols).diff(symbols[variable], n)
    found, times = [d], []
    for f in (sympy.simplify, sympy.factor):
        start = time.process_time()
        signal.alarm(WITHIN)
        with suppress(TimeoutError):
            found.append(f(d))
        signal.alarm(0)
        times.append(time.process_time() - start)
    return min((str(e).replace(" ", "") for e in found), key=len), times[0]


def scalar_lines() -> Iterator[str]:
    signal.signal(signal.SIGALRM, late)
    for text, variable in scalars()[-2:]:  # what is loaded once is loaded
        str(sd.parse(text).diff(variable, 2))
        by_sympy(text, variable, 1, list(sd.parse(text).variables))
    longer, count, own, peer = [], 0, 0.0, 0.0
    for text, variable in scalars():
        names = list(sd.parse(text).variables)
        for n in (1, 2):
            start = time.process_time()
            ours = str(sd.parse(text, assume=dict.fromkeys(names, "positive")).diff(variable, n))
            own += time.process_time() - start
            theirs, took = by_sympy(text, variable, n, names)
            peer += took
            count += 1
            if len(ours.replace(" ", "")) > len(theirs):
                longer.append(f"| {text}, {variable}, {n} | `{ours}` | `{theirs}` |".replace("\n", "; "))
    short = count - len(longer)
    yield f"{count} derivatives of scalar functions: no longer than sympy's shortest {short}"
    yield f"({100 * short / count:.1f} %), time to read, differentiate and print them"
    yield f"1/{peer / own:.0f} of `sympy.simplify`'s. Longer are:\n"
    yield "| | printed | sympy |\n|---|---|---|"
    yield from longer


# --- times --------------------------------------------------------------------------------------------------------


def thousand() -> str:
    """Ten formulas of one graph of a thousand nodes."""
    x = sd.Graph().variables(" ".join(f"x{k}" for k in range(10)))
    e, steps = sd.sum(sd.stack(x) * 1.0), []
    for k in range(330):
        e = sd.sin(e * x[k % 10]) + x[(k + 1) % 10]
        steps.append(e)
    return "".join(str(s) for s in steps[9::33])


def network() -> str:
    """The Hessian of a network of three layers by its first matrix."""
    shapes = {"A": "m n", "x": "n", "B": "k m", "C": "p k", "y": "p"}
    return str(sd.hessian(sd.parse("norm2(C @ tanh(B @ tanh(A @ x)) - y)**2", **shapes), "A"))


def text_of_a_thousand() -> str:
    """A text of a thousand characters, and its gradient."""
    e = sd.parse(" + ".join(f"sin({k}*x*y - z)*exp(-x/{k})" for k in range(1, 39)))
    return str(e) + str(e.diff("x"))


def time_lines() -> Iterator[str]:
    yield "| | s | at most |\n|---|---|---|"
    for what, f, limit in (
        ("formulas of one graph of 1000 nodes", thousand, 1.0),
        ("Hessian of a network of three layers", network, 0.3),
        ("a text of 1000 characters and its gradient", text_of_a_thousand, 2.0),
    ):
        start = time.process_time()
        f()
        took = time.process_time() - start
        yield f"| {what} | {took:.2f} | {limit} |"


def main(record: bool) -> None:
    warnings.simplefilter("ignore")
    lines = ["# Formulas beside the books' and sympy's\n"]
    with np.errstate(all="ignore"):
        for title, part in (("Times", time_lines), ("Derivations", derivation_lines), ("Scalars", scalar_lines)):
            lines += [f"## {title}\n", *part(), ""]
    text = "\n".join(lines)
    print(text)
    if record:
        (HERE / "books.md").write_text(text)


if __name__ == "__main__":
    main("--record" in sys.argv)
