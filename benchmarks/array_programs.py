"""Array programs of kinds that occur everywhere, written once over a numpy-like module: ten for the loop compiler to be
tuned on, ten that were written afterwards. ``f(xp, *arrays)`` is a scalar; its gradient is by the first `wrt` arrays.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from scipy.special import erf as scipys_erf

Array = Any


class ArrayProgram(NamedTuple):
    """A scalar function of arrays, and arrays of a size: ``f(xp, *make(rng))``.

    smallest  arrays of a size for tests
    """

    f: Callable[..., Any]
    make: Callable[[np.random.Generator], list[np.ndarray]]
    smallest: Callable[[np.random.Generator], list[np.ndarray]]
    wrt: int = 1


def stencil(xp: Any, u: Array) -> Array:
    """Residual of u'' + u**3 = 0 on a line."""
    r = u[2:] - 2 * u[1:-1] + u[:-2] + 0.01 * u[1:-1] ** 3
    return xp.sum(r * r)


def pair_potential(xp: Any, x: Array) -> Array:
    """Soft repulsion of points, from differences of shape (N, N, 3)."""
    d = x[:, None, :] - x[None, :, :]
    r2 = xp.sum(d * d, axis=-1)
    return xp.sum(xp.exp(-r2) + 1 / (1 + r2) ** 3)


def soft_kmeans(xp: Any, c: Array, x: Array) -> Array:
    """Minus the log of sums of Gaussians at the centres."""
    d = x[:, None, :] - c[None, :, :]
    z = -0.5 * xp.sum(d * d, axis=-1)
    top = xp.max(z, axis=1, keepdims=True)
    return -xp.sum(xp.log(xp.sum(xp.exp(z - top), axis=1)) + top[:, 0])


def black_scholes(xp: Any, s: Array, k: Array, t: Array, v: Array) -> Array:
    """Values of call options, summed: the gradient has each one's greeks."""
    root = v * xp.sqrt(t)
    d1 = (xp.log(s / k) + (0.02 + 0.5 * v * v) * t) / root
    d2 = d1 - root
    normal = lambda d: 0.5 * (1 + xp.erf(d * 0.7071067811865476))  # noqa: E731
    return xp.sum(s * normal(d1) - k * xp.exp(-0.02 * t) * normal(d2))


def layer_norm(xp: Any, x: Array, gain: Array, shift: Array, w: Array) -> Array:
    centred = x - xp.mean(x, axis=-1, keepdims=True)
    variance = xp.mean(centred * centred, axis=-1, keepdims=True)
    return xp.sum(w * xp.tanh(centred / xp.sqrt(variance + 1e-5) * gain + shift))


def softmax_regression(xp: Any, w: Array, x: Array, y: Array) -> Array:
    z = x @ w
    top = xp.max(z, axis=1, keepdims=True)
    return xp.sum(xp.log(xp.sum(xp.exp(z - top), axis=1)) + top[:, 0] - xp.sum(y * z, axis=1))


def gaussian_process(xp: Any, scale: Array, x: Array, y: Array) -> Array:
    """Minus the log likelihood under a squared exponential kernel."""
    z = x / scale
    d = z[:, None, :] - z[None, :, :]
    K = xp.exp(-0.5 * xp.sum(d * d, axis=-1)) + 0.1 * xp.eye(x.shape[0])
    return 0.5 * y @ xp.linalg.solve(K, y) + 0.5 * xp.linalg.slogdet(K)[1]


def masked_factorisation(xp: Any, u: Array, v: Array, t: Array, m: Array) -> Array:
    r = m * (u @ v.T - t)
    return 0.5 * xp.sum(r * r) + 0.01 * (xp.sum(u * u) + xp.sum(v * v))


def recurrent_network(xp: Any, w: Array, a: Array, x: Array) -> Array:
    h = xp.tanh(x[0] @ a)
    for step in range(1, x.shape[0]):
        h = xp.tanh(h @ w + x[step] @ a)
    return xp.sum(h * h)


def attention(xp: Any, q: Array, k: Array, v: Array) -> Array:
    z = q @ xp.swapaxes(k, -1, -2) * 0.125
    p = xp.exp(z - xp.max(z, axis=-1, keepdims=True))
    p = p / xp.sum(p, axis=-1, keepdims=True)
    out = p @ v
    return xp.sum(out * out)


# --- written when the compiler was done: no part of it was tuned on these ---------------------------------------------


