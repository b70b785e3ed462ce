"""A circuit of two gates: f = (x + y)*z at x = -2, y = 5, z = -4; values run forward, gradients run back."""

import symdiff as sd

g = sd.Graph()
x, y, z = g.variables("x y z")
q = sd.name(x + y, "q")
f = sd.name(q * z, "f")

nodes = {"x": x, "y": y, "z": z, "q": q, "f": f}
gradients = g.build_grad(f, nodes)  # appended to g; the result mirrors `nodes`

at = {"x": -2, "y": 5, "z": -4}
forward = sd.evaluate(nodes, at)
backward = sd.evaluate(gradients, at)

print(f"{'node':6}{'gate':10}{'value':>7}{'gradient':>10}   formula of the gradient")
for name, e in nodes.items():
    gate = g.operation(e.node)
    print(f"{name:6}{gate:10}{forward[name]:7g}{backward[name]:10g}   df/d{name} = {gradients[name]}")

assert forward["f"] == -12
assert (backward["x"], backward["y"], backward["z"]) == (-4, -4, 3)
