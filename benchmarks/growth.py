"""Ways of being large: how time grows from n = 500 to 8000.

``python -m benchmarks.growth [--record] [--to N] [NAME...]``: each way is measured at five sizes, or those up to N, in
processor time; the exponent is the slope of a line through the logarithms, at most 1.2 is wanted. Recorded rows take
the place of those of the same ways. What is quadratic by nature is listed apart, in `QUADRATIC`, with the reason.
"""

import gc
import math
import pickle
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import networkx as nx
import numpy as np

import symdiff as sd
from symdiff.storage import load, save

from .peers import sympy
from .recurrence import after

SIZES = (500, 1000, 2000, 4000, 8000)
LIMIT = 1.2
TABLE = Path(__file__).with_name("growth.md")
HEAD = "`python -m benchmarks.growth --record`: processor time, on two cores that others used too."


class Way(NamedTuple):
    """prepare(n) makes what work(prepared) is timed on."""

    what: str
    prepare: Callable[[int], Any]
    work: Callable[[Any], Any]


WAYS: dict[str, Way] = {}


def way(what: str, prepare: Callable[[int], Any] = lambda n: n) -> Callable[[Callable], Callable]:
    def entered(work: Callable) -> Callable:
        WAYS[work.__name__] = Way(what, prepare, work)
        return work

    return entered


# --- what is large -----------------------------------------------------------------------------------------


def scalars(n: int) -> list[sd.Expr]:
    return list(sd.Graph().variables([f"x{k}" for k in range(n)]))


def squares(n: int) -> sd.Expr:
    """A sum of n terms of n variables."""
    return sd.add(*[x * sd.sin(x) for x in scalars(n)])


def entries(n: int) -> sd.Expr:
    """A sum over the entries of one vector."""
    x = sd.Graph().variable("x", n)
    return sd.add(*[x[k] * x[k + 1] ** 2 for k in range(n - 1)])


def parts(join: Callable, n: int, shape: Any = 3) -> sd.Expr:
    x = sd.Graph().variable("x", shape)
    return sd.sum(join([sd.sin(k * x) for k in range(n)]) ** 2)


def layers(n: int) -> sd.Expr:
    g = sd.Graph()
    A, h = g.variable("A", "d d"), g.variable("x", "d")
    for _ in range(n):
        h = sd.tanh(A @ h)
    return sd.sum(h)


def steps(n: int) -> tuple[list[sd.Expr], sd.Expr]:
    wrt = list(sd.Graph().variables("a b x"))
    return wrt, after(sd.sin, n, *wrt)


def with_gradient(n: int) -> tuple[list[sd.Expr], list[sd.Expr]]:
    wrt, f = steps(n)
    return wrt, [f, *sd.grad(f, wrt)]


def named(n: int) -> list[sd.Expr]:
    return [sd.name(sd.sin(x), f"t{k}") for k, x in enumerate(scalars(n))]


def choices(n: int) -> sd.Expr:
    x = sd.Graph().variable("x")
    y = x
    for k in range(n):
        y = sd.where(x > k, sd.sin(y), y * x)
    return y


def largest(xs: list[sd.Expr]) -> sd.Expr:
    total = xs[0]
    for x in xs[1:]:
        total = sd.maximum(total, x)
    return total


def with_slopes(f: sd.Expr) -> list[sd.Expr]:
    return [f, *sd.grad(f, f.graph.variable_names())]


def terms_of_text(n: int) -> str:
    return " + ".join(f"a{k}*sin(b{k})" for k in range(n))


def saved(n: int) -> Path:
    path = Path(tempfile.mkdtemp(), "graph.json")
    save(with_gradient(n)[1], path)
    return path


# --- building ----------------------------------------------------------------------------------------------


@way("declare n variables")
def variables(n):
    return scalars(n)


@way("ask for n variables again", scalars)
def variables_again(xs):
    return [xs[0].graph.variable(f"x{k}") for k in range(len(xs))]


@way("name n terms", lambda n: [sd.sin(x) for x in scalars(n)])
def names(terms):
    return [sd.name(t, f"t{k}") for k, t in enumerate(terms)]


@way("declare n variables after n terms have names", named)
def variables_after_names(terms):
    return terms[0].graph.variables([f"y{k}" for k in range(len(terms))])


