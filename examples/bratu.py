"""The Bratu problem -laplace(u) = lam exp(u) on the unit square: Newton's method with exact products.

The Jacobian is sparse and comes from the formula of the residual; its factors at the start precondition
every later step. Written with slices of a padded grid, as one would in numpy.
"""

import sys

import numpy as np
from scipy.sparse.linalg import LinearOperator, splu

import symdiff as sd

m, lam = 40, 6.0
u = sd.Graph().variable("u", (m, m))
w = sd.pad(u, 1)
laplacian = (w[:-2, 1:-1] + w[2:, 1:-1] + w[1:-1, :-2] + w[1:-1, 2:] - 4*u) * (m + 1)**2
problem = sd.to_root(-laplacian - lam*sd.exp(u), u, at={u: np.zeros((m, m))})

J = problem.sparse(problem.x0)
print(f"Jacobian: {J.shape[0]} unknowns, {J.nnz} nonzeros, {problem.jacobian}")
inverse = LinearOperator(J.shape, splu(J.tocsc()).solve)
steps = []
plain = problem.newton_krylov(tol=1e-9)
found = problem.newton_krylov(tol=1e-9, inner_M=inverse, callback=lambda x, r: steps.append(r))
print(f"{found.message} after {found.nit} steps: {found.nprod} products, {plain.nprod} without the inverse")
print(f"largest u = {found.x.max():.4f}, largest residual = {np.abs(found.fun).max():.0e}")
assert np.allclose(found.x, plain.x, atol=1e-8)


def plot(axes):
    """The solution."""
    axes.contourf(np.linspace(0, 1, m), np.linspace(0, 1, m), problem.unravel(found.x), 20)
    axes.set(title=f"Bratu, lambda = {lam}", xlabel="x", ylabel="y")


if "--plot" in sys.argv:
    from matplotlib import pyplot

    plot(pyplot.subplots()[1])
    pyplot.show()
