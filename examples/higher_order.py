"""Derivatives of derivatives: every gradient is a graph, so it has a gradient."""

import numpy as np
from numpy.polynomial import hermite_e

import symdiff as sd

# the n-th derivative of exp(-x^2/2) is (-1)^n He_n(x) exp(-x^2/2): Hermite's polynomials appear
f = sd.parse("exp(-x**2/2)")
g, at = f.graph, {"x": 0.7}
for n in range(6):
    nth = f.diff("x", n)
    print(f"f^({n})(x) = {nth}")
    he = hermite_e.hermeval(0.7, [0] * n + [1])
    assert np.isclose(sd.evaluate(nth, at), (-1) ** n * he * np.exp(-(0.7**2) / 2))
print(f"all six formulas share one graph of {len(g)} nodes\n")

# the gradient of a function of a gradient: half the squared gradient norm descends along H grad
p = sd.parse("logsumexp(A @ x)", A="m n", x="n")
gradient = sd.name(sd.grad(p, "x"), "g")
flow = sd.grad(gradient @ gradient / 2, "x")
print("p(x)                 =", p)
print("grad (|grad p|^2/2)  =", flow)
point = {"A": np.random.default_rng(0).normal(size=(6, 4)), "x": np.ones(4)}
found, H, first = sd.evaluate([flow, sd.hessian(p, "x"), gradient], point)
assert np.allclose(found, H @ first)
