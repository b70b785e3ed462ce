"""Programs as users of numpy and scipy write them in their fields, traced as they are: the value is the program's own,
the gradient that of differences.
"""

# ruff: noqa: B008  (the defaults of a program are its point)

import math

import numpy as np
import pytest
import scipy.linalg
import scipy.sparse
from scipy import linalg, special, stats
from scipy.integrate import cumulative_trapezoid
from scipy.linalg import block_diag, cho_solve, cholesky, solve_triangular, toeplitz
from scipy.special import logsumexp, softmax
from scipy.stats import multivariate_normal, norm

import symdiff as sd

RNG = np.random.default_rng(0)
SERIES, SAMPLES, IMAGE = np.cumsum(RNG.normal(size=8)), RNG.normal(size=(12, 2)), RNG.random((4, 4))
RETURNS = RNG.normal(size=(40, 5)) * 0.02 + 0.001


def kalman(q=0.3, r=0.5):
    F, H = np.array([[1.0, 1.0], [0.0, 1.0]]), np.array([[1.0, 0.0]])
    Q, R = q * np.array([[0.25, 0.5], [0.5, 1.0]]), np.array([[r]])
    x, P, ll = np.zeros(2), 10 * np.eye(2), 0.0
    for z in SERIES:
        x, P = F @ x, F @ P @ F.T + Q
        y, S = z - H @ x, H @ P @ H.T + R
        K = P @ H.T @ np.linalg.inv(S)
        x, P = x + K @ y, (np.eye(2) - K @ H) @ P
        ll += -0.5 * (np.log(np.linalg.det(2 * np.pi * S)) + y @ np.linalg.solve(S, y))
    return ll


def rays(center=(0.1, 0.2, 5.0), radius=2.0, light=(1.0, 1.0, -1.0)):
    image, light = np.zeros((3, 3)), light / np.linalg.norm(light)
    for i in range(3):
        for j in range(3):
            d = np.array([(j - 1) / 3, (i - 1) / 3, 1.0])
            d /= np.linalg.norm(d)
            b, c = np.dot(d, center), np.dot(center, center) - radius**2
            if b * b - c > 0:
                n = ((b - np.sqrt(b * b - c)) * d - center) / radius
                image[i, j] = max(0.0, np.dot(n, light))
    return image.sum()


def option(S=100.0, K=95.0, T=0.5, r=0.02, sigma=0.25):
    d = (np.log(S / K) + (r + sigma**2 / 2) * T) / (sigma * np.sqrt(T))
    return S * norm.cdf(d) - K * np.exp(-r * T) * norm.cdf(d - sigma * np.sqrt(T))


def doses(ka=1.1, ke=0.2, V=20.0):
    found = []
    for t in (1.0, 3.0, 7.0, 13.0):
        c = 0.0
        for start, D in ((0.0, 100.0), (6.0, 50.0), (12.0, 50.0)):
            if t > start:
                if abs(ka - ke) < 1e-6:
                    c += D / V * ka * (t - start) * np.exp(-ke * (t - start))
                else:
                    c += D * ka / (V * (ka - ke)) * (np.exp(-ke * (t - start)) - np.exp(-ka * (t - start)))
        found.append(c)
    return np.sum((np.log([2.0, 3.1, 3.5, 4.0]) - np.log(np.array(found))) ** 2)


def convolved(k=RNG.normal(size=(3, 3)), b=0.1):
    wide, out = np.pad(IMAGE, 1, mode="reflect"), np.empty((4, 4))
    for i in range(4):
        for j in range(4):
            out[i, j] = np.sum(wide[i : i + 3, j : j + 3] * k) + b
    out = np.where(out > 0, out, 0.1 * out)
    gx, gy = np.gradient(out.reshape(2, 2, 2, 2).max(axis=(1, 3)))
    return np.sqrt(gx**2 + gy**2 + 1e-3).mean()


def laplacian(W=RNG.random((4, 4))):
    A = (W + W.T) / 2
    A = A - np.diag(np.diag(A))
    D = np.diag(1 / np.sqrt(A.sum(axis=1)))
    values, _ = np.linalg.eigh(D @ (np.diag(A.sum(axis=1)) - A) @ D)
    return values[1] + np.log(values[1:]).sum()


def spline(y=RNG.normal(size=5)):
    x = np.array([0.0, 1.0, 2.5, 3.0, 4.2])
    n, h = len(x), np.diff(x)
    A, rhs = np.zeros((n, n)), np.zeros(n)
    A[0, 0] = A[-1, -1] = 1
    for i in range(1, n - 1):
        A[i, i - 1], A[i, i], A[i, i + 1] = h[i - 1], 2 * (h[i - 1] + h[i]), h[i]
        rhs[i] = 6 * ((y[i + 1] - y[i]) / h[i] - (y[i] - y[i - 1]) / h[i - 1])
    M, at = np.linalg.solve(A, rhs), np.array([0.3, 1.7, 2.7])
    i = np.searchsorted(x, at) - 1
    t, b = at - x[i], (y[i + 1] - y[i]) / h[i] - h[i] * (2 * M[i] + M[i + 1]) / 6
    return np.sum((y[i] + b * t + M[i] / 2 * t**2 + (M[i + 1] - M[i]) / (6 * h[i]) * t**3) ** 2)


