"""Backpropagation through two layers, as the engine derives it.

A minibatch x of n columns, hidden layer z = W1 x, h = relu(z), output o = W2 h, softmax cross-entropy against
one-hot columns y, weight decay: J = loss + lam/2*(||W1||^2 + ||W2||^2). A quantity that is given a name stays
that quantity in every later formula: so a derivation on paper stays short.
"""

import numpy as np

import symdiff as sd

g = sd.Graph()
x, y = g.variable("x", "d n"), g.variable("y", "q n")
W1, W2 = g.variable("W1", "m d"), g.variable("W2", "q m")
lam = g.variable("lam")

z = sd.name(W1 @ x, "z")
h = sd.name(sd.relu(z), "h")
o = sd.name(W2 @ h, "o")
loss = sd.mean(sd.logsumexp(o, axis=0) - sd.sum(y * o, axis=0))
J = loss + lam / 2 * (sd.sum(W1**2) + sd.sum(W2**2))

named = {"do": o, "dh": h, "dz": z}
for label, e in named.items():
    gradient = sd.grad(J, e)
    print(f"dJ/{label:3} = {gradient}")
    sd.name(gradient, f"dJ_{label}")
dW2, dW1 = sd.grad(J, [W2, W1])
print(f"dJ/dW2 = {dW2}")
print(f"dJ/dW1 = {dW1}")

# the same equations by hand
rng = np.random.default_rng(0)
d, m, q, n = 4, 6, 3, 5
at = {
    "x": rng.normal(size=(d, n)), "y": np.eye(q)[:, rng.integers(q, size=n)],
    "W1": rng.normal(size=(m, d)), "W2": rng.normal(size=(q, m)), "lam": 0.1,
}  # fmt: skip
before = at["W1"] @ at["x"]
hidden = np.maximum(before, 0)
odds = np.exp(at["W2"] @ hidden)
do = (odds / odds.sum(axis=0) - at["y"]) / n
dz = (at["W2"].T @ do) * (before > 0)
got_dW2, got_dW1 = sd.evaluate([dW2, dW1], at)
assert np.allclose(got_dW2, do @ hidden.T + 0.1 * at["W2"])
assert np.allclose(got_dW1, dz @ at["x"].T + 0.1 * at["W1"])
