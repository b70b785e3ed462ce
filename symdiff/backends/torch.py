"""Backend "torch": the program by name as a pure function of torch tensors, run op by op.

`fn.pure` is that function, for devices and `torch.compile` of your own; called as a backend it takes and
gives numpy arrays on the CPU (or on `device=`).
"""

from collections.abc import Callable, Sequence
from functools import cache, partial, reduce
from typing import Any

import numpy as np

from ..graph import Graph
from ..lazy import module
from ..op import Op, is_float, op_named
from ..ops.along import scatter_along_op, take_along_op
from ..ops.control import project_op, stop_gradient
from ..ops.elementwise import pow_op
from ..ops.factorisation import cholesky, lstsq, qr_op
from ..ops.guard import guard_op
from ..ops.layout import cast_op, concat_op, getitem_op, place_op, reshape_op, scatter_add_op, take_op
from ..ops.linalg import cofactors, cofactors_frechet, slogdet_op
from ..ops.linalg import solve as solve_op
from ..ops.matrix_functions import cosm, sinm
from ..ops.matrix_functions import expm as expm_op
from ..ops.minors import cofactor_values
from ..ops.order import (
    all_op,
    any_op,
    argmax_op,
    argmin_op,
    argsort,
    log_softmax,
    logsumexp_op,
    max_op,
    min_op,
    prod_op,
    softmax,
)
from ..ops.piecewise import where_op
from ..ops.scan import cumprod_op, cumsum_op, recurrence_op
from ..ops.singular import polar as polar_op
from ..ops.singular import svd_op
from ..ops.spectral import eigvalsh
from ..ops.spectral import eigvecs as eigvecs_op
from ..program import Program
from ..program import as_array as of_declared_type
from .named import WHOLE, Callback, listing, pure_function


class _Arrays:
    """What sums and products are made of; constants go where the inputs are."""

    def __init__(self, device: Any, wide: bool):
        self.torch, self.device = module("torch", "torch"), device
        torch = self.torch
        self.types = {"float": torch.float64 if wide else torch.float32, "int": torch.int64}
        self.permute, self.broadcast, self.where = torch.permute, torch.broadcast_to, torch.where

    def einsum(self, text: str, *xs: Any) -> Any:
        dtype = reduce(self.torch.promote_types, [x.dtype for x in xs])
        return self.torch.einsum(text, *[x.to(dtype) for x in xs])

    def sum(self, x: Any, axes: tuple[int, ...]) -> Any:
        return self.torch.sum(x, dim=axes) if axes else x

    def unit(self, n: int) -> Any:
        return self.torch.eye(n, dtype=self.torch.bool, device=self.device)

    def array(self, x: Any) -> Any:
        return x

    def scale(self, x: Any, c: Any) -> Any:
        return (x if x.is_floating_point() or isinstance(c, int) else x.to(self.types["float"])) * c

    def constant(self, value: Any, dtype: str, shape: tuple[int, ...]) -> Any:
        return self.torch.tensor(
            np.asarray(value).tolist() if not shape else np.array(value),
            dtype=self._type(dtype),
            device=self.device,
        )

    def cast(self, x: Any, dtype: str) -> Any:
        return x.to(self._type(dtype))

    def _type(self, dtype: str) -> Any:
        return self.types.get(dtype) or getattr(self.torch, dtype)


def floating(x: Any) -> Any:
    """Integers are made float64, as numpy does."""
    return x if x.is_floating_point() else x.to(module("torch").float64)


