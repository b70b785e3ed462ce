"""One neuron with a bias: f = sigmoid(w0*x0 + w1*x1 + w2) at w = [2, -3, -3], x = [-1, -2]."""

import numpy as np

import symdiff as sd

f = sd.parse("1/(1 + exp(-(w[0]*x[0] + w[1]*x[1] + w[2])))", w=3, x=2)
at = {"w": [2.0, -3.0, -3.0], "x": [-1.0, -2.0]}
dw, dx = sd.grad(f, ["w", "x"])

value, w_gradient, x_gradient = sd.evaluate([f, dw, dx], at)
print("f     =", f)
print("      =", value)
print("df/dw =", dw)
print("      =", w_gradient)
print("df/dx =", dx)
print("      =", x_gradient)

s = 1 / (1 + np.exp(-1.0))  # the neuron's argument is 2*(-1) + (-3)*(-2) - 3 = 1
assert np.isclose(value, s)
assert np.allclose(w_gradient, s * (1 - s) * np.array([-1, -2, 1]))
assert np.allclose(x_gradient, s * (1 - s) * np.array([2, -3]))
