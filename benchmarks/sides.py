"""How each system computes the value, the gradient and the Hessian-vector product of a model."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

import symdiff as sd

from .models import Arrays, Model
from .peers import jax, jnp, namespace, torch
from .record import Benchmark, Side, Size, Target

Call = Callable[[], Any]


class Problem(NamedTuple):
    """A model, its arrays, and vectors of the shapes of what it is differentiated by."""

    model: Model
    arrays: Arrays
    vectors: tuple[np.ndarray, ...]


def problem_of(model: Model) -> Callable[..., Problem]:
    def problem(**size: Any) -> Problem:
        arrays = model.data(**size)
        rng = np.random.default_rng(1)
        return Problem(model, arrays, tuple(rng.normal(size=arrays[k].shape) for k in model.wrt))

    return problem


# --- symdiff ---------------------------------------------------------------------------------------------------------------


def symdiff_inputs(p: Problem) -> dict[str, sd.Expr]:
    """The variables of a model in a new graph."""
    g = sd.Graph()
    return {k: g.variable(k, p.model.shapes.get(k, a.shape), a.dtype.name) for k, a in p.arrays.items()}


def symdiff_model(p: Problem) -> tuple[dict[str, sd.Expr], Any]:
    inputs = symdiff_inputs(p)
    return inputs, p.model.function(sd, **inputs)


def symdiff_value(p: Problem) -> Call:
    inputs, value = symdiff_model(p)
    f, given = sd.function(list(inputs.values()), value), list(p.arrays.values())
    return lambda: f(*given)


def symdiff_gradient(p: Problem, backend: str = "auto") -> Call:
    inputs, value = symdiff_model(p)
    f = sd.function(list(inputs.values()), sd.grad(value, list(p.model.wrt)), backend=backend)
    given = list(p.arrays.values())
    if backend == "jax":
        given = [jnp.asarray(a) for a in given]
        return lambda: jax.block_until_ready(f(*given))
    return lambda: f(*given)


def symdiff_hvp(p: Problem) -> Call:
    """The product at fixed arrays: what depends on the vectors alone runs."""
    inputs, value = symdiff_model(p)
    vectors = [inputs[k].graph.variable("v_" + k, inputs[k].shape) for k in p.model.wrt]
    product = sd.hvp(value, list(p.model.wrt), vectors)
    f = sd.function([*inputs.values(), *vectors], product).partial(**p.arrays)
    return lambda: f(*p.vectors)


def symdiff_first(p: Problem) -> Call:
    """Build, differentiate, make a callable, call it."""
    return lambda: symdiff_gradient(p)()


# --- jax -------------------------------------------------------------------------------------------------------------------


def jax_model(p: Problem) -> tuple[Callable[..., Any], list[Any], tuple[int, ...]]:
    names, xp = list(p.arrays), namespace("jax")
    given = [jax.device_put(a) for a in p.arrays.values()]
    return (lambda *a: p.model.function(xp, **dict(zip(names, a, strict=True)))), given, tuple(map(names.index, p.model.wrt))


def jax_call(f: Callable[..., Any], given: Sequence[Any]) -> Call:
    return lambda: jax.block_until_ready(f(*given))


def jax_value(p: Problem) -> Call:
    f, given, _ = jax_model(p)
    return jax_call(jax.jit(f), given)


def jax_gradient(p: Problem) -> Call:
    f, given, wrt = jax_model(p)
    return jax_call(jax.jit(jax.grad(f, wrt)), given)


def jax_hvp(p: Problem) -> Call:
    f, given, wrt = jax_model(p)

    def gradient(*at: Any) -> Any:
        arguments = list(given)
        for k, a in zip(wrt, at, strict=True):
            arguments[k] = a
        return jax.grad(f, wrt)(*arguments)

    _, linear = jax.linearize(gradient, *[given[k] for k in wrt])
    return jax_call(jax.jit(lambda linear, *v: linear(*v)), [linear, *[jax.device_put(v) for v in p.vectors]])


def jax_first(p: Problem) -> Call:
    """Trace, compile, call."""
    return lambda: jax_gradient(p)()


# --- torch -----------------------------------------------------------------------------------------------------------------


def torch_gradient(p: Problem) -> Call:
    xp = namespace("torch")
    given = {k: torch.as_tensor(a).requires_grad_(k in p.model.wrt) for k, a in p.arrays.items()}
    wrt = [given[k] for k in p.model.wrt]
    return lambda: torch.autograd.grad(p.model.function(xp, **given), wrt)


# --- the record of a tensor problem ----------------------------------------------------------------------------------------


def tensor_benchmark(
    name: str, title: str, model: Model, smallest: Size, full: Sequence[Size], gradient: Sequence[tuple[str, float]],
    hvp: float | None = None, first: float = 1 / 2, first_repeats: int | None = None, sides: Sequence[Side] = (), targets: Sequence[Target] = (), **fields: Any,
) -> Benchmark:  # fmt: skip
    """The benchmark of a model: gradient against the peers, linearised product, first gradient, JAX backend, cost ratios.

    gradient  (peer, limit) for each peer of the gradient
    hvp       the limit against JAX's linearised product; None when none is measured
    first     the limit of the first gradient against JAX's
    """
    ours = [
        Side("symdiff", "gradient", symdiff_gradient),
        *(Side(peer, "gradient", {"jax": jax_gradient, "torch": torch_gradient}[peer]) for peer, _ in gradient),
        Side("symdiff on jax", "gradient", lambda p: symdiff_gradient(p, "jax")),
        Side("symdiff", "function", symdiff_value),
        Side("jax", "function", jax_value),
        Side("symdiff", "first gradient", symdiff_first),
        Side("jax", "first gradient", jax_first, repeats=first_repeats),
    ]
    promised = [
        *(Target("symdiff: gradient", limit, f"{peer}: gradient") for peer, limit in gradient),
        Target("symdiff: first gradient", first, "jax: first gradient"),
        Target("symdiff on jax: gradient", 1.05, "jax: gradient"),
        Target("symdiff: gradient", 3.0, "symdiff: function"),
    ]
    if hvp is not None:
        ours += [Side("symdiff", "Hv", symdiff_hvp), Side("jax", "Hv", jax_hvp)]
        promised += [Target("symdiff: Hv", hvp, "jax: Hv"), Target("symdiff: Hv", 1.5, "symdiff: gradient")]
    return Benchmark(name, title, problem_of(model), smallest, full, [*ours, *sides], [*promised, *targets], **fields)
