"""Hessians as one tensor expression against jax.hessian, after Laue, Mitterreiter, Giesen (NeurIPS 2018)."""

from collections.abc import Sequence
from typing import Any

import symdiff as sd

from ..models import DEEP, FACTORISATION, LOGISTIC, QUADRATIC, Model
from ..peers import jax
from ..record import Benchmark, Side, Size, Target
from ..sides import Call, Problem, jax_call, jax_model, problem_of, symdiff_call, symdiff_model


def symdiff_hessian(p: Problem) -> Call:
    inputs, value = symdiff_model(p)
    return symdiff_call(list(inputs.values()), sd.hessian(value, p.model.wrt[0]), p.arrays.values())


def symdiff_core(p: Problem) -> Call:
    """What a Hessian with unit tensors is made of: V'V of 2 kron(eye(m), V'V)."""
    inputs, value = symdiff_model(p)
    core = sd.hessian(value, p.model.wrt[0])
    while len(core.inputs) == 1:
        core = core.inputs[0]
    return symdiff_call(list(inputs.values()), core, p.arrays.values())


def jax_hessian(p: Problem) -> Call:
    f, given, (wrt,) = jax_model(p)
    return jax_call(jax.jit(jax.hessian(f, wrt)), given)


def hessian(
    name: str,
    title: str,
    model: Model,
    smallest: Size,
    full: Sequence[Size],
    limit: float,
    sides: Sequence[Side] = (),
    targets: Sequence[Target] = (),
    **fields: Any,
) -> Benchmark:
    return Benchmark(
        name,
        title,
        problem_of(model),
        smallest,
        full,
        [Side("symdiff", "Hessian", symdiff_hessian), Side("jax", "Hessian", jax_hessian), *sides],
        [Target("symdiff: Hessian", limit, "jax: Hessian"), *targets],
        **fields,
    )


BENCHMARKS = [
    hessian("hessian_quadratic", "Hessian of a quadratic form", QUADRATIC, {"n": 20}, [{"n": 1000}], 1 / 10),
    hessian(
        "hessian_logistic",
        "Hessian of logistic regression",
        LOGISTIC,
        {"n": 100, "d": 5},
        [{"n": 10_000, "d": 200}],
        1 / 2,
    ),
    hessian(
        "hessian_factorisation",
        "Hessian of matrix factorisation",
        FACTORISATION,
        {"m": 8, "k": 3},
        [{"m": 100, "k": 10}],
        1 / 5,
        sides=[Side("symdiff", "core", symdiff_core, compared=False)],
        targets=[Target("symdiff: core", 1 / 1000, "jax: Hessian")],
    ),
    hessian(
        "hessian_network",
        "Hessian of a ten-layer relu network in its first weights",
        DEEP,
        {"batch": 2, "inputs": 3, "width": 4},
        [{"batch": 1, "inputs": 32, "width": 32}, {"batch": 16, "inputs": 32, "width": 32}],
        1 / 2,
    ),
]
