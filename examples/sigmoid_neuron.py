"""One neuron: f = 1/(1 + exp(-(w0*x0 + w1*x1 + w2))) at w = [2, -3, -3], x = [-1, -2]."""

import numpy as np

import symdiff as sd

g = sd.Graph()
w0, x0, w1, x1, w2 = inputs = g.variables("w0 x0 w1 x1 w2")
z = sd.name(w0 * x0 + w1 * x1 + w2, "z")
f = 1 / (1 + sd.exp(-z))

at = {"w0": 2, "x0": -1, "w1": -3, "x1": -2, "w2": -3}
gradients = sd.grad(f, inputs)
values = sd.evaluate(gradients, at)

print(f"f = {f} = {sd.evaluate(f, at):.4f} where z = {sd.evaluate(z, at):g}")
for x, formula, value in zip(inputs, gradients, values, strict=True):
    print(f"df/d{x} = {formula!s:32} = {value:7.4f}")

s = 1 / (1 + np.exp(-1))  # z = 2*(-1) + (-3)*(-2) - 3 = 1
assert np.isclose(sd.evaluate(f, at), s)
assert np.allclose(values, s * (1 - s) * np.array([-1, 2, -2, -3, 1]))
