"""Six scalar programs as engineers write them, in robotics, mechanics, chemistry and finance.

Each is a function of a list of scalars and of a module with sin, cos, exp, log and sqrt; it returns a list. The same
lines build the graph in each system, and compute numbers with numpy.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

Scalars = list[Any]


class ScalarProgram(NamedTuple):
    """A function ``of(xp, inputs) -> outputs`` and a point."""

    of: Callable[[Any, Scalars], Scalars]
    point: list[float]


def cross(a: Scalars, b: Scalars) -> Scalars:
    return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]


def plus(a: Scalars, b: Scalars) -> Scalars:
    return [x + y for x, y in zip(a, b, strict=True)]


def scaled(c: Any, a: Scalars) -> Scalars:
    return [c * x for x in a]


def quadrotor(xp: Any, inputs: Scalars) -> Scalars:
    """The state's derivative: position, velocity, a quaternion, the angular velocity; four thrusts."""
    (*_, u, v, w, q0, q1, q2, q3, p, q, r), thrusts = inputs[:13], inputs[13:]
    mass, arm, drag, torque = 1.2, 0.17, 0.05, 0.016
    Ix, Iy, Iz = 0.011, 0.012, 0.021
    lift = sum(thrusts[1:], thrusts[0])
    speed = xp.sqrt(u * u + v * v + w * w + 1e-6)
    pull = lift / mass
    roll = arm * (thrusts[1] - thrusts[3])
    pitch = arm * (thrusts[2] - thrusts[0])
    yaw = torque * (thrusts[0] - thrusts[1] + thrusts[2] - thrusts[3])
    return [
        u,
        v,
        w,
        2 * (q1 * q3 + q0 * q2) * pull - drag * speed * u,
        2 * (q2 * q3 - q0 * q1) * pull - drag * speed * v,
        (1 - 2 * (q1 * q1 + q2 * q2)) * pull - 9.81 - drag * speed * w,
        (-q1 * p - q2 * q - q3 * r) / 2,
        (q0 * p - q3 * q + q2 * r) / 2,
        (q3 * p + q0 * q - q1 * r) / 2,
        (-q2 * p + q1 * q + q0 * r) / 2,
        (roll - (Iz - Iy) * q * r) / Ix,
        (pitch - (Ix - Iz) * p * r) / Iy,
        (yaw - (Iy - Ix) * p * q) / Iz,
    ]


LINKS = [  # length, offset, twist, mass of each of six joints
    (0.0, 0.33, 1.57, 7.0), (0.26, 0.0, 0.0, 6.0), (0.02, 0.0, 1.57, 4.0),
    (0.0, 0.29, -1.57, 2.0), (0.0, 0.0, 1.57, 1.0), (0.0, 0.07, 0.0, 0.3),
]  # fmt: skip


def turned(R: list[Scalars], v: Scalars) -> Scalars:
    return [row[0] * v[0] + row[1] * v[1] + row[2] * v[2] for row in R]


def arm(xp: Any, inputs: Scalars) -> Scalars:
    """Torques of a six-joint arm by recursion (Newton and Euler) from angles, velocities and accelerations."""
    angles, speeds, accelerations = inputs[:6], inputs[6:12], inputs[12:]
    omega, alpha, acceleration = [0.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 9.81]
    frames, forces, moments, centres = [], [], [], []
    for (length, offset, twist, mass), q, dq, ddq in zip(LINKS, angles, speeds, accelerations, strict=True):
        c, s, ct, st = xp.cos(q), xp.sin(q), float(np.cos(twist)), float(np.sin(twist))
        R = [[c, -s * ct, s * st], [s, c * ct, -c * st], [0.0, st, ct]]
        back = [list(column) for column in zip(*R, strict=True)]
        reach = [length, offset * st, offset * ct]
        alpha = turned(back, plus(plus(alpha, [0.0, 0.0, ddq]), cross(omega, [0.0, 0.0, dq])))
        omega = turned(back, plus(omega, [0.0, 0.0, dq]))
        acceleration = plus(turned(back, acceleration), plus(cross(alpha, reach), cross(omega, cross(omega, reach))))
        centre = scaled(-0.5, reach)
        at_centre = plus(acceleration, plus(cross(alpha, centre), cross(omega, cross(omega, centre))))
        inertia = [0.02 * mass, 0.03 * mass, 0.01 * mass]
        spin = [i * w for i, w in zip(inertia, omega, strict=True)]
        frames.append((R, reach))
        centres.append(centre)
        forces.append(scaled(mass, at_centre))
        moments.append(plus([i * a for i, a in zip(inertia, alpha, strict=True)], cross(omega, spin)))
    torques, force, moment = [], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]
    for (R, reach), centre, own, turn in zip(*(part[::-1] for part in (frames, centres, forces, moments)), strict=True):
        moment = plus(plus(moment, cross(reach, force)), plus(cross(plus(reach, centre), own), turn))
        force = plus(force, own)
        force, moment = turned(R, force), turned(R, moment)
        torques.append(moment[2])
    return torques[::-1]


