"""Logistic regression by Newton's method with Hessian-vector products, beside scikit-learn.

A path of penalties: each solution starts the next, and what depends on the data alone is kept.
"""

import sys
from importlib.util import find_spec

import numpy as np
from scipy.optimize import minimize

import symdiff as sd
from symdiff.demo import breast_cancer

X, y = breast_cancer()
f = sd.parse("sum(log(1 + exp(-y*(X @ w)))) + lam/2*(w @ w)", X="n d", y="n", w="d")
problem = sd.to_scipy(f, "w", at={"X": X, "y": y, "w": np.zeros(30), "lam": 100.0})
print("gradient:", sd.grad(f, "w"))

path, w = {}, problem.x0
for lam in np.geomspace(100, 0.1, 7):
    p = problem.at({"lam": lam, "w": w})
    recorder = p.recorder()
    found = minimize(**p.arguments("trust-krylov"), options={"gtol": 1e-8}, callback=recorder)
    w = path[lam] = found.x
    slope = np.linalg.norm(p.jac(w))
    print(f"lam = {lam:7.2f}: f = {found.fun:9.5f}, {found.nit} steps, {p.counts['products']} products")
    assert slope < 1e-6

if find_spec("sklearn"):
    from sklearn.linear_model import LogisticRegression

    peer = LogisticRegression(C=1/lam, fit_intercept=False, solver="newton-cg", tol=1e-10, max_iter=500)
    peer.fit(X, y)
    print("as scikit-learn's:", np.allclose(peer.coef_[0], w, rtol=1e-3, atol=1e-4))


def plot(axes):
    """Coefficients along the path."""
    axes.semilogx(list(path), np.array(list(path.values())))
    axes.set(xlabel="penalty", ylabel="coefficients")


if "--plot" in sys.argv:
    from matplotlib import pyplot

    plot(pyplot.subplots()[1])
    pyplot.show()
