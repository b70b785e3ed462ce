"""N layers with biases: a_k = W_k h_(k-1) + b_k, h_k = tanh(a_k), J = ||h_N - t||^2 / 2.

The engine's gradients are the recursion of backpropagation: with delta_k = dJ/da_k,

    delta_(k-1) = (W_k' delta_k) * tanh'(a_(k-1)),   dJ/dW_k = delta_k h_(k-1)',   dJ/db_k = delta_k.
"""

import numpy as np

import symdiff as sd

N = 5
g = sd.Graph()
h = [g.variable("h0", "n0")]
W, b, a = [None], [None], [None]  # layers count from 1
for k in range(1, N + 1):
    W.append(g.variable(f"W{k}", (f"n{k}", f"n{k - 1}")))
    b.append(g.variable(f"b{k}", f"n{k}"))
    a.append(sd.name(W[k] @ h[k - 1] + b[k], f"a{k}"))
    h.append(sd.name(sd.tanh(a[k]), f"h{k}"))
t = g.variable("t", f"n{N}")
J = sd.norm2(h[N] - t) ** 2 / 2

delta = sd.grad(J, a[1:])
for k in range(N, 0, -1):
    print(f"delta{k} = {delta[k - 1]}")
    sd.name(delta[k - 1], f"delta{k}")
dW, db = sd.grad(J, W[1:]), sd.grad(J, b[1:])
for k in range(N, 0, -1):
    assert db[k - 1] == delta[k - 1]  # not only equal: the same node of the graph
    print(f"dJ/dW{k} = {dW[k - 1]}    dJ/db{k} = delta{k}")

# numbers: the recursion by numpy
rng = np.random.default_rng(0)
sizes = [3, 8, 7, 6, 5, 2]
at = {"h0": rng.normal(size=3), "t": rng.normal(size=2)}
for k in range(1, N + 1):
    at |= {f"W{k}": rng.normal(size=(sizes[k], sizes[k - 1])), f"b{k}": rng.normal(size=sizes[k])}
H = [at["h0"]]
for k in range(1, N + 1):
    H.append(np.tanh(at[f"W{k}"] @ H[k - 1] + at[f"b{k}"]))
expected = (H[N] - at["t"]) * (1 - H[N] ** 2)
got, got_dW = sd.evaluate(delta, at), sd.evaluate(dW, at)
for k in range(N, 0, -1):
    assert np.allclose(got[k - 1], expected)
    assert np.allclose(got_dW[k - 1], np.outer(expected, H[k - 1]))
    expected = (at[f"W{k}"].T @ expected) * (1 - H[k - 1] ** 2)