def chain(xp: Any, inputs: Scalars) -> Scalars:
    """Accelerations of twelve masses in the plane between springs with a cubic term, damped along their axes."""
    n = len(inputs) // 4
    x, y, u, v = (inputs[k * n : (k + 1) * n] for k in range(4))
    X, Y, U, V = [0.0, *x, n + 1.0], [0.0, *y, 0.0], [0.0, *u, 0.0], [0.0, *v, 0.0]
    pulls = []
    for k in range(n + 1):
        dx, dy = X[k + 1] - X[k], Y[k + 1] - Y[k]
        length = xp.sqrt(dx * dx + dy * dy)
        stretch = length - 0.9
        rate = ((U[k + 1] - U[k]) * dx + (V[k + 1] - V[k]) * dy) / length
        tension = (40 * stretch + 15 * stretch**3 + 0.3 * rate) / length
        pulls.append((tension * dx, tension * dy))
    across = [(pulls[k + 1][0] - pulls[k][0]) / 0.1 for k in range(n)]
    down = [(pulls[k + 1][1] - pulls[k][1]) / 0.1 - 9.81 for k in range(n)]
    return [*across, *down]


REACTIONS = [  # (factor, exponent, activation temperature, reactants, products), hydrogen and oxygen
    (1.9e8, 0.0, 8300.0, (0, 3), (1, 5)), (5.1e4, 2.67, 3160.0, (2, 1), (0, 5)), (2.1e5, 1.51, 1730.0, (2, 5), (4, 0)),
    (3.0e6, 2.02, 6740.0, (1, 4), (5, 5)), (4.6e9, -1.4, 52000.0, (2,), (0, 0)), (6.2e6, -0.5, 0.0, (1, 1), (3,)),
    (4.7e6, -1.0, 0.0, (1, 0), (5,)), (2.2e9, -2.0, 0.0, (0, 5), (4,)), (1.5e6, 0.6, 0.0, (0, 3), (6,)),
    (1.7e7, 0.0, 410.0, (6, 0), (2, 3)), (7.1e7, 0.0, 150.0, (6, 0), (5, 5)), (3.3e7, 0.0, 0.0, (6, 1), (3, 5)),
    (2.9e7, 0.0, -250.0, (6, 5), (4, 3)), (4.2e8, 0.0, 6000.0, (6, 6), (7, 3)), (3.0e8, 0.0, 24400.0, (7,), (5, 5)),
]  # fmt: skip


def kinetics(xp: Any, inputs: Scalars) -> Scalars:
    """Rates of eight species and of the temperature, by mass action with Arrhenius factors."""
    concentrations, T = inputs[:8], inputs[8]
    rates: Scalars = [0.0] * 8
    heat: Any = 0.0
    log_T = xp.log(T)
    for factor, exponent, activation, reactants, products in REACTIONS:
        rate = xp.exp(float(np.log(factor)) + exponent * log_T - activation / T)
        for k in reactants:
            rate = rate * concentrations[k]
        for k in reactants:
            rates[k] = rates[k] - rate
        for k in products:
            rates[k] = rates[k] + rate
        heat = heat + (2.0 + activation / 1e4) * rate
    capacity = sum((c * (3.5 + 1e-3 * T) for c in concentrations[1:]), concentrations[0] * 2.5)
    return [*rates, heat / capacity]