def arm(q=(0.3, -0.5, 0.8)):
    T = np.eye(4)
    for a, alpha, d, theta in zip([0.3, 0.5, 0.2], [np.pi / 2, 0, 0], [0.4, 0, 0.1], q, strict=True):
        ct, st, ca, sa = np.cos(theta), np.sin(theta), np.cos(alpha), np.sin(alpha)
        rows = [[ct, -st * ca, st * sa, a * ct], [st, ct * ca, -ct * sa, a * st], [0, sa, ca, d], [0, 0, 0, 1]]
        T = T @ np.array(rows)
    angle = np.arccos(np.clip((np.trace(T[:3, :3]) - 1) / 2, -1, 1))
    return np.linalg.norm(T[:3, 3] - np.array([0.2, 0.3, 0.6])) ** 2 + angle**2


def queue(lam=2.0, mu=0.9):
    a, c = lam / mu, 4
    if a >= c:
        raise ValueError("unstable")
    waits = a**c / math.factorial(c) / (1 - a / c)
    return waits / (sum(a**k / math.factorial(k) for k in range(c)) + waits) / (c * mu - lam)


def newton(x0=1.5, c=3.0):
    x = x0
    while abs(x**3 - c) > 1e-9:
        x = x - (x**3 - c) / (3 * x**2)
    return x * c


def process(theta=(0.5, 1.2, 0.1)):
    ls, sf, sn = theta
    X = np.linspace(0, 1, 5)[:, None]
    K = sf**2 * np.exp(-0.5 * ((X[:, None, :] - X[None, :, :]) ** 2).sum(-1) / ls**2) + sn**2 * np.eye(len(X))
    L, y = scipy.linalg.cholesky(K, lower=True), np.sin(6 * X).ravel()
    return -0.5 * y @ cho_solve((L, True), y) - np.log(np.diag(L)).sum() - 0.5 * len(X) * np.log(2 * np.pi)


def mixture(mu=RNG.normal(size=(2, 2)), ls=(0.1, -0.2), w=(0.3, -0.1)):
    logs = w - logsumexp(w)
    covs = [np.exp(2 * s) * np.eye(2) for s in ls]
    parts = [logs[k] + multivariate_normal.logpdf(SAMPLES, mean=mu[k], cov=covs[k]) for k in (0, 1)]
    return logsumexp(np.array(parts), axis=0).sum()


def hidden(A=RNG.normal(size=(3, 3)), B=RNG.normal(size=(3, 3))):
    T, E = np.exp(A), np.exp(B)
    T /= T.sum(axis=1, keepdims=True)
    E /= E.sum(1, keepdims=True)
    a, ll = np.ones(3) / 3 * E[:, 0], 0
    for o in (1, 1, 0, 2):
        c = a.sum()
        ll += np.log(c)
        a = (a / c) @ T * E[:, o]
    return ll + np.log(a.sum())


def atoms(x=RNG.normal(size=(4, 3)) * 2):
    e = 0.0
    for i in range(len(x)):
        for j in range(i + 1, len(x)):
            r = np.sqrt(np.sum((x[i] - x[j]) ** 2))
            if r < 4.0:
                e += 4 * ((1 / r) ** 12 - (1 / r) ** 6)
    return e


def heat(D=0.1, u0=RNG.random(6)):
    n, r = 6, D * 0.01 * 25 / 2
    K = scipy.sparse.diags([np.ones(n - 1), -2 * np.ones(n), np.ones(n - 1)], [-1, 0, 1]).toarray()
    for _ in range(3):
        u0 = np.linalg.solve(np.eye(n) - r * K, (np.eye(n) + r * K) @ u0)
    return np.trapezoid(u0**2, dx=0.2) + cumulative_trapezoid(u0, dx=0.2, initial=0)[-1]


def survival(k=1.3, lam=2.1):
    times, seen = (0.5, 1.2, 2.2), (True, True, False)
    return sum(
        stats.weibull_min.logpdf(t, k, scale=lam) if s else stats.weibull_min.logsf(t, k, scale=lam)
        for t, s in zip(times, seen, strict=True)
    )


