"""Functions that numpy lacks, in plain numpy and scipy: `to_python` copies those that a source needs.

Each stands on its own but for numpy, `scipy.linalg`, `scipy.special` and other functions of this file.
"""

import numpy as np
from scipy import linalg, special


def within_reach(function, limits, *xs):
    """function(*xs) where each operand lies within its limits, else nan: beyond them scipy's loops would not end."""
    near = [(low <= np.asarray(x)) & (np.asarray(x) <= high) for x, (low, high) in zip(xs, limits, strict=True)]
    inside = np.logical_and.reduce(np.broadcast_arrays(*near))
    if inside.all():
        return function(*xs)
    return np.where(inside, function(*[np.where(inside, x, 1) for x in xs]), np.nan)


# --- elementwise --------------------------------------------------------------------------------------------


def sigmoid(x):
    return np.exp(-np.logaddexp(0, -x))


def softplus(x):
    return np.logaddexp(0, x)


def relu(x):
    return np.maximum(x, 0)


def sec(x):
    return 1 / np.cos(x)


def csc(x):
    return 1 / np.sin(x)


def cot(x):
    return 1 / np.tan(x)


def asec(x):
    return np.arccos(1 / x)


def acsc(x):
    return np.arcsin(1 / x)


def acot(x):
    return np.arctan(1 / x)


def sech(x):
    return 1 / np.cosh(x)


def csch(x):
    return 1 / np.sinh(x)


def coth(x):
    return 1 / np.tanh(x)


def asech(x):
    return np.arccosh(1 / x)


def acsch(x):
    return np.arcsinh(1 / x)


def acoth(x):
    return np.arctanh(1 / x)


def smirnov(n, x):
    return special.smirnov(np.trunc(n), x)


def smirnovi(n, p):
    return special.smirnovi(np.trunc(n), p)


def polygamma(n, x):
    value = special.polygamma(n, x)
    reflected = (np.asarray(n) == 1) & (x < 0)
    if np.any(reflected):
        value = np.where(reflected, (np.pi / np.sin(np.pi * x)) ** 2 - special.polygamma(1, 1 - x), value)
    return value


def lambertw(x):
    return np.where(x >= -np.exp(-1), np.real(special.lambertw(x)), np.nan)


def spherical_in(n, x):
    return special.spherical_in(np.asarray(n, dtype=int), x)


def spherical_jn(n, x):
    return special.spherical_jn(np.asarray(n, dtype=int), x)


# --- along axes ---------------------------------------------------------------------------------------------


def logsumexp(x, axis=None):
    top = np.max(x, axis=axis, keepdims=True) if np.size(x) else 0.0
    top = np.where(np.isfinite(top), top, 0.0)
    return np.log(np.sum(np.exp(x - top), axis=axis)) + np.squeeze(top, axis=axis)


def softmax(x, axis=-1):
    e = np.exp(x - np.max(x, axis=axis, keepdims=True)) if np.size(x) else np.zeros(np.shape(x))
    return e / np.sum(e, axis=axis, keepdims=True)


def log_softmax(x, axis=-1):
    return x - np.expand_dims(logsumexp(x, axis=axis), axis)


def linear_recurrence(a, b, axis=-1):
    """s[i] = a[i]*s[i-1] + b[i]"""
    s = np.array(np.moveaxis(b, axis, 0), dtype=np.result_type(a, b))
    a = np.moveaxis(np.broadcast_to(a, np.shape(b)), axis, 0)
    for i in range(1, len(s)):
        s[i] += a[i] * s[i - 1]
    return np.moveaxis(s, 0, axis)


def scatter_add(x, index, size, axis=0):
    """Zeros to which the entries of x are added at integer positions along an axis."""
    index = np.asarray(index)
    x = np.asarray(x)
    y = np.zeros((*x.shape[:axis], size, *x.shape[axis + index.ndim :]), dtype=x.dtype)
    np.add.at(y, (*(slice(None),) * axis, index), x)
    return y


def take_along_axis(x, index, axis=-1):
    index = np.broadcast_to(index, (*x.shape[: x.ndim - index.ndim], *index.shape))
    return np.take_along_axis(x, index, axis)


def scatter_add_along_axis(x, index, size, axis=-1):
    """Zeros to which the entries of x are added at positions of their own along an axis."""
    y = np.zeros((*x.shape[: x.ndim + axis], size, *x.shape[x.ndim + axis + 1 :]), dtype=x.dtype)
    at = list(np.indices(x.shape, sparse=True))
    at[axis] = np.broadcast_to(index, x.shape)
    np.add.at(y, tuple(at), x)
    return y


# --- matrices -----------------------------------------------------------------------------------------------


def sym(X):
    return (X + np.swapaxes(X, -1, -2)) / 2


def cholesky(X):
    return np.linalg.cholesky(sym(X))


def eigvalsh(X):
    return np.linalg.eigvalsh(sym(X))


def eigvecs(X):
    """Orthonormal eigenvectors; the largest entry of each is positive."""
    Q = np.linalg.eigh(sym(X))[1]
    largest = np.argmax(np.abs(Q), axis=-2, keepdims=True)
    return Q * np.sign(np.take_along_axis(Q, largest, axis=-2))


def svd_U(X):
    return np.linalg.svd(X, full_matrices=False)[0]


def svd_Vt(X):
    return np.linalg.svd(X, full_matrices=False)[2]


def svdvals(X):
    return np.linalg.svd(X, compute_uv=False)


def norm_nuc(X):
    return np.linalg.norm(X, "nuc", axis=(-2, -1))


