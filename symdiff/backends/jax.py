"""Backend "jax": the program by name as a pure function of jax arrays, compiled by `jax.jit`.

`fn.pure` is that function, for jit, vmap, sharding and devices of your own. Programs that have 64-bit types
run with them switched on for the call alone; the user's configuration is left as it is.
"""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from functools import cache, partial
from types import SimpleNamespace
from typing import Any

import numpy as np

from ..graph import Graph
from ..lazy import module
from ..op import Op, is_float
from ..ops.along import scatter_along_op, take_along_op
from ..ops.control import project_op, stop_gradient
from ..ops.elementwise import pow_op
from ..ops.factorisation import cholesky, lstsq, qr_op
from ..ops.guard import guard_op
from ..ops.layout import cast_op, concat_op, getitem_op, numpy_index, place_op, reshape_op, scatter_add_op, take_op
from ..ops.linalg import cofactors, cofactors_frechet, slogdet_op
from ..ops.linalg import solve as solve_op
from ..ops.matrix_functions import cosm, sinm
from ..ops.matrix_functions import expm as expm_op
from ..ops.minors import cofactor_values
from ..ops.order import argmax_op, argmin_op, argsort, log_softmax, logsumexp_op, softmax
from ..ops.scan import cumprod_op, cumsum_op, recurrence_op
from ..ops.singular import polar as polar_op
from ..ops.singular import svd_op
from ..ops.spectral import eigvalsh
from ..ops.spectral import eigvecs as eigvecs_op
from ..program import Program
from ..program import as_array as of_declared_type
from .named import WHOLE, Callback, checked, listing, pure_function, with_guards


@cache
def _arrays() -> Any:
    jnp = module("jax.numpy", "jax")
    return SimpleNamespace(
        einsum=jnp.einsum, permute=jnp.transpose, broadcast=jnp.broadcast_to, sum=lambda x,
        axes: jnp.sum(x, axis=axes),
        where=jnp.where, array=jnp.asarray, scale=lambda x, c: x * c, unit=lambda n: jnp.eye(n, dtype=bool),
        cast=lambda x, dtype: jnp.asarray(x).astype(_known(dtype)),
        constant=lambda value, dtype, shape: jnp.asarray(value) if shape else value,
    )  # fmt: skip


def _known(dtype: str) -> Any:
    """int64 is int32 where 64-bit types are switched off."""
    return module("jax.dtypes", "jax").canonicalize_dtype(dtype)


