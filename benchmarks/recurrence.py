"""The scalar recurrence ``a, b = b, sin(b)*x + a``: three ops a step, built from Python in each system.

x is 1/steps, so that value and gradient stay finite however many steps there are.
"""

import sys
from typing import Any, NamedTuple

import numpy as np

import symdiff as sd

from .peers import casadi, jax, jnp, pytensor, tensor
from .sides import Call, jax_call, symdiff_call


class Recurrence(NamedTuple):
    """The number of steps and a point (a, b, x), or a batch of points."""

    steps: int
    point: np.ndarray


def recurrence(steps: int, batch: int = 0, **_: Any) -> Recurrence:
    point = np.array([0.3, 0.7, 1.0 / steps])
    if batch:
        point = point * np.random.default_rng(0).uniform(0.5, 1.5, size=(batch, 3))
    return Recurrence(steps, point)


def after(sin: Any, steps: int, a: Any, b: Any, x: Any) -> Any:
    """b after so many steps."""
    for _ in range(steps):
        a, b = b, sin(b) * x + a
    return b


# --- build and differentiate ------------------------------------------------------------------


def symdiff_build(p: Recurrence) -> Call:
    def build() -> Any:
        g = sd.Graph()
        wrt = g.variables("a b x")
        f = after(sd.sin, p.steps, *wrt)
        return wrt, f, g.build_grad(f, wrt)

    return build


def casadi_build(p: Recurrence) -> Call:
    def build() -> Any:
        wrt = casadi.SX.sym("v", 3)
        f = after(casadi.sin, p.steps, wrt[0], wrt[1], wrt[2])
        return wrt, f, casadi.gradient(f, wrt)

    return build


def jax_build(p: Recurrence) -> Call:
    return lambda: jax.make_jaxpr(
        jax.value_and_grad(lambda a, b, x: after(jnp.sin, p.steps, a, b, x), (0, 1, 2))
    )(*p.point)


def pytensor_build(p: Recurrence) -> Call:
    def build() -> Any:
        wrt = tensor.dscalars("a", "b", "x")
        return pytensor.grad(after(tensor.sin, p.steps, *wrt), wrt)

    sys.setrecursionlimit(100_000)  # pytensor.grad recurses over the graph

    return build


def symdiff_numbers(p: Recurrence, built: Any) -> Any:
    wrt, f, gradient = built
    return sd.evaluate([f, *gradient], dict(zip(wrt, p.point, strict=True)))


def casadi_numbers(p: Recurrence, built: Any) -> Any:
    wrt, f, gradient = built
    value, slopes = casadi.Function("f", [wrt], [f, gradient])(p.point)
    return [float(value), *map(float, np.asarray(slopes).ravel())]


# --- value and gradient as a callable ---------------------------------------------------------


def symdiff_function(p: Recurrence, backend: str = "tape") -> Call:
    wrt, f, gradient = symdiff_build(p)()
    return symdiff_call(wrt, [f, *gradient], p.point, backend)


def symdiff_value(p: Recurrence) -> Call:
    wrt = sd.Graph().variables("a b x")
    return symdiff_call(wrt, after(sd.sin, p.steps, *wrt), p.point, "tape")


def casadi_function(p: Recurrence) -> Call:
    """CasADi's SX virtual machine without its Python conversions."""
    wrt, f, gradient = casadi_build(p)()
    function = casadi.Function("f", [wrt], [f, gradient])
    buffer, trigger = function.buffer()
    point, value, slopes = np.array(p.point), np.zeros(1), np.zeros(3)
    buffer.set_arg(0, point.data)
    buffer.set_res(0, value.data)
    buffer.set_res(1, slopes.data)

    def call() -> Any:
        trigger()
        return [value[0], *slopes]

    call.keep = buffer  # type: ignore[attr-defined]
    return call


def jax_function(p: Recurrence) -> Call:
    f = jax.value_and_grad(lambda a, b, x: after(jnp.sin, p.steps, a, b, x), (0, 1, 2))
    return jax_call(jax.jit(f), [jax.device_put(v) for v in p.point])


def jax_scan(p: Recurrence) -> Call:
    """JAX with its own loop, which it can compile at any length."""

    def last(a: Any, b: Any, x: Any) -> Any:
        return jax.lax.scan(
            lambda c, _: ((c[1], jnp.sin(c[1]) * x + c[0]), None), (a, b), None, length=p.steps
        )[0][1]

    return jax_call(jax.jit(jax.value_and_grad(last, (0, 1, 2))), [jax.device_put(v) for v in p.point])


def flat(p: Recurrence, result: Any) -> np.ndarray:
    """Value and gradient as four numbers a point."""
    if isinstance(result, tuple):  # JAX's (value, gradient)
        result = [result[0], *result[1]]
    return np.stack([np.asarray(r, dtype=float) for r in result])