@cache
def table() -> dict[Op, Callable[..., Any]]:
    """{op name: function}: what torch has in another form than numpy."""
    torch = module("torch", "torch")
    linalg = torch.linalg

    def power(x: Any, y: Any) -> Any:
        if x.is_floating_point() or y.is_floating_point() or bool((y < 0).any()):
            x, y = floating(x), floating(y)
        return torch.pow(x, y)

    def whole(f: Callable[..., Any], x: Any, y: Any) -> Any:
        """A quotient or remainder; of integers 0 where y is 0, as numpy has it."""
        if x.is_floating_point() or y.is_floating_point():
            return f(x, y)
        return torch.where(y == 0, 0, f(x, torch.where(y == 0, 1, y)))

    def guard(value: Any, *rest: Any) -> Any:
        *conditions, told = rest
        return guard_op.meaning()(value, *[np.asarray(c.cpu()) for c in conditions], told)

    def bit_count(x: Any) -> Any:
        """How many bits of |x| are 1."""
        x = abs(x)
        return reduce(torch.add, [x >> k & 1 for k in range(torch.iinfo(x.dtype).bits - 1)])

    def getitem(x: Any, index: Sequence[Any]) -> Any:
        for axis in range(len(index) - 1, -1, -1):
            i = index[axis]
            if isinstance(i, tuple):
                places = range(*i)
                if i[2] > 0:
                    x = x[(slice(None),) * axis + (slice(i[0], max(i[0], i[1]), i[2]),)]
                else:  # torch has no negative steps
                    x = torch.index_select(
                        x, axis, torch.tensor(list(places), dtype=torch.int64, device=x.device)
                    )
            elif i is not None:
                x = x.select(axis, i)
        return x

    def place(x: Any, index: Sequence[Any], shape: Sequence[int]) -> Any:
        result = torch.zeros(tuple(shape), dtype=x.dtype, device=x.device)
        lines = []
        for i, n in zip(index, shape, strict=True):
            places = range(n) if i is None else range(*i) if isinstance(i, tuple) else [i]
            lines.append(torch.tensor(list(places), dtype=torch.int64, device=x.device))
        whole = x.reshape(tuple([len(line) for line in lines]))
        return result.index_put(torch.meshgrid(*lines, indexing="ij"), whole)

    def positions(at: Any, size: int) -> Any:
        return torch.where(at < 0, at + size, at)  # negative ones count from the end

    def take(x: Any, at: Any, axis: int) -> Any:
        flat = torch.index_select(x, axis, positions(at, x.shape[axis]).reshape(-1))
        return flat.reshape((*x.shape[:axis], *at.shape, *x.shape[axis + 1 :]))

    def scatter_add(x: Any, at: Any, axis: int, size: int) -> Any:
        flat = x.reshape((*x.shape[:axis], at.numel(), *x.shape[axis + at.ndim :]))
        zeros = torch.zeros(
            (*flat.shape[:axis], size, *flat.shape[axis + 1 :]), dtype=x.dtype, device=x.device
        )
        return torch.index_add(zeros, axis, positions(at, size).reshape(-1), flat)

    def full_index(x: Any, at: Any) -> Any:
        return torch.broadcast_to(at, (*x.shape[: x.ndim - at.ndim], *at.shape)).to(torch.int64)

    def take_along(x: Any, at: Any, axis: int) -> Any:
        return torch.take_along_dim(x, positions(full_index(x, at), x.shape[axis]), axis)

    def scatter_along(x: Any, at: Any, axis: int, size: int) -> Any:
        shape = (*x.shape[: x.ndim + axis], size, *x.shape[x.ndim + axis + 1 :])
        zeros = torch.zeros(shape, dtype=x.dtype, device=x.device)
        return torch.scatter_add(zeros, axis, positions(full_index(x, at), size), x)

    def recurrence(a: Any, b: Any, axis: int) -> Any:
        a = torch.broadcast_to(a, b.shape).movedim(axis, 0)
        b = b.movedim(axis, 0)
        steps = [b[:1].reshape(b.shape[1:])] if len(b) else []
        for k in range(1, len(b)):
            steps.append(b[k] + a[k] * steps[-1])
        return torch.stack(steps).movedim(0, axis) if steps else b.movedim(0, axis)

    def over(f: Callable[..., Any]) -> Callable[..., Any]:
        """A reduction that takes one axis at a time."""

        def apply(x: Any, axes: Sequence[int]) -> Any:
            for axis in sorted(axes, reverse=True):
                x = f(x, axis)
            return x

        return apply

    def symmetric(x: Any) -> Any:
        return (x + x.mT) / 2

    def eigvecs(x: Any) -> Any:
        q = linalg.eigh(symmetric(x))[1]
        largest = torch.argmax(torch.abs(q), -2, keepdim=True)
        return q * torch.sign(torch.take_along_dim(q, largest, -2))

    def polar(x: Any) -> Any:
        u, s, vt = linalg.svd(x, full_matrices=False)
        counts = s > torch.finfo(s.dtype).eps * max(x.shape[-2:]) * s[..., :1]
        return (u * counts[..., None, :]) @ vt

    def solve(a: Any, b: Any) -> Any:
        return linalg.solve(a, b[:, None])[..., 0] if b.ndim == 1 else linalg.solve(a, b)

    return {
        pow_op: power, **{op: partial(whole, getattr(torch, op.name)) for op in WHOLE},
        op_named("bitwise_count"): bit_count, guard_op: guard,
        where_op: lambda c, x, y: torch.where(c.bool(), x, y), stop_gradient: lambda x: x.detach(),
        reshape_op: lambda x, shape: torch.reshape(x, tuple(shape)), getitem_op: getitem, place_op: place,
        take_op: take, scatter_add_op: scatter_add, take_along_op: take_along,
        scatter_along_op: scatter_along, concat_op: lambda *xs: torch.cat(xs[:-1], dim=xs[-1]),
        cast_op: lambda x, dtype: x.to(getattr(torch, dtype)),
        cumsum_op: torch.cumsum, cumprod_op: torch.cumprod, recurrence_op: recurrence,
        max_op: torch.amax, min_op: torch.amin, prod_op: over(torch.prod),
        any_op: over(torch.any), all_op: over(torch.all),
        logsumexp_op: lambda x, axes: torch.logsumexp(floating(x), axes),
        softmax: lambda x, axis: torch.softmax(floating(x), axis),
        log_softmax: lambda x, axis: torch.log_softmax(floating(x), axis),
        argmax_op: torch.argmax, argmin_op: torch.argmin,
        argsort: lambda x, axis: torch.argsort(x, dim=axis, stable=True),
        project_op: lambda x, k: x[k], slogdet_op: lambda x: tuple(linalg.slogdet(x)), solve_op: solve,
        lstsq: lambda a, b: linalg.pinv(a) @ b, qr_op: lambda x: tuple(linalg.qr(x)),
        cholesky: lambda x: linalg.cholesky(symmetric(x)), eigvalsh: lambda x: linalg.eigvalsh(symmetric(x)),
        eigvecs_op: eigvecs, svd_op: lambda x: tuple(linalg.svd(x, full_matrices=False)), polar_op: polar,
        cofactors: partial(cofactor_values, torch), cofactors_frechet: partial(cofactor_values, torch),
        expm_op: linalg.matrix_exp, sinm: lambda x: linalg.matrix_exp(1j * x).imag,
        cosm: lambda x: linalg.matrix_exp(1j * x).real,
    }  # fmt: skip


