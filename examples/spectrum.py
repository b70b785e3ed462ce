"""The spectrum of a network's Hessian: extreme eigenvalues, trace and density, by products alone.

The density is that of stochastic Lanczos quadrature (Ubaru, Chen, Saad, SIAM J. Matrix Anal. Appl. 38, 2017);
the Gauss-Newton matrix beside it has no negative eigenvalues.
"""

import sys

import numpy as np
from scipy.linalg import eigh_tridiagonal
from scipy.sparse.linalg import eigsh

import symdiff as sd
from symdiff.demo import breast_cancer

X, label = breast_cancer()
rng = np.random.default_rng(0)
g = sd.Graph()
data, t = g.variable("X", "n d"), g.variable("t", "n")
W, c, v = g.variable("W", "d h"), g.variable("c", "h"), g.variable("v", "h")
z = sd.tanh(data @ W + c) @ v
loss = sd.mean(sd.softplus(-t*z)) + 1e-3*(sd.sum(W*W) + v @ v)
at = {data: X, t: label, W: 0.3*rng.normal(size=(30, 8)), c: np.zeros(8), v: rng.normal(size=8)}
H = sd.HessianOperator(loss, [W, c, v], at)
G = sd.GaussNewtonOperator(loss, of=z, wrt=[W, c, v], at=at)

ends = np.concatenate([eigsh(H, k=2, which=side, return_eigenvectors=False) for side in ("SA", "LA")])
dense = np.linalg.eigvalsh(H @ np.eye(H.shape[0]))  # 256 columns at once, for comparison
print(f"{H.shape[0]} parameters, eigenvalues from {ends.min():.4f} to {ends.max():.4f}")
assert np.allclose(np.sort(ends), dense[[0, 1, -2, -1]])
trace = H.trace(samples=60)
print(f"trace: {H.trace():.3f}, from 60 products within its error bar:",
      abs(trace.value - dense.sum()) < 4*trace.error + 1e-6)  # fmt: skip
print("Gauss-Newton has no negative eigenvalues:", bool(np.linalg.eigvalsh(G @ np.eye(256))[0] > -1e-12))


def quadrature(steps=40):
    """Nodes and weights of the density, of a Lanczos run from a random vector."""
    q, before, beside = rng.normal(size=256), np.zeros(256), 0.0
    q, on, off, basis = q/np.linalg.norm(q), [], [], []
    for _ in range(steps):
        basis.append(q)
        w = H @ q - beside*before
        on.append(q @ w)
        w = w - np.array(basis).T @ (np.array(basis) @ w)
        beside, before = np.linalg.norm(w), q
        off.append(beside)
        q = w/beside
    nodes, vectors = eigh_tridiagonal(np.array(on), np.array(off[:-1]))
    return nodes, vectors[0]**2


def plot(axes):
    """The density by quadrature, over a histogram of the exact eigenvalues."""
    grid, width = np.linspace(dense[0] - 0.02, dense[-1] + 0.02, 400), 0.01
    runs = [quadrature() for _ in range(5)]
    density = sum(w @ np.exp(-((grid - x[:, None])/width)**2/2) for x, w in runs)/(5*width*np.sqrt(2*np.pi))
    axes.hist(dense, bins=80, density=True, alpha=0.4, label="exact")
    axes.semilogy(grid, density + 1e-6, label="Lanczos quadrature")
    axes.legend()


if "--plot" in sys.argv:
    from matplotlib import pyplot

    plot(pyplot.subplots()[1])
    pyplot.show()