@cache
def table() -> dict[Op, Callable[..., Any]]:
    """{op: function}: what jax has in another form than numpy."""
    jax, jnp = module("jax", "jax"), module("jax.numpy", "jax")
    jsp, nn, linalg = module("jax.scipy.special", "jax"), module("jax.nn", "jax"), module("jax.scipy.linalg", "jax")
    lax = jax.lax

    def along(axis_last: Callable[..., Any]) -> Callable[..., Any]:
        return lambda x, axis: axis_last(x, axis=axis)

    def power(x: Any, y: Any) -> Any:
        """Whole powers of integers are floats: a negative exponent has no integer."""
        whole = not jnp.issubdtype(jnp.result_type(x, y), jnp.inexact)
        return jnp.power(jnp.asarray(x, float) if whole else x, y)

    def whole(f: Callable[..., Any], x: Any, y: Any) -> Any:
        """A quotient or remainder; of integers 0 where y is 0, as numpy has it."""
        if jnp.issubdtype(jnp.result_type(x, y), jnp.inexact):
            return f(x, y)
        zero = jnp.asarray(y) == 0
        return jnp.where(zero, 0, f(x, jnp.where(zero, 1, y)))

    def place(x: Any, i: Sequence[Any], shape: Sequence[int]) -> Any:
        """Zeros before, behind and between the entries: XLA fuses these, a scatter it doesn't."""
        backward, around = [], []
        for axis, (k, size) in enumerate(zip(i, shape, strict=True)):
            at = range(size) if k is None else range(k, k + 1) if isinstance(k, int) else range(*k)
            if isinstance(k, int):
                x = jnp.expand_dims(x, axis)
            if at.step < 0:
                backward.append(axis)
                at = at[::-1]
            around.append((at[0], size - 1 - at[-1], at.step - 1) if at else (0, size, 0))
        return lax.pad(jnp.flip(x, backward) if backward else x, jnp.zeros((), x.dtype), around)

    def scatter_add(x: Any, at: Any, axis: int, size: int) -> Any:
        at = jnp.asarray(at)
        moved = jnp.moveaxis(x.reshape(*x.shape[:axis], at.size, *x.shape[axis + at.ndim :]), axis, 0)
        return jnp.moveaxis(jnp.zeros((size, *moved.shape[1:]), x.dtype).at[at.ravel()].add(moved), 0, axis)

    def full_index(x: Any, at: Any) -> Any:
        at = jnp.asarray(at)
        return jnp.broadcast_to(at, (*x.shape[: x.ndim - at.ndim], *at.shape))

    def scatter_along(x: Any, at: Any, axis: int, size: int) -> Any:
        places = list(jnp.indices(x.shape, sparse=True))
        places[axis] = full_index(x, at)
        shape = (*x.shape[: x.ndim + axis], size, *x.shape[x.ndim + axis + 1 :])
        return jnp.zeros(shape, x.dtype).at[tuple(places)].add(x)

    def recurrence(a: Any, b: Any, axis: int) -> Any:
        a = jnp.moveaxis(jnp.broadcast_to(a, b.shape), axis, 0)
        steps = (a, jnp.moveaxis(b, axis, 0).astype(jnp.result_type(a, b)))
        return jnp.moveaxis(
            lax.associative_scan(lambda p, q: (p[0] * q[0], q[0] * p[1] + q[1]), steps)[1], 0, axis
        )

    def symmetric(x: Any) -> Any:
        return (x + jnp.swapaxes(x, -1, -2)) / 2

    def eigvecs(x: Any) -> Any:
        q = jnp.linalg.eigh(symmetric(x))[1]
        largest = jnp.argmax(jnp.abs(q), axis=-2, keepdims=True)
        return q * jnp.sign(jnp.take_along_axis(q, largest, axis=-2))

    def polar(x: Any) -> Any:
        u, s, vt = jnp.linalg.svd(x, full_matrices=False)
        counts = s > jnp.finfo(s.dtype).eps * max(x.shape[-2:]) * s[..., :1]
        return (u * counts[..., None, :]) @ vt

    return {
        guard_op: lambda value, *rest: value,
        pow_op: power, **{op: partial(whole, getattr(jnp, op.name)) for op in WHOLE},
        reshape_op: lambda x, shape: jnp.reshape(x, shape), getitem_op: lambda x, i: x[numpy_index(i)],
        place_op: place, take_op: lambda x, at, axis: jnp.take(x, at, axis=axis), scatter_add_op: scatter_add,
        take_along_op: lambda x, at, axis: jnp.take_along_axis(x, full_index(x, at), axis),
        scatter_along_op: scatter_along, concat_op: lambda *xs: jnp.concatenate(xs[:-1], axis=xs[-1]),
        cast_op: lambda x, dtype: jnp.asarray(x).astype(_known(dtype)),
        cumsum_op: along(jnp.cumsum), cumprod_op: along(jnp.cumprod), recurrence_op: recurrence,
        argmax_op: along(jnp.argmax), argmin_op: along(jnp.argmin), argsort: along(jnp.argsort),
        logsumexp_op: jsp.logsumexp, softmax: nn.softmax, log_softmax: nn.log_softmax,
        stop_gradient: lax.stop_gradient, project_op: lambda x, k: x[k],
        slogdet_op: lambda x: tuple(jnp.linalg.slogdet(x)), solve_op: jnp.linalg.solve,
        lstsq: lambda a, b: jnp.linalg.lstsq(a, b)[0], qr_op: lambda x: tuple(jnp.linalg.qr(x)),
        cholesky: lambda x: jnp.linalg.cholesky(symmetric(x)),
        svd_op: lambda x: jnp.linalg.svd(x, False),
        eigvalsh: lambda x: jnp.linalg.eigvalsh(symmetric(x)), eigvecs_op: eigvecs, polar_op: polar,
        cofactors: partial(cofactor_values, jnp), cofactors_frechet: partial(cofactor_values, jnp),
        expm_op: linalg.expm, sinm: lambda x: jnp.imag(linalg.expm(1j * x)),
        cosm: lambda x: jnp.real(linalg.expm(1j * x)),
    }  # fmt: skip


