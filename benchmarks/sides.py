"""How each system computes the value, the gradient and the Hessian-vector product of a model."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

import symdiff as sd

from .models import Arrays, Model
from .peers import jax, namespace, torch
from .record import Benchmark, Side, Size, Target

Call = Callable[[], Any]


class Problem(NamedTuple):
    """A model, its arrays, and vectors of the shapes of what it is differentiated by."""

    model: Model
    arrays: Arrays
    vectors: tuple[np.ndarray, ...]


def problem_of(model: Model) -> Callable[..., Problem]:
    def problem(dtype: str = "float64", **size: Any) -> Problem:
        arrays = {k: a.astype(dtype) if a.dtype.kind == "f" else a for k, a in model.data(**size).items()}
        rng = np.random.default_rng(1)
        return Problem(
            model, arrays, tuple(rng.normal(size=arrays[k].shape).astype(dtype) for k in model.wrt)
        )

    return problem


def at_first(prepare: Callable[[Any], Call]) -> Callable[[Any], Call]:
    """The side that times the preparation too: build or trace, differentiate, make a callable, call it."""
    return lambda p: lambda: prepare(p)()


def on_jax(prepare: Callable[..., Call]) -> Callable[[Any], Call]:
    """The same side of symdiff on its JAX backend."""
    return lambda p: prepare(p, "jax")


# --- symdiff ----------------------------------------------------------------------------------


def symdiff_inputs(p: Problem) -> dict[str, sd.Expr]:
    """The variables of a model in a new graph."""
    g = sd.Graph()
    return {k: g.variable(k, p.model.shapes.get(k, a.shape), a.dtype.name) for k, a in p.arrays.items()}


def symdiff_model(p: Problem) -> tuple[dict[str, sd.Expr], Any]:
    inputs = symdiff_inputs(p)
    return inputs, p.model.function(sd, **inputs)


def symdiff_call(
    inputs: Sequence[sd.Expr], outputs: Any, arrays: Iterable[np.ndarray], backend: str = "auto"
) -> Call:
    """The call of a function on arrays; on its device where the backend is JAX's."""
    f, given = sd.function(inputs, outputs, backend=backend), list(arrays)
    if backend == "jax":
        return jax_call(f, [jax.device_put(a) for a in given])
    return lambda: f(*given)


def symdiff_value(p: Problem) -> Call:
    inputs, value = symdiff_model(p)
    return symdiff_call(list(inputs.values()), value, p.arrays.values())


def symdiff_gradient(p: Problem, backend: str = "auto") -> Call:
    inputs, value = symdiff_model(p)
    return symdiff_call(list(inputs.values()), sd.grad(value, list(p.model.wrt)), p.arrays.values(), backend)


def symdiff_hvp(p: Problem) -> Call:
    """The product at fixed arrays: what depends on the vectors alone runs."""
    inputs, value = symdiff_model(p)
    vectors = [inputs[k].graph.variable("v_" + k, inputs[k].shape) for k in p.model.wrt]
    product = sd.hvp(value, list(p.model.wrt), vectors)
    f = sd.function([*inputs.values(), *vectors], product).partial(**p.arrays)
    return lambda: f(*p.vectors)


# --- jax --------------------------------------------------------------------------------------


def jax_model(p: Problem) -> tuple[Callable[..., Any], list[Any], tuple[int, ...]]:
    names, xp = list(p.arrays), namespace("jax")
    given = [jax.device_put(a) for a in p.arrays.values()]
    return (
        (lambda *a: p.model.function(xp, **dict(zip(names, a, strict=True)))),
        given,
        tuple(map(names.index, p.model.wrt)),
    )


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


# --- torch ------------------------------------------------------------------------------------


def torch_gradient(p: Problem) -> Call:
    xp = namespace("torch")
    given = {k: torch.as_tensor(a).requires_grad_(k in p.model.wrt) for k, a in p.arrays.items()}
    wrt = [given[k] for k in p.model.wrt]
    return lambda: torch.autograd.grad(p.model.function(xp, **given), wrt)


# --- the record of a tensor problem -----------------------------------------------------------


def tensor_benchmark(
    name: str,
    title: str,
    model: Model,
    smallest: Size,
    full: Sequence[Size],
    gradient: Sequence[tuple[str, float]],
    hvp: float | None = None,
    first: float = 1 / 2,
    first_repeats: int | None = None,
    sides: Sequence[Side] = (),
    targets: Sequence[Target] = (),
    **fields: Any,
) -> Benchmark:
    """The benchmark of a model: gradient, linearised product, first gradient, JAX backend, cost ratios.

    gradient  (peer, limit) for each peer of the gradient
    hvp       the limit against JAX's linearised product; None when none is measured
    first     the limit of the first gradient against JAX's
    """
    ours = [
        Side("symdiff", "gradient", symdiff_gradient),
        *(
            Side(peer, "gradient", {"jax": jax_gradient, "torch": torch_gradient}[peer])
            for peer, _ in gradient
        ),
        Side("symdiff on jax", "gradient", on_jax(symdiff_gradient)),
        Side("symdiff", "function", symdiff_value),
        Side("jax", "function", jax_value),
        Side("symdiff", "first gradient", at_first(symdiff_gradient)),
        Side("jax", "first gradient", at_first(jax_gradient), repeats=first_repeats),
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
    return Benchmark(
        name,
        title,
        problem_of(model),
        smallest,
        full,
        [*ours, *sides],
        [*promised, *targets],
        dtypes=True,
        **fields,
    )
