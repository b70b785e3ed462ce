"""More functions as programs have them, each with a point: integrals by scipy, splines through data, arrays filled by
masks, loops to convergence, recursions, polynomials, moments, filters, orbits, thermodynamics, networks of reactions.
"""

import math

import numpy as np
from scipy import integrate, interpolate, special

KNOTS = np.linspace(0.0, 3.0, 7)
TABLE = np.sin(KNOTS) + 0.1 * KNOTS**2
SPLINE = interpolate.CubicSpline(KNOTS, TABLE)
MONOTONE = interpolate.PchipInterpolator(KNOTS, np.cumsum(1 + TABLE**2))
LINEAR = interpolate.interp1d(KNOTS, TABLE)
SMOOTH = interpolate.make_interp_spline(KNOTS, TABLE, k=3)
PHOTONS = np.array([3.0, 5.0, 2.0, 7.0, 4.0])
ENERGIES = np.array([0.5, 0.9, 1.4, 2.2, 2.8])
DENOMINATORS = np.array([1.0, 0.0, 2.0, 0.5, 0.0])
TIMES, SERIES = np.linspace(0.0, 4.0, 5), np.array([0.3, 0.5, 0.1, -0.4, 0.2, 0.6])
MATURITIES, EXPECTED = np.array([0.25, 1.0, 2.0, 5.0, 10.0]), np.array([1.5, 2.0, 1.5])


def expansion(z, omega_m, w=-1.0):
    return np.sqrt(omega_m * (1 + z) ** 3 + (1 - omega_m) * (1 + z) ** (3 * (1 + w)))


def comoving_distance(z, omega_m=0.3, h=0.7):
    value, _ = integrate.quad(lambda u: 1 / expansion(u, omega_m), 0, z)
    return 2997.92 / h * value


def lookback_time(z, omega_m=0.3):
    return integrate.quad(lambda u, m: 1 / ((1 + u) * expansion(u, m)), 0.0, z, args=(omega_m,))[0]


def distance_modulus(z, omega_m=0.3):
    d = np.array([comoving_distance(zi, omega_m) * (1 + zi) for zi in z])
    return 5 * np.log10(d) + 25


def planck_fraction(x):
    return 15 / np.pi**4 * integrate.quad(lambda t: t**3 / np.expm1(t), 0, x)[0]


def arc_length(a, b):
    return integrate.quad(lambda t: np.sqrt((a * np.sin(t)) ** 2 + (b * np.cos(t)) ** 2), 0, np.pi / 2)[0]


def debye(x, n=3):
    integral = integrate.quad(lambda t: t**n / (math.exp(t) - 1), 0.0, x)[0]
    return n / x**n * integral


def tabulated(x, scale=1.0):
    return scale * SPLINE(x) + SPLINE(x, 1) + LINEAR(x) * SMOOTH(x)


def photon_loglike(theta):
    amplitude, slope = theta
    rate = amplitude * MONOTONE(ENERGIES * slope)
    return np.sum(PHOTONS * np.log(rate) - rate - special.gammaln(PHOTONS + 1))


def safe_ratio(a, b=DENOMINATORS):
    ratio = np.zeros_like(a)
    np.divide(a, b, out=ratio, where=np.abs(b) > 1e-12)
    return ratio


def clipped_residuals(r, cut=1.0):
    weights = np.ones_like(r)
    far = np.abs(r) > cut
    weights[far] = cut / np.abs(r[far])
    out = r.copy()
    out *= np.sqrt(weights)
    return out


def piecewise_eos(rho, breaks=(0.5, 1.5), gammas=(1.3, 2.1, 2.8)):
    pressure = np.empty_like(rho)
    k = [1.0]
    for i, b in enumerate(breaks):
        k.append(k[-1] * b ** (gammas[i] - gammas[i + 1]))
    edges = [0.0, *breaks, np.inf]
    for i, gamma in enumerate(gammas):
        inside = (rho >= edges[i]) & (rho < edges[i + 1])
        pressure[inside] = k[i] * rho[inside] ** gamma
    return pressure


def kepler_orbit(elements, times=TIMES):
    a, e, omega, mean_motion = elements
    mean = mean_motion * times
    eccentric = mean + e * np.sin(mean)
    for _ in range(50):
        step = (eccentric - e * np.sin(eccentric) - mean) / (1 - e * np.cos(eccentric))
        eccentric = eccentric - step
        if np.max(np.abs(step)) < 1e-13:
            break
    nu = 2 * np.arctan2(np.sqrt(1 + e) * np.sin(eccentric / 2), np.sqrt(1 - e) * np.cos(eccentric / 2))
    return a * (1 - e**2) / (1 + e * np.cos(nu)) * np.cos(omega + nu)


def forward_algorithm(params, observed=(0, 1, 1, 0, 1)):
    stay, emit = special.expit(params[0]), special.expit(params[1])
    transition = np.array([[stay, 1 - stay], [1 - stay, stay]])
    emission = np.array([[emit, 1 - emit], [1 - emit, emit]])
    alpha = np.full(2, 0.5) * emission[:, observed[0]]
    loglike = 0.0
    for o in observed[1:]:
        norm = alpha.sum()
        loglike += np.log(norm)
        alpha = (alpha / norm) @ transition * emission[:, o]
    return loglike + np.log(alpha.sum())


