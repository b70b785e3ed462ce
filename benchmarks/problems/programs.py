"""Six scalar programs, each with its Jacobian: evaluated, and from their lines to the first numbers."""

from typing import Any

import numpy as np

import symdiff as sd

from ..peers import casadi
from ..programs import PROGRAMS, ScalarProgram
from ..record import Benchmark, Side, Target
from ..sides import Call, at_first


def problem(program: str) -> ScalarProgram:
    return PROGRAMS[program]


def symdiff_lists(p: ScalarProgram) -> Call:
    """Numbers to a list of numbers and a list of lists."""
    x, point = [*sd.Graph().variables([f"x{k}" for k in range(len(p.point))])], p.point
    y = p.of(sd, x)
    f = sd.function(x, [y, sd.jacobian(y, x)])
    return lambda: f(*point)


def symdiff_arrays(p: ScalarProgram) -> Call:
    """A vector to a vector and a matrix."""
    x, point = sd.Graph().variable("x", len(p.point)), np.array(p.point)
    y = sd.stack(p.of(sd, [x[k] for k in range(len(p.point))]))
    f = sd.function([x], [y, sd.jacobian(y, x)])
    return lambda: f(point)


def casadi_call(p: ScalarProgram) -> tuple[Call, np.ndarray, np.ndarray]:
    """CasADi's SX virtual machine on buffers, without its Python conversions, and the buffers of its results."""
    n = len(p.point)
    x = casadi.SX.sym("x", n)
    y = casadi.vertcat(*p.of(casadi, [x[k] for k in range(n)]))
    function = casadi.Function("f", [x], [y, casadi.densify(casadi.jacobian(y, x))])
    buffer, trigger = function.buffer()
    point, value, columns = np.array(p.point), np.zeros(y.shape[0]), np.zeros((n, y.shape[0]))
    buffer.set_arg(0, point.data)
    buffer.set_res(0, value.data)
    buffer.set_res(1, columns.data)

    def run() -> None:
        trigger()

    run.keep = buffer, point  # type: ignore[attr-defined]
    return run, value, columns.T


def casadi_lists(p: ScalarProgram) -> Call:
    run, value, jacobian = casadi_call(p)

    def call() -> Any:
        run()
        return [value.tolist(), jacobian.tolist()]

    return call


def casadi_arrays(p: ScalarProgram) -> Call:
    run, value, jacobian = casadi_call(p)

    def call() -> Any:
        run()
        return [value.copy(), jacobian.copy()]

    return call


def numbers(p: ScalarProgram, result: Any) -> Any:
    return [np.array(result[0], float), np.array(result[1], float)]


BENCHMARKS = [
    Benchmark(
        "programs",
        "six programs of robotics, mechanics, chemistry and finance, with their Jacobians",
        problem,
        smallest={"program": "quadrotor"},
        full=[{"program": name} for name in PROGRAMS],
        sides=[
            Side("symdiff", "arrays", symdiff_arrays, values=numbers),
            Side("casadi", "arrays", casadi_arrays, values=numbers),
            Side("symdiff", "lists", symdiff_lists, values=numbers),
            Side("casadi", "lists", casadi_lists, values=numbers),
            Side("symdiff", "first arrays", at_first(symdiff_arrays), values=numbers),
            Side("casadi", "first arrays", at_first(casadi_arrays), values=numbers),
            Side("symdiff", "first lists", at_first(symdiff_lists), values=numbers),
            Side("casadi", "first lists", at_first(casadi_lists), values=numbers),
        ],
        targets=[
            Target("symdiff: arrays", 1.1, "casadi: arrays"),
            Target("symdiff: lists", 1.1, "casadi: lists"),
            Target("symdiff: first arrays", 0.7, "casadi: first arrays"),
            Target("symdiff: first lists", 0.7, "casadi: first lists"),
        ],
        note="results are new arrays, or lists, on either side. On the average 0.8 is wanted of evaluations.",
    )
]