def wave_energy(xp: Any, u: Array, c: Array) -> Array:
    """Squares of the discrete Laplacian of a membrane, and of its slopes."""
    laplacian = u[1:-1, 2:] + u[1:-1, :-2] + u[2:, 1:-1] + u[:-2, 1:-1] - 4 * u[1:-1, 1:-1]
    return xp.sum((c * laplacian) ** 2) + 0.1 * xp.sum((u[1:] - u[:-1]) ** 2)


def total_variation(xp: Any, u: Array, y: Array) -> Array:
    """Denoising of an image."""
    right, down = u[:-1, 1:] - u[:-1, :-1], u[1:, :-1] - u[:-1, :-1]
    return 0.5 * xp.sum((u - y) ** 2) + 0.1 * xp.sum(xp.sqrt(right**2 + down**2 + 1e-6))


def screened_charges(xp: Any, x: Array, q: Array) -> Array:
    """Energy of charges in a plane."""
    d = x[:, None, :] - x[None, :, :]
    r = xp.sqrt(xp.sum(d * d, axis=-1) + 0.01)
    return 0.5 * xp.sum(q[:, None] * q[None, :] * xp.exp(-r) / r)


def gaussian_mixture(xp: Any, m: Array, s: Array, w: Array, x: Array) -> Array:
    """Log likelihood of a mixture with diagonal covariances."""
    z = (x[:, None, :] - m[None, :, :]) * xp.exp(-s)[None, :, :]
    p = w - 0.5 * xp.sum(z * z, axis=-1) - xp.sum(s, axis=-1)
    top = xp.max(p, axis=1, keepdims=True)
    return xp.sum(xp.log(xp.sum(xp.exp(p - top), axis=1)) + top[:, 0])


def implied_volatility(xp: Any, a: Array, b: Array, r: Array, m: Array, k: Array) -> Array:
    """Squares of a curve of five parameters at each strike, with a penalty where it is negative."""
    d = k - m
    v = a + b * (r * d + xp.sqrt(d * d + 0.04))
    return xp.sum(xp.log1p(v * v)) + xp.sum(xp.where(v < 0, v * v, 0.0))


def poisson_regression(xp: Any, w: Array, x: Array, y: Array) -> Array:
    z = x @ w
    return xp.sum(xp.exp(z) - y * z)


def contrastive_loss(xp: Any, a: Array, b: Array) -> Array:
    """Pairs of embeddings of unit length against all others."""
    a = a / xp.sqrt(xp.sum(a * a, axis=1, keepdims=True) + 1e-9)
    b = b / xp.sqrt(xp.sum(b * b, axis=1, keepdims=True) + 1e-9)
    z = 10.0 * (a @ b.T)
    top = xp.max(z, axis=1, keepdims=True)
    return xp.sum(xp.log(xp.sum(xp.exp(z - top), axis=1)) + top[:, 0] - 10.0 * xp.sum(a * b, axis=1))


def gelu_layer(xp: Any, x: Array, gain: Array, w: Array) -> Array:
    """Values divided by their root mean square, scaled, through x*Phi(x)."""
    y = gain * x / xp.sqrt(xp.mean(x * x, axis=-1, keepdims=True) + 1e-6)
    return xp.sum(w * (0.5 * y * (1 + xp.erf(y * 0.7071067811865476))))


def autoregression(xp: Any, a: Array, b: Array, s: Array, x: Array) -> Array:
    """Likelihood of series that depend on their last two values."""
    e = (x[2:] - a * x[1:-1] - b * x[:-2]) * xp.exp(-s)
    return xp.sum(0.5 * e * e + s)


def gated_unit(xp: Any, w: Array, v: Array, a: Array, x: Array) -> Array:
    """Ten steps of a recurrent network with one gate."""
    h = 0 * (x[0] @ a)
    for step in range(x.shape[0]):
        z = x[step] @ a
        gate = 1 / (1 + xp.exp(-(h @ v + z)))
        h = gate * h + (1 - gate) * xp.tanh(h @ w + z)
    return xp.sum(h * h)


def _normal(*shapes: tuple[int, ...]) -> Callable[[np.random.Generator], list[np.ndarray]]:
    return lambda rng: [0.5 * rng.standard_normal(shape) for shape in shapes]


def _options(n: int) -> Callable[[np.random.Generator], list[np.ndarray]]:
    return lambda rng: [rng.uniform(*ab, n) for ab in ((80, 120), (80, 120), (0.1, 2), (0.1, 0.5))]