class Jax:
    """The library, as `named` wants it."""

    name = "jax"

    def __init__(self) -> None:
        names = ("jax.numpy", "jax.scipy.special", "jax.numpy.linalg")
        self.spaces = [module(name, "jax") for name in names]
        self.module, self.written, self.arrays = self.spaces[0], table(), _arrays()

    def adapted(self, f: Callable[..., Any], op: Op) -> Callable[..., Any]:
        return f

    def called_back(self, call: Callback) -> Callable[..., Any]:
        """`jax.pure_callback` with the derivatives of our own calculus."""
        jax = module("jax", "jax")

        promised = jax.ShapeDtypeStruct(call.shape, _known(call.dtype))

        def host(*arrays: Any) -> Any:
            return call.value(*arrays).astype(promised.dtype)

        def primal(*xs: Any) -> Any:
            return jax.pure_callback(host, promised, *xs, vmap_method="sequential")

        if call.template.op.elementwise:  # the tangent is linear in operations of jax: both directions follow
            forward = jax.custom_jvp(primal)

            @forward.defjvp
            def tangent(primals: Any, tangents: Any) -> Any:
                moving = [k for k, t in enumerate(tangents) if t.dtype != jax.dtypes.float0]
                moved = call.tangent(moving)(*primals, *[tangents[k] for k in moving])
                return forward(*primals), module("jax.numpy", "jax").broadcast_to(moved, call.shape)

            return forward

        def cotangents(xs: Any, ct: Any) -> tuple:
            moving = [k for k, x in enumerate(xs) if is_float(x.dtype.name)]
            found = dict(zip(moving, call.cotangents(moving)(*xs, ct), strict=True))
            return tuple(found.get(k, np.zeros(x.shape, jax.dtypes.float0)) for k, x in enumerate(xs))

        backward = jax.custom_vjp(primal)
        backward.defvjp(lambda *xs: (backward(*xs), xs), cotangents)
        return backward


def compile(program: Program, jit: bool = True) -> "Compiled":
    """The program compiled by `jax.jit` (or run op by op): a callable on the list of input arrays."""
    return Compiled(program, jit)


def as_array(value: Any, g: Graph, n: int) -> Any:
    """A given value as the array of an input; an array of jax's that has the declared type stays where it is."""
    if isinstance(value, module("jax", "jax").Array) and value.dtype == g._dtype[n]:
        return value
    return of_declared_type(value, g, n)


LONG = 500  # instructions


@cache
def _for_long_programs() -> dict[str, Any] | None:
    """XLA's way to compile a fusion in which a value of several uses is computed once.

    Its newer emitters on CPUs make a function of such a value that each use calls: in the unrolled recurrence
    of a network the calls of calls double with every step.
    """
    options = {"xla_cpu_use_fusion_emitters": False}
    jax = module("jax", "jax")
    try:
        jax.jit(lambda x: x, compiler_options=options)(0)
    except (TypeError, RuntimeError):  # a version that has no such choice
        return None
    return options


class Compiled:
    """Arrays of the inputs -> list of numpy arrays; of jax's where one of the inputs is, on its device.

    pure  the function of jax arrays, one positional argument per input, to a list: jit, vmap or shard it as
    you like
    """

    def __init__(self, program: Program, jit: bool):
        self.program = program
        self.pure = pure_function(program, Jax())
        options = _for_long_programs() if len(program.nodes) >= LONG else None
        wider, self._told = with_guards(program)
        run = pure_function(wider, Jax()) if self._told else self.pure
        self._run = module("jax").jit(run, compiler_options=options) if jit else run
        g = program.graph
        self._dtypes = [
            {"int": "float64", "float": "float64"}.get(g._dtype[n], g._dtype[n]) for n in program.outputs
        ]
        self._wide = any(
            g._dtype[n] in ("float64", "int64", "float") for n in (*program.inputs, *program.outputs)
        )

    def __call__(self, arrays: Sequence[Any]) -> list[Any]:
        own = module("jax", "jax").Array
        with wide_types() if self._wide else nullcontext():
            array = module("jax.numpy", "jax").asarray if any(isinstance(a, own) for a in arrays) else np.array
            results = checked(self._run(*arrays), self._told)
            return [array(r, dtype) for r, dtype in zip(results, self._dtypes, strict=True)]

    @property
    def source(self) -> str:
        return listing(self.program, "jax")


def wide_types() -> Any:
    """A context in which jax has 64-bit types."""
    jax = module("jax", "jax")
    if hasattr(jax, "enable_x64"):
        return jax.enable_x64(True)
    return module("jax.experimental", "jax").enable_x64()