def kalman(params, y=SERIES):
    q, r = np.exp(params)
    mean, variance, total = 0.0, 1.0, 0.0
    for value in y:
        variance = variance + q
        s = variance + r
        gain = variance / s
        innovation = value - mean
        total -= 0.5 * (np.log(2 * np.pi * s) + innovation**2 / s)
        mean, variance = mean + gain * innovation, (1 - gain) * variance
    return total


def arma_errors(phi, theta, y=SERIES):
    e = np.zeros(len(y))
    for t in range(1, len(y)):
        e[t] = y[t] - phi * y[t - 1] - theta * e[t - 1]
    return np.sum(e**2) / len(y)


def legendre_series(coefficients, x=0.4):
    p = [1.0, x]
    for n in range(1, len(coefficients) - 1):
        p.append(((2 * n + 1) * x * p[n] - n * p[n - 1]) / (n + 1))
    return sum(c * pn for c, pn in zip(coefficients, p, strict=True))


def clebsch_weights(j):
    table = {m: math.factorial(4) / (math.factorial(2 + m) * math.factorial(2 - m)) for m in range(-2, 3)}
    return np.array([np.sqrt(w) * j**abs(m) for m, w in table.items()])


def nelson_siegel(params, maturities=MATURITIES):
    b0, b1, b2, tau = params
    x = maturities / tau
    loading = (1 - np.exp(-x)) / x
    return b0 + b1 * loading + b2 * (loading - np.exp(-x))


def black_scholes(spot, strike=1.1, rate=0.03, sigma=0.2, years=0.7, kind="call"):
    d1 = (np.log(spot / strike) + (rate + sigma**2 / 2) * years) / (sigma * np.sqrt(years))
    d2 = d1 - sigma * np.sqrt(years)
    sign = {"call": 1, "put": -1}[kind]
    return sign * (spot * special.ndtr(sign * d1) - strike * np.exp(-rate * years) * special.ndtr(sign * d2))


def arrhenius_network(state, temperature=1.2):
    k = np.array([2.0, 0.7, 0.4]) * np.exp(-np.array([0.5, 1.1, 0.8]) / temperature)
    stoichiometry = np.array([[-1, 0, 1], [1, -1, 0], [0, 1, -1]])
    return stoichiometry @ (k * state)


def lennard_jones(positions):
    n = len(positions)
    energy = 0.0
    for i in range(n):
        for j in range(i + 1, n):
            r = np.linalg.norm(positions[i] - positions[j])
            energy += 4 * (r**-12 - r**-6)
    return energy


def markov_stationary(logits):
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    n = p.shape[0]
    a = np.vstack([p.T - np.eye(n), np.ones(n)])
    return np.linalg.lstsq(a, np.append(np.zeros(n), 1.0), rcond=None)[0]


def moving_average(x, width=3):
    windows = np.lib.stride_tricks.sliding_window_view(x, width)
    smooth = windows.mean(axis=-1)
    return np.concatenate([x[: width // 2], smooth, x[-(width // 2) :]])


def histogram_chi2(x, expected=EXPECTED):
    counts, edges = np.histogram(x, bins=3, range=(0.0, 3.0), weights=x)
    centres = 0.5 * (edges[1:] + edges[:-1])
    return np.sum((counts - expected) ** 2 / expected) + np.trapezoid(counts, centres)


def moments(x):
    m = x.mean()
    s = x.std(ddof=1)
    z = (x - m) / s
    return np.r_[m, s, np.mean(z**3), np.mean(z**4) - 3.0]


P2, X5 = np.array([0.7, 1.2]), np.array([0.4, 1.3, 0.7, 1.9, 2.2])
FUNCTIONS = {
    comoving_distance: {"z": 0.8, "omega_m": 0.31}, lookback_time: {"z": 1.1, "omega_m": 0.27},
    distance_modulus: {"z": np.array([0.1, 0.5]), "omega_m": 0.3}, planck_fraction: {"x": 2.0},
    arc_length: {"a": 2.0, "b": 0.7}, debye: {"x": 1.3}, tabulated: {"x": X5, "scale": 1.7},
    photon_loglike: {"theta": np.array([0.4, 0.9])},
    safe_ratio: {"a": X5}, clipped_residuals: {"r": X5 - 1.0},
    piecewise_eos: {"rho": X5}, kepler_orbit: {"elements": np.array([1.1, 0.3, 0.4, 1.7])},
    forward_algorithm: {"params": P2}, kalman: {"params": -P2}, arma_errors: {"phi": 0.4, "theta": 0.2},
    legendre_series: {"coefficients": X5}, clebsch_weights: {"j": 0.8},
    nelson_siegel: {"params": np.array([0.05, -0.02, 0.01, 1.8])},
    black_scholes: {"spot": 1.05, "sigma": 0.25, "rate": 0.02}, arrhenius_network: {"state": X5[:3]},
    lennard_jones: {"positions": np.array([[0.0, 0.1, 0.0], [1.1, 0.0, 0.2], [0.1, 1.2, 0.9]])},
    markov_stationary: {"logits": np.outer(X5[:3], X5[1:4])}, moving_average: {"x": X5},
    histogram_chi2: {"x": X5}, moments: {"x": X5},
}  # fmt: skip
