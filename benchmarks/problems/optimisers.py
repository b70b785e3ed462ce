"""Newton's method for logistic regression by scipy with our problem, with JAX's functions, and by scikit-learn."""

from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import minimize

import symdiff as sd

from ..peers import jax, jnp, sklearn
from ..record import Benchmark, Side, Target
from ..sides import Call

DECREASE = 1e-8  # of the first gradient


class Data(NamedTuple):
    """Samples, labels of -1 and 1, the weight of the penalty, and the gradient at which to end."""

    X: np.ndarray
    y: np.ndarray
    penalty: float
    end: float


def data(n: int, d: int) -> Data:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, d))
    y = np.where(X @ rng.normal(size=d)/np.sqrt(d) + rng.logistic(size=n) > 0, 1.0, -1.0)
    return Data(X, y, 1.0, DECREASE*float(np.abs(X.T @ y).max())/2)


def loss(xp: Any, X: Any, y: Any, w: Any, penalty: float) -> Any:
    return xp.sum(xp.logaddexp(0, -y*(X @ w))) + penalty/2*(w @ w)


def found(p: Data, w: Any) -> np.ndarray:
    """The solution where its gradient is as small as was asked for."""
    w = np.ravel(getattr(w, "x", w))
    gradient = p.penalty*w - p.X.T @ (p.y/(1 + np.exp(p.y*(p.X @ w))))
    if np.abs(gradient).max() > 10*p.end:
        raise ValueError(f"the gradient is {np.abs(gradient).max():.1e}, wanted {p.end:.1e}")
    return w


def ends(method: str, p: Data) -> dict[str, float]:
    return {"gtol": p.end} if method == "trust-krylov" else {"xtol": 1e-9}


def symdiff_side(method: str) -> Any:
    def prepare(p: Data) -> Call:
        g = sd.Graph()
        X, y, w = g.variable("X", "n d"), g.variable("y", "n"), g.variable("w", "d")
        problem = sd.to_scipy(loss(sd, X, y, w, p.penalty), w, at={X: p.X, y: p.y, w: np.zeros(p.X.shape[1])})
        return lambda: minimize(**problem.arguments(method), options=ends(method, p))

    return prepare


def jax_side(method: str) -> Any:
    def prepare(p: Data) -> Call:
        X, y = jnp.asarray(p.X), jnp.asarray(p.y)
        f = lambda w, X, y: loss(jnp, X, y, w, p.penalty)  # noqa: E731
        both = jax.jit(jax.value_and_grad(f))
        product = jax.jit(lambda w, v, X, y: jax.jvp(lambda w: jax.grad(f)(w, X, y), (w,), (v,))[1])

        def value(w: np.ndarray) -> tuple[float, np.ndarray]:
            number, gradient = both(w, X, y)
            return float(number), np.asarray(gradient)

        def run() -> Any:
            return minimize(value, np.zeros(p.X.shape[1]), jac=True, method=method, options=ends(method, p),
                            hessp=lambda w, v: np.asarray(product(w, v, X, y)))  # fmt: skip

        return run

    return prepare


def sklearn_side(p: Data) -> Call:
    tol = p.end/len(p.y)  # of the gradient of the mean
    model = sklearn.linear_model.LogisticRegression(solver="newton-cg", C=1/p.penalty, fit_intercept=False, tol=tol)
    return lambda: model.fit(p.X, p.y).coef_


METHODS = ("trust-krylov", "Newton-CG")
BENCHMARKS = [
    Benchmark(
        "newton_krylov", "logistic regression to 1e-8 of the first gradient", data, {"n": 400, "d": 20},
        [{"n": 200_000, "d": 200}],
        [
            *(Side("symdiff", m, symdiff_side(m), values=found, repeats=5) for m in METHODS),
            *(Side("jax", m, jax_side(m), values=found, repeats=5) for m in METHODS),
            Side("sklearn", "newton-cg", sklearn_side, values=found, repeats=5),
        ],
        [
            *(Target(f"symdiff: {m}", 0.5, f"jax: {m}") for m in METHODS),
            Target("symdiff: Newton-CG", 0.5, "sklearn: newton-cg"),
        ],
        rtol=1e-5,
    ),
]  # fmt: skip
