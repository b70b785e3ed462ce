"""AC optimal power flow: the cheapest generation that serves all loads, by sparse derivatives.

The 5-bus case is from F. Li and R. Bo, "Small Test Systems for Power System Economic Studies", IEEE PES
General Meeting (2010), as in the IEEE PES Power Grid Library (PGLib-OPF v21.07, CC BY 4.0); its best known
cost is 17552 $/h. Another MATPOWER file: ``python optimal_power_flow.py FILE.m [--plot]``.
"""

import re
import sys
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

import symdiff as sd

INF = 1e9
CASE5 = {  # columns as in MATPOWER
    "bus": [[k, t, *d, 0, 0, 1, 1, 0, 230, 1, 1.1, 0.9] for k, t, d in (
        (1, 2, (0, 0)), (2, 1, (300, 98.61)), (3, 2, (300, 98.61)), (4, 3, (400, 131.47)), (5, 2, (0, 0)))],
    "gen": [[b, p, 0, q, -q, 1, 100, 1, 2*p, 0] for b, p, q in (
        (1, 20, 30), (1, 85, 127.5), (3, 260, 390), (4, 100, 150), (5, 300, 450))],
    "gencost": [[2, 0, 0, 3, 0, c, 0] for c in (14, 15, 30, 40, 10)],
    "branch": [[i, j, r, x, b, s, s, s, 0, 0, 1, -30, 30] for i, j, r, x, b, s in (
        (1, 2, .00281, .0281, .00712, 400), (1, 4, .00304, .0304, .00658, 426),
        (1, 5, .00064, .0064, .03126, 426), (2, 3, .00108, .0108, .01852, 426),
        (3, 4, .00297, .0297, .00674, 426), (4, 5, .00297, .0297, .00674, 240))],
}  # fmt: skip


def read(path):
    """The tables of a MATPOWER file."""
    text = re.sub(r"%.*", "", Path(path).read_text(encoding="utf-8"))
    found = re.findall(r"mpc\.(bus|gen|gencost|branch)\s*=\s*\[(.*?)\];", text, re.DOTALL)
    rows = {name: [row.split() for row in body.split(";") if row.strip()] for name, body in found}
    return {name: [list(map(float, row)) for row in table] for name, table in rows.items()}


def problem(case, base=100.0):
    """Variables: angle and size of the voltage at each bus, real and reactive power of each generator."""
    bus, gen, cost, branch = (np.array(case[k], float) for k in ("bus", "gen", "gencost", "branch"))
    n, (f, t) = len(bus), (np.searchsorted(bus[:, 0], branch[:, k]) for k in (0, 1))
    at_bus = np.searchsorted(bus[:, 0], gen[:, 0])
    y, tap = 1 / (branch[:, 2] + 1j*branch[:, 3]), np.where(branch[:, 8] == 0, 1, branch[:, 8])
    tap = tap * np.exp(1j*np.deg2rad(branch[:, 9]))
    g = sd.Graph()
    (va, vm), (pg, qg) = g.variables("va vm", n), g.variables("pg qg", len(gen))
    volts, lines = vm[f] * vm[t], []
    ends = (f, va[f] - va[t], -y/np.conj(tap), np.abs(tap)**2), (t, va[t] - va[f], -y/tap, 1)
    for own, angle, mutual, far in ends:
        shunt, c, s = (y + 0.5j*branch[:, 4])/far, sd.cos(angle), sd.sin(angle)
        lines.append((own, shunt.real*vm[own]**2 + volts*(mutual.real*c + mutual.imag*s),
                      -shunt.imag*vm[own]**2 + volts*(mutual.real*s - mutual.imag*c)))  # fmt: skip
    out = [sum(sd.scatter_add(line[k], line[0], n) for line in lines) for k in (1, 2)]
    balance = [sd.scatter_add(pg, at_bus, n) - out[0] - bus[:, 2]/base - bus[:, 4]/base*vm**2,
               sd.scatter_add(qg, at_bus, n) - out[1] - bus[:, 3]/base + bus[:, 5]/base*vm**2]  # fmt: skip
    rate = np.where(branch[:, 5] == 0, INF, branch[:, 5]/base)**2
    turn, start = np.deg2rad(branch[:, 11:13]), (bus[:, 1] == 3)
    constraints = [*((b, 0, 0) for b in balance), *((p**2 + q**2, -np.inf, rate) for _, p, q in lines),
                   (va[f] - va[t], turn[:, 0], turn[:, 1])]  # fmt: skip
    bounds = {"va": (np.where(start, 0, -INF), np.where(start, 0, INF)), "vm": (bus[:, 12], bus[:, 11]),
              "pg": (gen[:, 9]/base, gen[:, 8]/base), "qg": (gen[:, 4]/base, gen[:, 3]/base)}  # fmt: skip
    price = sd.sum(cost[:, 4]*(base*pg)**2 + cost[:, 5]*base*pg + cost[:, 6])
    x0 = {"va": np.zeros(n), "vm": np.ones(n), "pg": sum(bounds["pg"])/2, "qg": np.zeros(len(gen))}
    return sd.to_scipy(price, ["va", "vm", "pg", "qg"], at=x0, constraints=constraints, bounds=bounds)


def plot(axes):
    """The size of the voltage at each bus between its bounds."""
    _, vm, _, _ = p.unravel(found.x)
    low, high = p.unravel(p.bounds.lb)[1], p.unravel(p.bounds.ub)[1]
    axes.fill_between(np.arange(len(vm)) + 1, low, high, alpha=0.2, label="bounds")
    axes.plot(np.arange(len(vm)) + 1, vm, "o", label="voltage")
    axes.set(xlabel="bus", ylabel="per unit", title=f"{found.fun:.1f} $/h")
    axes.legend()


if __name__ == "__main__":
    files = [a for a in sys.argv[1:] if a.endswith(".m")]
    p = problem(read(files[0]) if files else CASE5)
    print(p, "nonzeros of the constraints' Jacobian:", p.constraints.jac(p.x0).nnz)
    found = minimize(**p.arguments("SLSQP"), options={"maxiter": 500, "ftol": 1e-9})
    print(f"cost {found.fun:.1f} $/h, {found.message}")
    print("generation in MW:", (100*p.unravel(found.x)[2]).round(1))
    if "--plot" in sys.argv:
        from matplotlib import pyplot

        plot(pyplot.subplots()[1])
        pyplot.show()