MIXTURE = [(190.6, 4.6, 0.011), (305.3, 4.9, 0.099), (369.8, 4.25, 0.152), (425.1, 3.8, 0.2), (126.2, 3.4, 0.037)]


def fugacity(xp: Any, inputs: Scalars) -> Scalars:
    """Logarithms of the fugacity coefficients of a mixture (Peng and Robinson), of moles, temperature and volume."""
    moles, T, V = inputs[:5], inputs[5], inputs[6]
    total = sum(moles[1:], moles[0])
    attractions, sizes = [], []
    for critical, pressure, acentric in MIXTURE:
        slope = 0.37464 + 1.54226 * acentric - 0.26992 * acentric**2
        root = 1 + slope * (1 - xp.sqrt(T / critical))
        attractions.append(0.45724 * (8.314e-3 * critical) ** 2 / pressure * root**2)
        sizes.append(0.0778 * 8.314e-3 * critical / pressure)
    b = sum((n * size for n, size in zip(moles[1:], sizes[1:], strict=True)), moles[0] * sizes[0])
    rows = []
    for i, ai in enumerate(attractions):
        row = [
            n * xp.sqrt(ai * aj) * (1 - 0.01 * abs(i - j))
            for j, (n, aj) in enumerate(zip(moles, attractions, strict=True))
        ]
        rows.append(sum(row[1:], row[0]))
    a = sum((n * row for n, row in zip(moles[1:], rows[1:], strict=True)), moles[0] * rows[0])
    RT, root2 = 8.314e-3 * T, float(np.sqrt(2))
    wide, narrow = V + (1 + root2) * b, V + (1 - root2) * b
    pressure = total * RT / (V - b) - a / (V * V + 2 * b * V - b * b)
    compressibility = pressure * V / (total * RT)
    reach = xp.log(wide / narrow) / (2 * root2 * b * RT)
    return [
        -xp.log(1 - b / V) - xp.log(compressibility) + size * total / (V - b)
        - reach * (2 * row - a * size / b) - a * size * V / (b * RT * (V * V + 2 * b * V - b * b))
        for size, row in zip(sizes, rows, strict=True)
    ]  # fmt: skip


def swaps(xp: Any, inputs: Scalars) -> Scalars:
    """Par rates of swaps of one to fifteen years under Svensson's curve, and the value of each at a rate of 3 %."""
    b0, b1, b2, b3, t1, t2 = inputs

    def discount(t: float) -> Any:
        u, w = t / t1, t / t2
        eu, ew = xp.exp(-u), xp.exp(-w)
        first, second = (1 - eu) / u, (1 - ew) / w
        return xp.exp(-t * (b0 + b1 * first + b2 * (first - eu) + b3 * (second - ew)))

    pars, values, annuity = [], [], 0.0
    for year in range(1, 16):
        factor = discount(float(year))
        annuity = annuity + factor
        pars.append((1 - factor) / annuity)
        values.append(1 - factor - 0.03 * annuity)
    return [*pars, *values]


def point(n: int, low: float, high: float) -> list[float]:
    return np.random.default_rng(n).uniform(low, high, n).tolist()


PROGRAMS = {
    "quadrotor": ScalarProgram(quadrotor, [*point(6, -1, 1), 0.9, 0.1, 0.3, -0.2, *point(3, -1, 1), *point(4, 2, 4)]),
    "arm": ScalarProgram(arm, point(18, -1, 1)),
    "chain": ScalarProgram(
        chain, [*(k + 1 + 0.2 * x for k, x in enumerate(point(12, -1, 1))), *point(36, -0.2, 0.2)]
    ),
    "kinetics": ScalarProgram(kinetics, [*point(8, 0.1, 1.0), 1200.0]),
    "fugacity": ScalarProgram(fugacity, [*point(5, 0.1, 0.3), 300.0, 0.4]),
    "swaps": ScalarProgram(swaps, [0.04, -0.02, 0.01, 0.005, 1.8, 9.0]),
}
