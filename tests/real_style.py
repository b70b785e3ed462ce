"""Functions as packages for numpy have them: test functions of optimisation, line shapes, astronomical models,
likelihoods; each with a point at which it is traced. They are written for floats and arrays, with branches, loops,
arrays that are filled, and numpy's and scipy's functions, and know nothing of expressions.
"""

import math

import numpy as np
from scipy import special, stats

TINY = 1e-15
X5 = np.array([0.4, -1.3, 0.7, 1.9, -0.2])
T = np.linspace(-2.0, 3.0, 9)
DESIGN, COUNTS, WAVE = np.vander(X5, 3), np.array([1, 0, 3, 2, 1]), np.sin(X5)


# --- test functions -------------------------------------------------------------------------------------------------


def rastrigin(x, A=10.0):
    x = np.asarray(x, dtype=float)
    n = len(x)
    return A * n + np.sum(x**2 - A * np.cos(2 * np.pi * x))


def ackley(x, a=20, b=0.2, c=2 * np.pi):
    x = np.atleast_1d(x)
    d = x.size
    return -a * np.exp(-b * np.sqrt(np.sum(x**2) / d)) - np.exp(np.sum(np.cos(c * x)) / d) + a + np.e


def rosenbrock_loop(x):
    total = 0.0
    for i in range(len(x) - 1):
        total += 100 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2
    return total


def griewank(x):
    i = np.arange(1, x.shape[0] + 1)
    return (x**2).sum() / 4000 - np.prod(np.cos(x / np.sqrt(i))) + 1


def levy(x):
    w = 1 + (np.array(x) - 1) / 4
    head = np.sin(np.pi * w[0]) ** 2
    tail = (w[-1] - 1) ** 2 * (1 + np.sin(2 * np.pi * w[-1]) ** 2)
    return head + np.sum((w[:-1] - 1) ** 2 * (1 + 10 * np.sin(np.pi * w[:-1] + 1) ** 2)) + tail


def schwefel(x):
    return 418.9829 * len(x) - sum(xi * np.sin(np.sqrt(abs(xi))) for xi in x)


