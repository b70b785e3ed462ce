"""Hessian-vector products in scipy's Krylov solvers: a Newton step, curvatures, and a whole minimisation.

The data is that of `symdiff demo`: 569 tumours, 30 features, benign or malignant.
"""

import numpy as np
from scipy.optimize import minimize
from scipy.sparse.linalg import cg, eigsh

import symdiff as sd
from symdiff.demo import breast_cancer
from symdiff.solvers.problems import to_scipy

X, y = breast_cancer()
f = sd.parse("sum(log(1 + exp(-y*(X @ w)))) + lam/2*(w @ w)", X="n d", y="n", w="d")
at = {"X": X, "y": y, "w": np.zeros(30), "lam": 1.0}

print("H v =", sd.hvp(f, "w"))
H = sd.HessianOperator(f, "w", at=at)  # a scipy LinearOperator, of shape (30, 30), never formed
dense = sd.evaluate(sd.hessian(f, "w"), at)  # formed here for comparison alone

step, info = cg(H, -H.gradient, rtol=1e-10)
print("Newton step by cg: residual", f"{np.linalg.norm(H @ step + H.gradient):.1e}")
assert info == 0
assert np.allclose(step, np.linalg.solve(dense, -H.gradient))

largest = eigsh(H, k=3, return_eigenvectors=False)
print("largest curvatures by eigsh:", np.sort(largest)[::-1].round(3))
assert np.allclose(np.sort(largest), np.linalg.eigvalsh(dense)[-3:])

problem = to_scipy(f, "w", at=at)
found = minimize(
    problem.fun,
    problem.x0,
    jac=problem.jac,
    hessp=problem.hessp,
    method="trust-krylov",
    options={"gtol": 1e-6},
)
slope = np.linalg.norm(found.jac)
print(f"minimum by trust-krylov: f = {found.fun:.6f}, |gradient| = {slope:.0e}, {found.nit} steps")
assert found.success
