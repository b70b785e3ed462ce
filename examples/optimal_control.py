"""Optimal control by collocation: a pendulum is swung up with the least effort.

States at all times are unknowns, and the trapezoidal rule ties neighbours: slices, so Jacobian and Hessian
of the Lagrangian are banded and need no colouring. Method: Kelly, "An introduction to trajectory
optimization", SIAM Review 59 (2017).
"""

import sys

import numpy as np
from scipy.optimize import minimize

import symdiff as sd

n, T, strongest = 25, 3.0, 6.0
h = T/(n - 1)
g = sd.Graph()
angle, speed, torque = g.variables("angle speed torque", n)


def trapezoid(x, slope):
    """What is 0 where x changes by the mean of its slopes."""
    return x[1:] - x[:-1] - h/2*(slope[1:] + slope[:-1])


effort = h*sd.sum(torque[1:]**2 + torque[:-1]**2)/2
constraints = [
    (trapezoid(angle, speed), 0, 0),
    (trapezoid(speed, torque - 9.81*sd.sin(angle) - 0.1*speed), 0, 0),
    (sd.stack([angle[0], speed[0], angle[-1] - np.pi, speed[-1]]), 0, 0),
]
start = {angle: np.linspace(0, np.pi, n), speed: np.ones(n), torque: np.zeros(n)}
problem = sd.to_scipy(effort, [angle, speed, torque], start, constraints=constraints,
                      bounds={torque: (-strongest, strongest)})  # fmt: skip
J = problem.constraints.jac(problem.x0)
print(f"{problem}, {J.nnz} of {np.prod(J.shape)} entries of the Jacobian")

found = minimize(**problem.arguments("SLSQP"), options={"maxiter": 300})
angles, _, torques = problem.unravel(found.x)
print(f"effort {found.fun:.3f}, ends at angle {angles[-1]:.4f}")
print("largest torque is within its bound:", bool(np.abs(torques).max() <= strongest + 1e-9))
assert np.abs(problem.constraints.fun(found.x)).max() < 1e-6


def plot(axes):
    """Angle and torque over time."""
    time = np.linspace(0, T, n)
    axes.plot(time, angles, label="angle")
    axes.step(time, torques, where="mid", label="torque")
    axes.set_xlabel("time")
    axes.legend()


if "--plot" in sys.argv:
    from matplotlib import pyplot

    plot(pyplot.subplots()[1])
    pyplot.show()
