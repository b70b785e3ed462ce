"""The tensor problems, each written once over an array namespace `xp`, with the data of any size.

Sizes are named, so that symdiff sees which axis is a sum; the peers see the arrays.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

Arrays = dict[str, np.ndarray]


@dataclass(frozen=True)
class Model:
    """A scalar function of arrays.

    function  ``function(xp, **arrays)``
    shapes    {array: its named sizes}; what has "int64" in front is an integer array
    wrt       what it is differentiated by
    data      ``data(**size)`` makes the arrays
    """

    function: Callable[..., Any]
    shapes: Mapping[str, Any]
    wrt: tuple[str, ...]
    data: Callable[..., Arrays]


def _random() -> np.random.Generator:
    return np.random.default_rng(0)


# --- logistic regression ----------------------------------------------------------------------


def logistic(xp: Any, X: Any, y: Any, w: Any) -> Any:
    return xp.sum(xp.softplus(-y * (X @ w))) + 0.005 * (w @ w)


def logistic_data(n: int, d: int) -> Arrays:
    rng = _random()
    return {
        "X": rng.normal(size=(n, d)),
        "y": np.sign(rng.normal(size=n)),
        "w": rng.normal(size=d) / np.sqrt(d),
    }


LOGISTIC = Model(logistic, {"X": "n d", "y": "n", "w": "d"}, ("w",), logistic_data)

# --- two-layer network ------------------------------------------------------------------------


def network(xp: Any, X: Any, Y: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
    """Softmax cross-entropy of a relu layer and a linear one, with the squares of the weights."""
    hidden = xp.relu(X @ W1 + b1)
    scores = xp.log_softmax(hidden @ W2 + b2, -1)
    return -xp.sum(xp.mean(Y * scores, axis=0)) + 0.0005 * (xp.sum(W1 * W1) + xp.sum(W2 * W2))


def network_data(batch: int, inputs: int, hidden: int, classes: int) -> Arrays:
    rng = _random()
    return {
        "X": rng.normal(size=(batch, inputs)),
        "Y": np.eye(classes)[rng.integers(classes, size=batch)],
        "W1": rng.normal(size=(inputs, hidden)) / np.sqrt(inputs),
        "b1": 0.1 * rng.normal(size=hidden),
        "W2": rng.normal(size=(hidden, classes)) / np.sqrt(hidden),
        "b2": 0.1 * rng.normal(size=classes),
    }


NETWORK = Model(
    network,
    {"X": "n p", "Y": "n c", "W1": "p h", "b1": "h", "W2": "h c", "b2": "c"},
    ("W1", "b1", "W2", "b2"),
    network_data,
)

# --- Gaussian mixture (ADBench) ---------------------------------------------------------------


def mixture(xp: Any, alphas: Any, means: Any, logs: Any, lower: Any, x: Any, entries: Any) -> Any:
    """ADBench's GMM objective up to its constant.

    The factors of the inverse covariances have exp(logs) on their diagonals and `lower` below.
    """
    padded = xp.concat([xp.zeros_like(lower[:, :1]), lower], axis=1)
    factors = xp.take(padded, entries, axis=1)
    scales = xp.exp(logs)
    centred = x[:, None, :] - means[None]
    whitened = scales * centred + xp.einsum("kij,nkj->nki", factors, centred)
    logits = alphas + xp.sum(logs, axis=1) - 0.5 * xp.sum(whitened * whitened, axis=2)
    likelihood = xp.sum(xp.logsumexp(logits, axis=1) - xp.logsumexp(alphas, axis=0))
    prior = 0.5 * (xp.sum(scales * scales) + xp.sum(lower * lower)) - xp.sum(logs)
    return likelihood - prior


def mixture_data(n: int, d: int, K: int) -> Arrays:
    rng = _random()
    entries = np.zeros((d, d), dtype=np.int64)
    entries[np.tril_indices(d, -1)] = np.arange(1, d * (d - 1) // 2 + 1)
    return {
        "alphas": rng.normal(size=K),
        "means": rng.normal(size=(K, d)),
        "logs": 0.3 * rng.normal(size=(K, d)),
        "lower": 0.3 * rng.normal(size=(K, d * (d - 1) // 2)),
        "x": rng.normal(size=(n, d)),
        "entries": entries,
    }


MIXTURE = Model(
    mixture,
    {"alphas": "k", "means": "k d", "logs": "k d", "lower": "k t", "x": "n d", "entries": "d d"},
    ("alphas", "means", "logs", "lower"),
    mixture_data,
)

# --- LSTM (ADBench) ---------------------------------------------------------------------------


def _cell(xp: Any, weight: Any, bias: Any, hidden: Any, cell: Any, value: Any, width: int) -> tuple[Any, Any]:
    part = [slice(k * width, (k + 1) * width) for k in range(4)]
    forget = xp.sigmoid(value * weight[part[0]] + bias[part[0]])
    ingate = xp.sigmoid(hidden * weight[part[1]] + bias[part[1]])
    outgate = xp.sigmoid(value * weight[part[2]] + bias[part[2]])
    change = xp.tanh(hidden * weight[part[3]] + bias[part[3]])
    cell = cell * forget + ingate * change
    return outgate * xp.tanh(cell), cell


def lstm(xp: Any, main: Any, extra: Any, state: Any, sequence: Any) -> Any:
    """ADBench's LSTM objective, every step unrolled: elementwise gates, log-softmax of each prediction."""
    layers, width, steps = main.shape[0] // 2, extra.shape[1], sequence.shape[0] - 1
    hidden, cell = [state[2 * k] for k in range(layers)], [state[2 * k + 1] for k in range(layers)]
    total = 0.0
    for t in range(steps):
        value = sequence[t] * extra[0]
        for k in range(layers):
            hidden[k], cell[k] = _cell(xp, main[2 * k], main[2 * k + 1], hidden[k], cell[k], value, width)
            value = hidden[k]
        predicted = value * extra[1] + extra[2]
        normalised = predicted - xp.log(2 + xp.sum(xp.exp(predicted)))
        total = total + xp.sum(sequence[t + 1] * normalised)
    return -total / (steps * width)


