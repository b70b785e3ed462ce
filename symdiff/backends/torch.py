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
from ..program import Program
from ..program import as_array as of_declared_type
from .named import listing, pure_function

_NO_COUNTERPART = "torch has no such function"
UNSUPPORTED: dict[str, str] = dict.fromkeys((
        "binom", "poch",
        "erfi", "erfcinv", "dawsn", "jv", "yv", "iv", "kv", "spherical_jn", "spherical_in", "Si", "Ci", "Shi",
        "Chi", "expi",
        "exp1", "fresnels", "fresnelc", "spence", "lambertw", "ellipk", "ellipe", "logm", "logm_frechet",
        "sqrtm",
        "sqrtm_frechet",
    ), _NO_COUNTERPART) | {"each": "a registered op is a function of numpy arrays"}  # fmt: skip


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


@cache
def table() -> dict[str, Callable[..., Any]]:
    """{op name: function}: by name where torch has it, else written here."""
    torch = module("torch", "torch")
    special, linalg = torch.special, torch.linalg

    def floating(x: Any) -> Any:
        return x if x.is_floating_point() else x.to(torch.float64)

    def of_floats(f: Callable[..., Any]) -> Callable[..., Any]:
        """Integers are made float64, as numpy does."""
        return lambda *xs: f(*[floating(x) for x in xs])

    def together(f: Callable[..., Any]) -> Callable[..., Any]:
        """Operands of one type."""

        def apply(*xs: Any) -> Any:
            dtype = torch.result_type(xs[0], xs[1])
            return f(*[x.to(dtype) for x in xs])

        return apply

    def safe_divide(x: Any, y: Any) -> Any:
        zero = y == 0
        return torch.where(zero, 0.0, x / torch.where(zero, 1, y))

    def power(x: Any, y: Any) -> Any:
        if x.is_floating_point() or y.is_floating_point() or bool((y < 0).any()):
            x, y = floating(x), floating(y)
        return torch.pow(x, y)

    def whole(f: Callable[..., Any], x: Any, y: Any) -> Any:
        """A quotient or remainder; of integers 0 where y is 0, as numpy has it."""
        if x.is_floating_point() or y.is_floating_point():
            return f(x, y)
        return torch.where(y == 0, 0, f(x, torch.where(y == 0, 1, y)))

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

    def prod_of_others(x: Any) -> Any:
        ones = torch.ones_like(x[..., :1])
        before = torch.cat([ones, torch.cumprod(x[..., :-1], -1)], -1)
        after = torch.cat([torch.cumprod(x[..., 1:].flip(-1), -1).flip(-1), ones], -1)
        return before * after

    def over(f: Callable[..., Any]) -> Callable[..., Any]:
        """A reduction that takes one axis at a time."""

        def apply(x: Any, axes: Sequence[int]) -> Any:
            for axis in sorted(axes, reverse=True):
                x = f(x, axis)
            return x

        return apply

    def symmetric(x: Any) -> Any:
        return (x + x.mT) / 2

    def same(w: Any, gaps: Any) -> Any:
        scale = torch.amax(torch.abs(w), -1)[(..., *(None,) * (gaps.ndim - w.ndim + 1))]
        return torch.abs(gaps) <= torch.finfo(w.dtype).eps ** 0.6 * scale

    def gaps(w: Any) -> Any:
        return w[..., None, :] - w[..., :, None]

    def inverse_gaps(w: Any) -> Any:
        at = same(w, gaps(w))
        return torch.where(at, 0, 1 / torch.where(at, 1, gaps(w)))

    def neighbour_gaps(w: Any) -> Any:
        d = torch.abs(torch.diff(w))
        return torch.where(same(w, d), 0, d)

    def eigvecs(x: Any) -> Any:
        q = linalg.eigh(symmetric(x))[1]
        largest = torch.argmax(torch.abs(q), -2, keepdim=True)
        return q * torch.sign(torch.take_along_dim(q, largest, -2))

    def cofactors(x: Any) -> Any:
        u, s, vt = linalg.svd(x)
        unit = torch.eye(s.shape[-1], dtype=torch.bool, device=x.device)
        others = torch.prod(torch.where(unit, 1, s[..., None, :]), -1)
        signs = linalg.det(u) * linalg.det(vt)
        return signs[..., None, None] * (u * others[..., None, :]) @ vt

    def polar(x: Any) -> Any:
        u, s, vt = linalg.svd(x, full_matrices=False)
        counts = s > torch.finfo(s.dtype).eps * max(x.shape[-2:]) * s[..., :1]
        return (u * counts[..., None, :]) @ vt

    def gamma(x: Any) -> Any:
        sign = torch.where(x > 0, 1.0, 1 - 2 * torch.remainder(torch.floor(x), 2))
        pole = (x < 0) & (x == torch.floor(x))
        return torch.where(pole, torch.nan, sign * torch.exp(special.gammaln(x)))

    def sign(x: Any) -> Any:
        """torch's sign of nan is 0."""
        return torch.where(torch.isnan(x), x, torch.sign(x))

    def heaviside(x: Any, at_zero: Any) -> Any:
        return torch.where(torch.isnan(x), x, torch.heaviside(x, at_zero))

    def rel_entr(x: Any, y: Any) -> Any:
        outside = (x < 0) | (y < 0) | ((y == 0) & (x > 0))
        return torch.where(outside, torch.inf, special.xlogy(x, x / torch.where(y == 0, 1, y)))

    def solve(a: Any, b: Any) -> Any:
        return linalg.solve(a, b[:, None])[..., 0] if b.ndim == 1 else linalg.solve(a, b)

    def block_triangle(x: Any, directions: Sequence[Any]) -> Any:
        z = x
        for e in directions:
            corner = torch.kron(torch.eye(z.shape[-1] // e.shape[-1], dtype=e.dtype, device=e.device), e)
            z = torch.cat([torch.cat([z, corner], -1), torch.cat([torch.zeros_like(z), z], -1)], -2)
        return z

    def frechet(f: Callable[[Any], Any]) -> Callable[..., Any]:
        def derivative(*operands: Any) -> Any:
            x, *directions = torch.broadcast_tensors(*operands)
            n = x.shape[-1]
            return f(block_triangle(x, directions))[..., :n, -n:]

        return derivative

    matrix = {
        "expm": linalg.matrix_exp,
        "sinm": lambda x: linalg.matrix_exp(1j * x).imag,
        "cosm": lambda x: linalg.matrix_exp(1j * x).real,
    }
    by_name = [
        "exp",
        "exp2",
        "expm1",
        "log",
        "log2",
        "log10",
        "log1p",
        "sqrt",
        "sin",
        "cos",
        "tan",
        "asin",
        "acos",
        "atan",
        "atan2",
        "sinh",
        "cosh",
        "tanh",
        "asinh",
        "acosh",
        "atanh",
        "sinc",
        "hypot",
        "logaddexp",
        "erf",
        "erfc",
        "deg2rad",
        "rad2deg",
        "floor",
        "ceil",
        "trunc",
    ]
    by_special = [
        "erfcx",
        "erfinv",
        "ndtr",
        "log_ndtr",
        "ndtri",
        "gammaln",
        "digamma",
        "xlogy",
        "xlog1py",
        "entr",
        "i0",
        "i1",
    ]
    found: dict[str, Callable[..., Any]] = {}
    found |= {name: of_floats(getattr(torch, name)) for name in by_name}
    found |= {name: of_floats(getattr(special, name)) for name in by_special}
    found |= {
        name: of_floats(getattr(special, theirs))
        for name, theirs in (
            ("j0", "bessel_j0"), ("j1", "bessel_j1"), ("y0", "bessel_y0"), ("y1", "bessel_y1"),
            ("k0", "modified_bessel_k0"), ("k1", "modified_bessel_k1"),
        )
    }  # fmt: skip
    for name in ["equal", "not_equal", "less", "less_equal", "greater", "greater_equal"]:
        found[name] = getattr(torch, {"equal": "eq", "not_equal": "ne"}.get(name, name))
    for name in [
        "logical_and",
        "logical_or",
        "logical_xor",
        "signbit",
        "logical_not",
        "isnan",
        "isfinite",
        "abs",
        "relu",
        "bitwise_and",
        "bitwise_or",
        "bitwise_xor",
        "bitwise_left_shift",
        "bitwise_right_shift",
        "gcd",
        "lcm",
    ]:
        found[name] = getattr(torch, name)
    gammaln = special.gammaln
    return found | {
        "divide": of_floats(torch.true_divide), "pow": power, "safe_divide": of_floats(safe_divide),
        "cbrt": of_floats(lambda x: torch.sign(x) * torch.abs(x) ** (1 / 3)),
        "sec": of_floats(lambda x: 1 / torch.cos(x)), "csc": of_floats(lambda x: 1 / torch.sin(x)),
        "cot": of_floats(lambda x: 1 / torch.tan(x)),
        "asec": of_floats(lambda x: torch.acos(1 / x)), "acsc": of_floats(lambda x: torch.asin(1 / x)),
        "acot": of_floats(lambda x: torch.atan(1 / x)),
        "sech": of_floats(lambda x: 1 / torch.cosh(x)), "csch": of_floats(lambda x: 1 / torch.sinh(x)),
        "coth": of_floats(lambda x: 1 / torch.tanh(x)),
        "asech": of_floats(lambda x: torch.acosh(1 / x)), "acsch": of_floats(lambda x: torch.asinh(1 / x)),
        "acoth": of_floats(lambda x: torch.atanh(1 / x)),
        "sigmoid": of_floats(torch.sigmoid),
        "softplus": of_floats(lambda x: torch.logaddexp(x, torch.zeros_like(x))),
        "maximum": together(torch.maximum), "minimum": together(torch.minimum),
        "heaviside": together(heaviside), "sign": sign,
        **{f: partial(whole, getattr(torch, f)) for f in ("floor_divide", "remainder", "fmod")},
        "bitwise_invert": torch.bitwise_not, "bitwise_count": bit_count, "round": torch.round,
        "where": lambda c, x, y: torch.where(c.bool(), x, y), "stop_gradient": lambda x: x.detach(),
        "gamma": of_floats(gamma), "rgamma": of_floats(lambda x: 1 / gamma(x)),
        "betaln": of_floats(lambda a, b: gammaln(a) + gammaln(b) - gammaln(a + b)),
        "beta": of_floats(lambda a, b: torch.exp(gammaln(a) + gammaln(b) - gammaln(a + b))),
        "polygamma": lambda n, x: special.polygamma(int(n), floating(x)),
        "rel_entr": of_floats(rel_entr),
        "reshape": lambda x, shape: torch.reshape(x, tuple(shape)), "getitem": getitem, "place": place,
        "take": take, "scatter_add": scatter_add,
        "take_along_axis": take_along,
        "scatter_add_along_axis": scatter_along, "concat": lambda *xs: torch.cat(xs[:-1], dim=xs[-1]),
        "tril": torch.tril, "triu": torch.triu, "astype": lambda x, dtype: x.to(getattr(torch, dtype)),
        "cumulative_sum": torch.cumsum, "cumulative_prod": torch.cumprod, "linear_recurrence": recurrence,
        "prod_of_others": prod_of_others, "max": torch.amax, "min": torch.amin, "prod": over(torch.prod),
        "any": over(torch.any),
        "all": over(torch.all), "logsumexp": lambda x, axes: torch.logsumexp(floating(x), axes),
        "norm2": lambda x,
        axes: torch.sqrt(torch.sum(torch.square(floating(x)), axes)) if axes else torch.abs(x),
        "softmax": lambda x, axis: torch.softmax(floating(x), axis), "log_softmax": lambda x,
        axis: torch.log_softmax(floating(x), axis),
        "argmax": torch.argmax, "argmin": torch.argmin, "argsort": lambda x,
        axis: torch.argsort(x, dim=axis, stable=True),
        "project": lambda x, k: x[k], "sym": symmetric, "inv": linalg.inv, "det": linalg.det,
        "slogdet": lambda x: tuple(linalg.slogdet(x)),
        "solve": solve, "pinv": linalg.pinv, "lstsq": lambda a, b: linalg.pinv(a) @ b,
        "matrix_rank": linalg.matrix_rank,
        "cholesky": lambda x: linalg.cholesky(symmetric(x)), "qr": lambda x: tuple(linalg.qr(x)),
        "eigvalsh": lambda x: linalg.eigvalsh(symmetric(x)), "eigvecs": eigvecs, "inverse_gaps": inverse_gaps,
        "neighbour_gaps": neighbour_gaps, "coinciding": lambda w: same(w, gaps(w)).to(w.dtype),
        "spectral": lambda x, q, c: (q * c[..., None, :]) @ q.mT,
        "svd": lambda x: tuple(linalg.svd(x, full_matrices=False)),
        "polar": polar, "cofactors": cofactors, "norm_nuc": lambda x: torch.sum(linalg.svdvals(x), -1),
        "norm_spec": lambda x: torch.amax(linalg.svdvals(x), -1),
        **matrix, **{f"{name}_frechet": frechet(f) for name, f in matrix.items()},
    }  # fmt: skip


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
        self.pure = pure_function(program, "torch", table(), UNSUPPORTED, _Arrays(device, wide))
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
