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
from ..ops.layout import numpy_index
from ..program import Program
from ..program import as_array as of_declared_type
from .named import listing, pure_function

_NO_COUNTERPART = "jax has no such function"
UNSUPPORTED: dict[str, str] = dict.fromkeys((
        "binom", "erfi", "erfcinv", "jv", "yv", "iv", "kv", "spherical_jn", "spherical_in", "j0", "j1", "y0", "y1",
        "k0", "k1",
        "Si", "Ci", "Shi", "Chi", "fresnels", "fresnelc", "lambertw", "ellipk", "ellipe", "logm",
        "logm_frechet",
        "sqrtm_frechet",
    ), _NO_COUNTERPART) | {
        "sqrtm": "jax computes it on CPUs alone, by a complex Schur form",
        "each": "a registered op is a function of numpy arrays",
    }  # fmt: skip


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
def table() -> dict[str, Callable[..., Any]]:
    """{op name: function}: by name where jax has it, else written here."""
    jax, jnp = module("jax", "jax"), module("jax.numpy", "jax")
    jsp, nn, linalg = (
        module("jax.scipy.special", "jax"),
        module("jax.nn", "jax"),
        module("jax.scipy.linalg", "jax"),
    )
    lax = jax.lax

    def along(axis_last: Callable[..., Any]) -> Callable[..., Any]:
        return lambda x, axis: axis_last(x, axis=axis)

    def softplus(x: Any) -> Any:
        return jnp.maximum(x, 0) + jnp.log1p(jnp.exp(-jnp.abs(x)))

    def sigmoid(x: Any) -> Any:
        e = jnp.exp(-jnp.abs(x))  # the same as softplus has
        return jnp.where(x < 0, e, 1) / (1 + e)

    def safe_divide(x: Any, y: Any) -> Any:
        zero = jnp.asarray(y) == 0
        return jnp.where(zero, 0, x / jnp.where(zero, 1, y))

    def rel_entr(x: Any, y: Any) -> Any:
        x, y = jnp.asarray(x), jnp.asarray(y)
        outside = (x < 0) | (y < 0) | ((y == 0) & (x > 0))
        return jnp.where(outside, jnp.inf, jsp.xlogy(x, x / jnp.where(y == 0, 1, y)))

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

    def prod_of_others(x: Any) -> Any:
        ones = jnp.ones_like(x[..., :1])
        before = jnp.concatenate([ones, jnp.cumprod(x[..., :-1], axis=-1)], axis=-1)
        after = jnp.concatenate([jnp.cumprod(x[..., :0:-1], axis=-1)[..., ::-1], ones], axis=-1)
        return before * after

    def symmetric(x: Any) -> Any:
        return (x + jnp.swapaxes(x, -1, -2)) / 2

    def same(w: Any, gaps: Any) -> Any:
        scale = jnp.max(jnp.abs(w), axis=-1)[(..., *(None,) * (gaps.ndim - w.ndim + 1))]
        return jnp.abs(gaps) <= jnp.finfo(w.dtype).eps ** 0.6 * scale

    def gaps(w: Any) -> Any:
        return w[..., None, :] - w[..., :, None]

    def inverse_gaps(w: Any) -> Any:
        at = same(w, gaps(w))
        return jnp.where(at, 0, 1 / jnp.where(at, 1, gaps(w)))

    def neighbour_gaps(w: Any) -> Any:
        d = jnp.abs(jnp.diff(w))
        return jnp.where(same(w, d), 0, d)

    def eigvecs(x: Any) -> Any:
        q = jnp.linalg.eigh(symmetric(x))[1]
        largest = jnp.argmax(jnp.abs(q), axis=-2, keepdims=True)
        return q * jnp.sign(jnp.take_along_axis(q, largest, axis=-2))

    def cofactors(x: Any) -> Any:
        u, s, vt = jnp.linalg.svd(x)
        others = jnp.prod(jnp.where(jnp.eye(s.shape[-1], dtype=bool), 1, s[..., None, :]), -1)
        signs = jnp.linalg.det(u) * jnp.linalg.det(vt)
        return signs[..., None, None] * (u * others[..., None, :]) @ vt

    def polar(x: Any) -> Any:
        u, s, vt = jnp.linalg.svd(x, full_matrices=False)
        counts = s > jnp.finfo(s.dtype).eps * max(x.shape[-2:]) * s[..., :1]
        return (u * counts[..., None, :]) @ vt

    def block_triangle(x: Any, directions: Sequence[Any]) -> Any:
        z = x
        for e in directions:
            corner = jnp.kron(jnp.eye(z.shape[-1] // e.shape[-1], dtype=e.dtype), e)
            z = jnp.block([[z, corner], [jnp.zeros_like(z), z]])
        return z

    def frechet(f: Callable[[Any], Any]) -> Callable[..., Any]:
        def derivative(*operands: Any) -> Any:
            x, *directions = jnp.broadcast_arrays(*operands)
            n = x.shape[-1]
            return f(block_triangle(x, directions))[..., :n, -n:]

        return derivative

    matrix = {
        "expm": linalg.expm,
        "sinm": lambda x: jnp.imag(linalg.expm(1j * x)),
        "cosm": lambda x: jnp.real(linalg.expm(1j * x)),
    }
    found: dict[str, Callable[..., Any]] = {}
    for space in (linalg, jnp.linalg, nn, jsp, jnp):  # later ones win
        found |= {
            name: getattr(space, name)
            for name in dir(space)
            if callable(getattr(space, name)) and name[0] != "_"
        }
    return found | {
        "divide": jnp.true_divide, "pow": power, "rel_entr": rel_entr,
        **{f: partial(whole, getattr(jnp, f)) for f in ("floor_divide", "remainder", "fmod")},
        "bitwise_invert": jnp.bitwise_not, "rgamma": lambda x: 1 / jsp.gamma(x), "safe_divide": safe_divide,
        "sec": lambda x: 1 / jnp.cos(x), "csc": lambda x: 1 / jnp.sin(x), "cot": lambda x: 1 / jnp.tan(x),
        "asec": lambda x: jnp.arccos(1 / x), "acsc": lambda x: jnp.arcsin(1 / x),
        "acot": lambda x: jnp.arctan(1 / x),
        "sech": lambda x: 1 / jnp.cosh(x), "csch": lambda x: 1 / jnp.sinh(x),
        "coth": lambda x: 1 / jnp.tanh(x),
        "asech": lambda x: jnp.arccosh(1 / x), "acsch": lambda x: jnp.arcsinh(1 / x),
        "acoth": lambda x: jnp.arctanh(1 / x),
        "logaddexp": jnp.logaddexp, "softplus": softplus, "sigmoid": sigmoid, "relu": nn.relu,
        "polygamma": lambda n,
        x: jnp.where(jnp.asarray(n) == 0, jsp.digamma(x), jsp.polygamma(jnp.maximum(n, 1), x)),
        "reshape": lambda x, shape: jnp.reshape(x, shape), "getitem": lambda x, i: x[numpy_index(i)],
        "place": place,
        "take": lambda x, at, axis: jnp.take(x, at, axis=axis), "scatter_add": scatter_add,
        "take_along_axis": lambda x, at, axis: jnp.take_along_axis(x, full_index(x, at), axis),
        "scatter_add_along_axis": scatter_along, "concat": lambda *xs: jnp.concatenate(xs[:-1], axis=xs[-1]),
        "astype": lambda x, dtype: jnp.asarray(x).astype(_known(dtype)),
        "cumulative_sum": along(jnp.cumsum), "cumulative_prod": along(jnp.cumprod),
        "linear_recurrence": recurrence,
        "prod_of_others": prod_of_others, "logsumexp": jsp.logsumexp, "softmax": nn.softmax,
        "log_softmax": nn.log_softmax,
        "norm2": lambda x, axes: jnp.sqrt(jnp.sum(jnp.square(x), axis=axes)),
        "stop_gradient": lax.stop_gradient,
        "argmax": along(jnp.argmax), "argmin": along(jnp.argmin), "argsort": along(jnp.argsort),
        "project": lambda x, k: x[k], "sym": symmetric, "slogdet": lambda x: tuple(jnp.linalg.slogdet(x)),
        "solve": jnp.linalg.solve, "lstsq": lambda a, b: jnp.linalg.lstsq(a, b)[0],
        "cholesky": lambda x: jnp.linalg.cholesky(symmetric(x)), "qr": lambda x: tuple(jnp.linalg.qr(x)),
        "eigvalsh": lambda x: jnp.linalg.eigvalsh(symmetric(x)), "eigvecs": eigvecs,
        "inverse_gaps": inverse_gaps,
        "neighbour_gaps": neighbour_gaps, "coinciding": lambda w: same(w, gaps(w)).astype(w.dtype),
        "spectral": lambda x, q, c: (q * c[..., None, :]) @ jnp.swapaxes(q, -1, -2),
        "svd": lambda x: tuple(jnp.linalg.svd(x, full_matrices=False)), "polar": polar, "cofactors": cofactors,
        "norm_nuc": lambda x: jnp.sum(jnp.linalg.svd(x, compute_uv=False), axis=-1),
        "norm_spec": lambda x: jnp.max(jnp.linalg.svd(x, compute_uv=False), axis=-1),
        **matrix, **{f"{name}_frechet": frechet(f) for name, f in matrix.items()},
    }  # fmt: skip


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
        self.pure = pure_function(program, "jax", table(), UNSUPPORTED, _arrays())
        options = _for_long_programs() if len(program.instructions) >= LONG else None
        self._run = module("jax").jit(self.pure, compiler_options=options) if jit else self.pure
        g = program.graph
        self._dtypes = [
            {"int": "float64", "float": "float64"}.get(g._dtype[n], g._dtype[n]) for n in program.outputs
        ]
        self._wide = any(
            g._dtype[n] in ("float64", "int64", "float") for n in (*program.inputs, *program.outputs)
        )

    def __call__(self, arrays: Sequence[Any]) -> list[Any]:
        own = module("jax", "jax").Array
        with _wide_types() if self._wide else nullcontext():
            array = module("jax.numpy", "jax").asarray if any(isinstance(a, own) for a in arrays) else np.array
            return [array(r, dtype) for r, dtype in zip(self._run(*arrays), self._dtypes, strict=True)]

    @property
    def source(self) -> str:
        return listing(self.program, "jax")


def _wide_types() -> Any:
    """A context in which jax has 64-bit types."""
    jax = module("jax", "jax")
    if hasattr(jax, "enable_x64"):
        return jax.enable_x64(True)
    return module("jax.experimental", "jax").enable_x64()