class Torch:
    """The library, as `named` wants it, with constants where the inputs are."""

    name = "torch"

    def __init__(self, device: Any, wide: bool):
        torch = module("torch", "torch")
        self.module, self.spaces, self.written = torch, (torch.linalg, torch.special, torch), table()
        self.arrays, self.device = _Arrays(device, wide), device

    def adapted(self, f: Callable[..., Any], op: Op) -> Callable[..., Any]:
        """Operands of one type, a floating one where the result is."""
        if not op.elementwise or op.boolean:
            return f
        floats = is_float(op.infer((), ((),) * (op.arity or 1), ("int64",) * (op.arity or 1))[1])
        torch = self.module

        def apply(*xs: Any) -> Any:
            xs = tuple(floating(x) for x in xs) if floats else xs
            if len(xs) == 2 and xs[0].dtype != xs[1].dtype:
                dtype = torch.result_type(*xs)
                xs = tuple(x.to(dtype) for x in xs)
            return f(*xs)

        return apply

    def called_back(self, call: Callback) -> Callable[..., Any]:
        """A `torch.autograd.Function` with the cotangents of our own calculus."""
        torch = self.module

        class Called(torch.autograd.Function):  # type: ignore[name-defined]
            @staticmethod
            def forward(ctx: Any, *xs: Any) -> Any:
                ctx.save_for_backward(*xs)
                value = call.value(*[x.detach().cpu().numpy() for x in xs])
                return torch.from_numpy(np.array(value)).to(xs[0].device)

            @staticmethod
            def backward(ctx: Any, ct: Any) -> tuple:
                moving = [k for k, needed in enumerate(ctx.needs_input_grad) if needed]
                found = iter(call.cotangents(moving)(*ctx.saved_tensors, ct))
                return tuple(next(found) if needed else None for needed in ctx.needs_input_grad)

        return Called.apply


def compile(program: Program, device: Any = None) -> "Eager":
    """The program run by torch op by op, on a device: a callable on the list of input arrays."""
    return Eager(program, device)


def as_array(value: Any, g: Graph, n: int) -> Any:
    """A given value as the array of an input; a tensor that has the declared type stays where it is."""
    if isinstance(value, module("torch", "torch").Tensor) and str(value.dtype) == f"torch.{g._dtype[n]}":
        return value
    return of_declared_type(value, g, n)


class Eager:
    """Arrays of the inputs -> list of numpy arrays; of tensors where one of the inputs is.

    pure  the function of torch tensors, one positional argument per input, to a list
    """

    def __init__(self, program: Program, device: Any):
        self.program, self.device = program, device
        g = program.graph
        nodes = [*program.inputs, *program.outputs, *(i.node for i in program.instructions)]
        wide = any(g._dtype[n] == "float64" for n in nodes) or not any(
            g._dtype[n] == "float32" for n in nodes
        )
        self.pure = pure_function(program, Torch(device, wide))
        self._dtypes = [
            {"int": "float64", "float": "float64"}.get(g._dtype[n], g._dtype[n]) for n in program.outputs
        ]

    def __call__(self, arrays: Sequence[Any]) -> list[Any]:
        torch = module("torch", "torch")
        own = any(isinstance(a, torch.Tensor) for a in arrays)
        with torch.no_grad():
            tensors = [
                (a if isinstance(a, torch.Tensor) else torch.from_numpy(np.array(a, order="C"))).to(self.device)
                for a in arrays
            ]
            results = zip(self.pure(*tensors), self._dtypes, strict=True)
            if own:  # copies: a result may be an input, or a view of one
                return [r.to(getattr(torch, dtype), copy=True) for r, dtype in results]
            return [np.array(r.cpu().numpy(), dtype) for r, dtype in results]

    @property
    def source(self) -> str:
        return listing(self.program, "torch")