def himmelblau(p):
    x, y = p
    return (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2


def beale(p):
    x, y = p[0], p[1]
    return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2


def bukin(p):
    x, y = p
    return 100 * math.sqrt(abs(y - 0.01 * x * x)) + 0.01 * abs(x + 10)


def easom(p):
    x, y = p
    return -math.cos(x) * math.cos(y) * math.exp(-((x - math.pi) ** 2 + (y - math.pi) ** 2))


def michalewicz(x, m=10):
    x = np.asarray(x)
    k = np.arange(1, len(x) + 1)
    return -np.sum(np.sin(x) * np.power(np.sin(k * x**2 / np.pi), 2 * m))


def zakharov(x):
    s = np.dot(x, 0.5 * np.arange(1, x.size + 1))
    return x @ x + s**2 + s**4


def dixon_price(x):
    out = np.zeros(len(x))
    out[0] = (x[0] - 1) ** 2
    for i in range(1, len(x)):
        out[i] = (i + 1) * (2 * x[i] ** 2 - x[i - 1]) ** 2
    return out.sum()


def powell_residuals(x):
    first = x[0] + 10 * x[1]
    return np.array([first, np.sqrt(5) * (x[2] - x[3]), (x[1] - 2 * x[2]) ** 2, np.sqrt(10) * (x[0] - x[3]) ** 2])


def penalised(x, bound=1.0, weight=100.0):
    over = np.where(x > bound, weight * (x - bound) ** 2, np.where(x < -bound, weight * (-x - bound) ** 2, 0.0))
    return np.sum(x**4) + over.sum()


def huber_loss(r, delta=1.0):
    a = np.abs(r)
    return np.sum(np.where(a <= delta, 0.5 * r**2, delta * (a - 0.5 * delta)))


def constraint(x):
    return np.r_[x[0] * x[1] - 1, np.sum(x) - 3, x[2:] - 0.1]


# --- line shapes ----------------------------------------------------------------------------------------------------


def gaussian(x, amplitude=1.0, center=0.0, sigma=1.0):
    sigma = max(TINY, sigma)
    return (amplitude / (np.sqrt(2 * np.pi) * sigma)) * np.exp(-((x - center) ** 2) / max(TINY, 2 * sigma**2))


def lorentzian(x, amplitude=1.0, center=0.0, sigma=1.0):
    return (amplitude / (1 + ((x - center) / max(TINY, sigma)) ** 2)) / max(TINY, np.pi * sigma)


def split_lorentzian(x, amplitude=1.0, center=0.0, sigma=1.0, sigma_r=1.0):
    left, right = max(TINY, sigma) ** 2, max(TINY, sigma_r) ** 2
    shift = (x - center) ** 2
    below = left * (x < center) / (shift + left)
    return 2 * amplitude / max(TINY, np.pi * (sigma + sigma_r)) * (below + right * (x >= center) / (shift + right))


def pseudo_voigt(x, amplitude=1.0, center=0.0, sigma=1.0, fraction=0.5):
    narrow = sigma / np.sqrt(2 * np.log(2))
    return (1 - fraction) * gaussian(x, amplitude, center, narrow) + fraction * lorentzian(x, amplitude, center, sigma)


def moffat(x, amplitude=1.0, center=0.0, sigma=1.0, beta=1.0):
    return amplitude / (((x - center) / max(TINY, sigma)) ** 2 + 1) ** beta


def students(x, amplitude=1.0, center=0.0, sigma=1.0):
    s1 = (sigma + 1) / 2.0
    denominator = max(TINY, np.sqrt(sigma * np.pi) * special.gamma(max(TINY, sigma / 2)))
    return amplitude * (1 + (x - center) ** 2 / max(TINY, sigma)) ** (-s1) * special.gamma(s1) / denominator


def exponential_gaussian(x, amplitude=1.0, center=0.0, sigma=1.0, gamma=1.0):
    gss = gamma * sigma * sigma
    arg1 = gamma * (center + gss / 2.0 - x)
    arg2 = (center + gss - x) / max(TINY, np.sqrt(2) * sigma)
    return amplitude * (gamma / 2) * np.exp(arg1) * special.erfc(arg2)


def skewed_gaussian(x, amplitude=1.0, center=0.0, sigma=1.0, gamma=0.5):
    asym = 1 + special.erf(gamma * (x - center) / max(TINY, np.sqrt(2) * sigma))
    return asym * gaussian(x, amplitude, center, sigma)


def doniach(x, amplitude=1.0, center=0.0, sigma=1.0, gamma=0.1):
    arg = (x - center) / max(TINY, sigma)
    gm1 = 1.0 - gamma
    scale = amplitude / max(TINY, sigma**gm1)
    return scale * np.cos(np.pi * gamma / 2 + gm1 * np.arctan(arg)) / (1 + arg**2) ** (gm1 / 2)


def step(x, amplitude=1.0, center=0.0, sigma=1.0, form="linear"):
    out = (x - center) / max(TINY, sigma)
    if form == "erf":
        out = 0.5 * (1 + special.erf(out))
    elif form == "logistic":
        out = 1.0 - 1.0 / (1.0 + np.exp(out))
    elif form == "arctan":
        out = 0.5 + np.arctan(out) / np.pi
    else:
        out = np.minimum(1, np.maximum(0, out + 0.5))
    return amplitude * out


def erf_step(x, center=0.0, sigma=1.0):
    return step(x, 2.0, center, sigma, form="erf")


def breit_wigner(x, center=0.3, sigma=1.0, q=1.0):
    gam = sigma / 2.0
    return (q * gam + x - center) ** 2 / (gam * gam + (x - center) ** 2)


def damped(x, amplitude=1.0, decay=3.0, frequency=2.0, shift=0.1):
    if abs(shift) > np.pi / 2:
        shift = shift - np.sign(shift) * np.pi
    return amplitude * np.sin(shift + x * frequency) * np.exp(-x * x * decay / 30)


# --- models ---------------------------------------------------------------------------------------------------------


def power_law(x, amplitude=1.0, x_0=1.0, alpha=1.5):
    return amplitude * (x / x_0) ** (-alpha)


def broken_power_law(x, amplitude=1.0, x_break=1.0, alpha_1=1.0, alpha_2=2.0):
    alpha = np.where(x < x_break, alpha_1, alpha_2)
    return amplitude * (x / x_break) ** (-alpha)


def sersic(r, amplitude=1.0, r_eff=0.8, n=4.0):
    b = special.gammaincinv(2 * n, 0.5)
    return amplitude * np.exp(-b * ((r / r_eff) ** (1 / n) - 1))


def king(x, amplitude=1.0, core=1.0, tidal=2.0):
    inside = x < tidal
    profile = amplitude * core**2 * (1 / np.sqrt(x**2 + core**2) - 1 / np.sqrt(tidal**2 + core**2)) ** 2
    return np.where(inside, profile, 0.0)


def trapezoid(x, amplitude=1.0, x_0=0.1, width=1.0, slope=1.0):
    x2, x3 = x_0 - width / 2.0, x_0 + width / 2.0
    x1, x4 = x2 - amplitude / slope, x3 + amplitude / slope
    parts = [np.logical_and(x >= x1, x < x2), np.logical_and(x >= x2, x < x3), np.logical_and(x >= x3, x < x4)]
    return np.select(parts, [slope * (x - x1), amplitude * np.ones_like(x), slope * (x4 - x)])


def ellipse(x, y, a=2.0, b=1.0, theta=0.3):
    c, s = np.cos(theta), np.sin(theta)
    inside = ((x * c + y * s) / a) ** 2 + ((x * s - y * c) / b) ** 2 <= 1
    return np.sum(np.select([inside], [x * y]))


def rotated_gaussian(x, y, s1=1.0, s2=0.5, theta=0.4):
    cost2, sint2, sin2t = np.cos(theta) ** 2, np.sin(theta) ** 2, np.sin(2.0 * theta)
    a = 0.5 * (cost2 / s1**2 + sint2 / s2**2)
    b = 0.5 * (sin2t / s1**2 - sin2t / s2**2)
    c = 0.5 * (sint2 / s1**2 + cost2 / s2**2)
    return np.exp(-(a * x**2 + b * x * y + c * y**2))


def black_body(x, temperature=2.0, scale=1.0):
    if np.any(x < 0):
        raise ValueError("frequencies are positive")
    return scale * x**3 / np.expm1(x / temperature)


def polynomial(x, c0=1.0, c1=0.5, c2=-0.3):
    return np.polyval([c2, c1, c0], x)


def chebyshev(x, c0=1.0, c1=0.5, c2=-0.3):
    twice, a, b = 2 * x, c1, c2
    a, b = c0 - b, a + b * twice
    return a + b * x


def kepler(mean, eccentricity=0.3):
    anomaly = mean
    for _ in range(50):
        change = (anomaly - eccentricity * np.sin(anomaly) - mean) / (1 - eccentricity * np.cos(anomaly))
        anomaly = anomaly - change
        if abs(change) < 1e-12:
            break
    return anomaly


def schechter(m, phi=1.0, m_star=0.5, alpha=-0.7):
    factor = 10 ** (0.4 * (m_star - m))
    return 0.4 * np.log(10) * phi * factor ** (alpha + 1) * np.exp(-factor)


# --- likelihoods and equations ------------------------------------------------------------------------------------


def normal_loglike(params, y=X5):
    mu, sigma = params
    if sigma <= 0:
        return -np.inf
    return np.sum(stats.norm.logpdf(y, loc=mu, scale=sigma))


def poisson_loglike(beta, X=DESIGN, counts=COUNTS):
    eta = np.dot(X, beta)
    return -np.sum(np.exp(eta)) + np.dot(counts, eta) - np.sum(special.gammaln(counts + 1))


def garch(params, e=X5):
    omega, alpha, beta = params
    h = np.empty(len(e))
    h[0] = omega / max(1e-6, 1 - alpha - beta)
    for t in range(1, len(e)):
        h[t] = omega + alpha * e[t - 1] ** 2 + beta * h[t - 1]
    return -0.5 * np.sum(np.log(h) + e**2 / h)


def mixture(params, y=X5):
    w, m1, m2 = params
    logs = np.vstack([np.log(w) - (y - m1) ** 2 / 2, np.log1p(-w) - (y - m2) ** 2 / 2])
    top = logs.max(axis=0)
    return np.sum(top + np.log(np.exp(logs - top).sum(axis=0)))


def gp_loglike(theta, x=X5, y=WAVE):
    length, noise = np.exp(theta)
    K = np.exp(-0.5 * (x[:, None] - x[None, :]) ** 2 / length**2) + noise * np.eye(len(x))
    L = np.linalg.cholesky(K)
    alpha = np.linalg.solve(L.T, np.linalg.solve(L, y))
    return -0.5 * y @ alpha - np.log(np.diag(L)).sum() - len(x) / 2 * np.log(2 * np.pi)


def lotka_volterra(state, a=1.1, b=0.4, c=0.1, d=0.4):
    prey, predators = state
    return np.array([a * prey - b * prey * predators, c * prey * predators - d * predators])


def heat(u, dx=0.1):
    du = np.zeros_like(u)
    du[1:-1] = (u[2:] - 2 * u[1:-1] + u[:-2]) / dx**2
    du[0], du[-1] = 0.0, -u[-1]
    return du


def pendulum(state, length=1.0, g=9.81, damping=0.1):
    theta, omega = state[0], state[1]
    return np.stack([omega, -g / length * np.sin(theta) - damping * omega])


def runge_kutta(y, h=0.1, steps=4):
    f = lambda v: np.array([v[1], -v[0] + 0.1 * (1 - v[0] ** 2) * v[1]])  # noqa: E731
    for _ in range(steps):
        k1 = f(y)
        k2 = f(y + h / 2 * k1)
        k3 = f(y + h / 2 * k2)
        y = y + h / 6 * (k1 + 2 * k2 + 2 * k3 + f(y + h * k3))
    return y


P2, P4, POSITIVE = np.array([0.7, 1.2]), np.array([0.6, -0.4, 1.1, 0.3]), np.linspace(0.2, 2.7, 6)
FUNCTIONS = {
    **{f: {"x": X5} for f in (rastrigin, ackley, rosenbrock_loop, griewank, levy, schwefel, zakharov, dixon_price)},
    **{f: {"x": X5} for f in (michalewicz, penalised, constraint)},
    **{f: {"p": P2} for f in (himmelblau, beale, bukin, easom)},
    powell_residuals: {"x": P4}, huber_loss: {"r": X5},
    **{f: {"x": T, "center": 0.3, "sigma": 0.8} for f in (gaussian, lorentzian, moffat, students, doniach)},
    **{f: {"x": T, "center": 0.3, "sigma": 0.8} for f in (step, erf_step)},
    **{f: {"x": T, "sigma": 0.8} for f in (split_lorentzian, pseudo_voigt, exponential_gaussian, skewed_gaussian)},
    breit_wigner: {"x": T, "sigma": 1.3, "q": 0.7}, damped: {"x": T, "shift": 2.0, "decay": 1.0},
    power_law: {"x": POSITIVE, "alpha": 1.2}, broken_power_law: {"x": POSITIVE, "alpha_1": 0.7, "x_break": 1.1},
    sersic: {"r": POSITIVE, "r_eff": 0.9}, king: {"x": POSITIVE, "tidal": 2.0, "core": 0.7},
    trapezoid: {"x": T, "amplitude": 0.9, "slope": 1.3}, ellipse: {"x": T, "y": T[::-1] * 0.3},
    rotated_gaussian: {"x": T, "y": 0.4 * T, "theta": 0.5}, black_body: {"x": POSITIVE, "temperature": 1.4},
    polynomial: {"x": T, "c1": 0.7}, chebyshev: {"x": T, "c0": 0.7, "c2": 0.2},
    kepler: {"mean": 1.1, "eccentricity": 0.4}, schechter: {"m": T, "alpha": -0.8},
    normal_loglike: {"params": P2}, poisson_loglike: {"beta": np.array([0.3, -0.2, 0.1])},
    garch: {"params": np.array([0.2, 0.1, 0.6])}, mixture: {"params": np.array([0.4, -0.3, 0.9])},
    gp_loglike: {"theta": -P2},
    lotka_volterra: {"state": P2}, heat: {"u": POSITIVE}, pendulum: {"state": P2}, runge_kutta: {"y": P2},
}  # fmt: skip
