"""Four gates and a gradient that runs back: add distributes, multiply switches, max routes, copy sums."""

import symdiff as sd

g = sd.Graph()
x, y = g.variables("x y")
c, c1, c2 = g.variables("c c1 c2")  # gradients that arrive from above
at = {"x": 3, "y": -4, "c": 2, "c1": 5, "c2": 7}

gates = [  # gate, what it does, the gradients of its operands, their values at the point
    ("x + y", "add distributes", sd.vjp(x + y, [x, y], c), [2, 2]),
    ("x*y", "multiply switches", sd.vjp(x * y, [x, y], c), [-8, 6]),
    ("maximum(x, y)", "max routes", sd.vjp(sd.maximum(x, y), [x, y], c), [2, 0]),
    ("x, x", "copy sums", sd.vjp([x, x], [x], [c1, c2]), [12]),
]
print("at", ", ".join(f"{name} = {value}" for name, value in at.items()))
for gate, rule, gradients, expected in gates:
    values = sd.evaluate(gradients, at)
    formulas = ", ".join(map(str, gradients))
    print(f"{rule:18} {gate:14} {formulas:50} = {', '.join(f'{v:g}' for v in values)}")
    assert values == expected

# at a tie, max splits evenly
assert sd.evaluate(gates[2][2], {"x": 1, "y": 1, "c": 2}) == [1, 1]