@way("n gradients of a graph of n named terms, by name", named)
def gradients_by_name(terms):
    return [sd.grad(t * t, f"x{k}") for k, t in enumerate(terms)]


@way("n constants")
def constants(n):
    g = sd.Graph()
    return [g.constant(k + 0.5) for k in range(n)]


@way("n named sizes")
def sizes(n):
    g = sd.Graph()
    return sd.add(*[sd.sum(g.variable(f"x{k}", f"n{k}")) for k in range(n)])


@way("a sum of n terms, one + at a time", scalars)
def sum_by_plus(xs):
    total = xs[0]
    for x in xs[1:]:
        total = total + x
    return total


@way("a product of n factors, one * at a time", scalars)
def product_by_times(xs):
    total = xs[0]
    for x in xs[1:]:
        total = total * x
    return total


@way("a sum of n terms at once", scalars)
def sum_at_once(xs):
    return sd.add(*xs)


@way("stack of n parts", scalars)
def stack(xs):
    return sd.stack(xs)


@way("a sum of n scatters into one vector", lambda n: (sd.Graph().variable("x", n), n))
def scatters(prepared):
    x, n = prepared
    return sd.add(*[sd.scatter_add(sd.sin(x[k : k + 1]), [k], n) for k in range(n)])


@way("n failing texts on a graph of n nodes", lambda n: sd.add(*named(n)).graph)
def failing_texts(g):
    for _ in range(len(g) // 3):
        try:
            sd.parse("sin(x0) + q*(", graph=g)
        except sd.ParseError:
            continue


# --- differentiating ---------------------------------------------------------------------------------------


@way("gradient of n steps", steps)
def gradient_of_steps(built):
    return sd.grad(built[1], built[0])


@way("second derivative of n steps", lambda n: sd.grad(steps(n)[1], "x"))
def second_of_steps(slope):
    return sd.grad(slope, "x")


@way("gradient of n layers", layers)
def gradient_of_layers(f):
    return sd.grad(f, ["A", "x"])


@way("gradient of n nested choices", choices)
def gradient_of_choices(f):
    return sd.grad(f, "x")


@way("gradient by n variables", squares)
def gradient_by_variables(f):
    return sd.grad(f, f.graph.variable_names())


@way("gradient of a sum over n entries", entries)
def gradient_of_entries(f):
    return sd.grad(f, "x")


@way("gradient of a product of n factors", lambda n: product_by_times(scalars(n)))
def gradient_of_product(f):
    return sd.grad(f, f.graph.variable_names())


@way("gradient of stack of n parts", lambda n: parts(sd.stack, n))
def gradient_of_stack(f):
    return sd.grad(f, "x")


@way("gradient of concat of n parts", lambda n: parts(sd.concat, n))
def gradient_of_concat(f):
    return sd.grad(f, "x")


@way("gradient of stack of n variables", lambda n: sd.sum(sd.stack(scalars(n)) ** 2))
def gradient_of_stacked_variables(f):
    return sd.grad(f, f.graph.variable_names())


@way("tangent of n steps", steps)
def tangent_of_steps(built):
    return sd.jvp(built[1], {"a": 1.0, "b": 2.0, "x": 3.0})


@way("Jacobian of n scalar outputs by one input", lambda n: [sd.sin(k * x) for x in scalars(1) for k in range(1, n)])
def jacobian_of_outputs(ys):
    return [sd.grad(y, "x0") for y in ys]


@way("hvp of a sum over n entries", entries)
def hvp_of_entries(f):
    return sd.hvp(f, "x")


@way("gradient of n scatters", lambda n: sd.sum(scatters((sd.Graph().variable("x", n), n)) ** 2))
def gradient_of_scatters(f):
    return sd.grad(f, "x")


@way("gradient of the largest of n variables, one maximum at a time", lambda n: largest(scalars(n)))
def gradient_of_maxima(f):
    return sd.grad(f, f.graph.variable_names())


# --- evaluating --------------------------------------------------------------------------------------------


@way("function of n scalar inputs, made and called", squares)
def function_of_inputs(f):
    return sd.function(f.graph.variable_names(), f)(*[0.5] * len(f.graph.variable_names()))


@way("function of log(exp(x0) + ... + exp(xn)) with its gradient, made and called", scalars)
def function_of_exponentials(xs):
    return sd.function(xs, with_slopes(sd.log(sd.add(*map(sd.exp, xs)))))(*[0.1] * len(xs))


@way("function of n quotients with their gradient, made and called", scalars)
def function_of_quotients(xs):
    f = sd.add(*[x / (1 + y**2) for x, y in pairwise(xs)])
    return sd.function(xs, with_slopes(f))(*[0.1] * len(xs))


@way("function of n scalar outputs, made and called", lambda n: [x * sd.sin(x) for x in scalars(n)])
def function_of_outputs(ys):
    return sd.function(ys[0].graph.variable_names(), ys)(*[0.5] * len(ys))


@way("function of n steps with gradient, made and called", with_gradient)
def function_of_steps(built):
    return sd.function(*built)(0.1, 0.2, 0.001)


def and_gradient(f: sd.Expr) -> list[sd.Expr]:
    return [f, sd.grad(f, "x")]


@way("function of n layers with gradient, made and called on arrays", lambda n: and_gradient(layers(n)))
def function_of_layers(outputs):
    return sd.function(["A", "x"], outputs)(np.eye(4), np.ones(4))


@way("function of a sum over n entries with gradient", lambda n: and_gradient(entries(n)))
def function_of_entries(outputs):
    return sd.function(["x"], outputs)(np.ones(outputs[1].shape[0]))


@way("function of n nested choices", choices)
def function_of_choices(f):
    return sd.function(["x"], f)(0.5)


@way("evaluate n steps", with_gradient)
def evaluate_steps(built):
    return sd.evaluate(built[1], {"a": 0.1, "b": 0.2, "x": 0.001})


@way("evaluate with n values", squares)
def evaluate_values(f):
    return sd.evaluate(f, dict.fromkeys(f.graph.variable_names(), 0.5))


@way("HessianOperator of a sum over n entries, made and used", entries)
def hessian_operator_of_entries(f):
    n = f.graph.variable("x").shape[0]
    return sd.HessianOperator(f, "x", at={"x": np.ones(n)}) @ np.ones(n)


@way("HessianOperator of stack of n parts", lambda n: parts(sd.stack, n))
def hessian_operator_of_stack(f):
    return sd.HessianOperator(f, "x", at={"x": np.ones(3)}) @ np.ones(3)


@way("HessianOperator by n variables", squares)
def hessian_operator_by_variables(f):
    names = f.graph.variable_names()
    H = sd.HessianOperator(f, list(names), at=dict.fromkeys(names, 0.5))
    return H @ np.ones(len(names))


@way("numpy backend: n steps on arrays", lambda n: steps(n)[1])
def numpy_steps(f):
    return sd.function(["a", "b", "x"], f, backend="numpy")(0.1, 0.2, 0.001)


@way("domain of n nodes", lambda n: sd.add(*[sd.log(x) for x in scalars(n)]))
def domain(f):
    return sd.check_domain(f, dict.fromkeys(f.graph.variable_names(), 0.5))


# --- reading and writing -----------------------------------------------------------------------------------


@way("text of n terms, parsed", terms_of_text)
def parse_terms(text):
    return sd.parse(text)


@way("n texts parsed into one graph", scalars)
def parse_texts(xs):
    return [sd.parse(f"sin(x{k})*y + {k}", graph=xs[0].graph) for k in range(len(xs))]


@way("n short formulas of one graph printed", scalars)
def short_texts(xs):
    return [str(sd.sin(x) * x + 1) for x in xs]


@way("n statements, parsed", lambda n: "\n".join(["y0 = x", *[f"y{k + 1} = sin(y{k})*x" for k in range(n)], f"y{n}"]))
def parse_statements(text):
    return sd.parse(text)


@way("sympy expression of n terms, read", lambda n: sympy.Add(*[sympy.sin(s) for s in sympy.symbols(f"x:{n}")]))
def read_sympy(expression):
    return sd.from_sympy(expression)


@way("sympy expression of n terms, written", squares)
def write_sympy(f):
    return f.to_sympy()


def loop(x, y):
    for _ in range(loop.count):
        x, y = y, np.sin(y) * x
    return y


@way("Python function of n steps, traced")
def traced(n):
    loop.count = n
    return sd.trace(loop)


@way("sum of n terms, printed", squares)
def text(f):
    return str(f)


@way("sum of n terms, as LaTeX", squares)
def latex(f):
    return f.latex()


@way("sum of n terms, as Python source", squares)
def python_source(f):
    return f.to_python()


@way("sum of n terms, simplified", squares)
def simplified(f):
    return sd.simplify(f)


@way("n steps, printed", lambda n: steps(n)[1])
def text_of_steps(f):
    return str(f)


@way("a product of n factors, printed", lambda n: product_by_times(scalars(n)))
def text_of_product(f):
    return str(f)


@way("n terms with names, printed", lambda n: sd.add(*named(n)))
def text_of_names(f):
    return str(f)


@way("graph of n steps, saved", with_gradient)
def document(built):
    save(built[1], Path(tempfile.mkdtemp(), "graph.json"))


@way("graph of n steps, loaded", saved)
def loaded(path):
    return load(path)


@way("graph of n steps, pickled and loaded", with_gradient)
def pickled(built):
    return pickle.loads(pickle.dumps(built))


@way("picture of n steps", with_gradient)
def picture(built):
    return sd.draw(built[1])


@way("picture of a sum of n terms", squares)
def picture_of_sum(f):
    return sd.draw(f)


@way("topological sort of n steps with gradient", lambda n: with_gradient(n)[1][0].graph)
def topological_sort(g):
    return list(nx.topological_sort(g))


# --- what is quadratic by nature: kept apart ---------------------------------------------------------------

QUADRATIC = {
    "dense Hessian of n variables": "n*n entries",
    "Jacobian of n outputs by n inputs, dense": "n*n entries",
}


def measured(record: Way, sizes: Sequence[int], repeats: int = 2) -> Iterator[float]:
    record.work(record.prepare(10))  # what loads late is there
    for n in sizes:
        best = math.inf
        for _ in range(repeats if n > SIZES[0] else 2 * repeats):
            state = record.prepare(n)
            gc.collect()
            start = time.process_time()
            record.work(state)
            best = min(best, time.process_time() - start)
            if best > 1:
                break
        yield best


def exponent(times: list[float]) -> float:
    """The slope of the line through (log n, log t).

    >>> round(exponent([1, 2, 4, 8, 16]), 6)
    1.0
    """
    return float(np.polyfit(np.log(SIZES[: len(times)]), np.log(times), 1)[0])


def kept(columns: str) -> dict[str, str]:
    """{way: its row} of the committed table, when it has these columns."""
    lines = TABLE.read_text(encoding="utf-8").splitlines() if TABLE.exists() else []
    rows = [line for line in lines if line.startswith("| ")]
    return {line.split(" | ")[0][2:]: line for line in rows[1:]} if rows[:1] == [columns] else {}


def main(arguments: list[str]) -> None:
    wanted = [a for a in arguments if a in WAYS] or list(WAYS)
    largest = int(arguments[arguments.index("--to") + 1]) if "--to" in arguments else SIZES[-1]
    sizes = [n for n in SIZES if n <= largest]
    columns = "| way | " + " | ".join(f"{n}, ms" for n in sizes) + " | exponent | |"
    print(columns)
    rows = kept(columns)
    for name in wanted:
        times = list(measured(WAYS[name], sizes))
        slope = exponent(times)
        shown = " | ".join(f"{1e3 * t:.1f}" for t in times)
        row = f"| {WAYS[name].what} | {shown} | {slope:.2f} | {'met' if slope <= LIMIT else 'missed'} |"
        rows[WAYS[name].what] = row
        print(row, flush=True)
    if "--record" in arguments:
        lines = [columns, "|---" * (len(sizes) + 3) + "|", *(rows[w.what] for w in WAYS.values() if w.what in rows)]
        apart = [f"- {what}: {why}" for what, why in QUADRATIC.items()]
        text = ["# Growth", "", HEAD, "", *lines, "", "Quadratic by nature, and kept apart:", "", *apart, ""]
        TABLE.write_text("\n".join(text), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