def bodies(m=(1.2, 0.7), v=(0.1, 0.3)):
    pos, vel = np.array([[0.0, 0.0], [1.0, 0.0]]), np.zeros((2, 2))
    vel[1] = v
    for _ in range(3):
        acc = np.zeros_like(pos)
        for i, j in ((0, 1), (1, 0)):
            r = pos[j] - pos[i]
            acc[i] += m[j] * r / (np.linalg.norm(r) ** 2 + 0.01) ** 1.5
        vel = vel + 0.05 * acc
        pos = pos + 0.05 * vel
    return 0.5 * np.sum(m[:, np.newaxis] * vel**2)


def portfolio(h=RNG.random(5) * 0.5 + 0.2):
    returns = RETURNS @ (h / np.sum(h))
    fall = np.maximum.accumulate(np.cumsum(returns)) - np.cumsum(returns)
    return returns.mean() / returns.std(ddof=1) + np.percentile(returns, 5) + np.sort(returns)[:3].mean() - fall.max()


def linearised(x=(0.4, 0.9), h=0.1):
    """An extended Kalman filter's Jacobians: entries of arrays of numbers are replaced."""
    F = np.array([[1.0, 0.0], [0.0, 1.0]])
    row = F[1]
    row[0] = h * x[1]
    F[0, 1] = h * np.cos(x[0])
    G = np.eye(3)
    G[1:, 1:] += F
    return np.linalg.det(G) + np.trace(F @ F.T)


def matrices(a=(1.3, 0.7)):
    """scipy's functions with scipy's defaults, by module and by name."""
    S = np.outer(a, a) + 2 * np.eye(2)
    U, (w, _), (_, r) = cholesky(S), linalg.eigh(S), linalg.qr(S)
    t = toeplitz(a, [a[0], 5.0]) @ a + solve_triangular(U, a) + linalg.solve(S, a, assume_a="pos")
    p = softmax(a) @ a + special.logsumexp(a, b=[0.5, 2.0]) + special.log_softmax(S, axis=1)[0, 1]
    return t.sum() + w[0] + (r**2).sum() + p + linalg.det(block_diag(S, 3.0)) + linalg.expm(S / 9)[0, 1]


def filled(x=1.5):
    """What numpy's users do with arrays that they make and fill."""
    c = np.array([3.0, 1.0, 2.0])
    if not isinstance(c, np.ndarray):
        raise TypeError
    c.sort()
    c *= 2
    (q, r), s, d = divmod(c, 4.0), sorted(c), c.astype(int)
    A = np.array([[1.0, 2.0], [3.0, 4.0]])
    B, same = A.copy(), A
    B[0, 1], same[0] = x**2, [x, 5.0]
    A[A > 4.5] = 0.0
    return (q + r).sum() * x + s[0] + d[1] + round(c.mean(), 1) + A.sum() * B.sum() + (2.0 in c) * x + c[::-1] @ c


PROGRAMS = [kalman, rays, option, doses, convolved, laplacian, spline, arm, queue, newton, process, mixture, hidden,
            atoms, heat, survival, bodies, portfolio, linearised, matrices, filled]  # fmt: skip


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda p: p.__name__)
def test_programs_are_traced_as_they_are(program):
    names = program.__code__.co_varnames
    at = {name: np.asarray(v, float) for name, v in zip(names, program.__defaults__, strict=False)}
    rng = np.random.default_rng(1)
    along = {name: rng.uniform(0.2, 1, v.shape) for name, v in at.items()}

    def moved(h):
        return float(program(**{k: v + h * along[k] if v.ndim else float(v + h * along[k]) for k, v in at.items()}))

    e = sd.trace(program, at=at)
    slope = sum(np.sum(g * along[k]) for k, g in zip(at, sd.evaluate(sd.grad(e, list(at)), at), strict=True))
    h = 3e-5
    wanted = (8 * (moved(h) - moved(-h)) - (moved(2 * h) - moved(-2 * h))) / (12 * h)
    np.testing.assert_allclose(sd.evaluate(e, at), moved(0), rtol=1e-10)
    np.testing.assert_allclose(slope, wanted, rtol=1e-6, atol=1e-8)


def test_what_was_redirected_is_scipys_again():
    assert cholesky is scipy.linalg.cholesky
    assert isinstance(scipy.linalg.cholesky(np.eye(2)), np.ndarray)
    assert type(np.array([1.0])) is np.ndarray
    assert multivariate_normal.logpdf([0.0], 0, 1) == norm.logpdf(0)


@pytest.mark.parametrize(("fn", "says"), [
    (lambda x: stats.zscore(x).sum(), "scipy.stats.zscore reads numbers"),
    (lambda x: linalg.lu_factor(np.outer(x, x))[0], "scipy.linalg.lu_factor reads numbers"),
    (lambda x: linalg.solve(np.outer(x, x), x, transposed=True), "transposed"),
])  # fmt: skip
def test_other_functions_of_scipy_say_so(fn, says):
    with pytest.raises(sd.GraphError, match=says):
        sd.trace(fn, x=3)