def _classes(n: int, d: int, k: int) -> Callable[[np.random.Generator], list[np.ndarray]]:
    return lambda rng: [
        0.1 * rng.standard_normal((d, k)), rng.standard_normal((n, d)), np.eye(k)[rng.integers(0, k, n)]
    ]  # fmt: skip


def _likelihood(n: int, d: int) -> Callable[[np.random.Generator], list[np.ndarray]]:
    return lambda rng: [rng.uniform(0.5, 1.5, d), rng.standard_normal((n, d)), rng.standard_normal(n)]


def _masked(n: int, m: int, k: int) -> Callable[[np.random.Generator], list[np.ndarray]]:
    return lambda rng: [
        *_normal((n, k), (m, k), (n, m))(rng), (rng.random((n, m)) < 0.3).astype(float)
    ]  # fmt: skip


PROGRAMS: dict[str, ArrayProgram] = {
    "stencil": ArrayProgram(stencil, _normal((200_000,)), _normal((9,))),
    "pair_potential": ArrayProgram(pair_potential, _normal((600, 3)), _normal((5, 3))),
    "soft_kmeans": ArrayProgram(soft_kmeans, _normal((50, 8), (5000, 8)), _normal((3, 2), (7, 2))),
    "black_scholes": ArrayProgram(black_scholes, _options(1_000_000), _options(11), wrt=4),
    "layer_norm": ArrayProgram(
        layer_norm, _normal((64, 128, 256), (256,), (256,), (64, 128, 256)), _normal((2, 3, 9), (9,), (9,), (2, 3, 9)),
        wrt=3,
    ),
    "softmax_regression": ArrayProgram(softmax_regression, _classes(20_000, 100, 10), _classes(9, 4, 3)),
    "gaussian_process": ArrayProgram(gaussian_process, _likelihood(500, 4), _likelihood(7, 2)),
    "masked_factorisation": ArrayProgram(masked_factorisation, _masked(1000, 800, 20), _masked(7, 5, 2), wrt=2),
    "recurrent_network": ArrayProgram(
        recurrent_network, _normal((64, 64), (32, 64), (20, 32, 32)), _normal((4, 4), (3, 4), (3, 2, 3)), wrt=2
    ),
    "attention": ArrayProgram(attention, _normal(*[(8, 256, 64)] * 3), _normal(*[(2, 5, 4)] * 3), wrt=3),
}  # fmt: skip

AFTERWARDS: dict[str, ArrayProgram] = {
    "wave_energy": ArrayProgram(wave_energy, _normal((700, 700), (698, 698)), _normal((6, 5), (4, 3))),
    "total_variation": ArrayProgram(total_variation, _normal((600, 500), (600, 500)), _normal((6, 5), (6, 5))),
    "screened_charges": ArrayProgram(screened_charges, _normal((700, 2), (700,)), _normal((5, 2), (5,)), wrt=2),
    "gaussian_mixture": ArrayProgram(
        gaussian_mixture, _normal((20, 6), (20, 6), (20,), (4000, 6)), _normal((3, 2), (3, 2), (3,), (7, 2)), wrt=3
    ),
    "implied_volatility": ArrayProgram(implied_volatility, _normal(*[(300_000,)] * 5), _normal(*[(11,)] * 5), wrt=4),
    "poisson_regression": ArrayProgram(
        poisson_regression, lambda rng: [0.1 * a for a in _normal((30,), (50_000, 30), (50_000,))(rng)],
        _normal((3,), (7, 3), (7,)),
    ),
    "contrastive_loss": ArrayProgram(contrastive_loss, _normal((512, 64), (512, 64)), _normal((6, 3), (6, 3)), wrt=2),
    "gelu_layer": ArrayProgram(
        gelu_layer, _normal((4000, 300), (300,), (4000, 300)), _normal((5, 9), (9,), (5, 9)), wrt=2
    ),
    "autoregression": ArrayProgram(
        autoregression, _normal((8,), (8,), (8,), (40_000, 8)), _normal((3,), (3,), (3,), (9, 3)), wrt=3
    ),
    "gated_unit": ArrayProgram(
        gated_unit, _normal((64, 64), (64, 64), (32, 64), (10, 100, 32)), _normal((4, 4), (4, 4), (3, 4), (2, 3, 3)),
        wrt=3,
    ),
}  # fmt: skip


class NumpyWithErf:
    """numpy with the functions that these programs take from elsewhere: arrays and traced expressions."""

    erf = staticmethod(scipys_erf)

    def __getattr__(self, name: str) -> Any:
        return getattr(np, name)