def lstm_data(layers: int, width: int, steps: int) -> Arrays:
    rng = _random()
    return {
        "main": rng.normal(size=(2 * layers, 4 * width)),
        "extra": rng.normal(size=(3, width)),
        "state": rng.normal(size=(2 * layers, width)),
        "sequence": rng.normal(size=(steps + 1, width)),
    }


LSTM = Model(lstm, {}, ("main", "extra"), lstm_data)

# --- bundle adjustment (ADBench) --------------------------------------------------------------


def reprojection(xp: Any, camera: Any, point: Any, weight: Any, feature: Any) -> list[Any]:
    """The two weighted reprojection errors of every observation: Rodrigues rotation, radial distortion."""
    rotation = [camera[:, k] for k in range(3)]
    moved = [point[:, k] - camera[:, 3 + k] for k in range(3)]
    angle = xp.sqrt(rotation[0] ** 2 + rotation[1] ** 2 + rotation[2] ** 2)
    cosine, sine = xp.cos(angle), xp.sin(angle)
    axis = [r / angle for r in rotation]
    along = (axis[0] * moved[0] + axis[1] * moved[1] + axis[2] * moved[2]) * (1 - cosine)
    x, y, z = (
        moved[k] * cosine
        + (axis[(k + 1) % 3] * moved[(k + 2) % 3] - axis[(k + 2) % 3] * moved[(k + 1) % 3]) * sine
        + axis[k] * along
        for k in range(3)
    )
    u, v = x / z, y / z
    radius = u**2 + v**2
    scale = (1 + camera[:, 9] * radius + camera[:, 10] * radius**2) * camera[:, 6]
    return [
        weight * (u * scale + camera[:, 7] - feature[:, 0]),
        weight * (v * scale + camera[:, 8] - feature[:, 1]),
    ]


def reprojection_data(n: int) -> Arrays:
    rng = _random()
    point = rng.normal(size=(n, 3)) + np.array([0, 0, 10])
    return {
        "camera": 0.3 * rng.normal(size=(n, 11)),
        "point": point,
        "weight": rng.normal(size=n),
        "feature": rng.normal(size=(n, 2)),
    }


REPROJECTION = Model(
    reprojection,
    {"camera": ("n", 11), "point": ("n", 3), "weight": "n", "feature": ("n", 2)},
    ("camera", "point", "weight"),
    reprojection_data,
)

# --- the papers' Hessians (Laue, Mitterreiter, Giesen, NeurIPS 2018) --------------------------


def quadratic(xp: Any, A: Any, x: Any) -> Any:
    return x @ A @ x


def quadratic_data(n: int) -> Arrays:
    rng = _random()
    return {"A": rng.normal(size=(n, n)), "x": rng.normal(size=n)}


QUADRATIC = Model(quadratic, {"A": "n n", "x": "n"}, ("x",), quadratic_data)


def factorisation(xp: Any, T: Any, U: Any, V: Any) -> Any:
    residual = T - U @ V.T
    return xp.sum(residual * residual)


def factorisation_data(m: int, k: int) -> Arrays:
    rng = _random()
    return {"T": rng.normal(size=(m, m)), "U": rng.normal(size=(m, k)), "V": rng.normal(size=(m, k))}


FACTORISATION = Model(factorisation, {"T": "m n", "U": "m k", "V": "n k"}, ("U",), factorisation_data)


def deep(xp: Any, X: Any, Y: Any, **weights: Any) -> Any:
    """Softmax cross-entropy of relu layers, the last one linear."""
    *hidden, last = weights.values()
    for w in hidden:
        X = xp.relu(X @ w)
    return -xp.sum(Y * xp.log_softmax(X @ last, -1))


def deep_data(batch: int, inputs: int, width: int, layers: int = 10) -> Arrays:
    rng = _random()
    sizes = [inputs, *[width] * layers]
    weights = {
        f"W{k + 1}": rng.normal(size=(a, b)) * np.sqrt(2 / a) for k, (a, b) in enumerate(pairwise(sizes))
    }
    return {
        "X": rng.normal(size=(batch, inputs)),
        "Y": np.eye(width)[rng.integers(width, size=batch)],
        **weights,
    }


DEEP = Model(
    deep, {"X": "n p", "Y": "n h", "W1": "p h", **{f"W{k}": "h h" for k in range(2, 11)}}, ("W1",), deep_data
)