def norm_spec(X):
    return np.linalg.norm(X, 2, axis=(-2, -1))


def expm(X):
    return linalg.expm(X)


def sinm(X):
    return np.imag(linalg.expm(1j * X))


def cosm(X):
    return np.real(linalg.expm(1j * X))


def logm(X):
    return real_function(linalg.logm, X)


def sqrtm(X):
    return real_function(linalg.sqrtm, X)


def real_function(f, X):
    """f of each matrix of a stack; nan where it is not real."""
    if X.ndim > 2:
        return np.stack([real_function(f, x) for x in X])
    Y = f(X)
    if np.iscomplexobj(Y):
        real = np.abs(Y.imag).max() <= 1e-8 * np.abs(Y).max()
        Y = Y.real if real else np.full(X.shape, np.nan)
    return Y


# --- checks -------------------------------------------------------------------------------------------------


def random_input(rng, shape, dtype, assumed, attempt):
    """Random data that fit the assumptions; further attempts try other ranges, where f may be defined."""
    if dtype == "bool":
        return rng.random(shape) < 0.5
    if dtype.startswith("int"):
        return rng.integers(0, 2, shape).astype(dtype)
    low, high = ((-2, 2), (0.1, 0.9), (1.1, 2))[attempt % 3] if "unit01" not in assumed else (0.1, 0.9)
    x = rng.uniform(low, high, shape)
    if "pm1" in assumed:
        x = np.where(x > 0, 1.0, -1.0)
    if "onehot" in assumed:
        x = np.equal(x, np.max(x, axis=-1, keepdims=True))
    elif "simplex" in assumed:
        x = np.exp(x) / np.sum(np.exp(x), axis=-1, keepdims=True)
    if "positive" in assumed or "nonnegative" in assumed:
        x = np.abs(x) + 0.1
    if "nonzero" in assumed:
        x = x + np.where(x > 0, 0.1, -0.1)
    square = len(shape) > 1 and shape[-1] == shape[-2]
    if square:
        X, eye = np.abs(x) if "nonnegative" in assumed else x, np.eye(shape[-1])
        if "spd" in assumed or attempt % 6 > 2:
            x = X @ np.swapaxes(X, -1, -2) + eye
        elif "orthogonal" in assumed:
            x = np.linalg.qr(x)[0]
        elif "diagonal" in assumed:
            x = x * eye
        elif "symmetric" in assumed:
            x = (x + np.swapaxes(x, -1, -2)) / 2
        elif "invertible" in assumed:
            x = x + 3 * eye
    return x.astype(dtype)


def directions(x, assumed):
    """(entry, direction) pairs that span how x may move within its assumptions."""
    if "pm1" in assumed or "onehot" in assumed:
        return
    for k in np.ndindex(x.shape):
        d = np.zeros(x.shape)
        d[k] = 1.0
        if "symmetric" in assumed or "spd" in assumed:
            d = (d + np.swapaxes(d, -1, -2)) / 2
        elif "orthogonal" in assumed:
            d = x @ (d - np.swapaxes(d, -1, -2))
        elif "diagonal" in assumed:
            d = d * np.eye(x.shape[-1])
        elif "simplex" in assumed:
            d = d - np.mean(d, axis=-1, keepdims=True)
        yield k, d


def slopes(f, inputs, name, assumed, step=1.0):
    """(entry, direction, central difference of f) for how one input may move."""
    x = inputs[name]
    h = step * np.finfo(x.dtype).eps ** 0.2
    for entry, d in directions(x, assumed):
        y = {k: f(**{**inputs, name: (x + k * h * d).astype(x.dtype)}) for k in (-2, -1, 1, 2)}
        yield entry, d, np.asarray((8 * (y[1] - y[-1]) - (y[2] - y[-2])) / (12 * h), dtype=float)


def is_regular(f, inputs, assumed):
    """f is finite, and two steps give the same differences: what they are compared with may differ by no more."""
    try:
        regular = np.all(np.isfinite(f(**inputs)))
        for name, known in assumed.items():
            tolerance = np.finfo(inputs[name].dtype).eps ** 0.4 / 4
            steps = zip(slopes(f, inputs, name, known), slopes(f, inputs, name, known, 0.5), strict=True)
            for (_, _, a), (_, _, b) in steps if regular else ():
                regular = regular and np.all(np.abs(a - b) <= tolerance * max(1.0, np.max(np.abs(a), initial=0)))
    except np.linalg.LinAlgError:
        return False
    return regular


def check_derivative(f, derivative, inputs, name, assumed=()):
    """Compare a derivative with central differences; AssertionError names the worst entry."""
    x = inputs[name]
    tolerance = np.finfo(x.dtype).eps ** 0.4
    got = np.asarray(derivative(**inputs), dtype=float)
    errors = []
    for entry, d, slope in slopes(f, inputs, name, assumed):
        shape = slope.shape + x.shape
        assert got.shape == shape, f"the derivative by {name} has the shape {got.shape}, not {shape}"
        along = np.tensordot(got, d, x.ndim)
        size = max(1.0, np.max(np.abs(slope), initial=0))
        error = np.nan_to_num(np.abs(along - slope) / size, nan=np.inf, posinf=np.inf)
        if error.size:
            at = np.unravel_index(np.argmax(error), error.shape)
            errors.append((error[at], (*map(int, at), *entry), along[at], slope[at]))
    if errors:
        error, entry, got, wanted = max(errors, key=lambda e: e[0])
        where = f" at entry {entry}" if entry else ""
        assert error <= tolerance, f"the derivative by {name} is {got:.9g}{where}, differences give {wanted:.9g}"
